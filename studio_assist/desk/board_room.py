"""The Board desk as the window has it: the board, and the canvas that opens over it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from studio_assist import protocol
from studio_assist.desk.board.desk import BoardDesk
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.canvas.document import CanvasDocument
from studio_assist.desk.canvas.job import CanvasJob, Neighbour, Saved
from studio_assist.desk.canvas.view import CanvasView
from studio_assist.desk.edited_frame import EditedFrameSheet
from studio_assist.desk.theme import Theme
from studio_assist.domain.candidate import State
from studio_assist.domain.canvas import Canvas
from studio_assist.domain.errors import StudioError, Unavailable
from studio_assist.domain.export_formats import PanelFormat
from studio_assist.domain.marking import SourceType
from studio_assist.domain.people import Person
from studio_assist.domain.screenplay import Screenplay
from studio_assist.domain.storyboard import Media, Shot, ShotId, Variant
from studio_assist.domain.values import EntryNumber
from studio_assist.interchange import openraster
from studio_assist.storage.atomic import read_bytes, write_atomic

#: How many panels on either side of the open one stand in the canvas's strip.
_BESIDE: Final = 24
#: A drawing on white paper is this wide, in pixels; its height follows the project's aspect.
_PAPER_PX: Final = 1920


class BoardRoom(QStackedWidget):
    """Shows the board, or the canvas over one of its panels, and speaks with the broker for both.

    Signals:
        error, notice, undoable, debt_changed, working, clearance_wanted: as `BoardDesk`.
        heard: an event of the broker, once the board has taken it.
    """

    error = Signal(object)
    notice = Signal(str)
    undoable = Signal(str, object)
    debt_changed = Signal(int)
    working = Signal(object)
    clearance_wanted = Signal(str, str)
    heard = Signal(object)

    def __init__(self, theme: Theme, client: BrokerClient, layout: QSettings) -> None:
        super().__init__()
        self._theme: Final = theme
        self._client: Final = client
        self._person: Person | None = None
        self._aspect = "16:9"
        #: The offer that is drawn over, while it is undecided.
        self._variant: Variant | None = None
        self._replaced: EntryNumber | None = None
        self._last: Saved | None = None
        self._keeping = 0
        self._script: Screenplay | None = None
        self.desk: Final = BoardDesk(theme, client, layout)
        self.canvas: Final = CanvasView(theme, _load, _save)
        self.addWidget(self.desk)
        self.addWidget(self.canvas)
        self._connect()

    # properties

    @property
    def regions(self) -> list[QWidget]:
        """What F6 walks: the desk's, or the canvas's while it is shown."""
        return self.canvas.regions if self.is_drawing else self.desk.regions

    @property
    def is_drawing(self) -> bool:
        """Whether the canvas is shown."""
        return self.currentWidget() is self.canvas

    @property
    def is_keeping(self) -> bool:
        """Whether a drawing is on its way into its panel; the project is not to be shut before."""
        return self._keeping > 0

    # methods

    def load(self, state: protocol.ProjectState, person: Person) -> None:
        """Show a project's board."""
        self._person = person
        self._aspect = state.aspect
        self.setCurrentWidget(self.desk)
        self.desk.load(state, person)

    def rejoin(self, state: protocol.ProjectState) -> None:
        """The broker was started again; what is drawn just now stays on the page."""
        self.desk.rejoin(state)

    def settle(self) -> None:
        """What stands in a field, or was drawn, goes into the board: the project is about to be left."""
        self.desk.inspector.flush()
        self.flush()

    def close_project(self) -> None:
        """No project is open any more."""
        self.canvas.flush()
        self.setCurrentWidget(self.desk)
        self.desk.close_project()

    def set_person(self, person: Person) -> None:
        self._person = person
        self.desk.set_person(person)

    def set_script(self, script: Screenplay) -> None:
        """The script as it stands in the editor; read when the board is looked at."""
        self._script = script
        if self.isVisible():
            self._show_script()

    def take(self, event: protocol.Event) -> None:
        """An event of the broker."""
        self.desk.take(event)
        if isinstance(event, protocol.EditorChanged) and event.what == "closed" and self.is_drawing:
            self.canvas.editor_closed("the other program")
        self.heard.emit(event)

    def undo(self) -> None:
        """Undo the last change of the board; on the canvas, the last stroke."""
        if self.is_drawing:
            self.canvas.tools.do("undo")
        else:
            self.desk.undo()

    def redo(self) -> None:
        """Do again what was undone."""
        if self.is_drawing:
            self.canvas.tools.do("redo")
        else:
            self.desk.redo()

    def next_temp(self) -> None:
        """Go to the next temp panel (F8)."""
        if self.is_drawing:
            self.canvas.leave()
        else:
            self.desk.next_temp()

    def flush(self) -> StudioError | None:
        """Keep the drawing before the window closes; why it could not be kept, where it could not."""
        not_kept = self.canvas.flush() if self.is_drawing else None
        if self.is_drawing and not_kept is None and self._last is not None and not self._last.done:
            # Kept at a pause, and not drawn on since: its panel is to show it too.
            self._saved(replace(self._last, done=True))
        return not_kept

    def open_canvas(self, shot: str, candidate: str) -> None:
        """Draw over a panel, or over a variant that is still undecided."""
        book, person = self.desk.book, self._person
        if person is None or book.folder is None:
            return
        one = book.shot(ShotId(shot))
        variant = next((v for v in book.variants(one.id) if v.candidate == candidate), None)
        self._variant, self._replaced, self._last = variant, None, None
        self.setCurrentWidget(self.canvas)
        self.canvas.open(self._job_of(book.folder, one, variant, person))

    def export_panel(self) -> None:
        """Write the current panel as a picture with its marks, or as layers."""
        book, person = self.desk.book, self._person
        if book.current is None or person is None or book.folder is None:
            return
        shot = book.shot(book.current)
        if shot.panel.picture is None:
            self.notice.emit(f"The panel {shot.number} is empty. Undecided frames are in no export.")
            return
        chosen, _kind = QFileDialog.getSaveFileName(
            self,
            f"Export panel {shot.number}",
            str(book.folder.parent / f"{shot.number}.png"),
            "Picture with its marks (*.png);;Drawing with layers (*.ora);;Photoshop drawing (*.psd)",
        )
        if chosen:
            forms: dict[str, PanelFormat] = {".ora": "ora", ".psd": "psd"}
            form = forms.get(Path(chosen).suffix.casefold(), "png")
            params = protocol.ExportPanelParams(shot=shot.id, format=form, out=chosen, person=person)
            call = self._client.call(protocol.EXPORT_PANEL, params, owner=self)
            call.on_done(self._exported).on_error(self.error.emit)

    def tell_opened(self, program: str, file: str) -> None:
        """A panel was handed to another program."""
        words = f"{Path(file).stem} is open in {Path(program).stem}. What is saved there comes back here."
        self.notice.emit(words)

    # slots

    def _connect(self) -> None:
        desk, canvas = self.desk, self.canvas
        for name in ("error", "notice", "undoable", "debt_changed", "working", "clearance_wanted"):
            getattr(desk, name).connect(getattr(self, name))
        desk.open_canvas.connect(self.open_canvas)
        canvas.save_wanted.connect(self._saved)
        canvas.replaced_wanted.connect(self._replace)
        canvas.undo_replaced_wanted.connect(self._undo_replaced)
        canvas.left.connect(self._left)
        canvas.neighbour_wanted.connect(lambda shot: self.open_canvas(shot, ""))
        canvas.editor_wanted.connect(self._open_in_editor)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # pyright: ignore[reportArgumentType]  # Qt hands over its own event
        self._show_script()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        area = self.canvas.area
        (area if self.is_drawing and area is not None else self.desk).setFocus(event.reason())

    def _show_script(self) -> None:
        if self._script is not None:
            self.desk.set_script(self._script)

    def _saved(self, saved: Saved) -> None:
        """The drawing is in its file; once the person leaves, the panel shows it."""
        self._last = saved
        if not saved.done or self._variant is not None or self._person is None:
            return
        params = protocol.SaveCanvasParams(
            shot=saved.shot, file=str(saved.file), done=True, person=self._person
        )
        self._keeping += 1
        call = self._client.call(protocol.SAVE_CANVAS, params, owner=self)
        call.on_done(self._kept).on_error(self._not_kept)

    def _kept(self, told: protocol.PanelChanged) -> None:
        self._keeping -= 1
        self.desk.book.take_panel(told)

    def _not_kept(self, error: StudioError) -> None:
        self._keeping -= 1
        self.error.emit(error)

    def _replace(self, permille: int) -> None:
        job = self.canvas.job
        if job is None or self._person is None:
            return
        if self._variant is not None:
            self.canvas.refused(
                Unavailable(
                    "This frame is still undecided; only an accepted one can be replaced.",
                    remedy="Go back to the Board and accept it, edited or as it is.",
                )
            )
            return
        file = str(job.file) if job.file.exists() else None
        params = protocol.ReplacePanelParams(
            shot=job.shot, file=file, human_permille=permille, person=self._person
        )
        call = self._client.call(protocol.REPLACE_PANEL, params, owner=self)
        call.on_done(self._was_replaced).on_error(self.canvas.refused)

    def _was_replaced(self, told: protocol.PanelChanged) -> None:
        self._replaced = told.entry
        self.desk.book.take_panel(told)
        self.canvas.replaced()

    def _undo_replaced(self) -> None:
        if self._replaced is None or self._person is None:
            return
        params = protocol.UndoPictureParams(entry=self._replaced, person=self._person)
        call = self._client.call(protocol.UNDO_PICTURE, params, owner=self)
        call.on_done(self._was_unreplaced).on_error(self.canvas.refused)

    def _was_unreplaced(self, told: protocol.PanelChanged) -> None:
        self._replaced = None
        self.desk.book.take_panel(told)
        self.canvas.unreplaced()

    def _left(self) -> None:
        variant, job = self._variant, self.canvas.job
        self._variant = None
        self.setCurrentWidget(self.desk)
        self.desk.setFocus()
        # What was drawn here before, and left undecided then, is asked about too.
        if variant is None or job is None or not job.file.exists() or not _has_ink(self.canvas.document):
            return
        sheet = EditedFrameSheet(self._theme, self.window(), variant)
        sheet.accepted.connect(lambda: self.desk.book.decide(variant, State.EDITED, canvas=str(job.file)))
        # After the click that left: it belongs to the canvas.
        QTimer.singleShot(0, sheet, sheet.open)

    def _open_in_editor(self, form: str) -> None:
        job = self.canvas.job
        if job is None or self._person is None:
            return
        params = protocol.OpenInEditorParams(
            shot=job.shot, format="psd" if form == "psd" else "ora", person=self._person
        )
        saving = self._last
        if saving is not None and self._variant is None:
            # What was drawn here goes along.
            keep = protocol.SaveCanvasParams(
                shot=job.shot, file=str(saving.file), done=True, person=self._person
            )
            self._client.call(protocol.SAVE_CANVAS, keep, owner=self).on_done(
                self.desk.book.take_panel
            ).on_error(self.canvas.refused)
        call = self._client.call(protocol.OPEN_IN_EDITOR, params, owner=self)
        call.on_done(self._in_editor).on_error(self.canvas.refused)

    def _in_editor(self, told: protocol.OpenedInEditor) -> None:
        self.tell_opened(told.program, told.file)
        self.canvas.leave()

    def _exported(self, done: protocol.Exported) -> None:
        for file in done.files:
            self.notice.emit(f"Exported {Path(file.path).name}, entry {file.entry}.")

    # internals

    def _job_of(self, folder: Path, shot: Shot, variant: Variant | None, person: Person) -> CanvasJob:
        book, panel = self.desk.book, shot.panel
        under = variant.picture if variant else panel.picture if panel.state == "temp" else None
        name = f"variant-{variant.candidate}" if variant else f"canvas-{shot.id}"
        file = folder / "recovery" / f"{name}.ora"
        kept: Path | None = file if file.exists() else None
        if kept is None and variant is None and panel.canvas is not None:
            kept = folder / "media" / panel.canvas[:2] / f"{panel.canvas}.ora"
        own: Canvas | Path | None = kept
        size = under or panel.picture
        width, height = (size.width, size.height) if size else self._paper()
        if own is None and panel.state == "drawn" and panel.picture is not None and variant is None:
            own = _of_picture(self._file(panel.picture), width, height)
        made_by = variant.made_by if variant else panel.made_by
        entry = f", entry {panel.entry:,}" if panel.entry and not variant else ""
        return CanvasJob(
            shot=shot.id,
            number=shot.number,
            person=person,
            file=file,
            title=shot.title,
            size=shot.size.value,
            lens=f"{shot.lens_mm}mm",
            width=width,
            height=height,
            canvas=own,
            underlay=self._file(under) if under else None,
            previs=(variant.source if variant else panel.source) is SourceType.PROCEDURAL,
            temp=under.sha256 if under else None,
            drawn_by=panel.by if panel.state == "drawn" else "",
            made_by=f"{made_by}{entry}" if made_by else "",
            read_only=book.read_only,
            neighbours=self._neighbours(shot),
        )

    def _neighbours(self, shot: Shot) -> tuple[Neighbour, ...]:
        book = self.desk.book
        place = book.board.place(shot.id)
        near = book.shots[max(0, place - _BESIDE) : place + _BESIDE + 1]
        return tuple(
            Neighbour(
                shot=one.id,
                number=one.number,
                duration_ms=one.duration_ms,
                picture=self._file(one.panel.shown) if one.panel.shown else None,
                state=one.panel.state,
            )
            for one in near
        )

    def _file(self, media: Media) -> Path | None:
        return self.desk.book.media_file(media)

    def _paper(self) -> tuple[int, int]:
        across, _, down = self._aspect.partition(":")
        return _PAPER_PX, 2 * round(_PAPER_PX * float(down) / float(across) / 2)


def _has_ink(document: CanvasDocument | None) -> bool:
    """Whether a person drew anything but notes."""
    return document is not None and any(
        document.tiles(face.id).keys() for face in document.faces if face.kind not in ("temp", "notes")
    )


def _of_picture(file: Path | None, width: int, height: int) -> Canvas | None:
    """A drawing over a picture of a person's own, which has no layers yet."""
    if file is None:
        return None
    from studio_assist.domain.canvas import Layer

    picture = Layer(id="picture", kind="other", name="Picture", png=read_bytes(file))
    ink = Layer(id="ink", kind="ink", name="Human ink")
    return Canvas(width=width, height=height, layers=(picture, ink))


def _load(file: Path) -> Canvas:
    return openraster.read(read_bytes(file), file.name)


def _save(canvas: Canvas, file: Path) -> None:
    write_atomic(file, openraster.write(canvas))
