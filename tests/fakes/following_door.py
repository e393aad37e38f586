"""The real door with somebody who says yes to everything, for backends whose requests are several calls."""

from __future__ import annotations

import time
import tomllib
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from studio_assist.domain.errors import Refusal
from studio_assist.domain.generation import HostSettings
from studio_assist.domain.provider import card_of
from studio_assist.domain.values import PersonId, RequestId
from studio_assist.gate.approvals import Approvals
from studio_assist.gate.envelope import Envelope
from studio_assist.gate.follow import Trail
from studio_assist.gate.transport import Asking, SealedTransport, asking
from studio_assist.paths import resource

OWN = card_of(tomllib.loads(resource("providers", "own-server.toml").read_text(encoding="utf-8")), "own")


def allowed(method: str, path: str) -> bool:
    """What the card of own servers allows."""
    return any(terms.covers(method, path) for terms in OWN.terms)


@dataclass
class YesKeeper:
    """Approves what comes, or nothing.

    Attributes:
        sheets: what was read together.
        sent: what left with an approval.
    """

    approvals: Approvals
    path: Trail
    says_no: bool = False
    sheets: list[list[Envelope]] = field(default_factory=list[list[Envelope]])
    sent: list[Envelope] = field(default_factory=list[Envelope])

    async def review(self, who: Asking, envelope: Envelope) -> None:
        if not self.approvals.left(envelope.sha256, who.request):
            await self.review_together(who, [envelope])

    async def review_together(self, who: Asking, envelopes: Sequence[Envelope]) -> None:
        self.sheets.append(list(envelopes))
        if self.says_no:
            raise Refusal("A person said no.", remedy="Ask again.", rule="person-decides")
        for envelope in envelopes:
            self.approvals.give(envelope.sha256, who.request, PersonId("okafor-1"))

    async def require_keys(self, who: Asking, values: Iterable[str]) -> None: ...

    async def leaving(self, who: Asking, envelope: Envelope) -> None:
        self.sent.append(envelope)

    def trail(self, who: Asking) -> Trail:
        return self.path


@dataclass
class Door:
    """A door and who stands at it."""

    transport: SealedTransport
    keeper: YesKeeper


@asynccontextmanager
async def following_door(settings: HostSettings, *, says_no: bool = False) -> AsyncGenerator[Door]:
    """A door for one request to this host."""
    approvals = Approvals(time.monotonic)
    keeper = YesKeeper(approvals, Trail(settings.type, settings.url, allowed), says_no)
    transport = SealedTransport(keeper, approvals, silence_s=10.0)
    token = asking.set(Asking(RequestId("r1"), settings.id))
    try:
        yield Door(transport, keeper)
    finally:
        keeper.path.end()
        asking.reset(token)
        await transport.close()


async def no_key(_backend: str) -> str | None:
    """The key of a host that wants none."""
    return None
