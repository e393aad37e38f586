"""Pictures in and out: reading what files hold without trusting it, the underlay's tint, PNG for a save."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QImageWriter, QPainter

from studio_assist.desk.canvas.tiles import FORMAT
from studio_assist.domain.canvas import UNDERLAY_DARK, UNDERLAY_LIGHT
from studio_assist.domain.errors import BadInput

#: No layer or underlay is read that has more pixels than this; Qt's own limit lies a little above.
MOST_PIXELS: Final = 60_000_000


def read_picture(data: bytes, place: str) -> QImage:
    """A picture's pixels, whatever kind of picture it is.

    Raises:
        BadInput: it is no picture, is cut off, or is larger than anything that is drawn on here.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and size.width() * size.height() > MOST_PIXELS:
        raise BadInput(
            f"The picture is {size.width():,} × {size.height():,} pixels large.",
            remedy="Make it smaller in a picture editor and bring it in again.",
            place=place,
        )
    image = reader.read()
    if image.isNull():
        raise BadInput(
            "The picture cannot be read" + (": the file is empty." if not data else "."),
            remedy="Open it in a picture editor, save it as PNG, and bring it in again.",
            place=place,
        )
    return image.convertToFormat(FORMAT)


def png_of(image: QImage) -> bytes:
    """A PNG file of a picture; fast rather than small. In any thread: Qt gives Python's lock back."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))
    writer.setCompression(20)
    writer.write(image)
    buffer.close()
    return bytes(data.data())


def fitted(image: QImage, size: QSize) -> QImage:
    """A picture at the page's size: scaled to fit and centred, on white where it has other proportions."""
    if image.size() == size:
        return image
    scaled = image.scaled(
        size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    page = QImage(size, FORMAT)
    page.fill(QColor("white"))
    painter = QPainter(page)
    painter.drawImage((size.width() - scaled.width()) // 2, (size.height() - scaled.height()) // 2, scaled)
    painter.end()
    return page


def tinted(image: QImage) -> QImage:
    """The underlay as it is shown, in the duotone of non-photo pencil, as `interchange.openraster` has it."""
    source = image.convertToFormat(QImage.Format.Format_ARGB32)
    width, height = source.width(), source.height()
    seen = Image.frombuffer(
        "RGBA", (width, height), bytes(source.constBits()), "raw", "BGRA", source.bytesPerLine(), 1
    )
    # Rec. 601 brightness, as there; Pillow does it in a tenth of numpy's time.
    grey = seen.convert("L")
    parts = [grey.point(steps) for steps in _ramp()]
    data = Image.merge("RGBA", (*parts, seen.getchannel("A"))).tobytes("raw", "BGRA")
    return QImage(data, width, height, width * 4, QImage.Format.Format_ARGB32).convertToFormat(FORMAT)


@cache
def _ramp() -> tuple[list[int], ...]:
    """What each brightness becomes, in red, green and blue."""
    table = np.linspace(UNDERLAY_DARK, UNDERLAY_LIGHT, 256).round().astype(int)
    return tuple(table[:, channel].tolist() for channel in range(3))


def shade(image: QImage, colour: QColor) -> QImage:
    """A neighbour's picture for the onion skin: its dark parts in one colour, its light parts clear."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    width, height = grey.width(), grey.height()
    values = np.frombuffer(grey.constBits(), np.uint8).reshape(height, grey.bytesPerLine())[:, :width]
    out = np.empty((height, width, 4), np.uint8)
    out[:, :] = (colour.blue(), colour.green(), colour.red(), 0)
    out[:, :, 3] = 255 - values
    return QImage(out.tobytes(), width, height, width * 4, QImage.Format.Format_ARGB32).convertToFormat(
        FORMAT
    )


def cropped(image: QImage, offset: tuple[int, int]) -> tuple[QImage, int, int]:
    """The part of a layer that has anything on it, and where it lies; a null picture where nothing has."""
    width, height = image.width(), image.height()
    if not width or not height:
        return QImage(), 0, 0
    alpha = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine() // 4, 4)[
        :, :width, 3
    ]
    rows = np.flatnonzero(alpha.any(axis=1))
    if not rows.size:
        return QImage(), 0, 0
    columns = np.flatnonzero(alpha.any(axis=0))
    part = QRect(
        int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1)
    )
    return image.copy(part), offset[0] + part.x(), offset[1] + part.y()
