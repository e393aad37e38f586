"""A screenplay that comes in: the project's first, or merged with the one that was worked on here meanwhile.

The file that it comes from is only ever read. What stood here before is kept beside the script, temp spans go
where their words went, and those whose words are gone count as lost until a person says what became of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.import_temp import (
    as_temp,
    temp_in,
    told_of,
    without_known_marks,
    without_sent_marks,
)
from studio_assist.broker.session import Session
from studio_assist.domain import record
from studio_assist.domain.errors import BadInput, Conflict
from studio_assist.domain.incoming import IncomingScript
from studio_assist.domain.people import Person
from studio_assist.domain.script_merge import Choice, ScriptMerge, merge, merged_text, nearest
from studio_assist.interchange.fountain import parse
from studio_assist.ledger import Contents
from studio_assist.storage.imports import base_text, keep_import
from studio_assist.storage.sent_scripts import sent_texts

_BLANK: Final = "\ufeff \t\r\n"


async def merge_with(session: Session, incoming: IncomingScript) -> ScriptMerge | None:
    """What would change in the project's script; None where it has none yet."""
    state = session.state()
    if not state.script.strip(_BLANK):
        return None
    temp = tuple((span.start, span.end) for span in state.spans if span.state == "anchored")
    base, theirs = await asyncio.to_thread(_sides, session.folder.path, incoming.text, state)
    return await asyncio.to_thread(merge, base, state.script, theirs, temp)


def _sides(project: Path, text: str, state: protocol.ProjectState) -> tuple[str | None, str]:
    """What a text that comes in is compared with, and the text itself. Blocking.

    Of what was taken in last and of what went out, the one that it is most like: a file that was exported
    here and changed elsewhere still has what our export and its format put there. The marks of that export
    are on both sides, and go from both: what is temp, the spans of the script say.
    """
    taken = base_text(project)
    sent = nearest(text, sent_texts(project))
    if sent is not None and (taken is None or nearest(text, (taken, sent)) == sent):
        script = state.script
        ending = script[len(script.rstrip("\r\n")) :]
        # How a file ends is its format's business; the script here ends as it does.
        base, theirs = (without_sent_marks(one, sent).rstrip("\r\n") + ending for one in (sent, text))
        return base, theirs
    return taken, without_known_marks(text, state.script, state.spans)


async def take_in_script(
    session: Session,
    incoming: IncomingScript,
    name: str,
    source: bytes,
    choices: Sequence[Choice],
    person: Person,
    *,
    whole: bool = False,
) -> list[str]:
    """Take a script in; what a person should know of it, in sentences. `Boards.follow` is the caller's.

    Args:
        name: of its file, for the record. source: the file's bytes, which are kept: an export in its format
            gives back what was in it.
        choices: for each conflict in order; those that are missing are "both".
        whole: put it in place of the project's, without a merge.

    Raises:
        BadInput: there is no word in it.
        Conflict: the project's script was written meanwhile, here or by another program.
        Refusal: nothing can be written or recorded here.
    """
    if not incoming.text.strip(_BLANK):
        raise BadInput(
            "That script is empty. Nothing was changed.",
            remedy="Check that it is the right file.",
            place=name,
        )
    session.may_write()
    before = session.state()
    merged = None if whole else await merge_with(session, incoming)
    _base, theirs = await asyncio.to_thread(_sides, session.folder.path, incoming.text, before)
    text = theirs
    if merged is not None:
        text = await asyncio.to_thread(merged_text, merged, choices)
    ranges = await asyncio.to_thread(temp_in, session.ledger, before, text)
    # From here on nobody else has a turn.
    now = session.folder.script_stamp()
    if now is None or now.sha256 != before.stamp.sha256:
        raise Conflict(
            "The script here was changed while the file was taken in. Nothing was taken in.",
            remedy="Look at the file again.",
            place=name,
        )
    came = as_temp(session, text, ranges, name, person)
    warnings = [*session.take_in(text, came), *told_of(len(came))]
    await asyncio.to_thread(
        partial(
            keep_import,
            session.folder.path,
            name=name,
            format=incoming.format,
            source=source,
            base=theirs,
            at=session.now(),
        )
    )
    texts = Contents()
    session.append(
        record.ScriptImported(source_name=name, content=texts.add(incoming.text)),
        contents=texts,
        person=person,
        durable=True,
    )
    return warnings


def scenes_of(text: str) -> tuple[str, ...]:
    """The numbers of a script's scenes, in order. For a thread: a long script takes a while."""
    return tuple(dict.fromkeys(scene.number for scene in parse(text).screenplay.scenes))
