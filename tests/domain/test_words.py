"""Word diffs and shares: what a card shows and what provenance says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studio_assist.domain.words import Op, edited_percent, kept_share, word_diff, words_changed

TEXTS = st.text(alphabet="ab c.,'’\n—é", max_size=60)


@given(TEXTS, TEXTS)
def test_a_diff_holds_both_texts_whole(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.op is not Op.REMOVED) == after
    assert "".join(piece.text for piece in pieces if piece.op is not Op.ADDED) == before


@given(TEXTS)
def test_a_text_keeps_all_of_itself(text: str) -> None:
    assert kept_share(text, text) == 1.0
    assert edited_percent(text, text) == 0
    assert all(piece.op is Op.SAME for piece in word_diff(text, text))


@given(TEXTS, TEXTS)
def test_a_changed_text_never_says_that_nothing_was_edited(before: str, after: str) -> None:
    if before != after:
        assert 1 <= edited_percent(before, after) <= 100


def test_the_designs_example_is_38_percent() -> None:
    offered = "The lamp flickers as the tower loses power. Downstairs, a door that was locked an hour ago swings open."
    result = "The lamp dims as the tower draws its power. Two floors below, a door she locked an hour ago swings open."
    assert edited_percent(offered, result) == 38


def test_a_rewritten_phrase_reads_as_one_phrase() -> None:
    pieces = word_diff(
        "It's not static. Somebody out there is counting.",
        "It's not static. Somebody out there is waiting for me.",
    )
    assert [piece.text for piece in pieces if piece.op is Op.ADDED] == ["waiting for me"]
    assert [piece.text for piece in pieces if piece.op is Op.REMOVED] == ["counting"]
    assert words_changed(pieces) == 3
