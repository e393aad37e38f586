"""The merge as it is shown: nothing is chosen for anybody, and a long one is calm."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio_assist.desk.importing.merge_rows import rows_of
from studio_assist.desk.importing.merge_view import MergeView
from studio_assist.desk.theme import Theme
from studio_assist.domain.script_merge import ScriptMerge, merge

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

BASE = "INT. A - DAY\n\nOne.\n\nMAYA\nTwo.\n\nThree.\n\nFour.\n\nFive.\n"


def conflicts() -> ScriptMerge:
    ours = BASE.replace("Two", "Zwei").replace("Three", "Drei")
    theirs = BASE.replace("Two", "Deux").replace("Three", "Trois").replace("Five", "Cinq")
    return merge(BASE, ours, theirs, [(20, 30)])


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> Iterator[MergeView]:
    theme = Theme("dark")
    theme.apply(qapp)
    view = MergeView(theme, conflicts())
    qtbot.addWidget(view)
    view.resize(760, 300)
    view.show()
    qtbot.waitExposed(view)
    yield view
    view.close()


def test_both_are_kept_until_a_person_chooses(view: MergeView, qtbot: QtBot) -> None:
    assert view.choices == ("both",) * view.conflicts
    assert view.counts.startswith(f"{view.conflicts} place")
    area = view.findChild(QWidget, "merge_rows")
    assert area is not None
    area.setFocus()
    with qtbot.waitSignal(view.chosen):
        qtbot.keyClick(area, "1")
    assert view.choices[0] == "ours"
    if view.conflicts > 1:
        qtbot.keyClick(area, "n")
        assert view.current == 1
    qtbot.keyClick(area, "p")
    theirs = view.findChild(QAbstractButton, "merge_theirs_button")
    assert theirs is not None
    qtbot.mouseClick(theirs, Qt.MouseButton.LeftButton)
    assert view.choices[0] == "theirs"
    assert theirs.isChecked()


def test_rows_name_their_lines_and_what_holds_temp_text() -> None:
    rows = rows_of(conflicts(), 60)
    heads = [row for row in rows if row.kind == "head"]
    assert [row.temp for row in heads][:1] == [True]
    assert [(row.ours, row.text) for row in rows if row.kind == "ours"][:2] == [(5, "MAYA"), (6, "Zwei.")]
    assert [(row.theirs, row.text) for row in rows if row.kind == "added"] == [(12, "Cinq.")]
    assert all(row.temp for row in rows if row.kind == "ours" and row.piece == heads[0].piece)


def test_two_thousand_changes_are_calm(qtbot: QtBot, qapp: QApplication) -> None:
    base = "\n\n".join(f"Line {at}." for at in range(6_000))
    ours = "\n\n".join(f"Line {at}{'!' if at % 3 == 0 else '.'}" for at in range(6_000))
    theirs = "\n\n".join(f"Line {at}{'?' if at % 3 == 0 else '.'}" for at in range(6_000))
    found = merge(base, ours, theirs)
    assert sum(piece.state == "conflict" for piece in found.pieces) == 2_000
    theme = Theme("light")
    theme.apply(qapp)
    began = time.process_time()
    view = MergeView(theme, found)
    qtbot.addWidget(view)
    view.show()
    qtbot.waitExposed(view)
    for _ in range(5):
        view.go(1)
        qapp.processEvents()
    assert time.process_time() - began < 2
    view.close()
