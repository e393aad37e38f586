"""Temp spans: they follow their words, are shown as lost where they cannot, and are never dropped."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studio_assist.domain.temp import anchored, debt_by_scene, debt_of
from tests.spans import span_on

WORDS = "She already knows."


@given(before=st.text(max_size=40), after=st.text(max_size=40))
def test_a_span_follows_its_words_when_text_is_put_round_them(before: str, after: str) -> None:
    span = span_on(f"A {WORDS} B", WORDS)
    text = f"{before}A {WORDS} B{after}"
    (found,) = anchored([span], text, lambda _span: WORDS)
    if text.count(WORDS) == 1:
        assert found.state == "anchored"
        assert text[found.start : found.end] == WORDS


@given(st.text(max_size=60))
def test_no_change_outside_the_app_makes_a_span_disappear(text: str) -> None:
    spans = anchored([span_on(WORDS, WORDS)], text, lambda _span: WORDS)
    assert len(spans) == 1
    assert (spans[0].state == "lost") == (text[spans[0].start : spans[0].end] != WORDS)


def test_words_that_stand_twice_are_not_guessed_at() -> None:
    span = span_on(f"x{WORDS}", WORDS)
    (found,) = anchored([span], f"{WORDS} and {WORDS}", lambda _span: WORDS)
    assert found.state == "lost"


def test_of_two_spans_on_one_place_the_second_is_lost() -> None:
    first, second = span_on(WORDS, WORDS, 1), span_on(WORDS, WORDS, 2)
    states = [span.state for span in anchored([first, second], WORDS)]
    assert states == ["anchored", "lost"]


def test_a_lost_span_is_debt_until_a_person_deals_with_it() -> None:
    (lost,) = anchored([span_on(WORDS, WORDS)], "Other words stand here now.")
    assert debt_of([lost], "Other words stand here now.").lines == 1


def test_debt_counts_the_lines_that_hold_temp_words() -> None:
    text = "INT. CABIN - NIGHT\n\nRain.\n\nShe waits.\n"
    span = span_on(text, "Rain.\n\nShe waits.")
    assert debt_of([span], text).lines == 2
    assert debt_by_scene([span], text, [0]) == [2]
    assert debt_by_scene([span], text, [30]) == [0]
