"""The script on its way out as a Final Draft file: read back whole, and what was imported comes back with it."""

from __future__ import annotations

from pathlib import Path

from studio_assist.broker.export_fdx import make_fdx
from studio_assist.domain.temp import TempSpan
from studio_assist.interchange.fdx.fountain import to_fountain
from studio_assist.interchange.fdx.read import read_fdx
from studio_assist.storage.imports import keep_import
from studio_assist.storage.project import ProjectFolder
from tests.broker.film_work import NOW, source_of
from tests.interchange.test_fdx import SAMPLE, xml
from tests.spans import span_on


def made(folder: ProjectFolder, script: str, *spans: TempSpan) -> tuple[bytes, str | None, tuple[str, ...]]:
    done = make_fdx(source_of(folder, format="fdx", script=script, spans=spans), lambda _share: None)
    return done.data, done.wrong(done.data), done.warnings


def test_a_marked_copy_is_whole_and_one_with_a_mark_gone_is_not(tmp_path: Path) -> None:
    folder = ProjectFolder.create(tmp_path / "L.studio", title="L")
    span = span_on(SAMPLE, "I write down what was there.", 1271)
    data, wrong, _ = made(folder, SAMPLE, span)
    assert wrong is None
    done = make_fdx(source_of(folder, format="fdx", script=SAMPLE, spans=(span,)), lambda _share: None)
    for gone in (b"ledger entry 1,271", b"NOT FOR DELIVERY", b"I write down what was there."):
        assert done.wrong(data.replace(gone, b"nothing", 1)) is not None
    assert done.wrong(data[:-40]) is not None
    assert (
        done.wrong(make_fdx(source_of(folder, format="fdx", script=SAMPLE), lambda _: None).data) is not None
    )


def test_what_the_imported_file_held_comes_back(tmp_path: Path) -> None:
    folder = ProjectFolder.create(tmp_path / "L.studio", title="L")
    data = xml('<Paragraph Type="Action" X="1"><Text>Hum.</Text></Paragraph>', "<Strange/>")
    text, _ = to_fountain(read_fdx(data, "a.fdx"))
    kept = keep_import(folder.path, name="a.fdx", format="fdx", source=data, base=text, at=NOW)
    out, wrong, warnings = made(folder, text + "\nMore.\n")
    assert wrong is None
    assert warnings == ()
    assert b"<Strange />" in out
    assert b'X="1"' in out
    (folder.path / "imports" / f"{kept.source}.source").write_bytes(b"changed")
    out, wrong, _ = made(folder, text)
    assert wrong is None
    assert b"Strange" not in out
