"""Lets a provider's SDK run on the one door out: its HTTP client sends through `ports.Transport` alone.

The SDK keeps its message types and its reading of streams. It loses its retries, redirects, proxies, cookies
and everything it would read from the environment.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Final

import httpx2

from studio_assist.domain.errors import StudioError
from studio_assist.domain.ports import Call, Transport

#: What these say in a log are the words that are sent and the keys that go with them.
_TALKATIVE: Final = ("openai", "anthropic", "httpx2", "httpcore2")


class _Sealed(httpx2.AsyncBaseTransport):
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        body = await request.aread()
        reply = await self._transport.send(
            Call(
                method=request.method, url=str(request.url), headers=tuple(request.headers.items()), body=body
            )
        )
        return httpx2.Response(
            reply.status, headers=list(reply.headers.items()), stream=_Stream(reply.body), request=request
        )


class _Stream(httpx2.AsyncByteStream):
    def __init__(self, body: AsyncGenerator[bytes]) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._body:
            yield piece

    async def aclose(self) -> None:
        await self._body.aclose()


def sealed_client(transport: Transport) -> httpx2.AsyncClient:
    """An HTTP client for an SDK, with nothing in it but the door.

    The SDK's own log is shut: a variable in the environment, such as OPENAI_LOG, would be enough to open it.
    """
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return httpx2.AsyncClient(
        transport=_Sealed(transport), trust_env=False, follow_redirects=False, timeout=None, cookies=None
    )


def within(error: BaseException) -> StudioError | None:
    """The error of ours that an SDK wrapped in its own, or None."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, StudioError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None
