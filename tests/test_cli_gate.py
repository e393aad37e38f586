"""The gate on the command line: hosts, names and attestations are set up, and what would leave is shown."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from studio_assist.cli import main

Run = Callable[..., tuple[int, Any]]
SCRIPT = "Title: Larkspur\n\nINT. RADIO ROOM - NIGHT\n\nMAYA\nIt's not static.\n"
UNTIL = (date.today() + timedelta(days=60)).isoformat()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: object) -> tuple[int, Any]:
        code = main([*map(str, words), "--json"])
        printed = capsys.readouterr().out
        return code, json.loads(printed) if printed else None

    return command


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    script = tmp_path / "s.fountain"
    script.write_text(SCRIPT, encoding="utf-8")
    assert run("new", tmp_path / "P.studio", "--title", "Larkspur", "--script", script)[0] == 0
    return tmp_path / "P.studio"


def text(project: Path, words: str) -> Path:
    file = project.parent / "ask.txt"
    file.write_text(words, encoding="utf-8")
    return file


def add(run: Run, project: Path, *more: object) -> Any:
    words = ("--id", "own", "--type", "openai-compatible", "--host", "http://127.0.0.1:9/v1", "--model", "m")
    code, added = run("backend", "add", project, *words, *more)
    assert code == 0
    return added


def attest(run: Run, project: Path, backend: str = "own") -> Any:
    evidence = project.parent / "agreement.txt"
    evidence.write_text("Nothing is kept.", encoding="utf-8")
    words = ("--backend", backend, "--evidence", evidence, "--until", UNTIL, "--by", "M. Castellan")
    code, attested = run("attest", project, *words)
    assert code == 0
    return attested


def test_what_nobody_attested_is_blocked_and_what_is_attested_waits_for_a_person(
    project: Path, run: Run
) -> None:
    added = add(run, project)
    assert (added["id"], added["where"], added["needs"]) == ("own", "here", "attestation")
    asked = text(project, "Maya waits by the radio.\n")
    code, blocked = run("gate", project, "--backend", "own", "--text", asked)
    assert (code, blocked["verdict"]) == (1, "blocked")
    assert "attested" in [reason["rule"] for reason in blocked["reasons"]]
    assert set(attest(run, project)) >= {"attestation", "entry"}
    code, found = run("gate", project, "--backend", "own", "--text", asked)
    assert (code, found["verdict"]) == (0, "ask")
    assert [one["action"] for one in found["findings"]] == ["replaced"]
    envelope = found["envelope"]
    assert (envelope["method"], envelope["origin"]) == ("POST", "http://127.0.0.1:9")
    assert b"maya" not in base64.b64decode(envelope["body_b64"]).lower()
    assert len(envelope["sha256"]) == 64
    _, listed = run("backends", "--project", project)
    (own,) = [one for one in listed if one["id"] == "own"]
    assert (own["retention_days"], own["trains"]) == (0, False)


def test_a_word_that_may_be_a_name_is_held_until_it_stands_in_the_list(project: Path, run: Run) -> None:
    add(run, project)
    attest(run, project)
    asked = text(project, "Brannock waits by the radio.\n")
    assert run("gate", project, "--backend", "own", "--text", asked)[1]["verdict"] == "hold"
    code, names = run("names", project, "--add", "Brannock", "--kind", "character", "--alias", "Bran")
    assert code == 0
    assert {"text": "Brannock", "kind": "character", "aliases": ["Bran"], "source": "person"} in names
    found = run("gate", project, "--backend", "own", "--text", asked)[1]
    assert found["verdict"] == "ask"
    assert b"Brannock" not in base64.b64decode(found["envelope"]["body_b64"])


def test_fields_that_a_providers_terms_ask_for_are_in_every_request(project: Path, run: Run) -> None:
    words = ("--id", "or", "--type", "openai-compatible", "--host", "https://openrouter.ai/api/v1")
    more = ("--model", "deepseek/deepseek-chat", "--field", 'provider.only=["deepinfra"]')
    assert run("backend", "add", project, *words, *more)[0] == 0
    attest(run, project, "or")
    untold = run("gate", project, "--backend", "or", "--text", text(project, "A pier at dawn.\n"))[1]
    assert (untold["verdict"], untold["reasons"][0]["rule"]) == ("blocked", "contact")
    assert run("contact", project)[0] == 1
    assert run("contact", project, "--name", "D. Marsh", "--use", "alt-lines-and-beats", "--by", "M")[0] == 0
    assert run("clearances", project)[1]["contact_told"]
    found = run("gate", project, "--backend", "or", "--text", text(project, "A pier at dawn.\n"))[1]
    assert found["verdict"] == "ask"
    assert json.loads(base64.b64decode(found["envelope"]["body_b64"]))["provider"] == {
        "zdr": True,
        "data_collection": "deny",
        "allow_fallbacks": False,
        "only": ["deepinfra"],
    }


def test_a_named_artist_is_said_to_need_clearance_on_this_machine_too(project: Path, run: Run) -> None:
    named = text(project, "A pier in the style of Edward Hopper.\n")
    code, found = run("gate", project, "--backend", "embedded", "--text", named)
    assert (code, found["verdict"], found["reasons"][0]["rule"]) == (1, "blocked", "clearance")


def test_nothing_is_sent_or_recorded_by_looking_and_bad_input_says_so(project: Path, run: Run) -> None:
    add(run, project)
    size = run("info", project)[1]["ledger"]["size"]
    run("gate", project, "--backend", "own", "--text", text(project, "A pier at dawn.\n"))
    assert run("info", project)[1]["ledger"]["size"] == size
    for words in (
        ("--backend", "nobody", "--text", text(project, "x")),
        ("--backend", "own", "--text", project / "nowhere.txt"),
        ("--backend", "own", "--text", text(project, " \n")),
    ):
        assert run("gate", project, *words)[0] == 2
    assert (
        run("attest", project, "--backend", "own", "--evidence", project, "--until", UNTIL, "--by", "M")[0]
        == 2
    )
