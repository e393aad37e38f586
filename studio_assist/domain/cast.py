"""Who is meant in a script's prose: names, their short forms, roles and pronouns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from studio_assist.domain.common_words import PEOPLE
from studio_assist.domain.screenplay import ElementType, Screenplay
from studio_assist.domain.shot_words import NAMELESS, WORD
from studio_assist.domain.word_lists import ROLES

_TOKEN: Final = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
#: "IDA BREM (66, fingerless gloves", "MARGARET, 37": how action introduces people.
_INTRODUCED: Final = re.compile(
    r"\b([A-Z][A-Z'’-]+(?: [A-Z][A-Z'’.-]+){0,2}),? ?\(?,? ?"
    r"(?=\d{1,2}\b|(?:early|mid|late)[ -]\d|teens)"
)
_PRONOUNS: Final = {
    "he": "he", "him": "he", "his": "he", "himself": "he",
    "she": "she", "her": "she", "hers": "she", "herself": "she",
}  # fmt: skip
_COMMON: Final = NAMELESS | PEOPLE | ROLES


class Cast:
    """A script's people, by the names of their cues.

    A longer form of a name ("IDA BREM", "CYBER BOB") is the same person as the short one; whom the script
    calls he or she is learned from its own sentences.
    """

    def __init__(self, script: Screenplay) -> None:
        self._names: dict[tuple[str, ...], str] = {}
        self._first: dict[str, list[tuple[str, ...]]] = {}
        self._votes: dict[str, Counter[str]] = {}
        self._by_token: dict[str, list[tuple[str, ...]]] = {}
        for name in script.characters:
            self._add(name)
        action = [one.text for one in script.elements if one.type is ElementType.ACTION]
        for text in action:
            for found in _INTRODUCED.finditer(text):
                self._add(found[1])
        for text in action:
            self._learn(text)

    def cue(self, name: str) -> str:
        """The one name that this and its other forms stand for."""
        return self._names.get(_key(name), name.upper())

    def named(self, text: str) -> list[tuple[int, str]]:
        """Who is named in a text, with the place of each first mention, in order."""
        tokens = list(_TOKEN.finditer(text))
        keys = [_plain(token[0]) for token in tokens]
        found: dict[str, int] = {}
        place = 0
        while place < len(tokens):
            step = 1
            for name in self._first.get(keys[place], ()):
                if tuple(keys[place : place + len(name)]) == name and _meant(tokens[place][0], name):
                    found.setdefault(self._names[name], tokens[place].start())
                    step = len(name)
                    break
            place += step
        return [(start, name) for name, start in found.items()]

    @staticmethod
    def introduced(text: str) -> bool:
        """Somebody is introduced here, with their age."""
        return bool(_INTRODUCED.search(text))

    def nameless(self, text: str) -> list[tuple[int, str]]:
        """People whom a text calls by no name ("a man", "two soldiers" as one SOLDIER)."""
        found: dict[str, int] = {}
        before: list[str] = []
        for word in WORD.finditer(text):
            low = word[0].casefold()
            one = low if low in NAMELESS else low.removesuffix("s")
            # "As tall as a man" is nobody.
            nobody = {"of", "like", "as", "no", "than"} & set(before[-2:])
            if one in NAMELESS and not nobody and _key(one) not in self._names:
                found.setdefault(one.upper(), word.start())
            before.append(low)
        return [(start, name) for name, start in found.items()]

    def meant(self, pronoun: str, recent: Sequence[str]) -> str:
        """Whom he or she stands for, among those mentioned, the latest last; "" for nobody."""
        kind = _PRONOUNS.get(pronoun.casefold(), "")
        if not kind:
            return ""
        for sure in (True, False):
            for name in reversed(recent):
                votes = self._votes.get(name)
                leaning = votes.most_common(1)[0][0] if votes else ""
                if leaning == kind or (not sure and not leaning):
                    return name
        return ""

    def _add(self, name: str) -> None:
        key = _key(name)
        if not key or key in self._names:
            return
        near = [known for token in key for known in self._by_token.get(token, ())]
        same = next((known for known in near if self._forms(key, known)), None)
        for token in set(key):
            self._by_token.setdefault(token, []).append(key)
        self._names[key] = self._names[same] if same else name.upper()
        self._first.setdefault(key[0], []).append(key)
        self._first[key[0]].sort(key=len, reverse=True)

    @staticmethod
    def _forms(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        """Two forms of one name: all words of the shorter are in the longer, and say more than a role."""
        short, long = sorted((one, other), key=len)
        return len(short) < len(long) and set(short) <= set(long) and not set(short) <= _COMMON

    def _learn(self, text: str) -> None:
        names = self.named(text)
        if len(names) != 1:
            return
        pronouns = {_PRONOUNS[word] for word in _words(text) if word in _PRONOUNS}
        if len(pronouns) == 1:
            self._votes.setdefault(names[0][1], Counter())[pronouns.pop()] += 1


def _words(text: str) -> Iterable[str]:
    return (word.casefold() for word in WORD.findall(text))


def _plain(word: str) -> str:
    return word.casefold().removesuffix("'s").removesuffix("’s").rstrip(".")


def _key(name: str) -> tuple[str, ...]:
    return tuple(_plain(word) for word in _TOKEN.findall(name))


def _meant(word: str, name: tuple[str, ...]) -> bool:
    """A name has a capital, or is a role that prose writes small; "will" is not WILL."""
    return not word[:1].islower() or (name[-1] in _COMMON and name[0] == _plain(word))
