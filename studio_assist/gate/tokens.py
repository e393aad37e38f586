"""Tokens: what stands for a name in what is sent. CHARACTER_KXQP for one person, in every form of the name.

The four letters are drawn for each name and session, hold no vowel, spell no word, and occur nowhere in the
text they are put into. A token's case says the name's: "MAYA" is CHARACTER_KXQP and "Maya" Character_Kxqp; a
model that sets a cue in capitals so sets the name. Another form of the same name has one letter more
(CHARACTER_KXQPW for "Maya Okafor"), so the model still sees one person, and every form comes back as it was.

Tokens live in memory, for one session, and are written nowhere.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Final

from studio_assist.domain.common_words import word_set
from studio_assist.domain.names import NameKind
from studio_assist.gate.lexicon import Entity, Lexicon
from studio_assist.gate.matching import find
from studio_assist.gate.normalise import View

#: Consonants that are not taken for a digit or for each other. No S: a plural stays one.
LETTERS: Final = "CDFGHJKMNPQRTVWX"
_ABBREVIATIONS: Final = word_set("HTTP HTML HDMI HDTV NTFS NTSC MPGH WWFT TKTK FTTH DTMF GMTP QWRT FDXP")
_PREFIXES: Final = {
    NameKind.CHARACTER: "CHARACTER",
    NameKind.PERSON: "PERSON",
    NameKind.TITLE: "TITLE",
    NameKind.PLACE: "PLACE",
    NameKind.ORGANISATION: "ORGANISATION",
    NameKind.OTHER: "NAME",
}
#: Where the list itself holds a word such as "Place".
_INSTEAD: Final = ("FIGURE", "ENTITY", "ITEM", "UNIT")
PREFIXES: Final = (*dict.fromkeys(_PREFIXES.values()), *_INSTEAD)
#: What a model puts between the two halves.
BETWEEN: Final = r"(?:[\s_\\*~.:‐‑–—＿-]|&#95;|&lowbar;|%5[Ff]){0,4}"
#: Any writing of a token: prefix, letters, and the letter of the form.
ANY: Final = re.compile(
    rf"(?:(?<![A-Za-z0-9])|(?<=[a-z])(?=[A-Z]))(?:(?P<prefix>(?i:{'|'.join(PREFIXES)}))(?P<between>{BETWEEN}))?"
    rf"(?P<code>[{LETTERS}{LETTERS.lower()}]{{4}})(?P<form>[{LETTERS}{LETTERS.lower()}]{{0,2}})"
)


class Style(StrEnum):
    """The case in which a token, and with it a name, is written."""

    UPPER = "upper"
    TITLE = "title"
    LOWER = "lower"


@dataclass(slots=True)
class _Form:
    """One way to write a name, in three cases; those that were only guessed give way to one that was seen."""

    upper: str
    title: str
    lower: str
    seen: set[Style] = field(default_factory=set[Style])

    def of(self, style: Style) -> str:
        return {Style.UPPER: self.upper, Style.TITLE: self.title, Style.LOWER: self.lower}[style]

    def takes(self, written: str) -> Style | None:
        """The case in which this form is written so; None if it is another form."""
        for style in (Style.UPPER, Style.TITLE, Style.LOWER):
            if style in self.seen and self.of(style) == written:
                return style
        style = style_of(written)
        if style in self.seen or written.casefold() not in (self.upper.casefold(), self.title.casefold()):
            return None
        match style:
            case Style.UPPER:
                self.upper = written
            case Style.TITLE:
                self.title = written
            case Style.LOWER:
                self.lower = written
        self.seen.add(style)
        return style


@dataclass(slots=True)
class Stand:
    """One token with the name it stands for."""

    code: str
    prefix: str
    name: str
    kind: NameKind
    forms: list[_Form] = field(default_factory=list[_Form])

    def token(self, form: int, style: Style) -> str:
        letters = self.code + suffix_of(form)
        match style:
            case Style.UPPER:
                return f"{self.prefix}_{letters}"
            case Style.TITLE:
                return f"{self.prefix.capitalize()}_{letters.capitalize()}"
            case Style.LOWER:
                return f"{self.prefix}_{letters}".lower()


class Tokens:
    """The tokens of one session.

    Args:
        choice: draws one of some letters; by default from the system's randomness.
    """

    def __init__(self, choice: Callable[[str], str] = secrets.choice) -> None:
        self._choice = choice
        self._by_name: dict[tuple[str, NameKind], Stand] = {}
        self._by_code: dict[str, Stand] = {}
        self.starts: Final[set[str]] = set()

    # properties

    def table(self) -> list[tuple[str, str]]:
        """(name as listed, its token), in the order in which they were first used; for the sheet."""
        return [(stand.name, stand.token(0, Style.UPPER)) for stand in self._by_code.values()]

    # methods

    def stand(self, code: str) -> Stand | None:
        """What four letters, in any case, stand for; None if they were not given out."""
        return self._by_code.get(code.upper())

    def token(self, entity: Entity, written: str, lexicon: Lexicon, letters: str) -> str:
        """The token for one writing of a name.

        Args:
            letters: `View.letters` of the text it goes into; a new token occurs nowhere in them.
        """
        key = (entity.text.casefold(), entity.kind)
        stand = self._by_name.get(key)
        if stand is None:
            stand = self._new(_PREFIXES[entity.kind], entity.text, entity.kind, lexicon, letters)
            self._by_name[key] = stand
            if style_of(entity.prose) is not Style.LOWER:
                stand.forms.append(_Form(entity.prose.upper(), entity.prose, entity.prose.lower()))
        for number, form in enumerate(stand.forms):
            if style := form.takes(written):
                return stand.token(number, style)
        style = style_of(written)
        caseless = written.upper() == written.lower()
        form = _Form(
            written if style is Style.UPPER or caseless else written.upper(),
            written if style is Style.TITLE or caseless else written.title(),
            written if style is Style.LOWER or caseless else written.lower(),
            {style},
        )
        stand.forms.append(form)
        return stand.token(len(stand.forms) - 1, style)

    def literal(self, written: str, lexicon: Lexicon, letters: str) -> str:
        """A token for a word that happens to be one already, so that restoring gives that word again."""
        entity = Entity(-1, written, NameKind.OTHER, written, by_person=False)
        return self.token(entity, written, lexicon, letters)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where tokens that were given out stand in a text, in whatever writing."""
        at = 0
        while self._by_code and (match := ANY.search(text, at)):
            at = match.start() + 1
            if match["code"].upper() in self._by_code:
                at = match.end()
                yield match.span()

    # internals

    def _new(self, prefix: str, name: str, kind: NameKind, lexicon: Lexicon, letters: str) -> Stand:
        for _ in range(10_000):
            code = "".join(self._choice(LETTERS) for _ in range(4))
            low = code.lower()
            if code in self._by_code or low in letters or code in _ABBREVIATIONS or len(set(code)) < 3:
                continue
            if any(one == two for one, two in pairwise(code)):
                continue
            if find(View(code), lexicon):
                continue
            for word in (prefix, *_INSTEAD):
                stand = Stand(code, word, name, kind)
                if not find(View(stand.token(0, Style.TITLE)), lexicon):
                    self._by_code[code] = stand
                    self.starts.update(code[:length] for length in range(1, 5))
                    return stand
        raise RuntimeError("no letters are left for a token")


def style_of(written: str) -> Style:
    """The case of a writing; what knows no case counts as capitals."""
    if written == written.upper():
        return Style.UPPER
    return Style.LOWER if written == written.lower() else Style.TITLE


def suffix_of(form: int) -> str:
    """The letter or letters of a form: none for the first."""
    if form == 0:
        return ""
    if form <= len(LETTERS):
        return LETTERS[form - 1]
    more = form - 1 - len(LETTERS)
    return LETTERS[more // len(LETTERS) % len(LETTERS)] + LETTERS[more % len(LETTERS)]


def form_of(suffix: str) -> int | None:
    """The form that a letter or two stand for; None if they cannot."""
    letters = [LETTERS.find(char) for char in suffix.upper()]
    if not letters:
        return 0
    if len(letters) > 2 or -1 in letters:
        return None
    return letters[0] + 1 if len(letters) == 1 else 1 + len(LETTERS) + letters[0] * len(LETTERS) + letters[1]
