"""A request on paper and in a mail: everything that whoever answers has to know, read back by another tool."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tomllib
from datetime import UTC, date, datetime
from typing import Final

import pytest
from pypdf import PdfReader

from studio_assist.domain.clearance import ClearanceRequest, Evidence, Scope
from studio_assist.domain.clearance_letters import contact_letter, request_letter
from studio_assist.domain.clearing import assess, use_of
from studio_assist.domain.people import Person
from studio_assist.domain.policy import Policy, policy_of
from studio_assist.domain.values import PersonId
from studio_assist.interchange.clearance_pdf import clearance_pdf
from studio_assist.paths import resource


def read(name: str) -> Policy:
    text = resource("policies", f"{name}.toml").read_text(encoding="utf-8")
    return policy_of(tomllib.loads(text), name)


NOW: Final = datetime(2026, 11, 22, 14, 31, tzinfo=UTC)
POLICIES: Final = (read("netflix-2025"), read("performers-agreement"))
USE: Final = use_of(POLICIES, "temp-voice")
REQUEST: Final = ClearanceRequest(
    id="20261122-0c0ffee0",
    number=19,
    made=NOW,
    changed=NOW,
    by=Person(id=PersonId("okafor-1"), name="R. Okafor", role="producer"),
    use="temp-voice",
    answers={
        "no-copying": "no",
        "nothing-kept": "no",
        "secured-tools": "yes",
        "temporary": "yes",
        "people-first": "unsure",
    },
    triggers=("synthetic-performers",),
    names=("Blade Runner",),
    scope=Scope(scenes=("14",), since=date(2026, 11, 23), until=date(2027, 2, 3)),
    approver="D. Marsh, studio production legal",
    needed_by=date(2026, 11, 27),
    words="A filtered voice over the radio.\nRecorded by an actor in January.",
    evidence=(
        Evidence(added=NOW, by="R. Okafor", name="Scene 14 sides.pdf", sha256="ab" * 32, size=84_012),
        Evidence(added=NOW, by="R. Okafor", name="Tool settings.png", sha256="cd" * 32, size=2_120_400),
    ),
    policy="netflix-2025",
    scene="14",
)
ASSESSMENT: Final = assess(
    POLICIES, USE, REQUEST.answers, REQUEST.triggers, REQUEST.names, REQUEST.scope.scenes
)
#: What paper and mail both say.
SAID: Final = (
    "Project Larkspur",
    "C-019",
    "Temp voice for dialogue, scene 14",
    "Asked by R. Okafor on 22 Nov 2026.",
    "D. Marsh, studio production legal",
    "27 Nov 2026",
    "Recorded by an actor in January.",
    "Blade Runner",
    "Scene 14; all tasks; all models; from 23 Nov 2026 until 3 Feb 2027.",
    "Could the output copy something we do not own? No",
    "Does it stand in for a performer or union work? Unsure",
    "It makes a performer who does not exist.",
    "Question 5 is Unsure, and a voice can stand in for a performer. (rule: people-first)",
    "(rule: synthetic-performers; not checked at its source)",
    "(union-work)",
    "Scene 14 sides.pdf, 84 kB",
    "Tool settings.png, 2.1 MB",
    f"SHA-256 {'ab' * 32}",
    f"SHA-256 {'cd' * 32}",
    "Netflix partner guidance, November 2025 (version 2025-11-11)",
    "Not legal advice.",
)


def plain(text: str) -> str:
    return " ".join(text.split())


def test_the_paper_is_read_back_by_pdftotext_with_all_it_has_to_say() -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    data = clearance_pdf(REQUEST, ASSESSMENT, USE, POLICIES, "Project Larkspur")
    command = ["pdftotext", "-layout", "-", "-"]
    done = subprocess.run(command, input=data, capture_output=True, check=True, timeout=30)
    text = plain(done.stdout.decode("utf-8"))
    assert [said for said in SAID if said not in text] == []
    for label in (
        "Yes, within the limits below",
        "From (first day)",
        "Name and role",
        "Signature",
        "page 2 of 2",
    ):
        assert label in text


def test_the_paper_is_the_same_bytes_each_time_with_its_faces_in_it() -> None:
    data = clearance_pdf(REQUEST, ASSESSMENT, USE, POLICIES, "Project Larkspur")
    assert data == clearance_pdf(REQUEST, ASSESSMENT, USE, POLICIES, "Project Larkspur")
    pdf = PdfReader(io.BytesIO(data))
    assert len(pdf.pages) == 2
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Clearance request C-019: Temp voice for dialogue, scene 14"
    assert data.count(b"/FontFile2") >= 3


def test_a_long_request_turns_pages_and_the_form_is_never_cut() -> None:
    sheet = REQUEST.evidence[0]
    long = REQUEST.model_copy(
        update={
            "words": "A reason that goes on. " * 150 + "x" * 300,
            "evidence": tuple(sheet.model_copy(update={"name": f"Sheet {at}.pdf"}) for at in range(30)),
        }
    )
    data = clearance_pdf(long, ASSESSMENT, USE, POLICIES, "Project Larkspur")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    assert len(pages) >= 3
    assert all(f"Sheet {at}.pdf" in " ".join(pages) for at in range(30))
    (form,) = [page for page in pages if "Yes, within the limits below" in page]
    assert "Signature" in form
    assert re.findall(r"page (\d+) of (\d+)", " ".join(pages)) == [
        (str(at), str(len(pages))) for at in range(1, len(pages) + 1)
    ]


def test_a_request_of_the_gate_with_hardly_anything_in_it_is_a_page_all_the_same() -> None:
    bare = ClearanceRequest(
        id="20261122-00000000",
        number=1,
        made=NOW,
        changed=NOW,
        by=REQUEST.by,
        rule="personal-data",
        why="It holds a home address.",
        task="alt-lines",
        backend="northlight",
        host="eu.northlight.example",
        policy="netflix-2025",
    )
    found = assess(POLICIES, None, {}, ())
    data = clearance_pdf(bare, found, None, POLICIES, "Project Larkspur")
    text = plain(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))
    for said in (
        "C-001",
        "It holds a home address. (rule: personal-data)",
        "northlight at eu.northlight.example",
    ):
        assert said in text
    assert text.count("Not answered") == 5


def test_the_mail_says_what_the_paper_says_and_what_a_yes_has_to_say() -> None:
    subject, text = request_letter(REQUEST, ASSESSMENT, USE, POLICIES, "Project Larkspur")
    assert subject == "Clearance C-019: Temp voice for dialogue, scene 14 (Project Larkspur)"
    assert [said for said in SAID if said not in plain(text)] == []
    for asked in ("for which scenes, tasks and models", "from which day to which day", "who gives it"):
        assert asked in text
    assert "which of the names above it covers" in text
    assert text.count("Voice tools stay off for scene 14 until approved.") == 1
    assert "\n\n\n" not in text


def test_the_contact_is_told_the_uses_and_how_each_stands() -> None:
    uses = [use for use in POLICIES[0].uses if use.id in ("alt-lines-and-beats", "likeness-of-a-performer")]
    subject, text = contact_letter(uses, "Project Larkspur", POLICIES[0], "R. Okafor")
    assert "Project Larkspur" in subject
    assert "Alt lines and beats (Text)" in text
    assert "It does not begin before your written approval." in text
    assert POLICIES[0].version in text
    assert text.rstrip().endswith("R. Okafor")
    without_rule = contact_letter(uses, "Project Larkspur", read("local-only"), "R. Okafor")[1]
    assert "Nothing leaves this machine (version 1).\n" in without_rule
