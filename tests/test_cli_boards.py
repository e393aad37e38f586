"""The board on the command line: shots proposed, frames asked for, panels written; nothing is decided."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.cli import main
from studio_assist.domain.people import Person
from studio_assist.domain.values import PersonId
from studio_assist.ledger import Ledger, verify
from studio_assist.storage.lock import ProjectLock

Run = Callable[..., tuple[int, Any]]
WRITER = Person(id=PersonId("okafor-1"), name="R. Okafor")
SCRIPT = """INT. RADIO ROOM - NIGHT

Maya turns the dial. Static, then a voice.

MAYA
It's not static. It's somebody breathing.

EXT. PIER - DAWN

Fog. A boat without a light.
"""


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


@pytest.fixture(scope="module")
def accepted_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first panel of scene 2 holds an accepted frame; others wait beside it."""
    folder = tmp_path_factory.mktemp("accepted") / "Larkspur.studio"
    source = folder.with_suffix(".fountain")
    source.write_text(SCRIPT, encoding="utf-8")
    assert main(["new", str(folder), "--title", "Larkspur", "--script", str(source)]) == 0
    asking = ["ask", str(folder), "--task", "board", "--scene", "2", "--count", "2", "--seed", "7"]
    assert main(asking) == 0

    async def accept() -> None:
        broker = Broker(lambda _event: None)
        try:
            opening = protocol.OpenProjectParams(path=str(folder), person=WRITER)
            await broker.handle(protocol.OPEN_PROJECT, opening)
            page = await broker.handle(protocol.LIST_SHOTS, protocol.ListShotsParams())
            variant = page.shots[0].variants[0]
            named = {"candidate": variant.candidate, "content": variant.content, "person": WRITER}
            await broker.handle(protocol.PRESENTED, protocol.PresentedParams.model_validate(named))
            decision = protocol.DecidePictureParams.model_validate(named | {"outcome": "accepted"})
            await broker.handle(protocol.DECIDE_PICTURE, decision)
        finally:
            await broker.close()

    asyncio.run(accept())
    return folder


@pytest.fixture
def accepted(accepted_once: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = Path(shutil.copytree(accepted_once, tmp_path / "Accepted.studio"))
    # What making it said belongs to no command of the test.
    capsys.readouterr()
    return folder


def types(folder: Path) -> list[str]:
    with Ledger.open(folder / "ledger.sqlite", read_only=True) as ledger:
        return [entry.body.type for entry in ledger.entries(limit=1000)]


def test_shots_are_proposed_by_rules_and_nothing_is_written(project: Path, run: Run) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    code, told = run("ask", project, "--task", "shots")
    assert code == 0
    shots = [one["shot"] for one in told["candidates"]]
    assert [shot["number"][0] for shot in shots] == sorted(shot["number"][0] for shot in shots)
    assert {shot["scene"] for shot in shots} == {"1", "2"}
    for one in told["candidates"]:
        assert (one["backend"], one["model"], one["seed"]) == ("rules", "Shot rules, not AI", None)
        assert one["shot"]["tie"]["state"] == "tied"
    code, alone = run("ask", project, "--task", "shots", "--scene", "2")
    assert (code, {one["shot"]["scene"] for one in alone["candidates"]}) == (0, {"2"})
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_a_scene_is_boarded_and_its_frames_wait(project: Path, run: Run) -> None:
    asked = ("ask", project, "--task", "board", "--scene", "2", "--count", "2", "--seed", "7")
    code, told = run(*asked)
    assert code == 0
    shots = {one["shot"] for one in told["candidates"]}
    assert len(told["candidates"]) == 2 * len(shots)
    assert len(told["requests"]) == len(shots)
    for one in told["candidates"]:
        assert (one["state"], one["backend"], one["seed"]) == ("ready", "previs", 7)
        for name in (one["media"], one["marked"]):
            assert (project / "media" / name[:2] / f"{name}.png").is_file()
    code, info = run("info", project)
    assert (code, info["panels"], info["open_candidates"]) == (0, len(shots), 2 * len(shots))
    assert info["temp"] == {"lines": 0, "boards": 0, "sounds": 0}
    assert "decision" not in types(project)
    assert "presented" not in types(project)

    # The same seed draws the same; one shot alone is asked for by its number, in either case.
    number = sorted(shots)[0]
    code, again = run(
        "ask", project, "--task", "board", "--shot", number.lower(), "--count", "2", "--seed", "7"
    )
    assert code == 0
    assert again["request"] == again["requests"][0]
    first = [one["media"] for one in told["candidates"] if one["shot"] == number]
    assert [one["media"] for one in again["candidates"]] == first
    assert run("info", project)[1]["panels"] == len(shots)
    assert verify(project).ok


def test_an_accepted_panel_goes_out_marked_and_waits_for_a_person_in_a_final(
    accepted: Path, tmp_path: Path, run: Run
) -> None:
    code, info = run("info", accepted)
    assert (code, info["temp"]["boards"]) == (0, 1)
    out = tmp_path / "panel.png"
    code, done = run("export", accepted, "--format", "png", "--shot", "2A", "--out", out)
    assert code == 0
    assert done["temp_items"] == 1
    assert [file["path"] for file in done["files"]] == [str(out)]
    with Image.open(out) as picture:
        assert picture.size == (1280, 720)
    # Its own marks say what it is.
    code, marks = run("mark", "read", out, "--project", accepted)
    assert (code, marks["band"], marks["source_type"], marks["agree"]) == (
        0,
        True,
        "algorithmicMedia",
        True,
    )
    layers = tmp_path / "panel.ora"
    code, done = run("export", accepted, "--format", "ora", "--shot", "2A", "--out", layers)
    assert (code, done["temp_items"], layers.is_file()) == (0, 1, True)

    before = types(accepted)
    for kind in ("png", "ora"):
        final = tmp_path / f"final.{kind}"
        code, blocked = run("export", accepted, "--format", kind, "--shot", "2A", "--out", final, "--final")
        assert code == 1
        (one,) = blocked["blocked_by"]
        assert (one["kind"], one["where"]) == ("board", "2A")
        assert not final.exists()
    assert types(accepted) == before

    # Without --shot, every panel that holds a picture goes into a folder; what waits undecided does not.
    folder = tmp_path / "panels"
    code, done = run("export", accepted, "--format", "png", "--out", folder)
    assert (code, sorted(file.name for file in folder.iterdir())) == (0, ["2A.png"])


@pytest.mark.parametrize(
    ("arguments", "place", "said"),
    [
        (("ask", "--task", "shots", "--scene", "9"), "scene", "There is no scene 9."),
        (("ask", "--task", "board", "--scene", "9"), "scene", "There is no scene 9."),
        (("ask", "--task", "board", "--shot", "9Z"), "shot", "There is no shot 9Z"),
        (("ask", "--task", "board", "--scene", "2", "--backend", "nobody"), None, "nobody"),
        (("ask", "--task", "alt-lines", "--scene", "1", "--line", "1", "--shot", "1A"), "shot", "--shot"),
        (("export", "--format", "png", "--shot", "9Z", "--out", "x.png"), "shot", "9Z"),
        (("export", "--format", "png", "--shot", "2B", "--out", "x.png"), "shot", "2B"),
        (("export", "--format", "ora", "--shot", "2A", "--out", "no/such/folder/x.ora"), None, ""),
        (("export", "--format", "png", "--shot", "2A", "--out", "thesis.png"), None, "thesis.png"),
        (("export", "--format", "png", "--out", "thesis.png"), None, "thesis.png"),
        (("export", "--format", "mp4", "--every-frame", "--out", "x.mp4"), "every-frame", "frames-jpeg"),
        (("export", "--format", "png", "--every-frame", "--out", "x"), "every-frame", "frames-jpeg"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_remedy_and_writes_nothing(
    accepted: Path,
    tmp_path: Path,
    run: Run,
    arguments: tuple[str, ...],
    place: str | None,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("thesis.png").write_bytes(b"years of work")
    before = (accepted / "boards.json").read_bytes(), types(accepted)
    command, *rest = arguments
    code, told = run(command, accepted, *rest)
    assert code == 2, told
    error = told["error"]
    assert error["remedy"]
    assert said in json.dumps(error)
    if place:
        assert error["place"] == place
    assert Path("thesis.png").read_bytes() == b"years of work"
    assert not Path("x.png").exists()
    assert ((accepted / "boards.json").read_bytes(), types(accepted)) == before


def test_a_project_without_shots_or_held_by_a_window_is_left_alone(
    project: Path, run: Run, tmp_path: Path
) -> None:
    code, refused = run("export", project, "--format", "png", "--out", tmp_path / "panels")
    assert (code, refused["error"]["kind"]) == (2, "bad_input")
    assert not (tmp_path / "panels").exists()
    lock = ProjectLock.acquire(project, what="window")
    assert isinstance(lock, ProjectLock)
    with lock:
        assert run("ask", project, "--task", "shots")[0] == 0
        code, refused = run("ask", project, "--task", "board", "--scene", "2")
        assert (code, refused["error"]["kind"]) == (2, "unavailable")
    assert run("info", project)[1]["panels"] == 0


def test_the_built_in_drawer_is_listed_among_the_backends(run: Run) -> None:
    code, told = run("backends")
    assert code == 0
    (previs,) = [one for one in told if one["id"] == "previs"]
    assert (previs["where"], previs["ready"], previs["kinds"]) == ("here", True, ["pictures"])
    assert "not AI" in previs["name"]
