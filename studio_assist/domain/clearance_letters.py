"""Words about clearance for people outside: mails to be copied, and what stands on a request's paper.

The app sends nothing. A letter says all that whoever answers has to know, and what their answer has to say.
Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from studio_assist.domain.clearance import Answer, Assessment, ClearanceRequest, Evidence, Reason, Scope
from studio_assist.domain.clearing import questions_of, rules_answered, triggers_of, until_approved
from studio_assist.domain.policy import Policy, Use

#: What a yes has to say, so that it can be recorded.
A_YES_SAYS: Final = (
    "for which scenes, tasks and models it holds;",
    "from which day to which day;",
    "any limits;",
    "who gives it: name, role and date.",
)
_KB: Final = 1000


class Answered(NamedTuple):
    """A question of the policy with its number and answer.

    Attributes:
        fits: it is the answer that lets a use go ahead; an open question does not.
    """

    number: int
    question: str
    answer: Answer | None
    fits: bool

    @property
    def said(self) -> str:
        """The answer as it is printed."""
        return self.answer.capitalize() if self.answer else "Not answered"


class Part(NamedTuple):
    """A heading and the lines below it."""

    heading: str
    lines: tuple[str, ...]


def request_letter(
    request: ClearanceRequest,
    assessment: Assessment,
    use: Use | None,
    policies: Sequence[Policy],
    title: str,
) -> tuple[str, str]:
    """The subject and the text of the mail that puts a request to whoever answers it.

    Args:
        title: the production's.
    """
    subject = f"Clearance {request.label}: {headline(request, use)} ({title})"
    answers = tuple(f"{one.number}. {one.question} {one.said}" for one in answered(request, policies))
    names = ("which of the names above it covers;",) if request.names else ()
    blocks = [
        Part(
            "", (f"{title}, clearance request {request.label}: {headline(request, use)}", *opening(request))
        ),
        *about(request, use),
        Part("Answers", answers),
        *why(request, assessment, use, policies),
        Part("Evidence", tuple(_evidence(one) for one in request.evidence)),
        Part(
            "Please answer in writing, yes or no. A yes says",
            tuple(f"- {line}" for line in (*A_YES_SAYS[:2], *names, *A_YES_SAYS[2:])),
        ),
        Part("", (_meanwhile(request, assessment, use), *ground(policies))),
    ]
    return subject, _text(blocks)


def contact_letter(uses: Sequence[Use], title: str, policy: Policy, by: str) -> tuple[str, str]:
    """The subject and the text of a mail that tells the studio's contact which uses are intended.

    Args:
        by: who writes it.
    """
    rule = policy.wants_notice
    verdicts = {
        "go": "goes ahead where the policy's questions are answered as it wants them",
        "judgement": "is judged case by case, and you are asked first where it matters",
        "escalate": "does not begin before your written approval",
    }
    lines = tuple(f"- {use.title} ({use.media}): {use.about} It {verdicts[use.verdict]}." for use in uses)
    blocks = [
        Part(
            "",
            (
                f"We work under {policy.title} (version {policy.version}). {rule.sentence}"
                if rule
                else f"We work under {policy.title} (version {policy.version}).",
            ),
        ),
        Part("We mean to use it for", lines),
        Part(
            "How it is kept",
            (
                "What a model makes is marked TEMP and stays so until a person replaces it. Nothing enters "
                "the work until a named person decides on it, and every step stands in a signed record. "
                "You can ask for a report at any time.",
            ),
        ),
        Part(
            "",
            ("Please tell us if anything here needs your approval first, or if you want it otherwise.", by),
        ),
    ]
    return f"Intended uses of generative AI: {title}", _text(blocks)


# Parts that the mail and the paper share ----------------------------------------------------------------


def headline(request: ClearanceRequest, use: Use | None) -> str:
    """What a request is called: its own title, its use's, or what it was asked for."""
    named = request.title or (use.title if use else "") or request.task or "Clearance"
    scenes = request.scope.scenes or ((request.scene,) if request.scene else ())
    if not scenes or request.title:
        return named
    return f"{named}, scene{'' if len(scenes) == 1 else 's'} {', '.join(scenes)}"


def opening(request: ClearanceRequest) -> tuple[str, ...]:
    """Who asks whom, and by when."""
    asked = f"Asked by {request.by.name} on {day_of(request.changed.date())}."
    of = f" To be answered by {request.approver}." if request.approver else ""
    by = f" Needed by {day_of(request.needed_by)}." if request.needed_by else ""
    return (asked + of + by,)


def about(request: ClearanceRequest, use: Use | None) -> tuple[Part, ...]:
    """What it is about: the use, the words, the names, the scope, the tool."""
    what = [f"{use.title} ({use.media}). {use.about}"] if use else []
    if request.words.strip():
        what.append(request.words.strip())
    parts = [Part("What for", tuple(what))] if what else []
    if request.names:
        parts.append(Part("Named works and people", (", ".join(request.names),)))
    parts.append(Part("Scope asked for", scope_lines(request.scope)))
    if request.backend or request.host:
        where = f"{request.backend} at {request.host}" if request.host else request.backend
        scene = f", scene {request.scene}" if request.scene else ""
        parts.append(Part("Asked when it came up", (f"{request.task or 'A request'}{scene}, to {where}.",)))
    return tuple(parts)


def answered(request: ClearanceRequest, policies: Sequence[Policy]) -> tuple[Answered, ...]:
    """The policy's questions with their answers, in order."""
    return tuple(
        Answered(number, one.question, given, given == one.wanted)
        for number, one in enumerate(questions_of(policies), 1)
        for given in (request.answers.get(one.id),)
    )


def why(
    request: ClearanceRequest, assessment: Assessment, use: Use | None, policies: Sequence[Policy]
) -> tuple[Part, ...]:
    """Why it needs somebody's yes, and which rules a yes answers."""
    ticked = tuple(f"- {rule.trigger}" for rule in triggers_of(policies) if rule.id in request.triggers)
    # What waits meanwhile is said at the end.
    waits = {until_approved(use, scenes) for scenes in ((), request.scope.scenes)}
    reasons = [one for one in assessment.reasons if one.words not in waits]
    said = [f"- {_reason(one)}" for one in reasons]
    if request.why.strip():
        rule = f" (rule: {request.rule})" if request.rule else ""
        said.insert(0, f"- {request.why.strip()}{rule}")
    by_id = {rule.id: rule for policy in reversed(policies) for rule in policy.rules}
    rules = rules_answered(policies, request.use, request.triggers, request.names, request.rule)
    above = [one for one in rules if one in {reason.rule for reason in reasons}]
    opened = [f"- as above: {', '.join(above)}"] if above else []
    opened += [f"- {by_id[one].sentence} ({one})" for one in rules if one not in above]
    heading = "Why it needs written approval" if assessment.result == "escalate" else "What the answers give"
    parts = (
        Part("Also true of it", ticked),
        Part(heading, tuple(said)),
        Part("Rules that a yes answers", tuple(opened)),
    )
    return tuple(part for part in parts if part.lines)


def ground(policies: Sequence[Policy]) -> tuple[str, ...]:
    """The policies that it rests on, with the first one's disclaimer."""
    if not policies:
        return ()
    named = "; ".join(f"{one.title} (version {one.version})" for one in policies)
    return (f"The project works under: {named}. {policies[0].disclaimer}",)


def scope_lines(scope: Scope) -> tuple[str, ...]:
    """A scope in words: what it covers, and when."""
    kinds = (("scene", scope.scenes), ("task", scope.tasks), ("model", scope.backends))
    what = [
        f"{kind if len(listed) == 1 else f'{kind}s'} {', '.join(listed)}" if listed else f"all {kind}s"
        for kind, listed in kinds
    ]
    since = f"from {day_of(scope.since)}" if scope.since else ""
    until = f"until {day_of(scope.until)}" if scope.until else ""
    days = " ".join(one for one in (since, until) if one) or "days to be set by the answer"
    line = "; ".join((*what, days))
    return (f"{line[0].upper()}{line[1:]}.",)


def day_of(when: date) -> str:
    """A day as people read it: "3 Feb 2027"."""
    return f"{when.day} {when:%b %Y}"


def size_of(count: int) -> str:
    """A file's size as people read it: "84 kB"."""
    if count < _KB:
        return f"{count} B"
    return f"{round(count / _KB):,} kB" if count < _KB**2 else f"{count / _KB**2:.1f} MB"


def _reason(one: Reason) -> str:
    checked = "" if one.verified else "; not checked at its source"
    return f"{one.words} (rule: {one.rule}{checked})"


def _evidence(one: Evidence) -> str:
    return f"- {one.name}, {size_of(one.size)}, SHA-256 {one.sha256}"


def _meanwhile(request: ClearanceRequest, assessment: Assessment, use: Use | None) -> str:
    if assessment.result == "escalate":
        return until_approved(use, request.scope.scenes)
    return "The answers alone would let it go ahead; it waits for yours all the same."


def _text(blocks: Sequence[Part]) -> str:
    """The blocks as plain text; one without lines is left out."""
    shown = [
        "\n".join((*((f"{part.heading}:",) if part.heading else ()), *part.lines))
        for part in blocks
        if part.lines
    ]
    return "\n\n".join(shown) + "\n"
