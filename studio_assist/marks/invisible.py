"""The invisible mark of a picture: 48 bits in a tiled spread-spectrum code, keyed by project.

Made for storyboards, which are mostly flat white or grey paper, as much as for photographs. It is a faint
low-frequency variation of brightness, stronger where the picture is busy and in the amber band, never more
than 40 dB of change; `invisible_pattern` says of what, `invisible_code` what it carries, `invisible_reading`
how it is found again and why it is not found where it is not.

It points into the ledger and proves nothing alone: whoever holds a blank marked picture can estimate the
pattern and take it off or put it on another one.

What holds: pictures from 900 pixels along the long side up survive each attack of `tests/marks/attacks.py`
(the README's table). From 440 pixels the same is true of boards and most photographs; a lawn close up loses
it to halving and cropping. At 320 pixels saving as JPEG down to quality 70 and less light or contrast leave
it, and the busiest pictures (a lawn, a drawing that is all lines) do not carry it at all. On paper that is
pure white, what blows white out (brightness, contrast) or flattens it (JPEG of quality 30) leaves the mark in
the band alone; with the band cut off, or without one (`band_rows` 0), it is gone then.
"""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

from studio_assist.marks import invisible_code as code
from studio_assist.marks import invisible_pattern as pattern
from studio_assist.marks.invisible_code import pack_payload, unpack_payload
from studio_assist.marks.invisible_pattern import Complexes, Floats
from studio_assist.marks.invisible_reading import Found, read

__all__ = ["Found", "embed", "mark_key", "pack_payload", "read", "unpack_payload"]

_KEY_PURPOSE: Final = b"studio-assist invisible mark v1\n"
#: Strength in grey levels (root mean square) where nothing goes on; a little less where it is dark, since the
#: eye sees more there.
_CALM: Final = 0.9
#: What is added for each grey level of what goes on around, and where that ends.
_BUSY: Final = 0.6
_MOST: Final = 5.0
#: Strength in the band, which nobody looks at for its beauty.
_IN_BAND: Final = 3.5
#: Most mean squared change over the three channels: 40.15 dB.
_MOST_CHANGE: Final = 255**2 / 10**4.015
#: Paper is made darker (ink lighter) by so many strengths, so that the mark has room on both sides. More
#: would keep more of it at the cost of a greyer white; this reads best for the same change.
_ROOM: Final = 0.5
#: Steps to a grey level in which the change is drawn to full size.
_FINE: Final = 8
#: How a change of brightness is shared by red, green and blue. By luma it costs a quarter less change for the
#: same brightness, and amber's red, which is near its limit, hardly takes part; grey pictures must stay grey.
_EQUALLY: Final = (1.0, 1.0, 1.0)
_BY_LUMA: Final = (0.669, 1.313, 0.255)
#: At most this share of what the picture itself says at a frequency of the mark is taken back.
_TAKEN_BACK: Final = 0.7
#: A search finds a mark's lattice by its power, so that much more than the picture's own must be left.
_POWER_LEFT: Final = 0.25


def mark_key(secret: str) -> bytes:
    """The 32 bytes that key a project's marks, from the secret in its project file."""
    return hashlib.sha256(_KEY_PURPOSE + secret.encode()).digest()


def embed(pixels: NDArray[np.uint8], payload: int, key: bytes, *, band_rows: int = 0) -> NDArray[np.uint8]:
    """A marked copy of a picture.

    Args:
        pixels: (h, w, 3) RGB; (h, w) grey and (h, w, 4) with transparency, which is left alone, do as well.
        payload: 48 bits, see `pack_payload`.
        key: the project's, see `mark_key`.
        band_rows: height of the band at the lower edge, drawn before.

    Raises:
        ValueError: another shape or type, or a payload of more than 48 bits.
    """
    image = pattern.rgb_image(pixels)
    luma = pattern.luminance(image, pattern.units_for(*image.size))
    which = pattern.plan(key)
    values = pattern.values_for(which, code.encode(payload))
    ringing = pattern.band_pass(luma)
    strength = _strength(luma, ringing, round(band_rows * luma.shape[0] / image.height))
    flat, weight = pattern.flattened(ringing)
    tile = pattern.tile_of(_aimed(values, flat, strength * weight))
    share = _EQUALLY if _is_grey(image, band_rows) else _BY_LUMA
    change = _change(pattern.tiled(tile, luma.shape), luma, strength, cost=float(np.square(share).mean()))
    steps = np.clip(np.rint(change * _FINE) + 128, 0, 255).astype(np.uint8)
    drawn = Image.fromarray(steps).resize(image.size, Image.Resampling.BICUBIC)
    edge = max(0, image.height - band_rows)
    marked = np.array(pixels)
    for top, bottom, shares in ((0, edge, share), (edge, image.height, _BY_LUMA)):
        if bottom > top and pixels.ndim == 3:
            box = (0, top, image.width, bottom)
            marked[top:bottom, :, :3] = np.asarray(_added(image.crop(box), drawn.crop(box), shares))
    if pixels.ndim == 2:
        marked[:] = np.asarray(_added(image, drawn, _EQUALLY).getchannel(0))
    return marked


def _strength(luma: Floats, ringing: Floats, band_rows: int) -> Floats:
    """How strong the mark is at each place, in grey levels.

    What goes on at a place is the least that goes on within 15 units of it: hatching and leaves hide the
    mark, the clear paper beside a single line does not.
    """
    # A band-passed line (`ringing`) rings into the paper beside it, where nothing changes between points.
    steps = np.abs(np.diff(luma, axis=0, append=luma[-1:])) + np.abs(
        np.diff(luma, axis=1, append=luma[:, -1:])
    )
    busy = np.minimum(pattern.smooth(np.abs(ringing), 2.5), 0.7 * pattern.smooth(steps, 2.5))
    for axis in (0, 1):
        for reach in (1, 2, 4, 8):
            busy = np.minimum(np.roll(busy, reach, axis), np.roll(busy, -reach, axis))
    calm = _CALM * (0.65 + 0.35 * np.minimum(1, luma / 80))
    strength = np.minimum(calm + _BUSY * pattern.smooth(busy, 4.0), _MOST)
    if band_rows:
        strength[-band_rows:] = _IN_BAND
    return strength.astype(np.float32)


def _aimed(values: Complexes, flat: Floats, response: Floats) -> Complexes:
    """The values changed so that part of what the picture itself says at their frequencies is taken back.

    Folded over all tiles that is little, and it is the greater part of a reader's noise where nothing was cut
    off. In pictures with so much detail that taking it back would cost more than it brings, less of it is.
    """
    rows, columns = pattern.frequencies()
    own = np.fft.rfft2(pattern.tiles_of(flat).sum(0))[rows, columns] / (
        response.sum() / np.sqrt(2 * len(rows))
    )
    size = np.abs(own)
    own = own * np.minimum(1, 3 / np.maximum(size, 1e-6))
    ratio = 1 / max(float(np.mean(np.abs(own) ** 2)), 1e-6)
    aimed = values - np.clip((ratio - _POWER_LEFT) / 2, 0, _TAKEN_BACK) * own
    return (aimed / np.sqrt(np.mean(np.abs(aimed) ** 2))).astype(np.complex64)


def _change(plane: Floats, luma: Floats, strength: Floats, *, cost: float) -> Floats:
    """What is added to the brightness of each place, kept below `_MOST_CHANGE`.

    Args:
        cost: mean squared change of the three channels for a change of 1 in brightness.
    """
    while True:
        room = _ROOM * strength
        change = plane * strength - np.maximum(0, luma + room - 255) + np.maximum(0, room - luma)
        much = cost * float(np.mean(np.square(change)))
        if much <= 1.01 * _MOST_CHANGE:
            return change
        strength = strength * np.float32(np.sqrt(_MOST_CHANGE / much))


def _added(image: Image.Image, steps: Image.Image, shares: tuple[float, ...]) -> Image.Image:
    channels: list[Image.Image] = []
    for channel, share in zip(image.split(), shares, strict=True):
        amounts = [round((step - 128) / _FINE * share) for step in range(256)]
        up = steps.point([max(0, amount) for amount in amounts])
        down = steps.point([max(0, -amount) for amount in amounts])
        channels.append(ImageChops.subtract(ImageChops.add(channel, up), down))
    return Image.merge("RGB", channels)


def _is_grey(image: Image.Image, band_rows: int) -> bool:
    """Hardly any colour above the band."""
    above = image.crop((0, 0, image.width, max(1, image.height - band_rows)))
    small = np.asarray(above.resize((96, 96), Image.Resampling.BOX), np.int16)
    return float((small.max(-1) - small.min(-1)).mean()) < 4
