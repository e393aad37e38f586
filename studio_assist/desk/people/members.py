"""One person on the project: their roles, their keys, and what they signed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.first_run.roles import TITLES
from studio_assist.desk.kit import Badge, Button, Card, IconLabel, Label
from studio_assist.desk.people.parts import Initials
from studio_assist.desk.theme import Theme
from studio_assist.protocol import MemberSeen, PublicKeySeen


class KeyRow(QWidget):
    """A public key in groups, and who stands behind it.

    Signals:
        vouch_wanted: nobody does yet, and a person would.
    """

    vouch_wanted = Signal()

    def __init__(self, theme: Theme, member: MemberSeen, key: PublicKeySeen, *, can_vouch: bool) -> None:
        super().__init__()
        self.setObjectName(f"key_{key.public[:8]}")
        state = said_of(member, key)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(9)
        row.addWidget(IconLabel(theme, "key" if key.known else "warning", "text2", 16))
        words = QVBoxLayout()
        words.setSpacing(1)
        groups = Label(theme, key.short, "captionMedium", "text")
        groups.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        groups.setAccessibleName(f"Key {key.short}: {state}")
        words.addWidget(groups)
        words.addWidget(Label(theme, state, "caption", "text3" if key.known else "text2", wrap=True))
        row.addLayout(words, 1)
        self.vouch: Final = Button(theme, "Vouch…", height_px=26)
        self.vouch.setObjectName(f"vouch_{key.public[:8]}")
        self.vouch.clicked.connect(self.vouch_wanted)
        row.addWidget(self.vouch, 0, Qt.AlignmentFlag.AlignTop)
        self.vouch.setVisible(can_vouch and not key.known)


class MemberCard(Card):
    """Somebody on the project.

    Signals:
        roles_wanted: give them roles.
        vouch_wanted: stand behind a key of theirs, a `PublicKeySeen`.
    """

    roles_wanted = Signal()
    vouch_wanted = Signal(object)

    def __init__(self, theme: Theme, member: MemberSeen, *, here: bool, can_change: bool) -> None:
        super().__init__(theme, "surface2", 6)
        self.setObjectName(f"member_{member.id}")
        self.member: Final = member
        self.setAccessibleName(member.name)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Initials(theme, member.name))
        row.addWidget(Label(theme, member.name, "strong", "text"))
        if here:
            row.addWidget(Label(theme, "You", "caption", "text3"))
        row.addStretch(1)
        for role in member.roles:
            row.addWidget(Badge(theme, TITLES[role]))
        if member.automated:
            row.addWidget(Badge(theme, "Automated"))
        self.roles: Final = Button(theme, "Roles…", height_px=26, name=f"Give {member.name} roles")
        self.roles.setObjectName(f"roles_{member.id}")
        self.roles.clicked.connect(self.roles_wanted)
        row.addWidget(self.roles)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 11)
        column.setSpacing(8)
        column.addLayout(row)
        self.roles.setVisible(can_change and not member.automated)
        column.addWidget(Label(theme, _about(member), "caption", "text2", wrap=True))
        for key in member.keys:
            line = KeyRow(theme, member, key, can_vouch=can_change and not member.automated)
            line.vouch_wanted.connect(lambda key=key: self.vouch_wanted.emit(key))
            column.addWidget(line)


def said_of(member: MemberSeen, key: PublicKeySeen) -> str:
    """What is known of a key, in a sentence or two."""
    if member.automated:
        return "Signs what no person decided."
    if key.vouched_by == member.name:
        said = "Known: they signed it in with a key that is known."
    elif key.vouched_by:
        said = f"Known: {key.vouched_by} vouches for it."
    elif key.known:
        said = "Known: the first key of this project."
    else:
        said = "Unknown: nobody has vouched for it."
    return f"{said} No keychain keeps it; it ended with its session." if key.session_only else said


def _about(member: MemberSeen) -> str:
    if member.automated:
        return "No person. What it decides is shown as automated."
    said: list[str] = []
    if member.roles_from:
        said.append(f"Roles given by {member.roles_from}.")
    elif member.roles:
        said.append("Roles as they say themselves.")
    else:
        said.append("No role on this project.")
    signed = member.signed
    if signed:
        said.append(f"Signed {signed:,} {'entry' if signed == 1 else 'entries'}.")
    else:
        said.append("Has signed nothing yet.")
    if member.unknown_signed == signed and signed:
        said.append("All with a key that nobody has vouched for.")
    elif member.unknown_signed:
        said.append(f"{member.unknown_signed:,} of them with a key that nobody has vouched for.")
    return " ".join(said)
