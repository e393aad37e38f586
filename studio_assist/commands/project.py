"""`new`, `sample`, `info`, `import` and `export`: a project from its making to what leaves it."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from pathlib import Path
from typing import TypeVar

from studio_assist import protocol
from studio_assist.broker.exporting import export_without_record
from studio_assist.broker.session import Session
from studio_assist.commands import boards
from studio_assist.commands.opening import broker_with, current_person, open_to_write, quiet, tell_warnings
from studio_assist.commands.output import Output, many
from studio_assist.commands.script import read_fountain
from studio_assist.domain.errors import BadInput, Damaged
from studio_assist.domain.pagination import Pagination
from studio_assist.domain.temp import debt_of
from studio_assist.domain.values import Value
from studio_assist.interchange.fountain import Script, parse
from studio_assist.storage.project import ProjectFolder

P = TypeVar("P", bound=Value)
R = TypeVar("R", bound=Value)


def new(options: Namespace, output: Output) -> int:
    """Make a project."""
    title = str(options.title).strip()
    if not title:
        raise BadInput("A project needs a title.", remedy='Give one: --title "The Larkspur"', place="title")
    if options.script is not None:
        _script_to_take(options.script)
    making = protocol.CreateProjectParams(
        path=str(options.project.absolute()),
        title=title,
        script_file=str(options.script) if options.script else None,
        person=current_person(),
    )
    if options.policy is not None:
        making = making.model_copy(update={"policy": options.policy})
    state = asyncio.run(_without_project(protocol.CREATE_PROJECT, making, output))
    return _made(state, output)


def sample(options: Namespace, output: Output) -> int:
    """Make the sample project, with the model on this machine."""
    making = protocol.MakeSampleParams(path=str(options.project.absolute()), person=current_person())
    state = asyncio.run(_without_project(protocol.MAKE_SAMPLE, making, output))
    return _made(state, output)


def info(options: Namespace, output: Output) -> int:
    """Say where a project stands. Reads only, also while a window has the project open."""
    state = asyncio.run(_look_at(options.project))
    tell_warnings(state, output)
    if state.ledger.state == "altered":
        output.note(f"Note: the record was altered: {state.ledger.why}")
    script = parse(state.script)
    pages = Pagination(script).pages
    debt = debt_of(state.spans, state.script, state.boards_temp)
    waiting = sum(len(request.candidates) for request in state.open_requests) + state.board.open
    output.document(
        {
            "title": state.title,
            "scenes": len(script.scenes),
            "pages": pages,
            "panels": state.board.shots,
            "temp": {"lines": debt.lines, "boards": debt.boards},
            "open_candidates": waiting,
            "ledger": {"size": state.ledger.size, "root": state.ledger.root},
        }
    )
    output.fields(
        [
            ("title", state.title),
            ("scenes", f"{len(script.scenes):,}"),
            ("pages", f"{pages:,} (an estimate)"),
            ("panels", f"{state.board.shots:,}"),
            ("temp debt", f"{many(debt.lines, 'line')}, {many(debt.boards, 'board')}"),
            ("to decide", many(waiting, "candidate")),
            ("record", f"{many(state.ledger.size, 'entry', 'entries')}, root {state.ledger.root[:16]}…"),
        ]
    )
    return 0


def take_in(options: Namespace, output: Output) -> int:
    """Take a script into a project; the one before is kept beside it."""
    script = _script_to_take(options.file)
    state = asyncio.run(_import(options.project, options.file, output))
    output.document({"scenes": len(script.scenes), "panels": 0, "warnings": list(state.warnings)})
    for warning in state.warnings:
        output.note(f"Note: {warning}")
    output.say(f"{options.file.name} is now the project's script: {many(len(script.scenes), 'scene')}.")
    return 0


def export(options: Namespace, output: Output) -> int:
    """Write a marked copy of the script.

    Exit 1 when a final one is blocked, by temp material or by a record that was altered. A copy out of a
    project with such a record is done (exit 0), says so itself, and has no entry.
    """
    if options.format in ("png", "ora"):
        return boards.export(options, output)
    if options.shot is not None:
        raise BadInput("--shot is for the formats png and ora.", remedy="Leave it away.", place="shot")
    done = asyncio.run(_export(options, output))
    if done.blocked_by:
        blocked = [{"kind": part.kind, "where": part.where, "entry": part.entry} for part in done.blocked_by]
        output.document({"blocked_by": blocked})
        output.say(f"A final export waits for {many(len(blocked), 'piece')} of temp material:")
        output.table([(part.kind, part.where, f"entry {part.entry}") for part in done.blocked_by])
        output.note("Rewrite each one or mark it as replaced in the window, or export without --final.")
        return 1
    files = [{"path": file.path, "sha256": file.sha256, "entry": file.entry} for file in done.files]
    output.document({"files": files, "temp_items": done.temp_items})
    for file in done.files:
        where = f"entry {file.entry}" if file.entry is not None else "in no record"
        output.say(f"{file.path}  ({where})")
    if done.altered is not None:
        output.note(
            f"Note: the record of this project was altered: {done.altered} The copy says so; nobody signed "
            "it, and it was not recorded."
        )
    if done.temp_items:
        output.say(f"{many(done.temp_items, 'temp line')} in it, marked TEMP.")
    return 0


async def _without_project(method: protocol.Method[P, R], params: P, output: Output) -> R:
    labels: set[str] = set()

    def tell(event: protocol.Event) -> None:
        if isinstance(event, protocol.Progress) and event.label not in labels:
            labels.add(event.label)
            output.note(event.label)

    async with broker_with(tell) as broker:
        return await broker.handle(method, params)


def _made(state: protocol.ProjectState, output: Output) -> int:
    tell_warnings(state, output)
    output.document({"project": state.path})
    output.say(f"{state.title}: {state.path}")
    return 0


def _script_to_take(path: Path) -> Script:
    script = read_fountain(path)
    if not script.text.strip("\ufeff \t\r\n"):
        raise BadInput(
            "The script is empty. Nothing was changed.",
            remedy="Save the script again in the program it comes from, and give that file.",
            place=str(path),
        )
    return script


async def _look_at(project: Path) -> protocol.ProjectState:
    session = Session.open(project, current_person(), tell=quiet, read_only=True, at_rest=True)
    try:
        return session.state()
    finally:
        await session.close()


async def _import(project: Path, file: Path, output: Output) -> protocol.ProjectState:
    person = current_person()
    async with broker_with() as broker:
        await open_to_write(broker, project, person, output)
        taking = protocol.ImportScriptParams(file=str(file), person=person)
        return await broker.handle(protocol.IMPORT_SCRIPT, taking)


async def _export(options: Namespace, output: Output) -> protocol.Exported:
    person = current_person()
    out: Path = options.out.absolute()
    leaving = protocol.ExportParams(format=options.format, out=str(out), final=options.final, person=person)
    async with broker_with() as broker:
        try:
            await open_to_write(broker, options.project, person, output, even_altered=True)
        except Damaged as damage:
            folder = ProjectFolder.open(options.project)
            if damage.place != str(folder.ledger_path):
                raise
            # The script is the writer's, whatever happened to the record.
            return await export_without_record(folder, leaving, damage.message, quiet)
        return await broker.handle(protocol.EXPORT, leaving)
