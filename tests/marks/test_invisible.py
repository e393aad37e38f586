"""The invisible mark: every bit back after each attack, nothing where there is none, nothing to be seen."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.marks.invisible import Found, embed, mark_key, pack_payload, read, unpack_payload
from tests.marks.attacks import ATTACKS, cropped, resized, saved, toned
from tests.marks.pictures import BOARDS, PHOTOS, Picture, banded

KEY = mark_key("5f1e")
OTHERS = [mark_key(f"other {number}") for number in range(3)]
PAYLOAD = pack_payload(1284, "abcde12345")
MADE = {**BOARDS, **PHOTOS}


@lru_cache(maxsize=12)
def bare(name: str, width: int = 1280, height: int = 720) -> tuple[Picture, int]:
    return banded(MADE[name](width, height, 3))


@lru_cache(maxsize=12)
def marked(name: str, width: int = 1280, height: int = 720) -> Picture:
    picture, rows = bare(name, width, height)
    return embed(picture, PAYLOAD, KEY, band_rows=rows)


def decibels(before: Picture, after: Picture) -> float:
    error = np.mean(np.square(before.astype(np.float64) - after))
    return 10 * np.log10(255**2 / error)


#: All on white paper and on a lawn close up, which have the least room; those between stand for the others.
ATTACKED = [(name, attack) for name in ("line", "texture") for attack in ATTACKS]
ATTACKED += [("hatched", attack) for attack in list(ATTACKS)[::6]]
ATTACKED += [("landscape", attack) for attack in list(ATTACKS)[3::6]]


@pytest.mark.parametrize(("name", "attack"), ATTACKED)
def test_every_bit_comes_back(name: str, attack: str) -> None:
    found = read(ATTACKS[attack](marked(name)), [KEY])
    assert found is not None
    assert unpack_payload(found.payload) == (1284, "abcde")


@pytest.mark.parametrize("name", MADE)
def test_the_change_is_small(name: str) -> None:
    assert decibels(bare(name)[0], marked(name)) >= (38 if name in BOARDS else 40)


def test_white_paper_shows_no_grain() -> None:
    """Most of it moves by one grey level at most, none by more than five, and neighbours never by more than two."""
    before, rows = bare("line")
    after = marked("line")
    # Away from lines, where resizing would show through.
    paper = np.all(before[:-rows] == 255, axis=-1)
    for axis in (0, 1):
        for reach in (1, 2, 4, 8):
            paper &= np.roll(paper, reach, axis) & np.roll(paper, -reach, axis)
    change = 255 - after[:-rows].astype(int)[..., 0]
    assert np.mean(change[paper] <= 1) > 0.8
    assert change[paper].max() <= 5
    both = paper[:, 1:] & paper[:, :-1]
    assert np.abs(np.diff(change, axis=1))[both].max() <= 2


def test_grey_pictures_stay_grey() -> None:
    before, rows = bare("hatched")
    above = marked("hatched")[:-rows]
    assert np.array_equal(above[..., 0], above[..., 1])
    assert np.array_equal(above[..., 0], above[..., 2])
    assert before.shape == marked("hatched").shape


@pytest.mark.parametrize(
    ("width", "height"), [(1920, 1080), (1080, 1920), (1024, 1024), (832, 1216), (512, 512), (2048, 858)]
)
def test_pictures_of_any_shape_carry_it(width: int, height: int) -> None:
    picture = marked("grey", width, height)
    for attack in (saved("JPEG", 50), resized(0.5), cropped(0.2, 0.1, 0.95, 0.9)):
        found = read(attack(picture), [KEY])
        assert found is not None
        assert found.payload == PAYLOAD


@pytest.mark.parametrize("name", ["line", "hatched", "landscape", "portrait"])
def test_at_320_pixels_saving_and_light_leave_it(name: str) -> None:
    picture = marked(name, 320, 180)
    for attack in (
        saved("PNG"),
        saved("JPEG", 70),
        toned(0.8),
        toned(0.7, 38),
        toned(1, 0, 1.25),
        resized(2.0),
    ):
        found = read(attack(picture), [KEY])
        assert found is not None
        assert found.payload == PAYLOAD


def test_a_picture_in_8k_carries_it() -> None:
    picture = np.asarray(resized(6.0)(bare("hatched")[0]))
    found = read(embed(picture, PAYLOAD, KEY, band_rows=372), [KEY], search=False)
    assert found is not None
    assert found.payload == PAYLOAD


@given(st.integers(0, 2**48 - 1), st.binary(min_size=32, max_size=32))
@settings(max_examples=12, deadline=None)
def test_any_payload_under_any_key_comes_back(payload: int, key: bytes) -> None:
    picture, rows = bare("landscape", 640, 360)
    found = read(embed(picture, payload, key, band_rows=rows), [key], search=False)
    assert found is not None
    assert found.payload == payload


def test_the_reader_says_which_key_and_what_was_done() -> None:
    found = read(marked("hatched"), [*OTHERS, KEY])
    assert isinstance(found, Found)
    assert (found.key_index, found.mirrored, found.rotation, found.scale) == (3, False, 0, 1)
    flipped = read(ATTACKS["mirrored"](marked("hatched")), [KEY])
    assert flipped is not None
    assert flipped.mirrored
    turned = read(ATTACKS["rotated by -2 degrees"](marked("hatched")), [KEY])
    assert turned is not None
    assert turned.rotation == pytest.approx(-2, abs=0.3)
    half = read(ATTACKS["left half"](marked("hatched")), [KEY])
    assert half is not None
    assert half.scale == pytest.approx(1280 / 720, abs=0.02)


@pytest.mark.parametrize(("name", "keys"), [("line", OTHERS), ("texture", OTHERS[:1])])
def test_another_projects_key_finds_nothing(name: str, keys: list[bytes]) -> None:
    assert read(marked(name), keys) is None
    assert read(marked(name), []) is None


def test_nothing_is_found_where_nothing_is() -> None:
    # 320 readings; a reader that takes one in a hundred for a mark would pass once in twenty-five.
    keys = [mark_key(f"nobody's {number}") for number in range(10)]
    for seed in range(4):
        for make in MADE.values():
            picture = make(384, 216, seed + 100)
            assert read(banded(picture)[0] if seed % 2 else picture, keys, search=False) is None


@pytest.mark.parametrize("name", ["night", "portrait"])
def test_a_long_search_finds_nothing_either(name: str) -> None:
    # A board of lines and a lawn are searched above. Each further key is searched for as long again.
    assert read(bare(name, 640, 360)[0], [KEY]) is None


def test_a_blank_picture_holds_nothing() -> None:
    for grey in (0, 255):
        assert read(np.full((180, 320, 3), grey, np.uint8), [KEY]) is None


@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 900, 3), (900, 7, 3), (40, 30, 3)])
def test_slips_of_pictures_do_no_harm(shape: tuple[int, int, int]) -> None:
    slip = np.full(shape, 200, np.uint8)
    assert embed(slip, PAYLOAD, KEY, band_rows=min(2, shape[0])).shape == shape
    assert read(slip, [KEY], search=False) is None


def test_grey_arrays_and_transparency_are_taken_as_they_are() -> None:
    picture, rows = bare("hatched")
    grey = picture[..., 0].copy()
    found = read(embed(grey, PAYLOAD, KEY, band_rows=rows), [KEY], search=False)
    assert found is not None
    assert found.payload == PAYLOAD
    clear = np.dstack([picture, np.tile(np.arange(1280, dtype=np.uint8), (720, 1))])
    result = embed(clear, PAYLOAD, KEY, band_rows=rows)
    assert np.array_equal(result[..., 3], clear[..., 3])
    assert np.array_equal(result[..., :3], marked("hatched"))


def test_other_arrays_are_refused() -> None:
    for pixels in (
        np.zeros((4, 4, 2), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 4, 3), np.float32),
    ):
        with pytest.raises(ValueError, match="a picture"):
            embed(pixels, PAYLOAD, KEY)  # pyright: ignore[reportArgumentType]  # the wrong type is the point
    with pytest.raises(ValueError, match="48 bits"):
        embed(bare("line")[0], 2**48, KEY)


def test_a_search_can_be_stopped() -> None:
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 4

    assert read(bare("texture")[0], [KEY], cancelled=stop) is None
    assert asked < 8


def test_what_goes_in_is_left_alone() -> None:
    picture, rows = bare("grey")
    before = picture.copy()
    embed(picture, PAYLOAD, KEY, band_rows=rows)
    assert np.array_equal(picture, before)
