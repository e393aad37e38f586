"""What a run over the entries keeps in step with them: the texts, what is open, and who has which key."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Container, Sequence
from typing import Final

from studio_assist.domain.record import Commitment, DecisionMade, Entry, Forgotten, commitments
from studio_assist.domain.values import CandidateId, EntryNumber, PersonId, RequestId
from studio_assist.ledger.contents import opens
from studio_assist.ledger.past import SqlPast, forgotten_in
from studio_assist.ledger.rules import Decided, Standing
from studio_assist.ledger.sending import AtTheGate

#: Commitments remembered as opened; older ones are looked up again.
_MOST_REMEMBERED: Final = 100_000


class Difference(Exception):
    """The first thing that is not as it should be. `entry` is the number of the entry concerned, or None."""

    def __init__(self, entry: int | None, why: str) -> None:
        super().__init__(why)
        self.entry = entry
        self.why = why


class Texts:
    """Goes through the side table of texts in step with the entries that brought them.

    Args:
        all_held: every text that no entry says was forgotten must be there.
    """

    def __init__(self, connection: sqlite3.Connection, *, all_held: bool) -> None:
        self._connection = connection
        self._all_held = all_held
        #: By which entry each text is gone. Those entries are yet to be met; until then they say so unproved.
        self._gone = forgotten_in(connection)
        self._rows = connection.execute("SELECT entry, commitment, salt, content FROM contents ORDER BY id")
        self._next = self._rows.fetchone()
        self._opened: set[Commitment] = set()
        self._opened_before: set[Commitment] = set()

    def compare(self, number: int, entry: Entry) -> None:
        spoken_of = commitments(entry.body)
        if entry.body.type == "forgotten":
            self._compare_gone(number, entry.body)
        while self._next is not None and not (isinstance(self._next[0], int) and self._next[0] > number):
            # A damaged row may hold values of any type, whatever its table says.
            owner, commitment, salt, content = self._next
            if owner != number or commitment not in spoken_of:
                raise Difference(
                    number, f"The ledger holds a text beside entry {owner} that it does not speak of."
                )
            if (
                not isinstance(salt, bytes)
                or not isinstance(content, bytes)
                or not opens(commitment, salt, content)
            ):
                raise Difference(number, f"The text kept for entry {number} is not the one it commits to.")
            self._opened.add(commitment)
            self._next = self._rows.fetchone()
        for commitment in spoken_of:
            if commitment not in self._opened and commitment not in self._opened_before:
                self._look_up(number, commitment)
        if len(self._opened) > _MOST_REMEMBERED:
            self._opened, self._opened_before = set(), self._opened

    def compare_end(self) -> None:
        if self._next is not None:
            raise Difference(None, "The ledger holds a text that no entry speaks of.")

    def _look_up(self, number: int, commitment: Commitment) -> None:
        if not self._all_held:
            # A pack may disclose a text for one entry and not for an earlier one that speaks of it as well.
            return
        row = self._connection.execute(
            "SELECT entry FROM contents WHERE commitment = ?", (commitment,)
        ).fetchone()
        if row is None and self._gone.get(commitment, 0) > number:
            return
        if row is None or not isinstance(row[0], int) or row[0] >= number:
            raise Difference(
                number, f"A text that entry {number} commits to is gone, and no entry says it was forgotten."
            )

    def _compare_gone(self, number: int, body: Forgotten) -> None:
        for commitment in body.commitments:
            if self._connection.execute(
                "SELECT 1 FROM contents WHERE commitment = ?", (commitment,)
            ).fetchone():
                raise Difference(number, f"A text that entry {number} says was forgotten is still held.")


class RunningPast(SqlPast):
    """The past up to the entry at hand: what is open is kept here, the rest is looked up.

    Attributes:
        at_hand: the entry that is being admitted.
    """

    at_hand: Entry | None = None

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection, EntryNumber(1))
        self._open: dict[CandidateId, Standing] = {}
        self._shown: dict[CandidateId, set[PersonId | None]] = {}
        self._unplaced: dict[EntryNumber, DecisionMade | None] = {}
        self._unfinished: dict[RequestId, EntryNumber] = {}
        #: What was judged, answered and sent in each request that has not ended, its own entry first.
        self._gates: dict[RequestId, list[Entry]] = {}
        self._standing: dict[tuple[str, str], bool] = {}
        self._askers: dict[str, set[PersonId | None]] = {}
        self._owners: dict[str, PersonId | None] = {}
        self._forgotten: set[Commitment] = set()

    def has_request(self, request: RequestId) -> bool:
        return request in self._unfinished or super().has_request(request)

    # Unique indexes, which SQLite's own check looks through, hold that no id comes twice. Asking for each
    # of a million here would take seconds; only those still open are looked at.

    def is_new_request(self, request: RequestId) -> bool:
        return request not in self._unfinished

    def is_new_candidate(self, candidate: CandidateId) -> bool:
        return candidate not in self._open

    def candidate(self, candidate: CandidateId) -> Standing | None:
        if (standing := self._open.get(candidate)) is not None:
            return standing
        earlier = super().candidate(candidate)
        return earlier._replace(is_open=False, is_stale=False) if earlier else None

    def was_shown(self, candidate: CandidateId, person: PersonId | None) -> bool:
        return person in self._shown.get(candidate, ()) or super().was_shown(candidate, person)

    def decision(self, number: EntryNumber) -> Decided | None:
        # What waits to be placed is what the next entries ask for, and it is not undone.
        made = self._unplaced.get(number)
        return Decided(made, False) if made else super().decision(number)

    def is_needed(self, commitment: Commitment) -> bool:
        if any(standing.content == commitment for standing in self._open.values()):
            return True
        waiting = (self.decision(number) for number in self._unplaced)
        return any(known and commitment in (known.made.content, known.made.result) for known in waiting)

    def is_forgotten(self, commitment: Commitment) -> bool:
        return commitment in self._forgotten

    def is_unfinished(self, request: RequestId) -> bool:
        return request in self._unfinished

    def gate(self, request: RequestId) -> Sequence[Entry]:
        return self._gates.get(request) or super().gate(request)

    def stands(self, kind: str, name: str) -> bool | None:
        return self._standing.get((kind, name))

    def asked_by(self, clearance: str) -> Collection[PersonId | None]:
        return self._askers.get(clearance, set())

    def has_key(self, person: PersonId | None) -> bool:
        return person in self._owners.values()

    def owns(self, person: PersonId | None, key: str) -> bool:
        return key in self._owners and self._owners[key] == person

    def is_new_key(self, key: str) -> bool:
        return key not in self._owners

    def begin(self, request: RequestId, number: EntryNumber) -> None:
        self._unfinished[request] = number
        self._gates[request] = [self.at_hand] if self.at_hand else []

    def finish(self, request: RequestId) -> None:
        self._unfinished.pop(request, None)
        self._gates.pop(request, None)

    def show(self, candidate: CandidateId, person: PersonId | None) -> None:
        if candidate in self._open:
            self._shown.setdefault(candidate, set()).add(person)

    def put_open(self, candidate: CandidateId, standing: Standing) -> None:
        self._open[candidate] = standing

    def close(self, candidate: CandidateId) -> None:
        self._open.pop(candidate, None)
        self._shown.pop(candidate, None)

    def await_placing(self, decision: EntryNumber) -> None:
        body = self.at_hand.body if self.at_hand else None
        self._unplaced[decision] = body if isinstance(body, DecisionMade) else None

    def settle(self, decision: EntryNumber) -> None:
        self._unplaced.pop(decision, None)

    def add_key(self, key: str, person: PersonId | None) -> None:
        self._owners[key] = person

    def forget(self, gone: Collection[Commitment]) -> None:
        self._forgotten.update(gone)

    def pass_gate(self, entry: Entry) -> None:
        if isinstance(entry.body, AtTheGate) and entry.body.request in self._gates:
            self._gates[entry.body.request].append(entry)

    def put_standing(self, kind: str, name: str, stands: bool) -> None:
        self._standing[kind, name] = stands

    def note_asker(self, clearance: str, person: PersonId | None) -> None:
        self._askers.setdefault(clearance, set()).add(person)

    def compare_lists(self) -> None:
        """Raise `Difference` where the kept lists of open things are not what the entries leave open."""
        execute = self._connection.execute
        candidates = {(name, known.entry, int(known.is_stale)) for name, known in self._open.items()}
        kept = execute("SELECT candidate, entry, stale FROM open_candidates")
        _same(kept, candidates, len(candidates), "open candidates")
        kept = execute("SELECT decision, 0 FROM unplaced")
        _same(kept, {(number, 0) for number in self._unplaced}, len(self._unplaced), "decisions to be placed")
        kept = execute("SELECT request, entry FROM unfinished")
        _same(kept, self._unfinished.items(), len(self._unfinished), "unfinished requests")


def _same(kept: sqlite3.Cursor, ours: Container[object], count: int, what: str) -> None:
    rows = kept.fetchall()
    if len(rows) != count or any(row not in ours for row in rows):
        raise Difference(None, f"The list of {what} is not what the entries leave.")
