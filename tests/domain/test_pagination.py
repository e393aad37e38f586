"""Pages: every row on one of them, nothing torn apart that belongs together."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.pagination import ROWS, Pagination, wrap
from studio_assist.domain.screenplay import UNPRINTED, ElementType
from studio_assist.interchange.fountain import Script, parse

WORDS = "He walks over to the window and looks at the rain that falls on the yard below. "
SMALL = """INT. HOUSE - DAY
.SOMEWHERE #12#
CUT TO:
> THE END <
===
# Act
= Synopsis
[[note]]
~ la la
/* gone */
!BANG
\tTab *stop*"""


def speech(rows: int) -> str:
    return (WORDS * rows)[: rows * 30].strip()


BLOCKS = st.one_of(
    st.sampled_from([*SMALL.split("\n"), "", "[[long\nnote]] He goes."]),
    st.integers(1, 60).map(lambda n: (WORDS * n)[: n * 50].strip()),
    st.integers(1, 12).map(lambda n: "\n".join(["Short line."] * n)),
    st.integers(1, 60).map(lambda n: "BOB (V.O.)\n" + speech(n)),
    st.integers(1, 40).map(lambda n: "MAYA\n(softly)\n" + "\n(beat)\n".join(["Yes. No."] * n)),
    st.integers(1, 40).map(lambda n: f"ANN\n{speech(n)}\n\nLEE ^\n[[n]]\nNo.\n[[m]]\nYes."),
)
SCRIPTS = st.lists(BLOCKS, min_size=1, max_size=40).map("\n\n".join)


def printed_places(script: Script, pages: Pagination) -> dict[tuple[int, int], tuple[int, int]]:
    places: dict[tuple[int, int], tuple[int, int]] = {}
    for page in range(pages.pages):
        for row in pages.page_rows(page):
            if row.line >= 0:
                index = pages.rows(row.line).index((row.start, row.end))
                assert (row.line, index) not in places
                places[row.line, index] = (page, row.row)
                assert pages.place(row.line, index) == (page, row.row)
    return places


@settings(max_examples=150, deadline=None)
@given(SCRIPTS)
def test_every_row_is_on_exactly_one_page_and_no_page_is_too_long(text: str) -> None:
    script = parse(text)
    pages = Pagination(script)
    places = printed_places(script, pages)
    expected = {
        (line, row)
        for line, kind in enumerate(script.kinds)
        if kind not in UNPRINTED and kind is not ElementType.BLANK
        for row in range(len(pages.rows(line)))
    }
    assert set(places) == expected
    taken: set[tuple[int, int, int]] = set()
    for page in range(pages.pages):
        assert pages.used_rows(page) <= ROWS
        for row in pages.page_rows(page):
            assert 0 <= row.row < ROWS
            column = script.column(row.line) if row.line >= 0 else 0
            assert (page, row.row, column) not in taken
            taken.add((page, row.row, column))
    covered = [line for page in range(pages.pages) for line in pages.page_lines(page)]
    assert sorted(set(covered)) == list(range(script.line_count))


@settings(max_examples=150, deadline=None)
@given(SCRIPTS)
def test_no_heading_or_cue_is_left_alone_at_a_page_end(text: str) -> None:
    script = parse(text)
    pages = Pagination(script)
    for page in range(pages.pages - 1):
        rows = [row for row in pages.page_rows(page) if row.text != "(MORE)" or row.line >= 0]
        below = [row for row in pages.page_rows(page + 1) if row.line >= 0]
        last = max(rows, key=lambda row: row.row)
        assert last.kind is not ElementType.CHARACTER
        forced = ElementType.PAGE_BREAK in script.kinds[last.line : below[0].line]
        headings_only = all(row.kind is ElementType.SCENE_HEADING for row in rows)
        assert last.kind is not ElementType.SCENE_HEADING or forced or headings_only
        if pages.more(page):
            assert pages.contd(page + 1)
            speech = [row for row in rows if row.row > 0 and row.kind is not ElementType.CHARACTER]
            assert len(speech) >= 2


@settings(max_examples=250, deadline=None)
@given(
    SCRIPTS,
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 3), st.lists(BLOCKS, max_size=3)), max_size=5),
)
def test_an_update_gives_the_pages_of_a_fresh_layout(
    text: str, edits: list[tuple[int, int, list[str]]]
) -> None:
    script = parse(text)
    pages = Pagination(script)
    for first, removed, blocks in edits:
        first = min(first, script.line_count)
        before = [pages.page_rows(page) for page in range(pages.pages)]
        change = pages.update(script.edit(first, removed, "\n\n".join(blocks).split("\n") if blocks else []))
        fresh = Pagination(script)
        after = [pages.page_rows(page) for page in range(pages.pages)]
        assert after == [fresh.page_rows(page) for page in range(fresh.pages)]
        assert [pages.page_lines(page) for page in range(pages.pages)] == [
            fresh.page_lines(page) for page in range(fresh.pages)
        ]
        assert [pages.place(line) for line in range(script.line_count)] == [
            fresh.place(line) for line in range(script.line_count)
        ]
        assert after[: change.first] == before[: change.first]
        behind = [[row.text for row in page] for page in after[change.first + change.new_count :]]
        assert behind == [[row.text for row in page] for page in before[change.first + change.old_count :]]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab c-\t漢e\u0301*_ ", max_size=300), st.integers(1, 40))
def test_rows_cover_the_text_and_keep_the_width(text: str, width: int) -> None:
    rows = wrap(text, width)
    assert rows[0][0] == 0
    assert rows[-1][1] == len(text)
    assert all(first[1] == second[0] for first, second in pairwise(rows))
    if text.isascii() and "\t" not in text:
        assert all(len(text[start:end].rstrip()) <= width for start, end in rows)


def filled(rows: int) -> str:
    """Action that takes this many rows, blank ones between included; it ends on a printed row."""
    return "\n\n".join(["Row."] * ((rows + 1) // 2))


def texts(pages: Pagination, page: int) -> list[tuple[int, str]]:
    return [(row.row, row.text) for row in pages.page_rows(page)]


def test_a_speech_over_a_page_end_has_more_below_and_its_cue_again_above() -> None:
    pages = Pagination(parse(f"{filled(47)}\n\nMAYA (V.O.)\n" + "One two three four five. " * 12))
    assert texts(pages, 0)[-1] == (54, "(MORE)")
    assert texts(pages, 0)[-7] == (48, "MAYA (V.O.)")
    assert texts(pages, 1)[0] == (0, "MAYA (V.O.) (CONT'D)")
    assert pages.more(0)
    assert pages.contd(1) == "MAYA (V.O.) (CONT'D)"


def test_a_cue_that_is_already_continued_is_not_continued_twice() -> None:
    pages = Pagination(parse(f"{filled(47)}\n\nMAYA (CONT'D)\n" + "One two three four five. " * 12))
    assert pages.contd(1) == "MAYA (CONT'D)"


def test_a_speech_is_split_at_the_end_of_a_sentence_where_one_is_near() -> None:
    sentence = "word word word word word word word, word word word word word word end. "
    pages = Pagination(parse(f"{filled(47)}\n\nMAYA\n" + sentence * 8))
    rows = [row.text for row in pages.page_rows(0) if row.line >= 0]
    assert len(rows) == 24 + 1 + 4
    assert rows[-1].endswith("end.")


def test_a_heading_goes_over_with_what_follows_it() -> None:
    pages = Pagination(parse(f"{filled(53)}\n\nINT. HOUSE - DAY #7#\n\nHe."))
    first = pages.page_rows(1)[0]
    assert (first.text, first.number) == ("INT. HOUSE - DAY", "7")


def test_a_transition_takes_the_end_of_what_goes_before_it_along() -> None:
    pages = Pagination(parse(f"{filled(49)}\n\nHere\nwe\ngo\nnow.\n\nCUT TO:\n\nINT. YARD"))
    assert [text for _, text in texts(pages, 1)] == ["go", "now.", "CUT TO:", "INT. YARD"]


def test_a_page_break_ends_the_page_and_makes_no_empty_one() -> None:
    pages = Pagination(parse("===\n\nOne.\n\n===\n\n===\n\nTwo.\n\n===\n"))
    assert [[text for _, text in texts(pages, page)] for page in range(pages.pages)] == [["One."], ["Two."]]


def test_two_speeches_stand_side_by_side() -> None:
    pages = Pagination(parse("ANN\nYes.\nNo.\n\nBOB ^\nWhat?\n\nHe."))
    rows = {(row.row, row.text): row.x for row in pages.page_rows(0)}
    assert rows[0, "ANN"] < rows[0, "BOB"]
    assert rows[1, "Yes."] < rows[1, "What?"]
    assert (4, "He.") in rows


def test_marks_are_not_counted_when_a_line_is_broken() -> None:
    script = parse("x\n\n" + "**word** " * 20)
    pages = Pagination(script)
    rows = [row for row in pages.page_rows(0) if row.line == 2]
    assert [len(row.text) for row in rows] == [59, 39]
    assert all(run.flags for run in rows[0].runs if run.text.strip())
    assert script.line_text(2)[rows[1].start : rows[1].end].startswith("**word**")


def test_an_unprinted_line_takes_no_row_and_leaves_one_blank_row() -> None:
    pages = Pagination(parse("Title: X\n\nHe.\n\n[[a note]]\n\n# Act\n\nShe."))
    assert texts(pages, 0) == [(0, "He."), (2, "She.")]
    assert pages.printed_rows(4) == 0


def test_scenes_are_measured_in_eighths_of_a_page() -> None:
    script = parse("INT. A\n\nHe.\n\nINT. B\n\n" + filled(24) + "\n\nINT. C\n\n" + filled(110))
    assert [scene.eighths for scene in Pagination(script).measured(script.scenes)] == [1, 4, 16]


def test_an_empty_script_has_one_empty_page() -> None:
    pages = Pagination(parse(""))
    assert (pages.pages, pages.page_rows(0), pages.place(0)) == (1, [], (0, 0))
