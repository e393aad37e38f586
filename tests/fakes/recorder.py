"""A server that keeps every byte it is sent and answers with exactly what a test says, good or hostile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

#: Pieces of an answer: bytes to write, or seconds to wait; None cuts the connection.
Answer = Sequence[bytes | float | None]


@dataclass
class Recorder:
    """What came in.

    Attributes:
        requests: every request, its head and body as they came.
        connections: how many connections were opened.
    """

    port: int = 0
    requests: list[bytes] = field(default_factory=list[bytes])
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def everything(self) -> bytes:
        """All bytes of all requests."""
        return b"".join(self.requests)


def http(body: bytes, status: str = "200 OK", *headers: str, kind: str = "application/json") -> bytes:
    """A whole answer."""
    head = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def events(*datas: str) -> bytes:
    """A whole answer of server-sent events that ends with its connection."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    return head + b"".join(b"data: " + data.encode() + b"\n\n" for data in datas)


@asynccontextmanager
async def recording(answer: Callable[[bytes], Answer]) -> AsyncGenerator[Recorder]:
    """Serve on a free port of this machine while the block runs."""
    recorder = Recorder()

    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recorder.connections += 1
        task = asyncio.current_task()
        assert task
        serving.add(task)
        try:
            await talk(reader, writer)
        except asyncio.CancelledError:
            # The test is over; the server's own machinery would log a cancelled handler as a fault.
            writer.transport.abort()
        finally:
            serving.discard(task)
            writer.close()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(_length(head))
                recorder.requests.append(head + body)
                closing = False
                for piece in answer(head + body):
                    if piece is None:
                        writer.transport.abort()
                        return
                    if isinstance(piece, float):
                        await asyncio.sleep(piece)
                        continue
                    writer.write(piece)
                    await writer.drain()
                    closing = closing or b"connection: close" in piece.lower()
                if closing:
                    break

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=64 * 1024 * 1024)
    recorder.port = server.sockets[0].getsockname()[1]
    try:
        yield recorder
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
