"""Picture files with a planted word in every place where a format has room for one."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin, TiffImagePlugin

PLANT = "Sparrowhawk"


def board(size: tuple[int, int] = (320, 180)) -> Image.Image:
    """A drawing in greys with a slope of light."""
    across = np.linspace(60, 220, size[0])[None, :] + np.linspace(0, 30, size[1])[:, None]
    image = Image.fromarray(across.astype(np.uint8)).convert("RGB")
    ImageDraw.Draw(image).ellipse((80, 40, 200, 140), fill=(90, 60, 140), outline="black", width=3)
    return image


def written(size: tuple[int, int], word: str = PLANT) -> Image.Image:
    """A mask with a word in it."""
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).text((60, 60), word, fill=255, font_size=40)
    return mask


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)  # pyright: ignore[reportArgumentType]
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunk(png: bytes, kind: bytes, body: bytes, *, before: bytes) -> bytes:
    at = png.index(before) - 4
    return png[:at] + chunk(kind, body) + png[at:]


def exif_jpeg() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = f"J. {PLANT}"
    exif[0x010E] = PLANT
    exif[0x0110] = "Lumen 5"
    exif.get_ifd(0x8769).update(
        {0xA431: "30114728", 0x9003: "2026:11:18 21:14:03", 0x9286: b"ASCII\0\0\0" + PLANT.encode()}
    )
    exif.get_ifd(0x8825).update({1: "N", 2: (58.0, 38.0, 27.96), 3: "W", 4: (3.0, 4.0, 12.72)})
    return saved(board(), "JPEG", exif=exif, quality=95)


def thumbnail_jpeg() -> bytes:
    """Its EXIF holds a small picture with a comment: cutting the large one leaves the small one whole."""
    small = saved(board((64, 36)), "JPEG", comment=PLANT.encode())
    ifd0 = struct.pack("<HHHIII", 1, 0x0112, 3, 1, 1, 26)
    ifd1 = struct.pack("<HHHIIHHIII", 2, 0x201, 4, 1, 56, 0x202, 4, 1, len(small), 0)
    head = b"II*\0\x08\0\0\0" + ifd0
    return saved(board(), "JPEG", exif=b"Exif\0\0" + head + ifd1 + small)


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + PLANT.encode()


def xmp() -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description dc:format="image/png">'
        f"<dc:creator><rdf:Seq><rdf:li>{PLANT}</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def text_png() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("parameters", f"portrait of {PLANT}")
    texts.add_itxt("Title", PLANT, zip=True)
    return with_chunk(
        saved(board(), "PNG", pnginfo=texts), b"tEXt", b"late\0" + PLANT.encode(), before=b"IEND"
    )


def iptc_jpeg() -> bytes:
    by_line = b"\x1c\x02\x50" + struct.pack(">H", len(PLANT)) + PLANT.encode()
    block = (
        b"8BIM"
        + struct.pack(">H", 0x0404)
        + b"\0\0"
        + struct.pack(">I", len(by_line))
        + by_line
        + b"\0" * (len(by_line) % 2)
    )
    body = b"Photoshop 3.0\0" + block
    plain = saved(board(), "JPEG")
    return plain[:2] + b"\xff\xed" + struct.pack(">H", len(body) + 2) + body + plain[2:]


def unused_colours_png() -> bytes:
    image = board().quantize(16)
    spare = PLANT.encode().ljust(48, b"\0")
    image.putpalette((image.getpalette() or [])[:48] + list(spare))
    return saved(image, "PNG", bits=8)


def gif() -> bytes:
    return saved(board(), "GIF", comment=PLANT.encode())


def tiff() -> bytes:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[0x010E], tags[0x0131], tags[33432] = PLANT, PLANT, PLANT
    return saved(board(), "TIFF", tiffinfo=tags)


def after_pixels_png() -> bytes:
    """Bytes in IDAT behind the end of the compressed stream: no reader minds."""
    plain = saved(board(), "PNG")
    return with_chunk(plain, b"IDAT", PLANT.encode(), before=b"IEND")


PLANTED: dict[str, Callable[[], bytes]] = {
    "EXIF": exif_jpeg,
    "EXIF thumbnail": thumbnail_jpeg,
    "EXIF in PNG": lambda: saved(board(), "PNG", exif=b"Exif\0\0" + PLANT.encode()),
    "XMP in JPEG": lambda: saved(board(), "JPEG", xmp=xmp()),
    "XMP in WebP": lambda: saved(board(), "WEBP", xmp=xmp(), exif=exif_jpeg()[6:200]),
    "ICC": lambda: saved(board(), "PNG", icc_profile=profile()),
    "ICC in JPEG": lambda: saved(board(), "JPEG", icc_profile=profile()),
    "IPTC": iptc_jpeg,
    "JPEG comment": lambda: saved(board(), "JPEG", comment=PLANT.encode()),
    "JPEG segment": lambda: (lambda jpeg: jpeg[:2] + b"\xff\xeb" + struct.pack(">H", 2 + len(PLANT)) + PLANT.encode() + jpeg[2:])(saved(board(), "JPEG")),
    "GIF comment": gif,
    "TIFF tags": tiff,
    "text chunks": text_png,
    "private chunk": lambda: with_chunk(saved(board(), "PNG"), b"prVt", PLANT.encode(), before=b"IDAT"),
    "unused colours": unused_colours_png,
    "behind the pixels": after_pixels_png,
    "behind a PNG": lambda: saved(board(), "PNG") + PLANT.encode(),
    "behind a JPEG": lambda: saved(board(), "JPEG") + b"PK\x03\x04" + PLANT.encode(),
    "behind a GIF": lambda: saved(board(), "GIF") + PLANT.encode(),
    "behind a BMP": lambda: saved(board(), "BMP") + PLANT.encode(),
    "file name": lambda: saved(board(), "PNG"),
}  # fmt: skip


def hidden() -> dict[str, bytes]:
    """A white picture whose word stands where it is fully transparent, in each way that formats have."""
    size = (320, 180)
    word, white = written(size), Image.new("RGB", size, "white")
    inked = white.copy()
    inked.paste("black", mask=word)
    clear = Image.new("L", size, 0)
    rgba, la = inked.convert("RGBA"), inked.convert("LA")
    rgba.putalpha(clear)
    la.putalpha(clear)
    palette = Image.fromarray((np.array(word) > 128).astype(np.uint8), mode="P")
    palette.putpalette([255, 255, 255, 0, 0, 0])
    grey16 = Image.fromarray(np.where(np.array(word) > 128, 7, 65535).astype(np.uint16))
    barely = inked.convert("RGBA")
    barely.putalpha(Image.new("L", size, 1))
    return {
        "RGBA": saved(rgba, "PNG"),
        "LA": saved(la, "PNG"),
        "palette": saved(palette, "PNG", transparency=bytes([0, 0])),
        "one grey": with_chunk(saved(inked.convert("L").point(lambda v: v // 255 * 255), "PNG"), b"tRNS", b"\0\0", before=b"IDAT"),
        "one colour": with_chunk(saved(inked.point(lambda v: 255 if v > 128 else 0), "PNG"), b"tRNS", b"\0" * 6, before=b"IDAT"),
        "one of 65,536 greys": with_chunk(saved(grey16, "PNG"), b"tRNS", b"\0\7", before=b"IDAT"),
        "WebP": saved(rgba, "WEBP", lossless=True, exact=True),
        "TIFF": saved(rgba, "TIFF"),
        "hardly there": saved(barely, "PNG"),
    }  # fmt: skip


def bomb() -> bytes:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
