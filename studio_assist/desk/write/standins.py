"""Characters that Qt's document would change on the way in, and their stand-ins.

Measured on PySide 6.11: U+2029 and the two frame marks U+FDD0 and U+FDD1 end a paragraph, a byte-order mark
at the start of a string is dropped, U+FFFE swaps the bytes of a whole string, and a lone surrogate is lost.
U+2028 and U+FFFC survive, but the layout breaks a row at one and draws an object for the other. Each is
replaced by a private-use character while it is in the document and put back on the way out.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final

_DANGEROUS: Final = re.compile("[\u2028\u2029\ufdd0\ufdd1\ufeff\ufffc\ufffe\ud800-\udfff]")
#: Private use: the basic plane's, and plane 15 for a text that holds all of those.
_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd]")


class Standins:
    """The stand-ins of one document. A character keeps its stand-in for as long as the document lives.

    Private-use characters that the text holds itself are never used as stand-ins; one that comes in after it
    was taken gets a stand-in of its own. So the way back is always unambiguous.
    """

    def __init__(self) -> None:
        self._to: dict[int, int] = {}
        self._back: dict[int, int] = {}
        self._held: set[int] = set()
        self._pool: Iterator[int] = itertools.chain(range(0xF8FF, 0xDFFF, -1), range(0xFFFFD, 0xEFFFF, -1))

    @property
    def in_use(self) -> bool:
        """Whether any character was ever replaced."""
        return bool(self._back)

    def encode(self, text: str) -> str:
        """The text as the document may hold it. Line endings are the caller's business."""
        for char in set(_PRIVATE.findall(text)):
            point = ord(char)
            if point in self._back:
                self._allot(point)
            else:
                self._held.add(point)
        for char in dict.fromkeys(_DANGEROUS.findall(text)):
            self._allot(ord(char))
        return text.translate(self._to) if self._to else text

    def decode(self, text: str) -> str:
        """The text as it was before `encode`."""
        return text.translate(self._back) if self._back else text

    def _allot(self, point: int) -> None:
        if point in self._to:
            return
        place = next(free for free in self._pool if free not in self._held)
        self._to[point] = place
        self._back[place] = point
