"""What the tests of marks share: pictures, exports, and the opinions of other tools."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from broker_work import WRITER, Opened
from PIL import Image

from studio_assist import protocol
from studio_assist.broker.marking import PictureJob
from studio_assist.domain.marking import SourceType
from studio_assist.domain.values import EntryNumber


def a_board(width: int = 960, height: int = 540) -> bytes:
    """A near-white line drawing, as boards are."""
    rows, columns = np.mgrid[0:height, 0:width]
    pixels = np.full((height, width, 3), 246, np.uint8)
    pixels[(rows - columns // 2) % 97 < 3] = 60
    pixels[(rows + columns) % 211 < 2] = 90
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def a_job(out: Path, **changes: Any) -> PictureJob:
    fields: dict[str, Any] = {
        "original": a_board(),
        "entry": EntryNumber(2),
        "label": "14C",
        "source": SourceType.GENERATED,
        "out": out,
        "person": WRITER,
        "format": "jpeg" if out.suffix == ".jpg" else "png",
        "backend": "ComfyUI, SD-Turbo",
    }
    return PictureJob(**{**fields, **changes})


async def export(project: Opened, out: Path, *, final: bool = False) -> protocol.Exported:
    format = "pdf" if out.suffix == ".pdf" else "fountain"
    params = protocol.ExportParams(format=format, out=str(out), final=final, person=WRITER)
    return await project.broker.handle(protocol.EXPORT, params)


async def read(project: Opened, file: Path, named: Path | None = None) -> protocol.MarksRead:
    params = protocol.ReadMarksParams(file=str(file), project=str(named) if named else None)
    return await project.broker.handle(protocol.READ_MARKS, params)


async def accept_one(project: Opened) -> protocol.Decided:
    """Accept the first candidate that waits, and save its words."""
    candidate = project.state.open_requests[0].candidates[0]
    await project.present(candidate)
    decided = await project.decide(candidate)
    await project.save(decided, candidate.text)
    return decided


def second_opinion(data: bytes, kind: str, project: Path) -> dict[str, Any]:
    """What a verifier of other hands says, given the project's root alone."""
    import encypher_c2pa

    (root,) = (project / "certificates").glob("*.pem")
    found = encypher_c2pa.verify(
        data, kind, trust_pem=root.read_text(), no_default_trust=True, telemetry=False, online=False
    )
    return dict(found)


def source_type_by_exiftool(file: Path) -> str | None:
    if shutil.which("exiftool") is None:
        return None
    told = subprocess.run(
        ["exiftool", "-j", "-n", "-XMP-iptcExt:DigitalSourceType", str(file)],
        capture_output=True,
        check=True,
    )
    return str(json.loads(told.stdout)[0]["DigitalSourceType"])


def alter(project: Path) -> None:
    """Somebody changes an entry with a tool of their own."""
    with sqlite3.connect(project / "ledger.sqlite") as connection:
        connection.execute(
            "UPDATE entries SET entry = replace(CAST(entry AS TEXT), 'R. Okafor', 'R. Nobody') WHERE number = 3"
        )
    connection.close()
