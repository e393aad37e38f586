"""A text as words that can be compared: with their places, whatever their case, accents and quotes. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

#: What belongs to the letter before it and shows nothing by itself: accents on their own, soft hyphens.
_SILENT: Final = "\u0300-\u036f\u00ad\u200b-\u200d\u2060"
_LETTER: Final = rf"(?:[^\W_][{_SILENT}]*)"
_WORD: Final = re.compile(
    # Two initials or more are one word: "J.R.R.", "J. R. R.", "E.T.".
    r"(?<![^\W_])(?:[^\W\d_]\.[ ]?){2,}(?![^\W_]\w)"
    rf"|{_LETTER}+(?:['’ʼ＇]{_LETTER}+)*"
    r"|&"
)
_APOSTROPHES: Final = re.compile(r"['’ʼ＇]")
#: Letters that no decomposition takes apart.
_PLAIN: Final = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i", "&": "and"}
)
#: What may stand between two words of one name.
JOINTS: Final = re.compile(r"(?!.*\n\s*\n)[\s\-‐-―−.:,'’\"“”‘*_/·]{0,4}\Z", re.DOTALL)


class Word(NamedTuple):
    """One word of a text.

    Attributes:
        key: as it is compared, possessive ending and all.
        start, end: in code points of the text; `end` is past a possessive ending.
        text: as it stands there.
    """

    key: str
    start: int
    end: int
    text: str

    @property
    def capital(self) -> bool:
        """It begins with a capital, and is no “I”."""
        return self.text[0].isupper() and self.key.split("'")[0] != "i"

    @property
    def capitals(self) -> bool:
        """All of it is capitals, two at least; a possessive ending may be small."""
        bare = bare_text(self.text)
        return len(bare) > 1 and bare.isupper()

    @property
    def bare(self) -> str:
        """Without a possessive ending."""
        return bare_key(self.key)

    @property
    def bare_end(self) -> int:
        """Where it ends without its possessive ending."""
        return self.start + len(bare_text(self.text))


def words_of(text: str) -> list[Word]:
    """The words of a text in order."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        written = match[0].rstrip()
        found.append(Word(_key(written), match.start(), match.start() + len(written), written))
    return found


def keys_of(name: str) -> tuple[str, ...]:
    """The words of a name, as they are compared."""
    return tuple(_key(match[0].rstrip()) for match in _WORD.finditer(name))


def bare_key(key: str) -> str:
    """A word's key without a possessive ending."""
    return key[:-2] if key.endswith("'s") else key


def bare_text(written: str) -> str:
    """A word as it is written without a possessive ending."""
    ending = re.search(r"['’ʼ＇][sS]\Z", written)
    return written[: ending.start()] if ending else written


def singular_keys(key: str) -> tuple[str, ...]:
    """A word as a name may have it: itself, and without a possessive or plural ending."""
    bare = bare_key(key)
    ways = [key] if bare == key else [key, bare]
    if bare.endswith("s") and len(bare) > 3:
        ways.append(bare[:-1])
    if bare.endswith("es") and len(bare) > 4:
        ways.append(bare[:-2])
    return tuple(ways)


@lru_cache(maxsize=16_384)
def _key(written: str) -> str:
    if written.isascii():
        folded = written.casefold().translate(_PLAIN)
    else:
        apart = unicodedata.normalize("NFKD", _APOSTROPHES.sub("'", written))
        kept = "".join(one for one in apart if unicodedata.category(one) not in ("Mn", "Cf"))
        folded = kept.casefold().translate(_PLAIN)
    # Initials are compared without their dots.
    return folded.replace(".", "").replace(" ", "")
