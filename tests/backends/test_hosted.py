"""Backends at a host: real servers of llama.cpp, and a host that answers as badly as a host can."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from studio_assist.backends import weights
from studio_assist.backends.anthropic_text import Anthropic
from studio_assist.backends.hookspec import BackendConfig
from studio_assist.backends.openai_text import OpenAI, OpenAICompatible
from studio_assist.domain.errors import Refusal, StudioError
from studio_assist.domain.generation import (
    Delta,
    Event,
    Failed,
    Finished,
    FinishReason,
    HostSettings,
    Message,
    Prompt,
    TextBackend,
    TextRequest,
    Where,
)
from studio_assist.domain.ports import Transport
from studio_assist.domain.values import PersonId, RequestId
from studio_assist.gate.approvals import Approvals
from studio_assist.gate.envelope import Envelope
from studio_assist.gate.transport import Asking, SealedTransport, asking
from tests.fakes.recorder import Answer, Recorder, events, http, recording

KINDS: dict[str, Any] = {"openai": OpenAI, "openai-compatible": OpenAICompatible, "anthropic": Anthropic}
KEY = "sk-test-0123456789"


class Keeper:
    """Lets everything through, once for each choice."""

    def __init__(self, approvals: Approvals, *, says_no: bool = False) -> None:
        self.approvals = approvals
        self.says_no = says_no

    async def review(self, who: Asking, envelope: Envelope) -> None:
        if self.says_no:
            raise Refusal("A person said no.", remedy="Ask again.", rule="person")
        self.approvals.give(envelope.sha256, who.request, PersonId("okafor-1"))

    async def require_keys(self, who: Asking, values: Iterable[str]) -> None: ...

    def trail(self, who: Asking) -> None:
        return None

    async def leaving(self, who: Asking, envelope: Envelope) -> None: ...


@asynccontextmanager
async def door(*, says_no: bool = False) -> AsyncGenerator[Transport]:
    approvals = Approvals(time.monotonic)
    transport = SealedTransport(Keeper(approvals, says_no=says_no), approvals, silence_s=60.0)
    token = asking.set(Asking(RequestId("r1"), "own"))
    try:
        yield transport
    finally:
        asking.reset(token)
        await transport.close()


async def key_of(_backend: str) -> str | None:
    return KEY


def backend(kind: str, url: str, transport: Transport, **more: Any) -> TextBackend:
    settings = HostSettings(id="own", type=kind, url=url, model=more.pop("model", "smollm2"), **more)
    return KINDS[kind](settings, transport, key_of)


def asks(count: int = 1, tokens: int = 12) -> TextRequest:
    messages = (Message(role="system", text="Answer briefly."), Message(role="user", text="Say hello."))
    return TextRequest(prompts=(Prompt(messages=messages),), count=count, max_tokens=tokens)


async def all_of(model: TextBackend, request: TextRequest) -> list[Event]:
    async with aclosing(model.generate(request)) as stream:
        return [event async for event in stream]


# against a real server --------------------------------------------------------------------------------

_SERVE = """
import sys, importlib
xllamacpp = importlib.import_module("xllamacpp")
params = xllamacpp.CommonParams()
params.model.path, params.n_ctx, params.n_parallel = sys.argv[1], 1024, 2
params.hostnames, params.port, params.warmup, params.verbosity = ["127.0.0.1"], int(sys.argv[2]), False, -1
server = xllamacpp.Server(params)
print("up", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def llama() -> Iterator[str]:
    """A real server of llama.cpp with the built-in model; gives its address."""
    model = weights.locate()
    if model is None:
        pytest.skip("the model's weights are not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", _SERVE, str(model), str(port)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout
        assert server.stdout.readline() == "up\n"
        yield f"http://127.0.0.1:{port}/v1"
        server.kill()


@pytest.mark.parametrize("kind", KINDS)
def test_a_real_server_streams_its_choices(llama: str, kind: str) -> None:
    async def run() -> None:
        async with door() as transport:
            found = await all_of(backend(kind, llama, transport), asks(count=2))
            ends = [event for event in found if isinstance(event, Finished)]
            assert {end.index for end in ends} == {0, 1}, found
            assert all(end.tokens for end in ends)
            assert any(isinstance(event, Delta) and event.text.strip() for event in found)

    asyncio.run(run())


@pytest.mark.parametrize("kind", KINDS)
def test_stop_stops_the_real_server_too(llama: str, kind: str) -> None:
    async def run() -> None:
        async with door() as transport:
            model = backend(kind, llama, transport)
            async with aclosing(model.generate(asks(tokens=900))) as stream:
                async for event in stream:
                    if isinstance(event, Delta):
                        break
            # A server that went on writing would keep the next ask waiting for its turn.
            began = time.monotonic()
            assert await all_of(model, asks(count=1, tokens=1))
            assert time.monotonic() - began < 20

    asyncio.run(run())


# against a host that answers badly --------------------------------------------------------------------


def chat(text: str, finish: str | None = "stop") -> str:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return json.dumps(
        {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    )


def refusal(kind: str, status: str, code: str, message: str) -> bytes:
    error = (
        {"type": "error", "error": {"type": code, "message": message}}
        if kind == "anthropic"
        else {"error": {"message": message, "type": "x", "code": code}}
    )
    return http(json.dumps(error).encode(), status)


async def meet(
    kind: str, answer: Callable[[bytes], Answer], *, count: int = 1, says_no: bool = False, **more: Any
) -> tuple[Recorder, list[Event] | StudioError]:
    async with recording(answer) as server, door(says_no=says_no) as transport:
        try:
            return server, await all_of(backend(kind, f"{server.url}/v1", transport, **more), asks(count))
        except StudioError as error:
            return server, error


HOSTILE: list[tuple[str, Callable[[str], Answer], str]] = [
    (
        "a wrong key",
        lambda kind: [refusal(kind, "401 Unauthorized", _code(kind, "key"), f"bad key {KEY}")],
        "key",
    ),
    (
        "no quota left",
        lambda kind: [refusal(kind, "429 Too Many", _code(kind, "quota"), "slow down")],
        "quota",
    ),
    (
        "no such model",
        lambda kind: [refusal(kind, "404 Not Found", _code(kind, "missing"), "no m")],
        "missing",
    ),
    ("a fault of its own", lambda kind: [refusal(kind, "500 Oops", "server_error", "oops")], "other"),
    ("a web page", lambda _kind: [http(b"<html>Sign in</html>", kind="text/html")], "malformed"),
    ("nothing", lambda _kind: [http(b"", kind="text/event-stream")], "malformed"),
    ("half an event", lambda _kind: [events()[:-1] + b"\r\n\r\n"[:2], b'data: {"type":"x', None], "any"),
    ("events of rubbish", lambda _kind: [events("{not json", "[DONE]")], "malformed"),
    ("a cut connection", lambda _kind: [None], "any"),
    ("a page to another host", lambda _kind: [http(b"", "307 Go", "Location: http://127.0.0.1:9/v1")], "any"),
    ("a bomb", lambda _kind: [http(b"x" * 100, "200 OK", "Content-Encoding: gzip")], "any"),
]


def _code(kind: str, trouble: str) -> str:
    ours = {"key": "invalid_api_key", "quota": "insufficient_quota", "missing": "model_not_found"}
    theirs = {"key": "authentication_error", "quota": "rate_limit_error", "missing": "not_found_error"}
    return (theirs if kind == "anthropic" else ours)[trouble]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("answer", "cause"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_a_bad_answer_is_said_once_in_plain_words_and_nothing_is_sent_again(
    kind: str, answer: Callable[[str], Answer], cause: str
) -> None:
    async def run() -> None:
        server, found = await meet(kind, lambda _request: answer(kind), count=3)
        assert isinstance(found, StudioError), found
        assert cause in ("any", getattr(found, "cause", None))
        assert found.remedy
        assert KEY not in str(found)
        # The first choice goes ahead; where it fails the others are not even sent.
        assert len(server.requests) == 1

    asyncio.run(run())


@pytest.mark.parametrize("kind", ["openai", "openai-compatible"])
def test_a_moderation_refusal_inside_the_stream_is_told_as_one(kind: str) -> None:
    failed = {
        "type": "error",
        "code": "moderation_blocked",
        "message": "no",
        "param": None,
        "sequence_number": 1,
    }
    answers = {
        "openai": events(json.dumps(failed)),
        "openai-compatible": events(
            json.dumps({"choices": [{"index": 0, "delta": {"refusal": "no"}, "finish_reason": None}]})
        ),
    }

    async def run() -> None:
        _server, found = await meet(kind, lambda _request: [answers[kind]])
        assert getattr(found, "cause", None) == "moderation", found

    asyncio.run(run())


def test_what_arrived_before_a_break_stands_and_the_choice_is_failed() -> None:
    async def run() -> None:
        _server, found = await meet(
            "openai-compatible", lambda _request: [events(chat("Half a", None)), None]
        )
        assert isinstance(found, list)
        assert [event.text for event in found if isinstance(event, Delta)] == ["Half a"]
        (failed,) = [event for event in found if isinstance(event, Failed)]
        assert failed.index == 0
        assert failed.remedy

    asyncio.run(run())


def test_choices_are_separate_requests_of_the_same_bytes() -> None:
    async def run() -> None:
        server, found = await meet(
            "openai-compatible", lambda _request: [events(chat("Hello."), "[DONE]")], count=3
        )
        assert isinstance(found, list)
        assert sum(isinstance(event, Finished) for event in found) == 3
        bodies = {request.partition(b"\r\n\r\n")[2] for request in server.requests}
        assert (len(server.requests), len(bodies)) == (3, 1)

    asyncio.run(run())


def test_the_environment_changes_nothing_of_what_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with recording(lambda _request: [None]) as elsewhere:
            for name in ("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "HTTP_PROXY", "ALL_PROXY"):
                monkeypatch.setenv(name, elsewhere.url)
            monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: Larkspur")
            monkeypatch.setenv("OPENAI_ORG_ID", "org-larkspur")
            monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-larkspur")
            monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
            monkeypatch.setenv("OPENAI_LOG", "debug")
            for kind in KINDS:
                server, _found = await meet(kind, lambda _request: [events(chat("Hi."), "[DONE]")])
                assert server.requests
                lower = server.everything.lower()
                assert KEY.encode() in server.everything
                for leak in (b"larkspur", b"environment", b"stainless", b"python"):
                    assert leak not in lower, (kind, leak)
            assert elsewhere.connections == 0

    asyncio.run(run())


def test_every_request_to_openai_says_store_false_and_holds_what_the_terms_ask() -> None:
    async def run() -> None:
        server, _found = await meet("openai", lambda _request: [None])
        body = json.loads(server.requests[0].partition(b"\r\n\r\n")[2])
        assert body["store"] is False
        fields = {"provider.zdr": True, "provider.data_collection": "deny", "provider.only": ("a", "b")}
        server, _found = await meet("openai-compatible", lambda _request: [None], fields=fields)
        body = json.loads(server.requests[0].partition(b"\r\n\r\n")[2])
        assert body["provider"] == {"zdr": True, "data_collection": "deny", "only": ["a", "b"]}

    asyncio.run(run())


@pytest.mark.parametrize("kind", KINDS)
def test_a_no_of_the_gate_comes_through_the_sdk_as_it_is(kind: str) -> None:
    async def run() -> None:
        server, found = await meet(kind, lambda _request: [None], says_no=True)
        assert isinstance(found, Refusal)
        assert found.message == "A person said no."
        assert server.connections == 0

    asyncio.run(run())


@pytest.mark.parametrize(
    ("url", "where", "host"),
    [
        ("http://127.0.0.1:11434/v1", Where.HERE, "127.0.0.1:11434"),
        ("https://api.openai.com/v1", Where.OUTSIDE, "api.openai.com"),
        ("https://api.openai.com:443/v1", Where.OUTSIDE, "api.openai.com"),
        ("http://gpu-box:8000/v1", Where.STUDIO, "gpu-box:8000"),
    ],
)
def test_a_backend_at_a_host_names_it_and_claims_nothing(url: str, where: Where, host: str) -> None:
    from studio_assist.domain.ports import ClosedDoor

    info = backend("openai-compatible", url, ClosedDoor()).info
    assert (info.where, info.host, info.retention_days, info.trains) == (where, host, None, None)


def test_built_in_kinds_take_the_hosts_of_their_own_type() -> None:
    from studio_assist.backends import anthropic_text, openai_text
    from studio_assist.domain.ports import ClosedDoor

    hosts = tuple(
        HostSettings(id=kind, type=kind, url="http://127.0.0.1:1/v1", model="m")
        for kind in (*KINDS, "parrot")
    )
    config = BackendConfig(transport=ClosedDoor(), runtime=None, hosts=hosts)  # type: ignore[arg-type]  # none is asked to run
    offered = [
        *openai_text.studio_assist_backends(config=config),
        *anthropic_text.studio_assist_backends(config=config),
    ]
    assert {one.info.id for one in offered} == set(KINDS)


def test_a_refused_end_and_a_cut_answer_are_told_from_a_whole_one() -> None:
    async def run() -> None:
        for finish, reason in (("content_filter", FinishReason.REFUSED), ("length", FinishReason.LENGTH)):
            _server, found = await meet(
                "openai-compatible", lambda _request, finish=finish: [events(chat("Hi", finish), "[DONE]")]
            )
            assert isinstance(found, list)
            assert [event.reason for event in found if isinstance(event, Finished)] == [reason]

    asyncio.run(run())
