"""A check finds what was changed, names the first bad entry, and writes nothing."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from ledger_work import START, Work

from studio_assist.domain.errors import BadInput, StudioError
from studio_assist.domain.record import Recovered
from studio_assist.ledger import Ledger, verify
from studio_assist.ledger.schema import SCHEMA
from studio_assist.ledger.tree import Frontier, leaf_hash


@pytest.fixture(scope="module")
def intact(tmp_path_factory):
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        Work(ledger).day()
    return path


@pytest.fixture
def path(intact, tmp_path):
    return Path(shutil.copyfile(intact, tmp_path / "ledger.sqlite"))


def alter(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        for statement in statements:
            database.execute(statement)


def rehash(path: Path) -> None:
    """Build tree and head anew over whatever the entries are now: what a forger would do."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM nodes")
        frontier = Frontier()
        for (entry,) in database.execute("SELECT entry FROM entries ORDER BY number").fetchall():
            database.executemany(
                "INSERT INTO nodes VALUES (?,?,?)", frontier.append(leaf_hash(entry.encode()))
            )
        database.execute("UPDATE head SET size = ?, root = ?", (frontier.size, frontier.root().hex()))


def contents(path: Path) -> list[object]:
    """Everything that the file means. The ids of texts only keep them in order."""
    with closing(sqlite3.connect(path)) as database:
        tables = ("entries", "nodes", "signatures", "checkpoints", "witnesses", "head")
        lists = ("open_candidates", "unplaced", "unfinished")
        found = [database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables]
        found += [database.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in lists]
        found += database.execute(
            "SELECT entry, commitment, salt, content FROM contents ORDER BY id"
        ).fetchall()
        found += database.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"
        ).fetchall()
        found += database.execute("PRAGMA integrity_check").fetchall()
        return found


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE entries SET entry = replace(entry, 'embedded', 'imbedded') WHERE number = 4", 4),
        ("UPDATE entries SET at = '2026-03-02T10:00:00.000000Z' WHERE number = 9", 9),
        ("UPDATE entries SET person = 'somebody' WHERE number = 8", 8),
        ("UPDATE entries SET type = 'recovered' WHERE number = 8", 8),
        ("UPDATE entries SET candidate = 'c9' WHERE number = 7", 7),
        ("DELETE FROM entries WHERE number = 5", 5),
        ("DELETE FROM entries WHERE number = (SELECT max(number) FROM entries)", "last"),
        ("UPDATE nodes SET hash = zeroblob(32) WHERE level = 0 AND place = 11", 12),
        ("UPDATE nodes SET hash = zeroblob(32) WHERE level = 2 AND place = 3", 13),
        ("DELETE FROM nodes WHERE level = 1 AND place = 0", 1),
        ("INSERT INTO nodes VALUES (0, 900, zeroblob(32))", None),
        ("UPDATE contents SET content = CAST('other words' AS BLOB) WHERE entry = 4", 4),
        ("DELETE FROM contents WHERE entry = 4", 4),
        ("UPDATE contents SET entry = 3 WHERE entry = 4", 3),
        ("INSERT INTO contents VALUES (900, 900, 'x', zeroblob(32), zeroblob(1))", None),
        ("UPDATE head SET root = 'ab'", None),
        ("UPDATE head SET size = size - 1", "last"),
        ("UPDATE head SET size = size + 1", "next"),
        ("DELETE FROM head", None),
        ("UPDATE nodes SET place = 900 WHERE level = 0 AND place = (SELECT max(place) FROM nodes)", "last"),
        ("DELETE FROM open_candidates", None),
        ("UPDATE open_candidates SET stale = 1 - stale", None),
        ("INSERT INTO unplaced VALUES (3)", None),
        ("DELETE FROM unfinished", None),
        ("CREATE TRIGGER t AFTER INSERT ON entries BEGIN DELETE FROM head; END", None),
        ("DROP INDEX entries_by_request", None),
    ],
)
def test_a_change_is_found_and_the_first_bad_entry_is_named(path, statement, first_bad):
    size = verify(path).size
    alter(path, statement)
    found = verify(path)
    assert not found.ok
    assert found.why
    assert found.first_bad == {"last": size, "next": size + 1}.get(first_bad, first_bad)


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE entries SET entry = replace(entry, '\"v\":1', '\"v\": 1') WHERE number = 3", 3),
        ("UPDATE entries SET entry = replace(entry, '\"v\":1', '\"v\":2') WHERE number = 3", 3),
        ("UPDATE entries SET entry = replace(entry, '\"number\":6', '\"number\":7') WHERE number = 6", 6),
        # a presentation is turned into something harmless, so that the decision stands without it
        (
            "UPDATE entries SET type = 'recovered', candidate = NULL, entry = "
            '\'{"at":"\' || at || \'","body":{"type":"recovered","v":1,"what":"x"},"number":7,"person":"\' '
            "|| person || '\"}' WHERE number = 7",
            8,
        ),
    ],
)
def test_a_rehashed_tree_does_not_make_an_impossible_record_possible(path, statement, first_bad):
    alter(path, statement)
    rehash(path)
    found = verify(path)
    assert not found.ok
    assert found.first_bad == first_bad


def test_what_a_ledger_alone_cannot_show_is_not_claimed(path):
    # Whoever rewrites everything makes a ledger that is right in itself, with another root.
    before = verify(path)
    alter(path, "UPDATE entries SET entry = replace(entry, 'a.fountain', 'b.fountain') WHERE number = 3")
    rehash(path)
    after = verify(path)
    assert after.ok
    assert after.root != before.root


def test_a_flipped_bit_is_noticed_or_means_nothing(intact, tmp_path):
    whole = intact.read_bytes()
    meaning = contents(intact)
    root = verify(intact).root
    copy = tmp_path / "ledger.sqlite"
    chance = random.Random(9162)
    # The small ledger below is tried all over; here are real pages, and whoever opens them.
    places = sorted({*range(0, 100, 3), *chance.sample(range(len(whole)), 160)})
    harmless = 0
    for place in places:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        copy.write_bytes(flipped)
        try:
            found = verify(copy)
        except BadInput:
            continue
        if found.ok:
            assert found.root == root
            assert contents(copy) == meaning, f"byte {place}"
            harmless += 1
        else:
            assert found.why
        # Whoever opens it meets an error with a remedy, or a ledger that can be read.
        with suppress(StudioError), Ledger.open(copy, create=False) as ledger:
            ledger.entries(limit=1000)
            ledger.open_candidates()
    # A small ledger is half empty pages, where a bit may flip and change nothing.
    assert harmless < len(places) * 0.8


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The smallest file that has everything: key, decision, signatures, checkpoints, witness, a text forgotten."""
    path = tmp_path_factory.mktemp("small") / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        work = Work(ledger)
        work.create()
        work.meet()
        work.join()
        decision = work.decided()
        work.checkpoint()
        work.witness()
        work.forget(decision)
        work.checkpoint()
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for statement in ("journal_mode = DELETE", "page_size = 512"):
            database.execute(f"PRAGMA {statement}")
        database.execute("VACUUM")
        database.execute("PRAGMA journal_mode = WAL")
    return path


@pytest.mark.parametrize("quarter", range(4))
def test_a_bit_flipped_in_any_byte_of_a_small_ledger_is_noticed_or_means_nothing(small, tmp_path, quarter):
    whole = small.read_bytes()
    meaning, intact = contents(small), verify(small)
    assert intact.ok
    copy = Path(shutil.copyfile(small, tmp_path / "ledger.sqlite"))
    places = spread_places(whole)[quarter::4]
    noticed = 0
    # In place: a file that is cut and written anew waits for the disk, thousands of times.
    with copy.open("r+b", buffering=0) as file:
        for place in places:
            file.seek(place)
            file.write(bytes([whole[place] ^ 1 << place * 5 % 8]))
            try:
                found = verify(copy)
            except BadInput:
                found = None
            if found is not None and found.ok:
                assert found == intact, f"byte {place}"
                assert contents(copy) == meaning, f"byte {place}"
            else:
                assert found is None or found.why, f"byte {place}"
                noticed += 1
            file.seek(place)
            file.write(whole[place : place + 1])
    assert noticed > len(places) * 0.5
    assert copy.read_bytes() == whole


def spread_places(whole: bytes) -> list[int]:
    """The bytes of a small ledger that stand for all of them.

    Every byte that says where the others are: the file's head, and head and list of cells of each page. Of what
    is kept in the cells (entries, texts, signatures, notes, nodes, lists) every fourth, from another one on in
    each page, so that no field has a place that is passed over. Of what no page has used yet, half of the
    file, every thirty-second: it holds nothing.
    """
    size = int.from_bytes(whole[16:18], "big")
    unused = unused_places(whole)
    ends = {place for place in unused if place - 1 not in unused}
    found: list[int] = []
    for page in range(0, len(whole), size):
        cells = min((end for end in ends if page <= end < page + size), default=page)
        for place in range(page, page + size):
            if place in unused:
                if place % 32 == 0:
                    found.append(place)
            elif place < max(cells, 100) or place % 4 == page // size % 4:
                found.append(place)
    return found


def unused_places(whole: bytes) -> set[int]:
    """Bytes between the list of cells and the first cell of each page of a table or an index.

    https://www.sqlite.org/fileformat.html#b_tree_pages
    """
    size = int.from_bytes(whole[16:18], "big")
    found: set[int] = set()
    for page in range(0, len(whole), size):
        head = page + (100 if page == 0 else 0)
        length = {2: 12, 5: 12, 10: 8, 13: 8}.get(whole[head])
        if length is not None:
            cells = int.from_bytes(whole[head + 3 : head + 5], "big")
            first = int.from_bytes(whole[head + 5 : head + 7], "big")
            found.update(range(head + length + 2 * cells, page + first))
    return found


def test_a_cut_file_is_found(path):
    whole = path.read_bytes()
    for part in (1, 40, 99, 4096, len(whole) // 2, len(whole) - 1, len(whole) - 4096):
        path.write_bytes(whole[:part])
        assert not verify(path).ok


def test_a_check_writes_nothing_beside_the_ledger(path):
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    assert verify(path).ok
    assert verify(path.parent).ok
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


def test_a_copy_made_while_someone_worked_is_checked_with_its_journal(tmp_path):
    live, copy = tmp_path / "live", tmp_path / "copy"
    live.mkdir()
    copy.mkdir()
    with Ledger.open(live / "ledger.sqlite") as ledger:
        Work(ledger).day()
        size = ledger.size
        for name in ("ledger.sqlite", "ledger.sqlite-wal"):
            shutil.copyfile(live / name, copy / name)
        found = verify(live)
        assert found.ok
        assert found.size == size
    found = verify(copy)
    assert found.ok
    assert found.size == size
    assert sorted(file.name for file in copy.iterdir()) == ["ledger.sqlite", "ledger.sqlite-wal"]


def test_a_check_runs_while_someone_writes(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        work = Work(ledger)
        work.day()
        told: list[int] = []

        def meanwhile(done: int, _total: int) -> None:
            told.append(done)
            work.request(f"meanwhile-{len(told)}")

        assert verify(path, progress=meanwhile).ok
        assert told
        assert verify(path).ok


def test_a_check_can_be_stopped(path):
    found = verify(path, cancelled=lambda: True)
    assert found.cancelled
    assert not found.ok


def test_a_clock_that_was_set_back_is_told_without_calling_the_record_altered(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        work = Work(ledger)
        work.create()
        work.request()
        last = ledger.entry(2).at
        ledger.append(Recovered(what="x"), at=last - timedelta(days=3))
    found = verify(path)
    assert found.ok
    assert found.set_back == (3,)


def test_more_entries_than_one_chunk_verify_and_a_change_deep_inside_is_named(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        work = Work(ledger)
        work.create()
        ledger.append_many([(Recovered(what=f"{at}"), None) for at in range(9_000)], at=START)
    assert verify(path).ok
    alter(path, "UPDATE entries SET entry = replace(entry, '\"6000\"', '\"6OOO\"') WHERE number = 6002")
    found = verify(path)
    assert (found.first_bad, found.size) == (6002, 6001)
    alter(path, "UPDATE entries SET entry = replace(entry, '\"6OOO\"', '\"6000\"') WHERE number = 6002")
    assert verify(path).ok
    alter(path, "UPDATE nodes SET hash = zeroblob(32) WHERE level = 13 AND place = 0")
    assert verify(path).first_bad == 1


def test_the_tables_are_those_that_the_check_knows(intact):
    with closing(sqlite3.connect(intact)) as database:
        found = {row[0] for row in database.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")}
    assert found == set(SCHEMA)
