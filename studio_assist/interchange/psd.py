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
from typing import Any, Final

from PIL import Image

from studio_assist.domain.canvas import UNDERLAY_NAME, Canvas, Layer
from studio_assist.domain.errors import BadInput
from studio_assist.interchange.openraster import MOST_LAYERS, composed, layer_pixels, png_of

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


def write(canvas: Canvas) -> bytes:
    """A canvas as a PSD file."""
    # It is slow to import, and most runs never need it.
    from psd_tools import PSDImage

    document = PSDImage.frompil(composed(canvas, underlay=True, notes=True))
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
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


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
