"""Disclosure reports out of a project: true to the record, without its words, recorded, or not there at all."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from broker_work import OTHER, SCRIPT, WRITER, Opened, new_project, opened
from keychains import InMemory
from pypdf import PdfReader
from sending_work import HOST, send_something

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.broker.keys import Keys
from studio_assist.broker.session import new_request_id
from studio_assist.domain import record
from studio_assist.domain.candidate import State
from studio_assist.domain.clearance import Approval, ClearanceRequest, Consent, Evidence, Notice, Scope
from studio_assist.domain.errors import BadInput, Refusal, Unavailable
from studio_assist.domain.people import AUTOMATED
from studio_assist.domain.report import Report
from studio_assist.domain.values import CandidateId
from studio_assist.interchange.report_document import Code
from studio_assist.interchange.report_kinds import document_of
from studio_assist.ledger import Contents, Ledger, verify

OFFERED = ("The kettle remembers harbours.", "Somebody is counting.", "Listen to the brass.", "Not yet.")
CONTACT = "A. Contact, Studio post"
#: Nothing of these may be in a report, whatever its form.
CONFIDENTIAL = (
    "RADIO ROOM",
    "turns the dial",
    "breathing",
    "boat without",
    *OFFERED,
    "what the writer made of it",
    "PERSON_KXQP",
    "Told in secret",
)
#: One keychain for all openings: whoever comes with another key is told as an incident.
CHAIN = InMemory()
KINDS: tuple[protocol.ReportKind, ...] = ("full", "contact", "guild", "awards", "security")


async def work_in(project: Opened) -> None:
    """Decisions by two people and a script, temp text, something sent, something blocked, a notice."""
    session = project.broker.session
    first, second, third, _ = project.offer(*OFFERED)
    await project.present(first)
    await project.save(await project.decide(first), first.text)
    await project.present(second)
    await project.decide(second, State.REJECTED)
    await project.present(third, OTHER)
    undone = await project.decide(third, State.REJECTED, person=OTHER)
    session.append(
        record.DecisionUndone(automated=False, decision=undone.decision.entry), person=OTHER, durable=False
    )
    await session.ready(WRITER)
    send_something(session, WRITER, OTHER)
    _blocked(project)
    _by_script(project)
    texts = Contents()
    told = Notice(contact=CONTACT, how="mail", words="Told in secret").model_dump_json()
    body = record.ContactTold(content=texts.add(told), told=session.now(), uses=("ideation",))
    session.append(body, contents=texts, person=OTHER, durable=True)
    _cleared(project)


def _cleared(project: Opened) -> None:
    """A request that one person made and another answered, and a consent."""
    session, now = project.broker.session, project.broker.session.now()
    asked = ClearanceRequest(
        id="20261122-aa",
        number=19,
        made=now,
        changed=now,
        by=WRITER,
        title="A poster on the pier",
        answers={"nothing-kept": "unsure"},
        triggers=("owned-material",),
        policy="netflix-2025",
        words="Told in secret",
    )
    body = record.ClearanceDrafted(clearance=asked.id, request=None, rule="owned-material")
    session.append(body, person=WRITER, durable=False)
    texts = Contents()
    content = texts.add(asked.model_dump_json())
    sent = record.ClearanceSent(clearance=asked.id, content=content, document="ab" * 32)
    session.append(sent, contents=texts, person=WRITER, durable=False)
    texts = Contents()
    given = texts.add(Approval(by="B. Legal", words="Told in secret").model_dump_json())
    approved = record.ClearanceApproved(
        backends=("northlight",),
        clearance=asked.id,
        content=given,
        evidence=("cd" * 32,),
        rules=("owned-material",),
        scenes=("14",),
        since="2026-01-01",
        tasks=(),
        until="2999-12-31",
        uses=(),
    )
    session.append(approved, contents=texts, person=OTHER, durable=False)
    texts = Contents()
    paper = Evidence(added=now, by="M. Lind", name="consent.pdf", sha256="ef" * 32, size=9)
    consent = Consent(
        id="voice-1",
        made=now,
        by=OTHER,
        person="Mira Solheim",
        kinds=("voice",),
        uses="Told in secret",
        representation="Agent: K. Lund",
        scope=Scope(until=date(2001, 6, 1)),
        document=paper,
    )
    recorded = record.ConsentRecorded(
        consent=consent.id,
        content=texts.add(consent.model_dump_json()),
        document=paper.sha256,
        kinds=("voice",),
        until="2001-06-01",
    )
    session.append(recorded, contents=texts, person=OTHER, durable=False)


def _blocked(project: Opened) -> None:
    texts, request = Contents(), new_request_id()
    session = project.broker.session
    asked = record.Requested(
        anchor=None,
        backend="northlight",
        count=1,
        model="m",
        note=None,
        prompt=texts.add("Maya turns the dial."),
        request=request,
        scene="15",
        seed=1,
        settings={},
        task="continue-scene",
        where="outside",
    )
    session.append(asked, contents=texts, person=WRITER, durable=False)
    verdict = record.VerdictGiven(request=request, rules=("attested",), verdict="blocked")
    session.append(verdict, durable=False)
    session.append(record.RequestEnded(request=request, state="failed", why=None, dropped=()), durable=False)


def _by_script(project: Opened) -> None:
    """A decision that no person made."""
    (one,) = project.offer("Offered to a script.")
    content = next(
        entry.body.content
        for entry in project.broker.session.ledger.entries(candidate=CandidateId(one.id), limit=1)
        if isinstance(entry.body, record.CandidateMade)
    )
    shown = record.Presented(candidate=one.id, content=content)
    project.broker.session.append(shown, person=AUTOMATED, durable=False)
    decided = record.DecisionMade(
        automated=True,
        candidate=one.id,
        content=content,
        kept_permille=0,
        outcome="rejected",
        placement=None,
        redo_of=None,
        result=None,
    )
    project.broker.session.append(decided, person=AUTOMATED, durable=False)


@pytest.fixture(scope="module")
def worked_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reported") / "Larkspur.studio"

    async def make() -> None:
        await new_project(folder)
        async with opened(folder, keys=Keys(CHAIN)) as project:
            await work_in(project)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIO_ASSIST_HOME", str(folder.parent / "home"))
        asyncio.run(make())
    return folder


@pytest.fixture
def worked(worked_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(worked_once, tmp_path / "Larkspur.studio"))


def params(out: Path, kind: protocol.ReportKind = "full", **more: Any) -> protocol.ReportParams:
    return protocol.ReportParams(out=str(out), kind=kind, person=WRITER, **more)


def make(
    folder: Path, *wanted: protocol.ReportParams, then: Callable[[Broker], None] | None = None
) -> list[protocol.ReportMade]:
    """Reports made one after the other, in one opening of the project."""

    async def run() -> list[protocol.ReportMade]:
        async with opened(folder, keys=Keys(CHAIN)) as project:
            made = [await project.broker.handle(protocol.REPORT, one) for one in wanted]
            if then:
                then(project.broker)
            return made

    return asyncio.run(run())


def report_in(file: Path) -> Report:
    content = json.loads(file.read_text(encoding="utf-8"))
    assert content["schema"] == "studio-assist disclosure report"
    return Report.model_validate_json(json.dumps(content["report"]))


def test_a_report_is_true_to_the_record(worked: Path, tmp_path: Path) -> None:
    (made,) = make(worked, params(tmp_path / "r.json"))
    report = report_in(tmp_path / "r.json")
    counts = report.counts
    assert (counts.accepted, counts.edited, counts.rejected, counts.undone) == (1, 0, 1, 1)
    assert (report.automated.rejected, report.automated.decided) == (1, 1)
    people = {one.name: one.counts.decided for one in report.people if not one.automated}
    assert people == {"R. Okafor": 2, "M. Lind": 0}
    assert report.waiting == 2
    (temp,) = report.temp
    assert (temp.kind, temp.where, temp.words, temp.human_permille) == (
        "line",
        "scene 14, page 1, line 6",
        4,
        0,
    )
    shares = {one.scene: (one.words, one.model_words, one.human_permille) for one in report.by_scene}
    assert shares["14"][1] == 4
    assert shares["15"][1:] == (0, 1000)
    tool = next(one for one in report.tools if one.backend == "northlight")
    assert (tool.sends, tool.bytes, tool.names_replaced, tool.blocked) == (1, 512, 1, 1)
    (sent,) = report.sendings
    assert (sent.origin, sent.approved_by, sent.seconded_by) == (HOST, "R. Okafor", "M. Lind")
    assert [(one.kind, one.rules) for one in report.incidents] == [("blocked", ("attested",))]
    assert [one.contact for one in report.notices] == [CONTACT]
    (cleared,) = report.clearances
    assert (cleared.label, cleared.state, cleared.given_by) == ("C-019", "approved", "B. Legal")
    assert [(step.what, step.by) for step in cleared.steps] == [
        ("drafted", "R. Okafor"),
        ("sent", "R. Okafor"),
        ("approved", "M. Lind"),
    ]
    assert [answer for _, answer in cleared.answers] == ["unsure"]
    assert tool.approvals == ("C-019",)
    (consent,) = report.consents
    assert (consent.person, consent.state) == ("Mira Solheim", "expired")
    assert report.policies[0].state == "as recorded"
    head = report.integrity.checkpoint
    assert head is not None
    assert (report.integrity.size, head.size) == (report.period.size, report.period.size)
    assert made.entries == report.period.entries == report.period.size
    assert verify(worked).ok


def test_a_key_that_nobody_vouched_for_is_an_incident(worked: Path, tmp_path: Path) -> None:
    async def run() -> None:
        async with opened(worked, keys=Keys(InMemory())) as project:
            await project.broker.handle(protocol.REPORT, params(tmp_path / "r.json"))

    asyncio.run(run())
    _, key = report_in(tmp_path / "r.json").incidents
    assert (key.kind, key.who) == ("key", "R. Okafor")
    assert "nobody has vouched for" in key.words


def test_no_word_of_the_work_is_in_any_report(worked: Path, tmp_path: Path) -> None:
    wanted = [
        params(tmp_path / f"{kind}.{ending}", kind, recipient="Writers' office")
        for kind in KINDS
        for ending in (("html", "csv", "json", "pdf") if kind == "full" else ("html",))
    ]
    make(worked, *wanted)
    assert all(words in SCRIPT for words in CONFIDENTIAL[1:4])
    for one in wanted:
        file = Path(one.out)
        read = ["pdftotext", str(file), "-"] if file.suffix == ".pdf" else ["cat", str(file)]
        text = subprocess.run(read, capture_output=True, text=True, check=True).stdout
        assert "R. Okafor" in text
        assert not [words for words in CONFIDENTIAL if words.casefold() in text.casefold()], file.name


@pytest.mark.skipif(not shutil.which("exiftool") or not shutil.which("pdftotext"), reason="reads PDFs back")
def test_the_pdf_is_signed_and_reads_back_elsewhere(worked: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.pdf"
    (made,) = make(worked, params(out, "security", recipient="Studio security"))
    text = subprocess.run(["pdftotext", "-layout", str(out), "-"], capture_output=True, text=True, check=True)
    assert "AI tools for a security assessment" in text.stdout
    assert "api.northlight.example" in text.stdout
    assert "Page 1 of" in text.stdout
    told = subprocess.run(
        ["exiftool", "-j", "-XMP-iptcExt:DigitalSourceType", "-PDF:Language", "-Title", str(out)],
        capture_output=True,
        text=True,
        check=True,
    )
    facts = json.loads(told.stdout)[0]
    assert facts["DigitalSourceType"].endswith("/algorithmicMedia")
    reader = PdfReader(out)
    assert reader.root_object["/Lang"] == "en-GB"
    assert [one.title for one in reader.outline if not isinstance(one, list)] == [
        "AI tools for a security assessment"
    ]
    found = asyncio.run(_marks(worked, out))
    assert found.manifest.state == "trusted"
    with Ledger.open(worked / "ledger.sqlite", read_only=True, at_rest=True) as ledger:
        exported, handed = ledger.entry(made.entry).body, ledger.entry(made.handed_over or 0).body
        assert isinstance(exported, record.Exported)
        assert isinstance(handed, record.HandedOver)
        assert (exported.format, exported.sha256, exported.temp_items) == ("report-pdf", made.sha256, 0)
        assert (handed.kind, handed.sha256) == ("security", made.sha256)
        assert ledger.content(handed.recipient) == "Studio security"


async def _marks(folder: Path, file: Path) -> Any:
    async with opened(folder) as project:
        read = await project.broker.handle(protocol.READ_MARKS, protocol.ReadMarksParams(file=str(file)))
        return read.report


def test_the_table_is_one_that_a_spreadsheet_opens(worked: Path, tmp_path: Path) -> None:
    make(worked, params(tmp_path / "r.csv"))
    data = (tmp_path / "r.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert {"section", "item", "field", "value"} == set(rows[0])
    asked = [row["value"] for row in rows if row["section"] == "Tools" and row["field"] == "Tool"]
    assert asked == ["northlight", "Model on this machine"]


def test_a_sheet_for_a_guild_names_to_whom_it_goes(worked: Path, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="names to whom it goes"):
        make(worked, params(tmp_path / "sheet.html", "guild", recipient="  "))
    assert not (tmp_path / "sheet.html").exists()
    make(worked, params(tmp_path / "sheet.html", "guild", recipient="B. Reader"))
    text = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert "Recipient of this sheet: B. Reader." in text
    assert "written by" not in text.casefold()


def test_a_name_that_was_forgotten_is_in_no_later_report(worked: Path, tmp_path: Path) -> None:
    async def forget() -> None:
        async with opened(worked, keys=Keys(CHAIN)) as project:
            (told,) = project.broker.session.ledger.entries(type="contact_told")
            why = protocol.ForgetParams(entry=told.number, why="They asked for it.", person=WRITER)
            await project.broker.handle(protocol.FORGET, why)

    asyncio.run(forget())
    make(worked, params(tmp_path / "r.json"), params(tmp_path / "r.html", "contact"))
    report = report_in(tmp_path / "r.json")
    assert report.notices[0].contact is None
    assert "forgotten" in [one.kind for one in report.incidents]
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert CONTACT not in text
    assert "forgotten" in text


def test_a_record_that_does_not_hold_gives_no_report(worked: Path, tmp_path: Path) -> None:
    with sqlite3.connect(worked / "ledger.sqlite") as connection:
        connection.execute(
            "UPDATE entries SET entry = replace(entry, 'rejected', 'accepted') WHERE number > 5"
        )
    connection.close()
    with pytest.raises(Refusal, match=r"Export opens when the ledger verifies\.") as refused:
        make(worked, params(tmp_path / "r.pdf"))
    assert refused.value.exit_code == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["Larkspur.studio"]


def test_a_report_that_is_stopped_leaves_nothing(worked: Path, tmp_path: Path) -> None:
    async def run() -> list[protocol.Event]:
        async with opened(worked, keys=Keys(CHAIN)) as project:
            before = project.broker.session.ledger.entries(type="exported")
            making = asyncio.create_task(project.broker.handle(protocol.REPORT, params(tmp_path / "r.pdf")))
            while not any(isinstance(event, protocol.Progress) for event in project.events):
                await asyncio.sleep(0)
            with pytest.raises(Refusal, match="being made already"):
                await project.broker.handle(protocol.REPORT, params(tmp_path / "other.pdf"))
            await project.broker.handle(protocol.STOP_REPORT, protocol.Nothing())
            with pytest.raises(Unavailable, match="was stopped"):
                await making
            assert project.broker.session.ledger.entries(type="exported") == before
            # And the next one is made as if nothing had been.
            await project.broker.handle(protocol.REPORT, params(tmp_path / "after.csv"))
            return project.events

    events = asyncio.run(run())
    shares = [one.share for one in events if isinstance(one, protocol.Progress) and one.job == "report"]
    assert shares
    assert max(shares) <= 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["Larkspur.studio", "after.csv"]


def test_only_the_days_that_were_asked_for_are_spoken_of(worked: Path, tmp_path: Path) -> None:
    (made,) = make(worked, params(tmp_path / "r.json", since=date(2001, 2, 3), until=date(2001, 2, 4)))
    report = report_in(tmp_path / "r.json")
    assert (made.entries, report.counts.decided, report.sendings, report.incidents) == (0, 0, (), ())
    # What is still in the work, and what is approved, are matters of today; a consent that is over is not.
    assert len(report.temp) == 1
    assert [one.state for one in report.clearances] == ["approved"]
    assert report.consents == ()
    assert report.integrity.size > 20
    with pytest.raises(BadInput, match="ends before it begins"):
        make(worked, params(tmp_path / "x.json", since=date(2001, 2, 3), until=date(2001, 2, 2)))


def test_a_report_replaces_no_file_but_its_own(worked: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="exists already"):
        make(worked, params(out))
    assert out.read_text(encoding="utf-8") == "mine"
    out.unlink()
    make(worked, params(out), params(out))
    assert "Disclosure report" in out.read_text(encoding="utf-8")
    with pytest.raises(BadInput, match="by the ending"):
        make(worked, params(tmp_path / "r.docx"))
    with pytest.raises(BadInput, match="project's own files"):
        make(worked, params(worked / "clearance" / "r.html"))


@pytest.mark.skipif(
    not all(map(shutil.which, ("sqlite3", "openssl", "xxd", "bash"))), reason="checks as an outsider does"
)
def test_what_the_report_says_of_checking_it_works_as_it_stands(worked: Path, tmp_path: Path) -> None:
    make(worked, params(tmp_path / "r.json"))
    document = document_of(report_in(tmp_path / "r.json"))
    note, check = (part.text for one in document.sections for part in one.parts if isinstance(part, Code))
    (worked / "CHECKPOINT.note").write_text(note, encoding="utf-8")
    steps = check[check.index("# by hand") :]
    said = subprocess.run(["bash", "-e", "-c", steps], cwd=worked, capture_output=True, text=True, check=True)
    leaf, stored, verdict = said.stdout.split("\n")[:3]
    assert leaf.split()[0] == stored
    assert verdict == "Signature Verified Successfully"
