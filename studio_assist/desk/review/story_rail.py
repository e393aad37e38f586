"""One stop on the rail of a story: its glyph, its title with the time, and what there is to read and see."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.kit import ElidedLabel, Label, LinkButton, paint
from studio_assist.desk.review.story_pictures import PictureRow
from studio_assist.desk.review.word_diff import WordsView
from studio_assist.desk.theme import Theme
from studio_assist.domain.review import Step

if TYPE_CHECKING:
    from studio_assist.desk.board.thumbnails import Thumbnails

_CIRCLE_PX: Final = 24
#: From the panel's edge to the rail's middle, and to the words.
_RAIL_PX: Final = 26
_TEXT_PX: Final = 48
_TITLE_PX: Final = 20
_GLYPHS: Final = {
    "request": "person",
    "gate": "shield-check",
    "candidates": "candidate",
    "decision": "check",
    "placement": "link",
    "undo": "undo",
    "replaced": "brush",
    "sent": "plane",
    "clearance": "clear",
    "record": "document",
}
#: Edge, ground and glyph of a circle.
_TONES: Final = {
    "human": ("green", "greenGround", "greenText"),
    "bad": ("red", "redGround", "redText"),
    "plain": ("lineStrong", "surface3", "text2"),
}


def glyph_of(step: Step) -> str:
    """The icon of a step: a decision's shape tells what was decided."""
    if step.kind == "decision":
        for word, icon in (("rejected", "cross"), ("edited", "pencil")):
            if word in step.title:
                return icon
    if step.kind == "gate" and step.tone == "bad":
        return "ban"
    return _GLYPHS[step.kind]


def time_words(at: datetime, now: datetime | None = None) -> str:
    """ "14:01:12" today, "22 Nov 14:01" before, with the year where it is another."""
    there, here = at.astimezone(), (now or datetime.now(UTC)).astimezone()
    if there.date() == here.date():
        return f"{there:%H:%M:%S}"
    year = "" if there.year == here.year else f" {there.year}"
    return f"{there.day} {there:%b}{year} {there:%H:%M}"


class StepView(QWidget):
    """A step. The rail runs through it, from the one before to the next.

    It is used again for another story: making widgets costs more than filling them.

    Signals:
        entry_wanted: the number of the entry behind it.
    """

    entry_wanted = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._step: Step | None = None
        self._ends = (True, True)
        self._title: Final = ElidedLabel(theme, "", "strong", "text", parent=self)
        self._time: Final = Label(theme, "", "caption", "text3", parent=self)
        # Where a link would have its text.
        self._time.setContentsMargins(0, 0, 3, 0)
        self._link: Final = LinkButton(theme, "", token="text3", parent=self)
        self._link.clicked.connect(self._go)
        self._said: Final = Label(theme, "", "caption", "text2", wrap=True, parent=self)
        self._said.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._said.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._legend: _Legend | None = None
        self._offer: WordsView | None = None
        self._words: WordsView | None = None
        self._pictures: PictureRow | None = None
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self._time)
        head.addWidget(self._link)
        self._title.setFixedHeight(_TITLE_PX)
        self._column: Final = QVBoxLayout(self)
        self._column.setSpacing(3)
        self._column.addLayout(head)
        self._column.addWidget(self._said)
        theme.changed.connect(self.update)

    # properties

    @property
    def step(self) -> Step | None:
        """What it shows."""
        return self._step

    # methods

    def show_step(
        self, step: Step, *, first: bool, last: bool, here: bool, thumbnails: Thumbnails | None
    ) -> None:
        """Show a step. `here`: it is told by the entry that is shown, so that nothing leads there."""
        self._step, self._ends = step, (first, last)
        self._column.setContentsMargins(_TEXT_PX, 2, 14, 0 if last else 14)
        self._title.set_text(step.title)
        self._title.set_token("redText" if step.tone == "bad" else "text")
        self._show_time(step, here)
        self._said.set_text("\n".join(step.lines))
        self._said.setVisible(bool(step.lines))
        self._show_words(step)
        if step.pictures and self._pictures is None:
            self._pictures = PictureRow(self._theme, self)
            self._column.addWidget(self._pictures)
        if self._pictures is not None:
            self._pictures.set_pictures(step.pictures, thumbnails)
            self._pictures.setVisible(bool(step.pictures))
        self.setAccessibleName(f"{step.title}. {' '.join(step.lines)}")
        self.update()

    # slots

    def _go(self) -> None:
        if self._step is not None:
            self.entry_wanted.emit(self._step.number)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._step is None:
            return
        painter = QPainter(self)
        colour, (first, last) = self._theme.colour, self._ends
        top = _CIRCLE_PX / 2 if first else 0.0
        bottom = _CIRCLE_PX / 2 if last else float(self.height())
        painter.fillRect(QRectF(_RAIL_PX - 0.5, top, 1, bottom - top), colour("lineStrong"))
        edge, ground, token = _TONES[self._step.tone]
        circle = QRectF(_RAIL_PX - _CIRCLE_PX / 2, 0, _CIRCLE_PX, _CIRCLE_PX)
        paint.draw_box(painter, circle, _CIRCLE_PX / 2, colour(ground), colour(edge))
        icon = self._theme.pixmap(glyph_of(self._step), token, 13, self.devicePixelRatioF())
        painter.drawPixmap(round(circle.center().x() - 6.5), round(circle.center().y() - 6.5), icon)

    # internals

    def _show_time(self, step: Step, here: bool) -> None:
        linked = step.at is not None and not here
        self._time.setVisible(step.at is not None and here)
        self._link.setVisible(linked)
        if step.at is None:
            return
        when, full = time_words(step.at), f"{step.at.astimezone():%d %B %Y, %H:%M:%S}"
        if here:
            self._time.set_text(when)
            self._time.setToolTip(full)
            return
        name = f"Entry {step.number:,}, {full}"
        self._link.setText(when)
        self._link.setAccessibleName(name)
        self._link.setToolTip(name)
        self._link.updateGeometry()

    def _show_words(self, step: Step) -> None:
        told = step.kind == "decision" and any(kind == "human" for kind, _text in step.runs)
        if told and self._legend is None:
            self._legend = _Legend(self._theme, self)
            self._column.insertWidget(2, self._legend)
        if self._legend is not None:
            self._legend.setVisible(told)
        # Under the lines and the legend, over the pictures.
        at = 2 if self._legend is None else 3
        if step.quote and self._offer is None:
            self._offer = WordsView(self._theme, self)
            self._column.insertWidget(at, self._offer)
        if self._offer is not None:
            self._offer.setVisible(bool(step.quote))
            self._offer.set_runs("Offered by the model", [("kept", step.quote)], coloured=False)
        if step.runs and self._words is None:
            self._words = WordsView(self._theme, self)
            self._column.insertWidget(at if self._offer is None else at + 1, self._words)
        if self._words is not None:
            self._words.setVisible(bool(step.runs))
            self._words.set_runs(f"{step.title}: the words", step.runs, coloured=True)


class _Legend(QWidget):
    """ "Amber stayed AI, green is the writer.", each word in its colour."""

    _PARTS: Final = (
        ("Amber", "amberText"),
        (" stayed AI, ", "text2"),
        ("green", "greenText"),
        (" is the writer.", "text2"),
    )

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self.setFixedHeight(theme.role("caption").line)
        self.setAccessibleName("".join(words for words, _token in self._PARTS))
        theme.changed.connect(self.update)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, font, left = QPainter(self), self._theme.font("caption"), 0.0
        for words, token in self._PARTS:
            box = QRectF(left, 0, self.width() - left, self.height())
            paint.draw_text(painter, box, font, self._theme.colour(token), words)
            left += paint.text_width(font, words)
