"""What a storyboard book is made of: its panels in words, and what it says besides them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

from studio_assist.domain.export_formats import BoardField
from studio_assist.domain.timeline import Playing
from studio_assist.domain.values import EntryNumber

#: Of a page on which nothing but drawings of the built-in drawer is temp: those are no AI.
PREVIS_HEADLINE: Final = "TEMP PREVIS MATERIAL · NOT FOR DELIVERY"

#: What of a panel is temp, as its tag says it.
Temp = Literal["AI", "PREVIS", "TEXT", "AI + TEXT", "PREVIS + TEXT"]


@dataclass(frozen=True)
class BookPanel:
    """One panel, in words.

    Attributes:
        scene: its scene's number. heading: that scene's heading, as the script has it.
        camera: size, lens and movement.
        length: its duration in words, seconds and frames.
        shows: what stands in the frame. picture: the file; of temp material always the marked one.
        temp: what of it is temp, or "". entry: the ledger's.
        made_by: who drew it, or what made it and who decided.
    """

    number: str
    scene: str
    heading: str
    camera: str
    length: str
    action: str
    dialogue: str
    notes: str
    shows: Playing
    picture: Path | None
    temp: Temp | Literal[""]
    entry: EntryNumber | None
    made_by: str

    @property
    def tag(self) -> str:
        """What its amber tag says; "" where it is not temp."""
        if not self.temp:
            return ""
        entry = f" · entry {self.entry:,}" if self.entry is not None else ""
        return f"TEMP {self.temp}{entry}"


@dataclass(frozen=True)
class Book:
    """What the book says besides its panels.

    Attributes:
        scenes: which ones it holds, in words ("scenes 14 to 17").
        aspect: width to height of the frame.
        made_by: whose book it is; "" where nobody signs. ledger: tag and entry of the record, in words.
        left_out: what is said at its end of the panels that were left out; "" where there are none.
        fonts: folder of the bundled faces.
    """

    title: str
    scenes: str
    on: date
    made_by: str
    ledger: str
    left_out: str
    panels: Literal[1, 2, 3, 4, 6, 9]
    paper: Literal["a4", "letter"]
    landscape: bool
    fields: tuple[BoardField, ...]
    aspect: float
    fonts: Path


@dataclass(frozen=True)
class BookPdf:
    """A finished book.

    Attributes:
        tags: what every page has to say of temp material, by page from 0: its headline, and its tags.
        missing: characters that no bundled face has and that show as boxes.
        damaged: numbers of panels whose picture could not be read; they show as blanks.
    """

    data: bytes
    pages: int
    tags: dict[int, tuple[str, ...]]
    missing: tuple[str, ...]
    damaged: tuple[str, ...]
