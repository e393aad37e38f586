"""`studio-assist contact` and `clearances`: who at the studio was told, and what was cleared.

To ask for clearance and to answer it is done by people in the window; here it can be read.
"""

from __future__ import annotations

import asyncio
from argparse import Namespace
from datetime import UTC, datetime

from studio_assist import protocol
from studio_assist.commands.opening import broker_with, current_person, open_to_write
from studio_assist.commands.output import Output
from studio_assist.domain.clearance import ClearanceSeen, Scope


def contact(options: Namespace, output: Output) -> int:
    """Note that the studio's contact was told of the intended uses; without a name, say who was."""
    return asyncio.run(_contact(options, output))


def clearances(options: Namespace, output: Output) -> int:
    """Print the clearance requests with where they stand. Exit 1 where one waits, or nobody was told."""
    return asyncio.run(_clearances(options, output))


async def _contact(options: Namespace, output: Output) -> int:
    person = current_person(options.by)
    async with broker_with() as broker:
        if options.name is None:
            opening = protocol.OpenProjectParams(path=str(options.project), person=person, read_only=True)
            await broker.handle(protocol.OPEN_PROJECT, opening)
            desk = await broker.handle(protocol.SHOW_CLEAR, protocol.Nothing())
        else:
            await open_to_write(broker, options.project, person, output)
            told = datetime.combine(options.when, datetime.min.time()) if options.when else None
            params = protocol.TellContactParams(
                contact=options.name,
                how=options.how,
                told=told.astimezone(UTC) if told else datetime.now(UTC),
                uses=tuple(options.use),
                person=person,
            )
            desk = await broker.handle(protocol.TELL_CONTACT, params)
    seen = desk.contact
    output.document(
        {
            "wanted": desk.wants_contact,
            "uses": [use.id for use in desk.uses],
            "told": seen.model_dump(mode="json") if seen else None,
        }
    )
    if seen is None:
        words = "Nobody at the studio was told yet."
        output.say(f"{words} Uses of {desk.policy}: {', '.join(use.id for use in desk.uses)}.")
        return 1 if desk.wants_contact else 0
    when = seen.told.astimezone()
    uses = ", ".join(seen.uses)
    output.say(f"{seen.contact} was told on {when:%Y-%m-%d} by {seen.how}, noted by {seen.by}: {uses}.")
    return 0


async def _clearances(options: Namespace, output: Output) -> int:
    person = current_person()
    async with broker_with() as broker:
        opening = protocol.OpenProjectParams(path=str(options.project), person=person, read_only=True)
        await broker.handle(protocol.OPEN_PROJECT, opening)
        desk = await broker.handle(protocol.SHOW_CLEAR, protocol.Nothing())
    output.document(
        {
            "policy": desk.policy,
            "contact_told": desk.contact is not None,
            "requests": [_told(one) for one in desk.requests],
            "consents": [
                {"id": one.consent.id, "kinds": list(one.consent.kinds), "state": one.state}
                for one in desk.consents
            ],
            "reminders": [one.words for one in desk.reminders],
        }
    )
    output.table(
        [
            (one.request.label, one.state, one.request.use, one.request.by.name, _scope(one.approved))
            for one in desk.requests
        ],
        ("NUMBER", "STATE", "USE", "ASKED BY", "HOLDS FOR"),
    )
    for reminder in desk.reminders:
        output.note(reminder.words)
    waits = any(one.state == "sent" for one in desk.requests)
    return 1 if waits or (desk.wants_contact and desk.contact is None) else 0


def _told(one: ClearanceSeen) -> dict[str, object]:
    return {
        "id": one.request.id,
        "number": one.request.label,
        "state": one.state,
        "use": one.request.use,
        "by": one.request.by.name,
        "answered_by": one.answered_by or None,
        "rules": list(one.rules),
        "scope": one.approved.model_dump(mode="json") if one.approved else None,
        "missing": list(one.missing),
        "days_left": one.days_left,
    }


def _scope(scope: Scope | None) -> str:
    if scope is None:
        return ""
    scenes = f"scenes {', '.join(scope.scenes)}" if scope.scenes else "every scene"
    tasks = f", {', '.join(scope.tasks)}" if scope.tasks else ""
    return f"{scenes}{tasks}, until {scope.until}"
