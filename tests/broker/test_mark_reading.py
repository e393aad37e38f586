"""Where does this come from? The broker finds the project that knows, and trusts nothing but its record."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from broker_work import Opened, new_project, opened
from marking_work import a_board, a_job, alter, export, read

from studio_assist import protocol
from studio_assist.broker import mark_reading
from studio_assist.broker.broker import Broker
from studio_assist.broker.marking import export_picture
from studio_assist.domain.errors import BadInput, StudioError, Unavailable
from studio_assist.storage.settings import Settings

T = TypeVar("T")


async def _soon(work: Awaitable[T]) -> T:
    async with asyncio.timeout(20):
        return await work


@asynccontextmanager
async def nothing_open() -> AsyncGenerator[Opened]:
    broker = Broker(lambda _event: None)
    try:
        yield Opened(broker, None)  # type: ignore[arg-type]  # nothing is open, so there is no state
    finally:
        await broker.close()


async def make_picture(project: Path, out: Path, **changes: Any) -> None:
    async with opened(project) as there:
        await export_picture(there.broker.session, a_job(out, **changes), there.events.append)


def test_the_right_project_is_found_among_those_that_may_know(
    fresh: Path, tmp_path: Path, home: Path
) -> None:
    other, elsewhere = tmp_path / "Other.studio", tmp_path / "far" / "away"
    elsewhere.mkdir(parents=True)
    picture, draft = elsewhere / "14C.png", elsewhere / "draft.pdf"

    async def run() -> None:
        await new_project(other)
        await make_picture(fresh, picture)
        async with opened(fresh) as project:
            await export(project, draft)
        async with nothing_open() as nobody:
            unknown = await read(nobody, picture)
            assert unknown.project is None
            assert unknown.report.invisible.present is None
            assert unknown.report.manifest.state == "valid"
            assert any("No project" in finding for finding in unknown.report.findings)
            # Named, but not its project. A PDF, for a foreign picture is searched for seconds.
            stranger = await read(nobody, draft, other)
            assert stranger.report.manifest.state == "valid"
            assert not stranger.report.agree
            for path in (fresh, other):
                Settings(home).remember(path, "Larkspur", at=datetime.now(UTC))
            known = await read(nobody, picture)
            assert (known.folder, known.report.agree) == (str(fresh), True)
        # The open project is asked first, and passed by where the file is not its own.
        async with opened(other) as project:
            assert (await read(project, picture)).folder == str(fresh)
            (elsewhere / "plain.png").write_bytes(a_board(60, 40))
            plain = await read(project, elsewhere / "plain.png")
            assert plain.folder == str(other)
            assert not plain.report.agree

    asyncio.run(run())


def test_a_file_that_lies_in_or_beside_a_project_is_asked_of_it(fresh: Path, tmp_path: Path) -> None:
    inside, beside = fresh / "exports" / "14C.png", fresh.parent / "14C.png"
    inside.parent.mkdir()

    async def run() -> None:
        await make_picture(fresh, inside)
        shutil.copy(inside, beside)
        async with nothing_open() as nobody:
            for file in (inside, beside):
                found = await read(nobody, file)
                assert (found.folder, found.report.agree) == (str(fresh), True)

    asyncio.run(run())


def test_a_root_that_only_lies_in_the_folder_is_not_trusted(fresh: Path, tmp_path: Path) -> None:
    thief = tmp_path / "Thief.studio"

    async def run() -> protocol.MarksRead:
        await new_project(thief)
        for folder, name in ((thief, "theirs.pdf"), (fresh, "ours.pdf")):
            async with opened(folder) as project:
                await export(project, tmp_path / name)
        (stolen,) = (thief / "certificates").iterdir()
        (own,) = (fresh / "certificates").iterdir()
        shutil.copy(stolen, fresh / "certificates")
        # And hidden behind the project's own, in its very file.
        own.write_bytes(own.read_bytes() + stolen.read_bytes())
        async with opened(fresh) as project:
            assert (await read(project, tmp_path / "ours.pdf")).report.agree
            return await read(project, tmp_path / "theirs.pdf", fresh)

    found = asyncio.run(run())
    assert found.report.manifest.state == "valid"
    assert not found.report.agree


def test_what_an_altered_record_says_proves_nothing(fresh: Path, tmp_path: Path) -> None:
    picture = tmp_path / "14C.png"

    async def run() -> None:
        await make_picture(fresh, picture)
        alter(fresh)
        async with nothing_open() as nobody:
            found = await read(nobody, picture, fresh)
        assert found.altered
        assert not found.report.agree
        assert any("proves nothing" in finding for finding in found.report.findings)

    asyncio.run(run())


def test_a_person_may_ask_another_file_or_stop(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = tmp_path / "14C.png"

    async def run() -> None:
        await make_picture(fresh, picture)
        async with nothing_open() as nobody:
            first = asyncio.create_task(read(nobody, picture, fresh))
            await asyncio.sleep(0)
            second = asyncio.create_task(read(nobody, picture, fresh))
            with pytest.raises(Unavailable, match="stopped"):
                await first
            assert (await second).report.agree
            third = asyncio.create_task(read(nobody, picture, fresh))
            await asyncio.sleep(0)
            await nobody.broker.handle(protocol.STOP_READING_MARKS, protocol.Nothing())
            with pytest.raises(Unavailable, match="stopped"):
                await third

    asyncio.run(run())


def test_hostile_files_are_told_apart_in_bounded_time(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mark_reading, "MOST_BYTES", 2**20)
    files = {
        name: tmp_path / name for name in ("gone.png", "folder", "pipe", "large.png", "empty.png", "n.bin")
    }
    files["folder"].mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(files["pipe"])
    with files["large.png"].open("wb") as large:
        large.truncate(2**20 + 1)
    files["empty.png"].write_bytes(b"")
    files["n.bin"].write_bytes(os.urandom(5000))

    async def run() -> None:
        async with opened(fresh) as project:
            for file in files.values():
                with pytest.raises(StudioError) as failed:
                    await _soon(read(project, file))
                assert isinstance(failed.value, BadInput), file
                assert failed.value.remedy
            # A picture of a few bytes that says it is as large as a city, and one that ends half way.
            board = a_board(640, 360)
            bomb = board[:16] + (200_000).to_bytes(4, "big") * 2 + board[24:]
            for data in (bomb, board[: len(board) // 2]):
                (tmp_path / "bad.png").write_bytes(data)
                with pytest.raises(BadInput):
                    await _soon(read(project, tmp_path / "bad.png"))

    asyncio.run(run())
