"""`mark read` and the exports that it reads, on the command line: the documents and exit codes of the contract."""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.broker.marking import PictureJob, export_picture
from studio_assist.cli import main
from studio_assist.domain.marking import SourceType
from studio_assist.domain.people import Person
from studio_assist.domain.values import EntryNumber, PersonId, sha256_of
from studio_assist.marks.notice import read_notice
from studio_assist.paths import resource

ARTIST = Person(id=PersonId("lindqvist-1"), name="J. Lindqvist", role="artist")
SAMPLE_SCRIPT = resource("sample", "counterweight.fountain")

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with --json; gives its exit code and its one document."""

    def command(*arguments: object) -> tuple[int, Any]:
        code = main([*map(str, arguments), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return command


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    folder = tmp_path / "work" / "Counterweight.studio"
    folder.parent.mkdir()
    assert run("new", folder, "--title", "Counterweight", "--script", SAMPLE_SCRIPT)[0] == 0
    return folder


@pytest.fixture
def board(project: Path, tmp_path: Path) -> Path:
    """A marked picture in a folder of its own."""
    out = tmp_path / "elsewhere" / "14C.png"
    out.parent.mkdir()
    plain = io.BytesIO()
    Image.linear_gradient("L").resize((800, 450)).convert("RGB").save(plain, "PNG")

    async def make() -> None:
        broker = Broker(lambda _event: None)
        try:
            opening = protocol.OpenProjectParams(path=str(project), person=ARTIST)
            await broker.handle(protocol.OPEN_PROJECT, opening)
            job = PictureJob(plain.getvalue(), EntryNumber(2), "14C", SourceType.GENERATED, out, ARTIST)
            await export_picture(broker.session, job, lambda _event: None)
        finally:
            await broker.close()

    asyncio.run(make())
    return out


def test_a_marked_picture_agrees_with_its_project(run: Run, project: Path, board: Path) -> None:
    code, found = run("mark", "read", board, "--project", project)
    findings = found.pop("findings")
    assert code == 0, findings
    assert set(found) == {"band", "invisible", "manifest", "source_type", "agree"}
    assert found["invisible"] == {
        "present": True,
        "entry": 2,
        "bits_corrected": found["invisible"]["bits_corrected"],
    }
    assert found["manifest"]["state"] == "trusted"
    assert found["manifest"]["ingredients_ok"]
    assert "c2pa.created" in found["manifest"]["actions"]
    assert set(found["manifest"]) == {"state", "actions", "ingredients_ok"}
    assert (found["band"], found["source_type"]) == (True, "trainedAlgorithmicMedia")
    assert any("Counterweight" in finding for finding in findings)


def test_without_a_project_that_fits_the_marks_are_held_against_each_other_alone(
    run: Run, board: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = run("mark", "read", board)
    assert code == 0
    assert found["invisible"] == {"present": None, "entry": None, "bits_corrected": None}
    assert (found["manifest"]["state"], found["agree"]) == ("valid", True)
    assert main(["mark", "read", str(board)]) == 0
    assert "No record was asked" in capsys.readouterr().out
    assert any("No project" in finding for finding in found["findings"])


def test_a_file_beside_a_project_is_asked_of_it(run: Run, project: Path, board: Path) -> None:
    beside = project.parent / "14C.png"
    board.rename(beside)
    assert run("mark", "read", beside)[0] == 0


def test_a_file_without_marks_does_not_hold(run: Run, project: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.png"
    Image.radial_gradient("L").resize((60, 40)).save(plain)
    code, found = run("mark", "read", plain, "--project", project)
    assert code == 1
    assert found["invisible"]["present"] is False
    assert (found["band"], found["manifest"]["state"], found["source_type"]) == (False, "missing", None)


def test_what_cannot_be_read_is_bad_input(run: Run, project: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.bin").write_bytes(bytes(range(256)) * 4)
    for file in (tmp_path / "gone.png", tmp_path / "notes.bin", tmp_path):
        code, found = run("mark", "read", file)
        assert (code, found["error"]["kind"]) == (2, "bad_input"), file
        assert found["error"]["remedy"]
    assert run("mark", "read", tmp_path / "notes.bin", "--project", tmp_path)[0] == 2


def test_a_pdf_on_the_command_line_is_signed_recorded_and_agrees(
    run: Run, project: Path, tmp_path: Path
) -> None:
    out = tmp_path / "draft.pdf"
    code, done = run("export", project, "--format", "pdf", "--out", out, "--final")
    assert code == 0
    (file,) = done["files"]
    assert (file["path"], file["sha256"]) == (str(out), sha256_of(out.read_bytes()))
    code, found = run("mark", "read", out, "--project", project)
    assert code == 0, found["findings"]
    assert (found["source_type"], found["manifest"]["state"]) == ("humanEdits", "trusted")
    out.write_bytes(out.read_bytes() + b"\n% one line more\n")
    code, found = run("mark", "read", out, "--project", project)
    assert (code, found["agree"]) == (1, False)


def test_an_altered_record_gives_a_copy_that_says_so(
    run: Run, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(project / "ledger.sqlite") as connection:
        connection.execute(
            "UPDATE entries SET entry = replace(CAST(entry AS TEXT), 'Counterweight', 'Other')"
        )
    connection.close()
    assert run("ledger", "verify", project)[0] == 1
    out = tmp_path / "copy.fountain"
    code, done = run("export", project, "--format", "fountain", "--out", out)
    assert code == 0
    assert done == {
        "files": [{"path": str(out), "sha256": sha256_of(out.read_bytes()), "entry": None}],
        "temp_items": 0,
    }
    assert read_notice(out.read_text(encoding="utf-8")) is not None
    code, refused = run("export", project, "--format", "pdf", "--out", tmp_path / "final.pdf", "--final")
    assert (code, refused["error"]["rule"]) == (1, "record-intact")
    assert not (tmp_path / "final.pdf").exists()
    assert main(["export", str(project), "--format", "pdf", "--out", str(tmp_path / "copy.pdf")]) == 0
    told = capsys.readouterr()
    assert "in no record" in told.out
    assert "the record of this project was altered" in told.err


@pytest.mark.parametrize("fault", ["gone", "no database", "empty"])
def test_a_record_that_cannot_be_opened_at_all_gives_one_too(
    run: Run, project: Path, tmp_path: Path, fault: str
) -> None:
    ledger = project / "ledger.sqlite"
    if fault == "gone":
        ledger.unlink()
    else:
        ledger.write_bytes(b"no database" * 999 if fault == "no database" else b"")
    for name in ("copy.fountain", "copy.pdf"):
        out = tmp_path / name
        code, done = run("export", project, "--format", name.partition(".")[2], "--out", out)
        assert (code, done["files"][0]["entry"]) == (0, None), done
    assert read_notice((tmp_path / "copy.fountain").read_text(encoding="utf-8")) is not None
    assert run("export", project, "--format", "pdf", "--out", tmp_path / "f.pdf", "--final")[0] == 1
    assert not (tmp_path / "f.pdf").exists()
