"""`studio-assist ask --task board` and `--task shots`, and panels as files."""

from __future__ import annotations

import asyncio
import re
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.board_drawing import PREVIS, Ended
from studio_assist.broker.broker import Broker
from studio_assist.broker.session import Session
from studio_assist.commands.opening import Tell, broker_with, current_person, open_to_write, quiet
from studio_assist.commands.output import Output, many
from studio_assist.domain.boards import Board
from studio_assist.domain.breakdown import breakdown
from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.domain.people import Person
from studio_assist.domain.screenplay import Screenplay
from studio_assist.domain.staging import PREVIS_NAME
from studio_assist.domain.storyboard import InsertShots, Shot, ShotId, Variant
from studio_assist.domain.values import RequestId, sha256_of
from studio_assist.interchange.fountain import parse

#: The tasks of the board; every other one asks for words.
TASKS: Final = ("board", "shots")
#: How many pictures a shot gets where nobody says how many.
_COUNT: Final = 4


def ask(options: Namespace, output: Output) -> int:
    """Ask for pictures of shots, or propose shots by rules. Nothing is decided."""
    if options.task == "shots":
        return _propose(options, output)
    return asyncio.run(_ask_board(options, output))


def export(options: Namespace, output: Output) -> int:
    """Write one panel, or each that holds a picture into a folder. Exit 1 when a final one is blocked."""
    done = asyncio.run(_export(options, output))
    blocked = [part for one in done for part in one.blocked_by]
    if blocked:
        output.document(
            {"blocked_by": [{"kind": one.kind, "where": one.where, "entry": one.entry} for one in blocked]}
        )
        output.say(f"A final export waits for {many(len(blocked), 'temp panel')}:")
        output.table([(one.where, f"entry {one.entry}") for one in blocked])
        output.note("Draw over each and mark it as replaced in the window, or export without --final.")
        return 1
    files = [file for one in done for file in one.files]
    temp = sum(one.temp_items for one in done)
    output.document(
        {
            "files": [{"path": file.path, "sha256": file.sha256, "entry": file.entry} for file in files],
            "temp_items": temp,
        }
    )
    for file in files:
        output.say(f"{file.path}  (entry {file.entry})")
    if temp:
        output.say(f"{many(temp, 'temp panel')}, each with its band and marks.")
    return 0


def _propose(options: Namespace, output: Output) -> int:
    shots = asyncio.run(_proposals(options))
    output.document(
        {
            "request": None,
            "candidates": [
                {
                    "id": shot.id,
                    "text": _line_of(shot),
                    "hash": sha256_of(shot.model_dump_json()),
                    "state": "ready",
                    "backend": "rules",
                    "model": "Shot rules, not AI",
                    "seed": None,
                    "ms": 0,
                    "tokens": 0,
                    "shot": shot.model_dump(mode="json", exclude={"panel", "earlier", "staging"}),
                }
                for shot in shots
            ],
        }
    )
    output.table(
        [
            (
                shot.number,
                f"{shot.size.value} {shot.lens_mm}mm",
                shot.angle.value,
                shot.movement.value,
                f"{shot.duration_ms / 1000:.1f} s",
                shot.title,
            )
            for shot in shots
        ],
        heads=("shot", "size", "angle", "movement", "time", "what"),
    )
    proposed = f"{many(len(shots), 'shot')} proposed by rules."
    output.say("", f"{proposed} An artist takes them one by one in the window.")
    return 0


async def _proposals(options: Namespace) -> tuple[Shot, ...]:
    # A look leaves no file behind, nor waits for a window that has the project.
    session = Session.open(options.project, current_person(), tell=quiet, read_only=True, at_rest=True)
    try:
        return _of_script(parse(session.state().script).screenplay, options.scene)
    finally:
        await session.close()


async def _ask_board(options: Namespace, output: Output) -> int:
    person = current_person()
    async with broker_with(_teller(output)) as broker:
        state = await open_to_write(broker, options.project, person, output)
        shots = await _wanted(broker, options, parse(state.script).screenplay, person, output)
        asked = await broker.handle(
            protocol.ASK_BOARD,
            protocol.BoardAskParams(
                shots=tuple(shot.id for shot in shots),
                drawer=options.backend,
                count=options.count or _COUNT,
                seed=options.seed,
                note=options.note,
                person=person,
            ),
        )
        ended = await broker.boards.queue.finished(asked.requests)
        # As they wait now: with their marked copies.
        live = broker.boards.live
        made = {
            request: [live.variant(one.candidate) or one for one in ended[request].made]
            for request in asked.requests
        }
    return _told(options, output, shots, made, ended)


def _told(
    options: Namespace,
    output: Output,
    shots: Sequence[Shot],
    made: dict[RequestId, list[Variant]],
    found: dict[RequestId, Ended],
) -> int:
    requests = list(made)
    variants = [variant for frames in made.values() for variant in frames]
    failed = [one.live for one in found.values() if one.live is not None]
    if failed and not variants:
        error = next((one.error for one in found.values() if one.error is not None), None)
        if error is not None:
            raise error
        raise Unavailable(failed[0].why, remedy=failed[0].remedy or "Ask again.", place=options.backend)
    for live in failed:
        output.note(f"{live.why} {live.remedy}")
    numbers = dict(zip(requests, (shot.number for shot in shots), strict=True))
    output.document(
        {
            "request": requests[0] if len(requests) == 1 else None,
            "requests": requests,
            "candidates": [
                _document(variant, numbers[variant.request], options.backend or PREVIS)
                for variant in variants
            ],
        }
    )
    output.table(
        [
            (
                numbers[variant.request],
                f"variant {variant.index + 1}",
                variant.made_by,
                variant.picture.sha256[:16],
            )
            for variant in variants
        ],
        heads=("shot", "", "drawn by", "media"),
    )
    output.say(
        "",
        f"{many(len(variants), 'picture')} for {many(len(shots), 'shot')}. Nothing is decided: a person "
        "accepts, edits or rejects each in the window.",
    )
    return 0


async def _wanted(
    broker: Broker, options: Namespace, script: Screenplay, person: Person, output: Output
) -> tuple[Shot, ...]:
    """The shots that pictures are asked for; the proposed ones go onto the board where a scene has none."""
    board = broker.session.boards.board
    if options.shot is not None:
        found = tuple(
            shot
            for shot in board
            if options.shot in (shot.id, shot.number) or shot.number == options.shot.upper()
        )
        if not found:
            raise BadInput(
                f"There is no shot {options.shot} on the board.",
                remedy="Give its number as the board has it, or its id; or leave --shot away.",
                place="shot",
            )
        return found[:1]
    there = board.of_scene(options.scene) if options.scene is not None else board.shots
    if there:
        return there
    shots = _of_script(script, options.scene)
    if not shots:
        raise BadInput(
            "There is nothing in the script to make shots of.",
            remedy="Write the scene first, or make the shots in the window.",
            place="scene",
        )
    edit = InsertShots(shots=shots, after=_before(board, script, options.scene))
    await broker.handle(protocol.EDIT_BOARD, protocol.EditBoardParams(edit=edit, person=person))
    output.note(f"The scene had no shots: {len(shots)} by rules were put on the board.")
    return shots


def _before(board: Board, script: Screenplay, scene: str | None) -> ShotId | None:
    """The last shot of the scenes before this one."""
    order = [one.number for one in script.scenes]
    if scene not in order:
        return board.shots[-1].id if board.shots else None
    earlier = set(order[: order.index(scene)])
    behind = [shot.id for shot in board if shot.scene in earlier]
    return behind[-1] if behind else None


def _of_script(script: Screenplay, scene: str | None) -> tuple[Shot, ...]:
    if scene is None:
        return breakdown(script, None)
    for one in script.scenes:
        if one.number == scene:
            return breakdown(script, one.index)
    raise BadInput(
        f"There is no scene {scene}.",
        remedy=f"The scenes are {', '.join(one.number for one in script.scenes[:40])}.",
        place="scene",
    )


async def _export(options: Namespace, output: Output) -> list[protocol.Exported]:
    person = current_person()
    out: Path = options.out.absolute()
    async with broker_with() as broker:
        await open_to_write(broker, options.project, person, output)
        board = broker.session.boards.board
        held = [shot for shot in board if shot.panel.picture is not None]
        if options.shot is not None:
            chosen = [shot for shot in held if options.shot in (shot.id, shot.number)]
            if not chosen:
                raise BadInput(
                    f"There is no picture in a panel {options.shot}.",
                    remedy="Give the number of a panel that holds one; undecided frames are in no export.",
                    place="shot",
                )
            targets = [(chosen[0], out)]
        else:
            if not held:
                raise BadInput(
                    "No panel holds a picture yet.",
                    remedy="Decide on frames, or draw them, in the window.",
                    place=str(options.project),
                )
            out.mkdir(parents=True, exist_ok=True)
            targets = [(shot, out / f"{_name_of(shot)}.{options.format}") for shot in held]
        done: list[protocol.Exported] = []
        for shot, target in targets:
            leaving = protocol.ExportPanelParams(
                shot=shot.id, format=options.format, out=str(target), final=options.final, person=person
            )
            done.append(await broker.handle(protocol.EXPORT_PANEL, leaving))
        return done


def _name_of(shot: Shot) -> str:
    return re.sub(r"[^\w.-]", "_", shot.number) or shot.id


def _line_of(shot: Shot) -> str:
    return f"{shot.number} {shot.size.value} {shot.lens_mm}mm: {shot.title}"


def _document(variant: Variant, number: str, backend: str) -> dict[str, object]:
    return {
        "id": variant.candidate,
        "shot": number,
        "media": variant.picture.sha256,
        "marked": variant.shown.sha256 if variant.shown else None,
        "hash": variant.content,
        "state": variant.state,
        "backend": backend,
        "model": variant.made_by,
        "seed": variant.seed,
        "ms": 0,
        "tokens": 0,
    }


def previs_document() -> dict[str, object]:
    """The built-in drawer, as `backends` lists it."""
    return {
        "id": PREVIS,
        "name": PREVIS_NAME,
        "model": PREVIS_NAME,
        "kinds": ["pictures"],
        "where": "here",
        "host": None,
        "retention_days": 0,
        "trains": False,
        "ready": True,
        "why": None,
    }


def _teller(output: Output) -> Tell:
    seen: set[str] = set()

    def tell(event: protocol.Event) -> None:
        if isinstance(event, protocol.Trouble):
            output.note(f"{event.message} {event.remedy}")
        elif isinstance(event, protocol.QueueChanged) and event.items:
            label = f"{event.items[0].label}, {event.total} to go"
            if label not in seen:
                seen.add(label)
                output.note(label)

    return tell
