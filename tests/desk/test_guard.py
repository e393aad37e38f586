"""A fault of ours inside Qt's own calls opens the bug sheet; it never ends the window."""

from __future__ import annotations

import subprocess
import sys

import studio_assist.app  # noqa: F401  # loads every class of the window
from studio_assist.desk.guard import guard_overrides, unguarded

FAULTY = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
import studio_assist.app
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.kit import Button
from studio_assist.desk.theme import Theme

def faulty(self, event=None):
    # The kind of error that C raises: it is this kind that PySide cannot carry.
    return self.nothing_of_this_name

Button.keyPressEvent = faulty
Button.sizeHint = faulty
guard_overrides()
told = []
sys.excepthook = lambda kind, value, trace: told.append(kind.__name__)
app = QApplication([])
theme = Theme("dark")
theme.apply(app)
button = Button(theme, "Press")
button.show()
for _ in range(20):
    QTest.keyClick(button, Qt.Key.Key_A)
    button.sizeHint()
print(len(told) >= 40, set(told))
button.close()
"""


def test_every_override_of_the_window_is_guarded() -> None:
    guard_overrides()
    assert unguarded() == []


def test_a_fault_in_an_override_is_told_and_the_window_goes_on() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FAULTY], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == "True {'AttributeError'}"
