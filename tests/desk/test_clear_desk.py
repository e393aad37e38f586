"""The Clear desk: a request from its first question to what was sent, and whoever answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from studio_assist import protocol
from studio_assist.desk.clear.answer_sheet import AnswerSheet
from studio_assist.domain.errors import BadInput, Unavailable
from tests.desk import clear_fakes as fakes
from tests.desk.clear_fakes import MARSH, OKAFOR, TODAY, Desk

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

Open = Callable[..., Desk]
CTRL = Qt.KeyboardModifier.ControlModifier
KEYS = {"yes": Qt.Key.Key_Y, "no": Qt.Key.Key_N}


@pytest.fixture
def opened(qapp: QApplication, home: Path) -> Iterator[Open]:
    made: list[Desk] = []

    def make(*given: Any, **more: Any) -> Desk:
        made.append(Desk(home, *given, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


def drop(desk: Desk, name: str, *files: Path) -> None:
    """Drag files over a part and let them go there."""
    where = desk.part(name)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(one)) for one in files])
    common = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(where.rect().center(), *common)
    QApplication.sendEvent(where, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(where, QDropEvent(QPointF(where.rect().center()), *common))
    QApplication.processEvents()


def test_a_request_goes_from_its_questions_to_what_is_sent_by_keys_alone(opened: Open) -> None:
    desk = opened(fakes.picture(requests=()))
    assert "No requests yet" in desk.said(desk.room.requests)
    desk.part("use_search").setFocus()
    desk.type("temp voice")
    desk.press(Qt.Key.Key_Down)
    desk.tab_to(f"question_{fakes.POLICY.principles[0].id}")
    intake = desk.room.intake
    assert "Answer questions 1, 2, 3, 4 and 5 first." in desk.said(intake.foot.bar)
    for question in fakes.POLICY.principles[:-1]:
        desk.press(KEYS[question.wanted], Qt.Key.Key_Down)
    assert not intake.results.escalate.on
    desk.press(Qt.Key.Key_U)
    assert intake.results.escalate.on
    assert intake.results.proceed.words, "what would reach the other result stays in sight"
    desk.press(Qt.Key.Key_Return, held=CTRL)
    assert not desk.broker.params_of(protocol.SEND_CLEARANCE), "nobody was named to answer it"
    assert intake.foot.approver.line.hasFocus()
    desk.type("D. Marsh")
    desk.press(Qt.Key.Key_Return, held=CTRL)
    desk.wait(lambda: bool(desk.broker.params_of(protocol.SEND_CLEARANCE)), "the sending")
    desk.wait(lambda: bool(desk.open_sheets()), "the mail")
    said = desk.said(desk.sheet())
    assert "The app sends nothing." in said
    assert "C-001.pdf" in said
    desk.press(Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text().startswith("Dear D. Marsh")
    desk.press(Qt.Key.Key_Escape)
    [one] = desk.shown.requests
    assert (one.state, one.request.approver, one.request.use) == ("sent", "D. Marsh", fakes.use_like("voice"))
    assert one.request.answers == fakes.WANTED | {fakes.POLICY.principles[-1].id: "unsure"}
    assert not intake.foot.isVisible()
    assert "You asked for it, so somebody else answers it." in desk.said(intake.reading.bar)


def test_answers_that_fit_proceed_and_the_contact_is_told_in_a_sheet(opened: Open) -> None:
    desk = opened(fakes.picture(requests=(), contact=None))
    assert desk.part("contact_bar").isVisible()
    desk.room.intake.set_use(fakes.POLICY.uses[0].id)
    for question in fakes.POLICY.principles:
        desk.part(f"answer_{question.id}_{question.wanted}").click()
    assert desk.room.intake.results.proceed.on
    assert desk.part("fold_triggers").isChecked(), "whether anything speaks against it is asked openly"
    desk.part(f"trigger_{desk.shown.triggers[0].id}").click()
    assert desk.room.intake.results.escalate.on
    desk.part(f"trigger_{desk.shown.triggers[0].id}").click()
    desk.click("clear_tell")
    desk.wait(lambda: "We mean to use" in desk.part("contact_letter").toPlainText(), "the mail to copy")
    go = desk.part("contact_go")
    assert not go.isEnabled()
    desk.part("contact_name").setText("D. Marsh")
    desk.part("contact_how_mail").click()
    go.click()
    desk.wait(lambda: not desk.part("contact_bar").isVisible(), "the contact to be told")
    [told] = desk.broker.params_of(protocol.TELL_CONTACT)
    assert told.uses == (fakes.POLICY.uses[0].id,)
    assert "D. Marsh was told today by mail." in desk.said(desk.room.uses)


def test_what_is_typed_is_kept_a_moment_later_and_a_failed_save_says_so_and_loses_nothing(
    opened: Open,
) -> None:
    desk = opened()
    save = desk.broker.answers["save_clearance"]
    desk.broker.answers["save_clearance"] = Unavailable("The disk is full.", remedy="Make room, then save.")
    field = desk.part("clear_words")
    desk.part("fold_words").click()
    field.setPlainText("Only for the read-through.")
    assert "Not saved yet" in desk.said(desk.room.intake)
    desk.room.requests.rows.step(1)
    desk.wait(lambda: desk.part("clear_outcome").isVisible(), "the error")
    assert "The disk is full. Make room, then save." in desk.said(desk.room.intake.foot.bar)
    assert desk.room.current == "c-19", "the words are nowhere else, so the draft comes back to the front"
    assert field.toPlainText() == "Only for the read-through."
    desk.broker.answers["save_clearance"] = save
    desk.click("clear_save")
    desk.wait(lambda: desk.of("c-19").request.words == "Only for the read-through.", "the draft to be kept")
    assert "Saved" in desk.said(desk.room.intake)


def test_another_picture_from_the_broker_takes_nothing_from_what_is_being_typed(opened: Open) -> None:
    desk = opened()
    approver, day = desk.room.intake.foot.approver.line, desk.part("clear_needed")
    approver.setFocus()
    approver.selectAll()
    desk.type("A. Vik")
    day.setFocus()
    day.selectAll()
    desk.type("3 Fe")
    desk.tell()
    assert approver.text() == "A. Vik"
    assert day.text() == "3 Fe"
    assert not desk.part("clear_send").isEnabled()
    older = desk.shown.model_copy(update={"requests": (), "version": 0})
    desk.desk.take(protocol.ClearanceChanged(desk=older))
    assert len(desk.room.requests.rows.rows) == 6, "an older picture is not shown over a newer one"


def test_somebody_with_the_right_records_a_yes_only_with_a_document_and_both_days(
    opened: Open, tmp_path: Path
) -> None:
    desk = opened(person=MARSH)
    desk.desk.show_request("c-18")
    desk.click("reading_answer")
    sheet = desk.sheet()
    assert isinstance(sheet, AnswerSheet)
    assert sheet.answer is None
    desk.press(Qt.Key.Key_Return)
    assert not desk.broker.params_of(protocol.ANSWER_CLEARANCE), "nothing is pressed by Enter"
    sheet.yes.click()
    sheet.given_by.show_words("D. Marsh")
    sheet.scope.until.show_day(TODAY + timedelta(days=900))
    sheet.scope.changed.emit()
    assert sheet.missing == "A yes holds for two years at most: terms change."
    sheet.scope.until.show_day(TODAY + timedelta(days=30))
    sheet.scope.changed.emit()
    assert sheet.missing == "A yes needs the signed document: drop it, or choose it."
    signed = tmp_path / "signed.pdf"
    signed.write_bytes(b"%PDF-1.7")
    drop(desk, "files_drop", signed)
    assert sheet.go.isEnabled()
    sheet.go.click()
    desk.wait(lambda: "Approved by D. Marsh" in desk.said(desk.room.intake), "the answer")
    assert desk.of("c-18").state == "approved"
    [params] = desk.broker.params_of(protocol.ANSWER_CLEARANCE)
    assert (params.answer, params.evidence, params.person) == ("approved", (str(signed),), MARSH)
    assert params.scope.since == TODAY


def test_a_no_says_why_and_needs_no_document(opened: Open) -> None:
    desk = opened(person=MARSH)
    desk.desk.show_request("c-18")
    desk.click("reading_answer")
    sheet = desk.sheet()
    assert isinstance(sheet, AnswerSheet)
    sheet.no.click()
    sheet.given_by.show_words("D. Marsh")
    sheet.given_by.named.emit()
    assert sheet.missing == "Say why it was refused."
    sheet.words.setPlainText("Location owners have not agreed.")
    sheet.go.click()
    desk.wait(lambda: "Location owners have not agreed." in desk.said(desk.room.intake), "the answer")
    assert desk.of("c-18").state == "refused"


def test_the_requester_and_whoever_lacks_the_right_are_told_why_they_cannot_answer(opened: Open) -> None:
    desk = opened(person=OKAFOR)
    desk.desk.show_request("c-18")
    button = desk.part("reading_answer")
    assert button.isVisible()
    assert not button.isEnabled()
    assert "Answering requests is for an approver of this project." in desk.said(desk.room.intake.reading.bar)
    asked = fakes.seen("sent", fakes.request(20, "Mine", MARSH, 0))
    desk.shown = desk.shown.model_copy(update={"requests": (asked,)})
    desk.tell()
    desk.desk.set_person(MARSH)
    assert not button.isEnabled()
    assert "You asked for it, so somebody else answers it." in desk.said(desk.room.intake.reading.bar)


def test_dropped_evidence_is_hashed_one_file_after_the_other_and_an_unreadable_one_is_named(
    opened: Open, tmp_path: Path
) -> None:
    desk = opened()
    signed = tmp_path / "Marsh mail.eml"
    signed.write_bytes(b"From: D. Marsh")
    attach = desk.broker.answers["attach_evidence"]
    desk.broker.answers["attach_evidence"] = None
    drop(desk, "drop_here", signed, tmp_path / "gone.pdf")
    desk.desk.take(protocol.Progress(job="evidence", label="Marsh mail.eml", share=0.5))
    evidence = desk.room.requests.evidence
    assert "hashing" in desk.said(evidence)
    assert "waits" in desk.said(evidence)
    desk.room.attaching.clear()
    desk.broker.answers["attach_evidence"] = attach
    drop(desk, "drop_here", signed, tmp_path / "gone.pdf")
    desk.wait(lambda: "This file cannot be read." in desk.said(evidence), "the error")
    assert desk.of("c-19").request.evidence[-1].name == "Marsh mail.eml"
    desk.click("evidence_remove")
    desk.wait(lambda: len(desk.of("c-19").request.evidence) == 2, "the file to be taken off")


def test_a_document_dropped_on_a_request_that_waits_begins_its_answer(opened: Open, tmp_path: Path) -> None:
    desk = opened(person=MARSH)
    desk.desk.show_request("c-18")
    signed = tmp_path / "signed.pdf"
    signed.write_bytes(b"%PDF-1.7")
    drop(desk, "drop_here", signed)
    sheet = desk.sheet()
    assert isinstance(sheet, AnswerSheet)
    assert sheet.files.paths == (str(signed),)
    assert sheet.answer is None
    desk.press(Qt.Key.Key_Escape)
    desk.desk.show_request("c-19")
    assert not desk.part("drop_here").isVisible(), "another's draft takes nothing"


def test_files_that_are_not_what_was_hashed_are_shown_so(opened: Open) -> None:
    one = fakes.requests()[0]
    lost = one.request.evidence[0].sha256
    desk = opened(fakes.picture(requests=(one.model_copy(update={"missing": (lost,)}),)))
    assert "missing or changed" in desk.said(desk.room.requests.evidence)


def test_a_read_only_project_shows_everything_and_changes_nothing(opened: Open) -> None:
    desk = opened(read_only="Another window writes to this project.")
    assert "Another window writes to this project." in desk.said(desk.room.intake)
    for name in ("new_request", "fold_words"):
        assert desk.part(name).isEnabled() == (name == "fold_words")
    assert not desk.room.intake.foot.isVisible()
    assert not desk.part("drop_here").isVisible()
    assert not desk.part(f"answer_{fakes.POLICY.principles[0].id}_yes").isEnabled()
    desk.room.requests.rows.step(1)
    desk.room.send()
    desk.room.attach_files(("/nowhere.pdf",))
    desk.room.uses.rows.step(1)
    changing = {name for name, _params in desk.broker.asked} - {"show_clear", "list_tasks", "list_backends"}
    assert not changing


def test_a_lead_opens_a_new_draft_with_what_is_known_and_the_same_lead_opens_it_again(opened: Open) -> None:
    desk = opened()
    use = fakes.use_like("look")
    prefill = protocol.SaveClearanceParams(
        use=use,
        names=("Hopper",),
        rule="named-references",
        why="It names an artist.",
        scene="12",
        person=OKAFOR,
    )
    desk.desk.start(prefill)
    desk.wait(lambda: len(desk.shown.requests) == 7, "the draft to get its number")
    desk.wait(lambda: desk.room.current == "c-20", "the draft")
    assert desk.of("c-20").request.scope.scenes == ("12",)
    assert "It names an artist." in desk.said(desk.room.intake)
    assert all(row.answer is None for row in desk.room.intake._rows.values()), "no answer is given beforehand"
    desk.desk.show_request("c-18")
    desk.desk.start(prefill)
    assert desk.room.current == "c-20"
    assert len(desk.shown.requests) == 7


def test_an_expired_approval_is_renewed_as_a_new_draft_and_a_draft_is_discarded_after_a_question(
    opened: Open,
) -> None:
    desk = opened()
    desk.desk.show_request("c-9")
    desk.click("reading_renew")
    desk.wait(lambda: desk.room.current == "c-20", "the new draft")
    renewed = desk.of("c-20").request
    assert renewed.answers == desk.of("c-9").request.answers
    assert renewed.scope.until is None
    desk.click("clear_discard")
    desk.press(Qt.Key.Key_Return)
    assert not desk.broker.params_of(protocol.DISCARD_CLEARANCE), "nothing is pressed by Enter"
    desk.click("why_go")
    desk.wait(lambda: desk.room.book.seen("c-20") is None, "the draft to be gone")
    assert desk.room.current == "c-19"


def test_an_error_of_sending_stays_where_it_was_asked_for_with_its_remedy(opened: Open) -> None:
    desk = opened()
    desk.broker.answers["send_clearance"] = BadInput(
        "The evidence was changed.", remedy="Attach it again.", place="Scene 14 sides.pdf"
    )
    desk.room.send()
    desk.wait(lambda: desk.part("clear_outcome").isVisible() and not desk.room._sending, "the error")
    assert "The evidence was changed. (Scene 14 sides.pdf) Attach it again." in desk.said(
        desk.room.intake.foot.bar
    )
    assert desk.part("clear_send").isEnabled()
    assert not desk.errors
