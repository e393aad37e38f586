"""What desk and broker say about the Review desk: its index, other projects, and reports.

The window reads the index (`ledger.review`) by itself, read-only; the broker keeps it up to date.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from studio_assist.domain.people import Person
from studio_assist.domain.values import EntryNumber, Sha256, Share, Value
from studio_assist.protocol.record import LedgerState


class OpenReviewParams(Value):
    """Have the index of the open project made, and kept up to date from now on.

    `anew`: what is there is not trusted and made again from the record.
    """

    anew: bool = False


class ReviewState(Value):
    """Where an index stands.

    Attributes:
        index: path of the index, a SQLite file; it can be read as soon as `state` is not "none".
        ledger: path of the record.
        entries: how many of the record's `size` entries it covers.
        share: how far a longer making has come; None where none runs.
        why: what is wrong, for "failed".
    """

    state: Literal["none", "building", "ready", "failed"]
    index: str = ""
    ledger: str = ""
    entries: int = 0
    size: int = 0
    share: Share | None = None
    why: str = ""


class ReviewChanged(Value):
    """The index covers more now, or is being made, or could not be."""

    event: Literal["review"] = "review"
    state: ReviewState


class SlateParams(Value):
    """Look at another project beside the open one, read-only. Nothing is written into its folder."""

    path: str


class SlateProject(Value):
    """Another project of the studio's slate, as it stands.

    Attributes:
        index: an index of its own, outside its folder, without texts; gone when the program ends.
        ledger_state: what a check of its record found.
        temp_lines, temp_boards: temp material still in the work.
    """

    path: str
    title: str
    policy: str
    review: ReviewState
    ledger_state: LedgerState
    temp_lines: int
    temp_boards: int
    contact_told: bool
    open_clearances: int


ReportKind = Literal["full", "contact", "guild", "awards", "security"]


class ReportParams(Value):
    """Make a disclosure report; its format is the ending of `out`: pdf, html, csv or json.

    Attributes:
        kind: for whom: everything; the studio's contact; a guild sheet that goes with a text hand-off; an
            authorship statement for an award; the tool list of a security assessment.
        since, until: the period, both days included; None from the first, to the last entry.
        recipient: to whom it goes; recorded where it is named. A guild sheet needs one.
    """

    out: str
    kind: ReportKind = "full"
    since: date | None = None
    until: date | None = None
    recipient: str = ""
    person: Person


class ReportMade(Value):
    """`entries`: how many entries of the record it speaks of; `entry` the *exported* one."""

    path: str
    sha256: Sha256
    entries: int
    entry: EntryNumber
    handed_over: EntryNumber | None = None
