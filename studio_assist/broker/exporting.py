"""The one path out to a file: check, mark, write beside, flush, read back, rename, record.

A final export is refused while temp material is left, and the answer lists where it stands. What was
written is read back from the disk and compared before it gets its name. A file that cannot be recorded is
taken away again, and one that it replaced comes back: no half file, and none that the record does not know.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from studio_assist import protocol
from studio_assist.broker import export_files
from studio_assist.broker.export_files import ExportJob, Format, Progress
from studio_assist.broker.session import Session
from studio_assist.domain import record as entries
from studio_assist.domain.pagination import Pagination
from studio_assist.domain.places import place_words
from studio_assist.domain.temp import TempFile, TempSpan, anchored, debt_of
from studio_assist.domain.values import EntryNumber, Sha256, Value
from studio_assist.interchange.fountain import parse, read_script_bytes

T = TypeVar("T")


class ExportRecord(Value):
    """What the ledger is told of a file that was written and found right.

    Attributes:
        file: absolute path.
        temp_items: lines of temp material in it; a lost span counts as one.
        spans: ledger entries of the temp material that it is marked with.
    """

    file: str
    sha256: Sha256
    format: Format
    final: bool
    temp_items: int
    spans: tuple[EntryNumber, ...]


Record = Callable[[ExportRecord], Awaitable[EntryNumber]]


async def export_project(
    session: Session,
    params: protocol.ExportParams,
    tell: Callable[[protocol.Event], None],
    *,
    overwrite: bool = False,
) -> protocol.Exported:
    """Export what the call names out of an open project, and record it there.

    Raises:
        Refusal: the project cannot be written to, so that the export could not be recorded.
        BadInput, Unavailable, Damaged: as `export`.
    """
    session.may_write()
    session.meet(params.person)
    script = params.script
    if script is None:
        data, _ = session.folder.read_script()
        script = read_script_bytes(data, str(session.folder.script_path))
    spans = params.spans if params.spans is not None else _saved_spans(session)
    job = ExportJob(
        format=params.format,
        out=Path(params.out),
        script=script,
        spans=spans,
        title=session.folder.info.title,
        project=session.folder.path,
        on=date.today(),
        final=params.final,
        overwrite=overwrite,
    )

    async def record(written: ExportRecord) -> EntryNumber:
        body = entries.Exported(
            automated=params.person.automated,
            final=written.final,
            format=written.format,
            name=Path(written.file).name,
            sha256=written.sha256,
            temp_items=written.temp_items,
        )
        return session.append(body, person=params.person, durable=True).number

    def progress(share: float) -> None:
        tell(protocol.Progress(job="export", label=f"Exporting {job.out.name}", share=share))

    def warn(message: str) -> None:
        remedy = "Read the file through before you hand it on."
        tell(protocol.Trouble(kind="export", message=message, remedy=remedy))

    return await export(job, record, progress, warn)


async def export(
    job: ExportJob,
    record: Record,
    progress: Progress | None = None,
    warn: Callable[[str], None] | None = None,
) -> protocol.Exported:
    """Write one file, or say what stands in the way of a final one.

    The work is done in a thread; `record`, `progress` and `warn` are called in the caller's loop.

    Args:
        record: writes the ledger's entry and gives its number. What it raises goes on to the caller, and
            the file is gone again.
        progress: told the share that is done.
        warn: told what a person should know of a file that was written all the same.

    Raises:
        BadInput: the target exists, is one of the project's own files, or cannot be written there.
        Unavailable: the disk is full or does not answer.
        Damaged: what was read back is not what was to be written; nothing is left behind.
    """
    loop = asyncio.get_running_loop()
    target = export_files.target_of(job)
    spans = anchored(job.spans, job.script)
    lines = debt_of(spans, job.script).lines
    if job.final:
        left = await asyncio.to_thread(blocked_by, job.script, spans, job.boards)
        if left:
            return protocol.Exported(temp_items=lines + len(job.boards), blocked_by=left)
    told = 0.0

    def tell(share: float) -> None:
        nonlocal told
        # Twenty steps are enough for any bar; more would only fill the pipe to the window.
        if progress and (share >= told + 0.05 or share >= 1.0):
            told = share
            loop.call_soon_threadsafe(progress, share)

    staged = await _finished(
        lambda: export_files.stage(job, spans, target, tell), lambda done: done.path.unlink()
    )
    if warn:
        for warning in staged.warnings:
            warn(warning)
    replaced: Path | None = None
    named = False
    try:
        if job.overwrite and target.exists():
            replaced = await _finished(lambda: export_files.keep_replaced(target), Path.unlink)
        await _finished(
            lambda: export_files.put_in_place(staged.path, target, job.overwrite),
            lambda _done: target.unlink() if replaced is None else None,
        )
        named = True
        entry = await record(
            ExportRecord(
                file=str(target),
                sha256=staged.sha256,
                format=job.format,
                final=job.final,
                temp_items=lines,
                spans=tuple(span.entry for span in spans),
            )
        )
    except BaseException:
        export_files.take_back(staged.path, target, replaced, named=named)
        raise
    if replaced:
        replaced.unlink(missing_ok=True)
    file = protocol.ExportedFile(path=str(target), sha256=staged.sha256, entry=entry)
    return protocol.Exported(files=(file,), temp_items=lines)


def blocked_by(
    script: str, spans: Sequence[TempSpan], boards: Sequence[protocol.BlockedBy] = ()
) -> tuple[protocol.BlockedBy, ...]:
    """Everything temp that is left, in the order of the script, with its place in words."""
    if not spans:
        return tuple(boards)
    read = parse(script)
    pagination = Pagination(read)
    found: list[protocol.BlockedBy] = []
    for span in spans:
        where = place_words(read, pagination, min(span.start, len(script)))
        if span.state == "lost":
            where = f"text no longer found in the script; it last stood at {where}"
        found.append(
            protocol.BlockedBy(
                kind="line", where=where, entry=span.entry, start=span.start, length=span.length
            )
        )
    return (*found, *boards)


async def _finished(work: Callable[[], T], undo: Callable[[T], None]) -> T:
    """Do work in a thread. A thread cannot be stopped: on a cancel, wait for its end and undo what it did."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if not task.cancelled() and task.exception() is None:
            undo(task.result())
        raise


# What is saved ------------------------------------------------------------------------------------------


def _saved_spans(session: Session) -> tuple[TempSpan, ...]:
    """The temp spans of the saved script; what the record has as placed and temp.json lacks, as lost.

    So an export of a project whose temp.json somebody emptied is marked all the same.
    """
    file = session.folder.load_temp(TempFile)
    spans = list(file.spans) if isinstance(file, TempFile) else []
    named = {span.entry for span in spans}
    ended = ("decision_undone", "replaced", "span_deleted")
    after = 0
    while batch := session.ledger.entries(after, 1000, type="placed"):
        after = batch[-1].number
        for entry in batch:
            placed = entry.body
            if not isinstance(placed, entries.Placed) or placed.decision in named:
                continue
            if session.ledger.entries(type=ended, decision=placed.decision, limit=1):
                continue
            decision_entry, decision = session.ledger.decision(placed.decision)
            text = session.ledger.content(decision.result) if decision.result else None
            span = session.story.span_of(decision_entry, decision, text or "")
            spans.append(span.model_copy(update={"state": "lost"}))
    return tuple(spans)
