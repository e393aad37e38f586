"""The gate in the window: one sheet at a time, and the way back to the broker for what a person does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.shell.model import sentences
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person, new_person
from studio_assist.domain.values import RequestId, Value

if TYPE_CHECKING:
    from studio_assist.desk.gate.sheet import LeavingSheet

P = TypeVar("P", bound=Value)
R = TypeVar("R", bound=Value)

_OLD: Final = "It stood here too long, or what it was made from has changed. Nothing was sent."
_NOBODY: Final = "Say first who you are: what is sent is signed by a person."


class GateControl(QObject):
    """Takes the gate's events from the client, and puts up a sheet for each request that stands there.

    Args:
        window: what the sheets stand over.
        person: who is at the keyboard.
        second: the person behind a name that is typed as the second reader's.

    Signals:
        edit_names: the names are to be edited, for this request. Its sheet stays; the broker shows it anew.
        use_local: this request (already refused or blocked) is to be asked of the model on this machine.
        ask_clearance: for what this `GateSheet` shows.
        sending: a person sends this request; from here on it may leave.
    """

    edit_names = Signal(str)
    use_local = Signal(str)
    ask_clearance = Signal(object)
    sending = Signal(str)

    def __init__(
        self,
        theme: Theme,
        client: BrokerClient,
        window: QWidget,
        person: Callable[[], Person | None],
        parent: QObject | None = None,
        *,
        second: Callable[[str], Person] = new_person,
    ) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._client: Final = client
        self._window: Final = window
        self._person: Final = person
        self._second: Final = second
        self._shown: LeavingSheet | None = None
        #: Requests whose sheets wait for the one that is shown, first come first.
        self._waiting: dict[RequestId, protocol.GateSheet] = {}
        client.told.connect(self.take)
        client.restarting.connect(self.forget)

    # properties

    @property
    def shown(self) -> protocol.GateSheet | None:
        """What is shown."""
        return self._shown.sheet if self._shown is not None else None

    @property
    def waiting(self) -> int:
        """How many sheets wait behind it."""
        return len(self._waiting)

    # methods

    def take(self, event: protocol.Event) -> None:
        """An event of the broker."""
        match event:
            case protocol.GateAsked():
                self._ask(event.sheet)
            case protocol.GateClosed():
                self._close(event)
            case protocol.GateSent():
                self._show_sent(event)
            case protocol.RequestChanged() if event.state != "running":
                self._end(event)
            case _:
                pass

    def bring(self, request: str) -> None:
        """Put the focus on a request's sheet, where it is the one that is shown; others wait behind it."""
        view = self._of(RequestId(request))
        if view is not None:
            view.raise_()
            view.setFocus()

    def forget(self) -> None:
        """The project was closed, or the broker that asked has ended: nobody waits for an answer."""
        self._waiting.clear()
        if self._shown is not None:
            self._shown.put_away()

    # internals

    def _ask(self, sheet: protocol.GateSheet) -> None:
        shown = self._shown
        if shown is not None and shown.sheet.request == sheet.request:
            shown.show_sheet(sheet)
            return
        self._waiting[sheet.request] = sheet
        self._show_next()

    def _show_next(self) -> None:
        if self._shown is not None or not self._waiting:
            return
        # A window in which nothing is ever sent loads none of it.
        from studio_assist.desk.gate.sheet import LeavingSheet

        guard_overrides()
        request = next(iter(self._waiting))
        view = LeavingSheet(self._theme, self._window, self._waiting.pop(request))
        person = self._person()
        view.set_others((person.name,) if person is not None else ())
        view.sent.connect(lambda remember: self._approve(view, remember=remember))
        view.refused.connect(lambda: self._refuse(view.sheet))
        view.seconded.connect(lambda name: self._second_it(view, name))
        view.answered.connect(lambda answers: self._answer(view, answers))
        view.stop_wanted.connect(lambda: self._stop(view))
        view.edit_names.connect(lambda: self.edit_names.emit(view.sheet.request))
        view.use_local.connect(lambda: self._go_local(view))
        view.ask_clearance.connect(lambda: self._go_clear(view))
        view.closed.connect(self._gone)
        self._shown = view
        view.open()

    def _gone(self) -> None:
        self._shown = None
        # The focus goes back to where it was before another sheet takes it.
        QTimer.singleShot(0, self, self._show_next)

    def _close(self, event: protocol.GateClosed) -> None:
        self._waiting.pop(event.request, None)
        view = self._of(event.request)
        if view is None or view.sheet.verdict == "blocked":
            return
        if event.why == "sent" and view.state == "busy":
            # It stays until the host begins to answer.
            return
        if event.why == "changed":
            view.show_failed(_OLD)
        else:
            view.put_away()

    def _show_sent(self, event: protocol.GateSent) -> None:
        view = self._of(event.request)
        if view is None:
            return
        if event.answered:
            view.put_away()
        else:
            view.show_sending(event.bytes)

    def _end(self, event: protocol.RequestChanged) -> None:
        waits = self._waiting.get(event.request)
        if waits is not None and waits.verdict != "blocked":
            del self._waiting[event.request]
        view = self._of(event.request)
        if view is None or view.sheet.verdict == "blocked" or view.state == "failed":
            return
        if event.state != "failed":
            view.put_away()
        elif view.state == "busy":
            from studio_assist.desk.gate.words import NO_ANSWER

            said = sentences(event.note, "Nothing was kept here.", event.remedy) if event.note else NO_ANSWER
            view.show_failed(said)
        else:
            view.show_failed(sentences(event.note, "Nothing was sent.", event.remedy))

    def _approve(self, view: LeavingSheet, *, remember: bool) -> None:
        def make(person: Person) -> None:
            params = protocol.ApproveSendParams(
                request=view.sheet.request, digest=view.sheet.digest, person=person, remember=remember
            )
            self.sending.emit(view.sheet.request)
            self._call(view, protocol.APPROVE_SEND, params)

        self._signed(view, make)

    def _refuse(self, sheet: protocol.GateSheet) -> None:
        person = self._person()
        if person is None:
            ref = protocol.RequestRef(request=sheet.request)
            self._client.call(protocol.STOP, ref, owner=self)
            return
        params = protocol.RefuseSendParams(request=sheet.request, digest=sheet.digest, person=person)
        self._client.call(protocol.REFUSE_SEND, params, owner=self)

    def _second_it(self, view: LeavingSheet, name: str) -> None:
        params = protocol.SecondSendParams(
            request=view.sheet.request, digest=view.sheet.digest, person=self._second(name)
        )
        self._call(view, protocol.SECOND_SEND, params)

    def _answer(self, view: LeavingSheet, answers: tuple[protocol.NameAnswer, ...]) -> None:
        def make(person: Person) -> None:
            params = protocol.AnswerNamesParams(
                request=view.sheet.request, digest=view.sheet.digest, answers=answers, person=person
            )
            self._call(view, protocol.ANSWER_NAMES, params)

        self._signed(view, make)

    def _stop(self, view: LeavingSheet) -> None:
        self._call(view, protocol.STOP, protocol.RequestRef(request=view.sheet.request), again=False)

    def _go_local(self, view: LeavingSheet) -> None:
        # Closing a sheet that asks refuses it; the answer comes from here instead.
        request = view.sheet.request
        view.dismiss()
        self.use_local.emit(request)

    def _go_clear(self, view: LeavingSheet) -> None:
        sheet = view.sheet
        view.dismiss()
        self.ask_clearance.emit(sheet)

    def _signed(self, view: LeavingSheet, make: Callable[[Person], None]) -> None:
        person = self._person()
        if person is None:
            view.show_error(_NOBODY, "Choose your name at the top right.")
        else:
            make(person)

    def _call(
        self, view: LeavingSheet, method: protocol.Method[P, R], params: P, *, again: bool = True
    ) -> None:
        """Ask the broker for something; an error is said on the sheet, which then asks again."""

        def failed(error: StudioError) -> None:
            if again:
                view.show_error(error.message, error.remedy)
            else:
                view.outcome.error(error.message, error.remedy)

        self._client.call(method, params, owner=view).on_error(failed)

    def _of(self, request: RequestId) -> LeavingSheet | None:
        view = self._shown
        return view if view is not None and view.sheet.request == request else None
