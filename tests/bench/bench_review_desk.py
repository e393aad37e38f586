"""The Review desk over 1,000,000 entries: first rows, scrolling, filters and searches; against empty rows.

The index is a project's own, made by `tests.bench.many_entries`; its folder is given as `REVIEW_PROJECT`.
Without one, a table of made-up rows says what the widgets alone cost.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

COUNT = 1_000_000
FRAMES = 240
#: What one frame has at 60 frames a second.
BUDGET_MS = 16.0
#: Rows a frame moves by: a notch of the wheel, a page, the scroll bar pulled by hand, its end to its start.
STEPS_PX = (29, 87, 700, 7_000, 999_983)


def _spread(took: list[float]) -> str:
    ordered = sorted(took)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"p50 {statistics.median(ordered):6.1f}  p95 {p95:6.1f}  max {ordered[-1]:6.1f} ms"


def _made_up() -> type[Any]:
    from tests.desk.review_fakes import FakeIndex, afternoon

    base = afternoon()

    class MadeUp(FakeIndex):
        """A million rows that cost nothing to find."""

        size = COUNT

        def count(self, wanted: Any) -> int:
            return COUNT // 3 if wanted.words else COUNT

        def rows(self, wanted: Any, sort: Any, first: int, limit: int) -> list[Any]:
            last = min(COUNT, first + limit)
            return [base[at % len(base)]._replace(number=COUNT - at) for at in range(first, last)]

        def position(self, wanted: Any, sort: Any, number: int) -> int:
            return COUNT - number

        def row_of(self, number: int) -> Any:
            return None

    FakeIndex.held[Path("made-up")] = base
    return MadeUp


class Bench:
    """A desk over one index, and the clock."""

    def __init__(self, app: Any, folder: Path, index: Path, size: int) -> None:
        from tests.desk import review_fakes

        self.app = app
        self.found: list[Any] = []
        review = review_fakes.ready(folder, index, size)
        started = time.perf_counter()
        self.window = review_fakes.DeskWindow(folder, index, review=review, settle=False)
        self.view = self.window.desk.view
        self.view.feed.found.connect(self.found.append)
        built = time.perf_counter()
        self.until_found()
        self.view.table.viewport().repaint()
        done = time.perf_counter()
        print(
            f"  desk built {(built - started) * 1000:6.1f} ms, first rows painted {(done - built) * 1000:6.1f} ms later"
        )
        self.settle()

    def until_found(self) -> None:
        end = time.perf_counter() + 30
        while not self.found and time.perf_counter() < end:
            self.app.processEvents()
        self.found.clear()

    def settle(self, seconds: float = 30.0) -> None:
        end = time.perf_counter() + seconds
        while self.view.feed.busy and time.perf_counter() < end:
            self.app.processEvents()
            time.sleep(0.002)

    def scroll(self, step: int) -> None:
        """Frames of a scroll, and how many rows in sight had no words when a frame was painted."""
        table, bar = self.view.table, self.view.table.verticalScrollBar()
        took: list[float] = []
        work: list[float] = []
        blank = seen = 0
        at = 0
        for _ in range(FRAMES):
            at = (at + step) % max(1, bar.maximum())
            started, busy = time.perf_counter(), time.thread_time()
            bar.setValue(at)
            self.app.processEvents()
            table.viewport().repaint()
            took.append((time.perf_counter() - started) * 1000)
            work.append((time.thread_time() - busy) * 1000)
            blank += sum(self.view.model.loaded(row) is None for row in table.in_sight)
            seen += len(table.in_sight)
            time.sleep(max(0.0, (BUDGET_MS - took[-1]) / 1000))
        over = sum(one > BUDGET_MS for one in took)
        print(f"  scroll {step:7,} px: {_spread(took)}, over {over}/{FRAMES}; own work {_spread(work)}; "
              f"{100 * blank / max(1, seen):4.1f} % rows not there yet")  # fmt: skip
        self.settle()
        bar.setValue(0)

    def time_of(self, title: str, do: Any) -> None:
        """From a wish to its rows on the screen, and to the tiles."""
        self.settle()
        self.found.clear()
        started = time.perf_counter()
        do()
        self.until_found()
        self.view.table.viewport().repaint()
        rows = (time.perf_counter() - started) * 1000
        self.settle()
        tiles = (time.perf_counter() - started) * 1000
        print(f"  {title:34s} rows {rows:7.1f} ms, tiles {tiles:7.1f} ms, {self.view.filters.counted.plain}")


def _measure(app: Any, title: str, folder: Path, index: Path, size: int) -> None:
    from studio_assist.desk.review.period import Period
    from studio_assist.domain.review import Sort

    print(title)
    bench = Bench(app, folder, index, size)
    for step in STEPS_PX:
        bench.scroll(step)
    filters, view = bench.view.filters, bench.view
    choices = filters._choices
    bench.time_of("one person", lambda: filters._ticked("people", frozenset({_first(choices.people)})))
    bench.time_of("and one tool", lambda: filters._ticked("tools", frozenset({_first(choices.tools)})))
    bench.time_of("cleared", filters.clear)
    bench.time_of("rejected alone", lambda: filters._ticked("outcomes", frozenset({"rejected"})))
    bench.time_of("cleared", filters.clear)
    bench.time_of("blocked", filters.blocked.click)
    bench.time_of("cleared", filters.clear)
    bench.time_of("last 7 days", lambda: filters.choose_period(Period("week")))
    bench.time_of("cleared", filters.clear)
    for words in ("cedi", "bahanxu ba", "zeppelin"):
        bench.time_of(f"searched: {words}", lambda words=words: filters._searched(words))
    bench.time_of("cleared", filters.clear)
    bench.time_of("every entry", filters.every.click)
    bench.time_of("cleared", filters.every.click)
    bench.time_of("by person", lambda: view._sort(Sort("person", False)))
    bench.time_of("by purpose", lambda: view._sort(Sort("purpose", False)))
    bench.time_of("by entry", lambda: view._sort(Sort()))
    bench.time_of("to an entry in the middle", lambda: view.go_to(size // 2))
    bench.time_of("grown by 12", lambda: bench.window.desk.take(_grown(bench, size)))
    bench.window.close()
    app.processEvents()


def _first(choices: Any) -> str:
    return choices[0][0] if choices else ""


def _grown(bench: Bench, size: int) -> Any:
    from studio_assist import protocol

    review = bench.window.review.model_copy(update={"entries": size + 12, "size": size + 12})
    return protocol.ReviewChanged(state=review)


def main() -> int:
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication(sys.argv[:1])
    given = os.environ.get("REVIEW_PROJECT")
    with tempfile.TemporaryDirectory() as scratch:
        if given:
            from studio_assist.ledger.review import ReviewIndex

            folder = Path(given)
            index = folder / "recovery" / "review.sqlite"
            reader = ReviewIndex(index)
            size = reader.size
            reader.close()
            _measure(app, f"{folder.name}: {size:,} entries", folder, index, size)
        else:
            from studio_assist.desk.review import feed

            real = feed.ReviewIndex
            feed.ReviewIndex = _made_up()
            try:
                _measure(
                    app, f"Made-up rows: {COUNT:,}", Path(scratch) / "Larkspur.studio", Path("made-up"), COUNT
                )
            finally:
                feed.ReviewIndex = real
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
