from __future__ import annotations

import itertools

import pytest
from tray_fakes import NOON, OFFERS, candidate, decision, progress, request, wrote

from studio_assist.desk.write.cards_model import CandidatesModel, IllegalStepError
from studio_assist.domain.candidate import STEPS, State
from studio_assist.domain.errors import Unavailable
from studio_assist.protocol import CandidateChanged, CandidateDropped


@pytest.fixture
def model(qapp):
    return CandidatesModel()


@pytest.mark.parametrize(("before", "after"), list(itertools.product(State, State)))
def test_a_card_takes_every_step_of_the_table_and_refuses_every_other(model, before, after):
    model.add_request(request(cards=(candidate(0, before, "words"),)), replaces=True)
    event = CandidateChanged(candidate=candidate(0, after, "words"))
    if after is before or after in STEPS[before]:
        model.apply(event)
        assert model.cards()[0].state is after
    else:
        with pytest.raises(IllegalStepError):
            model.apply(event)
        assert model.cards()[0].state is before


def test_what_the_broker_says_before_the_request_is_known_is_not_lost(model):
    card = wrote(model, 0, OFFERS[0])
    model.apply(progress(1, 3))
    assert model.cards() == []
    model.add_request(request(), replaces=True)
    assert [shown.id for shown in model.cards()] == [card]
    assert model.current is not None
    assert model.current.total == 3


def test_undo_of_an_acceptance_brings_the_card_back_ready(model):
    model.add_request(request(), replaces=True)
    card = wrote(model, 0, OFFERS[0])
    model.decided(decision(card, State.ACCEPTED, OFFERS[0]), OFFERS[0])
    assert model.card(card).state is State.ACCEPTED
    model.undone(card)
    assert model.card(card).state is State.READY
    assert model.card(card).decision is None


def test_undo_brings_a_stopped_card_back_stopped(model):
    model.add_request(request(), replaces=True)
    card = wrote(model, 0, "Half a li", end=State.STOPPED)
    model.decided(decision(card, State.REJECTED, "Half a li"), None)
    model.undone(card)
    assert model.card(card).state is State.STOPPED


def test_a_card_is_not_decided_twice(model):
    model.add_request(request(), replaces=True)
    card = wrote(model, 0, OFFERS[0])
    model.decided(decision(card, State.ACCEPTED, OFFERS[0]), OFFERS[0])
    with pytest.raises(IllegalStepError):
        model.decided(decision(card, State.ACCEPTED, OFFERS[0]), OFFERS[0])


def test_a_decision_that_did_not_come_through_leaves_the_card_undecided_and_says_why(model):
    model.add_request(request(), replaces=True)
    card = wrote(model, 0, OFFERS[0])
    model.decision_sent(card)
    assert model.card(card).busy
    model.decision_failed(card, Unavailable("The disk is full.", remedy="Make room and try again."))
    assert model.card(card).state is State.READY
    assert not model.card(card).busy
    assert model.card(card).error == ("The disk is full.", "Make room and try again.")


def test_a_stale_card_whose_line_stands_again_is_as_it_was(model):
    model.add_request(request(), replaces=True)
    card = wrote(model, 0, "Half a li", end=State.STOPPED)
    model.went_stale(card, "The line it was made for has changed.")
    assert model.card(card).state is State.STALE
    model.reanchored(card)
    assert model.card(card).state is State.STOPPED


def test_hiding_hides_and_decides_nothing(model):
    model.add_request(request(), replaces=True)
    card = wrote(model, 0, OFFERS[0])
    model.hide(card)
    assert model.cards() == []
    assert [waiting.id for waiting in model.open_candidates()] == [card]
    model.show_hidden()
    assert model.cards()[0].state is State.READY


def test_a_new_request_leaves_the_undecided_cards_of_the_old_one_waiting(model):
    model.add_request(request("r1"), replaces=True)
    wrote(model, 0, OFFERS[0], of="r1")
    model.add_request(request("r2", at=NOON.replace(hour=13)), replaces=True)
    wrote(model, 0, OFFERS[1], of="r2")
    assert model.current.id == "r2"
    assert model.undecided_elsewhere() == 1
    model.show_request("r1")
    assert model.cards()[0].candidate.text == OFFERS[0]


def test_a_dropped_candidate_keeps_its_reason(model):
    model.add_request(request(), replaces=True)
    model.apply(CandidateChanged(candidate=candidate(0, State.STREAMING, "and and and")))
    model.apply(
        CandidateDropped(request="r1", candidate="r1-c1", why="It said the same words over and over.")
    )
    assert model.cards() == []
    assert model.put_away()[0].dropped == "It said the same words over and over."


def test_a_draft_survives_every_event(model):
    model.add_request(request(), replaces=True)
    card = wrote(model, 0, OFFERS[0])
    model.set_draft(card, "That's no static.")
    model.apply(progress(1, 3))
    wrote(model, 1, OFFERS[1])
    model.went_stale(card, "changed")
    model.reanchored(card)
    model.show_request("r1")
    assert model.card(card).draft == "That's no static."
