"""The draw-over canvas: tools, page, neighbours, meter, layers and pen, over one panel's drawing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.canvas import notes
from studio_assist.desk.canvas.area import DrawArea
from studio_assist.desk.canvas.document import CanvasDocument
from studio_assist.desk.canvas.drawing import Drawing
from studio_assist.desk.canvas.job import CanvasJob, Load, Save, Saved
from studio_assist.desk.canvas.keys import act_of
from studio_assist.desk.canvas.loading import Opened, opened
from studio_assist.desk.canvas.measuring import Measured
from studio_assist.desk.canvas.rail import ToolRail
from studio_assist.desk.canvas.saver import CanvasSaver
from studio_assist.desk.canvas.sheets import LeaveSheet, ReplaceSheet
from studio_assist.desk.canvas.side import SidePanel
from studio_assist.desk.canvas.strip import NeighbourStrip
from studio_assist.desk.canvas.toolbar import CanvasBar
from studio_assist.desk.canvas.tools import Tools
from studio_assist.desk.kit import Panel
from studio_assist.desk.record.work import Work
from studio_assist.desk.shell.notices import Notices
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError


class CanvasView(QWidget):
    """Everything of the canvas that is not a widget of its own: what goes from one to the others.

    Signals:
        opened: the job's drawing is on the page.
        save_wanted: a `Saved`: the file holds the drawing as it stands; `done` where the person leaves.
        replaced_wanted: the share in thousandths; the file was saved before. Answer with `replaced`.
        undo_replaced_wanted: the replacement is to be taken back. Answer with `unreplaced`.
        left: the person goes back to the Board; everything is saved.
        neighbour_wanted: a shot's id; everything is saved.
        editor_wanted: "ora" or "psd"; everything is saved.
        state_changed: a `SaveState`, for the dot in the status bar.
        failed: the `StudioError` of a save; it is shown here too, and tried again.
    """

    opened = Signal()
    save_wanted = Signal(object)
    replaced_wanted = Signal(int)
    undo_replaced_wanted = Signal()
    left = Signal()
    neighbour_wanted = Signal(str)
    editor_wanted = Signal(str)
    state_changed = Signal(str)
    failed = Signal(object)

    def __init__(self, theme: Theme, load: Load, save: Save, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._load: Final = load
        self._save: Final = save
        self._job: CanvasJob | None = None
        self._then: Callable[[], object] | None = None
        self._then_done = False
        self._last: Saved | None = None
        self._permille: int | None = None
        self._signing = False
        self._replaced = False
        self._drawing: Drawing | None = None

        self.rail: Final = ToolRail(theme)
        self.bar: Final = CanvasBar(theme)
        self.notices: Final = Notices(theme, self)
        self.host: Final = Panel(theme, "win")
        self.strip: Final = NeighbourStrip(theme)
        self.side: Final = SidePanel(theme)
        self.tools: Final = Tools(theme, self.rail, self.bar, self.side, self)
        self._page: Final = QVBoxLayout(self.host)
        self._page.setContentsMargins(0, 0, 0, 0)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.bar)
        middle.addWidget(self.notices.strip)
        middle.addWidget(self.host, 1)
        middle.addWidget(self.strip)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(middle, 1)
        row.addWidget(self.side)
        self._connect()

    # properties

    @property
    def regions(self) -> list[QWidget]:
        """What F6 walks, left to right."""
        return [self.rail, self.bar, self.host, self.strip, self.side]

    @property
    def document(self) -> CanvasDocument | None:
        return self._drawing.document if self._drawing else None

    @property
    def area(self) -> DrawArea | None:
        return self._drawing.area if self._drawing else None

    @property
    def saver(self) -> CanvasSaver | None:
        return self._drawing.saver if self._drawing else None

    @property
    def job(self) -> CanvasJob | None:
        return self._job

    @property
    def dirty(self) -> bool:
        """Whether there are strokes that no file holds."""
        return self.saver is not None and self.saver.dirty

    @property
    def human_permille(self) -> int | None:
        """The share that the meter shows; None before it is known."""
        return self._permille

    # methods

    def open(self, job: CanvasJob) -> None:
        """Open a panel's drawing. What was open is kept first."""
        self.flush()
        self._close()
        self._job = job
        self._then = self._last = self._permille = None
        self._signing = self._replaced = False
        for notice in self.notices.ids:
            self.notices.dismiss(notice)
        self.bar.show_job(job, job.width, job.height)
        self.strip.show_neighbours(self._theme, job.neighbours, job.shot)
        self.side.show_job(job)

        def done(found: Opened | None) -> None:
            if found is not None and self._job is job:
                self._show(job, found)

        Work(lambda: opened(job, self._load), self, done, lambda _error: None).start()

    def leave(self) -> None:
        """Back to the Board, once everything is saved."""
        self._once_saved(self.left.emit, done=True)

    def flush(self) -> StudioError | None:
        """Keep everything before this returns, a stroke under way too, for a window that closes.

        Returns:
            why it could not be kept, or None.
        """
        if self.area is None or self.saver is None:
            return None
        self.area.hand.finish()
        return self.saver.flush()

    def replaced(self) -> None:
        """The record says that the panel was replaced by a person: the underlay leaves."""
        self._signing, self._replaced = False, True
        if self.document is not None:
            self.document.replaced()
        self._show_meter()
        self.notices.show(notes.replaced(self._job, self._undo_replaced))

    def unreplaced(self) -> None:
        """The record says that this was undone: the underlay and its band are back."""
        self._signing = self._replaced = False
        self.notices.dismiss("replaced")
        if self.document is not None:
            self.document.unreplaced()
        self._show_meter()

    def refused(self, error: StudioError) -> None:
        """What was asked for (replace, undo, an editor) could not be done."""
        self._signing = False
        self.notices.show(notes.refused(error))
        self._show_meter()

    def editor_opened(self, editor: str) -> None:
        """The other program has the drawing; what it saves comes with another `open`."""
        self.notices.show(notes.editor_opened(editor))

    def editor_closed(self, editor: str) -> None:
        """The other program was closed and had saved nothing."""
        self.notices.show(notes.editor_closed(editor))

    # slots

    def _show(self, job: CanvasJob, found: Opened) -> None:
        """The drawing was read."""
        drawing = Drawing(self._theme, job, found, self._save, self)
        self._drawing = drawing
        document, area, saver = drawing.document, drawing.area, drawing.saver
        self._page.addWidget(area)
        # It has its size before anybody draws on it.
        self._page.activate()
        area.show()
        document.layers_changed.connect(lambda: self.notices.dismiss("refused"))
        document.refused.connect(lambda why: self.notices.show(notes.cannot_draw(why)))
        document.unsigned.connect(self._undo_replaced)
        saver.state_changed.connect(self.bar.show_state)
        saver.state_changed.connect(self.state_changed)
        saver.saved.connect(self._saved)
        saver.failed.connect(self._save_failed)
        drawing.measurer.measured.connect(self._measured)
        self.side.show_document(document)
        self.bar.show_job(job, found.size.width(), found.size.height())
        self.bar.show_state("saved")
        self.tools.take(drawing)
        self._show_meter()
        drawing.measurer.measure()
        self._tell_of(job, found)
        area.setFocus(Qt.FocusReason.OtherFocusReason)
        self.opened.emit()

    def _saved(self, saved: Saved) -> None:
        self._last = saved
        self.notices.dismiss("save")
        self.save_wanted.emit(saved)
        told = saved.done or not self._then_done
        if self.saver is not None and not self.saver.dirty and told:
            then, self._then = self._then, None
            if then is not None:
                then()

    def _save_failed(self, error: StudioError) -> None:
        self.failed.emit(error)
        self.notices.show(notes.not_saved(error, self._try_again))
        then, self._then = self._then, None
        if then is None:
            return
        self._signing = False
        self._show_meter()
        sheet = LeaveSheet(self._theme, self.window(), error)
        sheet.again.connect(lambda: self._once_saved(then, done=True))
        sheet.anyway.connect(lambda: self._leave_anyway(then))
        sheet.open()

    def _measured(self, measured: Measured) -> None:
        self._permille = measured.permille
        self.side.layers.set_images(measured.layers)
        self.strip.set_here_image(measured.page, temp=bool(self.document and self.document.has_underlay))
        self._show_meter()

    def _show_meter(self) -> None:
        document, job = self.document, self._job
        if document is None or job is None:
            return
        card = self.side.meter
        if document.has_underlay:
            card.show_share(self._permille)
            card.set_ready("Waiting for the record…" if self._signing else document.read_only)
        elif self._replaced or job.drawn_by:
            card.show_drawn(job.person.name if self._replaced else job.drawn_by, undo=self._replaced)
            card.set_ready("Waiting for the record…" if self._signing else "")
        else:
            card.show_none()

    def _step(self, step: int) -> None:
        shot = self.strip.beside(step)
        if shot is not None:
            self._neighbour(shot)

    def _neighbour(self, shot: str) -> None:
        self._once_saved(lambda: self.neighbour_wanted.emit(shot), done=True)

    def _ask_replace(self) -> None:
        document, job = self.document, self._job
        if document is None or job is None or self._signing or document.read_only:
            return
        if not document.has_underlay:
            return
        sheet = ReplaceSheet(self._theme, self.window(), job, self._permille or 0)
        sheet.confirmed.connect(self._replace)
        sheet.open()

    def _replace(self) -> None:
        self._signing = True
        self._show_meter()
        self._once_saved(lambda: self.replaced_wanted.emit(self._permille or 0))

    def _undo_replaced(self) -> None:
        if self._replaced and not self._signing:
            self._signing = True
            self._show_meter()
            self.undo_replaced_wanted.emit()

    def _editor(self, form: str) -> None:
        self._once_saved(lambda: self.editor_wanted.emit(form))

    def _try_again(self) -> None:
        if self.saver is not None:
            self.saver.save()

    # events

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and act_of(event):
            # The canvas's own letters are not the window's while it has the focus.
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = act_of(event)
        if act:
            event.accept()
            if not event.isAutoRepeat() or act in ("undo", "redo", "smaller", "larger"):
                self.tools.do(act)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat() and self.area is not None:
            self.area.hold_space(False)
        else:
            super().keyReleaseEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.area is not None:
            self.area.hand.finish()
        if self.saver is not None and self.saver.dirty:
            self.saver.save()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.flush()
        super().closeEvent(event)

    # internals

    def _connect(self) -> None:
        self.bar.back.connect(self.leave)
        self.bar.editor_wanted.connect(self._editor)
        self.strip.wanted.connect(self._neighbour)
        self.side.meter.replace_wanted.connect(self._ask_replace)
        self.side.meter.undo_wanted.connect(self._undo_replaced)
        self.tools.step.connect(self._step)
        self.tools.replace.connect(self._ask_replace)
        self.tools.back.connect(self.leave)

    def _once_saved(self, then: Callable[[], object], *, done: bool = False) -> None:
        """Do something once the file holds everything; where it cannot, say why."""
        if self.area is None or self.saver is None:
            then()
            return
        self.area.hand.finish()
        if self.saver.dirty or self.saver.state == "saving":
            self._then, self._then_done = then, done
            self.saver.save(done=done)
            return
        if done and self._last is not None and not self._last.done:
            self._last = replace(self._last, done=True)
            self.save_wanted.emit(self._last)
        then()

    def _leave_anyway(self, then: Callable[[], object]) -> None:
        if self.saver is not None:
            self.saver.give_up()
        then()

    def _tell_of(self, job: CanvasJob, found: Opened) -> None:
        """What is to be known of the drawing that was opened."""
        if found.problem is not None:
            self.notices.show(
                notes.cannot_open(found.problem, lambda: self.open(replace(job, canvas=None)), self.leave)
            )
        elif job.read_only:
            self.notices.show(notes.read_only(job.read_only))
        for number, text in enumerate(found.notes):
            self.notices.show(notes.of_layer(text, number))

    def _close(self) -> None:
        if self._drawing is not None:
            self._page.removeWidget(self._drawing.area)
            self._drawing.close()
            self._drawing = None
