"""Kills, a full disk, a protected folder, a busy file: nothing is lost, and the words say what to do."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path

import ledger_work
import pytest
from ledger_work import START, Work

from studio_assist.domain.errors import StudioError, Unavailable
from studio_assist.domain.record import Recovered
from studio_assist.ledger import Ledger, schema, verify

ROUNDS = 20


def ask_without_end(work: Work, last: list[object]) -> None:
    """Append long requests; `last` holds size and root after the latest that was taken."""
    for at in range(1000):
        last[:] = work.ledger.size, work.ledger.root
        work.request(f"r{at}", "words " * 2000)


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a POSIX matter")
def test_twenty_kills_lose_nothing_that_was_acknowledged(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        Work(ledger).create()
    chance = random.Random(20)
    for _ in range(ROUNDS):
        worker = subprocess.Popen([sys.executable, ledger_work.__file__, str(path)], stdout=subprocess.PIPE)
        assert worker.stdout is not None
        told = [worker.stdout.readline()]
        time.sleep(chance.random() * 0.08)
        worker.send_signal(signal.SIGKILL)
        told += worker.stdout.read().splitlines(keepends=True)
        worker.stdout.close()
        worker.wait()
        size, root = [line.split() for line in told if line.endswith(b"\n")][-1]
        found = verify(path)
        assert found.ok, found.why
        assert found.size >= int(size)
        with Ledger.open(path, create=False) as ledger:
            assert ledger.root_at(int(size)).encode() == root
            assert ledger.size == found.size


def test_a_full_disk_writes_nothing_and_the_ledger_goes_on_when_there_is_room(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        work = Work(ledger)
        work.create()
        pages = ledger._connection.execute("PRAGMA page_count").fetchone()[0]
        ledger._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(Unavailable, match="disk is full") as full:
            ask_without_end(work, last := [])
        size, root = last
        assert "Nothing was lost" in full.value.remedy
        assert (ledger.size, ledger.root) == (size, root)
        ledger._connection.execute("PRAGMA max_page_count = 1000000")
        work.request("after")
        assert ledger.size == size + 1
    assert verify(path).ok


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file size limit")
def test_a_disk_that_takes_no_more_bytes_is_named(tmp_path):
    import resource

    path = tmp_path / "ledger.sqlite"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with Ledger.open(path) as ledger:
        work = Work(ledger)
        work.create()
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        try:
            with pytest.raises(Unavailable) as refused:
                ask_without_end(work, [])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            signal.signal(signal.SIGXFSZ, ignored)
        assert refused.value.remedy
        size = ledger.size
        work.request("after")
        assert ledger.size == size + 1
    assert verify(path).ok


@pytest.fixture
def protected():
    """A folder; inside `with lock(folder)` it and its files can be read by anyone and written by nobody."""
    folder = Path(tempfile.mkdtemp())

    @contextmanager
    def lock():
        for file in folder.iterdir():
            file.chmod(0o444)
        folder.chmod(0o555)
        was_root = os.geteuid() == 0
        if was_root:
            os.seteuid(65534)
        try:
            yield
        finally:
            if was_root:
                os.seteuid(0)
            folder.chmod(0o755)

    yield folder, lock
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name != "posix", reason="needs another user's rights")
def test_a_protected_folder_can_be_read_and_checked_and_says_that_it_cannot_be_written(protected):
    folder, lock = protected
    path = folder / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        Work(ledger).day()
        size = ledger.size
    with lock():
        with pytest.raises(Unavailable) as refused, Ledger.open(path, create=False) as ledger:
            ledger.append(Recovered(what="x"), at=START)
        assert refused.value.remedy
        with pytest.raises(StudioError):
            Ledger.open(folder / "new.sqlite")
        with Ledger.open(path, read_only=True) as reader:
            assert reader.size == size
            assert reader.damage is None
        assert verify(path).ok
        assert [file.name for file in folder.iterdir()] == ["ledger.sqlite"]


@pytest.mark.skipif(os.name != "posix", reason="needs another user's rights")
def test_a_protected_copy_of_a_live_ledger_is_checked_with_its_journal(protected, tmp_path):
    folder, lock = protected
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        Work(ledger).day()
        size = ledger.size
        for file in tmp_path.iterdir():
            shutil.copy(file, folder)
    names = sorted(file.name for file in folder.iterdir())
    assert len(names) == 3
    with lock():
        found = verify(folder / "ledger.sqlite")
        assert (found.ok, found.size, found.why) == (True, size, None)
        assert sorted(file.name for file in folder.iterdir()) == names


def test_a_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StudioError) as refused:
        Ledger.open(tmp_path / "file" / "ledger.sqlite")
    assert refused.value.remedy


def test_a_ledger_that_another_program_holds_is_waited_for_and_then_named(tmp_path, monkeypatch):
    monkeypatch.setattr(schema, "BUSY_TIMEOUT_S", 0.05)
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(Unavailable, match="Another program"):
                ledger.append(Recovered(what="x"), at=START)
            other.execute("ROLLBACK")
        ledger.append(Recovered(what="x"), at=START)
        assert ledger.size == 1


def test_an_append_that_is_interrupted_leaves_the_ledger_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        work = Work(ledger)
        work.create()
        root = ledger.root

        def struck(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(Ledger, "_keep_texts", struck)
        with pytest.raises(KeyboardInterrupt):
            work.request()
        monkeypatch.undo()
        assert (ledger.size, ledger.root) == (1, root)
        work.request()
    assert verify(path).ok
