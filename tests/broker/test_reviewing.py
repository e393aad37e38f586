"""The index of the Review desk in a broker: made, followed, told of, and free of what was forgotten."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest
from broker_work import WRITER, Opened, new_project, opened

from studio_assist import protocol
from studio_assist.broker import review_keeper
from studio_assist.domain.candidate import State
from studio_assist.domain.errors import BadInput, Damaged, StudioError, Unavailable
from studio_assist.domain.record import ContactTold
from studio_assist.domain.review import Filter, ReviewRow, Sort
from studio_assist.ledger import Contents
from studio_assist.ledger.review import ReviewIndex

ALL = Filter(everything=True)


async def review(project: Opened, *, anew: bool = False) -> protocol.ReviewState:
    return await project.broker.handle(protocol.OPEN_REVIEW, protocol.OpenReviewParams(anew=anew))


async def caught_up(project: Opened) -> protocol.ReviewState:
    """What was told last, once the index covers the whole record."""
    async with asyncio.timeout(20):
        while True:
            told = [event.state for event in project.events if isinstance(event, protocol.ReviewChanged)]
            if told and told[-1].state == "ready" and told[-1].entries == project.broker.session.ledger.size:
                return told[-1]
            await asyncio.sleep(0.01)


def rows(path: str | Path, wanted: Filter = ALL) -> list[ReviewRow]:
    index = ReviewIndex(Path(path))
    try:
        return index.rows(wanted, Sort("number", descending=False), 0, 10_000)
    finally:
        index.close()


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder, with its size and time."""
    return {
        file.relative_to(folder).as_posix(): (file.stat().st_size, file.stat().st_mtime_ns)
        for file in sorted(folder.rglob("*"))
    }


def test_it_is_made_once_and_then_follows_the_record(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            state = await review(project)
            size = project.broker.session.ledger.size
            assert (state.state, state.entries, state.size) == ("ready", size, size)
            assert Path(state.index) == fresh / "recovery" / "review.sqlite"
            assert len(rows(state.index)) == size
            project.offer("The lamp gutters.", "The lamp holds.")
            await caught_up(project)
            assert [row.outcome for row in rows(state.index, Filter())] == ["waiting", "waiting"]
            assert len(rows(state.index, Filter(words="gutt"))) == 1

    asyncio.run(run())
    # The next broker goes on with what is there.
    inode = (fresh / "recovery" / "review.sqlite").stat().st_ino

    async def again() -> None:
        async with opened(fresh) as project:
            state = await review(project)
            assert Path(state.index).stat().st_ino == inode
            await review(project, anew=True)
            assert len(rows(state.index)) == (await caught_up(project)).size

    asyncio.run(again())


@pytest.mark.parametrize("child", [True, False])
def test_a_long_index_is_made_beside_the_work(
    fresh: Path, child: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review_keeper, "LONG", 3)
    monkeypatch.setattr(review_keeper, "_TOLD_EVERY_S", 0.0)
    if not child:

        async def refused(*_: object, **__: object) -> None:
            raise PermissionError

        monkeypatch.setattr(asyncio, "create_subprocess_exec", refused)

    async def run() -> None:
        async with opened(fresh) as project:
            project.offer("One.", "Two.", "Three.")
            state = await review(project)
            assert state.state in ("building", "ready")
            state = await caught_up(project)
            assert len(rows(state.index)) == state.size
            told = [event.state for event in project.events if isinstance(event, protocol.ReviewChanged)]
            assert told[0].state == "building"
            assert told[0].share is not None

    asyncio.run(run())


def test_a_read_only_project_gets_an_index_that_goes_again(fresh: Path) -> None:
    async def run() -> str:
        before = listing(fresh)
        async with opened(fresh, read_only=True) as project:
            state = await review(project)
            assert state.state == "ready"
            assert fresh not in Path(state.index).parents
            assert len(rows(state.index)) == state.size
        after = listing(fresh)
        assert set(after) - set(before) <= {"ledger.sqlite-shm", "ledger.sqlite-wal"}
        return state.index

    assert not Path(asyncio.run(run())).parent.exists()


def test_forgetting_waits_for_it_and_takes_the_words_out(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            state = await review(project)
            (card,) = project.offer("Zyzzogeton by the harbour.")
            await project.present(card)
            await project.decide(card, State.REJECTED)
            await caught_up(project)
            index = Path(state.index)
            assert b"yzzoget" in everything(index)
            session = project.broker.session
            made = session.ledger.entries(type="candidate", limit=1)[0].number
            reviewing = project.broker.producing.reviewing
            async with reviewing.quiet():
                key = await session.introduced(WRITER)
                done = session.ledger.forget(
                    made, why="A name.", person=WRITER.id, at=session.now(), signer=key
                )
            assert done.traces is None
            assert b"yzzoget" not in everything(index)
            assert len(rows(index)) == session.ledger.size

    asyncio.run(run())


def test_an_index_from_before_does_not_keep_what_was_forgotten_since(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            await review(project)
            (card,) = project.offer("Zyzzogeton by the harbour.")
            await project.present(card)
            await project.decide(card, State.REJECTED)
            await caught_up(project)
        index = fresh / "recovery" / "review.sqlite"
        kept = index.read_bytes()
        async with opened(fresh) as project:
            session = project.broker.session
            made = session.ledger.entries(type="candidate", limit=1)[0].number
            params = protocol.ForgetParams(entry=made, why="A name.", person=WRITER)
            await project.broker.handle(protocol.FORGET, params)
        # As a broker leaves it that ends in between.
        index.write_bytes(kept)
        async with opened(fresh):
            async with asyncio.timeout(10):
                while index.exists():
                    await asyncio.sleep(0.01)

    asyncio.run(run())


def test_a_record_that_cannot_be_read_is_told_and_tried_again(
    fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise Unavailable("The disk is full.", remedy="Free some space.")

    async def run() -> None:
        async with opened(fresh) as project:
            with monkeypatch.context() as patch:
                patch.setattr(review_keeper, "Making", fails)
                state = await review(project)
                assert (state.state, state.why) == ("failed", "The disk is full.")
            assert (await review(project)).state in ("failed", "ready")
            await caught_up(project)

    asyncio.run(run())


def test_other_projects_are_looked_at_and_nothing_is_written_there(fresh: Path, tmp_path: Path) -> None:
    async def told(folder: Path) -> None:
        await new_project(folder)
        async with opened(folder) as project:
            project.offer("A secret line.")
            texts = Contents()
            session = project.broker.session
            body = ContactTold(content=texts.add('{"contact":"N"}'), told=session.now(), uses=("ideation",))
            session.append(body, contents=texts, person=WRITER, durable=True)

    async def run() -> None:
        one, two = tmp_path / "One.studio", tmp_path / "Two.studio"
        await told(one)
        await new_project(two)
        damage(two)
        before = listing(one) | listing(two)
        async with opened(fresh) as project:
            seen = [await look(project, folder) for folder in (one, two, fresh)]
            assert [view.ledger_state.state for view in seen] == ["intact", "altered", "intact"]
            assert [view.contact_told for view in seen] == [True, False, False]
            assert all(view.review.state == "ready" for view in seen)
            assert len(rows(seen[0].review.index)) == seen[0].review.size
            assert [row.outcome for row in rows(seen[0].review.index, Filter())] == ["waiting", "told"]
            assert b"secret" not in everything(Path(seen[0].review.index))
            await project.broker.handle(protocol.LEAVE_SLATE, protocol.SlateParams(path=str(one)))
            assert not Path(seen[0].review.index).exists()
            again = await look(project, two)
            assert not Path(seen[1].review.index).exists()
        assert not Path(again.review.index).exists()
        assert listing(one) | listing(two) == before

    asyncio.run(run())


def test_a_project_that_is_closed_while_its_index_is_made_leaves_no_other_behind(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        private = tmp_path / "private"
        private.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(private))
        async with opened(fresh, read_only=True) as project:
            opening = asyncio.create_task(review(project))
            await asyncio.sleep(0.004)
            await project.broker.handle(protocol.CLOSE_PROJECT, protocol.Nothing())
            with pytest.raises(StudioError):
                await opening
            assert list(private.iterdir()) == []

    asyncio.run(run())


def test_a_look_that_is_let_go_of_leaves_nothing_behind(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        other = tmp_path / "Other.studio"
        await new_project(other)
        private = tmp_path / "private"
        private.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(private))
        async with opened(fresh) as project:
            gone = protocol.SlateParams(path=str(other))
            for leaving in (
                (protocol.LEAVE_SLATE, gone),
                (protocol.CLOSE_PROJECT, protocol.Nothing()),
            ):
                looking = asyncio.create_task(look(project, other))
                await asyncio.sleep(0.002)
                await project.broker.handle(*leaving)
                with pytest.raises(StudioError):
                    await looking
                assert list(private.iterdir()) == []

    asyncio.run(run())


def test_what_cannot_be_looked_at_is_said(fresh: Path, tmp_path: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            with pytest.raises(BadInput):
                await look(project, tmp_path)
            with pytest.raises(BadInput):
                await look(project, tmp_path / ("x" * 300))
            copy = Path(shutil.copytree(fresh, tmp_path / "Copy.studio"))
            before = listing(copy)
            (copy / "boards.json").write_text("nothing", encoding="utf-8")
            with pytest.raises(Damaged):
                await look(project, copy)
            assert set(listing(copy)) == set(before)
            (copy / "ledger.sqlite").unlink()
            with pytest.raises(Damaged):
                await look(project, copy)

    asyncio.run(run())


async def look(project: Opened, folder: Path) -> protocol.SlateProject:
    return await project.broker.handle(protocol.LOOK_AT_SLATE, protocol.SlateParams(path=str(folder)))


def damage(folder: Path) -> None:
    """Somebody changes a title in the record."""
    connection = sqlite3.connect(folder / "ledger.sqlite")
    connection.execute("UPDATE entries SET entry = replace(entry, 'Larkspur', 'Foxglove') WHERE number = 1")
    connection.commit()
    connection.close()


def everything(index: Path) -> bytes:
    """The bytes of an index and its journal, in small letters."""
    files = (index.with_name(index.name + ending) for ending in ("", "-wal"))
    return b"".join(file.read_bytes() for file in files if file.exists()).lower()
