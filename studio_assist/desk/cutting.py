"""The animatic, exports and imports in the window: which page opens when, and what goes where."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint, QRect, QSettings, Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.importing.control import ImportControl
from studio_assist.desk.record.work import Work
from studio_assist.desk.shell import Command
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import ShotId
from studio_assist.domain.temp import Debt, debt_of
from studio_assist.domain.temp_words import temp_worded

if TYPE_CHECKING:
    from studio_assist.desk.animatic.desk import AnimaticDesk
    from studio_assist.desk.export.menu import ExportMenu
    from studio_assist.desk.export.sheet import BoardsExportSheet, ExportWanted
    from studio_assist.desk.studio import Studio

ANIMATIC: Final = "animatic"
#: After the desks, which more people go to.
_IDLE_MS: Final = 2500
#: Keys that the page handles itself; listed on F1.
_KEYS: Final = (
    ("animatic.play", "Play or pause", "Space"),
    ("animatic.shuttle", "Shuttle backwards, stop, forwards", "J K L"),
    ("animatic.step", "A frame back or forward, with Shift a second", ", ."),
    ("animatic.cut", "Previous or next cut", "Up Down"),
    ("animatic.ends", "First or last frame", "Home End"),
    ("animatic.loop", "Loop all, the shot, or nothing", "Shift L"),
    ("animatic.mute", "Mute", "M"),
    ("animatic.trim", "Trim; again: roll", "T"),
    ("animatic.nudge", "Trim by a frame, with Alt roll", "[ ]"),
    ("animatic.duration", "Duration of the shot", "D"),
    ("animatic.next", "Next board, or sound of the lane", "Left Right"),
    ("animatic.lane", "Lane above or below", "PgUp PgDown"),
    ("animatic.split", "Split the sound", "S"),
    ("animatic.gain", "Louder or softer", "Ctrl Up Down"),
    ("animatic.move", "Move the sound a frame", "Alt Left Right"),
    ("animatic.snap", "Snap", "N"),
    ("animatic.zoom", "Nearer, farther, all of it", "+ - 0"),
    ("animatic.full", "Full screen", "F"),
    ("animatic.back", "Back to the Board", "Esc"),
)


class Cutting(QObject):
    """Puts the animatic into the window, and leads what goes out and comes in as files.

    Attributes:
        importing: files that come in.
        place: where the animatic is in the window, or will be.
    """

    def __init__(self, theme: Theme, studio: Studio, layout: QSettings) -> None:
        super().__init__(studio)
        self._theme: Final = theme
        self._studio: Final = studio
        self._layout: Final = layout
        self._desk: AnimaticDesk | None = None
        self._menu: ExportMenu | None = None
        self._sheet: BoardsExportSheet | None = None
        self.importing: Final = ImportControl(theme, studio)
        self.importing.script_taken.connect(studio.show_project)
        self.place: Final = QWidget()
        self._column: Final = QVBoxLayout(self.place)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._idle: Final = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._warm)
        studio.shell.add_desk(
            ANIMATIC, "Animatic", "film", self.place, visible=False, bare=True, focus=self.place
        )
        studio.shell.desk_chosen.connect(self._chosen)
        studio.write.save_failed.connect(self._save_failed)
        studio.write.debt_changed.connect(lambda _debt: self._find_temp_words())
        self._add_commands()

    # properties

    @property
    def desk(self) -> AnimaticDesk:
        """The animatic's page; made now where nobody has been there yet."""
        if self._desk is None:
            self._build()
        assert self._desk is not None
        return self._desk

    @property
    def is_built(self) -> bool:
        return self._desk is not None

    # methods

    def load(self, _state: protocol.ProjectState, _person: Person) -> None:
        """A project was opened."""
        self._idle.start()

    def rejoin(self, state: protocol.ProjectState) -> None:
        """The broker was started again."""
        if self._desk is not None:
            self._desk.rejoin(state)

    def close_project(self) -> None:
        """No project is open any more."""
        self._idle.stop()
        if self._desk is not None:
            self._desk.close_project()

    def set_person(self, person: Person) -> None:
        """Who works here from now on."""
        if self._desk is not None:
            self._desk.set_person(person)

    def take(self, event: protocol.Event) -> None:
        """An event of the broker."""
        self.importing.take(event)
        if self._desk is not None:
            self._desk.take(event)
        if isinstance(event, protocol.AnimaticChanged):
            self._studio.model.update(debt_sounds=len(event.state.animatic.temp_sounds))
        if isinstance(event, protocol.Progress) and event.job == "export" and self._sheet is not None:
            self._sheet.show_progress(event.share)

    def settle(self) -> None:
        """What stands in a field goes into the board."""
        if self._desk is not None:
            self._desk.flush()

    def play(self, shot: str = "") -> None:
        """Open the animatic, at a shot where one is named, else at the panel that is chosen on the Board."""
        at = ShotId(shot) if shot else self._studio.board.desk.book.current
        self._open(at, self.desk.range.with_shot(at), play=True)

    def export(self, format: str = "") -> None:
        """Put up the sheet of exports, with the formats that fit what is shown; `format` chosen ahead."""
        studio = self._studio
        state, person = studio.state, studio.person
        if state is None or person is None or self._sheet is not None:
            return
        from studio_assist.desk.export.sheet import BoardsExportSheet

        guard_overrides()
        if self._desk is not None:
            self._desk.pause()
        self._sheet = sheet = BoardsExportSheet(
            self._theme,
            studio.shell,
            Path(state.path).parent,
            state.title,
            self._debt(),
            formats="script" if studio.shell.desk == "write" else "boards",
            chosen=format,
            scenes=[(scene.number, scene.heading) for scene in studio.write.scenes],
            shown=self._shown(),
            altered=studio.record.altered,
            layout=self._layout,
            debt_in=self._debt_in,
            aspect=_aspect_of(state.aspect),
        )
        sheet.places_wanted.connect(lambda: self._list_places(sheet))
        sheet.wanted.connect(lambda wanted: self._write(sheet, wanted))
        sheet.cancel_wanted.connect(self._stop_export)
        sheet.place_chosen.connect(self.show_place)
        sheet.closed.connect(self._forget_sheet)
        sheet.open()

    def show_place(self, place: protocol.BlockedBy) -> None:
        """Go to what keeps a final export shut."""
        studio = self._studio
        if place.kind == "line":
            studio.shell.show_desk("write")
            studio.show_place(place.start, place.length)
        elif place.kind == "board" and place.shot:
            studio.shell.show_desk("board")
            studio.board.desk.go_to(ShotId(place.shot))
        elif place.kind == "sound":
            # All scenes, for it may be heard in any of them.
            self._open(None, (), play=False)
            desk = self.desk
            desk.book.opened.connect(
                lambda: desk.timeline.choose_sound(place.entry), Qt.ConnectionType.SingleShotConnection
            )

    # slots

    def _chosen(self, desk: str) -> None:
        if desk != ANIMATIC:
            self._studio.model.update(hint="")
            return
        self._studio.model.update(hint=self.desk.hint)
        self.desk.setFocus(Qt.FocusReason.OtherFocusReason)

    def _left(self) -> None:
        """To the Board, at the panel that was on."""
        cut = self.desk.player.cut
        self._studio.shell.show_desk("board")
        if cut is not None:
            self._studio.board.desk.go_to(cut.shot.id)

    def _open_menu(self, format: str) -> None:
        """The menu under the Export button, or the sheet where a format is asked for."""
        if format:
            self.export(format)
            return
        from studio_assist.desk.export.menu import ExportMenu
        from studio_assist.desk.export.options import remembered

        guard_overrides()
        if self._menu is None:
            self._menu = ExportMenu(self._theme, self._studio.shell)
            self._menu.chosen.connect(self.export)
        menu, button = self._menu, self.desk.export_button
        menu.show_options(remembered(self._layout), self.desk.book.rate.name)
        at = QRect(button.mapTo(self._studio.shell, QPoint(0, 0)), button.size())
        menu.open_at(at, self._debt())

    def _write(self, sheet: BoardsExportSheet, wanted: ExportWanted) -> None:
        saver = self._studio.write.saver
        if wanted.final and saver.dirty:
            # Temp words that were deleted, and are in the saved script still, keep a final export shut.
            saver.save(lambda: self._send(sheet, wanted) if self._sheet is sheet else None)
        else:
            self._send(sheet, wanted)

    def _save_failed(self, error: StudioError) -> None:
        if self._sheet is not None:
            self._sheet.show_error(error.message, error.remedy)

    def _send(self, sheet: BoardsExportSheet, wanted: ExportWanted) -> None:
        studio, person = self._studio, self._studio.person
        if person is None:
            return
        self.settle()
        text, spans = studio.write.content()
        params = protocol.ExportParams(
            format=wanted.format,
            out=wanted.out,
            final=wanted.final,
            options=wanted.options,
            script=text,
            spans=spans,
            person=person,
        )

        def done(result: protocol.Exported) -> None:
            studio.end_progress("export")
            sheet.show_result(result)

        def failed(error: StudioError) -> None:
            studio.end_progress("export")
            sheet.show_error(error.message, error.remedy)

        studio.client.call(protocol.EXPORT, params, owner=sheet).on_done(done).on_error(failed)

    def _list_places(self, sheet: BoardsExportSheet) -> None:
        """What is in the way of a final export: refusing one is the broker's work, and so is the list."""
        studio, person, state = self._studio, self._studio.person, self._studio.state
        if person is None or state is None:
            return
        text, spans = studio.write.content()
        boarded = studio.shell.desk != "write" and bool(studio.board.desk.book.shots)
        params = protocol.ExportParams(
            # A timeline has everything in it: words, pictures and sounds.
            format="otio" if boarded else "pdf",
            out=str(Path(state.path).parent / f"Final.{'otio' if boarded else 'pdf'}"),
            final=True,
            script=text,
            spans=spans,
            person=person,
        )
        call = studio.client.call(protocol.EXPORT, params, owner=sheet)
        call.on_done(sheet.show_result).on_error(lambda error: sheet.show_error(error.message, error.remedy))

    def _stop_export(self) -> None:
        studio = self._studio
        studio.client.call(protocol.STOP_EXPORT, protocol.Nothing(), owner=self).on_error(studio.show_error)

    def _forget_sheet(self) -> None:
        self._sheet = None

    def _count_sounds(self) -> None:
        """What a person says of a sound here is in the debt at once."""
        book = self.desk.book
        if book.is_open:
            self._studio.model.update(debt_sounds=len(book.animatic.temp_sounds))

    def _find_temp_words(self) -> None:
        """Which shots say temp words: their frames are marked, whatever their pictures are."""
        studio = self._studio
        if self._desk is None or studio.shell.desk != ANIMATIC or studio.state is None:
            return
        desk, shots = self._desk, studio.board.desk.book.shots
        text, spans = studio.write.content()
        Work(lambda: temp_worded(shots, spans, text), self, desk.set_temp_words, studio.show_error).start()

    # internals

    def _open(self, at: ShotId | None, scenes: tuple[str, ...], *, play: bool) -> None:
        studio = self._studio
        state, person = studio.state, studio.person
        if state is None or person is None:
            return
        desk = self.desk
        # First, so that pictures are made at the size in which they are shown.
        studio.shell.show_desk(ANIMATIC)
        desk.open(studio.board.desk.book, state, person, scenes, at, play=play)
        self._find_temp_words()

    def _shown(self) -> tuple[str, ...]:
        """The scenes that are played, where the animatic is what is shown."""
        return self.desk.range.scenes if self._studio.shell.desk == ANIMATIC else ()

    def _debt(self) -> Debt:
        model = self._studio.model
        return Debt(lines=model.debt_lines, boards=model.debt_boards, sounds=model.debt_sounds)

    def _debt_in(self, scenes: tuple[str, ...]) -> Debt:
        """What is temp in some scenes; every temp sound, for they may be heard in any."""
        studio = self._studio
        script = studio.write.document.script.screenplay
        ranges = [(scene.start, scene.end) for scene in script.scenes if scene.number in scenes]
        text, spans = studio.write.content()
        inside = [
            span
            for span in spans
            if span.state == "lost" or any(start < span.end and span.start < end for start, end in ranges)
        ]
        boards = sum(
            1 for shot in studio.board.desk.book.shots if shot.panel.state == "temp" and shot.scene in scenes
        )
        return debt_of(inside, text, boards, studio.model.debt_sounds)

    def _warm(self) -> None:
        def load() -> None:
            import_module("studio_assist.desk.animatic.desk")

        Work(load, self, lambda _done: None, lambda _error: None).start()

    def _build(self) -> None:
        from studio_assist.desk.animatic.desk import AnimaticDesk

        guard_overrides()
        studio = self._studio
        self._desk = desk = AnimaticDesk(self._theme, studio.client, self._layout)
        self._column.addWidget(desk)
        self.place.setFocusProxy(desk)
        desk.left.connect(self._left)
        desk.error.connect(studio.show_error)
        desk.notice.connect(studio.board.desk.toast.show_words)
        desk.export_wanted.connect(self._open_menu)
        desk.book.changed.connect(self._count_sounds)
        studio.shell.set_regions(desk.regions, ANIMATIC)

    def _add_commands(self) -> None:
        studio = self._studio
        add = studio.shell.commands.add
        add(Command("board.play", "Play animatic", self.play, desk="board", icon="play"))
        folder = Command(
            "file.import_folder",
            "Import a folder of pictures",
            self.importing.choose_folder,
            icon="download",
            needs_desk=True,
        )
        add(folder)
        add(Command("board.exports", "Export boards", self.export, "Ctrl+E", desk="board", icon="export"))
        ways = (
            ("animatic.export", "Export", lambda: self._open_menu(""), "Ctrl+E", "export"),
            ("animatic.undo", "Undo", lambda: self.desk.undo(), "Ctrl+Z", "undo"),
            ("animatic.redo", "Redo", lambda: self.desk.redo(), "Ctrl+Shift+Z", "redo"),
            ("animatic.scenes", "Scenes to play", lambda: self.desk.range.choose_scenes(), "", "board"),
            ("animatic.rate", "Project frame rate", lambda: self.desk.range.choose_rate(), "", "clock"),
            ("animatic.save", "Save", studio.save, "Ctrl+S", "save"),
            ("animatic.close", "Close the project", studio.close_project, "Ctrl+W", "cross"),
        )
        for name, title, run, keys, icon in ways:
            add(Command(name, title, run, keys, desk=ANIMATIC, icon=icon))
        for name, title, keys in _KEYS:
            add(Command(name, title, None, keys, desk=ANIMATIC, listed=False))


def _aspect_of(words: str) -> float:
    """Width to height of the frame, as the project writes it ("2.39:1")."""
    across, _, down = words.partition(":")
    return float(across) / float(down)
