"""A canvas to draw on in tests: jobs, pens and mice, and a file that may be full."""

from __future__ import annotations

import errno
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QInputDevice,
    QMouseEvent,
    QPainter,
    QPointingDevice,
    QPointingDeviceUniqueId,
    QTabletEvent,
)
from PySide6.QtWidgets import QApplication

from studio_assist.desk.canvas.area import DrawArea
from studio_assist.desk.canvas.document import CanvasDocument
from studio_assist.desk.canvas.job import CanvasJob, Neighbour
from studio_assist.desk.canvas.tiles import FORMAT
from studio_assist.domain.canvas import Canvas
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import ShotId
from studio_assist.interchange import openraster

ARTIST = Person(id="jl", name="J. Lindqvist", role="artist")  # type: ignore[arg-type]
SHOTS = [ShotId(f"{number:012x}") for number in range(5)]
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier
_PENS: dict[QPointingDevice.PointerType, QPointingDevice] = {}


def frame_png(path: Path, width: int = 640, height: int = 360) -> Path:
    """A temp frame: a few figures in line on light paper."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setPen(QColor("black"))
    for at in range(6):
        painter.drawEllipse(40 + 100 * at, 60, 60, 200)
    painter.fillRect(0, 300, width, 60, QColor("#8090A0"))
    painter.end()
    assert image.save(str(path))
    return path


def a_job(folder: Path, **changes: Any) -> CanvasJob:
    """The middle one of five shots, on a temp frame."""
    picture = frame_png(folder / "frame.png")
    states = ("drawn", "temp", "temp", "empty", "temp")
    neighbours = tuple(
        Neighbour(shot, f"14{'ABCDE'[n]}", 1000 + 500 * n, picture if n != 3 else None, states[n])  # type: ignore[arg-type]
        for n, shot in enumerate(SHOTS)
    )
    fields: dict[str, Any] = {
        "shot": SHOTS[2],
        "number": "14C",
        "person": ARTIST,
        "file": folder / "14c.ora",
        "title": "Maya hears the gap",
        "size": "MCU",
        "lens": "50mm",
        "width": 640,
        "height": 360,
        "underlay": picture,
        "temp": "0" * 64,
        "made_by": "SD-Turbo on this machine, entry 1,281",
        "neighbours": neighbours,
    }
    return CanvasJob(**(fields | changes))


class Disk:
    """Where drawings are kept; it may be full."""

    def __init__(self) -> None:
        self.full = False
        self.saved: list[Canvas] = []

    def load(self, path: Path) -> Canvas:
        return openraster.read(path.read_bytes(), path.name)

    def save(self, canvas: Canvas, path: Path) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        path.write_bytes(openraster.write(canvas))
        self.saved.append(canvas)


def mouse(
    area: DrawArea,
    points: Sequence[tuple[float, float]],
    keys: Qt.KeyboardModifier = PLAIN,
    *,
    lift: bool = True,
) -> None:
    """Draw with the mouse through points of the page."""

    def tell(
        kind: QEvent.Type, point: tuple[float, float], button: Qt.MouseButton, down: Qt.MouseButton
    ) -> None:
        at = area.from_page(QPointF(*point))
        QApplication.sendEvent(area, QMouseEvent(kind, at, QPointF(area.mapToGlobal(at)), button, down, keys))

    tell(QEvent.Type.MouseButtonPress, points[0], LEFT, LEFT)
    for point in points[1:]:
        tell(QEvent.Type.MouseMove, point, NONE, LEFT)
    if lift:
        tell(QEvent.Type.MouseButtonRelease, points[-1], LEFT, NONE)


def pen(
    area: DrawArea,
    points: Sequence[tuple[float, float, float]],
    kind: QPointingDevice.PointerType = QPointingDevice.PointerType.Pen,
) -> None:
    """Draw with a tablet's pen through points (x, y, pressure) of the page."""
    if kind not in _PENS:
        _PENS[kind] = QPointingDevice(
            "pen",
            7,
            QInputDevice.DeviceType.Stylus,
            kind,
            QInputDevice.Capability.Pressure | QInputDevice.Capability.Position,
            1,
            1,
            "",
            QPointingDeviceUniqueId(),
        )

    def tell(
        event: QEvent.Type, point: tuple[float, float, float], button: Qt.MouseButton, down: Qt.MouseButton
    ) -> None:
        at = area.from_page(QPointF(point[0], point[1]))
        QApplication.sendEvent(
            area,
            QTabletEvent(
                event,
                _PENS[kind],
                at,
                QPointF(area.mapToGlobal(at)),
                point[2],
                0,
                0,
                0,
                0,
                0,
                PLAIN,
                button,
                down,
            ),
        )

    tell(QEvent.Type.TabletPress, points[0], LEFT, LEFT)
    for point in points[1:]:
        tell(QEvent.Type.TabletMove, point, NONE, LEFT)
    tell(QEvent.Type.TabletRelease, points[-1], LEFT, NONE)


def along(start: tuple[float, float], end: tuple[float, float], count: int = 20) -> list[tuple[float, float]]:
    """Points of a straight way."""
    return [
        (start[0] + (end[0] - start[0]) * n / count, start[1] + (end[1] - start[1]) * n / count)
        for n in range(count + 1)
    ]


def circle(x: float, y: float, radius: float, count: int = 40) -> list[tuple[float, float]]:
    return [
        (x + radius * math.cos(2 * math.pi * n / count), y + radius * math.sin(2 * math.pi * n / count))
        for n in range(count + 1)
    ]


def pixels(document: CanvasDocument, layer: str = "human-ink") -> QImage:
    """A layer's pixels on the page."""
    return document.tiles(layer).image(document.page)


def alpha(document: CanvasDocument, x: int, y: int, layer: str = "human-ink") -> int:
    return pixels(document, layer).pixelColor(x, y).alpha()


def everything(document: CanvasDocument) -> tuple[object, dict[str, bytes]]:
    """All that a person can see of a drawing, to compare."""
    around = document.page.adjusted(-256, -256, 256, 256)
    seen: dict[str, bytes] = {}
    for face in document.faces:
        # A view of a picture's bytes does not keep the picture.
        image = document.tiles(face.id).image(around)
        seen[face.id] = bytes(image.constBits())
    return document.faces, seen


def png(width: int, height: int, colour: str = "red") -> bytes:
    from studio_assist.desk.canvas.pixels import png_of

    image = QImage(QSize(width, height), FORMAT)
    image.fill(QColor(colour))
    return png_of(image)


def ink_width(image: QImage, x: int) -> int:
    """How many pixels of a column have ink."""
    return sum(image.pixelColor(x, y).alpha() > 127 for y in range(image.height()))


def drawn_rect(image: QImage) -> QRect:
    """Where there is ink."""
    spots = [
        (x, y) for y in range(image.height()) for x in range(image.width()) if image.pixelColor(x, y).alpha()
    ]
    if not spots:
        return QRect()
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    return QRect(min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1)
