"""Checking a pack: the same run as over a ledger, on tables that are made anew from the pack's entries.

Then what a pack has besides: its manifest, inclusion proofs, certificates, and copies of exported files. What
cannot be seen is what is not there: a pack holds only the texts that were disclosed, and a pack that was cut
off at an older checkpoint, with everything after it, is a good pack of an older record.
"""

from __future__ import annotations

import base64
import binascii
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeVar

from pydantic import ValidationError

from studio_assist.domain.errors import BadInput
from studio_assist.domain.record import (
    CertificateAdded,
    Commitment,
    Entry,
    Exported,
    Forgotten,
    KeyAdded,
    Witnessed,
    commitments,
    entry_time,
)
from studio_assist.domain.values import Sha256, Value
from studio_assist.ledger import notes
from studio_assist.ledger.pack_files import (
    FORMATS,
    MANIFEST,
    KeyRows,
    Manifest,
    PackReader,
    ProofRow,
    SignatureRow,
    TextRow,
)
from studio_assist.ledger.past import read_entry
from studio_assist.ledger.proofs import TimestampProof, write_timestamp_proof
from studio_assist.ledger.rebuild import rebuild
from studio_assist.ledger.running import Difference
from studio_assist.ledger.seals import read_head
from studio_assist.ledger.tree import verify_inclusion
from studio_assist.ledger.verify import Verification, verify_tables
from studio_assist.ledger.vouching import Problem

#: How many of the things that are wrong are told.
_MOST_REASONS: Final = 4
_MOST_EXACT: Final = 2
#: Entries between two looks at whether to stop.
_PAGE: Final = 2000
#: How an entry ends; a quotation mark within a text is written otherwise.
_NUMBER: Final = re.compile(rb'"number":(\d{1,16}),"person":(?:null|"[^"]*")\}$')
_CERTIFICATE: Final = re.compile(rb"-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----")

_V = TypeVar("_V", bound=Value)


class _Stopped(Exception):
    """Whoever asked for the check does not want it any more."""


def is_pack(path: Path) -> bool:
    """Whether a folder looks like a pack. Follows no link to say so."""
    names = (MANIFEST, "entries.jsonl")
    return path.is_dir() and all((path / name).is_file() and not (path / name).is_symlink() for name in names)


def verify_pack(
    path: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Verification:
    """Check a pack. Writes nothing into it.

    Raises `BadInput` where the folder is no pack that can be read, or one of a newer format.
    """
    pack = PackReader(path)
    try:
        manifest = Manifest.model_validate_json(pack.read(MANIFEST))
    except ValidationError as error:
        raise _unreadable(f"{MANIFEST} cannot be read.", path) from error
    if manifest.format not in FORMATS:
        raise BadInput(
            f"This pack has a form that this version does not know ({manifest.format[:40]}).",
            remedy="Update Studio Assist, or run the verify.py that came with the pack.",
            place=str(path),
        )
    # A database of no name lies in memory, and on the disk where it grows large.
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        check = _Check(pack, manifest, connection, progress or _unheard, cancelled or _never)
        try:
            return check.run()
        except _Stopped:
            return Verification(ok=False, size=0, root=None, why="The check was stopped.", cancelled=True)
        except Difference as difference:
            size = (difference.entry or 1) - 1
            return Verification(
                ok=False, size=size, root=None, first_bad=difference.entry, why=difference.why
            )


class _Check:
    """One run over a pack."""

    def __init__(
        self,
        pack: PackReader,
        manifest: Manifest,
        connection: sqlite3.Connection,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self._pack = pack
        self._manifest = manifest
        self._connection = connection
        self._progress = progress
        self._cancelled = cancelled
        self._problems: list[Problem] = []
        #: Root of each size that a checkpoint in the pack is over.
        self._roots: dict[int, bytes] = {}

    def run(self) -> Verification:
        self._compare_files()
        rebuild(self._connection, self._entries())
        self._put_keys_and_signatures()
        self._put_checkpoints()
        self._put_texts()
        exported, certificates = self._put_witnesses()
        total = self._manifest.size
        found = verify_tables(
            self._connection,
            partial=True,
            progress=lambda done, _total: self._progress((total + done) // 2, total),
            cancelled=self._cancelled,
        )
        if found.cancelled:
            return found
        self._compare_proofs()
        for name in self._pack.under("files"):
            if self._pack.sha256(name) not in exported:
                self._wrong(f"{name} is no file that an exported entry names.")
        for name in self._pack.under("certificates"):
            if not _roots_in(self._pack.read(name)) & certificates:
                self._wrong(f"{name} is no certificate that an entry names.")
        if found.ok:
            self._compare_head(found)
        return self._judged(found)

    # files and entries

    def _compare_files(self) -> None:
        named, here = self._manifest.files, self._pack.names - {MANIFEST}
        for name in self._pack.strange:
            self._wrong(f"{name} is a link or a device, and a pack has none.")
        for name in sorted(here | set(named)):
            if self._cancelled():
                raise _Stopped
            if name not in here:
                self._wrong(f"{name} is gone.")
            elif name not in named:
                self._wrong(f"{name} is not named in {MANIFEST}.")
            elif self._pack.sha256(name) != named[name]:
                self._wrong(f"{name} is not the file that {MANIFEST} names.")

    def _entries(self) -> Iterator[bytes]:
        for number, line in enumerate(self._pack.lines("entries.jsonl"), 1):
            if number % _PAGE == 0:
                if self._cancelled():
                    raise _Stopped
                self._progress(number // 2, self._manifest.size)
            said = _NUMBER.search(line)
            if said and int(said[1]) != number:
                self._wrong(f"Entry {int(said[1])} stands where entry {number} should.", number)
            yield line

    def _said(self, *types: str) -> Iterator[Entry]:
        query = f"SELECT CAST(entry AS BLOB) FROM entries WHERE type IN ({','.join('?' * len(types))})"
        for (canonical,) in self._connection.execute(f"{query} ORDER BY number", types):
            yield read_entry(canonical)

    # what the tables are filled with

    def _put_keys_and_signatures(self) -> None:
        listed = b'{"keys":%s}' % self._pack.read("keys.json") if "keys.json" in self._pack.names else b""
        named = self._read(KeyRows, listed, "keys.json")
        told = [(key.key, key.person, key.entry, key.session_only) for key in named.keys] if named else []
        said = [
            (entry.body.public, entry.person, entry.number, entry.body.session_only)
            for entry in self._said("key_added")
            if isinstance(entry.body, KeyAdded)
        ]
        if set(told) != set(said):
            self._wrong("keys.json names other keys than the entries do.")
        for row in self._rows(SignatureRow, "signatures.jsonl"):
            self._insert(
                f"There are two signatures for entry {row.entry}.",
                "INSERT INTO signatures VALUES (?, ?, ?)",
                (row.entry, row.key, bytes.fromhex(row.signature)),
            )

    def _put_checkpoints(self) -> None:
        keys = [entry.body.public for entry in self._said("key_added") if isinstance(entry.body, KeyAdded)]
        for name in self._pack.under("checkpoints"):
            try:
                note = self._pack.read(name).decode()
                head = read_head(note)
                lines = notes.read_note(note).signatures
            except (BadInput, UnicodeDecodeError):
                self._wrong(f"{name} is no checkpoint.")
                continue
            signers = [
                key
                for key in keys
                if any(line.key_id == notes.key_id(line.name, bytes.fromhex(key)) for line in lines)
            ]
            if not signers:
                self._wrong(f"{name} is signed by no key that the record names.")
                continue
            self._roots[head.size] = head.root
            self._insert(
                f"{name} stands there twice.",
                "INSERT INTO checkpoints VALUES (?, ?, ?)",
                (head.size, signers[0], note),
            )

    def _put_texts(self) -> None:
        forgotten = {
            commitment: entry.number
            for entry in self._said("forgotten")
            if isinstance(entry.body, Forgotten)
            for commitment in entry.body.commitments
        }
        # In the order of the entries, each commitment once: so a ledger keeps them.
        rows = sorted(self._rows(TextRow, "contents.jsonl"), key=lambda row: row.entry)
        put: set[Commitment] = set()
        for row in rows:
            if row.entry not in self._manifest.disclosed or row.commitment not in self._spoken_of(row.entry):
                self._wrong(f"Entry {row.entry} does not speak of the text disclosed for it.", row.entry)
            elif row.commitment in forgotten:
                number = forgotten[row.commitment]
                self._wrong(f"A text is here that entry {number} had forgotten.", row.entry)
            elif row.commitment not in put:
                put.add(row.commitment)
                self._connection.execute(
                    "INSERT INTO contents (entry, commitment, salt, content) VALUES (?, ?, ?, ?)",
                    (row.entry, row.commitment, bytes.fromhex(row.salt), self._content(row)),
                )

    def _content(self, row: TextRow) -> bytes:
        try:
            return (
                base64.b64decode(row.base64 or "", validate=True) if row.text is None else row.text.encode()
            )
        except binascii.Error:
            # Opens no commitment, and the check says so.
            return b""

    def _spoken_of(self, number: int) -> tuple[Commitment, ...]:
        row = self._connection.execute(
            "SELECT CAST(entry AS BLOB) FROM entries WHERE number = ?", (number,)
        ).fetchone()
        return commitments(read_entry(row[0]).body) if row else ()

    def _put_witnesses(self) -> tuple[set[Sha256], set[Sha256]]:
        """Fill in the witnesses; gives the hashes of exported files and root certificates on the way."""
        exported: set[Sha256] = set()
        certificates: set[Sha256] = set()
        files = {
            self._pack.sha256(name): name
            for name in self._pack.under("witnesses")
            if name.endswith((".note", ".tsr"))
        }
        for entry in self._said("exported", "certificate_added", "witnessed"):
            match entry.body:
                case Exported(sha256=digest):
                    exported.add(digest)
                case CertificateAdded(root=root):
                    certificates.add(root)
                case Witnessed(proof=proof) as body if proof in files:
                    values = (body.size, body.kind, body.name, body.key, entry_time(body.witnessed))
                    self._connection.execute(
                        "INSERT INTO witnesses (size, kind, name, key, at, proof) VALUES (?, ?, ?, ?, ?, ?)",
                        (*values, self._proof_of(body, files.pop(proof))),
                    )
                case _:
                    # The check says that the proof is gone.
                    pass
        for name in files.values():
            self._wrong(f"{name} is the proof of no witness that the record names.")
        return exported, certificates

    def _proof_of(self, body: Witnessed, name: str) -> bytes:
        data = self._pack.read(name)
        if body.kind == "person":
            return data
        stem = name.removesuffix(".tsr")
        note, root = (self._pack.read(f"{stem}.{ending}") for ending in ("checkpoint", "pem"))
        proof = TimestampProof(note.decode("utf-8", "replace"), data, root.decode("utf-8", "replace"))
        return write_timestamp_proof(proof)

    # what a pack has besides

    def _compare_proofs(self) -> None:
        for name in self._pack.under("proofs"):
            proof = self._read(ProofRow, self._pack.read(name), name)
            if proof is None:
                continue
            root, leaf = self._roots.get(proof.size), bytes.fromhex(proof.leaf)
            path = [bytes.fromhex(step) for step in proof.path]
            if (
                not root
                or root.hex() != proof.root
                or not verify_inclusion(leaf, proof.entry - 1, proof.size, path, root)
            ):
                self._wrong(f"{name} does not lead to the root of a checkpoint.")
                continue
            row = self._connection.execute(
                "SELECT hash FROM nodes WHERE level = 0 AND place = ?", (proof.entry - 1,)
            ).fetchone()
            # Where the entry is not there at all, the checkpoint over it tells.
            if row is not None and row[0] != leaf:
                self._wrong(f"Entry {proof.entry} is not the one that its proof was made for.", proof.entry)

    def _compare_head(self, found: Verification) -> None:
        row = self._connection.execute("SELECT hash FROM nodes WHERE level = 0 AND place = 0").fetchone()
        origin = f"studio-assist/{row[0][:8].hex()}" if row else ""
        named = (self._manifest.size, self._manifest.root, self._manifest.origin)
        if (found.size, found.root, origin) != named:
            self._wrong(f"The entries are not those whose origin, size and root {MANIFEST} names.")
        if found.unsigned_tail:
            self._wrong(f"No checkpoint stands over all {found.size} entries.")

    # findings

    def _judged(self, found: Verification) -> Verification:
        if not self._problems:
            return found
        # What names an entry for certain comes before the range that a signature names.
        problems = sorted(self._problems, key=lambda problem: (problem.entry is None, problem.entry or 0))
        exact = [problem.why for problem in problems if problem.entry is not None]
        others = [problem.why for problem in problems if problem.entry is None]
        told = [*exact[:_MOST_EXACT], found.why or "", *others]
        reasons = [reason for reason in dict.fromkeys(told) if reason]
        first = problems[0].entry if problems[0].entry is not None else found.first_bad
        why = " ".join(reasons[:_MOST_REASONS])
        return found.model_copy(update={"ok": False, "root": None, "first_bad": first, "why": why})

    def _wrong(self, why: str, entry: int | None = None) -> None:
        # Names come out of the pack; whoever made it must not write to a terminal.
        plain = "".join(sign if sign.isprintable() else "?" for sign in why)
        self._problems.append(Problem(entry, plain))

    def _insert(self, twice: str, statement: str, values: tuple[object, ...]) -> None:
        try:
            self._connection.execute(statement, values)
        except sqlite3.IntegrityError:
            self._wrong(twice)

    def _rows(self, kind: type[_V], name: str) -> Iterator[_V]:
        for number, line in enumerate(self._pack.lines(name), 1):
            row = self._read(kind, line, f"{name}, line {number}")
            if row is not None:
                yield row

    def _read(self, kind: type[_V], data: bytes, what: str) -> _V | None:
        try:
            return kind.model_validate_json(data)
        except ValidationError:
            self._wrong(f"{what} cannot be read.")
            return None


def _roots_in(pem: bytes) -> set[Sha256]:
    """SHA-256 of every certificate in a PEM file, over its DER form."""
    found: set[Sha256] = set()
    for block in _CERTIFICATE.findall(pem):
        try:
            found.add(sha256(base64.b64decode(block)).hexdigest())
        except binascii.Error:
            continue
    return found


def _unreadable(message: str, path: Path) -> BadInput:
    return BadInput(message, remedy="Ask for the pack again.", place=str(path))


def _unheard(_done: int, _total: int) -> None: ...


def _never() -> bool:
    return False
