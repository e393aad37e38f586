"""The policy's questions about a purpose, answered from what the gate can see of a request.

What cannot be seen is "unsure". An answer here opens nothing: the rules do. A person reads them beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from studio_assist.domain.generation import Where
from studio_assist.domain.policy import Principle
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.gate.case import Case
from studio_assist.gate.rules import Check

Answer = Literal["Yes", "No", "Unsure"]

#: Words that ask for somebody else's manner: what comes back may then be close to a work of theirs.
_MANNER: Final = re.compile(
    r"\b(in the (style|manner|voice) of|in [A-Z]\w+'s style|à la|as (if )?(written|drawn|painted|shot) by|"
    r"just like in|inspired by|a copy of|recreate)\b",
    re.IGNORECASE,
)


class Purpose(NamedTuple):
    """One question, its answer, and whether that is the wanted one."""

    question: str
    answer: Answer
    good: bool


def purposes(
    principles: Iterable[Principle], case: Case, checks: Iterable[Check], texts: Iterable[str]
) -> tuple[Purpose, ...]:
    """Every question of a policy that has one.

    Args:
        texts: what is asked, in the person's words.
    """
    held = {check.rule: check.holds for check in checks}
    asked = list(texts)
    return tuple(
        Purpose(principle.question, answer, answer.lower() == principle.wanted)
        for principle in principles
        if principle.question
        for answer in (_answer(principle.id, case, held, asked),)
    )


def _answer(principle: str, case: Case, held: dict[str, bool], texts: list[str]) -> Answer:
    match principle:
        case "no-copying":
            return "Unsure" if any(_MANNER.search(text) for text in texts) else "No"
        case "nothing-kept":
            return "No" if held.get("keeps-nothing") and held.get("attested") else "Yes"
        case "secured-tools":
            own = case.where is not Where.OUTSIDE
            secured = held.get("attested") and held.get("covered") and held.get("encrypted")
            return "Yes" if secured else ("Unsure" if own or case.card is not None else "No")
        case "temporary":
            return "Yes" if case.can_be_marked else "No"
        case "people-first":
            if case.sensitivity is Sensitivity.PERSONAL:
                return "Yes"
            # An agreement that the production works under may cover it; which work it is, a person knows.
            return "Unsure" if len(case.policies) > 1 else "No"
        case _:
            return "Unsure"
