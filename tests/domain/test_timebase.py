"""Frame rates and timecode: published values, and inverses at every rate."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.errors import BadInput
from studio_assist.domain.timebase import (
    RATES,
    SAMPLE_RATE,
    FrameRate,
    frame_at_sample,
    frame_of_timecode,
    frames_of,
    ms_of,
    rate_named,
    rate_of,
    sample_of,
    timecode,
)

DAY = 24 * 3600
rates = st.sampled_from(RATES)
quick = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(
    ("rate", "frame", "text"),
    [
        # SMPTE ST 12-1: two numbers are left out each minute but each tenth, four at 59.94.
        ("29.97 DF", 1799, "00:00:59;29"),
        ("29.97 DF", 1800, "00:01:00;02"),
        ("29.97 DF", 17981, "00:09:59;29"),
        ("29.97 DF", 17982, "00:10:00;00"),
        ("29.97 DF", 107_892, "01:00:00;00"),
        ("29.97 DF", 2_589_407, "23:59:59;29"),
        ("59.94 DF", 3599, "00:00:59;59"),
        ("59.94 DF", 3600, "00:01:00;04"),
        ("59.94 DF", 35_964, "00:10:00;00"),
        ("59.94 DF", 215_784, "01:00:00;00"),
        ("29.97", 107_892, "00:59:56:12"),
        ("23.976", 86_400, "01:00:00:00"),
        ("24", 86_399, "00:59:59:23"),
        ("25", 90_000, "01:00:00:00"),
        ("60", 59, "00:00:00:59"),
    ],
)
def test_timecode_is_what_is_published(rate, frame, text):
    assert timecode(frame, rate_named(rate)) == text
    assert frame_of_timecode(text, rate_named(rate)) == frame


@quick
@given(rates, st.data())
def test_every_frame_of_a_day_has_a_timecode_of_its_own(rate: FrameRate, data):
    frame = data.draw(st.integers(0, frame_of_timecode("23:59:59:20", rate)))
    text = timecode(frame, rate)
    assert frame_of_timecode(text, rate) == frame
    assert timecode(frame + 1, rate) > text


@quick
@given(st.sampled_from([rate for rate in RATES if rate.drop]), st.integers(0, DAY // 600 - 1))
def test_drop_frame_keeps_to_the_clock_within_a_frame_every_ten_minutes(rate: FrameRate, tens: int):
    minutes = tens * 10
    frame = frame_of_timecode(f"{minutes // 60:02}:{minutes % 60:02}:00;00", rate)
    # A thousandth of a frame in ten minutes is what the standard leaves over: 2.6 frames a day at 29.97.
    assert abs(frame - minutes * 60 * rate.fps) < Fraction(3 * rate.nominal, 30)


@pytest.mark.parametrize("text", ["00:01:00;00", "00:01:00;01", "12:34:00;01"])
def test_a_number_that_drop_frame_leaves_out_is_refused(text):
    with pytest.raises(BadInput, match="Drop-frame"):
        frame_of_timecode(text, rate_named("29.97 DF"))


@pytest.mark.parametrize("text", ["", "1:2", "00:60:00:00", "00:00:00:24", "00:00:00:٣٣", "9" * 10_000])
def test_what_is_no_timecode_is_refused(text):
    with pytest.raises(BadInput):
        frame_of_timecode(text, rate_named("24"))


@quick
@given(rates, st.integers(1, 600 * 60))
def test_a_length_in_frames_comes_back_from_milliseconds(rate: FrameRate, frames: int):
    assert frames_of(ms_of(frames, rate), rate) == frames


@quick
@given(rates, st.integers(0, 4 * 3600 * 60))
def test_a_frame_comes_back_from_its_first_and_its_last_sample(rate: FrameRate, frame: int):
    assert frame_at_sample(sample_of(frame, rate), rate) == frame
    assert frame_at_sample(sample_of(frame + 1, rate) - 1, rate) == frame


@quick
@given(rates, st.integers(0, 4 * 3600 * 60))
def test_samples_never_drift_from_the_frames(rate: FrameRate, frame: int):
    assert abs(sample_of(frame, rate) - frame / rate.fps * SAMPLE_RATE) <= Fraction(1, 2)


@quick
@given(rates)
def test_a_rate_is_found_by_its_name_and_by_what_other_programs_write(rate: FrameRate):
    assert rate_named(rate.name) == rate
    assert rate_of(round(float(rate.fps), 2), drop=rate.drop) == rate
    assert rate_of(float(rate.fps), drop=rate.drop) == rate


def test_ndf_is_the_plain_rate_and_an_unknown_one_is_refused():
    assert rate_named("29.97 ndf") == rate_named("29.97")
    with pytest.raises(BadInput, match="no frame rate"):
        rate_named("31")
