"""Attacks on clearance and slips: files changed by hand, other people's names, and days at their edges."""

import sqlite3
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from broker_work import WRITER, in_a_loop
from clear_work import MARSH, clearing

from studio_assist import protocol
from studio_assist.broker import clear
from studio_assist.domain.clearance import Scope
from studio_assist.domain.errors import BadInput, Conflict, Damaged, Refusal
from studio_assist.domain.people import AUTOMATED, Person
from studio_assist.domain.values import PersonId

HOPPER = "Like a painting by Edward Hopper."


@in_a_loop
async def test_the_pdf_of_a_request_replaces_no_file_of_anybodys(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        draft = await project.save()
        mine = tmp_path / "contract.pdf"
        mine.write_bytes(b"signed")
        for out in (project.folder / "ledger.sqlite", project.folder / "clearance" / "x.pdf", mine):
            params = protocol.SendClearanceParams(id=draft.request.id, out=str(out), person=WRITER)
            with pytest.raises(BadInput):
                await project.broker.handle(protocol.SEND_CLEARANCE, params)
        assert mine.read_bytes() == b"signed"
        assert "clearance_sent" not in project.types()


@in_a_loop
async def test_a_draft_that_changes_while_its_pdf_is_made_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        draft = await project.save()
        file = project.folder / "clearance" / "requests" / f"{draft.request.id}.json"

        def changing(*_arguments: object) -> bytes:
            file.write_text(file.read_text("utf-8").replace("D. Marsh", "N. Else"), "utf-8")
            return b"%PDF-1.7"

        monkeypatch.setattr(clear, "clearance_pdf", changing)
        with pytest.raises(Conflict):
            await project.send(draft.request.id)
        assert "clearance_sent" not in project.types()


@in_a_loop
async def test_a_number_and_its_pdf_stay_one_requests(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        draft = await project.save()
        sent = await project.send(draft.request.id)
        assert sent.seen.pdf == sent.pdf
        (project.folder / "clearance" / "requests" / f"{draft.request.id}.json").unlink()
        assert (await project.save()).request.number == 2
        Path(sent.pdf).write_bytes(b"%PDF-1.7 of somebody else's")
        assert [one.pdf for one in (await project.desk()).requests] == ["", ""]


@in_a_loop
async def test_a_forgotten_request_opens_nothing_any_more(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        draft = await project.save(names=("Edward Hopper",))
        await project.send(draft.request.id)
        await project.answer(draft.request.id, names=("Edward Hopper",))
        assert (await project.notice(HOPPER)).closed is None
        sent = project.broker.session.ledger.entries(type="clearance_sent")[0]
        forgetting = protocol.ForgetParams(entry=sent.number, why="The estate asked.", person=WRITER)
        await project.broker.handle(protocol.FORGET, forgetting)
        assert (await project.desk()).requests == ()
        assert (await project.notice(HOPPER)).closed


@in_a_loop
async def test_an_answer_that_nobody_waits_for_takes_no_document_in(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        draft = await project.save()
        with pytest.raises(Refusal, match="waits"):
            await project.answer(draft.request.id)
        await project.send(draft.request.id)
        renamed = WRITER.model_copy(update={"name": "Somebody Else", "role": "approver"})
        with pytest.raises(Refusal, match="Whoever asked"):
            await project.answer(draft.request.id, person=renamed)
        assert not (project.folder / "clearance" / "evidence").exists()
        odd = Person(id=PersonId("odd-1"), name="D. Odd\n(two lines)", role="approver")
        assert (await project.answer(draft.request.id, person=odd)).state == "approved"


@in_a_loop
async def test_what_no_field_can_hold_is_said_and_not_a_fault(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        for backend in ("../x", "UPPER", "x" * 80):
            params = protocol.DraftClearanceParams(
                request=None, rule="attested", why="Blocked.", backend=backend, person=WRITER
            )
            with pytest.raises(BadInput, match="cannot be kept"):
                await project.broker.handle(protocol.DRAFT_CLEARANCE, params)
        draft = await project.save()
        attach = protocol.AttachParams(id=draft.request.id, path="a\0b.pdf", person=WRITER)
        with pytest.raises(BadInput):
            await project.broker.handle(protocol.ATTACH_EVIDENCE, attach)


@in_a_loop
async def test_a_policy_that_is_not_the_records_closes_what_it_would_have_opened(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        assert (await project.notice("A quiet line.")).closed is None
        file = project.folder / "project.toml"
        kept = file.read_text("utf-8")
        for other in ("no-such-policy", "local-only"):
            file.write_text(kept.replace("netflix-2025", other), "utf-8")
            for note in (HOPPER, "A quiet line."):
                with pytest.raises(Refusal, match="policy"):
                    await project.ask(note)
        file.write_text(kept, "utf-8")
        assert (await project.notice("A quiet line.")).closed is None


@in_a_loop
async def test_a_consent_that_a_crash_left_without_its_entry_is_told(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        params = protocol.AddConsentParams(
            who="Petra Hall",
            kinds=("voice",),
            uses="Temp voice.",
            representation="Her agent",
            scope=Scope(until=project.broker.session.now().date() + timedelta(days=9)),
            document=str(project.paper()),
            person=MARSH,
        )
        await project.broker.handle(protocol.ADD_CONSENT, params)
        assert (await project.desk()).problems == ()
        (file,) = (project.folder / "clearance" / "consents").iterdir()
        left = file.read_text("utf-8").replace(file.stem, "20261101-0a1b2c3d")
        (file.parent / "20261101-0a1b2c3d.json").write_text(left, "utf-8")
        assert ["20261101-0a1b2c3d" in one for one in (await project.desk()).problems] == [True]


@in_a_loop
async def test_a_name_that_was_taken_out_of_the_file_by_hand_is_noticed_still(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        await project.name("Petra Hall", "performer")
        (project.folder / "references.toml").unlink()
        assert (await project.notice("Petra Hall whispers it.")).closed
        removing = protocol.RemoveReferenceParams(text="Petra Hall", person=AUTOMATED)
        with pytest.raises(Refusal):
            await project.broker.handle(protocol.REMOVE_REFERENCE, removing)


@in_a_loop
async def test_a_project_with_an_entry_that_cannot_be_read_opens_as_altered(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        await project.tell()
    ledger = sqlite3.connect(tmp_path / "P.studio" / "ledger.sqlite")
    query = "UPDATE entries SET entry = replace(entry, 'contact_told', 'contact_sold') WHERE type = 'contact_told'"
    with ledger:
        ledger.execute(query)
    ledger.close()
    async with clearing(tmp_path / "P.studio") as project:
        assert project.project.state.script
        state = await project.project.state_now(state="altered")
        assert state.why
        with pytest.raises(Refusal):
            await project.ask()


@in_a_loop
async def test_a_list_of_works_that_is_gone_or_torn_opens_nothing(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        await project.name("Petra Hall", "performer")
        file = project.folder / "references.toml"
        kept = file.read_bytes()
        file.unlink()
        assert (await project.notice("Petra Hall whispers it.")).closed
        file.write_bytes(kept[:-20])
        with pytest.raises(Damaged):
            await project.ask("Petra Hall whispers it.")
        file.write_bytes(kept)
        assert (await project.notice("Petra Hall whispers it.")).closed


@in_a_loop
async def test_a_consent_for_this_one_day_can_be_recorded_at_any_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "XXX+12")
    time.tzset()
    try:
        # Half past five in the evening here is the day after in UTC.
        async with clearing(
            tmp_path / "P.studio", clock=lambda: datetime(2126, 5, 3, 5, 30, tzinfo=UTC)
        ) as project:
            params = protocol.AddConsentParams(
                who="Petra Hall",
                kinds=("voice",),
                uses="Temp voice.",
                representation="Her agent",
                scope=Scope(until=date(2126, 5, 2)),
                document=str(project.paper()),
                person=MARSH,
            )
            desk = await project.broker.handle(protocol.ADD_CONSENT, params)
            assert [one.days_left for one in desk.consents] == [1]
    finally:
        monkeypatch.undo()
        time.tzset()
