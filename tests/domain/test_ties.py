"""Shots stay tied to the words they were made from."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.sentences import sentence_spans
from studio_assist.domain.storyboard import Tie
from studio_assist.domain.ties import followed, tied

_SCENE = """INT. RADIO ROOM - NIGHT

Maya, one earphone on, goes still. The counting has stopped.

MAYA
It's not static. Somebody out there is counting.

Nothing.

ILSE
Then count back.

Nothing.

Maya turns the dial. Her hand shakes.
"""


def _tie(words: str, text: str = _SCENE, nth: int = 0) -> Tie:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return tied(text, start, start + len(words))


def _ties() -> tuple[Tie, ...]:
    spans = sentence_spans(_SCENE, 0, len(_SCENE))
    return tuple(tied(_SCENE, *span) for span in spans)


def test_sentences_end_where_they_end_and_not_behind_a_title():
    text = 'Dr. Osei sits. "No!" At 9.40 J. Kell runs...  Where?'
    assert [text[start:end] for start, end in sentence_spans(text, 0, len(text))] == [
        "Dr. Osei sits.", '"No!"', "At 9.40 J. Kell runs...", "Where?",
    ]  # fmt: skip


def test_ties_follow_words_that_move_and_stay_in_order_where_words_repeat():
    text = _SCENE.replace("MAYA\n", "Rain on the window, a long time of it.\n\nMAYA\n")
    moved = followed(_ties(), text)
    assert all(tie.state == "tied" and text[tie.start : tie.end] == tie.words for tie in moved)
    assert len({tie.start for tie in moved}) == len(moved)


def test_a_scene_that_is_cut_and_pasted_elsewhere_keeps_its_shots():
    new = "EXT. CAUSEWAY - DAWN\n\n" + "Water, and more water.\n" * 60 + "\n" + _SCENE
    for tie in followed(_ties(), new):
        assert tie.state == "tied"
        assert new[tie.start : tie.end] == tie.words


def test_rewritten_words_are_found_and_become_the_ties_own():
    text = _SCENE.replace("Maya turns the dial.", "Maya slowly turns the brass dial.")
    (tie,) = followed([_tie("Maya turns the dial.")], text)
    assert (tie.state, tie.words) == ("tied", "Maya slowly turns the brass dial.")


def test_words_that_are_gone_are_lost_and_come_back_with_an_undo():
    gone = _tie("Maya turns the dial. Her hand shakes.")
    (lost,) = followed([gone], _SCENE.replace(gone.words, "Blackness, and the sea."))
    assert lost.state == "lost"
    assert lost.words == gone.words
    assert followed([lost], _SCENE) == (gone,)


def test_a_short_word_is_not_found_inside_a_longer_one():
    (tie,) = followed([_tie("Nothing")], "Nothingness, wherever the wind goes and nobody looks.")
    assert tie.state == "lost"


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab .\n", max_size=40), st.integers(0, len(_SCENE)), st.integers(0, 60))
def test_whatever_is_edited_a_tied_tie_names_what_stands_there(new: str, start: int, length: int):
    ties = _ties()
    text = _SCENE[:start] + new + _SCENE[start + length :]
    after = followed(ties, text)
    assert len(after) == len(ties)
    for tie, was in zip(after, ties, strict=True):
        if tie.state == "tied":
            assert text[tie.start : tie.end] == tie.words
        else:
            assert tie.words == was.words
    # An undo brings all the words back; what was rewritten beyond likeness was kept.
    back = followed(after, _SCENE)
    assert all(_SCENE[tie.start : tie.end] == tie.words for tie in back if tie.state == "tied")
    assert followed(ties, _SCENE) == ties


def test_a_thousand_ties_follow_an_edit_of_one_line_in_milliseconds():
    lines = [f"Maya crosses room {place} and counts {place * 7} steps to the door." for place in range(4_000)]
    text = "\n\n".join(lines)
    ties = [_tie(line, text) for line in lines[::4]]
    new = text.replace(lines[8], "Maya runs through room 8 and counts fifty-six steps to the door.")
    begun = time.perf_counter()
    after = followed(ties, new)
    taken = time.perf_counter() - begun
    assert all(tie.state == "tied" for tie in after)
    # Fifty milliseconds on the desk; tenfold for a machine that does other things.
    assert taken < 0.5
