"""Handing the record out: sign the head, write the pack beside its name, check it, and only then record it.

The pack cannot hold the entry that tells of it, for that names the pack's hash: it comes right after. A pack
that cannot be recorded is taken away again.
"""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.session import Session
from studio_assist.domain.errors import BadInput, Refusal, Unavailable
from studio_assist.domain.record import (
    CandidateMade,
    DecisionMade,
    Entry,
    Exported,
    PackMade,
    Replaced,
    Requested,
    ScriptImported,
)
from studio_assist.domain.values import EntryNumber
from studio_assist.ledger import Ledger
from studio_assist.ledger.pack import PackJob, PackWritten, make_pack, what_it_tells

#: Entries with texts that a person may choose from, newest first.
_MOST_TEXTS: Final = 200
_MOST_EXPORTS: Final = 50
#: Characters of a text that are shown to choose by.
_SHOWN: Final = 200

Tell = Callable[[protocol.Event], None]


class Packing:
    """Makes one pack at a time.

    Args:
        tell: takes the progress; called in the broker's loop.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell: Final = tell
        self._stop: threading.Event | None = None

    def stop(self) -> None:
        """End the pack that is being made; nothing of it is left."""
        if self._stop:
            self._stop.set()

    async def make(self, session: Session, params: protocol.PackParams) -> protocol.Packed:
        """Make a pack and record it.

        Raises:
            Refusal: the project is read-only here, its record was altered, or another pack is being made.
            BadInput: the folder is taken or lies in the project; no such entry, or one without texts; a
                file that the record does not name as exported.
            Unavailable: it was stopped, nobody can sign, or the disk does not let it.
            Damaged: what was read back does not hold.
        """
        session.may_write()
        if self._stop is not None:
            raise Refusal("A pack is being made already.", remedy="Wait for it, or stop it first.")
        out = Path(params.out).absolute()
        _must_be_outside(session.folder.path, out)
        self._stop = stop = threading.Event()
        try:
            return await self._make(session, params, out, stop)
        finally:
            self._stop = None

    async def _make(
        self, session: Session, params: protocol.PackParams, out: Path, stop: threading.Event
    ) -> protocol.Packed:
        person = params.person
        session.meet(person)
        # A record that was altered is not signed, and a head that is not signed shows nothing.
        await session.checkpoint(person)
        job = PackJob(
            out=out,
            disclose=params.disclose,
            files=tuple(Path(file) for file in params.files),
            certificates=session.folder.certificates_path,
        )
        written = await self._written(session.folder.ledger_path, job, stop)
        try:
            if stop.is_set():
                raise _stopped()
            entry = session.append(
                PackMade(
                    disclosed=written.disclosed,
                    manifest=written.manifest,
                    root=written.root,
                    size=written.size,
                ),
                person=person,
                durable=True,
            )
        except BaseException:
            shutil.rmtree(out, ignore_errors=True)
            raise
        # So that a copy of the project made now says of itself that the pack was made.
        session.checkpoint_now(person)
        return protocol.Packed(
            path=str(out),
            manifest=written.manifest,
            entry=entry.number,
            size=written.size,
            root=written.root,
            files=written.files,
            discloses=written.tells,
        )

    async def _written(self, ledger: Path, job: PackJob, stop: threading.Event) -> PackWritten:
        loop = asyncio.get_running_loop()
        told = 0.0

        def progress(done: int, total: int) -> None:
            nonlocal told
            share = min(1.0, done / max(1, total))
            # Twenty steps are enough for any bar; more would only fill the pipe to the window.
            if share >= told + 0.05:
                told = share
                label = f"Making the pack {job.out.name}"
                event = protocol.Progress(job="pack", label=label, share=share)
                loop.call_soon_threadsafe(self._tell, event)

        def work() -> PackWritten:
            # A connection of its own: decisions go on meanwhile, and come after the signed head.
            with Ledger.open(ledger, create=False, read_only=True) as reading:
                return make_pack(reading, job, progress=progress, cancelled=stop.is_set)

        task = asyncio.ensure_future(asyncio.to_thread(work))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            # A thread cannot be cut off: it hears that it is to stop, and what it made is taken away.
            stop.set()
            await asyncio.wait({task})
            if not task.cancelled() and task.exception() is None:
                shutil.rmtree(job.out, ignore_errors=True)
            raise


async def look(session: Session) -> protocol.PackLook:
    """What a pack made now would hold and tell."""
    certificates = sum(1 for _ in session.folder.certificates_path.glob("*.pem"))

    def work() -> protocol.PackLook:
        with Ledger.open(session.folder.ledger_path, create=False, read_only=True) as ledger:
            exports = ledger.entries(type="exported", limit=_MOST_EXPORTS, newest_first=True)
            names = [entry.body.name for entry in exports if isinstance(entry.body, Exported)]
            return protocol.PackLook(
                entries=ledger.size,
                checkpoints=len(ledger.checkpoints(limit=1000)),
                witnesses=len(ledger.witnesses(limit=1000)),
                certificates=certificates,
                discloses=what_it_tells(ledger),
                exported=tuple(dict.fromkeys(names)),
                texts=_texts(ledger),
            )

    return await asyncio.to_thread(work)


def _texts(ledger: Ledger) -> tuple[protocol.PackText, ...]:
    kinds = ("requested", "candidate", "decision", "replaced", "script_imported")
    found: list[protocol.PackText] = []
    before: int | None = None
    while len(found) < _MOST_TEXTS:
        page = ledger.entries(type=kinds, before=before, limit=_MOST_TEXTS, newest_first=True)
        for entry in page:
            found += _texts_of(ledger, entry)
        if not page:
            break
        before = page[-1].number
    return tuple(found[:_MOST_TEXTS])


def _texts_of(ledger: Ledger, entry: Entry) -> list[protocol.PackText]:
    match entry.body:
        case Requested() as body:
            quote = body.anchor.quote if body.anchor else None
            told = [("the prompt", body.prompt), ("the note", body.note), ("the selected text", quote)]
        case CandidateMade() as body:
            told = [(f"candidate {body.index + 1}", body.content)]
        case DecisionMade(outcome="edited", result=result):
            told = [("the edited words", result)]
        case Replaced() as body:
            told = [("the person's own words", body.result)]
        case ScriptImported() as body:
            told = [(f"the script {body.source_name}", body.content)]
        case _:
            # What else is decided on stands with its candidate.
            told = []
    found: list[protocol.PackText] = []
    for what, commitment in told:
        words = ledger.content(commitment) if commitment else None
        if words:
            shown = words[:_SHOWN].encode("utf-8", "replace").decode()
            found.append(protocol.PackText(entry=EntryNumber(entry.number), what=what, words=shown))
    return found


def _must_be_outside(project: Path, out: Path) -> None:
    if out.resolve().is_relative_to(project.resolve()):
        raise BadInput(
            "A pack is for somebody else; it does not go into the project's own folder.",
            remedy="Choose a folder beside the project.",
            place=str(out),
        )


def _stopped() -> Unavailable:
    return Unavailable("Making the pack was stopped.", remedy="Make it again. Nothing was left behind.")
