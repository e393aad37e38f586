"""Which shots are shown, and how many there are of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio_assist.desk.board.states import open_variants
from studio_assist.domain.storyboard import Shot, Variant

#: "open": somebody has to decide. "temp": accepted temp. "human": a person drew it.
Kind = Literal["all", "open", "temp", "human"]


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown.

    Attributes:
        scene: a scene's number, or None for all.
        words: in number, title, action, dialogue or notes; folded.
    """

    kind: Kind = "all"
    scene: str | None = None
    words: str = ""

    @property
    def on(self) -> bool:
        return self != Filter()

    def shows(self, shot: Shot, variants: tuple[Variant, ...]) -> bool:
        """Whether a shot passes."""
        if self.scene is not None and shot.scene != self.scene:
            return False
        if not is_kind(self.kind, shot, variants):
            return False
        if not self.words:
            return True
        text = f"{shot.number}\n{shot.title}\n{shot.action}\n{shot.dialogue}\n{shot.notes}"
        return self.words in text.casefold()


@dataclass(slots=True)
class Counts:
    """How many shots of each kind."""

    all: int = 0
    open: int = 0
    temp: int = 0
    human: int = 0
    duration_ms: int = 0

    def of(self, kind: Kind) -> int:
        """How many of a kind."""
        return {"all": self.all, "open": self.open, "temp": self.temp, "human": self.human}[kind]


def is_kind(kind: Kind, shot: Shot, variants: tuple[Variant, ...]) -> bool:
    """Whether a shot is of a kind. An open variant is undecided and no temp debt yet."""
    match kind:
        case "all":
            return True
        case "open":
            return bool(open_variants(variants))
        case "temp":
            return shot.panel.state == "temp"
        case "human":
            return shot.panel.state == "drawn"
