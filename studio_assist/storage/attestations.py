"""Attestations and their evidence, as files in a project's `clearance` folder."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from studio_assist.domain.attestation import Evidence, SignedAttestation
from studio_assist.domain.errors import BadInput
from studio_assist.storage.atomic import write_atomic
from studio_assist.storage.faults import disk

#: The largest document that is kept as evidence, in bytes.
MOST_EVIDENCE: Final = 50_000_000
#: An attestation of ours has two thousand bytes.
_MOST_BYTES: Final = 64_000

_ID: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,8}")

#: What tells one state of a file from another.
_Stamp = tuple[int, int, int, int]


class AttestationFiles:
    """The attestations of one project. What was read is kept until its file changes.

    Args:
        clearance: the project's clearance folder.
    """

    def __init__(self, clearance: Path) -> None:
        self._attestations: Final = clearance / "attestations"
        self._evidence: Final = clearance / "evidence"
        self._read: Final[dict[str, tuple[_Stamp, SignedAttestation | None]]] = {}
        self._hashed: Final[dict[Path, tuple[_Stamp, str]]] = {}

    # attestations

    def load(self, identifier: str) -> SignedAttestation | None:
        """The attestation of that id; None where there is none, or none that can be read. Never raises."""
        if not _ID.fullmatch(identifier):
            return None
        path = self._attestations / f"{identifier}.json"
        try:
            stamp = _stamp(path)
            known = self._read.get(identifier)
            if known is None or known[0] != stamp:
                known = (stamp, _attestation_in(path, identifier))
                self._read[identifier] = known
        except OSError:
            return None
        return known[1]

    def save(self, signed: SignedAttestation) -> None:
        """Keep an attestation. Raises `Unavailable` where the disk does not let it."""
        with disk(self._attestations, "made"):
            self._attestations.mkdir(parents=True, exist_ok=True)
        data = signed.model_dump_json(indent=1).encode("utf-8") + b"\n"
        if SignedAttestation.model_validate_json(data) != signed:
            raise ValueError("an attestation does not read back as what was written")
        write_atomic(self._attestations / f"{signed.id}.json", data)

    def remove(self, identifier: str) -> None:
        """Take away one that did not reach the record."""
        (self._attestations / f"{identifier}.json").unlink(missing_ok=True)

    # evidence

    def keep_evidence(self, document: Path) -> Evidence:
        """Copy a document into the project, by its hash.

        Raises:
            BadInput: there is none, it is no file, it is empty or too large.
            Unavailable: the disk does not let it.
        """
        with disk(document, "read"):
            size = document.stat().st_size
            if not document.is_file():
                raise _no_evidence("is no file", document)
            if size > MOST_EVIDENCE:
                raise _no_evidence(f"has more than {MOST_EVIDENCE // 1_000_000} MB", document)
            with document.open("rb") as file:
                data = file.read(MOST_EVIDENCE + 1)
        if not data.strip():
            raise _no_evidence("is empty", document)
        if len(data) > MOST_EVIDENCE:
            raise _no_evidence(f"has more than {MOST_EVIDENCE // 1_000_000} MB", document)
        evidence = Evidence(
            name=_plain(document.name), sha256=hashlib.sha256(data).hexdigest(), size=len(data)
        )
        if not self.has(evidence):
            with disk(self._evidence, "made"):
                self._evidence.mkdir(parents=True, exist_ok=True)
            write_atomic(self._path(evidence), data)
        return evidence

    def has(self, evidence: Evidence) -> bool:
        """Whether the document is here, and is the one that was hashed. Never raises."""
        path = self._path(evidence)
        try:
            stamp = _stamp(path)
            if stamp[2] != evidence.size or stamp[2] > MOST_EVIDENCE:
                return False
            known = self._hashed.get(path)
            if known is None or known[0] != stamp:
                known = (stamp, hashlib.sha256(path.read_bytes()).hexdigest())
                self._hashed[path] = known
        except OSError:
            return False
        return known[1] == evidence.sha256

    # internals

    def _path(self, evidence: Evidence) -> Path:
        suffix = Path(evidence.name).suffix.lower()
        return self._evidence / f"{evidence.sha256}{suffix if _SUFFIX.fullmatch(suffix) else ''}"


def _stamp(path: Path) -> _Stamp:
    # The change time too: the time of modification is anybody's to set.
    found = path.stat()
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _attestation_in(path: Path, identifier: str) -> SignedAttestation | None:
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        return None
    try:
        signed = SignedAttestation.model_validate_json(data)
    except (ValidationError, RecursionError):
        return None
    return signed if signed.id == identifier else None


def _plain(name: str) -> str:
    """A file's name as one printable line of at most 200 characters; its ending stays."""
    letters = "".join(letter if letter.isprintable() else "_" for letter in name).strip()
    return letters[-200:].strip() or "evidence"


def _no_evidence(why: str, document: Path) -> BadInput:
    return BadInput(
        f"The evidence {_plain(document.name)} {why}.",
        remedy="Choose the document that says what the provider keeps: a contract, a letter, or a picture "
        "of the account's settings.",
        place=str(document),
    )
