"""The animatic's page (screen 09): head, frame, transport and timeline, and the keys that play."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import pairwise
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QSettings, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.animatic.audio import AudioOut
from studio_assist.desk.animatic.book import AnimaticBook
from studio_assist.desk.animatic.clock import PlayClock
from studio_assist.desk.animatic.full_screen import FullScreen
from studio_assist.desk.animatic.keys import act_of, repeats
from studio_assist.desk.animatic.player import Player
from studio_assist.desk.animatic.range_door import RangeDoor
from studio_assist.desk.animatic.sound_doors import SoundDoors
from studio_assist.desk.animatic.timeline_view import TimelineView
from studio_assist.desk.animatic.top_bar import AnimaticTopBar
from studio_assist.desk.animatic.transport import Transport
from studio_assist.desk.animatic.viewer import AnimaticViewer
from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.theme import Theme
from studio_assist.domain.animatic import Animatic
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import ShotId
from studio_assist.domain.timeline import Cut, Placed

_VOLUME: Final = "animatic/volume"
_HINT: Final = "Space play · J K L shuttle · comma and period step · Ctrl E export"


class AnimaticDesk(QWidget):
    """Plays a board with its sound. What plays is the book's; the page brings its parts together.

    Signals:
        left: back to the Board.
        error: a `StudioError` to be shown.
        notice: words that go by themselves.
        export_wanted: a format, or "" for the menu.
    """

    left = Signal()
    error = Signal(object)
    notice = Signal(str)
    export_wanted = Signal(str)

    #: What the status bar says of this page's keys.
    hint: Final = _HINT

    def __init__(
        self, theme: Theme, client: BrokerClient, layout: QSettings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._layout: Final = layout
        self._aspect = "16:9"
        self._is_open = False
        self._holds = False
        self._muted = False
        kept = str(layout.value(_VOLUME, 100))
        self._volume = min(100, int(kept)) if kept.isdecimal() else 100
        #: The shot that is selected, and the one that trimming and its duration are about.
        self._chosen: Cut | None = None
        self._target: Cut | None = None
        self._heard: tuple[tuple[Placed, ...], Animatic] | None = None
        self.setObjectName("animatic_desk")
        self.book: Final = AnimaticBook(client, self)
        self.audio: Final = AudioOut(self)
        clock = PlayClock(self.audio)
        self.player: Final = Player(clock, self.book.timeline, self)
        self.top_bar: Final = AnimaticTopBar(theme)
        self.viewer: Final = AnimaticViewer(theme, self.book, self.player)
        self.transport: Final = Transport(theme, self.player)
        self.timeline: Final = TimelineView(theme, self.book)
        self.range: Final = RangeDoor(theme, self.book, self.player, self.top_bar)
        self._doors: Final = SoundDoors(theme, self, self.book, self.player, clock, self.timeline)
        self._full: Final = FullScreen(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addWidget(self.viewer, 1)
        column.addWidget(self.transport)
        column.addWidget(self.timeline)
        # The lanes first: F6 leads to them, and Tab from there to what stands beside them.
        for before, after in pairwise(
            (self.timeline.canvas, self.timeline.heads.snap, self.timeline.heads.add)
        ):
            QWidget.setTabOrder(before, after)
        self._column: Final = column
        self._acts: Final = self._what_keys_do()
        self._connect()
        self._show_volume()

    # properties

    @property
    def regions(self) -> list[QWidget]:
        """What F6 walks, from the top."""
        return [self.top_bar, self.viewer, self.transport, self.timeline]

    @property
    def export_button(self) -> QWidget:
        """What the menu of exports opens under."""
        return self.top_bar.export

    @property
    def is_full_screen(self) -> bool:
        """Whether the frame has the screen to itself."""
        return self._full.is_on

    # methods

    def open(
        self,
        board: BoardBook,
        state: protocol.ProjectState,
        person: Person,
        scenes: tuple[str, ...] = (),
        shot: ShotId | None = None,
        *,
        play: bool = True,
    ) -> None:
        """Show a board's scenes, or all of it, and play from a shot on, or from the beginning."""
        self.player.pause()
        self._aspect = state.aspect
        self.range.scenes = scenes
        # Nothing is refreshed on the way: the book tells of its change before the playhead has its place.
        self._is_open = False
        self._doors.set_folder(Path(state.path))
        self.book.open(board, state, person, scenes)
        self._is_open = True
        self.player.set_timeline(self.book.timeline)
        place = self.player.timeline.place(shot) if shot is not None else None
        self.player.seek(self.player.timeline.cuts[place].start if place is not None else 0)
        self.viewer.open(state.aspect)
        self.timeline.select(shot if place is not None else None)
        self._refresh()
        self.viewer.setFocus(Qt.FocusReason.OtherFocusReason)
        if play and self.player.timeline.cuts:
            self.player.play()

    def close_project(self) -> None:
        """No project is open any more."""
        self.leave_full_screen()
        self.player.pause()
        self._doors.set_folder(None)
        self._is_open = False
        self.range.scenes = ()
        self.book.close()
        self.player.set_timeline(self.book.timeline)
        self.viewer.open(self._aspect)
        self._heard = None

    def rejoin(self, state: protocol.ProjectState) -> None:
        """The broker was started again."""
        self.book.rejoin(state)

    def take(self, event: protocol.Event) -> None:
        """An event of the broker. Those of the board come by the board's own book."""
        self.book.take(event)

    def set_person(self, person: Person) -> None:
        """Who works here from now on."""
        self.book.set_person(person)

    def set_temp_words(self, shots: Collection[ShotId]) -> None:
        """Shots whose dialogue holds temp words of the script; their captions make a frame temp."""
        self.viewer.set_temp_words(shots)

    def undo(self) -> None:
        """Take the last change of cuts or sounds back."""
        self.book.undo()

    def redo(self) -> None:
        """Do again what was undone."""
        self.book.redo()

    def flush(self) -> StudioError | None:
        """The window closes. Every change is with the broker already; the sound ends."""
        self.leave_full_screen()
        self.player.pause()
        self._doors.close_down()
        return None

    def pause(self) -> None:
        """Another desk is shown."""
        self.leave_full_screen()
        self.player.pause()

    def next_temp(self) -> None:
        """To the next shot with temp material, and from the last to the first (F8)."""
        cuts = self.player.timeline.cuts
        here = self.player.timeline.at(self.player.frame) if cuts else 0
        for cut in (*cuts[here + 1 :], *cuts[: here + 1]):
            if self.book.holds_temp(cut.shot):
                self.player.pause()
                self.player.seek(cut.start)
                self._choose_shown()
                return
        self.notice.emit("Nothing in this range is temp.")

    def leave(self) -> None:
        """Out of the full screen; from there back to the Board."""
        if self.is_full_screen:
            self.leave_full_screen()
            return
        self.player.pause()
        self.left.emit()

    def enter_full_screen(self) -> None:
        """The frame alone, on the whole screen."""
        if not self.is_full_screen:
            self._full.take(self.viewer)

    def leave_full_screen(self) -> None:
        """The frame back into the page."""
        viewer = self._full.give()
        if viewer is not None:
            self._column.insertWidget(1, viewer, 1)
            viewer.show()
            self.window().activateWindow()
            viewer.setFocus(Qt.FocusReason.OtherFocusReason)

    # slots

    def _connect(self) -> None:
        book, player, timeline = self.book, self.player, self.timeline
        book.changed.connect(self._refresh)
        book.failed.connect(self.error)
        player.frame_changed.connect(timeline.set_playhead)
        player.frame_changed.connect(self._follow)
        timeline.frame_wanted.connect(player.seek)
        timeline.selection_changed.connect(self._selected)
        timeline.error.connect(self.error)
        timeline.trim_changed.connect(lambda: self.transport.show_trimming(timeline.trim_mode))
        self.audio.device_found.connect(self._device_found)
        self.audio.failed.connect(self._device_failed)
        self.top_bar.back.connect(self.leave)
        self.top_bar.full_screen_wanted.connect(self._toggle_full_screen)
        self.top_bar.export_wanted.connect(lambda: self.export_wanted.emit(""))
        self.top_bar.volume_changed.connect(self._set_volume)
        self.top_bar.mute_wanted.connect(self._mute)
        self.top_bar.scenes_wanted.connect(self.range.choose_scenes)
        self.top_bar.rate_wanted.connect(self.range.choose_rate)
        self.transport.trim_wanted.connect(timeline.toggle_trim)
        self.transport.duration_wanted.connect(timeline.ask_duration)
        self.transport.record_wanted.connect(self._doors.record)
        self.viewer.pressed_twice.connect(self._toggle_full_screen)
        self._full.closed.connect(self.leave_full_screen)

    def _refresh(self) -> None:
        """Shots, panels, sounds or the rate are others now."""
        if not self._is_open:
            return
        self.player.set_timeline(self.book.timeline)
        self._load_sound()
        self.viewer.refresh()
        self.top_bar.show_book(self.book, self._aspect)
        self._selected()
        self.timeline.set_playhead(self.player.frame)

    def _load_sound(self) -> None:
        """Give the sounds to the device; what plays goes on with them."""
        heard = self.book.placed, self.book.animatic
        if heard == self._heard:
            return
        self._heard = heard
        self.audio.load(*heard, self.book.sound_file)

    def _selected(self) -> None:
        shot = self.timeline.selected
        timeline = self.book.timeline
        place = timeline.place(shot) if shot is not None else None
        self.player.loop_shot(shot if place is not None else None)
        self._chosen = timeline.cuts[place] if place is not None else None
        self._target = self._chosen or self.player.cut
        self.transport.show_timeline(self._target, self.book.read_only)

    def _follow(self) -> None:
        """Where no shot is selected, what can be done to one is done to the one that is on."""
        if self._chosen is None and self.player.cut is not self._target:
            self._target = self.player.cut
            self.transport.show_target(self._target)

    def _set_volume(self, volume: int) -> None:
        self._volume = volume
        self._muted = False
        self._layout.setValue(_VOLUME, volume)
        self._show_volume()

    def _mute(self) -> None:
        self._muted = not self._muted
        self._show_volume()

    def _show_volume(self) -> None:
        self.audio.set_volume(0.0 if self._muted else self._volume / 100)
        self.top_bar.show_volume(self._volume, muted=self._muted, has_device=self.audio.has_device)

    def _device_found(self) -> None:
        self._show_volume()
        if self.player.speed == 1:
            # It was playing in silence: from here on it is heard, and leads.
            self.player.seek(self.player.frame)

    def _device_failed(self, what: str, remedy: str) -> None:
        self._show_volume()
        self.notice.emit(f"{what} {remedy}")

    def _toggle_full_screen(self) -> None:
        if self.is_full_screen:
            self.leave_full_screen()
        else:
            self.enter_full_screen()

    # events

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and (act_of(event) or self.timeline.wants_key(event))
        ):
            # The page's own letters are not the window's while it has the focus.
            event.accept()
            return True
        if event.type() == QEvent.Type.WindowDeactivate:
            # Whoever lets go of K elsewhere does not tell it here.
            self._holds = False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = act_of(event)
        if not act:
            if not self.timeline.take_key(event):
                super().keyPressEvent(event)
            return
        event.accept()
        what, _, way = act.partition(":")
        if what == "shuttle" and self._holds:
            # K and L together step; held down they go frame by frame as fast as the keyboard repeats.
            self.player.step(int(way))
        elif not event.isAutoRepeat() or repeats(act):
            self._acts[what](1 if way == "1" else -1)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_K and not event.isAutoRepeat():
            self._holds = False
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewer.setFocus(event.reason())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._holds = False
        if not self.is_full_screen:
            self.player.pause()

    # internals

    def _what_keys_do(self) -> dict[str, Callable[[int], object]]:
        player = self.player
        return {
            "toggle": lambda _way: player.toggle(),
            "shuttle": lambda way: player.shuttle(1 if way > 0 else -1),
            "hold": lambda _way: self._hold(),
            "loop": lambda _way: player.next_loop(),
            "step": player.step,
            "second": lambda way: player.step_second(1 if way > 0 else -1),
            "end": lambda way: player.to_end(1 if way > 0 else -1),
            "cut": self._to_cut,
            "full-screen": lambda _way: self._toggle_full_screen(),
            "mute": lambda _way: self._mute(),
            "back": lambda _way: self.leave(),
        }

    def _to_cut(self, way: int) -> None:
        self.player.to_cut(1 if way > 0 else -1)
        self._choose_shown()

    def _choose_shown(self) -> None:
        """Where a shot is selected, the one that somebody went to is now: no other one is trimmed unseen."""
        cut = self.player.cut
        if self._chosen is not None and cut is not None and self.timeline.choice.clip is None:
            self.timeline.select(cut.shot.id)

    def _hold(self) -> None:
        self._holds = True
        self.player.pause()
