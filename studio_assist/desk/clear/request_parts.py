"""The folding parts of a request: triggers, named works and people, scope, words to whoever approves it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio_assist.desk.board.form_parts import WordsField
from studio_assist.desk.clear import words
from studio_assist.desk.clear.book import ClearBook
from studio_assist.desk.clear.drafts import Draft
from studio_assist.desk.clear.parts import Fold, WordChips, under
from studio_assist.desk.clear.scope_part import ScopeFields
from studio_assist.desk.clear.ticks import Ticks
from studio_assist.desk.kit import Field
from studio_assist.desk.theme import Theme


class RequestParts(QWidget):
    """Each part says in its head what stands in it.

    Signals:
        changed: by the person.
        ticks_opened: the person opened or shut the list of triggers.
    """

    changed = Signal()
    ticks_opened = Signal()

    def __init__(self, theme: Theme, book: ClearBook) -> None:
        super().__init__()
        self._book: Final = book
        self.ticks: Final = Ticks(theme)
        self.names: Final = WordChips(theme, "Named works and people", "Add a work or a person")
        self.names.setObjectName("clear_names")
        self.scope: Final = ScopeFields(theme)
        self.title: Final = Field(theme, "Short title", placeholder="As it stands in the list")
        self.title.setObjectName("clear_short_title")
        self.title.setMaxLength(200)
        self.words: Final = WordsField(theme, "Words to the approver", theme.font("body"))
        self.words.setObjectName("clear_words")
        self.words.viewport().installEventFilter(self)
        said = QWidget()
        fields = QVBoxLayout(said)
        fields.setSpacing(10)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.addLayout(under(theme, "Short title", self.title))
        fields.addLayout(under(theme, "What you want to do, and why", self.words))
        self._folds: Final = (
            Fold(theme, "fold_triggers", "Does any of this apply?", self.ticks),
            Fold(theme, "fold_names", "Named works or people", _indented(self.names)),
            Fold(theme, "fold_scope", "Scope", _indented(self.scope)),
            Fold(theme, "fold_words", "Words to the approver", _indented(said)),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for fold in self._folds:
            column.addWidget(fold)
        for changed in (self.ticks.changed, self.names.changed, self.scope.changed, self.words.typed):
            changed.connect(self.changed)
        self.title.textEdited.connect(lambda _text: self.changed.emit())
        self._folds[0].head.clicked.connect(lambda _open: self.ticks_opened.emit())

    # properties

    @property
    def fields(self) -> dict[str, object]:
        """What stands in them, by the names of a draft's fields."""
        return {
            "triggers": self.ticks.ticked,
            "names": self.names.words,
            "scope": self.scope.scope,
            "title": words.folded(self.title.text()),
            "words": self.words.toPlainText().strip(),
        }

    @property
    def open_parts(self) -> list[str]:
        """Names of those that are open."""
        return [fold.head.objectName() for fold in self._folds if fold.is_open]

    # methods

    def set_open_parts(self, names: Sequence[str]) -> None:
        """Open these."""
        for fold in self._folds:
            fold.set_open(fold.head.objectName() in names)

    def open_ticks(self) -> None:
        """Ask openly whether any of the triggers applies."""
        self._folds[0].set_open(True)

    def begin(self, draft: Draft) -> None:
        """Another request is shown: what stood half typed in a field goes."""
        self.scope.show_scope(draft.scope)

    def show_draft(self, draft: Draft, *, editable: bool) -> None:
        """Show a draft's fields; what is being typed stays as it is."""
        book, shown = self._book, self._book.shown
        self.ticks.show_rules(shown.triggers if shown else (), draft.triggers)
        self._folds[0].setVisible(bool(shown and shown.triggers))
        self.names.show_words(draft.names)
        self.names.offer([one.text for one in shown.references] if shown else [])
        self.scope.set_choices(book.scenes, book.tasks, book.backends)
        if draft.scope != self.scope.scope:
            self.scope.show_scope(draft.scope)
        if words.folded(self.title.text()) != draft.title:
            self.title.setText(draft.title)
        if self.words.toPlainText().strip() != draft.words:
            self.words.show_words(draft.words)
        for part in (self.ticks, self.names, self.scope):
            part.setEnabled(editable)
        self.title.setReadOnly(not editable)
        self.words.setReadOnly(not editable)

    def show_notes(self, draft: Draft) -> None:
        """Say in each head what stands in its part."""
        book = self._book
        notes = (
            self.ticks.note,
            words.listed(draft.names) if draft.names else "None",
            words.scope_words(draft.scope, book.tasks, book.backends),
            draft.title or words.folded(draft.words) or "None yet",
        )
        for fold, note in zip(self._folds, notes, strict=True):
            fold.set_note(note)

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and watched is self.words.viewport():
            # The page scrolls, not the field in it.
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def _indented(part: QWidget) -> QWidget:
    """A part as it stands under the head that folds it."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(36, 2, 0, 14)
    column.addWidget(part)
    return holder
