"""The Write desk whole: window, broker process and model, as a writer uses them."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from studio_assist.desk.write.intents import UndoDecision
from studio_assist.domain.candidate import State
from studio_assist.ledger import verify
from tests.desk.studio_driver import CTRL, SCRIPT, SHIFT, Driver

LINE = "The last boat left an hour ago."


@pytest.fixture
def driver(qapp: object, home: Path) -> Iterator[Driver]:
    made = Driver(home)
    yield made
    made.close()


@pytest.fixture
def desk(driver: Driver, tmp_path: Path) -> Driver:
    return driver.make(tmp_path / "Ferry.studio")


def test_accepting_puts_the_words_in_as_a_temp_span_and_one_undo_takes_them_out(desk: Driver) -> None:
    before = desk.text()
    card = desk.ask(LINE)[0]
    offered = desk.offered(card)
    desk.decide(card, Qt.Key.Key_A, State.ACCEPTED)

    assert desk.spans() == [offered]
    assert desk.text() == before.replace(LINE, offered)
    assert desk.write.debt.lines == 1

    QTest.keyClick(desk.editor, Qt.Key.Key_Z, CTRL)
    desk.wait(lambda: desk.state(card) is State.READY, "the card to be open again")
    assert desk.text() == before
    assert desk.spans() == []

    QTest.keyClick(desk.editor, Qt.Key.Key_Z, CTRL | SHIFT)
    desk.wait(lambda: desk.state(card) is State.ACCEPTED, "the redo to be decided")
    assert desk.spans() == [offered]


def test_undo_on_a_card_takes_out_words_that_a_redo_had_brought_back(desk: Driver) -> None:
    before = desk.text()
    card = desk.ask(LINE)[0]
    desk.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    QTest.keyClick(desk.editor, Qt.Key.Key_Z, CTRL)
    desk.wait(lambda: desk.state(card) is State.READY, "the undo")
    QTest.keyClick(desk.editor, Qt.Key.Key_Z, CTRL | SHIFT)
    desk.wait(lambda: desk.state(card) is State.ACCEPTED, "the redo")
    desk.wait(lambda: not desk.write.asking.waiting, "the record")
    # Something typed since: the acceptance is not the last step any more.
    desk.caret_on("Tom sits")
    QTest.keyClicks(desk.editor, "Slowly, ")
    shown = desk.write.cards.card(card)  # type: ignore[arg-type]  # ids are strings at heart
    assert shown is not None
    assert shown.decision is not None
    desk.write.asking.carry(UndoDecision(candidate=shown.id, entry=shown.decision.entry))
    desk.wait(lambda: desk.state(card) is State.READY, "the undo on the card")
    assert desk.spans() == []
    assert desk.text() == before.replace("Tom sits", "Slowly, Tom sits")


def test_what_is_saved_after_a_decision_is_the_script_and_the_span_on_disk(
    desk: Driver, tmp_path: Path
) -> None:
    card = desk.ask(LINE)[0]
    desk.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    folder = tmp_path / "Ferry.studio"
    assert (folder / "script.fountain").read_bytes() == desk.text().encode()
    assert card in (folder / "temp.json").read_text()
    assert verify(folder / "ledger.sqlite").ok


def test_tab_typing_and_enter_never_accept_a_candidate(desk: Driver) -> None:
    cards = desk.ask(LINE)
    for _ in range(20):
        QTest.keyClick(desk.studio.shell.focusWidget() or desk.studio.shell, Qt.Key.Key_Tab)
    widget = desk.widget(cards[0])
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_Return)
    QTest.keyClick(widget, Qt.Key.Key_Space)
    field = desk.write.tray.findChild(QPlainTextEdit, "ask_field")
    assert field is not None
    field.setFocus()
    QTest.keyClicks(field, "aer AER")
    desk.caret_on("Tom sits")
    QTest.keyClicks(desk.editor, "aer")
    desk.settle()
    assert {desk.state(card) for card in cards} == {State.READY}
    assert desk.spans() == []


def test_an_edited_candidate_enters_with_the_persons_words_and_says_how_much_was_edited(desk: Driver) -> None:
    card = desk.ask(LINE)[0]
    desk.press(card, Qt.Key.Key_E)
    field = desk.widget(card).findChild(QWidget, "edit_field")
    assert isinstance(field, QPlainTextEdit)
    field.setPlainText("There is no boat tonight.")
    QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
    desk.wait(lambda: desk.state(card) is State.EDITED, "the edit")
    desk.saved()
    assert desk.spans() == ["There is no boat tonight."]
    (span,) = desk.write.content()[1]
    assert span.outcome == "edited"
    assert span.edited > 0


def test_a_line_typed_over_makes_its_candidates_stale_and_undo_brings_them_back(desk: Driver) -> None:
    card = desk.ask(LINE)[0]
    desk.caret_on("last boat")
    QTest.keyClicks(desk.editor, "very ")
    desk.wait(lambda: desk.state(card) is State.STALE, "the card to be stale")
    desk.press(card, Qt.Key.Key_A)
    desk.settle()
    assert desk.state(card) is State.STALE
    desk.editor.setFocus()
    while LINE not in desk.text():
        QTest.keyClick(desk.editor, Qt.Key.Key_Z, CTRL)
    desk.wait(lambda: desk.state(card) is State.READY, "the card to be fresh")


def test_typing_above_the_line_moves_the_anchor_and_the_words_go_where_they_belong(desk: Driver) -> None:
    card = desk.ask(LINE)[0]
    offered = desk.offered(card)
    desk.caret_on("Rain on the windows")
    QTest.keyClicks(desk.editor, "Hard ")
    desk.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    assert f"NORA\n{offered}\n" in desk.text()
    assert "Hard Rain on the windows" in desk.text()


def test_rewriting_a_temp_line_oneself_takes_the_amber_away(desk: Driver) -> None:
    card = desk.ask(LINE)[0]
    desk.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    QTest.keyClick(desk.studio.shell, Qt.Key.Key_F8)
    desk.write.rewrite_here()
    field = desk.studio.shell.findChild(QPlainTextEdit, "rewrite_field")
    assert field is not None
    QTest.keyClicks(field, "We missed it by an hour.")
    QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
    desk.wait(lambda: not desk.spans(), "the amber to go")
    desk.saved()
    assert "We missed it by an hour." in desk.text()
    assert desk.write.debt.none_left


def test_typing_inside_accepted_words_keeps_them_temp_and_raises_the_human_share(desk: Driver) -> None:
    card = desk.ask(LINE)[0]
    desk.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    span = desk.write.document.spans()[0]
    desk.editor.select_range(span.start + 1, span.start + 1)
    QTest.keyClicks(desk.editor, " yes and no and maybe ")
    (kept,) = desk.write.content()[1]
    assert kept.edited > 0.3
    assert "maybe" in desk.spans()[0]


def test_a_closed_project_keeps_open_candidates_undecided(desk: Driver, tmp_path: Path) -> None:
    cards = desk.ask(LINE)
    desk.decide(cards[0], Qt.Key.Key_R, State.REJECTED)
    left = {card: desk.offered(card) for card in cards[1:]}
    desk.studio.close_project()
    desk.wait(lambda: desk.studio.state is None, "the project to close")
    desk.studio.open_project(tmp_path / "Ferry.studio")
    desk.wait_open()
    assert {card: desk.offered(card) for card in desk.cards()} == left
    assert {desk.state(card) for card in left} <= {State.READY}


def test_beats_that_waited_over_a_restart_still_add_a_line_and_replace_none(
    driver: Driver, tmp_path: Path, home: Path
) -> None:
    first = Driver(home / "first")
    first.make(tmp_path / "Ferry.studio")
    first.write.tray.choose_task("beats")
    offered = [first.offered(card) for card in first.ask("Rain on the windows", least=1)]
    first.close()

    driver.begin(tmp_path / "Ferry.studio")
    driver.wait(lambda: bool(driver.cards()), "the cards")
    assert [driver.offered(card) for card in driver.cards()] == offered
    assert not any(request.replaces for request in driver.write.cards.requests())
    before = driver.text()
    driver.decide(driver.cards()[0], Qt.Key.Key_A, State.ACCEPTED)
    assert f"INT. FERRY CABIN - NIGHT\n\n= {offered[0]}\n" in driver.text()
    assert len(driver.text()) > len(before)


def test_stop_stops_the_model_and_keeps_what_was_written(desk: Driver) -> None:
    desk.begin_asking(LINE, count=8)
    desk.wait(lambda: bool(desk.cards()), "the first card")
    request = desk.write.cards.requests()[-1]
    started = time.monotonic()
    button = desk.write.tray.findChild(QWidget, "stop_button")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.wait(desk.has_ended, "the model to stop")
    # 300 ms is the promise, and `make bench` measures it; a busy test machine gets more.
    assert time.monotonic() - started < 10
    states = {card.candidate.state for card in desk.write.cards.cards(request.id)}
    assert State.STREAMING not in states


def test_a_killed_broker_comes_back_with_nothing_lost(desk: Driver) -> None:
    cards = desk.ask(LINE)
    desk.decide(cards[0], Qt.Key.Key_A, State.ACCEPTED)
    desk.caret_on("Tom sits")
    QTest.keyClicks(desk.editor, "Slowly, ")
    pid = desk.window.client.pid
    os.kill(pid, signal.SIGKILL)
    desk.wait(lambda: desk.window.client.running and desk.window.client.pid != pid, "the new broker")
    desk.wait(lambda: "broker" in desk.studio.shell.notices.ids, "the notice")
    desk.settle(400)
    assert "Slowly, Tom sits." in desk.text()
    assert len(desk.spans()) == 1
    again = desk.ask("Then we wait")
    assert again
    desk.studio.save()
    desk.saved()


def test_a_file_changed_on_disk_is_not_overwritten_until_the_person_chooses(
    desk: Driver, tmp_path: Path
) -> None:
    script = tmp_path / "Ferry.studio" / "script.fountain"
    theirs = SCRIPT.replace("Rain", "Snow")
    script.write_bytes(theirs.encode())
    desk.caret_on("Tom sits")
    QTest.keyClicks(desk.editor, "Slowly, ")
    QTest.keyClick(desk.studio.shell, Qt.Key.Key_S, CTRL)
    desk.wait(lambda: "conflict" in desk.studio.shell.notices.ids, "the conflict")
    assert script.read_bytes() == theirs.encode()
    mine = desk.studio.shell.findChild(QWidget, "notice_conflict_mine")
    assert mine is not None
    QTest.mouseClick(mine, Qt.MouseButton.LeftButton)
    desk.saved()
    assert b"Slowly, Tom sits." in script.read_bytes()


def test_a_second_window_opens_the_project_to_read_only(desk: Driver, tmp_path: Path, home: Path) -> None:
    second = Driver(home / "second")
    second.begin(tmp_path / "Ferry.studio")
    try:
        assert "Open in another window" in second.studio.model.read_only
        assert second.editor.isReadOnly()
        assert second.text() == SCRIPT
    finally:
        second.close()


def test_an_altered_ledger_pauses_asking_and_leaves_the_script_open(driver: Driver, tmp_path: Path) -> None:
    folder = tmp_path / "Ferry.studio"
    driver.make(folder)
    driver.ask(LINE)
    driver.studio.close_project()
    driver.wait(lambda: driver.studio.state is None, "the project to close")
    with sqlite3.connect(folder / "ledger.sqlite") as database:
        (table,) = database.execute(
            "select name from sqlite_master where name like 'entr%' limit 1"
        ).fetchone()
        columns = [row[1] for row in database.execute(f"pragma table_info({table})")]
        body = next(name for name in columns if name in ("entry", "json", "body", "canonical", "bytes"))
        database.execute(f"update {table} set {body} = replace({body}, 'Okafor', 'Somebody') where rowid = 3")
    database.close()
    driver.studio.open_project(folder)
    driver.wait(lambda: driver.studio.model.ledger == "altered", "the check")
    banner = driver.studio.shell.findChild(QWidget, "ledger_banner")
    assert banner is not None
    assert banner.isVisible()
    button = driver.write.tray.findChild(QWidget, "ask_button")
    assert button is not None
    assert not button.isEnabled()
    driver.caret_on("Tom sits")
    QTest.keyClicks(driver.editor, "Slowly, ")
    assert "Slowly, Tom sits." in driver.text()
    driver.studio.save()
    driver.saved()
