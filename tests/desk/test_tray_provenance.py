from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QVBoxLayout, QWidget

from studio_assist.desk.kit import Label
from studio_assist.desk.theme import Theme
from studio_assist.desk.write.card_words import clock
from studio_assist.desk.write.diff_view import DiffView
from studio_assist.desk.write.intents import ForgetText, MarkReplaced, RewriteSpan, ShowLedgerEntry
from studio_assist.desk.write.provenance import EntrySheet, ProvenancePopover
from studio_assist.domain.candidate import State
from studio_assist.domain.temp import TempSpan
from studio_assist.domain.values import sha256_of
from studio_assist.protocol import ForgottenSeen, Provenance

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

AT = datetime(2026, 3, 4, 14, 2, tzinfo=UTC)
SPAN = TempSpan(
    id="s1",
    entry=1271,
    request="r1",
    candidate="r1-c1",
    task="alt-lines",
    person="okafor",
    person_name="R. Okafor",
    at=AT,
    outcome="edited",
    model="SmolLM2-135M on this machine",
    start=0,
    length=4,
    quote=sha256_of("lamp"),
    edited=0.38,
)
STORY = Provenance(
    entry=1271,
    person_name="R. Okafor",
    automated=False,
    at=AT,
    outcome=State.EDITED,
    kept=0.62,
    task="Alt lines",
    model="SmolLM2-135M",
    where="here",
    seed=17,
    asked_at=AT,
    note="Colder.",
    offered="The lamp dims.",
    result="The lamp goes dark.",
)


class Page:
    def __init__(self, qtbot) -> None:
        self.theme = Theme("dark")
        self.theme.apply(QApplication.instance())
        self.window = QWidget()
        self.editor = QLineEdit()
        QVBoxLayout(self.window).addWidget(self.editor)
        self.window.resize(800, 600)
        self.popover = ProvenancePopover(self.theme, self.window)
        self.said: list[object] = []
        self.popover.intended.connect(self.said.append)
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        self.editor.setFocus()

    def link(self, name: str) -> QAbstractButton:
        return self.popover.findChild(QAbstractButton, name)


@pytest.fixture
def page(qtbot):
    return Page(qtbot)


def test_it_names_person_time_share_and_model(page):
    page.popover.show_span(SPAN, QRect(20, 40, 300, 30), focus=False)
    assert page.popover.accessibleDescription() == (
        f"Accepted by R. Okafor {clock(AT)}, edited 38 %, SmolLM2-135M on this machine"
    )
    assert page.link("open_entry_link").text() == "Open ledger entry 1,271"


def test_an_automated_decision_never_passes_for_a_persons(page):
    page.popover.show_span(SPAN, QRect(20, 40, 300, 30), focus=False, automated=True)
    assert "Automated tour" in page.popover.accessibleDescription()
    assert "Okafor" not in page.popover.accessibleDescription()


def test_hovering_leaves_the_focus_where_it_is(page):
    page.popover.show_span(SPAN, QRect(20, 40, 300, 30), focus=False)
    assert QApplication.focusWidget() is page.editor


def test_the_keyboard_walks_the_links_and_esc_gives_the_focus_back(page):
    page.popover.show_span(SPAN, QRect(20, 40, 300, 30), focus=True)
    names = []
    for _ in range(5):
        names.append(QApplication.focusWidget().objectName())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    links = ["open_entry_link", "rewrite_link", "mark_replaced_link", "forget_link"]
    assert names == [*links, "open_entry_link"]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not page.popover.isVisible()
    assert QApplication.focusWidget() is page.editor
    assert page.said == []


@pytest.mark.parametrize(
    ("link", "intent"),
    [
        ("open_entry_link", ShowLedgerEntry(entry=1271, span="s1")),
        ("rewrite_link", RewriteSpan(span="s1")),
        ("mark_replaced_link", MarkReplaced(span="s1")),
        ("forget_link", ForgetText(entry=1271)),
    ],
)
def test_each_link_says_what_the_person_wants(page, link, intent):
    page.popover.show_span(SPAN, QRect(20, 40, 300, 30), focus=True)
    QTest.mouseClick(page.link(link), Qt.MouseButton.LeftButton)
    assert page.said == [intent]


def test_it_closes_after_the_pointer_left_but_not_while_the_keyboard_is_in_it(page, qtbot):
    page.popover.show_span(SPAN, QRect(20, 400, 300, 30), focus=True)
    page.popover.leave()
    qtbot.wait(400)
    assert page.popover.isVisible()
    page.editor.setFocus()
    page.popover.leave()
    qtbot.waitUntil(lambda: not page.popover.isVisible(), timeout=2000)


@pytest.mark.parametrize("top", [0, 300, 580])
def test_it_stays_inside_its_window(page, top):
    page.popover.show_span(SPAN, QRect(700, top, 90, 18), focus=False)
    assert page.window.rect().contains(page.popover.geometry())


def test_the_entry_tells_the_models_words_from_the_persons(page, qtbot):
    sheet = EntrySheet(page.theme, STORY, page.editor)
    sheet.open()
    qtbot.wait(50)
    said = [view.accessibleName() for view in sheet.findChildren(DiffView)]
    assert said[0] == "offered: The lamp dims.;"
    assert "removed: dims;" in said[1]
    assert "written by a person: goes dark;" in said[1]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_an_entry_whose_words_were_forgotten_says_so(page):
    sheet = EntrySheet(page.theme, STORY.model_copy(update={"offered": None, "result": None}), page.editor)
    assert sheet.findChildren(DiffView) == []
    assert any("not kept any more" in label.plain for label in sheet.findChildren(Label))


def test_forgotten_words_are_named_with_who_and_when_on_sheet_and_card(page):
    seen = ForgottenSeen(who="J. Lindqvist", at=AT, why="A name of a living person.", entry=1290)
    bare = STORY.model_copy(update={"offered": None, "result": None, "forgotten": seen})
    sheet = EntrySheet(page.theme, bare, page.editor)
    said = sheet.findChild(Label, "entry_forgotten").plain
    assert "forgotten by J. Lindqvist on 4 Mar 2026: A name of a living person." in said
    assert sheet.findChild(QAbstractButton, "entry_forget_link") is None
    page.popover.show_span(SPAN, QRect(20, 40, 300, 30), focus=True)
    page.popover.show_forgotten(1, "Its words were forgotten by nobody")
    assert "nobody" not in page.popover.accessibleDescription()
    page.popover.show_forgotten(SPAN.entry, "Its words were forgotten by J. Lindqvist on 4 Mar 2026")
    assert "J. Lindqvist" in page.popover.accessibleDescription()
    assert not page.link("forget_link").isVisible()
    page.popover.close_now()
