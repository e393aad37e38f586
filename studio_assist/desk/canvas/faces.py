"""What is known of layers beside their pixels, and all of them as they are at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from studio_assist.desk.canvas.tiles import Key
from studio_assist.domain.canvas import LayerKind

#: How much of the underlay is seen at first: enough to draw by.
UNDERLAY_OPACITY: Final = 0.8

#: What a new layer of a kind is called.
NAMES: Final[dict[LayerKind, str]] = {
    "temp": "AI underlay",
    "ink": "Human ink",
    "tone": "Tone",
    "notes": "Notes",
    "other": "Layer",
}


#: The underlay that the built-in drawer made, which is no AI.
PREVIS_NAME: Final = "Previs underlay"


@dataclass(frozen=True, slots=True)
class Face:
    """A layer as the panel shows it.

    Attributes:
        why: why it cannot be painted on although a person made it (too large to show …), or "".
    """

    id: str
    kind: LayerKind
    name: str
    opacity: float = 1.0
    visible: bool = True
    strokes: int = 0
    by: str = ""
    why: str = ""

    @property
    def locked(self) -> bool:
        """Whether it can be neither painted on, moved, renamed nor deleted."""
        return self.kind == "temp" or bool(self.why)

    @property
    def detail(self) -> str:
        """The line under its name."""
        if self.kind == "temp":
            return "Locked, tint fixed"
        if self.why:
            return self.why
        if self.kind == "notes":
            return "Never exported"
        if not self.strokes:
            return self.by or "Empty"
        count = f"{self.strokes:,} stroke{'' if self.strokes == 1 else 's'}"
        return f"{self.by}, {count}" if self.by else count


@dataclass(frozen=True, slots=True)
class Sheets:
    """Everything that lies on the page, as it is at one moment: what a save, the meter and thumbnails read.

    Attributes:
        kept: PNG files that are written as they came, with where they lie, by layer: the underlay's,
            untinted, and those of layers that cannot be shown whole.
        temp: SHA-256 of the underlay's picture.
    """

    size: QSize
    faces: tuple[Face, ...]
    tiles: dict[str, dict[Key, QImage]]
    versions: dict[str, int]
    kept: dict[str, tuple[bytes, int, int]]
    temp: str | None = None


def fresh_faces(person: str, *, underlay: bool) -> tuple[Face, ...]:
    """The layers of a drawing that begins: the underlay where there is one, ink, notes."""
    ink = Face("human-ink", "ink", NAMES["ink"], by=person)
    notes = Face("notes", "notes", NAMES["notes"])
    below = (Face("underlay", "temp", NAMES["temp"], opacity=UNDERLAY_OPACITY),) if underlay else ()
    return (*below, ink, notes)
