"""A process of its own that reads one file of another program, for `broker.safe_reading`: `python -m … PATH`.

Such a file may be made to fill the memory or to be read for ever. Here that ends this process and nothing
else: it limits itself before it looks at the file, starts no other process and reaches no network.

It writes one JSON document a line: `{"ready": true}`; every now and then `{"cpu": seconds, "steps": n,
"share": s}`, the processor's time so far, how often the reader said that it went on, and how far it is; at
last `{"incoming": {…}}` or `{"error": […]}`.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn

from studio_assist.ending import end

#: In the environment: the project's frame rate as JSON, for edits that do not name their own.
RATE: Final = "STUDIO_ASSIST_RATE"
#: Memory beyond what the process has when it begins to read.
MEMORY_BYTES: Final = 500 << 20
#: Processor time of a whole reading; `safe_reading` gives up much sooner where nothing goes on.
_CPU_S: Final = 120
_FILES: Final = 64
#: How often it says how it goes.
_EVERY_S: Final = 0.1
#: What a reader reaches for that means no file: refused whatever library does it.
_FORBIDDEN: Final = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork")


def main(arguments: list[str]) -> int:
    """Read the one file that is named; the exit code."""
    if len(arguments) != 1:
        return 2
    return work(lambda voice: _read(Path(arguments[0]), voice))


def work(does: Callable[[Voice], dict[str, Any]], *, cpu_s: int = _CPU_S, written: int = 0) -> int:
    """Do it within bounds, and say how it goes and what came of it; the exit code.

    Args:
        does: gives the last line. cpu_s: processor time of all of it.
        written: how large a file it may write, in bytes.
    """
    voice = Voice()
    voice.say({"ready": True})
    ended = threading.Event()
    beat = threading.Thread(target=voice.beat, args=(ended,), daemon=True)
    _limit(cpu_s, written)
    beat.start()
    try:
        voice.say(does(voice))
    finally:
        ended.set()
    return 0


class Voice:
    """What the process says, on the output that it began with; whatever else is printed goes nowhere."""

    def __init__(self) -> None:
        self._out: Final = os.fdopen(os.dup(1), "wb", buffering=0)
        self._turn: Final = threading.Lock()
        self._steps = 0
        self._share = 0.0
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)

    def step(self) -> None:
        """The reader goes on."""
        self._steps += 1

    def told(self, share: float) -> None:
        """It goes on, and is so far: 0 to 1."""
        self._share = share
        self._steps += 1

    def say(self, what: dict[str, Any]) -> None:
        line = json.dumps(what, separators=(",", ":")).encode("ascii") + b"\n"
        with self._turn:
            rest = memoryview(line)
            while rest:
                rest = rest[self._out.write(rest) :]

    def beat(self, ended: threading.Event) -> None:
        """Say how it goes until it has ended."""
        while not ended.wait(_EVERY_S):
            try:
                cpu = round(time.process_time(), 3)
                self.say({"cpu": cpu, "steps": self._steps, "share": round(self._share, 4)})
            except OSError:
                # Who asked is gone.
                _end(0)
            if _is_too_large():
                _end(_TOO_LARGE)


#: Exit code of a process that took more memory than it may, on systems that do not see to it themselves.
_TOO_LARGE: Final = 77
_before_kb = 0


def _end(code: int) -> NoReturn:
    os._exit(code)


def _read(path: Path, voice: Voice) -> dict[str, Any]:
    """The last line: what was read, or why it was not."""
    from studio_assist.domain.timebase import FrameRate
    from studio_assist.interchange.reading import read

    told = os.environ.get(RATE)
    rate = FrameRate.model_validate_json(told) if told else None
    return inside(lambda: {"incoming": read(path, voice.step, rate).model_dump(mode="json")}, path)


def inside(does: Callable[[], dict[str, Any]], path: Path) -> dict[str, Any]:
    """Do it without network and processes; the error's line where the file is refused or too much."""
    from studio_assist.domain.errors import BadInput, StudioError

    sys.addaudithook(_stay_inside)
    try:
        return does()
    except StudioError as error:
        found = error
    except MemoryError:
        found = BadInput(
            f"Reading the file needed more memory than {MEMORY_BYTES >> 20} MB.",
            remedy="Check that it is the right file; if it is, export it in parts.",
            place=path.name,
        )
    except RecursionError:
        found = BadInput(
            "What is in the file lies deeper in itself than in any file of its kind.",
            remedy="Check that it is the right file.",
            place=path.name,
        )
    return {"error": [found.kind, found.message, found.remedy, found.place, found.rule]}


def _stay_inside(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"a file that is read may not cause {event}")


def _limit(cpu_s: int, written: int) -> None:
    """Bound memory, time and open files where the system has such bounds. Windows has none of this kind."""
    global _before_kb
    if os.name != "posix":
        return
    import resource

    with contextlib.suppress(OSError):
        os.nice(5)
    here = _own_memory()
    limits = {
        resource.RLIMIT_CPU: cpu_s,
        resource.RLIMIT_NOFILE: _FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: written,
    }
    if here:
        limits[resource.RLIMIT_AS] = here + MEMORY_BYTES
    for what, most in limits.items():
        # Some systems know a limit and refuse to set it.
        with contextlib.suppress(OSError, ValueError):
            _soft, hard = resource.getrlimit(what)
            bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (bound, bound))
    _before_kb = _peak_kb()


def _own_memory() -> int:
    """How much address space the process has now, in bytes; 0 where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_bytes().split()[0]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _peak_kb() -> int:
    if os.name != "posix":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts in bytes.
    return peak // 1024 if sys.platform == "darwin" else peak


def _is_too_large() -> bool:
    """macOS has the limit of memory and does not hold it: there it is looked at."""
    return sys.platform == "darwin" and _peak_kb() - _before_kb > MEMORY_BYTES // 1024


if __name__ == "__main__":
    end(main(sys.argv[1:]))
