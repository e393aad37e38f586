"""`python -m studio_assist.ledger PATH`: check a ledger or a pack in a process of its own; see `checking`."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from pathlib import Path

from studio_assist.domain.errors import StudioError
from studio_assist.ledger.checking import error_line, found_line, progress_line
from studio_assist.ledger.verify import verify


def main() -> int:
    """Exit code 0 where something was found out, whatever it is; 2 where it could not be checked."""
    if len(sys.argv) != 2:
        print("usage: python -m studio_assist.ledger PATH", file=sys.stderr)
        return 2
    # Whoever works comes first. Windows has no nice; the scheduler does well enough there.
    with contextlib.suppress(AttributeError, OSError):
        os.nice(10)
    threading.Thread(target=_end_with_parent, daemon=True).start()
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
    raise SystemExit(main())
