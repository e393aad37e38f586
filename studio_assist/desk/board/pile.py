"""What can be undone on the board: a person's edits, each with the edit that takes it back."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from studio_assist.domain.storyboard import BoardEdit

#: At least two hundred are promised.
MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Done:
    """One edit. `words` name it for people ("Move 3 shots"); `back` is the edit that takes it back."""

    words: str
    back: BoardEdit


class EditPile:
    """Edits that were made, the newest last, and those that were taken back. Decisions are not among them."""

    def __init__(self) -> None:
        self._done: deque[Done] = deque(maxlen=MOST)
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

    def made(self, words: str, back: BoardEdit) -> None:
        """A new edit was made: what was undone before can not be done again."""
        self._done.append(Done(words, back))
        self._undone.clear()

    def take_done(self) -> Done | None:
        """The edit to undo, off the pile."""
        return self._done.pop() if self._done else None

    def take_undone(self) -> Done | None:
        """The edit to do again, off the pile."""
        return self._undone.pop() if self._undone else None

    def undone(self, words: str, back: BoardEdit) -> None:
        """An edit was undone; `back` does it again."""
        self._undone.append(Done(words, back))

    def redone(self, words: str, back: BoardEdit) -> None:
        """An edit was done again; `back` takes it back."""
        self._done.append(Done(words, back))

    def clear(self) -> None:
        """The board is another one: what was undone on the old one has no meaning here."""
        self._done.clear()
        self._undone.clear()
