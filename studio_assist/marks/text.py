"""Visible marks for temp material in a Fountain export: put on, read back, taken off.

The marks are Fountain's own notes, one title-page line, and a note as first and last line of the body, so
that any editor shows them and none breaks on them. The dependable text mark is the visible one: invisible
characters would bloat the file and break what reads it.

Marks are added, nothing else is changed: `strip_marks(marked_fountain(...))` is the script, character for
character. Each mark of one export carries that export's own short word, which stands nowhere in the script,
so the marks of an earlier export that a writer brought back in are left as they are.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from studio_assist.domain.screenplay import Element, ElementType, Screenplay
from studio_assist.domain.temp import TempSpan, debt_of
from studio_assist.domain.values import EntryNumber, Value, sha256_of

HEADLINE: Final = "TEMP AI MATERIAL · NOT FOR DELIVERY"
#: Of pages whose temp material the built-in drawer made, by rules and not by a model.
PREVIS_HEADLINE: Final = "TEMP PREVIS MATERIAL · NOT FOR DELIVERY"
_PASSAGE: Final = "TEMP AI · not for delivery · ledger entry "
#: Stands in the title-page line of a script that had no title page of its own.
_ADDED_PAGE: Final = "title page added for this copy"
_LOST: Final = "text not found: "
_ON_TITLE_PAGE: Final = "on this title page: "


class Placing(StrEnum):
    """How close the notes stand to the passage."""

    #: Within its lines where that leaves each element what it was, else around its paragraph.
    WITHIN = "within"
    #: Around the paragraphs that hold it.
    AROUND = "around"
    #: Only listed on the title page: for text so broken that no note can stand near it.
    LISTED = "listed"


class FoundMarks(Value):
    """The marks of the last export that marked a text.

    Attributes:
        word: what tells this export's marks from another's.
        begins, ends: ledger entries of the notes before and after passages, in the order of the text.
        listed: entries that the title-page line names because no note can stand at their text.
        headline, first, last: the title-page line, the body's first note, the last line.
        own_title_page: the export added a title page to a script that had none.
    """

    word: str
    begins: tuple[EntryNumber, ...]
    ends: tuple[EntryNumber, ...]
    listed: tuple[EntryNumber, ...]
    headline: bool
    first: bool
    last: bool
    own_title_page: bool

    @property
    def whole(self) -> bool:
        """Whether none of the marks is missing."""
        paired = sorted(self.begins) == sorted(self.ends)
        return self.headline and self.first and self.last and paired

    @property
    def passages(self) -> int:
        """Temp passages that the marks tell of, the listed ones among them."""
        return len(self.begins) + len(self.listed)


class _Insertion(NamedTuple):
    """Text to put in at a code-point offset; where several meet, lower `order` comes first."""

    at: int
    order: int
    text: str


# Elements in whose lines a note can stand without changing what they are, and their opening and closing mark.
_NOTE_FITS: Final[dict[ElementType, tuple[str, str]]] = {
    ElementType.ACTION: ("!", ""),
    ElementType.DIALOGUE: ("", ""),
    ElementType.LYRICS: ("~", ""),
    ElementType.CENTERED: (">", "<"),
    ElementType.PARENTHETICAL: ("(", ")"),
}
_SPACE: Final = " \t\r\n\ufeff"
_COMMENT: Final = re.compile(r"\[\[.*?\]\]|/\*.*?\*/", re.DOTALL)
_NUMBER: Final = r"\d{1,3}(?:,\d{3})*"
_NOT_COMPARED: Final = frozenset(
    {ElementType.NOTE, ElementType.BONEYARD, ElementType.BLANK, ElementType.TITLE_PAGE}
)


def marked_fountain(
    screenplay: Screenplay, spans: Sequence[TempSpan], title: str, placing: Placing = Placing.WITHIN
) -> str:
    """The script with every temp passage marked; the script itself where there is none.

    Args:
        spans: where they stand in `screenplay.text`. A lost one is listed on the title-page line.
        title: the project's, for a title page where the script has none.
        placing: the closest that notes may stand to their passages.
    """
    text = screenplay.text
    if not spans:
        return text
    word = _unused_word(text + title)
    newline = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
    places = _Places(screenplay)
    insertions: list[_Insertion] = []
    lost: list[TempSpan] = []
    on_title_page: list[TempSpan] = []
    for span in spans:
        start, end = _trimmed(text, span) if span.state == "anchored" else (0, 0)
        if start >= end or placing is Placing.LISTED:
            lost.append(span)
        elif places.in_title_page(start) or places.in_title_page(end - 1):
            on_title_page.append(span)
        else:
            insertions.extend(_around(places, start, end, _Note(_numbered(span), word, newline), placing))
    counted = _lines_phrase(debt_of(spans, text).lines)
    listing = [HEADLINE, counted, f"ledger {_entries_phrase(spans)}"]
    if lost:
        listing.append(f"{_LOST}{_entries_phrase(lost)}")
    if on_title_page:
        listing.append(f"{_ON_TITLE_PAGE}{_entries_phrase(on_title_page)}")
    first = f"[[{HEADLINE} · this copy holds {counted} · mark {word}]]"
    last = f"[[{HEADLINE} · end of this copy · mark {word}]]"
    insertions.append(_heading(places, screenplay, title, listing, first, word, newline))
    insertions.append(_Insertion(len(text), 9, f"{newline}{newline}{last}{newline}"))
    return _with_insertions(text, insertions)


def read_marks(text: str) -> FoundMarks | None:
    """The marks of a text's latest export, or None where it carries none.

    Works on a text that other tools have changed since: what is missing is said, not guessed.
    """
    words = re.findall(rf"{re.escape(HEADLINE)}[^\r\n]* · mark ([0-9a-f]{{6,64}})\b", text)
    if not words:
        return None
    word = words[-1]
    begins: list[EntryNumber] = []
    ends: list[EntryNumber] = []
    for found in _passage_marks(word).finditer(text):
        (begins if found["role"].startswith("begins") else ends).append(_entry(found["entry"]))
    headline = re.search(rf"^[^\r\n:]+: {re.escape(HEADLINE)}([^\r\n]*) · mark {word}", text, re.MULTILINE)
    listed: list[EntryNumber] = []
    for part in (headline[1] if headline else "").split(" · "):
        if part.startswith((_LOST, _ON_TITLE_PAGE)):
            listed.extend(_entry(number) for number in re.findall(_NUMBER, part))
    return FoundMarks(
        word=word,
        begins=tuple(begins),
        ends=tuple(ends),
        listed=tuple(listed),
        headline=headline is not None,
        first=re.search(rf"\[\[{re.escape(HEADLINE)} · this copy[^\r\n]* · mark {word}\]\]", text)
        is not None,
        last=f"[[{HEADLINE} · end of this copy · mark {word}]]" in text,
        own_title_page=headline is not None and _ADDED_PAGE in headline[1],
    )


def strip_marks(marked: str) -> str:
    """The script that `marked_fountain` was given; a text whose last line is no mark of ours as it is."""
    headline = re.escape(HEADLINE)
    tail = re.search(
        rf"(\r\n|\n)\1\[\[{headline} · end of this copy · mark ([0-9a-f]{{6,64}})\]\]\1\Z", marked
    )
    if tail is None:
        return marked
    newline, word = tail[1], tail[2]
    text = marked[: tail.start()]
    end = rf"[^\r\n]* · mark {word}"
    first = rf"{newline}{newline}\[\[{headline}{end}\]\]"
    line = rf"Notes: {headline}[^\r\n]*{_ADDED_PAGE}{end}"
    added = re.match(rf"\ufeff?(Title: [^\r\n]*{newline}{line}{first}{newline}{newline})", text)
    head = added or re.search(rf"({newline}[^\r\n:]+: {headline}{end}{first})", text)
    if head is not None:
        text = text[: head.start(1)] + text[head.end(1) :]

    def without(found: re.Match[str]) -> str:
        # The note's own line ends are known from its words; any others beside it are the writer's.
        return found["before"][: -2 * len(newline)] if found["role"] == "ends above" else found["before"]

    two = f"(?:{newline}{newline})"
    shapes = rf"(?P<before>{two}?)(?:{_passage_marks(word).pattern})(?(below){two})"
    return re.sub(shapes, without, text)


def reads_the_same(script: Screenplay, marked: Screenplay) -> bool:
    """Whether a marked script has the same elements as the unmarked one, notes aside.

    Title-page values must stand as they were; a value may be added.
    """
    kept = all(marked.title_page.get(key) == value for key, value in script.title_page.items())
    return kept and _compared(script) == _compared(marked)


class _Note(NamedTuple):
    """What the two notes of a passage say."""

    entry: str
    word: str
    newline: str

    def text(self, role: str) -> str:
        return f"[[{_PASSAGE}{self.entry} · {role} · mark {self.word}]]"


class _Places:
    """Where in a script a note can stand."""

    def __init__(self, screenplay: Screenplay) -> None:
        self.text = screenplay.text
        self.elements = screenplay.elements
        self._starts = [element.start for element in self.elements]

    def index_at(self, offset: int) -> int:
        return max(0, bisect.bisect_right(self._starts, offset) - 1)

    def at(self, offset: int) -> Element:
        return self.elements[self.index_at(offset)]

    def in_title_page(self, offset: int) -> bool:
        return self.at(offset).type is ElementType.TITLE_PAGE

    def title_page_end(self) -> int | None:
        """Where the title page's last words end, or None without one."""
        pages = [element for element in self.elements if element.type is ElementType.TITLE_PAGE]
        return self.words_end(pages[-1]) if pages else None

    def words_end(self, element: Element) -> int:
        """The end of an element without its line ending."""
        slice_ = self.text[element.start : element.end]
        return element.start + len(slice_.rstrip("\r\n"))

    def paragraph(self, offset: int) -> tuple[int, int]:
        """Start and end of the lines without a blank one around a place, the last line ending left out."""
        first = last = self.index_at(offset)
        while first > 0 and self._joins(first - 1):
            first -= 1
        while last + 1 < len(self.elements) and self._joins(last + 1):
            last += 1
        start = self.elements[first].start
        return start + self.text.startswith("\ufeff", start), self.words_end(self.elements[last])

    def room(self, offset: int) -> tuple[int, int] | None:
        """The part of the line at `offset` in which a note can stand, or None where none may."""
        element = self.at(offset)
        if element.type not in _NOTE_FITS:
            return None
        opening, closing = _NOTE_FITS[element.type]
        start = max(element.start, _line_start(self.text, offset))
        end = min(element.end, _line_end(self.text, offset))
        line = self.text[start:end]
        low = len(line) - len(line.lstrip(_SPACE))
        high = len(line.rstrip(_SPACE))
        if opening and line.startswith(opening, low):
            low += len(opening)
            low += len(line[low:]) - len(line[low:].lstrip(" \t"))
        if closing and line.endswith(closing, low, high):
            high -= len(closing)
            high = low + len(line[low:high].rstrip(" \t"))
        return start + low, max(start + low, start + high)

    def comments(self, offset: int) -> list[tuple[int, int]]:
        """Notes and cut passages in the element at a place; nothing may be put into them."""
        element = self.at(offset)
        return [
            (element.start + found.start(), element.start + found.end())
            for found in _COMMENT.finditer(self.text[element.start : element.end])
        ]

    def _joins(self, index: int) -> bool:
        return self.elements[index].type not in (ElementType.BLANK, ElementType.TITLE_PAGE)


def _around(
    places: _Places, start: int, end: int, note: _Note, placing: Placing
) -> tuple[_Insertion, _Insertion]:
    """The two notes of one passage, as close to it as `placing` lets them stand."""
    if placing is Placing.WITHIN:
        opening, closing = _opening(places, start, note), _closing(places, end, note)
        if opening.at < closing.at:
            return opening, closing
    low, _ = places.paragraph(start)
    _, high = places.paragraph(end - 1)
    return _above(low, note), _below(high, note)


def _opening(places: _Places, start: int, note: _Note) -> _Insertion:
    room = places.room(start)
    if room is None:
        return _above(places.paragraph(start)[0], note)
    at = min(max(start, room[0]), room[1])
    for low, high in places.comments(start):
        if low < at < high:
            at = low
    return _Insertion(_clear_of_brackets(places.text, at, room[0]), 4, note.text("begins"))


def _closing(places: _Places, end: int, note: _Note) -> _Insertion:
    room = places.room(end - 1)
    if room is None:
        return _below(places.paragraph(end - 1)[1], note)
    at = min(max(end, room[0]), room[1])
    for low, high in places.comments(end - 1):
        if low < at < high:
            at = high
    return _Insertion(_clear_of_brackets(places.text, at, room[0]), 1, note.text("ends"))


def _above(at: int, note: _Note) -> _Insertion:
    return _Insertion(at, 3, f"{note.text('begins below')}{note.newline}{note.newline}")


def _below(at: int, note: _Note) -> _Insertion:
    return _Insertion(at, 2, f"{note.newline}{note.newline}{note.text('ends above')}")


def _clear_of_brackets(text: str, at: int, lowest: int) -> int:
    """A place without "[" before it, which would open our "[[" one character early."""
    while at > lowest and text[at - 1] == "[":
        at -= 1
    return at


def _heading(
    places: _Places,
    screenplay: Screenplay,
    title: str,
    listing: Sequence[str],
    first: str,
    word: str,
    newline: str,
) -> _Insertion:
    """The title-page line and the note that opens the body."""
    end = places.title_page_end()
    two = newline * 2
    if end is not None:
        key = _free_key(screenplay.title_page)
        line = " · ".join((*listing, f"mark {word}"))
        return _Insertion(end, 0, f"{newline}{key}: {line}{two}{first}")
    line = " · ".join((*listing, _ADDED_PAGE, f"mark {word}"))
    shown = re.sub(r"[\[\]/*]{2}", " ", " ".join(title.split())) or "Untitled"
    at = int(screenplay.text.startswith("\ufeff"))
    return _Insertion(at, 0, f"Title: {shown}{newline}Notes: {line}{two}{first}{two}")


def _free_key(title_page: dict[str, str]) -> str:
    """A title-page key that the script does not use.

    *Notes* is one that other tools show. A second one would push the writer's own aside.
    """
    if "notes" not in title_page:
        return "Notes"
    key, number = "Temp", 2
    while key.casefold() in title_page:
        key, number = f"Temp {number}", number + 1
    return key


def _with_insertions(text: str, insertions: Iterable[_Insertion]) -> str:
    parts: list[str] = []
    done = 0
    # The sort is stable: of two notes at one place, the one of the earlier span comes first.
    for insertion in sorted(insertions, key=lambda one: (one.at, one.order)):
        parts += (text[done : insertion.at], insertion.text)
        done = insertion.at
    return "".join((*parts, text[done:]))


def _passage_marks(word: str) -> re.Pattern[str]:
    return re.compile(
        rf"\[\[{re.escape(_PASSAGE)}(?P<entry>{_NUMBER}) · "
        rf"(?P<role>begins(?P<below> below)?|ends(?: above)?) · mark {word}\]\]"
    )


def _unused_word(text: str) -> str:
    """Six or more hexadecimal digits that the text does not hold; the same for the same text."""
    digest = sha256_of(text)
    while True:
        for length in (6, 12, 64):
            if digest[:length] not in text:
                return digest[:length]
        digest = sha256_of(digest)


def _trimmed(text: str, span: TempSpan) -> tuple[int, int]:
    """A span's range without the white space at its ends."""
    start, end = max(0, span.start), min(span.end, len(text))
    while start < end and text[start] in _SPACE:
        start += 1
    while end > start and text[end - 1] in _SPACE:
        end -= 1
    return start, end


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def _line_end(text: str, offset: int) -> int:
    ends = [at for at in (text.find("\n", offset), text.find("\r", offset)) if at >= 0]
    return min(ends, default=len(text))


def _numbered(span: TempSpan) -> str:
    return f"{span.entry:,}"


def _entry(number: str) -> EntryNumber:
    return EntryNumber(int(number.replace(",", "")))


def _entries_phrase(spans: Iterable[TempSpan]) -> str:
    numbers = [f"{entry:,}" for entry in sorted(span.entry for span in spans)]
    return f"{'entry' if len(numbers) == 1 else 'entries'} {', '.join(numbers)}"


def _lines_phrase(count: int) -> str:
    return f"{count:,} temp {'line' if count == 1 else 'lines'}"


def _compared(screenplay: Screenplay) -> list[tuple[object, ...]]:
    ours = re.compile(rf"\[\[(?:{re.escape(_PASSAGE)}|{re.escape(HEADLINE)})[^\]\r\n]*\]\]")
    return [
        (each.type, ours.sub("", each.text), each.number, each.dual, each.extension, each.level)
        for each in screenplay.elements
        if each.type not in _NOT_COMPARED
    ]
