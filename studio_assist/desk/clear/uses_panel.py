"""The left side of the Clear desk: what people want to do; below it consents and named works."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.clear import words
from studio_assist.desk.clear.book import ClearBook
from studio_assist.desk.clear.parts import IconField
from studio_assist.desk.clear.rows import USE_PX, RowList, UseRow
from studio_assist.desk.kit import Button, IconLabel, Label, LinkButton, Panel
from studio_assist.desk.theme import Theme
from studio_assist.domain.policy import Use

#: What stands for a use whose icon this version does not have.
_PLAIN: Final = "document"


class UsesPanel(Panel):
    """The list of uses with a search.

    Signals:
        chosen: id of a use.
        consents_wanted, names_wanted: the pages behind the buttons at its foot.
        contact_wanted: the contact is to be told again.
    """

    chosen = Signal(str)
    consents_wanted = Signal()
    names_wanted = Signal()
    contact_wanted = Signal()

    def __init__(self, theme: Theme, book: ClearBook) -> None:
        super().__init__(theme, "surface1", "r")
        self._book: Final = book
        self._known: frozenset[str] | None = None
        self.setObjectName("uses_panel")
        header = Panel(theme, "surface1", "rb")
        header.setFixedHeight(40)
        head = QHBoxLayout(header)
        head.setContentsMargins(12, 0, 12, 0)
        head.addWidget(Label(theme, "What do you want to do?", "strong"))
        self.search: Final = IconField(theme, "Find a use", "search", placeholder="Find a use")
        self.search.setObjectName("use_search")
        self.search.textChanged.connect(lambda _text: self.show_book(self.rows.current))
        self.search.installEventFilter(self)
        self.rows: Final = RowList(theme, "Uses", USE_PX)
        self.rows.setObjectName("use_rows")
        self.rows.chosen.connect(self.chosen)
        self._none: Final = Label(theme, "", "caption", "text3", wrap=True)
        self._none.setContentsMargins(12, 8, 12, 8)
        self._none.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        foot = Panel(theme, "surface1", "rt")
        under = QVBoxLayout(foot)
        under.setContentsMargins(6, 6, 6, 8)
        under.setSpacing(2)
        self.consents: Final = Button(theme, "Consents", icon="person", kind="ghost")
        self.consents.setObjectName("open_consents")
        self.names: Final = Button(theme, "Named works and people", icon="shield", kind="ghost")
        self.names.setObjectName("open_names")
        for button in (self.consents, self.names):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            under.addWidget(button)
        self.consents.clicked.connect(self.consents_wanted)
        self.names.clicked.connect(self.names_wanted)
        self._told: Final = QWidget()
        line = QVBoxLayout(self._told)
        line.setContentsMargins(8, 4, 6, 0)
        line.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(7)
        row.addWidget(IconLabel(theme, "check", "text3", 14), 0, Qt.AlignmentFlag.AlignTop)
        self._told_words: Final = Label(theme, "", "caption", "text3", wrap=True)
        self._told_words.setObjectName("contact_told")
        row.addWidget(self._told_words, 1)
        line.addLayout(row)
        self.again: Final = LinkButton(theme, "Tell of more uses…")
        self.again.setObjectName("contact_again")
        self.again.clicked.connect(self.contact_wanted)
        more = QHBoxLayout()
        more.setContentsMargins(18, 0, 0, 0)
        more.addWidget(self.again)
        more.addStretch(1)
        line.addLayout(more)
        under.addWidget(self._told)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        place = QHBoxLayout()
        place.setContentsMargins(12, 10, 13, 8)
        place.addWidget(self.search)
        column.addLayout(place)
        column.addWidget(self._none)
        rows = QHBoxLayout()
        rows.setContentsMargins(0, 0, 1, 0)
        rows.addWidget(self.rows)
        column.addLayout(rows, 1)
        column.addWidget(foot)

    # methods

    def show_book(self, current: str | None) -> None:
        """Show the uses that the search lets through, one of them as on."""
        book, wanted = self._book, self.search.text().casefold().split()
        uses = [use for use in book.uses if _found(use, wanted)]
        rows = [UseRow(use.id, use.title, use.media, self._icon(use.icon)) for use in uses]
        self.rows.show_rows(rows, current)
        none = ""
        if not rows:
            none = "No use is called so." if book.uses else "This policy names no uses."
        self._none.set_text(none)
        self._none.setVisible(bool(none) and book.shown is not None)
        shown = book.shown
        consents = len(shown.consents) if shown else 0
        names = len(shown.references) if shown else 0
        self.consents.set_text(f"Consents  {consents}" if consents else "Consents")
        self.names.set_text(f"Named works and people  {names}" if names else "Named works and people")
        contact = shown.contact if shown else None
        self._told.setVisible(contact is not None)
        self._told_words.set_text(f"{words.told_words(contact, book.today)}." if contact else "")
        self.again.setVisible(not book.why_not)

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None:
                self.rows.step(step)
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    # internals

    def _icon(self, name: str) -> str:
        if self._known is None:
            from studio_assist.desk.theme.icons import icon_names

            self._known = frozenset(icon_names())
        return name if name in self._known else _PLAIN


def _found(use: Use, wanted: list[str]) -> bool:
    said = f"{use.title} {use.media} {use.about}".casefold()
    return all(word in said for word in wanted)
