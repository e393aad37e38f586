"""How the record says no."""

from __future__ import annotations

from studio_assist.domain.errors import Refusal


def hold(holds: bool, message: str, rule: str, remedy: str | None = None) -> None:
    """Raise what `refusal` makes, unless it holds."""
    if not holds:
        raise refusal(message, rule, remedy)


def refusal(message: str, rule: str, remedy: str | None = None) -> Refusal:
    """An entry that must not follow what is in the record, by the rule that says so."""
    return Refusal(message, remedy=remedy or "Nothing was changed.", rule=f"record.{rule}")
