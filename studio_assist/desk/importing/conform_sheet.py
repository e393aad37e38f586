"""An edit that came back from editorial: a person takes its changes one by one, or leaves them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.thumbnails import Thumbnails
from studio_assist.desk.importing.conform_rows import ROW_PX, ChangesList, ChangesModel, Row
from studio_assist.desk.importing.conform_words import count_words, names_of, said_of, shot_of
from studio_assist.desk.kit import Button, Label, Sheet
from studio_assist.desk.theme import Theme
from studio_assist.domain.conform import edit_of, is_nothing
from studio_assist.domain.incoming import ReportLine

_REPORT_PX: Final = 104


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a person said to a row. `taken`: as an edit of the board, which undo takes back."""

    row: Row
    taken: bool


class ConformSheet(Sheet):
    """What an edit would change. Nothing of it is on the board until a person takes it, change by change.

    It stays open until it is closed. Closing leaves what was not decided as it is on the board.
    """

    def __init__(self, theme: Theme, window: QWidget, book: BoardBook, seen: protocol.FileSeen) -> None:
        wide = min(860, window.width() - 48)
        super().__init__(
            theme,
            window,
            f"Changes from editorial: {seen.name}",
            subtitle="Take what you want; nothing else changes.",
            icon="board",
            width_px=wide,
        )
        self.setObjectName("conform_sheet")
        self._book: Final = book
        self._answers: list[_Answer] = []
        self.rows: Final = ChangesModel(self)
        self._pictures: Final = Thumbnails(self)
        self._pictures.set_folder(book.folder / "media" if book.folder is not None else None)
        self.list: Final = ChangesList(theme, self.rows, self._pictures)
        self._said: Final = Label(theme, "", "caption", "text2")
        self._said.setObjectName("conform_said")
        self._undo: Final = Button(theme, "Undo", key="Ctrl Z")
        self._undo.setObjectName("conform_undo")
        self._done: Final = Button(theme, "Done", key="Esc")
        self._none: Final = Label(theme, "", "body", "text2", wrap=True)
        self._none.setObjectName("conform_none")
        self._put_together(theme, window, seen)
        self._fill(seen)

    # properties

    @property
    def said(self) -> str:
        """What the foot says."""
        return self._said.plain

    # methods

    def open(self) -> None:
        super().open()
        if self.rows.rows:
            self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def take(self, place: int) -> None:
        """Make one change an edit of the board."""
        row = self.rows.rows[place]
        edit = edit_of(self._book.board, row.change)
        if is_nothing(edit):
            # Its shot went with another change, or by hand; or the board has it already.
            self._answer(place, taken=False)
            self._said.set_text(f"There is nothing left to change for it: {row.said.title}.")
            return
        before = self._book.board
        self._book.edit(edit, row.said.undo)
        if self._book.board is before:
            # It could not be made; the book has said why.
            return
        self._answer(place, taken=True)
        shot = shot_of(row.change)
        if shot in self._book.board:
            self._book.set_current(shot)

    def leave(self, place: int) -> None:
        """Leave the board as it is there."""
        self._answer(place, taken=False)

    def undo(self) -> None:
        """Take the last answer back; the board, too, where the last edit of the board is that answer."""
        if not self._can_undo():
            return
        answer = self._answers.pop()
        if answer.taken:
            self._book.undo()
        place = self.rows.put_back(answer.row)
        self.list.setCurrentIndex(self.rows.index(place))
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._count()

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The list has the key while it is there; it goes with the last change.
        if event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.undo()
            event.accept()
            return
        super().keyPressEvent(event)

    # internals

    def _put_together(self, theme: Theme, window: QWidget, seen: protocol.FileSeen) -> None:
        room = window.height() - 230 - (_REPORT_PX + 40 if seen.report else 0)
        rows = max(2, min(len(seen.changes), 7, room // ROW_PX))
        self.list.setFixedHeight(rows * ROW_PX + 2)
        self.body.addWidget(self.list)
        self.body.addWidget(self._none)
        if seen.report:
            self.body.addWidget(Label(theme, "Read otherwise than it stands there", "captionMedium", "text2"))
            self.body.addWidget(_report(theme, seen.report))
        self.footer.addWidget(self._said)
        self.footer.addStretch(1)
        self.footer.addWidget(self._undo)
        self._done.setObjectName("conform_done")
        self.footer.addWidget(self._done)
        self._done.clicked.connect(self.dismiss)
        self._undo.clicked.connect(self.undo)
        self.list.taken.connect(self.take)
        self.list.left.connect(self.leave)
        self.list.undo.connect(self.undo)
        self._pictures.came.connect(self._picture_came)
        self._book.pile_changed.connect(self._count)
        self.closed.connect(self.deleteLater)

    def _fill(self, seen: protocol.FileSeen) -> None:
        board = self._book.board
        names = names_of(board, seen.changes)
        rows: list[Row] = []
        for order, change in enumerate(seen.changes):
            shot = shot_of(change)
            panel = board.shot(shot).panel if shot in board else None
            rows.append(Row(order, change, said_of(change, names, board), panel))
        self.rows.set_rows(rows)
        if rows:
            self.list.setCurrentIndex(self.rows.index(0))
        self._count()

    def _answer(self, place: int, *, taken: bool) -> None:
        self._answers.append(_Answer(self.rows.drop(place), taken))
        if self.rows.rows:
            self.list.setCurrentIndex(self.rows.index(min(place, len(self.rows.rows) - 1)))
        self._count()

    def _can_undo(self) -> bool:
        if not self._answers:
            return False
        last = self._answers[-1]
        return not last.taken or self._book.pile.undo_words == last.row.said.undo

    def _count(self) -> None:
        taken = sum(answer.taken for answer in self._answers)
        waiting = len(self.rows.rows)
        self._said.set_text(count_words(waiting, taken, len(self._answers) - taken))
        self._undo.setEnabled(self._can_undo())
        self.list.setVisible(waiting > 0)
        self._none.setVisible(waiting == 0)
        self._none.set_text(
            "Every change was taken or left."
            if self._answers
            else "The edit has the shots in the order and at the lengths that the board has."
        )
        if not waiting and self.isVisible():
            # The list had the focus, and is not there any more.
            self._done.setFocus(Qt.FocusReason.OtherFocusReason)

    def _picture_came(self, _name: str) -> None:
        self.list.viewport().update()


def _report(theme: Theme, report: tuple[ReportLine, ...]) -> QScrollArea:
    """What could not be read as it stands, a line each."""
    held = QWidget()
    column = QVBoxLayout(held)
    column.setContentsMargins(0, 0, 8, 0)
    column.setSpacing(4)
    for line in report:
        where = f"{line.where}: " if line.where else ""
        text = f"{where}{line.what} {line.remedy}".rstrip()
        column.addWidget(Label(theme, text, "caption", "text3", wrap=True))
    column.addStretch(1)
    area = QScrollArea()
    area.setObjectName("conform_report")
    area.setAccessibleName("What was read otherwise")
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFixedHeight(min(_REPORT_PX, 30 * len(report) + 8))
    area.setWidget(held)
    area.viewport().setAutoFillBackground(False)
    held.setAutoFillBackground(False)
    return area
