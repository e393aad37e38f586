"""`studio-assist ledger pack`: the record in a folder that an outsider checks without this program."""

from __future__ import annotations

import asyncio
from argparse import Namespace

from studio_assist import protocol
from studio_assist.commands.opening import broker_with, current_person, open_to_write
from studio_assist.commands.output import Output, many
from studio_assist.domain.people import Person
from studio_assist.domain.values import EntryNumber


def pack(options: Namespace, output: Output) -> int:
    """Write a pack, check what was written, and record that it was handed out."""
    return asyncio.run(_pack(options, current_person(options.by), output))


async def _pack(options: Namespace, person: Person, output: Output) -> int:
    params = protocol.PackParams(
        out=str(options.out.absolute()),
        disclose=tuple(EntryNumber(number) for number in options.disclose),
        files=tuple(str(file.absolute()) for file in options.file),
        person=person,
    )
    async with broker_with() as broker:
        await open_to_write(broker, options.project, person, output)
        done = await broker.handle(protocol.PACK, params)
        state = broker.session.ledger_state()
    output.document(done.model_dump(mode="json") | {"session_only": state.key == "session"})
    held = f"{many(done.size, 'entry', 'entries')}, {many(done.files, 'file')}"
    output.say(
        f"{done.path}: {held}, read back and checked.",
        f"Entry {done.entry} of the record names its manifest, SHA-256 {done.manifest}",
        "",
        "Whoever gets it learns:",
        *(f"  {sentence}" for sentence in done.discloses),
        "",
        "They check it with its GUIDE.txt, or with: python3 verify.py",
    )
    if state.key == "session":
        output.note(state.key_note)
    return 0
