"""Screenplays out of PDFs: our own pages, other programs' layouts, and what is no screenplay."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4, letter
from reportlab.pdfgen.canvas import Canvas

from studio_assist.domain.errors import BadInput
from studio_assist.domain.incoming import IncomingScript
from studio_assist.domain.pagination import Pagination
from studio_assist.domain.screenplay import ElementType
from studio_assist.domain.temp import TempSpan
from studio_assist.interchange.fountain import parse
from studio_assist.interchange.pdf import PdfSheet, write_pdf
from studio_assist.interchange.screenplay_parts import compared, parts_of
from studio_assist.interchange.screenplay_pdf import HEADLINE, read_screenplay_pdf
from studio_assist.marks import text as text_marks
from studio_assist.paths import resource
from tests.bench.feature import feature
from tests.spans import span_on

SAMPLE = resource("sample", "counterweight.fountain").read_text(encoding="utf-8")
#: Not on the page, or not told apart there.
_UNSEEN = {ElementType.SECTION, ElementType.SYNOPSIS, ElementType.PAGE_BREAK}


def elements(text: str) -> list[tuple[str, str, str, int]]:
    """What the pages show of a script; a lyric within a speech looks like speech in italics."""
    found: list[tuple[str, str, str, int]] = []
    for one in compared(parts_of(parse(text)))[0]:
        if one.kind in _UNSEEN:
            continue
        kind = "dialogue" if one.kind is ElementType.LYRICS else one.kind.value
        words = "\n".join("".join(run.text for run in row) for row in one.rows)
        if found and found[-1][0] == kind == "dialogue":
            found[-1] = (kind, f"{found[-1][1]}\n{words}", "", one.column)
        else:
            found.append((kind, words, one.number, one.column))
    return found


def read(data: bytes, tmp_path: Path) -> IncomingScript:
    path = tmp_path / "script.pdf"
    path.write_bytes(data)
    return read_screenplay_pdf(path)


def ours(text: str, *spans: TempSpan) -> bytes:
    script = parse(text)
    sheet = PdfSheet(title="T", on=date(2026, 5, 4), fonts=resource("fonts"))
    return write_pdf(script, Pagination(script), spans, sheet).data


@pytest.mark.parametrize("text", [SAMPLE, feature(scenes=12), feature(scenes=9, seed=3)])
def test_our_own_pages_are_read_as_the_script_that_they_were_made_of(text: str, tmp_path: Path) -> None:
    steps: list[int] = []
    path = tmp_path / "own.pdf"
    path.write_bytes(ours(text))
    incoming = read_screenplay_pdf(path, lambda: steps.append(1))
    assert elements(incoming.text) == elements(text)
    assert len(steps) == incoming.pages
    title = parse(incoming.text).title_page
    assert title["title"] == parse(text).title_page["title"].strip("*")


def test_a_temp_copy_says_so_and_its_passages_stay_marked(tmp_path: Path) -> None:
    assert text_marks.HEADLINE == HEADLINE
    incoming = read(ours(SAMPLE, span_on(SAMPLE, "I write down what was there.", 1271)), tmp_path)
    assert elements(incoming.text) == elements(SAMPLE)
    assert "temp AI material" in incoming.report[0].what
    assert [line.what for line in incoming.report if "Temp AI material:" in line.what] == [
        "Temp AI material: “I write down what was there.”"
    ]
    assert "[[TEMP AI · not for delivery" in incoming.text
    assert HEADLINE not in incoming.text


LAYOUTS = {
    "final draft, letter": (letter, "Courier", 12, (108, 180, 223, 266), 12),
    "A4, narrow": (A4, "Courier", 11, (85, 150, 190, 230), 11.5),
    "other face": (A4, "Helvetica", 11, (90, 170, 205, 250), 14),
}
PAGES = (
    (
        ("1|a", "INT. KITCHEN - DAY"),
        ("a", "She burns the toast and opens every window, and then the door, and waits."),
        ("c", "MAYA (V.O.)"),
        ("p", "(softly)"),
        ("d", "Hello there, whoever you may be."),
        ("t", "CUT TO:"),
        ("2A|a", "EXT. YARD - NIGHT"),
        ("a", "Rain."),
        ("c", "OLD MAN"),
        ("d", "It goes on"),
        ("m", "(MORE)"),
    ),
    (
        ("c", "OLD MAN (CONT'D)"),
        ("d", "and on and on."),
        ("2|c", "MAYA|BOB"),
        ("2|d", "Left.|Right."),
        ("*a", "He goes."),
        ("a", "She does not."),
    ),
)


def drawn(name: str) -> bytes:
    """Two pages as another program sets them."""
    size, face, points, (action, speech, aside, cue), pitch = LAYOUTS[name]
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    for number, page in enumerate(PAGES, 1):
        canvas.setFont(face, points)
        y = size[1] - 75
        canvas.drawString(action, size[1] - 36, "THE SCRIPT - Blue Rev. 3/4/26")
        canvas.drawRightString(size[0] - 50, size[1] - 36, f"{number}.")
        for kind, text in page:
            head, _, kind_ = kind.rpartition("|")
            y -= pitch * (1 if kind_ in ("d", "p", "m") else 2)
            x = {"a": action, "*a": action, "c": cue, "p": aside, "d": speech, "m": cue}.get(kind_, 0)
            if kind_ == "t":
                canvas.drawRightString(size[0] - 72, y, text)
            elif head == "2":
                left, right = text.split("|")
                shift = cue - speech if kind_ == "c" else 0
                canvas.drawString(action + shift / 2, y, left)
                canvas.drawString(size[0] / 2 + 20 + shift / 2, y, right)
            else:
                canvas.drawString(x, y, text)
            if head and head != "2":
                canvas.drawString(action - 40, y, head)
                canvas.drawString(size[0] - 45, y, head)
            if kind_ == "*a":
                canvas.drawString(size[0] - 40, y, "*")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize("name", LAYOUTS)
def test_other_layouts_are_learned_from_their_own_pages(name: str, tmp_path: Path) -> None:
    incoming = read(drawn(name), tmp_path)
    assert elements(incoming.text) == [
        ("scene_heading", "INT. KITCHEN - DAY", "1", 0),
        ("action", "She burns the toast and opens every window, and then the door, and waits.", "", 0),
        ("character", "MAYA (V.O.)", "", 0),
        ("parenthetical", "(softly)", "", 0),
        ("dialogue", "Hello there, whoever you may be.", "", 0),
        ("transition", "CUT TO:", "", 0),
        ("scene_heading", "EXT. YARD - NIGHT", "2A", 0),
        ("action", "Rain.", "", 0),
        ("character", "OLD MAN", "", 0),
        ("dialogue", incoming_speech(incoming), "", 0),
        ("character", "MAYA", "", 1),
        ("dialogue", "Left.", "", 1),
        ("character", "BOB", "", 2),
        ("dialogue", "Right.", "", 2),
        ("action", "He goes.", "", 0),
        ("action", "She does not.", "", 0),
    ]
    told = " ".join(line.what for line in incoming.report)
    assert [word for word in ("Headers", "Revision marks", "(MORE)") if word not in told] == []


def incoming_speech(incoming: IncomingScript) -> str:
    """The speech over two pages: one line or two, but all of it."""
    (words,) = (one[1] for one in elements(incoming.text) if one[1].startswith("It goes on"))
    assert words.split() == ["It", "goes", "on", "and", "on", "and", "on."]
    return words


def pages(*texts: Sequence[str], picture: bool = False) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=letter)
    for text in texts:
        for at, line in enumerate(text):
            canvas.drawString(72, 700 - 14 * at, line)
        if picture:
            from PIL import Image
            from reportlab.lib.utils import ImageReader

            canvas.drawImage(ImageReader(Image.new("L", (50, 60), 200)), 0, 0, 612, 792)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def locked() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pages(["INT. HOUSE - DAY"]))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


NOVEL = ["It was a dark night, and nobody knew why the house stood open at that hour.", "He went in."] * 20


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (pages(NOVEL, NOVEL), "not laid out as a screenplay"),
        (pages([], [], picture=True), "are pictures (a scan)"),
        (pages([], []), "almost no text"),
        (locked(), "password"),
        (pages(NOVEL)[:400], "damaged"),
        (b"%PDF-1.7\n" + b"0" * 5000, "damaged"),
        (pages(*[["INT. A - DAY"]] * 1501), "1,501 pages"),
    ],
)
def test_what_is_no_screenplay_is_refused_with_the_reason(data: bytes, why: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read(data, tmp_path)
    assert why in caught.value.message
    assert caught.value.remedy
