"""What a person is asked when they come back from drawing over an undecided frame."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from studio_assist.desk.kit import Button, Label, Sheet
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import Variant


class EditedFrameSheet(Sheet):
    """Accept the frame as it was edited, or leave it undecided. Enter does neither.

    Signals:
        accepted: the person accepts the frame with their drawing over it.
    """

    accepted = Signal()

    def __init__(self, theme: Theme, window: QWidget, variant: Variant) -> None:
        super().__init__(theme, window, "Accept the edited frame?", subtitle=variant.made_by, icon="pencil")
        self.setObjectName("edited_frame_sheet")
        for text in (
            "Accepted, it stands in the panel with your drawing over it, and is temp: the underlay and its "
            "band stay until you mark the panel as replaced.",
            "Left undecided, your drawing is kept, and is there again when you edit this variant.",
        ):
            self.body.addWidget(Label(theme, text, "body", "text", wrap=True))
        self.footer.addStretch(1)
        leave = Button(theme, "Leave it undecided", key="Esc")
        leave.setObjectName("leave_undecided")
        leave.clicked.connect(self.dismiss)
        accept = Button(theme, "Accept the edited frame", icon="check")
        accept.setObjectName("accept_edited")
        accept.clicked.connect(self._accept)
        self.footer.addWidget(leave)
        self.footer.addWidget(accept)
        self.closed.connect(self.deleteLater)

    # methods

    def open(self) -> None:
        super().open()
        # The focus is on the sheet itself: Enter, still held, presses nothing.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    # slots

    def _accept(self) -> None:
        self.dismiss()
        self.accepted.emit()
