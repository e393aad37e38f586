"""Every mark on a file, whatever kind it is, and whether they agree: where does this come from?"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Final

from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.domain.marking import InvisibleMark, ManifestFound, MarkReport
from studio_assist.domain.values import sha256_of
from studio_assist.marks import manifest
from studio_assist.marks.containers import kind_of, own_text, xmp_of
from studio_assist.marks.judging import Known, Layers, Verdict, judge
from studio_assist.marks.metadata import Metadata, read_packet
from studio_assist.marks.notice import NOTICE, read_notice
from studio_assist.marks.pictures import read_picture
from studio_assist.marks.text import HEADLINE, read_marks

__all__ = ["Known", "read_marks_of"]

_ALL: Final = "Choose a PNG, JPEG or WebP picture, a PDF, or a Fountain script."
#: The first page with temp material is marked; longer documents are not looked through to their end.
_MOST_PAGES: Final = 400
_LONGEST_SCRIPT: Final = 20_000_000
_COPY: Final = "It says that it is a copy out of a project whose record was altered."


def read_marks_of(
    data: bytes,
    name: str,
    keys: Sequence[bytes],
    roots: Sequence[bytes],
    known: Known | None = None,
    *,
    search: bool = True,
    cancelled: Callable[[], bool] | None = None,
) -> MarkReport:
    """Read every mark on a picture (PNG, JPEG, WebP), a PDF or a Fountain script, and say what they tell.

    Args:
        name: of the file, for errors. What the file is, its content says.
        keys: mark keys of the projects that it may come from.
        roots: root certificates (PEM) that its manifest must lead to.
        known: what a project's ledger knows; without one nothing is said of it.
        search: look for a rotated or scaled invisible mark too, which takes seconds.
        cancelled: asked between steps.

    Raises:
        BadInput: empty, of no kind that is read, or too damaged to be shown at all.
        Unavailable: it was cancelled.
    """
    if not data:
        raise BadInput("The file is empty.", remedy="Choose another file.", place=name)
    kind = kind_of(data)
    if kind == "pdf":
        report = _pdf(data, name, roots, known, cancelled)
    elif kind is not None:
        report = _picture(data, name, keys, roots, known, search=search, cancelled=cancelled)
    elif own_text(data) and len(data) <= _LONGEST_SCRIPT:
        report = _script(data, known)
    else:
        raise BadInput("This is no file whose marks can be read.", remedy=_ALL, place=name)
    if cancelled is not None and cancelled():
        raise Unavailable("Reading the file was stopped.", remedy="Choose it again.", place=name)
    return report


def _picture(
    data: bytes,
    name: str,
    keys: Sequence[bytes],
    roots: Sequence[bytes],
    known: Known | None,
    *,
    search: bool,
    cancelled: Callable[[], bool] | None,
) -> MarkReport:
    marks = read_picture(data, keys, roots, search=search, cancelled=cancelled, name=name)
    layers = Layers(
        thing="picture",
        visible=("band is", marks.band),
        manifest=marks.manifest,
        metadata=marks.metadata,
        invisible=marks.invisible,
        geometry=marks.geometry,
        shown=marks.shown,
    )
    verdict = judge(layers, sha256_of(data), known, any_root=bool(roots), any_key=bool(keys))
    return _report(layers, verdict)


def _pdf(
    data: bytes,
    name: str,
    roots: Sequence[bytes],
    known: Known | None,
    cancelled: Callable[[], bool] | None,
) -> MarkReport:
    seen, notice = _pages_say(data, name, cancelled)
    xmp = xmp_of(data, "pdf")
    layers = Layers(
        thing="document",
        visible=("temp marks on its pages are", seen),
        manifest=manifest.read(data, "pdf", roots),
        metadata=read_packet(xmp) if xmp is not None else None,
    )
    verdict = judge(layers, sha256_of(data), known, any_root=bool(roots), any_key=False)
    if notice:
        verdict.wrong(_COPY)
    return _report(layers, verdict)


def _pages_say(data: bytes, name: str, cancelled: Callable[[], bool] | None) -> tuple[bool, bool]:
    """Whether pages of a PDF show the temp headline, and the notice of an altered record."""
    import pypdf

    notice = False
    try:
        pages = pypdf.PdfReader(io.BytesIO(data)).pages
        for index in range(min(len(pages), _MOST_PAGES)):
            if cancelled is not None and cancelled():
                break
            text = " ".join(pages[index].extract_text().split())
            notice = notice or NOTICE in text
            if HEADLINE in text:
                return True, notice
    except Exception as error:  # a broken or hostile file draws any error from pypdf; all mean this
        raise BadInput(
            "The PDF is damaged or locked and its pages cannot be read.",
            remedy="Save it unlocked with another program, or get it again from where it comes from.",
            place=name,
        ) from error
    return False, notice


def _script(data: bytes, known: Known | None) -> MarkReport:
    """A Fountain script carries visible marks alone: no manifest and no metadata."""
    text = data.decode("utf-8")
    found, notice = read_marks(text), read_notice(text)
    verdict = Verdict()
    if notice is not None:
        verdict.wrong(f"{_COPY} {notice.why}".rstrip())
    if found is None:
        verdict.say("No temp mark was found. A script without temp material carries none.")
    elif found.whole:
        verdict.say(f"The script is marked as temp material, {_passages(found.passages)}.")
    else:
        verdict.wrong("Some of the script's temp marks are missing.")
    entries = sorted({*found.begins, *found.ends, *found.listed}) if found else []
    if known is not None:
        number = known.exported(sha256_of(data))
        for entry in entries:
            story = known.entry(entry)
            if story is None:
                verdict.wrong(f"The record of {known.title} has no entry {entry:,}.")
            elif len(entries) <= 5:
                verdict.say(f"Ledger entry {entry:,}: {story.rstrip('.')}.")
        if number is not None:
            verdict.say(f"The record names this very file, in entry {number:,}.")
        else:
            verdict.wrong(f"The record of {known.title} knows no export of exactly these bytes.")
    elif found is None:
        verdict.agree = False
    return MarkReport(
        band=found is not None,
        invisible=InvisibleMark(present=None),
        manifest=ManifestFound(state="missing", entry=entries[0] if len(entries) == 1 else None),
        source_type=None,
        agree=verdict.agree,
        findings=tuple(verdict.findings),
    )


def _report(layers: Layers, verdict: Verdict) -> MarkReport:
    metadata = layers.metadata or Metadata()
    return MarkReport(
        band=layers.visible[1],
        invisible=layers.invisible or InvisibleMark(present=None),
        manifest=layers.manifest.found,
        source_type=metadata.source_type,
        agree=verdict.agree,
        findings=tuple(verdict.findings),
    )


def _passages(count: int) -> str:
    return f"{count:,} {'passage' if count == 1 else 'passages'}"
