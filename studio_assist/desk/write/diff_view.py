"""Words offered, with what they would take away: the text on a candidate's card and on the entry sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio_assist.desk.theme import Theme
from studio_assist.domain.words import Op, Piece

#: Height of one row of text, px.
ROW_PX: Final = 20
#: From the left edge of the view to its text: the dashed edge and its gap, px.
INDENT_PX: Final = 13
EDGE_PX: Final = 3
_DASH_PX: Final = (6.0, 3.5)
_UNDERLINE_PX: Final = 2
#: Above the first row and below the last, px.
_PAD_PX: Final = 2
_SPOKEN: Final = {
    "plain": "",
    "model": "offered: ",
    "person": "written by a person: ",
    "removed": "removed: ",
}

#: Whose words they are: unmarked, a model's, a person's, or taken away.
Kind = Literal["plain", "model", "person", "removed"]


class Stretch(NamedTuple):
    """Words of one kind."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of the laid-out text, in UTF-16 units."""

    kind: Kind
    start: int
    end: int


def offered(pieces: Sequence[Piece]) -> list[Stretch]:
    """A model's offer against the text that it would replace."""
    kinds: dict[Op, Kind] = {Op.SAME: "plain", Op.ADDED: "model", Op.REMOVED: "removed"}
    return [Stretch(kinds[piece.op], piece.text) for piece in pieces]


def made_of(pieces: Sequence[Piece]) -> list[Stretch]:
    """What a person made of a model's offer: what stayed is the model's, what came is theirs."""
    kinds: dict[Op, Kind] = {Op.SAME: "model", Op.ADDED: "person", Op.REMOVED: "removed"}
    return [Stretch(kinds[piece.op], piece.text) for piece in pieces]


class DiffView(QWidget):
    """A word diff in the script's font.

    Inserted words are amber with an amber underline where a model wrote them and green where a person did;
    removed ones are grey and struck. Never red and green for removed and added.
    """

    #: All of the content has been on the screen, at once or bit by bit.
    seen = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, edge: bool = True) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._edge: Final = edge
        self._stretches: tuple[Stretch, ...] = ()
        self._caret = False
        self._dimmed = False
        self._runs: list[_Run] = []
        self._units = b""
        self._layout = QTextLayout()
        self._laid_width = -1
        self._height = ROW_PX + 2 * _PAD_PX
        self._shown = QRegion()
        self._was_seen = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._recolour)

    # properties

    @property
    def was_seen(self) -> bool:
        """Whether all of what it shows has been on the screen."""
        return self._was_seen

    # methods

    def set_words(self, stretches: Sequence[Stretch], *, caret: bool = False, dimmed: bool = False) -> None:
        """Show these words.

        Args:
            caret: put a block caret behind them, because more are coming.
            dimmed: show them as no longer on offer.
        """
        words = tuple(stretches)
        if (words, caret, dimmed) == (self._stretches, self._caret, self._dimmed):
            return
        self._stretches, self._caret, self._dimmed = words, caret, dimmed
        self._laid_width = -1
        self._shown, self._was_seen = QRegion(), False
        self._lay_out(max(self.width(), self.minimumSizeHint().width()))
        self.setAccessibleName(self._spoken())
        # Against the height that it has, not the one counted last: a layout may have asked for other widths
        # since. A row that is cut off could be accepted without having been read.
        if self._height != self.height() or not self.isVisible():
            self.updateGeometry()
        self.update()

    def unseen_rect(self) -> QRect:
        """The part that has not been on the screen yet, in its own coordinates."""
        return QRegion(self.rect()).subtracted(self._shown).boundingRect()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        self._lay_out(width)
        return self._height

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > INDENT_PX else 300
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, ROW_PX + 2 * _PAD_PX)

    # slots

    def _recolour(self) -> None:
        # The layout holds the colours.
        self._laid_width = -1
        self.update()

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._shown, self._was_seen = QRegion(), False

    def paintEvent(self, event: QPaintEvent) -> None:
        self._lay_out(self.width())
        painter = QPainter(self)
        if self._edge:
            self._paint_edge(painter)
        inset = INDENT_PX if self._edge else 0
        base = self._theme.colour("text3" if self._dimmed else "text")
        painter.setPen(base)
        self._layout.draw(painter, QPointF(inset, 0))
        for run in self._runs:
            if run.kind != "plain":
                self._paint_run(painter, run, inset)
        if self._caret:
            self._paint_caret(painter, inset)
        painter.end()
        self._note_seen()

    # internals

    def _note_seen(self) -> None:
        # A row that found no room is not on the screen, even where all of the view is.
        if self._was_seen or self._height > self.height():
            return
        self._shown = self._shown.united(self.visibleRegion())
        if QRegion(self.rect()).subtracted(self._shown).isEmpty():
            self._was_seen = True
            self.seen.emit()

    def _lay_out(self, width: int) -> None:
        if width == self._laid_width:
            return
        self._laid_width = width
        text, self._runs = _joined(self._stretches)
        self._units = text.encode("utf-16-le", "surrogatepass")
        layout = QTextLayout(text.replace("\n", "\u2028"), self._theme.script_font(15))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        layout.setFormats(self._formats())
        layout.beginLayout()
        room = max(40, width - (INDENT_PX if self._edge else 0))
        rows = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(room)
            line.setPosition(QPointF(0, _PAD_PX + rows * ROW_PX + (ROW_PX - line.height()) / 2))
            rows += 1
        layout.endLayout()
        self._layout = layout
        self._height = max(1, rows) * ROW_PX + 2 * _PAD_PX

    def _colour(self, run: _Run, *, line: bool = False) -> QColor:
        if run.kind == "removed" or self._dimmed:
            return self._theme.colour("text3")
        token = "amber" if run.kind == "model" else "green"
        return self._theme.colour(token if line else f"{token}Text")

    def _formats(self) -> list[QTextLayout.FormatRange]:
        formats: list[QTextLayout.FormatRange] = []
        for run in self._runs:
            if run.kind == "plain":
                continue
            styled = QTextLayout.FormatRange()
            styled.start, styled.length = run.start, run.end - run.start  # pyright: ignore[reportAttributeAccessIssue]
            styled.format.setForeground(self._colour(run))
            formats.append(styled)
        return formats

    def _paint_run(self, painter: QPainter, run: _Run, inset: int) -> None:
        for number in range(self._layout.lineCount()):
            line = self._layout.lineAt(number)
            first = max(run.start, line.textStart())
            last = min(run.end, line.textStart() + line.textLength())
            words = self._units[2 * first : 2 * last].decode("utf-16-le", "replace")
            first += _units(words) - _units(words.lstrip())
            last = first + _units(words.strip())
            if last <= first:
                continue
            left, right = _x(line, first), _x(line, last)
            baseline = line.y() + line.ascent()
            if run.kind == "removed":
                painter.fillRect(
                    QRectF(inset + left, round(baseline - 4), right - left, 1), self._colour(run)
                )
            else:
                under = QRectF(inset + left, round(baseline + 6), right - left, _UNDERLINE_PX)
                painter.fillRect(under, self._colour(run, line=True))

    def _paint_caret(self, painter: QPainter, inset: int) -> None:
        last = self._layout.lineCount() - 1
        x, y = 0.0, float(_PAD_PX)
        if last >= 0:
            line = self._layout.lineAt(last)
            x, y = _x(line, line.textStart() + line.textLength()), _PAD_PX + float(last * ROW_PX)
        painter.fillRect(QRectF(inset + x + 3, y + 1, 8, 15), self._theme.colour("text2"))

    def _paint_edge(self, painter: QPainter) -> None:
        colour = self._theme.colour("text3" if self._dimmed else "amber")
        y, height = 0.0, float(self.height())
        while y < height:
            painter.fillRect(QRectF(0, y, EDGE_PX, min(_DASH_PX[0], height - y)), colour)
            y += sum(_DASH_PX)

    def _spoken(self) -> str:
        parts: list[str] = []
        for stretch in self._stretches:
            said = " ".join(stretch.text.split())
            if said:
                parts.append(f"{_SPOKEN[stretch.kind]}{said}{';' if stretch.kind != 'plain' else ''}")
        return " ".join(parts)


def _x(line: object, position: int) -> float:
    """Where a position stands on a line, px. PySide answers with the position too."""
    found = line.cursorToX(position)  # pyright: ignore[reportAttributeAccessIssue]
    return float(found[0] if isinstance(found, tuple) else found)


def _units(text: str) -> int:
    """Length in UTF-16 units, which is how Qt counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _joined(stretches: Sequence[Stretch]) -> tuple[str, list[_Run]]:
    """The text as it is laid out, with a space between struck words and those put in their place."""
    text, units = "", 0
    runs: list[_Run] = []
    before: Kind = "plain"
    for kind, words in stretches:
        touches = before != kind and "removed" in (before, kind)
        if touches and text and not text[-1].isspace() and words[:1].isalnum():
            text, units = text + " ", units + 1
        length = _units(words)
        runs.append(_Run(kind, units, units + length))
        text, units = text + words, units + length
        before = kind
    return text, runs
