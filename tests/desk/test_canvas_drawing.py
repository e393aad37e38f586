"""Strokes, layers, selections and undo, by real pens and mice, read back pixel by pixel."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPointingDevice
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_assist.desk.canvas.area import DrawArea
from studio_assist.desk.canvas.document import NOTE_PENCIL, CanvasDocument
from studio_assist.desk.canvas.faces import fresh_faces
from studio_assist.desk.canvas.history import KEPT
from studio_assist.desk.canvas.loading import Encoder, opened
from studio_assist.desk.canvas.meter import Meter
from studio_assist.desk.canvas.pixels import tinted
from studio_assist.desk.canvas.stroke import Nib
from studio_assist.desk.canvas.tiles import tiles_of
from studio_assist.desk.theme import Theme
from studio_assist.domain.canvas import Canvas, Layer
from studio_assist.domain.errors import BadInput
from studio_assist.interchange import openraster
from tests.desk.canvas_fakes import (
    Disk,
    a_job,
    along,
    alpha,
    circle,
    drawn_rect,
    everything,
    ink_width,
    mouse,
    pen,
    pixels,
    png,
)

PLAIN_NIB = Nib(size_px=10, smoothing=0, least=0.2, colour="#000000")


def an_area(qtbot: QtBot, theme: Theme, document: CanvasDocument) -> DrawArea:
    area = DrawArea(theme, document)
    qtbot.addWidget(area)
    area.resize(700, 420)
    area.show()
    area.set_zoom(100)
    area.hand.nib = PLAIN_NIB
    return area


@pytest.fixture
def document(qapp: QApplication) -> Iterator[CanvasDocument]:
    document = CanvasDocument(QSize(640, 360))
    document.person = "J. Lindqvist"
    under = tiles_of(tinted(frame_image()), QPoint(0, 0))
    document.fill(fresh_faces("J. Lindqvist", underlay=True), {"underlay": under}, {})
    yield document
    document.history.clear()


@pytest.fixture
def area(qtbot: QtBot, theme: Theme, document: CanvasDocument) -> Iterator[DrawArea]:
    area = an_area(qtbot, theme, document)
    yield area
    area.close()


def frame_image() -> QImage:
    from studio_assist.desk.canvas.pixels import read_picture

    data = png(640, 360, "white")
    image = read_picture(data, "frame")
    for x in range(0, 640, 40):
        for y in range(360):
            image.setPixelColor(x, y, QColor("black"))
    return image


def test_a_stroke_leaves_ink_where_the_mouse_went_and_nowhere_else(
    area: DrawArea, document: CanvasDocument
) -> None:
    mouse(area, along((100, 100), (300, 100)))
    assert drawn_rect(pixels(document)) == drawn_rect(pixels(document)).intersected(document.page)
    assert drawn_rect(pixels(document)).adjusted(-1, -1, 1, 1).contains(200, 100)
    assert abs(drawn_rect(pixels(document)).left() - 95) <= 1
    assert abs(drawn_rect(pixels(document)).right() - 304) <= 1
    assert ink_width(pixels(document), 200) == 10
    face = document.face("human-ink")
    assert face is not None
    assert face.detail == "J. Lindqvist, 1 stroke"


def test_a_stroke_is_on_the_screen_as_it_is_on_the_layer(area: DrawArea, document: CanvasDocument) -> None:
    mouse(area, along((100, 100), (300, 100)))
    at = area.from_page(area.to_page(area.from_page(area.page_rect.topLeft())))
    assert at is not None
    shown = area.grab().toImage()
    spot = area.from_page(QPoint(200, 100).toPointF())
    assert shown.pixelColor(spot.toPoint()).lightness() < 30
    beside = area.from_page(QPoint(210, 130).toPointF())
    assert shown.pixelColor(beside.toPoint()).lightness() > 180


def test_a_pen_that_presses_harder_draws_a_wider_line(area: DrawArea, document: CanvasDocument) -> None:
    pen(area, [(x, 100, 0.0 + (x > 300)) for x in range(100, 501, 10)])
    soft, hard = ink_width(pixels(document), 150), ink_width(pixels(document), 450)
    assert soft == 2
    assert hard == 10


def test_the_other_end_of_the_pen_erases(area: DrawArea, document: CanvasDocument) -> None:
    mouse(area, along((100, 100), (300, 100)))
    pen(area, [(200, y, 1.0) for y in range(60, 141, 5)], QPointingDevice.PointerType.Eraser)
    assert alpha(document, 200, 100) == 0
    assert alpha(document, 120, 100) == 255


def test_a_stroke_that_crosses_itself_is_no_darker_there(area: DrawArea, document: CanvasDocument) -> None:
    area.hand.nib = replace(PLAIN_NIB, opacity=0.5)
    mouse(area, [*along((100, 100), (300, 100)), *along((300, 100), (100, 101)), *circle(200, 100, 40)])
    values = {alpha(document, x, 100) for x in range(110, 290)}
    assert max(values) - min(values) <= 1
    assert abs(max(values) - 128) <= 1
    mouse(area, along((100, 100), (300, 100)))
    assert abs(alpha(document, 200, 100) - 192) <= 2


def test_smoothing_trails_and_catches_up_at_the_end(area: DrawArea, document: CanvasDocument) -> None:
    area.hand.nib = replace(PLAIN_NIB, smoothing=0.9)
    mouse(area, along((100, 200), (400, 200), 12), lift=False)
    assert alpha(document, 390, 200) == 0
    area.hand.finish()
    assert alpha(document, 398, 200) == 255


def test_shift_draws_a_straight_line_and_a_click_goes_on_from_it(
    area: DrawArea, document: CanvasDocument
) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    mouse(area, [(100, 100), (180, 300), (300, 100)], shift)
    assert alpha(document, 200, 100) == 255
    assert alpha(document, 180, 290) == 0
    mouse(area, [(300, 200)], shift)
    assert alpha(document, 300, 150) == 255
    assert len(document.history.done) == 2


def test_notes_are_drawn_with_the_note_pencil_whatever_the_colour(
    area: DrawArea, document: CanvasDocument
) -> None:
    document.choose("notes")
    mouse(area, along((100, 100), (300, 100)))
    assert pixels(document, "notes").pixelColor(200, 100).name().upper() == NOTE_PENCIL


def test_the_underlay_cannot_be_drawn_on_erased_moved_renamed_or_deleted(
    area: DrawArea, document: CanvasDocument
) -> None:
    before = everything(document)
    said: list[str] = []
    document.refused.connect(said.append)
    document.choose("underlay")
    for tool in ("pen", "eraser", "move"):
        area.set_tool(tool)
        mouse(area, along((100, 100), (300, 100)))
    document.rename("underlay", "Mine")
    document.move_layer("underlay", 2)
    document.remove_layer("underlay")
    assert area.selection.copy() is None
    assert everything(document) == before
    assert len(said) == 3
    assert "locked" in said[0]
    document.set_opacity("underlay", 0.3)
    document.set_visible("underlay", False)
    face = document.face("underlay")
    assert face is not None
    assert (face.opacity, face.visible) == (0.3, False)
    # Nothing goes below it either.
    document.move_layer("human-ink", 0)
    assert document.faces[0].kind == "temp"


def test_undoing_all_and_redoing_all_end_where_they_began(area: DrawArea, document: CanvasDocument) -> None:
    chance = random.Random(5)
    start = everything(document)
    states = [start]

    def spot() -> tuple[float, float]:
        return chance.uniform(-20, 660), chance.uniform(-20, 380)

    def anything() -> None:
        mine = [face.id for face in document.faces if face.kind != "temp"]
        layer = chance.choice(mine)
        what = chance.randrange(12)
        if what < 5:
            area.set_tool("eraser" if what == 4 else "pen")
            area.hand.nib = replace(PLAIN_NIB, size_px=chance.uniform(1, 60), opacity=chance.uniform(0.2, 1))
            mouse(area, [spot() for _ in range(5)])
        elif what == 5 and len(mine) < 5:
            document.add_layer(chance.choice(("ink", "tone")))
        elif what == 6 and len(mine) > 2:
            document.remove_layer(layer)
        elif what == 7:
            document.move_layer(layer, chance.randrange(6))
        elif what == 8:
            document.set_opacity(layer, chance.random())
            document.history.stop_merging()
        elif what == 9:
            area.set_tool("select")
            mouse(area, [spot(), spot()])
            area.set_tool("move")
            mouse(area, [(200, 200), spot()])
        elif what == 10:
            piece = area.selection.copy()
            area.selection.delete()
            if piece is not None:
                area.selection.paste(piece)
        else:
            document.choose(layer)

    for _ in range(60):
        count = len(document.history.done)
        anything()
        if len(document.history.done) > count:
            states.append(everything(document))
    end = everything(document)
    steps = len(document.history.done)
    assert steps > 30
    while document.history.done:
        document.undo()
    assert everything(document) == start
    while document.history.undone:
        document.redo()
    assert everything(document) == end
    assert len(document.history.done) == steps


def test_two_hundred_strokes_can_be_undone_where_memory_for_them_is_full(
    qtbot: QtBot, qapp: QApplication
) -> None:
    document = CanvasDocument(QSize(512, 512), undo_bytes=20_000)
    document.fill(fresh_faces("J", underlay=False), {}, {})
    start = everything(document)[1]
    chance = random.Random(3)
    for _ in range(KEPT + 20):
        document.begin(
            Nib(size_px=20, colour=f"#{chance.randrange(1 << 24):06x}"),
            QPoint(chance.randrange(512), chance.randrange(512)).toPointF(),
            1,
        )
        for _ in range(3):
            document.extend(QPoint(chance.randrange(512), chance.randrange(512)).toPointF(), 1)
        document.end()
    qtbot.waitUntil(lambda: document.history.bytes <= 40_000, timeout=8000)
    assert len(document.history.done) >= KEPT
    while document.history.done:
        document.undo()
    assert everything(document)[1] == start
    document.history.clear()


def test_a_selection_is_moved_put_back_deleted_and_pasted(area: DrawArea, document: CanvasDocument) -> None:
    mouse(area, along((100, 100), (300, 100)))
    whole = everything(document)
    area.set_tool("select")
    mouse(area, [(150, 80), (200, 120)])
    area.set_tool("move")
    mouse(area, [(170, 100), (170, 250)], lift=False)
    assert area.hand.cancel()
    assert everything(document) == whole
    mouse(area, [(170, 100), (170, 250)])
    assert (alpha(document, 170, 100), alpha(document, 170, 250), alpha(document, 120, 100)) == (0, 255, 255)
    piece = area.selection.copy()
    assert piece is not None
    assert area.selection.delete()
    assert alpha(document, 170, 250) == 0
    assert area.selection.paste(piece)
    assert alpha(document, 170, 250) == 255
    for _ in range(3):
        document.undo()
    assert everything(document) == whole


def test_a_lasso_takes_what_lies_inside_it(area: DrawArea, document: CanvasDocument) -> None:
    mouse(area, along((100, 100), (300, 100)))
    area.set_tool("select")
    area.hand.lasso = True
    mouse(area, circle(200, 100, 30))
    assert area.selection.delete()
    assert [alpha(document, x, 100) for x in (120, 200, 280)] == [255, 0, 255]


def test_a_colour_is_picked_up_from_what_is_seen(area: DrawArea, document: CanvasDocument) -> None:
    area.hand.nib = replace(PLAIN_NIB, colour="#336699")
    mouse(area, along((100, 100), (300, 100)))
    got: list[str] = []
    area.hand.picked.connect(got.append)
    area.set_tool("pick")
    mouse(area, [(200, 100)])
    assert got == ["#336699"]


def test_the_page_keeps_its_place_under_the_pointer_at_every_zoom(area: DrawArea) -> None:
    at = area.from_page(QPoint(320, 180).toPointF())
    for percent in (800, 10, 54, 100):
        area.set_zoom(percent, at)
        here = area.to_page(at)
        assert area.zoom_percent == percent
        assert abs(here.x() - 320) < 0.01
        assert abs(here.y() - 180) < 0.01
    area.set_zoom(5000)
    assert area.zoom_percent == 800


def test_the_meter_counts_ink_over_what_the_underlay_shows(area: DrawArea, document: CanvasDocument) -> None:
    meter = Meter()
    assert meter.permille(document.sheets()) == 0
    document.choose("notes")
    mouse(area, along((0, 100), (640, 100)))
    assert meter.permille(document.sheets()) == 0
    document.choose("human-ink")
    area.hand.nib = replace(PLAIN_NIB, size_px=200)
    mouse(area, along((0, 90), (640, 90)))
    half = meter.permille(document.sheets())
    assert 500 < half < 950
    mouse(area, along((0, 270), (640, 270)))
    assert meter.permille(document.sheets()) == 1000
    document.undo()
    assert meter.permille(document.sheets()) == half


def test_a_drawing_comes_back_from_its_file_as_it_was(
    area: DrawArea, document: CanvasDocument, tmp_path: Path
) -> None:
    mouse(area, circle(300, 180, 120))
    document.choose("notes")
    mouse(area, along((20, 20), (90, 90)))
    tone = document.add_layer("tone")
    mouse(area, along((20, 300), (600, 340)))
    document.set_opacity(tone, 0.4)
    document.rename(tone, "Shade")
    kept = Encoder().canvas(document.sheets())
    back = openraster.read(openraster.write(kept), "x.ora")
    found = opened(a_job(tmp_path, canvas=back, underlay=None), Disk().load)
    other = CanvasDocument(found.size)
    other.fill(found.faces, found.tiles, found.kept)
    mine = [(face, pixels(document, face.id)) for face in document.faces if face.kind != "temp"]
    theirs = [(face, pixels(other, face.id)) for face in other.faces if face.kind != "temp"]
    assert [face for face, _ in mine] == [face for face, _ in theirs]
    # PNG has straight colour: what is half seen may differ by a rounding.
    for (_, one), (_, two) in zip(mine, theirs, strict=True):
        spots = [(x, y) for x in range(0, 640, 3) for y in range(0, 360, 3)]
        assert all(abs(one.pixelColor(x, y).alpha() - two.pixelColor(x, y).alpha()) <= 1 for x, y in spots)


def test_odd_layers_load_and_are_written_back_as_they_came(tmp_path: Path, qapp: QApplication) -> None:
    layers = (
        Layer(id="outside", kind="ink", name="Outside", png=png(50, 50), x=-300, y=600),
        Layer(id="empty", kind="ink", name="Empty"),
        Layer(id="far", kind="other", name="Far", png=png(3000, 40), x=-1000, y=10),
        Layer(id="broken", kind="other", name="Broken", png=b"\x89PNG\r\n\x1a\n nothing more"),
        Layer(id="ink", kind="ink", name="Ink", png=png(20, 20), x=600, y=340),
    )
    canvas = Canvas(width=640, height=360, layers=layers)
    found = opened(a_job(tmp_path, canvas=canvas, underlay=None), Disk().load)
    assert found.problem is None
    assert [face.locked for face in found.faces] == [False, False, True, True, False]
    assert "Broken" in found.notes[0]
    document = CanvasDocument(found.size)
    document.fill(found.faces, found.tiles, found.kept)
    assert alpha(document, 100, 20, "far") == 255
    assert alpha(document, 610, 350, "ink") == 255
    again = Encoder().canvas(document.sheets())
    assert [(layer.x, layer.y) for layer in again.layers] == [
        (-300, 600),
        (0, 0),
        (-1000, 10),
        (0, 0),
        (600, 340),
    ]
    assert [again.layers[n].png for n in (2, 3)] == [layers[2].png, layers[3].png]


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", b"no picture at all"], ids=["empty", "cut off", "text"]
)
def test_an_underlay_that_is_no_picture_is_said_and_stays_temp(tmp_path: Path, data: bytes) -> None:
    job = a_job(tmp_path)
    assert job.underlay is not None
    job.underlay.write_bytes(data)
    found = opened(job, Disk().load)
    assert found.faces[0].kind == "temp"
    assert "cannot be shown" in found.notes[0]
    job.underlay.unlink()
    assert "missing" in opened(job, Disk().load).notes[0]


def test_a_drawing_that_cannot_be_read_says_why_and_shows_the_frame(tmp_path: Path) -> None:
    file = tmp_path / "broken.ora"
    file.write_bytes(b"PK\x03\x04 not all of it")
    found = opened(a_job(tmp_path, canvas=file), Disk().load)
    assert isinstance(found.problem, BadInput)
    assert found.tiles["underlay"]
