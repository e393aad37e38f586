"""From a dropped file to what its marks say: the window's side of it. Reading is the broker's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from studio_assist import protocol
from studio_assist.desk.broker_client import Operation
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.theme import Theme
from studio_assist.desk.where_from.drop import DropTarget

if TYPE_CHECKING:
    from studio_assist.desk.studio import Studio
    from studio_assist.desk.where_from.sheet import WhereFromSheet


class WhereFrom(QObject):
    """Takes files that are dropped on the window, and asks the broker about them, one at a time."""

    def __init__(self, theme: Theme, studio: Studio) -> None:
        super().__init__(studio)
        self._theme: Final = theme
        self._studio: Final = studio
        self._sheet: WhereFromSheet | None = None
        self._reading: Operation[protocol.MarksRead] | None = None
        self.drop: Final = DropTarget(theme, studio.shell, self._takes_files)
        self.drop.dropped.connect(self.ask)

    # methods

    def ask(self, file: Path | None = None) -> None:
        """Ask where a file comes from; without one, the sheet asks for it."""
        if self._sheet is None:
            from studio_assist.desk.where_from.sheet import WhereFromSheet

            guard_overrides()
            state = self._studio.state
            here = Path(state.path) if state is not None else None
            sheet = WhereFromSheet(self._theme, self._studio.shell, here, self._studio.projects_folder())
            sheet.closed.connect(self._closed)
            sheet.read_wanted.connect(self._read)
            sheet.stop_wanted.connect(self._stop)
            sheet.entry_wanted.connect(self._open_entry)
            self._sheet = sheet
            sheet.open()
        if file is not None:
            self._sheet.ask(file)

    # slots

    def _closed(self) -> None:
        self._sheet = None

    def _read(self, file: Path, project: Path | None) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        self._let_go()
        params = protocol.ReadMarksParams(file=str(file), project=str(project) if project else None)
        self._reading = self._studio.client.call(protocol.READ_MARKS, params, owner=sheet)
        self._reading.on_done(sheet.show_read)
        self._reading.on_error(lambda error: sheet.show_error(error.message, error.remedy))

    def _stop(self) -> None:
        self._let_go()
        stop = self._studio.client.call(protocol.STOP_READING_MARKS, protocol.Nothing(), owner=self)
        stop.on_error(lambda _error: None)

    def _open_entry(self, entry: int) -> None:
        if self._sheet is not None:
            self._sheet.dismiss()
        self._studio.write.show_entry(entry)

    # internals

    def _takes_files(self) -> bool:
        """A sheet that waits for an answer takes no file."""
        sheet = self._studio.shell.sheet()
        return sheet is None or sheet is self._sheet

    def _let_go(self) -> None:
        """What is stopped ends with an error, which concerns nobody any more."""
        if self._reading is not None:
            self._reading.let_go()
            self._reading = None
