"""A mail to be copied, and the file that goes with it. The app sends nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.kit import Button, Field, Label, LinkButton, Sheet, TextField
from studio_assist.desk.record.parts import Outcome, titled
from studio_assist.desk.theme import Theme

NOTHING_SENT: Final = "The app sends nothing."


class LetterSheet(Sheet):
    """Shows what was made for whoever is asked.

    Args:
        to: whom it goes to; pdf: the file that goes with it, or "".
        entry: of the record, where there is one to look at.

    Signals:
        review_wanted: that entry.
    """

    review_wanted = Signal(int)

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        title: str,
        letter: protocol.Letter,
        *,
        to: str = "",
        pdf: str = "",
        entry: int | None = None,
    ) -> None:
        super().__init__(
            theme,
            window,
            title,
            subtitle=f"{NOTHING_SENT} Copy the mail, attach the PDF, and send it yourself."
            if pdf
            else f"{NOTHING_SENT} Copy the mail and send it yourself.",
            icon="plane",
            width_px=620,
        )
        self.setObjectName("letter_sheet")
        self._pdf: Final = pdf
        if to:
            self.body.addLayout(titled(theme, "To", Label(theme, to, "body", "text", wrap=True)))
        self.subject: Final = Field(theme, "Subject", text=letter.subject)
        self.subject.setObjectName("letter_subject")
        self.subject.setReadOnly(True)
        self.subject.setCursorPosition(0)
        self.text: Final = TextField(theme, "The mail")
        self.text.setObjectName("letter_text")
        self.text.setPlainText(letter.text)
        self.text.setReadOnly(True)
        self.text.setFixedHeight(min(300, max(140, window.height() - 460)))
        copy_subject = Button(theme, "Copy", icon="copy", name="Copy the subject")
        copy_subject.setObjectName("copy_subject")
        copy_subject.clicked.connect(lambda: self._copy(letter.subject, "The subject"))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.subject, 1)
        line.addWidget(copy_subject)
        column = titled(theme, "Subject")
        column.addLayout(line)
        self.body.addLayout(column)
        self.body.addLayout(titled(theme, "Mail", self.text))
        self.copy: Final = Button(theme, "Copy mail text", icon="copy")
        self.copy.setObjectName("copy_text")
        self.copy.clicked.connect(lambda: self._copy(letter.text, "The mail"))
        if pdf:
            path = Label(theme, pdf, "caption", "text2", wrap=True)
            path.setObjectName("letter_pdf")
            path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.body.addLayout(titled(theme, "PDF", path))
        self.outcome: Final = Outcome(theme, "letter_outcome")
        self.body.addWidget(self.outcome)
        if entry is not None:
            link = LinkButton(theme, f"Ledger entry {entry:,}")
            link.setObjectName("letter_entry")
            link.clicked.connect(lambda: self._review(entry))
            self.footer.addWidget(link)
        self.footer.addStretch(1)
        close = Button(theme, "Close", key="Esc")
        close.clicked.connect(self.dismiss)
        self.footer.addWidget(close)
        if pdf:
            show = Button(theme, "Show PDF in folder", icon="folder")
            show.setObjectName("letter_folder")
            show.clicked.connect(self._show)
            self.footer.addWidget(show)
        self.footer.addWidget(self.copy)
        self.closed.connect(self.deleteLater)

    # methods

    def open(self) -> None:
        super().open()
        self.copy.setFocus(Qt.FocusReason.PopupFocusReason)

    # slots

    def _copy(self, text: str, what: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.outcome.say(f"{what} is copied. Paste it into your mail program.")

    def _review(self, entry: int) -> None:
        self.dismiss()
        self.review_wanted.emit(entry)

    def _show(self) -> None:
        show_in_folder(Path(self._pdf))


def show_in_folder(path: Path) -> bool:
    """Open the folder of a file in the desktop's own file manager; False where there is none to open."""
    folder = path if path.is_dir() else path.parent
    return folder.is_dir() and QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
