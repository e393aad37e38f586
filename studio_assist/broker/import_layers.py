"""A board in layers as a drawing of ours: its layers in their order, each looked at for marks."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from studio_assist.broker import board_media
from studio_assist.broker.alike import is_like_temp
from studio_assist.broker.mark_reading import Place, read_marks
from studio_assist.broker.session import Session
from studio_assist.domain.canvas import LARGEST_SIDE, Canvas, Layer, LayerKind
from studio_assist.domain.errors import BadInput, StudioError
from studio_assist.domain.incoming import IncomingBoard, IncomingLayer
from studio_assist.domain.marking import SourceType
from studio_assist.domain.storyboard import Media, Variant
from studio_assist.domain.values import Sha256, sha256_of
from studio_assist.interchange import openraster
from studio_assist.storage.atomic import read_bytes

#: What layers of Storyboarder are for, by their names; a layer of another name is a person's too.
_KINDS: Final[dict[str, LayerKind]] = {
    "main": "ink",
    "pencil": "ink",
    "ink": "ink",
    "fill": "tone",
    "tone": "tone",
    "notes": "notes",
}
_LEAST_SIDE: Final = 16
#: The least share of the frame that a picture pasted into it covers.
_COVERS: Final = 0.04


@dataclass
class Layered:
    """A board's drawing, kept among the media.

    Attributes:
        canvas, media: the drawing and its picture; None where no layer holds anything of a person's.
        marked: files of layers that say that a model made them, or that are this project's temp pictures.
        said: what a person should know, and what to do about it.
    """

    canvas: Sha256 | None = None
    media: Media | None = None
    marked: list[Path] = field(default_factory=list[Path])
    said: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def layered(session: Session, board: IncomingBoard, home: Path, waiting: Sequence[Variant] = ()) -> Layered:
    """Put a board's layers together. Blocking.

    Args:
        home: as `BoardsIn` has it. waiting: pictures that wait for a decision.

    Raises:
        Unavailable: the disk does not take it.
    """
    found = Layered()
    place = Place(open=session.folder.path, home=home)
    pixels: list[tuple[IncomingLayer, bytes, tuple[int, int]]] = []
    for layer in board.layers:
        if layer.file is None:
            continue
        file = Path(layer.file)
        try:
            data = read_bytes(file)
            png, size = _as_layer(data, file.name)
            if _is_marked(session, file, data, png, place, waiting):
                found.marked.append(file)
                found.said.append(
                    (
                        f"Its layer {layer.name} is marked as AI. It waits for a decision by itself.",
                        "",
                    )
                )
                continue
        except StudioError as error:
            found.said.append((f"Its layer {layer.name} was left out. {error.message}", error.remedy))
            continue
        pixels.append((layer, png, size))
    if pixels:
        _put_together(session, pixels, found)
    return found


def _put_together(
    session: Session, pixels: list[tuple[IncomingLayer, bytes, tuple[int, int]]], found: Layered
) -> None:
    # Nearly all layers of a board are of one size: that of the one that most of it is drawn on.
    sizes = [size for _layer, _png, size in pixels]
    width, height = max(set(sizes), key=lambda size: (sizes.count(size), size))
    layers: list[Layer] = []
    for place, (layer, png, size) in enumerate(pixels):
        if size != (width, height):
            said = f"Its layer {layer.name} was {size[0]} × {size[1]} pixels and was fitted to the board."
            found.said.append((said, ""))
            png = _resized(png, (width, height))
        layers.append(
            Layer(
                id=f"layer-{place + 1}",
                kind=_KINDS.get(layer.name, "other"),
                name=layer.name,
                png=png,
                opacity=layer.opacity,
            )
        )
    canvas = Canvas(width=width, height=height, layers=tuple(layers))
    if not board_media.has_ink(canvas):
        found.said.append(("Nothing is drawn in it: its panel is empty.", ""))
        return
    found.media, _png = board_media.composite(session.folder, canvas, underlay=False)
    found.canvas = board_media.put_canvas(session.folder, canvas)


def _is_marked(
    session: Session, file: Path, data: bytes, png: bytes, place: Place, waiting: Sequence[Variant]
) -> bool:
    """Whether a layer says that no person made it; `BoardFiles.put_picture` then says what it is.

    Marks in its pixels are looked for where it covers enough to be a picture: lines cannot carry them, and
    to look takes a second.
    """
    if b"lgorithmicMedia" in data or session.ledger.has_candidate_with(sha256_of(data)):
        return True
    alpha = openraster.layer_pixels(Layer(id="layer", kind="other", name=file.name, png=png))[..., 3]
    if float((alpha > 0).mean()) < _COVERS:
        return False
    if is_like_temp(session, waiting, data):
        return True
    report = read_marks(file, place).report
    words = (SourceType.GENERATED.word, SourceType.COMPOSITE.word)
    return bool(report.band or report.invisible.present or report.source_type in words)


def _as_layer(data: bytes, name: str) -> tuple[bytes, tuple[int, int]]:
    """A picture as RGBA in a PNG file, and its size. Raises `BadInput`."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as image:
            size = image.size
            if not _LEAST_SIDE <= min(size) <= max(size) <= LARGEST_SIDE:
                raise BadInput(
                    f"It is {size[0]:,} × {size[1]:,} pixels.",
                    remedy=f"Make it {LARGEST_SIDE} pixels wide at most.",
                    place=name,
                )
            pixels = image.convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadInput("It is larger than is read.", remedy="Make it smaller.", place=name) from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError) as error:
        raise BadInput("It is damaged or no picture.", remedy="Save it once more.", place=name) from error
    return openraster.png_of(pixels), size


def _resized(png: bytes, size: tuple[int, int]) -> bytes:
    from PIL import Image

    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        return openraster.png_of(image.resize(size, Image.Resampling.LANCZOS))
