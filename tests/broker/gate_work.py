"""A real broker with a project, a host that keeps every byte it is sent, and people who read what leaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from broker_work import SCRIPT, WRITER, Opened, anchor, new_project, opened
from keychains import InMemory

from studio_assist import protocol
from studio_assist.broker.keys import Keys
from studio_assist.domain.candidate import Candidate
from studio_assist.domain.generation import HostSettings
from studio_assist.domain.people import Person
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import PersonId, RequestId
from tests.fakes.recorder import Answer, Recorder, events, http, recording

SECOND = Person(id=PersonId("lind-2"), name="M. Lind")
KEY = "sk-studio-0123456789abcdef"
#: Nothing that waits for the broker waits longer, in seconds.
PATIENCE = 20


def chat(*words: str, per: int = 6) -> Callable[[bytes], Answer]:
    """Answers chat completions with one of these texts after the other, a few letters at a time."""
    said = 0

    def answer(_request: bytes) -> Answer:
        nonlocal said
        text = words[said % len(words)] if words else "It is only the wind in the wires."
        said += 1
        return [chat_stream(text, per)]

    return answer


def chat_stream(text: str, per: int = 6) -> bytes:
    """One streamed chat completion."""

    def chunk(delta: dict[str, str], reason: str | None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return json.dumps(
            {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        )

    pieces = [chunk({"content": text[at : at + per]}, None) for at in range(0, len(text), per)]
    return events(*pieces, chunk({}, "stop"), "[DONE]")


def echo_words(request: bytes) -> list[str]:
    """The words of the last message that a host was sent, bare of punctuation."""
    body = json.loads(request.split(b"\r\n\r\n", 1)[1])
    return [word.strip(".,:;'\"") for word in body["messages"][-1]["content"].split()]


def echo(request: bytes) -> Answer:
    """Answers with the first stand-in that it was sent."""
    tokens = [word for word in echo_words(request) if "_" in word]
    return [
        chat_stream(
            f"Somebody is breathing in it, {tokens[0]}." if tokens else "Somebody is breathing in it."
        )
    ]


@dataclass
class AtGate:
    """A project whose backend `host` is at the recorder."""

    project: Opened
    recorder: Recorder
    evidence: Path

    @property
    def broker(self):
        return self.project.broker

    @property
    def sent(self) -> bytes:
        """Every byte that the host was sent."""
        return self.recorder.everything

    async def ask(
        self, *, note: str = "", script: str | None = None, count: int = 1, person: Person = WRITER
    ) -> RequestId:
        text = self.project.state.script if script is None else script
        params = protocol.AskParams(
            task="alt-lines",
            script=text,
            anchor=anchor(text),
            note=note,
            count=count,
            backend="host",
            person=person,
        )
        return (await self.broker.handle(protocol.ASK, params)).request

    def sheets(self, request: RequestId) -> list[protocol.GateSheet]:
        return [
            event.sheet
            for event in self.project.events
            if isinstance(event, protocol.GateAsked) and event.sheet.request == request
        ]

    async def sheet(self, request: RequestId, *, after: int = 0) -> protocol.GateSheet:
        """The newest sheet of a request, once there are more than `after`."""
        async with asyncio.timeout(PATIENCE):
            while len(self.sheets(request)) <= after:
                ended = self.ended(request)
                assert ended is None, f"it ended without a sheet: {ended.note}"
                await asyncio.sleep(0.005)
        return self.sheets(request)[-1]

    def ended(self, request: RequestId) -> protocol.RequestChanged | None:
        """How a request ended, or None."""
        for event in self.project.events:
            if (
                isinstance(event, protocol.RequestChanged)
                and event.request == request
                and event.state != "running"
            ):
                return event
        return None

    async def end(self, request: RequestId) -> protocol.RequestChanged:
        await self.broker.finished(request)
        ended = self.ended(request)
        assert ended
        return ended

    async def approve(
        self, sheet: protocol.GateSheet, person: Person = WRITER, *, remember: bool = False
    ) -> protocol.Recorded:
        params = protocol.ApproveSendParams(
            request=sheet.request, digest=sheet.digest, person=person, remember=remember
        )
        return await self.broker.handle(protocol.APPROVE_SEND, params)

    async def refuse(self, sheet: protocol.GateSheet, person: Person = WRITER) -> protocol.Recorded:
        params = protocol.RefuseSendParams(request=sheet.request, digest=sheet.digest, person=person)
        return await self.broker.handle(protocol.REFUSE_SEND, params)

    async def answer(self, sheet: protocol.GateSheet, answer: str, *words: str) -> protocol.GateSheet:
        """Answer the questions about these words, or all; gives the sheet that comes then."""
        before = len(self.sheets(sheet.request))
        answers = tuple(
            protocol.NameAnswer(question=one.id, answer="name" if answer == "name" else "no-name")
            for one in sheet.questions
            if not words or one.word in words
        )
        params = protocol.AnswerNamesParams(
            request=sheet.request, digest=sheet.digest, answers=answers, person=WRITER
        )
        await self.broker.handle(protocol.ANSWER_NAMES, params)
        return await self.sheet(sheet.request, after=before)

    async def send(self, request: RequestId) -> list[Candidate]:
        """Read the sheet, send it, and wait for the answer."""
        sheet = await self.sheet(request)
        assert sheet.verdict == "ask", sheet.why
        await self.approve(sheet)
        return list(await self.broker.finished(request))

    async def attest(self, *, until: date | None = None, person: Person = WRITER) -> protocol.Attested:
        params = protocol.AttestParams(
            backend="host",
            evidence=str(self.evidence),
            until=until or date.today() + timedelta(days=60),
            region="EU, Dublin",
            person=person,
        )
        return await self.broker.handle(protocol.ATTEST, params)

    async def choose_policy(
        self, policy: str = "netflix-2025", *overlays: str, material: Sensitivity = Sensitivity.CONFIDENTIAL
    ) -> protocol.Policies:
        params = protocol.ChoosePolicyParams(
            policy=policy, overlays=overlays, material=material, person=WRITER
        )
        return await self.broker.handle(protocol.CHOOSE_POLICY, params)


@asynccontextmanager
async def at_gate(
    folder: Path,
    answer: Callable[[bytes], Answer] = echo,
    *,
    script: str = SCRIPT,
    kind: str = "openai-compatible",
    attested: bool = True,
    keys: Keys | None = None,
) -> AsyncGenerator[AtGate]:
    """A project in `folder` (made if it is not there) with a host that is set up, attested and has a key."""
    if not folder.exists():
        await new_project(folder, script)
    evidence = folder.with_suffix(".pdf")
    evidence.write_bytes(b"%PDF-1.7 The agreement says: nothing is kept.")
    async with recording(answer) as recorder, opened(folder, keys=keys or Keys(InMemory())) as project:
        gate = AtGate(project, recorder, evidence)
        settings = HostSettings(
            id="host", type=kind, name="Northlight", url=f"{recorder.url}/v1", model="northlight-2"
        )
        adding = protocol.AddBackendParams(settings=settings, key=KEY, person=WRITER)
        await project.broker.handle(protocol.ADD_BACKEND, adding)
        if attested:
            await gate.attest()
        yield gate


__all__ = ["KEY", "SECOND", "AtGate", "at_gate", "chat", "chat_stream", "echo", "echo_words", "http"]
