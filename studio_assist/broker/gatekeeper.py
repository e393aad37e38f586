"""Stands at the door for the transport: judges what wants to leave, records it, and asks a person.

A request that goes to a host waits here with its exact bytes. Nobody's silence lets it pass: it goes on when
a named person has approved this digest, and ends when they refuse, stop it, or close the project.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.backends.hosted import NO_KEY
from studio_assist.broker.errands import Answered, Errand, Job, Stand, case_of, inspect
from studio_assist.broker.hosts import Hosts
from studio_assist.broker.house import House
from studio_assist.broker.outgoing import NameDesk, Outgoing
from studio_assist.broker.sent_pictures import look_at, picture_seen
from studio_assist.broker.session import Session
from studio_assist.broker.sheet import Behind, may_remember, question_id, sheet_of
from studio_assist.domain import record
from studio_assist.domain.errors import Refusal
from studio_assist.domain.names import Answers, NameKind, NameTerm
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import EntryNumber, PersonId, RequestId, Sha256
from studio_assist.gate.approvals import Approvals
from studio_assist.gate.body_pictures import require_size
from studio_assist.gate.case import Case
from studio_assist.gate.envelope import Envelope
from studio_assist.gate.findings import Finding, Inspection
from studio_assist.gate.picture_check import PictureCheck
from studio_assist.gate.shown import for_the_record
from studio_assist.gate.transport import Asking
from studio_assist.gate.verdict import Verdict, judge
from studio_assist.ledger import Contents

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

    # for generation

    async def prepare(self, errand: Errand, *, dry: bool = False, pictures: Sequence[Path] = ()) -> Outgoing:
        """An errand with its names replaced and its pictures looked at; from here on it may come to the door.

        Raises:
            Damaged, BadInput: the list of names cannot be read: nothing leaves without it; or a picture.
        """
        job = self._jobs.setdefault(errand.request, Job(errand, dry))
        job.anew = job.stale = False
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
            found = await asyncio.to_thread(look_at, pictures, outgoing.inspector)
            job.checked = {one.picture.sha256: one for one in found}
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
        if job and job.door is not None:
            self._tell(protocol.GateClosed(request=request, why="stopped"))

    def seen(self, request: RequestId) -> tuple[Envelope, Verdict, Inspection] | None:
        """What a dry errand brought to the door."""
        job = self._jobs.get(request)
        return job.seen if job else None

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
        job = self._jobs.get(who.request)
        if job is None or job.outgoing is None or who.backend != job.errand.info.id:
            raise Refusal(
                "Something wanted to send for a request that is not under way. Nothing was sent.",
                remedy="Ask again.",
                rule="asked-for",
            )
        require_size(envelope.body)
        async with job.turn:
            stand = job.stands.get(envelope.sha256)
            if stand is None:
                stand = Stand(envelope, *await inspect(job, envelope))
                job.stands[envelope.sha256] = stand
            elif self._approvals.left(envelope.sha256, who.request) and self._still_holds(job, stand):
                return
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
                stand.pictures, stand.found = await inspect(job, envelope)

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
        case = case_of(job, stand, self._session(), self._house, self._hosts)
        verdict = judge(case)
        if verdict.verdict != "ask":
            if stand.verdict and stand.verdict.verdict == "ask":
                # Something has changed since the sheet was made: it comes again as things are.
                self._answer(job, "look-again")
            raise Refusal(verdict.why, remedy=verdict.remedy, rule=verdict.rules[0])
        remember = params.remember and may_remember(case)
        assert stand.commitment
        entry = session.append(
            record.SendApproved(
                bytes=len(stand.envelope.body),
                envelope=stand.commitment,
                origin=stand.envelope.origin,
                request=params.request,
                scope="session" if remember else "once",
                sensitivity=case.sensitivity.value,
                times=job.errand.times,
            ),
            person=params.person,
            # Flushed with the entry that says that it left; a yes that is lost has sent nothing.
            durable=False,
        )
        if remember:
            self._remembered[self._kind(params.person.id, case, stand.envelope)] = entry.number
        self._give(job, stand, entry.number, params.person.id)
        self._answer(job, "approved")
        return protocol.Recorded(entry=entry.number, at=entry.at)

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
        assert stand.commitment
        self._session().meet(params.person)
        self._session().meet(job.errand.person)
        entry = self._session().append(
            record.SendSeconded(envelope=stand.commitment, request=params.request),
            person=params.person,
            durable=True,
        )
        stand.people.append(params.person)
        self._answer(job, "look-again")
        return protocol.Recorded(entry=entry.number, at=entry.at)

    async def refuse_send(self, params: protocol.RefuseSendParams) -> protocol.Recorded:
        """A person read the sheet and does not send."""
        self._looked_at(params.request, params.digest)
        await self._session().ready(params.person)
        job, stand = self._looked_at(params.request, params.digest)
        assert stand.commitment
        entry = self._session().append(
            record.SendRefused(envelope=stand.commitment, request=params.request),
            person=params.person,
            durable=True,
        )
        self._answer(job, "refused")
        self._tell(protocol.GateClosed(request=params.request, why="refused"))
        return protocol.Recorded(entry=entry.number, at=entry.at)

    async def answer_names(self, params: protocol.AnswerNamesParams) -> protocol.Nothing:
        """A person says which words are names. The sheet comes again."""
        job, stand = self._looked_at(params.request, params.digest)
        if params.person.automated:
            raise Refusal(
                "Only a person says which words are names.",
                remedy="Have somebody read the sheet.",
                rule="person-decides",
            )
        asked = {question_id(finding): finding for finding in stand.found.questions}
        answers = [(asked[one.question], one.answer) for one in params.answers if one.question in asked]
        if not answers:
            return protocol.Nothing()
        texts = Contents()
        told = [{"word": finding.text, "answer": answer} for finding, answer in answers]
        content = texts.add(json.dumps(told, ensure_ascii=False))
        self._session().append(
            record.NamesAnswered(answers=content, count=len(answers), request=params.request),
            contents=texts,
            person=params.person,
            durable=False,
        )
        self._session().meet(params.person)
        lasting_words: list[str] = []
        lasting_names: list[NameTerm] = []
        for finding, answer in answers:
            if answer == "no-name":
                job.words.add(" ".join(finding.text.split()))
                if finding.lasting:
                    lasting_words.append(finding.text)
            else:
                term = self._as_name(job, finding)
                if finding.lasting:
                    lasting_names.append(term)
        if lasting_words or lasting_names:
            self._house.keep_answers(self._session(), tuple(lasting_words), tuple(lasting_names))
        if lasting_names:
            # Whatever else stands at the gate was looked at without these names.
            self.look_again(words=True)
            return protocol.Nothing()
        changed = any(answer == "name" for _finding, answer in answers)
        self._answer(job, "ask-anew" if changed else "look-again")
        return protocol.Nothing()

    # internals

    def _still_holds(self, job: Job, stand: Stand) -> bool:
        """The same bytes once more, for another answer: what has changed meanwhile still counts."""
        return judge(case_of(job, stand, self._session(), self._house, self._hosts)).verdict == "ask"

    async def _at_door(self, job: Job, stand: Stand) -> Answered:
        """Judge, record, and wait for a person. Raises `Refusal` where it is blocked or nobody can look."""
        if job.stale:
            # The names were changed on the way here: a sheet would say of the old ones that all is well.
            return "ask-anew"
        case = case_of(job, stand, self._session(), self._house, self._hosts)
        verdict = judge(case)
        stand.verdict = verdict
        if job.dry:
            job.seen = (stand.envelope, verdict, stand.found)
            raise Refusal("Only looked at.", remedy="Nothing was sent.", rule="looked-at")
        entry = self._record(job, stand, case, verdict)
        if verdict.verdict == "ask" and may_remember(case):
            allowed = self._remembered.get(self._kind(case.asked_by, case, stand.envelope))
            if allowed is not None:
                self._give(job, stand, allowed, job.errand.person.id)
                return "approved"
        self._tell(protocol.GateAsked(sheet=self._sheet(job, stand, case, verdict, entry)))
        if verdict.verdict == "blocked":
            raise Refusal(verdict.why, remedy=verdict.remedy, rule=verdict.rules[0])
        if not self._watched:
            raise Refusal(
                "This needs a person who reads what is sent, in the window.",
                remedy="Open the project in the window and ask there, or use the model on this machine.",
                rule="person-decides",
            )
        job.door = stand.envelope.sha256
        job.waiting = asyncio.get_running_loop().create_future()
        answer = await job.waiting
        job.waiting = job.door = None
        return answer

    def _record(self, job: Job, stand: Stand, case: Case, verdict: Verdict) -> EntryNumber:
        texts = Contents()
        if stand.commitment is None:
            stand.commitment = texts.add(for_the_record(stand.envelope))
        said = verdict.verdict
        entry = self._session().append(
            record.Judged(
                backend=case.backend,
                bytes=len(stand.envelope.body),
                envelope=stand.commitment,
                origin=stand.envelope.origin,
                policy=" + ".join(policy.id for policy in case.policies),
                request=job.errand.request,
                rules=verdict.rules,
                sensitivity=case.sensitivity.value,
                verdict="blocked" if said == "here" else said,
            ),
            contents=texts,
            # What leaves is flushed with the entry that says so, before its first byte.
            durable=False,
        )
        return entry.number

    def _sheet(
        self, job: Job, stand: Stand, case: Case, verdict: Verdict, entry: EntryNumber
    ) -> protocol.GateSheet:
        assert job.outgoing
        errand = job.errand
        attested = case.attested
        by = self._session().story.name_of(attested.signed.attestation.by)[0] if attested else ""
        behind = Behind(
            request=errand.request,
            task=f"temp brainstorm, {errand.task.lower()}",
            scene=errand.scene,
            desk=errand.desk,
            asked_by=errand.person.name,
            attested_by=by,
            times=errand.times,
            local=self._local(),
            written=tuple(
                message.text
                for prompt in errand.asked.prompts
                for message in prompt.messages
                if message.role == "user"
            ),
        )
        return sheet_of(
            behind,
            stand.envelope,
            case,
            verdict,
            stand.found.questions,
            job.outgoing.tokens,
            entry,
            seconded_by=", ".join(person.name for person in stand.people),
            pictures=tuple(picture_seen(one) for one in job.checked.values()),
        )

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
        self._tell(protocol.GateClosed(request=job.errand.request, why="sent"))

    def _answer(self, job: Job, answer: Answered) -> None:
        assert job.waiting
        job.door = None
        job.waiting.set_result(answer)

    def _kind(self, who: PersonId, case: Case, envelope: Envelope) -> tuple[PersonId, str, str, Sensitivity]:
        return who, case.backend, envelope.origin, case.sensitivity

    def _as_name(self, job: Job, finding: Finding) -> NameTerm:
        """The word as a name from now on: one more way to write a listed one, or a name of its own."""
        written = " ".join(finding.text.split())
        if finding.term is not None:
            job.names.append((written, finding.term))
            return NameTerm(text=finding.term, kind=NameKind.OTHER, aliases=(written,), source="person")
        term = NameTerm(text=written, kind=NameKind.OTHER, source="person")
        job.terms.append(term)
        return term


def _bare(name: str) -> str:
    """A person's name as two who type it alike would mean it."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
