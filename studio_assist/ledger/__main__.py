"""`python -m studio_assist.ledger PATH`: check a ledger or a pack in a process of its own; see `checking`.

`python -m studio_assist.ledger index LEDGER INDEX`: make the index of the Review desk; see `review.indexing`.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from pathlib import Path

from studio_assist.domain.errors import StudioError
from studio_assist.ending import end
from studio_assist.ledger.checking import error_line, found_line, progress_line
from studio_assist.ledger.review import indexing
from studio_assist.ledger.verify import verify


def main() -> int:
    """Exit code 0 where something was found out, whatever it is; 2 where it could not be checked."""
    index = sys.argv[1:2] == [indexing.COMMAND] and len(sys.argv) in (4, 5)
    if len(sys.argv) != 2 and not index:
        print("usage: python -m studio_assist.ledger PATH", file=sys.stderr)
        print("       python -m studio_assist.ledger index LEDGER INDEX", file=sys.stderr)
        return 2
    # Whoever works comes first. Windows has no nice; the scheduler does well enough there.
    with contextlib.suppress(AttributeError, OSError):
        os.nice(10)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if index:
        return indexing.run(sys.argv[2:], _say)
    try:
        _say(found_line(verify(Path(sys.argv[1]), progress=lambda *told: _say(progress_line(*told)))))
    except StudioError as error:
        _say(error_line(error))
        return 2
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


def _end_with_parent() -> None:
    """Nothing is written, so nothing needs to be put in order: a check that nobody waits for just ends."""
    # Not by sys.stdin, whose lock a thread that still waits would hold when Python ends.
    while os.read(0, 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    end(main())
