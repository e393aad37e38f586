"""Panels in other programs: written as a file, watched, and brought back layer by layer.

The file stands in the project's `editing` folder. Whatever the program saves is looked at: the underlay stays
temp whether it comes back apart, mixed with a person's lines, or not at all.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from studio_assist import protocol
from studio_assist.broker.panel_layers import drawing_of
from studio_assist.broker.panels import Panels
from studio_assist.broker.session import Session
from studio_assist.domain.canvas import Canvas
from studio_assist.domain.errors import BadInput, StudioError, Unavailable
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import ShotId
from studio_assist.domain.values import Sha256, sha256_of
from studio_assist.gate.wall import Wall
from studio_assist.interchange import openraster, psd
from studio_assist.interchange.returned import returned
from studio_assist.storage.atomic import read_bytes, write_atomic
from studio_assist.storage.faults import disk

Format = Literal["ora", "psd"]

#: How often a file is looked at, in seconds. Two looks that find the same size and time make a whole file.
_LOOK_S: Final = 1.0
#: At the end it is looked at more often, and so many times at most.
_LAST_LOOK_S: Final = 0.1
_LAST_LOOKS: Final = 30
#: A program that ends sooner handed the file to another one, as `open` and `xdg-open` do.
_HANDED_ON_S: Final = 8.0
#: What opens layered drawings, by the names that their programs have on the three systems.
_KNOWN: Final = ("krita", "gimp", "gimp-3.0", "mypaint", "Photoshop.exe", "krita.exe")
_PLACES: Final = (
    "/Applications/krita.app/Contents/MacOS/krita",
    "C:/Program Files/Krita (x64)/bin/krita.exe",
)


@dataclass
class _Open:
    """One panel in another program."""

    shot: ShotId
    file: Path
    format: Format
    sent: Canvas
    person: Person
    program: subprocess.Popen[bytes] | None
    taken: Sha256
    stamp: tuple[int, int] = (0, 0)
    saved: int = 0


class Editors:
    """Hands panels to other programs and takes back what they save.

    Args:
        wall: the second wall of this process, in which a gate is opened for the program a person chose.
    """

    def __init__(
        self,
        session: Callable[[], Session],
        ready: Callable[[Person], Awaitable[Session]],
        panels: Panels,
        tell: Callable[[protocol.Event], None],
        wall: Wall | None = None,
    ) -> None:
        self._session: Final = session
        self._ready: Final = ready
        self._panels: Final = panels
        self._tell: Final = tell
        self._wall: Final = wall
        self._open: dict[ShotId, _Open] = {}
        self._watching: dict[ShotId, asyncio.Task[None]] = {}

    async def open_in_editor(self, params: protocol.OpenInEditorParams) -> protocol.OpenedInEditor:
        """Write a panel as a layered file, open it in a program, and watch it.

        Raises:
            BadInput: no such shot; its drawing cannot be read.
            Unavailable: there is no program for it, or it does not start; the disk does not take the file.
            Refusal: the project is read-only here.
        """
        session = await self._ready(params.person)
        session.may_write()
        await self.close_editor(protocol.CloseEditorParams(shot=params.shot))
        shot = session.boards.board.shot(params.shot)
        program = program_for(params.program)
        canvas = await asyncio.to_thread(drawing_of, session.folder, shot)
        name = re.sub(r"[^\w.-]", "_", shot.number) or "panel"
        file = session.folder.path / "editing" / f"{name}-{shot.id[:4]}.{params.format}"

        def write() -> Sha256:
            with disk(file.parent, "made"):
                file.parent.mkdir(exist_ok=True)
            data = openraster.write(canvas) if params.format == "ora" else psd.write(canvas)
            write_atomic(file, data)
            return sha256_of(data)

        digest = await asyncio.to_thread(write)
        started = await asyncio.to_thread(self._start, program, file)
        one = _Open(shot.id, file, params.format, canvas, params.person, started, digest, _stamp(file))
        self._open[shot.id] = one
        self._watching[shot.id] = asyncio.get_running_loop().create_task(self._watch(one))
        return protocol.OpenedInEditor(file=str(file), program=program[0])

    async def close_editor(self, params: protocol.CloseEditorParams) -> protocol.Nothing:
        """Stop watching a panel's file; what was saved last is taken in."""
        watching = self._watching.pop(params.shot, None)
        if watching is not None:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        one = self._open.pop(params.shot, None)
        if one is not None:
            await self._written(one)
            await self._look(one)
        return protocol.Nothing()

    async def close(self) -> None:
        """Stop watching everything; the files stay, and so do the programs."""
        for shot in list(self._open):
            await self.close_editor(protocol.CloseEditorParams(shot=shot))

    # internals

    def _start(self, program: Sequence[str], file: Path) -> subprocess.Popen[bytes]:
        command = [*program, str(file)]
        try:
            with self._wall.running(command) if self._wall else nullcontext():
                started = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
        except OSError as error:
            raise Unavailable(
                f"{Path(program[0]).name} does not start.",
                remedy="Choose another program. The file is in the project's editing folder.",
                place=str(file),
            ) from error
        # It may outlive this process, and somebody has to take note of its end.
        threading.Thread(target=started.wait, name="editor", daemon=True).start()
        return started

    async def _watch(self, one: _Open) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            await asyncio.sleep(_LOOK_S)
            stamp = await asyncio.to_thread(_stamp, one.file)
            if stamp != one.stamp:
                # It may still be written: the next look tells.
                one.stamp = stamp
                continue
            await self._look(one)
            ended = one.program is not None and one.program.poll() is not None
            if ended and loop.time() - began > _HANDED_ON_S:
                if not one.saved:
                    self._say(one, "closed", "The program closed without saving. Go on drawing here.", "")
                self._open.pop(one.shot, None)
                self._watching.pop(one.shot, None)
                return

    async def _written(self, one: _Open) -> None:
        """Wait a moment for a program that is just saving."""
        before = await asyncio.to_thread(_stamp, one.file)
        for _ in range(_LAST_LOOKS):
            await asyncio.sleep(_LAST_LOOK_S)
            now = await asyncio.to_thread(_stamp, one.file)
            if now == before and (now[0] or not now[1]):
                return
            before = now

    async def _look(self, one: _Open) -> None:
        """Take in what was saved since the last look."""
        try:
            data = await asyncio.to_thread(_bytes_of, one.file)
            digest = sha256_of(data)
            if not data or digest == one.taken:
                return
            try:
                back = await asyncio.to_thread(_read, data, one)
                await self._take_in(one, back)
            except StudioError:
                one.taken = digest
                raise
            # Only now: whoever stops the watching halfway looks once more.
            one.taken = digest
        except StudioError as error:
            self._say(one, "unreadable", error.message, f"{error.remedy} It is kept as {one.file.name}.")

    async def _take_in(self, one: _Open, back: Canvas) -> None:
        session = await self._ready(one.person)
        if one.shot not in session.boards.board:
            return
        found = await asyncio.to_thread(returned, one.sent, back)
        one.saved += 1
        if found.mixed and not await self._panels.keep_mixed(session, one.shot, back, one.person):
            self._say(
                one,
                "flattened",
                "It holds a TEMP picture that was taken off this panel meanwhile, so it was not put in.",
                f"It is kept as {one.file.name}. Save it once more without that picture.",
            )
            return
        if found.mixed:
            self._say(
                one,
                "flattened",
                "It came back with the TEMP picture mixed into other layers, so the panel stays temp.",
                "Keep the TEMP layer apart when you save, or replace the panel with a drawing of its own.",
            )
            return
        await self._panels.keep_canvas(session, one.shot, found.canvas, one.person)
        await session.boards.flush()
        self._panels.changed(one.shot, None)
        self._say(one, "saved", "", "")

    def _say(
        self,
        one: _Open,
        what: Literal["saved", "flattened", "closed", "unreadable"],
        message: str,
        remedy: str,
    ) -> None:
        self._tell(protocol.EditorChanged(shot=one.shot, what=what, message=message, remedy=remedy))


def program_for(wanted: str | None) -> list[str]:
    """The command that opens a drawing: the program that a person chose, or the first that is there.

    Raises:
        BadInput: what they chose is no program.
        Unavailable: there is none.
    """
    if wanted is not None:
        path = shutil.which(wanted)
        if path is None and sys.platform == "darwin" and wanted.endswith(".app"):
            return ["/usr/bin/open", "-a", wanted]
        if path is None:
            raise BadInput(
                "That is no program that could be started.", remedy="Choose another.", place=wanted
            )
        return [path]
    for name in (*_KNOWN, *_PLACES):
        path = shutil.which(name)
        if path is not None:
            return [path]
    opener = "/usr/bin/open" if sys.platform == "darwin" else shutil.which("xdg-open")
    if opener is None or os.name == "nt":
        raise Unavailable(
            "No program was found that opens layered drawings.",
            remedy="Install Krita, or choose the program yourself.",
        )
    return [opener]


def _read(data: bytes, one: _Open) -> Canvas:
    return openraster.read(data, one.file.name) if one.format == "ora" else psd.read(data, one.file.name)


def _bytes_of(file: Path) -> bytes:
    # Programs save by renaming: for a moment there may be none.
    return read_bytes(file) if file.exists() else b""


def _stamp(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError:
        return (0, 0)
    return found.st_size, found.st_mtime_ns
