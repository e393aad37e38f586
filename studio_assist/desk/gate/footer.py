"""The sheet's foot: tick and Send; or the ways out; or how far the sending is; or how it failed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.gate import words
from studio_assist.desk.kit import (
    Button,
    CheckBox,
    ElidedLabel,
    IconLabel,
    Label,
    ProgressBar,
    paint,
)
from studio_assist.desk.shell.model import size_text
from studio_assist.desk.theme import Theme
from studio_assist.protocol import GateSheet

HEIGHT_PX: Final = 63
_BUTTON_PX: Final = 36


class _Foot(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT_PX)
        self.row: Final = QHBoxLayout(self)
        self.row.setContentsMargins(18, 0, 20, 0)
        self.row.setSpacing(8)


def _cancel(theme: Theme, text: str) -> Button:
    button = Button(theme, text, key="Esc", kind="ghost", height_px=_BUTTON_PX)
    button.setObjectName("cancel_button")
    return button


def _local(theme: Theme, *, primary: bool) -> Button:
    button = Button(
        theme,
        "Use on-this-machine model",
        icon="chip",
        kind="primary" if primary else "plain",
        height_px=_BUTTON_PX,
    )
    button.setObjectName("local_button")
    return button


class SendButton(Button):
    """Send, with its keys in white: grey on blue cannot be read."""

    _KEYS: Final = "Ctrl ↵"

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, icon="plane", kind="primary", height_px=_BUTTON_PX)
        self.setObjectName("send_button")

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        theme, width = self._theme, paint.key_width(self._theme, self._KEYS)
        left = self.width() - (self.width() - self._content_width()) / 2 - width
        if not self.isEnabled():
            paint.draw_key(painter, theme, round(left), self.height() / 2, self._KEYS, False)
            return
        white = theme.colour("onBlue")
        box = QRectF(
            round(left), round(self.height() / 2 - paint.KEY_HEIGHT_PX / 2), width, paint.KEY_HEIGHT_PX
        )
        faint = QColor(white)
        faint.setAlphaF(0.7)
        paint.draw_box(painter, box, 3, None, faint)
        font = theme.font("meta")
        box.setLeft(box.left() + (width - paint.text_width(font, self._KEYS)) / 2)
        paint.draw_text(painter, box, font, white, self._KEYS)

    # internals

    def _content_width(self) -> float:
        return super()._content_width() + 8 + paint.key_width(self._theme, self._KEYS)


class AskFoot(_Foot):
    """Tick, Cancel, the model on this machine, Send.

    Signals:
        changed: the tick was set or taken off.
    """

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.tick: Final = CheckBox(theme, "I have read what is sent")
        self.tick.setObjectName("read_tick")
        self.waits: Final = ElidedLabel(theme, "", "caption", "text3")
        self.waits.setObjectName("send_waits")
        self.cancel: Final = _cancel(theme, "Cancel")
        self.local: Final = _local(theme, primary=False)
        self.send: Final = SendButton(theme)
        self.send.setEnabled(False)
        self.row.addWidget(self.tick)
        self.row.addSpacing(8)
        self.row.addWidget(self.waits, 1)
        self.row.addWidget(self.cancel)
        self.row.addSpacing(8)
        self.row.addWidget(self.local)
        self.row.addWidget(self.send)
        self.tick.toggled.connect(self.changed)

    # methods

    def show_sheet(self, sheet: GateSheet, *, filled: bool) -> None:
        """Show what Send would do, and what it waits for."""
        waits = words.waits_for(sheet, ticked=self.tick.isChecked(), filled=filled)
        self.tick.setEnabled(filled and sheet.verdict == "ask")
        self.tick.setAccessibleDescription(waits)
        self.waits.set_text(waits)
        label = words.send_label(sheet)
        if self.send.text() != label:
            self.send.set_text(label)
        self.send.setToolTip(waits or words.send_described(sheet))
        self.send.setAccessibleDescription(f"{words.send_described(sheet)} {waits}".strip())
        self.send.setEnabled(not waits)
        self.local.setVisible(sheet.local is not None)


class BlockedFoot(_Foot):
    """No Send at all: what can be done instead."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        said = "Sending is off for this provider on this project"
        self.row.setSpacing(8)
        self.row.addSpacing(3)
        self.row.addWidget(IconLabel(theme, "ban", "redText", 16))
        self.row.addWidget(Label(theme, said, "control", "redText"))
        self.row.addStretch(1)
        self.cancel: Final = _cancel(theme, "Close")
        self.clearance: Final = Button(theme, "Ask for clearance", icon="clear", height_px=_BUTTON_PX)
        self.clearance.setObjectName("clearance_button")
        self.local: Final = _local(theme, primary=True)
        self.row.addWidget(self.cancel)
        self.row.addSpacing(8)
        self.row.addWidget(self.clearance)
        self.row.addWidget(self.local)

    # methods

    def show_sheet(self, sheet: GateSheet) -> None:
        """Offer the model on this machine where there is one."""
        self.local.setVisible(sheet.local is not None)


class BusyFoot(_Foot):
    """How much has gone, in grey, and Stop."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._words: Final = Label(theme, "", "control", "text")
        self._gone: Final = Label(theme, "", "caption", "text3")
        self._gone.setObjectName("gate_sent")
        self.bar: Final = ProgressBar(theme, width_px=360)
        self.stop: Final = Button(theme, "Stop", icon="stop", height_px=_BUTTON_PX)
        self.stop.setObjectName("gate_stop")
        column = QVBoxLayout()
        column.setSpacing(3)
        column.addStretch(1)
        column.addWidget(self._words)
        column.addWidget(self._gone)
        column.addStretch(1)
        self.row.addSpacing(2)
        self.row.addLayout(column, 1)
        self.row.addWidget(self.bar)
        self.row.addSpacing(12)
        self.row.addWidget(self.stop)

    # methods

    def show_sent(self, sheet: GateSheet, sent: int) -> None:
        """Say how many bytes have gone."""
        whole = sheet.size * max(1, sheet.times)
        all_gone = sent >= whole
        self._words.set_text(f"Waiting for {sheet.to}" if all_gone else f"Sending to {sheet.to}")
        self._gone.set_text(f"{size_text(sent)} of {size_text(whole)} sent")
        self.bar.set_share(sent / whole if whole else None)


class FailedFoot(_Foot):
    """How it ended, and Close."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._words: Final = Label(theme, "", "body", "text", wrap=True)
        self._words.setObjectName("gate_failed")
        self.cancel: Final = _cancel(theme, "Close")
        self.row.addSpacing(3)
        self.row.addWidget(IconLabel(theme, "warning", "text2", 16))
        self.row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        self.row.addWidget(self.cancel)

    # methods

    def say(self, said: str) -> None:
        """Say how it ended."""
        self._words.set_text(said)
        self.setAccessibleName(said)
