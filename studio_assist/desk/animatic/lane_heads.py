"""The left edge of the timeline: what each lane is, whether it sounds, and whether temp sound plays in it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from studio_assist.desk.animatic.board_lane import LANE_PX
from studio_assist.desk.animatic.book import AnimaticBook
from studio_assist.desk.animatic.ruler import RULER_PX
from studio_assist.desk.animatic.sound_lanes import SOUND_PX
from studio_assist.desk.animatic.sound_menu import KINDS
from studio_assist.desk.kit import IconButton, paint
from studio_assist.desk.kit.buttons import Pressable
from studio_assist.desk.theme import Theme
from studio_assist.domain.animatic import Track, TrackId

HEADS_PX: Final = 148
_NAME_LEFT: Final = 33
_ICONS: Final = {kind: icon for kind, _words, icon in KINDS}


class Letter(Pressable):
    """M or S: on it stays in sight; off it shows while the lane is looked at."""

    def __init__(self, theme: Theme, letter: str, parent: QWidget) -> None:
        super().__init__(theme, letter, "", parent)
        self.setCheckable(True)
        self.setFixedSize(18, 18)
        self.in_sight = False

    # methods

    def show_state(self, on: bool, words: str) -> None:
        """Whether it is on, and what pressing it does."""
        self.setChecked(on)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    # events

    def nextCheckState(self) -> None:
        # It shows what the animatic says, and not what was pressed.
        return

    def paintEvent(self, event: QPaintEvent) -> None:
        on = self.isChecked()
        if not (on or self.in_sight or self.hasFocus()):
            return
        painter, box = QPainter(self), QRectF(self.rect())
        colour = self._theme.colour
        ground = "blueFill" if on else "surface3" if self._hot() else "surface2"
        paint.draw_box(painter, box, 3, colour(ground), None if on else colour("lineStrong"))
        font = self._theme.font("metaMedium")
        inner = box.adjusted((box.width() - paint.text_width(font, self.text())) / 2, 0, 0, 0)
        paint.draw_text(painter, inner, font, colour("onBlue" if on else "text2"), self.text())
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 3)


class LaneHead(Pressable):
    """A lane's name; pressing it opens the lane's menu.

    Signals:
        menu_wanted: where, in the screen's px.
        mute_wanted, solo_wanted: pressed.
        looked_at: the keyboard came to it.
    """

    menu_wanted = Signal(QPoint)
    mute_wanted = Signal()
    solo_wanted = Signal()
    looked_at = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, "", "", parent)
        self._icon = "music"
        self._temp = False
        self._active = False
        self.mute: Final = Letter(theme, "M", self)
        self.solo: Final = Letter(theme, "S", self)
        self.mute.clicked.connect(self.mute_wanted)
        self.solo.clicked.connect(self.solo_wanted)
        self.clicked.connect(lambda: self.menu_wanted.emit(self.mapToGlobal(self.rect().bottomLeft())))
        for one in (self, self.mute, self.solo):
            one.installEventFilter(self)

    # properties

    @property
    def readable(self) -> str:
        """What can be read of its name."""
        metrics = QFontMetricsF(self._theme.font("caption"))
        return metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self._name_room())

    # methods

    def show_track(self, track: Track, *, temp: bool, active: bool) -> None:
        """What the lane is."""
        self._icon, self._temp, self._active = _ICONS[track.kind], temp, active
        self.setText(track.name)
        said = f"Lane {track.name}{', temp sound' if temp else ''}{', muted' if track.muted else ''}"
        self.setAccessibleName(f"{said}{', solo' if track.solo else ''}")
        self.setToolTip(f"{track.name}{': temp sound plays in it' if temp else ''}")
        name = track.name
        self.mute.show_state(track.muted, f"Unmute {name}" if track.muted else f"Mute {name}")
        self.solo.show_state(track.solo, f"End solo of {name}" if track.solo else f"Solo {name}")
        self._look()

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._look()
            if event.type() == QEvent.Type.FocusIn:
                self.looked_at.emit()
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._look()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        top = (self.height() - 1 - self.mute.height()) // 2
        self.solo.move(self.width() - 6 - self.solo.width(), top)
        self.mute.move(self.solo.x() - 2 - self.mute.width(), top)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), QRectF(self.rect())
        theme = self._theme
        painter.fillRect(box, theme.colour("surface2" if self._active or self._hot() else "surface1"))
        middle = (box.height() - 1) / 2
        pixmap = theme.pixmap(self._icon, "text2", 16, self.devicePixelRatioF())
        painter.drawPixmap(9, round(middle - 8), pixmap)
        line = QRectF(_NAME_LEFT, 0, self._name_room(), box.height() - 1)
        if self._temp:
            left, top = _NAME_LEFT + line.width() + 4, middle - paint.TAG_HEIGHT_PX / 2
            if self._letters():
                left, top = _NAME_LEFT, middle + 2
                line.setRect(_NAME_LEFT, middle - 17, line.width(), 17)
            paint.draw_tag(painter, theme, left, round(top), solid=True)
        paint.draw_text(painter, line, theme.font("caption"), theme.colour("text2"), self.readable)
        painter.fillRect(QRectF(0, box.height() - 1, box.width(), 1), theme.colour("line"))
        if self.hasFocus():
            paint.draw_focus(painter, theme, box.adjusted(0, 0, 0, -1), 3)

    # internals

    def _letters(self) -> list[Letter]:
        """M and S, where they are in sight."""
        return [one for one in (self.mute, self.solo) if one.isChecked() or one.in_sight]

    def _name_room(self) -> float:
        """Width in px; TEMP stands beside the name, and below it where a letter is in sight."""
        letters = self._letters()
        right = min(one.x() for one in letters) - 4 if letters else self.width() - 5
        if self._temp and not letters:
            right -= paint.tag_width(self._theme) + 4
        return max(8.0, right - _NAME_LEFT)

    def _look(self) -> None:
        focused = QApplication.focusWidget()
        seen = self.underMouse() or focused in (self, self.mute, self.solo)
        self.mute.in_sight = self.solo.in_sight = seen
        for widget in (self, self.mute, self.solo):
            widget.update()


class LaneHeads(QWidget):
    """The column of heads.

    Signals:
        menu_wanted: (lane, where).
        mute_wanted, solo_wanted: (lane).
        add_wanted: a new lane, and where its menu opens.
        looked_at: (lane) the keyboard came to it.
    """

    menu_wanted = Signal(str, QPoint)
    mute_wanted = Signal(str)
    solo_wanted = Signal(str)
    add_wanted = Signal(QPoint)
    looked_at = Signal(str)

    def __init__(self, theme: Theme, book: AnimaticBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._book: Final = book
        self._heads: dict[TrackId, LaneHead] = {}
        self._shift = 0
        self._active: TrackId | None = None
        self.setFixedWidth(HEADS_PX)
        self.setAccessibleName("Lanes")
        self.snap: Final = IconButton(
            theme, "magnet", "Snap to playhead and edges (N)", size_px=20, icon_px=14
        )
        self.snap.setCheckable(True)
        self.add: Final = IconButton(theme, "plus", "Add a lane", size_px=20, icon_px=14)
        self.add.clicked.connect(
            lambda: self.add_wanted.emit(self.add.mapToGlobal(self.add.rect().bottomLeft()))
        )
        #: Heads that are scrolled lie behind what stands above them.
        self._room: Final = QWidget(self)
        for at, button in enumerate((self.snap, self.add)):
            button.setParent(self)
            button.move(HEADS_PX - 48 + at * 22, 0)
        theme.changed.connect(self.update)

    # methods

    def head(self, track: TrackId) -> LaneHead:
        """A lane's head."""
        return self._heads[track]

    def show_lanes(self, active: TrackId | None, shift: int) -> None:
        """The lanes as they are now; `shift`: px that are scrolled away above."""
        self._active, self._shift = active, shift
        tracks = self._book.animatic.tracks
        for gone in self._heads.keys() - {track.id for track in tracks}:
            self._heads.pop(gone).deleteLater()
        temp = {sound.sha256 for sound in self._book.animatic.temp_sounds}
        temp_lanes = {clip.track for clip in self._book.animatic.clips if clip.sound in temp}
        for track in tracks:
            head = self._heads.get(track.id)
            if head is None:
                head = self._heads[track.id] = self._made(track.id)
                head.show()
            head.show_track(track, temp=track.id in temp_lanes, active=track.id == active)
        self._place()
        self.update()

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        painter.fillRect(self.rect(), theme.colour("surface1"))
        boards = QRectF(0, RULER_PX, self.width(), LANE_PX)
        pixmap = theme.pixmap("board", "text2", 16, self.devicePixelRatioF())
        painter.drawPixmap(9, RULER_PX + (LANE_PX - 1) // 2 - 8, pixmap)
        words = boards.adjusted(33, 0, 0, -1)
        paint.draw_text(painter, words, theme.font("caption"), theme.colour("text2"), "Boards")
        for bottom in (RULER_PX, RULER_PX + LANE_PX):
            painter.fillRect(QRectF(0, bottom - 1, self.width(), 1), theme.colour("line"))
        painter.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), theme.colour("line"))

    # internals

    def _made(self, track: TrackId) -> LaneHead:
        head = LaneHead(self._theme, self._room)
        head.menu_wanted.connect(lambda at: self.menu_wanted.emit(track, at))
        head.mute_wanted.connect(lambda: self.mute_wanted.emit(track))
        head.solo_wanted.connect(lambda: self.solo_wanted.emit(track))
        head.looked_at.connect(lambda: self.looked_at.emit(track))
        return head

    def _place(self) -> None:
        above = RULER_PX + LANE_PX
        self._room.setGeometry(0, above, HEADS_PX - 1, max(0, self.height() - above))
        for at, track in enumerate(self._book.animatic.tracks):
            head = self._heads.get(track.id)
            if head is not None:
                head.setFixedSize(HEADS_PX - 1, SOUND_PX)
                head.move(0, at * SOUND_PX - self._shift)
