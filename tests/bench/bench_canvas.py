"""The draw-over canvas: from an event to the painted stroke, undo in memory, and what a save costs the window.

Latency stands beside a bare widget that draws the same lines into one picture and copies it to the screen.
"""

from __future__ import annotations

import math
import os
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, QSize, Qt, QThreadPool, QTimer
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from studio_assist.desk.canvas.area import DrawArea
from studio_assist.desk.canvas.document import CanvasDocument
from studio_assist.desk.canvas.faces import fresh_faces
from studio_assist.desk.canvas.job import CanvasJob
from studio_assist.desk.canvas.loading import Encoder
from studio_assist.desk.canvas.measuring import Measurer
from studio_assist.desk.canvas.pixels import tinted
from studio_assist.desk.canvas.saver import CanvasSaver
from studio_assist.desk.canvas.stroke import Nib
from studio_assist.desk.canvas.tiles import FORMAT, tiles_of
from studio_assist.desk.theme import Theme
from studio_assist.domain.canvas import Canvas
from studio_assist.domain.people import new_person
from studio_assist.domain.storyboard import ShotId
from studio_assist.interchange import openraster

HD, UHD = QSize(1920, 1080), QSize(3840, 2160)
STROKES, MOVES = 8, 80


class Bare(QWidget):
    """What a widget can do at best: one picture, one line, one copy."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage(1096, 636, QImage.Format.Format_RGB32)
        self._image.fill(QColor("white"))
        self._last = QPointF()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._last = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor("black"), 6))
        painter.drawLine(self._last, event.position())
        painter.end()
        self._last = event.position()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).drawImage(0, 0, self._image)


def noise(size: QSize) -> QImage:
    """A frame with a lot in it, so that nothing is cheap by being empty."""
    image = QImage(size, FORMAT)
    image.fill(QColor("#F0F0F0"))
    painter = QPainter(image)
    chance = random.Random(1)
    for _ in range(600):
        painter.setPen(QPen(QColor(chance.randrange(200), 90, 90), chance.randrange(1, 9)))
        painter.drawLine(
            chance.randrange(size.width()),
            chance.randrange(size.height()),
            chance.randrange(size.width()),
            chance.randrange(size.height()),
        )
    painter.end()
    return image


def a_document(size: QSize, layers: int) -> CanvasDocument:
    """A drawing of so many layers, each with something all over it."""
    document = CanvasDocument(size)
    document.person = "Bench"
    faces = fresh_faces("Bench", underlay=True)
    document.fill(faces, {"underlay": tiles_of(tinted(noise(size)), QPoint(0, 0))}, {})
    while len(document.faces) < layers:
        layer = document.add_layer("tone")
        edit = document.edit(layer)
        edit.paint(document.page, lambda painter: painter.fillRect(document.page, QColor(30, 60, 90, 20)))
        edit.commit("fill")
    document.choose("human-ink")
    return document


def latencies(widget: QWidget) -> list[float]:
    """Milliseconds from each event of many strokes until it is painted, sorted."""
    taken: list[float] = []
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton

    def tell(kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, down: Qt.MouseButton) -> None:
        event = QMouseEvent(kind, at, at, button, down, Qt.KeyboardModifier.NoModifier)
        began = time.perf_counter()
        QApplication.sendEvent(widget, event)
        QApplication.processEvents()
        taken.append(1000 * (time.perf_counter() - began))

    for number in range(STROKES):
        at = QPointF(280 + 60 * number, 310)
        tell(QEvent.Type.MouseButtonPress, at, left, left)
        for step in range(MOVES):
            at = QPointF(280 + 60 * number + 190 * math.sin(step / 6), 310 + 200 * math.cos(step / 8))
            tell(QEvent.Type.MouseMove, at, none, left)
        tell(QEvent.Type.MouseButtonRelease, at, left, none)
    return sorted(taken)


def spread(name: str, taken: list[float], bare: float) -> None:
    p50, p95 = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
    print(
        f"{name:<46} p50 {p50:5.2f}  p95 {p95:5.2f}  max {taken[-1]:6.2f} ms   p95 to bare {p95 / bare:4.1f}"
    )


def stroke_latency(theme: Theme) -> None:
    bare = Bare()
    bare.resize(1096, 636)
    bare.show()
    taken = latencies(bare)
    best = taken[int(len(taken) * 0.95)]
    spread("bare widget, one line", taken, best)
    bare.close()
    for size, layers, nib, zoom in (
        (HD, 3, 6, 0),
        (UHD, 3, 6, 0),
        (UHD, 6, 6, 0),
        (UHD, 6, 60, 0),
        (UHD, 6, 200, 0),
        (UHD, 6, 200, 100),
        (UHD, 6, 6, 400),
    ):
        document = a_document(size, layers)
        area = DrawArea(theme, document)
        area.resize(1096, 636)
        area.show()
        QApplication.processEvents()
        if zoom:
            area.set_zoom(zoom)
            QApplication.processEvents()
        area.hand.nib = replace(area.hand.nib, size_px=nib)
        where = f"{zoom} %" if zoom else "fit"
        spread(f"{size.width()}x{size.height()}, {layers} layers, {nib} px, {where}", latencies(area), best)
        began = time.perf_counter()
        area.set_zoom(area.zoom_percent * 1.2)
        area.repaint()
        if nib == 6 and not zoom:
            print(f"{'':<6}zoom to paint {1000 * (time.perf_counter() - began):.1f} ms")
        area.close()
        document.history.clear()
        QThreadPool.globalInstance().waitForDone()


def undo_memory() -> None:
    document = a_document(UHD, 3)
    chance = random.Random(2)
    for _ in range(200):
        x, y = chance.uniform(0, 3000), chance.uniform(0, 1700)
        document.begin(Nib(size_px=chance.choice((6, 12, 40))), QPointF(x, y), 1)
        for _ in range(30):
            x, y = x + chance.uniform(-90, 120), y + chance.uniform(-90, 90)
            document.extend(QPointF(x, y), chance.random())
        document.end()
    QThreadPool.globalInstance().waitForDone()
    QApplication.processEvents()
    raw = sum(1 for step in document.history.done for _ in step.held()) * 256 * 256 * 4
    print(
        f"200 strokes at 4K: {document.history.bytes / 1e6:.1f} MB to undo them ({raw / 1e6:.0f} MB unpacked)"
    )
    began = time.perf_counter()
    while document.history.done:
        document.undo()
    print(f"{'':<6}undo {(time.perf_counter() - began) * 5:.1f} ms a step")
    document.history.clear()


def turning(work: Callable[[], object], until: Callable[[], bool]) -> tuple[float, float]:
    """Seconds until something done beside the window is ready, and the longest the window stood still, in ms."""
    worst, last = 0.0, time.perf_counter()

    def beat() -> None:
        nonlocal worst, last
        now = time.perf_counter()
        worst, last = max(worst, now - last), now
        if until():
            loop.quit()

    loop, timer = QEventLoop(), QTimer()
    timer.setInterval(1)
    timer.timeout.connect(beat)
    timer.start()
    began = last = time.perf_counter()
    work()
    loop.exec()
    timer.stop()
    return time.perf_counter() - began, 1000 * worst


def saving(folder: Path) -> None:
    def write(canvas: Canvas, path: Path) -> None:
        path.write_bytes(openraster.write(canvas))

    for size, layers in ((HD, 3), (UHD, 3), (UHD, 6)):
        document = a_document(size, layers)
        job = CanvasJob(
            ShotId("0" * 12), "1A", new_person("Bench"), folder / "bench.ora", width=size.width(), height=9
        )
        for name, port in (
            ("encoding alone", lambda canvas, path: path.write_bytes(b"")),
            ("with OpenRaster", write),
        ):
            saver = CanvasSaver(job, port, document.sheets, lambda: True)
            for what in ("first", "one stroke later"):
                document.begin(Nib(size_px=12), QPointF(100, 100), 1)
                document.extend(QPointF(900, 700), 1)
                document.end()
                saver.touch()
                seconds, stall = turning(saver.save, lambda one=saver: not one.dirty)
                print(
                    f"{size.width()}x{size.height()}, {layers} layers, {name}, {what:<17}"
                    f"{1000 * seconds:7.0f} ms, the window stood still {stall:5.1f} ms at most"
                )
        done: list[object] = []
        measurer = Measurer(document.sheets, QColor("white"))
        measurer.measured.connect(done.append)
        seconds, stall = turning(measurer.measure, lambda found=done: bool(found))
        print(f"{'':<6}meter and thumbnails, all new: {1000 * seconds:.0f} ms, stood still {stall:.1f} ms")
        document.history.clear()
        assert Encoder().canvas(document.sheets()).is_temp


def main() -> None:
    """Print the figures."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme = Theme("dark")
    theme.apply(app)
    stroke_latency(theme)
    undo_memory()
    with tempfile.TemporaryDirectory() as folder:
        saving(Path(folder))
    QThreadPool.globalInstance().waitForDone()


if __name__ == "__main__":
    main()
