"""Whether the pictures of panels on their way out are what the record says of them.

boards.json and the media can be changed by hand. A picture that a model or the built-in drawer offered leaves
as its marked copy and in no other way, whatever those files say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from studio_assist.broker.session import Session
from studio_assist.domain.errors import Damaged
from studio_assist.domain.storyboard import Media, Shot
from studio_assist.storage.faults import disk


def as_recorded(session: Session, shots: Sequence[Shot]) -> None:
    """See that no panel shows an offered picture without its marks. Blocking.

    Raises:
        Damaged: boards.json says of one that it is a person's own, or that it is marked.
    """
    shown = {shot.id: {media.sha256 for media in _shown(shot)} for shot in shots}
    offered = session.ledger.offered_among({sha256 for one in shown.values() for sha256 in one})
    for shot in shots:
        panel = shot.panel
        unmarked = panel.state == "temp" and panel.shown is not None and panel.shown == panel.picture
        if unmarked or shown[shot.id] & offered:
            said = "as a person's own" if panel.state == "drawn" else "as a marked one"
            raise Damaged(
                f"boards.json has a picture in panel {shot.number} {said}, and the record knows it as one "
                "that was offered, without marks. Nothing was exported.",
                remedy="Put the panel's picture in anew, or bring boards.json back from a copy.",
                place=shot.number,
            )


def the_very_file(path: Path, media: Media, shot: Shot) -> None:
    """See that a marked copy's file is the one that was made. Blocking.

    Raises:
        Damaged: another stands in its place.
    """
    with disk(path, "read"), path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != media.sha256:
        raise Damaged(
            f"The marked copy of panel {shot.number}'s temp picture was changed since it was made.",
            remedy="Put its file back from a copy of the project, or give the panel another picture.",
            place=str(path),
        )


def _shown(shot: Shot) -> tuple[Media, ...]:
    """What goes out as it is: of a temp panel its marked copy alone."""
    panel = shot.panel
    pictures = (panel.picture, panel.shown) if panel.state == "drawn" else (panel.shown,)
    return tuple(media for media in pictures if media is not None)
