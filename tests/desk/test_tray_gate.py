"""The tray when a request waits at the gate, is blocked there, or has gone through it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from gate_words import BLOCKED_WHY, REMEDY, RULE, Window, gate_sheet
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from record_fakes import INTACT
from tray_fakes import candidate, task

from studio_assist import protocol
from studio_assist.desk.kit import Label
from studio_assist.desk.write.gate_watch import GateWatch
from studio_assist.domain.candidate import State
from studio_assist.domain.errors import Refusal
from studio_assist.domain.generation import BackendInfo, Where
from studio_assist.domain.values import RequestId

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

R1 = RequestId("r1")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DRAFT = protocol.ClearanceDraft(
    id="c1", path="/projects/Larkspur.studio/clearance/c1.toml", text="We ask to send scene 14 to Northlight."
)


def backend(name: str, title: str, where: Where) -> BackendInfo:
    return BackendInfo(id=name, name=title, kinds=("text",), where=where, ready=True, model="M-1")


HERE = backend("embedded", "On this machine", Where.HERE)
AWAY = backend("northlight", "Northlight", Where.OUTSIDE)


class Asked(Window):
    """A window in which a line was asked about, of a host outside."""

    def __init__(self, home, *backends: BackendInfo) -> None:
        super().__init__(home)
        self.write = self.studio.write
        self.tray = self.write.tray
        self.broker.answers |= {
            "list_tasks": protocol.Tasks(tasks=(task(), task("beats", needs="scene"))),
            "ask": protocol.Asked(request=R1, at=NOON),
            "draft_clearance": DRAFT,
        }
        there = backends or (HERE, AWAY)
        self.broker.answers["list_backends"] = protocol.Backends(backends=there, found=())
        self.studio.models.look()
        self.wait(lambda: len(self.studio.models.backends) == len(there), "the models")
        self.studio.models.choose(AWAY.id)
        self.wait(lambda: self.tray.task() is not None, "the tasks")
        at = self.write.document.text().index("The last boat")
        self.write.editor.select_range(at, at)
        self.tray.set_note("shorter")
        self.tray.focus_ask()

    def ask(self) -> None:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self.wait(lambda: bool(self.broker.params_of(protocol.ASK)), "the ask")
        self.wait(lambda: not self.tray._asking, "the answer to it")

    def block(self) -> None:
        self.event(protocol.GateAsked(sheet=gate_sheet(verdict="blocked")))
        self.event(self.changed("failed", note=BLOCKED_WHY, remedy=REMEDY))
        QTest.qWait(60)

    def changed(self, state: str, **more: str) -> protocol.RequestChanged:
        return protocol.RequestChanged.model_validate(
            {"request": R1, "task": "alt-lines", "state": state, "done": 0, "total": 3, **more}
        )

    def button(self, name: str) -> QAbstractButton:
        return self.shell.findChild(QAbstractButton, name)

    def press(self, name: str) -> None:
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def label(self, name: str) -> str:
        found = self.shell.findChild(Label, name)
        return found.plain if found.isVisible() else ""


@pytest.fixture
def window(qtbot, home) -> Iterator[Asked]:
    window = Asked(home)
    yield window
    window.close()


def test_a_request_that_waits_for_a_person_says_so_and_leads_to_its_sheet(window):
    shown: list[str] = []
    window.write.show_sheet.connect(shown.append)
    window.ask()
    window.event(window.changed("running"))
    window.event(protocol.GateAsked(sheet=gate_sheet()))
    assert window.label("tray_gate_said") == "Waiting for you to read what is sent"
    window.press("show_sheet_button")
    assert shown == [R1]
    window.event(protocol.GateClosed(request=R1, why="sent"))
    window.event(protocol.GateSent(request=R1, bytes=4213))
    assert window.label("tray_gate_said") == "Sent. Waiting for Northlight to answer"
    assert not window.button("show_sheet_button").isVisible()
    window.event(protocol.CandidateChanged(candidate=candidate(0, State.REQUESTED)))
    window.event(protocol.CandidateChanged(candidate=candidate(0, State.STREAMING, "The last")))
    assert window.label("tray_gate_said") == ""


def test_a_blocked_request_shows_sentence_rule_and_both_ways_out(window):
    window.ask()
    window.block()
    assert window.label("blocked_rule") == BLOCKED_WHY
    assert window.label("blocked_rule_name") == f"Rule: {RULE}"
    assert window.button("use_local_button").isVisible()
    assert window.button("ask_clearance_button").isVisible()
    assert not window.button("ask_button").isVisible()
    # It is said once: not in the ask box and under the cards too.
    assert window.label("tray_note") == ""


def test_the_model_on_this_machine_is_asked_the_same(window):
    wanted: list[str] = []
    window.write.backend_wanted.connect(wanted.append)
    window.ask()
    window.block()
    window.broker.answers["ask"] = protocol.Asked(request=RequestId("r2"), at=NOON.replace(hour=13))
    window.press("use_local_button")
    window.wait(lambda: len(window.broker.params_of(protocol.ASK)) == 2, "the second ask")
    first, second = window.broker.params_of(protocol.ASK)
    assert (first.backend, second.backend) == ("northlight", "embedded")
    same = {"backend": None}
    assert first.model_copy(update=same) == second.model_copy(update=same)
    assert wanted == ["embedded"]
    window.wait(lambda: not window.tray._asking, "the answer")
    assert window.button("ask_button").isVisible()


def test_without_a_model_here_only_clearance_is_offered(qtbot, home):
    window = Asked(home, AWAY)
    window.ask()
    window.block()
    assert not window.button("use_local_button").isVisible()
    assert window.button("ask_clearance_button").isVisible()
    window.close()


def test_what_was_blocked_leads_to_the_clear_desk_by_keyboard(window):
    wanted = []
    window.write.clearance_wanted.connect(wanted.append)
    window.ask()
    window.block()
    QTest.qWait(10)
    # By keyboard: Tab leads from the note to the ways out.
    window.tray.focus_ask()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is window.button("ask_clearance_button")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    (asked,) = wanted
    assert (asked.request, asked.rule, asked.why) == (R1, "keeps-nothing", BLOCKED_WHY)
    assert asked.backend == "northlight"
    # The rule still stands in the tray.
    assert window.label("blocked_rule") == BLOCKED_WHY


def test_the_gates_own_sheet_takes_the_same_two_ways(window):
    wanted = []
    window.write.clearance_wanted.connect(wanted.append)
    window.ask()
    window.block()
    window.write.ask_clearance(gate_sheet(verdict="blocked"))
    assert [one.rule for one in wanted] == ["keeps-nothing"]
    window.write.use_local(R1)
    window.wait(lambda: len(window.broker.params_of(protocol.ASK)) == 2, "the second ask")
    assert window.broker.params_of(protocol.ASK)[1].backend == "embedded"


def test_an_ask_that_is_refused_shows_the_same(window):
    window.broker.answers["ask"] = Refusal("This host is not known.", remedy="Attest it.", rule="attested")
    window.ask()
    assert window.label("blocked_rule") == "This host is not known."
    assert window.button("ask_clearance_button").isVisible()
    window.broker.answers["ask"] = protocol.Asked(request=RequestId("r2"), at=NOON)
    window.press("use_local_button")
    window.wait(lambda: len(window.broker.params_of(protocol.ASK)) == 2, "the second ask")
    assert window.broker.params_of(protocol.ASK)[1].note == "shorter"


def test_what_no_host_and_no_clearance_mends_offers_neither(window):
    window.broker.answers["ask"] = Refusal("The line is too long.", remedy="Take another.", rule="task-fits")
    window.ask()
    assert window.label("blocked_rule") == "The line is too long."
    assert not window.button("use_local_button").isVisible()
    assert not window.button("ask_clearance_button").isVisible()


@pytest.mark.parametrize("way", ["note", "line", "task", "put away"])
def test_a_changed_request_may_be_asked_again(window, way):
    window.ask()
    window.block()
    if way == "note":
        window.tray.focus_ask()
        QTest.keyClicks(QApplication.focusWidget(), "!")
    elif way == "line":
        at = window.write.document.text().index("Then we wait")
        window.write.editor.select_range(at, at)
        QTest.qWait(10)
    elif way == "task":
        window.tray.choose_task("beats")
    else:
        window.press("blocked_away_button")
    assert window.label("blocked_rule") == ""
    assert window.button("ask_button").isEnabled()


def test_names_that_did_not_come_back_are_told_beside_what_is_not_shown(window):
    window.ask()
    told = "2 stand-ins came back changed and were read all the same."
    window.event(window.changed("done", note=f"Not shown: 3 looped, 1 empty. {told}"))
    QTest.qWait(60)
    assert window.button("not_shown_button").text() == "4 not shown"
    assert window.label("tray_note") == told


def test_the_status_bar_counts_what_was_sent_and_lists_it(window):
    item = window.button("status_sent")
    assert item.text() == "Sent off machine today: 0 B"
    assert "Nothing of this project has left" in item.toolTip()
    QTest.mouseClick(item, Qt.MouseButton.LeftButton)
    card = window.sent._card
    assert card is not None
    assert "Nothing of this project has left this machine today." in card.words
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()
    window.ask()
    window.event(protocol.GateAsked(sheet=gate_sheet()))
    window.event(protocol.GateSent(request=R1, bytes=4213))
    window.event(protocol.GateSent(request=R1, bytes=4213, answered=True))
    window.tell(INTACT.model_copy(update={"sent_today_bytes": 9213}))
    assert item.text() == "Sent off machine today: 9 kB"
    item.setFocus()
    QTest.keyClick(item, Qt.Key.Key_Return)
    assert "Northlight: Alternative lines, entry 1,285\n4 kB" in card.words
    assert "Before this window was opened: 5 kB" in card.words
    card.dismiss()
    # The same is sent once more: the broker counts both times together, the list has each by itself.
    window.event(protocol.GateSent(request=R1, bytes=8426))
    window.event(window.changed("done"))
    window.sent.show()
    assert card.words.count("entry 1,285\n4 kB") == 2
    assert "Before this window was opened: 787 B" in card.words
    card.dismiss()


def test_words_that_are_held_are_named_as_the_question_that_they_are():
    watch = GateWatch()
    question = protocol.QuestionSeen(
        id="q", word="Hope", where="messages[1]", question="Is this a name?", answers=("name", "no-name")
    )
    watch.take(protocol.GateAsked(sheet=gate_sheet(verdict="hold", questions=(question,))))
    assert watch.now is not None
    assert watch.now.said == "Waiting for you to say whether a word may be sent"
    watch.take(protocol.GateClosed(request=R1, why="refused"))
    assert watch.now is None
