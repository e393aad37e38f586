"""Making a long index in a process of its own, so that it costs the person who works nothing: how to call it.

The child (`python -m studio_assist.ledger index LEDGER INDEX`) writes one JSON document a line, now and then
`{"progress": [done, total]}`, and at last `{"index": [entries, size]}` or `{"error": […]}`; with `--compare`
`{"same": true}`. It ends when its standard input is closed. What it has written by then stands.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from studio_assist.domain.errors import StudioError, error_of
from studio_assist.ledger.checking import Progress, error_line, progress_line
from studio_assist.ledger.review.compare import compare_index
from studio_assist.ledger.review.making import Making, Standing

#: The sub-command, and what may stand before the two files.
COMMAND: Final = "index"
NO_TEXTS: Final = "--no-texts"
COMPARE: Final = "--compare"
#: How often progress is written, in seconds.
_EVERY_S: Final = 0.2


def command(ledger: Path, index: Path, *, texts: bool = True) -> list[str]:
    """The command line of the child that makes an index."""
    options = [] if texts else [NO_TEXTS]
    return [sys.executable, "-m", "studio_assist.ledger", COMMAND, *options, str(ledger), str(index)]


def compare_command(ledger: Path, index: Path) -> list[str]:
    """The command line of the child that holds an index against its record."""
    return [sys.executable, "-m", "studio_assist.ledger", COMMAND, COMPARE, str(ledger), str(index)]


def parse_line(line: str | bytes) -> Progress | Standing | bool | StudioError | None:
    """What a line of the child's says; an error is given, not raised. None for an empty line.

    Raises `ValueError` for anything else: the child is not ours, or has a bug.
    """
    if not line.strip():
        return None
    match json.loads(line):
        case {"progress": [int(done), int(total)]}:
            return Progress(done, total)
        case {"index": [int(entries), int(size)]}:
            return Standing(entries, size)
        case {"same": bool(same)}:
            return same
        case {"error": [str(kind), str(message), str(remedy), str() | None as place, str() | None as rule]}:
            return error_of(kind, message, remedy, place, rule)
        case _:
            raise ValueError("not a line of an index being made")


def run(arguments: Sequence[str], say: Callable[[str], None]) -> int:
    """What the child does; its exit code."""
    match arguments:
        case [str(option), str(ledger), str(index)] if option == COMPARE:
            work = _comparing(Path(ledger), Path(index))
        case [str(option), str(ledger), str(index)] if option == NO_TEXTS:
            work = _making(Path(ledger), Path(index), say, texts=False)
        case [str(ledger), str(index)]:
            work = _making(Path(ledger), Path(index), say, texts=True)
        case _:
            return 2
    try:
        say(work())
    except StudioError as error:
        say(error_line(error))
        return 2
    return 0


def _making(ledger: Path, index: Path, say: Callable[[str], None], *, texts: bool) -> Callable[[], str]:
    def work() -> str:
        soon = time.monotonic()

        def told(done: int, total: int) -> None:
            nonlocal soon
            if time.monotonic() >= soon:
                soon = time.monotonic() + _EVERY_S
                say(progress_line(done, total))

        # Without texts it is somebody else's record, beside which nothing may be written.
        with Making(ledger, index, texts=texts, at_rest=not texts) as making:
            return json.dumps({"index": making.update(told)})

    return work


def _comparing(ledger: Path, index: Path) -> Callable[[], str]:
    return lambda: json.dumps({"same": compare_index(ledger, index)})
