"""The index of the Review desk: making it, and every question it is asked, beside a plain SELECT with OFFSET.

BENCH_ENTRIES sets the length (100,000 unless told); REVIEW_LEDGER names a ledger.sqlite to take instead of one
that is made here. The baseline asks the same rows of the same file in the way that comes to mind first.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

PAGE = 60
TIMES = 5


def _ms(work: Callable[[], object], times: int = TIMES) -> float:
    took: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def _line(name: str, mine: float, plain: float | None = None) -> None:
    beside = "" if plain is None else f"   plain {plain:9.1f} ms"
    print(f"{name:34} {mine:9.1f} ms{beside}", flush=True)


class Bench:
    """One index, and a bare connection to it."""

    def __init__(self, ledger: Path, index: Path) -> None:
        from studio_assist.ledger.review import ReviewIndex

        self.ledger, self.path = ledger, index
        self.index = ReviewIndex(index)
        self.plain = sqlite3.connect(f"{index.as_uri()}?mode=ro", uri=True)

    def fresh(self) -> None:
        """What was found before is not known any more."""
        from studio_assist.ledger.review import ReviewIndex

        self.index.close()
        self.index = ReviewIndex(self.path)

    def questions(self) -> None:
        """Counts with first pages, middles, sums and days for one filter after the other."""
        from studio_assist.domain.review import Filter, Sort

        choices = self.index.choices()
        last = choices.last
        assert last is not None
        person, tool = choices.people[-1][0], choices.tools[0][0]
        filters = {
            "main": (Filter(), "flags & 1"),
            "every entry": (Filter(everything=True), "1"),
            "person": (
                Filter(people=frozenset({person})),
                f"flags & 1 AND person IN (SELECT id FROM people WHERE name = '{person}')",
            ),
            "tool": (
                Filter(tools=frozenset({tool})),
                f"flags & 1 AND tool IN (SELECT id FROM names WHERE kind = 'tool' AND text = '{tool}')",
            ),
            "desk": (Filter(desks=frozenset({"Board"})), "flags & 1 AND desk = 1"),
            "blocked": (Filter(blocked=True), "flags & 1 AND outcome = 8"),
            "left this machine": (Filter(left=True), "flags & 1 AND left > 0"),
            "a month": (
                Filter(since=last - timedelta(days=30)),
                f"flags & 1 AND at >= {_code(last) - 2592 * 10**9}",
            ),
            "a common word": (Filter(words="cedi"), _having("cedi*")),
            "two words": (Filter(words="cedi wo"), f"{_having('cedi')} AND {_having('wo*')}"),
            "a person's name": (
                Filter(words=person.split()[-1]),
                f"flags & 1 AND person IN (SELECT id FROM people WHERE name = '{person}')",
            ),
            "one letter": (Filter(words="c"), _having("c*")),
        }
        for name, (wanted, where) in filters.items():

            def first(wanted: Filter = wanted) -> None:
                self.fresh()
                self.index.count(wanted)
                self.index.rows(wanted, Sort(), 0, PAGE)

            counted = f"SELECT count(*) FROM rows WHERE {where}"
            page = f"SELECT * FROM rows WHERE {where} ORDER BY number DESC LIMIT {PAGE} OFFSET"

            def plainly(counted: str = counted, page: str = page) -> None:
                self.plain.execute(counted).fetchone()
                self.plain.execute(f"{page} 0").fetchall()

            _line(f"{name}: count and first page", _ms(first), _ms(plainly, 3))
            middle = self.index.count(wanted) // 2
            step = middle // (2 * TIMES) + 1
            places = iter(range(middle, middle + step * TIMES, step))
            offset = f"{page} {middle}"
            mine = _ms(
                lambda wanted=wanted, places=places: self.index.rows(wanted, Sort(), next(places), PAGE)
            )
            _line(
                "    jump to the middle",
                mine,
                _ms(lambda offset=offset: self.plain.execute(offset).fetchall(), 3),
            )
            _line("    totals", _ms(lambda wanted=wanted: self.index.totals(wanted)))
            _line("    days", _ms(lambda wanted=wanted: self.index.days(wanted)))

    def sorts(self) -> None:
        """The first page and a jump, by every column."""
        from studio_assist.domain.review import COLUMNS, Filter, Sort

        plain = {"time": "at", "left": '"left"'}
        for everything in (False, True):
            wanted = Filter(everything=everything)
            middle = self.index.count(wanted) // 2
            for column in COLUMNS:
                sort = Sort(column, descending=False)

                def first(sort: Sort = sort, wanted: Filter = wanted) -> None:
                    self.fresh()
                    self.index.rows(wanted, sort, 0, PAGE)

                where = "1" if everything else "flags & 1"
                query = f"SELECT * FROM rows WHERE {where} ORDER BY {plain.get(column, column)}, number LIMIT {PAGE}"
                name = f"sorted by {column}{', every entry' if everything else ''}"
                _line(name, _ms(first, 3), _ms(lambda query=query: self.plain.execute(query).fetchall(), 1))
                places = iter(range(middle, middle + 3 * (middle // 8 + 1), middle // 8 + 1))
                jump = _ms(
                    lambda sort=sort, wanted=wanted, places=places: self.index.rows(
                        wanted, sort, next(places), PAGE
                    ),
                    3,
                )
                offset = f"{query} OFFSET {middle}"
                _line(
                    "    jump to the middle",
                    jump,
                    _ms(lambda offset=offset: self.plain.execute(offset).fetchall(), 1),
                )


def _code(moment: object) -> int:
    from datetime import datetime

    from studio_assist.ledger.review.deriving import moment_code

    assert isinstance(moment, datetime)
    return moment_code(moment)


def _having(word: str) -> str:
    return f"flags & 1 AND number IN (SELECT rowid FROM words WHERE words MATCH '{word}')"


def _growing(copy: Path, index: Path) -> None:
    """What a few more entries cost, one update after the other."""
    from studio_assist.domain.record import Recovered
    from studio_assist.domain.values import PersonId
    from studio_assist.ledger import Ledger
    from studio_assist.ledger.review import Making

    with Ledger.open(copy) as ledger, Making(copy, index) as making:
        making.update()
        at = ledger.entry(ledger.size).at
        took: list[float] = []
        for number in range(100):
            body = Recovered(what=f"Something, {number}.")
            ledger.append(body, at=at, person=PersonId("r-okafor-1a2b3c4d"), durable=False)
            began = time.perf_counter()
            making.update()
            took.append((time.perf_counter() - began) * 1000)
    _line("one more entry", statistics.median(took))


def main() -> None:
    """Make an index, and ask it."""
    from studio_assist.ledger.review import update
    from studio_assist.ledger.review.compare import compare_index
    from tests.bench.many_entries import make_project

    with tempfile.TemporaryDirectory(prefix="bench-review-") as folder:
        given = os.environ.get("REVIEW_LEDGER")
        if given:
            ledger = Path(given)
        else:
            project = make_project(
                Path(folder, "Bench.studio"), int(os.environ.get("BENCH_ENTRIES", "100000"))
            )
            ledger = project.ledger_path
        index = Path(folder, "review.sqlite")
        began = time.perf_counter()
        made = update(ledger, index)
        took = time.perf_counter() - began
        began = time.perf_counter()
        plain = sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True)
        sum(len(row[0]) for row in plain.execute("SELECT entry FROM entries"))
        plain.close()
        read = time.perf_counter() - began
        print(
            f"{made.entries:,} entries: made in {took:.1f} s ({made.entries / took:,.0f} a second; only reading "
            f"them {read:.1f} s), {index.stat().st_size / 2**20:.0f} MiB"
        )
        began = time.perf_counter()
        assert compare_index(ledger, index)
        print(f"held against its record in {time.perf_counter() - began:.1f} s")
        bench = Bench(ledger, index)
        _line("open and first page", _ms(lambda: (bench.fresh(), _first(bench))))
        bench.questions()
        bench.sorts()
        bench.index.close()
        bench.plain.close()
        if ledger.stat().st_size < 2**28:
            _growing(Path(shutil.copyfile(ledger, Path(folder, "grown.sqlite"))), index)


def _first(bench: Bench) -> None:
    from studio_assist.domain.review import Filter, Sort

    bench.index.rows(Filter(), Sort(), 0, PAGE)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main()
