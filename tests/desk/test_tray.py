from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit, QScrollArea, QWidget
from tray_fakes import LINE, NOON, OFFERS, candidate, decision, progress, request, task, wrote

from studio_assist.desk.theme import Theme
from studio_assist.desk.write.cards_model import CandidatesModel
from studio_assist.desk.write.diff_view import ROW_PX, DiffView, Stretch
from studio_assist.desk.write.intents import (
    Ask,
    AskAgain,
    Decide,
    Dismiss,
    Presented,
    Stop,
    UndoDecision,
    UseLocalModel,
)
from studio_assist.desk.write.tray import Blocked, Selected, Tray
from studio_assist.domain.candidate import State
from studio_assist.domain.errors import Unavailable
from studio_assist.domain.values import sha256_of
from studio_assist.protocol import CandidateChanged

# The offscreen platform says this of every window with a smallest size.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Desk:
    """A tray in a window, with what it asked for."""

    def __init__(self, qtbot, height: int = 900) -> None:
        self.bot = qtbot
        self.theme = Theme("dark")
        self.theme.apply(QApplication.instance())
        self.model = CandidatesModel()
        self.tray = Tray(self.theme, self.model)
        self.said: list[object] = []
        self.tray.intended.connect(self.said.append)
        qtbot.addWidget(self.tray)
        self.tray.set_person("R. Okafor")
        self.tray.set_tasks((task(), task("beats", needs="scene", placement="synopsis")))
        self.tray.set_anchor(Selected("Sc 14, MAYA", LINE))
        self.tray.resize(384, height)
        self.tray.show()
        qtbot.waitExposed(self.tray)
        self.tray.activateWindow()
        self.settle()

    def settle(self) -> None:
        self.bot.wait(60)

    def offer(self, *offers: str) -> list[str]:
        self.model.add_request(request(), replaces=True)
        cards = [wrote(self.model, place, text) for place, text in enumerate(offers or OFFERS)]
        self.model.apply(progress(len(cards), len(cards), "done"))
        self.settle()
        return cards

    def card(self, card: str) -> QWidget:
        found = self.tray.findChildren(QWidget, "candidate_card")
        return next(widget for widget in found if widget.property("candidate_id") == card)

    def button(self, card: str, name: str) -> QAbstractButton:
        return self.card(card).findChild(QAbstractButton, name)

    def field(self, card: str) -> QPlainTextEdit:
        return self.card(card).findChild(QPlainTextEdit, "edit_field")

    def states(self) -> set[str]:
        return {widget.property("state") for widget in self.tray.findChildren(QWidget, "candidate_card")}

    def decisions(self) -> list[Decide]:
        return [intent for intent in self.said if isinstance(intent, Decide)]

    def of(self, kind: type) -> list:
        return [intent for intent in self.said if isinstance(intent, kind)]

    def focus(self, card: str) -> QWidget:
        widget = self.card(card)
        widget.setFocus()
        return widget


@pytest.fixture
def desk(qtbot):
    return Desk(qtbot)


def test_tab_never_accepts_a_candidate(desk):
    desk.offer()
    desk.tray.focus_ask()
    for _ in range(40):
        QTest.keyClick(QApplication.focusWidget() or desk.tray, Qt.Key.Key_Tab)
    assert desk.states() == {"ready"}
    assert desk.decisions() == []


def test_tab_goes_from_the_ask_field_to_the_cards_in_their_order(desk):
    cards = desk.offer()
    desk.tray.focus_ask()
    met: list[str] = []
    for _ in range(12):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        met.append(QApplication.focusWidget().property("candidate_id") or "")
    assert [card for card in met if card] == cards


@pytest.mark.parametrize("key", ENTER)
def test_enter_on_a_card_decides_nothing(desk, key):
    first = desk.offer()[0]
    QTest.keyClick(desk.focus(first), key)
    QTest.keyClick(desk.focus(first), key, Qt.KeyboardModifier.ControlModifier)
    assert desk.decisions() == []
    assert desk.states() == {"ready"}


def test_no_way_to_decide_can_be_reached_by_tab_or_is_a_default_button(desk):
    card = desk.offer()[0]
    cells = [desk.button(card, name) for name in ("accept_button", "edit_button", "reject_button")]
    assert {cell.focusPolicy() for cell in cells} == {Qt.FocusPolicy.NoFocus}
    assert not any(cell.property("default") or cell.property("autoDefault") for cell in cells)


def test_the_three_ways_to_decide_are_of_one_size(desk):
    card = desk.offer()[0]
    widths = [desk.button(card, name).width() for name in ("accept_button", "edit_button", "reject_button")]
    assert max(widths) - min(widths) <= 1


def test_a_e_r_do_nothing_while_the_ask_field_has_the_focus(desk):
    desk.offer()
    desk.tray.focus_ask()
    QTest.keyClicks(QApplication.focusWidget(), "are")
    assert desk.tray.note() == "are"
    assert desk.states() == {"ready"}
    assert desk.decisions() == []


@pytest.mark.parametrize(
    ("key", "outcome", "result"), [("a", State.ACCEPTED, OFFERS[1]), ("r", State.REJECTED, None)]
)
def test_a_key_decides_on_the_focused_card_and_on_no_other(desk, key, outcome, result):
    cards = desk.offer()
    QTest.keyClick(desk.focus(cards[1]), key)
    assert desk.decisions() == [
        Decide(candidate=cards[1], content=sha256_of(OFFERS[1]), outcome=outcome, result=result)
    ]


def test_a_click_on_accept_decides_on_that_card_alone(desk):
    cards = desk.offer()
    QTest.mouseClick(desk.button(cards[2], "accept_button"), Qt.MouseButton.LeftButton)
    assert [intent.candidate for intent in desk.decisions()] == [cards[2]]


def test_the_second_press_of_a_double_click_decides_nothing(desk):
    cards = desk.offer()
    QTest.mouseDClick(desk.button(cards[0], "accept_button"), Qt.MouseButton.LeftButton)
    assert len(desk.decisions()) <= 1


def test_a_key_held_down_decides_once(desk):
    cards = desk.offer()
    card = desk.focus(cards[0])
    QTest.keyPress(card, Qt.Key.Key_A)
    for _ in range(10):
        QTest.keyPress(QApplication.focusWidget() or card, Qt.Key.Key_A)
    assert [intent.candidate for intent in desk.decisions()] == [cards[0]]


def test_there_is_no_way_to_accept_two_at_once(desk):
    desk.offer()
    QTest.keyClick(desk.tray.cards, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    card = desk.focus("r1-c1")
    for modifier in (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier):
        QTest.keyClick(card, Qt.Key.Key_A, modifier)
    assert desk.decisions() == []
    words = [button.text() + button.accessibleName() for button in desk.tray.findChildren(QAbstractButton)]
    assert not any("all" in said.lower().split() for said in words)


def test_nothing_is_green_until_the_record_holds_the_decision(desk):
    card = desk.offer()[0]
    QTest.keyClick(desk.focus(card), "a")
    assert desk.card(card).property("state") == "ready"
    assert not desk.button(card, "accept_button").isEnabled()
    QTest.keyClick(desk.card(card), "a")
    assert len(desk.decisions()) == 1
    desk.model.decided(decision(card, State.ACCEPTED, OFFERS[0]), OFFERS[0])
    assert desk.card(card).property("state") == "accepted"
    assert desk.card(card).accessibleName().startswith("Candidate 1, Accepted")


def test_a_refused_decision_says_why_on_its_card_and_leaves_it_open(desk):
    card = desk.offer()[0]
    QTest.keyClick(desk.focus(card), "a")
    desk.model.decision_failed(card, Unavailable("The disk is full.", remedy="Make room and try again."))
    assert desk.card(card).property("state") == "ready"
    assert "The disk is full. Make room and try again." in desk.card(card).accessibleDescription()
    QTest.keyClick(desk.card(card), "a")
    assert len(desk.decisions()) == 2


def test_undo_of_an_acceptance_brings_the_card_back_ready_and_it_can_be_decided_again(desk):
    card = desk.offer()[0]
    QTest.keyClick(desk.focus(card), "a")
    desk.model.decided(decision(card, State.ACCEPTED, OFFERS[0], entry=12), OFFERS[0])
    QTest.mouseClick(desk.button(card, "undo_button"), Qt.MouseButton.LeftButton)
    assert desk.of(UndoDecision) == [UndoDecision(candidate=card, entry=12)]
    desk.model.undone(card)
    desk.settle()
    assert desk.card(card).property("state") == "ready"
    assert desk.button(card, "accept_button").isEnabled()
    QTest.keyClick(desk.focus(card), "r")
    assert [intent.outcome for intent in desk.decisions()] == [State.ACCEPTED, State.REJECTED]


def test_a_rejection_can_be_undone(desk):
    card = desk.offer()[0]
    QTest.keyClick(desk.focus(card), "r")
    desk.model.decided(decision(card, State.REJECTED, OFFERS[0], entry=9), None)
    QTest.mouseClick(desk.button(card, "undo_button"), Qt.MouseButton.LeftButton)
    assert desk.of(UndoDecision) == [UndoDecision(candidate=card, entry=9)]


def test_a_card_is_reported_as_presented_once_it_has_been_painted(desk):
    cards = desk.offer()
    assert desk.of(Presented) == [
        Presented(candidate=card, content=sha256_of(text)) for card, text in zip(cards, OFFERS, strict=True)
    ]


def test_a_card_that_was_never_on_the_screen_cannot_be_decided_on(qtbot):
    desk = Desk(qtbot)
    desk.tray.hide()
    card = desk.offer()[0]
    QTest.keyClick(desk.card(card), "a")
    desk.button(card, "accept_button").click()
    assert desk.said == []


def test_a_card_below_the_edge_is_presented_when_it_is_scrolled_to(qtbot):
    desk = Desk(qtbot, height=420)
    cards = desk.offer(*OFFERS, *OFFERS)
    assert cards[5] not in {intent.candidate for intent in desk.of(Presented)}
    desk.focus(cards[5])
    desk.settle()
    assert cards[5] in {intent.candidate for intent in desk.of(Presented)}


def test_a_card_taller_than_the_view_is_read_to_its_end_before_it_is_decided_on(qtbot):
    desk = Desk(qtbot, height=420)
    card = desk.offer("The sea comes in and the lamp goes out. " * 30)[0]
    widget = desk.focus(card)
    for _ in range(30):
        desk.settle()
        if desk.of(Presented):
            break
        QTest.keyClick(widget, "a")
        assert desk.decisions() == []
    QTest.keyClick(widget, "a")
    assert len(desk.decisions()) == 1


def test_a_streaming_card_cannot_be_decided_on(desk):
    desk.model.add_request(request(), replaces=True)
    desk.model.apply(CandidateChanged(candidate=candidate(0, State.STREAMING, "Listen.")))
    desk.settle()
    QTest.keyClick(desk.focus("r1-c1"), "a")
    assert desk.said == []
    assert not desk.button("r1-c1", "accept_button").isEnabled()


def test_an_edited_candidate_is_accepted_with_the_persons_words(desk):
    card = desk.offer()[0]
    QTest.keyClick(desk.focus(card), "e")
    desk.settle()
    field = desk.field(card)
    assert QApplication.focusWidget() is field
    assert field.toPlainText() == OFFERS[0]
    QTest.keyClicks(field, " Are you there?")
    assert desk.decisions() == []
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.decisions() == [
        Decide(
            candidate=card,
            content=sha256_of(OFFERS[0]),
            outcome=State.EDITED,
            result=OFFERS[0] + " Are you there?",
        )
    ]


def test_words_that_nobody_changed_are_accepted_not_edited(desk):
    card = desk.offer()[0]
    QTest.keyClick(desk.focus(card), "e")
    QTest.keyClick(desk.field(card), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [intent.outcome for intent in desk.decisions()] == [State.ACCEPTED]


def test_esc_in_the_edit_field_goes_back_undecided(desk):
    card = desk.offer()[0]
    QTest.keyClick(desk.focus(card), "e")
    QTest.keyClick(desk.field(card), Qt.Key.Key_Escape)
    assert not desk.field(card).isVisible()
    assert QApplication.focusWidget() is desk.card(card)
    assert desk.states() == {"ready"}
    assert desk.decisions() == []


def test_an_edit_that_is_open_survives_other_candidates_a_theme_change_and_another_request(desk):
    card = desk.offer()[0]
    QTest.keyClick(desk.focus(card), "e")
    QTest.keyClicks(desk.field(card), " Are you?")
    wrote(desk.model, 7, "One more.")
    desk.theme.set_mode("light")
    desk.model.add_request(request("r2", at=NOON.replace(hour=13)), replaces=True)
    desk.settle()
    desk.model.show_request("r1")
    desk.settle()
    assert desk.field(card).isVisible()
    assert desk.field(card).toPlainText() == OFFERS[0] + " Are you?"
    desk.theme.set_mode("dark")


def test_a_failed_card_can_only_be_tried_again_or_dismissed(desk):
    desk.model.add_request(request(), replaces=True)
    failed = candidate(0, State.FAILED, "Listen. Sta", why="The model stopped.", remedy="Ask for less.")
    desk.model.apply(CandidateChanged(candidate=failed))
    desk.settle()
    shown = [
        cell.objectName() for cell in desk.card("r1-c1").findChildren(QAbstractButton) if cell.isVisible()
    ]
    assert set(shown) - {""} == {"retry_button", "dismiss_button"}
    QTest.keyClicks(desk.focus("r1-c1"), "are")
    assert desk.said == []
    QTest.mouseClick(desk.button("r1-c1", "retry_button"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(desk.button("r1-c1", "dismiss_button"), Qt.MouseButton.LeftButton)
    assert desk.said == [AskAgain(request="r1", candidate="r1-c1"), Dismiss(candidate="r1-c1")]
    desk.settle()
    assert desk.tray.findChildren(QWidget, "candidate_card") == []


def test_a_stale_card_says_so_and_can_be_asked_again_or_rejected_but_not_accepted(desk):
    card = desk.offer()[0]
    desk.model.went_stale(card)
    desk.settle()
    assert desk.card(card).property("state") == "stale"
    assert "The line it was made for has changed." in desk.card(card).accessibleDescription()
    QTest.keyClick(desk.focus(card), "a")
    assert desk.decisions() == []
    QTest.mouseClick(desk.button(card, "ask_again_button"), Qt.MouseButton.LeftButton)
    assert desk.of(AskAgain) == [AskAgain(request="r1", candidate=card)]
    QTest.keyClick(desk.card(card), "r")
    assert [intent.outcome for intent in desk.decisions()] == [State.REJECTED]


def test_up_and_down_move_between_the_cards(desk):
    cards = desk.offer()
    QTest.keyClick(desk.focus(cards[0]), Qt.Key.Key_Down)
    assert QApplication.focusWidget() is desk.card(cards[1])
    QTest.keyClick(desk.card(cards[1]), Qt.Key.Key_Up)
    assert QApplication.focusWidget() is desk.card(cards[0])


def test_esc_goes_back_to_the_page_from_a_card_and_from_the_ask_field(desk, qtbot):
    card = desk.offer()[0]
    for place in (desk.focus(card), desk.tray.ask_box.field):
        with qtbot.waitSignal(desk.tray.back_to_page, timeout=500):
            QTest.keyClick(place, Qt.Key.Key_Escape)
    assert desk.decisions() == []


def test_ctrl_enter_asks_with_note_and_count(desk):
    desk.tray.focus_ask()
    QTest.keyClicks(QApplication.focusWidget(), "Colder.")
    desk.tray.set_count(5)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.said == [Ask(task="alt-lines", note="Colder.", count=5)]
    QTest.keyClick(desk.tray.ask_box.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(desk.said) == 1, "an ask that is on its way is not sent again"


def test_enter_in_the_ask_field_is_a_line_break(desk):
    desk.tray.focus_ask()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert desk.said == []


def test_ask_turns_into_stop_while_the_model_writes(desk):
    desk.model.add_request(request(), replaces=True)
    desk.model.apply(progress(0, 3))
    desk.settle()
    stop = desk.tray.findChild(QAbstractButton, "stop_button")
    assert stop.isVisible()
    assert not desk.tray.findChild(QAbstractButton, "ask_button").isEnabled()
    QTest.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert desk.said == [Stop(request="r1")]
    desk.model.apply(progress(3, 3, "stopped"))
    desk.settle()
    assert not stop.isVisible()
    assert desk.tray.findChild(QAbstractButton, "ask_button").isEnabled()


def test_a_closed_task_can_be_chosen_to_read_why_but_not_asked(desk):
    desk.tray.set_tasks((task(), task("logline", needs="script", closed="Logline needs a larger model.")))
    desk.tray.choose_task("logline")
    assert desk.tray.findChild(QWidget, "ask_reason").plain == "Logline needs a larger model."
    QTest.keyClick(desk.tray.ask_box.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.said == []


def test_a_task_about_a_line_asks_for_a_line(desk):
    desk.tray.set_anchor(Selected("Sc 14", "", frozenset({"scene", "script"})))
    assert "Select" in desk.tray.findChild(QWidget, "ask_reason").plain
    assert not desk.tray.findChild(QAbstractButton, "ask_button").isEnabled()
    desk.tray.choose_task("beats")
    assert desk.tray.findChild(QAbstractButton, "ask_button").isEnabled()


def test_a_blocked_backend_shows_the_rule_and_the_way_round(desk):
    desk.tray.set_blocked(Blocked("This host keeps prompts for 30 days.", local_applies=True))
    assert not desk.tray.findChild(QAbstractButton, "ask_button").isVisible()
    QTest.mouseClick(desk.tray.findChild(QAbstractButton, "use_local_button"), Qt.MouseButton.LeftButton)
    assert desk.said == [UseLocalModel()]


def test_what_a_rule_said_of_the_last_ask_goes_when_that_rule_holds_no_more(desk):
    ask = desk.tray.findChild(QAbstractButton, "ask_button")
    desk.tray.set_blocked(Blocked("It names Hopper.", False, rule_id="clearance", passing=True))
    desk.tray.clear_blocked("attested")
    assert not ask.isVisible()
    desk.tray.clear_blocked("clearance")
    assert ask.isVisible()


def test_a_request_that_failed_says_what_happened_and_offers_to_try_again(desk):
    desk.model.add_request(request(), replaces=True)
    desk.model.apply(
        progress(0, 3, "failed", note="The model stopped: out of memory.", remedy="Try a shorter selection.")
    )
    desk.settle()
    note = desk.tray.findChild(QWidget, "tray_note")
    assert note.plain == "The model stopped: out of memory. Try a shorter selection."
    QTest.mouseClick(desk.tray.findChild(QAbstractButton, "retry_request_button"), Qt.MouseButton.LeftButton)
    assert desk.said == [AskAgain(request="r1")]


def test_a_hidden_card_is_counted_and_comes_back(desk):
    cards = desk.offer()
    desk.model.hide(cards[0])
    desk.settle()
    link = desk.tray.findChild(QAbstractButton, "show_hidden_button")
    assert link.isVisible()
    assert "1 hidden" in link.text()
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert desk.card(cards[0]).isVisible()


def test_eight_streaming_cards_are_drawn_at_most_thirty_times_a_second(desk, monkeypatch):
    desk.model.add_request(request(), replaces=True)
    for place in range(8):
        desk.model.apply(CandidateChanged(candidate=candidate(place, State.STREAMING, "x")))
    desk.settle()
    drawn: list[str] = []
    for widget in desk.tray.findChildren(QWidget, "candidate_card"):
        monkeypatch.setattr(widget, "show_card", lambda card, _quote: drawn.append(card.id))
    for step in range(200):
        for place in range(8):
            desk.model.apply(CandidateChanged(candidate=candidate(place, State.STREAMING, "word " * step)))
    assert drawn == []
    desk.settle()
    assert len(drawn) == 8


def test_everything_in_the_tray_has_a_name_for_a_screen_reader(desk):
    desk.offer()
    nameless = [
        widget
        for widget in desk.tray.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.accessibleName()
        and not isinstance(widget.parent(), QScrollArea)
        and widget.metaObject().className() != "QScrollBar"
    ]
    assert nameless == []
    assert "offered: That's" in desk.card("r1-c1").accessibleDescription()


def test_a_click_beside_the_buttons_gives_a_card_the_focus_and_nothing_more(desk):
    cards = desk.offer()
    QTest.mouseClick(desk.card(cards[1]), Qt.MouseButton.LeftButton, pos=QPoint(60, 16))
    assert QApplication.focusWidget() is desk.card(cards[1])
    assert desk.decisions() == []


def test_the_details_for_a_report_name_the_candidate_and_hold_none_of_its_words(desk):
    card = desk.offer()[0]
    menu = desk.card(card)._menu()
    next(action for action in menu.actions() if "report" in action.text()).trigger()
    copied = QApplication.clipboard().text()
    assert card in copied
    assert sha256_of(OFFERS[0]) in copied
    assert "static" not in copied


def test_what_was_not_worth_a_card_is_one_calm_count_and_says_why_when_asked(desk):
    desk.offer()
    note = "Not shown: 8 less fitting than others, 3 off the subject, 2 with stray marks."
    desk.model.apply(progress(3, 3, "done").model_copy(update={"note": note}))
    desk.settle()
    button = desk.tray.findChild(QAbstractButton, "not_shown_button")
    said = desk.tray.findChild(QWidget, "tray_note")
    assert button.text() == "13 not shown"
    assert not said.isVisible()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert said.isVisible()
    assert said.plain == note
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert not said.isVisible()


def test_a_note_that_is_no_count_is_said_in_full(desk):
    desk.offer()
    desk.model.apply(progress(3, 3, "stopped").model_copy(update={"note": "The model stopped."}))
    desk.settle()
    assert desk.tray.findChild(QWidget, "tray_note").plain == "The model stopped."
    assert not desk.tray.findChild(QAbstractButton, "not_shown_button").isVisible()


def test_a_card_grows_with_its_last_words_whatever_width_it_was_measured_at(desk):
    short, long = "Get in the car.", "Get in the car. Sit down low, and do not talk."
    view = DiffView(desk.theme)
    desk.bot.addWidget(view)
    view.resize(330, view.heightForWidth(330))
    view.set_words([Stretch("model", short)])
    view.resize(330, view.heightForWidth(330))
    view.show()
    asks: list[int] = []
    view.updateGeometry = lambda: asks.append(1)
    assert view.heightForWidth(100) == 2 * ROW_PX + 4
    view.set_words([Stretch("model", long)])
    assert view.heightForWidth(330) == 2 * ROW_PX + 4
    assert asks, "the layout above hears that it needs another height"


def test_words_that_found_no_room_were_not_seen(desk):
    view = DiffView(desk.theme)
    desk.bot.addWidget(view)
    view.set_words([Stretch("model", "Get in the car. Sit down low, and do not touch the red handle.")])
    view.resize(330, ROW_PX + 4)
    view.show()
    desk.settle()
    assert not view.was_seen
    view.resize(330, view.heightForWidth(330))
    desk.settle()
    assert view.was_seen
