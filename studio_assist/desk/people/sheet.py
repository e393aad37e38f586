"""The people of a project: who they are, what they may, and whose keys are known."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio_assist.desk.kit import Button, Label, Segmented, Sheet
from studio_assist.desk.people.members import MemberCard
from studio_assist.desk.people.rights_table import RightsTable
from studio_assist.desk.record.parts import Outcome
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.values import PersonId
from studio_assist.protocol import MemberSeen, People, PublicKeySeen

_WIDTH_PX: Final = 760
#: Of the window's height, what is not the list.
_AROUND_PX: Final = 330
_LEAST_PX: Final = 180
Part = Literal["members", "rights"]


class PeopleSheet(Sheet):
    """Shows everybody, and says what a person wants of them; the broker keeps it.

    Signals:
        roles_wanted: give a `MemberSeen` roles.
        vouch_wanted: stand behind a `PublicKeySeen` of a `MemberSeen`.
        invite_wanted, admit_wanted, join_wanted: the three steps of an invitation.
        profiles_wanted: who is at this keyboard.
    """

    roles_wanted = Signal(object)
    vouch_wanted = Signal(object, object)
    invite_wanted = Signal()
    admit_wanted = Signal()
    join_wanted = Signal()
    profiles_wanted = Signal()

    def __init__(self, theme: Theme, window: QWidget, here: PersonId) -> None:
        super().__init__(
            theme,
            window,
            "People on this project",
            subtitle="A named person decides. Their key says that it was them.",
            icon="person",
            width_px=_WIDTH_PX,
        )
        self.setObjectName("people_sheet")
        self._here: Final = here
        self._people: People | None = None
        self.parts: Final = Segmented(theme, "People or rights")
        self.parts.add("members", "People", "person")
        self.parts.add("rights", "Rights", "table")
        self.parts.choose("members")
        self.invite: Final = Button(theme, "Invite…", icon="plus")
        self.invite.setObjectName("people_invite")
        self.admit: Final = Button(theme, "Take in an answer…", icon="download")
        self.admit.setObjectName("people_admit")
        self.join: Final = Button(theme, "Answer an invitation…", icon="export")
        self.join.setObjectName("people_join")
        self.why: Final = Label(theme, "", "caption", "text3", wrap=True)
        self.why.setObjectName("people_why")
        self.outcome: Final = Outcome(theme, "people_outcome")
        self._area: Final = QScrollArea()
        self._fill(theme)
        self._connect()

    # properties

    @property
    def cards(self) -> list[MemberCard]:
        """Everybody, as they are shown."""
        return self.findChildren(MemberCard)

    # methods

    def show_people(self, people: People) -> None:
        """Show everybody as they are now."""
        self._people = people
        for button in (self.invite, self.admit):
            button.setEnabled(people.can_change)
            button.setToolTip(people.why_not)
        self.why.set_text(people.why_not)
        self.why.setVisible(bool(people.why_not))
        self._show_part()

    def show_error(self, error: StudioError) -> None:
        """Something could not be done."""
        self.outcome.error(error.message, error.remedy)

    def show_done(self, words: str) -> None:
        """Something was done."""
        self.outcome.say(words, "check", "green")

    # slots

    def _connect(self) -> None:
        self.parts.chosen.connect(lambda _part: self._show_part())
        self.invite.clicked.connect(self.invite_wanted)
        self.admit.clicked.connect(self.admit_wanted)
        self.join.clicked.connect(self.join_wanted)
        self.closed.connect(self.deleteLater)

    # internals

    def _fill(self, theme: Theme) -> None:
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.parts)
        top.addStretch(1)
        who = Button(theme, "Who is at this keyboard…", kind="ghost", icon="person")
        who.setObjectName("people_profiles")
        who.clicked.connect(self.profiles_wanted)
        top.addWidget(who)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setAccessibleName("People")
        self._area.setFixedHeight(_LEAST_PX)
        self._show_inner(Label(theme, "Reading the record.", "caption", "text3"))
        self.body.addLayout(top)
        self.body.addWidget(self._area)
        self.body.addWidget(self.outcome)
        self.body.addWidget(self.why)
        self.why.hide()
        for button in (self.invite, self.admit, self.join):
            self.footer.addWidget(button)
        self.invite.setEnabled(False)
        self.admit.setEnabled(False)
        self.footer.addStretch(1)
        close = Button(theme, "Close", key="Esc")
        close.clicked.connect(self.dismiss)
        self.footer.addWidget(close)

    def _show_part(self) -> None:
        people = self._people
        if people is None:
            return
        if self.parts.current == "rights":
            inner: QWidget = RightsTable(self._theme, people.open_rights)
        else:
            inner = QWidget()
            column = QVBoxLayout(inner)
            column.setContentsMargins(0, 0, 8, 0)
            column.setSpacing(8)
            for member in people.members:
                column.addWidget(self._card(member, people))
            column.addStretch(1)
        self._show_inner(inner)
        most = max(_LEAST_PX, self._window.height() - _AROUND_PX)
        wanted = inner.heightForWidth(_WIDTH_PX - 62) if inner.hasHeightForWidth() else -1
        self._area.setFixedHeight(min(most, max(_LEAST_PX, wanted, inner.sizeHint().height()) + 2))

    def _card(self, member: MemberSeen, people: People) -> MemberCard:
        here = member.id == self._here
        card = MemberCard(self._theme, member, here=here, can_change=people.can_change)
        card.roles_wanted.connect(lambda: self.roles_wanted.emit(member))
        card.vouch_wanted.connect(lambda key: self._vouch(member, key))
        return card

    def _vouch(self, member: MemberSeen, key: PublicKeySeen) -> None:
        self.vouch_wanted.emit(member, key)

    def _show_inner(self, inner: QWidget) -> None:
        self._area.setWidget(inner)
        # Given to a scroll area, a widget gets a ground of its own.
        inner.setAutoFillBackground(False)
