"""A text as lines and their endings, each ending kept as it was written."""

from __future__ import annotations

import re
from typing import Final

_ENDING: Final = re.compile(r"(\r\n|\r|\n)")


def split_lines(text: str) -> tuple[list[str], list[str]]:
    """Lines without their endings, and the endings; the last line's ending is empty.

    Only CR LF, LF and CR end a line, so that Qt's blocks, the file and this model count the same lines.
    """
    if "\r" not in text:
        lines = text.split("\n")
        endings = ["\n"] * len(lines)
        endings[-1] = ""
        return lines, endings
    parts = _ENDING.split(text)
    return parts[::2], [*parts[1::2], ""]


def replace_endings(endings: list[str], first: int, removed: int, added: int) -> None:
    """Give `added` lines in the place of `removed` ones their endings, in place.

    A new line takes the ending of the line whose place it has, or else the one used around it. The last
    line never has one.
    """
    old = endings[first : first + removed]
    usual = (endings[first - 1] if first else "") or endings[0] or "\n"
    if removed:
        kept = old[: min(added, removed) - 1] if added else []
        new = [*kept, *[usual] * (added - removed), old[-1]] if added else []
    elif first < len(endings):
        new = [usual] * added
    else:
        endings[-1] = usual if added else ""
        new = [usual] * added
    endings[first : first + removed] = new
    if endings:
        endings[-1] = ""


def part_endings(endings: list[str], lines: list[str], first: int, added: int) -> None:
    """Keep a CR and the LF of an emptied line behind it from becoming one ending, in place."""
    for line in range(max(first - 1, 0), min(first + added + 1, len(endings) - 1)):
        if endings[line] == "\r" and endings[line + 1] == "\n" and not lines[line + 1]:
            endings[line] = "\r\n"
