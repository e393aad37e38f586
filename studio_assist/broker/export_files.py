"""Files on their way out: written beside their name, flushed, read back and compared, then named.

Blocking; `broker.exporting` calls it in a thread.
"""

from __future__ import annotations

import io
import os
import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

from studio_assist import protocol
from studio_assist.domain.errors import BadInput, Damaged
from studio_assist.domain.pagination import Pagination
from studio_assist.domain.temp import TempSpan
from studio_assist.domain.values import Sha256, sha256_of
from studio_assist.interchange.fountain import Script, parse
from studio_assist.interchange.pdf import HEADLINE, PdfResult, PdfSheet, write_pdf
from studio_assist.marks.text import Placing, marked_fountain, read_marks, reads_the_same, strip_marks
from studio_assist.paths import resource
from studio_assist.storage.atomic import sync_folder
from studio_assist.storage.faults import disk

Format = Literal["fountain", "pdf"]
Progress = Callable[[float], None]

#: What a project keeps for itself; an export never takes one of these names in its folder.
_OWN: Final = frozenset(
    {
        "project.toml",
        "script.fountain",
        "temp.json",
        "boards.json",
        "names.toml",
        "clearance",
        "media",
        "ledger.sqlite",
        "ledger.sqlite-wal",
        "ledger.sqlite-shm",
        "recovery",
    }
)
_ENDINGS: Final[dict[Format, str]] = {"fountain": ".fountain", "pdf": ".pdf"}


@dataclass(frozen=True)
class ExportJob:
    """One export, complete.

    Attributes:
        script: the text as it is to be exported; `spans` stand in it.
        project: the project's folder, whose own files no export replaces.
        on: the date that goes into a PDF.
        overwrite: a person said that the file at `out` may be replaced.
        boards: temp panels, which keep a final export shut as well.
    """

    format: Format
    out: Path
    script: str
    spans: tuple[TempSpan, ...]
    title: str
    project: Path
    on: date
    final: bool = False
    overwrite: bool = False
    boards: tuple[protocol.BlockedBy, ...] = ()


@dataclass(frozen=True)
class Staged:
    """A file that was written, flushed and read back, and waits for its name."""

    path: Path
    sha256: Sha256
    warnings: tuple[str, ...]


def stage(job: ExportJob, spans: Sequence[TempSpan], target: Path, progress: Progress) -> Staged:
    script = parse(job.script)
    warnings: list[str] = []
    pdf: PdfResult | None = None
    if job.format == "fountain":
        try:
            data = marked_text(script, spans, job.title).encode("utf-8")
        except UnicodeEncodeError as error:
            raise BadInput(
                "The script holds half of a character that takes two, which no file can carry.",
                remedy="Delete the character and type it again.",
                place=f"character {error.start + 1}",
            ) from error
    else:
        sheet = PdfSheet(title=job.title, on=job.on, fonts=resource("fonts"))
        pdf = write_pdf(script, Pagination(script), spans, sheet, progress)
        data = pdf.data
        if pdf.missing:
            shown = " ".join(f"{character} (U+{ord(character):04X})" for character in pdf.missing[:20])
            more = f" and {len(pdf.missing) - 20} more" if len(pdf.missing) > 20 else ""
            warnings.append(
                f"No bundled typeface has these characters, so they show as boxes: {shown}{more}."
            )
        if pdf.cut:
            warnings.append("The title page holds more than fits on a page; it was cut where … stands.")
    path = target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    try:
        with disk(target, "written"):
            with path.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            back = path.read_bytes()
        wrong = _wrong_pdf(back, pdf, bool(spans)) if pdf else _wrong_fountain(back, job.script, spans)
        if sha256_of(back) != sha256_of(data):
            wrong = "the bytes on the disk are not the ones that were written"
        if wrong:
            raise Damaged(
                f"The file was read back and is not right: {wrong}. It was removed.",
                remedy="Export it again, to another disk if it happens twice.",
                place=str(target),
            )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Staged(path, sha256_of(back), tuple(warnings))


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


def _wrong_fountain(data: bytes, script: str, spans: Sequence[TempSpan]) -> str | None:
    """What is wrong with a written Fountain file, or None."""
    text = data.decode("utf-8")
    if not spans:
        return None if text == script else "it differs from the script"
    found = read_marks(text)
    if found is None or not found.whole or found.passages != len(spans):
        return "marks of temp material are missing"
    return None if strip_marks(text) == script else "without its marks it differs from the script"


def _wrong_pdf(data: bytes, made: PdfResult, has_temp: bool) -> str | None:
    """What is wrong with a written PDF, or None. Every page that is to carry the temp header is read."""
    # Reading PDFs takes a while to import, and most runs of the broker never export one.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if len(reader.pages) != made.pages:
            return f"it has {len(reader.pages)} pages, not {made.pages}"
        if has_temp and not made.temp_pages:
            return "no page carries the mark of temp material"
        for page in made.temp_pages:
            if HEADLINE not in reader.pages[page].extract_text():
                return f"page {page + 1} lacks the mark of temp material"
    except PyPdfError as error:
        return f"it cannot be read ({type(error).__name__})"
    return None


# Names and places ---------------------------------------------------------------------------------------


def target_of(job: ExportJob) -> Path:
    """Where the file goes, links followed. Raises `BadInput` for a place that an export may not take."""
    with disk(job.out, "written"):
        return _target_of(job)


def _target_of(job: ExportJob) -> Path:
    target = job.out.expanduser().resolve()
    project = job.project.resolve()
    if target == project or (
        target.is_relative_to(project) and target.relative_to(project).parts[0].casefold() in _OWN
    ):
        raise BadInput(
            "That is one of the project's own files; an export never replaces those.",
            remedy="Choose another name, or a folder outside the project.",
            place=str(target),
        )
    if target.is_dir():
        raise BadInput(
            "That is a folder.", remedy="Give the file a name in it, with its ending.", place=str(target)
        )
    if not target.parent.is_dir():
        raise BadInput(
            "There is no such folder to put the file into.",
            remedy="Make the folder first, or choose another.",
            place=str(target.parent),
        )
    for other, ending in _ENDINGS.items():
        if other != job.format and target.suffix.casefold() == ending:
            raise BadInput(
                f"A name that ends in {ending} is for another format than {job.format}.",
                remedy=f"Let the name end in {_ENDINGS[job.format]}.",
                place=str(target),
            )
    if target.exists():
        if not job.overwrite:
            raise BadInput(
                "A file of that name exists already.",
                remedy="Choose another name, or say that it may be replaced.",
                place=str(target),
            )
        own = project / "script.fountain"
        if own.exists() and target.samefile(own):
            raise BadInput(
                "That file is the project's own script under another name.",
                remedy="Choose another name.",
                place=str(target),
            )
    return target


def put_in_place(path: Path, target: Path, overwrite: bool) -> None:
    """Give a staged file its name, and make that last through a power cut.

    Where this fails, a file of the staged one's making is gone again; one that it replaced is the caller's
    to bring back.
    """
    with disk(target, "written"):
        if overwrite:
            path.replace(target)
        else:
            _name_new(path, target)
    try:
        sync_folder(target.parent)
    except BaseException:
        if not overwrite:
            target.unlink(missing_ok=True)
        raise


def _name_new(path: Path, target: Path) -> None:
    """Rename without replacing a file that somebody else made in the meantime."""
    try:
        os.link(path, target)
    except FileExistsError as error:
        raise BadInput(
            "A file of that name was made while this one was written.",
            remedy="Choose another name, or say that it may be replaced.",
            place=str(target),
        ) from error
    except OSError:
        # File systems without hard links (FAT, some network shares).
        path.rename(target)
        return
    path.unlink()


def keep_replaced(target: Path) -> Path:
    """A second name, or a copy, of a file that is about to be replaced."""
    kept = target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    with disk(target, "written"):
        try:
            os.link(target, kept)
        except OSError:
            shutil.copy2(target, kept)
    return kept


def take_back(staged: Path, target: Path, replaced: Path | None, *, named: bool) -> None:
    """Leave things as they were before the export: `replaced` is what `keep_replaced` gave."""
    staged.unlink(missing_ok=True)
    if replaced:
        replaced.replace(target)
    elif named:
        target.unlink(missing_ok=True)
