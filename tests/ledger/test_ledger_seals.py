"""Keys, signatures, checkpoints, and how a ledger of an older format becomes one of this."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import ledger_work
import pytest
from ledger_work import OTHER, START, WRITER, PersonKey, Work

from studio_assist.domain.errors import BadInput, Damaged, Refusal, Unavailable
from studio_assist.domain.record import SIGNED, DecisionUndone, KeyAdded, PackMade, ProjectCreated, Recovered
from studio_assist.ledger import Ledger, notes, schema, signatures, verify
from studio_assist.ledger.schema import FORMAT_VERSION
from studio_assist.ledger.tree import leaf_hash


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def work(path):
    with Ledger.open(path) as ledger:
        work = Work(ledger)
        work.create()
        work.meet()
        yield work


def test_the_project_is_called_after_its_first_entry(work):
    leaf = leaf_hash(work.ledger.entry(1).canonical())
    assert work.ledger.tag == leaf.hex()[:16]
    assert work.ledger.origin == f"studio-assist/{work.ledger.tag}"


def test_once_a_person_has_a_key_everything_they_answer_for_is_signed_by_it(path, work):
    before = work.decided("c1", "r1")
    work.join()
    after = work.decided("c2", "r2")
    work.undo(work.decided("c3", "r3", place=False))
    ledger = work.ledger
    assert ledger.signature(before) is None
    signed = [each.entry for each in ledger.signatures()]
    answered = [each.number for each in ledger.entries(limit=100) if isinstance(each.body, SIGNED)]
    assert signed == [number for number in answered if number > before]
    stored = ledger.signature(after)
    assert stored is not None
    message = notes.entry_message(ledger.tag, leaf_hash(ledger.entry(after).canonical()))
    assert notes.verify_signature(bytes.fromhex(stored.key), stored.signature, message)
    assert verify(path).ok


@pytest.mark.parametrize("without", ["a signer", "this person's key", "a key that is in the record"])
def test_the_ledger_does_not_take_a_decision_without(work, without):
    work.join()
    work.join(OTHER, seed=2)
    work.request()
    work.candidate()
    work.show()
    signer = {
        "a signer": None,
        "this person's key": work.keys[OTHER],
        "a key that is in the record": PersonKey(work.ledger.tag, WRITER, 3),
    }[without]
    work.keys = {WRITER: signer} if signer else {}
    size = work.ledger.size
    with pytest.raises(ValueError, match="sign"):
        work.decide()
    assert work.ledger.size == size
    assert work.ledger.signatures() == []


def test_a_signer_that_signs_badly_is_noticed_before_anything_is_written(work):
    work.join()
    decision = work.decided(place=False)
    size = work.ledger.size
    work.keys[WRITER].sign = lambda _message: bytes(64)
    with pytest.raises(ValueError, match="not what its key makes"):
        work.undo(decision)
    with pytest.raises(ValueError, match="not what its key makes"):
        work.checkpoint()
    assert work.ledger.size == size
    assert work.ledger.last_checkpoint() is None


def test_a_key_and_what_it_signs_may_come_in_one_append(path, work):
    decision = work.decided(place=False)
    key = PersonKey(work.ledger.tag, WRITER)
    bodies = [
        (KeyAdded(public=key.public.hex(), session_only=False), WRITER),
        (DecisionUndone(automated=False, decision=decision), WRITER),
    ]
    added, undone = work.ledger.append_many(bodies, at=START, signer=key)
    assert work.ledger.signature(added.number) is None
    assert work.ledger.signature(undone.number) is not None
    assert verify(path).ok


def test_keys_are_found_by_person_and_by_their_digits(work):
    first = work.join()
    second = work.join(seed=4, session_only=True)
    public = [entry.body.public for entry in (first, second)]
    assert work.ledger.keys() == {
        public[0]: (WRITER, first.number, False),
        public[1]: (WRITER, second.number, True),
    }
    assert work.ledger.keys_of(WRITER) == public[::-1]
    assert work.ledger.key(public[0]) == (WRITER, first.number, False)
    assert work.ledger.key("0" * 64) is None


def test_a_checkpoint_signs_the_head_once(path, work):
    work.join()
    work.decided()
    first = work.checkpoint()
    assert (first.size, first.root, first.person) == (work.ledger.size, work.ledger.root, WRITER)
    assert work.checkpoint() == first
    work.decided("c2", "r2")
    second = work.checkpoint()
    assert work.ledger.checkpoints() == [second, first]
    assert work.ledger.checkpoints(1, before=second.size) == [first]
    assert work.ledger.last_checkpoint() == second
    found = verify(path)
    assert found.checkpoint is not None
    assert (found.checkpoint.size, found.unsigned_tail) == (second.size, 0)
    assert found.checkpoint.time == second.at


def test_two_people_sign_the_same_head(path, work):
    work.join()
    work.join(OTHER, seed=2)
    assert work.checkpoint(WRITER).size == work.checkpoint(OTHER).size
    assert {each.person for each in work.ledger.checkpoints()} == {WRITER, OTHER}
    assert verify(path).ok


def test_a_session_key_is_named_as_one(path, work):
    work.join(session_only=True)
    note = work.checkpoint().note
    assert "\nkey kept for this session only\n" in note
    found = verify(path)
    assert found.checkpoint is not None
    assert found.checkpoint.session_only


def test_only_a_key_of_the_record_signs_checkpoints(work):
    with pytest.raises(ValueError, match="names"):
        work.ledger.checkpoint(PersonKey(work.ledger.tag, WRITER), START)
    work.join()
    work.keys[WRITER].name = "somebody"
    with pytest.raises(ValueError, match="name"):
        work.checkpoint()


def test_an_entry_about_a_head_that_never_was_is_not_written(work):
    work.join()
    for size, error in ((1, ValueError), (100, Refusal), (0, Refusal)):
        body = PackMade(disclosed=(), manifest="d" * 64, root="e" * 64, size=size)
        with pytest.raises(error):
            work.put(body, WRITER)


def test_reading_only_shows_everything_and_signs_nothing(path, work):
    work.join()
    last = work.checkpoint()
    with Ledger.open(path, read_only=True) as reader:
        assert reader.last_checkpoint() == last
        assert reader.tag == work.ledger.tag
        with pytest.raises(Unavailable):
            reader.checkpoint(work.keys[WRITER], START)


def test_two_writers_sign_in_turn(path, work):
    work.join()
    with Ledger.open(path) as other:
        theirs = Work(other)
        theirs.keys = work.keys
        theirs.decided("c1", "r1")
        assert work.checkpoint().size == other.size
        assert theirs.checkpoint() == work.ledger.last_checkpoint()
        work.decided("c2", "r2")
        theirs.checkpoint()
    assert verify(path).unsigned_tail == 0


def test_a_ledger_that_was_opened_in_vain_leaves_nothing_half_made(path):
    Ledger.open(path).close()
    with Ledger.open(path) as ledger:
        assert (ledger.tag, ledger.origin, ledger.keys(), ledger.last_checkpoint()) == ("", "", {}, None)
    assert verify(path).ok


def test_many_signatures_are_checked_by_a_process_of_their_own(path, work, monkeypatch):
    monkeypatch.setattr(signatures, "_FEW", 5)
    monkeypatch.setattr(signatures, "_AT_ONCE", 3)
    work.join()
    decisions = [work.decided(f"c{number}", f"r{number}") for number in range(12)]
    assert verify(path).ok
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE signatures SET signature = zeroblob(64) WHERE entry = ?", (decisions[7],))
    assert verify(path).first_bad == decisions[7]
    assert not verify(path, cancelled=lambda: True).ok


# format 1


def make_format_1(path: Path) -> None:
    """A ledger as the first version made it."""
    with Ledger.open(path) as ledger:
        Work(ledger).day()
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for table in ("signatures", "checkpoints", "witnesses"):
            database.execute(f"DROP TABLE {table}")
        database.execute("PRAGMA user_version = 1")
        database.execute("VACUUM")


@pytest.fixture(scope="module")
def format_1(tmp_path_factory):
    path = tmp_path_factory.mktemp("format1") / "ledger.sqlite"
    make_format_1(path)
    return path


@pytest.fixture
def old(format_1, path):
    return Path(shutil.copyfile(format_1, path))


def test_a_ledger_of_format_1_is_read_and_checked_as_it_is(old):
    before = old.read_bytes()
    found = verify(old)
    assert found.ok
    assert (found.checkpoint, found.witnesses, found.unsigned_tail) == (None, (), found.size)
    with Ledger.open(old, read_only=True, at_rest=True) as ledger:
        assert ledger.format == 1
        assert ledger.damage is None
        assert (ledger.keys(), ledger.checkpoints(), ledger.witnesses(), ledger.signatures()) == (
            {},
            [],
            [],
            [],
        )
    assert old.read_bytes() == before


def test_a_ledger_of_format_1_becomes_one_of_this_when_it_is_written_and_keeps_its_root(old):
    before = verify(old)
    with Ledger.open(old, create=False) as ledger:
        assert (ledger.format, ledger.size, ledger.root) == (FORMAT_VERSION, before.size, before.root)
        work = Work(ledger)
        work.join()
        work.decided("new", "new")
        work.checkpoint()
        assert ledger.root_at(before.size) == before.root
    assert verify(old).ok


def test_a_ledger_of_format_2_becomes_one_of_this_when_it_is_written(path):
    """Its tables are the same; the number keeps a program that knows no approvals from reading them."""
    with Ledger.open(path) as ledger:
        work = Work(ledger)
        work.sealed_day()
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA user_version = 2")
    before = verify(path)
    assert before.ok
    with Ledger.open(path, read_only=True, at_rest=True) as ledger:
        assert (ledger.format, len(ledger.checkpoints())) == (2, 2)
    with Ledger.open(path, create=False) as ledger:
        assert (ledger.format, ledger.size, ledger.root) == (FORMAT_VERSION, before.size, before.root)
        again = Work(ledger)
        again.keys = work.keys
        again.sent("r5")
    with closing(sqlite3.connect(path)) as database:
        assert schema.format_of(database) == FORMAT_VERSION
    assert verify(path).ok


def test_a_damaged_ledger_of_format_1_is_left_as_it_is(old):
    with closing(sqlite3.connect(old)) as database, database:
        database.execute(
            "UPDATE entries SET entry = replace(entry, 'Taken', 'Token') WHERE type = 'recovered'"
        )
    with pytest.raises(Damaged):
        Ledger.open(old, create=False)
    with closing(sqlite3.connect(old)) as database:
        assert schema.format_of(database) == 1


def test_a_migration_that_fails_half_way_leaves_format_1(old, monkeypatch):
    monkeypatch.setattr(schema, "_FORMAT_2", (*schema._FORMAT_2, "CREATE TABLE entries (x)"))
    with pytest.raises(Damaged):
        Ledger.open(old, create=False)
    monkeypatch.undo()
    with closing(sqlite3.connect(old)) as database:
        assert schema.format_of(database) == 1
    assert verify(old).ok
    with Ledger.open(old, create=False) as ledger:
        assert ledger.format == FORMAT_VERSION


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a POSIX matter")
def test_a_kill_during_migration_leaves_one_format_or_the_other_and_a_ledger_that_verifies(
    format_1, tmp_path
):
    script = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path\nfrom studio_assist.ledger import Ledger\n"
        "print('ready', flush=True)\nLedger.open(Path(sys.argv[1]), create=False).close()\n"
    )
    formats = set()
    folder = str(Path(ledger_work.__file__).parent)
    for at in range(8):
        path = Path(shutil.copyfile(format_1, tmp_path / f"{at}.sqlite"))
        child = subprocess.Popen([sys.executable, "-c", script, str(path), folder], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(at * 0.001)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert verify(path).ok
        with closing(sqlite3.connect(path)) as database:
            formats.add(schema.format_of(database))
        with Ledger.open(path, create=False) as ledger:
            assert ledger.format == FORMAT_VERSION
            ledger.append(Recovered(what="x"), at=START)
        assert verify(path).ok
    assert formats <= {1, FORMAT_VERSION}


def test_a_table_that_format_1_does_not_have_is_noticed(old):
    with closing(sqlite3.connect(old)) as database, database:
        database.execute(schema._FORMAT_2[0])
    assert "tables were altered" in (verify(old).why or "")
    with closing(sqlite3.connect(old, isolation_level=None)) as database:
        database.execute("PRAGMA user_version = 0")
    with pytest.raises((Damaged, BadInput)):
        Ledger.open(old, create=False)


def test_a_project_is_made_once_also_by_somebody_with_a_key(work):
    work.join()
    with pytest.raises(Refusal):
        work.put(ProjectCreated(policy="x", sample=False, title="twice"), WRITER)
