"""The window: top bar, notices, the desk that is shown, status bar; or the start page instead of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from studio_assist.desk.kit import Panel, Sheet
from studio_assist.desk.shell.command_box import CommandBox
from studio_assist.desk.shell.commands import Command, Commands
from studio_assist.desk.shell.dialogs import AboutSheet, BugSheet, ErrorSheet, KeysSheet
from studio_assist.desk.shell.menus import Menus, Recent
from studio_assist.desk.shell.model import ShellModel
from studio_assist.desk.shell.notices import Action, Notices
from studio_assist.desk.shell.regions import Regions
from studio_assist.desk.shell.status_bar import StatusBar
from studio_assist.desk.shell.top_bar import TopBar
from studio_assist.desk.theme import Choice, Theme
from studio_assist.domain.errors import StudioError

DEFAULT_SIZE: Final = QSize(1440, 900)
SMALLEST_SIZE: Final = QSize(1100, 700)


@dataclass(slots=True)
class _Desk:
    title: str
    widget: QWidget
    enabled: bool
    visible: bool
    regions: tuple[QWidget, ...] = ()
    focus: QWidget | None = None
    bare: bool = False


class Shell(QMainWindow):
    """The window's frame. It shows a `ShellModel` and its `Commands` and says what a person wants.

    Signals:
        desk_chosen: id of the desk that is shown now.
        command_chosen: id of a command run from the command box.
        scene_chosen: index of a scene chosen in the command box.
        next_temp, cancel_queue, open_ledger, provider_menu, person_menu: from the bars and their keys.
        provider_chosen: id of a row behind the provider chip.
        provider_wanted: (action, provider's id or ""): what else is to be done there; see `TopBar`.
        recent_chosen: path of a recent project.
        theme_chosen: "dark", "light" or "system", after it is on.
    """

    desk_chosen = Signal(str)
    command_chosen = Signal(str)
    scene_chosen = Signal(int)
    next_temp = Signal()
    cancel_queue = Signal()
    open_ledger = Signal()
    provider_menu = Signal()
    provider_chosen = Signal(str)
    provider_wanted = Signal(str, str)
    person_menu = Signal()
    recent_chosen = Signal(object)
    theme_chosen = Signal(str)

    def __init__(self, theme: Theme, model: ShellModel, settings: QSettings) -> None:
        super().__init__()
        self._theme: Final = theme
        self._settings: Final = settings
        self._desks: Final[dict[str, _Desk]] = {}
        self._desk = ""
        self._may_close: Callable[[], bool] | None = None
        self._box: CommandBox | None = None
        self._banner: QWidget | None = None
        self.model: Final = model
        self.commands: Final = Commands(self)
        self.menus: Final = Menus(theme, self.commands, self)
        self.regions: Final = Regions(self)
        self.setWindowTitle("Studio Assist")
        self.setWindowIcon(theme.icon("app-mark", "text", 32))
        self.setMinimumSize(SMALLEST_SIZE)

        self._pages: Final = QStackedWidget()
        self._frame: Final = Panel(theme, "win")
        self.top_bar: Final = TopBar(theme, model, self.menus.main, self.menus.project, self._frame)
        self.notices: Final = Notices(theme, self._frame)
        self._stack: Final = QStackedWidget()
        self.status_bar: Final = StatusBar(theme, model, self._frame)
        column = QVBoxLayout(self._frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._column: Final = column
        column.addWidget(self.top_bar)
        column.addWidget(self.notices.strip)
        column.addWidget(self._stack, 1)
        column.addWidget(self.status_bar)
        self._pages.addWidget(self._frame)
        self.setCentralWidget(self._pages)
        self._start: QWidget | None = None

        self._connect()
        self._add_commands()
        self._restore()
        model.changed.connect(self._title)

    # properties

    @property
    def desk(self) -> str:
        """Id of the desk that is shown, "" before the first and on the start page."""
        return self._desk

    # methods

    def add_desk(
        self,
        desk: str,
        title: str,
        icon: str,
        widget: QWidget,
        *,
        enabled: bool = True,
        why_not: str = "",
        visible: bool = True,
        regions: Sequence[QWidget] = (),
        focus: QWidget | None = None,
        bare: bool = False,
    ) -> None:
        """Add a desk with its tab; the n-th has the key Ctrl n. The first that is enabled is shown.

        Args:
            why_not: why its tab is off, shown as the tab's tool tip.
            visible: False keeps its tab, its key and its command away.
            regions: left, centre, right for F6.
            focus: what takes the focus when the desk is shown.
            bare: it has a top bar of its own, and the window's is away while it is shown.
        """
        self._desks[desk] = _Desk(title, widget, enabled, visible, tuple(regions), focus, bare)
        self._stack.addWidget(widget)
        tabs = self.top_bar.tabs
        tabs.add(desk, title, icon)
        tabs.set_enabled(desk, enabled, why_not)
        tabs.set_visible(desk, visible)
        self.top_bar.refresh()
        if visible:
            key = f"Ctrl+{len(self._desks)}"
            self.commands.add(
                Command(
                    f"desk.{desk}",
                    f"{title} desk",
                    lambda: self.show_desk(desk),
                    key,
                    icon=icon,
                    needs_desk=True,
                )
            )
            self.commands.set_enabled(f"desk.{desk}", enabled, why_not)
        if enabled and visible and not self._desk:
            self.show_desk(desk)

    def show_desk(self, desk: str) -> None:
        """Show a desk.

        Raises:
            KeyError: no such desk.
        """
        shown = self._desks[desk]
        changed = desk != self._desk
        self._desk = desk
        self._pages.setCurrentWidget(self._frame)
        self._stack.setCurrentWidget(shown.widget)
        self.top_bar.setVisible(not shown.bare)
        if shown.visible:
            self.top_bar.tabs.choose(desk)
        self.commands.set_desk(desk)
        self._set_regions()
        if shown.focus is not None:
            shown.focus.setFocus(Qt.FocusReason.OtherFocusReason)
        if changed:
            self.desk_chosen.emit(desk)

    def set_regions(self, regions: Sequence[QWidget], desk: str | None = None) -> None:
        """The regions that F6 walks between the bars, for a desk (default: the one shown)."""
        at = desk or self._desk
        self._desks[at].regions = tuple(regions)
        if at == self._desk:
            self._set_regions()

    def set_banner(self, banner: QWidget | None) -> None:
        """Put something across all desks, directly below the top bar, in place of what was there."""
        old, self._banner = self._banner, banner
        if old is not None:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        if banner is not None:
            self._column.insertWidget(1, banner)
            banner.show()
        self._set_regions()

    def set_start_page(self, page: QWidget) -> None:
        """The page that is shown where no project is open."""
        self._start = page
        self._pages.addWidget(page)

    def show_start(self) -> None:
        """Show the start page, without bars."""
        if self._start is None:
            return
        self._pages.setCurrentWidget(self._start)
        self._desk = ""
        self.commands.set_desk("")
        self.regions.set([self._start])
        self._start.setFocus()

    def set_recent(self, recent: Sequence[Recent]) -> None:
        """Recent projects for the menus, latest first."""
        self.menus.set_recent(recent)

    def set_close_guard(self, may_close: Callable[[], bool] | None) -> None:
        """Ask `may_close` before the window closes; it saves, or puts a question up and says no."""
        self._may_close = may_close

    def set_theme(self, choice: Choice) -> None:
        """Turn to a mode, and tell."""
        self._theme.set_mode(choice)
        self.theme_chosen.emit(choice)

    def open_command_box(self) -> None:
        """Open the command box."""
        if self._box is None:
            self._box = CommandBox(self._theme, self, self.commands, self.model)
            self._box.command_chosen.connect(self._run)
            self._box.scene_chosen.connect(self.scene_chosen)
        self._box.open(self._desk)

    def show_error(self, error: StudioError, actions: Sequence[Action] = ()) -> ErrorSheet:
        """Show an error that a person can do something about."""
        sheet = ErrorSheet(self._theme, self, error, actions)
        sheet.open()
        return sheet

    def show_bug(self, details: str, kept: str = "Your work was saved.") -> BugSheet:
        """Show a fault of ours, with what was kept of the work. A second fault joins the first sheet."""
        for one in self.findChildren(BugSheet):
            if one.isVisible():
                one.details.appendPlainText(f"\n{details}")
                return one
        sheet = BugSheet(self._theme, self, details, kept)
        sheet.open()
        return sheet

    def show_keys(self) -> None:
        """List the keys of this screen."""
        title = self._desks[self._desk].title if self._desk else "Start"
        KeysSheet(self._theme, self, self.commands, self._desk, title).open()

    def show_about(self) -> None:
        """Say what this is."""
        AboutSheet(self._theme, self).open()

    def sheet(self) -> Sheet | None:
        """The sheet that is open on top, or None."""
        return next((one for one in reversed(self.findChildren(Sheet)) if one.isVisible()), None)

    # slots

    def _run(self, name: str) -> None:
        self.command_chosen.emit(name)
        self.commands.run(name)

    def _title(self) -> None:
        self.setWindowTitle(
            f"{self.model.project} · Studio Assist" if self.model.project else "Studio Assist"
        )

    # events

    def sizeHint(self) -> QSize:
        return DEFAULT_SIZE

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close is not None and not self._may_close():
            event.ignore()
            return
        self._settings.setValue("window/geometry", self.saveGeometry())
        event.accept()

    # internals

    def _connect(self) -> None:
        self.top_bar.desk_chosen.connect(self.show_desk)
        self.top_bar.find_asked.connect(self.open_command_box)
        self.top_bar.provider_chosen.connect(self.provider_chosen)
        self.top_bar.provider_menu.connect(self.provider_menu)
        self.top_bar.provider_wanted.connect(self.provider_wanted)
        self.top_bar.person_menu.connect(self.person_menu)
        self.menus.recent_chosen.connect(self.recent_chosen)
        self.status_bar.debt_clicked.connect(self.next_temp)
        self.status_bar.ledger_clicked.connect(self.open_ledger)
        self.status_bar.cancel_clicked.connect(self.cancel_queue)

    def _add_commands(self) -> None:
        def on(choice: Choice) -> Callable[[], bool]:
            return lambda: self._theme.choice == choice

        add = self.commands.add
        add(Command("shell.find", "Find or do", self.open_command_box, "Ctrl+K", icon="search", listed=False))
        add(Command("region.next", "Next region", lambda: self.regions.walk(1), "F6", listed=False))
        add(
            Command(
                "region.previous", "Previous region", lambda: self.regions.walk(-1), "Shift+F6", listed=False
            )
        )
        add(
            Command(
                "temp.next",
                "Next temp item",
                self.next_temp.emit,
                "F8",
                icon="chevron-right",
                needs_desk=True,
            )
        )
        add(
            Command(
                "queue.cancel", "Cancel the work under way", self.cancel_queue.emit, "Ctrl+.", icon="cross"
            )
        )
        add(Command("menu.open", "Menu", self.top_bar.open_menu, "F10", listed=False, needs_desk=True))
        modes: tuple[tuple[Choice, str], ...] = (
            ("dark", "Dark theme"),
            ("light", "Light theme"),
            ("system", "Theme of the system"),
        )
        for choice, title in modes:
            self._add_mode(choice, title, on(choice))
        add(Command("help.keys", "Keys on this screen", self.show_keys, "F1", icon="help"))
        add(Command("help.about", "About Studio Assist", self.show_about, icon="info"))
        add(Command("app.quit", "Quit", self.close, "Ctrl+Q"))

    def _set_regions(self) -> None:
        if self._desk:
            banner = [self._banner] if self._banner is not None else []
            shown = self._desks[self._desk]
            bar = [] if shown.bare else [self.top_bar]
            self.regions.set([*bar, *banner, *shown.regions, self.status_bar])

    def _add_mode(self, choice: Choice, title: str, on: Callable[[], bool]) -> None:
        self.commands.add(
            Command(f"view.{choice}", title, lambda: self.set_theme(choice), icon="sun", checked=on)
        )

    def _restore(self) -> None:
        geometry = self._settings.value("window/geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(DEFAULT_SIZE)
