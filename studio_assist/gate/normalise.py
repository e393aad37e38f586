"""A text as it is matched: what a reader sees, with the way back to the source for every character.

Two forms are made. `plain` has every look-alike replaced by its Latin letter, accents stripped and what
shows nothing dropped; case and layout stand. `letters` is `plain` in lower case with everything gone that
is no letter or digit, so that "M A Y A", "Ma-ya", "maya_okafor" and a name hyphenated over a line end are
one run of letters. Offsets are code points. Nothing here takes longer than linear time.

What is lost: which letters looked like others. What looks alike matches alike, which is what is wanted.
"""

from __future__ import annotations

import codecs
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import compress
from typing import Final

from studio_assist.gate.confusables import plain

_ALNUM: Final = bytes(48 <= b <= 57 or 65 <= b <= 90 or 97 <= b <= 122 for b in range(256))
_NOT_ALNUM: Final = bytes(b for b in range(256) if not _ALNUM[b])
_LOWER: Final = bytes(b + 32 if 65 <= b <= 90 else b for b in range(256))
_WORDS: Final = bytes(b + 32 if 65 <= b <= 90 else b if 97 <= b <= 122 else 32 for b in range(256))
_DIGITS: Final = re.compile(r"\d+")
#: Letters written as numbers, and what belongs to a number, stand so near to it.
_REACH: Final = 48
_CAPITAL: Final = re.compile(r"[A-HJ-Z]")
_ALONE: Final = re.compile(r"\bI\b")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
#: A word from its first letter on that is not ASCII.
_ODD_REST: Final = re.compile(r"[^\W\d\x00-\x7f][^\W\d_]*")
#: Controls that a reader does not see; "\r" stays, so that a CR LF keeps its length.
_CONTROLS: Final = tuple(chr(code) for code in (*range(32), 127) if chr(code) not in "\t\n\r")
_HAS_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: Texts from this length on are worth loading numpy for.
LONG: Final = 16_384
#: Up to so many kinds of odd characters are replaced one after the other.
_FEW: Final = 24


class View:
    """One text in the forms that are matched.

    Attributes:
        source: the text as it came.
        plain: as described above.
        letters: as described above.
        at: for each character of `letters` its index in `plain`.
    """

    def __init__(self, source: str) -> None:
        self.source: Final = source
        self._odd_at: list[int] = []
        self._odd: list[tuple[int, int]] = []
        if source.isascii() and not _HAS_CONTROLS.search(source):
            self.plain: str = source
        else:
            self.plain = self._seen()
        self.letters: str
        self.at: array[int]
        self.letters, self.at = _letters_of(self.plain)

    # places

    def source_index(self, index: int) -> int:
        """Where in the source the character `plain[index]` comes from; its length for the end."""
        spot = bisect_right(self._odd_at, index) - 1
        if spot < 0:
            return index
        start, (source, length) = self._odd_at[spot], self._odd[spot]
        return source if index < start + length else source + 1 + index - start - length

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The slice of the source that `plain[start:end]` stands for.

        What shows nothing belongs to the character before it, so that no mark of a replaced name is left.
        """
        source = self.source
        if self.plain is source:
            return start, max(start, end)
        first = self.source_index(start) if self._odd_at else start
        if end <= start:
            return first, first
        last = (self.source_index(end - 1) if self._odd_at else end - 1) + 1
        while last < len(source) and not source[last].isascii() and plain(source[last]) == "":
            last += 1
        return first, last

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The slice of the source that `letters[start:end]` stands for."""
        return self.source_span(self.at[start], self.at[end - 1] + 1)

    # boundaries

    def parted(self, index: int) -> int:
        """What parts `letters[index]` from the letter before it: 2 something, 1 only case or kind, 0 nothing.

        Case parts as in camelCase and HTMLParser, kind as in take2.
        """
        if index <= 0 or index >= len(self.at):
            return 2
        here, before = self.at[index], self.at[index - 1]
        if here - before > 1:
            return 2
        one, two = self.plain[before], self.plain[here]
        if two.isupper():
            if one.islower():
                return 1
            if one.isupper() and here + 1 < len(self.plain) and self.plain[here + 1].islower():
                return 1
        return int(one.isdigit() != two.isdigit())

    def together(self, start: int, end: int) -> bool:
        """Whether nothing stands between the letters of `letters[start:end]`."""
        return self.at[end - 1] - self.at[start] == end - 1 - start

    def word_around(self, start: int, end: int) -> tuple[int, int]:
        """The run of letters and digits of `plain` that `letters[start:end]` stands in, as a slice of it."""
        first, last = self.at[start], self.at[end - 1] + 1
        while first > 0 and self.plain[first - 1].isalnum():
            first -= 1
        while last < len(self.plain) and self.plain[last].isalnum():
            last += 1
        return first, last

    @cached_property
    def lower(self) -> str:
        """`plain` in lower case, index for index."""
        return self.plain.lower()

    @cached_property
    def has_capitals(self) -> bool:
        """Whether there are capitals besides the word "I", as there are where somebody writes with care."""
        if _CAPITAL.search(self.plain):
            return True
        bare = _ALONE.sub("", self.plain)
        return bare != bare.lower()

    @cached_property
    def tokens(self) -> frozenset[str]:
        """The different runs of the source between white space: most searches need to see each but once."""
        return frozenset(self.source.split())

    @cached_property
    def words(self) -> frozenset[str]:
        """The different words of `lower`, digits and marks parting them."""
        data = self.plain.encode("ascii", "replace").translate(_WORDS)
        words = frozenset(data.decode("ascii").split())
        if self.plain.isascii():
            return words
        return words.union(self._odd_words())

    @cached_property
    def near_digits(self) -> list[tuple[int, int, int]]:
        """The slices of the source around digits, 48 characters either way, and how many digits each has."""
        found: list[tuple[int, int, int]] = []
        start = end = -1
        count = 0
        for match in _DIGITS.finditer(self.source):
            first, last = match.span()
            if end < 0 or first - _REACH > end:
                if end >= 0:
                    found.append((start, end, count))
                start, count = max(0, first - _REACH), 0
            count += last - first
            end = last + _REACH
        if end >= 0:
            found.append((start, min(end, len(self.source)), count))
        return found

    # internals

    def _odd_words(self) -> Iterator[str]:
        lower = self.lower
        for match in _ODD_REST.finditer(lower):
            start, end = match.span()
            while start and lower[start - 1].isascii() and lower[start - 1].isalpha():
                start -= 1
            yield lower[start:end]

    def _seen(self) -> str:
        source = result = self.source
        looks = {char: plain(char) for char in set(_NOT_ASCII.findall(source))}
        if _HAS_CONTROLS.search(source):
            looks |= {char: plain(char) for char in _CONTROLS if char in source}
        if len(looks) <= _FEW:
            # Several times faster than `translate` for what a script holds: dashes, quotes, accents.
            for char, look in looks.items():
                result = result.replace(char, look)
        else:
            result = source.translate({ord(char): look for char, look in looks.items()})
        odd = [char for char, look in looks.items() if len(look) != 1]
        if odd:
            shift = 0
            for match in re.finditer(f"[{re.escape(''.join(odd))}]", source):
                length = len(looks[match[0]])
                self._odd_at.append(match.start() + shift)
                self._odd.append((match.start(), length))
                shift += length - 1
        return result


def _letters_of(seen: str) -> tuple[str, array[int]]:
    """The letters and digits of a text in lower case, and where each of them stands."""
    odd = "" if seen.isascii() else "".join(sorted(set(_NOT_ASCII.findall(seen))))
    if len(odd) > 128:
        # Scripts with thousands of signs; the way below has room for 128 letters besides ASCII.
        mask = bytes(map(str.isalnum, seen))
        return "".join(compress(seen, mask)).lower(), array("I", compress(range(len(seen)), mask))
    if odd:
        table = "".join(map(chr, range(128))) + odd + "\ufffe" * (128 - len(odd))
        data = codecs.charmap_encode(seen, "strict", codecs.charmap_build(table))[0]
        kept = bytes(code for code in range(128, 128 + len(odd)) if table[code].isalnum())
        mask = data.translate(bytes(_ALNUM[code] or code in kept for code in range(256)))
        bare = data.translate(_LOWER, bytes(set(_NOT_ALNUM) - set(kept)))
        letters = codecs.charmap_decode(bare, "strict", table)[0]  # pyright: ignore[reportArgumentType] - a table as text is the fast way
    else:
        data = seen.encode("ascii")
        mask = data.translate(_ALNUM)
        letters = data.translate(_LOWER, _NOT_ALNUM).decode("ascii")
    return letters, _places(mask)


def _places(mask: bytes) -> array[int]:
    """The indexes of what is not zero."""
    if len(mask) < LONG:
        return array("I", compress(range(len(mask)), mask))
    # Ten times faster, once it is there: names are many and short, and do not have it loaded.
    import numpy as np

    places = array("I")
    places.frombytes(np.flatnonzero(np.frombuffer(mask, np.uint8)).astype(np.uintc).tobytes())
    return places


def key_of(text: str) -> str:
    """A text as `View.letters` would hold it."""
    return View(text).letters
