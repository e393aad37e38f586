"""Characters that nobody sees and what they may carry: tag letters, variation selectors, turned text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from studio_assist.gate.normalise import View

#: Letters of the tag block repeat ASCII, invisibly. Flags of three regions use them rightly, and briefly.
_TAGS: Final = re.compile("[\U000e0000-\U000e007f]+")
_FLAG: Final = "\U0001f3f4"
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}")
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]"
)
_MANY: Final = re.compile(_INVISIBLE.pattern + "{4,}")
_TURNED: Final = re.compile("[\u202e\u2067]([^\u202c\u2069\n]{2,})")
_LATIN: Final = "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u024f\u1e00-\u1eff\u2126\u212a\u212b\u0394\u03a9\u03bc\u03c0"
#: Scripts that stand beside Latin letters without a blank: Thai to Khmer, Hangul, kana, Han.
_BESIDE: Final = "\u0e00-\u0fff\u1100-\u11ff\u1780-\u17ff\u3000-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
_OTHER: Final = rf"[^\W\d_{_LATIN}{_BESIDE}]"
#: Two such letters beside each other; a pattern for the whole word would take the square of its length.
_MIXED: Final = re.compile(rf"[{_LATIN}]{_OTHER}|{_OTHER}[{_LATIN}]")
#: Zero-width signs used as the digits of a code: so many in one text are no typography.
_LOTS: Final = 24
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]+")
_ODD: Final = re.compile(f"{_INVISIBLE.pattern}|{_PRIVATE.pattern}|[\ufe00-\ufe0f\U000e0000-\U000e01ef]")


def hidden_runs(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Runs of the unseen: (start, end, what it is, what it says or "")."""
    if text.isascii() or not any(_ODD.match(char) for char in set(_NOT_ASCII.findall(text))):
        return
    for match in _TAGS.finditer(text):
        if not (match.start() and text[match.start() - 1] == _FLAG and len(match[0]) < 8):
            said = "".join(
                chr(ord(char) - 0xE0000) for char in match[0] if 0x20 <= ord(char) - 0xE0000 < 0x7F
            )
            yield *match.span(), "tag letters", said
    for match in _SELECTORS.finditer(text):
        data = bytes(
            ord(char) - 0xFE00 if ord(char) < 0xFE10 else ord(char) - 0xE0100 + 16 for char in match[0]
        )
        yield *match.span(), "variation selectors", data.decode("utf-8", "replace")
    for match in _TURNED.finditer(text):
        yield *match.span(), "turned round", match[1][::-1]
    for match in _MANY.finditer(text):
        yield *match.span(), "invisible characters", _as_bits(match[0])
    for match in _PRIVATE.finditer(text):
        yield *match.span(), "characters without a meaning", ""
    every = [match.start() for match in _INVISIBLE.finditer(text)]
    if len(every) >= _LOTS:
        signs = "".join(text[at] for at in every)
        yield every[0], every[-1] + 1, "invisible characters", _as_bits(signs)


def mixed_words(view: View) -> Iterator[tuple[int, int]]:
    """Words with Latin letters and those of another alphabet side by side, as no language has them."""
    if view.source.isascii():
        return
    for token in view.tokens:
        if token.isascii():
            continue
        for match in _MIXED.finditer(token):
            # Not a raised two, which is a letter to a pattern and a digit to everybody else.
            if match[0].isalpha():
                at = view.source.find(token)
                yield at, at + len(token)
                break


def _as_bits(signs: str) -> str:
    """Two kinds of invisible signs read as binary digits, both ways; "" where that is no text."""
    kinds = sorted(set(signs))
    if len(kinds) != 2 or len(signs) < 24:
        return ""
    for zero in kinds:
        bits = "".join("0" if sign == zero else "1" for sign in signs)
        data = int(bits[: len(bits) // 8 * 8], 2).to_bytes(len(bits) // 8, "big")
        said = data.decode("utf-8", "replace")
        if said.isprintable():
            return said
    return ""
