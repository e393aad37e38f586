"""What is asked before somebody is invited, admitted, vouched for or given roles."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from studio_assist.desk.first_run.roles import RolePicker, roles_words
from studio_assist.desk.kit import CheckBox, Field, Label
from studio_assist.desk.people.parts import Form, KeyWords, named
from studio_assist.desk.theme import Theme
from studio_assist.protocol import Admitted, Joined, MemberSeen, PublicKeySeen


class RolesForm(Form):
    """Give somebody roles in place of those they have.

    Signals:
        wanted: the roles, a tuple.
    """

    wanted = Signal(object)

    def __init__(self, theme: Theme, window: QWidget, member: MemberSeen) -> None:
        title = f"Roles of {member.name}"
        subtitle = "In place of what they say of themselves; recorded under your name."
        super().__init__(theme, window, title, subtitle, "Give these roles", by_hand=True, width_px=560)
        self.setObjectName("roles_form")
        self._were: Final = (member.roles, bool(member.roles_from))
        self.picker: Final = RolePicker(theme, member.roles)
        self._note: Final = Label(theme, "", "caption", "text3", wrap=True)
        self.body.addLayout(named(theme, "Roles", self.picker, self._note))
        self.body.addWidget(self.outcome)
        self.picker.changed.connect(self._check)
        self.action.clicked.connect(lambda: self.wanted.emit(self.picker.roles))
        self._check()

    # slots

    def _check(self) -> None:
        none = not self.picker.roles
        self._note.set_text("Without a role they keep what is everybody's, and nothing else.")
        self._note.setVisible(none)
        self.set_why("They are so already." if (self.picker.roles, True) == self._were else "")


class VouchForm(Form):
    """Stand behind somebody's key, once it was compared with them.

    Signals:
        wanted: it was compared.
    """

    wanted = Signal()

    def __init__(self, theme: Theme, window: QWidget, member: MemberSeen, key: PublicKeySeen) -> None:
        title = f"Vouch for {member.name}'s key"
        subtitle = "Your word, signed in the record, says that it is theirs."
        super().__init__(
            theme, window, title, subtitle, "Vouch for it", icon="key", by_hand=True, width_px=560
        )
        self.setObjectName("vouch_form")
        self.body.addLayout(named(theme, "Their key", KeyWords(theme, key.short)))
        words = (
            "Have them read theirs to you, on the telephone or across the table. Not by mail: whoever could "
            "put a key here could answer a mail too."
        )
        if key.session_only:
            words += " No keychain keeps this key; it ended with its session, and the next will be another."
        self.body.addWidget(Label(theme, words, "caption", "text2", wrap=True))
        self.compared: Final = _compared(theme, member.name)
        self.body.addWidget(self.compared)
        self.body.addWidget(self.outcome)
        self.compared.toggled.connect(self._check)
        self.action.clicked.connect(self.wanted)
        self._check()

    # slots

    def _check(self) -> None:
        self.set_why("" if self.compared.isChecked() else "Compare it first.")


class InviteForm(Form):
    """Invite somebody on another machine.

    Signals:
        wanted: their name and roles; then the file is saved.
    """

    wanted = Signal(str, object)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        subtitle = "A file for them, signed by you. No word of the script is in it."
        super().__init__(
            theme, window, "Invite somebody", subtitle, "Save the invitation…", icon="plus", width_px=560
        )
        self.setObjectName("invite_form")
        self.field: Final = Field(theme, "Their name", placeholder="S. Tanaka")
        self.field.setObjectName("invite_name")
        self.picker: Final = RolePicker(theme, ("writer",))
        self.body.addLayout(named(theme, "Their name", self.field))
        self.body.addLayout(named(theme, "Their roles here", self.picker))
        self.body.addWidget(self.outcome)
        self.field.textChanged.connect(self._check)
        self.picker.changed.connect(self._check)
        self.action.clicked.connect(lambda: self.wanted.emit(self.name, self.picker.roles))
        self._check()

    # properties

    @property
    def name(self) -> str:
        """The name that is typed."""
        return " ".join(self.field.text().split())

    # methods

    def show_done(self, words: str) -> None:
        """The file is written; it says what was typed then."""
        self.field.setEnabled(False)
        self.picker.setEnabled(False)
        super().show_done(words)

    # slots

    def _check(self) -> None:
        self.set_why("Type their name." if not self.name else "" if self.picker.roles else "Choose a role.")


class AdmitForm(Form):
    """Take an answer in, once its key was compared.

    Signals:
        wanted: it was compared.
    """

    wanted = Signal()

    def __init__(self, theme: Theme, window: QWidget, seen: Admitted) -> None:
        title = f"Take {seen.name} in"
        subtitle = f"{roles_words(seen.roles)} on this project, as you invited them."
        super().__init__(theme, window, title, subtitle, "Admit", icon="download", by_hand=True, width_px=560)
        self.setObjectName("admit_form")
        self.body.addLayout(named(theme, "The key that came with the answer", KeyWords(theme, seen.short)))
        words = (
            "Anybody who caught the invitation on its way could have answered it. Have them read their key "
            "to you, on the telephone or across the table, before you take it in."
        )
        self.body.addWidget(Label(theme, words, "caption", "text2", wrap=True))
        self.compared: Final = _compared(theme, seen.name)
        self.body.addWidget(self.compared)
        self.body.addWidget(self.outcome)
        self.compared.toggled.connect(self._check)
        self.action.clicked.connect(self.wanted)
        self._check()

    # slots

    def _check(self) -> None:
        self.set_why("" if self.compared.isChecked() else "Compare the key first.")


class JoinForm(Form):
    """Answer somebody's invitation with one's own public key. No project needs to be open.

    Signals:
        wanted: choose the invitation, and where the answer goes.
    """

    wanted = Signal()

    def __init__(self, theme: Theme, window: QWidget, name: str) -> None:
        subtitle = "You answer with your public key. The secret part never leaves this machine."
        super().__init__(
            theme,
            window,
            "Answer an invitation",
            subtitle,
            "Choose the invitation…",
            icon="export",
            width_px=560,
        )
        self.setObjectName("join_form")
        words = (
            f"Choose the file that you were given. The answer is signed as {name}; give it back, and read "
            "your key to whoever invited you."
        )
        self.body.addWidget(Label(theme, words, "body", "text2", wrap=True))
        self.body.addWidget(self.outcome)
        self.action.clicked.connect(self.wanted)
        self.set_why("")

    # methods

    def show_joined(self, joined: Joined, file: str) -> None:
        """The answer is written: show the key to be read aloud."""
        words = f"{file} is your answer for “{joined.title}”. Give it back."
        if joined.session_only:
            words += (
                " No keychain keeps your key: it ends with this program, and what you sign after that shows "
                "as unknown until somebody vouches for the next one."
            )
        self.body.addLayout(named(self._theme, "Your key for it", KeyWords(self._theme, joined.short)))
        self.show_done(words)


def _compared(theme: Theme, name: str) -> CheckBox:
    box = CheckBox(theme, f"I compared it with {name}, by voice or in person")
    box.setObjectName("compared")
    return box
