"""Temp words that come in with a script stay temp, however they come: no way round leads to a final copy."""

from __future__ import annotations

import asyncio
import os
import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from board_work import boarded, shot
from broker_work import SCRIPT, WRITER, Opened, opened
from PIL import Image

from studio_assist import protocol
from studio_assist.broker import import_scripts
from studio_assist.broker.broker import Broker
from studio_assist.broker.first_script import read_first
from studio_assist.domain.errors import BadInput, Conflict
from studio_assist.domain.storyboard import ShotSeen
from studio_assist.marks.incoming_text import marked_passages
from studio_assist.protocol.files import ExportFormat

WORDS = "It's the sea. It's only the sea."
OFFERED = "The tide came in while nobody looked."


async def with_temp(project: Opened, *more: str) -> None:
    """Put words that a model offered in Maya's place; others stay undecided."""
    candidate, *_ = project.offer(WORDS, *more)
    await project.present(candidate)
    await project.save(await project.decide(candidate), WORDS)


async def written(
    broker: Broker, out: Path, format: ExportFormat, *, final: bool = False
) -> protocol.Exported:
    params = protocol.ExportParams(format=format, out=str(out), final=final, person=WRITER)
    return await broker.handle(protocol.EXPORT, params)


async def came_in(project: Opened, file: Path, choice: str = "both") -> protocol.ProjectState:
    seen = await project.broker.handle(
        protocol.LOOK_AT_FILE, protocol.LookAtFileParams(file=str(file), person=WRITER)
    )
    pieces = seen.merge.pieces if seen.merge else ()
    choices = (choice,) * sum(piece.state == "conflict" for piece in pieces)
    params = protocol.TakeInParams(file=str(file), digest=seen.digest, person=WRITER)
    taken = await project.broker.handle(protocol.TAKE_IN, params.model_copy(update={"choices": choices}))
    assert taken.state is not None
    return taken.state


def standing(state: protocol.ProjectState) -> list[str]:
    return [state.script[span.start : span.end] for span in state.spans if span.state == "anchored"]


def test_a_temp_export_begins_no_project_without_its_temp(fresh: Path, tmp_path: Path) -> None:
    formats: tuple[ExportFormat, ...] = ("fountain", "fdx", "pdf")

    async def run() -> None:
        async with opened(fresh) as project:
            await with_temp(project)
            for form in formats:
                await written(project.broker, tmp_path / f"out.{form}", form)
        for form in formats:
            broker = Broker(lambda _event: None)
            params = protocol.CreateProjectParams(
                path=str(tmp_path / f"New {form}.studio"),
                title="New",
                script_file=str(tmp_path / f"out.{form}"),
                person=WRITER,
            )
            state = await broker.handle(protocol.CREATE_PROJECT, params)
            assert standing(state) == [WORDS], form
            assert "came in as temp" in " ".join(state.warnings)
            left = await written(broker, tmp_path / f"final {form}.pdf", "pdf", final=True)
            assert [one.kind for one in left.blocked_by] == ["line"]
            assert left.files == ()
            await broker.close()

    asyncio.run(run())


def test_a_temp_export_that_comes_back_stays_temp_with_its_notes_or_without(
    fresh: Path, tmp_path: Path
) -> None:
    back = tmp_path / "back.fountain"

    async def run() -> None:
        async with opened(fresh) as project:
            await with_temp(project)
            await written(project.broker, back, "fountain")
            marked = back.read_text(encoding="utf-8")
            # As it is, with the writer's own change: the marks go, for the span stands.
            back.write_text(marked.replace("Turn it off.", "Turn it off now."), encoding="utf-8")
            state = await came_in(project, back)
            assert "TEMP" not in state.script
            assert "Turn it off now." in state.script
            assert standing(state) == [WORDS]
            # With every note taken out, and the line once more elsewhere.
            plain = re.sub(r"\[\[[^\]]*\]\]|^Notes: .*\n", "", marked, flags=re.MULTILINE)
            back.write_text(plain + f"\nEWAN\n{WORDS}\n", encoding="utf-8")
            state = await came_in(project, back)
            assert state.script.count(WORDS) == 2
            assert standing(state) == [WORDS] * 2
            assert (await written(project.broker, tmp_path / "f.pdf", "pdf", final=True)).temp_items == 2
        # And it is so when the project is opened again.
        async with opened(fresh) as project:
            assert standing(project.state) == [WORDS] * 2

    asyncio.run(run())


@pytest.mark.parametrize("format", ["fdx", "fountain"])
def test_an_export_that_was_changed_elsewhere_brings_its_changes_and_no_conflict(
    fresh: Path, tmp_path: Path, format: ExportFormat
) -> None:
    """The way of a writer who works on in another program, with temp text in the script."""

    async def run() -> None:
        async with opened(fresh) as project:
            await with_temp(project)
            out = tmp_path / f"draft.{format}"
            await written(project.broker, out, format)
            before = project.broker.session.state()
            seen = await project.broker.handle(
                protocol.LOOK_AT_FILE, protocol.LookAtFileParams(file=str(out), person=WRITER)
            )
            assert seen.merge is not None
            assert {piece.state for piece in seen.merge.pieces} <= {"same", "ours"}
            out.write_text(
                out.read_text("utf-8").replace("A boat without a light", "A boat, burning"), "utf-8"
            )
            state = await came_in(project, out)
            assert state.script == before.script.replace("A boat without a light", "A boat, burning")
            assert standing(state) == [WORDS]

    asyncio.run(run())


def test_what_is_kept_to_compare_with_goes_with_the_text_that_is_forgotten(
    fresh: Path, tmp_path: Path
) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            await with_temp(project)
            out = tmp_path / "draft.fdx"
            await written(project.broker, out, "fdx")
            await came_in(project, out)
            kept = fresh / "imports"
            holding = {path.suffix for path in kept.iterdir() if WORDS.encode() in path.read_bytes()}
            assert holding == {".sent", ".base", ".source"}
            (decision,) = project.broker.session.ledger.entries(type="decision")
            asked = protocol.ForgetParams(entry=decision.number, why="Asked for", person=WRITER)
            told = await project.broker.handle(protocol.FORGET, asked)
            holding = {path.suffix for path in kept.iterdir() if WORDS.encode() in path.read_bytes()}
            # The file that somebody brought in is theirs; that it holds the words is said.
            assert holding == {".source"}
            assert any(one.file.endswith(".source") for one in told.still_in)
            # And the next version of it comes in all the same.
            out.write_text(out.read_text("utf-8").replace("Turn it off.", "Turn it off now."), "utf-8")
            assert "Turn it off now." in (await came_in(project, out)).script

    asyncio.run(run())


def test_words_that_are_saved_while_a_file_is_taken_in_are_not_written_over(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "next.fountain"
    file.write_text(SCRIPT.replace("Turn it off.", "Off."), encoding="utf-8")
    typed = SCRIPT + "\nTyped meanwhile.\n"

    async def run() -> None:
        async with opened(fresh) as project:
            real = import_scripts.merge_with

            async def slow(*words: Any) -> Any:
                merged = await real(*words)
                saving = protocol.SaveScriptParams(text=typed, spans=(), expected=project.state.stamp)
                await project.broker.handle(protocol.SAVE_SCRIPT, saving)
                return merged

            params = protocol.LookAtFileParams(file=str(file), person=WRITER)
            seen = await project.broker.handle(protocol.LOOK_AT_FILE, params)
            monkeypatch.setattr(import_scripts, "merge_with", slow)
            taking = protocol.TakeInParams(file=str(file), digest=seen.digest, person=WRITER)
            with pytest.raises(Conflict, match="Nothing was taken in"):
                await project.broker.handle(protocol.TAKE_IN, taking)
            assert (fresh / "script.fountain").read_text(encoding="utf-8") == typed

    asyncio.run(run())


def test_what_a_model_offered_here_comes_in_as_temp(fresh: Path, tmp_path: Path) -> None:
    """Words of a candidate that nobody decided on, in a file from outside."""
    file = tmp_path / "next.fountain"
    file.write_text(SCRIPT + f"\nMAYA\n{OFFERED}\n", encoding="utf-8")

    async def run() -> None:
        async with opened(fresh) as project:
            project.offer(OFFERED)
            state = await came_in(project, file)
            assert standing(state) == [OFFERED]
            assert project.types().count("decision") == 1
            await project.broker.handle(protocol.VERIFY_LEDGER, protocol.VerifyParams())
            assert project.broker.session.ledger_state().state == "intact"

    asyncio.run(run())


def test_a_passage_of_several_paragraphs_comes_out_of_final_draft_as_temp_whole(
    fresh: Path, tmp_path: Path
) -> None:
    words = "Fog fills the room.\n\nA chair falls over.\n\nNobody is there."

    async def run() -> None:
        async with opened(fresh) as project:
            (candidate,) = project.offer(words)
            await project.present(candidate)
            await project.save(await project.decide(candidate), words)
            await written(project.broker, tmp_path / "out.fdx", "fdx")
        broker = Broker(lambda _event: None)
        params = protocol.CreateProjectParams(
            path=str(tmp_path / "New.studio"),
            title="New",
            script_file=str(tmp_path / "out.fdx"),
            person=WRITER,
        )
        state = await broker.handle(protocol.CREATE_PROJECT, params)
        assert " ".join(standing(state)) == words.replace("\n\n", " ")
        await broker.close()

    asyncio.run(run())


def test_damaged_marks_mark_more_and_never_less() -> None:
    begins, ends = (
        f"[[TEMP AI · not for delivery · ledger entry 1,010 · {role} · mark abc123]]"
        for role in ("begins", "ends")
    )

    def words(text: str) -> list[str]:
        return [text[start:end] for start, end in marked_passages(text)]

    assert words(f"MAYA\nNo. {begins}A\n\nB{ends} C") == ["A\n\nB"]
    assert words(f"MAYA\nNo. {begins}A\nB C\n\nD") == ["A\nB C"]
    assert words(f"X\n\nA B{ends} C\n\nD") == ["A B"]
    assert words("A\n[[TEMP AI · not for delivery · out of a PDF, page 2]]\nB\nC\n\nD") == ["B\nC"]
    assert words("[[TEMP PREVIS · not for delivery · x]]\n\nB\n\nC") == ["B"]
    assert words("A. [[TEMP AI · not for delivery · x]] B\n\nC") == [
        "A. [[TEMP AI · not for delivery · x]] B"
    ]
    assert words("No marks.\n\n[[A note]]") == []


def test_a_first_script_is_read_within_bounds_and_no_pipe_is_waited_for(tmp_path: Path) -> None:
    large, pipe = tmp_path / "large.fountain", tmp_path / "pipe.fountain"
    with large.open("wb") as file:
        file.truncate(10_000_000_000)
    files = [large]
    if hasattr(os, "mkfifo"):
        os.mkfifo(pipe)
        files.append(pipe)
    for file in files:
        began = time.monotonic()
        with pytest.raises(BadInput):
            asyncio.run(read_first(file))
        assert time.monotonic() - began < 2


def test_a_frame_that_waits_comes_in_as_such_when_it_was_saved_as_another_file(
    fresh: Path, tmp_path: Path
) -> None:
    """Taken out of the media folder: no mark is in it. Another drawing is a person's own."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    said = picture(tmp_path / "said.png", 7)
    said.write_bytes(said.read_bytes() + b"<x>trainedAlgorithmicMedia</x>")

    async def run() -> None:
        async with boarded(fresh, shot("14A")) as board:
            project = board.project
            await board.project.broker.handle(
                protocol.PUT_PICTURE,
                protocol.PutPictureParams(shot=shot("14A").id, file=str(said), person=WRITER),
            )
            (waiting,) = (await listed(project))["14A"].variants
            raw = project.broker.session.folder.media(waiting.picture.sha256, waiting.picture.suffix)
            assert raw is not None
            with Image.open(raw) as image:
                image.convert("RGB").resize((120, 68)).save(folder / "a again.jpg", quality=70)
            picture(folder / "b other.png", 8)
            params = protocol.LookAtFileParams(file=str(folder), person=WRITER)
            seen = await project.broker.handle(protocol.LOOK_AT_FILE, params)
            taking = protocol.TakeInParams(file=str(folder), digest=seen.digest, person=WRITER)
            assert (await project.broker.handle(protocol.TAKE_IN, taking)).offered == 1
            states = {one.shot.title: one.shot.panel.state for one in (await listed(project)).values()}
            assert states["a again"] == "empty"
            assert states["b other"] == "drawn"

    asyncio.run(run())


async def listed(project: Opened) -> dict[str, ShotSeen]:
    page = await project.broker.handle(protocol.LIST_SHOTS, protocol.ListShotsParams())
    return {one.shot.number: one for one in page.shots}


def picture(path: Path, seed: int) -> Path:
    """Some shapes; too small for a mark in the pixels."""
    values = np.random.default_rng(seed).integers(0, 255, (9, 16), np.uint8)
    Image.fromarray(values).resize((160, 90), Image.Resampling.BICUBIC).save(path)
    return path
