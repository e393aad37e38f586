"""A real broker with a project under the studio's guidance, and people who ask and answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from broker_work import WRITER, Opened, anchor, new_project
from keychains import InMemory

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.broker.keys import Keys
from studio_assist.broker.session import Clock, utc_now
from studio_assist.domain.clearance import Answer, ClearanceSeen, Reference, Scope
from studio_assist.domain.people import Person
from studio_assist.domain.values import PersonId

MARSH = Person(id=PersonId("marsh-1"), name="D. Marsh", role="approver")
#: The answers that let a use go ahead.
FITTING: dict[str, Answer] = {
    "no-copying": "no",
    "nothing-kept": "no",
    "secured-tools": "yes",
    "temporary": "yes",
    "people-first": "no",
}


class Days:
    """A clock that can be moved on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Clearing:
    """One open project."""

    project: Opened
    folder: Path

    @property
    def broker(self):
        return self.project.broker

    async def save(self, person: Person = WRITER, **fields: object) -> ClearanceSeen:
        given = {"use": "look-and-mood-reference", "answers": FITTING, "approver": "D. Marsh"} | fields
        params = protocol.SaveClearanceParams(person=person, **given)  # pyright: ignore[reportArgumentType]
        return await self.broker.handle(protocol.SAVE_CLEARANCE, params)

    async def send(self, identifier: str, person: Person = WRITER) -> protocol.ClearanceSentTo:
        params = protocol.SendClearanceParams(id=identifier, person=person)
        return await self.broker.handle(protocol.SEND_CLEARANCE, params)

    async def answer(
        self,
        identifier: str,
        answer: str = "approved",
        person: Person = MARSH,
        *,
        names: tuple[str, ...] = (),
        until: date | None = None,
        evidence: bool = True,
        **scope: tuple[str, ...],
    ) -> ClearanceSeen:
        last = until or (datetime.now().astimezone() + timedelta(days=30)).date()
        params = protocol.AnswerClearanceParams(
            id=identifier,
            answer="approved" if answer == "approved" else "refused",
            given_by="D. Marsh",
            evidence=(str(self.paper()),) if evidence else (),
            scope=Scope(until=last, **scope),  # pyright: ignore[reportArgumentType]
            names=names,
            person=person,
        )
        return await self.broker.handle(protocol.ANSWER_CLEARANCE, params)

    async def ask(self, note: str = "") -> protocol.Asked:
        text = self.project.state.script
        params = protocol.AskParams(
            task="alt-lines", script=text, anchor=anchor(text), note=note, count=1, person=WRITER
        )
        return await self.broker.handle(protocol.ASK, params)

    async def notice(self, text: str, scene: str | None = None) -> protocol.Noticing:
        params = protocol.NoticeParams(text=text, task="alt-lines", scene=scene)
        return await self.broker.handle(protocol.NOTICE, params)

    async def desk(self) -> protocol.ClearDesk:
        return await self.broker.handle(protocol.SHOW_CLEAR, protocol.Nothing())

    async def name(self, text: str, kind: str = "artist", *aliases: str) -> protocol.ClearDesk:
        reference = Reference(text=text, kind=kind, aliases=aliases)  # pyright: ignore[reportArgumentType]
        params = protocol.SetReferenceParams(reference=reference, person=WRITER)
        return await self.broker.handle(protocol.SET_REFERENCE, params)

    async def tell(self, *uses: str) -> protocol.ClearDesk:
        params = protocol.TellContactParams(
            contact="D. Marsh",
            how="mail",
            told=self.broker.session.now() - timedelta(hours=1),
            uses=uses or ("alt-lines-and-beats",),
            person=WRITER,
        )
        return await self.broker.handle(protocol.TELL_CONTACT, params)

    def paper(self, words: str = "Signed: D. Marsh") -> Path:
        path = self.folder / "approval.pdf"
        path.write_bytes(b"%PDF-1.7 " + words.encode())
        return path

    def types(self) -> list[str]:
        return [entry.body.type for entry in self.broker.session.ledger.entries(limit=10_000)]


@asynccontextmanager
async def clearing(
    folder: Path, *, clock: Clock = utc_now, keys: Keys | None = None
) -> AsyncGenerator[Clearing]:
    """A project in `folder` (made if it is not there) with a writer and somebody who may answer."""
    if not folder.exists():
        await new_project(folder)
    events: list[protocol.Event] = []
    broker = Broker(events.append, keys=keys or Keys(InMemory()), clock=clock)
    try:
        opening = protocol.OpenProjectParams(path=str(folder), person=WRITER)
        state = await broker.handle(protocol.OPEN_PROJECT, opening)
        yield Clearing(Opened(broker, state, events), folder)
    finally:
        await broker.close()
