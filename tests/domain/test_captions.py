"""Captions from dialogue: who speaks, what fits, and how a shot's frames are shared."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.captions import LINE_CHARACTERS, Caption, captions_of
from studio_assist.domain.storyboard import Shot, ShotId
from studio_assist.domain.timebase import RATES
from studio_assist.domain.timeline import Cut, Timeline

FOUR = RATES[1]


def cut_of(dialogue: str, frames: int = 120, start: int = 0) -> Cut:
    shot = Shot(id=ShotId("000000000001"), number="14A", scene="14", dialogue=dialogue)
    return Cut(shot, start, frames)


def said(dialogue: str, frames: int = 120) -> list[tuple[str, str]]:
    return [(one.name, one.text) for one in captions_of(cut_of(dialogue, frames), FOUR)]


def test_each_speech_has_its_share_of_the_shot_by_its_length() -> None:
    cut = cut_of("MAYA: Ten.\nMcCOY (V.O.): Twelve words.", 34, start=1000)
    assert captions_of(cut, FOUR) == (
        Caption(start=1000, end=1008, name="MAYA", text="Ten."),
        Caption(start=1008, end=1034, name="McCOY (V.O.)", text="Twelve words."),
    )


def test_a_word_under_a_long_silent_shot_does_not_stay_for_all_of_it() -> None:
    (only,) = captions_of(cut_of("MAYA: Ten.", 24 * 60), FOUR)
    assert (only.start, only.end) == (0, 7 * 24)


def test_a_line_without_a_cue_goes_on_and_a_colon_within_a_speech_is_no_cue() -> None:
    assert said("MAYA: One\ntwo.\nListen: three.") == [("MAYA", "One two. Listen: three.")]
    assert said("Nobody says this.") == [("", "Nobody says this.")]
    assert said("艾达：走！") == [("艾达", "走！")]
    assert said("") == said("MAYA:") == []


def test_long_speeches_are_parted_at_sentences_then_at_clauses() -> None:
    parts = said(
        "MAYA: It counts from one to ten, and then it stops for a breath. After the breath it begins again, "
        "a little slower than the last time, as if it were tired of us."
    )
    assert [text.replace("\n", " ") for _name, text in parts] == [
        "It counts from one to ten, and then it stops for a breath.",
        "After the breath it begins again,",
        "a little slower than the last time, as if it were tired of us.",
    ]
    assert parts[0][1].count("\n") == 1


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab ,.;!?\n走，。-’", max_size=400), st.integers(1, 300))
def test_every_caption_fits_two_lines_and_stands_in_its_shot_in_order(words: str, frames: int) -> None:
    found = captions_of(cut_of(f"MAYA: {words}", frames, start=50), FOUR)
    at = 50
    for one in found:
        assert at <= one.start < one.end <= 50 + frames
        at = one.end
        lines = one.text.split("\n")
        assert len(lines) <= 2
        assert all(0 < len(line) <= LINE_CHARACTERS for line in lines)
    everything = captions_of(cut_of(f"MAYA: {words}", 5000), FOUR)
    assert "".join("".join(one.text.split()) for one in everything) == "".join(words.split())


def test_captions_of_a_whole_timeline_lie_in_their_own_shots() -> None:
    shots = [
        cut_of(f"MAYA: Number {n}.").shot.model_copy(update={"id": ShotId(f"{n:012}")}) for n in range(3)
    ]
    timeline = Timeline.of(shots, FOUR)
    for place, cut in enumerate(timeline.cuts):
        (one,) = captions_of(cut, FOUR)
        assert (one.start, one.end, one.text) == (cut.start, cut.end, f"Number {place}.")
