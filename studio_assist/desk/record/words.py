"""What the window says of the record. Nothing here claims more than the check has shown."""

from __future__ import annotations

from datetime import datetime

from studio_assist.protocol import HeldSeen, LedgerState

PAUSED = "AI tools are paused on this project."


def head_of(ledger: LedgerState) -> str:
    """Where it is broken, in a few words."""
    if ledger.first_bad is None:
        return "The ledger was altered."
    return f"Ledger broken at entry {ledger.first_bad:,}."


def known_of(ledger: LedgerState) -> str:
    """What is known beside that, and what follows from it."""
    return f"{ledger.why or ''} {PAUSED}".strip()


def holds_up_to(ledger: LedgerState) -> str:
    """Which part of an altered record still checks out, and which does not."""
    bad = ledger.first_bad
    if bad is None:
        return "Which entries this concerns is not known. None of them can be relied on until it is settled."
    after = max(0, ledger.size - bad)
    rest = {0: "This entry", 1: "This entry and the one after it"}.get(
        after, f"This entry and the {after:,} after it"
    )
    if bad <= 1:
        return f"Nothing before it is left that could hold. {rest} cannot be relied on until this is settled."
    return f"Everything up to {bad - 1:,} still checks out. {rest} cannot be relied on until this is settled."


def claim_of(ledger: LedgerState) -> str:
    """What may be said of the record just now: the tool tip, and the first lines of the card."""
    if ledger.state == "altered":
        return f"{head_of(ledger)} {ledger.why or ''}".strip()
    if ledger.state == "checking":
        return "Every entry is being checked against what was signed."
    return ledger.claim or "Every entry fits the tree. Nothing has been signed yet."


def held_words(head: HeldSeen) -> str:
    """A signed head as a line of a list: who, and what they signed."""
    if head.kind == "checkpoint":
        return f"Checkpoint signed by {head.name}"
    kind = "Time stamp by" if head.kind == "timestamp" else "Witnessed by"
    return f"{kind} {head.name}"


def when(at: datetime, now: datetime | None = None) -> str:
    """A time as people read it: "14:02" today, "20 Nov, 14:02" before, with the year where it is another."""
    here = at.astimezone()
    today = (now or datetime.now().astimezone()).astimezone()
    if here.date() == today.date():
        return f"{here:%H:%M}"
    year = f" {here.year}" if here.year != today.year else ""
    return f"{here.day} {here:%b}{year}, {here:%H:%M}"


def entries_text(count: int) -> str:
    """A number of entries in words."""
    return f"{count:,} entr{'y' if count == 1 else 'ies'}"
