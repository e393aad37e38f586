"""Nothing is sent in the record but what was judged and approved: not written, and found where it is forged."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from forging import rewrite
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_work import OTHER, WRITER, Work

from studio_assist.domain.errors import Refusal
from studio_assist.domain.record import AttestationRevoked, BackendRemoved
from studio_assist.ledger import Ledger, store, verify

THIRD = "m-sato-9c0d1e2f"
PERSONAL = "talent-or-personal"
ELSEWHERE = "https://api.southlight.example"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def work(path):
    with Ledger.open(path) as ledger:
        begun = Work(ledger)
        begun.create()
        begun.meet()
        begun.request()
        yield begun


def refused(work, rule, call, *values, **named):
    """The call is refused by this rule, nothing is written, and what there is holds."""
    size = work.ledger.size
    with pytest.raises(Refusal) as no:
        call(*values, **named)
    assert no.value.rule == f"record.{rule}"
    assert no.value.message
    assert no.value.remedy
    assert work.ledger.size == size


def test_what_was_judged_and_approved_is_sent_and_the_record_holds(work, path):
    held = work.judge(verdict="hold")
    judged = work.judge(held.body.envelope)
    work.second(judged)
    approval = work.approve(judged, times=2)
    for _ in range(2):
        work.send(approval, judged)
    refused(work, "approval-once", work.send, approval, judged)
    # Bytes that a person said no to can be looked at again.
    work.refuse(judged)
    work.send(work.approve(judged), judged)
    work.end()
    assert work.ledger.entries(type="judged")[1].body.envelope == held.body.envelope
    assert verify(path).ok


def test_nothing_is_sent_that_nobody_approved(work):
    judged = work.judge()
    refused(work, "approved-first", work.send, judged, judged)
    refused(work, "approved-first", work.send, 4000, judged)
    # The next entry would be the approval itself, or one that is still to come.
    for number in (work.ledger.size + 1, work.ledger.size + 2):
        refused(work, "approved-first", work.send, number, judged)


def test_an_approval_is_for_exactly_what_was_judged(work):
    judged = work.judge()
    for other in ({"bytes": 511}, {"origin": ELSEWHERE}, {"sensitivity": "public"}):
        refused(work, "approved-as-judged", work.approve, judged, **other)
    never = "0" * 64
    refused(work, "judged-first", work.approve, judged, envelope=never)
    for verdict in ("hold", "blocked"):
        held = work.judge(verdict=verdict)
        refused(work, "judged-first", work.approve, held)
        # What was fit to be sent once is judged again, and counts as it was judged last.
        approval = work.approve(work.judge(held.body.envelope))
        work.judge(held.body.envelope, verdict=verdict)
        refused(work, "judged-first", work.approve, held)
        refused(work, "judged-first", work.send, approval, held)


def test_what_is_sent_is_what_was_approved(work):
    judged, other = work.judge(), work.judge(text=b"other bytes")
    approval = work.approve(judged)
    refused(work, "sent-as-approved", work.send, approval, other)
    for wrong in ({"bytes": 513}, {"origin": ELSEWHERE}):
        refused(work, "sent-as-approved", work.send, approval, judged, **wrong)
    # The same bytes in another request were approved for that one.
    work.request("r2")
    again = work.judge(judged.body.envelope, "r2")
    refused(work, "sent-as-approved", work.send, approval, again)
    elsewhere = work.judge(judged.body.envelope, origin=ELSEWHERE)
    refused(work, "sent-as-approved", work.send, approval, elsewhere)


def test_after_a_no_only_a_new_yes_counts(work):
    judged = work.judge()
    approval = work.approve(judged, times=3)
    work.send(approval, judged)
    work.refuse(judged)
    refused(work, "not-refused", work.send, approval, judged)
    work.send(work.approve(judged), judged)


def test_nothing_is_sent_for_a_request_that_ended_or_never_was(work):
    judged = work.judge()
    approval = work.approve(judged)
    work.end()
    for call in (work.approve, work.second, work.refuse):
        refused(work, "not-ended", call, judged)
    refused(work, "not-ended", work.send, approval, judged)
    refused(work, "not-ended", work.judge)
    refused(work, "requested-first", work.judge, request="r9")


def test_a_yes_for_the_session_is_for_one_host_and_one_class(work, path):
    first = work.judge()
    approval = work.approve(first, scope="session")
    for _ in range(3):
        work.send(approval, first)
    work.end()
    work.request("r2")
    second = work.judge(request="r2", text=b"another request", size=80)
    work.send(approval, second)
    for other in ({"origin": ELSEWHERE}, {"sensitivity": "internal"}):
        refused(work, "sent-as-approved", work.send, approval, work.judge(request="r2", **other))
    # What the gate blocks, or holds, is not sent by it either; nor what somebody has said no to.
    refused(work, "judged-first", work.send, approval, work.judge(request="r2", verdict="blocked"))
    work.refuse(second)
    refused(work, "not-refused", work.send, approval, second)
    # Who says no to the very bytes that were approved for the session takes all of that back.
    lasting = work.approve(second, scope="session")
    work.refuse(second)
    work.request("r3")
    refused(work, "not-refused", work.send, lasting, work.judge(request="r3"))
    assert verify(path).ok


def test_the_second_yes_is_another_persons(work, path):
    judged = work.judge(sensitivity=PERSONAL, verdict="hold")
    refused(work, "second-person", work.second, judged, WRITER)
    judged = work.judge(judged.body.envelope, sensitivity=PERSONAL)
    # What belongs to a person is approved by two.
    refused(work, "second-person", work.approve, judged)
    work.second(judged)
    refused(work, "second-person", work.approve, judged, OTHER)
    approval = work.approve(judged, THIRD)
    refused(work, "second-person", work.second, judged, THIRD)
    work.send(approval, judged)
    # A yes for the session does not stand for the second person's, who has to read each of them.
    work.refuse(judged)
    lasting = work.approve(judged, scope="session")
    work.send(lasting, judged)
    other = work.judge(sensitivity=PERSONAL, text=b"more of it")
    refused(work, "second-person", work.send, lasting, other)
    work.second(other)
    work.send(lasting, other)
    # Nor is one person two: who allowed it for the session does not second it as well.
    alone = work.approve(other, THIRD, scope="session")
    more = work.judge(sensitivity=PERSONAL, text=b"still more")
    work.second(more, THIRD)
    refused(work, "second-person", work.send, alone, more)
    blocked = work.judge(verdict="blocked")
    refused(work, "judged-first", work.second, blocked)
    assert verify(path).ok


def test_what_was_forgotten_is_not_approved_or_sent(work, path):
    judged = work.judge()
    approval = work.approve(judged)
    work.forget(judged.number)
    refused(work, "forgotten", work.send, approval, judged)
    refused(work, "forgotten", work.approve, judged)
    work.end()
    found = verify(path)
    assert (found.ok, found.forgotten) == (True, 1)


def test_the_bytes_that_left_can_be_forgotten_and_the_entry_stays(work, path):
    sent = work.sent()
    work.end()
    assert work.ledger.content_bytes(sent.body.envelope) == b"\x00\xff{}"
    done = work.forget(sent.number)
    kinds = [work.ledger.entry(number).body.type for number in done.named_by]
    assert kinds == ["judged", "send_approved", "sent"]
    assert work.ledger.content_bytes(sent.body.envelope) is None
    assert work.ledger.entry(sent.number) == sent
    assert verify(path).ok


def test_what_is_taken_back_or_away_was_there_once(work, path):
    refused(work, "attested-first", work.put, AttestationRevoked(attestation="a1", why="x"), WRITER)
    refused(work, "added-first", work.put, BackendRemoved(backend="northlight"), WRITER)
    work.provide()
    assert not work.ledger.has_backend("northlight")
    added, made = (work.ledger.entries(type=kind)[0].body for kind in ("backend_added", "attestation_made"))
    refused(work, "attestation-once", work.put, made, WRITER)
    work.put(added, WRITER)
    assert work.ledger.has_backend("northlight")
    work.put(BackendRemoved(backend="northlight"), WRITER)
    refused(work, "attested-first", work.put, AttestationRevoked(attestation="a1", why="x"), WRITER)
    refused(work, "added-first", work.put, BackendRemoved(backend="northlight"), WRITER)
    assert not work.ledger.has_backend("northlight")
    assert verify(path).ok


def test_only_who_has_the_key_approves(work, path):
    work.join()
    judged = work.judge()
    signer = work.keys.pop(WRITER)
    with pytest.raises(ValueError, match="signature"):
        work.approve(judged)
    work.keys[WRITER] = signer
    approval = work.approve(judged)
    assert work.ledger.signature(approval.number) is not None
    work.send(approval, judged)
    assert verify(path).ok


# Forged: the file is changed, with columns and tree made anew -------------------------------------------


def of(documents, kind, at=0):
    return [document for document in documents if document["body"]["type"] == kind][at]


def without_approval(documents):
    documents.remove(of(documents, "send_approved"))


def approved_afterwards(documents):
    yes = of(documents, "send_approved")
    documents.remove(yes)
    documents.insert(documents.index(of(documents, "sent")) + 1, yes)


def edited_origin(documents):
    of(documents, "sent")["body"]["origin"] = ELSEWHERE


def edited_bytes(documents):
    of(documents, "sent")["body"]["bytes"] = 4


def sent_once_more(documents):
    sent = of(documents, "sent")
    documents.insert(documents.index(sent) + 1, sent | {"number": 0})


def sent_after_the_end(documents):
    sent = of(documents, "sent")
    documents.remove(sent)
    documents.insert(documents.index(of(documents, "request_ended")) + 1, sent)


def for_another_request(documents):
    of(documents, "sent")["body"]["request"] = "r2"


def blocked_in_truth(documents):
    of(documents, "judged")["body"]["verdict"] = "blocked"


def seconded_by_oneself(documents):
    of(documents, "send_seconded")["person"] = WRITER


def not_seconded(documents):
    documents.remove(of(documents, "send_seconded"))


FORGERIES = [
    (without_approval, "sent", "Nobody had approved"),
    (approved_afterwards, "sent", "Nobody had approved"),
    (edited_origin, "sent", "goes to another host"),
    (edited_bytes, "sent", "not what was judged"),
    (sent_once_more, "sent+1", "used up"),
    (sent_after_the_end, "sent", "has ended"),
    (for_another_request, "sent", "never judged"),
    (blocked_in_truth, "send_seconded", "judged not fit"),
    (seconded_by_oneself, "send_seconded", "somebody else's"),
    (not_seconded, "send_approved", "two people"),
]


@pytest.fixture
def sent(path):
    """A record in which something of a person's was sent, in one of two requests under way."""
    with Ledger.open(path) as ledger:
        work = Work(ledger)
        work.create()
        work.meet()
        work.request()
        work.request("r2")
        judged = work.judge(sensitivity=PERSONAL)
        work.second(judged)
        work.send(work.approve(judged), judged)
        work.end()
        work.end("r2")
    assert verify(path).ok
    return path


@pytest.mark.parametrize(
    ("forge", "where", "why"), FORGERIES, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_forged_sending_is_altered(sent, forge, where, why):
    rewrite(sent, forge)
    found = verify(sent)
    assert not found.ok
    assert why in (found.why or "")
    assert "must not stand here" in (found.why or "")
    kind, _, more = where.partition("+")
    with closing(sqlite3.connect(sent)) as database:
        query = "SELECT number FROM entries WHERE type = ? ORDER BY number"
        numbers = [number for (number,) in database.execute(query, (kind,))]
        assert found.first_bad == numbers[1 if more else 0]


# Appending and checking say the same --------------------------------------------------------------------

ACTS = st.tuples(
    st.sampled_from(
        ["judge", "judge", "approve", "approve", "second", "refuse", "send", "send", "send", "end"]
    ),
    st.integers(0, 5),
    st.integers(0, 5),
    st.sampled_from([WRITER, OTHER, THIRD]),
    st.sampled_from(["ask", "ask", "ask", "hold", "blocked"]),
    st.sampled_from(["once", "once", "session"]),
    st.sampled_from(["internal", "internal", PERSONAL]),
)


class Gate:
    """Acts at the gate, on two requests and whatever was judged and approved in them."""

    def __init__(self, work):
        self.work = work
        work.create()
        self.ended = set()
        for request in ("r1", "r2"):
            work.request(request, anchor=False)
        self.judged = [work.judge(request=request) for request in ("r1", "r2")]
        self.approved = []

    def act(self, kind, which, other, person, verdict, scope, sensitivity):
        work, request = self.work, f"r{1 + which % 2}"
        judged = self.judged[which % len(self.judged)]
        if kind == "judge":
            # The bytes of an earlier one, in the same request or the other; or new ones.
            envelope = judged.body.envelope if other % 2 else None
            made = work.judge(
                envelope, request, verdict, sensitivity=sensitivity, text=b"%d" % len(self.judged)
            )
            self.judged.append(made)
        elif kind == "approve":
            self.approved.append(work.approve(judged, person, scope=scope, times=1 + other % 2))
        elif kind == "second":
            work.second(judged, person)
        elif kind == "refuse":
            work.refuse(judged, person)
        elif kind == "send":
            if self.approved:
                work.send(self.approved[other % len(self.approved)], judged)
        elif request not in self.ended and other == 5:
            self.ended.add(request)
            work.end(request)


@given(st.lists(ACTS, min_size=4, max_size=24), st.integers(0, 6))
@settings(max_examples=60, deadline=None)
def test_what_cannot_be_appended_cannot_be_forged(acts, patience):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder, "ledger.sqlite")
        with Ledger.open(path) as ledger:
            gate = Gate(Work(ledger))
            for act in acts:
                size = ledger.size
                try:
                    gate.act(*act)
                except Refusal:
                    assert ledger.size == size
                    patience -= 1
                    if patience < 0:
                        # Written past the rules, by the same tables.
                        patch.setattr(store, "admit", lambda *_: None)
                        gate.act(*act)
                        patch.undo()
                        break
        found = verify(path)
        if patience < 0:
            assert (found.ok, found.first_bad) == (False, found.size + 1)
        else:
            assert found.ok, found.why
