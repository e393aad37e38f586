"""The set of a scene: the same pieces on the same spots in all its shots.

It is made of what the slug line's kind of place has, and of all that the scene's shots name. Inside, things
stand against the walls they belong to, and the middle is left to the actors; outside, large things stand far.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from studio_assist.blockout import sets
from studio_assist.blockout.sites import Site, in_hills, light_of, on_rails, outside, site_of
from studio_assist.domain.common_words import word_set
from studio_assist.domain.shot_words import RESTING, pieces_in, verbs_of
from studio_assist.domain.staging import Light, Piece, Spot

#: What small things stand on inside, beside tables and desks.
_TOPS: Final = frozenset({"counter", "bar", "shelf", "cupboard"})
_SMALL: Final = word_set(
    "radio telephone computer television cup glass bottle book letter paper phone gun knife torch candle bag"
    " box key map camera flowers plate log-book lamp rope suitcase umbrella lantern bell pencil"
)
#: Stand on the floor when there is no table: a lamp has a stand.
_ON_FLOOR: Final = frozenset({"suitcase", "bag", "rope", "box"})
#: Metres along the back wall that these take.
_AT_WALL: Final = {
    "window": 1.5, "fireplace": 1.5, "shelf": 1.1, "cupboard": 1.1, "stove": 0.8, "sink": 0.8,
    "painting": 0.8,
    "mirror": 0.8, "clock": 0.4, "curtain": 1.6, "screen": 2.0, "piano": 1.5, "machine": 1.8, "altar": 2.0,
    "wheel": 2.3, "bars": 2.0, "counter": 2.0, "bar": 2.6, "toilet": 0.6, "stairs": 1.6, "ladder": 0.6,
}  # fmt: skip
#: Half the distance between the two front seats.
CABIN_ACROSS: Final = {"car-interior": 0.37, "cockpit": 0.5}
_HUNG: Final = frozenset({"window", "painting", "mirror", "clock", "curtain", "screen"})
#: Where large things stand outside: (x, y) of the first, and the step to the next of the kind.
_FAR: Final[dict[str, tuple[Spot, Spot]]] = {
    "tree": ((-4.4, 7.0), (3.1, 3.7)), "bush": ((3.6, 6.4), (-7.8, 1.5)), "rock": ((3.0, 5.6), (-5.9, 2.2)),
    "cliff": ((9.0, 16.0), (-20.0, 6.0)), "hill": ((-26.0, 70.0), (48.0, 20.0)),
    "mountain": ((190.0, 900.0), (-520.0, 160.0)), "house": ((-9.0, 17.0), (17.0, 4.0)),
    "tower": ((7.0, 22.0), (-20.0, 8.0)), "lighthouse": ((8.0, 24.0), (-22.0, 8.0)),
    "church": ((11.0, 28.0), (-26.0, 6.0)), "building": ((-11.0, 14.0), (22.0, 5.0)),
    "fence": ((0.0, 8.5), (0.0, 6.0)),
    "gate": ((3.4, 8.5), (-6.0, 4.0)), "bridge": ((0.0, 14.0), (0.0, 20.0)),
    "pier": ((3.5, 8.0), (-10.0, 5.0)),
    "road": ((0.0, 6.0), (0.0, 30.0)), "path": ((1.2, 5.0), (-6.0, 4.0)),
    "streetlamp": ((-3.1, 5.6), (6.4, 6.0)),
    "sign": ((3.2, 5.4), (-6.0, 4.0)), "tent": ((-4.2, 8.0), (7.6, 3.0)), "fire": ((1.9, 4.6), (-5.0, 4.0)),
    "grave": ((-2.8, 5.4), (1.9, 0.9)), "well": ((3.6, 7.0), (-8.0, 3.0)),
    "statue": ((4.2, 9.5), (-9.0, 4.0)),
    "boat": ((3.6, 9.0), (-9.0, 5.0)), "ship": ((-14.0, 60.0), (40.0, 30.0)),
    "wave": ((-3.0, 9.0), (7.0, 6.0)),
    "island": ((-30.0, 110.0), (60.0, 30.0)), "dune": ((-14.0, 30.0), (30.0, 15.0)),
    "cloud": ((-40.0, 150.0), (70.0, 30.0)), "moon": ((40.0, 200.0), (-60.0, 0.0)),
    "sun": ((-45.0, 200.0), (60.0, 0.0)),
    "car": ((4.3, 8.2), (-8.6, 2.2)), "truck": ((4.6, 9.5), (-10.0, 5.0)), "bus": ((-5.4, 11.0), (12.0, 6.0)),
    "train": ((0.0, 9.5), (0.0, 8.0)), "bicycle": ((-2.7, 5.0), (5.6, 2.0)),
    "motorcycle": ((2.8, 5.2), (-5.6, 2.0)),
    "aeroplane": ((14.0, 50.0), (-30.0, 20.0)), "helicopter": ((9.0, 34.0), (-20.0, 10.0)),
    "horse": ((2.9, 5.6), (-5.8, 2.5)), "cart": ((-3.2, 5.8), (6.6, 3.0)), "crowd": ((0.0, 9.5), (0.0, 6.0)),
    "bench": ((-2.3, 4.9), (5.0, 2.0)), "railing": ((0.0, 6.5), (0.0, 6.0)), "dog": ((1.5, 3.3), (-3.0, 1.0)),
    "cat": ((-1.5, 3.4), (3.0, 1.0)), "bird": ((2.6, 12.0), (-5.0, 3.0)), "crate": ((2.3, 4.7), (0.95, 0.5)),
    "barrel": ((-2.4, 5.2), (-0.8, 0.6)), "rails": ((2.6, 38.0), (0.0, 0.0)),
    "railcar": ((2.6, 8.8), (0.0, 47.0)), "sled": ((-1.9, 4.2), (3.6, 0.6)), "sack": ((1.9, 4.3), (0.6, 0.3)),
}  # fmt: skip
#: Not without water: a loading dock is no pier.
_AFLOAT: Final = frozenset({"pier", "boat", "ship", "wave", "island"})
_HIGH: Final = {"cloud": 45.0, "moon": 70.0, "sun": 60.0, "aeroplane": 16.0, "helicopter": 11.0, "bird": 5.0}
#: So many of one kind are enough of it.
_MOST: Final = {
    "tree": 7,
    "building": 4,
    "grave": 6,
    "rock": 4,
    "bush": 4,
    "house": 3,
    "chair": 4,
    "crate": 4,
    "rails": 1,
    "sack": 3,
}
#: What a scene's shots cannot be without when somebody does this.
_NEEDED: Final = {"drive": "car", "climb": "ladder", "ride": "horse"}
_PLENTY: Final[dict[str, int]] = {"forest": 6}


@dataclass(frozen=True, slots=True)
class Scenery:
    """A scene's set.

    Attributes:
        centre: where the actors meet.
        across: half the distance between two of them.
        seats: where one can sit, (spot, facing, height), the best first.
    """

    site: Site
    pieces: tuple[Piece, ...]
    light: Light
    inside: bool
    centre: Spot
    across: float
    seats: tuple[tuple[Spot, float, float], ...]

    def find(self, kind: str) -> Piece | None:
        """A piece by its kind or name."""
        return next((piece for piece in self.pieces if kind in (piece.kind, piece.name)), None)


def scenery(heading: str, shots: Sequence[tuple[str, tuple[str, ...]]]) -> Scenery:
    """The set for a scene: by its slug line and by what its shots name, (action, set pieces) of each."""
    site = site_of(heading)
    inside = not outside(heading)
    told = " ".join(action for action, _pieces in shots)
    named = [piece for action, pieces in shots for piece in (*pieces, *pieces_in(action))]
    if on_rails(heading, told):
        if not inside and (hills := in_hills(site, told)) is not site:
            site = hills
            named = ["house" if piece == "building" else piece for piece in named]
        named = ["railcar" if piece in ("car", "train") else piece for piece in named]
        if "railcar" in named and not inside and site.place in ("mountains", "field", "rocks"):
            # It has something to run on, and its twin is at the other end.
            named = ["rails", "railcar", *named, "railcar"]
    kinds = [*site.pieces, *(kind for kind in dict.fromkeys(named) if kind not in site.pieces)]
    if "rails" in kinds and "railcar" in kinds:
        kinds.append("railcar")
    verbs = set(verbs_of(told))
    if "sit" in verbs & RESTING and not set(kinds) & {"chair", "sofa", "bench", "armchair", "bed", "car"}:
        kinds += ["chair", "chair"] if inside else ["bench"]
    kinds += [piece for verb, piece in _NEEDED.items() if verb in verbs and piece not in kinds and not inside]
    # A scene's weather is told when it opens; later it is as often a figure of speech.
    light = light_of(heading, " ".join(action for action, _pieces in shots[:3]), told)
    maker = _Inside(site, kinds) if inside else _Outside(site, kinds, light)
    return Scenery(site, tuple(maker.pieces), light, inside, maker.centre, maker.across, tuple(maker.seats))


class _Maker:
    """Puts pieces where they belong."""

    centre: Spot = (0.0, 3.0)
    across: float = 0.62

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.seats: list[tuple[Spot, float, float]] = []
        self._tops: list[Spot] = []
        self.hung: dict[str, tuple[float, float, float]] = {}

    def put(
        self, kind: str, at: Spot, turn: float = 0.0, z: float = 0.0, state: str = "", name: str = ""
    ) -> None:
        at = (round(at[0], 3), round(at[1], 3))
        self.pieces.append(Piece(kind=kind, at=at, turn=turn, z=round(z, 3), state=state, name=name))

    def seat(self, kind: str, at: Spot, facing: float) -> None:
        self.seats.append((at, facing, sets.seat_of(kind) or 0.45))

    def small(self, kinds: Iterable[str], lit: bool) -> None:
        """Small things on the tops there are, side by side; else on the floor beside the actors."""
        for count, kind in enumerate(kinds):
            # A torch that nobody holds is out.
            state = (
                "closed"
                if kind == "torch"
                else "lit"
                if lit and kind in ("lamp", "candle", "computer", "television")
                else ""
            )
            if self._tops and kind not in _ON_FLOOR:
                # Four to a top, tables and desks first.
                x, y = self._tops[count // 4 % len(self._tops)]
                self.put(kind, (x + (0.38, -0.38, 0.1, -0.14)[count % 4], y + 0.08), state=state)
            elif kind in self.hung:
                x, y, z = self.hung[kind]
                # What hangs from a ceiling is no desk lamp.
                shown = "lantern" if kind == "lamp" else kind
                self.put(shown, (x, y), z=z, state=state, name="" if shown == kind else kind)
            else:
                x, y = self.centre
                self.put(kind, (x + (1.35 + 0.4 * count) * (-1) ** count, y + 0.5), state=state)


class _Inside(_Maker):
    def __init__(self, site: Site, kinds: Sequence[str]) -> None:
        super().__init__()
        wide, deep, high = site.room
        self._wide, self._deep = wide, deep
        # Where no table is: a telephone hangs on the wall, a lamp from the ceiling.
        self.hung = {
            "telephone": (min(1.5, wide * 0.3), deep - 0.12, 1.35),
            "lamp": (-min(1.3, wide * 0.25), deep * 0.6, high - 0.75),
        }
        self._cave = "rock" in site.pieces
        self.centre = (0.0, round(min(deep * 0.46, 4.5), 2))
        self.across = min(0.62, wide * 0.2)
        if site.place in ("car-interior", "cockpit"):
            # The drawer builds these about the driver; its front is towards the usual camera.
            self.centre, self.across = (0.0, 0.0), CABIN_ACROSS[site.place]
            return
        if site.place == "stairwell":
            kinds = [kind for kind in kinds if kind not in ("stairs", "railing", "ladder")]
        if site.pieces.count("window") > 1 and wide <= 3.2:
            # A carriage has windows along both its sides.
            for y in np.arange(1.1, deep - 0.6, 1.9):
                for side in (-1.0, 1.0):
                    self.put("window", (side * wide / 2, float(y)), turn=90.0 * side)
        floor = [kind for kind in kinds if kind not in _SMALL and kind not in _AT_WALL]
        self._middle(floor)
        self._wall([kind for kind in kinds if kind in _AT_WALL])
        self.small(dict.fromkeys(kind for kind in kinds if kind in _SMALL), lit=True)

    def _middle(self, kinds: Sequence[str]) -> None:
        x, y = self.centre
        half, deep = self._wide / 2, self._deep
        counts: dict[str, int] = {}
        chairs = kinds.count("chair")
        for kind in kinds:
            count = counts[kind] = counts.get(kind, 0) + 1
            if count > _MOST.get(kind, 2):
                continue
            match kind:
                case "table":
                    self.put("table", (x, y + 0.95 * count))
                    self._tops.append((x, y + 0.95 * count))
                    for side in (-1, 1) if count == 1 else ():
                        self.put("chair", (x + 1.0 * side, y + 0.95), turn=90.0 * side)
                        self.seat("chair", (x + 0.98 * side, y + 0.93), -90.0 * side)
                case "desk":
                    spot = (-half + 1.35 + 2.2 * (count - 1), min(deep - 1.5, y + 0.75))
                    self.put("desk", spot, turn=180.0)
                    self._tops.append(spot)
                    behind = (spot[0], spot[1] + 0.62)
                    self.put("chair", behind)
                    self.seat("chair", (behind[0], behind[1] - 0.02), 180.0)
                case "chair":
                    if "table" in kinds or ("desk" in kinds and chairs < 2):
                        continue
                    side = -1 if count % 2 else 1
                    self.put("chair", (x + 0.85 * side, y + 0.35), turn=70.0 * side)
                    self.seat("chair", (x + 0.85 * side, y + 0.33), -110.0 * side)
                case "sofa":
                    self.put("sofa", (x - 0.4, min(deep - 0.7, y + 1.35)))
                    for shift in (-0.45, 0.45):
                        self.seat("sofa", (x - 0.4 + shift, min(deep - 0.7, y + 1.35) - 0.1), 180.0)
                case "armchair":
                    self.put("armchair", (half - 1.0, y + 0.6), turn=50.0)
                    self.seat("armchair", (half - 1.03, y + 0.56), 230.0)
                case "bench":
                    spot = (x + (0.0 if count == 1 else 2.2), min(deep - 0.6, y + 1.2 * count))
                    self.put("bench", spot)
                    for shift in (-0.45, 0.45):
                        self.seat("bench", (spot[0] + shift, spot[1] - 0.08), 180.0)
                case "bed":
                    spot = (-half + 1.0 + 2.3 * (count - 1), deep - 1.1)
                    self.put("bed", spot)
                    self.seat("bed", (spot[0] + 0.55, spot[1] - 0.55), 150.0)
                case "door":
                    side = 1 if count % 2 else -1
                    self.put("door", (half * side, min(deep - 1.0, y + 0.9)), turn=90.0 * side)
                case "rug":
                    self.put("rug", (x, y + 0.2))
                case "railing":
                    self.put("railing", (0.0, deep - 0.9))
                case "column":
                    self.put("column", (half * 0.6 * (1 if count % 2 else -1), deep * 0.72))
                case "crate" | "barrel":
                    side = 1 if (count + (kind == "barrel")) % 2 else -1
                    self.put(kind, (side * (half - 0.6 - 0.35 * count), deep - 0.8 - 0.5 * count))
                    self._tops.append((side * (half - 0.6 - 0.35 * count), deep - 0.8 - 0.5 * count))
                case "dog" | "cat":
                    self.put(kind, (x + (1.3 if kind == "dog" else -1.4), y - 0.15), turn=-60.0)
                case "lever":
                    self.put("lever", (x + 0.72, y + 0.42), turn=-90.0)
                case "sack" | "sled":
                    self.put(kind, (half - 0.9, y + 1.1 + 0.6 * (kind == "sled")))
                case "railcar":
                    self.put("railcar", (half * 0.55, deep * 0.94), turn=12.0, state="open")
                case "car":
                    self.put("car", (half * 0.3, deep * 0.68), turn=90.0)
                case "rock" if self._cave:
                    self.put(kind, (half * 0.5 * (1 if count % 2 else -1), deep * 0.8))
                case "cart" | "bicycle" | "motorcycle" | "crowd" | "fire":
                    self.put(kind, (half * 0.5 * (1 if count % 2 else -1), deep * 0.8))
                case _:
                    # What has no business indoors is left to words: a mountain seen through no window.
                    continue

    def _wall(self, kinds: Sequence[str]) -> None:
        """Along the back wall, the middle first, each next on the side that has more room."""
        left = right = 0.0
        counts: dict[str, int] = {}
        for kind in sorted(dict.fromkeys(kinds), key=_wall_order):
            for _ in range(min(kinds.count(kind), 2)):
                counts[kind] = counts.get(kind, 0) + 1
                width = _AT_WALL[kind]
                if left + right == 0.0:
                    x = 0.0
                    left = right = width / 2 + 0.25
                elif right <= left:
                    x = right + width / 2
                    right = x + width / 2 + 0.25
                else:
                    x = -left - width / 2
                    left = -x + width / 2 + 0.25
                if abs(x) + width / 2 > self._wide / 2:
                    continue
                away = {
                    "machine": 0.9,
                    "wheel": 0.6,
                    "fireplace": 0.3,
                    "altar": 0.8,
                    "bars": 0.4,
                    "bar": 1.1,
                    "counter": 1.0,
                }
                y = self._deep - away.get(kind, 0.05 if kind in _HUNG else 0.35)
                self.put(kind, (x, y))
                if kind in _TOPS:
                    self._tops.append((x, y - 0.05))


class _Outside(_Maker):
    def __init__(self, site: Site, kinds: Sequence[str], light: Light) -> None:
        super().__init__()
        counts: dict[str, int] = {}
        for kind in [*kinds, *(["tree"] * _PLENTY.get(site.place, 0))]:
            dry = kind in _AFLOAT and site.place not in ("sea", "beach", "harbour", "rocks")
            name = ""
            if kind == "lamp":
                # Outdoors a lamp stands by the way.
                kind, name = "streetlamp", "lamp"
            hidden = kind in ("hill", "cliff") and "rails" in kinds
            if kind in _SMALL or kind not in _FAR or dry or hidden:
                continue
            count = counts.get(kind, 0)
            counts[kind] = count + 1
            if count >= _MOST.get(kind, 2):
                continue
            (x, y), (dx, dy) = _FAR[kind]
            if kind == "boat" and site.place == "sea" and count == 0:
                # At sea the actors are in it.
                self.put("boat", self.centre, turn=90.0)
                continue
            at = (x + dx * count, y + dy * count)
            if kind == "tree" and count > 2:
                at = ((-7.0, 5.5, -1.6, 8.5)[count % 4], 8.0 + 2.6 * count)
            turn = {"car": 80.0, "truck": 70.0, "horse": 60.0, "dog": -60.0, "boat": 35.0, "bench": 0.0}.get(
                kind, 0.0
            )
            if site.place in ("street", "alley") and kind in ("building", "house"):
                turn = -90.0 if at[0] < 0 else 90.0
            state = (
                "lit"
                if light.time == "night" and kind in ("streetlamp", "lighthouse", "house", "fire")
                else ""
            )
            high = _HIGH.get(kind, 0.0)
            if kind == "railcar" and "rails" in kinds:
                # The second stands up the track, where that is.
                high = max(0.0, (at[1] - 8.0) / 60.0 * sets.size_of("rails")[2])
            self.put(kind, at, turn=turn, z=high, state=state, name=name)
            if kind in ("bench", "rock", "crate") and count == 0:
                for shift in (-0.4, 0.4) if kind == "bench" else (0.0,):
                    self.seat(kind, (at[0] + shift, at[1] - 0.08), 180.0)
        self.small(
            dict.fromkeys(kind for kind in kinds if kind in _SMALL and kind != "lamp"),
            lit=light.time == "night",
        )


def _wall_order(kind: str) -> tuple[int, str]:
    order = (
        "altar",
        "wheel",
        "machine",
        "fireplace",
        "screen",
        "bar",
        "counter",
        "window",
        "stove",
        "bars",
        "shelf",
    )
    return (order.index(kind), "") if kind in order else (len(order), kind)
