"""The one door out: what stands at it, who lets it through, and what the record says of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from broker_work import SCRIPT, WRITER, opened
from gate_work import SECOND, AtGate, at_gate, chat, chat_stream, echo_words

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.broker.keys import Keys
from studio_assist.domain import record
from studio_assist.domain.candidate import State
from studio_assist.domain.errors import Refusal
from studio_assist.domain.sensitivity import Sensitivity
from tests.fakes.recorder import Answer

Test = Callable[[AtGate], Coroutine[Any, Any, None]]


def run(folder: Path, test: Test, **more: Any) -> None:
    async def main() -> None:
        async with at_gate(folder, **more) as gate:
            await test(gate)

    asyncio.run(main())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Larkspur.studio"


def bodies(gate: AtGate, kind: str) -> list[Any]:
    entries = gate.broker.session.ledger.entries(type=kind, limit=100)
    return [entry.body for entry in entries]


def body_sent(gate: AtGate, number: int = 0) -> bytes:
    return gate.recorder.requests[number].split(b"\r\n\r\n", 1)[1]


def test_nothing_leaves_before_a_person_has_sent_it_and_then_exactly_what_they_read(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        request = await gate.ask(note="colder")
        sheet = await gate.sheet(request)
        assert (sheet.verdict, sheet.to, sheet.times) == ("ask", "127.0.0.1", 1)
        await asyncio.sleep(0.05)
        assert gate.recorder.connections == 0

        await gate.approve(sheet)
        (candidate,) = await gate.broker.finished(request)
        assert candidate.state is State.READY
        sent = body_sent(gate)
        assert len(gate.recorder.requests) == 1
        assert sheet.raw.endswith(sent.decode())
        said = [message["content"] for message in json.loads(sent)["messages"]]
        assert said == [passage.text for passage in sheet.after]
        assert sheet.size == len(sent)

        (judged,), (approved,), (left,) = (bodies(gate, one) for one in ("judged", "send_approved", "sent"))
        assert judged.envelope == approved.envelope == left.envelope
        assert left.bytes == len(sent)
        (entry,) = gate.broker.session.ledger.entries(type="send_approved", limit=5)
        assert (left.approval, entry.person) == (entry.number, WRITER.id)
        kept = gate.broker.session.ledger.content(left.envelope)
        assert kept
        assert json.loads(kept)["body"] == sent.decode()
        assert gate.broker.session.ledger_state().sent_today_bytes == len(sent)

    run(folder, test)


def test_names_leave_as_stand_ins_and_come_back_as_names(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        request = await gate.ask(note="as Maya's brother EWAN would say it")
        (candidate,) = await gate.send(request)
        for name in (b"maya", b"ewan", b"larkspur"):
            assert name not in gate.sent.lower()
        assert candidate.text == "Somebody is breathing in it, Maya."
        (restored,) = bodies(gate, "names_restored")
        assert (restored.clean, restored.mended, restored.unknown) == (1, 0, 0)
        sheet = gate.sheets(request)[-1]
        assert {swap.name for swap in sheet.names} >= {"Maya", "Ewan"}
        assert "Maya" in "".join(passage.text for passage in sheet.before)

    run(folder, test)


def test_a_stand_in_that_the_model_made_up_is_told(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        request = await gate.ask()
        await gate.send(request)
        ended = gate.ended(request)
        assert ended
        assert "made up CHARACTER_2" in ended.note
        assert bodies(gate, "names_restored")[0].unknown == 1

    run(folder, test, answer=chat("Tell CHARACTER_2 that somebody is breathing in the static."))


def test_stand_ins_that_come_back_mangled_are_read_and_told(folder: Path) -> None:
    def mangle(request: bytes) -> Answer:
        token = next(word for word in echo_words(request) if "_" in word)
        return [chat_stream(f"Somebody is breathing in it, {token.swapcase().replace('_', '-')}.")]

    async def test(gate: AtGate) -> None:
        request = await gate.ask()
        (candidate,) = await gate.send(request)
        assert candidate.text.casefold() == "somebody is breathing in it, maya."
        ended = gate.ended(request)
        assert ended
        assert "came back changed" in ended.note
        assert bodies(gate, "names_restored")[0].mended == 1

    run(folder, test, answer=mangle)


def test_without_an_attestation_the_sheet_says_no_and_nothing_is_sent(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        request = await gate.ask()
        sheet = await gate.sheet(request)
        assert sheet.verdict == "blocked"
        assert [fact.value for fact in sheet.facts if fact.label == "Attested by"] == [
            "No attestation on file"
        ]
        ended = await gate.end(request)
        assert ended.state == "failed"
        assert ended.note == sheet.why
        with pytest.raises(Refusal):
            await gate.approve(sheet)
        assert gate.recorder.connections == 0
        assert [body.verdict for body in bodies(gate, "judged")] == ["blocked"]
        assert sheet.entry == gate.broker.session.ledger.entries(type="judged", limit=5)[0].number

    run(folder, test, attested=False)


def test_who_cancels_or_stops_has_sent_nothing(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        request = await gate.ask()
        await gate.refuse(await gate.sheet(request))
        assert (await gate.end(request)).state == "failed"
        assert [body.request for body in bodies(gate, "send_refused")] == [request]

        again = await gate.ask()
        sheet = await gate.sheet(again)
        await gate.broker.handle(protocol.STOP, protocol.RequestRef(request=again))
        assert (await gate.end(again)).state == "stopped"
        with pytest.raises(Refusal, match="not what stands at the gate"):
            await gate.approve(sheet)
        assert gate.recorder.connections == 0
        closed = [event.why for event in gate.project.events if isinstance(event, protocol.GateClosed)]
        assert closed == ["refused", "stopped"]

    run(folder, test)


def test_an_approval_is_for_what_stands_there_now_and_for_once(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        request = await gate.ask(note="as Brannock would say it")
        first = await gate.sheet(request)
        assert first.verdict == "hold"
        with pytest.raises(Refusal):
            await gate.approve(first)
        second = await gate.answer(first, "name")
        assert second.verdict == "ask"
        assert second.digest != first.digest
        with pytest.raises(Refusal):
            await gate.approve(first.model_copy(update={"verdict": "ask"}))
        await gate.approve(second)
        with pytest.raises(Refusal):
            await gate.approve(second)
        await gate.broker.finished(request)
        assert len(gate.recorder.requests) == 1
        assert b"rannock" not in gate.sent

    run(folder, test)


def test_a_word_that_is_no_name_may_leave_once_a_person_has_said_so(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        request = await gate.ask(note="as Brannock would say it")
        held = await gate.sheet(request)
        assert [question.word for question in held.questions] == ["Brannock"]
        asks = await gate.answer(held, "no-name")
        assert (asks.verdict, asks.digest) == ("ask", held.digest)
        await gate.approve(asks)
        await gate.broker.finished(request)
        assert b"Brannock" in gate.sent
        assert [body.verdict for body in bodies(gate, "judged")] == ["hold", "ask"]
        assert bodies(gate, "names_answered")[0].count == 1

    run(folder, test)


def test_one_yes_sends_the_same_bytes_as_often_as_the_sheet_says(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        request = await gate.ask(count=3)
        sheet = await gate.sheet(request)
        assert sheet.times == 3
        await gate.approve(sheet)
        await gate.broker.finished(request)
        assert len({one.split(b"\r\n\r\n", 1)[1] for one in gate.recorder.requests}) == 1
        assert len(gate.recorder.requests) == len(bodies(gate, "sent")) == 3
        assert len(gate.sheets(request)) == 1

    run(
        folder,
        test,
        answer=chat(
            "No static breathes like that.",
            "Somebody is out there, breathing.",
            "Listen to it, that is breath.",
        ),
    )


def test_ask_once_a_session_holds_for_this_host_and_class_until_the_project_is_closed(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        await gate.choose_policy(material=Sensitivity.PUBLIC)
        request = await gate.ask()
        sheet = await gate.sheet(request)
        assert sheet.may_remember
        await gate.approve(sheet, remember=True)
        await gate.broker.finished(request)
        again = await gate.ask(note="shorter")
        await gate.broker.finished(again)
        assert gate.sheets(again) == []
        assert len(gate.recorder.requests) == 2
        assert [body.scope for body in bodies(gate, "send_approved")] == ["session"]
        assert len({body.approval for body in bodies(gate, "sent")}) == 1
        opening = protocol.OpenProjectParams(path=str(folder), person=WRITER)
        await gate.broker.handle(protocol.OPEN_PROJECT, opening)
        assert (await gate.sheet(await gate.ask(note="warmer"))).verdict == "ask"

    run(folder, test)


def test_personal_data_needs_more_than_one_person(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        request = await gate.ask(note="write to jo.smith@northlight.tv about it")
        held = await gate.sheet(request)
        assert held.sensitivity == "Talent or personal data"
        assert held.second
        params = protocol.SecondSendParams(request=request, digest=held.digest, person=WRITER)
        if held.verdict == "hold":
            with pytest.raises(Refusal, match="another person"):
                await gate.broker.handle(protocol.SECOND_SEND, params)
            await gate.broker.handle(protocol.SECOND_SEND, params.model_copy(update={"person": SECOND}))
            await gate.sheet(request, after=1)
        assert gate.recorder.connections == 0
        await gate.broker.handle(protocol.STOP, protocol.RequestRef(request=request))
        await gate.end(request)

    run(folder, test)


def test_an_attestation_that_is_taken_back_while_the_sheet_is_open_closes_the_door(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        request = await gate.ask()
        sheet = await gate.sheet(request)
        listed = await gate.broker.handle(protocol.LIST_ATTESTATIONS, protocol.Nothing())
        revoking = protocol.RevokeParams(
            attestation=listed.attestations[0].id, why="The contract ended.", person=WRITER
        )
        await gate.broker.handle(protocol.REVOKE, revoking)
        now = await gate.sheet(request, after=1)
        assert now.verdict == "blocked"
        assert "taken back" in now.why
        with pytest.raises(Refusal):
            await gate.approve(sheet)
        assert (await gate.end(request)).state == "failed"
        assert gate.recorder.connections == 0

    run(folder, test)


def test_a_policy_changed_by_hand_blocks_until_a_person_confirms_it(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        file = folder / "project.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('"netflix-2025"', '"local-only"'), encoding="utf-8")
        await gate.broker.handle(
            protocol.OPEN_PROJECT, protocol.OpenProjectParams(path=str(folder), person=WRITER)
        )
        request = await gate.ask()
        assert (await gate.sheet(request)).verdict == "blocked"
        await gate.end(request)
        assert gate.recorder.connections == 0

    run(folder, test)


def test_the_command_line_shows_nobody_a_sheet_and_sends_nothing(folder: Path) -> None:
    async def main() -> None:
        async with at_gate(folder) as gate:
            settings = gate.broker.backends().get("host").info
            assert settings.host
        async with at_gate(folder.with_name("other.studio")):
            pass
        broker = Broker(lambda event: told.append(event), what="command line", keys=Keys())
        told: list[protocol.Event] = []
        try:
            opening = protocol.OpenProjectParams(path=str(folder), person=WRITER)
            state = await broker.handle(protocol.OPEN_PROJECT, opening)
            params = protocol.AskParams(
                task="logline", script=state.script, anchor=None, backend="host", person=WRITER
            )
            request = (await broker.handle(protocol.ASK, params)).request
            await broker.finished(request)
            ended = [event for event in told if isinstance(event, protocol.RequestChanged)][-1]
            assert ended.state == "failed"
            assert "needs a person" in ended.note
        finally:
            await broker.close()

    asyncio.run(main())


def test_a_closed_project_has_sent_nothing_that_nobody_approved(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        request = await gate.ask()
        await gate.sheet(request)
        await gate.broker.handle(protocol.CLOSE_PROJECT, protocol.Nothing())
        assert gate.recorder.connections == 0
        assert (await gate.end(request)).state == "stopped"

    run(folder, test)

    async def look() -> None:
        async with opened(folder) as project:
            assert "sent" not in project.types()
            ended = [
                entry.body for entry in project.broker.session.ledger.entries(type="request_ended", limit=10)
            ]
            assert [body.state for body in ended if isinstance(body, record.RequestEnded)] == ["stopped"]

    asyncio.run(look())


def test_what_nobody_sees_on_a_page_is_written_out_on_the_sheet(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        request = await gate.ask(note="softer\u2060here")
        sheet = await gate.sheet(request)
        hidden = [piece.text for passage in sheet.after for piece in passage.pieces if piece.kind == "hidden"]
        assert hidden == ["U+2060"]
        assert "⟨U+2060⟩" in sheet.raw
        await gate.refuse(sheet)
        await gate.end(request)

    run(folder, test)


def test_the_rehearsal_says_what_would_happen_and_leaves_no_trace(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        before = gate.broker.session.ledger.size
        found = await gate.broker.rehearse("host", "MAYA\nTurn it off, Brannock.\n", WRITER)
        assert found.verdict.verdict == "hold"
        assert found.envelope
        assert b"MAYA" not in found.envelope.body
        here = await gate.broker.rehearse("embedded", "MAYA\nTurn it off.\n", WRITER)
        assert (here.verdict.verdict, here.envelope) == ("here", None)
        assert gate.broker.session.ledger.size == before
        assert gate.recorder.connections == 0

    run(folder, test)


assert SCRIPT
