"""Handing out a pack: look at what it would hold, write it, stop it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from studio_assist import protocol
from studio_assist.desk.record.pack_sheet import PackSheet, folder_for
from studio_assist.desk.theme import Theme
from studio_assist.domain.people import Person
from studio_assist.domain.values import EntryNumber

if TYPE_CHECKING:
    from studio_assist.desk.studio import Studio


def show_handing_out(theme: Theme, studio: Studio, person: Person, state: protocol.ProjectState) -> PackSheet:
    """Put up the sheet of a pack; it is given its progress by whoever hears of it."""
    parent = Path(state.path).parent
    taken = [path.name for path in parent.iterdir()] if parent.is_dir() else []
    folder = folder_for(parent, state.title, f"{datetime.now():%Y-%m-%d}", taken)
    sheet = PackSheet(theme, studio.shell, person.name, folder, parent)

    def write(out: str, entries: tuple[int, ...], files: tuple[str, ...]) -> None:
        disclose = tuple(EntryNumber(entry) for entry in entries)
        params = protocol.PackParams(out=out, disclose=disclose, files=files, person=person)
        call = studio.client.call(protocol.PACK, params, owner=sheet)
        call.on_done(sheet.show_done).on_error(lambda error: sheet.show_error(error.message, error.remedy))

    sheet.wanted.connect(write)
    nothing = protocol.Nothing()
    # How it ends is told by the call that writes.
    sheet.stop_wanted.connect(lambda: studio.client.call(protocol.STOP_PACK, nothing, owner=studio))
    sheet.open()
    look = studio.client.call(protocol.PACK_LOOK, nothing, owner=sheet)
    look.on_done(sheet.show_look).on_error(lambda error: sheet.show_error(error.message, error.remedy))
    return sheet
