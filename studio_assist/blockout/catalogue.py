"""Every word of `PIECES`: how large such a thing usually is, how it is built, where one sits on it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from studio_assist.blockout import (
    beings,
    buildings,
    crafts,
    elements,
    fittings,
    furniture,
    held,
    nature,
    openings,
    railway,
    roadside,
    things,
    vehicles,
)
from studio_assist.blockout.compiled import Compiled, compiled
from studio_assist.blockout.solids import Model

Size = tuple[float, float, float]
Build = Callable[[float, float, float, str], Model]
Grow = Callable[[float, float, float, str, np.random.Generator], Model]


@dataclass(frozen=True, slots=True)
class Sort:
    """One kind of piece.

    Attributes:
        seat: metres from the floor to where one sits or lies; None: one does not.
        hangs: metres above the floor that it is put at when nothing else is said.
        carried: how it is built and its size where it is in a hand, if that is otherwise.
        small: it is put on the table that it stands at.
        flat: it lies on the floor, under everything.
        slope: other things stand on it, and it runs away under them.
        grows: its outline is its own by the place where it stands.
    """

    size: Size
    build: Build | None = None
    grow: Grow | None = None
    seat: float | None = None
    hangs: float = 0.0
    small: bool = False
    flat: bool = False
    far: bool = False
    slope: bool = False
    carried: tuple[Build, Size] | None = None


SORTS: Final[dict[str, Sort]] = {
    "wall": Sort((4.0, 0.15, 2.7), fittings.wall),
    "door": Sort((0.9, 0.1, 2.05), openings.door),
    "window": Sort((1.4, 0.12, 1.15), openings.window, hangs=0.95),
    "table": Sort((1.4, 0.8, 0.75), furniture.table),
    "desk": Sort((1.5, 0.75, 0.76), furniture.desk),
    "chair": Sort((0.44, 0.46, 0.9), furniture.chair, seat=0.45),
    "armchair": Sort((0.88, 0.86, 0.9), furniture.armchair, seat=0.44),
    "sofa": Sort((2.0, 0.9, 0.84), furniture.sofa, seat=0.42),
    "bench": Sort((1.6, 0.5, 0.85), furniture.bench, seat=0.46),
    "bed": Sort((1.5, 2.1, 0.95), furniture.bed, seat=0.52),
    "lamp": Sort((0.36, 0.26, 0.52), things.lamp, small=True),
    "stove": Sort((0.75, 0.6, 0.86), furniture.stove),
    "fireplace": Sort((1.5, 0.45, 1.25), furniture.fireplace),
    "shelf": Sort((1.0, 0.3, 1.9), furniture.shelf),
    "cupboard": Sort((1.1, 0.5, 1.9), furniture.cupboard),
    "counter": Sort((2.4, 0.6, 0.92), furniture.counter),
    "bar": Sort((3.0, 0.65, 1.1), furniture.bar),
    "stairs": Sort((1.0, 3.2, 2.4), fittings.stairs),
    "rug": Sort((2.2, 1.5, 0.01), fittings.rug, flat=True),
    "mirror": Sort((0.6, 0.05, 0.9), openings.mirror, hangs=1.05),
    "painting": Sort((0.9, 0.05, 0.65), openings.painting, hangs=1.3),
    "curtain": Sort((1.8, 0.14, 2.3), openings.curtain),
    "radio": Sort((0.52, 0.26, 0.3), things.radio, small=True),
    "television": Sort((0.7, 0.45, 0.58), things.television, small=True),
    "computer": Sort((0.55, 0.5, 0.48), things.computer, small=True),
    "telephone": Sort((0.22, 0.22, 0.14), things.telephone, small=True),
    "clock": Sort((0.34, 0.06, 0.34), openings.clock, hangs=1.95),
    "piano": Sort((1.45, 0.62, 1.2), furniture.piano),
    "sink": Sort((0.55, 0.45, 0.86), fittings.sink),
    "bath": Sort((1.6, 0.72, 0.58), fittings.bath, seat=0.25),
    "toilet": Sort((0.42, 0.68, 0.78), fittings.toilet, seat=0.42),
    "screen": Sort((1.6, 0.3, 1.75), openings.screen),
    "railing": Sort((3.0, 0.08, 1.0), fittings.railing),
    "column": Sort((0.6, 0.6, 3.2), fittings.column),
    "ladder": Sort((0.45, 0.9, 3.2), fittings.ladder),
    "bars": Sort((2.4, 0.06, 2.6), fittings.bars),
    "altar": Sort((1.8, 0.8, 1.0), fittings.altar),
    "machine": Sort((1.8, 0.9, 1.9), fittings.machine),
    "crate": Sort((0.8, 0.8, 0.7), fittings.crate, seat=0.7),
    "barrel": Sort((0.6, 0.6, 0.9), fittings.barrel),
    "tree": Sort((4.6, 4.6, 6.5), grow=nature.tree),
    "bush": Sort((1.6, 1.2, 1.1), grow=nature.bush),
    "rock": Sort((1.6, 1.3, 0.9), grow=nature.rock, seat=0.7),
    "cliff": Sort((40.0, 20.0, 14.0), grow=nature.cliff),
    "hill": Sort((60.0, 30.0, 10.0), grow=nature.hill),
    "mountain": Sort((900.0, 300.0, 360.0), grow=nature.mountain),
    "house": Sort((8.0, 6.0, 6.2), buildings.house),
    "tower": Sort((6.0, 6.0, 20.0), buildings.tower),
    "lighthouse": Sort((6.0, 6.0, 24.0), buildings.lighthouse),
    "church": Sort((10.0, 22.0, 24.0), buildings.church),
    "building": Sort((14.0, 12.0, 16.0), buildings.building),
    "fence": Sort((4.0, 0.1, 1.1), roadside.fence),
    "gate": Sort((3.4, 0.4, 2.0), roadside.gate),
    "bridge": Sort((16.0, 4.0, 3.6), roadside.bridge),
    "pier": Sort((2.6, 18.0, 0.9), roadside.pier),
    "road": Sort((6.5, 120.0, 0.01), roadside.road, flat=True),
    "path": Sort((1.6, 40.0, 0.01), roadside.path, flat=True),
    "streetlamp": Sort((0.5, 0.5, 4.2), roadside.streetlamp),
    "sign": Sort((0.9, 0.1, 2.0), roadside.sign),
    "tent": Sort((2.4, 2.8, 1.8), roadside.tent),
    "fire": Sort((0.9, 0.9, 1.0), grow=elements.fire),
    "grave": Sort((0.8, 2.0, 1.1), roadside.grave),
    "well": Sort((1.6, 1.6, 2.4), roadside.well),
    "statue": Sort((1.2, 1.2, 3.4), roadside.statue),
    "boat": Sort((1.5, 4.2, 0.62), crafts.boat, seat=0.36),
    "ship": Sort((14.0, 80.0, 26.0), crafts.ship),
    "wave": Sort((9.0, 3.0, 1.8), grow=elements.wave),
    "island": Sort((160.0, 60.0, 28.0), grow=nature.island),
    "dune": Sort((26.0, 12.0, 4.0), grow=nature.dune),
    "cloud": Sort((60.0, 10.0, 16.0), grow=elements.cloud, hangs=60.0, far=True),
    "moon": Sort((0.09, 0.09, 0.09), grow=elements.moon, far=True),
    "sun": Sort((0.09, 0.09, 0.09), grow=elements.sun, far=True),
    "car": Sort((1.76, 4.4, 1.46), vehicles.car, seat=0.42),
    "truck": Sort((2.4, 7.6, 3.2), vehicles.truck, seat=1.1),
    "bus": Sort((2.5, 10.5, 3.1), vehicles.bus, seat=1.0),
    "train": Sort((2.9, 40.0, 4.2), crafts.train, seat=1.5),
    "bicycle": Sort((0.56, 1.75, 1.05), vehicles.bicycle, seat=0.92),
    "motorcycle": Sort((0.75, 2.1, 1.1), vehicles.motorcycle, seat=0.78),
    "aeroplane": Sort((11.0, 8.5, 3.0), crafts.aeroplane, seat=1.3),
    "helicopter": Sort((10.5, 11.0, 3.3), crafts.helicopter, seat=1.0),
    "horse": Sort((0.6, 2.4, 2.2), beings.horse, seat=1.45),
    "cart": Sort((1.7, 3.4, 1.5), vehicles.cart, seat=1.4),
    "cup": Sort((0.09, 0.09, 0.09), things.cup, small=True),
    "glass": Sort((0.075, 0.075, 0.11), things.glass, small=True),
    "bottle": Sort((0.08, 0.08, 0.3), things.bottle, small=True),
    "book": Sort((0.15, 0.21, 0.035), held.book, small=True, carried=(held.book, (0.15, 0.035, 0.21))),
    "letter": Sort((0.22, 0.11, 0.005), held.letter, small=True, carried=(held.page, (0.15, 0.02, 0.2))),
    "paper": Sort((0.21, 0.3, 0.005), held.paper, small=True, carried=(held.page, (0.21, 0.02, 0.29))),
    "phone": Sort((0.075, 0.15, 0.012), held.phone, small=True, carried=(held.phone, (0.075, 0.012, 0.15))),
    "gun": Sort((0.032, 0.2, 0.14), held.gun, small=True),
    "knife": Sort((0.03, 0.28, 0.035), held.knife, small=True),
    "torch": Sort((0.06, 0.22, 0.06), held.torch, small=True),
    "candle": Sort((0.11, 0.11, 0.24), things.candle, small=True),
    "bag": Sort((0.42, 0.2, 0.42), held.bag),
    "suitcase": Sort((0.62, 0.2, 0.48), held.suitcase),
    "box": Sort((0.4, 0.3, 0.28), held.box),
    "key": Sort((0.035, 0.09, 0.006), held.key, small=True),
    "rope": Sort((0.5, 0.5, 0.14), held.rope),
    "map": Sort((0.6, 0.42, 0.005), held.map_, small=True, carried=(held.page, (0.5, 0.02, 0.36))),
    "umbrella": Sort((1.05, 1.05, 0.95), held.umbrella),
    "camera": Sort((0.14, 0.11, 0.1), held.camera, small=True),
    "flowers": Sort((0.26, 0.26, 0.44), grow=elements.flowers, small=True),
    "plate": Sort((0.26, 0.26, 0.025), things.plate, small=True),
    "log-book": Sort((0.44, 0.3, 0.03), held.log_book, small=True),
    "oar": Sort((0.16, 2.4, 0.06), held.oar),
    "dog": Sort((0.34, 0.95, 0.72), beings.dog),
    "cat": Sort((0.24, 0.44, 0.42), beings.cat),
    "bird": Sort((1.1, 0.5, 0.3), beings.bird, hangs=2.6),
    "crowd": Sort((4.0, 1.8, 1.75), grow=beings.crowd),
    # Words that scripts use beside those of `PIECES`.
    "railcar": Sort((2.3, 6.0, 3.1), railway.railcar, seat=0.9),
    "rails": Sort((2.0, 60.0, 26.0), railway.rails, slope=True),
    "lever": Sort((0.3, 0.7, 1.5), railway.lever),
    "wheel": Sort((2.1, 0.5, 2.1), railway.wheel),
    "lantern": Sort((0.18, 0.18, 0.34), railway.lantern, small=True),
    "bell": Sort((0.12, 0.12, 0.08), railway.bell, small=True),
    "sled": Sort((0.9, 1.9, 0.45), railway.sled),
    "sack": Sort((0.55, 0.5, 0.7), railway.sack, seat=0.55),
    "receiver": Sort((0.06, 0.07, 0.23), railway.receiver, small=True),
    "pencil": Sort((0.01, 0.18, 0.009), railway.pencil, small=True),
}
#: For a word that nobody knows.
UNKNOWN: Final = Sort((0.8, 0.8, 0.8), held.named_box)
#: What other pieces are put on.
TOPS: Final = frozenset(
    {"table", "desk", "counter", "bar", "stove", "crate", "barrel", "altar", "piano", "cupboard"}
)


def sort_of(kind: str) -> Sort:
    """What is known of a kind."""
    return SORTS.get(kind, UNKNOWN)


@lru_cache(maxsize=64)
def in_hand(kind: str) -> tuple[Compiled, Size]:
    """The model of a thing as it is held, and its size: sheets and telephones are held up."""
    sort = sort_of(kind)
    if sort.carried is None:
        return built(kind, sort.size, "", 0), sort.size
    build, size = sort.carried
    return compiled(build(*size, "")), size


@lru_cache(maxsize=512)
def built(kind: str, size: Size, state: str, seed: int) -> Compiled:
    """The model of a kind, made once. `seed` counts only for what grows."""
    sort = sort_of(kind)
    w, d, h = (max(float(edge), 0.002) for edge in size)
    if sort.grow is not None:
        model = sort.grow(w, d, h, state, np.random.default_rng(seed))
    elif sort.build is not None:
        model = sort.build(w, d, h, state)
    else:
        model = held.named_box(w, d, h, state)
    if state == "on-fire" and kind not in ("fire", "house", "stove", "fireplace"):
        furniture.flames(model, (0.0, -d * 0.1, h * 0.5), max(w, d) * 0.7, h * 0.9 + 0.3, glow=0.95)
    return compiled(model)


def place_seed(kind: str, x: float, y: float, seed: int) -> int:
    """A seed by where a thing stands, so that moving one tree leaves the others as they are."""
    return zlib.crc32(f"{kind}/{x:.2f}/{y:.2f}/{seed}".encode())
