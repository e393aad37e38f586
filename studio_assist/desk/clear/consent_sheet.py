"""Record a person's consent to uses of themselves, with the signed paper."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.clear.book import ClearBook
from studio_assist.desk.clear.files_part import FilesPart
from studio_assist.desk.clear.parts import FollowFocus
from studio_assist.desk.clear.scope_part import ScopeFields
from studio_assist.desk.clear.ticks import Tick
from studio_assist.desk.clear.words import KINDS, folded
from studio_assist.desk.kit import Button, Chip, Field, Label, Sheet, TextField
from studio_assist.desk.record.parts import Outcome, scrolling, titled
from studio_assist.desk.theme import Theme
from studio_assist.domain.clearance import LONGEST_DAYS
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person

#: What the sheet needs above and below its form, px.
_AROUND_PX: Final = 296


class ConsentSheet(Sheet):
    """Who consents, to what, who spoke for them, until when, and the paper.

    Signals:
        wanted: an `AddConsentParams`.
    """

    wanted = Signal(object)

    def __init__(self, theme: Theme, window: QWidget, book: ClearBook, person: Person) -> None:
        super().__init__(
            theme,
            window,
            "Add a consent",
            subtitle="Specific uses, in plain words, from the person or whoever may speak for them.",
            icon="person",
            width_px=640,
        )
        self.setObjectName("consent_sheet")
        self._person: Final = person
        self._done = False
        self.who: Final = Field(theme, "Person", placeholder="Who consents")
        self.who.setObjectName("consent_who")
        self.aliases: Final = Field(theme, "Also written", placeholder="With a semicolon between them")
        self.aliases.setObjectName("consent_aliases")
        self.kinds: Final[dict[str, Chip]] = {}
        for kind, said in KINDS.items():
            chip = Chip(theme, said, name=f"Consents to: {said}")
            chip.setObjectName(f"consent_kind_{kind}")
            chip.clicked.connect(self._check)
            self.kinds[kind] = chip
        self.uses: Final = TextField(theme, "Uses in plain words", placeholder="What is made, and what for")
        self.uses.setObjectName("consent_uses")
        self.uses.setFixedHeight(64)
        self.representation: Final = Field(
            theme, "Represented by", placeholder="Union, agent or lawyer; “none” where nobody did"
        )
        self.representation.setObjectName("consent_representation")
        self.deceased: Final = Tick(theme, "consent_deceased", "They have died; their estate consents")
        self.deceased.toggled.connect(self._check)
        self.estate: Final = Field(theme, "Estate", placeholder="Who consents for the estate")
        self.estate.setObjectName("consent_estate")
        self.scope: Final = ScopeFields(theme)
        self.scope.set_choices(book.scenes, book.tasks, book.backends)
        self.scope.since.show_day(book.today)
        self.files: Final = FilesPart(theme, "Drop the signed paper here, or choose it", many=False)
        self._fill_body(theme, window)
        self.outcome: Final = Outcome(theme, "consent_outcome")
        self.body.addWidget(self.outcome)
        self.why: Final = Label(theme, "", "caption", "text2", wrap=True)
        cancel = Button(theme, "Cancel", key="Esc")
        cancel.clicked.connect(self.dismiss)
        self.go: Final = Button(theme, "Record consent")
        self.go.setObjectName("consent_go")
        self.go.clicked.connect(self._go)
        self.footer.addWidget(self.why, 1)
        self.footer.addWidget(cancel)
        self.footer.addWidget(self.go)
        for field in (self.who, self.representation, self.estate, self.uses):
            field.textChanged.connect(self._check)
        self.scope.changed.connect(self._check)
        self.files.changed.connect(self._check)
        self.closed.connect(self.deleteLater)
        self._check()

    # methods

    def open(self) -> None:
        super().open()
        self.who.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_error(self, error: StudioError) -> None:
        """It was not recorded; say why."""
        self._done = False
        where = f" ({error.place})" if error.place else ""
        self.outcome.error(f"{error.message}{where}", error.remedy)
        self._check()

    # slots

    def _check(self) -> None:
        missing = self._missing()
        self.estate.setVisible(self.deceased.box.isChecked())
        self.why.set_text(missing or f"Signed by {self._person.name}.")
        self.go.setEnabled(not missing and not self._done)

    def _go(self) -> None:
        if self._missing() or self._done:
            return
        self._done = True
        self.go.setEnabled(False)
        self.outcome.say("Copying the paper into the project, and signing.", "clock")
        who = folded(self.who.text())
        others = [folded(part) for part in self.aliases.text().split(";")]
        deceased = self.deceased.box.isChecked()
        self.wanted.emit(
            protocol.AddConsentParams(
                who=who,
                aliases=tuple(dict.fromkeys(one for one in others if one and one != who)),
                kinds=tuple(kind for kind in KINDS if self.kinds[kind].isChecked()),
                uses=self.uses.toPlainText().strip(),
                representation=folded(self.representation.text()),
                deceased=deceased,
                estate=folded(self.estate.text()) if deceased else "",
                scope=self.scope.scope,
                document=self.files.paths[0],
                person=self._person,
            )
        )

    # internals

    def _missing(self) -> str:
        until = self.scope.until.day
        asked = (
            (folded(self.who.text()), "Say who consents."),
            (any(chip.isChecked() for chip in self.kinds.values()), "Say what they consent to."),
            (self.uses.toPlainText().strip(), "Say which uses, in plain words."),
            (folded(self.representation.text()), "Say who represented them, or “none”."),
            (not self.deceased.box.isChecked() or folded(self.estate.text()), "Name the estate."),
            (not self.scope.wrong, self.scope.wrong),
            (until, "A consent has a last day."),
            (self.files.paths, "A consent needs its signed paper."),
        )
        missing = next((said for there, said in asked if not there), "")
        if missing or until is None:
            return missing
        if until < date.today():
            return "The last day is over already."
        first = self.scope.since.day or date.today()
        too_long = until - first > timedelta(days=LONGEST_DAYS)
        return "A consent holds for two years at most, and is renewed then." if too_long else ""

    def _fill_body(self, theme: Theme, window: QWidget) -> None:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        names = QHBoxLayout()
        names.setSpacing(10)
        names.addLayout(titled(theme, "Person", self.who), 1)
        names.addLayout(titled(theme, "Also written", self.aliases), 1)
        column.addLayout(names)
        kinds = QHBoxLayout()
        kinds.setSpacing(6)
        for chip in self.kinds.values():
            kinds.addWidget(chip)
        kinds.addStretch(1)
        to = titled(theme, "Consents to")
        to.addLayout(kinds)
        column.addLayout(to)
        column.addLayout(titled(theme, "Uses in plain words", self.uses))
        column.addLayout(titled(theme, "Represented by", self.representation))
        column.addLayout(titled(theme, "Deceased", self.deceased, self.estate))
        column.addLayout(titled(theme, "It holds for", self.scope))
        column.addLayout(titled(theme, "Signed paper", self.files))
        area = scrolling(form, "The consent", max(220, window.height() - _AROUND_PX))
        FollowFocus(area)
        self.body.addWidget(area)
