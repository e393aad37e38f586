"""What leaves as a picture: its visible pixels and nothing else, by the bytes that a recording server got."""

from __future__ import annotations

import asyncio
import base64
import io
import warnings
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.ports import Call
from studio_assist.domain.values import PersonId, RequestId
from studio_assist.gate.approvals import Approvals
from studio_assist.gate.envelope import Envelope
from studio_assist.gate.pictures import NOISE_RULE, CleanPicture, bare_kind, cleaned, quieted
from studio_assist.gate.transport import Asking, SealedTransport, asking
from tests.fakes.recorder import http, recording
from tests.gate.picture_files import (
    PLANT,
    PLANTED,
    board,
    bomb,
    exif_jpeg,
    gif,
    hidden,
    profile,
    saved,
    text_png,
    thumbnail_jpeg,
    tiff,
    with_chunk,
    written,
    xmp,
)

WHO = Asking(RequestId("r1"), "own")


# What a server gets -------------------------------------------------------------------------------------


@dataclass
class Yes:
    approvals: Approvals

    async def review(self, who: Asking, envelope: Envelope) -> None:
        self.approvals.give(envelope.sha256, who.request, PersonId("okafor-1"))

    async def require_keys(self, who: Asking, values: Iterable[str]) -> None: ...

    def trail(self, who: Asking) -> None:
        return None

    async def leaving(self, who: Asking, envelope: Envelope) -> None:
        pass


def received(picture: CleanPicture) -> bytes:
    """Every byte that arrives when a picture is sent as a form's file and, in one more field, as base64."""
    form = (
        b'--b\r\nContent-Disposition: form-data; name="image"; filename="' + picture.name.encode() + b'"\r\n'
        b"Content-Type: " + picture.media_type.encode() + b"\r\n\r\n" + picture.data + b"\r\n--b\r\n"
        b'Content-Disposition: form-data; name="also"\r\n\r\n'
        + base64.b64encode(picture.data)
        + b"\r\n--b--\r\n"
    )

    async def run() -> bytes:
        async with recording(lambda _request: [http(b"{}")]) as server:
            approvals = Approvals(asyncio.get_running_loop().time)
            transport = SealedTransport(Yes(approvals), approvals, silence_s=5.0)
            token = asking.set(WHO)
            try:
                kind = ("content-type", "multipart/form-data; boundary=b")
                reply = await transport.send(
                    Call(method="POST", url=f"{server.url}/v1/images/edits", headers=(kind,), body=form)
                )
                async for _ in reply.body:
                    pass
            finally:
                asking.reset(token)
                await transport.close()
            return server.everything

    return asyncio.run(run())


def needles() -> set[bytes]:
    """The planted word in every form that it could arrive in unread."""
    raw = [PLANT.encode(form) for form in ("utf-8", "utf-16-le", "utf-16-be")]
    shifted = [base64.b64encode(b"x" * shift + one)[4:-4] for one in raw for shift in range(3)]
    return {*raw, *shifted, PLANT.encode()[::-1], raw[0].hex().encode()}


def opened(data: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(data)) as image:
        assert (image.mode, image.info.keys() - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}) == (
            "RGB",
            set(),
        )
        return np.array(image)


@pytest.mark.parametrize("kind", PLANTED)
def test_of_a_picture_with_something_in_its_file_only_pixels_arrive(kind: str) -> None:
    data, name = PLANTED[kind](), f"{PLANT}_14C_ref.jpg"
    if kind not in ("ICC", "ICC in JPEG", "text chunks", "file name", "EXIF thumbnail"):
        assert PLANT.encode() in data
    clean = cleaned(data, name)
    arrived = received(clean)
    assert clean.data in arrived
    assert b"image_1.png" in arrived
    pixels = opened(clean.data).tobytes()
    for needle in needles():
        assert needle not in arrived
        assert needle not in pixels
    assert bare_kind(clean.data) == "png"
    # And it is the same picture still.
    seen = np.array(board().resize((clean.size[0], clean.size[1])), dtype=float)
    assert np.abs(opened(clean.data) - seen).mean() < 6


def test_the_sheet_names_what_stood_in_the_file() -> None:
    was = cleaned(exif_jpeg(), "14C_ref.jpg").was
    assert dict(was.shown) == {
        "GPS": "58.6411, -3.0702",
        "Camera serial": "30114728",
        "Author": f"J. {PLANT}",
        "Taken": "18 Nov 2026 21:14",
        "Title": PLANT,
        "Comment": PLANT,
        "Camera": "Lumen 5",
    }
    assert (was.name, was.size, was.format, was.tags, was.more) == ("14C_ref.jpg", (320, 180), "JPEG", 10, 3)
    assert cleaned(exif_jpeg(), "x").done == (
        "EXIF, GPS removed, 10 tags",
        "Re-encoded from pixels",
        "File name replaced",
    )
    for kind, word in {
        "XMP in JPEG": "XMP",
        "ICC": "colour profile",
        "IPTC": "IPTC",
        "JPEG comment": "comment",
        "GIF comment": "comment",
        "text chunks": "text fields",
        "private chunk": "chunks of a program's own",
        "EXIF thumbnail": "thumbnail",
        "behind a PNG": f"{len(PLANT)} bytes behind the picture",
        "behind a JPEG": f"{len(PLANT) + 4} bytes behind the picture",
    }.items():
        assert word in cleaned(PLANTED[kind](), "x").was.removed, kind


# Pixels that nobody sees --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", hidden())
def test_what_stands_under_transparency_does_not_come_back(kind: str) -> None:
    clean = cleaned(hidden()[kind], "x.png")
    assert np.unique(opened(clean.data)).tolist() == [254]
    assert "transparency" in clean.was.removed


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "TIFF", "MPO"])
def test_of_many_frames_only_the_first_leaves(format: str) -> None:
    later = board()
    later.paste("red", mask=written(later.size))
    last = later.copy()
    last.paste("red", (0, 0, 40, 40))
    options: dict[str, object] = {"save_all": True, "append_images": [later, last]}
    clean = cleaned(saved(board(), format, **options), "x")
    red = opened(clean.data).astype(int)
    assert not ((red[:, :, 0] > 180) & (red[:, :, 1] < 60)).any()
    assert "2 later frames" in clean.was.removed


def test_bits_hidden_in_the_lowest_two_bits_hold_nothing_any_more() -> None:
    """The 'stealth' text fields of picture generators: in the lowest bits of the colours, or of the alpha."""
    rng = np.random.default_rng(4)
    secret = np.unpackbits(np.frombuffer((PLANT * 3000).encode(), np.uint8))
    picture = np.array(board()) + rng.integers(0, 9, (180, 320, 1), dtype=np.uint8)
    count = picture.size
    payload = secret[:count].reshape(picture.shape)
    for where in ("lowest", "second"):
        bit = 0 if where == "lowest" else 1
        carrying = (picture & ~np.uint8(1 << bit)) | (payload << bit)
        other = (picture & ~np.uint8(1 << bit)) | ((1 - payload) << bit)
        sent = opened(cleaned(saved(Image.fromarray(carrying), "PNG"), "x.png").data)
        # Not only unreadable: a picture with every bit of it the other way round gives the same bytes.
        assert (sent == opened(cleaned(saved(Image.fromarray(other), "PNG"), "x.png").data)).all()
    alpha = (254 + payload[:, :, :1]).astype(np.uint8)
    stealth = Image.fromarray(np.concatenate([picture, alpha], axis=2))
    read = opened(cleaned(saved(stealth, "PNG"), "x.png").data)[:, :, 0] & 1
    right = (read == payload[:, :, 0]).mean()
    assert 0.45 < right < 0.55


def test_bits_hidden_in_the_blocks_of_a_jpeg_do_not_survive() -> None:
    """As Jsteg does it: the lowest bit of rounded block coefficients, which decoding and encoding again keeps."""
    rng = np.random.default_rng(5)
    step, rows, columns = 16, 20, 32
    k = np.arange(8)
    cosines = np.sqrt(np.where(k == 0, 1, 2) / 8)[:, None] * np.cos(
        (2 * k[None] + 1) * k[:, None] * np.pi / 16
    )
    payload = rng.integers(0, 2, (rows, columns))

    def blocks(grey: NDArray[np.float64]) -> NDArray[np.float64]:
        cut = grey[: rows * 8, : columns * 8].reshape(rows, 8, columns, 8).transpose(0, 2, 1, 3) - 128
        return cosines @ cut @ cosines.T

    drawn = np.array(board((256, 160)).convert("L"), dtype=np.float64)
    carried = np.round(blocks(drawn * 0.5 + 50 + rng.normal(0, 15, drawn.shape)) / step)
    carried[:, :, 1, 1] = 2 * (carried[:, :, 1, 1] // 2) + payload
    grey = (cosines.T @ (carried * step) @ cosines).transpose(0, 2, 1, 3).reshape(rows * 8, columns * 8) + 128
    jpeg = saved(Image.fromarray(grey.round().clip(0, 255).astype(np.uint8)), "JPEG", qtables=[[step] * 64])

    def right(pixels: NDArray[np.uint8]) -> float:
        grey = np.zeros((rows * 8, columns * 8))
        grey[: pixels.shape[0], : pixels.shape[1]] = pixels[:, :, 0]
        return float((np.round(blocks(grey)[:, :, 1, 1] / step).astype(int) % 2 == payload).mean())

    with Image.open(io.BytesIO(jpeg)) as plain:
        as_it_was = np.array(plain.convert("RGB"))
    assert right(as_it_was) > 0.99
    assert right(quieted(as_it_was)) > 0.99  # re-encoding alone would have kept it
    sent = cleaned(jpeg, "x.jpg", longest_px=1024)
    assert sent.size == (252, 158)
    assert 0.4 < right(opened(sent.data)) < 0.6


def test_quieting_a_picture_cannot_be_seen() -> None:
    rng = np.random.default_rng(6)
    slope = np.broadcast_to(np.arange(256, dtype=np.uint8)[None, :, None], (200, 256, 3))
    grain = rng.normal(120, 30, (200, 256, 3)).clip(0, 255).astype(np.uint8)
    for picture in (np.array(board()), np.ascontiguousarray(slope), grain):
        error = quieted(picture).astype(float) - picture
        assert np.abs(error).max() <= 2
        assert 10 * np.log10(255**2 / (error**2).mean()) >= 45


def test_a_picture_of_noise_is_refused_and_a_grainy_one_is_not() -> None:
    rng = np.random.default_rng(7)
    packed = rng.integers(0, 256, (256, 256, 3), dtype=np.uint8)
    with pytest.raises(Refusal, match="mostly noise") as refused:
        cleaned(saved(Image.fromarray(packed), "PNG"), "x.png")
    assert refused.value.rule == NOISE_RULE
    half = np.array(board((256, 256)))
    half[:128] = packed[:128]
    with pytest.raises(Refusal, match="mostly noise"):
        cleaned(saved(Image.fromarray(half), "PNG"), "x.png")
    grainy = (np.array(board((256, 256))) + rng.normal(0, 12, (256, 256, 1))).clip(0, 255).astype(np.uint8)
    assert cleaned(saved(Image.fromarray(grainy), "PNG"), "x.png").size == (256, 256)


# Files of every kind ------------------------------------------------------------------------------------


def test_a_picture_is_upright_and_as_large_as_asked_for() -> None:
    marked = Image.new("RGB", (2000, 1000), "white")
    marked.paste("red", (0, 0, 500, 250))
    for turned, corner in {1: (0, 0), 3: (-1, -1), 6: (0, -1), 8: (-1, 0), 2: (0, -1), 5: (0, 0)}.items():
        exif = Image.Exif()
        exif[0x0112] = turned
        clean = cleaned(saved(marked, "JPEG", exif=exif, quality=95), "x.jpg", longest_px=512)
        assert clean.size == ((512, 256) if turned < 5 else (256, 512))
        assert clean.was.size == ((2000, 1000) if turned < 5 else (1000, 2000))
        pixel = opened(clean.data)[corner].astype(int)
        assert pixel[0] > 200, turned
        assert pixel[1] < 80, turned
    assert cleaned(saved(board(), "PNG"), "x.png").size == (320, 180)
    jpeg = cleaned(saved(marked, "PNG"), "x.png", format="jpeg", number=3)
    assert (jpeg.name, jpeg.media_type, bare_kind(jpeg.data)) == ("image_3.jpg", "image/jpeg", "jpeg")
    assert cleaned(saved(marked, "PNG"), "a.png").sha256 == cleaned(saved(marked, "PNG"), "b.png").sha256


@pytest.mark.parametrize(
    ("mode", "format"),
    [("1", "PNG"), ("L", "PNG"), ("P", "GIF"), ("LA", "PNG"), ("I;16", "PNG"), ("I;16", "TIFF"), ("F", "TIFF"),
     ("CMYK", "JPEG"), ("CMYK", "TIFF"), ("LAB", "TIFF"), ("YCbCr", "TIFF"), ("RGB", "BMP"), ("RGB", "WEBP")],
)  # fmt: skip
def test_every_kind_of_pixel_becomes_the_picture_that_it_shows(mode: str, format: str) -> None:
    grey = board().convert("L")
    match mode:
        case "I;16":
            image = Image.fromarray(np.array(grey).astype(np.uint16) * 257)
        case "F":
            image = Image.fromarray(np.array(grey).astype(np.float32) / 255)
        case "LAB":
            image = ImageCms.profileToProfile(
                grey.convert("RGB"),
                ImageCms.createProfile("sRGB"),
                ImageCms.createProfile("LAB"),
                outputMode="LAB",
            )
            assert image is not None
        case "1":
            grey = grey.point(lambda value: 255 if value > 128 else 0)
            image = grey.convert("1")
        case _:
            image = grey.convert(mode)
    clean = cleaned(saved(image, format), "x")
    expected = np.array(grey.resize(clean.size), dtype=float)
    assert np.abs(opened(clean.data).mean(axis=2) - expected).mean() < 6


def test_colours_of_another_profile_are_those_that_were_seen() -> None:
    """A profile that swaps red and blue primaries would show another picture once it is gone."""
    lab = ImageCms.createProfile("LAB")
    grey = Image.new("RGB", (64, 64), (128, 128, 128))
    as_lab = ImageCms.profileToProfile(grey, ImageCms.createProfile("sRGB"), lab, outputMode="LAB")
    assert as_lab is not None
    data = saved(as_lab, "TIFF", icc_profile=ImageCms.ImageCmsProfile(lab).tobytes())
    assert np.abs(opened(cleaned(data, "x").data).astype(int) - 128).max() <= 4
    # One that does not fit its pixels changes nothing, and does not stop anything.
    odd = saved(Image.new("L", (64, 64), 128), "PNG", icc_profile=profile()[:-40])
    assert np.abs(opened(cleaned(odd, "x").data).astype(int) - 128).max() <= 4


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"not a picture", "not a picture"),
        (b"%PDF-1.7\n", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (saved(board(), "PNG")[:1500], "cut short"),
        (saved(board(), "JPEG")[:3000], "cut short"),
        (saved(board(), "WEBP")[:900], "cut short|not a picture"),
        (saved(board(), "GIF")[:3000], "cut short"),
        (bomb(), "64 million"),
        (saved(Image.new("1", (9000, 9000)), "PNG"), "64 million"),
        (with_chunk(saved(board(), "PNG"), b"zTXt", b"a\0\0" + zlib.compress(b"x" * 90_000_000), before=b"IDAT"), "cut short"),
    ],
    ids=["empty", "text", "pdf", "svg", "png cut", "jpeg cut", "webp cut", "gif cut", "bomb", "81 MP", "text bomb"],
)  # fmt: skip
def test_what_cannot_be_read_to_its_end_is_refused_with_a_remedy(data: bytes, says: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with pytest.raises(BadInput, match=says) as refused:
            cleaned(data, "a.png")
    assert refused.value.remedy
    assert refused.value.place == "a.png"


@pytest.mark.filterwarnings("ignore:::PIL")
def test_a_damaged_file_gives_a_picture_or_an_error_for_a_person_and_nothing_else() -> None:
    rng = np.random.default_rng(8)
    for whole in (
        exif_jpeg(),
        text_png(),
        saved(board(), "WEBP", xmp=xmp()),
        gif(),
        tiff(),
        thumbnail_jpeg(),
    ):
        for _ in range(25):
            broken = bytearray(whole)
            for at in rng.integers(0, min(len(whole), 1500), 4):
                broken[at] = int(rng.integers(0, 256))
            try:
                clean = cleaned(bytes(broken), "x")
            except (BadInput, Refusal):
                continue
            assert bare_kind(clean.data) == "png"


def test_a_file_with_one_thing_more_than_its_picture_is_not_bare() -> None:
    png, jpeg = (
        cleaned(saved(board(), "PNG"), "x").data,
        cleaned(saved(board(), "PNG"), "x", format="jpeg").data,
    )
    assert (bare_kind(png), bare_kind(jpeg)) == ("png", "jpeg")
    more = [
        png + b"x",
        png[:-1],
        with_chunk(png, b"tEXt", b"a\0b", before=b"IDAT"),
        with_chunk(png, b"IDAT", b"behind the stream", before=b"IEND"),
        with_chunk(png, b"IDAT", b"", before=b"IEND")[:-4] + b"\0\0\0\0",
        png.replace(b"IDAT", b"IDaT", 1),
        jpeg + b"x",
        jpeg[:-1],
        saved(board(), "JPEG", comment=b"a"),
        exif_jpeg(),
        saved(board(), "PNG", icc_profile=profile()),
        saved(board(), "GIF"),
        b"",
    ]
    assert [bare_kind(one) for one in more] == [None] * len(more)
