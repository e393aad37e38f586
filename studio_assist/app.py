"""The front door of the window: here, and only here, concrete parts are put together."""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QThreadPool, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from studio_assist import __version__
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.garbage import GarbageTimer
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.studio import Studio
from studio_assist.desk.theme import Theme
from studio_assist.domain.people import Person
from studio_assist.storage.settings import Settings

log = logging.getLogger("studio_assist")

#: The one thing of the socket module that the window may do: read this machine's name.
_HARMLESS: Final = "socket.gethostname"
#: How long work that runs in the pool may take to come to its end when the window goes, in milliseconds.
_ENDING_MS: Final = 10_000
_PROGRAMS: Final = (
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "pty.",
)


def refuse_sockets() -> None:
    """Refuse every socket and every program in this process from here on. It cannot be taken back.

    The window needs no network, so it has none: what leaves goes through the broker's gate or not at all. The
    broker itself is started by Qt, which asks no audit hook.
    """

    def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
        if event.startswith(_PROGRAMS):
            raise PermissionError("The window of Studio Assist starts no programs.")
        if event.startswith("socket.") and event != _HARMLESS:
            raise PermissionError("The window of Studio Assist has no network.")

    sys.addaudithook(refuse)


class Window:
    """The application, its theme, and the studio in it."""

    def __init__(
        self,
        *,
        settings: Settings | None = None,
        person: Person | None = None,
        broker: list[str] | None = None,
        theme: str | None = None,
    ) -> None:
        guard_overrides()
        existing = QApplication.instance()
        self.application: Final = (
            existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
        )
        self.application.setApplicationName("Studio Assist")
        self.application.setApplicationVersion(__version__)
        self.settings: Final = settings or Settings()
        kept = self.settings.load()
        chosen = theme or kept.theme
        self.theme: Final = Theme("dark" if chosen == "dark" else "light" if chosen == "light" else "system")
        self.theme.apply(self.application)
        self._layout: Final = QSettings(str(self.settings.folder / "window.ini"), QSettings.Format.IniFormat)
        self.client: Final = BrokerClient(broker)
        self.studio: Final = Studio(self.theme, self.client, self.settings, self._layout, person=person)
        self._garbage: Final = GarbageTimer(self.studio)

    def run(self, project: Path | None) -> int:
        """Show the window and stay until it is closed."""
        self.catch_bugs()
        self._garbage.keep_what_is_there()
        self.studio.begin(project)
        self.studio.closed.connect(self.application.quit)
        code = self.application.exec()
        self.end()
        return code

    def end(self) -> None:
        """Take the closed window apart while Python and Qt are whole.

        Left to the end of the process, widgets go in any order, and a thread of the pool may tell of its work
        to what is gone: the system would say of a window that closed well that it crashed.
        """
        pool = QThreadPool.globalInstance()
        pool.clear()
        if not pool.waitForDone(_ENDING_MS):
            log.warning("Work in the background did not come to its end.")
        self._layout.sync()
        self.studio.shell.deleteLater()
        self.studio.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def catch_bugs(self) -> None:
        """An exception in a slot stops nothing: the work is saved, and the person is told."""

        def show(kind: type[BaseException], _value: BaseException, trace: TracebackType | None) -> None:
            if issubclass(kind, KeyboardInterrupt):
                self.studio.shell.close()
                return
            # Where it went wrong and what kind of error: its message may hold words of the script.
            details = "".join(traceback.format_tb(trace)) + kind.__name__
            log.error("%s", details)
            self.studio.write.saver.autosave()
            self.studio.shell.show_bug(details)

        sys.excepthook = show
        threading.excepthook = lambda what: show(
            what.exc_type, what.exc_value or Exception(what.exc_type), what.exc_traceback
        )


def _qt_message(kind: QtMsgType, _context: object, text: str) -> None:
    level = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
    }.get(kind, logging.ERROR)
    logging.getLogger("studio_assist.qt").log(level, "%s", text)


def run_window(project: Path | None = None) -> int:
    """Open the window. Returns the exit code."""
    logging.basicConfig(level=os.environ.get("STUDIO_ASSIST_LOG", "WARNING"), stream=sys.stderr)
    qInstallMessageHandler(_qt_message)
    window = Window()
    refuse_sockets()
    return window.run(project)


def run_tour(out: Path, tell: Callable[[str], None] = lambda _step: None) -> list[dict[str, str]]:
    """Drive the window through its main job on a throw-away copy of the sample; a picture of each step.

    Needs no display. Its decisions are recorded as automated.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from studio_assist.desk.tour import Tour

    return Tour(Window, out, tell).run()
