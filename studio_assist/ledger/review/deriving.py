"""What an entry makes of the table: its own row, and what it changes in rows before it.

An entry is taken as it stands. In a record that was altered nothing is certain: a decision may speak of a
candidate that is not there, or come twice; then the row says what can be said, and nothing fails.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from studio_assist.domain import record
from studio_assist.domain.record import Entry
from studio_assist.domain.review import DeskName, Outcome
from studio_assist.ledger.review.books import Books
from studio_assist.ledger.review.kept import Asked, Offered, Row
from studio_assist.ledger.review.schema import AUTOMATED, COUNTED, DESKS, MAIN, OUTCOMES
from studio_assist.ledger.review.wording import (
    BY_HAND,
    desk_of,
    other_purpose,
    plain,
    request_purpose,
    sensitivity_code,
    shot_of,
    tool_words,
)

_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_CODES: Final[dict[str, int]] = {outcome: code for code, outcome in enumerate(OUTCOMES)}
_DESK_CODES: Final[dict[str, int]] = {desk: code for code, desk in enumerate(DESKS)}
_CONFIDENTIAL: Final = sensitivity_code("production-confidential")

#: What entries that belong to no request come to, where they are shown without *Every entry*.
_SHOWN: Final[dict[str, Outcome]] = {
    "exported": "exported",
    "handed_over": "exported",
    "pack_made": "exported",
    "clearance_sent": "done",
    "clearance_approved": "approved",
    "clearance_refused": "refused",
    "clearance_withdrawn": "undone",
    "consent_recorded": "approved",
    "consent_revoked": "undone",
    "contact_told": "told",
    "forgotten": "done",
    "recovered": "done",
    "boards_imported": "done",
    "sound_marked": "done",
}

#: What a person does with files of their own; no tool of ours had a part in it.
_BY_HAND: Final = frozenset({"exported", "script_imported", "boards_imported", "sound_added", "sound_marked"})

_Request = (
    record.VerdictGiven
    | record.RequestEnded
    | record.NamesAnswered
    | record.NamesRestored
    | record.SendApproved
    | record.SendSeconded
    | record.SendRefused
    | record.Judged
    | record.Sent
)
_Temp = (
    record.Placed
    | record.Replaced
    | record.SpanDeleted
    | record.SpanLost
    | record.PanelReplaced
    | record.PanelCleared
    | record.PanelRestored
)


def moment_code(at: datetime) -> int:
    """A moment as the index has it: microseconds since 1970."""
    return (at - _START) // _MICROSECOND


def moment_of(code: int) -> datetime:
    """The moment that a number stands for; the first there is where it stands for none."""
    try:
        return _START + timedelta(microseconds=code)
    except OverflowError:
        return _START


class Deriving:
    """Takes one entry after the other into the books."""

    def __init__(self, books: Books) -> None:
        self._books: Final = books

    # methods

    def take_unreadable(self, number: int, at: int, type: str) -> None:
        """An entry that cannot be read: a row of what its columns say, which is always shown."""
        row = self._row(number, at, type, None, "Record", plain(type) or "An entry")
        row.set(MAIN, True)
        self._books.add(row)

    def take(self, number: int, entry: Entry) -> None:
        """Take an entry in."""
        body, at = entry.body, moment_code(entry.at)
        if isinstance(body, record.PersonAdded):
            self._books.person(body.person, body.name)
        match body:
            case record.Requested():
                row = self._requested(number, at, entry, body)
            case (
                record.VerdictGiven()
                | record.RequestEnded()
                | record.NamesAnswered()
                | record.NamesRestored()
                | record.SendApproved()
                | record.SendSeconded()
                | record.SendRefused()
                | record.Judged()
                | record.Sent()
            ):
                row = self._of_request(number, at, entry, body)
            case record.CandidateMade():
                row = self._candidate(number, at, entry, body)
            case record.Presented() | record.MarkedStale() | record.MarkedFresh():
                row = self._about(number, at, entry, self._books.candidate(body.candidate))
                if not isinstance(body, record.Presented):
                    self._turn_stale(body.candidate, stale=isinstance(body, record.MarkedStale))
            case record.DecisionMade():
                row = self._decision(number, at, entry, body)
            case record.DecisionUndone():
                row = self._undone(number, at, entry, body)
            case (
                record.Placed()
                | record.Replaced()
                | record.SpanDeleted()
                | record.SpanLost()
                | record.PanelReplaced()
                | record.PanelCleared()
                | record.PanelRestored()
            ):
                row = self._of_temp(number, at, entry, body)
            case record.PanelDrawn():
                row = self._row(number, at, body.type, entry, "Board", "A panel", BY_HAND)
                row.shot = self._books.name("shot", body.shot)
                number_of = self._books.number_of_shot(row.shot)
                row.purpose = self._books.name("purpose", number_of or "A panel")
                self._shown(row, "drawn")
                row.set(AUTOMATED, body.automated)
            case _:
                desk, purpose = other_purpose(body)
                tool = BY_HAND if body.type in _BY_HAND else ""
                row = self._row(number, at, body.type, entry, desk, purpose, tool)
                outcome = _SHOWN.get(body.type)
                if outcome:
                    self._shown(row, outcome)
                if isinstance(body, record.Exported):
                    row.set(AUTOMATED, body.automated or bool(row.flags & AUTOMATED))
        self._books.add(row)

    # asking

    def _requested(self, number: int, at: int, entry: Entry, body: record.Requested) -> Row:
        books = self._books
        person = books.person(entry.person) if entry.person else 0
        asked = books.request(body.request) or Asked(
            books.new_request_id(), body.request, 0, 0, 0, "", 0, 0, "", "", 0
        )
        asked.person = person
        asked.desk = _DESK_CODES[desk_of(body)]
        asked.tool = books.name("tool", tool_words(body))
        asked.purpose = request_purpose(body)
        asked.sensitivity = asked.sensitivity or _CONFIDENTIAL
        asked.scene, asked.shot = body.scene or "", shot_of(body)
        books.put_request(asked)
        if asked.shot:
            books.put_shot(books.name("shot", asked.shot), asked.purpose)
        row = self._row(number, at, body.type, entry, "Write", asked.purpose)
        self._belongs(row, asked)
        return row

    def _of_request(self, number: int, at: int, entry: Entry, body: _Request) -> Row:
        books = self._books
        asked = books.request(body.request)
        row = self._row(number, at, body.type, entry, "Write", plain(body.type))
        if asked is None:
            asked = Asked(books.new_request_id(), body.request, 0, 0, 0, "", _CONFIDENTIAL, 0, "", "", 0)
            books.put_request(asked)
        else:
            row.purpose = books.name("purpose", asked.purpose or plain(body.type))
        match body:
            case record.Judged():
                code = sensitivity_code(body.sensitivity)
                if code and code != asked.sensitivity:
                    asked.sensitivity = code
                    books.put_request(asked)
                    for before in books.rows_of(asked.id):
                        before.sensitivity = code
            case record.Sent():
                asked.left += body.bytes
                books.put_request(asked)
                by_hand = books.name("tool", BY_HAND)
                for before in books.rows_of(asked.id):
                    if before.outcome != _CODES["sent"] and before.tool != by_hand:
                        before.left = asked.left
            case _:
                pass
        self._belongs(row, asked)
        if isinstance(body, record.Sent):
            row.left = body.bytes
            self._shown(row, "sent")
        elif isinstance(body, record.SendRefused):
            self._shown(row, "refused")
        elif isinstance(body, record.VerdictGiven | record.Judged) and body.verdict == "blocked":
            row.outcome = _CODES["blocked"]
            if not asked.blocked:
                # Whatever is said of it further, it is one ask that was stopped.
                asked.blocked = number
                books.put_request(asked)
                row.set(MAIN | COUNTED, True)
        return row

    def _candidate(self, number: int, at: int, entry: Entry, body: record.CandidateMade) -> Row:
        books = self._books
        asked = books.request(body.request)
        offered = books.candidate(body.candidate) or Offered(
            books.new_candidate_id(), body.candidate, 0, 0, 0, 0, 0
        )
        first = offered.entry == 0
        if first:
            offered.entry, offered.place = number, body.index
            offered.request = asked.id if asked else 0
            offered.failed = int(body.state == "failed")
            books.put_candidate(offered)
        row = self._about(number, at, entry, offered)
        if body.state == "failed":
            row.outcome = _CODES["failed"]
        elif first and not offered.decision:
            self._shown(row, "waiting")
            row.set(COUNTED, True)
        return row

    def _turn_stale(self, candidate: str, *, stale: bool) -> None:
        offered = self._books.candidate(candidate)
        row = self._books.row(offered.entry) if offered and not offered.decision else None
        if row and row.outcome in (_CODES["waiting"], _CODES["stale"]):
            row.outcome = _CODES["stale" if stale else "waiting"]

    # deciding

    def _decision(self, number: int, at: int, entry: Entry, body: record.DecisionMade) -> Row:
        books = self._books
        offered = books.candidate(body.candidate)
        row = self._about(number, at, entry, offered)
        self._shown(row, body.outcome)
        row.set(AUTOMATED, body.automated or bool(row.flags & AUTOMATED))
        row.edit = None if body.outcome == "rejected" else 1000 - body.kept_permille
        row.set(COUNTED, True)
        if offered is not None:
            for before in (books.row(offered.entry), books.row(offered.decision)):
                if before is not None:
                    before.set(COUNTED, False)
            waited = books.row(offered.entry)
            if waited is not None and waited.flags & MAIN:
                waited.outcome = _CODES["done"]
                waited.set(MAIN, False)
            offered.decision = number
            books.put_candidate(offered)
        return row

    def _undone(self, number: int, at: int, entry: Entry, body: record.DecisionUndone) -> Row:
        books = self._books
        decided = books.row(body.decision)
        offered = books.candidate_by(decided.candidate) if decided else None
        row = self._about(number, at, entry, offered)
        row.set(AUTOMATED, body.automated or bool(row.flags & AUTOMATED))
        if decided is not None and self._is_decided(decided):
            decided.outcome = _CODES["undone"]
            decided.set(COUNTED, False)
        if offered is not None and offered.decision == body.decision:
            offered.decision = 0
            books.put_candidate(offered)
            waits = books.row(offered.entry)
            if waits is not None and not offered.failed:
                waits.outcome = _CODES["waiting"]
                waits.set(MAIN | COUNTED, True)
        return row

    # what became of it

    def _of_temp(self, number: int, at: int, entry: Entry, body: _Temp) -> Row:
        books = self._books
        decided = books.row(body.decision)
        offered = books.candidate_by(decided.candidate) if decided and decided.candidate else None
        row = self._about(number, at, entry, offered)
        match body:
            case record.Replaced():
                self._shown(row, "replaced")
            case record.SpanDeleted() | record.PanelCleared():
                self._shown(row, "cleared")
            case record.PanelReplaced():
                self._shown(row, "replaced")
                row.edit = body.human_permille
            case record.PanelRestored():
                before = books.row(body.entry)
                if before is not None and before.outcome in (_CODES["replaced"], _CODES["cleared"]):
                    before.outcome = _CODES["undone"]
            case _:
                return row
        row.tool, row.left = books.name("tool", BY_HAND), 0
        if isinstance(body, record.PanelReplaced | record.PanelCleared | record.PanelRestored):
            asked = books.request_by(row.request)
            row.shot = books.name("shot", body.shot)
            row.desk = _DESK_CODES["Board"]
            known = asked.purpose if asked else books.number_of_shot(row.shot)
            row.purpose = books.name("purpose", known or "A panel")
        if not isinstance(body, record.SpanDeleted):
            row.set(AUTOMATED, body.automated or bool(row.flags & AUTOMATED))
        return row

    # parts of a row

    def _row(
        self,
        number: int,
        at: int,
        type: str,
        entry: Entry | None,
        desk: DeskName,
        purpose: str,
        tool: str = "",
    ) -> Row:
        books = self._books
        person, session = books.works(entry.person, at) if entry and entry.person else (0, 0)
        automated = AUTOMATED if entry and entry.person == "automated" else 0
        values = (
            number,
            at,
            session,
            person,
            _DESK_CODES[desk],
            books.name("tool", tool),
            books.name("purpose", purpose),
            0,
            0,
            _CODES["done"],
            None,
            books.name("type", type),
            0,
            0,
            0,
            0,
            automated,
        )
        return Row(values, None)

    def _about(self, number: int, at: int, entry: Entry, offered: Offered | None) -> Row:
        """A row about a candidate: "Alt lines, sc 14", "14D variant 2"."""
        books = self._books
        row = self._row(number, at, entry.body.type, entry, "Write", plain(entry.body.type))
        if offered is None:
            return row
        row.candidate = offered.id
        asked = books.request_by(offered.request)
        if asked is None:
            return row
        self._belongs(row, asked)
        is_picture = asked.desk == _DESK_CODES["Board"]
        purpose = f"{asked.purpose} variant {offered.place + 1}" if is_picture else asked.purpose
        row.purpose = books.name("purpose", purpose)
        return row

    def _belongs(self, row: Row, asked: Asked) -> None:
        """What all rows of a request have in common."""
        books = self._books
        row.request = asked.id
        row.desk, row.tool, row.sensitivity, row.left = asked.desk, asked.tool, asked.sensitivity, asked.left
        row.scene, row.shot = books.name("scene", asked.scene), books.name("shot", asked.shot)
        if not row.person and asked.person:
            # The program acted for who asked.
            row.person, row.session = asked.person, books.session_of(asked.person)

    def _shown(self, row: Row, outcome: Outcome) -> None:
        row.outcome = _CODES[outcome]
        row.set(MAIN, True)

    def _is_decided(self, row: Row) -> bool:
        return row.outcome in (_CODES["accepted"], _CODES["edited"], _CODES["rejected"])
