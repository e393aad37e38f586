"""What a shot's fields, and what happens to its panel, are called; and what a person may type."""

from __future__ import annotations

import re
from typing import Final

from studio_assist.desk.board.states import queued_text, working_text
from studio_assist.domain.storyboard import Angle, Live, Movement, ShotSize

#: What the letters of a size stand for.
SIZE_WORDS: Final[dict[ShotSize, str]] = {
    ShotSize.EWS: "Extreme wide shot",
    ShotSize.WS: "Wide shot",
    ShotSize.LS: "Long shot",
    ShotSize.FS: "Full shot",
    ShotSize.MLS: "Medium long shot",
    ShotSize.MS: "Medium shot",
    ShotSize.MCU: "Medium close-up",
    ShotSize.CU: "Close-up",
    ShotSize.ECU: "Extreme close-up",
    ShotSize.INSERT: "Insert",
    ShotSize.TWO: "Two-shot",
    ShotSize.OTS: "Over the shoulder",
    ShotSize.POV: "Point of view",
}

ANGLE_WORDS: Final[dict[Angle, str]] = {
    Angle.EYE: "Eye level",
    Angle.LOW: "Low",
    Angle.HIGH: "High",
    Angle.OVERHEAD: "Overhead",
    Angle.GROUND: "Ground level",
    Angle.DUTCH: "Dutch",
}

MOVEMENT_WORDS: Final[dict[Movement, str]] = {
    one: one.value.replace("-", " ").capitalize() for one in Movement
}

#: Lenses that are usual on a set, in millimetres.
LENSES_MM: Final = (14, 18, 21, 24, 28, 35, 40, 50, 65, 75, 85, 100, 135, 200)
_LENS_RANGE: Final = range(8, 601)
_MS_RANGE: Final = range(100, 600_001)


def lens_words(lens_mm: int) -> str:
    """As "50mm", as boards write it."""
    return f"{lens_mm}mm"


def lens_read(text: str) -> int | None:
    """Millimetres from "50", "50mm" or "50 mm"; None where it is no lens."""
    found = re.fullmatch(r"\s*(\d{1,3})\s*(?:mm)?\s*", text, re.IGNORECASE)
    return int(found[1]) if found and int(found[1]) in _LENS_RANGE else None


def seconds_words(duration_ms: int) -> str:
    """As "2.5 s"; as many figures as it needs."""
    seconds = duration_ms / 1000
    return f"{seconds:.1f} s" if duration_ms % 100 == 0 else f"{seconds:g} s"


def seconds_read(text: str) -> int | None:
    """Milliseconds from "2.5", "2,5 s" or "1:02.5"; None where it is no time between 0.1 s and 10 minutes."""
    found = re.fullmatch(
        r"\s*(?:(\d{1,2}):)?(\d{1,4}(?:[.,]\d{1,3})?)\s*(?:s|sec|seconds)?\s*", text, re.IGNORECASE
    )
    if found is None:
        return None
    duration = int(found[1] or 0) * 60_000 + round(float(found[2].replace(",", ".")) * 1000)
    return duration if duration in _MS_RANGE else None


def live_title(live: Live) -> str:
    """What happens to a panel just now, on one line."""
    match live.state:
        case "queued":
            return queued_text(live)
        case "generating":
            return working_text(live)
        case "failed":
            return "The picture could not be made"
        case "blocked":
            return "Blocked"
        case "lost":
            return "Lost on the way"


#: The icon and its token for each live state.
LIVE_ICONS: Final[dict[str, tuple[str, str]]] = {
    "queued": ("clock", "text2"),
    "generating": ("refresh", "text2"),
    "failed": ("warning", "text2"),
    "blocked": ("shield-cross", "redText"),
    "lost": ("link-broken", "text2"),
}
