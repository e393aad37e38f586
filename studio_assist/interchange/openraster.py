"""OpenRaster: drawings with their layers, as Krita, GIMP and MyPaint open and save them.

Written as the specification's version 0.0.6 has it (https://www.openraster.org/baseline/): a ZIP file with
`mimetype` first and uncompressed, `stack.xml`, a PNG a layer, a merged picture and a thumbnail. What our
layers are for stands in attributes of a namespace of our own, which other programs leave away; `returned`
tells layers again that came back without.
"""

from __future__ import annotations

import html
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydantic import ValidationError

from studio_assist.domain.canvas import (
    PAPER,
    UNDERLAY_DARK,
    UNDERLAY_LIGHT,
    UNDERLAY_NAME,
    Canvas,
    Layer,
)
from studio_assist.domain.errors import BadInput

_MIME: Final = b"image/openraster"
_OURS: Final = "https://studio-assist.app/ns/ora"
#: No drawing of ours comes near; a file that claims more is made to fill the memory.
MOST_LAYERS: Final = 200
MOST_BYTES: Final = 1 << 30
_MOST_PIXELS: Final = 8192 * 8192
#: Of all layers together: fifty of a 4K canvas.
_MOST_PIXELS_IN_ALL: Final = 1 << 29
#: The list of layers, in bytes, and how deep groups lie in each other.
_MOST_LIST: Final = 4 << 20
_DEEPEST: Final = 50
_THUMBNAIL: Final = (256, 256)
#: Rows that are worked on in one go.
_STRIP: Final = 128
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_KINDS: Final = ("temp", "ink", "tone", "notes", "other")
# A compression that nobody uses, a password, and a number without end.
_DAMAGED: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)


@dataclass(frozen=True)
class Opened:
    """A file that was read. `warnings`: what of it is not in the canvas as it was, in sentences."""

    canvas: Canvas
    warnings: tuple[str, ...] = ()


def read(data: bytes, name: str = "") -> Canvas:
    """As `opened`, without the warnings."""
    return opened(data, name).canvas


def opened(data: bytes, name: str = "") -> Opened:
    """Read an OpenRaster file. Groups are taken apart into their layers.

    Args:
        name: of the file, for errors.

    Raises:
        BadInput: no such file, cut short, or larger than anything is drawn.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive, name)
            stack = archive.read("stack.xml")
            if b"<!DOCTYPE" in stack or b"<!ENTITY" in stack:
                raise _bad("It declares entities, which no drawing program does.", name)
            return _Reader(archive, ElementTree.fromstring(stack), name).read()
    except (KeyError, ElementTree.ParseError, ValidationError, *_DAMAGED) as error:
        raise _bad("It is damaged or cut short, or no OpenRaster file.", name) from error


def write(canvas: Canvas, over: Image.Image | None = None) -> bytes:
    """A canvas as an OpenRaster file. The same canvas gives the same bytes.

    Args:
        over: lies on the foot of the merged picture and the thumbnail, whatever was drawn there.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        _put(archive, "mimetype", _MIME)
        lines = [
            "<?xml version='1.0' encoding='UTF-8'?>",
            f'<image version="0.0.6" w="{canvas.width}" h="{canvas.height}" xmlns:sa="{_OURS}"'
            f"{f' sa:temp={_quoted(canvas.temp)}' if canvas.temp else ''}>",
            " <stack>",
        ]
        # The specification lists layers from the top down.
        for number, layer in reversed(list(enumerate(canvas.layers))):
            source = f"data/layer{number:03}.png"
            lines.append(_layer_line(layer, source))
            _put(archive, source, layer.png or _blank())
        lines += [" </stack>", "</image>", ""]
        _put(archive, "stack.xml", "\n".join(lines).encode("utf-8"))
        merged = merged_of(canvas, over)
        _put(archive, "mergedimage.png", png_of(merged))
        merged.thumbnail(_THUMBNAIL)
        _put(archive, "Thumbnails/thumbnail.png", png_of(merged))
    return out.getvalue()


def merged_of(canvas: Canvas, over: Image.Image | None) -> Image.Image:
    """All layers as one picture, and what lies over them at its foot."""
    merged = composed(canvas, underlay=True, notes=True)
    if over is not None:
        merged.paste(over, (0, merged.height - over.height))
    return merged


def flattened(canvas: Canvas, *, underlay: bool, notes: bool = False) -> bytes:
    """The drawing as one picture on paper, a PNG file; the underlay tinted as it always is."""
    return png_of(composed(canvas, underlay=underlay, notes=notes))


def composed(canvas: Canvas, *, underlay: bool, notes: bool = False) -> Image.Image:
    """As `flattened`, in RGB. Layers that are not visible are left out."""
    ground = Image.new("RGBA", (canvas.width, canvas.height), (*PAPER, 255))
    for layer in canvas.layers:
        if not layer.png or not layer.visible or (layer.kind == "temp" and not underlay):
            continue
        if layer.kind == "notes" and not notes:
            continue
        pixels = layer_pixels(layer)
        if layer.kind == "temp":
            pixels = tinted(pixels)
        image = Image.fromarray(pixels)
        if layer.opacity < 1:
            covers = [round(alpha * layer.opacity) for alpha in range(256)]
            image.putalpha(image.getchannel("A").point(covers))
        ground.alpha_composite(*_placed(image, layer, ground.size))
    return ground.convert("RGB")


def layer_pixels(layer: Layer) -> NDArray[np.uint8]:
    """A layer's own pixels, (height, width, 4) in RGBA. Raises `BadInput` where they cannot be read."""
    try:
        with Image.open(io.BytesIO(layer.png), formats=("PNG",)) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise _bad(f"The layer {layer.name} is larger than 8192 × 8192 pixels.", layer.name)
            return np.array(image.convert("RGBA"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, *_DAMAGED) as error:
        raise _bad(f"The layer {layer.name} is damaged.", layer.name) from error


def tinted(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """RGBA in the underlay's duotone; what covers it stays as it was."""
    steps = np.linspace(UNDERLAY_DARK, UNDERLAY_LIGHT, 256).round().astype(np.uint8)
    weights = np.array([77, 150, 29], np.uint16)
    out = pixels.copy()
    # In strips: one step over a whole picture of 4K would hold Python's lock, and the window, too long.
    for top in range(0, len(out), _STRIP):
        grey = (pixels[top : top + _STRIP, :, :3].astype(np.uint16) @ weights) >> 8
        out[top : top + _STRIP, :, :3] = steps[grey]
    return out


def png_of(image: Image.Image) -> bytes:
    """A picture as a PNG file; level 1: higher ones take several times as long for a tenth of the size."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


class _Reader:
    """One file on its way in."""

    def __init__(self, archive: zipfile.ZipFile, root: ElementTree.Element, name: str) -> None:
        self._archive: Final = archive
        self._root: Final = root
        self._name: Final = name
        self._warnings: Final[list[str]] = []
        self._ids: Final[set[str]] = set()
        self._files: Final[dict[str, bytes]] = {}
        self._pixels_in_all = 0

    def read(self) -> Opened:
        width, height = (int(self._root.get(side, "0")) for side in ("w", "h"))
        stack = self._root.find("stack")
        if stack is None:
            raise _bad("It has no layers.", self._name)
        layers: list[Layer] = []
        for layer in self._layers(stack, 0, 0, 1.0, visible=True):
            if len(layers) >= MOST_LAYERS:
                raise _bad(f"It has more than {MOST_LAYERS} layers.", self._name)
            layers.append(layer)
        layers.reverse()
        canvas = Canvas(
            width=width, height=height, layers=tuple(layers), temp=self._root.get(f"{{{_OURS}}}temp")
        )
        return Opened(canvas, tuple(dict.fromkeys(self._warnings)))

    def _layers(
        self, stack: ElementTree.Element, x: int, y: int, opacity: float, *, visible: bool, deep: int = 0
    ) -> Iterator[Layer]:
        if deep > _DEEPEST:
            raise _bad(f"Its groups lie more than {_DEEPEST} deep in each other.", self._name)
        for part in stack:
            seen = visible and part.get("visibility", "visible") != "hidden"
            covers = opacity * min(1.0, max(0.0, float(part.get("opacity", "1"))))
            at = x + int(float(part.get("x", "0"))), y + int(float(part.get("y", "0")))
            if part.tag == "stack":
                self._warnings.append(f"The group {part.get('name', 'without a name')} was taken apart.")
                yield from self._layers(part, *at, covers, visible=seen, deep=deep + 1)
            elif part.tag == "layer":
                yield self._layer(part, *at, covers, visible=seen)
            else:
                self._warnings.append(f"A {part.tag} was left out: only layers with pixels are taken.")

    def _layer(self, part: ElementTree.Element, x: int, y: int, opacity: float, *, visible: bool) -> Layer:
        name = part.get("name") or "Layer"
        if part.get("composite-op", "svg:src-over") != "svg:src-over":
            self._warnings.append(f"The layer {name} blends in a way that is not known here; it lies on top.")
        kind = part.get(f"{{{_OURS}}}kind", "other")
        return Layer(
            id=self._fresh_id(part.get(f"{{{_OURS}}}id") or "layer"),
            kind=kind if kind in _KINDS else "other",
            name=name[:200],
            png=self._pixels(part.get("src", "")),
            x=x,
            y=y,
            opacity=opacity,
            visible=visible,
            strokes=int(part.get(f"{{{_OURS}}}strokes", "0")),
            by=part.get(f"{{{_OURS}}}by", ""),
        )

    def _pixels(self, source: str) -> bytes:
        if source not in self._files:
            self._files[source] = self._archive.read(source)
        data = self._files[source]
        if data == _blank():
            return b""
        if data[:8] != _PNG or data[12:16] != b"IHDR":
            raise _bad(f"{source} is no PNG file.", self._name)
        width, height = struct.unpack(">II", data[16:24])
        self._pixels_in_all += width * height
        if width * height > _MOST_PIXELS or self._pixels_in_all > _MOST_PIXELS_IN_ALL:
            raise _bad("It has more pixels than anything is drawn with.", self._name)
        return data

    def _fresh_id(self, wanted: str) -> str:
        base = re.sub(r"[^a-z0-9-]", "", wanted.lower())[:30] or "layer"
        found, number = base, 2
        while found in self._ids:
            found, number = f"{base}-{number}", number + 1
        self._ids.add(found)
        return found


def _quoted(value: str) -> str:
    """A value as an attribute of XML. (`xml.sax.saxutils` would load urllib, which the window never does.)"""
    # XML has no way to write the other control characters.
    plain = "".join(sign if sign >= " " else " " for sign in value)
    return f'"{html.escape(plain)}"'


def _check(archive: zipfile.ZipFile, name: str) -> None:
    parts = archive.infolist()
    if "stack.xml" not in archive.namelist():
        raise _bad("It is no OpenRaster file: it has no list of layers.", name)
    if archive.getinfo("stack.xml").file_size > _MOST_LIST:
        raise _bad("Its list of layers is longer than any drawing's.", name)
    if len(parts) > MOST_LAYERS + 50 or sum(part.file_size for part in parts) > MOST_BYTES:
        raise _bad(f"It has more than {MOST_LAYERS} layers or a gigabyte of pixels.", name)


def _layer_line(layer: Layer, source: str) -> str:
    # Programs that know nothing of us show the name; theirs is how it is told again.
    name = UNDERLAY_NAME if layer.kind == "temp" else layer.name
    fields = {
        "name": name,
        "src": source,
        "x": str(layer.x),
        "y": str(layer.y),
        "opacity": f"{layer.opacity:.4f}",
        "visibility": "visible" if layer.visible else "hidden",
        "composite-op": "svg:src-over",
        "sa:kind": layer.kind,
        "sa:id": layer.id,
        "sa:strokes": str(layer.strokes),
        "sa:by": layer.by,
    }
    if layer.kind == "temp":
        fields["edit-locked"] = "true"
    return "  <layer " + " ".join(f"{key}={_quoted(value)}" for key, value in fields.items()) + "/>"


def _placed(
    image: Image.Image, layer: Layer, size: tuple[int, int]
) -> tuple[Image.Image, tuple[int, int], tuple[int, int]]:
    """What `alpha_composite` wants: the picture, where it goes, from where in it; it takes no negatives."""
    left, top = max(0, -layer.x), max(0, -layer.y)
    if left >= image.width or top >= image.height or layer.x >= size[0] or layer.y >= size[1]:
        return Image.new("RGBA", (1, 1)), (0, 0), (0, 0)
    return image, (max(0, layer.x), max(0, layer.y)), (left, top)


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    # A fixed time, so that the same drawing is the same file. PNG is packed already.
    archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)


def _blank() -> bytes:
    return png_of(Image.new("RGBA", (1, 1)))


def _bad(why: str, name: str) -> BadInput:
    return BadInput(
        f"The drawing cannot be opened. {why}",
        remedy="Save it once more from the program it was made with, or go on from the version before.",
        place=name or None,
    )
