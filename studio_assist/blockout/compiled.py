"""Models as arrays: made once, and from then on only moved, culled and projected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio_assist.blockout.facets import Kind, Mark, normal_of
from studio_assist.blockout.solids import Model
from studio_assist.blockout.view import Space


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A model's arrays: all points, and where each mark's are."""

    marks: tuple[Mark, ...]
    #: Index of each mark's part, and each mark's slice of `points`; holes follow their face.
    owner: tuple[int, ...]
    starts: tuple[int, ...]
    points: Space
    #: Points of cards: (across, 0, up) about an anchor.
    cards: NDArray[np.bool_]
    anchors: Space
    normals: Space
    two_sided: NDArray[np.bool_]
    first: Space
    low: Space
    high: Space
    outer: tuple[tuple[int, float, float] | None, ...]
    shells: tuple[Mark | None, ...]
    covers: tuple[bool, ...]
    #: Per mark of a band: normals and middles of its facets.
    bands: dict[int, tuple[Space, Space]]


def compiled(model: Model) -> Compiled:
    """A model ready for any camera."""
    marks: list[Mark] = []
    owner: list[int] = []
    starts: list[int] = []
    runs: list[Space] = []
    count = 0
    for number, part in enumerate(model.parts):
        for mark in part.marks:
            marks.append(mark)
            owner.append(number)
            starts.append(count)
            for run in (mark.points, *mark.holes):
                runs.append(run)
                count += len(run)
    cards = np.zeros(count, bool)
    anchors = np.zeros((count, 3))
    bands: dict[int, tuple[Space, Space]] = {}
    for index, (mark, start) in enumerate(zip(marks, starts, strict=True)):
        if mark.kind is Kind.CARD:
            cards[start : start + len(mark.points)] = True
            anchors[start : start + len(mark.points)] = mark.anchor
        elif mark.kind is Kind.BAND:
            bands[index] = _facets(mark.points)
    return Compiled(
        tuple(marks),
        tuple(owner),
        tuple(starts),
        np.concatenate(runs) if runs else np.empty((0, 3)),
        cards,
        anchors,
        np.array([_side(mark) for mark in marks]).reshape(-1, 3),
        np.array([mark.normal is None for mark in marks], bool),
        np.array([mark.points[0] for mark in marks]).reshape(-1, 3),
        np.array([part.box[0] for part in model.parts]).reshape(-1, 3),
        np.array([part.box[1] for part in model.parts]).reshape(-1, 3),
        tuple(part.outer for part in model.parts),
        tuple(part.shell for part in model.parts),
        tuple(part.covers for part in model.parts),
        bands,
    )


def _side(mark: Mark) -> Space:
    """Where a mark faces; of a flat face that is seen from both sides, one of them."""
    if mark.normal is not None:
        return mark.normal
    return normal_of(mark.points) if mark.kind is Kind.FACE else np.array([0.0, 0.0, 1.0])


def _facets(points: Space) -> tuple[Space, Space]:
    half = len(points) // 2
    lower, upper = points[:half], points[half:]
    across = np.roll(lower, -1, axis=0) - lower + np.roll(upper, -1, axis=0) - upper
    normals = np.cross(across, upper - lower + np.roll(upper - lower, -1, axis=0))
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    middles = (lower + upper + np.roll(lower, -1, axis=0) + np.roll(upper, -1, axis=0)) / 4
    return normals / np.maximum(length, 1e-12), middles
