"""What is chosen in a view and what is chosen in the book stay one and the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QObject
from PySide6.QtWidgets import QAbstractItemView

from studio_assist.desk.board.book import BoardBook
from studio_assist.domain.storyboard import ShotId

_FLAG = QItemSelectionModel.SelectionFlag
#: Of more chosen shots a view of rows holds only the current one: Qt compares each range with each. What it
#: draws as chosen it asks the book.
_MOST_IN_TREE: Final = 400


class Choosing(QObject):
    """Carries a choice from one view to the book, and from the book to that view.

    A view that is hidden is brought up to date when it is shown.

    Args:
        spot_of: the parent's number and the row of a shot, where the view shows it.
        place_of: its index; asked for the ends of ranges alone.
        rows: whole rows are chosen.
    """

    def __init__(
        self,
        view: QAbstractItemView,
        book: BoardBook,
        shot_at: Callable[[QModelIndex], ShotId | None],
        spot_of: Callable[[ShotId], tuple[int, int] | None],
        place_of: Callable[[ShotId | None], QModelIndex],
        *,
        rows: bool = False,
    ) -> None:
        super().__init__(view)
        self._view: Final = view
        self._book: Final = book
        self._shot_at: Final = shot_at
        self._spot_of: Final = spot_of
        self._place_of: Final = place_of
        self._rows: Final = rows
        self._how: Final = _FLAG.Rows if rows else _FLAG.NoUpdate
        self._busy = False
        self._late = False
        view.installEventFilter(self)
        chosen = view.selectionModel()
        chosen.selectionChanged.connect(self._chosen_here)
        chosen.currentChanged.connect(self._chosen_here)
        book.selection_changed.connect(self.show)
        book.current_changed.connect(self.show)

    # slots

    def show(self) -> None:
        """Show in the view what the book has."""
        if self._busy:
            return
        if self._view.isHidden():
            self._late = True
            return
        self._late = False
        self._busy = True
        try:
            model = self._view.selectionModel()
            chosen = self._book.selection
            if self._rows and len(chosen) > _MOST_IN_TREE and self._book.current is not None:
                chosen = (self._book.current,)
            selection = self._ranges(chosen)
            model.select(selection, _FLAG.ClearAndSelect | self._how)
            current = self._place_of(self._book.current)
            if current.isValid() and current != model.currentIndex():
                model.setCurrentIndex(current, _FLAG.NoUpdate)
                self._view.scrollTo(current, QAbstractItemView.ScrollHint.EnsureVisible)
        finally:
            self._busy = False

    def _chosen_here(self) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            model = self._view.selectionModel()
            rows = {index.siblingAtColumn(0) for index in model.selectedIndexes()}
            shots = [shot for index in rows if (shot := self._shot_at(index)) is not None]
            current = self._shot_at(model.currentIndex())
            if shots or current is None:
                self._book.set_selection(shots, current)
            else:
                self._book.set_current(current)
        finally:
            self._busy = False

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._view and event.type() == QEvent.Type.Show and self._late:
            self.show()
        return super().eventFilter(watched, event)

    # internals

    def _ranges(self, shots: Iterable[ShotId]) -> QItemSelection:
        """Neighbouring rows are one range: ten thousand chosen shots are chosen at once."""
        selection = QItemSelection()
        spots = sorted((spot, shot) for shot in shots if (spot := self._spot_of(shot)) is not None)
        start = 0
        for at in range(1, len(spots) + 1):
            group, row = spots[at - 1][0]
            if at == len(spots) or spots[at][0] != (group, row + 1):
                selection.select(self._place_of(spots[start][1]), self._place_of(spots[at - 1][1]))
                start = at
        return selection
