"""The lock: the whole desk is covered until somebody says who they are.

Whoever sits down finds what the one before them left: candidates that wait for a decision, a sheet half
filled in. Nothing of it can be reached, by key or by mouse, until a person has said that they are who the
desk believes them to be. What runs goes on; what was undecided stays undecided.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.first_run.roles import roles_words
from studio_assist.desk.kit import Card, ChoiceCard, Divider, Label
from studio_assist.desk.people.parts import ByHand, Initials
from studio_assist.desk.record.parts import scrolling
from studio_assist.desk.theme import Theme
from studio_assist.domain.people import Person

_WIDTH_PX: Final = 440
#: What never reaches a widget behind the lock.
_HELD: Final = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
        QEvent.Type.ShortcutOverride,
        QEvent.Type.InputMethod,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.ContextMenu,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
        QEvent.Type.TabletRelease,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TouchEnd,
        QEvent.Type.DragEnter,
        QEvent.Type.DragMove,
        QEvent.Type.Drop,
    )
)
_REST: Final = "What waits stays undecided. What runs goes on."


class Lock(QWidget):
    """Covers a window until somebody confirms who they are.

    Args:
        people: who may say so.
        choose: whoever sits there says which of them they are. Otherwise it is one person, who was chosen,
            and the one before them can go back instead.

    Signals:
        confirmed: a `Person`.
        went_back: the one before goes on; only where one person was chosen.
    """

    confirmed = Signal(object)
    went_back = Signal()

    def __init__(
        self, theme: Theme, window: QWidget, people: Sequence[Person], *, choose: bool = False
    ) -> None:
        super().__init__(window)
        self.setObjectName("lock")
        self._theme: Final = theme
        self._window: Final = window
        self._people: Final = tuple(people)
        self._before: QWidget | None = None
        self._choices: Final = QButtonGroup(self)
        chosen = self._chosen = None if choose else self._people[0]
        title = f"You are now {chosen.name}." if chosen else "Who is at the keyboard?"
        said = "Confirm to go on." if chosen else "Say who you are to go on."
        self.setAccessibleName(f"{title} {said}")
        self.setAccessibleDescription(_REST)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.card: Final = Card(theme, "surface1", 10, self)
        self.card.setFixedWidth(_WIDTH_PX)
        self.confirm: Final = ByHand(theme, "Confirm", icon="check", height_px=36)
        self.confirm.setObjectName("lock_confirm")
        self.back: Final = ByHand(theme, "Go back", height_px=36)
        self.back.setObjectName("lock_back")
        self._build(title, said, chosen)
        # Only now: without a parent it would be shown as a window of its own.
        self.back.setVisible(chosen is not None)
        self.confirm.setEnabled(chosen is not None)
        self.confirm.clicked.connect(self._confirm)
        self.back.clicked.connect(self._go_back)
        self._choices.idToggled.connect(lambda _at, _on: self.confirm.setEnabled(self.person is not None))
        self.hide()

    # properties

    @property
    def person(self) -> Person | None:
        """Who would be confirmed; None while nobody is chosen."""
        if self._chosen is not None:
            return self._chosen
        at = self._choices.checkedId()
        return self._people[at] if at >= 0 else None

    # methods

    def close_desk(self) -> None:
        """Cover the window. No button has the focus, so that what was being typed presses nothing."""
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        self._before = QApplication.focusWidget()
        self._fit()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.installEventFilter(self)
        app.focusChanged.connect(self._hold_focus)

    def open_desk(self) -> None:
        """Uncover it, and give the focus back to where it was."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.removeEventFilter(self)
        app.focusChanged.disconnect(self._hold_focus)
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.deleteLater()

    # slots

    def _confirm(self) -> None:
        person = self.person
        if person is not None:
            self.open_desk()
            self.confirmed.emit(person)

    def _go_back(self) -> None:
        self.open_desk()
        self.went_back.emit()

    def _hold_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """What comes up behind the lock does not take the keyboard."""
        if now is None or not self._is_ours(now):
            if now is not None and self._window.isAncestorOf(now):
                self._before = now
            # Qt is still at giving the focus away; meanwhile every key is held all the same.
            QTimer.singleShot(0, self, self._take_focus)

    def _take_focus(self) -> None:
        here = QApplication.focusWidget()
        if self.isVisible() and (here is None or not self._is_ours(here)):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.Shortcut:
            return True
        if not isinstance(watched, QWidget) or self._is_ours(watched):
            return False
        if kind in _HELD:
            # An override that is accepted fires no shortcut; what is eaten afterwards types nothing either.
            event.accept()
            return True
        if kind is QEvent.Type.Resize and watched is self._window:
            self._fit()
        elif kind in (QEvent.Type.Show, QEvent.Type.ZOrderChange) and watched.parent() is self._window:
            # A sheet that the broker asked for came up meanwhile; it waits behind the lock.
            self.raise_()
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._fit()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        stops = [one for one in self._stops() if one.isEnabled() and not one.isHidden()]
        here = QApplication.focusWidget()
        at = stops.index(here) if here in stops else (-1 if forward else 0)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        if stops:
            stops[(at + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.colour("scrim"))

    # internals

    def _build(self, title: str, said: str, chosen: Person | None) -> None:
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(Label(self._theme, title, "title", "text", wrap=True))
        head.addWidget(Label(self._theme, said, "body", "text2"))
        column = QVBoxLayout(self.card)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(16)
        if chosen is not None:
            row = QHBoxLayout()
            row.setSpacing(16)
            row.addWidget(Initials(self._theme, chosen.name, 44), 0, Qt.AlignmentFlag.AlignTop)
            row.addLayout(head, 1)
            head.addWidget(Label(self._theme, roles_words(chosen.roles), "caption", "text3"))
            column.addLayout(row)
        else:
            column.addLayout(head)
            column.addWidget(self._list())
        column.addWidget(Divider(self._theme))
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(Label(self._theme, _REST, "caption", "text3", wrap=True), 1)
        foot.addWidget(self.back)
        foot.addWidget(self.confirm)
        column.addLayout(foot)

    def _list(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(8)
        for at, person in enumerate(self._people):
            choice = ChoiceCard(self._theme, person.name, roles_words(person.roles))
            choice.setObjectName(f"lock_{person.id}")
            # None is on beforehand, and one that is reached by Tab is not chosen by that.
            choice.setAutoExclusive(False)
            self._choices.addButton(choice, at)
            column.addWidget(choice)
        return scrolling(inner, "People on this machine", max(120, self._window.height() - 320))

    def _stops(self) -> list[QWidget]:
        """What Tab visits: one of the people, then the buttons."""
        buttons = self._choices.buttons()
        first: list[QWidget] = list(buttons[:1])
        checked = self._choices.checkedButton()
        if checked is not None:
            first = [checked]
        return [*first, self.back, self.confirm]

    def _is_ours(self, widget: QWidget) -> bool:
        return widget is self or self.isAncestorOf(widget)

    def _fit(self) -> None:
        self.setGeometry(self._window.rect())
        layout = self.card.layout()
        assert layout is not None
        layout.activate()
        height = min(layout.totalHeightForWidth(_WIDTH_PX), self._window.height() - 48)
        self.card.setFixedHeight(height)
        self.card.move(
            (self._window.width() - _WIDTH_PX) // 2, max(24, (self._window.height() - height) * 2 // 5)
        )
