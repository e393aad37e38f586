"""Everybody on a project, as the window and the command line show them."""

from __future__ import annotations

from collections.abc import Mapping

from studio_assist import protocol
from studio_assist.broker.people_rights import AUTOMATED_MAY, Rights, known_in
from studio_assist.broker.session import Session
from studio_assist.domain.known_keys import KEY_ENTRIES, SigningKey, key_words
from studio_assist.domain.people import AUTOMATED
from studio_assist.domain.project_roles import ProjectRoles
from studio_assist.domain.rights import RIGHTS, Right, holders
from studio_assist.domain.values import EntryNumber, PersonId, UtcTime


def people_of(session: Session, rights: Rights, signed: Mapping[str, int]) -> protocol.People:
    """Everybody, in the order in which they came.

    Args:
        signed: how many entries each public key signed.
    """
    roles, keys = rights.roles, known_in(session)
    times = {entry.number: entry.at for entry in session.ledger.entries(type=KEY_ENTRIES, limit=100_000)}
    everybodys = roles.everybodys()
    why = session.read_only or session.why_altered or ""
    if not why and not rights.allows(Right.PEOPLE, session.person):
        why = f"To invite and to give roles is for {holders(Right.PEOPLE)} on this project."
    members = tuple(
        _member(session, roles, who, [key for key in keys.values() if key.person == who], times, signed)
        for who in roles.names
    )
    return protocol.People(
        members=members,
        open_rights=tuple(right for right in Right if RIGHTS[right].isdisjoint(everybodys)),
        can_change=not why,
        why_not=why,
    )


def _member(
    session: Session,
    roles: ProjectRoles,
    who: PersonId,
    keys: list[SigningKey],
    times: Mapping[EntryNumber, UtcTime],
    signed: Mapping[str, int],
) -> protocol.MemberSeen:
    automated = who == AUTOMATED.id
    giver = roles.giver_of(who)
    return protocol.MemberSeen(
        id=who,
        name=roles.names[who],
        roles=roles.roles_of(who),
        roles_from=roles.names.get(giver, giver) if giver is not None else "",
        rights=tuple(
            right for right in Right if roles.may(right, who) or (automated and right in AUTOMATED_MAY)
        ),
        keys=tuple(
            protocol.PublicKeySeen(
                public=key.public,
                short=key_words(key.public),
                since=times[_first_of(key)],
                session_only=key.session_only,
                known=key.is_known,
                vouched_by=roles.names.get(key.by, key.by) if key.by is not None else "",
            )
            for key in keys
        ),
        automated=automated,
        here=who == session.person.id,
        signed=sum(signed.get(key.public, 0) for key in keys),
        unknown_signed=sum(signed.get(key.public, 0) for key in keys if not key.is_known),
    )


def _first_of(key: SigningKey) -> EntryNumber:
    """The entry in which a key is met first."""
    found = key.entry if key.entry is not None else key.vouched
    assert found is not None, "a key stands in an entry, or was vouched for in one"
    return found
