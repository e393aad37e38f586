"""How a report writes numbers, shares, moments and names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from studio_assist.domain.report import Report
from studio_assist.domain.sensitivity import Sensitivity

#: What stands for a name or text that was forgotten on purpose.
FORGOTTEN: Final = "forgotten"
_TASKS: Final = {
    "alt-lines": "Alternative lines",
    "beats": "Beats",
    "board": "Storyboard frames",
    "continue-scene": "Continue a scene",
    "describe-shot": "Describe a shot",
    "logline": "Logline",
}


def number(count: int) -> str:
    """1,284."""
    return f"{count:,}"


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 line", "3 lines"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def per_cent(permille: int) -> str:
    """A share as people read it; never 100 % where something is missing, nor 0 % where something is there."""
    if permille >= 1000:
        return "100 %"
    if permille >= 995:
        return f"{permille / 10:.1f} %"
    return f"{max(1, round(permille / 10))} %" if permille else "0 %"


def moment(report: Report, at: datetime) -> str:
    """A time on the clock of the report: "22 Nov 2026 14:02"."""
    local = report.local(at)
    return f"{day(local.date())} {local:%H:%M}"


def day(on: date) -> str:
    """22 Nov 2026."""
    return f"{on.day} {on:%b %Y}"


def joined(names: Iterable[str]) -> str:
    """Names one after the other."""
    return ", ".join(names)


def person(name: str, *, automated: bool) -> str:
    """A name, and that it is no person's where it is not."""
    return f"{name} (automated)" if automated else name


def or_none(text: str) -> str:
    """A text, or a dash where there is none."""
    return text or "–"


def material(word: str) -> str:
    """A class of material as people read it."""
    return Sensitivity(word).label if word in set(Sensitivity) else word


def where_in(scene: str) -> str:
    """A scene as people say it."""
    return f"scene {scene}" if scene else "not in a scene"


def task(identifier: str) -> str:
    """A task's name; its id where it is one of the house's own."""
    return _TASKS.get(identifier, identifier)


def period(report: Report) -> str:
    """The days that a report speaks of."""
    since, until = report.period.since, report.period.until
    if since and until:
        return f"{day(since)} to {day(until)}" if since != until else day(since)
    if since:
        return f"From {day(since)} to today, {day(report.local(report.made).date())}"
    if until:
        return f"From the first entry to {day(until)}"
    return "From the first entry to the last"
