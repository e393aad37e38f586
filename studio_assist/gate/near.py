"""Near misses: a word one slip of the keys away from a name ("Okafro"), or with digits for letters ("M4ya").

Names of five letters or more. A word that English has is never taken for a slip.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from ahocorasick_rs import AhoCorasick
from rapidfuzz.distance import OSA

from studio_assist.domain.ordinary_words import is_ordinary
from studio_assist.gate.lexicon import Entry, Form, Lexicon
from studio_assist.gate.normalise import View

_LEAST: Final = 5
#: A longer run of letters is no slip of the keys, and costs its square.
_MOST: Final = 40
#: From this length on two slips are forgiven.
_LONG: Final = 9
_LETTER: Final = re.compile(r"[^\W\d_]")
#: A digit or sign with a letter behind it, or a digit with one before it; the word around is then read.
_MIXED: Final = re.compile(r"[\d@$!|+](?:(?=[^\W\d_])|(?<=\d)(?<=[^\W\d_].))")
_AROUND: Final = re.compile(r"[\w@$!|+-]*")
_SIGNS: Final = frozenset("@$!|+-")
#: What a digit or sign is read as; where there are two readings both are tried.
_LEET: Final = (
    str.maketrans("013456789@$!|+2", "oieasgtbgasilt" + "z"),
    str.maketrans("013456789@$!|+2", "oleasgtbgasllt" + "z"),
)


class NearNames:
    """An index of names with one letter left out, so that a slip is found without measuring every name."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    @cached_property
    def _index(self) -> dict[str, list[Entry]]:
        index: dict[str, list[Entry]] = {}
        for entry in self._lexicon.entries:
            if entry.form in (Form.NAME, Form.PART) and not entry.ordinary and len(entry.key) >= _LEAST:
                for short in _shortened(entry.key):
                    index.setdefault(short, []).append(entry)
        return index

    def slips(self, view: View) -> Iterator[tuple[int, int, Entry]]:
        """Words that are nearly a name: (start, end in the source, the name). Ordinary words are left out."""
        near = {
            word: entry
            for word in view.words
            if _LEAST - 1 <= len(word) <= _MOST and (entry := self._nearest(word))
        }
        if near:
            lower, listed = view.lower, list(near)
            for index, start, end in AhoCorasick(listed).find_matches_as_indexes(lower, overlapping=True):
                alone = not (start and _LETTER.match(lower, start - 1)) and not _LETTER.match(lower, end)
                if alone and end - start >= _LEAST - 1:
                    yield *view.source_span(start, end), near[listed[index]]

    def leet(self, view: View) -> Iterator[tuple[int, int, Entry]]:
        """Words with digits or signs for letters that then are a name."""
        done = 0
        for match in _MIXED.finditer(view.plain):
            start, plain = match.start(), view.plain
            after = plain[start + 1 : start + 2].isalpha()
            before = start > 0 and plain[start - 1].isalpha() and plain[start].isdigit()
            if start < done or not (before or after):
                continue
            while start > done and (plain[start - 1].isalnum() or plain[start - 1] in _SIGNS):
                start -= 1
            around = _AROUND.match(plain, start)
            word = around[0].lower() if around else ""
            done = start + len(word)
            for table in _LEET:
                key = "".join(filter(str.isalnum, word.translate(table)))
                entry = self._lexicon.entry(key) or self._lexicon.entry(key.rstrip("i").removesuffix("s"))
                if entry and word != key and entry.form in (Form.NAME, Form.PART, Form.ORDER):
                    yield *view.source_span(start, done), entry
                    break

    def _nearest(self, word: str) -> Entry | None:
        keys = self._lexicon.keys
        if word in keys or (word[-1] == "s" and word[:-1] in keys) or is_ordinary(word, compounds=True):
            return None
        best: tuple[int, Entry] | None = None
        for short in _shortened(word):
            for entry in self._index.get(short, ()):
                slips = 2 if min(len(word), len(entry.key)) >= _LONG else 1
                distance = OSA.distance(word, entry.key, score_cutoff=slips)
                if 0 < distance <= slips and (best is None or distance < best[0]):
                    best = distance, entry
        return best[1] if best else None


def _shortened(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
