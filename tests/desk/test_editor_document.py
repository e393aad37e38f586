"""The script document: what goes in comes out, byte for byte, and an edit touches only its own lines."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication

from studio_assist.desk.write.document import ScriptDocument
from studio_assist.desk.write.lines import LONGEST_BLOCK
from studio_assist.desk.write.spans import SpanRange

pytestmark = pytest.mark.usefixtures("qapp")

#: Characters that Qt changes, line endings of every kind, and ordinary ones.
ODD = "\ufeff\ufffe\ufffc\u2028\u2029\ufdd0\ufdd1\u00a0\x00\x0b\x0c\x1b\ue000\uf8ff\U0010fffd😀é\u0301"
PIECES = st.one_of(
    st.sampled_from(
        [*ODD, "\r\n", "\n", "\r", " ", "\t", "INT. A - DAY", "MAYA", "(beat)", "[[x]]", "/*", "*/", "@"]
    ),
    st.text(max_size=8),
)
TEXTS = st.lists(PIECES, max_size=24).map("".join)
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def document(qapp: QApplication) -> ScriptDocument:
    return ScriptDocument(qapp)


@MANY
@given(TEXTS)
def test_what_is_loaded_comes_back(document: ScriptDocument, text: str) -> None:
    document.load(text)
    assert document.text() == text


@MANY
@given(
    text=TEXTS,
    start=st.integers(0, 40),
    length=st.integers(0, 12),
    words=st.sampled_from(["", "x", "a\nb", "\n", "é😀"]),
)
def test_an_edit_leaves_the_other_lines_as_they_were(
    document: ScriptDocument, text: str, start: int, length: int, words: str
) -> None:
    document.load(text)
    begin = min(start, len(text))
    cursor = document.select(begin, min(begin + length, len(text)))
    first = document.line_of(document.offset_of(cursor.selectionStart()))
    last = document.line_of(document.offset_of(cursor.selectionEnd()))
    head = text[: document.offset_of_line(first)]
    behind = document.offset_of_line(last + 1) if last + 1 < document.line_count else len(text)
    document.insert(cursor, words)
    edited = document.text()
    tail = text[behind:]
    # A CR before an emptied line that ends in LF would read as one ending; nothing else may change.
    assert edited.startswith(head) or (head.endswith("\r") and edited.startswith(head[:-1]))
    assert edited.endswith(tail)
    document.undo()
    assert document.text() == text
    document.redo()
    assert document.text() == edited


@MANY
@given(st.data())
def test_after_many_edits_the_model_knows_every_line(document: ScriptDocument, data: st.DataObject) -> None:
    document.load(data.draw(TEXTS))
    for _ in range(data.draw(st.integers(1, 6))):
        last = document.characterCount() - 1
        cursor = QTextCursor(document)
        cursor.setPosition(data.draw(st.integers(0, last)))
        cursor.setPosition(data.draw(st.integers(0, last)), QTextCursor.MoveMode.KeepAnchor)
        action = data.draw(st.sampled_from(["insert", "undo", "redo", "temp"]))
        if action == "undo":
            document.undo()
        elif action == "redo":
            document.redo()
        else:
            document.insert(cursor, data.draw(TEXTS), "s1" if action == "temp" else None)
        assert document.line_count == document.blockCount()
        assert [document.line_text(line) for line in range(document.line_count)] == list(
            document.script.texts
        )
        assert document.script.text == document.text()
        again = ScriptDocument()
        again.load(document.text())
        assert again.text() == document.text()
        assert list(again.script.kinds) == list(document.script.kinds)
        for span in document.spans():
            assert document.text()[span.start : span.end] == span.text


def test_an_emptied_line_between_cr_and_lf_stays_a_line(document: ScriptDocument) -> None:
    document.load("a\rb\nc")
    document.insert(document.select(2, 3), "")
    assert document.text() == "a\r\n\nc"
    document.undo()
    assert document.text() == "a\rb\nc"


def test_offsets_are_code_points_and_qt_counts_utf16(document: ScriptDocument) -> None:
    document.load("a😀b\r\n😀c")
    assert [document.utf16_of(offset) for offset in range(8)] == [0, 1, 3, 4, 4, 5, 7, 8]
    assert [document.offset_of(position) for position in (0, 1, 3, 4, 5, 7, 8)] == [0, 1, 2, 3, 5, 6, 7]


def test_a_new_line_ends_as_the_lines_around_it_do(document: ScriptDocument) -> None:
    document.load("one\r\ntwo\r\nthree\n")
    document.insert(document.select(5, 5), "new\n")
    assert document.text() == "one\r\nnew\r\ntwo\r\nthree\n"


def test_a_line_without_end_is_edited_in_pieces_and_stays_one_line(document: ScriptDocument) -> None:
    text = "word " * 5000
    document.load(text)
    assert document.line_count > 1
    assert document.text() == text
    document.insert(document.select(LONGEST_BLOCK + 10, LONGEST_BLOCK + 10), "X")
    assert document.text() == text[: LONGEST_BLOCK + 10] + "X" + text[LONGEST_BLOCK + 10 :]
    document.undo()
    document.insert(document.select(LONGEST_BLOCK + 10, LONGEST_BLOCK + 10), "\n")
    assert document.text() == text[: LONGEST_BLOCK + 10] + "\n" + text[LONGEST_BLOCK + 10 :]


def test_a_temp_span_over_lines_is_one_range_and_undo_restores_it(document: ScriptDocument) -> None:
    changes: list[tuple[list[str], list[str], list[str]]] = []
    document.load("One.\n\nTwo.\n")
    connection = document.spans_changed.connect(lambda *ids: changes.append(ids))
    document.insert(document.select(6, 10), "A.\n\nB.", "s1")
    assert document.spans() == [SpanRange("s1", 6, 12, "A.\n\nB.")]
    document.insert(document.select(7, 7), "x", "s1")
    document.undo()
    document.undo()
    assert document.spans() == []
    assert document.text() == "One.\n\nTwo.\n"
    document.redo()
    assert document.spans() == [SpanRange("s1", 6, 12, "A.\n\nB.")]
    document.disconnect(connection)
    assert changes == [
        (["s1"], [], []),
        ([], [], ["s1"]),
        ([], [], ["s1"]),
        ([], ["s1"], []),
        (["s1"], [], []),
    ]


def test_spans_are_put_back_after_a_load_and_that_is_no_edit(document: ScriptDocument) -> None:
    document.load("One.\n\nTwo.\nThree.\n")
    document.set_spans([("s1", 0, 4), ("s2", 6, 17)])
    assert [(span.id, span.text) for span in document.spans()] == [("s1", "One."), ("s2", "Two.\nThree.")]
    assert not document.isUndoAvailable()
    assert not document.isModified()
