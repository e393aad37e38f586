"""The project's list of works and people, compiled: each writing is looked up by its first word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from studio_assist.domain.clearance import Reference
from studio_assist.domain.common_words import LIGHT
from studio_assist.domain.ordinary_words import is_ordinary
from studio_assist.domain.reference_words import JOINTS, Word, keys_of, singular_keys

ARTICLES: Final = frozenset(("a", "an", "the"))
_QUOTED: Final = re.compile(r"[\"“”„«‘*_]\s*\Z")
_UNQUOTED: Final = re.compile(r"[.,!?]?[\"“”»*_]")
_SENTENCE_ENDS: Final = re.compile(r"(?:\A|[.!?:;\n…]|--|—)[\s\"“”‘’'(*_\[-]*\Z")
_HYPHENS: Final = "-‐‑–"
#: Two words of a name may be written as one where that is no shorter.
_LEAST_JOINED: Final = 6


class Form(NamedTuple):
    """One way to write a reference.

    Attributes:
        plain: it is one everyday word, or none but the smallest words: only a writing as a name counts.
    """

    words: tuple[str, ...]
    reference: Reference
    plain: bool


class Hit(NamedTuple):
    """A reference that stands in a text, at words `first` to before `last`."""

    reference: Reference
    first: int
    last: int


class Index:
    """A list of references, ready to be looked for. Building takes about 0.1 s for 5,000; keep it."""

    def __init__(self, references: Iterable[Reference]) -> None:
        self._forms: dict[str, list[Form]] = {}
        for reference in references:
            for written in (reference.text, *reference.aliases):
                words = keys_of(written)
                if not words:
                    continue
                self._add(Form(words, reference, _is_plain(words)))
                if len(words) == 2 and len("".join(words)) >= _LEAST_JOINED:
                    self._add(Form(("".join(words),), reference, plain=False))
        for forms in self._forms.values():
            forms.sort(key=lambda form: len(form.words), reverse=True)

    def hits(self, text: str, words: Sequence[Word], named: frozenset[int]) -> list[Hit]:
        """What of the list stands in a text; of two that overlap the longer one, else the first.

        Args:
            named: numbers of words where a pattern says that a name begins: everyday words count there.
        """
        found: list[Hit] = []
        past = 0
        for first in range(len(words)):
            if first >= past and (hit := self._at(text, words, first, first in named)):
                found.append(hit)
                past = hit.last
        return found

    # internals

    def _add(self, form: Form) -> None:
        self._forms.setdefault(form.words[0], []).append(form)

    def _at(self, text: str, words: Sequence[Word], first: int, named: bool) -> Hit | None:
        for form in self._starting(text, words, first):
            last = first + len(form.words)
            if not self._follows(text, words, first, form):
                continue
            if form.plain and not (named or _written_as_name(text, words, first, last)):
                continue
            return Hit(form.reference, first, last)
        return self._joined(text, words, first)

    def _starting(self, text: str, words: Sequence[Word], first: int) -> Iterator[Form]:
        key = words[first].key
        yield from self._forms.get(key, ())
        for way in singular_keys(key)[1:]:
            yield from (form for form in self._forms.get(way, ()) if len(form.words) == 1)

    def _joined(self, text: str, words: Sequence[Word], first: int) -> Hit | None:
        """“Spider-Man” of a list that writes it as one word."""
        if first + 1 >= len(words) or text[words[first].end : words[first + 1].start] not in tuple(_HYPHENS):
            return None
        for way in singular_keys(words[first].key + words[first + 1].key):
            for form in self._forms.get(way, ()):
                if len(form.words) == 1 and not form.plain:
                    return Hit(form.reference, first, first + 2)
        return None

    def _follows(self, text: str, words: Sequence[Word], first: int, form: Form) -> bool:
        last = first + len(form.words)
        if last > len(words):
            return False
        for place in range(first + 1, last):
            wanted = form.words[place - first]
            key = words[place].key
            if key != wanted and (place < last - 1 or wanted not in singular_keys(key)):
                return False
            if not JOINTS.match(text[words[place - 1].end : words[place].start]):
                return False
        return True


def sentence_begins(text: str, at: int) -> bool:
    """Whether a word there begins a sentence, so that its capital says nothing."""
    return _SENTENCE_ENDS.search(text[max(0, at - 12) : at]) is not None


def quoted_at(text: str, at: int) -> bool:
    """Whether a quotation mark or emphasis stands right before a place."""
    return _QUOTED.search(text[max(0, at - 2) : at]) is not None


@lru_cache(maxsize=16_384)
def _is_plain(words: tuple[str, ...]) -> bool:
    said = [word for word in words if word not in ARTICLES]
    return (len(said) <= 1 and all(is_ordinary(word) for word in said)) or all(word in LIGHT for word in said)


def _written_as_name(text: str, words: Sequence[Word], first: int, last: int) -> bool:
    """Whether everyday words are written as a name: in quotes, or with capitals that speak for one."""
    if quoted_at(text, words[first].start) and _UNQUOTED.match(text, words[last - 1].end):
        return True
    if any(words[place].capitals for place in range(first, last)):
        return False
    said = [words[place] for place in range(first, last) if words[place].key not in ARTICLES]
    if not said or not all(word.text[0].isupper() for word in said):
        return False
    # A capital that begins a sentence is no sign; a second one is.
    return len(said) > 1 or not sentence_begins(text, said[0].start) or said[0].start != words[first].start
