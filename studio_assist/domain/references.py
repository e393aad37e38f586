"""Noticing what a prompt names: works, artists, performers and real people, or somebody's manner.

Two ways. The project's list, each entry in all its writings: any case, accents or none, possessive or plural,
hyphen or blank, straight or curly quotes; whole words. One everyday word ("Heat", "It") counts only where it
is written as a name. And patterns ("in the style of …"), which catch a name that is on no list.

What is noticed decides nothing by itself: the broker asks which approval or consent covers it. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Final, Generic, TypeVar

from studio_assist.domain.clearance import Noticed, Reference
from studio_assist.domain.reference_list import Hit, Index
from studio_assist.domain.reference_patterns import NO_PATTERNS, Pattern, Patterns, patterns_of
from studio_assist.domain.reference_phrases import Phrases, Said
from studio_assist.domain.reference_words import Word, bare_key, keys_of, words_of

__all__ = ["MANNER_USE", "NO_PATTERNS", "USES", "Pattern", "Patterns", "notice", "patterns_of"]

_T = TypeVar("_T")

#: The use that clears each kind of reference; policies name them so.
USES: Final = {
    "work": "look-and-mood-reference",
    "artist": "look-and-mood-reference",
    "performer": "likeness-of-a-performer",
    "person": "likeness-of-a-performer",
}
#: The use that clears a manner, where its pattern names no other.
MANNER_USE: Final = "look-and-mood-reference"


def notice(
    text: str,
    references: Sequence[Reference],
    patterns: Patterns,
    known: Collection[str] = (),
) -> tuple[Noticed, ...]:
    """What a text names, in the order in which it stands there; of what overlaps, the list's or the longer.

    The patterns, and a list that is a tuple, are compiled once for each object: pass the same ones while they
    are the same.

    Args:
        patterns: `NO_PATTERNS` where only the list counts.
        known: names of the production's own characters and places, which are no references: a part of one
            is none at a pattern, and a whole one is none anywhere.
    """
    words = words_of(text)
    if not words:
        return ()
    phrases = _phrases(_Same(patterns))
    said, begins = phrases.found(text, words)
    named = begins | {one.first for one in said}
    index = _index(_Same(references)) if isinstance(references, tuple) else Index(references)
    hits = index.hits(text, words, named)
    if not said and not hits:
        return ()
    own = _Own(known)
    kept = [hit for hit in hits if not own.has(words, hit.first, hit.last)]
    covered = {place for hit in hits for place in range(hit.first, hit.last)}
    found = [_listed(text, words, hit) for hit in kept]
    found += [
        _manner(text, one)
        for one in said
        if covered.isdisjoint(range(one.first, one.last))
        and not own.has(words, one.first, one.last)
        and not own.part(words[phrases.bare_first(words, one.first, one.last) : one.last])
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _listed(text: str, words: Sequence[Word], hit: Hit) -> Noticed:
    start, end = words[hit.first].start, words[hit.last - 1].bare_end
    reference = hit.reference
    return Noticed(
        text=text[start:end],
        start=start,
        end=end,
        name=reference.text,
        kind=reference.kind,
        use=USES[reference.kind],
    )


def _manner(text: str, said: Said) -> Noticed:
    return Noticed(
        text=text[said.start : said.end],
        start=said.start,
        end=said.end,
        name=said.name,
        kind="style",
        use=said.use or MANNER_USE,
    )


#: Shorter names stand in other words by chance.
_WITHIN: Final = 5


class _Own:
    """The production's own names."""

    def __init__(self, known: Collection[str]) -> None:
        self._whole: dict[str, list[tuple[str, ...]]] = {}
        self._parts: set[tuple[str, ...]] = set()
        for name in known:
            keys = keys_of(name)
            for first in range(len(keys)):
                for last in range(first + 1, len(keys) + 1):
                    self._parts.add(keys[first:last])
            if keys:
                self._whole.setdefault(keys[0], []).append(keys)

    def has(self, words: Sequence[Word], first: int, last: int) -> bool:
        """Whether these words are, or stand within, one of the names as it is written here."""
        longest = 8
        for start in range(max(0, first - longest), first + 1):
            for keys in self._whole.get(words[start].bare, ()):
                past = start + len(keys)
                if past >= last and [bare_key(word.key) for word in words[start:past]] == list(keys):
                    return True
        return False

    def part(self, words: Sequence[Word]) -> bool:
        """Whether these words together are a part of one of the names, or one word has such a name in it.

        "Larkspuresque" of a production called Larkspur is a manner of its own.
        """
        keys = tuple(bare_key(word.key) for word in words)
        if keys in self._parts:
            return True
        return len(keys) == 1 and any(
            len(part) == 1 and len(part[0]) >= _WITHIN and part[0] in keys[0] for part in self._parts
        )


class _Same(Generic[_T]):
    """A key that is equal for the same object alone: to compare long lists takes longer than it saves."""

    def __init__(self, held: _T) -> None:
        self.held: Final = held

    def __hash__(self) -> int:
        return id(self.held)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.held is other.held


@lru_cache(maxsize=4)
def _index(same: _Same[tuple[Reference, ...]]) -> Index:
    return Index(same.held)


@lru_cache(maxsize=4)
def _phrases(same: _Same[Patterns]) -> Phrases:
    return Phrases(same.held)
