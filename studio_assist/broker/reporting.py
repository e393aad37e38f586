"""Disclosure reports: put together from the record and the project, written, read back, signed, recorded.

A report rests on the record, so the whole record is checked as it is made; one that does not hold gives none.
The work is done in a thread with a connection of its own: decisions go on meanwhile, and are in the next one.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.export_book import ProjectBook
from studio_assist.broker.export_files import Leaving, Made, target_of
from studio_assist.broker.exporting import has_written, send_out
from studio_assist.broker.host_book import HostBook
from studio_assist.broker.hosts import Hosts
from studio_assist.broker.house import House
from studio_assist.broker.policies import policy_files
from studio_assist.broker.report_facts import MADE, Asked, days_ordered, not_verified, report_of
from studio_assist.broker.report_files import ReportFormat, format_of, make_file
from studio_assist.broker.report_tally import Window, local_zone
from studio_assist.broker.session import Session
from studio_assist.broker.vouching import Vouching, vouch
from studio_assist.domain.errors import BadInput, Refusal, Unavailable
from studio_assist.domain.marking import SourceType
from studio_assist.domain.people import Person
from studio_assist.domain.record import HandedOver
from studio_assist.domain.report import Report
from studio_assist.domain.temp import TempFile
from studio_assist.domain.values import EntryNumber, Sha256
from studio_assist.interchange.fountain import read_script_bytes
from studio_assist.ledger import Contents
from studio_assist.storage.project_file import read_info

#: What the record calls the longest name of a recipient.
_LONGEST_NAME: Final = 300


class Reporting:
    """Makes one disclosure report at a time.

    Args:
        session: gives the open project; raises `Unavailable` where there is none.
        ready: as `Broker._ready`: waits for somebody's key, and gives the open project.
        home: the user's own folder.
        tell: takes the progress; called in the broker's loop.
    """

    def __init__(
        self,
        session: Callable[[], Session],
        ready: Callable[[Person], Awaitable[Session]],
        house: House,
        hosts: Hosts,
        home: Path,
        tell: Callable[[protocol.Event], None],
    ) -> None:
        self._session: Final = session
        self._ready: Final = ready
        self._house: Final = house
        self._hosts: Final = hosts
        self._home: Final = home
        self._tell: Final = tell
        self._policies: Final = policy_files(home)
        self._stop: threading.Event | None = None
        self._idle: Final = asyncio.Event()
        self._idle.set()

    def open(self, session: Session) -> None:
        """A project was opened."""

    async def close_project(self) -> None:
        """The project is about to be closed: end the report that is being made; nothing of it is left."""
        if self._stop:
            self._stop.set()
        await self._idle.wait()

    # calls

    async def report(self, params: protocol.ReportParams) -> protocol.ReportMade:
        """Make a report, write it, and record it.

        Raises:
            Refusal: the record does not hold, the project is read-only here, a sheet for a guild names no
                recipient, or another report is being made.
            BadInput: an ending that is no format's, a place that no export may take, a period without days.
            Unavailable: it was stopped, nobody can sign, or the disk does not let it.
            Damaged: what was read back is not what was to be written.
        """
        session = self._session()
        if session.is_altered:
            raise not_verified(session.why_altered)
        session.may_write()
        if self._stop is not None:
            raise Refusal("A report is being made already.", remedy="Wait for it, or stop it first.")
        out, recipient = Path(params.out), " ".join(params.recipient.split())
        format = format_of(out)
        _hold(params, recipient)
        self._stop = stop = threading.Event()
        self._idle.clear()
        try:
            return await self._make(params, format, recipient, stop)
        finally:
            self._stop = None
            self._idle.set()

    async def stop_report(self, params: protocol.Nothing) -> protocol.Nothing:
        """End the report that is being made; nothing of it is left."""
        if self._stop:
            self._stop.set()
        return params

    # internals

    async def _make(
        self, params: protocol.ReportParams, format: ReportFormat, recipient: str, stop: threading.Event
    ) -> protocol.ReportMade:
        session = await self._ready(params.person)
        overwrite = await has_written(session, Path(params.out))
        target = target_of(Path(params.out), format, session.folder.path, overwrite=overwrite)
        session.meet(params.person)
        try:
            # So that whoever gets the report can hold the whole record to a signed head.
            await session.checkpoint(params.person)
        except Refusal as error:
            if session.is_altered:
                raise not_verified(session.why_altered) from error
            raise
        vouching: Vouching | None = None
        if format == "report-pdf":
            # Put together by rules from the record: no person's picture and no model's.
            vouching = await vouch(
                session, params.person, source=SourceType.PROCEDURAL, is_temp=False, label=target.name
            )
        asked = self._asked(session, params, recipient)
        made: list[Report] = []

        def stopped() -> None:
            if stop.is_set():
                raise _stopped()

        def make(progress: Callable[[float], None]) -> Made:
            report = report_of(asked, progress, stopped)
            made.append(report)

            def told(share: float) -> None:
                progress(MADE + (0.99 - MADE) * share)
                stopped()

            return make_file(report, format, vouching, told)

        leaving = Leaving(target=target, format=format, final=False, overwrite=overwrite, temp_items=0)
        book = _Book(session, params.person, params.kind, recipient, stopped)
        file = await _stoppable(send_out(leaving, make, book, self._progress_of(target), self._warn), stop)
        if file.entry is None:
            raise Unavailable("The report could not be recorded.", remedy="Make it again.")
        return protocol.ReportMade(
            path=file.path,
            sha256=file.sha256,
            entries=made[0].period.entries,
            entry=file.entry,
            handed_over=book.handed_over,
        )

    def _asked(self, session: Session, params: protocol.ReportParams, recipient: str) -> Asked:
        """Everything that only this loop may read: the project as it stands now."""
        folder = session.folder
        data, _ = folder.read_script()
        temp = folder.load_temp(TempFile)
        now = session.now()
        return Asked(
            kind=params.kind,
            by=params.person,
            recipient=recipient,
            window=Window(params.since, params.until, local_zone()),
            now=now,
            ledger=folder.ledger_path,
            clearance=folder.clearance_path,
            info=read_info(folder.path / "project.toml", now),
            script=read_script_bytes(data, str(folder.script_path)),
            spans=temp.spans if isinstance(temp, TempFile) else (),
            shots=session.boards.board.shots,
            removed=tuple(session.boards.removed.values()),
            policies=self._policies.shelf(),
            cards=self._house.cards(),
            hosts=HostBook(self._home, lambda: session).hosts(),
        )

    def _progress_of(self, target: Path) -> Callable[[float], None]:
        def progress(share: float) -> None:
            self._tell(protocol.Progress(job="report", label=f"Making {target.name}", share=share))

        return progress

    def _warn(self, message: str) -> None:
        remedy = "Read the report through before you hand it on."
        self._tell(protocol.Trouble(kind="report", message=message, remedy=remedy))


class _Book(ProjectBook):
    """Takes a report down as an export, and to whom it goes right behind it.

    Attributes:
        handed_over: the entry that names the recipient; None where none was named.
    """

    def __init__(
        self,
        session: Session,
        person: Person,
        kind: protocol.ReportKind,
        recipient: str,
        stopped: Callable[[], None],
    ) -> None:
        super().__init__(session, person)
        self._project: Final = session
        self._by: Final = person
        self._kind: Final = kind
        self._recipient: Final = recipient
        self._stopped: Final = stopped
        self.handed_over: EntryNumber | None = None

    def naming(self, sha256: Sha256, replaced: Path | None) -> None:
        # The last moment at which it can be stopped with nothing left behind.
        self._stopped()
        super().naming(sha256, replaced)

    async def record(self, leaving: Leaving, sha256: Sha256) -> EntryNumber | None:
        entry = await super().record(leaving, sha256)
        if entry is not None and self._recipient:
            texts = Contents()
            body = HandedOver(
                kind=self._kind,
                name=leaving.target.name,
                recipient=texts.add(self._recipient),
                sha256=sha256,
            )
            done = self._project.append(body, contents=texts, person=self._by, durable=True)
            self.handed_over = done.number
        return entry


async def _stoppable(
    work: Coroutine[None, None, protocol.ExportedFile], stop: threading.Event
) -> protocol.ExportedFile:
    """Wait for the file. A thread cannot be cut off: when this is cancelled, it hears that it is to stop."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait({task})
        if not task.cancelled():
            # What it raised is not what the caller waits for any more.
            task.exception()
        raise


def _hold(params: protocol.ReportParams, recipient: str) -> None:
    """Raise where what was asked for can be no report."""
    if params.kind == "guild" and not recipient:
        raise Refusal(
            "A sheet that goes with a text names to whom it goes, and the record keeps that.",
            remedy="Name the recipient.",
            rule="recipient",
        )
    if len(recipient) > _LONGEST_NAME:
        raise BadInput(
            f"A recipient's name has at most {_LONGEST_NAME} characters.",
            remedy="Shorten it.",
            place="recipient",
        )
    if not days_ordered(params.since, params.until):
        raise BadInput("The period ends before it begins.", remedy="Choose a later last day.", place="until")


def _stopped() -> Unavailable:
    return Unavailable("Making the report was stopped.", remedy="Make it again. Nothing was left behind.")
