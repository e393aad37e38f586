"""The animatic of a feature: 1,000 panels in 40 minutes. How soon it plays, what comes late, what a frame costs.

Pictures are 1920 x 1080, as boards have them, in as many files as there are panels. A frame is late when the
clock had gone on to another one before it was painted.
"""

from __future__ import annotations

import io
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop, QSettings, QThreadPool, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from studio_assist.desk.animatic.desk import AnimaticDesk
from studio_assist.desk.animatic.viewer import AnimaticViewer
from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import Media
from studio_assist.domain.timebase import RATES, FrameRate
from tests.desk.animatic_player_fakes import FakeAnimatics
from tests.desk.board_fakes import LINDQVIST, many, project

PANELS, DIFFERENT = 1000, 12
PLAYED_S = 4.0


def pictures(media: Path) -> list[Media]:
    """As many files as panels, of a dozen pictures."""
    chance = np.random.default_rng(7)
    kinds: list[bytes] = []
    for _picture in range(DIFFERENT):
        tones = chance.integers(30, 230, (9, 16, 3)).repeat(120, axis=0).repeat(120, axis=1)
        target = io.BytesIO()
        noisy = (tones + chance.normal(0, 2, (1080, 1920, 1))).clip(0, 255).astype(np.uint8)
        Image.fromarray(noisy).save(target, "PNG", compress_level=3)
        kinds.append(target.getvalue())
    found: list[Media] = []
    for number in range(PANELS):
        sha = f"{number:064x}"
        folder = media / sha[:2]
        folder.mkdir(parents=True, exist_ok=True)
        first = media / "00" / f"{number % DIFFERENT:064x}.png"
        if number < DIFFERENT:
            first.write_bytes(kinds[number])
        else:
            os.link(first, folder / f"{sha}.png")
        found.append(Media(sha256=sha, suffix=".png", width=1920, height=1080))
    return found


class Timed(AnimaticViewer):
    """Notes what each painting took, and which frame it showed."""

    paints: list[float]
    shown: list[int]
    waited: int

    def begin(self) -> None:
        self.paints, self.shown, self.waited = [], [], 0

    def paintEvent(self, event: QPaintEvent) -> None:
        begun = time.perf_counter()
        super().paintEvent(event)
        self.paints.append((time.perf_counter() - begun) * 1000)
        self.shown.append(self._player.frame)
        self.waited += not self.is_ready


def wait(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def until(done: Callable[[], bool], most_s: float = 10.0) -> float:
    """Milliseconds until it is so."""
    begun = time.perf_counter()
    while not done() and time.perf_counter() - begun < most_s:
        wait(0.001)
    return (time.perf_counter() - begun) * 1000


def measured(theme: Theme, folder: Path, media: list[Media], rate: FrameRate) -> None:
    client = FakeAnimatics(many(PANELS, media), folder / "media", rate)
    state, board = project(folder), BoardBook(client)
    board.load(state, LINDQVIST)
    until(lambda: not board.loading)
    layout = QSettings(str(folder / "layout.ini"), QSettings.Format.IniFormat)
    desk = AnimaticDesk(theme, client, layout)
    viewer = desk.viewer
    assert isinstance(viewer, Timed)
    viewer.begin()
    desk.resize(1440, 870)
    desk.show()
    wait(0.2)
    viewer.begin()
    desk.audio.set_volume(0)
    begun = time.perf_counter()
    desk.open(board, state, LINDQVIST)
    opened = (time.perf_counter() - begun) * 1000
    until(lambda: viewer.is_ready and desk.player.frame > 0 and desk.player.frame in viewer.shown)
    plays = (time.perf_counter() - begun) * 1000
    minutes = float(desk.player.timeline.total / rate.fps) / 60
    print(f"{rate.name:>9}: {minutes:.1f} min; open() {opened:.0f} ms, plays after {plays:.0f} ms", end="")
    for speed in (1, 8):
        desk.player.seek(2400)
        wait(0.5)
        desk.player.play()
        while desk.player.speed < speed:
            desk.player.shuttle(1)
        viewer.begin()
        first, started = desk.player.frame, time.perf_counter()
        wait(PLAYED_S)
        desk.player.pause()
        took = time.perf_counter() - started
        due = desk.player.frame - first
        shown = len(set(viewer.shown))
        off = due - took * speed * float(rate.fps)
        paints = sorted(viewer.paints)
        most = paints[round(0.95 * len(paints)) - 1]
        print(
            f"; {speed}x: {due} frames due, {max(0, due - shown)} not shown, {viewer.waited} of "
            f"{len(paints)} paintings with the one before, paint p95 {most:.2f} ms, worst {paints[-1]:.2f} ms, "
            f"{off:+.2f} frames off the clock",
            end="",
        )
    print(f"; pictures kept {viewer.pictures.bytes / 1e6:.0f} MB")
    desk.close_project()
    desk.close()
    QThreadPool.globalInstance().waitForDone(2000)
    desk.deleteLater()


def main() -> None:
    import studio_assist.desk.animatic.desk as page

    page.AnimaticViewer = Timed
    known = QApplication.instance()
    app = known if isinstance(known, QApplication) else QApplication([])
    theme = Theme("dark")
    theme.apply(app)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        media = pictures(folder / "media")
        for rate in (RATES[0], RATES[1], RATES[-1]):
            measured(theme, folder, media, rate)


if __name__ == "__main__":
    main()
