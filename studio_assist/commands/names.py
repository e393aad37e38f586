"""`studio-assist names`: the production's list of names, and a name more or less."""

from __future__ import annotations

import asyncio
from argparse import Namespace

from studio_assist import protocol
from studio_assist.broker.naming import Naming
from studio_assist.broker.session import Session
from studio_assist.commands.opening import broker_with, current_person, open_to_write, quiet
from studio_assist.commands.output import Output, many
from studio_assist.domain.errors import BadInput
from studio_assist.domain.names import NameKind


def names(options: Namespace, output: Output) -> int:
    """Print the list, once what was asked for is done. Looking alone writes nothing."""
    if options.add is None and (options.kind is not None or options.alias):
        raise BadInput("There is no name to add.", remedy="Give it with --add TEXT.", place="--add")
    if options.add is not None and options.kind is None:
        kinds = ", ".join(NameKind)
        raise BadInput(
            "What kind of name is it?", remedy=f"Give --kind with one of: {kinds}.", place="--kind"
        )
    looks = options.add is None and options.remove is None
    found = asyncio.run(_look(options) if looks else _change(options, output))
    output.document(
        [
            {
                "text": term.text,
                "kind": term.kind.value,
                "aliases": list(term.aliases),
                "source": term.source,
            }
            for term in found.names
        ]
    )
    output.table(
        [(term.text, term.kind.value, term.source, ", ".join(term.aliases)) for term in found.names],
        ("NAME", "KIND", "FROM", "ALSO WRITTEN"),
    )
    if found.no_names:
        output.say("", f"{many(len(found.no_names), 'word')} that are no names: {', '.join(found.no_names)}")
    return 0


async def _look(options: Namespace) -> protocol.Names:
    session = Session.open(options.project, current_person(), tell=quiet, read_only=True, at_rest=True)
    try:
        return Naming().seen(session, None)
    finally:
        await session.close()


async def _change(options: Namespace, output: Output) -> protocol.Names:
    person = current_person(options.by)
    async with broker_with() as broker:
        await open_to_write(broker, options.project, person, output)
        found = await broker.handle(protocol.LIST_NAMES, protocol.ListNamesParams())
        if options.add is not None:
            # To add is to leave what is there: other ways to write it that are on the list stay.
            text = str(options.add).strip()
            there = [term for term in found.names if term.text.casefold() == text.casefold()]
            aliases = tuple(alias for term in there for alias in term.aliases)
            adding = protocol.SetNameParams(
                text=text,
                kind=NameKind(options.kind),
                aliases=(*aliases, *options.alias),
                person=person,
            )
            found = await broker.handle(protocol.SET_NAME, adding)
        if options.remove is not None:
            removing = protocol.RemoveNameParams(text=options.remove, person=person)
            found = await broker.handle(protocol.REMOVE_NAME, removing)
    return found
