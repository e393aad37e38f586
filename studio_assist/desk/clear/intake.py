"""The middle of the Clear desk: one request, with its questions, what they give, and what goes with it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio_assist.desk.clear import words
from studio_assist.desk.clear.book import ClearBook
from studio_assist.desk.clear.drafts import Draft
from studio_assist.desk.clear.footer import COLUMN_PX, DraftFoot
from studio_assist.desk.clear.parts import FollowFocus
from studio_assist.desk.clear.reading import Reading
from studio_assist.desk.clear.request_parts import RequestParts
from studio_assist.desk.clear.results import Results
from studio_assist.desk.clear.switch import QuestionRow
from studio_assist.desk.kit import Divider, IconLabel, Label
from studio_assist.desk.theme import Theme
from studio_assist.domain.clearance import Answer, Assessment, ClearanceSeen
from studio_assist.domain.clearing import assess_use

_NUMBERS: Final = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


class Intake(QScrollArea):
    """Shows a request; a draft of the person at the keyboard can be changed.

    Signals:
        edited: the `Draft` as it stands in the form now.
        assessed: what its answers give has changed.
    """

    edited = Signal(object)
    assessed = Signal()

    def __init__(self, theme: Theme, book: ClearBook) -> None:
        super().__init__()
        self._theme: Final = theme
        self._book: Final = book
        self._draft: Draft | None = None
        self._seen: ClearanceSeen | None = None
        self._editable = False
        self._found = Assessment(result="open")
        self._ticks_seen = False
        self._rows: dict[str, QuestionRow] = {}
        self.setObjectName("clear_intake")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self._build()
        FollowFocus(self)

    # properties

    @property
    def draft(self) -> Draft | None:
        """The request's fields as they stand in the form."""
        return self._draft

    @property
    def assessment(self) -> Assessment:
        """What the answers give."""
        return self._found

    @property
    def missing(self) -> str:
        """Why it cannot be sent yet, "" where it can."""
        draft, book = self._draft, self._book
        if draft is None or book.why_not:
            return book.why_not
        if not draft.use:
            return "Choose what you want to do, on the left."
        waiting = [row for row in self._rows.values() if row.answer is None]
        if waiting:
            numbers = [str(at) for at, row in enumerate(self._rows.values(), 1) if row in waiting]
            return f"Answer question{'s' if len(numbers) > 1 else ''} {words.listed(numbers)} first."
        if self.parts.scope.wrong:
            return f"Scope: {self.parts.scope.wrong}"
        if not draft.approver:
            return "Say who is asked to approve it."
        if book.person is not None and draft.approver.casefold() == book.person.name.casefold():
            return "You ask for it, so somebody else approves it."
        return f"Needed by: {self.foot.needed.wrong}" if self.foot.needed.wrong else ""

    # methods

    def show_request(self, draft: Draft, seen: ClearanceSeen | None, *, editable: bool) -> None:
        """Show a request from its beginning."""
        self._ticks_seen = False
        # What stood half typed in a field was the other request's.
        self.parts.begin(draft)
        self.foot.forget_typed()
        self.foot.outcome.clear()
        self.reading.outcome.clear()
        self._show(draft, seen, editable=editable)
        self.verticalScrollBar().setValue(0)

    def refresh(self, draft: Draft, seen: ClearanceSeen | None, *, editable: bool) -> None:
        """Show what has changed of the request that is shown."""
        self._show(draft, seen, editable=editable)

    def set_use(self, use: str) -> None:
        """The person chose what they want to do."""
        self._change({"use": use})

    def show_saved(self, state: str) -> None:
        """Say where the draft's words are."""
        self._saved.set_text(state)

    def focus_question(self) -> bool:
        """Put the focus on the first question that waits, else on the first; False where there is none."""
        rows = list(self._rows.values())
        if not rows or not self._editable:
            return False
        row = next((one for one in rows if one.answer is None), rows[0])
        row.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def focus_missing(self) -> bool:
        """Put the focus on what keeps it from being sent; False where that is not in the form."""
        if any(row.answer is None for row in self._rows.values()):
            return self.focus_question()
        draft = self._draft
        if draft is None or not draft.use or self.parts.scope.wrong:
            return False
        field = self.foot.needed if self.foot.needed.wrong else self.foot.approver.line
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def narrow(self, *, narrow: bool) -> None:
        """Give the text the room of a small window."""
        side = 20 if narrow else 32
        self._column.setContentsMargins(side, 22, side, 24)
        self.foot.narrow(side)
        self.reading.narrow(side)

    # slots

    def _answered(self, question: str, answer: Answer) -> None:
        if self._draft is not None:
            self._change({"answers": self._draft.answers | {question: answer}})
        # The answers alone would let it proceed: whether anything else speaks against it is asked openly.
        shown = self._book.shown
        if self._found.result == "proceed" and not self._ticks_seen and shown and shown.triggers:
            self._ticks_seen = True
            self.parts.open_ticks()

    def _stepped(self, by: int) -> None:
        rows = list(self._rows.values())
        at = next((at for at, row in enumerate(rows) if row.hasFocus()), 0) + by
        if 0 <= at < len(rows):
            rows[at].setFocus(Qt.FocusReason.TabFocusReason if by > 0 else Qt.FocusReason.BacktabFocusReason)

    def _edit(self) -> None:
        """Something in the form was changed by the person."""
        self._change(
            {
                **self.parts.fields,
                "approver": self.foot.approver.words,
                "needed_by": self.foot.needed.day,
            }
        )

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.foot.fit(self.viewport().width())
        self.reading.fit(self.viewport().width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The arrows are the questions', not the page's.
        event.ignore()

    # internals

    def _change(self, fields: dict[str, object]) -> None:
        draft = self._draft
        if draft is None or not self._editable:
            return
        changed = draft.model_copy(update=fields)
        if changed != draft:
            self._draft = changed
            self._show_found()
            self.edited.emit(changed)

    def _show(self, draft: Draft, seen: ClearanceSeen | None, *, editable: bool) -> None:
        self._draft, self._seen, self._editable = draft, seen, editable
        book = self._book
        self._show_questions()
        for one, row in self._rows.items():
            row.show_answer(draft.answers.get(one))
            row.set_editable(editable)
        self.parts.show_draft(draft, editable=editable)
        self.foot.offer(book.answerers())
        self.foot.show_fields(draft.approver, draft.needed_by)
        self.foot.setVisible(editable)
        self.foot.bar.setVisible(editable)
        self.foot.discard.setVisible(draft.id is not None)
        self.reading.setVisible(not editable and seen is not None)
        self.reading.bar.setVisible(not editable and seen is not None)
        # Answered, the answer counts, and no longer what the questions would give without one.
        self.results.setVisible(seen is None or seen.state in ("draft", "sent"))
        if not editable and seen is not None:
            self.reading.show_seen(seen, book)
        self._saved.setVisible(editable)
        self._show_found()

    def _show_questions(self) -> None:
        questions = self._book.shown.questions if self._book.shown else ()
        if [row.question for row in self._rows.values()] == list(questions):
            return
        while (item := self._question_place.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self._rows = {}
        for at, question in enumerate(questions, 1):
            row = QuestionRow(self._theme, at, question, words.hint_of(question))
            row.answered.connect(self._answered)
            row.stepped.connect(self._stepped)
            self._rows[question.id] = row
            self._question_place.addWidget(Divider(self._theme))
            self._question_place.addWidget(row)
        self._question_place.addWidget(Divider(self._theme))

    def _show_found(self) -> None:
        draft, shown, book = self._draft, self._book.shown, self._book
        if draft is None or shown is None:
            return
        use = book.use(draft.use)
        self._found = assess_use(
            shown.questions,
            shown.triggers,
            use,
            draft.answers,
            draft.triggers,
            draft.names,
            shown.notice_rule,
            draft.scope.scenes,
        )
        self.results.show_result(self._found, tells=shown.wants_contact)
        self._show_head(draft)
        self.parts.show_notes(draft)
        proceeds = self._found.result == "proceed"
        self.foot.columns.show_columns(
            words.columns_of(use, draft.scope, draft.approver, proceeds=proceeds, tells=shown.wants_contact)
        )
        self.foot.show_missing(self.missing)
        told = shown.contact is not None and draft.use in shown.contact.uses
        if not proceeds or not shown.wants_contact:
            self.foot.show_telling("", offer=False)
        elif told and shown.contact is not None:
            said = words.told_words(shown.contact, book.today)
            self.foot.show_telling(f"{said}. Nothing else is asked for.", offer=False)
        else:
            self.foot.show_telling("Once your contact is told, nothing else is asked for.", offer=True)
        self.assessed.emit()

    def _show_head(self, draft: Draft) -> None:
        use, seen = self._book.use(draft.use), self._seen
        self._title.set_text(use.title if use else "What do you want to do?")
        count = len(self._rows)
        label = self._book.labelled(draft.id) if draft.id else ""
        parts = [f"Request {label}" if label else "New request"]
        if draft.scope.scenes:
            parts.append(words.scenes_words(draft.scope))
        parts += draft.names[:3]
        number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
        decide = f"{number} answer{'s decide' if count != 1 else ' decides'} who has to know."
        if not self._editable and seen is not None:
            decide = f"{words.status_of(seen).words}. Asked for by {seen.request.by.name}."
        self._under.set_text(f"{', '.join(parts)}. {decide}")
        why = draft.why and f"Why it needs clearance: {draft.why}"
        off = self._book.why_not if self._book.shown else ""
        self._why.set_text(off or why)
        self._why_icon.set_icon("lock" if off else "shield", "text2")
        self._why_row.setVisible(bool(off or why))

    def _build(self) -> None:
        theme = self._theme
        inner = QWidget()
        inner.setMaximumWidth(COLUMN_PX)
        self._column = QVBoxLayout(inner)
        self._column.setSpacing(0)
        self._title = Label(theme, "", "title", "text", wrap=True)
        self._title.setObjectName("clear_title")
        self._saved = Label(theme, "", "meta", "text3")
        self._saved.setObjectName("clear_saved")
        self._under = Label(theme, "", "body", "text2", wrap=True)
        self._under.setObjectName("clear_under")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title, 1)
        head.addWidget(self._saved, 0, Qt.AlignmentFlag.AlignBottom)
        self._why_row = QWidget()
        self._why_icon = IconLabel(theme, "shield", "text2", 14)
        self._why = Label(theme, "", "caption", "text", wrap=True)
        self._why.setObjectName("clear_why")
        why = QHBoxLayout(self._why_row)
        why.setContentsMargins(0, 8, 0, 0)
        why.setSpacing(8)
        why.addWidget(self._why_icon, 0, Qt.AlignmentFlag.AlignTop)
        why.addWidget(self._why, 1)
        self._question_place = QVBoxLayout()
        self._question_place.setSpacing(0)
        self.results = Results(theme)
        self.parts = RequestParts(theme, self._book)
        self.foot = DraftFoot(theme)
        self.reading = Reading(theme)
        self._column.addLayout(head)
        self._column.addSpacing(2)
        self._column.addWidget(self._under)
        self._column.addWidget(self._why_row)
        self._column.addWidget(self.reading)
        self._column.addSpacing(18)
        self._column.addLayout(self._question_place)
        self._column.addSpacing(18)
        self._column.addWidget(self.results)
        self._column.addSpacing(8)
        self._column.addWidget(self.parts)
        self._column.addSpacing(16)
        self._column.addWidget(self.foot)
        self._column.addStretch(1)
        self.setWidget(inner)
        # Given to a scroll area, a widget gets a ground of its own.
        inner.setAutoFillBackground(False)
        self.narrow(narrow=False)
        self.parts.changed.connect(self._edit)
        self.parts.ticks_opened.connect(self._saw_ticks)
        self.foot.changed.connect(self._edit)

    def _saw_ticks(self) -> None:
        self._ticks_seen = True
