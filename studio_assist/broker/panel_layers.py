"""A panel's drawing with its layers, on its way to another program: what is temp in it wears the band.

Blocking; called in threads.
"""

from __future__ import annotations

from PIL import Image

from studio_assist.broker import board_media, panel_canvas
from studio_assist.broker.export_files import Made
from studio_assist.domain.canvas import Canvas, Layer
from studio_assist.domain.errors import Damaged, Refusal
from studio_assist.domain.storyboard import Shot
from studio_assist.interchange import openraster
from studio_assist.storage.project import ProjectFolder


def layers_of(folder: ProjectFolder, shot: Shot) -> Made:
    """A panel's drawing as an OpenRaster file without its notes. Blocking.

    The TEMP layer says what it is, and wears the band in its pixels.
    """
    canvas, band = _leaving(folder, shot)

    def wrong(back: bytes) -> str | None:
        found = openraster.read(back)
        return None if found == canvas else "its layers do not read back as they were"

    return Made(openraster.write(canvas, band), wrong)


def psd_layers_of(folder: ProjectFolder, shot: Shot) -> Made:
    """A panel's drawing as a PSD file without its notes. Blocking.

    Its TEMP layer is locked, and wears the band in its pixels: a program that knows nothing of us flattens
    the file, and the mark stays.
    """
    from studio_assist.interchange import psd

    canvas, band = _leaving(folder, shot)
    return Made(psd.write(canvas, band), lambda back: psd.wrong_layers(back, canvas))


def _leaving(folder: ProjectFolder, shot: Shot) -> tuple[Canvas, Image.Image | None]:
    """A panel's drawing as it goes out: its notes stay here, and its underlay is marked. With the band.

    Raises:
        Refusal: a person's layer holds the temp picture too, where it would have no mark.
        Damaged: the marked copy is gone.
    """
    canvas, picture = drawing_of(folder, shot), shot.panel.picture
    kept = tuple(layer for layer in canvas.layers if layer.kind != "notes")
    if shot.panel.state != "temp" or picture is None:
        return board_media.without_underlay(canvas.model_copy(update={"layers": kept})), None
    found = panel_canvas.temp_layer(canvas, folder, picture)
    if found is not None:
        raise Refusal(
            f"The layer {found} holds the TEMP picture itself, and would carry no mark in the file.",
            remedy="Take the picture out of that layer; or export the panel as a picture, which is marked.",
            rule="no-temp-pixels",
        )
    band = _band_of(folder, shot)
    layers = tuple(_banded(layer, band) if layer.kind == "temp" else layer for layer in kept)
    return canvas.model_copy(update={"layers": layers}), _across(band, canvas.width)


def _band_of(folder: ProjectFolder, shot: Shot) -> Image.Image:
    """The band that the marked copy of a panel wears."""
    from studio_assist.marks.band import band_rows
    from studio_assist.marks.band_reading import has_band
    from studio_assist.marks.decoding import decode

    shown = shot.panel.shown
    pixels = decode(board_media.media_bytes(folder, shown)).pixels if shown is not None else None
    if pixels is None or not has_band(pixels):
        raise Damaged(
            f"The picture of panel {shot.number} is temp, and the copy with the band on it is gone.",
            remedy="Put its file back from a copy of the project, or give the panel another picture.",
            place=shot.number,
        )
    height, width = pixels.shape[:2]
    return Image.fromarray(pixels[height - band_rows(height, width) :])


def _banded(layer: Layer, band: Image.Image) -> Layer:
    """The underlay with the band in its pixels."""
    under = Image.fromarray(openraster.layer_pixels(layer))
    band = _across(band, under.width).convert("RGBA")
    under.paste(band, (0, under.height - band.height))
    return layer.model_copy(update={"png": openraster.png_of(under)})


def _across(band: Image.Image, width: int) -> Image.Image:
    if band.width == width:
        return band
    return band.resize((width, max(1, round(band.height * width / band.width))))


def drawing_of(folder: ProjectFolder, shot: Shot) -> Canvas:
    """A panel as a drawing: the one that is kept, or its picture as a layer, or white paper. Blocking."""
    panel = shot.panel
    found = board_media.canvas_of(folder, panel)
    if found is not None:
        return found
    if panel.picture is None:
        return Canvas(width=1920, height=1080, layers=(board_media.empty_ink(),))
    png = board_media.as_png(board_media.media_bytes(folder, panel.picture))
    blank = Canvas(width=panel.picture.width, height=panel.picture.height, layers=(board_media.empty_ink(),))
    if panel.state == "temp":
        return board_media.with_underlay(blank, panel.picture, png)
    return board_media.with_picture(blank, png)
