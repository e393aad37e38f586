"""What the Clear desk says: days, people, states and scopes in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from studio_assist.domain.clearance import Answer, ClearanceSeen, ConsentKind, Reference, Scope
from studio_assist.domain.policy import Principle, Use
from studio_assist.protocol import ContactSeen

#: How a state is drawn: see `badges`.
Tone = Literal["outline", "grey", "green", "red", "dashed"]

ANSWERS: Final[Mapping[Answer, str]] = {"yes": "Yes", "no": "No", "unsure": "Unsure"}
KINDS: Final[Mapping[ConsentKind, str]] = {
    "likeness": "Likeness",
    "voice": "Voice",
    "performance": "Performance",
    "personal-data": "Personal data",
}
REFERENCE_KINDS: Final[Mapping[str, str]] = {
    "work": "Work",
    "artist": "Artist",
    "performer": "Performer",
    "person": "Real person",
}
CONSENT_STATES: Final[Mapping[str, str]] = {
    "valid": "Valid",
    "expired": "Expired",
    "revoked": "Revoked",
    "no document": "Document missing",
    "altered": "Document changed",
}
_STEPS: Final[Mapping[str, str]] = {
    "drafted": "Drafted",
    "sent": "Sent",
    "approved": "Approved",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
}
#: Size units of a thousand each, as the screens write them.
_UNITS: Final = ("kB", "MB", "GB")


@dataclass(frozen=True, slots=True)
class Status:
    """A request's state as its badge shows it."""

    words: str
    icon: str
    tone: Tone


def status_of(seen: ClearanceSeen) -> Status:
    """The badge of a request."""
    match seen.state:
        case "draft":
            return Status("Draft", "", "outline")
        case "sent":
            return Status("Sent", "plane", "grey")
        case "approved":
            by = seen.given_by or seen.answered_by
            return Status(f"Approved by {by}" if by else "Approved", "check", "green")
        case "refused":
            return Status("Refused", "ban", "red")
        case "expired":
            return Status("Expired", "clock", "dashed")
        case "withdrawn":
            return Status("Withdrawn", "undo", "outline")


def day_words(day: date, today: date | None = None) -> str:
    """A day as it is read: 3 Feb 2027; without its year, or as "today", where `today` is given and near."""
    if today is not None:
        if day == today:
            return "today"
        if day.year == today.year:
            return f"{day.day} {day:%b}"
    return f"{day.day} {day:%b} {day.year}"


def here_day(moment: datetime) -> date:
    """The day of a moment on this machine's calendar."""
    return moment.astimezone().date()


def moment_words(moment: datetime) -> str:
    """A moment as lists of steps say it: 22 Nov 2026, 14:02."""
    here = moment.astimezone()
    return f"{day_words(here.date())}, {here:%H:%M}"


def size_words(size: int) -> str:
    """A file's size: 84 kB."""
    if size < 1000:
        return f"{size} B"
    number, at = size / 1000, 0
    while number >= 999.5 and at < len(_UNITS) - 1:
        number, at = number / 1000, at + 1
    return f"{number:.0f} {_UNITS[at]}" if number >= 10 else f"{number:.1f} {_UNITS[at]}"


def title_of(seen: ClearanceSeen, uses: Sequence[Use]) -> str:
    """What a row is headed with: the title that it was given, or what it is about."""
    request = seen.request
    if request.title:
        return request.title
    use = next((one.title for one in uses if one.id == request.use), "")
    first = request.scope.scenes
    where = f", sc {first[0]}" if len(first) == 1 else ""
    return f"{use or 'New request'}{where}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """ "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def scenes_words(scope: Scope) -> str:
    """Which scenes: "scene 14", "scenes 14 and 15", "all scenes"."""
    if not scope.scenes:
        return "all scenes"
    return f"scene{'s' if len(scope.scenes) > 1 else ''} {listed(scope.scenes)}"


def days_words(scope: Scope) -> str:
    """From when to when, "" where nobody has said."""
    if scope.since and scope.until:
        return f"{day_words(scope.since)} to {day_words(scope.until)}"
    if scope.until:
        return f"until {day_words(scope.until)}"
    return f"from {day_words(scope.since)}" if scope.since else ""


def scope_words(scope: Scope, tasks: Mapping[str, str], backends: Mapping[str, str]) -> str:
    """A scope on one line, for a folded part and for what was approved."""
    parts = [scenes_words(scope).capitalize()]
    parts.append(listed([tasks.get(one, one) for one in scope.tasks]) if scope.tasks else "every task")
    parts.append(
        listed([backends.get(one, one) for one in scope.backends]) if scope.backends else "any model"
    )
    days = days_words(scope)
    return ", ".join([*parts, days] if days else parts)


def steps_of(seen: ClearanceSeen) -> tuple[tuple[str, str], ...]:
    """Each step a request has taken, as (when, what)."""
    steps: list[tuple[str, str]] = []
    for what, who, when in seen.stood:
        words = f"{_STEPS.get(what, what.capitalize())} by {who}" if who else _STEPS.get(what, what)
        if what in ("approved", "refused") and seen.given_by:
            by = f"{_STEPS[what]} by {seen.given_by}"
            words = by if seen.given_by == who or not who else f"{by}, recorded by {who}"
        steps.append((moment_words(when), words))
    return tuple(steps)


def told_words(contact: ContactSeen, today: date) -> str:
    """ "D. Marsh was told on 22 Nov by mail"."""
    how = (
        f" by {contact.how}" if contact.how in ("mail", "call") else f", {contact.how}" if contact.how else ""
    )
    how = " in a meeting" if contact.how == "meeting" else how
    day = here_day(contact.told)
    # Without a way they were told by, the words of the notice were forgotten.
    who = contact.contact if contact.how else "The studio contact"
    return f"{who} was told {_on(day, today)}{how}"


def _on(day: date, today: date) -> str:
    return "today" if day == today else f"on {day_words(day, today)}"


def hint_of(question: Principle) -> str:
    """The line under a question: how the program reads it, or the sentence that it stands for."""
    return question.note or question.sentence


def reference_words(one: Reference) -> str:
    """What a named work's row says under its name."""
    parts = [REFERENCE_KINDS.get(one.kind, one.kind)]
    if one.aliases:
        parts.append(f"also {', '.join(one.aliases)}")
    if one.note:
        parts.append(one.note)
    return " · ".join(parts)


def columns_of(
    use: Use | None, scope: Scope, approver: str, *, proceeds: bool, tells: bool
) -> tuple[tuple[str, str], ...]:
    """What happens next, in three steps that fit the use and what its answers give."""
    where = scenes_words(scope)
    only = f"for {where} only" if scope.scenes else "for the scope that is approved"
    if proceeds:
        told = "Your studio contact hears of it, and it is noted when and how." if tells else ""
        return (
            ("Told", told or "Nobody has to be asked under this policy."),
            ("Noted", "Your answers stay in Requests, under your name."),
            ("Goes on", f"Nothing is closed {'' if not scope.scenes else f'for {where} '}by these answers."),
        )
    who = approver or "Whoever you name"
    if use is None or not use.tasks:
        opened = "Nothing is made before the answer; what is approved holds until its end date."
    else:
        opened = f"{use.title} opens {only}, and closes again on the end date."
    return (
        ("Sent", f"{who} gets the answers and the evidence from you: a PDF and a mail to copy."),
        ("Answered", "A signed yes or no lands in Requests, with an end date and limits."),
        ("Opened or closed", opened),
    )


def folded(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())
