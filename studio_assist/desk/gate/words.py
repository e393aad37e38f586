"""The sheet's words: made from the value alone, so that they can be read and tested without a window."""

from __future__ import annotations

from typing import Final

from studio_assist.desk.shell.model import size_text
from studio_assist.protocol import GateSheet

TITLE: Final = "What leaves this machine"
NO_ANSWER: Final = "The host did not answer. Nothing was kept here."
CHANGED: Final = "What is sent has changed. Read it again."
SAME_PERSON: Final = "Somebody other than {} has to read it too."
_PASSED: Final = "It still needs you: nothing goes until you press Send."
_HEADS: Final = {"ask": "Allowed by policy", "hold": "A question first", "blocked": "Blocked"}
_SHOWN_OF_DIGEST: Final = 12
#: The longest name of a host that stands on the button; the whole of a longer one is in its tip.
_MOST_OF_NAME: Final = 20


def asked_line(sheet: GateSheet, now: str = "") -> str:
    """Who asked, and how it stands: that nothing has gone, unless `now` says otherwise."""
    desk = sheet.desk if sheet.desk.lower().endswith("desk") else f"{sheet.desk} desk"
    scene = f", scene {sheet.scene}" if sheet.scene else ""
    gone = now or ("Nothing has been sent." if sheet.verdict == "blocked" else "Nothing has been sent yet.")
    return f"Asked by {sheet.asked_by}, {desk}{scene}. {gone}"


def verdict_head(sheet: GateSheet) -> str:
    return _HEADS[sheet.verdict]


def verdict_why(sheet: GateSheet) -> str:
    """Why, with the rule that said no where one did."""
    if sheet.verdict == "ask":
        return sheet.why or f"All rules pass. {_PASSED}"
    if sheet.verdict == "hold":
        return sheet.why or "Some words may be names. Somebody has to say."
    failed = next((check for check in sheet.rules if not check.holds and not check.asks), None)
    rule = f", rule {failed.rule}" if failed else ""
    return f"{sheet.why} Blocked by policy {sheet.policy}{rule}.".strip()


def verdict_more(sheet: GateSheet) -> str:
    """The quieter line under the verdict."""
    if sheet.verdict == "blocked":
        return f"Nothing was sent. This refusal is ledger entry {sheet.entry:,}."
    return sheet.remedy


def sent_title(sheet: GateSheet) -> str:
    """What the right-hand panes are called."""
    return "Would be sent" if sheet.verdict == "blocked" else "What is sent"


def counted(count: int, one: str, many: str = "") -> str:
    """ "1 character", "210 characters"."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def replaced_line(sheet: GateSheet) -> str:
    return f"{counted(len(sheet.names), 'name')} replaced" if sheet.names else "No names replaced"


def send_label(sheet: GateSheet) -> str:
    """Size and recipient of what Send sends."""
    often = f", {sheet.times} times" if sheet.times > 1 else ""
    to = sheet.to
    if len(to) > _MOST_OF_NAME:
        half = _MOST_OF_NAME // 2 - 1
        to = f"{to[:half]}…{to[-half:]}"
    return f"Send {size_text(sheet.size)} to {to}{often}"


def send_described(sheet: GateSheet) -> str:
    """The same in a sentence, with what it all comes to."""
    if sheet.times <= 1:
        return f"Sends {sheet.size:,} bytes to {sheet.to}. Ctrl Enter, once you have ticked it as read."
    return (
        f"The same {sheet.size:,} bytes are sent to {sheet.to} {sheet.times} times, one answer each: "
        f"{size_text(sheet.size * sheet.times)} in all."
    )


def waits_for(sheet: GateSheet, *, ticked: bool, filled: bool) -> str:
    """Why Send is off; "" where it is on."""
    if not filled:
        return "Loading what is sent"
    if sheet.verdict == "hold":
        return f"Waits for {counted(len(sheet.questions), 'answer')}"
    if sheet.second and not sheet.seconded_by:
        return "Waits for a second person"
    return "" if ticked else "Waits for the tick"


def digest_short(sheet: GateSheet) -> str:
    """The start and the end of the digest, which is enough to compare two by eye."""
    digest = sheet.digest
    return f"{digest[:_SHOWN_OF_DIGEST]}…{digest[-_SHOWN_OF_DIGEST:]}"
