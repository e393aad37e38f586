"""The one path out to a file: marked, read back, recorded, or not there at all."""

from __future__ import annotations

import asyncio
import errno
import io
import os
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from studio_assist import protocol
from studio_assist.broker import export_documents, export_files
from studio_assist.broker.export_documents import ExportJob
from studio_assist.broker.export_files import Leaving
from studio_assist.broker.exporting import blocked_by, export
from studio_assist.broker.vouching import Vouching
from studio_assist.domain.errors import BadInput, Damaged, StudioError, Unavailable
from studio_assist.domain.marking import MarkFacts, SourceType
from studio_assist.domain.temp import TempSpan
from studio_assist.domain.values import EntryNumber, Sha256, sha256_of
from studio_assist.interchange.fountain import parse
from studio_assist.interchange.pdf import HEADLINE, NOTICE
from studio_assist.marks.certificates import Identity, make_identity
from studio_assist.marks.notice import NOTICE as NOTICE_OF_MARKS
from studio_assist.marks.notice import noticed_fountain, read_notice, strip_notice
from studio_assist.marks.reading import read_marks_of
from studio_assist.marks.text import read_marks, reads_the_same, strip_marks
from studio_assist.paths import resource
from tests.spans import span_on

SAMPLE = resource("sample", "counterweight.fountain").read_text(encoding="utf-8")


TEMP = (span_on(SAMPLE, "Nothing good.", 1271), span_on(SAMPLE, "With what?", 1280))


class Desk:
    """Runs exports and keeps what was recorded: a book without a project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = folder / "Ferry.studio"
        self.project.mkdir()
        self.recorded: list[tuple[Leaving, Sha256]] = []
        self.steps: list[str] = []
        self.shares: list[float] = []
        self.warnings: list[str] = []
        self.fails: BaseException | None = None

    def job(self, name: str, spans: tuple[TempSpan, ...] = TEMP, **changes: Any) -> ExportJob:
        fields: dict[str, Any] = {
            "format": "pdf" if name.endswith(".pdf") else "fountain",
            "out": self.folder / name,
            "script": SAMPLE,
            "spans": spans,
            "title": "Counterweight",
            "project": self.project,
            "on": date(2026, 5, 4),
        }
        if name.endswith(".pdf") and not changes.get("altered"):
            fields["vouching"] = vouching(is_temp=bool(spans))
        return ExportJob(**{**fields, **changes})

    def export(self, job: ExportJob) -> protocol.Exported:
        return asyncio.run(export(job, self, self.shares.append, self.warnings.append))

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.is_file())

    # a book

    def writing(self, leaving: Leaving, staged: Path) -> None:
        assert not staged.exists()
        assert not leaving.target.exists() or leaving.overwrite
        self.steps.append("writing")

    def naming(self, sha256: Sha256, replaced: Path | None) -> None:
        assert replaced is None or not replaced.exists()
        self.steps.append("naming")

    async def record(self, leaving: Leaving, sha256: Sha256) -> EntryNumber | None:
        assert sha256_of(leaving.target.read_bytes()) == sha256
        self.steps.append("record")
        if self.fails:
            raise self.fails
        self.recorded.append((leaving, sha256))
        return EntryNumber(40 + len(self.recorded))

    def ended(self, *, done: bool) -> None:
        self.steps.append("done" if done else "failed")


@cache
def _identity() -> Identity:
    return make_identity("Counterweight", "0" * 16, "A. Writer", datetime.now(UTC))


def vouching(*, is_temp: bool) -> Vouching:
    facts = MarkFacts(
        project="Counterweight",
        tag="0" * 16,
        entry=EntryNumber(1290),
        label="draft",
        source=SourceType.COMPOSITE if is_temp else SourceType.HUMAN_EDITS,
        is_temp=is_temp,
    )
    return Vouching(facts, _identity(), (_identity().root_pem,), datetime.now(UTC))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_without_temp_material_the_fountain_file_is_the_script_byte_for_byte(desk: Desk) -> None:
    script = "\ufeff" + SAMPLE.replace("\n\n", "\r\n\n", 3)
    done = desk.export(desk.job("out.fountain", (), script=script))
    data = (desk.folder / "out.fountain").read_bytes()
    assert data == script.encode()
    assert (done.temp_items, done.files[0].sha256, done.files[0].entry) == (0, sha256_of(data), 41)


def test_a_fountain_file_carries_its_marks_and_is_the_script_without_them(desk: Desk) -> None:
    done = desk.export(desk.job("out.fountain"))
    text = (desk.folder / "out.fountain").read_bytes().decode()
    found = read_marks(text)
    assert found is not None
    assert found.begins == (1271, 1280)
    assert strip_marks(text) == SAMPLE
    assert done.temp_items == 2
    assert desk.recorded[0][0].entries == (1271, 1280)
    assert desk.recorded[0][1] == sha256_of((desk.folder / "out.fountain").read_bytes())
    assert desk.steps == ["writing", "naming", "record", "done"]


def test_a_pdf_carries_its_marks_and_progress_is_told(desk: Desk) -> None:
    done = desk.export(desk.job("out.pdf"))
    reader = PdfReader(io.BytesIO((desk.folder / "out.pdf").read_bytes()))
    assert sum(HEADLINE in page.extract_text() for page in reader.pages) == 3
    assert done.files[0].path == str(desk.folder / "out.pdf")
    assert desk.shares[-1] == 1.0
    assert desk.warnings == []


def test_characters_without_a_glyph_are_named(desk: Desk) -> None:
    desk.export(desk.job("out.pdf", (), script="A film 映画.\n"))
    assert "映 (U+6620)" in desk.warnings[0]


def test_a_final_export_with_debt_writes_nothing_and_says_where_it_stands(desk: Desk) -> None:
    done = desk.export(desk.job("out.pdf", final=True))
    assert done.files == ()
    assert [item.entry for item in done.blocked_by] == [1271, 1280]
    assert done.blocked_by[0].where == "scene 3, page 2, line 1 of IDA's speech"
    assert (desk.files(), desk.recorded) == ([], [])


def test_a_lost_span_keeps_a_final_export_shut_too(desk: Desk) -> None:
    lost = span_on(SAMPLE, "Nothing good.", 9, lost=True)
    done = desk.export(desk.job("out.fountain", (lost,), final=True))
    assert done.blocked_by[0].where.startswith("text no longer found in the script; it last stood at scene 3")
    moved = span_on(SAMPLE, "Nothing good.", 9).model_copy(update={"start": 3})
    assert desk.export(desk.job("out.fountain", (moved,), final=True)).blocked_by


def test_a_final_export_opens_at_zero(desk: Desk) -> None:
    assert desk.export(desk.job("out.pdf", (), final=True)).files
    assert desk.recorded[0][0].final


def test_temp_boards_keep_it_shut(desk: Desk) -> None:
    board = protocol.BlockedBy(kind="board", where="shot 3A", entry=EntryNumber(8), start=0, length=0)
    assert desk.export(desk.job("out.pdf", (), final=True, boards=(board,))).blocked_by == (board,)


@pytest.mark.parametrize(
    ("quote", "where"),
    [
        ("Written for", "the title page, Author"),
        ("Two cars", "before the first scene, page 1, a synopsis"),
        ("LOWER CAR - NIGHT #9#", "scene 9, page 5, the scene heading"),
        ("Snow, sideways", "scene 1, page 1, action"),
        ("cable she's got", "scene 5, page 3, line 3 of IDA's speech"),
        ("(breathless)", "scene 2, page 2, line 1 of RUTA's speech"),
        ("SMASH CUT", "scene 4, page 2, a transition"),
    ],
)
def test_places_are_told_in_words(quote: str, where: str) -> None:
    assert blocked_by(SAMPLE, [span_on(SAMPLE, quote, 5)])[0].where == where


def test_an_existing_file_is_replaced_only_when_told_to(desk: Desk) -> None:
    (desk.folder / "out.pdf").write_text("older")
    with pytest.raises(BadInput, match="exists already"):
        desk.export(desk.job("out.pdf"))
    assert (desk.folder / "out.pdf").read_text() == "older"
    desk.export(desk.job("out.pdf", overwrite=True))
    assert (desk.folder / "out.pdf").read_bytes().startswith(b"%PDF")
    assert desk.files() == ["out.pdf"]


@pytest.mark.parametrize("older", [None, b"older"])
def test_what_cannot_be_recorded_is_not_there(desk: Desk, older: bytes | None) -> None:
    if older:
        (desk.folder / "out.fountain").write_bytes(older)
    desk.fails = Unavailable("The disk is full.", remedy="Free some space.")
    with pytest.raises(Unavailable):
        desk.export(desk.job("out.fountain", overwrite=bool(older)))
    assert desk.files() == (["out.fountain"] if older else [])
    if older:
        assert (desk.folder / "out.fountain").read_bytes() == older


def test_a_cancelled_export_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_leaving: Leaving, _sha256: Sha256) -> EntryNumber:
        await asyncio.sleep(3600)
        raise AssertionError

    monkeypatch.setattr(desk, "record", never)

    async def run() -> None:
        for delay in (0.0, 0.005, 0.05, 0.4):
            task = asyncio.create_task(export(desk.job("out.pdf"), desk))
            await asyncio.sleep(delay)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert desk.files() == []

    asyncio.run(run())


@pytest.mark.parametrize(
    "name",
    [
        "script.fountain",
        "SCRIPT.fountain",
        "ledger.sqlite",
        "media/x.pdf",
        "recovery/x.fountain",
        "project.toml",
        ".",
    ],
)
def test_the_projects_own_files_are_out_of_reach(desk: Desk, name: str) -> None:
    with pytest.raises(BadInput, match="own files"):
        desk.export(desk.job(name, out=desk.project / name, overwrite=True))


def test_the_projects_script_is_out_of_reach_under_other_names(desk: Desk) -> None:
    (desk.project / "script.fountain").write_text("mine")
    (desk.folder / "soft.fountain").symlink_to(desk.project / "script.fountain")
    os.link(desk.project / "script.fountain", desk.folder / "hard.fountain")
    for name in ("soft.fountain", "hard.fountain"):
        with pytest.raises(BadInput):
            desk.export(desk.job(name, overwrite=True))
    assert (desk.project / "script.fountain").read_text() == "mine"


def test_a_folder_of_its_own_in_the_project_is_fine(desk: Desk) -> None:
    (desk.project / "exports").mkdir()
    assert desk.export(desk.job("x", out=desk.project / "exports" / "out.fountain")).files


def test_places_that_cannot_take_a_file_are_refused_with_a_remedy(desk: Desk) -> None:
    (desk.folder / "folder").mkdir()
    for name in ("none/out.pdf", "folder"):
        with pytest.raises(BadInput) as caught:
            desk.export(desk.job(name))
        assert caught.value.remedy
    with pytest.raises(BadInput, match="another format"):
        desk.export(desk.job("out.pdf", format="fountain"))
    with pytest.raises(StudioError) as failed:
        desk.export(desk.job("n" * 300 + ".pdf"))
    assert failed.value.remedy


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_faults_of_the_disk_leave_nothing_behind(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: int
) -> None:
    def failing(_handle: int) -> None:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(export_files.os, "fsync", failing)
    with pytest.raises(Unavailable) as caught:
        desk.export(desk.job("out.pdf"))
    assert caught.value.remedy
    assert (desk.files(), desk.recorded) == ([], [])


def test_what_reads_back_wrong_is_taken_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_ends(*arguments: Any) -> str:
        return marked(*arguments).replace("· ends ·", "· gone ·")

    marked = export_documents.marked_fountain
    monkeypatch.setattr(export_documents, "marked_fountain", without_ends)
    with pytest.raises(Damaged, match="marks of temp material are missing"):
        desk.export(desk.job("out.fountain"))
    assert (desk.files(), desk.recorded) == ([], [])


def test_an_unmarked_pdf_never_gets_its_name(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = export_documents.write_pdf
    monkeypatch.setattr(
        export_documents, "write_pdf", lambda script, pages, _spans, *rest: drawn(script, pages, (), *rest)
    )
    with pytest.raises(Damaged, match="no page carries the mark"):
        desk.export(desk.job("out.pdf"))
    assert desk.files() == []


def test_half_a_character_is_bad_input(desk: Desk) -> None:
    with pytest.raises(BadInput, match="half of a character"):
        desk.export(desk.job("out.fountain", (), script="A \ud800 b"))


_LINES = st.sampled_from(
    [
        *("INT. ROOM - DAY", "MAYA", "(low)", "I kept it.", "BANG", "~la", "> c <", "CUT TO:", "# Act"),
        *("= syn", "[[n]]", "[[open", "[", "Title: x", "!go", "*a*b", "  ", "", "", ""),
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_LINES, min_size=1, max_size=12), st.lists(st.integers(0, 150), min_size=2, max_size=6))
def test_a_marked_script_always_reads_the_same(lines: list[str], cuts: list[int]) -> None:
    text = "\n".join(lines)
    points = sorted({cut % (len(text) + 1) for cut in cuts})
    spans = [
        span_on(text, text[start:end], 5).model_copy(update={"start": start})
        for start, end in zip(points[::2], points[1::2], strict=False)
    ]
    out = export_documents.marked_text(parse(text), spans, "Ferry")
    assert reads_the_same(parse(text).screenplay, parse(out).screenplay)
    assert not spans or strip_marks(out) == text


ALTERED = "Entry 7 no longer fits the tree: [[it]] was changed."


@pytest.mark.parametrize("spans", [(), TEMP])
@pytest.mark.parametrize("script", [SAMPLE, "\ufeffINT. ROOM - DAY\r\n\r\nNothing good. With what?\r\n"])
def test_a_copy_out_of_an_altered_record_says_so_and_is_the_script_without_it(
    desk: Desk, spans: tuple[TempSpan, ...], script: str
) -> None:
    if spans and script != SAMPLE:
        spans = (span_on(script, "Nothing good.", 1271), span_on(script, "With what?", 1280))
    done = desk.export(desk.job("out.fountain", spans, script=script, altered=ALTERED))
    text = (desk.folder / "out.fountain").read_bytes().decode()
    notice = read_notice(text)
    assert notice is not None
    assert notice.whole
    assert notice.why == "Entry 7 no longer fits the tree: it was changed."
    assert done.altered == ALTERED
    assert reads_the_same(parse(script).screenplay, parse(strip_marks(strip_notice(text))).screenplay)
    without = strip_notice(text)
    assert read_notice(without) is None
    assert (strip_marks(without) if spans else without) == script
    assert (read_marks(text) is not None) == bool(spans)


def test_every_page_of_such_a_pdf_says_so_and_nobody_signs_it(desk: Desk) -> None:
    assert NOTICE == NOTICE_OF_MARKS
    desk.export(desk.job("out.pdf", altered=ALTERED))
    data = (desk.folder / "out.pdf").read_bytes()
    reader = PdfReader(io.BytesIO(data))
    assert all(NOTICE in page.extract_text() for page in reader.pages)
    assert "Entry 7 no longer fits the tree" in reader.pages[0].extract_text()
    assert sum(HEADLINE in page.extract_text() for page in reader.pages) == 3
    assert b"c2pa" not in data


def test_a_copy_without_its_notice_never_gets_its_name(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_documents, "noticed_fountain", lambda script, _why, _title: script.text)
    with pytest.raises(Damaged, match="notice of the altered record"):
        desk.export(desk.job("out.fountain", altered=ALTERED))
    drawn = export_documents.write_pdf
    monkeypatch.setattr(
        export_documents,
        "write_pdf",
        lambda script, pages, spans, sheet, *rest: drawn(
            script, pages, spans, replace(sheet, notice=None), *rest
        ),
    )
    with pytest.raises(Damaged, match="lacks the notice"):
        desk.export(desk.job("out.pdf", altered=ALTERED))
    assert desk.files() == []


@settings(max_examples=200, deadline=None)
@given(st.lists(_LINES, min_size=1, max_size=12), st.sampled_from(["\n", "\r\n"]), st.text(max_size=30))
def test_a_notice_comes_off_without_a_trace(lines: list[str], newline: str, why: str) -> None:
    text = newline.join(lines)
    noticed = noticed_fountain(parse(text).screenplay, why, "Ferry")
    assert strip_notice(noticed) == text
    found = read_notice(noticed)
    assert found is not None
    assert found.whole


def test_marks_that_a_script_brought_with_it_are_vouched_for_as_what_they_are(desk: Desk) -> None:
    """A writer took a marked copy in as the script: no temp span is known, and yet its pages say TEMP."""
    marked = export_documents.marked_text(parse(SAMPLE), TEMP, "Counterweight")
    desk.export(desk.job("out.pdf", (), script=marked))
    report = read_marks_of((desk.folder / "out.pdf").read_bytes(), "out.pdf", [], [_identity().root_pem])
    assert report.agree, report.findings
    assert (report.band, report.source_type) == (True, "compositeWithTrainedAlgorithmicMedia")
    assert "earlier export" in desk.warnings[0]
