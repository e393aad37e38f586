"""What a user can meet: each error says what happened, where, and what to do about it.

`Refusal`, `BadInput` and `Unavailable` are for the person at the keyboard. Any other exception is a bug
and is shown as one.
"""

from __future__ import annotations

from typing import Final


class StudioError(Exception):
    """An error that a person can do something about.

    Attributes:
        message: what happened, one or two plain sentences.
        remedy: what to do now.
        place: where in the input it happened ("line 12", a path), or None.
        rule: id of the rule that said no, or None.
    """

    kind: str = "error"
    #: Exit code on the command line.
    exit_code: int = 2

    def __init__(
        self, message: str, *, remedy: str, place: str | None = None, rule: str | None = None
    ) -> None:
        super().__init__(message)
        self.message: Final = message
        self.remedy: Final = remedy
        self.place: Final = place
        self.rule: Final = rule

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return f"{self.message}{where} {self.remedy}"


class Refusal(StudioError):
    """A rule said no. Nothing was done."""

    kind = "refusal"
    exit_code = 1


class BadInput(StudioError):
    """What was given cannot be read or does not exist; the place says where."""

    kind = "bad_input"


class Unavailable(StudioError):
    """Something that is needed is not there just now; the message says what was tried."""

    kind = "unavailable"


class Conflict(StudioError):
    """A file changed on disk since it was read. Both versions are kept until the person chooses."""

    kind = "conflict"


class Damaged(StudioError):
    """A file of the project, or its record, does not hold what it should."""

    kind = "damaged"
    exit_code = 1


ERRORS: Final[dict[str, type[StudioError]]] = {
    error.kind: error for error in (StudioError, Refusal, BadInput, Unavailable, Conflict, Damaged)
}


def error_of(
    kind: str, message: str, remedy: str, place: str | None = None, rule: str | None = None
) -> StudioError:
    """The error that a message from the other process stands for."""
    return ERRORS.get(kind, StudioError)(message, remedy=remedy, place=place, rule=rule)
