"""The tiles over the table: sums of what the filters let through."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from studio_assist.desk.kit import Panel, paint
from studio_assist.desk.review.bars import fill_decision
from studio_assist.desk.review.day_chart import DayChart
from studio_assist.desk.shell.model import size_text
from studio_assist.desk.theme import Theme
from studio_assist.domain.review import Totals

TILES_PX: Final = 98
NOT_VERIFIED: Final = "Not verified"
#: Widths of the tiles, as drawn at 1032 px, and the least that each needs.
_WIDE: Final = (104, 117, 276, 128, 151, 256)
_LEAST: Final = (72, 88, 196, 124, 124, 150)
#: Where there is no room for all, these go, in this order: what they say is in the table too.
_SPARED: Final = (0, 1)


class Tile(QWidget):
    """A caption, a number, and a line on it."""

    def __init__(self, theme: Theme, name: str, caption: str) -> None:
        super().__init__()
        self._theme: Final = theme
        self._caption: Final = caption
        self._value = ""
        self._detail = ""
        self._token = "text"
        self._verified = True
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    # properties

    @property
    def words(self) -> str:
        """What it says."""
        return f"{self._caption} {self._value}. {self._detail}"

    # methods

    def show_value(self, value: str, detail: str, token: str = "text", *, verified: bool = True) -> None:
        """Show a number and what there is to say of it."""
        self._value, self._token, self._verified = value, token, verified
        self._detail = detail if verified else NOT_VERIFIED
        self.setAccessibleName(self.words)
        self.setToolTip("" if verified else "The ledger is broken, so what it says is not relied on.")
        self.update()

    # events

    def sizeHint(self) -> QSize:
        return QSize(100, TILES_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour, wide = self._theme.colour, self.width()
        painter.fillRect(wide - 1, 0, 1, self.height(), colour("line"))
        self._line(painter, QRectF(14, 12, wide - 22, 16), "meta", "text3", self._caption)
        self._number(painter)

    # internals

    def _number(self, painter: QPainter) -> None:
        wide = self.width()
        token = self._token if self._verified else "disabled"
        role = "tile"
        if paint.text_width(self._theme.font(role), self._value) > wide - 20:
            role = "sheetTitle"
        self._line(painter, QRectF(14, 28, wide - 18, 28), role, token, self._value)
        quiet = "text3" if self._verified else "text2"
        self._line(painter, QRectF(14, 56, wide - 20, 16), "meta", quiet, self._detail)

    def _line(self, painter: QPainter, box: QRectF, role: str, token: str, words: str) -> None:
        font = self._theme.font(role)
        shown = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        paint.draw_text(painter, box, font, self._theme.colour(token), shown)


class DecisionTile(Tile):
    """What people decided: a bar of accepted, edited and rejected, and their numbers."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "decisions_tile", "Human decisions")
        self._parts: tuple[tuple[str, int], ...] = ()

    # methods

    def show_parts(self, accepted: int, edited: int, rejected: int, *, verified: bool) -> None:
        """Show how often each was decided."""
        self._parts = (("Accepted", accepted), ("Edited", edited), ("Rejected", rejected))
        said = ", ".join(f"{words} {count:,}" for words, count in self._parts)
        self.show_value(f"{accepted + edited + rejected:,}", said, verified=verified)

    # events

    def _number(self, painter: QPainter) -> None:
        theme = self._theme
        bar = QRectF(14, 35, self.width() - 28, 14)
        total = sum(count for _, count in self._parts)
        if total:
            left = bar.left()
            for kind, (_words, count) in enumerate(self._parts):
                width = bar.width() * count / total
                if count:
                    piece = QRectF(left, bar.top(), max(2.0, width - 1), bar.height())
                    fill_decision(painter, theme, piece, kind, verified=self._verified)
                left += width
        else:
            paint.draw_box(painter, bar, 0, None, theme.colour("line"))
        left, base = 14.0, QRectF(0, 56, self.width(), 16)
        narrow = paint.text_width(theme.font("meta"), self._detail) > self.width() - 44
        for kind, (words, count) in enumerate(self._parts):
            font, strong = theme.font("meta"), theme.font("captionStrong")
            if narrow:
                # The bar's own ground stands for the word, which would be cut off.
                patch = QRectF(left, base.center().y() - 5, 10, 10)
                fill_decision(painter, theme, patch, kind, verified=self._verified)
                left += patch.width() + 4
            else:
                paint.draw_text(painter, base.adjusted(left, 0, 0, 0), font, theme.colour("text"), words)
                left += paint.text_width(font, words) + 4
            token = "text" if self._verified else "disabled"
            paint.draw_text(painter, base.adjusted(left, 0, 0, 0), strong, theme.colour(token), f"{count:,}")
            left += paint.text_width(strong, f"{count:,}") + (7 if narrow else 12)

    def show_value(self, value: str, detail: str, token: str = "text", *, verified: bool = True) -> None:
        super().show_value(value, detail, token, verified=verified)
        self._detail = detail
        self.setToolTip(detail)
        self.setAccessibleName(self.words if verified else f"{self.words}. {NOT_VERIFIED}")


class Tiles(Panel):
    """The row of tiles, with the days' chart at its end."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "surface1", "b", parent)
        self.setObjectName("review_tiles")
        self.setAccessibleName("In numbers")
        self.setFixedHeight(TILES_PX)
        self.setMinimumWidth(300)
        self._totals = Totals()
        self._debt = (0, 0)
        self._verified = True
        self.sessions: Final = Tile(theme, "sessions_tile", "Sessions")
        self.suggestions: Final = Tile(theme, "suggestions_tile", "Suggestions")
        self.decisions: Final = DecisionTile(theme)
        self.sent: Final = Tile(theme, "sent_tile", "Sent off machine")
        self.debt: Final = Tile(theme, "debt_tile", "Temp debt")
        self.chart: Final = DayChart(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 1)
        row.setSpacing(0)
        self._all: Final[tuple[QWidget, ...]] = (
            self.sessions,
            self.suggestions,
            self.decisions,
            self.sent,
            self.debt,
            self.chart,
        )
        for one, wide, least in zip(self._all, _WIDE, _LEAST, strict=True):
            one.setMinimumWidth(least)
            row.addWidget(one, wide)
        self.show_totals(self._totals)

    # methods

    def show_totals(self, totals: Totals) -> None:
        """Show sums."""
        self._totals = totals
        ok = self._verified
        people = f"{totals.people:,} {'person' if totals.people == 1 else 'people'}"
        self.sessions.show_value(f"{totals.sessions:,}", people, verified=ok)
        self.suggestions.show_value(f"{totals.suggestions:,}", f"{totals.waiting:,} still open", verified=ok)
        self.decisions.show_parts(totals.accepted, totals.edited, totals.rejected, verified=ok)
        tries = f"{totals.blocked:,} attempt{'' if totals.blocked == 1 else 's'} blocked"
        self.sent.show_value(size_text(totals.sent), tries, verified=ok)
        self._show_debt()

    def set_debt(self, lines: int, boards: int) -> None:
        """How much temp material is still in the work."""
        self._debt = (lines, boards)
        self._show_debt()

    def set_verified(self, verified: bool) -> None:
        """Whether what the record says can be relied on."""
        if verified != self._verified:
            self._verified = verified
            self.chart.set_verified(verified)
            self.show_totals(self._totals)

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        room = self.width() - sum(_LEAST)
        for at in _SPARED:
            self._all[at].setVisible(room >= 0)
            room += _LEAST[at] if room < 0 else 0
        super().resizeEvent(event)

    # internals

    def _show_debt(self) -> None:
        lines, boards = self._debt
        counted = f"{lines:,} line{'' if lines == 1 else 's'}, {boards:,} board{'' if boards == 1 else 's'}"
        token = "amberText" if lines + boards else "text"
        self.debt.show_value(f"{lines + boards:,}", counted, token, verified=self._verified)
