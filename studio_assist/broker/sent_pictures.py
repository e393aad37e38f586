"""Pictures that are to go along with a request: cleaned, looked at, and shown on the sheet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

from studio_assist import protocol
from studio_assist.gate.inspect import Inspector
from studio_assist.gate.picture_check import PictureCheck, check
from studio_assist.gate.pictures import cleaned
from studio_assist.gate.vision import Vision
from studio_assist.storage.atomic import read_bytes


def look_at(
    files: Sequence[Path], inspector: Inspector, drawn: Collection[Path] = ()
) -> tuple[PictureCheck, ...]:
    """Each file as it may leave, and what was found in it. Takes seconds; run it off the event loop.

    Args:
        drawn: those that the built-in drawer made: what looks like a face in them is nobody's.

    Raises:
        BadInput: a file that is missing, or is no picture.
        Refusal: a picture that may not be sent at all.
    """
    looks = _looks() if files else None
    return tuple(
        check(
            cleaned(read_bytes(file), file.name, number=number),
            looks,
            lambda text, where: inspector.text(text, where, leaving=True),
            drawing_of_nobody=file in drawn,
        )
        for number, file in enumerate(files, 1)
    )


def picture_seen(found: PictureCheck) -> protocol.PictureSeen:
    """A picture as the sheet shows it."""
    clean, was = found.picture, found.picture.was
    return protocol.PictureSeen(
        name=was.name,
        size_bytes=was.length_bytes,
        width=was.size[0],
        height=was.size[1],
        tags=tuple(protocol.Tag(label=label, value=value) for label, value in was.shown),
        more_tags=was.more,
        sent_name=clean.name,
        sent_bytes=len(clean.data),
        sent_width=clean.size[0],
        sent_height=clean.size[1],
        done=(*clean.done, *found.says),
        bad="" if found.may_leave else found.why,
    )


@cache
def _looks() -> Vision | None:
    """What looks for faces and words, where it is installed; loaded once, in two seconds."""
    return Vision() if Vision.available() else None
