"""The production's names: what a script gives by itself, what people add, and what people answered.

A name is a `NameTerm`: how it is written, what kind of thing it names, other ways to write it, and who put
it on the list. Roles and places that every production has ("OLD MAN", "KITCHEN") name nothing and are left
out of what a script gives; a person may still add them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import StringConstraints

from studio_assist.domain.common_words import LIGHT, PEOPLE, word_set
from studio_assist.domain.ordinary_words import WORDS, is_generic, is_ordinary
from studio_assist.domain.screenplay import ElementType, Screenplay
from studio_assist.domain.values import Value
from studio_assist.domain.word_lists import QUALIFIERS, ROLES


class NameKind(StrEnum):
    """What a name names."""

    CHARACTER = "character"
    PERSON = "person"  # a living one: cast, crew, anybody outside the story
    TITLE = "title"
    PLACE = "place"
    ORGANISATION = "organisation"
    OTHER = "other"


#: A name as somebody writes it: something to see in it, on one line.
NameText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\r\n]*\S[^\r\n]*$"),
]


class NameTerm(Value):
    """One name of the production.

    Attributes:
        aliases: other ways to write it: a full name, a nickname, a working title.
        source: "script" was read from the script, "person" was added or changed by somebody.
    """

    text: NameText
    kind: NameKind
    aliases: tuple[NameText, ...] = ()
    source: Literal["script", "person"] = "person"


class Answers(Value):
    """What people said about words that may be names. White space in a writing counts as one blank.

    Attributes:
        words: written so, it is a word and no name, or may leave though it is a person's. Case counts: "will"
            says nothing of "Will".
        names: (written so, the text of the term it stands for): it is that name and is replaced.
    """

    words: frozenset[str] = frozenset()
    names: tuple[tuple[str, str], ...] = ()

    def is_word(self, written: str) -> bool:
        """Whether a person said that this is no name, or may leave."""
        return bool(self.words) and " ".join(written.split()) in self.words

    def term_of(self, written: str) -> str | None:
        """The term that a person said this is, or None."""
        if not self.names:
            return None
        plain = " ".join(written.split())
        return next((term for form, term in self.names if form == plain), None)


#: Nobody was asked yet.
NO_ANSWERS: Final = Answers()

HONORIFICS: Final = word_set(
    """
    mr mrs ms miss mx dr prof professor sir dame lady lord rev reverend father sister brother saint st sgt
    sergeant lt lieutenant capt captain col colonel gen general maj major cpl corporal pvt private det
    detective insp inspector officer agent judge justice king queen prince princess president senator mayor
    chief nurse doctor uncle aunt auntie grandma grandpa granny mama papa madam madame monsieur herr frau
    señor señora don doña mister jr sr ii iii iv the
    """
)
_PARTICLES: Final = word_set(
    "of the and de da di du del della der den van von la le las los el al bin ibn y a an in"
)

_TIMES: Final = word_set(
    """
    day night dawn dusk morning afternoon evening noon midday midnight sunset sunrise twilight continuous
    cont'd contd later same moments minutes hours seconds magic hour early late before after next the time
    that flashback present past intercut established establishing est pre-dawn predawn a few days weeks
    months years night's and or summer winter spring autumn rain v.o. to resume resuming back scene
    """
)
_WHERE: Final = re.compile(r"^\s*(?:(?:INT|EXT|EST|I/E|E/I)\b[./ ]*)+", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[\[.*?\]\]|#[^#\s]*#?")
_SPLIT_PLACE: Final = re.compile(r"\s+[-–—]+\s*|\s*--+\s*|\s*[–—]\s*|\s*/\s*|\s*,\s+|\s*[;:]\s+")
_SPLIT_CUE: Final = re.compile(r"\s*(?:&|/|\+|,|\bAND\b|\bWITH\b)\s*")
_VOICE: Final = re.compile(
    r"['’]S?\s+(?:VOICE|GHOST|VOICEMAIL|VOICE ?MAIL|MOTHER|FATHER|VOICE-OVER)\b.*$", re.IGNORECASE
)
_NUMBERED: Final = re.compile(r"\s*(?:#\s*\d+|\b(?:NO|NUMBER)\.?\s*\d+|\s\d+)\s*$", re.IGNORECASE)
_CAPS_WORD: Final = r"[^\W\d_a-zß-öø-ÿ](?:[^\W_a-zß-öø-ÿ]|['’.-])*"
#: "IDA BREM (66, …", "MARGARET, 37, …", "JONAS (late 20s)": how a script brings somebody in.
_INTRODUCED: Final = re.compile(
    rf"(?<![\w'’])({_CAPS_WORD}(?:\s+[\"“]?{_CAPS_WORD}[\"”]?){{0,4}})\s*(?:,|\()\s*"
    r"(?:(?:early|late|mid|about|around|aged?|in (?:his|her|their))[\s-]+)*"
    r"(?:\d{1,3}\b|\d0s\b|teens?\b|twenties|thirties|forties|fifties|sixties|seventies|eighties)"
)
_EMPHASIS: Final = re.compile(r"\*+|(?<!\w)_+|_+(?!\w)")
_EPISODE: Final = re.compile(
    r"^(?:(?:EPISODE|EP|PART|CHAPTER|SEASON|ACT)\b\.?\s*[\w.]*\s*[:–—-]*\s*)+", re.IGNORECASE
)
_UNTITLED: Final = word_set(
    "untitled script screenplay draft project title test new working pilot episode sample"
)


def terms_of(screenplay: Screenplay, title: str = "") -> tuple[NameTerm, ...]:
    """The names that a script gives by itself, in order: titles, characters, places, writers.

    Characters come from cues and from introductions in action ("IDA BREM (66, …"); a full name that holds a
    cue's name becomes its alias. Places come from slug lines, part by part.

    Args:
        title: the project's own title, if it has one beside the script's.
    """
    terms: list[NameTerm] = []
    titles = dict.fromkeys(
        one for text in (*screenplay.title_page.get("title", "").splitlines(), title) if (one := _title(text))
    )
    terms += [NameTerm(text=one, kind=NameKind.TITLE, source="script") for one in titles]
    people = _characters(screenplay)
    terms += [
        NameTerm(text=name, kind=NameKind.CHARACTER, aliases=tuple(aliases), source="script")
        for name, aliases in people.items()
    ]
    spoken = {word.casefold() for name in people for word in name.split()}
    terms += [
        NameTerm(text=place, kind=NameKind.PLACE, source="script") for place in _places(screenplay, spoken)
    ]
    terms += [
        NameTerm(text=writer, kind=NameKind.PERSON, source="script")
        for writer in _writers(screenplay.title_page)
    ]
    return tuple({(term.text.casefold(), term.kind): term for term in reversed(terms)}.values())[::-1]


def merged(script: Iterable[NameTerm], people: Iterable[NameTerm]) -> tuple[NameTerm, ...]:
    """The whole list: what people wrote stands above what the script gives for the same text.

    Ways to write a name are never lost by that: those that the script gives stay on the list.
    """
    by_text: dict[str, NameTerm] = {}
    for term in (*script, *people):
        known = by_text.get(term.text.casefold())
        aliases = {alias.casefold(): alias for alias in (*(known.aliases if known else ()), *term.aliases)}
        by_text[term.text.casefold()] = term.model_copy(update={"aliases": tuple(aliases.values())})
    return tuple(by_text.values())


def parts_of(term: NameTerm) -> tuple[str, ...]:
    """The single words of its spellings that name it by themselves: first and last names, "Skerra".

    Honorifics and particles are none. Of titles, places, organisations and other things a word counts only
    if it is no ordinary English word.
    """
    found: dict[str, None] = {}
    personal = term.kind in (NameKind.CHARACTER, NameKind.PERSON)
    for written in (term.text, *term.aliases):
        words = [word.strip("\"“”'’.,()") for word in re.split(r"[\s/]+", written)]
        words = [word for word in words if word]
        if len(words) < 2:
            continue
        for word in words:
            bare = re.sub(r"['’]s$", "", word, flags=re.IGNORECASE)
            low = bare.casefold().replace("’", "'")
            if low in HONORIFICS or low in _PARTICLES or len(bare) < 2 or low.isdigit():
                continue
            if personal:
                names = low not in _NO_NAMES and (low not in LIGHT or low in _NAME_LIKE)
            else:
                names = len(low) > 3 and not is_ordinary(low)
            if names:
                found[bare] = None
    return tuple(found)


#: Light words that people are called all the same.
_NAME_LIKE: Final = word_set("hope will may long little young near")
_NO_NAMES: Final = (QUALIFIERS | ROLES | PEOPLE) - word_set(
    "young white black brown green gray grey long little small winter summer spring autumn west north hunter"
    " baker butcher carpenter cook dean gardener porter page prince king tailor rider miller earl duke guy"
)


def is_ordinary_name(text: str) -> bool:
    """Whether a name is made of ordinary words alone, so that it may be meant as words: "Hope", "The Wolf".

    Only base forms and plurals count: Carter and Parker are names though one carts and parks.
    """
    words = [word for word in re.split(r"[^\w'’]+", text.casefold().replace("’", "'")) if word]
    return all(
        word in WORDS
        or len(word) == 1
        or word.isdigit()
        or (len(word) > 4 and word[-1] == "s" and word[:-1] in WORDS)
        or (word.endswith("'s") and word[:-2] in WORDS)
        for word in words
    )


# internals


def _title(text: str) -> str:
    plain = _EPISODE.sub("", " ".join(_EMPHASIS.sub("", text).split())).strip("\"“”' ")
    return "" if all(word in _UNTITLED or word.isdigit() for word in plain.lower().split()) else plain[:200]


def _cues(screenplay: Screenplay) -> list[str]:
    found: dict[str, None] = {}
    for cue in screenplay.characters:
        for one in _SPLIT_CUE.split(_VOICE.sub("", _BRACKETS.sub("", cue)).upper()):
            name = _NUMBERED.sub("", " ".join(_EMPHASIS.sub("", one).strip(" ^@-").split()))
            if name and any(char.isalpha() for char in name) and not is_generic(name):
                found[name] = None
    return list(found)


def _characters(screenplay: Screenplay) -> dict[str, list[str]]:
    cues = _cues(screenplay)
    full: dict[str, None] = {}
    for element in screenplay.elements:
        if element.type is ElementType.ACTION:
            for match in _INTRODUCED.finditer(_EMPHASIS.sub("", element.text)):
                name = " ".join(match[1].split()).strip(".,-'’ ")
                if (
                    len(name) > 1
                    and not is_generic(name)
                    and not all(w in LIGHT for w in name.lower().split())
                ):
                    full[name] = None
    people: dict[str, list[str]] = {cue: [] for cue in cues}
    longer = [*full, *(cue for cue in cues if len(cue.split()) > 1)]
    for name in dict.fromkeys(longer):
        words = name.split()
        holders = [cue for cue in cues if cue != name and _within(cue.split(), words)]
        if len(holders) == 1 and _only_full_name(holders[0], longer):
            people[holders[0]].append(name)
            people.pop(name, None)
        elif name not in people:
            people[name] = []
    return people


def _only_full_name(cue: str, names: Iterable[str]) -> bool:
    return sum(1 for name in dict.fromkeys(names) if name != cue and _within(cue.split(), name.split())) == 1


def _within(part: list[str], whole: list[str]) -> bool:
    return len(part) < len(whole) and any(
        whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1)
    )


def _places(screenplay: Screenplay, spoken: set[str]) -> list[str]:
    found: dict[str, None] = {}
    for scene in screenplay.scenes:
        heading = _EMPHASIS.sub("", scene.heading).lstrip(". ")
        bare, inside = _WHERE.subn("", heading)
        for part in _SPLIT_PLACE.split(_BRACKETS.sub("", bare)):
            part = _NUMBERED.sub("", _WHERE.sub("", part).strip(' .-,;:!?"“”'))
            words = re.sub(r"['’]S\b", "", part, flags=re.IGNORECASE).lower().split()
            if not words or all(word.strip(".") in _TIMES or word.isdigit() for word in words):
                continue
            own = [word for word in words if word not in spoken and word not in _PARTICLES]
            if not own or is_generic(" ".join(own)):
                continue
            # A forced heading may be a whole sentence; only a word that is no ordinary one makes it a place.
            if not inside and all(is_ordinary(word) for word in own):
                continue
            found[part] = None
    return list(found)


def _writers(title_page: Mapping[str, str]) -> list[str]:
    found: dict[str, None] = {}
    for key in ("author", "authors", "writer", "writers"):
        for line in title_page.get(key, "").splitlines():
            for one in re.split(r"\s*(?:&|,|\band\b|\bwith\b)\s*", _EMPHASIS.sub("", line)):
                words = one.split()
                if 2 <= len(words) <= 4 and all(word[0].isupper() for word in words) and not is_generic(one):
                    found[one.strip()] = None
    return list(found)
