"""Hand out a pack: where to, what it holds, what it tells whoever gets it, and which texts go with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.kit import Button, CheckBox, Field, Label, PrimaryButton, ProgressBar, Sheet
from studio_assist.desk.record.parts import Outcome, facts, scrolling, titled
from studio_assist.desk.record.words import entries_text
from studio_assist.desk.theme import Theme
from studio_assist.protocol import Packed, PackLook

_TEXTS_PX: Final = 132
#: A text's first words stand beside its tick; the whole of what is known of it is the tool tip.
_SHOWN: Final = 58


class PackSheet(Sheet):
    """Asks for a pack. No text goes with it unless its own tick is set.

    Signals:
        wanted: (folder, entries whose texts go with it, paths of exported files).
        stop_wanted: stop what is being written.
    """

    wanted = Signal(str, object, object)
    stop_wanted = Signal()

    def __init__(self, theme: Theme, window: QWidget, person: str, folder: Path, exports: Path) -> None:
        super().__init__(
            theme,
            window,
            "Hand out a pack",
            subtitle="A folder with which anybody can check the record without Studio Assist.",
            icon="export",
            width_px=620,
        )
        self.setObjectName("pack_sheet")
        self._theme_used: Final = theme
        self._exports: Final = exports
        self._files: list[str] = []
        self._ticks: dict[int, CheckBox] = {}
        self._written: Path | None = None
        self._busy = False
        self.path: Final = Field(theme, "Folder to write", text=str(folder))
        self.path.setObjectName("pack_path")
        browse = Button(theme, "Choose…", icon="folder", name="Choose where the pack goes")
        browse.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.setSpacing(8)
        place.addWidget(self.path, 1)
        place.addWidget(browse)
        self.body.addLayout(titled(theme, "New folder"))
        self.body.addLayout(place)
        self._told: Final = QVBoxLayout()
        self._told.setSpacing(10)
        self._told.addWidget(Label(theme, "Looking at what it would hold.", "caption", "text3"))
        self.body.addLayout(self._told)
        self.body.addLayout(self._files_row())
        self._bar: Final = ProgressBar(theme, width_px=578)
        self._bar.hide()
        self.body.addWidget(self._bar)
        self.outcome: Final = Outcome(theme, "pack_outcome")
        self.outcome.followed.connect(self._show_folder)
        self.body.addWidget(self.outcome)
        by = f"Handed out and signed by {person}. The record notes it."
        self.footer.addWidget(Label(theme, by, "caption", "text3"), 1)
        self.cancel: Final = Button(theme, "Cancel", key="Esc")
        self.cancel.setObjectName("pack_cancel")
        self.cancel.clicked.connect(self._stop)
        self.go: Final = PrimaryButton(theme, "Make the pack")
        self.go.setObjectName("pack_go")
        self.go.setEnabled(False)
        self.go.clicked.connect(self._ask)
        self.footer.addWidget(self.cancel)
        self.footer.addWidget(self.go)
        self.closed.connect(self.deleteLater)

    # properties

    @property
    def disclosed(self) -> tuple[int, ...]:
        """The entries whose texts are ticked."""
        return tuple(sorted(entry for entry, tick in self._ticks.items() if tick.isChecked()))

    # methods

    def open(self) -> None:
        super().open()
        self.path.setFocus()

    def show_look(self, look: PackLook) -> None:
        """Say what it would hold and tell."""
        self._clear_told()
        theme = self._theme_used
        signed = ", ".join(
            part
            for part in (
                _counted(look.checkpoints, "checkpoint"),
                _counted(look.witnesses, "witness", "witnesses"),
                _counted(look.certificates, "certificate"),
            )
            if part
        )
        counted = ", ".join(part for part in (entries_text(look.entries), signed) if part)
        holds = f"{counted}, proofs, a guide and a script that checks them."
        rows = (("Holds", holds), ("Tells", " ".join(look.discloses)))
        told = QWidget()
        told.setLayout(facts(theme, rows, 56))
        self._told.addWidget(told)
        if look.texts:
            inner = QWidget()
            column = QVBoxLayout(inner)
            column.setContentsMargins(0, 0, 8, 0)
            column.setSpacing(3)
            self._ticks = {}
            for text in look.texts:
                words = " ".join(text.words.split())
                shown = words if len(words) <= _SHOWN else words[: _SHOWN - 1].rstrip() + "…"
                known = self._ticks.get(text.entry)
                if known is not None:
                    known.setToolTip(f"{known.toolTip()}\n{text.what}: {words}")
                    continue
                tick = CheckBox(theme, f"{text.entry:,}  {text.what}: {shown}")
                tick.setToolTip(f"{text.what}: {words}")
                tick.setObjectName(f"pack_text_{text.entry}")
                self._ticks[text.entry] = tick
                column.addWidget(tick)
            column.addStretch(1)
            title = "Texts that go with it: none, unless you tick one"
            self._told.addWidget(Label(theme, title, "captionMedium", "text2"))
            self._told.addWidget(scrolling(inner, "Texts that can go with it", _TEXTS_PX))
        self.go.setEnabled(True)

    def show_progress(self, share: float) -> None:
        """How far the writing has come."""
        self._bar.set_share(share)

    def show_done(self, packed: Packed) -> None:
        """Say where it is, and the hash that names all of it."""
        self._end()
        self._written = Path(packed.path)
        self.go.setEnabled(False)
        self.cancel.set_text("Close")
        words = (
            f"{self._written.name} is written: {packed.files:,} files. Ledger entry {packed.entry:,}.\n"
            f"SHA-256 of its manifest: {packed.manifest}"
        )
        self.outcome.say(words, "check", "green", link="Show in folder")
        self.cancel.setFocus()

    def show_error(self, message: str, remedy: str) -> None:
        """Say why there is no pack."""
        self._end()
        self.outcome.error(message, remedy)

    def dismiss(self) -> None:
        if self._busy:
            self.stop_wanted.emit()
        super().dismiss()

    # slots

    def _ask(self) -> None:
        folder = self.path.text().strip()
        if not folder:
            self.outcome.say("Name a folder to write.", "warning")
            self.path.setFocus()
            return
        self._busy = True
        self.go.setEnabled(False)
        self.cancel.set_text("Stop")
        self._bar.set_share(0)
        self._bar.show()
        self.outcome.say("Writing the pack, and checking what was written.", "clock")
        self.wanted.emit(folder, self.disclosed, tuple(self._files))

    def _stop(self) -> None:
        if self._busy:
            self.stop_wanted.emit()
        else:
            self.dismiss()

    def _browse(self) -> None:
        here = Path(self.path.text())
        chosen = QFileDialog.getExistingDirectory(self, "Where the pack goes", str(here.parent))
        if chosen:
            self.path.setText(str(Path(chosen) / (here.name or "Record")))

    def _add_files(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, "Exported files", str(self._exports))
        for path in chosen:
            if path not in self._files:
                self._files.append(path)
        names = ", ".join(Path(path).name for path in self._files)
        self._names.set_text(names or "None")

    def _show_folder(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written)))

    # internals

    def _end(self) -> None:
        self._busy = False
        self._bar.hide()
        self.go.setEnabled(True)
        self.cancel.set_text("Cancel")

    def _files_row(self) -> QHBoxLayout:
        theme = self._theme_used
        add = Button(theme, "Add exported files…", height_px=26)
        add.setObjectName("pack_files")
        add.clicked.connect(self._add_files)
        self._names = Label(theme, "None", "caption", "text2", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Label(theme, "Exported files in it", "captionMedium", "text2"))
        row.addWidget(self._names, 1)
        row.addWidget(add)
        return row

    def _clear_told(self) -> None:
        while (item := self._told.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()


def _counted(count: int, one: str, many: str = "") -> str:
    words = one if count == 1 else many or f"{one}s"
    return f"{count:,} {words}" if count else ""


def folder_for(parent: Path, title: str, day: str, taken: Sequence[str]) -> Path:
    """A name that is free for a pack of a day: "Larkspur record 2026-11-22", then with a number behind."""
    base = f"{title or 'Project'} record {day}"
    names = (base, *(f"{base} {number}" for number in range(2, 100)))
    return parent / next((name for name in names if name not in taken), base)
