"""What the broker's tests share: a small script, people, and a broker that is closed at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import pytest

from studio_assist import protocol
from studio_assist.backends import weights
from studio_assist.broker.broker import Broker
from studio_assist.broker.keys import Keys
from studio_assist.broker.session import new_request_id
from studio_assist.broker.story import candidate_of
from studio_assist.domain import record
from studio_assist.domain.candidate import Anchor, Candidate, Outcome, State
from studio_assist.domain.people import Person
from studio_assist.domain.placing import place_for, speech_anchor
from studio_assist.domain.tasks import Placement
from studio_assist.domain.values import CandidateId, PersonId, RequestId
from studio_assist.interchange.fountain import parse
from studio_assist.ledger import Contents, Ledger

P = ParamSpec("P")

needs_model = pytest.mark.skipif(weights.locate() is None, reason="the model's weights are not installed")

WRITER = Person(id=PersonId("okafor-1"), name="R. Okafor")
OTHER = Person(id=PersonId("lind-2"), name="M. Lind")

SCRIPT = """Title: Larkspur

INT. RADIO ROOM - NIGHT #14#

Maya turns the dial. Static, then a voice.

MAYA
It's not static. It's somebody breathing.

EWAN
Turn it off.

EXT. PIER - DAWN #15#

Fog. A boat without a light.
"""


@dataclass
class Opened:
    """A broker with a project, and everything it has told."""

    broker: Broker
    state: protocol.ProjectState
    events: list[protocol.Event] = field(default_factory=list)

    async def ask(self, *, count: int = 2, seed: int = 5, task: str = "alt-lines") -> list[Candidate]:
        """Ask on Maya's line and wait for the end."""
        asked = await self.start(count=count, seed=seed, task=task)
        return list(await self.broker.finished(asked))

    async def start(self, *, count: int = 2, seed: int = 5, task: str = "alt-lines") -> RequestId:
        params = protocol.AskParams(
            task=task,
            script=self.state.script,
            anchor=anchor(self.state.script),
            count=count,
            seed=seed,
            person=WRITER,
        )
        return (await self.broker.handle(protocol.ASK, params)).request

    async def present(self, candidate: Candidate, person: Person = WRITER) -> None:
        assert candidate.content
        shown = protocol.PresentedParams(candidate=candidate.id, content=candidate.content, person=person)
        await self.broker.handle(protocol.PRESENTED, shown)

    async def decide(
        self,
        candidate: Candidate,
        outcome: Outcome = State.ACCEPTED,
        *,
        result: str | None = None,
        content: str | None = None,
        person: Person = WRITER,
        redo_of: int | None = None,
    ) -> protocol.Decided:
        script = parse(self.state.script).screenplay
        place = place_for(Placement.REPLACE, script, anchor(self.state.script))
        words = candidate.text if outcome is State.ACCEPTED else result
        params = protocol.DecideParams(
            candidate=candidate.id,
            content=content or candidate.content or "",
            outcome=outcome,
            result=words,
            place=place if words is not None else None,
            person=person,
            redo_of=redo_of,
        )
        return await self.broker.handle(protocol.DECIDE, params)

    async def save(self, decided: protocol.Decided, words: str) -> protocol.Saved:
        """Put decided words in Maya's place and save."""
        line = anchor(self.state.script)
        text = self.state.script[: line.start] + words + self.state.script[line.end :]
        assert decided.span
        params = protocol.SaveScriptParams(text=text, spans=(decided.span,), expected=self.state.stamp)
        return await self.broker.handle(protocol.SAVE_SCRIPT, params)

    def offer(self, *texts: str) -> list[Candidate]:
        """Put candidates with these words into the record, as a model that offered them would have."""
        session, made = self.broker.session, Contents()
        request = new_request_id()
        line = anchor(self.state.script)
        quote = record.Anchor(start=line.start, length=line.length, quote=made.add(line.quote))
        session.append(
            record.Requested(
                anchor=quote,
                backend="embedded",
                count=len(texts),
                model="SmolLM2-135M",
                note=None,
                prompt=made.add("MAYA\n"),
                request=request,
                scene="14",
                seed=1,
                settings={},
                task="alt-lines",
                where="here",
            ),
            contents=made,
            person=WRITER,
            durable=False,
        )
        entries: list[record.Entry] = []
        for index, text in enumerate(texts):
            body = record.CandidateMade(
                candidate=CandidateId(f"{request}-{index}"),
                content=made.add(text),
                index=index,
                ms=1,
                request=request,
                seed=1,
                state="ready",
                tokens=3,
                why=None,
            )
            entries.append(session.append(body, contents=made, durable=False))
        end = record.RequestEnded(request=request, state="done", why=None, dropped=())
        session.append(end, durable=False)
        bodies = [entry.body for entry in entries]
        return [
            candidate_of(body, text)
            for body, text in zip(bodies, texts, strict=True)
            if isinstance(body, record.CandidateMade)
        ]

    async def state_now(self, **expected: object) -> protocol.LedgerState:
        """What is known of the record, once it is as expected."""
        async with asyncio.timeout(30):
            while True:
                state = self.broker.session.ledger_state()
                if all(getattr(state, name) == value for name, value in expected.items()):
                    return state
                await asyncio.sleep(0.01)

    def types(self) -> list[str]:
        """The types of all entries, in order."""
        return [entry.body.type for entry in self.broker.session.ledger.entries(limit=1000)]


def in_a_loop(test: Callable[P, Coroutine[None, None, None]]) -> Callable[P, None]:
    """A test that runs in an event loop of its own."""

    @wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


def anchor(script: str) -> Anchor:
    """Maya's line."""
    screenplay = parse(script).screenplay
    return speech_anchor(screenplay, screenplay.scenes[0], 1)


@asynccontextmanager
async def opened(
    folder: Path, person: Person = WRITER, *, read_only: bool = False, keys: Keys | None = None
) -> AsyncGenerator[Opened]:
    events: list[protocol.Event] = []
    broker = Broker(events.append, keys=keys)
    try:
        opening = protocol.OpenProjectParams(path=str(folder), person=person, read_only=read_only)
        yield Opened(broker, await broker.handle(protocol.OPEN_PROJECT, opening), events)
    finally:
        await broker.close()


async def new_project(folder: Path, script: str = SCRIPT) -> None:
    """A project with a script in it."""
    source = folder.with_suffix(".fountain")
    source.write_text(script, encoding="utf-8")
    broker = Broker(lambda _event: None)
    making = protocol.CreateProjectParams(
        path=str(folder), title="Larkspur", script_file=str(source), person=WRITER
    )
    await broker.handle(protocol.CREATE_PROJECT, making)
    await broker.close()


def entries_of(folder: Path) -> list[str]:
    """The types of all entries of a project that nobody has open."""
    with Ledger.open(folder / "ledger.sqlite", read_only=True, at_rest=True) as ledger:
        return [entry.body.type for entry in ledger.entries(limit=1000)]
