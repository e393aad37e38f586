"""A request may go to a person's eyes only where everything holds; one thing amiss, and it stays here."""

from __future__ import annotations

import asyncio
import dataclasses
import tomllib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_assist.domain.attestation import STATEMENT, Attestation, Evidence, SignedAttestation
from studio_assist.domain.errors import Refusal
from studio_assist.domain.generation import BackendInfo, Where
from studio_assist.domain.policy import Policy, policy_of
from studio_assist.domain.ports import Call, ClosedDoor
from studio_assist.domain.provider import ProviderCard, card_for, card_of
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import PersonId
from studio_assist.gate.case import Attested, Case
from studio_assist.gate.rules import RULES, Rule
from studio_assist.gate.verdict import HERE, STAYS_HERE, Verdict, judge
from studio_assist.paths import resource

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
HOST = "api.openai.com"


def policy(name: str = "netflix-2025") -> Policy:
    return policy_of(tomllib.loads(resource("policies", f"{name}.toml").read_text(encoding="utf-8")), name)


CARDS: list[ProviderCard] = [
    card_of(tomllib.loads(file.read_text(encoding="utf-8")), file.name)
    for file in sorted(resource("providers").glob("*.toml"))
]


def attestation(**changes: Any) -> Attestation:
    fields: dict[str, Any] = {
        "backend": "openai",
        "by": PersonId("castellan-1"),
        "card": "openai",
        "evidence": Evidence(name="letter.pdf", sha256="a" * 64, size=1),
        "host": HOST,
        "keeps_nothing": True,
        "made": NOW - timedelta(days=1),
        "models": ("gpt-*",),
        "name": "M. Castellan",
        "paths": ("POST /v1/responses",),
        "plan": "Organisation and project approved",
        "region": "EU",
        "statement": STATEMENT,
        "trains_on_nothing": True,
        "until": date(2027, 2, 3),
    }
    return Attestation(**(fields | changes))


def attested(
    *, signed: bool = True, evidence: bool = True, revoked: bool = False, **changes: Any
) -> Attested:
    kept = SignedAttestation(
        attestation=attestation(**changes), id="openai-1", key="b" * 64, signature="c" * 128
    )
    return Attested(kept, is_signed=signed, has_evidence=evidence, revoked=revoked)


def case(**changes: Any) -> Case:
    good = Case(
        backend="openai",
        scheme="https",
        host=HOST,
        port=None,
        method="POST",
        path="/v1/responses",
        query="",
        body={"model": "gpt-5", "store": False, "input": "…", "stream": True},
        model="gpt-5",
        card=card_for(HOST, CARDS),
        attested=attested(),
        policies=(policy(),),
        policies_pinned=True,
        sensitivity=Sensitivity.CONFIDENTIAL,
        left=0,
        questions=0,
        replaced=4,
        now=NOW,
        latest=NOW - timedelta(seconds=1),
        where=Where.OUTSIDE,
        asked_by=PersonId("okafor-1"),
        contact_told=True,
    )
    return dataclasses.replace(good, **changes)


def found(verdict: Verdict, rule: str) -> str:
    return next(check.found for check in verdict.checks if check.rule == rule)


def backend(where: Where, host: str | None) -> BackendInfo:
    return BackendInfo(id="x", name="X", where=where, host=host, retention_days=0, trains=False)


def test_a_model_on_this_machine_goes_on() -> None:
    assert backend(Where.HERE, None).stays_here
    assert (HERE.verdict, HERE.rules) == ("here", (STAYS_HERE,))


@pytest.mark.parametrize(
    ("where", "host"),
    [
        (Where.STUDIO, "render.studio"),
        (Where.OUTSIDE, "api.example.com"),
        (Where.HERE, "localhost"),
        (Where.OUTSIDE, None),
    ],
)
def test_whatever_names_a_host_or_is_elsewhere_goes_to_the_gate(where: Where, host: str | None) -> None:
    assert not backend(where, host).stays_here


def test_a_request_where_everything_holds_still_asks_a_person() -> None:
    verdict = judge(case())
    assert verdict.verdict == "ask"
    assert [check.found for check in verdict.checks if check.headline] == [
        "0 days kept",
        "Valid, 73 days left",
        "With pseudonyms",
        "Yes",
    ]


def test_without_an_attestation_a_provider_that_logs_for_30_days_is_blocked_for_keeping() -> None:
    verdict = judge(case(attested=None))
    assert verdict.verdict == "blocked"
    assert verdict.why == "OpenAI API keeps prompts 30 days."
    assert found(verdict, "keeps-nothing") == "30 days kept"
    assert found(verdict, "attested") == "None"


AMISS: list[tuple[dict[str, Any], str]] = [
    ({"attested": None}, "attested"),
    ({"attested": attested(signed=False)}, "attested"),
    ({"attested": attested(evidence=False)}, "attested"),
    ({"attested": attested(revoked=True)}, "attested"),
    ({"attested": attested(until=date(2026, 11, 20))}, "attested"),
    ({"attested": attested(made=NOW + timedelta(days=1))}, "attested"),
    ({"latest": NOW + timedelta(hours=1)}, "attested"),
    ({"attested": attested(host="api.anthropic.com")}, "covered"),
    ({"attested": attested(backend="other")}, "covered"),
    ({"attested": attested(paths=("POST /v1/chat/completions",))}, "covered"),
    ({"attested": attested(models=("o3",))}, "covered"),
    ({"attested": attested(card="other-host")}, "covered"),
    ({"port": 8443}, "covered"),
    ({"card": None}, "card"),
    ({"now": datetime(2027, 6, 1, tzinfo=UTC)}, "card"),
    ({"card": card_for("api.stability.ai", CARDS)}, "keeps-nothing"),
    ({"path": "/v1/files"}, "keeps-nothing"),
    ({"method": "PUT"}, "keeps-nothing"),
    ({"body": None}, "fields"),
    ({"body": {"model": "gpt-5"}}, "fields"),
    ({"body": {"model": "gpt-5", "store": True}}, "fields"),
    ({"body": {"model": "gpt-5", "store": 0}}, "fields"),
    ({"body": {"model": "gpt-5", "store": "false"}}, "fields"),
    ({"body": {"store": False, "background": True}}, "fields"),
    ({"body": {"store": False, "conversation": "c1"}}, "fields"),
    ({"body": {"store": False, "previous_response_id": "r"}}, "fields"),
    ({"body": {"store": False, "prompt_cache_retention": "24h"}}, "fields"),
    ({"body": {"store": False, "tools": [{"type": "web_search"}]}}, "fields"),
    ({"scheme": "http"}, "encrypted"),
    ({"scheme": "ftp", "where": Where.HERE}, "encrypted"),
    ({"query": "q=Larkspur"}, "address"),
    ({"left": 1}, "no-names"),
    ({"pictures": 1}, "pictures"),
    ({"policies": ()}, "policy"),
    ({"policies": (policy("local-only"),)}, "policy"),
    ({"policies": (policy(), policy("factual"))}, "policy"),
    ({"policies_pinned": False}, "policy"),
    ({"can_be_marked": False}, "marked"),
    ({"sensitivity": Sensitivity.PERSONAL}, "approvals"),
]


@pytest.mark.parametrize(("change", "rule"), AMISS)
def test_one_thing_amiss_blocks_and_is_named(change: dict[str, Any], rule: str) -> None:
    verdict = judge(case(**change))
    assert verdict.verdict == "blocked"
    assert rule in verdict.rules
    assert verdict.why
    assert verdict.remedy


@given(st.lists(st.sampled_from(range(len(AMISS))), min_size=1, max_size=4, unique=True))
def test_no_two_wrongs_make_a_right(which: list[int]) -> None:
    changes: dict[str, Any] = {}
    for one in which:
        changes |= AMISS[one][0]
    assert judge(case(**changes)).verdict == "blocked"


def test_a_word_that_may_be_a_name_holds_the_request_until_somebody_answers() -> None:
    verdict = judge(case(questions=2))
    assert (verdict.verdict, verdict.rules) == ("hold", ("names-answered",))
    assert judge(case(questions=2, left=1)).verdict == "blocked"


def test_talent_or_personal_data_needs_its_approval_and_a_second_person_who_is_not_the_asker() -> None:
    cleared = {"sensitivity": Sensitivity.PERSONAL, "approved_rules": frozenset({"personal-data"})}
    assert judge(case(**cleared)).verdict == "hold"
    assert judge(case(**cleared, people=(PersonId("okafor-1"),))).verdict == "hold"
    assert judge(case(**cleared, people=(PersonId("lind-2"),))).verdict == "ask"


def test_an_overlay_can_only_narrow() -> None:
    sets = [(policy(),), (policy(), policy("performers-agreement"))]
    for sensitivity in Sensitivity:
        verdicts = [judge(case(policies=one, sensitivity=sensitivity)).verdict for one in sets]
        assert verdicts[1] == verdicts[0] or verdicts[1] in ("hold", "blocked")


def test_a_rule_that_fails_in_looking_blocks_and_no_rules_at_all_block() -> None:
    def broken(_case: Case) -> str:
        raise TimeoutError

    verdict = judge(case(), (*RULES, Rule("broken", "It can be looked at.", broken)))
    assert (verdict.verdict, verdict.rules) == ("blocked", ("broken",))
    assert judge(case(), ()).verdict == "blocked"


def test_an_own_server_on_this_machine_needs_an_attestation_like_any_other() -> None:
    here: dict[str, Any] = {
        "scheme": "http",
        "host": "127.0.0.1",
        "port": 8080,
        "where": Where.HERE,
        "path": "/v1/chat/completions",
        "body": {"model": "llama3", "messages": []},
        "model": "llama3",
        "card": card_for("127.0.0.1", CARDS),
    }
    assert judge(case(**here, attested=None)).rules == ("attested", "covered")
    own = attested(
        host="127.0.0.1:8080", card="own-server", models=("*",), paths=("POST /v1/chat/completions",)
    )
    assert judge(case(**here, attested=own)).verdict == "ask"
    cloud = here | {"model": "gpt-oss:120b-cloud"}
    assert judge(case(**cloud, attested=own)).verdict == "blocked"


def test_the_door_a_plugin_is_given_sends_nothing() -> None:
    with pytest.raises(Refusal, match="Nothing leaves"):
        asyncio.run(ClosedDoor().send(Call(method="POST", url="http://127.0.0.1:9/x?key=secret", body=b"x")))
