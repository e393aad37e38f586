"""The window's event loop while Review is open and the record grows: how long it does not come round.

Run it by itself: `python -m tests.bench.bench_producer_loop`. REVIEW_PROJECT names a project folder to take,
which is written to; without one, a project of BENCH_ENTRIES entries (20,000 unless told) is made. The real window
with its own broker; beside Review, resting in Write is the baseline. The target is no stall of over 50 ms.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio_assist import protocol
from tests.bench.bench_loop import TARGET_MS, Stalls
from tests.bench.many_entries import PEOPLE, make_project
from tests.desk.studio_driver import CTRL, Driver

#: How long each part is watched, and how often an entry comes in it, in seconds.
PART_S: Final = 8.0
EVERY_S: Final = 0.1


def main() -> None:
    """Print the gaps of each part of the work, and the window's memory."""
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as name:
        os.environ["STUDIO_ASSIST_HOME"] = str(Path(name, "home"))
        given = os.environ.get("REVIEW_PROJECT")
        count = int(os.environ.get("BENCH_ENTRIES", "20000"))
        project = Path(given) if given else make_project(Path(name, "Bench.studio"), count).path
        # The producer of that record, so that the contact may be told.
        driver = Driver(Path(name, "home"), PEOPLE[4])
        stalls = Stalls()
        try:
            _work(driver, project, stalls)
        finally:
            stalls.stop()
            driver.close()
    del application


def _work(driver: Driver, project: Path, stalls: Stalls) -> None:
    driver.studio.begin(project)
    _told("opening", stalls, lambda: driver.wait(lambda: driver.studio.state is not None, "the project", 120))
    state = driver.studio.state
    assert state is not None
    _told("the check", stalls, lambda: driver.wait(lambda: _is_checked(driver), "the check", 300))
    _told("the desks are put together", stalls, lambda: driver.settle(4000))
    before = _size(driver)
    _told("Write, at rest", stalls, lambda: driver.settle(3000))
    _told("Write, the record grows", stalls, lambda: _grow(driver))

    def show() -> None:
        QTest.keyClick(driver.studio.shell, Qt.Key.Key_4, CTRL)
        view = driver.studio.producers.review.view
        driver.wait(lambda: view.model.rowCount() > 0 and not view.feed.busy, "the rows", 300)

    _told("Review: to its rows", stalls, show)
    table = driver.studio.producers.review.view.table
    _told("Review, the record grows", stalls, lambda: _grow(driver))

    def scroll() -> None:
        bar = table.verticalScrollBar()
        bar.setValue(min(bar.maximum(), bar.value() + 87))

    _told("Review, it grows under a scroll", stalls, lambda: _grow(driver, scroll))
    print(f"{_size(driver) - before:,} entries came in, to {_size(driver):,}")


def _told(title: str, stalls: Stalls, do: Callable[[], object]) -> None:
    stalls.take()
    do()
    gaps = stalls.take()
    walls = sorted(gap.wall_ms for gap in gaps)
    work = max(gap.work_ms for gap in gaps)
    p95 = walls[int(len(walls) * 0.95)]
    print(
        f"{title:32} p95 {p95:6.1f}  max {walls[-1]:7.1f}  most work {work:7.1f} ms, "
        f"over {TARGET_MS} ms: {sum(one > TARGET_MS for one in walls)}; "
        f"window {_memory_mib():4.0f} MiB; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def _grow(driver: Driver, beside: Callable[[], None] | None = None) -> None:
    """Entries come in through the broker, one after the other."""
    end = time.monotonic() + PART_S
    told = 0
    while time.monotonic() < end:
        told += 1
        params = protocol.TellContactParams(
            contact="D. Marsh",
            how="call",
            told=datetime.now(UTC),
            uses=("look-and-mood-reference",),
            words=f"Call {told}.",
            person=PEOPLE[4],
        )
        driver.window.client.call(protocol.TELL_CONTACT, params).on_error(driver.studio.show_error)
        if beside is not None:
            beside()
        driver.settle(round(EVERY_S * 1000))


def _is_checked(driver: Driver) -> bool:
    ledger = driver.studio.record.ledger
    return ledger is not None and ledger.state != "checking"


def _size(driver: Driver) -> int:
    ledger = driver.studio.record.ledger
    assert ledger is not None
    return ledger.size


def _memory_mib() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
