"""Stands at the door for the transport: judges what wants to leave, records it, and asks a person.

A request that goes to a host waits here with its exact bytes. Nobody's silence lets it pass: it goes on when
a named person has approved this digest, and ends when they refuse, stop it, or close the project.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.backends.hosted import NO_KEY
from studio_assist.broker.errands import Answered, Errand, Job, Stand, case_of, inspect, trail_of
from studio_assist.broker.hosts import Hosts
from studio_assist.broker.house import House
from studio_assist.broker.judging import Judgement, deciding, judgements, recorded
from studio_assist.broker.name_answers import take_answers
from studio_assist.broker.outgoing import NameDesk, Outgoing
from studio_assist.broker.sent_pictures import look_at
from studio_assist.broker.session import Session
from studio_assist.broker.sheet import may_remember, question_id
from studio_assist.broker.standing_sheet import sheet_for
from studio_assist.domain import record
from studio_assist.domain.errors import Refusal
from studio_assist.domain.names import Answers
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import EntryNumber, PersonId, RequestId, Sha256
from studio_assist.gate.approvals import Approvals
from studio_assist.gate.body_pictures import require_size
from studio_assist.gate.case import Case
from studio_assist.gate.envelope import Envelope
from studio_assist.gate.findings import Inspection
from studio_assist.gate.follow import Trail
from studio_assist.gate.picture_check import PictureCheck
from studio_assist.gate.transport import Asking
from studio_assist.gate.verdict import Verdict, judge

#: How a key stands in a header.
_KEY_WAYS: Final = ("", "Bearer ", "Token ", "Key ")


class Gatekeeper:
    """Implements `gate.transport.Gatekeeper`, and does what a person answers to the sheet.

    Args:
        watched: there is a window in which a person can read what leaves.
        local: id of a model on this machine that could be asked instead, or None.
    """

    def __init__(
        self,
        session: Callable[[], Session],
        house: House,
        hosts: Hosts,
        approvals: Approvals,
        tell: Callable[[protocol.Event], None],
        *,
        watched: bool,
        local: Callable[[], str | None],
    ) -> None:
        self._session: Final = session
        self._house: Final = house
        self._hosts: Final = hosts
        self._approvals: Final = approvals
        self._tell: Final = tell
        self._watched: Final = watched
        self._local: Final = local
        self._jobs: Final[dict[RequestId, Job]] = {}
        self._desk = NameDesk()
        self._preparing: Final = asyncio.Lock()
        #: *Ask once a session*: (who said it, backend, origin, class) and the entry that allows it. It holds
        #: for what they ask themselves.
        self._remembered: Final[dict[tuple[PersonId, str, str, Sensitivity], EntryNumber]] = {}
        #: Called when an errand begins to wait for a person.
        self.on_wait: Callable[[], None] = lambda: None

    # for generation

    async def prepare(
        self,
        errand: Errand,
        *,
        dry: bool = False,
        pictures: Sequence[Path] = (),
        drawn: Collection[Path] = (),
    ) -> Outgoing:
        """An errand with its names replaced and its pictures looked at; from here on it may come to the door.

        Args:
            drawn: those of the pictures that the built-in drawer made.

        Raises:
            Damaged, BadInput: the list of names cannot be read: nothing leaves without it; or a picture.
        """
        job = self._jobs.setdefault(errand.request, Job(errand, dry))
        job.anew = job.stale = False
        if job.trail is None:
            job.trail = trail_of(errand, self._house, self._hosts)
        # What was found in the same bytes before was found with other names.
        job.stands.clear()
        session = self._session()
        terms = (*self._house.terms(session, errand.script), *job.terms)
        kept = self._house.answers(session, errand.asked)
        answers = Answers(words=kept.words | job.words, names=(*kept.names, *job.names))

        def build() -> Outgoing:
            inspector = self._desk.inspector(terms, answers)
            return Outgoing(errand.asked, inspector, self._desk.tokens)

        async with self._preparing:
            job.outgoing = outgoing = await asyncio.to_thread(build)
        if pictures:
            found = await asyncio.to_thread(look_at, pictures, outgoing.inspector, drawn)
            job.checked = {one.picture.sha256: one for one in found}
        return outgoing

    async def resume(self, errand: Errand) -> Outgoing:
        """As `prepare`, for an errand that was sent before the program was started anew: it may be followed.

        What may stand in a follow-up is read from the record; where that was forgotten, nothing may.
        """
        outgoing = await self.prepare(errand)
        trail, ledger = self._jobs[errand.request].trail, self._session().ledger
        for entry in ledger.entries(type="sent", request=errand.request) if trail else ():
            if isinstance(entry.body, record.Sent) and trail:
                kept = ledger.content(entry.body.envelope)
                trail.recalled(entry.body.origin, json.loads(kept).get("body") if kept else None)
        return outgoing

    def asks_anew(self, request: RequestId) -> bool:
        """Whether the errand ended only because an answer changed its words."""
        job = self._jobs.get(request)
        return job is not None and job.anew and not job.bytes_sent

    def answered(self, request: RequestId) -> None:
        """The host has begun to answer."""
        if request in self._jobs:
            self._tell(
                protocol.GateSent(request=request, bytes=self._jobs[request].bytes_sent, answered=True)
            )

    def end(self, request: RequestId) -> None:
        """The errand is over: what was approved for it is good no more."""
        self._approvals.withdraw(request)
        job = self._jobs.pop(request, None)
        if job and job.trail is not None:
            job.trail.end()
        if job and job.door is not None:
            self._tell(protocol.GateClosed(request=request, why="stopped"))

    def seen(self, request: RequestId) -> tuple[Envelope, Verdict, Inspection] | None:
        """What a dry errand brought to the door."""
        job = self._jobs.get(request)
        return job.seen if job else None

    def waits_alone(self, request: RequestId) -> bool:
        """Whether an errand waits for a person while others of theirs to that host need not."""
        job = self._jobs.get(request)
        if job is None or job.door is None:
            return False
        errand = job.errand
        return any((who, to) == (errand.person.id, errand.info.id) for who, to, *_ in self._remembered)

    def look_again(self, *, words: bool = False) -> None:
        """What decides was changed: every sheet that is open comes again, with other names where `words`."""
        for job in self._jobs.values():
            job.stale = job.stale or words
            if job.door is not None and job.waiting is not None and not job.waiting.done():
                self._answer(job, "ask-anew" if words else "look-again")

    def checked(self, request: RequestId) -> tuple[PictureCheck, ...]:
        """The pictures that were looked at for an errand, in their order."""
        job = self._jobs.get(request)
        return tuple(job.checked.values()) if job else ()

    def leave_project(self) -> None:
        """The project is closed: its stand-ins, and what was allowed for the session, go with it."""
        for request in list(self._jobs):
            self.end(request)
        self._remembered.clear()
        self._desk = NameDesk()

    # for the transport

    async def review(self, who: Asking, envelope: Envelope) -> None:
        """As `gate.transport.Gatekeeper.review`."""
        job = self._under_way(who)
        require_size(envelope.body)
        async with job.turn:
            stand = job.stands.get(envelope.sha256)
            if stand is None:
                stand = Stand(envelope, *await inspect(job, envelope))
                job.stands[envelope.sha256] = stand
            elif self._approvals.left(envelope.sha256, who.request) and self._still_holds(job, stand):
                return
            await self._read_by_a_person(job, stand)

    async def review_together(self, who: Asking, envelopes: Sequence[Envelope]) -> None:
        """As `gate.transport.Gatekeeper.review_together`: the last is what the others go along with."""
        job = self._under_way(who)
        for envelope in envelopes:
            require_size(envelope.body)
        async with job.turn:
            stands = [Stand(envelope, *await inspect(job, envelope)) for envelope in envelopes]
            job.stands.update((stand.envelope.sha256, stand) for stand in stands)
            stands[-1].along = tuple(stands[:-1])
            job.stands[stands[-1].digest] = stands[-1]
            await self._read_by_a_person(job, stands[-1])

    def trail(self, who: Asking) -> Trail | None:
        """As `gate.transport.Gatekeeper.trail`."""
        job = self._jobs.get(who.request)
        is_its = job is not None and who.backend == job.errand.info.id and not job.dry
        return job.trail if job is not None and is_its else None

    async def require_keys(self, who: Asking, values: Iterable[str]) -> None:
        """As `gate.transport.Gatekeeper.require_keys`."""
        key = await self._hosts.key_of(who.backend)
        # A server of one's own may want none; an SDK puts something there all the same.
        fitting = {f"{way}{word}" for way in _KEY_WAYS for word in (key, NO_KEY) if word}
        if not fitting.issuperset(values):
            raise Refusal(
                "A header that is for the key holds something else. Nothing was sent.",
                remedy="Tell the people who made the backend.",
                rule="key-header",
            )

    async def leaving(self, who: Asking, envelope: Envelope) -> None:
        """As `gate.transport.Gatekeeper.leaving`."""
        job = self._jobs[who.request]
        stand = job.stands[envelope.sha256]
        assert stand.commitment, "what leaves was judged"
        assert stand.approval, "what leaves was approved"
        self._session().append(
            record.Sent(
                approval=stand.approval,
                bytes=len(envelope.body),
                envelope=stand.commitment,
                origin=envelope.origin,
                request=who.request,
            ),
            durable=True,
        )
        job.bytes_sent += len(envelope.body)
        self._tell(protocol.GateSent(request=who.request, bytes=job.bytes_sent))

    # what a person answers

    async def approve_send(self, params: protocol.ApproveSendParams) -> protocol.Recorded:
        """A person has read these bytes and sends them."""
        job, stand = self._looked_at(params.request, params.digest)
        if params.person.automated:
            raise Refusal(
                "Only a person sends.", remedy="Have somebody read the sheet.", rule="person-decides"
            )
        session = self._session()
        await session.ready(params.person)
        job, stand = self._looked_at(params.request, params.digest)
        cases = self._cases(job, stand)
        _case, verdict = deciding(cases)
        if verdict.verdict != "ask":
            if stand.verdict and stand.verdict.verdict == "ask":
                # Something has changed since the sheet was made: it comes again as things are.
                self._answer(job, "look-again")
            raise Refusal(verdict.why, remedy=verdict.remedy, rule=verdict.rules[0])
        remember = params.remember and all(may_remember(case) for _part, case, _verdict in cases)
        entries = [
            session.append(
                record.SendApproved(
                    bytes=len(part.envelope.body),
                    envelope=part.named,
                    origin=part.envelope.origin,
                    request=params.request,
                    scope="session" if remember else "once",
                    sensitivity=case.sensitivity.value,
                    times=job.errand.times,
                ),
                person=params.person,
                # Flushed with the entry that says that it left; a yes that is lost has sent nothing.
                durable=False,
            )
            for part, case, _verdict in cases
        ]
        for (part, case, _verdict), entry in zip(cases, entries, strict=True):
            if remember:
                self._remembered[self._kind(params.person.id, case, part.envelope)] = entry.number
            self._give(job, part, entry.number, params.person.id)
        self._tell(protocol.GateClosed(request=params.request, why="sent"))
        self._answer(job, "approved")
        return protocol.Recorded(entry=entries[-1].number, at=entries[-1].at)

    async def second_send(self, params: protocol.SecondSendParams) -> protocol.Recorded:
        """Somebody else has read these bytes and agrees."""
        job, stand = self._looked_at(params.request, params.digest)
        asked_by = job.errand.person
        same = params.person.id == asked_by.id or _bare(params.person.name) == _bare(asked_by.name)
        if params.person.automated or same:
            raise Refusal(
                "The second yes is another person's.",
                remedy="Ask somebody else on the project to read the sheet.",
                rule="second-person",
            )
        await self._session().ready(params.person)
        job, stand = self._looked_at(params.request, params.digest)
        self._session().meet(params.person)
        self._session().meet(job.errand.person)
        entries = [
            self._session().append(
                record.SendSeconded(envelope=part.named, request=params.request),
                person=params.person,
                durable=True,
            )
            for part in stand.whole
        ]
        for part in stand.whole:
            part.people.append(params.person)
        self._answer(job, "look-again")
        return protocol.Recorded(entry=entries[-1].number, at=entries[-1].at)

    async def refuse_send(self, params: protocol.RefuseSendParams) -> protocol.Recorded:
        """A person read the sheet and does not send."""
        self._looked_at(params.request, params.digest)
        await self._session().ready(params.person)
        job, stand = self._looked_at(params.request, params.digest)
        entries = [
            self._session().append(
                record.SendRefused(envelope=part.named, request=params.request),
                person=params.person,
                durable=True,
            )
            for part in stand.whole
        ]
        self._answer(job, "refused")
        self._tell(protocol.GateClosed(request=params.request, why="refused"))
        return protocol.Recorded(entry=entries[-1].number, at=entries[-1].at)

    async def answer_names(self, params: protocol.AnswerNamesParams) -> protocol.Nothing:
        """A person says which words are names. The sheet comes again."""
        job, stand = self._looked_at(params.request, params.digest)
        if params.person.automated:
            raise Refusal(
                "Only a person says which words are names.",
                remedy="Have somebody read the sheet.",
                rule="person-decides",
            )
        asked = {question_id(finding): finding for finding in stand.questions}
        answers = [(asked[one.question], one.answer) for one in params.answers if one.question in asked]
        if not answers:
            return protocol.Nothing()
        lasting, changed = take_answers(self._session(), self._house, job, params, answers)
        if lasting:
            # Whatever else stands at the gate was looked at without these names.
            self.look_again(words=True)
            return protocol.Nothing()
        self._answer(job, "ask-anew" if changed else "look-again")
        return protocol.Nothing()

    # internals

    def _under_way(self, who: Asking) -> Job:
        job = self._jobs.get(who.request)
        if job is None or job.outgoing is None or who.backend != job.errand.info.id:
            raise Refusal(
                "Something wanted to send for a request that is not under way. Nothing was sent.",
                remedy="Ask again.",
                rule="asked-for",
            )
        return job

    async def _read_by_a_person(self, job: Job, stand: Stand) -> None:
        """Come back once a person has sent what stands there; raise `Refusal` where that does not happen."""
        while True:
            answer = await self._at_door(job, stand)
            if answer == "approved":
                return
            if answer == "refused":
                raise Refusal(
                    "You did not send it. Nothing left this machine.",
                    remedy="Ask again, or use the model on this machine.",
                    rule="person-decides",
                )
            if answer == "ask-anew":
                job.anew = True
                raise Refusal(
                    "The names were changed.",
                    remedy="Ask again." if job.bytes_sent else "It is asked anew.",
                    rule="names-answered",
                )
            for part in stand.whole:
                part.pictures, part.found = await inspect(job, part.envelope)

    def _cases(self, job: Job, stand: Stand) -> list[Judgement]:
        return judgements(job, stand, self._session(), self._house, self._hosts)

    def _still_holds(self, job: Job, stand: Stand) -> bool:
        """The same bytes once more, for another answer: what has changed meanwhile still counts."""
        return judge(case_of(job, stand, self._session(), self._house, self._hosts)).verdict == "ask"

    async def _at_door(self, job: Job, stand: Stand) -> Answered:
        """Judge, record, and wait for a person. Raises `Refusal` where it is blocked or nobody can look."""
        if job.stale:
            # The names were changed on the way here: a sheet would say of the old ones that all is well.
            return "ask-anew"
        cases = self._cases(job, stand)
        case, verdict = deciding(cases)
        stand.verdict = verdict
        if job.dry:
            job.seen = (stand.envelope, verdict, stand.found)
            raise Refusal("Only looked at.", remedy="Nothing was sent.", rule="looked-at")
        entries = [recorded(self._session(), job, *part) for part in cases]
        if verdict.verdict == "ask" and all(may_remember(each) for _part, each, _verdict in cases):
            allowed = [
                self._remembered.get(self._kind(each.asked_by, each, part.envelope))
                for part, each, _verdict in cases
            ]
            if None not in allowed:
                for part, number in zip(stand.whole, allowed, strict=True):
                    assert number
                    self._give(job, part, number, job.errand.person.id)
                self._tell(protocol.GateClosed(request=job.errand.request, why="sent"))
                return "approved"
        sheet = sheet_for(self._session(), job, stand, case, verdict, entries[-1], self._local())
        self._tell(protocol.GateAsked(sheet=sheet))
        if verdict.verdict == "blocked":
            raise Refusal(verdict.why, remedy=verdict.remedy, rule=verdict.rules[0])
        if not self._watched:
            raise Refusal(
                "This needs a person who reads what is sent, in the window.",
                remedy="Open the project in the window and ask there, or use the model on this machine.",
                rule="person-decides",
            )
        job.door = stand.digest
        job.waiting = asyncio.get_running_loop().create_future()
        self.on_wait()
        answer = await job.waiting
        job.waiting = job.door = None
        return answer

    def _looked_at(self, request: RequestId, digest: Sha256) -> tuple[Job, Stand]:
        """The errand whose sheet a person has before them. Raises `Refusal` where that is another one."""
        job = self._jobs.get(request)
        if job is None or job.waiting is None or job.waiting.done() or job.door != digest:
            raise Refusal(
                "That is not what stands at the gate now. Nothing was sent.",
                remedy="Read the sheet that is open, or ask again.",
                rule="approved-bytes",
            )
        return job, job.stands[digest]

    def _give(self, job: Job, stand: Stand, entry: EntryNumber, by: PersonId) -> None:
        stand.approval = entry
        for _ in range(job.errand.times):
            self._approvals.give(stand.envelope.sha256, job.errand.request, by)

    def _answer(self, job: Job, answer: Answered) -> None:
        assert job.waiting
        job.door = None
        job.waiting.set_result(answer)

    def _kind(self, who: PersonId, case: Case, envelope: Envelope) -> tuple[PersonId, str, str, Sensitivity]:
        return who, case.backend, envelope.origin, case.sensitivity


def _bare(name: str) -> str:
    """A person's name as two who type it alike would mean it."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
