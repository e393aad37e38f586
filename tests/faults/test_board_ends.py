"""kill -9 and full disks while a board is worked on: no decision is lost, and file and record agree."""

from __future__ import annotations

import asyncio
import errno
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import Qt

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.domain.canvas import Canvas, Layer
from studio_assist.domain.storyboard import PutShot, ShotId, ShotSeen, Variant
from studio_assist.domain.values import Value
from studio_assist.interchange import openraster
from studio_assist.ledger import verify
from studio_assist.storage import atomic
from tests.desk.artist import ARTIST, Artist, entries_of, project

ROOT: Final = Path(__file__).parents[2]
P = TypeVar("P", bound=Value)
R = TypeVar("R", bound=Value)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")


@pytest.fixture(scope="module")
def framed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("framed") / "Ferry.studio", frames=2)


@pytest.fixture
def framed(framed_once: Path, tmp_path: Path) -> Path:
    """Three shots; two frames wait for the first."""
    return Path(shutil.copytree(framed_once, tmp_path / "Ferry.studio"))


# kill -9 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "point",
    ["before the decision is recorded", "after the decision is recorded", "before the board is saved"],
)
def test_a_decision_that_was_cut_off_stands_wholly_or_not_at_all(framed: Path, point: str) -> None:
    first, second = variants(framed)
    died(framed, point, presented(first), decided(first))
    seen, temp = opened(framed)
    decisions = entries_of(framed, "decision")
    if point == "before the decision is recorded":
        assert decisions == []
        assert (seen.shot.panel.state, temp) == ("empty", 0)
        assert [one.candidate for one in seen.variants] == [first.candidate, second.candidate]
        return
    (decision,) = decisions
    assert (seen.shot.panel.state, seen.shot.panel.entry, temp) == ("temp", decision.number, 1)
    assert seen.shot.panel.picture == first.picture
    assert [one.candidate for one in seen.variants] == [second.candidate]
    assert on_disk(framed)["panel"]["entry"] == decision.number
    # Opened once more, nothing is done twice.
    assert opened(framed)[0].shot == seen.shot
    assert entries_of(framed, "decision") == decisions


@pytest.mark.parametrize("point", ["after the drawing is recorded", "before the board is saved"])
def test_a_replacement_that_was_cut_off_stands(framed: Path, point: str) -> None:
    first, _second = variants(framed)
    run(framed, presented(first), decided(first))
    shot, file = drawing(framed, "replacing.ora")
    replace = (
        protocol.REPLACE_PANEL,
        protocol.ReplacePanelParams(shot=shot, file=str(file), human_permille=400, person=ARTIST),
    )
    died(framed, point, replace)
    seen, temp = opened(framed)
    (entry,) = entries_of(framed, "panel_replaced")
    panel = seen.shot.panel
    assert (panel.state, panel.entry, panel.by, temp) == ("drawn", entry.number, ARTIST.name, 0)
    assert media_of(framed, panel.picture).is_file()
    # The record says that it was replaced; it can be taken back as ever.
    back = (protocol.UNDO_PICTURE, protocol.UndoPictureParams(entry=entry.number, person=ARTIST))
    run(framed, back)
    seen, temp = opened(framed)
    assert (seen.shot.panel.state, temp) == ("temp", 1)


def test_a_drawing_that_was_cut_off_is_put_into_its_panel(framed: Path) -> None:
    first, _second = variants(framed)
    run(framed, presented(first), decided(first))
    shot, file = drawing(framed)
    save = protocol.SaveCanvasParams(shot=shot, file=str(file), done=True, person=ARTIST)
    died(framed, "before a drawing is kept", (protocol.SAVE_CANVAS, save))
    assert file.exists()
    seen, temp = opened(framed)
    panel = seen.shot.panel
    assert (panel.state, temp) == ("temp", 1)
    assert panel.canvas is not None
    assert panel.human_permille > 0
    assert not file.exists()


def test_an_edit_that_was_answered_is_lost_by_no_kill_but_the_one_before_it_is_saved(framed: Path) -> None:
    seen, _temp = opened(framed)
    title = seen.shot.model_copy(update={"title": "Nora alone"})
    edit = protocol.EditBoardParams(edit=PutShot(shot=title), person=ARTIST)
    died(framed, "after the board is saved", (protocol.EDIT_BOARD, edit))
    assert opened(framed)[0].shot.title == "Nora alone"
    assert on_disk(framed)["title"] == "Nora alone"


@pytest.mark.parametrize("point", ["after the queue is saved", "after a frame is recorded"])
def test_a_queue_that_was_cut_off_goes_on_and_ends(framed: Path, point: str) -> None:
    seen, _temp = opened(framed, at=1)
    ask = protocol.BoardAskParams(shots=(seen.shot.id,), count=2, seed=3, person=ARTIST)
    died(framed, point, (protocol.ASK_BOARD, ask))

    async def go_on(broker: Broker) -> None:
        requests = tuple(item.request for item in broker.boards.queue.told().items)
        assert len(requests) == 1
        ended = await broker.boards.queue.finished(requests)
        assert [one.state for one in ended.values()] == ["done"]

    with_broker(framed, go_on)
    seen, temp = opened(framed, at=1)
    kept = 1 if point == "after a frame is recorded" else 0
    assert len(seen.variants) == 2 + kept
    assert (seen.shot.panel.state, temp) == ("empty", 0)
    assert entries_of(framed, "decision") == []


def test_frames_that_wait_are_marked_once(framed: Path) -> None:
    before = sorted(path.name for path in (framed / "media").rglob("*.png"))
    for _ in range(2):
        with_broker(framed, marks)
    assert sorted(path.name for path in (framed / "media").rglob("*.png")) == before


# full disks ---------------------------------------------------------------------------------------------


@contextmanager
def full_disk(where: str) -> Generator[None]:
    """A disk that has no room for files whose path has these words in it."""
    stage = atomic._stage

    def full(target: Path, data: bytes) -> Path:
        if where in target.parts or where in target.name:
            raise OSError(errno.ENOSPC, "No space left on device")
        return stage(target, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(atomic, "_stage", full)
        yield


@pytest.fixture
def artist(qapp: object, home: Path, framed: Path) -> Iterator[Artist]:
    made = Artist(home, ARTIST)
    made.begin(framed)
    made.to_board()
    yield made
    made.close()


@pytest.mark.parametrize("file", ["boards.json", "media"])
def test_a_disk_that_is_full_is_told_and_what_was_done_is_saved_once_there_is_room(
    framed: Path, file: str
) -> None:
    first, _second = variants(framed)
    seen, _temp = opened(framed)
    told: list[protocol.Event] = []

    async def work(broker: Broker) -> None:
        with full_disk(file):
            if file == "boards.json":
                titled = seen.shot.model_copy(update={"title": "Nora alone"})
                edit = protocol.EditBoardParams(edit=PutShot(shot=titled), person=ARTIST)
                await broker.handle(protocol.EDIT_BOARD, edit)
                await broker.session.boards.flush()
                assert on_disk(framed)["title"] != "Nora alone"
            else:
                ask = protocol.BoardAskParams(shots=(seen.shot.id,), count=1, seed=3, person=ARTIST)
                asked = await broker.handle(protocol.ASK_BOARD, ask)
                await broker.boards.queue.finished(asked.requests)
                page = await broker.handle(protocol.LIST_SHOTS, protocol.ListShotsParams())
                live = page.shots[0].live
                assert live is not None
                assert live.state == "failed"
                assert "disk is full" in live.why
                assert live.remedy
        if file == "boards.json":
            (trouble,) = [one for one in told if isinstance(one, protocol.Trouble) and one.kind == "boards"]
            assert "disk is full" in trouble.message
            # It is tried again by itself; what is done next is saved with it.
            await broker.handle(*presented(first))
            await broker.handle(*decided(first))

    with_broker(framed, work, told)
    seen, temp = opened(framed)
    if file == "boards.json":
        assert seen.shot.title == "Nora alone"
        assert on_disk(framed)["title"] == "Nora alone"
        assert temp == 1
    else:
        assert [one.candidate for one in seen.variants] == [one.candidate for one in variants(framed)]


def test_a_disk_that_is_full_while_a_person_draws_keeps_the_strokes(artist: Artist) -> None:
    artist.choose("2A")
    artist.looked()
    artist.key(Qt.Key.Key_A)
    artist.wait(lambda: artist.shot("2A").panel.state == "temp", "the frame to be accepted")
    artist.open_canvas()
    artist.stroke()
    with full_disk(".ora"):
        artist.key(Qt.Key.Key_Escape)
        artist.shown("leave_sheet")
        assert artist.room.is_drawing
        assert artist.room.canvas.dirty
        artist.press("leave_stay")
        artist.wait(lambda: artist.part("leave_sheet") is None, "the sheet to go")
    artist.area.setFocus()
    artist.back()
    artist.kept("2A")
    assert artist.shot("2A").panel.human_permille > 0
    assert verify(artist.folder).ok


# internals ----------------------------------------------------------------------------------------------

Call = tuple[protocol.Method[Any, Any], Any]


def with_broker(
    folder: Path,
    work: Callable[[Broker], Coroutine[Any, Any, None]],
    told: list[protocol.Event] | None = None,
) -> None:
    async def go() -> None:
        broker = Broker(lambda event: told.append(event) if told is not None else None)
        try:
            opening = protocol.OpenProjectParams(path=str(folder), person=ARTIST)
            await broker.handle(protocol.OPEN_PROJECT, opening)
            await work(broker)
        finally:
            await broker.close()

    asyncio.run(go())
    assert verify(folder).ok


async def marks(broker: Broker) -> None:
    """Wait until what a crash left is put in, and everything that waits is marked."""
    async with asyncio.timeout(20):
        while True:
            page = await broker.handle(protocol.LIST_SHOTS, protocol.ListShotsParams())
            left = list(broker.session.folder.recovery_path.glob("canvas-*.ora"))
            if not left and all(variant.shown for seen in page.shots for variant in seen.variants):
                return
            await asyncio.sleep(0.02)


def opened(folder: Path, at: int = 0) -> tuple[ShotSeen, int]:
    """A shot of the project once it was opened and everything was put in, and the temp debt in boards."""
    found: list[tuple[ShotSeen, int]] = []

    async def look(broker: Broker) -> None:
        await marks(broker)
        page = await broker.handle(protocol.LIST_SHOTS, protocol.ListShotsParams())
        found.append((page.shots[at], broker.session.boards.temp))

    with_broker(folder, look)
    return found[0]


def variants(folder: Path) -> tuple[Variant, ...]:
    return opened(folder)[0].variants


def run(folder: Path, *calls: Call) -> None:
    async def work(broker: Broker) -> None:
        for method, params in calls:
            await broker.handle(method, params)

    with_broker(folder, work)


def presented(variant: Variant) -> Call:
    return protocol.PRESENTED, protocol.PresentedParams(
        candidate=variant.candidate, content=variant.content, person=ARTIST
    )


def decided(variant: Variant) -> Call:
    return protocol.DECIDE_PICTURE, protocol.DecidePictureParams.model_validate(
        {"candidate": variant.candidate, "content": variant.content, "outcome": "accepted", "person": ARTIST}
    )


def died(folder: Path, point: str, *calls: Call) -> None:
    """Make these calls of a broker that kills itself when it comes to a point."""
    marker = folder.parent / "died"
    marker.unlink(missing_ok=True)
    opening = protocol.OpenProjectParams(path=str(folder), person=ARTIST)
    lines = [protocol.encode_call(1, protocol.OPEN_PROJECT, opening)]
    lines += [protocol.encode_call(number, *call) for number, call in enumerate(calls, 2)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.broker_with", "dies", point, str(marker)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    for number, line in enumerate(lines, 1):
        process.stdin.write(line)
        process.stdin.flush()
        if number < len(lines):
            # One after the other, as a person does them.
            while True:
                said = process.stdout.readline()
                if not said or json.loads(said).get("id") == number:
                    break
    assert process.wait(30) == -signal.SIGKILL
    process.stdin.close()
    process.stdout.close()
    assert marker.exists()


def on_disk(folder: Path) -> dict[str, Any]:
    """The first shot as boards.json has it."""
    shot: dict[str, Any] = json.loads((folder / "boards.json").read_bytes())["shots"][0]
    return shot


def media_of(folder: Path, media: Any) -> Path:
    return folder / "media" / media.sha256[:2] / f"{media.sha256}{media.suffix}"


def drawing(folder: Path, name: str = "") -> tuple[ShotId, Path]:
    """The first shot, and a thick line over its panel as the window hands it over."""
    shot = ShotId(on_disk(folder)["id"])
    image = Image.new("RGBA", (1280, 720))
    ImageDraw.Draw(image).line((50, 50, 1200, 600), fill=(20, 20, 24, 255), width=40)
    ink = Layer(id="ink", kind="ink", name="Human ink", png=openraster.png_of(image), strokes=1)
    file = folder / "recovery" / (name or f"canvas-{shot}.ora")
    file.write_bytes(openraster.write(Canvas(width=1280, height=720, layers=(ink,))))
    return shot, file
