"""Where the lines stand that were asked about, while the script is typed on."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QTextCursor

from studio_assist.desk.write.document import ScriptDocument
from studio_assist.domain.candidate import Anchor


class LiveAnchor:
    """One anchor that follows the text it is on.

    A cursor of Qt's keeps its place through every edit. Where its text was deleted and came back by an
    undo, the cursor has collapsed; the quote is then looked for at its place, and last in the whole script.
    """

    def __init__(self, document: ScriptDocument, anchor: Anchor) -> None:
        self._document: Final = document
        self._quote: Final = anchor.quote
        self._cursor = QTextCursor(document)
        self._hold(anchor.start, anchor.end)

    def now(self, text: str) -> Anchor | None:
        """Where the quoted text stands in the script, whose text is `text`; None where it is gone."""
        length = len(self._quote)
        start = self._document.offset_of(self._cursor.selectionStart())
        end = self._document.offset_of(self._cursor.selectionEnd())
        if text[start:end] == self._quote:
            return Anchor(start=start, length=length, quote=self._quote)
        if not self._quote:
            return Anchor(start=start, length=0, quote="")
        for place in (start, end - length):
            if place >= 0 and text[place : place + length] == self._quote:
                self._hold(place, place + length)
                return Anchor(start=place, length=length, quote=self._quote)
        found = Anchor(start=start, length=length, quote=self._quote).find_in(text)
        if found:
            self._hold(found.start, found.end)
        return found

    def _hold(self, start: int, end: int) -> None:
        last = self._document.characterCount() - 1
        self._cursor.setPosition(min(self._document.utf16_of(start), last))
        self._cursor.setPosition(min(self._document.utf16_of(end), last), QTextCursor.MoveMode.KeepAnchor)
