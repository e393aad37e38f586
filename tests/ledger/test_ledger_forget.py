"""Forgetting removes a text's bytes from the files; the record verifies, and who has the pair can still show it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from ledger_work import WRITER, Work

from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.record import Presented
from studio_assist.ledger import Contents, Ledger, verify
from studio_assist.ledger.contents import opens

SECRET = "Ottoline Quimby hid the ledger in the lamp room. " * 120


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def work(path):
    with Ledger.open(path) as ledger:
        work = Work(ledger)
        work.create()
        work.meet()
        work.join()
        yield work


def bytes_on_disk(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))


def decided(work: Work, text: str = SECRET, name="c1", outcome="accepted"):
    request = work.request(f"r-{name}", prompt=f"Prompt of {name}")
    candidate = work.candidate(name, text, request.body.request)
    shown = work.show(name)
    decision = work.decide(name, outcome, edited=f"{text} Edited.")
    if outcome != "rejected":
        work.place(decision.number)
    return candidate, shown, decision


def test_the_bytes_are_gone_from_ledger_journal_and_index_and_the_pair_still_opens(path, work):
    candidate, shown, decision = decided(work)
    other = decided(work, "Another line.", "c2")[0]
    kept = work.ledger.texts_of(candidate.number)[0]
    assert b"Quimby" in bytes_on_disk(path)
    forgotten = work.forget(decision.number)
    raw = bytes_on_disk(path)
    for trace in (b"Quimby", SECRET.encode()[:24], kept.salt):
        assert trace not in raw
    assert forgotten.traces is None
    assert forgotten.commitments == (candidate.body.content,)
    assert forgotten.named_by == (candidate.number, shown.number, decision.number)
    entry = forgotten.entry
    assert (entry.person, entry.body.entry, entry.body.why) == (
        WRITER,
        decision.number,
        "A name that must not stay.",
    )
    assert work.ledger.signature(entry.number) is not None
    assert work.ledger.is_forgotten(candidate.body.content)
    assert work.ledger.content(candidate.body.content) is None
    assert work.ledger.texts_of(decision.number) == []
    assert work.ledger.content(other.body.content) == "Another line."
    assert opens(kept.commitment, kept.salt, SECRET.encode())
    found = verify(path)
    assert (found.ok, found.forgotten) == (True, 1)


def test_all_texts_of_an_entry_go_and_shared_ones_only_once(path, work):
    candidate, _, decision = decided(work, outcome="edited")
    work.forget(candidate.number)
    again = work.forget(decision.number)
    assert again.commitments == (decision.body.result,)
    request = work.ledger.entry(candidate.number - 1)
    assert len(work.forget(request.number).commitments) == 3
    assert verify(path).forgotten == 5
    assert b"Quimby" not in bytes_on_disk(path)


def test_what_still_waits_is_not_forgotten(work):
    work.request()
    candidate = work.candidate()
    with pytest.raises(Refusal) as refused:
        work.forget(candidate.number)
    assert refused.value.rule == "record.still-needed"
    shown = work.show()
    decision = work.decide("c1", "edited", edited="Other words.").number
    for number in (candidate.number, shown.number, decision):
        with pytest.raises(Refusal) as refused:
            work.forget(number)
        assert refused.value.rule == "record.still-needed"
    work.place(decision)
    work.forget(decision)


def test_what_has_no_text_or_was_forgotten_is_not_forgotten_again(work):
    decision = decided(work)[2].number
    size = work.ledger.size
    for number, rule in ((1, "record.nothing-to-forget"), (size, "record.nothing-to-forget")):
        with pytest.raises(Refusal) as refused:
            work.forget(number)
        assert refused.value.rule == rule
    with pytest.raises(BadInput):
        work.forget(1000)
    entry = work.forget(decision).entry.number
    for number, rule in ((decision, "record.forgotten-once"), (entry, "record.nothing-to-forget")):
        with pytest.raises(Refusal) as refused:
            work.forget(number)
        assert refused.value.rule == rule
    assert work.ledger.size == size + 1


def test_what_was_forgotten_does_not_come_back(path, work):
    candidate, _, decision = decided(work)
    text = work.ledger.texts_of(candidate.number)[0]
    work.forget(decision.number)
    with pytest.raises(Refusal) as refused:
        work.undo(decision.number)
    assert refused.value.rule == "record.forgotten"
    texts = Contents({text.commitment: (text.salt, text.content)})
    with pytest.raises(Refusal):
        work.put(Presented(candidate="c1", content=text.commitment), WRITER, texts)
    assert verify(path).ok


def test_another_reader_keeps_the_journal_and_that_is_said(path, work):
    decision = decided(work)[2].number
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM contents").fetchone()
        work.ledger._connection.execute("PRAGMA busy_timeout = 50")
        told = work.forget(decision)
        assert told.traces is not None
        assert "ledger.sqlite-wal" in told.traces
        assert b"Quimby" in bytes_on_disk(path)
    assert verify(path).ok


def test_a_ledger_begun_without_overwriting_is_cleaned_too(path):
    with Ledger.open(path) as ledger:
        ledger._connection.execute("PRAGMA secure_delete = OFF")
        work = Work(ledger)
        work.create()
        work.join()
        decisions = [decided(work, f"Quimby {number}", f"c{number}")[2].number for number in range(60)]
        ledger._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        rows = {number: ledger.texts_of(number)[0] for number in decisions}
        raw = bytes_on_disk(path)
        # The table's first page was copied when it became a tree: a second copy of some rows stayed behind.
        twice = [number for number in decisions if raw.count(rows[number].salt) > 1]
        assert twice
        assert work.forget(twice[0]).traces is None
        assert rows[twice[0]].salt not in bytes_on_disk(path)
        assert ledger.content(rows[decisions[-1]].commitment) == "Quimby 59"
        work.decided("after", "after")
    assert verify(path).ok


def test_hundreds_forgotten_in_any_order_leave_no_trace_of_them(path, work):
    import random

    chance = random.Random(3)
    made = []
    for number in range(120):
        text = f"<{chance.randbytes(8).hex()}>" * chance.choice([1, 4, 30, 400])
        made.append((decided(work, text, f"c{number}")[2].number, text[:18].encode()))
    chance.shuffle(made)
    for number, _ in made[:90]:
        assert work.forget(number).traces is None
    raw = bytes_on_disk(path)
    assert not [mark for _, mark in made[:90] if mark in raw]
    assert all(mark in raw for _, mark in made[90:])
    found = verify(path)
    assert (found.ok, found.forgotten) == (True, 90)
