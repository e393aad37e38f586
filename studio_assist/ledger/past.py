"""The record so far, as the rules ask for it, read from and kept in the ledger's tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from typing import Final

from pydantic import ValidationError

from studio_assist.domain.record import (
    CandidateMade,
    Commitment,
    DecisionMade,
    Entry,
    Forgotten,
    PanelCleared,
    PanelReplaced,
    commitments,
)
from studio_assist.domain.values import CandidateId, EntryNumber, PersonId, RequestId
from studio_assist.ledger.rules import Decided, Standing

#: What `SqlPast.gate` gives of a request.
_AT_THE_GATE: Final = (
    "'requested', 'judged', 'send_approved', 'send_seconded', 'send_refused', 'sent'"  # in SQL
)
#: By what sort of thing: the field that names it, what puts it in force, and what ends that.
_STANDING: Final[dict[str, tuple[str, str, tuple[str, ...]]]] = {
    "attestation": ("attestation", "attestation_made", ("attestation_revoked",)),
    "backend": ("backend", "backend_added", ("backend_removed",)),
    "asked": (
        "clearance",
        "clearance_sent",
        ("clearance_approved", "clearance_refused", "clearance_withdrawn"),
    ),
    "approval": ("clearance", "clearance_approved", ("clearance_withdrawn",)),
    "consent": ("consent", "consent_recorded", ("consent_revoked",)),
    "sound": ("sha256", "sound_added", ()),
}

Columns = tuple[int, str, str | None, str, str | None, str | None, int | None]


def read_entry(entry: bytes) -> Entry:
    """An entry from its stored bytes; raises pydantic's `ValidationError`."""
    return Entry.__pydantic_validator__.validate_json(entry)


def write_entry(entry: Entry) -> bytes:
    """The canonical bytes, by pydantic's own writer: the same as `Entry.canonical`, six times as fast."""
    return Entry.__pydantic_serializer__.to_json(entry)


def columns_of(entry: Entry, at: str) -> Columns:
    """What the searchable columns of an entry's row must hold; `at` is its time as it is written."""
    body = entry.body
    fields = vars(body)
    return (
        entry.number,
        at,
        entry.person,
        body.type,
        fields.get("request"),
        fields.get("candidate"),
        fields.get("decision"),
    )


def time_in(canonical: bytes) -> str:
    """The time that an entry's canonical bytes begin with, after `{"at":"`."""
    return canonical[7:34].decode()


class SqlPast:
    """Implements `rules.Past` on an open transaction.

    Args:
        before: entries from this number on are not looked at; None for all.
    """

    def __init__(self, connection: sqlite3.Connection, before: EntryNumber | None = None) -> None:
        self._connection = connection
        self.before: int = before or 2**63 - 1

    # what the rules ask

    def has_request(self, request: RequestId) -> bool:
        return self._one("type = 'requested' AND request = ?", request) is not None

    def is_unfinished(self, request: RequestId) -> bool:
        row = self._connection.execute("SELECT 1 FROM unfinished WHERE request = ?", (request,)).fetchone()
        return row is not None

    def is_new_request(self, request: RequestId) -> bool:
        return not self.has_request(request)

    def is_new_candidate(self, candidate: CandidateId) -> bool:
        return self.candidate(candidate) is None

    def candidate(self, candidate: CandidateId) -> Standing | None:
        entry = self._one("type = 'candidate' AND candidate = ?", candidate)
        if entry is None or not isinstance(entry.body, CandidateMade):
            return None
        still_open = self._connection.execute(
            "SELECT stale FROM open_candidates WHERE candidate = ?", (candidate,)
        ).fetchone()
        return Standing(
            entry.number, entry.body.content, still_open is not None, bool(still_open and still_open[0])
        )

    def was_shown(self, candidate: CandidateId, person: PersonId | None) -> bool:
        # The content needs no look: what is presented is held to be the candidate's own.
        return (
            self._one("candidate = ? AND +type = 'presented' AND person = ?", candidate, person) is not None
        )

    def decision(self, number: EntryNumber) -> Decided | None:
        entry = self._one("number = ? AND type = 'decision'", number)
        if entry is None or not isinstance(entry.body, DecisionMade):
            return None
        undone = self._one("decision = ? AND +type = 'decision_undone'", number) is not None
        return Decided(entry.body, undone)

    def taken_off(self, number: EntryNumber) -> PanelReplaced | PanelCleared | None:
        entry = self._one("number = ? AND type IN ('panel_replaced', 'panel_cleared')", number)
        body = entry.body if entry else None
        return body if isinstance(body, (PanelReplaced, PanelCleared)) else None

    def spoken_of(self, number: EntryNumber) -> Collection[Commitment]:
        entry = self._one("number = ?", number)
        return commitments(entry.body) if entry else ()

    def is_needed(self, commitment: Commitment) -> bool:
        """Whether an open candidate or a decision that waits to be placed has this text."""
        row = self._connection.execute(
            "SELECT 1 FROM open_candidates AS open CROSS JOIN entries ON number = open.entry "
            "WHERE json_extract(entries.entry, '$.body.content') = ?1 "
            "UNION ALL SELECT 1 FROM unplaced CROSS JOIN entries ON number = unplaced.decision "
            "WHERE ?1 IN (json_extract(entry, '$.body.content'), json_extract(entry, '$.body.result')) "
            "LIMIT 1",
            (commitment,),
        ).fetchone()
        return row is not None

    def is_forgotten(self, commitment: Commitment) -> bool:
        # The entry itself is what tells; there are few of them.
        row = self._connection.execute(
            "SELECT 1 FROM entries, json_each(entry, '$.body.commitments') AS gone "
            "WHERE entries.type = 'forgotten' AND gone.value = ? LIMIT 1",
            (commitment,),
        ).fetchone()
        return row is not None

    def gate(self, request: RequestId) -> Sequence[Entry]:
        rows = self._connection.execute(
            "SELECT CAST(entry AS BLOB) FROM entries "
            f"WHERE request = ? AND +type IN ({_AT_THE_GATE}) AND number < ? ORDER BY number",
            (request, self.before),
        )
        return [read_entry(entry) for (entry,) in rows]

    def approval(self, number: EntryNumber) -> Entry | None:
        return self._one("number = ? AND +type = 'send_approved'", number)

    def stands(self, kind: str, name: str) -> bool | None:
        field, begun, ended = _STANDING[kind]
        types = ", ".join(f"'{one}'" for one in (begun, *ended))
        where = f"type IN ({types}) AND json_extract(entry, '$.body.{field}') = ?"
        last = self._one(where, name, newest=True)
        return None if last is None else last.body.type == begun

    def asked_by(self, clearance: str) -> Collection[PersonId | None]:
        rows = self._connection.execute(
            "SELECT DISTINCT person FROM entries WHERE type IN ('clearance_drafted', 'clearance_sent') "
            "AND json_extract(entry, '$.body.clearance') = ? AND number < ?",
            (clearance, self.before),
        )
        return {person for (person,) in rows}

    def has_key(self, person: PersonId | None) -> bool:
        return self._one("type = 'key_added' AND person = ?", person) is not None

    def owns(self, person: PersonId | None, key: str) -> bool:
        # The newest first: it is the one that is used.
        where = "type = 'key_added' AND person = ? AND json_extract(entry, '$.body.public') = ?"
        return self._one(where, person, key, newest=True) is not None

    def is_new_key(self, key: str) -> bool:
        return self._one("type = 'key_added' AND json_extract(entry, '$.body.public') = ?", key) is None

    # what they keep

    def begin(self, request: RequestId, number: EntryNumber) -> None:
        self._connection.execute("INSERT INTO unfinished VALUES (?, ?)", (request, number))

    def finish(self, request: RequestId) -> None:
        self._connection.execute("DELETE FROM unfinished WHERE request = ?", (request,))

    def show(self, candidate: CandidateId, person: PersonId | None) -> None:
        """Nothing to keep: the entry itself is what `was_shown` finds."""

    def put_open(self, candidate: CandidateId, standing: Standing) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO open_candidates VALUES (?, ?, ?)",
            (candidate, standing.entry, int(standing.is_stale)),
        )

    def close(self, candidate: CandidateId) -> None:
        self._connection.execute("DELETE FROM open_candidates WHERE candidate = ?", (candidate,))

    def await_placing(self, decision: EntryNumber) -> None:
        self._connection.execute("INSERT INTO unplaced VALUES (?)", (decision,))

    def settle(self, decision: EntryNumber) -> None:
        self._connection.execute("DELETE FROM unplaced WHERE decision = ?", (decision,))

    def add_key(self, key: str, person: PersonId | None) -> None:
        """Nothing to keep: the entry itself is what `owns` finds."""

    def forget(self, gone: Collection[Commitment]) -> None:
        """Nothing to keep: the entry itself is what `is_forgotten` finds."""

    def pass_gate(self, entry: Entry) -> None:
        """Nothing to keep: the entry itself is what `gate` finds."""

    def put_standing(self, kind: str, name: str, stands: bool) -> None:
        """Nothing to keep: the entry itself is what `stands` finds."""

    def note_asker(self, clearance: str, person: PersonId | None) -> None:
        """Nothing to keep: the entry itself is what `asked_by` finds."""

    def _one(self, where: str, *values: object, newest: bool = False) -> Entry | None:
        # A plus sign keeps SQLite from looking through all entries of a type for the few of a candidate.
        order = "ORDER BY number DESC" if newest else ""
        row = self._connection.execute(
            f"SELECT CAST(entry AS BLOB) FROM entries WHERE {where} AND number < ? {order} LIMIT 1",
            (*values, self.before),
        ).fetchone()
        return read_entry(row[0]) if row else None


def forgotten_in(connection: sqlite3.Connection) -> dict[Commitment, EntryNumber]:
    """Every text that an entry says was forgotten, with that entry, by what the rows say of themselves."""
    found: dict[Commitment, EntryNumber] = {}
    for (canonical,) in connection.execute(
        "SELECT CAST(entry AS BLOB) FROM entries WHERE type = 'forgotten' ORDER BY number"
    ):
        try:
            entry = read_entry(canonical)
        except ValidationError:
            # Whoever goes through the entries in order will come to this one and name it.
            continue
        if isinstance(entry.body, Forgotten):
            for commitment in entry.body.commitments:
                found.setdefault(commitment, entry.number)
    return found
