"""What the lines of a screenplay's pages are, by where they stand: learned from this very document.

Writers' programs agree on the order of the columns and not on their places. Slug lines show where action
begins; names in capitals with words right below them show where speech does; the rest follows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from studio_assist.domain.screenplay import BOLD
from studio_assist.interchange.fountain.rules import HEADING
from studio_assist.interchange.screenplay_pdf_text import PageLine, PdfPage, Segment

#: Type of less than this share of the body's size is no part of the script.
SMALL: Final = 0.8
#: So few lines of a column tell nothing of how wide it is.
_FEW: Final = 12
#: Points within which two left edges are one column.
_NEAR: Final = 5.0
_PAGE_NUMBER: Final = re.compile(r"(?:page\s+)?[\dA-Z]{0,2}\d{1,4}[A-Z]{0,2}\.?\Z", re.IGNORECASE)
SCENE_NUMBER: Final = re.compile(r"[A-Z]{0,3}\d{1,4}[A-Z]{0,3}(?:[-.][A-Z\d]{1,4})?[.)]?\Z", re.IGNORECASE)
MORE: Final = re.compile(r"\(\s*(?:MORE|CONTINUED)\s*\)\Z", re.IGNORECASE)
_CONTINUED: Final = re.compile(r"(?:CONTINUED|CONT'D|CONT’D)\s*:?(?:\s*\(\d+\))?\Z", re.IGNORECASE)
_EXTENSION: Final = re.compile(r"\([^()]*\)")
STAR: Final = re.compile(r"\*+\Z")


@dataclass(frozen=True)
class Row:
    """A line of the body, margins taken off.

    Attributes:
        gap: blank lines above it on its page; -1 for the first line of a page.
        number: a scene's number in the margins.
        temp: our bar for temp material stands beside it.
    """

    page: int
    line: int
    y: float
    gap: int
    segments: tuple[Segment, ...]
    number: str = ""
    temp: bool = False

    @property
    def left(self) -> float:
        return self.segments[0].left

    @property
    def right(self) -> float:
        return self.segments[-1].right

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)


@dataclass(frozen=True)
class Columns:
    """Where things stand in this document, in points.

    Attributes:
        cell: width of a character. pitch: from one baseline to the next.
        action, action_right: edges of action. speech, speech_right: of dialogue.
        bold_slugs: slug lines are bold, so that a bold line is one.
    """

    cell: float
    pitch: float
    action: float
    action_right: float
    speech: float
    speech_right: float
    bold_slugs: bool


@dataclass
class Dropped:
    """What was taken off the pages, to be told: a word for it, and the pages."""

    seen: dict[str, list[int]] = field(default_factory=dict[str, list[int]])

    def add(self, what: str, page: int) -> None:
        pages = self.seen.setdefault(what, [])
        if not pages or pages[-1] != page:
            pages.append(page)


def body_size(pages: Sequence[PdfPage]) -> float:
    """Height of the type that most of the text is in."""
    sizes = Counter(
        round(segment.size, 1) for page in pages for line in page.lines for segment in line.segments
    )
    return sizes.most_common(1)[0][0] if sizes else 12.0


def learn(rows: Sequence[Row], pitch: float) -> Columns | None:
    """The columns, or None where no slug line and no speech shows them."""
    widths = [
        (segment.right - segment.left) / len(segment.text)
        for row in rows
        for segment in row.segments
        if len(segment.text) > 5
    ]
    cell = Counter(round(width, 1) for width in widths).most_common(1)[0][0] if widths else 7.2
    slugs = _commonest(row.left for row in rows if is_slug(row.text))
    pairs = [
        below
        for row, below in pairwise(rows)
        if below.gap == 0 and row.gap != 0 and is_name(row.text) and below.left < row.left - cell
    ]
    action = slugs if slugs is not None else _commonest(row.left for row in rows)
    if action is None:
        return None
    said = [row.left for row in pairs if row.left > action + cell and not row.text.startswith("(")]
    speech = _commonest(said)
    if speech is None and slugs is None:
        return None
    speech = speech if speech is not None else action + 10 * cell
    right = _edge([row.right for row in rows if abs(row.left - action) < _NEAR], action, cell, 60)
    spoken = [row for row in rows if abs(row.left - speech) < _NEAR and len(row.segments) == 1]
    speech_right = _edge([row.right for row in spoken], speech, cell, 35)
    bold = [is_bold(row) for row in rows if is_slug(row.text)]
    return Columns(cell, pitch, action, right, speech, speech_right, sum(bold) > 0.8 * len(bold) > 0)


def _edge(rights: Sequence[float], left: float, cell: float, usual: int) -> float:
    """A column's right edge: its longest line's, or the usual one where that is near or lines are few."""
    longest = max(rights, default=0.0)
    nominal = left + usual * cell
    return max(longest, nominal) if len(rights) < _FEW or longest > nominal - 4 * cell else longest


def is_bold(row: Row) -> bool:
    """Whether all of a line is bold."""
    return all(run.flags & BOLD for segment in row.segments for run in segment.runs)


def pitch_of(pages: Iterable[PdfPage]) -> float:
    """From one baseline to the next, where lines follow without a gap."""
    steps = Counter(
        round(below.y - line.y, 1)
        for page in pages
        for line, below in pairwise(page.lines)
        if below.y - line.y > 5
    )
    # The smallest of the usual steps: a page may have more blank lines than others.
    most = max(steps.values(), default=0)
    return min((step for step, count in steps.items() if count >= 0.2 * most), default=12.0)


def body_rows(pages: Sequence[PdfPage], size: float, pitch: float, dropped: Dropped) -> list[Row]:
    """The lines of all pages without headers, footers, page numbers, margins' numbers and revision marks."""
    headers = _repeated(pages)
    rows: list[Row] = []
    slugs = [_slug_left(line) for page in pages for line in page.lines]
    edge = _commonest(left for left in slugs if left is not None)
    edge = (
        edge if edge is not None else min((line.left for page in pages for line in page.lines), default=0.0)
    )
    for page in pages:
        last: float | None = None
        for index, line in enumerate(page.lines):
            if _is_outside(page, index, line, headers, size):
                dropped.add("Headers, footers and page numbers", page.number)
                continue
            segments, number = list(line.segments), ""
            segments = [one for one in segments if not (one.size < SMALL * size and one.text == "TEMP")]
            while segments and STAR.match(segments[-1].text) and len(segments) > 1:
                dropped.add("Revision marks in the margin", page.number)
                segments.pop()
            if not segments:
                continue
            if len(segments) > 1 and segments[0].left < edge - 6 and SCENE_NUMBER.match(segments[0].text):
                number = segments.pop(0).text
            if len(segments) > 1 and SCENE_NUMBER.match(segments[-1].text) and _is_number(segments, number):
                number = number or segments[-1].text
                segments.pop()
            if segments[0].left < edge - 6 and STAR.match(segments[0].text):
                dropped.add("Revision marks in the margin", page.number)
                segments.pop(0)
            text = " ".join(one.text for one in segments)
            if not segments or _CONTINUED.match(text) or text.upper() == "(CONTINUED)":
                dropped.add("(CONTINUED) of scenes over two pages", page.number)
                continue
            gap = -1 if last is None else max(0, round((line.y - last) / pitch) - 1)
            last = line.y
            temp = any(top - 2 <= line.y - 3 <= bottom + 2 for top, bottom in page.bars)
            rows.append(Row(page.number, index + 1, line.y, gap, tuple(segments), number.rstrip(".)"), temp))
    return rows


def is_slug(text: str) -> bool:
    """Whether a line reads as a slug line."""
    bare = text.strip()
    return HEADING.match(bare) is not None and bare == bare.upper()


def is_name(text: str) -> bool:
    """Whether a line reads as the name above a speech."""
    bare = _EXTENSION.sub("", text).strip()
    if not bare or len(bare) > 45 or bare != bare.upper() or bare.lower() == bare:
        return False
    return not (bare.endswith((":", ".", "!", "?", "-")) and not bare.endswith(("DR.", "MR.", "JR.", "SR.")))


def _commonest(edges: Iterable[float]) -> float | None:
    """The left edge that most lines share."""
    counts = Counter(round(edge) for edge in edges)
    if not counts:
        return None
    best = max(counts, key=lambda edge: (sum(counts[edge + near] for near in (-1, 0, 1)), -edge))
    return float(best)


def _slug_left(line: PageLine) -> float | None:
    """Where a slug line begins, its number in the margin left aside."""
    for segment in line.segments[:2]:
        if is_slug(segment.text):
            return segment.left
        if not SCENE_NUMBER.match(segment.text):
            return None
    return None


def _repeated(pages: Sequence[PdfPage]) -> set[tuple[int, str]]:
    """What stands at the same height near a page's edge again and again, its digits left out."""
    counts: Counter[tuple[int, str]] = Counter()
    for page in pages:
        counts.update(
            {
                _kind(page, line)
                for line in page.lines
                if line.y < 0.13 * page.height or line.y > 0.88 * page.height
            }
        )
    least = max(3, len(pages) // 4)
    return {kind for kind, count in counts.items() if count >= least}


def _kind(page: PdfPage, line: PageLine) -> tuple[int, str]:
    return round(line.y / 3), re.sub(r"\d+", "#", line.text)


def _is_outside(
    page: PdfPage, index: int, line: PageLine, headers: set[tuple[int, str]], size: float
) -> bool:
    """Whether a line is no part of the script: at a page's edge, and a number, repeated, or in small type."""
    top, bottom = line.y < 0.13 * page.height, line.y > 0.88 * page.height
    if not top and not bottom:
        return False
    if all(segment.size < SMALL * size for segment in line.segments):
        return True
    words = [segment.text for segment in line.segments]
    if MORE.match(line.text) or _slug_left(line) is not None:
        return False
    if len(words) > 2 and words[0] == words[-1] and SCENE_NUMBER.match(words[0]):
        return False
    if _kind(page, line) in headers:
        return True
    at_end = index == 0 or index == len(page.lines) - 1
    numbered = any(_PAGE_NUMBER.match(word) and any(c.isdigit() for c in word) for word in words)
    apart = _stands_apart(page, index)
    return (at_end or apart) and (all(_PAGE_NUMBER.match(word) for word in words) or (numbered and apart))


def _stands_apart(page: PdfPage, index: int) -> bool:
    lines = page.lines
    near = [abs(lines[at].y - lines[index].y) for at in (index - 1, index + 1) if 0 <= at < len(lines)]
    return not near or min(near) > 20


def _is_number(segments: Sequence[Segment], number: str) -> bool:
    """Whether the last segment is a slug line's number at the right."""
    last = segments[-1].text.rstrip(".)")
    words = " ".join(one.text for one in segments[:-1])
    return last == number.rstrip(".)") if number else is_slug(words)
