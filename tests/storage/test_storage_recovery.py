"""What survives a crash: autosaves, the job journal, the lock that does not, and the user's settings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta

import pytest

from studio_assist.domain.errors import Unavailable
from studio_assist.domain.people import new_person
from studio_assist.storage.journal import Journal
from studio_assist.storage.lock import Locked, ProjectLock
from studio_assist.storage.recovery import Autosave, Autosaves
from studio_assist.storage.settings import (
    MOST_RECENTS,
    Settings,
    SettingsData,
    drafts_folder,
    settings_folder,
)

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def typed(text: str, key: str = "script", at: datetime = AT) -> Autosave:
    return Autosave(key=key, title="Larkspur", text=text, spans_json='{"spans":[]}', base="ab" * 32, at=at)


# autosaves


def test_what_a_crashed_program_left_is_offered_until_a_person_answers(tmp_path):
    crashed = Autosaves(tmp_path / "recovery")
    crashed.save(typed("first"))
    crashed.save(typed("MARA\r\nWe hold \ud800 \u2028.", at=AT + timedelta(seconds=30)))
    assert crashed.offers() == []
    started = Autosaves(tmp_path / "recovery")
    started.save(typed("typed after the restart", at=AT + timedelta(minutes=5)))
    started.discard("script")
    (offer,) = started.offers("script")
    assert offer.text == "MARA\r\nWe hold \ud800 \u2028."
    assert (offer.title, offer.base, offer.at) == ("Larkspur", "ab" * 32, AT + timedelta(seconds=30))
    started.dismiss(offer)
    assert started.offers() == []


def test_drafts_have_keys_of_their_own_and_the_newest_comes_first(tmp_path):
    for minute, key in enumerate(("draft-1", "draft-2")):
        Autosaves(tmp_path).save(typed(key, key, AT + timedelta(minutes=minute)))
    found = Autosaves(tmp_path)
    assert [offer.key for offer in found.offers()] == ["draft-2", "draft-1"]
    assert [offer.text for offer in found.offers("draft-1")] == ["draft-1"]
    with pytest.raises(ValueError, match="file's name"):
        found.save(typed("x", "../script"))


def test_a_damaged_autosave_is_not_offered_and_not_removed(tmp_path):
    path = Autosaves(tmp_path).save(typed("words that matter"))
    for damage in (b"", b"{", path.read_bytes().replace(b"matter", b"mutter")):
        path.write_bytes(damage)
        found = Autosaves(tmp_path)
        assert found.offers() == []
        assert found.unreadable() == [path]


def test_a_protected_folder_says_so_when_autosaving(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Exception, match="no such file or folder"):
        Autosaves(tmp_path / "file" / "recovery").save(typed("x"))
    assert Autosaves(tmp_path / "nowhere").offers() == []


# the journal


def test_the_journal_knows_what_was_cut_off(tmp_path):
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.write("r1", "running", {"task": "beats"}, at=AT)
        journal.write("r2", "running", at=AT)
        journal.write("r1", "done", at=AT)
    with Journal(path) as journal:
        states = journal.states()
        assert {job: record.state for job, record in states.items()} == {"r1": "done", "r2": "running"}
        assert [job for job, record in states.items() if not record.ended] == ["r2"]
        journal.compact()
        journal.write("r3", "running", {"n": 3})
    with Journal(path) as journal:
        assert list(journal.states()) == ["r2", "r3"]
        assert journal.states()["r3"].data == {"n": 3}


def test_a_torn_last_line_is_dropped_and_what_follows_is_not_lost(tmp_path):
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.write("r1", "running")
        journal.write("r2", "running")
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    for cut in range(first, len(whole)):
        path.write_bytes(whole[:cut])
        with Journal(path) as journal:
            assert list(journal.states()) == ["r1"]
            journal.write("r3", "running")
        with Journal(path) as journal:
            assert list(journal.states()) == ["r1", "r3"]
            assert journal.skipped == 0


def test_a_damaged_line_costs_that_line_alone(tmp_path):
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        for job in ("r1", "r2", "r3"):
            journal.write(job, "running")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"\x00\xff{}\n" + lines[2])
    with Journal(path) as journal:
        assert list(journal.states()) == ["r1", "r3"]
        assert journal.skipped == 1


def test_a_journal_line_that_does_not_fit_on_the_disk_leaves_no_part_of_it(tmp_path, monkeypatch):
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.write("r1", "running")
        really = os.write
        room = [10]

        def write(handle, data):
            if room[0] <= 0:
                raise OSError(28, "No space left on device")
            room[0] -= 10
            return really(handle, bytes(data[:10]))

        monkeypatch.setattr(os, "write", write)
        with pytest.raises(Unavailable, match="disk is full"):
            journal.write("r2", "running")
        monkeypatch.undo()
        journal.write("r3", "running")
    with Journal(path) as journal:
        assert list(journal.states()) == ["r1", "r3"]


# the lock

HOLD = """
import sys, pathlib, time
from studio_assist.storage.lock import ProjectLock
lock = ProjectLock.acquire(pathlib.Path(sys.argv[1]), what="command line")
print(type(lock).__name__, flush=True)
time.sleep(60)
"""


def test_a_project_has_one_holder_and_the_second_is_told_who(tmp_path):
    with ProjectLock.acquire(tmp_path, what="window", at=AT) as lock:
        assert isinstance(lock, ProjectLock)
        second = ProjectLock.acquire(tmp_path, what="window")
        assert second == Locked(os.getpid(), second.host, AT, "window", mine=True)
    again = ProjectLock.acquire(tmp_path, what="window")
    assert isinstance(again, ProjectLock)
    again.release()
    again.release()


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a POSIX matter")
def test_the_lock_ends_with_its_process_however_that_ends(tmp_path):
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"ProjectLock\n"
    held = ProjectLock.acquire(tmp_path, what="window")
    assert isinstance(held, Locked)
    assert (held.pid, held.what, held.mine) == (holder.pid, "command line", False)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    lock = ProjectLock.acquire(tmp_path, what="window")
    assert isinstance(lock, ProjectLock)
    lock.release()


def test_a_lock_file_with_nonsense_in_it_still_locks(tmp_path):
    with ProjectLock.acquire(tmp_path, what="window"):
        (tmp_path / ".lock").write_bytes(b"\xff not json")
        held = ProjectLock.acquire(tmp_path, what="window")
        assert isinstance(held, Locked)
        assert held.pid is None


# settings


def test_settings_come_back_and_open_without_the_app(home):
    assert settings_folder() == home
    assert drafts_folder() == home / "recovery"
    settings = Settings()
    assert settings.load() == SettingsData()
    data = SettingsData(
        profile=new_person("R. Okafor", "producer"), theme="dark", options={"zoom": 1.25, "outline": True}
    )
    settings.save(data)
    assert Settings().load() == data
    assert tomllib.loads(settings.path.read_text())["profile"]["name"] == "R. Okafor"


def test_recent_projects_stand_newest_first_and_once(home, tmp_path):
    for number in range(MOST_RECENTS + 3):
        Settings().remember(tmp_path / f"p{number % 14}", f"P{number % 14}", at=AT)
    recents = Settings().load().recents
    assert len(recents) == MOST_RECENTS
    assert recents[0].title == "P0"
    assert len({recent.path for recent in recents}) == MOST_RECENTS


@pytest.mark.parametrize("content", [b"theme = ", b"\xff", b'theme = "pink"', b"unheard = 1"])
def test_a_damaged_settings_file_is_set_aside_and_the_app_starts(home, content):
    settings = Settings()
    home.mkdir(exist_ok=True)
    settings.path.write_bytes(content)
    assert settings.load() == SettingsData()
    assert settings.damaged_copy is not None
    assert settings.damaged_copy.read_bytes() == content
