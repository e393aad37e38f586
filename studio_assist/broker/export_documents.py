"""Scripts on their way out: Fountain and PDF, made and marked, and what is wrong with one that was read back.

Blocking; `broker.exporting` calls it in a thread.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, Literal

from studio_assist import protocol
from studio_assist.broker.export_files import Made, Progress
from studio_assist.broker.vouching import Vouching, signed_pdf, wrong_pdf
from studio_assist.domain.errors import BadInput
from studio_assist.domain.marking import SourceType
from studio_assist.domain.pagination import Pagination
from studio_assist.domain.temp import TempSpan
from studio_assist.interchange.fountain import Script, parse
from studio_assist.interchange.pdf import HEADLINE, NOTICE, PdfResult, PdfSheet, write_pdf
from studio_assist.marks.notice import noticed_fountain, read_notice, strip_notice
from studio_assist.marks.text import Placing, marked_fountain, read_marks, reads_the_same, strip_marks
from studio_assist.paths import resource

#: What is said of a script without temp text that prints the marks of an earlier export.
_BROUGHT_IN: Final = {"is_temp": True, "source": SourceType.COMPOSITE}


@dataclass(frozen=True)
class ExportJob:
    """One export of a script, complete.

    Attributes:
        script: the text as it is to be exported; `spans` stand in it.
        project: the project's folder, whose own files no export replaces.
        on: the date that goes into a PDF.
        vouching: for the formats that carry a manifest; None only for a copy with `altered`.
        final: refuse while temp material is left.
        overwrite: a person said that the file at `out` may be replaced.
        boards: temp panels, which keep a final export shut as well.
        altered: why the project's record does not hold. The copy then says so, and is in no record.
    """

    format: Literal["fountain", "pdf"]
    out: Path
    script: str
    spans: tuple[TempSpan, ...]
    title: str
    project: Path
    on: date
    vouching: Vouching | None = None
    final: bool = False
    overwrite: bool = False
    boards: tuple[protocol.BlockedBy, ...] = ()
    altered: str | None = None


def make_document(job: ExportJob, spans: Sequence[TempSpan], progress: Progress) -> Made:
    """The file's bytes, with every mark. Raises `BadInput` for a script that no file can carry."""
    script = parse(job.script)
    return _pdf(job, script, spans, progress) if job.format == "pdf" else _fountain(job, script, spans)


# Fountain -----------------------------------------------------------------------------------------------


def marked_text(script: Script, spans: Sequence[TempSpan], title: str) -> str:
    """The marked script, its notes as close to the passages as leaves every element what it is."""
    marked = script.text
    for placing in Placing if spans else ():
        marked = marked_fountain(script.screenplay, spans, title, placing)
        if reads_the_same(script.screenplay, parse(marked).screenplay):
            break
    # The last placing adds lines at the two ends alone. A script in which even those become part of something
    # (a boneyard left open) is still marked on its title page and in its first line.
    return marked


def _fountain(job: ExportJob, script: Script, spans: Sequence[TempSpan]) -> Made:
    text = marked_text(script, spans, job.title)
    if job.altered is not None:
        text = noticed_fountain(parse(text).screenplay, job.altered, job.title)
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadInput(
            "The script holds half of a character that takes two, which no file can carry.",
            remedy="Delete the character and type it again.",
            place=f"character {error.start + 1}",
        ) from error
    return Made(data, lambda back: _wrong_fountain(back, job, spans))


def _wrong_fountain(data: bytes, job: ExportJob, spans: Sequence[TempSpan]) -> str | None:
    text = data.decode("utf-8")
    if job.altered is not None:
        notice = read_notice(text)
        if notice is None or not notice.whole:
            return "the notice of the altered record is missing"
        text = strip_notice(text)
    if not spans:
        return None if text == job.script else "it differs from the script"
    found = read_marks(text)
    if found is None or not found.whole or found.passages != len(spans):
        return "marks of temp material are missing"
    return None if strip_marks(text) == job.script else "without its marks it differs from the script"


# PDF ----------------------------------------------------------------------------------------------------


def _pdf(job: ExportJob, script: Script, spans: Sequence[TempSpan], progress: Progress) -> Made:
    sheet = PdfSheet(title=job.title, on=job.on, fonts=resource("fonts"), notice=job.altered)
    # Signing comes after the last page.
    drawn = write_pdf(script, Pagination(script), spans, sheet, lambda share: progress(0.95 * share))
    warnings: list[str] = []
    if drawn.missing:
        shown = " ".join(f"{character} (U+{ord(character):04X})" for character in drawn.missing[:20])
        more = f" and {len(drawn.missing) - 20} more" if len(drawn.missing) > 20 else ""
        warnings.append(f"No bundled typeface has these characters, so they show as boxes: {shown}{more}.")
    if drawn.cut:
        warnings.append("The title page holds more than fits on a page; it was cut where … stands.")
    vouching, data = job.vouching, drawn.data
    # Nobody signs for a record that does not hold.
    assert (vouching is None) == (job.altered is not None), "a PDF has a manifest, or says why it has none"
    if vouching is not None:
        if not spans and _headline_in(job.script) and _shows_headline(data):
            vouching = replace(vouching, facts=vouching.facts.model_copy(update=_BROUGHT_IN))
            warnings.append("The script itself shows TEMP marks of an earlier export; the file says so.")
        data = signed_pdf(data, vouching)
    progress(1.0)
    return Made(data, lambda back: _wrong_pdf(back, drawn, job, vouching), tuple(warnings))


def _headline_in(text: str) -> bool:
    return HEADLINE in " ".join(text.split())


def _shows_headline(data: bytes) -> bool:
    """Whether a page shows the words that mark temp material."""
    from pypdf import PdfReader

    return any(_headline_in(page.extract_text()) for page in PdfReader(io.BytesIO(data)).pages)


def _wrong_pdf(data: bytes, made: PdfResult, job: ExportJob, vouching: Vouching | None) -> str | None:
    """What is wrong with a written PDF, or None. Every page that is to carry a mark is read."""
    # Reading PDFs takes a while to import, and most runs of the broker never export one.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if len(reader.pages) != made.pages:
            return f"it has {len(reader.pages)} pages, not {made.pages}"
        if job.spans and not made.temp_pages:
            return "no page carries the mark of temp material"
        for number, page in enumerate(reader.pages):
            marked = number in made.temp_pages
            text = page.extract_text() if marked or job.altered is not None else ""
            if marked and HEADLINE not in text:
                return f"page {number + 1} lacks the mark of temp material"
            if job.altered is not None and NOTICE not in text:
                return f"page {number + 1} lacks the notice of the altered record"
    except PyPdfError as error:
        return f"it cannot be read ({type(error).__name__})"
    return wrong_pdf(data, vouching) if vouching else None
