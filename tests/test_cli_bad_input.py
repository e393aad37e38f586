"""Bad input: a reason, a remedy, exit 2 (1 where the record does not hold), and nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from studio_assist.cli import main
from studio_assist.storage.lock import ProjectLock

SCRIPT = "INT. RADIO ROOM - NIGHT\n\nMAYA\nIt's not static.\n\nEXT. PIER - DAWN\n\nFog.\n"


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "Larkspur.studio"
    source = tmp_path / "larkspur.fountain"
    source.write_text(SCRIPT, encoding="utf-8")
    assert main(["new", str(folder), "--title", "Larkspur", "--script", str(source)]) == 0
    capsys.readouterr()
    return folder


def refused(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 2) -> dict[str, Any]:
    """Runs a command that must not go well, with and without --json; gives its error."""
    said(capsys, *arguments, code=code)
    assert main([*map(str, arguments), "--json"]) == code
    error: dict[str, Any] = json.loads(capsys.readouterr().out)["error"]
    assert set(error) == {"kind", "message", "remedy", "place", "rule"}
    assert error["message"]
    assert error["remedy"]
    return error


def said(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 2) -> None:
    """Runs a command that must not go well, without --json."""
    assert main([str(argument) for argument in arguments]) == code
    told = capsys.readouterr()
    assert told.err.startswith("studio-assist: ")
    assert len(told.err.strip().splitlines()) >= 2, "a reason and a remedy"
    assert "Traceback" not in told.err


# words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["attest", "P"],
        ["gate", "P"],
        ["report", "P"],
        ["script"],
        ["script", "a", "b"],
        ["ledger"],
        ["ledger", "pack", "P"],
        ["export", "P", "--format", "fdx", "--out", "x"],
        ["ask", "P"],
        ["ask", "P", "--task", "beats", "--count", "9"],
        ["ask", "P", "--task", "beats", "--count", "0"],
        ["ask", "P", "--task", "beats", "--seed", "-1"],
        ["ask", "P", "--task", "beats", "--line", "two"],
        ["new", "P"],
        ["--nonsense"],
    ],
)
def test_bad_usage_is_said_in_a_line_with_a_remedy(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    error = refused(capsys, *arguments)
    assert "\n" not in error["message"]
    assert list(tmp_path.iterdir()) == []


# scripts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("latin.fountain", "INT. CAFÉ - DAY\n".encode("latin-1")),
        ("utf16.fountain", "INT. CAFÉ - DAY\n".encode("utf-16")),
        ("binary.fountain", bytes(range(256))),
        ("picture.fountain", b"\x89PNG\r\n\x1a\n" + bytes(64)),
        ("empty.fountain", b""),
        ("script.fdx", b"<FinalDraft/>"),
        ("script.pdf", b"%PDF-1.7"),
    ],
)
def test_a_file_that_is_no_script_is_refused_everywhere_and_changes_nothing(
    name: str, data: bytes, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    assert str(file) in refused(capsys, "script", file)["place"]
    said(capsys, "import", file, "--into", project)
    said(capsys, "new", tmp_path / "Other.studio", "--title", "Other", "--script", file)
    assert not (tmp_path / "Other.studio").exists()
    assert (project / "script.fountain").read_text(encoding="utf-8") == SCRIPT
    assert not list(project.glob("script (copy*"))


def test_a_missing_file_and_a_folder_are_no_scripts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(capsys, "script", tmp_path / "nowhere.fountain")
    refused(capsys, "script", tmp_path)


@pytest.mark.parametrize(
    "text",
    ["word " * 1_000_000, "x" * 5_000_000, "INT. ROOM - DAY\n\nMAYA\nHello.\n\n" * 40_000],
    ids=["5 MB in one line", "5 MB in one word", "200,000 lines"],
)
def test_a_huge_script_is_read_in_seconds(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "huge.fountain"
    file.write_text(text, encoding="utf-8", newline="")
    began = time.monotonic()
    assert main(["script", str(file), "--json"]) == 0
    assert time.monotonic() - began < 20  # about 1.5 s on an idle machine
    read = json.loads(capsys.readouterr().out)
    assert read["elements"][0]["start"] == 0
    assert read["elements"][-1]["end"] == len(text)


# asking -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["--task", "sing"],
        ["--task", "alt-lines", "--scene", "99"],
        ["--task", "alt-lines", "--scene", "1", "--line", "2"],
        ["--task", "alt-lines", "--scene", "2", "--line", "1"],
        ["--task", "alt-lines", "--line", "1"],
        ["--task", "beats", "--backend", "nobody"],
    ],
)
def test_what_is_not_there_cannot_be_asked_about(
    arguments: list[str], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(capsys, "ask", project, *arguments)
    assert _types(project) == ["project_created", "policy_chosen", "person_added", "script_imported"]


def test_a_script_without_scenes_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path / "Empty"), "--title", "Empty"]) == 0
    capsys.readouterr()
    refused(capsys, "ask", tmp_path / "Empty", "--task", "beats")


def test_a_project_that_a_window_has_open_is_left_to_it(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = ProjectLock.acquire(project, what="window")
    assert isinstance(lock, ProjectLock)
    with lock:
        error = refused(capsys, "ask", project, "--task", "beats")
        assert error["kind"] == "unavailable"
        assert "window" in error["message"]
        refused(capsys, "export", project, "--format", "fountain", "--out", tmp_path / "out.fountain")
        refused(capsys, "import", tmp_path / "larkspur.fountain", "--into", project)
    assert not (tmp_path / "out.fountain").exists()
    assert len(_types(project)) == 4


# projects -----------------------------------------------------------------------------------------------


def test_a_folder_that_is_no_project_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["info"], ["ledger", "show"], ["ledger", "verify"], ["ask", "--task", "beats"]):
        refused(capsys, *command, tmp_path)
    refused(capsys, "backends", "--project", tmp_path)
    refused(capsys, tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_a_new_project_never_goes_where_something_is(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(capsys, "new", project, "--title", "Other")
    refused(capsys, "sample", project)
    assert (project / "script.fountain").read_text(encoding="utf-8") == SCRIPT


def test_an_unknown_policy_and_an_empty_title_make_no_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    error = refused(capsys, "new", tmp_path / "P", "--title", "P", "--policy", "nobody")
    assert "netflix-2025" in error["remedy"]
    refused(capsys, "new", tmp_path / "P", "--title", " ")
    assert list(tmp_path.iterdir()) == []


def test_a_project_of_a_newer_version_is_not_touched(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "project.toml"
    file.write_text(file.read_text("utf-8").replace("format_version = 1", "format_version = 9"), "utf-8")
    before = {path.name for path in project.iterdir()}
    for command in (["info"], ["ask", "--task", "beats"], ["ledger", "show"]):
        assert "newer" in refused(capsys, *command, project)["message"]
    assert {path.name for path in project.iterdir()} == before


def test_a_damaged_temp_file_is_said_and_kept(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "temp.json").write_bytes(b'{"version": 1, "spans": [')
    assert main(["info", str(project), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["scenes"] == 2
    assert "temp.json" in told.err
    assert (project / "temp.json").read_bytes() == b'{"version": 1, "spans": ['


def test_an_altered_record_is_exit_1_and_stops_asking(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    connection = sqlite3.connect(project / "ledger.sqlite")
    with connection:
        connection.execute(
            "UPDATE entries SET entry = replace(entry, 'larkspur.', 'larkspor.') WHERE number = 4"
        )
    connection.close()
    assert main(["ledger", "verify", str(project), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["first_bad"]) == (False, 4)
    assert found["why"]
    error = refused(capsys, "ask", project, "--task", "beats", code=1)
    assert error["rule"] == "record-intact"
    out = project.parent / "out.fountain"
    refused(capsys, "export", project, "--format", "fountain", "--out", out, "--final", code=1)
    refused(capsys, "ledger", "witness", project, "--out", out, code=1)
    refused(capsys, "ledger", "forget", project, "--entry", "3", "--why", "A name.", code=1)
    assert not (project.parent / "out.fountain").exists()


@pytest.mark.parametrize("damage", ["overwritten", "cut", "gone"])
def test_a_broken_record_is_told_apart_from_a_sound_one(
    damage: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = project / "ledger.sqlite"
    data = ledger.read_bytes()
    match damage:
        case "overwritten":
            ledger.write_bytes(b"not a database at all" * 400)
        case "cut":
            ledger.write_bytes(data[: len(data) // 2])
        case _:
            ledger.unlink()
    code = main(["ledger", "verify", str(project), "--json"])
    printed = json.loads(capsys.readouterr().out)
    if damage == "gone":
        assert code == 2
    else:
        assert code == 1
        assert printed["ok"] is False
        assert printed["why"]
    refused(capsys, "ask", project, "--task", "beats", code=1)
    assert (project / "script.fountain").read_text(encoding="utf-8") == SCRIPT
    assert ledger.exists() == (damage != "gone")


# the disk -----------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="a superuser may write everywhere")
def test_an_unwritable_folder_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        refused(capsys, "new", closed / "P", "--title", "P")
    finally:
        closed.chmod(stat.S_IRWXU)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/sys is Linux's")
def test_a_folder_that_nobody_can_write_to_is_said(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(capsys, "new", "/sys/Larkspur", "--title", "P")
    refused(capsys, "sample", "/sys/Larkspur")
    refused(capsys, "export", project, "--format", "fountain", "--out", "/sys/larkspur.fountain")


def test_a_place_that_cannot_hold_a_folder_is_said(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    refused(capsys, "new", tmp_path / "file" / "P", "--title", "P")
    refused(capsys, "export", project, "--format", "fountain", "--out", tmp_path / "file" / "x.fountain")
    refused(capsys, "export", project, "--format", "fountain", "--out", project / "script.fountain")
    assert (project / "script.fountain").read_text(encoding="utf-8") == SCRIPT


@pytest.mark.skipif(os.name != "posix", reason="needs a limit on the size of files")
@pytest.mark.parametrize("command", ["new", "import", "export"])
def test_a_full_disk_leaves_everything_as_it_was(command: str, project: Path, tmp_path: Path) -> None:
    big = tmp_path / "big.fountain"
    big.write_text(SCRIPT + ("A long night. " * 300 + "\n\n") * 160, encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    arguments = {
        "new": ["new", str(out / "P"), "--title", "P", "--script", str(big)],
        "import": ["import", str(big), "--into", str(project)],
        "export": ["export", str(project), "--format", "pdf", "--out", str(out / "x.pdf")],
    }[command]
    limit = 300_000
    if command == "export":
        assert main(["import", str(big), "--into", str(project)]) == 0
        limit = 200_000
    before = (project / "script.fountain").read_bytes()
    # A limit on the size of any one file is met as a full disk is: the write fails in the middle.
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "from studio_assist.cli import main\n"
        "raise SystemExit(main(sys.argv[1:]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments, "--json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    error = json.loads(done.stdout)["error"]
    assert error["kind"] == "unavailable"
    assert error["remedy"]
    assert "Traceback" not in done.stderr
    assert (project / "script.fountain").read_bytes() == before
    assert list(out.iterdir()) == []
    assert not [path for path in project.rglob("*") if path.name.endswith((".partial", ".making"))]
    assert main(["ledger", "verify", str(project)]) == 0


def _types(project: Path) -> list[str]:
    copy = project.parent / "look.sqlite"
    shutil.copyfile(project / "ledger.sqlite", copy)
    connection = sqlite3.connect(copy)
    types = [row[0] for row in connection.execute("SELECT type FROM entries ORDER BY number")]
    connection.close()
    return types
