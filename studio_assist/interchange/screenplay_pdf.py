"""Screenplays out of PDFs: the elements recovered from how the pages are laid out.

What is recovered is written as Fountain, and a page of what was left out or is not sure goes with it. A PDF
whose pages are no screenplay, or pictures of one, is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from studio_assist.domain.errors import BadInput
from studio_assist.domain.incoming import IncomingScript, ReportLine
from studio_assist.domain.screenplay import ElementType
from studio_assist.interchange.screenplay_parts import Part, Run, flowing
from studio_assist.interchange.screenplay_pdf_elements import Found, elements_of
from studio_assist.interchange.screenplay_pdf_layout import (
    SMALL,
    Dropped,
    body_rows,
    body_size,
    is_slug,
    learn,
    pitch_of,
)
from studio_assist.interchange.screenplay_pdf_text import PageLine, PdfPage, opened, pages_of
from studio_assist.interchange.screenplay_text import fountain_text
from studio_assist.interchange.title_lines import TitleLine, title_of

#: The words that mark temp material; `marks.text` has the same, and a test holds them equal.
HEADLINE: Final = "TEMP AI MATERIAL · NOT FOR DELIVERY"
PASSAGE: Final = "TEMP AI · not for delivery"
#: Characters of a page below which it shows a picture of text rather than text.
_SCANNED: Final = 25
_MOST_TITLE_LINES: Final = 40


def read_screenplay_pdf(path: Path, told: Callable[[], None] = lambda: None) -> IncomingScript:
    """Read a PDF.

    Args:
        told: called for every page.

    Raises:
        BadInput: no PDF, locked, damaged, too large, scanned, or no screenplay; the message says which.
    """
    with opened(path) as document:
        pages = list(pages_of(document, path.name, told))
    _refuse_pictures(pages, path.name)
    size = body_size(pages)
    marked = any(HEADLINE in _squeezed(line.text) for page in pages for line in page.lines)
    title, script = _title(pages, size)
    dropped = Dropped()
    pitch = pitch_of(script)
    rows = body_rows(script, size, pitch, dropped)
    columns = learn(rows, pitch)
    if columns is None:
        raise _no_screenplay(path.name, len(pages), 0, 0)
    found = list(elements_of(rows, columns, dropped))
    slugs = sum(one.part.kind is ElementType.SCENE_HEADING for one in found)
    speeches = sum(one.part.kind is ElementType.CHARACTER for one in found)
    if (not slugs and speeches < 3) or (slugs + speeches) * 60 < len(rows) or (not speeches and slugs < 3):
        raise _no_screenplay(path.name, len(pages), slugs, speeches)
    found = list(_with_marks(found))
    parts = flowing([one.part for one in found])
    written = fountain_text(parts, title)
    report = [*_temp_lines(found, marked), *_told(found, dropped, pages)]
    places = _places(found, len(parts))
    report += [ReportLine(where=places[index], what=what) for index, what in written.told]
    return IncomingScript(format="pdf", text=written.text, pages=len(pages), report=tuple(report))


def _refuse_pictures(pages: Sequence[PdfPage], name: str) -> None:
    """Refuse pages that hold pictures of text, or nothing at all."""
    empty = [page for page in pages if sum(len(line.text) for line in page.lines) < _SCANNED]
    if len(empty) * 2 <= len(pages):
        return
    if any(page.pictures > 0.3 for page in empty):
        raise BadInput(
            f"{len(empty):,} of its {len(pages):,} pages are pictures (a scan) without text to read.",
            remedy="Import the script from the program it was written in, or have the scan made into text.",
            place=name,
        )
    raise BadInput(
        "The PDF holds almost no text.",
        remedy="Export the script as PDF again, with its text as text.",
        place=name,
    )


def _no_screenplay(name: str, pages: int, slugs: int, speeches: int) -> BadInput:
    return BadInput(
        f"This is not laid out as a screenplay: {slugs:,} slug lines and {speeches:,} names above speeches "
        f"on {pages:,} pages.",
        remedy="Choose the PDF of a screenplay, or import the script as Fountain or FDX.",
        place=name,
    )


# Title page ---------------------------------------------------------------------------------------------


def _title(pages: Sequence[PdfPage], size: float) -> tuple[dict[str, str], Sequence[PdfPage]]:
    """The title page's values where the first page is one, and the pages of the script."""
    first = pages[0]
    lines = [line for line in first.lines if any(one.size >= SMALL * size for one in line.segments)]
    has_slug = any(is_slug(segment.text) for line in lines for segment in line.segments)
    middle = sum(_is_central(first, line) for line in lines)
    body = any(line.left < 0.185 * first.width and line.y < 0.6 * first.height for line in lines)
    if len(pages) < 2 or has_slug or body or not middle or len(lines) > _MOST_TITLE_LINES:
        return {}, pages
    if any(line.text.rstrip().endswith("FADE IN:") for line in lines):
        return {}, pages
    return title_of(_title_lines(first, lines)), pages[1:]


def _title_lines(page: PdfPage, lines: Sequence[PageLine]) -> Iterator[TitleLine]:
    last: dict[str, float] = {}
    for line in lines:
        if _is_central(page, line):
            places = [("Center", line.text)]
        else:
            places = [
                ("Left" if segment.left < page.width / 2 else "Right", segment.text)
                for segment in line.segments
            ]
        for at, text in places:
            apart = at not in last or line.y - last[at] > 18
            last[at] = line.y
            yield TitleLine(text, "Center" if at == "Center" else "Left" if at == "Left" else "Right", apart)


def _is_central(page: PdfPage, line: PageLine) -> bool:
    # Bound pages have their middle a little to the right.
    centre = (line.left + line.right) / 2 - page.width / 2
    return len(line.segments) == 1 and -14 < centre < 36 and line.y < 0.8 * page.height


def _with_marks(found: Sequence[Found]) -> Iterator[Found]:
    """The elements, a note before each that our mark of temp material stands beside: it comes in marked."""
    for one in found:
        if one.temp:
            words = f"{PASSAGE} · out of a PDF, {one.where}"
            yield Found(Part(ElementType.NOTE, ((Run(words),),), column=one.part.column), one.where)
        yield one


# Report -------------------------------------------------------------------------------------------------


def _temp_lines(found: Sequence[Found], marked: bool) -> Iterator[ReportLine]:
    if not marked:
        return
    yield ReportLine(
        where="every page",
        what="This PDF is an export with temp AI material in it, and says so. Its passages have notes.",
        remedy="Replace what is listed below, or import the project's own script instead.",
    )
    for one in found:
        if one.temp:
            words = " ".join(one.part.text.split())
            shown = words if len(words) <= 60 else words[:59] + "…"
            yield ReportLine(where=one.where, what=f"Temp AI material: “{shown}”")


def _told(found: Sequence[Found], dropped: Dropped, pages: Sequence[PdfPage]) -> Iterator[ReportLine]:
    for what, seen in dropped.seen.items():
        where = f"page {seen[0]}" if len(seen) == 1 else f"pages {seen[0]} to {seen[-1]}"
        yield ReportLine(where=where, what=f"{what} were left out.")
    for one in found:
        if one.doubt:
            yield ReportLine(where=one.where, what=one.doubt)
    for page in pages:
        if page.pictures > 0.05:
            yield ReportLine(where=f"page {page.number}", what="A picture; a script holds none.")


def _places(found: Sequence[Found], count: int) -> list[str]:
    """Where each of the parts that were written stands; lines of one speech were put together."""
    parts = [one.part for one in found]
    places: list[str] = []
    for index, one in enumerate(found):
        if len(flowing(parts[max(0, index - 1) : index + 1])) == min(index + 1, 2):
            places.append(one.where)
    return [*places, *[places[-1] if places else "page 1"] * max(0, count - len(places))]


def _squeezed(text: str) -> str:
    return " ".join(text.split())
