"""Consents, named works, and what is noticed while somebody types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio_assist import protocol
from studio_assist.desk.clear.consent_sheet import ConsentSheet
from studio_assist.desk.clear.lead_bar import LeadBar, prefill_of
from studio_assist.desk.clear.noticing import NoticeWatch
from studio_assist.desk.theme import Theme
from studio_assist.domain.clearance import Noticed
from studio_assist.domain.errors import BadInput
from tests.desk.clear_fakes import OKAFOR, TODAY, Desk
from tests.desk.record_fakes import FakeBroker

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

FOUND = Noticed(
    text="in the style of Hopper",
    start=4,
    end=26,
    name="Hopper",
    kind="artist",
    use="look-and-mood-reference",
)
CLOSED = protocol.Noticing(
    found=(FOUND,),
    closed=protocol.Closed(
        rule="named-references",
        use="look-and-mood-reference",
        why="It names an artist.",
        remedy="Ask for clearance.",
        names=("Hopper",),
    ),
)


@pytest.fixture
def opened(qapp: QApplication, home: Path) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(*given: Any, **more: Any) -> Desk:
        made.append(Desk(home, *given, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def host(qapp: QApplication) -> Iterator[QWidget]:
    widget = QWidget()
    yield widget
    widget.deleteLater()


def test_consents_say_how_each_stands_and_one_is_added_with_its_paper(
    opened: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = opened()
    desk.click("open_consents")
    said = desk.said(desk.room.consents)
    assert "Ida Berg" in said
    assert "Valid" in said
    assert "Document missing" in said
    desk.click("add_consent")
    sheet = desk.sheet()
    assert isinstance(sheet, ConsentSheet)
    paper = tmp_path / "consent.pdf"
    paper.write_bytes(b"%PDF-1.7")
    sheet.who.setText("Ida Berg")
    sheet.kinds["voice"].click()
    sheet.uses.setPlainText("Temp voice in scene 14.")
    sheet.representation.setText("none")
    sheet.scope.until.show_day(TODAY + timedelta(days=90))
    assert not sheet.go.isEnabled()
    sheet.files.add((str(paper),))
    sheet.deceased.box.click()
    assert not sheet.go.isEnabled(), "the estate is named first"
    sheet.estate.setText("Berg estate")
    desk.broker.answers["add_consent"] = BadInput(
        "This file cannot be read.", remedy="Choose another.", place="consent.pdf"
    )
    sheet.go.click()
    desk.wait(lambda: "This file cannot be read. (consent.pdf)" in desk.said(sheet), "the error in its place")
    desk.broker.answers["add_consent"] = lambda _params: desk.shown
    desk.tab_to("files_drop")
    assert desk.part("files_drop").visibleRegion().boundingRect().height() > 20, (
        "the keyboard's place is in sight"
    )
    sheet.go.click()
    desk.wait(lambda: not desk.open_sheets(), "the consent to be recorded")
    params = desk.broker.params_of(protocol.ADD_CONSENT)[-1]
    assert (params.who, params.kinds, params.estate) == ("Ida Berg", ("voice",), "Berg estate")


def test_a_consent_is_revoked_with_a_reason(opened: Callable[..., Desk]) -> None:
    desk = opened()
    desk.click("open_consents")
    desk.click("revoke_consent")
    assert not desk.part("why_go").isEnabled()
    desk.part("why_text").setText("She took it back")
    desk.click("why_go")
    desk.wait(lambda: bool(desk.broker.params_of(protocol.REVOKE_CONSENT)), "the revoking")
    assert desk.broker.params_of(protocol.REVOKE_CONSENT)[0].why == "She took it back"


def test_named_works_are_added_changed_and_removed(opened: Callable[..., Desk]) -> None:
    desk = opened()
    desk.click("open_names")
    sheet = desk.sheet()
    assert "leads here" in desk.said(sheet)
    desk.part("reference_text").setText("Persona")
    desk.click("reference_keep")
    desk.wait(lambda: "Persona" in [one.text for one in desk.room.book.shown.references], "the work")
    [params] = desk.broker.params_of(protocol.SET_REFERENCE)
    assert (params.reference.text, params.was) == ("Persona", None)
    desk.click("reference_change")
    assert desk.part("reference_text").text() == "Edward Hopper"
    desk.click("reference_keep")
    desk.wait(lambda: len(desk.broker.params_of(protocol.SET_REFERENCE)) == 2, "the change")
    assert desk.broker.params_of(protocol.SET_REFERENCE)[1].was == "Edward Hopper"


def test_the_bar_says_what_was_noticed_and_leads_to_a_draft(qapp: QApplication) -> None:
    bar = LeadBar(Theme("dark"))
    led: list[object] = []
    bar.lead_wanted.connect(led.append)
    bar.show_noticing(protocol.Noticing())
    assert not bar.words
    bar.show_noticing(CLOSED)
    assert bar.words == "“in the style of Hopper” names an artist."
    bar.button.click()
    assert led == [CLOSED]
    params = protocol.NoticeParams(text="a diner in the style of Hopper", scene="12", task="board")
    draft = prefill_of(CLOSED, params, OKAFOR)
    assert (draft.names, draft.rule, draft.scene) == (("Hopper",), "named-references", "12")
    bar.show_noticing(CLOSED.model_copy(update={"closed": None, "cleared": ("C-016, until 3 Feb 2027",)}))
    assert bar.words.endswith("Cleared by C-016, until 3 Feb 2027.")
    bar.deleteLater()


def test_words_are_asked_about_once_the_typing_rests_and_a_late_answer_is_dropped(host: QWidget) -> None:
    broker = FakeBroker()
    watch = NoticeWatch(broker, host)
    told: list[protocol.Noticing] = []
    watch.noticed.connect(told.append)
    broker.answers["notice"] = lambda params: CLOSED if "Hopper" in params.text else protocol.Noticing()
    for text in ("in the", "in the style", "in the style of Hopper"):
        watch.watch(protocol.NoticeParams(text=text, task="board"))
    assert not broker.asked
    watch.ask_now()
    watch.watch(protocol.NoticeParams(text="a diner at night", task="board"))
    QTest.qWait(20)
    assert not told, "what was asked about stands there no more"
    assert not watch.fresh
    watch.ask_now()
    QTest.qWait(20)
    assert watch.fresh
    watch.watch(protocol.NoticeParams(text="in the style of Hopper", task="board"))
    watch.ask_now()
    QTest.qWait(20)
    assert told == [CLOSED]
    assert len(broker.asked) == 3
    assert broker.asked[0][0] == "notice"
    watch.clear()
    assert told[-1] == protocol.Noticing()
    broker.deleteLater()
