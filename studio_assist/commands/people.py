"""`studio-assist people`: who is on a project, what they may, and the three steps of an invitation."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.people_list import people_of
from studio_assist.broker.people_rights import Rights
from studio_assist.broker.session import Session
from studio_assist.commands.opening import broker_with, current_person, open_to_write, quiet
from studio_assist.commands.output import Output, many
from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.people import ROLES, Person, Role
from studio_assist.domain.rights import WORDS
from studio_assist.ledger.known_keys import signed_by

_COMPARE: Final = (
    "Have them read their key to you, by voice or in person, and give it with --key. Anybody who caught the "
    "invitation on its way could have answered it."
)


def show(options: Namespace, output: Output) -> int:
    """Print everybody, their roles and keys. Writes nothing."""
    people = asyncio.run(_look(options.project))
    output.document(people.model_dump(mode="json"))
    output.table(
        [
            (one.name, ", ".join(one.roles) or "no role", one.roles_from, str(one.signed), one.id)
            for one in people.members
        ],
        ("NAME", "ROLES", "GIVEN BY", "SIGNED", "ID"),
    )
    keys = [(one.name, key.short, _said(key)) for one in people.members for key in one.keys]
    if keys:
        output.say("")
        output.table(keys, ("NAME", "KEY", "KNOWN"))
    for one in people.members:
        if one.unknown_signed:
            entries = many(one.unknown_signed, "entry", "entries")
            output.say("", f"{one.name}: {entries} signed with a key that nobody has vouched for.")
    if people.open_rights:
        rights = ", ".join(WORDS[right].lower() for right in people.open_rights)
        output.say("", f"Everybody's here, for nobody has the role: {rights}.")
    return 0


def invite(options: Namespace, output: Output) -> int:
    """Write an invitation for somebody on another machine."""
    return asyncio.run(_invite(options, current_person(options.by), output))


def join(options: Namespace, output: Output) -> int:
    """Answer an invitation with one's own public key. Needs no project."""
    return asyncio.run(_join(options, current_person(options.by), output))


def admit(options: Namespace, output: Output) -> int:
    """Look at an answer or, with the key that was compared, take it in."""
    return asyncio.run(_admit(options, current_person(options.by), output))


def roles(options: Namespace, output: Output) -> int:
    """Give somebody roles in place of those they have."""
    return asyncio.run(_roles(options, current_person(options.by), output))


def vouch(options: Namespace, output: Output) -> int:
    """Stand behind the key that somebody read aloud."""
    return asyncio.run(_vouch(options, current_person(options.by), output))


# what they do -------------------------------------------------------------------------------------------


async def _look(project: Path) -> protocol.People:
    session = Session.open(project, current_person(), tell=quiet, read_only=True, at_rest=True)
    try:
        signed = signed_by(session.folder.ledger_path)[0] if session.ledger.format > 1 else {}
        return people_of(session, Rights(session), signed)
    finally:
        await session.close()


async def _invite(options: Namespace, person: Person, output: Output) -> int:
    out: Path = options.out
    params = protocol.InviteParams(
        out=str(out.absolute()), name=options.name, roles=_wanted(options.roles), person=person
    )
    async with broker_with() as broker:
        await open_to_write(broker, options.project, person, output)
        made = await broker.handle(protocol.INVITE, params)
    output.document(made.model_dump(mode="json"))
    output.say(f"{made.path}: an invitation for {options.name}.", made.words)
    return 0


async def _join(options: Namespace, person: Person, output: Output) -> int:
    invitation, out = options.invitation.absolute(), options.out.absolute()
    params = protocol.JoinParams(invitation=str(invitation), out=str(out), person=person)
    async with broker_with() as broker:
        joined = await broker.handle(protocol.JOIN, params)
    output.document(joined.model_dump(mode="json"))
    output.say(
        f"{joined.path}: your answer for “{joined.title}”. Give it back.",
        f"Your key for it, to be read to whoever invited you: {joined.short}",
    )
    if joined.session_only:
        output.note(
            "No keychain keeps your key, so it ends here: what you sign later carries another one, and that "
            "shows as unknown until somebody vouches for it."
        )
    return 0


async def _admit(options: Namespace, person: Person, output: Output) -> int:
    look = protocol.AdmitParams(answer=str(options.answer.absolute()), person=person, look_only=True)
    async with broker_with() as broker:
        await open_to_write(broker, options.project, person, output)
        seen = await broker.handle(protocol.ADMIT, look)
        if options.key is None:
            output.document(seen.model_dump(mode="json"))
            output.say(f"{seen.name}: {', '.join(seen.roles)}. Their key: {seen.short}")
            output.note(f"Nothing was taken in. {_COMPARE}")
            return 0
        if _groups(options.key) != _groups(seen.short):
            raise Refusal(
                f"That is not the key of this answer, which is {seen.short}.",
                remedy="Nothing was taken in. Do not admit it before the two are the same.",
                rule="compared-key",
            )
        done = await broker.handle(protocol.ADMIT, look.model_copy(update={"look_only": False}))
        people = await broker.handle(protocol.LIST_PEOPLE, protocol.Nothing())
    output.document(done.model_dump(mode="json"))
    output.say(f"Entry {done.entry}: {done.name} is on this project. Hand them a copy of it.")
    keys = [key for one in people.members if one.id == done.who for key in one.keys]
    if not any(key.known and key.public == done.public for key in keys):
        output.note(
            "Your own key is not known, so theirs shows as unknown until somebody else vouches for it."
        )
    return 0


async def _roles(options: Namespace, person: Person, output: Output) -> int:
    async with broker_with() as broker:
        await open_to_write(broker, options.project, person, output)
        who = _member(await broker.handle(protocol.LIST_PEOPLE, protocol.Nothing()), options.who)
        params = protocol.GiveRolesParams(who=who.id, roles=_wanted(options.roles), person=person)
        people = await broker.handle(protocol.GIVE_ROLES, params)
    now = _member(people, who.id)
    output.document(now.model_dump(mode="json"))
    output.say(f"{now.name}: {', '.join(now.roles) or 'no role'}.")
    return 0


async def _vouch(options: Namespace, person: Person, output: Output) -> int:
    async with broker_with() as broker:
        await open_to_write(broker, options.project, person, output)
        who = _member(await broker.handle(protocol.LIST_PEOPLE, protocol.Nothing()), options.who)
        found = [key for key in who.keys if _groups(key.short) == _groups(options.key)]
        if not found:
            raise BadInput(
                f"The record names no such key of {who.name}.",
                remedy="Nothing was vouched for. Have them read the key to you once more.",
                place="--key",
            )
        params = protocol.VouchParams(who=who.id, public=found[0].public, person=person)
        people = await broker.handle(protocol.VOUCH, params)
    output.document(_member(people, who.id).model_dump(mode="json"))
    output.say(f"You vouch for {who.name}'s key {found[0].short}.")
    return 0


# words --------------------------------------------------------------------------------------------------


def _wanted(words: str) -> tuple[Role, ...]:
    """Roles as they are given: "writer,producer"; "none" for none at all."""
    given = [word.strip() for word in words.split(",") if word.strip()]
    unknown = [word for word in given if word not in (*ROLES, "none")]
    if unknown or not given:
        raise BadInput(
            f"There is no role {unknown[0]!r}." if unknown else "No role is named.",
            remedy=f"Give one or several of: {','.join(ROLES)}.",
            place="--roles",
        )
    return tuple(role for role in ROLES if role in given)


def _member(people: protocol.People, who: str) -> protocol.MemberSeen:
    """Somebody by their id, or by their name where only one is called so."""
    found = [one for one in people.members if who in (one.id, one.name)]
    if len(found) != 1:
        why = "Several people here are called" if found else "Nobody on this project is called"
        raise BadInput(f"{why} {who!r}.", remedy="Give the id that `people list` prints.", place="--who")
    return found[0]


def _groups(key: str) -> str:
    return "".join(key.split()).lower()


def _said(key: protocol.PublicKeySeen) -> str:
    said = f"by {key.vouched_by}" if key.vouched_by else "yes" if key.known else "no"
    return f"{said} (of one session)" if key.session_only else said
