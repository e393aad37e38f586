"""Clearing: what five answers, the triggers, a use and named works give, and what would change it."""

from __future__ import annotations

import tomllib
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.clearance import Answer
from studio_assist.domain.clearing import (
    NAMED,
    all_uses,
    assess,
    closed_use,
    notice_rule_of,
    questions_of,
    rules_answered,
    rules_cleared,
    triggers_of,
    use_of,
    uses_clearing,
    uses_of,
)
from studio_assist.domain.policy import Policy, policy_of
from studio_assist.paths import resource


def read(name: str) -> Policy:
    text = resource("policies", f"{name}.toml").read_text(encoding="utf-8")
    return policy_of(tomllib.loads(text), name)


STUDIO: Final = (read("netflix-2025"),)
BOTH: Final = (*STUDIO, read("performers-agreement"), read("factual"))
LOCAL: Final = (read("local-only"),)
FITS: Final[dict[str, Answer]] = {
    "no-copying": "no",
    "nothing-kept": "no",
    "secured-tools": "yes",
    "temporary": "yes",
    "people-first": "no",
}

policies = st.sampled_from([STUDIO, BOTH, LOCAL])
said = st.dictionaries(
    st.sampled_from([*FITS, "story-relevant", "a question of long ago"]),
    st.sampled_from(["yes", "no", "unsure"]),
)
named = st.lists(st.sampled_from(["Blade Runner", "Ridley Scott"]), unique=True, max_size=2)


@settings(max_examples=150, deadline=None)
@given(st.data(), policies, said, named)
def test_it_escalates_exactly_where_there_is_a_cause_and_each_reason_names_a_rule_that_exists(
    data: st.DataObject, held: tuple[Policy, ...], answers: dict[str, Answer], names: list[str]
) -> None:
    use = data.draw(st.sampled_from([None, *all_uses(held)]))
    rules = [rule.id for rule in triggers_of(held)]
    ticked = data.draw(st.lists(st.sampled_from([*rules, "a rule of long ago"]), max_size=2))
    questions = questions_of(held)
    found = assess(held, use, answers, ticked, names)

    causes = [
        use is not None and use.verdict == "escalate",
        any(answers.get(one.id, one.wanted) != one.wanted for one in questions),
        any(rule in ticked or answers.get(rule, "no") != "no" for rule in rules),
        bool(names),
    ]
    answered = all(one.id in answers for one in questions)
    assert found.result == ("escalate" if any(causes) else "proceed" if answered else "open")
    assert found.unanswered == tuple(one.id for one in questions if one.id not in answers)
    assert found.would
    known = {part.id for policy in held for part in (*policy.principles, *policy.rules, *policy.uses)}
    assert known.issuperset(reason.rule for reason in found.reasons)
    assert bool(found.reasons) == (
        found.result == "escalate" or (answered and notice_rule_of(held) is not None)
    )

    # With every cause turned about it may go ahead.
    open_use = use if use is not None and use.verdict != "escalate" else None
    wanted: dict[str, Answer] = {one.id: one.wanted for one in questions}
    assert assess(held, open_use, wanted, ()).result == "proceed"


@pytest.mark.parametrize("question", FITS)
@pytest.mark.parametrize("answer", ["unsure", "the other"])
def test_one_answer_that_is_not_wanted_escalates_before_the_others_are_given(
    question: str, answer: str
) -> None:
    other: Answer = "yes" if FITS[question] == "no" else "no"
    given_answer: Answer = "unsure" if answer == "unsure" else other
    found = assess(STUDIO, None, {question: given_answer}, ())
    assert found.result == "escalate"
    number = list(FITS).index(question) + 1
    assert found.reasons[0].words.startswith(f"Question {number} is {given_answer.capitalize()}. The rule: ")
    assert (found.reasons[0].rule, len(found.unanswered)) == (question, 4)


def test_the_words_of_the_design_come_from_the_policy() -> None:
    use = use_of(STUDIO, "temp-voice")
    found = assess(STUDIO, use, {**FITS, "people-first": "unsure"}, (), scenes=("14",))
    assert [reason.words for reason in found.reasons] == [
        "Question 5 is Unsure, and a voice can stand in for a performer.",
        "Voice tools stay off for scene 14 until approved.",
    ]
    assert found.would == ("Would apply with questions 1, 2 and 5 answered No, and 3 and 4 answered Yes.",)
    assert assess(STUDIO, use, FITS, ()).reasons[0].rule == "tell-the-contact"


def test_a_matter_of_judgement_escalates_when_it_matters_to_the_story() -> None:
    plate = use_of(STUDIO, "background-plate")
    assert assess(STUDIO, plate, FITS, ()).result == "proceed"
    assert "it matters to the story" in " ".join(assess(STUDIO, plate, FITS, ()).would)
    for found in (
        assess(STUDIO, plate, FITS, ("story-relevant",)),
        assess(STUDIO, plate, {**FITS, "story-relevant": "unsure"}, ()),
    ):
        assert (found.result, found.reasons[0].rule) == ("escalate", "story-relevant")


def test_a_likeness_always_asks_and_an_unverified_reason_says_so() -> None:
    found = assess(STUDIO, use_of(STUDIO, "likeness-of-a-performer"), FITS, ())
    assert (found.result, found.reasons[0].rule) == ("escalate", "digital-performers")
    assert found.would == ("Not for this use: Likeness of a performer always needs written approval.",)
    made_up = assess(BOTH, use_of(BOTH, "synthetic-performer"), FITS, ())
    assert (made_up.reasons[0].rule, made_up.reasons[0].verified) == ("synthetic-performers", False)


def test_named_works_are_in_the_reason_and_in_what_would_change_it() -> None:
    found = assess(STUDIO, None, FITS, ("union-work",), ("Alien", "Ridley Scott"))
    assert [reason.rule for reason in found.reasons[:2]] == ["union-work", NAMED]
    assert found.reasons[1].words.startswith("“Alien” and “Ridley Scott” are named. ")
    assert "none of the ticked points" in found.would[0]
    assert "no work or person named" in found.would[0]


def test_tasks_are_open_under_the_studio_policy_and_closed_by_the_factual_overlay() -> None:
    assert [use.id for use in uses_of(STUDIO, "alt-lines")] == ["alt-lines-and-beats"]
    assert closed_use(STUDIO, "alt-lines") is None
    assert closed_use(STUDIO, "board") is None
    closed = closed_use(BOTH, "alt-lines")
    assert closed is not None
    assert closed.id == "news-writing"
    assert [use.id for use in uses_of(BOTH, "board")] == ["temp-storyboards", "factual-pictures"]


def test_an_approval_answers_the_rules_of_its_use_and_those_that_the_request_names() -> None:
    assert rules_cleared(STUDIO, ("look-and-mood-reference",)) == {NAMED, "third-party-rights"}
    assert rules_cleared(STUDIO, ("nothing of ours",)) == frozenset()
    assert {use.id for use in uses_clearing(STUDIO, "personal-data")} == {
        "likeness-of-a-performer",
        "breakdown-and-scheduling",
    }
    answered = rules_answered(
        BOTH, "alt-lines-and-beats", ("mistaken-for-real", "a rule of long ago"), ("Alien",), "personal-data"
    )
    assert set(answered) == {
        "owned-material",
        "proprietary-outside",
        "union-work",
        "mistaken-for-real",
        NAMED,
        "personal-data",
    }
    # A rule that asks for a disclosure or a document is answered by that, and by nobody's yes.
    assert rules_answered(STUDIO, "", ("terms-read", "tell-the-contact")) == ()
