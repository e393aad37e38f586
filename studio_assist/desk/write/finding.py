"""Find and replace in a script, line by line, with the temp marks left where they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtGui import QTextCursor

from studio_assist.desk.write.document import ScriptDocument
from studio_assist.desk.write.lines import units


@dataclass(frozen=True)
class Query:
    """What to look for; never across line ends."""

    words: str
    match_case: bool = False
    whole_words: bool = False

    def pattern(self) -> re.Pattern[str] | None:
        """None where there is nothing to look for."""
        if not self.words:
            return None
        escaped = re.escape(self.words)
        if self.whole_words:
            escaped = rf"(?<!\w){escaped}(?!\w)"
        return re.compile(escaped, 0 if self.match_case else re.IGNORECASE)


def find_all(document: ScriptDocument, query: Query) -> list[tuple[int, int]]:
    """Every place that matches: Qt positions, in order."""
    pattern = query.pattern()
    if pattern is None:
        return []
    found: list[tuple[int, int]] = []
    for line in range(document.line_count):
        text = document.line_text(line)
        base = -1
        for match in pattern.finditer(text):
            if base < 0:
                base = document.findBlockByNumber(line).position()
            start = base + units(text[: match.start()])
            found.append((start, start + units(match.group())))
    return found


def replace(document: ScriptDocument, places: list[tuple[int, int]], words: str) -> None:
    """Put words in these places, in one undo step. What touches a temp span stays part of it."""
    edit = QTextCursor(document)
    edit.beginEditBlock()
    for start, end in reversed(places):
        cursor = QTextCursor(document)
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        document.insert(cursor, words, document.span_touching(start, end))
    edit.endEditBlock()
