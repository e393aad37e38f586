"""Your text beside what is sent."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.gate import words
from studio_assist.desk.gate.passage_view import PassageView
from studio_assist.desk.kit import Divider, ElidedLabel, IconLabel, Label, paint
from studio_assist.desk.theme import Theme
from studio_assist.protocol import GateSheet, Passage

#: The pair is at least this high; what there is besides goes to it.
HEIGHT_PX: Final = 252
_HEAD_PX: Final = 32


class Pane(QWidget):
    """A text under its title, with what stands below the fold said in words."""

    def __init__(self, theme: Theme, title: str, token: str, name: str, edge: str) -> None:
        super().__init__()
        self._theme: Final = theme
        self._edge = edge
        self.view: Final = PassageView(theme, title, token)
        self.view.setObjectName(name)
        self._title: Final = ElidedLabel(theme, title, "strong", "text")
        self._count: Final = Label(theme, "", "caption", "text3")
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 12, 0)
        head.addWidget(self._title, 1)
        head.addWidget(self._count)
        top = QWidget()
        top.setFixedHeight(_HEAD_PX)
        top.setLayout(head)
        self._below: Final = QWidget()
        self._below.setFixedHeight(24)
        self._below.setObjectName(f"{name}_below")
        self._below_words: Final = Label(theme, "", "metaMedium", "text")
        strip = QHBoxLayout(self._below)
        strip.setContentsMargins(14, 0, 14, 0)
        strip.setSpacing(6)
        strip.addWidget(IconLabel(theme, "chevron-down", "text", 12))
        strip.addWidget(self._below_words, 1)
        self._below_line: Final = Divider(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 1, 2, 2)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(Divider(theme))
        column.addWidget(self.view, 1)
        column.addWidget(self._below_line)
        column.addWidget(self._below)
        self._show_below(0)
        self.view.more_below.connect(self._show_below)
        self.view.focus_changed.connect(self.update)
        theme.changed.connect(self.update)

    # methods

    def show_head(self, title: str, count: str, edge: str) -> None:
        """Call it something, with how much it is."""
        self._title.set_text(title)
        self._count.set_text(count)
        self._edge = edge
        self.view.setAccessibleName(f"{title}, {count}")
        self.update()

    # slots

    def _show_below(self, lines: int) -> None:
        self._below.setVisible(lines > 0)
        self._below_line.setVisible(lines > 0)
        self._below_words.set_text(f"{words.counted(lines, 'more line')} below")

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        box = QRectF(self.rect())
        paint.draw_box(painter, box, 6, colour("input"), colour(self._edge))
        if self.view.hasFocus():
            paint.draw_focus(painter, self._theme, box, 6)


class PanePair(QWidget):
    """The text as it was written, and as it is sent; or the whole raw request across both.

    Signals:
        filled: all that is sent is there to be read.
    """

    filled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._sheet: GateSheet | None = None
        self._raw = False
        self._scrolling = False
        self._due = False
        self.before: Final = Pane(theme, "Your text", "text2", "written_view", "line")
        self.after: Final = Pane(theme, "What is sent", "text", "payload_view", "lineStrong")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.before, 1)
        row.addWidget(self.after, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.after.view.filled.connect(self._fill_before)
        self.after.view.filled.connect(self.filled)
        self._follow(self.before.view, self.after.view)
        self._follow(self.after.view, self.before.view)

    # properties

    @property
    def raw(self) -> bool:
        """Whether the raw request is shown."""
        return self._raw

    @property
    def ready(self) -> bool:
        """Whether all that is sent can be read."""
        return self._sheet is not None and not self.after.view.filling

    # methods

    def show_sheet(self, sheet: GateSheet) -> None:
        """Show a sheet's text; what is shown already stays where it was scrolled to."""
        old, self._sheet = self._sheet, sheet
        same = old is not None and (old.before, old.after, old.raw) == (sheet.before, sheet.after, sheet.raw)
        if not same:
            self._due = True
            self._show_after(sheet)
        self._show_heads()

    def set_raw(self, raw: bool) -> None:
        """Show the raw request, or the text again."""
        sheet = self._sheet
        if raw == self._raw or sheet is None:
            return
        self._raw = raw
        self.before.setVisible(not raw)
        self._show_after(sheet)
        self._show_heads()

    # slots

    def _fill_before(self) -> None:
        """The left comes once the right is there: one at a time, so that no turn of the loop bears both."""
        if self._due and self._sheet is not None:
            self._due = False
            self.before.view.show_passages(self._sheet.before, labelled=_labelled(self._sheet.before))

    # events

    def sizeHint(self) -> QSize:
        return QSize(600, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, HEIGHT_PX)

    # internals

    def _show_after(self, sheet: GateSheet) -> None:
        if self._raw:
            self.after.view.show_raw(sheet.raw)
        else:
            hints = tuple(one.question for one in sheet.questions)
            self.after.view.show_passages(sheet.after, hints, labelled=_labelled(sheet.after))

    def _show_heads(self) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        edge = "red" if sheet.verdict == "blocked" else "lineStrong"
        self.before.show_head("Your text", _characters(sheet.before), "line")
        title = words.sent_title(sheet)
        if self._raw:
            self.after.show_head(f"{title}: raw request", f"{sheet.size:,} bytes in its body", edge)
        else:
            self.after.show_head(title, _characters(sheet.after), edge)

    def _follow(self, leader: PassageView, follower: PassageView) -> None:
        """Scroll one with the other: they are read side by side."""

        def moved(value: int) -> None:
            bar, other = leader.verticalScrollBar(), follower.verticalScrollBar()
            if self._scrolling or self._raw or not bar.maximum():
                return
            self._scrolling = True
            other.setValue(round(value * other.maximum() / bar.maximum()))
            self._scrolling = False

        leader.verticalScrollBar().valueChanged.connect(moved)


def _labelled(passages: tuple[Passage, ...]) -> bool:
    return len(passages) > 1 or any(one.label not in ("", "Your text") for one in passages)


def _characters(passages: tuple[Passage, ...]) -> str:
    return words.counted(sum(len(one.text) for one in passages), "character")
