"""What a command prints: one JSON document or plain lines on standard output, all else on standard error."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Final

from studio_assist.domain.errors import StudioError

#: Two columns of a table are this far apart.
_GAP: Final = "  "


class Output:
    """The two ends that a command writes to.

    Args:
        as_json: print one JSON document and nothing else on standard output.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json: Final = as_json
        if as_json:
            # JSON is UTF-8 wherever it goes; what is not a character is written as its escape.
            _set(sys.stdout, encoding="utf-8", errors="backslashreplace")
        else:
            # A terminal that lacks a character shows its number; the command still does its work.
            _set(sys.stdout, errors="backslashreplace")
        _set(sys.stderr, errors="backslashreplace")

    def document(self, document: object) -> None:
        """The command's one JSON document; printed only with --json."""
        if self.as_json:
            sys.stdout.write(json.dumps(document, ensure_ascii=False))
            sys.stdout.write("\n")

    def stream(self, documents: Iterable[object]) -> None:
        """A JSON list whose items are made one at a time; printed only with --json."""
        if not self.as_json:
            return
        sys.stdout.write("[")
        for place, document in enumerate(documents):
            sys.stdout.write(",\n" if place else "")
            sys.stdout.write(json.dumps(document, ensure_ascii=False))
        sys.stdout.write("]\n")

    def say(self, *lines: str) -> None:
        """Lines for a person, seen at once; not printed with --json."""
        if not self.as_json:
            for line in lines:
                print(line)
            sys.stdout.flush()

    def table(self, rows: Iterable[Sequence[str]], heads: Sequence[str] = ()) -> None:
        """Rows in aligned columns for a person."""
        if self.as_json:
            return
        cells = [tuple(heads)] * bool(heads) + [tuple(row) for row in rows]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for row in cells:
            padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            print(_GAP.join(padded).rstrip())

    def fields(self, pairs: Iterable[tuple[str, object]]) -> None:
        """Names and values for a person, one pair a line."""
        self.table((name, str(value)) for name, value in pairs)

    def note(self, line: str) -> None:
        """Something to know about that is not the result: on standard error, with --json too."""
        print(line, file=sys.stderr, flush=True)

    def error(self, error: StudioError) -> None:
        """What went wrong and what to do now; with --json the document is the error."""
        self.document({"error": error_document(error)})
        where = f" ({error.place})" if error.place else ""
        self.note(f"studio-assist: {error.message}{where}\n{error.remedy}")


def error_document(error: StudioError) -> dict[str, str | None]:
    """An error as JSON has it."""
    return {
        "kind": error.kind,
        "message": error.message,
        "remedy": error.remedy,
        "place": error.place,
        "rule": error.rule,
    }


def many(count: int, one: str, more: str = "") -> str:
    """A count with its noun: "1 scene", "3 scenes"."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def _set(stream: object, *, errors: str, encoding: str | None = None) -> None:
    # Whoever runs a command inside a program of their own may have put any stream there.
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors=errors, encoding=encoding)
