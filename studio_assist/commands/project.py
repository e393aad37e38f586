"""`new`, `sample` and `info`: a project's making, and where it stands."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from pathlib import Path
from typing import TypeVar

from studio_assist import protocol
from studio_assist.broker.first_script import FOREIGN
from studio_assist.broker.session import Session
from studio_assist.commands.opening import broker_with, current_person, quiet, tell_warnings
from studio_assist.commands.output import Output, many
from studio_assist.commands.script import read_fountain
from studio_assist.domain.errors import BadInput
from studio_assist.domain.pagination import Pagination
from studio_assist.domain.temp import debt_of
from studio_assist.domain.values import Value
from studio_assist.interchange.fountain import parse

P = TypeVar("P", bound=Value)
R = TypeVar("R", bound=Value)


def new(options: Namespace, output: Output) -> int:
    """Make a project."""
    title = str(options.title).strip()
    if not title:
        raise BadInput("A project needs a title.", remedy='Give one: --title "The Larkspur"', place="title")
    if options.script is not None:
        _holds_words(options.script)
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
    debt = debt_of(state.spans, state.script, state.boards_temp, state.temp_sounds)
    waiting = sum(len(request.candidates) for request in state.open_requests) + state.board.open
    output.document(
        {
            "title": state.title,
            "scenes": len(script.scenes),
            "pages": pages,
            "panels": state.board.shots,
            "temp": {"lines": debt.lines, "boards": debt.boards, "sounds": debt.sounds},
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
            (
                "temp debt",
                f"{many(debt.lines, 'line')}, {many(debt.boards, 'board')}, {many(debt.sounds, 'sound')}",
            ),
            ("to decide", many(waiting, "candidate")),
            ("record", f"{many(state.ledger.size, 'entry', 'entries')}, root {state.ledger.root[:16]}…"),
        ]
    )
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


def _holds_words(path: Path) -> None:
    """Raise `BadInput` for an empty Fountain file. Other kinds are read, and judged, by the broker."""
    if path.suffix.casefold() in FOREIGN:
        return
    if not read_fountain(path).text.strip("\ufeff \t\r\n"):
        raise BadInput(
            "The script is empty. Nothing was changed.",
            remedy="Save the script again in the program it comes from, and give that file.",
            place=str(path),
        )


async def _look_at(project: Path) -> protocol.ProjectState:
    session = Session.open(project, current_person(), tell=quiet, read_only=True, at_rest=True)
    try:
        return session.state()
    finally:
        await session.close()
