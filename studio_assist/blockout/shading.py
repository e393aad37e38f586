"""Light as flat greys: which tone a surface has under the key light, by day, at dusk, at night, in weather.

Boards are shaded as ink wash is: few flat steps, no gradients. Sets and figures ask here, so that they agree.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio_assist.blockout.drawing import Hatch, Points, Shape
from studio_assist.blockout.view import View
from studio_assist.domain.staging import Light, Staging

#: The board's greys, from line ink to paper (#1F2226 … #FCFBF8), as shares of paper.
GREYS: Final = (0.134, 0.254, 0.43, 0.625, 0.769, 0.852, 0.936, 1.0)
#: Places with a ceiling.
INTERIORS: Final = frozenset({"room", "hall", "corridor", "stairwell", "cellar", "cockpit", "car-interior"})

#: By time and whether indoors: the darkest tone and the range above it, of the set and of people. People
#: keep more light than a camera would give them: a board is there to show who looks where.
_VALUES: Final = {
    ("day", False): ((0.0, 1.0), (0.0, 1.0)),
    ("day", True): ((0.0, 0.97), (0.0, 1.0)),
    ("dawn", False): ((0.08, 0.80), (0.05, 0.90)),
    ("dawn", True): ((0.05, 0.84), (0.03, 0.94)),
    ("dusk", False): ((0.06, 0.72), (0.05, 0.86)),
    ("dusk", True): ((0.05, 0.80), (0.03, 0.94)),
    ("night", False): ((0.08, 0.44), (0.08, 0.74)),
    ("night", True): ((0.06, 0.62), (0.04, 0.90)),
}
#: By time: sky above, sky at the horizon.
_SKIES: Final = {"day": (0.936, 1.0), "dawn": (0.769, 0.936), "dusk": (0.625, 0.852), "night": (0.254, 0.43)}
#: How much of the sky's light weather leaves.
_WEATHER: Final = {"clear": 1.0, "rain": 0.84, "snow": 0.96, "fog": 0.92, "wind": 1.0, "storm": 0.68}


@dataclass(frozen=True, slots=True)
class Tones:
    """What the light of one staging makes of shades.

    Attributes:
        sun: unit vector towards the key light; `flat_sun`: the same on the floor.
        sky, sky_low: of the sky above and at the horizon.
        shadow: how much a shadow on the floor covers.
        dark: it is night.
        haze: how far away, in metres, things have gone half into the air.
    """

    light: Light
    indoors: bool
    sun: tuple[float, float, float]
    flat_sun: tuple[float, float]
    sky: float
    sky_low: float
    shadow: float
    dark: bool
    haze: float

    @classmethod
    def of(cls, staging: Staging) -> Self:
        """The tones of a staging."""
        return cls.under(staging.light, staging.place in INTERIORS)

    @classmethod
    def under(cls, light: Light, indoors: bool) -> Self:
        """The tones of a light."""
        azimuth, elevation = np.radians(light.azimuth), np.radians(light.elevation)
        flat = (float(np.sin(azimuth)), float(np.cos(azimuth)))
        rise = float(np.cos(elevation))
        sky, low = (snapped(value * _WEATHER[light.weather]) for value in _SKIES[light.time])
        night = light.time == "night"
        soft = light.weather in ("fog", "rain", "snow", "storm") and not indoors
        return cls(
            light=light,
            indoors=indoors,
            sun=(flat[0] * rise, flat[1] * rise, float(np.sin(elevation))),
            flat_sun=flat,
            sky=sky,
            sky_low=low,
            shadow=(0.5 if night else 0.42) * (0.65 if soft else 1.0) * (0.7 + 0.6 * light.contrast),
            dark=night,
            haze=9.0 if light.weather == "fog" else (60.0 if soft else 220.0),
        )

    @property
    def ground(self) -> float:
        """Of open ground without a shade of its own."""
        return self.surface(0.8)

    def surface(self, base: float, normal: ArrayLike = (0.0, 0.0, 1.0), lit: float = 0.0) -> float:
        """The tone of a face of a set or a thing.

        Args:
            base: its own shade, 0 black to 1 white.
            normal: where it faces in the world; need not be of length 1.
            lit: 1 in a beam or under a lamp, where night leaves it alone.
        """
        return self._tone(base, self._away(normal), lit, people=False)

    def figure(self, base: float, normal: ArrayLike | None = None, lit: float = 0.0) -> float:
        """The same for people, who never sink as deep into the night as the set. None: towards the light."""
        return self._tone(base, 0 if normal is None else self._away(normal), lit, people=True)

    def step(self, tone: float, steps: int) -> float:
        """A tone so many greys darker, or lighter where negative."""
        return GREYS[min(max(_nearest(tone) - steps, 0), len(GREYS) - 1)]

    def air(self, tone: float, metres: float) -> float:
        """A tone seen through so much air: the farther, the nearer to the sky at the horizon."""
        share = 0.5 ** (self.haze / max(metres, 1e-3)) if np.isfinite(metres) else 1.0
        return snapped(tone + (self.sky_low - tone) * min(share, 0.85))

    def facing(self, normal: ArrayLike) -> float:
        """How much a face is turned to the key light: 1 fully, 0 along it, negative away from it."""
        where = np.asarray(normal, float)
        length = float(np.linalg.norm(where))
        return float(where @ np.asarray(self.sun)) / length if length > 1e-9 else 1.0

    def _away(self, normal: ArrayLike) -> int:
        turned = self.facing(normal)
        hard = self.light.contrast
        if turned > 0.15:
            return 0
        return 2 if hard > 0.72 and turned < -0.25 else (1 if hard > 0.08 else 0)

    def _tone(self, base: float, away: int, lit: float, *, people: bool) -> float:
        low, span = _VALUES[self.light.time, self.indoors][1 if people else 0]
        mapped = low + span * min(max(base, 0.0), 1.0)
        if self.light.weather == "fog" and not self.indoors:
            mapped = 0.3 + 0.62 * mapped
        mapped += (base - mapped) * min(max(lit, 0.0), 1.0)
        return self.step(mapped, away)


def snapped(tone: float) -> float:
    """The nearest grey of the board."""
    return GREYS[_nearest(tone)]


def hatch_for(tone: float, normal: ArrayLike | None = None, light: Light | None = None) -> Hatch | None:
    """Pen hatching for a face in shade, or None where it is turned to the light.

    Without a normal there is always one. The pen leans as the light falls; the ink is two greys darker than
    the tone.
    """
    if normal is not None and light is not None and Tones.under(light, False).facing(normal) > 0.0:
        return None
    slant = 45.0 if light is None or np.sin(np.radians(light.azimuth)) <= 0 else 135.0
    return Hatch(angle=slant, gap=8.0, weight=0.9, tone=GREYS[max(_nearest(tone) - 2, 0)])


def ground_shadow(
    view: View, tones: Tones, outline: NDArray[np.float64], height: float = 1.0, z: float = 0.0
) -> tuple[Shape, ...]:
    """The shadow on the floor of something whose foot is `outline` ((n, 2) metres), cast a little from the
    light.

    Two flat steps, the darker one where it touches the floor: as soft as a brush makes it.
    """
    slope = max(np.tan(np.radians(max(tones.light.elevation, 18.0))), 0.3)
    reach = min(0.42 * height / slope, 0.9 * height, 3.0)
    shapes: list[Shape] = []
    for share, alpha in ((1.0, 0.62), (0.42, 0.55)):
        cast = outline - np.asarray(tones.flat_sun) * reach * share
        ring = _hull(
            np.concatenate([outline, outline * 0.3 + cast * 0.7, cast * 0.8 + cast.mean(axis=0) * 0.2])
        )
        seen = view.polygon(np.column_stack([ring, np.full(len(ring), z)]))
        if seen is not None:
            # The pen goes over the outer step, as level as the floor.
            hatch = Hatch(angle=9.0, gap=6.5, weight=1.0, tone=0.1) if share == 1.0 else None
            cover = tones.shadow * alpha
            shapes.append(Shape(seen, fill=GREYS[0], ink=0.0, alpha=cover, hatch=hatch, silent=True))
    return tuple(shapes)


def beam(
    view: View, start: ArrayLike, end: ArrayLike, near_m: float, far_m: float, alpha: float = 0.4
) -> tuple[Shape, ...]:
    """A beam of light in the air from `start` to `end`, so wide at both: two steps, the core lighter."""
    one, other = np.asarray(start, float), np.asarray(end, float)
    # It is as wide across the camera's view as a round beam would be.
    across = np.cross(other - one, (one + other) / 2 - np.asarray(view.camera.at))
    length = float(np.linalg.norm(across))
    if length < 1e-9:
        return ()
    across = across / length
    shapes: list[Shape] = []
    for share in (1.0, 0.5):
        near, far = across * near_m * share / 2, across * far_m * share / 2
        seen = view.polygon([one + near, other + far, other - far, one - near])
        if seen is not None:
            shapes.append(Shape(seen, fill=1.0, ink=0.0, alpha=alpha, silent=True))
    return tuple(shapes)


def glow(
    view: View, at: ArrayLike, radius_m: float, alpha: float = 0.22, rings: int = 3
) -> tuple[Shape, ...]:
    """Light around a lamp or a fire, as rings of lighter wash."""
    spot, ahead = view.project(at)
    if ahead[0] <= 0.1:
        return ()
    size = radius_m * view.focal_px / float(ahead[0])
    angle = np.linspace(0.0, 2.0 * np.pi, 36, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return tuple(
        Shape(spot[0] + circle * size * (rings - ring) / rings, fill=1.0, ink=0.0, alpha=alpha, silent=True)
        for ring in range(rings)
    )


def oval(at: tuple[float, float], across: float, along: float, turn: float = 0.0, count: int = 28) -> Points:
    """An ellipse on the floor with half axes in metres, `along` where `turn` faces."""
    angle = np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)
    x, y = np.cos(angle) * across, np.sin(angle) * along
    sine, cosine = np.sin(np.radians(turn)), np.cos(np.radians(turn))
    return np.stack([at[0] + x * cosine + y * sine, at[1] - x * sine + y * cosine], axis=1)


def _nearest(tone: float) -> int:
    at = bisect(GREYS, tone)
    if at == 0:
        return 0
    if at == len(GREYS):
        return at - 1
    return at if GREYS[at] - tone < tone - GREYS[at - 1] else at - 1


def _hull(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The convex outline of points (Andrew's monotone chain)."""
    ordered = points[np.lexsort((points[:, 1], points[:, 0]))].tolist()

    def half(rows: list[list[float]]) -> list[list[float]]:
        chain: list[list[float]] = []
        for row in rows:
            while (
                len(chain) > 1
                and (
                    (chain[-1][0] - chain[-2][0]) * (row[1] - chain[-2][1])
                    - (chain[-1][1] - chain[-2][1]) * (row[0] - chain[-2][0])
                )
                <= 0
            ):
                chain.pop()
            chain.append(row)
        return chain[:-1]

    return np.asarray(half(ordered) + half(ordered[::-1]))
