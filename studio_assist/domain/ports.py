"""What the rooms need of each other, as ports: the broker brings the two sides together."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .errors import Refusal
from .generation import Event, Style, TextRequest
from .values import Sha256, Value


class ModelFile(Value):
    """A model's weights on this machine.

    Attributes:
        name: as a person knows it ("SmolLM2-135M").
        sha256: what the file must hash to, or None for a file that a person picked.
    """

    path: Path
    name: str
    sha256: Sha256 | None = None


class ModelRuntime(Protocol):
    """Runs a model's weights on this machine, in a process of its own."""

    def generate(
        self, model: ModelFile, request: TextRequest, style: Style = Style.COMPLETION
    ) -> AsyncGenerator[Event, None]:
        """Load the model if it is not loaded, and write; the contract is `TextBackend.generate`'s.

        The request's prompts are of `style`.
        """
        ...


class Signer(Protocol):
    """A person's key in one project. It signs; what it is made of stays where keys are kept.

    Attributes:
        name: the key's name in signed notes, "studio-assist/<project tag>/<person>"; no space, no plus sign.
        public: the 32 bytes of the Ed25519 public key (RFC 8032).
        session_only: no keychain holds it: it ends with this session, and whoever reads a signature is told.
    """

    @property
    def name(self) -> str: ...
    @property
    def public(self) -> bytes: ...
    @property
    def session_only(self) -> bool: ...

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the Ed25519 signature."""
        ...


class Call(Value):
    """One HTTP request, complete. `url` is absolute; `body` is what is sent, byte for byte."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a `Call`: its head, and its body as it arrives. Closing the body ends the connection."""

    status: int
    headers: Mapping[str, str]
    body: AsyncGenerator[bytes]


class Transport(Protocol):
    """The one door out. A backend reaches the network through this and through nothing else."""

    async def send(self, call: Call) -> Reply:
        """Send once the gate, and where needed a person, has let these exact bytes pass.

        Raises `Refusal` when they may not leave and `Unavailable` when the host does not answer. It
        follows no redirect and does not try again.
        """
        ...


class ClosedDoor:
    """The transport of a machine that sends nothing: the state in which the program starts."""

    async def send(self, call: Call) -> Reply:
        raise Refusal(
            "Nothing leaves this machine.",
            remedy="Use the model on this machine.",
            place=call.url.split("?", 1)[0],
            rule="nothing-leaves",
        )
