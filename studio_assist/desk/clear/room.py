"""The Clear desk put together: what is shown of which request, and what is done with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.clear.attaching import Attaching
from studio_assist.desk.clear.drafts import Draft, asks_the_same, begun, draft_of
from studio_assist.desk.clear.files_part import KINDS
from studio_assist.desk.clear.frame import ClearFrame
from studio_assist.desk.clear.requests_panel import NEW, fresh_row
from studio_assist.desk.clear.sheets import ClearSheets
from studio_assist.desk.clear.shelf import DraftShelf
from studio_assist.desk.theme import Theme
from studio_assist.domain.clearance import ClearanceSeen
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person

_OPEN: Final = "clear/open_parts"


class ClearRoom(ClearFrame):
    """See `ClearDesk`, which makes it when somebody first goes there.

    Signals:
        error: a `StudioError` that has no place of its own here.
        notice: a sentence.
        go_to_review: an entry's number.
        waiting_changed: how many requests wait for an answer that the person at the keyboard may record.
    """

    error = Signal(object)
    notice = Signal(str)
    go_to_review = Signal(int)
    waiting_changed = Signal(int)

    def __init__(self, theme: Theme, client: BrokerClient, layout: QSettings) -> None:
        super().__init__(theme)
        self._client: Final = client
        self._layout: Final = layout
        self._current: str | None = None
        self._sending = False
        self._asked_for = ""
        self._to_question = False
        self._waiting = 0
        self.shelf: Final = DraftShelf(client, self)
        self.attaching: Final = Attaching(client, self)
        self.sheets: Final = ClearSheets(theme, client, self.book, self)
        kept = layout.value(_OPEN)
        self.intake.parts.set_open_parts([str(one) for one in kept] if isinstance(kept, list) else [])
        self._connect()
        self._show()

    # properties

    @property
    def current(self) -> str | None:
        """Id of the request that is shown, `NEW` for a draft that has no number yet."""
        return self._current

    @property
    def is_keeping(self) -> bool:
        """Whether a draft is on its way to disk."""
        return self.shelf.is_keeping

    # methods

    def set_project(self, state: protocol.ProjectState | None) -> None:
        """Another project is open, or none."""
        self._leave()
        self._current = None
        self.attaching.clear()
        self.book.clear()
        if state is None:
            return
        self.book.folder, self.book.read_only = state.path, state.read_only or ""
        self.rejoin()

    def rejoin(self) -> None:
        """Ask for everything anew: a project was opened, or the broker was started again."""

        def tasks(told: protocol.Tasks) -> None:
            self.book.set_choices(tasks={task.id: task.title for task in told.tasks})

        def backends(told: protocol.Backends) -> None:
            self.book.set_choices(backends={one.id: one.name for one in told.backends})

        call = self._client.call(protocol.SHOW_CLEAR, protocol.Nothing(), owner=self)
        call.on_done(lambda shown: self._take_first(shown)).on_error(self.error.emit)
        asked = self._client.call(protocol.LIST_TASKS, protocol.ListTasksParams(), owner=self)
        asked.on_done(tasks).on_error(self.error.emit)
        models = self._client.call(protocol.LIST_BACKENDS, protocol.ListBackendsParams(), owner=self)
        models.on_done(backends).on_error(self.error.emit)

    def set_person(self, person: Person | None) -> None:
        """Who is at the keyboard from now on."""
        self._leave()
        self.book.set_person(person)
        self._open(self._current)

    def set_scenes(self, scenes: Sequence[str]) -> None:
        """Numbers of the script's scenes."""
        if tuple(scenes) != self.book.scenes:
            self.book.set_choices(scenes=tuple(scenes))

    def take(self, event: protocol.Event) -> None:
        """An event of the broker."""
        match event:
            case protocol.ClearanceChanged():
                self.book.take(event.desk)
            case protocol.Progress():
                self.attaching.take(event)
            case _:
                return

    def start(self, prefill: Draft) -> None:
        """Open a new draft with what is known already; one that asks for the same is opened instead."""
        if self.book.shown is not None and self.book.why_not:
            self.notice.emit(self.book.why_not)
            return
        wanted = begun(prefill)
        same = next(
            (one for one in self.book.requests if self.book.is_mine(one) and asks_the_same(one, wanted)), None
        )
        self._leave()
        if same is not None:
            self._open(same.request.id)
        else:
            self._begin(wanted)
        self._to_question = not self.intake.focus_question()

    def show_request(self, request: str) -> None:
        """Show a request, now or once it is known."""
        if self.book.seen(request) is None:
            self._asked_for = request
        else:
            self._go_to(request)

    def send(self) -> None:
        """Put the draft that is shown to whoever answers it (Ctrl Enter)."""
        person = self.book.person
        if self.shelf.front is None or person is None or self._sending:
            return
        if self.intake.missing:
            # The reason stands beside the button; the keyboard goes to what is missing.
            self.intake.focus_missing()
            return
        self._sending = True
        self.intake.foot.outcome.say("Making the PDF, and signing.", "clock")
        self.intake.foot.send.setEnabled(False)

        def send(request: str) -> None:
            params = protocol.SendClearanceParams(id=request, person=person)
            call = self._client.call(protocol.SEND_CLEARANCE, params, owner=self)
            call.on_done(self._sent).on_error(self._failed)

        self.shelf.settle(send)

    def attach(self) -> None:
        """Choose files as evidence (Ctrl Shift A)."""
        seen = self.book.seen(self._current)
        if not self._may_attach():
            return
        if self.shelf.front is None and seen is not None:
            self.sheets.answer(seen)
            return
        chosen, _ = QFileDialog.getOpenFileNames(self, "Attach evidence", str(Path.home()), KINDS)
        if chosen:
            self.attach_files(tuple(chosen))

    def attach_files(self, paths: Sequence[str]) -> None:
        """Put files to the draft that is shown; with one that waits they are its answer's."""
        person = self.book.person
        if person is None or not self._may_attach():
            return
        if self.shelf.front is not None:
            self.shelf.settle(lambda request: self.attaching.add(request, paths, person))
        elif (seen := self.book.seen(self._current)) is not None:
            self.sheets.answer(seen, paths)

    def settle(self) -> None:
        """Everything that was typed goes to disk now."""
        self.shelf.flush()

    # slots

    def _edited(self, draft: Draft) -> None:
        self.shelf.edit(draft)
        self._show_lists()

    def _use_chosen(self, use: str) -> None:
        self.show_intake()
        if self.shelf.front is not None and not self._sending:
            self.intake.set_use(use)
        elif self.book.person is not None and not self.book.why_not:
            self._leave()
            self._begin(Draft(use=use, person=self.book.person))

    def _new(self) -> None:
        if self.book.person is None or self.book.why_not:
            return
        self._leave()
        self._begin(Draft(person=self.book.person))
        self.uses.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to(self, request: str) -> None:
        self._asked_for = ""
        self.show_intake()
        if request != self._current:
            self._leave()
            self._open(request)

    def _saved(self, seen: ClearanceSeen, front: bool) -> None:
        if front:
            self._current = seen.request.id
        self.book.put(seen)

    def _returned(self) -> None:
        """A draft that could not be kept is in front again."""
        front = self.shelf.front
        if front is not None:
            self._show_front(front.draft.id or NEW)

    def _failed(self, error: StudioError) -> None:
        """The draft could not be kept, or not be sent; its place says so."""
        self._sending = False
        where = f" ({error.place})" if error.place else ""
        self.intake.foot.outcome.error(f"{error.message}{where}", error.remedy)
        self.intake.foot.show_missing(self.intake.missing)

    def _sent(self, sent: protocol.ClearanceSentTo) -> None:
        self._sending = False
        self._leave()
        self.book.put(sent.seen)
        self._open(sent.seen.request.id)
        # The questions are only read from here on; what the sheet gives back is the row of the request.
        self.requests.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        self.sheets.sent(sent)

    def _discard(self) -> None:
        front = self.shelf.front
        if front is not None and front.draft.id is not None:
            self.sheets.discard(front.draft.id, self.book.labelled(front.draft.id))

    def _discarded(self, request: str) -> None:
        if self.shelf.front is not None and self.shelf.front.draft.id == request:
            self.shelf.forget()
            self._current = None
        self.book.drop(request)
        self._open(self._current)

    def _do(self, what: str) -> None:
        """A button of a request that is read."""
        seen, person = self.book.seen(self._current), self.book.person
        if seen is None or person is None:
            return
        match what:
            case "letter":
                self.sheets.letter(seen, self.intake.reading.outcome)
            case "folder":
                self.sheets.folder(seen, self.intake.reading.outcome)
            case "withdraw":
                self.sheets.withdraw(seen)
            case "answer":
                self.sheets.answer(seen)
            case _:
                self._leave()
                self._begin(draft_of(seen.request, person, anew=True), keep=True)
                self.intake.focus_question()

    def _detach(self, sha256: str) -> None:
        person = self.book.person
        if person is not None and self._current is not None:
            params = protocol.DetachParams(id=self._current, sha256=sha256, person=person)
            call = self._client.call(protocol.DETACH_EVIDENCE, params, owner=self)
            call.on_done(self.book.put).on_error(self.error.emit)

    def _consents_wanted(self) -> None:
        self.show_consents()
        self.consents.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def tell_contact(self) -> None:
        """Put up the sheet that notes who at the studio was told."""
        draft = self.intake.draft
        self.sheets.contact(draft.use if draft else "")

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ctrl, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held == ctrl:
            event.accept()
            self.send()
        elif event.key() == Qt.Key.Key_A and held == ctrl | shift:
            event.accept()
            self.attach()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.shows_intake or not self.intake.focus_question():
            self.uses.rows.setFocus(event.reason())

    # internals

    def _take_first(self, shown: protocol.ClearDesk) -> None:
        self.book.take(shown, first=True)
        self._leave_sent()
        if self._asked_for and self.book.seen(self._asked_for) is not None:
            self._go_to(self._asked_for)
        elif self.shelf.front is None and self._current is None:
            self._open(None)
        if self._to_question and self.isVisible():
            # The questions came after the draft that they are about.
            self.intake.focus_question()
        self._to_question = False

    def _leave_sent(self) -> None:
        """The broker ended between recording the sending and saying so: it is only read from now on."""
        front = self.shelf.front
        seen = self.book.seen(front.draft.id) if front is not None else None
        if seen is not None and seen.state != "draft":
            self.shelf.forget()
            self._open(seen.request.id)

    def _open(self, request: str | None) -> None:
        """Show a request, else the newest, else a draft that nothing was put into yet."""
        book = self.book
        seen = book.seen(request) or next(iter(book.requests), None)
        person = book.person
        if seen is not None and seen.state == "draft" and book.is_mine(seen) and person and not book.why_not:
            self.shelf.put(draft_of(seen.request, person))
            self._show_front(seen.request.id)
        elif seen is not None:
            self._current = seen.request.id
            owner = person or seen.request.by
            self.intake.show_request(draft_of(seen.request, owner), seen, editable=False)
            self._show()
        elif person is not None and book.shown is not None:
            self._begin(Draft(person=person), listed=False)
        else:
            self._current = None
            self._show()

    def _begin(self, draft: Draft, *, keep: bool = False, listed: bool = True) -> None:
        """A new draft. It is kept at once where there is something in it that was not typed."""
        self.shelf.put(draft)
        self.show_intake()
        self._show_front(NEW if listed else None)
        if keep or draft.rule or draft.names or draft.request:
            self.shelf.settle(lambda _request: None)

    def _show_front(self, current: str | None) -> None:
        """Show the draft that is edited from its beginning."""
        front = self.shelf.front
        if front is not None:
            self._current = current
            editable = not self.book.why_not
            self.intake.show_request(front.draft, self.book.seen(front.draft.id), editable=editable)
            self._show()

    def _leave(self) -> None:
        """Another request is to be shown: what was typed into this one is kept."""
        self._layout.setValue(_OPEN, self.intake.parts.open_parts)
        self.shelf.leave()

    def _show(self) -> None:
        """Show the book as it is now."""
        seen, front = self.book.seen(self._current), self.shelf.front
        if front is not None:
            editable = not self.book.why_not and not self._sending
            self.intake.refresh(front.draft, seen, editable=editable)
        elif seen is not None:
            self.intake.refresh(draft_of(seen.request, seen.request.by), seen, editable=False)
        self.intake.setVisible(front is not None or seen is not None)
        self.bar.show_book(self.book)
        self.consents.show_book()
        self._show_lists()
        waiting = sum(one.state == "sent" and not self.book.why_not_answer(one) for one in self.book.requests)
        if waiting != self._waiting:
            self._waiting = waiting
            self.waiting_changed.emit(waiting)

    def _show_lists(self) -> None:
        front = self.shelf.front
        draft = self.intake.draft if front or self._current else None
        self.uses.show_book(draft.use if draft else None)
        fresh = None
        if front is not None and draft is not None and front.draft.id is None:
            if front.dirty:
                self._current = NEW
            if self._current == NEW and self.book.person is not None:
                use = self.book.use(draft.use)
                title = draft.title or (use.title if use else "New request")
                fresh = fresh_row(title, self.book.person.name)
        self.requests.show_book(self._current, fresh)
        self._show_evidence()

    def _show_evidence(self) -> None:
        seen = self.book.seen(self._current)
        label = seen.request.label if seen else "New request"
        remove = self.shelf.front is not None and not self.book.why_not
        coming = self.attaching.of(self._current)
        change = self._may_attach()
        words = "" if self.shelf.front is not None else "Drop the signed answer here"
        self.requests.evidence.drop.set_words(words)
        self.requests.evidence.show_evidence(label, seen, coming, change=change, remove=remove)

    def _may_attach(self) -> bool:
        if self.book.why_not:
            return False
        seen = self.book.seen(self._current)
        waits = seen is not None and seen.state == "sent" and not self.book.why_not_answer(seen)
        return self.shelf.front is not None or waits

    def _connect(self) -> None:
        self.book.changed.connect(self._show)
        self.attaching.changed.connect(self._show_evidence)
        self.attaching.attached.connect(self.book.put)
        self.bar.wanted.connect(lambda: self.sheets.contact())
        self.uses.chosen.connect(self._use_chosen)
        self.uses.consents_wanted.connect(self._consents_wanted)
        self.uses.names_wanted.connect(self.sheets.references)
        self.uses.contact_wanted.connect(lambda: self.sheets.contact())
        self.intake.edited.connect(self._edited)
        self.shelf.saved.connect(self._saved)
        self.shelf.stated.connect(self.intake.show_saved)
        self.shelf.returned.connect(self._returned)
        self.shelf.failed.connect(self._failed)
        foot, evidence = self.intake.foot, self.requests.evidence
        foot.save_wanted.connect(self._save)
        foot.send_wanted.connect(self.send)
        foot.discard_wanted.connect(self._discard)
        foot.tell_wanted.connect(self.tell_contact)
        self.intake.reading.wanted.connect(self._do)
        self.consents.add_wanted.connect(self.sheets.add_consent)
        self.consents.revoke_wanted.connect(self.sheets.revoke_consent)
        self.consents.back_wanted.connect(self.show_intake)
        self.requests.chosen.connect(self._go_to)
        self.requests.new_wanted.connect(self._new)
        evidence.attach_wanted.connect(self.attach)
        evidence.dropped.connect(self.attach_files)
        evidence.detach_wanted.connect(self._detach)
        evidence.review_wanted.connect(self.go_to_review)
        evidence.put_away.connect(lambda path: self.attaching.put_away(self._current or "", path))
        self.sheets.discarded.connect(self._discarded)
        self.sheets.notice.connect(self.notice)
        self.sheets.go_to_review.connect(self.go_to_review)

    def _save(self) -> None:
        self.shelf.settle(lambda _request: self.intake.foot.outcome.clear())
