"""What left is told: by whom it was allowed, where it went, and who holds it when it is forgotten here."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from broker_work import OTHER, WRITER, Opened, opened
from sending_work import HOST, send_something

from studio_assist import protocol
from studio_assist.broker.entry_words import entry_words
from studio_assist.commands.record import summary
from studio_assist.domain.record import Entry
from studio_assist.domain.values import EntryNumber, RequestId
from studio_assist.ledger import verify


def of(project: Opened, kind: str) -> Entry:
    return project.broker.session.ledger.entries(type=kind, newest_first=True, limit=1)[0]


async def look(project: Opened, kind: str, *, look_only: bool = True) -> protocol.Forgot:
    params = protocol.ForgetParams(
        entry=EntryNumber(of(project, kind).number), why="A name.", person=WRITER, look_only=look_only
    )
    return await project.broker.handle(protocol.FORGET, params)


def test_the_story_of_a_request_says_what_left_and_who_let_it(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            session = project.broker.session
            await session.ready(WRITER)
            await session.ready(OTHER)
            session.meet(OTHER)
            request = send_something(session, WRITER, OTHER)
            (sending,) = session.story.sending(request)
            assert (sending.origin, sending.bytes, sending.times) == (HOST, 512, 1)
            assert (sending.approved_by, sending.seconded_by) == ("R. Okafor", "M. Lind")
            assert (sending.verdict, sending.rules) == ("ask", ("attested", "names"))
            assert (sending.entry, sending.session) == (of(project, "sent").number, False)
            assert session.story.sending(RequestId("none")) == ()
            now = datetime(2027, 1, 1, tzinfo=UTC)
            words = {kind: entry_words(of(project, kind), session.story, now) for kind in project.types()}
            assert f"512 bytes for {HOST} approved by R. Okafor on" in words["send_approved"]
            assert words["send_seconded"].startswith(
                "The same bytes approved as the second person by M. Lind"
            )
            assert f"512 bytes sent to {HOST}, approved in entry {sending.approval}, on" in words["sent"]
            assert words["sent"].endswith(", scene 14")
            assert words["judged"].startswith(f"512 bytes for {HOST} allowed by policy")
            assert (
                summary(of(project, "sent")) == f"512 bytes to {HOST}, approved in entry {sending.approval}"
            )
            assert "may go to" in summary(of(project, "send_approved"))

    asyncio.run(run())
    assert verify(fresh).ok


def test_forgetting_what_left_says_who_has_it(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            await project.broker.session.ready(WRITER)
            send_something(project.broker.session, WRITER)
            # The words of the request stand, names replaced, in what was sent: here and there.
            asked = await look(project, "requested")
            held = {place.file: place for place in asked.still_in}
            assert f"forget entry {of(project, 'judged').number} too" in held["ledger.sqlite"].where
            assert "sent" in held[HOST].where
            done = await look(project, "sent", look_only=False)
            kinds = ("judged", "send_approved", "sent")
            assert done.named_by == tuple(of(project, kind).number for kind in kinds)
            assert [(place.file, place.sure) for place in done.still_in] == [(HOST, True)]
            asked = await look(project, "requested")
            assert "ledger.sqlite" not in {place.file for place in asked.still_in}

    asyncio.run(run())
    assert verify(fresh).ok
