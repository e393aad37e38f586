"""What the record holds about panels: who drew, replaced, cleared, and took that back."""

import pytest
from ledger_work import WRITER, Work

from studio_assist.domain.errors import Refusal
from studio_assist.domain.record import PanelCleared, PanelReplaced, PanelRestored
from studio_assist.ledger import Contents, Ledger, verify

SHOT = "0a1b2c3d4e5f"


@pytest.fixture
def work(tmp_path):
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        work = Work(ledger)
        work.create()
        work.meet()
        work.join()
        yield work
        assert verify(tmp_path / "ledger.sqlite").ok


def restored(decision, entry, shot=SHOT):
    return PanelRestored(automated=False, decision=decision, entry=entry, shot=shot)


def test_a_replaced_panel_can_be_restored_and_replaced_again(work):
    decision = work.decided()
    taken = work.replace_panel(decision, SHOT)
    work.put(restored(decision, taken.number), WRITER)
    work.replace_panel(decision, SHOT)


def test_an_undone_decision_has_no_panel_to_replace(work):
    decision = work.decided()
    work.undo(decision)
    with pytest.raises(Refusal, match="undone"):
        work.replace_panel(decision, SHOT)


def test_a_rejected_picture_is_in_no_panel(work):
    work.request("r1")
    work.candidate("c1", request="r1")
    work.show("c1")
    decision = work.decide("c1", "rejected").number
    with pytest.raises(Refusal, match="no panel"):
        work.put(PanelCleared(automated=False, decision=decision, shot=SHOT), WRITER)


def test_a_panel_comes_back_only_from_where_it_was_taken(work):
    first, second = work.decided(), work.decided("c2", "r2")
    taken = work.replace_panel(first, SHOT)
    for wrong in (
        restored(second, taken.number),
        restored(first, first),
        restored(first, taken.number, "f" * 12),
    ):
        with pytest.raises(Refusal, match="neither replaced nor cleared"):
            work.put(wrong, WRITER)


def test_a_replacement_is_signed_by_its_person_and_by_a_person_alone(work):
    decision = work.decided()
    taken = work.replace_panel(decision, SHOT)
    assert work.ledger.signature(taken.number) is not None
    texts = Contents()
    body = PanelReplaced(
        automated=False, decision=decision, human_permille=0, picture=texts.add("other"), shot=SHOT
    )
    with pytest.raises(ValueError, match="named person"):
        work.put(body, None, texts)
