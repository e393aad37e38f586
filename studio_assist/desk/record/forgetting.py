"""Forgetting a text: look at what it would do, ask once more, do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio_assist import protocol
from studio_assist.desk.record.forget_sheet import ConfirmForget, ForgetSheet
from studio_assist.desk.theme import Theme
from studio_assist.domain.people import Person
from studio_assist.domain.values import EntryNumber

if TYPE_CHECKING:
    from studio_assist.desk.studio import Studio

#: A look writes nothing, and so has no reason of its own to give.
_LOOK: Final = "look"


def show_forgetting(theme: Theme, studio: Studio, person: Person, entry: int | None) -> None:
    """Ask which text, and why."""
    sheet = ForgetSheet(theme, studio.shell, person.name, entry)
    sheet.look_wanted.connect(lambda number: _look(sheet, studio, person, number))
    sheet.chosen.connect(lambda number, why: _confirm(theme, sheet, studio, person, number, why))
    sheet.open()


def _look(sheet: ForgetSheet, studio: Studio, person: Person, entry: int) -> None:
    params = protocol.ForgetParams(entry=EntryNumber(entry), why=_LOOK, person=person, look_only=True)
    call = studio.client.call(protocol.FORGET, params, owner=sheet)
    call.on_done(lambda look: sheet.show_look(entry, look))
    call.on_error(lambda error: sheet.show_refused(entry, error.message, error.remedy))


def _confirm(theme: Theme, sheet: ForgetSheet, studio: Studio, person: Person, entry: int, why: str) -> None:
    look = sheet.looked
    if look is None:
        return
    last = ConfirmForget(theme, studio.shell, person.name, entry, why, look)

    def done(forgot: protocol.Forgot) -> None:
        studio.write.forgotten(forgot.named_by)
        sheet.show_done(entry, forgot)

    def go() -> None:
        sheet.show_busy()
        params = protocol.ForgetParams(entry=EntryNumber(entry), why=why, person=person)
        call = studio.client.call(protocol.FORGET, params, owner=sheet)
        call.on_done(done)
        call.on_error(lambda error: sheet.show_refused(entry, error.message, error.remedy))

    last.confirmed.connect(go)
    last.open()
