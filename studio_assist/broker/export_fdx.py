"""A script as a Final Draft file on its way out: made and marked, and what is wrong with one read back."""

from __future__ import annotations

from typing import Final

from studio_assist.broker.export_files import Made, Progress
from studio_assist.broker.export_source import Source
from studio_assist.domain.errors import StudioError
from studio_assist.interchange.fdx.document import FdxDocument
from studio_assist.interchange.fdx.marks import wrong_marks, wrong_words
from studio_assist.interchange.fdx.read import read_fdx
from studio_assist.interchange.fdx.write import FdxResult, write_fdx
from studio_assist.interchange.fountain import parse
from studio_assist.storage.imports import source_file

_NOT_READ: Final = "The Final Draft file that the script came from was not used: {}."


def make_fdx(source: Source, progress: Progress) -> Made:
    """The file's bytes, with every mark; what the .fdx held that it was imported from comes back."""
    progress(0.0)
    warnings: list[str] = []
    template = _template(source, warnings)
    progress(0.3)
    drawn = write_fdx(parse(source.script), source.spans, source.title, template)
    progress(0.9)
    return Made(drawn.data, lambda back: _wrong(back, drawn, source), (*warnings, *drawn.warnings))


def _template(source: Source, warnings: list[str]) -> FdxDocument | None:
    """The file that the script was imported from, where that is what this project still has."""
    try:
        kept = source_file(source.folder.path, "fdx")
        return read_fdx(kept[1], kept[0].name) if kept else None
    except StudioError as error:
        warnings.append(_NOT_READ.format(error.message.rstrip(".")))
        return None


def _wrong(data: bytes, drawn: FdxResult, source: Source) -> str | None:
    """What is wrong with a file that was read back, or None."""
    try:
        document = read_fdx(data, "the export")
    except StudioError as error:
        return f"it cannot be read ({error.message})"
    if source.spans and (missing := wrong_marks(document, source.spans)):
        return missing
    if not source.spans and document.marked:
        return "it shows marks of temp material and holds none"
    return wrong_words(document, drawn.expected)
