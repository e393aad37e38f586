"""Every kind of leak, tried on a real broker with a host that keeps every byte: what it got holds no name.

The kinds are those of the gate's facts: letters, layout, grammar, encodings, places, pictures, conversation,
network, policy, and the human step.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from broker_work import WRITER

from studio_assist import protocol
from studio_assist.domain.errors import StudioError
from tests.fakes.recorder import Answer, http
from tests.gate import picture_files
from tests.gate.gate_names import DOUBTFUL, ENCODINGS, GRAMMAR, LAYOUT, LETTERS
from tests.proofs.wire import SCRIPT, Outcome, Wire, opened_wire, shown

Hide = Callable[[str], str]


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """One project and its host for all tests, with everything in the environment that a library may look for."""
    folder = tmp_path_factory.mktemp("wire")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIO_ASSIST_HOME", str(folder / "home"))
        with opened_wire(folder / "Larkspur.studio") as wire:
            for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
                patch.setenv(name, wire.other.url)
            patch.setenv("OPENAI_ORG_ID", "org-sparrowhawk")
            patch.setenv("OPENAI_CUSTOM_HEADERS", "X-Film: Sparrowhawk")
            yield wire


@pytest.fixture(autouse=True)
def nothing_elsewhere(wire: Wire) -> Iterator[None]:
    """Whatever is tried, no other server hears of it, and no name is in anything that the host heard."""
    requests = len(wire.gate.recorder.requests)
    yield
    assert wire.other.connections == 0
    assert shown(b"\n".join(wire.gate.recorder.requests[requests:])) == []


def held_back(outcome: Outcome) -> bool:
    return outcome.verdict != "ask" and outcome.sent == b""


# Letters, layout, grammar: the name is replaced and the rest leaves, or nothing leaves


@pytest.mark.parametrize("hide", [*LETTERS.values(), *LAYOUT.values()], ids=[*LETTERS, *LAYOUT])
def test_a_name_in_other_letters_or_another_layout_does_not_arrive(wire: Wire, hide: Hide) -> None:
    written = hide("Sparrowhawk")
    outcome = wire.attempt(f"Before it {written} and after.")
    assert held_back(outcome) or written not in _said(outcome)


@pytest.mark.parametrize("write", GRAMMAR.values(), ids=GRAMMAR)
def test_a_name_with_its_grammar_arrives_as_a_stand_in(wire: Wire, write: Hide) -> None:
    outcome = wire.attempt(f"It is {write('Okafor')} now")
    assert outcome.verdict == "ask"
    assert "Character_" in _said(outcome).rsplit("It is ", 1)[1]


@pytest.mark.parametrize("hide", [*ENCODINGS.values(), *DOUBTFUL.values()], ids=[*ENCODINGS, *DOUBTFUL])
def test_an_encoded_or_doubtful_name_waits_or_stays(wire: Wire, hide: Hide) -> None:
    # An acrostic of lines needs a block of its own, and a slip of the keys four letters to slip among.
    assert held_back(wire.attempt(f"Softer.\n\n{hide('Larkspur')}\n\nAnd slower."))


def test_a_note_that_hides_nothing_arrives_as_it_is(wire: Wire) -> None:
    # Without this the tests above would hold for a door that is simply shut.
    assert "Softer. Or base and sixty four. And slower." in _said(
        wire.attempt("Softer.\n\nOr base and sixty four.\n\nAnd slower.")
    )


# Places


@pytest.mark.parametrize("place", ["Static, then a voice.", "It's somebody breathing.", "Turn it off."])
def test_a_name_hidden_in_the_scene_or_in_the_line_itself_stays(wire: Wire, place: str) -> None:
    hidden = base64.b64encode(b"Sparrowhawk waits").decode()
    assert held_back(wire.attempt(script=SCRIPT.replace(place, f"{place} {hidden}")))


MESSAGES: Any = [{"role": "user", "content": "Say it softer."}]
PLACES: dict[str, Callable[[Wire], object]] = {
    "a JSON key": lambda wire: wire.post(_body(metadata={"Sparrowhawk": "1"})),
    "metadata": lambda wire: wire.post(_body(metadata={"film": "Larkspur"})),
    "the user's name": lambda wire: wire.post(_body(user="okafor")),
    "a tool's schema": lambda wire: wire.post(
        _body(
            tools=[
                {
                    "type": "function",
                    "function": {
                        "name": "call",
                        "parameters": {"type": "object", "properties": {"okafor": {"type": "string"}}},
                    },
                }
            ]
        )
    ),
    "a tool's name": lambda wire: wire.post(
        _body(tools=[{"type": "function", "function": {"name": "find_sparrowhawk"}}])
    ),
    "a file's name": lambda wire: wire.post(
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="larkspur_v2.txt"\r\n\r\nsofter\r\n--x--\r\n',
        content_type="multipart/form-data; boundary=x",
    ),
    "the path": lambda wire: wire.post(_body(), "/v1/chat/completions/larkspur"),
    "the query": lambda wire: wire.post(_body(), "/v1/chat/completions?film=larkspur"),
    "escapes in the JSON": lambda wire: wire.post(
        json.dumps(_body(user="x")).replace('"x"', '"\\u0053parrowhawk"').encode()
    ),
    "a key that stands twice": lambda wire: wire.post(
        json.dumps(_body()).replace('"stream"', '"user": "Sparrowhawk", "user": "x", "stream"').encode()
    ),
    "the key's header": lambda wire: wire.post(_body(), authorization="Bearer Larkspur"),
    "a compressed body": lambda wire: wire.post(
        gzip.compress(json.dumps(_body(user="Sparrowhawk")).encode()), content_encoding="gzip"
    ),
    "the history": lambda wire: wire.post(
        _body([{"role": "assistant", "content": "As Sparrowhawk said."}, *MESSAGES])
    ),
    "two messages": lambda wire: wire.post(
        _body([{"role": "user", "content": "It is Sparrow"}, {"role": "user", "content": "hawk again"}])
    ),
    "many messages": lambda wire: wire.post(_body([{"role": "user", "content": c} for c in "Larkspur"])),
    "an answer that the host keeps": lambda wire: wire.post(_body(previous_response_id="resp_1", store=True)),
    "another host": lambda wire: wire.post(_body()).model_copy(
        update={"url": f"{wire.other.url}/v1/chat/completions"}
    ),
    "a web socket": lambda wire: wire.post(_body()).model_copy(
        update={"url": wire.other.url.replace("http", "ws") + "/v1/realtime"}
    ),
    "a host that is a name": lambda wire: wire.post(_body()).model_copy(
        update={"url": "https://larkspur.example/v1/chat/completions"}
    ),
}


@pytest.mark.parametrize("call", PLACES.values(), ids=PLACES)
def test_a_backend_that_puts_a_name_elsewhere_sends_nothing(wire: Wire, call: Callable[[Wire], Any]) -> None:
    assert held_back(wire.plugin(call(wire)))


def test_a_backend_that_hides_nothing_may_send_and_the_headers_it_adds_do_not_leave(wire: Wire) -> None:
    assert wire.plugin(wire.post(_body())).sent
    outcome = wire.plugin(wire.post(_body(), x_film="Larkspur", user_agent="okafor/1", cookie="n=skerra"))
    head, body = outcome.sent.split(b"\r\n\r\n", 1)
    assert json.loads(body) == _body()
    names = {line.split(b":")[0] for line in head.lower().split(b"\r\n")[1:]}
    assert names == {b"host", b"accept-encoding", b"content-type", b"user-agent", b"content-length"}


@pytest.mark.parametrize("place", picture_files.hidden())
def test_a_picture_with_a_name_in_it_does_not_arrive(wire: Wire, place: str) -> None:
    data = base64.b64encode(picture_files.hidden()[place]).decode()
    part = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}}
    outcome = wire.plugin(wire.post(_body([{"role": "user", "content": [part]}])))
    assert held_back(outcome)


# Network


ANSWERS: dict[str, Callable[[Wire], Answer]] = {
    "a redirect that keeps the body": lambda wire: [
        http(b"", "307 Temporary Redirect", f"Location: {wire.other.url}/v1/chat/completions")
    ],
    "a permanent one": lambda wire: [http(b"", "308 Permanent Redirect", f"Location: {wire.other.url}/x")],
    "a failure": lambda _wire: [http(b"{}", "500 Internal Server Error")],
    "a failure that asks for more": lambda _wire: [http(b"{}", "429 Too Many Requests", "Retry-After: 0")],
    "a cut": lambda _wire: [b"HTTP/1.1 200 OK\r\n", None],
    "another protocol": lambda _wire: [
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    ],
    "a proxy's question": lambda _wire: [http(b"", "407 Proxy Authentication Required")],
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_whatever_the_host_answers_the_payload_goes_there_once_and_nowhere_else(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, answer: Callable[[Wire], Answer]
) -> None:
    monkeypatch.setattr(wire, "answer", lambda _request: answer(wire))
    outcome = wire.attempt("softer")
    assert outcome.verdict == "ask"
    assert outcome.sent.count(b"POST ") == 1
    assert outcome.ended is not None
    assert outcome.ended.state == "failed"


# Policy and the human step


@pytest.mark.parametrize("days", [365, -1], ids=["after every date", "with the clock set back"])
def test_at_another_time_nothing_leaves(wire: Wire, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    session = wire.gate.broker.session
    now = session.now
    monkeypatch.setattr(session, "now", lambda: now() + timedelta(days=days))
    assert held_back(wire.attempt("softer"))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('"until"', '"untill"'),
        ('"until"', '"until": null, "was"'),
        ('"until": "20', '"until": "30'),
        ('"EU, Dublin"', '"US"'),
        ('"signature": "', '"signature": "A'),
        ("{", '{"unknown": 1, '),
    ],
    ids=[
        "expiry missing",
        "expiry empty",
        "expiry later",
        "another region",
        "another signature",
        "unknown field",
    ],
)
def test_an_attestation_that_is_not_what_was_signed_lets_nothing_out(
    wire: Wire, was: str, becomes: str
) -> None:
    files = (wire.gate.broker.session.folder.clearance_path / "attestations").glob("*.json")
    file = max(files, key=lambda one: one.stat().st_mtime_ns)
    whole = file.read_text(encoding="utf-8")
    assert was in whole, whole
    file.write_text(whole.replace(was, becomes, 1), encoding="utf-8")
    try:
        assert held_back(wire.attempt("softer"))
    finally:
        file.write_text(whole, encoding="utf-8")
    assert wire.attempt("softer").sent


CARD = """format = 1
id = "own-server"
name = "Ours"
hosts = ["*"]
own = true
expires_on = 2027-10-31
[source]
name = "we looked"
checked_on = 2026-10-31
verified = true
[[terms]]
id = "text"
plan = "ours"
paths = ["POST /v1/chat/completions"]
kinds = ["text"]
retention_days = 0
trains = "no"
zero = "default"
"""


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("expires_on = 2027-10-31\n", ""),
        ("2027-10-31", '"one day"'),
        ("2027-10-31", "2026-11-01"),
        ("own = true", "own = true\nallowed = true"),
        ('zero = "default"', 'zero = "none"'),
        ('trains = "no"', 'trains = "maybe"'),
    ],
    ids=["expiry missing", "expiry mistyped", "expired", "unknown field", "kept in any case", "no such word"],
)
def test_a_card_that_says_less_or_nonsense_lets_nothing_out(wire: Wire, was: str, becomes: str) -> None:
    folder = wire.gate.broker._home / "providers"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "own-server.toml"
    file.write_text(CARD, encoding="utf-8")
    wire.runner.run(wire.gate.attest())
    assert wire.attempt("softer").sent
    file.write_text(CARD.replace(was, becomes), encoding="utf-8")
    try:
        assert held_back(wire.attempt("softer"))
    finally:
        file.unlink()
        wire.runner.run(wire.gate.attest())


def test_an_approval_is_good_for_what_was_read_and_once(wire: Wire) -> None:
    first = wire.attempt("softer")
    assert first.sheet is not None
    assert first.sheet.raw.endswith(first.sent.split(b"\r\n\r\n", 1)[1].decode())

    async def again() -> None:
        gate = wire.gate
        request = await gate.ask(note="softer and slower")
        sheet = await gate.sheet(request)
        old = protocol.ApproveSendParams(
            request=request, digest=first.sheet.digest if first.sheet else "", person=WRITER
        )
        before = gate.recorder.connections
        with pytest.raises(StudioError):
            await gate.broker.handle(protocol.APPROVE_SEND, old)
        with pytest.raises(StudioError):
            await gate.approve(first.sheet or sheet)
        assert gate.recorder.connections == before
        await gate.refuse(sheet)
        await gate.end(request)

    wire.runner.run(again())


# internals ----------------------------------------------------------------------------------------------


def _said(outcome: Outcome) -> str:
    body = json.loads(outcome.sent.split(b"\r\n\r\n", 1)[1])
    return "\n".join(message["content"] for message in body["messages"])


def _body(messages: Any = None, **more: object) -> dict[str, object]:
    return {"model": "northlight-2", "messages": messages or MESSAGES, "stream": True} | more
