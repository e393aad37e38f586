"""The story of an entry: told for every kind, true to the texts, and provable by whoever is outside."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from studio_assist.domain.clearance import Approval, ClearanceRequest, Consent, Evidence, Notice, Scope
from studio_assist.domain.errors import BadInput, Damaged
from studio_assist.domain.people import Person
from studio_assist.domain.record import (
    BODIES,
    ClearanceApproved,
    ClearanceSent,
    ConsentRecorded,
    ContactTold,
    KeyVouched,
    RequestEnded,
)
from studio_assist.domain.review import EntryStory, Step
from studio_assist.domain.values import RequestId
from studio_assist.ledger import Contents, Ledger
from studio_assist.ledger.stories import proof_text, story_of
from studio_assist.ledger.story_decision import runs_of
from tests.ledger.ledger_work import HOST, OTHER, WRITER, Work

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAPER = Evidence(added=NOON, by="R. Okafor", name="yes.pdf", sha256="b" * 64, size=10)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Work]:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        yield Work(ledger)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A day with every kind of entry, open for reading."""
    path = tmp_path_factory.mktemp("day") / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        Work(ledger).sealed_day()
    with Ledger.open(path, create=False, read_only=True) as ledger:
        yield ledger


def tell(ledger: Ledger, number: int) -> EntryStory:
    return story_of(ledger, number, UTC)


def step(story: EntryStory, title: str) -> Step:
    return next(one for one in story.steps if one.title.startswith(title))


def said(story: EntryStory) -> str:
    return "\n".join(line for one in story.steps for line in one.lines)


# every entry --------------------------------------------------------------------------------------------


def test_every_kind_of_entry_has_a_story_in_which_it_stands(day: Ledger) -> None:
    told: set[str] = set()
    for number in range(1, day.size + 1):
        story, kind = tell(day, number), day.entry(number).body.type
        mine = [one for one in story.steps if one.number == number]
        assert mine, (number, kind)
        assert story.heading, kind
        assert all(one.title and (one.lines or one.pictures or one.runs) for one in mine), kind
        numbers = [one.number for one in story.steps]
        assert numbers == sorted(numbers), kind
        assert "None" not in said(story), kind
        assert "did this" not in said(story), kind
        told.add(kind)
    assert told == set(BODIES)


def test_an_entry_that_is_not_there_has_no_story(day: Ledger) -> None:
    with pytest.raises(BadInput):
        tell(day, day.size + 1)


# words --------------------------------------------------------------------------------------------------

_PROSE = st.lists(
    st.sampled_from(["the", "lamp", " ", "  ", "\n", ",", ".", "dims", "é", "’s", "—", "12"])
).map("".join)


@given(before=st.text(max_size=60) | _PROSE, after=st.text(max_size=60) | _PROSE)
def test_the_runs_of_a_diff_put_together_give_both_texts_back(before: str, after: str) -> None:
    runs = runs_of(before, after)
    assert "".join(text for kind, text in runs if kind != "removed") == after
    assert "".join(text for kind, text in runs if kind != "human") == before


def test_a_decision_tells_who_asked_what_was_offered_and_whose_each_word_is(work: Work) -> None:
    work.create()
    work.meet()
    work.request(anchor=True)
    for index in range(3):
        work.candidate(f"c{index}", ("We keep the light.", "Two.", "Three.")[index], index=index)
        work.show(f"c{index}")
    work.put(RequestEnded(dropped=(), request=RequestId("r1"), state="done", why=None))
    work.decide("c1", "rejected")
    work.decide("c2", "rejected")
    decision = work.decide("c0", "edited", edited="We keep this light.").number
    work.place(decision)
    story = tell(work.ledger, decision)
    assert (story.heading, story.temp, story.goes_to) == ("Alt lines, sc 4A", True, ("script", "120"))
    assert story.decision == decision
    assert step(story, "Request").lines[0].startswith("R. Okafor asked SmolLM2-135M for other ways")
    offered = step(story, "Candidates")
    assert offered.quote == "We keep the light."
    assert offered.lines == ("3 offered. 2 and 3 rejected 09:00:11.",)
    decided = step(story, "Decision")
    assert decided.lines == ("R. Okafor rewrote 38 % of the words.",)
    assert decided.runs == (
        ("kept", "We keep "),
        ("removed", "the"),
        ("human", "this"),
        ("kept", " light."),
    )
    assert decided.tone == "human"
    assert step(story, "Placement").pictures[0].caption == "Script, sc 4A"
    assert [one.kind for one in tell(work.ledger, work.ledger.candidate("c1").number).steps] == [  # pyright: ignore[reportArgumentType, reportOptionalMemberAccess]
        "request",
        "candidates",
        "decision",
    ]


def test_an_undone_decision_and_its_repeat_both_stay_in_the_story(work: Work) -> None:
    work.meet()
    work.request()
    work.candidate()
    work.show()
    first = work.decide().number
    work.undo(first)
    assert not tell(work.ledger, first).temp
    again = work.decide(redo_of=first).number
    story = tell(work.ledger, first)
    assert [one.title for one in story.steps if one.kind in ("decision", "undo")] == [
        "Decision: accepted",
        "Taken back",
        "Decision: accepted",
    ]
    assert story.temp
    assert story.decision == again
    assert f"This repeats entry {first}" in said(story)
    # Nothing says that it is on disk before a save did.
    assert step(story, "Placement").lines == ("It is not in the script on disk yet.",)


def test_a_forgotten_text_is_told_as_forgotten_by_whom_when_and_why(work: Work) -> None:
    work.meet()
    decision = work.decided()
    gone = work.forget(decision, why="A name that must not stay.").entry.number
    for number in (decision, gone):
        story = tell(work.ledger, number)
        assert story.forgotten
        assert story.by_whom == (
            f"Forgotten by R. Okafor on 2 Mar 2026, 09:00: A name that must not stay. Entry {gone} says so."
        )
        assert "We keep the light" not in str(story)
        assert not step(story, "Decision").runs


def test_of_hundreds_of_candidates_the_one_concerned_is_told_and_of_long_texts_no_word_diff(
    work: Work,
) -> None:
    work.meet()
    work.request()
    for index in range(120):
        work.candidate(f"c{index}", f"Line {index}.", index=index)
    long = "word " * 9000
    work.candidate("last", long, index=120)
    work.show("last")
    story = tell(work.ledger, work.decide("last", "edited", edited=f"Not {long}").number)
    assert step(story, "Candidates").quote == long
    assert not step(story, "Decision").runs
    assert "too long to be told word by word" in said(story)


# the gate -----------------------------------------------------------------------------------------------


def test_what_left_is_told_with_who_let_it_and_what_was_blocked_is_told_as_blocked(work: Work) -> None:
    work.meet()
    work.request()
    work.judge(verdict="blocked")
    judged = work.judge(size=2345)
    approval = work.approve(judged)
    work.second(judged)
    sent = work.send(approval, judged)
    story = tell(work.ledger, sent.number)
    assert step(story, "Gate: blocked").tone == "bad"
    assert "not passed: attested" in step(story, "Gate: blocked").lines[1]
    assert step(story, "Approved to send").lines == (f"R. Okafor read 2.3 kB and let them leave for {HOST}.",)
    assert step(story, "Approved by a second person").tone == "human"
    assert step(story, "Sent").lines == (f"2.3 kB left for {HOST}, as approved in entry {approval.number}.",)


# clearing -----------------------------------------------------------------------------------------------


def test_a_clearance_is_told_from_the_question_to_the_written_yes(work: Work) -> None:
    work.meet()
    person = Person(id=WRITER, name="R. Okafor")
    asked = ClearanceRequest(
        id="q7",
        number=19,
        made=NOON,
        changed=NOON,
        by=person,
        title="Lamp room",
        approver="S. Ito",
        names=("Hopper",),
        policy="netflix-2025",
    )
    texts = Contents()
    work.put(
        ClearanceSent(clearance="q7", content=texts.add(asked.model_dump_json()), document="a" * 64),
        WRITER,
        texts,
    )
    texts = Contents()
    given = Approval(by="S. Ito", names=("Hopper",), words="Temp only.", evidence=(PAPER,))
    yes = ClearanceApproved(
        backends=(),
        clearance="q7",
        content=texts.add(given.model_dump_json()),
        evidence=("b" * 64,),
        rules=("named",),
        scenes=("14",),
        since="2026-12-01",
        tasks=("board",),
        until="2027-03-01",
        uses=(),
    )
    number = work.put(yes, OTHER, texts).number
    story = tell(work.ledger, number)
    assert [one.title for one in story.steps] == ["Clearance asked for", "Approved"]
    assert "R. Okafor put C-019 “Lamp room” to S. Ito." in said(story)
    assert "It covers scene 14, task Board, all models, from 1 Dec 2026 to 1 Mar 2027." in said(story)
    assert "“Temp only.”" in said(story)


def test_a_consent_and_a_notice_are_told_in_plain_sentences(work: Work) -> None:
    work.meet()
    person = Person(id=WRITER, name="R. Okafor")
    texts = Contents()
    consent = Consent(
        id="k1",
        made=NOON,
        by=person,
        person="A. Marsh",
        kinds=("voice",),
        uses="Temp lines of the keeper.",
        representation="none",
        scope=Scope(until=date(2027, 3, 1)),
        document=PAPER,
    )
    body = ConsentRecorded(
        consent="k1",
        content=texts.add(consent.model_dump_json()),
        document="b" * 64,
        kinds=("voice",),
        until="2027-03-01",
    )
    number = work.put(body, WRITER, texts).number
    assert "R. Okafor recorded that A. Marsh consents to voice, until 1 Mar 2027." in said(
        tell(work.ledger, number)
    )
    work.forget(number)
    story = tell(work.ledger, number)
    assert "A. Marsh" not in str(story)
    assert "R. Okafor recorded a consent to voice" in said(story)
    texts = Contents()
    notice = Notice(contact="S. Ito", how="mail", words="Temp boards.")
    told = ContactTold(content=texts.add(notice.model_dump_json()), told=NOON, uses=("concept",))
    story = tell(work.ledger, work.put(told, WRITER, texts).number)
    assert "R. Okafor told S. Ito (mail) on 22 Nov 2026, 12:00." in said(story)


# the proof ----------------------------------------------------------------------------------------------


def root_by_hand(leaf: bytes, place: int, size: int, path: list[bytes]) -> bytes:
    """RFC 6962 §2.1.1 turned round: the path's last hash is the other half of the whole tree."""
    if size == 1:
        assert not path
        return leaf
    half = 1
    while 2 * half < size:
        half *= 2
    if place < half:
        return sha256(b"\1" + root_by_hand(leaf, place, half, path[:-1]) + path[-1]).digest()
    return sha256(b"\1" + path[-1] + root_by_hand(leaf, place - half, size - half, path[:-1])).digest()


def read_proof(text: str) -> tuple[bytes, int, int, bytes, list[bytes], str]:
    lines = text.splitlines()
    canonical = lines[lines.index("Entry") + 1].encode()
    found = re.search(r"entry (\d+) of", lines[0])
    assert found
    at = next(place for place, line in enumerate(lines) if line.startswith("Path, "))
    count = int(lines[at].split()[1])
    size = int(next(line for line in lines if line.startswith("Tree size ")).split()[-1])
    root = bytes.fromhex(next(line for line in lines if line.startswith("Root ")).split()[-1])
    path = [bytes.fromhex(line) for line in lines[at + 1 : at + 1 + count]]
    return canonical, int(found[1]), size, root, path, text


def test_an_outsider_can_check_a_proof_with_a_few_lines_of_rfc_6962_and_a_signature(day: Ledger) -> None:
    for number in (1, 2, 57, day.size):
        canonical, told, size, root, path, text = read_proof(proof_text(day, number))
        assert told == number
        leaf = sha256(b"\0" + canonical).digest()
        assert root_by_hand(leaf, number - 1, size, path) == root
        key = re.search(r"Ed25519 key ([0-9a-f]{64})", text)
        assert key
        note = text[text.index("\nstudio-assist/") + 1 : text.index("How to check it")]
        body, _, signature = note.partition("\n\n")
        assert body.splitlines()[1:3] == [str(size), base64.b64encode(root).decode()]
        signed = base64.b64decode(signature.split()[2])[-64:]
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key[1])).verify(signed, (body + "\n").encode())


def test_a_proof_without_a_checkpoint_says_that_nobody_signed_it(work: Work) -> None:
    work.create()
    work.meet()
    text = proof_text(work.ledger, 1)
    canonical, _, size, root, path, _ = read_proof(text)
    assert root_by_hand(sha256(b"\0" + canonical).digest(), 0, size, path) == root
    assert "nobody has signed this root" in text
    assert "openssl" not in text


def test_an_altered_entry_has_no_proof(work: Work, tmp_path: Path) -> None:
    import sqlite3

    work.create()
    work.meet()
    work.request()
    path = work.ledger.path
    work.ledger.close()
    with sqlite3.connect(path) as base:
        base.execute("UPDATE entries SET entry = replace(entry, 'Larkspur', 'Harkspur') WHERE number = 1")
    base.close()
    with Ledger.open(path, create=False, read_only=True) as altered, pytest.raises(Damaged):
        proof_text(altered, 1)


def test_a_decision_signed_by_a_key_that_nobody_vouched_for_says_so(work: Work) -> None:
    work.create()
    work.join()
    known = work.decided("k1", "k-r1")
    work.join(OTHER, seed=2)
    work.request("k-r2")
    work.candidate("k2", request="k-r2")
    work.show("k2", person=OTHER)
    strange = work.decide("k2", person=OTHER).number
    said = [story_of(work.ledger, number).steps for number in (known, strange)]
    spoken = [[line for step in steps for line in step.lines if "vouched" in line] for steps in said]
    assert spoken[0] == []
    assert len(spoken[1]) == 1
    work.put(KeyVouched(person=OTHER, public=work.keys[OTHER].public.hex()), WRITER)
    assert not any("vouched" in line for step in story_of(work.ledger, strange).steps for line in step.lines)
