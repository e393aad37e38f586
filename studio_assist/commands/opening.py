"""How a command opens a project: as whom, and with the broker in this very process."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker import walls
from studio_assist.broker.broker import Broker
from studio_assist.commands import process
from studio_assist.commands.output import Output
from studio_assist.domain.errors import Refusal, Unavailable
from studio_assist.domain.people import Person
from studio_assist.domain.values import PersonId
from studio_assist.storage.settings import Settings

#: Names the person of a command where no profile does, as on a build machine.
PERSON_VARIABLE: Final = "STUDIO_ASSIST_PERSON"

Tell = Callable[[protocol.Event], None]


def current_person(by: str | None = None) -> Person:
    """Who runs the command: the name that was given with it, else the profile of the window, a name in the
    environment, or the login name.
    """
    profile = Settings().load().profile
    if profile is not None and (by is None or by.strip() == profile.name):
        return profile
    name = (by or os.environ.get(PERSON_VARIABLE, "")).strip() or _login_name()
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "person"
    # The same name is the same person in every run, so the id is made from nothing else.
    return Person(id=PersonId(f"cli-{slug}"), name=name)


def quiet(_event: protocol.Event) -> None:
    """Nobody watches."""


@asynccontextmanager
async def broker_with(tell: Tell = quiet) -> AsyncGenerator[Broker]:
    """A broker of the command line's own; it is closed, and its model stopped, however the block ends."""
    broker = Broker(tell, what="command line", wall=walls.stand() if process.is_own() else None)
    try:
        yield broker
    finally:
        await broker.close()


async def open_to_write(
    broker: Broker, project: Path, person: Person, output: Output, *, even_altered: bool = False
) -> protocol.ProjectState:
    """Open a project and check its record.

    Args:
        even_altered: for a command that has something to give of a project whose record was altered too.

    Raises:
        Unavailable: a window or another command has it open.
        Refusal: the record was altered.
    """
    opening = protocol.OpenProjectParams(path=str(project), person=person)
    state = await broker.handle(protocol.OPEN_PROJECT, opening)
    if state.read_only:
        raise Unavailable(
            f"The project is in use. {state.read_only}",
            remedy="Close it there, then run the command again.",
            place=str(project),
        )
    tell_warnings(state, output)
    # A window checks meanwhile; a command would be done before the check is.
    ledger = await broker.handle(protocol.VERIFY_LEDGER, protocol.VerifyParams())
    if ledger.state == "altered" and not even_altered:
        raise Refusal(
            f"The record of this project was altered: {ledger.why}",
            remedy="Run: studio-assist ledger verify PROJECT, and compare the record with a copy.",
            place=str(project),
            rule="record-intact",
        )
    return state


def tell_warnings(state: protocol.ProjectState, output: Output) -> None:
    """Say what was found amiss, and what waits in the window."""
    for warning in state.warnings:
        output.note(f"Note: {warning}")
    for offer in state.recovery:
        what = (
            "text newer than the saved script" if offer.kind == "autosave" else "accepted words not yet in it"
        )
        output.note(
            f"Note: an earlier session left {what}. Open the project in the window to take or leave it."
        )


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        # A process without a user entry, as in some containers.
        return "Command line"
