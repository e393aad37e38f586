"""What a ledger entry is, in a few words for a person who asks where a file comes from.

"Accepted by R. Okafor on 22 Nov, scene 14". No text of a script is in it.
"""

from __future__ import annotations

from datetime import datetime

from studio_assist.broker.story import Story
from studio_assist.domain.errors import StudioError
from studio_assist.domain.record import (
    AttestationMade,
    AttestationRevoked,
    BackendAdded,
    BackendRemoved,
    BoardsImported,
    CandidateMade,
    ClearanceDrafted,
    DecisionMade,
    DecisionUndone,
    Entry,
    Exported,
    Judged,
    NamesAnswered,
    NamesChanged,
    NamesRestored,
    PanelCleared,
    PanelDrawn,
    PanelReplaced,
    PanelRestored,
    PersonAdded,
    Placed,
    PolicyChosen,
    ProjectCreated,
    Replaced,
    Requested,
    ScriptImported,
    SendApproved,
    SendRefused,
    SendSeconded,
    Sent,
    SoundAdded,
    SoundMarked,
)
from studio_assist.domain.values import CandidateId, RequestId

_DECIDED = {"accepted": "Accepted", "edited": "Edited and accepted", "rejected": "Rejected"}
_JUDGED = {
    "ask": "{bytes:,} bytes for {origin} allowed by policy, for a person to send",
    "hold": "{bytes:,} bytes for {origin} held for a person to answer",
    "blocked": "{bytes:,} bytes for {origin} blocked",
}


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
            return f"What decision {body.decision} let in was saved {when}"
        case Replaced() as body:
            return f"The temp text of decision {body.decision} replaced{who} {when}"
        case PanelDrawn() as body:
            how = "A drawing" if body.how == "drawn" else "A picture file"
            return f"{how} put into a panel{who} {when}"
        case PanelReplaced() as body:
            return f"The temp picture of decision {body.decision} replaced by a drawing{who} {when}"
        case PanelCleared() as body:
            return f"The temp picture of decision {body.decision} taken off the board{who} {when}"
        case PanelRestored() as body:
            return f"The temp picture of decision {body.decision} put back{who} {when}"
        case Exported() as body:
            return f"{body.name} exported{who} {when}"
        case ScriptImported() as body:
            return f"{body.source_name} taken in{who} {when}"
        case BoardsImported() as body:
            return f"{body.items:,} {'shot' if body.items == 1 else 'shots'} taken in{who} {when}"
        case SoundAdded() as body:
            how = "recorded" if body.how == "recorded" else "brought in"
            return f"A{' temp' if body.temp else ''} sound {how}{who} {when}"
        case SoundMarked() as body:
            said = "marked as temp" if body.temp else "cleared for delivery"
            return f"A sound {said}{who} {when}"
        case PersonAdded() as body:
            return f"{body.name} began to work in the project {when}"
        case ProjectCreated():
            return f"The project made{who} {when}"
        case (
            Judged()
            | NamesAnswered()
            | SendApproved()
            | SendSeconded()
            | SendRefused()
            | Sent()
            | NamesRestored()
        ) as body:
            return f"{_at_the_gate(body)}{who} {when}{_scene(story, body.request)}"
        case PolicyChosen() as body:
            ids = " + ".join(pin.id for pin in (body.policy, *body.overlays))
            return f"Policy {ids} chosen{who} {when}"
        case BackendAdded() as body:
            return f"{body.backend} at {body.host} set up{who} {when}"
        case BackendRemoved() as body:
            return f"{body.backend} taken away{who} {when}"
        case AttestationMade() as body:
            return f"{body.host} attested to keep nothing, until {body.until},{who} {when}"
        case AttestationRevoked() as body:
            return f"Attestation {body.attestation} taken back{who} {when}"
        case NamesChanged() as body:
            return f"The list of names changed ({body.added} added, {body.removed} removed){who} {when}"
        case ClearanceDrafted() as body:
            return f"Clearance {body.clearance} begun{who} {when}"
        case body:
            kind = body.type.replace("_", " ")
            return f"{kind[0].upper()}{kind[1:]}{who} {when}"


def _at_the_gate(
    body: Judged | NamesAnswered | SendApproved | SendSeconded | SendRefused | Sent | NamesRestored,
) -> str:
    match body:
        case Judged():
            return _JUDGED[body.verdict].format(bytes=body.bytes, origin=body.origin)
        case NamesAnswered():
            return f"{body.count} {'word' if body.count == 1 else 'words'} said to be a name or none"
        case SendApproved():
            session = ", and all of its class in that session," if body.scope == "session" else ""
            return f"{body.bytes:,} bytes for {body.origin}{session} approved"
        case SendSeconded():
            return "The same bytes approved as the second person"
        case SendRefused():
            return "Not sent: refused"
        case Sent():
            return f"{body.bytes:,} bytes sent to {body.origin}, approved in entry {body.approval},"
        case NamesRestored():
            return f"Names put back: {body.clean} whole, {body.mended} mended, {body.unknown} not known,"


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
