"""Painting one row of the table. What fits into a cell is worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from studio_assist.desk.review.cells import ALTERED, AT, LOOKS, Look
from studio_assist.desk.review.feed import Row
from studio_assist.desk.theme import Theme

_PAD_PX: Final = 10
_ICON_PX: Final = 13
_GAP_PX: Final = 6
#: Words that were fitted and are kept; a long scroll fills it once or twice.
_MOST_FITTED: Final = 8_000
_OUTCOME: Final = AT["outcome"]
#: What stands out in a row; the rest is quieter.
_PLAIN: Final = frozenset({AT["number"], AT["purpose"], AT["person"], AT["left"], AT["edit"], _OUTCOME})

#: Column, left edge and width in px.
Places = Sequence[tuple[int, int, int]]


class RowPainter:
    """Draws rows with fonts and colours that are fetched once for a theme."""

    def __init__(self, theme: Theme) -> None:
        self._theme: Final = theme
        self._fitted: Final[dict[tuple[str, int, bool], str]] = {}
        self._colours: Final[dict[str, QColor]] = {}
        self._font: Final = theme.font("caption")
        self._strong: Final = theme.font("captionStrong")
        measures = QFontMetricsF(self._font)
        # The middle between cap height and x-height is where the eye sees a line's centre.
        self._middle: Final = (measures.capHeight() + measures.xHeight()) / 4 + 0.6
        self._measures: Final = {False: measures, True: QFontMetricsF(self._strong)}

    # methods

    def forget(self) -> None:
        """The theme has turned."""
        self._colours.clear()

    def draw(
        self,
        painter: QPainter,
        box: QRect,
        columns: Places,
        found: Row | None,
        chosen: bool,
        hot: bool,
        first_bad: int | None,
    ) -> None:
        """Draw a row; bars in place of words where they have not come yet.

        Args:
            first_bad: the first entry that cannot be relied on: its row is red, those after it are grey.
        """
        number = found[0].number if found is not None else 0
        broken = first_bad is not None and number == first_bad
        grey = first_bad is not None and number > first_bad
        ground = "redGround" if broken else "selection" if chosen else "surface2" if hot else ""
        if ground:
            painter.fillRect(box, self._colour(ground))
        edge = self._colour("red" if broken else "line")
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, edge)
        if chosen or broken:
            painter.fillRect(
                box.left(), box.top(), 3, box.height(), self._colour("red" if broken else "blue")
            )
        if found is None:
            self._blank(painter, box, columns, chosen)
            return
        row, cells = found
        look = ALTERED if broken else LOOKS[row.outcome]
        base = round(box.center().y() + self._middle)
        ratio = painter.device().devicePixelRatio()
        painter.setFont(self._font)
        for column, left, width in columns:
            x, room = left + _PAD_PX, width - _PAD_PX - 4
            if column == _OUTCOME:
                self._outcome(painter, box, x, room, base, look, grey, ratio)
                continue
            words = cells[column]
            if words:
                token = "disabled" if grey else "text" if column in _PLAIN or broken else "text2"
                self._words(painter, x, base, room, words, token)

    def tip(self, found: Row, column: int, width: int) -> str:
        """The words of a cell where they are cut; of a time, always the whole of it."""
        row, cells = found
        if column == AT["time"]:
            return f"{row.at.astimezone():%a %d %b %Y, %H:%M:%S}"
        words = cells[column]
        room = width - _PAD_PX - 4
        return words if self._fit(words, room, False) != words else ""

    # internals

    def _outcome(
        self,
        painter: QPainter,
        box: QRect,
        left: int,
        room: int,
        base: int,
        look: Look,
        grey: bool,
        ratio: float,
    ) -> None:
        if look.icon:
            token = "disabled" if grey else look.icon_token
            pixmap = self._theme.pixmap(look.icon, token, _ICON_PX, ratio)
            painter.drawPixmap(left, box.top() + (box.height() - _ICON_PX) // 2, pixmap)
        left, room = left + _ICON_PX + _GAP_PX, room - _ICON_PX - _GAP_PX
        strong = look.token == "redText" and not grey
        if strong:
            painter.setFont(self._strong)
        self._words(painter, left, base, room, look.words, "disabled" if grey else look.token, strong)
        if strong:
            painter.setFont(self._font)

    def _words(
        self, painter: QPainter, left: int, base: int, room: int, words: str, token: str, strong: bool = False
    ) -> None:
        painter.setPen(self._colour(token))
        painter.drawText(QPointF(left, base), self._fit(words, room, strong))

    def _blank(self, painter: QPainter, box: QRect, columns: Places, chosen: bool) -> None:
        bar = self._colour("lineStrong" if chosen else "surface3")
        for column, left, width in columns:
            # Of uneven length, as words are.
            long = max(14, (width - 24) * (40 + (column * 37) % 45) // 100)
            painter.fillRect(left + _PAD_PX, box.center().y() - 3, long, 6, bar)

    def _fit(self, words: str, room: int, strong: bool) -> str:
        key = (words, room, strong)
        known = self._fitted.get(key)
        if known is None:
            if len(self._fitted) >= _MOST_FITTED:
                self._fitted.clear()
            known = self._measures[strong].elidedText(words, Qt.TextElideMode.ElideRight, room)
            self._fitted[key] = known
        return known

    def _colour(self, token: str) -> QColor:
        known = self._colours.get(token)
        if known is None:
            known = self._colours[token] = self._theme.colour(token)
        return known
