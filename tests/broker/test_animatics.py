"""The animatic's sound in the broker: files and recordings come in, what the record says stands, nothing is lost."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import av
import numpy as np
import pytest
from broker_work import OTHER, WRITER, in_a_loop

from studio_assist import protocol
from studio_assist.broker import sounds
from studio_assist.broker.animatics import Animatics
from studio_assist.broker.session import Session
from studio_assist.domain.animatic import FIRST_TRACKS, Clip, ClipId, PutClips, ShowCaptions, Sound, TakeClips
from studio_assist.domain.errors import BadInput, Refusal, Unavailable
from studio_assist.domain.people import Person
from studio_assist.domain.record_cutting import SoundAdded
from studio_assist.interchange.sound import WavWriter, open_pcm

ROOT = Path(__file__).parents[2]


@dataclass
class Sounding:
    """An open project and its animatic."""

    session: Session
    animatics: Animatics
    events: list[protocol.Event]

    async def add(
        self,
        file: Path,
        how: Literal["recorded", "imported"] = "imported",
        *,
        temp: bool = True,
        name: str = "",
    ) -> Sound:
        params = protocol.AddSoundParams(file=str(file), how=how, name=name, temp=temp, person=WRITER)
        return (await self.animatics.add_sound(params)).sound

    async def mark(self, sound: Sound, *, temp: bool, person: Person = WRITER) -> Sound:
        params = protocol.MarkSoundParams(sound=sound.sha256, temp=temp, person=person)
        return (await self.animatics.mark_sound(params)).sound

    async def edit(self, edit: Any) -> None:
        await self.animatics.edit_animatic(protocol.EditAnimaticParams(edit=edit, person=WRITER))

    async def state(self) -> protocol.AnimaticState:
        return await self.animatics.open_animatic(protocol.Nothing())

    def types(self) -> list[str]:
        return [entry.body.type for entry in self.session.ledger.entries(limit=1000)]

    def troubles(self) -> list[str]:
        return [event.message for event in self.events if isinstance(event, protocol.Trouble)]


@asynccontextmanager
async def sounding(folder: Path, *, read_only: bool = False) -> AsyncGenerator[Sounding]:
    events: list[protocol.Event] = []
    session = Session.open(folder, WRITER, tell=events.append, read_only=read_only)

    async def ready(person: Person) -> Session:
        if not session.read_only:
            await session.ready(person)
        return session

    animatics = Animatics(lambda: session, ready, events.append)
    animatics.open(session)
    try:
        if animatics._mending is not None:
            await animatics._mending
        yield Sounding(session, animatics, events)
    finally:
        await animatics.close()
        await session.close()


def recorded(folder: Path, pid: int = 0, seconds: float = 0.5, seed: int = 1) -> Path:
    """A recording as the window leaves it in the project; of a process that is gone, unless one is named."""
    path = folder / "recovery" / f"recording-{pid or 2**22 + 7}-{seed}.wav"
    noise = np.random.default_rng(seed).integers(-900, 900, int(48_000 * seconds), np.int16)
    with WavWriter(path) as writer:
        writer.write(noise.tobytes())
    return path


def flac(path: Path, seconds: float = 0.5) -> Path:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("flac", rate=44_100, layout="stereo")
        tone = (9_000 * np.sin(np.arange(int(44_100 * seconds)) / 20)).astype("<i2")
        frame = av.AudioFrame.from_ndarray(np.repeat(tone, 2).reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate = 44_100
        out.mux([*stream.encode(frame), *stream.encode()])
    return path


def on_disk(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "animatic.json").read_text(encoding="utf-8"))


def clip_of(sound: Sound, **fields: object) -> Clip:
    return Clip(
        id=ClipId("c1"), track=FIRST_TRACKS[0].id, sound=sound.sha256, length=sound.samples
    ).model_copy(update=fields)


# coming in ----------------------------------------------------------------------------------------------


@in_a_loop
async def test_a_file_comes_in_as_a_wav_beside_its_original(fresh: Path, tmp_path: Path) -> None:
    file = flac(tmp_path / "Storm.flac")
    async with sounding(fresh) as work:
        sound = await work.add(file)
        assert (sound.name, sound.how, sound.temp, sound.by) == ("Storm", "imported", True, WRITER.name)
        assert sound.original_suffix == ".flac"
        folder = work.session.folder
        wav, original = folder.media(sound.sha256, ".wav"), folder.media(sound.original or "", ".flac")
        assert wav is not None
        assert original is not None
        assert original.read_bytes() == file.read_bytes()
        assert hashlib.sha256(wav.read_bytes()).hexdigest() == sound.sha256
        assert open_pcm(wav).shape == (sound.samples, 2)
        entry = work.session.ledger.entry(sound.entry or 0)
        assert isinstance(entry.body, SoundAdded)
        assert (entry.body.sha256, entry.body.temp, entry.person) == (sound.sha256, True, WRITER.id)
        kept = Sound.model_validate_json(work.session.story.text_of(entry.body.content) or "")
        assert kept == sound.model_copy(update={"entry": None})
        shares = [event.share for event in work.events if isinstance(event, protocol.Progress)]
        assert shares[-1] == 1.0
        # Again: one sound, one entry, and no word of a person is lost by it.
        assert await work.add(file, temp=False) == sound
        assert work.types().count("sound_added") == 1
        state = await work.state()
        assert state.animatic.sounds == (sound,)
        assert (state.animatic.tracks, state.missing) == (FIRST_TRACKS, ())
    assert not list((fresh / "recovery").glob(".*"))
    assert on_disk(fresh)["sounds"][0]["sha256"] == sound.sha256
    async with sounding(fresh) as work:
        assert work.session.animatic.animatic.sounds == (sound,)


@in_a_loop
async def test_a_recording_moves_out_of_the_recovery_folder(fresh: Path) -> None:
    file = recorded(fresh, os.getpid())
    data = file.read_bytes()
    async with sounding(fresh) as work:
        assert file.exists(), "the window that records it lives"
        sound = await work.add(file, "recorded", temp=False, name="Maya 14A")
        assert (sound.name, sound.how, sound.temp, sound.original) == ("Maya 14A", "recorded", False, None)
        assert not file.exists()
        path = work.session.folder.media(sound.sha256, ".wav")
        assert path is not None
        assert path.read_bytes() == data
        assert work.session.animatic.animatic.temp_sounds == ()


@in_a_loop
async def test_only_recordings_of_the_project_are_taken_away(fresh: Path, tmp_path: Path) -> None:
    outside = recorded(fresh, os.getpid()).rename(tmp_path / "recording-1-1.wav")
    (fresh / "recovery" / "recording-9-link.wav").symlink_to(outside)
    async with sounding(fresh) as work:
        for file in (outside, fresh / "recovery" / "recording-9-link.wav", fresh / "ledger.sqlite"):
            with pytest.raises(BadInput, match="no recording of this project"):
                await work.add(file, "recorded")
        assert outside.exists()
        assert "sound_added" not in work.types()


@in_a_loop
async def test_what_is_stopped_or_refused_leaves_nothing(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = flac(tmp_path / "Storm.flac", 5)
    (tmp_path / "none.mp3").write_bytes(b"words " * 500)
    real = sounds.store

    async with sounding(fresh) as work:
        loop = asyncio.get_running_loop()

        def slow(folder: Any, path: Path, told: Any) -> Any:
            asyncio.run_coroutine_threadsafe(work.animatics.stop_sound(protocol.Nothing()), loop).result()
            return real(folder, path, told)

        with pytest.raises(BadInput):
            await work.add(tmp_path / "none.mp3")
        monkeypatch.setattr("studio_assist.broker.animatics.store", slow)
        with pytest.raises(Unavailable, match="stopped"):
            await work.add(file)
        # Nothing stands in the status bar for what is over.
        assert [one.share for one in work.events if isinstance(one, protocol.Progress)][-1] == 1.0
        assert "sound_added" not in work.types()
    assert not [one for one in (fresh / "media").rglob("*") if one.is_file()]
    assert not list((fresh / "recovery").glob(".*"))


@in_a_loop
async def test_nothing_comes_in_where_nothing_may_be_written(fresh: Path, tmp_path: Path) -> None:
    async with sounding(fresh, read_only=True) as work:
        with pytest.raises(Refusal):
            await work.add(flac(tmp_path / "a.flac"))
        with pytest.raises(Refusal):
            await work.edit(ShowCaptions(on=False))
        assert (await work.state()).animatic.tracks == FIRST_TRACKS
    assert not (fresh / "animatic.json").exists()


# edits and marks ----------------------------------------------------------------------------------------


@in_a_loop
async def test_edits_are_saved_and_marks_are_signed(fresh: Path, tmp_path: Path) -> None:
    async with sounding(fresh) as work:
        sound = await work.add(flac(tmp_path / "Storm.flac"))
        before = work.session.animatic.version
        await work.edit(PutClips(clips=(clip_of(sound, at=500, fade_in=100),)))
        assert work.session.animatic.version > before
        assert work.session.animatic.animatic.temp_sounds == (sound,)
        with pytest.raises(BadInput):
            await work.edit(TakeClips(ids=(ClipId("nobody"),)))
        cleared = await work.mark(sound, temp=False, person=OTHER)
        assert not cleared.temp
        assert (cleared.entry or 0) > (sound.entry or 0)
        assert work.session.animatic.animatic.temp_sounds == ()
        marked = work.session.ledger.entry(cleared.entry or 0)
        assert (marked.body.type, marked.person) == ("sound_marked", OTHER.id)
        with pytest.raises(BadInput):
            await work.mark(sound.model_copy(update={"sha256": "0" * 64}), temp=True)
    kept = on_disk(fresh)
    assert (kept["clips"][0]["at"], kept["sounds"][0]["temp"]) == (500, False)


@in_a_loop
async def test_a_frame_rate_stands_in_project_toml_as_people_write_it(fresh: Path) -> None:
    async with sounding(fresh) as work:
        for name, words in (
            ("23.976", "frame_rate = 23.976"),
            ("29.97 DF", "drop_frame = true"),
            ("29.97", "frame_rate = 29.97"),
            ("25", "frame_rate = 25"),
        ):
            params = protocol.SetFrameRateParams(rate=name, person=WRITER)
            rate = (await work.animatics.set_frame_rate(params)).rate
            assert (rate.name, (await work.state()).rate) == (name, rate)
            assert words in (fresh / "project.toml").read_text(encoding="utf-8")
        with pytest.raises(BadInput):
            await work.animatics.set_frame_rate(protocol.SetFrameRateParams(rate="31", person=WRITER))


# the record and the file --------------------------------------------------------------------------------


@in_a_loop
async def test_the_record_says_what_is_temp_whatever_the_file_says(fresh: Path, tmp_path: Path) -> None:
    async with sounding(fresh) as work:
        sound = await work.add(flac(tmp_path / "Storm.flac"))
        await work.edit(PutClips(clips=(clip_of(sound),)))
    path, said = fresh / "animatic.json", on_disk(fresh)
    said["sounds"][0]["temp"] = False
    smuggled = {**said["sounds"][0], "sha256": "1" * 64, "name": "Smuggled"}
    said["sounds"].append(smuggled)
    said["clips"].append({**said["clips"][0], "id": "c2", "sound": "1" * 64})
    said["clips"].append({**said["clips"][0], "id": "c3", "sound": "2" * 64})
    path.write_text(json.dumps(said), encoding="utf-8")
    async with sounding(fresh) as work:
        temp = {one.sha256: one for one in work.session.animatic.animatic.temp_sounds}
        assert set(temp) == {sound.sha256, "1" * 64, "2" * 64}
        assert temp[sound.sha256] == sound
        assert temp["1" * 64].entry is None
        assert work.types()[-1] == "recovered"
        assert set((await work.state()).missing) == {"1" * 64, "2" * 64}
        # A person says what it is: then the record knows it.
        cleared = await work.mark(temp["1" * 64], temp=False)
        assert not cleared.temp
        assert work.types()[-2:] == ["sound_added", "sound_marked"]
    async with sounding(fresh) as work:
        assert {one.sha256 for one in work.session.animatic.animatic.temp_sounds} == {
            sound.sha256,
            "2" * 64,
        }


@in_a_loop
async def test_a_damaged_file_is_set_aside_and_its_sounds_come_from_the_record(
    fresh: Path, tmp_path: Path
) -> None:
    async with sounding(fresh) as work:
        sound = await work.add(flac(tmp_path / "Storm.flac"))
        await work.mark(sound, temp=False)
    (fresh / "animatic.json").write_text('{"version": 1, "sounds": [', encoding="utf-8")
    async with sounding(fresh) as work:
        animatic = work.session.animatic.animatic
        assert [(one.sha256, one.temp) for one in animatic.sounds] == [(sound.sha256, False)]
        assert animatic.tracks == FIRST_TRACKS
        await work.edit(ShowCaptions(on=False))
    assert list(fresh.glob("animatic.json.damaged-*"))
    assert not list(fresh.glob("animatic (changed*"))
    assert on_disk(fresh)["captions"] is False


@in_a_loop
async def test_a_version_of_another_program_is_kept(fresh: Path) -> None:
    async with sounding(fresh) as work:
        await work.edit(ShowCaptions(on=False))
        assert await work.session.animatic.flush()
        (fresh / "animatic.json").write_text('{"version": 1}', encoding="utf-8")
        await work.edit(ShowCaptions(on=True))
        assert await work.session.animatic.flush()
        assert "Another program had changed animatic.json." in work.troubles()
    (kept,) = fresh.glob("animatic (changed elsewhere *).json")
    assert kept.read_text(encoding="utf-8") == '{"version": 1}'


# crashes ------------------------------------------------------------------------------------------------


@in_a_loop
async def test_recordings_that_were_left_are_taken_in(fresh: Path) -> None:
    left = recorded(fresh, seed=4)
    data = left.read_bytes()
    # A crash: the header of the second before, and more sound than it says.
    left.write_bytes(data[:4] + (36).to_bytes(4, "little") + data[8:40] + bytes(4) + data[44:])
    empty = recorded(fresh, pid=2**22 + 9, seconds=0)
    async with sounding(fresh) as work:
        (sound,) = work.session.animatic.animatic.sounds
        assert (sound.how, sound.samples, sound.temp) == ("recorded", 24_000, False)
        path = work.session.folder.media(sound.sha256, ".wav")
        assert path is not None
        assert path.read_bytes() == data
        assert [
            event.state.animatic.sounds
            for event in work.events
            if isinstance(event, protocol.AnimaticChanged)
        ] == [(sound,)]
        assert any("had not been kept yet" in one for one in work.troubles())
    assert not left.exists()
    assert not empty.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_a_recording_survives_a_kill_at_the_worst_moment(fresh: Path) -> None:
    """Killed once it is among the media and before the record knows: it is taken in at the next opening."""
    file = recorded(fresh, seed=5)
    script = f"""
        import asyncio, os, signal, sys
        sys.path[:0] = [{str(Path(__file__).parent)!r}]
        from pathlib import Path
        from studio_assist.broker.animatics import Animatics
        import test_animatics
        Animatics._added = lambda *_args: os.kill(os.getpid(), signal.SIGKILL)
        asyncio.run(test_animatics.keep(Path({str(fresh)!r}), Path({str(file)!r})))
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        timeout=60,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert file.exists()
    data = file.read_bytes()

    async def again() -> None:
        async with sounding(fresh) as work:
            (sound,) = work.session.animatic.animatic.sounds
            path = work.session.folder.media(sound.sha256, ".wav")
            assert path is not None
            assert path.read_bytes() == data
            assert work.types().count("sound_added") == 1

    asyncio.run(again())
    assert not file.exists()


async def keep(folder: Path, file: Path) -> None:
    """What the killed process does: open the project, which takes the recording in."""
    async with sounding(folder):
        raise AssertionError(f"{file} was kept, and nobody killed this")
