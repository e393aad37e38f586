"""Files of other programs become scripts, shots and panels; what is marked waits, what people did stays."""

from __future__ import annotations

import asyncio
import json
import wave
from pathlib import Path
from typing import TypeVar

import pytest
from board_work import Boarded, boarded, media_of, shot
from broker_work import OTHER, SCRIPT, WRITER, Opened, opened
from PIL import Image, ImageDraw

from studio_assist import protocol
from studio_assist.broker.board_files import BoardFiles
from studio_assist.domain.errors import BadInput, StudioError
from studio_assist.domain.storyboard import PutShot, Shot, ShotSeen
from studio_assist.domain.values import Value
from studio_assist.interchange import openraster
from studio_assist.storage.imports import base_text

R = TypeVar("R", bound=Value)
#: Too small for a mark in the pixels, which is looked for in a second a picture otherwise.
SIZE = (100, 56)
SAYS_AI = b"<x>http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia</x>"


async def look(project: Opened, file: Path) -> protocol.FileSeen:
    params = protocol.LookAtFileParams(file=str(file), person=WRITER)
    return await project.broker.handle(protocol.LOOK_AT_FILE, params)


async def take(project: Opened, file: Path, seen: protocol.FileSeen, **more: object) -> protocol.TakenIn:
    params = protocol.TakeInParams(file=str(file), digest=seen.digest, person=WRITER).model_copy(update=more)
    return await project.broker.handle(protocol.TAKE_IN, params)


async def take_whole(project: Opened, file: Path, **more: object) -> protocol.TakenIn:
    return await take(project, file, await look(project, file), **more)


def ink(path: Path, at: int = 20, *, marked: bool = False) -> Path:
    """A layer with a line on it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGBA", SIZE)
    ImageDraw.Draw(image).line((at, 10, SIZE[0] - at, SIZE[1] - 10), fill=(20, 20, 24, 255), width=3)
    if path.suffix == ".jpg":
        image = image.convert("RGB")
    image.save(path)
    if marked:
        path.write_bytes(path.read_bytes() + SAYS_AI)
    return path


def storyboard(folder: Path, *, changed: bool = False) -> Path:
    """Three boards: one in layers, one whose picture is missing, one with a sheet that says that it is AI."""
    images = folder / "images"
    for place, name in enumerate(("A-fill", "A-ink", "A-notes", "C-ink")):
        ink(images / f"board-{name}.png", 8 + 7 * place)
    ink(images / "board-C-reference.png", 40, marked=True)
    if changed:
        ink(images / "board-A-ink.png", 44)
        ink(images / "board-C-ink.png", 48)

    def layers(*names: str) -> dict[str, object]:
        return {name.partition("-")[2]: {"url": f"board-{name}.png", "opacity": 0.5} for name in names}

    words = {"action": "Maya dials.", "dialogue": "Not static.", "notes": "Slow."}
    boards = [
        {"uid": "AAAAA", "newShot": True, "duration": 1800, "layers": layers("A-fill", "A-ink", "A-notes")}
        | words,
        {"uid": "BBBBB", "duration": 2200, "layers": layers("B-ink")},
        {"uid": "CCCCC", "newShot": True, "layers": layers("C-reference", "C-ink")},
    ]
    if changed:
        boards[0] |= {"duration": 4000, "action": "Maya waits."}
        boards[2] |= {"duration": 3000}
    with wave.open(str(images / "A.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(48_000)
        sound.writeframes(b"\0\1" * 4800)
    boards[0] |= {"audio": {"filename": "A.wav", "duration": 100}}
    file = folder / "Larkspur.storyboarder"
    whole = {
        "version": "3.0.0",
        "aspectRatio": 1.777,
        "fps": 24,
        "defaultBoardTiming": 1500,
        "boards": boards,
    }
    file.write_text(json.dumps(whole), encoding="utf-8")
    return file


async def shots(project: Opened) -> dict[str, ShotSeen]:
    page = await project.broker.handle(protocol.LIST_SHOTS, protocol.ListShotsParams())
    return {seen.shot.number: seen for seen in page.shots}


def test_a_storyboard_comes_in_as_shots_with_their_layers_and_is_brought_up_to_date_later(
    fresh: Path, tmp_path: Path
) -> None:
    file = storyboard(tmp_path / "board")

    async def run() -> None:
        async with boarded(fresh, shot("14A"), shot("15A", scene="15")) as board:
            project = board.project
            seen = await look(project, file)
            assert (seen.format, seen.panels, len(seen.boards)) == ("storyboarder", 2, 3)
            assert [line.shot for line in seen.boards] == ["", "", ""]
            assert "ink" in seen.boards[1].lacks
            taken = await take(project, file, seen, scene="14")
            assert (taken.panels, taken.offered) == (3, 1)
            told = " ".join(line.what for line in taken.report)
            assert "missing" in told
            assert "marked as AI" in told

            there = await shots(project)
            assert list(there) == ["14A", "14B", "14C", "14D", "15A"]
            first, second, third = (there[number] for number in ("14B", "14C", "14D"))
            assert (first.shot.panel.state, first.shot.panel.by) == ("drawn", WRITER.name)
            assert (first.shot.duration_ms, first.shot.action, first.shot.dialogue, first.shot.notes) == (
                *(1800, "Maya dials."),
                *("Not static.", "Slow."),
            )
            assert first.shot.panel.canvas
            canvas = openraster.read(media_of(fresh, first.shot.panel.canvas, ".ora").read_bytes())
            assert [(layer.name, layer.kind, layer.opacity) for layer in canvas.layers] == [
                ("fill", "tone", 0.5),
                ("ink", "ink", 0.5),
                ("notes", "notes", 0.5),
            ]
            assert (second.shot.panel.state, second.shot.duration_ms) == ("empty", 2200)
            (clip,) = project.broker.session.animatic.animatic.clips
            assert (clip.shot, clip.length) == (first.shot.id, 4800)
            assert project.broker.session.animatic.animatic.temp_sounds
            # The sheet that says so waits; the lines over it are a person's.
            assert (third.shot.panel.state, len(third.variants)) == ("drawn", 1)
            assert "boards_imported" in board.types()
            assert board.types().count("panel_drawn") == 2

            # Somebody draws in one of them, and writes to it.
            await draw(board, third.shot)
            drawn = (await shots(project))["14D"].shot
            edit = PutShot(shot=drawn.model_copy(update={"action": "Mine."}))
            await project.broker.handle(
                protocol.EDIT_BOARD, protocol.EditBoardParams(edit=edit, person=WRITER)
            )
            storyboard(tmp_path / "board", changed=True)
            again = await look(project, file)
            assert [line.shot for line in again.boards] == ["14B", "14C", "14D"]
            assert "changed here" in again.boards[2].lacks
            before = board.types()
            assert (await take(project, file, again)).panels == 3
            after = await shots(project)
            assert list(after) == list(there)
            assert after["14B"].shot.panel.picture != first.shot.panel.picture
            assert (after["14B"].shot.duration_ms, after["14B"].shot.action) == (4000, "Maya waits.")
            assert after["14D"].shot.panel == drawn.panel
            assert (after["14D"].shot.action, after["14D"].shot.duration_ms) == ("Mine.", 3000)
            assert len(after["14D"].variants) == 1
            assert board.types()[len(before) :].count("panel_drawn") == 1
            # A third time, by its folder, nothing has changed, and nothing is drawn anew.
            before = board.types()
            assert (await take_whole(project, file.parent)).panels == 3
            assert list(await shots(project)) == list(there)
            assert board.types()[len(before) :].count("panel_drawn") == 0
            assert await board.holds()
        # What the file holds reads back.
        async with opened(fresh) as project:
            assert list(await shots(project)) == ["14A", "14B", "14C", "14D", "15A"]

    asyncio.run(run())


async def draw(board: Boarded, one: Shot) -> None:
    params = protocol.SaveCanvasParams(shot=one.id, file=str(board.canvas(one)), done=True, person=WRITER)
    await board.project.broker.handle(protocol.SAVE_CANVAS, params)


def test_pictures_find_their_shots_and_one_that_says_it_is_ai_waits(fresh: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    ink(folder / "14A.png")
    ink(folder / "14B.png", 40, marked=True)
    ink(folder / "14C.jpg", 60)
    ink(folder / "title.png", 80)
    (folder / "15Z.png").write_bytes(ink(folder / "x.png").read_bytes()[:90])
    (folder / "x.png").unlink()

    async def run() -> None:
        async with boarded(fresh, shot("14A"), shot("14C")) as board:
            project = board.project
            await draw(board, shot("14C"))
            before = (await shots(project))["14C"].shot.panel
            seen = await look(project, folder)
            assert {line.name: line.shot for line in seen.boards} == {
                "14A.png": "14A",
                "14B.png": "",
                "14C.jpg": "14C",
                "15Z.png": "",
                "title.png": "",
            }
            taken = await take(project, folder, seen)
            there = await shots(project)
            assert list(there) == ["14A", "14B", "14C", "15A"]
            assert there["14A"].shot.panel.state == "drawn"
            assert (there["14B"].shot.panel.state, len(there["14B"].variants)) == ("empty", 1)
            assert there["14C"].shot.panel == before
            assert there["15A"].shot.title == "title"
            assert taken.offered == 1
            # Cut short behind its header: no shot was left for it.
            told = {line.where: line for line in taken.report}
            assert "cut short" in told["15Z.png"].what
            assert "drawing already" in told["14C.jpg"].what
            assert await board.holds()

    asyncio.run(run())


def test_a_fault_in_the_middle_leaves_no_shot_that_the_next_import_does_not_fill(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "pictures"
    for count in range(4):
        ink(folder / f"{count:02}.png", 10 + count)
    put, calls = BoardFiles.put_picture, [0]

    async def fails(self: BoardFiles, params: protocol.PutPictureParams) -> protocol.PanelChanged:
        calls[0] += 1
        if calls[0] == 2:
            raise RuntimeError("the program ends here")
        return await put(self, params)

    async def run() -> None:
        async with opened(fresh) as project:
            seen = await look(project, folder)
            with monkeypatch.context() as patch:
                patch.setattr(BoardFiles, "put_picture", fails)
                with pytest.raises(RuntimeError, match="ends here"):
                    await take(project, folder, seen)
        async with opened(fresh) as project:
            left = await shots(project)
            assert [one.shot.panel.state for one in left.values()] == ["drawn", "empty"]
            assert (await take_whole(project, folder)).panels == 4
            there = await shots(project)
            assert len(there) == 4
            assert {one.shot.panel.state for one in there.values()} == {"drawn"}
            assert there["15A"].shot.panel == left["15A"].shot.panel

    asyncio.run(run())


def test_an_import_that_is_stopped_keeps_what_is_in_and_says_so(fresh: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    for count in range(8):
        ink(folder / f"{count:02}.png", 10 + count)

    async def run() -> None:
        async with opened(fresh) as project:
            seen = await look(project, folder)
            taking = asyncio.create_task(take(project, folder, seen))
            while not any(isinstance(event, protocol.Progress) for event in project.events):
                await asyncio.sleep(0.005)
            with pytest.raises(StudioError, match="still running"):
                await look(project, folder)
            await project.broker.handle(protocol.STOP_TAKING_IN, protocol.Nothing())
            taken = await taking
            assert 1 <= taken.panels < 8
            assert "stopped" in taken.report[-1].what
            there = await shots(project)
            assert len(there) == taken.panels
            assert all(one.shot.panel.state == "drawn" for one in there.values())
            assert (await take_whole(project, folder)).panels == 8
            assert len(await shots(project)) == 8

    asyncio.run(run())


def test_a_changed_script_is_merged_and_temp_words_and_shots_stay(fresh: Path, tmp_path: Path) -> None:
    """The writer's file is only read; words that came from a model stay marked, whoever changed what beside."""
    theirs = tmp_path / "Larkspur 2.fountain"
    words = "It's the sea. It's only the sea."

    async def run() -> None:
        async with opened(fresh) as project:
            # What was taken in first is what changes are told against.
            first = tmp_path / "Larkspur.fountain"
            first.write_text(SCRIPT, encoding="utf-8")
            await take_whole(project, first)
            assert base_text(fresh) == SCRIPT
            (candidate,) = project.offer(words)
            await project.present(candidate)
            await project.save(await project.decide(candidate), words)

            text = SCRIPT.replace("Turn it off.", "Turn it off, please.").replace("A boat", "A small boat")
            theirs.write_text(text + "\nINT. ATTIC - DAY #16#\n\nDust.\n", encoding="utf-8")
            stamp = theirs.stat().st_mtime_ns, theirs.read_bytes()
            seen = await look(project, theirs)
            assert seen.merge is not None
            assert seen.merge.has_base
            assert seen.scenes == 3
            assert not [piece for piece in seen.merge.pieces if piece.state == "conflict"]
            taken = await take(project, theirs, seen)
            assert taken.state is not None
            script = taken.state.script
            for there in (words, "Turn it off, please.", "A small boat", "INT. ATTIC"):
                assert there in script
            (span,) = taken.state.spans
            assert span.state == "anchored"
            assert script[span.start : span.end] == words
            assert (theirs.stat().st_mtime_ns, theirs.read_bytes()) == stamp
            assert "kept as" in " ".join(taken.state.warnings)
            assert project.types().count("script_imported") == 3
            assert list(fresh.glob("script (copy*"))

            # Between look and taking in, the script here goes on: what was looked at is no more.
            seen = await look(project, theirs)
            save = protocol.SaveScriptParams(
                text=script + "\nMore.\n", spans=taken.state.spans, expected=taken.state.stamp
            )
            await project.broker.handle(protocol.SAVE_SCRIPT, save)
            with pytest.raises(BadInput, match="since it was looked at"):
                await take(project, theirs, seen)

    asyncio.run(run())


def test_temp_words_that_a_new_script_leaves_out_count_as_lost_and_never_as_gone(
    fresh: Path, tmp_path: Path
) -> None:
    words = "It's the sea. It's only the sea."

    async def run() -> None:
        async with opened(fresh) as project:
            (candidate,) = project.offer(words)
            await project.present(candidate)
            await project.save(await project.decide(candidate), words)
            theirs = tmp_path / "New.fountain"
            theirs.write_text(SCRIPT.replace("It's somebody breathing.", "Quiet."), encoding="utf-8")
            seen = await look(project, theirs)
            assert seen.merge is not None
            conflicts = [piece for piece in seen.merge.pieces if piece.state == "conflict"]
            assert any(piece.temp for piece in conflicts)
            taken = await take(project, theirs, seen, choices=("theirs",) * len(conflicts))
            assert taken.state is not None
            assert [span.state for span in taken.state.spans] == ["lost"]
            assert "span_lost" in project.types()

    asyncio.run(run())


def test_an_edit_is_looked_at_and_taken_in_by_nobody_at_once(fresh: Path, tmp_path: Path) -> None:
    edl = tmp_path / "cut.edl"
    edl.write_text(
        "TITLE: LARKSPUR\nFCM: NON-DROP FRAME\n\n"
        "001  AX       V     C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00\n"
        "* FROM CLIP NAME: 14A\n",
        encoding="utf-8",
    )

    async def run() -> None:
        async with boarded(fresh, shot("14A", duration_ms=4000)) as board:
            seen = await look(board.project, edl)
            assert seen.format == "edl"
            assert [change.kind for change in seen.changes] == ["length"]
            with pytest.raises(BadInput, match="one by one"):
                await take(board.project, edl, seen)

    asyncio.run(run())


def test_nothing_comes_in_where_the_project_is_only_read(fresh: Path, tmp_path: Path) -> None:
    ink(tmp_path / "14A.png")

    async def run() -> None:
        async with opened(fresh, OTHER, read_only=True) as project:
            seen = await look(project, tmp_path / "14A.png")
            with pytest.raises(StudioError, match="read"):
                await take(project, tmp_path / "14A.png", seen)
        assert not (fresh / "imports" / "boards.json").exists()

    asyncio.run(run())
