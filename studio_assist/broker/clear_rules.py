"""What a clearance request has to be before it is sent and before it is answered."""

from __future__ import annotations

from collections.abc import Sequence

from studio_assist.broker.clearances import Clearances, same_name, state_of
from studio_assist.broker.session import Session
from studio_assist.domain.clearance import Assessment, ClearanceRequest
from studio_assist.domain.clearing import assess, questions_of, rules_answered, use_of
from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.people import Person
from studio_assist.domain.policy import Policy


def require_waiting(clearances: Clearances, request: ClearanceRequest) -> None:
    """Raises `Refusal` where no answer is waited for: then no document is taken in for one either."""
    stood = clearances.stood().get(request.id)
    if stood is None or state_of(stood, clearances.today()) != "sent":
        raise Refusal(
            "No such clearance request waits for an answer.",
            remedy="Send the request first; an answered one is asked anew.",
            rule="clearance-asked",
        )
    if stood.request is None:
        raise Refusal(
            "What was asked for was forgotten, so nobody can say what an answer would open.",
            remedy="Take the request back and begin a new one.",
            rule="clearance-forgotten",
        )


def require_another(
    session: Session, clearances: Clearances, request: ClearanceRequest, person: Person
) -> None:
    """Raises `Refusal` where whoever answers is who asked, by person or by name."""
    askers, ids = {request.by.name}, {request.by.id}
    stood = clearances.stood().get(request.id)
    for step in stood.steps if stood else ():
        if step.person and step.body.type in ("clearance_drafted", "clearance_sent"):
            askers.add(session.story.name_of(step.person)[0])
            ids.add(step.person)
    answering = (person.name, session.story.name_of(person.id)[0])
    if person.id in ids or any(same_name(one, other) for one in askers for other in answering):
        raise Refusal(
            "Whoever asked for clearance cannot answer it.",
            remedy="Ask somebody else on the project to record the answer.",
            rule="clearance-other",
        )


def assessed(request: ClearanceRequest, policies: Sequence[Policy]) -> Assessment:
    use = use_of(policies, request.use)
    return assess(policies, use, request.answers, request.triggers, request.names, request.scope.scenes)


def rules_of(request: ClearanceRequest, policies: Sequence[Policy]) -> tuple[str, ...]:
    """The rules that an approval of a request answers."""
    answered = rules_answered(policies, request.use, request.triggers, request.names, request.rule)
    if request.rule != "approvals":
        return answered
    # The gate's own rule: it speaks for those of the policy that a class needs before it leaves.
    leaving = [policy.leaving for policy in policies if policy.leaving]
    needed = [rule for one in leaving for rules in one.approvals.values() for rule in rules]
    return tuple(dict.fromkeys((*answered, *needed)))


def require_filled(request: ClearanceRequest, policies: Sequence[Policy]) -> None:
    """Raises `BadInput` where a request is not ready to be sent."""
    left = [number for number, one in enumerate(questions_of(policies), 1) if one.id not in request.answers]
    if not request.use:
        raise BadInput("It is not said what for.", remedy="Choose a use on the left.", place="use")
    if use_of(policies, request.use) is None:
        raise BadInput("The policy has no such use.", remedy="Choose one on the left.", place="use")
    if left:
        raise BadInput(
            f"Question {left[0]} has no answer yet.",
            remedy="Answer yes, no or unsure.",
            place=f"question {left[0]}",
        )
    if not request.approver.strip():
        raise BadInput("Nobody is named who could approve it.", remedy="Name them.", place="approver")
