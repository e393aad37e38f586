"""A board and the edits a person makes on it: pure, so that the broker and the window make the same one.

`edited` gives the new board and the edit that undoes it. The order is kept as a chain while an edit runs:
what it costs then depends on what it moves, and the undo of a move from a thousand places is still fast.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from studio_assist.domain.errors import BadInput
from studio_assist.domain.storyboard import (
    BoardEdit,
    InsertShots,
    MoveShots,
    NumberShots,
    PutShot,
    RemoveShots,
    Several,
    Shot,
    ShotId,
)

_REMEDY: Final = "Read the board again and repeat the change."


def new_shot_id(seed: str | None = None) -> ShotId:
    """A new shot's id: of a text, always the same one; without, one that nobody has had."""
    if seed is None:
        return ShotId(secrets.token_hex(6))
    return ShotId(hashlib.sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()[:12])


@dataclass(frozen=True, slots=True)
class Board:
    """Shots in order.

    Raises:
        BadInput: two shots have one id.
    """

    shots: tuple[Shot, ...] = ()
    _places: dict[ShotId, int] = field(default_factory=dict[ShotId, int], repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self._places) != len(self.shots):
            places = {shot.id: place for place, shot in enumerate(self.shots)}
            if len(places) != len(self.shots):
                raise _twice("The board", "")
            object.__setattr__(self, "_places", places)

    def __len__(self) -> int:
        return len(self.shots)

    def __iter__(self) -> Iterator[Shot]:
        return iter(self.shots)

    def __contains__(self, shot: object) -> bool:
        return shot in self._places

    def shot(self, shot: ShotId) -> Shot:
        """The shot with an id.

        Raises:
            BadInput: there is none.
        """
        return self.shots[self.place(shot)]

    def place(self, shot: ShotId) -> int:
        """Where it stands, from 0.

        Raises:
            BadInput: there is none.
        """
        place = self._places.get(shot)
        if place is None:
            raise _unknown(shot)
        return place

    def of_scene(self, scene: str) -> tuple[Shot, ...]:
        """A scene's shots, in the board's order."""
        return tuple(shot for shot in self.shots if shot.scene == scene)

    def with_shots(self, shots: Iterable[Shot]) -> Board:
        """The board with these in place of those of the same ids, panels and all: what a decision changes.

        Raises:
            BadInput: it has no such shot.
        """
        changed = list(self.shots)
        for shot in shots:
            changed[self.place(shot.id)] = shot
        return Board(tuple(changed), self._places)


def edited(board: Board, edit: BoardEdit) -> tuple[Board, BoardEdit]:
    """The board after an edit, and the edit that gives this board back.

    Raises:
        BadInput: the edit names a shot that is not there, or one that already is, or one twice.
    """
    desk = _Desk(board)
    inverse = desk.done(edit)
    return desk.board(), inverse


@dataclass(slots=True)
class _Chain:
    """Ids in order, each knowing its neighbours; None stands before the first and after the last."""

    behind: dict[ShotId | None, ShotId | None]
    ahead: dict[ShotId | None, ShotId | None]

    @classmethod
    def of(cls, shots: Sequence[Shot]) -> _Chain:
        ids: list[ShotId | None] = [None, *(shot.id for shot in shots), None]
        return cls(dict(pairwise(ids)), {one: before for before, one in pairwise(ids)})

    def take(self, one: ShotId) -> None:
        before, after = self.ahead.pop(one), self.behind.pop(one)
        self.behind[before], self.ahead[after] = after, before

    def put(self, one: ShotId, before: ShotId | None) -> None:
        after = self.behind[before]
        self.behind[before], self.ahead[one] = one, before
        self.behind[one], self.ahead[after] = after, one

    def __iter__(self) -> Iterator[ShotId]:
        one = self.behind[None]
        while one is not None:
            yield one
            one = self.behind[one]


class _Desk:
    """A board while an edit is made on it. What fails leaves the board itself as it was."""

    def __init__(self, board: Board) -> None:
        self._board: Final = board
        #: Shots that are others now, and None for those that are gone.
        self._changed: dict[ShotId, Shot | None] = {}
        self._chain: _Chain | None = None

    def board(self) -> Board:
        if self._chain is None:
            return self._board.with_shots(shot for shot in self._changed.values() if shot is not None)
        return Board(tuple(self._shot(one) for one in self._chain))

    def done(self, edit: BoardEdit) -> BoardEdit:
        """Make it; returns its inverse."""
        match edit:
            case PutShot():
                return self._put(edit.shot)
            case InsertShots():
                return self._insert(edit.shots, edit.after)
            case RemoveShots():
                return self._remove(edit.ids)
            case MoveShots():
                return self._move(edit)
            case NumberShots():
                return self._number(edit)
            case Several():
                undone = [self.done(one) for one in edit.edits]
                return Several(edits=tuple(reversed(undone)))

    def _find(self, one: ShotId) -> Shot | None:
        if one in self._changed:
            return self._changed[one]
        return self._board.shots[self._board.place(one)] if one in self._board else None

    def _shot(self, one: ShotId) -> Shot:
        shot = self._find(one)
        if shot is None:
            raise _unknown(one)
        return shot

    def _order(self) -> _Chain:
        if self._chain is None:
            self._chain = _Chain.of(self._board.shots)
        return self._chain

    def _put(self, shot: Shot) -> BoardEdit:
        was = self._shot(shot.id)
        # What stands in the panel is changed by decisions alone, whatever the edit carries.
        self._changed[shot.id] = shot.model_copy(update={"panel": was.panel, "earlier": was.earlier})
        return PutShot(shot=was)

    def _insert(self, shots: tuple[Shot, ...], after: ShotId | None) -> BoardEdit:
        if after is not None:
            self._shot(after)
        for shot in shots:
            if self._find(shot.id) is not None:
                raise _twice(f"Shot {shot.number}", shot.id)
            self._changed[shot.id] = shot
            self._order().put(shot.id, after)
            after = shot.id
        return RemoveShots(ids=tuple(shot.id for shot in shots))

    def _remove(self, ids: tuple[ShotId, ...]) -> BoardEdit:
        self._known(ids)
        chain = self._order()
        backs = [
            InsertShots(shots=tuple(self._shot(one) for one in run), after=before)
            for before, run in self._runs(self._ordered(ids))
        ]
        for one in ids:
            chain.take(one)
            self._changed[one] = None
        return _one(backs)

    def _move(self, edit: MoveShots) -> BoardEdit:
        self._known(edit.ids)
        if edit.after is not None:
            self._shot(edit.after)
        chain, moving = self._order(), set(edit.ids)
        after = edit.after
        # Dropped on one of themselves: behind the nearest shot before it that stays.
        while after in moving:
            after = chain.ahead[after]
        ordered = self._ordered(edit.ids)
        backs: list[BoardEdit] = []
        for before, run in self._runs(ordered):
            start = 0
            for end in range(1, len(run) + 1):
                scene = self._shot(run[start]).scene
                # Shots of two scenes go back in two moves, each to its own scene.
                if edit.scene is not None and end < len(run) and self._shot(run[end]).scene == scene:
                    continue
                if edit.scene is None and end < len(run):
                    continue
                back = None if edit.scene is None else scene
                backs.append(MoveShots(ids=run[start:end], after=before, scene=back))
                before, start = run[end - 1], end
        for one in ordered:
            chain.take(one)
        for one in ordered:
            chain.put(one, after)
            after = one
            if edit.scene is not None:
                self._changed[one] = self._shot(one).model_copy(update={"scene": edit.scene})
        return _one(backs)

    def _number(self, edit: NumberShots) -> BoardEdit:
        self._known([one for one, _number in edit.numbers])
        was: list[tuple[ShotId, str]] = []
        for one, number in edit.numbers:
            shot = self._shot(one)
            was.append((one, shot.number))
            self._changed[one] = shot.model_copy(update={"number": number})
        return NumberShots(numbers=tuple(was))

    def _known(self, ids: Sequence[ShotId]) -> None:
        for one in ids:
            self._shot(one)
        if len(set(ids)) != len(ids):
            raise _twice("The change", "")

    def _ordered(self, ids: tuple[ShotId, ...]) -> list[ShotId]:
        """Ids in the board's order, which most often they are in already."""
        chain = self._order()
        if all(chain.behind[one] == other for one, other in pairwise(ids)):
            return list(ids)
        wanted = set(ids)
        return [one for one in chain if one in wanted]

    def _runs(self, ordered: Sequence[ShotId]) -> list[tuple[ShotId | None, tuple[ShotId, ...]]]:
        """Neighbours together, each run with the shot before it."""
        chain = self._order()
        runs: list[tuple[ShotId | None, list[ShotId]]] = []
        for one in ordered:
            before = chain.ahead[one]
            if runs and runs[-1][1][-1] == before:
                runs[-1][1].append(one)
            else:
                runs.append((before, [one]))
        return [(before, tuple(run)) for before, run in runs]


def _one(edits: Sequence[BoardEdit]) -> BoardEdit:
    return edits[0] if len(edits) == 1 else Several(edits=tuple(edits))


def _unknown(shot: ShotId) -> BadInput:
    return BadInput("The board has no such shot.", remedy=_REMEDY, place=f"shot {shot}")


def _twice(what: str, shot: str) -> BadInput:
    return BadInput(
        f"{what} is on the board already." if shot else f"{what} names a shot twice.",
        remedy=_REMEDY,
        place=f"shot {shot}" if shot else None,
    )
