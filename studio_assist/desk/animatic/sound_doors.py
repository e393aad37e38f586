"""How sound comes into the animatic: a voice that is recorded along with it, or a file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from studio_assist.desk.animatic.book import AnimaticBook
from studio_assist.desk.animatic.clock import PlayClock
from studio_assist.desk.animatic.player import Player
from studio_assist.desk.animatic.record_sheet import RecordSheet
from studio_assist.desk.animatic.timeline_view import TimelineView
from studio_assist.desk.theme import Theme
from studio_assist.domain.animatic import TrackId

_FILES: Final = (
    "Sound (*.wav *.mp3 *.flac *.ogg *.oga *.opus *.m4a *.aac *.aif *.aiff *.mp4 *.mov);;All files (*)"
)


class SoundDoors(QObject):
    """Opens the sheet that records, and the choice of a file; the book takes in what comes of it."""

    def __init__(
        self,
        theme: Theme,
        page: QWidget,
        book: AnimaticBook,
        player: Player,
        clock: PlayClock,
        timeline: TimelineView,
    ) -> None:
        super().__init__(page)
        self._theme: Final = theme
        self._page: Final = page
        self._book: Final = book
        self._player: Final = player
        self._clock: Final = clock
        self._timeline: Final = timeline
        self._sheet: RecordSheet | None = None
        self._folder: Path | None = None
        timeline.sound_wanted.connect(self.choose)

    # methods

    def set_folder(self, project: Path | None) -> None:
        """Whose sounds these are; None: no project is open."""
        self.close_down()
        self._folder = project

    def record(self) -> None:
        """Record a voice from the playhead on, while the animatic plays."""
        if self._folder is None or self._sheet is not None or not self._player.timeline.cuts:
            return
        self._player.pause()
        folder, frame = self._folder / "recovery", self._player.frame
        sheet = RecordSheet(self._theme, self._page.window(), folder, self, frame, self._player.timeline.rate)
        self._sheet = sheet
        sheet.kept.connect(self._keep)
        sheet.closed.connect(self._closed)
        sheet.open()

    def choose(self, track: str, frame: int) -> None:
        """Choose a file for a lane."""
        chosen, _kind = QFileDialog.getOpenFileName(self._page, "Bring a sound in", "", _FILES)
        if chosen:
            self._timeline.bring_in(Path(chosen), TrackId(track), frame)

    def close_down(self) -> None:
        """The window closes, or the project: what is being recorded stays as a file."""
        sheet, self._sheet = self._sheet, None
        if sheet is not None:
            sheet.close_down()
            sheet.hide()
            sheet.deleteLater()

    # what the sheet that records plays along with

    def play_from(self, frame: int) -> None:
        """Play from a frame on, at its own speed and past the end."""
        self._player.play_along(frame)

    def stop(self) -> None:
        """Stand."""
        self._player.pause()

    def position(self) -> int:
        """The sample that is seen and heard now."""
        return self._clock.sample()

    # slots

    def _keep(self, file: Path, name: str, frame: int) -> None:
        self._book.add_sound(file, "recorded", temp=False, name=name, at_frame=frame, track=None)

    def _closed(self) -> None:
        sheet, self._sheet = self._sheet, None
        self._player.pause()
        if sheet is not None:
            sheet.deleteLater()
