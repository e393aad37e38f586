"""The neighbours, along the lower edge."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio_assist.desk.canvas.job import Neighbour
from studio_assist.desk.canvas.thumbs import cover, frame_of
from studio_assist.desk.kit import Panel, paint
from studio_assist.desk.record.work import Work
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.storyboard import ShotId

HEIGHT_PX: Final = 148
FRAME: Final = QSize(150, 84)
#: Shots shown to each side of the open one; a board may have thousands.
AROUND: Final = 12


class Frame(QWidget):
    """One neighbour: its picture, number and duration.

    Signals:
        wanted: it was pressed, or Enter on it.
    """

    wanted = Signal(str)

    def __init__(self, theme: Theme, neighbour: Neighbour, *, here: bool) -> None:
        super().__init__()
        self._theme: Final = theme
        self.neighbour: Final = neighbour
        self._here: Final = here
        self._image: QImage | None = None
        self._missing = ""
        self._band = False
        seconds = f"{neighbour.duration_ms / 1000:.1f} s"
        self._seconds: Final = seconds
        self.setFixedSize(FRAME.width() + 4, FRAME.height() + 30)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        states = {"empty": "empty", "temp": "temp", "drawn": "drawn"}
        self.setAccessibleName(
            f"{neighbour.number}, {seconds}, {states[neighbour.state]}{', open' if here else ''}"
        )
        theme.changed.connect(self.update)

    # methods

    def load(self) -> None:
        """Read its picture in the pool."""
        path = self.neighbour.picture
        if path is not None:
            size = FRAME * self.devicePixelRatioF()
            Work(lambda: frame_of(path, size), self, self._loaded, lambda _error: None).start()

    # slots

    def _loaded(self, result: object) -> None:
        if isinstance(result, QImage):
            self._image = result
            # At this size the one in its pixels cannot be read.
            self._band = self.neighbour.state == "temp"
        elif isinstance(result, StudioError):
            self._missing = "Missing" if "missing" in result.message else "Cannot be read"
            self.setToolTip(f"{result.message} {result.place or ''}")
        self.update()

    def set_image(self, image: QImage, *, band: bool) -> None:
        """Show what is being drawn."""
        self._image = cover(image, FRAME * 2)
        self._band = band
        self.update()

    # events

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._here:
            self.wanted.emit(self.neighbour.shot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not self._here:
            self.wanted.emit(self.neighbour.shot)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        box = QRectF(2, 2, FRAME.width(), FRAME.height())
        if self._image is not None:
            painter.drawImage(box, self._image)
        else:
            painter.fillRect(box, colour("surface1"))
        if self._band:
            band = QRectF(2, 2 + FRAME.height() - 11, FRAME.width(), 11)
            painter.fillRect(band, colour("amber"))
            font = self._theme.font("tag")
            font.setPixelSize(7)
            paint.draw_text(painter, band.adjusted(6, 0, 0, 0), font, colour("onAmber"), "TEMP")
        edge = "lineStrong" if self.underMouse() else "line"
        if self._here:
            paint.draw_box(painter, box.adjusted(-2, -2, 2, 2), 2, None, colour("blue"), 2.0)
        elif self.hasFocus():
            paint.draw_focus(painter, self._theme, box.adjusted(-2, -2, 2, 2), 2)
        else:
            paint.draw_box(painter, box, 2, None, colour(edge), 1.0, dashed=self.neighbour.state == "empty")
        if self._image is None:
            said = self._missing or ("Empty" if self.neighbour.picture is None else "")
            font = self._theme.font("meta")
            inner = box.adjusted((box.width() - paint.text_width(font, said)) / 2, 0, 0, 0)
            paint.draw_text(painter, inner, font, colour("text3"), said)
        line = QRectF(2, FRAME.height() + 8, FRAME.width(), 16)
        paint.draw_text(
            painter, line, self._theme.font("captionStrong"), colour("text"), self.neighbour.number
        )
        if self.neighbour.state == "drawn":
            number = paint.text_width(self._theme.font("captionStrong"), self.neighbour.number)
            pixmap = self._theme.pixmap("brush", "greenText", 12, self.devicePixelRatioF())
            painter.drawPixmap(round(2 + number + 6), round(line.top()) + 2, pixmap)
        font = self._theme.font("caption")
        right = line.adjusted(line.width() - paint.text_width(font, self._seconds), 0, 0, 0)
        paint.draw_text(painter, right, font, colour("text3"), self._seconds)


class NeighbourStrip(Panel):
    """The shots around the open one. Alt Left and Alt Right go along it from anywhere on the canvas.

    Signals:
        wanted: a shot's id.
    """

    wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface1", "t")
        self.setFixedHeight(HEIGHT_PX)
        self.setAccessibleName("Neighbours")
        self._scroll: Final = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._scroll.viewport().setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 0)
        column.addWidget(self._scroll)
        self._here: ShotId | None = None
        self._shots: list[ShotId] = []
        self.frames: list[Frame] = []

    # methods

    def show_neighbours(self, theme: Theme, neighbours: tuple[Neighbour, ...], here: ShotId) -> None:
        """Show the shots, with the open one marked and in sight."""
        inner = QWidget()
        inner.setAutoFillBackground(False)
        row = QHBoxLayout(inner)
        row.setContentsMargins(12, 10, 12, 0)
        row.setSpacing(8)
        self._here = here
        self._shots = [neighbour.shot for neighbour in neighbours]
        at = self._shots.index(here) if here in self._shots else 0
        self.frames = []
        for neighbour in neighbours[max(0, at - AROUND) : at + AROUND + 1]:
            frame = Frame(theme, neighbour, here=neighbour.shot == here)
            frame.setObjectName(f"neighbour_{neighbour.number}")
            frame.wanted.connect(self.wanted)
            self.frames.append(frame)
            row.addWidget(frame, 0, Qt.AlignmentFlag.AlignTop)
            frame.load()
        row.addStretch(1)
        self._scroll.setWidget(inner)
        self.look_here()

    def look_here(self) -> None:
        """Bring the open shot into sight, with one before it."""
        at = next((n for n, frame in enumerate(self.frames) if frame.neighbour.shot == self._here), None)
        if at is not None:
            wide = FRAME.width() + 12
            self._scroll.horizontalScrollBar().setValue(max(0, (at - 2) * wide))

    def beside(self, step: int) -> ShotId | None:
        """The shot `step` on from the open one."""
        if self._here is None or self._here not in self._shots:
            return None
        at = self._shots.index(self._here) + step
        return self._shots[at] if 0 <= at < len(self._shots) else None

    def set_here_image(self, image: QImage, *, temp: bool) -> None:
        """Show the drawing as it stands in its own frame; with the band while it is temp."""
        for frame in self.frames:
            if frame.neighbour.shot == self._here:
                frame.set_image(image, band=temp)

    def sizeHint(self) -> QSize:
        return QSize(300, HEIGHT_PX)
