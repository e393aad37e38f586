"""Entries have one form: strict, and canonical JSON by RFC 8785."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import get_args

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_work import Work
from pydantic import BaseModel, ValidationError

from studio_assist.domain import record
from studio_assist.domain.record import BODIES, Entry, Recovered, Requested
from studio_assist.ledger import Ledger
from studio_assist.ledger.past import read_entry, write_entry

EXACT = record.EXACT_INTEGER
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def every_class():
    return [Entry, record.Anchor, record.Dropped, record.Placement, record.PolicyPin, *BODIES.values()]


@pytest.mark.parametrize("value", every_class(), ids=lambda value: value.__name__)
def test_fields_are_alphabetical_and_none_is_a_float(value: type[BaseModel]):
    assert list(value.model_fields) == sorted(value.model_fields)

    def types(annotation: object):
        yield annotation
        for inner in get_args(annotation):
            yield from types(inner)

    for field in value.model_fields.values():
        assert float not in types(field.annotation)


def test_every_kind_of_entry_is_written_alike_by_both_writers(tmp_path):
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        Work(ledger).sealed_day()
        entries = ledger.entries(limit=1000)
    assert {entry.body.type for entry in entries} == set(BODIES)
    for entry in entries:
        assert write_entry(entry) == entry.canonical() == rfc8785.dumps(entry.model_dump(mode="json"))
        assert read_entry(entry.canonical()) == entry


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.dictionaries(
        st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,9}", fullmatch=True),
        st.text(st.characters(exclude_categories=["Cs"]))
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1),
    ),
    st.datetimes(timezones=st.just(UTC)),
)
@settings(max_examples=200, deadline=None)
def test_any_words_and_settings_have_one_canonical_form(words, sampling, moment):
    body = Requested(
        anchor=None,
        backend="embedded",
        count=1,
        model=words,
        note=None,
        prompt="0" * 64,
        request="r",
        scene=words,
        seed=None,
        settings=sampling,
        task="beats",
        where="here",
    )
    entry = Entry(at=moment, body=body, number=1, person=None)
    assert write_entry(entry) == entry.canonical()
    assert read_entry(entry.canonical()) == entry


def test_times_are_utc_with_six_decimals():
    entry = Entry(at=AT, body=Recovered(what="x"), number=1, person=None)
    assert re.search(rb'"at":"2026-03-02T09:30:00\.000000Z"', entry.canonical())
    with pytest.raises(ValidationError):
        Entry(at=AT.replace(tzinfo=None), body=Recovered(what="x"), number=1, person=None)


@pytest.mark.parametrize(
    "stored",
    [
        b'{"at":"2026-03-02T09:30:00.000000Z","body":{"type":"recovered","v":2,"what":"x"},"number":1,"person":null}',
        b'{"at":"2026-03-02T09:30:00.000000Z","body":{"type":"unheard","v":1,"what":"x"},"number":1,"person":null}',
        b'{"at":"2026-03-02T09:30:00.000000Z","body":{"more":1,"type":"recovered","v":1,"what":"x"},"number":1,"person":null}',
        b'{"at":"2026-03-02T09:30:00.000000Z","body":{"type":"recovered","v":1,"what":"x"},"number":1.0,"person":null}',
        b'{"at":1772443800,"body":{"type":"recovered","v":1,"what":"x"},"number":"1","person":null}',
        b"{}",
        b"",
    ],
)
def test_what_is_not_strictly_an_entry_is_not_read(stored):
    with pytest.raises(ValidationError):
        read_entry(stored)


def test_only_a_named_person_shows_decides_replaces_and_exports():
    done_by_people = ("presented", "decision", "decision_undone", "replaced", "span_deleted", "exported")
    sending = ("names_answered", "send_approved", "send_seconded", "send_refused", "policy_chosen")
    hosts = ("backend_added", "backend_removed", "attestation_made", "attestation_revoked", "names_changed")
    sealing = ("key_added", "forgotten", "witnessed", "pack_made")
    for kind in (*done_by_people, *sending, *hosts, *sealing, "clearance_drafted"):
        assert BODIES[kind] in record._BY_A_PERSON
    body = record.Presented(candidate="c", content="0" * 64)
    for nobody in (None, ""):
        with pytest.raises(ValidationError, match="named person"):
            Entry(at=AT, body=body, number=1, person=nobody)
