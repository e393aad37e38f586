"""A report's file: made in one of four formats, and looked at when it has been written. Blocking."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Final, Literal

from studio_assist.broker.export_files import Made
from studio_assist.broker.vouching import Vouching, signed_pdf, wrong_pdf
from studio_assist.domain.errors import BadInput
from studio_assist.domain.report import Report
from studio_assist.interchange.report_csv import HEADS, write_csv
from studio_assist.interchange.report_document import Document
from studio_assist.interchange.report_html import write_html
from studio_assist.interchange.report_json import NAME, write_json
from studio_assist.interchange.report_kinds import document_of
from studio_assist.interchange.report_pdf import PdfReport, write_pdf
from studio_assist.paths import resource

ReportFormat = Literal["report-pdf", "report-html", "report-csv", "report-json"]

_FORMATS: Final[dict[str, ReportFormat]] = {
    ".pdf": "report-pdf",
    ".html": "report-html",
    ".htm": "report-html",
    ".csv": "report-csv",
    ".json": "report-json",
}


def format_of(out: Path) -> ReportFormat:
    """The format that a file's ending names. Raises `BadInput` for any other ending."""
    found = _FORMATS.get(out.suffix.casefold())
    if found is None:
        raise BadInput(
            "A report is written as PDF, HTML, CSV or JSON, by the ending of its name.",
            remedy="Let the name end in .pdf, .html, .csv or .json.",
            place=str(out),
        )
    return found


def make_file(
    report: Report, format: ReportFormat, vouching: Vouching | None, progress: Callable[[float], None]
) -> Made:
    """The file's bytes, and what is wrong with them when they are read back.

    Args:
        vouching: who signs a PDF; None for the other formats, which carry no manifest.
        progress: told the share of this that is done.
    """
    document = document_of(report)
    match format:
        case "report-pdf":
            assert vouching is not None, "a PDF has a manifest"
            return _pdf(report, document, vouching, progress)
        case "report-html":
            data = write_html(document, resource("report", "report.css"))
            return Made(data, lambda back: _wrong_html(back, document))
        case "report-csv":
            data = write_csv(document)
            return Made(data, _wrong_csv)
        case "report-json":
            data = write_json(report, document)
            return Made(data, lambda back: _wrong_json(back, report))


def _pdf(report: Report, document: Document, vouching: Vouching, progress: Callable[[float], None]) -> Made:
    # Signing comes after the last page.
    drawn = write_pdf(document, resource("fonts"), report.made, lambda share: progress(0.9 * share))
    data = signed_pdf(drawn.data, vouching)
    progress(1.0)
    warnings: tuple[str, ...] = ()
    if drawn.missing:
        shown = " ".join(f"{one} (U+{ord(one):04X})" for one in drawn.missing[:20])
        warnings = (f"No bundled typeface has these characters, so they show as boxes: {shown}.",)
    return Made(data, lambda back: _wrong_pdf(back, drawn, document, vouching), warnings)


# read back ----------------------------------------------------------------------------------------------


def _wrong_pdf(data: bytes, made: PdfReport, document: Document, vouching: Vouching) -> str | None:
    # Reading PDFs takes a while to import, and most runs of the broker never do.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if len(reader.pages) != made.pages:
            return f"it has {len(reader.pages)} pages, not {made.pages}"
        first = "".join(reader.pages[0].extract_text().split())
        if "".join(document.title.split()) not in first:
            return "its first page does not say what it is"
    except PyPdfError as error:
        return f"it cannot be read ({type(error).__name__})"
    return wrong_pdf(data, vouching)


class _Headings(HTMLParser):
    """The text of every heading of the second rank, and whether the page has its end."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ended = False
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "h2"
        if self._inside:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False
        self.ended = tag == "html"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


def _wrong_html(data: bytes, document: Document) -> str | None:
    headings = _Headings()
    headings.feed(data.decode("utf-8"))
    headings.close()
    if not headings.ended:
        return "its end is missing"
    if headings.found != [section.title for section in document.sections]:
        return "a section of it is missing"
    return None


def _wrong_csv(data: bytes) -> str | None:
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    if tuple(next(rows, [])) != HEADS:
        return "its heads are missing"
    return None if all(len(row) == len(HEADS) for row in rows) else "a row of it is not whole"


def _wrong_json(data: bytes, report: Report) -> str | None:
    content = json.loads(data)
    if content.get("schema") != NAME:
        return "it does not say what it is"
    back = Report.model_validate_json(json.dumps(content["report"]))
    return None if back == report else "it reads back as another report"
