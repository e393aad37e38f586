"""The sample is made through the paths a writer takes, by the real model, and says that no person decided."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from broker_work import WRITER, needs_model, opened

from studio_assist import protocol
from studio_assist.backends import weights
from studio_assist.broker.broker import Broker
from studio_assist.broker.sample import decisions_for, placed, read_plan
from studio_assist.domain.candidate import State
from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.domain.people import AUTOMATED
from studio_assist.domain.placing import Place
from studio_assist.domain.record import DecisionMade
from studio_assist.domain.temp import TempSpan
from studio_assist.domain.values import CandidateId, EntryNumber, PersonId, RequestId, sha256_of
from studio_assist.ledger import Ledger, verify
from studio_assist.paths import resource
from tests.models import Sample
from tests.models import sample_made as sample_made


@pytest.fixture
def made(sample_made: Sample, tmp_path: Path) -> Sample:
    """The sample, to open as one likes."""
    return replace(sample_made, folder=Path(shutil.copytree(sample_made.folder, tmp_path / "Made.studio")))


@needs_model
def test_the_sample_has_temp_lines_open_suggestions_and_a_record_that_verifies(made: Sample) -> None:
    folder, state = made.folder, made.state
    assert state.warnings == ()
    assert len(state.spans) >= 3
    assert {span.state for span in state.spans} == {"anchored"}
    for span in state.spans:
        assert sha256_of(state.script[span.start : span.end]) == span.quote
    waiting = [candidate for request in state.open_requests for candidate in request.candidates]
    assert len(waiting) >= 4
    assert {candidate.state for candidate in waiting} == {State.READY}
    found = verify(folder)
    assert found.ok
    assert found.size >= 50


@needs_model
def test_every_decision_in_the_sample_is_marked_as_automated(made: Sample) -> None:
    folder, state = made.folder, made.state
    with Ledger.open(folder / "ledger.sqlite", read_only=True, at_rest=True) as ledger:
        decisions = ledger.entries(type="decision", limit=1000)
        assert len(decisions) >= 5
        for entry in decisions:
            assert isinstance(entry.body, DecisionMade)
            assert entry.body.automated
            assert entry.person == AUTOMATED.id
    assert {span.person for span in state.spans} == {AUTOMATED.id}


@needs_model
def test_making_the_sample_tells_how_far_it_is_and_nothing_else_of_it(made: Sample) -> None:
    told = [event for event in made.events if isinstance(event, protocol.Progress)]
    assert [event.share for event in told] == sorted(event.share for event in told)
    assert told[-1].share == 1.0
    assert not any(isinstance(event, protocol.CandidateChanged) for event in made.events)


@needs_model
def test_a_sample_that_is_stopped_leaves_nothing_and_keeps_what_was_open(tmp_path: Path) -> None:
    async def run() -> None:
        events: list[protocol.Event] = []
        broker = Broker(events.append)
        try:
            making = protocol.MakeSampleParams(path=str(tmp_path / "x" / "Sample"), person=WRITER)
            task = asyncio.create_task(broker.handle(protocol.MAKE_SAMPLE, making))
            while not any(isinstance(event, protocol.Progress) and event.share > 0 for event in events):
                await asyncio.sleep(0.01)
            await broker.handle(protocol.CANCEL_SAMPLE, protocol.Nothing())
            with pytest.raises(Unavailable):
                async with asyncio.timeout(3):
                    await task
        finally:
            await broker.close()

    asyncio.run(run())
    assert list((tmp_path / "x").iterdir()) == []


def test_without_the_model_the_sample_opens_with_its_script_and_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "folders", lambda: (tmp_path / "nowhere",))

    async def run() -> protocol.ProjectState:
        broker = Broker(lambda _event: None)
        try:
            making = protocol.MakeSampleParams(path=str(tmp_path / "Sample"), person=WRITER)
            return await broker.handle(protocol.MAKE_SAMPLE, making)
        finally:
            await broker.close()

    state = asyncio.run(run())
    assert state.script == resource("sample", read_plan().script).read_text(encoding="utf-8")
    assert state.open_requests == ()
    (warning,) = state.warnings
    assert "make run" in warning

    async def again() -> None:
        async with opened(tmp_path / "Sample") as project:
            assert project.state.title == "Counterweight"

    asyncio.run(again())


def test_the_sample_is_not_made_over_something_else(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")

    async def run() -> None:
        broker = Broker(lambda _event: None)
        try:
            making = protocol.MakeSampleParams(path=str(tmp_path), person=WRITER)
            with pytest.raises(BadInput):
                await broker.handle(protocol.MAKE_SAMPLE, making)
        finally:
            await broker.close()

    asyncio.run(run())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_model_that_offers_less_still_leaves_temp_lines() -> None:
    assert decisions_for(["reject", "accept", "leave"], 3) == ["reject", "accept", "leave"]
    assert decisions_for(["reject", "accept", "leave"], 2) == ["accept", "leave"]
    assert decisions_for(["reject", "accept", "leave"], 1) == ["accept"]
    assert decisions_for(["edit", "reject"], 0) == []
    assert decisions_for(["edit"], 3) == ["edit", "leave", "leave"]


def test_placed_words_move_the_spans_behind_them_and_no_others() -> None:
    text = "one two three"
    before = _span("a", 0, "one")
    behind = _span("b", 8, "three")
    place = Place(kind="replace", start=4, length=3)
    new, spans = placed(text, (before, behind), place, "2 and a half", _span("c", 4, "2 and a half"))
    assert new == "one 2 and a half three"
    assert [(span.id, new[span.start : span.end]) for span in spans] == [
        ("a", "one"),
        ("c", "2 and a half"),
        ("b", "three"),
    ]


def _span(identifier: str, start: int, words: str) -> TempSpan:
    return TempSpan.model_validate(
        {
            "id": identifier,
            "entry": EntryNumber(1),
            "request": RequestId("r"),
            "candidate": CandidateId("c"),
            "task": "alt-lines",
            "person": PersonId("p"),
            "person_name": "P",
            "at": "2026-01-01T00:00:00Z",
            "outcome": "accepted",
            "model": "m",
            "start": start,
            "length": len(words),
            "quote": sha256_of(words),
        },
        strict=False,
    )
