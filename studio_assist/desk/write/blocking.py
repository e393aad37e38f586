"""What the ask box says when a rule says no: made from the gate's sheet, or from the refusal of an ask."""

from __future__ import annotations

from typing import Final

from studio_assist import protocol
from studio_assist.desk.write.ask_box import Blocked
from studio_assist.domain.errors import Refusal

#: A task that is closed until clearance is given.
CLEARANCE: Final = "clearance"
#: Rules that no other host and no clearance mends: about the task, and about the record.
_NOT_THE_GATES: Final = frozenset({"task-fits", "record-intact"})


def blocked_by_gate(sheet: protocol.GateSheet, *, local: bool) -> Blocked:
    """A request that the gate kept here. `local`: a model of this machine can be asked instead."""
    broken = [rule for rule in sheet.rules if not rule.holds]
    # What a person could still have answered is not what blocked it.
    said_no = next((rule for rule in broken if not rule.asks), broken[0] if broken else None)
    return Blocked(
        rule=sheet.why,
        local_applies=local,
        name=said_no.sentence if said_no else "",
        rule_id=said_no.rule if said_no else "",
        request=sheet.request,
        passing=True,
        clearance=True,
        remedy=sheet.remedy,
    )


def blocked_by_refusal(error: Refusal, *, away: bool, local: bool) -> Blocked:
    """An ask that was not taken on. `away`: it would have gone to a host."""
    if error.rule == CLEARANCE:
        # No other model helps: who is imitated does not depend on where that happens.
        return Blocked(
            rule=error.message,
            local_applies=False,
            name="Needs clearance",
            rule_id=CLEARANCE,
            passing=True,
            clearance=True,
            remedy=error.remedy,
        )
    ways_out = away and error.rule not in _NOT_THE_GATES
    return Blocked(
        rule=error.message,
        local_applies=ways_out and local,
        rule_id=error.rule or "",
        passing=True,
        clearance=ways_out and bool(error.rule),
        remedy=error.remedy,
    )
