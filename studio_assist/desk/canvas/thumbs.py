"""Small pictures: of layers, for the layers panel, and of neighbours, for the strip and the onion skin."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from studio_assist.desk.canvas.faces import Sheets
from studio_assist.desk.canvas.pixels import fitted, read_picture, shade
from studio_assist.desk.canvas.tiles import FORMAT, TILE
from studio_assist.domain.errors import BadInput, StudioError

#: A square at this edge is what thumbnails are made from.
SMALL: Final = 32
LAYER_SIZE: Final = QSize(44, 25)


class LayerThumbs:
    """Pictures of layers; a square that did not change is not scaled again. Used by one thread at a time."""

    def __init__(self) -> None:
        self._small: dict[int, QImage] = {}

    # methods

    def pictures(self, sheets: Sheets, paper: QColor) -> tuple[dict[str, QImage], QImage]:
        """A picture of every layer, twice as fine as it is shown, and one of them all together."""
        seen: dict[int, QImage] = {}
        size = LAYER_SIZE * 2
        made: dict[str, QImage] = {}
        page = QImage(
            -(-sheets.size.width() * SMALL // TILE), -(-sheets.size.height() * SMALL // TILE), FORMAT
        )
        page.fill(paper)
        together = QPainter(page)
        for face in sheets.faces:
            whole = QImage(page.size(), FORMAT)
            whole.fill(0)
            painter = QPainter(whole)
            for key, image in sheets.tiles[face.id].items():
                known = self._small.get(image.cacheKey())
                if known is None:
                    known = image.scaled(
                        SMALL,
                        SMALL,
                        Qt.AspectRatioMode.IgnoreAspectRatio,
                        Qt.TransformationMode.SmoothTransformation,
                    )
                seen[image.cacheKey()] = known
                painter.drawImage(QPointF(key[0] * SMALL, key[1] * SMALL), known)
            painter.end()
            if face.visible:
                together.setOpacity(face.opacity)
                together.drawImage(0, 0, whole)
            made[face.id] = cover(whole, size, paper)
        together.end()
        self._small = seen
        return made, page


def cover(image: QImage, size: QSize, paper: QColor | None = None) -> QImage:
    """A picture that fills a frame, cut where the proportions differ; on white, or on `paper`."""
    scaled = image.scaled(
        size, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    out = QImage(size, FORMAT)
    out.fill(paper or QColor("white"))
    painter = QPainter(out)
    painter.drawImage(
        QRectF(QPointF(0, 0), size),
        scaled,
        QRectF(
            (scaled.width() - size.width()) / 2,
            (scaled.height() - size.height()) / 2,
            size.width(),
            size.height(),
        ),
    )
    painter.end()
    return out


def frame_of(path: Path, size: QSize) -> QImage | StudioError:
    """A neighbour's picture for the strip, or why there is none; in the pool."""
    try:
        return cover(read_picture(path.read_bytes(), str(path)), size)
    except StudioError as error:
        return error
    except OSError as error:
        return BadInput(
            f"The picture is missing: {error.strerror}.",
            remedy="Put the file back where it was, or draw the panel anew.",
            place=str(path),
        )


def skin_of(path: Path, size: QSize, colour: QColor) -> QImage | None:
    """A neighbour's picture for the onion skin; None where it cannot be read, as the strip says already."""
    try:
        return shade(fitted(read_picture(path.read_bytes(), str(path)), size), colour)
    except (StudioError, OSError):
        return None
