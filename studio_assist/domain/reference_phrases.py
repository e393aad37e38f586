"""Finding the name that stands beside a phrase such as "in the style of". Pure.

What counts as a name: words with capitals, or anything in quotes. Capitals that the layout explains (a line
in capitals, a word stressed as scripts do) say nothing, and then a word that is no everyday one is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from studio_assist.domain.common_words import LIGHT
from studio_assist.domain.ordinary_words import is_ordinary
from studio_assist.domain.reference_list import ARTICLES, sentence_begins
from studio_assist.domain.reference_patterns import Pattern, Patterns
from studio_assist.domain.reference_words import Word, bare_text, keys_of

#: The most words of a name, and of a title in quotes.
_MOST_WORDS: Final = 8
_MOST_QUOTED: Final = 90
_BETWEEN: Final = re.compile(r"[\s\-‐-―*_/]{0,4}\Z")
#: Between a phrase and its name; no line is left empty and no sentence ends.
_BEFORE_NAME: Final = re.compile(r"[ \t]*:?\s?[ \t]*(?P<quote>[\"“„«‘'*_]{0,3})\Z")
#: Between the words of a name; a dot only after an initial or a title, a colon before a subtitle.
_WITHIN: Final = re.compile(r"(?:[ \t]|[-‐‑'’]|, (?=Jr)|: | & )?\Z")
_DOTTED: Final = re.compile(r"\. ?\Z")
_CLOSING: Final = {'"': '"', "“": "”", "„": "“”", "«": "»", "‘": "’", "'": "'", "*": "*", "_": "_"}
_TITLES: Final = frozenset(["dr", "mr", "mrs", "ms", "st", "jr", "sr", "sir", "prof"])
_LEAST_STRANGE: Final = 4


class Said(NamedTuple):
    """A name beside a phrase.

    Attributes:
        start, end: of the phrase and the name together, in code points.
        name: as it stands there, without a possessive ending.
        first, last: numbers of the name's words; `last` is past the end.
        use: of the pattern.
    """

    start: int
    end: int
    name: str
    first: int
    last: int
    use: str


class Phrases:
    """The patterns, compiled: phrases by their first word."""

    def __init__(self, patterns: Patterns) -> None:
        self._of: Final = patterns
        #: By their first word, or their first two.
        self._phrases: dict[tuple[str, ...], list[tuple[tuple[str, ...], Pattern]]] = {}
        for pattern in patterns.patterns:
            for words in filter(None, map(keys_of, pattern.phrases)):
                self._phrases.setdefault(words[:2], []).append((words, pattern))
        for listed in self._phrases.values():
            listed.sort(key=lambda one: len(one[0]), reverse=True)

    def bare_first(self, words: Sequence[Word], first: int, last: int) -> int:
        """The number of a name's first word past what only leads it: "Captain", "American"."""
        while first < last - 1 and self._is_no_name(words[first]):
            first += 1
        return first

    def found(self, text: str, words: Sequence[Word]) -> tuple[list[Said], frozenset[int]]:
        """Names beside phrases, in order, and numbers of the words before which a strong phrase stands.

        Of two names that share words the first counts. Before those numbers a name of the list may stand that
        is no name by itself.
        """
        said: list[Said] = []
        begins: set[int] = set()
        for first, last, pattern in self._at(text, words):
            if pattern.side != "before":
                one = self._leading(text, words, first, last, pattern)
            else:
                one = self._following(text, words, first, last, pattern)
                if pattern.strong and last < len(words):
                    begins |= {last, last + 1} if words[last].key in ARTICLES else {last}
            if one and not any(_shares(one, other) for other in said):
                said.append(one)
        said += [one for one in self._endings(text, words) if not any(_shares(one, two) for two in said)]
        return sorted(said), frozenset(begins)

    # internals

    def _at(self, text: str, words: Sequence[Word]) -> Iterator[tuple[int, int, Pattern]]:
        """Where phrases stand: numbers of their words, and the pattern; at each word the longest first."""
        keys = tuple(word.key for word in words)
        for first in range(len(keys)):
            for start in (keys[first : first + 2], keys[first : first + 1]):
                for phrase, pattern in self._phrases.get(start, ()):
                    last = first + len(phrase)
                    if keys[first:last] == phrase and all(
                        _BETWEEN.match(text[words[at].end : words[at + 1].start])
                        for at in range(first, last - 1)
                    ):
                        yield first, last, pattern

    def _following(
        self, text: str, words: Sequence[Word], first: int, last: int, pattern: Pattern
    ) -> Said | None:
        at = last
        loud = _layout_explains(words[first:last])
        while at < len(words):
            gap = _BEFORE_NAME.match(text[words[at - 1].end : words[at].start])
            if gap is None:
                return None
            if gap["quote"]:
                return self._quoted(text, words, first, at, gap["quote"][0], pattern)
            if not self._may_pass(words, at, at - last):
                break
            at += 1
        if at >= len(words):
            return None
        end = self._name_end(text, words, at)
        if end > at:
            name = [word for word in words[at:end] if word.bare not in self._of.joined]
            return self._judged(text, words, (first, at, end), name, loud, pattern)
        if not pattern.small or words[at].key in LIGHT:
            return None
        return self._small(text, words, first, at, pattern)

    def _may_pass(self, words: Sequence[Word], at: int, passed: int) -> bool:
        """Whether a word between the phrase and its name is passed over: "the", "early", "director"."""
        word = words[at]
        if passed > 4 or at + 1 >= len(words):
            return False
        if word.capital:
            # "The Beatles" keeps its article.
            return False
        return word.key == "the" or word.key in self._of.passed_over

    def _name_end(self, text: str, words: Sequence[Word], at: int) -> int:
        """Past the last word of a name that begins here; `at` where none does."""
        if not words[at].capital:
            return at
        end = at + 1
        while end < len(words) and end - at < _MOST_WORDS and _continues(text, words[end - 1], words[end]):
            word = words[end]
            if word.capital or word.key.isdigit():
                end += 1
                continue
            ahead = end
            while ahead < len(words) and words[ahead].key in self._of.joined and ahead - end < 2:
                ahead += 1
            joined = ahead > end and ahead < len(words) and words[ahead].capital
            if not joined or not all(
                _continues(text, words[one], words[one + 1]) for one in range(end, ahead)
            ):
                break
            end = ahead + 1
        return end

    def _judged(
        self,
        text: str,
        words: Sequence[Word],
        places: tuple[int, int, int],
        name: Sequence[Word],
        loud: bool,
        pattern: Pattern,
    ) -> Said | None:
        """The name, where its capitals speak for one."""
        first, at, end = places
        said = [word for word in name if word.key not in ARTICLES]
        if len(said) < pattern.least_words or all(self._is_no_name(word) for word in said):
            return None
        strange = any(self._is_strange(word) for word in said)
        stressed = loud or all(word.capitals for word in said)
        if not strange and (stressed or (not pattern.strong and len(said) == 1)):
            return None
        finish = words[end - 1].bare_end
        return Said(
            min(words[first].start, words[at].start),
            finish,
            text[words[at].start : finish],
            at,
            end,
            pattern.use,
        )

    def _is_no_name(self, word: Word) -> bool:
        bare = word.bare
        return (
            bare in self._of.no_names
            or (bare.endswith("s") and bare[:-1] in self._of.no_names)
            or bare.isdigit()
            or len(bare) == 1
        )

    def _is_strange(self, word: Word) -> bool:
        return not self._is_no_name(word) and not is_ordinary(word.bare, compounds=True)

    def _small(self, text: str, words: Sequence[Word], first: int, at: int, pattern: Pattern) -> Said | None:
        """A name in small letters: words that are no everyday ones, after a phrase that asks for a name."""
        end = at
        while end < len(words) and end - at < 3 and words[end].key not in LIGHT:
            if end > at and not _continues(text, words[end - 1], words[end]):
                break
            end += 1
        odd = [place for place in range(at, end) if self._is_strange(words[place])]
        if not any(len(words[place].bare) >= _LEAST_STRANGE for place in odd):
            return None
        start, finish = odd[0], words[odd[-1]].bare_end
        name = text[words[start].start : finish]
        return Said(words[first].start, finish, name, start, odd[-1] + 1, pattern.use)

    def _quoted(
        self, text: str, words: Sequence[Word], first: int, at: int, opening: str, pattern: Pattern
    ) -> Said | None:
        """A title in quotes or emphasis; a weak phrase needs a capital or a number to begin it."""
        begin = words[at].start
        closing = re.compile(f"[{re.escape(_CLOSING[opening])}](?![^\\W_])")
        close = closing.search(text, begin, begin + _MOST_QUOTED)
        if close is None or "\n\n" in text[begin : close.start()]:
            return None
        end = at
        while end < len(words) and words[end].start < close.start():
            end += 1
        inside = words[at:end]
        if not pattern.strong and not (inside[0].text[0].isupper() or inside[0].key.isdigit()):
            return None
        said = [word for word in inside if word.key not in ARTICLES]
        if len(said) < pattern.least_words or not said:
            return None
        if all(self._is_no_name(word) and not word.key.isdigit() for word in said):
            return None
        name = text[begin : close.start()].rstrip(" .,!?")
        return Said(words[first].start, begin + len(name), name, at, end, pattern.use)

    def _leading(
        self, text: str, words: Sequence[Word], first: int, last: int, pattern: Pattern
    ) -> Said | None:
        """A name right ahead of the phrase."""
        at = first
        while at > 0 and first - at < _MOST_WORDS:
            word, after = words[at - 1], words[at]
            gap = text[word.end : after.start]
            if gap not in ("-", "‑", " ", "* ", "_ ", '" ', "” ") or not (
                word.capital or (at < first and (word.key in self._of.joined or word.key.isdigit()))
            ):
                break
            at -= 1
        while at < first and not words[at].capital:
            at += 1
        if at < first and words[at].key in ARTICLES:
            at += 1
        if at == first:
            return None
        if pattern.side == "between":
            begun = at - 1
            while begun > 0 and words[begun].key in self._of.passed_over:
                begun -= 1
            if begun < 0 or words[begun].key not in ("a", "an"):
                return None
        name = [word for word in words[at:first] if word.bare not in self._of.joined]
        # The capital of a sentence's first word is none of its own.
        loud = _layout_explains(words[first:last]) or (
            len(name) == 1 and sentence_begins(text, words[at].start)
        )
        found = self._judged(text, words, (first, at, first), name, loud, pattern)
        return found and found._replace(end=words[last - 1].end)

    def _endings(self, text: str, words: Sequence[Word]) -> Iterator[Said]:
        """“Kafkaesque”, “Fincher-esque”, “Lynchian”."""
        for place, word in enumerate(words):
            key = word.bare
            if key in self._of.made:
                yield Said(word.start, word.bare_end, self._of.made[key], place, place + 1, "")
                continue
            for ending in self._of.endings:
                if key in self._of.no_endings or not key.endswith(ending):
                    continue
                if key == ending:
                    if place and text[words[place - 1].end : word.start] in ("-", "‑"):
                        yield from self._of_ending(text, words, place)
                elif len(key) - len(ending) > 2:
                    stem = bare_text(word.text)[: -len(ending)]
                    if not is_ordinary(stem.casefold()) and stem.casefold() not in self._of.no_names:
                        yield Said(word.start, word.bare_end, stem, place, place + 1, "")

    def _of_ending(self, text: str, words: Sequence[Word], place: int) -> Iterator[Said]:
        """The name ahead of an ending that stands for itself: "Wes Anderson-esque"."""
        at = place - 1
        while at and words[at - 1].capital and text[words[at - 1].end : words[at].start] == " ":
            at -= 1
        name = words[at:place]
        if any(self._is_strange(one) for one in name) or (
            name[0].capital and not sentence_begins(text, name[0].start) and not self._is_no_name(name[0])
        ):
            spelled = text[name[0].start : words[place - 1].end]
            yield Said(name[0].start, words[place].end, spelled, at, place, "")


def _shares(one: Said, two: Said) -> bool:
    return one.first < two.last and two.first < one.last


def _continues(text: str, word: Word, after: Word) -> bool:
    """Whether a name may go on from one word to the next."""
    gap = text[word.end : after.start]
    if _WITHIN.match(gap):
        return True
    initial = len(word.key) == 1 or "." in word.text or word.key in _TITLES
    return initial and _DOTTED.match(gap) is not None


def _layout_explains(phrase: Sequence[Word]) -> bool:
    """Whether the phrase itself has capitals that the layout gave it: "LOOKS LIKE", "Looks Like"."""
    if len(phrase) == 1:
        return phrase[0].capitals
    return all(word.capital for word in phrase[1:])
