"""Consents, the studio's contact, and the list of named works and people: calls of the Clear desk."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from pydantic import ValidationError

from studio_assist import protocol
from studio_assist.broker.clear_closing import Closing
from studio_assist.broker.clear_door import ClearDoor, hold_days, reason
from studio_assist.broker.clearance_files import wrong
from studio_assist.broker.session import Session
from studio_assist.domain.clearance import Consent, Notice
from studio_assist.domain.clearance_letters import contact_letter
from studio_assist.domain.clearing import all_uses, use_of
from studio_assist.domain.errors import BadInput
from studio_assist.domain.people import Person
from studio_assist.domain.record import ConsentRecorded, ConsentRevoked, ContactTold, ReferencesChanged
from studio_assist.ledger import Contents


class Consents:
    """One method for each of these calls."""

    def __init__(self, door: ClearDoor, closing: Closing) -> None:
        self._door: Final = door
        self._closing: Final = closing

    # consents

    async def add_consent(self, params: protocol.AddConsentParams) -> protocol.ClearDesk:
        """Record that a person consents to uses of themselves.

        Raises:
            BadInput: the document cannot be read, a field is missing, or the last day cannot be.
            Refusal: an automated run records none.
        """
        session = await self._door.person_ready(params.person)
        now = session.now()
        until = params.scope.until
        if until is None:
            raise BadInput("A consent has a last day.", remedy="Choose it.", place="until")
        today = self._door.book.of(session).today()
        hold_days(params.scope.since or today, until, today)
        document = await self._door.keep(session, params.document, params.person, now)
        session.may_write()
        try:
            consent = Consent(
                id=f"{now:%Y%m%d}-{secrets.token_hex(4)}",
                made=now,
                by=params.person,
                person=" ".join(params.who.split()),
                aliases=params.aliases,
                kinds=params.kinds,
                uses=params.uses.strip(),
                representation=" ".join(params.representation.split()),
                deceased=params.deceased,
                estate=params.estate.strip(),
                scope=params.scope,
                document=document,
            )
        except ValidationError as error:
            raise wrong(error, "This consent") from error
        self._door.book.of(session).files.save_consent(consent)
        texts = Contents()
        body = ConsentRecorded(
            consent=consent.id,
            content=texts.add(consent.model_dump_json()),
            document=document.sha256,
            kinds=consent.kinds,
            until=until.isoformat(),
        )
        session.meet(params.person)
        session.append(body, contents=texts, person=params.person, durable=True)
        return self._door.changed(session)

    async def revoke_consent(self, params: protocol.RevokeConsentParams) -> protocol.ClearDesk:
        """A consent does not hold any more, from now on."""
        session = await self._door.person_ready(params.person)
        if params.id not in self._door.book.of(session).given():
            raise BadInput("There is no such consent here.", remedy="Choose one from the list.", place="id")
        body = ConsentRevoked(consent=params.id, why=reason(params.why))
        session.meet(params.person)
        session.append(body, person=params.person, durable=True)
        return self._door.changed(session)

    # the contact

    async def tell_contact(self, params: protocol.TellContactParams) -> protocol.ClearDesk:
        """Note that the studio's contact was told of the intended uses.

        Raises:
            BadInput: nobody is named, no use is, one that the policy does not have, or a day to come.
        """
        session = await self._door.person_ready(params.person)
        policies, _pinned = self._door.house.policies(session)
        known = {use.id for use in all_uses(policies)}
        unknown = [use for use in params.uses if use not in known]
        if unknown or not params.uses:
            raise BadInput(
                f"The policy has no use {unknown[0]!r}." if unknown else "No use was chosen.",
                remedy="Choose what is intended.",
                place="uses",
            )
        if params.told > session.now() + timedelta(minutes=5):
            raise BadInput("That is still to come.", remedy="Note it once they were told.", place="told")
        try:
            notice = Notice(
                contact=" ".join(params.contact.split()), how=params.how.strip(), words=params.words.strip()
            )
        except ValidationError as error:
            raise wrong(error, "This notice") from error
        texts = Contents()
        body = ContactTold(
            content=texts.add(notice.model_dump_json()),
            told=params.told,
            uses=tuple(dict.fromkeys(params.uses)),
        )
        session.meet(params.person)
        session.append(body, contents=texts, person=params.person, durable=True)
        return self._door.changed(session)

    async def contact_letter(self, params: protocol.ContactTextParams) -> protocol.Letter:
        """The words of a mail to the contact."""
        session = self._door.session()
        policies, _pinned = self._door.house.policies(session)
        uses = [use for name in params.uses if (use := use_of(policies, name)) is not None]
        if not policies or not uses:
            raise BadInput("No use was chosen.", remedy="Choose what is intended.", place="uses")
        title = session.folder.info.title
        subject, text = contact_letter(uses, title, policies[0], params.person.name)
        return protocol.Letter(subject=subject, text=text)

    # named works and people

    async def set_reference(self, params: protocol.SetReferenceParams) -> protocol.ClearDesk:
        """Add to the list of works and people that are noticed, or change it."""
        session = await self._door.person_ready(params.person)
        data = self._closing.list_of(session).put(params.reference, was=params.was)
        return self._list_changed(session, data, params.person)

    async def remove_reference(self, params: protocol.RemoveReferenceParams) -> protocol.ClearDesk:
        """Take something off that list."""
        session = await self._door.person_ready(params.person)
        data = self._closing.list_of(session).remove(params.text)
        return self._list_changed(session, data, params.person)

    # internals

    def _list_changed(self, session: Session, data: str, person: Person) -> protocol.ClearDesk:
        texts = Contents()
        session.meet(person)
        body = ReferencesChanged(content=texts.add(data))
        session.append(body, contents=texts, person=person, durable=False)
        return self._door.changed(session)
