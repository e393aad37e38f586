"""The way from the window to the policies and back.

To hook it in: `self.policies = PolicyControl(theme, self)` in `Studio` once its shell exists. It adds its own
command ("policy.show"). The first-run page's "Read it" calls `read()`, with a policy's id where it has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from studio_assist import protocol
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.shell import Command
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person
from studio_assist.domain.sensitivity import Sensitivity

if TYPE_CHECKING:
    from studio_assist.desk.policy.sheet import PolicySheet
    from studio_assist.desk.studio import Studio

COMMAND: Final = "policy.show"


class PolicyControl(QObject):
    """Puts the sheet up, and carries the choice to the broker.

    Signals:
        changed: the project is under another policy, or its files were confirmed (`protocol.Policies`). What
            a backend may do is another matter now: the models are looked at again.
    """

    changed = Signal(object)

    def __init__(self, theme: Theme, studio: Studio) -> None:
        super().__init__(studio)
        self._theme: Final = theme
        self._studio: Final = studio
        command = Command(COMMAND, "Policy of this project", self.show, icon="shield", needs_desk=True)
        studio.shell.commands.add(command)

    # methods

    def show(self) -> None:
        """Read and choose the project's policy; without a project it is for reading."""
        person = self._studio.person
        if self._studio.state is None or person is None:
            self.read()
        else:
            self._open("", person)

    def read(self, policy: str = "") -> None:
        """Put the policies up to read, at first this one."""
        self._open(policy, None)

    # internals

    def _open(self, policy: str, person: Person | None) -> None:
        from studio_assist.desk.policy.sheet import PolicySheet

        guard_overrides()
        state = self._studio.state
        sheet = PolicySheet(
            self._theme,
            self._studio.shell,
            person=person.name if person else "",
            project=state.title if state else "",
        )
        if person is not None:
            sheet.chosen.connect(
                lambda name, overlays, material: self._choose(sheet, person, name, overlays, material)
            )

        def show(told: protocol.Policies) -> None:
            sheet.show_policies(told, read=policy)
            sheet.open()

        def failed(error: StudioError) -> None:
            sheet.deleteLater()
            self._studio.show_error(error)

        call = self._studio.client.call(protocol.LIST_POLICIES, protocol.Nothing(), owner=sheet)
        call.on_done(show).on_error(failed)

    def _choose(
        self,
        sheet: PolicySheet,
        person: Person,
        policy: str,
        overlays: tuple[str, ...],
        material: Sensitivity,
    ) -> None:
        params = protocol.ChoosePolicyParams(
            policy=policy, overlays=overlays, material=material, person=person
        )

        def done(told: protocol.Policies) -> None:
            sheet.show_policies(told)
            sheet.show_chosen(person.name)
            self.changed.emit(told)

        call = self._studio.client.call(protocol.CHOOSE_POLICY, params, owner=sheet)
        call.on_done(done).on_error(sheet.show_error)
