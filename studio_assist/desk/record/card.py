"""The card behind the status bar's ledger item: what is true of the record, and what can be done about it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.kit import Button, Divider, Dropdown, IconLabel, Label
from studio_assist.desk.record.words import claim_of, when
from studio_assist.desk.theme import Theme
from studio_assist.protocol import LedgerState

_WIDTH_PX: Final = 372
#: Command ids to the words on the card, in order.
ACTIONS: Final = (
    ("ledger.check", "Check again", "refresh", "F9"),
    ("ledger.differs", "Show what differs", "warning", ""),
    ("ledger.witness", "Witness…", "person", ""),
    ("ledger.pack", "Hand out a pack…", "export", ""),
    ("marks.where_from", "Where does this come from?", "search", ""),
)


class LedgerCard(Dropdown):
    """Shows a `LedgerState`, and runs commands. Arrow keys and Tab walk it, Esc closes it.

    Signals:
        wanted: the id of a command.
    """

    wanted = Signal(str)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, name="The ledger")
        self.setObjectName("ledger_card")
        self.setFixedWidth(_WIDTH_PX)
        self._icon: Final = IconLabel(theme, "link", "green", 16)
        self._title: Final = Label(theme, "", "strong", "text")
        self._claim: Final = Label(theme, "", "body", "text2", wrap=True)
        self._claim.setObjectName("ledger_claim")
        self._key: Final = Label(theme, "", "caption", "text3", wrap=True)
        self._key.setObjectName("ledger_key_note")
        self._checked: Final = Label(theme, "", "caption", "text3")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        head.addWidget(self._checked)
        told = QVBoxLayout()
        told.setContentsMargins(8, 6, 8, 6)
        told.setSpacing(7)
        told.addLayout(head)
        told.addWidget(self._claim)
        told.addWidget(self._key)
        self.body.setContentsMargins(6, 6, 6, 6)
        self.body.addLayout(told)
        self.body.addWidget(Divider(theme, token="lineStrong"))
        self._buttons: Final[dict[str, Button]] = {}
        self.body.setSpacing(2)
        for command, words, icon, key in ACTIONS:
            button = Button(theme, words, icon=icon, key=key, kind="ghost", height_px=28)
            button.setObjectName(f"card_{command.replace('.', '_')}")
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked=False, one=command: self._want(one))
            self._buttons[command] = button
            self.body.addWidget(button)
        self._why: Final = Label(theme, "", "caption", "text3", wrap=True)
        self._why.setContentsMargins(8, 4, 8, 6)
        self.body.addWidget(self._why)

    # methods

    def show_state(self, ledger: LedgerState, title: str, off: dict[str, str]) -> None:
        """Show a state.

        Args:
            title: the state in the words of the status bar.
            off: commands that cannot be run now, and why.
        """
        altered = ledger.state == "altered"
        icon, token = ("warning", "redText") if altered else ("link", "green")
        self._icon.set_icon(icon, "text3" if ledger.state == "checking" else token)
        self._title.set_text(title)
        self._title.set_token("redText" if altered else "text")
        # The title says already that it is broken and where.
        self._claim.set_text((ledger.why or "") if altered else claim_of(ledger))
        self._key.set_text("" if altered else ledger.key_note)
        self._key.setVisible(bool(self._key.plain))
        at = ledger.checked_at
        self._checked.set_text(f"Checked {when(at)}" if at is not None and ledger.state != "checking" else "")
        for command, button in self._buttons.items():
            button.setEnabled(command not in off)
            button.setToolTip(off.get(command, ""))
        self._buttons["ledger.differs"].setVisible(altered)
        reasons = dict.fromkeys(why for command, why in off.items() if command in self._buttons and why)
        self._why.set_text(" ".join(reasons))
        self._why.setVisible(bool(reasons))
        self.setAccessibleDescription(f"{title}. {self._claim.plain} {self._key.plain}".strip())
        if self.isVisible():
            self._fit()
            self.show_at(self._anchor)

    def open_at(self, anchor: QRect) -> None:
        """Open it beside `anchor` and take the keyboard."""
        self.drop(anchor)
        self._fit()
        self.show_at(anchor)
        first = next(iter(self._stops()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)

    # slots

    def _want(self, command: str) -> None:
        # It stays for a check, which it tells of itself.
        if command != "ledger.check":
            self.dismiss()
        self.wanted.emit(command)

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: True, Qt.Key.Key_Up: False}
        forward = steps.get(Qt.Key(event.key()))
        if forward is not None:
            self.focusNextPrevChild(forward)
            event.accept()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        stops = self._stops()
        here = next((at for at, one in enumerate(stops) if one.hasFocus()), -1 if forward else 0)
        if stops:
            reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            stops[(here + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    # internals

    def _fit(self) -> None:
        self.body.activate()
        self.setFixedHeight(self.body.totalHeightForWidth(_WIDTH_PX))

    def _stops(self) -> list[Button]:
        return [one for one in self._buttons.values() if one.isVisibleTo(self) and one.isEnabled()]
