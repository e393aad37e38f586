"""`import`: scripts, boards and pictures into a project; what an edit from editorial would change."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.commands.opening import Tell, broker_with, current_person, open_to_write
from studio_assist.commands.output import Output, many
from studio_assist.domain.conform import Change, LeftOut, NewInEdit, NewLength, NewNote, NewPlace
from studio_assist.domain.incoming import ReportLine
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import ShotId

_EDITS = ("otio", "edl", "fcp7xml", "fcpxml")


def take_in(options: Namespace, output: Output) -> int:
    """Take a file in. An edit is only compared: a person takes its changes one by one in the window."""
    return asyncio.run(_take_in(options, output))


async def _take_in(options: Namespace, output: Output) -> int:
    person = current_person(options.by)
    async with broker_with(_teller(output)) as broker:
        await open_to_write(broker, options.project, person, output)
        looking = protocol.LookAtFileParams(file=str(options.file.absolute()), person=person)
        seen = await broker.handle(protocol.LOOK_AT_FILE, looking)
        if seen.format in _EDITS:
            return _compared(seen, broker, output)
        taken = await broker.handle(protocol.TAKE_IN, _taking(seen, options, looking.file, person))
        warnings = [_line(line) for line in taken.report]
        if taken.state is not None:
            warnings += taken.state.warnings
        _tell(options, output, seen, taken, warnings)
    return 0


def _taking(seen: protocol.FileSeen, options: Namespace, file: str, person: Person) -> protocol.TakeInParams:
    conflicts = sum(piece.state == "conflict" for piece in seen.merge.pieces) if seen.merge else 0
    return protocol.TakeInParams(
        file=file,
        digest=seen.digest,
        choices=(options.conflicts,) * conflicts,
        scene=options.scene,
        person=person,
    )


def _tell(
    options: Namespace,
    output: Output,
    seen: protocol.FileSeen,
    taken: protocol.TakenIn,
    warnings: Sequence[str],
) -> None:
    name = Path(options.file).name
    output.document(
        {
            "scenes": seen.scenes,
            "panels": taken.panels,
            "offered": taken.offered,
            "warnings": list(warnings),
        }
    )
    for warning in warnings:
        output.note(f"Note: {warning}")
    if taken.state is not None:
        output.say(f"{name} is now the project's script: {many(seen.scenes, 'scene')}.")
    else:
        output.say(f"{many(taken.panels, 'shot')} taken in from {name}.")
    if taken.offered:
        output.say(f"{many(taken.offered, 'picture')} marked as AI: to be decided on in the window.")


def _compared(seen: protocol.FileSeen, broker: Broker, output: Output) -> int:
    board = broker.session.boards.board
    numbers = {shot.id: shot.number for shot in board}
    numbers |= {change.id: change.name for change in seen.changes if isinstance(change, NewInEdit)}
    changes = [(change.kind, _words(change, numbers)) for change in seen.changes]
    report = [_line(line) for line in seen.report]
    output.document(
        {
            "scenes": 0,
            "panels": 0,
            "changes": [{"kind": kind, "words": words} for kind, words in changes],
            "warnings": report,
        }
    )
    for line in report:
        output.note(f"Note: {line}")
    if not changes:
        output.say("The edit has the shots in the order and at the lengths that the board has.")
        return 0
    output.table(changes)
    output.say("", f"{many(len(changes), 'change')}. A person takes each one, or leaves it, in the window.")
    return 0


def _words(change: Change, numbers: dict[ShotId, str]) -> str:
    def named(shot: ShotId | None) -> str:
        return numbers.get(shot, shot) if shot is not None else "the beginning"

    match change:
        case NewLength():
            return f"{named(change.shot)}: {change.frames_before} to {change.frames_after} frames"
        case NewPlace():
            return f"{named(change.shot)}: behind {named(change.after)}"
        case LeftOut():
            return f"{named(change.shot)} is not in the edit"
        case NewInEdit():
            return f"{change.name}: new, behind {named(change.after)}, {change.duration_ms / 1000:.1f} s"
        case NewNote():
            return f"{named(change.shot)}: {change.note}"


def _line(line: ReportLine) -> str:
    return f"{line.where}: {line.what} {line.remedy}".rstrip()


def _teller(output: Output) -> Tell:
    def tell(event: protocol.Event) -> None:
        if isinstance(event, protocol.Trouble):
            output.note(f"{event.message} {event.remedy}".rstrip())

    return tell
