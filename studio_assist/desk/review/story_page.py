"""A story as it is read: the rail with its stops, scrolling, and the same as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio_assist.desk.kit import IconLabel, Label, paint
from studio_assist.desk.review.story_rail import StepView
from studio_assist.desk.review.word_diff import spoken
from studio_assist.desk.theme import Theme
from studio_assist.domain.review import EntryStory

if TYPE_CHECKING:
    from studio_assist.desk.board.thumbnails import Thumbnails


class StoryPage(QWidget):
    """Shows one story after another with the same widgets.

    Signals:
        entry_wanted: the number of another entry.
    """

    entry_wanted = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self.area: Final = _Area(theme, self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.area)
        inner = self._inner = self.area.inner
        self._column: Final = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 12, 0, 16)
        self._column.setSpacing(0)
        self._doubt: Final = _Remark(theme, "link-broken", inner)
        self._gone: Final = _Remark(theme, "eye-off", inner)
        self._tag: Final = _Remark(theme, "info", inner)
        for remark in (self._doubt, self._gone, self._tag):
            self._column.addWidget(remark)
        self._steps: Final[list[StepView]] = []
        self._column.addStretch(1)

    # properties

    @property
    def holds_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    # methods

    def show_story(self, story: EntryStory, thumbnails: Thumbnails | None, *, top: bool) -> None:
        """Show it from its top, or where the one before was scrolled to."""
        self._gone.say(story.by_whom if story.forgotten else "")
        self._tag.say(" ".join(_TAGS.get(tag, tag) for tag in story.tags))
        self.make_ready(len(story.steps))
        last = len(story.steps) - 1
        for at, view in enumerate(self._steps):
            view.setVisible(at <= last)
            if at <= last:
                step = story.steps[at]
                here = step.number == story.number
                view.show_step(step, first=at == 0, last=at == last, here=here, thumbnails=thumbnails)
        self.area.setAccessibleName(f"Story of entry {story.number:,}")
        self.area.setAccessibleDescription(as_text(story))
        if top:
            self.area.verticalScrollBar().setValue(0)

    def make_ready(self, count: int) -> None:
        """Have widgets for so many steps."""
        while len(self._steps) < count:
            view = StepView(self._theme, self._inner)
            view.entry_wanted.connect(self.entry_wanted)
            self._column.insertWidget(self._column.count() - 1, view)
            self._steps.append(view)

    def stops(self) -> list[QWidget]:
        """What the keyboard can stand on inside it, from the top."""
        return [
            one
            for view in self._steps
            for one in view.findChildren(QWidget)
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]

    def set_doubt(self, words: str) -> None:
        """Say that this entry cannot be relied on; "" where it can."""
        self._doubt.say(words)


#: What a tag means, in a sentence.
_TAGS: Final = {"Automated": "Decided by a script (the tour or a test), not by a person."}


def as_text(story: EntryStory) -> str:
    """The story as plain text, to paste into a mail."""
    lines = [f"Entry {story.number:,}  {story.heading}{'  (TEMP)' if story.temp else ''}"]
    if story.by_whom:
        lines.append(story.by_whom)
    for step in story.steps:
        at = f"{step.at.astimezone():%Y-%m-%d %H:%M:%S}  " if step.at is not None else ""
        lines += ["", f"{at}{step.title} (entry {step.number:,})", *step.lines]
        if step.quote:
            lines.append(step.quote)
        if step.runs:
            lines.append(spoken(step.runs))
        lines += [picture.caption for picture in step.pictures]
    return "\n".join(lines)


class _Remark(QWidget):
    """A sentence about the whole story, over its first stop."""

    def __init__(self, theme: Theme, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._label: Final = Label(theme, "", "caption", "text2", wrap=True, parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 0, 14, 10)
        row.setSpacing(14)
        row.addWidget(IconLabel(theme, icon, "text3", 16, self), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._label, 1)
        self.hide()

    # methods

    def say(self, words: str) -> None:
        """Say this; nothing is shown for ""."""
        self._label.set_text(words)
        self.setVisible(bool(words))


class _Area(QScrollArea):
    """Scrolls with the keys of reading, and shows where the focus is."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self.inner: Final = QWidget()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(self.inner)
        # Given to a scroll area, a widget gets a ground of its own.
        self.inner.setAutoFillBackground(False)

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        ends = {Qt.Key.Key_Home: bar.minimum(), Qt.Key.Key_End: bar.maximum()}
        end = ends.get(Qt.Key(event.key()))
        if end is not None:
            bar.setValue(end)
            event.accept()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            paint.draw_focus(painter, self._theme, self.viewport().rect().toRectF(), 2)
