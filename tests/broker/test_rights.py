"""Rights by role: one table, held by the broker before anything is done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from broker_work import SCRIPT, new_project, opened

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.domain.candidate import State
from studio_assist.domain.errors import Refusal, StudioError
from studio_assist.domain.people import AUTOMATED, Person, Role
from studio_assist.domain.project_roles import ProjectRoles
from studio_assist.domain.record import Body, Entry, PersonAdded, RolesGiven
from studio_assist.domain.rights import RIGHTS, Right
from studio_assist.domain.values import CandidateId, EntryNumber, PersonId, Value

OKAFOR = Person(id=PersonId("okafor-1"), name="R. Okafor")
LIND = Person(id=PersonId("lind-2"), name="J. Lind", role="producer")
TANAKA = Person(id=PersonId("tanaka-3"), name="S. Tanaka", role="approver")
NDIAYE = Person(id=PersonId("ndiaye-4"), name="A. Ndiaye", role="artist")
TEAM = (OKAFOR, LIND, TANAKA, NDIAYE)
HASH = "ab" * 32


def calls(person: Person, folder: Path) -> list[tuple[Right, protocol.Method[Any, Any], Value]]:
    """One real call for each right."""
    candidate = CandidateId("none-0")
    return [
        (
            Right.ASK,
            protocol.ASK,
            protocol.AskParams(task="no-such", script=SCRIPT, anchor=None, person=person),
        ),
        (
            Right.DECIDE,
            protocol.DECIDE,
            protocol.DecideParams(
                candidate=candidate,
                content=HASH,
                outcome=State.REJECTED,
                result=None,
                place=None,
                person=person,
            ),
        ),
        (
            Right.CLEAR,
            protocol.DRAFT_CLEARANCE,
            protocol.DraftClearanceParams(
                request=None, rule="keeps-nothing", why="", backend="none", person=person
            ),
        ),
        (
            Right.APPROVE,
            protocol.ANSWER_CLEARANCE,
            protocol.AnswerClearanceParams(id="none", answer="refused", given_by="M", person=person),
        ),
        (
            Right.CONSENT,
            protocol.REVOKE_CONSENT,
            protocol.RevokeConsentParams(id="none", why="x", person=person),
        ),
        (
            Right.ATTEST,
            protocol.ATTEST,
            protocol.AttestParams(
                backend="none", evidence=str(folder / "none"), until=date(2099, 1, 1), person=person
            ),
        ),
        (Right.POLICY, protocol.CHOOSE_POLICY, protocol.ChoosePolicyParams(policy="none", person=person)),
        (Right.FORGET, protocol.FORGET, protocol.ForgetParams(entry=EntryNumber(1), why="x", person=person)),
        (
            Right.EXPORT_FINAL,
            protocol.EXPORT,
            protocol.ExportParams(format="pdf", out=str(folder / "no" / "x.pdf"), final=True, person=person),
        ),
        (
            Right.PEOPLE,
            protocol.GIVE_ROLES,
            protocol.GiveRolesParams(who=PersonId("nobody"), roles=("writer",), person=person),
        ),
    ]


async def rule_of(broker: Broker, method: protocol.Method[Any, Any], params: Value) -> str | None:
    """The rule that says no to a call that cannot succeed."""
    with pytest.raises(StudioError) as refused:
        await broker.handle(method, params)
    return refused.value.rule


@asynccontextmanager
async def team(folder: Path) -> AsyncGenerator[Broker]:
    """A project on which four people have worked, one of each role."""
    await new_project(folder)
    async with opened(folder) as project:
        for person in TEAM:
            project.broker.session.meet(person)
        yield project.broker


def test_each_role_may_what_the_table_says_and_nothing_else(tmp_path: Path) -> None:
    async def run() -> None:
        async with team(tmp_path / "Larkspur.studio") as broker:
            for person in TEAM:
                for right, method, params in calls(person, tmp_path):
                    refused = await rule_of(broker, method, params) == f"right-{right.value}"
                    assert refused is (person.role not in RIGHTS[right]), (person.role, right)

    asyncio.run(run())


def test_whose_roles_were_taken_away_opens_nothing_by_the_list_of_works(tmp_path: Path) -> None:
    async def run() -> None:
        async with team(tmp_path / "Larkspur.studio") as broker:
            taking = protocol.GiveRolesParams(who=OKAFOR.id, roles=(), person=LIND)
            await broker.handle(protocol.GIVE_ROLES, taking)
            one = protocol.ClearanceRef(id="none", person=OKAFOR)
            calls: list[tuple[protocol.Method[Any, Any], Value]] = [
                (protocol.REMOVE_REFERENCE, protocol.RemoveReferenceParams(text="none", person=OKAFOR)),
                (protocol.DISCARD_CLEARANCE, one),
                (protocol.ATTACH_EVIDENCE, protocol.AttachParams(id="none", path="none", person=OKAFOR)),
                (protocol.DETACH_EVIDENCE, protocol.DetachParams(id="none", sha256=HASH, person=OKAFOR)),
            ]
            assert [await rule_of(broker, *call) for call in calls] == ["right-clear"] * 4

    asyncio.run(run())


def test_who_works_alone_may_everything(tmp_path: Path) -> None:
    async def run() -> None:
        await new_project(tmp_path / "Alone.studio")
        async with opened(tmp_path / "Alone.studio") as project:
            for right, method, params in calls(OKAFOR, tmp_path):
                assert await rule_of(project.broker, method, params) != f"right-{right.value}"

    asyncio.run(run())


def test_nobody_takes_a_role_of_trust_by_naming_themselves_so(tmp_path: Path) -> None:
    usurper = Person(id=PersonId("new-5"), name="N. Ew", role="producer", also=("approver",))

    async def run() -> None:
        async with team(tmp_path / "Larkspur.studio") as broker:
            forget = protocol.ForgetParams(entry=EntryNumber(1), why="x", person=usurper)
            with pytest.raises(Refusal, match=r"J\. Lind is producer here") as refused:
                await broker.handle(protocol.FORGET, forget)
            assert refused.value.rule == "right-forget"
            # Nor by giving it to themselves, nor after they have worked here under that name.
            broker.session.meet(usurper)
            give = protocol.GiveRolesParams(who=usurper.id, roles=("producer",), person=usurper)
            assert await rule_of(broker, protocol.GIVE_ROLES, give) == "right-people"
            # A producer who takes the approvals too is refused as well: they are another's.
            both = protocol.GiveRolesParams(who=LIND.id, roles=("producer", "approver"), person=LIND)
            assert await rule_of(broker, protocol.GIVE_ROLES, both) == "own-roles"
            # Who has it gives it.
            give = give.model_copy(update={"person": LIND})
            people = await broker.handle(protocol.GIVE_ROLES, give)
            seen = next(one for one in people.members if one.id == usurper.id)
            assert (seen.roles, seen.roles_from) == (("producer",), "J. Lind")
            assert Right.FORGET in seen.rights
            assert Right.APPROVE not in seen.rights
            assert await rule_of(broker, protocol.FORGET, forget) != "right-forget"

    asyncio.run(run())


def test_the_tour_and_the_command_line_take_nothing_from_anybody(tmp_path: Path) -> None:
    command = Person(id=PersonId("cli-build"), name="build")

    async def run() -> None:
        await new_project(tmp_path / "P.studio")
        async with opened(tmp_path / "P.studio", TANAKA) as project:
            broker = project.broker
            broker.session.meet(AUTOMATED)
            broker.session.meet(command)
            broker.session.meet(TANAKA)
            # The writer who made it has gone; an approver may ask nevertheless while R. Okafor is the only one.
            roles = await broker.handle(protocol.LIST_PEOPLE, protocol.Nothing())
            assert {one.id: one.rights for one in roles.members}[AUTOMATED.id][:2] == (
                Right.ASK,
                Right.DECIDE,
            )
            asked = calls(AUTOMATED, tmp_path)[0]
            assert await rule_of(broker, *asked[1:]) != "right-ask"
            answer = calls(command, tmp_path)[3]
            assert await rule_of(broker, *answer[1:]) == "right-approve"
            assert await rule_of(broker, *calls(command, tmp_path)[0][1:]) != "right-ask"

    asyncio.run(run())


# the record alone ---------------------------------------------------------------------------------------


class Told:
    """Roles by a record that is told entry by entry."""

    def __init__(self) -> None:
        self.roles = ProjectRoles()
        self._size = 0

    def came(self, who: str, role: str, by: str | None = None) -> Told:
        return self._note(PersonAdded(person=PersonId(who), name=who, role=role), by or who)

    def gave(self, by: str, who: str, *roles: Role) -> Told:
        return self._note(RolesGiven(person=PersonId(who), roles=roles), by)

    def of(self, who: str) -> tuple[Role, ...]:
        return self.roles.roles_of(PersonId(who))

    def _note(self, body: Body, by: str) -> Told:
        self._size += 1
        number = EntryNumber(self._size)
        self.roles.note(
            Entry(at=datetime(2027, 2, 3, tzinfo=UTC), body=body, number=number, person=PersonId(by))
        )
        return self


def test_an_entry_by_somebody_who_may_not_gives_nothing() -> None:
    told = Told().came("lind", "producer").came("okafor", "writer")
    assert told.gave("okafor", "okafor", "producer").of("okafor") == ("writer",)
    assert told.gave("okafor", "friend", "approver").of("friend") == ()
    assert told.gave("automated", "friend", "approver").of("friend") == ()
    assert told.gave("lind", "friend", "approver").of("friend") == ("approver",)
    # To name somebody else with a role gives them none either.
    assert told.came("other", "producer", by="okafor").of("other") == ()


def test_what_was_given_stands_in_place_of_what_one_says() -> None:
    told = Told().came("lind", "producer writer").gave("lind", "okafor", "artist")
    assert told.came("okafor", "producer approver writer").of("okafor") == ("artist",)
    assert told.gave("lind", "lind", "producer").of("lind") == ("producer",)
    assert told.roles.giver_of(PersonId("lind")) is None
    assert told.roles.giver_of(PersonId("okafor")) == "lind"


def test_before_anybody_is_producer_roles_are_everybodys_to_give() -> None:
    told = Told().came("okafor", "writer")
    assert told.gave("okafor", "lind", "producer").of("lind") == ("producer",)
    # From then on they are the producer's.
    assert told.gave("okafor", "tanaka", "approver").of("tanaka") == ()
    assert told.came("late", "producer").of("late") == ()
