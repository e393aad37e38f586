"""The producer's commands: what they print, how they end, and what they say to bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio_assist.cli import main
from studio_assist.commands.opening import PERSON_VARIABLE

Run = Callable[..., tuple[int, Any]]
SCRIPT = "INT. RADIO ROOM - NIGHT\n\nMAYA\nIt's not static.\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with --json; gives its exit code and its one document."""

    def command(*arguments: object) -> tuple[int, Any]:
        code = main([*map(str, arguments), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return command


@pytest.fixture
def project(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PERSON_VARIABLE, "R. Okafor")
    folder, source = tmp_path / "Larkspur.studio", tmp_path / "larkspur.fountain"
    source.write_text(SCRIPT, encoding="utf-8")
    made = run("new", folder, "--title", "Larkspur", "--script", source, "--policy", "netflix-2025")
    assert made[0] == 0
    return folder


def test_the_contact_is_asked_after_told_and_known_from_then_on(project: Path, run: Run) -> None:
    code, said = run("contact", project)
    assert (code, said["wanted"], said["told"]) == (1, True, None)
    code, waiting = run("clearances", project)
    assert (code, waiting["contact_told"]) == (1, False)
    assert [one for one in waiting["reminders"] if one]

    uses = said["uses"][:2]
    tell = ("contact", project, "--name", "D. Marsh", "--how", "call", "--when", "2026-02-03")
    code, told = run(*tell, *(word for use in uses for word in ("--use", use)))
    assert code == 0
    seen = told["told"]
    assert (seen["contact"], seen["how"], seen["by"], seen["uses"]) == ("D. Marsh", "call", "R. Okafor", uses)
    assert run("contact", project) == (0, told)
    code, shown = run("ledger", "show", project, "--entry", seen["entry"])
    assert (code, shown["body"]["type"]) == (0, "contact_told")
    assert "D. Marsh" not in json.dumps(shown["body"]), "a name is no part of the record itself"

    code, clear = run("clearances", project)
    assert (code, clear["policy"]) == (0, "netflix-2025")
    assert (clear["contact_told"], clear["requests"], clear["consents"]) == (True, [], [])


def test_people_and_a_report_of_everything_are_read_by_other_programs(
    project: Path, tmp_path: Path, run: Run
) -> None:
    code, people = run("people", "list", project)
    assert code == 0
    (member,) = [one for one in people["members"] if not one["automated"]]
    assert member["name"] == "R. Okafor"
    assert {"id", "roles", "keys", "signed", "unknown_signed"} <= member.keys()

    out = tmp_path / "report.json"
    code, made = run("report", project, "--out", out)
    assert (code, made["kind"]) == (0, "full")
    report = json.loads(out.read_text(encoding="utf-8"))
    assert "Larkspur" in json.dumps(report)
    assert "static" not in json.dumps(report)
    assert run("clearances", project)[0] == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("contact", "--name", "D. Marsh", "--use", "no-such-use"), 2),
        (("contact", "--name", " "), 2),
        (("contact", "--name", "D. Marsh", "--when", "soon"), 2),
        (("report", "--out", "r.docx"), 2),
        (("report", "--out", "r.csv", "--since", "2026-03-02", "--until", "2026-03-01"), 2),
    ],
)
def test_bad_input_ends_with_2_says_why_and_writes_nothing(
    project: Path, run: Run, arguments: tuple[str, ...], code: int
) -> None:
    _, before = run("ledger", "show", project)
    command, *rest = arguments
    ended, said = run(command, project, *rest)
    assert (ended, said["error"]["kind"]) == (code, "bad_input")
    assert said["error"]["remedy"]
    _, after = run("ledger", "show", project)
    assert after == before


@pytest.mark.parametrize("command", [("contact",), ("clearances",), ("people", "list")])
def test_a_folder_that_is_no_project_ends_with_2(tmp_path: Path, run: Run, command: tuple[str, ...]) -> None:
    code, said = run(*command, tmp_path / "nowhere")
    assert (code, said["error"]["kind"]) == (2, "bad_input")
