"""The status bar: temp debt, the record, what left the machine, work under way, the last save."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_assist.desk.kit import Divider, ElidedLabel, Label, Panel, Pressable, ProgressBar, paint
from studio_assist.desk.shell.model import LedgerState, ShellModel, debt_text, size_text
from studio_assist.desk.theme import Theme

STATUS_BAR_PX: Final = 28

#: Words, icon, icon colour and text colour of the record's state. Green only where it checks out.
_LEDGER: Final[dict[LedgerState, tuple[str, str, str, str]]] = {
    "intact": ("Ledger intact", "link", "green", "text2"),
    "altered": ("Ledger altered", "warning", "redText", "redText"),
    "busy": ("Checking the ledger", "link", "text3", "text2"),
    "unknown": ("Ledger not checked yet", "link", "text3", "text3"),
}


class StatusButton(Pressable):
    """Words in the status bar that lead somewhere, with an icon or a block of colour before them."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, "", "", parent)
        self._icon = ""
        self._icon_token = "text2"
        self._text_token = "text2"
        self._passive = False

    # methods

    def set_passive(self) -> None:
        """Make it words only: it takes no press and no focus."""
        self._passive = True
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_state(self, text: str, icon: str, icon_token: str, text_token: str, tip: str = "") -> None:
        """Show a state. `icon` "block" is a square of 10 px in its colour."""
        self._icon, self._icon_token, self._text_token = icon, icon_token, text_token
        self.setText(text)
        self.setToolTip(tip)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    # events

    def sizeHint(self) -> QSize:
        width = paint.text_width(self._theme.font("captionMedium"), self.text())
        return QSize(round(width) + self._lead() + 8, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self._hot() and not self._passive:
            paint.draw_box(painter, box, 4, self._theme.colour("surface3"))
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 4)
        if self._icon == "block":
            paint.draw_box(painter, QRectF(4, 6, 10, 10), 1, self._theme.colour(self._icon_token))
        elif self._icon:
            pixmap = self._theme.pixmap(self._icon, self._icon_token, 14, self.devicePixelRatioF())
            painter.drawPixmap(3, 4, pixmap)
        role = "captionMedium" if self._icon == "block" else "caption"
        inner = box.adjusted(self._lead() + 4, 0, 0, 0)
        paint.draw_text(
            painter, inner, self._theme.font(role), self._theme.colour(self._text_token), self.text()
        )

    # internals

    def _lead(self) -> int:
        return 16 if self._icon == "block" else 18 if self._icon else 0


class QueueView(QWidget):
    """The piece of work under way: what, how far, what waits, and Cancel."""

    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("status_queue")
        self._label: Final = ElidedLabel(theme, "", "caption", "text2")
        self._bar: Final = ProgressBar(theme)
        self._share: Final = Label(theme, "", "caption", "text2")
        self._waiting: Final = Label(theme, "", "caption", "text3")
        self.cancel: Final = StatusButton(theme, self)
        self.cancel.setObjectName("queue_cancel")
        self.cancel.show_state("Cancel", "cross", "text", "text", "Stop this piece of work (Ctrl .)")
        self.cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for one in (self._label, self._bar, self._share):
            row.addWidget(one)
        row.addSpacing(-4)
        row.addWidget(self._waiting)
        row.addWidget(self.cancel)

    # methods

    def show_item(self, label: str, share: float | None, waiting: int) -> None:
        """Show a piece of work; `share` None where it cannot be known."""
        self._label.set_text(label)
        self._bar.set_share(share)
        self._share.set_text("" if share is None else f"{round(100 * share)} %")
        self._share.setVisible(share is not None)
        self._waiting.set_text(("· " if share is not None else "") + f"{waiting} waiting" if waiting else "")
        self._waiting.setVisible(waiting > 0)
        self.setAccessibleName(f"Working: {label}")


class StatusBar(Panel):
    """Shows the model; says what was pressed."""

    debt_clicked = Signal()
    ledger_clicked = Signal()
    sent_clicked = Signal()
    cancel_clicked = Signal()

    def __init__(self, theme: Theme, model: ShellModel, parent: QWidget) -> None:
        super().__init__(theme, "surface1", "t", parent)
        self._model: Final = model
        self.setObjectName("status_bar")
        self.setAccessibleName("Status")
        self.setFixedHeight(STATUS_BAR_PX)
        self.debt: Final = StatusButton(theme, self)
        self.debt.setObjectName("status_debt")
        self.ledger: Final = StatusButton(theme, self)
        self.ledger.setObjectName("status_ledger")
        self.sent: Final = StatusButton(theme, self)
        self.sent.setObjectName("status_sent")
        self.queue: Final = QueueView(theme, self)
        self._paused: Final = StatusButton(theme, self)
        self._paused.setObjectName("status_paused")
        self._paused.show_state("AI tools paused", "", "text2", "text2")
        self._saved: Final = StatusButton(theme, self)
        self._saved.setObjectName("status_saved")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 9, 0)
        row.setSpacing(0)
        row.addWidget(self.debt)
        for one in (self.ledger, self.sent):
            row.addSpacing(8)
            row.addWidget(_bar(theme))
            row.addSpacing(8)
            row.addWidget(one)
        row.addStretch(1)
        row.addSpacing(12)
        row.addWidget(self.queue)
        row.addWidget(self._paused)
        row.addSpacing(6)
        self._rule: Final = _bar(theme)
        row.addWidget(self._rule)
        row.addSpacing(6)
        row.addWidget(self._saved)
        self._hint: Final = StatusButton(theme, self)
        self._hint.setObjectName("status_hint")
        row.addWidget(self._hint)
        # These only show something, so there is nothing to press, to hover or to stop at.
        for one in (self._paused, self._saved, self._hint):
            one.set_passive()
        self.debt.clicked.connect(self.debt_clicked)
        self.ledger.clicked.connect(self.ledger_clicked)
        self.sent.clicked.connect(self.sent_clicked)
        self.queue.cancelled.connect(self.cancel_clicked)
        model.changed.connect(self.refresh)
        self.refresh()

    # slots

    def refresh(self) -> None:
        """Show the model as it is now."""
        model = self._model
        owed = model.debt_lines + model.debt_boards + model.debt_sounds > 0
        words = debt_text(model.debt_lines, model.debt_boards, model.debt_sounds)
        if owed:
            self.debt.show_state(words, "block", "amber", "amberText", "Go to the next temp item (F8)")
        else:
            self.debt.show_state(words, "", "text3", "text3", "No temp material is left in this project")
        _, icon, icon_token, token = _LEDGER[model.ledger]
        self.ledger.show_state(ledger_text(model), icon, icon_token, token, model.ledger_why)
        altered = model.ledger == "altered"
        # What an altered record says of the bytes that left is worth no more than the rest of it.
        sent = "not verified" if altered else size_text(model.sent_bytes_today)
        said = f"Sent off machine: {sent}" if altered else f"Sent off machine today: {sent}"
        icon = "plane" if model.sent_bytes_today and not altered else "shield-check"
        self.sent.show_state(said, icon, "text2", "text2", _sent_tip(model))
        self._paused.setVisible(altered)
        item = model.queue
        self.queue.setVisible(item is not None)
        if item is not None:
            self.queue.show_item(item.label, item.share, item.waiting)
        if model.read_only:
            self._saved.show_state("Read only", "lock", "text2", "text2", model.read_only)
        else:
            saved = "Edited" if model.edited else f"Saved {model.saved_at}" if model.saved_at else ""
            self._saved.show_state(saved, "", "text3", "text3")
        # Keys of a page stand where the last save does, and give way to work and to what is read only.
        hinted = bool(model.hint) and item is None and not altered and not model.read_only
        self._hint.show_state(model.hint, "", "text3", "text3")
        self._hint.setVisible(hinted)
        self._saved.setVisible(not hinted and bool(model.read_only or model.saved_at or model.edited))
        self._rule.setVisible((item is not None or altered) and not self._saved.isHidden())


def ledger_text(model: ShellModel) -> str:
    """What the status bar says of the ledger: "Ledger intact · 1,284 entries", "Ledger broken at 1,197"."""
    entries = model.ledger_entries
    if model.ledger == "altered" and model.ledger_bad is not None:
        return f"Ledger broken at {model.ledger_bad:,}"
    if model.ledger == "busy":
        if model.ledger_share is None or not entries:
            return _LEDGER["busy"][0]
        return f"Checking {round(model.ledger_share * entries):,} of {entries:,}"
    counted = f" · {entries:,} entr{'y' if entries == 1 else 'ies'}" if entries else ""
    return _LEDGER[model.ledger][0] + counted


def _sent_tip(model: ShellModel) -> str:
    if model.ledger == "altered":
        return "The record does not hold, so what it says of the bytes that left is not relied on."
    if model.sent_bytes_today:
        return "Sent today to hosts outside this machine. The record has each time, with who said yes to it."
    return "Nothing of this project has left this machine today."


def _bar(theme: Theme) -> Divider:
    bar = Divider(theme, vertical=True, token="lineStrong")
    bar.setFixedHeight(14)
    return bar
