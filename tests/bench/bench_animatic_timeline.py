"""The timeline of a feature: 1,000 boards in 40 minutes at 59.94, a line on every one, sound under all of it.

What a frame costs while it scrolls at several zooms, while the playhead moves and while an edge is dragged;
beside it the same scroll over 100 boards: painting is culled, so the ratio ought to be near one.
"""

from __future__ import annotations

import gc
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QElapsedTimer, QThreadPool
from PySide6.QtWidgets import QApplication, QWidget

from studio_assist.desk.animatic.book import AnimaticBook
from studio_assist.desk.animatic.timeline_view import TimelineView
from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.theme import Theme
from studio_assist.domain.boards import Board
from studio_assist.domain.timebase import rate_named
from studio_assist.domain.timeline import ripple
from tests.desk.board_fakes import LINDQVIST, many, painted, project, shot_id, store
from tests.desk.timeline_fakes import FakeAnimatic, clip, keep_sound, write_wav

FRAMES = 200
#: What one frame has here.
BUDGET_MS = 8.0
#: Px a frame: a quarter of a minute in sight, a minute, two, seven.
ZOOMS = (2.0, 0.6, 0.2, 0.05)


def _p95(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.95)]


def _told(took: list[float]) -> str:
    p95 = _p95(took)
    return f"p50 {statistics.median(took):5.1f}  p95 {p95:5.1f} ms  ({p95 / BUDGET_MS:.2f} of the budget)"


def _timed(count: int, do: Callable[[int], object]) -> list[float]:
    took: list[float] = []
    for at in range(count):
        started = time.thread_time()
        do(at)
        took.append((time.thread_time() - started) * 1000)
    return took


def _wait(app: QApplication, done: Callable[[], bool], most_ms: int = 20_000) -> None:
    clock = QElapsedTimer()
    clock.start()
    while not done() and clock.elapsed() < most_ms:
        app.processEvents()


def _shown(app: QApplication, folder: Path, count: int) -> tuple[AnimaticBook, TimelineView, QWidget]:
    media = folder / "media"
    pictures = [store(media, painted(60 + at * 15, (1280, 720), band=at % 4 == 0)) for at in range(10)]
    shots = [one.model_copy(update={"duration_ms": 2400}) for one in many(count, pictures)]
    client = FakeAnimatic(Board(tuple(shots)), media)
    client.rate = rate_named("59.94 DF")
    voice = keep_sound(media, write_wav(folder / "voice.wav", 2), temp=False, how="recorded")
    tone = keep_sound(media, write_wav(folder / "tone.wav", 2.4 * count, seed=2), temp=True)
    lines = [clip(f"line{at}", voice, 4800, shot=shot_id(at + 1)) for at in range(count)]
    clips = (*lines, clip("tone", tone, 0, track="tone"), clip("music", tone, 0, track="music"))
    client.animatic = client.animatic.model_copy(update={"clips": clips, "sounds": (voice, tone)})
    board, book = BoardBook(client), AnimaticBook(client)
    board.load(project(folder), LINDQVIST)
    _wait(app, lambda: len(board.shots) == count and not board.loading)
    window = QWidget()
    view = TimelineView(Theme("dark"), book, window)
    window.resize(1440, 300)
    view.setGeometry(0, 0, 1440, 210)
    window.show()
    started = time.perf_counter()
    book.open(board, project(folder), LINDQVIST)
    _wait(app, lambda: book.is_open)
    view.canvas.repaint()
    print(f"  opened and painted        {(time.perf_counter() - started) * 1000:5.0f} ms")
    for _ in range(20):
        app.processEvents()
        QThreadPool.globalInstance().waitForDone(2000)
    return book, view, window


def _measure(app: QApplication, folder: Path, count: int) -> dict[float, float]:
    print(f"{count:,} boards")
    book, view, window = _shown(app, folder, count)
    scale, canvas = view.scale, view.canvas
    found: dict[float, float] = {}
    for zoom in ZOOMS:
        view.zoom = zoom
        scale.scroll_to(0)

        def scrolled(_at: int) -> None:
            most = scale.most_offset
            scale.scroll_to(scale.offset + 30 if scale.offset + 30 < most else 0)
            canvas.repaint()

        # The first round reads the pictures that come into sight.
        _timed(40, scrolled)
        app.processEvents()
        took = _timed(FRAMES, scrolled)
        found[zoom] = _p95(took)
        print(f"  scroll at {zoom:5.2f} px a frame {_told(took)}")
        app.processEvents()
    view.zoom = 0.6
    scale.scroll_to(0)

    def played(at: int) -> None:
        view.set_playhead(at)
        app.processEvents()

    print(f"  a frame of playing         {_told(_timed(FRAMES, played))}")

    def trimmed(at: int) -> None:
        book.edit_shots(ripple(book.timeline, 1, 100 + at % 7), "Trim")
        canvas.repaint()

    print(f"  a trim, made and painted   {_told(_timed(40, trimmed))}")
    _wait(app, lambda: False, 300)
    window.close()
    return found


def main() -> None:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    # As in the window, where it goes by a timer of its own.
    gc.disable()
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        few = _measure(app, Path(one), 100)
        lots = _measure(app, Path(other), 1000)
    for zoom in ZOOMS[:2]:
        print(f"1,000 boards to 100 at {zoom} px a frame: {lots[zoom] / few[zoom]:.2f}")


if __name__ == "__main__":
    main()
