"""Whether a use may go ahead, by a policy's questions and triggers, and what would change that.

Source: the studio guidance that `resources/policies` puts into data. All answers as they are wanted: telling
the contact may be enough. Anything else, an unsure too, asks for a written yes first. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from studio_assist.domain.clearance import Answer, Assessment, Reason
from studio_assist.domain.policy import Policy, PolicyRule, Principle, Use

#: The rule of a policy that named works, artists, performers and people fall under.
NAMED: Final = "named-references"
#: The question about people's work; a use that can stand in for somebody gives its own reason there.
PEOPLE: Final = "people-first"
#: Rules whose `needs` are opened by somebody's yes.
OPENS: Final = ("approval", "consent")


def assess(
    policies: Sequence[Policy],
    use: Use | None,
    answers: Mapping[str, Answer],
    triggers: Collection[str],
    names: Collection[str] = (),
    scenes: Collection[str] = (),
) -> Assessment:
    """What answers to a policy and its overlays give; see `assess_use`."""
    notice = notice_rule_of(policies)
    return assess_use(
        questions_of(policies), triggers_of(policies), use, answers, triggers, names, notice, scenes
    )


def assess_use(
    questions: Sequence[Principle],
    rules: Sequence[PolicyRule],
    use: Use | None,
    answers: Mapping[str, Answer],
    triggers: Collection[str],
    names: Collection[str] = (),
    notice_rule: PolicyRule | None = None,
    scenes: Collection[str] = (),
) -> Assessment:
    """What a set of answers gives: open, proceed or escalate.

    An escalating use, an answer that is not the wanted one, a trigger, and a named work or person escalate,
    each by itself and at once. A use that is a matter of judgement escalates when a person judges so: by a
    trigger, or by an answer to one (`answers` may hold the id of a trigger, where unsure counts as yes).
    Ids that the policy does not have were chosen under another policy and are passed over.

    Args:
        questions: in the order in which they are numbered.
        rules: those with a trigger.
        scenes: what the request is about, for the words.
    """
    unanswered = tuple(question.id for question in questions if question.id not in answers)
    causes = [
        *_by_use(use, rules),
        *_by_answers(questions, rules, use, answers),
        *_by_triggers(rules, answers, triggers),
        *_by_names(rules, names),
    ]
    if causes:
        until = Reason(rule=causes[0].rule, words=until_approved(use, scenes), verified=causes[0].verified)
        return Assessment(
            result="escalate",
            reasons=(*causes, until),
            would=(_to_proceed(questions, rules, use, answers, triggers, names),),
            unanswered=unanswered,
        )
    told = (
        (Reason(rule=notice_rule.id, words=notice_rule.sentence, verified=notice_rule.source.verified),)
        if notice_rule
        else ()
    )
    escalates = _to_escalate(questions, rules, use)
    if unanswered:
        proceeds = _to_proceed(questions, rules, use, answers, triggers, names)
        return Assessment(result="open", would=(proceeds, *escalates), unanswered=unanswered)
    return Assessment(result="proceed", reasons=told, would=escalates)


# What a policy and its overlays hold --------------------------------------------------------------------


def questions_of(policies: Sequence[Policy]) -> tuple[Principle, ...]:
    """The questions that are asked of one use, in the order of their numbers."""
    return tuple(part for policy in policies for part in policy.principles if part.question)


def triggers_of(policies: Sequence[Policy]) -> tuple[PolicyRule, ...]:
    """The rules that are asked of one use, each id once: a project's own policy comes before its overlays."""
    found: dict[str, PolicyRule] = {}
    for policy in policies:
        for rule in policy.rules:
            if rule.trigger:
                found.setdefault(rule.id, rule)
    return tuple(found.values())


def notice_rule_of(policies: Sequence[Policy]) -> PolicyRule | None:
    """The rule that asks for the contact to be told, or None."""
    return next((rule for policy in policies if (rule := policy.wants_notice)), None)


def all_uses(policies: Sequence[Policy]) -> tuple[Use, ...]:
    """Every use, each id once: a project's own policy comes before its overlays."""
    found: dict[str, Use] = {}
    for policy in policies:
        for use in policy.uses:
            found.setdefault(use.id, use)
    return tuple(found.values())


def use_of(policies: Sequence[Policy], use_id: str) -> Use | None:
    """The use of that id, or None."""
    return next((use for use in all_uses(policies) if use.id == use_id), None)


def uses_of(policies: Sequence[Policy], task: str) -> tuple[Use, ...]:
    """The uses that a task of the program is."""
    return tuple(use for use in all_uses(policies) if task in use.tasks)


def closed_use(policies: Sequence[Policy], task: str) -> Use | None:
    """The use that keeps a task closed until a clearance of it is approved, or None.

    An overlay closes what the project's own policy leaves open.
    """
    return next((use for use in uses_of(policies, task) if use.verdict == "escalate"), None)


def uses_clearing(policies: Sequence[Policy], rule: str) -> tuple[Use, ...]:
    """The uses whose approval answers a rule; the first is the one to offer where the rule said no."""
    return tuple(use for use in all_uses(policies) if rule in use.clears)


def rules_cleared(policies: Sequence[Policy], uses: Collection[str]) -> frozenset[str]:
    """Ids of the rules that approvals of these uses answer, each in its scope."""
    return frozenset(rule for use in all_uses(policies) if use.id in uses for rule in use.clears)


def rules_answered(
    policies: Sequence[Policy],
    use: str,
    triggers: Collection[str],
    names: Collection[str] = (),
    rule: str = "",
) -> tuple[str, ...]:
    """Ids of the rules that a yes to one request answers, in the policies' order.

    Those of its use, the triggers that its requester says apply, and the rule that refused an ask: whoever
    answers has read them all in the request. Principles and rules that nobody's yes opens are not among them.
    """
    wanted = {*rules_cleared(policies, (use,)), *triggers, rule} | ({NAMED} if names else set())
    listed = (one for policy in policies for one in policy.rules)
    return tuple(dict.fromkeys(one.id for one in listed if one.id in wanted and one.needs in OPENS))


def until_approved(use: Use | None, scenes: Collection[str]) -> str:
    """What waits for the written answer; the last reason of an escalation, in words."""
    where = f" for scene{'' if len(scenes) == 1 else 's'} {_listed(list(scenes))}" if scenes else ""
    if use is None:
        return f"Wait for the written answer before anything is made{where}."
    tools = f"{_listed(use.media.split(', '))} tools"
    if use.tasks and use.verdict != "escalate":
        return f"Wait for the written answer before {_within(tools)} are used{where}."
    return f"{tools} stay off{where} until approved."


# Causes -------------------------------------------------------------------------------------------------


class _Asked(NamedTuple):
    """A question with its number and the answers that it has and that it should have."""

    number: int
    principle: Principle
    answer: Answer | None

    @property
    def fits(self) -> bool:
        return self.answer == self.principle.wanted


def _asked(questions: Sequence[Principle], answers: Mapping[str, Answer]) -> list[_Asked]:
    return [_Asked(number, one, answers.get(one.id)) for number, one in enumerate(questions, 1)]


def _by_use(use: Use | None, rules: Sequence[PolicyRule]) -> Iterator[Reason]:
    if use is not None and use.verdict == "escalate":
        known = {rule.id for rule in rules}
        rule = next((rule for rule in use.clears if rule in known), use.id)
        yield Reason(rule=rule, words=use.why, verified=use.source.verified)


def _by_answers(
    questions: Sequence[Principle],
    rules: Sequence[PolicyRule],
    use: Use | None,
    answers: Mapping[str, Answer],
) -> Iterator[Reason]:
    for one in _asked(questions, answers):
        if one.answer is None or one.fits:
            continue
        said = f"Question {one.number} is {one.answer.capitalize()}"
        if use is not None and one.principle.id == PEOPLE and _stands_in(use, rules):
            words = f"{said}, and {_within(use.why)}"
        else:
            words = f"{said}. The rule: {_within(one.principle.sentence)}"
        yield Reason(rule=one.principle.id, words=words, verified=one.principle.source.verified)


def _stands_in(use: Use, rules: Sequence[PolicyRule]) -> bool:
    """Whether a use can stand in for somebody, as its policy sees it."""
    talent = {rule.id for rule in rules if rule.area == "talent"}
    return use.verdict == "judgement" and not talent.isdisjoint(use.clears)


def _by_triggers(
    rules: Sequence[PolicyRule], answers: Mapping[str, Answer], triggers: Collection[str]
) -> Iterator[Reason]:
    for rule in rules:
        answer = "yes" if rule.id in triggers else answers.get(rule.id, "no")
        if answer != "no":
            said = "" if answer == "yes" else "Somebody is unsure of this. "
            yield Reason(rule=rule.id, words=f"{said}{rule.sentence}", verified=rule.source.verified)


def _by_names(rules: Sequence[PolicyRule], names: Collection[str]) -> Iterator[Reason]:
    rule = next((rule for rule in rules if rule.id == NAMED), None)
    if rule is not None and names:
        verb = "is" if len(names) == 1 else "are"
        words = f"{_listed([f'“{name}”' for name in names])} {verb} named. {rule.sentence}"
        yield Reason(rule=rule.id, words=words, verified=rule.source.verified)


# What would change it -----------------------------------------------------------------------------------


def _to_proceed(
    questions: Sequence[Principle],
    rules: Sequence[PolicyRule],
    use: Use | None,
    answers: Mapping[str, Answer],
    triggers: Collection[str],
    names: Collection[str],
) -> str:
    if use is not None and use.verdict == "escalate":
        return f"Not for this use: {use.title} always needs written approval."
    parts: list[str] = []
    wanted: list[str] = []
    for answer in ("no", "yes"):
        numbers = [str(one.number) for one in _asked(questions, answers) if one.principle.wanted == answer]
        if numbers:
            noun = "" if wanted else ("question " if len(numbers) == 1 else "questions ")
            wanted.append(f"{noun}{_listed(numbers)} answered {answer.capitalize()}")
    if wanted:
        parts.append(f"with {', and '.join(wanted)}")
    if any(True for _ in _by_triggers(rules, answers, triggers)):
        parts.append("with none of the ticked points true of it")
    if any(True for _ in _by_names(rules, names)):
        parts.append("with no work or person named")
    return f"Would apply {'; '.join(parts)}." if parts else "Applies where nothing below is true of it."


def _to_escalate(
    questions: Sequence[Principle], rules: Sequence[PolicyRule], use: Use | None
) -> tuple[str, ...]:
    ways = ["any other answer, or an Unsure"] if questions else []
    ways += ["one of the points below true of it"] if rules else []
    ways += ["a work or person named"] if any(rule.id == NAMED for rule in rules) else []
    if not ways:
        return ()
    judged = [rule.trigger for rule in rules if use and use.verdict == "judgement" and rule.id in use.clears]
    first = f"Would apply with {'; or with '.join(ways)}."
    return (first, *(f"So too if this is so: {_within(trigger)}" for trigger in judged))


def _listed(words: Sequence[str]) -> str:
    """“1, 2 and 5”."""
    lead = ", ".join(words[:-1])
    return f"{lead} and {words[-1]}" if lead else words[-1]


def _within(sentence: str) -> str:
    """A sentence as it stands within another: policies begin theirs with no name, so its capital goes."""
    return sentence[:1].lower() + sentence[1:]
