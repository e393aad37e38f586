"""What the record holds about clearing: asked, answered by somebody else, and taken back."""

import pytest
from ledger_work import OTHER, WRITER, Work

from studio_assist.domain.errors import Refusal
from studio_assist.domain.record import ClearanceDrafted, ClearanceRefused, ClearanceWithdrawn, PersonAdded
from studio_assist.domain.values import PersonId
from studio_assist.ledger import Ledger, verify

THIRD = PersonId("s-tanaka-9f8e7d6c")


@pytest.fixture
def work(tmp_path):
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        work = Work(ledger)
        work.create()
        work.meet()
        work.put(PersonAdded(name="J. Lind", person=OTHER, role="approver"), OTHER)
        work.join()
        work.join(OTHER, seed=2)
        yield work
        # Whatever the ledger let in, a check from the first entry on lets in too.
        assert verify(tmp_path / "ledger.sqlite").ok


def withdraw(work, name="q1", person=OTHER):
    return work.put(ClearanceWithdrawn(clearance=name, why="The contract ended."), person)


def test_a_request_is_answered_once_and_by_somebody_else(work):
    work.put(ClearanceDrafted(clearance="q1", request=None, rule="attested"), WRITER)
    with pytest.raises(Refusal, match="waits for an answer"):
        work.approve_clearance("q1")
    work.send_clearance("q1")
    with pytest.raises(Refusal, match="cannot answer it"):
        work.approve_clearance("q1", WRITER)
    work.approve_clearance("q1")
    with pytest.raises(Refusal, match="waits for an answer"):
        work.put(ClearanceRefused(clearance="q1", evidence=(), why="No."), OTHER)
    with pytest.raises(Refusal, match="sent before"):
        work.send_clearance("q1")


def test_whoever_drafted_a_request_that_another_sent_cannot_answer_it_either(work):
    work.put(ClearanceDrafted(clearance="q1", request=None, rule="attested"), OTHER)
    work.send_clearance("q1")
    with pytest.raises(Refusal, match="cannot answer it"):
        work.approve_clearance("q1")


def test_an_approval_does_not_end_before_it_begins(work):
    work.send_clearance("q1")
    with pytest.raises(Refusal, match="before it begins"):
        work.approve_clearance("q1", since="2027-02-04", until="2027-02-03")


def test_what_was_taken_back_is_not_taken_back_again(work):
    with pytest.raises(Refusal, match="nothing to take back"):
        withdraw(work)
    work.send_clearance("q1")
    withdraw(work, person=WRITER)
    with pytest.raises(Refusal, match="nothing to take back"):
        withdraw(work)
    with pytest.raises(Refusal, match="waits for an answer"):
        work.approve_clearance("q1")
    work.send_clearance("q2")
    work.approve_clearance("q2")
    withdraw(work, "q2")


def test_an_approval_without_the_signature_of_its_person_is_not_taken(work):
    work.send_clearance("q1")
    del work.keys[OTHER]
    with pytest.raises(ValueError, match="needs the signature"):
        work.approve_clearance("q1")
