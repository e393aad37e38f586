"""Pictures and drawings that come in as files, and panels that go out as files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker import board_media, export_files
from studio_assist.broker.alike import is_like_temp
from studio_assist.broker.board_drawing import mark_variant
from studio_assist.broker.board_live import LiveBoard
from studio_assist.broker.board_story import variant_of
from studio_assist.broker.export_book import ProjectBook
from studio_assist.broker.export_files import Leaving
from studio_assist.broker.export_pictures import as_recorded
from studio_assist.broker.exporting import has_written, progress_of, send_out, warning_of
from studio_assist.broker.mark_reading import Place, read_marks
from studio_assist.broker.marking import PictureJob, export_picture
from studio_assist.broker.panel_layers import layers_of, psd_layers_of
from studio_assist.broker.panels import Panels
from studio_assist.broker.session import Session, new_request_id
from studio_assist.broker.story import BOARD
from studio_assist.domain import record
from studio_assist.domain.canvas import LARGEST_SIDE, Canvas
from studio_assist.domain.errors import BadInput, StudioError
from studio_assist.domain.marking import SourceType
from studio_assist.domain.people import Person
from studio_assist.domain.record import CandidateMade
from studio_assist.domain.storyboard import Media, Panel, PictureContent, Shot, Variant
from studio_assist.domain.values import CandidateId, EntryNumber
from studio_assist.gate.verdict import HERE
from studio_assist.interchange import openraster
from studio_assist.interchange.returned import layer_with
from studio_assist.ledger import Contents
from studio_assist.storage.atomic import read_bytes
from studio_assist.storage.project import ProjectFolder

#: The window keeps a drawing under this name while a person draws.
CANVAS_NAME: Final = "canvas-{shot}.ora"
#: How a file says that a model, or a program by rules, made it: the last part of the IPTC's address, which
#: XMP and C2PA manifests both write in plain.
_SAYS_AI: Final = (b"rainedAlgorithmicMedia", b"/algorithmicMedia")
#: What is kept as it came; anything else is kept beside the PNG that is made of it.
_AI_WORDS: Final = (SourceType.GENERATED.word, SourceType.COMPOSITE.word)
_KEPT_AS: Final = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif", ".bmp")
_PLAIN: Final = frozenset({"png", "jpeg", "webp"})


class BoardFiles:
    """Files in and out of panels.

    Args:
        home: the settings folder, which names the projects that a file may come from.
    """

    def __init__(
        self,
        session: Callable[[], Session],
        ready: Callable[[Person], Awaitable[Session]],
        live: LiveBoard,
        panels: Panels,
        home: Path,
        tell: Callable[[protocol.Event], None],
    ) -> None:
        self._session: Final = session
        self._ready: Final = ready
        self._live: Final = live
        self._panels: Final = panels
        self._home: Final = home
        self._tell: Final = tell
        self._marking: Final[set[asyncio.Task[None]]] = set()

    async def put_picture(self, params: protocol.PutPictureParams) -> protocol.PanelChanged:
        """Put a file into a panel. What is marked as AI, or as previs, waits for a decision.

        Raises:
            BadInput: no picture, damaged, too large; no such shot.
        """
        session = await self._ready(params.person)
        session.may_write()
        session.meet(params.person)
        shot = session.boards.board.shot(params.shot)
        file = Path(params.file)
        place = Place(open=session.folder.path, home=self._home)
        media, data, warnings = await asyncio.to_thread(_taken_in, session.folder, file)
        # The pixels that are kept: a file of another kind cannot be asked itself.
        kept = session.folder.media(media.sha256, media.suffix) or file
        marked = await asyncio.to_thread(_is_marked, kept, data, place)
        for warning in warnings:
            self._tell(protocol.Trouble(kind="picture", message=warning, remedy=""))
        if marked is None:
            waiting = [variant for _shot, variant in self._live.waiting]
            marked = await asyncio.to_thread(_is_temp_here, session, shot.panel, media, data, waiting)
        if marked is not None:
            self._offer(session, shot, media, marked, file.name, params.person)
            return self._panels.changed(shot.id, None)
        entry = await self._panels.put_own(session, shot.id, media, params.person)
        return self._panels.changed(shot.id, entry)

    async def export_panel(self, params: protocol.ExportPanelParams) -> protocol.Exported:
        """Write one panel: a picture with its marks, or the drawing with its layers.

        Raises:
            BadInput: the panel is empty; a place that an export may not take.
            Refusal: nothing can be recorded here.
        """
        session = await self._ready(params.person)
        shot = session.boards.board.shot(params.shot)
        panel = shot.panel
        if panel.picture is None or panel.entry is None:
            raise BadInput(
                f"The panel {shot.number} is empty.",
                remedy="Draw in it, or accept a frame first. Undecided frames are in no export.",
                place=shot.number,
            )
        await asyncio.to_thread(as_recorded, session, [shot])
        out = Path(params.out)
        overwrite = await has_written(session, out)
        if params.format != "png":
            return await self._export_layers(session, shot, params, overwrite=overwrite)
        is_temp = panel.state == "temp"
        canvas = await asyncio.to_thread(board_media.canvas_of, session.folder, panel) if is_temp else None
        original: bytes = await asyncio.to_thread(
            lambda: (
                openraster.flattened(canvas, underlay=True)
                if canvas is not None
                else board_media.media_bytes(session.folder, _picture_of(shot))
            )
        )
        job = PictureJob(
            original=original,
            entry=panel.entry,
            label=board_media.label_of(shot),
            source=_source_of(shot, canvas),
            out=out,
            person=params.person,
            is_temp=is_temp,
            backend=panel.made_by or None,
            final=params.final,
            overwrite=overwrite,
        )
        return await export_picture(session, job, self._tell)

    async def take_in_left(self, session: Session) -> None:
        """Put drawings into their panels that a window could not hand over: their strokes are not lost."""
        for shot in session.boards.board:
            file = session.folder.recovery_path / CANVAS_NAME.format(shot=shot.id)
            if not file.is_file():
                continue
            try:
                canvas = await asyncio.to_thread(_drawing_in, file)
                await self._panels.keep_canvas(session, shot.id, canvas, session.person)
            except StudioError as error:
                message = f"A drawing for {shot.number} that was not in its panel yet could not be taken in."
                self._tell(
                    protocol.Trouble(
                        kind="canvas",
                        message=f"{message} {error.message}",
                        remedy=f"It is kept as {file.name}.",
                    )
                )
                continue
            if await session.boards.flush():
                board_media.try_remove(file)
            self._live.tell((shot.id,))
            self._tell(
                protocol.Trouble(
                    kind="canvas",
                    message=f"The drawing for {shot.number} that was not in its panel yet was put there.",
                    remedy="Look at it.",
                )
            )

    async def close(self) -> None:
        """Wait for the marks of what came in last."""
        await asyncio.gather(*self._marking, return_exceptions=True)

    # internals

    def _offer(
        self,
        session: Session,
        shot: Shot,
        media: Media,
        source: SourceType,
        name: str,
        person: Person,
    ) -> None:
        """A marked file comes up as a variant, with a request of its own in the record."""
        texts = Contents()
        request = record.Requested(
            request=new_request_id(),
            task=BOARD,
            backend="file",
            model=f"File {name}",
            where="here",
            scene=shot.scene or None,
            anchor=None,
            prompt=texts.add(name),
            note=None,
            count=1,
            seed=None,
            settings={"number": shot.number, "shot": shot.id},
        )
        session.append(request, contents=texts, person=person, durable=False)
        session.append(
            record.VerdictGiven(request=request.request, verdict=HERE.verdict, rules=HERE.rules),
            durable=False,
        )
        content = PictureContent(picture=media, shot=shot.id, source=source)
        texts = Contents()
        made = CandidateMade(
            request=request.request,
            candidate=CandidateId(f"{request.request}-1"),
            index=0,
            content=texts.add(content.text()),
            state="ready",
            why=None,
            tokens=0,
            ms=0,
            seed=None,
        )
        entry = session.append(made, contents=texts, durable=False)
        session.append(
            record.RequestEnded(request=request.request, state="done", why=None, dropped=()), durable=False
        )
        self._live.offer(shot.id, variant_of(made, content, request, None))
        marking = self._mark(session, shot, made.candidate, entry.number, person)
        task = asyncio.get_running_loop().create_task(marking)
        self._marking.add(task)
        task.add_done_callback(self._marking.discard)

    async def _mark(
        self, session: Session, shot: Shot, candidate: CandidateId, entry: EntryNumber, person: Person
    ) -> None:
        variant = self._live.variant(candidate)
        if variant is None:
            return
        try:
            data = await asyncio.to_thread(board_media.media_bytes, session.folder, variant.picture)
            await mark_variant(session, self._live, shot, variant, entry, data, person)
        except StudioError as error:
            self._tell(protocol.Trouble(kind="picture", message=error.message, remedy=error.remedy))

    async def _export_layers(
        self, session: Session, shot: Shot, params: protocol.ExportPanelParams, *, overwrite: bool
    ) -> protocol.Exported:
        panel, form = shot.panel, params.format
        layers = layers_of if form == "ora" else psd_layers_of
        is_temp = panel.state == "temp"
        assert panel.entry is not None
        if params.final and is_temp:
            left = protocol.BlockedBy(
                kind="board", where=shot.number, entry=panel.entry, start=0, length=0, shot=shot.id
            )
            return protocol.Exported(temp_items=1, blocked_by=(left,))
        session.may_write()
        target = export_files.target_of(Path(params.out), form, session.folder.path, overwrite=overwrite)
        session.meet(params.person)
        leaving = Leaving(
            target=target,
            format=form,
            final=params.final,
            overwrite=overwrite,
            temp_items=int(is_temp),
            entries=(panel.entry,),
        )
        file = await send_out(
            leaving,
            lambda _progress: layers(session.folder, shot),
            ProjectBook(session, params.person),
            progress_of(target, self._tell),
            warning_of(self._tell),
        )
        return protocol.Exported(files=(file,), temp_items=leaving.temp_items)


def _drawing_in(file: Path) -> Canvas:
    return openraster.read(read_bytes(file), file.name)


def _taken_in(folder: ProjectFolder, file: Path) -> tuple[Media, bytes, tuple[str, ...]]:
    """A file among the media, its bytes, and what a person should know of it."""
    from PIL import Image

    from studio_assist.marks.containers import kind_of
    from studio_assist.marks.decoding import decode

    data = read_bytes(file)
    decoded = decode(data, file.name)
    if kind_of(data) in _PLAIN and not decoded.warnings:
        return board_media.put_picture(folder, data, file.name), data, ()
    # The original stays among the media too: what was made of it can be made again.
    folder.put_media(data, file.suffix.casefold() if file.suffix.casefold() in _KEPT_AS else ".bin")
    png = openraster.png_of(Image.fromarray(decoded.pixels))
    return board_media.put_picture(folder, png, file.name), data, decoded.warnings


def _is_marked(file: Path, data: bytes, place: Place) -> SourceType | None:
    """What a file says that it is, where it says that no person made it; else None."""
    if b"/algorithmicMedia" in data and b"rainedAlgorithmicMedia" not in data:
        return SourceType.PROCEDURAL
    if any(words in data for words in _SAYS_AI):
        return SourceType.GENERATED
    # What says it in words need not be searched for marks in its pixels, which takes a second.
    report = read_marks(file, place).report
    if report.band or report.invisible.present or report.source_type in _AI_WORDS:
        return SourceType.GENERATED
    return None


def _is_temp_here(
    session: Session, panel: Panel, media: Media, data: bytes, waiting: Sequence[Variant]
) -> SourceType | None:
    """What a file is that says nothing of itself, where it is a temp picture of this project. Blocking."""
    if session.ledger.has_candidate_with(media.sha256) or is_like_temp(session, waiting, data):
        return SourceType.GENERATED
    if panel.state != "temp" or panel.picture is None or max(media.width, media.height) > LARGEST_SIDE:
        return None
    path = session.folder.media(panel.picture.sha256, panel.picture.suffix)
    if path is None or min(media.width, media.height) < 16:
        return None
    whole = board_media.with_picture(Canvas(width=media.width, height=media.height), board_media.as_png(data))
    # In its own place and size, as a layer over it would be.
    under = board_media.as_png(read_bytes(path), (media.width, media.height))
    if layer_with(whole, under) is None:
        return None
    return panel.source or SourceType.GENERATED


def _picture_of(shot: Shot) -> Media:
    assert shot.panel.picture is not None
    return shot.panel.picture


def _source_of(shot: Shot, canvas: Canvas | None) -> SourceType:
    if shot.panel.state == "drawn":
        return SourceType.HUMAN_EDITS
    return SourceType.COMPOSITE if canvas is not None else shot.panel.source or SourceType.GENERATED
