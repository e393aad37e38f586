"""The people of a project in the window: who is known, who is not, and what is compared before a word is given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QWidget
from record_fakes import INTACT, OKAFOR, FakeStudio

from studio_assist import protocol
from studio_assist.desk.kit import Label, Sheet
from studio_assist.desk.people.sheet import PeopleSheet
from studio_assist.domain.errors import Refusal
from studio_assist.domain.people import Role
from studio_assist.domain.rights import Right
from studio_assist.domain.values import EntryNumber, PersonId

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
KNOWN = protocol.PublicKeySeen(
    public="a3" * 32,
    short="a3a3 a3a3 a3a3 a3a3 a3a3 a3a3 a3a3 a3a3",
    since=datetime.now(UTC),
    session_only=False,
    known=True,
)
UNKNOWN = KNOWN.model_copy(
    update={"public": "77" * 32, "short": "7777 7777 7777 7777 7777 7777 7777 7777", "known": False}
)


def member(
    name: str, roles: tuple[Role, ...], key: protocol.PublicKeySeen, **more: object
) -> protocol.MemberSeen:
    seen = protocol.MemberSeen(
        id=PersonId(name.lower().replace(". ", "-")), name=name, roles=roles, rights=(Right.ASK,), keys=(key,)
    )
    return seen.model_copy(update=more)


PEOPLE = protocol.People(
    members=(
        member("R. Okafor", ("writer", "producer"), KNOWN, id=OKAFOR.id, signed=412),
        member("J. Lindqvist", ("artist",), UNKNOWN, signed=38, unknown_signed=38),
    ),
    open_rights=(Right.APPROVE,),
)
ADMITTED = protocol.Admitted(
    who=PersonId("s-tanaka"),
    name="S. Tanaka",
    roles=("approver",),
    public="5f" * 32,
    short="5f5f 5f5f",
    entry=None,
)


class Window(FakeStudio):
    def __init__(self, home: Path) -> None:
        super().__init__(home, INTACT)
        self.people = self.studio.people
        self.broker.answers["list_people"] = PEOPLE

    def opened(self, people: protocol.People = PEOPLE) -> PeopleSheet:
        self.broker.answers["list_people"] = people
        self.shell.commands.run("people.show")
        sheet = self.people.sheet
        assert sheet is not None
        self.wait(lambda: len(sheet.cards) == len(people.members), "the people")
        return sheet

    def click(self, name: str) -> None:
        found = [one for one in self.shell.findChildren(QWidget, name) if one.isVisible()]
        assert len(found) == 1, name
        QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)

    def form(self, name: str) -> Sheet:
        sheet = self.shell.sheet()
        assert sheet is not None
        assert sheet.objectName() == name
        return sheet


@pytest.fixture
def window(qtbot: object, home: Path) -> Iterator[Window]:
    window = Window(home)
    yield window
    for sheet in window.shell.findChildren(Sheet):
        sheet.dismiss()
    window.close()


def words_of(widget: QWidget) -> str:
    return "\n".join(label.plain for label in widget.findChildren(Label) if label.isVisible())


def choose(monkeypatch: pytest.MonkeyPatch, *, open_: str = "", save: str = "") -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args, **_more: (open_, ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: (save, ""))


def test_a_key_that_nobody_has_vouched_for_is_shown_so(window: Window) -> None:
    okafor, lindqvist = window.opened().cards
    assert "Known: the first key of this project." in words_of(okafor)
    assert "Signed 412 entries." in words_of(okafor)
    said = words_of(lindqvist)
    assert "Unknown: nobody has vouched for it." in said
    assert UNKNOWN.short in said
    assert "All with a key that nobody has vouched for." in said


def test_a_word_is_given_only_after_the_key_was_compared_and_not_by_enter(window: Window) -> None:
    sheet = window.opened()
    known = UNKNOWN.model_copy(update={"known": True, "vouched_by": "R. Okafor"})
    after = PEOPLE.model_copy(
        update={"members": (PEOPLE.members[0], member("J. Lindqvist", ("artist",), known, signed=38))}
    )
    window.broker.answers["vouch"] = after
    window.click(f"vouch_{UNKNOWN.public[:8]}")
    form = window.form("vouch_form")
    assert UNKNOWN.short in words_of(form)
    window.click("form_action")
    assert window.broker.params_of(protocol.VOUCH) == []
    box = form.findChild(QCheckBox, "compared")
    assert box is not None
    QTest.keyClick(box, Qt.Key.Key_Space)
    action = form.findChild(QWidget, "form_action")
    assert action is not None
    QTest.keyClick(action, Qt.Key.Key_Return)
    assert window.broker.params_of(protocol.VOUCH) == []
    QTest.keyClick(action, Qt.Key.Key_Space)
    window.wait(lambda: not sheet.outcome.isHidden(), "the word")
    (given,) = window.broker.params_of(protocol.VOUCH)
    assert (given.public, given.person.id) == (UNKNOWN.public, OKAFOR.id)
    assert "Known: R. Okafor vouches for it." in words_of(sheet.cards[-1])


def test_an_answer_is_looked_at_first_and_taken_in_once_its_key_was_compared(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = window.opened()
    choose(monkeypatch, open_="/x/answer.json")
    window.broker.answers["admit"] = lambda params: ADMITTED.model_copy(
        update={"entry": None if params.look_only else EntryNumber(1290)}
    )
    window.click("people_admit")
    window.wait(lambda: window.shell.sheet() is not sheet, "the key to compare")
    form = window.form("admit_form")
    assert ADMITTED.short in words_of(form)
    assert [one.look_only for one in window.broker.params_of(protocol.ADMIT)] == [True]
    window.click("compared")
    window.click("form_action")
    window.wait(lambda: not sheet.outcome.isHidden(), "the admission")
    assert [one.look_only for one in window.broker.params_of(protocol.ADMIT)] == [True, False]
    # Everybody is shown anew when the broker says so.
    told = PEOPLE.model_copy(
        update={
            "members": (*PEOPLE.members, member("S. Tanaka", ("approver",), KNOWN, roles_from="R. Okafor"))
        }
    )
    window.broker.told.emit(protocol.PeopleChanged(people=told))
    window.people.take(protocol.PeopleChanged(people=told))
    assert "Roles given by R. Okafor." in words_of(sheet.cards[-1])


def test_a_refused_answer_says_why_and_changes_nothing(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = window.opened()
    choose(monkeypatch, open_="/x/answer.json")
    window.broker.answers["admit"] = Refusal("It was answered before.", remedy="Invite them again.")
    window.click("people_admit")
    window.wait(lambda: not sheet.outcome.isHidden(), "the refusal")
    assert sheet.outcome.words == "It was answered before. Invite them again."


def test_an_invitation_needs_a_name_and_a_role_and_is_saved_where_one_says(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.opened()
    choose(monkeypatch, save="/x/invitation.json")
    window.broker.answers["invite"] = protocol.Invited(path="/x/invitation.json", words="Give it to them.")
    window.click("people_invite")
    form = window.form("invite_form")
    action = form.findChild(QWidget, "form_action")
    assert action is not None
    assert not action.isEnabled()
    name = QApplication.focusWidget()
    assert name is not None
    QTest.keyClicks(name, "S. Tanaka")
    window.click("role_approver")
    window.click("form_action")
    window.wait(lambda: "Give it to them." in words_of(form), "the invitation")
    (asked,) = window.broker.params_of(protocol.INVITE)
    assert (asked.name, asked.roles, asked.out) == ("S. Tanaka", ("writer", "approver"), "/x/invitation.json")


def test_roles_are_given_by_hand_and_who_may_not_sees_why(window: Window) -> None:
    sheet = window.opened()
    window.broker.answers["give_roles"] = PEOPLE
    window.click(f"roles_{PEOPLE.members[1].id}")
    window.form("roles_form")
    window.click("role_approver")
    window.click("form_action")
    window.wait(lambda: not sheet.outcome.isHidden(), "the roles")
    (asked,) = window.broker.params_of(protocol.GIVE_ROLES)
    assert (asked.who, asked.roles) == (PEOPLE.members[1].id, ("artist", "approver"))
    sheet.dismiss()
    why = "To invite and to give roles is for a producer on this project."
    closed = window.opened(PEOPLE.model_copy(update={"can_change": False, "why_not": why}))
    assert why in words_of(closed)
    assert not closed.invite.isEnabled()
    assert closed.join.isEnabled()
    assert not any(card.roles.isVisible() for card in closed.cards)


def test_the_table_of_rights_is_read_from_the_one_that_is_held(window: Window) -> None:
    sheet = window.opened()
    QTest.mouseClick(sheet.parts.button("rights"), Qt.MouseButton.LeftButton)
    table = sheet.findChild(QWidget, "rights_table")
    assert table is not None
    read = [label.accessibleName() for label in table.findChildren(Label)]
    assert "Forget texts: a producer" in read
    assert "Attest a provider: an approver or a producer" in read
    assert "Answer clearance requests: everybody here" in read


def test_an_invitation_is_answered_without_a_project(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, open_="/x/invitation.json", save="/x/answer.json")
    window.broker.answers["join"] = protocol.Joined(
        path="/x/answer.json", title="Project Larkspur", short="5f5f 5f5f", session_only=True
    )
    window.shell.commands.run("people.join")
    form = window.form("join_form")
    window.click("form_action")
    window.wait(lambda: "5f5f 5f5f" in words_of(form), "the key")
    assert "No keychain keeps your key" in words_of(form)
    (asked,) = window.broker.params_of(protocol.JOIN)
    assert (asked.invitation, asked.person.id) == ("/x/invitation.json", OKAFOR.id)
