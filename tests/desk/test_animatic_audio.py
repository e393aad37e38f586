"""What is heard and what is recorded, on a device that drives nothing but keeps real time."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio_assist.desk.animatic import sound_device, sound_engine
from studio_assist.desk.animatic.audio import AudioOut
from studio_assist.desk.animatic.record_sheet import RecordSheet
from studio_assist.desk.animatic.sound_device import NULL, PERIOD, PERIODS, Device, Microphone
from studio_assist.desk.animatic.sound_engine import _Run
from studio_assist.desk.theme import Theme
from studio_assist.domain.animatic import Animatic, Clip, ClipId, Track, TrackId
from studio_assist.domain.errors import Unavailable
from studio_assist.domain.timebase import FrameRate
from studio_assist.domain.timeline import Placed
from studio_assist.interchange.sound_wav import WavWriter, open_pcm

TRACK = Track(id=TrackId("dialogue"), name="Scratch dialogue")
SOUND = "a" * 64
RATE = FrameRate(num=24)


@pytest.fixture
def audio(qtbot: QtBot) -> Iterator[AudioOut]:
    out = AudioOut(backend=NULL)
    yield out
    out.close()


def ramp(path: Path) -> Path:
    with WavWriter(path) as writer:
        writer.write((np.arange(96_000) % 30_000).astype("<i2").tobytes())
    return path


def load(audio: AudioOut, file: Path | None) -> None:
    clip = Clip(id=ClipId("c"), track=TRACK.id, sound=SOUND, length=96_000)
    audio.load((Placed(clip, 0),), Animatic(tracks=(TRACK,), clips=(clip,)), lambda _sound: file)


def handed(monkeypatch: pytest.MonkeyPatch) -> list[npt.NDArray[np.float32]]:
    """What goes to the device, piece by piece."""
    pieces: list[npt.NDArray[np.float32]] = []
    take = _Run.take

    def noted(self: _Run, out: npt.NDArray[np.float32]) -> None:
        take(self, out)
        pieces.append(out.copy())

    monkeypatch.setattr(_Run, "take", noted)
    return pieces


# playing ------------------------------------------------------------------------------------------------


def test_it_plays_the_mix_sample_by_sample_and_says_what_is_heard(
    audio: AudioOut, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = handed(monkeypatch)
    file = ramp(tmp_path / "a.wav")
    with qtbot.waitSignal(audio.device_found):
        load(audio, file)
    assert audio.has_device
    audio.start(1_000)
    seen: list[tuple[float, int]] = []
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        seen.append((time.monotonic(), audio.position()))
        time.sleep(0.002)
    audio.stop()
    heard = np.concatenate(pieces)[:, 0]
    wanted = (np.arange(1_000, 1_000 + len(heard)) % 30_000) / 32_768
    assert np.array_equal(heard, wanted.astype(np.float32)), "no sample is left out, none comes twice"
    places = [place for _at, place in seen]
    assert places == sorted(places)
    assert places[0] == 1_000
    assert places[-1] <= 1_000 + len(heard), "nothing is heard before it was handed over"
    # As fast as the clock, and in small steps.
    (first_at, first), (last_at, last) = next(one for one in seen if one[1] > 1_500), seen[-1]
    assert abs((last - first) / 48_000 - (last_at - first_at)) < 0.06
    assert max(np.diff(places)) <= PERIOD * 2
    assert audio.position() == last or audio.position() > last


def test_it_jumps_while_it_plays(
    audio: AudioOut, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = handed(monkeypatch)
    with qtbot.waitSignal(audio.device_found):
        load(audio, ramp(tmp_path / "a.wav"))
    audio.start(0)
    qtbot.waitUntil(lambda: len(pieces) > 3)
    pieces.clear()
    audio.start(50_000)
    assert audio.position() == 50_000
    qtbot.waitUntil(lambda: audio.position() > 50_500)
    assert any(piece[0, 0] == np.float32((50_000 % 30_000) / 32_768) for piece in pieces)


def no_device(*_args: object, **_more: object) -> None:
    raise sound_device.no_device("play")


def test_without_a_device_time_goes_on_and_it_is_told_once(
    audio: AudioOut, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sound_engine, "Device", no_device)
    monkeypatch.setattr(sound_engine, "_LOOK_S", 0.0)
    told: list[str] = []
    audio.failed.connect(lambda message, _remedy: told.append(message))
    file = ramp(tmp_path / "a.wav")
    with qtbot.waitSignal(audio.failed):
        load(audio, file)
    load(audio, file)
    assert not audio.has_device
    audio.start(500)
    began = time.monotonic()
    qtbot.waitUntil(lambda: audio.position() > 4_000)
    assert abs((audio.position() - 500) / 48_000 - (time.monotonic() - began)) < 0.02
    assert audio.is_running
    assert told == ["No sound device was found. The animatic plays without sound."]


@pytest.mark.parametrize("how", ["is_gone", "error"])
def test_a_device_that_vanishes_leaves_silence_and_the_time(
    audio: AudioOut, qtbot: QtBot, tmp_path: Path, how: str
) -> None:
    with qtbot.waitSignal(audio.device_found):
        load(audio, ramp(tmp_path / "a.wav"))
    audio.start(0)
    qtbot.waitUntil(lambda: audio.position() > 2_000)
    before = audio.position()
    device = audio._engine._device
    assert device is not None
    with qtbot.waitSignal(audio.failed) as told:
        setattr(device, how, True if how == "is_gone" else ValueError("cable"))
    assert told.args is not None
    assert "sound" in told.args[0]
    after = audio.position()
    assert before <= after < before + 24_000
    qtbot.waitUntil(lambda: audio.position() > after + 1_000)
    assert audio.is_running
    assert not audio.has_device


def test_a_sound_that_is_missing_or_damaged_is_silent(audio: AudioOut, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "bad.wav").write_bytes(b"RIFF")
    with qtbot.waitSignal(audio.device_found):
        load(audio, tmp_path / "bad.wav")
    with qtbot.waitSignal(audio.failed) as told:
        audio.start(0)
    assert told.args is not None
    assert "bad.wav" in told.args[0]
    qtbot.waitUntil(lambda: audio.position() > 100)


def test_a_run_never_says_more_than_was_handed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [10.0]
    monkeypatch.setattr(sound_engine.time, "monotonic", lambda: now[0])
    latency = PERIOD * PERIODS
    run = _Run(0, latency)
    run._written = 10 * PERIOD
    out = np.zeros((PERIOD, 2), np.float32)
    for _ in range(PERIODS + 1):
        run.take(out)
    assert run.position() == PERIOD
    now[0] += 1 / 64
    assert run.position() == PERIOD + 750
    now[0] += 5
    assert run.position() == (PERIODS + 1) * PERIOD
    run.go_silent()
    now[0] += 1
    assert run.position() == (PERIODS + 1) * PERIOD + 48_000


def test_the_window_gets_no_way_out_by_its_sound(audio: AudioOut, qtbot: QtBot, tmp_path: Path) -> None:
    """miniaudio's Python part loads urllib.request; only its C part is used."""
    with qtbot.waitSignal(audio.device_found):
        load(audio, ramp(tmp_path / "a.wav"))
    assert "_miniaudio" in sys.modules
    assert "miniaudio" not in sys.modules


# recording ----------------------------------------------------------------------------------------------


class Playing:
    """A player that plays along, and begins to be heard a moment later."""

    def __init__(self, late: float = 0.06) -> None:
        self.late = late
        self.began: float | None = None
        self.stopped = 0
        self._first = 0

    def play_from(self, frame: int) -> None:
        self._first, self.began = frame * 2_000, time.monotonic() + self.late

    def stop(self) -> None:
        self.stopped += 1

    def position(self) -> int:
        if self.began is None:
            return 0
        return self._first + round(max(0.0, time.monotonic() - self.began) * 48_000)


class Voice(Device):
    """A microphone that hears a click at one moment of the machine's clock."""

    clicks_at = 0.0

    def __init__(self, kind: str, carry: Callable[[bytes], None], **more: object) -> None:
        self._heard = 0
        self._from: float | None = None

        def heard(piece: bytes) -> None:
            now = time.monotonic()
            values = np.zeros(len(piece) // 2, "<i2")
            begins = now - (len(values) + PERIOD) / 48_000
            place = round((Voice.clicks_at - begins) * 48_000)
            if 0 <= place < len(values):
                values[place] = 20_000
            carry(values.tobytes())

        super().__init__("record", heard, backend=NULL)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1100, 700)
    window.show()
    return window


def sheet_on(window: QWidget, folder: Path, stage: Playing) -> RecordSheet:
    return RecordSheet(Theme("dark"), window, folder, stage, 48, RATE, "Maya 14A", backend=NULL)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio_assist.desk.animatic.record_sheet._COUNT_IN_S", 0.1)


def test_a_take_begins_where_the_picture_did_and_is_kept_by_a_press(
    window: QWidget, qtbot: QtBot, tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio_assist.desk.animatic.recorder.Device", Voice)
    stage = Playing()
    sheet = sheet_on(window, tmp_path, stage)
    sheet.open()
    qtbot.waitUntil(sheet.go.isEnabled)
    assert sheet.device.count() == 1
    sheet.go.click()
    assert not sheet.go.isVisible()
    qtbot.waitUntil(lambda: stage.began is not None)
    assert stage.began is not None
    Voice.clicks_at = stage.began + 0.15
    qtbot.wait(330)
    assert sheet.words.plain.startswith("Recording, 0:0")
    sheet.halt.click()
    qtbot.waitUntil(lambda: sheet.has_take)
    assert stage.stopped >= 1
    sheet.dismiss()
    assert sheet.isVisible(), "a take that waits for a press keeps the sheet open"
    assert sheet.outcome.words == "Keep this take, or discard it."
    with qtbot.waitSignal(sheet.kept) as kept:
        sheet.keeping.click()
    assert kept.args is not None
    path, name, frame = kept.args
    assert (name, frame) == ("Maya 14A", 48)
    assert path.parent == tmp_path
    pcm = open_pcm(path)[:, 0]
    assert abs(int(np.argmax(pcm)) - 0.15 * 48_000) < 0.03 * 48_000, "within a frame of where it was said"
    assert list(tmp_path.iterdir()) == [path]
    assert not sheet.isVisible()


def test_nothing_is_kept_without_a_press(window: QWidget, qtbot: QtBot, tmp_path: Path, quick: None) -> None:
    stage = Playing(0)
    sheet = sheet_on(window, tmp_path, stage)
    sheet.open()
    qtbot.waitUntil(sheet.go.isEnabled)
    # Stopped within the count-in.
    sheet.go.click()
    qtbot.waitUntil(lambda: bool(list(tmp_path.iterdir())))
    sheet.dismiss()
    qtbot.waitUntil(lambda: not sheet.is_recording and not list(tmp_path.iterdir()))
    # Recorded, and discarded.
    sheet.go.click()
    qtbot.waitUntil(lambda: stage.began is not None)
    qtbot.wait(80)
    sheet.halt.click()
    qtbot.waitUntil(lambda: sheet.has_take)
    sheet.hear.click()
    sheet.discarding.click()
    qtbot.waitUntil(lambda: not list(tmp_path.iterdir()))
    qtbot.waitUntil(lambda: sheet.outcome.words == "Discarded.")
    sheet.dismiss()
    assert not sheet.isVisible()


def test_a_window_that_closes_leaves_the_take_as_a_file_that_plays(
    window: QWidget, qtbot: QtBot, tmp_path: Path, quick: None
) -> None:
    stage = Playing(0)
    sheet = sheet_on(window, tmp_path, stage)
    sheet.open()
    qtbot.waitUntil(sheet.go.isEnabled)
    sheet.go.click()
    qtbot.waitUntil(lambda: stage.began is not None)
    qtbot.wait(60)
    sheet.close_down()
    (left,) = tmp_path.glob("recording-*.wav")
    assert len(open_pcm(left)) > 2_000


def test_no_microphone_is_said_with_what_to_do(
    window: QWidget, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[tuple[Microphone, ...]] = [(), (Microphone("Desk mic", True, None),)]

    def look(_backend: str | None) -> tuple[Microphone, ...]:
        found = answers.pop(0)
        if not found:
            raise sound_device.no_device("record")
        return found

    monkeypatch.setattr("studio_assist.desk.animatic.recorder.microphones", look)
    sheet = sheet_on(window, tmp_path, Playing())
    sheet.open()
    qtbot.waitUntil(lambda: sheet.outcome.words.startswith("No microphone was found. Connect one"))
    assert not sheet.go.isEnabled()
    sheet.outcome.link.click()
    qtbot.waitUntil(sheet.go.isEnabled)
    assert sheet.device.currentText() == "Desk mic"
    sheet.dismiss()


def test_a_microphone_that_cannot_be_opened_is_told(
    window: QWidget, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> Device:
        raise Unavailable("No microphone was found.", remedy="Connect one.")

    monkeypatch.setattr("studio_assist.desk.animatic.recorder.Device", refuse)
    sheet = sheet_on(window, tmp_path, Playing())
    sheet.open()
    qtbot.waitUntil(sheet.go.isEnabled)
    sheet.go.click()
    qtbot.waitUntil(lambda: sheet.outcome.words == "No microphone was found. Connect one.")
    assert sheet.go.isVisible()
    sheet.dismiss()
