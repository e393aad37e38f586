"""`studio-assist backend` and `attest`: hosts that models run at, and who answers for what they keep.

A key is never an argument: arguments stand in the shell's history and in every list of processes.
"""

from __future__ import annotations

import asyncio
import getpass
import sys
from argparse import Namespace
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.broker.provider_keys import sane_key
from studio_assist.commands.opening import broker_with, current_person, open_to_write
from studio_assist.commands.output import Output
from studio_assist.domain.errors import BadInput
from studio_assist.domain.generation import HostSettings, Where
from studio_assist.domain.people import Person
from studio_assist.domain.provider import where_is

#: What the option has to be, for the key to be read from standard input.
FROM_INPUT: Final = "-"
#: No key has more characters; whoever pipes a whole file in by mistake is told so.
_LONGEST: Final = 4096
_GONE: Final = "That is now: name a variable that holds the key with --key-env, or unlock the keychain."


def add(options: Namespace, output: Output) -> int:
    """Set a host up in a project."""
    settings = _settings(options)
    key = _key(options, settings)
    return asyncio.run(_add(options.project, settings, key, current_person(options.by), output))


def remove(options: Namespace, output: Output) -> int:
    """Take a host away, and its key with it."""
    return asyncio.run(_remove(options.project, options.id, current_person(options.by), output))


def attest(options: Namespace, output: Output) -> int:
    """Put a named person's signature to it that an account keeps nothing."""
    evidence: Path = options.evidence
    params = protocol.AttestParams(
        backend=options.backend,
        evidence=str(evidence.absolute()),
        until=options.until,
        plan=options.plan or "",
        region=options.region or "",
        person=current_person(options.by),
    )
    return asyncio.run(_attest(options.project, params, output))


async def _add(project: Path, settings: HostSettings, key: str | None, person: Person, output: Output) -> int:
    async with broker_with() as broker:
        await open_to_write(broker, project, person, output)
        if key is not None:
            # Before anything is kept: a host whose key was mistyped would stand there without one.
            sane_key(key, "key")
        params = protocol.AddBackendParams(settings=settings, person=person)
        added = await broker.handle(protocol.ADD_BACKEND, params)
        info, standing = added.info, added.standing
        has_key, note = standing.has_key, added.key_note
        if key is not None:
            giving = protocol.SetKeyParams(backend=info.id, key=key, person=person)
            kept = await broker.handle(protocol.SET_KEY, giving)
            if kept.kept:
                # Nothing of it changes; it tells where the host stands now that it has a key.
                standing = (await broker.handle(protocol.ADD_BACKEND, params)).standing
            has_key, note = kept.kept, kept.note if kept.kept else f"{kept.note} {_GONE}"
    output.document(
        {
            "id": info.id,
            "where": info.where.value,
            "ready": info.ready,
            "why": info.why or None,
            "host": info.host,
            "state": standing.state,
            "blocked": standing.blocked or None,
            "needs": standing.needs,
            "has_key": has_key,
        }
    )
    badges = ", ".join(badge.text for badge in standing.badges)
    output.say(f"{info.id}: {info.host}. {standing.state}. {badges}.")
    for line in (info.why, standing.blocked, note):
        if line:
            output.note(line)
    return 0


async def _remove(project: Path, backend: str, person: Person, output: Output) -> int:
    async with broker_with() as broker:
        await open_to_write(broker, project, person, output)
        params = protocol.RemoveBackendParams(backend=backend, person=person)
        await broker.handle(protocol.REMOVE_BACKEND, params)
    output.document({"removed": backend})
    output.say(f"{backend} is taken away, and its key with it.")
    return 0


async def _attest(project: Path, params: protocol.AttestParams, output: Output) -> int:
    async with broker_with() as broker:
        await open_to_write(broker, project, params.person, output)
        done = await broker.handle(protocol.ATTEST, params)
        host = await _host_of(broker, params.backend)
    output.document(
        {
            "attestation": done.attestation,
            "entry": done.entry,
            "until": done.until.isoformat(),
            "warnings": list(done.warnings),
        }
    )
    output.say(
        f"Entry {done.entry}: {params.person.name} attests until {done.until.isoformat()} that {host} keeps "
        f"and trains on nothing ({done.attestation})."
    )
    for warning in done.warnings:
        output.note(warning)
    return 0


async def _host_of(broker: Broker, backend: str) -> str:
    return broker.backends().get(backend).info.host or backend


def _settings(options: Namespace) -> HostSettings:
    try:
        return HostSettings(
            id=options.id,
            type=options.type,
            name=options.name or "",
            url=options.host,
            model=options.model or "",
            region=options.region or "",
            key_env=options.key_env or "",
            fields=dict(options.field),
        )
    except ValidationError as error:
        field = str(error.errors(include_url=False, include_input=False)[0]["loc"][0])
        raise BadInput(
            f"The {_OPTIONS.get(field, field)} cannot be that.",
            remedy="An address is https://host/v1 without the endpoint; an id has small letters, digits and "
            "hyphens.",
            place=_OPTIONS.get(field, field),
        ) from error


_OPTIONS: Final = {"url": "host", "key_env": "key-env", "fields": "field"}


def _key(options: Namespace, settings: HostSettings) -> str | None:
    """The key from standard input or from the terminal, where nobody sees it typed; None for none."""
    if options.key is not None:
        line = sys.stdin.readline(_LONGEST)
        if not line.strip():
            raise BadInput(
                "There is no key on standard input.", remedy="Pipe it in as one line.", place="key"
            )
        return line
    asks = settings.key_env == "" and where_is(settings.hostname) is Where.OUTSIDE
    if not asks or not sys.stdin.isatty():
        return None
    try:
        return getpass.getpass(f"Key for {settings.hostname} (empty for none): ").strip() or None
    except EOFError:
        return None
