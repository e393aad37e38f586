"""The check in a process of its own: what it says, and that it ends with whoever asked for it."""

from __future__ import annotations

import subprocess
import time

import forging
import pytest
from forging import SIZE, alter
from ledger_work import START

from studio_assist.domain.errors import BadInput
from studio_assist.domain.record import Recovered
from studio_assist.ledger import Ledger, Verification, verify
from studio_assist.ledger.checking import Progress, command, parse_line


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "ledger.sqlite"
    forging.make(path)
    return path


def run(path):
    """Every line that the child says, and its exit code."""
    child = subprocess.Popen(command(path), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None
    assert child.stdout is not None
    told = [parse_line(line) for line in child.stdout]
    child.stdin.close()
    child.stdout.close()
    return told, child.wait()


def test_the_child_finds_what_the_check_finds(path):
    for expected in (True, False):
        told, code = run(path)
        assert code == 0
        assert isinstance(told[0], Progress) is expected
        assert isinstance(told[-1], Verification)
        assert told[-1] == verify(path)
        assert told[-1].ok is expected
        alter(path, "UPDATE entries SET person = 'x' WHERE number = 20")


def test_progress_comes_before_the_end(path):
    with Ledger.open(path) as ledger:
        ledger.append_many([(Recovered(what=f"{at}"), None) for at in range(5_000)], at=START)
    told, _ = run(path)
    assert Progress(4096, SIZE + 5_000) in told
    assert isinstance(told[-1], Verification)


def test_what_cannot_be_checked_is_an_error_with_a_remedy(tmp_path):
    told, code = run(tmp_path / "nowhere")
    assert code == 2
    assert isinstance(told[-1], BadInput)
    assert told[-1].remedy
    assert told[-1].place == str(tmp_path / "nowhere")


def test_the_child_ends_when_nobody_listens_any_more(path):
    with Ledger.open(path) as ledger:
        ledger.append_many([(Recovered(what=f"{at}"), None) for at in range(25_000)], at=START)
    child = subprocess.Popen(command(path), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdout.readline()
    began = time.monotonic()
    child.stdin.close()
    child.wait(10)
    assert time.monotonic() - began < 5
    child.stdout.close()


@pytest.mark.parametrize("line", ["", "\n", b"\n"])
def test_an_empty_line_says_nothing(line):
    assert parse_line(line) is None


@pytest.mark.parametrize("line", ["x", "[]", '{"found": 1}', '{"progress": [1]}', '{"error": ["a"]}'])
def test_anything_else_is_not_the_childs(line):
    with pytest.raises(ValueError):  # noqa: PT011  (json and pydantic word it)
        parse_line(line)
