"""The built-in model for tests: `make test` fetches it, so its absence is a failure, not a skip."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from studio_assist import protocol
from studio_assist.backends import weights
from studio_assist.domain.people import Person
from studio_assist.domain.ports import ModelFile
from studio_assist.domain.values import PersonId


@pytest.fixture(scope="session")
def model_file() -> ModelFile:
    """The weights that came with the program."""
    found = weights.locate()
    if found is None:
        pytest.fail('The model\'s weights are missing: run "make weights" or "make test".', pytrace=False)
    return ModelFile(path=found, name=weights.MODEL_NAME, sha256=weights.SHA256)


@dataclass(frozen=True)
class Sample:
    """The sample, what the window was told of it, and while it was made."""

    folder: Path
    state: protocol.ProjectState
    events: tuple[protocol.Event, ...]


@pytest.fixture(scope="session")
def sample_made(once: Callable[[str, Callable[[Path], None]], Path]) -> Sample:
    """The sample as the real model makes it, once in a run: it takes a quarter of a minute. Only to be looked at."""
    folder = once("sample", _make_sample)
    lines = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    events = [protocol.decode_from_broker(line) for line in lines]
    return Sample(
        folder=folder / "Counterweight.studio",
        state=protocol.ProjectState.model_validate_json((folder / "state.json").read_bytes()),
        events=tuple(event for event in events if not isinstance(event, protocol.Answer)),
    )


def _make_sample(folder: Path) -> None:
    # What needs no broker need not load it.
    from studio_assist.broker.broker import Broker

    events: list[protocol.Event] = []
    project = folder / "Counterweight.studio"
    writer = Person(id=PersonId("okafor-1"), name="R. Okafor")

    async def make() -> protocol.ProjectState:
        broker = Broker(events.append, home=folder / "home")
        try:
            making = protocol.MakeSampleParams(path=str(project), person=writer)
            return await broker.handle(protocol.MAKE_SAMPLE, making)
        finally:
            await broker.close()

    state = asyncio.run(make())
    (folder / "state.json").write_text(state.model_dump_json(), encoding="utf-8")
    (folder / "events.jsonl").write_bytes(b"".join(protocol.encode_event(event) for event in events))
