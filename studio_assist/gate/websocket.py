"""A websocket on which only the host speaks (RFC 6455): its frames become messages, and nothing is said back.

What leaves after the greeting is what the protocol itself asks for: an answer to a ping, with the host's own
bytes, and the end. No extension is offered, so that nothing comes packed.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import AsyncGenerator, Mapping
from typing import Final, Protocol

from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Ping, TextMessage
from wsproto.frame_protocol import CloseReason

#: The longest message: a preview of 4K as PNG is below.
LONGEST_MESSAGE: Final = 32 * 2**20
_READ: Final = 64 * 1024
#: RFC 6455 §1.3.
_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

#: What makes a request a websocket's. There is no Origin: ComfyUI refuses one that is not its own.
GREETING: Final = {"connection": "Upgrade", "upgrade": "websocket", "sec-websocket-version": "13"}


class Stream(Protocol):
    """The connection below."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes: ...
    async def write(self, buffer: bytes, timeout: float | None = None) -> None: ...


def fresh_key() -> str:
    """A `Sec-WebSocket-Key`: 16 random bytes."""
    return base64.b64encode(secrets.token_bytes(16)).decode()


def accepted(headers: Mapping[str, str], key: str) -> bool:
    """Whether the answer to the greeting is one, and to this one; with an extension it is not."""
    proof = base64.b64encode(hashlib.sha1(key.encode() + _GUID, usedforsecurity=False).digest()).decode()
    return (
        headers.get("upgrade", "").lower() == "websocket"
        and headers.get("sec-websocket-accept") == proof
        and not headers.get("sec-websocket-extensions")
    )


async def messages(stream: Stream, silence_s: float) -> AsyncGenerator[str | bytes, None]:
    """The host's messages, whole, until it closes.

    Raises:
        ValueError: a message that is too long, or frames that are none.
    """
    connection = Connection(ConnectionType.CLIENT, extensions=[])
    pieces: list[str | bytes] = []
    held = 0
    while True:
        data = await stream.read(_READ, timeout=silence_s)
        if not data:
            return
        connection.receive_data(data)
        for event in connection.events():
            match event:
                case Ping():
                    await stream.write(connection.send(event.response()), timeout=silence_s)
                case CloseConnection():
                    if event.code not in (CloseReason.NORMAL_CLOSURE, CloseReason.GOING_AWAY, None):
                        raise ValueError("the connection was not closed in order")
                    await stream.write(connection.send(event.response()), timeout=silence_s)
                    return
                case TextMessage() | BytesMessage():
                    pieces.append(event.data if isinstance(event.data, str) else bytes(event.data))
                    held += len(event.data)
                    if held > LONGEST_MESSAGE:
                        raise ValueError("a message is longer than any that is meant")
                    if event.message_finished:
                        yield _joined(pieces)
                        pieces, held = [], 0
                case _:
                    pass


def _joined(pieces: list[str | bytes]) -> str | bytes:
    if isinstance(pieces[0], str):
        return "".join(piece for piece in pieces if isinstance(piece, str))
    return b"".join(piece for piece in pieces if isinstance(piece, bytes))
