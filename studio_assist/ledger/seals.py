"""Keys, signatures, checkpoints and witnesses as the ledger keeps them, and how they are read."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple

from studio_assist.domain.errors import BadInput, Damaged
from studio_assist.domain.record import Commitment, KeyAdded, commitments, entry_time
from studio_assist.domain.values import EntryNumber, PersonId
from studio_assist.ledger import notes
from studio_assist.ledger.reading import Reader
from studio_assist.ledger.schema import WORK_ON

#: The extension line of a checkpoint by a key that no keychain holds.
SESSION_ONLY: Final = "key kept for this session only"

WitnessKind = Literal["person", "timestamp"]


class Key(NamedTuple):
    """Whose a public key is. `entry` is the number of the entry that names it."""

    person: PersonId
    entry: EntryNumber
    session_only: bool


class StoredSignature(NamedTuple):
    """A signature beside an entry; `key` in hexadecimal."""

    entry: EntryNumber
    key: str
    signature: bytes


class Head(NamedTuple):
    """What a checkpoint of ours says. `root` has 32 bytes; `at` is the signer's clock, in UTC."""

    origin: str
    size: int
    root: bytes
    at: datetime
    session_only: bool


class StoredCheckpoint(NamedTuple):
    """A signed head. `root` and `key` in hexadecimal; `note` is the whole signed note."""

    size: int
    root: str
    key: str
    person: PersonId | None
    session_only: bool
    at: datetime
    note: str


class StoredWitness(NamedTuple):
    """A head that somebody else signed.

    Attributes:
        key: the co-signer's public key in hexadecimal; None for a time stamp.
        at: by the witness's clock, in UTC.
        proof: the co-signed note, or for a time stamp what `timestamps.read_proof` reads.
    """

    id: int
    size: int
    kind: WitnessKind
    name: str
    key: str | None
    at: datetime
    proof: bytes


class HeldText(NamedTuple):
    """A text and the salt that opens its commitment; `entry` is the first entry that spoke of it."""

    entry: EntryNumber
    commitment: Commitment
    salt: bytes
    content: bytes


def head_text(origin: str, size: int, root: bytes, at: datetime, *, session_only: bool) -> str:
    """The text of one of our checkpoints."""
    extensions = [f"time {entry_time(at.astimezone(UTC))}", *([SESSION_ONLY] if session_only else [])]
    return notes.checkpoint_text(origin, size, root, extensions)


def read_head(note: str) -> Head:
    """Read a checkpoint of ours, unverified. Raises `BadInput` where it is none."""
    text = notes.read_note(note).text
    origin, size, root, extensions = notes.read_checkpoint(text)
    time, *others = extensions or ("",)
    if others not in ([], [SESSION_ONLY]) or not time.startswith("time "):
        raise BadInput(
            "This is no checkpoint of a Studio Assist ledger.", remedy="Choose another file.", place="line 4"
        )
    return Head(origin, size, root, read_time(time.removeprefix("time ")), bool(others))


def read_time(text: str) -> datetime:
    """A moment in the one form that entries write it in; `BadInput` for any other."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is UTC and entry_time(moment) == text:
            return moment
    except ValueError:
        pass
    raise BadInput(
        "This is not a time as the record writes it.", remedy="Choose another file.", place=text[:40]
    )


class Seals(Reader):
    """What vouches for a ledger: whose keys there are, and what they signed. Format 1 has none of it."""

    # properties

    @property
    def tag(self) -> str:
        """The project's tag: 16 hexadecimal digits of the first entry's hash; empty while there is none."""
        with self._reading():
            row = self._connection.execute("SELECT hash FROM nodes WHERE level = 0 AND place = 0").fetchone()
        return row[0][:8].hex() if row else ""

    @property
    def origin(self) -> str:
        """What the ledger is called in checkpoints; empty while it has no entry."""
        return f"studio-assist/{tag}" if (tag := self.tag) else ""

    # keys

    def keys(self) -> dict[str, Key]:
        """Everybody's public keys, in hexadecimal, oldest first."""
        return self._keys("")

    def key(self, public: str) -> Key | None:
        """Whose a key is, or None where the record does not name it."""
        return self._keys("AND json_extract(entry, '$.body.public') = ?", public).get(public)

    def keys_of(self, person: PersonId) -> list[str]:
        """A person's public keys, newest first."""
        return list(self._keys("AND person = ?", person))[::-1]

    # signatures

    def signature(self, entry: int) -> StoredSignature | None:
        """The signature beside an entry. Not verified here; `verify` does that."""
        found = self.signatures(entry - 1, 1)
        return found[0] if found and found[0].entry == entry else None

    def signatures(self, after: int = 0, limit: int = 1000) -> list[StoredSignature]:
        """Signatures beside the entries with numbers above `after`, in order."""
        query = "SELECT entry, key, signature FROM signatures WHERE entry > ? ORDER BY entry LIMIT ?"
        return [StoredSignature(*row) for row in self._rows(query, after, limit)]

    # checkpoints and witnesses

    def last_checkpoint(self) -> StoredCheckpoint | None:
        """The newest signed head."""
        found = self.checkpoints(1)
        return found[0] if found else None

    def checkpoints(self, limit: int = 200, *, before: int | None = None) -> list[StoredCheckpoint]:
        """Signed heads, those over most entries first; page on with `before`, a size."""
        query = (
            "SELECT size, key, note FROM checkpoints WHERE size < ? ORDER BY size DESC, rowid DESC LIMIT ?"
        )
        keys: dict[str, Key | None] = {}
        found: list[StoredCheckpoint] = []
        for size, public, note in self._rows(query, before or 2**63 - 1, limit):
            try:
                head = read_head(str(note))
            except BadInput as error:
                raise self._damaged(f"The checkpoint at {size} entries is not readable.") from error
            if public not in keys:
                keys[public] = self.key(public)
            person = key.person if (key := keys[public]) else None
            root = head.root.hex()
            found.append(StoredCheckpoint(size, root, public, person, head.session_only, head.at, note))
        return found

    def witnesses(self, limit: int = 200) -> list[StoredWitness]:
        """What others signed, newest first."""
        query = "SELECT id, size, kind, name, key, at, proof FROM witnesses ORDER BY id DESC LIMIT ?"
        return [self._witness(row) for row in self._rows(query, limit)]

    # texts

    def is_forgotten(self, commitment: Commitment) -> bool:
        """Whether an entry says that this text was removed."""
        query = (
            "SELECT 1 FROM entries, json_each(entry, '$.body.commitments') AS gone "
            "WHERE entries.type = 'forgotten' AND gone.value = ? LIMIT 1"
        )
        with self._reading():
            return self._connection.execute(query, (commitment,)).fetchone() is not None

    def texts_of(self, number: int) -> list[HeldText]:
        """The texts that an entry speaks of and that are still held, with the salts that open them."""
        found: list[HeldText] = []
        for commitment in commitments(self.entry(number).body):
            with self._reading():
                row = self._connection.execute(
                    "SELECT entry, commitment, salt, content FROM contents WHERE commitment = ?",
                    (commitment,),
                ).fetchone()
            if row:
                self._opened(*row[1:])
                found.append(HeldText(*row))
        return found

    # internals

    def _rows(self, query: str, *values: object) -> list[Any]:
        if self.format < 2:
            return []
        with self._reading():
            return self._connection.execute(query, values).fetchall()

    def _keys(self, condition: str, *values: object) -> dict[str, Key]:
        entries = self._entries(
            "SELECT CAST(entry AS BLOB), number FROM entries "
            f"WHERE type = 'key_added' {condition} ORDER BY number",
            values,
        )
        found: dict[str, Key] = {}
        for entry in entries:
            if isinstance(entry.body, KeyAdded) and entry.person:
                found.setdefault(entry.body.public, Key(entry.person, entry.number, entry.body.session_only))
        return found

    def _witness(self, row: tuple[object, ...]) -> StoredWitness:
        try:
            return witness_of(row)
        except BadInput as error:
            raise self._damaged("A witness kept in the ledger is not readable.") from error

    def _damaged(self, message: str) -> Damaged:
        return Damaged(message, remedy=WORK_ON, place=str(self.path))


def witness_of(row: tuple[object, ...]) -> StoredWitness:
    """A row of `witnesses`; `BadInput` where it holds what it must not."""
    number, size, kind, name, key, at, proof = row
    # A damaged row may hold values of any type, whatever its table says.
    if (
        isinstance(number, int)
        and isinstance(size, int)
        and kind in ("person", "timestamp")
        and isinstance(name, str)
        and isinstance(key, str | None)
        and isinstance(at, str)
        and isinstance(proof, bytes)
    ):
        return StoredWitness(number, size, kind, name, key, read_time(at), proof)
    raise BadInput("This is no witness.", remedy=WORK_ON)


def names_in(connection: sqlite3.Connection) -> dict[str, str]:
    """Everybody's latest name, as the entries say."""
    rows = connection.execute(
        "SELECT json_extract(entry, '$.body.person'), json_extract(entry, '$.body.name') "
        "FROM entries WHERE type = 'person_added' ORDER BY number"
    )
    return {person: name for person, name in rows if isinstance(person, str) and isinstance(name, str)}
