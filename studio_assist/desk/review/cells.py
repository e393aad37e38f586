"""A row of the ledger as it is read: words of its cells, and the glyph of what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from studio_assist.desk.record.words import when
from studio_assist.desk.shell.model import size_text
from studio_assist.domain.review import COLUMNS, Column, Outcome, ReviewRow, permille_words

TITLES: Final[dict[Column, str]] = {
    "number": "Entry",
    "time": "Time",
    "person": "Person",
    "desk": "Desk",
    "tool": "Tool and model",
    "purpose": "Purpose",
    "sensitivity": "Sensitivity",
    "left": "What left",
    "outcome": "Decision",
    "edit": "Edit",
}

Cells = tuple[str, ...]
#: Where each column's words stand in `Cells`.
AT: Final[dict[str, int]] = {column: at for at, column in enumerate(COLUMNS)}


class Look(NamedTuple):
    """How an outcome is shown. A glyph is green only where a person decided."""

    words: str
    icon: str
    icon_token: str
    token: str = "text"


_GREEN: Final = "green"
#: Red is kept for what was blocked; what a person said no to is a decision like any other.
LOOKS: Final[dict[Outcome, Look]] = {
    "accepted": Look("Accepted", "check", _GREEN),
    "edited": Look("Edited", "pencil", _GREEN),
    "rejected": Look("Rejected", "cross", _GREEN),
    "replaced": Look("Replaced", "brush", _GREEN),
    "drawn": Look("Drawn", "brush", _GREEN),
    "approved": Look("Approved", "clear", _GREEN),
    "cleared": Look("Cleared", "clear", _GREEN),
    "told": Look("Contact told", "person", _GREEN),
    "blocked": Look("Blocked", "ban", "redText", "redText"),
    "refused": Look("Refused", "shield-cross", "text2"),
    "waiting": Look("Undecided", "candidate", "text3", "text2"),
    "stale": Look("Stale", "clock", "text3", "text3"),
    "failed": Look("Failed", "warning", "text3", "text3"),
    "undone": Look("Undone", "undo", "text3", "text2"),
    "sent": Look("Sent", "plane", "text2"),
    "exported": Look("Exported", "export", "text2"),
    "done": Look("Recorded", "", "text3", "text3"),
}
ALTERED: Final = Look("Altered", "warning", "redText", "redText")
#: Who is named where the program acted on its own.
NOBODY: Final = "Studio Assist"


def cells_of(row: ReviewRow, now: datetime | None = None) -> Cells:
    """The words of a row, in the order of the columns."""
    return (
        f"{row.number:,}",
        when(row.at, now),
        row.person or NOBODY,
        row.desk,
        row.tool,
        row.purpose,
        row.sensitivity,
        size_text(row.left),
        LOOKS[row.outcome].words,
        permille_words(row.edit),
    )


def spoken(row: ReviewRow, cells: Cells) -> str:
    """A row in one sentence, for whoever does not see the table."""
    parts = [f"Entry {cells[0]}", *(words for words in cells[1:7] if words), f"{cells[7]} left", cells[8]]
    if cells[9]:
        parts.append(f"{cells[9]} edited")
    return ", ".join(parts)
