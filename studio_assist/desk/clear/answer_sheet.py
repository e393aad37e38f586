"""Record somebody's written answer: yes with its scope, or no with why. Nothing is chosen beforehand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.clear import words
from studio_assist.desk.clear.book import ClearBook
from studio_assist.desk.clear.files_part import FilesPart
from studio_assist.desk.clear.parts import FollowFocus, PersonField, WordChips
from studio_assist.desk.clear.scope_part import ScopeFields
from studio_assist.desk.kit import Button, ChoiceCard, Label, Sheet, TextField
from studio_assist.desk.record.parts import Outcome, scrolling, titled
from studio_assist.desk.theme import Theme
from studio_assist.domain.clearance import LONGEST_DAYS, ClearanceSeen, Scope
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person

#: What the sheet needs above and below its form, px.
_AROUND_PX: Final = 316

Given = Literal["approved", "refused"]


class AnswerSheet(Sheet):
    """Yes and no are chosen first; each asks for what it needs, and only then can it be recorded.

    Args:
        why_not: why this person cannot record an answer; the sheet is for reading then.

    Signals:
        wanted: an `AnswerClearanceParams`.
    """

    wanted = Signal(object)

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        seen: ClearanceSeen,
        book: ClearBook,
        person: Person,
        why_not: str = "",
    ) -> None:
        label = seen.request.label
        super().__init__(
            theme,
            window,
            f"Record the answer to {label}",
            subtitle=f"{words.title_of(seen, book.uses)}. Asked for by {seen.request.by.name}.",
            icon="document",
            width_px=680,
        )
        self.setObjectName("answer_sheet")
        self._seen: Final = seen
        self._person: Final = person
        self._why_not: Final = why_not
        self._done = False
        self.yes: Final = ChoiceCard(theme, "They said yes", "With a scope, an end date and a document.")
        self.yes.setObjectName("answer_yes")
        self.no: Final = ChoiceCard(theme, "They said no", "With why. Nothing opens.")
        self.no.setObjectName("answer_no")
        both = QButtonGroup(self)
        both.setExclusive(True)
        for card in (self.yes, self.no):
            both.addButton(card)
            card.toggled.connect(self._check)
        self.given_by: Final = PersonField(theme, "Given by", placeholder="As the document names them")
        self.given_by.setObjectName("answer_given_by")
        self.given_by.line.setMaxLength(200)
        self.given_by.offer(book.answerers())
        self.given_by.show_words(seen.request.approver)
        self.scope: Final = ScopeFields(theme)
        self.scope.set_choices(book.scenes, book.tasks, book.backends)
        asked = seen.request.scope
        self.scope.show_scope(asked.model_copy(update={"since": asked.since or book.today}))
        self.names: Final = WordChips(
            theme, "Named works and people that it covers", "Add a work or a person"
        )
        self.names.show_words(seen.request.names)
        self.files: Final = FilesPart(theme, "Drop the signed email or PDF here", many=True)
        self.words: Final = TextField(theme, "Words of the answer")
        self.words.setObjectName("answer_words")
        self.words.setFixedHeight(64)
        self._words_title: Final = Label(theme, "", "captionMedium", "text2")
        self._fill_body(theme, window)
        self.why: Final = Label(theme, "", "caption", "text2", wrap=True)
        self.why.setObjectName("answer_missing")
        self.cancel: Final = Button(theme, "Cancel", key="Esc")
        self.cancel.clicked.connect(self.dismiss)
        self.go: Final = Button(theme, "Record it")
        self.go.setObjectName("answer_go")
        self.go.clicked.connect(self._go)
        self.footer.addWidget(self.why, 1)
        self.footer.addWidget(self.cancel)
        self.footer.addWidget(self.go)
        for changed in (self.given_by.named, self.scope.changed, self.files.changed, self.words.textChanged):
            changed.connect(self._check)
        self.closed.connect(self.deleteLater)
        self._check()

    # properties

    @property
    def answer(self) -> Given | None:
        """What was said; None until it was chosen."""
        return "approved" if self.yes.isChecked() else "refused" if self.no.isChecked() else None

    @property
    def missing(self) -> str:
        """Why it cannot be recorded yet."""
        answer = self.answer
        if self._why_not:
            return self._why_not
        if answer is None:
            return "Say whether it was yes or no."
        if not self.given_by.words:
            return "Say who gave the answer."
        if answer == "refused":
            return "" if self._said else "Say why it was refused."
        return self._missing_for_yes()

    # methods

    def open(self) -> None:
        super().open()
        # Nothing is chosen beforehand, and nothing is pressed by Enter.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, error: StudioError) -> None:
        """It was not recorded; say why."""
        self._done = False
        where = f" ({error.place})" if error.place else ""
        self.outcome.error(f"{error.message}{where}", error.remedy)
        self._check()

    # slots

    def _check(self) -> None:
        answer, missing = self.answer, self.missing
        yes = answer == "approved"
        for part in self._for_yes:
            part.setVisible(yes)
        self._form.setVisible(answer is not None)
        self._area.setVisible(answer is not None)
        self._words_title.set_text("Limits, as the document says them" if yes else "Why it was refused")
        self.go.set_text("Record the yes" if yes else "Record the no" if answer else "Record it")
        self.why.set_text(missing or f"Signed by {self._person.name}.")
        self.go.setEnabled(not missing and not self._done)
        self.go.setAccessibleDescription(missing)
        for card in (self.yes, self.no):
            card.setEnabled(not self._why_not)
        self._area.setFixedHeight(min(self._most, self._form.sizeHint().height() + 2))

    def _go(self) -> None:
        answer = self.answer
        if answer is None or self.missing or self._done:
            return
        self._done = True
        self.go.setEnabled(False)
        yes = answer == "approved"
        self.outcome.say("Hashing the documents and signing.", "clock")
        self.wanted.emit(
            protocol.AnswerClearanceParams(
                id=self._seen.request.id,
                answer=answer,
                given_by=self.given_by.words,
                evidence=self.files.paths,
                scope=self.scope.scope if yes else Scope(),
                names=self.names.words if yes else (),
                words=self._said,
                person=self._person,
            )
        )

    # internals

    @property
    def _said(self) -> str:
        return self.words.toPlainText().strip()

    def _missing_for_yes(self) -> str:
        since, until = self.scope.since.day, self.scope.until.day
        if self.scope.wrong:
            return self.scope.wrong
        if since is None or until is None:
            return "A yes has a first and a last day."
        if until < date.today():
            return "The last day is over already."
        if until - since > timedelta(days=LONGEST_DAYS):
            return "A yes holds for two years at most: terms change."
        if not self.files.paths:
            return "A yes needs the signed document: drop it, or choose it."
        return ""

    def _fill_body(self, theme: Theme, window: QWidget) -> None:
        cards = QHBoxLayout()
        cards.setSpacing(10)
        cards.addWidget(self.yes, 1)
        cards.addWidget(self.no, 1)
        self.body.addLayout(cards)
        self._form = QWidget()
        column = QVBoxLayout(self._form)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        column.addLayout(titled(theme, "Given by", self.given_by))
        scope, names = QWidget(), QWidget()
        for holder, title, part in (
            (scope, "It holds for", self.scope),
            (names, "Named works and people that it covers", self.names),
        ):
            holder.setLayout(titled(theme, title, part))
            inner = holder.layout()
            assert inner is not None
            inner.setContentsMargins(0, 0, 0, 0)
            column.addWidget(holder)
        self._for_yes = (scope, names)
        said = QVBoxLayout()
        said.setSpacing(6)
        said.addWidget(self._words_title)
        said.addWidget(self.words)
        column.addLayout(said)
        attached = [one.name for one in self._seen.request.evidence]
        note = (
            f"With the request came {words.listed(attached)}; the answer is a document of its own."
            if attached
            else ""
        )
        hint = Label(theme, note, "caption", "text3", wrap=True)
        hint.setVisible(bool(note))
        column.addLayout(titled(theme, "Documents", self.files, hint))
        self._most = max(220, window.height() - _AROUND_PX)
        self._area = scrolling(self._form, "The answer", self._most)
        FollowFocus(self._area)
        self.body.addWidget(self._area)
        self.outcome = Outcome(theme, "answer_outcome")
        self.body.addWidget(self.outcome)
