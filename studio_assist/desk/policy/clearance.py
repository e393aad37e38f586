"""The draft of a request for clearance: where it is kept, and its words to copy into a mail."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.kit import Button, Label, Sheet, TextField
from studio_assist.desk.record.parts import Outcome, titled
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError


class ClearanceSheet(Sheet):
    """Shows a draft that is on disk already. Nothing is sent from here."""

    def __init__(self, theme: Theme, window: QWidget, draft: protocol.ClearanceDraft) -> None:
        super().__init__(
            theme,
            window,
            "Ask for clearance",
            subtitle="A draft is kept in the project. Nothing was sent to anybody.",
            icon="document",
            width_px=600,
        )
        self.setObjectName("clearance_sheet")
        self.text: Final = TextField(theme, "The request in plain words")
        self.text.setObjectName("clearance_text")
        self.text.setPlainText(draft.text)
        self.text.setReadOnly(True)
        self.text.setMinimumHeight(120)
        self.text.setFixedHeight(min(300, max(160, window.height() - 420)))
        path = Label(theme, draft.path, "caption", "text2", wrap=True)
        path.setObjectName("clearance_path")
        path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addLayout(titled(theme, "For whoever can approve it", self.text))
        self.body.addLayout(titled(theme, "Kept at", path))
        self.outcome: Final = Outcome(theme, "clearance_outcome")
        self.body.addWidget(self.outcome)
        self.footer.addStretch(1)
        close = Button(theme, "Close", key="Esc")
        close.clicked.connect(self.dismiss)
        self.copy: Final = Button(theme, "Copy as text", icon="copy")
        self.copy.setObjectName("clearance_copy")
        self.copy.clicked.connect(self._copy)
        self.footer.addWidget(close)
        self.footer.addWidget(self.copy)
        self.closed.connect(self.deleteLater)

    # methods

    def open(self) -> None:
        super().open()
        self.copy.setFocus(Qt.FocusReason.PopupFocusReason)

    # slots

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.outcome.say("Copied. Paste it into a mail to whoever can approve it.")


def draft_clearance(
    theme: Theme,
    client: BrokerClient,
    window: QWidget,
    params: protocol.DraftClearanceParams,
    failed: object,
    owner: QObject,
) -> None:
    """Have a draft written, and show it. `failed` takes the `StudioError` where there is none.

    The tray asks so for a request that was blocked; the gate's blocked sheet can use the same.
    """

    def show(draft: protocol.ClearanceDraft) -> None:
        guard_overrides()
        ClearanceSheet(theme, window, draft).open()

    def fail(error: StudioError) -> None:
        if callable(failed):
            failed(error)

    client.call(protocol.DRAFT_CLEARANCE, params, owner=owner).on_done(show).on_error(fail)
