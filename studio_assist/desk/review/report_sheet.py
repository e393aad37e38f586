"""The disclosure report: for whom, over which days, in which format, to whom; and what became of it."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.kit import (
    Button,
    ChoiceCard,
    Combo,
    Field,
    Label,
    PrimaryButton,
    ProgressBar,
    Sheet,
)
from studio_assist.desk.providers.parts import day_of, day_words
from studio_assist.desk.record.parts import Outcome
from studio_assist.desk.theme import Theme
from studio_assist.protocol import ReportKind, ReportMade

#: For whom, with one sentence each, and the word that a file's name gets.
_KINDS: Final[tuple[tuple[ReportKind, str, str, str], ...]] = (
    ("full", "Everything", "All that the record holds for these days, in every part.", "disclosure"),
    ("contact", "Studio contact", "Uses, answers, approvals and incidents.", "for the studio"),
    ("guild", "Guild sheet", "With a text: what AI made, and who decided.", "AI sheet"),
    ("awards", "Awards statement", "What was human, what was AI, who decided.", "authorship"),
    ("security", "Security tool list", "Every tool, what it keeps and what it got.", "AI tools"),
)
_FORMATS: Final = (("PDF, signed", ".pdf"), ("HTML", ".html"), ("CSV table", ".csv"), ("JSON", ".json"))
_OFF: Final = "Export opens when the ledger verifies."
_WIDTH: Final = 660


class ReportWanted(NamedTuple):
    """What somebody asked for. `since`, `until`: None where no day was typed."""

    kind: ReportKind
    path: str
    since: date | None
    until: date | None
    recipient: str


class ReportSheet(Sheet):
    """Asks for a disclosure report.

    Signals:
        wanted: make it, a `ReportWanted`.
        stop_wanted: stop what is being made.

    Args:
        folder: where the file is offered to go. title: of the project.
        altered: why the record does not hold; nothing can be exported then.
    """

    wanted = Signal(object)
    stop_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        person: str,
        folder: Path,
        title: str,
        today: date,
        *,
        altered: str = "",
    ) -> None:
        super().__init__(
            theme,
            window,
            "Export a disclosure report",
            subtitle="What AI touched, who decided, what left. No word of the script is in it.",
            icon="export",
            width_px=_WIDTH,
        )
        self.setObjectName("report_sheet")
        self._look: Final = theme
        self._folder: Final = folder
        self._title: Final = title or "Project"
        self._today: Final = today
        self._altered: Final = altered
        self._written: Path | None = None
        self._busy = False
        self._kind: ReportKind = "full"
        self._named = ""
        self.body.addWidget(Label(theme, "For whom", "captionMedium", "text2"))
        self.body.addLayout(self._kinds())
        self.body.addLayout(self._period_and_format())
        self.body.addLayout(self._file_row())
        self.body.addLayout(self._recipient_row())
        self._bar: Final = ProgressBar(theme, width_px=_WIDTH - 42)
        self._bar.hide()
        self.body.addWidget(self._bar)
        self.outcome: Final = Outcome(theme, "report_outcome")
        self.outcome.followed.connect(self._show_folder)
        self.body.addWidget(self.outcome)
        by = f"Made and signed by {person}. The record notes it."
        self._why: Final = Label(theme, _OFF if altered else by, "caption", "text3", wrap=True)
        self._why.setObjectName("report_why")
        self.footer.addWidget(self._why, 1)
        self.cancel: Final = Button(theme, "Cancel", key="Esc")
        self.cancel.setObjectName("report_cancel")
        self.cancel.clicked.connect(self._stop)
        self.go: Final = PrimaryButton(theme, "Export")
        self.go.setObjectName("report_go")
        self.go.clicked.connect(self._ask)
        self.footer.addWidget(self.cancel)
        self.footer.addWidget(self.go)
        self._suggest()
        if altered:
            self.go.setEnabled(False)
            self.outcome.say(f"{_OFF} {altered}", "warning", "redText")
        self.closed.connect(self.deleteLater)

    # properties

    @property
    def kind(self) -> ReportKind:
        """For whom the report is."""
        return self._kind

    # methods

    def open(self) -> None:
        super().open()
        self._choices["full"].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, share: float) -> None:
        """How far it has come."""
        if self._busy:
            self._bar.set_share(share)

    def show_done(self, made: ReportMade) -> None:
        """Say where it is, and the hash that the record holds."""
        self._end()
        self._written = Path(made.path)
        entries = f"{made.entries:,} {'entry' if made.entries == 1 else 'entries'}"
        words = f"Written: {entries} of the record. Ledger entry {made.entry:,}."
        if made.handed_over is not None:
            words += f" Recipient: entry {made.handed_over:,}."
        self.outcome.say(f"{words}\n{made.path}\nSHA-256 {made.sha256}", "check", "green", "Show in folder")
        self.cancel.set_text("Close")
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, message: str, remedy: str) -> None:
        """Say why there is no report."""
        self._end()
        self.outcome.error(message, remedy)
        self.go.setFocus(Qt.FocusReason.OtherFocusReason)

    def dismiss(self) -> None:
        if self._busy:
            self.stop_wanted.emit()
        super().dismiss()

    # slots

    def _chose(self, kind: ReportKind, on: bool) -> None:
        if not on:
            return
        self._kind = kind
        needs = "needed, and recorded" if kind == "guild" else "recorded where it is named"
        self._recipient_title.set_text(f"Recipient, {needs}")
        self._suggest()

    def _suggest(self) -> None:
        """Offer a name for the file, unless somebody has typed their own."""
        path = self._path.text()
        ending = _FORMATS[self._formats.currentIndex()][1]
        if path and path != self._named:
            self._path.setText(str(Path(path).with_suffix(ending)))
            return
        word = next(word for kind, _, _, word in _KINDS if kind == self._kind)
        self._named = str(self._folder / f"{self._title} {word} {self._today.isoformat()}{ending}")
        self._path.setText(self._named)

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Export to", self._path.text())
        if chosen:
            self._path.setText(chosen)

    def _ask(self) -> None:
        if self._busy or not self.go.isEnabled():
            return
        wrong, field = self._wrong()
        if field is not None:
            self.outcome.say(wrong, "warning")
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._busy = True
        self.go.setEnabled(False)
        self.cancel.set_text("Stop")
        self._bar.set_share(0)
        self._bar.show()
        self.outcome.say("Checking the record, writing the report, and reading it back.", "clock")
        self.wanted.emit(
            ReportWanted(
                self._kind,
                str(Path(self._path.text().strip()).expanduser()),
                day_of(self._since.text()),
                day_of(self._until.text()),
                " ".join(self._recipient.text().split()),
            )
        )

    def _stop(self) -> None:
        if self._busy:
            self.stop_wanted.emit()
        else:
            self.dismiss()

    def _show_folder(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control and not event.isAutoRepeat():
            self._ask()
        super().keyPressEvent(event)

    # internals

    def _wrong(self) -> tuple[str, QWidget | None]:
        """What keeps it from being made, and where to mend that."""
        for field in (self._since, self._until):
            if field.text().strip() and day_of(field.text()) is None:
                return "Type a day as 3 Feb 2027, or as 2027-02-03.", field
        since, until = day_of(self._since.text()), day_of(self._until.text())
        if since and until and until < since:
            return "The last day is before the first.", self._until
        if not self._path.text().strip():
            return "Name a file to write.", self._path
        if self._kind == "guild" and not self._recipient.text().strip():
            return "A guild sheet names to whom it goes, and the record keeps that.", self._recipient
        return "", None

    def _end(self) -> None:
        self._busy = False
        self._bar.hide()
        self.go.setEnabled(not self._altered)
        self.cancel.set_text("Cancel")

    def _kinds(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        self._choices: dict[ReportKind, ChoiceCard] = {}
        # The cards are put into a column of two; they still are one choice.
        self._group = QButtonGroup(self)
        for place, (kind, name, about, _) in enumerate(_KINDS):
            choice = ChoiceCard(self._look, name, about)
            choice.setObjectName(f"report_{kind}")
            choice.setChecked(kind == self._kind)
            choice.toggled.connect(partial(self._chose, kind))
            self._choices[kind] = choice
            self._group.addButton(choice)
            if place == 0:
                grid.addWidget(choice, 0, 0, 1, 2)
            else:
                grid.addWidget(choice, 1 + (place - 1) // 2, (place - 1) % 2)
        return grid

    def _period_and_format(self) -> QHBoxLayout:
        theme = self._look
        self._since = Field(theme, "First day", placeholder="The first entry")
        self._since.setObjectName("report_since")
        self._until = Field(theme, "Last day", placeholder=f"Today, {day_words(self._today)}")
        self._until.setObjectName("report_until")
        self._formats = Combo(theme, "Format", height_px=30, width_px=132)
        self._formats.setObjectName("report_format")
        self._formats.addItems([name for name, _ in _FORMATS])
        self._formats.currentIndexChanged.connect(lambda _at: self._suggest())
        row = QHBoxLayout()
        row.setSpacing(12)
        parts = (("From", self._since, 1), ("To, included", self._until, 1), ("Format", self._formats, 0))
        for name, widget, stretch in parts:
            row.addLayout(self._under(name, widget), stretch)
        return row

    def _file_row(self) -> QVBoxLayout:
        theme = self._look
        self._path = Field(theme, "File to write")
        self._path.setObjectName("report_path")
        browse = Button(theme, "Choose…", icon="folder", name="Choose a file to write")
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._path, 1)
        row.addWidget(browse)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(Label(theme, "File", "captionMedium", "text2"))
        column.addLayout(row)
        return column

    def _recipient_row(self) -> QVBoxLayout:
        theme = self._look
        self._recipient = Field(theme, "Recipient", placeholder="Whoever gets it, by name")
        self._recipient.setObjectName("report_recipient")
        column = QVBoxLayout()
        column.setSpacing(4)
        self._recipient_title = Label(
            theme, "Recipient, recorded where it is named", "captionMedium", "text2"
        )
        column.addWidget(self._recipient_title)
        column.addWidget(self._recipient)
        return column

    def _under(self, name: str, widget: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(Label(self._look, name, "captionMedium", "text2"))
        column.addWidget(widget)
        return column
