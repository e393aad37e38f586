"""What the canvas is opened with, and what it says when a drawing was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from studio_assist.domain.canvas import Canvas
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import ShotId

#: Reads a drawing's file; raises a `StudioError` where it cannot.
Load = Callable[[Path], Canvas]
#: Writes a drawing's file; called in a thread of the pool. May raise a `StudioError` or an `OSError`.
Save = Callable[[Canvas, Path], None]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A shot of the strip, the open one among them, in board order.

    Attributes:
        picture: the file of what its panel shows; None where it shows nothing.
        temp: its panel holds temp material.
    """

    shot: ShotId
    number: str
    duration_ms: int
    picture: Path | None = None
    state: Literal["empty", "temp", "drawn"] = "empty"


@dataclass(frozen=True, slots=True)
class CanvasJob:
    """One panel to draw on, complete: nothing downstream asks the board.

    Attributes:
        lens: as the toolbar says it ("50mm"), with the shot's size before it.
        width, height: of the drawing, in pixels; a canvas that is given keeps its own.
        file: where autosaves go, an OpenRaster file in the project's recovery folder.
        canvas: the drawing so far, or its file, or None where nobody has drawn on it.
        underlay: the file of the temp picture, without marks; None where the panel is not temp.
        previs: the built-in drawer made it, which is no AI.
        temp: SHA-256 of that picture, by which it is told again.
        drawn_by: who drew it, where a person did and no underlay is left.
        made_by: what made it, and its entry ("SD-Turbo on this machine, entry 1,281").
        read_only: why nothing can be drawn here ("Checked out by R. Okafor"), or "".
        editor: what opens it outside ("Krita"), or "" where nothing was found.
    """

    shot: ShotId
    number: str
    person: Person
    file: Path
    title: str = ""
    size: str = ""
    lens: str = ""
    width: int = 1920
    height: int = 1080
    canvas: Canvas | Path | None = None
    underlay: Path | None = None
    previs: bool = False
    temp: str | None = None
    drawn_by: str = ""
    made_by: str = ""
    read_only: str = ""
    neighbours: tuple[Neighbour, ...] = ()
    editor: str = "Krita"


@dataclass(frozen=True, slots=True)
class Saved:
    """A drawing lies in its file as it stands.

    Attributes:
        done: the person leaves the canvas.
    """

    shot: ShotId
    file: Path
    canvas: Canvas
    human_permille: int
    done: bool
