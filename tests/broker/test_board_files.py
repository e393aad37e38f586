"""Pictures and drawings that come in as files, panels that go out, and other programs in between."""

from __future__ import annotations

import asyncio
import io
import os
import stat
import struct
import sys
import zlib
from pathlib import Path

import pytest
from board_work import Boarded, boarded, drawing, ink, media_of, png, shot
from broker_work import WRITER
from PIL import Image

from studio_assist import protocol
from studio_assist.domain.canvas import UNDERLAY_NAME, Canvas, Layer
from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.domain.storyboard import Shot
from studio_assist.interchange import openraster, psd

pytestmark = pytest.mark.usefixtures("small_frames")

ONE = shot()
PLAIN = png(Image.linear_gradient("L").resize((640, 360)).convert("RGB"))


async def put(board: Boarded, file: Path, one: Shot = ONE) -> protocol.PanelChanged:
    params = protocol.PutPictureParams(shot=one.id, file=str(file), person=WRITER)
    return await board.project.broker.handle(protocol.PUT_PICTURE, params)


async def export(board: Boarded, kind: str, out: Path, *, final: bool = False) -> protocol.Exported:
    params = protocol.ExportPanelParams(
        shot=ONE.id, format="ora" if kind == "ora" else "png", out=str(out), final=final, person=WRITER
    )
    return await board.project.broker.handle(protocol.EXPORT_PANEL, params)


def test_a_file_of_ones_own_is_a_drawn_panel(fresh: Path, tmp_path: Path) -> None:
    (tmp_path / "own.png").write_bytes(PLAIN)

    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            panel = (await put(board, tmp_path / "own.png")).shot.shot.panel
            assert (panel.state, panel.by) == ("drawn", WRITER.name)
            assert panel.picture
            assert media_of(fresh, panel.picture.sha256).read_bytes() == PLAIN
            assert board.types()[-1] == "panel_drawn"
            assert await board.holds()

    asyncio.run(run())


def test_a_file_that_is_marked_as_ai_waits_for_a_decision(fresh: Path, tmp_path: Path) -> None:
    """Our own temp frames come back as what they are, and so does anything that says that a model made it."""
    says = (
        PLAIN[:-12]
        + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x>trainedAlgorithmicMedia</x>")
        + PLAIN[-12:]
    )
    (tmp_path / "theirs.png").write_bytes(says)

    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            seen = (await put(board, tmp_path / "theirs.png")).shot
            assert (seen.shot.panel.state, len(seen.variants)) == ("empty", 1)
            await board.ask(ONE)
            ours = (await board.seen(ONE)).variants[-1]
            assert ours.shown
            seen = (await put(board, media_of(fresh, ours.shown.sha256))).shot
            assert (seen.shot.panel.state, len(seen.variants)) == ("empty", 3)
            assert await board.holds()

    asyncio.run(run())


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def odd_files() -> dict[str, bytes]:
    out: dict[str, bytes] = {"empty.png": b"", "cut.png": PLAIN[: len(PLAIN) // 2], "words.png": b"INT. ROOM"}
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    out["huge.png"] = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IEND", b"")
    return out


@pytest.mark.parametrize("name", odd_files())
def test_a_bad_picture_is_refused_with_its_name_and_nothing_is_lost(
    fresh: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(odd_files()[name])

    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            before = board.types()
            with pytest.raises(BadInput) as told:
                await put(board, tmp_path / name)
            assert told.value.remedy
            assert name in (told.value.place or "")
            assert board.types() == before
            assert (await board.seen(ONE)).shot.panel.state == "empty"

    asyncio.run(run())


@pytest.mark.parametrize("kind", ["cmyk", "sixteen", "moving"])
def test_an_unusual_picture_is_taken_and_its_original_kept(fresh: Path, tmp_path: Path, kind: str) -> None:
    out = io.BytesIO()
    match kind:
        case "cmyk":
            Image.new("CMYK", (320, 180), (0, 80, 40, 10)).save(out, "JPEG")
        case "sixteen":
            Image.linear_gradient("L").convert("I").point(lambda level: level * 257).convert("I;16").save(
                out, "PNG"
            )
        case _:
            frames = [Image.new("L", (320, 180), grey) for grey in (30, 200)]
            frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    file = tmp_path / {"cmyk": "a.jpg", "sixteen": "a.png", "moving": "a.gif"}[kind]
    file.write_bytes(out.getvalue())

    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            panel = (await put(board, file)).shot.shot.panel
            assert panel.picture
            with Image.open(media_of(fresh, panel.picture.sha256)) as shown:
                assert (shown.format, shown.mode) == ("PNG", "RGB")
            assert any(path.read_bytes() == out.getvalue() for path in (fresh / "media").rglob("*.*"))
            assert [event for event in board.project.events if isinstance(event, protocol.Trouble)]

    asyncio.run(run())


def test_a_temp_panel_leaves_with_its_marks_and_never_as_final(fresh: Path, tmp_path: Path) -> None:
    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            with pytest.raises(BadInput, match="empty"):
                await export(board, "png", tmp_path / "14A.png")
            await board.accepted(ONE)
            blocked = await export(board, "png", tmp_path / "14A.png", final=True)
            assert [part.where for part in blocked.blocked_by] == ["14A"]
            (file,) = (await export(board, "png", tmp_path / "14A.png")).files
            read = protocol.ReadMarksParams(file=file.path)
            report = (await board.project.broker.handle(protocol.READ_MARKS, read)).report
            assert (report.band, report.invisible.present, report.agree) == (True, True, True)
            assert report.source_type == "algorithmicMedia"
            layers = openraster.read((await layered(board, tmp_path)).read_bytes())
            assert [layer.kind for layer in layers.layers] == ["temp", "ink"]
            assert (await export(board, "ora", tmp_path / "f.ora", final=True)).blocked_by
            replaced = await board.replace(ONE, board.canvas(ONE))
            assert replaced.shot.shot.panel.state == "drawn"
            (final,) = (await export(board, "png", tmp_path / "final.png", final=True)).files
            read = protocol.ReadMarksParams(file=final.path)
            report = (await board.project.broker.handle(protocol.READ_MARKS, read)).report
            assert (report.band, report.source_type) == (False, "humanEdits")

    async def layered(board: Boarded, folder: Path) -> Path:
        (file,) = (await export(board, "ora", folder / "14A.ora")).files
        return Path(file.path)

    asyncio.run(run())


def test_notes_are_in_no_export(fresh: Path, tmp_path: Path) -> None:
    notes = ink().model_copy(update={"id": "notes", "kind": "notes", "name": "Notes"})
    tone = Layer(id="ink", kind="ink", name="Human ink", png=png(Image.new("RGBA", (40, 40), (9, 9, 9, 255))))

    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            file = board.canvas(ONE, drawing(tone, notes))
            params = protocol.SaveCanvasParams(shot=ONE.id, file=str(file), done=True, person=WRITER)
            panel = (await board.project.broker.handle(protocol.SAVE_CANVAS, params)).shot.shot.panel
            assert panel.state == "drawn"
            assert panel.picture
            picture = Image.open(media_of(fresh, panel.picture.sha256)).convert("L")
            assert (picture.getpixel((20, 20)), picture.getpixel((640, 350))) == (9, 251)
            (out,) = (await export(board, "ora", tmp_path / "a.ora")).files
            assert [one.kind for one in openraster.read(Path(out.path).read_bytes()).layers] == ["ink"]

    asyncio.run(run())


def test_a_drawing_that_a_crash_left_goes_into_its_panel(fresh: Path) -> None:
    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            left = board.canvas(ONE)
        async with boarded(fresh) as board:
            for _ in range(400):
                # The file goes once the board that names the drawing is on the disk.
                if not left.exists():
                    break
                await asyncio.sleep(0.05)
            panel = (await board.seen(ONE)).shot.panel
            assert panel.state == "drawn"
            assert panel.canvas
            assert not left.exists()
            assert openraster.read(media_of(fresh, panel.canvas, ".ora").read_bytes()) == drawing()

    asyncio.run(run())


def test_a_window_hands_drawings_over_in_the_recovery_folder_alone(fresh: Path, tmp_path: Path) -> None:
    (tmp_path / "canvas.ora").write_bytes(openraster.write(drawing()))

    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            params = protocol.SaveCanvasParams(
                shot=ONE.id, file=str(tmp_path / "canvas.ora"), done=True, person=WRITER
            )
            with pytest.raises(BadInput, match="recovery"):
                await board.project.broker.handle(protocol.SAVE_CANVAS, params)

    asyncio.run(run())


# other programs


def editor(folder: Path, code: str) -> str:
    """A program that opens a drawing, does something to it, saves it and ends."""
    script = folder / "editor"
    script.write_text(f"#!{sys.executable}\nimport sys\nfile = sys.argv[1]\n{code}\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return str(script)


_DRAWS = """
from pathlib import Path
from PIL import Image, ImageDraw
import io
from studio_assist.interchange import openraster, psd
from studio_assist.domain.canvas import Layer
path = Path(file)
kind = psd if path.suffix == ".psd" else openraster
canvas = kind.read(path.read_bytes())
def as_png(image):
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
def drawn(layer):
    image = Image.new("RGBA", (canvas.width, canvas.height))
    ImageDraw.Draw(image).line((40, 40, 1200, 600), fill=(10, 10, 10, 255), width=30)
    # Other programs keep names and pixels and nothing else.
    return Layer(id=layer.id, kind="other", name=layer.name, png=as_png(image))
def plain(layer):
    return layer.model_copy(update={"kind": "other", "strokes": 0, "by": ""})
"""
_INKS = "layers = tuple(plain(one) if one.kind == 'temp' else drawn(one) for one in canvas.layers)\n"
_FLATTENS = "layers = (Layer(id='flat', kind='other', name='Merged', png=openraster.flattened(canvas, underlay=True)),)\n"
_SAVES = "path.write_bytes(kind.write(canvas.model_copy(update={'layers': layers, 'temp': None})))\n"


async def edited(board: Boarded, program: str, kind: str = "ora") -> list[str]:
    params = protocol.OpenInEditorParams(
        shot=ONE.id, format="psd" if kind == "psd" else "ora", program=program, person=WRITER
    )
    opened = await board.project.broker.handle(protocol.OPEN_IN_EDITOR, params)
    before = Path(opened.file).read_bytes()
    for _ in range(1200):
        if Path(opened.file).read_bytes() != before:
            break
        await asyncio.sleep(0.05)
    close = protocol.CloseEditorParams(shot=ONE.id)
    await board.project.broker.handle(protocol.CLOSE_EDITOR, close)
    return [event.what for event in board.project.events if isinstance(event, protocol.EditorChanged)]


@pytest.mark.parametrize("kind", ["ora", "psd"])
def test_an_edit_in_another_program_comes_back_with_the_underlay_still_apart(
    fresh: Path, tmp_path: Path, kind: str
) -> None:
    program = editor(tmp_path, _DRAWS + _INKS + _SAVES)

    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            before = (await board.accepted(ONE)).shot.shot.panel
            assert await edited(board, program, kind) == ["saved"]
            panel = (await board.seen(ONE)).shot.panel
            assert (panel.state, panel.picture, panel.entry) == ("temp", before.picture, before.entry)
            assert panel.canvas
            canvas = openraster.read(media_of(fresh, panel.canvas, ".ora").read_bytes())
            assert [(layer.kind, layer.name) for layer in canvas.layers] == [
                ("temp", UNDERLAY_NAME),
                ("ink", "Human ink"),
            ]
            replaced = (await board.replace(ONE)).shot.shot.panel
            assert replaced.state == "drawn"

    asyncio.run(run())


def test_an_edit_that_flattened_the_layers_keeps_the_panel_temp_for_good(fresh: Path, tmp_path: Path) -> None:
    program = editor(tmp_path, _DRAWS + _FLATTENS + _SAVES)

    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            before = (await board.accepted(ONE)).shot.shot.panel
            assert await edited(board, program) == ["flattened"]
            seen = (await board.seen(ONE)).shot
            assert (seen.panel.state, seen.panel.entry, seen.panel.canvas) == ("temp", before.entry, None)
            assert seen.panel.picture != before.picture
            assert before in seen.earlier
            with pytest.raises(BadInput, match="Nothing has been drawn"):
                await board.replace(ONE)

    asyncio.run(run())


def test_a_file_that_another_program_spoils_is_told_and_kept(fresh: Path, tmp_path: Path) -> None:
    program = editor(tmp_path, "open(file, 'wb').write(b'not a drawing')")

    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            before = (await board.accepted(ONE)).shot.shot.panel
            assert await edited(board, program) == ["unreadable"]
            assert (await board.seen(ONE)).shot.panel == before
            (kept,) = (fresh / "editing").iterdir()
            assert kept.read_bytes() == b"not a drawing"

    asyncio.run(run())


@pytest.mark.skipif(os.name == "nt", reason="Windows finds programs by their ending, not by a right to run")
def test_what_is_no_program_is_not_started(fresh: Path, tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("no program")

    async def run() -> None:
        async with boarded(fresh, ONE) as board:
            params = protocol.OpenInEditorParams(
                shot=ONE.id, program=str(tmp_path / "readme.txt"), person=WRITER
            )
            with pytest.raises((BadInput, Unavailable)):
                await board.project.broker.handle(protocol.OPEN_IN_EDITOR, params)

    asyncio.run(run())


def test_a_drawing_reads_back_as_it_was_written() -> None:
    canvas = Canvas(
        width=640,
        height=360,
        temp="0" * 64,
        layers=(
            Layer(id="underlay", kind="temp", name=UNDERLAY_NAME, png=PLAIN, opacity=0.8),
            Layer(
                id="ink", kind="ink", name='Ink "one" <&>', x=-20, y=400, png=ink((64, 64)).png, by="J. L."
            ),
            Layer(id="notes", kind="notes", name="Notes", visible=False),
        ),
    )
    assert openraster.read(openraster.write(canvas)) == canvas
    assert openraster.write(canvas) == openraster.write(canvas)
    back = psd.read(psd.write(canvas))
    assert [(one.name, one.x, one.y, one.visible) for one in back.layers] == [
        (one.name, one.x, one.y, one.visible) for one in canvas.layers
    ]
