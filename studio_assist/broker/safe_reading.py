"""Files of other programs are read in a process of their own, which is ended where it takes too much.

An honest file may take its time: what counts is the processor's time since the reader last said that it goes
on, and a large file gets more of it. A busy machine refuses nobody.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from studio_assist.domain.errors import BadInput, StudioError, Unavailable, error_of
from studio_assist.domain.incoming import Incoming
from studio_assist.domain.timebase import FrameRate
from studio_assist.domain.values import Value
from studio_assist.interchange.reading_child import MEMORY_BYTES, RATE

#: Processor time without a step forward, in seconds; and for each megabyte of the file more.
SILENCE_S: Final = 1.3
_MORE_A_MB_S: Final = 0.3
#: By the clock: a process that does not begin, that is given no time, or is never done.
_START_S: Final = 30.0
_STUCK_S: Final = 15.0
_ALL_S: Final = 300.0
_LOOK_S: Final = 0.1
#: A process that has said all it can ends at once.
_END_S: Final = 1.0
#: What a script or a board comes to, as a child may tell it.
_MOST_TOLD: Final = 256 << 20
_READY: Final = b'{"ready"'
_LAST: Final = (b'{"incoming"', b'{"error"')
#: What the child may know of this process's environment: enough to start, and nothing of keys or proxies.
_KEPT: Final = (
    *("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT"),
    *("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "COVERAGE_PROCESS_START"),
)


class _Read(Value):
    incoming: Incoming


def command(path: Path) -> list[str]:
    """The command line of the child that reads a file; `walls` knows it."""
    return [sys.executable, "-m", "studio_assist.interchange.reading_child", str(path)]


async def read_safely(path: Path, seconds: float = SILENCE_S, *, rate: FrameRate | None = None) -> Incoming:
    """What is in a file or a folder, whoever made it. A cancel ends it.

    Args:
        rate: the project's, for edits that do not name their own.
        seconds: processor time that the reader may take without a step forward; a large file gets more.

    Raises:
        BadInput: it cannot be read, or not within bounds.
        Unavailable: no process can be started.
    """
    if "\0" in str(path):
        raise BadInput("That is no name of a file.", remedy="Choose a file.")
    watch = Watch(path, seconds + _MORE_A_MB_S * _megabytes(path))
    try:
        child = await asyncio.create_subprocess_exec(
            *command(path.absolute()),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment(rate),
        )
    except OSError as error:
        raise Unavailable(
            f"{path.name} was not read: files of other programs are read in a process of their own, and the "
            f"system started none ({error.strerror or error}).",
            remedy="Close other programs, then import again.",
            place=str(path),
        ) from error
    try:
        assert child.stdout is not None
        line = await _last_line(child.stdout, child.pid, watch)
        if line is None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_END_S):
                    await child.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
    if line is None:
        raise watch.ended(child.returncode)
    return await asyncio.to_thread(_told, line, path)


async def _last_line(out: asyncio.StreamReader, pid: int, watch: Watch) -> bytes | None:
    """What the child says in the end; None where it ended without a word. Raises `BadInput` in time."""
    told = bytearray()
    while True:
        chunk: bytes | None = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_S):
                chunk = await out.read(1 << 18)
        if chunk == b"":
            return None
        searched = len(told)
        told += chunk or b""
        while (end := told.find(b"\n", searched)) >= 0:
            line = bytes(told[:end])
            del told[: end + 1]
            searched = 0
            if line.startswith(_LAST):
                return line
            watch.hear(line)
        if told.startswith(_LAST):
            # It is read, and on its way here.
            watch.step()
        if len(told) > _MOST_TOLD:
            raise watch.too_long()
        watch.look(pid)


class Watch:
    """Says when a reader has had enough time.

    Args:
        cpu_s: processor time that it may take without a step forward.
        all_s: how long it may take in all, by the clock.
    """

    def __init__(self, path: Path, cpu_s: float, all_s: float = _ALL_S) -> None:
        self._path: Final = path
        self._cpu_s: Final = cpu_s
        self._all_s: Final = all_s
        self._began: Final = time.monotonic()
        self._is_ready = False
        self._steps = 0
        self._cpu = 0.0
        self._cpu_at_step = 0.0
        self._step_at = self._began
        self._heard_at = self._began

    def hear(self, line: bytes) -> None:
        """A line of the child's that is not its last."""
        self._heard_at = time.monotonic()
        if line.startswith(_READY):
            self._is_ready = True
            self._step_at = self._heard_at
            return
        match json.loads(line):
            case {"cpu": int() | float() as cpu, "steps": int(steps)}:
                self._cpu = float(cpu)
                if steps > self._steps or not self._cpu_at_step:
                    self._steps = steps
                    self.step()
            case _:
                pass

    def step(self) -> None:
        """It goes on."""
        self._step_at = time.monotonic()
        self._cpu_at_step = self._cpu

    def look(self, pid: int) -> None:
        """Raise where it has had enough time."""
        now = time.monotonic()
        if not self._is_ready:
            if now - self._began > _START_S:
                raise self._stopped(_START_S)
            return
        if now - self._heard_at > self._cpu_s:
            # One long step holds the child's own voice back.
            self._cpu = max(self._cpu, _cpu_of(pid, self._cpu + now - self._heard_at))
        used = self._cpu - self._cpu_at_step
        if (
            used > self._cpu_s
            or now - self._step_at > self._cpu_s + _STUCK_S
            or now - self._began > self._all_s
        ):
            raise self._stopped(now - self._began)

    def ended(self, code: int | None) -> BadInput:
        """The error of a child that ended without a word: out of memory, unless Python itself ended it."""
        if code == 1:
            return BadInput(
                f"{self._path.name} could not be read: what reads its kind failed. That is a fault of Studio "
                "Assist. Nothing was changed.",
                remedy="Export the file once more, or in another form, and report it.",
                place=self._path.name,
            )
        needed = (
            f"needed more memory than {MEMORY_BYTES >> 20} MB, or is damaged in a way that ends what reads it"
        )
        return BadInput(
            f"{self._path.name} {needed} ({code}).",
            remedy="Check that it is the right file; if it is, export it once more, or in parts.",
            place=self._path.name,
        )

    def too_long(self) -> BadInput:
        """The error of a file that unfolds to more than anything that is read here."""
        return BadInput(
            f"{self._path.name} holds more than any file of its kind.",
            remedy="Check that it is the right file; if it is, export it in parts.",
            place=self._path.name,
        )

    def _stopped(self, seconds: float) -> BadInput:
        return BadInput(
            f"{self._path.name} could not be read within {seconds:.0f} seconds, and reading it was stopped.",
            remedy="Check that it is the right file; if it is, export it once more, or in parts.",
            place=self._path.name,
        )


def _told(line: bytes, path: Path) -> Incoming:
    if line.startswith(_LAST[0]):
        try:
            return _Read.model_validate_json(line).incoming
        except ValidationError as error:
            raise BadInput(
                f"{path.name} could not be read.", remedy="Export it once more.", place=path.name
            ) from error
    raise error_told(line)


def error_told(line: bytes) -> StudioError:
    """The error that a child's last line speaks of."""
    match json.loads(line):
        case {"error": [str(kind), str(message), str(remedy), str() | None as place, str() | None as rule]}:
            return error_of(kind, message, remedy, place, rule)
        case _:
            return StudioError("The reader said something that nobody knows.", remedy="Import it again.")


def environment(rate: FrameRate | None = None) -> dict[str, str]:
    """What a child that reads a stranger's file may know of this process's own."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    if rate is not None:
        kept[RATE] = rate.model_dump_json()
    # One thread is enough, and each would claim memory. Nothing is loaded from the folder that one is in.
    return {**kept, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONSAFEPATH": "1"}


def _megabytes(path: Path) -> float:
    try:
        return path.stat().st_size / 1_000_000
    except OSError:
        # The child says so.
        return 0.0


def _cpu_of(pid: int, guess: float) -> float:
    """A process's processor time in seconds; `guess` where the system does not say (all but Linux)."""
    try:
        # The name in brackets may hold anything; user and system time are the 14th and 15th field.
        fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError, AttributeError):
        return guess
