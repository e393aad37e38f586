"""What a script that comes in again would change, and the places where a person has to choose.

Nothing is chosen for anybody: a conflict that nobody decided keeps both sides, and says so.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.importing.merge_rows import MergeRow, rows_of, said_of
from studio_assist.desk.kit import Chip, ElidedLabel, IconButton, Label, paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.script_merge import Choice, ScriptMerge

_ROW_PX: Final = 20
#: Widths in px: the two columns of line numbers, and what stands before the words.
_NUMBER_PX: Final = 44
_SIGN_PX: Final = 38
_LEFT_PX: Final = 2 * _NUMBER_PX + _SIGN_PX
_BAR_PX: Final = 3
_CHOICES: Final[tuple[tuple[Choice, str], ...]] = (
    ("ours", "Keep ours"),
    ("theirs", "Take theirs"),
    ("both", "Keep both"),
)
_SIGNS: Final = {"removed": "−", "added": "+", "kept": "•", "ours": "ours", "theirs": "new"}


class MergeView(QWidget):
    """A merge: the conflict that is decided on above, all changes below."""

    #: A choice was made or taken back.
    chosen = Signal()

    def __init__(self, theme: Theme, merge: ScriptMerge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._merge: Final = merge
        self._conflicts: Final = [
            index for index, piece in enumerate(merge.pieces) if piece.state == "conflict"
        ]
        self._choices: list[Choice] = ["both"] * len(self._conflicts)
        self._at = 0
        self.setObjectName("merge_view")
        self._count = ElidedLabel(theme, self.counts, "caption", "text2")
        self._where = Label(theme, "", "control")
        self._chips: dict[Choice, Chip] = {}
        self._previous = IconButton(theme, "chevron-up", "Previous conflict (P)")
        self._next = IconButton(theme, "chevron-down", "Next conflict (N)")
        self._previous.clicked.connect(partial(self.go, -1))
        self._next.clicked.connect(partial(self.go, 1))
        self._area: Final = _Area(theme, merge, self._choices, self)
        self._area.picked.connect(self._pick)
        self._area.key.connect(self._take_key)
        self._build()
        self._tell()

    # properties

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What stands for each conflict, in order."""
        return tuple(self._choices)

    @property
    def conflicts(self) -> int:
        return len(self._conflicts)

    @property
    def current(self) -> int:
        """The conflict that is decided on, from 0; -1 where there is none."""
        return self._at if self._conflicts else -1

    @property
    def counts(self) -> str:
        """How much changed, in words."""
        states = [piece.state for piece in self._merge.pieces]
        theirs, ours, both = (states.count(state) for state in ("theirs", "ours", "conflict"))
        words = [
            f"{both:,} {'place' if both == 1 else 'places'} to decide" if both else "Nothing to decide",
            f"{theirs:,} {'change' if theirs == 1 else 'changes'} of the new file" if theirs else "",
            f"{ours:,} made here {'stays' if ours == 1 else 'stay'}" if ours else "",
        ]
        return " · ".join(filter(None, words)) if any((theirs, ours, both)) else "The two are the same"

    # methods

    def focus_rows(self) -> None:
        """The keyboard goes to the conflicts, where keys choose."""
        self._area.setFocus(Qt.FocusReason.PopupFocusReason)

    def go(self, step: int) -> None:
        """To the next conflict (1) or the one before (-1); round at the ends."""
        if self._conflicts:
            self._pick((self._at + step) % len(self._conflicts))

    def choose(self, choice: Choice) -> None:
        """Decide on the conflict that is shown as the current one."""
        if not self._conflicts:
            return
        self._choices[self._at] = choice
        self._tell()
        self._area.viewport().update()
        self.chosen.emit()

    def sizeHint(self) -> QSize:
        return QSize(760, 420)

    # slots

    def _pick(self, conflict: int) -> None:
        self._at = conflict
        self._tell()
        self._area.show_conflict(conflict)

    def _take_key(self, key: str) -> None:
        match key:
            case "n":
                self.go(1)
            case "p":
                self.go(-1)
            case _:
                self.choose(_CHOICES[int(key) - 1][0])

    # internals

    def _build(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(self._count, 1)
        if self._conflicts:
            bar.addWidget(self._where)
            for number, (choice, words) in enumerate(_CHOICES, 1):
                chip = Chip(self._theme, words, name=f"{words} ({number})")
                chip.setObjectName(f"merge_{choice}_button")
                chip.clicked.connect(partial(self.choose, choice))
                self._chips[choice] = chip
                bar.addWidget(chip)
            bar.addWidget(self._previous)
            bar.addWidget(self._next)
        else:
            for button in (self._previous, self._next):
                button.setParent(self)
                button.hide()
            self._where.setParent(self)
            self._where.hide()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addLayout(bar)
        rows.addWidget(self._area, 1)

    def _tell(self) -> None:
        if not self._conflicts:
            return
        self._where.set_text(f"{self._at + 1:,} of {len(self._conflicts):,}")
        for choice, chip in self._chips.items():
            chip.setChecked(choice == self._choices[self._at])


class _Area(QAbstractScrollArea):
    """The rows; only those on the screen are painted."""

    picked = Signal(int)
    key = Signal(str)

    def __init__(self, theme: Theme, merge: ScriptMerge, choices: list[Choice], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._merge: Final = merge
        self._choices: Final = choices
        self._rows: list[MergeRow] = []
        self._heads: list[int] = []
        self._columns = 0
        self._current = 0
        self.setObjectName("merge_rows")
        self.setAccessibleName("Changes")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        theme.changed.connect(self.viewport().update)

    # methods

    def show_conflict(self, conflict: int) -> None:
        """Bring a conflict into view."""
        self._lay_out()
        self._current = conflict
        top = self._heads[conflict] * _ROW_PX
        self.verticalScrollBar().setValue(max(0, top - 3 * _ROW_PX))
        piece = self._rows[self._heads[conflict]]
        self.setAccessibleDescription(f"{piece.text}. {said_of(self._choices[conflict])}.")
        self.viewport().update()

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.text().lower()
        if key in ("n", "p") or (key in ("1", "2", "3") and self._choices):
            self.key.emit(key)
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position())
        if row is not None and row.conflict >= 0:
            self.picked.emit(row.conflict)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        area = QRectF(self.viewport().rect())
        paint.draw_box(painter, area, 6, self._theme.colour("page"), self._theme.colour("line"))
        offset = self.verticalScrollBar().value()
        first = offset // _ROW_PX
        last = min(len(self._rows), first + self.viewport().height() // _ROW_PX + 2)
        painter.setClipRect(area.adjusted(1, 1, -1, -1))
        for index in range(first, last):
            box = QRectF(0, index * _ROW_PX - offset, area.width(), _ROW_PX)
            self._paint_row(painter, self._rows[index], box)
        if self.hasFocus():
            painter.setClipping(False)
            paint.draw_focus(painter, self._theme, area, 6)

    # internals

    def _lay_out(self) -> None:
        cell = QFontMetricsF(self._theme.script_font(13)).horizontalAdvance("0")
        columns = max(20, int((self.viewport().width() - _LEFT_PX - 16) / max(1.0, cell)))
        if columns != self._columns:
            self._columns = columns
            self._rows = rows_of(self._merge, columns)
            self._heads = [index for index, row in enumerate(self._rows) if row.kind == "head"]
        bar = self.verticalScrollBar()
        bar.setSingleStep(_ROW_PX)
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, len(self._rows) * _ROW_PX - self.viewport().height()))

    def _row_at(self, point: QPointF) -> MergeRow | None:
        index = (self.verticalScrollBar().value() + int(point.y())) // _ROW_PX
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def _paint_row(self, painter: QPainter, row: MergeRow, box: QRectF) -> None:
        ground, text = self._colours(row)
        if ground is not None:
            painter.fillRect(box.adjusted(1, 0, -1, 0), ground)
        if row.temp:
            painter.fillRect(QRectF(1, box.top(), _BAR_PX, _ROW_PX), self._theme.colour("amber"))
        if row.conflict >= 0 and row.conflict == self._current:
            painter.fillRect(QRectF(box.right() - 4, box.top(), 3, _ROW_PX), self._theme.colour("blue"))
        small = self._theme.font("caption")
        if row.kind in ("head", "fold"):
            self._paint_words(painter, row, box, text)
            return
        for at, number in enumerate((row.ours, row.theirs)):
            if number:
                place = QRectF(8 + at * _NUMBER_PX, box.top(), _NUMBER_PX - 8, _ROW_PX)
                paint.draw_text(painter, place, small, self._theme.colour("text3"), f"{number:,}")
        if sign := _SIGNS.get(row.kind, "") if row.ours or row.theirs else "":
            place = QRectF(2 * _NUMBER_PX + 2, box.top(), _SIGN_PX, _ROW_PX)
            paint.draw_text(painter, place, small, text, sign)
        font = self._theme.script_font(13)
        font.setStrikeOut(self._is_out(row))
        place = QRectF(_LEFT_PX + 6, box.top(), box.width() - _LEFT_PX - 12, _ROW_PX)
        paint.draw_text(painter, place, font, text, row.text)

    def _paint_words(self, painter: QPainter, row: MergeRow, box: QRectF, colour: QColor) -> None:
        words = row.text
        if row.kind == "head":
            words = f"{words} · {said_of(self._choices[row.conflict])}"
        place = box.adjusted(_LEFT_PX + 6, 0, -12, 0)
        font = self._theme.font("control" if row.kind == "head" else "caption")
        paint.draw_text(painter, place, font, colour, words)

    def _is_out(self, row: MergeRow) -> bool:
        """Whether a row's words would not be in the script."""
        if row.kind in ("ours", "theirs"):
            return self._choices[row.conflict] not in ("both", row.kind)
        return row.kind == "removed"

    def _colours(self, row: MergeRow) -> tuple[QColor | None, QColor]:
        colour = self._theme.colour
        if row.kind == "fold":
            return colour("surface1"), colour("text3")
        if row.kind == "head":
            return colour("surface3"), colour("amberText" if row.temp else "text")
        if self._is_out(row):
            return None, colour("text3")
        if row.kind in ("added", "theirs"):
            return colour("greenGround"), colour("greenText")
        if row.temp:
            return colour("amberGround"), colour("amberText")
        return None, colour("text2" if row.kind == "same" else "pageText")
