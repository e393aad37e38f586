"""The broker ends at the worst moments: what the person did is done once, and the window goes on."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.domain.candidate import OPEN, State
from studio_assist.ledger import Ledger, verify
from studio_assist.storage import atomic
from tests.desk.studio_driver import CTRL, SHIFT, Driver
from tests.faults.processes import kill
from tests.models import model_file as model_file

LINE = "The last boat left an hour ago."

Start = Callable[..., Driver]


@pytest.fixture
def start(qapp: object, home: Path, tmp_path: Path, model_file: object) -> Iterator[Start]:
    """Opens a window whose broker dies at a point, once."""
    made: list[Driver] = []

    def begin(point: str | None = None) -> Driver:
        dying = ["-m", "tests.faults.broker_with", "dies", str(point), str(tmp_path / "died")]
        driver = Driver(home, broker=[sys.executable, *dying] if point else None)
        made.append(driver)
        return driver.make(tmp_path / "Ferry.studio")

    yield begin
    for driver in made:
        driver.close()


@pytest.mark.parametrize(
    "point",
    ["before the decision", "after the decision", "before the save", "between the files", "after the save"],
)
def test_an_acceptance_is_made_once_and_its_words_stand_once(
    start: Start, tmp_path: Path, point: str
) -> None:
    desk = start(point)
    before = desk.text()
    (card, *_) = desk.ask(LINE, count=2, least=1)
    offered = desk.offered(card)
    desk.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    desk.settle(200)

    assert (tmp_path / "died").exists()
    assert desk.text() == before.replace(LINE, offered)
    assert desk.spans() == [offered]
    assert desk.studio.shell.sheet() is None
    # A machine of the tests has no keychain, and the window says so once.
    assert set(desk.studio.shell.notices.ids) - {"key", "contact"} == {"broker"}
    folder = tmp_path / "Ferry.studio"
    assert (folder / "script.fountain").read_bytes() == desk.text().encode()
    assert _types(folder, "decision", "placed", "span_deleted", "span_lost") == ["decision", "placed"]

    QTest.keyClick(desk.editor, Qt.Key.Key_Z, CTRL)
    desk.wait(lambda: desk.state(card) in OPEN, "the card to be open again")
    desk.saved()
    assert desk.text() == before
    assert verify(folder / "ledger.sqlite").ok


def test_an_undo_is_made_once(start: Start, tmp_path: Path) -> None:
    desk = start("after the undo")
    before = desk.text()
    (card, *_) = desk.ask(LINE, count=2, least=1)
    desk.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    QTest.keyClick(desk.editor, Qt.Key.Key_Z, CTRL)
    desk.wait(lambda: desk.state(card) in OPEN, "the card to be open again")
    desk.saved()
    assert desk.text() == before
    assert desk.studio.shell.sheet() is None
    assert _types(tmp_path / "Ferry.studio", "decision_undone", "span_deleted") == ["decision_undone"]


def test_undo_and_redo_faster_than_the_record_end_in_step_with_it(start: Start, tmp_path: Path) -> None:
    desk = start()
    before = desk.text()
    (card, *_) = desk.ask(LINE, count=2, least=1)
    desk.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    accepted = desk.text()
    for keys in (CTRL, CTRL | SHIFT, CTRL, CTRL | SHIFT):
        QTest.keyClick(desk.editor, Qt.Key.Key_Z, keys)
    desk.wait(lambda: not desk.write.asking.waiting, "the record")
    desk.settle(300)
    desk.saved()
    assert desk.text() == accepted
    assert desk.state(card) is State.ACCEPTED
    for keys in (CTRL, CTRL | SHIFT, CTRL):
        QTest.keyClick(desk.editor, Qt.Key.Key_Z, keys)
    desk.wait(lambda: desk.state(card) in OPEN, "the card to be open again")
    desk.saved()
    assert desk.text() == before
    assert desk.studio.shell.sheet() is None
    recorded = _types(tmp_path / "Ferry.studio", "decision", "decision_undone")
    assert recorded[-1] == "decision_undone"
    assert verify(tmp_path / "Ferry.studio" / "ledger.sqlite").ok


def test_a_line_that_an_accepted_candidate_repeats_is_taken_all_the_same(start: Start) -> None:
    desk = start()
    first, second, *_ = desk.ask(LINE, count=3)
    desk.press(first, Qt.Key.Key_E)
    field = desk.widget(first).findChild(QWidget, "edit_field")
    assert isinstance(field, QPlainTextEdit)
    field.setPlainText(f"{LINE} Or more.")
    QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
    desk.wait(lambda: desk.state(second) is State.STALE, "the other card to be stale")
    assert desk.spans() == [f"{LINE} Or more."]
    QTest.keyClick(desk.editor, Qt.Key.Key_Z, CTRL)
    desk.wait(lambda: desk.state(second) in OPEN, "the other card to be open again")


def test_a_replacement_is_made_once(start: Start, tmp_path: Path) -> None:
    desk = start("after the replacement")
    (card, *_) = desk.ask(LINE, count=2, least=1)
    desk.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    QTest.keyClick(desk.studio.shell, Qt.Key.Key_F8)
    desk.write.rewrite_here()
    field = desk.studio.shell.findChild(QPlainTextEdit, "rewrite_field")
    assert field is not None
    QTest.keyClicks(field, "We missed it.")
    QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
    desk.wait(lambda: not desk.spans(), "the amber to go")
    desk.saved()
    assert _types(tmp_path / "Ferry.studio", "replaced") == ["replaced"]


def test_cards_and_what_is_typed_on_them_outlive_the_broker(start: Start) -> None:
    desk = start()
    first, *rest = desk.ask(LINE, count=3, least=2)
    desk.decide(first, Qt.Key.Key_R, State.REJECTED)
    desk.press(rest[0], Qt.Key.Key_E)
    field = desk.widget(rest[0]).findChild(QWidget, "edit_field")
    assert isinstance(field, QPlainTextEdit)
    field.setPlainText("There is no boat tonight.")
    _end(desk)
    assert desk.state(first) is State.REJECTED
    assert field.toPlainText() == "There is no boat tonight."
    QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
    desk.wait(lambda: desk.state(rest[0]) is State.EDITED, "the edit")
    assert desk.spans() == ["There is no boat tonight."]


def test_a_request_that_was_running_ends_as_failed_and_keeps_its_words(start: Start) -> None:
    desk = start()
    desk.begin_asking(LINE, count=8)
    desk.wait(lambda: any(desk.offered(card) for card in desk.cards()), "the first words")
    shown = {card: desk.offered(card) for card in desk.cards()}
    _end(desk)
    assert desk.studio.model.queue is None
    current = desk.write.cards.current
    assert current is not None
    assert current.state == "failed"
    assert current.remedy
    assert {card: desk.offered(card)[: len(words)] for card, words in shown.items()} == shown
    assert State.STREAMING not in {desk.state(card) for card in desk.cards()}
    assert desk.ask("Then we wait", count=2, least=1)


def test_words_that_were_autosaved_and_then_saved_are_not_offered_as_lost(
    start: Start, tmp_path: Path
) -> None:
    desk = start()
    desk.caret_on("Tom sits")
    QTest.keyClicks(desk.editor, "Slowly, ")
    desk.write.saver.autosave()
    desk.settle(200)
    _end(desk)
    assert not [notice for notice in desk.studio.shell.notices.ids if notice.startswith("autosave-")]
    QTest.keyClicks(desk.editor, "very slowly, ")
    QTest.keyClick(desk.studio.shell, Qt.Key.Key_S, CTRL)
    desk.saved()
    desk.studio.close_project()
    desk.wait(lambda: desk.studio.state is None, "the project to close")
    desk.studio.open_project(tmp_path / "Ferry.studio")
    desk.wait_open()
    assert desk.studio.state is not None
    assert desk.studio.state.recovery == ()


def test_a_crash_between_the_two_files_of_a_save_offers_the_words(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "Ferry.studio"
    desk = start()
    (card, *_) = desk.ask(LINE, count=2, least=1)
    offered = desk.offered(card)
    # The words are on the page and the decision in the record, and no save has reached a file.
    desk.write.saver.hold()
    desk.press(card, Qt.Key.Key_A)
    desk.wait(lambda: desk.state(card) is State.ACCEPTED, "the decision")
    text, spans = desk.write.content()
    person = desk.person
    desk.write.saver.load(desk.studio.state.stamp, read_only=False)  # type: ignore[union-attr]
    desk.studio.close_project()
    desk.wait(lambda: desk.studio.state is None, "the project to close")

    class EndedError(BaseException):
        """Stands for the end of the process."""

    rename = atomic._rename

    def only_the_first(partial: Path, target: Path) -> None:
        if target.name == "script.fountain":
            raise EndedError
        rename(partial, target)

    async def save() -> None:
        broker = Broker(lambda _event: None)
        opened = await broker.handle(
            protocol.OPEN_PROJECT, protocol.OpenProjectParams(path=str(folder), person=person)
        )
        params = protocol.SaveScriptParams(text=text, spans=spans, expected=opened.stamp)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(atomic, "_rename", only_the_first)
            with pytest.raises(EndedError):
                await broker.handle(protocol.SAVE_SCRIPT, params)
        await broker.close()

    asyncio.run(save())
    assert card in (folder / "temp.json").read_text(encoding="utf-8")
    assert offered not in (folder / "script.fountain").read_text(encoding="utf-8")

    desk.studio.open_project(folder)
    desk.wait_open()
    (offer,) = desk.studio.state.recovery  # type: ignore[union-attr]
    assert (offer.kind, offer.text) == ("decision", offered)
    button = desk.studio.shell.findChild(QWidget, f"notice_decision-{offer.id.partition(':')[2]}_take")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.saved()
    assert desk.spans() == [offered]
    assert (folder / "script.fountain").read_bytes() == desk.text().encode()
    assert _types(folder, "placed", "span_lost", "span_deleted") == ["placed"]


def test_accepted_words_that_are_left_aside_are_not_offered_for_ever(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "Ferry.studio"
    desk = start()
    (card, *_) = desk.ask(LINE, count=2, least=1)
    desk.write.saver.hold()
    desk.press(card, Qt.Key.Key_A)
    desk.wait(lambda: desk.state(card) is State.ACCEPTED, "the decision")
    assert desk.studio.state is not None
    desk.write.saver.load(desk.studio.state.stamp, read_only=False)
    for answered in (False, True):
        desk.studio.close_project()
        desk.wait(lambda: desk.studio.state is None, "the project to close")
        desk.studio.open_project(folder)
        desk.wait_open()
        if not answered:
            (offer,) = desk.studio.state.recovery
            name = f"notice_decision-{offer.id.partition(':')[2]}_leave"
            button = desk.studio.shell.findChild(QWidget, name)
            assert button is not None
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            desk.settle(150)
    assert desk.studio.state.recovery == ()
    assert desk.spans() == []


def test_typed_words_of_a_crashed_window_come_back_and_take_no_mark_off(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "Ferry.studio"
    desk = start()
    (card, *_) = desk.ask(LINE, count=2, least=1)
    old = desk.text()
    desk.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    (accepted,) = desk.write.content()[1]
    desk.studio.close_project()
    desk.wait(lambda: desk.studio.state is None, "the project to close")

    async def crash(text: str) -> None:
        broker = Broker(lambda _event: None)
        opening = protocol.OpenProjectParams(path=str(folder), person=desk.person)
        state = await broker.handle(protocol.OPEN_PROJECT, opening)
        kept = protocol.AutosaveParams(text=text, spans=(), base=state.stamp.sha256)
        await broker.handle(protocol.AUTOSAVE, kept)
        await broker.close()

    # Typed by a window that crashed before the acceptance, and never answered since.
    typed = old.replace("Tom sits", "Slowly, Tom sits")
    asyncio.run(crash(typed))
    desk.studio.open_project(folder)
    desk.wait_open()
    assert desk.studio.state is not None
    (offer,) = desk.studio.state.recovery
    # What is typed here before the answer is saved first, so that it is among the previous versions.
    desk.caret_on("Nora stands")
    QTest.keyClicks(desk.editor, "Here ")
    button = desk.studio.shell.findChild(QWidget, f"notice_{offer.id.replace(':', '-')}_take")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.wait(lambda: "Slowly, Tom sits" in desk.text(), "the words")
    desk.saved()
    desk.settle(200)

    assert desk.text() == typed
    assert [(span.entry, span.state) for span in desk.write.content()[1]] == [(accepted.entry, "lost")]
    assert desk.write.debt.lines == 1
    assert (folder / "script.fountain").read_text(encoding="utf-8") == typed
    previous = [file.read_text(encoding="utf-8") for file in (folder / "recovery" / "previous").iterdir()]
    assert any("Here Nora stands" in text for text in previous)
    desk.studio.close_project()
    desk.wait(lambda: desk.studio.state is None, "the project to close")
    desk.studio.open_project(folder)
    desk.wait_open()
    assert desk.studio.state is not None
    assert desk.studio.state.recovery == ()


def test_opening_a_project_again_undoes_no_decision(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "Ferry.studio"
    desk = start()
    (card, *_) = desk.ask(LINE, count=2, least=1)
    desk.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    spans = desk.spans()
    desk.studio.open_project(folder)
    desk.settle(400)
    desk.wait_open()
    assert desk.spans() == spans
    desk.studio.close_project()
    desk.wait(lambda: desk.studio.state is None, "the project to close")
    assert _types(folder, "decision", "decision_undone", "span_deleted") == ["decision"]


# internals ----------------------------------------------------------------------------------------------


def _end(desk: Driver) -> None:
    pid = desk.window.client.pid
    kill(pid)
    desk.wait(lambda: desk.window.client.pid not in (0, pid), "the new broker")
    desk.wait(lambda: "broker" in desk.studio.shell.notices.ids, "the notice")
    desk.settle(300)


def _types(folder: Path, *wanted: str) -> list[str]:
    with Ledger.open(folder / "ledger.sqlite", read_only=True) as ledger:
        return [entry.body.type for entry in ledger.entries(limit=1000) if entry.body.type in wanted]
