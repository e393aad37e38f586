"""Exports of boards, films and timelines: one path out, stopped without a trace, final by their range alone."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest
from board_work import Boarded, boarded, png, shot
from broker_work import OTHER, WRITER, in_a_loop
from PIL import Image

from studio_assist import protocol
from studio_assist.broker import export_whole
from studio_assist.broker.export_files import SUMS, Progress, Writing, partial_name
from studio_assist.broker.export_source import Source
from studio_assist.domain.errors import BadInput, Refusal, Unavailable
from studio_assist.domain.storyboard import ShotId
from studio_assist.domain.temp_words import temp_worded
from studio_assist.ledger import Ledger
from tests.spans import span_on


def leaving(out: Path, format: protocol.ExportFormat = "csv", **more: object) -> protocol.ExportParams:
    params = protocol.ExportParams(format=format, out=str(out), person=WRITER)
    return params.model_copy(update=more)


async def export(work: Boarded, params: protocol.ExportParams) -> protocol.Exported:
    return await work.project.broker.handle(protocol.EXPORT, params)


def exported(work: Boarded) -> list[str]:
    with Ledger.open(work.folder / "ledger.sqlite", read_only=True) as ledger:
        return [entry.body.sha256 for entry in ledger.entries(type="exported", limit=100)]


@in_a_loop
async def test_a_final_export_waits_for_the_temp_material_of_its_scenes_alone(
    fresh: Path, tmp_path: Path
) -> None:
    async with boarded(fresh) as work:
        temp, own = shot("14A"), shot("15A", scene="15")
        await work.put(temp, own)
        await work.accepted(temp)
        picture = tmp_path / "pier.png"
        picture.write_bytes(png(Image.new("RGB", (640, 360), "navy")))
        await work.project.broker.handle(
            protocol.PUT_PICTURE, protocol.PutPictureParams(shot=own.id, file=str(picture), person=WRITER)
        )
        whole = await export(work, leaving(tmp_path / "all.csv", final=True))
        assert [(one.kind, one.where, one.shot) for one in whole.blocked_by] == [("board", "14A", temp.id)]
        assert not whole.files
        assert not list(tmp_path.glob("*.csv"))
        pier = protocol.ExportOptions(scenes=("15",))
        done = await export(work, leaving(tmp_path / "pier.csv", final=True, options=pier))
        assert (len(done.files), done.temp_items) == (1, 0)
        with pytest.raises(BadInput, match="no scene 99"):
            await export(work, leaving(tmp_path / "x.csv", options=protocol.ExportOptions(scenes=("99",))))


@in_a_loop
async def test_a_stopped_export_leaves_nothing_and_what_it_would_replace_stands(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = threading.Event()

    def slow(_source: Source, _progress: Progress) -> Writing:
        def write(path: Path, progress: Progress) -> None:
            path.write_bytes(b"half")
            began.set()
            while True:
                time.sleep(0.01)
                progress(0.3)

        return Writing(write, lambda _path: None)

    async with boarded(fresh) as work:
        await work.put(shot("14A"))
        target = tmp_path / "list.csv"
        first = await export(work, leaving(target))
        before = target.read_bytes()
        monkeypatch.setattr(export_whole, "maker_of", lambda _format: slow)
        running = asyncio.create_task(export(work, leaving(target)))
        await asyncio.to_thread(began.wait, 5)
        with pytest.raises(Unavailable, match="still running"):
            await export(work, leaving(tmp_path / "second.csv"))
        await work.project.broker.handle(protocol.STOP_EXPORT, protocol.Nothing())
        with pytest.raises(Unavailable, match="was stopped"):
            await running
        assert target.read_bytes() == before
        assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []
        assert exported(work) == [file.sha256 for file in first.files]


@in_a_loop
async def test_an_exported_folder_is_checked_by_sha256sum_and_known_by_its_list(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pictures(_source: Source, _progress: Progress) -> Writing:
        def write(path: Path, _progress: Progress) -> None:
            path.mkdir()
            for number in (1, 2):
                (path / f"000{number}.png").write_bytes(bytes(number))

        return Writing(write, lambda _path: None, is_folder=True)

    monkeypatch.setattr(export_whole, "maker_of", lambda _format: pictures)
    async with boarded(fresh) as work:
        await work.put(shot("14A"))
        out = tmp_path / "Frames"
        done = await export(work, leaving(out, "frames-png"))
        assert exported(work) == [done.files[0].sha256]
        if shutil.which("sha256sum"):
            subprocess.run(["sha256sum", "--quiet", "-c", SUMS], cwd=out, check=True)
        with pytest.raises(BadInput, match="something of that name"):
            await export(work, leaving(out, "frames-png"))


@in_a_loop
async def test_what_a_crash_left_of_a_folder_is_taken_away_at_the_next_opening(
    fresh: Path, tmp_path: Path
) -> None:
    async with boarded(fresh) as work:
        target = tmp_path / "Frames"
        staged = partial_name(target)
        staged.mkdir()
        (staged / "0001.png").write_bytes(b"half")
        session = work.project.broker.session
        assert session.journal is not None
        note = {
            "target": str(target),
            "staged": str(staged),
            "person": WRITER.model_dump(mode="json"),
            "format": "frames-png",
            "final": False,
            "temp_items": 1,
        }
        session.journal.write("export-1", "writing", note)
        opening = protocol.OpenProjectParams(path=str(work.folder), person=WRITER)
        await work.project.broker.handle(protocol.OPEN_PROJECT, opening)
        assert not staged.exists()
        assert not target.exists()


def test_a_shot_that_says_temp_words_counts_as_temp_whoever_drew_it() -> None:
    script = "INT. ROOM - DAY\n\nMAYA\nThe gap between is what listens.\n\nShe waits.\n"
    spans = (span_on(script, "The gap between is what listens.", 12),)
    says = shot("1A", dialogue="MAYA: The gap *between* is what\nlistens.")
    silent = shot("1B", action="She waits.")
    assert temp_worded((says, silent), spans, script) == {ShotId(says.id)}
    assert temp_worded((says, silent), (), script) == frozenset()


@in_a_loop
async def test_a_sound_is_cleared_by_whoever_may_replace_temp_material(fresh: Path) -> None:
    async with boarded(fresh) as work:
        approver = OTHER.model_copy(update={"role": "approver"})
        marking = protocol.MarkSoundParams(sound="a" * 64, temp=False, person=approver)
        with pytest.raises(Refusal, match="Mark as replaced"):
            await work.project.broker.handle(protocol.MARK_SOUND, marking)
        # They may, and nobody ever added such a sound.
        mine = marking.model_copy(update={"person": WRITER})
        with pytest.raises(BadInput):
            await work.project.broker.handle(protocol.MARK_SOUND, mine)
