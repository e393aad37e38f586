"""`studio-assist report`: a disclosure report out of a project, for one kind of reader."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from typing import Final

from studio_assist import protocol
from studio_assist.commands.opening import broker_with, current_person, open_to_write
from studio_assist.commands.output import Output, many
from studio_assist.domain.people import Person

#: For whom, as --for has it, with what is said of each in the help.
KINDS: Final[dict[protocol.ReportKind, str]] = {
    "full": "everything",
    "contact": "the studio's contact",
    "guild": "goes with a text that is handed over; needs --recipient",
    "awards": "a statement of human authorship",
    "security": "the list of tools for a security assessment",
}


def report(options: Namespace, output: Output) -> int:
    """Check the record, write a report, read it back, and record it."""
    return asyncio.run(_report(options, current_person(options.by), output))


async def _report(options: Namespace, person: Person, output: Output) -> int:
    params = protocol.ReportParams(
        out=str(options.out.absolute()),
        kind=options.kind,
        since=options.since,
        until=options.until,
        recipient=options.recipient,
        person=person,
    )
    async with broker_with(lambda event: _say_trouble(event, output)) as broker:
        # A report says by itself, and in its own words, that a record does not hold.
        await open_to_write(broker, options.project, person, output, even_altered=True)
        done = await broker.handle(protocol.REPORT, params)
        state = broker.session.ledger_state()
    output.document(done.model_dump(mode="json") | {"kind": options.kind})
    output.say(
        f"{done.path}: {KINDS[params.kind]}, {many(done.entries, 'entry', 'entries')} of the record.",
        f"Recorded as entry {done.entry}, SHA-256 {done.sha256}",
    )
    if done.handed_over is not None:
        output.say(f"Recipient recorded as entry {done.handed_over}.")
    if state.key == "session":
        output.note(state.key_note)
    return 0


def _say_trouble(event: protocol.Event, output: Output) -> None:
    """Warnings about the file, such as characters that no bundled typeface has."""
    if isinstance(event, protocol.Trouble) and event.kind == "report":
        output.note(f"Note: {event.message}")
