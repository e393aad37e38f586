"""kill -9 in the middle of an export: no half file, and none that the record does not know of."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.domain.people import Person
from studio_assist.domain.record import Entry, Exported, Recovered
from studio_assist.domain.values import PersonId, sha256_of
from studio_assist.ledger import verify
from studio_assist.storage.journal import Journal

ROOT: Final = Path(__file__).parents[2]
WRITER: Final = Person(id=PersonId("okafor-1"), name="R. Okafor")
OTHER: Final = Person(id=PersonId("lind-2"), name="M. Lind")
SCRIPT: Final = "INT. PIER - DAWN\n\nFog. A boat without a light.\n"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "Ferry.studio"
    source = tmp_path / "ferry.txt"
    source.write_text(SCRIPT, encoding="utf-8")

    async def make() -> None:
        broker = Broker(lambda _event: None)
        making = protocol.CreateProjectParams(
            path=str(folder), title="The Ferry", script_file=str(source), person=WRITER
        )
        await broker.handle(protocol.CREATE_PROJECT, making)
        await broker.close()

    asyncio.run(make())
    (tmp_path / "out").mkdir()
    return folder


def dies(project: Path, point: str, out: Path, format: str) -> None:
    """Export with a broker that kills itself when it comes to a point."""
    marker = out.parent.parent / "died"
    opening = protocol.OpenProjectParams(path=str(project), person=WRITER)
    leaving = protocol.ExportParams.model_validate({"format": format, "out": str(out), "person": WRITER})
    lines = protocol.encode_call(1, protocol.OPEN_PROJECT, opening)
    lines += protocol.encode_call(2, protocol.EXPORT, leaving)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.broker_with", "dies", point, str(marker)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert process.stdin
    process.stdin.write(lines[: lines.index(b"\n") + 1])
    process.stdin.flush()
    process.stdin.write(lines[lines.index(b"\n") + 1 :])
    process.stdin.flush()
    assert process.wait(60) == -signal.SIGKILL
    process.stdin.close()
    assert marker.exists()


def opened_again(project: Path, person: Person = WRITER) -> list[Entry]:
    """What stands in the record once the project was opened and closed."""

    async def look() -> list[Entry]:
        broker = Broker(lambda _event: None)
        try:
            await broker.handle(
                protocol.OPEN_PROJECT, protocol.OpenProjectParams(path=str(project), person=person)
            )
            return list(broker.session.ledger.entries(limit=1000))
        finally:
            await broker.close()

    entries = asyncio.run(look())
    assert verify(project).ok
    with Journal(project / "recovery" / "journal.jsonl") as journal:
        assert all(note.ended for note in journal.states().values())
    return entries


def exports(entries: list[Entry]) -> list[str]:
    return [entry.body.sha256 for entry in entries if isinstance(entry.body, Exported)]


@pytest.mark.parametrize("format", ["fountain", "pdf"])
def test_a_file_without_a_name_is_taken_away(project: Path, tmp_path: Path, format: str) -> None:
    out = tmp_path / "out" / f"draft.{format}"
    dies(project, "before an export has its name", out, format)
    assert len(list(out.parent.iterdir())) == 1, "what waits for its name"
    assert exports(opened_again(project)) == []
    assert list(out.parent.iterdir()) == []


@pytest.mark.parametrize("format", ["fountain", "pdf"])
@pytest.mark.parametrize("point", ["after an export has its name", "before an export is recorded"])
def test_a_file_with_its_name_is_recorded_when_the_project_opens(
    project: Path, tmp_path: Path, point: str, format: str
) -> None:
    out = tmp_path / "out" / f"draft.{format}"
    dies(project, point, out, format)
    entries = opened_again(project)
    assert exports(entries) == [sha256_of(out.read_bytes())]
    exported, recovered = entries[-2:]
    assert (exported.person, exported.body.type) == (WRITER.id, "exported")
    assert isinstance(recovered.body, Recovered)
    assert "draft" in recovered.body.what
    assert [file.name for file in out.parent.iterdir()] == [out.name]
    assert exports(opened_again(project)) == exports(entries), "once is enough"


def test_an_export_that_was_recorded_is_not_recorded_twice(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "draft.pdf"
    dies(project, "after an export is recorded", out, "pdf")
    assert exports(opened_again(project)) == [sha256_of(out.read_bytes())]


def test_nobody_signs_for_another(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "draft.pdf"
    dies(project, "before an export is recorded", out, "pdf")
    entries = opened_again(project, OTHER)
    assert exports(entries) == []
    assert isinstance(entries[-1].body, Recovered)
    assert sha256_of(out.read_bytes()) in entries[-1].body.what
    assert "R. Okafor" in entries[-1].body.what


def test_what_somebody_put_in_its_place_meanwhile_is_left_alone(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "draft.pdf"
    dies(project, "before an export is recorded", out, "pdf")
    out.write_bytes(b"mine")
    assert exports(opened_again(project)) == []
    assert out.read_bytes() == b"mine"


def test_a_journal_has_no_file_removed_but_an_unfinished_one(project: Path, tmp_path: Path) -> None:
    """A project folder from elsewhere may hold any journal."""
    mine = tmp_path / "thesis.doc"
    mine.write_bytes(b"years of work")
    intent = {
        "target": str(mine),
        "staged": str(mine),
        "replaced": str(mine),
        "person": OTHER.model_dump(),
        "format": "pdf",
        "final": False,
        "temp_items": 0,
        "sha256": sha256_of(b"years of work"),
        "size": 0,
    }
    with Journal(project / "recovery" / "journal.jsonl") as journal:
        journal.write("export-1", "naming", intent)
        journal.write("export-2", "writing", {"target": 5})
    assert exports(opened_again(project)) == []
    assert mine.read_bytes() == b"years of work"
