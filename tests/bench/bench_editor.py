"""The script editor at 120 pages: a key to the screen, load, zoom, scroll; and scripts far too long.

Each figure stands beside the same work in a bare QTextEdit with the same text, in the same run.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTextEdit

from studio_assist.desk.theme import Theme
from studio_assist.desk.write.editor import ScriptEditor
from tests.bench.feature import feature

KEYS = 300
WORDS = "the quick brown fox jumps over it "


def timed(work: Callable[[], object]) -> float:
    """Milliseconds until the work is done and painted."""
    began = time.perf_counter()
    work()
    QApplication.processEvents()
    return 1000 * (time.perf_counter() - began)


def typing(editor: QTextEdit, line: int) -> list[float]:
    """Milliseconds of each of many keys at the end of a line, sorted."""
    cursor = QTextCursor(editor.document().findBlockByNumber(line))
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    editor.setTextCursor(cursor)
    editor.ensureCursorVisible()
    QApplication.processEvents()
    return sorted(timed(lambda at=at: QTest.keyClick(editor, WORDS[at % len(WORDS)])) for at in range(KEYS))


def scrolling(editor: QTextEdit) -> list[float]:
    """Milliseconds of each of many steps of the scroll bar, sorted."""
    bar = editor.verticalScrollBar()
    bar.setValue(0)
    return sorted(timed(lambda: bar.setValue(bar.value() + 400)) for _ in range(80))


def shown(name: str, ours: float, bare: float) -> None:
    print(f"{name:<44}{ours:8.2f} ms   bare QTextEdit {bare:8.2f} ms   ratio {ours / bare:5.2f}")


def slices(editor: ScriptEditor, text: str) -> tuple[float, float]:
    """Seconds that a very long text takes to load, and the longest stall in between, in milliseconds."""
    began = time.perf_counter()
    stalls = [timed(lambda: editor.script_document.load(text))]
    while editor.script_document.is_loading:
        stalls.append(timed(lambda: None))
    return time.perf_counter() - began, max(stalls)


def main() -> None:
    """Print the figures."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme = Theme("dark")
    theme.apply(app)
    text = feature()
    line = next(
        number
        for number, words in enumerate(text.split("\n"))
        if number > text.count("\n") // 2 and words.endswith(".")
    )
    editor, bare = ScriptEditor(theme), QTextEdit()
    bare.setFont(theme.script_font(15))
    for window in (editor, bare):
        window.resize(808, 860)
        window.show()
    app.processEvents()
    ours = timed(lambda: editor.script_document.load(text))
    plain = timed(lambda: bare.setPlainText(text))
    print(f"{editor.script_document.pagination.pages} pages, {editor.script_document.line_count} lines")
    shown("load to paint", ours, plain)
    keys, bare_keys = typing(editor, line), typing(bare, line)
    shown("key to paint, middle of the script, p50", statistics.median(keys), statistics.median(bare_keys))
    shown("key to paint, middle of the script, p95", keys[int(KEYS * 0.95)], bare_keys[int(KEYS * 0.95)])
    steps, bare_steps = scrolling(editor), scrolling(bare)
    shown("scroll step, p95", steps[-5], bare_steps[-5])
    zooms = [timed(lambda percent=percent: editor.set_zoom(percent)) for percent in (150, 75, 94)]
    bare_zooms = [timed(lambda points=points: bare.zoomIn(points)) for points in (6, -9, 3)]
    shown("zoom to paint", statistics.median(zooms), statistics.median(bare_zooms))
    for name, long_text in (
        ("220,000 lines", text * 45),
        ("5 MB in one line", "word another thing " * 263_000),
    ):
        seconds, stall = slices(editor, long_text)
        long_keys = typing(editor, editor.script_document.line_count // 2)
        print(
            f"{name:<20} loaded in {seconds:5.2f} s, longest stall {stall:4.0f} ms, "
            f"key to paint p95 {long_keys[int(KEYS * 0.95)]:.1f} ms"
        )
    editor.close()
    bare.close()


if __name__ == "__main__":
    main()
