"""The queue of pictures: order, pausing, cancelling, and what is left of it after a restart."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from board_work import boarded, shot
from broker_work import OTHER, WRITER

from studio_assist import protocol
from studio_assist.blockout import drawer
from studio_assist.domain.errors import BadInput
from studio_assist.domain.record import Requested, RequestEnded

SHOTS = [shot(f"14{letter}") for letter in "ABCD"]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """The built-in drawer waits with every picture until this is set."""
    go = Event()
    draw = drawer.picture

    def wait(*args: object, **named: object) -> bytes:
        assert go.wait(20)
        return draw(*args, **named)  # type: ignore[arg-type]  # the drawer's own arguments, passed on

    monkeypatch.setattr(drawer, "picture", wait)
    yield go
    go.set()


def test_a_scene_is_boarded_shot_by_shot_and_everything_waits_undecided(fresh: Path) -> None:
    async def run() -> None:
        async with boarded(fresh, *SHOTS) as board:
            await board.ask(*SHOTS, count=2)
            page = await board.project.broker.handle(protocol.LIST_SHOTS, protocol.ListShotsParams())
            assert [(len(seen.variants), seen.shot.panel.state, seen.live) for seen in page.shots] == [
                (2, "empty", None)
            ] * 4
            # Variants of a shot are other pictures, not the same with another tremble.
            for seen in page.shots:
                assert len({variant.picture.sha256 for variant in seen.variants}) == 2
            assert board.project.broker.session.boards.temp == 0
            assert board.types().count("decision") == 0
            await asyncio.sleep(0.2)
            queue = [event for event in board.project.events if isinstance(event, protocol.QueueChanged)]
            assert queue[-1].total == 0

    asyncio.run(run())


def test_the_queue_tells_places_and_moves_a_shot_ahead(fresh: Path, held: Event) -> None:
    async def run() -> None:
        async with boarded(fresh, *SHOTS) as board:
            requests = await board.start(*SHOTS)
            await asyncio.sleep(0.25)
            told = board.queue.told()
            assert [item.label for item in told.items] == [f"Board 14{letter}" for letter in "ABCD"]
            assert [item.live.state for item in told.items] == ["generating", "queued", "queued", "queued"]
            assert [item.live.place for item in told.items][1:] == [1, 2, 3]
            last = protocol.FirstInQueueParams(request=requests[3])
            await board.project.broker.handle(protocol.FIRST_IN_QUEUE, last)
            assert [item.label[-1] for item in board.queue.told().items] == ["A", "D", "B", "C"]
            held.set()
            await board.queue.finished(requests)

    asyncio.run(run())


def test_a_cancel_takes_ones_own_work_out_and_leaves_that_of_others(fresh: Path, held: Event) -> None:
    async def run() -> None:
        async with boarded(fresh, *SHOTS) as board:
            mine = await board.start(SHOTS[0], SHOTS[1])
            theirs = await board.start(SHOTS[2], person=OTHER)
            await asyncio.sleep(0.1)
            cancel = protocol.CancelQueueParams(person=WRITER)
            await board.project.broker.handle(protocol.CANCEL_QUEUE, cancel)
            held.set()
            ended = await board.queue.finished([*mine, *theirs])
            assert [ended[request].state for request in (*mine, *theirs)] == ["stopped", "stopped", "done"]
            assert (await board.seen(SHOTS[1])).live is None
            assert len((await board.seen(SHOTS[2])).variants) == 1
            ledger = board.project.broker.session.ledger
            # What never began is in no record; what began says how it ended.
            asked = [entry.body for entry in ledger.entries(type="requested", limit=10)]
            assert [body.settings["number"] for body in asked if isinstance(body, Requested)] == [
                "14A",
                "14C",
            ]
            ends = [entry.body for entry in ledger.entries(type="request_ended", limit=10)]
            assert [body.state for body in ends if isinstance(body, RequestEnded)] == ["stopped", "done"]

    asyncio.run(run())


def test_a_paused_queue_begins_nothing_more(fresh: Path) -> None:
    async def run() -> None:
        async with boarded(fresh, *SHOTS) as board:
            handle = board.project.broker.handle
            await handle(protocol.PAUSE_QUEUE, protocol.PauseQueueParams(paused=True))
            requests = await board.start(*SHOTS)
            await asyncio.sleep(0.15)
            assert board.queue.told().total == 4
            assert board.types().count("requested") == 0
            await handle(protocol.PAUSE_QUEUE, protocol.PauseQueueParams(paused=False))
            await board.queue.finished(requests)

    asyncio.run(run())


def test_what_waits_goes_on_when_the_project_is_opened_again(fresh: Path, held: Event) -> None:
    async def run() -> None:
        async with boarded(fresh, *SHOTS) as board:
            await board.start(*SHOTS)
            await asyncio.sleep(0.1)
            held.set()
        left = json.loads((fresh / "recovery" / "queue.json").read_text())["jobs"]
        assert len(left) >= 3
        async with boarded(fresh) as board:
            await board.queue.finished([item.request for item in board.queue.told().items])
            for one in SHOTS:
                assert (await board.seen(one)).variants
        assert json.loads((fresh / "recovery" / "queue.json").read_text())["jobs"] == []

    asyncio.run(run())


def test_a_request_that_a_host_had_and_keeps_nothing_of_is_told_as_lost(fresh: Path) -> None:
    async def run() -> None:
        async with boarded(fresh, *SHOTS) as board:
            await board.project.broker.handle(protocol.PAUSE_QUEUE, protocol.PauseQueueParams(paused=True))
            await board.start(SHOTS[0])
        file = fresh / "recovery" / "queue.json"
        left = json.loads(file.read_text())
        left["jobs"][0] |= {"drawer": "gone-host", "state": "sent"}
        file.write_text(json.dumps(left | {"paused": False}))
        async with boarded(fresh) as board:
            live = (await board.seen(SHOTS[0])).live
            assert live
            assert live.state == "lost"
            assert "Ask again" in live.remedy
            # A queue that cannot be read is set aside; the board opens all the same.
        file.write_text("{")
        async with boarded(fresh) as board:
            assert board.queue.told().total == 0
        assert list(file.parent.glob("queue.json.damaged-*"))

    asyncio.run(run())


def test_a_drawer_that_fails_says_so_in_the_panel_and_leaves_what_was_there(
    fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        async with boarded(fresh, SHOTS[0]) as board:
            panel = (await board.accepted(SHOTS[0])).shot.shot.panel

            def broken(*_args: object, **_named: object) -> bytes:
                raise BadInput("The disk of the drawer is full.", remedy="Free some space.")

            monkeypatch.setattr(drawer, "picture", broken)
            await board.ask(SHOTS[0])
            seen = await board.seen(SHOTS[0])
            assert seen.live
            assert (seen.live.state, seen.live.why) == ("failed", "The disk of the drawer is full.")
            assert seen.shot.panel == panel
            with pytest.raises(BadInput, match="no backend"):
                await board.ask(SHOTS[0], drawer="nobody")

    asyncio.run(run())
