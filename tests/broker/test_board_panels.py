"""Pictures on the board: offered, shown, decided on one by one, drawn over, replaced, taken back."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from board_work import boarded, drawing, ink, media_of, shot
from broker_work import OTHER, WRITER
from PIL import Image

from studio_assist import protocol
from studio_assist.domain.candidate import State
from studio_assist.domain.canvas import Layer
from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.marking import SourceType
from studio_assist.domain.storyboard import InsertShots, Media, Panel, RemoveShots
from studio_assist.interchange import openraster

pytestmark = pytest.mark.usefixtures("small_frames")


def test_a_drawn_frame_waits_with_its_band_until_a_person_decides(fresh: Path) -> None:
    one = shot()

    async def run() -> None:
        async with boarded(fresh, one) as board:
            await board.ask(one, count=2)
            seen = await board.seen(one)
            assert (len(seen.variants), seen.shot.panel.state) == (2, "empty")
            first, second = seen.variants
            assert first.source is SourceType.PROCEDURAL
            assert first.made_by == "Previs drawing, not AI"
            assert first.shown
            shown = Image.open(media_of(fresh, first.shown.sha256)).convert("RGB")
            band = shown.getpixel((4, shown.height - 5))
            assert isinstance(band, tuple)
            assert band[0] > 200
            assert band[2] < 60
            with pytest.raises(Refusal, match="not been shown"):
                await board.decide(first)
            await board.present(first)
            with pytest.raises(Refusal, match="other"):
                await board.decide(first, content="0" * 64)
            decided = await board.decide(first)
            panel = decided.shot.shot.panel
            assert (panel.state, panel.by, panel.entry) == ("temp", WRITER.name, decided.entry)
            assert panel.shown == first.shown
            # The sibling survives, and is a decision of its own.
            assert [variant.candidate for variant in decided.shot.variants] == [second.candidate]
            with pytest.raises(Refusal):
                await board.decide(first)
            await board.present(second)
            rejected = await board.decide(second, State.REJECTED)
            assert rejected.shot.variants == ()
            assert rejected.shot.shot.panel == panel
            assert await board.holds()
        async with boarded(fresh) as board:
            assert board.project.state.boards_temp == 1
            assert (await board.seen(one)).shot.panel == panel

    asyncio.run(run())


def test_what_was_shown_to_one_person_is_not_decided_by_another(fresh: Path) -> None:
    one = shot()

    async def run() -> None:
        async with boarded(fresh, one) as board:
            await board.ask(one)
            (variant,) = (await board.seen(one)).variants
            await board.present(variant, OTHER)
            with pytest.raises(Refusal, match="not been shown"):
                await board.decide(variant)

    asyncio.run(run())


def test_an_undone_decision_gives_back_what_stood_there_and_the_frame_is_open_again(fresh: Path) -> None:
    one = shot()

    async def run() -> None:
        async with boarded(fresh, one) as board:
            await board.ask(one, count=2)
            first, second = (await board.seen(one)).variants
            await board.present(first)
            await board.present(second)
            earlier = await board.decide(first)
            later = await board.decide(second)
            assert board.types()[-2:] == ["decision", "panel_cleared"]
            back = await board.undo(later.entry)
            assert back.shot.shot.panel == earlier.shot.shot.panel
            assert [variant.candidate for variant in back.shot.variants] == [second.candidate]
            assert "panel_restored" in board.types()
            empty = await board.undo(earlier.entry)
            assert empty.shot.shot.panel == Panel()
            again = await board.decide(first, redo_of=earlier.entry)
            assert again.shot.shot.panel.state == "temp"
            assert await board.holds()

    asyncio.run(run())


def test_a_drawing_over_a_temp_frame_stays_temp_and_keeps_its_underlay(fresh: Path) -> None:
    """Whatever the window hands over: a file without the underlay takes no mark off."""
    one = shot()

    async def run() -> None:
        async with boarded(fresh, one) as board:
            accepted = (await board.accepted(one)).shot.shot.panel
            file = board.canvas(one, drawing(ink()))
            params = protocol.SaveCanvasParams(shot=one.id, file=str(file), done=True, person=WRITER)
            saved = (await board.project.broker.handle(protocol.SAVE_CANVAS, params)).shot.shot.panel
            assert not file.exists()
            assert (saved.state, saved.picture, saved.entry) == ("temp", accepted.picture, accepted.entry)
            assert saved.canvas
            kept = openraster.read(media_of(fresh, saved.canvas, ".ora").read_bytes())
            assert kept.is_temp
            assert accepted.picture
            assert kept.temp == accepted.picture.sha256
            assert [layer.kind for layer in kept.layers] == ["temp", "ink"]
            assert saved.shown != accepted.shown
            assert saved.human_permille > 20

    asyncio.run(run())


def test_a_replaced_panel_holds_nothing_of_the_underlay_and_an_undo_brings_both_back(fresh: Path) -> None:
    one = shot()

    async def run() -> None:
        async with boarded(fresh, one) as board:
            accepted = (await board.accepted(one)).shot.shot.panel
            with pytest.raises(BadInput, match="Nothing has been drawn"):
                await board.replace(one)
            replaced = await board.replace(one, board.canvas(one))
            panel = replaced.shot.shot.panel
            assert (panel.state, panel.human_permille, panel.entry) == ("drawn", 640, replaced.entry)
            assert board.project.broker.session.ledger.signature(replaced.entry or 0)
            assert panel.canvas
            assert panel.picture
            kept = openraster.read(media_of(fresh, panel.canvas, ".ora").read_bytes())
            assert not kept.is_temp
            assert kept.temp is None
            pixels = Image.open(media_of(fresh, panel.picture.sha256)).convert("RGB")
            assert pixels.getpixel((1200, 40)) == (252, 251, 248)
            assert board.project.broker.session.boards.temp == 0
            back = (await board.undo(replaced.entry)).shot.shot.panel
            assert (back.state, back.entry, back.picture) == ("temp", accepted.entry, accepted.picture)
            assert back.canvas
            assert board.types()[-1] == "panel_restored"
            await board.replace(one)
            assert await board.holds()

    asyncio.run(run())


def test_an_edited_frame_is_decided_with_its_drawing(fresh: Path) -> None:
    one = shot()

    async def run() -> None:
        async with boarded(fresh, one) as board:
            await board.ask(one)
            (variant,) = (await board.seen(one)).variants
            await board.present(variant)
            empty = board.canvas(one, drawing(Layer(id="ink", kind="ink", name="Human ink")))
            with pytest.raises(BadInput, match="Nothing was edited"):
                await board.decide(variant, State.EDITED, canvas=empty)
            decided = await board.decide(variant, State.EDITED, canvas=board.canvas(one))
            panel = decided.shot.shot.panel
            assert (panel.state, panel.picture) == ("temp", variant.picture)
            assert panel.canvas
            entry = board.project.broker.session.ledger.entry(decided.entry or 0)
            assert entry.body.type == "decision"
            assert 0 < entry.body.kept_permille < 1000

    asyncio.run(run())


def test_the_window_cannot_write_a_panel(fresh: Path) -> None:
    """An edit carries shots; what stands in their panels is the broker's."""
    forged = Panel(state="drawn", picture=Media(sha256="0" * 64, width=8, height=8), by="Nobody")
    one = shot()

    async def run() -> None:
        async with boarded(fresh, one.model_copy(update={"panel": forged, "earlier": (forged,)})) as board:
            seen = await board.seen(one)
            assert (seen.shot.panel, seen.shot.earlier) == (Panel(), ())

    asyncio.run(run())


def test_a_removed_shot_takes_its_temp_frame_off_and_an_undo_brings_it_back(fresh: Path) -> None:
    one, two = shot("14A"), shot("14B")

    async def run() -> None:
        async with boarded(fresh, one, two) as board:
            panel = (await board.accepted(one)).shot.shot.panel
            handle = board.project.broker.handle
            await handle(
                protocol.EDIT_BOARD, protocol.EditBoardParams(edit=RemoveShots(ids=(one.id,)), person=WRITER)
            )
            assert board.project.broker.session.boards.temp == 0
            assert board.types()[-1] == "panel_cleared"
        async with boarded(fresh) as board:
            handle = board.project.broker.handle
            edit = InsertShots(shots=(one,), after=None)
            back = await handle(protocol.EDIT_BOARD, protocol.EditBoardParams(edit=edit, person=WRITER))
            assert [seen.shot.panel for seen in back.shots] == [panel]
            assert "panel_restored" in board.types()
            assert await board.holds()

    asyncio.run(run())


def test_a_decision_that_never_reached_the_board_is_put_in_when_the_project_opens(fresh: Path) -> None:
    """The record is first, the board second: a crash between the two loses no decision."""
    one, two = shot("14A"), shot("14B")
    before = fresh / "before.json"

    async def run() -> None:
        async with boarded(fresh, one, two) as board:
            first = (await board.accepted(one)).shot.shot.panel
            await board.ask(two)
        shutil.copy(fresh / "boards.json", before)
        async with boarded(fresh) as board:
            (variant,) = (await board.seen(two)).variants
            await board.present(variant)
            second = (await board.decide(variant)).shot.shot.panel
            replaced = (await board.replace(one, board.canvas(one))).shot.shot.panel
        shutil.copy(before, fresh / "boards.json")
        async with boarded(fresh) as board:
            assert (await board.seen(two)).shot.panel == second
            after = (await board.seen(one)).shot
            assert (after.panel.state, after.panel.entry) == ("drawn", replaced.entry)
            assert first in after.earlier
            assert board.project.broker.session.ledger.unplaced() == []
            assert "recovered" in board.types()
            assert await board.holds()

    asyncio.run(run())


def test_a_board_that_cannot_be_read_loses_no_temp_frame(fresh: Path) -> None:
    one = shot()

    async def run() -> None:
        async with boarded(fresh, one) as board:
            panel = (await board.accepted(one)).shot.shot.panel
        (fresh / "boards.json").write_text('{"version": 1, "shots": [')
        async with boarded(fresh) as board:
            assert any("boards.json" in warning for warning in board.project.state.warnings)
            assert board.project.state.boards_temp == 1
            found = await board.seen(one)
            assert (found.shot.number, found.shot.panel.entry) == ("14A", panel.entry)
        assert list(fresh.glob("boards.json.damaged-*"))

    asyncio.run(run())


def test_a_board_changed_by_another_program_is_kept_beside(fresh: Path) -> None:
    async def run() -> None:
        async with boarded(fresh, shot("14A")) as board:
            await board.project.broker.session.boards.flush()
            theirs = (fresh / "boards.json").read_text().replace("Maya at the set", "Somebody else's")
            (fresh / "boards.json").write_text(theirs)
            await board.put(shot("14B"))
        (kept,) = fresh.glob("boards (changed elsewhere *).json")
        assert "Somebody else's" in kept.read_text()
        assert len(json.loads((fresh / "boards.json").read_text())["shots"]) == 2

    asyncio.run(run())


def test_a_final_export_of_the_script_waits_for_temp_frames(fresh: Path, tmp_path: Path) -> None:
    one = shot()

    async def run() -> None:
        async with boarded(fresh, one) as board:
            await board.accepted(one)
            params = protocol.ExportParams(
                format="fountain", out=str(tmp_path / "final.fountain"), final=True, person=WRITER
            )
            done = await board.project.broker.handle(protocol.EXPORT, params)
            assert [(part.kind, part.where) for part in done.blocked_by] == [("board", "14A")]
            assert not (tmp_path / "final.fountain").exists()

    asyncio.run(run())


def test_nothing_of_a_picture_is_pruned(fresh: Path) -> None:
    """A rejected frame keeps its file and its place in the record."""
    one = shot()

    async def run() -> Media:
        async with boarded(fresh, one) as board:
            await board.ask(one)
            (variant,) = (await board.seen(one)).variants
            await board.present(variant)
            await board.decide(variant, State.REJECTED)
            return variant.picture

    picture = asyncio.run(run())
    assert media_of(fresh, picture.sha256).is_file()
    with sqlite3.connect(fresh / "ledger.sqlite") as ledger:
        contents = [bytes(row[0]) for row in ledger.execute("SELECT content FROM contents")]
    ledger.close()
    assert any(picture.sha256.encode() in content for content in contents)
