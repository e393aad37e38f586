"""The ledger takes what may follow, refuses what must not, and knows what is still open."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from ledger_work import OTHER, START, WRITER, Work

from studio_assist.domain.errors import BadInput, Damaged, Refusal, Unavailable
from studio_assist.domain.record import CandidateMade, Presented, ProjectCreated, Recovered, Sent
from studio_assist.ledger import Contents, Ledger, commit, verify
from studio_assist.ledger.contents import opens
from studio_assist.ledger.schema import FORMAT_VERSION
from studio_assist.ledger.tree import leaf_hash, verify_consistency, verify_inclusion


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def work(path):
    with Ledger.open(path) as ledger:
        yield Work(ledger)


def test_a_day_of_work_verifies_and_is_there_again_after_reopening(path, work):
    work.day()
    size, root = work.ledger.size, work.ledger.root
    work.ledger.close()
    found = verify(path)
    assert (found.ok, found.size, found.root, found.why) == (True, size, root, None)
    with Ledger.open(path, create=False) as again:
        assert (again.size, again.root) == (size, root)
        assert [entry.number for entry in again.entries(limit=1000)] == list(range(1, size + 1))


def test_a_decision_needs_this_person_to_have_been_shown_this_content(work):
    work.create()
    work.request()
    work.candidate()
    with pytest.raises(Refusal) as refused:
        work.decide()
    assert refused.value.rule == "record.shown-first"
    work.show(person=OTHER)
    with pytest.raises(Refusal):
        work.decide()
    assert work.ledger.size == 4
    work.show()
    work.decide()


def test_what_is_shown_is_what_the_model_offered(work):
    work.request()
    work.candidate()
    texts = Contents()
    with pytest.raises(Refusal):
        work.put(Presented(candidate="c1", content=texts.add("Other words.")), WRITER, texts)


def test_one_candidate_has_one_decision_until_it_is_undone(work):
    work.request()
    work.candidate()
    work.show()
    first = work.decide("c1", "rejected").number
    with pytest.raises(Refusal) as refused:
        work.decide("c1", "accepted")
    assert refused.value.rule == "record.one-decision"
    work.undo(first)
    with pytest.raises(Refusal):
        work.undo(first)
    again = work.decide("c1", "accepted", redo_of=first).number
    assert [entry.number for entry in work.ledger.unplaced()] == [again]


def test_a_failed_candidate_is_never_decided_on_and_a_stale_one_only_rejected(work):
    work.request()
    work.candidate("dead", state="failed")
    work.show("dead")
    with pytest.raises(Refusal):
        work.decide("dead")
    work.candidate("old")
    work.show("old")
    work.stale("old")
    with pytest.raises(Refusal) as refused:
        work.decide("old")
    assert refused.value.rule == "record.stale"
    assert [entry.body.candidate for entry, _ in work.ledger.stale_candidates()] == ["old"]
    work.fresh("old")
    assert [text for _, text in work.ledger.open_candidates()] == ["We keep the light."]
    work.stale("old")
    work.decide("old", "rejected")
    assert work.ledger.open_count() == 0


def test_nothing_comes_from_nowhere(work):
    with pytest.raises(Refusal):
        work.candidate(request="unheard")
    with pytest.raises(Refusal):
        work.place(3)
    with pytest.raises(Refusal):
        work.undo(1)
    work.request()
    with pytest.raises(Refusal):
        work.request()
    work.candidate()
    with pytest.raises(Refusal):
        work.candidate()
    with pytest.raises(Refusal):
        work.create()
    assert work.ledger.size == 2


def test_decisions_wait_to_be_placed_until_they_are_placed_undone_or_replaced(work):
    work.request()
    numbers = []
    for name in ("a", "b", "c"):
        work.candidate(name)
        work.show(name)
        numbers.append(work.decide(name).number)
    assert [entry.number for entry in work.ledger.unplaced()] == numbers
    work.place(numbers[0])
    work.undo(numbers[1])
    assert [entry.number for entry in work.ledger.unplaced()] == numbers[2:]


def test_a_request_that_never_ended_is_known_after_a_crash(path, work):
    work.request("r1")
    work.request("r2")
    work.end("r1")
    work.ledger.close()
    with Ledger.open(path) as again:
        assert [entry.body.request for entry in again.unfinished()] == ["r2"]


def test_texts_stand_beside_the_entries_and_open_their_commitments(path, work):
    entry = work.request(prompt="the whole prompt")
    assert work.ledger.content(entry.body.prompt) == "the whole prompt"
    assert work.ledger.content(entry.body.note) == "shorter, é \x01 \u2028"
    assert work.ledger.content("0" * 64) is None
    with closing(sqlite3.connect(path)) as database:
        stored = database.execute("SELECT entry FROM entries").fetchone()[0]
    assert "prompt" in stored
    assert "the whole prompt" not in stored


def test_a_text_that_was_swapped_is_never_handed_out(path, work):
    work.request()
    entry = work.candidate()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE contents SET content = CAST('Other words.' AS BLOB) WHERE entry = 2")
    for read in (lambda: work.ledger.content(entry.body.content), work.ledger.open_candidates):
        with pytest.raises(Damaged, match="commits to"):
            read()


def test_the_same_words_never_have_the_same_commitment_and_only_they_open_it():
    first, salt = commit("We hold.")
    assert commit("We hold.")[0] != first
    assert opens(first, salt, b"We hold.")
    assert not opens(first, salt, b"We hold!")
    assert not opens(first, b"", b"We hold.")


def test_an_entry_without_its_text_or_with_another_is_not_written(work):
    work.request()
    content, salt = commit("words")
    body = CandidateMade(
        candidate="c",
        content=content,
        index=0,
        ms=1,
        request="r1",
        seed=None,
        state="ready",
        tokens=1,
        why=None,
    )
    with pytest.raises(ValueError, match="not given"):
        work.put(body)
    with pytest.raises(ValueError, match="another text"):
        work.put(body, texts={content: (salt, "other words")})
    assert work.ledger.size == 1
    work.put(body, texts={content: (salt, "words")})


def test_a_group_is_written_whole_or_not_at_all(path, work):
    work.create()
    good, bad = Recovered(what="one"), ProjectCreated(policy="x", sample=False, title="twice")
    with pytest.raises(Refusal):
        work.ledger.append_many([(good, None), (bad, None)], at=START)
    assert work.ledger.size == 1
    entries = work.ledger.append_many([(good, None)] * 3, at=START)
    assert [entry.number for entry in entries] == [2, 3, 4]
    assert verify(path).ok


def test_entries_are_found_by_what_they_are_about_page_by_page(work):
    work.day()
    ledger = work.ledger
    everything = ledger.entries(limit=1000)
    pages, after = [], 0
    while page := ledger.entries(after, 7):
        pages += page
        after = page[-1].number
    assert pages == everything
    newest = ledger.entries(limit=5, newest_first=True)
    assert newest == everything[:-6:-1]
    assert ledger.entries(limit=5, newest_first=True, before=newest[-1].number) == everything[-6:-11:-1]
    decisions = ledger.entries(type=("decision", "decision_undone"), limit=1000)
    assert decisions == [entry for entry in everything if entry.body.type.startswith("decision")]
    about = ledger.entries(candidate="c1-0", limit=1000)
    assert [entry.body.type for entry in about] == ["candidate", "presented", "decision", "decision"]
    undone = ledger.entries(decision=about[2].number)
    assert [entry.body.type for entry in undone] == ["decision_undone"]
    assert ledger.request("r2").body.request == "r2"
    assert ledger.decision(about[2].number)[1].outcome == "accepted"
    with pytest.raises(BadInput):
        ledger.decision(1)
    with pytest.raises(BadInput):
        ledger.entry(10_000)


def test_bytes_sent_today_are_counted(work):
    work.request()
    for at, size in ((START - timedelta(days=1), 1000), (START, 10), (START + timedelta(hours=1), 5)):
        judged = work.judge(size=size)
        approval = work.approve(judged).number
        envelope, origin = judged.body.envelope, judged.body.origin
        body = Sent(approval=approval, bytes=size, envelope=envelope, origin=origin, request="r1")
        work.ledger.append(body, at=at)
    assert work.ledger.sent_bytes(START) == 15
    assert work.ledger.sent_bytes(datetime(2027, 1, 1, tzinfo=UTC)) == 0


def test_proofs_from_the_kept_nodes_hold_for_every_entry_and_every_earlier_size(work):
    work.day()
    ledger, size = work.ledger, work.ledger.size
    root = bytes.fromhex(ledger.root)
    for number in range(1, size + 1):
        proof = [bytes.fromhex(step) for step in ledger.inclusion_proof(number)]
        leaf = leaf_hash(ledger.entry(number).canonical())
        assert verify_inclusion(leaf, number - 1, size, proof, root)
        growth = [bytes.fromhex(step) for step in ledger.consistency_proof(number)]
        assert verify_consistency(number, size, growth, bytes.fromhex(ledger.root_at(number)), root)
    with pytest.raises(BadInput):
        ledger.inclusion_proof(size + 1)


def test_a_folder_may_have_any_name(tmp_path):
    folder = tmp_path / "50% – Wer? #1 ‘é’ &mode=ro"
    folder.mkdir()
    with Ledger.open(folder / "ledger.sqlite") as ledger:
        Work(ledger).create()
    assert verify(folder).ok
    assert [file.name for file in folder.iterdir()] == ["ledger.sqlite"]


def test_two_writers_take_turns_and_a_reader_sees_what_is_committed(path, work):
    work.create()
    with Ledger.open(path) as other, Ledger.open(path, read_only=True) as reader:
        Work(other).request("theirs")
        work.request("ours")
        assert (work.ledger.size, work.ledger.root) == (reader.size, reader.root)
        assert reader.size == 3
        assert [entry.body.type for entry in reader.entries()] == [
            "project_created",
            "requested",
            "requested",
        ]
        with pytest.raises(Unavailable):
            reader.append(Recovered(what="x"), at=START)
    assert verify(path).ok


def test_opening_looks_at_the_end_and_refuses_to_write_on_damage(path, work):
    work.day()
    work.ledger.close()
    database = sqlite3.connect(path)
    database.execute(
        "UPDATE entries SET entry = replace(entry, 'Taken back', 'Taken away') WHERE type='recovered'"
    )
    database.commit()
    database.close()
    with pytest.raises(Damaged) as damaged:
        Ledger.open(path)
    assert "was altered" in damaged.value.message
    assert damaged.value.remedy
    with Ledger.open(path, read_only=True) as reader:
        assert reader.damage is not None
        assert reader.entry(1).body.type == "project_created"


def test_a_missing_or_empty_ledger_of_a_project_is_damage_not_a_fresh_start(path):
    with pytest.raises(Damaged):
        Ledger.open(path, create=False)
    path.touch()
    with pytest.raises(Damaged):
        Ledger.open(path, create=False)
    with Ledger.open(path) as ledger:
        assert ledger.size == 0
    assert verify(path).ok


def test_a_newer_ledger_and_other_files_are_named_as_what_they_are(path, tmp_path):
    Ledger.open(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {FORMAT_VERSION + 1}")
    for call in (Ledger.open, verify):
        with pytest.raises(BadInput, match="A newer Studio Assist"):
            call(path)
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE t (x)")
    with pytest.raises(BadInput, match="not a Studio Assist ledger"):
        Ledger.open(other)
    text = tmp_path / "script.fountain"
    text.write_text("INT. LAMP ROOM - NIGHT\n" * 40)
    with pytest.raises(Damaged):
        Ledger.open(text)
    with pytest.raises(BadInput):
        verify(tmp_path / "nowhere.sqlite")
