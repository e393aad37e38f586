"""Approvals: a person's yes to exact bytes, good once and for ten minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from studio_assist.domain.errors import Refusal
from studio_assist.domain.values import PersonId, RequestId, Sha256

#: How long an approval is good for, in seconds.
GOOD_FOR_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Approval:
    """One yes. `until` is in the seconds of the clock that the approvals were made with."""

    digest: Sha256
    request: RequestId
    by: PersonId
    until: float


class Approvals:
    """Yeses that were given and not yet spent.

    Args:
        clock: seconds that only go forward (`time.monotonic`): setting the wall clock back renews nothing.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock: Final = clock
        self._given: dict[tuple[RequestId, Sha256], list[Approval]] = {}

    def give(self, digest: Sha256, request: RequestId, by: PersonId) -> Approval:
        """A person has read these bytes and pressed Send."""
        approval = Approval(digest, request, by, self._clock() + GOOD_FOR_S)
        self._given.setdefault((request, digest), []).append(approval)
        return approval

    def left(self, digest: Sha256, request: RequestId) -> int:
        """How many yeses to exactly these bytes can still be spent."""
        now = self._clock()
        return sum(approval.until > now for approval in self._given.get((request, digest), []))

    def spend(self, digest: Sha256, request: RequestId) -> Approval:
        """Use up one approval of exactly these bytes for this request.

        Raises:
            Refusal: there is none, it was used before, or it is too old.
        """
        given = self._given.get((request, digest), [])
        now = self._clock()
        fresh = [approval for approval in given if approval.until > now]
        if not fresh:
            self._given.pop((request, digest), None)
            why = "was given more than ten minutes ago" if given else "was not given, or was used before"
            raise Refusal(
                f"A person's yes to exactly these bytes {why}. Nothing was sent.",
                remedy="Ask again and read what is sent.",
                rule="approved-bytes",
            )
        self._given[request, digest] = fresh[1:]
        return fresh[0]

    def withdraw(self, request: RequestId) -> None:
        """Forget what is left for a request: it ended."""
        for key in [key for key in self._given if key[0] == request]:
            del self._given[key]
