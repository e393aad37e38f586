"""The candidate's machine: every way through it."""

from __future__ import annotations

from studio_assist.domain.candidate import OPEN, STEPS, State, may_step


def test_only_a_finished_or_stopped_candidate_can_be_accepted_or_edited() -> None:
    for outcome in (State.ACCEPTED, State.EDITED):
        assert {state for state in State if may_step(state, outcome)} == set(OPEN)


def test_every_decision_can_be_undone_and_a_failure_is_final() -> None:
    for outcome in (State.ACCEPTED, State.EDITED, State.REJECTED):
        assert may_step(outcome, State.READY)
    assert not STEPS[State.FAILED]


def test_a_stale_candidate_cannot_enter_the_script() -> None:
    assert not may_step(State.STALE, State.ACCEPTED)
    assert not may_step(State.STALE, State.EDITED)


def test_every_state_has_its_row_and_is_reached() -> None:
    reached = {State.REQUESTED}
    for _ in State:
        reached |= {after for before in reached for after in STEPS[before]}
    assert reached == set(State) == set(STEPS)
