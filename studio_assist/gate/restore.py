"""Names back for tokens, while the answer streams in.

A token is known by its four letters, which are random: whatever a model does to its case, to the sign between
its halves or to the word before them, these letters are it. What may become a token is held back until it is
one or cannot be; nothing else waits. Every token that did not come back as it went out is reported, and so is
every word like one that was never given out (models invent CHARACTER_2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from studio_assist.gate.tokens import ANY, BETWEEN, LETTERS, PREFIXES, Stand, Style, Tokens, form_of

_BOTH: Final = LETTERS + LETTERS.lower()


def _beginnings(word: str) -> str:
    """A pattern for every beginning of a word; the whole word may have the rest of a token behind it."""
    pattern = rf"(?:{BETWEEN}(?:[{_BOTH}]{{1,6}}[sS]?|&[#\w]{{0,7}}|%5?|_\w{{0,12}})?)?"
    for char in reversed(word[1:]):
        pattern = rf"(?:{char}{pattern})?"
    return word[0] + pattern


#: What may still become a token, at the end of what has come.
_PARTIAL: Final = re.compile(
    rf"(?:(?<![A-Za-z0-9])|(?<=[a-z])(?=[A-Z]))"
    rf"(?:(?i:{'|'.join(map(_beginnings, PREFIXES))})|[{_BOTH}]{{1,6}}[sS]?)\Z"
)
#: Longer than any token with what may stand in it.
_REACH: Final = 56
_LIKE: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?P<word>(?i:{'|'.join(PREFIXES)})\\?_(?P<rest>\w{{1,12}}))(?!\w)"
)


@dataclass(slots=True)
class Report:
    """How the tokens of an answer came back.

    Attributes:
        clean: how many came back as they were given out.
        mended: those restored though they were changed, as they came.
        unknown: words like tokens that were never given out, as they came; they stand in the text.
    """

    clean: int = 0
    mended: list[str] = field(default_factory=list[str])
    unknown: list[str] = field(default_factory=list[str])

    @property
    def is_clean(self) -> bool:
        return not self.mended and not self.unknown

    def sentences(self) -> list[str]:
        """What a person is told; nothing where all is well."""
        told: list[str] = []
        if self.mended:
            told.append(f"{len(self.mended)} stand-ins came back changed and were read all the same.")
        if self.unknown:
            names = ", ".join(dict.fromkeys(self.unknown))
            told.append(f"The model made up {names}. No name is known for it.")
        return told


class Restorer:
    """Restores one choice's text, delta by delta.

    `feed` gives what is safe to show; `close` the rest. Together they are `restore` of the whole, however the
    text was cut.
    """

    def __init__(self, tokens: Tokens) -> None:
        self.report: Final = Report()
        self._tokens = tokens
        self._held = ""
        #: What was given on last: the rules look at what stands before a word.
        self._before = ""

    def feed(self, delta: str) -> str:
        """More of the text. Gives what is sure, names in it."""
        whole = self._before + self._held + delta
        start = len(self._before)
        cut = self._safe(whole, start)
        self._held = whole[cut:]
        return self._give(whole, start, cut)

    def close(self) -> str:
        """The text has ended: gives what was held back."""
        whole, start = self._before + self._held, len(self._before)
        self._held = ""
        return self._give(whole, start, len(whole))

    # internals

    def _safe(self, whole: str, start: int) -> int:
        """From where on the end may still become a token."""
        match = _PARTIAL.search(whole, max(start, len(whole) - _REACH))
        while match:
            word = match[0]
            bare = len(word) <= 7 and word.isalpha()
            if not bare or word.upper()[:4] in self._tokens.starts:
                return match.start()
            if any(prefix.startswith(word.upper()) for prefix in PREFIXES):
                return match.start()
            match = _PARTIAL.search(whole, match.start() + 1)
        return len(whole)

    def _give(self, whole: str, start: int, cut: int) -> str:
        """The text from `start` to `cut`, names in it. What stands behind is looked at and stays."""
        if start == cut:
            return ""
        out: list[str] = []
        done = at = start
        while (match := ANY.search(whole, at)) and match.start() < cut:
            stand = self._tokens.stand(match["code"])
            if stand is None:
                at = match.start() + 1
                continue
            at, name = self._name(match, stand, whole)
            out += [whole[done : match.start()], name]
            done = at
        out.append(whole[done:cut])
        for match in _LIKE.finditer(whole):
            if start < match.end() <= cut and self._tokens.stand(match["rest"][:4]) is None:
                self.report.unknown.append(match["word"])
        self._before = whole[:cut][-_REACH:]
        return "".join(out)

    def _name(self, match: re.Match[str], stand: Stand, whole: str) -> tuple[int, str]:
        """Where a token ends, and the name for it."""
        code, suffix, after = match["code"], match["form"], match.end("code")
        style = _style(code)
        same_case = suffix if suffix == (suffix.upper() if style is Style.UPPER else suffix.lower()) else ""
        length, number = 0, 0
        for tried in range(len(same_case), 0, -1):
            form = form_of(suffix[:tried])
            if form is not None and form < len(stand.forms) and _ends(whole, after + tried):
                length, number = tried, form
                break
        else:
            # A form that was never given out, alone behind the letters: the name is this one all the same.
            if same_case and not _ends(whole, after) and _ends(whole, after + len(same_case)):
                length = len(same_case)
        end = after + length
        written = whole[match.start() : end]
        if stand.token(number, style) == written and _ends(whole, end):
            self.report.clean += 1
        else:
            self.report.mended.append(written)
        return end, stand.forms[number].of(style)


def restore(text: str, tokens: Tokens) -> tuple[str, Report]:
    """A whole text with names for tokens, and how they came back."""
    restorer = Restorer(tokens)
    shown = restorer.feed(text)
    return shown + restorer.close(), restorer.report


def _ends(text: str, at: int) -> bool:
    """Whether a word ends here, or here and a plural's s."""
    here = text[at : at + 1]
    if here in ("s", "S"):
        here = text[at + 1 : at + 2]
    return not (here.isascii() and here.isalnum())


def _style(code: str) -> Style:
    if code.isupper():
        return Style.UPPER
    return Style.LOWER if code.islower() else Style.TITLE
