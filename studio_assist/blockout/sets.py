"""Sets, pieces, ground, sky, weather: the way in for the drawer and for the staging rules."""

from __future__ import annotations

from studio_assist.blockout import catalogue, lights, places, weather
from studio_assist.blockout.drawing import Group
from studio_assist.blockout.order import Box, depths, figure_box
from studio_assist.blockout.shading import Tones
from studio_assist.blockout.shown import Stand, among, shown
from studio_assist.blockout.view import View
from studio_assist.domain.staging import Piece, Staging

#: Groups that lie on the floor under everything are painted as if they were so far away.
_FLOOR_M = 800.0


def surroundings(staging: Staging, view: View, seed: int) -> tuple[Group, ...]:
    """Walls and floor, or ground, horizon and sky; weather."""
    tones = Tones.of(staging)
    return (*places.place(staging, view, tones, seed), *weather.weather(staging, view, tones, seed))


def size_of(kind: str) -> tuple[float, float, float]:
    """Width, depth and height in metres that such a thing usually has."""
    return catalogue.sort_of(kind).size


def seat_of(kind: str) -> float | None:
    """Metres from the floor to where one sits or lies on it, or None where one does not."""
    return catalogue.sort_of(kind).seat


def height_of(piece: Piece, staging: Staging) -> float:
    """Metres above the floor that a piece stands or hangs at; small things are put on their table."""
    sort = catalogue.sort_of(piece.kind)
    if piece.z:
        return piece.z
    if sort.small and not (piece.kind == "lamp" and (piece.size or sort.size)[2] > 0.9):
        for other in staging.pieces:
            if other.kind in catalogue.TOPS and other is not piece:
                width, depth, height = other.size or size_of(other.kind)
                dx, dy = piece.at[0] - other.at[0], piece.at[1] - other.at[1]
                if (
                    abs(dx) < max(width, depth) / 2
                    and abs(dy) < max(width, depth) / 2
                    and _inside(other, dx, dy)
                ):
                    return other.z + height
    return sort.hangs


def _inside(piece: Piece, dx: float, dy: float) -> bool:
    width, depth, _height = piece.size or size_of(piece.kind)
    if round(piece.turn / 90.0) % 2:
        width, depth = depth, width
    return abs(dx) <= width / 2 and abs(dy) <= depth / 2


def box_of(piece: Piece, staging: Staging, view: View) -> Box:
    """The room that a piece takes up."""
    width, depth, height = piece.size or size_of(piece.kind)
    bottom = height_of(piece, staging)
    if piece.kind == "bed":
        # Whoever lies on it lies over it: its head stands at the wall.
        height = min(height, 0.5)
    ahead = view.depth((piece.at[0], piece.at[1], bottom + height / 2))
    return Box(piece.at[0], piece.at[1], width / 2, depth / 2, bottom, bottom + height, piece.turn, ahead)


def piece(one: Piece, staging: Staging, view: View, seed: int) -> tuple[Group, ...]:
    """One piece of the set."""
    sort = catalogue.sort_of(one.kind)
    tones = Tones.of(staging)
    grown = catalogue.place_seed(one.kind, one.at[0], one.at[1], seed) if sort.grow is not None else 0
    if sort.far:
        return lights.far_piece(one, view, tones, grown)
    bottom = height_of(one, staging)
    at = (one.at[0], one.at[1], bottom)
    name = one.name or one.kind
    size = one.size or sort.size
    if sort.flat:
        model = catalogue.built(one.kind, size, one.state, grown)
        stand = Stand(
            at,
            one.turn,
            "ground",
            name,
            depth=_FLOOR_M + view.depth(at) * 0.01,
            metres=max(view.depth(at), 0.1),
        )
        return shown(model, stand, view, tones)
    if sort.slope:
        model = catalogue.built(one.kind, size, one.state, grown)
        end = view.depth((one.at[0], one.at[1] + size[1] * 0.5, bottom + size[2]))
        lit = lights.lit_at(staging, one.kind, at, dark=tones.dark, indoors=tones.indoors)
        return shown(model, Stand(at, one.turn, "piece", name, lit=lit, depth=max(end, 0.1)), view, tones)
    box = box_of(one, staging, view)
    inside = among(staging, view, box)
    state = "occupied" if inside and one.kind == "car" and not one.state else one.state
    model = catalogue.built(one.kind, size, state, grown)
    lit = lights.lit_at(staging, one.kind, at, dark=tones.dark, indoors=tones.indoors)
    groups = shown(
        model,
        Stand(at, one.turn, "piece", name, lit=lit, depth=_depth(one, staging, view, box)),
        view,
        tones,
        inside,
    )
    return (*groups, *lights.of_piece(one, at, staging, view, tones))


def carried(kind: str, at: tuple[float, float, float], turn: float, view: View) -> tuple[Group, ...]:
    """A thing in a hand: its middle is at the hand, its front where `turn` faces."""
    model, size = catalogue.in_hand(kind)
    hangs = kind in ("bag", "suitcase", "rope")
    upright = kind in ("umbrella", "oar")
    drop = size[2] if hangs else (0.1 if upright else size[2] / 2)
    spot = (at[0], at[1], at[2] - drop)
    tones = Tones.of(Staging())
    # A figure faces 0 towards +y, a piece has its front towards -y.
    return shown(
        model, Stand(spot, turn + 180.0, "figure", kind, lit=1.0, depth=view.depth(at) - 0.02), view, tones
    )


def _apart(kind: str) -> bool:
    """Painted by rules of its own, whatever stands beside it."""
    sort = catalogue.sort_of(kind)
    return sort.flat or sort.far or sort.slope


def _depth(one: Piece, staging: Staging, view: View, box: Box) -> float:
    """The depth at which a piece is painted, so that it hides and is hidden rightly."""
    boxes: list[Box] = [box_of(other, staging, view) for other in staging.pieces if not _apart(other.kind)]
    boxes += [figure_box(figure, view) for figure in staging.figures]
    settled = depths(tuple(boxes), view.camera.at)
    found = settled[boxes.index(box)] if box in boxes else box.depth
    return max(found, 0.05)
