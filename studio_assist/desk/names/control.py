"""The way from the window to the name map and back.

To hook it in: `self.names = NamesControl(theme, self)` in `Studio` once its shell exists. It adds its own
command ("names.show", for menu and command box). The gate sheet's Edit link calls `show()`; when `changed`
comes, a sheet that waits is made anew by the broker.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from studio_assist import protocol
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.shell import Command
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.names import NameKind, NameTerm
from studio_assist.domain.people import Person

if TYPE_CHECKING:
    from studio_assist.desk.names.name_sheet import NameSheet
    from studio_assist.desk.names.sheet import NamesSheet
    from studio_assist.desk.studio import Studio

COMMAND: Final = "names.show"


class NamesControl(QObject):
    """Puts the sheet up, and carries what a person wants of it to the broker.

    Signals:
        changed: the list is another one now (`protocol.Names`).
        closed: the sheet has gone; `True` where the list was changed while it was open.
    """

    changed = Signal(object)
    closed = Signal(bool)

    def __init__(self, theme: Theme, studio: Studio) -> None:
        super().__init__(studio)
        self._theme: Final = theme
        self._studio: Final = studio
        self._sheet: NamesSheet | None = None
        self._was_changed = False
        command = Command(COMMAND, "Names of this production", self.show, icon="shield", needs_desk=True)
        studio.shell.commands.add(command)

    # properties

    @property
    def sheet(self) -> NamesSheet | None:
        """The sheet, while it is up."""
        return self._sheet

    # methods

    def show(self, find: str = "") -> None:
        """Put the sheet up, with what it shall look for."""
        if self._studio.state is None or self._studio.person is None:
            return
        if self._sheet is not None:
            self._sheet.raise_()
            self._sheet.search.setText(find)
            return
        from studio_assist.desk.names.sheet import NamesSheet

        guard_overrides()
        sheet = self._sheet = NamesSheet(self._theme, self._studio.shell)
        self._was_changed = False
        sheet.edit_wanted.connect(self._edit)
        sheet.add_wanted.connect(lambda text: self._open_name(None, text))
        sheet.remove_wanted.connect(self._remove)
        sheet.word_back_wanted.connect(self._take_back)
        sheet.put_back_wanted.connect(self._put_back)
        sheet.closed.connect(self._closed)
        sheet.search.setText(find)
        sheet.open()
        params = protocol.ListNamesParams(script=self._script())
        call = self._studio.client.call(protocol.LIST_NAMES, params, owner=sheet)
        call.on_done(sheet.show_names).on_error(sheet.show_error)

    # slots

    def _closed(self) -> None:
        self._sheet = None
        self.closed.emit(self._was_changed)

    def _edit(self, name: NameTerm) -> None:
        self._open_name(name)

    def _open_name(self, name: NameTerm | None, text: str = "") -> None:
        person = self._studio.person
        if person is None:
            return
        from studio_assist.desk.names.name_sheet import NameSheet

        guard_overrides()
        sheet = NameSheet(self._theme, self._studio.shell, name, text, person.name)
        sheet.wanted.connect(
            lambda new, kind, aliases: self._set(
                sheet, person, new, kind, aliases, name.text if name else None
            )
        )
        sheet.open()

    def _set(
        self,
        sheet: NameSheet,
        person: Person,
        text: str,
        kind: NameKind,
        aliases: tuple[str, ...],
        was: str | None,
    ) -> None:
        params = protocol.SetNameParams(
            text=text,
            kind=kind,
            aliases=aliases,
            was=was if was != text else None,
            person=person,
            script=self._script(),
        )

        def done(told: protocol.Names) -> None:
            sheet.dismiss()
            self._show(told, text)
            if self._sheet is not None:
                self._sheet.show_kept(text)

        call = self._studio.client.call(protocol.SET_NAME, params, owner=sheet)
        call.on_done(done).on_error(lambda error: sheet.show_error(error.message, error.remedy))

    def _remove(self, name: NameTerm) -> None:
        def done(told: protocol.Names) -> None:
            self._show(told)
            if self._sheet is not None:
                self._sheet.show_removed(name)

        self._call_remove(name.text, done, no_name=False)

    def _take_back(self, word: str) -> None:
        def done(told: protocol.Names) -> None:
            self._show(told)
            if self._sheet is not None:
                self._sheet.show_word_back(word)

        self._call_remove(word, done, no_name=True)

    def _put_back(self, name: NameTerm) -> None:
        person = self._studio.person
        if person is None:
            return
        params = protocol.SetNameParams(
            text=name.text, kind=name.kind, aliases=name.aliases, person=person, script=self._script()
        )
        call = self._studio.client.call(protocol.SET_NAME, params, owner=self)
        call.on_done(lambda told: self._show(told, name.text)).on_error(self._failed)

    def _failed(self, error: StudioError) -> None:
        if self._sheet is not None:
            self._sheet.show_error(error)
        else:
            self._studio.show_error(error)

    # internals

    def _script(self) -> str:
        """As it stands in the editor, saved or not."""
        return self._studio.write.document.text()

    def _call_remove(self, text: str, done: Callable[[protocol.Names], object], *, no_name: bool) -> None:
        person = self._studio.person
        if person is None:
            return
        params = protocol.RemoveNameParams(text=text, no_name=no_name, person=person, script=self._script())
        call = self._studio.client.call(protocol.REMOVE_NAME, params, owner=self)
        call.on_done(done).on_error(self._failed)

    def _show(self, told: protocol.Names, at: str = "") -> None:
        self._was_changed = True
        if self._sheet is not None:
            self._sheet.show_names(told, at)
        self.changed.emit(told)
