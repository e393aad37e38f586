"""Exports of a whole project or of some of its scenes, in every format but the script's own two.

What goes out is read here, once; what makes each format is loaded when it is wanted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker import export_files
from studio_assist.broker.export_book import ProjectBook
from studio_assist.broker.export_files import Leaving
from studio_assist.broker.export_pictures import as_recorded
from studio_assist.broker.export_source import Maker, Source
from studio_assist.broker.export_spans import spans_in
from studio_assist.broker.exporting import (
    Tell,
    blocked_by,
    boards_in_the_way,
    progress_of,
    send_out,
    warning_of,
)
from studio_assist.broker.session import Session
from studio_assist.broker.vouching import vouch
from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.export_formats import FILMS
from studio_assist.domain.marking import SourceType
from studio_assist.domain.screenplay import Screenplay
from studio_assist.domain.storyboard import Shot, ShotId
from studio_assist.domain.temp import TempSpan, debt_of
from studio_assist.domain.temp_words import spans_said, temp_worded
from studio_assist.domain.timeline import Timeline
from studio_assist.domain.values import EntryNumber
from studio_assist.interchange.fountain import parse, read_script_bytes

#: Formats that carry a signed manifest.
_SIGNED: Final = frozenset({"boards-pdf", *FILMS})
#: Formats in which sound goes along.
_HEARD: Final = frozenset({"mp4", "otio", "edl", "fcp7xml", "fcpxml"})
#: Formats of the script, which goes out whole.
_SCRIPTS: Final = frozenset({"fdx"})


async def export_whole(
    session: Session,
    params: protocol.ExportParams,
    undecided: Collection[ShotId],
    tell: Tell,
    *,
    overwrite: bool = False,
) -> protocol.Exported:
    """Export what the call names out of an open project, and record it there.

    Args:
        undecided: shots of which variants wait for a decision.

    Raises:
        Refusal: nothing can be recorded here, so nothing leaves.
        BadInput: no such scene; nothing in the scenes that could go out; a place that no export may take.
        Unavailable: nobody can sign; the disk does not let it.
        Damaged: what was read back is not right; nothing is left behind.
    """
    if session.is_altered and not session.read_only:
        raise Refusal(
            "The record of this project was altered, so only copies of the script can leave it.",
            remedy="Compare the record with a copy; or export the script as Fountain or PDF, which say so.",
            rule="record-intact",
        )
    session.may_write()
    target = export_files.target_of(Path(params.out), params.format, session.folder.path, overwrite=overwrite)
    session.meet(params.person)
    source = await _source(session, params, frozenset(undecided))
    shots = () if params.format in _SCRIPTS else source.temp_shots
    heard = temp_sounds(source) if params.format in _HEARD else ()
    lines = debt_of(source.spans, source.script).lines
    items = lines + len(shots) + len(heard)
    if params.final:
        boards = boards_in_the_way(shots if params.format not in _SCRIPTS else _all_temp(session))
        left = await asyncio.to_thread(blocked_by, source.script, source.spans, (*boards, *heard))
        if left:
            return protocol.Exported(temp_items=items, blocked_by=left)
    leaving = Leaving(
        target=target,
        format=params.format,
        final=params.final,
        overwrite=overwrite,
        temp_items=items,
        entries=(
            *(span.entry for span in source.spans),
            *(shot.panel.entry for shot in shots if shot.panel.entry is not None),
            *(sound.entry for sound in heard),
        ),
    )
    maker = maker_of(params.format)
    book = ProjectBook(session, params.person)
    file = await send_out(
        leaving, lambda told: maker(source, told), book, progress_of(target, tell), warning_of(tell)
    )
    return protocol.Exported(files=(file,), temp_items=items)


def maker_of(format: protocol.ExportFormat) -> Maker:
    """What makes a format. Loaded here: most runs of the broker never make a film."""
    match format:
        case "fdx":
            from studio_assist.broker.export_fdx import make_fdx as maker
        case "boards-pdf":
            from studio_assist.broker.export_boards import make_boards_pdf as maker
        case "csv":
            from studio_assist.broker.export_boards import make_csv as maker
        case "xlsx":
            from studio_assist.broker.export_boards import make_xlsx as maker
        case "mp4":
            from studio_assist.broker.export_film import make_mp4 as maker
        case "gif":
            from studio_assist.broker.export_film import make_gif as maker
        case "frames-png" | "frames-jpeg":
            from studio_assist.broker.export_film import make_frames as maker
        case "otio":
            from studio_assist.broker.export_editorial import make_otio as maker
        case "edl":
            from studio_assist.broker.export_editorial import make_edl as maker
        case "fcp7xml":
            from studio_assist.broker.export_editorial import make_fcp7xml as maker
        case "fcpxml":
            from studio_assist.broker.export_editorial import make_fcpxml as maker
        case "fountain" | "pdf":
            raise AssertionError("scripts have a way out of their own")
    return maker


def temp_sounds(source: Source) -> tuple[protocol.BlockedBy, ...]:
    """Temp sounds that are heard in what goes out, each once."""
    found: dict[str, protocol.BlockedBy] = {}
    for one in source.clips:
        sound = source.animatic.sound(one.clip.sound)
        if sound is not None and sound.temp and sound.sha256 not in found:
            found[sound.sha256] = protocol.BlockedBy(
                kind="sound", where=sound.name, entry=sound.entry or EntryNumber(0), start=0, length=0
            )
    return tuple(found.values())


# What goes out ------------------------------------------------------------------------------------------


async def _source(session: Session, params: protocol.ExportParams, undecided: frozenset[ShotId]) -> Source:
    options, folder = params.options, session.folder
    script = params.script
    if script is None:
        data, _ = folder.read_script()
        script = read_script_bytes(data, str(folder.script_path))
    spans = spans_in(session, params, script)
    screenplay = await asyncio.to_thread(lambda text: parse(text).screenplay, script)
    if params.format in _SCRIPTS and options.scenes:
        raise BadInput("A script goes out whole.", remedy="Choose no scenes for it.", place="scenes")
    board = session.boards.board
    _known_scenes(options.scenes, screenplay, {shot.scene for shot in board})
    timeline = Timeline.of(board, folder.info.rate, options.scenes)
    if params.format not in _SCRIPTS:
        await asyncio.to_thread(as_recorded, session, [cut.shot for cut in timeline.cuts])
    if not timeline.cuts and params.format not in _SCRIPTS:
        raise BadInput(
            "There are no panels in this range.", remedy="Choose other scenes, or add shots.", place="scenes"
        )
    inside = _inside(spans, screenplay, options.scenes)
    lost = [words for span in spans if span.state == "lost" and (words := session.story.quote_of(span))]
    inside, worded = await asyncio.to_thread(_said_in, timeline, spans, inside, script, lost)
    source = Source(
        folder=folder,
        title=folder.info.title,
        aspect=folder.info.aspect,
        format=params.format,
        options=options,
        script=script,
        spans=inside,
        timeline=timeline,
        shots=frozenset(shot.id for shot in board),
        undecided=undecided,
        temp_words=worded,
        animatic=session.animatic.animatic,
        final=params.final,
        vouching=None,
        secret=folder.mark_secret(),
        entry=EntryNumber(session.ledger.size),
        tag=session.ledger.tag,
        on=date.today(),
    )
    if params.format not in _SIGNED:
        return source
    return await _signed(session, params, source)


def _source_type(source: Source) -> SourceType:
    """What a file is, that holds pictures of people, of models and of the built-in drawer side by side."""
    if not source.holds_temp:
        return SourceType.HUMAN_EDITS
    if not source.temp_words and all(_is_previs(shot) for shot in source.temp_shots):
        # The built-in drawer is no AI, and nothing else in it is.
        return SourceType.PROCEDURAL
    return SourceType.COMPOSITE


def _is_previs(shot: Shot) -> bool:
    """Whether what is temp in a panel was drawn by rules."""
    return shot.panel.source is SourceType.PROCEDURAL


async def _signed(session: Session, params: protocol.ExportParams, source: Source) -> Source:
    holds = source.holds_temp
    made_by = sorted({shot.panel.made_by for shot in source.temp_shots if shot.panel.made_by})
    vouching = await vouch(
        session,
        params.person,
        source=_source_type(source),
        is_temp=holds,
        label=Path(params.out).name,
        backend=", ".join(made_by) or None,
    )
    # To sign, entries of its own may have been made; the file names the record as it is now.
    return replace(source, vouching=vouching, entry=vouching.facts.entry)


def _known_scenes(wanted: Collection[str], script: Screenplay, boarded: Collection[str]) -> None:
    known = {scene.number for scene in script.scenes} | set(boarded)
    for number in wanted:
        if number not in known:
            listed = ", ".join(scene.number for scene in script.scenes[:40])
            raise BadInput(f"There is no scene {number}.", remedy=f"The scenes are {listed}.", place="scenes")


def _inside(spans: tuple[TempSpan, ...], script: Screenplay, scenes: Collection[str]) -> tuple[TempSpan, ...]:
    """The temp spans of these scenes; a lost one is in all of them, for nobody knows where it was."""
    if not scenes:
        return spans
    ranges = [(scene.start, scene.end) for scene in script.scenes if scene.number in scenes]
    return tuple(
        span
        for span in spans
        if span.state == "lost" or any(start < span.end and span.start < end for start, end in ranges)
    )


def _said_in(
    timeline: Timeline,
    spans: tuple[TempSpan, ...],
    inside: tuple[TempSpan, ...],
    script: str,
    lost: Collection[str],
) -> tuple[tuple[TempSpan, ...], frozenset[ShotId]]:
    """The temp spans that go out, and the shots that say their words.

    A shot says words of another scene too: they go out with it, wherever they stand in the script.
    """
    shots = [cut.shot for cut in timeline.cuts]
    elsewhere = [span for span in spans if span not in inside]
    said = spans_said(shots, elsewhere, script)
    out = tuple(span for span in spans if span in inside or span in said)
    return out, temp_worded(shots, out, script, lost)


def _all_temp(session: Session) -> tuple[Shot, ...]:
    return tuple(shot for shot in session.boards.board if shot.panel.state == "temp")
