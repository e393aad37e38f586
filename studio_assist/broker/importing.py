"""What comes in from other programs: looked at first, then taken in as the person who looked wants it.

What is taken in is what was looked at, or nothing: the file's hash goes along. Nothing of a file is read in
this process but pictures and sounds, and those only once their sizes are known.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.animatics import Animatics
from studio_assist.broker.boards import Boards
from studio_assist.broker.exports import Stoppable
from studio_assist.broker.import_boards import BoardsIn
from studio_assist.broker.import_scripts import merge_with, scenes_of, take_in_script
from studio_assist.broker.safe_reading import read_safely
from studio_assist.broker.session import Session
from studio_assist.domain.conform import Change, changes
from studio_assist.domain.errors import BadInput
from studio_assist.domain.incoming import Incoming, IncomingBoards, IncomingEdit, IncomingScript
from studio_assist.domain.people import Person
from studio_assist.domain.timebase import FrameRate
from studio_assist.domain.timeline import Timeline
from studio_assist.domain.values import Sha256, sha256_of
from studio_assist.interchange.reading import projects_in
from studio_assist.storage.atomic import read_bytes
from studio_assist.storage.faults import disk

_CHUNK: Final = 1 << 20


class Importing:
    """Looks at files of other programs and takes them in.

    Args:
        ready: the open project, once the key of a person is there.
        home: the settings folder, which names the projects that a picture may come from.
    """

    def __init__(
        self,
        session: Callable[[], Session],
        ready: Callable[[Person], Awaitable[Session]],
        boards: Boards,
        animatics: Animatics,
        home: Path,
        tell: Callable[[protocol.Event], None],
    ) -> None:
        self._session: Final = session
        self._ready: Final = ready
        self._boards: Final = boards
        self._tell: Final = tell
        self._boards_in: Final = BoardsIn(boards.files, boards.panels, boards.live, animatics, home, tell)
        self._work: Final = Stoppable("import")
        self._is_stopped = False
        self._is_among_boards = False

    async def look_at_file(self, params: protocol.LookAtFileParams) -> protocol.FileSeen:
        """What is in a file, and what would come of it. Nothing is changed.

        Raises:
            BadInput: it cannot be read, or not within bounds.
            Unavailable: it was stopped.
        """
        return await self._work.run(self._look(params))

    async def take_in(self, params: protocol.TakeInParams) -> protocol.TakenIn:
        """Take in what was looked at.

        Raises:
            BadInput: an edit, whose changes are taken one by one; the file, or the script that it was merged
                with, is another one by now; or it cannot be read any more.
            Refusal: the project is read-only here.
            Unavailable: it was stopped before anything came in.
        """
        self._is_stopped = False
        return await self._work.run(self._take_in(params))

    async def stop_taking_in(self, params: protocol.Nothing) -> protocol.Nothing:
        """Stop what runs. Boards that are in stay, and `take_in` tells how many."""
        self._is_stopped = True
        if not self._is_among_boards:
            self._work.stop()
        return params

    async def close(self) -> None:
        """The project is about to be left. The board that is being put in comes in whole."""
        await self._work.close()

    # internals

    async def _look(self, params: protocol.LookAtFileParams) -> protocol.FileSeen:
        session = self._session()
        path = await asyncio.to_thread(_meant, Path(params.file))
        incoming, digest = await _read(path, session.folder.info.rate)
        name = path.name
        match incoming:
            case IncomingScript():
                merge = await merge_with(session, incoming)
                return protocol.FileSeen(
                    format=incoming.format,
                    name=name,
                    digest=_with_script(session, digest),
                    scenes=len(await asyncio.to_thread(scenes_of, incoming.text)),
                    merge=merge,
                    report=incoming.report,
                )
            case IncomingBoards():
                lines = await self._boards_in.look(session, await self._scenes(session), incoming, name)
                return protocol.FileSeen(
                    format=incoming.format,
                    name=name,
                    digest=digest,
                    scenes=len({line.scene for line in lines}),
                    panels=sum(1 for board in incoming.boards if any(one.file for one in board.layers)),
                    boards=lines,
                    report=incoming.report,
                )
            case IncomingEdit():
                return protocol.FileSeen(
                    format=incoming.format,
                    name=incoming.title or name,
                    digest=digest,
                    panels=len(incoming.clips),
                    changes=await self._changes(session, incoming),
                    report=incoming.report,
                )

    async def _take_in(self, params: protocol.TakeInParams) -> protocol.TakenIn:
        session = self._session()
        session.may_write()
        path = await asyncio.to_thread(_meant, Path(params.file))
        incoming, digest = await _read(path, session.folder.info.rate)
        seen = _with_script(session, digest) if isinstance(incoming, IncomingScript) else digest
        if seen != params.digest:
            raise BadInput(
                f"{path.name}, or the script here, was changed since it was looked at. Nothing was taken in.",
                remedy="Look at it again.",
                place=str(path),
            )
        session = await self._ready(params.person)
        session.meet(params.person)
        match incoming:
            case IncomingScript():
                source = await asyncio.to_thread(read_bytes, path)
                warnings = await take_in_script(
                    session, incoming, path.name, source, params.choices, params.person
                )
                state = session.state()
                self._boards.follow(state.script)
                state = state.model_copy(update={"warnings": (*state.warnings, *warnings)})
                return protocol.TakenIn(state=state, report=incoming.report)
            case IncomingBoards():
                return await self._take_boards(session, incoming, path.name, digest, params)
            case IncomingEdit():
                raise BadInput(
                    "The changes of an edit are taken one by one.",
                    remedy="Take or leave each of them in the window.",
                    place=path.name,
                )

    async def _take_boards(
        self,
        session: Session,
        incoming: IncomingBoards,
        name: str,
        digest: Sha256,
        params: protocol.TakeInParams,
    ) -> protocol.TakenIn:
        scenes = await self._scenes(session)
        self._is_among_boards = True
        try:
            came = await self._boards_in.take_in(
                session,
                scenes,
                incoming,
                name,
                digest,
                params.scene,
                params.person,
                lambda: self._is_stopped,
            )
        finally:
            self._is_among_boards = False
        return protocol.TakenIn(panels=came.panels, offered=came.offered, report=tuple(came.report))

    async def _scenes(self, session: Session) -> tuple[str, ...]:
        """The numbers of the script's scenes, in order."""
        text = session.folder.read_script()[0].decode("utf-8", "replace")
        return await asyncio.to_thread(scenes_of, text)

    async def _changes(self, session: Session, edit: IncomingEdit) -> tuple[Change, ...]:
        board = session.boards.board
        timeline = Timeline.of(board.shots, session.folder.info.rate)
        return await asyncio.to_thread(changes, board.shots, timeline, edit)


def _meant(path: Path) -> Path:
    """The one Storyboarder project in a folder: chosen by its folder or by its file, it is the same."""
    projects = projects_in(path) if path.is_dir() else ()
    return projects[0] if len(projects) == 1 else path


async def _read(path: Path, rate: FrameRate) -> tuple[Incoming, Sha256]:
    """What is in a file, and its hash. Raises as `read_safely` and `digest_of`."""
    incoming = await read_safely(path, rate=rate)
    return incoming, await asyncio.to_thread(digest_of, path)


def _with_script(session: Session, digest: Sha256) -> Sha256:
    """A script's hash together with that of the project's own, which it is merged with."""
    stamp = session.folder.script_stamp()
    return sha256_of(f"{digest}\n{stamp.sha256 if stamp else ''}".encode("ascii"))


def digest_of(path: Path) -> Sha256:
    """The hash of a file; of a folder, that of its pictures' names, sizes and times. Blocking.

    Raises:
        BadInput: it is gone. Unavailable: it cannot be read.
    """
    found = hashlib.sha256()
    with disk(path, "read"):
        if path.is_dir():
            for line in _listed(path):
                found.update(line)
            return found.hexdigest()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
    return found.hexdigest()


def _listed(folder: Path) -> Iterator[bytes]:
    with os.scandir(folder) as listing:
        for one in sorted(listing, key=lambda entry: entry.name):
            if one.is_file(follow_symlinks=False):
                known = one.stat(follow_symlinks=False)
                yield os.fsencode(one.name) + f"\0{known.st_size}\0{known.st_mtime_ns}\n".encode("ascii")
