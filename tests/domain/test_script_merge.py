"""A script that comes in again: nothing temp is lost, nobody's cue is torn off, and nothing is decided alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.matching import matches
from studio_assist.domain.script_merge import ScriptMerge, merge, merged_text
from studio_assist.interchange.fountain import parse
from tests.bench.feature import feature
from tests.interchange.test_fountain_model import LINES

BASE = """INT. HOUSE - DAY

She waits.

MAYA
Hello.

BOB
Goodbye.

He goes.
"""

SCRIPTS = st.lists(LINES, max_size=14).map("\n".join)
ENDINGS = st.sampled_from(["\n", "\r\n", "\r"])


def states(found: ScriptMerge) -> list[str]:
    return [piece.state for piece in found.pieces]


@st.composite
def three(draw: st.DrawFn) -> tuple[str, str, str]:
    """A script, and two that were made of it."""
    base = draw(st.lists(LINES, max_size=16))
    sides: list[str] = []
    for _ in range(2):
        lines = list(base)
        for at, removed, new in draw(
            st.lists(
                st.tuples(st.integers(0, 16), st.integers(0, 3), st.lists(LINES, max_size=3)), max_size=3
            )
        ):
            lines[at : at + removed] = new
        sides.append("\n".join(lines))
    return "\n".join(base), sides[0], sides[1]


def test_what_one_side_changed_is_taken_and_where_both_did_a_person_chooses() -> None:
    ours = BASE.replace("Goodbye.", "So long.").replace("She waits.", "She waits and waits.")
    theirs = BASE.replace("Hello.", "Hi.").replace("Goodbye.", "Farewell.")
    found = merge(BASE, ours, theirs)
    assert states(found) == ["same", "ours", "theirs", "conflict", "same"]
    assert found.pieces[3].line == 8
    assert merged_text(found, ["ours"]) == ours.replace("Hello.", "Hi.")
    assert merged_text(found, ["theirs"]) == theirs.replace("She waits.", "She waits and waits.")
    assert "BOB\nSo long.\n\nBOB\nFarewell.\n\nHe goes." in merged_text(found)


def test_a_paragraph_with_temp_text_is_never_taken_out_by_the_other_side_alone() -> None:
    start = BASE.index("Hello.")
    for theirs in (BASE.replace("MAYA\nHello.\n\n", ""), BASE.replace("Hello.", "Hi.")):
        found = merge(BASE, BASE, theirs, [(start, start + 5)])
        (conflict,) = (piece for piece in found.pieces if piece.state == "conflict")
        assert conflict.temp
        assert "MAYA\nHello.\n" in merged_text(found)
        assert merged_text(found, ["theirs"]) == theirs


def test_without_an_earlier_import_nothing_of_either_is_lost() -> None:
    theirs = BASE.replace("She waits.\n\n", "").replace("Goodbye.", "Farewell.") + "\nFADE OUT.\n"
    found = merge(None, BASE, theirs)
    assert not found.has_base
    text = merged_text(found)
    assert all(line in text for line in (*BASE.split("\n"), *theirs.split("\n")))


def test_line_ends_and_the_byte_order_mark_stay_ours() -> None:
    ours = "\ufeff" + BASE.replace("She", "He").replace("\n", "\r\n")
    text = merged_text(merge(BASE, ours, BASE.replace("Hello", "Hi")))
    assert text == ours.replace("Hello", "Hi")


@settings(max_examples=150, deadline=None)
@given(SCRIPTS, SCRIPTS, ENDINGS)
def test_where_nothing_was_done_here_the_new_file_stands_byte_for_byte(old: str, new: str, end: str) -> None:
    new = new.replace("\n", end)
    assert merged_text(merge(old, old, new)) == new
    assert merged_text(merge(old, new, old)) == new
    assert merged_text(merge(old, new, new)) == new


@settings(max_examples=250, deadline=None)
@given(three(), st.lists(st.tuples(st.integers(0, 200), st.integers(1, 30)), max_size=3), st.booleans())
def test_no_line_of_ours_that_holds_temp_text_is_lost(
    texts: tuple[str, str, str], places: list[tuple[int, int]], has_base: bool
) -> None:
    base, ours, theirs = texts
    temp = [(start, min(start + length, len(ours))) for start, length in places if start < len(ours)]
    found = merge(base if has_base else None, ours, theirs, temp)
    merged = merged_text(found).split("\n")
    at = 0
    for line in ours.split("\n"):
        end = at + len(line)
        if line.strip() and any(start < end and stop > at for start, stop in temp):
            assert line in merged
        at = end + 1
    assert "".join(piece.ours for piece in found.pieces) == ours


@settings(max_examples=150, deadline=None)
@given(three())
def test_no_cue_loses_its_speech(texts: tuple[str, str, str]) -> None:
    """Every paragraph of the result is a paragraph of one of the two."""
    base, ours, theirs = texts
    known = {paragraph for text in (ours, theirs) for paragraph in paragraphs(text)}
    for choice in ("ours", "theirs", "both"):
        assert paragraphs(merged_text(merge(base, ours, theirs), [choice] * 50)) <= known


def paragraphs(text: str) -> set[str]:
    found, lines = set[str](), list[str]()
    for line in (*text.replace("\ufeff", "").split("\n"), ""):
        if line.strip() or line.startswith("  "):
            lines.append(line)
        elif lines:
            found.add("\n".join(lines))
            lines = []
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from("abcab"), max_size=40), st.lists(st.sampled_from("abcde"), max_size=40))
def test_matches_rise_on_both_sides_and_are_the_same(left: list[str], right: list[str]) -> None:
    at = at2 = 0
    for start, start2, length in matches(left, right):
        assert min(start - at, start2 - at2, length - 1) >= 0
        assert left[start : start + length] == right[start2 : start2 + length]
        at, at2 = start + length, start2 + length


@pytest.mark.parametrize("kind", ["script", "alike", "nothing alike"])
def test_a_feature_is_merged_at_once_whatever_it_holds(kind: str) -> None:
    base = feature()
    if kind == "alike":
        base = "\n\n".join("AB"[at % 2] for at in range(10_000))
    ours, theirs = base.replace("you", "thou", 40), base.replace("she", "it", 40)
    if kind == "nothing alike":
        theirs = "\n".join(line[::-1] + "." for line in base.split("\n"))
    began = time.process_time()
    text = merged_text(merge(base, ours, theirs, [(5, 9)]))
    assert time.process_time() - began < 2
    assert parse(text).line_count
