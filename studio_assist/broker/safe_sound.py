"""Sound files of strangers are decoded in a process of their own, which is ended where it takes too much."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from studio_assist.broker.safe_reading import SILENCE_S, Watch, environment, error_told
from studio_assist.domain.errors import BadInput, StudioError, Unavailable
from studio_assist.interchange.sound_wav import is_ready

#: Four hours of sound on a slow machine that does other things too.
_ALL_S: Final = 1800.0
_LOOK_S: Final = 0.02
_END_S: Final = 1.0
#: What a child can have to say: a short line every tenth of a second.
_MOST_LINE: Final = 64 << 10
_MOST_LINES: Final = 100_000
_LAST: Final = (b'{"converted"', b'{"error"')


def command(path: Path, out: Path) -> list[str]:
    """The command line of the child that decodes; `walls` knows it."""
    return [sys.executable, "-m", "studio_assist.interchange.sound_child", str(path), str(out)]


def convert_safely(path: Path, out: Path, told: Callable[[float], None], seconds: float = SILENCE_S) -> None:
    """Write a file's sound to `out` as the project keeps sounds, whoever made it. Blocking.

    Args:
        told: how far it is, 0 to 1, all the time; what it raises ends the child.
        seconds: processor time that the child may take without a step forward.

    Raises:
        BadInput: no sound in it that can be read, locked, damaged, too long, or not within bounds.
        Unavailable: the disk does not give or take it, or no process can be started.
    """
    if "\0" in str(path):
        raise BadInput("That is no name of a file.", remedy="Choose a file.")
    watch = Watch(path, seconds, _ALL_S)
    try:
        child = subprocess.Popen(
            command(path.absolute(), out.absolute()),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
    except OSError as error:
        raise Unavailable(
            f"{path.name} was not taken in: sounds are decoded in a process of their own, and the system "
            f"started none ({error.strerror or error}).",
            remedy="Close other programs, then bring it in again.",
            place=str(path),
        ) from error
    try:
        line = _last_line(child, watch, told)
        if line is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(_END_S)
            raise watch.ended(child.poll())
        if not line.startswith(_LAST[0]):
            raise error_told(line)
        if not is_ready(out):
            raise StudioError("What decodes sounds wrote none.", remedy="Bring the sound in again.")
    except BaseException:
        _end(child)
        out.unlink(missing_ok=True)
        raise
    _end(child)
    told(1.0)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()


def _last_line(child: subprocess.Popen[bytes], watch: Watch, told: Callable[[float], None]) -> bytes | None:
    """What the child says in the end; None where it ended without a word."""
    assert child.stdout is not None
    # Pipes cannot be waited for with an end on every system: a thread does, until the child is ended.
    said: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_hear, args=(child.stdout, said), daemon=True).start()
    share = 0.0
    while True:
        line: bytes | None = None
        with contextlib.suppress(queue.Empty):
            line = said.get(timeout=_LOOK_S)
        if line == b"":
            return None
        if line is not None:
            if line.startswith(_LAST):
                return line
            watch.hear(line)
            share = _share(line, share)
        told(min(share, 0.999))
        watch.look(child.pid)


def _hear(out: IO[bytes], said: queue.SimpleQueue[bytes]) -> None:
    """Pass a child's lines on; an empty one where it ended, or says more than it can have to say."""
    with out:
        for _ in range(_MOST_LINES):
            line = out.readline(_MOST_LINE)
            if not line.endswith(b"\n"):
                break
            said.put(line)
    said.put(b"")


def _share(line: bytes, before: float) -> float:
    match json.loads(line):
        case {"share": int() | float() as share}:
            return float(share)
        case _:
            return before
