"""What is in a file, what would come of it, and what came: a person imports it, or leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.importing.boards_view import ROW_PX, BoardLines, BoardsList
from studio_assist.desk.importing.report_view import ReportView
from studio_assist.desk.kit import Button, Combo, Label, PrimaryButton, ProgressBar, Sheet
from studio_assist.desk.record.parts import Outcome, facts
from studio_assist.desk.shell import SceneRow
from studio_assist.desk.theme import Theme

if TYPE_CHECKING:
    from studio_assist.desk.importing.merge_view import MergeView

_WIDE: Final = 760
_INNER: Final = _WIDE - 42
#: Room that head, foot and report take of the window's height.
_AROUND_PX: Final = 330
_KINDS: Final[dict[str, str]] = {
    "fountain": "Fountain script",
    "fdx": "Final Draft script",
    "pdf": "PDF script, read by its layout",
    "storyboarder": "Storyboarder project",
    "pictures": "Pictures",
    "otio": "OTIO from editorial",
    "edl": "Edit decision list",
    "fcp7xml": "Final Cut Pro 7 XML",
    "fcpxml": "Final Cut Pro XML",
}
_SCRIPTS: Final = ("fountain", "fdx", "pdf")


class ImportSheet(Sheet):
    """Shows a file before anything of it is taken in. Nothing happens to the file itself.

    Signals:
        wanted: (choices for a script's conflicts, the scene of new shots).
        stop_wanted: stop what runs.
    """

    wanted = Signal(object, str)
    stop_wanted = Signal()

    def __init__(
        self, theme: Theme, window: QWidget, file: Path, person: str, scenes: Sequence[SceneRow] = ()
    ) -> None:
        super().__init__(
            theme,
            window,
            f"Import {file.name}",
            subtitle="The file itself is only read.",
            icon="download",
            width_px=min(_WIDE, max(520, window.width() - 48)),
        )
        self.setObjectName("import_sheet")
        self._window_used: Final = window
        self._theme_used: Final = theme
        self._person: Final = person
        self._rows: Final = tuple(scenes)
        self._seen: protocol.FileSeen | None = None
        self._busy = False
        self._said: Final = Label(theme, "Looking at what is in it.", "body", "text2", wrap=True)
        self._said.setObjectName("import_said")
        self.body.addWidget(self._said)
        #: What the file holds; away once it is taken in.
        self._preview: Final = QWidget()
        self._held: Final = QVBoxLayout(self._preview)
        self._held.setContentsMargins(0, 0, 0, 0)
        self._held.setSpacing(10)
        self._preview.hide()
        self.body.addWidget(self._preview)
        self.report: Final = ReportView(theme)
        self.body.addWidget(self.report)
        self._bar: Final = ProgressBar(theme, width_px=min(_INNER, self.card.width() - 42))
        self._bar.hide()
        self.body.addWidget(self._bar)
        self.outcome: Final = Outcome(theme, "import_outcome")
        self.body.addWidget(self.outcome)
        self._by: Final = Label(theme, "", "caption", "text3")
        self.footer.addWidget(self._by, 1)
        self.cancel: Final = Button(theme, "Cancel", key="Esc")
        self.cancel.setObjectName("import_cancel")
        self.cancel.clicked.connect(self._stop)
        self.go: Final = PrimaryButton(theme, "Import")
        self.go.setObjectName("import_go")
        self.go.setEnabled(False)
        self.go.clicked.connect(self._ask)
        self.footer.addWidget(self.cancel)
        self.footer.addWidget(self.go)
        self.lines: Final = BoardLines(self)
        self.boards: BoardsList | None = None
        self._merge: MergeView | None = None
        self.scenes: Combo | None = None
        self.closed.connect(self.deleteLater)
        self._begin("Looking at what is in it.")

    # properties

    @property
    def said(self) -> str:
        """The sentence that stands above."""
        return self._said.plain

    @property
    def busy(self) -> bool:
        """Whether a look or an import is under way."""
        return self._busy

    @property
    def scene(self) -> str:
        """The scene that new shots belong to; "" where the file names it, or the last one is meant."""
        return str(self.scenes.currentData() or "") if self.scenes is not None else ""

    # methods

    def show_seen(self, seen: protocol.FileSeen) -> None:
        """Show what is in the file."""
        self._seen = seen
        self._end()
        self.outcome.clear()
        rows = [("What it is", _KINDS[seen.format]), ("Holds", _holds(seen))]
        told = QWidget()
        told.setLayout(facts(self._theme_used, tuple(rows), 92))
        self._held.addWidget(told)
        if seen.merge is not None:
            self._show_merge(seen)
        elif seen.boards:
            self._show_boards(seen)
        self._preview.show()
        self._said.set_text(_means(seen))
        self.report.show_report(seen.report)
        self._by.set_text(f"Taken in by {self._person}. The record notes it.")
        self.go.setEnabled(bool(seen.format in _SCRIPTS or seen.boards))
        if self._merge is not None and self._merge.conflicts:
            # What is to be decided comes first: a quick Enter takes nothing in.
            self._merge.focus_rows()
        else:
            self.go.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_error(self, message: str, remedy: str, place: str = "") -> None:
        """Say why it cannot be read or taken in, where, and what to do."""
        self._end()
        where = f" ({place})" if place and place not in message else ""
        self.outcome.error(f"{message}{where}", remedy)
        if self._seen is None:
            self._said.set_text("Nothing was taken in.")
            self.cancel.set_text("Close")
            self.go.setEnabled(False)
        else:
            self.go.setEnabled(True)
        self.cancel.setFocus()

    def show_progress(self, share: float, label: str = "") -> None:
        """How far it has come."""
        self._bar.set_share(share)
        if self._busy and label:
            self._said.set_text(f"{label}.")

    def show_result(self, taken: protocol.TakenIn) -> None:
        """Say what came in."""
        self._end()
        self.go.hide()
        self.cancel.set_text("Done")
        self.outcome.say(_came(taken), "check", "green")
        self._said.set_text(self._how_much(taken))
        self._preview.hide()
        self.report.show_report(taken.report)
        self.cancel.setFocus()

    def dismiss(self) -> None:
        if self._busy:
            self.stop_wanted.emit()
        super().dismiss()

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._busy and self._seen is not None:
            # The first Esc stops the import: what came in is told before the sheet goes.
            self.stop_wanted.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    # slots

    def _ask(self) -> None:
        choices = self._merge.choices if self._merge is not None else ()
        self._begin("Taking it in.")
        self.outcome.clear()
        self.wanted.emit(choices, self.scene)

    def _stop(self) -> None:
        if self._busy and self._seen is not None:
            self.stop_wanted.emit()
        else:
            self.dismiss()

    def _scene_chosen(self) -> None:
        self.lines.set_scene(self.scene or (self._rows[-1].number if self._rows else ""))

    # internals

    def _begin(self, what: str) -> None:
        self._busy = True
        self._preview.setEnabled(False)
        self.go.setEnabled(False)
        self.cancel.set_text("Stop" if self._seen is not None else "Cancel")
        self._said.set_text(what)
        self._bar.set_share(None)
        self._bar.show()
        if self.isVisible():
            # Before it is open, what has the focus is what gets it back.
            self.cancel.setFocus()

    def _end(self) -> None:
        self._busy = False
        self._preview.setEnabled(True)
        self._bar.hide()
        self.cancel.set_text("Cancel")

    def _how_much(self, taken: protocol.TakenIn) -> str:
        boards = self._seen.boards if self._seen is not None else ()
        if taken.state is None and taken.panels < len(boards):
            return "Only a part of it was taken in." if taken.panels else "Nothing was taken in."
        return "It was taken in." if taken.report else "It was taken in, whole."

    def _room(self) -> int:
        return max(2 * ROW_PX, self._window_used.height() - _AROUND_PX)

    def _show_merge(self, seen: protocol.FileSeen) -> None:
        # Loaded where a script is merged, and nowhere else.
        from studio_assist.desk.importing.merge_view import MergeView

        assert seen.merge is not None
        view = MergeView(self._theme_used, seen.merge)
        view.setFixedHeight(min(self._room() - (130 if seen.report else 0), 420))
        self._merge = view
        self._held.addWidget(view)

    def _show_boards(self, seen: protocol.FileSeen) -> None:
        theme = self._theme_used
        self.lines.set_lines(seen.boards)
        if self._rows and any(not line.shot and not line.scene for line in seen.boards):
            self._held.addLayout(self._scene_row())
        self._scene_chosen()
        view = self.boards = BoardsList(theme, self.lines)
        room = self._room() - (130 if seen.report else 0)
        rows = max(2, min(len(seen.boards), 6, room // ROW_PX))
        view.setFixedHeight(min(len(seen.boards), rows) * ROW_PX + 2)
        self._held.addWidget(view)

    def _scene_row(self) -> QHBoxLayout:
        theme = self._theme_used
        scene = self.scenes = Combo(theme, "Scene of new shots", height_px=30, width_px=320)
        scene.setObjectName("import_scene")
        scene.addItem("The last scene", "")
        for row in self._rows:
            scene.addItem(f"{row.number}  {row.heading}"[:60], row.number)
        scene.currentIndexChanged.connect(self._scene_chosen)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Label(theme, "New shots go into", "captionMedium", "text2"))
        row.addWidget(scene)
        row.addStretch(1)
        return row


def _holds(seen: protocol.FileSeen) -> str:
    parts: list[str] = []
    if seen.format in _SCRIPTS:
        parts.append(_counted(seen.scenes, "scene"))
    elif seen.boards:
        parts.append(_counted(len(seen.boards), "board"))
        lacking = len(seen.boards) - seen.panels
        if lacking:
            parts.append(f"{_counted(lacking, 'board')} without a picture")
    return ", ".join(parts) or "Nothing that can be taken in"


def _means(seen: protocol.FileSeen) -> str:
    """What importing it would do."""
    if seen.format in _SCRIPTS and seen.merge is None:
        return "It becomes the project's script."
    if seen.format in _SCRIPTS:
        return (
            "What only one side changed is taken. Where both did, choose; undecided places keep both. Temp "
            "words and shots stay, and the script before is kept beside this one."
        )
    new = sum(1 for line in seen.boards if not line.shot)
    known = len(seen.boards) - new
    parts = [f"{_counted(new, 'new shot')}"] if new else []
    if known:
        parts.append(f"{_counted(known, 'shot')} brought up to date")
    return (
        f"{' and '.join(parts) or 'Nothing'}. Pictures go in as yours; those that are marked as AI wait for "
        "a decision. What was drawn here since is not touched."
    )


def _came(taken: protocol.TakenIn) -> str:
    if taken.state is not None:
        return " ".join(("The script is in the project.", *taken.state.warnings))
    words = f"{_counted(taken.panels, 'shot')} came in."
    if taken.offered:
        waits = "1 picture waits" if taken.offered == 1 else f"{taken.offered:,} pictures wait"
        words += f" {waits} for a decision."
    return words


def _counted(count: int, one: str) -> str:
    return f"{count:,} {one}{'s' * (count != 1)}"
