"""Named works and people: what is noticed in prompts, and leads to this desk."""

from __future__ import annotations

from typing import Final, Literal, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.clear.words import REFERENCE_KINDS, folded, reference_words
from studio_assist.desk.kit import Button, Combo, Divider, ElidedLabel, Field, IconButton, Label, Sheet
from studio_assist.desk.record.parts import Outcome, scrolling, titled
from studio_assist.desk.theme import Theme
from studio_assist.domain.clearance import Reference
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person

_ABOUT: Final = (
    "These are noticed where a prompt names them, as “in the style of” is. What is noticed leads here, to a "
    "request for clearance. Nothing is refused without a way out."
)
_LIST_PX: Final = 300


class ReferencesSheet(Sheet):
    """The list, with a form to add or change one.

    Signals:
        set_wanted: a `SetReferenceParams`.
        remove_wanted: a `RemoveReferenceParams`.
    """

    set_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(self, theme: Theme, window: QWidget, person: Person | None, why_not: str) -> None:
        super().__init__(theme, window, "Named works and people", icon="shield", width_px=620)
        self.setObjectName("references_sheet")
        self._theme_used: Final = theme
        self._person: Final = person
        self._why_not: Final = why_not
        self._was: str | None = None
        self._held: tuple[Reference, ...] | None = None
        self._busy = False
        self.body.addWidget(Label(theme, _ABOUT, "body", "text2", wrap=True))
        self._listed_at: Final = QVBoxLayout()
        self.body.addLayout(self._listed_at)
        self.text: Final = Field(theme, "Work or person", placeholder="As a prompt would name it")
        self.text.setObjectName("reference_text")
        self.text.setMaxLength(120)
        self.kind: Final = Combo(theme, "Kind", height_px=30, width_px=140)
        self.kind.setObjectName("reference_kind")
        for kind, said in REFERENCE_KINDS.items():
            self.kind.addItem(said, kind)
        self.aliases: Final = Field(theme, "Also written", placeholder="With a semicolon between them")
        self.aliases.setObjectName("reference_aliases")
        self.note: Final = Field(theme, "Note", placeholder="Why it is on the list")
        self.note.setObjectName("reference_note")
        self.note.setMaxLength(200)
        self._form: Final = QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(10)
        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(10)
            form.addLayout(row)
        first.addLayout(titled(theme, "Work or person", self.text), 1)
        first.addLayout(titled(theme, "Kind", self.kind))
        second.addLayout(titled(theme, "Also written", self.aliases), 1)
        second.addLayout(titled(theme, "Note", self.note), 1)
        self.body.addWidget(self._form)
        self.outcome: Final = Outcome(theme, "references_outcome")
        self.body.addWidget(self.outcome)
        said = f"Noted by {person.name}." if person else ""
        self.footer.addWidget(Label(theme, why_not or said, "caption", "text3", wrap=True), 1)
        self._back: Final = Button(theme, "Add another instead")
        self._back.clicked.connect(self._clear)
        close = Button(theme, "Close", key="Esc")
        close.clicked.connect(self.dismiss)
        self.keep: Final = Button(theme, "Add")
        self.keep.setObjectName("reference_keep")
        self.keep.clicked.connect(self._keep)
        for button in (self._back, close, self.keep):
            self.footer.addWidget(button)
        self._form.setVisible(not why_not)
        self.keep.setVisible(not why_not)
        self.text.textChanged.connect(self._check)
        self.text.returnPressed.connect(self._keep)
        self.closed.connect(self.deleteLater)
        self._clear()

    # methods

    def open(self) -> None:
        super().open()
        if not self._why_not:
            self.text.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_references(self, references: tuple[Reference, ...]) -> None:
        """Show the list as it is now."""
        if references == self._held:
            return
        if self._held is not None and self._busy:
            self._clear()
        self._held = references
        while (item := self._listed_at.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(0)
        if not references:
            column.addWidget(Label(self._theme_used, "Nothing is on the list yet.", "body", "text3"))
        for one in sorted(references, key=lambda one: one.text.casefold()):
            column.addWidget(self._row(one))
            column.addWidget(Divider(self._theme_used))
        self._listed_at.addWidget(scrolling(inner, "Named works and people", _LIST_PX))

    def show_error(self, error: StudioError) -> None:
        """It was not kept; say why."""
        self._busy = False
        self.outcome.error(error.message, error.remedy)
        self._check()

    # slots

    def _check(self) -> None:
        self.keep.setEnabled(not self._busy and len(folded(self.text.text())) > 1)

    def _clear(self) -> None:
        self._was, self._busy = None, False
        for field in (self.text, self.aliases, self.note):
            field.clear()
        self.keep.set_text("Add")
        self._back.hide()
        self.outcome.clear()
        self._check()

    def _keep(self) -> None:
        text = folded(self.text.text())
        if not self.keep.isEnabled() or self._person is None:
            return
        self._busy = True
        self._check()
        others = [folded(part) for part in self.aliases.text().split(";")]
        reference = Reference(
            text=text,
            kind=cast("Literal['work', 'artist', 'performer', 'person']", self.kind.currentData()),
            aliases=tuple(dict.fromkeys(one for one in others if len(one) > 1 and one != text)),
            note=folded(self.note.text()),
        )
        self.set_wanted.emit(
            protocol.SetReferenceParams(reference=reference, was=self._was, person=self._person)
        )

    # internals

    def _row(self, one: Reference) -> QWidget:
        theme = self._theme_used
        row = QWidget()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(theme, one.text, "control", "text"))
        words.addWidget(ElidedLabel(theme, reference_words(one), "meta", "text3"))
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 6, 0, 6)
        line.setSpacing(4)
        line.addLayout(words, 1)
        if not self._why_not:
            change = IconButton(theme, "pencil", f"Change {one.text}", size_px=26, icon_px=14)
            change.setObjectName("reference_change")
            change.clicked.connect(lambda: self._change(one))
            away = IconButton(theme, "cross", f"Remove {one.text}", size_px=26, icon_px=14)
            away.setObjectName("reference_remove")
            away.clicked.connect(lambda: self._remove(one))
            line.addWidget(change)
            line.addWidget(away)
        return row

    def _change(self, one: Reference) -> None:
        self._clear()
        self._was = one.text
        self.text.setText(one.text)
        self.kind.setCurrentIndex(self.kind.findData(one.kind))
        self.aliases.setText("; ".join(one.aliases))
        self.note.setText(one.note)
        self.keep.set_text("Save")
        self._back.show()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, one: Reference) -> None:
        if self._person is not None and not self._busy:
            self._busy = True
            self.remove_wanted.emit(protocol.RemoveReferenceParams(text=one.text, person=self._person))
