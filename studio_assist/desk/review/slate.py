"""A studio's slate: several projects together, read-only, each with its own record."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QSettings, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.kit import Button, ElidedLabel, Label, Panel
from studio_assist.desk.record.work import Work
from studio_assist.desk.review.slate_model import Line, SlateModel
from studio_assist.desk.review.slate_table import SlateTable
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import BadInput, StudioError
from studio_assist.domain.review import Filter, Totals
from studio_assist.ledger.review import ReviewIndex
from studio_assist.protocol import LedgerState, ProjectState, ReviewState, SlateProject

_KEY: Final = "review/slate"
_HEAD_PX: Final = 44


class Slate(Panel):
    """The projects that are compared. It stands in place of the tiles while it is on.

    Signals:
        shown_changed: it was turned on or off.
        current_changed: another project's rows are wanted.
        error: a `StudioError`.
    """

    shown_changed = Signal()
    current_changed = Signal()
    error = Signal(object)

    def __init__(
        self, theme: Theme, client: BrokerClient, layout: QSettings, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, "surface1", "b", parent)
        self._client: Final = client
        self._layout: Final = layout
        self._own: ProjectState | None = None
        self._projects: Final[dict[str, SlateProject]] = {}
        self._recent: list[tuple[str, str]] = []
        self._current: str | None = None
        self._looked = False
        self._on = False
        self.setObjectName("slate")
        self.setAccessibleName("Slate")
        self.setMinimumWidth(300)
        self.model: Final = SlateModel(self)
        self.table: Final = SlateTable(theme, self.model)
        self._said: Final = ElidedLabel(theme, "", "caption", "text3")
        self._said.setObjectName("slate_said")
        self.add: Final = Button(theme, "Add a project", icon="plus", height_px=28, chevron=True, role="body")
        self.add.setObjectName("slate_add")
        self.drop: Final = Button(theme, "Take off the slate", icon="cross", height_px=28, role="body")
        self.drop.setObjectName("slate_remove")
        self.alone: Final = Button(theme, "This project alone", height_px=28, role="body")
        self.alone.setObjectName("slate_off")
        head = QHBoxLayout()
        head.setContentsMargins(14, 0, 12, 0)
        head.setSpacing(8)
        head.addWidget(Label(theme, "Slate", "strong"))
        head.addWidget(self._said, 1)
        for button in (self.add, self.drop, self.alone):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 1)
        column.setSpacing(0)
        strip = QWidget()
        strip.setFixedHeight(_HEAD_PX)
        strip.setLayout(head)
        column.addWidget(strip)
        column.addWidget(self.table)
        self.add.clicked.connect(self.open_menu)
        self.drop.clicked.connect(self._drop_current)
        self.alone.clicked.connect(lambda: self.turn(False))
        self.table.chosen.connect(self._choose)
        self.table.remove_wanted.connect(self._drop_current)
        self.table.menu_wanted.connect(self._open_line_menu)
        self.hide()

    # properties

    @property
    def is_on(self) -> bool:
        """Whether several projects are looked at."""
        return self._on

    @property
    def current(self) -> SlateProject | None:
        """The other project whose rows are shown; None while it is this one."""
        return self._projects.get(self._current) if self._on and self._current is not None else None

    # methods

    def turn(self, on: bool) -> None:
        """Look at several projects, or at this one alone."""
        if on == self._on:
            return
        self._on = on
        self.setVisible(on)
        if on and not self._looked:
            self._looked = True
            for path in self._remembered():
                self._look_at(path)
        self._current = None
        if on and self._own is not None:
            self.table.choose(self._own.path)
            own = self.model.line_at(0)
            if own is not None and own.review is not None:
                self._sum_up(own.path, own.review)
        self._show()
        self.shown_changed.emit()

    def rejoin(self) -> None:
        """The broker was started again: what it had of other projects went with it."""
        self.choose_own()
        paths = list(self._projects)
        self._projects.clear()
        for path in paths:
            self._look_at(path)

    def choose_own(self) -> None:
        """Show this project's rows again."""
        if self._own is not None and self._current is not None:
            self.table.choose(self._own.path)

    def set_own(self, state: ProjectState | None) -> None:
        """The project that is open; None for none."""
        for path in self._projects:
            self._leave(path)
        self._projects.clear()
        self._own, self._looked, self._current = state, False, None
        lines = [] if state is None else [Line(state.path, state.title, own=True, policy=state.policy)]
        self.model.set_lines(lines)
        if self._on:
            self.turn(False)
        self._show()

    def set_ledger(self, ledger: LedgerState | None) -> None:
        """What is known of this project's record."""
        self._change_own(ledger=ledger)

    def set_debt(self, lines: int, boards: int) -> None:
        """How much temp material this project holds."""
        self._change_own(debt=(lines, boards))

    def set_clearance(self, told: bool, open_requests: int) -> None:
        """Whether this project's contact was told, and how many requests are open."""
        self._change_own(told=told, open=open_requests)

    def set_recent(self, projects: list[tuple[str, str]]) -> None:
        """Projects that were open lately: (path, title)."""
        self._recent = projects

    def show_own(self, state: ReviewState) -> None:
        """Where this project's index stands."""
        self._change_own(review=state)
        if self._own is not None and self._on:
            self._sum_up(self._own.path, state)

    def take(self, state: ReviewState) -> None:
        """Where the index of another project stands."""
        for path, project in self._projects.items():
            if project.review.ledger == state.ledger:
                self._projects[path] = project.model_copy(update={"review": state})
                self.model.change(path, review=state)
                self._sum_up(path, state)
                if path == self._current:
                    self.current_changed.emit()
                return

    def add_folder(self, folder: Path) -> None:
        """Look at another project."""
        path = str(folder)
        if not (folder / "ledger.sqlite").is_file():
            self.error.emit(
                BadInput("That folder is no project.", remedy="Choose a folder with a ledger.", place=path)
            )
        elif self.model.row_of(path) is None:
            self._look_at(path)
            self._remember()

    def open_menu(self) -> QMenu:
        """What can be added: projects that were open lately, or another folder."""
        menu = QMenu(self)
        menu.setAccessibleName("Add a project to the slate")
        for path, title in self._recent:
            if self.model.row_of(path) is None:
                menu.addAction(title or Path(path).stem).triggered.connect(
                    lambda _checked=False, path=path: self.add_folder(Path(path))
                )
        if not menu.isEmpty():
            menu.addSeparator()
        menu.addAction("Another folder…").triggered.connect(self._ask_folder)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.add.mapToGlobal(QPoint(0, self.add.height() + 4)))
        return menu

    # slots

    def _choose(self, path: str) -> None:
        chosen = None if self._own is not None and path == self._own.path else path
        if chosen is not None and chosen not in self._projects:
            # It cannot be looked at, or not yet: what is shown stays.
            self._show()
            return
        if chosen != self._current:
            self._current = chosen
            self._show()
            self.current_changed.emit()

    def _drop_current(self) -> None:
        line = self.model.line_at(self.table.currentIndex().row())
        if line is None or line.own:
            return
        if self._projects.pop(line.path, None) is not None:
            self._leave(line.path)
        self.model.remove(line.path)
        self._remember()
        if self._own is not None:
            self.table.choose(self._own.path)
        self._show()

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.window(), "Add a project to the slate")
        if chosen:
            self.add_folder(Path(chosen))

    def _open_line_menu(self, at: QPoint) -> None:
        line = self.model.line_at(self.table.currentIndex().row())
        menu = QMenu(self)
        action = menu.addAction("Take off the slate\tDel")
        action.setEnabled(line is not None and not line.own)
        action.triggered.connect(self._drop_current)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _looked_at(self, path: str, project: SlateProject) -> None:
        if self.model.row_of(path) is None:
            # It was taken off meanwhile.
            self._leave(path)
            return
        self._projects[path] = project
        self.model.put(
            Line(
                path,
                project.title,
                policy=project.policy,
                review=project.review,
                ledger=project.ledger_state,
                debt=(project.temp_lines, project.temp_boards),
                told=project.contact_told,
                open=project.open_clearances,
            )
        )
        self._sum_up(path, project.review)
        self._show()

    def _not_looked_at(self, path: str, error: StudioError) -> None:
        self.model.change(path, trouble=f"{error.message} {error.remedy}".strip())
        self._show()

    # internals

    def _look_at(self, path: str) -> None:
        self.model.put(Line(path, Path(path).stem))
        call = self._client.call(protocol.LOOK_AT_SLATE, protocol.SlateParams(path=path), owner=self)
        call.on_done(partial(self._looked_at, path)).on_error(partial(self._not_looked_at, path))
        if self._own is not None and self._current is None:
            self.table.choose(self._own.path)
        self._show()

    def _leave(self, path: str) -> None:
        call = self._client.call(protocol.LEAVE_SLATE, protocol.SlateParams(path=path), owner=self)
        call.on_error(self.error.emit)

    def _sum_up(self, path: str, state: ReviewState) -> None:
        if state.state in ("ready", "building") and state.index:
            read = partial(_totals, Path(state.index))
            Work(read, self, partial(self._summed, path), lambda _error: None).start()

    def _summed(self, path: str, totals: Totals | None) -> None:
        if totals is not None:
            self.model.change(path, totals=totals)

    def _change_own(self, **what: object) -> None:
        if self._own is not None:
            self.model.change(self._own.path, **what)

    def _show(self) -> None:
        count = len(self.model.lines)
        self._said.set_text(f"{count:,} project{'' if count == 1 else 's'}, the others are only read")
        line = self.model.line_at(self.table.currentIndex().row())
        self.drop.setEnabled(line is not None and not line.own)

    def _kept(self) -> list[str]:
        """The kept folders; none where there are none, or where they are not what we wrote."""
        kept = self._layout.value(_KEY)
        try:
            paths = json.loads(kept) if isinstance(kept, str) else []
        except ValueError:
            return []
        return [path for path in paths if isinstance(path, str)] if isinstance(paths, list) else []

    def _remembered(self) -> list[str]:
        return [path for path in self._kept() if self._own is None or path != self._own.path]

    def _remember(self) -> None:
        others = [line.path for line in self.model.lines if not line.own]
        # This project stays on the slate of the others, where it was put on it there.
        own = [path for path in self._kept() if self._own is not None and path == self._own.path]
        self._layout.setValue(_KEY, json.dumps([*others, *own]))


def _totals(index: Path) -> Totals:
    reader = ReviewIndex(index)
    try:
        return reader.totals(Filter())
    finally:
        reader.close()
