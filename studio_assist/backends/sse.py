"""Server-sent events as they come over the door (WHATWG HTML §9.2.6), with a limit on what one may hold."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from typing import Final, NamedTuple

#: The longest event in bytes; one token of text is far below, a partial picture of 4K as base64 fits.
LONGEST_EVENT: Final = 64 * 1024 * 1024


class ServerEvent(NamedTuple):
    """One event: its name ("message" where it has none) and its data, lines joined by newlines."""

    name: str
    data: str


async def server_events(body: AsyncIterable[bytes]) -> AsyncIterator[ServerEvent]:
    """The events of a body. One without its closing blank line is not an event.

    Raises:
        ValueError: an event that is too long, or bytes that are no UTF-8.
    """
    buffer = bytearray()
    name, data, held = "", list[str](), 0
    async for piece in body:
        buffer += piece
        start = 0
        while (end := _line_end(buffer, start)) is not None:
            line = buffer[start : end[0]].decode("utf-8")
            start = end[1]
            if not line:
                if data:
                    yield ServerEvent(name or "message", "\n".join(data))
                name, data, held = "", [], 0
                continue
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            held += len(value)
            if field == "data":
                data.append(value)
            elif field == "event":
                name = value
        del buffer[:start]
        if held + len(buffer) > LONGEST_EVENT:
            raise ValueError("an event is longer than any that is meant")


def _line_end(buffer: bytearray, start: int) -> tuple[int, int] | None:
    """Where a line ends, and where the next begins; a carriage return at the very end may be half a break."""
    feed, back = buffer.find(b"\n", start), buffer.find(b"\r", start)
    if back >= 0 and (feed < 0 or back < feed):
        if back + 1 == len(buffer):
            return None
        return back, back + 1 + (buffer[back + 1] == 10)
    return (feed, feed + 1) if feed >= 0 else None
