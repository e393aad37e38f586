"""Photoshop documents: drawings with their layers for programs that open no OpenRaster.

Names, pixels, places, opacity and visibility of layers go over; what a layer is for does not, and is told
again by `returned`.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio_assist.domain.canvas import UNDERLAY_NAME, Canvas, Layer
from studio_assist.domain.errors import BadInput
from studio_assist.interchange.openraster import MOST_LAYERS, layer_pixels, merged_of, png_of

if TYPE_CHECKING:
    from psd_tools import PSDImage

_MOST_SIDE: Final = 8192
#: Of all layers together: fifty of a 4K canvas.
_MOST_PIXELS: Final = 1 << 29
_DAMAGED: Final = (
    OSError,
    ValueError,
    AssertionError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    EOFError,
    NotImplementedError,
    OverflowError,
    MemoryError,
    RuntimeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


def write(canvas: Canvas, over: Image.Image | None = None) -> bytes:
    """A canvas as a PSD file. The underlay is named as what it is, and locked.

    Args:
        over: as in `openraster.write`.
    """
    # It is slow to import, and most runs never need it.
    from psd_tools import PSDImage

    # With alpha: in a document without, psd-tools makes masks of what layers let through.
    merged = merged_of(canvas, over).convert("RGBA")
    document = PSDImage.frompil(merged)
    for layer in canvas.layers:
        image = Image.fromarray(layer_pixels(layer)) if layer.png else Image.new("RGBA", (1, 1))
        made = document.create_pixel_layer(
            image,
            name=UNDERLAY_NAME if layer.kind == "temp" else layer.name,
            top=layer.y,
            left=layer.x,
            opacity=round(255 * layer.opacity),
        )
        made.visible = layer.visible
        if layer.kind == "temp":
            # Twice: the first call only makes the place for it (psd-tools 1.26).
            made.lock()
            made.lock()
    # psd-tools puts the layers together once more when it saves, without what lies over them.
    layered, flat = _saved(document), _saved(PSDImage.frompil(merged))
    return layered[: _merged_at(layered)] + flat[_merged_at(flat) :]


def _saved(document: PSDImage) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _merged_at(data: bytes) -> int:
    """Where a file's merged picture begins, its last section, behind the head and three others."""
    at = 26
    for _ in range(3):
        at += 4 + int.from_bytes(data[at : at + 4], "big")
    return at


def wrong_layers(data: bytes, canvas: Canvas) -> str | None:
    """What is wrong with a written file that was read back, or None: every layer is there as it was."""
    found = read(data).layers
    if len(found) != len(canvas.layers):
        return f"it has {len(found)} layers, not {len(canvas.layers)}"
    for back, layer in zip(found, canvas.layers, strict=True):
        name = UNDERLAY_NAME if layer.kind == "temp" else layer.name
        if back.name != name[:200]:
            return f"its layer {name} is missing"
        if layer.png and not _alike(layer_pixels(back), layer_pixels(layer)):
            return f"its layer {name} does not read back as it was"
    return None


def _alike(back: NDArray[np.uint8], sent: NDArray[np.uint8]) -> bool:
    """Whether two pictures are the same wherever something is to be seen."""
    return back.shape == sent.shape and bool(
        np.array_equal(back[..., 3], sent[..., 3])
        and np.array_equal(back[..., :3][sent[..., 3] > 0], sent[..., :3][sent[..., 3] > 0])
    )


def read(data: bytes, name: str = "") -> Canvas:
    """Read a PSD file's layers; groups are taken apart. A file without layers is one layer.

    Raises:
        BadInput: no such file, cut short, or larger than anything is drawn.
    """
    from psd_tools import PSDImage

    try:
        # Before anything is made of it: a file says how large it is in its first bytes.
        if data[:4] == b"8BPS" and max(struct.unpack(">II", data[14:22])) > _MOST_SIDE:
            raise _bad(f"It is larger than {_MOST_SIDE} pixels a side.", name)
        document = PSDImage.open(io.BytesIO(data))
        if max(document.width, document.height) > _MOST_SIDE:
            raise _bad(f"It is larger than {_MOST_SIDE} pixels a side.", name)
        layers = tuple(_layers(document, name))
        if not layers:
            merged = document.topil()
            if merged is not None:
                layers = (
                    Layer(id="merged", kind="other", name="Merged", png=png_of(merged.convert("RGBA"))),
                )
        return Canvas(width=document.width, height=document.height, layers=layers)
    except _DAMAGED as error:
        raise _bad("It is damaged or cut short, or no PSD file.", name) from error


def _layers(document: Any, name: str) -> Iterator[Layer]:
    ids: set[str] = set()
    pixels = 0
    for number, (layer, opacity, visible) in enumerate(_flat(document, 1.0, visible=True)):
        if number >= MOST_LAYERS:
            raise _bad(f"It has more than {MOST_LAYERS} layers.", name)
        pixels += max(0, layer.width) * max(0, layer.height)
        if pixels > _MOST_PIXELS:
            raise _bad("It has more pixels than anything is drawn with.", name)
        image = layer.topil()
        base = re.sub(r"[^a-z0-9-]", "-", layer.name.lower())[:30].strip("-") or "layer"
        found = base if base not in ids else f"{base}-{number}"
        ids.add(found)
        yield Layer(
            id=found,
            kind="temp" if layer.name == UNDERLAY_NAME and not _has_temp(ids, found) else "other",
            name=layer.name[:200],
            png=png_of(image.convert("RGBA")) if image is not None else b"",
            x=int(layer.left),
            y=int(layer.top),
            opacity=opacity,
            visible=visible,
        )


def _has_temp(ids: set[str], found: str) -> bool:
    """Whether a layer of the underlay's name came before: a drawing has one underlay."""
    return any(one != found and one.startswith("temp-ai-underlay") for one in ids)


def _flat(group: Iterable[Any], opacity: float, *, visible: bool) -> Iterator[tuple[Any, float, bool]]:
    """Layers with what their groups do to them."""
    for layer in group:
        covers, seen = opacity * layer.opacity / 255, visible and layer.visible
        if layer.is_group():
            yield from _flat(layer, covers, visible=seen)
        else:
            yield layer, covers, seen


def _bad(why: str, name: str) -> BadInput:
    return BadInput(
        f"The drawing cannot be opened. {why}",
        remedy="Save it once more as PSD, in RGB with 8 bits, or as OpenRaster.",
        place=name or None,
    )
