"""What is forgotten is in no file of the program's own; what else holds it is named, with the place."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from broker_work import SCRIPT, WRITER, Opened, opened

from studio_assist import protocol
from studio_assist.broker.forgetting import BLOT
from studio_assist.domain.candidate import Candidate, State
from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.temp import TempFile
from studio_assist.domain.values import EntryNumber, sha256_of
from studio_assist.ledger import verify
from studio_assist.storage.recovery import Autosave, Autosaves

SECRET = "The lighthouse keeper's name is Anselm Verlaine."


async def forget(project: Opened, entry: int, *, look_only: bool = False) -> protocol.Forgot:
    params = protocol.ForgetParams(
        entry=EntryNumber(entry), why="A real person's name.", person=WRITER, look_only=look_only
    )
    return await project.broker.handle(protocol.FORGET, params)


async def accepted(project: Opened, text: str = SECRET) -> tuple[Candidate, protocol.Decided]:
    (candidate,) = project.offer(text)
    await project.present(candidate)
    decided = await project.decide(candidate)
    await project.save(decided, text)
    return candidate, decided


async def saved_without(project: Opened) -> None:
    """The writer takes the accepted line out again."""
    saving = protocol.SaveScriptParams(text=SCRIPT, spans=(), expected=None)
    await project.broker.handle(protocol.SAVE_SCRIPT, saving)


def test_a_forgotten_text_is_in_no_file_and_the_record_still_verifies(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            _, decided = await accepted(project)
            await saved_without(project)
            assert holding(fresh, SECRET), "it is in the recovery copies and the record"
            done = await forget(project, decided.decision.entry)
            assert done.texts == 1
            assert done.entry == project.broker.session.ledger.entries(type="forgotten")[0].number
            assert [name.rpartition("/")[0] for name in done.cleaned] == ["recovery/previous"]
            assert done.still_in == ()
            assert project.broker.session.ledger_state().forgotten == 1
            assert "forgotten on purpose" in (await project.state_now(state="intact")).claim
            story = await project.broker.handle(
                protocol.PROVENANCE, protocol.ProvenanceParams(entry=decided.decision.entry)
            )
            assert (story.offered, story.result) == (None, None)
            assert story.forgotten is not None
            assert (story.forgotten.who, story.forgotten.why) == ("R. Okafor", "A real person's name.")

    asyncio.run(run())
    assert holding(fresh, SECRET) == []
    found = verify(fresh)
    assert (found.ok, found.forgotten, found.unsigned_tail) == (True, 1, 0)


def test_a_text_that_stands_in_the_script_is_said_to_stand_there(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            _, decided = await accepted(project)
            done = await forget(project, decided.decision.entry)
            places = {place.file: place for place in done.still_in}
            assert "scene 14" in places["script.fountain"].where
            assert "MAYA" in places["script.fountain"].where
            assert "hash" in places["temp.json"].where

    asyncio.run(run())
    assert holding(fresh, SECRET) == ["script.fountain"]


def test_a_look_says_the_same_and_forgets_nothing(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            candidate, decided = await accepted(project)
            size = project.broker.session.ledger.size
            look = await forget(project, decided.decision.entry, look_only=True)
            assert (look.entry, look.texts) == (None, 1)
            assert {place.file for place in look.still_in} >= {"script.fountain", "temp.json"}
            assert project.broker.session.ledger.size == size
            made = project.broker.session.ledger.candidate(candidate.id)
            assert made is not None
            assert made.number in look.named_by
            assert decided.decision.entry in look.named_by

    asyncio.run(run())
    assert any(name.startswith("ledger.sqlite") for name in holding(fresh, SECRET))


def test_files_that_left_while_it_stood_in_the_script_are_named(fresh: Path, tmp_path: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            _, decided = await accepted(project)
            out = str(tmp_path / "draft.fountain")
            leaving = protocol.ExportParams(format="fountain", out=out, person=WRITER)
            await project.broker.handle(protocol.EXPORT, leaving)
            done = await forget(project, decided.decision.entry)
            (export,) = [place for place in done.still_in if place.file == "draft.fountain"]
            assert not export.sure
            assert "exported" in export.where

    asyncio.run(run())


def test_a_crashed_sessions_autosave_keeps_every_other_word_and_mark(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            _, decided = await accepted(project)
            assert decided.span
            text = f"{SCRIPT}\nTyped since: {SECRET} And more.\n"
            start = text.index(SECRET)
            span = decided.span.model_copy(
                update={"start": start, "length": len(SECRET), "quote": sha256_of(SECRET)}
            )
            spans = TempFile(spans=(span,)).model_dump_json()
            autosaves = Autosaves(fresh / "recovery")
            autosave = Autosave("script", "Larkspur", text, spans, None, datetime.now(UTC))
            file = autosaves.save(autosave)
            await saved_without(project)
            done = await forget(project, decided.decision.entry)
            assert f"recovery/{file.name}" in done.cleaned
            (offer,) = Autosaves(fresh / "recovery").offers("script")
            assert len(offer.text) == len(text)
            assert offer.text.replace(BLOT, "").startswith(SCRIPT)
            assert offer.text.endswith(" And more.\n")
            (kept,) = TempFile.model_validate_json(offer.spans_json).spans
            assert set(offer.text[kept.start : kept.end]) == {BLOT, " "}
            assert kept.quote == sha256_of(offer.text[kept.start : kept.end])

    asyncio.run(run())
    assert holding(fresh, SECRET) == []
    assert holding(fresh, sha256_of(SECRET)) == []


def test_a_text_that_its_lines_break_otherwise_is_found_all_the_same(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            _, decided = await accepted(project)
            await saved_without(project)
            (fresh / "notes of mine.txt").write_text(SECRET.replace(" name", "\r\nname"), encoding="utf-8")
            done = await forget(project, decided.decision.entry)
            assert [place.file for place in done.still_in] == ["notes of mine.txt"]

    asyncio.run(run())


def test_a_word_or_two_is_blotted_out_only_where_it_is_the_whole_line(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            _, decided = await accepted(project, "Static.")
            await saved_without(project)
            await forget(project, decided.decision.entry)
            (version,) = [path for path in (fresh / "recovery" / "previous").iterdir() if _has_blot(path)]
            text = version.read_text(encoding="utf-8")
            assert f"MAYA\n{BLOT * 7}\n" in text
            assert "Static, then a voice." in text

    asyncio.run(run())


def test_an_open_candidate_and_a_missing_reason_are_refused(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            (candidate,) = project.offer(SECRET)
            made = project.broker.session.ledger.candidate(candidate.id)
            assert made is not None
            with pytest.raises(Refusal):
                await forget(project, made.number)
            await project.present(candidate)
            rejected = await project.decide(candidate, State.REJECTED)
            for why in ("  ", f"Because of: {SECRET}"):
                params = protocol.ForgetParams(entry=rejected.decision.entry, why=why, person=WRITER)
                with pytest.raises(BadInput):
                    await project.broker.handle(protocol.FORGET, params)
            assert "forgotten" not in project.types()
            done = await forget(project, rejected.decision.entry)
            assert made.number in done.named_by
            with pytest.raises(Refusal):
                await forget(project, rejected.decision.entry)

    asyncio.run(run())


# internals ----------------------------------------------------------------------------------------------


def holding(folder: Path, text: str) -> list[str]:
    """The files of a project in which a text's bytes stand, as anybody would find them."""
    sqlite3.connect(folder / "ledger.sqlite").close()
    found = [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _has_blot(path: Path) -> bool:
    return BLOT in path.read_text(encoding="utf-8")
