"""The sheet at the gate: everything that leaves, and the one place where a person sends it."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.gate import words
from studio_assist.desk.gate.checks import checks_card
from studio_assist.desk.gate.flow_line import FlowLine, Item
from studio_assist.desk.gate.footer import AskFoot, BlockedFoot, BusyFoot, FailedFoot
from studio_assist.desk.gate.panes import PanePair
from studio_assist.desk.gate.parts import Column, emptied
from studio_assist.desk.gate.pictures import picture_card
from studio_assist.desk.gate.questions import Questions
from studio_assist.desk.gate.second import Extras
from studio_assist.desk.gate.side import Side
from studio_assist.desk.kit import Button, Divider, IconButton, IconLabel, Label, Sheet
from studio_assist.desk.record.parts import Outcome
from studio_assist.desk.theme import Theme
from studio_assist.protocol import GateSheet

WIDTH_PX: Final = 1128
HEIGHT_PX: Final = 796
#: What of the window stays free on each side.
_FREE_PX: Final = 24
_LEFT_PX: Final = 336
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)

State = Literal["asks", "busy", "failed"]


class LeavingSheet(Sheet):
    """Shows one request at the gate. It decides nothing: it says what the person does.

    Enter does nothing on it. Send is pressed by Space or click, or by Ctrl Enter once the tick is set.

    Signals:
        sent: the person sends it; whether it need not be asked again this session.
        refused: the sheet was closed while it asked.
        seconded: the name of a second person who has read it.
        answered: a tuple of `NameAnswer`.
        stop_wanted, edit_names, use_local, ask_clearance: the buttons of these names.
    """

    sent = Signal(bool)
    refused = Signal()
    seconded = Signal(str)
    answered = Signal(object)
    stop_wanted = Signal()
    edit_names = Signal()
    use_local = Signal()
    ask_clearance = Signal()

    def __init__(self, theme: Theme, window: QWidget, sheet: GateSheet) -> None:
        super().__init__(theme, window, words.TITLE, width_px=WIDTH_PX)
        self._sheet = sheet
        self._state: State = "asks"
        self._foot: AskFoot | BlockedFoot | BusyFoot | FailedFoot | None = None
        self.setObjectName("gate_sheet")
        self.show_sheet(sheet)
        self.closed.connect(self.deleteLater)

    # properties

    @property
    def sheet(self) -> GateSheet:
        """What it shows."""
        return self._sheet

    @property
    def state(self) -> State:
        return self._state

    # methods

    def show_sheet(self, sheet: GateSheet) -> None:
        """Show this request as it stands now. Other bytes than before take the tick off."""
        old, self._sheet = self._sheet, sheet
        self._state = "asks"
        answering, seconding = self._questions.holds_focus(), self._extras.holds_focus()
        if old.digest != sheet.digest and old is not sheet:
            if isinstance(self._foot, AskFoot):
                self._foot.tick.setChecked(False)
            self._extras.remember.setChecked(False)
            self.outcome.say(words.CHANGED, "refresh")
        else:
            self.outcome.clear()
        if sheet.verdict == "hold" and isinstance(self._foot, AskFoot):
            # The same bytes, but a question about them that was not there when they were ticked as read.
            self._foot.tick.setChecked(False)
        blocked = sheet.verdict == "blocked"
        icon = {"ask": "shield-check", "hold": "shield", "blocked": "shield-cross"}[sheet.verdict]
        self._shield.set_icon(icon, "redText" if blocked else "text")
        self._asked.set_text(words.asked_line(sheet))
        self._class.set_text(sheet.sensitivity, f"Classification: {sheet.sensitivity}")
        self._side.show_sheet(sheet)
        self._left.setAccessibleName(f"{words.verdict_head(sheet)}. {words.verdict_why(sheet)}")
        self._pair.show_sheet(sheet)
        self._questions.show_sheet(sheet)
        self._show_lines(sheet)
        self._extras.show_sheet(sheet)
        self._show_foot()
        self._watch()
        if answering and not self._questions.focus_first():
            self._pair.after.view.setFocus(Qt.FocusReason.OtherFocusReason)
        elif seconding and isinstance(self._foot, AskFoot):
            # The second person is done: the tick is what is left to do.
            next_one = self._extras.yes if self._extras.yes.isVisible() else self._foot.tick
            next_one.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_others(self, names: tuple[str, ...]) -> None:
        """Who cannot be the second person, besides who asked."""
        self._extras.set_others(names)

    def show_sending(self, sent: int = 0) -> None:
        """It was sent off; so many bytes have gone."""
        if self._state != "busy":
            self._state = "busy"
            self.outcome.clear()
            self._asked.set_text(words.asked_line(self._sheet, "It is being sent."))
            self._extras.hide()
            self._questions.hide()
            self._show_foot()
            self._watch()
        if isinstance(self._foot, BusyFoot):
            self._foot.show_sent(self._sheet, sent)

    def show_failed(self, said: str) -> None:
        """It came to nothing; only Close is left."""
        was, self._state = self._state, "failed"
        self._asked.set_text(words.asked_line(self._sheet, "It has ended." if was == "busy" else ""))
        self.outcome.clear()
        self._extras.hide()
        self._questions.hide()
        self._show_foot()
        self._watch()
        if isinstance(self._foot, FailedFoot):
            self._foot.say(said)
            if self._has_focus():
                self._foot.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, message: str, remedy: str) -> None:
        """What was asked for was not done. It asks again, from the start."""
        self.show_sheet(self._sheet)
        if isinstance(self._foot, AskFoot):
            self._foot.tick.setChecked(False)
        self.outcome.error(message, remedy)

    def dismiss(self) -> None:
        """Close it; while it asks, that is a no."""
        asks = self._state == "asks" and self._sheet.verdict != "blocked" and not self.isHidden()
        self._state = "failed"
        super().dismiss()
        if asks:
            self.refused.emit()

    def put_away(self) -> None:
        """Close it without a word to anybody."""
        self._state = "failed"
        super().dismiss()

    def focusNextPrevChild(self, forward: bool) -> bool:
        done = super().focusNextPrevChild(forward)
        now = QApplication.focusWidget()
        if now is not None and self._inner.isAncestorOf(now):
            self._right.ensureWidgetVisible(now, 0, 8)
        return done

    # slots

    def _send(self) -> None:
        foot = self._foot
        if self._state != "asks" or not isinstance(foot, AskFoot) or not foot.send.isEnabled():
            return
        remember = self._extras.remember.isChecked()
        self.show_sending()
        if isinstance(self._foot, BusyFoot):
            self._foot.stop.setFocus(Qt.FocusReason.OtherFocusReason)
        self.sent.emit(remember)

    def _ticked(self) -> None:
        if isinstance(self._foot, AskFoot):
            if self._foot.tick.isChecked():
                self.outcome.clear()
            self._foot.show_sheet(self._sheet, filled=self._pair.ready)

    def _turn_raw(self) -> None:
        self._pair.set_raw(not self._pair.raw)
        self._fields.set_link("Show the text" if self._pair.raw else "Show raw request")

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._takes_enter(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Every widget here that can have the focus is watched: none of them may take Enter for a press.
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._takes_enter(event):
            return True
        if watched is self.outcome and event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            # Its margins come and go with it.
            self._said.setVisible(not self.outcome.isHidden())
        return super().eventFilter(watched, event)

    # internals

    def _takes_enter(self, event: QKeyEvent) -> bool:
        if event.key() not in _ENTER:
            return False
        event.accept()
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.ControlModifier and not event.isAutoRepeat():
            self._send()
        return True

    def _watch(self) -> None:
        for one in self.card.findChildren(QWidget):
            if one.focusPolicy() != Qt.FocusPolicy.NoFocus:
                one.installEventFilter(self)

    def _build(self, title: str, subtitle: str, icon: str | None, icon_token: str) -> None:
        self._left_and_right()
        self.outcome = Outcome(self._theme, "gate_outcome")
        self.outcome.installEventFilter(self)
        self._said = QWidget()
        said = QVBoxLayout(self._said)
        said.setContentsMargins(20, 6, 20, 8)
        said.addWidget(self.outcome)
        self._said.hide()
        self._extras = Extras(self._theme)
        self._extras.seconded.connect(self.seconded)
        self._extras.refused.connect(lambda why: self.outcome.say(why, "warning"))
        self._feet = QVBoxLayout()
        self._feet.setSpacing(0)
        both = QHBoxLayout()
        both.setSpacing(0)
        both.addWidget(self._left)
        both.addWidget(Divider(self._theme, vertical=True))
        both.addWidget(self._right, 1)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._head(title))
        column.addWidget(Divider(self._theme))
        column.addLayout(both, 1)
        column.addWidget(self._said)
        column.addWidget(self._extras)
        column.addWidget(Divider(self._theme))
        column.addLayout(self._feet)

    def _head(self, title: str) -> QWidget:
        theme = self._theme
        self._shield = IconLabel(theme, "shield-check", "text", 22)
        self._asked = Label(theme, "", "caption", "text3")
        self._class = Button(theme, "", icon="lock", height_px=28, role="captionMedium")
        self._class.setObjectName("gate_class")
        # It says something and does nothing: no place for Tab, no look of a button being pressed.
        self._class.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._class.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addStretch(1)
        lines.addWidget(Label(theme, title, "sheetTitle", "text"))
        lines.addWidget(self._asked)
        lines.addStretch(1)
        close = IconButton(theme, "cross", "Close")
        close.clicked.connect(self.dismiss)
        head = QWidget()
        head.setFixedHeight(59)
        row = QHBoxLayout(head)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(12)
        row.addWidget(self._shield)
        row.addLayout(lines, 1)
        row.addWidget(self._class)
        row.addWidget(close)
        return head

    def _left_and_right(self) -> None:
        theme = self._theme
        self._side = Side(theme)
        self._left = Column(theme, "Verdict and provider", self._side, by_keys=True)
        self._left.setFixedWidth(_LEFT_PX - 1)
        self._pair = PanePair(theme)
        self._pair.filled.connect(self._filled)
        self._names = FlowLine(theme, "gate_names", "Edit", "Edit the names")
        self._names.followed.connect(self.edit_names)
        self._fields = FlowLine(theme, "gate_fields", "Show raw request")
        self._fields.followed.connect(self._turn_raw)
        self._questions = Questions(theme)
        self._questions.answered.connect(self.answered)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(12)
        self._inner = QWidget()
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(20, 16, 20, 12)
        column.setSpacing(0)
        column.addWidget(self._pair, 1)
        column.addSpacing(8)
        column.addWidget(self._names)
        column.addWidget(self._fields)
        column.addSpacing(10)
        under = QVBoxLayout()
        under.setSpacing(12)
        under.addWidget(self._questions)
        under.addLayout(self._cards)
        column.addLayout(under)
        self._right = Column(theme, "What is sent", self._inner, by_keys=False)

    def _show_lines(self, sheet: GateSheet) -> None:
        names = tuple(Item(one.name, one.token) for one in sheet.names)
        self._names.show_items(words.replaced_line(sheet), names)
        fields = tuple(Item(one) for one in sheet.fields)
        self._fields.show_items("Sent with it" if fields else "Nothing else in its body", fields)
        emptied(self._cards)
        for picture in sheet.pictures:
            self._cards.addWidget(picture_card(self._theme, sheet, picture))
        self._cards.addWidget(checks_card(self._theme, sheet))

    def _filled(self) -> None:
        if isinstance(self._foot, AskFoot):
            self._foot.show_sheet(self._sheet, filled=True)

    def _show_foot(self) -> None:
        """The foot that fits how it stands. Of those that do not fit nothing is left, not even hidden."""
        kind = {"busy": BusyFoot, "failed": FailedFoot}.get(self._state)
        if kind is None:
            kind = BlockedFoot if self._sheet.verdict == "blocked" else AskFoot
        foot = self._foot
        if type(foot) is not kind:
            had = self._has_focus()
            emptied(self._feet)
            foot = self._foot = self._made(kind)
            self._feet.addWidget(foot)
            if had and not self._has_focus():
                # It was on a button that is gone.
                self._pair.after.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(foot, AskFoot):
            foot.show_sheet(self._sheet, filled=self._pair.ready)
        elif isinstance(foot, BlockedFoot):
            foot.show_sheet(self._sheet)

    def _has_focus(self) -> bool:
        """Whether the focus is here, and not on another sheet above."""
        now = QApplication.focusWidget()
        return now is not None and (now is self or self.isAncestorOf(now))

    def _made(self, kind: type[QWidget]) -> AskFoot | BlockedFoot | BusyFoot | FailedFoot:
        theme = self._theme
        if kind is BusyFoot:
            busy = BusyFoot(theme)
            busy.stop.clicked.connect(self.stop_wanted)
            return busy
        if kind is FailedFoot:
            failed = FailedFoot(theme)
            failed.cancel.clicked.connect(self.dismiss)
            return failed
        if kind is BlockedFoot:
            blocked = BlockedFoot(theme)
            blocked.cancel.clicked.connect(self.dismiss)
            blocked.clearance.clicked.connect(self.ask_clearance)
            blocked.local.clicked.connect(self.use_local)
            return blocked
        asks = AskFoot(theme)
        asks.changed.connect(self._ticked)
        asks.cancel.clicked.connect(self.dismiss)
        asks.local.clicked.connect(self.use_local)
        asks.send.clicked.connect(self._send)
        return asks

    def _fit(self) -> None:
        window = self._window
        self.setGeometry(window.rect())
        width = min(WIDTH_PX, window.width() - 2 * _FREE_PX)
        height = min(HEIGHT_PX, window.height() - 2 * _FREE_PX)
        self.card.setFixedSize(width, height)
        self.card.move((window.width() - width) // 2, (window.height() - height) // 2)

    def _stops(self) -> list[QWidget]:
        return sorted(super()._stops(), key=self._region)

    def _region(self, widget: QWidget) -> int:
        """Tab runs left, right, footer; the cross above comes last."""
        for number, part in enumerate((self._left, self._inner)):
            if widget is part or part.isAncestorOf(widget):
                return number
        return 3 if isinstance(widget, IconButton) else 2
