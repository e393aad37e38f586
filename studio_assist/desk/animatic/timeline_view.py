"""The timeline below the frame: boards and sounds in time, trimmed and moved by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QSizePolicy, QWidget

from studio_assist.desk.animatic.board_lane import LANE_PX
from studio_assist.desk.animatic.book import AnimaticBook
from studio_assist.desk.animatic.canvas import Canvas
from studio_assist.desk.animatic.choice import Choice
from studio_assist.desk.animatic.clip_hand import ClipHand
from studio_assist.desk.animatic.drag import length_text, trimmed
from studio_assist.desk.animatic.duration_field import DurationField
from studio_assist.desk.animatic.lane_heads import LaneHeads
from studio_assist.desk.animatic.reach import LANES_TOP
from studio_assist.desk.animatic.ruler import RULER_PX
from studio_assist.desk.animatic.scale import STEP, Scale
from studio_assist.desk.animatic.sound_lanes import SOUND_PX
from studio_assist.desk.animatic.sound_menu import SoundMenus
from studio_assist.desk.animatic.sound_sheets import LaneNameSheet, MarkSoundSheet, SoundComesIn
from studio_assist.desk.animatic.timeline_keys import act_of
from studio_assist.desk.animatic.walker import Walker
from studio_assist.desk.theme import Theme
from studio_assist.domain.animatic import Sound, TrackId
from studio_assist.domain.errors import Refusal
from studio_assist.domain.storyboard import ShotId
from studio_assist.domain.timebase import frame_at_sample
from studio_assist.domain.timeline import ripple
from studio_assist.domain.values import EntryNumber

#: So many lanes of sound are in sight before they scroll.
MOST_LANES: Final = 4
_BAR_PX: Final = 8


class TimelineView(QWidget):
    """Lanes with their heads. It shows the book and sends what a person wants to it.

    Signals:
        frame_wanted: (frame) the playhead is to go there.
        selection_changed: another board is chosen.
        trim_changed: trimming was turned on or off, or rolls now.
        sound_wanted: (lane, frame) a person wants to choose a sound file; `bring_in` takes it.
        error: a `StudioError` to be shown.
    """

    frame_wanted = Signal(int)
    selection_changed = Signal()
    trim_changed = Signal()
    sound_wanted = Signal(str, int)
    error = Signal(object)

    def __init__(self, theme: Theme, book: AnimaticBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._book: Final = book
        self._board: object = None
        self._is_shown = False
        self.scale: Final = Scale(self)
        self.choice: Final = Choice(book, self)
        self.hand: Final = ClipHand(book, self.choice)
        self.canvas: Final = Canvas(theme, book, self.scale, self.choice)
        self.heads: Final = LaneHeads(theme, book)
        self._walker: Final = Walker(book, self.choice, self.scale, self.canvas)
        self.bar: Final = QScrollBar(Qt.Orientation.Horizontal, self.canvas)
        self.rise: Final = QScrollBar(Qt.Orientation.Vertical, self.canvas)
        self.menus: Final = SoundMenus(
            theme, self.hand, self, self._ask_mark, self._want_sound, self._ask_name
        )
        self._duration: DurationField | None = None
        self.setObjectName("animatic_timeline")
        self.setAccessibleName("Timeline")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for bar, name in ((self.bar, "Scroll the timeline"), (self.rise, "Scroll the lanes of sound")):
            bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            bar.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.heads)
        row.addWidget(self.canvas, 1)
        self._acts: Final = self._what_keys_do()
        self._connect()
        self._refresh()

    # properties

    @property
    def selected(self) -> ShotId | None:
        """The chosen board."""
        return self.choice.shot

    @property
    def trim_mode(self) -> bool:
        """Whether the edges of boards can be dragged."""
        return self.canvas.reach.trims

    @trim_mode.setter
    def trim_mode(self, on: bool) -> None:
        self._set_trim(on, rolls=False)

    @property
    def rolls(self) -> bool:
        """Whether a dragged edge rolls the cut without Alt."""
        return self.canvas.reach.rolls

    @property
    def zoom(self) -> float:
        """Px a frame."""
        return self.scale.px

    @zoom.setter
    def zoom(self, px: float) -> None:
        self.scale.zoom(px / self.scale.px, self._middle())

    @property
    def playhead(self) -> int:
        """The frame that is on."""
        return self.canvas.playhead

    # methods

    def sizeHint(self) -> QSize:
        lanes = min(MOST_LANES, len(self._book.animatic.tracks))
        return QSize(800, RULER_PX + LANE_PX + SOUND_PX * lanes)

    def set_playhead(self, frame: int) -> None:
        """Show which frame is on."""
        self.canvas.set_playhead(frame)

    def select(self, shot: ShotId | None) -> None:
        """Choose a board, and bring it into sight."""
        self.choice.choose_shot(shot)
        self._walker.show()

    def choose_sound(self, entry: EntryNumber) -> None:
        """Choose the first clip of a sound, by its ledger entry, and go to where it begins."""
        book = self._book
        sounds = {sound.sha256 for sound in book.animatic.sounds if (sound.entry or 0) == entry}
        one = next((one for one in book.placed if one.clip.sound in sounds), None)
        if one is not None:
            self.choice.choose_clip(one.clip.id, one.clip.track)
            self.canvas.show_track(one.clip.track)
            self._walker.show()
            self.frame_wanted.emit(frame_at_sample(max(0, one.at), book.rate))
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_trim(self) -> None:
        """Off, then edges ripple, then they roll, then off again."""
        if not self.trim_mode:
            self._set_trim(True, rolls=False)
        else:
            self._set_trim(not self.rolls, rolls=not self.rolls)

    def ask_duration(self) -> None:
        """Ask how long the chosen board lasts, else the one that is on."""
        cut = self._walker.target()
        if cut is None or not self._may_edit():
            return
        self.choice.choose_shot(cut.shot.id)
        self._walker.show()
        if self._duration is None:
            self._duration = DurationField(self._theme, self.window())
            self._duration.chosen.connect(self._take_duration)
        box = self.canvas.boards.box(cut, RULER_PX).toRect().intersected(self.canvas.rect())
        at = self.canvas.mapTo(self.window(), box.topLeft())
        self._duration.ask(cut.shot.number, cut.frames, self._book.rate, QRect(at, box.size()))

    def bring_in(self, file: Path, track: str, frame: int) -> None:
        """Ask whether a file is temp, then lay it on a lane."""
        person = self._book.person
        if person is None or not self._may_edit():
            return
        lane = next((one for one in self._book.animatic.tracks if one.id == track), None)
        name = lane.name if lane is not None else "a new lane"
        sheet = SoundComesIn(self._theme, self.window(), file, name, person.name)
        place = lane.id if lane is not None else None
        sheet.answered.connect(
            lambda temp: self._book.add_sound(file, "imported", temp, file.stem, frame, place)
        )
        sheet.open()

    def wants_key(self, event: QKeyEvent) -> bool:
        """Whether a key is the timeline's, wherever on the page the focus is."""
        return bool(act_of(event))

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; False where it asks for nothing here."""
        act = act_of(event)
        if not act:
            return False
        what, _, way = act.partition(":")
        event.accept()
        self._acts[what](int(way or 0))
        return True

    # slots

    def _connect(self) -> None:
        book, canvas, heads = self._book, self.canvas, self.heads
        book.changed.connect(self._refresh)
        book.opened.connect(self._show_first)
        book.added.connect(self._choose_added)
        self.choice.changed.connect(self._choice_changed)
        self.choice.shot_changed.connect(self.selection_changed)
        self.scale.changed.connect(self._show_bar)
        self.bar.valueChanged.connect(self._bar_moved)
        self.rise.valueChanged.connect(canvas.set_shift)
        canvas.frame_wanted.connect(self.frame_wanted)
        canvas.shot_opened.connect(self._go_to)
        canvas.menu_wanted.connect(self._open_menu)
        canvas.dropped.connect(self.bring_in)
        canvas.shifted.connect(self._show_heads)
        heads.menu_wanted.connect(self._open_lane_menu)
        heads.mute_wanted.connect(self.hand.mute)
        heads.solo_wanted.connect(self.hand.solo)
        heads.add_wanted.connect(self.menus.of_lanes)
        heads.looked_at.connect(canvas.show_track)
        heads.snap.clicked.connect(self.toggle_snap)

    def toggle_snap(self) -> None:
        """Whether what is dragged snaps."""
        self.canvas.reach.snaps = not self.canvas.reach.snaps
        self._show_snap()

    def _refresh(self) -> None:
        book = self._book
        if book.board is not self._board or not self._is_shown:
            self._board = book.board
            folder = book.board.folder if book.board is not None else None
            self.canvas.pictures.set_folder(folder / "media" if folder is not None else None)
            self.canvas.waves.clear()
            self.canvas.boards.clear()
            # The first shots that come decide at which width all are shown first.
            self._is_shown = bool(book.timeline.cuts)
            self.scale.set_content(book.timeline.total, book.rate, first=True)
        else:
            self.scale.set_content(book.timeline.total, book.rate)
        self.choice.hold()
        self.canvas.refresh()
        self._show_heads()
        self.canvas.setAccessibleDescription(self._walker.told())
        self.updateGeometry()

    def _show_first(self) -> None:
        self.scale.set_content(self._book.timeline.total, self._book.rate, first=True)
        self.scale.show_frame(self.playhead)

    def _choice_changed(self) -> None:
        self._show_heads()
        self.canvas.setAccessibleDescription(self._walker.told())

    def _choose_added(self, clip: str) -> None:
        one = next((one for one in self._book.placed if one.clip.id == clip), None)
        if one is not None:
            self.choice.choose_clip(one.clip.id, one.clip.track)

    def _show_heads(self) -> None:
        shift, most = self.canvas.reach.shift, self.canvas.most_shift
        self.heads.show_lanes(self.choice.track, shift)
        self._show_snap()
        self.rise.blockSignals(True)
        self.rise.setRange(0, most)
        self.rise.setPageStep(max(1, self.canvas.height() - LANES_TOP))
        self.rise.setSingleStep(SOUND_PX)
        self.rise.setValue(shift)
        self.rise.blockSignals(False)
        self.rise.setVisible(most > 0)

    def _show_snap(self) -> None:
        self.heads.snap.setChecked(self.canvas.reach.snaps)
        name = "Snaps to playhead and edges (N)" if self.canvas.reach.snaps else "Does not snap (N)"
        self.heads.snap.set_icon("magnet", name, "blue" if self.canvas.reach.snaps else "text3")

    def _show_bar(self) -> None:
        most = round(self.scale.most_offset)
        self.bar.blockSignals(True)
        self.bar.setRange(0, most)
        self.bar.setPageStep(self.scale.width)
        self.bar.setSingleStep(40)
        self.bar.setValue(round(self.scale.offset))
        self.bar.blockSignals(False)
        self.bar.setVisible(most > 0)

    def _bar_moved(self, value: int) -> None:
        self.canvas.note_scrolled()
        self.scale.scroll_to(value)

    def _take_duration(self, frames: int) -> None:
        cut = self._walker.target()
        if cut is not None and frames != cut.frames:
            place = self._book.timeline.place(cut.shot.id)
            assert place is not None
            words = f"Make {cut.shot.number} {length_text(frames, self._book.rate)}"
            self._book.edit_shots(ripple(self._book.timeline, place, frames), words)

    def _go_to(self, shot: str) -> None:
        place = self._book.timeline.place(ShotId(shot))
        if place is not None:
            self.frame_wanted.emit(self._book.timeline.cuts[place].start)

    def _open_menu(self, at: QPoint) -> None:
        if self.choice.clip is not None:
            self.menus.of_clip(at, self.playhead)
        elif self.choice.track is not None:
            self._open_lane_menu(self.choice.track, at)

    def _open_lane_menu(self, track: str, at: QPoint) -> None:
        lane = next((one for one in self._book.animatic.tracks if one.id == track), None)
        if lane is not None:
            self.menus.of_track(lane, at)

    def _want_sound(self, track: TrackId) -> None:
        self.sound_wanted.emit(track, self.playhead)

    def _ask_mark(self, sound: Sound, temp: bool) -> None:
        person = self._book.person
        if person is not None:
            clips = sum(clip.sound == sound.sha256 for clip in self._book.animatic.clips)
            sheet = MarkSoundSheet(self._theme, self.window(), sound, temp, clips, person.name)
            sheet.confirmed.connect(partial(self._book.mark_sound, sound.sha256, temp))
            sheet.open()

    def _ask_name(self, track: TrackId) -> None:
        lane = next((one for one in self._book.animatic.tracks if one.id == track), None)
        if lane is not None:
            sheet = LaneNameSheet(self._theme, self.window(), lane.name)
            sheet.named.connect(lambda name: self.hand.rename_track(track, name))
            sheet.open()

    # events

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and self.wants_key(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.canvas.let_go():
            event.accept()
        elif not self.take_key(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        canvas = self.canvas
        self.bar.setGeometry(0, canvas.height() - _BAR_PX, canvas.width(), _BAR_PX)
        lanes = max(0, canvas.height() - LANES_TOP - _BAR_PX)
        self.rise.setGeometry(canvas.width() - _BAR_PX, LANES_TOP, _BAR_PX, lanes)
        self._show_heads()

    # internals

    def _what_keys_do(self) -> dict[str, Callable[[int], object]]:
        hand = self.hand
        return {
            "trim-mode": lambda _way: self.toggle_trim(),
            "duration": lambda _way: self.ask_duration(),
            "snap": lambda _way: self.toggle_snap(),
            "trim": self._trim,
            "roll": self._roll,
            "split": lambda _way: hand.split(self.playhead),
            "delete": lambda _way: hand.delete(),
            "gain": hand.gain,
            "nudge": hand.nudge,
            "lane": hand.to_next_track,
            "walk": self._walker.along,
            "walk-lane": self._walker.to_lane,
            "zoom": self._zoom_by,
            "menu": lambda _way: self._open_menu(self._walker.menu_place()),
        }

    def _set_trim(self, on: bool, *, rolls: bool) -> None:
        if (on, rolls) != (self.canvas.reach.trims, self.canvas.reach.rolls):
            self.canvas.reach.trims, self.canvas.reach.rolls = on, rolls
            self.trim_changed.emit()

    def _may_edit(self) -> bool:
        why = self._book.read_only
        if why:
            self.error.emit(Refusal(why, remedy="Open the project again once it can be written."))
        return not why

    def _trim(self, frames: int) -> None:
        if self.choice.clip is not None:
            self.hand.trim(frames, start=False)
        else:
            self._move_cut(frames, rolling=False)

    def _roll(self, frames: int) -> None:
        if self.choice.clip is not None:
            self.hand.trim(frames, start=True)
        else:
            self._move_cut(frames, rolling=True)

    def _move_cut(self, frames: int, *, rolling: bool) -> None:
        cut, timeline = self._walker.target(), self._book.timeline
        place = timeline.place(cut.shot.id) if cut is not None else None
        if cut is None or place is None or not self._may_edit():
            return
        edit = trimmed(timeline, place, frames, rolling=rolling)
        rolled = rolling and place + 1 < len(timeline.cuts)
        words = f"Roll the cut after {cut.shot.number}" if rolled else f"Trim {cut.shot.number}"
        self._book.edit_shots(edit, words)

    def _zoom_by(self, steps: int) -> None:
        if steps:
            self.scale.zoom(STEP**steps, self._middle())
        else:
            self.scale.fit()

    def _middle(self) -> float:
        """What zooming keeps in its place: the playhead where it is in sight."""
        x = self.scale.x(self.playhead)
        return x if 0 <= x <= self.scale.width else self.scale.width / 2
