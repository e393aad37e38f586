"""What the gate says about a request before any backend sees it.

A verdict is a positive conjunction: a request goes on only where every condition for it holds. This
release knows one such case, a model that runs on this machine, where nothing leaves. Everything else is
blocked, because no provider can be attested yet.
"""

from __future__ import annotations

from typing import Final, Literal

from studio_assist.domain.generation import BackendInfo, Where
from studio_assist.domain.values import Value

#: Rule: the model runs here and is given no way to send.
STAYS_HERE: Final = "stays-on-this-machine"
#: Rule: what is not attested to keep nothing gets nothing.
NOT_ATTESTED: Final = "provider-not-attested"


class Verdict(Value):
    """What may happen to a request, and the rules that say so.

    Attributes:
        verdict: "here" nothing leaves; "blocked" the request ends.
        why: one plain sentence for a person.
    """

    verdict: Literal["here", "blocked"]
    rules: tuple[str, ...]
    why: str
    remedy: str = ""


def verdict_of(backend: BackendInfo) -> Verdict:
    """The verdict on asking this backend anything about a project."""
    if backend.where is Where.HERE and backend.host is None:
        return Verdict(verdict="here", rules=(STAYS_HERE,), why="Stays on this machine")
    return Verdict(
        verdict="blocked",
        rules=(NOT_ATTESTED,),
        why=f"{backend.name} is not on this machine, and nobody has attested that it keeps nothing.",
        remedy="Use the model on this machine.",
    )
