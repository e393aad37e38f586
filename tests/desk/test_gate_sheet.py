"""The sheet at the gate: what it shows is what is sent, and nothing is sent but by a person who means it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget

from studio_assist import protocol
from studio_assist.desk.gate.passage_view import PassageView
from studio_assist.desk.gate.pictures import Thumb
from studio_assist.desk.kit import CheckBox, Field, Label
from studio_assist.desk.record.parts import Outcome
from studio_assist.domain.errors import Conflict
from studio_assist.domain.values import RequestId
from studio_assist.protocol import GateSheet, NameAnswer, Passage, Piece
from tests.desk.gate_fakes import (
    ASK,
    BLOCKED,
    HOLD,
    LIND,
    OKAFOR,
    REQUEST,
    GateWindow,
    changed,
    long_sheet,
    with_picture,
)

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

Open = Callable[..., GateWindow]


@pytest.fixture
def opened(qapp: QApplication) -> Iterator[Open]:
    made: list[GateWindow] = []

    def make(sheet: GateSheet | None = ASK, size: tuple[int, int] = (1440, 900)) -> GateWindow:
        made.append(GateWindow(size=size))
        if sheet is not None:
            made[-1].ask(sheet)
        return made[-1]

    yield make
    for one in made:
        one.close()


def payload(window: GateWindow) -> PassageView:
    view = window.part("payload_view")
    assert isinstance(view, PassageView)
    return view


def tick(window: GateWindow) -> CheckBox:
    found = window.part("read_tick")
    assert isinstance(found, CheckBox)
    return found


def words_of(window: GateWindow) -> str:
    return "\n".join(one.plain for one in window.sheet.findChildren(Label) if one.isVisible())


def texts_of(passages: tuple[Passage, ...]) -> str:
    return "\n".join(one.text for one in passages)


def tell_sent(window: GateWindow, count: int, *, answered: bool = False) -> None:
    window.tell(protocol.GateSent(request=REQUEST, bytes=count, answered=answered))


# what is shown -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", [ASK, HOLD, BLOCKED], ids=["ask", "hold", "blocked"])
def test_the_pane_holds_what_is_sent_and_no_name(opened: Open, sheet: GateSheet) -> None:
    window = opened(sheet)
    assert payload(window).toPlainText() == texts_of(sheet.after)
    assert "MAYA" not in payload(window).toPlainText()


def test_every_part_of_the_body_can_be_read(opened: Open) -> None:
    more = Passage(label="Instructions", pieces=(Piece(text="Write dialogue.\nShort."),))
    sheet = changed(ASK, after=(more, *ASK.after), before=(more, *ASK.before))
    window = opened(sheet)
    assert payload(window).toPlainText() == texts_of(sheet.after)
    fields = window.part("gate_fields").accessibleName()
    assert all(one in fields for one in sheet.fields)


def test_characters_that_show_nothing_are_written_out_even_where_the_broker_forgot(opened: Open) -> None:
    pieces = (Piece(text="May"), Piece(text="U+200B", kind="hidden"), Piece(text="a\u202e\u00a0\r\u2028b"))
    window = opened(changed(ASK, after=(Passage(label="Your text", pieces=pieces),)))
    assert payload(window).toPlainText() == "MayU+200BaU+202EU+00A0U+000DU+2028b"


def test_the_raw_request_is_shown_whole_and_its_long_line_is_one_line(opened: Open) -> None:
    sheet = changed(ASK, raw=f"{ASK.raw}\n" + "word " * 3_000 + "x" * 9_000)
    window = opened(sheet)
    window.click("gate_fields_link")
    assert payload(window).toPlainText() == sheet.raw
    assert not window.part("written_view").isVisible()
    payload(window).selectAll()
    payload(window).copy()
    assert QApplication.clipboard().text() == sheet.raw
    window.click("gate_fields_link")
    assert payload(window).toPlainText() == texts_of(sheet.after)


def test_lines_that_are_not_seen_are_counted_until_they_are(opened: Open) -> None:
    lines = "\n".join(f"line {number}" for number in range(100))
    window = opened(changed(ASK, after=(Passage(label="Your text", pieces=(Piece(text=lines),)),)))
    assert payload(window).lines_below > 50
    assert f"{payload(window).lines_below} more lines below" in words_of(window)
    payload(window).setFocus()
    below = payload(window).lines_below
    window.press(Qt.Key.Key_PageDown)
    assert payload(window).lines_below < below
    for _ in range(20):
        window.press(Qt.Key.Key_PageDown)
    assert payload(window).lines_below == 0


def test_the_digest_is_shown_short_and_copied_whole(opened: Open) -> None:
    window = opened()
    digest = window.part("gate_digest")
    assert isinstance(digest, Label)
    assert digest.plain == f"{ASK.digest[:12]}…{ASK.digest[-12:]}"
    assert ASK.digest in digest.toolTip()
    window.click("gate_digest_copy")
    assert QApplication.clipboard().text() == ASK.digest


def test_a_picture_is_shown_as_it_was_and_as_it_is_sent(opened: Open, tmp_path: Path) -> None:
    image = QImage(640, 360, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.gray)
    file = str(tmp_path / "14C_ref.png")
    assert image.save(file)
    window = opened(with_picture(ASK, was=file))
    names = [one.accessibleName() for one in window.sheet.findChildren(Thumb)]
    assert names == ["14C_ref.jpg as it is", "image_1.png as it is sent"]
    assert window.part("gate_picture").isVisible()
    gone = [one.accessibleName() for one in window.part("gate_picture").findChildren(QWidget)]
    assert "Taken out: GPS 58.6411, -3.0702" in gone
    assert "Re-encoded from pixels" in words_of(window)


@pytest.mark.parametrize("size", [(1440, 900), (1100, 700)], ids=str)
def test_it_fits_its_window(opened: Open, size: tuple[int, int]) -> None:
    window = opened(with_picture(HOLD), size)
    card = window.sheet.card
    assert (card.width(), card.height()) == (min(1128, size[0] - 48), min(796, size[1] - 48))
    for name in ("send_button", "cancel_button", "local_button", "read_tick"):
        part = window.part(name)
        place = part.mapTo(card, part.rect().bottomRight())
        assert card.rect().contains(place), name
        assert part.width() >= part.sizeHint().width(), name


def test_a_long_script_comes_in_without_holding_up_the_window(opened: Open) -> None:
    window = opened(None)
    longest = 0.0

    def slice_of(step: Callable[[], object]) -> None:
        nonlocal longest
        began = time.thread_time()
        step()
        longest = max(longest, time.thread_time() - began)

    sheet = long_sheet()
    # What is made once, on the first sheet ever, is not the text's.
    window.ask(ASK)
    slice_of(lambda: window.broker.told.emit(protocol.GateAsked(sheet=sheet)))
    assert not tick(window).isEnabled()
    view = payload(window)
    for _ in range(2_000):
        if not view.filling:
            break
        slice_of(QApplication.processEvents)
    assert view.toPlainText() == texts_of(sheet.after)
    assert tick(window).isEnabled()
    slice_of(lambda: window.click("gate_fields_link"))
    while view.filling:
        slice_of(QApplication.processEvents)
    assert view.toPlainText() == sheet.raw
    # Of this thread's own time, so that what runs beside it does not count: 25 ms at most on a quiet machine.
    assert longest < 0.1


# sending -----------------------------------------------------------------------------------------------


def test_enter_sends_nothing_wherever_the_focus_is(opened: Open) -> None:
    window = opened()
    tick(window).setChecked(True)
    stops = [
        one
        for one in window.sheet.findChildren(QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisible() and one.isEnabled()
    ]
    assert {"read_tick", "send_button", "cancel_button", "payload_view"} <= {
        one.objectName() for one in stops
    }
    for one in stops:
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            one.setFocus()
            window.press(key)
    assert window.broker.asked == []
    assert window.is_open
    assert tick(window).isChecked()


def test_no_button_is_a_default(opened: Open) -> None:
    window = opened()
    for one in window.sheet.findChildren(QPushButton):
        assert not one.isDefault()
        assert not one.autoDefault()


def test_whatever_takes_the_focus_has_a_name(opened: Open) -> None:
    for sheet in (HOLD, BLOCKED, changed(ASK, second=True, may_remember=True, remember="Ask once a session")):
        window = opened(sheet)
        for one in window.sheet.findChildren(QWidget):
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisible():
                assert one.accessibleName(), one.objectName()


def test_ctrl_enter_sends_only_after_the_tick(opened: Open) -> None:
    window = opened()
    window.press(Qt.Key.Key_Return, ctrl=True)
    assert window.broker.asked == []
    tick(window).setFocus()
    window.press(Qt.Key.Key_Space)
    assert tick(window).isChecked()
    window.press(Qt.Key.Key_Return, ctrl=True)
    [sent] = window.broker.params_of("approve_send")
    assert (sent.request, sent.digest, sent.person, sent.remember) == (REQUEST, ASK.digest, OKAFOR, False)


def test_send_says_what_goes_where_and_is_pressed_by_space(opened: Open) -> None:
    window = opened(changed(ASK, times=3))
    send = window.part("send_button")
    assert isinstance(send, QAbstractButton)
    assert send.text() == "Send 214 kB to Northlight, 3 times"
    assert "642 kB in all" in send.accessibleDescription()
    assert not send.isEnabled()
    window.click("send_button")
    assert window.broker.asked == []
    window.click("read_tick")
    send.setFocus()
    window.press(Qt.Key.Key_Space)
    assert len(window.broker.params_of("approve_send")) == 1


def test_other_bytes_take_the_tick_off(opened: Open) -> None:
    window = opened()
    window.click("read_tick")
    window.ask(ASK.model_copy(update={"seconded_by": "M. Lind"}))
    assert tick(window).isChecked()
    window.ask(changed(ASK, size=214_001))
    assert not tick(window).isChecked()
    window.press(Qt.Key.Key_Return, ctrl=True)
    assert window.broker.asked == []
    outcome = window.part("gate_outcome")
    assert isinstance(outcome, Outcome)
    assert outcome.words == "What is sent has changed. Read it again."


def test_esc_refuses_and_gives_the_focus_back(opened: Open) -> None:
    window = opened()
    window.press(Qt.Key.Key_Escape)
    [refused] = window.broker.params_of("refuse_send")
    assert (refused.request, refused.digest, refused.person) == (REQUEST, ASK.digest, OKAFOR)
    assert not window.is_open
    assert QApplication.focusWidget() is window.behind


def test_asking_once_a_session_is_offered_only_where_it_may_be(opened: Open) -> None:
    window = opened()
    assert not window.part("remember_tick").isVisible()
    window.ask(
        changed(ASK, may_remember=True, remember="Ask once a session for a.example and public material")
    )
    window.click("remember_tick")
    window.click("read_tick")
    window.click("send_button")
    [sent] = window.broker.params_of("approve_send")
    assert sent.remember


def test_tab_runs_left_right_footer(opened: Open) -> None:
    window = opened()
    names: list[str] = []
    for _ in range(12):
        focus = QApplication.focusWidget()
        assert focus is not None
        names.append(focus.objectName() or focus.accessibleName())
        window.press(Qt.Key.Key_Tab)
    assert names[0].startswith("Allowed by policy")
    assert names[1:9] == [
        "gate_digest_copy",
        "written_view",
        "payload_view",
        "gate_names_link",
        "gate_fields_link",
        "read_tick",
        "cancel_button",
        "local_button",
    ]
    assert names[9] == "Close"


def test_how_far_it_is_is_said_until_the_host_answers(opened: Open) -> None:
    window = opened()
    window.click("read_tick")
    window.click("send_button")
    window.tell(protocol.GateClosed(request=REQUEST, why="sent"))
    tell_sent(window, 107_000)
    assert "107 kB of 214 kB sent" in words_of(window)
    assert not window.has("send_button")
    window.click("gate_stop")
    assert len(window.broker.params_of("stop")) == 1
    tell_sent(window, 214_000, answered=True)
    assert not window.is_open
    assert window.broker.params_of("refuse_send") == []


def test_a_host_that_does_not_answer_leaves_its_word_and_close(opened: Open) -> None:
    window = opened()
    window.click("read_tick")
    window.click("send_button")
    window.tell(protocol.RequestChanged(request=REQUEST, task="alts", state="failed", done=0, total=3))
    assert "The host did not answer. Nothing was kept here." in words_of(window)
    window.click("cancel_button")
    assert not window.is_open
    assert window.broker.params_of("refuse_send") == []


def test_what_a_host_said_ends_as_a_sentence(opened: Open) -> None:
    window = opened()
    window.click("read_tick")
    window.click("send_button")
    window.tell(
        protocol.RequestChanged(
            request=REQUEST,
            task="alts",
            state="failed",
            done=0,
            total=3,
            note="It said: slow down",
            remedy="Wait.",
        )
    )
    assert "It said: slow down. Nothing was kept here. Wait." in words_of(window)


def test_an_approval_that_fails_asks_again(opened: Open) -> None:
    window = opened()
    window.broker.answers["approve_send"] = Conflict("The request changed.", remedy="Read it again.")
    window.click("read_tick")
    window.click("send_button")
    window.settle()
    outcome = window.part("gate_outcome")
    assert isinstance(outcome, Outcome)
    assert outcome.words == "The request changed. Read it again."
    assert not tick(window).isChecked()


# two people, names, blocked ----------------------------------------------------------------------------


def test_a_second_person_is_somebody_else(opened: Open) -> None:
    window = opened(changed(ASK, second=True))
    window.click("read_tick")
    window.press(Qt.Key.Key_Return, ctrl=True)
    name = window.part("second_name")
    assert isinstance(name, Field)
    QTest.keyClicks(name, "r. okafor")
    name.setFocus()
    window.press(Qt.Key.Key_Return)
    window.click("second_button")
    assert window.broker.asked == []
    assert "Somebody other than r. okafor" in words_of(window)
    name.clear()
    QTest.keyClicks(name, LIND.name)
    window.click("second_button")
    [said] = window.broker.params_of("second_send")
    assert (said.person.name, said.digest) == (LIND.name, window.sheet.sheet.digest)
    assert window.broker.params_of("approve_send") == []
    window.ask(window.sheet.sheet.model_copy(update={"seconded_by": LIND.name}))
    assert "Also read by M. Lind" in words_of(window)
    window.press(Qt.Key.Key_Return, ctrl=True)
    assert len(window.broker.params_of("approve_send")) == 1


def test_a_word_that_may_be_a_name_holds_it_until_it_is_answered_for(opened: Open) -> None:
    window = opened(HOLD)
    assert not tick(window).isEnabled()
    assert "2 questions before anything can be sent" in words_of(window)
    first = window.part("answer_0_name")
    first.setFocus()
    window.press(Qt.Key.Key_Return)
    assert window.broker.asked == []
    window.press(Qt.Key.Key_Space)
    [said] = window.broker.params_of("answer_names")
    assert said.answers == (NameAnswer(question="q1", answer="name"),)
    window.ask(changed(HOLD, questions=HOLD.questions[1:]))
    assert window.part("answer_0_name").hasFocus()
    window.click("answer_0_no-name")
    assert window.broker.params_of("answer_names")[1].answers == (
        NameAnswer(question="q2", answer="no-name"),
    )
    window.ask(changed(ASK))
    assert not window.part("gate_questions").isVisible()
    assert tick(window).isEnabled()
    assert not tick(window).isChecked()


def test_a_question_that_comes_up_after_the_tick_takes_it_off(opened: Open) -> None:
    window = opened()
    window.click("read_tick")
    assert tick(window).isChecked()
    window.ask(changed(ASK, digest=ASK.digest, verdict="hold", questions=HOLD.questions))
    assert not tick(window).isChecked()
    window.ask(ASK)
    assert not tick(window).isChecked()


def test_what_is_blocked_has_no_send_at_all(opened: Open) -> None:
    window = opened(BLOCKED)
    assert not window.has("read_tick")
    assert not window.part("remember_tick").isVisible()
    assert not window.has("send_button")
    said = words_of(window)
    assert "Provider keeps prompts 30 days. Blocked by policy netflix-2025, rule keeps-nothing." in said
    assert "Nothing was sent. This refusal is ledger entry 1,279." in said
    assert "Sending is off for this provider on this project" in said
    window.press(Qt.Key.Key_Return, ctrl=True)
    window.press(Qt.Key.Key_Escape)
    assert window.broker.asked == []
    assert not window.is_open


def test_the_ways_out_of_a_block_are_told(opened: Open) -> None:
    window = opened(BLOCKED)
    told: list[object] = []
    window.control.ask_clearance.connect(told.append)
    window.control.use_local.connect(told.append)
    window.click("clearance_button")
    window.ask(BLOCKED)
    window.click("local_button")
    assert told == [BLOCKED, BLOCKED.request]
    assert window.broker.asked == []


def test_a_request_that_goes_to_this_machine_instead_is_refused_first(opened: Open) -> None:
    window = opened()
    told: list[str] = []
    window.control.use_local.connect(told.append)
    window.click("local_button")
    assert told == [REQUEST]
    assert len(window.broker.params_of("refuse_send")) == 1
    window.ask(changed(ASK, local=None))
    assert not window.part("local_button").isVisible()


def test_names_are_edited_beside_the_sheet(opened: Open) -> None:
    window = opened()
    told: list[str] = []
    window.control.edit_names.connect(told.append)
    window.click("gate_names_link")
    assert told == [REQUEST]
    assert window.is_open


# several, and ends -------------------------------------------------------------------------------------


def test_one_sheet_at_a_time_and_the_next_comes_after_it(opened: Open) -> None:
    window = opened()
    other = changed(ASK, request=RequestId("req-9"), to="Elsewhere")
    window.tell(protocol.GateAsked(sheet=other))
    assert window.sheet.sheet.request == REQUEST
    assert window.control.waiting == 1
    window.press(Qt.Key.Key_Escape)
    assert window.sheet.sheet.request == "req-9"
    window.tell(protocol.GateClosed(request=RequestId("req-9"), why="stopped"))
    assert not window.is_open
    assert [one.request for one in window.broker.params_of("refuse_send")] == [REQUEST]


def test_a_sheet_that_grew_too_old_says_so(opened: Open) -> None:
    window = opened()
    window.click("read_tick")
    window.tell(protocol.GateClosed(request=REQUEST, why="changed"))
    assert "It stood here too long" in words_of(window)
    assert not window.has("send_button")
    window.press(Qt.Key.Key_Escape)
    assert window.broker.asked == []


def test_a_broker_that_ended_leaves_no_sheet(opened: Open) -> None:
    window = opened()
    window.broker.restarting.emit()
    window.settle()
    assert not window.is_open
    assert window.broker.asked == []


def test_light_and_dark_turn_while_it_is_open(opened: Open) -> None:
    window = opened()
    dark = window.sheet.grab().toImage().pixelColor(200, 120)
    window.theme.set_mode("light")
    QApplication.sendPostedEvents(None, QEvent.Type.Paint)
    light = window.sheet.grab().toImage().pixelColor(200, 120)
    assert light.lightness() > 200 > dark.lightness()
    window.theme.set_mode("dark")
