"""What the gate says about a request: a positive conjunction over everything that has to hold.

A request may go to a person's eyes, and then out, only where every rule holds. A rule that fails, that cannot
be looked at, or that raises, keeps it shut and says which. Nothing here reads a clock, a file or a network.
"""

from __future__ import annotations

import logging
from typing import Final, Literal

from studio_assist.domain.values import Value
from studio_assist.gate.case import Case
from studio_assist.gate.rules import RULES, Check, Rule, Shut

log = logging.getLogger(__name__)

#: Rule: the model runs here and is given no way to send.
STAYS_HERE: Final = "stays-on-this-machine"
_LOCAL_WAY_OUT: Final = "Use the model on this machine, or ask for clearance."


class Verdict(Value):
    """What may happen to a request, and the rules that say so.

    Attributes:
        verdict: "here" nothing leaves; "ask" everything holds and a person has to send; "hold" all that
            is open is a question to a person; "blocked" the request ends.
        rules: ids of the rules that decided: those that failed, or for "ask" all of them.
        checks: every rule with what was found, in the order of the sheet.
        why: one plain sentence for a person.
    """

    verdict: Literal["here", "ask", "hold", "blocked"]
    rules: tuple[str, ...]
    why: str
    remedy: str = ""
    checks: tuple[Check, ...] = ()


#: The verdict for a model without a host: it goes on, and nothing leaves. Whatever has a host is judged on
#: the bytes that it wants to send.
HERE: Final = Verdict(verdict="here", rules=(STAYS_HERE,), why="Stays on this machine")


def judge(case: Case, rules: tuple[Rule, ...] = RULES) -> Verdict:
    """The verdict on exact bytes for a host."""
    checks = tuple(_look(rule, case) for rule in rules)
    failed = tuple(check for check in checks if not check.holds)
    if not checks:
        # No rules: nothing can hold. (A policy engine that is given nothing must not say yes.)
        return Verdict(verdict="blocked", rules=("rules",), why="There are no rules.", remedy=_LOCAL_WAY_OUT)
    if not failed:
        return Verdict(
            verdict="ask",
            rules=tuple(check.rule for check in checks),
            why=f"All {len(checks)} rules hold. It still needs you: nothing goes until you press Send.",
            checks=checks,
        )
    blocking = tuple(check for check in failed if not check.asks)
    first = (blocking or failed)[0]
    return Verdict(
        verdict="blocked" if blocking else "hold",
        rules=tuple(check.rule for check in (blocking or failed)),
        why=first.why,
        remedy=first.remedy or _LOCAL_WAY_OUT,
        checks=checks,
    )


def _look(rule: Rule, case: Case) -> Check:
    try:
        found = rule.look(case)
    except Shut as shut:
        return rule.failed(shut.found, shut.why, shut.remedy)
    except Exception:
        # Whatever goes wrong in looking is a no: a gate that cannot see stays shut.
        log.exception("rule %s", rule.id)
        return rule.failed("Could not be checked", f"This could not be checked: {rule.sentence}", "")
    return rule.held(found)
