"""The pictures in a story: what was offered for the board, and what stood in a panel before and after."""

from __future__ import annotations

from pydantic import ValidationError

from studio_assist.domain.marking import SourceType
from studio_assist.domain.record import Commitment, Requested
from studio_assist.domain.review import Picture
from studio_assist.domain.storyboard import Media, PictureContent
from studio_assist.ledger.story_words import Telling


def panel_of(request: Requested) -> str:
    """The panel that a request was for, by the number it had then: "14C"."""
    return str(request.settings.get("number", "")) or "a panel"


def shot_of(request: Requested) -> str:
    """The id of the shot that a request was for, or ""."""
    return str(request.settings.get("shot", ""))


def offered(telling: Telling, content: Commitment, caption: str) -> Picture:
    """A picture as a candidate or an edited result commits to it; without a file where that was forgotten."""
    text = telling.text(content)
    found: PictureContent | None = None
    if text is not None:
        try:
            found = PictureContent.model_validate_json(text)
        except ValidationError:
            # Words, or what an older program wrote: there is no picture to show of it.
            found = None
    if found is None:
        return Picture(caption, "", "", temp=True)
    previs = found.source is SourceType.PROCEDURAL
    return Picture(caption, found.picture.sha256, found.picture.suffix, temp=True, previs=previs)


def drawn(telling: Telling, picture: Commitment, caption: str) -> Picture:
    """A person's own picture, as the entry that says so commits to it."""
    text = telling.text(picture)
    if text is not None:
        try:
            media = Media.model_validate_json(text)
        except ValidationError:
            return Picture(caption, "", "")
        return Picture(caption, media.sha256, media.suffix)
    return Picture(caption, "", "")
