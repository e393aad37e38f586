"""Marking pictures: every usual kind of file comes out upright and marked on every layer, any other is refused."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from studio_assist.domain.errors import BadInput
from studio_assist.domain.marking import SourceType
from studio_assist.domain.values import sha256_of
from studio_assist.marks.band import AMBER, band_rows
from studio_assist.marks.certificates import Identity
from studio_assist.marks.pictures import (
    MarkedPicture,
    PictureFormat,
    PictureMarks,
    mark_picture,
    read_picture,
)
from tests.marks.marked_work import (
    FACTS,
    FONTS,
    KEY,
    NOW,
    OTHER_KEY,
    TAG,
    board,
    file_of,
    marked,
    ours,
    pixels_of,
    strangers,
)

ROOTS = [ours().root_pem]


def mark(original: bytes, **options: Any) -> MarkedPicture:
    identity: Identity = options.pop("identity", ours())
    return mark_picture(original, FACTS, mark_key=KEY, identity=identity, fonts=FONTS, at=NOW, **options)


def look(data: bytes, **options: Any) -> PictureMarks:
    return read_picture(data, [OTHER_KEY, KEY], ROOTS, **options)


@pytest.mark.parametrize("format", ["png", "jpeg"])
def test_a_temp_picture_carries_every_layer(format: PictureFormat) -> None:
    done = marked(board(960, 540), format=format)
    found = look(done.data, search=False)
    assert found.band
    assert (found.invisible.present, found.invisible.entry, found.invisible.tag) == (True, 1281, TAG[:5])
    assert found.manifest.found.state == "trusted"
    assert found.manifest.found.actions == ("c2pa.created", "c2pa.edited", "c2pa.watermarked.unbound")
    assert found.metadata is not None
    assert (found.metadata.source_type, found.metadata.entry) == ("trainedAlgorithmicMedia", 1281)
    assert (done.width, done.height, done.warnings) == (960, 540, ())
    assert done.sha256 == sha256_of(done.data)


def test_a_persons_own_picture_keeps_every_pixel_and_gets_papers_alone() -> None:
    own = FACTS.model_copy(update={"is_temp": False, "source": SourceType.HUMAN_EDITS, "backend": None})
    done = marked(facts=own)
    assert np.array_equal(pixels_of(done.data), board())
    found = look(done.data, search=False)
    assert not found.band
    assert found.invisible.present is False
    assert found.manifest.found.state == "trusted"
    assert found.manifest.found.actions == ("c2pa.created",)
    assert (found.manifest.temp, found.manifest.source) == (False, "humanEdits")
    assert found.metadata is not None
    assert found.metadata.source_type == "humanEdits"


def test_the_picture_above_the_band_looks_as_before() -> None:
    before = board(960, 540)
    after = pixels_of(marked(before).data)
    rows = band_rows(540, 960)
    difference = after[:-rows].astype(float) - before[:-rows]
    assert 10 * np.log10(255**2 / (difference**2).mean()) > 37


def kinds() -> dict[str, tuple[bytes, str | None]]:
    """Files as they come, and a word of the warning that each deserves."""
    picture = Image.fromarray(board())
    clear = picture.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    deep = Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)
    turned = Image.Exif()
    turned[0x0112] = 6
    frames = [picture, Image.new("RGB", picture.size, "red")]

    def saved(image: Image.Image, format: str, **options: Any) -> bytes:
        out = io.BytesIO()
        image.save(out, format, **options)
        return out.getvalue()

    return {
        "png": (saved(picture, "PNG"), None),
        "jpeg": (saved(picture, "JPEG"), None),
        "webp": (saved(picture, "WEBP", lossless=True), None),
        "bmp": (saved(picture, "BMP"), None),
        "grey": (saved(picture.convert("L"), "PNG"), None),
        "one bit": (saved(picture.convert("1", dither=Image.Dither.NONE), "PNG"), None),
        "palette": (saved(picture.convert("P"), "PNG"), None),
        "opaque rgba": (saved(picture.convert("RGBA"), "PNG"), None),
        "clear": (saved(clear, "PNG"), "white"),
        "grey and clear": (saved(clear.convert("LA"), "PNG"), "white"),
        "16 bits": (saved(deep, "PNG"), "8 bits"),
        "16 bits tiff": (saved(deep, "TIFF"), "8 bits"),
        "float tiff": (
            saved(Image.fromarray(np.asarray(picture.convert("L")) / np.float32(255)), "TIFF"),
            "8 bits",
        ),
        "cmyk": (saved(picture.convert("CMYK"), "JPEG"), "print"),
        "turned": (saved(picture.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=turned), None),
        "moving": (saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), "first frame"),
    }


@pytest.mark.parametrize("kind", kinds())
def test_every_usual_kind_of_file_comes_out_upright_and_marked(kind: str) -> None:
    data, warning = kinds()[kind]
    done = mark(data)
    assert (done.width, done.height) == (640, 360)
    assert done.warnings == () if warning is None else warning in done.warnings[0]
    found = look(done.data, search=False)
    assert found.band
    assert found.invisible.present
    assert found.manifest.found.state == "trusted"
    # What is drawn stands where it stood.
    rows = band_rows(360, 640)
    if kind not in ("clear", "grey and clear", "one bit"):
        grey = [pixels[:-rows].mean(axis=2) for pixels in (pixels_of(done.data), board())]
        assert np.abs(grey[0] - grey[1]).mean() < 12


def test_a_colour_profile_goes_along() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    done = mark(file_of(board(), "PNG", icc_profile=profile))
    assert Image.open(io.BytesIO(done.data)).info["icc_profile"] == profile
    assert look(done.data, search=False).manifest.found.state == "trusted"


def test_nothing_of_the_originals_own_metadata_goes_along() -> None:
    exif = Image.Exif()
    exif[0x010E] = "INT. KITCHEN, the prompt that must stay here"
    for data in (
        file_of(board(), "JPEG", exif=exif, comment=b"the prompt"),
        file_of(board(), "PNG", exif=exif),
    ):
        assert b"the prompt" not in mark(data).data


def _huge() -> bytes:
    """A small file that says it holds 60,000 × 60,000 pixels."""
    import struct
    import zlib

    data = bytearray(file_of(board()))
    data[16:24] = struct.pack(">II", 60_000, 60_000)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    return bytes(data)


REFUSED = {
    "empty": (b"", "empty"),
    "no picture": (b"INT. KITCHEN - NIGHT\n", "not a picture"),
    "a pdf": (b"%PDF-1.7\n", "not a picture"),
    "cut short": (file_of(board())[:1500], "damaged or cut short"),
    "cut short jpeg": (file_of(board(), "JPEG")[:-3000], "damaged or cut short"),
    "its head alone": (file_of(board())[:40], "picture"),
    "far too large": (_huge(), "million pixels"),
    "tiny": (file_of(board()[:20, :20]), "too small"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_whole_picture_is_refused_with_a_remedy(what: str) -> None:
    data, words = REFUSED[what]
    with pytest.raises(BadInput, match=words) as refused:
        mark(data)
    assert refused.value.remedy


def test_a_small_picture_has_no_room_for_the_invisible_mark_and_says_so() -> None:
    done = mark(file_of(board(200, 120)))
    assert "too small for the invisible mark" in done.warnings[0]
    found = look(done.data, search=False)
    assert found.band
    assert found.manifest.found.actions == ("c2pa.created", "c2pa.edited")


def test_the_makers_manifest_is_kept_from_the_original_or_from_what_is_given() -> None:
    theirs = marked(identity=strangers()).data
    for done in (mark(theirs), mark(file_of(board()), parent=theirs)):
        found = look(done.data, search=False).manifest
        assert (found.found.state, found.found.ingredients_ok) == ("trusted", True)
        assert found.found.actions[0] == "c2pa.opened"
        assert found.parents_unknown == ("Somebody Else's",)
    broken = theirs[:-40] + bytes([theirs[-40] ^ 1]) + theirs[-39:]
    done = mark(file_of(board()), parent=broken)
    assert "does not hold" in done.warnings[0]
    assert look(done.data, search=False).manifest.found.actions[0] == "c2pa.created"


def test_the_band_is_amber_also_in_the_file() -> None:
    band = pixels_of(marked(format="jpeg").data)[-band_rows(360, 640) :].reshape(-1, 3).astype(int)
    assert np.abs(np.median(band, axis=0) - AMBER).max() < 16


def test_reading_stops_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found = look(file_of(board(1280, 720)), cancelled=lambda: True)
    assert found.invisible.present is False


@pytest.mark.parametrize("size", [(480, 270), (800, 450), (1280, 720), (450, 800)])
def test_a_picture_that_nobody_touched_is_not_said_to_be_cropped(size: tuple[int, int]) -> None:
    found = read_picture(marked(board(*size)).data, [KEY], [ours().root_pem])
    assert found.invisible.present
    assert found.geometry == ()
