"""The sheet: a place to drop a file, then what its marks say."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.kit import (
    Button,
    Divider,
    ElidedLabel,
    IconLabel,
    Label,
    ProgressBar,
    Sheet,
    paint,
)
from studio_assist.desk.record.parts import Outcome, scrolling
from studio_assist.desk.theme import Theme
from studio_assist.desk.where_from.findings import Finding, Verdict, is_decision, layers, verdict
from studio_assist.protocol import MarksRead

_WIDTH_PX: Final = 640
_DETAILS_PX: Final = 120
#: Icon and colour of each state. Green: a record checks out. Red: it does not. The rest is plain.
_GLYPH: Final[dict[Finding, tuple[str, str]]] = {
    "holds": ("check", "green"),
    "found": ("check", "text2"),
    "absent": ("minus", "text3"),
    "unknown": ("help", "text3"),
    "broken": ("warning", "redText"),
}
_TYPES: Final = (
    "Pictures, films and documents (*.png *.jpg *.jpeg *.webp *.gif *.mp4 *.pdf *.fountain *.txt);;"
    "All files (*)"
)


class _DropArea(QWidget):
    """Where a file is dropped; it says so in words and takes the keyboard through its button."""

    def __init__(self, theme: Theme, button: Button) -> None:
        super().__init__()
        self._theme: Final = theme
        self.setObjectName("where_from_area")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 30, 16, 28)
        column.setSpacing(12)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(IconLabel(theme, "picture", "text3", 24), 0, centre)
        words = "Drop a picture or a document here, or choose a file"
        column.addWidget(Label(theme, words, "body", "text2"), 0, centre)
        column.addWidget(button, 0, centre)
        theme.changed.connect(self.update)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        box = QRectF(self.rect())
        colour = self._theme.colour
        paint.draw_box(QPainter(self), box, 8, colour("surface0"), colour("lineStrong"), dashed=True)


class _VerdictCard(QWidget):
    """The verdict over the layers. Its ground is green or red where a record says so, else plain."""

    def __init__(self, theme: Theme, said: Verdict) -> None:
        super().__init__()
        self._theme: Final = theme
        self._state: Final = said.state
        self.setObjectName("where_from_verdict")
        self.setAccessibleName(f"{said.title}. {said.detail}".strip())
        icon, token = _GLYPH[said.state]
        if said.state == "holds":
            icon = "link"
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(Label(theme, said.title, "strong", "text", wrap=True))
        if said.detail:
            words.addWidget(Label(theme, said.detail, "caption", "text2", wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 11, 14, 11)
        row.setSpacing(10)
        row.addWidget(IconLabel(theme, icon, token, 18), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        theme.changed.connect(self.update)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = self._theme.colour
        ground, edge = {"holds": ("greenGround", "green"), "broken": ("redGround", "red")}.get(
            self._state, ("surface2", "lineStrong")
        )
        paint.draw_box(QPainter(self), QRectF(self.rect()), 6, colour(ground), colour(edge))


class WhereFromSheet(Sheet):
    """Reads nothing itself: it says which file is asked about, and shows what came of it.

    Signals:
        read_wanted: (file, project folder or None) read its marks.
        stop_wanted: stop reading.
        entry_wanted: (entry, project folder or None) open the ledger entry.
    """

    read_wanted = Signal(object, object)
    stop_wanted = Signal()
    entry_wanted = Signal(int)

    def __init__(self, theme: Theme, window: QWidget, open_project: Path | None, projects: Path) -> None:
        super().__init__(theme, window, "Where does this come from?", icon="search", width_px=_WIDTH_PX)
        self.setObjectName("where_from_sheet")
        self._theme_used: Final = theme
        self._open_project: Final = open_project
        self._projects: Final = projects
        self._file: Path | None = None
        self._reading = False
        self._read: MarksRead | None = None
        self.choose: Final = Button(theme, "Choose a file…", icon="folder")
        self.choose.setObjectName("where_from_choose")
        self.choose.clicked.connect(self._choose)
        self._area: Final = _DropArea(theme, self.choose)
        self.body.addWidget(self._area)
        self.body.addWidget(self._file_row())
        self.body.addWidget(self._busy_row())
        self.outcome: Final = Outcome(theme, "where_from_outcome")
        self.body.addWidget(self.outcome)
        self._found: Final = QVBoxLayout()
        self._found.setSpacing(10)
        self.body.addLayout(self._found)
        self._foot()
        self.closed.connect(self.deleteLater)

    # properties

    @property
    def file(self) -> Path | None:
        """The file that is asked about."""
        return self._file

    # methods

    def ask(self, file: Path, project: Path | None = None) -> None:
        """Ask about a file; of a project where one is named."""
        self._file = file
        self._name.set_text(file.name)
        self._name.setToolTip(str(file))
        self._area.hide()
        self._file_box.show()
        self._clear()
        self.outcome.clear()
        self._reading = True
        self._busy_words.set_text(f"Reading the marks of {file.name}")
        self._bar.set_share(None)
        self._busy.show()
        self.other.setEnabled(False)
        self.entry.hide()
        self.stop.setFocus(Qt.FocusReason.OtherFocusReason)
        self.read_wanted.emit(file, project)

    def show_read(self, read: MarksRead) -> None:
        """Show what was found."""
        self._end()
        self._read = read
        theme = self._theme_used
        name = self._file.name if self._file is not None else ""
        self._found.addWidget(_VerdictCard(theme, verdict(read, name)))
        self._found.addWidget(self._rows(read, name))
        if read.report.findings:
            inner = QWidget()
            column = QVBoxLayout(inner)
            column.setContentsMargins(0, 0, 8, 0)
            column.setSpacing(4)
            for sentence in read.report.findings:
                column.addWidget(Label(theme, sentence, "caption", "text2", wrap=True))
            column.addStretch(1)
            self._found.addWidget(Label(theme, "In detail", "captionMedium", "text2"))
            area = scrolling(inner, "What was found, in detail", _DETAILS_PX)
            layout = inner.layout()
            assert layout is not None  # it is made with one
            area.setFixedHeight(min(_DETAILS_PX, layout.totalHeightForWidth(_WIDTH_PX - 60) + 4))
            self._found.addWidget(area)
        here = read.folder is not None and self._open_project is not None
        shown = here and Path(read.folder or "") == self._open_project and is_decision(read.story)
        self.entry.setVisible(shown)
        if shown and read.entry is not None:
            self.entry.set_text(f"Open ledger entry {read.entry:,}")
        (self.entry if shown else self.another).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, message: str, remedy: str) -> None:
        """Say why the file could not be read."""
        self._end()
        self.outcome.error(message, remedy)
        self.another.setFocus(Qt.FocusReason.OtherFocusReason)

    def dismiss(self) -> None:
        if self._reading:
            self._reading = False
            self.stop_wanted.emit()
        super().dismiss()

    # slots

    def _choose(self) -> None:
        folder = self._file.parent if self._file is not None else Path.home()
        chosen, _ = QFileDialog.getOpenFileName(self, "Where does this come from?", str(folder), _TYPES)
        if chosen:
            self.ask(Path(chosen))

    def _look_elsewhere(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Look in another project", str(self._projects))
        if chosen and self._file is not None:
            self.ask(self._file, Path(chosen))

    def _stop(self) -> None:
        """Nobody waits for the answer any more; another file can be asked about at once."""
        self._end()
        self.stop_wanted.emit()
        self.outcome.say("Stopped. Nothing was found out.", "info")
        self.another.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_entry(self) -> None:
        if self._read is not None and self._read.entry is not None:
            self.entry_wanted.emit(self._read.entry)

    # internals

    def _file_row(self) -> QWidget:
        theme = self._theme_used
        self._file_box = QWidget()
        row = QHBoxLayout(self._file_box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(IconLabel(theme, "document", "text2", 16))
        self._name = ElidedLabel(theme, "", "strong", "text", mode=Qt.TextElideMode.ElideMiddle)
        row.addWidget(self._name, 1)
        self.another = Button(theme, "Choose another…", height_px=26)
        self.another.setObjectName("where_from_another")
        self.another.clicked.connect(self._choose)
        row.addWidget(self.another)
        self._file_box.hide()
        return self._file_box

    def _busy_row(self) -> QWidget:
        theme = self._theme_used
        self._busy = QWidget()
        row = QHBoxLayout(self._busy)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self._busy_words = ElidedLabel(theme, "", "caption", "text2")
        self._bar = ProgressBar(theme)
        self.stop = Button(theme, "Cancel", height_px=26, name="Stop reading")
        self.stop.setObjectName("where_from_stop")
        self.stop.clicked.connect(self._stop)
        row.addWidget(self._busy_words, 1)
        row.addWidget(self._bar)
        row.addWidget(self.stop)
        self._busy.hide()
        return self._busy

    def _foot(self) -> None:
        theme = self._theme_used
        self.other = Button(theme, "Look in another project…", icon="folder")
        self.other.setObjectName("where_from_other")
        self.other.setEnabled(False)
        self.other.clicked.connect(self._look_elsewhere)
        self.entry = Button(theme, "Open ledger entry")
        self.entry.setObjectName("where_from_entry")
        self.entry.clicked.connect(self._open_entry)
        self.entry.hide()
        close = Button(theme, "Close", key="Esc")
        close.clicked.connect(self.dismiss)
        self.footer.addWidget(self.other)
        self.footer.addStretch(1)
        self.footer.addWidget(self.entry)
        self.footer.addWidget(close)

    def _rows(self, read: MarksRead, name: str) -> QWidget:
        theme = self._theme_used
        box = QWidget()
        box.setObjectName("where_from_layers")
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for at, layer in enumerate(layers(read, name)):
            if at:
                column.addWidget(Divider(theme))
            icon, token = _GLYPH[layer.state]
            line = QHBoxLayout()
            line.setContentsMargins(2, 7, 0, 7)
            line.setSpacing(9)
            line.addWidget(IconLabel(theme, icon, token, 14), 0, Qt.AlignmentFlag.AlignTop)
            head = Label(theme, layer.name, "captionMedium", "text")
            head.setFixedWidth(112)
            line.addWidget(head, 0, Qt.AlignmentFlag.AlignTop)
            token = {"broken": "redText", "absent": "text3"}.get(layer.state, "text")
            line.addWidget(Label(theme, layer.words, "caption", token, wrap=True), 1)
            column.addLayout(line)
        return box

    def _end(self) -> None:
        self._reading = False
        self._busy.hide()
        self.other.setEnabled(self._file is not None)

    def _clear(self) -> None:
        self._read = None
        while (item := self._found.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
