"""The PDF: the page of the trade, row for row what the editor shows, temp material marked."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import time
from datetime import date
from pathlib import Path

import pytest
from pypdf import PageObject, PdfReader

from studio_assist.domain.pagination import PageRow, Pagination
from studio_assist.domain.temp import TempSpan
from studio_assist.interchange.fountain import Script, parse
from studio_assist.interchange.pdf import HEADLINE, PdfResult, PdfSheet, write_pdf
from studio_assist.paths import resource
from tests.spans import span_on

SAMPLE = resource("sample", "counterweight.fountain").read_text(encoding="utf-8")
SHEET = PdfSheet(title="Counterweight", on=date(2026, 5, 4), fonts=resource("fonts"))
#: Baselines of the 55 rows in points, and between them header and footer.
FIRST_BASELINE, ROW, CELL = 711.0, 12.0, 7.2


def drawn(text: str, *spans: TempSpan, sheet: PdfSheet = SHEET) -> tuple[PdfResult, PdfReader, Script]:
    script = parse(text)
    result = write_pdf(script, Pagination(script), spans, sheet)
    return result, PdfReader(io.BytesIO(result.data)), script


def rows_on(page: PageObject) -> dict[int, str]:
    """What a page prints, by row, spaces left out: every character at the column where it stands."""
    cells: dict[int, dict[int, str]] = {}

    def visit(text: str, _cm: object, tm: list[float], _font: object, _size: float) -> None:
        row = round((FIRST_BASELINE - tm[5]) / ROW)
        if text.strip() and abs(FIRST_BASELINE - row * ROW - tm[5]) < 0.1:
            left = round(tm[4] / CELL * 10)
            for offset, character in enumerate(text):
                if not character.isspace():
                    cells.setdefault(row, {})[left + offset * 10] = character

    page.extract_text(visitor_text=visit)
    return {row: "".join(character for _, character in sorted(cells[row].items())) for row in cells}


def rows_of(rows: list[PageRow]) -> dict[int, str]:
    pieces: dict[int, list[tuple[float, str]]] = {}
    for row in rows:
        if row.text:
            found = pieces.setdefault(row.row, [])
            found.append((row.x, row.text))
            if row.number:
                found += [(8.4, row.number), (76.4, row.number)]
    return {row: "".join(text for _, text in sorted(found)).replace(" ", "") for row, found in pieces.items()}


def test_the_pages_hold_the_rows_of_the_editor() -> None:
    result, reader, script = drawn(SAMPLE)
    pagination = Pagination(script)
    assert 6 <= pagination.pages <= 10
    assert result.pages == len(reader.pages) == pagination.pages + 1
    for page in range(pagination.pages):
        printed = rows_on(reader.pages[page + 1])
        assert {row: text for row, text in printed.items() if 0 <= row < 55} == rows_of(
            pagination.page_rows(page)
        )


def test_page_numbers_stand_top_right_from_the_second_page_on() -> None:
    _, reader, _ = drawn(SAMPLE)
    assert rows_on(reader.pages[2])[-3] == "2."
    assert -3 not in rows_on(reader.pages[1])


def test_the_paper_is_us_letter_and_the_type_courier_prime_embedded() -> None:
    _, reader, _ = drawn(SAMPLE)
    assert (reader.pages[1].mediabox.width, reader.pages[1].mediabox.height) == (612, 792)
    fonts = reader.pages[1]["/Resources"]["/Font"].values()  # type: ignore[index]  # pypdf's objects are loose
    courier = [font.get_object() for font in fonts if "CourierPrime" in font.get_object()["/BaseFont"]]
    assert courier
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in courier)


def test_a_speech_over_a_page_end_says_more_and_continued() -> None:
    speech = " ".join(f"Word number {index}, and then a stop." for index in range(200))
    _, reader, _ = drawn(f"INT. ROOM - DAY\n\nMAYA\n{speech}\n")
    assert "(MORE)" in reader.pages[0].extract_text()
    assert "MAYA (CONT'D)" in reader.pages[1].extract_text()


def test_the_same_input_and_date_give_the_same_bytes() -> None:
    span = span_on(SAMPLE, "Nothing good.", 7)
    assert drawn(SAMPLE, span)[0].data == drawn(SAMPLE, span)[0].data
    other = PdfSheet(title="Counterweight", on=date(2026, 5, 5), fonts=SHEET.fonts)
    assert drawn(SAMPLE, span, sheet=other)[0].data != drawn(SAMPLE, span)[0].data


def test_metadata_say_what_it_is_and_that_it_holds_temp_material() -> None:
    plain, temp = drawn(SAMPLE)[1].metadata, drawn(SAMPLE, span_on(SAMPLE, "Nothing good.", 7))[1].metadata
    assert plain is not None
    assert temp is not None
    assert plain.title == "Counterweight"
    assert plain.author == "Written for the Studio Assist sample"
    assert plain.producer == "Studio Assist"
    assert str(plain["/CreationDate"]).startswith("D:20260504")
    assert HEADLINE not in str(plain["/Keywords"])
    assert HEADLINE in str(temp["/Keywords"])


def test_temp_pages_say_so_at_head_and_foot_and_others_do_not() -> None:
    spans = [span_on(SAMPLE, "Nothing good.", 1271), span_on(SAMPLE, "With what?", 1280)]
    result, reader, _ = drawn(SAMPLE, *spans)
    texts = [page.extract_text() for page in reader.pages]
    assert result.temp_pages == (0, *(n for n, text in enumerate(texts) if n and "TEMP" in text))
    assert len(result.temp_pages) == 3
    assert "Contains 2 temp lines · Counterweight · ledger entries 1,271, 1,280" in texts[0].replace(
        "\n", " "
    )
    for page, entry in zip(result.temp_pages[1:], ("1,271", "1,280"), strict=True):
        assert HEADLINE in texts[page]
        assert f"Contains 1 temp line · Counterweight · ledger entry {entry}" in texts[page]
    for page, text in enumerate(texts):
        assert (HEADLINE in text) == (page in result.temp_pages)


def test_an_amber_bar_stands_beside_every_temp_row() -> None:
    quote = "A mountain cut in two by a single track, straight up and down, like a scar."
    plain, temp = drawn(SAMPLE)[1], drawn(SAMPLE, span_on(SAMPLE, quote, 9))[1]
    amber = b".94902 .717647 .019608 rg"
    assert amber not in plain.pages[1].get_contents().get_data()  # type: ignore[union-attr]  # the page has content
    drawing = temp.pages[1].get_contents().get_data()  # type: ignore[union-attr]  # the same page
    assert amber in drawing
    # The passage takes two rows; the bar stands left of the body, a row high at each.
    assert len(re.findall(rb"99 [\d.]+ 2\.6 12 re", drawing)) == 2


def test_a_lost_span_makes_a_title_page_that_names_it() -> None:
    text = "INT. ROOM - DAY\n\nA chair.\n"
    result, reader, _ = drawn(text, span_on(text, "chair", 1300, lost=True))
    assert result.pages == 2
    said = reader.pages[0].extract_text().replace("\n", " ")
    assert "Counterweight" in said
    assert "text no longer found in the script: entry 1,300" in said


def test_temp_text_that_is_not_printed_is_named_on_the_title_page() -> None:
    text = "INT. ROOM - DAY\n\n= A chair waits.\n\nA chair.\n"
    _, reader, _ = drawn(text, span_on(text, "A chair waits.", 12))
    assert "not printed: entry 12" in reader.pages[0].extract_text().replace("\n", " ")


def test_what_no_face_has_shows_as_a_box_and_is_named() -> None:
    text = "INT. ROOM - DAY\n\nПривет, мир 世界 🎬 e\u0301 \x0b end.\n\n世界\nЖаль. 🎬\n"
    result, reader, _ = drawn(text)
    assert set("世界🎬") <= set(result.missing)
    assert not set("Приветмирé") & set(result.missing)
    said = reader.pages[0].extract_text()
    assert "□" in said
    assert "end." in said


def test_a_title_page_prints_every_value() -> None:
    text = (
        "Title: _**The Ferry**_\nCredit: written by\nAuthors: A & B\nSource: a story\nContact:\n\tRow 1\n"
        "\tRow 2\nDraft date: 1 May\nRevision: Blue\nLogline: A crossing.\n\nINT. DECK - DAY\n"
    )
    result, reader, _ = drawn(text)
    said = reader.pages[0].extract_text()
    for value in (
        "The Ferry",
        "written by",
        "A & B",
        "a story",
        "Row 1",
        "Row 2",
        "1 May",
        "Blue",
        "Logline: A",
    ):
        assert value in said
    assert not result.cut
    assert drawn("Title: " + "long " * 2000 + "\n\nINT. DECK - DAY\n")[0].cut


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "/* cut */", "===\n\n===", "x" * 20_000])
def test_odd_scripts_still_make_a_readable_file(text: str) -> None:
    result, reader, _ = drawn(text)
    assert len(reader.pages) == result.pages >= 1


def test_a_feature_takes_under_three_seconds() -> None:
    head, body = SAMPLE.split("\n\n", 1)
    script = parse(head + "\n\n" + "\n\n".join([body] * 16))
    pagination = Pagination(script)
    shares: list[float] = []
    started = time.perf_counter()
    write_pdf(script, pagination, (), SHEET, shares.append)
    assert time.perf_counter() - started < 3.0
    assert pagination.pages >= 110
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_another_reader_sees_the_same_words(tmp_path: Path) -> None:
    file = tmp_path / "out.pdf"
    result, _, script = drawn(SAMPLE)
    file.write_bytes(result.data)
    said = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True).stdout
    pages = said.decode().split("\f")
    pagination = Pagination(script)
    for page in range(pagination.pages):
        words = pages[page + 1].split()
        expected = [word for row in pagination.page_rows(page) for word in row.text.split()]
        assert set(expected) <= set(words)
