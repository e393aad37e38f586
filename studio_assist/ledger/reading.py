"""Reading the ledger: entries by what they are about, texts, what is still open, and proofs."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Final

from pydantic import ValidationError

from studio_assist.domain.errors import BadInput, Damaged
from studio_assist.domain.record import Commitment, DecisionMade, Entry, entry_time
from studio_assist.domain.values import CandidateId, EntryNumber, RequestId
from studio_assist.ledger import tree
from studio_assist.ledger.contents import as_text, opens
from studio_assist.ledger.past import SqlPast, read_entry
from studio_assist.ledger.schema import FAULTS, WORK_ON, explained

#: What the candidate of the row `entries` was asked for.
_HASH: Final = re.compile(rb"\b[0-9a-f]{64}\b")
_TASK: Final = (
    "(SELECT json_extract(asked.entry, '$.body.task') FROM entries AS asked "
    "WHERE asked.request = entries.request AND +asked.type = 'requested')"
)


class Reader:
    """What can be asked of a ledger. One call at a time, from any thread.

    Every method raises `Damaged` where the file does not hold what it should, and `Unavailable` where it
    cannot be read just now.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._turn = RLock()
        self.path = path
        #: 1, 2 or 3; see `schema`.
        self.format = 0

    # properties

    @property
    def size(self) -> int:
        """How many entries the ledger holds."""
        return self._head()[0]

    @property
    def root(self) -> str:
        """The tree's root over all entries, in hexadecimal."""
        return self._head()[1]

    # entries

    def entry(self, number: int) -> Entry:
        """One entry; `BadInput` where the ledger has none of that number."""
        rows = self._entries("SELECT CAST(entry AS BLOB), number FROM entries WHERE number = ?", (number,))
        if not rows:
            raise BadInput(
                f"The ledger has no entry {number}.",
                remedy=f"Choose a number from 1 to {self.size}.",
                place=str(self.path),
            )
        return rows[0]

    def entries(
        self,
        after: int = 0,
        limit: int = 200,
        *,
        before: int | None = None,
        type: str | Sequence[str] | None = None,
        request: RequestId | None = None,
        candidate: CandidateId | None = None,
        decision: EntryNumber | None = None,
        newest_first: bool = False,
    ) -> list[Entry]:
        """Up to `limit` entries with numbers above `after` and below `before`, in order.

        Page on with the last entry's number, as `after` or, newest first, as `before`. `decision` finds
        what was done about a decision afterwards; the decision itself is `entry(decision)`.
        """
        where: list[str] = ["number > ?"]
        values: list[object] = [after]
        if before is not None:
            where.append("number < ?")
            values.append(before)
        if type is not None:
            types = [type] if isinstance(type, str) else list(type)
            # The other columns name few entries each, a type names very many: with a plus sign SQLite
            # looks through the few.
            narrow = request is not None or candidate is not None or decision is not None
            where.append(f"{'+' if narrow else ''}type IN ({','.join('?' * len(types))})")
            values.extend(types)
        for column, value in (("request", request), ("candidate", candidate), ("decision", decision)):
            if value is not None:
                where.append(f"{column} = ?")
                values.append(value)
        order = "DESC" if newest_first else "ASC"
        return self._entries(
            f"SELECT CAST(entry AS BLOB), number FROM entries WHERE {' AND '.join(where)} "
            f"ORDER BY number {order} LIMIT ?",
            (*values, limit),
        )

    def request(self, request: RequestId) -> Entry | None:
        """The entry in which something was requested."""
        found = self.entries(type="requested", request=request, limit=1)
        return found[0] if found else None

    def candidate(self, candidate: CandidateId) -> Entry | None:
        """The entry that holds a candidate."""
        found = self.entries(type="candidate", candidate=candidate, limit=1)
        return found[0] if found else None

    def decision(self, number: EntryNumber) -> tuple[Entry, DecisionMade]:
        """The decision that an entry holds; `BadInput` where it holds something else."""
        entry = self.entry(number)
        if not isinstance(entry.body, DecisionMade):
            raise BadInput(
                f"Entry {number} is no decision.", remedy="Choose another entry.", place=str(self.path)
            )
        return entry, entry.body

    def has_backend(self, backend: str) -> bool:
        """Whether the record says that a host was set up, and not that it was taken away since."""
        with self._reading():
            return SqlPast(self._connection).stands("backend", backend) is True

    # texts

    def content_bytes(self, commitment: Commitment) -> bytes | None:
        """What a commitment was made over, or None where the ledger does not hold it.

        Never other bytes: what does not open the commitment is `Damaged`.
        """
        with self._reading():
            row = self._connection.execute(
                "SELECT salt, content FROM contents WHERE commitment = ?", (commitment,)
            ).fetchone()
        return self._opened(commitment, *row) if row else None

    def content(self, commitment: Commitment) -> str | None:
        """The text a commitment was made over, or None where the ledger does not hold it."""
        content = self.content_bytes(commitment)
        return None if content is None else as_text(content)

    # what is still to be done
    # CROSS JOIN has SQLite begin with the short list, not with all entries in the order that is wanted.

    def open_candidates(
        self, request: RequestId | None = None, *, of: str | None = None, but_of: str | None = None
    ) -> list[tuple[Entry, str]]:
        """Candidates that can be decided on, with their texts, oldest first.

        Args:
            of, but_of: the task that they were asked for, or one that is left out.
        """
        return self._candidates(0, request, of, but_of)

    def stale_candidates(
        self, request: RequestId | None = None, *, but_of: str | None = None
    ) -> list[tuple[Entry, str]]:
        """Undecided candidates whose script text has changed since, with their texts, oldest first."""
        return self._candidates(1, request, None, but_of)

    def open_count_of(self, task: str) -> int:
        """How many candidates of a task can be decided on."""
        with self._reading():
            return self._connection.execute(
                "SELECT count(*) FROM open_candidates AS open CROSS JOIN entries ON number = open.entry "
                f"WHERE stale = 0 AND {_TASK} = ?",
                (task,),
            ).fetchone()[0]

    def open_count(self) -> int:
        """How many candidates are open or stale."""
        with self._reading():
            return self._connection.execute("SELECT count(*) FROM open_candidates").fetchone()[0]

    def unplaced(self) -> list[Entry]:
        """Accepted and edited decisions that were neither placed in the script nor undone.

        After a crash, these are what the window offers to put in.
        """
        return self._entries(
            "SELECT CAST(entry AS BLOB), number FROM unplaced "
            "CROSS JOIN entries ON number = unplaced.decision ORDER BY number"
        )

    def unfinished(self) -> list[Entry]:
        """Requests that never ended: what a crash interrupted."""
        return self._entries(
            "SELECT CAST(entries.entry AS BLOB), number FROM unfinished "
            "CROSS JOIN entries ON number = unfinished.entry ORDER BY number"
        )

    def sent_bytes(self, since: datetime) -> int:
        """How many bytes have left this machine since a moment (with a time zone)."""
        with self._reading():
            return self._connection.execute(
                "SELECT coalesce(sum(json_extract(entry, '$.body.bytes')), 0) FROM entries "
                "INDEXED BY sent_by_time "
                "WHERE type = 'sent' AND at >= ?",
                (entry_time(_utc(since)),),
            ).fetchone()[0]

    # the board

    def standing_pictures(self) -> list[EntryNumber]:
        """Decisions by which a temp picture stands in a panel, oldest first.

        Neither undone nor replaced or cleared since, unless that was taken back.
        """
        with self._reading():
            rows = self._connection.execute(
                "SELECT made.number FROM entries AS made WHERE type = 'decision' "
                "AND json_extract(entry, '$.body.placement.kind') = 'panel' "
                "AND NOT EXISTS (SELECT 1 FROM entries AS undone WHERE undone.decision = made.number "
                "AND +undone.type = 'decision_undone') "
                "AND coalesce((SELECT after.type FROM entries AS after WHERE after.decision = made.number "
                "AND +after.type IN ('panel_replaced', 'panel_cleared', 'panel_restored') "
                "ORDER BY after.number DESC LIMIT 1), 'panel_restored') = 'panel_restored' ORDER BY number"
            ).fetchall()
        return [EntryNumber(number) for (number,) in rows]

    def own_pictures(self) -> set[EntryNumber]:
        """The entries that say that a picture of a person's own went into a panel."""
        with self._reading():
            rows = self._connection.execute(
                "SELECT number FROM entries WHERE type IN ('panel_drawn', 'panel_replaced')"
            ).fetchall()
        return {EntryNumber(number) for (number,) in rows}

    def has_candidate_with(self, text: str) -> bool:
        """Whether the content of any candidate holds a text."""
        with self._reading():
            row = self._connection.execute(
                "SELECT 1 FROM entries JOIN contents "
                "ON commitment = json_extract(entries.entry, '$.body.content') "
                "WHERE type = 'candidate' AND instr(content, ?) LIMIT 1",
                (text.encode(),),
            ).fetchone()
        return row is not None

    def candidate_texts(self) -> tuple[str, ...]:
        """What the candidates of all requests hold, where it was not forgotten."""
        with self._reading():
            rows = self._connection.execute(
                "SELECT DISTINCT content FROM entries JOIN contents "
                "ON commitment = json_extract(entries.entry, '$.body.content') WHERE type = 'candidate'"
            ).fetchall()
        return tuple(bytes(content).decode("utf-8", "replace") for (content,) in rows)

    def offered_among(self, texts: Collection[str]) -> set[str]:
        """Those of some hashes that the content of a candidate, or of what was made of one, names."""
        wanted, found = set(texts), set[str]()
        if not wanted:
            return found
        with self._reading():
            rows = self._connection.execute(
                "SELECT content FROM entries JOIN contents "
                "ON commitment = json_extract(entries.entry, "
                "iif(type = 'candidate', '$.body.content', '$.body.result')) "
                "WHERE type IN ('candidate', 'decision')"
            )
            for (content,) in rows:
                hashes = _HASH.findall(bytes(content))
                found.update(wanted.intersection(one.decode() for one in hashes))
        return found

    # proofs

    def root_at(self, size: int) -> str:
        """The root the tree had when it held `size` entries."""
        self._within(size)
        with self._reading():
            return tree.root_at(size, self._node).hex()

    def inclusion_proof(self, number: int, size: int | None = None) -> list[str]:
        """Hashes that lead from an entry to the root at `size` (now, if None), lowest first."""
        size = self.size if size is None else size
        self._within(size)
        self._within(number, size)
        with self._reading():
            return [step.hex() for step in tree.inclusion_proof(number - 1, size, self._node)]

    def consistency_proof(self, old_size: int, size: int | None = None) -> list[str]:
        """Hashes that show the ledger at `size` (now, if None) to hold all it held at `old_size`."""
        size = self.size if size is None else size
        self._within(size)
        self._within(old_size, size)
        with self._reading():
            return [step.hex() for step in tree.consistency_proof(old_size, size, self._node)]

    # internals

    def _head(self) -> tuple[int, str]:
        with self._reading():
            row = self._connection.execute("SELECT size, root FROM head").fetchone()
        if row is None:
            raise Damaged("The ledger's head is gone.", remedy=WORK_ON, place=str(self.path))
        return row

    def _node(self, level: int, place: int) -> bytes:
        row = self._connection.execute(
            "SELECT hash FROM nodes WHERE level = ? AND place = ?", (level, place)
        ).fetchone()
        if row is None:
            raise Damaged(
                f"The ledger's tree has no node {level}/{place}.", remedy=WORK_ON, place=str(self.path)
            )
        return row[0]

    def _within(self, number: int, size: int | None = None) -> None:
        last = self.size if size is None else size
        if not 1 <= number <= last:
            raise BadInput(
                f"The ledger has no entry {number}.",
                remedy=f"Choose a number from 1 to {last}.",
                place=str(self.path),
            )

    def _candidates(
        self, stale: int, request: RequestId | None, of: str | None, but_of: str | None
    ) -> list[tuple[Entry, str]]:
        condition, values = "", list[str]()
        for what, value in (
            ("entries.request = ?", request),
            (f"{_TASK} = ?", of),
            (f"{_TASK} IS NOT ?", but_of),
        ):
            if value is not None:
                condition += f"AND {what} "
                values.append(value)
        with self._reading():
            rows = self._connection.execute(
                "SELECT CAST(entries.entry AS BLOB), number, commitment, salt, content "
                "FROM open_candidates AS open "
                "CROSS JOIN entries ON number = open.entry "
                "JOIN contents ON commitment = json_extract(entries.entry, '$.body.content') "
                f"WHERE stale = ? {condition} ORDER BY number",
                (stale, *values),
            ).fetchall()
        return [(self._parsed(row[0], row[1]), as_text(self._opened(*row[2:]))) for row in rows]

    def _entries(self, query: str, values: Sequence[object] = ()) -> list[Entry]:
        with self._reading():
            rows = self._connection.execute(query, values).fetchall()
        return [self._parsed(entry, number) for entry, number in rows]

    def _opened(self, commitment: Commitment, salt: object, content: object) -> bytes:
        if isinstance(salt, bytes) and isinstance(content, bytes) and opens(commitment, salt, content):
            return content
        raise Damaged(
            "A text kept in the ledger is not the one its entry commits to.",
            remedy=WORK_ON,
            place=str(self.path),
        )

    def _parsed(self, entry: bytes, number: int) -> Entry:
        try:
            return read_entry(entry)
        except ValidationError as error:
            raise Damaged(
                f"Entry {number} of the ledger is not readable.", remedy=WORK_ON, place=str(self.path)
            ) from error

    @contextmanager
    def _reading(self) -> Generator[None]:
        with self._turn:
            try:
                yield
            except FAULTS as error:
                raise explained(error, self.path) from error


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time without a zone is not a time here")
    return moment.astimezone(UTC)
