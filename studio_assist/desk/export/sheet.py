"""The export sheet: format, options, where to, draft or final; and what stands in the way of a final one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from PySide6.QtCore import QSettings, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from studio_assist.desk.export.finality import Finality
from studio_assist.desk.export.formats import (
    COPIES,
    HEARD,
    LOOKS,
    SCRIPTS,
    Formats,
    Look,
    looks_of,
    renamed,
    suggested,
    whole_path,
)
from studio_assist.desk.export.options import OptionsPane, remember, remembered
from studio_assist.desk.export.parts import Altered, Places, Result, Scrolled
from studio_assist.desk.kit import (
    Button,
    ChoiceCard,
    Field,
    Label,
    PrimaryButton,
    ProgressBar,
    Sheet,
)
from studio_assist.desk.record.work import Work
from studio_assist.desk.theme import Theme
from studio_assist.domain.export_formats import ExportFormat
from studio_assist.domain.temp import Debt
from studio_assist.protocol import BlockedBy, Exported, ExportOptions

_FORMAT_KEY: Final = "export/format-{}"
#: More formats than this stand beside their options, and not above them.
_IN_A_ROW: Final = 4
_NARROW_PX: Final = 620
_WIDE_PX: Final = 900
_CARDS_PX: Final = 386
#: So long nothing is typed before the disk is asked.
_LOOK_MS: Final = 150


class ExportWanted(NamedTuple):
    """What somebody asked for."""

    format: ExportFormat
    out: str
    final: bool
    options: ExportOptions


class BoardsExportSheet(Sheet):
    """Asks for an export of script, boards or animatic. A final one is closed while temp material is left.

    Signals:
        wanted: write it, an `ExportWanted`.
        cancel_wanted: stop what is being written.
        places_wanted: list what stands in the way of a final export; `show_places` takes the answer.
        place_chosen: a `protocol.BlockedBy` of that list.

    Args:
        folder: where the file is offered to go. title: of the project.
        debt: of the whole project. debt_in: of some scenes, by their numbers; where it is not given, only the
            broker knows, and says so when it is asked for a final export.
        formats: which are offered. chosen: the one that is on; "" for the one of the last time.
        scenes: number and heading of each. shown: those that are offered to go out; none for all.
        altered: why the record does not hold.
        layout: where options are remembered.
        aspect: width to height of the frame.
    """

    wanted = Signal(object)
    cancel_wanted = Signal()
    places_wanted = Signal()
    place_chosen = Signal(object)

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        folder: Path,
        title: str,
        debt: Debt,
        *,
        formats: Formats = "all",
        chosen: str = "",
        scenes: Sequence[tuple[str, str]] = (),
        shown: Sequence[str] = (),
        altered: str = "",
        layout: QSettings | None = None,
        debt_in: Callable[[tuple[str, ...]], Debt] | None = None,
        aspect: float = 16 / 9,
    ) -> None:
        looks = looks_of(formats)
        if chosen in LOOKS and LOOKS[chosen] not in looks:
            looks = looks_of("all")
        beside = len(looks) > _IN_A_ROW
        heading = {"script": "Export the script", "boards": "Export boards and animatic", "all": "Export"}
        width = _WIDE_PX if beside else _NARROW_PX
        super().__init__(theme, window, heading[formats], icon="export", width_px=width)
        self.setObjectName("export_sheet")
        self._theme: Final = theme
        self._folder: Final = folder
        self._title: Final = title or "Script"
        self._debt: Final = debt
        self._debt_in: Final = debt_in
        self._altered_why: Final = altered
        self._layout_kept: Final = layout
        self._format_key: Final = _FORMAT_KEY.format(formats)
        self._written: Path | None = None
        self._busy = False
        self._look: Look = self._first(looks, chosen)
        self._named = ""
        self._options: Final = OptionsPane(theme, scenes, remembered(layout), aspect)
        self._options.choose_scenes(shown)
        self._options.changed.connect(self._show_finality)
        self._area: Final = Scrolled(self._options)
        self._path: Final = Field(theme, "File to write")
        self._there: Final = Label(theme, "", "caption", "text2", wrap=True)
        self._there.setObjectName("export_there")
        self._there.hide()
        self._look_wait: Final = QTimer(self)
        self._look_wait.setSingleShot(True)
        self._look_wait.setInterval(_LOOK_MS)
        self._look_wait.timeout.connect(self._look_there)
        self._path.textChanged.connect(self._look_wait.start)
        self._finality: Final = Finality(theme)
        self._finality.where_wanted.connect(self.places_wanted)
        self._altered: Final = Altered(theme, altered)
        self._altered.setVisible(bool(altered))
        self._bar: Final = ProgressBar(theme, width_px=(width - _CARDS_PX - 62) if beside else width - 42)
        self._bar.setObjectName("export_progress")
        self._bar.hide()
        self._result: Final = Result(theme)
        self._result.folder.clicked.connect(self._show_folder)
        self._places: Final = Places(theme)
        self._places.chosen.connect(self._go_to)
        self._lay_out(looks, beside=beside)
        self._cancel: Final = Button(theme, "Cancel", key="Esc")
        self._cancel.setObjectName("export_cancel")
        self._cancel.clicked.connect(self._stop)
        self._go: Final = PrimaryButton(theme, "Export")
        self._go.setObjectName("export_go")
        self._go.clicked.connect(self._ask)
        self.footer.addStretch(1)
        self.footer.addWidget(self._cancel)
        self.footer.addWidget(self._go)
        self._show_look()
        self.closed.connect(self.deleteLater)

    # properties

    @property
    def options(self) -> ExportOptions:
        """What is chosen beside the format."""
        return self._options.options

    # methods

    def open(self) -> None:
        super().open()
        self._path.setFocus()
        self._path.selectAll()

    def dismiss(self) -> None:
        if self._busy:
            self.cancel_wanted.emit()
        super().dismiss()

    def show_progress(self, share: float) -> None:
        """How far it has come."""
        if self._busy:
            self._bar.set_share(share)

    def show_result(self, result: Exported) -> None:
        """Say where the file is, or what stands in the way."""
        self._end()
        if not result.files:
            self.show_places(result.blocked_by)
            return
        written = result.files[0]
        self._written = Path(written.path)
        self._places.hide()
        entry = f"Ledger entry {written.entry:,}." if written.entry is not None else ""
        if result.altered is not None:
            # Nothing is recorded in a ledger that does not hold; the file says so in its place.
            entry = "No ledger entry: the file itself says that the record is broken."
        count = result.temp_items
        noun = "line" if self._look.format in SCRIPTS else "item"
        marked = f" {count} temp {noun}{' is' if count == 1 else 's are'} marked." if count else ""
        said = f"{self._written.name} is written. {entry}{marked}"
        self._result.show_words(said, "check", with_folder=True)
        self._cancel.set_text("Close")
        self._cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_places(self, places: tuple[BlockedBy, ...]) -> None:
        """List what stands in the way of a final export."""
        self._result.hide()
        self._places.show_places(places)

    def show_warning(self, words: str) -> None:
        """Add what a person should know of a file that was written all the same."""
        before = f"{self._result.words}\n" if not self._result.isHidden() else ""
        self._result.show_words(f"{before}{words}", "warning", with_folder=self._written is not None)

    def show_error(self, message: str, remedy: str) -> None:
        """Say why there is no file."""
        self._end()
        self._go.setFocus(Qt.FocusReason.OtherFocusReason)
        self._result.show_words(f"{message} {remedy}".strip(), "warning")

    # slots

    def _choose(self, look: Look) -> None:
        self._look = look
        self._show_look()

    def _look_there(self) -> None:
        """Whether there is such a file already; asked beside the window, for a far disk takes its time."""
        typed = self._path.text().strip()
        path = whole_path(self._folder, typed) if typed else None

        def look() -> bool:
            return path is not None and path.is_file()

        def show(is_there: bool) -> None:
            if self._path.text().strip() == typed and not self._busy:
                self._there.set_text("There is such a file already. It will be replaced.")
                self._there.setVisible(is_there and self._written != path)

        Work(look, self, show, lambda _error: self._there.hide()).start()

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Export to", self._path.text())
        if chosen:
            self._path.setText(chosen)

    def _ask(self) -> None:
        if self._busy or not self._go.isEnabled():
            return
        path = self._path.text().strip()
        if not path:
            self._result.show_words("Name a file to write.", "warning")
            self._path.setFocus()
            return
        path = str(whole_path(self._folder, path))
        self._path.setText(path)
        options = self._options.options
        if self._look.format in SCRIPTS:
            options = options.model_copy(update={"scenes": ()})
        remember(self._layout_kept, options)
        if self._layout_kept is not None:
            self._layout_kept.setValue(self._format_key, self._look.format)
        wanted = ExportWanted(self._look.format, path, self._finality.is_final, options)
        self._set_busy(True)
        self._written = None
        self._there.hide()
        self._go.setEnabled(False)
        self._cancel.set_text("Stop")
        self._places.hide()
        self._bar.set_share(0)
        self._bar.show()
        self._result.show_words("Writing, and reading back what was written.", "clock")
        self.wanted.emit(wanted)

    def _stop(self) -> None:
        if self._busy:
            self.cancel_wanted.emit()
        else:
            self.dismiss()

    def _go_to(self, place: BlockedBy) -> None:
        self.dismiss()
        self.place_chosen.emit(place)

    def _show_folder(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))

    def _show_finality(self) -> None:
        """Say whether a final export is open, and what keeps it shut."""
        scenes = self._options.scenes if self._look.format not in SCRIPTS else ()
        debt: Debt | None = self._debt
        if scenes and not self._debt.none_left:
            debt = self._debt_in(scenes) if self._debt_in is not None else None
        if debt is not None and self._look.format not in HEARD:
            debt = debt.model_copy(update={"sounds": 0})
        self._finality.show_debt(debt, is_altered=bool(self._altered_why))

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._busy:
            # The first Esc stops it: how it ended is told before the sheet goes.
            self._stop()
            event.accept()
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control and not event.isAutoRepeat():
            self._go.click()
        super().keyPressEvent(event)

    # internals

    def _first(self, looks: Sequence[Look], chosen: str) -> Look:
        kept = self._layout_kept.value(self._format_key) if self._layout_kept is not None else None
        for name in (chosen, kept):
            for look in looks:
                if look.format == name:
                    return look
        return looks[0]

    def _show_look(self) -> None:
        """Fit everything to the format that is chosen."""
        self._options.show_format(self._look.format)
        self._area.setVisible(self._look.format not in SCRIPTS)
        self._area.updateGeometry()
        offered = str(suggested(self._folder, self._title, self._look))
        typed = self._path.text()
        self._path.setText(offered if typed in ("", self._named) else renamed(typed, self._look))
        self._named = offered if typed in ("", self._named) else self._named
        self._file_title.set_text("File" if self._look.ending else "Folder to make")
        if self._altered_why:
            is_copy = self._look.format in COPIES
            self._altered.show_for(is_copy=is_copy)
        self._go.setEnabled(self._can_go())
        self._show_finality()

    def _can_go(self) -> bool:
        return not self._busy and (not self._altered_why or self._look.format in COPIES)

    def _set_busy(self, busy: bool) -> None:
        """While it is written, what was asked for stays as it is, and the keyboard is where it is stopped."""
        self._busy = busy
        if busy:
            self._cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        for part in (self._formats, self._area, self._path, self._browse_button, self._finality):
            part.setEnabled(not busy)

    def _end(self) -> None:
        self._set_busy(False)
        self._bar.hide()
        self._cancel.set_text("Cancel")
        self._go.setEnabled(self._can_go())

    def _lay_out(self, looks: Sequence[Look], *, beside: bool) -> None:
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self._area)
        right.addLayout(self._file_row())
        right.addWidget(self._finality)
        for part in (self._altered, self._bar, self._result, self._places):
            right.addWidget(part)
        title = Label(self._theme, "Format", "captionMedium", "text2")
        cards = self._formats = QWidget()
        cards.setLayout(self._cards(looks, 2 if beside else len(looks)))
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(title)
        left.addWidget(cards)
        if not beside:
            self.body.addLayout(left)
            self.body.addLayout(right)
            return
        left.addStretch(1)
        right.addStretch(1)
        holder = QWidget()
        holder.setFixedWidth(_CARDS_PX)
        left.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(left)
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addWidget(holder, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(right, 1)
        self.body.addLayout(row)

    def _cards(self, looks: Sequence[Look], columns: int) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        # The cards stand in two columns; they still are one choice.
        self._group = QButtonGroup(self)
        for place, look in enumerate(looks):
            card = ChoiceCard(self._theme, look.title, look.about)
            card.setObjectName(f"export_{look.format}")
            card.setChecked(look is self._look)
            card.toggled.connect(lambda on, one=look: self._choose(one) if on else None)
            self._group.addButton(card)
            grid.addWidget(card, place // columns, place % columns)
            grid.setColumnStretch(place % columns, 1)
        return grid

    def _file_row(self) -> QVBoxLayout:
        self._path.setObjectName("export_path")
        self._path.returnPressed.connect(lambda: self._go.click())
        browse = self._browse_button = Button(
            self._theme, "Choose…", icon="folder", name="Choose a file to write"
        )
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._path, 1)
        row.addWidget(browse)
        column = QVBoxLayout()
        column.setSpacing(4)
        self._file_title = Label(self._theme, "File", "captionMedium", "text2")
        column.addWidget(self._file_title)
        column.addLayout(row)
        column.addWidget(self._there)
        return column
