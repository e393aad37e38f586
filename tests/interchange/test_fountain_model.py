"""The Fountain model: nothing is lost, and an edit gives what a fresh reading gives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.pagination import ROWS, Pagination
from studio_assist.domain.screenplay import ElementType
from studio_assist.interchange.fountain import Script, parse

#: Every line ending there is, what other programs take for one, and the marks of the syntax.
ENDINGS = "\r \n \r\n \n\n \x0b \x0c \x85 \u2028 \u2029 \0 \ufeff"
MARKS = "[[ ]] /* */ * _ \\ INT. BOB Title: ^ ( ) > < === TO: #1#"
ODD = st.sampled_from([*ENDINGS.split(" "), *MARKS.split(" "), " ", "  "])
TEXT = st.lists(st.one_of(ODD, st.text(max_size=4)), max_size=30).map("".join)

WRITTEN = """

BOB
MAYA (V.O.)
BOB ^
@McAvoy
Hello there.
HELLO
(softly)
INT. HOUSE - DAY
ext. yard - night #4A#
.SOMEWHERE
CUT TO:
> FADE OUT.
> END <
FADE IN:
He *walks* in.
!BANG
~ la la
# Act
= Synopsis
===
[[note]]
A [[note
more]] text
/* gone */
He /* went
back */ home.
*/
[[
]]
Title: X
   Value
Draft date: 1
\tIndented.
A line of action that is rather long, longer than one row of the page, so that it is broken somewhere.
\ufeffINT. HOUSE - DAY"""
LINES = st.sampled_from(WRITTEN.split("\n")) | st.sampled_from(["", "  ", " "])


def same(script: Script, fresh: Script) -> None:
    size = fresh.line_count
    assert script.texts == fresh.texts
    assert script.kinds == fresh.kinds
    assert script.columns == fresh.columns
    assert [script.ending(i) for i in range(size)] == [fresh.ending(i) for i in range(size)]
    assert [script.markup(i) for i in range(size)] == [fresh.markup(i) for i in range(size)]
    assert [script.state(i) for i in range(size)] == [fresh.state(i) for i in range(size)]


@settings(max_examples=200, deadline=None)
@given(TEXT)
def test_the_elements_put_together_are_the_text(text: str) -> None:
    script = parse(text)
    assert "".join(text[element.start : element.end] for element in script.elements) == text
    assert "".join(text[line.start : line.end] for line in script.lines) == text
    assert all(element.start < element.end for element in script.elements)
    script.edit(0, 0, [])
    assert script.text == text


@settings(max_examples=200, deadline=None)
@given(TEXT)
def test_markup_is_in_order_and_within_its_line(text: str) -> None:
    script = parse(text)
    for line in range(script.line_count):
        at = 0
        for start, end in script.markup(line):
            assert at <= start < end <= len(script.line_text(line)) or (start, end) == (0, 0)
            at = end
        for style in script.styles(line):
            assert 0 <= style.start <= style.end <= len(script.line_text(line))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(LINES, max_size=25),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4), st.lists(LINES, max_size=4)), max_size=6),
)
def test_an_edit_gives_what_a_fresh_reading_gives(
    lines: list[str], ending: str, edits: list[tuple[int, int, list[str]]]
) -> None:
    script = parse(ending.join(lines))
    for first, removed, new in edits:
        first = min(first, script.line_count)
        before = [
            (script.line_text(i), script.kind(i), script.markup(i), script.column(i))
            for i in range(script.line_count)
        ]
        change = script.edit(first, removed, new)
        same(script, parse(script.text))
        after = [
            (script.line_text(i), script.kind(i), script.markup(i), script.column(i))
            for i in range(script.line_count)
        ]
        behind = change.first + change.new_count
        assert after[: change.first] == before[: change.first]
        assert after[behind:] == before[change.first + change.old_count :]


def test_untouched_lines_keep_their_endings() -> None:
    script = parse("\ufeffINT. A\r\n\r\nOne\nTwo\rThree\r\n")
    script.edit(3, 1, ["Two and a half"])
    assert script.text == "\ufeffINT. A\r\n\r\nOne\nTwo and a half\rThree\r\n"
    script.edit(1, 0, ["", "He walks."])
    assert script.text == "\ufeffINT. A\r\n\r\nHe walks.\r\n\r\nOne\nTwo and a half\rThree\r\n"
    script.edit(script.line_count - 1, 1, ["The end"])
    assert script.text.endswith("Three\r\nThe end")


def test_a_carriage_return_and_a_following_line_feed_stay_two_endings() -> None:
    script = parse("a\rb\nc")
    script.edit(1, 1, [""])
    assert parse(script.text).line_count == script.line_count == 3


def test_typing_a_cue_takes_the_lines_below_it_into_the_speech() -> None:
    script = parse("INT. A\n\nBo\nhello\nyou\n\nAfter")
    change = script.edit(2, 1, ["BO"])
    assert script.kinds[2:5] == [ElementType.CHARACTER, ElementType.DIALOGUE, ElementType.DIALOGUE]
    assert (change.first, change.old_count, change.new_count) == (2, 3, 3)


def test_closing_a_boneyard_hides_what_is_in_it() -> None:
    script = parse("One\n\n/* gone\n\nBOB\nHi\n\nstill here\n")
    assert ElementType.BONEYARD not in script.kinds
    script.edit(6, 1, ["*/"])
    assert script.kinds[2:7] == [ElementType.BONEYARD] * 5


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "word " * 200_000,
        "*a* " * 250_000,
        "[[" * 500_000,
        "/* " * 300_000,
        "BOB " + "(" * 1_000_000 + "\nHi",
        "INT. A " + "#1 " * 300_000 + "#\n",
        "\t" * 1_000_000,
        "a [[\n" * 50_000,
        "a /*\n" * 50_000,
        "[[x]]\n" * 50_000,
        "===\n" * 50_000 + "x",
        "BOB ^\nhi\n\n" * 20_000,
        "He walks.\n" * 50_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_no_text_takes_more_than_time_in_proportion(text: str) -> None:
    # Whatever is quadratic here would run into the time limit of the test.
    script = parse(text)
    pages = Pagination(script)
    assert script.elements
    middle = script.line_count // 2
    change = pages.update(script.edit(middle, 1, [script.line_text(middle) + "x"]))
    assert change.new_count >= 1
    assert len(pages.page_rows(pages.pages - 1)) <= ROWS
