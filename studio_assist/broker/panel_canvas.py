"""Drawings and marked copies of temp panels: put together from what is kept and what a person drew."""

from __future__ import annotations

import asyncio
from pathlib import Path

from studio_assist.broker import board_media
from studio_assist.broker.session import Session
from studio_assist.domain.canvas import Canvas
from studio_assist.domain.errors import BadInput
from studio_assist.domain.marking import SourceType
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import Media, Panel, PictureContent, Shot
from studio_assist.interchange import openraster
from studio_assist.interchange.returned import layer_with
from studio_assist.storage.atomic import read_bytes
from studio_assist.storage.project import ProjectFolder


async def edited_frame(
    session: Session, content: PictureContent, path: Path | None
) -> tuple[Canvas, PictureContent, int]:
    """An edited variant: its drawing, what both look like together, how much of the offer still shows."""
    if path is None:
        raise BadInput("Nothing was edited.", remedy="Accept it as it is, or draw over it first.")
    folder = session.folder

    def build() -> tuple[Canvas, Media, int]:
        canvas = read_canvas(path)
        if not board_media.has_ink(canvas):
            raise BadInput("Nothing was edited.", remedy="Accept it as it is, or draw over it first.")
        png = board_media.as_png(board_media.media_bytes(folder, content.picture))
        whole = board_media.with_underlay(canvas, content.picture, png)
        media, _data = board_media.composite(folder, whole, underlay=True)
        return whole, media, 1000 - _covered_permille(whole)

    canvas, media, kept = await asyncio.to_thread(build)
    both = PictureContent(picture=media, shot=content.shot, source=SourceType.COMPOSITE)
    return canvas, both, kept


async def with_canvas(session: Session, shot: Shot, panel: Panel, canvas: Canvas, person: Person) -> Panel:
    """A temp panel with a drawing over it. Its underlay is in it, whatever the drawing says."""
    picture, entry = panel.picture, panel.entry
    assert picture is not None
    assert entry is not None
    folder = session.folder

    def build() -> tuple[str, bytes, int]:
        png = board_media.as_png(board_media.media_bytes(folder, picture))
        whole = board_media.with_underlay(canvas, picture, png)
        data = openraster.flattened(whole, underlay=True)
        return board_media.put_canvas(folder, whole), data, _covered_permille(whole)

    digest, data, human = await asyncio.to_thread(build)
    shown = await board_media.marked_copy(
        session,
        data,
        entry=entry,
        label=board_media.label_of(shot),
        source=SourceType.COMPOSITE,
        made_by=panel.made_by,
        person=person,
    )
    return panel.model_copy(update={"canvas": digest, "shown": shown, "human_permille": human})


async def with_mark(session: Session, shot: Shot, panel: Panel, person: Person) -> Panel:
    """A panel whose marked copy was lost, or not made yet, with one."""
    assert panel.picture is not None
    assert panel.entry is not None
    data = await asyncio.to_thread(board_media.media_bytes, session.folder, panel.picture)
    shown = await board_media.marked_copy(
        session,
        data,
        entry=panel.entry,
        label=board_media.label_of(shot),
        source=panel.source or SourceType.GENERATED,
        made_by=panel.made_by,
        person=person,
    )
    return panel.model_copy(update={"shown": shown})


def read_canvas(file: Path) -> Canvas:
    return openraster.read(read_bytes(file), file.name)


def temp_layer(canvas: Canvas, folder: ProjectFolder, picture: Media) -> str | None:
    """The name of a person's layer that holds a temp picture; None where none does. Blocking."""
    path = folder.media(picture.sha256, picture.suffix)
    if path is None:
        # It was taken away from the media; what is drawn is all there is to look at.
        return None
    return layer_with(canvas, board_media.as_png(read_bytes(path)))


def _covered_permille(canvas: Canvas) -> int:
    """How much of the frame a person's layers cover, in thousandths."""
    import numpy as np

    covered = np.zeros((canvas.height, canvas.width), dtype=bool)
    for layer in canvas.layers:
        if layer.kind in ("temp", "notes") or not layer.png or not layer.visible:
            continue
        alpha = openraster.layer_pixels(layer)[..., 3] > 127
        x, y = max(0, layer.x), max(0, layer.y)
        if x >= canvas.width or y >= canvas.height:
            continue
        part = alpha[max(0, -layer.y) :, max(0, -layer.x) :][: canvas.height - y, : canvas.width - x]
        covered[y : y + part.shape[0], x : x + part.shape[1]] |= part
    return round(1000 * float(covered.mean()))
