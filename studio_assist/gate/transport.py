"""The one door out: it holds each request until these exact bytes are approved, and sends them once.

No redirect is followed, nothing is tried again, no proxy is looked for, no cookie is kept, no header added by
a library leaves. Of the environment nothing counts but where OpenSSL is told that this machine keeps its
authorities. A name is looked up only for bytes that were approved, and what it leads to has to be where the
verdict took it to be: a name of the studio's that leads outside gets nothing.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol, cast

import httpcore2

from studio_assist.domain.errors import Refusal, Unavailable
from studio_assist.domain.following import FollowUp
from studio_assist.domain.ports import Call, Reply
from studio_assist.domain.provider import where_is
from studio_assist.domain.values import RequestId
from studio_assist.gate.approvals import Approvals
from studio_assist.gate.envelope import Envelope, seal
from studio_assist.gate.follow import LONGEST_ANSWER as LONGEST_HEARD
from studio_assist.gate.follow import Trail
from studio_assist.gate.wall import Wall
from studio_assist.gate.websocket import GREETING, accepted, fresh_key, messages

#: Longest waits, in seconds: to connect, and between two pieces of an answer.
CONNECT_S: Final = 15.0
SILENCE_S: Final = 120.0
#: A look for a local server: the longest wait in seconds, and the longest answer in bytes.
LOOK_S: Final = 1.0
LONGEST_LOOK: Final = 1_000_000
#: A host that draws says nothing until the picture is there; a web UI waits for those before it as well.
DRAWING_S: Final = 300.0
WEB_UI_S: Final = 3600.0
#: A host that has ten of its pictures in line tells the first step of ours late.
EVENTS_S: Final = 3600.0
#: The longest answer in bytes: sixteen pictures of 4K as base64 fit in.
LONGEST_ANSWER: Final = 512 * 1024 * 1024
#: An answer that comes slower than this for a whole minute is given up; bytes a second.
SLOWEST: Final = 1.0
_MINUTE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Asking:
    """On whose behalf something is sent."""

    request: RequestId
    backend: str


#: Set around a backend's work. Where it is not, nothing is sent: a plugin that calls home gets nothing.
asking: ContextVar[Asking | None] = ContextVar("asking", default=None)


class Gatekeeper(Protocol):
    """Judges what wants to leave, and asks a person. The broker's."""

    async def review(self, who: Asking, envelope: Envelope) -> None:
        """Come back once a person has approved exactly these bytes; raise `Refusal` where they may not go."""
        ...

    async def require_keys(self, who: Asking, values: Iterable[str]) -> None:
        """Raise `Refusal` where a header that should hold the key of this backend holds anything else."""
        ...

    async def review_together(self, who: Asking, envelopes: Sequence[Envelope]) -> None:
        """As `review`, of several at once: one sheet shows them all."""
        ...

    async def leaving(self, who: Asking, envelope: Envelope) -> None:
        """Put on record that these bytes leave now; raise where that cannot be done."""
        ...

    def trail(self, who: Asking) -> Trail | None:
        """What the request has sent and heard so far; None where it is not under way, or never leaves."""
        ...


class SealedTransport:
    """Implements `domain.ports.Transport`."""

    def __init__(
        self,
        gatekeeper: Gatekeeper,
        approvals: Approvals,
        wall: Wall | None = None,
        *,
        silence_s: float = SILENCE_S,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._gatekeeper: Final = gatekeeper
        self._approvals: Final = approvals
        self._silence_s: Final = silence_s
        self._pool: Final = httpcore2.AsyncConnectionPool(
            ssl_context=trusted or _authorities(),
            network_backend=_Pinned(wall),
            max_connections=16,
            max_keepalive_connections=4,
            keepalive_expiry=20.0,
            retries=0,
            http1=True,
            http2=False,
            proxy=None,
        )

    async def send(self, call: Call) -> Reply:
        """As `domain.ports.Transport.send`."""
        who = _asking()
        envelope, keys = seal(call)
        # The one thing that a person is not shown must not be a place to hide words in.
        await self._gatekeeper.require_keys(who, keys.values())
        await self._gatekeeper.review(who, envelope)
        self._approvals.spend(envelope.sha256, who.request)
        await self._gatekeeper.leaving(who, envelope)
        trail = self._gatekeeper.trail(who)
        if trail is not None:
            trail.sent(envelope)
        return await self._reply(envelope, keys, trail)

    async def present(self, calls: Sequence[Call]) -> None:
        """As `domain.following.Following.present`."""
        who = _asking()
        sealed = [seal(call) for call in calls]
        for _envelope, keys in sealed:
            await self._gatekeeper.require_keys(who, keys.values())
        await self._gatekeeper.review_together(who, [envelope for envelope, _keys in sealed])

    async def follow(self, follow_up: FollowUp) -> Reply:
        """As `domain.following.Following.follow`."""
        envelope, keys, trail = await self._following(follow_up, socket=False)
        return await self._reply(envelope, keys, trail)

    async def listen(self, follow_up: FollowUp) -> AsyncGenerator[str | bytes, None]:
        """As `domain.following.Following.listen`."""
        envelope, keys, _trail = await self._following(follow_up, socket=True)
        key = fresh_key()
        response = await self._open(envelope, {**keys, **GREETING, "sec-websocket-key": key})
        try:
            if response.status != 101 or not accepted(_headers(response.headers), key):
                raise _unavailable(envelope, "does not tell how far it is")
            stream = cast("httpcore2.AsyncNetworkStream", response.extensions["network_stream"])
            async with aclosing(messages(stream, EVENTS_S)) as found:
                async for message in found:
                    yield message
        except (ValueError, *_FAULTS) as error:
            raise _explained(envelope, error) from error
        finally:
            await response.aclose()

    async def look(self, port: int, path: str) -> bytes | None:
        """Ask a port of this machine for what stands at a path: how local servers are found.

        Nothing of any project is in it, and it cannot leave the machine: the address is 127.0.0.1. Gives the
        body of a plain answer of at most 1 MB within a second, else None.
        """
        call = Call(
            method="GET", url=f"http://127.0.0.1:{port}{path}", headers=(("accept", "application/json"),)
        )
        envelope, keys = seal(call)
        try:
            async with asyncio.timeout(LOOK_S):
                response = await self._open(envelope, keys)
                try:
                    body = b""
                    async for piece in response.aiter_stream():
                        body += piece
                        if len(body) > LONGEST_LOOK:
                            return None
                    return body if response.status == 200 else None
                finally:
                    await response.aclose()
        except (TimeoutError, Unavailable, *_FAULTS):
            # Nobody is there, or nobody who speaks this.
            return None

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.aclose()

    # internals

    async def _following(
        self, follow_up: FollowUp, *, socket: bool
    ) -> tuple[Envelope, Mapping[str, str], Trail]:
        """The bytes of a follow-up that may leave. Raises `Refusal` for one that may not."""
        who = _asking()
        trail = self._gatekeeper.trail(who)
        if trail is None:
            raise Refusal(
                "Something wanted to follow a request that is not under way. Nothing was sent.",
                remedy="Ask again.",
                rule="asked-for",
            )
        envelope, keys = trail.envelope(follow_up, socket=socket)
        await self._gatekeeper.require_keys(who, keys.values())
        trail.left(envelope)
        return envelope, keys, trail

    async def _reply(self, envelope: Envelope, keys: Mapping[str, str], trail: Trail | None) -> Reply:
        response = await self._open(envelope, keys)
        try:
            _refuse_head(envelope, response)
        except BaseException:
            await response.aclose()
            raise
        headers = _headers(response.headers)
        body = _body(envelope, response, self._patience(envelope))
        if trail is not None:
            body = _heard(body, trail, headers.get("content-type", ""))
        return Reply(status=response.status, headers=headers, body=body)

    def _patience(self, envelope: Envelope) -> float:
        """The longest silence, in seconds."""
        for part, patience in (("/images/", DRAWING_S), ("/sdapi/v1/", WEB_UI_S)):
            if part in envelope.path and envelope.method == "POST":
                return max(self._silence_s, patience)
        return self._silence_s

    async def _open(self, envelope: Envelope, keys: Mapping[str, str]) -> httpcore2.Response:
        headers = [("host", envelope.authority), *envelope.headers, *keys.items()]
        if envelope.body or envelope.method == "POST":
            headers.append(("content-length", str(len(envelope.body))))
        patience = self._patience(envelope)
        request = httpcore2.Request(
            envelope.method,
            httpcore2.URL(
                scheme=envelope.scheme.encode(),
                host=envelope.host.encode(),
                port=envelope.port,
                target=envelope.target.encode(),
            ),
            headers=[(name.encode(), value.encode()) for name, value in headers],
            content=envelope.body,
            extensions={
                "timeout": {
                    "connect": CONNECT_S,
                    "read": patience,
                    "write": patience,
                    "pool": CONNECT_S,
                }
            },
        )
        try:
            return await self._pool.handle_async_request(request)
        except _FAULTS as error:
            raise _explained(envelope, error) from error


class _Pinned(httpcore2.AsyncNetworkBackend):
    """Looks a name up once, checks where it leads, and connects to that very address."""

    def __init__(self, wall: Wall | None) -> None:
        self._wall = wall
        # Whether anyio is there is asked at run time, so that its type is told as either of two.
        self._plain: Final = cast("httpcore2.AsyncNetworkBackend", httpcore2.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        promised = where_is(host)
        fault: Exception | None = None
        for address in await self._addresses(host, port):
            if where_is(address) is not promised:
                raise Refusal(
                    f"{host} leads to {address}, which is not where it was taken to be. Nothing was sent.",
                    remedy="Have the studio's network people look at that name.",
                    rule="host-is-where-it-says",
                )
            try:
                if self._wall is None:
                    return await self._plain.connect_tcp(address, port, timeout, None, socket_options)
                with self._wall.opening(address, port):
                    return await self._plain.connect_tcp(address, port, timeout, None, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                fault = error
        raise fault or httpcore2.ConnectError("no address")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        raise Refusal("No local sockets are used.", remedy="Use a host name.", rule="address")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            if self._wall is None:
                found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            else:
                with self._wall.opening(host, port):
                    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(str(error)) from error
        return list(dict.fromkeys(str(entry[4][0]).split("%", 1)[0] for entry in found))


@cache
def _authorities() -> ssl.SSLContext:
    """Whom this machine trusts to name servers. Read once: it takes longer than all else of a door."""
    return httpcore2.default_ssl_context()


def _refuse_head(envelope: Envelope, response: httpcore2.Response) -> None:
    """Raise for an answer that is none: one that points elsewhere, or comes packed."""
    if 300 <= response.status < 400:
        raise Unavailable(
            f"{envelope.host} answered by pointing somewhere else ({response.status}). It was not followed.",
            remedy="Set the backend's address to the one that answers itself.",
            place=envelope.origin,
        )
    if response.status < 200:
        raise Unavailable(
            f"{envelope.host} wanted to change the protocol. The connection was closed.",
            remedy="Ask again, or use another backend.",
            place=envelope.origin,
        )
    packing = _headers(response.headers).get("content-encoding", "identity").strip().lower()
    if packing not in ("", "identity"):
        raise Unavailable(
            f"{envelope.host} sent a compressed answer that nobody had asked for. It was not unpacked.",
            remedy="Ask again, or use another backend.",
            place=envelope.origin,
        )


async def _body(envelope: Envelope, response: httpcore2.Response, silence_s: float) -> AsyncGenerator[bytes]:
    """The answer's bytes as they come; raises `Unavailable` for one that is too long, too slow or cut off."""
    loop = asyncio.get_running_loop()
    total, since, counted = 0, loop.time(), 0
    try:
        stream = aiter(response.aiter_stream())
        while True:
            async with asyncio.timeout(silence_s):
                piece = await anext(stream, None)
            if piece is None:
                return
            total += len(piece)
            counted += len(piece)
            now = loop.time()
            if now - since >= _MINUTE_S:
                if counted < SLOWEST * (now - since):
                    raise _unavailable(envelope, "answers so slowly that it was given up")
                since, counted = now, 0
            if total > LONGEST_ANSWER:
                raise _unavailable(envelope, f"sent more than {LONGEST_ANSWER >> 20} MB; it was cut off")
            yield piece
    except TimeoutError as error:
        raise _unavailable(envelope, f"went silent for {silence_s:.0f} seconds") from error
    except _FAULTS as error:
        raise _explained(envelope, error) from error
    finally:
        await response.aclose()


async def _heard(body: AsyncGenerator[bytes], trail: Trail, content_type: str) -> AsyncGenerator[bytes]:
    """The same bytes; once all are there, the trail knows what the host said in them."""
    whole: bytearray | None = bytearray()
    async with aclosing(body):
        async for piece in body:
            if whole is not None:
                whole += piece
                if len(whole) > LONGEST_HEARD:
                    # It holds a picture; ids and names of files come in short answers.
                    whole = None
            yield piece
    if whole is not None:
        trail.heard(content_type, bytes(whole))


def _asking() -> Asking:
    who = asking.get()
    if who is None:
        raise Refusal(
            "Something wanted to send on nobody's behalf. Nothing was sent.",
            remedy="Tell the people who made the backend.",
            rule="asked-for",
        )
    return who


_FAULTS: Final = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    httpcore2.ConnectionNotAvailable,
    httpcore2.UnsupportedProtocol,
    OSError,
)


def _explained(envelope: Envelope, error: BaseException) -> Unavailable:
    match error:
        case httpcore2.ConnectError() | httpcore2.ConnectTimeout() | httpcore2.PoolTimeout():
            secure = isinstance(error.__context__, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError)
            if secure or "certificate" in str(error).lower() or "ssl" in str(error).lower():
                return _unavailable(envelope, "could not show that it is who it says it is (its certificate)")
            return _unavailable(envelope, "could not be reached. Nothing was sent")
        case httpcore2.TimeoutException():
            return _unavailable(envelope, "did not answer in time")
        case httpcore2.ProtocolError():
            return _unavailable(
                envelope, "broke off in the middle of its answer, or answered what is no HTTP"
            )
        case _:
            return _unavailable(envelope, "broke the connection")


def _unavailable(envelope: Envelope, what: str) -> Unavailable:
    return Unavailable(
        f"{envelope.host} {what}.",
        remedy="Ask again, or use the model on this machine. It was not tried a second time by itself.",
        place=envelope.origin,
    )


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in pairs}
