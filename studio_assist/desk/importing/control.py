"""Files that come in: chosen or dropped on the window, looked at by the broker, shown in a sheet."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

from studio_assist import protocol
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.kit.files import files_in
from studio_assist.desk.shell import Notice
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError

if TYPE_CHECKING:
    from studio_assist.desk.importing.import_sheet import ImportSheet
    from studio_assist.desk.studio import Studio

_FILTER: Final = (
    "Everything that is read (*.fountain *.spmd *.txt *.fdx *.pdf *.storyboarder *.otio *.edl *.xml *.fcpxml "
    "*.png *.jpg *.jpeg *.webp *.tif *.tiff *.gif *.bmp);;"
    "Scripts (*.fountain *.spmd *.txt *.fdx *.pdf);;"
    "Boards (*.storyboarder *.png *.jpg *.jpeg *.webp *.tif *.tiff *.gif *.bmp);;"
    "From editorial (*.otio *.edl *.xml *.fcpxml);;All files (*)"
)
#: What the window takes where it is dropped, and folders. Of pictures, PDFs and Fountain files it asks where
#: they come from.
_DROPPED: Final = (".fdx", ".storyboarder", ".otio", ".edl", ".xml", ".fcpxml")
_EDITS: Final = ("otio", "edl", "fcp7xml", "fcpxml")
_DRAGS: Final = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class ImportControl(QObject):
    """Carries between a file, the broker and the sheet.

    Signals:
        script_taken: a `protocol.ProjectState`: the project has another script now.
    """

    script_taken = Signal(object)

    def __init__(self, theme: Theme, studio: Studio) -> None:
        super().__init__(studio)
        self._theme: Final = theme
        self._studio: Final = studio
        self._sheet: ImportSheet | None = None
        studio.shell.setAcceptDrops(True)
        studio.shell.installEventFilter(self)

    # properties

    @property
    def sheet(self) -> ImportSheet | None:
        """The sheet that is open."""
        return self._sheet

    # methods

    def choose(self) -> None:
        """Pick a file to import."""
        if self._why_not() is None:
            chosen, _ = QFileDialog.getOpenFileName(
                self._studio.shell, "Import a file", str(self._folder()), _FILTER
            )
            if chosen:
                self.look_at(Path(chosen))

    def choose_folder(self) -> None:
        """Pick a folder of pictures, or a Storyboarder project's."""
        if self._why_not() is None:
            chosen = QFileDialog.getExistingDirectory(
                self._studio.shell, "Import a folder of pictures", str(self._folder())
            )
            if chosen:
                self.look_at(Path(chosen))

    def look_at(self, file: Path) -> None:
        """Put up the sheet of a file, once what was typed is in the project."""
        person = self._studio.person
        if self._why_not() is not None or person is None or self._sheet is not None:
            return
        from studio_assist.desk.importing.import_sheet import ImportSheet

        guard_overrides()
        scenes = self._studio.model.scenes
        sheet = self._sheet = ImportSheet(self._theme, self._studio.shell, file, person.name, scenes)
        sheet.closed.connect(self._sheet_closed)
        sheet.stop_wanted.connect(self._stop)
        params = protocol.LookAtFileParams(file=str(file), person=person)

        def look() -> None:
            # The script is merged with what is in its file, so what was typed goes there first.
            if self._sheet is sheet:
                call = self._studio.client.call(protocol.LOOK_AT_FILE, params, owner=sheet)
                call.on_done(partial(self._seen, sheet, file)).on_error(partial(_failed, sheet))

        sheet.open()
        self._studio.write.saver.save(look)

    def take(self, event: protocol.Event) -> None:
        """An event of the broker."""
        if isinstance(event, protocol.Progress) and event.job == "import" and self._sheet is not None:
            self._sheet.show_progress(event.share, event.label)

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _DRAGS or not isinstance(event, QDropEvent):
            return False
        files = files_in(event.mimeData())
        if len(files) != 1 or self._sheet is not None or self._studio.state is None:
            return False
        if files[0].suffix.casefold() not in _DROPPED and not files[0].is_dir():
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.look_at(files[0])
        return True

    # slots

    def _sheet_closed(self) -> None:
        self._sheet = None

    def _stop(self) -> None:
        # How it ends is told by the call that takes it in.
        self._studio.client.call(protocol.STOP_TAKING_IN, protocol.Nothing(), owner=self._studio)

    # internals

    def _seen(self, sheet: ImportSheet, file: Path, seen: protocol.FileSeen) -> None:
        if seen.format in _EDITS:
            sheet.dismiss()
            from studio_assist.desk.importing.conform_sheet import ConformSheet

            guard_overrides()
            ConformSheet(self._theme, self._studio.shell, self._studio.board.desk.book, seen).open()
            return
        sheet.wanted.connect(partial(self._import, sheet, file, seen))
        sheet.show_seen(seen)

    def _import(
        self, sheet: ImportSheet, file: Path, seen: protocol.FileSeen, choices: object, scene: str
    ) -> None:
        person = self._studio.person
        if person is None or not isinstance(choices, tuple):
            return
        params = protocol.TakeInParams(
            file=str(file), digest=seen.digest, choices=choices, scene=scene, person=person
        )
        # Owned by the window: what came in is told though the sheet may be gone by then.
        call = self._studio.client.call(protocol.TAKE_IN, params, owner=self)
        call.on_done(partial(self._taken, sheet)).on_error(partial(self._not_taken, sheet))

    def _taken(self, sheet: ImportSheet, taken: protocol.TakenIn) -> None:
        if taken.state is not None:
            self.script_taken.emit(taken.state)
        elif self._studio.board_place.is_built:
            self._studio.board.desk.book.reload()
        if self._sheet is sheet:
            sheet.show_result(taken)
        elif taken.state is None:
            said = f"{taken.panels:,} shots came in."
            self._studio.shell.notices.show(Notice("import", "info", said))

    def _not_taken(self, sheet: ImportSheet, error: StudioError) -> None:
        if self._sheet is sheet:
            _failed(sheet, error)
        else:
            self._studio.show_error(error)

    def _why_not(self) -> str | None:
        """Why nothing can come in now; said in the window."""
        state = self._studio.state
        if state is None or self._studio.person is None:
            return "No project is open."
        why = state.read_only or self._studio.record.altered
        if why:
            self._studio.shell.notices.show(Notice("import", "info", f"Nothing can be imported. {why}"))
        return why or None

    def _folder(self) -> Path:
        state = self._studio.state
        return Path(state.path).parent if state is not None else Path.home()


def _failed(sheet: ImportSheet, error: StudioError) -> None:
    sheet.show_error(error.message, error.remedy, error.place or "")
