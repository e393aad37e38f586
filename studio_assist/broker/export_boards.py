"""Boards on their way out: the book as a PDF, and the shot list as a table.

Blocking; `broker.exporting` calls it in a thread.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from studio_assist.broker.export_files import Made, Progress
from studio_assist.broker.export_pictures import the_very_file
from studio_assist.broker.export_source import Source
from studio_assist.broker.vouching import Vouching, signed_pdf, wrong_pdf
from studio_assist.domain.errors import BadInput
from studio_assist.domain.storyboard import Angle, Movement, Shot
from studio_assist.domain.timebase import FrameRate, timecode
from studio_assist.domain.timeline import Cut, Playing, playing
from studio_assist.interchange import shot_list
from studio_assist.interchange.fountain import parse
from studio_assist.paths import resource

if TYPE_CHECKING:
    from studio_assist.interchange.boards_pdf_book import BookPanel, BookPdf, Temp

_BLANK: Final[frozenset[Playing]] = frozenset({"undecided", "empty", "missing"})
#: Share of the work that drawing is; signing and closing the file come after it.
_DRAWN: Final = 0.92


def make_boards_pdf(source: Source, progress: Progress) -> Made:
    """The storyboard book.

    Raises:
        BadInput: no panel is left to be shown.
        Unavailable: a typeface is missing; nobody can sign.
    """
    from studio_assist.interchange.boards_pdf import write_book
    from studio_assist.interchange.boards_pdf_book import Book

    headings = _headings(source.script)
    cuts = [cut for cut in source.timeline.cuts if source.options.empty or not _is_blank(source, cut.shot)]
    left_out = (
        [cut.shot for cut in source.timeline.cuts if cut not in cuts] if not source.options.empty else []
    )
    if not cuts:
        raise BadInput(
            "No panel in this range has a picture, so the book would have no page.",
            remedy="Let panels without a picture go out as blanks, or choose other scenes.",
        )
    panels = [_panel(source, cut, headings) for cut in cuts]
    options = source.options
    book = Book(
        title=source.title,
        scenes=scene_words([cut.shot.scene for cut in cuts]),
        on=source.on,
        made_by=_signer(source.vouching),
        ledger=f"ledger {source.tag}, entry {source.entry:,}",
        left_out=_left_out_words(source, left_out),
        panels=options.panels,
        paper=options.paper,
        landscape=options.landscape,
        fields=options.fields,
        aspect=_aspect(source.aspect),
        fonts=resource("fonts"),
    )
    drawn = write_book(book, panels, lambda share: progress(_DRAWN * share))
    progress(_DRAWN)
    data = signed_pdf(drawn.data, source.vouching) if source.vouching is not None else drawn.data
    progress(1.0)
    return Made(data, lambda back: _wrong_book(back, drawn, source.vouching), _warnings(drawn))


def make_csv(source: Source, progress: Progress) -> Made:
    """The shot list as a CSV table."""
    rows = _rows(source, progress)
    return Made(shot_list.write_csv(rows), lambda back: shot_list.wrong_csv(back, rows))


def make_xlsx(source: Source, progress: Progress) -> Made:
    """The shot list as a workbook."""
    rows = _rows(source, progress)
    from studio_assist.interchange.shot_list_xlsx import write_xlsx, wrong_xlsx

    about = shot_list.About(source.title, source.tag, source.entry, source.on)
    return Made(write_xlsx(rows, about), lambda back: wrong_xlsx(back, rows))


# What a panel is in words -------------------------------------------------------------------------------


def scene_words(scenes: Sequence[str]) -> str:
    """Scenes in words, in the order in which they come: "scenes 14 to 17"."""
    named = list(dict.fromkeys(scene for scene in scenes if scene))
    if not named:
        return "no scene"
    if len(named) == 1:
        return f"scene {named[0]}"
    return f"scenes {named[0]} {'and' if len(named) == 2 else 'to'} {named[-1]}"


def camera_words(shot: Shot) -> str:
    """Size, lens, angle and movement, without what goes without saying."""
    parts = [f"{shot.size.value} {shot.lens_mm} mm"]
    if shot.angle is not Angle.EYE:
        parts.append(
            f"{shot.angle.value} angle" if shot.angle in (Angle.LOW, Angle.HIGH) else shot.angle.value
        )
    if shot.movement is not Movement.STATIC:
        parts.append(shot.movement.value.replace("-", " "))
    return ", ".join(parts)


def length_words(frames: int, rate: FrameRate) -> str:
    """A length in seconds and frames."""
    return f"{float(frames / rate.fps):.1f} s · {frames} f"


def _panel(source: Source, cut: Cut, headings: dict[str, str]) -> BookPanel:
    from studio_assist.interchange.boards_pdf_book import BookPanel

    shot = cut.shot
    return BookPanel(
        number=shot.number,
        scene=shot.scene,
        heading=headings.get(shot.scene, ""),
        camera=camera_words(shot),
        length=length_words(cut.frames, source.timeline.rate),
        action=shot.action,
        dialogue=shot.dialogue,
        notes=shot.notes,
        shows=source.playing(shot),
        picture=_picture(source, shot),
        temp=_temp(source, shot, words=bool({"action", "dialogue", "notes"} & set(source.options.fields))),
        entry=shot.panel.entry if shot.panel.state == "temp" else None,
        made_by=_made_by(shot),
    )


def _picture(source: Source, shot: Shot) -> Path | None:
    # The marked copy and nothing else: `picture` of a temp panel has no band.
    media = shot.panel.shown or (shot.panel.picture if shot.panel.state == "drawn" else None)
    path = source.folder.media(media.sha256, media.suffix) if media is not None else None
    if media is not None and path is not None and source.shows_temp(shot, words=False):
        the_very_file(path, media, shot)
    return path


def _is_blank(source: Source, shot: Shot) -> bool:
    return source.playing(shot) in _BLANK


def _temp(source: Source, shot: Shot, *, words: bool) -> Temp | Literal[""]:
    said = words and shot.id in source.temp_words
    match playing(shot.panel, has_open=False):
        case "temp":
            return "AI + TEXT" if said else "AI"
        case "previs":
            return "PREVIS + TEXT" if said else "PREVIS"
        case _:
            return "TEXT" if said else ""


def _made_by(shot: Shot) -> str:
    panel = shot.panel
    if panel.state == "drawn":
        return f"Drawn by {panel.by}" if panel.by else "Drawn by a person"
    if panel.state == "temp":
        decided = f"accepted by {panel.by}" if panel.by else ""
        return ", ".join(part for part in (panel.made_by, decided) if part)
    return ""


def _left_out_words(source: Source, shots: Sequence[Shot]) -> str:
    if not shots:
        return ""
    listed = ", ".join(f"{shot.number} ({source.playing(shot)})" for shot in shots)
    count = f"{len(shots)} {'panel is' if len(shots) == 1 else 'panels are'}"
    return f"{count} left out of this book, without a picture: {listed}."


def _headings(script: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for scene in parse(script).screenplay.scenes:
        # A number that stands twice belongs to the first, as everywhere.
        found.setdefault(scene.number, scene.heading)
    return found


def _aspect(words: str) -> float:
    across, _, down = words.partition(":")
    return float(Fraction(across) / Fraction(down)) if float(down or 0) and float(across) else 16 / 9


def _signer(vouching: Vouching | None) -> str:
    if vouching is None:
        return ""
    from studio_assist.marks.certificates import common_name

    return common_name(vouching.identity.certificate_pem)


# The book, read back ------------------------------------------------------------------------------------


def _warnings(drawn: BookPdf) -> tuple[str, ...]:
    warnings: list[str] = []
    if drawn.missing:
        shown = " ".join(f"{character} (U+{ord(character):04X})" for character in drawn.missing[:20])
        more = f" and {len(drawn.missing) - 20} more" if len(drawn.missing) > 20 else ""
        warnings.append(f"No bundled typeface has these characters, so they show as boxes: {shown}{more}.")
    if drawn.damaged:
        listed = ", ".join(drawn.damaged[:20]) + (" …" if len(drawn.damaged) > 20 else "")
        warnings.append(f"These pictures are damaged and show as blanks: {listed}.")
    return tuple(warnings)


def _wrong_book(data: bytes, made: BookPdf, vouching: Vouching | None) -> str | None:
    """What is wrong with a written book, or None. Every page that is to carry marks is read."""
    # Loaded late: most runs of the broker never export a book.
    import pypdfium2 as pdfium

    try:
        document: Any = pdfium.PdfDocument(data)
        try:
            if len(document) != made.pages:
                return f"it has {len(document)} pages, not {made.pages}"
            for number, tags in made.tags.items():
                if tag := _lacking(_text_of(document, number), tags):
                    return f"page {number + 1} lacks the mark {tag}"
        finally:
            document.close()
    except pdfium.PdfiumError as error:
        return f"it cannot be read ({error})"
    return wrong_pdf(data, vouching) if vouching else None


def _text_of(document: Any, number: int) -> str:
    """The words of a page, counted from 0."""
    page = document[number]
    try:
        words = page.get_textpage()
        try:
            return words.get_text_range()
        finally:
            words.close()
    finally:
        page.close()


def _lacking(text: str, tags: Sequence[str]) -> str | None:
    """A tag that does not stand there as often as it has to, or None."""
    close = _close(text)
    return next((tag for tag in tags if close.count(_close(tag)) < tags.count(tag)), None)


def _close(text: str) -> str:
    """Text without its spaces: readers guess those."""
    return re.sub(r"\s", "", text)


# The shot list ------------------------------------------------------------------------------------------


def _rows(source: Source, progress: Progress) -> list[shot_list.ShotRow]:
    headings = _headings(source.script)
    rate = source.timeline.rate
    rows: list[shot_list.ShotRow] = []
    for place, cut in enumerate(source.timeline.cuts, 1):
        shot, panel = cut.shot, cut.shot.panel
        rows.append(
            shot_list.ShotRow(
                number=shot.number,
                scene=shot.scene,
                heading=headings.get(shot.scene, ""),
                size=shot.size.value,
                angle=shot.angle.value,
                lens_mm=shot.lens_mm,
                movement=shot.movement.value.replace("-", " "),
                characters=", ".join(one.name for one in shot.characters),
                action=shot.action,
                dialogue=shot.dialogue,
                seconds=round(float(cut.frames / rate.fps), 3),
                frames=cut.frames,
                start=timecode(cut.start, rate),
                state=source.playing(shot),
                temp=_temp(source, shot, words=True),
                made_by=panel.made_by or (panel.by if panel.state == "drawn" else ""),
                decided_by=panel.by if panel.state == "temp" else "",
                entry=panel.entry,
            )
        )
        progress(place / len(source.timeline.cuts))
    return rows
