"""Forgetting a picture: where its pixels and the words about it stand, and its files that nobody needs.

The record holds of a picture its hash alone. The pixels are among the media, and what it was drawn from
stands in the shot's own fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from pydantic import ValidationError

from studio_assist import protocol
from studio_assist.broker.board_story import content_of
from studio_assist.broker.session import Session
from studio_assist.broker.story import BOARD
from studio_assist.domain.errors import StudioError
from studio_assist.domain.record import CandidateMade, DecisionMade, Entry, Presented, Requested
from studio_assist.domain.storyboard import Media, Panel, Shot
from studio_assist.storage.faults import disk


class ForgottenPictures:
    """The pictures that an entry speaks of, and the shot that a request was for.

    Made before the record forgets: afterwards nothing says which they were.
    """

    def __init__(self, session: Session, entry: Entry, texts: Sequence[str]) -> None:
        self._session: Final = session
        self._folder: Final = session.folder
        self._shot = ""
        marked: Media | None = None
        match entry.body:
            case Requested() as body if body.task == BOARD:
                self._shot = str(body.settings.get("shot", ""))
            case CandidateMade() | Presented() | DecisionMade() as body:
                marked = session.boards.marked.get(body.candidate)
            case _:
                pass
        named = [media for text in texts if (media := _media_in(text)) is not None]
        self._media: Final = (*named, *([marked] if marked and named else []))

    def left(self) -> Iterator[protocol.Holding]:
        """Files that hold the pictures still, and the fields that a prompt was made from."""
        for media in self._media:
            path = self._folder.media(media.sha256, media.suffix)
            if path is None:
                continue
            places = [shot.number for shot in self._shots() if _stands_in(media, shot)]
            where = f"the picture itself, in {', '.join(places)}" if places else "the picture itself"
            yield protocol.Holding(file=path.relative_to(self._folder.path).as_posix(), where=where)
        for shot in self._shots():
            if shot.id == self._shot:
                where = f"the fields of {shot.number}, which the prompt was made from"
                yield protocol.Holding(file=self._folder.boards_path.name, where=where, sure=False)

    def clean(self) -> tuple[tuple[str, ...], list[protocol.Holding]]:
        """Remove the files of pictures that stand in no panel. Gives those, and what could not be removed."""
        cleaned: list[str] = []
        failed: list[protocol.Holding] = []
        for media in self._media:
            path = self._folder.media(media.sha256, media.suffix)
            if path is None or any(_stands_in(media, shot) for shot in self._shots()):
                continue
            name = path.relative_to(self._folder.path).as_posix()
            try:
                with disk(path, "removed"):
                    path.unlink()
                cleaned.append(name)
            except StudioError as error:
                failed.append(protocol.Holding(file=name, where=error.message))
        return tuple(cleaned), failed

    def _shots(self) -> Iterator[Shot]:
        yield from self._session.boards.board
        yield from self._session.boards.removed.values()


def _media_in(text: str) -> Media | None:
    content = content_of(text)
    if content is not None:
        return content.picture
    with suppress(ValidationError):
        return Media.model_validate_json(text)
    return None


def _stands_in(media: Media, shot: Shot) -> bool:
    def holds(panel: Panel) -> bool:
        return any(one is not None and one.sha256 == media.sha256 for one in (panel.picture, panel.shown))

    return any(holds(panel) for panel in (shot.panel, *shot.earlier))
