from __future__ import annotations

import io

import pytest
from PIL import Image
from PySide6.QtGui import QPixmap

from studio_assist.desk.board.decoding import Broken, decoded
from studio_assist.desk.board.thumbnails import Missing, Thumbnails
from studio_assist.domain.storyboard import Live, Media
from tests.desk.board_fakes import painted, store


def saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **how)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cmyk.jpg", saved(Image.new("CMYK", (400, 225), (0, 0, 0, 128)), "JPEG")),
        ("sixteen.png", saved(Image.new("I;16", (400, 225), 32768), "PNG")),
        ("grey.png", saved(Image.new("L", (400, 225), 128), "PNG")),
        ("alpha.png", saved(Image.new("LA", (400, 225), (1, 127)), "PNG")),
        (
            "animated.webp",
            saved(
                Image.new("RGB", (400, 225), (128, 128, 128)),
                "WEBP",
                save_all=True,
                append_images=[Image.new("RGB", (400, 225))],
                lossless=True,
            ),
        ),
        ("large.jpg", saved(Image.new("L", (12_000, 6_750), 128), "JPEG", quality=20)),
    ],
)
def test_odd_pictures_are_shown_in_their_greys(tmp_path, name, data):
    file = tmp_path / name
    file.write_bytes(data)
    image = decoded(file, 160, 90)
    assert (image.width(), image.height()) == (160, 90)
    assert abs(image.pixelColor(80, 45).lightness() - 128) < 12


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "The file is empty."),
        (b"hello", "It is not a picture."),
        (painted(100, (640, 360))[:300], "It is damaged."),
        (saved(Image.new("1", (30_000, 3_000)), "PNG"), "It is far larger than a picture of a board."),
    ],
)
def test_what_is_no_picture_says_what_is_wrong_with_it(tmp_path, data, why):
    file = tmp_path / "odd.png"
    file.write_bytes(data)
    with pytest.raises(Broken, match=why):
        decoded(file, 160, 90)


def test_a_tall_picture_stands_whole_within_the_frame(tmp_path):
    file = tmp_path / "tall.png"
    file.write_bytes(painted(90, (90, 180)))
    image = decoded(file, 160, 90)
    assert (image.width(), image.height()) == (45, 90)


def test_a_picture_comes_later_and_is_kept(qtbot, tmp_path):
    thumbnails = Thumbnails()
    thumbnails.set_folder(tmp_path)
    media = store(tmp_path, painted(90))
    assert thumbnails.picture(media, 160, 90, 2.0) is None
    with qtbot.waitSignal(thumbnails.came) as told:
        pass
    assert told.args == [media.sha256]
    known = thumbnails.picture(media, 160, 90, 2.0)
    assert isinstance(known, QPixmap)
    assert (known.width(), known.devicePixelRatio()) == (320, 2.0)


def test_a_missing_picture_says_where_it_was_and_is_looked_for_again(qtbot, tmp_path):
    thumbnails = Thumbnails()
    thumbnails.set_folder(tmp_path)
    data = painted(90)
    media = store(tmp_path, data)
    file = thumbnails.file(media)
    file.unlink()
    thumbnails.picture(media, 160, 90, 1.0)
    qtbot.waitUntil(lambda: thumbnails.picture(media, 160, 90, 1.0) is not None)
    assert thumbnails.picture(media, 160, 90, 1.0) == Missing(str(file))
    store(tmp_path, data)
    thumbnails.forget_missing()
    thumbnails.picture(media, 160, 90, 1.0)
    qtbot.waitUntil(lambda: isinstance(thumbnails.picture(media, 160, 90, 1.0), QPixmap))


def test_pictures_are_let_go_by_their_bytes_and_those_out_of_sight_are_not_read(qtbot, tmp_path):
    thumbnails = Thumbnails(most_bytes=160 * 90 * 4 * 3)
    thumbnails.set_folder(tmp_path)
    pictures: list[Media] = [store(tmp_path, painted(grey)) for grey in range(40, 60)]
    for media in pictures:
        thumbnails.picture(media, 160, 90, 1.0)
    seen = [media.sha256 for media in pictures[-2:]]
    thumbnails.keep_only(seen)
    assert thumbnails.waiting <= 2
    qtbot.waitUntil(lambda: not thumbnails.busy)
    assert thumbnails.bytes <= 160 * 90 * 4 * 3
    assert isinstance(thumbnails.picture(pictures[-1], 160, 90, 1.0), QPixmap)


def test_a_preview_that_grows_is_read_again_and_the_last_one_stays_meanwhile(qtbot, tmp_path):
    thumbnails = Thumbnails()
    file = tmp_path / "preview.png"
    file.write_bytes(painted(50, (16, 9)))
    live = Live(state="generating", step="step 1 of 2", preview=str(file))
    thumbnails.preview(live, 160, 90, 1.0)
    qtbot.waitUntil(lambda: thumbnails.preview(live, 160, 90, 1.0) is not None)
    file.write_bytes(painted(200, (16, 9)))
    later = live.model_copy(update={"step": "step 2 of 2"})
    assert thumbnails.preview(later, 160, 90, 1.0) is not None
    qtbot.waitUntil(lambda: not thumbnails.busy)
    shown = thumbnails.preview(later, 160, 90, 1.0)
    assert shown.toImage().pixelColor(5, 5).lightness() > 150
