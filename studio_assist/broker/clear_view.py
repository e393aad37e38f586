"""What the Clear desk shows: requests and consents with where they stand, people, and what ends soon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from studio_assist import protocol
from studio_assist.broker.attesting import day
from studio_assist.broker.clear_closing import Closing
from studio_assist.broker.clearances import Clearances, Given, Stood, scope_of, state_of
from studio_assist.broker.house import House
from studio_assist.broker.people_rights import Rights
from studio_assist.broker.session import Session
from studio_assist.domain.clearance import (
    REMIND_DAYS,
    ClearanceRequest,
    ClearanceSeen,
    Consent,
    ConsentSeen,
    Evidence,
)
from studio_assist.domain.clearing import all_uses, notice_rule_of, questions_of, triggers_of
from studio_assist.domain.errors import BadInput, StudioError
from studio_assist.domain.policy import Policy
from studio_assist.domain.record import ClearanceSent
from studio_assist.domain.rights import Right
from studio_assist.domain.values import PersonId

_WORDS: Final = {
    "clearance_drafted": "drafted",
    "clearance_sent": "sent",
    "clearance_approved": "approved",
    "clearance_refused": "refused",
    "clearance_withdrawn": "withdrawn",
}


class ClearView:
    """Makes what the desk shows, each time from the record and the files as they are."""

    def __init__(self, house: House, closing: Closing) -> None:
        self._closing: Final = closing
        self._house: Final = house
        self._book: Final = house.clearances
        self._version = 0

    def desk(self, session: Session, *, changed: bool = False) -> protocol.ClearDesk:
        """Everything. `changed` counts the version up."""
        self._version += changed
        clearances = self._book.of(session)
        policies, _pinned = self._house.policies(session)
        requests = clearances.files.requests()
        consents = clearances.files.consents()
        seen = tuple(
            self._seen(session, clearances, one) for one in reversed(self._all(clearances, requests))
        )
        given = tuple(_consent(clearances, one, consents) for one in clearances.given().values())
        problems = list(clearances.files.problems)
        problems += [
            f"consents/{one}.json is in no entry of the record and opens nothing. Record that consent again."
            for one in consents
            if one not in clearances.given()
        ]
        try:
            references = self._closing.list_of(session).read().references
        except StudioError as error:
            references = ()
            problems.append(str(error))
        return protocol.ClearDesk(
            policy=policies[0].id if policies else session.folder.info.policy,
            policy_title=policies[0].title if policies else session.folder.info.policy,
            disclaimer=policies[0].disclaimer if policies else "",
            uses=all_uses(policies),
            questions=questions_of(policies),
            triggers=triggers_of(policies),
            requests=seen,
            consents=tuple(one for one in given if one is not None),
            wants_contact=notice_rule_of(policies) is not None,
            notice_rule=notice_rule_of(policies),
            contact=self._contact(session, clearances),
            people=self._people(session),
            reminders=tuple(self._reminders(session, clearances, policies, seen, given)),
            references=references,
            can_change=not (session.read_only or session.is_altered),
            why_not=session.read_only or session.why_altered or "",
            problems=tuple(problems),
            version=self._version,
        )

    def seen(self, session: Session, identifier: str) -> ClearanceSeen:
        """One request; `BadInput` where there is none."""
        return self._seen(session, self._book.of(session), self.request(session, identifier))

    def request(self, session: Session, identifier: str) -> ClearanceRequest:
        """One request: as it was sent where it was, else as its file has it."""
        clearances = self._book.of(session)
        stood = clearances.stood().get(identifier)
        if stood is not None and stood.request is not None:
            return stood.request
        found = clearances.files.requests().get(identifier)
        if found is None:
            raise BadInput(
                f"There is no clearance request {identifier!r} in this project.",
                remedy="Choose one from the list.",
                place="id",
            )
        return found

    def may_answer(self, session: Session, person: PersonId) -> bool:
        """Whether somebody has the right to answer clearance requests."""
        return Rights(session).may(person, Right.APPROVE)

    # internals

    def _all(self, clearances: Clearances, requests: dict[str, ClearanceRequest]) -> list[ClearanceRequest]:
        """Files, and what the record holds though its file is gone; in the order of their numbers."""
        found = dict(requests)
        for identifier, stood in clearances.stood().items():
            if stood.request is not None:
                found[identifier] = stood.request
        return sorted(found.values(), key=lambda one: one.number)

    def _seen(self, session: Session, clearances: Clearances, request: ClearanceRequest) -> ClearanceSeen:
        stood = clearances.stood().get(request.id, Stood())
        state = state_of(stood, clearances.today())
        approved = stood.approved[1] if stood.approved else None
        answer = stood.approved[0] if stood.approved else stood.refused[0] if stood.refused else None
        digests = (
            *(one.sha256 for one in request.evidence),
            *(approved.evidence if approved else stood.refused[1].evidence if stood.refused else ()),
        )
        until = date.fromisoformat(approved.until) if approved else None
        words = stood.refused[1].why if stood.refused else stood.approval.words if stood.approval else ""
        return ClearanceSeen(
            request=request,
            state=state,
            stood=tuple(
                (_WORDS[step.body.type], session.story.name_of(step.person)[0], step.at)
                for step in stood.steps
            ),
            entries=tuple(step.number for step in stood.steps),
            pdf=_pdf(clearances, request, stood),
            approved=scope_of(approved) if approved else None,
            rules=approved.rules if approved else (),
            uses=approved.uses if approved else (),
            names=stood.approval.names if stood.approval else (),
            answered_by=session.story.name_of(answer.person)[0] if answer else "",
            given_by=stood.approval.by if stood.approval else "",
            answer_words=words,
            answer_evidence=_documents(stood),
            missing=tuple(one for one in dict.fromkeys(digests) if not clearances.files.store.holds(one)),
            days_left=(until - clearances.today()).days + 1 if until and state == "approved" else None,
            vouched=answer is None or Rights(session).signed_by_known(answer.number),
        )

    def _contact(self, session: Session, clearances: Clearances) -> protocol.ContactSeen | None:
        told = clearances.contact()
        if told is None:
            return None
        entry, body, notice = told
        return protocol.ContactSeen(
            contact=notice.contact if notice else "forgotten",
            how=notice.how if notice else "",
            told=body.told,
            by=session.story.name_of(entry.person)[0],
            uses=body.uses,
            words=notice.words if notice else "",
            entry=entry.number,
        )

    def _people(self, session: Session) -> tuple[protocol.PersonSeen, ...]:
        rights = Rights(session)
        return tuple(
            protocol.PersonSeen(
                id=person, name=name, roles=roles, may_answer=rights.may(person, Right.APPROVE)
            )
            for person, name, roles in rights.members()
        )

    def _reminders(
        self,
        session: Session,
        clearances: Clearances,
        policies: Sequence[Policy],
        seen: Sequence[ClearanceSeen],
        given: Sequence[ConsentSeen | None],
    ) -> list[protocol.Reminder]:
        found: list[protocol.Reminder] = []
        if notice_rule_of(policies) and not clearances.contact_told:
            words = "The studio contact was not told yet: material goes to models on this machine only."
            found.append(protocol.Reminder(kind="contact", about="", words=words))
        for one in seen:
            if one.days_left is not None and one.days_left <= REMIND_DAYS and one.approved:
                until = one.approved.until
                assert until
                found.append(
                    protocol.Reminder(
                        kind="clearance",
                        about=one.request.id,
                        words=f"{one.request.label} ends on {day(until)}. Ask again if it is needed longer.",
                        until=until,
                    )
                )
        for one in given:
            if one is not None and one.state == "valid" and one.days_left <= REMIND_DAYS:
                until = one.consent.scope.until
                assert until
                words = f"The consent of {one.consent.person} ends on {day(until)}."
                found.append(
                    protocol.Reminder(kind="consent", about=one.consent.id, words=words, until=until)
                )
        return found


def _pdf(clearances: Clearances, request: ClearanceRequest, stood: Stood) -> str:
    """Where the PDF of a sent request stands, "" where it is not in the project, or is another file."""
    body = stood.sent.body if stood.sent else None
    path = clearances.files.sent / f"{request.label}.pdf"
    is_it = isinstance(body, ClearanceSent) and clearances.files.store.is_at(path, body.document)
    return str(path) if is_it else ""


def _documents(stood: Stood) -> tuple[Evidence, ...]:
    return stood.approval.evidence if stood.approval else ()


def _consent(clearances: Clearances, given: Given, files: dict[str, Consent]) -> ConsentSeen | None:
    """A consent with where it stands; None where its words were forgotten and its file is gone."""
    consent = given.consent or files.get(given.body.consent)
    if consent is None:
        return None
    until = date.fromisoformat(given.body.until)
    today = clearances.today()
    on_disk = files.get(given.body.consent)
    if given.revoked:
        state = "revoked"
    elif given.consent is None or (on_disk is not None and on_disk != given.consent):
        state = "altered"
    elif not clearances.files.store.holds(given.body.document):
        state = "no document"
    else:
        state = "valid" if today <= until else "expired"
    return ConsentSeen(consent=consent, state=state, days_left=max(0, (until - today).days + 1))
