"""What people decided, day by day: bars to press."""

from __future__ import annotations

from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio_assist.desk.kit import paint
from studio_assist.desk.review.bars import fill_decision
from studio_assist.desk.theme import Theme
from studio_assist.domain.review import DayCount

#: Days that are shown.
DAYS: Final = 7
_TOP_PX: Final = 16
_FLOOR_PX: Final = 71
_BAR_PX: Final = 22


class DayChart(QWidget):
    """Bars of accepted, edited and rejected by day. Left and Right walk them, Enter presses one.

    Signals:
        day_chosen: a `date` whose rows are wanted; None when the day that was chosen is pressed again.
    """

    day_chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme: Final = theme
        self._days: tuple[DayCount, ...] = ()
        self._chosen: date | None = None
        self._at = -1
        self._hot = -1
        self._verified = True
        self.setObjectName("day_chart")
        self.setAccessibleName("Decisions by day")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    # properties

    @property
    def days(self) -> tuple[DayCount, ...]:
        """What is shown, the oldest first."""
        return self._days

    # methods

    def show_days(self, days: tuple[DayCount, ...], chosen: date | None) -> None:
        """Show days; `chosen` is the one that the table is narrowed to."""
        self._days, self._chosen = days, chosen
        self._describe()
        self.update()

    def set_verified(self, verified: bool) -> None:
        """Whether what the record says can be relied on."""
        self._verified = verified
        self._describe()
        self.update()

    def press(self, at: int) -> None:
        """Choose a day, or let go of the one that is chosen."""
        if 0 <= at < len(self._days):
            day = self._days[at].day
            self.day_chosen.emit(None if day == self._chosen else day)

    def spot_of(self, at: int) -> QPointF:
        """The middle of a bar's place."""
        return self._slot(at).center()

    # events

    def sizeHint(self) -> QSize:
        return QSize(220, 97)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        most = max((one.accepted + one.edited + one.rejected for one in self._days), default=0)
        high = _FLOOR_PX - _TOP_PX
        today = date.today()
        for at, one in enumerate(self._days):
            slot = self._slot(at)
            if at == self._hot or one.day == self._chosen:
                token = "selection" if one.day == self._chosen else "surface2"
                paint.draw_box(painter, slot.adjusted(1, 6, -1, -3), 4, theme.colour(token))
            bar = min(_BAR_PX, slot.width() - 4)
            left, floor = round(slot.center().x() - bar / 2), float(_FLOOR_PX)
            for kind, count in enumerate((one.accepted, one.edited, one.rejected)):
                if count:
                    tall = max(2.0, round(high * count / most))
                    box = QRectF(left, floor - tall, bar, tall - 1)
                    fill_decision(painter, theme, box, kind, verified=self._verified)
                    floor -= tall
            if not one.accepted + one.edited + one.rejected:
                painter.fillRect(QRectF(left, _FLOOR_PX - 2, bar, 1), theme.colour("line"))
            self._name(painter, slot, one.day, today)
            if self.hasFocus() and at == self._at:
                paint.draw_focus(painter, theme, slot.adjusted(1, 6, -1, -3), 4)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            spot = self.mapFromGlobal(self.cursor().pos())
            at = self._day_at(float(spot.x()))
            QToolTip.showText(self.cursor().pos(), self._said(self._days[at]) if at >= 0 else "", self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hot = self._day_at(event.position().x())
        if hot != self._hot:
            self._hot = hot
            self.setCursor(Qt.CursorShape.PointingHandCursor if hot >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hot = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.press(self._day_at(event.position().x()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self._days:
            self._at = min(len(self._days) - 1, max(0, self._at + step))
            self._describe()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._at >= 0:
            self.press(self._at)
        else:
            super().keyPressEvent(event)

    # internals

    def _slot(self, at: int) -> QRectF:
        wide = (self.width() - 16) / max(1, len(self._days))
        return QRectF(9 + at * wide, 0, wide, 97)

    def _day_at(self, x: float) -> int:
        wide = (self.width() - 16) / max(1, len(self._days))
        at = int((x - 9) // wide)
        return at if 0 <= at < len(self._days) else -1

    def _name(self, painter: QPainter, slot: QRectF, day: date, today: date) -> None:
        here = day == today
        font = self._theme.font("metaMedium" if here else "meta")
        near = abs((today - day).days) < DAYS
        full = f"{day:%a}" if near else f"{day.day} {day:%b}"
        # All of them short where there is no room for one in its full length.
        words = full if slot.width() > 4 + paint.text_width(font, "Wed" if near else "28 Nov") else full[:1]
        if here and paint.text_width(font, "Today") < slot.width() + 3:
            words = "Today"
        elif not near and words != full:
            words = f"{day.day}"
        box = QRectF(slot.center().x() - paint.text_width(font, words) / 2, 75, slot.width(), 16)
        paint.draw_text(painter, box, font, self._theme.colour("text" if here else "text3"), words)

    def _said(self, one: DayCount) -> str:
        decided = f"{one.accepted:,} accepted, {one.edited:,} edited, {one.rejected:,} rejected"
        said = f"{one.day:%A} {one.day.day} {one.day:%B}: {decided}"
        return said if self._verified else f"{said}. Not verified"

    def _describe(self) -> None:
        at = self._at
        one = [self._days[at]] if 0 <= at < len(self._days) else self._days
        self.setAccessibleDescription(". ".join(self._said(day) for day in one))
