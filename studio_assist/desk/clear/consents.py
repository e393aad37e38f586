"""The list of consents: who consents to what, until when, and how each stands."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio_assist.desk.clear import words
from studio_assist.desk.clear.book import ClearBook
from studio_assist.desk.kit import Button, Divider, ElidedLabel, IconLabel, Label, LinkButton
from studio_assist.desk.theme import Theme
from studio_assist.domain.clearance import ConsentSeen

_ABOUT: Final = (
    "A likeness or a voice is used only with a recorded consent, for the uses that it names and until its "
    "last day."
)
_ICONS: Final = {"valid": ("check", "green"), "expired": ("clock", "text2"), "revoked": ("undo", "text2")}


class ConsentsPage(QScrollArea):
    """The consents, with the way to add and to revoke one.

    Signals:
        add_wanted: record one.
        revoke_wanted: id of the consent to be revoked.
        back_wanted: to the request that was shown before.
    """

    add_wanted = Signal()
    revoke_wanted = Signal(str)
    back_wanted = Signal()

    def __init__(self, theme: Theme, book: ClearBook) -> None:
        super().__init__()
        self._theme: Final = theme
        self._book: Final = book
        self._held: tuple[ConsentSeen, ...] | None = None
        self._off: str | None = None
        self.setObjectName("consents_page")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        inner = QWidget()
        inner.setMaximumWidth(764)
        self.add: Final = Button(theme, "Add consent…", icon="plus")
        self.add.setObjectName("add_consent")
        self.add.clicked.connect(self.add_wanted)
        back = Button(theme, "Back to the request", icon="chevron-left", kind="ghost")
        back.setObjectName("consents_back")
        back.clicked.connect(self.back_wanted)
        head = QHBoxLayout()
        head.addWidget(Label(theme, "Consents", "title"), 1)
        head.addWidget(back)
        head.addWidget(self.add)
        self._why: Final = Label(theme, "", "caption", "text2", wrap=True)
        self._rows: Final = QVBoxLayout()
        self._rows.setSpacing(0)
        column = QVBoxLayout(inner)
        column.setContentsMargins(32, 22, 32, 24)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(Label(theme, _ABOUT, "body", "text2", wrap=True))
        column.addWidget(self._why)
        column.addSpacing(6)
        column.addLayout(self._rows)
        column.addStretch(1)
        self.setWidget(inner)
        inner.setAutoFillBackground(False)

    # methods

    def show_book(self) -> None:
        """Show the consents as they stand."""
        shown, off = self._book.shown, self._book.why_not
        held = shown.consents if shown else ()
        if held == self._held and off == self._off:
            return
        self._held, self._off = held, off
        self.add.setEnabled(not off)
        self._why.set_text(off)
        self._why.setVisible(bool(off))
        while (item := self._rows.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        if not held:
            self._rows.addWidget(Divider(self._theme))
            none = Label(self._theme, "No consents yet", "sheetTitle", "text2")
            none.setContentsMargins(0, 24, 0, 0)
            self._rows.addWidget(none)
        for one in sorted(held, key=lambda seen: (seen.state != "valid", seen.consent.person.casefold())):
            self._rows.addWidget(Divider(self._theme))
            self._rows.addWidget(self._row(one, off))

    # internals

    def _row(self, seen: ConsentSeen, off: str) -> QWidget:
        theme, consent = self._theme, seen.consent
        row = QWidget()
        row.setObjectName(f"consent_{consent.id}")
        icon, token = _ICONS.get(seen.state, ("warning", "redText"))
        left = QVBoxLayout()
        left.setSpacing(1)
        name = consent.person + (f" (estate: {consent.estate})" if consent.deceased else "")
        left.addWidget(Label(theme, name, "control", "text", wrap=True))
        kinds = words.listed([words.KINDS[kind] for kind in consent.kinds])
        left.addWidget(Label(theme, f"{kinds}: {consent.uses}", "caption", "text2", wrap=True))
        under = f"Represented by {consent.representation}"
        if consent.representation.casefold() == "none":
            under = "Not represented"
        where = words.scenes_words(consent.scope)
        left.addWidget(ElidedLabel(theme, f"{under} · {where} · {consent.document.name}", "meta", "text3"))
        right = QVBoxLayout()
        right.setSpacing(2)
        state = QHBoxLayout()
        state.setSpacing(6)
        state.addStretch(1)
        state.addWidget(IconLabel(theme, icon, token, 14))
        red = token == "redText"
        said = Label(theme, words.CONSENT_STATES[seen.state], "captionMedium", "redText" if red else "text")
        state.addWidget(said)
        right.addLayout(state)
        until = consent.scope.until
        day = Label(theme, f"until {words.day_words(until)}" if until else "", "meta", "text3")
        right.addWidget(day, 0, Qt.AlignmentFlag.AlignRight)
        if seen.state != "revoked":
            revoke = LinkButton(theme, "Revoke…", name=f"Revoke the consent of {consent.person}")
            revoke.setObjectName("revoke_consent")
            revoke.setEnabled(not off)
            revoke.setToolTip(off)
            revoke.clicked.connect(lambda: self.revoke_wanted.emit(consent.id))
            right.addWidget(revoke, 0, Qt.AlignmentFlag.AlignRight)
        right.addStretch(1)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 10, 0, 10)
        line.setSpacing(16)
        line.addLayout(left, 1)
        line.addLayout(right)
        return row
