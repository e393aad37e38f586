"""Which stretches two sequences have in common, found in bounded time whatever they hold.

What stands once in both sequences is matched first, in the longest rising run (patience); what is left
between is matched by the rarest element in it. So blank lines and other common ones never pull apart what
belongs together, and no input makes it quadratic.

Source: Bram Cohen's patience diff; JGit's histogram diff for the rarest element.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Final, NamedTuple

#: Of an element that stands more often than this in a stretch, no place is tried.
_COMMON: Final = 24
#: How many elements may be looked at before what is left counts as different.
_MOST_STEPS: Final = 2_000_000


class Match(NamedTuple):
    """`length` elements that are the same from `left` and from `right` on."""

    left: int
    right: int
    length: int


def matches(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[Match]:
    """The common stretches of two sequences, in order, disjoint, those that touch made one."""
    found: list[tuple[int, int]] = []
    waiting = [(0, len(left), 0, len(right))]
    steps = 0
    while waiting:
        low, high, low2, high2 = waiting.pop()
        while low < high and low2 < high2 and left[low] == right[low2]:
            found.append((low, low2))
            low, low2 = low + 1, low2 + 1
        while low < high and low2 < high2 and left[high - 1] == right[high2 - 1]:
            high, high2 = high - 1, high2 - 1
            found.append((high, high2))
        if low == high or low2 == high2 or steps > _MOST_STEPS:
            continue
        steps += high - low + high2 - low2
        pairs = _anchors(left, right, (low, high, low2, high2))
        found += pairs
        for at, at2 in pairs:
            waiting.append((low, at, low2, at2))
            low, low2 = at + 1, at2 + 1
        if pairs:
            waiting.append((low, high, low2, high2))
    found.sort()
    joined: list[Match] = []
    for at, at2 in found:
        last = joined[-1] if joined else None
        if last and last.left + last.length == at and last.right + last.length == at2:
            joined[-1] = last._replace(length=last.length + 1)
        else:
            joined.append(Match(at, at2, 1))
    return joined


def _anchors(
    left: Sequence[Hashable], right: Sequence[Hashable], range_: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """Pairs to cut a stretch at: all that stand once on both sides, or one of the rarest."""
    low, high, low2, high2 = range_
    here, there = Counter(left[low:high]), Counter(right[low2:high2])
    places = {right[at]: at for at in range(low2, high2) if there[right[at]] == 1}
    pairs = [(at, places[left[at]]) for at in range(low, high) if here[left[at]] == 1 and left[at] in places]
    if pairs:
        return _rising(pairs)
    common = [(here[one] * there[one], one) for one in here if one in there]
    common = [one for one in common if one[0] <= _COMMON]
    if not common:
        return []
    rarest = min(count for count, _ in common)
    wanted = {one for count, one in common if count == rarest}
    at = next(at for at in range(low, high) if left[at] in wanted)
    # Of the places there, the one with the most of the same around it.
    options = [at2 for at2 in range(low2, high2) if right[at2] == left[at]]
    best = max(options, key=lambda at2: _same_from(left, right, at, at2, min(high - at, high2 - at2)))
    return [(at, best)]


def _same_from(left: Sequence[Hashable], right: Sequence[Hashable], at: int, at2: int, most: int) -> int:
    length = 0
    while length < most and left[at + length] == right[at2 + length]:
        length += 1
    return length


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that rises on both sides; they rise on the left already."""
    tops: list[int] = []
    top_pairs: list[int] = []
    before: list[int] = []
    for index, (_, right) in enumerate(pairs):
        pile = bisect_left(tops, right)
        before.append(top_pairs[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(right)
            top_pairs.append(index)
        else:
            tops[pile], top_pairs[pile] = right, index
    run: list[tuple[int, int]] = []
    index = top_pairs[-1]
    while index >= 0:
        run.append(pairs[index])
        index = before[index]
    return run[::-1]
