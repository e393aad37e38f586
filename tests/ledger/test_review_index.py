"""The index of the Review desk, held against plain Python over all its rows, and against the record."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_work import START, WRITER, Work

from studio_assist.domain import record
from studio_assist.domain.errors import Unavailable
from studio_assist.domain.review import COLUMNS, DayCount, Filter, ReviewRow, Sort
from studio_assist.ledger import Contents, Ledger
from studio_assist.ledger.review import Making, ReviewIndex, Stopped, schema, update
from studio_assist.ledger.review.compare import compare_index
from studio_assist.ledger.review.finding import has_word, words_in
from tests.bench.many_entries import ManyEntries

ALL = Filter(everything=True)
UP = Sort("number", descending=False)


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of some weeks of several people's work, and its index, in blocks of 64 entries."""
    folder = tmp_path_factory.mktemp("review")
    with Ledger.open(folder / "ledger.sqlite") as ledger:
        many = ManyEntries(ledger, pause=900)
        many.begin("Larkspur")
        many.fill(900)
    with pytest.MonkeyPatch.context() as patch:
        small_blocks(patch)
        update(folder / "ledger.sqlite", folder / "review.sqlite")
    return folder


def small_blocks(patch: pytest.MonkeyPatch) -> None:
    """Blocks of 64 entries, so that a small ledger has many."""
    for module in ("schema", "books", "finding", "ordering"):
        patch.setattr(f"studio_assist.ledger.review.{module}.SHIFT", 6)
    patch.setattr(
        "studio_assist.ledger.review.finding._OF_ROWS", {"block": "number >> 6", "kept": "flags & 15"}
    )


@pytest.fixture
def index(months: Path, monkeypatch: pytest.MonkeyPatch):
    small_blocks(monkeypatch)
    opened = ReviewIndex(months / "review.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def work(tmp_path: Path):
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        yield Work(ledger)


def made(work: Work) -> list[ReviewRow]:
    """Every row of a ledger's index, which is made or brought up to date."""
    path = work.ledger.path.with_name("review.sqlite")
    update(work.ledger.path, path)
    index = ReviewIndex(path)
    try:
        return index.rows(ALL, UP, 0, 100_000)
    finally:
        index.close()


def texts_of(ledger: Ledger) -> dict[int, str]:
    """What a person would search in: of each entry the words that are not forgotten."""
    told: dict[str, str] = {}
    asked: dict[str, str] = {}
    found: dict[int, str] = {}
    for entry in ledger.entries(limit=10_000):
        body, text = entry.body, lambda one: (ledger.content(one) if one else None) or ""
        match body:
            case record.Requested():
                told[body.request] = f"{text(body.note)} {text(body.anchor.quote) if body.anchor else ''}"
                found[entry.number] = told[body.request]
            case record.CandidateMade():
                asked[body.candidate] = body.request
                found[entry.number] = f"{text(body.content)} {told[body.request]}"
            case record.DecisionMade():
                words = f"{text(body.content)} {text(body.result)}"
                found[entry.number] = f"{words} {told[asked[body.candidate]]}"
            case record.Sent() | record.SendRefused():
                found[entry.number] = told[body.request]
            case record.Judged() if body.verdict == "blocked":
                found[entry.number] = told[body.request]
            case record.Replaced():
                found[entry.number] = text(body.result)
            case record.Recovered():
                found[entry.number] = body.what
            case record.ContactTold() | record.ClearanceSent() | record.ClearanceApproved():
                found[entry.number] = text(body.content)
            case _:
                pass
    return found


def reference(rows: list[ReviewRow], wanted: Filter, texts: dict[int, str]) -> list[ReviewRow]:
    """The rows a filter lets through, one after the other."""

    def has(row: ReviewRow) -> bool:
        words = words_in(wanted.words)
        return all(
            any(
                has_word(text, word, beginning=place == len(words) - 1)
                for text in (texts.get(row.number, ""), row.person, row.tool, row.purpose)
            )
            for place, word in enumerate(words)
        )

    return [
        row
        for row in rows
        if (wanted.everything or row.main)
        and (wanted.since is None or row.at >= wanted.since)
        and (wanted.until is None or row.at < wanted.until)
        and (not wanted.people or row.person in wanted.people)
        and (not wanted.desks or row.desk in wanted.desks)
        and (not wanted.tools or row.tool in wanted.tools)
        and (not wanted.outcomes or row.outcome in wanted.outcomes)
        and (not wanted.left or row.left)
        and (not wanted.blocked or row.outcome == "blocked")
        and (wanted.from_number is None or row.number >= wanted.from_number)
        and has(row)
    ]


def key_of(column: str) -> Callable[[ReviewRow], tuple[object, ...]]:
    classes = schema.SENSITIVITIES
    return {
        "number": lambda row: (row.number,),
        "time": lambda row: (row.at, row.number),
        "sensitivity": lambda row: (classes.index(row.sensitivity), row.number),
        "left": lambda row: (row.left, row.number),
        "edit": lambda row: (-1 if row.edit is None else row.edit, row.number),
    }.get(column, lambda row: (getattr(row, column).casefold(), getattr(row, column), row.number))


filters = st.builds(
    Filter,
    words=st.sampled_from(["", "", "", "okafor", "ce", "ba di", "sc 12", "tanaka llama", "x", "!"]),
    since=st.none()
    | st.integers(0, 200).map(lambda hours: datetime(2026, 1, 5, 8, tzinfo=UTC) + hours * timedelta(hours=1)),
    until=st.none()
    | st.integers(0, 200).map(lambda hours: datetime(2026, 1, 5, 8, tzinfo=UTC) + hours * timedelta(hours=1)),
    people=st.frozensets(st.sampled_from(["R. Okafor", "A. Petrov", "Nobody"]), max_size=2),
    desks=st.frozensets(st.sampled_from(["Write", "Board"]), max_size=2),
    tools=st.frozensets(st.sampled_from(["Local · SmolLM2", "None, by hand"]), max_size=1),
    outcomes=st.frozensets(st.sampled_from(["accepted", "edited", "blocked", "done"]), max_size=2),
    left=st.booleans(),
    blocked=st.sampled_from([False, False, False, True]),
    everything=st.booleans(),
    from_number=st.none() | st.integers(1, 950),
)
sorts = st.builds(Sort, st.sampled_from(COLUMNS), st.booleans())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=filters, sort=sorts, part=st.floats(0, 1))
def test_rows_sums_and_places_are_those_of_plain_python(
    index: ReviewIndex, months: Path, wanted: Filter, sort: Sort, part: float
) -> None:
    rows = index.rows(ALL, UP, 0, 10_000)
    with Ledger.open(months / "ledger.sqlite", read_only=True) as ledger:
        texts = texts_of(ledger)
    found = sorted(reference(rows, wanted, texts), key=key_of(sort.column), reverse=sort.descending)
    assert index.count(wanted) == len(found)
    first = int(part * len(found))
    assert index.rows(wanted, sort, first, 40) == found[first : first + 40]
    for place in {first, len(found) - 1} & set(range(len(found))):
        assert index.position(wanted, sort, found[place].number) == place
    totals = index.totals(wanted)
    assert totals.entries == len(found)
    assert totals.sent == sum(row.left for row in found if row.outcome == "sent")
    assert totals.waiting == sum(row.outcome in ("waiting", "stale") for row in found)
    decided = [row for row in found if row.outcome in ("accepted", "edited", "rejected")]
    assert [totals.accepted, totals.edited, totals.rejected] == [
        sum(row.outcome == outcome for row in decided) for outcome in ("accepted", "edited", "rejected")
    ]
    assert {(name, sum(made)) for name, *made in totals.by_person} == {
        (name, sum(row.person == name for row in decided)) for name in {row.person for row in found} - {""}
    }
    days = index.days(wanted)
    assert bool(days) == bool(found)
    for day in days:
        mine = [row.outcome for row in decided if row.at.astimezone().date() == day.day]
        assert day == DayCount(day.day, *(mine.count(one) for one in ("accepted", "edited", "rejected")))
    if found:
        assert days[-1].day == max(row.at for row in found).astimezone().date()


def test_the_sums_of_the_whole_are_those_of_the_record(index: ReviewIndex, months: Path) -> None:
    with Ledger.open(months / "ledger.sqlite", read_only=True) as ledger:
        entries = ledger.entries(limit=10_000)
    undone = {one.body.decision for one in entries if isinstance(one.body, record.DecisionUndone)}
    offered = [
        one for one in entries if isinstance(one.body, record.CandidateMade) and one.body.state != "failed"
    ]
    decided = [
        one for one in entries if isinstance(one.body, record.DecisionMade) and one.number not in undone
    ]
    for wanted in (Filter(), ALL):
        totals = index.totals(wanted)
        assert totals.suggestions == len(offered)
        assert totals.waiting == len(offered) - len(decided)
        assert totals.accepted + totals.edited + totals.rejected == len(decided)
        assert totals.sent == sum(one.body.bytes for one in entries if isinstance(one.body, record.Sent))
    assert index.size == len(entries)
    assert dict(index.choices().people)["R. Okafor"] == index.count(Filter(people=frozenset({"R. Okafor"})))


def test_a_row_says_in_plain_words_what_happened(work: Work) -> None:
    work.create()
    work.meet()
    work.request("r1")
    work.candidate("c1")
    work.candidate("c2", index=1)
    rows = made(work)
    assert [(row.number, row.outcome) for row in rows if row.main] == [(4, "waiting"), (5, "waiting")]
    work.show("c1")
    decision = work.decide("c1", "edited", edited="We keep it.").number
    row = made(work)[decision - 1]
    assert row == ReviewRow(
        number=decision,
        at=START + timedelta(seconds=decision - 1),
        person="R. Okafor",
        automated=False,
        desk="Write",
        tool="Local · SmolLM2",
        purpose="Alt lines, sc 4A",
        sensitivity="Confidential",
        left=0,
        outcome="edited",
        edit=380,
        type="decision",
        request="r1",
        candidate="c1",
        scene="4A",
        main=True,
    )
    work.place(decision)
    work.undo(decision)
    work.stale("c2")
    outcomes = {row.number: row.outcome for row in made(work) if row.main}
    assert outcomes == {4: "waiting", 5: "stale", decision: "undone"}


def test_what_was_blocked_refused_and_sent_stands_with_who_asked(work: Work) -> None:
    work.meet()
    for request, verdict in (("r1", "blocked"), ("r2", "ask"), ("r3", "ask")):
        work.request(request)
        judged = work.judge(request=request, verdict=verdict, sensitivity="internal", text=request.encode())
        if request == "r2":
            work.refuse(judged)
        if request == "r3":
            work.send(work.approve(judged), judged)
            work.candidate("c1", request="r3")
    rows = made(work)
    assert [(row.outcome, row.person, row.left, row.sensitivity) for row in rows if row.main] == [
        ("blocked", "R. Okafor", 0, "Internal"),
        ("refused", "R. Okafor", 0, "Internal"),
        ("sent", "R. Okafor", 512, "Internal"),
        ("waiting", "R. Okafor", 512, "Internal"),
    ]
    assert {row.left for row in rows if row.request == "r3"} == {512}


def test_every_kind_of_entry_has_a_row(work: Work) -> None:
    work.sealed_day()
    rows = made(work)
    assert [row.number for row in rows] == list(range(1, work.ledger.size + 1))
    assert [row.type for row in rows] == [entry.body.type for entry in work.ledger.entries(limit=1000)]
    assert all(row.purpose for row in rows)


def test_entry_by_entry_makes_the_same_index_as_all_at_once(work: Work) -> None:
    path = work.ledger.path.with_name("review.sqlite")
    with Making(work.ledger.path, path) as making:

        class Following(Work):
            def put(self, body, person=None, texts=None, durable=False):
                entry = super().put(body, person, texts, durable)
                making.update()
                return entry

        Following(work.ledger).day()
    bit_by_bit = made(work)
    assert compare_index(work.ledger.path, path)
    path.unlink()
    assert made(work) == bit_by_bit


def test_an_altered_index_is_noticed(work: Work) -> None:
    work.decided()
    made(work)
    path = work.ledger.path.with_name("review.sqlite")
    assert compare_index(work.ledger.path, path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE rows SET flags = 0 WHERE number = 4")
    connection.close()
    assert not compare_index(work.ledger.path, path)
    path.write_bytes(b"\x01" * 4096)
    assert not compare_index(work.ledger.path, path)
    # It is made again from nothing.
    assert len(made(work)) == work.ledger.size


def test_an_index_of_another_record_or_version_is_made_again(work: Work, tmp_path: Path) -> None:
    work.decided()
    first = made(work)
    path = work.ledger.path.with_name("review.sqlite")
    with Ledger.open(tmp_path / "other.sqlite") as other:
        mine = Work(other)
        mine.create()
        mine.decided("elsewhere", "r7")
        update(tmp_path / "other.sqlite", path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "VERSION", 2)
        assert made(work) == first
    with pytest.raises(Unavailable):
        ReviewIndex(path).rows(ALL, UP, 0, 10)
    assert made(work) == first


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE entries SET entry = 'nothing' WHERE type = 'candidate'",
        "UPDATE entries SET entry = 'nothing', at = 'never', type = 'odd' WHERE type = 'requested'",
        "DELETE FROM entries WHERE type IN ('candidate', 'requested')",
        "UPDATE contents SET content = x'ff'",
        "DELETE FROM nodes",
        'UPDATE entries SET entry = replace(entry, \'"outcome":"accepted"\', \'"outcome":"odd"\')',
        'UPDATE entries SET entry = replace(entry, \'"candidate":"c1\', \'"candidate":"c9\')',
    ],
)
def test_a_tampered_record_has_an_index_all_the_same(work: Work, damage: str) -> None:
    work.day()
    work.ledger.close()
    with sqlite3.connect(work.ledger.path) as connection:
        connection.execute(damage)
    left = connection.execute("SELECT count(*) FROM entries").fetchone()[0]
    connection.close()
    path = work.ledger.path.with_name("review.sqlite")
    update(work.ledger.path, path)
    index = ReviewIndex(path)
    assert len(index.rows(ALL, UP, 0, 1000)) == left == index.totals(ALL).entries
    assert index.count(Filter()) == len(index.rows(Filter(), Sort("edit"), 0, 1000))
    index.close()


def test_a_clock_that_was_set_back_sorts_by_time_all_the_same(work: Work) -> None:
    work.meet()
    for minutes in (50, 20, 20, 40, 10):
        body = record.Recovered(what="Something.")
        work.ledger.append(body, at=START + timedelta(minutes=minutes), person=WRITER, durable=False)
    rows = made(work)
    index = ReviewIndex(work.ledger.path.with_name("review.sqlite"))
    ordered = sorted(rows, key=lambda row: (row.at, row.number))
    assert index.rows(ALL, Sort("time", descending=False), 0, 10) == ordered
    assert [index.position(ALL, Sort("time"), row.number) for row in ordered] == [5, 4, 3, 2, 1, 0]
    since = Filter(everything=True, since=START + timedelta(minutes=20))
    assert index.count(since) == 4
    index.close()


def test_a_reader_sees_what_comes_and_an_index_that_was_made_anew(work: Work) -> None:
    work.decided()
    path = work.ledger.path.with_name("review.sqlite")
    update(work.ledger.path, path)
    index = ReviewIndex(path)
    assert index.count(ALL) == work.ledger.size
    work.decided("c2", "r2")
    update(work.ledger.path, path)
    assert index.count(ALL) == index.size == work.ledger.size
    schema.remove(path)
    with pytest.raises(Unavailable):
        index.count(ALL)
    update(work.ledger.path, path)
    assert index.count(ALL) == work.ledger.size
    index.close()


def test_a_call_is_ended_from_another_thread(months: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = ReviewIndex(months / "review.sqlite")
    index.count(ALL)
    found: list[BaseException | int] = []

    def endless(_wanted: object) -> int:
        connection = index._connection
        assert connection
        begun.set()
        query = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        return connection.execute(query).fetchone()[0]

    def call() -> None:
        try:
            found.append(index.count(Filter(words="ba")))
        except Unavailable as error:
            found.append(error)

    begun = threading.Event()
    with monkeypatch.context() as patch:
        patch.setattr("studio_assist.ledger.review.reader.Finding.count", endless)
        thread = threading.Thread(target=call)
        thread.start()
        begun.wait(5)
        index.interrupt()
        thread.join(5)
    assert isinstance(found[0], Stopped)
    assert index.count(Filter(words="ba")) > 0
    index.close()


def test_forgotten_words_stand_nowhere_in_the_index(work: Work) -> None:
    work.meet()
    path = work.ledger.path.with_name("review.sqlite")
    texts = Contents()
    for number in range(30):
        work.request(f"q{number}", anchor=False)
        work.candidate(f"d{number}", f"Ordinary words, {number}.", f"q{number}")
    asked = work.request("r1").number
    work.candidate("c1", "Zyzzogeton walks by the harbour.", "r1")
    work.show("c1")
    decision = work.decide("c1", "edited", edited="Xiphosuran walks by the harbour.").number
    work.place(decision)
    del texts
    index = ReviewIndex(path)
    update(work.ledger.path, path)
    assert index.count(Filter(words="zyzzogeton", everything=True)) == 2
    with Making(work.ledger.path, path) as making:
        work.forget(decision)
        making.update()
        assert index.count(Filter(words="zyzzogeton", everything=True)) == 0
        assert index.count(Filter(words="xiphosuran", everything=True)) == 0
        # The request's own words are not forgotten, and find the decision still.
        assert index.count(Filter(words="shorter", outcomes=frozenset({"edited"}))) == 1
        assert in_files(path, b"yzzoget") == in_files(path, b"iphosur") == []
        work.forget(asked)
        making.update()
        assert index.count(Filter(words="shorter", everything=True)) == 0
        assert in_files(path, b"shorter") == []
        assert index.count(Filter(words="ordinary", everything=True)) == 30
    index.close()
    assert in_files(path, b"yzzoget") == []


def in_files(path: Path, sought: bytes) -> list[str]:
    """The files of an index that hold these bytes."""
    files = (path.with_name(path.name + ending) for ending in ("", "-wal", "-shm"))
    return [file.name for file in files if file.exists() and sought in file.read_bytes().lower()]
