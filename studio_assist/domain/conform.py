"""What an edit that came back from editorial would change on the board, one change at a time.

Editorial's timing is an offer: each change is taken or left by a person, and a taken one is an edit of the
board like any other, which undo takes back.

Changes come in the edit's order, and each stands behind what plays before it there. So all of them, taken in
order, give the edit's order; taken in any other way each is still a valid edit of the board as it is then.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Annotated, Final, Literal

from pydantic import Field

from .boards import Board, new_shot_id
from .incoming import IncomingClip, IncomingEdit
from .shot_numbers import numbers_for
from .storyboard import BoardEdit, InsertShots, MoveShots, PutShot, RemoveShots, Several, Shot, ShotId
from .timebase import FrameRate, frames_of, ms_of
from .timeline import Timeline
from .values import Sha256, Value

#: The longest a shot can be, in milliseconds; see `Shot.duration_ms`.
_LONGEST_MS: Final = 600_000
#: A clip is often called by its file; what follows the number is not part of it.
_ENDING: Final = re.compile(r"\.(png|jpe?g|webp|tiff?|exr|mov|mp4|mxf|psd)$", re.IGNORECASE)
#: What can stand on a slate as a shot's number.
_NUMBER: Final = re.compile(r"[\w.\-]{1,12}")


class NewLength(Value):
    """A shot plays longer or shorter. Frames at the edit's rate, milliseconds as the board keeps them."""

    kind: Literal["length"] = "length"
    shot: ShotId
    frames_before: int
    frames_after: int
    duration_ms: Annotated[int, Field(ge=1, le=600_000)]


class NewPlace(Value):
    """A shot stands elsewhere: behind `after` (None: first).

    Attributes:
        or_after: where `after` is a shot that the edit brings and that was not taken: the nearest before it
            that the board had when the two were compared. Otherwise the same as `after`.
        was_after: behind which it stands now.
    """

    kind: Literal["place"] = "place"
    shot: ShotId
    after: ShotId | None
    or_after: ShotId | None = None
    was_after: ShotId | None


class LeftOut(Value):
    """A shot is in the edit no more."""

    kind: Literal["out"] = "out"
    shot: ShotId


class NewInEdit(Value):
    """The edit has a clip that the board has no shot for: taken, an empty shot is made there.

    Attributes:
        id: what the shot will be called; the same one whenever this edit is compared, so that it is not made
            a second time.
        after, or_after: as in `NewPlace`.
    """

    kind: Literal["new"] = "new"
    id: ShotId
    name: str
    after: ShotId | None
    or_after: ShotId | None = None
    duration_ms: Annotated[int, Field(ge=1, le=600_000)]
    note: str = ""


class NewNote(Value):
    """Editorial wrote something to a shot; taken, it is added to the shot's notes."""

    kind: Literal["note"] = "note"
    shot: ShotId
    note: str


Change = Annotated[NewLength | NewPlace | LeftOut | NewInEdit | NewNote, Field(discriminator="kind")]


def changes(board: Sequence[Shot], timeline: Timeline, edit: IncomingEdit) -> tuple[Change, ...]:
    """What the edit would change, as little as gives its order and lengths; nothing where it is the same.

    A shot is found by what our export wrote into its clip, else by its number as the clip's name, else by its
    picture's file. Where it plays twice, the first time counts.

    Args:
        timeline: the board's shots at the project's rate. What the edit left out is looked for among them.
    """
    shots = {shot.id: shot for shot in board}
    placed = _placed(board, edit.clips)
    there = {one for one, _clip in placed}
    stays = _staying([one for one, _clip in placed if one in shots], board)
    found: list[Change] = []
    gone = _left_out(board, timeline, edit, there)
    covered = there.union(*gone.values())
    # What the edit begins with stands behind what the board has before it: the edit may be of some scenes.
    first = min((place for place, shot in enumerate(board) if shot.id in covered), default=0)
    before = known = board[first - 1].id if first else None
    found.extend(LeftOut(shot=one) for one in gone.pop(None, ()))
    was_after = {shot.id: board[place - 1].id if place else None for place, shot in enumerate(board)}
    for one, clip in placed:
        shot = shots.get(one)
        behind = {"after": before, "or_after": known}
        if shot is None:
            ms = _snapped(clip.frames, edit.rate, timeline.rate)
            new = {"id": one, "name": clip.name, "duration_ms": ms, "note": clip.note}
            found.append(NewInEdit.model_validate({**new, **behind}))
        else:
            if one not in stays:
                moved = {"shot": one, "was_after": was_after[one]}
                found.append(NewPlace.model_validate({**moved, **behind}))
            found.extend(_of_shot(shot, clip, edit.rate, timeline.rate))
            known = one
        before = one
        found.extend(LeftOut(shot=out) for out in gone.pop(one, ()))
    return tuple(found)


def edit_of(board: Board, change: Change) -> BoardEdit:
    """A change as an edit of the board as it is now, whatever else was taken, left or changed by hand.

    An edit of nothing (`Several` of none) where the board has no shot any more that it speaks of, or has
    already what it asks for.
    """
    match change:
        case NewLength():
            if change.shot in board:
                shot = board.shot(change.shot)
                return PutShot(shot=shot.model_copy(update={"duration_ms": change.duration_ms}))
        case NewPlace():
            after = _anchor(board, change)
            lost = after is None and change.or_after is not None
            if change.shot in board and after != change.shot and not lost:
                return MoveShots(ids=(change.shot,), after=after)
        case LeftOut():
            if change.shot in board:
                return RemoveShots(ids=(change.shot,))
        case NewInEdit():
            if change.id not in board:
                return _inserted(board, change)
        case NewNote():
            if change.shot in board:
                shot = board.shot(change.shot)
                if not _says(shot.notes, change.note):
                    notes = f"{shot.notes}\n{change.note}" if shot.notes else change.note
                    return PutShot(shot=shot.model_copy(update={"notes": notes}))
    return Several(edits=())


def is_nothing(edit: BoardEdit) -> bool:
    """Whether an edit of `edit_of` changes nothing."""
    return isinstance(edit, Several) and not edit.edits


# Which shot a clip is -----------------------------------------------------------------------------------


def _placed(board: Sequence[Shot], clips: Iterable[IncomingClip]) -> list[tuple[ShotId, IncomingClip]]:
    """The edit's clips in order, each with the id of its shot, or of the one that would be made for it."""
    ids = {shot.id for shot in board}
    numbers = _only((_named(shot.number), shot.id) for shot in board)
    files = _only((media, shot.id) for shot in board for media in _media(shot))
    found: dict[ShotId, IncomingClip] = {}
    new: dict[str, int] = {}
    for clip in clips:
        one = clip.shot if clip.shot in ids else numbers.get(_named(clip.name))
        if one is None and clip.media is not None:
            one = files.get(clip.media)
        if one is None:
            # The count tells clips of one name apart: bars are in many edits twice.
            new[clip.name] = new.get(clip.name, 0) + 1
            one = new_shot_id(f"conform\n{clip.name}\n{new[clip.name]}")
        found.setdefault(one, clip)
    return list(found.items())


def _only(pairs: Iterable[tuple[str, ShotId]]) -> dict[str, ShotId]:
    """What names one shot alone: a number that two have, or a picture that stands in two, names none."""
    found: dict[str, ShotId | None] = {}
    for name, shot in pairs:
        found[name] = shot if found.get(name, shot) == shot else None
    return {name: shot for name, shot in found.items() if shot is not None and name}


def _named(name: str) -> str:
    return _ENDING.sub("", name.strip()).casefold()


def _media(shot: Shot) -> set[Sha256]:
    panels = (shot.panel, *shot.earlier)
    return {media.sha256 for panel in panels for media in (panel.shown, panel.picture) if media is not None}


# What is other ------------------------------------------------------------------------------------------


def _staying(order: Sequence[ShotId], board: Sequence[Shot]) -> AbstractSet[ShotId]:
    """The most shots that need not move: the longest run that is rising on the board too."""
    place = {shot.id: at for at, shot in enumerate(board)}
    # Of runs of each length, the one whose last shot stands earliest; and what came before each shot in it.
    ends: list[int] = []
    last: list[ShotId] = []
    before: dict[ShotId, ShotId | None] = {}
    for one in order:
        at = bisect_left(ends, place[one])
        before[one] = last[at - 1] if at else None
        if at == len(ends):
            ends.append(place[one])
            last.append(one)
        else:
            ends[at], last[at] = place[one], one
    stays: set[ShotId] = set()
    one = last[-1] if last else None
    while one is not None:
        stays.add(one)
        one = before[one]
    return stays


def _left_out(
    board: Sequence[Shot], timeline: Timeline, edit: IncomingEdit, there: AbstractSet[ShotId]
) -> dict[ShotId | None, list[ShotId]]:
    """Shots that the edit covers and does not have, each under the shot of the edit that they come behind.

    An edit covers the shots that it was exported with. Where it does not say which, it covers the scenes that
    it has shots of.
    """
    covers = set(edit.covers)
    scenes = {shot.scene for shot in board if shot.id in there}
    gone: dict[ShotId | None, list[ShotId]] = {}
    before: ShotId | None = None
    for shot in board:
        if shot.id in there:
            before = shot.id
        elif timeline.place(shot.id) is not None and (shot.id in covers if covers else shot.scene in scenes):
            gone.setdefault(before, []).append(shot.id)
    return gone


def _of_shot(shot: Shot, clip: IncomingClip, rate: FrameRate, own: FrameRate) -> list[Change]:
    found: list[Change] = []
    frames = frames_of(shot.duration_ms, rate)
    ms = _snapped(clip.frames, rate, own)
    # At another rate the same length may be a frame of the edit's more or less: then nothing is other here.
    if frames != clip.frames and frames_of(ms, own) != frames_of(shot.duration_ms, own):
        found.append(NewLength(shot=shot.id, frames_before=frames, frames_after=clip.frames, duration_ms=ms))
    note = "\n".join(line for line in clip.note.splitlines() if not _known(shot, line))
    if note:
        found.append(NewNote(shot=shot.id, note=note))
    return found


def _snapped(frames: int, rate: FrameRate, own: FrameRate) -> int:
    """A length of the edit as the board keeps it: whole frames of the project's own rate."""
    exact = min(_LONGEST_MS, max(1, ms_of(frames, rate)))
    return min(_LONGEST_MS, ms_of(frames_of(exact, own), own))


def _known(shot: Shot, line: str) -> bool:
    """Whether a line is the shot's own words, which went out with it and came back."""
    return not line.strip() or any(
        _says(said, line) for said in (shot.notes, shot.action, shot.dialogue, shot.title)
    )


def _says(said: str, note: str) -> bool:
    return _bare(note) in _bare(said)


def _bare(text: str) -> str:
    """Words alone: on their way through other programs lines are joined, and odd signs are lost."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split()).casefold()


# What is made of it -------------------------------------------------------------------------------------


def _anchor(board: Board, change: NewPlace | NewInEdit) -> ShotId | None:
    """What a change comes behind, as far as the board has it; None is the beginning where it says so."""
    return next((one for one in (change.after, change.or_after) if one is not None and one in board), None)


def _inserted(board: Board, change: NewInEdit) -> BoardEdit:
    after = _anchor(board, change)
    if after is None and change.or_after is not None and board.shots:
        # What it came behind is on the board no more.
        after = board.shots[-1].id
    neighbour = board.shot(after) if after is not None else next(iter(board), None)
    scene = neighbour.scene if neighbour is not None else ""
    number = _ENDING.sub("", change.name.strip())
    taken = {_named(shot.number) for shot in board}
    if not _NUMBER.fullmatch(number) or _named(number) in taken:
        (number,) = numbers_for(board, scene, after, 1)
    shot = Shot(
        id=change.id,
        number=number,
        scene=scene,
        title=change.name,
        duration_ms=change.duration_ms,
        notes=change.note,
    )
    return InsertShots(shots=(shot,), after=after)
