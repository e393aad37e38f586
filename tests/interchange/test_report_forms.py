"""The forms of a disclosure report, read back by other tools: HTML, PDF, CSV and JSON of one value."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from studio_assist.domain.report import (
    Counts,
    DayCounts,
    FileOut,
    Integrity,
    Notice,
    PanelShare,
    Period,
    PersonCounts,
    ReplacedItem,
    Report,
    ReportFor,
    SceneShare,
    Sending,
    TempItem,
    Tool,
)
from studio_assist.domain.values import EntryNumber
from studio_assist.interchange import report_charts as charts
from studio_assist.interchange.report_csv import guarded, write_csv
from studio_assist.interchange.report_html import write_html
from studio_assist.interchange.report_json import write_json
from studio_assist.interchange.report_kinds import KINDS, document_of
from studio_assist.interchange.report_pdf import write_pdf
from studio_assist.paths import resource

AT = datetime(2026, 11, 22, 14, 2, tzinfo=UTC)
STYLE = resource("report", "report.css")
#: What a person may be called, or a file, to see what becomes of it in each form.
HOSTILE = '=HYPERLINK("http://x","<script>alert(1)</script>")'


def report(kind: ReportFor = "full", **more: Any) -> Report:
    """A report with something in every part."""
    counts = Counts(accepted=184, edited=97, rejected=131, undone=3, replaced=12, drawn=4)
    fields: dict[str, Any] = {
        "kind": kind,
        "made": AT,
        "made_with": "Studio Assist",
        "by": "P. Adeyemi",
        "recipient": "A. Contact",
        "offset_minutes": 60,
        "project": "Larkspur",
        "sample": False,
        "created": AT,
        "policy": "netflix-2025",
        "material": "Production-confidential",
        "period": Period(entries=1284, size=1284),
        "integrity": Integrity(
            size=1284,
            root="ab" * 32,
            tag="0" * 16,
            checked_at=AT,
            checkpoint=None,
            note="",
            unsigned=1284,
            witnesses=(),
            forgotten=0,
            claim="All 1,284 entries fit together.",
        ),
        "counts": counts,
        "people": (
            PersonCounts(name="R. Okafor", roles=("writer",), automated=False, asks=80, counts=counts),
            PersonCounts(name=HOSTILE, roles=(), automated=False, asks=1, counts=Counts(edited=1)),
        ),
        "days": tuple(
            DayCounts(day=date(2026, 11, 16) + timedelta(days=at), accepted=at, edited=1, rejected=2)
            for at in range(7)
        ),
        "tools": (
            Tool(
                backend="northlight",
                name="Northlight",
                models=("north-2",),
                ai=True,
                where="outside",
                host="api.northlight.example",
                region="eu",
                kinds=("text",),
                sends=2,
                bytes=1024,
                names_replaced=3,
            ),
        ),
        "sendings": (
            Sending(
                entry=EntryNumber(9),
                at=AT,
                backend="northlight",
                origin="https://api.northlight.example",
                bytes=1024,
                approved_by="R. Okafor",
                seconded_by="",
                sensitivity="production-confidential",
            ),
        ),
        "wants_notice": True,
        "notices": (
            Notice(entry=EntryNumber(3), at=AT, told=AT, by="P. Adeyemi", contact=None, how=None, uses=()),
        ),
        "temp": (temp("scene 14, page 27, line 31"),),
        "replaced": (
            ReplacedItem(
                kind="panel",
                how="drawn over",
                scene="14",
                shot="14F",
                entry=EntryNumber(1276),
                decision=EntryNumber(1200),
                at=AT,
                by="J. Lindqvist",
                automated=False,
                made_by="SD-Turbo on this machine",
                human_permille=640,
            ),
        ),
        "script_words": 400,
        "by_scene": (
            SceneShare(
                scene="14", page=27, words=200, temp_words=20, model_words=13, replaced=1, by=("R. Okafor",)
            ),
            SceneShare(scene="15", page=29, words=200, temp_words=0, model_words=0, replaced=0, by=()),
        ),
        "panels": 2,
        "by_panel": (
            PanelShare(
                shot="14F",
                scene="14",
                state="replaced",
                ai=False,
                made_by="",
                by="J. Lindqvist",
                entry=EntryNumber(1276),
                ink_permille=640,
            ),
        ),
        "files": (
            FileOut(
                entry=EntryNumber(40),
                at=AT,
                by="R. Okafor",
                name="-1+1.pdf",
                format="pdf",
                sha256="cd" * 32,
                temp_items=3,
                final=False,
                handed_over=True,
                recipient=None,
            ),
        ),
    }
    return Report(**{**fields, **more})


def temp(where: str) -> TempItem:
    return TempItem(
        kind="line",
        where=where,
        scene="14",
        entry=EntryNumber(1271),
        at=AT,
        by="R. Okafor",
        automated=False,
        outcome="edited",
        made_by="SmolLM2-135M on this machine",
        ai=True,
        lines=1,
        words=20,
        human_permille=380,
    )


class Page(HTMLParser):
    """What an HTML parser sees: tags, what is inside headings and captions, and what is out of place."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.headings: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.described: list[str] = []
        self.loads: list[str] = []
        self.columns_without_scope = 0
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags[tag] += 1
        if tag in ("h1", "h2", "h3", "caption", "desc"):
            self.headings.append((tag, ""))
        if identifier := values.get("id"):
            self.ids.append(identifier)
        if tag == "a":
            self.links.append((values.get("href") or "").removeprefix("#"))
        if tag == "svg" and values.get("role") == "img":
            self.described += (values.get("aria-labelledby") or "").split()
        if tag == "th" and "scope" not in values:
            self.columns_without_scope += 1
        self.loads += [value or "" for name, value in attrs if name in ("src", "href") and value != ""]
        if tag not in ("meta", "col", "rect", "br"):
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self.headings and self._open[-1] == self.headings[-1][0]:
            self.headings[-1] = (self.headings[-1][0], self.headings[-1][1] + data)


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_page_is_whole_loads_nothing_and_can_be_read_aloud(kind: ReportFor) -> None:
    document = document_of(report(kind))
    page = Page(write_html(document, STYLE).decode("utf-8"))
    assert page.tags["script"] == page.tags["link"] == page.tags["img"] == 0
    assert all(one.startswith("#") for one in page.loads)
    titles = [text for tag, text in page.headings if tag == "h2"]
    assert titles == [section.title for section in document.sections]
    assert page.tags["h1"] == page.tags["main"] == 1
    assert page.tags["caption"] == page.tags["table"] > 0
    assert page.columns_without_scope == 0
    assert set(page.links) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert set(page.described) <= set(page.ids)


def test_charts_are_pictures_and_words() -> None:
    page = Page(write_html(document_of(report()), STYLE).decode("utf-8"))
    says = [text for tag, text in page.headings if tag == "desc"]
    assert "R. Okafor 184 accepted, 97 edited, 131 rejected" in " ".join(says)
    assert any("scene 14 94 %" in one for one in says)
    assert any("Northlight 1.0 kB" in one for one in says)
    assert page.tags["rect"] > 30


def test_long_work_is_drawn_by_week_and_by_month() -> None:
    def drawn(days: int) -> str:
        first = date(2025, 1, 1)
        counts = [
            DayCounts(day=first + timedelta(days=at), accepted=1, edited=0, rejected=0) for at in (0, days)
        ]
        chart = charts.by_day(counts)
        assert chart is not None
        assert all(0 <= box.x <= chart.width - box.width + 0.5 for box in chart.boxes)
        assert all(-0.5 <= box.y <= chart.height for box in chart.boxes)
        return chart.title

    assert [drawn(days) for days in (5, 100, 900)] == [
        "Decisions by day",
        "Decisions by week",
        "Decisions by month",
    ]
    assert charts.by_day(()) is None
    assert charts.what_left(()) is None


def test_a_name_is_never_markup_and_never_a_formula() -> None:
    document = document_of(report())
    assert b"<script>" not in write_html(document, STYLE)
    rows = list(csv.reader(io.StringIO(write_csv(document).decode("utf-8-sig"), newline="")))
    cells = [cell for row in rows for cell in row]
    assert f"'{HOSTILE}" in cells
    assert "'-1+1.pdf" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert [guarded(one) for one in ("  =1", "\t=1", "plain", "100 %")] == [
        "'  =1",
        "'\t=1",
        "plain",
        "100 %",
    ]


def test_the_table_has_every_temp_item_with_its_place() -> None:
    items = tuple(temp(f"scene {at}, page {at}, line 1") for at in range(1, 61))
    rows = list(
        csv.DictReader(
            io.StringIO(write_csv(document_of(report(temp=items))).decode("utf-8-sig"), newline="")
        )
    )
    places = [row["value"] for row in rows if row["field"] == "Where" and row["section"].startswith("Temp")]
    assert places == [item.where for item in items]


def test_the_json_is_the_whole_value() -> None:
    made = report()
    content = json.loads(write_json(made, document_of(made)))
    assert (content["schema"], content["schema_version"]) == ("studio-assist disclosure report", 1)
    assert Report.model_validate_json(json.dumps(content["report"])) == made


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="reads the pages back")
def test_the_pdf_has_its_pages_heads_and_bookmarks(tmp_path: Path) -> None:
    items = tuple(temp(f"scene {at}, page {at}, line 1") for at in range(1, 121))
    document = document_of(report(temp=items))
    shares: list[float] = []
    made = write_pdf(document, resource("fonts"), AT, shares.append)
    file = tmp_path / "r.pdf"
    file.write_bytes(made.data)
    text = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout
    pages = text.split("\f")[:-1]
    assert len(pages) == made.pages > 4
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {made.pages}" in page
        assert "Not legal advice" in page
        assert number == 1 or "Larkspur · Disclosure report" in page
    squeezed = " ".join(text.split())
    assert all(f"scene {at}, page {at}, " in squeezed for at in range(1, 121))
    reader = PdfReader(file)
    assert reader.metadata is not None
    assert reader.metadata.title == "Disclosure report: Larkspur"
    inner = next(one for one in reader.outline if isinstance(one, list))
    assert [one.title for one in inner if not isinstance(one, list)] == [
        section.title for section in document.sections
    ]
    assert shares[-1] == 1.0
    # The same report gives the same bytes.
    assert write_pdf(document, resource("fonts"), AT).data == made.data


def test_each_reader_gets_what_is_theirs_and_none_is_told_what_is_not_so() -> None:
    texts = {
        kind: write_html(document_of(report(kind)), STYLE).decode("utf-8").split("</style>")[1]
        for kind in KINDS
    }
    assert len({text.split("</h1>")[0] for text in texts.values()}) == len(KINDS)
    assert "Recipient of this sheet: A. Contact." in texts["guild"]
    assert "14F" not in texts["guild"], "a text's sheet speaks of no panel"
    assert "Human: 387 of 400 words" in texts["awards"]
    assert "https://api.northlight.example" in texts["security"]
    assert "https://api.northlight.example" not in texts["awards"]
    for text in texts.values():
        assert "Not legal advice" in text
        assert "no requirement of a studio, guild or academy" in text
        assert "forgotten" in text or "Studio contact" not in text
