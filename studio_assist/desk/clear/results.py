"""Both results of the questions side by side: the one that holds, and what would reach the other."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.kit import IconLabel, Label, paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.clearance import Assessment

_PROCEED: Final = "Proceed, tell your studio contact"
_PROCEED_ALONE: Final = "Proceed"
_ESCALATE: Final = "Escalate: written approval needed"
#: The most reasons that are written out; the others are counted.
_MOST: Final = 4


class _Result(QWidget):
    """One result: on, or quiet with what would reach it."""

    def __init__(self, theme: Theme, name: str, icon: str, title: str, *, red: bool) -> None:
        super().__init__()
        self._theme: Final = theme
        self._icon_name: Final = icon
        self._red: Final = red
        self._on = False
        self.setObjectName(name)
        self.setMinimumHeight(98)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._icon: Final = IconLabel(theme, icon, "text3", 16)
        self._title: Final = Label(theme, title, "rowTitle", "text3", wrap=True)
        self._words: Final = Label(theme, "", "caption", "text3", wrap=True)
        self._note: Final = Label(theme, "Not checked at the source itself.", "meta", "text3", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(9)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(15, 12, 15, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._words)
        column.addWidget(self._note)
        column.addStretch(1)
        self._note.hide()
        theme.changed.connect(self.update)

    # properties

    @property
    def on(self) -> bool:
        """Whether this is what the answers give."""
        return self._on

    @property
    def words(self) -> str:
        """Why it holds, or what would reach it."""
        return self._words.plain

    # methods

    def show_state(self, *, on: bool, words: str, unverified: bool = False, title: str = "") -> None:
        """Show it as what holds, or quiet."""
        self._on = on
        if title:
            self._title.set_text(title)
        token = ("redText" if self._red else "text") if on else "text3"
        self._icon.set_icon(self._icon_name, token)
        self._title.set_token(token)
        self._words.set_token("text" if on else "text3")
        self._words.set_text(words)
        self._note.set_token("text2" if on else "text3")
        self._note.setVisible(unverified)
        said = "This holds" if on else "This does not hold"
        self.setAccessibleName(f"{self._title.plain}. {said}. {words}")
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = self._theme.colour
        ground = ("redGround" if self._red else "surface2") if self._on else None
        edge = ("red" if self._red else "text3") if self._on else "line"
        paint.draw_box(
            QPainter(self), QRectF(self.rect()), 6, colour(ground) if ground else None, colour(edge)
        )


class Results(QWidget):
    """*Proceed* and *Escalate*, of which at most one holds."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("results")
        self.proceed: Final = _Result(theme, "result_proceed", "check", _PROCEED, red=False)
        self.escalate: Final = _Result(theme, "result_escalate", "lock", _ESCALATE, red=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.proceed, 1)
        row.addWidget(self.escalate, 1)

    # methods

    def show_result(self, found: Assessment, *, tells: bool) -> None:
        """Show what the answers give; `tells`: the policy wants the contact to be told."""
        title = _PROCEED if tells else _PROCEED_ALONE
        reasons = [one.words for one in found.reasons]
        if len(reasons) > _MOST:
            # The last says what stays closed.
            reasons = [*reasons[: _MOST - 1], f"And {len(reasons) - _MOST} more.", reasons[-1]]
        told, would = " ".join(reasons), found.would
        unverified = any(not one.verified for one in found.reasons)
        if found.result == "proceed":
            self.proceed.show_state(on=True, words=told, unverified=unverified, title=title)
            self.escalate.show_state(on=False, words=" ".join(would))
        elif found.result == "escalate":
            self.proceed.show_state(on=False, words=" ".join(would), title=title)
            self.escalate.show_state(on=True, words=told, unverified=unverified)
        else:
            self.proceed.show_state(on=False, words="".join(would[:1]), title=title)
            self.escalate.show_state(on=False, words=" ".join(would[1:]))
