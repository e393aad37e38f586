"""A drawing with its layers: what the canvas holds, and what an OpenRaster file carries.

The TEMP underlay is a layer of its own kind. It is never painted on, merged or recoloured; a drawing that has
one is temp, whatever lies above it.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, model_validator

from .values import Sha256, Value

#: `temp`: the AI or previs picture under the drawing. `ink`, `tone`: a person's. `notes`: a person's, and
#: never in an export. `other`: a person's, of any use (brought in by another program).
LayerKind = Literal["temp", "ink", "tone", "notes", "other"]


#: The underlay's only colours, as a non-photo pencil has one: grey 0 becomes the first, 255 the second.
UNDERLAY_DARK: Final = (201, 152, 38)
UNDERLAY_LIGHT: Final = (244, 226, 172)
#: The paper that a drawing stands on; never themed.
PAPER: Final = (252, 251, 248)
#: What the underlay's layer is called in files that go to other programs.
UNDERLAY_NAME: Final = "TEMP AI underlay, not for delivery"


class Layer(Value):
    """One layer.

    Attributes:
        png: RGBA pixels, a whole PNG file; b"" for an empty layer.
        x, y: where its upper left corner lies on the canvas, in pixels; may be outside.
        strokes: how many strokes were drawn on it, as far as known.
        by: who drew on it last.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
    kind: LayerKind
    name: str
    png: bytes = b""
    x: int = 0
    y: int = 0
    opacity: Annotated[float, Field(ge=0, le=1)] = 1.0
    visible: bool = True
    strokes: Annotated[int, Field(ge=0)] = 0
    by: str = ""


#: Pixels of a canvas's longer side.
LARGEST_SIDE: Final = 8192


class Canvas(Value):
    """A drawing. Layers from the bottom up.

    Attributes:
        temp: SHA-256 of the underlay's own picture (`Panel.picture`), by which it is told again in a file
            that came back from another program; None where there is none.
    """

    width: Annotated[int, Field(ge=16, le=LARGEST_SIDE)]
    height: Annotated[int, Field(ge=16, le=LARGEST_SIDE)]
    layers: tuple[Layer, ...] = ()
    temp: Sha256 | None = None

    @model_validator(mode="after")
    def _one_underlay(self) -> Canvas:
        kinds = [layer.kind for layer in self.layers]
        if kinds.count("temp") > 1:
            raise ValueError("a drawing has one underlay at most")
        if len({layer.id for layer in self.layers}) != len(self.layers):
            raise ValueError("every layer has an id of its own")
        return self

    @property
    def is_temp(self) -> bool:
        """Whether AI or previs material lies in it, seen or not."""
        return any(layer.kind == "temp" for layer in self.layers)
