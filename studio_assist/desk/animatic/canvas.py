"""The lanes themselves: painted as far as they are in sight, and taken hold of with the mouse."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from studio_assist.desk.animatic.board_lane import LANE_PX, BoardLane
from studio_assist.desk.animatic.book import AnimaticBook
from studio_assist.desk.animatic.choice import Choice
from studio_assist.desk.animatic.drag import ClipDrag, Drag
from studio_assist.desk.animatic.reach import LANES_TOP, Reach, Shown
from studio_assist.desk.animatic.ruler import RULER_PX, draw_playhead, draw_ruler
from studio_assist.desk.animatic.scale import STEP, Scale
from studio_assist.desk.animatic.sound_lanes import SOUND_PX, Hit, SoundLanes
from studio_assist.desk.animatic.waveforms import Waveforms
from studio_assist.desk.board.frames import text_width
from studio_assist.desk.board.thumbnails import Thumbnails
from studio_assist.desk.kit import paint
from studio_assist.desk.kit.files import files_in
from studio_assist.desk.theme import Theme
from studio_assist.domain.animatic import Animatic, TrackId
from studio_assist.domain.timeline import Placed

#: The mouse must go this far before a press becomes a drag.
_START_PX: Final = 4
#: How long the playhead is not followed after a person scrolled away from it.
_REST_MS: Final = 2_500
#: As far around the playhead's line as its handle reaches.
_HEAD_PX: Final = 8
#: Px of a notch of the wheel.
_NOTCH_PX: Final = 90
_SOUNDS: Final = (
    *(".wav", ".mp3", ".m4a", ".aac", ".flac", ".ogg", ".oga", ".opus"),
    *(".aif", ".aiff", ".wma", ".caf", ".mp4", ".mov"),
)


class Canvas(QWidget):
    """Ruler, boards and sounds.

    Signals:
        frame_wanted: (frame) the playhead is moved.
        shot_opened: (shot) a board was pressed twice.
        menu_wanted: where on the screen; the clip under it is chosen.
        dropped: (file, lane, frame) a sound file.
        shifted: other lanes of sound are in sight.
    """

    frame_wanted = Signal(int)
    shot_opened = Signal(str)
    menu_wanted = Signal(QPoint)
    dropped = Signal(object, str, int)
    shifted = Signal()

    def __init__(
        self, theme: Theme, book: AnimaticBook, scale: Scale, choice: Choice, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._book: Final = book
        self._scale: Final = scale
        self._choice: Final = choice
        self.pictures: Final = Thumbnails(self)
        self.waves: Final = Waveforms(self)
        self.boards: Final = BoardLane(theme, book, scale, self.pictures)
        self.sounds: Final = SoundLanes(theme, book, scale, self.waves)
        self.reach: Final = Reach(book, scale, choice, self.sounds)
        self.playhead = 0
        self._drag: Drag | None = None
        self._begin: Drag | None = None
        self._held: object = None
        self._scrubs = False
        self._pressed = QPointF()
        self._mouse = QPointF()
        self._hovered: Hit | None = None
        self._over: TrackId | None = None
        self._preview: Shown | None = None
        self._ring = False
        self._scrolled: Final = QElapsedTimer()
        self.setObjectName("animatic_lanes")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Timeline")
        for signal in (theme.changed, scale.changed, choice.changed, self.pictures.came, self.waves.came):
            signal.connect(self.update)

    # properties

    @property
    def most_shift(self) -> int:
        """As far as the lanes of sound scroll."""
        return max(0, LANES_TOP + SOUND_PX * len(self._book.animatic.tracks) - self.height())

    @property
    def is_dragging(self) -> bool:
        """Whether something is being moved."""
        return self._drag is not None

    # methods

    def set_shift(self, shift: int) -> None:
        """Scroll the lanes of sound."""
        shift = max(0, min(shift, self.most_shift))
        if shift != self.reach.shift:
            self.reach.shift = shift
            self.shifted.emit()
        self.update()

    def show_track(self, track: str) -> None:
        """Bring a lane of sound into sight."""
        at = next((at for at, one in enumerate(self._book.animatic.tracks) if one.id == track), 0)
        below = LANES_TOP + (at + 1) * SOUND_PX - self.height()
        self.set_shift(max(min(self.reach.shift, at * SOUND_PX), below))

    def refresh(self) -> None:
        """The animatic is another one. What is being dragged is let go, where it is another one too."""
        if self._begin is not None and self._held != self._as_held():
            self._end_drag()
        self.boards.forget()
        self.set_shift(self.reach.shift)

    def set_playhead(self, frame: int) -> None:
        """Move the playhead, and follow it where a person has not just scrolled away."""
        if frame == self.playhead:
            return
        was, self.playhead = self._scale.x(self.playhead), frame
        now = self._scale.x(frame)
        away = self._scrolled.isValid() and self._scrolled.elapsed() < _REST_MS
        if not 0 <= now < self.width() and not away and not self._drag:
            self._scale.show_frame(frame)
            return
        for x in (was, now):
            self.update(QRect(round(x) - _HEAD_PX, 0, 2 * _HEAD_PX + 1, self.height()))

    def note_scrolled(self) -> None:
        """A person scrolled."""
        self._scrolled.restart()

    def let_go(self) -> bool:
        """Give a drag up; False where there was none."""
        was = self._drag is not None or self._begin is not None
        self._end_drag()
        return was

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scale.set_width(self.width())
        self.set_shift(self.reach.shift)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # Who came by the keyboard sees where they are, also where nothing is chosen.
        self._ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        area = event.rect()
        left, width = area.left(), area.width()
        timeline, all_placed, animatic = self._shown()
        if area.bottom() >= LANES_TOP:
            self._paint_sounds(painter, QRectF(left, LANES_TOP, width, area.height()), all_placed, animatic)
        if area.top() < LANES_TOP and area.bottom() >= RULER_PX:
            painter.save()
            painter.setClipRect(QRect(left, RULER_PX, width, LANE_PX))
            onto = self._drag.dropped_on if self._drag is not None else None
            boards = QRectF(left, RULER_PX, width, LANE_PX)
            self.boards.draw(painter, boards, timeline, self._choice.shot, onto)
            painter.restore()
        if area.top() < RULER_PX:
            draw_ruler(painter, theme, QRectF(left, 0, width, RULER_PX), self._scale, timeline.rate)
        x = self._scale.x(self.playhead)
        if timeline.cuts and area.left() - _HEAD_PX <= x <= area.right() + _HEAD_PX:
            draw_playhead(painter, theme, x, self.height())
        if self._drag is not None:
            self._paint_tip(painter, self._drag.tip)
        if self._ring and self.hasFocus():
            paint.draw_focus(painter, theme, QRectF(self.rect()), 3)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.reach.told(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = event.position()
        self._pressed = self._mouse = spot
        self._begin = None
        if event.button() is not Qt.MouseButton.LeftButton:
            self._choose_at(spot)
            return
        if spot.y() < RULER_PX:
            self._scrubs = True
            self._scrub(spot.x())
        elif spot.y() < LANES_TOP:
            place = self.reach.edge(spot)
            self._choose_at(spot)
            if place is not None and not self._book.read_only:
                self._choice.choose_shot(self._book.timeline.cuts[place].shot.id)
                self._begin = self.reach.cut_drag(place, self.playhead)
                self._held = self._as_held()
        else:
            hit = self.reach.hit(spot)
            self._choose_at(spot)
            if hit is not None and not self._book.read_only:
                self._begin = self.reach.clip_drag(hit, spot.x(), self.playhead)
                self._held = self._as_held()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse = spot = event.position()
        if self._scrubs:
            self._scrub(spot.x())
            return
        if not event.buttons():
            self._hover(spot)
            return
        if self._begin is not None and self._drag is None:
            if (spot - self._pressed).manhattanLength() < _START_PX:
                return
            self._drag = self._begin
        if self._drag is not None:
            self._drag.move(self.reach.where(spot, event.modifiers()))
            self._preview = self.reach.preview(self._drag)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._scrubs = False
        drag = self._drag
        self._end_drag()
        if drag is None:
            return
        if drag.board_edit is not None:
            self._book.edit_shots(drag.board_edit, drag.words)
        elif drag.sound_edit is not None:
            self._book.edit_sounds(drag.sound_edit, drag.words)
            self._choice.hold()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        cut = self.reach.cut(event.position())
        if cut is not None:
            self.shot_opened.emit(cut.shot.id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        turned = event.angleDelta()
        notches = (turned.y() or turned.x()) / 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._scale.zoom(STEP**notches, event.position().x())
            return
        sideways = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) or not turned.y()
        if self.most_shift and not sideways and event.position().y() >= LANES_TOP:
            self.set_shift(self.reach.shift - round(notches * SOUND_PX))
            return
        pixels = event.pixelDelta()
        by = (pixels.x() or pixels.y()) if not pixels.isNull() else notches * _NOTCH_PX
        self.note_scrolled()
        self._scale.scroll_to(self._scale.offset - by)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not self._book.read_only and any(_is_sound(file) for file in files_in(event.mimeData())):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._over = self.reach.track(event.position().y())
        event.setAccepted(self._over is not None)
        self.update()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._over = None
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        track, self._over = self.reach.track(event.position().y()), None
        self.update()
        file = next((file for file in files_in(event.mimeData()) if _is_sound(file)), None)
        if file is not None and track is not None:
            event.acceptProposedAction()
            frame = max(0, round(self._scale.frame(event.position().x())))
            self.dropped.emit(file, track, frame)

    # internals

    def _shown(self) -> Shown:
        """What is painted: the animatic, or what it would be if the mouse were let go now."""
        return self._preview or (self._book.timeline, self._book.placed, self._book.animatic)

    def _as_held(self) -> object:
        """What a drag was begun on. Panels that are drawn meanwhile do not matter to it."""
        cuts = [(cut.shot.id, cut.frames) for cut in self._book.timeline.cuts]
        return cuts, self._book.rate, self._book.animatic

    def _end_drag(self) -> None:
        self._drag = self._begin = self._preview = self._held = None
        self.update()

    def _paint_sounds(
        self, painter: QPainter, area: QRectF, all_placed: tuple[Placed, ...], animatic: Animatic
    ) -> None:
        painter.fillRect(area, self._theme.colour("surface0"))
        self.sounds.show(all_placed, animatic)
        painter.save()
        painter.setClipRect(area)
        hovered = self._hovered.placed.clip.id if self._hovered is not None else None
        over = self._over
        if over is None and isinstance(self._drag, ClipDrag) and self._drag.dropped_on is None:
            over = self.reach.track(self._mouse.y())
        for at, track in enumerate(animatic.tracks):
            top = LANES_TOP + at * SOUND_PX - self.reach.shift
            if top + SOUND_PX <= LANES_TOP or top >= self.height():
                continue
            lane = QRectF(area.left(), top, area.width(), SOUND_PX)
            chosen = self._choice.clip
            focus = self.hasFocus() and self._choice.track == track.id
            wanted = over == track.id or (focus and chosen is None)
            self.sounds.draw(painter, lane, track, animatic, chosen, hovered, focus=focus, wanted=wanted)
        painter.restore()

    def _paint_tip(self, painter: QPainter, words: str) -> None:
        font = self._theme.font("captionMedium")
        width = text_width(font, words) + 16
        left = min(max(4.0, self._mouse.x() + 12), self.width() - width - 4)
        top = 2.0 if self._mouse.y() > LANES_TOP else RULER_PX + LANE_PX - 30.0
        box = QRectF(round(left), top, round(width), 22)
        theme = self._theme
        paint.draw_box(painter, box, 4, theme.colour("surface2"), theme.colour("lineStrong"))
        paint.draw_text(painter, box.adjusted(8, 0, 0, 0), font, theme.colour("text"), words)

    def _scrub(self, x: float) -> None:
        total = self._book.timeline.total
        if total:
            self.frame_wanted.emit(max(0, min(total - 1, int(self._scale.frame(x)))))

    def _choose_at(self, spot: QPointF) -> None:
        if RULER_PX <= spot.y() < LANES_TOP:
            cut = self.reach.cut(spot)
            self._choice.choose_shot(cut.shot.id if cut is not None else None)
        elif spot.y() >= LANES_TOP:
            hit = self.reach.hit(spot)
            self._choice.choose_clip(hit.placed.clip.id if hit else None, self.reach.track(spot.y()))

    def _hover(self, spot: QPointF | None) -> None:
        hit = self.reach.hit(spot) if spot is not None else None
        self.setCursor(self.reach.shape(spot) if spot is not None else Qt.CursorShape.ArrowCursor)
        if (hit and hit.placed.clip.id) != (self._hovered and self._hovered.placed.clip.id):
            self.update()
        self._hovered = hit


def _is_sound(file: Path) -> bool:
    return file.suffix.lower() in _SOUNDS
