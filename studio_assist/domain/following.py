"""What follows a request that a person has sent: how far is it, give me the result, stop it.

A backend names a shape and what stands in its slots, and the gate makes the bytes. So there is no place in a
follow-up in which words could go: what may stand in a slot is what the host was sent already, with a person's
yes, or what it answered itself (`gate.follow`). The shapes are data of the program, in
`resources/follow-ups`; a plugin brings none, and asks through the sheet.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol, runtime_checkable

from .errors import Refusal
from .ports import Call, Reply, Transport
from .values import Value


class FollowUp(Value):
    """One follow-up.

    Attributes:
        shape: its id in the file of the backend's type: "history".
        values: what stands in its slots, in their order.
        key: the header that names the host's key ("Bearer …"), or "" where it wants none.
    """

    shape: str
    values: tuple[str, ...] = ()
    key: str = ""


@runtime_checkable
class Following(Protocol):
    """The one door out, for backends whose request is more than one call."""

    async def send(self, call: Call) -> Reply:
        """As `ports.Transport.send`."""
        ...

    async def present(self, calls: Sequence[Call]) -> None:
        """Have a person read all these calls at once. Each then goes out by `send`, in any order, once.

        Raises `Refusal` where one of them may not leave, or the person does not send them.
        """
        ...

    async def follow(self, follow_up: FollowUp) -> Reply:
        """Send a follow-up of the request that is under way.

        Raises `Refusal` for one that does not belong to it, and `Unavailable` as `send` does.
        """
        ...

    def listen(self, follow_up: FollowUp) -> AsyncGenerator[str | bytes, None]:
        """The messages of a websocket, as they come. Nothing can be said on it.

        Raises as `follow` does; it ends where the host ends it.
        """
        ...


class NoFollowing:
    """A door that lets nothing follow: what leaves by it is one call at a time."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def send(self, call: Call) -> Reply:
        return await self._transport.send(call)

    async def present(self, calls: Sequence[Call]) -> None:
        raise _closed()

    async def follow(self, follow_up: FollowUp) -> Reply:
        raise _closed()

    async def listen(self, follow_up: FollowUp) -> AsyncGenerator[str | bytes, None]:
        raise _closed()
        yield ""  # makes it a generator, as the contract wants


def following(transport: Transport) -> Following:
    """The same door, where it lets something follow; else one that says that it does not."""
    return transport if isinstance(transport, Following) else NoFollowing(transport)


def _closed() -> Refusal:
    return Refusal(
        "Nothing leaves this machine.", remedy="Use the model on this machine.", rule="nothing-leaves"
    )
