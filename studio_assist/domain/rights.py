"""Who may do what: one table of rights by role, and how a right is found for a person.

A role is given by somebody on the project (`RolesGiven` in the record) or brought along by whoever joins;
whose word counts is in `project_roles`. A right whose roles nobody on the project has is open to everybody
there: a writer who works alone is not locked out of their own project. From the day on which somebody has the
role, it is theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Final

from studio_assist.domain.people import Role


class Right(StrEnum):
    """Something that not everybody on a project may do."""

    ASK = "ask"
    DECIDE = "decide"
    REPLACE = "replace"
    CLEAR = "clear"
    APPROVE = "approve"
    CONSENT = "consent"
    ATTEST = "attest"
    POLICY = "policy"
    FORGET = "forget"
    EXPORT_FINAL = "export-final"
    PEOPLE = "people"


#: The table. Source: the house's first promise (a named person decides), `guidance.md` (approval is another
#: person's), and the issue's list of rights.
RIGHTS: Final[Mapping[Right, frozenset[Role]]] = {
    Right.ASK: frozenset(("writer", "artist", "producer")),
    Right.DECIDE: frozenset(("writer", "artist", "producer")),
    Right.REPLACE: frozenset(("writer", "artist", "producer")),
    Right.CLEAR: frozenset(("writer", "artist", "producer", "approver")),
    Right.APPROVE: frozenset(("approver",)),
    Right.CONSENT: frozenset(("producer", "approver")),
    Right.ATTEST: frozenset(("producer", "approver")),
    Right.POLICY: frozenset(("producer", "approver")),
    Right.FORGET: frozenset(("producer",)),
    Right.EXPORT_FINAL: frozenset(("producer",)),
    Right.PEOPLE: frozenset(("producer",)),
}

#: As the window names them.
WORDS: Final[Mapping[Right, str]] = {
    Right.ASK: "Ask a model",
    Right.DECIDE: "Accept, edit or reject",
    Right.REPLACE: "Mark as replaced",
    Right.CLEAR: "Ask for clearance",
    Right.APPROVE: "Answer clearance requests",
    Right.CONSENT: "Record consent",
    Right.ATTEST: "Attest a provider",
    Right.POLICY: "Choose the policy",
    Right.FORGET: "Forget texts",
    Right.EXPORT_FINAL: "Export the final",
    Right.PEOPLE: "Invite people and give roles",
}


def may(right: Right, roles: Collection[Role], everybodys: Iterable[Role]) -> bool:
    """Whether somebody with these roles has a right.

    Args:
        everybodys: every role that anybody on the project has.
    """
    holders = RIGHTS[right]
    return not holders.isdisjoint(roles) or holders.isdisjoint(everybodys)


def holders(right: Right) -> str:
    """Whose right it is, in words: "an approver or a producer"."""
    told = [f"an {role}" if role[0] in "aeiou" else f"a {role}" for role in sorted(RIGHTS[right])]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} or {told[-1]}"
