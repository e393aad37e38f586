"""Who signed the steps of a story, where that is not simply the person's own known key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from studio_assist.domain.known_keys import SigningKey, key_words
from studio_assist.domain.record import SIGNED
from studio_assist.domain.review import Step
from studio_assist.ledger.known_keys import keys_of
from studio_assist.ledger.reading import Reader
from studio_assist.ledger.seals import Seals

_SIGNED: Final = frozenset(kind.model_fields["type"].default for kind in SIGNED)


def with_signatures(reader: Reader, steps: Sequence[Step]) -> tuple[Step, ...]:
    """The same steps; one that was signed by a key that nobody stands behind says so.

    A ledger of the first format has no signatures.
    """
    if not isinstance(reader, Seals) or reader.format < 2:
        return tuple(steps)
    keys: dict[str, SigningKey] | None = None
    told: list[Step] = []
    seen: set[int] = set()
    for step in steps:
        # An entry may be told in two steps; its signature is told of in the first.
        is_signed = step.number not in seen and reader.entry(step.number).body.type in _SIGNED
        seen.add(step.number)
        beside = reader.signature(step.number) if is_signed else None
        if beside is not None:
            keys = keys_of(reader) if keys is None else keys
            known = keys.get(beside.key)
            if known is None or not known.is_known:
                key = key_words(beside.key)[:9]
                words = f"Signed with a key that nobody has vouched for ({key} …)."
                # Not a decision's green, as nobody can say whose it is. Red is for what was altered.
                tone = "plain" if step.tone == "human" else step.tone
                step = replace(step, lines=(*step.lines, words), tone=tone)
        told.append(step)
    return tuple(told)
