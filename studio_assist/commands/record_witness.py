"""`studio-assist ledger witness` and `forget`: what goes into the record by a person's word."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker import witnessing
from studio_assist.broker.session import Session
from studio_assist.commands.opening import broker_with, current_person, open_to_write, quiet
from studio_assist.commands.output import Output, many
from studio_assist.domain.errors import BadInput
from studio_assist.domain.people import Person

_BACKUPS: Final = "Backups, and copies that were handed on, are beyond this program."


def witness(options: Namespace, output: Output) -> int:
    """Hand the record's head out to a witness, take an answer in, or, with both files, be the witness."""
    person = current_person(options.by)
    given: Path | None = options.into
    out: Path | None = options.out
    if given is None and out is None:
        raise BadInput(
            "There is no file to write or read.",
            remedy="Give --out FILE to ask a witness, --in FILE to take an answer, or both to be one.",
        )
    if given is None:
        return asyncio.run(_hand_out(options.project, _absolute(out), person, output))
    if out is None:
        return asyncio.run(_take_in(options, given, person, output))
    return asyncio.run(_cosign(options.project, given, _absolute(out), person, output))


def forget(options: Namespace, output: Output) -> int:
    """Forget the texts of one entry for good, and say what holds them still."""
    return asyncio.run(_forget(options, current_person(options.by), output))


async def _hand_out(project: Path, out: Path, person: Person, output: Output) -> int:
    async with broker_with() as broker:
        await open_to_write(broker, project, person, output)
        asked = await broker.handle(
            protocol.WITNESS_OUT, protocol.WitnessOutParams(out=str(out), person=person)
        )
        state = broker.session.ledger_state()
    output.document({"path": asked.path, "size": asked.size, "session_only": state.key == "session"})
    output.say(f"{asked.path}: the first {many(asked.size, 'entry', 'entries')}, for a witness to vouch for.")
    if state.key == "session":
        output.note(state.key_note)
    return 0


async def _take_in(options: Namespace, file: Path, person: Person, output: Output) -> int:
    authority: Path | None = options.authority
    params = protocol.WitnessInParams(
        file=str(file.absolute()),
        person=person,
        authority=str(authority.absolute()) if authority is not None else None,
    )
    async with broker_with() as broker:
        await open_to_write(broker, options.project, person, output)
        done = await broker.handle(protocol.WITNESS_IN, params)
        claim = broker.session.ledger_state().claim
    witness = done.witness.model_dump(mode="json")
    output.document({"witness": witness, "entry": done.entry})
    output.say(f"Entry {done.entry}: {done.witness.name} witnessed the first {done.witness.size:,}.", claim)
    return 0


async def _cosign(project: Path, offer: Path, out: Path, person: Person, output: Output) -> int:
    params = protocol.CosignParams(offer=str(offer.absolute()), out=str(out), person=person)
    # One's own copy is looked at and not written to, so that a window may have it open.
    session = Session.open(project, person, tell=quiet, read_only=True, at_rest=True)
    try:
        done = await witnessing.cosign(session, params)
    finally:
        await session.close()
    output.document(done.model_dump(mode="json"))
    output.say(f"{done.path}: you vouch for the first {many(done.size, 'entry', 'entries')}. Send it back.")
    if not done.compared:
        output.note("Your own project is of another record, so that nothing could be compared.")
    if done.session_only:
        output.note("No keychain keeps your key, so it ends here: your next answer will carry another one.")
    return 0


async def _forget(options: Namespace, person: Person, output: Output) -> int:
    params = protocol.ForgetParams(entry=options.entry, why=options.why, person=person)
    async with broker_with() as broker:
        await open_to_write(broker, options.project, person, output)
        done = await broker.handle(protocol.FORGET, params)
    output.document(done.model_dump(mode="json"))
    output.say(f"Entry {done.entry}: {many(done.texts, 'text')} of entry {options.entry} forgotten.")
    for name in done.cleaned:
        output.say(f"Blotted out of {name}")
    if done.still_in:
        output.say("", "What may hold it still:")
        output.table(("" if place.sure else "perhaps", place.file, place.where) for place in done.still_in)
    output.note(_BACKUPS)
    return 0


def _absolute(path: Path | None) -> Path:
    assert path is not None
    return path.absolute()
