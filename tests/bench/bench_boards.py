"""The broker's board at 10,000 panels: opening, edits, saves, a page boarded; beside bare JSON on the same disk."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

PANELS = (1_000, 10_000)
EDITS = 40
#: Shots of one page of a storyboard, and frames of each.
PAGE, FRAMES = 6, 2
SCRIPT = "INT. RADIO ROOM - NIGHT\n\nMaya turns the dial.\n"


def _ms(took: list[float]) -> str:
    ordered = sorted(1000 * one for one in took)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"p50 {statistics.median(ordered):7.1f}  p95 {p95:7.1f}  max {ordered[-1]:7.1f} ms"


def _timed(do: Callable[[], object], times: int = 5) -> list[float]:
    took: list[float] = []
    for _ in range(times):
        started = time.perf_counter()
        do()
        took.append(time.perf_counter() - started)
    return took


def _memory_mb() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _board(count: int):
    """Shots as a feature's board has them; every second panel was drawn by a person."""
    from studio_assist.domain.boards import new_shot_id
    from studio_assist.domain.storyboard import Media, Panel, Shot, Tie

    at = datetime(2026, 1, 1, tzinfo=UTC)
    shots = []
    for number in range(count):
        scene = str(1 + number // 40)
        picture = Media(sha256=f"{number:064x}", width=1280, height=720)
        drawn = Panel(state="drawn", picture=picture, shown=picture, entry=1, by="J. Lindqvist", at=at)
        shots.append(
            Shot(
                id=new_shot_id(f"bench {number}"),
                number=f"{scene}A{number % 40 + 1}",
                scene=scene,
                title="Maya at the set",
                action="Maya turns the dial. Static, then a voice that nobody in the room knows.",
                dialogue="MAYA: It's not static.",
                tie=Tie(start=26, words="Maya turns the dial."),
                panel=drawn if number % 2 else Panel(),
            )
        )
    return tuple(shots)


def _dump(folder: Path, data: object) -> None:
    """What a program without a second thought does: all of it to JSON, and the disk asked to keep it."""
    file = folder / "bare.json"
    with file.open("w", encoding="utf-8") as target:
        target.write(json.dumps(data))
        target.flush()
        os.fsync(target.fileno())


def _storage(place: Path, count: int):
    """A project whose boards.json holds so many shots, with what reading and writing it take."""
    from studio_assist import protocol
    from studio_assist.broker.broker import Broker
    from studio_assist.domain.people import Person
    from studio_assist.domain.values import PersonId
    from studio_assist.storage.boards_file import BoardsFile, BoardsWriter
    from studio_assist.storage.project import ProjectFolder

    person = Person(id=PersonId("bench-1"), name="Bench")
    folder = place / f"Board {count}.studio"
    source = place / "script.fountain"
    source.write_text(SCRIPT, encoding="utf-8")

    async def make() -> None:
        broker = Broker(lambda _event: None)
        making = protocol.CreateProjectParams(
            path=str(folder), title="Bench", script_file=str(source), person=person
        )
        await broker.handle(protocol.CREATE_PROJECT, making)
        await broker.close()

    asyncio.run(make())
    shots = _board(count)
    project = ProjectFolder.open(folder)
    writer = BoardsWriter(project)
    writer.read()
    first = _timed(lambda: writer.write(BoardsFile(record=1, shots=shots)), 1)
    one_changed = []
    for number in range(5):
        other = shots[number].model_copy(update={"title": "Maya alone"})
        changed = (*shots[:number], other, *shots[number + 1 :])
        one_changed += _timed(lambda: writer.write(BoardsFile(record=1, shots=changed)), 1)  # noqa: B023
    data = json.loads((folder / "boards.json").read_bytes())
    size = (folder / "boards.json").stat().st_size
    bare = _timed(lambda: _dump(place, data))
    loads = _timed(lambda: json.loads((folder / "boards.json").read_bytes()))
    reads = _timed(lambda: BoardsWriter(project).read(), 3)
    bare_at, load_at = statistics.median(bare), statistics.median(loads)
    print(f"{count:6,} panels, {size / 1e6:.1f} MB")
    print(f"       json.dumps and fsync       {_ms(bare)}")
    print(f"       boards.json, all of it     {_ms(first)}   {first[0] / bare_at:5.2f} x bare")
    print(
        f"       boards.json, one changed   {_ms(one_changed)}   {statistics.median(one_changed) / bare_at:5.2f} x bare"
    )
    print(f"       json.loads                 {_ms(loads)}")
    print(
        f"       boards.json read, checked  {_ms(reads)}   {statistics.median(reads) / load_at:5.2f} x bare"
    )
    return folder, person, bare_at


async def _broker(folder: Path, person, bare: float) -> None:
    """Opening, paging through and editing with the broker in this process."""
    from studio_assist import protocol
    from studio_assist.broker.broker import Broker
    from studio_assist.domain.boards import new_shot_id
    from studio_assist.domain.storyboard import InsertShots, MoveShots, PutShot, RemoveShots

    broker = Broker(lambda _event: None)
    started = time.perf_counter()
    await broker.handle(protocol.OPEN_PROJECT, protocol.OpenProjectParams(path=str(folder), person=person))
    print(f"       project opened             {1000 * (time.perf_counter() - started):7.1f} ms")
    pages: list[float] = []
    total = len(broker.session.boards.board)
    for offset in range(0, total, protocol.SHOTS_A_PAGE):
        started = time.perf_counter()
        page = await broker.handle(protocol.LIST_SHOTS, protocol.ListShotsParams(offset=offset))
        protocol.encode_result(1, page)
        pages.append(time.perf_counter() - started)
    print(
        f"       a page of {protocol.SHOTS_A_PAGE}, as JSON      {_ms(pages)}   all {1000 * sum(pages):.0f} ms"
    )
    shots = broker.session.boards.board.shots
    copy = shots[0].model_copy(update={"id": new_shot_id("bench copy"), "number": "1Z"})
    kinds = {
        "one shot's fields": lambda at: PutShot(shot=shots[at].model_copy(update={"title": f"Take {at}"})),
        "ten moved": lambda at: MoveShots(ids=tuple(one.id for one in shots[20:30]), after=shots[50 + at].id),
        "put in, taken out": lambda at: (
            InsertShots(shots=(copy,), after=shots[5].id) if at % 2 == 0 else RemoveShots(ids=(copy.id,))
        ),
    }
    for words, edit_of in kinds.items():
        took: list[float] = []
        for number in range(EDITS):
            edit = edit_of(number)
            started = time.perf_counter()
            await broker.handle(protocol.EDIT_BOARD, protocol.EditBoardParams(edit=edit, person=person))
            took.append(time.perf_counter() - started)
        print(f"       edit, {words:20} {_ms(took)}   {statistics.median(took) / bare:5.3f} x a bare save")
    held: list[float] = []

    async def beat() -> None:
        while True:
            at = time.perf_counter()
            await asyncio.sleep(0.001)
            held.append(time.perf_counter() - at - 0.001)

    beating = asyncio.create_task(beat())
    started = time.perf_counter()
    await broker.session.boards.flush()
    print(
        f"       saved after all of them    {1000 * (time.perf_counter() - started):7.1f} ms, the broker stood "
        f"still {1000 * max(held, default=0):.1f} ms at most"
    )
    beating.cancel()
    await asyncio.gather(beating, return_exceptions=True)
    await broker.close()


async def _page(folder: Path, person) -> None:
    """One page is boarded beside 10,000 panels, and what of it is drawing, marks and thumbnails."""
    from studio_assist import protocol
    from studio_assist.blockout import drawer
    from studio_assist.blockout.stage import staged
    from studio_assist.broker import board_media
    from studio_assist.broker.broker import Broker
    from studio_assist.desk.board.decoding import decoded
    from studio_assist.domain.marking import SourceType

    broker = Broker(lambda _event: None)
    await broker.handle(protocol.OPEN_PROJECT, protocol.OpenProjectParams(path=str(folder), person=person))
    session = broker.session
    wanted = [shot for shot in session.boards.board if shot.panel.state == "empty"][:PAGE]
    ask = protocol.BoardAskParams(
        shots=tuple(shot.id for shot in wanted), count=FRAMES, seed=7, person=person
    )
    started = time.perf_counter()
    asked = await broker.handle(protocol.ASK_BOARD, ask)
    ended = await broker.boards.queue.finished(asked.requests)
    boarded = time.perf_counter() - started
    made = [variant for one in ended.values() for variant in one.made]
    scene = session.boards.board.of_scene(wanted[0].scene)
    bare = _timed(lambda: drawer.picture(staged(wanted[0], "", scene, {}), 1280, 720, seed=7))
    data = [board_media.media_bytes(session.folder, variant.picture) for variant in made]
    marks: list[float] = []
    for one, variant in zip(data, made, strict=True):
        entry = session.ledger.entries(type="candidate", candidate=variant.candidate, limit=1)[0]
        at = time.perf_counter()
        await board_media.marked_copy(
            session,
            one,
            entry=entry.number,
            label="1A",
            source=SourceType.PROCEDURAL,
            made_by=variant.made_by,
            person=person,
        )
        marks.append(time.perf_counter() - at)
    small = [
        took
        for variant in made
        if (path := session.folder.media(variant.picture.sha256)) is not None
        for took in _timed(lambda: decoded(path, 267, 150), 2)
    ]
    each = boarded / max(1, len(made))
    print(f"a page of {PAGE} shots, {FRAMES} frames each, boarded in {boarded:.2f} s")
    print(f"       a frame, drawn bare        {_ms(bare)}")
    print(
        f"       a frame, recorded, marked  {1000 * each:11.1f} ms   {each / statistics.median(bare):5.2f} x bare"
    )
    print(
        f"       its marked copy            {_ms(marks)}   {statistics.median(marks) / statistics.median(bare):5.2f} x bare"
    )
    print(f"       its thumbnail              {_ms(small)}")
    print(f"       memory {_memory_mb():.0f} MB")
    await broker.close()


def main() -> None:
    """Print times, and what they are beside bare JSON and a bare drawing."""
    with tempfile.TemporaryDirectory() as place:
        os.environ.setdefault("STUDIO_ASSIST_HOME", str(Path(place) / "home"))
        for count in PANELS:
            folder, person, bare = _storage(Path(place), count)
            asyncio.run(_broker(folder, person, bare))
        asyncio.run(_page(folder, person))


if __name__ == "__main__":
    main()
