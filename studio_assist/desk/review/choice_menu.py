"""Lists that drop from the filter bar: several names to tick, and days to type."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.kit import Button, Dropdown, Field, Label, LinkButton, Pressable, paint
from studio_assist.desk.review.period import Period, read_day
from studio_assist.desk.theme import Theme

_WIDE_PX: Final = 260
_ROW_PX: Final = 28
_MOST_PX: Final = 320


class FilterButton(Button):
    """Opens a list; blue while it holds something back."""

    def __init__(self, theme: Theme, title: str, name: str) -> None:
        super().__init__(
            theme, title, height_px=28, chevron=True, role="body", name=f"Filter by {title.lower()}"
        )
        self.title: Final = title
        self._on = False
        self.setObjectName(name)

    # methods

    def show_chosen(self, words: str, *, on: bool) -> None:
        """Say what is chosen."""
        self._on = on
        self.set_text(words, f"Filter by {self.title.lower()}: {words if on else 'any'}")
        self.setToolTip(words if on else "")
        self.update()

    # internals

    def _draw_ground(self, painter: QPainter, box: QRectF) -> str:
        token = super()._draw_ground(painter, box)
        if self._on and self.isEnabled():
            colour = self._theme.colour
            paint.draw_box(
                painter, box, 5, colour("blueGround"), colour("blue"), 2.0 if self.hasFocus() else 1.0
            )
        return token

    def sizeHint(self) -> QSize:
        # A long name is cut: a filter is told by its first words.
        hint = super().sizeHint()
        return QSize(min(hint.width(), 150), hint.height())


class ChoiceList(Dropdown):
    """Names with a tick and how many rows each has. It stays open while one chooses.

    Signals:
        chosen: a frozenset of the keys that are ticked; empty for any.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, window: QWidget, title: str) -> None:
        super().__init__(theme, window, name=f"Filter by {title.lower()}")
        self.setObjectName("choice_list")
        self.setFixedWidth(_WIDE_PX)
        self.body.setContentsMargins(5, 5, 5, 6)
        self._rows: Final[list[_Choice]] = []
        self._area: Final = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        self.body.addWidget(self._area)
        self.any: Final = LinkButton(theme, "Show any")
        self.any.clicked.connect(self._any)
        foot = QHBoxLayout()
        foot.setContentsMargins(6, 0, 6, 0)
        foot.addWidget(self.any)
        foot.addStretch(1)
        self.body.addLayout(foot)

    # properties

    @property
    def rows(self) -> list[_Choice]:
        """What can be ticked, in order."""
        return list(self._rows)

    # methods

    def open_at(self, anchor: QRect, choices: Sequence[tuple[str, str, int]], ticked: frozenset[str]) -> None:
        """Open it under `anchor`, in the window's coordinates.

        Args:
            choices: keys, words and numbers of rows; the most frequent first.
        """
        self.drop(anchor)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._rows.clear()
        # What is ticked can be let go of, also where no row has it any more.
        there = {key for key, _, _ in choices}
        gone = [(key, key, 0) for key in sorted(ticked - there)]
        for key, words, count in (*choices, *gone):
            row = _Choice(self._theme, key, words, count)
            row.setChecked(key in ticked)
            row.toggled.connect(self._told)
            self._rows.append(row)
            column.addWidget(row)
        if not self._rows:
            column.addWidget(Label(self._theme, "Nothing to choose from yet", "caption", "text3"))
        column.addStretch(1)
        self._area.setWidget(inner)
        inner.setAutoFillBackground(False)
        self._area.setFixedHeight(min(_MOST_PX, max(1, len(self._rows)) * _ROW_PX + 2))
        self.any.setEnabled(bool(ticked))
        self.show_at(anchor)
        if self._rows:
            self._rows[0].setFocus(Qt.FocusReason.PopupFocusReason)
        else:
            self.any.setFocus(Qt.FocusReason.PopupFocusReason)

    # slots

    def _told(self) -> None:
        ticked = frozenset(row.key for row in self._rows if row.isChecked())
        self.any.setEnabled(bool(ticked))
        self.chosen.emit(ticked)

    def _any(self) -> None:
        for row in self._rows:
            row.blockSignals(True)
            row.setChecked(False)
            row.blockSignals(False)
            row.update()
        self._told()
        if self._rows:
            self._rows[0].setFocus(Qt.FocusReason.OtherFocusReason)

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: True, Qt.Key.Key_Up: False}.get(Qt.Key(event.key()))
        if step is not None:
            self.focusNextPrevChild(step)
            event.accept()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        stops: list[Pressable] = [*self._rows, *([self.any] if self.any.isEnabled() else [])]
        if stops:
            here = next((at for at, one in enumerate(stops) if one.hasFocus()), -1 if forward else 0)
            one = stops[(here + (1 if forward else -1)) % len(stops)]
            one.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
            self._area.ensureWidgetVisible(one, 0, 4)
        return True


class _Choice(Pressable):
    """One name with a tick box and a number."""

    def __init__(self, theme: Theme, key: str, words: str, count: int) -> None:
        super().__init__(theme, words, f"{words}, {count:,}", None)
        self.key: Final = key
        self._count: Final = f"{count:,}"
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # events

    def sizeHint(self) -> QSize:
        return QSize(200, _ROW_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, _ROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour, box = self._theme.colour, QRectF(self.rect())
        if self._hot():
            paint.draw_box(painter, box, 4, colour("surface3"))
        tick = QRectF(8, (self.height() - 16) / 2, 16, 16)
        if self.isChecked():
            paint.draw_box(painter, tick, 3, colour("blueFill"))
            pixmap = self._theme.pixmap("check", "onBlue", 12, self.devicePixelRatioF())
            painter.drawPixmap(10, (self.height() - 12) // 2, pixmap)
        else:
            paint.draw_box(painter, tick, 3, colour("input"), colour("lineStrong"))
        small = self._theme.font("meta")
        right = box.width() - 9 - paint.text_width(small, self._count)
        paint.draw_text(painter, box.adjusted(right, 0, 0, 0), small, colour("text3"), self._count)
        font = self._theme.font("body")
        shown = QFontMetricsF(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, right - 42)
        paint.draw_text(painter, box.adjusted(33, 0, 0, 0), font, colour("text"), shown)
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 4)


class DaysCard(Dropdown):
    """Two days to type: from the first to the last, both included.

    Signals:
        chosen: a `Period`.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, name="Days to show")
        self.setObjectName("days_card")
        self.setFixedWidth(292)
        self.first: Final = Field(theme, "First day", placeholder="2026-11-16")
        self.last: Final = Field(theme, "Last day", placeholder="2026-11-22")
        self._why: Final = Label(theme, "", "caption", "text2", wrap=True)
        self._why.setObjectName("days_why")
        self.show_days: Final = Button(theme, "Show these days")
        row = QHBoxLayout()
        row.setSpacing(8)
        for title, field in (("From", self.first), ("To", self.last)):
            column = QVBoxLayout()
            column.setSpacing(4)
            label: QLabel = Label(theme, title, "captionMedium", "text2")
            label.setBuddy(field)
            column.addWidget(label)
            column.addWidget(field)
            field.returnPressed.connect(self._take)
            row.addLayout(column)
        self.body.addLayout(row)
        self.body.addWidget(self._why)
        self.body.addWidget(self.show_days, 0, Qt.AlignmentFlag.AlignRight)
        self.show_days.clicked.connect(self._take)

    # methods

    def open_at(self, anchor: QRect, first: date | None, last: date | None) -> None:
        """Open it with the days that are shown now."""
        self.drop(anchor)
        self.first.setText(first.isoformat() if first is not None else "")
        self.last.setText(last.isoformat() if last is not None else "")
        self._say("Year, month and day, as in 2026-11-16. Leave one empty for no end on that side.")
        self.show_at(anchor)
        self.first.setFocus(Qt.FocusReason.PopupFocusReason)
        self.first.selectAll()

    # slots

    def _take(self) -> None:
        days: list[date | None] = []
        for field in (self.first, self.last):
            words = field.text().strip()
            day = read_day(words) if words else None
            if words and day is None:
                self._say(f"“{words}” is no day. Write it as year, month and day: 2026-11-16.")
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                field.selectAll()
                return
            days.append(day)
        first, last = days
        if first is not None and last is not None and last < first:
            self._say("The last day is before the first.")
            self.last.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.dismiss()
        self.chosen.emit(Period("days", first, last) if first or last else Period())

    # internals

    def _say(self, words: str) -> None:
        self._why.set_text(words)
        if self.isVisible():
            self.adjustSize()


def anchor_of(button: QWidget) -> QRect:
    """Where a button is, in its window's coordinates."""
    return QRect(button.mapTo(button.window(), QPoint(0, 0)), button.size())
