"""A scene as beats: its sentences of action and its speeches, with who and what is in each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from studio_assist.domain.cast import Cast
from studio_assist.domain.common_words import word_set
from studio_assist.domain.context import name_in_prose
from studio_assist.domain.screenplay import Element, ElementType, Screenplay
from studio_assist.domain.sentences import Span, sentence_spans
from studio_assist.domain.shot_words import VERBS, WORD, pieces_in, verbs_of

#: Emphasis, notes and boneyards are not said and not seen.
_MARKUP: Final = re.compile(r"\[\[.*?\]\]|/\*.*?\*/|[*_\\]+", re.DOTALL)
_CUT: Final = re.compile(
    r"^(?:(?:SMASH |MATCH |JUMP |HARD )?CUT|FADE|DISSOLVE|WIPE|IRIS|BACK TO|THE END|TITLE CARD)\b[^a-z]*$"
)
#: Extensions of a cue that say that the speaker is heard and not seen.
_UNSEEN: Final = re.compile(
    r"\b(?:V\.?\s?O|O\.?\s?S|O\.?\s?C|OFF|FILTERED|ON (?:PHONE|RADIO|TV))\b", re.IGNORECASE
)
_SPOKEN: Final = frozenset({ElementType.DIALOGUE, ElementType.LYRICS})


@dataclass(frozen=True, slots=True)
class Beat:
    """One sentence of action, or one speech.

    Attributes:
        spans: places in the script, one a sentence of a speech; the first begins at the cue.
        text: the sentence; for a speech what is said.
        who: in the sentence, who acts first; for a speech the speaker.
        said: for a speech, its sentences.
        manner: a speech's parentheticals.
        implied: who acts is understood ("she", "they", no word at all) rather than named.
        introduces: somebody is seen for the first time, with their age.
        paragraph: sentences of one paragraph have one number.
    """

    span: Span
    text: str
    who: tuple[str, ...]
    verbs: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    pieces: tuple[str, ...] = ()
    speaker: str = ""
    unseen: bool = False
    said: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    manner: str = ""
    dual: bool = False
    implied: bool = False
    introduces: bool = False
    paragraph: int = 0


def plain(text: str) -> str:
    """A text as it is read: no markup, no line breaks."""
    return " ".join(_MARKUP.sub("", text).split())


def beats_of(script: Screenplay, elements: Sequence[Element], cast: Cast) -> list[Beat]:
    """The beats of some elements, in order."""
    reader = _Reader(script, cast)
    found: list[Beat] = []
    place = 0
    while place < len(elements):
        element = elements[place]
        if element.type is ElementType.CHARACTER:
            end = place + 1
            while end < len(elements) and elements[end].type in _SPOKEN | {ElementType.PARENTHETICAL}:
                end += 1
            found += reader.speech(elements[place:end])
            place = end
            continue
        if element.type in (ElementType.ACTION, ElementType.CENTERED):
            found += reader.action(element, place)
        place += 1
    return found


class _Reader:
    """Reads a scene from its top: who was meant last is who "she" is."""

    def __init__(self, script: Screenplay, cast: Cast) -> None:
        self._text: Final = script.text
        self._cast: Final = cast
        self._recent: list[str] = []

    def action(self, element: Element, paragraph: int) -> Iterator[Beat]:
        if _CUT.match(element.text.strip()):
            return
        start, end = element.start, element.end
        if self._text[start:end].lstrip().startswith("!"):
            start = self._text.index("!", start) + 1
        for span in sentence_spans(self._text, start, end):
            text = plain(self._text[span[0] : span[1]])
            if not any(letter.isalnum() for letter in text):
                continue
            who, implied = self._who(text)
            self._mention(who)
            yield Beat(
                span=span,
                text=text,
                who=who,
                verbs=tuple(verbs_of(text)),
                words=frozenset(word.casefold() for word in WORD.findall(text)),
                pieces=pieces_in(text),
                implied=implied,
                introduces=self._cast.introduced(text),
                paragraph=paragraph,
            )

    def speech(self, elements: Sequence[Element]) -> Iterator[Beat]:
        cue = elements[0]
        spans: list[Span] = []
        for element in elements[1:]:
            if element.type in _SPOKEN:
                spans += sentence_spans(self._text, element.start, element.end)
        said = [plain(self._text[start:end]).lstrip("~ ") for start, end in spans]
        heard = [(span, text) for span, text in zip(spans, said, strict=True) if text]
        if not heard:
            return
        speaker = self._cast.cue(cue.text)
        manner = ", ".join(
            plain(one.text).strip("() ") for one in elements if one.type is ElementType.PARENTHETICAL
        )
        begin = (
            cue.start + len(self._text[cue.start : cue.end]) - len(self._text[cue.start : cue.end].lstrip())
        )
        first, *rest = [span for span, _text in heard]
        unseen = bool(_UNSEEN.search(cue.extension or ""))
        self._mention([speaker])
        yield Beat(
            span=(begin, heard[-1][0][1]),
            text=" ".join(text for _span, text in heard),
            who=(speaker,),
            speaker=speaker,
            unseen=unseen,
            said=tuple(text for _span, text in heard),
            spans=((begin, first[1]), *rest),
            manner=manner,
            dual=cue.dual,
            words=frozenset(word.casefold() for word in WORD.findall(manner)),
        )

    def _who(self, text: str) -> tuple[tuple[str, ...], bool]:
        """Who is in a sentence, who acts first; and whether that one is understood rather than named."""
        # "CYBER BOB, 40, a white man" is one person.
        others = [] if self._cast.introduced(text) else self._cast.nameless(text)
        named = sorted([*self._cast.named(text), *others])
        who = [name for _start, name in named]
        words = WORD.findall(text)
        first = words[0].casefold() if words else ""
        if first == "they" and len(self._recent) > 1:
            return tuple(dict.fromkeys([*self._recent[-2:], *who])), True
        pronoun = next((word for word in words[:6] if word.casefold() in ("he", "she")), "")
        if pronoun and (not named or text.index(pronoun) < named[0][0]):
            meant = self._cast.meant(pronoun, self._recent)
            if meant:
                return tuple(dict.fromkeys([meant, *who])), True
        # "Looks at the motor.": a sentence without a subject goes on with the last one.
        if first in VERBS and first != VERBS[first] and self._recent and not first.endswith(("ing", "ed")):
            return tuple(dict.fromkeys([self._recent[-1], *who])), True
        if not who and first in ("his", "her") and self._recent:
            meant = self._cast.meant(first, self._recent)
            return ((meant,), True) if meant else ((), False)
        return tuple(who), False

    def _mention(self, who: Sequence[str]) -> None:
        for name in reversed(who):
            if name in self._recent:
                self._recent.remove(name)
            self._recent.append(name)


def titled(text: str, subject: str, others: Sequence[str] = (), *, implied: bool = False) -> str:
    """Two to five words for a list: "Ida looks at the motor", "Brass plate"."""
    bare = re.sub(r"\([^)]*\)?", " ", text)
    clauses = [part for part in re.split(r"[,;:.!?…—\"“”()]+|--+| - ", bare) if WORD.search(part)]
    words = clauses[0].split() if clauses else text.split()
    if len(words) < 2 and len(clauses) > 1:
        words += clauses[1].split()
    if implied and subject and words:
        words = _with_subject(words, name_in_prose(subject), [name_in_prose(name) for name in others])
    kept = [name_in_prose(word) if word.isupper() and len(word) > 1 else word for word in words[:5]]
    while len(words) > 5 and len(kept) > 2 and kept[-1].casefold() in _LOOSE:
        kept.pop()
    if len(kept) < 3 < len(words):
        # "Maya looks up at the door at last": rather without articles than without the door.
        kept = [word for word in words[:9] if word.casefold() not in ("a", "an", "the")][:5]
        while len(kept) > 2 and kept[-1].casefold() in _LOOSE:
            kept.pop()
    title = " ".join(kept)
    return title[:1].upper() + title[1:60]


def _with_subject(words: list[str], name: str, others: Sequence[str]) -> list[str]:
    """So that "She caps the pencil" becomes "Ida caps the pencil"."""
    match words[0].casefold():
        case "he" | "she":
            return [name, *words[1:]]
        case "they":
            return [name, *(["and", others[0]] if others else []), *words[1:]]
        case "his" | "her":
            return [f"{name}’s", *words[1:]]
        case _:
            return [name, words[0].lower(), *words[1:]]


#: A title does not end on these.
_LOOSE: Final = word_set(
    "a an the of to in on at with and or but for from by as into onto over under up down out off his her"
    " their its that which who is are was were has have had very one so than then like through behind"
    " beside it this where when while if not towards toward across against around"
)
