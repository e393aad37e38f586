"""Asking for clearance: what the gate blocked, put to somebody who may allow it.

The value is what `clearance/requests/<id>.json` of a project holds. It holds no text of the script: what is
to be cleared is named by the request's entry in the record.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from studio_assist.domain.people import Person
from studio_assist.domain.record import Slug
from studio_assist.domain.values import RequestId, UtcTime, Value


class ClearanceRequest(Value):
    """One request for clearance.

    Attributes:
        by: who asks; somebody else has to decide.
        rule, why: the rule of the gate or the policy that said no, and its sentence.
        host: where it was to be sent; "" where nothing was asked yet.
        request, scene, task: what was asked, as the record has it; None and "" for no request in particular.
        policy: id of the project's policy when it was asked.
    """

    format_version: Literal[1] = 1
    id: Slug
    made: UtcTime
    by: Person
    rule: Slug
    why: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    backend: str
    host: str = ""
    request: RequestId | None = None
    scene: str | None = None
    task: str = ""
    policy: str
    state: Literal["draft"] = "draft"


def letter_of(clearance: ClearanceRequest, title: str, policy: str) -> str:
    """The request in plain words, to be copied into a mail.

    Args:
        title: the production's.
        policy: title of the policy.
    """
    where = f"{clearance.backend} at {clearance.host}" if clearance.host else clearance.backend
    what = clearance.task or "a request"
    scene = f", scene {clearance.scene}" if clearance.scene else ""
    return f"""\
Clearance request {clearance.id}: {title}

{clearance.by.name} asks for clearance to send material of this production to {where}.
What for: {what}{scene}.
Why it needs clearance: {clearance.why.strip()} (rule: {clearance.rule})
The project works under: {policy}.

Please answer in writing, yes or no. A yes says for what it holds, for how long, and who gives it. Nothing
is sent until then.
"""
