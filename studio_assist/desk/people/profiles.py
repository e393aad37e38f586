"""Who works on this machine: several people, one of them at the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.first_run.roles import roles_words
from studio_assist.desk.kit import Badge, Button, Card, IconButton, Label, Sheet
from studio_assist.desk.people.parts import Initials
from studio_assist.desk.record.parts import scrolling
from studio_assist.desk.theme import Theme
from studio_assist.domain.people import Person

_AROUND_PX: Final = 260


class _Row(Card):
    """One of them."""

    def __init__(self, theme: Theme, person: Person, *, here: bool) -> None:
        super().__init__(theme, "surface2", 6)
        self.setObjectName(f"profile_{person.id}")
        self.switch: Final = Button(theme, "Switch", height_px=26, name=f"Switch to {person.name}")
        self.switch.setObjectName(f"switch_{person.id}")
        self.roles: Final = Button(theme, "Roles…", height_px=26, name=f"Roles of {person.name}")
        self.roles.setObjectName(f"profile_roles_{person.id}")
        self.remove: Final = IconButton(theme, "minus", f"Take {person.name} off this machine's list")
        self.remove.setObjectName(f"remove_{person.id}")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Label(theme, person.name, "strong", "text"))
        words.addWidget(Label(theme, roles_words(person.roles), "caption", "text3"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 10, 9)
        row.setSpacing(10)
        row.addWidget(Initials(theme, person.name))
        row.addLayout(words, 1)
        if here:
            row.addWidget(Badge(theme, "At the keyboard", "check"))
        row.addWidget(self.roles)
        row.addWidget(self.switch)
        row.addWidget(self.remove)
        self.roles.setVisible(here)
        self.switch.setVisible(not here)
        self.remove.setVisible(not here)


class ProfilesSheet(Sheet):
    """Everybody of this machine. Whoever is put at the keyboard confirms it at the lock.

    Signals:
        switch_wanted, remove_wanted: a `Person`.
        roles_wanted: change the roles of who is at the keyboard.
        add_wanted: somebody new.
        lock_wanted: cover the desk.
        people_wanted: the people of the open project.
        join_wanted: where none is open, an invitation is answered.
    """

    switch_wanted = Signal(object)
    remove_wanted = Signal(object)
    roles_wanted = Signal()
    add_wanted = Signal()
    lock_wanted = Signal()
    people_wanted = Signal()
    join_wanted = Signal()

    def __init__(
        self, theme: Theme, window: QWidget, people: Sequence[Person], here: Person | None, *, project: bool
    ) -> None:
        super().__init__(
            theme,
            window,
            "Who is deciding",
            subtitle="Every decision is recorded under the name of who is at the keyboard.",
            icon="person",
            width_px=560,
        )
        self.setObjectName("profiles_sheet")
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        for person in people:
            row = _Row(theme, person, here=here is not None and person.id == here.id)
            row.switch.clicked.connect(lambda _on=False, person=person: self._leave_to_switch(person))
            row.remove.clicked.connect(lambda _on=False, person=person: self._leave_to_remove(person))
            row.roles.clicked.connect(lambda _on=False: self._leave(self.roles_wanted))
            column.addWidget(row)
        self.body.addWidget(
            scrolling(inner, "People on this machine", max(120, window.height() - _AROUND_PX))
        )
        for text, icon, name, signal in (
            ("Add a person…", "plus", "profiles_add", self.add_wanted),
            ("Lock", "lock", "profiles_lock", self.lock_wanted),
        ):
            button = Button(theme, text, icon=icon)
            button.setObjectName(name)
            button.clicked.connect(lambda _on=False, signal=signal: self._leave(signal))
            self.footer.addWidget(button)
        words = "People on this project…" if project else "Answer an invitation…"
        more = Button(theme, words, kind="ghost")
        more.setObjectName("profiles_people" if project else "profiles_join")
        more.clicked.connect(lambda: self._leave(self.people_wanted if project else self.join_wanted))
        self.footer.addWidget(more)
        self.footer.addStretch(1)
        close = Button(theme, "Close", key="Esc")
        close.clicked.connect(self.dismiss)
        self.footer.addWidget(close)
        self.closed.connect(self.deleteLater)

    # slots

    def _leave_to_switch(self, person: Person) -> None:
        self.dismiss()
        self.switch_wanted.emit(person)

    def _leave_to_remove(self, person: Person) -> None:
        self.dismiss()
        self.remove_wanted.emit(person)

    # internals

    def _leave(self, wanted: SignalInstance) -> None:
        """Close the sheet, then say what is wanted."""
        self.dismiss()
        wanted.emit()
