"""The broker's process on a machine with a fault: `python -m tests.faults.broker_with FAULT [VALUE]`.

old_cpu FILE          a processor without what the runtime is compiled for, told by a /proc/cpuinfo
little_memory BYTES   the model's process may use no more address space than this
busy_memory           other programs hold the memory
no_weights FOLDER     the model's weights are looked for in a folder that holds none
full_disk BYTES       no file may grow beyond this (the kernel's limit, EFBIG)
dies POINT FILE ...   kill -9 of itself the first time it comes to a point; the file says that it did
"""

from __future__ import annotations

import functools
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio_assist.backends import weights
from studio_assist.broker import (
    board_drawing,
    board_media,
    broker,
    clear,
    deciding,
    export_files,
    import_boards,
    panels,
    runtime,
    server,
)
from studio_assist.broker.board_jobs import QueueStore
from studio_assist.broker.export_book import ProjectBook
from studio_assist.broker.session import Session
from studio_assist.ledger.review import Making
from studio_assist.storage import atomic
from studio_assist.storage.boards_file import BoardsWriter

CHILD = (sys.executable, "-m", "studio_assist.broker.model_child")


#: Where it can die: an owner, the name of its function, and whether that is carried out first.
POINTS: dict[str, tuple[Any, str, bool]] = {
    "before the decision": (deciding, "decide", False),
    "after the decision": (deciding, "decide", True),
    "after the undo": (deciding, "undo", True),
    "after the replacement": (deciding, "replace", True),
    "before the save": (Session, "save", False),
    "between the files": (atomic, "_rename", True),
    "after the save": (Session, "save", True),
    "before an export has its name": (export_files, "put_in_place", False),
    "after an export has its name": (export_files, "put_in_place", True),
    "before an export is recorded": (ProjectBook, "record", False),
    "after an export is recorded": (ProjectBook, "ended", False),
    "before the decision is recorded": (panels, "content_of", False),
    "after the decision is recorded": (panels, "accepted_panel", False),
    "after the drawing is recorded": (panels, "drawn_panel", False),
    "before a drawing is kept": (board_media, "put_canvas", False),
    "before the board is saved": (BoardsWriter, "write", False),
    "after the board is saved": (BoardsWriter, "write", True),
    "after the queue is saved": (QueueStore, "write", True),
    "after a frame is recorded": (board_drawing, "variant_of", False),
    "after the PDF of a request is written": (clear, "write_atomic", True),
    "after a request is recorded as sent": (clear.Clear, "_letter", False),
    "before an answer is recorded": (clear.Clear, "_approve", False),
    "after an answer is recorded": (clear.Clear, "_approve", True),
    "before an imported shot is filled": (panels, "drawn_panel", False),
    "before an import is recorded": (import_boards.BoardsIn, "_end", False),
    "while the index is made": (Making, "_take", True),
}


def main(fault: str, value: str = "", *files: str) -> int:
    match fault:
        case "old_cpu":
            _with(command=(*CHILD, "--cpuinfo", value))
        case "little_memory":
            _with(memory_limit_bytes=int(value))
        case "busy_memory":
            runtime.available_memory = lambda: 50 * 2**20
        case "no_weights":
            weights.folders = lambda: (Path(value),)
        case "full_disk":
            # Without this the kernel ends the process where a full disk gives an error.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(value), resource.RLIM_INFINITY))
        case "dies":
            words = (value, *files)
            for point, file in zip(words[::2], words[1::2], strict=True):
                owner, name, after = POINTS[point]
                setattr(owner, name, _dying(getattr(owner, name), Path(file), after=after))
        case _:
            raise ValueError(fault)
    return server.main()


def _dying(function: Callable[..., Any], marker: Path, *, after: bool) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Any:
        done = function(*args, **kwargs) if after else None
        if not marker.exists() and (function.__name__ != "_rename" or _in_a_save(Path(args[1]))):
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return done if after else function(*args, **kwargs)

    return run


def _in_a_save(target: Path) -> bool:
    """Whether the first of a save's two files got its name, in a project that is there already."""
    return target.name == "temp.json" and (target.parent / "project.toml").exists()


def _with(**options: object) -> None:
    broker.ModelProcess = functools.partial(runtime.ModelProcess, **options)  # type: ignore[assignment,misc,arg-type]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
