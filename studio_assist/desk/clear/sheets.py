"""The sheets over the Clear desk, and the calls behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.clear.answer_sheet import AnswerSheet
from studio_assist.desk.clear.book import ClearBook
from studio_assist.desk.clear.consent_sheet import ConsentSheet
from studio_assist.desk.clear.contact_sheet import ContactSheet
from studio_assist.desk.clear.letter_sheet import NOTHING_SENT, LetterSheet, show_in_folder
from studio_assist.desk.clear.references_sheet import ReferencesSheet
from studio_assist.desk.clear.why_sheet import WhySheet
from studio_assist.desk.record.parts import Outcome
from studio_assist.desk.theme import Theme
from studio_assist.domain.clearance import ClearanceSeen
from studio_assist.domain.values import Value
from studio_assist.protocol import Method

P = TypeVar("P", bound=Value)


class ClearSheets(QObject):
    """Opens them. An error of a call stays in the sheet that made it, with its remedy.

    Signals:
        discarded: id of a draft that is gone.
        notice: a sentence.
        go_to_review: an entry's number.
    """

    discarded = Signal(str)
    notice = Signal(str)
    go_to_review = Signal(int)

    def __init__(self, theme: Theme, client: BrokerClient, book: ClearBook, desk: QWidget) -> None:
        super().__init__(desk)
        self._theme: Final = theme
        self._client: Final = client
        self._book: Final = book
        self._desk: Final = desk
        self._references: ReferencesSheet | None = None
        book.changed.connect(self._show_references)

    # methods

    def sent(self, sent: protocol.ClearanceSentTo) -> None:
        """What was made for whoever is asked."""
        sheet = LetterSheet(
            self._theme,
            self._desk.window(),
            f"{sent.seen.request.label} is ready to go to {sent.to or 'whoever answers it'}",
            protocol.Letter(subject=sent.subject, text=sent.text),
            to=sent.to,
            pdf=sent.pdf,
            entry=sent.entry,
        )
        sheet.review_wanted.connect(self.go_to_review)
        sheet.open()

    def letter(self, seen: ClearanceSeen, outcome: Outcome) -> None:
        """Copy the text of the mail that goes with a request."""
        person = self._book.person
        if person is None:
            return

        def copy(letter: protocol.Letter) -> None:
            QGuiApplication.clipboard().setText(letter.text)
            outcome.say(f"The mail text is copied. {NOTHING_SENT}")

        params = protocol.ClearanceRef(id=seen.request.id, person=person)
        call = self._client.call(protocol.CLEARANCE_LETTER, params, owner=self)
        call.on_done(copy).on_error(lambda error: outcome.error(error.message, error.remedy))

    def folder(self, seen: ClearanceSeen, outcome: Outcome) -> None:
        """Show where the PDF of a request lies."""
        if not seen.pdf or not show_in_folder(Path(seen.pdf)):
            outcome.error(
                f"The PDF of {seen.request.label} is not there any more.",
                "Copy the mail text, or ask whoever moved it.",
            )

    def answer(self, seen: ClearanceSeen, files: Sequence[str] = ()) -> None:
        """Record the answer to a request, with these documents."""
        person = self._book.person
        if person is None:
            return
        why_not = self._book.why_not_answer(seen)
        sheet = AnswerSheet(self._theme, self._desk.window(), seen, self._book, person, why_not)

        def done(answered: ClearanceSeen) -> None:
            self._book.put(answered)
            sheet.dismiss()
            what = "yes" if answered.state == "approved" else "no"
            self.notice.emit(f"The {what} to {answered.request.label} is in the record.")

        def record(params: protocol.AnswerClearanceParams) -> None:
            call = self._client.call(protocol.ANSWER_CLEARANCE, params, owner=sheet)
            call.on_done(done).on_error(sheet.show_error)

        sheet.wanted.connect(record)
        if files:
            sheet.files.add(files)
        sheet.open()

    def withdraw(self, seen: ClearanceSeen) -> None:
        """Take a request or an approval back."""
        person = self._book.person
        if person is None:
            return
        label = seen.request.label
        approved = seen.state == "approved"
        sheet = WhySheet(
            self._theme,
            self._desk.window(),
            f"Withdraw {label}?",
            "What it opened closes now, before its last day."
            if approved
            else "Whoever was asked has your mail still: tell them yourself.",
            do="Withdraw",
            keep="Leave it",
            asks_why=True,
            person=person.name,
        )

        def done(withdrawn: ClearanceSeen) -> None:
            self._book.put(withdrawn)
            sheet.dismiss()

        def withdraw(why: str) -> None:
            params = protocol.WithdrawClearanceParams(id=seen.request.id, why=why, person=person)
            call = self._client.call(protocol.WITHDRAW_CLEARANCE, params, owner=sheet)
            call.on_done(done).on_error(sheet.show_error)

        sheet.confirmed.connect(withdraw)
        sheet.open()

    def discard(self, request: str, label: str) -> None:
        """Throw a draft away, once that is meant."""
        person = self._book.person
        if person is None:
            return
        sheet = WhySheet(
            self._theme,
            self._desk.window(),
            f"Discard the draft {label}?",
            "Its answers and words go for good. Files that you attached stay where they came from.",
            do="Discard",
            keep="Keep the draft",
            asks_why=False,
        )

        def done(_nothing: protocol.Nothing) -> None:
            sheet.dismiss()
            self.discarded.emit(request)

        def discard(_why: str) -> None:
            params = protocol.ClearanceRef(id=request, person=person)
            call = self._client.call(protocol.DISCARD_CLEARANCE, params, owner=sheet)
            call.on_done(done).on_error(sheet.show_error)

        sheet.confirmed.connect(discard)
        sheet.open()

    def contact(self, use: str = "") -> None:
        """Note that the studio's contact was told, of this use or of those that are asked for."""
        book, person = self._book, self._book.person
        if person is None or book.shown is None:
            return
        wanted = {use} if use else {one.request.use for one in book.requests}
        known = book.shown.contact.contact if book.shown.contact else ""
        sheet = ContactSheet(
            self._theme, self._desk.window(), book.uses, tuple(wanted), person, contact=known
        )

        def tell(params: protocol.TellContactParams) -> None:
            self._change(protocol.TELL_CONTACT, params, sheet, sheet.dismiss)

        def write(uses: tuple[str, ...]) -> None:
            params = protocol.ContactTextParams(uses=uses, person=person)
            call = self._client.call(protocol.CONTACT_LETTER, params, owner=sheet)
            call.on_done(lambda letter: sheet.show_letter(letter) if uses == sheet.uses else None)
            call.on_error(sheet.show_no_letter)

        sheet.wanted.connect(tell)
        sheet.letter_wanted.connect(write)
        sheet.open()

    def add_consent(self) -> None:
        """Record a consent."""
        person = self._book.person
        if person is None:
            return
        sheet = ConsentSheet(self._theme, self._desk.window(), self._book, person)
        sheet.wanted.connect(lambda params: self._change(protocol.ADD_CONSENT, params, sheet, sheet.dismiss))
        sheet.open()

    def revoke_consent(self, consent: str) -> None:
        """Revoke a consent, with why."""
        person, shown = self._book.person, self._book.shown
        seen = next((one for one in shown.consents if one.consent.id == consent), None) if shown else None
        if person is None or seen is None:
            return
        sheet = WhySheet(
            self._theme,
            self._desk.window(),
            f"Revoke the consent of {seen.consent.person}?",
            "Nothing is made with it any more. What was made stays in the record.",
            do="Revoke",
            keep="Leave it",
            asks_why=True,
            person=person.name,
        )

        def revoke(why: str) -> None:
            params = protocol.RevokeConsentParams(id=consent, why=why, person=person)
            self._change(protocol.REVOKE_CONSENT, params, sheet, sheet.dismiss)

        sheet.confirmed.connect(revoke)
        sheet.open()

    def references(self) -> None:
        """The list of named works and people."""
        sheet = ReferencesSheet(self._theme, self._desk.window(), self._book.person, self._book.why_not)
        self._references = sheet
        sheet.closed.connect(self._references_closed)
        sheet.set_wanted.connect(lambda params: self._change(protocol.SET_REFERENCE, params, sheet))
        sheet.remove_wanted.connect(lambda params: self._change(protocol.REMOVE_REFERENCE, params, sheet))
        self._show_references()
        sheet.open()

    # slots

    def _show_references(self) -> None:
        if self._references is not None and self._book.shown is not None:
            self._references.show_references(self._book.shown.references)

    def _references_closed(self) -> None:
        self._references = None

    # internals

    def _change(
        self,
        method: Method[P, protocol.ClearDesk],
        params: P,
        sheet: ContactSheet | ConsentSheet | WhySheet | ReferencesSheet,
        after: Callable[[], object] | None = None,
    ) -> None:
        """A call that answers with the whole picture."""

        def done(shown: protocol.ClearDesk) -> None:
            self._book.take(shown)
            if after is not None:
                after()

        self._client.call(method, params, owner=sheet).on_done(done).on_error(sheet.show_error)
