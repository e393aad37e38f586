"""From what a person wants done with shots to the edit that does it, and the words that name it for undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from studio_assist.domain.boards import Board, new_shot_id
from studio_assist.domain.shot_numbers import numbers_for, renumbered
from studio_assist.domain.storyboard import (
    BoardEdit,
    InsertShots,
    MoveShots,
    NumberShots,
    Panel,
    PutShot,
    RemoveShots,
    Several,
    Shot,
    ShotId,
)


class Wanted(NamedTuple):
    """An edit with its words. `chosen`: the shots to be chosen once it is made."""

    edit: BoardEdit
    words: str
    chosen: tuple[ShotId, ...] = ()


def counted(shots: Sequence[object], verb: str) -> str:
    """ "Move 3 shots", "Move 1 shot"."""
    return f"{verb} {len(shots)} {'shot' if len(shots) == 1 else 'shots'}"


def new_shot(board: Board, after: ShotId | None, scene: str) -> Wanted:
    """An empty shot behind another, in its scene; `scene` where there is no other."""
    if after is not None:
        scene = board.shot(after).scene
    number = numbers_for(board, scene, after, 1)[0]
    shot = Shot(id=new_shot_id(), number=number, scene=scene)
    return Wanted(InsertShots(shots=(shot,), after=after), f"New shot {number}", (shot.id,))


def duplicated(board: Board, ids: Sequence[ShotId]) -> Wanted:
    """Copies behind the last of them: what is written about the shots, and empty panels."""
    after = ids[-1]
    copies: list[Shot] = []
    taken = board
    for one in ids:
        shot = board.shot(one)
        behind = copies[-1].id if copies else after
        number = numbers_for(taken, shot.scene, behind, 1)[0]
        copy = shot.model_copy(
            update={"id": new_shot_id(), "number": number, "panel": Panel(), "earlier": ()}
        )
        place = taken.place(behind) + 1
        taken = Board((*taken.shots[:place], copy, *taken.shots[place:]))
        copies.append(copy)
    edit = InsertShots(shots=tuple(copies), after=after)
    return Wanted(edit, counted(ids, "Duplicate"), tuple(copy.id for copy in copies))


def removed(ids: Sequence[ShotId]) -> Wanted:
    """Shots go; an undo brings them back, panels and all."""
    return Wanted(RemoveShots(ids=tuple(ids)), counted(ids, "Remove"))


def renumber(board: Board, scene: str | None) -> Wanted | None:
    """A, B, C in a scene or in all; None where all numbers are right already."""
    edit = renumbered(board, scene)
    if not edit.numbers:
        return None
    return Wanted(edit, f"Renumber scene {scene}" if scene is not None else "Renumber the board")


def into_scene(board: Board, ids: Sequence[ShotId], scene: str) -> Wanted:
    """Shots go to the end of a scene and get numbers of it."""
    others = [shot.id for shot in board.of_scene(scene) if shot.id not in set(ids)]
    after = others[-1] if others else board.shots[-1].id
    return _moved(board, ids, after, scene, counted(ids, "Move") + f" to scene {scene}")


def moved(board: Board, ids: Sequence[ShotId], after: ShotId | None) -> Wanted | None:
    """Shots go behind another. Between two scenes they keep their own where it is one of the two.

    None where they stand there already.
    """
    going = set(ids)
    order = [shot.id for shot in board.shots if shot.id not in going]
    while after is not None and after in going:
        place = board.place(after)
        after = board.shots[place - 1].id if place else None
    at = order.index(after) + 1 if after is not None else 0
    new = [*order[:at], *ids, *order[at:]]
    around = [board.shot(one).scene for one in order[max(0, at - 1) : at + 1]]
    own = {board.shot(one).scene for one in ids}
    scene: str | None = None
    if around and not (len(own) == 1 and own <= set(around)):
        scene = around[0]
    if scene is None and new == [shot.id for shot in board.shots]:
        return None
    return _moved(board, ids, after, scene, counted(ids, "Move"))


def stepped(board: Board, ids: Sequence[ShotId], step: int) -> Wanted | None:
    """Shots go one place earlier or later (Alt with an arrow); None at the board's ends."""
    going = set(ids)
    places = sorted(board.place(one) for one in ids)
    if step < 0:
        before = next((place for place in range(places[0] - 1, -1, -1)), None)
        if before is None:
            return None
        after = board.shots[before - 1].id if before else None
    else:
        behind = next(
            (place for place in range(places[-1] + 1, len(board)) if board.shots[place].id not in going), None
        )
        if behind is None:
            return None
        after = board.shots[behind].id
    return moved(board, ids, after)


def renamed(shot: Shot, title: str) -> Wanted | None:
    """A title of a person's own; None where it is the same."""
    words = " ".join(title.split())
    if words == shot.title:
        return None
    return Wanted(PutShot(shot=shot.model_copy(update={"title": words})), f"Rename {shot.number}")


def _moved(
    board: Board, ids: Sequence[ShotId], after: ShotId | None, scene: str | None, words: str
) -> Wanted:
    move = MoveShots(ids=tuple(ids), after=after, scene=scene)
    strangers = [one for one in ids if scene is not None and board.shot(one).scene != scene]
    if scene is None or not strangers:
        return Wanted(move, words, tuple(ids))
    # A number says its scene: those that change theirs get new ones, and nobody else does.
    rest = Board(tuple(shot for shot in board.shots if shot.id not in set(strangers)))
    behind = after if after is None or after in rest else None
    numbers = numbers_for(rest, scene, behind, len(strangers))
    number = NumberShots(numbers=tuple(zip(strangers, numbers, strict=True)))
    return Wanted(Several(edits=(move, number)), words, tuple(ids))
