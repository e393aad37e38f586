"""An evidence file: what the check found, and the ledger's own files, with a hash of each.

It is made in a thread of the window, which only reads. The broker writes nothing into a ledger that does not
hold, so the bytes stand still meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Final

from studio_assist import __version__
from studio_assist.domain.errors import Unavailable
from studio_assist.protocol import LedgerState

#: The ledger's file, and what SQLite keeps beside it.
_FILES: Final = ("ledger.sqlite", "ledger.sqlite-wal")
_BLOCK: Final = 1 << 20


def save_evidence(project: Path, out: Path, ledger: LedgerState, who: str, at: datetime) -> str:
    """Write the file; gives its SHA-256 in hexadecimal.

    It is a ZIP without compression: `check.json`, the ledger's files byte for byte, and `SHA256SUMS`, which
    `sha256sum -c` reads.

    Raises:
        Unavailable: a file cannot be read or written; nothing is left behind then.
    """
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("wb") as file:
            _write(file, project, ledger, who, at)
            file.flush()
            os.fsync(file.fileno())
        digest = _digest(part)
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Unavailable(
            f"The evidence file could not be written: {error.strerror or error}.",
            remedy="Choose another place for it.",
            place=str(error.filename or out),
        ) from error
    return digest


def _write(file: object, project: Path, ledger: LedgerState, who: str, at: datetime) -> None:
    sums: dict[str, str] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # pyright: ignore[reportArgumentType, reportCallIssue]  # an open binary file
        for name in _FILES:
            if (project / name).is_file():
                sums[name] = _store(archive, project / name)
        told = {
            "made_by": f"Studio Assist {__version__}",
            "saved_by": who,
            "saved_at": at.isoformat(timespec="seconds"),
            "project": project.name,
            "files_sha256": sums,
            "check": ledger.model_dump(mode="json"),
        }
        text = json.dumps(told, indent=2, ensure_ascii=False) + "\n"
        archive.writestr("check.json", text)
        sums["check.json"] = hashlib.sha256(text.encode("utf-8")).hexdigest()
        archive.writestr("SHA256SUMS", "".join(f"{digest}  {name}\n" for name, digest in sums.items()))


def _store(archive: zipfile.ZipFile, path: Path) -> str:
    """Put a file in as it stands; gives the hash of what was put in."""
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(path.name, "w", force_zip64=True) as target:
        while block := source.read(_BLOCK):
            digest.update(block)
            target.write(block)
    return digest.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
