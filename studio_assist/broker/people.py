"""The people of a project: roles, vouched keys, invitations between machines.

Every right is asked in one place, `hold`, which the broker calls before it does anything for anybody. What is
given, vouched for and admitted goes into the record, signed by whoever did it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.keys import Keys, PersonKey
from studio_assist.broker.people_invitations import (
    OpenInvitations,
    answer_in,
    invitation_in,
    new_file,
    write_out,
)
from studio_assist.broker.people_list import people_of
from studio_assist.broker.people_rights import Rights, known_in, right_for
from studio_assist.broker.session import Clock, Session
from studio_assist.domain import invitations
from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.invitations import Answer, Invitation
from studio_assist.domain.known_keys import key_words
from studio_assist.domain.people import ROLES, Person, Role
from studio_assist.domain.project_roles import TRUSTED
from studio_assist.domain.record import KeyVouched, PersonAdded, RolesGiven
from studio_assist.domain.values import EntryNumber, PersonId, Value
from studio_assist.ledger.known_keys import signed_by


class ProjectPeople:
    """The people of whichever project is open.

    Args:
        session: gives the open project; raises `Unavailable` where there is none.
        ready: as `Broker._ready`: waits for somebody's key, and gives the open project.
        home: the user's own folder.
        keys: where people's keys come from.
        clock: for what is done without an open project.
    """

    def __init__(
        self,
        session: Callable[[], Session],
        ready: Callable[[Person], Awaitable[Session]],
        home: Path,
        tell: Callable[[protocol.Event], None],
        *,
        keys: Keys,
        clock: Clock,
    ) -> None:
        self._session: Final = session
        self._ready: Final = ready
        self._tell: Final = tell
        self._keys: Final = keys
        self._clock: Final = clock
        self._open_ones: Final = OpenInvitations(home)
        self._rights: Rights | None = None
        self._signed: Counter[str] = Counter()
        self._counted = 0

    def open(self, session: Session) -> None:
        """A project was opened."""
        self._rights = Rights(session)
        self._signed, self._counted = Counter(), 0

    async def close_project(self) -> None:
        """The project is about to be closed."""
        self._rights = None

    # rights

    def hold(self, method: str, params: Value) -> None:
        """Raise `Refusal` where a call needs a right that its person does not have on the open project."""
        right = right_for(method, params)
        person = getattr(params, "person", None)
        if self._rights is None or right is None or not isinstance(person, Person):
            return
        session = self._session()
        # What may not be written at all says so itself, and better.
        if not session.read_only and not session.is_altered:
            self._rights.require(right, person)

    # calls

    async def list_people(self, params: protocol.Nothing) -> protocol.People:
        """Everybody whom the record names, their roles and keys."""
        session = self._session()
        if session.ledger.format > 1:
            after = self._counted
            more, last = await asyncio.to_thread(signed_by, session.folder.ledger_path, after)
            if self._rights is not None and self._counted == after:
                self._signed, self._counted = self._signed + more, last
        return people_of(self._session(), self._open_rights(), self._signed)

    async def give_roles(self, params: protocol.GiveRolesParams) -> protocol.People:
        """Put these roles in place of those that somebody had. None at all takes every role away.

        Raises:
            BadInput: nobody of that id is on the project.
            Refusal: one's own roles of trust are another's to give.
        """
        session = await self._ready_for(params.person)
        roles = self._open_rights().roles
        self._require_member(params.who)
        wanted = _in_order(params.roles)
        if params.who == params.person.id:
            self._require_own(wanted, params.who)
        if roles.giver_of(params.who) is None or roles.roles_of(params.who) != wanted:
            session.append(RolesGiven(person=params.who, roles=wanted), person=params.person, durable=True)
        return await self._changed(params.person)

    async def switch_person(self, params: protocol.SwitchPersonParams) -> protocol.Nothing:
        """Somebody else is at the keyboard: what is done from now on without a name of its own is theirs."""
        session = self._session()
        if session.read_only or session.is_altered:
            session.person = params.person
        else:
            session = await self._ready(params.person)
            session.meet(params.person)
        # Whose key it is that would sign now, and whether a keychain keeps it.
        self._tell(protocol.LedgerChanged(ledger=session.ledger_state()))
        return protocol.Nothing()

    async def vouch(self, params: protocol.VouchParams) -> protocol.People:
        """Stand behind somebody's key, which was compared with them.

        Raises:
            BadInput: the record names no such key of theirs, or it is known already.
            Refusal: nobody stands behind the key of who vouches, so that their word adds nothing.
        """
        session = await self._ready_for(params.person)
        self._require_member(params.who)
        named = known_in(session).get(params.public)
        if named is None or named.person != params.who:
            raise BadInput(
                "The record names no such key of theirs.",
                remedy="Look at the list again, and compare the key with its owner.",
                place="public",
            )
        if named.is_known:
            raise BadInput("That key is known already.", remedy="Nothing is left to do.", place="public")
        own = await session.introduced(params.person)
        voucher = known_in(session).get(own.public.hex())
        if voucher is None or not voucher.is_known:
            raise Refusal(
                "Nobody has vouched for your own key, so your word for another adds nothing.",
                remedy="Have somebody whose key is known vouch for yours first.",
                rule="known-key",
            )
        body = KeyVouched(person=params.who, public=params.public)
        session.append(body, person=params.person, durable=True)
        return await self._changed(params.person)

    # invitations

    async def invite(self, params: protocol.InviteParams) -> protocol.Invited:
        """Write an invitation, and keep it here until it is answered.

        Raises:
            BadInput: a name or a role that will not do, or nothing can be written there.
        """
        out = new_file(params.out)
        session = await self._ready_for(params.person)
        key = await session.introduced(params.person)
        now = session.now()
        made = invitations.invite(
            project=session.ledger.tag,
            title=" ".join(session.folder.info.title.split()),
            name=" ".join(params.name.split()),
            roles=_in_order(params.roles),
            by=params.person,
            signer=key,
            nonce=secrets.token_hex(16),
            now=now,
        )
        await asyncio.to_thread(self._put_out, made, out, now)
        return protocol.Invited(path=str(out), words=self._words_for(made, key, session))

    async def join(self, params: protocol.JoinParams) -> protocol.Joined:
        """Answer an invitation with one's own key for that project.

        Raises:
            BadInput: not an invitation, or nothing can be written there.
            Refusal: it ran out, or was made by the same person.
        """
        out = new_file(params.out)
        found = await asyncio.to_thread(invitation_in, params.invitation)
        invitations.require_in_time(found, self._clock())
        key = await self._keys.signer(found.project, params.person)
        made = invitations.answer(found, params.person, key, self._clock())
        await asyncio.to_thread(write_out, out, made)
        return protocol.Joined(
            path=str(out), title=found.title, short=key_words(made.public), session_only=key.session_only
        )

    async def admit(self, params: protocol.AdmitParams) -> protocol.Admitted:
        """Take an answer in: its person is on the project, with the roles of the invitation.

        Raises:
            BadInput: not an answer, or one to an invitation to another project.
            Refusal: no such invitation waits here, it ran out, or names somebody who is here already.
        """
        answer = await asyncio.to_thread(answer_in, params.answer)
        session = self._session()
        tag = session.ledger.tag
        waiting = await asyncio.to_thread(self._open_ones.find, tag, answer.nonce)
        invitations.require_fit(answer, waiting, tag, params.answer, session.now())
        assert waiting is not None, "an answer that fits was given to an invitation"
        self._require_new(answer, params.answer, session)
        entry: EntryNumber | None = None
        if not params.look_only:
            entry = await self._take_in(answer, waiting, params)
        return protocol.Admitted(
            who=answer.person,
            name=answer.name,
            roles=waiting.roles,
            public=answer.public,
            short=key_words(answer.public),
            entry=entry,
        )

    # internals

    async def _ready_for(self, person: Person) -> Session:
        """The open project, to write in it as a named person who has been met there."""
        if person.automated:
            raise Refusal(
                "An automated run gives no roles and stands behind nobody.",
                remedy="Have a named person do it.",
                rule="named-person",
            )
        session = await self._ready(person)
        session.may_write()
        session.meet(person)
        return session

    async def _changed(self, person: Person) -> protocol.People:
        self._session().checkpoint_now(person)
        people = await self.list_people(protocol.Nothing())
        self._tell(protocol.PeopleChanged(people=people))
        return people

    async def _take_in(
        self, answer: Answer, waiting: Invitation, params: protocol.AdmitParams
    ) -> EntryNumber:
        person = params.person
        session = await self._ready_for(person)
        await session.introduced(person)
        # Once more: the same answer may have been taken in while a key was waited for.
        self._require_new(answer, params.answer, session)
        # The person last: what a crash leaves before that is done again when the answer is taken in again.
        session.append(RolesGiven(person=answer.person, roles=waiting.roles), person=person, durable=True)
        vouched = session.append(
            KeyVouched(person=answer.person, public=answer.public), person=person, durable=True
        )
        added = PersonAdded(person=answer.person, name=answer.name, role=" ".join(waiting.roles))
        session.append(added, person=person, durable=True)
        await asyncio.to_thread(self._open_ones.done, answer.project, answer.nonce)
        await self._changed(person)
        return vouched.number

    def _put_out(self, made: Invitation, out: Path, now: datetime) -> None:
        self._open_ones.keep(made, now)
        try:
            write_out(out, made)
        except BaseException:
            self._open_ones.done(made.project, made.nonce)
            raise

    def _words_for(self, made: Invitation, key: PersonKey, session: Session) -> str:
        """What goes with the file, to be read by whoever invites."""
        until = made.until.astimezone()
        words = (
            f"Give it to {made.name} by hand or by mail; it can be answered until {until.day} {until:%b %Y}. "
            "When the answer is back, compare its key with them before you take it in, and hand them a copy "
            "of the project afterwards."
        )
        named = known_in(session).get(key.public.hex())
        if named is None or not named.is_known:
            words += (
                " Nobody has vouched for your own key, so theirs will show as unknown until somebody does "
                "whose key is known."
            )
        return words

    def _open_rights(self) -> Rights:
        if self._rights is None:
            self._rights = Rights(self._session())
        return self._rights

    def _require_member(self, who: PersonId) -> None:
        if who not in self._open_rights().roles.names:
            raise BadInput(
                "Nobody of that name is on this project.",
                remedy="Choose somebody from the list, or invite them.",
                place="who",
            )

    def _require_own(self, wanted: tuple[Role, ...], who: PersonId) -> None:
        roles = self._open_rights().roles
        for role in wanted:
            holder = roles.holder_of(role, but=who)
            if role in TRUSTED and role not in roles.roles_of(who) and holder is not None:
                raise Refusal(
                    f"{roles.names.get(holder, holder)} is {role} here, so that role is theirs to give you.",
                    remedy="Ask them for it.",
                    rule="own-roles",
                )

    def _require_new(self, answer: Answer, place: str, session: Session) -> None:
        roles = self._open_rights().roles
        if answer.person in roles.names:
            raise Refusal(
                f"{roles.names[answer.person]} is on this project already.",
                remedy="Give them roles, and vouch for their key once they have signed with it here.",
                place=place,
                rule="invitation-new",
            )
        named = known_in(session).get(answer.public)
        if named is not None and named.person != answer.person:
            raise Refusal(
                "This answer brings a key that is somebody else's here.",
                remedy="Have the invitation answered by the person it is for.",
                place=place,
                rule="own-key",
            )


def _in_order(roles: tuple[Role, ...]) -> tuple[Role, ...]:
    """Roles as they are always listed, each once."""
    return tuple(role for role in ROLES if role in roles)
