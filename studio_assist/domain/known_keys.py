"""Which public keys of a record somebody stands behind, and which nobody does.

A name in a record is only a name: anybody with a copy of the project can put one there, with a key of their
own making. A key is *known* when it leads back to the project's first: the first key of a person is known by
itself, and from there on each key that was vouched for (`KeyVouched`) in an entry signed by a key that was
known by then. A further key is known too where its owner signed it in with a known one.

What an unknown key signed is not altered and not forged; it only says less about who did it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from studio_assist.domain.people import AUTOMATED
from studio_assist.domain.record import Entry, KeyAdded, KeyVouched
from studio_assist.domain.values import EntryNumber, PersonId, Value

#: Why a key is known. "automated" keys sign what no person decided, and are shown so wherever they do.
Ground = Literal["first", "vouched", "carried", "automated", "unknown"]

#: The types of entries that `known_keys` wants, in the order of the record.
KEY_ENTRIES: Final = ("key_added", "key_vouched")


class SigningKey(Value):
    """A public key that the record names, and what stands behind it.

    Attributes:
        public: 64 hexadecimal digits.
        entry: the entry that names the key; None where somebody vouched for it, and its owner has not signed
            with it yet.
        vouched: the entry that made it known, later or earlier than `entry`; None for the first key and for
            an unknown one.
        by: whose word it rests on: who vouched, or its owner where it was carried over from a known key.
    """

    public: str
    person: PersonId
    entry: EntryNumber | None
    session_only: bool
    ground: Ground
    vouched: EntryNumber | None = None
    by: PersonId | None = None

    @property
    def is_known(self) -> bool:
        """Whether somebody stands behind it."""
        return self.ground != "unknown"


def known_keys(entries: Iterable[tuple[Entry, str | None]]) -> dict[str, SigningKey]:
    """Every public key that the record names or awaits, and whether it is known by the end of these entries.

    Args:
        entries: those of `KEY_ENTRIES`, in the order of the record, each with the public key that signed it,
            or None. That the signatures hold is for the check of the record to say.
    """
    named: dict[str, SigningKey] = {}
    #: Vouched for before their owner has signed anything here, as an invited person's key is.
    awaited: dict[tuple[PersonId, str], tuple[EntryNumber, PersonId]] = {}
    has_first = False
    for entry, signer in entries:
        person, body = entry.person, entry.body
        if person is None:
            continue
        if isinstance(body, KeyAdded) and body.public not in named:
            ground, vouched, by = _ground(body, person, named, awaited, signer, has_first=has_first)
            has_first = has_first or ground == "first"
            named[body.public] = SigningKey(
                public=body.public,
                person=person,
                entry=entry.number,
                session_only=body.session_only,
                ground=ground,
                vouched=entry.number if ground == "carried" else vouched,
                by=by,
            )
        elif isinstance(body, KeyVouched):
            voucher = named.get(signer or "")
            if voucher is None or voucher.person != person or voucher.ground in ("unknown", "automated"):
                continue
            there = named.get(body.public)
            if there is None:
                awaited.setdefault((body.person, body.public), (entry.number, person))
            elif there.person == body.person and not there.is_known:
                update = {"ground": "vouched", "vouched": entry.number, "by": person}
                named[body.public] = there.model_copy(update=update)
    for (owner, public), (number, by) in awaited.items():
        if public not in named:
            named[public] = SigningKey(
                public=public,
                person=owner,
                entry=None,
                session_only=False,
                ground="vouched",
                vouched=number,
                by=by,
            )
    return named


def _ground(
    body: KeyAdded,
    person: PersonId,
    named: dict[str, SigningKey],
    awaited: dict[tuple[PersonId, str], tuple[EntryNumber, PersonId]],
    signer: str | None,
    *,
    has_first: bool,
) -> tuple[Ground, EntryNumber | None, PersonId | None]:
    """What stands behind a key when its owner begins to sign with it."""
    if person == AUTOMATED.id:
        return "automated", None, None
    if not has_first:
        return "first", None, None
    if (word := awaited.get((person, body.public))) is not None:
        return "vouched", *word
    earlier = named.get(signer or "")
    if earlier is not None and earlier.person == person and earlier.is_known:
        return "carried", None, person
    return "unknown", None, None


def key_words(public: str) -> str:
    """A public key as two people compare it, aloud or on paper: its first 128 bits in groups of four."""
    return " ".join(public[at : at + 4] for at in range(0, 32, 4))
