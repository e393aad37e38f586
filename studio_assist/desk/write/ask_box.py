"""Where a person asks: what about, in which words, and where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio_assist.desk.clear.lead_bar import LeadBar
from studio_assist.desk.kit import (
    Button,
    Divider,
    ElidedLabel,
    IconButton,
    IconLabel,
    Label,
    paint,
)
from studio_assist.desk.theme import Theme
from studio_assist.desk.write.growing_field import GrowingField
from studio_assist.domain.values import RequestId

#: Counts that can be asked for, and the one that is asked for at first.
MOST: Final = 8
USUAL: Final = 3
#: Fewest and most rows of the note.
_ROWS: Final = (1, 6)
#: Narrower than this, the foot takes two rows, px.
_NARROW_PX: Final = 300

Where = Literal["here", "studio", "outside"]


@dataclass(frozen=True, slots=True)
class Selected:
    """What an ask would be about.

    Attributes:
        label: "Sc 14, MAYA".
        quote: the text that is selected, or "".
        offers: which needs of a task it meets.
    """

    label: str
    quote: str
    offers: frozenset[Literal["line", "scene", "script"]] = frozenset({"line", "scene", "script"})


@dataclass(frozen=True, slots=True)
class Blocked:
    """A rule that shuts the chosen backend, or that kept one request here.

    Attributes:
        rule: what the rule says of it.
        local_applies: the model on this machine could do the task instead.
        name: what the rule is called: "Attestation signed and in date"; "" where nobody has to know.
        rule_id: its id; "" where there is none.
        request: the request that was blocked; None where none was taken on.
        passing: it is about one ask, and goes when that is changed or put away.
        clearance: somebody could clear it, so that asking for that makes sense.
        remedy: what to do besides the ways out that have buttons.
    """

    rule: str
    local_applies: bool
    name: str = ""
    rule_id: str = ""
    request: RequestId | None = None
    passing: bool = False
    clearance: bool = False
    remedy: str = ""


class AnchorLine(QWidget):
    """The line that is asked about, behind a blue bar as on the page."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._label = ""
        self._quote = ""
        self.setFixedHeight(30)
        theme.changed.connect(self.update)

    # methods

    def set_anchor(self, label: str, quote: str) -> None:
        """Show where, and the text there."""
        self._label, self._quote = label, " ".join(quote.split())
        self.setAccessibleName(f"Asks about {label}: {self._quote}" if label else "Nothing is selected")
        self.setToolTip(quote)
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        colour = self._theme.colour
        if not self._label:
            font = self._theme.font("caption")
            paint.draw_text(painter, box.adjusted(11, 0, 0, 0), font, colour("text3"), "Nothing is selected")
            return
        painter.fillRect(QRectF(10, 8, 3, 14), colour("blue"))
        font = self._theme.font("caption")
        paint.draw_text(painter, box.adjusted(21, 0, 0, 0), font, colour("text3"), self._label)
        left = 21 + paint.text_width(font, self._label) + 9
        script = self._theme.script_font(13)
        room = self.width() - left - 12
        if room > 30:
            words = QFontMetricsF(script).elidedText(self._quote, Qt.TextElideMode.ElideRight, room)
            words = words.replace(" …", "…")
            paint.draw_text(painter, box.adjusted(left, -1, 0, -1), script, colour("pageText"), words)


class AskBox(QWidget):
    """Anchor, note, where it goes, how many, Stop and Ask."""

    ask_wanted = Signal()
    stop_wanted = Signal()
    local_wanted = Signal()
    clearance_wanted = Signal()
    put_away = Signal()
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._count = USUAL
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.anchor = AnchorLine(theme)
        self.field = GrowingField(theme, "Note to the model", _ROWS, 4)
        self.field.setObjectName("ask_field")
        self.field.setProperty("field", False)
        self.field.setProperty("bare", True)
        self.field.setStyleSheet("background: transparent; border: none;")
        self.field.document().setDocumentMargin(0)
        self.field.setAccessibleDescription("Ctrl Enter asks. Esc goes back to the page.")
        self.field.done.connect(self._ask)
        self.field.left.connect(self.left)
        self.field.focus_changed.connect(self.update)
        self._build(theme)
        self.field.fit()
        self.set_backend("here", "", sends=False)
        theme.changed.connect(self.update)

    # properties

    @property
    def count(self) -> int:
        """How many candidates are asked for."""
        return self._count

    @property
    def note(self) -> str:
        """What the person wrote."""
        return self.field.toPlainText().strip()

    # methods

    def tab_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        ways_out = [self.local_button, self.clearance_button, self.away_button]
        return [self.field, self.lead.button, *ways_out, self.count_button, self.stop_button, self.ask_button]

    def set_count(self, count: int) -> None:
        """Ask for this many candidates, 1 to 8."""
        self._count = max(1, min(MOST, count))
        self.count_button.set_text(str(self._count), f"How many candidates: {self._count}")

    def set_backend(self, where: Where, name: str, *, sends: bool) -> None:
        """Say where a request goes."""
        said = {
            "here": f"On this machine, to {name}" if sends else "Stays on this machine",
            "studio": f"In the studio's network, to {name}",
            "outside": f"Leaves this machine, to {name}",
        }[where]
        self._where_icon.set_icon("shield" if sends else "shield-check", "text2")
        self._where.set_text(said)

    def set_state(self, *, may_ask: bool, running: bool, why: str) -> None:
        """Say whether a person can ask now. `why` is read out where they cannot."""
        held = self.stop_button.hasFocus() or self.ask_button.hasFocus()
        self.ask_button.setEnabled(may_ask)
        self.ask_button.setAccessibleDescription(why)
        self.ask_button.setToolTip(why)
        self.stop_button.setVisible(running)
        self.count_button.setVisible(not running)
        if held and not (self.stop_button.hasFocus() or self.ask_button.hasFocus()):
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_blocked(self, blocked: Blocked | None) -> None:
        """Show the rule that says no, and the ways out, in place of Ask."""
        held = self._foot if blocked else self._blocked
        had_focus = held.isAncestorOf(QApplication.focusWidget() or self)
        self._blocked.setVisible(blocked is not None)
        self._foot.setVisible(blocked is None)
        # The rule says the same as the line under the note, with the same way on.
        self.lead.set_covered(blocked is not None)
        self._rule.set_text(blocked.rule if blocked else "")
        remedy, name = (blocked.remedy, blocked.name) if blocked else ("", "")
        self._remedy.set_text(remedy)
        self._remedy.setVisible(bool(remedy))
        self._rule_name.set_text(f"Rule: {name}" if name else "")
        self._rule_name.setVisible(bool(name))
        self.local_button.setVisible(blocked is not None and blocked.local_applies)
        self.clearance_button.setVisible(blocked is not None and blocked.clearance)
        self.away_button.setVisible(blocked is not None and blocked.passing)
        self._turn_ways_out()
        if had_focus:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    # slots

    def _ask(self) -> None:
        if self.ask_button.isEnabled():
            self.ask_wanted.emit()

    def _choose_count(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for count in range(1, MOST + 1):
            action = menu.addAction(f"{count} {'candidate' if count == 1 else 'candidates'}")
            action.setCheckable(True)
            action.setChecked(count == self._count)
            action.triggered.connect(lambda _on=False, wanted=count: self.set_count(wanted))
        menu.popup(self.count_button.mapToGlobal(self.count_button.rect().bottomLeft()))

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._foot_row.setDirection(down if self.width() < _NARROW_PX else across)
        self._turn_ways_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = self._theme.colour
        focused = self.field.hasFocus()
        edge = colour("blue" if focused else "lineStrong")
        paint.draw_box(QPainter(self), QRectF(self.rect()), 5, colour("input"), edge, 2.0 if focused else 1.0)

    # internals

    def _build(self, theme: Theme) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.anchor)
        column.addWidget(Divider(theme, token="lineStrong"))
        note = QVBoxLayout()
        note.setContentsMargins(10, 9, 10, 7)
        note.addWidget(self.field)
        note.setSpacing(4)
        self.lead = LeadBar(theme)
        note.addWidget(self.lead)
        column.addLayout(note)
        column.addWidget(self._build_foot(theme))
        column.addWidget(self._build_blocked(theme))

    def _build_foot(self, theme: Theme) -> QWidget:
        self._where_icon = IconLabel(theme, "shield-check", "text2", 13)
        self._where = ElidedLabel(theme, "", "meta", "text3")
        self.count_button = Button(theme, kind="ghost", chevron=True, height_px=26, role="captionMedium")
        self.count_button.setObjectName("count_button")
        self.count_button.clicked.connect(self._choose_count)
        self.set_count(USUAL)
        self.stop_button = Button(theme, "Stop", height_px=26, role="control", name="Stop the model")
        self.stop_button.setObjectName("stop_button")
        self.stop_button.clicked.connect(self.stop_wanted)
        self.ask_button = Button(theme, "Ask", key="Ctrl ↵", height_px=26, role="captionMedium")
        self.ask_button.setObjectName("ask_button")
        self.ask_button.clicked.connect(self._ask)
        where = QHBoxLayout()
        where.setSpacing(5)
        where.addWidget(self._where_icon)
        where.addWidget(self._where, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self.count_button, self.stop_button, self.ask_button):
            buttons.addWidget(button)
        self._foot = QWidget()
        self._foot_row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._foot)
        self._foot_row.setContentsMargins(10, 0, 8, 8)
        self._foot_row.setSpacing(5)
        self._foot_row.addLayout(where, 1)
        self._foot_row.addLayout(buttons)
        return self._foot

    def _build_blocked(self, theme: Theme) -> QWidget:
        self._rule = Label(theme, "", "caption", "redText", wrap=True)
        self._rule.setObjectName("blocked_rule")
        self._remedy = Label(theme, "", "caption", "text2", wrap=True)
        self._rule_name = Label(theme, "", "caption", "text3", wrap=True)
        self._rule_name.setObjectName("blocked_rule_name")
        self.local_button = Button(theme, "Use on-this-machine model", height_px=26, role="captionMedium")
        self.local_button.setObjectName("use_local_button")
        self.local_button.setMinimumWidth(100)
        self.local_button.clicked.connect(self.local_wanted)
        self.clearance_button = Button(theme, "Ask for clearance", height_px=26, role="captionMedium")
        self.clearance_button.setObjectName("ask_clearance_button")
        self.clearance_button.clicked.connect(self.clearance_wanted)
        self.away_button = IconButton(
            theme, "cross", "Put this away, and change the request", size_px=20, icon_px=12
        )
        self.away_button.setObjectName("blocked_away_button")
        self.away_button.clicked.connect(self.put_away)
        self._blocked = QWidget()
        self._blocked.hide()
        grid = QGridLayout(self._blocked)
        grid.setContentsMargins(11, 2, 8, 9)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.addWidget(IconLabel(theme, "shield-cross", "redText", 14), 0, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        for label in (self._rule, self._remedy, self._rule_name):
            words.addWidget(label)
        grid.addLayout(words, 0, 1)
        grid.addWidget(self.away_button, 0, 2, Qt.AlignmentFlag.AlignTop)
        self._ways_out = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._ways_out.setSpacing(8)
        for button in (self.local_button, self.clearance_button):
            self._ways_out.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._ways_out.addStretch(1)
        grid.addLayout(self._ways_out, 1, 1, 1, 2)
        return self._blocked

    def _turn_ways_out(self) -> None:
        """The two buttons stand one under the other where they have no room side by side."""
        buttons = (self.local_button, self.clearance_button)
        wide = sum(button.sizeHint().width() for button in buttons if not button.isHidden()) + 8
        room = self.width() - 11 - 14 - 8 - 8 - 2
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._ways_out.setDirection(across if wide <= room else down)
