"""Where does this file come from? Every mark on it, and what the record of the project that it names says.

A file is looked at with one project's secrets at a time: its mark key, its own roots, its ledger. Which
project that is, is found out: the one that was named, one whose record knows these very bytes, one whose key
or tag the marks carry, or else the one that the file lies in or beside.
"""

from __future__ import annotations

import asyncio
import os
import stat
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.entry_words import entry_words
from studio_assist.broker.export_files import SUMS
from studio_assist.broker.session import Session
from studio_assist.broker.story import Story
from studio_assist.broker.vouching import READS, needs_c2pa, trusted_roots
from studio_assist.domain.errors import BadInput, Damaged, StudioError, Unavailable
from studio_assist.domain.marking import InvisibleMark, MarkReport
from studio_assist.domain.record import Exported
from studio_assist.domain.values import EntryNumber, Sha256, sha256_of
from studio_assist.ledger import Ledger, verify
from studio_assist.storage.atomic import read_bytes
from studio_assist.storage.faults import disk
from studio_assist.storage.project import ProjectFolder
from studio_assist.storage.settings import Settings

#: The longest file that is read whole, in bytes.
MOST_BYTES: Final = 512 * 1024 * 1024
#: So many projects are tried, and so many names in a folder are looked at for one.
_MOST_PROJECTS: Final = 24
#: A list of the files of an exported folder: a line is about a hundred bytes.
_LONGEST_SUMS: Final = 4 << 20
_MOST_NAMES: Final = 2000
_NO_PROJECT: Final = (
    "No project on this machine is known that fits. Without one the invisible mark cannot be looked for "
    "and no certificate is trusted."
)

Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Place:
    """Where to look for the project that a file comes from.

    Attributes:
        named: the one project to ask; the others then do not count.
        open: the project that the window has open.
        altered: why the open project's record does not hold, as its session knows; None where it holds.
        home: the settings folder, which names the projects that were open last.
    """

    named: Path | None = None
    open: Path | None = None
    altered: str | None = None
    home: Path | None = None


class MarkReader:
    """Reads one file's marks at a time for the window.

    Args:
        home: the settings folder.
    """

    def __init__(self, home: Path) -> None:
        self._home: Final = home
        self._stop: asyncio.Event | None = None

    async def read(self, params: protocol.ReadMarksParams, session: Session | None) -> protocol.MarksRead:
        """What a file's marks say. A second call stops the first; as `read_marks`."""
        self.stop()
        place = Place(
            named=Path(params.project) if params.project else None,
            open=session.folder.path if session else None,
            altered=session.why_altered if session and session.is_altered else None,
            home=self._home,
        )
        stop = self._stop = asyncio.Event()
        ended = threading.Event()
        work = asyncio.ensure_future(
            asyncio.to_thread(read_marks, Path(params.file), place, cancelled=ended.is_set)
        )
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            raise _stopped()
        finally:
            # A thread cannot be stopped: it ends at its next look, and what it finds is dropped.
            ended.set()
            stopping.cancel()
            work.add_done_callback(_heard)
            if self._stop is stop:
                self._stop = None

    def stop(self) -> None:
        """The call that reads now ends with `Unavailable`; nothing else happens."""
        if self._stop:
            self._stop.set()


def read_marks(file: Path, place: Place, *, cancelled: Cancelled = lambda: False) -> protocol.MarksRead:
    """Every mark on a file, and whether they agree with each other and with a project's record.

    Blocking; may run in any thread.

    Raises:
        BadInput: no such file, or none of a kind that is read; a project was named and is none.
        Unavailable: it was stopped; the disk does not let it.
        Damaged: the named project's record cannot be read at all.
    """
    data = _read(file)
    digest = _recorded_as(file, sha256_of(data))
    with ExitStack() as stack:
        if place.named is not None:
            chosen: _Project | None = stack.enter_context(_Project.open(place.named))
            search = True
        else:
            near = [stack.enter_context(found) for found in _opened(_near(file, place))]
            others = [
                stack.enter_context(found)
                for found in _opened(_recent(place.home), but=[project.folder.path for project in near])
            ]
            chosen, search = _fitting(data, file.name, digest, near, others, cancelled)
        if cancelled():
            raise _stopped()
        if chosen is None:
            report = _report(data, file.name, [], cancelled)
            return protocol.MarksRead(report=_unknown(report))
        known = _Known(chosen, digest)
        report = _report(data, file.name, [chosen], cancelled, known=known, search=search)
        altered = chosen.altered(place, cancelled)
        if cancelled():
            raise _stopped()
        findings = [f"Asked of the record of {known.title} ({chosen.folder.path})."]
        if altered is not None:
            findings.append(
                f"That record was altered, so what it says of this file proves nothing: {altered}"
            )
        entry = report.manifest.entry if report.manifest.entry is not None else report.invisible.entry
        return protocol.MarksRead(
            report=report.model_copy(
                update={
                    "agree": report.agree and altered is None,
                    "findings": (*findings, *report.findings),
                }
            ),
            project=known.title,
            folder=str(chosen.folder.path),
            entry=entry,
            story=known.entry(entry) if entry is not None else None,
            exported=EntryNumber(known.number) if known.number is not None else None,
            altered=altered,
        )


# The projects that may know -----------------------------------------------------------------------------


class _Project:
    """A project that is asked: opened to read, and closed with its block."""

    def __init__(self, folder: ProjectFolder, ledger: Ledger) -> None:
        self.folder: Final = folder
        self.ledger: Final = ledger
        self.tag = ""
        self.roots: tuple[bytes, ...] = ()
        # A record that cannot be read trusts nobody; that it was altered is found out when it is checked.
        with suppress(Damaged):
            self.tag = ledger.tag
            self.roots = trusted_roots(folder, ledger)

    @classmethod
    def open(cls, path: Path) -> _Project:
        folder = ProjectFolder.open(path)
        ledger = Ledger.open(folder.ledger_path, create=False, read_only=True, at_rest=True)
        try:
            return cls(folder, ledger)
        except BaseException:
            ledger.close()
            raise

    @property
    def keys(self) -> list[bytes]:
        from studio_assist.marks.invisible import mark_key

        secret = self.folder.info.mark_secret
        return [mark_key(secret)] if secret else []

    def exported(self, digest: Sha256) -> EntryNumber | None:
        """The entry that records a file of exactly these bytes, or None."""
        before: int | None = None
        with suppress(Damaged):
            while page := self.ledger.entries(type="exported", before=before, limit=1000, newest_first=True):
                for entry in page:
                    if isinstance(entry.body, Exported) and entry.body.sha256 == digest:
                        return entry.number
                before = page[-1].number
        return None

    def altered(self, place: Place, cancelled: Cancelled) -> str | None:
        """Why the record does not hold, or None."""
        if place.open is not None and self.folder.path.resolve() == place.open.resolve():
            return place.altered
        try:
            found = verify(self.folder.ledger_path, cancelled=cancelled)
        except Damaged as damage:
            return damage.message
        return None if found.ok else found.why or "It does not hold."

    def __enter__(self) -> _Project:
        return self

    def __exit__(self, *_: object) -> None:
        self.ledger.close()


class _Known:
    """What a project's record answers of one file."""

    def __init__(self, project: _Project, digest: Sha256) -> None:
        self._project = project
        self._story = Story(project.ledger)
        self.number = project.exported(digest)

    @property
    def title(self) -> str:
        return self._project.folder.info.title

    @property
    def tag(self) -> str:
        return self._project.tag

    def entry(self, number: int) -> str | None:
        try:
            return entry_words(self._project.ledger.entry(number), self._story)
        except (BadInput, Damaged):
            return None

    def exported(self, sha256: str) -> int | None:
        # The bytes of the file, as itself or in the list of the folder that it was exported in.
        return self.number or self._project.exported(sha256)


def _recorded_as(file: Path, digest: Sha256) -> Sha256:
    """The hash that a record has of a file: of the list in its folder that names its bytes, or its own."""
    sums = file.absolute().parent / SUMS
    try:
        if not sums.is_file() or sums.stat().st_size > _LONGEST_SUMS:
            return digest
        listed = read_bytes(sums)
    except (OSError, StudioError):
        return digest
    return sha256_of(listed) if f"{digest}  {file.name}".encode() in listed.splitlines() else digest


def _fitting(
    data: bytes,
    name: str,
    digest: Sha256,
    near: list[_Project],
    others: list[_Project],
    cancelled: Cancelled,
) -> tuple[_Project | None, bool]:
    """The project that a file comes from, or else the first of those near to it.

    Gives with it whether a search for its invisible mark is still worth while.
    """
    projects = [*near, *others]
    for project in projects:
        if project.exported(digest) is not None:
            return project, True
    if len(projects) == 1 and near:
        return near[0], True
    # The search takes seconds, and most files say at once where they come from.
    for search in (False, True) if projects else ():
        report = _report(data, name, projects, cancelled, search=search)
        marked, signed = report.invisible.tag, report.manifest.tag
        fits = [project for project in projects if marked and project.tag.startswith(marked)]
        fits += [project for project in projects if signed and project.tag == signed]
        if fits:
            return fits[0], True
    return (near or [None])[0], False


def _near(file: Path, place: Place) -> Iterator[Path]:
    """The open project, those that a file lies in, and those that lie beside it."""
    if place.open is not None:
        yield place.open
    here = file.absolute()
    yield from here.parents
    try:
        with os.scandir(here.parent) as names:
            for _, found in zip(range(_MOST_NAMES), names, strict=False):
                if found.is_dir():
                    yield Path(found.path)
    except OSError:
        return


def _recent(home: Path | None) -> Iterator[Path]:
    try:
        for recent in Settings(home).load().recents:
            yield Path(recent.path)
    except StudioError:
        # Settings that cannot be read name no project.
        return


def _opened(paths: Iterable[Path], but: Iterable[Path] = ()) -> Iterator[_Project]:
    """Those of the folders that are projects which can be read; each once."""
    seen = {path.resolve() for path in but}
    for path in paths:
        try:
            if len(seen) >= _MOST_PROJECTS or not (path / "project.toml").is_file():
                continue
            if path.resolve() in seen:
                continue
            seen.add(path.resolve())
            project = _Project.open(path)
        except (StudioError, OSError):
            # Whoever looks for the right project passes by those that cannot be read.
            continue
        yield project


# Reading ------------------------------------------------------------------------------------------------


def _read(file: Path) -> bytes:
    """A file's bytes. Nothing but a plain file of bounded length is read, and a pipe is not waited for."""
    with disk(file, "read"):
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as opened:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                raise BadInput(
                    "That is no file that could be read.",
                    remedy="Choose a picture, a PDF, a film or a Fountain script.",
                    place=str(file),
                )
            # One byte more shows a file that grew meanwhile.
            data = opened.read(MOST_BYTES + 1) if found.st_size <= MOST_BYTES else b""
    if found.st_size > MOST_BYTES or len(data) > MOST_BYTES:
        raise BadInput(
            f"That file is larger than {MOST_BYTES // 2**20} MB, and is not read.",
            remedy="Choose a single picture or document, or a shorter film.",
            place=str(file),
        )
    return data


def _report(
    data: bytes,
    name: str,
    projects: list[_Project],
    cancelled: Cancelled,
    *,
    known: _Known | None = None,
    search: bool = True,
) -> MarkReport:
    needs_c2pa(READS)
    from studio_assist.marks.reading import read_marks_of

    keys = [key for project in projects for key in project.keys]
    roots = [root for project in projects for root in project.roots]
    try:
        return read_marks_of(data, name, keys, roots, known, search=search, cancelled=cancelled)
    except (MemoryError, RecursionError) as error:
        raise BadInput(
            "That file asks for more memory than there is.",
            remedy="Choose a picture or document that other programs can open.",
            place=name,
        ) from error


def _unknown(report: MarkReport) -> MarkReport:
    """A report without a project: its keys were tried and are none that the file was marked with."""
    return report.model_copy(
        update={
            "invisible": InvisibleMark(present=None),
            "findings": (_NO_PROJECT, *report.findings),
        }
    )


def _stopped() -> Unavailable:
    return Unavailable("Reading the file was stopped.", remedy="Choose it again.")


def _heard(work: asyncio.Future[protocol.MarksRead]) -> None:
    """Take note of how a reading ended that nobody waits for, so that asyncio has nothing to complain of."""
    if not work.cancelled():
        work.exception()
