"""Between a drawing's value and the layers under a pen. All of it runs in a thread of the pool."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from studio_assist.desk.canvas.faces import NAMES, PREVIS_NAME, UNDERLAY_OPACITY, Face, Sheets, fresh_faces
from studio_assist.desk.canvas.flat import Flat
from studio_assist.desk.canvas.job import CanvasJob, Load
from studio_assist.desk.canvas.pixels import cropped, fitted, png_of, read_picture, tinted
from studio_assist.desk.canvas.tiles import Key, draw_tiles, image_of, tile_rect, tiles_of
from studio_assist.domain.canvas import PAPER, Canvas, Layer
from studio_assist.domain.errors import Damaged, StudioError

#: The largest edge of a drawing, as `Canvas` has it.
LARGEST: Final = 8192
Kept = tuple[bytes, int, int]


@dataclass(slots=True)
class Opened:
    """A drawing that was read.

    Attributes:
        problem: why it could not be; the page then shows what else there is, and nothing can be changed.
        notes: what is to be known besides, a sentence each.
        flat: all of it as one picture, as the area starts with.
    """

    size: QSize
    faces: tuple[Face, ...] = ()
    tiles: dict[str, dict[Key, QImage]] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)
    temp: str | None = None
    problem: StudioError | None = None
    notes: list[str] = field(default_factory=list)
    flat: Flat | None = None


def page_size(width: int, height: int) -> QSize:
    """A size that can be drawn on: no edge above the largest, none below 16 pixels."""
    scale = min(1.0, LARGEST / max(width, height, 1))
    return QSize(max(16, round(width * scale)), max(16, round(height * scale)))


def opened(job: CanvasJob, load: Load) -> Opened:
    """Read what the job names. What cannot be read is told, not raised."""
    found = Opened(page_size(job.width, job.height), temp=job.temp)
    canvas = job.canvas
    if isinstance(canvas, Path):
        try:
            canvas = load(canvas)
        except StudioError as error:
            found.problem = error
            canvas = None
        except OSError as error:
            found.problem = Damaged(
                f"The drawing cannot be read: {error.strerror or error}.",
                remedy="Go back to the Board, or begin a new drawing on this panel.",
                place=str(canvas),
            )
            canvas = None
    if canvas is None:
        found.faces = fresh_faces(job.person.name, underlay=job.underlay is not None)
    else:
        found.size = QSize(canvas.width, canvas.height)
        found.temp = canvas.temp or job.temp
        for layer in canvas.layers:
            _take(layer, found)
    # It lies under everything, wherever another program put it.
    found.faces = tuple(sorted(found.faces, key=lambda face: face.kind != "temp"))
    if job.underlay is not None and not any(face.kind == "temp" for face in found.faces):
        found.faces = (Face("underlay", "temp", NAMES["temp"], UNDERLAY_OPACITY), *found.faces)
    # In files it has the name by which other programs' users are to know it.
    name = PREVIS_NAME if job.previs else NAMES["temp"]
    found.faces = tuple(replace(face, name=name) if face.kind == "temp" else face for face in found.faces)
    _underlay(job, found)
    found.flat = Flat(found.size, lambda painter, rect: _compose(found, painter, rect))
    found.flat.prepare()
    return found


def _compose(found: Opened, painter: QPainter, rect: QRect) -> None:
    painter.fillRect(rect, QColor(*PAPER))
    for face in found.faces:
        if face.visible and face.id in found.tiles:
            painter.setOpacity(face.opacity)
            draw_tiles(found.tiles[face.id], painter, rect)


def _take(layer: Layer, found: Opened) -> None:
    """One layer of the file. One that cannot be shown whole is kept as it came, and locked."""
    face = Face(layer.id, layer.kind, layer.name, layer.opacity, layer.visible, layer.strokes, layer.by)
    page = QRect(QPoint(0, 0), found.size)
    if layer.kind == "temp":
        if layer.png:
            found.kept[layer.id] = (layer.png, layer.x, layer.y)
    elif layer.png:
        at = QPoint(layer.x, layer.y)
        try:
            image = read_picture(layer.png, layer.name)
        except StudioError as error:
            found.kept[layer.id] = (layer.png, layer.x, layer.y)
            found.notes.append(f"The layer “{layer.name}” is kept but not shown. {error.message}")
            face = replace(face, why="Cannot be read, kept as it is")
        else:
            around = page.adjusted(-page.width(), -page.height(), page.width(), page.height())
            whole = QRect(at, image.size())
            if not around.contains(whole):
                found.kept[layer.id] = (layer.png, layer.x, layer.y)
                face = replace(face, why="Reaches far off the page, kept as it is")
                part = whole.intersected(page)
                image, at = image.copy(part.translated(-at)), part.topLeft()
            found.tiles[layer.id] = tiles_of(image, at) if not image.isNull() else {}
    found.faces = (*found.faces, face)


def _underlay(job: CanvasJob, found: Opened) -> None:
    """The underlay's pixels, tinted for the page and untinted for the file."""
    face = next((one for one in found.faces if one.kind == "temp"), None)
    if face is None:
        return
    kept = found.kept.get(face.id)
    try:
        if kept is not None:
            image = read_picture(kept[0], face.name)
            at = QPoint(kept[1], kept[2])
        elif job.underlay is not None:
            data = job.underlay.read_bytes()
            source = read_picture(data, str(job.underlay))
            image, at = fitted(source, found.size), QPoint(0, 0)
            same = image.size() == source.size() and data.startswith(b"\x89PNG")
            found.kept[face.id] = (data if same else png_of(image), 0, 0)
        else:
            return
    except StudioError as error:
        found.notes.append(f"The AI underlay cannot be shown. {error.message}")
        return
    except OSError as error:
        found.notes.append(f"The AI underlay's picture is missing: {error.strerror} ({job.underlay}).")
        return
    found.tiles[face.id] = tiles_of(tinted(image), at)


class Encoder:
    """Makes the value of a drawing. Layers that did not change since the last time are not encoded again."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, Kept]] = {}

    # methods

    def canvas(self, sheets: Sheets) -> Canvas:
        """The drawing as a value."""
        layers: list[Layer] = []
        known: dict[str, tuple[int, Kept]] = {}
        for face in sheets.faces:
            if face.id in sheets.kept:
                png, x, y = sheets.kept[face.id]
            else:
                version = sheets.versions[face.id]
                before = self._known.get(face.id)
                if before is None or before[0] != version:
                    before = (version, _encoded(sheets.tiles[face.id]))
                known[face.id] = before
                png, x, y = before[1]
            layers.append(
                Layer(
                    id=face.id,
                    kind=face.kind,
                    name=face.name,
                    png=png,
                    x=x,
                    y=y,
                    opacity=face.opacity,
                    visible=face.visible,
                    strokes=face.strokes,
                    by=face.by,
                )
            )
        self._known = known
        has_underlay = any(face.kind == "temp" for face in sheets.faces)
        return Canvas(
            width=sheets.size.width(),
            height=sheets.size.height(),
            layers=tuple(layers),
            temp=sheets.temp if has_underlay else None,
        )


def _encoded(tiles: dict[Key, QImage]) -> Kept:
    bounds = QRect()
    for key in tiles:
        bounds = bounds.united(tile_rect(key))
    if bounds.isEmpty():
        return b"", 0, 0
    image, x, y = cropped(image_of(tiles, bounds), (bounds.x(), bounds.y()))
    return (b"", 0, 0) if image.isNull() else (png_of(image), x, y)
