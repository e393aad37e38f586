"""A long record is checked in a process of its own, beside the work; nothing of it outlives the broker."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from broker_work import Opened, new_project, opened

from studio_assist import protocol
from studio_assist.broker import checking
from studio_assist.domain.candidate import State
from studio_assist.domain.record import Recovered
from studio_assist.ledger import Ledger
from tests.faults import processes

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@pytest.fixture(scope="module")
def long_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose record has 50,000 entries."""
    folder = tmp_path_factory.mktemp("long") / "Long.studio"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIO_ASSIST_HOME", str(folder.parent / "home"))
        asyncio.run(new_project(folder))
    lengthen(folder, 50_000)
    return folder


@pytest.fixture
def child_pids(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The processes that checks were made in."""
    begun: list[int] = []
    start = asyncio.create_subprocess_exec

    async def noted(*command: str, **options: object) -> asyncio.subprocess.Process:
        child = await start(*command, **options)  # pyright: ignore[reportArgumentType]  # passed on as given
        if "studio_assist.ledger" in command:
            begun.append(child.pid)
        return child

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    yield begun
    assert not any(processes.alive(pid) for pid in begun)


@linux
def test_decisions_go_on_while_a_long_record_is_checked(long_once: Path, child_pids: list[int]) -> None:
    async def run() -> None:
        async with opened(long_once) as project:
            during = await decisions(project, 12)
            assert project.broker.session.ledger_state().state == "checking"
            state = await project.state_now(state="intact")
            assert state.progress is None
            shares = [
                event.ledger.progress
                for event in project.events
                if isinstance(event, protocol.LedgerChanged) and event.ledger.progress
            ]
            assert shares == sorted(shares)
            assert len(shares) >= 2
            alone = await decisions(project, 12)
            # A broker that checked by itself would be slower by far more; the exact ratio is the bench's.
            assert median(during) < 5 * median(alone) + 0.05

    asyncio.run(run())
    assert len(child_pids) == 1


@linux
def test_closing_ends_the_check_and_its_process(long_once: Path, child_pids: list[int]) -> None:
    async def run() -> None:
        async with opened(long_once):
            while not child_pids:
                await asyncio.sleep(0.01)
            assert processes.alive(child_pids[0])

    asyncio.run(run())
    assert len(child_pids) == 1


@linux
def test_a_killed_broker_leaves_no_check_behind(long_once: Path) -> None:
    here = Path(__file__).parent
    code = (
        f"import asyncio, sys; sys.path.insert(0, {str(here)!r})\n"
        "from pathlib import Path\nfrom broker_work import opened\n"
        "async def run():\n"
        f"    async with opened(Path({str(long_once)!r})):\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(run())\n"
    )
    broker = subprocess.Popen([sys.executable, "-c", code])
    try:
        processes.wait_for(lambda: processes.children(broker.pid) != [], "the check to begin")
        (child,) = processes.children(broker.pid)
        broker.send_signal(signal.SIGKILL)
        broker.wait()
        processes.wait_for(lambda: not processes.alive(child), "the check to end")
    finally:
        broker.kill()
        broker.wait()


@pytest.mark.parametrize("command", [["/no/such/python"], [sys.executable, "-c", "print('hello')"]])
def test_where_no_process_can_check_a_thread_does(
    fresh: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "SHORT", 1)
    monkeypatch.setattr(checking, "command", lambda _path: command)

    async def run() -> None:
        async with opened(fresh) as project:
            assert (await project.state_now(state="intact")).why is None

    asyncio.run(run())


def test_a_check_that_a_thread_makes_ends_with_the_project(
    long_once: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "SHORT", 10**9)

    async def run() -> None:
        async with opened(long_once) as project:
            assert project.state.ledger.state == "checking"
            began = time.monotonic()
        assert time.monotonic() - began < 10
        assert not (long_once / "ledger.sqlite-wal").exists(), "nobody holds the file any more"

    asyncio.run(run())


def test_an_early_entry_that_was_changed_is_found_beside_the_work(long_once: Path, tmp_path: Path) -> None:
    folder = tmp_path / "Altered.studio"
    subprocess.run(["cp", "-r", str(long_once), str(folder)], check=True)
    with sqlite3.connect(folder / "ledger.sqlite") as connection:
        connection.execute("UPDATE entries SET at = '2020' || substr(at, 5) WHERE number = 70")
    connection.close()

    async def run() -> None:
        async with opened(folder) as project:
            assert not project.broker.session.is_altered
            state = await project.state_now(state="altered")
            assert state.first_bad == 70
            assert state.why
            assert project.broker.session.why_altered == state.why

    asyncio.run(run())


# internals ----------------------------------------------------------------------------------------------


async def decisions(project: Opened, count: int) -> list[float]:
    """How long each of so many decisions takes, in seconds."""
    took: list[float] = []
    for candidate in project.offer(*[f"Line {number}." for number in range(count)]):
        await project.present(candidate)
        began = time.perf_counter()
        await project.decide(candidate, State.REJECTED)
        took.append(time.perf_counter() - began)
        await asyncio.sleep(0)
    return took


def lengthen(folder: Path, size: int) -> None:
    """Fill a record with notes, up to so many entries."""
    from datetime import UTC, datetime

    with Ledger.open(folder / "ledger.sqlite") as ledger:
        while ledger.size < size:
            notes = [(Recovered(what=f"Note {ledger.size + place}."), None) for place in range(5000)]
            ledger.append_many(notes[: size - ledger.size], at=datetime.now(UTC), durable=False)
