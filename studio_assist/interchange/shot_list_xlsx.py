"""The shot list as a workbook: a frozen head with filters, amber where something is temp, words only."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final

from xlsxwriter import Workbook

from studio_assist.interchange.shot_list import HEADS, TEMP_COLUMN, About, ShotRow

#: Column widths, in characters, in the order of `HEADS`.
_WIDTHS: Final = (9, 7, 34, 7, 10, 9, 14, 22, 46, 40, 11, 8, 13, 14, 22, 26, 20, 12)
_WRAPPED: Final = ("Heading", "Characters", "Action", "Dialogue", "Made by", "Decided by")
#: What a cell of a workbook holds at most.
_LONGEST: Final = 32_767
#: Signs that XML cannot write.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMBER: Final = "#F2B705"
_PALE: Final = "#FFF6D6"


def write_xlsx(rows: Sequence[ShotRow], about: About) -> bytes:
    """The whole file. Nothing in it is a formula or a link, whatever a cell begins with."""
    out = io.BytesIO()
    # `strings_to_*` off and `write_string`: what a person wrote stays what it is.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book: Any = Workbook(out, options)
    temp = sum(1 for row in rows if row.temp)
    held = f", {temp} temp {'shot' if temp == 1 else 'shots'}, not for delivery" if temp else ""
    book.set_properties(
        {
            "title": f"{about.title}: shot list",
            "subject": f"Ledger {about.tag}, entry {about.entry}",
            "keywords": f"shot list, ledger {about.tag}, entry {about.entry}{held}",
            "comments": f"Made with Studio Assist. Ledger {about.tag}, entry {about.entry}{held}.",
            "created": datetime.combine(about.on, time()),
        }
    )
    base = {"valign": "top", "font_name": "Arial", "font_size": 10}
    plain, wrapped = (book.add_format({**base, "text_wrap": wrap}) for wrap in (False, True))
    amber = book.add_format({**base, "bg_color": _AMBER, "font_color": "#171204", "bold": True})
    pale = book.add_format({**base, "bg_color": _PALE, "bold": True})
    head = book.add_format({**base, "bold": True, "bg_color": "#E6E9ED", "bottom": 1, "text_wrap": True})
    sheet: Any = book.add_worksheet("Shots")
    for column, (name, width) in enumerate(zip(HEADS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(row.cells):
            shape = wrapped if HEADS[column] in _WRAPPED else plain
            if row.temp and column in (0, TEMP_COLUMN):
                shape = amber if column else pale
            if isinstance(cell, str):
                sheet.write_string(line, column, _clean(cell), shape)
            else:
                sheet.write_number(line, column, cell, shape)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(rows)), len(HEADS) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    footer = f"&L{_footer(about.title)}&CLedger {about.tag}, entry {about.entry}{held}&R&P / &N"
    sheet.set_footer(footer[:255])
    book.close()
    return out.getvalue()


def wrong_xlsx(data: bytes, rows: Sequence[ShotRow]) -> str | None:
    """What is wrong with a workbook that was read back, or None: it is a whole file with every row."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            broken = archive.testzip()
            sheet = archive.read("xl/worksheets/sheet1.xml")
    except (zipfile.BadZipFile, KeyError, EOFError, zlib.error) as error:
        return f"it cannot be read ({type(error).__name__})"
    if broken is not None:
        return f"its part {broken} is damaged"
    found = sheet.count(b"<row ")
    if found != len(rows) + 1:
        return f"it has {found - 1} rows, not {len(rows)}"
    if b"<f>" in sheet or b"<hyperlink" in sheet:
        return "a cell of it is a formula or a link"
    return None


def _clean(text: str) -> str:
    plain = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def _footer(text: str) -> str:
    return text.replace("&", "&&")[:60]
