"""The script that a project begins with: a Fountain file byte for byte, or one read out of FDX or a PDF."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from studio_assist.broker.import_temp import as_temp, temp_in, told_of
from studio_assist.broker.safe_reading import read_safely
from studio_assist.broker.session import Session
from studio_assist.domain import record
from studio_assist.domain.errors import BadInput
from studio_assist.domain.incoming import IncomingScript
from studio_assist.domain.people import Person
from studio_assist.interchange.fountain import read_script_bytes
from studio_assist.interchange.reading import MOST_BYTES, MOST_TEXT, plain_bytes
from studio_assist.ledger import Contents
from studio_assist.storage.imports import keep_import

#: Read in a process of their own; everything else is taken for plain text, which harms nobody.
FOREIGN: Final = (".fdx", ".pdf")


async def read_first(path: Path) -> tuple[IncomingScript, bytes]:
    """A script to begin with, and its file's bytes.

    Raises:
        BadInput: it cannot be read, or is no script.
    """
    is_foreign = path.suffix.casefold() in FOREIGN
    # Bounded, and no pipe: it is read here, in the broker's own process.
    data = await asyncio.to_thread(plain_bytes, path, MOST_BYTES if is_foreign else MOST_TEXT)
    if not is_foreign:
        return IncomingScript(format="fountain", text=read_script_bytes(data, str(path))), data
    incoming = await read_safely(path)
    if not isinstance(incoming, IncomingScript):
        raise BadInput("There is no script in that file.", remedy="Choose another one.", place=str(path))
    return incoming, data


def bytes_of(incoming: IncomingScript, data: bytes) -> bytes:
    """What script.fountain holds then."""
    return data if incoming.format == "fountain" else incoming.text.encode("utf-8")


async def note_first(
    session: Session, incoming: IncomingScript, name: str, data: bytes, person: Person
) -> tuple[str, ...]:
    """Keep what came in, so that a later version of it can be merged, and record it.

    Gives what could not be read, in sentences.
    """
    await asyncio.to_thread(
        lambda: keep_import(
            session.folder.path,
            name=name,
            format=incoming.format,
            source=data,
            base=incoming.text,
            at=session.now(),
        )
    )
    texts = Contents()
    body = record.ScriptImported(source_name=name, content=texts.add(incoming.text))
    session.append(body, contents=texts, person=person, durable=False)
    state = session.state()
    ranges = await asyncio.to_thread(temp_in, session.ledger, state, state.script)
    came = as_temp(session, state.script, ranges, name, person)
    if came:
        session.take_in(state.script, came)
    told = (f"{line.where}: {line.what} {line.remedy}".rstrip() for line in incoming.report)
    return (*told_of(len(came)), *told)
