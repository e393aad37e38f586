"""Clearance on the real broker: asked, answered by somebody else, opened in its scope alone, and closed."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from broker_work import WRITER, in_a_loop
from clear_work import FITTING, MARSH, Clearing, Days, clearing

from studio_assist import protocol
from studio_assist.broker.clear_closing import CLOSED
from studio_assist.domain.clearance import Scope
from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.people import AUTOMATED, Person
from studio_assist.domain.record import ClearanceApproved, VerdictGiven
from studio_assist.domain.values import PersonId, sha256_of

HOPPER = "Like a painting by Edward Hopper."


async def cleared(project: Clearing, *names: str, **scope: tuple[str, ...]) -> str:
    """A request about named works that was sent and approved; gives its id."""
    draft = await project.save(names=names)
    await project.send(draft.request.id)
    await project.answer(draft.request.id, names=names, **scope)
    return draft.request.id


@in_a_loop
async def test_a_named_artist_closes_the_task_until_clearance_opens_it_for_that_scene_alone(
    tmp_path: Path,
) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        with pytest.raises(Refusal) as refused:
            await project.ask(HOPPER)
        assert (refused.value.rule, refused.value.place) == (CLOSED, "look-and-mood-reference")
        assert project.types()[-3:] == ["requested", "verdict", "request_ended"]
        verdict = project.broker.session.ledger.entries(type="verdict")[-1].body
        assert isinstance(verdict, VerdictGiven)
        assert verdict.verdict == "blocked"
        found = await project.notice(HOPPER, "14")
        assert found.closed
        assert found.closed.names == ("Edward Hopper",)

        draft = await project.save(names=found.closed.names)
        assert draft.state == "draft"
        again = await project.notice(HOPPER, "14")
        assert again.closed
        assert again.closed.request == draft.request.id
        sent = await project.send(draft.request.id)
        assert sha256_of(Path(sent.pdf).read_bytes()) in str(
            project.broker.session.ledger.entries(type="clearance_sent")[0].canonical()
        )
        assert "Edward Hopper" in sent.text
        seen = await project.answer(draft.request.id, names=("Edward Hopper",), scenes=("14",))
        assert (seen.state, seen.answered_by) == ("approved", "D. Marsh")

        opened = await project.notice(HOPPER, "14")
        assert opened.closed is None
        assert opened.cleared
        assert (await project.notice(HOPPER, "15")).closed
        assert (await project.notice("In the style of Agnes Varda.", "14")).closed
        await project.ask(HOPPER)


@in_a_loop
async def test_an_approval_closes_on_its_day_and_stays_closed_when_the_clock_is_set_back(
    tmp_path: Path,
) -> None:
    days = Days()
    async with clearing(tmp_path / "P.studio", clock=days) as project:
        identifier = await cleared(project, "Edward Hopper")
        assert (await project.notice(HOPPER)).closed is None
        days.ahead = timedelta(days=20)
        desk = await project.desk()
        assert [one.about for one in desk.reminders if one.kind == "clearance"] == [identifier]
        days.ahead = timedelta(days=32)
        assert (await project.notice(HOPPER)).closed
        assert (await project.desk()).requests[0].state == "expired"
        await project.tell()
        days.ahead = timedelta(days=5)
        assert (await project.notice(HOPPER)).closed


@in_a_loop
async def test_an_approval_opens_nothing_once_its_document_is_gone_or_changed(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        await cleared(project, "Edward Hopper")
        (paper,) = (project.folder / "clearance" / "evidence").iterdir()
        kept = paper.read_bytes()
        paper.write_bytes(kept + b"and everything else")
        assert (await project.notice(HOPPER)).closed
        assert (await project.desk()).requests[0].missing
        paper.unlink()
        assert (await project.notice(HOPPER)).closed
        paper.write_bytes(kept)
        assert (await project.notice(HOPPER)).closed is None


@in_a_loop
async def test_a_request_file_that_says_approved_opens_nothing(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        draft = await project.save(names=("Edward Hopper",))
        await project.send(draft.request.id)
        file = project.folder / "clearance" / "requests" / f"{draft.request.id}.json"
        file.write_text(file.read_text("utf-8").replace('"look-and-mood-reference"', '"temp-voice"'), "utf-8")
        assert (await project.desk()).requests[0].request.use == "look-and-mood-reference"
        assert (await project.notice(HOPPER)).closed


@in_a_loop
async def test_nobody_answers_their_own_request(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        draft = await project.save(names=("Edward Hopper",))
        await project.send(draft.request.id)
        twin = Person(id=PersonId("okafor-2"), name="r okafor", role="approver")
        for person in (WRITER, twin, AUTOMATED):
            with pytest.raises(Refusal):
                await project.answer(draft.request.id, person=person, names=("Edward Hopper",))
        with pytest.raises(BadInput, match="document"):
            await project.answer(draft.request.id, evidence=False)
        for until in (date(2020, 1, 1), date(2040, 1, 1)):
            with pytest.raises(BadInput):
                await project.answer(draft.request.id, until=until)
        assert "clearance_approved" not in project.types()


@in_a_loop
async def test_a_draft_is_its_requesters_and_a_sent_request_is_nobodys_to_change(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        draft = await project.save(answers={})
        with pytest.raises(Refusal):
            await project.save(MARSH, id=draft.request.id)
        with pytest.raises(BadInput, match="Question 1"):
            await project.send(draft.request.id)
        attach = protocol.AttachParams(id=draft.request.id, path=str(project.paper()), person=WRITER)
        seen = await project.broker.handle(protocol.ATTACH_EVIDENCE, attach)
        assert [one.name for one in seen.request.evidence] == ["approval.pdf"]
        await project.save(id=draft.request.id, answers=FITTING)
        sent = await project.send(draft.request.id)
        assert [one.name for one in sent.seen.request.evidence] == ["approval.pdf"]
        for call in (project.save(id=draft.request.id), project.send(draft.request.id)):
            with pytest.raises(Refusal, match="was sent"):
                await call
        refused = await project.answer(draft.request.id, "refused")
        assert refused.state == "refused"


@in_a_loop
async def test_what_was_taken_back_closes_at_once(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        identifier = await cleared(project, "Edward Hopper")
        taking = protocol.WithdrawClearanceParams(id=identifier, why="The estate objects.", person=WRITER)
        assert (await project.broker.handle(protocol.WITHDRAW_CLEARANCE, taking)).state == "withdrawn"
        assert (await project.notice(HOPPER)).closed


@in_a_loop
async def test_a_consent_opens_its_person_until_it_is_taken_back(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        await project.name("Petra Hall", "performer", "P. Hall")
        note = "Petra Hall whispers it."
        assert (await project.notice(note)).closed
        params = protocol.AddConsentParams(
            who="Petra Hall",
            kinds=("voice",),
            uses="Temp voice in scene 14.",
            representation="Her agent",
            scope=Scope(until=project.broker.session.now().date() + timedelta(days=9)),
            document=str(project.paper()),
            person=MARSH,
        )
        desk = await project.broker.handle(protocol.ADD_CONSENT, params)
        assert [one.state for one in desk.consents] == ["valid"]
        assert (await project.notice(note)).closed is None
        revoking = protocol.RevokeConsentParams(id=desk.consents[0].consent.id, why="Hers.", person=MARSH)
        await project.broker.handle(protocol.REVOKE_CONSENT, revoking)
        assert (await project.notice(note)).closed


@in_a_loop
async def test_the_productions_own_names_are_no_references(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        assert (await project.notice("She looks like Maya in the first scene.")).found == ()


@in_a_loop
async def test_a_new_project_reminds_of_the_studio_contact_until_somebody_told_them(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        desk = await project.desk()
        assert desk.wants_contact
        assert [one.kind for one in desk.reminders] == ["contact"]
        letter = protocol.ContactTextParams(uses=("alt-lines-and-beats",), person=WRITER)
        assert "Larkspur" in (await project.broker.handle(protocol.CONTACT_LETTER, letter)).subject
        with pytest.raises(BadInput):
            await project.tell("no-such-use")
        desk = await project.tell()
        assert desk.contact
        assert (desk.contact.contact, desk.contact.how, desk.reminders) == ("D. Marsh", "mail", ())


@in_a_loop
async def test_forgotten_names_are_cleared_no_more(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        await cleared(project, "Edward Hopper")
        approved = project.broker.session.ledger.entries(type="clearance_approved")[0]
        assert isinstance(approved.body, ClearanceApproved)
        forgetting = protocol.ForgetParams(entry=approved.number, why="The estate asked.", person=WRITER)
        await project.broker.handle(protocol.FORGET, forgetting)
        assert (await project.notice(HOPPER)).closed
        assert (await project.desk()).requests[0].names == ()


@in_a_loop
async def test_drafts_of_the_first_version_are_read_on(tmp_path: Path) -> None:
    async with clearing(tmp_path / "P.studio") as project:
        folder = project.folder / "clearance" / "requests"
        folder.mkdir()
        (folder / "20261101-0a1b2c3d.json").write_text(
            '{"format_version":1,"id":"20261101-0a1b2c3d","made":"2026-11-01T10:00:00Z","by":'
            '{"id":"okafor-1","name":"R. Okafor","role":"writer","automated":false},"rule":"attested",'
            '"why":"Nobody has attested it.","backend":"host","host":"","request":null,"scene":"14",'
            '"task":"alt-lines","policy":"netflix-2025","state":"draft"}',
            "utf-8",
        )
        (folder / "torn.json").write_text('{"format_version":2', "utf-8")
        desk = await project.desk()
        assert [(one.request.label, one.request.scope.scenes) for one in desk.requests] == [
            ("C-001", ("14",))
        ]
        assert len(desk.problems) == 1
        assert (await project.save(id="20261101-0a1b2c3d")).request.number == 1
