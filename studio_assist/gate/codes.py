"""Letters as numbers and signs: hexadecimal, character codes, binary digits, Morse, a spelling alphabet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from ahocorasick_rs import AhoCorasick

from studio_assist.domain.common_words import word_set
from studio_assist.gate.normalise import View
from studio_assist.gate.readable import readable

Code = tuple[int, int, str, str | bytes]

_SPELLED: Final = word_set(
    "alfa alpha bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november"
    " oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu"
)
_SPELLING: Final = re.compile(
    rf"\b(?:(?:{'|'.join(sorted(_SPELLED))}|x-ray)\b[\s,.;-]*){{3,}}", re.IGNORECASE
)
_SPELLERS: Final = AhoCorasick([*sorted(_SPELLED), "x-ray"])
_WORD_SIGN: Final = re.compile(r"\w")
_BETWEEN: Final = re.compile(r"[\s,.;-]*")
_MORSE: Final = re.compile(
    r"[.·•−–-](?<![^\s/|].)[.·•−–-]{0,4}[ /|]+(?:[.·•−–-]{1,5}[ /|]+)+[.·•−–-]{1,5}(?![^\s/|])"
)
_MORSE_LETTERS: Final = {
    ".-": "a", "-...": "b", "-.-.": "c", "-..": "d", ".": "e", "..-.": "f", "--.": "g", "....": "h",
    "..": "i", ".---": "j", "-.-": "k", ".-..": "l", "--": "m", "-.": "n", "---": "o", ".--.": "p",
    "--.-": "q", ".-.": "r", "...": "s", "-": "t", "..-": "u", "...-": "v", ".--": "w", "-..-": "x",
    "-.--": "y", "--..": "z",
}  # fmt: skip
_HEX: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:0[xX])?(?:[0-9A-Fa-f]{2}){3,}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])(?:(?:0[xX]|\\x|%)?[0-9A-Fa-f]{2}[ ,:;-]{1,2}){2,}"
    r"(?:0[xX])?[0-9A-Fa-f]{2}(?![0-9A-Za-z])"
)
_CODES: Final = re.compile(r"(?<![\w.])(?:\d{2,3}(?:, ?|[ ;-])){2,}\d{2,3}(?![\w.])")
_OCTAL: Final = re.compile(r"(?<![\w.])(?:[01]?[0-7]{2,3}[ ,]+){2,}[01]?[0-7]{2,3}(?![\w.])")
_BINARY: Final = re.compile(r"(?<!\d)(?:[01]{7,8}[ ,_-]?){3,}(?!\d)")
#: Three letters have at least so many.
_FEWEST: Final = 3


def codes(view: View) -> Iterator[Code]:
    """Runs of such codes in a text: (start, end, which, what they say)."""
    text = view.source
    if len(view.words & _SPELLED) > 2:
        for start, end in _spelled_runs(text):
            for match in _SPELLING.finditer(text, start, end):
                yield *match.span(), "a spelling alphabet", _initials(match[0])
    if any(token[0] in ".-·−–•" for token in view.tokens):
        for match in _MORSE.finditer(text):
            yield *match.span(), "Morse code", _morse(match[0])
    # Letters as numbers: nowhere without digits.
    for start, end, digits in view.near_digits:
        for pattern, how, decode in _NUMBERS if digits >= _FEWEST else ():
            for match in pattern.finditer(text, start, end):
                if found := decode(match[0]):
                    yield *match.span(), how, found


def _spelled_runs(text: str) -> Iterator[tuple[int, int]]:
    """Where three or more such words follow each other, with what parts them. Many scripts have a hotel."""
    low = text.lower()
    if len(low) != len(text):
        yield 0, len(text)
        return
    first = last = -1
    count = 0
    for _, start, end in _SPELLERS.find_matches_as_indexes(low, overlapping=True):
        if _WORD_SIGN.match(text, end) or (start and _WORD_SIGN.match(text, start - 1)):
            continue
        if count and not _BETWEEN.fullmatch(text, last, start):
            if count > 2:
                yield first, last
            count = 0
        if not count:
            first = start
        gap = _BETWEEN.match(text, end)
        last = gap.end() if gap else end
        count += 1
    if count > 2:
        yield first, last


def _initials(run: str) -> str:
    return "".join(word[0] for word in re.findall(r"[A-Za-z-]+", run))


def _morse(run: str) -> str:
    signs = re.sub("[·•]", ".", re.sub("[−–]", "-", run))
    return "".join(_MORSE_LETTERS.get(code, " ") for code in re.split(r"[ /|]+", signs))


def _hex(run: str) -> str | bytes | None:
    digits = re.sub(r"0[xX]|\\x|[^0-9A-Fa-f]", "", run)
    return readable(bytes.fromhex(digits)) if len(digits) % 2 == 0 else None


def _codes(run: str, base: int) -> str | None:
    try:
        codes = [int(code, base) for code in re.findall(r"\d+", run)]
    except ValueError:
        return None
    if not all(32 <= code < 127 or 160 <= code < 0x250 for code in codes):
        return None
    return "".join(map(chr, codes))


def _binary(run: str) -> str | bytes | None:
    parts = re.findall(r"[01]+", run)
    whole = "".join(part.zfill(8) if len(parts) > 1 else part for part in parts)
    if len(whole) % 8:
        return None
    return readable(int(whole, 2).to_bytes(len(whole) // 8, "big"))


_NUMBERS: Final[tuple[tuple[re.Pattern[str], str, Callable[[str], str | bytes | None]], ...]] = (
    (_HEX, "hexadecimal", _hex),
    (_CODES, "character codes", lambda run: _codes(run, 10)),
    (_OCTAL, "character codes", lambda run: _codes(run, 8)),
    (_BINARY, "binary digits", _binary),
)
