"""Witnesses: what is handed out to be vouched for, what one vouches for, and what comes back.

Files go by hand, on a stick or by mail; nothing here opens a connection.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.session import Session
from studio_assist.domain.errors import BadInput, Refusal, StudioError, Unavailable
from studio_assist.domain.values import EntryNumber, UtcTime
from studio_assist.ledger import Ledger, verify
from studio_assist.ledger import compare as comparing
from studio_assist.ledger import witness as words
from studio_assist.ledger.seals import StoredWitness
from studio_assist.storage.atomic import read_bytes, write_atomic

#: What a time authority is asked and answers (RFC 3161 §3.4).
REQUEST: Final = ".tsq"
RESPONSE: Final = ".tsr"
#: Names of fields that say more than their own.
_FIELDS: Final = {
    "at": "Written",
    "person": "By",
    "body.type": "What",
    "body.outcome": "Decision",
    "body.content": "Words offered",
    "body.result": "Words that went in",
    "body.kept_permille": "Kept, in thousandths",
    "body.envelope": "What was to be sent",
    "body.origin": "Sent to",
    "body.approval": "Approved in entry",
    "body.bytes": "Bytes",
}
#: An offer grows with the logarithm of the record, and a response holds a few certificates.
_LARGEST: Final = 4 * 2**20


async def hand_out(session: Session, params: protocol.WitnessOutParams) -> protocol.WitnessOut:
    """Write an offer to co-sign, or a time-stamp request, for the record as it stands.

    Raises:
        BadInput: a file stands there already, or nothing can be written there.
        Refusal, Unavailable: as `Session.checkpoint`.
    """
    out = _new_file(params.out)
    head, key = await session.checkpoint(params.person)
    data = (
        words.timestamp_request(head.note)
        if out.suffix.lower() == REQUEST
        else words.offer(session.ledger, key, session.now()).encode("utf-8")
    )
    await asyncio.to_thread(write_atomic, out, data)
    return protocol.WitnessOut(path=str(out), size=head.size)


async def cosign(session: Session, params: protocol.CosignParams) -> protocol.Cosigned:
    """Vouch for the head that somebody offers, once one's own copy agrees with it.

    Raises:
        Refusal: one's own copy of that record says otherwise, or was altered itself.
        BadInput: not an offer, or a file stands at `out` already.
    """
    out = _new_file(params.out)
    offer = _text(params.offer, "an offer to witness")
    await _checked(session)
    key = await session.ready(params.person)
    done = words.cosign(offer, session.ledger, key, session.now(), name=params.person.name)
    await asyncio.to_thread(write_atomic, out, done.reply.encode("utf-8"))
    return protocol.Cosigned(
        path=str(out), size=done.size, compared=done.agreed > 0, session_only=key.session_only
    )


async def take_in(session: Session, params: protocol.WitnessInParams) -> protocol.WitnessIn:
    """Take a witness's answer into the record.

    Raises:
        BadInput: not an answer, of another project, or one whose signature is wrong.
        Damaged: this record is not the one that was witnessed.
        Refusal: the project is read-only here, or its record was altered.
    """
    file = Path(params.file)
    if file.suffix.lower() == RESPONSE:
        stored = await _take_stamp(session, file, params)
    else:
        reply = _text(params.file, "a witness's answer")
        key = await session.introduced(params.person)
        stored = words.take_in(session.ledger, reply, session.now(), params.person.id, key)
    seen = protocol.WitnessSeen(
        name=stored.name, kind=stored.kind, at=stored.at, size=stored.size, key=stored.key
    )
    session.witnessed(seen)
    session.checkpoint_now(params.person)
    (entry,) = session.ledger.entries(type="witnessed", newest_first=True, limit=1)
    return protocol.WitnessIn(witness=seen, entry=entry.number)


async def compare(session: Session, params: protocol.CompareParams) -> protocol.Compared:
    """What differs between the open project's record and a copy of it. Writes nothing."""
    return await asyncio.to_thread(compare_files, session.folder.path, Path(params.copy_path))


def compare_files(path: Path, copy: Path) -> protocol.Compared:
    """The same for two paths, each a project's folder, a pack or a ledger's file.

    Raises:
        BadInput: one of them is no record, or they are of different projects.
    """
    found = comparing.compare(path, copy)
    try:
        holds = verify(copy).ok
    except StudioError:
        holds = None
    first = found.first_different
    return protocol.Compared(
        relation=found.relation,
        first_different=EntryNumber(first) if first is not None else None,
        here=found.here.size,
        there=found.there.size,
        fields=tuple(
            protocol.FieldDiffers(name=_said(one.field), there=_plain(one.there), here=_plain(one.here))
            for one in found.differences
        ),
        there_holds=holds,
        there_at=_last_at(copy),
        says=found.findings,
    )


# internals ----------------------------------------------------------------------------------------------


async def _checked(session: Session) -> None:
    """Nobody vouches for a record on the strength of a copy that was itself altered."""
    if session.ledger_state().state == "checking":
        await session.check_record()
    if session.is_altered:
        raise Refusal(
            f"Your own copy of the record was altered: {session.why_altered}",
            remedy="Compare it with another copy first.",
            rule="record-intact",
        )


async def _take_stamp(session: Session, file: Path, params: protocol.WitnessInParams) -> StoredWitness:
    if params.authority is None:
        raise BadInput(
            "A time stamp says nothing without the authority's root certificate.",
            remedy="Give the PEM file with the root that you trust (--authority).",
            place=params.file,
        )
    roots = [_bytes(params.authority, "the authority's certificates")]
    response = _bytes(str(file), "a time authority's answer")
    key = await session.introduced(params.person)
    return words.take_timestamp(session.ledger, response, roots, session.now(), params.person.id, key)


def _new_file(path: str) -> Path:
    out = Path(path)
    if out.exists():
        raise BadInput(
            "There is something in that place already.", remedy="Choose a new name.", place=str(out)
        )
    if not out.parent.is_dir():
        raise BadInput("There is no such folder.", remedy="Choose another place.", place=str(out.parent))
    return out


def _bytes(path: str, what: str) -> bytes:
    file = Path(path)
    if not file.is_file() or file.stat().st_size > _LARGEST:
        raise BadInput(f"This is not {what}.", remedy="Check the path.", place=path)
    return read_bytes(file)


def _text(path: str, what: str) -> str:
    try:
        return _bytes(path, what).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"This is not {what}.", remedy="Ask for the file again.", place=path) from error


def _said(field: str) -> str:
    """A field of an entry ("body.outcome") as a person reads it."""
    return _FIELDS.get(field, field.removeprefix("body.").replace("_", " ").capitalize())


def _plain(value: str | None) -> str | None:
    """A value as JSON has it, without the quotes around a text."""
    if value is None or not value.startswith('"'):
        return value
    return str(json.loads(value))


def _last_at(path: Path) -> UtcTime | None:
    file = path / "ledger.sqlite" if path.is_dir() else path
    try:
        with Ledger.open(file, create=False, read_only=True, at_rest=True) as ledger:
            last = ledger.entries(newest_first=True, limit=1)
            return last[0].at if last else None
    except (StudioError, Unavailable):
        return None
