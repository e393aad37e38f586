"""The way from the window to the people: those of the open project, those of this machine, and the lock.

To hook it in: `self.people = PeopleControl(theme, self)` in `Studio` once its shell exists; `take` gets every
event of the broker, and `shell.person_menu` leads to `show_profiles`. It adds its own commands.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from studio_assist import protocol
from studio_assist.desk.first_run import PersonSheet, Profile
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.shell import Command
from studio_assist.desk.theme import Theme
from studio_assist.domain.people import Person, Role, new_person

if TYPE_CHECKING:
    from studio_assist.desk.people.forms import InviteForm, JoinForm
    from studio_assist.desk.people.lock import Lock
    from studio_assist.desk.people.parts import Form
    from studio_assist.desk.people.sheet import PeopleSheet
    from studio_assist.desk.studio import Studio

PEOPLE: Final = "people.show"
PROFILES: Final = "people.profiles"
LOCK: Final = "people.lock"
JOIN: Final = "people.join"
_FILES: Final = "Invitations and answers (*.json);;All files (*)"


class PeopleControl(QObject):
    """Puts the sheets up, carries what a person wants of them to the broker, and covers the desk."""

    def __init__(self, theme: Theme, studio: Studio) -> None:
        super().__init__(studio)
        self._theme: Final = theme
        self._studio: Final = studio
        self._sheet: PeopleSheet | None = None
        self._lock: Lock | None = None
        add = studio.shell.commands.add
        add(Command(PEOPLE, "People on this project", self.show, icon="person", needs_desk=True))
        add(Command(PROFILES, "Switch person", self.show_profiles, icon="person"))
        add(Command(LOCK, "Lock until somebody says who they are", self.lock, icon="lock"))
        add(Command(JOIN, "Answer an invitation", self.join, icon="export"))

    # properties

    @property
    def sheet(self) -> PeopleSheet | None:
        """The project's people, while they are up."""
        return self._sheet

    @property
    def locked(self) -> Lock | None:
        """The lock, while the desk is covered."""
        return self._lock

    # methods

    def take(self, event: protocol.Event) -> None:
        """The broker says something without being asked."""
        if isinstance(event, protocol.PeopleChanged) and self._sheet is not None:
            self._sheet.show_people(event.people)

    def show(self) -> None:
        """Put up the people of the open project."""
        person = self._studio.person
        if self._studio.state is None or person is None:
            return
        if self._sheet is not None:
            self._sheet.raise_()
            return
        from studio_assist.desk.people.sheet import PeopleSheet

        guard_overrides()
        sheet = self._sheet = PeopleSheet(self._theme, self._studio.shell, person.id)
        sheet.roles_wanted.connect(self._give_roles)
        sheet.vouch_wanted.connect(self._vouch)
        sheet.invite_wanted.connect(self._invite)
        sheet.admit_wanted.connect(self._admit)
        sheet.join_wanted.connect(self.join)
        sheet.profiles_wanted.connect(self._turn_to_profiles)
        sheet.closed.connect(self._closed)
        sheet.open()
        call = self._studio.client.call(protocol.LIST_PEOPLE, protocol.Nothing(), owner=sheet)
        call.on_done(sheet.show_people).on_error(sheet.show_error)

    def show_profiles(self) -> None:
        """Put up who works on this machine."""
        if self._studio.person is None:
            self._studio.start_page.ask_person()
            return
        from studio_assist.desk.people.profiles import ProfilesSheet

        guard_overrides()
        studio = self._studio
        project = studio.state is not None
        sheet = ProfilesSheet(self._theme, studio.shell, self._everybody(), studio.person, project=project)
        sheet.switch_wanted.connect(self.switch)
        sheet.remove_wanted.connect(self._remove)
        sheet.roles_wanted.connect(lambda: studio.start_page.ask_person(change=True))
        sheet.add_wanted.connect(self._add)
        sheet.lock_wanted.connect(self.lock)
        sheet.people_wanted.connect(self.show)
        sheet.join_wanted.connect(self.join)
        sheet.open()

    def switch(self, person: Person) -> None:
        """Cover the desk until this person confirms that they are at the keyboard now."""
        now = self._studio.person
        if self._lock is None and (now is None or now.id != person.id):
            self._cover((person,))

    def lock(self) -> None:
        """Cover the desk until somebody says who they are."""
        if self._lock is None and self._studio.person is not None:
            self._cover(self._everybody(), choose=True)

    def join(self) -> None:
        """Answer an invitation with one's own key."""
        person = self._studio.person
        if person is None:
            self._studio.start_page.ask_person(then=self.join)
            return
        from studio_assist.desk.people.forms import JoinForm

        guard_overrides()
        form = JoinForm(self._theme, self._studio.shell, person.name)
        form.wanted.connect(lambda: self._answer(form, person))
        form.open()

    # slots

    def _closed(self) -> None:
        self._sheet = None

    def _turn_to_profiles(self) -> None:
        if self._sheet is not None:
            self._sheet.dismiss()
        self.show_profiles()

    def _add(self) -> None:
        sheet = PersonSheet(self._theme, self._studio.shell)

        def done(profile: Profile) -> None:
            first, *more = profile.roles
            self.switch(new_person(profile.name, first, tuple(more)))

        sheet.done.connect(done)
        sheet.closed.connect(sheet.deleteLater)
        sheet.open()

    def _remove(self, person: Person) -> None:
        settings = self._studio.settings
        settings.save(settings.load().without_profile(person.id))
        self.show_profiles()

    def _confirmed(self, person: Person) -> None:
        self._lock = None
        studio = self._studio
        before = studio.person
        if before is not None and before.id == person.id:
            return
        if self._sheet is not None:
            # It shows what the one before them may do.
            self._sheet.dismiss()
        kept = studio.settings.load()
        if before is not None:
            # Settings from before there were several people name them as the one at the keyboard alone.
            kept = kept.with_profile(before)
        studio.settings.save(kept.with_profile(person))
        studio.set_person(person)
        if studio.state is not None:
            params = protocol.SwitchPersonParams(person=person)
            call = studio.client.call(protocol.SWITCH_PERSON, params, owner=self)
            call.on_error(studio.show_error)

    def _gone_back(self) -> None:
        self._lock = None

    # slots: the project's people

    def _give_roles(self, member: protocol.MemberSeen) -> None:
        person = self._studio.person
        if person is None:
            return
        from studio_assist.desk.people.forms import RolesForm

        guard_overrides()
        form = RolesForm(self._theme, self._studio.shell, member)

        def give(roles: tuple[Role, ...]) -> None:
            form.busy("Writing it into the record.")
            params = protocol.GiveRolesParams(who=member.id, roles=roles, person=person)
            call = self._studio.client.call(protocol.GIVE_ROLES, params, owner=form)
            call.on_done(lambda people: self._done(form, people, f"{member.name}'s roles are given."))
            call.on_error(form.show_error)

        form.wanted.connect(give)
        form.open()

    def _vouch(self, member: protocol.MemberSeen, key: protocol.PublicKeySeen) -> None:
        person = self._studio.person
        if person is None:
            return
        from studio_assist.desk.people.forms import VouchForm

        guard_overrides()
        form = VouchForm(self._theme, self._studio.shell, member, key)

        def vouch() -> None:
            form.busy("Signing your word for it.")
            params = protocol.VouchParams(who=member.id, public=key.public, person=person)
            call = self._studio.client.call(protocol.VOUCH, params, owner=form)
            call.on_done(lambda people: self._done(form, people, f"You vouch for {member.name}'s key."))
            call.on_error(form.show_error)

        form.wanted.connect(vouch)
        form.open()

    def _invite(self) -> None:
        person = self._studio.person
        if person is None:
            return
        from studio_assist.desk.people.forms import InviteForm

        guard_overrides()
        form = InviteForm(self._theme, self._studio.shell)
        form.wanted.connect(lambda name, roles: self._save_invitation(form, person, name, roles))
        form.open()

    def _save_invitation(self, form: InviteForm, person: Person, name: str, roles: tuple[Role, ...]) -> None:
        suggested = str(Path(self._folder()) / f"Invitation for {name}.json")
        out, _ = QFileDialog.getSaveFileName(form, "Save the invitation", suggested, _FILES)
        if not out:
            return

        def done(made: protocol.Invited) -> None:
            form.show_done(f"{Path(made.path).name} is written. {made.words}")

        form.busy("Signing the invitation.")
        params = protocol.InviteParams(out=out, name=name, roles=roles, person=person)
        call = self._studio.client.call(protocol.INVITE, params, owner=form)
        call.on_done(done).on_error(form.show_error)

    def _admit(self) -> None:
        person, sheet = self._studio.person, self._sheet
        if person is None or sheet is None:
            return
        file, _ = QFileDialog.getOpenFileName(sheet, "Take in an answer", self._folder(), _FILES)
        if not file:
            return
        sheet.outcome.clear()
        look = protocol.AdmitParams(answer=file, person=person, look_only=True)
        call = self._studio.client.call(protocol.ADMIT, look, owner=sheet)
        call.on_done(lambda seen: self._compare(seen, look)).on_error(sheet.show_error)

    def _compare(self, seen: protocol.Admitted, look: protocol.AdmitParams) -> None:
        from studio_assist.desk.people.forms import AdmitForm

        guard_overrides()
        form = AdmitForm(self._theme, self._studio.shell, seen)

        def admitted(done: protocol.Admitted) -> None:
            words = f"{done.name} is on this project, and their key is known. Hand them a copy of it."
            self._done(form, None, words)

        def admit() -> None:
            form.busy("Writing it into the record.")
            params = look.model_copy(update={"look_only": False})
            call = self._studio.client.call(protocol.ADMIT, params, owner=form)
            call.on_done(admitted).on_error(form.show_error)

        form.wanted.connect(admit)
        form.open()

    def _answer(self, form: JoinForm, person: Person) -> None:
        file, _ = QFileDialog.getOpenFileName(form, "Answer an invitation", self._folder(), _FILES)
        if not file:
            return
        suggested = str(Path(file).with_name(f"Answer of {person.name}.json"))
        out, _ = QFileDialog.getSaveFileName(form, "Save your answer", suggested, _FILES)
        if not out:
            return
        form.busy("Signing the answer with your key for that project.")
        params = protocol.JoinParams(invitation=file, out=out, person=person)
        call = self._studio.client.call(protocol.JOIN, params, owner=form)
        call.on_done(lambda joined: form.show_joined(joined, Path(joined.path).name))
        call.on_error(form.show_error)

    # internals

    def _done(self, form: Form, people: protocol.People | None, words: str) -> None:
        """Close a form, and say on the sheet behind it what was done."""
        form.dismiss()
        if self._sheet is not None:
            if people is not None:
                self._sheet.show_people(people)
            self._sheet.show_done(words)

    def _cover(self, people: tuple[Person, ...], *, choose: bool = False) -> None:
        from studio_assist.desk.people.lock import Lock

        guard_overrides()
        lock = self._lock = Lock(self._theme, self._studio.shell, people, choose=choose)
        lock.confirmed.connect(self._confirmed)
        lock.went_back.connect(self._gone_back)
        lock.close_desk()

    def _everybody(self) -> tuple[Person, ...]:
        """The people of this machine; whoever is at the keyboard is one of them, whatever was saved."""
        found = {person.id: person for person in self._studio.settings.load().everybody}
        here = self._studio.person
        if here is not None:
            found[here.id] = here
        return tuple(found.values())

    def _folder(self) -> str:
        state = self._studio.state
        return str(Path(state.path).parent if state is not None else Path.home())
