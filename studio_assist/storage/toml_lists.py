"""Lists in TOML files that people write by hand: what is wrong in one, and taking tables out of it."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from studio_assist.domain.errors import Damaged
from studio_assist.storage.project_file import FORMAT_VERSION, newer

#: How like a key of ours a strange key has to be, to be taken for a slip of the hand.
_ALIKE: Final = 0.8
_AT_LINE: Final = re.compile(r"\(at line (\d+)")


class Wrong(Exception):
    """Something in a file is not as it should be: in the `number`-th table, counted from 1, at that key."""

    def __init__(self, what: str, number: int = 0, key: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.number = number
        self.key = key


class TomlList:
    """A file of `[[table]]`s.

    Args:
        table: what the tables are called.
        until: what does not happen until the file is mended, for the remedy.
    """

    def __init__(self, table: str, until: str) -> None:
        #: Where a table begins, and where the next one of any other kind does.
        self._head: Final = re.compile(rf"""\s*\[\[\s*["']?{table}["']?\s*\]\]""")
        self._next: Final = re.compile(rf"""\s*\[(?!\[?\s*["']?{table}["']?\s*\.)""")
        self._until: Final = until

    def parsed(self, text: str, file: Path) -> dict[str, Any]:
        """What the file holds; raises `Damaged` with the line, and `BadInput` for a newer version."""
        try:
            found = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            at = _AT_LINE.search(str(error))
            line = int(at[1]) if at else text.count("\n") + 1
            raise self.damaged(file, f"is not TOML: {str(error).split(' (at', 1)[0]}", line) from error
        except RecursionError as error:
            raise self.damaged(file, "is nested too deeply", None) from error
        version = found.get("format_version", FORMAT_VERSION)
        if type(version) is int and version > FORMAT_VERSION:
            raise newer(file, version)
        return found

    def damaged(self, file: Path, what: str, line: int | None) -> Damaged:
        """The error for a file that cannot be relied on."""
        return Damaged(
            f"{file.name} {what}.",
            remedy=f"Mend it in a text editor. Until then {self._until}.",
            place=f"{file}, line {line}" if line else str(file),
        )

    def line_of(self, text: str, wrong: Wrong) -> int | None:
        """The line of what is wrong."""
        lines = text.splitlines()
        starts = [at for at, line in enumerate(lines) if self._head.match(line)]
        number, key = wrong.number, wrong.key
        if number > len(starts):
            return None
        first = starts[number - 1] if number else 0
        last = starts[number] if number and number < len(starts) else len(lines)
        for at in range(first, last):
            if key and re.match(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[=\]]", lines[at]):
                return at + 1
        return first + 1 if number else None

    def without(self, text: str, gone: Sequence[int], count: int) -> str | None:
        """The text without the tables at these places; None where its lines do not show where they stand.

        A comment above the next table belongs to that one and stays, which the TOML writer would not know.
        """
        lines = text.splitlines(keepends=True)
        heads = [at for at, line in enumerate(lines) if self._head.match(line)]
        if len(heads) != count:
            return None
        for place in reversed(gone):
            start = heads[place]
            end = next((at for at in range(start + 1, len(lines)) if self._next.match(lines[at])), len(lines))
            while end > start + 1 and (lines[end - 1].lstrip().startswith("#") or not lines[end - 1].strip()):
                end -= 1
            del lines[start:end]
        return "".join(lines)


def require_format(found: Mapping[str, object]) -> None:
    """Raise `Wrong` where a file does not say which format it is of."""
    version = found.get("format_version", FORMAT_VERSION)
    if type(version) is not int or version < 1:
        raise Wrong("does not say which format it is of", 0, "format_version")


def no_slips(table: Mapping[str, object], ours: tuple[str, ...], number: int = 0) -> None:
    """Refuse a strange key that is nearly one of ours: what stands under it would be overlooked."""
    for key in table:
        meant = difflib.get_close_matches(key.lower(), ours, 1, _ALIKE) if key not in ours else []
        if meant:
            raise Wrong(f"has a key “{key}”; “{meant[0]}” is what this program reads", number, key)
