"""Writing a pack: the record in a folder that an outsider checks without this program.

The folder holds the entries as they are hashed, one a line, and all that vouches for them: checkpoints,
signatures, witnesses, inclusion proofs, certificates. A script of standard-library Python (`verify.py`) and a
guide with the steps by hand (`GUIDE.txt`) come with it. No text behind a commitment goes in unless its entry
is named. The folder is written beside its name, read back and verified, and only then gets the name.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from studio_assist.domain.errors import BadInput, Damaged, Refusal, Unavailable
from studio_assist.domain.record import (
    SIGNED,
    CertificateAdded,
    Exported,
    Witnessed,
    commitments,
)
from studio_assist.domain.values import EntryNumber, Sha256
from studio_assist.ledger.pack_files import FORMAT, MANIFEST, PackWriter, line_of, safe_name
from studio_assist.ledger.pack_reading import verify_pack
from studio_assist.ledger.pack_words import what_it_tells
from studio_assist.ledger.past import write_entry
from studio_assist.ledger.proofs import proof_hash, read_timestamp_proof
from studio_assist.ledger.seals import Seals, StoredCheckpoint
from studio_assist.ledger.tree import leaf_hash
from studio_assist.paths import resource

__all__ = ["PackJob", "PackWritten", "make_pack", "verify_pack", "what_it_tells"]

#: Entries and signatures are read this many at a time.
_PAGE: Final = 2000
#: Entries that a person answers for get inclusion proofs; of more than this many, the named ones alone.
MOST_PROOFS: Final = 2000
#: Of a long record's checkpoints so many go along: the newest, and others spread over all of it.
MOST_CHECKPOINTS: Final = 256

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class PackJob:
    """One pack, complete.

    Attributes:
        out: the folder to make; nothing may stand there, or an empty folder.
        disclose: entries whose texts go along.
        files: copies of exported files, by path.
        certificates: the project's folder of root certificates, or None.
    """

    out: Path
    disclose: tuple[EntryNumber, ...] = ()
    files: tuple[Path, ...] = ()
    certificates: Path | None = None


class PackWritten(NamedTuple):
    """A pack that stands in its place.

    Attributes:
        manifest: SHA-256 of manifest.json.
        size, root: the head that its checkpoint signs; root in hexadecimal.
        files: how many files it holds, the manifest among them.
        tells: what whoever gets it learns, in sentences.
    """

    path: Path
    manifest: Sha256
    size: int
    root: Sha256
    disclosed: tuple[EntryNumber, ...]
    files: int
    tells: tuple[str, ...]


def make_pack(
    ledger: Seals,
    job: PackJob,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> PackWritten:
    """Write a pack of everything up to the newest checkpoint. Blocking; the ledger may grow meanwhile.

    Args:
        progress: told how many steps of how many are done: an entry is one as it is written, and one more
            as it is read back.
        cancelled: asked now and then whether to stop.

    Raises:
        BadInput: the folder is taken, there is no such entry or it has no text to disclose, a file is none
            that the record names as exported.
        Refusal: the record has no checkpoint.
        Unavailable: it was stopped, or the disk does not let it.
        Damaged: what was read back does not hold; nothing is left behind.
    """
    checkpoint = ledger.last_checkpoint()
    if checkpoint is None:
        raise Refusal(
            "This record has no signed checkpoint, and a pack without one shows nothing.",
            remedy="Open the project to work in it, so that it is signed, and make the pack then.",
            rule="record.checkpoint-first",
        )
    with PackWriter.beside(job.out) as writer:
        making = _Making(ledger, job, checkpoint, writer, progress or _unheard, cancelled or _never)
        manifest = making.write()
        writer.flush()
        making.read_back()
        writer.take_name()
    return PackWritten(
        path=job.out,
        manifest=manifest,
        size=checkpoint.size,
        root=checkpoint.root,
        disclosed=making.disclosed,
        files=len(writer.files) + 1,
        tells=what_it_tells(ledger, making.disclosed, [name.split("/", 1)[1] for name in making.copied]),
    )


class _Making:
    """One pack on its way."""

    def __init__(
        self,
        ledger: Seals,
        job: PackJob,
        checkpoint: StoredCheckpoint,
        writer: PackWriter,
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> None:
        self._ledger = ledger
        self._job = job
        self._checkpoint = checkpoint
        self._size = checkpoint.size
        self._writer = writer
        self._progress = progress
        self._cancelled = cancelled
        self._exported: dict[Sha256, EntryNumber] = {}
        self._witnessed: set[Sha256] = set()
        self._signed: list[EntryNumber] = []
        self._certificates: set[Sha256] = set()
        self.disclosed = tuple(sorted(set(job.disclose)))
        self.copied: dict[str, EntryNumber] = {}

    def write(self) -> Sha256:
        """Write every file; gives the SHA-256 of the manifest."""
        # First what a person may have named wrongly: it is found before a long record is written.
        self._write_texts()
        self._find_exported()
        self._copy_files()
        self._write_entries()
        self._write_signatures()
        self._write_proofs()
        self._write_witnesses()
        self._write_checkpoints()
        self._copy_certificates()
        for name in ("GUIDE.txt", "verify.py"):
            self._writer.write(name, resource("pack", name).read_bytes())
        manifest = {
            "disclosed": list(self.disclosed),
            "files": self._writer.files,
            "format": FORMAT,
            "origin": self._ledger.origin,
            "root": self._checkpoint.root,
            "size": self._size,
        }
        text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        return self._writer.write(MANIFEST, text.encode(), listed=False)

    def read_back(self) -> None:
        """Check what is on the disk as whoever gets it will."""
        found = verify_pack(
            self._writer.folder,
            progress=lambda done, _total: self._progress(self._size + done, 2 * self._size),
            cancelled=self._cancelled,
        )
        if found.cancelled:
            raise _stopped()
        if not found.ok or found.root != self._checkpoint.root:
            raise Damaged(
                f"The pack was read back and does not hold: {found.why} It was removed.",
                remedy="Check the record with ledger verify. If it holds, make the pack on another disk.",
                place=str(self._job.out),
            )

    # entries

    def _write_entries(self) -> None:
        with self._writer.open("entries.jsonl") as file:
            for number, line in self._lines():
                file.write(line + b"\n")
                if number % _PAGE == 0:
                    self._tell(number)

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        after = 0
        while page := self._ledger.entries(after, _PAGE, before=self._size + 1):
            if self._cancelled():
                raise _stopped()
            for entry in page:
                if isinstance(entry.body, SIGNED):
                    self._signed.append(entry.number)
                if isinstance(entry.body, Witnessed):
                    self._witnessed.add(entry.body.proof)
                if isinstance(entry.body, CertificateAdded):
                    self._certificates.add(entry.body.root)
                yield entry.number, write_entry(entry)
            after = page[-1].number

    # what vouches for them

    def _write_signatures(self) -> None:
        keys = [
            {"entry": key.entry, "key": public, "person": key.person, "session_only": key.session_only}
            for public, key in self._ledger.keys().items()
            if key.entry <= self._size
        ]
        self._writer.write_json("keys.json", sorted(keys, key=lambda key: key["entry"]))
        with self._writer.open("signatures.jsonl") as file:
            after = 0
            while page := self._ledger.signatures(after, _PAGE):
                for row in page:
                    if row.entry <= self._size:
                        told = {"entry": row.entry, "key": row.key, "signature": row.signature.hex()}
                        file.write(line_of(told))
                after = page[-1].entry

    def _write_proofs(self) -> None:
        wanted = {*self.disclosed, *self.copied.values()}
        room = MOST_PROOFS - len(wanted)
        if len(self._signed) <= room:
            wanted.update(self._signed)
        else:
            wanted.update(sorted(self._exported.values())[-room:] if room > 0 else ())
        for number in sorted(wanted):
            proof = {
                "entry": number,
                "leaf": leaf_hash(write_entry(self._ledger.entry(number))).hex(),
                "path": self._ledger.inclusion_proof(number, self._size),
                "root": self._checkpoint.root,
                "size": self._size,
            }
            self._writer.write_json(f"proofs/{number}.json", proof)

    def _write_checkpoints(self) -> None:
        for checkpoint in self._chosen_checkpoints():
            name = f"checkpoints/{checkpoint.size}-{checkpoint.key[:8]}.note"
            self._writer.write(name, checkpoint.note.encode())

    def _chosen_checkpoints(self) -> list[StoredCheckpoint]:
        found: dict[tuple[int, str], StoredCheckpoint] = {}
        before: int = self._size + 1
        while page := self._ledger.checkpoints(_PAGE, before=before):
            found.update(((one.size, one.key), one) for one in page)
            before = page[-1].size
        every = list(found.values())
        newest, rest = every[: MOST_CHECKPOINTS // 2], every[MOST_CHECKPOINTS // 2 :]
        step = -(-len(rest) // (MOST_CHECKPOINTS // 2)) or 1
        return newest + rest[::step]

    def _write_witnesses(self) -> None:
        for witness in self._ledger.witnesses(limit=100_000):
            name = f"witnesses/{witness.id}"
            # One that came after the checkpoint is for the next pack.
            if proof_hash(witness.kind, witness.proof) not in self._witnessed:
                continue
            if witness.kind == "person":
                self._writer.write(f"{name}.note", witness.proof)
            else:
                # Apart, so that openssl takes them as they are.
                proof = read_timestamp_proof(witness.proof)
                self._writer.write(f"{name}.tsr", proof.response)
                self._writer.write(f"{name}.checkpoint", proof.note.encode())
                self._writer.write(f"{name}.pem", proof.root.encode())

    def _copy_certificates(self) -> None:
        folder = self._job.certificates
        for path in sorted(folder.glob("*.pem")) if folder else ():
            if path.stem in self._certificates:
                self._writer.copy(path, f"certificates/{path.name}")

    # what is named

    def _write_texts(self) -> None:
        with self._writer.open("contents.jsonl") as file:
            for number in self.disclosed:
                for row in self._texts_of(number):
                    file.write(line_of(row))

    def _texts_of(self, number: EntryNumber) -> list[dict[str, object]]:
        if number > self._size:
            raise BadInput(
                f"The record has no entry {number}.",
                remedy=f"Choose a number from 1 to {self._size}.",
                place=str(self._ledger.path),
            )
        spoken_of = commitments(self._ledger.entry(number).body)
        held = self._ledger.texts_of(number)
        if not held:
            why = "Its texts were forgotten." if spoken_of else "It speaks of none."
            raise BadInput(
                f"Entry {number} has no text that could be disclosed. {why}",
                remedy="Leave that number away.",
                place=str(self._ledger.path),
            )
        return [
            {
                "commitment": text.commitment,
                "entry": number,
                "salt": text.salt.hex(),
                **_as_json(text.content),
            }
            for text in held
        ]

    def _find_exported(self) -> None:
        after = 0
        while page := self._ledger.entries(after, _PAGE, before=self._size + 1, type="exported"):
            for entry in page:
                if isinstance(entry.body, Exported):
                    self._exported[entry.body.sha256] = entry.number
            after = page[-1].number

    def _copy_files(self) -> None:
        taken: set[str] = set()
        for path in self._job.files:
            if not path.is_file():
                raise BadInput("There is no such file.", remedy="Check the path.", place=str(path))
            name = f"files/{safe_name(path.name, taken)}"
            entry = self._exported.get(self._writer.copy(path, name))
            if entry is None:
                raise BadInput(
                    f"{path.name} is not a file that this record names as exported: it was changed since, "
                    "or comes from elsewhere.",
                    remedy="Name the file as it was exported, or export it again.",
                    place=str(path),
                )
            self.copied[name] = entry

    def _tell(self, steps: int) -> None:
        if self._cancelled():
            raise _stopped()
        self._progress(steps, 2 * self._size)


def _as_json(content: bytes) -> dict[str, str]:
    """A text as JSON has it; as base64 where it is no text, or half of a character stands in it."""
    try:
        return {"text": content.decode()}
    except UnicodeDecodeError:
        return {"base64": b64encode(content).decode()}


def _stopped() -> Unavailable:
    return Unavailable("Making the pack was stopped.", remedy="Make it again. Nothing was left behind.")


def _unheard(_done: int, _total: int) -> None: ...


def _never() -> bool:
    return False
