"""The Board desk: scrolling the grid, opening long boards, decoding thumbnails; against a bare QListView."""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PANELS = (100, 1_000, 10_000)
FRAMES = 240
#: What one frame has at 60 frames a second.
BUDGET_MS = 16.0


def _spread(took: list[float]) -> str:
    ordered = sorted(took)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"p50 {statistics.median(ordered):5.1f}  p95 {p95:5.1f}  max {ordered[-1]:5.1f} ms"


def _memory_mb() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _pictures(media: Path, count: int = 300) -> list[object]:
    """Pictures as boards have them, 1280 by 720, every one different."""
    import io

    import numpy as np
    from PIL import Image

    from tests.desk.board_fakes import store

    found: list[object] = []
    chance = np.random.default_rng(5)
    for number in range(count):
        tones = chance.integers(60, 250, (9, 16), dtype=np.uint8)
        picture = Image.fromarray(tones).resize((1280, 720), Image.Resampling.BICUBIC).convert("RGB")
        picture.putpixel((0, 0), (number % 256, number // 256, 7))
        target = io.BytesIO()
        picture.save(target, "PNG", compress_level=1)
        found.append(store(media, target.getvalue()))
    return found


def _scroll(view, app, step: int, work: list[float] | None = None) -> list[float]:
    """Frame times; `work` takes what of them the window's thread itself had the processor for."""
    bar = view.verticalScrollBar()
    took: list[float] = []
    at = 0
    for _ in range(FRAMES):
        at = at + step if at + step < bar.maximum() else 0
        started, busy = time.perf_counter(), time.thread_time()
        bar.setValue(at)
        app.processEvents()
        view.viewport().repaint()
        took.append((time.perf_counter() - started) * 1000)
        if work is not None:
            work.append((time.thread_time() - busy) * 1000)
    return took


def _bare(app, count: int) -> list[float]:
    """A list view whose delegate draws one ready picture a card: what Qt itself costs."""
    from PySide6.QtCore import QSize, QStringListModel
    from PySide6.QtGui import QColor, QPixmap
    from PySide6.QtWidgets import QListView, QStyledItemDelegate

    pixmap = QPixmap(268, 150)
    pixmap.fill(QColor("grey"))

    class Plain(QStyledItemDelegate):
        def sizeHint(self, option, index):
            return QSize(283, 215)

        def paint(self, painter, option, index):
            painter.drawPixmap(option.rect.topLeft(), pixmap)
            painter.drawText(option.rect, index.data())

    view = QListView()
    view.setViewMode(QListView.ViewMode.IconMode)
    view.setMovement(QListView.Movement.Static)
    view.setUniformItemSizes(True)
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    view.setItemDelegate(Plain(view))
    view.setModel(QStringListModel([str(number) for number in range(count)], view))
    view.resize(868, 780)
    view.show()
    app.processEvents()
    took = _scroll(view, app, 120)
    view.close()
    return took


def _settle(app, desk, seconds: float = 20.0) -> None:
    end = time.perf_counter() + seconds
    while (desk.book.loading or desk.grid.thumbnails.busy) and time.perf_counter() < end:
        app.processEvents()
        time.sleep(0.001)


def _panels(app, theme, folder: Path, count: int, pictures: list[object], bare: float) -> None:
    from PySide6.QtCore import QEventLoop, QSettings

    from studio_assist.desk.board.desk import BoardDesk
    from tests.desk.board_fakes import LINDQVIST, FakeBoards, many, project

    client = FakeBoards(many(count, pictures), folder / "media")
    desk = BoardDesk(theme, client, QSettings(str(folder / "layout.ini"), QSettings.Format.IniFormat))
    client.told.connect(desk.take)
    desk.resize(1440, 824)
    desk.show()
    app.processEvents()
    held: list[float] = []
    started = time.perf_counter()
    desk.load(project(folder), LINDQVIST)
    while not desk.book.shots or desk.book.loading:
        turn = time.perf_counter()
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 0)
        held.append((time.perf_counter() - turn) * 1000)
    opened = (time.perf_counter() - started) * 1000
    _settle(app, desk)
    work: list[float] = []
    cold = _scroll(desk.grid, app, 120, work)
    _settle(app, desk)
    warm = _scroll(desk.grid, app, 120, work)
    far = _scroll(desk.grid, app, 4_000, work)
    ratio = statistics.median(warm) / bare
    print(f"{count:6,} panels: opened in {opened:6.0f} ms, longest turn {max(held):5.1f} ms")
    print(f"       scroll, pictures there    {_spread(warm)}   {ratio:.1f} x a bare list")
    print(f"       scroll, pictures coming   {_spread(cold)}")
    print(f"       scroll, 18 rows a frame   {_spread(far)}   memory {_memory_mb():.0f} MB")
    over = sum(took > BUDGET_MS for took in (*warm, *cold, *far))
    print(f"       its own work in all three {_spread(work)}")
    print(f"       frames over {BUDGET_MS:.0f} ms: {over} of {3 * FRAMES}")
    desk.close()
    desk.deleteLater()
    app.processEvents()


def _decoding(media: Path, pictures: list[object]) -> None:
    from studio_assist.desk.board.decoding import decoded

    took: list[float] = []
    for one in pictures[:60]:
        started = time.perf_counter()
        decoded(media / one.sha256[:2] / f"{one.sha256}{one.suffix}", 267, 150)
        took.append((time.perf_counter() - started) * 1000)
    print(f"thumbnail of a PNG, 1280 x 720   {_spread(took)}")


def main() -> None:
    """Print frame times, opening times, memory and decoding times."""
    from PySide6.QtCore import QThreadPool
    from PySide6.QtWidgets import QApplication

    from studio_assist.desk.theme import Theme

    app = QApplication.instance() or QApplication([])
    theme = Theme("dark")
    theme.apply(app)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        pictures = _pictures(folder / "media")
        _decoding(folder / "media", pictures)
        for count in PANELS:
            bare = statistics.median(_bare(app, count))
            _panels(app, theme, folder, count, pictures, bare)
        QThreadPool.globalInstance().waitForDone(5_000)


if __name__ == "__main__":
    main()
