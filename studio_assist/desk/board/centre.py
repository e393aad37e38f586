"""The middle of the Board desk: tool bar, and under it the grid, the list, or why neither shows a thing."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.empty_board import EmptyBoard
from studio_assist.desk.board.filters import Filter, Kind
from studio_assist.desk.board.grid import PanelGrid
from studio_assist.desk.board.grid_model import ShotsModel
from studio_assist.desk.board.list_view import ShotTable
from studio_assist.desk.board.toolbar import BoardToolbar, View
from studio_assist.desk.kit import Panel
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import ShotId

_VIEW_KEY: Final = "board/view"
_KINDS: Final[dict[str, Kind]] = {"all": "all", "open": "open", "temp": "temp", "human": "human"}


class Centre(Panel):
    """What is shown, and how."""

    def __init__(
        self, theme: Theme, book: BoardBook, layout: QSettings, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, "win", parent=parent)
        self._book: Final = book
        self._layout: Final = layout
        self._why_not = ""
        self._script = False
        #: The current shot before a filter hid it, and the one that is current in its place.
        self._kept: ShotId | None = None
        self._stand_in: ShotId | None = None
        self.setObjectName("board_centre")
        self.setAccessibleName("Panels")
        self.setMinimumWidth(260)
        self.shown: Final = ShotsModel(book, self)
        self.toolbar: Final = BoardToolbar(theme, book)
        self.grid: Final = PanelGrid(theme, book, self.shown, layout)
        self.table: Final = ShotTable(theme, book, self.shown)
        self.empty: Final = EmptyBoard(theme)
        self._stack: Final = QStackedLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addLayout(self._stack, 1)
        # Only now: a stack that stands in nothing shows its first view as a window of its own.
        for view in (self.grid, self.table, self.empty):
            self._stack.addWidget(view)
        self._view: View = "list" if layout.value(_VIEW_KEY) == "list" else "grid"
        self.toolbar.set_view(self._view)
        # Events come in bursts; the title is put together once for each.
        self._soon: Final = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.refresh)
        self.toolbar.kind_chosen.connect(self.show_kind)
        self.toolbar.view_chosen.connect(self.show_view)
        self.empty.all_wanted.connect(self.show_all)
        for signal in (book.reset, book.order_changed, book.changed, book.loaded, self.shown.shown_changed):
            signal.connect(self._later)
        self.refresh()

    # properties

    @property
    def view(self) -> View:
        return self._view

    @property
    def view_widget(self) -> QWidget:
        """What is in the middle just now."""
        return self._stack.currentWidget() or self.grid

    # methods

    def show_view(self, view: str) -> None:
        """Grid or list; it is remembered."""
        self._view = "list" if view == "list" else "grid"
        self._layout.setValue(_VIEW_KEY, self._view)
        self.toolbar.set_view(self._view)
        held = self.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        self.refresh()
        if held:
            self.view_widget.setFocus()

    def show_kind(self, kind: str) -> None:
        """Only shots of a kind."""
        self._let_through(replace(self.shown.filter, kind=_KINDS[kind]))
        self.toolbar.set_kind(_KINDS[kind])

    def show_words(self, words: str) -> None:
        """Only shots that hold these words."""
        self._let_through(replace(self.shown.filter, words=words.strip().casefold()))

    def show_scene(self, scene: str | None) -> None:
        """Only the shots of a scene, or of all."""
        self._let_through(replace(self.shown.filter, scene=scene))

    def show_all(self) -> None:
        """Let everything through."""
        self.toolbar.set_kind("all")
        self._let_through(Filter(words=self.shown.filter.words))

    def go_to_scene(self, scene: str) -> None:
        """Bring a scene's first panel into sight, without choosing it."""
        book = self._book
        first = next((one for one in self.shown.shown if book.shot(one).scene == scene), None)
        if first is not None:
            self.grid.show_shot(first)
            self.table.scrollTo(self.shown.place_of(first), self.table.ScrollHint.PositionAtTop)

    def reveal(self, shot: ShotId) -> None:
        """Bring a panel into sight; filters that hide it let go."""
        if self.shown.spot_of(shot) is None:
            self.show_all()
        place = self.shown.place_of(shot)
        if place.isValid():
            self.grid.scrollTo(place)
            self.table.scrollTo(place)

    def set_may(self, *, script: bool, why_not: str) -> None:
        """Whether there is a script to propose from, and why nothing can be changed."""
        self._script, self._why_not = script, why_not
        self.refresh()

    # events

    def focusInEvent(self, event: QFocusEvent) -> None:
        # With a focus proxy, Tab would take this for a stop of its own and go past the chips.
        super().focusInEvent(event)
        view = self.empty.first if self.view_widget is self.empty else self.view_widget
        view.setFocus(event.reason())

    # slots

    def refresh(self) -> None:
        """Show what there is."""
        book = self._book
        if self.shown.shown:
            self._stack.setCurrentWidget(self.table if self._view == "list" else self.grid)
        else:
            if book.total and not book.loading:
                self.empty.show_filtered()
            elif book.loading:
                self.empty.show_loading()
            else:
                self.empty.show_empty(script=self._script, why_not=self._why_not)
            self._stack.setCurrentWidget(self.empty)
        self._say()

    def _later(self) -> None:
        self._soon.start()

    # internals

    def _let_through(self, wanted: Filter) -> None:
        """Filter otherwise. A current shot that this hides is current again once it is let through."""
        book = self._book
        if book.current is not None and book.current != self._stand_in:
            self._kept = book.current
        self.shown.set_filter(wanted)
        kept = self._kept
        if kept is None or self.shown.spot_of(kept) is None:
            self._stand_in = book.current
            return
        self._stand_in = None
        if book.current != kept:
            book.set_selection((kept,), kept)

    def _say(self) -> None:
        book, shown = self._book, self.shown.shown
        if not shown:
            self.toolbar.show_what("", 0, 0)
            return
        if self.shown.filter.on:
            shots = [book.shot(one) for one in shown]
            duration = sum(shot.duration_ms for shot in shots)
            scenes = list(dict.fromkeys(shot.scene for shot in shots))
        else:
            duration, scenes = book.tally.all.duration_ms, [book.shots[0].scene, book.shots[-1].scene]
        title = f"Scenes {scenes[0]} to {scenes[-1]}" if scenes[0] != scenes[-1] else f"Scene {scenes[0]}"
        self.toolbar.show_what(title, len(shown), duration)
