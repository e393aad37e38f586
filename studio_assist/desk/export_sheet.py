"""The export sheet: format, draft or final, where to; and what stands in the way of a final one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.kit import (
    Button,
    Card,
    CheckBox,
    ChoiceCard,
    Field,
    IconLabel,
    Label,
    LinkButton,
    PrimaryButton,
    Sheet,
    Swatch,
)
from studio_assist.desk.theme import Theme
from studio_assist.domain.temp import Debt

_FORMATS: Final = (
    ("pdf", "PDF", "The screenplay as it prints"),
    ("fountain", "Fountain", "Plain text, for screenwriting programs"),
)
#: The list of what stands in the way scrolls from here on, px.
_LIST_PX: Final = 190


class ExportSheet(Sheet):
    """Asks for an export. A final one is closed while temp material is left, and says so beside it.

    Signals:
        wanted: (format, path, final).
        places_wanted: list what stands in the way of a final export.
        place_chosen: (start, length) of a passage that stands in the way.
    """

    wanted = Signal(str, str, bool)
    places_wanted = Signal()
    place_chosen = Signal(int, int)

    def __init__(
        self, theme: Theme, window: QWidget, folder: Path, title: str, debt: Debt, *, altered: str = ""
    ) -> None:
        super().__init__(theme, window, "Export the script", icon="export", width_px=600)
        self.setObjectName("export_sheet")
        self._theme: Final = theme
        self._stem: Final = title or "Script"
        self._folder: Final = folder
        self._debt: Final = debt
        self._altered: Final = altered
        self._format = "pdf"
        self._written: Path | None = None
        self.body.addWidget(Label(theme, "Format", "captionMedium", "text2"))
        self.body.addLayout(self._formats())
        self.body.addSpacing(2)
        self.body.addWidget(Label(theme, "File", "captionMedium", "text2"))
        self.body.addLayout(self._path_row())
        self.body.addSpacing(2)
        self.body.addWidget(self._finality())
        if altered:
            self.body.addWidget(_Altered(theme, altered))
        self._result: Final = _Result(theme)
        self._result.folder.clicked.connect(self._show_folder)
        self.body.addWidget(self._result)
        self._places: Final = _Places(theme)
        self._places.chosen.connect(self._go_to)
        self.body.addWidget(self._places)
        self._cancel: Final = Button(theme, "Cancel", key="Esc")
        self._cancel.clicked.connect(self.dismiss)
        self._go: Final = PrimaryButton(theme, "Export")
        self._go.setObjectName("export_go")
        self._go.clicked.connect(self._ask)
        self.footer.addStretch(1)
        self.footer.addWidget(self._cancel)
        self.footer.addWidget(self._go)
        self.closed.connect(self.deleteLater)

    # methods

    def open(self) -> None:
        super().open()
        self._path.setFocus()
        self._path.selectAll()

    def show_result(self, result: protocol.Exported) -> None:
        """Say where the file is, or what stands in the way."""
        self._go.setEnabled(True)
        if result.files:
            written = result.files[0]
            self._written = Path(written.path)
            self._places.hide()
            count = result.temp_items
            lines = "1 temp line is marked" if count == 1 else f"{count} temp lines are marked"
            marked = f" {lines}." if count else ""
            entry = f"Ledger entry {written.entry:,}." if written.entry is not None else ""
            if result.altered is not None:
                # Nothing is recorded in a ledger that does not hold; the file says so in its place.
                entry = "No ledger entry: the file itself says that the record is broken."
            said = f"{self._written.name} is written. {entry}{marked}"
            self._result.show_words(said, "check", with_folder=True)
            self._cancel.set_text("Close")
            self._cancel.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._result.hide()
        self._places.show_places(result.blocked_by)

    def show_error(self, message: str, remedy: str) -> None:
        self._go.setEnabled(True)
        self._go.setFocus(Qt.FocusReason.OtherFocusReason)
        self._result.show_words(f"{message} {remedy}", "warning")

    # slots

    def _choose(self, name: str) -> None:
        before = self._suggested()
        self._format = name
        if Path(self._path.text()) == before or not self._path.text():
            self._path.setText(str(self._suggested()))
        else:
            self._path.setText(str(Path(self._path.text()).with_suffix(f".{name}")))

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Export to", self._path.text())
        if chosen:
            self._path.setText(chosen)

    def _ask(self) -> None:
        path = self._path.text().strip()
        if not path:
            self._result.show_words("Name a file to write.", "warning")
            self._path.setFocus()
            return
        self._go.setEnabled(False)
        self._result.show_words("Writing, and reading back what was written.", "clock")
        self.wanted.emit(self._format, path, self._final.isChecked())

    def _go_to(self, start: int, length: int) -> None:
        self.dismiss()
        self.place_chosen.emit(start, length)

    def _show_folder(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control and not event.isAutoRepeat():
            self._go.click()
        super().keyPressEvent(event)

    # internals

    def _formats(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for name, label, about in _FORMATS:
            choice = ChoiceCard(self._theme, label, about)
            choice.setObjectName(f"export_{name}")
            choice.setChecked(name == self._format)
            choice.toggled.connect(lambda on, chosen=name: self._choose(chosen) if on else None)
            row.addWidget(choice, 1)
        return row

    def _path_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self._path = Field(self._theme, "File to write", text=str(self._suggested()))
        self._path.setObjectName("export_path")
        self._path.returnPressed.connect(lambda: self._go.click())
        browse = Button(self._theme, "Choose…", icon="folder", name="Choose a file to write")
        browse.clicked.connect(self._browse)
        row.addWidget(self._path, 1)
        row.addWidget(browse)
        return row

    def _finality(self) -> QWidget:
        theme, lines = self._theme, self._debt.lines
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._final = CheckBox(theme, "Final: for delivery, without temp marks")
        self._final.setObjectName("export_final")
        self._final.setEnabled(self._debt.none_left and not self._altered)
        column.addWidget(self._final)
        if self._debt.none_left:
            if self._altered:
                why = Label(theme, "Closed until the ledger checks out again.", "caption", "text2")
                why.setContentsMargins(26, 0, 0, 0)
                column.addWidget(why)
            return whole
        row = QHBoxLayout()
        row.setContentsMargins(26, 0, 0, 0)
        row.setSpacing(7)
        left = "1 temp line is left" if lines == 1 else f"{lines} temp lines are left"
        row.addWidget(Swatch(theme, "amber", 10, 10))
        row.addWidget(Label(theme, f"Closed while {left}. This export marks them.", "caption", "amberText"))
        row.addStretch(1)
        where = LinkButton(theme, "Show where", name="Show where temp lines are left")
        where.setObjectName("export_where")
        where.clicked.connect(self.places_wanted)
        row.addWidget(where)
        column.addLayout(row)
        return whole

    def _suggested(self) -> Path:
        return self._folder / f"{self._stem}.{self._format}"


class _Altered(Card):
    """Says that what is written is a copy that tells of the broken record."""

    def __init__(self, theme: Theme, why: str) -> None:
        super().__init__(theme, "redGround", 6, None)
        self.setObjectName("export_altered")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 12, 9)
        row.setSpacing(9)
        row.addWidget(IconLabel(theme, "warning", "redText", 16), 0, Qt.AlignmentFlag.AlignTop)
        words = f"{why} The export is a copy that says so. Nothing is recorded."
        row.addWidget(Label(theme, words, "caption", "text", wrap=True), 1)


class _Result(Card):
    """What became of the export."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface2", 6, None)
        self.setObjectName("export_result")
        self._icon: Final = IconLabel(theme, "check", "text2", 16)
        self._words: Final = Label(theme, "", "caption", "text", wrap=True)
        self.folder: Final = LinkButton(theme, "Show in folder")
        self.folder.setObjectName("export_folder")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 10, 9)
        row.setSpacing(9)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        row.addWidget(self.folder, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_words(self, words: str, icon: str, *, with_folder: bool = False) -> None:
        """Say something; with a link to the folder where a file was written."""
        self._icon.set_icon(icon, "text2")
        self._words.set_text(words)
        self.folder.setVisible(with_folder)
        self.show()


class _Places(Card):
    """What stands in the way of a final export, as links.

    Signals:
        chosen: (start, length).
    """

    chosen = Signal(int, int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface0", 6, None)
        self.setObjectName("export_places")
        self._theme_used: Final = theme
        self._area: Final = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 4, 8)
        column.setSpacing(6)
        words = "A final export opens when each of these is rewritten, or marked as replaced:"
        column.addWidget(Label(theme, words, "caption", "text2"))
        column.addWidget(self._area)
        self.hide()

    def show_places(self, places: tuple[protocol.BlockedBy, ...]) -> None:
        """List them and go to the first."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(1)
        links: list[LinkButton] = []
        for place in places:
            where = place.where[:1].upper() + place.where[1:]
            link = LinkButton(self._theme_used, where, name=f"Go to {place.where}")
            link.clicked.connect(lambda _checked=False, at=place: self.chosen.emit(at.start, at.length))
            column.addWidget(link)
            links.append(link)
        column.addStretch(1)
        self._area.setWidget(inner)
        # Given to a scroll area, a widget gets a ground of its own.
        inner.setAutoFillBackground(False)
        self._area.setFixedHeight(min(_LIST_PX, inner.sizeHint().height() + 2))
        self.show()
        if links:
            links[0].setFocus(Qt.FocusReason.OtherFocusReason)
