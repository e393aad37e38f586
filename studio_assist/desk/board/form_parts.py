"""Small parts of the inspector's form: labelled fields, an editable list, chips, growing text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.kit import Combo, Field, Label, Pressable, TextField, paint
from studio_assist.desk.theme import Theme

#: Height of the form's combos and lines, px.
ROW_PX: Final = 28
_GAP_PX: Final = 6
#: What a text field's edge and padding take from its height, px.
_AROUND_PX: Final = 12


class Labelled(QWidget):
    """A field under its name."""

    def __init__(self, theme: Theme, name: str, field: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        label = Label(theme, name, "meta", "text3")
        label.setFixedHeight(16)
        label.setBuddy(field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(label)
        column.addWidget(field)


class FormCombo(Combo):
    """A combo as wide as its column. The wheel scrolls the form and never turns a value by mistake."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, height_px=ROW_PX, parent=parent)
        self.setFixedHeight(ROW_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # methods

    def fill(self, choices: Sequence[tuple[str, str, str]]) -> None:
        """Offer choices: what is shown, its value, and what it means."""
        for words, value, meaning in choices:
            self.addItem(words, value)
            if meaning and meaning != words:
                self.setItemData(self.count() - 1, meaning, Qt.ItemDataRole.ToolTipRole)

    def choose(self, value: str) -> None:
        """Show a value without telling anybody."""
        at = self.findData(value)
        if at >= 0 and at != self.currentIndex():
            self.blockSignals(True)
            self.setCurrentIndex(at)
            self.blockSignals(False)
            self.update()

    # events

    def minimumSizeHint(self) -> QSize:
        return QSize(64, ROW_PX)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return False
        return super().event(event)


class ListField(FormCombo):
    """A combo that can be typed into: the list holds what is usual.

    Signals:
        committed: the words, once the person is done with them.
    """

    committed = Signal(str)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, parent)
        self._line: Final = Field(theme, name)
        self._line.setProperty("bare", True)
        self._line.setStyleSheet("background: transparent; border: none; padding: 0; min-height: 0;")
        self.setEditable(True)
        self.setLineEdit(self._line)
        self._line.installEventFilter(self)
        self.setInsertPolicy(Combo.InsertPolicy.NoInsert)
        # What stands in the list completes what is typed only where the person picks it.
        self.setCompleter(None)  # pyright: ignore[reportArgumentType]
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._line.editingFinished.connect(lambda: self.committed.emit(self._line.text()))
        self.activated.connect(lambda _at: self.committed.emit(self.currentText()))

    # properties

    @property
    def line(self) -> Field:
        """Where it is typed."""
        return self._line

    # methods

    def show_words(self, words: str) -> None:
        """Show other words without telling anybody."""
        if self._line.text() != words:
            self._line.setText(words)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        box = QRectF(self.rect())
        enabled = self.isEnabled()
        edge = "text3" if enabled and self.underMouse() else "lineStrong" if enabled else "line"
        paint.draw_box(painter, box, 5, colour("input" if enabled else "surface0"), colour(edge))
        if self.hasFocus() or self._line.hasFocus():
            paint.draw_focus(painter, self._theme, box, 5)
        ratio = self.devicePixelRatioF()
        pixmap = self._theme.pixmap("chevron-down", "text2" if enabled else "disabled", 14, ratio)
        painter.drawPixmap(self.width() - 22, (self.height() - 14) // 2 + 1, pixmap)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_line()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Qt moves the line to where its own style has it whenever something is picked.
        if watched is self._line and event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._place_line()
        return super().eventFilter(watched, event)

    # internals

    def _place_line(self) -> None:
        box = QRect(7, 1, max(10, self.width() - 33), self.height() - 2)
        if self._line.geometry() != box:
            self._line.setGeometry(box)


class WordsField(TextField):
    """Text as high as its words, up to a few rows. Enter begins a new line; Tab leaves.

    Signals:
        typed: at every change by the person.
        finished: the focus left it.
    """

    typed = Signal()
    finished = Signal()

    def __init__(
        self, theme: Theme, name: str, font: QFont, most_rows: int = 8, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, name, parent=parent)
        self._most = most_rows
        self._showing = False
        self.setFont(font)
        self.document().setDocumentMargin(1)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._changed)
        self._fit()

    # methods

    def show_words(self, words: str) -> None:
        """Show other words without telling anybody; the caret stays about where it was."""
        if words == self.toPlainText():
            return
        caret = self.textCursor().position()
        self._showing = True
        self.setPlainText(words)
        self._showing = False
        cursor = self.textCursor()
        cursor.setPosition(min(caret, max(0, self.document().characterCount() - 1)))
        self.setTextCursor(cursor)

    # slots

    def _changed(self) -> None:
        self._fit()
        if not self._showing:
            self.typed.emit()

    # events

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.finished.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    # internals

    def _fit(self) -> None:
        rows, block = 0, self.document().firstBlock()
        while block.isValid() and rows <= self._most:
            rows += max(1, block.layout().lineCount())
            block = block.next()
        off, on = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(on if rows > self._most else off)
        line = QFontMetricsF(self.font()).lineSpacing()
        self.setFixedHeight(round(max(1, min(self._most, rows)) * line) + 2 + _AROUND_PX)


class GoneChip(Pressable):
    """A word that a press takes away."""

    def __init__(self, theme: Theme, word: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, word, f"Remove {word}", parent)
        self.word: Final = word
        self.setToolTip(f"Remove {word}")

    # events

    def sizeHint(self) -> QSize:
        return QSize(round(paint.text_width(self._theme.font("caption"), self.text())) + 38, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        colour = self._theme.colour
        paint.draw_box(painter, box, 12, colour("surface3") if self._hot() else None, colour("lineStrong"))
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 12)
        font = self._theme.font("caption")
        room = box.width() - 32
        shown = QFontMetricsF(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        paint.draw_text(painter, box.adjusted(10, 0, 0, 0), font, colour("text2"), shown)
        pixmap = self._theme.pixmap("cross", "text3", 11, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - 20, (self.height() - 11) // 2, pixmap)


class Flow(QWidget):
    """Widgets side by side that wrap."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    # properties

    @property
    def shown(self) -> tuple[QWidget, ...]:
        """What it holds, in order."""
        return tuple(self._shown)

    # methods

    def show_widgets(self, widgets: Sequence[QWidget]) -> None:
        """Hold these and no others."""
        for one in self._shown:
            if one not in widgets:
                one.hide()
                one.deleteLater()
        self._shown = list(widgets)
        for one in widgets:
            one.setParent(self)
            one.show()
        self._flow(self.width())
        self.updateGeometry()
        self.setVisible(bool(widgets))

    # events

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._flow(width, move=False)

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 120 else 316
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._flow(self.width())

    # internals

    def _flow(self, width: int, *, move: bool = True) -> int:
        x = y = high = 0
        for one in self._shown:
            size = one.sizeHint()
            if x and x + size.width() > width:
                x, y, high = 0, y + high + _GAP_PX, 0
            if move:
                one.resize(min(size.width(), max(40, width)), size.height())
                one.move(QPoint(x, y))
            x += size.width() + _GAP_PX
            high = max(high, size.height())
        return y + high


def is_enter(event: QKeyEvent) -> bool:
    """Enter, on either part of the keyboard."""
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
