"""`export`: script, boards, animatic, timeline or shot list, marked, as files."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import ValidationError

from studio_assist import protocol
from studio_assist.broker.exporting import export_without_record
from studio_assist.broker.session import Session
from studio_assist.commands import boards
from studio_assist.commands.opening import Tell, broker_with, current_person, open_to_write, quiet
from studio_assist.commands.output import Output, many
from studio_assist.domain.errors import BadInput, Damaged
from studio_assist.domain.export_formats import FILMS, SEQUENCES, PanelFormat
from studio_assist.domain.scene_range import scenes_named
from studio_assist.interchange.fountain import parse, read_script_bytes
from studio_assist.storage.project import ProjectFolder

#: Options that are for some formats alone, and what they would otherwise be.
_FOR: Final[dict[str, tuple[str, ...]]] = {
    "panels": ("boards-pdf",),
    "paper": ("boards-pdf",),
    "portrait": ("boards-pdf",),
    "fields": ("boards-pdf",),
    "no_empty": ("boards-pdf",),
    "height": FILMS,
    "no_captions": FILMS,
    "no_slate": FILMS,
    "every_frame": SEQUENCES,
}
_SCRIPTS: Final = ("fountain", "pdf", "fdx")


def export(options: Namespace, output: Output) -> int:
    """Write a marked copy.

    Exit 1 when a final one is blocked, by temp material or by a record that was altered. A copy of the script
    out of a project with such a record is done (exit 0), says so itself, and has no entry.
    """
    _fits(options)
    if options.format in get_args(PanelFormat):
        return boards.export(options, output)
    if options.shot is not None:
        raise BadInput("--shot is for the formats png, ora and psd.", remedy="Leave it away.", place="shot")
    done = asyncio.run(_export(options, output))
    if done.blocked_by:
        blocked = [{"kind": part.kind, "where": part.where, "entry": part.entry} for part in done.blocked_by]
        output.document({"blocked_by": blocked})
        output.say(f"A final export waits for {many(len(blocked), 'piece')} of temp material:")
        output.table([(part.kind, part.where, f"entry {part.entry}") for part in done.blocked_by])
        output.note("Rewrite each one or mark it as replaced in the window, or export without --final.")
        return 1
    files = [{"path": file.path, "sha256": file.sha256, "entry": file.entry} for file in done.files]
    output.document({"files": files, "temp_items": done.temp_items})
    for file in done.files:
        where = f"entry {file.entry}" if file.entry is not None else "in no record"
        output.say(f"{file.path}  ({where})")
    if done.altered is not None:
        output.note(
            f"Note: the record of this project was altered: {done.altered} The copy says so; nobody signed "
            "it, and it was not recorded."
        )
    if done.temp_items:
        what = "temp line" if options.format in _SCRIPTS else "temp piece"
        output.say(f"{many(done.temp_items, what)} in it, marked TEMP.")
    return 0


async def _export(options: Namespace, output: Output) -> protocol.Exported:
    person = current_person()
    out: Path = options.out.absolute()
    leaving = protocol.ExportParams(format=options.format, out=str(out), final=options.final, person=person)
    async with broker_with(_teller(output)) as broker:
        try:
            await open_to_write(broker, options.project, person, output, even_altered=True)
        except Damaged as damage:
            folder = ProjectFolder.open(options.project)
            if damage.place != str(folder.ledger_path):
                raise
            # The script is the writer's, whatever happened to the record.
            return await export_without_record(folder, leaving, damage.message, quiet)
        chosen = _options(options, broker.session)
        return await broker.handle(protocol.EXPORT, leaving.model_copy(update={"options": chosen}))


def _options(options: Namespace, session: Session) -> protocol.ExportOptions:
    given: dict[str, Any] = {
        "panels": options.panels,
        "paper": options.paper,
        "height": options.height,
        "landscape": False if options.portrait else None,
        "captions": False if options.no_captions else None,
        "slate": False if options.no_slate else None,
        "every_frame": True if options.every_frame else None,
        "empty": False if options.no_empty else None,
    }
    if options.fields is not None:
        words = (word.strip() for word in options.fields.split(","))
        given["fields"] = tuple(word for word in words if word not in ("", "none"))
    if options.scenes:
        data, _ = session.folder.read_script()
        script = parse(read_script_bytes(data, str(session.folder.script_path)))
        # Scenes that only the board still has come last.
        numbers = [scene.number for scene in script.screenplay.scenes]
        boarded = [shot.scene for shot in session.boards.board if shot.scene not in numbers]
        given["scenes"] = scenes_named(options.scenes, (*numbers, *dict.fromkeys(boarded)))
    try:
        return protocol.ExportOptions.model_validate(
            {name: value for name, value in given.items() if value is not None}
        )
    except ValidationError as error:
        listed = ", ".join(get_args(protocol.BoardField))
        raise BadInput(
            "There is no such field under a panel.", remedy=f"The fields are {listed}.", place="fields"
        ) from error


def _fits(options: Namespace) -> None:
    """Raise `BadInput` for an option that the format would silently leave unheard."""
    for name, formats in _FOR.items():
        if getattr(options, name) not in (None, False) and options.format not in formats:
            word = "--" + name.replace("_", "-")
            raise BadInput(f"{word} is for {', '.join(formats)}.", remedy="Leave it away.", place=word[2:])
    if options.scenes and options.format in (*_SCRIPTS, *get_args(PanelFormat)):
        raise BadInput(
            "--scenes is for boards, films and timelines; a script goes out whole.",
            remedy="Leave it away.",
            place="scenes",
        )


def _teller(output: Output) -> Tell:
    told: dict[str, int] = {}

    def tell(event: protocol.Event) -> None:
        if isinstance(event, protocol.Trouble):
            output.note(f"{event.message} {event.remedy}".rstrip())
        elif isinstance(event, protocol.Progress) and event.job == "export":
            # A line a quarter: a log is no bar.
            quarter = int(event.share * 4)
            if 0 < quarter < 4 and told.get(event.label) != quarter:
                told[event.label] = quarter
                output.note(f"{event.label}: {quarter * 25} %")

    return tell
