"""The window ends in order: nothing of it is left to the end of the process."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QObject
from shiboken6 import isValid

from studio_assist.app import Window
from studio_assist.desk.record.work import Work
from studio_assist.storage.settings import Settings


def test_a_window_waits_for_what_runs_beside_it_and_is_taken_apart(qtbot, tmp_path: Path) -> None:
    window = Window(settings=Settings(tmp_path), theme="dark")
    shell = window.studio.shell
    done: list[str] = []

    def work() -> None:
        time.sleep(0.3)
        done.append("to its end")

    owner = QObject()
    Work(work, owner, lambda _none: None, lambda _error: None).start()
    window.end()
    assert done == ["to its end"]
    assert not isValid(shell)
    assert not isValid(window.studio)
