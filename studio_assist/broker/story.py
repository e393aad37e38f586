"""What the record tells of people, requests, candidates, decisions and the temp text they made."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from studio_assist import protocol
from studio_assist.domain.candidate import Anchor, Candidate, State
from studio_assist.domain.errors import BadInput, StudioError
from studio_assist.domain.placing import Place, place_for
from studio_assist.domain.record import (
    CandidateMade,
    Commitment,
    DecisionMade,
    Entry,
    Exported,
    Judged,
    PersonAdded,
    Requested,
    RequestEnded,
    SendApproved,
    SendSeconded,
    Sent,
)
from studio_assist.domain.tasks import Placement
from studio_assist.domain.temp import TempSpan
from studio_assist.domain.values import CandidateId, EntryNumber, PersonId, RequestId, sha256_of
from studio_assist.interchange.fountain import parse
from studio_assist.ledger import Ledger

#: Where a model ran, as people read it behind its name.
WHERE_WORDS: Final = {
    "here": "on this machine",
    "studio": "on the studio's network",
    "outside": "off this machine",
}

#: How a place of each kind is found again.
_PLACEMENTS: Final = {
    "replace": Placement.REPLACE,
    "after": Placement.AFTER,
    "synopsis": Placement.SYNOPSIS,
    "action": Placement.ACTION,
    "title_page": Placement.LOGLINE,
}


#: The task of a request for pictures.
BOARD: Final = "board"
#: What a decision's placement says where its picture went into a panel.
PANEL: Final = "panel"


def is_of_board(decision: DecisionMade) -> bool:
    """Whether it let a picture into a panel, and no words into the script."""
    return decision.placement is not None and decision.placement.kind == PANEL


class Sending(NamedTuple):
    """Something that left, and who let it.

    Attributes:
        entry, at: when it left.
        times: how often these bytes left by this one approval.
        approved_by, seconded_by: names of people; the second is None where nobody was needed.
        approval: the entry of the approval.
        session: it was given for everything of a class until that session's end, not for these bytes alone.
        verdict, rules: what the gate had said of exactly these bytes.
    """

    entry: EntryNumber
    at: datetime
    origin: str
    bytes: int
    times: int
    approved_by: str
    seconded_by: str | None
    approval: EntryNumber
    session: bool
    verdict: str
    rules: tuple[str, ...]


class Story:
    """Reads a project's ledger for what the window and the exporter need to know. Writes nothing."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger: Final = ledger

    def name_of(self, person: PersonId | None) -> tuple[str, bool]:
        """A person's name as the record has it, and whether they are an automat."""
        for entry in self._ledger.entries(type="person_added", limit=1000, newest_first=True):
            body = entry.body
            if isinstance(body, PersonAdded) and body.person == person:
                return body.name, body.person == "automated"
        return (person or "nobody"), person == "automated"

    def text_of(self, commitment: Commitment) -> str | None:
        """The text behind a commitment, or None where it was forgotten."""
        return self._ledger.content(commitment)

    def has_exported(self, name: str, sha256: str) -> bool:
        """Whether this project wrote a file of this name with exactly this content."""
        before: int | None = None
        while page := self._ledger.entries(type="exported", before=before, newest_first=True):
            for entry in page:
                if isinstance(entry.body, Exported) and (entry.body.name, entry.body.sha256) == (
                    name,
                    sha256,
                ):
                    return True
            before = page[-1].number
        return False

    def quote_of(self, span: TempSpan) -> str | None:
        """The words of a span as they went in, unless they were forgotten."""
        try:
            _, decision = self._ledger.decision(span.entry)
        except StudioError:
            return None
        return self._ledger.content(decision.result) if decision.result else None

    def live_spans(self) -> tuple[TempSpan, ...]:
        """What the record knows of temp text, where temp.json cannot be read: every live placed decision."""
        spans: list[TempSpan] = []
        for entry in self._ledger.entries(type="decision", limit=1_000_000):
            decision = entry.body
            if (
                isinstance(decision, DecisionMade)
                and decision.outcome != "rejected"
                and not is_of_board(decision)
                and self.is_live(entry.number)
            ):
                text = self._ledger.content(decision.result) if decision.result else None
                if text is not None:
                    spans.append(self.span_of(entry, decision, text))
        return tuple(spans)

    def is_live(self, decision: EntryNumber) -> bool:
        """Whether a decision was neither undone nor its temp text replaced or deleted."""
        ended = ("decision_undone", "replaced", "span_deleted")
        return not self._ledger.entries(type=ended, decision=decision, limit=1)

    def offer_of(self, entry: Entry, decision: DecisionMade, script: str) -> protocol.RecoveryOffer | None:
        """A decision's words for a script that they never reached; None where they were forgotten.

        Its place is where they would go in this script, or None where the text that they were made for is
        not in it.
        """
        text = self._ledger.content(decision.result) if decision.result else None
        if text is None:
            return None
        place = self._place_in(script, decision)
        span = self.span_of(entry, decision, place.placed(text) if place else text)
        if place:
            span = span.model_copy(update={"start": place.start + len(place.before)})
        return protocol.RecoveryOffer(
            id=f"decision:{entry.number}", kind="decision", at=entry.at, text=text, place=place, span=span
        )

    def span_of(self, entry: Entry, decision: DecisionMade, text: str) -> TempSpan:
        """The temp span that an accepted decision makes, at the place where it was decided."""
        made = self.candidate_entry(decision.candidate)
        request = self.request_entry(made.request)
        start = decision.placement.start if decision.placement else 0
        assert entry.person is not None
        return TempSpan(
            id=f"t{entry.number}",
            entry=entry.number,
            request=made.request,
            candidate=decision.candidate,
            task=request.task,
            person=entry.person,
            person_name=self.name_of(entry.person)[0],
            at=entry.at,
            outcome="edited" if decision.outcome == "edited" else "accepted",
            model=f"{request.model} {WHERE_WORDS[request.where]}",
            start=start,
            length=len(text),
            quote=sha256_of(text),
            edited=1 - decision.kept_permille / 1000,
        )

    def candidate_entry(self, candidate: CandidateId) -> CandidateMade:
        """The entry in which a candidate came up. Raises `BadInput` where there is none."""
        for entry in self._ledger.entries(type="candidate", candidate=candidate, limit=1):
            if isinstance(entry.body, CandidateMade):
                return entry.body
        raise BadInput(f"There is no candidate {candidate}.", remedy="Open the project again.")

    def has_request(self, request: RequestId) -> bool:
        """Whether a request is in the record."""
        return bool(self._ledger.entries(type="requested", request=request, limit=1))

    def never_left(self, request: RequestId) -> bool:
        """Whether a request is in the record and nothing of it went to a host."""
        # What leaves is written down before its first byte.
        return self.has_request(request) and not self._ledger.entries(type="sent", request=request, limit=1)

    def is_under_way(self, request: RequestId) -> bool:
        """Whether a request is in the record and has not ended there."""
        ends = self._ledger.entries(type="request_ended", request=request, limit=1)
        return self.has_request(request) and not ends

    def is_drawn(self, request: RequestId) -> bool:
        """Whether a request has ended, with everything that was asked for."""
        ends = self._ledger.entries(type="request_ended", request=request, newest_first=True, limit=1)
        return any(isinstance(end.body, RequestEnded) and end.body.state == "done" for end in ends)

    def request_entry(self, request: RequestId) -> Requested:
        """The entry of a request. Raises `BadInput` where there is none."""
        for entry in self._ledger.entries(type="requested", request=request, limit=1):
            if isinstance(entry.body, Requested):
                return entry.body
        raise BadInput(f"There is no request {request}.", remedy="Open the project again.")

    def sending(self, request: RequestId) -> tuple[Sending, ...]:
        """What left for a request, the first first; empty where nothing did."""
        types = ("judged", "send_seconded", "sent")
        judged: dict[str, Judged] = {}
        seconded: dict[str, str] = {}
        found: dict[tuple[str, EntryNumber], Sending] = {}
        for entry in self._ledger.entries(type=types, request=request, limit=10_000):
            match entry.body:
                case Judged() as body:
                    judged[body.envelope] = body
                case SendSeconded() as body:
                    seconded[body.envelope] = self.name_of(entry.person)[0]
                case Sent() as body:
                    before = found.get((body.envelope, body.approval))
                    if before:
                        found[body.envelope, body.approval] = before._replace(times=before.times + 1)
                        continue
                    given = self._ledger.entry(body.approval)
                    said = judged.get(body.envelope)
                    found[body.envelope, body.approval] = Sending(
                        entry=entry.number,
                        at=entry.at,
                        origin=body.origin,
                        bytes=body.bytes,
                        times=1,
                        approved_by=self.name_of(given.person)[0],
                        seconded_by=seconded.get(body.envelope),
                        approval=body.approval,
                        session=isinstance(given.body, SendApproved) and given.body.scope == "session",
                        verdict=said.verdict if said else "",
                        rules=said.rules if said else (),
                    )
                case _:
                    pass
        return tuple(found.values())

    def anchor_of(self, request: Requested) -> Anchor | None:
        """What a request was about; None for the whole script, or where the words were forgotten."""
        if request.anchor is None:
            return None
        quote = self._ledger.content(request.anchor.quote)
        if quote is None:
            return None
        return Anchor(start=request.anchor.start, length=request.anchor.length, quote=quote)

    def open_requests(self) -> tuple[protocol.OpenRequest, ...]:
        """The requests that still have words to decide on, oldest first; pictures wait on the board."""
        waiting: dict[RequestId, list[Candidate]] = {}
        stale = self._ledger.stale_candidates(but_of=BOARD)
        found = [(entry, text, False) for entry, text in self._ledger.open_candidates(but_of=BOARD)]
        found += [(entry, text, True) for entry, text in stale]
        for entry, text, is_stale in sorted(found, key=lambda item: item[0].number):
            made = entry.body
            assert isinstance(made, CandidateMade)
            waiting.setdefault(made.request, []).append(candidate_of(made, text, stale=is_stale))
        return tuple(self._open_request(request, tuple(cards)) for request, cards in waiting.items())

    def open_pictures(self) -> int:
        """How many pictures wait for a decision on the board."""
        return self._ledger.open_count_of(BOARD)

    # internals

    def _open_request(self, request: RequestId, cards: tuple[Candidate, ...]) -> protocol.OpenRequest:
        entry = self._ledger.entries(type="requested", request=request, limit=1)[0]
        body = entry.body
        assert isinstance(body, Requested)
        return protocol.OpenRequest(
            request=request,
            task=body.task,
            scene=body.scene,
            cue=None,
            anchor=self.anchor_of(body),
            note=(self._ledger.content(body.note) or "") if body.note else "",
            backend=body.backend,
            model=body.model,
            where=body.where,
            at=entry.at,
            person_name=self.name_of(entry.person)[0],
            candidates=cards,
        )

    def _place_in(self, script: str, decision: DecisionMade) -> Place | None:
        request = self.request_entry(self.candidate_entry(decision.candidate).request)
        placement = _PLACEMENTS.get(decision.placement.kind) if decision.placement else None
        anchor = self.anchor_of(request)
        now = anchor.find_in(script) if anchor else None
        if placement is None or (request.anchor is not None and now is None):
            return None
        try:
            return place_for(placement, parse(script).screenplay, now)
        except BadInput:
            # The scene that a synopsis was made for is gone.
            return None


def candidate_of(made: CandidateMade, text: str, *, stale: bool = False) -> Candidate:
    """A candidate as a card shows it, from its entry and its words."""
    return Candidate(
        id=made.candidate,
        request=made.request,
        index=made.index,
        state=State.STALE if stale else State(made.state),
        text=text,
        content=sha256_of(text),
        seed=made.seed or 0,
        tokens=made.tokens,
        ms=made.ms,
        why=made.why,
    )
