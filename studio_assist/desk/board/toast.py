"""What was just done, with an Undo, over the lower edge of the panels: nothing moves when it comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from studio_assist.desk.kit import Button, Card, IconButton, Label, paint
from studio_assist.desk.theme import Theme

#: Long enough to read it and to reach for Undo; it stays while the pointer or the focus is on it.
STAYS_MS: Final = 8000
_MARGIN_PX: Final = 16
#: What stands beside the words: margins, Undo and the cross.
_BUTTONS_PX: Final = 140


class Toast(Card):
    """One at a time: the next takes the place of the one before, whose act can still be undone by Ctrl Z."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(theme, "surface2", 6, over)
        self._over: Final = over
        self._back: Callable[[], object] | None = None
        self.setObjectName("board_toast")
        self._words: Final = Label(theme, "", "body", "text", wrap=True)
        self._undo_button: Final = Button(theme, "Undo", height_px=26)
        undo = self._undo_button
        undo.setObjectName("notice_board_undo")
        undo.clicked.connect(self._undo)
        close = IconButton(theme, "cross", "Close this notice", size_px=26, icon_px=14)
        close.clicked.connect(self.dismiss)
        self._row: Final = QHBoxLayout(self)
        row = self._row
        row.setContentsMargins(14, 6, 6, 6)
        row.setSpacing(8)
        row.addWidget(self._words)
        row.addSpacing(8)
        row.addWidget(undo)
        row.addWidget(close)
        self._timer: Final = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAYS_MS)
        self._timer.timeout.connect(self._late)
        over.installEventFilter(self)
        self.hide()

    # properties

    @property
    def words(self) -> str:
        """What it says; "" while it is down."""
        return "" if self.isHidden() else self.accessibleName()

    # methods

    def show_words(self, words: str, back: Callable[[], object] | None = None) -> None:
        """Say what was done, and offer to take it back where that can be."""
        self._back = back
        self._undo_button.setVisible(back is not None)
        self._words.set_text(words)
        self.setAccessibleName(words)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def dismiss(self) -> None:
        """Take it down; the focus goes back to the panels."""
        self._timer.stop()
        self._back = None
        held = self._holds_focus()
        self.hide()
        if held:
            self._over.setFocus(Qt.FocusReason.OtherFocusReason)

    # slots

    def _undo(self) -> None:
        back = self._back
        self.dismiss()
        if back is not None:
            back()

    def _late(self) -> None:
        if self.underMouse() or self._holds_focus():
            self._timer.start()
        else:
            self.dismiss()

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    # internals

    def _holds_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _place(self) -> None:
        room = self._over.rect().adjusted(_MARGIN_PX, 0, -_MARGIN_PX, -_MARGIN_PX)
        natural = round(paint.text_width(self._words.font(), self.accessibleName())) + 4
        self._words.setFixedWidth(max(40, min(natural, room.width() - _BUTTONS_PX)))
        self._row.activate()
        size = self._row.totalSizeHint()
        height = self._row.totalHeightForWidth(size.width())
        left = room.center().x() - size.width() // 2
        self.setGeometry(left, room.bottom() - height, size.width(), height)
