"""The ledger: entries go on at the end, and nowhere else.

One transaction writes the entries, their texts, signatures, the tree's new nodes and the head, so that a
crash at any instant leaves a ledger that verifies, with all of an append or nothing of it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from studio_assist.domain.errors import Damaged, StudioError, Unavailable
from studio_assist.domain.ports import Signer
from studio_assist.domain.record import (
    SIGNED,
    Body,
    Commitment,
    Entry,
    KeyAdded,
    PackMade,
    Witnessed,
    commitments,
    entry_time,
)
from studio_assist.domain.values import EntryNumber, PersonId
from studio_assist.ledger import forgetting, notes, proofs, tree
from studio_assist.ledger.contents import as_bytes, opens
from studio_assist.ledger.edge import read_edge
from studio_assist.ledger.past import SqlPast, columns_of, time_in
from studio_assist.ledger.rules import admit, must_be_signed
from studio_assist.ledger.schema import (
    FAULTS,
    FORMAT_VERSION,
    WORK_ON,
    check_format,
    connect,
    create_tables,
    explained,
    is_blank,
    migrate,
)
from studio_assist.ledger.seals import Seals, StoredCheckpoint, StoredWitness, head_text
from studio_assist.ledger.tree import Frontier, leaf_hash

#: Salts and texts that go with an append.
Texts = Mapping[Commitment, tuple[bytes, str | bytes]]


class Ledger(Seals):
    """An open ledger.

    Attributes:
        damage: what the look at its end found wrong when it was opened to be read; None if nothing.
            A ledger with damage does not open to be written.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
        super().__init__(connection, path)
        self.read_only = read_only
        self.damage: Damaged | None = None
        self._frontier = Frontier()
        self._synchronous = ""
        self._durable_mode = "FULL"

    @classmethod
    def open(
        cls, path: Path, *, create: bool = True, read_only: bool = False, at_rest: bool = False
    ) -> Ledger:
        """Open a ledger after a look at its end, which costs the same at every length. One of an older format
        that is opened to be written becomes one of this.

        Open a project that exists with `create=False`: there, a missing or empty ledger is damage, not a
        reason to begin a new one. `at_rest` is for one quick look: where nobody is writing it makes no file
        beside the ledger, and sees nothing that is written meanwhile. Raises `Damaged`, `BadInput` for a
        newer format or another kind of file, and `Unavailable` where the disk does not let it.
        """
        exists = path.exists()
        if not exists and (read_only or not create):
            raise Damaged("The project's ledger is missing.", remedy=WORK_ON, place=str(path))
        connection: sqlite3.Connection | None = None
        try:
            connection = (
                _connect_to_read(path, at_rest=at_rest)
                if read_only
                else connect(path, "rwc" if create else "rw")
            )
            ledger = cls(connection, path, read_only=read_only)
            ledger._prepare(create=create and not read_only)
        except StudioError:
            if connection is not None:
                connection.close()
            raise
        except FAULTS as error:
            if connection is not None:
                connection.close()
            raise explained(error, path) from error
        if not exists:
            _sync_folder(path.parent)
        return ledger

    # properties

    @property
    def size(self) -> int:
        return super().size if self.read_only else self._frontier.size

    @property
    def root(self) -> str:
        return super().root if self.read_only else self._frontier.root().hex()

    # methods

    def append(
        self,
        body: Body,
        *,
        at: datetime,
        person: PersonId | None = None,
        contents: Texts | None = None,
        durable: bool = True,
        signer: Signer | None = None,
    ) -> Entry:
        """Add one entry; see `append_many`."""
        many = [(body, person)]
        return self.append_many(many, at=at, contents=contents, durable=durable, signer=signer)[0]

    def append_many(
        self,
        bodies: Iterable[tuple[Body, PersonId | None]],
        *,
        at: datetime,
        contents: Texts | None = None,
        durable: bool = True,
        signer: Signer | None = None,
    ) -> tuple[Entry, ...]:
        """Add entries in one transaction: all of them, or none.

        Args:
            at: the present moment, with its time zone.
            contents: salt and text of every commitment that the ledger does not know yet.
            durable: on the disk before this returns, to outlast a power cut. Otherwise the entries outlast
                a crash of the program, and reach the disk with the next durable append at the latest.
            signer: signs what a person answers for (`record.SIGNED`), with a key that a `key_added` of that
                person names; needed once there is one. It signs a further `key_added` of that person too.

        Raises:
            Refusal: the entry must not follow what is in the record (see `rules`).
            Unavailable: disk full, folder read-only, another program writing. Nothing was written.
            Damaged: the file is not what it was.
            ValueError: a commitment without its text, or one that the text does not open; no signer where
                one is needed, or one whose key is not this person's (a bug).
        """
        with self._turn:
            with self._writing(durable):
                entries, frontier = self._write(bodies, at, contents or {}, signer)
            self._frontier = frontier
            return entries

    def checkpoint(self, signer: Signer, at: datetime) -> StoredCheckpoint:
        """Sign the head as it stands and keep that, durably; the last one where nothing was added since.

        Raises as `append_many`; `ValueError` where no entry names the signer's key (a bug).
        """
        with self._turn:
            public = signer.public.hex()
            with self._writing(durable=True):
                key = self.key(public)
                if key is None:
                    raise ValueError("a checkpoint is signed by a key that the record names")
                size = self._frontier.size
                last = self.last_checkpoint()
                if last is not None and (last.size, last.key) == (size, public):
                    return last
                root = self._frontier.root()
                text = head_text(self.origin, size, root, at, session_only=signer.session_only)
                note = notes.sign_note(text, signer)
                if not notes.verify_note(note, notes.key_name(self.tag, key.person), signer.public):
                    raise ValueError("the signer's name or signature is not what its key makes")
                self._connection.execute(
                    "INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)", (size, public, note)
                )
            return StoredCheckpoint(
                size, root.hex(), public, key.person, signer.session_only, at.astimezone(UTC), note
            )

    def add_witness(
        self, body: Witnessed, proof: bytes, *, at: datetime, person: PersonId, signer: Signer | None = None
    ) -> StoredWitness:
        """Keep what somebody else signed, with the entry that says so. `witness` verifies it first."""
        if proofs.proof_hash(body.kind, proof) != body.proof:
            raise ValueError("the entry speaks of another proof")
        with self._turn:
            with self._writing(durable=True):
                _, frontier = self._write([(body, person)], at, {}, signer)
                moment = entry_time(body.witnessed)
                row = (body.size, body.kind, body.name, body.key, moment, proof)
                number = self._connection.execute(
                    "INSERT INTO witnesses (size, kind, name, key, at, proof) VALUES (?, ?, ?, ?, ?, ?)", row
                ).lastrowid
            self._frontier = frontier
            assert number is not None
            return StoredWitness(number, body.size, body.kind, body.name, body.key, body.witnessed, proof)

    def forget(
        self, entry: int, *, why: str, person: PersonId, at: datetime, signer: Signer | None = None
    ) -> forgetting.Forgetting:
        """Remove the texts that an entry speaks of, for good, and say so in an entry.

        Raises:
            Refusal: the entry has no text, or it is gone already, or still waits for a decision or a place.
            BadInput: there is no such entry.
            Others as `append_many`.
        """
        with self._turn:
            body = forgetting.body_for(self.entry(entry), why, self.is_forgotten)
            kept = forgetting.salts_of(self._connection, body.commitments)
            with self._writing(durable=True):
                (written,), frontier = self._write([(body, person)], at, {}, signer)
                named_by = forgetting.erase(self._connection, body.commitments)
            self._frontier = frontier
            traces = forgetting.clear_traces(self._connection, self.path, kept)
            return forgetting.Forgetting(written, body.commitments, named_by, traces)

    def close(self) -> None:
        """Write back what the database still holds beside the file, and let go of it."""
        with self._turn:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # internals

    def _prepare(self, *, create: bool) -> None:
        connection = self._connection
        if not self.read_only:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            # A file system without shared memory keeps a rollback journal; its deletion must last too.
            self._durable_mode = "FULL" if mode == "wal" else "EXTRA"
            # On macOS a plain fsync leaves data in the drive's cache.
            connection.execute("PRAGMA fullfsync = ON")
            # What is deleted or moved is overwritten, so that a forgotten text is nowhere in the file.
            connection.execute("PRAGMA secure_delete = ON")
            if is_blank(connection):
                if not create:
                    raise Damaged("The project's ledger is empty.", remedy=WORK_ON, place=str(self.path))
                self._set_synchronous(True)
                create_tables(connection)
        try:
            self.format = check_format(connection, self.path)
            self._frontier = read_edge(connection, self.path)
        except Damaged as damage:
            if not self.read_only:
                raise
            self.damage = damage
        if 0 < self.format < FORMAT_VERSION and not self.read_only:
            self._set_synchronous(True)
            migrate(connection)
            self.format = FORMAT_VERSION

    @contextmanager
    def _writing(self, durable: bool) -> Generator[None]:
        """One transaction, on what the ledger is now: its end, or nothing of it."""
        if self.read_only:
            raise Unavailable(
                "This ledger is open for reading only.",
                remedy="Close the other window of this project, then open the project again.",
                place=str(self.path),
            )
        try:
            self._set_synchronous(durable)
            self._connection.execute("BEGIN IMMEDIATE")
            head = self._connection.execute("SELECT size, root FROM head").fetchone()
            if head != (self._frontier.size, self._frontier.root().hex()):
                # Another process has written since, or our last commit failed half-way.
                self._frontier = read_edge(self._connection, self.path)
            yield
            self._connection.execute("COMMIT")
        except BaseException as error:
            self._roll_back()
            if isinstance(error, FAULTS):
                raise explained(error, self.path) from error
            raise

    def _write(
        self,
        bodies: Iterable[tuple[Body, PersonId | None]],
        at: datetime,
        contents: Texts,
        signer: Signer | None,
    ) -> tuple[tuple[Entry, ...], Frontier]:
        connection = self._connection
        frontier = self._frontier.copy()
        past = SqlPast(connection)
        entries: list[Entry] = []
        moment = at.astimezone(UTC) if at.tzinfo else at
        for body, person in bodies:
            entry = Entry(at=moment, body=body, number=EntryNumber(frontier.size + 1), person=person)
            canonical = entry.canonical()
            leaf = leaf_hash(canonical)
            if isinstance(body, Witnessed | PackMade) and 0 < body.size <= frontier.size:
                self._hold_root(body)
            key = self._sign(entry, leaf, past, signer)
            admit(entry, past, key)
            self._keep_texts(entry, contents, past)
            connection.execute(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*columns_of(entry, time_in(canonical)), canonical.decode()),
            )
            connection.executemany("INSERT INTO nodes VALUES (?, ?, ?)", frontier.append(leaf))
            entries.append(entry)
        connection.execute("UPDATE head SET size = ?, root = ?", (frontier.size, frontier.root().hex()))
        return tuple(entries), frontier

    def _sign(self, entry: Entry, leaf: bytes, past: SqlPast, signer: Signer | None) -> str | None:
        """Put the signature beside an entry that is to have one; gives its key, in hexadecimal."""
        if signer is None:
            if must_be_signed(entry, past):
                raise ValueError(f"{entry.body.type} needs the signature of the person who did it")
            return None
        public = signer.public.hex()
        is_theirs = past.owns(entry.person, public)
        if not isinstance(entry.body, SIGNED) and not (isinstance(entry.body, KeyAdded) and is_theirs):
            return None
        if not is_theirs:
            raise ValueError(f"{entry.body.type} cannot be signed by a key that is not this person's")
        message = notes.entry_message(self.tag, leaf)
        signature = signer.sign(message)
        if not notes.verify_signature(signer.public, signature, message):
            raise ValueError("the signer's signature is not what its key makes")
        self._connection.execute("INSERT INTO signatures VALUES (?, ?, ?)", (entry.number, public, signature))
        return public

    def _hold_root(self, body: Witnessed | PackMade) -> None:
        if tree.root_at(body.size, self._node).hex() != body.root:
            raise ValueError(f"{body.type} speaks of a root that this ledger never had")

    def _keep_texts(self, entry: Entry, contents: Texts, past: SqlPast) -> None:
        for commitment in commitments(entry.body):
            known = self._connection.execute(
                "SELECT 1 FROM contents WHERE commitment = ?", (commitment,)
            ).fetchone()
            if known:
                continue
            if commitment not in contents:
                raise ValueError(f"{entry.body.type} speaks of a text that was not given with it")
            if past.is_forgotten(commitment):
                raise ValueError(f"{entry.body.type} brings back a text that was forgotten")
            salt, text = contents[commitment]
            content = as_bytes(text)
            if not opens(commitment, salt, content):
                raise ValueError(f"{entry.body.type} was given another text than it commits to")
            self._connection.execute(
                "INSERT INTO contents (entry, commitment, salt, content) VALUES (?, ?, ?, ?)",
                (entry.number, commitment, salt, content),
            )

    def _set_synchronous(self, durable: bool) -> None:
        wanted = self._durable_mode if durable else "NORMAL"
        if wanted != self._synchronous:
            self._connection.execute(f"PRAGMA synchronous = {wanted}")
            self._synchronous = wanted

    def _roll_back(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            # The error that led here says more, and SQLite rolls back what it could not commit.
            self._synchronous = ""


def _connect_to_read(path: Path, *, at_rest: bool) -> sqlite3.Connection:
    """A reading connection that sees what a writer commits, or, on media nobody can write, the bare file."""
    journal = path.with_name(f"{path.name}-wal")
    if at_rest and not (journal.exists() and journal.stat().st_size):
        return connect(path, "immutable")
    connection = connect(path, "ro")
    try:
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
        connection.close()
        connection = connect(path, "immutable")
    return connection


def _sync_folder(folder: Path) -> None:
    """Make a new file's name last. Windows keeps names by itself and opens no folders."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
