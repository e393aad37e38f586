"""Whether letters that make a name are that name: what stands around and between them decides.

Three answers. Sure: a name is here, however it is spaced, cased or accented. Ask: it may be. Advise: a
person should know and nothing waits for it. No answer is "perhaps, so let it pass".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum, StrEnum
from typing import Final, NamedTuple
from unicodedata import normalize

from studio_assist.domain.names import NO_ANSWERS, Answers
from studio_assist.domain.ordinary_words import WORDS, is_ordinary
from studio_assist.gate.confusables import plain
from studio_assist.gate.lexicon import Entry, Form, Lexicon
from studio_assist.gate.normalise import View


class Sure(IntEnum):
    """How sure a match is."""

    ADVISE = 1
    ASK = 2
    SURE = 3


class How(StrEnum):
    """In which way a name stands there; the words are those of the sheet."""

    PLAIN = "as it is written"
    LETTERS = "in other letters"
    SPACED = "letter by letter"
    BROKEN = "broken up"
    JOINED = "joined to other words"
    INSIDE = "inside a longer word"
    INFLECTED = "with an ending"
    ORDER = "in another order"
    INITIALS = "with initials"
    SHORT = "as a short form"
    WORD = "a word that is also a name"
    NEAR = "nearly"
    BACKWARDS = "backwards"
    ROT13 = "in rot13"
    LEET = "with digits for letters"
    ACROSTIC = "in first letters"
    SPREAD = "spread over several places"


class Hit(NamedTuple):
    """One name found.

    Attributes:
        start, end: code points in the source.
        first, last: the same in `View.letters`.
    """

    start: int
    end: int
    entry: Entry
    how: How
    sure: Sure
    first: int
    last: int


_FORMS: Final = {
    Form.ORDER: How.ORDER,
    Form.INITIAL: How.INITIALS,
    Form.SHORT: How.SHORT,
    Form.BACKWARDS: How.BACKWARDS,
    Form.ROT13: How.ROT13,
}
#: Between the words of one name more than this parts them: the end of a sentence, an empty line, a seam.
_FAR: Final = re.compile(r"[!?;][\"')\]*_]*\s|(?<!\b[A-Za-z])\.[\"')\]*_]*\s|\n\s*\n|\x1e|.{7}", re.DOTALL)
_HYPHENATED: Final = re.compile(r"-\s*\n\s*[>|*#\s]*")
#: A cue: the name alone on its line, in capitals, perhaps forced, dual or with an extension.
_CUE_AFTER: Final = re.compile(r"[ \t]*(?:\([^()\n]*\)[ \t]*)*\^?[ \t]*(?=\n|$)")
_CUE_BEFORE: Final = re.compile(r"(?:^|\n)[ \t]*@?$")
#: Where words are written without blanks: Thai to Khmer, Hangul, kana, Han.
_UNSPACED: Final = re.compile(r"[\u0e00-\u0fff\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")


def find(view: View, lexicon: Lexicon, answers: Answers = NO_ANSWERS) -> list[Hit]:
    """Every name of the list in a text, in source order; a sure one hides doubtful ones that it touches."""
    hits: list[Hit] = []
    at, seen, source = view.at, view.plain, view.source
    solid, entries = lexicon.solid, lexicon.entries
    count = len(at)
    sure = lexicon.plain if not answers.words and not answers.names else ()
    for index, start, end in lexicon.matches(view.letters):
        first, last = at[start], at[end - 1]
        apart = not start or at[start - 1] < first - 1
        # The usual cases by far, told without a call: letters in the middle of a word, and a word of its own.
        if not apart and seen[first].islower() and seen[first - 1].isalpha():
            if not solid[index] or (end < count and at[end] == last + 1 and end - start < 6):
                continue
        elif (
            apart
            and sure
            and sure[index]
            and last - first == end - 1 - start
            and (end == count or at[end] > last + 1)
        ):
            begin, stop = view.source_span(first, last + 1)
            if source[begin:stop].isascii():
                hits.append(Hit(begin, stop, entries[index], How.PLAIN, Sure.SURE, start, end))
                continue
        if hit := _judge(view, entries[index], start, end, answers):
            hits.append(hit)
    return _settled(hits)


def is_unspaced(letters: str) -> bool:
    """Whether letters are of a script that writes no blanks between words."""
    return _UNSPACED.fullmatch(letters) is not None


def _judge(view: View, entry: Entry, start: int, end: int, answers: Answers) -> Hit | None:
    left, right = view.parted(start), view.parted(end)
    how, sure, last = _FORMS.get(entry.form, How.PLAIN), Sure.SURE, end
    if entry.form in (Form.SHORT, Form.BACKWARDS, Form.ROT13):
        sure = Sure.ASK
    if not (left and right) and not is_unspaced(entry.key):
        inside = _inside(view, entry, start, end, left, right)
        if inside is None:
            return None
        how, sure = inside if sure is Sure.SURE else (how, min(sure, inside[1]))
        if how in (How.INSIDE, How.INFLECTED) and entry.form in (Form.SHORT, Form.BACKWARDS, Form.ROT13):
            return None
    elif not view.together(start, end):
        between = _between(view, entry, start, end)
        if between is None:
            return None
        how, sure = (
            (how, min(sure, between[1])) if between[0] is How.PLAIN else (between[0], min(sure, between[1]))
        )
    elif left == 1 or right == 1:
        how = How.JOINED if how is How.PLAIN else how
    first_at, last_at = view.span(start, last)
    written = view.source[first_at:last_at]
    if answers.is_word(written):
        return None
    if answers.term_of(written) is not None:
        return Hit(first_at, last_at, entry, how, Sure.SURE, start, last)
    if entry.form is Form.SHORT and not _capital(view, start, end, entry):
        return None
    if entry.ordinary:
        sure = min(sure, _ordinary(view, entry, start, end, how))
        how = How.WORD if how is How.PLAIN else how
    if how is How.PLAIN and not written.isascii() and _disguised(written, entry.written):
        how = How.LETTERS
    return Hit(first_at, last_at, entry, how, sure, start, last)


def _disguised(written: str, listed: str) -> bool:
    """Whether there are other letters than the list has; accents as listed and typographic marks are none."""
    if normalize("NFC", written).casefold() == normalize("NFC", listed).casefold():
        return False
    return any(not char.isascii() and (not (look := plain(char)) or look.isalnum()) for char in written)


def _inside(view: View, entry: Entry, start: int, end: int, left: int, right: int) -> tuple[How, Sure] | None:
    """A match with no boundary on one side or both."""
    if not view.together(start, end) and any(
        view.parted(at) == 2 and at - start not in entry.breaks for at in range(start + 1, end)
    ):
        return None
    first, last = view.word_around(start, end)
    word = view.lower[first:last]
    if left and _plural(view, end):
        return None if word in WORDS and len(entry.key) < 4 else (How.PLAIN, Sure.SURE)
    if entry.ordinary or len(entry.key) < 4 or is_ordinary(word, compounds=True):
        return None
    before, after = word[: view.at[start] - first], word[len(word) - (last - view.at[end - 1] - 1) :]
    if left and len(after) <= 3 and (view.plain[view.at[start]].isupper() or not entry.key.isascii()):
        return How.INFLECTED, Sure.ASK
    known = (not before or is_ordinary(before)) and (
        not after or is_ordinary(after) or (after[0] == "s" and is_ordinary(after[1:]))
    )
    if (left or right) and known:
        return How.JOINED, Sure.ASK
    return (How.INSIDE, Sure.ASK) if len(entry.key) >= 6 else None


def _plural(view: View, end: int) -> bool:
    letters = view.letters
    return (letters[end : end + 1] == "s" and bool(view.parted(end + 1))) or (
        letters[end : end + 2] == "es" and bool(view.parted(end + 2)) and letters[end - 1] in "sxzh"
    )


def _between(view: View, entry: Entry, start: int, end: int) -> tuple[How, Sure] | None:
    """A match with something between its letters: its own words' gaps, or a disguise, or chance."""
    gaps: list[str] = []
    extra: list[str] = []
    far = False
    for at in range(start + 1, end):
        if view.parted(at) == 2:
            gap = view.plain[view.at[at - 1] + 1 : view.at[at]]
            gaps.append(gap)
            if at - start in entry.breaks:
                far = far or (_FAR.search(gap) is not None and entry.form is not Form.INITIAL)
            else:
                extra.append(gap)
    if not extra:
        return (How.SPREAD, Sure.ASK) if far else (How.PLAIN, Sure.SURE)
    slice_ = view.lower[view.at[start] : view.at[end - 1] + 1]
    if len(gaps) == end - start - 1 and len(entry.key) > 2 and "'" not in slice_ and len(set(extra)) == 1:
        return How.SPACED, Sure.SURE
    chunks = [chunk.strip("'") for chunk in re.split(r"[^\w']+", slice_)]
    words = all(chunk in WORDS or (len(chunk) > 3 and is_ordinary(chunk)) for chunk in chunks if chunk)
    if all(_HYPHENATED.fullmatch(gap) for gap in extra):
        return How.BROKEN, Sure.ASK if words else Sure.SURE
    if words:
        # "good man" is no Goodman, but "Good Man" or "good-man" may be.
        told = " " not in slice_ or view.plain[view.at[start]].isupper()
        return (How.BROKEN, Sure.ASK) if told and len(chunks) == 2 and len(entry.key) > 5 else None
    if not any(any(char.isspace() or char == "\x1e" for char in gap) for gap in extra):
        # "o'er", "d'Or": an apostrophe is a letter more than a gap.
        return How.BROKEN, Sure.ASK if "'" in slice_ and len(entry.key) < 5 else Sure.SURE
    if any(len(gap) > 12 for gap in extra) or any(re.search(r"[.!?]\s", gap) for gap in extra):
        return None if len(entry.key) < 6 else (How.BROKEN, Sure.ASK)
    return How.BROKEN, Sure.ASK


def _capital(view: View, start: int, end: int, entry: Entry) -> bool:
    """Whether each of the name's words begins with a capital, articles not counted."""
    heads = [start, *(start + at for at in sorted(entry.breaks) if at < end - start)]
    words = [view.letters[head:tail] for head, tail in zip(heads, [*heads[1:], end], strict=True)]
    return all(
        view.plain[view.at[head]].isupper() or word in ("a", "an", "the", "of", "and", "in", "on", "s")
        for head, word in zip(heads, words, strict=True)
    )


def _ordinary(view: View, entry: Entry, start: int, end: int, how: How) -> Sure:
    """What an ordinary word that is also a name may be, by where and how it stands."""
    cased = _capital(view, start, end, entry)
    if entry.several and how in (How.PLAIN, How.JOINED, How.ORDER, How.INITIALS):
        if cased:
            return Sure.SURE
        return Sure.ASK if entry.entity.by_person or entry.entity.kind == "title" else Sure.ADVISE
    if how is How.SPACED:
        return Sure.SURE
    if how is not How.PLAIN:
        return Sure.ASK
    if cased:
        return Sure.SURE if _is_cue(view, start, end) else Sure.ASK
    return Sure.ADVISE if len(entry.key) == 1 or view.has_capitals else Sure.ASK


def _is_cue(view: View, start: int, end: int) -> bool:
    first, last = view.at[start], view.at[end - 1] + 1
    if not view.plain[first:last].isupper() or last - first < 2:
        return False
    line = view.plain.rfind("\n", 0, first) + 1
    return bool(_CUE_BEFORE.search(view.plain[max(0, line - 1) : first])) and bool(
        _CUE_AFTER.match(view.plain, last)
    )


def _settled(hits: list[Hit]) -> list[Hit]:
    """In source order. What lies inside another hit as sure is part of it; what touches a surer one goes."""
    hits.sort(key=lambda hit: (hit.start, -hit.end, -hit.sure))
    sure: list[Hit] = []
    for hit in hits:
        if hit.sure is Sure.SURE and not (sure and hit.end <= sure[-1].end):
            sure.append(hit)
    doubtful = [hit for hit in hits if hit.sure is not Sure.SURE]
    if not doubtful:
        return sure
    taken = Spans((hit.start, hit.end) for hit in sure)
    kept = sure
    for hit in sorted(doubtful, key=lambda hit: (-hit.sure, hit.start - hit.end, hit.start)):
        if not taken.touches(hit.start, hit.end):
            taken.add(hit.start, hit.end)
            kept.append(hit)
    return sorted(kept, key=lambda hit: (hit.start, -hit.end))


class Spans:
    """Slices of a text that are taken, in buckets of 64 code points."""

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._buckets: dict[int, list[tuple[int, int]]] = {}
        for start, end in spans:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        for bucket in range(start >> 6, (end >> 6) + 1):
            self._buckets.setdefault(bucket, []).append((start, end))

    def covers(self, start: int, end: int) -> bool:
        """Whether one of them holds all of a slice."""
        return any(one <= start and end <= other for one, other in self._buckets.get(start >> 6, ()))

    def touches(self, start: int, end: int) -> bool:
        return any(
            one < end and start < other
            for bucket in range(start >> 6, (end >> 6) + 1)
            for one, other in self._buckets.get(bucket, ())
        )
