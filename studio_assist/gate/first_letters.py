"""Acrostics: a name in the first letters of lines, or of the words of one sentence.

A name of four letters counts where it fills the block of lines, or the sentence, from its first to its last;
a longer one wherever it stands, as chance no longer puts it there. Last letters and every nth word are not
looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import itemgetter
from typing import Final

from studio_assist.gate.lexicon import Entry, Form, Lexicon
from studio_assist.gate.normalise import LONG, View

_FIRST: Final = re.compile(r"[^\W_]")
_HEADS: Final = re.compile(r"(?<![\w'])\w|[.!?\n]")
_HEADS_OVER_LINES: Final = re.compile(r"(?<![\w'])\w|[.!?]|\n\s*\n")
_HEAD_OF: Final = itemgetter(0)
_PARTED: Final = bytes(
    b if 97 <= b <= 122 or 48 <= b <= 57 or b == 10 else 46 if b in b".!" else 32 for b in range(256)
)
_ENDS: Final = str.maketrans("!?\n", "...")
#: Longer texts are not read over line ends as well.
_SHORT_TEXT: Final = 20_000
_LEAST: Final = 4
#: With so many patterns four letters come together by chance.
_MANY: Final = 4_000
#: From here on a name may stand anywhere in a text of up to `_SOME` lines; one letter more beyond.
_ANYWHERE: Final = 6
_SOME: Final = 200


def acrostics(view: View, lexicon: Lexicon) -> Iterator[tuple[int, int, Entry]]:
    """Names spelt by first letters: (start of the first line or word, end of the last, the name)."""
    yield from _lines(view, lexicon)
    yield from _words(view, lexicon)


def _lines(view: View, lexicon: Lexicon) -> Iterator[tuple[int, int, Entry]]:
    lines = view.lower.split("\n")
    heads = [line[0] if line[:1].isalnum() else _head(line) for line in lines]
    letters = "".join(heads)
    found = list(_spelt(letters, lexicon))
    if not found:
        return
    spans: list[tuple[int, int]] = []
    opens: set[int] = {0, len(letters)}
    at = 0
    for line, head in zip(lines, heads, strict=True):
        if head:
            spans.append((at, at + len(line)))
        else:
            opens.add(len(spans))
        at += len(line) + 1
    anywhere = _ANYWHERE if len(letters) <= _SOME else _ANYWHERE + 1
    for start, end, entry in found:
        whole = start in opens and end in opens
        # "A" alone on a line is a letter by letter spelling, which is found as such.
        if whole or end - start >= anywhere:
            yield *view.source_span(spans[start][0], spans[end - 1][1]), entry


def _head(line: str) -> str:
    found = _FIRST.search(line)
    return found[0] if found else ""


def _words(view: View, lexicon: Lexicon) -> Iterator[tuple[int, int, Entry]]:
    # Quick and rough first: where first letters spell nothing, as in nearly every text, that is all.
    data = view.lower.replace("?", "!").encode("ascii", "replace").replace(b"'", b"").translate(_PARTED)
    marked = data.replace(b".", b" . ")
    ways = ((marked.replace(b"\n", b" . "), _HEADS), (marked, _HEADS_OVER_LINES))
    for rough, heads in ways if len(marked) < _SHORT_TEXT else ways[:1]:
        letters = f".{_heads(rough).decode('ascii')}."
        if any(letters[start - 1] == "." == letters[end] for start, end, _ in _spelt(letters, lexicon)):
            yield from _sentences(view, lexicon, heads)


def _heads(text: bytes) -> bytes:
    """The first byte of each word."""
    if len(text) < LONG:
        return bytes(map(_HEAD_OF, text.split()))
    import numpy as np

    codes = np.frombuffer(b" " + text, np.uint8)
    # The text holds letters, digits, full stops, line ends and blanks, and nothing else.
    blank = (codes == 32) | (codes == 10)
    return codes[1:][blank[:-1] & ~blank[1:]].tobytes()


def _sentences(view: View, lexicon: Lexicon, heads: re.Pattern[str]) -> Iterator[tuple[int, int, Entry]]:
    found = list(heads.finditer(view.lower))
    letters = "." + "".join(head[0][0] for head in found).translate(_ENDS) + "."
    for start, end, entry in _spelt(letters, lexicon):
        if letters[start - 1] == "." == letters[end]:
            last = found[min(end, len(found)) - 1]
            yield *view.source_span(found[start - 1].start(), last.end()), entry


def _spelt(letters: str, lexicon: Lexicon) -> Iterator[tuple[int, int, Entry]]:
    least = _LEAST if len(lexicon.entries) < _MANY else _LEAST + 1
    for index, start, end in lexicon.matches(letters):
        entry = lexicon.entries[index]
        if end - start >= least and entry.form in (Form.NAME, Form.PART) and not entry.ordinary:
            yield start, end, entry
