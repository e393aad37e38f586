"""The menu behind the top bar's menu button, built from the registry of commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from studio_assist.desk.shell.commands import Commands
from studio_assist.desk.theme import Theme
from studio_assist.desk.theme.icons import blank_icon

#: Menu title to command ids in order; "-" is a line, "recent" the list of recent projects. A command that is
#: not registered is left out, so the menu never holds an entry that does nothing.
MENUS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        "File",
        (
            "file.new",
            "file.open",
            "file.sample",
            "recent",
            "-",
            "file.import",
            "file.save",
            "file.export",
            "-",
            "file.close",
            "app.quit",
        ),
    ),
    (
        "Edit",
        (
            "edit.undo",
            "edit.redo",
            "-",
            "edit.cut",
            "edit.copy",
            "edit.paste",
            "edit.select_all",
            "-",
            "edit.find",
            "edit.replace",
        ),
    ),
    (
        "View",
        (
            "view.dark",
            "view.light",
            "view.system",
            "-",
            "view.zoom_in",
            "view.zoom_out",
            "view.zoom_reset",
            "-",
            "desk.write",
            "desk.board",
            "desk.clear",
            "desk.review",
        ),
    ),
    (
        "Tools",
        (
            "write.ask",
            "write.cards",
            "temp.next",
            "write.rewrite",
            "-",
            "ledger.state",
            "ledger.check",
            "ledger.sent",
            "ledger.differs",
            "ledger.witness",
            "ledger.pack",
            "ledger.forget",
            "report.make",
            "clear.contact",
            "marks.where_from",
            "-",
            "names.show",
            "policy.show",
            "-",
            "models.show",
            "models.add_host",
            "models.keys",
            "models.attest",
            "-",
            "people.show",
            "people.profiles",
            "people.lock",
            "people.join",
            "person.change",
        ),
    ),
    ("Help", ("help.keys", "help.about")),
)

#: The short menu of the project switcher.
PROJECT_MENU: Final = (
    "recent",
    "-",
    "file.new",
    "file.open",
    "file.sample",
    "file.import",
    "-",
    "file.close",
)


@dataclass(frozen=True, slots=True)
class Recent:
    """A project that was open lately; `when` and `detail` are words as shown ("Today", "Draft 4")."""

    path: Path
    title: str
    detail: str = ""
    when: str = ""


class Menus(QObject):
    """Fills menus as they open, so that they always show what is registered and enabled now."""

    recent_chosen = Signal(object)

    def __init__(self, theme: Theme, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._commands: Final = commands
        self._recent: tuple[Recent, ...] = ()
        self.main: Final = QMenu(parent)
        self.main.setAccessibleName("Menu")
        self.project: Final = QMenu(parent)
        self.project.setAccessibleName("Project")
        self.main.aboutToShow.connect(self._fill_main)
        self.project.aboutToShow.connect(self._fill_project)

    # methods

    def set_recent(self, recent: Sequence[Recent]) -> None:
        """The projects to offer, latest first."""
        self._recent = tuple(recent)

    # slots

    def _fill_main(self) -> None:
        self.main.clear()
        for title, names in MENUS:
            menu = QMenu(title, self.main)
            self._fill(menu, names)
            if not menu.isEmpty():
                self.main.addMenu(menu)

    def _fill_project(self) -> None:
        self.project.clear()
        self._fill(self.project, PROJECT_MENU, flat_recent=True)

    # internals

    def _fill(self, menu: QMenu, names: Sequence[str], *, flat_recent: bool = False) -> None:
        line = False
        for name in names:
            if name == "-":
                line = not menu.isEmpty()
                continue
            action = self._commands.action(name)
            if action is None and not (name == "recent" and self._recent):
                continue
            if line:
                menu.addSeparator()
                line = False
            if action is None:
                self._add_recent(menu if flat_recent else menu.addMenu("Open recent"))
                continue
            command = self._commands.get(name)
            if command is not None and command.checked is not None:
                on = command.checked()
                action.setIcon(self._theme.icon("check", "text2", 14) if on else blank_icon(14))
            menu.addAction(action)

    def _add_recent(self, menu: QMenu) -> None:
        for one in self._recent:
            # A single ampersand in a title would be taken for a mnemonic.
            action = menu.addAction(one.title.replace("&", "&&"))
            action.setToolTip(str(one.path))
            action.triggered.connect(lambda _checked=False, path=one.path: self.recent_chosen.emit(path))
