"""Everything that can be done by name: one list behind the menu, the command box and the list of keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Command:
    """Something a person can do.

    Attributes:
        id: "group.verb", for instance "file.new".
        title: the words in menu and command box.
        handler: what it does; None where a widget handles the keys itself and the list only names them.
        shortcut: Qt's notation ("Ctrl+N"), or "" for none. For a command without handler these are the words
            of the keys, shown as they stand.
        desk: the desk it belongs to, "" for all.
        icon: name of an icon, or "".
        listed: False keeps it out of the command box (walking regions is pointless there).
        checked: for a choice, whether it is on; None where it is not a choice.
        needs_desk: True where it means nothing while no project is open.
    """

    id: str
    title: str
    handler: Callable[[], object] | None = None
    shortcut: str = ""
    desk: str = ""
    icon: str = ""
    listed: bool = True
    checked: Callable[[], bool] | None = None
    needs_desk: bool = False

    def fits(self, desk: str) -> bool:
        """Whether it has a meaning on a desk, "" for the start page."""
        return self.desk in ("", desk) and bool(desk or not self.needs_desk)


class Commands(QObject):
    """The registry of commands.

    A command with a handler has a QAction on `window`, so its shortcut works wherever the focus is. One that
    belongs to a desk is off while another desk is shown. `ran` tells the id after each run, for tests and for
    the tour.
    """

    changed = Signal()
    ran = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window: Final = window
        self._commands: Final[dict[str, Command]] = {}
        self._actions: Final[dict[str, QAction]] = {}
        self._why: Final[dict[str, str]] = {}
        self._off: Final[set[str]] = set()
        self._desk = ""

    # properties

    @property
    def all(self) -> tuple[Command, ...]:
        """Every command, in the order they were added."""
        return tuple(self._commands.values())

    # methods

    def add(self, command: Command) -> None:
        """Add a command, or replace the one with its id.

        Raises:
            ValueError: another command already has the shortcut.
        """
        self.remove(command.id)
        if command.handler is not None:
            taken = self._holder(command)
            if taken:
                raise ValueError(f"{command.shortcut} is {taken}'s already, and {command.id} asks for it")
            action = QAction(command.title, self._window)
            if command.shortcut:
                action.setShortcut(QKeySequence(command.shortcut))
                action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.triggered.connect(lambda _checked=False, name=command.id: self.run(name))
            self._window.addAction(action)
            self._actions[command.id] = action
        self._commands[command.id] = command
        self._refresh(command.id)
        self.changed.emit()

    def add_all(self, commands: Iterable[Command]) -> None:
        """Add several."""
        for command in commands:
            self.add(command)

    def remove(self, name: str) -> None:
        """Take a command away, if it is there."""
        self._commands.pop(name, None)
        self._why.pop(name, None)
        self._off.discard(name)
        action = self._actions.pop(name, None)
        if action is not None:
            self._window.removeAction(action)
            action.deleteLater()
            self.changed.emit()

    def get(self, name: str) -> Command | None:
        """The command, or None."""
        return self._commands.get(name)

    def action(self, name: str) -> QAction | None:
        """The command's action, for a menu; None where it has no handler or does not exist."""
        return self._actions.get(name)

    def set_enabled(self, name: str, enabled: bool, why: str = "") -> None:
        """Turn a command on or off; `why` is shown beside it while it is off.

        Raises:
            KeyError: no such command.
        """
        reason = "" if enabled else why
        if (name not in self._off) == enabled and self._why.get(name, "") == reason:
            return
        self._actions[name].setToolTip(reason or self._commands[name].title)
        self._why[name] = reason
        (self._off.discard if enabled else self._off.add)(name)
        self._refresh(name)
        self.changed.emit()

    def set_desk(self, desk: str) -> None:
        """The desk that is shown now: commands of the others are off."""
        self._desk = desk
        for name in self._actions:
            self._refresh(name)
        self.changed.emit()

    def enabled(self, name: str) -> bool:
        """Whether it can be run now."""
        action = self._actions.get(name)
        return action is not None and action.isEnabled()

    def why(self, name: str) -> str:
        """Why it is off, "" where it is on or gives no reason."""
        return self._why.get(name, "")

    def run(self, name: str) -> bool:
        """Run a command by name. False where there is none or it is off."""
        command = self._commands.get(name)
        if command is None or command.handler is None or not self.enabled(name):
            return False
        command.handler()
        self.ran.emit(name)
        return True

    def keys(self, name: str) -> str:
        """The keys of a command for reading: "Ctrl K", "F8", "" where it has none."""
        command = self._commands.get(name)
        return keys_text(command.shortcut) if command else ""

    # internals

    def _refresh(self, name: str) -> None:
        action = self._actions.get(name)
        if action is not None:
            action.setEnabled(name not in self._off and self._commands[name].fits(self._desk))

    def _holder(self, command: Command) -> str:
        if not command.shortcut:
            return ""
        wanted = QKeySequence(command.shortcut)
        for name, action in self._actions.items():
            other = self._commands[name].desk
            if action.shortcut() == wanted and (not other or not command.desk or other == command.desk):
                return name
        return ""


def keys_text(shortcut: str) -> str:
    """A shortcut as the screens write it: words with spaces, arrows and Enter as signs."""
    plus = shortcut.endswith("+")
    words = [word for word in shortcut.split("+") if word] + (["+"] if plus else [])
    signs = {"Return": "↵", "Enter": "↵", "Up": "↑", "Down": "↓", "Left": "←", "Right": "→"}
    return " ".join(signs.get(word, word) for word in words)
