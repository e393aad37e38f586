"""`studio-assist report`: what it prints, how it ends, and what it leaves."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio_assist.cli import main

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
def project(tmp_path: Path, run: Run) -> Path:
    folder, source = tmp_path / "Larkspur.studio", tmp_path / "larkspur.fountain"
    source.write_text(SCRIPT, encoding="utf-8")
    assert run("new", folder, "--title", "Larkspur", "--script", source)[0] == 0
    return folder


def test_a_report_on_the_command_line(project: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "sheet.html"
    code, made = run(
        "report", project, "--out", out, "--for", "guild", "--recipient", "B. Reader", "--by", "R. Okafor"
    )
    assert code == 0
    assert (made["path"], made["kind"]) == (str(out), "guild")
    assert made["entries"] >= 4
    assert made["handed_over"] == made["entry"] + 1
    text = out.read_text(encoding="utf-8")
    assert "Recipient of this sheet: B. Reader." in text
    assert "static" not in text
    code, shown = run("ledger", "show", project, "--entry", made["entry"])
    assert shown["body"]["format"] == "report-html"
    assert shown["signed_with"]


def test_wrong_use_ends_with_2_and_a_reason(project: Path, tmp_path: Path, run: Run) -> None:
    code, said = run("report", project, "--out", tmp_path / "r.docx")
    assert (code, said["error"]["kind"]) == (2, "bad_input")
    assert run("report", project, "--out", tmp_path / "r.csv", "--since", "soon")[0] == 2
    code, said = run("report", project, "--out", tmp_path / "r.csv", "--for", "guild")
    assert (code, said["error"]["rule"]) == (1, "recipient")


def test_an_altered_record_ends_with_1_and_leaves_nothing(project: Path, tmp_path: Path, run: Run) -> None:
    with sqlite3.connect(project / "ledger.sqlite") as connection:
        connection.execute("UPDATE entries SET entry = replace(entry, 'larkspur', 'larkspor')")
    connection.close()
    code, said = run("report", project, "--out", tmp_path / "r.pdf")
    assert (code, said["error"]["rule"]) == (1, "record-intact")
    assert said["error"]["message"].startswith("Export opens when the ledger verifies.")
    assert not (tmp_path / "r.pdf").exists()
