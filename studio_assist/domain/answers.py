"""Measures one answer: what of it is shown, why it is not worth showing, or how well it fits its scene.

The checks are those that a very small model fails in practice: it copies the worked examples, loops, brings
in people and things from nowhere, says the line again word for word, or drifts off. The reasons read after
a number: "3 off the subject, 1 looping".
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from .common_words import CAPITALISED, COARSE, LIGHT, NEGATIONS, PEOPLE, PERSONS
from .common_words import word_set as _words
from .context import TaskContext, name_in_prose
from .leads import sentences
from .notes import Wish, wishes_of
from .tasks import Placement, Task, examples

_WORD: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LABEL: Final = re.compile(r"^\s*(?:[A-Z][\w.' ]{0,24}|In other words|Line|Answer)\s*:\s+")
_LISTED: Final = re.compile(r"^\s*(?:[-*•]|\(?\d{1,2}[.)])\s+")
_EMPHASIS: Final = re.compile(r"\*\*|__|^#+\s*|^>\s*")
_QUOTES: Final = {'"': '"', "“": "”", "'": "'", "‘": "’", "«": "»"}
_ENDS: Final = (".", "!", "?", "…", "—", "--", "”", '"', "’", ")")
_STRAY: Final = re.compile(r"https?:|www\.|[{}<>\[\]|\\=#@_~^%$£€]|\.\.\.\.|[!?]{2,}|\(|\)|\d{3,}|�")
#: Words that make no other line of a line.
_FILLERS: Final = _words("and but so a an the oh well then that is are")
_SPEAKERS: Final = _words("i me my you your we us our he him his she her they them their")
_SPOKEN_TO: Final = _words("i i'm i'll i've i'd me my mine you you're your yours we we're us our let's")
_SPEECH: Final = re.compile(r"[\"“”]|\b(?:says|said|asks|whispers|shouts)\b")
_VAGUE: Final = re.compile(
    r"\b(?:two|three) (?:things|doors|options|choices|ways|people)\b|\bno longer there\b"
)
#: What the built-in model reaches on answers that are neither good nor bad.
_USUAL_SURENESS: Final = -0.95
#: Worked examples are copied in runs of at least so many words.
_COPY: Final = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """One measured answer: `why` is "" when it is worth showing; `score` is 0 to 1."""

    text: str
    why: str
    score: float
    words: tuple[str, ...]

    def same_as(self, other: Answer) -> bool:
        """The same words, or all but one of them."""
        if self.words == other.words:
            return True
        mine, theirs = Counter(self.words), Counter(other.words)
        common = (mine & theirs).total()
        return common >= max(mine.total(), theirs.total()) - 1 and common >= 4


def words_of(text: str) -> tuple[str, ...]:
    """A text's words in small letters, with straight apostrophes."""
    return tuple(word.lower().replace("’", "'") for word in _WORD.findall(text))


class Measure:
    """Measures the answers to one task in one context."""

    def __init__(self, task: Task, context: TaskContext) -> None:
        self._task = task
        self._line = context.line.text if context.line and task.placement is Placement.REPLACE else ""
        self._line_words = words_of(self._line)
        scene = " ".join([context.heading, context.note, *(part.written for part in context.scene)])
        names = " ".join((*context.characters, *context.cast, context.title, *context.synopses))
        self._scene_words = frozenset(words_of(scene))
        self._known = self._scene_words | frozenset(words_of(names))
        self._stems = frozenset(_stem(word) for word in self._known)
        self._copied = frozenset(
            run
            for run in _runs(words_of(examples(task)), _COPY) - _runs(words_of(scene), _COPY)
            if not LIGHT.issuperset(run)
        )
        self._borrowed = frozenset(words_of(examples(task))) - LIGHT - self._known
        self._worked = frozenset(words_of(part) for part in sentences(examples(task))) - {
            words_of(self._line)
        }
        self._persons = {PERSONS[word] for word in self._scene_words if word in PERSONS}
        self._wishes = wishes_of(context.note)
        self._noted = frozenset(_runs(words_of(context.note), _COPY)) - _runs(self._line_words, _COPY)
        # "Colder." says how, not what: an answer that speaks of the cold has taken it for a subject.
        self._told_how = frozenset(_stem(word) for word in words_of(context.note) if wishes_of(word)) - {
            _stem(word) for word in words_of(self._line)
        }
        self._names = tuple(name_in_prose(name) for name in context.characters)
        self._several_lines = task.max_words > 60
        #: The answer tells what is there; it is nobody's speech.
        self._tells = task.placement is not Placement.REPLACE and not self._several_lines

    def shown(self, raw: str, opening: tuple[str, str]) -> str:
        """What a card shows of an answer as it grows: cleaned, not yet judged."""
        text = self._clean(raw)
        return _joined(opening, text) if text else ""

    def answer(
        self, raw: str, opening: tuple[str, str], *, whole: bool, sureness: float | None = None
    ) -> Answer:
        """Measure a finished answer.

        Args:
            opening: (frame, words) that stand before it.
            whole: the model came to an end; otherwise it was cut off by its length.
            sureness: as in `Finished`.
        """
        text = self._clean(raw)
        frame, lead = opening
        body = self._trimmed(_joined(("", lead), text), lead, whole=whole) if text else ""
        words = words_of(body)
        why = self._why(text, body, words, lead)
        score = 0.0 if why else self._score(body, words, lead, sureness)
        return Answer(text=_joined((frame, ""), body), why=why, score=score, words=words)

    # internals

    def _clean(self, raw: str) -> str:
        text = raw if self._several_lines else raw.lstrip().split("\n", 1)[0]
        text = _EMPHASIS.sub("", text) if self._several_lines else _EMPHASIS.sub("", _LISTED.sub("", text))
        if self._several_lines:
            return text.strip()
        starts_new = bool(text) and raw[:1].isspace()
        text = _LABEL.sub("", " ".join(text.split()), count=1)
        if len(text) > 1 and _QUOTES.get(text[0]) == text[-1]:
            text = text[1:-1].strip()
        # A lone apostrophe is no open quotation: it may go on in a word ("'s out there").
        elif text[:1] in {'"', "“"} and _QUOTES[text[0]] not in text[1:]:
            text = text[1:].lstrip()
        # The model's own space says whether it begins a word or goes on in one ("Somebody" + "'s out there").
        return f" {text}" if starts_new and text else text

    def _trimmed(self, body: str, lead: str, *, whole: bool) -> str:
        """Cut at a sentence's end: what is broken off, and what is longer than the element it stands for."""
        if self._several_lines:
            return body if whole else body[: max((body.rfind(end) for end in _ENDS), default=-1) + 1]
        parts = list(sentences(body))
        if parts and not whole and not parts[-1].endswith(_ENDS):
            parts.pop()
        most = self._task.max_words
        if self._line_words:
            most = min(most, max(len(self._line_words) + 6, len(self._line_words) * 8 // 5))
        if self._task.placement is not Placement.REPLACE:
            parts = parts[:1]
        own = len(sentences(self._line)) if self._line else 1
        parts = parts[: own + 1]
        while len(parts) > 1 and len(words_of(" ".join(parts))) > most:
            parts.pop()
        text = " ".join(parts)
        # The lead may end in the middle of the first sentence: nothing of the model's is left then.
        return text if len(words_of(text)) > len(words_of(lead)) else ""

    def _why(self, text: str, body: str, words: tuple[str, ...], lead: str) -> str:
        if not words_of(text):
            return "empty"
        if not body:
            return "broken off" if not text.rstrip().endswith(_ENDS) else "empty"
        own = words[len(words_of(lead)) :]
        if len(words) < self._task.min_words:
            return "too short"
        if len(words) > self._task.max_words * 3 // 2:
            return "too long"
        if self._line_words and not _difference(words, self._line_words) - _FILLERS:
            return "the line itself"
        if self._several_lines:
            parts = Counter(sentences(body))
            return "looping" if any(times > 2 for times in parts.values()) else ""
        if _loops(words) and not _loops(self._line_words):
            return "looping"
        parts = {words_of(part) for part in sentences(body)}
        if self._copied.intersection(_runs(own, _COPY)) or any(
            len(part) > 1 for part in parts & self._worked
        ):
            return "copied from a worked example"
        if self._line_words and self._noted.intersection(_runs(own, _COPY)):
            return "copied from the note"
        if set(words) & COARSE - self._scene_words:
            return "coarse where the scene is not"
        if _STRAY.search(body) and not _STRAY.search(self._line):
            return "with stray marks"
        if self._strangers(body):
            return "with a name that is not in the script"
        if self._new_persons(own):
            return "about somebody who is not there"
        if self._tells and (_SPEECH.search(body[len(lead) :]) or set(own) & _SPOKEN_TO):
            return "spoken instead of told"
        return ""

    def _strangers(self, body: str) -> bool:
        """A capital inside a sentence that no word of the script has: a name from nowhere, or shouting."""
        for sentence in sentences(body):
            for place, found in enumerate(_WORD.findall(sentence)):
                lowered = found.lower().replace("’", "'")
                base = lowered.removesuffix("'s")
                unknown = found[0].isupper() and not {lowered, base} & (self._known | CAPITALISED)
                if unknown and (place > 0 or (found.isupper() and len(found) > 1)):
                    return True
        return False

    def _new_persons(self, own: tuple[str, ...]) -> bool:
        if set(own) & PEOPLE - self._known:
            return True
        persons = {PERSONS[word] for word in own if word in PERSONS}
        # A named character has a pronoun that the scene need not have used yet.
        return bool(persons - self._persons) and (bool(self._line_words) or not self._names)

    def _score(self, body: str, words: tuple[str, ...], lead: str, sureness: float | None) -> float:
        own = words[len(words_of(lead)) :]
        heavy = [word for word in own if word not in LIGHT]
        new = [word for word in heavy if _stem(word) not in self._stems]
        known = len(heavy) - len(new)
        score = 0.6 + 0.08 * min(known, 2) - 0.14 * max(0, len(new) - self._task_allows())
        score -= 0.3 * sum(1 for word in heavy if word in self._borrowed or _stem(word) in self._told_how)
        if sureness is not None:
            score += min(0.18, max(-0.45, 0.36 * (sureness - _USUAL_SURENESS)))
        if not body.endswith(_ENDS):
            score -= 0.12
        if self._tells and _VAGUE.search(body):
            score -= 0.3
        if self._line_words:
            score += self._as_a_version(body, words)
        repeated = Counter(word for word in own if word not in LIGHT)
        score -= 0.15 * sum(times - 1 for times in repeated.values() if times > 1)
        score += sum(self._meets(wish, body, words) for wish in self._wishes)
        return min(1.0, max(0.0, score))

    def _task_allows(self) -> int:
        """How many new words an answer may bring: a shot's detail has to be new, a line's version has not."""
        return 1 if self._line_words else 2

    def _as_a_version(self, body: str, words: tuple[str, ...]) -> float:
        """How far it is from the line: not the same again, not its opposite, not another length."""
        mine, theirs = Counter(words), Counter(self._line_words)
        common = (mine & theirs).total()
        share = common / max(mine.total(), theirs.total())
        value = 0.12 if 0.25 <= share <= 0.75 else -0.15 if share > 0.85 or share == 0 else 0.0
        longer = len(words) / max(1, len(self._line_words))
        if not 0.4 <= longer <= 1.9:
            value -= 0.15
        if _turns(words) % 2 != _turns(self._line_words) % 2:
            value -= 0.22
        if self._line.endswith("?") and "?" not in body and words[:2] != ("tell", "me"):
            value -= 0.2
        # "I want to see her" and "I want to see you" are not versions of each other.
        mine_speak, theirs_speak = set(words) & _SPEAKERS, set(self._line_words) & _SPEAKERS
        value -= 0.07 * len(mine_speak ^ theirs_speak)
        # A word that was said once and now comes twice.
        value -= 0.1 * sum(
            1 for word, times in mine.items() if len(word) > 2 and times > max(1, theirs[word])
        )
        return value

    def _meets(self, wish: Wish, body: str, words: tuple[str, ...]) -> float:
        match wish:
            case Wish.SHORTER:
                return 0.25 if len(words) < len(self._line_words) else -0.25
            case Wish.LONGER:
                return 0.25 if len(words) > len(self._line_words) else -0.25
            case Wish.QUESTION:
                return 0.3 if body.rstrip().endswith("?") else -0.3
            case Wish.STATEMENT:
                return -0.3 if "?" in body else 0.1
            case Wish.COLDER:
                return -0.3 if "!" in body or set(words) & {"sorry", "please", "love"} else 0.08
            case Wish.WARMER:
                return 0.2 if set(words) & {"please", "love", "dear", "together", "sorry", "us"} else 0.0


def _joined(opening: tuple[str, str], text: str) -> str:
    frame, lead = opening
    if lead:
        stripped = text.lstrip()
        glue = " " if text[:1].isspace() and stripped[:1] not in ".,;:!?…" else ""
        text = f"{lead}{glue}{stripped}" if stripped else lead
    text = text.strip()
    return f"{frame} {text}" if frame and text else frame or text


def _stem(word: str) -> str:
    for ending in ("'s", "ing", "ed", "er", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e") if len(word) > 3 else word


def _runs(words: tuple[str, ...], length: int) -> set[tuple[str, ...]]:
    return {words[start : start + length] for start in range(len(words) - length + 1)}


def _loops(words: tuple[str, ...]) -> bool:
    """The same three words twice, the same two words twice in a row, or a word three times with weight."""
    threes = [words[start : start + 3] for start in range(len(words) - 2)]
    if len(threes) != len(set(threes)):
        return True
    if any(words[start : start + 2] == words[start + 2 : start + 4] for start in range(len(words) - 3)):
        return True
    if any(first == second for first, second in pairwise(words) if len(first) > 2):
        return True
    return any(times > 2 and word not in LIGHT for word, times in Counter(words).items())


def _spelled(words: tuple[str, ...]) -> Counter[str]:
    """Words with short forms written out, so that "you're" and "you are" are the same words."""
    text = " ".join(words)
    for ending, written in (
        ("n't", " not"),
        ("'re", " are"),
        ("'ll", " will"),
        ("'ve", " have"),
        ("'m", " am"),
    ):
        text = text.replace(ending, written)
    return Counter(text.replace("'s", " is").split())


def _difference(one: tuple[str, ...], other: tuple[str, ...]) -> frozenset[str]:
    """Words that one has and the other has not."""
    mine, theirs = _spelled(one), _spelled(other)
    return frozenset((mine - theirs) + (theirs - mine))


def _turns(words: tuple[str, ...]) -> int:
    return sum(1 for word in words if word in NEGATIONS or word.endswith("n't"))
