"""What the tests of films share: a project with shots of every kind, and what an export of it is made from."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image, ImageDraw

from studio_assist import protocol
from studio_assist.broker.export_source import Source
from studio_assist.broker.vouching import Vouching
from studio_assist.domain.animatic import FIRST_TRACKS, Animatic
from studio_assist.domain.marking import MarkFacts, SourceType
from studio_assist.domain.storyboard import Media, Panel, Shot, ShotId
from studio_assist.domain.timebase import FrameRate, rate_named
from studio_assist.domain.timeline import Timeline
from studio_assist.domain.values import EntryNumber
from studio_assist.marks.band import burn
from studio_assist.marks.certificates import Identity, make_identity
from studio_assist.paths import resource
from studio_assist.storage.project import ProjectFolder

TAG: Final = "0123456789abcdef"
SECRET: Final = "5f" * 16
NOW: Final = datetime.now(UTC)
ENTRY: Final = EntryNumber(1281)


@cache
def identity() -> Identity:
    return make_identity("Larkspur", TAG, "J. Lindqvist", NOW)


def drawing(width: int, height: int, seed: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Grey fields and lines, another drawing for each seed."""
    chance = np.random.default_rng(seed)
    image = Image.new("RGB", (width, height), "#FCFBF8")
    draw = ImageDraw.Draw(image)
    for tone in ("#E9EBED", "#BDC1C7", "#666C75") * 3:
        x, y = chance.integers(0, width), chance.integers(0, height)
        box = (int(x), int(y), int(x + width // 3), int(y + height // 3))
        draw.rectangle(box, fill=tone, outline="#1F2226", width=3)
    return np.asarray(image)


def put(folder: ProjectFolder, pixels: np.ndarray[Any, np.dtype[np.uint8]]) -> Media:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=1)
    height, width = pixels.shape[:2]
    return Media(sha256=folder.put_media(out.getvalue(), ".png"), width=width, height=height)


def project(path: Path, aspect: str = "16:9") -> ProjectFolder:
    return ProjectFolder.create(path / "Larkspur.studio", title="Larkspur", aspect=aspect)


def a_shot(folder: ProjectFolder, place: int, kind: str, **fields: Any) -> Shot:
    """A shot of half a second whose panel is temp, drawn or empty."""
    number = f"14{chr(65 + place)}"
    panel = Panel()
    size = fields.pop("size_px", (320, 180))
    if kind == "temp":
        pixels = drawing(*size, place)
        facts = facts_of(number, entry=EntryNumber(100 + place))
        panel = Panel(
            state="temp",
            picture=put(folder, pixels),
            shown=put(folder, burn(pixels, facts, resource("fonts"))),
            entry=facts.entry,
            source=SourceType.GENERATED,
            made_by="SD-Turbo",
        )
    elif kind == "drawn":
        media = put(folder, drawing(*size, place))
        panel = Panel(state="drawn", picture=media, shown=media, entry=EntryNumber(200 + place))
    made = Shot(id=ShotId(f"{place:012x}"), number=number, scene="14", duration_ms=500, panel=panel)
    return made.model_copy(update=fields)


def facts_of(label: str, *, entry: EntryNumber = ENTRY, is_temp: bool = True) -> MarkFacts:
    return MarkFacts(
        project="Larkspur",
        tag=TAG,
        entry=entry,
        label=label,
        source=SourceType.COMPOSITE if is_temp else SourceType.HUMAN_EDITS,
        is_temp=is_temp,
        backend="SD-Turbo" if is_temp else None,
    )


def source_of(
    folder: ProjectFolder,
    *shots: Shot,
    format: protocol.ExportFormat = "mp4",
    rate: str | FrameRate = "24",
    height: int = 360,
    **changes: Any,
) -> Source:
    """What the export of some shots is made from."""
    rate = rate_named(rate) if isinstance(rate, str) else rate
    options = protocol.ExportOptions(
        height=height,  # type: ignore[arg-type]  # benchmarks and tests alone try others than the menu's
        captions=changes.pop("captions", True),
        slate=changes.pop("slate", True),
        every_frame=changes.pop("every_frame", False),
    )
    facts = facts_of("film.mp4", is_temp=any(shot.panel.state == "temp" for shot in shots))
    fields: dict[str, Any] = {
        "folder": folder,
        "title": "Larkspur",
        "aspect": folder.info.aspect,
        "format": format,
        "options": options,
        "script": "",
        "spans": (),
        "timeline": Timeline.of(shots, rate),
        "shots": frozenset(shot.id for shot in shots),
        "undecided": frozenset(),
        "temp_words": frozenset(),
        "animatic": Animatic(tracks=FIRST_TRACKS),
        "final": False,
        "vouching": Vouching(facts, identity(), (identity().root_pem,), NOW),
        "secret": SECRET,
        "entry": ENTRY,
        "tag": TAG,
        "on": date(2026, 11, 23),
    }
    return Source(**{**fields, **changes})


def source_of_sample(path: Path, rate: str = "24", height: int = 1080, **changes: Any) -> Source:
    """What an export of a project on the disk is made from, without its record."""
    folder = ProjectFolder.open(path)
    listed = json.loads(folder.boards_path.read_text("utf-8"))["shots"]
    shots = [Shot.model_validate_json(json.dumps(one)) for one in listed]
    animatic = Animatic.model_validate_json((folder.path / "animatic.json").read_bytes())
    return source_of(
        folder, *shots, rate=rate, height=height, title=folder.info.title, animatic=animatic, **changes
    )
