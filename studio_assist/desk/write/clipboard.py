"""Cut, copy and paste: temp text keeps its mark within the app, and is plain text everywhere else."""

from __future__ import annotations

import json
from typing import Any, Final

from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QTextCursor

from studio_assist.desk.kit.files import files_in
from studio_assist.desk.write.document import ScriptDocument

#: Our own clipboard format: JSON with `text` and `spans` [[id, start, end]], in code points of the text.
MIME_TYPE: Final = "application/x-studio-assist-script"


def mime_of(document: ScriptDocument, cursor: QTextCursor) -> QMimeData:
    """What a selection is on the clipboard."""
    start = document.offset_of(cursor.selectionStart())
    end = document.offset_of(cursor.selectionEnd())
    raw = document.between(start, end)
    shift = _Newlines(raw)
    spans = [
        [span.id, shift.at(max(span.start, start) - start), shift.at(min(span.end, end) - start)]
        for span in document.spans()
        if span.start < end and span.end > start
    ]
    mime = QMimeData()
    mime.setText(shift.text)
    mime.setData(
        MIME_TYPE, QByteArray(json.dumps({"text": shift.text, "spans": spans}, ensure_ascii=True).encode())
    )
    return mime


def can_paste(mime: QMimeData) -> bool:
    """Whether it is text. The path of a file that is dropped or pasted is none that belongs in a script."""
    return mime.hasFormat(MIME_TYPE) or (mime.hasText() and not files_in(mime))


def paste(document: ScriptDocument, cursor: QTextCursor, mime: QMimeData, span_id: str | None) -> None:
    """Put the clipboard in place of the selection, in one undo step.

    Args:
        span_id: the span that the place itself is inside of; plain text put there becomes part of it.
    """
    text, spans = _ours(mime) or (mime.text(), [])
    cursor.beginEditBlock()
    cursor.removeSelectedText()
    done = 0
    for span, start, end in spans:
        document.insert(cursor, text[done:start], span_id)
        document.insert(cursor, text[start:end], span)
        done = end
    document.insert(cursor, text[done:], span_id)
    cursor.endEditBlock()


class _Newlines:
    """A text with all its line endings as one character, and where offsets of the old text are in it."""

    def __init__(self, raw: str) -> None:
        self._raw = raw
        self.text: Final = raw.replace("\r\n", "\n").replace("\r", "\n")

    def at(self, offset: int) -> int:
        return offset - self._raw.count("\r\n", 0, offset)


def _ours(mime: QMimeData) -> tuple[str, list[tuple[str, int, int]]] | None:
    """Read our own format; None if it is absent or not what we write."""
    if not mime.hasFormat(MIME_TYPE):
        return None
    try:
        content: Any = json.loads(bytes(mime.data(MIME_TYPE).data()))
        text = str(content["text"])
        spans: list[tuple[str, int, int]] = []
        done = 0
        for span_id, start, end in content["spans"]:
            if not done <= int(start) <= int(end) <= len(text):
                return None
            spans.append((str(span_id), int(start), int(end)))
            done = int(end)
    except (ValueError, KeyError, TypeError):
        return None
    return text, spans
