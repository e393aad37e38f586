"""The window's event loop while models run: how long it does not come round, on a 120-page script.

Run it by itself: `python -m tests.bench.bench_loop`. A timer of 5 ms says when the loop comes round. For each
part of the work the longest gap is printed, and how much of a gap at most was the window's own work on the
processor: on a machine where models take every core the rest is waiting for a turn. The target is no stall of
over 50 ms.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest

from studio_assist.domain.candidate import State
from studio_assist.domain.screenplay import ElementType
from tests.bench.feature import feature
from tests.desk.studio_driver import CTRL, Driver

TICK_MS: Final = 5
TARGET_MS: Final = 50


class Gap(NamedTuple):
    """A time in which the loop did not come round: as the clock says, and on the processor; milliseconds."""

    wall_ms: float
    work_ms: float


class Stalls(QObject):
    """Watches the event loop of the thread that it is made in."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[Gap] = []
        self._last = (time.perf_counter(), time.thread_time())
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def take(self) -> list[Gap]:
        """The gaps since this was last asked."""
        self._tick()
        gaps, self.gaps = self.gaps, []
        return gaps

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        self.gaps.append(Gap(1000 * (now[0] - self._last[0]), 1000 * (now[1] - self._last[1])))
        self._last = now


def main() -> None:
    """Print the longest gaps of each part of the work."""
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["STUDIO_ASSIST_HOME"] = str(folder / "home")
        driver = Driver(folder / "home")
        stalls = Stalls()
        worst: list[tuple[str, Gap, float]] = []

        @contextmanager
        def part(title: str) -> Iterator[None]:
            driver.settle(300)
            stalls.take()
            yield
            gaps = stalls.take()
            longest = max(gaps)
            worst.append((title, longest, max(gap.work_ms for gap in gaps)))

        _work(driver, folder, part)
        stalls.stop()
        driver.close()
        print(f"{'':34} {'longest gap':>12} {'most work':>12}   target: none over {TARGET_MS} ms")
        for title, gap, work in worst:
            print(f"{title:34} {gap.wall_ms:9.0f} ms {work:9.0f} ms")
        all_gaps = max(work for _, _, work in worst)
        print(f"{'ratio to the target, by work':34} {all_gaps / TARGET_MS:12.2f}")
    del application


def _work(driver: Driver, folder: Path, part: object) -> None:
    assert callable(part)
    script = feature(200)
    driver.make(folder / "Small.studio", "INT. A - DAY\n\nRain.\n")
    source = folder / "long.fountain"
    source.write_text(script, encoding="utf-8")
    with part("opening a 120-page script"):
        driver.studio.create_project(folder / "Long.studio", "Long", "netflix-2025", source)
        driver.wait(
            lambda: driver.studio.model.project == "Long" and len(driver.write.scenes) > 100, "the script"
        )
        driver.settle(500)
    speeches = [
        element.text
        for element in driver.write.document.script.screenplay.elements
        if element.type is ElementType.DIALOGUE and script.count(element.text) == 1
    ]
    line = speeches[len(speeches) // 2]
    driver.caret_on(line)
    with part("typing in the middle"):
        for letter in "it rains and rains on the tin roofs":
            QTest.keyClick(driver.editor, letter if letter != " " else Qt.Key.Key_Space)
            driver.settle(30)
        driver.settle(400)
    with part("undoing it"):
        QTest.keyClick(driver.editor, Qt.Key.Key_Z, CTRL)
        driver.settle(400)
    line = speeches[len(speeches) // 2 + 20]
    with part("asking for 8, the model writing"):
        driver.begin_asking(line, count=8)
        driver.wait(lambda: not driver.studio.model.queue, "the model to end")
        driver.settle(300)
    with part("asking again while typing"):
        driver.begin_asking(line, count=8)
        driver.editor.setFocus()
        driver.editor.select_range(0, 0)
        while driver.studio.model.queue:
            QTest.keyClick(driver.editor, Qt.Key.Key_X)
            driver.settle(60)
    ready = [card for card in driver.cards() if driver.state(card) is State.READY]
    with part("accepting, saved"):
        if ready:
            driver.decide(ready[0], Qt.Key.Key_A, State.ACCEPTED)
    with part("saving"):
        driver.studio.save()
        driver.saved()
    with part("an autosave"):
        QTest.keyClick(driver.editor, Qt.Key.Key_Y)
        driver.write.saver.autosave()
        driver.settle(300)
    with part("replacing words everywhere"):
        driver.editor.selectAll()
        driver.settle(200)
    with part("closing the project"):
        driver.studio.close_project()
        driver.wait(lambda: driver.studio.state is None, "the project to close")
    with part("opening it again"):
        driver.studio.open_project(folder / "Long.studio")
        driver.wait(lambda: driver.studio.state is not None and len(driver.write.scenes) > 100, "the script")
        driver.settle(500)


if __name__ == "__main__":
    main()
