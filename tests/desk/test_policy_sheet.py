"""Policies in the window: read, chosen, confirmed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gate_words import LOCAL, NETFLIX, POLICIES, WRITERS, Window
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from studio_assist import protocol
from studio_assist.desk.policy.sheet import PolicySheet
from studio_assist.domain.sensitivity import Sensitivity

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def window(qtbot, home) -> Iterator[Window]:
    window = Window(home)
    yield window
    window.close()


def opened(window: Window, *, read: str | None = None) -> PolicySheet:
    if read is None:
        window.shell.commands.run("policy.show")
    else:
        window.policies.read(read)
    window.wait(lambda: bool(up(window)), "the sheet")
    return up(window)[0]


def up(window: Window) -> list[PolicySheet]:
    found = window.shell.findChildren(PolicySheet)
    return [sheet for sheet in found if sheet.isVisible()]


def click(sheet: PolicySheet, name: str) -> None:
    QTest.mouseClick(sheet.findChild(QAbstractButton, name), Qt.MouseButton.LeftButton)


def test_every_sentence_stands_there_with_its_source_and_says_where_it_was_not_checked(window):
    sheet = opened(window)
    words = sheet.reading.words
    for sentence, source, _verified in NETFLIX.sentences:
        assert sentence in words
        assert f"Source: {source}" in words
    for said in (NETFLIX.version, NETFLIX.about, NETFLIX.disclaimer):
        assert said in words
    assert WRITERS.sentences[0][0] not in words
    click(sheet, "overlay_writers-agreement")
    assert WRITERS.sentences[0][0] in sheet.reading.words
    assert f"not checked at the source itself: {WRITERS.sentences[0][1]}" in sheet.reading.words


def test_a_project_is_put_under_a_policy_by_a_named_person_who_pressed_the_button(window):
    sheet = opened(window)
    told: list[object] = []
    window.policies.changed.connect(told.append)
    assert not sheet.choose_button.isEnabled()
    click(sheet, "policy_local-only")
    click(sheet, "overlay_writers-agreement")
    sheet.material.setCurrentIndex(list(Sensitivity).index(Sensitivity.PERSONAL))
    assert sheet.choose_button.isEnabled()
    sheet._rows["local-only"].setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert window.broker.params_of(protocol.CHOOSE_POLICY) == []
    now = POLICIES.model_copy(
        update={
            "chosen": LOCAL.id,
            "overlays": (WRITERS.id,),
            "material": Sensitivity.PERSONAL,
        }
    )
    window.broker.answers["choose_policy"] = now
    click(sheet, "policy_choose")
    window.wait(lambda: bool(told), "the choice")
    asked = window.broker.params_of(protocol.CHOOSE_POLICY)[0]
    assert (asked.policy, asked.overlays, asked.material) == (LOCAL.id, (WRITERS.id,), Sensitivity.PERSONAL)
    assert asked.person.name == "R. Okafor"
    assert "Signed by R. Okafor" in sheet.outcome.words
    assert not sheet.choose_button.isEnabled()


def test_nothing_is_chosen_by_enter_when_the_sheet_comes_up(window):
    sheet = opened(window)
    click(sheet, "policy_local-only")
    for _ in range(3):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Enter)
    assert window.broker.params_of(protocol.CHOOSE_POLICY) == []
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert up(window) == []


def test_files_that_the_record_does_not_name_are_confirmed_as_they_are(window):
    window.broker.answers["list_policies"] = POLICIES.model_copy(
        update={"pinned": False, "problems": ("policies/house.toml: allows: Field required.",)}
    )
    window.broker.answers["choose_policy"] = POLICIES
    sheet = opened(window)
    assert "not the ones that the record names" in sheet.pinned.words
    assert "policies/house.toml" in sheet.problems.words
    click(sheet, "policy_local-only")
    click(sheet, "policy_confirm")
    window.wait(lambda: bool(window.broker.params_of(protocol.CHOOSE_POLICY)), "the word")
    # What is confirmed is what the project has, not what somebody has just looked at.
    assert window.broker.params_of(protocol.CHOOSE_POLICY)[0].policy == NETFLIX.id
    window.wait(lambda: not sheet.pinned.words, "the pin")


def test_in_a_window_made_smaller_the_buttons_stay_clear_of_the_text(window):
    window.shell.resize(1440, 900)
    sheet = opened(window)
    sheet.show_policies(POLICIES.model_copy(update={"pinned": False}))
    window.shell.resize(1100, 700)
    window.wait(lambda: sheet.height() == window.shell.height(), "the smaller window")
    QTest.qWait(30)
    below = sheet.reading.mapTo(sheet, sheet.reading.rect().bottomLeft()).y()
    assert below < sheet.close_button.mapTo(sheet, sheet.close_button.rect().topLeft()).y()


def test_from_the_first_page_policies_are_only_read(window):
    sheet = opened(window, read=LOCAL.id)
    assert LOCAL.sentences[0][0] in sheet.reading.words
    assert not sheet.choose_button.isVisible()
    assert not sheet.material.isVisible()
    click(sheet, "read_writers-agreement")
    assert WRITERS.sentences[0][0] in sheet.reading.words
    click(sheet, "policy_netflix-2025")
    assert NETFLIX.sentences[0][0] in sheet.reading.words
    assert WRITERS.sentences[0][0] not in sheet.reading.words
