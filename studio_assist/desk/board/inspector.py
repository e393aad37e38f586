"""The right side of the Board desk: one shot, what is offered for it, and all that can be set on it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QVBoxLayout,
    QWidget,
)

from studio_assist import protocol
from studio_assist.desk.board.ask_panel import AskPanel
from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.form_parts import is_enter
from studio_assist.desk.board.frame_pictures import FramePictures
from studio_assist.desk.board.lightbox import Lightbox
from studio_assist.desk.board.over_area import OverArea
from studio_assist.desk.board.panel_card import PanelCard
from studio_assist.desk.board.panel_story import provenance_line
from studio_assist.desk.board.section import Section
from studio_assist.desk.board.shot_edges import STAGE_WORDS, ShotFoot, ShotHead
from studio_assist.desk.board.shot_fields import ShotFields
from studio_assist.desk.board.stage_editor import StageEditor
from studio_assist.desk.board.stage_hand import StageHand
from studio_assist.desk.board.stage_model import StageModel
from studio_assist.desk.board.stage_view import StageRenderer, warm
from studio_assist.desk.kit import Divider, Label, Panel
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import Shot, ShotId
from studio_assist.protocol import BoardAskParams


class Inspector(Panel):
    """One shot: its panel or a variant large, the decision, its fields, its stage, and asking for pictures.

    Signals:
        open_entry: the number of a ledger entry to be shown.
        clearance_wanted: a shot and the rule that blocked its request.
        go_to_script: a shot whose line the script is to show.
        tie_wanted: a shot that is to be tied to the line selected in the script.
        opened_elsewhere: the program that was started on the panel, and its file.
    """

    open_entry = Signal(int)
    clearance_wanted = Signal(str, str)
    go_to_script = Signal(str)
    tie_wanted = Signal(str)
    opened_elsewhere = Signal(str, str)

    def __init__(self, theme: Theme, book: BoardBook, parent: QWidget | None = None) -> None:
        super().__init__(theme, "surface1", "l", parent)
        self._book: Final = book
        self._shot: ShotId | None = None
        self._asked: dict[ShotId, BoardAskParams] = {}
        self._lightbox: Lightbox | None = None
        self._pictures: Final = FramePictures(self)
        self.setObjectName("inspector")
        self.setAccessibleName("Inspector")
        self.setMinimumWidth(200)
        self._model: Final = StageModel(book, self)
        self._renderer: Final = StageRenderer(self)
        self._hand: Final = StageHand(self._model)
        self._build(theme)
        self._connect(book)
        self._show(None)

    # properties

    @property
    def stage(self) -> StageModel:
        """The stage of the shot that is shown, while its section is open."""
        return self._model

    # methods

    def set_line_of(self, line_of: Callable[[int], int | None]) -> None:
        """How a place of the script, in code points, becomes a line counted from 1."""
        self.fields.line_of = line_of
        self.fields.refresh()

    def read_drawers(self) -> None:
        """Ask anew who draws: a host was found, a key was set, a policy was chosen."""
        self.ask_panel.read_drawers()

    def focus_first(self) -> None:
        """Go to the picture, where A, E and R decide."""
        self.card.preview.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_ask(self) -> None:
        """Open the ask section and go to it."""
        if self._shot is None:
            return
        self.ask_section.set_open(True)
        self._scroll_to(self.ask_section)
        self.ask_panel.focus()

    def open_large(self) -> None:
        """Show the picture as large as the window."""
        framed = self.card.preview.framed
        picture: Path | QImage | None = framed.path
        shot = self._current()
        if shot is None:
            return
        variant = self.card.variant
        line = provenance_line(shot.panel, variant)
        offered = framed.offered
        if self.stage_section.is_open:
            picture, line, offered = self._renderer.full, STAGE_WORDS, False
        if picture is None:
            return
        if self._lightbox is None or self._lightbox.parent() is not self.window():
            self._lightbox = Lightbox(self._theme, self._pictures, self.window())
        self._lightbox.open(picture, f"{shot.number} · {line}", offered=offered)

    def flush(self) -> None:
        """Make edits of what is typed or set and is none yet: before saving, leaving or closing."""
        self.fields.flush()
        self._model.end()

    def asked_for(self, shot: ShotId) -> BoardAskParams | None:
        """What was last asked for a shot in this window."""
        return self._asked.get(shot)

    # slots

    def _show(self, shot: str | None) -> None:
        """Show another shot; what was typed on the one before is kept first."""
        wanted = ShotId(shot) if shot else None
        if wanted is not None and wanted not in self._book.board:
            wanted = None
        if wanted != self._shot:
            self.flush()
        self._shot = wanted
        self._parts.setVisible(wanted is not None)
        self._nothing.setVisible(wanted is None)
        self.card.show_shot(wanted)
        self.fields.show_shot(wanted)
        self.ask_panel.show_shot(wanted)
        self._chosen()
        if self.stage_section.is_open:
            self._model.show_shot(wanted)
        self._show_head()
        self._order_tabs()

    def _changed(self, shots: list[str]) -> None:
        if self._shot in shots:
            self._refresh()

    def _ordered(self) -> None:
        if self._shot is not None and self._shot not in self._book.board:
            self._show(None)
        else:
            self._refresh()

    def _reset(self) -> None:
        # Another project: nothing of the one before may become an edit here.
        self._asked.clear()
        self.fields.forget()
        self._model.forget()
        self._shot = None
        self._show(self._book.current)
        if self._book.folder is not None:
            self.read_drawers()
            warm(self)

    def _decided(self, told: protocol.PanelChanged) -> None:
        self._changed([told.shot.shot.id])

    def _chosen(self) -> None:
        """Several shots are asked for at once."""
        chosen = self._book.selection
        several = chosen if len(chosen) > 1 and self._shot in chosen else ()
        self.ask_panel.set_several(several)
        self.ask_section.set_note(f"{len(several)} shots" if several else "")

    def _stage_opened(self, is_open: bool) -> None:
        preview = self.card.preview
        self.card.set_staging(is_open)
        self._show_head()
        # The plan stands under the frame that it moves, and goes back to its place below the fields.
        self._column.removeWidget(self.stage_section)
        at = 1 if is_open else self._column.indexOf(self.fields) + 1
        self._column.insertWidget(at, self.stage_section)
        self._order_tabs()
        preview.set_hand(self._hand if is_open else None)
        if is_open:
            self._model.show_shot(self._shot)
            self._renderer.show(self._model.staging)
            # The frame that is worked on comes into sight with its plan.
            self._scroll_to(self.card)
        else:
            self._model.end()
            self._renderer.stop()
            preview.show_stage(None)

    def _stage_moved(self, _rough: bool) -> None:
        if self.stage_section.is_open:
            self._renderer.show(self._model.staging)

    def _stage_drawn(self, image: QImage) -> None:
        if self.stage_section.is_open:
            self.card.preview.show_stage(image)

    def _ask_frame(self, count: int) -> None:
        if self._shot is not None and self._book.person is not None:
            self._put(BoardAskParams(shots=(self._shot,), count=count, person=self._book.person))

    def _retry(self) -> None:
        params = self._asked.get(self._shot) if self._shot is not None else None
        if params is not None:
            self._put(params)
        elif self.ask_panel.params is not None:
            self.ask_panel.ask()
        else:
            self.focus_ask()

    def _clear(self, rule: str) -> None:
        self.clearance_wanted.emit(self._shot or "", rule)

    def _dropped(self, file: Path) -> None:
        if self._shot is not None:
            self._book.put_picture(self._shot, file)

    def _open_elsewhere(self, kind: str, chooses: bool) -> None:
        """Hand the panel to another program; the broker watches the file."""
        if self._shot is None or self._book.person is None:
            return
        program = None
        if chooses:
            program, _kind = QFileDialog.getOpenFileName(self.window(), "Which program?")
            if not program:
                return
        params = protocol.OpenInEditorParams(
            shot=self._shot,
            format="psd" if kind == "psd" else "ora",
            program=program,
            person=self._book.person,
        )
        call = self._book.client.call(protocol.OPEN_IN_EDITOR, params, owner=self)
        call.on_done(lambda opened: self.opened_elsewhere.emit(opened.program, opened.file))
        call.on_error(self._book.failed.emit)

    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._parts.isAncestorOf(now):
            self._area.ensureWidgetVisible(now, 0, 12)

    # events

    def hideEvent(self, event: QHideEvent) -> None:
        # Another desk is shown, or the window is shut: nothing that was typed stays behind.
        self.flush()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.accept()
            if not event.isAutoRepeat():
                self.focus_ask()
        else:
            super().keyPressEvent(event)

    # internals: building

    def _build(self, theme: Theme) -> None:
        self.card = PanelCard(theme, self._book, self._pictures)
        self.fields = ShotFields(theme, self._book)
        self.stage_editor = StageEditor(theme, self._model)
        self.stage_section = Section(theme, "Stage", self.stage_editor)
        self.ask_panel = AskPanel(theme, self._book, self._pictures)
        self.ask_section = Section(theme, "Ask for pictures", self.ask_panel)
        self._parts = QWidget()
        self._column = parts = QVBoxLayout(self._parts)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(0)
        for part in (
            self.card,
            Divider(theme),
            self.fields,
            self.stage_section,
            self.ask_section,
            Divider(theme),
        ):
            parts.addWidget(part)
        parts.addStretch(1)
        self._nothing = Label(theme, "Choose a shot to see it here.", "body", "text3", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._parts)
        column.addWidget(self._nothing)
        self._area = OverArea()
        self._area.setWidget(inner)
        # Given to a scroll area, a widget gets a ground of its own.
        inner.setAutoFillBackground(False)
        self._head = ShotHead(theme)
        self._foot = ShotFoot(theme)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head)
        outer.addWidget(self._area, 1)
        outer.addWidget(self._foot)

    def _connect(self, book: BoardBook) -> None:
        card = self.card
        card.large_wanted.connect(self.open_large)
        card.ask_wanted.connect(self.focus_ask)
        card.retry_wanted.connect(self._retry)
        card.clearance_wanted.connect(self._clear)
        card.open_entry.connect(self.open_entry)
        card.editor_wanted.connect(self._open_elsewhere)
        card.shown.connect(self._show_head)
        card.sight_wanted.connect(lambda: self._scroll_to(card))
        card.chose.connect(lambda: self.stage_section.set_open(False))
        card.preview.dropped.connect(self._dropped)
        self.fields.go_to_script.connect(self.go_to_script)
        self.fields.tie_wanted.connect(self.tie_wanted)
        self.fields.rows_changed.connect(self._order_tabs)
        self.stage_section.opened.connect(self._stage_opened)
        self.stage_editor.ask_wanted.connect(self._ask_frame)
        self.ask_panel.asked.connect(self._remember)
        self._model.moved.connect(self._stage_moved)
        self._renderer.drawn.connect(self._stage_drawn)
        self._renderer.failed.connect(book.failed)
        book.current_changed.connect(self._show)
        book.changed.connect(self._changed)
        book.order_changed.connect(self._ordered)
        book.reset.connect(self._reset)
        book.decided.connect(self._decided)
        book.selection_changed.connect(self._chosen)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    # internals: showing

    def _current(self) -> Shot | None:
        return self._book.shot(self._shot) if self._shot is not None else None

    def _refresh(self) -> None:
        self.card.refresh()
        self.fields.refresh()
        self.ask_panel.refresh()
        if self.stage_section.is_open:
            self._model.refresh()
        self._show_head()

    def _show_head(self) -> None:
        shot, variant = self._current(), self.card.variant
        self._head.show_shot(shot, variant)
        self._foot.show_shot(shot, variant)
        if shot is not None and self.stage_section.is_open:
            self._head.tag.hide()
            self._foot.show_stage()

    def _order_tabs(self) -> None:
        stage = [self.stage_section.head, *self.stage_editor.tab_stops()]
        fields = self.fields.tab_stops()
        stops = [
            *self.card.tab_stops(),
            *((*stage, *fields) if self.stage_section.is_open else (*fields, *stage)),
            self.ask_section.head,
            *self.ask_panel.tab_stops(),
        ]
        for one, following in pairwise(stops):
            QWidget.setTabOrder(one, following)

    def _scroll_to(self, widget: QWidget) -> None:
        # What has just opened has no place yet.
        layout = self._parts.layout()
        if layout is not None:
            layout.activate()
        bar = self._area.verticalScrollBar()
        bar.setValue(widget.geometry().top() - 8)
        # What has just opened reaches further down than the bar knows until the area has been laid out.
        QTimer.singleShot(0, widget, lambda: bar.setValue(widget.geometry().top() - 8))

    # internals: asking

    def _put(self, params: BoardAskParams) -> None:
        self._remember(params)
        self._book.ask(params)

    def _remember(self, params: BoardAskParams) -> None:
        """What a *Retry* asks for again."""
        for shot in params.shots:
            self._asked[shot] = params
