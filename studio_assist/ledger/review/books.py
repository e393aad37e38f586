"""What the making of the index keeps in mind: names, people, requests, candidates and rows that change.

Everything is looked up once and written when a batch of entries ends, in the transaction of that batch.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from typing import Final

from studio_assist.ledger.review.kept import Asked, Known, Offered, Row, RowTuple
from studio_assist.ledger.review.schema import AUTOMATED, PAUSE, SHIFT, SUMMED

#: So many things are kept in mind at most.
_MOST: Final = 60_000
_SUM_COLUMNS: Final = "block, person, session, desk, tool, outcome, sensitivity, kept"

_SumKey = tuple[int, int, int, int, int, int, int, int]


class Books:
    """Reads and writes the tables of an index that a transaction is open on."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection: Final = connection
        self._names: dict[tuple[str, str], int] = {}
        self._people: dict[str, Known] = {}
        self._requests: dict[str, Asked] = {}
        self._requests_by_id: dict[int, Asked] = {}
        self._candidates: dict[str, Offered] = {}
        self._changed_people: set[str] = set()
        self._changed_requests: dict[int, Asked] = {}
        self._changed_candidates: dict[int, Offered] = {}
        self._rows: dict[int, Row] = {}
        self._of_request: defaultdict[int, list[int]] = defaultdict(list)
        self._shots: dict[int, str] = {}
        self._next_session = self._first("SELECT coalesce(max(session), 0) FROM people") + 1
        self._next_request = self._first("SELECT coalesce(max(id), 0) FROM requests") + 1
        self._next_candidate = self._first("SELECT coalesce(max(id), 0) FROM candidates") + 1

    # names and people

    def name(self, kind: str, text: str) -> int:
        """The number of a name; 0 for an empty one."""
        if not text:
            return 0
        found = self._names.get((kind, text))
        if found is None:
            text = text.encode("utf-8", "replace").decode()[:200]
            row = self._connection.execute(
                "SELECT id FROM names WHERE kind = ? AND text = ?", (kind, text)
            ).fetchone()
            found = (
                row[0]
                if row
                else self._connection.execute(
                    "INSERT INTO names (kind, text) VALUES (?, ?)", (kind, text)
                ).lastrowid
            )
            assert found is not None
            self._names[kind, text] = found
        return found

    def person(self, person: str, name: str | None = None) -> int:
        """The number of somebody, who may have got another name."""
        known = self._known(person)
        if name is not None and known.name != name:
            known.name = name
            self._changed_people.add(person)
        return known.id

    def works(self, person: str, at: int) -> tuple[int, int]:
        """Somebody does something: their number and that of the stretch of work it belongs to."""
        known = self._known(person)
        if not known.session or at - known.last >= PAUSE:
            known.session = self._next_session
            self._next_session += 1
        known.last = at
        self._changed_people.add(person)
        return known.id, known.session

    def session_of(self, person: int) -> int:
        """The stretch of work that somebody is in."""
        for known in self._people.values():
            if known.id == person:
                return known.session
        row = self._connection.execute("SELECT person FROM people WHERE id = ?", (person,)).fetchone()
        return self._known(row[0]).session if row else 0

    # requests and candidates

    def request(self, request: str) -> Asked | None:
        """A request that is known."""
        found = self._requests.get(request)
        if found is None:
            row = self._connection.execute("SELECT * FROM requests WHERE request = ?", (request,)).fetchone()
            found = self._keep(Asked(*row)) if row else None
        return found

    def request_by(self, id: int) -> Asked | None:
        """A request by its number."""
        found = self._requests_by_id.get(id)
        if found is None:
            row = self._connection.execute("SELECT * FROM requests WHERE id = ?", (id,)).fetchone()
            found = self._keep(Asked(*row)) if row else None
        return found

    def put_request(self, asked: Asked) -> None:
        """A request is new, or something about it has changed."""
        self._keep(asked)
        self._changed_requests[asked.id] = asked

    def put_shot(self, shot: int, number: str) -> None:
        """The number that a shot has, by the last request for it."""
        if self._shots.get(shot) != number:
            self._shots[shot] = number
            self._connection.execute("INSERT OR REPLACE INTO shots VALUES (?, ?)", (shot, number))

    def number_of_shot(self, shot: int) -> str:
        """The number of a shot, as boards write it; "" where nobody asked for a picture of it."""
        if shot not in self._shots:
            row = self._connection.execute("SELECT number FROM shots WHERE shot = ?", (shot,)).fetchone()
            if row is None:
                return ""
            self._shots[shot] = row[0]
        return self._shots[shot]

    def new_request_id(self) -> int:
        """The number of the next request."""
        self._next_request += 1
        return self._next_request - 1

    def candidate(self, candidate: str) -> Offered | None:
        """A candidate that is known."""
        found = self._candidates.get(candidate)
        if found is None:
            row = self._connection.execute(
                "SELECT * FROM candidates WHERE candidate = ?", (candidate,)
            ).fetchone()
            found = Offered(*row) if row else None
            if found:
                self._candidates[candidate] = found
        return found

    def candidate_by(self, id: int) -> Offered | None:
        """A candidate by its number."""
        row = self._changed_candidates.get(id)
        if row:
            return row
        found = self._connection.execute("SELECT candidate FROM candidates WHERE id = ?", (id,)).fetchone()
        return self.candidate(found[0]) if found else None

    def put_candidate(self, offered: Offered) -> None:
        """A candidate is new, or something about it has changed."""
        self._candidates[offered.candidate] = offered
        self._changed_candidates[offered.id] = offered

    def new_candidate_id(self) -> int:
        """The number of the next candidate."""
        self._next_candidate += 1
        return self._next_candidate - 1

    # rows

    def add(self, row: Row) -> None:
        """A new row."""
        self._rows[row.number] = row
        if row.request:
            self._of_request[row.request].append(row.number)

    def row(self, number: int) -> Row | None:
        """A row, to be changed."""
        found = self._rows.get(number)
        if found is None:
            values = self._connection.execute("SELECT * FROM rows WHERE number = ?", (number,)).fetchone()
            if values is None:
                return None
            found = self._rows[number] = Row(values, values)
        return found

    def rows_of(self, request: int) -> list[Row]:
        """Every row of a request so far, to be changed."""
        numbers = {
            number
            for (number,) in self._connection.execute(
                "SELECT number FROM rows WHERE request = ? AND request > 0", (request,)
            )
        }
        numbers.update(self._of_request.get(request, ()))
        return [row for number in sorted(numbers) if (row := self.row(number))]

    # writing

    def write(self) -> None:
        """Put everything that has changed into the tables."""
        connection = self._connection
        connection.executemany(
            "INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?)",
            [
                (known.id, known.person, known.name, known.session, known.last)
                for known in map(self._known, sorted(self._changed_people))
            ],
        )
        connection.executemany(
            f"INSERT OR REPLACE INTO requests VALUES ({','.join('?' * 11)})",
            [asked.values() for asked in self._changed_requests.values()],
        )
        connection.executemany(
            f"INSERT OR REPLACE INTO candidates VALUES ({','.join('?' * 7)})",
            [offered.values() for offered in self._changed_candidates.values()],
        )
        self._write_rows()
        for changed in (self._changed_people, self._changed_requests, self._changed_candidates):
            changed.clear()
        for kept in (self._names, self._requests, self._requests_by_id, self._candidates):
            if len(kept) > _MOST:
                kept.clear()
        self._rows.clear()
        self._of_request.clear()

    # internals

    def _write_rows(self) -> None:
        sums: defaultdict[_SumKey, list[int]] = defaultdict(lambda: [0, 0])
        changed: list[RowTuple] = []
        spans: dict[int, tuple[int, int]] = {}
        for row in self._rows.values():
            now = row.values()
            if now == row.was:
                continue
            changed.append(now)
            for values, sign in ((row.was, -1), (now, 1)):
                if values is not None:
                    tally = sums[sum_key(values)]
                    tally[0] += sign
                    tally[1] += sign * values[8]
            block = row.number >> SHIFT
            first, last = spans.get(block, (row.at, row.at))
            spans[block] = (min(first, row.at), max(last, row.at))
        connection = self._connection
        connection.executemany(f"INSERT OR REPLACE INTO rows VALUES ({','.join('?' * 17)})", changed)
        connection.executemany(
            f"INSERT INTO sums VALUES ({','.join('?' * 10)}) ON CONFLICT ({_SUM_COLUMNS}) "
            "DO UPDATE SET n = n + excluded.n, bytes = bytes + excluded.bytes",
            [(*key, *tally) for key, tally in sums.items() if tally != [0, 0]],
        )
        connection.executemany(
            f"DELETE FROM sums WHERE ({_SUM_COLUMNS}) = ({','.join('?' * 8)}) AND n = 0",
            [key for key, tally in sums.items() if tally[0] < 0],
        )
        connection.executemany(
            "INSERT INTO blocks VALUES (?, ?, ?) ON CONFLICT (block) "
            "DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)",
            [(block, *span) for block, span in spans.items()],
        )

    def _known(self, person: str) -> Known:
        known = self._people.get(person)
        if known is None:
            row = self._connection.execute("SELECT * FROM people WHERE person = ?", (person,)).fetchone()
            if row is None:
                number = self._connection.execute(
                    "INSERT INTO people (person, name, session, last) VALUES (?, ?, 0, 0)", (person, person)
                ).lastrowid
                assert number is not None
                known = Known(number, person, person, 0, 0)
            else:
                known = Known(*row)
            self._people[person] = known
        return known

    def _keep(self, asked: Asked) -> Asked:
        self._requests[asked.request] = self._requests_by_id[asked.id] = asked
        return asked

    def _first(self, query: str) -> int:
        return self._connection.execute(query).fetchone()[0]


def sum_key(row: RowTuple) -> _SumKey:
    """Where `sums` counts a row."""
    return (row[0] >> SHIFT, row[3], row[2], row[4], row[5], row[9], row[7], row[16] & SUMMED & ~AUTOMATED)
