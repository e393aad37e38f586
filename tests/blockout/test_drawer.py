"""The drawer: the same every time, near before far, cut to the frame, and also lines, depth and SVG."""

import io
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from studio_assist.blockout import passes
from studio_assist.blockout.arrows import arrows, speed_lines
from studio_assist.blockout.drawer import draw, picture
from studio_assist.blockout.drawing import Drawing, Group, Hatch, LayerName, Shape, composed
from studio_assist.blockout.ink import inked
from studio_assist.blockout.raster import PAPER, coloured, rasterised
from studio_assist.blockout.shading import GREYS, Tones
from studio_assist.blockout.svg import svg
from studio_assist.blockout.view import View
from studio_assist.domain.staging import (
    PIECES,
    Arrow,
    Camera,
    Daytime,
    Figure,
    Gesture,
    Hair,
    Hat,
    Light,
    Look,
    Mood,
    Piece,
    Place,
    Pose,
    Staging,
    Weather,
)
from studio_assist.domain.storyboard import Movement

SCENE = Staging(
    figures=(
        Figure(name="MAYA", at=(-0.6, 1.6), facing=150, gesture=Gesture.POINT, look=Look(hat="headphones")),
        Figure(name="ILSE", at=(0.7, 2.2), facing=230, pose=Pose.RUN, look=Look(hat="brim", shade=0.4)),
    ),
    pieces=(Piece(kind="table", at=(0, 2.6)), Piece(kind="window", at=(0.4, 4.9), z=1.0)),
    arrows=(Arrow(move="push-in"), Arrow(move="runs left", who="ILSE")),
    light=Light(time="night"),
)


def box(x: float, y: float, wide: float, high: float):
    return np.array([(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)], float)


def one(*shapes: Shape, layer: LayerName = "piece", width: int = 320, height: int = 180) -> Drawing:
    return composed(width, height, [Group(layer, 3.0, shapes, rim=0.0)])


# The same every time


def test_the_same_staging_and_seed_give_the_same_bytes():
    assert picture(SCENE, 640, 360, seed=3) == picture(SCENE, 640, 360, seed=3)
    assert svg(draw(SCENE, 640, 360, seed=3), "14A") == svg(draw(SCENE, 640, 360, seed=3), "14A")


def test_another_seed_is_another_tremble_of_the_same_hand():
    first, second = (rasterised(draw(SCENE, 640, 360, seed=seed)).astype(int) for seed in (1, 2))
    differ = np.abs(first - second)
    assert differ.any()
    assert (differ > 40).mean() < 0.06
    # Seen from a little farther off, nothing has moved.
    small = [rows.reshape(36, 10, 64, 10).mean(axis=(1, 3)) for rows in (first, second)]
    assert np.abs(small[0] - small[1]).mean() < 3.0


def test_a_line_trembles_its_own_way_whoever_stands_beside_it():
    still = Group("piece", 3.0, (Shape(box(40, 40, 90, 60), fill=0.8),), "table")
    other = Group("piece", 5.0, (Shape(box(200, 20, 30, 90), fill=0.6),), "lamp")
    alone = rasterised(composed(320, 180, [still]))
    beside = rasterised(composed(320, 180, [other, still]))
    assert np.array_equal(alone[:, :180], beside[:, :180])


def test_a_small_frame_shows_what_a_large_one_shows():
    large = rasterised(draw(SCENE, 1280, 720)).reshape(90, 8, 160, 8).mean(axis=(1, 3))
    small = rasterised(draw(SCENE, 640, 360)).reshape(90, 4, 160, 4).mean(axis=(1, 3))
    assert np.abs(large - small).mean() < 6.0


def test_a_picture_is_a_png_of_its_size_in_the_greys_of_the_board():
    image = Image.open(io.BytesIO(picture(Staging(), 320, 180)))
    assert (image.format, image.size, image.mode) == ("PNG", (320, 180), "RGB")


# Paint and ink


def test_near_things_hide_far_ones_whatever_their_order():
    near = Group("piece", 2.0, (Shape(box(0, 0, 200, 180), fill=0.2, ink=0.0),), rim=0.0)
    far = Group("figure", 5.0, (Shape(box(0, 0, 320, 180), fill=0.9, ink=0.0),), rim=0.0)
    for groups in ([near, far], [far, near]):
        pixels = rasterised(composed(320, 180, groups))
        assert pixels[90, 50] == round(0.2 * PAPER)
        assert pixels[90, 300] == round(0.9 * PAPER)


def test_a_hole_shows_what_is_behind():
    hole = box(100, 60, 60, 40)
    pixels = rasterised(
        one(Shape(box(20, 20, 260, 140), fill=0.3, ink=0.0, holes=(hole, np.add(hole, (90, 0)))))
    )
    assert pixels[80, 130] == pixels[80, 220] == pixels[5, 5] == PAPER
    assert pixels[80, 60] == pixels[80, 175] == round(0.3 * PAPER)
    # Nothing of the way from one outline to the other is seen.
    assert set(np.unique(pixels[21:59, 22:278])) == {round(0.3 * PAPER)}


def test_half_covering_tone_mixes_with_what_is_under_it():
    pixels = rasterised(one(Shape(box(0, 0, 320, 180), fill=0.0, ink=0.0, alpha=0.5)))
    assert int(pixels[90, 90]) == pytest.approx(PAPER / 2, abs=2)


def test_hatching_stays_inside_its_outline_and_out_of_its_holes():
    shape = Shape(
        box(80, 40, 160, 100), fill=1.0, ink=0.0, hatch=Hatch(gap=20, weight=4), holes=(box(120, 60, 60, 50),)
    )
    pixels = rasterised(one(shape))
    dark = pixels < 200
    assert dark[40:140, 80:240].mean() > 0.05
    dark[38:142, 78:242] = False
    assert not dark.any()
    assert not (pixels[63:107, 123:177] < 200).any()


def test_ink_is_heavier_near_than_far_and_thins_out_at_the_ends_of_a_stroke():
    line = np.array([(40, 90), (160, 90), (280, 90)], float)

    def ink(depth: float, taper: bool) -> np.ndarray:
        shape = Shape(line, closed=False, ink=12.0, taper=taper, rough=0.0)
        return (PAPER - rasterised(composed(320, 180, [Group("piece", depth, (shape,))])).astype(int)).sum(
            axis=0
        )

    assert ink(1.0, False)[160] > 1.3 * ink(20.0, False)[160]
    tapered = ink(3.0, True)
    assert tapered[160] > 2 * tapered[42]


def test_the_outer_contour_of_a_figure_is_heavier_than_the_lines_within():
    body, arm = box(100, 30, 80, 120), box(120, 60, 40, 40)
    shapes = (Shape(body, fill=0.9, ink=6.0, rough=0.0), Shape(arm, fill=0.9, ink=6.0, rough=0.0))
    dark = 0.9 * PAPER - rasterised(composed(320, 180, [Group("figure", 3.0, shapes)]))
    assert dark[80, 90:112].clip(0).sum() > 1.08 * dark[80, 112:128].clip(0).sum()


@pytest.mark.parametrize("far", [1e4, 1e7])
def test_what_reaches_far_beyond_the_frame_is_cut_and_not_lost(far: float):
    ground = Shape(box(-far, 90, 2 * far, far), fill=0.5, ink=3.0, hatch=Hatch())
    line = Shape(np.array([(-far, 20), (far, 20)]), closed=False, ink=6.0, line=0.0)
    pixels = rasterised(one(ground, line))
    assert pixels[20].mean() < 0.7 * PAPER
    assert pixels[100:].mean() < 0.6 * PAPER
    assert pixels[40:80].min() == PAPER


@pytest.mark.parametrize(
    "points", [[(5, 5)], [(5, 5), (5, 5)], [(5, 5), (5, 5), (5, 5)], [(5, 5), (300, 5), (5, 5)], []]
)
def test_outlines_without_an_inside_do_no_harm(points):
    outline = np.array(points, float).reshape(-1, 2)
    shape = Shape(outline, fill=0.5, hatch=Hatch(), taper=True)
    assert rasterised(one(shape, replace(shape, closed=False))).shape == (180, 320)


# Light


def test_night_is_darker_than_day_and_people_keep_more_light_than_the_set():
    day, night = (Tones.of(Staging(place="street", light=Light(time=time))) for time in ("day", "night"))
    for base in (0.3, 0.6, 0.9):
        assert night.surface(base) <= day.surface(base)
        assert night.figure(base) >= night.surface(base)
        assert night.surface(base) in GREYS
    assert night.surface(0.9, lit=1.0) == day.surface(0.9)
    assert night.sky < day.sky


def test_a_face_turned_from_the_light_is_a_step_darker():
    tones = Tones.of(Staging(light=Light(azimuth=270, elevation=30)))
    assert tones.surface(0.8, (1, 0, 0)) < tones.surface(0.8, (-1, 0, 0))
    flat = Tones.of(Staging(light=Light(azimuth=270, elevation=30, contrast=0)))
    assert flat.surface(0.8, (1, 0, 0)) == flat.surface(0.8, (-1, 0, 0))


# Arrows


@pytest.mark.parametrize("move", [move for move in Movement if move is not Movement.STATIC])
@pytest.mark.parametrize("camera", [Camera(), Camera(at=(0, -1, 3), aim=(0, 2, 0), lens_mm=85)])
def test_an_arrow_of_the_camera_is_in_the_frame_and_above_the_band(move: Movement, camera: Camera):
    staging = Staging(arrows=(Arrow(move=move),), camera=camera)
    (group,) = arrows(staging, View(camera, 1280, 720))
    points = np.concatenate([shape.points for shape in group.shapes])
    assert points.min() >= 0
    assert points[:, 0].max() <= 1280
    assert points[:, 1].max() <= 0.9 * 720
    assert np.ptp(points, axis=0).max() > 100


def test_an_arrow_keeps_away_from_faces():
    for x in (-0.6, 0.6):
        someone = Figure(name="MAYA", at=(x, -1.5))
        staging = Staging(figures=(someone,), arrows=(Arrow(move="push-in"),))
        (group,) = arrows(staging, View(staging.camera, 1280, 720))
        assert bool(group.shapes[0].points[:, 0].mean() > 640) is (x < 0)


def test_a_figure_s_arrow_lies_on_the_floor_and_leads_where_it_goes():
    someone = Figure(name="ILSE", at=(0, 2), facing=90, pose=Pose.RUN)
    camera = Camera(at=(0, -4, 2.2), aim=(0, 2, 0.6), lens_mm=28)
    view = View(camera, 1280, 720)
    for move, way in (("runs", 1), ("runs left", -1)):
        (group,) = arrows(Staging(figures=(someone,), arrows=(Arrow(move=move, who="ILSE"),)), view)
        points = group.shapes[-1].points
        foot, _ahead = view.project((0, 2, 0))
        assert (points[:, 0].mean() - foot[0, 0]) * way > 50
        assert abs(points[:, 1].mean() - foot[0, 1]) < 20
    assert arrows(Staging(arrows=(Arrow(move="runs", who="nobody"),)), view) == ()


def test_who_runs_leaves_lines_of_speed_behind():
    view = View(Camera(), 1280, 720)
    running = Figure(name="ILSE", at=(0, 1), facing=90, pose=Pose.RUN)
    (group,) = speed_lines(Staging(figures=(running, Figure(name="MAYA", at=(1, 1)))), view)
    middle, _ahead = view.project((0, 1, 1))
    assert all(shape.points[:, 0].max() < middle[0, 0] for shape in group.shapes)


# Lines, depth, SVG


def test_the_line_picture_is_black_on_white_without_tone_and_arrows():
    pixels = passes.line(draw(SCENE, 640, 360))
    assert pixels.max() == 255
    assert ((pixels > 16) & (pixels < 240)).mean() < 0.25
    assert (pixels > 240).mean() > 0.5
    bare = passes.line(draw(SCENE.model_copy(update={"arrows": ()}), 640, 360))
    assert np.array_equal(pixels, bare)


def test_the_depth_picture_is_lighter_where_things_are_nearer():
    near = Group("figure", 2.0, (Shape(box(20, 20, 60, 140), fill=0.5),))
    far = Group("figure", 6.0, (Shape(box(200, 20, 60, 140), fill=0.5),))
    pixels = passes.depth(composed(320, 180, [near, far]))
    assert pixels[90, 50] == 255
    assert pixels[90, 230] == 85
    assert pixels[5, 150] == 0


def test_the_floor_runs_evenly_into_the_dark_of_the_depth_picture():
    floor = Group("ground", np.inf, (Shape(box(-900, 92, 2000, 400), fill=0.8),))
    drawing = replace(composed(320, 180, [floor]), floor=(0.0, 0.004, -0.36))
    column = passes.depth(drawing)[:, 160].astype(int)
    assert (column[:88] == 0).all()
    assert (np.diff(column[94:]) >= 0).all()
    assert len(set(column[94:])) > 40


def test_a_wall_with_depths_is_lighter_at_its_near_end():
    wall = Shape(box(0, 20, 320, 140), fill=0.8, depths=np.array([2.0, 8.0, 8.0, 2.0]))
    row = passes.depth(composed(320, 180, [Group("set", 5.0, (wall,))]))[90].astype(int)
    assert (np.diff(row[2:318]) <= 0).all()
    assert row[4] > 2 * row[315]


def test_a_wall_that_reaches_behind_the_camera_runs_evenly_too():
    view = View(Camera(at=(0, 0, 1.5), aim=(0, 5, 1.5), lens_mm=24), 320, 180)
    found = view.outline([(-2, -3, 0), (-2, 9, 0), (-2, 9, 3), (-2, -3, 3)])
    assert found is not None
    wall = Shape(found[0], fill=0.8, depths=found[1])
    row = passes.depth(composed(320, 180, [Group("set", 5.0, (wall,))]))[90, :110].astype(int)
    assert (np.diff(row) <= 0).all()
    assert len(set(row)) > 30


def test_the_svg_has_layers_and_paths_and_nothing_else():
    drawing = draw(SCENE, 640, 360)
    root = ElementTree.fromstring(svg(drawing, 'Shot "14A" & <B>\x07'))
    space = "{http://www.w3.org/2000/svg}"
    ink = "{http://www.inkscape.org/namespaces/inkscape}"
    assert {node.tag for node in root.iter()} <= {f"{space}{tag}" for tag in ("svg", "title", "g", "path")}
    assert root.findtext(f"{space}title") == 'Shot "14A" & <B>'
    layers = [node.get(f"{ink}label", "") for node in root.findall(f"{space}g")]
    assert layers[0] == "paper"
    assert all(node.get(f"{ink}groupmode") == "layer" for node in root.findall(f"{space}g"))
    assert len(set(layers)) == len(layers)
    assert {name.split()[0] for name in layers[1:]} == {group.layer for group in drawing.groups}
    assert len(root.findall(f".//{space}path")) == len(inked(drawing)) + 1


def test_another_program_draws_the_svg_as_we_draw_the_pixels():
    resvg = pytest.importorskip("resvg_py")
    drawing = draw(SCENE, 640, 360)
    png = bytes(resvg.svg_to_bytes(svg_string=svg(drawing, "14A")))
    theirs = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    apart = np.abs(theirs - coloured(rasterised(drawing))).max(axis=2)
    assert apart.mean() < 2.0
    assert (apart > 100).mean() < 0.002


# Whatever comes

_metres = st.floats(-40, 40)
_figures = st.builds(
    Figure,
    name=st.sampled_from(["MAYA", "ILSE", "O'BRIEN <1>", ""]),
    at=st.tuples(_metres, _metres) | st.tuples(st.floats(-2, 2), st.floats(0, 4)),
    z=st.floats(-2, 8),
    facing=st.floats(-400, 400),
    pose=st.sampled_from(Pose),
    gesture=st.sampled_from(Gesture),
    mood=st.sampled_from(Mood),
    head_turn=st.floats(-90, 90),
    head_tilt=st.floats(-60, 60),
    gaze=st.sampled_from(["", "ILSE", "MAYA", "nobody"]),
    holds=st.sampled_from(["", "cup", "gun", "log-book", "unheard-of"]),
    look=st.builds(
        Look,
        hair=st.sampled_from(get_args(Hair)),
        hat=st.sampled_from(get_args(Hat)),
        shade=st.floats(0, 1),
        height_m=st.floats(0.5, 2.3),
        build=st.floats(0.7, 1.4),
    ),
)
_pieces = st.builds(
    Piece,
    kind=st.sampled_from([*PIECES, "thingummy"]),
    at=st.tuples(_metres, _metres) | st.tuples(st.floats(-2, 2), st.floats(0, 4)),
    z=st.floats(-1, 5),
    turn=st.floats(-400, 400),
    size=st.none() | st.tuples(st.floats(0, 9), st.floats(0, 9), st.floats(0, 9)),
    name=st.sampled_from(["", "it"]),
    state=st.sampled_from(["", "open", "closed", "lit", "broken", "on-fire", "odd"]),
)
_near = st.floats(-3, 3)
_cameras = st.builds(
    Camera,
    at=st.tuples(_near, st.floats(-6, 4), st.floats(-1, 6)) | st.tuples(_metres, _metres, _metres),
    aim=st.tuples(_near, _near, _near) | st.tuples(_metres, _metres, _metres),
    lens_mm=st.sampled_from([8.0, 600.0, 21.0, 35.0, 100.0]) | st.floats(8, 600),
    roll=st.floats(-60, 60),
)
_stagings = st.builds(
    Staging,
    place=st.sampled_from(get_args(Place)),
    room=st.tuples(st.floats(0.5, 30), st.floats(0.5, 30), st.floats(1, 9)),
    figures=st.lists(_figures, max_size=3).map(tuple),
    pieces=st.lists(_pieces, max_size=4).map(tuple),
    light=st.builds(
        Light,
        azimuth=st.floats(-360, 720),
        elevation=st.floats(-10, 90),
        contrast=st.floats(0, 1),
        time=st.sampled_from(get_args(Daytime)),
        weather=st.sampled_from(get_args(Weather)),
    ),
    camera=_cameras,
    arrows=st.lists(
        st.builds(
            Arrow,
            move=st.sampled_from([*Movement, "runs away", "up", ""]),
            who=st.sampled_from(["", "MAYA", "it"]),
        ),
        max_size=2,
    ).map(tuple),
    focus=st.sampled_from([(), ("MAYA",), ("nobody",)]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(_stagings, st.integers(0, 2**40))
def test_no_staging_is_too_odd_to_be_drawn(staging: Staging, seed: int):
    drawing = draw(staging, 160, 90, seed)
    assert all(np.isfinite(shape.points).all() for group in drawing.groups for shape in group.shapes)
    assert rasterised(drawing).shape == (90, 160)
    passes.line(drawing)
    passes.depth(drawing)
    ElementTree.fromstring(svg(drawing, staging.caption))


@pytest.mark.parametrize(
    "camera",
    [
        Camera(at=(0, 2, 1.2), aim=(0, 3, 1.2)),
        Camera(at=(0, 2, 0.0), aim=(0, 2, 3)),
        Camera(at=(0, 2, 6), aim=(0, 2, 0)),
        Camera(at=(0, 9, 1.5), aim=(0, 12, 1.5)),
        Camera(at=(0, -3, 1.5), aim=(0, 2, 1.5), lens_mm=600),
        Camera(at=(0, 1.2, 1.5), aim=(0, 2, 1.5), lens_mm=8),
        Camera(at=(-3.0, 2, 1.2), aim=(3, 2, 1.2)),
    ],
    ids=[
        "inside a figure",
        "straight up",
        "straight down",
        "figures behind",
        "600 mm",
        "8 mm",
        "inside a wall",
    ],
)
def test_a_camera_may_stand_anywhere(camera: Camera):
    people = (Figure(name="MAYA", at=(0, 2)), Figure(name="ILSE", at=(0.4, 2.3), pose=Pose.SIT))
    staging = Staging(figures=people, pieces=SCENE.pieces, camera=camera)
    assert rasterised(draw(staging, 640, 360)).shape == (360, 640)
