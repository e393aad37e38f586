"""Any order of work, signing, witnessing and forgetting leaves a ledger that verifies and says what was done."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from ledger_work import WRITER, Work

from studio_assist.domain.errors import Refusal
from studio_assist.domain.record import DecisionMade
from studio_assist.ledger import Ledger, verify, witness
from studio_assist.ledger.compare import compare


class Record(RuleBasedStateMachine):
    """One ledger through its life."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "ledger.sqlite"
        self.work = Work(Ledger.open(self.path))
        self.work.create()
        self.work.meet()
        self.count = 0
        self.forgotten: dict[str, bytes] = {}
        self.kept: dict[str, str] = {}
        self.roots: dict[int, str] = {}
        self.replies: list[str] = []

    def teardown(self) -> None:
        self.work.ledger.close()
        shutil.rmtree(self.folder)

    @rule(outcome=st.sampled_from(["accepted", "edited", "rejected"]), words=st.text(min_size=1, max_size=40))
    def ask_and_decide(self, outcome, words):
        self.count += 1
        name = f"{self.count}"
        self.work.request(f"r{name}", anchor=False)
        text = f"{name}:{words}"
        content = self.work.candidate(f"c{name}", text, f"r{name}").body.content
        self.work.show(f"c{name}")
        decision = self.work.decide(f"c{name}", outcome, edited=f"{text}!").number
        if outcome != "rejected":
            self.work.place(decision)
        self.kept[content] = text

    @rule()
    def leave_open(self):
        self.count += 1
        self.work.request(f"r{self.count}", anchor=False)
        self.work.candidate(f"c{self.count}", "open", f"r{self.count}")

    @rule(times=st.integers(1, 3), scope=st.sampled_from(["once", "session"]), refuse=st.booleans())
    def ask_a_host(self, times, scope, refuse):
        self.count += 1
        request = f"r{self.count}"
        self.work.request(request, anchor=False)
        judged = self.work.judge(request=request, text=request.encode())
        approval = self.work.approve(judged, times=times, scope=scope)
        for _ in range(times):
            self.work.send(approval, judged)
        if refuse:
            self.work.refuse(judged)
        if refuse or scope == "once":
            size = self.work.ledger.size
            with pytest.raises(Refusal):
                self.work.send(approval, judged)
            assert self.work.ledger.size == size
        self.work.end(request)
        self.kept[judged.body.envelope] = request

    @precondition(lambda self: self.work.ledger.entries(type="sent", limit=1))
    @rule(data=st.data())
    def forget_what_was_sent(self, data):
        sent = self.work.ledger.entries(type="sent", limit=1000)
        entry = data.draw(st.sampled_from(sent))
        if entry.body.envelope in self.kept:
            self.work.forget(entry.number)
            del self.kept[entry.body.envelope]
            self.forgotten[entry.body.envelope] = b""

    @rule(data=st.data())
    def undo_or_forget_a_decision(self, data):
        decisions = self.work.ledger.entries(type="decision", limit=1000)
        if not decisions:
            return
        entry = data.draw(st.sampled_from(decisions))
        assert isinstance(entry.body, DecisionMade)
        forget = data.draw(st.booleans())
        size = self.work.ledger.size
        try:
            if forget:
                found = self.work.forget(entry.number)
                for commitment in found.commitments:
                    self.kept.pop(commitment, None)
                    self.forgotten[commitment] = b""
            else:
                self.work.undo(entry.number)
        except Refusal:
            assert self.work.ledger.size == size

    @rule(session_only=st.booleans())
    def get_a_key(self, session_only):
        if len(self.work.keys) == 0 or self.count % 3 == 0:
            seed = len(self.work.ledger.keys()) + 1
            self.work.join(seed=seed, session_only=session_only)

    @precondition(lambda self: self.work.keys)
    @rule()
    def sign_the_head(self):
        checkpoint = self.work.checkpoint()
        self.roots[checkpoint.size] = checkpoint.root

    @precondition(lambda self: self.work.keys)
    @rule()
    def have_it_witnessed(self):
        before = self.replies[-1] if self.replies else None
        self.replies.append(self.work.witness(before=before))

    @rule()
    def close_and_open(self):
        keys = self.work.keys
        self.work.ledger.close()
        self.work = Work(Ledger.open(self.path, create=False))
        self.work.keys = keys

    @rule()
    def check(self):
        found = verify(self.path)
        assert found.ok, found.why
        assert (found.size, found.root) == (self.work.ledger.size, self.work.ledger.root)
        assert found.forgotten == len(self.forgotten)
        newest = max(self.roots, default=0)
        assert found.unsigned_tail <= found.size - newest
        assert len(found.witnesses) == len(self.work.ledger.witnesses())
        copy = Path(shutil.copytree(self.folder, self.folder.with_name(f"{self.folder.name}-copy")))
        assert compare(self.path, copy / "ledger.sqlite").relation == "same"
        shutil.rmtree(copy)

    @invariant()
    def texts_are_there_until_they_are_forgotten(self):
        for commitment, text in self.kept.items():
            assert self.work.ledger.content(commitment) == text
        for commitment in self.forgotten:
            assert self.work.ledger.content(commitment) is None
            assert self.work.ledger.is_forgotten(commitment)

    @invariant()
    def whatever_was_signed_is_still_so(self):
        for size, root in self.roots.items():
            assert self.work.ledger.root_at(size) == root
        for reply in self.replies:
            assert witness.check(reply, self.work.ledger).ok
        assert all(key.person == WRITER for key in self.work.ledger.keys().values())


Record.TestCase.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestRecord = Record.TestCase
