"""Ordinary English words: what may be a name is told from what is only a word.

The list is our own, of base forms; `is_ordinary` knows the usual endings, prefixes and compounds. It decides
nothing by itself: a name that is an ordinary word makes the gate ask a person, and so does a capitalised word
that is in no list.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from studio_assist.domain.common_words import CAPITALISED, COARSE, LIGHT, PEOPLE
from studio_assist.domain.word_lists import FORMS, GENERAL, NAMES_TOO, PLACES, QUALIFIERS, RARER, ROLES

#: All of them, in lower case.
WORDS: Final = (
    LIGHT | CAPITALISED | PEOPLE | COARSE | PLACES | QUALIFIERS | ROLES | NAMES_TOO | GENERAL | FORMS | RARER
)
#: Of these alone no name is made: "OLD MAN", "KITCHEN", "UPPER STATION".
GENERIC: Final = PLACES | QUALIFIERS | ROLES | PEOPLE | (LIGHT - NAMES_TOO)

#: Longer ones are no words, and would be kept in memory.
_LONGEST: Final = 32

_PREFIXES: Final = ("un", "re", "over", "under", "out", "mis", "dis", "non", "in", "im", "pre", "fore", "mid")
#: Ending, and what may stand in its place.
_ENDINGS: Final = (
    ("'s", ("",)), ("s'", ("s", "")), ("ies", ("y",)), ("ves", ("f", "fe")), ("es", ("", "e")), ("s", ("",)),
    ("ied", ("y",)), ("ed", ("", "e")), ("ing", ("", "e")), ("ier", ("y",)), ("iest", ("y",)),
    ("er", ("", "e")), ("ers", ("", "e")), ("or", ("", "e")), ("ors", ("", "e")), ("est", ("", "e")),
    ("ily", ("y",)), ("ly", ("", "le")), ("y", ("", "e")), ("iness", ("y",)), ("ness", ("",)),
    ("ment", ("",)), ("ments", ("",)), ("less", ("",)), ("ful", ("",)), ("able", ("", "e")),
    ("ion", ("", "e")), ("ions", ("", "e")), ("ation", ("", "e")), ("ations", ("", "e")), ("al", ("", "e")),
    ("ive", ("", "e")), ("ous", ("", "e")), ("ish", ("", "e")), ("en", ("", "e")), ("ened", ("", "e")),
    ("ity", ("", "e")), ("ance", ("", "e")), ("ence", ("", "e")), ("ism", ("",)), ("ist", ("",)),
    ("like", ("",)), ("ward", ("",)), ("wards", ("",)), ("ship", ("",)), ("hood", ("",)), ("th", ("",)),
)  # fmt: skip


@lru_cache(maxsize=65_536)
def is_ordinary(word: str, compounds: bool = False) -> bool:
    """Whether a word, in lower case, is an ordinary English one or a form of one.

    Args:
        compounds: two ordinary words written as one count too ("doorway"; but "blackwood" as well).
    """
    if word in WORDS or word.isdigit():
        return True
    if not 4 <= len(word) <= _LONGEST:
        return False
    if _stem(word):
        return True
    for prefix in _PREFIXES:
        rest = word[len(prefix) :]
        if word.startswith(prefix) and len(rest) > 2 and (rest in WORDS or _stem(rest)):
            return True
    if compounds and len(word) > 5:
        return any(
            word[:cut] in WORDS and (word[cut:] in WORDS or _stem(word[cut:]))
            for cut in range(3, len(word) - 2)
        )
    return False


def is_generic(text: str) -> bool:
    """Whether a cue or place is made of generic words alone, and so names nobody and nowhere."""
    words = text.lower().split()
    return all(
        word in GENERIC or word.isdigit() or len(word) == 1 or (word.endswith("s") and word[:-1] in GENERIC)
        for word in words
    )


def _stem(word: str) -> bool:
    for ending, stands in _ENDINGS:
        if not word.endswith(ending):
            continue
        stem = word[: -len(ending)]
        if len(stem) < 3 and not (len(stem) == 2 and ending in ("s", "es", "'s")):
            continue
        if any(stem + end in WORDS for end in stands):
            return True
        # "stopped", "running", "bigger"
        if len(stem) > 3 and stem[-1] == stem[-2] and stem[:-1] in WORDS:
            return True
        # two endings at once: "carelessly", "beginnings"
        if len(stem) > 4 and ending in ("s", "'s", "ly", "ed", "ing") and _stem(stem):
            return True
    return False
