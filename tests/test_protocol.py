"""Desk and broker understand each other exactly, or say that they do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_assist import protocol
from studio_assist.domain.candidate import Anchor
from studio_assist.domain.errors import BadInput, Conflict, Refusal
from studio_assist.domain.people import new_person
from studio_assist.protocol import Answer, AskParams, Call


@given(st.text(), st.text())
def test_a_call_arrives_as_it_was_made_whatever_the_script_holds(script: str, note: str) -> None:
    script = script.encode("utf-8", "ignore").decode()
    note = note.encode("utf-8", "ignore").decode()
    params = AskParams(
        task="alt-lines",
        script=script,
        anchor=Anchor(start=0, length=len(script), quote=script),
        note=note,
        person=new_person("R. Okafor"),
    )
    line = protocol.encode_call(7, protocol.ASK, params)
    assert line.count(b"\n") == 1
    assert protocol.decode_call(line) == Call(7, protocol.ASK, params)


def test_an_error_keeps_its_kind_place_and_remedy_over_the_wire() -> None:
    refusal = Refusal("Nothing leaves.", remedy="Use the model here.", place="line 3", rule="nothing-leaves")
    answer = protocol.decode_from_broker(protocol.encode_error(3, refusal))
    assert isinstance(answer, Answer)
    assert isinstance(answer.error, Refusal)
    assert (answer.error.message, answer.error.remedy) == ("Nothing leaves.", "Use the model here.")
    assert (answer.error.place, answer.error.rule) == ("line 3", "nothing-leaves")
    conflict = protocol.decode_from_broker(protocol.encode_error(4, Conflict("Changed.", remedy="Choose.")))
    assert isinstance(conflict, Answer)
    assert isinstance(conflict.error, Conflict)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"not json\n",
        b"[]\n",
        b'{"id": 1}\n',
        b'{"id": 1, "method": "frobnicate", "params": {}}\n',
        b'{"id": 1, "method": "ask", "params": {"task": 3}}\n',
        b'{"id": 1, "method": "stop", "params": {"request": "r", "all": true}}\n',
    ],
)
def test_what_is_not_exactly_one_of_our_calls_is_refused(line: bytes) -> None:
    with pytest.raises(BadInput):
        protocol.decode_call(line)


def test_there_is_no_call_that_decides_on_more_than_one_candidate() -> None:
    for method in protocol.METHODS.values():
        for name, field in method.params.model_fields.items():
            assert "candidate" not in name or "tuple" not in str(field.annotation)
    deciding = [name for name in protocol.METHODS if "decide" in name or "accept" in name]
    # Words and pictures; each of the two takes one candidate.
    assert sorted(deciding) == ["decide", "decide_picture"]
