"""The one path out to a file: check, mark, write beside, flush, read back, rename, record.

A final export is refused while temp material is left, and the answer lists where it stands. What was
written is read back from the disk and looked at before it gets its name: its visible marks, its source type,
and a manifest that leads to the project's own root. A file that cannot be recorded is taken away again, and
one that it replaced comes back: no half file, and none that the record does not know.

Out of a project whose record was altered there is one thing to be had: a copy that says so. It is signed by
nobody and recorded nowhere.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from studio_assist import protocol
from studio_assist.broker import export_files
from studio_assist.broker.export_book import Book, NoBook, ProjectBook, digest_of
from studio_assist.broker.export_documents import ExportJob, make_document
from studio_assist.broker.export_files import Leaving, Made, Progress, Stopped, Writing
from studio_assist.broker.export_spans import spans_in
from studio_assist.broker.session import Session
from studio_assist.broker.vouching import vouch
from studio_assist.domain.errors import Refusal
from studio_assist.domain.marking import SourceType
from studio_assist.domain.pagination import Pagination
from studio_assist.domain.places import place_words
from studio_assist.domain.storyboard import Shot
from studio_assist.domain.temp import TempFile, TempSpan, anchored, debt_of
from studio_assist.interchange.fountain import parse, read_script_bytes
from studio_assist.storage.project import ProjectFolder

T = TypeVar("T")
Tell = Callable[[protocol.Event], None]
Warn = Callable[[str], None]


async def export_project(
    session: Session,
    params: protocol.ExportParams,
    tell: Tell,
    *,
    overwrite: bool = False,
) -> protocol.Exported:
    """Export what the call names out of an open project, and record it there.

    Raises:
        Refusal: the project cannot be written to, so that the export could not be recorded; or a final
            export of a project whose record was altered.
        Unavailable: nobody can sign for the file.
        BadInput, Unavailable, Damaged: as `export`.
    """
    altered = may_leave(session, final=params.final)
    if altered is None:
        session.meet(params.person)
    assert params.format in ("fountain", "pdf"), "other formats go out by export_whole"
    script = params.script
    if script is None:
        data, _ = session.folder.read_script()
        script = read_script_bytes(data, str(session.folder.script_path))
    spans = spans_in(session, params, script, partly=altered is not None)
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
        altered=altered,
        boards=temp_boards(session),
    )
    if job.format == "pdf" and altered is None and not (job.final and spans):
        models = sorted({span.model for span in spans})
        vouching = await vouch(
            session,
            params.person,
            # Words of a person and of a model on the same pages; without temp text, a person's own work.
            source=SourceType.COMPOSITE if spans else SourceType.HUMAN_EDITS,
            is_temp=bool(spans),
            label=job.out.name,
            backend=", ".join(models) or None,
        )
        job = replace(job, vouching=vouching)
    book = ProjectBook(session, params.person, altered=altered is not None)
    return await export(job, book, progress_of(job.out, tell), warning_of(tell))


async def export_without_record(
    folder: ProjectFolder, params: protocol.ExportParams, why: str, tell: Tell
) -> protocol.Exported:
    """A copy that says so, out of a project whose record cannot be opened at all.

    Args:
        why: what is wrong with the record, in a sentence.

    Raises:
        Refusal: it was to be a final one.
        BadInput, Unavailable, Damaged: as `export`.
    """
    if params.final:
        raise _nothing_final(why)
    if params.format not in ("fountain", "pdf"):
        raise Refusal(
            f"The record of this project cannot be opened, so only copies of the script leave it: {why}",
            remedy="Export the script as Fountain or PDF; the copy says so.",
            rule="record-intact",
        )
    data, _ = folder.read_script()
    file = folder.load_temp(TempFile)
    job = ExportJob(
        format=params.format,
        out=Path(params.out),
        script=read_script_bytes(data, str(folder.script_path)),
        spans=file.spans if isinstance(file, TempFile) else (),
        title=folder.info.title,
        project=folder.path,
        on=date.today(),
        altered=why,
    )
    return await export(job, NoBook(), progress_of(job.out, tell), warning_of(tell))


async def export(
    job: ExportJob, book: Book, progress: Progress | None = None, warn: Warn | None = None
) -> protocol.Exported:
    """Write one script, or say what stands in the way of a final one.

    Args:
        progress, warn: as `send_out`.

    Raises:
        BadInput, Unavailable, Damaged: as `send_out`.
    """
    target = export_files.target_of(job.out, job.format, job.project, overwrite=job.overwrite)
    spans = anchored(job.spans, job.script)
    lines = debt_of(spans, job.script).lines
    if job.final:
        left = await asyncio.to_thread(blocked_by, job.script, spans, job.boards)
        if left:
            return protocol.Exported(temp_items=lines + len(job.boards), blocked_by=left)
    leaving = Leaving(
        target=target,
        format=job.format,
        final=job.final,
        overwrite=job.overwrite,
        temp_items=lines,
        entries=tuple(span.entry for span in spans),
    )
    file = await send_out(leaving, lambda tell: make_document(job, spans, tell), book, progress, warn)
    return protocol.Exported(files=(file,), temp_items=lines, altered=job.altered)


async def send_out(
    leaving: Leaving,
    make: Callable[[Progress], Made | Writing],
    book: Book,
    progress: Progress | None = None,
    warn: Warn | None = None,
) -> protocol.ExportedFile:
    """Make a file, write it, look at what was written, give it its name and record it; or leave nothing.

    The work is done in threads; `book`, `progress` and `warn` are called in the caller's loop.

    Args:
        make: makes and marks the content; told where to say the share that is done.
        progress: told the share that is done.
        warn: told what a person should know of a file that was written all the same.

    Raises:
        BadInput: the target was made meanwhile, or cannot be written there; whatever `make` raises.
        Unavailable: the disk is full or does not answer.
        Damaged: what was read back is not what was to be written; nothing is left behind.
    """
    loop = asyncio.get_running_loop()
    target = leaving.target
    staged = export_files.partial_name(target)
    replaced: Path | None = None
    named = done = False
    told = 0.0
    stopped = threading.Event()

    def tell(share: float) -> None:
        nonlocal told
        if stopped.is_set():
            raise Stopped
        # A hundred steps are enough for any bar; more would only fill the pipe to the window.
        if progress and (share >= told + 0.01 or share >= 1.0):
            told = share
            loop.call_soon_threadsafe(progress, share)

    if progress:
        # A long film takes minutes to its first hundredth: that it is being made is told at once.
        progress(0.0)
    before = await asyncio.to_thread(digest_of, target) if leaving.overwrite else None
    made = await _finished(lambda: make(tell), lambda _made: None, stopped)
    try:
        book.writing(leaving, staged)
        sha256 = await _finished(
            lambda: (
                export_files.stage_written(staged, target, made, tell)
                if isinstance(made, Writing)
                else export_files.stage(staged, target, made)
            ),
            lambda _sha256: export_files.remove(staged),
            stopped,
        )
        if warn:
            for warning in made.warnings:
                warn(warning)
        kept = export_files.partial_name(target) if leaving.overwrite and target.exists() else None
        # Before there is such a file: a crash leaves none that nobody looks for.
        book.naming(sha256, kept)
        if kept is not None:
            there = kept
            await _finished(
                lambda: export_files.keep_replaced(target, there, before),
                lambda _none: there.unlink(missing_ok=True),
            )
            replaced = kept
        await _finished(
            lambda: export_files.put_in_place(staged, target, replaced is not None),
            lambda _none: export_files.remove(target) if replaced is None else None,
        )
        named = True
        entry = await book.record(leaving, sha256)
        done = True
    except BaseException:
        export_files.take_back(staged, target, replaced, named=named)
        raise
    finally:
        if done and replaced:
            replaced.unlink(missing_ok=True)
        book.ended(done=done)
    return protocol.ExportedFile(path=str(target), sha256=sha256, entry=entry)


async def has_written(session: Session, out: Path) -> bool:
    """Whether the file that stands there is one that this project wrote, unchanged since."""
    if session.is_altered:
        # Such a record answers for nothing.
        return False
    digest = await asyncio.to_thread(lambda: digest_of(out.expanduser()))
    return digest is not None and session.story.has_exported(out.name, digest)


def temp_boards(session: Session) -> tuple[protocol.BlockedBy, ...]:
    """The panels that hold temp material: a final export of anything waits for them."""
    return boards_in_the_way(shot for shot in session.boards.board if shot.panel.state == "temp")


def boards_in_the_way(shots: Iterable[Shot]) -> tuple[protocol.BlockedBy, ...]:
    """Shots with temp panels, as what stands in the way of a final export."""
    return tuple(
        protocol.BlockedBy(
            kind="board", where=shot.number, entry=shot.panel.entry, start=0, length=0, shot=shot.id
        )
        for shot in shots
        if shot.panel.entry is not None
    )


def may_leave(session: Session, *, final: bool) -> str | None:
    """Why an open project's record does not hold, so that only a copy that says so may leave; else None.

    Raises `Refusal` where nothing may.
    """
    if session.read_only or not session.is_altered:
        session.may_write()
        return None
    why = session.why_altered or "It does not hold."
    if final:
        raise _nothing_final(why)
    return why


def _nothing_final(why: str) -> Refusal:
    return Refusal(
        f"The record of this project was altered, so nothing final leaves it: {why}",
        remedy="Compare the record with a copy. A copy that is not final can leave, and says so.",
        rule="record-intact",
    )


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


def progress_of(out: Path, tell: Tell) -> Progress:
    """Tells the window how far an export has come."""

    def progress(share: float) -> None:
        tell(protocol.Progress(job="export", label=f"Exporting {out.name}", share=share))

    return progress


def warning_of(tell: Tell) -> Warn:
    """Tells the window what a person should know of an export."""

    def warn(message: str) -> None:
        remedy = "Read the file through before you hand it on."
        tell(protocol.Trouble(kind="export", message=message, remedy=remedy))

    return warn


async def _finished(
    work: Callable[[], T], undo: Callable[[T], None], stopped: threading.Event | None = None
) -> T:
    """Do work in a thread. A thread cannot be stopped: on a cancel, wait for its end and undo what it did.

    `stopped` is set then: work that looks at it ends sooner.
    """
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if stopped is not None:
            stopped.set()
        while not task.done():
            try:
                await asyncio.wait({task})
            except asyncio.CancelledError:
                # Whoever stops twice waits as well: what the thread does now is not to be left lying about.
                continue
        if not task.cancelled() and task.exception() is None:
            undo(task.result())
        raise
