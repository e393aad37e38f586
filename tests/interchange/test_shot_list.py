"""The shot list, read back by other readers: nothing in it is a formula, and what is temp says so."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

from openpyxl import load_workbook

from studio_assist.domain.values import EntryNumber
from studio_assist.interchange.shot_list import HEADS, About, ShotRow, write_csv, wrong_csv
from studio_assist.interchange.shot_list_xlsx import write_xlsx, wrong_xlsx

ABOUT = About("Larkspur & 103", "3f2a9c0d11e87b64", EntryNumber(1284), date(2026, 11, 23))
LINK = '=HYPERLINK("http://x","click")'
ROW = ShotRow(
    number="14C",
    scene="14",
    heading="INT. RADIO ROOM - NIGHT",
    size="CU",
    angle="eye",
    lens_mm=85,
    movement="slow push in",
    characters="MARA, OFFICER VALE",
    action="Sie dreht am Wählrad.\nLangsam.",
    dialogue="MARA: 十, and then?",
    seconds=2.5,
    frames=60,
    start="00:00:12:20",
    state="temp",
    temp="AI",
    made_by="SD-Turbo on this machine",
    decided_by="P. Adeyemi",
    entry=EntryNumber(31),
)
DRAWN = replace(ROW, number="14D", state="drawn", temp="", made_by="P. Adeyemi", decided_by="", entry=None)
#: A shot of somebody who wants a spreadsheet to do something.
HOSTILE = replace(
    DRAWN,
    number="+1",
    heading="@SUM(A1)",
    action=LINK,
    dialogue="http://evil.example/",
    characters="\t-2+3",
    made_by="a\x00b",
)


def test_the_csv_has_every_column_and_opens_in_a_spreadsheet_as_it_was_written() -> None:
    data = write_csv([ROW, DRAWN])
    assert data.startswith(b"\xef\xbb\xbfNumber,Scene,")
    assert data.count(b"\r\n") == 3
    head, first, second = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert tuple(head) == HEADS
    told = dict(zip(head, first, strict=True))
    assert told["Dialogue"] == "MARA: 十, and then?"
    assert (told["Duration (s)"], told["Frames"], told["Start"]) == ("2.5", "60", "00:00:12:20")
    assert (told["Panel"], told["TEMP"], told["Ledger entry"]) == ("temp AI", "yes: AI picture", "31")
    assert dict(zip(head, second, strict=True))["TEMP"] == "no"
    assert wrong_csv(data, [ROW, DRAWN]) is None
    assert wrong_csv(data, [ROW]) == "it has 2 rows, not 1"
    assert wrong_csv(data, [ROW, ROW]) == "its row 14C does not say what is temp"


def test_no_cell_of_the_csv_begins_a_formula() -> None:
    _, row = csv.reader(io.StringIO(write_csv([HOSTILE]).decode("utf-8-sig"), newline=""))
    assert row[0] == "'+1"
    assert f"'{LINK}" in row
    assert not [cell for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_the_workbook_has_a_frozen_head_with_filters_and_amber_where_it_is_temp() -> None:
    data = write_xlsx([ROW, DRAWN], ABOUT)
    assert wrong_xlsx(data, [ROW, DRAWN]) is None
    book = load_workbook(io.BytesIO(data))
    sheet = book["Shots"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:R3"
    assert [cell.value for cell in sheet[1]] == list(HEADS)
    column = HEADS.index("TEMP") + 1
    assert sheet.cell(2, column).value == "yes: AI picture"
    assert sheet.cell(2, column).fill.fgColor.rgb == "FFF2B705"
    assert sheet.cell(3, column).fill.fgColor.rgb != "FFF2B705"
    assert sheet.cell(2, HEADS.index("Frames") + 1).value == 60
    assert sheet.column_dimensions["I"].width > 40
    properties = book.properties
    assert properties.subject == "Ledger 3f2a9c0d11e87b64, entry 1284"
    assert "1 temp shot, not for delivery" in str(properties.keywords)


def test_no_cell_of_the_workbook_is_a_formula_or_a_link_and_a_lost_row_is_found_out() -> None:
    data = write_xlsx([HOSTILE], ABOUT)
    assert wrong_xlsx(data, [HOSTILE]) is None
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert LINK in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink is not None]
    assert wrong_xlsx(data, [HOSTILE, ROW]) == "it has 1 rows, not 2"
    assert "cannot be read" in (wrong_xlsx(data[:200], [HOSTILE]) or "")
