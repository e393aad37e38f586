"""The large picture of the inspector: what stands in the frame, is offered for it, or is being made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio_assist.desk.board.frame_pictures import FramePictures
from studio_assist.desk.board.frames import draw_band
from studio_assist.desk.board.shot_words import LIVE_ICONS, live_title
from studio_assist.desk.board.states import share_of, wait_text
from studio_assist.desk.kit import paint
from studio_assist.desk.kit.files import files_in
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import Live

#: Room for the focus ring around the picture, px.
RING_PX: Final = 3
_SHAPE: Final = 9 / 16
#: The strip under a coarse preview, px.
_BAR_PX: Final = 42


@dataclass(frozen=True, slots=True)
class Framed:
    """What is to be shown.

    Attributes:
        path: the marked picture; None where there is none, or none any more.
        place: where it lies in the project's folder; "" where the panel is empty.
        offered: not decided: a dashed amber edge goes round it.
        temp: it wears the band, which is drawn crisp at this size over the one in the pixels.
        previs: the built-in drawer made it, which is no AI; the band says so.
        live: shown in the frame where there is no picture.
        name: what a screen reader says.
    """

    path: Path | None = None
    place: str = ""
    offered: bool = False
    temp: bool = False
    previs: bool = False
    live: Live | None = None
    name: str = "Empty panel"


class Hand(Protocol):
    """Whoever moves the camera while the stage is open. Each call answers whether it took the event."""

    def pressed(self, event: QMouseEvent) -> bool: ...
    def dragged(self, event: QMouseEvent) -> bool: ...
    def let_go(self, event: QMouseEvent) -> bool: ...
    def wheeled(self, event: QWheelEvent) -> bool: ...
    def key(self, event: QKeyEvent) -> bool: ...


class Preview(QWidget):
    """A frame of 16:9 as wide as the inspector.

    Signals:
        seen: the whole of a picture has been on the screen, in a window that a person works in.
        large_wanted: the large view.
        ask_wanted: an empty frame was pressed.
        dropped: a file that is to go into the panel, a path.
    """

    seen = Signal()
    large_wanted = Signal()
    ask_wanted = Signal()
    dropped = Signal(object)

    def __init__(self, theme: Theme, pictures: FramePictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._pictures: Final = pictures
        self._framed = Framed()
        self._stage: QImage | None = None
        self._hand: Hand | None = None
        self._painted = QRegion()
        self._was_seen = False
        self._pressed = False
        self.setObjectName("preview")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        pictures.came.connect(self._came)
        theme.changed.connect(self.update)

    # properties

    @property
    def framed(self) -> Framed:
        """What it shows."""
        return self._framed

    @property
    def was_seen(self) -> bool:
        """Whether all of the picture has been on the screen."""
        return self._was_seen

    @property
    def frame(self) -> QRect:
        """The picture's place in the widget, px."""
        return self.rect().adjusted(RING_PX, RING_PX, -RING_PX, -RING_PX)

    @property
    def device_width(self) -> int:
        """Its width in pixels of the screen."""
        return max(1, round(self.frame.width() * self.devicePixelRatioF()))

    # methods

    def show_framed(self, framed: Framed) -> None:
        """Show something else."""
        if framed == self._framed:
            return
        other = (framed.path, framed.place) != (self._framed.path, self._framed.place)
        self._framed = framed
        if other:
            self._unsee()
        self.setAccessibleName(framed.name)
        self.update()

    def show_stage(self, image: QImage | None) -> None:
        """Show a drawing of the stage in place of the picture; None: the picture again."""
        if (image is None) != (self._stage is None):
            self._unsee()
        self._stage = image
        self.update()

    def set_hand(self, hand: Hand | None) -> None:
        """Give mouse and keys to whoever moves the camera, or take them back."""
        self._hand = hand
        self.setCursor(Qt.CursorShape.OpenHandCursor if hand else Qt.CursorShape.PointingHandCursor)

    # slots

    def _came(self, path: str) -> None:
        live = self._framed.live
        if path == str(self._framed.path) or (live is not None and path == live.preview):
            self.update()

    # events

    def sizeHint(self) -> QSize:
        return QSize(316 + 2 * RING_PX, self._high(316 + 2 * RING_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 90)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.setFixedHeight(self._high(event.size().width()))
            self._unsee()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.WindowActivate, QEvent.Type.WindowDeactivate):
            self.update()
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._hand is not None and self._hand.key(event):
            event.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            if not event.isAutoRepeat() and event.modifiers() == Qt.KeyboardModifier.NoModifier:
                self._open()
            elif event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.button() == Qt.MouseButton.LeftButton
        if self._hand is not None and self._hand.pressed(event):
            self._pressed = False
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._hand is not None and self._hand.dragged(event):
            event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._hand is not None and self._hand.let_go(event):
            event.accept()
        elif self._pressed and self.rect().contains(event.position().toPoint()):
            self._pressed = False
            self._open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if len(files_in(event.mimeData())) == 1:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.dropped.emit(files_in(event.mimeData())[0])

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._hand is not None and self._hand.wheeled(event):
            event.accept()
        else:
            super().wheelEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame = self.frame
        shown = self._paint_content(painter, QRectF(frame))
        if self.hasFocus():
            ring = QRectF(self.rect())
            paint.draw_box(painter, ring, 4, None, self._theme.colour("blue"), 2.0)
        painter.end()
        if shown:
            self._note_seen(frame)

    # internals

    def _high(self, width: int) -> int:
        return round((width - 2 * RING_PX) * _SHAPE) + 2 * RING_PX

    def _open(self) -> None:
        if self._framed.place or self._stage is not None:
            self.large_wanted.emit()
        elif self._framed.live is None:
            self.ask_wanted.emit()

    def _unsee(self) -> None:
        self._painted, self._was_seen = QRegion(), False

    def _note_seen(self, frame: QRect) -> None:
        if self._was_seen or not self.window().isActiveWindow() or self.window().isMinimized():
            return
        self._painted = self._painted.united(self.visibleRegion())
        if QRegion(frame).subtracted(self._painted).isEmpty():
            self._was_seen = True
            self.seen.emit()

    def _paint_content(self, painter: QPainter, box: QRectF) -> bool:
        """Paint what there is; True where that was the picture itself, whole and sharp."""
        if self._stage is not None:
            draw_picture(painter, box, self._stage)
            paint.draw_box(painter, box, 0, None, self._theme.colour("line"))
            self._paint_pill(painter, box, "Previs drawing, not AI")
            return False
        framed = self._framed
        if framed.place:
            look = self._pictures.look(framed.path, self.device_width) if framed.path else None
            if look is not None and look.state == "ready":
                draw_picture(painter, box, look.image)
                if not framed.temp:
                    # Paper on a light ground would have no edge.
                    paint.draw_box(painter, box, 0, None, self._theme.colour("line"))
                if framed.offered:
                    draw_offered(painter, self._theme, box)
                if framed.temp:
                    draw_band(painter, self._theme, box, previs=framed.previs)
                return True
            if look is None or look.state != "loading":
                why = look.why if look is not None else ""
                self._paint_missing(painter, box, why)
                return False
            painter.fillRect(box, self._theme.colour("surface0"))
            return False
        if framed.live is not None:
            self._paint_live(painter, box, framed.live)
        else:
            self._paint_empty(painter, box)
        return False

    def _paint_empty(self, painter: QPainter, box: QRectF) -> None:
        colour = self._theme.colour
        paint.draw_box(painter, box, 2, colour("win"), colour("lineStrong"), 1.0, dashed=True)
        self._paint_words(painter, box, "plus", "text3", ("Draw, drop a file, or ask",), "text3")

    def _paint_missing(self, painter: QPainter, box: QRectF, why: str) -> None:
        colour = self._theme.colour
        paint.draw_box(painter, box, 2, colour("win"), colour("lineStrong"), 1.0, dashed=True)
        title = f"The picture cannot be read. {why}" if why else "The picture is missing"
        self._paint_words(painter, box, "link-broken", "text2", (title, "It was at", self._framed.place))

    def _paint_live(self, painter: QPainter, box: QRectF, live: Live) -> None:
        colour = self._theme.colour
        painter.fillRect(box, colour("win"))
        if live.state == "generating":
            self._paint_generating(painter, box, live)
            return
        icon, token = LIVE_ICONS[live.state]
        words = (live_title(live), wait_text(live.wait_s))
        self._paint_words(painter, box, icon, token, tuple(one for one in words if one))
        paint.draw_box(painter, box, 2, None, colour("line"))

    def _paint_generating(self, painter: QPainter, box: QRectF, live: Live) -> None:
        colour = self._theme.colour
        if live.preview:
            look = self._pictures.look(Path(live.preview), self.device_width, coarse=True)
            if look.state == "ready":
                # A coarse picture stays coarse: smoothing would make it look like more than it is.
                painter.drawImage(box, look.image)
        bar = QRectF(box)
        bar.setTop(box.bottom() - _BAR_PX)
        ground = QColor(0, 0, 0, 190)
        painter.fillRect(bar, ground)
        font = self._theme.font("caption")
        white = colour("onBlue")
        paint.draw_text(painter, bar.adjusted(10, 0, 0, -14), font, white, live_title(live))
        share = share_of(live)
        if share is not None:
            said = f"{round(100 * share)} %"
            left = bar.width() - 10 - paint.text_width(font, said)
            paint.draw_text(painter, bar.adjusted(left, 0, 0, -14), font, white, said)
            track = QRectF(bar.left() + 10, bar.bottom() - 12, bar.width() - 20, 4)
            paint.draw_box(painter, track, 2, QColor("#5C646F"))
            track.setWidth(max(4.0, track.width() * share) if share else 0.0)
            paint.draw_box(painter, track, 2, QColor("#ECEEF1"))

    def _paint_words(
        self,
        painter: QPainter,
        box: QRectF,
        icon: str,
        token: str,
        lines: tuple[str, ...],
        first: str = "text2",
    ) -> None:
        """An icon over lines, in the middle of the frame; the last of three is a path, cut in its middle."""
        step = 20.0
        top = box.center().y() - (26 + step * len(lines)) / 2
        pixmap = self._theme.pixmap(icon, token, 18, self.devicePixelRatioF())
        painter.drawPixmap(round(box.center().x() - 9), round(top), pixmap)
        top += 26
        for at, line in enumerate(lines):
            font = self._theme.font("caption" if at == 0 else "meta")
            path = at == 2
            mode = Qt.TextElideMode.ElideMiddle if path else Qt.TextElideMode.ElideRight
            shown = QFontMetricsF(font).elidedText(line, mode, box.width() - 24)
            left = (box.width() - paint.text_width(font, shown)) / 2
            spot = QRectF(box.left() + left, top + at * step, box.width(), step)
            paint.draw_text(painter, spot, font, self._theme.colour(first if at == 0 else "text3"), shown)

    def _paint_pill(self, painter: QPainter, box: QRectF, words: str) -> None:
        font = self._theme.font("metaMedium")
        pill = QRectF(box.left() + 8, box.top() + 8, paint.text_width(font, words) + 16, 20)
        paint.draw_box(painter, pill, 3, QColor(16, 18, 20, 215))
        paint.draw_text(painter, pill.adjusted(8, 0, 0, 0), font, QColor("#ECEEF1"), words)


def draw_picture(painter: QPainter, box: QRectF, image: QImage) -> None:
    """A picture whole in its frame; what another shape leaves free stays black, as in a film."""
    if image.isNull():
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    size = image.size().scaled(box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    if abs(size.width() - box.width()) > 1 or abs(size.height() - box.height()) > 1:
        painter.fillRect(box, QColor("#08090B"))
        spot = QRectF(0, 0, size.width(), size.height())
        spot.moveCenter(box.center())
    else:
        spot = box
    painter.drawImage(spot, image)
    painter.restore()


def draw_offered(painter: QPainter, theme: Theme, box: QRectF, width: float = 2.0) -> None:
    """The dashed amber edge of what is offered and not decided."""
    pen = QPen(theme.colour("amber"), width)
    pen.setDashPattern([3.2, 1.8])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.save()
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = width / 2
    painter.drawRect(box.adjusted(half, half, -half, -half))
    painter.restore()
