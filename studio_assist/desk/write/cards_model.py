"""The candidates of a project as the tray shows them: the one truth that its widgets read.

Fed by the broker's events and by what came of the intents that the tray sent. Every change of state walks
`domain.candidate.STEPS`; a step that is not there is a bug and is raised as one, because a card in a state
that it cannot be in is a card that can neither be accepted nor rejected. Nothing here forgets a candidate:
hiding hides, and what was dropped keeps its reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from PySide6.QtCore import QObject, Signal

from studio_assist.domain.candidate import OPEN, Candidate, Decision, State, may_step
from studio_assist.domain.errors import StudioError
from studio_assist.domain.values import CandidateId, EntryNumber, RequestId, Sha256, sha256_of
from studio_assist.protocol import CandidateChanged, CandidateDropped, OpenRequest, RequestChanged

#: The states of a card that a person has dealt with.
DECIDED: Final = frozenset({State.ACCEPTED, State.EDITED, State.REJECTED})
#: The states of a card that a model still writes.
WRITING: Final = frozenset({State.REQUESTED, State.STREAMING})


class IllegalStepError(RuntimeError):
    """A candidate was sent from one state to another that it cannot reach. Always a bug of ours."""

    def __init__(self, candidate: CandidateId, before: State, after: State) -> None:
        super().__init__(f"candidate {candidate} cannot go from {before} to {after}")


@dataclass(frozen=True, slots=True)
class RequestShown:
    """One request in the tray.

    Attributes:
        replaces: its candidates stand in for the anchor's text, so that a diff against it says something.
        done, total: cards written, of how many.
        note, remedy: what a person should know about how it went.
    """

    open: OpenRequest
    replaces: bool
    state: Literal["running", "done", "stopped", "failed"]
    done: int = 0
    total: int = 0
    note: str = ""
    remedy: str = ""

    @property
    def id(self) -> RequestId:
        return self.open.request

    @property
    def quote(self) -> str:
        """The text that the candidates would replace, or "" where they replace none."""
        return self.open.anchor.quote if self.replaces and self.open.anchor else ""

    @property
    def place(self) -> str:
        """Where it was asked: "Sc 14, MAYA"."""
        scene = f"Sc {self.open.scene}" if self.open.scene else ""
        return ", ".join(part for part in (scene, self.open.cue) if part)


@dataclass(frozen=True, slots=True)
class Card:
    """One candidate in the tray.

    Attributes:
        presented: hash of what has been wholly on the screen, or None.
        decision: what was decided, while it stands.
        result: the words that a decision put into the script, where it did.
        before: the state that an undo brings back.
        busy: a decision or its undoing is on its way.
        error: (message, remedy) of the last decision that did not come through.
        draft: what stands in the open edit field, or None while it is shut.
        stale_why: what changed under it.
        dropped: why it was taken off before anyone could decide.
        forgotten: that its words were forgotten, by whom and when; "" where they are kept.
    """

    candidate: Candidate
    tokens_per_second: float = 0.0
    presented: Sha256 | None = None
    decision: Decision | None = None
    result: str | None = None
    before: State = State.READY
    busy: bool = False
    error: tuple[str, str] | None = None
    draft: str | None = None
    stale_why: str = ""
    dropped: str = ""
    hidden: bool = False
    forgotten: str = ""

    @property
    def id(self) -> CandidateId:
        return self.candidate.id

    @property
    def state(self) -> State:
        return self.candidate.state

    @property
    def content(self) -> Sha256:
        """The hash of what the card shows."""
        return sha256_of(self.candidate.text)

    @property
    def was_presented(self) -> bool:
        """Whether exactly this content has been on the screen."""
        return self.presented is not None and self.presented == self.content

    @property
    def may_decide(self) -> bool:
        """Whether a person may accept, edit or reject it now."""
        return self.state in OPEN and not self.busy and self.was_presented


#: What the broker says about requests.
_Event = CandidateChanged | CandidateDropped | RequestChanged


class CandidatesModel(QObject):
    """Every request of a project with its candidates; one request is the one shown."""

    changed = Signal(str)  # candidate id: its card has to be drawn again
    listed = Signal()  # cards or requests came or went, or another request is shown
    request_changed = Signal(str)  # request id: its progress or its note

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._requests: dict[RequestId, RequestShown] = {}
        self._cards: dict[CandidateId, Card] = {}
        self._early: dict[RequestId, list[_Event]] = {}
        self._current: RequestId | None = None

    # properties

    @property
    def current(self) -> RequestShown | None:
        """The request whose cards are shown."""
        return self._requests.get(self._current) if self._current else None

    # methods: reading

    def requests(self) -> list[RequestShown]:
        """All requests, the newest first."""
        return sorted(self._requests.values(), key=lambda request: request.open.at, reverse=True)

    def request(self, request: RequestId) -> RequestShown:
        """One request. Raises `KeyError` where there is none."""
        return self._requests[request]

    def card(self, candidate: CandidateId) -> Card | None:
        """One card, whatever its state."""
        return self._cards.get(candidate)

    def cards(self, request: RequestId | None = None) -> list[Card]:
        """The visible cards of a request (of the shown one by default), in their order."""
        wanted = request or self._current
        found = [
            card
            for card in self._cards.values()
            if card.candidate.request == wanted and not card.hidden and not card.dropped
        ]
        return sorted(found, key=lambda card: card.candidate.index)

    def put_away(self, request: RequestId | None = None) -> list[Card]:
        """The cards of a request that are hidden or were dropped."""
        wanted = request or self._current
        found = [
            card
            for card in self._cards.values()
            if card.candidate.request == wanted and (card.hidden or card.dropped)
        ]
        return sorted(found, key=lambda card: card.candidate.index)

    def open_candidates(self) -> list[Card]:
        """Every card of every request that waits for a decision, or had its line changed while it did."""
        return [card for card in self._cards.values() if card.state in OPEN or card.state is State.STALE]

    def decided_by(self, entries: frozenset[EntryNumber]) -> list[Card]:
        """The cards whose decision is one of these entries."""
        return [card for card in self._cards.values() if card.decision and card.decision.entry in entries]

    def undecided(self, request: RequestId) -> int:
        """How many cards of a request wait for a decision, hidden ones among them."""
        return sum(1 for card in self.open_candidates() if card.candidate.request == request)

    def undecided_elsewhere(self) -> int:
        """How many cards of requests that are not shown wait for a decision."""
        return sum(1 for card in self.open_candidates() if card.candidate.request != self._current)

    # methods: what the broker said

    def add_request(self, request: OpenRequest, replaces: bool) -> None:
        """Take in a request, a new one or one found when the project was opened, and show it."""
        old = self._requests.get(request.request)
        running = (
            any(candidate.state in WRITING for candidate in request.candidates) or not request.candidates
        )
        self._requests[request.request] = (
            replace(old, open=request, replaces=replaces)
            if old
            else RequestShown(
                open=request,
                replaces=replaces,
                state="running" if running else "done",
                done=sum(1 for candidate in request.candidates if candidate.state not in WRITING),
                total=len(request.candidates),
            )
        )
        newest = max(self._requests.values(), key=lambda known: known.open.at)
        self._current = newest.id
        for candidate in request.candidates:
            self._take(candidate, 0.0)
        self.listed.emit()
        for event in self._early.pop(request.request, []):
            self.apply(event)

    def apply(self, event: object) -> None:
        """Take in an event of the broker. Events about other things are not for us.

        Raises:
            IllegalStepError: a candidate would go where it cannot.
        """
        if isinstance(event, CandidateChanged):
            if self._known(event.candidate.request, event):
                self._take(event.candidate, event.tokens_per_second)
        elif isinstance(event, CandidateDropped):
            if self._known(event.request, event):
                self._drop(event)
        elif isinstance(event, RequestChanged) and self._known(event.request, event):
            self._requests[event.request] = replace(
                self._requests[event.request],
                state=event.state,
                done=event.done,
                total=event.total,
                note=event.note,
                remedy=event.remedy,
            )
            self.request_changed.emit(event.request)

    def decided(self, decision: Decision, result: str | None) -> None:
        """A decision is in the record: its card folds."""
        card = self._cards[decision.candidate]
        after = State(decision.outcome)
        if card.decision is not None:
            raise IllegalStepError(card.id, card.state, after)
        folded = replace(self._stepped(card, after), decision=decision, result=result)
        self._put(replace(folded, busy=False, error=None, draft=None))

    def decision_failed(self, candidate: CandidateId, error: StudioError) -> None:
        """A decision, or its undoing, did not come through: the card stays as it was and says why."""
        self._put(replace(self._cards[candidate], busy=False, error=(error.message, error.remedy)))

    def undone(self, candidate: CandidateId) -> None:
        """A decision was taken back: the card is as it was before it."""
        card = self._cards[candidate]
        self._put(replace(self._stepped(card, card.before), busy=False, error=None))

    def went_stale(self, candidate: CandidateId, why: str = "") -> None:
        """The text that the candidate was made for has changed."""
        card = self._cards[candidate]
        self._put(replace(self._stepped(card, State.STALE), stale_why=why))

    def reanchored(self, candidate: CandidateId) -> None:
        """The text that the candidate was made for stands again."""
        card = self._cards[candidate]
        self._put(replace(self._stepped(card, card.before), stale_why=""))

    def forgotten(self, candidate: CandidateId, said: str) -> None:
        """Its words are in the record no more: the card shows that in their place, and keeps none."""
        card = self._cards[candidate]
        bare = card.candidate.model_copy(update={"text": ""})
        self._put(replace(card, candidate=bare, result=None, draft=None, forgotten=said))

    # methods: what the tray did

    def show_request(self, request: RequestId) -> None:
        """Show the cards of another request."""
        if request in self._requests and request != self._current:
            self._current = request
            self.listed.emit()

    def presented(self, candidate: CandidateId, content: Sha256) -> bool:
        """Note that this content has wholly been on the screen; False where that was known."""
        card = self._cards[candidate]
        if card.presented == content:
            return False
        self._put(replace(card, presented=content))
        return True

    def decision_sent(self, candidate: CandidateId) -> None:
        """A decision, or its undoing, is on its way: the card waits for what comes of it."""
        self._put(replace(self._cards[candidate], busy=True, error=None))

    def set_draft(self, candidate: CandidateId, text: str | None) -> None:
        """Keep what stands in a card's edit field, so that nothing but the person can empty it."""
        card = self._cards[candidate]
        if card.draft != text:
            opened = (card.draft is None) != (text is None)
            self._cards[candidate] = replace(card, draft=text)
            # Typing is not a reason to draw the card again; opening and shutting the field is.
            if opened:
                self.changed.emit(candidate)

    def hide(self, candidate: CandidateId) -> None:
        """Take a card out of sight. It stays undecided, and `show_hidden` brings it back."""
        self._cards[candidate] = replace(self._cards[candidate], hidden=True)
        self.listed.emit()

    def show_hidden(self, request: RequestId | None = None) -> None:
        """Bring the hidden cards of a request back, all but the failed ones, which were put away for good."""
        for card in self.put_away(request):
            if card.state is State.FAILED:
                continue
            self._cards[card.id] = replace(card, hidden=False)
        self.listed.emit()

    def clear(self) -> None:
        """Forget everything: another project was opened."""
        self._requests.clear()
        self._cards.clear()
        self._early.clear()
        self._current = None
        self.listed.emit()

    # internals

    def _known(self, request: RequestId, event: _Event) -> bool:
        if request in self._requests:
            return True
        # The broker may speak of a request before the answer that names it has been read.
        self._early.setdefault(request, []).append(event)
        return False

    def _take(self, candidate: Candidate, tokens_per_second: float) -> None:
        old = self._cards.get(candidate.id)
        if old is None:
            self._cards[candidate.id] = Card(candidate, tokens_per_second, before=_before(candidate.state))
            self.listed.emit()
            return
        stepped = self._stepped(old, candidate.state)
        self._put(replace(stepped, candidate=candidate, tokens_per_second=tokens_per_second))

    def _drop(self, event: CandidateDropped) -> None:
        card = self._cards.get(event.candidate)
        if card is None:
            return
        if card.state in DECIDED:
            raise IllegalStepError(card.id, card.state, State.FAILED)
        self._cards[card.id] = replace(card, dropped=event.why)
        self.listed.emit()

    def _stepped(self, card: Card, after: State) -> Card:
        """The card in another state. Staying in the same one is no step: the broker repeats itself."""
        if after is card.state:
            return card
        if not may_step(card.state, after):
            raise IllegalStepError(card.id, card.state, after)
        stands = after in DECIDED
        return replace(
            card,
            candidate=card.candidate.model_copy(update={"state": after}),
            before=card.state if card.state in OPEN else _before(after, card.before),
            decision=card.decision if stands else None,
            result=card.result if stands else None,
        )

    def _put(self, card: Card) -> None:
        self._cards[card.id] = card
        self.changed.emit(card.id)


def _before(state: State, known: State = State.READY) -> State:
    """What an undo goes back to: the open state that the card is in, or was in last."""
    return state if state in OPEN else known
