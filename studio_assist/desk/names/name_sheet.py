"""One name: how it is written, what it names, and other ways to write it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_assist.desk.kit import Button, Combo, Field, Label, PrimaryButton, Sheet, TextField
from studio_assist.desk.names.model import KINDS
from studio_assist.desk.record.parts import Outcome, titled
from studio_assist.desk.theme import Theme
from studio_assist.domain.names import NameKind, NameTerm

#: The longest name, in characters; see `domain.names.NameText`.
_LONGEST: Final = 200


class NameSheet(Sheet):
    """Adds a name or changes one. It stays until the list has it, or until the person goes back.

    Signals:
        wanted: (text, `NameKind`, other writings) keep it so.
    """

    wanted = Signal(str, object, tuple)

    def __init__(
        self, theme: Theme, window: QWidget, name: NameTerm | None, text: str = "", person: str = ""
    ) -> None:
        given = name is not None and name.source == "script"
        super().__init__(
            theme,
            window,
            f"Edit “{name.text}”" if name else "Add a name",
            subtitle="The script has this name; what you change here stands above it." if given else "",
            icon="pencil" if name else "plus",
            width_px=520,
        )
        self.setObjectName("name_sheet")
        self.text: Final = Field(theme, "Name", text=name.text if name else text)
        self.text.setObjectName("name_text")
        self.text.setMaxLength(_LONGEST)
        self.text.setReadOnly(given)
        self.text.setFocusPolicy(Qt.FocusPolicy.NoFocus if given else Qt.FocusPolicy.StrongFocus)
        self.kind: Final = Combo(theme, "Kind", height_px=30, width_px=180)
        self.kind.setObjectName("name_kind")
        for kind, words in KINDS.items():
            self.kind.addItem(words, kind.value)
        self.kind.setCurrentIndex(list(KINDS).index(name.kind if name else NameKind.CHARACTER))
        self.aliases: Final = TextField(theme, "Other ways to write it, one a line")
        self.aliases.setObjectName("name_aliases")
        self.aliases.setPlainText("\n".join(name.aliases) if name else "")
        self.aliases.setFixedHeight(92)
        self.body.addLayout(titled(theme, "Name", self.text))
        row = QHBoxLayout()
        row.addLayout(titled(theme, "Kind", self.kind))
        row.addStretch(1)
        self.body.addLayout(row)
        hint = Label(
            theme,
            "One a line: a full name, a nickname, a working title. Capitals and accents do not matter.",
            "caption",
            "text3",
            wrap=True,
        )
        self.body.addLayout(titled(theme, "Also written", self.aliases, hint))
        self.outcome: Final = Outcome(theme, "name_outcome")
        self.body.addWidget(self.outcome)
        self.footer.addWidget(Label(theme, f"Noted by {person}." if person else "", "caption", "text3"), 1)
        self.cancel: Final = Button(theme, "Cancel", key="Esc")
        self.cancel.clicked.connect(self.dismiss)
        self.keep: Final = PrimaryButton(theme, "Save" if name else "Add", key="Ctrl ↵")
        self.keep.setObjectName("name_keep")
        self.keep.clicked.connect(self._keep)
        self.footer.addWidget(self.cancel)
        self.footer.addWidget(self.keep)
        self.text.textChanged.connect(self._check)
        self.text.returnPressed.connect(self._keep)
        self.closed.connect(self.deleteLater)
        self._check()

    # methods

    def open(self) -> None:
        super().open()
        (self.kind if self.text.isReadOnly() else self.text).setFocus(Qt.FocusReason.PopupFocusReason)

    def show_error(self, message: str, remedy: str) -> None:
        """It was not kept; say why."""
        self.outcome.error(message, remedy)
        self._check()

    # slots

    def _check(self) -> None:
        self.keep.setEnabled(bool(self.text.text().strip()))

    def _keep(self) -> None:
        if not self.keep.isEnabled():
            return
        self.keep.setEnabled(False)
        text = " ".join(self.text.text().split())
        self.wanted.emit(text, NameKind(self.kind.currentData()), self._aliases(text))

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and held == Qt.KeyboardModifier.ControlModifier
        ):
            event.accept()
            self._keep()
        else:
            super().keyPressEvent(event)

    # internals

    def _aliases(self, text: str) -> tuple[str, ...]:
        """What stands in the field, each once, without the name itself."""
        lines = (" ".join(line.split())[:_LONGEST] for line in self.aliases.toPlainText().splitlines())
        return tuple(dict.fromkeys(line for line in lines if line and line != text))
