"""The shot list: one row a shot, and the same rows as a CSV table that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from studio_assist.domain.timeline import Playing
from studio_assist.domain.values import EntryNumber
from studio_assist.interchange.report_csv import guarded

HEADS: Final = (
    "Number",
    "Scene",
    "Heading",
    "Size",
    "Angle",
    "Lens (mm)",
    "Movement",
    "Characters",
    "Action",
    "Dialogue",
    "Duration (s)",
    "Frames",
    "Start",
    "Panel",
    "TEMP",
    "Made by",
    "Decided by",
    "Ledger entry",
)
#: Of these columns, the one that says what is temp.
TEMP_COLUMN: Final = HEADS.index("TEMP")
_STATES: Final[dict[Playing, str]] = {
    "temp": "temp AI",
    "previs": "temp previs",
    "drawn": "drawn",
    "undecided": "undecided",
    "empty": "empty",
    "missing": "picture missing",
}
_TEMPS: Final = {
    "": "no",
    "AI": "yes: AI picture",
    "PREVIS": "yes: previs picture",
    "TEXT": "yes: text",
    "AI + TEXT": "yes: AI picture, text",
    "PREVIS + TEXT": "yes: previs picture, text",
}


@dataclass(frozen=True)
class About:
    """What a list says of itself: the production, and where its record stood."""

    title: str
    tag: str
    entry: EntryNumber
    on: date


@dataclass(frozen=True)
class ShotRow:
    """One shot.

    Attributes:
        seconds, frames: how long it is. start: its timecode in what goes out.
        temp: what of it is temp, as its tag in the book says it, or "".
        made_by: what made temp material, or who drew. decided_by: who accepted it.
        entry: of the ledger; None for a panel that nothing was decided about.
    """

    number: str
    scene: str
    heading: str
    size: str
    angle: str
    lens_mm: int
    movement: str
    characters: str
    action: str
    dialogue: str
    seconds: float
    frames: int
    start: str
    state: Playing
    temp: str
    made_by: str
    decided_by: str
    entry: EntryNumber | None

    @property
    def cells(self) -> tuple[str | int | float, ...]:
        """What stands in the columns of `HEADS`."""
        return (
            self.number,
            self.scene,
            self.heading,
            self.size,
            self.angle,
            self.lens_mm,
            self.movement,
            self.characters,
            self.action,
            self.dialogue,
            self.seconds,
            self.frames,
            self.start,
            _STATES[self.state],
            _TEMPS[self.temp],
            self.made_by,
            self.decided_by,
            self.entry if self.entry is not None else "",
        )


def write_csv(rows: Sequence[ShotRow]) -> bytes:
    """The whole file: UTF-8 with a byte order mark, lines ended as RFC 4180 has them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADS)
    for row in rows:
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row.cells])
    # A lone half of a character that takes two is in no file.
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def wrong_csv(data: bytes, rows: Sequence[ShotRow]) -> str | None:
    """What is wrong with a list that was read back, or None: every shot is there, and says what is temp."""
    found = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    if len(found) != len(rows) + 1:
        return f"it has {len(found) - 1} rows, not {len(rows)}"
    for back, row in zip(found[1:], rows, strict=True):
        if back[TEMP_COLUMN] != _TEMPS[row.temp]:
            return f"its row {row.number} does not say what is temp"
    return None
