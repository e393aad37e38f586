"""The row under the preview that says what went wrong with the last ask, and the ways on."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.board.shot_words import LIVE_ICONS, live_title
from studio_assist.desk.board.states import share_of, wait_text
from studio_assist.desk.kit import Button, IconLabel, Label, ProgressBar
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import Live


class LiveRow(QWidget):
    """Hidden while nothing happens, or while the frame itself says it.

    Signals:
        retry_wanted: the same is to be asked again.
        draw_wanted: the person draws it.
        clearance_wanted: the rule that blocked it; somebody may clear it.
    """

    retry_wanted = Signal()
    draw_wanted = Signal()
    clearance_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rule = ""
        self.setObjectName("live_row")
        self._icon: Final = IconLabel(theme, "clock", "text2", 14)
        self._title: Final = Label(theme, "", "captionMedium", "text", wrap=True)
        self._why: Final = Label(theme, "", "caption", "text2", wrap=True)
        self._why.setObjectName("live_why")
        self._rule_name: Final = Label(theme, "", "caption", "text3", wrap=True)
        self._rule_name.setObjectName("live_rule")
        self._bar: Final = ProgressBar(theme, width_px=96)
        self.retry_button: Final = Button(theme, "Retry", icon="refresh", height_px=26, role="captionMedium")
        self.retry_button.setObjectName("retry_button")
        self.retry_button.clicked.connect(self.retry_wanted)
        self.draw_button: Final = Button(theme, "Draw", icon="brush", height_px=26, role="captionMedium")
        self.draw_button.setObjectName("draw_button")
        self.draw_button.clicked.connect(self.draw_wanted)
        self.clearance_button: Final = Button(theme, "Ask for clearance", height_px=26, role="captionMedium")
        self.clearance_button.setObjectName("ask_clearance_button")
        self.clearance_button.clicked.connect(lambda: self.clearance_wanted.emit(self._rule))
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self._title, self._why, self._rule_name, self._bar):
            words.addWidget(label)
        ways = QHBoxLayout()
        ways.setSpacing(6)
        for button in (self.clearance_button, self.retry_button, self.draw_button):
            ways.addWidget(button)
        ways.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(words, 0, 1)
        grid.addLayout(ways, 1, 1)
        self.hide()

    # methods

    def show_live(self, live: Live | None, *, in_frame: bool) -> None:
        """Say what happens. `in_frame`: the frame is free and shows what waits and what runs."""
        if live is None or (in_frame and live.state in ("queued", "generating")):
            self.hide()
            return
        self._icon.set_icon(*LIVE_ICONS[live.state])
        self._title.set_text(live_title(live))
        red = live.state == "blocked"
        self._title.set_token("redText" if red else "text")
        why = " ".join(part for part in (live.why or wait_text(live.wait_s), live.remedy) if part)
        self._why.set_text(why)
        self._why.setVisible(bool(why))
        self._rule = live.rule
        self._rule_name.set_text(f"Rule: {live.rule}" if live.rule else "")
        self._rule_name.setVisible(bool(live.rule))
        self._bar.setVisible(live.state == "generating")
        self._bar.set_share(share_of(live))
        ended = live.state in ("failed", "blocked", "lost")
        self.clearance_button.setVisible(red and bool(live.rule))
        self.retry_button.setVisible(ended)
        self.retry_button.set_text("Ask again" if live.state == "lost" else "Retry")
        self.draw_button.setVisible(ended)
        self.setAccessibleName(f"{live_title(live)}. {why}")
        self.show()
