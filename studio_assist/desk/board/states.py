"""How a shot stands, in one word, and what people read of it: grid, tree and list say the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from studio_assist.domain.marking import SourceType
from studio_assist.domain.storyboard import Live, Media, Shot, Variant

State = Literal[
    "empty", "queued", "generating", "proposed", "temp", "drawn", "failed", "blocked", "lost", "missing"
]
#: What the tree shows at a row's end: an icon's name, or one of the three squares that have no icon.
Mark = Literal["amber", "dashed", "hollow", "refresh", "clock", "brush", "warning", "shield"]

_MARKS: Final[dict[State, Mark]] = {
    "empty": "hollow",
    "queued": "clock",
    "generating": "refresh",
    "proposed": "dashed",
    "temp": "amber",
    "drawn": "brush",
    "failed": "warning",
    "blocked": "shield",
    "lost": "warning",
    "missing": "warning",
}


@dataclass(frozen=True, slots=True)
class Status:
    """The line under a panel: an icon in its colour, words in theirs."""

    words: str
    icon: str
    icon_token: str
    token: str
    strong: bool = False


def open_variants(variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
    """Those that a person can decide on."""
    return tuple(one for one in variants if one.state != "stale")


def state_of(shot: Shot, variants: tuple[Variant, ...], live: Live | None) -> State:
    """How a panel stands: what happens to it just now, then what is in it, then what waits for a decision.

    What a person decided stays in sight; the variants that still wait are counted beside it.
    """
    if live is not None:
        return live.state
    if shot.panel.state == "empty" and open_variants(variants):
        return "proposed"
    return shot.panel.state


def mark_of(state: State) -> Mark:
    """What the tree shows for it."""
    return _MARKS[state]


def status_of(state: State, shot: Shot, waiting: int = 0) -> Status:
    """The line under the panel. `waiting`: variants that a person has still to decide on."""
    told = _status_of(state, shot)
    if waiting and state in ("temp", "drawn"):
        return replace(told, words=f"{told.words} · {waiting} to decide")
    return told


def is_previs(shot: Shot, variants: tuple[Variant, ...]) -> bool:
    """Whether the built-in drawer made what stands in the frame: it is no AI, and its band says so."""
    waiting = open_variants(variants)
    source = waiting[0].source if shot.panel.state == "empty" and waiting else shot.panel.source
    return source is SourceType.PROCEDURAL


def _status_of(state: State, shot: Shot) -> Status:
    match state:
        case "empty":
            return Status("Empty", "", "text3", "text3")
        case "queued":
            return Status("Queued", "clock", "text2", "text2")
        case "generating":
            return Status("Generating", "refresh", "text2", "text2")
        case "proposed":
            return Status("Needs decision", "candidate", "amberText", "amberText", strong=True)
        case "temp":
            return Status("Accepted temp", "check", "green", "amberText")
        case "drawn":
            by = f"Drawn by {shot.panel.by}" if shot.panel.by else "Drawn by a person"
            return Status(by, "brush", "greenText", "greenText")
        case "failed":
            return Status("Failed", "warning", "text2", "text2")
        case "blocked":
            return Status("Blocked", "shield-cross", "redText", "redText")
        case "lost":
            return Status("Lost", "warning", "text2", "text2")
        case "missing":
            return Status("Missing", "warning", "text2", "text2")


def shown_media(shot: Shot, variants: tuple[Variant, ...], state: State) -> Media | None:
    """The picture that stands in the frame: what is in the panel, else the first that waits for a decision.

    A drawn panel without a marked copy has nothing to mark: its own picture is shown.
    """
    if shot.panel.state == "drawn":
        return shot.panel.shown or shot.panel.picture
    waiting = open_variants(variants)
    if shot.panel.state == "empty" and waiting:
        return waiting[0].shown
    return shot.panel.shown


def is_temp_picture(shot: Shot, variants: tuple[Variant, ...]) -> bool:
    """Whether what stands in the frame wears the band."""
    return shot.panel.state == "temp" or (shot.panel.state == "empty" and bool(open_variants(variants)))


def has_picture(shot: Shot, variants: tuple[Variant, ...]) -> bool:
    """Whether the frame ought to show a picture, there or missing."""
    return bool(open_variants(variants)) or shot.panel.state != "empty"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th."""
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def seconds_text(duration_ms: int) -> str:
    """A duration as boards show it: "4.5 s", "2 min 05.0 s"."""
    minutes, rest = divmod(duration_ms, 60_000)
    return f"{minutes} min {rest / 1000:04.1f} s" if minutes else f"{duration_ms / 1000:.1f} s"


def wait_text(wait_s: int | None) -> str:
    """About how long until a turn: "about 1 min 40 s"; "" where nothing is known."""
    if wait_s is None:
        return ""
    if wait_s < 60:
        return f"about {max(1, wait_s)} s"
    if wait_s < 3600:
        minutes, seconds = divmod(wait_s, 60)
        return f"about {minutes} min {seconds} s" if seconds else f"about {minutes} min"
    hours, rest = divmod(wait_s, 3600)
    return f"about {hours} h {rest // 60} min"


def queued_text(live: Live) -> str:
    """The place in line: "Queued, 2nd in line"."""
    return f"Queued, {ordinal(live.place)} in line" if live.place else "Queued, next"


def working_text(live: Live) -> str:
    """What is being made: "Variant 3 of 4, step 12 of 20"."""
    parts: list[str] = []
    if live.variant and live.of:
        parts.append(f"variant {live.variant} of {live.of}")
    if live.step:
        parts.append(live.step)
    words = ", ".join(parts) or "working"
    return words[:1].upper() + words[1:]


def share_of(live: Live) -> float | None:
    """How much is done, 0 to 1: as the drawer tells, else by the variants that are there; None: not known."""
    if live.share is not None:
        return live.share
    return (live.variant - 1) / live.of if live.variant and live.of > 1 else None


def spoken(shot: Shot, state: State, live: Live | None, waiting: int = 0) -> str:
    """What a screen reader says of a panel."""
    title = f", {shot.title}" if shot.title else ""
    said = status_of(state, shot, waiting).words
    if live is not None and live.state == "queued":
        said = queued_text(live)
    elif live is not None and live.state == "generating":
        said = f"Generating, {working_text(live)}"
    elif live is not None and live.why:
        said = f"{said}: {live.why}"
    size = f"{shot.size.value} {shot.lens_mm} mm"
    return f"Shot {shot.number}{title}, {size}, {seconds_text(shot.duration_ms)}, {said}"
