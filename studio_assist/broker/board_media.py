"""Pictures of the board among the project's media: put there, marked, put together from layers."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from studio_assist.broker.session import Session
from studio_assist.broker.vouching import SIGNS, Vouching, needs_c2pa, vouch
from studio_assist.domain.canvas import UNDERLAY_NAME, Canvas, Layer
from studio_assist.domain.errors import BadInput, Damaged
from studio_assist.domain.marking import SourceType
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import Media, Panel, Shot
from studio_assist.domain.values import EntryNumber, Sha256
from studio_assist.interchange import openraster
from studio_assist.paths import resource
from studio_assist.storage.atomic import read_bytes
from studio_assist.storage.project import ProjectFolder

#: How a drawing is kept among the media.
ORA: Final = ".ora"
_SUFFIXES: Final = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}


def put_picture(folder: ProjectFolder, data: bytes, name: str | None = None) -> Media:
    """Keep a picture file as it is. Blocking.

    Raises:
        BadInput: empty, no picture, cut short, too large, or of a kind that is not kept as it is.
    """
    from studio_assist.marks.containers import kind_of
    from studio_assist.marks.decoding import decode

    pixels = decode(data, name).pixels
    kind = kind_of(data)
    suffix = _SUFFIXES.get(f"image/{kind}")
    if suffix is None:
        raise BadInput(
            "The picture is of a kind that is not kept here.",
            remedy="Save it as PNG, JPEG or WebP.",
            place=name,
        )
    height, width = pixels.shape[:2]
    return Media(sha256=folder.put_media(data, suffix), suffix=suffix, width=width, height=height)


def media_file(folder: ProjectFolder, media: Media) -> Path:
    """Where a picture's file is. Raises `Damaged` where it is missing, with where it was."""
    path = folder.media(media.sha256, media.suffix)
    if path is None:
        place = folder.media_path / media.sha256[:2] / f"{media.sha256}{media.suffix}"
        raise Damaged(
            "A picture is missing from the project's media.",
            remedy="Put it back from a copy of the project, then try again.",
            place=str(place),
        )
    return path


def media_bytes(folder: ProjectFolder, media: Media) -> bytes:
    """A picture's file. Raises `Damaged` where it is missing, with where it was."""
    return read_bytes(media_file(folder, media))


async def marked_copy(
    session: Session,
    original: bytes,
    *,
    entry: EntryNumber,
    label: str,
    source: SourceType,
    made_by: str,
    person: Person,
    parent: bytes | None = None,
) -> Media:
    """The copy of a temp picture that is shown: with band, invisible mark, metadata and manifest.

    Raises a `StudioError` where it cannot be made or signed.
    """
    vouching = await vouch(
        session, person, source=source, is_temp=True, label=label, backend=made_by, entry=entry
    )
    secret = session.folder.mark_secret()
    return await asyncio.to_thread(_marked, session.folder, original, vouching, secret, parent)


def canvas_of(folder: ProjectFolder, panel: Panel) -> Canvas | None:
    """A panel's drawing, or None where it has none yet. Blocking.

    Raises:
        Damaged: its file is missing.
        BadInput: it cannot be read.
    """
    if panel.canvas is None:
        return None
    path = folder.media(panel.canvas, ORA)
    if path is None:
        raise Damaged(
            "The drawing is missing from the project's media.",
            remedy="Put it back from a copy of the project, or draw over the picture anew.",
            place=str(folder.media_path / panel.canvas[:2] / f"{panel.canvas}{ORA}"),
        )
    return openraster.read(read_bytes(path), path.name)


def with_underlay(canvas: Canvas, picture: Media, png: bytes) -> Canvas:
    """A drawing of a temp panel: its underlay is the panel's picture, at the bottom, whatever came in."""
    rest = tuple(layer for layer in canvas.layers if layer.kind != "temp")
    old = next((layer for layer in canvas.layers if layer.kind == "temp"), None)
    underlay = Layer(
        id="underlay",
        kind="temp",
        name=UNDERLAY_NAME,
        png=png,
        opacity=old.opacity if old else 0.8,
        visible=old.visible if old else True,
    )
    kept = tuple(
        layer.model_copy(update={"id": f"{layer.id}-2"[:40]}) if layer.id == "underlay" else layer
        for layer in rest
    )
    return canvas.model_copy(update={"layers": (underlay, *kept), "temp": picture.sha256})


def without_underlay(canvas: Canvas) -> Canvas:
    """The person's layers alone."""
    rest = tuple(layer for layer in canvas.layers if layer.kind != "temp")
    return canvas.model_copy(update={"layers": rest, "temp": None})


def empty_ink() -> Layer:
    """The layer that a drawing begins with."""
    return Layer(id="ink", kind="ink", name="Human ink")


def with_picture(canvas: Canvas, png: bytes) -> Canvas:
    """A drawing with a person's own picture at the bottom."""
    own = Layer(id="picture", kind="other", name="Picture", png=png)
    return canvas.model_copy(update={"layers": (own, *canvas.layers)})


def put_canvas(folder: ProjectFolder, canvas: Canvas) -> Sha256:
    """Keep a drawing with its layers. Blocking."""
    return folder.put_media(openraster.write(canvas), ORA)


def composite(folder: ProjectFolder, canvas: Canvas, *, underlay: bool) -> tuple[Media, bytes]:
    """The drawing as one picture, kept among the media. Blocking; its notes are not in it."""
    png = openraster.flattened(canvas, underlay=underlay)
    digest = folder.put_media(png, ".png")
    return Media(sha256=digest, width=canvas.width, height=canvas.height), png


def has_ink(canvas: Canvas) -> bool:
    """Whether a person drew anything at all that is not a note."""
    for layer in canvas.layers:
        if layer.kind in ("temp", "notes") or not layer.png:
            continue
        if openraster.layer_pixels(layer)[..., 3].any():
            return True
    return False


def as_png(data: bytes, size: tuple[int, int] | None = None) -> bytes:
    """A picture of any kind as PNG, upright and RGB, for a layer; in another size if asked. Blocking."""
    from PIL import Image

    from studio_assist.marks.decoding import decode

    image = Image.fromarray(decode(data).pixels).convert("RGBA")
    return openraster.png_of(image if size in (None, image.size) else image.resize(size))


def canvas_file(folder: ProjectFolder, name: str) -> Path:
    """The file that the window wrote a drawing to. Raises `BadInput` for one outside `recovery`."""
    path = Path(name)
    if path.resolve().parent != folder.recovery_path.resolve() or path.suffix != ORA:
        raise BadInput(
            "A drawing is handed over in the project's recovery folder.",
            remedy="Draw in the window.",
            place=name,
        )
    return path


def stamp_of(path: Path) -> tuple[int, int]:
    """Which version of a file stands there, by size and time; zeros for none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def label_of(shot: Shot) -> str:
    """A panel as people call it ("14C")."""
    return shot.number or "panel"


def try_remove(path: Path) -> None:
    """Remove a file of the recovery folder that is kept elsewhere by now."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # It is found again when the project is opened, and is the same drawing.
        return


def _marked(
    folder: ProjectFolder, original: bytes, vouching: Vouching, secret: str, parent: bytes | None
) -> Media:
    needs_c2pa(SIGNS)
    from studio_assist.marks.invisible import mark_key
    from studio_assist.marks.pictures import mark_picture

    marked = mark_picture(
        original,
        vouching.facts,
        mark_key=mark_key(secret),
        identity=vouching.identity,
        fonts=resource("fonts"),
        at=vouching.at,
        parent=parent,
    )
    digest = folder.put_media(marked.data, ".png")
    return Media(sha256=digest, width=marked.width, height=marked.height)
