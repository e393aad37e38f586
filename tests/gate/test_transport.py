"""One door out: exact bytes, once, where they were approved to go; a recording server counts every byte."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_assist.domain.errors import Refusal, StudioError, Unavailable
from studio_assist.domain.ports import Call, Reply
from studio_assist.domain.values import PersonId, RequestId
from studio_assist.gate import transport as transports
from studio_assist.gate.approvals import GOOD_FOR_S, Approvals
from studio_assist.gate.envelope import Envelope, seal
from studio_assist.gate.transport import Asking, SealedTransport, asking
from tests.fakes.recorder import Answer, Recorder, events, http, recording

WHO = Asking(RequestId("r1"), "own")
WRITER = PersonId("okafor-1")


@dataclass
class Keeper:
    """Approves what a test tells it to."""

    approvals: Approvals
    says_yes: bool = True
    left: list[Envelope] = field(default_factory=list[Envelope])

    async def review(self, who: Asking, envelope: Envelope) -> None:
        if not self.says_yes:
            raise Refusal("Nobody said yes.", remedy="Read it.", rule="asked")
        self.approvals.give(envelope.sha256, who.request, WRITER)

    async def require_keys(self, who: Asking, values: Iterable[str]) -> None: ...

    def trail(self, who: Asking) -> None:
        return None

    async def leaving(self, who: Asking, envelope: Envelope) -> None:
        self.left.append(envelope)


@asynccontextmanager
async def door(
    *, says_yes: bool = True, silence_s: float = 5.0
) -> AsyncGenerator[tuple[SealedTransport, Keeper]]:
    approvals = Approvals(asyncio.get_running_loop().time)
    keeper = Keeper(approvals, says_yes)
    transport = SealedTransport(keeper, approvals, silence_s=silence_s)
    token = asking.set(WHO)
    try:
        yield transport, keeper
    finally:
        asking.reset(token)
        await transport.close()


def call(url: str, body: bytes = b'{"model":"m"}', **headers: str) -> Call:
    given = {"content-type": "application/json", "authorization": "Bearer sk-key"} | headers
    return Call(method="POST", url=url, headers=tuple(given.items()), body=body)


async def read(reply: Reply) -> bytes:
    return b"".join([piece async for piece in reply.body])


async def attempt(answer: Answer, *, silence_s: float = 5.0) -> tuple[Recorder, StudioError | bytes]:
    """Send one request to a server that answers so; what it got, and what we got."""
    async with (
        recording(lambda _request: answer) as server,
        door(silence_s=silence_s) as (transport, _keeper),
    ):
        try:
            return server, await read(await transport.send(call(f"{server.url}/v1/chat/completions")))
        except StudioError as error:
            return server, error


def test_what_is_sent_is_what_was_approved_and_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async def run() -> None:
        async with recording(lambda _request: [http(b"{}")]) as server, door() as (transport, keeper):
            body = '{"model":"m","messages":[{"content":"a  b\u2028é"}]}'.encode()
            reply = await transport.send(
                call(
                    f"{server.url}/v1/chat/completions", body, **{"X-Stainless-OS": "Linux", "Cookie": "a=b"}
                )
            )
            assert await read(reply) == b"{}"
            (sent,) = server.requests
            (shown,) = keeper.left
            head, _, payload = sent.partition(b"\r\n\r\n")
            assert payload == body == shown.body
            lines = head.decode().split("\r\n")
            assert lines[0] == f"POST {shown.target} HTTP/1.1"
            names = {line.split(":")[0].lower() for line in lines[1:]}
            assert names == {
                "host",
                "accept-encoding",
                "authorization",
                "content-length",
                "content-type",
                "user-agent",
            }
            assert "sk-key" not in shown.model_dump_json()

    asyncio.run(run())


def test_without_a_yes_or_on_nobodys_behalf_not_one_byte_leaves() -> None:
    async def run() -> None:
        async with recording(lambda _request: [http(b"{}")]) as server:
            async with door(says_yes=False) as (transport, _keeper):
                with pytest.raises(Refusal, match="Nobody said yes"):
                    await transport.send(call(f"{server.url}/v1/chat/completions"))
                token = asking.set(None)
                with pytest.raises(Refusal, match="nobody's behalf"):
                    await transport.send(call(f"{server.url}/v1/chat/completions"))
                asking.reset(token)
            assert (server.connections, server.requests) == (0, [])

    asyncio.run(run())


def test_an_approval_is_good_once_for_ten_minutes_and_for_one_request() -> None:
    now = [0.0]
    approvals = Approvals(lambda: now[0])
    approvals.give("a" * 64, RequestId("r1"), WRITER)
    for digest, request in (("b" * 64, "r1"), ("a" * 64, "r2")):
        with pytest.raises(Refusal):
            approvals.spend(digest, RequestId(request))
    assert approvals.spend("a" * 64, RequestId("r1")).by == WRITER
    with pytest.raises(Refusal, match="used before"):
        approvals.spend("a" * 64, RequestId("r1"))
    approvals.give("a" * 64, RequestId("r1"), WRITER)
    now[0] += GOOD_FOR_S
    with pytest.raises(Refusal, match="ten minutes"):
        approvals.spend("a" * 64, RequestId("r1"))
    approvals.give("a" * 64, RequestId("r1"), WRITER)
    approvals.withdraw(RequestId("r1"))
    with pytest.raises(Refusal):
        approvals.spend("a" * 64, RequestId("r1"))


@given(st.sampled_from(["method", "url", "type", "body"]), st.text(min_size=1, max_size=3))
def test_every_part_that_carries_meaning_is_in_the_digest(part: str, more: str) -> None:
    base = call("https://llm.example/v1/x")
    other = {
        "method": base.model_copy(update={"method": "GET"}),
        "url": call("https://llm.example/v1/xy"),
        "type": call("https://llm.example/v1/x", **{"content-type": "text/plain"}),
        "body": call("https://llm.example/v1/x", base.body + more.encode("utf-8", "surrogatepass")),
    }[part]
    assert seal(base)[0].sha256 != seal(other)[0].sha256


@pytest.mark.parametrize(
    "url",
    [
        "https://user:pass@llm.example/v1",
        "https://llm.example\\@evil.example/v1",
        "https://llm.example/v1/../files",
        "https://llm.example//v1",
        "https://llm.example/v1/%2e%2e/files",
        "https://llm.example/v1%2ffiles",
        "https://llm.example/v1#x",
        "https://llm.example:0/v1",
        "https://llm.example:99999/v1",
        "https://lämp.example/v1",
        "https://llm.example/v1 x",
        "ftp://llm.example/v1",
        "//llm.example/v1",
        "https://llm.example/v1\r\nHost: evil.example",
    ],
)
def test_an_address_that_could_be_read_in_two_ways_is_refused(url: str) -> None:
    with pytest.raises(Refusal) as caught:
        seal(call(url))
    assert caught.value.rule == "address"


def test_a_header_that_smuggles_or_doubles_is_refused() -> None:
    with pytest.raises(Refusal, match="characters"):
        seal(call("https://llm.example/v1", accept="x\r\nHost: evil.example"))
    doubled = call("https://llm.example/v1")
    with pytest.raises(Refusal, match="twice"):
        seal(doubled.model_copy(update={"headers": (*doubled.headers, ("Authorization", "Bearer 2"))}))


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"]
)
def test_a_redirect_to_another_host_is_not_followed(status: str) -> None:
    async def run() -> None:
        async with recording(lambda _request: [http(b"{}")]) as other:
            server, got = await attempt([http(b"", status, f"Location: {other.url}/v1/chat/completions")])
            assert isinstance(got, Unavailable)
            assert "pointing somewhere else" in got.message
            assert len(server.requests) == 1
            assert other.connections == 0

    asyncio.run(run())


@pytest.mark.parametrize(
    "status", ["500 Internal Server Error", "429 Too Many Requests", "503 Service Unavailable"]
)
def test_a_failing_server_gets_the_payload_once(status: str) -> None:
    async def run() -> None:
        server, got = await attempt([http(b"{}", status, "Retry-After: 0")])
        # What an error means is for the backend to say; the door hands it through and does not knock again.
        assert got == b"{}"
        assert len(server.requests) == 1

    asyncio.run(run())


def test_a_cut_connection_is_said_and_not_tried_again() -> None:
    async def run() -> None:
        for answer in ([None], [http(b"x" * 100)[:60], None], [b"not http at all\r\n\r\n", None]):
            server, got = await attempt(answer)
            assert isinstance(got, Unavailable), got
            assert len(server.requests) == 1

    asyncio.run(run())


def test_a_compressed_answer_is_not_unpacked() -> None:
    async def run() -> None:
        bomb = gzip.compress(b"0" * 10_000_000)
        _server, got = await attempt([http(bomb, "200 OK", "Content-Encoding: gzip")])
        assert isinstance(got, Unavailable)
        assert "compressed" in got.message

    asyncio.run(run())


def test_a_silent_server_and_one_that_drips_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
        _server, got = await attempt([head, b"x", 3.0], silence_s=0.2)
        assert isinstance(got, Unavailable)
        assert "silent" in got.message or "in time" in got.message
        monkeypatch.setattr(transports, "_MINUTE_S", 0.2)
        monkeypatch.setattr(transports, "SLOWEST", 1000.0)
        drip: list[bytes | float | None] = [head]
        for _ in range(40):
            drip += [b"x", 0.02]
        _server, got = await attempt(drip)
        assert isinstance(got, Unavailable)
        assert "slowly" in got.message

    asyncio.run(run())


def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transports, "LONGEST_ANSWER", 1 << 20)

    async def run() -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n"
        _server, got = await attempt([head, *([b"x" * 65536] * 64), None])
        assert isinstance(got, Unavailable)
        assert "more than 1 MB" in got.message

    asyncio.run(run())


def test_a_stream_comes_through_piece_by_piece_and_closing_it_closes_the_connection() -> None:
    async def run() -> None:
        pieces: list[bytes | float | None] = [events("one"), 0.05, b"data: two\n\n", 30.0]
        async with recording(lambda _request: pieces) as server, door() as (transport, _keeper):
            reply = await transport.send(call(f"{server.url}/v1/chat/completions"))
            body = aiter(reply.body)
            assert b"one" in await anext(body)
            assert b"two" in await anext(body)
            await body.aclose()  # type: ignore[attr-defined]  # an async generator, as `Reply` promises no more

    asyncio.run(run())


def test_a_name_that_leads_elsewhere_than_it_says_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with recording(lambda _request: [http(b"{}")]) as server, door() as (transport, _keeper):
            loop = asyncio.get_running_loop()

            async def rebound(_host: str, port: int, **_more: object) -> list[tuple[object, ...]]:
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

            monkeypatch.setattr(loop, "getaddrinfo", rebound)
            for host in ("llm.example", "gpu-box"):
                with pytest.raises(Refusal, match="not where it was taken to be"):
                    await transport.send(call(f"http://{host}:{server.port}/v1/chat/completions"))
            assert server.connections == 0

    asyncio.run(run())


def test_a_name_that_nobody_knows_is_told() -> None:
    async def run() -> None:
        async with door() as (transport, _keeper):
            with pytest.raises(Unavailable, match="could not be reached"):
                await transport.send(call("http://127.0.0.1:9/v1/chat/completions"))

    asyncio.run(run())
