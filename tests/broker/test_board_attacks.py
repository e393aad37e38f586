"""What must not be possible on the board, whoever calls in whatever order, and what a crash may not lose."""

from __future__ import annotations

import asyncio
import errno
import io
import json
import shutil
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from board_work import Boarded, boarded, drawing, ink, media_of, png, shot
from broker_work import WRITER
from PIL import Image, ImageDraw

from studio_assist import protocol
from studio_assist.broker import board_media
from studio_assist.domain.candidate import State
from studio_assist.domain.canvas import Canvas, Layer
from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.storyboard import (
    BoardEdit,
    InsertShots,
    PictureContent,
    PutShot,
    RemoveShots,
    ShotSeen,
    Variant,
)
from studio_assist.domain.values import EntryNumber
from studio_assist.interchange import openraster
from studio_assist.interchange.returned import layer_with, returned
from studio_assist.storage import atomic

pytestmark = pytest.mark.usefixtures("small_frames")

ONE, TWO = shot("14A"), shot("14B")


async def edit(board: Boarded, change: BoardEdit) -> protocol.BoardEdited:
    params = protocol.EditBoardParams(edit=change, person=WRITER)
    return await board.project.broker.handle(protocol.EDIT_BOARD, params)


async def save(board: Boarded, file: Path) -> protocol.PanelChanged:
    params = protocol.SaveCanvasParams(shot=ONE.id, file=str(file), done=True, person=WRITER)
    return await board.project.broker.handle(protocol.SAVE_CANVAS, params)


async def put(board: Boarded, file: Path) -> protocol.PanelChanged:
    params = protocol.PutPictureParams(shot=ONE.id, file=str(file), person=WRITER)
    return await board.project.broker.handle(protocol.PUT_PICTURE, params)


async def offered(board: Boarded) -> Variant:
    """A frame that was shown and waits for a decision."""
    await board.ask(ONE)
    variant = (await board.seen(ONE)).variants[-1]
    await board.present(variant)
    return variant


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await holds():
            await asyncio.sleep(0.005)


async def half_decided(board: Boarded) -> tuple[asyncio.Task[protocol.PanelChanged], EntryNumber]:
    """An edited frame whose decision is in the record, while its drawing is still being put together."""
    variant = await offered(board)
    task = asyncio.create_task(board.decide(variant, State.EDITED, canvas=board.canvas(ONE)))

    async def recorded() -> bool:
        return "decision" in board.types()

    await until(recorded)
    (entry,) = board.project.broker.session.ledger.entries(type="decision")
    return task, entry.number


def copied(folder: Path) -> Path:
    """What a crash at this instant leaves."""
    return Path(shutil.copytree(folder, folder.with_name("crashed.studio")))


# two calls at once


def test_a_decision_that_is_taken_back_while_it_is_carried_out_leaves_nothing_in_the_panel(
    fresh: Path,
) -> None:
    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            task, number = await half_decided(board)
            undone = await board.undo(number)
            await task
            assert undone.shot.shot.panel.state == "empty"
            assert (await board.seen(ONE)).shot.panel.state == "empty"

    asyncio.run(run())


def test_a_shot_that_is_removed_while_it_is_decided_on_takes_its_temp_frame_along(fresh: Path) -> None:
    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            task, number = await half_decided(board)
            await edit(board, RemoveShots(ids=(ONE.id,)))
            assert (await task).entry == number
            assert board.types()[-1] == "panel_cleared"
            back = await edit(board, InsertShots(shots=(ONE,), after=None))
            assert [seen.shot.panel.entry for seen in back.shots] == [number]
            assert await board.holds()

    asyncio.run(run())


def test_a_project_that_is_closed_while_somebody_decides_carries_the_decision_out(fresh: Path) -> None:
    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            task, _number = await half_decided(board)
            await board.project.broker.handle(protocol.CLOSE_PROJECT, protocol.Nothing())
            panel = (await task).shot.shot.panel
        async with boarded(fresh) as board:
            assert (await board.seen(ONE)).shot.panel == panel

    asyncio.run(run())


def test_an_edit_is_not_lost_while_another_waits_for_a_key(
    fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        async with boarded(fresh, ONE, TWO) as board:
            await board.accepted(ONE)
            session, ready = board.project.broker.session, type(board.project.broker.session).ready

            async def slowly(*args: object) -> object:
                await asyncio.sleep(0.1)
                return await ready(session)

            monkeypatch.setattr(session, "ready", slowly)
            other = TWO.model_copy(update={"title": "Theirs"})
            await asyncio.gather(
                edit(board, RemoveShots(ids=(ONE.id,))),
                edit(board, PutShot(shot=other)),
                edit(board, InsertShots(shots=(ONE,), after=None)),
            )
            shots = session.boards.board.shots
            assert [(one.id, one.title, one.panel.state) for one in shots] == [
                (ONE.id, ONE.title, "temp"),
                (TWO.id, "Theirs", "empty"),
            ]

    asyncio.run(run())


# calls that are not made for it


def test_a_decision_removes_no_file_outside_the_recovery_folder(fresh: Path) -> None:
    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            variant = await offered(board)
            linked = fresh / "recovery" / "canvas-linked.ora"
            linked.symlink_to(fresh / "script.fountain")
            for file in (fresh / "script.fountain", linked):
                with pytest.raises(BadInput, match="recovery"):
                    await board.decide(variant, canvas=file)
            assert (fresh / "script.fountain").exists()
            assert "decision" not in board.types()

    asyncio.run(run())


def test_pictures_are_not_decided_on_by_the_calls_for_words(fresh: Path) -> None:
    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            handle = board.project.broker.handle
            variant = await offered(board)
            content = PictureContent(picture=variant.picture, shot=ONE.id, source=variant.source)
            with pytest.raises(BadInput, match="picture"):
                await handle(
                    protocol.DECIDE,
                    protocol.DecideParams(
                        candidate=variant.candidate,
                        content=variant.content,
                        outcome=State.ACCEPTED,
                        result=content.text(),
                        place=None,
                        person=WRITER,
                    ),
                )
            decided = await board.decide(variant)
            assert decided.entry
            with pytest.raises(BadInput, match="picture"):
                await handle(
                    protocol.UNDO_DECISION,
                    protocol.UndoDecisionParams(decision=decided.entry, person=WRITER),
                )

    asyncio.run(run())


def test_a_temp_picture_comes_back_as_no_drawing(fresh: Path, tmp_path: Path) -> None:
    """Neither as a file, as it is or made anew, nor in a layer of ink."""

    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            panel = (await board.accepted(ONE)).shot.shot.panel
            assert panel.picture
            original = media_of(fresh, panel.picture.sha256)
            Image.open(original).convert("RGB").resize((900, 506)).save(tmp_path / "again.jpg", quality=60)
            for file in (original, tmp_path / "again.jpg"):
                assert (await put(board, file)).shot.shot.panel == panel
            assert len((await board.seen(ONE)).variants) == 2
            layer = Layer(id="ink", kind="ink", name="Ink", png=board_media.as_png(original.read_bytes()))
            with pytest.raises(Refusal, match="TEMP picture itself"):
                await board.replace(ONE, board.canvas(ONE, drawing(layer)))
            assert (await board.replace(ONE, board.canvas(ONE))).shot.shot.panel.state == "drawn"

    asyncio.run(run())


def test_an_editor_brings_no_temp_picture_into_a_panel_that_was_replaced_meanwhile(fresh: Path) -> None:
    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            await board.accepted(ONE)
            opening = protocol.OpenInEditorParams(shot=ONE.id, program="true", person=WRITER)
            opened = await board.project.broker.handle(protocol.OPEN_IN_EDITOR, opening)
            sent = openraster.read(Path(opened.file).read_bytes())
            replaced = (await board.replace(ONE, board.canvas(ONE))).shot.shot.panel
            flat = Layer(
                id="flat", kind="other", name="Merged", png=openraster.flattened(sent, underlay=True)
            )
            merged = sent.model_copy(update={"layers": (flat,), "temp": None})
            Path(opened.file).write_bytes(openraster.write(merged))
            close = protocol.CloseEditorParams(shot=ONE.id)
            await board.project.broker.handle(protocol.CLOSE_EDITOR, close)
            assert (await board.seen(ONE)).shot.panel == replaced
            told = [event for event in board.project.events if isinstance(event, protocol.EditorChanged)]
            assert ["not put in" in event.message for event in told] == [True]

    asyncio.run(run())


def test_an_undo_after_a_flattened_edit_takes_the_whole_decision_back(fresh: Path) -> None:
    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            decided = await board.accepted(ONE)
            session = board.project.broker.session
            for _ in range(2):
                assert await board.boards.panels.keep_mixed(session, ONE.id, drawing(), WRITER)
            assert len((await board.seen(ONE)).shot.earlier) == 1
            assert (await board.undo(decided.entry)).shot.shot.panel.state == "empty"

    asyncio.run(run())


# crashes


def test_a_decision_that_the_board_was_written_beside_is_on_it_after_a_crash(fresh: Path) -> None:
    async def run() -> None:
        async with boarded(fresh, ONE, TWO) as board:
            task, number = await half_decided(board)
            keeper = board.project.broker.session.boards
            keeper.put_shots((TWO.model_copy(update={"title": "Other"}),))
            assert await keeper.flush()
            crashed = copied(fresh)
            await task
        async with boarded(crashed) as board:

            async def whole() -> bool:
                panel = (await board.seen(ONE)).shot.panel
                return bool(panel.canvas and panel.shown)

            assert board.project.state.boards_temp == 1
            await until(whole)
            assert (await board.seen(ONE)).shot.panel.entry == number

    asyncio.run(run())


def test_a_drawing_and_a_file_of_ones_own_are_there_after_a_crash(fresh: Path, tmp_path: Path) -> None:
    async def saved(board: Boarded) -> None:
        await save(board, board.canvas(ONE))

    async def dropped(board: Boarded) -> None:
        Image.linear_gradient("L").resize((640, 360)).convert("RGB").save(tmp_path / "own.png")
        await put(board, tmp_path / "own.png")

    async def run(work: Callable[[Boarded], Awaitable[None]], folder: Path) -> None:
        shutil.copytree(fresh, folder)
        async with boarded(folder, ONE) as board:
            await board.project.broker.session.boards.flush()
            await work(board)
            crashed = Path(shutil.copytree(folder, folder.with_suffix(".crashed")))
            panel = (await board.seen(ONE)).shot.panel
        async with boarded(crashed) as board:
            found = (await board.seen(ONE)).shot.panel
            assert (found.state, found.picture, found.entry) == ("drawn", panel.picture, panel.entry)

    asyncio.run(run(saved, tmp_path / "a.studio"))
    asyncio.run(run(dropped, tmp_path / "b.studio"))


def test_the_record_wins_over_a_board_that_was_changed_by_hand(fresh: Path) -> None:
    file = fresh / "boards.json"

    async def made() -> None:
        async with boarded(fresh, ONE, TWO) as board:
            await board.accepted(ONE)

    async def opened() -> tuple[ShotSeen, tuple[str, ...]]:
        async with boarded(fresh) as board:
            assert board.project.state.boards_temp == 1
            return await board.seen(ONE), board.project.state.warnings

    asyncio.run(made())
    whole = json.loads(file.read_text())
    forged = json.loads(file.read_text())
    forged["shots"][0]["panel"]["state"] = "drawn"
    for shots in (forged["shots"], whole["shots"][1:], [*whole["shots"], whole["shots"][0]]):
        file.write_text(json.dumps(whole | {"shots": shots, "record": 10**6}))
        seen, warnings = asyncio.run(opened())
        assert seen.shot.panel.state == "temp"
        assert any("boards.json" in warning for warning in warnings)
    own = forged["shots"][0]["panel"] | {"entry": None}
    forged["shots"][1]["panel"] = own
    file.write_text(json.dumps(forged))
    _seen, warnings = asyncio.run(opened())
    assert any("knows of no drawing in the panels 14B" in warning for warning in warnings)


def test_a_full_disk_keeps_strokes_and_board_until_there_is_room(
    fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            keeper = board.project.broker.session.boards
            await keeper.flush()
            file = board.canvas(ONE)
            with monkeypatch.context() as patch:
                patch.setattr(atomic, "_flush", full)
                await board.put(TWO)
                assert not await keeper.flush()
                with pytest.raises(Exception, match="disk is full"):
                    await save(board, file)
                assert file.exists()
            # Closed before the next try: it is tried once more then.
        shots = json.loads((fresh / "boards.json").read_text())["shots"]
        assert [one["number"] for one in shots] == ["14A", "14B"]

    asyncio.run(run())


# the queue


def test_a_job_that_is_cancelled_before_its_first_step_ends(fresh: Path) -> None:
    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            asked = await board.start(ONE)
            await board.project.broker.handle(
                protocol.CANCEL_QUEUE, protocol.CancelQueueParams(person=WRITER)
            )
            async with asyncio.timeout(5):
                (ended,) = (await board.queue.finished(asked)).values()
            assert (ended.state, board.queue.told().total) == ("stopped", 0)
            await board.ask(ONE)
            assert len((await board.seen(ONE)).variants) == 1

    asyncio.run(run())


def test_a_cancel_during_marking_leaves_no_frame_without_marks_and_no_open_request(fresh: Path) -> None:
    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            asked = await board.start(ONE)

            async def drawn() -> bool:
                return "candidate" in board.types()

            await until(drawn)
            await asyncio.sleep(0.02)
            for _ in range(2):
                await board.project.broker.handle(
                    protocol.CANCEL_QUEUE, protocol.CancelQueueParams(person=WRITER)
                )
                await asyncio.sleep(0.01)
            await board.queue.finished(asked)
            assert all(variant.shown for variant in (await board.seen(ONE)).variants)
            assert board.project.broker.session.ledger.unfinished() == []
            shown = (await board.seen(ONE)).variants[0].shown
        async with boarded(fresh) as board:
            # The marked copy is known again, and not made anew.
            assert (await board.seen(ONE)).variants[0].shown == shown

    asyncio.run(run())


def test_a_job_that_was_done_before_a_crash_is_not_drawn_again(fresh: Path) -> None:
    file = fresh / "recovery" / "queue.json"

    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            asked = await board.start(ONE)
            left = file.read_bytes()
            await board.queue.finished(asked)
        file.write_bytes(left)
        async with boarded(fresh) as board:
            assert board.queue.told().total == 0
            assert len((await board.seen(ONE)).variants) == 1

    asyncio.run(run())


# drawings from elsewhere


def ora(layers: str, **files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "image/openraster")
        archive.writestr("stack.xml", f'<image w="64" h="64"><stack>{layers}</stack></image>')
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


DOT = png(Image.new("RGBA", (8, 8), (1, 2, 3, 255)))
LIE = DOT[:16] + b"\x00\x01\x00\x00" * 2 + DOT[24:]


@pytest.mark.parametrize(
    "data",
    [
        ora("<stack>" * 5000 + "</stack>" * 5000),
        ora('<layer src="a"/>' * 20_000, a=DOT),
        ora('<layer src="a" x="1e999"/>', a=DOT),
        ora('<layer src="a"/>', a=LIE),
        ora('<layer src="a"/>', a=b"\0" * 1000),
        ora(" " * (5 << 20)),
    ],
    ids=["nested", "many", "endless", "too large", "no picture", "long list"],
)
def test_a_drawing_that_is_made_to_do_harm_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="cannot be opened"):
        openraster.read(data, "drawing.ora")


def test_a_layer_outside_the_canvas_covers_nothing(fresh: Path) -> None:
    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            await board.accepted(ONE)
            alone = (await save(board, board.canvas(ONE))).shot.shot.panel.human_permille
            far = [
                ink().model_copy(update={"id": f"far{x}", "x": x, "y": y}) for x, y in ((1500, 0), (0, 800))
            ]
            panel = (await save(board, board.canvas(ONE, drawing(*far, ink())))).shot.shot.panel
            assert panel.human_permille == alone

    asyncio.run(run())


def scene() -> Image.Image:
    """Something with tones and edges, as a frame has."""
    image = Image.new("RGBA", (1280, 720), (235, 233, 228, 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 470, 1280, 720), fill=(120, 120, 124, 255))
    draw.rectangle((90, 120, 330, 540), fill=(60, 62, 66, 255))
    draw.ellipse((560, 150, 760, 400), fill=(190, 188, 184, 255))
    draw.polygon(((500, 720), (560, 380), (760, 380), (830, 720)), fill=(40, 40, 44, 255))
    draw.rectangle((960, 80, 1200, 300), fill=(160, 170, 180, 255))
    return image


def faint(image: Image.Image) -> Image.Image:
    image.putalpha(image.getchannel("A").point([alpha * 3 // 10 for alpha in range(256)]))
    return image


def lined(image: Image.Image) -> Image.Image:
    draw = ImageDraw.Draw(image)
    for x in range(0, 1280, 110):
        draw.line((x, 0, 1280 - x, 720), fill=(10, 10, 10, 255), width=12)
    return image


def at(image: Image.Image, x: int, y: int) -> Image.Image:
    page = Image.new("RGBA", (1280, 720))
    page.paste(image, (x, y))
    return page


def test_a_temp_picture_is_told_in_whatever_layer_it_comes_back() -> None:
    under = png(scene())
    hidden = {
        "faint": faint(scene()),
        "drawn over": lined(scene()),
        "moved": at(scene(), 90, 40),
        "smaller": scene().resize((1024, 576)).crop((0, 0, 1280, 720)),
        "mirrored": scene().transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        "half": at(scene().crop((640, 0, 1280, 720)), 640, 0),
    }
    for how, image in hidden.items():
        layer = Layer(id="a", kind="ink", name=how, png=png(image))
        assert layer_with(drawing(layer), under) == how
    traced = Image.new("RGBA", (1280, 720))
    draw = ImageDraw.Draw(traced)
    draw.rectangle((90, 120, 330, 540), outline=(20, 20, 24, 255), width=8)
    draw.ellipse((560, 150, 760, 400), outline=(20, 20, 24, 255), width=8)
    draw.polygon(((500, 720), (560, 380), (760, 380), (830, 720)), fill=(200, 200, 204, 255))
    assert layer_with(drawing(Layer(id="a", kind="ink", name="Own", png=png(traced))), under) is None


def test_what_somebody_painted_on_the_underlay_itself_is_not_thrown_away() -> None:
    under = Layer(id="underlay", kind="temp", name="TEMP AI underlay, not for delivery", png=png(scene()))
    sent = Canvas(width=1280, height=720, layers=(under, ink()))
    painted = scene()
    ImageDraw.Draw(painted).line((100, 100, 400, 300), fill=(0, 0, 0, 255), width=9)
    for picture, mixed in ((painted, True), (scene(), False)):
        layer = under.model_copy(update={"kind": "other", "png": png(picture), "x": 40})
        back = sent.model_copy(update={"layers": (layer, ink())})
        assert returned(sent, back).mixed is mixed


# forgetting


def test_a_forgotten_picture_is_gone_unless_it_stands_in_a_panel(fresh: Path) -> None:
    async def forgot(board: Boarded, entry: int) -> protocol.Forgot:
        params = protocol.ForgetParams(entry=EntryNumber(entry), why="A real person.", person=WRITER)
        return await board.project.broker.handle(protocol.FORGET, params)

    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            await board.ask(ONE, count=2)
            first, second = (await board.seen(ONE)).variants
            await board.present(first)
            await board.present(second)
            await board.decide(first)
            await board.decide(second, State.REJECTED)
            await board.project.broker.session.boards.flush()
            kept, gone = board.project.broker.session.ledger.entries(type="candidate")
            done = await forgot(board, gone.number)
            assert second.shown
            files = [media_of(fresh, second.picture.sha256), media_of(fresh, second.shown.sha256)]
            assert sorted(done.cleaned) == sorted(file.relative_to(fresh).as_posix() for file in files)
            assert not any(file.exists() for file in files)
            done = await forgot(board, kept.number)
            assert ["14A" in one.where for one in done.still_in if one.file.startswith("media/")] == [
                True
            ] * 2
            assert media_of(fresh, first.picture.sha256).exists()
            assert await board.holds()

    asyncio.run(run())
