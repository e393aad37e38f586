"""Sound files of strangers are decoded by a child with bounds; what breaks it breaks nothing here."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio_assist.broker import safe_sound
from studio_assist.broker.safe_sound import command, convert_safely
from studio_assist.broker.sounds import StoppedSound, store
from studio_assist.broker.walls import is_ours
from studio_assist.domain.errors import BadInput
from studio_assist.interchange.sound import WavWriter, is_ready, open_pcm
from studio_assist.storage.project import ProjectFolder

#: What stands in for the real conversion; `told` is what it says that it goes on by.
CONVERSIONS = {
    "silent": "while True: pass",
    "large": "held = bytearray(2 << 30)",
    "crash": "import ctypes; ctypes.string_at(0)",
    "network": "import socket; socket.socket()",
    "program": "import os; os.system('true')",
    "flood": "open(out, 'wb').truncate(1 << 40)",
    "nothing": "return Converted(1, 1)",
}


def child_that(does: str, path: Path, out: Path) -> list[str]:
    """The real child, with a decoder in it that does something else."""
    code = (
        "import sys\n"
        "from studio_assist.interchange import sound_child\n"
        "from studio_assist.interchange.sound import Converted\n"
        f"def convert(path, out, told):\n    {does}\n"
        "sound_child.convert = convert\n"
        "sys.exit(sound_child.main(sys.argv[1:]))\n"
    )
    return [sys.executable, "-c", code, str(path), str(out)]


def tone(path: Path, rate: int = 44_100) -> Path:
    import wave

    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((9_000 * np.sin(np.arange(rate) / 20)).astype("<i2").tobytes())
    return path


def test_a_child_decodes_and_says_how_far_it_is(tmp_path: Path) -> None:
    shares: list[float] = []
    convert_safely(tone(tmp_path / "a.wav"), tmp_path / "out.wav", shares.append)
    assert len(open_pcm(tmp_path / "out.wav")) == 48_000
    assert shares == sorted(shares)
    assert shares[-1] == 1


@pytest.mark.parametrize("does", CONVERSIONS)
def test_what_breaks_the_child_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str
) -> None:
    monkeypatch.setattr(safe_sound, "command", lambda path, out: child_that(CONVERSIONS[does], path, out))
    began = time.monotonic()
    with pytest.raises(Exception, match=r"\.wav|decodes sounds") as refused:
        convert_safely(tone(tmp_path / "a.wav"), tmp_path / "out.wav", lambda _share: None, 0.4)
    assert time.monotonic() - began < 5 + os.getloadavg()[0]
    assert getattr(refused.value, "remedy", "")
    assert not (tmp_path / "out.wav").exists()


def test_a_stopped_child_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_sound, "command", lambda path, out: child_that(CONVERSIONS["silent"], path, out))
    started: list[Any] = []
    start = subprocess.Popen

    def seen(*words: Any, **how: Any) -> Any:
        started.append(start(*words, **how))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", seen)
    asked = 0

    def stop(_share: float) -> None:
        nonlocal asked
        asked += 1
        if asked == 3:
            raise StoppedSound

    with pytest.raises(StoppedSound):
        convert_safely(tone(tmp_path / "a.wav"), tmp_path / "out.wav", stop, 60)
    assert [one.returncode for one in started] == [-9]


def test_a_sound_that_is_ready_starts_no_child_and_a_pipe_is_not_waited_for(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_words: Any) -> None:
        raise AssertionError("a child was started")

    monkeypatch.setattr("studio_assist.broker.sounds.convert_safely", never)
    folder = ProjectFolder.open(fresh)
    with WavWriter(tmp_path / "ready.wav") as writer:
        writer.write(bytes(9_600))
    assert is_ready(tmp_path / "ready.wav")
    assert store(folder, tmp_path / "ready.wav", lambda _share: None).samples == 4_800
    files = [tmp_path, tmp_path / "gone.wav", Path("a\0b.wav")]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.wav")
        files.append(tmp_path / "pipe.wav")
    for file in files:
        with pytest.raises(BadInput):
            store(folder, file, lambda _share: None)


def test_the_wall_knows_the_child_and_only_as_it_is() -> None:
    real = command(Path("/any/file"), Path("/any/out"))
    assert is_ours(real)
    for other in (real[:-1], [*real, "more"], [*real[:2], "studio_assist.interchange.sound", *real[3:]]):
        assert not is_ours(other)
