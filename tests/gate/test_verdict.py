"""By default nothing leaves: the one verdict that lets a request on is for a model on this machine."""

from __future__ import annotations

import asyncio

import pytest

from studio_assist.domain.errors import Refusal
from studio_assist.domain.generation import BackendInfo, Where
from studio_assist.domain.ports import Call, ClosedDoor
from studio_assist.gate.verdict import NOT_ATTESTED, STAYS_HERE, verdict_of


def backend(where: Where, host: str | None) -> BackendInfo:
    return BackendInfo(id="x", name="X", where=where, host=host, retention_days=0, trains=False)


def test_a_model_on_this_machine_goes_on() -> None:
    verdict = verdict_of(backend(Where.HERE, None))
    assert (verdict.verdict, verdict.rules) == ("here", (STAYS_HERE,))


@pytest.mark.parametrize(
    ("where", "host"),
    [
        (Where.STUDIO, "render.studio"),
        (Where.OUTSIDE, "api.example.com"),
        (Where.HERE, "localhost"),
        (Where.OUTSIDE, None),
    ],
)
def test_whatever_names_a_host_or_is_elsewhere_is_blocked_with_a_way_out(
    where: Where, host: str | None
) -> None:
    verdict = verdict_of(backend(where, host))
    assert (verdict.verdict, verdict.rules) == ("blocked", (NOT_ATTESTED,))
    assert verdict.remedy


def test_the_door_a_plugin_is_given_sends_nothing() -> None:
    with pytest.raises(Refusal, match="Nothing leaves"):
        asyncio.run(ClosedDoor().send(Call(method="POST", url="http://127.0.0.1:9/x?key=secret", body=b"x")))
