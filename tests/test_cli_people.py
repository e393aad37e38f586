"""People on the command line: who is there, what they may, and an invitation that goes there and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keyring.errors
import pytest

from studio_assist.broker import keys
from studio_assist.cli import main
from studio_assist.commands.opening import PERSON_VARIABLE
from studio_assist.ledger import verify

Run = Callable[..., tuple[int, Any]]


class Keychain:
    """One that keeps what it is given, for whoever runs a command on this machine."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.items:
            raise keyring.errors.PasswordDeleteError(username)
        del self.items[service, username]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command with --json, with a keychain that lasts as long as the test."""
    keychain = Keychain()
    monkeypatch.setattr(keys.Keys, "_opened", lambda _self: keychain)

    def command(*arguments: object) -> tuple[int, Any]:
        code = main([*map(str, arguments), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return command


@pytest.fixture
def project(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PERSON_VARIABLE, "R. Okafor")
    folder, source = tmp_path / "Larkspur.studio", tmp_path / "larkspur.fountain"
    source.write_text("INT. RADIO ROOM - NIGHT\n\nStatic.\n", encoding="utf-8")
    assert run("new", folder, "--title", "Larkspur", "--script", source)[0] == 0
    return folder


def member(people: Any, name: str) -> Any:
    return next(one for one in people["members"] if one["name"] == name)


def test_an_invitation_goes_there_and_back_and_the_key_has_to_be_named(
    project: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    invitation, answer = tmp_path / "invitation.json", tmp_path / "answer.json"
    asked = ("people", "invite", project, "--name", "S. Tanaka", "--out", invitation, "--by", "R. Okafor")
    code, refused = run(*asked, "--roles", "director")
    assert (code, refused["error"]["place"]) == (2, "--roles")
    assert run(*asked, "--roles", "approver,producer")[0] == 0
    code, joined = run("people", "join", invitation, "--out", answer, "--by", "S. Tanaka")
    assert (code, joined["title"], joined["session_only"]) == (0, "Larkspur", False)

    admit = ("people", "admit", project, answer, "--by", "R. Okafor")
    code, seen = run(*admit)
    assert (code, seen["entry"], seen["short"]) == (0, None, joined["short"])
    code, refused = run(*admit, "--key", "5f5f " * 8)
    assert (code, refused["error"]["rule"]) == (1, "compared-key")
    code, done = run(*admit, "--key", joined["short"])
    assert code == 0
    assert done["entry"]
    code, again = run(*admit, "--key", joined["short"])
    assert (code, again["error"]["rule"]) == (1, "invitation-once")

    code, people = run("people", "list", project)
    assert code == 0
    tanaka = member(people, "S. Tanaka")
    assert (tanaka["roles"], tanaka["roles_from"]) == (["producer", "approver"], "R. Okafor")
    assert [key["known"] for key in tanaka["keys"]] == [True]
    # From now on there is a producer, and what is a producer's is not everybody's any more.
    roles = ("people", "roles", project, "--who", "R. Okafor", "--roles", "artist")
    code, refused = run(*roles, "--by", "R. Okafor")
    assert (code, refused["error"]["rule"]) == (1, "right-people")
    code, given = run(*roles, "--by", "S. Tanaka")
    assert (code, given["roles"], given["roles_from"]) == (0, ["artist"], "S. Tanaka")
    assert main(["people", "list", str(project)]) == 0
    told = capsys.readouterr().out
    assert joined["short"] in told
    assert "by R. Okafor" in told
    assert verify(project).ok


def test_a_key_that_nobody_knows_is_vouched_for_by_what_its_owner_reads_aloud(
    project: Path, run: Run
) -> None:
    give = ("people", "roles", project, "--who", "R. Okafor", "--roles", "writer", "--by")
    assert run(*give, "R. Okafor")[0] == 0
    assert run(*give, "M. Lind")[0] == 0
    lind = member(run("people", "list", project)[1], "M. Lind")
    assert (lind["signed"], lind["unknown_signed"]) == (1, 1)
    vouch = ("people", "vouch", project, "--who", "M. Lind", "--by", "R. Okafor", "--key")
    code, refused = run(*vouch, "5f5f " * 8)
    assert (code, refused["error"]["place"]) == (2, "--key")
    code, vouched = run(*vouch, lind["keys"][0]["short"].upper())
    assert (code, vouched["unknown_signed"]) == (0, 0)
    code, refused = run("people", "vouch", project, "--who", "Nobody", "--key", "1", "--by", "R. Okafor")
    assert (code, refused["error"]["place"]) == (2, "--who")
