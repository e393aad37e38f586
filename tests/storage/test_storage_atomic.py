"""A file is whole at every instant, and what was there before outlives every fault."""

from __future__ import annotations

import errno
import os
import signal
import sys
from datetime import UTC, datetime, timedelta

import pytest

from studio_assist.domain.errors import BadInput, StudioError, Unavailable
from studio_assist.storage import atomic
from studio_assist.storage.atomic import Write, keep_version, kept_versions, write_atomic, write_together

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def names(folder):
    return sorted(file.name for file in folder.iterdir())


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_disk_that_fails_at_any_byte_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, code):
    path = tmp_path / "script.fountain"
    path.write_bytes(b"old")
    really = os.write
    for allowed in range(0, 60, 7):
        room = [allowed]

        def write(handle, data, room=room):
            if room[0] <= 0:
                raise OSError(code, os.strerror(code))
            count = really(handle, bytes(data[: min(5, room[0])]))
            room[0] -= count
            return count

        monkeypatch.setattr(os, "write", write)
        with pytest.raises(Unavailable) as refused:
            write_atomic(path, b"new " * 20)
        monkeypatch.undo()
        assert refused.value.remedy
        assert path.read_bytes() == b"old"
        assert names(tmp_path) == ["script.fountain"]
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file size limit")
def test_a_disk_that_really_takes_no_more_is_named(tmp_path):
    import resource

    path = tmp_path / "script.fountain"
    path.write_bytes(b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(Unavailable, match="disk is full"):
            write_atomic(path, b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["script.fountain"]


def test_a_flush_that_fails_is_a_save_that_failed(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def fsync(_handle):
        raise OSError(errno.EIO, "I/O error")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(Unavailable):
        write_atomic(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"


def test_nothing_is_not_written_over_something_unless_it_is_meant(tmp_path):
    path = tmp_path / "temp.json"
    write_atomic(path, b"{}")
    with pytest.raises(ValueError, match="nothing at all"):
        write_atomic(path, b"")
    assert path.read_bytes() == b"{}"
    write_atomic(path, b"", may_be_empty=True)
    assert path.read_bytes() == b""


def test_several_files_are_all_on_the_disk_before_one_is_in_place(tmp_path):
    first, second = tmp_path / "a", tmp_path / "nowhere" / "b"
    first.write_bytes(b"old")
    with pytest.raises(BadInput):
        write_together([Write(first, b"new"), Write(second, b"new")])
    assert first.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_guard_stops_at_the_last_moment(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def guard():
        assert len(names(tmp_path)) == 2
        raise BadInput("changed", remedy="look")

    with pytest.raises(BadInput):
        write_atomic(path, b"new", guard=guard)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.mark.skipif(os.name != "posix", reason="POSIX modes and links")
def test_modes_and_links_stay(tmp_path):
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)
    write_atomic(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform != "linux", reason="/sys is Linux's")
def test_a_protected_place_and_a_place_that_is_not_there_are_told_apart(tmp_path):
    with pytest.raises(Unavailable):
        write_atomic(atomic.Path("/sys/kernel/script.fountain"), b"x")
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "file" / "x", tmp_path / "no" / "x"):
        with pytest.raises(BadInput):
            write_atomic(path, b"x")
    with pytest.raises(StudioError):
        write_atomic(tmp_path / ("n" * 300), b"x")
    with pytest.raises(BadInput):
        atomic.read_bytes(tmp_path / "nothing")


def test_versions_are_kept_once_each_and_the_oldest_go(tmp_path):
    path, folder = tmp_path / "script.fountain", tmp_path / "previous"
    assert keep_version(path, folder, at=AT, most=3) is None
    for number in range(6):
        path.write_bytes(f"draft {number}".encode())
        for _ in range(2):
            keep_version(path, folder, at=AT + timedelta(minutes=number), most=3)
    path.write_bytes(b"")
    assert keep_version(path, folder, at=AT, most=3) is None
    kept = [version.read_bytes() for version in kept_versions(path, folder)]
    assert kept == [b"draft 3", b"draft 4", b"draft 5"]


def test_a_damaged_file_is_copied_aside_once(tmp_path):
    path = tmp_path / "temp.json"
    path.write_bytes(b"{broken")
    copy = atomic.set_aside(path, at=AT)
    assert copy.name == "temp.json.damaged-20260302T093000Z"
    assert atomic.set_aside(path, at=AT + timedelta(days=1)) == copy
    path.write_bytes(b"{broken otherwise")
    assert atomic.set_aside(path, at=AT) != copy
    assert copy.read_bytes() == b"{broken"
    assert path.exists()


@pytest.mark.skipif(os.name != "posix", reason="looks at processes")
def test_what_a_dead_process_left_half_written_is_swept_and_a_living_ones_is_not(tmp_path):
    dead = tmp_path / ".script.fountain.999999999-0a1b2c3d.partial"
    living = tmp_path / f".script.fountain.{os.getpid()}-0a1b2c3d.partial"
    for path in (dead, living, tmp_path / "notes.partial"):
        path.write_bytes(b"x")
    assert atomic.sweep(tmp_path) == 1
    assert names(tmp_path) == sorted([living.name, "notes.partial"])
