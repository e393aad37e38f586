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
        for part in (*policy.principles, *policy.rules):
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
        ({"principle": "x"}, "principles"),
        ({"principle": [{"id": "a", "sentence": "x"}, {"id": "a", "sentence": "y"}]}, "twice"),
    ],
)
def test_a_wrong_policy_is_refused_with_its_place(change: dict[str, Any], why: str) -> None:
    with pytest.raises(BadInput, match=why) as caught:
        policy_of({**shipped("netflix-2025"), **change}, "mine.toml")
    assert caught.value.place == "mine.toml"
    assert caught.value.remedy
