"""The record on the command line: checked with its signatures, witnessed by files, forgotten for good."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from studio_assist.cli import main
from studio_assist.commands.opening import current_person
from studio_assist.domain.record import ScriptImported
from studio_assist.domain.values import PersonId
from studio_assist.ledger import Contents, Ledger
from studio_assist.storage.lock import ProjectLock

Run = Callable[..., tuple[int, Any]]
SECRET = "The lighthouse keeper's name is Anselm Verlaine."
SCRIPT = "INT. RADIO ROOM - NIGHT\n\nMAYA\nIt's not static.\n\nEXT. PIER - DAWN\n\nFog.\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with --json; gives its exit code and its one document."""

    def command(*arguments: object) -> tuple[int, Any]:
        code = main([*map(str, arguments), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return command


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command for a person; gives what they read."""

    def command(*arguments: object) -> str:
        assert main([*map(str, arguments)]) == 0
        return capsys.readouterr().out

    return command


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    folder, source = tmp_path / "Larkspur.studio", tmp_path / "larkspur.fountain"
    source.write_text(SCRIPT, encoding="utf-8")
    assert run("new", folder, "--title", "Larkspur", "--script", source)[0] == 0
    return folder


def test_a_witness_on_the_command_line(
    project: Path, tmp_path: Path, run: Run, told: Callable[..., str]
) -> None:
    offer, reply = tmp_path / "offer.json", tmp_path / "reply.json"
    assert run("ledger", "verify", project)[1]["checkpoint"] is None
    code, asked = run("ledger", "witness", project, "--out", offer, "--by", "R. Okafor")
    assert (code, asked["path"], asked["session_only"]) == (0, str(offer), True)
    copy = Path(shutil.copytree(project, tmp_path / "Copy.studio"))
    before = contents(copy)
    code, signed = run("ledger", "witness", copy, "--in", offer, "--out", reply, "--by", "M. Lind")
    assert (code, signed["size"], signed["compared"]) == (0, asked["size"], True)
    assert contents(copy) == before, "a witness's own copy is looked at, not written to"
    code, taken = run("ledger", "witness", project, "--in", reply, "--by", "R. Okafor")
    assert (code, taken["witness"]["name"], taken["witness"]["size"]) == (0, "M. Lind", asked["size"])
    code, found = run("ledger", "verify", project)
    assert (code, found["ok"]) == (0, True)
    assert found["checkpoint"]["size"] == found["size"]
    assert set(found["checkpoint"]) >= {"size", "time", "key"}
    assert [one["name"] for one in found["witnesses"]] == ["M. Lind"]
    said = told("ledger", "verify", project)
    assert f"up to entry {asked['size']} by M. Lind (key {signed_by(found)}…)" in said
    assert "kept for that session only" in said
    shown = told("ledger", "show", project)
    assert f"witnessed the first {asked['size']} entries" in shown
    assert "signs with key" in shown


def test_verify_with_a_copy_says_where_they_part(project: Path, tmp_path: Path, run: Run) -> None:
    copy = Path(shutil.copytree(project, tmp_path / "Copy.studio"))
    code, found = run("ledger", "verify", project, "--copy", copy)
    assert (code, found["copy"]["relation"]) == (0, "same")
    with sqlite3.connect(project / "ledger.sqlite") as connection:
        connection.execute("UPDATE entries SET entry = replace(entry, 'larkspur', 'larkspor')")
    connection.close()
    code, found = run("ledger", "verify", project, "--copy", copy)
    assert (code, found["ok"], found["copy"]["relation"], found["copy"]["first_different"]) == (
        1,
        False,
        "different",
        4,
    )
    (field,) = found["copy"]["fields"]
    assert (field["here"], field["there"]) == ("larkspor.fountain", "larkspur.fountain")
    assert main(["ledger", "verify", str(project), "--copy", str(tmp_path / "nowhere")]) == 2


def test_forgetting_on_the_command_line(project: Path, run: Run, told: Callable[..., str]) -> None:
    number = put(project, SECRET)
    (project / "my notes.txt").write_text(SECRET, encoding="utf-8")
    why = ("--why", "A real person's name.", "--by", "R. Okafor")
    code, done = run("ledger", "forget", project, "--entry", number, *why)
    assert (code, done["texts"], done["named_by"]) == (0, 1, [number])
    assert [place["file"] for place in done["still_in"]] == ["my notes.txt"]
    assert SECRET.encode() not in (project / "ledger.sqlite").read_bytes()
    code, entry = run("ledger", "show", project, "--entry", number)
    assert list(entry["texts"].values()) == [None]
    assert "(forgotten)" in told("ledger", "show", project, "--entry", number)
    said = told("ledger", "show", project)
    assert f"1 text of entry {number} forgotten: A real person's name." in said
    assert "R. Okafor" in said
    assert run("ledger", "verify", project)[1]["forgotten"] == 1
    code, refused = run("ledger", "forget", project, "--entry", number, *why)
    assert (code, refused["error"]["rule"]) == (1, "record.forgotten-once")
    code, refused = run("ledger", "forget", project, "--entry", 900, *why)
    assert (code, refused["error"]["kind"]) == (2, "bad_input")


@pytest.mark.parametrize(
    "arguments",
    [
        ("witness", "--out", "offer.json"),
        ("witness", "--in", "reply.json"),
        ("forget", "--entry", "3", "--why", "A name."),
    ],
)
def test_a_project_that_a_window_holds_is_written_by_nobody_else(
    arguments: tuple[str, ...], project: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lock = ProjectLock.acquire(project, what="window")
    assert isinstance(lock, ProjectLock)
    with lock:
        command, *rest = arguments
        code, refused = run("ledger", command, project, *rest)
        assert (code, refused["error"]["kind"]) == (2, "unavailable")
        assert "in use" in refused["error"]["message"]
    assert not Path("offer.json").exists()


def test_what_is_given_wrongly_is_said(project: Path, tmp_path: Path, run: Run) -> None:
    for arguments in (
        ("witness", project),
        ("witness", project, "--in", tmp_path / "nowhere.json"),
        ("witness", project, "--out", tmp_path / "no" / "such" / "folder.json"),
        ("forget", project, "--entry", "1"),
        ("forget", project, "--entry", "0", "--why", "A name."),
    ):
        code, refused = run("ledger", *arguments)
        assert code == 2
        assert refused["error"]["remedy"]


def test_a_name_that_is_given_is_the_same_person_each_time(home: Path) -> None:
    assert current_person("R. Okafor") == current_person(" R. Okafor ")
    assert current_person("R. Okafor").id != current_person("M. Lind").id


# internals ----------------------------------------------------------------------------------------------


def put(project: Path, text: str) -> int:
    """Put a text into the record, as an import does."""
    texts = Contents()
    with Ledger.open(project / "ledger.sqlite") as ledger:
        body = ScriptImported(source_name="notes.fountain", content=texts.add(text))
        return ledger.append(body, at=datetime.now(UTC), person=PersonId("x-1"), contents=texts).number


def signed_by(found: dict[str, Any]) -> str:
    return str(found["witnesses"][0]["key"])[:8]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
