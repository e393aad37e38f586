"""What the frame and the strip show for a shot: which file, where it lies, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.frame_pictures import media_place
from studio_assist.desk.board.preview import Framed
from studio_assist.desk.board.variant_strip import Small
from studio_assist.domain.marking import SourceType
from studio_assist.domain.storyboard import Media, Shot, Variant

_STALE: Final = ", the shot has changed since"


def framed_of(book: BoardBook, shot: Shot | None, variant: Variant | None, place: int, count: int) -> Framed:
    """A variant where one is shown, else what stands in the panel, else what happens to it."""
    if shot is None:
        return Framed(name="No shot is chosen")
    if variant is not None:
        said = f"Variant {place + 1} of {count} for {shot.number}, by {variant.made_by}, not decided"
        previs = variant.source is SourceType.PROCEDURAL
        return _picture(book, variant.shown, variant.picture, said, offered=True, temp=True, previs=previs)
    panel = shot.panel
    if panel.state == "empty":
        return Framed(live=book.live(shot.id), name=f"Panel {shot.number}, empty")
    if panel.state == "drawn":
        # Without a marked copy there is nothing to mark: its own picture is shown.
        said = f"Panel {shot.number}, drawn by {panel.by}"
        return _picture(book, panel.shown or panel.picture, panel.picture, said)
    said = f"Panel {shot.number}, accepted temp"
    previs = panel.source is SourceType.PROCEDURAL
    return _picture(book, panel.shown, panel.picture, said, temp=True, previs=previs)


def smalls_of(book: BoardBook, shot: Shot | None, variants: Sequence[Variant]) -> list[Small]:
    """The variants, and last what stands in the panel, where variants wait beside it."""
    smalls = [
        Small(
            one.candidate,
            str(at + 1),
            _picture(book, one.shown, one.picture, "").path,
            f"Variant {at + 1}, {one.made_by}{_STALE if one.state == 'stale' else ''}",
            dimmed=one.state == "stale",
            temp=True,
        )
        for at, one in enumerate(variants)
    ]
    if smalls and shot is not None and shot.panel.state != "empty":
        held = framed_of(book, shot, None, 0, 0)
        smalls.append(Small("", "0", held.path, "What stands in the panel", temp=held.temp))
    return smalls


def _picture(
    book: BoardBook,
    shown: Media | None,
    made: Media | None,
    name: str,
    *,
    offered: bool = False,
    temp: bool = False,
    previs: bool = False,
) -> Framed:
    media = shown or made
    place = media_place(media) if media is not None else "media"
    path = book.media_file(shown) if shown is not None else None
    return Framed(path=path, place=place, offered=offered, temp=temp, previs=previs, name=name)
