"""The last question before something is discarded or taken back; no button of it is the default."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from studio_assist.desk.clear.words import folded
from studio_assist.desk.kit import Button, Field, Label, Sheet
from studio_assist.desk.record.parts import Outcome, titled
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError


class WhySheet(Sheet):
    """Asks, with a reason where one is wanted. It stays until it was done or the person goes back.

    Args:
        asks_why: a reason is signed into the record; without one nothing is done.

    Signals:
        confirmed: the reason, or "".
    """

    confirmed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        title: str,
        text: str,
        *,
        do: str,
        keep: str,
        asks_why: bool,
        person: str = "",
    ) -> None:
        super().__init__(theme, window, title, icon="warning", width_px=500)
        self.setObjectName("why_sheet")
        self._asks_why: Final = asks_why
        self.body.addWidget(Label(theme, text, "body", "text", wrap=True))
        self.why: Final = Field(theme, "Reason", placeholder="In a few words")
        self.why.setObjectName("why_text")
        self.why.setMaxLength(400)
        if asks_why:
            hint = Label(theme, "The reason stays in the record for good.", "caption", "text3", wrap=True)
            self.body.addLayout(titled(theme, "Reason", self.why, hint))
        else:
            self.why.hide()
        self.outcome: Final = Outcome(theme, "why_outcome")
        self.body.addWidget(self.outcome)
        self.footer.addWidget(Label(theme, f"Signed by {person}." if person else "", "caption", "text3"), 1)
        self.keep: Final = Button(theme, keep, key="Esc")
        self.keep.setObjectName("why_keep")
        self.keep.clicked.connect(self.dismiss)
        self.go: Final = Button(theme, do)
        self.go.setObjectName("why_go")
        self.go.clicked.connect(self._go)
        self.footer.addWidget(self.keep)
        self.footer.addWidget(self.go)
        self.why.textChanged.connect(self._check)
        self.closed.connect(self.deleteLater)
        self._check()

    # methods

    def open(self) -> None:
        super().open()
        if self._asks_why:
            self.why.setFocus(Qt.FocusReason.PopupFocusReason)
            return
        # Nothing is pressed by Enter until the person has gone to a button.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, error: StudioError) -> None:
        """It was not done; say why."""
        self.outcome.error(error.message, error.remedy)
        self._check()

    # slots

    def _check(self) -> None:
        self.go.setEnabled(not self._asks_why or bool(folded(self.why.text())))

    def _go(self) -> None:
        self.go.setEnabled(False)
        self.confirmed.emit(folded(self.why.text()))
