"""What a crash, a second window or a strange hand leaves: no decision is lost, nothing is written over."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from broker_work import OTHER, SCRIPT, WRITER, anchor, needs_model, opened

from studio_assist import protocol
from studio_assist.domain.errors import Conflict, Damaged, Refusal
from studio_assist.domain.names import NameKind
from studio_assist.domain.record import Requested, RequestEnded
from studio_assist.domain.values import RequestId
from studio_assist.ledger import Contents, Ledger


@needs_model
def test_accepted_words_that_never_reached_the_file_are_offered_again(asked: Path) -> None:
    async def run() -> None:
        async with opened(asked) as project:
            candidate = project.state.open_requests[0].candidates[0]
            await project.present(candidate)
            decided = await project.decide(candidate)
        async with opened(asked) as project:
            (offer,) = project.state.recovery
            assert (offer.kind, offer.text) == ("decision", candidate.text)
            assert offer.span
            assert offer.span.entry == decided.decision.entry
            assert offer.place
            end = offer.place.start + offer.place.length
            assert SCRIPT[offer.place.start : end] == anchor(SCRIPT).quote
        (asked / "script.fountain").write_text(f"FADE IN:\n\n{SCRIPT}", encoding="utf-8")
        async with opened(asked) as project:
            (moved,) = project.state.recovery
            assert moved.place
            assert moved.place.start == offer.place.start + len("FADE IN:\n\n")
        (asked / "script.fountain").write_text("Another script.", encoding="utf-8")
        async with opened(asked) as project:
            assert [offer.place for offer in project.state.recovery] == [None]

    asyncio.run(run())


def test_typed_text_of_a_crashed_window_is_offered_until_somebody_answers(fresh: Path) -> None:
    typed = SCRIPT + "\nMore.\n"

    async def run() -> None:
        async with opened(fresh) as project:
            await project.broker.handle(
                protocol.AUTOSAVE,
                protocol.AutosaveParams(text=typed, spans=(), base=project.state.stamp.sha256),
            )
        for _ in range(2):
            async with opened(fresh) as project:
                (offer,) = project.state.recovery
                assert (offer.kind, offer.text) == ("autosave", typed)
        async with opened(fresh) as project:
            answer = protocol.RecoverParams(offer=offer.id, take=False)
            await project.broker.handle(protocol.RECOVER, answer)
        async with opened(fresh) as project:
            assert project.state.recovery == ()

    asyncio.run(run())
    (copy,) = fresh.glob("script (copy *).fountain")
    assert copy.read_text(encoding="utf-8") == typed
    assert (fresh / "script.fountain").read_text(encoding="utf-8") == SCRIPT


def test_a_second_opener_reads_and_changes_nothing(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as first, opened(fresh, OTHER) as second:
            assert first.state.read_only is None
            assert second.state.read_only
            assert second.state.script == SCRIPT
            size = first.broker.session.ledger.size
            saving = protocol.SaveScriptParams(text="", spans=(), expected=second.state.stamp)
            with pytest.raises(Refusal):
                await second.broker.handle(protocol.SAVE_SCRIPT, saving)
            with pytest.raises(Refusal):
                await second.ask()
            assert first.broker.session.ledger.size == size
            # What the first one does, the second sees.
            name = protocol.SetNameParams(text="Larkspur", kind=NameKind.TITLE, person=WRITER)
            await first.broker.handle(protocol.SET_NAME, name)
            assert second.broker.session.ledger.size == size + 1

    asyncio.run(run())


def test_a_request_that_a_crash_cut_off_is_settled_when_the_project_opens(fresh: Path) -> None:
    async def cut_off() -> None:
        async with opened(fresh) as project:
            texts = Contents()
            asked = _requested("r1", texts.add("a prompt"))
            project.broker.session.append(asked, contents=texts, person=WRITER, durable=False)

    async def run() -> None:
        async with opened(fresh) as project:
            ended = project.broker.session.ledger.entries(type="request_ended")[-1].body
            assert isinstance(ended, RequestEnded)
            assert (ended.request, ended.state) == ("r1", "failed")

    asyncio.run(cut_off())
    asyncio.run(run())


def test_an_altered_record_stops_asking_and_leaves_the_script_to_the_writer(fresh: Path) -> None:
    _alter(fresh / "ledger.sqlite")

    async def run() -> None:
        async with opened(fresh) as project:
            state = await project.broker.handle(protocol.VERIFY_LEDGER, protocol.VerifyParams())
            assert state.state == "altered"
            assert state.why
            size = project.broker.session.ledger.size
            with pytest.raises(Refusal) as caught:
                await project.ask()
            assert caught.value.rule == "record-intact"
            saving = protocol.SaveScriptParams(text=SCRIPT + "More.", spans=(), expected=project.state.stamp)
            await project.broker.handle(protocol.SAVE_SCRIPT, saving)
            assert project.broker.session.ledger.size == size

    asyncio.run(run())
    assert (fresh / "script.fountain").read_text(encoding="utf-8") == SCRIPT + "More."


def test_a_missing_record_is_damage_and_no_new_one_is_begun(fresh: Path) -> None:
    (fresh / "ledger.sqlite").unlink()

    async def run() -> None:
        async with opened(fresh):
            pass

    with pytest.raises(Damaged):
        asyncio.run(run())
    assert not (fresh / "ledger.sqlite").exists()


def test_a_script_that_changed_on_disk_is_not_written_over(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            (fresh / "script.fountain").write_text("Somebody else's.", encoding="utf-8")
            saving = protocol.SaveScriptParams(text="Mine.", spans=(), expected=project.state.stamp)
            with pytest.raises(Conflict):
                await project.broker.handle(protocol.SAVE_SCRIPT, saving)
            assert (fresh / "script.fountain").read_text(encoding="utf-8") == "Somebody else's."
            on_purpose = saving.model_copy(update={"expected": None})
            await project.broker.handle(protocol.SAVE_SCRIPT, on_purpose)
            assert (fresh / "script.fountain").read_text(encoding="utf-8") == "Mine."

    asyncio.run(run())


@needs_model
def test_a_damaged_temp_file_costs_no_temp_mark(asked: Path) -> None:
    async def run() -> None:
        async with opened(asked) as project:
            candidate = project.state.open_requests[0].candidates[0]
            await project.present(candidate)
            await project.save(await project.decide(candidate), candidate.text)
        (asked / "temp.json").write_bytes(b"{ not json")
        async with opened(asked) as project:
            (span,) = project.state.spans
            assert project.state.script[span.start : span.end] == candidate.text
            assert project.state.warnings

    asyncio.run(run())


@needs_model
def test_importing_a_script_takes_no_temp_mark_off(asked: Path, tmp_path: Path) -> None:
    async def run() -> None:
        async with opened(asked) as project:
            candidate = project.state.open_requests[0].candidates[0]
            await project.present(candidate)
            await project.save(await project.decide(candidate), candidate.text)
            same = tmp_path / "same.fountain"
            same.write_text("FADE IN:\n\n" + (asked / "script.fountain").read_text("utf-8"), encoding="utf-8")

            async def take_in() -> protocol.ProjectState:
                looking = protocol.LookAtFileParams(file=str(same), person=WRITER)
                seen = await project.broker.handle(protocol.LOOK_AT_FILE, looking)
                assert seen.merge is not None
                theirs = tuple("theirs" for piece in seen.merge.pieces if piece.state == "conflict")
                taking = protocol.TakeInParams(
                    file=str(same), digest=seen.digest, choices=theirs, person=WRITER
                )
                taken = await project.broker.handle(protocol.TAKE_IN, taking)
                assert taken.state is not None
                return taken.state

            state = await take_in()
            (span,) = state.spans
            assert span.state == "anchored"
            assert state.script[span.start : span.end] == candidate.text
            same.write_text("INT. ELSEWHERE - DAY\n", encoding="utf-8")
            state = await take_in()
            assert [span.state for span in state.spans] == ["lost"]
            assert state.warnings

    asyncio.run(run())


# internals ----------------------------------------------------------------------------------------------


def _requested(request: str, prompt: str) -> Requested:
    return Requested(
        anchor=None,
        backend="embedded",
        count=1,
        model="SmolLM2-135M",
        note=None,
        prompt=prompt,
        request=RequestId(request),
        scene=None,
        seed=1,
        settings={},
        task="alt-lines",
        where="here",
    )


def _alter(ledger: Path) -> None:
    """Change one byte of one entry behind the program's back."""
    with Ledger.open(ledger) as opened_ledger:
        assert opened_ledger.size >= 3
    connection = sqlite3.connect(ledger)
    with connection:
        connection.execute(
            "UPDATE entries SET entry = replace(entry, 'Fresh.fountain', 'Frosh.fountain') WHERE number = 4"
        )
    connection.close()
