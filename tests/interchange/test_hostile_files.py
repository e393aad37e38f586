"""Files that are made to break what reads them are refused soon, in little memory, and by a sentence."""

from __future__ import annotations

import asyncio
import io
import json
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio_assist.broker import safe_reading
from studio_assist.broker.safe_reading import _STUCK_S, command, read_safely
from studio_assist.broker.walls import is_ours
from studio_assist.domain.errors import BadInput
from studio_assist.domain.incoming import IncomingBoards
from studio_assist.interchange.reading_child import MEMORY_BYTES

#: Ten gigabytes.
HUGE = 10 << 30


def bomb() -> bytes:
    """A billion laughs."""
    entities = "".join(f'<!ENTITY l{one + 1} "{f"&l{one};" * 10}">' for one in range(9))
    return (
        f'<?xml version="1.0"?><!DOCTYPE FinalDraft [<!ENTITY l0 "lol">{entities}]>'
        '<FinalDraft DocumentType="Script"><Content><Paragraph Type="Action"><Text>&l9;</Text>'
        "</Paragraph></Content></FinalDraft>"
    ).encode()


def outside() -> bytes:
    return (
        b'<?xml version="1.0"?><!DOCTYPE fcpxml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b'<fcpxml version="1.10"><resources>&x;</resources></fcpxml>'
    )


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


def psd_header() -> bytes:
    return b"8BPS" + struct.pack(">H6xHIIHH", 1, 4, 300_000, 300_000, 8, 3)


def pdf() -> bytes:
    """A page whose stream says that it has ten gigabytes, and unfolds to one."""
    stream = zlib.compress(b"0 " * (32 << 20), 9)
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>endobj\n"
        + f"4 0 obj<</Length {HUGE}/Filter/FlateDecode>>stream\n".encode()
        + stream
        + b"\nendstream endobj\ntrailer<</Root 1 0 R/Size 5>>\n%%EOF\n"
    )


def archive(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, b"0" * (8 << 20))
    return out.getvalue()


def otio() -> bytes:
    """A clip of endless length, in stacks that lie in each other."""
    stack = b'{"OTIO_SCHEMA":"Stack.1","name":"s","children":['
    deep = stack * 100_000 + b"]}" * 100_000
    number = b'{"OTIO_SCHEMA":"RationalTime.1","rate":24,"value":1' + b"0" * 100_000 + b"}"
    return b'{"OTIO_SCHEMA":"Timeline.1","global_start_time":' + number + b',"tracks":' + deep + b"}"


def project(boards: list[object]) -> bytes:
    return json.dumps({"version": "3.0.0", "aspectRatio": 1.777, "boards": boards}).encode()


#: Each with its file's name.
FILES: dict[str, Callable[[], bytes]] = {
    "laughs.fdx": bomb,
    "outside.fcpxml": outside,
    "dtd.xml": lambda: outside().replace(b"fcpxml", b"xmeml"),
    "deep.fdx": lambda: b"<FinalDraft>" + b"<Content>" * 200_000,
    "bomb.zip": lambda: archive("a.png"),
    "traversal.zip": lambda: archive("../../a.png"),
    "bomb.otioz": lambda: archive("content.otio"),
    "claim.png": lambda: png_header(300_000, 300_000),
    "claim.psd": psd_header,
    "claim.wav": lambda: b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + b"WAVEfmt ",
    "claim.pdf": pdf,
    "deep.storyboarder": lambda: b"[" * 5_000_000,
    "deep.otio": otio,
    "number.storyboarder": lambda: b'{"boards": [], "fps": 1' + b"0" * 1_000_000 + b"}",
    "endless.edl": lambda: b"TITLE: x\n001  AX V C " + b"9" * 5_000_000,
    "binary.fountain": lambda: bytes(range(256)) * 4000,
}


#: Reads the files that it is told in a process of its own, and says how each was refused and what it cost.
#:
#: What a process is said to have had at most begins with what its parent had when it started it, and the one that
#: runs the tests may have had anything. This one is small. It has no other children, so what is added to the
#: processor time of its children is the last reader's.
REFUSER = """
import asyncio, json, resource, sys, time
from pathlib import Path
from studio_assist.broker.safe_reading import read_safely
from studio_assist.domain.errors import StudioError

def now():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic(), used.ru_utime + used.ru_stime, used.ru_maxrss

for name in sys.argv[1:]:
    clock, cpu, _ = now()
    try:
        asyncio.run(read_safely(Path(name)))
        told = None
    except StudioError as error:
        told = [error.message, error.remedy]
    clock_after, cpu_after, most_kb = now()
    print(json.dumps([told, clock_after - clock, cpu_after - cpu, most_kb]), flush=True)
"""


def test_every_one_is_refused_within_two_seconds_and_half_a_gigabyte(tmp_path: Path) -> None:
    for name, make in FILES.items():
        (tmp_path / name).write_bytes(make())
    with (tmp_path / "sparse.fountain").open("wb") as file:
        file.truncate(HUGE)
    os.mkfifo(tmp_path / "pipe.fountain")
    (tmp_path / "zero.fountain").symlink_to("/dev/zero")
    names = [*FILES, "sparse.fountain", "pipe.fountain", "zero.fountain", "gone.fountain"]
    command = [sys.executable, "-c", REFUSER, *(str(tmp_path / name) for name in names)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=True)
    told = dict(zip(names, map(json.loads, done.stdout.splitlines()), strict=True))
    cpu: dict[str, float] = {}
    for name, (words, clock_s, cpu_s, most_kb) in told.items():
        assert words is not None, f"{name} was read"
        message, remedy = words
        assert message, name
        assert remedy, name
        assert "fault of" not in message, name
        # A reader that waits for something that never comes is given this long.
        assert clock_s < _STUCK_S * _load(), name
        # What a small one has before it reads is under 60 MB.
        assert most_kb < (MEMORY_BYTES >> 10) + 60_000, name
        cpu[name] = cpu_s
    # By the processor's time, so that a busy machine makes no difference.
    assert max(cpu.values()) < 2, cpu


READERS = {
    "silent": "while True: pass",
    "large": "return bytearray(2 << 30)",
    "network": "import socket; socket.socket()",
    "patient": "import time, threading\n"
    "    end = time.process_time() + 0.8\n"
    "    while time.process_time() < end: told()\n"
    "    return IncomingBoards(format='pictures')",
}


def child_that(does: str) -> str:
    """The real child, with a reader in it that does something else."""
    return (
        "import sys\n"
        "from studio_assist.domain.incoming import IncomingBoards\n"
        "from studio_assist.interchange import reading, reading_child\n"
        f"def read(path, told, rate):\n    {does}\n"
        "reading.read = read\n"
        "sys.exit(reading_child.main(['x']))\n"
    )


def test_a_reader_is_ended_for_silence_and_hunger_and_not_for_being_slow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, str] = {}

    async def run() -> None:
        for name, does in READERS.items():
            child = [sys.executable, "-c", child_that(does)]
            monkeypatch.setattr(safe_reading, "command", lambda _path, child=child: child)
            try:
                assert await read_safely(tmp_path, seconds=0.4) == IncomingBoards(format="pictures")
                told[name] = "read"
            except BadInput as error:
                told[name] = error.message

    asyncio.run(run())
    assert "could not be read within" in told["silent"]
    assert "needed more memory than 500 MB" in told["large"]
    assert "fault of Studio Assist" in told["network"]
    assert told["patient"] == "read"


def test_a_cancelled_look_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = [sys.executable, "-c", child_that(READERS["silent"])]
    monkeypatch.setattr(safe_reading, "command", lambda _path: child)
    started: list[asyncio.subprocess.Process] = []
    start = asyncio.create_subprocess_exec

    async def seen(*command: str, **how: Any) -> asyncio.subprocess.Process:
        started.append(await start(*command, **how))
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", seen)

    async def run() -> None:
        looking = asyncio.create_task(read_safely(tmp_path, seconds=60))
        await asyncio.sleep(0.3)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking

    asyncio.run(run())
    assert [one.returncode for one in started] == [-9]


def test_the_wall_knows_the_child() -> None:
    assert is_ours(command(Path("/any/file")))


def _load() -> float:
    """By how much this machine is busy with other things."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
