"""A picture as it was and as it is sent, with what went out of it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QImageReader, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.gate import words
from studio_assist.desk.gate.parts import Box
from studio_assist.desk.kit import Divider, ElidedLabel, IconLabel, Label, paint
from studio_assist.desk.shell.model import size_text
from studio_assist.desk.theme import Theme
from studio_assist.protocol import GateSheet, PictureSeen

_THUMB: Final = QSize(136, 77)
_TAGS_SHOWN: Final = 4
_TOP: Final = Qt.AlignmentFlag.AlignTop
#: What is opened for a look: plain pictures. Nothing that draws, links or runs.
_FORMATS: Final = frozenset({b"png", b"jpeg", b"jpg", b"webp", b"bmp"})


class Thumb(QWidget):
    """A small look at a picture; read once the sheet stands."""

    def __init__(self, theme: Theme, path: str, name: str, *, faint: bool) -> None:
        super().__init__()
        self._theme: Final = theme
        self._path: Final = path
        self._faint: Final = faint
        self._image = QImage()
        self.setFixedSize(_THUMB)
        self.setAccessibleName(name)
        theme.changed.connect(self.update)
        if path:
            QTimer.singleShot(0, self, self._load)

    # slots

    def _load(self) -> None:
        reader = QImageReader(self._path)
        if bytes(reader.format().data()) not in _FORMATS:
            return
        whole = reader.size()
        if whole.isValid():
            # A reader of JPEG takes a fraction of the time for a fraction of the size.
            ratio = self.devicePixelRatioF()
            reader.setScaledSize(
                whole.scaled(_THUMB * ratio, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
            )
        self._image = reader.read()
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self._image.isNull():
            paint.draw_box(painter, box, 2, self._theme.colour("surface2"), self._theme.colour("line"))
            painter.drawPixmap(
                (self.width() - 20) // 2,
                (self.height() - 20) // 2,
                self._theme.pixmap("picture", "text3", 20),
            )
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(0.4 if self._faint else 1.0)
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(QRectF(0, 0, size.width(), size.height()), self._image)


def picture_card(theme: Theme, sheet: GateSheet, picture: PictureSeen) -> Box:
    """The picture pair."""
    blocked = sheet.verdict == "blocked"
    card = Box(theme, "input", "red" if picture.bad else "line")
    card.setObjectName("gate_picture")
    row = QHBoxLayout(card)
    row.setContentsMargins(0, 1, 0, 1)
    row.setSpacing(0)
    was = _Half(theme, "Your image", f"{picture.name} · {size_text(picture.size_bytes)}")
    was.body.addWidget(Thumb(theme, picture.was, f"{picture.name} as it is", faint=False), 0, _TOP)
    was.body.addLayout(_gone(theme, picture), 1)
    sent = _Half(theme, words.sent_title(sheet), f"{picture.sent_name} · {size_text(picture.sent_bytes)}")
    sent.body.addWidget(
        Thumb(theme, picture.sent, f"{picture.sent_name} as it is sent", faint=blocked), 0, _TOP
    )
    sent.body.addLayout(_done(theme, picture), 1)
    row.addWidget(was, 1)
    row.addWidget(Divider(theme, vertical=True))
    row.addWidget(sent, 1)
    return card


class _Half(QWidget):
    def __init__(self, theme: Theme, title: str, aside: str) -> None:
        super().__init__()
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Label(theme, title, "strong", "text"))
        name = ElidedLabel(theme, aside, "caption", "text3", mode=Qt.TextElideMode.ElideMiddle)
        head.addStretch(1)
        head.addWidget(name)
        self.body: Final = QHBoxLayout()
        self.body.setSpacing(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 11)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(self.body)


def _gone(theme: Theme, picture: PictureSeen) -> QVBoxLayout:
    """What the file said besides its pixels, struck through: none of it is sent."""
    column = QVBoxLayout()
    column.setSpacing(1)
    column.addWidget(Label(theme, f"{picture.width} × {picture.height}", "meta", "text2"))
    for tag in picture.tags[:_TAGS_SHOWN]:
        said = f"{tag.label} {tag.value}".strip()
        struck = _Struck(theme, said)
        struck.setAccessibleName(f"Taken out: {said}")
        column.addWidget(struck)
    more = picture.more_tags + max(0, len(picture.tags) - _TAGS_SHOWN)
    if more:
        rest = Label(theme, f"and {words.counted(more, 'more tag')}", "meta", "text3")
        rest.setToolTip("\n".join(f"{tag.label} {tag.value}" for tag in picture.tags[_TAGS_SHOWN:]))
        column.addWidget(rest)
    column.addStretch(1)
    return column


class _Struck(ElidedLabel):
    """A line that is struck through."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(theme, text, "meta", "text3")
        self._used: Final = theme

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self._used.colour("text3"))
        width = min(float(self.width()), paint.text_width(self._used.font("meta"), self.text))
        middle = self.height() // 2
        painter.drawLine(0, middle, round(width), middle)


def _done(theme: Theme, picture: PictureSeen) -> QVBoxLayout:
    """What was done to it and found in it."""
    column = QVBoxLayout()
    column.setSpacing(1)
    column.addWidget(Label(theme, f"{picture.sent_width} × {picture.sent_height}", "meta", "text2"))
    rows = [("check", "text2", "text", one) for one in picture.done]
    if picture.bad:
        rows.append(("cross", "redText", "redText", picture.bad))
    for icon, tint, token, said in rows:
        row = QHBoxLayout()
        row.setSpacing(5)
        row.addWidget(IconLabel(theme, icon, tint, 12), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(Label(theme, said, "meta", token, wrap=True), 1)
        column.addLayout(row)
    column.addStretch(1)
    return column
