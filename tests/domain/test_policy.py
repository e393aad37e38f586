"""Policies: data with sources, read strictly."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from studio_assist.domain.errors import BadInput
from studio_assist.domain.policy import Policy, policy_of
from studio_assist.paths import resource


def shipped(name: str) -> dict[str, Any]:
    return tomllib.loads(resource("policies", f"{name}.toml").read_text(encoding="utf-8"))


def read(name: str) -> Policy:
    return policy_of(shipped(name), f"{name}.toml")


def test_every_shipped_policy_is_called_like_its_file_and_has_sources() -> None:
    for file in resource("policies").glob("*.toml"):
        policy = read(file.stem)
        assert policy.id == file.stem
        assert policy.overlay or policy.principles
        for part in (*policy.principles, *policy.rules, *policy.uses):
            assert part.source.name


def test_the_studio_policy_has_five_principles_and_what_was_not_checked_says_so() -> None:
    policy = read("netflix-2025")
    assert [part.id for part in policy.principles] == [
        "no-copying",
        "nothing-kept",
        "secured-tools",
        "temporary",
        "people-first",
    ]
    assert policy.all_verified
    local = read("local-only")
    assert local.allows == "here"
    assert not local.all_verified


def test_the_studio_policy_holds_every_use_and_trigger_of_the_guidance() -> None:
    policy = read("netflix-2025")
    assert [(use.id, use.verdict) for use in policy.uses] == [
        ("alt-lines-and-beats", "go"),
        ("temp-storyboards", "go"),
        ("animatic-temp-sound", "go"),
        ("look-and-mood-reference", "go"),
        ("likeness-of-a-performer", "escalate"),
        ("temp-voice", "judgement"),
        ("temp-translation", "go"),
        ("breakdown-and-scheduling", "go"),
        ("background-plate", "judgement"),
    ]
    triggers = {rule.id: rule.area for rule in policy.rules if rule.trigger}
    assert {"always", "data", "creative", "talent", "ethics"} == set(triggers.values())
    assert set(triggers) >= {
        *("owned-material", "personal-data", "training-on-others", "main-characters", "named-references"),
        *("digital-performers", "altered-performance", "mistaken-for-real", "union-work"),
        *("final-deliverables", "talent-likeness", "third-party-rights", "story-relevant"),
    }
    assert policy.wants_notice is not None


def test_tasks_and_icons_of_uses_exist() -> None:
    prompts = {file.stem for file in resource("prompts").glob("*.toml")} | {"board", "shots"}
    icons = {file.stem for file in resource("icons").glob("*.svg")}
    for file in resource("policies").glob("*.toml"):
        for use in read(file.stem).uses:
            assert prompts.issuperset(use.tasks), use.id
            assert use.icon in icons, use.id


def test_what_was_read_in_a_secondary_source_is_not_called_verified() -> None:
    unverified = {
        part.id
        for file in resource("policies").glob("*.toml")
        for policy in (read(file.stem),)
        for part in (*policy.rules, *policy.uses)
        if not part.source.verified
    }
    assert unverified == {
        *("two-layers", "marks-stay", "latent-disclosure", "local-mode", "later-agreement"),
        *("synthetic-performers", "synthetic-performer", "replica-contract"),
    }


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format": 2}, "format 2"),
        ({"allows": "anywhere"}, "allows"),
        ({"surprise": 1}, "surprise"),
        ({"principle": None}, "at least one principle"),
        ({"leaving": {"most": "everything"}}, "leaving.most"),
        ({"leaving": {"most": "public", "approvals": {"public": ["nobody"]}}}, "no rule of this policy"),
        ({"source": {"name": "x", "verified": True}}, "checked_on"),
        ({"use": [{"id": "a", "title": "A"}]}, "uses.0"),
        ({"rule": None}, "no rule of this policy"),
        ({"principle": "x"}, "principles"),
        ({"principle": [{"id": "a", "sentence": "x"}, {"id": "a", "sentence": "y"}]}, "twice"),
    ],
)
def test_a_wrong_policy_is_refused_with_its_place(change: dict[str, Any], why: str) -> None:
    with pytest.raises(BadInput, match=why) as caught:
        policy_of({**shipped("netflix-2025"), **change}, "mine.toml")
    assert caught.value.place == "mine.toml"
    assert caught.value.remedy
