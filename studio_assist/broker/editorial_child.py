"""Long edits are written, and looked at, in a process of their own: `interchange.editorial.writing_child`."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, Final

from studio_assist.broker.safe_reading import environment
from studio_assist.domain.errors import Unavailable, error_of
from studio_assist.interchange.editorial import writing_child
from studio_assist.interchange.editorial.cutting_list import CuttingList

#: Clips and sounds of an edit that this process writes itself: a tick of the loop at most, and less than it
#: takes to start another.
_FEW: Final = 60
_LOOK_S: Final = 0.05


def command(format: str, task: str) -> list[str]:
    """The command line of the child; `walls` knows it."""
    return [sys.executable, "-m", writing_child.__name__, format, task]


def written(format: str, cut: CuttingList, told: Callable[[], None]) -> bytes:
    """The edit as a file of a format. Blocking.

    Args:
        told: called all the time; what it raises ends the work.

    Raises:
        BadInput: the format cannot hold it.
        Unavailable: no process can be started.
    """
    if _is_short(cut):
        return writing_child.writer_of(format)(cut)
    return _asked(format, "write", b"", cut, told)


def wrong_in(format: str, data: bytes, cut: CuttingList) -> str | None:
    """What is wrong with a file that was read back, or None. Blocking."""
    if _is_short(cut):
        return writing_child.reader_of(format)(data, cut)
    return _asked(format, "wrong", data, cut, lambda: None)


def _is_short(cut: CuttingList) -> bool:
    return len(cut.clips) + sum(1 for _ in cut.sounds) <= _FEW


def _asked(format: str, task: str, data: bytes, cut: CuttingList, told: Callable[[], None]) -> Any:
    asked = pickle.dumps((data, cut))
    try:
        child = subprocess.Popen(
            command(format, task),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
    except OSError as error:
        raise Unavailable(
            f"The system started no process for the export ({error.strerror or error}).",
            remedy="Close other programs, then export again.",
        ) from error
    # In a thread of its own: a wait with an end would leave the rest of a long input unsent.
    with child, ThreadPoolExecutor(1, "editorial") as pool:
        talk = pool.submit(child.communicate, asked)
        try:
            while not wait((talk,), _LOOK_S).done:
                told()
        except BaseException:
            child.kill()
            raise
        said, _nothing = talk.result()
    if child.returncode:
        raise Unavailable(
            "The process that writes the edit ended before it was done.",
            remedy="Close other programs, then export again.",
        )
    kind, answer = pickle.loads(said)
    if kind == "error":
        raise error_of(*answer)
    return answer
