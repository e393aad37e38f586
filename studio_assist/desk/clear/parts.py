"""Small parts of the Clear desk: fields with an icon, a day to type, parts that fold, words with a cross."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.board.form_parts import Flow, GoneChip, ListField
from studio_assist.desk.clear.words import day_words, folded
from studio_assist.desk.kit import Divider, Field, Label, Pressable, paint
from studio_assist.desk.providers.parts import day_of
from studio_assist.desk.theme import Theme

_WRONG_DAY: Final = "Type a day as 3 Feb 2027, or as 2027-02-03."


class IconField(Field):
    """A line to type in behind an icon."""

    def __init__(self, theme: Theme, name: str, icon: str, *, placeholder: str = "") -> None:
        super().__init__(theme, name, placeholder=placeholder)
        self._theme: Final = theme
        self._icon: Final = icon
        self.setTextMargins(20, 0, 0, 0)
        theme.changed.connect(self.update)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        token = "text3" if self.isEnabled() else "disabled"
        pixmap = self._theme.pixmap(self._icon, token, 14, self.devicePixelRatioF())
        QPainter(self).drawPixmap(10, (self.height() - 14) // 2, pixmap)


class DayField(IconField):
    """A day that is typed; Up and Down go to the next and the day before.

    Signals:
        chosen: it holds another day, or none.
    """

    chosen = Signal()

    def __init__(self, theme: Theme, name: str, *, placeholder: str = "3 Feb 2027") -> None:
        super().__init__(theme, name, "calendar", placeholder=placeholder)
        self._day: date | None = None
        self.textEdited.connect(self._typed)

    # properties

    @property
    def day(self) -> date | None:
        """The day that stands in it."""
        return self._day

    @property
    def wrong(self) -> str:
        """What is wrong with the words in it."""
        return _WRONG_DAY if self.text().strip() and self._day is None else ""

    # methods

    def show_day(self, day: date | None) -> None:
        """Show a day without telling anybody."""
        if day == self._day and not self.wrong:
            return
        self._day = day
        self.setText(day_words(day) if day else "")
        self.setCursorPosition(0)

    # slots

    def _typed(self, text: str) -> None:
        self._day = day_of(text)
        self.setAccessibleDescription(self.wrong)
        self.chosen.emit()

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is None or self.isReadOnly() or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        event.accept()
        self.show_day((self._day or date.today()) + timedelta(days=step if self._day else 0))
        self.chosen.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._day is not None:
            self.setText(day_words(self._day))


class PersonField(ListField):
    """Somebody's name: picked from those who are known, or typed.

    Signals:
        named: another name stands in it.
    """

    named = Signal()

    def __init__(self, theme: Theme, name: str, *, placeholder: str = "") -> None:
        super().__init__(theme, name)
        self.setFixedHeight(30)
        self.line.setPlaceholderText(placeholder)
        self.line.textEdited.connect(lambda _text: self.named.emit())
        self.activated.connect(lambda _at: self.named.emit())
        self.setCurrentIndex(-1)

    # properties

    @property
    def words(self) -> str:
        """The name, on one line."""
        return folded(self.line.text())

    # methods

    def offer(self, names: Sequence[str]) -> None:
        """What its list holds; what stands in it stays."""
        if [self.itemText(at) for at in range(self.count())] == list(names):
            return
        kept = self.line.text()
        self.blockSignals(True)
        self.clear()
        self.addItems(list(names))
        self.setCurrentIndex(-1)
        self.blockSignals(False)
        self.line.setText(kept)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        token = "text3" if self.isEnabled() else "disabled"
        pixmap = self._theme.pixmap("person", token, 14, self.devicePixelRatioF())
        QPainter(self).drawPixmap(10, (self.height() - 14) // 2, pixmap)

    # internals

    def _place_line(self) -> None:
        # Behind the icon.
        box = QRect(28, 1, max(10, self.width() - 54), self.height() - 2)
        if self.line.geometry() != box:
            self.line.setGeometry(box)


class _FoldHead(Pressable):
    """The line that opens and shuts a part, with what stands in it."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__(theme, title, title, None)
        self.note = ""
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # events

    def sizeHint(self) -> QSize:
        return QSize(200, 34)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        box = QRectF(self.rect())
        if self.hasFocus():
            paint.draw_focus(painter, theme, box.adjusted(-1, 2, 1, -2), 4)
        icon = "chevron-down" if self.isChecked() else "chevron-right"
        token = "text" if self._hot() else "text3"
        painter.drawPixmap(8, 10, theme.pixmap(icon, token, 14, self.devicePixelRatioF()))
        font, quiet = theme.font("control"), theme.font("caption")
        paint.draw_text(painter, box.adjusted(36, 0, 0, 0), font, theme.colour("text"), self.text())
        used = 36 + paint.text_width(font, self.text()) + 24
        room = box.width() - used
        if self.note and room > 40:
            words = QFontMetricsF(quiet).elidedText(self.note, Qt.TextElideMode.ElideRight, room)
            left = box.width() - paint.text_width(quiet, words)
            paint.draw_text(painter, box.adjusted(left, 0, 0, 0), quiet, theme.colour("text3"), words)


class Fold(QWidget):
    """A part of the intake that folds; shut, its head says what stands in it."""

    def __init__(self, theme: Theme, name: str, title: str, content: QWidget) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.head: Final = _FoldHead(theme, title)
        self.head.setObjectName(name)
        self.head.toggled.connect(content.setVisible)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(content)
        column.addWidget(Divider(theme))
        content.hide()

    # properties

    @property
    def is_open(self) -> bool:
        return self.head.isChecked()

    # methods

    def set_open(self, is_open: bool) -> None:
        """Open it or shut it."""
        self.head.setChecked(is_open)

    def set_note(self, note: str) -> None:
        """What stands in it, in a few words."""
        self.head.note = note
        self.head.setToolTip(note)
        self.head.setAccessibleDescription(note)
        self.head.update()


class WordChips(QWidget):
    """Words that are added one by one and taken away by a press.

    Signals:
        changed: by the person.
    """

    changed = Signal()

    def __init__(self, theme: Theme, name: str, placeholder: str, *, width_px: int = 0) -> None:
        super().__init__()
        self._theme: Final = theme
        self._words: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._flow: Final = Flow()
        self._flow.hide()
        self.field: Final = ListField(theme, name)
        self.field.line.setPlaceholderText(placeholder)
        self.field.line.setMaxLength(200)
        self.field.setCurrentIndex(-1)
        self.field.committed.connect(self._add)
        if width_px:
            self.field.setFixedWidth(width_px)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._flow)
        column.addWidget(self.field)

    # properties

    @property
    def words(self) -> tuple[str, ...]:
        """What was added, in order."""
        return self._words

    # methods

    def show_words(self, words: Sequence[str]) -> None:
        """Show these without telling anybody."""
        if tuple(words) == self._words and len(self._flow.shown) == len(self._words):
            return
        self._words = tuple(words)
        chips: list[QWidget] = []
        for word in self._words:
            chip = GoneChip(self._theme, word)
            chip.clicked.connect(lambda _checked=False, gone=word: self._remove(gone))
            chips.append(chip)
        self._flow.show_widgets(chips)

    def offer(self, words: Sequence[str]) -> None:
        """What the list of its field holds."""
        if [self.field.itemText(at) for at in range(self.field.count())] == list(words):
            return
        typed = self.field.line.text()
        self.field.blockSignals(True)
        self.field.clear()
        self.field.addItems(list(words))
        self.field.setCurrentIndex(-1)
        self.field.blockSignals(False)
        self.field.line.setText(typed)

    # slots

    def _add(self, words: str) -> None:
        self.field.blockSignals(True)
        self.field.setCurrentIndex(-1)
        self.field.blockSignals(False)
        self.field.line.clear()
        new = [folded(part) for part in words.split(";")]
        kept = tuple(dict.fromkeys([*self._words, *(one for one in new if one)]))
        if kept != self._words:
            self.show_words(kept)
            self.changed.emit()

    def _remove(self, word: str) -> None:
        self.show_words([one for one in self._words if one != word])
        self.field.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter added the words, and nothing above hears of it.
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            event.accept()
        else:
            super().keyPressEvent(event)


class FollowFocus(QObject):
    """Brings what the keyboard comes to within a scrolling area into sight."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self._area: Final = area
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._moved)

    # slots

    def _moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        inner = self._area.widget()
        if new is not None and inner is not None and inner.isVisible() and inner.isAncestorOf(new):
            self._area.ensureWidgetVisible(new, 0, 24)


def under(theme: Theme, title: str, field: QWidget) -> QVBoxLayout:
    """A field under its small name."""
    label = Label(theme, title, "meta", "text3")
    label.setBuddy(field)
    label.setFixedHeight(16)
    column = QVBoxLayout()
    column.setSpacing(3)
    column.addWidget(label)
    column.addWidget(field)
    return column
