"""What leaves says where it comes from: marked, signed, read back, recorded; or not there at all."""

from __future__ import annotations

import asyncio
import io
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from broker_work import entries_of, opened
from marking_work import (
    a_board,
    a_job,
    accept_one,
    alter,
    export,
    read,
    second_opinion,
    source_type_by_exiftool,
)
from PIL import Image
from pypdf import PdfReader

from studio_assist import protocol
from studio_assist.broker.entry_words import entry_words
from studio_assist.broker.marking import export_picture
from studio_assist.domain import record
from studio_assist.domain.errors import BadInput, Damaged, Refusal, Unavailable
from studio_assist.domain.marking import SourceType
from studio_assist.domain.values import EntryNumber, sha256_of
from studio_assist.interchange.pdf import HEADLINE, NOTICE
from studio_assist.ledger import verify
from studio_assist.marks import pictures
from studio_assist.marks.certificates import make_identity
from studio_assist.marks.notice import read_notice, strip_notice
from studio_assist.marks.text import strip_marks

# documents ----------------------------------------------------------------------------------------------


def test_a_pdf_says_on_every_layer_that_temp_text_is_in_it_and_the_record_knows_it(
    asked: Path, tmp_path: Path
) -> None:
    out = tmp_path / "draft.pdf"

    async def run() -> None:
        async with opened(asked) as project:
            decided = await accept_one(project)
            before = project.broker.session.ledger.size
            done = await export(project, out)
            session = project.broker.session
            found = await read(project, out)
            (file,) = done.files
            assert file.entry is not None
            entry = session.ledger.entry(file.entry)
            assert isinstance(entry.body, record.Exported)
            assert entry.body.sha256 == sha256_of(out.read_bytes()) == file.sha256
            checkpoint = session.ledger.last_checkpoint()
            assert checkpoint is not None
            assert checkpoint.size >= file.entry
            assert found.report.agree, found.report.findings
            assert found.report.band
            assert found.report.source_type == "compositeWithTrainedAlgorithmicMedia"
            assert found.report.manifest.state == "trusted"
            assert found.entry is not None
            assert before <= found.entry < file.entry
            assert (found.exported, found.project) == (file.entry, "Larkspur")
            assert decided.span is not None
            story = entry_words(session.ledger.entry(decided.span.entry), session.story)
            assert story.startswith("Accepted by R. Okafor on ")
            assert story.endswith(", scene 14")

    asyncio.run(run())
    data = out.read_bytes()
    assert sum(HEADLINE in page.extract_text() for page in PdfReader(io.BytesIO(data)).pages) == 2
    if shutil.which("pdftotext"):
        told = subprocess.run(["pdftotext", str(out), "-"], capture_output=True, check=True).stdout
        assert told.decode().count(HEADLINE) == 2
    assert source_type_by_exiftool(out) in (None, SourceType.COMPOSITE)
    opinion = second_opinion(data, "application/pdf", asked)
    assert opinion["validation_state"].lower() == "trusted", opinion
    assert verify(asked).ok


def test_a_pdf_without_temp_text_says_that_people_wrote_it(fresh: Path, tmp_path: Path) -> None:
    out = tmp_path / "draft.pdf"

    async def run() -> protocol.MarksRead:
        async with opened(fresh) as project:
            assert (await export(project, out, final=True)).files
            return await read(project, out)

    found = asyncio.run(run())
    assert found.report.agree, found.report.findings
    assert (found.report.source_type, found.report.band) == ("humanEdits", False)
    assert source_type_by_exiftool(out) in (None, SourceType.HUMAN_EDITS)


def test_nothing_leaves_unmarked_where_the_manifest_cannot_be_made(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "draft.pdf"

    async def run() -> None:
        async with opened(fresh) as project:
            # As where the library is not installed, or does not load.
            monkeypatch.setitem(sys.modules, "c2pa", None)
            with pytest.raises(Unavailable, match="nothing leaves without its manifest") as failed:
                await export(project, out)
            assert "Fountain" in failed.value.remedy
            assert (await export(project, tmp_path / "draft.fountain")).files
        assert entries_of(fresh).count("exported") == 1

    asyncio.run(run())
    assert not list(tmp_path.glob("*.pdf*"))


def test_a_pdf_whose_manifest_was_made_by_another_never_gets_its_name(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            session = project.broker.session
            stranger = make_identity("Larkspur", session.ledger.tag, "M. Lind", datetime.now(UTC))

            async def theirs(_person: object) -> object:
                return stranger

            monkeypatch.setattr(session, "identity", theirs)
            with pytest.raises(Damaged, match="reads as valid and not as trusted"):
                await export(project, tmp_path / "draft.pdf")

    asyncio.run(run())
    assert not list(tmp_path.glob("*draft*"))
    assert "exported" not in entries_of(fresh)


# a record that was altered ------------------------------------------------------------------------------


def test_a_project_whose_record_was_altered_gives_copies_that_say_so(asked: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()

    async def run() -> tuple[protocol.Exported, protocol.Exported]:
        async with opened(asked) as project:
            await accept_one(project)
        alter(asked)
        before = entries_of(asked)
        async with opened(asked) as project:
            await project.broker.handle(protocol.VERIFY_LEDGER, protocol.VerifyParams())
            script = project.state.script
            done = await export(project, out / "draft.fountain")
            drawn = await export(project, out / "draft.pdf")
            with pytest.raises(Refusal, match="nothing final leaves it"):
                await export(project, out / "final.pdf", final=True)
            with pytest.raises(Refusal):
                await export_picture(project.broker.session, a_job(out / "14C.png"), lambda _event: None)
        assert entries_of(asked) == before
        text = (out / "draft.fountain").read_bytes().decode()
        assert strip_marks(strip_notice(text)) == script
        return done, drawn

    done, drawn = asyncio.run(run())
    assert [file.entry for file in (*done.files, *drawn.files)] == [None, None]
    assert done.altered
    notice = read_notice((out / "draft.fountain").read_bytes().decode())
    assert notice is not None
    assert notice.whole
    pages = PdfReader(out / "draft.pdf").pages
    assert all(NOTICE in page.extract_text() for page in pages)
    assert any(HEADLINE in page.extract_text() for page in pages)
    assert sorted(file.name for file in out.iterdir()) == ["draft.fountain", "draft.pdf"]


# pictures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["14C.png", "14C.jpg"])
def test_a_picture_carries_every_layer_and_the_record_knows_it(
    fresh: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / name

    async def run() -> protocol.MarksRead:
        async with opened(fresh) as project:
            session = project.broker.session
            digest = session.folder.put_media(a_board())
            original = session.folder.media(digest)
            assert original is not None
            done = await export_picture(session, a_job(out, original=original), project.events.append)
            (file,) = done.files
            assert file.entry is not None
            body = session.ledger.entry(file.entry).body
            assert isinstance(body, record.Exported)
            assert (body.name, body.sha256, body.temp_items) == (name, sha256_of(out.read_bytes()), 1)
            assert body.format == ("png" if name.endswith("png") else "jpeg")
            return await read(project, out)

    found = asyncio.run(run())
    report = found.report
    assert report.agree, report.findings
    assert report.band
    assert (report.invisible.present, report.invisible.entry) == (True, 2)
    assert (report.manifest.state, report.manifest.entry) == ("trusted", 2)
    assert report.source_type == "trainedAlgorithmicMedia"
    assert found.story is not None
    assert "R. Okafor" in found.story
    assert source_type_by_exiftool(out) in (None, SourceType.GENERATED)
    kind = "image/png" if name.endswith("png") else "image/jpeg"
    opinion = second_opinion(out.read_bytes(), kind, fresh)
    assert opinion["validation_state"].lower() == "trusted", opinion


def test_a_persons_own_picture_carries_metadata_and_no_band(fresh: Path, tmp_path: Path) -> None:
    out = tmp_path / "14C.png"

    async def run() -> protocol.MarksRead:
        async with opened(fresh) as project:
            job = a_job(out, is_temp=False, source=SourceType.HUMAN_EDITS, backend=None, final=True)
            done = await export_picture(project.broker.session, job, project.events.append)
            assert done.temp_items == 0
            return await read(project, out)

    found = asyncio.run(run())
    assert found.report.agree, found.report.findings
    assert not found.report.band


def test_a_temp_picture_does_not_leave_as_final(fresh: Path, tmp_path: Path) -> None:
    async def run() -> protocol.Exported:
        async with opened(fresh) as project:
            job = a_job(tmp_path / "14C.png", final=True)
            return await export_picture(project.broker.session, job, project.events.append)

    done = asyncio.run(run())
    assert [(left.kind, left.where, left.entry) for left in done.blocked_by] == [("board", "14C", 2)]
    assert not list(tmp_path.glob("14C*"))


def _bare(mark: Any, original: bytes, facts: Any, **rest: Any) -> Any:
    return mark(original, facts.model_copy(update={"is_temp": False}), **rest)


def _strange_key(mark: Any, original: bytes, facts: Any, **rest: Any) -> Any:
    return mark(original, facts, **(rest | {"mark_key": b"another project's key".ljust(32)}))


def _saved_again(mark: Any, original: bytes, facts: Any, **rest: Any) -> Any:
    marked = mark(original, facts, **rest)
    out = io.BytesIO()
    Image.open(io.BytesIO(marked.data)).save(out, "PNG")
    return replace(marked, data=out.getvalue())


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (_bare, "visible mark is missing"),
        (_strange_key, "invisible mark cannot be read"),
        (_saved_again, "manifest reads as missing"),
    ],
)
def test_a_picture_that_lacks_a_layer_never_gets_its_name(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Any, told: str
) -> None:
    """Every layer is read back, whatever marking had said."""
    monkeypatch.setattr(pictures, "mark_picture", partial(fault, pictures.mark_picture))

    async def run() -> None:
        async with opened(fresh) as project:
            with pytest.raises(Damaged, match=told):
                await export_picture(
                    project.broker.session, a_job(tmp_path / "14C.png"), project.events.append
                )

    asyncio.run(run())
    assert not list(tmp_path.glob("*14C*"))
    assert "exported" not in entries_of(fresh)


def test_what_is_no_picture_or_answers_to_no_entry_is_bad_input(fresh: Path, tmp_path: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            session = project.broker.session
            for job in (
                a_job(tmp_path / "14C.png", original=b"no picture"),
                a_job(tmp_path / "14C.png", original=tmp_path / "gone.png"),
                a_job(tmp_path / "14C.png", entry=EntryNumber(9999)),
                a_job(fresh / "media" / "14C.png"),
                a_job(tmp_path / "14C.pdf"),
            ):
                with pytest.raises(BadInput) as failed:
                    await export_picture(session, job, project.events.append)
                assert failed.value.remedy

    asyncio.run(run())
    assert "exported" not in entries_of(fresh)
