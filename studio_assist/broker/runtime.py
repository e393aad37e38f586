"""Keeps the model's process: starts it when it is needed, starts it again when it died, and says why.

Whatever happens to the child (a crash, no memory, a processor too old for it, a damaged file) ends as a
plain sentence with a remedy. What had arrived before stands.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any, Final

from studio_assist.backends import weights
from studio_assist.broker.model_trouble import available_memory, cause_of_exit, trouble
from studio_assist.domain.errors import StudioError, Unavailable
from studio_assist.domain.generation import Delta, Event, Failed, Finished, FinishReason, Style, TextRequest
from studio_assist.domain.ports import ModelFile

#: How many choices the runtime makes at once.
PARALLEL: Final = 8
CONTEXT_TOKENS: Final = 8192
#: A child that does not acknowledge a stop within this is ended.
STOP_GRACE_S: Final = 0.2
#: A child that says nothing for so long is taken for hung.
SILENCE_S: Final = 180.0
#: Waits before a start, by how often it died in the last minute; after that it stays down.
BACK_OFF_S: Final = (0.0, 0.2, 1.0, 4.0)
#: Beyond the weights: context, buffers, the interpreter.
OVERHEAD_BYTES: Final = 200 * 2**20


class DiedError(Exception):
    """The child ended; inside this module only."""

    def __init__(self, cause: str, detail: str) -> None:
        super().__init__(cause, detail)
        self.cause = cause
        self.detail = detail


@dataclass
class Stats:
    """What the child did since the program started.

    Attributes:
        load_ms: of the last load.
    """

    starts: int = 0
    deaths: int = 0
    load_ms: int = 0


@dataclass
class _Job:
    inbox: asyncio.Queue[dict[str, Any] | DiedError] = field(default_factory=lambda: asyncio.Queue())


class _Child:
    """One running process that has one model loaded."""

    def __init__(self, process: asyncio.subprocess.Process, model: ModelFile) -> None:
        self.process = process
        self.model = model
        self.jobs: dict[int, _Job] = {}
        self.loaded: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.expected_end = False
        self._said = b""
        self._reading = asyncio.create_task(self._read(), name="model-child-out")
        self._listening = asyncio.create_task(self._listen(), name="model-child-err")

    @property
    def alive(self) -> bool:
        return self.process.returncode is None and not self._reading.done()

    def send(self, **message: object) -> None:
        pipe = self.process.stdin
        if pipe is not None and not pipe.is_closing():
            pipe.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")

    async def end(self) -> None:
        """End the process and wait until it is gone: no zombie stays."""
        self.expected_end = True
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
        await asyncio.gather(self._reading, self._listening, self.process.wait(), return_exceptions=True)

    async def _read(self) -> None:
        refusal: dict[str, Any] | None = None
        garbled = False
        pipe = self.process.stdout
        assert pipe is not None
        try:
            # A last line without its end is what a killed child had begun to say.
            while (line := await pipe.readline()).endswith(b"\n"):
                message: dict[str, Any] = json.loads(line)
                if "id" in message:
                    job = self.jobs.get(message["id"])
                    if job is not None:
                        job.inbox.put_nowait(message)
                elif message["event"] == "refused":
                    refusal = message
                elif message["event"] == "loaded" and not self.loaded.done():
                    self.loaded.set_result(message)
        except (ValueError, KeyError, TypeError):
            garbled = True
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
        status = await self.process.wait()
        await asyncio.wait({self._listening}, timeout=1.0)
        if refusal is not None:
            died = DiedError(refusal["cause"], refusal["detail"])
        elif garbled:
            died = DiedError("crash", "it said what nobody can read")
        else:
            died = DiedError(*cause_of_exit(status, self._said.decode("utf-8", "replace")))
        if not self.loaded.done():
            self.loaded.set_exception(died)
            self.loaded.exception()  # looked at: nobody may be waiting for it
        for job in self.jobs.values():
            job.inbox.put_nowait(died)

    async def _listen(self) -> None:
        pipe = self.process.stderr
        assert pipe is not None
        while chunk := await pipe.read(4096):
            self._said = (self._said + chunk)[-8192:]


class ModelProcess:
    """The supervisor: a `ModelRuntime` whose model runs in one child process.

    One model is loaded at a time; asking for another waits for the running requests, then changes it.
    """

    def __init__(
        self,
        *,
        command: tuple[str, ...] = (sys.executable, "-m", "studio_assist.broker.model_child"),
        threads: int | None = None,
        context_tokens: int = CONTEXT_TOKENS,
        memory_limit_bytes: int = 0,
        silence_s: float = SILENCE_S,
    ) -> None:
        self.stats = Stats()
        self._command = command
        # All cores but one: with every core taken the window stutters and the model is slower, not faster.
        self._threads = threads or max(1, (os.cpu_count() or 2) - 1)
        self._context_tokens = context_tokens
        self._memory_limit_bytes = memory_limit_bytes
        self._silence_s = silence_s
        self._child: _Child | None = None
        self._starting = asyncio.Lock()
        self._idle = asyncio.Condition()
        self._deaths: list[float] = []
        self._last_number = 0
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        return self._child.process.pid if self._child is not None and self._child.alive else None

    async def load(self, model: ModelFile) -> None:
        """Have the model ready, so that the next request starts at once. Errors are `generate`'s."""
        await self._ready(model)

    async def generate(
        self, model: ModelFile, request: TextRequest, style: Style = Style.COMPLETION
    ) -> AsyncGenerator[Event, None]:
        """As `ModelRuntime.generate`."""
        child = await self._ready(model)
        self._last_number += 1
        number = self._last_number
        job = child.jobs[number] = _Job()
        child.send(op="generate", id=number, style=style.value, request=request.model_dump(mode="json"))
        open_choices = set(range(request.count))
        began = False
        done = False
        try:
            while not done:
                try:
                    # Not wait_for: before Python 3.12 it loses a stop that comes with a message.
                    async with asyncio.timeout(self._silence_s):
                        message = await job.inbox.get()
                except TimeoutError:
                    self._note_death()
                    await child.end()
                    message = DiedError("timeout", "")
                problem: StudioError | None = None
                if isinstance(message, DiedError):
                    done = True
                    problem = trouble(message.cause, message.detail, model)
                    cause = message.cause
                else:
                    cause = str(message.get("cause", ""))
                    match message["event"]:
                        case "delta":
                            began = True
                            yield Delta(index=message["index"], text=message["text"])
                        case "finished":
                            began = True
                            open_choices.discard(message["index"])
                            yield Finished(
                                index=message["index"],
                                reason=FinishReason(message["reason"]),
                                tokens=message["tokens"],
                                ms=message["ms"],
                                sureness=message["sureness"],
                            )
                        case "error":
                            problem = trouble(cause, message["detail"], model)
                        case "done":
                            done = True
                        case _:  # progress keeps the silence clock from running out, no more
                            pass
                if problem is not None:
                    if not began:
                        raise problem
                    for index in sorted(open_choices):
                        yield Failed(
                            index=index,
                            message=problem.message,
                            remedy=problem.remedy,
                            kind=problem.kind,
                            cause=cause,
                        )
                    return
        finally:
            if not done and child.alive:
                await self._stop(child, number, job)
            child.jobs.pop(number, None)
            async with self._idle:
                self._idle.notify_all()

    async def close(self) -> None:
        """End the child. The runtime cannot be used afterwards."""
        self._closed = True
        async with self._starting:
            if self._child is not None:
                await self._child.end()
                self._child = None

    # internals

    async def _stop(self, child: _Child, number: int, job: _Job) -> None:
        """Stop one request; end the child if it does not listen and nobody else waits for it."""
        child.send(op="cancel", id=number)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_GRACE_S):
                while True:
                    message = await job.inbox.get()
                    if isinstance(message, DiedError) or message["event"] == "done":
                        return
        if set(child.jobs) <= {number}:
            await child.end()

    async def _ready(self, model: ModelFile) -> _Child:
        async with self._starting:
            if self._closed:
                raise Unavailable("The program is closing.", remedy="Ask again when it is open.")
            child = self._child
            if child is not None and child.alive and child.model == model:
                return child
            if child is not None:
                async with self._idle:
                    await self._idle.wait_for(lambda: not child.jobs or not child.alive)
                if not child.alive and not child.expected_end:
                    self._note_death()
                await child.end()
                self._child = None
            await self._look_at(model)
            await self._back_off()
            return await self._start(model)

    async def _look_at(self, model: ModelFile) -> None:
        """Find out before a process is spent on it what would make the load fail."""
        if not model.path.is_file():
            raise trouble("missing", "", model)
        if model.sha256 is not None:
            await asyncio.to_thread(weights.verify, model.path, model.sha256)
        needed = model.path.stat().st_size + OVERHEAD_BYTES
        free = available_memory()
        if free is not None and needed > free:
            raise trouble(
                "out_of_memory",
                f"{model.name} needs {needed / 2**30:.1f} GB and {free / 2**30:.1f} GB are free.",
                model,
            )

    async def _start(self, model: ModelFile) -> _Child:
        arguments = ["--parent", str(os.getpid())]
        if self._memory_limit_bytes:
            arguments += ["--memory", str(self._memory_limit_bytes)]
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                *arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=2**20,
                start_new_session=sys.platform != "win32",
            )
        except OSError as error:
            raise trouble("crash", str(error), model) from error
        self.stats.starts += 1
        child = self._child = _Child(process, model)
        child.send(
            op="load",
            path=str(model.path),
            threads=self._threads,
            context=self._context_tokens,
            parallel=PARALLEL,
        )
        try:
            async with asyncio.timeout(self._silence_s):
                loaded = await asyncio.shield(child.loaded)
        except DiedError as died:
            self._note_death()
            await child.end()
            self._child = None
            cause, detail = died.cause, died.detail
            if cause == "damaged" and model.sha256 is not None:
                # The runtime gives one reason for every load that fails; these bytes were just verified.
                cause, detail = "out_of_memory", ""
            raise trouble(cause, detail, model) from died
        except TimeoutError as error:
            self._note_death()
            await child.end()
            self._child = None
            raise trouble("timeout", "", model) from error
        except BaseException:
            await child.end()
            self._child = None
            raise
        self.stats.load_ms = loaded["ms"]
        return child

    def _note_death(self) -> None:
        self.stats.deaths += 1
        self._deaths.append(time.monotonic())

    async def _back_off(self) -> None:
        self._deaths = [moment for moment in self._deaths if time.monotonic() - moment < 60.0]
        deaths = len(self._deaths)
        if deaths >= len(BACK_OFF_S):
            raise Unavailable(
                f"The model stopped {deaths} times within a minute, so it is not started again for now.",
                remedy="Wait a minute and ask again, or choose another model.",
            )
        await asyncio.sleep(BACK_OFF_S[deaths])
