"""What the other desks want cleared: said by them, taken to the Clear desk by the window."""

from __future__ import annotations

from dataclasses import dataclass

from studio_assist.domain.values import RequestId


@dataclass(frozen=True, slots=True)
class ClearanceWanted:
    """Something that was blocked, or that will be.

    Attributes:
        rule, why: of what said no: the gate's rule, or "clearance" for a task that is closed until then.
        request: the ask that was blocked, where the record has one.
        text: what somebody typed; context: other words of the prompt. Names are looked for in both.
    """

    rule: str
    why: str
    request: RequestId | None = None
    text: str = ""
    context: str = ""
    scene: str | None = None
    task: str = ""
    backend: str = ""
