"""The broker's process: JSON-RPC lines in on standard input, lines out on standard output.

Standard output belongs to the protocol alone. It is taken aside before anything else is imported, so that a
library that prints cannot break a message.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import traceback
from asyncio import StreamReader
from types import TracebackType
from typing import Final

from studio_assist import protocol
from studio_assist.broker import walls
from studio_assist.broker.broker import Broker
from studio_assist.domain.errors import StudioError, Unavailable

#: The longest message: a script of several megabytes with its spans.
LONGEST_LINE: Final = 256 * 1024 * 1024
#: How long calls that are under way may take when the desk leaves, in seconds.
LAST_CALLS_S: Final = 1.0


class Server:
    """Reads calls, runs each as a task of its own, and writes answers and events as they come."""

    def __init__(self, out: int) -> None:
        self._out: Final = out
        self._broker: Final = Broker(self._tell, wall=walls.stand())
        self._calls: set[asyncio.Task[None]] = set()

    async def serve(self, lines: StreamReader) -> None:
        """Serve until standard input ends or the desk says goodbye."""
        try:
            while line := await lines.readline():
                try:
                    call = protocol.decode_call(line)
                except StudioError as error:
                    self._write(protocol.encode_error(None, error))
                    continue
                if call.method is protocol.SHUT_DOWN:
                    self._write(protocol.encode_result(call.id, protocol.Nothing()))
                    break
                task = asyncio.create_task(self._answer(call))
                self._calls.add(task)
                task.add_done_callback(self._calls.discard)
        finally:
            # A decision or a save that was read just before the end is carried out, not dropped.
            if self._calls:
                await asyncio.wait(self._calls, timeout=LAST_CALLS_S)
            await self._broker.close()
            await asyncio.gather(*self._calls, return_exceptions=True)

    async def _answer(self, call: protocol.Call) -> None:
        try:
            done = await self._broker.handle(call.method, call.params, again=call.again)
            answer = protocol.encode_result(call.id, done)
        except StudioError as error:
            answer = protocol.encode_error(call.id, error)
        except OSError as error:
            # A disk or file fault that no room put into words still reaches the person as what it is.
            answer = protocol.encode_error(
                call.id,
                Unavailable(
                    f"The disk said no: {error.strerror or error}.",
                    remedy="Look at the folder and the free space, then try again. Nothing was half written.",
                    place=str(error.filename) if error.filename else None,
                ),
            )
        except Exception as error:  # noqa: BLE001  # the edge of the process: a bug is told, never swallowed
            answer = protocol.encode_bug(call.id, details_of(error))
        self._write(answer)

    def _tell(self, event: protocol.Event) -> None:
        self._write(protocol.encode_event(event))

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        # The desk went away: the project is closed in order by the end of standard input.
        with contextlib.suppress(BrokenPipeError):
            while view:
                view = view[os.write(self._out, view) :]


def details_of(error: BaseException) -> str:
    """A traceback without values: where it went wrong, and the kind of error, but no text of a script."""
    trace: TracebackType | None = error.__traceback__
    frames = "".join(traceback.format_tb(trace))
    return f"{frames}{type(error).__name__}"


async def _run(out: int) -> None:
    lines = StreamReader(limit=LONGEST_LINE)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    await Server(out).serve(lines)


def main() -> int:
    """Serve on this process's standard input and output."""
    out = os.dup(1)
    # What any library prints goes to the log instead.
    os.dup2(2, 1)
    try:
        asyncio.run(_run(out))
    except KeyboardInterrupt:
        return 0
    return 0
