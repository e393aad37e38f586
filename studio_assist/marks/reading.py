"""Every mark on a file, whatever kind it is, and whether they agree: where does this come from?"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from typing import Final

from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.domain.marking import InvisibleMark, ManifestFound, MarkReport
from studio_assist.domain.values import EntryNumber, sha256_of
from studio_assist.marks import manifest
from studio_assist.marks.containers import FilmKind, kind_of, own_text, xmp_of
from studio_assist.marks.film import FilmMarks, read_frames
from studio_assist.marks.judging import Known, Layers, Verdict, judge
from studio_assist.marks.metadata import Metadata, read_packet
from studio_assist.marks.notice import NOTICE, read_notice
from studio_assist.marks.pictures import read_picture
from studio_assist.marks.text import HEADLINE, PREVIS_HEADLINE, read_marks

__all__ = ["Known", "read_marks_of"]

_ALL: Final = "Choose a PNG, JPEG or WebP picture, a PDF, an MP4 or GIF film, or a Fountain script."
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
    """Read every mark on a picture (PNG, JPEG, WebP), a PDF, a film (MP4, GIF) or a Fountain script.

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
    elif kind == "mp4" or kind == "gif":
        report = _film(data, kind, name, keys, roots, known, cancelled)
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


def _film(
    data: bytes,
    kind: FilmKind,
    name: str,
    keys: Sequence[bytes],
    roots: Sequence[bytes],
    known: Known | None,
    cancelled: Callable[[], bool] | None,
) -> MarkReport:
    """A film answers to one entry, its pictures to others: their invisible marks are no layer of it."""
    signed = manifest.read(data, kind, roots)
    # A single temp shot of a long film is easily missed, so the film says where they are.
    seen = read_frames(data, kind, name, keys, cancelled, signed.temp_times)
    xmp = xmp_of(data, kind)
    layers = Layers(
        thing="film",
        visible=("band is", seen.band > 0),
        manifest=signed,
        metadata=read_packet(xmp) if xmp is not None else None,
    )
    verdict = judge(layers, sha256_of(data), known, any_root=bool(roots), any_key=False)
    _say_frames(seen, verdict)
    unread = InvisibleMark(present=False if keys else None)
    return _report(layers, verdict).model_copy(update={"invisible": seen.invisible or unread})


def _say_frames(seen: FilmMarks, verdict: Verdict) -> None:
    frames = "1 frame was" if seen.looked_at == 1 else f"{seen.looked_at} frames were"
    verdict.say(f"Of the film {frames} looked at; {seen.band or 'none'} of them wore the band.")
    if seen.invisible is not None and seen.invisible.entry is not None:
        verdict.say(
            f"The invisible mark of a picture in it names ledger entry {seen.invisible.entry:,}; "
            "it was put on before the film was made."
        )


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
            if HEADLINE in text or PREVIS_HEADLINE in text:
                return True, notice
    except Exception as error:  # a broken or hostile file draws any error from pypdf; all mean this
        raise BadInput(
            "The PDF is damaged or locked and its pages cannot be read.",
            remedy="Save it unlocked with another program, or get it again from where it comes from.",
            place=name,
        ) from error
    return False, notice


def _script(data: bytes, known: Known | None) -> MarkReport:
    """A script, a timeline or a list carries visible marks alone: no manifest and no metadata."""
    text = data.decode("utf-8")
    found, notice = read_marks(text), read_notice(text)
    said = _SAID.findall(text) if found is None else []
    verdict = Verdict()
    if notice is not None:
        verdict.wrong(f"{_COPY} {notice.why}".rstrip())
    if said:
        # Not Fountain: FDX, OTIO, an edit list. Where its marks begin and end only its own reader knows.
        places = "1 place" if len(said) == 1 else f"{len(said):,} places"
        verdict.say(f"The file says in {places} that it holds temp material.")
    elif found is None:
        verdict.say("No temp mark was found. A script without temp material carries none.")
    elif found.whole:
        verdict.say(f"The script is marked as temp material, {_passages(found.passages)}.")
    else:
        verdict.wrong("Some of the script's temp marks are missing.")
    named = {EntryNumber(int(one.replace(",", ""))) for one in said if one}
    entries = sorted({*found.begins, *found.ends, *found.listed} if found else named)
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
    elif found is None and not said:
        verdict.agree = False
    return MarkReport(
        band=found is not None or bool(said),
        invisible=InvisibleMark(present=None),
        manifest=ManifestFound(state="missing", entry=entries[0] if len(entries) == 1 else None),
        source_type=None,
        agree=verdict.agree,
        findings=tuple(verdict.findings),
    )


#: What our exports write to temp material, whatever the format; the entry where they name one.
_SAID: Final = re.compile(
    r"TEMP (?:AI|PREVIS|TEXT|SOUND|MATERIAL)\b[^\r\n<\"]{0,24}?not for delivery"
    r"(?:[^\r\n<\"]{0,24}?\bentry (\d[\d,]{0,18}))?",
    re.IGNORECASE,
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
