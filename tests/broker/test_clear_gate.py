"""The gate reads clearances: personal data leaves only with a written approval, in its scope, and two people."""

from pathlib import Path

import pytest
from broker_work import WRITER, in_a_loop
from clear_work import FITTING, MARSH, Clearing
from gate_work import SECOND, AtGate, at_gate

from studio_assist import protocol
from studio_assist.domain.errors import Refusal
from studio_assist.domain.sensitivity import Sensitivity


async def draft_of(gate: AtGate, sheet: protocol.GateSheet) -> protocol.ClearanceDraft:
    params = protocol.DraftClearanceParams(
        request=sheet.request, rule="approvals", why=sheet.why, backend="host", person=WRITER
    )
    return await gate.broker.handle(protocol.DRAFT_CLEARANCE, params)


def failed(sheet: protocol.GateSheet) -> str:
    """The rule that keeps it shut."""
    return next(check.rule for check in sheet.rules if not check.holds and not check.asks)


@in_a_loop
async def test_personal_data_leaves_once_it_is_approved_for_that_scene_and_two_people_agree(
    tmp_path: Path,
) -> None:
    async with at_gate(tmp_path / "P.studio") as gate:
        clearing = Clearing(gate.project, tmp_path / "P.studio")
        await gate.choose_policy(material=Sensitivity.PERSONAL)
        blocked = await gate.sheet(await gate.ask())
        assert (blocked.verdict, failed(blocked)) == ("blocked", "approvals")
        draft = await draft_of(gate, blocked)
        seen = (await clearing.desk()).requests[0].request
        assert (seen.id, seen.scope.scenes, seen.scope.backends) == (draft.id, ("14",), ("host",))
        await clearing.save(
            id=draft.id,
            use="likeness-of-a-performer",
            answers=FITTING,
            rule="approvals",
            why=seen.why,
            request=seen.request,
            scope=seen.scope,
            scene="14",
            task=seen.task,
            backend="host",
        )
        await clearing.send(draft.id)

        # For another scene first: it opens nothing here.
        await clearing.answer(draft.id, scenes=("15",))
        still = await gate.sheet(await gate.ask())
        assert (still.verdict, failed(still)) == ("blocked", "approvals")

        draft = await draft_of(gate, still)
        await clearing.save(
            id=draft.id, use="likeness-of-a-performer", rule="approvals", why=still.why, request=still.request
        )
        await clearing.send(draft.id)
        await clearing.answer(draft.id, scenes=("14",), backends=("host",))
        request = await gate.ask()
        held = await gate.sheet(request)
        assert held.verdict == "hold"
        with pytest.raises(Refusal):
            await gate.approve(held)
        second = protocol.SecondSendParams(request=request, digest=held.digest, person=SECOND)
        await gate.broker.handle(protocol.SECOND_SEND, second)
        await gate.approve(await gate.sheet(request, after=1))
        assert (await gate.end(request)).state == "done"

        # An open sheet does not outlive the approval that opened it.
        request = await gate.ask()
        sheet = await gate.sheet(request)
        await gate.broker.handle(
            protocol.SECOND_SEND, second.model_copy(update={"request": request, "digest": sheet.digest})
        )
        sheet = await gate.sheet(request, after=1)
        taking = protocol.WithdrawClearanceParams(id=draft.id, why="Enough.", person=MARSH)
        await gate.broker.handle(protocol.WITHDRAW_CLEARANCE, taking)
        before = gate.sent
        with pytest.raises(Refusal):
            await gate.approve(sheet)
        assert gate.sent == before
