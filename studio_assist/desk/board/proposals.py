"""Shots that rules propose for the script: a person takes them one by one, or leaves them."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.drafts import Drafts
from studio_assist.desk.board.frames import text_width
from studio_assist.desk.board.shot_words import ANGLE_WORDS, MOVEMENT_WORDS, SIZE_WORDS
from studio_assist.desk.board.states import seconds_text
from studio_assist.desk.kit import Button, Combo, Label, Sheet, paint
from studio_assist.desk.kit.answer_rows import AnswerList, draw_answers, draw_body, draw_ground
from studio_assist.desk.record.work import Work
from studio_assist.desk.theme import Theme
from studio_assist.domain import breakdown
from studio_assist.domain.errors import StudioError
from studio_assist.domain.screenplay import Screenplay
from studio_assist.domain.storyboard import Shot, ShotId

ROW_PX: Final = 100
_PICTURE = QSize(142, 80)
_Index = QModelIndex | QPersistentModelIndex
_ROW: Final = int(Qt.ItemDataRole.UserRole)


class ProposalsModel(QAbstractListModel):
    """Proposed shots that were neither taken nor dismissed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._shots: list[Shot] = []

    # properties

    @property
    def shots(self) -> list[Shot]:
        return self._shots

    # methods

    def set_shots(self, shots: tuple[Shot, ...]) -> None:
        """Other proposals."""
        self.beginResetModel()
        self._shots = list(shots)
        self.endResetModel()

    def drop(self, row: int) -> None:
        """One was taken or dismissed."""
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._shots[row]
        self.endRemoveRows()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._shots)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._shots):
            return None
        shot = self._shots[index.row()]
        if role == _ROW:
            return shot
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{shot.number}, {shot.title}, {setup_text(shot)}. {shot.action} {shot.dialogue}".strip()
        return None


class ProposalDelegate(QStyledItemDelegate):
    """Draws one proposal: a small drawing, what the shot is, and two equal ways to answer."""

    def __init__(self, theme: Theme, drafts: Drafts, sheet: ProposalsSheet, view: QListView) -> None:
        super().__init__(view)
        self._theme: Final = theme
        self._drafts: Final = drafts
        self._sheet: Final = sheet
        self._view: Final = view

    # methods

    def buttons(self, box: QRectF) -> tuple[QRectF, QRectF]:
        """Where Take and Dismiss stand in a row."""
        right = box.right() - 12
        top = box.center().y() - 30
        return QRectF(right - 96, top, 96, 28), QRectF(right - 96, top + 34, 96, 28)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(400, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        shot = index.data(_ROW)
        if not isinstance(shot, Shot):
            return
        box = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]  # a field of the C++ struct
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        theme, colour = self._theme, self._theme.colour
        painter.save()
        draw_ground(painter, theme, box, chosen=bool(state & QStyle.StateFlag.State_Selected))
        self._picture(painter, QRectF(QPointF(box.left() + 12, box.top() + 10), _PICTURE), shot)
        left = box.left() + 12 + _PICTURE.width() + 14
        take, dismiss = self.buttons(box)
        room = take.left() - left - 14
        strong, caption = theme.font("strong"), theme.font("caption")
        line = QRectF(left, box.top() + 9, room, 18)
        paint.draw_text(painter, line, strong, colour("text"), shot.number)
        at = text_width(strong, shot.number) + 8
        title = QFontMetricsF(strong).elidedText(shot.title, Qt.TextElideMode.ElideRight, max(0.0, room - at))
        paint.draw_text(painter, line.adjusted(at, 0, 0, 0), strong, colour("text"), title)
        words = QFontMetricsF(caption).elidedText(setup_text(shot), Qt.TextElideMode.ElideRight, room)
        paint.draw_text(painter, line.translated(0, 19), caption, colour("text2"), words)
        body = QRectF(left, box.top() + 49, room, 40)
        draw_body(painter, theme, body, " ".join(f"{shot.action} {shot.dialogue}".split()))
        draw_answers(painter, theme, ((take, "Take", "T"), (dismiss, "Dismiss", "Del")))
        painter.restore()

    # internals

    def _picture(self, painter: QPainter, box: QRectF, shot: Shot) -> None:
        drawing = self._drafts.draft(shot, *self._sheet.around(shot))
        painter.fillRect(box, self._theme.colour("surface0"))
        if drawing is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(box, drawing, QRectF(drawing.rect()))
        paint.draw_box(painter, box, 2, None, self._theme.colour("lineStrong"))


class ProposalList(AnswerList):
    """The rows. T takes the chosen one, Delete dismisses it; Enter does nothing."""

    def __init__(self, theme: Theme, sheet: ProposalsSheet, rows: ProposalsModel, drafts: Drafts) -> None:
        super().__init__(rows, Qt.Key.Key_Delete)
        self.setObjectName("proposals")
        self.setAccessibleName("Proposed shots")
        self.cells: Final = ProposalDelegate(theme, drafts, sheet, self)
        self.setItemDelegate(self.cells)
        self.set_buttons(self.cells.buttons)
        self.taken.connect(sheet.take)
        self.left.connect(sheet.leave)


class ProposalsSheet(Sheet):
    """What rules make of the script. Nothing of it is on the board until a person takes it, shot by shot."""

    def __init__(
        self, theme: Theme, window: QWidget, book: BoardBook, script: Screenplay, scene: str | None
    ) -> None:
        wide = min(860, window.width() - 48)
        super().__init__(
            theme,
            window,
            "Shots from the script",
            subtitle="Made by rules, not by a model. Take what you want; nothing else changes.",
            icon="board",
            width_px=wide,
        )
        self.setObjectName("proposals_sheet")
        self._book: Final = book
        self._script: Final = script
        self._by_scene: dict[str, tuple[Shot, ...]] = {}
        self._round = 0
        self.rows: Final = ProposalsModel(self)
        self._drafts: Final = Drafts(self)
        self.list: Final = ProposalList(theme, self, self.rows, self._drafts)
        self.list.setFixedHeight(max(220, min(560, window.height() - 260)))
        self.scene: Final = Combo(theme, "Scene", height_px=30, width_px=wide - 40)
        self.scene.setObjectName("proposals_scene")
        self.scene.addItem("All scenes", None)
        for one in script.scenes:
            self.scene.addItem(f"{one.number}  {one.heading}", one.number)
        at = self.scene.findData(scene) if scene is not None else 0
        self.scene.setCurrentIndex(max(0, at))
        self._said: Final = Label(theme, "", "caption", "text2")
        self._said.setObjectName("proposals_said")
        self.body.addWidget(self.scene)
        self.body.addWidget(self.list)
        self.footer.addWidget(self._said)
        self.footer.addStretch(1)
        close = Button(theme, "Done", key="Esc")
        close.setObjectName("proposals_done")
        close.clicked.connect(self.dismiss)
        self.footer.addWidget(close)
        self.scene.currentIndexChanged.connect(self.propose)
        self._drafts.came.connect(self._draft_came)
        self.list.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.closed.connect(self.deleteLater)

    # methods

    def open(self) -> None:
        super().open()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)
        self.propose()

    def propose(self) -> None:
        """Have the rules propose shots for the chosen scene, in the pool."""
        self._round += 1
        which = self._round
        number = self.scene.currentData()
        scene = next((one.index for one in self._script.scenes if one.number == number), None)
        self._said.set_text("Reading the script …")
        make = partial(breakdown.proposal_for, self._script, scene, self._book.board)
        Work(make, self, partial(self._proposed, which), self._failed).start()

    def take(self, row: int) -> None:
        """Put one on the board, where the script has it. Undone by Ctrl Z on the board."""
        shot = self.rows.shots[row]
        if shot.id in self._book.board:
            self.rows.drop(row)
            return
        edit = breakdown.insertion(shot, self._book.board, self._script)
        self._book.edit(edit, f"Take shot {edit.shots[0].number}")
        if shot.id in self._book.board:
            self._book.set_current(shot.id)
            self._drop(row)

    def leave(self, row: int) -> None:
        """Dismiss one: it is not proposed again while this sheet is open."""
        self._drop(row)

    def around(self, shot: Shot) -> tuple[str, tuple[Shot, ...]]:
        """A shot's slug line, and the proposals of its scene: places are the same in all of them."""
        return self._book.heading(shot.scene), self._by_scene.get(shot.scene, ())

    # slots

    def _proposed(self, which: int, shots: tuple[Shot, ...] | None) -> None:
        if which != self._round:
            return
        made: dict[str, list[Shot]] = {}
        for shot in shots or ():
            made.setdefault(shot.scene, []).append(shot)
        self._by_scene = {scene: tuple(found) for scene, found in made.items()}
        self.rows.set_shots(shots or ())
        if shots:
            self.list.setCurrentIndex(self.rows.index(0))
        self._count()

    def _failed(self, error: StudioError) -> None:
        self._said.set_text(f"{error.message} {error.remedy}")

    def _draft_came(self, shot: str) -> None:
        for row, one in enumerate(self.rows.shots):
            if one.id == shot:
                self.list.update(self.rows.index(row))

    def _scrolled(self) -> None:
        top = self.list.verticalScrollBar().value() // ROW_PX
        shown = self.rows.shots[top : top + self.list.height() // ROW_PX + 2]
        self._drafts.keep_only({ShotId(shot.id) for shot in shown})

    # internals

    def _drop(self, row: int) -> None:
        self.rows.drop(row)
        if self.rows.shots:
            self.list.setCurrentIndex(self.rows.index(min(row, len(self.rows.shots) - 1)))
        self._count()

    def _count(self) -> None:
        left = len(self.rows.shots)
        if not left:
            self._said.set_text("No shot is proposed that the board does not have.")
            return
        duration = seconds_text(sum(shot.duration_ms for shot in self.rows.shots))
        noun = "shot" if left == 1 else "shots"
        self._said.set_text(f"{left:,} proposed {noun} · {duration}. Take each one that you want.")


def setup_text(shot: Shot) -> str:
    """Size, angle, lens, movement, who is where, how long."""
    parts = [SIZE_WORDS[shot.size], ANGLE_WORDS[shot.angle], f"{shot.lens_mm} mm"]
    parts.append(MOVEMENT_WORDS[shot.movement])
    parts += [f"{one.name} {one.side}" for one in shot.characters]
    parts.append(seconds_text(shot.duration_ms))
    return " · ".join(parts)
