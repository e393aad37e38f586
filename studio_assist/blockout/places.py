"""What surrounds the pieces, by place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from studio_assist.blockout import insides, landscapes, roofs, rooms, stairwell, streets
from studio_assist.blockout.drawing import Group
from studio_assist.blockout.shading import Tones
from studio_assist.blockout.view import View
from studio_assist.domain.staging import Place, Staging

Draw = Callable[[Staging, View, Tones, int], list[Group]]


def _void(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """White paper."""
    return []


PLACES: Final[dict[Place, Draw]] = {
    "room": rooms.room,
    "hall": rooms.room,
    "corridor": rooms.room,
    "cellar": rooms.room,
    "stairwell": stairwell.stairwell,
    "cockpit": insides.cockpit,
    "car-interior": insides.car_interior,
    "street": streets.street,
    "alley": streets.alley,
    "road": streets.road,
    "harbour": streets.harbour,
    "roof": roofs.roof,
    "field": landscapes.field,
    "forest": landscapes.forest,
    "beach": landscapes.beach,
    "sea": landscapes.sea,
    "rocks": landscapes.rocks,
    "desert": landscapes.desert,
    "mountains": landscapes.mountains,
    "sky": landscapes.open_sky,
    "void": _void,
}


def place(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """Walls and floor, or ground, horizon and sky."""
    return PLACES[staging.place](staging, view, tones, seed)
