"""What the tests of hosts that draw for the board share: a board, a host that is set up, and who reads its sheets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from board_work import Boarded, shot
from broker_work import WRITER, new_project, opened
from keychains import InMemory

from studio_assist import protocol
from studio_assist.broker.keys import Keys
from studio_assist.domain.generation import HostSettings
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import InFrame, Live, Shot
from studio_assist.domain.values import RequestId
from studio_assist.gate.vision import Box, Face, Seen

MODEL = "boards_v2.safetensors"
#: Nothing is waited for longer, in seconds.
PATIENCE = 20
#: Maya and Ewan are names of the script, the radio room is its place.
FIRST = shot(
    "14A",
    action="Maya turns the dial while Ewan stands at the door.",
    characters=(InFrame(name="MAYA", side="left"), InFrame(name="EWAN", side="right")),
)
SECOND = shot("14B", action="Ewan turns away.", characters=(InFrame(name="EWAN"),))


class SawAFace:
    """In place of the extra [vision], which sees faces in drawings too: flat ones, and no word."""

    def look(self, data: bytes) -> Seen:
        assert data
        return Seen(faces=(Face(Box(10, 10, 40, 40), 0.9, flat=0.8),))


@dataclass
class AtHost(Boarded):
    """An open project with a board and a host `studio` that draws."""

    def lives(self, shot: Shot) -> list[Live]:
        """Everything that was told of what happens to a shot, in order."""
        return [
            seen.live
            for event in self.project.events
            if isinstance(event, protocol.BoardChanged)
            for seen in event.shots
            if seen.shot.id == shot.id and seen.live
        ]

    def sheets(self, request: str | None = None) -> list[protocol.GateSheet]:
        asked = [event.sheet for event in self.project.events if isinstance(event, protocol.GateAsked)]
        return [sheet for sheet in asked if request in (None, sheet.request)]

    async def sheet(self, request: str) -> protocol.GateSheet:
        await until(lambda: self.sheets(request))
        return self.sheets(request)[-1]

    async def approve(self, sheet: protocol.GateSheet, *, remember: bool = False) -> None:
        assert sheet.verdict == "ask", (sheet.why, sheet.questions)
        params = protocol.ApproveSendParams(
            request=sheet.request, digest=sheet.digest, person=WRITER, remember=remember
        )
        await self.project.broker.handle(protocol.APPROVE_SEND, params)

    async def refuse(self, sheet: protocol.GateSheet) -> None:
        params = protocol.RefuseSendParams(request=sheet.request, digest=sheet.digest, person=WRITER)
        await self.project.broker.handle(protocol.REFUSE_SEND, params)

    async def drawn(self, *shots: Shot, **more: Any) -> list[RequestId]:
        """Ask, say yes to each sheet, and wait until all have ended."""
        requests = [RequestId(one) for one in await self.start(*shots, drawer="studio", **more)]
        for request in requests:
            await self.approve(await self.sheet(request))
        await self.queue.finished(requests)
        return requests

    async def cancel(self, *requests: str, person: Person = WRITER) -> None:
        cancel = protocol.CancelQueueParams(requests=tuple(map(RequestId, requests)), person=person)
        await self.project.broker.handle(protocol.CANCEL_QUEUE, cancel)

    async def add(self, settings: HostSettings, key: str | None = None) -> None:
        params = protocol.AddBackendParams(settings=settings, key=key, person=WRITER)
        await self.project.broker.handle(protocol.ADD_BACKEND, params)

    async def attest(self) -> protocol.Attested:
        evidence = self.folder.with_suffix(".pdf")
        evidence.write_bytes(b"%PDF-1.7 It keeps nothing.")
        until = date.today() + timedelta(days=60)
        params = protocol.AttestParams(backend="studio", evidence=str(evidence), until=until, person=WRITER)
        return await self.project.broker.handle(protocol.ATTEST, params)

    def saved(self) -> str:
        """The board as it lies on the disk."""
        file = self.folder / "boards.json"
        return file.read_text() if file.exists() else ""

    def bodies(self, kind: str) -> list[Any]:
        ledger = self.project.broker.session.ledger
        return [entry.body for entry in ledger.entries(type=kind, limit=1000)]


@asynccontextmanager
async def at_host(
    folder: Path, kind: str, url: str, *shots: Shot, model: str = MODEL, key: str | None = None
) -> AsyncGenerator[AtHost]:
    """A project in `folder`, made where it is not there, with a host of this type that is set up and attested."""
    is_new = not folder.exists()
    if is_new:
        await new_project(folder)
    async with opened(folder, keys=Keys(InMemory())) as project:
        work = AtHost(project)
        if is_new:
            settings = HostSettings(id="studio", type=kind, name="The studio's", url=url, model=model)
            await work.add(settings, key)
            await work.attest()
        if shots:
            await work.put(*shots)
        yield work


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.005)


def numbers(count: int) -> Sequence[Shot]:
    return [shot(f"14{chr(65 + one)}", title=f"Frame {one}") for one in range(count)]
