"""Playing in time: which frame is due at every rate and speed, with a sound device and without."""

from __future__ import annotations

from fractions import Fraction

import pytest
from PySide6.QtWidgets import QApplication

from studio_assist.desk.animatic.clock import PlayClock
from studio_assist.desk.animatic.player import Player
from studio_assist.domain.timebase import RATES, SAMPLE_RATE, FrameRate, sample_of
from studio_assist.domain.timeline import Timeline
from tests.desk.board_fakes import shot, shot_id

FOUR = RATES[1]
FORTY_MINUTES = 40 * 60
NAMES = [rate.name for rate in RATES]


class Sound:
    """A device of the test's own: its sample is what the test says."""

    def __init__(self, *, has_device: bool = True) -> None:
        self.has_device = has_device
        self.is_running = False
        self.sample = 0
        self.starts: list[int] = []

    def start(self, sample: int) -> None:
        self.is_running, self.sample = True, sample
        self.starts.append(sample)

    def stop(self) -> None:
        self.is_running = False

    def position(self) -> int:
        return self.sample


class Steady:
    """A steady clock that goes as the test says."""

    def __init__(self) -> None:
        self.ns = 5_000_000_000

    def __call__(self) -> int:
        return self.ns


def timeline(*seconds: float, rate: FrameRate = FOUR) -> Timeline:
    shots = [shot(n, f"14{chr(65 + n)}", duration_ms=round(s * 1000)) for n, s in enumerate(seconds)]
    return Timeline.of(shots, rate)


def player(*seconds: float, rate: FrameRate = FOUR, sound: Sound | None = None) -> tuple[Player, Steady]:
    steady = Steady()
    return Player(PlayClock(sound, steady), timeline(*seconds, rate=rate)), steady


@pytest.fixture(autouse=True)
def _app(qapp: QApplication) -> None:
    return


@pytest.mark.parametrize("rate", RATES, ids=NAMES)
def test_what_is_heard_leads_for_forty_minutes_and_nothing_drifts(rate: FrameRate) -> None:
    sound, steady = Sound(), Steady()
    clock = PlayClock(sound, steady)
    clock.start(0, 1, rate)
    last, before = FORTY_MINUTES * SAMPLE_RATE, 0
    # A device whose clock goes 0.01 % fast, as cheap ones do, and which tells of its position in steps of 20 ms.
    for sample in (*range(0, last, 97_001), *range(last - 48_000, last, 700), last):
        steady.ns = 5_000_000_000 + sample * 1_000_000_000 // 48_005
        sound.sample = sample - sample % 960
        frame = clock.frame()
        assert frame >= before
        assert abs(frame - sample * rate.fps / SAMPLE_RATE) <= 1 + rate.fps / 40
        before = frame
    assert abs(clock.sample() - last) <= 960


@pytest.mark.parametrize("rate", RATES, ids=NAMES)
@pytest.mark.parametrize("speed", [1, 2, -1, 8])
def test_without_a_device_the_steady_clock_does_however_late_the_ticks_come(
    rate: FrameRate, speed: int
) -> None:
    steady = Steady()
    clock = PlayClock(Sound(has_device=False), steady)
    begun = steady.ns
    clock.start(1_000_000, speed, rate)
    for passed in (0, 3, 41_666_667, 7_000_000_001, FORTY_MINUTES * 1_000_000_000):
        steady.ns = begun + passed
        due = int(Fraction(passed, 1_000_000_000) * abs(speed) * rate.fps)
        assert clock.frame() == 1_000_000 + (due if speed > 0 else -due)
        # Waiting as long as it says brings the next frame, and no other is skipped.
        steady.ns += clock.wait_ms() * 1_000_000
        step = 2 if abs(speed) * rate.fps > 1000 / 2 else 1
        assert 1 <= abs(clock.frame() - 1_000_000) - due <= step


def test_a_device_that_is_pulled_out_leaves_the_pictures_playing_from_there() -> None:
    sound, steady = Sound(), Steady()
    clock = PlayClock(sound, steady)
    clock.start(24, 1, FOUR)
    assert clock.follows_sound
    sound.sample = 3 * SAMPLE_RATE
    assert clock.frame() == 72
    sound.is_running = False
    assert clock.frame() == 72
    assert not clock.follows_sound
    steady.ns += 1_000_000_000
    assert clock.frame() == 96


def test_a_device_that_tells_a_moment_before_its_start_moves_no_frame_back() -> None:
    sound = Sound()
    clock = PlayClock(sound, Steady())
    clock.start(48, 1, FOUR)
    sound.sample = 2 * SAMPLE_RATE - 900
    assert clock.frame() == 48


@pytest.mark.parametrize("rate", RATES, ids=NAMES)
def test_every_frame_is_shown_once_and_in_order_and_the_last_one_stays(rate: FrameRate) -> None:
    one, steady = player(0.5, 0.4, 0.1, rate=rate)
    seen: list[int] = []
    one.frame_changed.connect(seen.append)
    one.play()
    total = one.timeline.total
    for _tick in range(2 * total + 1):
        steady.ns += int(500_000_000 / rate.fps)
        one.tick()
    assert seen == list(range(1, total))
    assert not one.is_playing
    assert one.frame == total - 1
    one.play()
    assert one.frame == 0


def test_a_late_tick_shows_what_is_due_then() -> None:
    one, steady = player(4.0)
    one.play()
    steady.ns += 2_500_000_000
    one.tick()
    assert one.frame == 60


def test_l_and_j_shuttle_up_to_eight_times_and_k_stands() -> None:
    one, steady = player(100.0, sound=Sound())
    speeds: list[int] = []
    for _press in range(5):
        one.shuttle(1)
        speeds.append(one.speed)
    assert speeds == [1, 2, 4, 8, 8]
    steady.ns += 1_000_000_000
    one.tick()
    assert one.frame == 8 * 24
    one.shuttle(-1)
    assert one.speed == -1
    one.shuttle(-1)
    steady.ns += 1_000_000_000
    one.tick()
    assert (one.speed, one.frame) == (-2, 6 * 24)
    one.pause()
    assert not one.is_playing
    steady.ns += 9_000_000_000
    one.tick()
    assert one.frame == 6 * 24


def test_sound_plays_at_its_own_speed_alone() -> None:
    sound = Sound()
    one, _steady = player(100.0, sound=sound)
    one.seek(24)
    one.play()
    assert sound.is_running
    one.shuttle(1)
    assert not sound.is_running
    one.shuttle(-1)
    assert not sound.is_running
    one.shuttle(1)
    assert sound.is_running
    assert sound.starts == [SAMPLE_RATE, SAMPLE_RATE]


def test_a_loop_goes_on_where_it_would_be_and_the_sound_with_it() -> None:
    sound = Sound()
    one, _steady = player(1.0, 2.0, sound=sound)
    one.next_loop()
    assert one.loop == "range"
    one.play()
    sound.sample = 3 * SAMPLE_RATE + 5 * 2000
    one.tick()
    assert (one.frame, one.is_playing) == (5, True)
    assert sound.starts[-1] == sample_of(5, FOUR)

    one.loop_shot(shot_id(1))
    one.next_loop()
    assert one.loop == "shot"
    one.play()
    assert one.frame == 24
    sound.sample = sample_of(72, FOUR)
    one.tick()
    assert one.frame == 24
    one.next_loop()
    assert one.loop == "off"


def test_steps_cuts_and_ends_are_exact() -> None:
    one, _steady = player(1.0, 2.0, 0.5)
    one.step(1)
    one.step_second(1)
    assert one.frame == 25
    one.to_cut(-1)
    assert one.frame == 24
    one.to_cut(-1)
    assert one.frame == 0
    one.to_cut(-1)
    assert one.frame == 0
    one.to_cut(1)
    one.to_cut(1)
    assert one.frame == 72
    one.to_cut(1)
    assert one.frame == one.timeline.total - 1 == 83
    one.to_end(-1)
    one.step(-1)
    assert one.frame == 0


def test_the_playhead_stays_in_its_shot_when_an_earlier_one_grows() -> None:
    sound = Sound()
    one, _steady = player(1.0, 2.0, sound=sound)
    one.seek(34)
    one.play()
    before = len(sound.starts)
    one.set_timeline(timeline(1.0, 2.0))
    assert len(sound.starts) == before
    one.set_timeline(timeline(3.0, 2.0))
    assert (one.frame, one.is_playing) == (82, True)
    assert sound.starts[-1] == sample_of(82, FOUR)
    one.set_timeline(timeline(3.0, 0.25))
    assert one.frame == 72 + 5
    one.set_timeline(Timeline.of((), FOUR))
    assert (one.frame, one.cut, one.is_playing) == (0, None, False)
    one.play()
    one.step(1)
    one.to_cut(1)
    assert (one.frame, one.is_playing) == (0, False)


def test_somebody_who_speaks_past_the_end_is_still_kept_time_for() -> None:
    sound, steady = Sound(has_device=False), Steady()
    clock = PlayClock(sound, steady)
    one = Player(clock, timeline(1.0))
    one.next_loop()
    one.play_along(12)
    steady.ns += 2_000_000_000
    one.tick()
    assert (one.frame, one.is_playing, one.loop) == (23, True, "off")
    assert clock.sample() == sample_of(12, FOUR) + 2 * SAMPLE_RATE
    one.pause()
    assert not one.is_playing
