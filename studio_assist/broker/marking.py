"""A picture on its way out: marked for its ledger entry, read back layer by layer, recorded.

What the Board desk calls for each panel that leaves, on the way of every export, `exporting.send_out`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from studio_assist import protocol
from studio_assist.broker import export_files
from studio_assist.broker.export_book import ProjectBook
from studio_assist.broker.export_files import Leaving, Made
from studio_assist.broker.exporting import Tell, progress_of, send_out, warning_of
from studio_assist.broker.session import Session
from studio_assist.broker.vouching import SIGNS, Vouching, needs_c2pa, vouch, wrong_picture
from studio_assist.domain.marking import SourceType
from studio_assist.domain.people import Person
from studio_assist.domain.values import EntryNumber
from studio_assist.paths import resource
from studio_assist.storage.atomic import read_bytes

#: Pixels of the longer side from which on `mark_picture` puts the invisible mark on.
_LEAST_INVISIBLE: Final = 320


@dataclass(frozen=True)
class PictureJob:
    """One picture to be marked and written, complete.

    Attributes:
        original: the picture without marks, as bytes or as a file of the project's media.
        entry: the ledger entry that it answers to: its candidate or decision.
        label: the panel as people call it ("14C").
        is_temp: wears the band and the invisible mark; a person's own picture carries metadata alone.
        backend: what made it, as shown to people; None for a person's own work.
        parent: the provider's own file, whose manifest is kept as the picture's parent; None without one.
        final: refuse while the picture is temp.
        overwrite: a person said that the file at `out` may be replaced.
    """

    original: bytes | Path
    entry: EntryNumber
    label: str
    source: SourceType
    out: Path
    person: Person
    format: Literal["png", "jpeg"] = "png"
    is_temp: bool = True
    backend: str | None = None
    parent: bytes | None = None
    final: bool = False
    overwrite: bool = False


async def export_picture(session: Session, job: PictureJob, tell: Tell) -> protocol.Exported:
    """Mark a picture, write it and record it; or say that it is temp where it was to be final.

    Raises:
        Refusal: nothing can be recorded: the project is read-only here, or its record was altered.
        BadInput: no picture, or there is no such entry; a place that an export may not take.
        Unavailable: nobody can sign; the disk does not let it.
        Damaged: a layer of marks is not in what was read back; nothing is left behind.
    """
    session.may_write()
    # Raises where there is none: a mark points at something.
    session.ledger.entry(job.entry)
    if job.final and job.is_temp:
        left = protocol.BlockedBy(kind="board", where=job.label, entry=job.entry, start=0, length=0)
        return protocol.Exported(temp_items=1, blocked_by=(left,))
    target = export_files.target_of(job.out, job.format, session.folder.path, overwrite=job.overwrite)
    session.meet(job.person)
    vouching = await vouch(
        session,
        job.person,
        source=job.source,
        is_temp=job.is_temp,
        label=job.label,
        backend=job.backend,
        entry=job.entry,
    )
    secret = session.folder.mark_secret()
    leaving = Leaving(
        target=target,
        format=job.format,
        final=job.final,
        overwrite=job.overwrite,
        temp_items=int(job.is_temp),
        entries=(job.entry,),
    )
    file = await send_out(
        leaving,
        lambda _progress: _made(job, vouching, secret),
        ProjectBook(session, job.person),
        progress_of(target, tell),
        warning_of(tell),
    )
    return protocol.Exported(files=(file,), temp_items=leaving.temp_items)


def _made(job: PictureJob, vouching: Vouching, secret: str) -> Made:
    needs_c2pa(SIGNS)
    from studio_assist.marks.invisible import mark_key
    from studio_assist.marks.pictures import mark_picture

    key = mark_key(secret)
    marked = mark_picture(
        job.original if isinstance(job.original, bytes) else read_bytes(job.original),
        vouching.facts,
        mark_key=key,
        identity=vouching.identity,
        fonts=resource("fonts"),
        at=vouching.at,
        format=job.format,
        parent=job.parent,
    )
    # A person's own picture has no invisible mark, and a very small one, which warns of that, no room for it.
    looked_for = key if job.is_temp and max(marked.width, marked.height) >= _LEAST_INVISIBLE else None
    return Made(marked.data, lambda back: wrong_picture(back, vouching, looked_for), marked.warnings)
