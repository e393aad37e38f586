"""Numbers of shots, as boards and slates write them: the scene's number, then letters.

14A, 14B … 14Z, 14AA, 14AB …: without I and O, which a slate read at a distance takes for 1 and 0 (camera
assistants' practice). A shot that comes between two others gets a number between theirs and renames
nobody: 14A1 between 14A and 14B, 14A1A between 14A1 and 14A2, 14A01 between 14A and 14A1, 14.1 before 14A.
Where a scene's own number ends in a letter, a hyphen keeps the two apart: 14A-A.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import Final

from studio_assist.domain.boards import Board
from studio_assist.domain.storyboard import NumberShots, ShotId

#: No I, no O.
LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_PARTS: Final = re.compile(r"[0-9]+|[^\W\d_]+|.", re.DOTALL)

#: Sorts as the numbers are counted; compare keys with keys only.
NumberKey = tuple[tuple[int, int, int, str], ...]


def letters(count: int) -> str:
    """The `count`-th shot's letters, from 1: A, B … Z, AA, AB …"""
    written = ""
    while count > 0:
        count, place = divmod(count - 1, len(LETTERS))
        written = LETTERS[place] + written
    return written


def number_of(scene: str, count: int) -> str:
    """The number of a scene's `count`-th shot, from 1."""
    return f"{_stem(scene)}{letters(count)}"


def sort_key(number: str) -> NumberKey:
    """14A before 14A01, 14A1, 14A2, 14A10, 14B, 14Z, 14AA."""
    parts: list[tuple[int, int, int, str]] = []
    for part in _PARTS.findall(number):
        if part.isascii() and part.isdigit():
            zeros = len(part) - len(part.lstrip("0"))
            # Digits by length and then as text: the same order as by value, and no limit to how many.
            parts.append((1, -zeros, len(part) - zeros, part))
        elif part.isalpha():
            parts.append((2, 0, len(part), part.upper()))
        else:
            parts.append((0, 0, 0, part))
    return tuple(parts)


def parsed(number: str, scene: str) -> tuple[str, str]:
    """A number as the scene's part and the shot's; the first is "" where it is not of that scene."""
    stem = _stem(scene)
    if number.startswith(stem):
        return stem, number[len(stem) :]
    return "", number


def numbers_for(board: Board, scene: str, after: ShotId | None, count: int) -> tuple[str, ...]:
    """Numbers for new shots of a scene that come in behind `after`; None: at the board's beginning.

    At the scene's end they count on; between two shots they fit between. Nobody has them yet.
    """
    start = board.place(after) + 1 if after is not None else 0
    before = next((shot for shot in reversed(board.shots[:start]) if shot.scene == scene), None)
    behind = next((shot for shot in board.shots[start:] if shot.scene == scene), None)
    taken = {shot.number for shot in board.shots}
    if behind is None:
        return _counted_on(board, scene, taken, count)
    found: list[str] = []
    last = before.number if before else ""
    for _ in range(count):
        last = _between(last, behind.number, scene, taken)
        taken.add(last)
        found.append(last)
    return tuple(found)


def renumbered(board: Board, scene: str | None = None) -> NumberShots:
    """A, B, C in the order that the shots have, for one scene or all; only what changes."""
    taken = {shot.number for shot in board.shots if scene is not None and shot.scene != scene}
    counts: dict[str, int] = {}
    changes: list[tuple[ShotId, str]] = []
    for shot in board.shots:
        if scene is not None and shot.scene != scene:
            continue
        number, counts[shot.scene] = _next_free(shot.scene, counts.get(shot.scene, 0), taken)
        taken.add(number)
        if number != shot.number:
            changes.append((shot.id, number))
    return NumberShots(numbers=tuple(changes))


def _stem(scene: str) -> str:
    return f"{scene}-" if scene[-1:].isalpha() else scene


def _count(number: str, scene: str) -> int:
    """Which shot of its scene a number's letters say it is; 0 where they say nothing."""
    stem, own = parsed(number, scene)
    found = re.match(rf"[{LETTERS}]+", own) if stem or not scene else None
    total = 0
    for letter in found[0] if found else "":
        total = total * len(LETTERS) + LETTERS.index(letter) + 1
    return total


def _next_free(scene: str, count: int, taken: AbstractSet[str]) -> tuple[str, int]:
    count += 1
    while number_of(scene, count) in taken:
        count += 1
    return number_of(scene, count), count


def _counted_on(board: Board, scene: str, taken: set[str], count: int) -> tuple[str, ...]:
    reached = max((_count(shot.number, scene) for shot in board.of_scene(scene)), default=0)
    found: list[str] = []
    for _ in range(count):
        number, reached = _next_free(scene, reached, taken)
        taken.add(number)
        found.append(number)
    return tuple(found)


def _between(before: str, behind: str, scene: str, taken: AbstractSet[str]) -> str:
    """The plainest free number between two; where they are out of order, one that is at least free."""
    stem = before or f"{_stem(scene)}."
    low, high = sort_key(before), sort_key(behind)
    steps = [_stepped(before)] if before else []
    ends_in_digit = stem[-1:].isdigit()
    steps += [f"{stem}A" if ends_in_digit else f"{stem}1"]
    # 14A and 14A1 are neighbours by letters and digits; a zero before the digit makes room: 14A01.
    steps += [f"{stem}{'A' if ends_in_digit else ''}{'0' * zeros}1" for zeros in range(1, 40)]
    for step in steps:
        if step and step not in taken and low < sort_key(step) < high:
            return step
    # Out of order, or many came in at one place: it need not sort between, it only has to be free.
    count = 1
    while f"{stem}{'A' if ends_in_digit else ''}{count}" in taken:
        count += 1
    return f"{stem}{'A' if ends_in_digit else ''}{count}"


def _stepped(number: str) -> str:
    """14A1 becomes 14A2. A number that ends in its shot letters has no step: what follows it is 14A1."""
    found = re.search(r"(?<=[^\d])(0*)(\d+)$", number)
    if not found:
        return ""
    return f"{number[: found.start()]}{found[1]}{int(found[2]) + 1}"
