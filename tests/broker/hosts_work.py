"""What the tests of hosts and attestations share: the real parts on a real project, without a network."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from broker_work import WRITER, new_project
from keychains import InMemory

from studio_assist import protocol
from studio_assist.backends.hookspec import BackendConfig
from studio_assist.backends.registry import Backends
from studio_assist.broker.hosts import Hosts
from studio_assist.broker.house import House
from studio_assist.broker.keys import Backend, Keys
from studio_assist.broker.session import Session
from studio_assist.domain.generation import BackendInfo, HostSettings
from studio_assist.domain.people import Person
from studio_assist.domain.ports import ClosedDoor
from studio_assist.gate.case import Attested
from studio_assist.ledger.store import Ledger

KEY = "sk-test-51xYzzPlugh0123456789"
NORTHLIGHT = HostSettings(
    id="northlight",
    type="openai-compatible",
    name="Northlight Inference",
    url="https://api.northlight.example/v1",
    model="nl-large",
)
OPENAI = HostSettings(id="openai", type="openai", url="https://api.openai.com/v1", model="gpt-5")
OWN = HostSettings(id="own", type="openai-compatible", url="http://127.0.0.1:8080/v1", model="qwen3")
NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
UNTIL = date(2027, 2, 3)


@dataclass
class Clock:
    """A clock that a test can set."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def go(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Working:
    """The hosts of one open project."""

    folder: Path
    home: Path
    session: Session
    clock: Clock
    hosts: Hosts = field(init=False)
    answers: dict[tuple[int, str], bytes] = field(default_factory=dict[tuple[int, str], bytes])
    backends: Backends | None = None

    async def look(self, port: int, path: str) -> bytes | None:
        return self.answers.get((port, path))

    def made(self) -> Backends:
        """The backends, made anew where a host has changed."""
        if self.backends is None:
            config = BackendConfig(
                transport=ClosedDoor(),
                runtime=cast("Any", None),
                hosts=self.hosts.settings(),
                key_of=self.hosts.key_of,
            )
            self.backends = Backends(config)
        return self.backends

    def info(self, backend: str) -> BackendInfo:
        return self.made().get(backend).info

    def standing(self, backend: str) -> protocol.Standing:
        return self.hosts.standings([self.info(backend)])[0]

    def forget(self) -> None:
        self.backends = None

    async def add(
        self,
        settings: HostSettings,
        key: str | None = None,
        *,
        for_project: bool = True,
        person: Person = WRITER,
    ) -> protocol.BackendAdded:
        params = protocol.AddBackendParams(settings=settings, key=key, person=person, for_project=for_project)
        return await self.hosts.add_backend(params)

    async def attest(
        self, backend: str = "northlight", until: date = UNTIL, person: Person = WRITER, **more: Any
    ) -> protocol.Attested:
        evidence = self.home / "Letter of 3 Nov.PDF"
        if not evidence.exists():
            evidence.write_bytes(b"%PDF-1.7 Northlight keeps nothing.")
        fields: dict[str, Any] = {"evidence": str(evidence)} | more
        return await self.hosts.attest(
            protocol.AttestParams(backend=backend, until=until, person=person, **fields)
        )

    def attested(self, backend: str = "northlight", host: str = "api.northlight.example") -> Attested | None:
        return self.hosts.attested(self.session, backend, host)

    def bodies(self, kind: str) -> list[Any]:
        return [entry.body for entry in self.session.ledger.entries(type=kind, limit=1000)]


@asynccontextmanager
async def working(
    folder: Path,
    home: Path,
    *,
    keychain: Backend | None = None,
    clock: Clock | None = None,
    limit_s: float = 5,
) -> AsyncGenerator[Working]:
    """Hosts on a project, which is made where there is none."""
    path = folder / "Larkspur.studio"
    if not path.exists():
        await _project_at(path)
    clock = clock or _clock_after(path)
    keys = Keys(keychain if keychain is not None else InMemory(), limit_s=limit_s)
    session = Session.open(path, WRITER, tell=lambda _event: None, clock=clock, keys=keys)
    work = Working(path, home, session, clock)
    work.hosts = Hosts(
        home, keys, House(home, lambda: session), lambda: session, work.forget, work.info, work.look
    )
    try:
        await session.check_record()
        yield work
    finally:
        await session.close()


#: A new project's files: it is made once.
_new: dict[Path, bytes] = {}


async def _project_at(path: Path) -> None:
    if not _new:
        await new_project(path)
        files = (file for file in path.rglob("*") if file.is_file())
        _new.update({file.relative_to(path): file.read_bytes() for file in files})
    for place, data in _new.items():
        (path / place).parent.mkdir(parents=True, exist_ok=True)
        (path / place).write_bytes(data)


def _clock_after(path: Path) -> Clock:
    """A clock that is not behind the record, which this machine's own clock began."""
    with Ledger.open(path / "ledger.sqlite", read_only=True, at_rest=True) as ledger:
        last = ledger.entry(ledger.size).at
    return Clock(max(last, NOW))
