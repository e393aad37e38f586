"""Changes that editorial offers, in words: what a row says, what undo calls it."""

from __future__ import annotations

from dataclasses import dataclass

from studio_assist.desk.board.states import seconds_text
from studio_assist.domain.boards import Board
from studio_assist.domain.conform import Change, LeftOut, NewInEdit, NewLength, NewNote, NewPlace
from studio_assist.domain.storyboard import Shot, ShotId

#: What goes off the board with a shot, by the state of its panel.
_GOES = {"temp": " Its TEMP picture goes with it.", "drawn": " Its drawing goes with it.", "empty": ""}


@dataclass(frozen=True, slots=True)
class Said:
    """A change in words.

    Attributes:
        title: what is other, in a line ("14C plays 12 frames longer: 48 to 60").
        more: what it is now, or what comes with taking it.
        undo: what undo calls it.
    """

    title: str
    more: str
    undo: str


def said_of(change: Change, names: dict[ShotId, str], board: Board) -> Said:
    """A change in words.

    Args:
        names: of the shots on the board when the edit was compared, and of those that the edit brings.
    """

    def named(one: ShotId | None) -> str:
        return names.get(one, "a shot that is gone") if one is not None else ""

    match change:
        case NewLength():
            return _length(change, named(change.shot), _shot(board, change.shot))
        case NewPlace():
            name = named(change.shot)
            place = f"behind {named(change.after)}" if change.after is not None else "to the beginning"
            now = (
                f"It stands behind {named(change.was_after)} now." if change.was_after else "It is first now."
            )
            return Said(f"{name} moves {place}", now, f"Move {name}")
        case LeftOut():
            name, shot = named(change.shot), _shot(board, change.shot)
            more = "Taken, the shot leaves the board; Undo brings it back."
            return Said(
                f"{name} is not in the edit",
                more + (_GOES[shot.panel.state] if shot is not None else ""),
                f"Remove {name}",
            )
        case NewInEdit():
            place = f", behind {named(change.after)}" if change.after is not None else ", at the beginning"
            more = f"Taken, an empty shot of {seconds_text(change.duration_ms)} is made. {_line(change.note)}"
            return Said(f"{change.name} is new{place}", more.strip(), f"Add {change.name}")
        case NewNote():
            name = named(change.shot)
            return Said(f"Editorial wrote to {name}", _line(change.note), f"Add a note to {name}")


def names_of(board: Board, changes: tuple[Change, ...]) -> dict[ShotId, str]:
    """What the shots are called that changes speak of."""
    names = {shot.id: shot.number for shot in board}
    new = {change.id: change.name for change in changes if isinstance(change, NewInEdit)}
    return {**new, **names}


def shot_of(change: Change) -> ShotId:
    """The shot that a change is of; of a new one, the one that would be made."""
    return change.id if isinstance(change, NewInEdit) else change.shot


def count_words(waiting: int, taken: int, left: int) -> str:
    """How far one is with them."""
    if not waiting + taken + left:
        return "The edit is as the board is."
    parts = [f"{waiting:,} to decide" if waiting else "All are decided"]
    if taken:
        parts.append(f"{taken:,} taken")
    if left:
        parts.append(f"{left:,} left as it was" if left == 1 else f"{left:,} left as they were")
    return " · ".join(parts)


def _length(change: NewLength, name: str, shot: Shot | None) -> Said:
    by = change.frames_after - change.frames_before
    noun = "frame" if abs(by) == 1 else "frames"
    way = "longer" if by > 0 else "shorter"
    before = f"{seconds_text(shot.duration_ms)} to " if shot is not None else ""
    return Said(
        f"{name} plays {abs(by):,} {noun} {way}: {change.frames_before:,} to {change.frames_after:,}",
        f"{before}{seconds_text(change.duration_ms)}. What comes behind it moves along.",
        f"Change the length of {name}",
    )


def _shot(board: Board, shot: ShotId) -> Shot | None:
    return board.shot(shot) if shot in board else None


def _line(text: str) -> str:
    return " · ".join(line.strip() for line in text.splitlines() if line.strip())
