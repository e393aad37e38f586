"""What goes out keeps its promises whatever a caller, another program or a person in a hurry does."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import sys
import threading
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from board_work import Boarded, boarded, drawing, png, shot
from broker_work import WRITER, in_a_loop, opened
from PIL import Image, ImageDraw
from test_export_whole import export, exported, leaving

from studio_assist import protocol
from studio_assist.broker import editorial_child, export_whole
from studio_assist.broker.export_book import digest_of
from studio_assist.broker.export_files import Progress, Writing, partial_name
from studio_assist.broker.export_source import Source
from studio_assist.broker.panel_layers import psd_layers_of
from studio_assist.broker.walls import is_ours
from studio_assist.domain.canvas import Canvas, Layer
from studio_assist.domain.errors import BadInput, Damaged, Refusal, Unavailable
from studio_assist.domain.export_formats import PanelFormat
from studio_assist.domain.storyboard import Shot
from studio_assist.domain.temp_words import temp_worded
from studio_assist.domain.timebase import rate_named
from studio_assist.marks.band_reading import has_band
from tests.interchange.editorial_samples import cut_of
from tests.spans import span_on

WORDS = "It is the sea that breathes, and it knows your name."


async def with_temp_words(work: Boarded) -> str:
    """A script that holds accepted words, saved; its text."""
    offered = work.project.offer(WORDS)[0]
    await work.project.present(offered)
    decided = await work.project.decide(offered)
    await work.project.save(decided, WORDS)
    return work.project.broker.session.folder.read_script()[0].decode()


def temp_column(file: Path) -> dict[str, str]:
    rows = csv.DictReader(io.StringIO(file.read_text("utf-8-sig")))
    return {row["Number"]: row["TEMP"] for row in rows}


def is_banded(data: bytes | Image.Image) -> bool:
    image = data if isinstance(data, Image.Image) else Image.open(io.BytesIO(data))
    return has_band(np.asarray(image.convert("RGB")))


@in_a_loop
async def test_a_caller_takes_no_mark_off_by_leaving_it_out(fresh: Path, tmp_path: Path) -> None:
    async with boarded(fresh) as work:
        text = await with_temp_words(work)
        # A shot of another scene says the words, and goes out without their scene.
        await work.put(shot("15A", scene="15", dialogue=f"MAYA: {WORDS}"))
        pier = protocol.ExportOptions(scenes=("15",))
        ways: tuple[tuple[protocol.ExportFormat, protocol.ExportOptions | None], ...]
        ways = (("fountain", None), ("fdx", None), ("csv", None), ("csv", pier))
        for format, options in ways:
            out = leaving(tmp_path / f"out.{format}", format, final=True, script=text, spans=())
            done = await export(work, out.model_copy(update={"options": options or out.options}))
            assert [one.kind for one in done.blocked_by] == ["line"], format
        await export(work, leaving(tmp_path / "pier.csv", script=text, spans=(), options=pier))
        assert temp_column(tmp_path / "pier.csv") == {"15A": "yes: text"}


@in_a_loop
async def test_words_are_found_again_in_a_script_that_another_program_changed(
    fresh: Path, tmp_path: Path
) -> None:
    async with boarded(fresh) as work:
        text = await with_temp_words(work)
        await work.put(shot("14A", dialogue=WORDS))
    (fresh / "script.fountain").write_text(text.replace("Static, then", "Static, and then"), "utf-8")
    async with boarded(fresh) as work:
        await export(work, leaving(tmp_path / "list.csv"))
        assert temp_column(tmp_path / "list.csv") == {"14A": "yes: text"}


def test_temp_words_are_found_in_notes_and_where_a_shot_says_a_part_of_them() -> None:
    script = f"INT. ROOM - DAY\n\nMAYA\nTurn it off. {WORDS}\n"
    spans = (span_on(script, f"Turn it off. {WORDS}", 12),)
    noted, part = (
        shot("1A", action="", notes=f"Say: Turn it off. {WORDS}"),
        shot("1B", dialogue=f"MAYA: {WORDS}"),
    )
    short = shot("1C", action="Turn it off.")
    assert temp_worded((noted, part, short), spans, script) == {noted.id, part.id}
    assert temp_worded((part, short), (), script, lost=(WORDS,)) == {part.id}


@in_a_loop
async def test_the_merged_picture_of_a_drawing_wears_the_band_whatever_was_drawn_there(
    fresh: Path, tmp_path: Path
) -> None:
    async with boarded(fresh) as work:
        panel = shot("14A")
        await work.put(panel)
        await work.accepted(panel)
        over = Image.new("RGBA", (1280, 720))
        ImageDraw.Draw(over).rectangle((0, 560, 1280, 720), fill=(252, 251, 248, 255))
        white = Layer(id="ink", kind="ink", name="Human ink", png=png(over), strokes=1)
        await keep(work, panel, drawing(white))
        formats: tuple[PanelFormat, ...] = ("ora", "psd")
        for format in formats:
            await export_panel(work, panel, tmp_path / f"panel.{format}", format)
        with zipfile.ZipFile(tmp_path / "panel.ora") as archive:
            assert is_banded(archive.read("mergedimage.png"))
        from psd_tools import PSDImage

        document = PSDImage.open(tmp_path / "panel.psd")
        merged = document.topil()
        assert merged is not None
        assert is_banded(merged)
        top = list(document)[-1].topil()
        assert top is not None
        # What lets the picture through still does.
        assert np.asarray(top.convert("RGBA"))[10, 10, 3] == 0

        clean = Image.open(media(work, (await work.seen(panel)).shot)).convert("RGBA").resize((1280, 720))
        mixed = Layer(id="mine", kind="other", name="My layer", png=png(clean))
        await keep(work, panel, drawing(mixed))
        with pytest.raises(Refusal, match="My layer holds the TEMP picture"):
            await export_panel(work, panel, tmp_path / "mixed.psd", "psd")
        assert not (tmp_path / "mixed.psd").exists()
        seen = (await work.seen(panel)).shot
        bare = seen.model_copy(
            update={"panel": seen.panel.model_copy(update={"shown": None, "canvas": None})}
        )
        with pytest.raises(Damaged, match="the copy with the band on it is gone"):
            psd_layers_of(work.project.broker.session.folder, bare)


async def keep(work: Boarded, panel: Shot, canvas: Canvas) -> None:
    file = work.canvas(panel, canvas)
    saving = protocol.SaveCanvasParams(shot=panel.id, file=str(file), done=True, person=WRITER)
    await work.project.broker.handle(protocol.SAVE_CANVAS, saving)


async def export_panel(work: Boarded, panel: Shot, out: Path, format: PanelFormat) -> None:
    params = protocol.ExportPanelParams(shot=panel.id, format=format, out=str(out), person=WRITER)
    assert (await work.project.broker.handle(protocol.EXPORT_PANEL, params)).files


def media(work: Boarded, panel: Shot) -> Path:
    picture = panel.panel.picture
    assert picture is not None
    found = work.project.broker.session.folder.media(picture.sha256, picture.suffix)
    assert found is not None
    return found


@pytest.mark.parametrize("lie", ["marked", "own", "swapped"])
@in_a_loop
async def test_an_offered_picture_leaves_with_its_marks_whatever_the_files_say(
    fresh: Path, tmp_path: Path, lie: str
) -> None:
    async with boarded(fresh) as work:
        await work.put(shot("14A"), shot("14B"))
        await work.accepted(shot("14A"))
    file = fresh / "boards.json"
    board = json.loads(file.read_text("utf-8"))
    first, second = (one["panel"] for one in board["shots"])
    clean = fresh / "media" / first["picture"]["sha256"][:2] / f"{first['picture']['sha256']}.png"
    if lie == "marked":
        first["shown"] = first["picture"]
    elif lie == "own":
        second |= {"state": "drawn", "picture": first["picture"], "shown": first["picture"], "entry": 3}
    else:
        shown = fresh / "media" / first["shown"]["sha256"][:2] / f"{first['shown']['sha256']}.png"
        shown.write_bytes(clean.read_bytes())
    file.write_text(json.dumps(board), "utf-8")
    async with boarded(fresh) as work:
        ways: tuple[tuple[protocol.ExportFormat, str], ...]
        ways = (("boards-pdf", "out.pdf"), ("otio", "out.otio"))
        for format, name in ways:
            if (lie, format) == ("swapped", "otio"):
                continue
            with pytest.raises(Damaged):
                await export(work, leaving(tmp_path / name, format))
        if lie == "own":
            with pytest.raises(Damaged, match="was offered, without marks"):
                await export_panel(work, shot("14B"), tmp_path / "own.png", "png")
        assert exported(work) == []
    assert not list(tmp_path.glob("o*.*"))


@in_a_loop
async def test_names_and_places_that_no_record_can_hold_are_refused(fresh: Path, tmp_path: Path) -> None:
    async with boarded(fresh) as work:
        await work.put(shot("14A"))
        with pytest.raises(BadInput, match="not in UTF-8"):
            await export(work, leaving(tmp_path / "a\udcff.csv"))
        with pytest.raises(BadInput, match="too long"):
            await export(work, leaving(tmp_path / f"{'n' * 300}.csv"))
        longest = tmp_path / f"{'é' * 125}.csv"
        assert (await export(work, leaving(longest))).files
        if sys.platform != "win32":
            os.mkfifo(tmp_path / "pipe.csv")
            async with asyncio.timeout(5):
                with pytest.raises(BadInput, match="exists already"):
                    await export(work, leaving(tmp_path / "pipe.csv"))
            assert digest_of(Path("/dev/zero")) is None


@in_a_loop
async def test_a_file_that_somebody_puts_there_meanwhile_is_not_replaced(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "list.csv"

    def slow(_source: Source, _progress: Progress) -> Writing:
        def write(path: Path, _progress: Progress) -> None:
            path.write_bytes(b"new")
            target.write_bytes(b"years of work")

        return Writing(write, lambda _path: None)

    async with boarded(fresh) as work:
        await work.put(shot("14A"))
        await export(work, leaving(target))
        monkeypatch.setattr(export_whole, "maker_of", lambda _format: slow)
        with pytest.raises(BadInput, match="changed while the export was made"):
            await export(work, leaving(target))
        assert target.read_bytes() == b"years of work"
        assert [one.name for one in tmp_path.iterdir() if "partial" in one.name] == []


@in_a_loop
async def test_whoever_stops_twice_leaves_nothing_either(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = threading.Event()

    def deaf(_source: Source, _progress: Progress) -> Writing:
        def write(path: Path, _progress: Progress) -> None:
            began.set()
            time.sleep(0.2)
            path.write_bytes(b"half")

        return Writing(write, lambda _path: None)

    monkeypatch.setattr(export_whole, "maker_of", lambda _format: deaf)
    async with boarded(fresh) as work:
        await work.put(shot("14A"))
        running = asyncio.create_task(export(work, leaving(tmp_path / "list.csv")))
        await asyncio.to_thread(began.wait, 5)
        for _ in range(3):
            await work.project.broker.handle(protocol.STOP_EXPORT, protocol.Nothing())
            await asyncio.sleep(0.01)
        with pytest.raises(Unavailable, match="was stopped"):
            await running
        await asyncio.sleep(0.3)
        assert [one.name for one in tmp_path.iterdir() if "list" in one.name] == []


@in_a_loop
async def test_what_a_crash_left_of_a_film_before_it_was_signed_is_taken_away(
    fresh: Path, tmp_path: Path
) -> None:
    async with opened(fresh) as project:
        session = project.broker.session
        staged = partial_name(tmp_path / "film.mp4")
        unsigned, mine = partial_name(staged), tmp_path / f".{staged.name}.notes"
        for file in (unsigned, mine):
            file.write_bytes(b"half")
        assert session.journal is not None
        note = {
            "target": str(tmp_path / "film.mp4"),
            "staged": str(staged),
            "person": WRITER.model_dump(mode="json"),
            "format": "mp4",
            "final": False,
            "temp_items": 1,
        }
        session.journal.write("export-1", "writing", note)
        opening = protocol.OpenProjectParams(path=str(fresh), person=WRITER)
        await project.broker.handle(protocol.OPEN_PROJECT, opening)
        assert (unsigned.exists(), mine.exists()) == (False, True)


def test_a_long_edit_is_written_in_a_process_of_its_own_that_a_stop_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut = cut_of((shot("14A"), shot("14B")), rate_named("24"), sounds=False)
    here = editorial_child.written("otio", cut, lambda: None)
    monkeypatch.setattr(editorial_child, "_FEW", 0)
    assert is_ours(editorial_child.command("otio", "write"))
    assert not is_ours(editorial_child.command("../x", "write"))
    assert editorial_child.written("otio", cut, lambda: None) == here
    assert editorial_child.wrong_in("otio", b"{}", cut) is not None

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        editorial_child.written("otio", cut, stop)
