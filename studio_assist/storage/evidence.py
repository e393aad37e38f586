"""Documents that something rests on, kept in a project by their hash."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from studio_assist.domain.attestation import Evidence
from studio_assist.domain.errors import BadInput
from studio_assist.domain.values import Sha256
from studio_assist.storage.atomic import write_atomic
from studio_assist.storage.faults import disk

#: The largest document that is kept as evidence, in bytes.
MOST_EVIDENCE: Final = 50_000_000

_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,8}")

#: What tells one state of a file from another.
Stamp = tuple[int, int, int, int]


class EvidenceStore:
    """The documents of one project.

    Args:
        folder: where they are kept.
    """

    def __init__(self, folder: Path) -> None:
        self._evidence: Final = folder
        self._hashed: Final[dict[Path, tuple[Stamp, str]]] = {}

    def keep(self, document: Path) -> Evidence:
        """Copy a document into the project, by its hash.

        Raises:
            BadInput: there is none, it is no file, it is empty or too large.
            Unavailable: the disk does not let it.
        """
        with disk(document, "read"):
            try:
                size = document.stat().st_size
            except ValueError as error:
                # A path that the system does not take at all.
                raise _no_evidence("is no file", document) from error
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
        return self.is_at(self._path(evidence), evidence.sha256)

    def holds(self, digest: Sha256) -> bool:
        """Whether a document of that hash is here, under whatever ending. Never raises."""
        try:
            found = sorted(self._evidence.glob(f"{digest}*"))
        except OSError:
            return False
        return any(self.is_at(path, digest) for path in found)

    def path_of(self, evidence: Evidence) -> Path:
        """Where a document stands, or would stand."""
        return self._path(evidence)

    def is_at(self, path: Path, digest: Sha256) -> bool:
        """Whether a file holds what has that hash; it is read anew once it changed. Never raises."""
        try:
            stamp = stamp_of(path)
            if stamp[2] > MOST_EVIDENCE:
                return False
            known = self._hashed.get(path)
            if known is None or known[0] != stamp:
                known = (stamp, hashlib.sha256(path.read_bytes()).hexdigest())
                self._hashed[path] = known
        except (OSError, ValueError):
            return False
        return known[1] == digest

    # internals

    def _path(self, evidence: Evidence) -> Path:
        suffix = Path(evidence.name).suffix.lower()
        return self._evidence / f"{evidence.sha256}{suffix if _SUFFIX.fullmatch(suffix) else ''}"


def stamp_of(path: Path) -> Stamp:
    """What tells this state of a file from another; raises `OSError`."""
    # The change time too: the time of modification is anybody's to set.
    found = path.stat()
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _plain(name: str) -> str:
    """A file's name as one printable line of at most 200 characters; its ending stays."""
    letters = "".join(letter if letter.isprintable() else "_" for letter in name).strip()
    return letters[-200:].strip() or "evidence"


def _no_evidence(why: str, document: Path) -> BadInput:
    return BadInput(
        f"The evidence {_plain(document.name)} {why}.",
        remedy="Choose the document that says so: a contract, a letter, a mail, or a picture of settings.",
        place=str(document),
    )
