"""What backends at a host have in common: their info, their choices one by one, and errors in plain words."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Final, Literal

from studio_assist.domain.errors import BadInput, Refusal, StudioError, Unavailable
from studio_assist.domain.generation import (
    BackendInfo,
    Capabilities,
    Delta,
    Event,
    Failed,
    Finished,
    FinishReason,
    HostSettings,
    Style,
    TextRequest,
)
from studio_assist.domain.pictures import PictureEvent
from studio_assist.domain.ports import Transport
from studio_assist.domain.provider import where_is

#: What went wrong, as programs are told: see `generation.Failed.cause`.
Trouble = Literal["key", "quota", "moderation", "timeout", "malformed", "missing", "refused", "lost", "other"]
#: How many choices are asked for at once.
AT_ONCE: Final = 4


class HostError(Unavailable):
    """A host said no, or said nothing that can be read.

    Attributes:
        cause: which kind of trouble it is.
    """

    def __init__(self, cause: Trouble, message: str, *, remedy: str, place: str | None = None) -> None:
        super().__init__(message, remedy=remedy, place=place)
        self.cause: Final = cause


def trouble(cause: Trouble, host: str, said: str = "") -> HostError:
    """The error for a kind of trouble. `said` is the host's own short word for it, or ""."""
    told = f" It said: {said}" if said else ""
    words: dict[Trouble, tuple[str, str]] = {
        "key": (
            f"{host} does not accept the key.{told}",
            "Give it the right key: Key… in the list of models.",
        ),
        "quota": (
            f"{host} will not do more for this account just now.{told}",
            "Wait, look at the account's limits, or use the model on this machine.",
        ),
        "moderation": (
            f"{host} refused to answer this.{told}",
            "Change the wording, or use the model on this machine. It is not asked again by itself.",
        ),
        "timeout": (f"{host} did not answer in time.", "Ask again, or use the model on this machine."),
        "malformed": (
            f"{host} answered what cannot be read.{told}",
            "Check that the address is that of an API of this type.",
        ),
        "missing": (
            f"{host} knows no such model or address.{told}",
            "Check the model's name and the address; add the host once more under the same id.",
        ),
        "refused": (
            f"{host} did not accept the request.{told}",
            "Use another model, or the one on this machine.",
        ),
        "lost": (
            f"{host} does not know this request, or has its result no more.{told}",
            "Ask again.",
        ),
        "other": (
            f"{host} failed.{told}",
            "Ask again, or use the model on this machine. It was not tried a second time by itself.",
        ),
    }
    message, remedy = words[cause]
    return HostError(cause, message, remedy=remedy, place=host)


def info_of(
    settings: HostSettings, *, kinds: tuple[Literal["text", "pictures"], ...] = ("text",)
) -> BackendInfo:
    """What is shown of a backend at a host. What it keeps is for the cards and attestations to say."""
    return BackendInfo(
        id=settings.id,
        name=settings.name or settings.id,
        kinds=kinds,
        where=where_is(settings.hostname),
        host=settings.authority,
        model=settings.model,
        quality="",
        retention_days=None,
        trains=None,
        ready=bool(settings.model),
        why="" if settings.model else "It is not said which model to ask for.",
        remedy="" if settings.model else "Add the host once more under the same id, with its model.",
        capabilities=Capabilities(
            text="text" in kinds,
            pictures="pictures" in kinds,
            streaming="text" in kinds,
            stop=True,
            parallel=AT_ONCE,
            seed=False,
            style=Style.CHAT,
        ),
    )


def failed(index: int | None, error: StudioError) -> Failed:
    """The event for an error."""
    return Failed(
        index=index,
        message=error.message,
        remedy=error.remedy,
        kind=error.kind,
        cause=getattr(error, "cause", "other"),
    )


async def settled(stream: AsyncGenerator[PictureEvent]) -> AsyncGenerator[PictureEvent]:
    """The same pictures; what goes wrong once something has come is an event, as the contract has it."""
    begun = False
    try:
        async with aclosing(stream):
            async for event in stream:
                begun = True
                yield event
    except StudioError as error:
        if not begun:
            raise
        yield failed(None, error)


#: Asks for one choice: yields its pieces of text, then its end and its tokens.
OneChoice = Callable[[int], AsyncGenerator[str | tuple[FinishReason, int]]]


async def choices(
    request: TextRequest, host: str, one: OneChoice, explain: Callable[[BaseException], StudioError]
) -> AsyncGenerator[Event]:
    """All choices of a request, a few at a time, mixed as they come.

    The first choice goes ahead until its first word: where it fails, nothing else is sent.

    Raises `StudioError` before the first event, as `TextBackend.generate` does.
    """
    inbox: asyncio.Queue[Event | BaseException | None] = asyncio.Queue()
    began = time.monotonic()
    gate = asyncio.Semaphore(AT_ONCE)

    async def run(index: int) -> None:
        async with gate:
            ended = False
            try:
                async with aclosing(one(index)) as pieces:
                    async for piece in pieces:
                        if isinstance(piece, str):
                            if piece:
                                await inbox.put(Delta(index=index, text=piece))
                            continue
                        reason, tokens = piece
                        ended = True
                        ms = round((time.monotonic() - began) * 1000)
                        await inbox.put(Finished(index=index, reason=reason, tokens=tokens, ms=ms))
                if not ended:
                    raise trouble("malformed", host, "the answer broke off")
            except asyncio.CancelledError:
                raise
            except BaseException as error:  # noqa: BLE001  # told below, by whoever reads
                error.__dict__["choice"] = index
                await inbox.put(error)
            else:
                await inbox.put(None)

    started: set[asyncio.Task[None]] = set()

    def start(index: int) -> None:
        started.add(asyncio.create_task(run(index)))

    told = False
    try:
        start(0)
        left, next_index = request.count, 1
        while left:
            event = await inbox.get()
            if isinstance(event, BaseException):
                left -= 1
                problem = explain(event)
                if not told:
                    raise problem
                yield failed(event.__dict__["choice"], problem)
            elif event is None:
                left -= 1
            else:
                told = True
                yield event
            while told and next_index < request.count:
                start(next_index)
                next_index += 1
    finally:
        for task in started:
            task.cancel()
        await asyncio.gather(*started, return_exceptions=True)


#: What stands in a key's place where a server needs none.
NO_KEY: Final = "none"
#: Where a backend gets its key: from the keychain or a named variable, by the broker's hand.
KeyOf = Callable[[str], Awaitable[str | None]]


async def key_for(settings: HostSettings, key_of: KeyOf) -> str:
    """The key, or a placeholder for hosts of one's own, which need none."""
    key = await key_of(settings.id)
    if key:
        if key != key.strip() or any(not 32 < ord(letter) < 127 for letter in key):
            raise BadInput(
                "The key holds characters that no key has.",
                remedy="Copy it once more from the provider's page.",
                place=settings.id,
            )
        return key
    return NO_KEY


def refused_by(error: StudioError) -> bool:
    """Whether the gate or a person said no, so that it is theirs to explain."""
    return isinstance(error, Refusal)


class AtHost:
    """What every backend at a host is made with."""

    def __init__(self, settings: HostSettings, transport: Transport, key_of: KeyOf) -> None:
        self.settings: Final = settings
        self._transport: Final = transport
        self._key_of: Final = key_of
        self.host: Final = settings.hostname

    @property
    def info(self) -> BackendInfo:
        """As `TextBackend.info`."""
        return info_of(self.settings)
