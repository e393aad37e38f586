"""The command line's contract: one JSON document, exit codes 0, 1 and 2, and nothing decided for anybody."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio_assist.backends import weights
from studio_assist.cli import main
from studio_assist.domain.people import Person
from studio_assist.domain.values import PersonId, sha256_of
from studio_assist.paths import resource
from studio_assist.storage.lock import ProjectLock
from studio_assist.storage.settings import Settings, SettingsData
from tests.models import Sample
from tests.models import sample_made as sample_made

needs_model = pytest.mark.skipif(weights.locate() is None, reason="the model's weights are not installed")

Run = Callable[..., tuple[int, Any]]
SAMPLE_SCRIPT = resource("sample", "counterweight.fountain")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with --json; gives its exit code and its one document."""

    def command(*arguments: object) -> tuple[int, Any]:
        code = main([*map(str, arguments), "--json"])
        printed = capsys.readouterr().out
        return code, json.loads(printed)

    return command


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    folder = tmp_path / "Counterweight.studio"
    code, made = run("new", folder, "--title", "Counterweight", "--script", SAMPLE_SCRIPT)
    assert (code, made) == (0, {"project": str(folder)})
    return folder


@pytest.fixture
def sample(sample_made: Sample, tmp_path: Path) -> Path:
    """The sample, made by the real model, to do with as one likes."""
    return Path(shutil.copytree(sample_made.folder, tmp_path / "Sample.studio"))


# script -------------------------------------------------------------------------------------------------


def test_script_gives_slices_that_put_together_are_the_file(run: Run) -> None:
    code, read = run("script", SAMPLE_SCRIPT)
    text = SAMPLE_SCRIPT.read_text(encoding="utf-8")
    assert code == 0
    assert "".join(text[part["start"] : part["end"]] for part in read["elements"]) == text
    assert set(read) == {"title_page", "elements", "scenes", "characters", "pages"}
    assert [scene["number"] for scene in read["scenes"]] == [str(number) for number in range(1, 16)]
    assert set(read["scenes"][0]) == {"number", "heading", "start", "end", "eighths"}
    assert read["characters"] == ["IDA", "JONAS", "RUTA", "BABY"]
    assert 6 <= read["pages"] <= 10


def test_an_element_names_its_scene_by_its_place_in_the_list(run: Run) -> None:
    _, read = run("script", SAMPLE_SCRIPT)
    for part in read["elements"]:
        if part["scene"] is None:
            assert part["start"] < read["scenes"][0]["start"]
        else:
            scene = read["scenes"][part["scene"]]
            assert scene["start"] <= part["start"] < scene["end"]


def test_only_the_elements_that_have_them_carry_number_dual_extension_and_level(run: Run) -> None:
    _, read = run("script", SAMPLE_SCRIPT)
    more = {
        kind: {key for part in read["elements"] if part["type"] == kind for key in part}
        - {"type", "text", "start", "end", "scene"}
        for kind in {part["type"] for part in read["elements"]}
    }
    assert more.pop("scene_heading") == {"number"}
    assert more.pop("character") == {"dual", "extension"}
    assert more.pop("section") == {"level"}
    assert set().union(*more.values()) == set()


# projects -----------------------------------------------------------------------------------------------


def test_a_new_project_holds_the_script_byte_for_byte(project: Path) -> None:
    assert (project / "script.fountain").read_bytes() == SAMPLE_SCRIPT.read_bytes()


def test_json_may_stand_before_the_command_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", "info", str(project)]) == 0
    before = capsys.readouterr().out
    assert main(["info", str(project), "--json"]) == 0
    assert capsys.readouterr().out == before


def test_info_counts_and_writes_nothing(project: Path, run: Run) -> None:
    before = _contents(project)
    code, info = run("info", project)
    assert code == 0
    assert {name: info[name] for name in ("title", "scenes", "pages", "panels", "open_candidates")} == {
        "title": "Counterweight",
        "scenes": 15,
        "pages": 8,
        "panels": 0,
        "open_candidates": 0,
    }
    assert info["temp"] == {"lines": 0, "boards": 0, "sounds": 0}
    assert info["ledger"]["size"] == 4
    assert len(info["ledger"]["root"]) == 64
    run("ledger", "show", project)
    run("ledger", "verify", project)
    assert _contents(project) == before


def test_sample_makes_a_project_also_where_there_is_no_model(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With the model, which takes a quarter of a minute, it is made by the same call and looked at in tests/broker.
    monkeypatch.setattr(weights, "folders", lambda: (tmp_path / "nowhere",))
    folder = tmp_path / "Sample.studio"
    code, made = run("sample", folder)
    assert code == 0
    assert made["project"] == str(folder)
    assert run("info", folder)[1]["scenes"] == 15


def test_info_answers_while_a_window_has_the_project(project: Path, run: Run) -> None:
    lock = ProjectLock.acquire(project, what="window")
    assert isinstance(lock, ProjectLock)
    with lock:
        code, info = run("info", project)
        assert (code, info["scenes"]) == (0, 15)


def test_import_puts_a_script_in_and_keeps_the_one_before(project: Path, tmp_path: Path, run: Run) -> None:
    other = tmp_path / "other.fountain"
    other.write_bytes("\ufeffINT. CAFÉ - DAY\r\n\r\nRain.\r\n".encode())
    code, done = run("import", other, "--into", project)
    assert (code, done["scenes"], done["panels"]) == (0, 1, 0)
    assert (project / "script.fountain").read_bytes() == other.read_bytes()
    (kept,) = project.glob("script (copy *).fountain")
    assert kept.read_bytes() == SAMPLE_SCRIPT.read_bytes()
    assert kept.name in done["warnings"][0]


def test_a_script_without_temp_text_leaves_as_the_same_bytes(project: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "out.fountain"
    for _ in range(2):  # a pipeline that runs again writes its own file again
        code, done = run("export", project, "--format", "fountain", "--out", out, "--final")
        assert (code, done["temp_items"]) == (0, 0)
        (file,) = done["files"]
        assert Path(file["path"]) == out
        assert file["sha256"] == sha256_of(out.read_bytes())
    assert out.read_bytes() == SAMPLE_SCRIPT.read_bytes()
    out.write_bytes(b"edited by somebody")
    code, refused = run("export", project, "--format", "fountain", "--out", out)
    assert (code, refused["error"]["kind"]) == (2, "bad_input")
    assert out.read_bytes() == b"edited by somebody"


@needs_model
def test_a_final_export_lists_the_temp_lines_that_block_it(sample: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "final.pdf"
    code, blocked = run("export", sample, "--format", "pdf", "--out", out, "--final")
    assert code == 1
    assert len(blocked["blocked_by"]) >= 3
    assert set(blocked["blocked_by"][0]) == {"kind", "where", "entry"}
    assert not out.exists()
    code, done = run("export", sample, "--format", "pdf", "--out", out)
    assert code == 0
    assert done["temp_items"] >= 3
    assert out.read_bytes().startswith(b"%PDF-")


# asking -------------------------------------------------------------------------------------------------


def test_backends_say_where_they_run_and_whether_they_are_ready(run: Run) -> None:
    code, listed = run("backends")
    assert code == 0
    (embedded,) = [info for info in listed if info["id"] == "embedded"]
    assert {"id", "kinds", "where", "host", "retention_days", "trains", "ready", "why"} <= set(embedded)
    assert (embedded["where"], embedded["host"], embedded["retention_days"], embedded["trains"]) == (
        "here",
        None,
        0,
        False,
    )
    assert embedded["ready"] or embedded["why"]


@needs_model
def test_asking_leaves_every_candidate_undecided(project: Path, run: Run) -> None:
    before = (project / "script.fountain").read_bytes()
    asking = ("ask", project, "--task", "alt-lines", "--scene", 2, "--line", 4, "--count", 2, "--seed", 11)
    code, asked = run(*asking)
    assert code == 0
    assert asked["candidates"]
    for candidate in asked["candidates"]:
        assert candidate["state"] == "ready"
        assert candidate["hash"] == sha256_of(candidate["text"])
        assert (candidate["backend"], candidate["model"]) == ("embedded", "SmolLM2-135M")
        assert candidate["tokens"] > 0
        assert candidate["ms"] > 0
        assert isinstance(candidate["seed"], int)
    _, info = run("info", project)
    assert info["open_candidates"] == len(asked["candidates"])
    assert info["temp"]["lines"] == 0
    assert (project / "script.fountain").read_bytes() == before
    _, entries = run("ledger", "show", project)
    types = [entry["body"]["type"] for entry in entries]
    assert "decision" not in types
    assert "presented" not in types
    # The same seed asks for the same words.
    _, again = run(*asking)
    assert [one["text"] for one in again["candidates"]] == [one["text"] for one in asked["candidates"]]


@needs_model
def test_a_command_acts_as_the_person_of_the_window(project: Path, run: Run) -> None:
    person = Person(id=PersonId("okafor-1"), name="R. Okafor")
    Settings().save(SettingsData(profile=person))
    run("ask", project, "--task", "alt-lines", "--scene", 2, "--count", 1)
    _, entries = run("ledger", "show", project)
    (asked,) = [entry for entry in entries if entry["body"]["type"] == "requested"]
    assert asked["person"] == "okafor-1"


def test_a_task_that_needs_a_larger_model_is_refused(project: Path, run: Run) -> None:
    code, refused = run("ask", project, "--task", "logline")
    assert (code, refused["error"]["kind"]) == (1, "refusal")
    assert refused["error"]["remedy"]


# the record ---------------------------------------------------------------------------------------------


def test_verify_takes_a_project_a_ledger_and_a_copy(project: Path, tmp_path: Path, run: Run) -> None:
    copy = tmp_path / "copy.sqlite"
    shutil.copyfile(project / "ledger.sqlite", copy)
    found = [run("ledger", "verify", path) for path in (project, project / "ledger.sqlite", copy)]
    assert found[0] == found[1] == found[2]
    code, verified = found[0]
    assert code == 0
    assert set(verified) >= {"ok", "size", "root", "checkpoint", "witnesses", "first_bad", "why"}
    assert (verified["ok"], verified["size"], verified["checkpoint"], verified["witnesses"]) == (
        True,
        4,
        None,
        [],
    )


def test_show_gives_one_entry_with_its_texts(project: Path, run: Run) -> None:
    code, entry = run("ledger", "show", project, "--entry", 4)
    assert code == 0
    assert entry["body"]["type"] == "script_imported"
    assert entry["texts"] == {entry["body"]["content"]: SAMPLE_SCRIPT.read_text(encoding="utf-8")}


def test_without_json_people_get_lines_and_no_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["info"], ["ledger", "show"], ["ledger", "verify"]):
        assert main([*command, str(project)]) == 0
        printed = capsys.readouterr().out
        assert printed.strip()
        assert "{" not in printed


def test_a_fault_of_ours_is_no_verdict_on_a_record_and_tells_no_text(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "MAYA's secret line"

    def fail(_path: Path) -> None:
        raise RuntimeError(words)

    monkeypatch.setattr("studio_assist.commands.record.verify_ledger", fail)
    assert main(["ledger", "verify", str(project), "--json"]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["kind"] == "error"
    assert "record.py" in told.err
    assert "secret" not in told.err + told.out


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
