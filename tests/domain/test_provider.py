"""Provider cards: data with sources, read strictly; what is not known counts as the worst."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest

from studio_assist.domain.errors import BadInput
from studio_assist.domain.generation import Where
from studio_assist.domain.provider import ProviderCard, card_for, card_of, where_is
from studio_assist.paths import resource


def shipped(name: str) -> dict[str, Any]:
    return tomllib.loads(resource("providers", f"{name}.toml").read_text(encoding="utf-8"))


CARDS: list[ProviderCard] = [
    card_of(tomllib.loads(file.read_text(encoding="utf-8")), file.name)
    for file in sorted(resource("providers").glob("*.toml"))
]


def test_every_shipped_card_is_called_like_its_file_and_is_in_date() -> None:
    names = {file.stem for file in resource("providers").glob("*.toml")}
    assert {card.id for card in CARDS} == names
    for card in CARDS:
        assert card.source.checked_on < card.expires_on
        assert (card.expires_on - card.source.checked_on).days <= 366, "cards age"


@pytest.mark.parametrize(
    ("host", "where", "card"),
    [
        ("api.openai.com", Where.OUTSIDE, "openai"),
        ("API.OpenAI.com.", Where.OUTSIDE, "openai"),
        ("eu.api.openai.com", Where.OUTSIDE, "openai"),
        ("xapi.openai.com", Where.OUTSIDE, "other-host"),
        ("api.openai.com.example.net", Where.OUTSIDE, "other-host"),
        ("bedrock-runtime.eu-west-1.amazonaws.com", Where.OUTSIDE, "bedrock"),
        ("bucket.s3.amazonaws.com", Where.OUTSIDE, "other-host"),
        ("localhost", Where.HERE, "own-server"),
        ("127.0.0.1", Where.HERE, "own-server"),
        ("127.8.8.8", Where.HERE, "own-server"),
        ("::1", Where.HERE, "own-server"),
        ("[::ffff:127.0.0.1]", Where.HERE, "own-server"),
        ("10.1.2.3", Where.STUDIO, "own-server"),
        ("vllm.render.internal", Where.STUDIO, "own-server"),
        ("gpu-box", Where.STUDIO, "own-server"),
        # An address in a name is a name like any other, and whoever owns it decides where it leads.
        ("127.0.0.1.nip.io", Where.OUTSIDE, "other-host"),
        ("0.0.0.0", Where.OUTSIDE, "other-host"),
        ("2130706433.example", Where.OUTSIDE, "other-host"),
        ("8.8.8.8", Where.OUTSIDE, "other-host"),
    ],
)
def test_a_host_is_told_from_its_name_and_has_the_card_that_speaks_of_it_most_exactly(
    host: str, where: Where, card: str
) -> None:
    assert where_is(host) is where
    found = card_for(host, CARDS)
    assert found is not None
    assert found.id == card


def test_a_card_for_own_servers_never_speaks_for_a_host_outside() -> None:
    own = [card for card in CARDS if card.own]
    assert own
    assert card_for("llm.example.com", own) is None


@pytest.mark.parametrize("model", ["gpt-oss:120b-cloud", "qwen3-coder:480b-cloud", "kimi:cloud", "X-CLOUD"])
def test_models_of_ollamas_cloud_are_refused_on_a_loopback_server(model: str) -> None:
    card = card_for("127.0.0.1", CARDS)
    assert card
    assert card.terms_for("POST", "/v1/chat/completions", "llama3.2:3b")
    assert card.terms_for("POST", "/v1/chat/completions", model) is None


@pytest.mark.parametrize("model", ["", " gpt-5", "gpt-5\n", "gpt 5"])
def test_a_model_whose_name_is_no_name_has_no_terms(model: str) -> None:
    card = card_for("api.openai.com", CARDS)
    assert card
    assert card.terms_for("POST", "/v1/responses", model) is None


@pytest.mark.parametrize(
    "path", ["/v1/files", "/v1/batches", "/v1/responses/", "/v1/responses/../files", "//v1/responses", "/v1"]
)
def test_an_endpoint_that_keeps_things_has_no_terms(path: str) -> None:
    card = card_for("api.openai.com", CARDS)
    assert card
    assert card.terms_for("POST", path, "gpt-5") is None
    assert card.terms_for("GET", "/v1/responses", "gpt-5") is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format": 2}, "format 2"),
        ({"surprise": 1}, "surprise"),
        ({"expires_on": "2030-01-01"}, "expires_on"),
        ({"expires_on": None}, "expires_on"),
        ({"hosts": []}, "hosts"),
        ({"hosts": ["https://api.openai.com"]}, "hosts"),
        ({"own": "false"}, "own"),
        ({"terms": []}, "terms"),
    ],
)
def test_a_wrong_card_is_refused_with_its_place(change: dict[str, Any], why: str) -> None:
    content = {key: value for key, value in {**shipped("openai"), **change}.items() if value is not None}
    with pytest.raises(BadInput, match=why) as caught:
        card_of(content, "mine.toml")
    assert caught.value.place == "mine.toml"
    assert caught.value.remedy


@pytest.mark.parametrize("field", ["retention_days", "trains", "zero", "paths", "kinds", "plan"])
def test_terms_that_leave_something_out_or_mistype_it_are_refused(field: str) -> None:
    content = shipped("openai")
    content["terms"][0].pop(field)
    with pytest.raises(BadInput, match=field):
        card_of(content, "mine.toml")
    content["terms"][0][field] = 3.5
    with pytest.raises(BadInput, match=field):
        card_of(content, "mine.toml")


def test_a_card_of_ones_own_wins_where_it_names_the_host() -> None:
    own = shipped("other-host") | {
        "id": "northlight",
        "name": "Northlight",
        "hosts": ["eu.northlight.example"],
        "expires_on": date(2027, 2, 3),
    }
    found = card_for("eu.northlight.example", [*CARDS, card_of(own, "northlight.toml")])
    assert found is not None
    assert found.id == "northlight"
