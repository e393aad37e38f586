"""Where on the board an incoming board goes: a shot that is there, or a new one at its place. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from studio_assist.domain.boards import Board
from studio_assist.domain.incoming import IncomingBoard, IncomingBoards
from studio_assist.domain.shot_numbers import numbers_for, sort_key
from studio_assist.domain.storyboard import Shot, ShotId
from studio_assist.storage.board_imports import ImportedBoard

#: What a new shot's title shows of the board's name.
_TITLE: Final = 60


@dataclass(frozen=True)
class Target:
    """Where a board goes.

    Attributes:
        shot: the shot that it fills or updates; None: a new one.
        scene: which scene a new shot belongs to.
        known: how it came in the last time.
        kept: why the panel stays as it is, in a sentence; "" where the picture goes in.
    """

    board: IncomingBoard
    shot: ShotId | None
    scene: str
    known: ImportedBoard | None = None
    kept: str = ""


def targets(
    board: Board,
    scenes: Sequence[str],
    incoming: IncomingBoards,
    wanted: str,
    known: Mapping[str, ImportedBoard],
) -> Iterator[Target]:
    """Where each board goes, in their order.

    Args:
        scenes: the numbers of the script's scenes, in order.
        wanted: the scene of boards that name none themselves; "" takes the last one.
        known: what came in of the same file before.
    """
    by_number = {shot.number: shot for shot in reversed(board.shots)}
    there = {*scenes, *(shot.scene for shot in board)}
    last = scenes[-1] if scenes else board.shots[-1].scene if board.shots else ""
    for one in incoming.boards:
        # What a file names is its own: another program counts shots without letters of scenes.
        scene = one.scene if one.scene in there or not (wanted or last) else wanted or last or one.scene
        came = known.get(one.uid)
        if came is not None and came.shot in board:
            shot = board.shot(came.shot)
            changed = not came.is_in(shot.panel)
            kept = "Its panel was changed here since, and stays as it is." if changed else ""
            yield Target(one, shot.id, shot.scene, came, kept)
            continue
        match = by_number.get(one.number) if one.number and not one.keep_layers else None
        if match is None:
            yield Target(one, None, scene)
            continue
        drawn = match.panel.state == "drawn"
        kept = f"The shot {match.number} has a drawing already, which stays." if drawn else ""
        yield Target(one, match.id, match.scene, None, kept)


def new_shot(board: Board, scenes: Sequence[str], target: Target, name: ShotId) -> tuple[Shot, ShotId | None]:
    """A new shot for a board, with nothing in its panel, and the shot that it comes behind (None: first)."""
    one = target.board
    after = _place(board, scenes, target)
    taken = {shot.number for shot in board}
    own = one.number if one.number and one.scene == target.scene and one.number not in taken else ""
    number = own or numbers_for(board, target.scene, after, 1)[0]
    title = one.name if one.keep_layers else one.name.rpartition(".")[0]
    shot = Shot(
        id=name,
        number=number,
        scene=target.scene,
        title=(f"Board {title}" if one.keep_layers else title)[:_TITLE],
        duration_ms=one.duration_ms,
        action=one.action,
        dialogue=one.dialogue,
        notes=one.notes,
    )
    return shot, after


def _place(board: Board, scenes: Sequence[str], target: Target) -> ShotId | None:
    shots = board.of_scene(target.scene)
    number = target.board.number if target.board.scene == target.scene else ""
    if shots and number:
        before = [shot for shot in shots if sort_key(shot.number) < sort_key(number)]
        if before:
            return before[-1].id
        place = board.place(shots[0].id)
        return board.shots[place - 1].id if place else None
    if shots:
        return shots[-1].id
    if target.scene not in scenes:
        return board.shots[-1].id if board.shots else None
    for earlier in reversed(scenes[: scenes.index(target.scene)]):
        if found := board.of_scene(earlier):
            return found[-1].id
    # No earlier scene has shots: at the beginning, before those of later ones.
    return None
