"""Which days are shown, as people choose them, and the moments that stand for it in the index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal

Kind = Literal["all", "today", "week", "month", "days"]

#: What the menu offers; any other days are chosen by themselves.
OFFERED: Final[tuple[tuple[Kind, str], ...]] = (
    ("today", "Today"),
    ("week", "Last 7 days"),
    ("month", "This month"),
    ("all", "All days"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """Days by the reader's own time zone.

    Attributes:
        first, last: both included; of "days" alone.
    """

    kind: Kind = "all"
    first: date | None = None
    last: date | None = None

    def days(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last day that are in."""
        match self.kind:
            case "today":
                return today, today
            case "week":
                return today - timedelta(days=6), today
            case "month":
                return today.replace(day=1), today
            case "days":
                return self.first, self.last
            case "all":
                return None, None

    def moments(self, today: date) -> tuple[datetime | None, datetime | None]:
        """The first moment that is in, and the first that is not any more, in UTC."""
        first, last = self.days(today)
        return (
            _midnight(first) if first is not None else None,
            _midnight(last + timedelta(days=1)) if last is not None else None,
        )

    def words(self, today: date, first: datetime | None, last: datetime | None) -> str:
        """What the button says; for all days, from the record's first to its last."""
        if self.kind == "today":
            return "Today"
        begin, end = self.days(today)
        if self.kind == "all":
            begin = first.astimezone().date() if first is not None else None
            end = last.astimezone().date() if last is not None else None
        return days_words(begin, end, today)


def days_words(first: date | None, last: date | None, today: date) -> str:
    """Days as people write them: "16 to 22 Nov", "30 Sep to 4 Oct", with the year where it is another."""
    if first is None and last is None:
        return "All days"
    if first is None or last is None:
        one = first or last
        assert one is not None
        return f"{'From' if first else 'To'} {_day(one, today)}"
    if first == last:
        return _day(first, today)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {_day(last, today)}"
    begin = f"{first.day} {first:%b}" if first.year == last.year else _day(first, date.min)
    return f"{begin} to {_day(last, today)}"


def read_day(words: str) -> date | None:
    """A day as it is typed: 2026-11-16, 16.11.2026, 16/11/2026 or 16 Nov 2026; None where it is none."""
    text = " ".join(words.split())
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %b %Y", "%d %B %Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def _day(day: date, today: date) -> str:
    return f"{day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")


def _midnight(day: date) -> datetime:
    # Without a zone it is the machine's own, which is the reader's.
    return datetime.combine(day, time()).astimezone(UTC)
