"""What can be undone in the animatic: cuts, which are the board's edits, and sounds, in one order."""

from __future__ import annotations

from dataclasses import dataclass

from studio_assist.desk.board.pile import MOST
from studio_assist.domain.animatic import AnimaticEdit


@dataclass(frozen=True, slots=True)
class Done:
    """One edit. `back` takes it back; None: it is the board's, whose own pile knows how."""

    words: str
    back: AnimaticEdit | None


class SharedPile:
    """Edits that were made, the newest last, and those that were taken back.

    The board keeps its edits itself, for the Board desk undoes them too. Here only their places among the
    sounds' edits are kept, and follow what the board tells.
    """

    def __init__(self) -> None:
        self._done: list[Done] = []
        self._undone: list[Done] = []

    # properties

    @property
    def undo_words(self) -> str:
        """What would be undone, "" where there is nothing."""
        return self._done[-1].words if self._done else ""

    @property
    def redo_words(self) -> str:
        """What would be done again, "" where there is nothing."""
        return self._undone[-1].words if self._undone else ""

    # methods

    def to_undo(self) -> Done | None:
        """The edit to undo; it stays until `undone` or `board_undone` says that it was."""
        return self._done[-1] if self._done else None

    def to_redo(self) -> Done | None:
        """The edit to do again; it stays until `redone` or `board_redone` says that it was."""
        return self._undone[-1] if self._undone else None

    def made(self, words: str, back: AnimaticEdit | None) -> None:
        """A new edit was made: what was undone before can not be done again."""
        self._done.append(Done(words, back))
        # The board keeps as many of its own, so that each one here has its edit there.
        del self._done[:-MOST]
        self._undone.clear()

    def undone(self, again: AnimaticEdit) -> None:
        """The last edit was undone; `again` does it again."""
        self._undone.append(Done(self._done.pop().words, again))

    def redone(self, back: AnimaticEdit) -> None:
        """An edit was done again; `back` takes it back."""
        self._done.append(Done(self._undone.pop().words, back))

    def board_undone(self) -> None:
        """The board's last edit was undone, here or at the Board desk."""
        _move_board(self._done, self._undone)

    def board_edited(self, words: str, redo_words: str, *, redoing: bool) -> None:
        """The board was edited, or an edit of it done again.

        Args:
            redo_words: what the board could do again after it.
            redoing: it was asked for here. Where it was not, an edit is taken for a new one when the board
                can then do nothing again that it could before, and for a repeated one otherwise.
        """
        waiting = [done.words for done in self._undone if done.back is None]
        repeated = bool(waiting) and (redoing or bool(redo_words) or waiting == [words])
        if repeated:
            _move_board(self._undone, self._done)
        else:
            self.made(words, None)

    def drop_board(self) -> None:
        """The board has forgotten its edits."""
        self._done = [done for done in self._done if done.back is not None]
        self._undone = [done for done in self._undone if done.back is not None]

    def drop_sounds(self) -> None:
        """The sounds are others now: what was done to the old ones has no meaning."""
        self._done = [done for done in self._done if done.back is None]
        self._undone = [done for done in self._undone if done.back is None]

    def clear(self) -> None:
        """Another project."""
        self._done.clear()
        self._undone.clear()


def _move_board(source: list[Done], target: list[Done]) -> None:
    """The newest of the board's edits in one pile goes onto the other."""
    for place in range(len(source) - 1, -1, -1):
        if source[place].back is None:
            target.append(source.pop(place))
            return
