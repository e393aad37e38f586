"""What vouches for the entries: signatures, checkpoints and witnesses, all checked.

An entry that was rewritten with its whole tree is right in itself. Only what somebody signed before shows
that it is not what it was, and shows no more than this: the entries up to one size are not those that were
signed. Which of them differs is not known from that, and is not guessed.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from studio_assist.domain.errors import BadInput, StudioError
from studio_assist.domain.record import Entry, KeyAdded, PackMade, Witnessed
from studio_assist.domain.values import PersonId
from studio_assist.ledger import notes, proofs
from studio_assist.ledger.running import Difference
from studio_assist.ledger.schema import FAULTS
from studio_assist.ledger.seals import Key, StoredWitness, names_in, read_head, witness_of
from studio_assist.ledger.signatures import Check, Checks
from studio_assist.ledger.tree import fold, peaks_of, root_at

#: More than any entry's number.
_BEHIND_ALL: Final = 2**63


class Voucher(NamedTuple):
    """A head that somebody signed, and whether the entries fit it.

    Attributes:
        fits: None where the ledger is shorter.
        who: the signer as people know them.
    """

    size: int
    fits: bool | None
    at: datetime
    who: str
    key: str | None
    person: PersonId | None
    witness: StoredWitness | None = None
    authority: str | None = None
    checked: bool = True


class Problem(NamedTuple):
    """Something that is not as it should be. `entry` is the first that cannot be relied on, or None."""

    entry: int | None
    why: str


class Vouching:
    """Goes along with a replay: takes its entries and roots, and judges at its end.

    Attributes:
        keys: whose each public key is, by the entries met so far.
        unvouched_keys: numbers of entries that name a further key of a person whose kept key did not sign it.
    """

    def __init__(self, connection: sqlite3.Connection, *, has_seals: bool) -> None:
        self._connection = connection
        self._tag = ""
        self.keys: dict[str, Key] = {}
        self.unvouched_keys: list[int] = []
        #: Entries by their numbers, checkpoints by what is below zero.
        self._checks = Checks()
        self._rows: Iterator[tuple[object, ...]] = iter(())
        self._heads: Iterator[tuple[object, ...]] = iter(())
        self._witnesses: list[StoredWitness] = []
        self._faults: list[Problem] = []
        if has_seals:
            self._rows = connection.execute("SELECT entry, key, signature FROM signatures ORDER BY entry")
            self._heads = connection.execute("SELECT size, key, note FROM checkpoints ORDER BY size, rowid")
            self._read_witnesses()
        #: The next entry that has a signature beside it, as far as the row says; `key_at` is for it.
        self.next_signed = _BEHIND_ALL
        self._next: tuple[object, ...] | None = None
        self._advance()
        self._next_head = next(self._heads, None)
        #: Checkpoints whose roots were compared; whether their signatures hold is known at the end.
        self._compared: list[tuple[int, str, bool | None, datetime, bool]] = []
        self._wanted = sorted({witness.size for witness in self._witnesses})
        self._roots: dict[int, bytes] = {}
        self._claims: list[tuple[int, Witnessed | PackMade]] = []
        self._proofs: dict[str, tuple[int, Witnessed]] = {}

    def close(self) -> None:
        """Give up what is not checked yet."""
        self._checks.close()

    # along the way

    def begin(self, first_leaf: bytes) -> None:
        """Told before anything else: the first entry's hash, after which the project is called."""
        self._tag = first_leaf[:8].hex()

    def key_at(self, number: int, leaf: bytes) -> str | None:
        """The key by which the entry at `next_signed` is signed; `Difference` where the row is none."""
        if self._next is None:
            return None
        owner, key, signature = self._next
        self._advance()
        # A damaged row may hold values of any type, whatever its table says.
        public = _public(key)
        if owner != number or public is None or not isinstance(signature, bytes):
            raise Difference(number, f"A signature stands at entry {number} that is none.")
        self._checks.add(Check(number, public, signature, notes.entry_message(self._tag, leaf)))
        return public.hex()

    def note_entry(self, entry: Entry, key: str | None) -> None:
        """Remember what an entry says of keys and heads."""
        match entry.body:
            case KeyAdded() as body if entry.person:
                kept = any(
                    known.person == entry.person and not known.session_only for known in self.keys.values()
                )
                if kept and key is None:
                    self.unvouched_keys.append(entry.number)
                self.keys.setdefault(body.public, Key(entry.person, entry.number, body.session_only))
            case Witnessed() as body:
                self._proofs[body.proof] = (entry.number, body)
                self._claims.append((entry.number, body))
            case PackMade() as body:
                self._claims.append((entry.number, body))
            case _:
                pass

    def pass_roots(self, first: int, levels: Sequence[Sequence[bytes]], peaks: Sequence[bytes]) -> None:
        """Compare heads that lie over the entries after `first`, up to the last of `levels`.

        Args:
            levels: complete nodes over those entries, by level, leaves first.
            peaks: of the tree over the entries before.
        """
        last = first + len(levels[0])

        def root(size: int) -> bytes:
            here = [levels[level][place] for level, place in peaks_of(size - first)]
            return fold([*peaks, *here])

        while self._next_head is not None:
            size = self._next_head[0]
            if isinstance(size, int) and size > last:
                break
            self._compare_head(
                self._next_head, root(size) if isinstance(size, int) and size > first else None
            )
            self._next_head = next(self._heads, None)
        while self._wanted and self._wanted[0] <= last:
            size = self._wanted.pop(0)
            self._roots[size] = root(size) if size > first else b""

    # at the end

    def judge(self, size: int, *, complete: bool) -> Judgement:
        """What is vouched for and what is not.

        Args:
            size: how many entries were gone through.
            complete: these are all, and their tree is right.
        """
        if complete:
            self._compare_rest(size)
        try:
            names = names_in(self._connection)
        except FAULTS:
            names = {}
        bad = self._checks.bad()
        problems: list[Problem] = []
        if failed := [number for number in bad if number > 0]:
            more = f", nor do {len(failed) - 1} after it" if len(failed) > 1 else ""
            why = f"Entry {failed[0]} does not carry a good signature by the key named beside it{more}."
            problems.append(Problem(failed[0], why))
        vouchers = [*self._checkpoints(names, set(bad), complete), *self._witness_heads(complete)]
        vouchers.sort(key=lambda voucher: voucher.size)
        # What could not be checked shows nothing, for or against.
        problems += self._unfit([voucher for voucher in vouchers if voucher.checked], size)
        problems += self._faults
        good = [voucher for voucher in vouchers if voucher.fits]
        return Judgement(
            problems=problems,
            checkpoint=next((voucher for voucher in reversed(good) if voucher.witness is None), None),
            witnesses=[voucher for voucher in reversed(good) if voucher.witness is not None],
        )

    # internals

    def _advance(self) -> None:
        self._next = next(self._rows, None)
        owner = self._next[0] if self._next else _BEHIND_ALL
        self.next_signed = owner if isinstance(owner, int) else 0

    def _node(self, level: int, place: int) -> bytes:
        query = "SELECT hash FROM nodes WHERE level = ? AND place = ?"
        row = self._connection.execute(query, (level, place)).fetchone()
        # A damaged table gives a row in order and does not find it by its place.
        return row[0] if row and isinstance(row[0], bytes) else b""

    def _read_witnesses(self) -> None:
        rows = self._connection.execute(
            "SELECT id, size, kind, name, key, at, proof FROM witnesses ORDER BY id"
        )
        for at, row in enumerate(rows, 1):
            try:
                self._witnesses.append(witness_of(row))
            except BadInput:
                self._faults.append(Problem(None, f"Witness {at} of the ledger is not readable."))
                continue
            if row[0] != at:
                self._faults.append(Problem(None, f"Witness {at} of the ledger is gone."))

    def _compare_head(self, row: tuple[object, ...], root: bytes | None) -> None:
        size, key, note = row
        public = _public(key)
        try:
            head = read_head(note) if isinstance(note, str) else None
        except BadInput:
            head = None
        if head is None or public is None or head.size != size or not size:
            self._faults.append(Problem(None, f"The checkpoint at {size} entries is not readable."))
            return
        if head.origin != f"studio-assist/{self._tag}":
            self._faults.append(
                Problem(None, f"The checkpoint at {size} entries is that of another project.")
            )
            return
        assert isinstance(note, str)
        text, lines = notes.read_note(note)
        owner = self.keys.get(public.hex())
        person = owner.person if owner and owner.entry <= head.size else ""
        name = notes.key_name(self._tag, person)
        # One signature, and nothing beside it that could be changed unseen.
        is_ours = len(lines) == 1 and lines[0][:2] == (name, notes.key_id(name, public))
        if person and is_ours:
            self._checks.add(Check(-len(self._compared) - 1, public, lines[0].signature, text.encode()))
        fits = None if root is None else root == head.root
        self._compared.append((head.size, public.hex(), fits, head.at, bool(person and is_ours)))

    def _compare_rest(self, size: int) -> None:
        """Take what lies behind the end, and what is left beside no entry."""
        while self._next_head is not None:
            self._compare_head(self._next_head, None)
            self._next_head = next(self._heads, None)
        if self._next is not None:
            self._faults.append(
                Problem(None, f"A signature stands beside entry {self._next[0]}, which is not there.")
            )
        for number, body in self._claims:
            if root_at(body.size, self._node).hex() != body.root:
                self._faults.append(
                    Problem(
                        number, f"Entry {number} names a head of {body.size} entries that they do not make."
                    )
                )
        kept = {proofs.proof_hash(witness.kind, witness.proof) for witness in self._witnesses}
        for proof, (number, _) in self._proofs.items():
            if proof not in kept:
                self._faults.append(Problem(number, f"The proof that entry {number} speaks of is gone."))

    def _checkpoints(self, names: dict[str, str], bad: set[int], complete: bool) -> Iterator[Voucher]:
        for at, (size, key, fits, moment, is_named) in enumerate(self._compared):
            owner = self.keys.get(key)
            who = names.get(owner.person, owner.person) if owner else "somebody"
            if owner is None and not complete:
                # An entry that the run did not come to may name the key.
                continue
            if not is_named or -at - 1 in bad:
                why = (
                    f"The checkpoint at {size} entries does not carry a good signature by {who}."
                    if owner and owner.entry <= size
                    else f"The checkpoint at {size} entries is signed by a key that the record does not name."
                )
                self._faults.append(Problem(None, why))
                continue
            yield Voucher(size, fits, moment, who, key, owner.person if owner else None)

    def _witness_heads(self, complete: bool) -> Iterator[Voucher]:
        for witness in self._witnesses:
            told = self._proofs.get(proofs.proof_hash(witness.kind, witness.proof))
            root = self._roots.get(witness.size)
            what = f"The witness of {witness.size} entries, {witness.name},"
            # Where the ledger is shorter than what was witnessed, the entry about it is gone as well.
            if told is None and complete and root is not None:
                self._faults.append(Problem(None, f"{what} is not the one of any entry."))
                continue
            if told is not None and _told(told[1]) != _told(witness):
                self._faults.append(Problem(told[0], f"{what} is kept otherwise than entry {told[0]} says."))
                continue
            try:
                seen = proofs.read_witness(witness, f"studio-assist/{self._tag}")
            except StudioError as error:
                self._faults.append(Problem(None, f"{what} does not hold: {error.message}"))
                continue
            if root is None and not complete:
                continue
            fits = None if root is None else root == seen.root
            who, size = witness.name, witness.size
            yield Voucher(
                size, fits, witness.at, who, witness.key, None, witness, seen.authority, seen.checked
            )

    def _unfit(self, vouchers: Sequence[Voucher], size: int) -> Iterator[Problem]:
        """The first range of entries that are not those that somebody signed, or what is cut off."""
        for voucher in vouchers:
            signed = f"{voucher.who} {'signed' if voucher.witness is None else 'witnessed'}"
            when = f"{voucher.at:%Y-%m-%d %H:%M} UTC"
            if voucher.fits is None:
                yield Problem(
                    size + 1,
                    f"The record ends at entry {size}, and {signed} {voucher.size} entries at {when}: "
                    f"entry {size + 1} and what followed are gone.",
                )
                return
            if not voucher.fits:
                good = [other for other in vouchers if other.fits and other.size < voucher.size]
                until = "from which on is not known"
                if good:
                    theirs = "" if good[-1].key == voucher.key else f" what {good[-1].who} signed"
                    until = f"up to {good[-1].size} they are{theirs}"
                yield Problem(
                    good[-1].size + 1 if good else 1,
                    f"Entries up to {voucher.size} are not those that {signed} at {when}; {until}.",
                )
                return


class Judgement(NamedTuple):
    """What is vouched for, newest first, and what is not."""

    problems: list[Problem]
    checkpoint: Voucher | None
    witnesses: list[Voucher]


def _told(told: Witnessed | StoredWitness) -> tuple[object, ...]:
    at = told.witnessed if isinstance(told, Witnessed) else told.at
    return told.size, told.kind, told.name, told.key, at


def _public(key: object) -> bytes | None:
    """A public key from its hexadecimal, in the one form it may have."""
    if isinstance(key, str) and re.fullmatch(r"[0-9a-f]{64}", key, re.ASCII):
        return bytes.fromhex(key)
    return None
