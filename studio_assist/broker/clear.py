"""Clearing: requests, answers, consents, the contact, and named works; what the Clear desk calls.

A call writes its files first and then the entry that names them; what a crash left without its entry opens
nothing. Whoever may do what is held before a call comes here (see `people_rights`).
"""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from studio_assist import protocol
from studio_assist.broker.clear_closing import Closing
from studio_assist.broker.clear_door import ClearDoor, hold_days, reason
from studio_assist.broker.clear_rules import (
    assessed,
    require_another,
    require_filled,
    require_waiting,
    rules_of,
)
from studio_assist.broker.clearance_files import next_number, wrong
from studio_assist.broker.export_files import target_of
from studio_assist.broker.session import Session
from studio_assist.domain.clearance import (
    Approval,
    ClearanceRequest,
    ClearanceSeen,
    Evidence,
    Scope,
)
from studio_assist.domain.clearance_letters import request_letter
from studio_assist.domain.clearing import assess, use_of
from studio_assist.domain.errors import BadInput, Conflict, Refusal, StudioError
from studio_assist.domain.people import Person
from studio_assist.domain.record import (
    ClearanceApproved,
    ClearanceDrafted,
    ClearanceRefused,
    ClearanceSent,
    ClearanceWithdrawn,
    Judged,
    Requested,
)
from studio_assist.domain.values import sha256_of
from studio_assist.interchange.clearance_pdf import clearance_pdf
from studio_assist.ledger import Contents
from studio_assist.storage.atomic import write_atomic
from studio_assist.storage.faults import disk

#: How often it is looked whether a day is over on which something ended, in seconds.
_LOOK_S: Final = 60.0


class Clear:
    """What the Clear desk calls, one method for each call; and what the gate and the tasks ask."""

    def __init__(self, door: ClearDoor, closing: Closing) -> None:
        self._door: Final = door
        self._closing: Final = closing
        self._watching: asyncio.Task[None] | None = None

    # the project

    def open(self, session: Session) -> None:
        """A project was opened: from now on it is told when something in it ends."""
        self._watching = asyncio.get_running_loop().create_task(self._watch(session))

    async def close_project(self) -> None:
        """The project is about to be closed."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
            self._watching = None

    # looking

    async def show_clear(self, params: protocol.Nothing) -> protocol.ClearDesk:
        """Everything that the desk shows."""
        return self._door.view.desk(self._door.session())

    async def notice(self, params: protocol.NoticeParams) -> protocol.Noticing:
        """What a prompt names, and whether it may be asked."""
        return await self._closing.notice(self._door.session(), params)

    # requests

    async def save_clearance(self, params: protocol.SaveClearanceParams) -> ClearanceSeen:
        """Keep a draft.

        Raises:
            BadInput: no such request, or a field cannot be kept.
            Refusal: it was sent already, or is somebody else's; or nothing may be written here.
        """
        session = self._door.session()
        session.may_write()
        there = self._draft(session, params.id, params.person) if params.id else None
        request = self._filled(session, params, there)
        self._door.book.of(session).files.save_request(request)
        self._note_draft(session, request, params.person)
        self._door.changed(session)
        return self._door.view.seen(session, request.id)

    async def draft_clearance(self, params: protocol.DraftClearanceParams) -> protocol.ClearanceDraft:
        """Begin to ask for clearance of what was blocked. Whoever asks again gets the same draft.

        Raises:
            BadInput: no such request, or no reason.
            Refusal: nothing may be written here.
        """
        session = self._door.session()
        session.may_write()
        clearances = self._door.book.of(session)
        wanted = self._of_blocked(session, params)
        mine = (params.request, params.rule, params.backend, params.person.id, wanted.why)
        for there in clearances.files.requests().values():
            same = (there.request, there.rule, there.backend, there.by.id, there.why) == mine
            stood = clearances.stood().get(there.id)
            if same and (stood is None or stood.sent is None):
                wanted = there
                break
        else:
            clearances.files.save_request(wanted)
        self._note_draft(session, wanted, params.person)
        self._door.changed(session)
        _subject, text = self._letter(session, wanted)
        path = clearances.files.path_of_request(wanted.id)
        return protocol.ClearanceDraft(id=wanted.id, path=str(path), text=text)

    async def discard_clearance(self, params: protocol.ClearanceRef) -> protocol.Nothing:
        """Take a draft away. The record keeps that there was one."""
        session = self._door.session()
        session.may_write()
        request = self._draft(session, params.id, params.person)
        self._door.book.of(session).files.remove_request(request.id)
        self._door.changed(session)
        return protocol.Nothing()

    async def attach_evidence(self, params: protocol.AttachParams) -> ClearanceSeen:
        """Copy a document into the project, as evidence of a draft. Errors as `EvidenceStore.keep`."""
        session = self._door.session()
        session.may_write()
        self._draft(session, params.id, params.person)
        name = Path(params.path).name
        self._door.tell(protocol.Progress(job="evidence", label=f"Reading {name}", share=0.0))
        try:
            kept = await self._door.keep(session, params.path, params.person, session.now())
        finally:
            self._door.tell(protocol.Progress(job="evidence", label=name, share=1.0))
        request = self._draft(session, params.id, params.person)
        others = tuple(one for one in request.evidence if one.sha256 != kept.sha256)
        return self._changed_draft(session, request, evidence=(*others, kept))

    async def detach_evidence(self, params: protocol.DetachParams) -> ClearanceSeen:
        """Take a document off a draft."""
        session = self._door.session()
        session.may_write()
        request = self._draft(session, params.id, params.person)
        left = tuple(one for one in request.evidence if one.sha256 != params.sha256)
        return self._changed_draft(session, request, evidence=left)

    async def send_clearance(self, params: protocol.SendClearanceParams) -> protocol.ClearanceSentTo:
        """Put a request to whoever answers it: a PDF is made, and the words of a mail. Nothing is sent.

        Raises:
            BadInput: it is not filled in, or the PDF cannot be written there.
            Conflict: the draft was changed meanwhile.
            Refusal: it was sent already, or is somebody else's; or nothing may be written here.
        """
        session = await self._door.person_ready(params.person)
        request = self._draft(session, params.id, params.person)
        policies, _pinned = self._door.house.policies(session)
        require_filled(request, policies)
        files = self._door.book.of(session).files
        missing = [one.name for one in request.evidence if not files.store.holds(one.sha256)]
        if missing:
            raise BadInput(
                f"{missing[0]} is not in the project any more, or was changed.",
                remedy="Attach it again, or take it off.",
                place=missing[0],
            )
        assessment = assess(
            policies, use_of(policies, request.use), request.answers, request.triggers, request.names
        )
        title = session.folder.info.title
        use = use_of(policies, request.use)
        target = files.sent / f"{request.label}.pdf"
        if params.out:
            # No file of anybody's is replaced, and none of the project's own.
            target = target_of(Path(params.out), "report-pdf", session.folder.path, overwrite=False)
        pdf = await asyncio.to_thread(clearance_pdf, request, assessment, use, policies, title)
        self._require_same(session, request, params.person)
        with disk(target.parent, "made"):
            target.parent.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(write_atomic, target, pdf)
        self._require_same(session, request, params.person)
        texts = Contents()
        body = ClearanceSent(
            clearance=request.id, content=texts.add(request.model_dump_json()), document=sha256_of(pdf)
        )
        session.meet(params.person)
        entry = session.append(body, contents=texts, person=params.person, durable=True)
        self._door.changed(session)
        subject, text = self._letter(session, request)
        return protocol.ClearanceSentTo(
            seen=self._door.view.seen(session, request.id),
            pdf=str(target),
            to=request.approver,
            subject=subject,
            text=text,
            entry=entry.number,
        )

    async def clearance_letter(self, params: protocol.ClearanceRef) -> protocol.Letter:
        """The words of the mail once more."""
        session = self._door.session()
        subject, text = self._letter(session, self._request(session, params.id))
        return protocol.Letter(subject=subject, text=text)

    async def answer_clearance(self, params: protocol.AnswerClearanceParams) -> ClearanceSeen:
        """Record somebody's written answer to a request that waits.

        Raises:
            BadInput: no such request, no document for a yes, or days that cannot be.
            Refusal: the requester answers, or an automated run; or it waits for no answer.
        """
        session = await self._door.person_ready(params.person)
        request = self._request(session, params.id)
        require_waiting(self._door.book.of(session), request)
        require_another(session, self._door.book.of(session), request, params.person)
        given_by = " ".join(params.given_by.split())
        if not given_by:
            raise BadInput(
                "It is not said who gave the answer.",
                remedy="Name them as the document does.",
                place="given_by",
            )
        now = session.now()
        kept = [await self._door.keep(session, path, params.person, now) for path in params.evidence]
        session.may_write()
        if params.answer == "refused":
            why = params.words.strip() or "No reason was given."
            refused = ClearanceRefused(
                clearance=request.id, evidence=tuple(sorted({one.sha256 for one in kept})), why=why
            )
            session.meet(params.person)
            session.append(refused, person=params.person, durable=True)
        else:
            self._approve(session, request, params, given_by, kept)
        self._door.changed(session)
        return self._door.view.seen(session, request.id)

    async def withdraw_clearance(self, params: protocol.WithdrawClearanceParams) -> ClearanceSeen:
        """Take a sent request or an approval back; what it opened closes at once.

        Raises:
            BadInput: no such request, or no reason.
            Refusal: there is nothing to take back, or it is neither the requester nor who may answer.
        """
        session = await self._door.person_ready(params.person)
        request = self._request(session, params.id)
        why = reason(params.why)
        theirs = request.by.id == params.person.id
        if not theirs and not self._door.view.may_answer(session, params.person.id):
            raise Refusal(
                "Only whoever asked, or somebody who answers requests, takes one back.",
                remedy="Ask them to.",
                rule="clearance-other",
            )
        body = ClearanceWithdrawn(clearance=request.id, why=why)
        session.meet(params.person)
        session.append(body, person=params.person, durable=True)
        self._door.changed(session)
        return self._door.view.seen(session, request.id)

    # internals

    async def _watch(self, session: Session) -> None:
        """Tell once a day is over: what ended with it is closed."""
        clearances = self._door.book.of(session)
        day = clearances.today()
        while True:
            await asyncio.sleep(_LOOK_S)
            if clearances.today() != day:
                day = clearances.today()
                try:
                    self._door.changed(session)
                except StudioError as error:
                    # The next day is looked at all the same.
                    self._door.tell(
                        protocol.Trouble(kind="clearance", message=error.message, remedy=error.remedy)
                    )

    def _request(self, session: Session, identifier: str) -> ClearanceRequest:
        """A request: as it was sent where it was, else as its file has it."""
        return self._door.view.request(session, identifier)

    def _draft(self, session: Session, identifier: str, person: Person) -> ClearanceRequest:
        request = self._request(session, identifier)
        stood = self._door.book.of(session).stood().get(identifier)
        if stood is not None and stood.sent is not None:
            raise Refusal(
                f"{request.label} was sent; it is not changed any more.",
                remedy="Take it back and begin a new one.",
                rule="clearance-sent",
            )
        if request.by.id != person.id:
            raise Refusal(
                f"{request.label} is {request.by.name}'s draft.",
                remedy="Begin one of your own.",
                rule="clearance-other",
            )
        return request

    def _require_same(self, session: Session, request: ClearanceRequest, person: Person) -> None:
        """Raises `Conflict` where a draft is not what its PDF was made of."""
        session.may_write()
        if self._draft(session, request.id, person) != request:
            raise Conflict(
                f"{request.label} was changed while its PDF was made. Nothing was recorded.",
                remedy="Read it once more, then make the request again.",
                place=request.id,
            )

    def _changed_draft(
        self, session: Session, request: ClearanceRequest, *, evidence: tuple[Evidence, ...]
    ) -> ClearanceSeen:
        changed = request.model_copy(update={"changed": session.now(), "evidence": evidence})
        self._door.book.of(session).files.save_request(changed)
        self._door.changed(session)
        return self._door.view.seen(session, request.id)

    def _filled(
        self, session: Session, params: protocol.SaveClearanceParams, there: ClearanceRequest | None
    ) -> ClearanceRequest:
        now = session.now()
        fields = {
            name: getattr(params, name) for name in type(params).model_fields if name not in ("id", "person")
        }
        if there is None:
            clearances = self._door.book.of(session)
            # One that was sent keeps its number though its file is gone: its PDF is named by it.
            sent = [one.request for one in clearances.stood().values() if one.request is not None]
            used = [one.number for one in (*clearances.files.requests().values(), *sent)]
            fields |= {
                "id": f"{now:%Y%m%d}-{secrets.token_hex(4)}",
                "number": next_number((*used, len(clearances.stood()))),
                "made": now,
                "by": params.person,
                "policy": session.folder.info.policy,
            }
        else:
            fields |= {
                name: getattr(there, name)
                for name in ("id", "number", "made", "by", "policy", "evidence", "host")
            }
        try:
            return ClearanceRequest(**fields, changed=now)
        except ValidationError as error:
            raise wrong(error, "This request") from error

    def _of_blocked(self, session: Session, params: protocol.DraftClearanceParams) -> ClearanceRequest:
        """A draft from what the gate or a closed task said no to."""
        asked: Requested | None = None
        host = ""
        if params.request is not None:
            entry = session.ledger.request(params.request)
            if entry is None or not isinstance(entry.body, Requested):
                raise BadInput(
                    "There is no such request in the record.", remedy="Ask again.", place="request"
                )
            asked = entry.body
            judged = session.ledger.entries(type="judged", request=params.request, newest_first=True, limit=1)
            if judged and isinstance(judged[0].body, Judged):
                host = judged[0].body.origin
        scene, task = (asked.scene, asked.task) if asked else (None, "")
        try:
            scope = Scope(
                scenes=(scene,) if scene else (),
                tasks=(task,) if task else (),
                backends=(params.backend,) if params.backend else (),
            )
        except ValidationError as error:
            raise wrong(error, "This request") from error
        filled = protocol.SaveClearanceParams(
            scope=scope,
            rule=params.rule,
            why=params.why.strip(),
            request=params.request,
            scene=scene,
            task=task,
            backend=params.backend,
            person=params.person,
        )
        if not filled.why or not filled.rule:
            raise BadInput(
                "A clearance request names the rule and its reason.",
                remedy="Ask from what was blocked.",
                place="why",
            )
        return self._filled(session, filled, None).model_copy(update={"host": host})

    def _note_draft(self, session: Session, request: ClearanceRequest, person: Person) -> None:
        if request.id not in self._door.book.of(session).stood():
            session.meet(person)
            body = ClearanceDrafted(
                clearance=request.id, request=request.request, rule=request.rule or "clearing"
            )
            session.append(body, person=person, durable=True)

    def _letter(self, session: Session, request: ClearanceRequest) -> tuple[str, str]:
        policies, _pinned = self._door.house.policies(session)
        use = use_of(policies, request.use)
        found = assessed(request, policies)
        return request_letter(request, found, use, policies, session.folder.info.title)

    def _approve(
        self,
        session: Session,
        request: ClearanceRequest,
        params: protocol.AnswerClearanceParams,
        given_by: str,
        kept: list[Evidence],
    ) -> None:
        if not kept:
            raise BadInput(
                "A written approval needs its document.",
                remedy="Attach the signed mail or PDF.",
                place="evidence",
            )
        today = self._door.book.of(session).today()
        scope = params.scope
        if scope.until is None:
            raise BadInput("An approval has a last day.", remedy="Choose it.", place="until")
        since = scope.since or today
        hold_days(since, scope.until, today)
        policies, _pinned = self._door.house.policies(session)
        texts = Contents()
        try:
            approval = Approval(
                by=given_by, names=params.names, words=params.words.strip(), evidence=tuple(kept)
            )
            body = ClearanceApproved(
                backends=scope.backends,
                clearance=request.id,
                content=texts.add(approval.model_dump_json()),
                evidence=tuple(sorted({one.sha256 for one in kept})),
                rules=tuple(sorted(rules_of(request, policies))),
                scenes=scope.scenes,
                since=since.isoformat(),
                tasks=scope.tasks,
                until=scope.until.isoformat(),
                uses=(request.use,) if request.use else (),
            )
        except ValidationError as error:
            raise wrong(error, "This approval") from error
        session.meet(params.person)
        session.append(body, contents=texts, person=params.person, durable=True)
