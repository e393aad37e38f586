"""What the Write desk asks and decides: intents of the tray, carried to the broker and back to the page."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QObject, Signal

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.write import intents
from studio_assist.desk.write.acceptances import Acceptance, Acceptances
from studio_assist.desk.write.anchors import LiveAnchor
from studio_assist.desk.write.cards_model import WRITING, CandidatesModel
from studio_assist.desk.write.editor import ScriptEditor
from studio_assist.desk.write.temp_spans import TempSpans
from studio_assist.domain.candidate import Anchor, State
from studio_assist.domain.errors import BadInput, Refusal, StudioError
from studio_assist.domain.people import Person
from studio_assist.domain.placing import Place, place_for
from studio_assist.domain.tasks import Placement
from studio_assist.domain.values import CandidateId, RequestId
from studio_assist.protocol import DecideParams

_TAKEN: Final = "Another candidate took this line's place."
_CHANGED: Final = "The line it was made for has changed."
_CUT_OFF: Final = "The part that runs the models ended while it was written."
_NOT_SENT: Final = "The part that sends ended while this waited for you. Nothing was sent."
_ASK_AGAIN: Final = "Ask again."

#: The rule by which the broker writes nothing into a record that was altered.
_RECORD_INTACT: Final = "record-intact"


class Asking(QObject):
    """Asks, shows, decides, undoes. The record comes first: text enters the script when the broker has it.

    Signals:
        placed: text of a decision entered the script; the script should be saved now.
        refused: a `StudioError` that no card can show.
        asked: a request was taken on (its id).
        ask_failed: the `StudioError` of an ask.
    """

    placed = Signal()
    refused = Signal(object)
    asked = Signal(str)
    ask_failed = Signal(object)

    def __init__(
        self,
        client: BrokerClient,
        model: CandidatesModel,
        editor: ScriptEditor,
        spans: TempSpans,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._client: Final = client
        self._model: Final = model
        self._editor: Final = editor
        self._document: Final = editor.script_document
        self._spans: Final = spans
        self._person: Person | None = None
        self._backend: str | None = None
        self._where: Literal["here", "studio", "outside"] = "here"
        self._tasks: dict[str, protocol.TaskInfo] = {}
        self._waiting: tuple[protocol.OpenRequest, ...] = ()
        self._anchors: dict[RequestId, LiveAnchor] = {}
        #: The temp spans that a line was part of when it was asked about.
        self._under: dict[RequestId, frozenset[str]] = {}
        self._requests: dict[RequestId, protocol.OpenRequest] = {}
        self._deciding: dict[CandidateId, DecideParams] = {}
        self._offered: dict[str, tuple[Anchor, LiveAnchor]] = {}
        self._acceptances: Final = Acceptances(self._document, self._turned)

    # properties

    @property
    def waiting(self) -> bool:
        """Whether a decision, or its undoing, is on its way to the record."""
        return bool(self._deciding) or self._acceptances.busy

    # methods

    def load(self, state: protocol.ProjectState, person: Person) -> None:
        """A project was opened: its undecided candidates come back undecided."""
        self._person = person
        self._anchors.clear()
        self._under.clear()
        self._requests.clear()
        self._acceptances.clear()
        self._offered.clear()
        self._model.clear()
        # Whether a card replaces words or adds some stands in its task: none is shown before that is known.
        self._waiting = state.open_requests
        if self._tasks:
            self._take_on_waiting()
        for offer in state.recovery:
            if offer.place is not None:
                start, end = offer.place.start, offer.place.start + offer.place.length
                quote = state.script[start:end]
                anchor = Anchor(start=start, length=end - start, quote=quote)
                self._offered[offer.id] = anchor, LiveAnchor(self._document, anchor)

    def page_leaves(self) -> None:
        """Another text comes onto the page: that the words of this one go is no undo of anything."""
        self._acceptances.clear()

    def page_exchanged(self) -> None:
        """Another version of the script is on the page: lines are looked for anew."""
        for offer, (anchor, _) in list(self._offered.items()):
            self._offered[offer] = anchor, LiveAnchor(self._document, anchor)
        for request in self._requests.values():
            if request.anchor is not None:
                self._hold(request.request, request.anchor)

    def rejoin(self, state: protocol.ProjectState, unsent: frozenset[RequestId] = frozenset()) -> None:
        """A broker that ended was started again. Decisions on their way are made again by the client.

        What had been recorded and not told comes up; what still grew is not in the record and has failed.
        `unsent` waited for a person, who had sent none of it.
        """
        recorded = {one.id: one for request in state.open_requests for one in request.candidates}
        for request in state.open_requests:
            if request.request not in self._requests:
                self._take_on(request)
            for candidate in request.candidates:
                card = self._model.card(candidate.id)
                if card is None or card.state in WRITING:
                    self._model.apply(protocol.CandidateChanged(candidate=candidate))
        for shown in self._model.requests():
            if shown.state != "running":
                continue
            why = _NOT_SENT if shown.id in unsent else _CUT_OFF
            for card in self._model.cards(shown.id):
                if card.state in WRITING and card.id not in recorded:
                    failed = {"state": State.FAILED, "why": why, "remedy": _ASK_AGAIN}
                    candidate = card.candidate.model_copy(update=failed)
                    self._model.apply(protocol.CandidateChanged(candidate=candidate))
            self._model.apply(
                protocol.RequestChanged(
                    request=shown.id,
                    task=shown.open.task,
                    state="failed",
                    done=shown.done,
                    total=shown.total,
                    note=why,
                    remedy=_ASK_AGAIN,
                )
            )

    def set_person(self, person: Person) -> None:
        self._person = person

    def set_backend(self, backend: str | None, where: Literal["here", "studio", "outside"] = "here") -> None:
        """Whom to ask from now on, and where that is."""
        self._backend, self._where = backend, where

    def set_tasks(self, tasks: tuple[protocol.TaskInfo, ...]) -> None:
        self._tasks = {task.id: task for task in tasks}
        self._take_on_waiting()

    def ask(
        self, intent: intents.Ask, anchor: Anchor | None, scene: str | None, cue: str | None, model: str
    ) -> None:
        """Ask the broker. The cards come with its events."""
        if self._person is None:
            return
        params = protocol.AskParams(
            task=intent.task,
            script=self._document.text(),
            anchor=anchor,
            note=intent.note,
            count=intent.count,
            backend=self._backend,
            person=self._person,
        )
        person, backend, where = self._person, self._backend, self._where

        def taken(asked: protocol.Asked) -> None:
            self._take_on(
                protocol.OpenRequest(
                    request=asked.request,
                    task=intent.task,
                    scene=scene,
                    cue=cue,
                    anchor=anchor,
                    note=intent.note,
                    backend=backend or "",
                    model=model,
                    where=where,
                    at=asked.at,
                    person_name=person.name,
                    candidates=(),
                )
            )
            self.asked.emit(asked.request)

        call = self._client.call(protocol.ASK, params, owner=self)
        call.on_done(taken).on_error(self.ask_failed.emit)

    def carry(self, intent: object) -> bool:
        """Carry out an intent about a candidate. False for one that is the desk's own."""
        match intent:
            case intents.Stop():
                self._client.call(protocol.STOP, protocol.RequestRef(request=intent.request), owner=self)
            case intents.Presented():
                self._present(intent)
            case intents.Decide():
                self._decide(intent)
            case intents.UndoDecision():
                self._undo(intent)
            case _:
                return False
        return True

    def request(self, request: RequestId) -> protocol.OpenRequest | None:
        return self._requests.get(request)

    def anchor_of(self, request: RequestId) -> Anchor | None:
        """Where a request's line stands now."""
        live = self._anchors.get(request)
        return self._now(request, live, self._document.text()) if live else None

    def script_changed(self, span_ids: set[str]) -> None:
        """Look what an edit did to acceptances (at once)."""
        self._acceptances.look(span_ids)

    def check_anchors(self) -> None:
        """Look which candidates an edit made stale or fresh again (after a pause in typing)."""
        if not self._anchors:
            return
        text = self._document.text()
        stands = {
            request: self._now(request, live, text) is not None for request, live in self._anchors.items()
        }
        for request, standing in stands.items():
            for card in self._model.cards(request):
                state = card.candidate.state
                if card.candidate.id in self._deciding:
                    # Its words are, or are about to be, where the line was.
                    continue
                if state in (State.READY, State.STOPPED) and not standing:
                    taken = any(
                        c.candidate.state in (State.ACCEPTED, State.EDITED)
                        for c in self._model.cards(request)
                    )
                    self._mark(card.candidate.id, _TAKEN if taken else _CHANGED, fresh=False)
                elif state is State.STALE and standing:
                    self._mark(card.candidate.id, "The line is back.", fresh=True)

    def recover_decision(self, offer: protocol.RecoveryOffer) -> None:
        """Put the words of a recorded decision, which a crash kept from the script, where they belong.

        Where the line that they were made for is gone, they go behind the element at the caret.
        """
        span = offer.span
        if span is None or any(where.id == span.id for where in self._document.spans()):
            return
        known = self._offered.get(offer.id)
        now = known[1].now(self._document.text()) if known else None
        if offer.place is not None and now is not None:
            place = offer.place.model_copy(update={"start": now.start, "length": now.length})
        else:
            caret = Anchor(start=self._editor.selection()[0], length=0, quote="")
            place = place_for(Placement.AFTER, self._document.script.screenplay, caret)
        self._spans.add(span, offer.text)
        self._place(place, offer.text, span.id)
        self.placed.emit()

    # slots

    def _turned(self, acceptance: Acceptance) -> None:
        """The page's undo took an acceptance away or brought it back: the record follows.

        One step at a time, whatever keys are held down; where the record refuses, the page goes back to it.
        """
        if acceptance.busy or acceptance.undone != acceptance.in_force:
            return
        acceptance.busy = True
        if acceptance.undone:
            self._record_undo(acceptance)
        else:
            self._record_redo(acceptance)

    def _record_undo(self, acceptance: Acceptance) -> None:
        if self._person is None:
            return
        params = protocol.UndoDecisionParams(decision=acceptance.entry, person=self._person)

        def done(_recorded: protocol.Recorded) -> None:
            acceptance.busy = acceptance.in_force = False
            self._model.undone(acceptance.decided.candidate)
            self._in_step(acceptance)

        def failed(error: StudioError) -> None:
            acceptance.busy = False
            if acceptance.undone and self._document.isRedoAvailable():
                # The record says that they stand, so they stand.
                acceptance.undone = False
                self._editor.redo()
            self.refused.emit(error)

        self._client.call(protocol.UNDO_DECISION, params, owner=self).on_done(done).on_error(failed)

    def _record_redo(self, acceptance: Acceptance) -> None:
        params = acceptance.decided.model_copy(update={"redo_of": acceptance.entry})
        candidate = params.candidate
        self._deciding[candidate] = params

        def done(decided: protocol.Decided) -> None:
            self._deciding.pop(candidate, None)
            acceptance.busy, acceptance.in_force = False, True
            acceptance.entry = decided.decision.entry
            if decided.span:
                self._spans.redone(acceptance.span, decided.span)
            self._model.decided(decided.decision, params.result)
            self._in_step(acceptance)

        def failed(error: StudioError) -> None:
            self._deciding.pop(candidate, None)
            acceptance.busy = False
            if not acceptance.undone:
                # Words without a decision may not stand in the script.
                acceptance.undone = True
                self._take_out(acceptance)
            self.refused.emit(error)

        self._client.call(protocol.DECIDE, params, owner=self).on_done(done).on_error(failed)

    def _in_step(self, acceptance: Acceptance) -> None:
        if acceptance.undone == acceptance.in_force:
            self._turned(acceptance)
            return
        self.check_anchors()
        self.placed.emit()

    def _take_out(self, acceptance: Acceptance) -> None:
        if self._acceptances.is_last_step(acceptance):
            self._editor.undo()
            return
        self._put_back(acceptance.span, acceptance.decided.candidate)

    def _put_back(self, span_id: str, candidate: CandidateId) -> None:
        """Take accepted words off the page; the line whose place they had taken stands there again."""
        card = self._model.card(candidate)
        request = self._requests.get(card.candidate.request) if card else None
        replaces = request is not None and self._placement(request.task) is Placement.REPLACE
        line = request.anchor.quote if request and request.anchor and replaces else ""
        for where in reversed([one for one in self._document.spans() if one.id == span_id]):
            self._editor.take_out(where.start, where.end, line)

    # internals

    def _not_noted(self, error: StudioError) -> None:
        """Something that is noted by the way was not. A record that does not hold takes nothing, and the
        window says so already."""
        if not (isinstance(error, Refusal) and error.rule == _RECORD_INTACT):
            self.refused.emit(error)

    def _placement(self, task: str) -> Placement:
        known = self._tasks.get(task)
        return known.placement if known else Placement.REPLACE

    def _hold(self, request: RequestId, anchor: Anchor) -> None:
        live = self._anchors[request] = LiveAnchor(self._document, anchor)
        self._under[request] = self._spans_in(live.now(self._document.text()) or anchor)

    def _now(self, request: RequestId, live: LiveAnchor, text: str) -> Anchor | None:
        """Where a line stands; None where it is gone, even if words that were accepted since repeat it."""
        anchor = live.now(text)
        if anchor is None or self._spans_in(anchor) - self._under.get(request, frozenset()):
            return None
        return anchor

    def _spans_in(self, anchor: Anchor) -> frozenset[str]:
        """The temp spans that an anchor's words are part of."""
        if not anchor.length or not self._document.has_spans:
            return frozenset()
        ranges = self._document.spans()
        return frozenset(
            where.id for where in ranges if where.start < anchor.end and where.end > anchor.start
        )

    def _take_on_waiting(self) -> None:
        waiting, self._waiting = self._waiting, ()
        for request in waiting:
            if request.request not in self._requests:
                self._take_on(request)

    def _take_on(self, request: protocol.OpenRequest) -> None:
        self._requests[request.request] = request
        if request.anchor is not None:
            self._hold(request.request, request.anchor)
        self._model.add_request(request, self._placement(request.task) is Placement.REPLACE)

    def _present(self, intent: intents.Presented) -> None:
        # A window that can only read notes nothing in the record, and nobody can decide there either.
        if self._person is not None and not self._editor.read_only_reason:
            params = protocol.PresentedParams(
                candidate=intent.candidate, content=intent.content, person=self._person
            )
            self._client.call(protocol.PRESENTED, params, owner=self).on_error(self._not_noted)

    def _place_of(self, request: RequestId) -> Place:
        """Where words of this request go now. Raises `BadInput` where the place is gone."""
        asked = self._requests.get(request)
        anchor = self.anchor_of(request)
        if asked is None or (asked.anchor is not None and anchor is None):
            raise BadInput(
                _CHANGED, remedy="Ask again, or bring the line back with undo.", place="the line asked about"
            )
        return place_for(self._placement(asked.task), self._document.script.screenplay, anchor)

    def _decide(self, intent: intents.Decide) -> None:
        card = self._model.card(intent.candidate)
        if self._person is None or card is None or intent.candidate in self._deciding:
            return
        request = card.candidate.request
        try:
            place = self._place_of(request) if intent.outcome is not State.REJECTED else None
        except StudioError as error:
            self._model.decision_failed(intent.candidate, error)
            return
        params = DecideParams(
            candidate=intent.candidate,
            content=intent.content,
            outcome=intent.outcome,
            result=intent.result,
            place=place,
            person=self._person,
        )
        self._deciding[intent.candidate] = params
        offered = card.candidate.text

        def done(decided: protocol.Decided) -> None:
            self._deciding.pop(intent.candidate, None)
            if decided.span is not None and params.result is not None and params.place is not None:
                self._put(params, decided, offered, request)
            self._model.decided(decided.decision, intent.result)
            self.check_anchors()
            if decided.span is not None:
                self.placed.emit()

        def failed(error: StudioError) -> None:
            self._deciding.pop(intent.candidate, None)
            self._model.decision_failed(intent.candidate, error)

        self._client.call(protocol.DECIDE, params, owner=self).on_done(done).on_error(failed)

    def _put(self, params: DecideParams, decided: protocol.Decided, offered: str, request: RequestId) -> None:
        """The decision stands in the record; now its words go in, in one undo step."""
        span = decided.span
        assert span is not None
        assert params.place is not None
        assert params.result is not None
        try:
            place = self._place_of(request)
        except StudioError:
            # Something was typed in the instant between: the place that was recorded is the next best.
            place = params.place
        self._spans.add(span, offered)
        self._place(place, params.result, span.id)
        self._acceptances.placed(
            Acceptance(
                step=self._document.availableUndoSteps(),
                span=span.id,
                entry=decided.decision.entry,
                decided=params,
            )
        )

    def _place(self, place: Place, text: str, span: str) -> None:
        words = place.placed(text)
        self._editor.place_temp(
            place.start, place.start + place.length, words, span, before=place.before, after=place.after
        )

    def _undo(self, intent: intents.UndoDecision) -> None:
        if self._person is None:
            return
        acceptance = self._acceptances.of_entry(intent.entry)
        if acceptance and self._acceptances.is_last_step(acceptance):
            # The page and the record go back together, as one undo step.
            self._editor.undo()
            return
        params = protocol.UndoDecisionParams(decision=intent.entry, person=self._person)

        def done(_recorded: protocol.Recorded) -> None:
            self._put_back(self._spans.id_of(intent.entry), intent.candidate)
            self._model.undone(intent.candidate)
            self.check_anchors()
            self.placed.emit()

        def failed(error: StudioError) -> None:
            self._model.decision_failed(intent.candidate, error)

        self._client.call(protocol.UNDO_DECISION, params, owner=self).on_done(done).on_error(failed)

    def _mark(self, candidate: CandidateId, why: str, *, fresh: bool) -> None:
        params = protocol.MarkStaleParams(candidate=candidate, why=why, fresh=fresh)
        self._client.call(protocol.MARK_STALE, params, owner=self).on_error(self._not_noted)
        if fresh:
            self._model.reanchored(candidate)
        else:
            self._model.went_stale(candidate, why)
