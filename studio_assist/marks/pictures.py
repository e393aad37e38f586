"""All marks of one picture: put on in their order, and read back.

The band first, then the invisible mark over band and picture, then the metadata, and the signed manifest
last: each covers what was done before it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio_assist.domain.errors import BadInput
from studio_assist.domain.marking import InvisibleMark, MarkFacts
from studio_assist.domain.values import EntryNumber, sha256_of
from studio_assist.marks import invisible, manifest
from studio_assist.marks.band import band_rows, burn
from studio_assist.marks.band_reading import has_band
from studio_assist.marks.certificates import Identity
from studio_assist.marks.containers import kind_of, with_xmp, xmp_of
from studio_assist.marks.decoding import LEAST_SIDE, decode, likeness
from studio_assist.marks.invisible_pattern import WHOLE_SCALES
from studio_assist.marks.metadata import Metadata, packet, read_packet

PictureFormat = Literal["png", "jpeg"]

#: The invisible mark needs room: below this it is left out, and said so.
_LEAST_INVISIBLE: Final = 320
_BAND: Final = "TEMP AI band burned into the lower edge"
_INVISIBLE: Final = "Invisible mark that names the ledger entry"


@dataclass(frozen=True)
class MarkedPicture:
    """A picture file with every mark that it should have.

    Attributes:
        sha256: of `data`.
        warnings: what a person should know of it, in sentences.
    """

    data: bytes
    sha256: str
    width: int
    height: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class PictureMarks:
    """What the marks on a picture say, each by itself.

    Attributes:
        geometry: what was done to the picture since, as the invisible mark shows it ("mirrored").
        metadata: None where the file has no XMP.
        shown: what the picture looks like now; see `likeness`.
    """

    band: bool
    invisible: InvisibleMark
    manifest: manifest.ManifestRead
    metadata: Metadata | None
    shown: str
    geometry: tuple[str, ...] = ()


def mark_picture(
    original: bytes,
    facts: MarkFacts,
    *,
    mark_key: bytes,
    identity: Identity,
    fonts: Path,
    at: datetime,
    format: PictureFormat = "png",
    quality: int = 92,
    parent: bytes | None = None,
    roots: Sequence[bytes] = (),
) -> MarkedPicture:
    """A picture with its marks. One without temp material gets metadata and manifest alone.

    Args:
        original: a picture file of any usual kind.
        mark_key: what keys the project's invisible marks.
        fonts: folder of the bundled faces.
        quality: of a JPEG, 1 to 95.
        parent: the file as the model's maker sent it, where `original` is not that file any more; its own
            manifest is kept as what this one was made from. Without one, the original's is.
        roots: certificates that the parent's manifest may lead to, besides this project's own.

    Raises:
        BadInput: no picture, damaged, too large or too small.
        Unavailable: the manifest could not be made.
    """
    picture = decode(original)
    height, width = picture.pixels.shape[:2]
    if min(height, width) < LEAST_SIDE:
        raise BadInput(
            f"The picture is too small to be marked: {width} × {height} pixels.",
            remedy=f"Ask for one of at least {LEAST_SIDE} pixels a side.",
        )
    warnings = list(picture.warnings)
    pixels = picture.pixels
    rows = band_rows(height, width)
    done: list[tuple[str, str]] = []
    if facts.is_temp:
        pixels = burn(pixels, facts, fonts)
        done.append((manifest.EDITED, _BAND))
        if max(height, width) >= _LEAST_INVISIBLE:
            payload = invisible.pack_payload(facts.entry, facts.tag)
            pixels = invisible.embed(pixels, payload, mark_key, band_rows=rows)
            done.append((manifest.WATERMARKED, _INVISIBLE))
        else:
            warnings.append(
                f"At {width} × {height} pixels the picture is too small for the invisible mark; the band and "
                "the manifest are on it."
            )
    kept, why_not = manifest.usable_parent(parent or original, (identity.root_pem, *roots))
    if why_not:
        warnings.append(why_not)
    data = with_xmp(_encoded(pixels, picture.profile, format, quality), format, packet(facts))
    data = manifest.sign(
        data,
        format,
        facts,
        identity,
        at,
        done=done,
        shown=likeness(pixels, height - rows),
        parent=kept,
    )
    return MarkedPicture(data, sha256_of(data), width, height, tuple(warnings))


def read_picture(
    data: bytes,
    keys: Sequence[bytes],
    roots: Sequence[bytes],
    *,
    search: bool = True,
    cancelled: Callable[[], bool] | None = None,
    name: str | None = None,
) -> PictureMarks:
    """Every mark on a PNG, JPEG or WebP file.

    Args:
        keys: mark keys of the projects that it may come from.
        roots: certificates (PEM) that its manifest must lead to.
        search: also look for an invisible mark that was rotated, scaled or mirrored; takes seconds.
        cancelled: asked between steps; once True, what was not found yet counts as not there.

    Raises:
        BadInput: no such picture, or one that cannot be read to its end.
    """
    kind = kind_of(data)
    if kind not in ("png", "jpeg", "webp"):
        raise BadInput(
            "This is not a picture whose marks can be read.",
            remedy="Choose a PNG, JPEG or WebP file.",
            place=name,
        )
    pixels = decode(data, name).pixels
    height, width = pixels.shape[:2]
    signed = manifest.read(data, kind, roots)
    # Under a manifest that holds, the pixels are those that were signed: nothing can have turned or cut them.
    search = search and signed.found.state != "trusted"
    found = _invisible(pixels, keys, search=search, cancelled=cancelled)
    xmp = xmp_of(data, kind)
    return PictureMarks(
        band=has_band(pixels),
        invisible=_said(found) if keys else InvisibleMark(present=None),
        manifest=signed,
        metadata=read_packet(xmp) if xmp is not None else None,
        shown=likeness(pixels, height - band_rows(height, width)),
        geometry=_geometry(found) if found else (),
    )


def _invisible(
    pixels: NDArray[np.uint8],
    keys: Sequence[bytes],
    *,
    search: bool,
    cancelled: Callable[[], bool] | None,
) -> invisible.Found | None:
    if not keys or min(pixels.shape[:2]) < LEAST_SIDE:
        return None
    return invisible.read(pixels, keys, search=search, cancelled=cancelled)


def _said(found: invisible.Found | None) -> InvisibleMark:
    if found is None:
        return InvisibleMark(present=False)
    entry, tag = invisible.unpack_payload(found.payload)
    return InvisibleMark(present=True, entry=EntryNumber(entry), bits_corrected=found.bits_corrected, tag=tag)


def _geometry(found: invisible.Found) -> tuple[str, ...]:
    done: list[str] = []
    if found.mirrored:
        done.append("mirrored")
    if abs(found.rotation) >= 0.25:
        done.append(f"turned by {abs(found.rotation):.1f}°")
    # The mark's size is measured against the picture's, so that plain scaling leaves it as it is. In whole
    # pictures it is one of a few, by the size that they were made with.
    if not any(abs(found.scale / whole - 1) < 0.03 for whole in WHOLE_SCALES):
        done.append("cropped" if found.scale > 1 else "set into a larger one")
    return tuple(done)


def _encoded(pixels: NDArray[np.uint8], profile: bytes | None, format: PictureFormat, quality: int) -> bytes:
    out = io.BytesIO()
    options: dict[str, Any] = {"icc_profile": profile} if profile else {}
    if format == "jpeg":
        # Full colour resolution: halved, the band's edge code and fine lines would bleed.
        options |= {"quality": quality, "subsampling": 0}
    else:
        # The higher levels take up to five times as long for a tenth of the size.
        options["compress_level"] = 2
    Image.fromarray(pixels).save(out, format.upper(), **options)
    return out.getvalue()
