"""A drawing that comes back from another program: which layer is which, and is the underlay still apart.

Other programs keep a layer's name and pixels and drop what we wrote beside them. So a layer is known by its
name, and the underlay by what it looks like: it may have been renamed, merged with a person's lines, or
painted into another layer. What cannot be told apart counts as temp.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio_assist.domain.canvas import PAPER, UNDERLAY_NAME, Canvas, Layer
from studio_assist.interchange.openraster import layer_pixels

#: Pictures are compared at this width in pixels: lines are still there, compression and antialiasing are not.
_WIDTH: Final = 192
#: From this correlation on a layer holds the underlay's picture. Own lines drawn over a tracing reach 0.3 to
#: 0.6; the underlay itself, lightened or with lines over a third of it, 0.85 and more.
_ALIKE: Final = 0.8
#: Grey that varies less than this, in steps of 255, is flat.
_FLAT: Final = 4.0
#: A layer that covers less of the frame than this says nothing; nor does paint fainter than the next.
_LEAST_COVER: Final = 0.02
_FAINT: Final = 0.1
#: Among many places one fits a little by chance.
_MOVED_ALIKE: Final = 0.88
#: A layer that covers less than this is not looked for in other places: a little tone fits somewhere.
_LEAST_MOVED: Final = 0.3
#: Squares of this side in which a picture shows between lines that were drawn over it, how alike each has to
#: be, and which share of those with anything in them.
_TILE: Final = 12
_TILE_ALIKE: Final = 0.93
_TILES: Final = 0.4
#: A layer may have been mirrored, made larger or smaller, and moved.
_SCALES: Final = (1.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.05, 1.1, 1.25, 1.5, 2.0)
#: Differences of grey that rounding and colour profiles make, and the share of pixels that may differ more.
_ROUNDING: Final = 24
_TOUCHED: Final = 0.0005


@dataclass(frozen=True)
class Returned:
    """What came back.

    Attributes:
        canvas: with kinds, ids and names as before where layers are known again; without the underlay.
        mixed: the underlay's pixels are in other layers too; nobody can take them out again.
    """

    canvas: Canvas
    mixed: bool


def returned(before: Canvas, back: Canvas) -> Returned:
    """Tell the layers of a file that another program saved."""
    known = {layer.name: layer for layer in before.layers if layer.kind != "temp"}
    underlay = next((layer for layer in before.layers if layer.kind == "temp"), None)
    under = _look(underlay, before) if underlay else None
    layers: list[Layer] = []
    ids: set[str] = set()
    mixed = False
    for layer in back.layers:
        if under is not None:
            alike = _alike(layer, back, under)
            if layer.kind == "temp" or layer.name == UNDERLAY_NAME:
                if layer.png and not (underlay and _is_untouched(layer, underlay)):
                    # Somebody painted over the underlay itself: whatever is theirs in it cannot be taken out.
                    mixed = True
                    layers.append(_renamed(layer, "painted-underlay", ids))
                continue
            if alike:
                mixed = True
        old = known.get(layer.name)
        if old is not None and old.id not in ids:
            ids.add(old.id)
            fields = {"id": old.id, "kind": old.kind, "strokes": old.strokes, "by": old.by}
            layers.append(layer.model_copy(update=fields))
        else:
            layers.append(_renamed(layer, layer.id, ids))
    canvas = Canvas(width=back.width, height=back.height, layers=tuple(layers))
    return Returned(canvas, mixed)


def layer_with(canvas: Canvas, underlay: bytes) -> str | None:
    """The name of the first of a person's layers that holds a picture (a PNG file); None where none does."""
    picture = Layer(id="picture", kind="temp", name=UNDERLAY_NAME, png=underlay)
    under = _look(picture, canvas)
    for layer in canvas.layers:
        if layer.kind not in ("temp", "notes") and _alike(layer, canvas, under):
            return layer.name
    return None


def _is_untouched(layer: Layer, underlay: Layer) -> bool:
    """Whether a layer holds the underlay's own pixels and nothing of anybody's, wherever it lies."""
    own, other = layer_pixels(layer), layer_pixels(underlay)
    if own.shape != other.shape:
        return False
    differs = np.abs(own.astype(np.int16) - other.astype(np.int16)).max(axis=2) > _ROUNDING
    return float(differs.mean()) <= _TOUCHED


def _renamed(layer: Layer, wanted: str, ids: set[str]) -> Layer:
    base, number = wanted[:36], 2
    found = base
    while found in ids:
        found, number = f"{base}-{number}", number + 1
    ids.add(found)
    kind = "other" if layer.kind == "temp" else layer.kind
    return layer.model_copy(update={"id": found, "kind": kind})


def _alike(layer: Layer, canvas: Canvas, under: NDArray[np.float64]) -> bool:
    """Whether a layer holds the underlay's picture, wherever it covers anything."""
    if not layer.png:
        return False
    seen = _look(layer, canvas, shape=(under.shape[0], under.shape[1]))
    if (seen[..., 1] > _FAINT).mean() < _LEAST_COVER:
        return False
    if _likeness(seen, under) >= _ALIKE or _shows_between(seen, under):
        return True
    if (seen[..., 1] > _FAINT).mean() < _LEAST_MOVED:
        return False
    return any(
        _likeness(_moved_onto(_scaled(side, scale), under), under) >= _MOVED_ALIKE
        for side in (seen, seen[:, ::-1])
        for scale in _SCALES
    )


def _likeness(seen: NDArray[np.float64], under: NDArray[np.float64]) -> float:
    """How alike two pictures are where the first covers anything: 0 to 1, also for a negative."""
    covered = seen[..., 1] > _FAINT
    if covered.mean() < _LEAST_COVER:
        return 0.0
    own, other = seen[..., 0][covered], under[..., 0][covered]
    if own.std() < _FLAT or other.std() < _FLAT:
        # Flat tone over flat tone says nothing.
        return 0.0
    return abs(float(np.corrcoef(own, other)[0, 1]))


def _shows_between(seen: NDArray[np.float64], under: NDArray[np.float64]) -> bool:
    """Whether the picture shows between lines that were drawn over it: square by square."""
    found = alike = 0
    for top in range(0, seen.shape[0] - _TILE + 1, _TILE):
        for left in range(0, seen.shape[1] - _TILE + 1, _TILE):
            tile = np.s_[top : top + _TILE, left : left + _TILE]
            if (seen[tile][..., 1] > _FAINT).mean() < 0.9 or under[tile][..., 0].std() < _FLAT:
                continue
            found += 1
            alike += _likeness(seen[tile], under[tile]) >= _TILE_ALIKE
    return alike >= 6 and alike >= _TILES * found


def _scaled(seen: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """A picture larger or smaller in a frame of the same size, from its upper left corner."""
    if scale == 1.0:
        return seen
    rows, columns = seen.shape[:2]
    down = np.minimum((np.arange(rows) / scale).astype(int), rows - 1)
    across = np.minimum((np.arange(columns) / scale).astype(int), columns - 1)
    out = seen[down][:, across]
    out[np.arange(rows) / scale >= rows] = 0
    out[:, np.arange(columns) / scale >= columns] = 0
    return out


def _moved_onto(seen: NDArray[np.float64], under: NDArray[np.float64]) -> NDArray[np.float64]:
    """A picture moved to where it fits the other one best."""
    covered = seen[..., 1] > _FAINT
    if not covered.any():
        return seen
    own = np.where(covered, seen[..., 0] - seen[..., 0][covered].mean(), 0.0)
    other = under[..., 0] - under[..., 0].mean()
    fits = np.abs(np.fft.irfft2(np.fft.rfft2(other) * np.conj(np.fft.rfft2(own)), s=own.shape))
    down, across = np.unravel_index(int(fits.argmax()), fits.shape)
    moved = np.roll(seen, (int(down), int(across)), (0, 1))
    # What went out on one side does not come in on the other.
    rows, columns = own.shape
    if down > rows // 2:
        moved[int(down) :] = 0
    else:
        moved[: int(down)] = 0
    if across > columns // 2:
        moved[:, int(across) :] = 0
    else:
        moved[:, : int(across)] = 0
    return moved


def _look(layer: Layer, canvas: Canvas, shape: tuple[int, int] | None = None) -> NDArray[np.float64]:
    """A layer in its place on the page, small: (height, width, 2) of grey on paper and cover."""
    height = max(1, round(_WIDTH * canvas.height / canvas.width))
    rows, columns = shape or (height, _WIDTH)
    page = Image.new("RGBA", (canvas.width, canvas.height), (*PAPER, 0))
    image = Image.fromarray(layer_pixels(layer))
    left, top = max(0, -layer.x), max(0, -layer.y)
    if left < image.width and top < image.height and layer.x < canvas.width and layer.y < canvas.height:
        page.alpha_composite(image, (max(0, layer.x), max(0, layer.y)), (left, top))
    cover = page.getchannel("A")
    paper = Image.new("RGBA", page.size, (*PAPER, 255))
    paper.alpha_composite(page)
    size = (columns, rows)
    grey = np.asarray(paper.convert("L").resize(size, Image.Resampling.BOX), dtype=float)
    covered = np.asarray(cover.resize(size, Image.Resampling.BOX), dtype=float) / 255
    return np.dstack([grey, covered])
