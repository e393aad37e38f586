"""What goes wrong at the gate and behind it: stale sheets, two yeses of one person, and hosts that fail."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from broker_work import WRITER
from gate_work import KEY, SECOND, AtGate, at_gate, http

from studio_assist import protocol
from studio_assist.domain import record
from studio_assist.domain.errors import Refusal
from studio_assist.domain.generation import HostSettings
from studio_assist.domain.names import NameKind
from studio_assist.domain.people import Person
from studio_assist.domain.ports import Call
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import PersonId
from studio_assist.gate.envelope import seal
from studio_assist.paths import resource
from tests.fakes.recorder import Answer

Test = Callable[[AtGate], Coroutine[Any, Any, None]]
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
MACHINE = Person(id=PersonId("robot-1"), name="A robot", automated=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Larkspur.studio"


def run(folder: Path, test: Test, **more: Any) -> None:
    async def main() -> None:
        async with at_gate(folder, **more) as gate:
            await test(gate)

    asyncio.run(main())


def own_rules(kind: str, name: str, text: str) -> None:
    """A policy or card of the user's own."""
    file = Path(os.environ["STUDIO_ASSIST_HOME"]) / kind / f"{name}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


async def stop(gate: AtGate, request: Any) -> None:
    await gate.broker.handle(protocol.STOP, protocol.RequestRef(request=request))
    await gate.end(request)


def test_a_name_that_is_added_while_a_sheet_is_open_counts_for_the_bytes_on_it(folder: Path) -> None:
    """Nothing of them is replaced, so they are the same bytes: they are looked at anew all the same."""

    async def test(gate: AtGate) -> None:
        request = await gate.ask(note=f"the code is {base64.b64encode(b'Brannock').decode()}")
        sheet = await gate.sheet(request)
        assert sheet.verdict == "ask"
        naming = protocol.SetNameParams(text="Brannock", kind=NameKind.CHARACTER, person=WRITER)
        await gate.broker.handle(protocol.SET_NAME, naming)
        again = await gate.sheet(request, after=1)
        assert (again.digest, again.verdict) == (sheet.digest, "blocked")
        assert (await gate.end(request)).state == "failed"
        assert gate.recorder.connections == 0

    run(folder, test)


def test_a_word_that_is_a_name_on_one_sheet_is_one_on_the_other(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        one = await gate.ask(note="as Brannock would say it")
        other = await gate.ask(note="what would Brannock do")
        first, second = await gate.sheet(one), await gate.sheet(other)
        waved = tuple(protocol.NameAnswer(question=asked.id, answer="no-name") for asked in second.questions)
        params = protocol.AnswerNamesParams(
            request=other, digest=second.digest, answers=waved, person=MACHINE
        )
        with pytest.raises(Refusal, match="Only a person"):
            await gate.broker.handle(protocol.ANSWER_NAMES, params)
        await gate.answer(first, "name")
        now = await gate.sheet(other, after=1)
        assert now.verdict == "ask"
        await gate.approve(now)
        await gate.broker.finished(other)
        assert gate.recorder.requests
        assert b"rannock" not in gate.sent
        await stop(gate, one)

    run(folder, test)


def test_ask_once_holds_for_who_said_it(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        await gate.choose_policy(material=Sensitivity.PUBLIC)
        request = await gate.ask()
        await gate.approve(await gate.sheet(request), remember=True)
        await gate.broker.finished(request)
        for person in (SECOND, MACHINE):
            asked = await gate.ask(note="shorter", person=person)
            assert (await gate.sheet(asked)).verdict == "ask"
            await stop(gate, asked)
        assert len(gate.recorder.requests) == 1

    run(folder, test)


def test_one_person_does_not_say_both_yeses(folder: Path) -> None:
    text = (resource("policies") / "netflix-2025.toml").read_text(encoding="utf-8")
    text = text.replace('id = "netflix-2025"', 'id = "ours"', 1)
    own_rules("policies", "ours", text.replace('"talent-or-personal" = ["personal-data"]', ""))

    async def test(gate: AtGate) -> None:
        await gate.choose_policy("ours", material=Sensitivity.PERSONAL)
        request = await gate.ask()
        sheet = await gate.sheet(request)
        assert sheet.verdict == "hold", sheet.why
        second = protocol.SecondSendParams(request=request, digest=sheet.digest, person=SECOND)
        await gate.broker.handle(protocol.SECOND_SEND, second)
        seconded = await gate.sheet(request, after=1)
        assert seconded.verdict == "ask"
        with pytest.raises(Refusal, match="second yes"):
            await gate.approve(seconded, SECOND)
        assert gate.recorder.connections == 0
        await gate.approve(seconded, WRITER)
        await gate.broker.finished(request)
        assert len(gate.recorder.requests) == 1

    run(folder, test)


def test_a_request_holds_what_the_card_asks_for(folder: Path) -> None:
    """OpenRouter's card, for a host at the recorder."""
    card = (resource("providers") / "openrouter.toml").read_text(encoding="utf-8")
    own_rules(
        "providers",
        "openrouter",
        card.replace('hosts = ["openrouter.ai"]', 'hosts = ["127.0.0.1"]').replace("/api/v1", "/v1"),
    )

    async def test(gate: AtGate) -> None:
        request = await gate.ask()
        sheet = await gate.sheet(request)
        assert sheet.verdict == "blocked"
        assert "provider.only" in sheet.why
        assert "backends.toml" in sheet.remedy
        await gate.end(request)
        settings = HostSettings(
            id="host",
            type="openai-compatible",
            url=f"{gate.recorder.url}/v1",
            model="northlight-2",
            fields={"provider.only": ("north",)},
        )
        adding = protocol.AddBackendParams(settings=settings, key=KEY, person=WRITER)
        await gate.broker.handle(protocol.ADD_BACKEND, adding)
        again = await gate.ask()
        assert any("provider.zdr: true" in field for field in (await gate.sheet(again)).fields)
        await gate.send(again)
        body = json.loads(gate.recorder.requests[0].split(b"\r\n\r\n", 1)[1])
        assert body["provider"] == {
            "zdr": True,
            "data_collection": "deny",
            "allow_fallbacks": False,
            "only": ["north"],
        }

    run(folder, test)


def test_chat_completions_of_openai_store_nothing(folder: Path) -> None:
    async def test(gate: AtGate) -> None:
        settings = HostSettings(
            id="gpt", type="openai-compatible", url="https://api.openai.com/v1", model="gpt-4.1"
        )
        await gate.broker.handle(
            protocol.ADD_BACKEND, protocol.AddBackendParams(settings=settings, person=WRITER)
        )
        looked = await gate.broker.rehearse("gpt", "Turn it off.", WRITER)
        assert looked.envelope
        assert json.loads(looked.envelope.body)["store"] is False
        assert not [check for check in looked.verdict.checks if check.rule == "fields" and not check.holds]

    run(folder, test)


def said(error: object, status: str) -> Answer:
    return [http(json.dumps({"error": error}).encode(), status)]


FLAGGED = {"code": 403, "message": "Flagged", "metadata": {"reasons": ["violence"]}}
TROUBLES: dict[str, tuple[tuple[Answer, str, str], ...]] = {
    "openai-compatible": (
        (said("unauthorized", "401 No"), "accept the key", "right key"),
        (said({"code": 402, "message": "No credits"}, "402 Pay"), "do more for this account", "limits"),
        (said(FLAGGED, "403 No"), "refused to answer", "wording"),
        (said({"code": "context_length_exceeded"}, "400 Bad"), "did not accept the request", "another model"),
        ([STREAM + b"data: [1, 2]\n\n"], "cannot be read", "API of this type"),
        ([STREAM + b'data: {"choices":[{"delta":"x"}]}\n\n'], "cannot be read", "API of this type"),
    ),
    "openai": (
        (said({"code": "insufficient_quota"}, "429 Wait"), "do more for this account", "limits"),
        ([STREAM + b'data: {"type":"response.completed"}\n\n'], "cannot be read", "API of this type"),
    ),
    "anthropic": (
        (said("unauthorized", "401 No"), "accept the key", "right key"),
        (said({"type": "overloaded_error"}, "529 Busy"), "failed", "Ask again"),
        ([STREAM + b"data: [1]\n\n"], "cannot be read", "API of this type"),
    ),
}


@pytest.mark.parametrize("kind", TROUBLES)
def test_who_asked_reads_what_went_wrong_and_nothing_is_left_behind(folder: Path, kind: str) -> None:
    now: list[Answer] = []

    async def test(gate: AtGate) -> None:
        for answer, sentence, remedy in TROUBLES[kind]:
            now[:] = [answer]
            request = await gate.ask(count=3)
            await gate.send(request)
            ended = await gate.end(request)
            assert ended.state == "failed"
            assert sentence in ended.note
            assert remedy in ended.remedy
            (entry,) = gate.broker.session.ledger.entries(type="request_ended", limit=1, newest_first=True)
            assert isinstance(entry.body, record.RequestEnded)
            assert (entry.body.state, entry.body.why) == ("failed", ended.note)
            # The first choice goes ahead; what was approved for the others is good for nothing now.
            assert len(gate.recorder.requests) == 1
            gate.recorder.requests.clear()

    run(folder, test, kind=kind, answer=lambda _request: now[0])


def test_no_words_leave_in_a_header_that_an_approval_does_not_name() -> None:
    headers = (("accept", "text/event-stream; q=Maya"), ("anthropic-version", "Maya"))
    envelope, _keys = seal(Call(method="POST", url="https://api.example.com/v1/x", headers=headers))
    assert [name for name, _value in envelope.headers] == ["accept-encoding", "user-agent"]
    usual = (("accept", "application/json, text/event-stream"), ("anthropic-version", "2023-06-01"))
    envelope, _keys = seal(Call(method="POST", url="https://api.example.com/v1/x", headers=usual))
    assert set(usual) <= set(envelope.headers)
