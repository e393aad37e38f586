"""The built-in drawer as the broker uses it. Blocking; loaded when the first frame is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from studio_assist.domain.staging import Staging
from studio_assist.domain.storyboard import Shot
from studio_assist.domain.values import Value

Size = tuple[int, int]


class PrevisPrompt(Value):
    """What the built-in drawer was asked: with it and the seed the same pictures come again."""

    version: str
    stagings: tuple[Staging, ...]
    width: int
    height: int


def planned(
    shot: Shot, heading: str, scene: Sequence[Shot], names: Sequence[str], count: int, seed: int, size: Size
) -> PrevisPrompt:
    """As many ways to stage a shot as are asked for.

    Args:
        heading: the scene's slug line.
        scene: all its shots, so that set and sides are the same in all of them.
        names: everybody on the board, so that they can be told apart.
    """
    from studio_assist.blockout import drawer
    from studio_assist.blockout.stage import variants

    stagings = variants(_staged(shot, heading, scene, names), count, seed)
    return PrevisPrompt(version=drawer.VERSION, stagings=stagings, width=size[0], height=size[1])


def drawn(staging: Staging, size: Size, seed: int) -> bytes:
    """A staging as a PNG picture."""
    from studio_assist.blockout import drawer

    return drawer.picture(staging, *size, seed=seed)


def control(
    shot: Shot,
    heading: str,
    scene: Sequence[Shot],
    names: Sequence[str],
    kind: Literal["line", "depth"],
    size: Size,
) -> bytes:
    """The line or depth picture of a shot, for a model to follow: a PNG."""
    from studio_assist.blockout import drawer, passes

    drawing = drawer.draw(_staged(shot, heading, scene, names), *size)
    return passes.line_png(drawing) if kind == "line" else passes.depth_png(drawing)


def _staged(shot: Shot, heading: str, scene: Sequence[Shot], names: Sequence[str]) -> Staging:
    from studio_assist.blockout.looks import looks_for
    from studio_assist.blockout.stage import staged

    return staged(shot, heading, scene, looks_for(names))
