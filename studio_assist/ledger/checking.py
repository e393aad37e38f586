"""A check in a process of its own, so that it costs the person who works nothing: how to call and hear it.

The child (`python -m studio_assist.ledger PATH`) writes one JSON document a line, now and then
`{"progress": [done, total]}`, and at last `{"found": {…}}` or `{"error": […]}`. It ends when its standard
input is closed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NamedTuple, cast

from studio_assist.domain.errors import StudioError, error_of
from studio_assist.ledger.verify import Verification


class Progress(NamedTuple):
    """How many entries of how many are done."""

    done: int
    total: int


def command(path: Path) -> list[str]:
    """The child's command line."""
    return [sys.executable, "-m", "studio_assist.ledger", str(path)]


def progress_line(done: int, total: int) -> str:
    """A line of the child's, without its newline."""
    return json.dumps({"progress": [done, total]})


def found_line(found: Verification) -> str:
    """The line that ends a check."""
    return json.dumps({"found": found.model_dump(mode="json")})


def error_line(error: StudioError) -> str:
    """The line that ends a check which could not be made."""
    told = (error.kind, error.message, error.remedy, error.place, error.rule)
    return json.dumps({"error": told})


def parse_line(line: str | bytes) -> Progress | Verification | StudioError | None:
    """What a line of the child's says; an error is given, not raised. None for an empty line.

    Raises `ValueError` for anything else: the child is not ours, or has a bug.
    """
    if not line.strip():
        return None
    match json.loads(line):
        case {"progress": [int(done), int(total)]}:
            return Progress(done, total)
        case {"found": dict() as found}:
            return Verification.model_validate_json(json.dumps(cast("object", found)))
        case {"error": [str(kind), str(message), str(remedy), str() | None as place, str() | None as rule]}:
            return error_of(kind, message, remedy, place, rule)
        case _:
            raise ValueError("not a line of a ledger check")
