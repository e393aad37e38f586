"""The charts of a report, drawn as boxes and words: decisions by day and person, whose words, what left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from studio_assist.domain.report import DayCounts, PersonCounts, SceneShare, Tool
from studio_assist.interchange.report_document import Box, Chart, Fill, Mark

#: Units; a page's and a window's column are this wide.
WIDTH: Final = 700.0
_LEFT: Final = 44.0
_PLOT: Final = 132.0
_TOP: Final = 10.0
#: Days beyond which weeks are drawn, and weeks beyond which months are.
_MOST_BARS: Final = 42
_ROW: Final = 30.0
_NAME: Final = 168.0
_NUMBER: Final = 150.0

DECISIONS: Final[tuple[tuple[Fill, str], ...]] = (
    ("accepted", "Accepted"),
    ("edited", "Edited"),
    ("rejected", "Rejected"),
)


class _Bar(NamedTuple):
    """A column of a chart: its label, and how much of each fill, from below."""

    label: str
    parts: tuple[float, ...]


def by_day(days: Sequence[DayCounts]) -> Chart | None:
    """Decisions by day, accepted below, then edited, then rejected; by week or month where it is long."""
    if not days:
        return None
    bars, unit = _in_steps(days)
    total = [sum(getattr(day, name) for day in days) for name in ("accepted", "edited", "rejected")]
    peak = max(days, key=lambda day: day.accepted + day.edited + day.rejected)
    says = (
        f"Decisions by people by {unit}, {_day(days[0].day)} to {_day(days[-1].day)}: {total[0]:,} accepted, "
        f"{total[1]:,} edited, {total[2]:,} rejected. Most on {_day(peak.day)}: "
        f"{peak.accepted + peak.edited + peak.rejected:,}."
    )
    return _columns(f"Decisions by {unit}", says, bars, DECISIONS)


def by_person(people: Sequence[PersonCounts]) -> Chart | None:
    """Decisions of each person, one row each; scripts that decided in a person's stead are not drawn."""
    rows = [
        (one.name, (one.counts.accepted, one.counts.edited, one.counts.rejected))
        for one in people
        if one.counts.decided and not one.automated
    ]
    if not rows:
        return None
    told = "; ".join(f"{name} {a:,} accepted, {e:,} edited, {r:,} rejected" for name, (a, e, r) in rows)
    shown = [(name, counts, f"{sum(counts):,}") for name, counts in rows]
    return _rows("Decisions by person", f"Decisions by person: {told}.", shown, DECISIONS)


def by_scene(scenes: Sequence[SceneShare]) -> Chart | None:
    """The share of each scene's words that no model is on record for, and the rest."""
    scenes = [scene for scene in scenes if scene.words]
    if not scenes:
        return None
    bars = [
        _Bar(scene.scene, (scene.human_permille / 10, 100 - scene.human_permille / 10)) for scene in scenes
    ]
    some = [scene for scene in scenes if scene.model_words]
    told = "; ".join(f"scene {scene.scene} {scene.human_permille / 10:.0f} %" for scene in some[:40])
    says = f"Share of words that no model is on record for, by scene: {told}; every other scene 100 %."
    if not some:
        says = "Share of words that no model is on record for: 100 % in every scene."
    key: tuple[tuple[Fill, str], ...] = (("human", "No model on record"), ("ai", "As a model offered them"))
    return _columns("Whose words, by scene, in per cent", says, bars, key, top=100)


def what_left(tools: Sequence[Tool]) -> Chart | None:
    """Bytes that left for each tool; None where nothing left."""
    rows = [
        (tool.name, (float(tool.bytes),), f"{size(tool.bytes)} in {_requests(tool.sends)}")
        for tool in tools
        if tool.bytes
    ]
    if not rows:
        return None
    told = "; ".join(f"{tool.name} {size(tool.bytes)}" for tool in tools if tool.bytes)
    key: tuple[tuple[Fill, str], ...] = (("neutral", "Bytes"),)
    return _rows("What left this machine, by tool", f"What left this machine: {told}.", rows, key)


def _requests(count: int) -> str:
    return "1 request" if count == 1 else f"{count:,} requests"


def size(count: int) -> str:
    """Bytes as people read them: "812 B", "3.4 kB", "1.2 MB"."""
    if count < 1000:
        return f"{count:,} B"
    return f"{count / 1000:,.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:,.1f} MB"


# drawing ------------------------------------------------------------------------------------------------


def _columns(
    title: str, says: str, bars: Sequence[_Bar], key: tuple[tuple[Fill, str], ...], top: float | None = None
) -> Chart:
    """Stacked columns over a line, with two gridlines and as many labels as there is room for."""
    most = top or _round(max(sum(bar.parts) for bar in bars))
    floor = _TOP + _PLOT
    boxes: list[Box] = []
    marks: list[Mark] = []
    for share in (0.5, 1.0):
        y = floor - _PLOT * share
        boxes.append(Box(_LEFT, y, WIDTH - _LEFT, 0.75, "line"))
        marks.append(Mark(_LEFT - 8, y + 4, f"{most * share:g}", "right", faint=True, size=11))
    step = (WIDTH - _LEFT) / len(bars)
    wide = min(30.0, step * 0.72)
    every = max(1, -(-len(bars) * 34 // int(WIDTH - _LEFT)))
    for place, bar in enumerate(bars):
        x = _LEFT + step * (place + 0.5)
        y = floor
        for (fill, _), part in zip(key, bar.parts, strict=True):
            height = _PLOT * part / most
            if height > 0:
                y -= height
                boxes.append(Box(x - wide / 2, y, wide, height, fill))
        if place % every == 0:
            marks.append(Mark(x, floor + 18, bar.label, "middle", faint=True, size=11))
    boxes.append(Box(_LEFT, floor, WIDTH - _LEFT, 1.0, "line"))
    return Chart(title, says, WIDTH, floor + 26, tuple(boxes), tuple(marks), key)


def _rows(
    title: str,
    says: str,
    rows: Sequence[tuple[str, Sequence[float], str]],
    key: tuple[tuple[Fill, str], ...],
) -> Chart:
    """One bar a row, with its name before it and its number behind it."""
    most = max(sum(parts) for _, parts, _ in rows) or 1
    room = WIDTH - _NAME - _NUMBER
    boxes: list[Box] = []
    marks: list[Mark] = []
    for place, (name, parts, number) in enumerate(rows):
        y = 4 + _ROW * place
        marks.append(Mark(0, y + 15, name if len(name) <= 26 else f"{name[:25]}…"))
        x = _NAME
        for (fill, _), part in zip(key, parts, strict=True):
            width = room * part / most
            if width > 0:
                boxes.append(Box(x, y + 2, max(width, 1.5), 18, fill))
                x += max(width, 1.5)
        marks.append(Mark(x + 8, y + 15, number, strong=True))
    return Chart(title, says, WIDTH, _ROW * len(rows) + 6, tuple(boxes), tuple(marks), key)


def _in_steps(days: Sequence[DayCounts]) -> tuple[list[_Bar], str]:
    """A bar for each day of the period, empty ones too; for each week or month where that is too many."""
    first, last = days[0].day, days[-1].day
    counts = {day.day: (day.accepted, day.edited, day.rejected) for day in days}
    length = (last - first).days + 1
    every = [first + timedelta(days=at) for at in range(length)]
    if length <= _MOST_BARS:
        return [_Bar(_day(day), tuple(map(float, counts.get(day, (0, 0, 0))))) for day in every], "day"
    if length <= 7 * _MOST_BARS:
        return _grouped(every, counts, lambda day: day - timedelta(days=day.weekday()), _day), "week"
    return _grouped(every, counts, lambda day: day.replace(day=1), lambda day: f"{day:%b %Y}"), "month"


def _grouped(
    days: Sequence[date],
    counts: dict[date, tuple[int, int, int]],
    start: Callable[[date], date],
    label: Callable[[date], str],
) -> list[_Bar]:
    bars: list[_Bar] = []
    for begins, group in groupby(days, start):
        held = [counts.get(day, (0, 0, 0)) for day in group]
        bars.append(_Bar(label(begins), tuple(float(sum(part)) for part in zip(*held, strict=True))))
    return bars


def _round(most: float) -> float:
    """The next round number that two gridlines divide well."""
    scale = 1
    while True:
        for step in (2, 4, 6, 10):
            if most <= step * scale:
                return float(step * scale)
        scale *= 10


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
