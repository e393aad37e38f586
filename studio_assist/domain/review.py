"""What the Review desk shows of the record: rows, filters, sums, and the story of one entry. Pure values.

Rows are plain tuples with names rather than `Value`s: a page of 256 is made while somebody scrolls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, NamedTuple

DeskName = Literal["Write", "Board", "Gate", "Clear", "Record"]

#: What became of it, as the Decision column says it.
Outcome = Literal[
    "accepted",
    "edited",
    "rejected",
    "waiting",
    "stale",
    "failed",
    "undone",
    "replaced",
    "blocked",
    "refused",
    "sent",
    "drawn",
    "cleared",
    "exported",
    "approved",
    "told",
    "done",
]

#: Columns of the table, in their order, as `Sort.column` names them.
COLUMNS: Final = (
    "number",
    "time",
    "person",
    "desk",
    "tool",
    "purpose",
    "sensitivity",
    "left",
    "outcome",
    "edit",
)
Column = Literal[
    "number", "time", "person", "desk", "tool", "purpose", "sensitivity", "left", "outcome", "edit"
]


class ReviewRow(NamedTuple):
    """One row: an entry that answers what AI touched, who decided, or what left.

    Attributes:
        number: of the entry; of a candidate that was decided on, its decision's.
        at: UTC. person: the name, "" where the program acted on its own.
        tool: backend and model as people read them ("Local · SmolLM2"); "None, by hand" where there was none.
        purpose: "Alt lines, sc 14", "14D variant 2", "Exported Draft.pdf".
        sensitivity: the label's first word ("Confidential"), "" where nothing was asked.
        left: bytes that left the machine for it.
        edit: share of words or ink that a person changed, in thousandths; None where there is nothing to say.
        type: of the entry.
        request, candidate, scene, shot: what it is about, or "".
        main: it is shown without *Every entry*.
    """

    number: int
    at: datetime
    person: str
    automated: bool
    desk: DeskName
    tool: str
    purpose: str
    sensitivity: str
    left: int
    outcome: Outcome
    edit: int | None
    type: str
    request: str = ""
    candidate: str = ""
    scene: str = ""
    shot: str = ""
    main: bool = True


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are shown. Empty sets and None leave everything in.

    Attributes:
        words: searched in the texts that are not forgotten, in purposes, names and tools; every word has to
            be there, a last one as a beginning.
        since, until: moments in UTC; `until` itself is not in.
        left: only where bytes left. blocked: only what the gate or a closed task stopped.
        everything: every entry, not only those that answer the three questions.
        from_number: only entries from this one on (what cannot be relied on).
    """

    words: str = ""
    since: datetime | None = None
    until: datetime | None = None
    people: frozenset[str] = frozenset()
    desks: frozenset[str] = frozenset()
    tools: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()
    left: bool = False
    blocked: bool = False
    everything: bool = False
    from_number: int | None = None


@dataclass(frozen=True, slots=True)
class Sort:
    """In which order; rows that are alike stand by their number in the same direction."""

    column: Column = "number"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Totals:
    """The tiles, for what a filter lets through.

    Attributes:
        sessions: stretches of work of one person with no pause of an hour or more.
        suggestions: candidates that were offered; waiting: those nobody has decided on.
        sent: bytes that left; blocked: asks that were stopped.
        by_person: (name, accepted, edited, rejected), most decisions first.
    """

    entries: int = 0
    sessions: int = 0
    people: int = 0
    suggestions: int = 0
    waiting: int = 0
    accepted: int = 0
    edited: int = 0
    rejected: int = 0
    replaced: int = 0
    sent: int = 0
    blocked: int = 0
    by_person: tuple[tuple[str, int, int, int], ...] = ()


class DayCount(NamedTuple):
    """Decisions of one day, by the reader's own time zone."""

    day: date
    accepted: int
    edited: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: each name with how many rows it has."""

    people: tuple[tuple[str, int], ...] = ()
    desks: tuple[tuple[str, int], ...] = ()
    tools: tuple[tuple[str, int], ...] = ()
    outcomes: tuple[tuple[str, int], ...] = ()
    first: datetime | None = None
    last: datetime | None = None


# The story of one entry ---------------------------------------------------------------------------------

#: A run of words in a difference: kept from the model, a person's own, or removed.
Run = tuple[Literal["kept", "human", "removed"], str]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a story, by its file's name under `media/`, or "" where it is gone.

    Attributes:
        sha256, suffix: as the record names it, without marks: whoever shows a temp one paints the band over
            it. A suffix of ".fountain" with no hash is a place in the script, drawn as a small page.
        previs: the built-in drawer made it, so that its band says TEMP PREVIS.
    """

    caption: str
    sha256: str
    suffix: str
    temp: bool = False
    previs: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One stop on the rail.

    Attributes:
        kind: which glyph: "request", "gate", "candidates", "decision", "placement", "undo", "replaced",
            "sent", "clearance", "record".
        title, at, lines: as they are read. number: the entry behind it.
        quote: text on an amber bar (what the model offered).
        runs: a decision's words, by whose they are.
        pictures: before and after, or variants.
        tone: "bad" for blocked and altered, "human" for a person's decision.
    """

    kind: Literal[
        "request",
        "gate",
        "candidates",
        "decision",
        "placement",
        "undo",
        "replaced",
        "sent",
        "clearance",
        "record",
    ]
    title: str
    at: datetime | None
    number: int
    lines: tuple[str, ...] = ()
    quote: str = ""
    runs: tuple[Run, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tone: Literal["plain", "human", "bad"] = "plain"


@dataclass(frozen=True, slots=True)
class EntryStory:
    """One entry from request to placement.

    Attributes:
        heading: "Continue, sc 14". temp: its material is temp and still in the work.
        forgotten: its texts were forgotten; `by_whom` says who, when and why.
        goes_to: where *Go to* leads: ("script", code point), ("board", shot id), or None.
        decision: the entry that let its material in; spans of the script are named after it.
        first, last: hashes as people compare them, of the entry's leaf and of the head.
    """

    number: int
    heading: str
    steps: tuple[Step, ...]
    temp: bool = False
    forgotten: bool = False
    by_whom: str = ""
    goes_to: tuple[Literal["script", "board"], str] | None = None
    decision: int | None = None
    first: str = ""
    last: str = ""
    tags: tuple[str, ...] = field(default=())


def permille_words(edit: int | None) -> str:
    """An edit share as the table shows it: "38 %"; "" for None."""
    return "" if edit is None else f"{round(edit / 10)} %"


def sum_up(parts: Sequence[Totals]) -> Totals:
    """Several projects together; people are counted by name."""
    people: dict[str, tuple[int, int, int]] = {}
    for part in parts:
        for name, *counts in part.by_person:
            had = people.get(name, (0, 0, 0))
            people[name] = (had[0] + counts[0], had[1] + counts[1], had[2] + counts[2])
    return Totals(
        **{
            name: sum(getattr(part, name) for part in parts)
            for name in Totals.__dataclass_fields__
            if name not in ("people", "by_person")
        },
        people=len(people),
        by_person=tuple(
            (name, *counts) for name, counts in sorted(people.items(), key=lambda one: -sum(one[1]))
        ),
    )
