"""Keys block; what belongs to a person is held and raises the class; chance numbers do neither."""

from __future__ import annotations

import json
import uuid

import pytest

from studio_assist.domain.names import NameKind, NameTerm
from studio_assist.domain.pictures import new_job
from studio_assist.gate.findings import Action, Kind
from studio_assist.gate.inspect import Inspector
from studio_assist.gate.lexicon import Lexicon

INSPECTOR = Inspector(Lexicon([NameTerm(text="Elizabeth Brandt", kind=NameKind.PERSON)]))

# Put together here so that no scanner takes this file for a leak.
KEYS = [
    "sk-" + "proj-abcDEF123456ghiJKL7890mno", "sk-ant-" + "api03-abcDEF123456ghiJKL", "AKIA" + "IOSFODNN7EXAMPLE",
    "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8", "AIza" + "SyA1234567890abcdefghijklmnopqrstuv", "xoxb-" + "123456789012-abcdefghij",
    "hf_" + "abcdefghijklmnopqrstuvwx", "sk_live_" + "abcdefghijklmnop1234", "glpat-" + "abcdefghij1234567890",
    "eyJhbGciOiJI" + ".eyJzdWIiOiIx" + "MjM0.SflKxwRJSMeKKF2QT4", "-----BEGIN " + "PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
    "postgres://root:" + "hunter22@db.local/x", "password: " + "correct1horse", "Authorization: Bearer " + "abc.def-123",
    "SG." + "abcdefghijklmnop" + ".qrstuvwxyz0123456789", "npm_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_a_key_blocks_and_is_shown_nowhere(key: str) -> None:
    found = INSPECTOR.text(f"use {key} for it")
    assert found.action is Action.BLOCKED
    assert not any(key in str(one) for one in found.findings if one.kind is Kind.SECRET)


def test_a_long_random_word_is_held() -> None:
    assert INSPECTOR.text("see q7Zk2Lm9Xw4Rt8Vb3Nc6Hj1Pd5Gs0").action is Action.HOLD


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to jo.bloggs@example.org", Kind.EMAIL), ("write to maya.o@example.org", Kind.EMAIL), ("jo (at) example (dot) org", Kind.EMAIL),
        ("ring +44 20 7946 0958", Kind.PHONE), ("ring (555) 123-4567", Kind.PHONE), ("ring 030 9018 2020", Kind.PHONE),
        ("at 221 Baker Street", Kind.ADDRESS), ("at Hauptstraße 12a", Kind.ADDRESS), ("at 12 rue de Rivoli", Kind.ADDRESS),
        ("SW1A 1AA", Kind.ADDRESS), ("at 51.5034, -0.1276", Kind.ADDRESS), ("her SSN 078-05-1120", Kind.IDENTITY),
        ("pay DE89 3704 0044 0532 0130 00", Kind.IDENTITY), ("card 4111 1111 1111 1111", Kind.IDENTITY),
        ("passport no. 533380006", Kind.IDENTITY), ("DOB: 12/03/1980", Kind.IDENTITY),
    ],
)  # fmt: skip
def test_what_belongs_to_a_person_is_held_and_raises_the_class(text: str, kind: Kind) -> None:
    found = INSPECTOR.text(text)
    assert kind in {one.kind for one in found.findings}
    assert (found.action, found.personal) == (Action.HOLD, True)


def test_a_listed_person_raises_the_class() -> None:
    assert INSPECTOR.text("a part for Brandt").personal


@pytest.mark.parametrize(
    "text",
    [
        "Scene 14, page 27, 1 6/8 pages.", "It is 10:45 on 2026-11-22.", "00:01:12:05 to 00:01:15:10", "35 mm, f/2.8, 1/50, ISO 800",
        "In 1939-1945 they had 1,250,000 men.", "Take 3. 12 angry men. 24 24 24.", "Room 1408, flight 370, 99 44/100 percent",
        "The key is under the mat. The secret is out. My password is none of your business.", "version 3.14.15 of 2024.10.11",
    ],
)  # fmt: skip
def test_numbers_of_the_trade_are_no_ones(text: str) -> None:
    assert INSPECTOR.text(text).action is None


def test_the_id_that_follows_a_picture_is_nothing_of_anybodys() -> None:
    jobs = {new_job() for _ in range(600)}
    assert len(jobs) == 600
    assert {uuid.UUID(job).version for job in jobs} == {4}
    assert all(str(uuid.UUID(job)) == job for job in jobs)
    # Of usual ones six in a thousand were held, most as the number of a card.
    body = json.dumps([f"studio-assist/{job}/image_1.png [temp]" for job in jobs])
    assert INSPECTOR.text(body, leaving=True).action is None
