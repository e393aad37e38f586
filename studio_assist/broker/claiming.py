"""What may be said of a record that passed its check: exactly what the signatures on it show, and no more.

A check of the file alone shows that its parts fit each other, as they would in a record that somebody made
up from end to end. A signed head shows that whoever had the key stood by it at that size. Only a head that
somebody else holds shows that the key's owner did not write another record since.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from studio_assist import protocol
from studio_assist.broker.story import Story
from studio_assist.domain.errors import StudioError
from studio_assist.domain.values import PersonId
from studio_assist.ledger import CheckpointFound, Ledger, Verification, WitnessFound

#: How many signed heads are listed.
_MOST_HELD: Final = 20


def claim(
    size: int,
    checkpoint: protocol.CheckpointSeen | None,
    witness: protocol.WitnessSeen | None,
    forgotten: int,
    now: datetime,
    *,
    strange_keys: Sequence[int] = (),
) -> str:
    """Plain sentences for a record of so many entries that passed its check.

    Args:
        now: with the zone that times are to be told in.
        strange_keys: entries that give somebody a further key which their own key did not sign.
    """
    told = ["Its one entry is whole." if size == 1 else f"All {size:,} entries fit together."]
    if checkpoint is None:
        told.append("Nobody has signed it yet, so that one written anew from end to end would look the same.")
    else:
        key = ", with a key that was kept for that session only" if checkpoint.session_only else ""
        later = size - checkpoint.size
        after = f"; {later:,} came later" if later else ""
        told.append(
            f"Intact since the checkpoint that {checkpoint.who} signed {_when(checkpoint.at, now)} over the "
            f"first {checkpoint.size:,}{key}{after}."
        )
    if witness is None:
        told.append("Nobody else has witnessed it: whoever holds the key could have rewritten it.")
    else:
        when = _when(witness.at, now)
        if witness.key:
            who = f"Witnessed {when} up to entry {witness.size:,} by {witness.name} (key {witness.key[:8]}…)"
            given = "if that key is theirs"
        else:
            who = f"Witnessed {when} up to entry {witness.size:,} by the time authority {witness.name}"
            given = "if that authority is to be trusted"
        told.append(f"{who}: {given}, none of those was changed, moved or cut off since.")
    if strange_keys:
        where = f"Entry {strange_keys[0]}" if len(strange_keys) == 1 else "Entries " + _listed(strange_keys)
        gives = "gives" if len(strange_keys) == 1 else "give"
        told.append(
            f"{where} {gives} somebody a further key that their own did not sign: another machine of "
            "theirs, or somebody else in their name."
        )
    if forgotten:
        told.append(
            "One text was forgotten on purpose; its entry still stands."
            if forgotten == 1
            else f"{forgotten:,} texts were forgotten on purpose; their entries still stand."
        )
    return " ".join(told)


def checkpoint_seen(found: CheckpointFound | None, story: Story | None) -> protocol.CheckpointSeen | None:
    """A signed head with its person's name."""
    if found is None:
        return None
    return protocol.CheckpointSeen(
        size=found.size,
        at=found.time,
        who=story.name_of(PersonId(found.person))[0] if story else found.person,
        session_only=found.session_only,
    )


def witness_seen(found: tuple[WitnessFound, ...]) -> protocol.WitnessSeen | None:
    """The newest witness whose word was checked here; one whose authority is unknown says nothing."""
    for one in found:
        if one.checked:
            return protocol.WitnessSeen(name=one.name, kind=one.kind, at=one.time, size=one.size, key=one.key)
    return None


def held(ledger: Ledger, story: Story, found: Verification) -> tuple[protocol.HeldSeen, ...]:
    """The signed heads that an altered record still has, newest first, and which of them its entries fit."""
    good = found.checkpoint
    fit = {(one.size, one.name) for one in found.witnesses}
    try:
        seen = [
            protocol.HeldSeen(
                kind="checkpoint",
                name=story.name_of(one.person)[0],
                at=one.at,
                size=one.size,
                holds=good is not None and (one.size, one.key) == (good.size, good.key),
            )
            for one in ledger.checkpoints(_MOST_HELD)
            if good is None or one.size >= good.size
        ]
        seen += [
            protocol.HeldSeen(
                kind=one.kind, name=one.name, at=one.at, size=one.size, holds=(one.size, one.name) in fit
            )
            for one in ledger.witnesses(_MOST_HELD)
        ]
    except StudioError:
        # What was altered may be the signatures themselves.
        return ()
    return tuple(sorted(seen, key=lambda one: one.size, reverse=True))


def _listed(numbers: Sequence[int]) -> str:
    return f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _when(at: datetime, now: datetime) -> str:
    here = at.astimezone(now.tzinfo)
    return f"at {here:%H:%M}" if here.date() == now.date() else f"on {here.day} {here:%B %Y}"
