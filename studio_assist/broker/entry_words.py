"""What a ledger entry is, in a few words for a person who asks where a file comes from.

"Accepted by R. Okafor on 22 Nov, scene 14". No text of a script is in it.
"""

from __future__ import annotations

from datetime import datetime

from studio_assist.broker.story import Story
from studio_assist.domain.errors import StudioError
from studio_assist.domain.record import (
    CandidateMade,
    DecisionMade,
    DecisionUndone,
    Entry,
    Exported,
    PersonAdded,
    Placed,
    ProjectCreated,
    Replaced,
    Requested,
    ScriptImported,
)
from studio_assist.domain.values import CandidateId, RequestId

_DECIDED = {"accepted": "Accepted", "edited": "Edited and accepted", "rejected": "Rejected"}


def entry_words(entry: Entry, story: Story, now: datetime | None = None) -> str:
    """One entry in words.

    Args:
        story: of the ledger that the entry stands in.
        now: this year's dates are told without their year.
    """
    when = f"on {_day(entry.at, now or datetime.now().astimezone())}"
    who = f" by {story.name_of(entry.person)[0]}" if entry.person else ""
    match entry.body:
        case DecisionMade() as body:
            automated = " (automated)" if body.automated else ""
            return f"{_DECIDED[body.outcome]}{who}{automated} {when}{_scene_of(story, body.candidate)}"
        case DecisionUndone() as body:
            return f"Decision {body.decision} taken back{who} {when}"
        case CandidateMade() as body:
            return f"Candidate {body.index + 1} of a request, made {when}{_scene(story, body.request)}"
        case Requested() as body:
            scene = f", scene {body.scene}" if body.scene else ""
            return f"{body.task} asked of {body.model}{who} {when}{scene}"
        case Placed() as body:
            return f"The words of decision {body.decision} saved in the script {when}"
        case Replaced() as body:
            return f"The temp text of decision {body.decision} replaced{who} {when}"
        case Exported() as body:
            return f"{body.name} exported{who} {when}"
        case ScriptImported() as body:
            return f"{body.source_name} taken in{who} {when}"
        case PersonAdded() as body:
            return f"{body.name} began to work in the project {when}"
        case ProjectCreated():
            return f"The project made{who} {when}"
        case body:
            kind = body.type.replace("_", " ")
            return f"{kind[0].upper()}{kind[1:]}{who} {when}"


def _scene_of(story: Story, candidate: CandidateId) -> str:
    try:
        return _scene(story, story.candidate_entry(candidate).request)
    except StudioError:
        return ""


def _scene(story: Story, request: RequestId) -> str:
    try:
        scene = story.request_entry(request).scene
    except StudioError:
        return ""
    return f", scene {scene}" if scene else ""


def _day(at: datetime, now: datetime) -> str:
    day = at.astimezone(now.tzinfo)
    words = f"{day.day} {day:%b}"
    return words if day.year == now.year else f"{words} {day.year}"
