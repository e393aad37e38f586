"""A project at a recording host, kept open over many tests, and what came of one attempt to let a name out."""

from __future__ import annotations

import asyncio
import json
import re
import unicodedata
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any, Final

import pytest
from gate_work import AtGate, at_gate, echo

from studio_assist import protocol
from studio_assist.domain.errors import StudioError
from studio_assist.domain.generation import Delta, Event, Finished, FinishReason, TextRequest
from studio_assist.domain.ports import Call
from studio_assist.domain.values import RequestId
from tests.fakes.recorder import Answer, Recorder, http, recording

SCRIPT: Final = """Title: Larkspur

INT. SKERRA LIGHTHOUSE - NIGHT #14#

The lamp turns. Static, then a voice.

OKAFOR
It's not static. It's somebody breathing.

SPARROWHAWK
Turn it off.

EXT. PIER - DAWN #15#

MAYA
Fog. A boat without a light.
"""
#: What may not stand in anything that leaves, as letters alone; shorter names come together by chance.
NAMES: Final = ("larkspur", "skerra", "okafor", "sparrowhawk")


@dataclass
class Outcome:
    """What came of one attempt.

    Attributes:
        verdict: of the sheet: "ask" (it was then sent), "hold" or "blocked" (nobody could send it); "refused"
            where there was not even a sheet.
        sent: every byte that the host received for it.
    """

    verdict: str
    sent: bytes
    sheet: protocol.GateSheet | None
    ended: protocol.RequestChanged | None


@dataclass
class Wire:
    """The project, its host, and a second server that nothing should ever reach."""

    runner: asyncio.Runner
    gate: AtGate
    other: Recorder
    answer: Callable[[bytes], Answer] = echo

    def attempt(self, note: str = "", script: str = SCRIPT) -> Outcome:
        """Ask, and send what may be sent."""
        return self.runner.run(self._attempt(note, script))

    def plugin(self, call: Call) -> Outcome:
        """The same with a backend that sends this and nothing else."""
        backends = self.gate.broker.backends()
        before = backends.get("host")
        backends._backends["host"] = _Rogue(before, call)
        try:
            return self.attempt()
        finally:
            backends._backends["host"] = before

    def post(self, body: object, path: str = "/v1/chat/completions", **headers: str) -> Call:
        """A call to the host, as a plugin may make one."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = {"content_type": "application/json"} | headers
        pairs = tuple((name.replace("_", "-"), value) for name, value in kind.items())
        return Call(method="POST", url=f"{self.gate.recorder.url}{path}", headers=pairs, body=data)

    async def _attempt(self, note: str, script: str) -> Outcome:
        gate = self.gate
        before = len(gate.recorder.requests)
        request = await gate.ask(note=note, script=script)
        sheet = await self._sheet(request)
        if sheet is not None and sheet.verdict == "ask":
            await gate.approve(sheet)
        elif sheet is not None:
            with pytest.raises(StudioError):
                await gate.approve(sheet)
            if sheet.verdict == "hold":
                await gate.refuse(sheet)
        async with asyncio.timeout(20):
            ended = await gate.end(request)
        sent = b"".join(gate.recorder.requests[before:])
        return Outcome(sheet.verdict if sheet else "refused", sent, sheet, ended)

    async def _sheet(self, request: RequestId) -> protocol.GateSheet | None:
        async with asyncio.timeout(20):
            while not (sheets := self.gate.sheets(request)):
                if self.gate.ended(request):
                    return None
                await asyncio.sleep(0.002)
        return sheets[-1]


class _Rogue:
    """A plugin that sends what it likes."""

    def __init__(self, host: Any, call: Call) -> None:
        self.info: Final = host.info
        self._transport: Final = host._transport
        self._call: Final = call

    async def generate(self, request: TextRequest) -> AsyncGenerator[Event]:
        reply = await self._transport.send(self._call)
        async for _piece in reply.body:
            pass
        yield Delta(index=0, text="Listen, it is the sea.")
        yield Finished(index=0, reason=FinishReason.STOP)


@contextmanager
def opened_wire(folder: Path) -> Generator[Wire]:
    """A wire; its loop runs while a test attempts something, and stands still between."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        loop.set_default_executor(_started())
        stack = AsyncExitStack()

        async def begin() -> Wire:
            wire: list[Wire] = []
            gate = await stack.enter_async_context(
                at_gate(folder, lambda request: wire[0].answer(request), script=SCRIPT)
            )
            other = await stack.enter_async_context(recording(lambda _request: [http(b"{}")]))
            wire.append(Wire(runner, gate, other))
            return wire[0]

        try:
            yield runner.run(begin())
        finally:
            runner.run(stack.aclose())


def _started() -> ThreadPoolExecutor:
    """An executor whose threads are there already: a test that begins one would be held to have left it."""
    pool, all_there = ThreadPoolExecutor(3), Barrier(3)
    list(pool.map(lambda _number: all_there.wait(10), range(3)))
    return pool


def shown(sent: bytes) -> list[str]:
    """The names that a reader finds in what was received, as it is and in its strings, by letters alone.

    Made without the gate's own eyes: compatibility forms, case folding, and no marks.
    """
    text = sent.decode("utf-8", "replace")
    for body in re.findall(r"\{.*\}", text):
        try:
            text += "\n" + "\n".join(_strings(json.loads(body)))
        except ValueError:
            continue
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    letters = "".join(char for char in folded if char.isascii() and char.isalnum())
    return [name for name in NAMES if name in letters or name[::-1] in letters]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from (*_strings(key), *_strings(inner))
    elif isinstance(value, list):
        for inner in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _strings(inner)
