"""Attestations, as files in a project's `clearance` folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from studio_assist.domain.attestation import SignedAttestation
from studio_assist.storage.atomic import write_atomic
from studio_assist.storage.evidence import EvidenceStore, Stamp, stamp_of
from studio_assist.storage.faults import disk

#: An attestation of ours has two thousand bytes.
_MOST_BYTES: Final = 64_000

_ID: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")


class AttestationFiles:
    """The attestations of one project. What was read is kept until its file changes.

    Args:
        clearance: the project's clearance folder.
    """

    def __init__(self, clearance: Path) -> None:
        self._attestations: Final = clearance / "attestations"
        self.evidence: Final = EvidenceStore(clearance / "evidence")
        self._read: Final[dict[str, tuple[Stamp, SignedAttestation | None]]] = {}

    # attestations

    def load(self, identifier: str) -> SignedAttestation | None:
        """The attestation of that id; None where there is none, or none that can be read. Never raises."""
        if not _ID.fullmatch(identifier):
            return None
        path = self._attestations / f"{identifier}.json"
        try:
            stamp = stamp_of(path)
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
