"""Boards of another program become shots with drawn panels, one after the other.

A picture goes through the same doors as one that is dropped on a panel: what is marked as AI waits for a
decision. A layered board becomes a drawing with its layers; a layer that is marked waits by itself. What came
in stays where an import is stopped; a shot whose picture turns out to be none does not stay.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from studio_assist import protocol
from studio_assist.broker.animatics import Animatics
from studio_assist.broker.board_files import BoardFiles
from studio_assist.broker.board_live import LiveBoard
from studio_assist.broker.import_layers import Layered, layered
from studio_assist.broker.import_places import Target, new_shot, targets
from studio_assist.broker.import_sounds import put_sound
from studio_assist.broker.panels import Panels
from studio_assist.broker.session import Session
from studio_assist.domain.boards import Board, edited, new_shot_id
from studio_assist.domain.errors import StudioError
from studio_assist.domain.incoming import IncomingBoards, ReportLine
from studio_assist.domain.people import Person
from studio_assist.domain.record_cutting import BoardsImported
from studio_assist.domain.storyboard import InsertShots, RemoveShots, Shot, ShotId
from studio_assist.domain.values import Sha256
from studio_assist.ledger import Contents
from studio_assist.storage.atomic import read_bytes
from studio_assist.storage.board_imports import (
    BoardImports,
    ImportedBoard,
    load_board_imports,
    save_board_imports,
)

#: The map of what came in is written again after so many boards.
_A_BATCH: Final = 25
_FIELDS: Final = ("duration_ms", "action", "dialogue", "notes")


@dataclass
class Came:
    """What came in so far."""

    panels: int = 0
    offered: int = 0
    report: list[ReportLine] = field(default_factory=list[ReportLine])
    made: dict[str, ImportedBoard] = field(default_factory=dict[str, ImportedBoard])
    hashes: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def say(self, where: str, what: str, remedy: str = "") -> None:
        self.report.append(ReportLine(where=where, what=what, remedy=remedy))


class BoardsIn:
    """Takes boards in.

    Args:
        tell: hears of progress.
    """

    def __init__(
        self,
        files: BoardFiles,
        panels: Panels,
        live: LiveBoard,
        animatics: Animatics,
        home: Path,
        tell: Callable[[protocol.Event], None],
    ) -> None:
        self._files: Final = files
        self._panels: Final = panels
        self._live: Final = live
        self._animatics: Final = animatics
        self._home: Final = home
        self._tell: Final = tell

    async def look(
        self, session: Session, scenes: tuple[str, ...], incoming: IncomingBoards, name: str
    ) -> tuple[protocol.BoardLine, ...]:
        """What would become of each board."""
        known = (await asyncio.to_thread(load_board_imports, session.folder)).of(name)
        return await asyncio.to_thread(_lines, session.boards.board, scenes, incoming, known)

    async def take_in(
        self,
        session: Session,
        scenes: tuple[str, ...],
        incoming: IncomingBoards,
        name: str,
        digest: Sha256,
        scene: str,
        person: Person,
        is_stopped: Callable[[], bool],
    ) -> Came:
        """Take all of them in, or those that come before it is stopped.

        Args:
            name: of the file or folder. digest: of the file.

        Raises:
            StudioError: nothing more can be written or recorded; what is in by then stays.
        """
        came = Came(report=list(incoming.report))
        imports = await asyncio.to_thread(load_board_imports, session.folder)
        planned, names, first = await asyncio.to_thread(
            _plan, session.boards.board, scenes, incoming, scene, imports.of(name)
        )
        # Written down before: a crash then leaves no shot that the next import would not know.
        imports = imports.with_boards(name, first)
        await asyncio.to_thread(save_board_imports, session.folder, imports)
        try:
            for place, target in enumerate(planned):
                if is_stopped():
                    left = len(planned) - place
                    came.say(
                        name, f"The import was stopped: {left} boards did not come in.", "Import it again."
                    )
                    break
                self._say_progress(place, len(planned))
                # A board is whole or not there: what is given up ends behind it.
                await _whole(self._one(session, scenes, target, names.get(place), person, came))
                if place % _A_BATCH == _A_BATCH - 1:
                    await self._keep(session, imports, name, came)
        finally:
            await _whole(self._end(session, imports, incoming, name, digest, person, came))
        return came

    # internals

    async def _one(
        self,
        session: Session,
        scenes: tuple[str, ...],
        target: Target,
        name: ShotId | None,
        person: Person,
        came: Came,
    ) -> None:
        one = target.board
        known = target.known
        source, hashes = await asyncio.to_thread(_source, target)
        came.hashes += hashes
        board = session.boards.board
        # Somebody may have removed it since the import began.
        shot = board.shot(target.shot) if target.shot is not None and target.shot in board else None
        if shot is not None and known is not None:
            self._update(session, shot, target)
        is_same = known is not None and known.source == source
        if target.kept and not is_same:
            came.say(one.name, target.kept, f"Drop the picture on {shot.number}." if shot else "")
        drawing: Layered | None = None
        if one.keep_layers and not (target.kept or is_same):
            waiting = [variant for _shot, variant in self._live.waiting]
            drawing = await asyncio.to_thread(layered, session, one, self._home, waiting)
            for what, remedy in drawing.said:
                came.say(one.name, what, remedy)
        is_new = shot is None
        if shot is None:
            shot = await self._insert(session, scenes, target, name or new_shot_id())
        offered = False
        if not (target.kept or is_same):
            try:
                offered = await self._fill(session, shot, target, drawing, person)
            except StudioError as error:
                came.say(one.name, error.message, error.remedy)
                if is_new:
                    await self._remove(session, shot.id)
                return
        now = session.boards.board.shot(shot.id)
        came.panels += 1
        came.offered += offered
        if one.uid:
            made = _imported(target, shot.id, source, offered=offered)
            # What people made of the panel is theirs the next time too.
            came.made[one.uid] = (
                known.model_copy(update={name: getattr(one, name) for name in _FIELDS})
                if known is not None and (target.kept or is_same)
                else made.with_panel(now)
            )
        if one.audio is not None and (known is None or not known.source):
            said = await put_sound(self._animatics, session, shot.id, Path(one.audio), person)
            if said is not None:
                came.say(one.name, said.message, said.remedy)
        self._live.tell((shot.id,))

    async def _fill(
        self, session: Session, shot: Shot, target: Target, drawing: Layered | None, person: Person
    ) -> bool:
        """Put the pictures in. Whether one of them waits for a decision."""
        if drawing is None:
            layer = next((layer for layer in target.board.layers if layer.file is not None), None)
            if layer is None or layer.file is None:
                return False
            params = protocol.PutPictureParams(shot=shot.id, file=layer.file, person=person)
            return (await self._files.put_picture(params)).entry is None
        if drawing.media is not None and drawing.canvas is not None:
            entry = await self._panels.put_own(session, shot.id, drawing.media, person)
            async with session.boards.turn():
                now = session.boards.board.shot(shot.id)
                if now.panel.entry == entry.number:
                    panel = now.panel.model_copy(update={"canvas": drawing.canvas})
                    session.boards.put_shots((now.model_copy(update={"panel": panel}),))
        offered = False
        for file in drawing.marked:
            params = protocol.PutPictureParams(shot=shot.id, file=str(file), person=person)
            offered = (await self._files.put_picture(params)).entry is None or offered
        return offered

    async def _insert(self, session: Session, scenes: tuple[str, ...], target: Target, name: ShotId) -> Shot:
        async with session.boards.turn():
            board = session.boards.board
            shot, after = new_shot(board, scenes, target, name)
            session.boards.put(edited(board, InsertShots(shots=(shot,), after=after))[0])
            return shot

    async def _remove(self, session: Session, shot: ShotId) -> None:
        async with session.boards.turn():
            session.boards.put(edited(session.boards.board, RemoveShots(ids=(shot,)))[0])

    def _update(self, session: Session, shot: Shot, target: Target) -> None:
        """Fields that nobody changed here since become those of the file."""
        known, one = target.known, target.board
        assert known is not None
        changed = {
            name: getattr(one, name)
            for name in _FIELDS
            if getattr(shot, name) == getattr(known, name) != getattr(one, name)
        }
        if changed:
            session.boards.put_shots((shot.model_copy(update=changed),))

    async def _keep(self, session: Session, imports: BoardImports, name: str, came: Came) -> BoardImports:
        after = imports.with_boards(name, came.made)
        if after != imports:
            await session.boards.flush()
            await asyncio.to_thread(save_board_imports, session.folder, after)
        return after

    async def _end(
        self,
        session: Session,
        imports: BoardImports,
        incoming: IncomingBoards,
        name: str,
        digest: Sha256,
        person: Person,
        came: Came,
    ) -> None:
        """Write down what came in."""
        if not came.made and not came.panels:
            return
        texts = Contents()
        if incoming.format == "pictures":
            # As sha256sum lists them: whoever has the folder can check it.
            listed = "".join(f"{sha256}  {file}\n" for file, sha256 in came.hashes)
            digest = hashlib.sha256(listed.encode("utf-8")).hexdigest()
        body = BoardsImported(
            automated=person.automated,
            format=incoming.format,
            items=came.panels,
            sha256=digest,
            source_name=texts.add(name),
        )
        session.append(body, contents=texts, person=person, durable=True)
        await self._keep(session, imports, name, came)

    def _say_progress(self, done: int, total: int) -> None:
        self._tell(
            protocol.Progress(job="import", label=f"Board {done + 1} of {total}", share=done / max(1, total))
        )


def _lines(
    board: Board, scenes: tuple[str, ...], incoming: IncomingBoards, known: Mapping[str, ImportedBoard]
) -> tuple[protocol.BoardLine, ...]:
    """What would become of each board. For a thread, as `_plan` is: thousands take a moment."""
    return tuple(
        _line(board.shot(target.shot) if target.shot else None, target)
        for target in targets(board, scenes, incoming, "", known)
    )


def _plan(
    board: Board,
    scenes: tuple[str, ...],
    incoming: IncomingBoards,
    scene: str,
    known: Mapping[str, ImportedBoard],
) -> tuple[tuple[Target, ...], dict[int, ShotId], dict[str, ImportedBoard]]:
    """Where each board goes; the ids of new shots by their boards' places; and those boards as they begin."""
    planned = tuple(targets(board, scenes, incoming, scene, known))
    names = {place: new_shot_id() for place, target in enumerate(planned) if target.shot is None}
    first = {
        planned[place].board.uid: _imported(planned[place], shot, "", offered=False)
        for place, shot in names.items()
        if planned[place].board.uid
    }
    return planned, names, first


def _line(shot: Shot | None, target: Target) -> protocol.BoardLine:
    one = target.board
    there = [layer for layer in one.layers if layer.file is not None]
    missing = [layer.name for layer in one.layers if layer.file is None]
    lacks = ", ".join(missing)
    if not one.layers:
        lacks = "Nothing is drawn in it"
    elif missing:
        lacks = f"Missing: {lacks}"
    elif shot is not None and shot.panel.state == "temp" and not target.kept:
        lacks = "Takes the place of its temp picture"
    return protocol.BoardLine(
        name=one.name,
        shot=shot.number if shot else "",
        # "": the one that the person chooses for it.
        scene=target.scene if shot is not None or one.scene == target.scene else "",
        picture=one.preview or (there[-1].file if there else None),
        duration_ms=one.duration_ms,
        lacks=target.kept or lacks,
    )


def _imported(target: Target, shot: ShotId, source: str, *, offered: bool) -> ImportedBoard:
    """A board as it comes in; what stands in the panel is not known yet."""
    one = target.board
    return ImportedBoard(
        shot=shot,
        source=source,
        offered=offered,
        duration_ms=one.duration_ms,
        action=one.action,
        dialogue=one.dialogue,
        notes=one.notes,
    )


def _source(target: Target) -> tuple[str, list[tuple[str, str]]]:
    """What names a board's pictures as they are now; and each file with its hash. Blocking."""
    hashes: list[tuple[str, str]] = []
    whole = hashlib.sha256()
    for layer in target.board.layers:
        if layer.file is None:
            continue
        path = Path(layer.file)
        try:
            found = hashlib.sha256(read_bytes(path)).hexdigest()
        except StudioError:
            # It went away since it was looked at; who puts it in says so.
            continue
        hashes.append((path.name, found))
        whole.update(f"{layer.name}\n{layer.opacity:.4f}\n{found}\n".encode("utf-8", "replace"))
    return (whole.hexdigest() if hashes else ""), hashes


async def _whole(work: Coroutine[Any, Any, object]) -> None:
    """Do it to its end, also where whoever waits for it is given up meanwhile."""
    running = asyncio.get_running_loop().create_task(work)
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.gather(running, return_exceptions=True)
        raise
