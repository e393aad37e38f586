"""A PDF's pages as lines of text with their places, by PDFium. PDFium is C code: it runs in a bounded child.

A page is read by its characters: each has an origin on its baseline. Characters that stand close together
on one baseline are a segment; a scene's number in the margin, or the other speech of a dual dialogue, is a
segment of its own.
"""

from __future__ import annotations

import ctypes
import statistics
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from studio_assist.domain.errors import BadInput
from studio_assist.domain.screenplay import BOLD, ITALIC
from studio_assist.interchange.screenplay_parts import Run

MOST_PAGES: Final = 1_500
#: Characters of a page; a typed one has at most 3,500.
_MOST_CHARACTERS: Final = 20_000
_MOST_OBJECTS: Final = 20_000
_MOST_BYTES: Final = 200 << 20
#: Parts of a character's width that part two segments, and that part two words.
_APART: Final = 2.6
_WORD: Final = 0.55
#: Amber of the bar beside temp passages: what our export draws, as shares of red, green and blue.
_AMBER: Final = (0xF2, 0xB7, 0x05)
_IMAGE, _PATH = 3, 2


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that stand together on one line.

    Attributes:
        left, right: edges in points. runs: with BOLD and ITALIC.
        size: height of its type in points, about.
    """

    left: float
    right: float
    text: str
    runs: tuple[Run, ...]
    size: float


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page: `y` is its baseline in points from the top."""

    y: float
    segments: tuple[Segment, ...]

    @property
    def left(self) -> float:
        return self.segments[0].left

    @property
    def right(self) -> float:
        return self.segments[-1].right

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page.

    Attributes:
        number: from 1. lines: from the top.
        pictures: share of the page that pictures cover, about.
        bars: from and to (points from the top) of amber bars in the margin.
    """

    number: int
    width: float
    height: float
    lines: tuple[PageLine, ...]
    pictures: float
    bars: tuple[tuple[float, float], ...]


@contextmanager
def opened(path: Path) -> Generator[Any]:
    """A PDF, open. Raises `BadInput` for what is none, is locked, damaged, or far too large."""
    import pypdfium2 as pdfium

    if path.stat().st_size > _MOST_BYTES:
        raise BadInput(
            "The PDF is larger than 200 MB; a screenplay has about one.",
            remedy="Export the script as PDF again, without pictures.",
            place=path.name,
        )
    try:
        document: Any = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise BadInput(
                "The PDF is locked with a password.",
                remedy="Save a copy without a password, and import that.",
                place=path.name,
            ) from error
        raise BadInput(
            "The PDF is damaged, or is none.",
            remedy="Get the file again, or export the script anew.",
            place=path.name,
        ) from error
    try:
        pages = len(document)
        if not 0 < pages <= MOST_PAGES:
            raise BadInput(
                f"The PDF has {pages:,} pages; a screenplay of more than {MOST_PAGES:,} is not read.",
                remedy="Split it into its episodes.",
                place=path.name,
            )
        yield document
    finally:
        document.close()


def pages_of(document: Any, name: str, told: Callable[[], None]) -> Iterator[PdfPage]:
    """The pages, one after another; `told` is called for each. Raises `BadInput` for one that is damaged."""
    import pypdfium2 as pdfium

    for index in range(len(document)):
        told()
        try:
            page: Any = document[index]
            try:
                found = _page(page, index + 1, name)
            finally:
                page.close()
        except pdfium.PdfiumError as error:
            raise BadInput(
                "A page of the PDF is damaged.",
                remedy="Get the file again, or export the script anew.",
                place=f"{name}, page {index + 1}",
            ) from error
        yield found


@dataclass(slots=True)
class _Character:
    x: float
    y: float
    right: float
    text: str
    size: float
    flags: int
    #: A space stands before it in the file.
    apart: bool


def _page(page: Any, number: int, name: str) -> PdfPage:
    width, height = page.get_size()
    text_page: Any = page.get_textpage()
    try:
        count = text_page.count_chars()
        if count > _MOST_CHARACTERS:
            raise BadInput(
                "The page holds more signs than any page of a screenplay.",
                remedy="Check that it is the right file.",
                place=f"{name}, page {number}",
            )
        characters = _characters(text_page, count)
    finally:
        text_page.close()
    pictures, bars = _objects(page, width, height)
    lines = [PageLine(height - y, segments) for y, segments in _lines(characters)]
    return PdfPage(
        number, width, height, tuple(lines), pictures, tuple((height - t, height - b) for b, t in bars)
    )


def _characters(text_page: Any, count: int) -> list[_Character]:
    """The visible characters of a page, in the file's order."""
    import pypdfium2.raw as raw

    found: list[_Character] = []
    x, y = ctypes.c_double(), ctypes.c_double()
    box: Any = raw.FS_RECTF()
    size = flags = 0.0
    fresh = True
    high = 0
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text_page, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        if code in (0, 0xFFFE, 0xFFFF, 0xAD, 2) or chr(code).isspace() or code < 32:
            fresh = True
            continue
        if not raw.FPDFText_GetCharOrigin(text_page, index, x, y):
            continue
        if not raw.FPDFText_GetLooseCharBox(text_page, index, box):
            continue
        apart = fresh
        if fresh:
            size, flags, fresh = abs(box.top - box.bottom), _style(text_page, index), False
        right = max(float(box.right), x.value)
        found.append(_Character(x.value, y.value, right, chr(code), float(size), int(flags), apart))
    return found


def _style(text_page: Any, index: int) -> int:
    """Bold and italic, by the name of the character's face."""
    import pypdfium2.raw as raw

    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(text_page, index, name, 128, flags)
    face = name.raw[: max(0, min(length, 128) - 1)].decode("utf-8", "replace").lower()
    bold = BOLD if any(word in face for word in ("bold", "black", "heavy")) else 0
    return bold | (ITALIC if "italic" in face or "oblique" in face else 0)


def _lines(characters: list[_Character]) -> list[tuple[float, tuple[Segment, ...]]]:
    """The characters by their baselines, from the top, each line in segments from the left."""
    if not characters:
        return []
    rows: list[list[_Character]] = []
    for one in sorted(characters, key=lambda one: -one.y):
        if rows and rows[-1][0].y - one.y <= max(2.0, 0.25 * one.size):
            rows[-1].append(one)
        else:
            rows.append([one])
    return [(row[0].y, tuple(_segments(sorted(row, key=lambda one: one.x)))) for row in rows]


def _segments(row: list[_Character]) -> Iterator[Segment]:
    cell = statistics.median(max(one.right - one.x, 0.1) for one in row)
    part: list[_Character] = []
    for one in row:
        # The same character twice in one place is how some programs write bold.
        if part and one.text == part[-1].text and abs(one.x - part[-1].x) < 0.25 * cell:
            continue
        if part and one.x - part[-1].right > _APART * cell:
            yield _segment(part, cell)
            part = []
        part.append(one)
    yield _segment(part, cell)


def _segment(part: list[_Character], cell: float) -> Segment:
    runs: list[Run] = []
    before: _Character | None = None
    for one in part:
        text = one.text
        gap = one.x - before.right if before else 0.0
        if gap > _WORD * cell or (one.apart and gap > 0.1 * cell):
            text = " " * max(1, round(gap / cell)) + text
        if runs and runs[-1].flags == one.flags:
            runs[-1] = Run(runs[-1].text + text, one.flags)
        else:
            runs.append(Run(text, one.flags))
        before = one
    return Segment(part[0].x, part[-1].right, "".join(run.text for run in runs), tuple(runs), part[0].size)


def _objects(page: Any, width: float, height: float) -> tuple[float, list[tuple[float, float]]]:
    """The share of a page that pictures cover, and the amber bars on it."""
    import pypdfium2.raw as raw

    covered = 0.0
    bars: list[tuple[float, float]] = []
    count = min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)
    edges = [ctypes.c_float() for _ in range(4)]
    colour = [ctypes.c_uint() for _ in range(4)]
    for index in range(count):
        found = raw.FPDFPage_GetObject(page, index)
        kind = raw.FPDFPageObj_GetType(found)
        if kind not in (_IMAGE, _PATH) or not raw.FPDFPageObj_GetBounds(found, *edges):
            continue
        left, bottom, right, top = (edge.value for edge in edges)
        if kind == _IMAGE:
            covered += max(0.0, min(right, width) - max(left, 0)) * max(
                0.0, min(top, height) - max(bottom, 0)
            )
        elif right - left < 5 and top - bottom > 8 and _is_amber(found, colour):
            bars.append((bottom, top))
    return covered / max(1.0, width * height), bars


def _is_amber(found: Any, colour: list[ctypes.c_uint]) -> bool:
    import pypdfium2.raw as raw

    if not raw.FPDFPageObj_GetFillColor(found, *colour):
        return False
    return all(abs(one.value - wanted) < 12 for one, wanted in zip(colour, _AMBER, strict=False))
