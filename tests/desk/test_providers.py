"""Hosts in the window: set one up, give it a key, attest it; by mouse, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit, QWidget

from studio_assist import protocol
from studio_assist.desk.kit import Label, Sheet
from studio_assist.desk.providers.host_form import HostForm, id_for, name_for
from studio_assist.desk.providers.parts import KeyField, day_of
from studio_assist.domain.attestation import STATEMENT
from studio_assist.domain.errors import BadInput, Unavailable
from tests.desk import provider_fakes as fakes
from tests.desk.record_fakes import INTACT, FakeBroker, FakeStudio

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

KEY = "sk-never-to-be-seen-7261"
Open = Callable[..., FakeStudio]


@pytest.fixture
def opened(qapp: QApplication, home: Path) -> Iterator[Open]:
    made: list[FakeStudio] = []

    def make(*, project: bool = True, **answers: Any) -> FakeStudio:
        window = FakeStudio(home, INTACT)
        made.append(window)
        window.broker.answers |= {**fakes.ANSWERS, **answers}
        window.studio.models.look()
        window.wait(lambda: len(window.studio.models.hosts) > 0, "the hosts")
        if not project:
            window.studio.close_project()
            window.wait(lambda: window.studio.state is None, "the start page")
        return window

    yield make
    for one in made:
        one.close()


def part(window: QWidget, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert isinstance(found, QWidget), name
    return found


def line(window: QWidget, name: str) -> QLineEdit:
    found = part(window, name)
    assert isinstance(found, QLineEdit)
    return found


def button(window: QWidget, name: str) -> QAbstractButton:
    found = window.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton), name
    return found


def click(window: QWidget, name: str) -> None:
    QTest.mouseClick(button(window, name), Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(*keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(focus(), key)
        QApplication.processEvents()


def tab_to(name: str) -> None:
    for _ in range(60):
        if focus().objectName() == name:
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not reach {name}")


def sheet_of(window: FakeStudio, name: str) -> Sheet:
    found = window.shell.sheet()
    assert found is not None
    assert found.objectName() == name
    return found


def words_of(widget: QWidget) -> str:
    return "\n".join(label.plain for label in widget.findChildren(Label) if label.isVisibleTo(widget))


def everything_said(window: QWidget) -> str:
    """Every text that a widget holds, says aloud or shows as a tip, and what was copied."""
    said = [QGuiApplication.clipboard().text()]
    for one in [window, *window.findChildren(QWidget)]:
        said += [one.accessibleName(), one.accessibleDescription(), one.toolTip()]
        text = getattr(one, "text", None)
        said += [str(text())] if callable(text) else []
        said.append(QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Value))
    return "\n".join(said)


# the list behind the chip ------------------------------------------------------------------------------


def test_the_list_says_of_each_provider_how_it_handles_data_and_a_blocked_one_can_be_chosen(
    opened: Open,
) -> None:
    window = opened()
    click(window.shell, "provider_chip")
    listed = part(window.shell, "provider_list")
    said = [button(listed, f"provider_{name}").accessibleName() for name in ("embedded", "northlight")]
    assert said == [
        "On this machine · SmolLM2-135M. Ready. Nothing leaves",
        "Northlight Inference · nl-70b. Attested to 3 Feb 2027. Off machine, asks first, 0 days kept",
    ]
    assert button(listed, "provider_openai").accessibleDescription() == fakes.BLOCKED
    red = window.theme.colour("redText").name()
    picture = button(listed, "provider_openai").grab().toImage()
    spots = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
    assert any(picture.pixelColor(x, y).name() == red for x, y in spots)
    click(listed, "provider_openai")
    assert window.studio.models.chosen == fakes.OPENAI
    assert window.studio.models.blocked == fakes.BLOCKED


def test_everything_behind_the_chip_is_the_keyboards_too(opened: Open) -> None:
    window = opened()
    chip = button(window.shell, "provider_chip")
    ways = (
        ((Qt.Key.Key_Down, Qt.Key.Key_Right), "key_sheet"),
        ((Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right), "attest_sheet"),
        ((Qt.Key.Key_Down, *[Qt.Key.Key_Right] * 3), "remove_host_sheet"),
        ((Qt.Key.Key_Down,) * 3, "host_sheet"),
        ((Qt.Key.Key_Down,) * 4, "attestations_sheet"),
        ((Qt.Key.Key_Up,), "backends_sheet"),
    )
    for keys, sheet in ways:
        chip.setFocus(Qt.FocusReason.TabFocusReason)
        press(Qt.Key.Key_Space)
        assert focus().objectName() == "provider_embedded"
        press(*keys, Qt.Key.Key_Return)
        sheet_of(window, sheet)
        press(Qt.Key.Key_Escape)
        assert window.shell.sheet() is None
        assert focus() is chip
    press(Qt.Key.Key_Space, Qt.Key.Key_Escape)
    assert not part(window.shell, "provider_list").isVisible()


# a new host --------------------------------------------------------------------------------------------


def test_a_host_is_added_by_keyboard_alone_with_its_key(opened: Open) -> None:
    window = opened()
    window.shell.commands.run("models.add_host")
    sheet = sheet_of(window, "host_sheet")
    assert focus().objectName() == "host_type_openai"
    assert line(sheet, "host_url").text() == "https://api.openai.com/v1"
    press(Qt.Key.Key_Right)
    tab_to("host_url")
    QTest.keyClicks(focus(), "https://api.elsewhere.example/v1")
    tab_to("host_model")
    QTest.keyClicks(focus(), "big-1")
    assert line(sheet, "host_name").text() == "Elsewhere"
    assert line(sheet, "host_id").text() == "elsewhere"
    terms = part(sheet, "terms_card")
    window.wait(lambda: "No card for this address" in words_of(terms), "the card")
    assert "No card: it counts as keeping what it is sent" in words_of(terms)
    tab_to("host_key")
    QTest.keyClicks(focus(), f" {KEY} ")
    tab_to("host_add")
    press(Qt.Key.Key_Return)
    window.wait(lambda: "is set up" in words_of(part(sheet, "host_outcome")), "the host")
    [params] = window.broker.params_of(protocol.ADD_BACKEND)
    assert params.key == KEY
    assert params.for_project
    assert (params.settings.id, params.settings.type, params.settings.model) == (
        "elsewhere",
        "openai-compatible",
        "big-1",
    )
    assert KEY not in params.settings.model_dump_json()
    assert "The key is in the system keychain." in words_of(sheet)
    # What it lacks is one key away.
    assert focus().objectName() == "host_attest"
    press(Qt.Key.Key_Return)
    sheet_of(window, "attest_sheet")


def test_what_is_wrong_stands_at_its_field_and_nothing_is_asked(opened: Open) -> None:
    window = opened()
    click(window.shell, "provider_chip")
    click(window.shell, "provider_list_add")
    sheet = sheet_of(window, "host_sheet")
    click(sheet, "host_type_openai-compatible")
    line(sheet, "host_id").clear()
    QTest.keyClicks(line(sheet, "host_id"), "openai")
    QTest.keyClicks(line(sheet, "host_url"), "api.elsewhere.example/v1?x=1")
    click(sheet, "host_add")
    assert line(sheet, "host_url").accessibleDescription().startswith("An address begins with https://")
    assert line(sheet, "host_model").accessibleDescription().startswith("Type the model")
    assert line(sheet, "host_id").accessibleDescription() == "Another provider has this id."
    assert "Another provider has this id." in words_of(sheet)
    assert focus().objectName() == "host_url"
    assert window.broker.params_of(protocol.ADD_BACKEND) == []


def test_the_brokers_error_stands_at_its_field_and_the_key_has_to_be_typed_again(opened: Open) -> None:
    window = opened(
        add_backend=BadInput("This host is not reached by http.", remedy="Use https.", place="url")
    )
    window.shell.commands.run("models.add_host")
    sheet = sheet_of(window, "host_sheet")
    QTest.keyClicks(line(sheet, "host_model"), "gpt-5.1")
    QTest.keyClicks(line(sheet, "host_key"), KEY)
    QTest.keyClick(line(sheet, "host_key"), Qt.Key.Key_Return)
    window.wait(lambda: "Use https." in words_of(sheet), "the error")
    assert line(sheet, "host_url").accessibleDescription() == "This host is not reached by http. Use https."
    assert "The key was not kept. Type it again." in words_of(sheet)
    assert line(sheet, "host_key").text() == ""
    assert button(sheet, "host_add").isEnabled()


def test_a_found_server_is_filled_in_and_needs_no_more_than_one_key(opened: Open) -> None:
    window = opened(project=False)
    page = window.studio.start_page.page
    rows = {view.row.name: view.row.state for view in page.backends}
    assert rows["Ollama"] == "Found · localhost:11434, 3 models"
    assert rows["ComfyUI"] == "Not running · looked on port 8188"
    assert rows["Other servers"] == "Not running · looked on ports 1234, 8000"
    click(page, "backend_action_server:Ollama")
    sheet = sheet_of(window, "host_sheet")
    tab_to("host_add")
    press(Qt.Key.Key_Return)
    [params] = window.broker.params_of(protocol.ADD_BACKEND)
    assert params.settings.url == "http://localhost:11434/v1"
    assert (params.settings.name, params.settings.model) == ("Ollama", "llama3.2:3b")
    assert params.key is None
    assert not params.for_project
    window.wait(lambda: "is set up" in words_of(sheet), "the host")


def test_a_found_comfyui_is_filled_in_as_one_that_draws(opened: Open) -> None:
    found = protocol.FoundServer(
        kind="ComfyUI",
        port=8188,
        url="http://127.0.0.1:8188",
        type="comfyui",
        running=True,
        models=("boards_v2.safetensors", "sd_xl_base_1.0.safetensors"),
    )
    window = opened(project=False, list_backends=fakes.MACHINE.model_copy(update={"servers": (found,)}))
    click(window.studio.start_page.page, "backend_action_server:ComfyUI")
    sheet_of(window, "host_sheet")
    tab_to("host_add")
    press(Qt.Key.Key_Return)
    [params] = window.broker.params_of(protocol.ADD_BACKEND)
    assert (params.settings.type, params.settings.url) == ("comfyui", "http://127.0.0.1:8188")
    assert (params.settings.id, params.settings.model) == ("comfyui", "boards_v2.safetensors")
    assert params.key is None


# keys --------------------------------------------------------------------------------------------------


def test_after_sending_the_key_is_nowhere_in_the_window(opened: Open) -> None:
    window = opened(set_key=lambda params: Unavailable("No keychain was found.", remedy="Install one."))
    window.shell.commands.run("models.keys")
    click(sheet_of(window, "keys_of_hosts_sheet"), "keys_openai")
    sheet = sheet_of(window, "key_sheet")
    field = line(sheet, "key_field")
    assert isinstance(field, KeyField)
    QTest.keyClicks(field, KEY)
    QTest.keySequence(field, "Ctrl+A")
    QTest.keySequence(field, "Ctrl+C")
    QTest.keySequence(field, "Ctrl+X")
    # Taking steps back empties such a field; it never brings anything back.
    assert KEY not in QGuiApplication.clipboard().text()
    assert KEY not in QAccessible.queryAccessibleInterface(field).text(QAccessible.Text.Value)
    field.setText("")
    QTest.keyClicks(field, KEY)
    press(Qt.Key.Key_Return)
    [params] = window.broker.params_of(protocol.SET_KEY)
    assert (params.backend, params.key) == ("openai", KEY)
    window.wait(lambda: "No keychain was found." in words_of(sheet), "the answer")
    for _ in range(3):
        QTest.keySequence(field, "Ctrl+Z")
        assert KEY not in everything_said(window.shell)
    field.setEchoMode(QLineEdit.EchoMode.Normal)
    field.undo()
    assert field.text() == ""
    press(Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert KEY not in everything_said(window.shell)


def test_a_key_is_taken_away_and_a_sheet_that_is_closed_keeps_none(opened: Open) -> None:
    kept = [standing.model_copy(update={"has_key": True, "needs": None}) for standing in fakes.STANDINGS]
    window = opened(list_backends=fakes.MACHINE.model_copy(update={"standings": tuple(kept)}))
    providers = window.studio.start_page.providers
    providers.key("northlight")
    field = line(window.shell, "key_field")
    QTest.keyClicks(field, KEY)
    press(Qt.Key.Key_Escape)
    assert field.text() == ""
    providers.key("northlight")
    sheet = sheet_of(window, "key_sheet")
    click(sheet, "key_remove")
    window.wait(lambda: "The key is gone." in words_of(sheet), "the answer")
    assert [params.key for params in window.broker.params_of(protocol.SET_KEY)] == [None]


def test_a_host_is_taken_away_once_that_is_asked(opened: Open) -> None:
    window = opened()
    window.studio.start_page.providers.remove("northlight")
    assert window.broker.params_of(protocol.REMOVE_BACKEND) == []
    click(sheet_of(window, "remove_host_sheet"), "remove_host")
    window.wait(lambda: window.shell.sheet() is None, "the end")
    [params] = window.broker.params_of(protocol.REMOVE_BACKEND)
    assert params.backend == "northlight"


# attestations ------------------------------------------------------------------------------------------


def test_nothing_is_signed_without_evidence_and_a_day_and_never_by_enter(
    opened: Open, tmp_path: Path
) -> None:
    window = opened()
    evidence = tmp_path / "northlight-dpa.pdf"
    evidence.write_bytes(b"%PDF")
    window.shell.commands.run("models.attest")
    sheet = sheet_of(window, "attest_sheet")
    window.wait(lambda: STATEMENT in words_of(sheet), "the statement")
    assert "Signed by R. Okafor." in words_of(sheet)
    assert "Requests that are flagged as abuse are kept even so." in words_of(sheet)
    sign = button(sheet, "attest_sign")
    assert words_of(sheet).endswith("Choose the evidence.")
    assert not sign.isEnabled()
    tab_to("attest_evidence")
    QTest.keyClicks(focus(), str(evidence))
    assert not sign.isEnabled()
    tab_to("attest_until")
    for wrong, words in (
        ("soon", "Type a day"),
        ("2020-01-01", "Choose a day after today."),
        ((fakes.LONGEST + timedelta(days=1)).isoformat(), "The longest is"),
    ):
        line(sheet, "attest_until").clear()
        QTest.keyClicks(focus(), wrong)
        assert words in words_of(sheet)
        assert not sign.isEnabled()
    line(sheet, "attest_until").clear()
    QTest.keyClicks(focus(), fakes.LONGEST.isoformat())
    assert sign.isEnabled()
    for name in ("attest_until", "attest_models", "attest_sign"):
        tab_to(name)
        press(Qt.Key.Key_Return, Qt.Key.Key_Enter)
        QTest.keyClick(focus(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.broker.params_of(protocol.ATTEST) == []
    press(Qt.Key.Key_Space)
    window.wait(lambda: "Ledger entry 1,285" in words_of(sheet), "the signature")
    [params] = window.broker.params_of(protocol.ATTEST)
    assert (params.backend, params.evidence, params.until) == ("northlight", str(evidence), fakes.LONGEST)
    assert params.plan == "API, zero retention by contract"
    assert params.models == ()
    assert params.person.name == "R. Okafor"


def test_the_evidence_is_dropped_or_chosen(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened()
    dropped, chosen = tmp_path / "dropped.pdf", tmp_path / "chosen.pdf"
    for file in (dropped, chosen):
        file.write_bytes(b"%PDF")
    window.studio.start_page.providers.attest("northlight")
    sheet = sheet_of(window, "attest_sheet")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(dropped))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(sheet.rect().center(), copy, mime, left, none)
    QApplication.sendEvent(sheet, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(sheet, QDropEvent(QPointF(sheet.rect().center()), copy, mime, left, none))
    assert line(sheet, "attest_evidence").text() == str(dropped)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(chosen), ""))
    click(sheet, "attest_browse")
    assert line(sheet, "attest_evidence").text() == str(chosen)


def test_where_nothing_can_be_had_nothing_can_be_signed(opened: Open, tmp_path: Path) -> None:
    def none(params: protocol.HostParams) -> protocol.HostSeen:
        seen = fakes.described(params)
        terms = tuple(one.model_copy(update={"can_be_attested": False}) for one in seen.card.terms)
        return seen.model_copy(update={"card": seen.card.model_copy(update={"terms": terms})})

    window = opened(describe_host=none)
    file = tmp_path / "mail.txt"
    file.write_text("yes")
    window.studio.start_page.providers.attest("northlight")
    sheet = sheet_of(window, "attest_sheet")
    line(sheet, "attest_evidence").setText(str(file))
    window.wait(lambda: "Nothing can be signed" in words_of(sheet), "the card")
    click(sheet, "attest_day_longest")
    assert not button(sheet, "attest_sign").isEnabled()


def test_without_a_project_it_is_said_plainly_and_one_can_be_opened(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(project=False)
    window.shell.commands.run("models.attest")
    sheet = sheet_of(window, "attest_why_not_sheet")
    assert "An attestation belongs to a project" in words_of(sheet)
    asked: list[bool] = []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: asked.append(True) or "")
    click(sheet, "why_not_0")
    assert asked


def test_an_attestation_is_taken_back_with_a_reason(opened: Open) -> None:
    window = opened()
    window.shell.commands.run("models.attestations")
    sheet = sheet_of(window, "attestations_sheet")
    window.wait(lambda: "R. Okafor, 3 Nov 2026. Holds to 3 Feb 2027." in words_of(sheet), "the list")
    assert not button(sheet, "revoke_att-1").isVisible()
    click(sheet, "revoke_att-2")
    click(sheet, "revoke_go_att-2")
    assert "Say why it does not hold." in words_of(sheet)
    assert window.broker.params_of(protocol.REVOKE) == []
    assert focus().objectName() == "revoke_why_att-2"
    QTest.keyClicks(focus(), "The contract has ended")
    tab_to("revoke_go_att-2")
    press(Qt.Key.Key_Return)
    window.wait(lambda: "It is taken back" in words_of(sheet), "the answer")
    [params] = window.broker.params_of(protocol.REVOKE)
    assert (params.attestation, params.why) == ("att-2", "The contract has ended")


# the first page ----------------------------------------------------------------------------------------


def test_the_first_page_looks_again_without_losing_its_place(opened: Open) -> None:
    window = opened(project=False)
    page = window.studio.start_page.page
    window.broker.answers["list_backends"] = None
    again = button(page, "look_again")
    again.setFocus(Qt.FocusReason.TabFocusReason)
    before = len(window.broker.params_of(protocol.LIST_BACKENDS))
    press(Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert len(window.broker.params_of(protocol.LIST_BACKENDS)) == before + 1
    assert again.text() == "Looking"
    assert focus() is again
    assert {view.row.name: view.row.state for view in page.backends}["ComfyUI"] == "Looking"


def test_what_a_host_lacks_is_behind_its_button(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    window = opened(project=False)
    page = window.studio.start_page.page
    assert button(page, "backend_action_northlight").text() == "Add key"
    assert button(page, "backend_action_openai").text() == "Add key to system keychain"
    click(page, "backend_action_openai")
    assert fakes.BLOCKED in words_of(sheet_of(window, "key_sheet"))
    press(Qt.Key.Key_Escape)
    click(page, "add_host")
    sheet_of(window, "host_sheet")
    press(Qt.Key.Key_Escape)
    # It is looked for again whenever the page comes up, once the broker is there.
    monkeypatch.setattr(FakeBroker, "running", True)
    before = len(window.broker.params_of(protocol.LIST_BACKENDS))
    page.hide()
    page.show()
    calls = window.broker.params_of(protocol.LIST_BACKENDS)
    assert [params.look_again for params in calls[before:]] == [True]


# plain values ------------------------------------------------------------------------------------------


def test_names_and_ids_are_suggested_from_the_address() -> None:
    assert name_for("openai", "https://eu.api.openai.com/v1") == "OpenAI"
    assert name_for("openai-compatible", "https://api.northlight.example/v1") == "Northlight"
    assert name_for("openai-compatible", "https://llm.studio.co.uk") == "Studio"
    assert name_for("openai-compatible", "http://10.0.0.4:8000/v1") == "10.0.0.4"
    assert id_for("Northlight (EU)", {"northlight-eu"}) == "northlight-eu-2"


def test_a_key_in_the_place_of_a_variables_name_is_refused() -> None:
    form = HostForm("openai", "https://api.openai.com/v1", "gpt", "OpenAI", "openai", "", KEY)
    settings, wrong = form.settings(())
    assert settings is None
    assert "A key itself does not belong here." in wrong["key_env"]
    assert KEY not in str(wrong)


@pytest.mark.parametrize("typed", ["2027-02-03", "3 Feb 2027", "03 february 2027"])
def test_a_day_is_typed_as_people_write_it(typed: str) -> None:
    day = day_of(typed)
    assert day is not None
    assert day.isoformat() == "2027-02-03"


@pytest.mark.parametrize("typed", ["", "soon", "31 Feb 2027", "2027-13-01"])
def test_what_is_no_day_is_none(typed: str) -> None:
    assert day_of(typed) is None
