"""From a shot's fields and words to a staging, and from one staging to variants.

The set is the scene's, the people stand on their side of the line, the camera does what size, angle, lens and
movement say. All of it is rules: the same shot gives the same staging.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from studio_assist.blockout.acting import names_in
from studio_assist.blockout.blocking import Blocking
from studio_assist.blockout.framing import Framing, Part, eyes_of, middle, tall
from studio_assist.blockout.looks import look_of, looks_for
from studio_assist.blockout.scenery import Scenery, scenery
from studio_assist.blockout.variations import variants
from studio_assist.domain import shot_words as say
from studio_assist.domain.staging import Arrow, Camera, Figure, Look, Piece, Point, Pose, Staging
from studio_assist.domain.storyboard import Movement, Shot, ShotSize

__all__ = ["look_of", "looks_for", "staged", "variants"]

_FAR_SIZES: Final = frozenset({ShotSize.EWS, ShotSize.WS, ShotSize.LS})
_BODY_SIZES: Final = _FAR_SIZES | {ShotSize.FS, ShotSize.MLS}
_ALONG: Final = frozenset({Movement.TRACK_LEFT, Movement.TRACK_RIGHT, Movement.FOLLOW})
_MOVES: Final = {Pose.RUN: "run", Pose.WALK: "walk", Pose.CRAWL: "crawl"}


def staged(
    shot: Shot, heading: str, scene: Sequence[Shot] = (), looks: Mapping[str, Look] | None = None
) -> Staging:
    """The set-up that a shot asks for.

    Args:
        heading: the scene's slug line ("INT. RADIO ROOM - NIGHT").
        scene: all shots of the scene, so that places and the line are the same in all of them.
        looks: of the script's characters, from `looks_for`; a name without one gets `look_of`.
    """
    if shot.staging is not None:
        return shot.staging
    shots = tuple(scene) if any(one.id == shot.id for one in scene) else (*scene, shot)
    built = _built(heading, tuple((one.action, one.set_pieces) for one in shots))
    names = dict.fromkeys(one.name for each in shots for one in each.characters)
    known = dict(looks or {})
    blocking = Blocking(shots, built, {name: known.get(name) or look_of(name) for name in names})
    figures = blocking.figures(shot)
    pieces, camera = _taken(shot, shots, built, blocking, figures)
    if not figures and shot.size in (ShotSize.WS, ShotSize.EWS):
        figures = tuple(
            one
            for one in blocking.others(shot)
            if shot.title.endswith(", wide") or _thing(shot, built) is None or not _covers(one, camera)
        )
    return Staging(
        place=built.site.place,
        room=built.site.room,
        figures=figures,
        pieces=pieces,
        light=built.light,
        camera=camera,
        arrows=_arrows(shot, figures),
        focus=_focus(shot, figures),
        caption=f"{shot.number} {shot.size} {shot.lens_mm}mm",
    )


@lru_cache(maxsize=64)
def _built(heading: str, told: tuple[tuple[str, tuple[str, ...]], ...]) -> Scenery:
    # Thousands of shots ask for few sets.
    return scenery(heading, told)


def _taken(
    shot: Shot, shots: Sequence[Shot], built: Scenery, blocking: Blocking, figures: tuple[Figure, ...]
) -> tuple[tuple[Piece, ...], Camera]:
    """The pieces in this shot, and its camera."""
    place = next((place for place, one in enumerate(shots) if one.id == shot.id), 0)
    framing = Framing(built, sum(one.size in (ShotSize.WS, ShotSize.EWS) for one in shots[:place]))
    sides = {one.name: one.side for one in shot.characters}
    thing = _thing(shot, built)
    if thing is None and (shot.size is ShotSize.POV or (shot.size is ShotSize.INSERT and not _detail(shot))):
        thing = _before(shot, shots, built)
        if shot.size is ShotSize.POV and thing is not None and thing.kind in say.SMALL:
            # What comes at somebody is outside.
            thing = built.find("window") or thing
    pieces = built.pieces
    if shot.size is ShotSize.POV:
        return pieces, _view(shot, built, blocking, figures, framing, thing)
    # What is in somebody's hand, or larger than a hand, is an insert of the hand; so is a part of a body.
    held = bool(figures) and thing is not None and (figures[0].holds == thing.kind or tall(thing) > 0.9)
    held = held or (bool(figures) and _part(shot) == "foot")
    if shot.size is ShotSize.INSERT and not held and (thing is not None or not figures):
        target = thing or _made(shot, built)
        if target not in pieces:
            pieces = (*pieces, target)
        if target.kind in say.SMALL:
            # What lies about it is put aside.
            pieces = tuple(
                one
                for one in pieces
                if one is target or one.kind not in say.SMALL or math.dist(one.at, target.at) > 0.75
            )
        return pieces, framing.thing(shot, target, pieces)
    if len(figures) == 0:
        if thing is not None and not shot.title.endswith(", wide") and shot.size is not ShotSize.EWS:
            return pieces, framing.thing(shot, thing, pieces)
        about = blocking.others(shot) if shot.size is ShotSize.WS and not built.inside else ()
        return pieces, framing.place(shot, about[0].at if about else built.centre, people=bool(about))
    if shot.size is ShotSize.OTS:
        listener = figures[1] if len(figures) > 1 else _listener(shot, blocking, figures[0])
        if listener is not None:
            return pieces, framing.over_shoulder(shot, figures[0], listener)
    far = shot.size in _FAR_SIZES and (shot.size is not ShotSize.LS or len(figures) > 1)
    if far and figures[0].z < 0.6:
        if len(figures) > 1 and shot.size is ShotSize.LS:
            return pieces, framing.group(shot, figures)
        return pieces, framing.place(shot, figures[0].at, people=True)
    if len(figures) > 1:
        return pieces, framing.group(shot, figures)
    side = sides.get(figures[0].name, "centre")
    return pieces, framing.subject(shot, figures[0], side, part=_part(shot))


def _covers(one: Figure, camera: Camera) -> bool:
    """Whether somebody stands between a camera and what it is aimed at."""
    ahead = (camera.aim[0] - camera.at[0], camera.aim[1] - camera.at[1])
    far = math.hypot(*ahead) or 1.0
    away = (one.at[0] - camera.at[0], one.at[1] - camera.at[1])
    deep = (away[0] * ahead[0] + away[1] * ahead[1]) / far
    aside = abs(away[0] * ahead[1] - away[1] * ahead[0]) / far
    return deep < 1.2 or (deep < far and aside < 0.16 * deep)


def _part(shot: Shot) -> Part:
    words = {word.casefold() for word in say.WORD.findall(f"{shot.action} {shot.title}")}
    if shot.size is ShotSize.INSERT:
        return "foot" if words & say.FEET and not words & say.HANDS else "hand"
    hands = shot.size is ShotSize.ECU and words & say.HANDS and not words & say.EYES
    return "hand" if hands else "face"


def _thing(shot: Shot, built: Scenery) -> Piece | None:
    """What a shot without people is about: the first of its pieces that is on the set."""
    for kind in (*say.pieces_in(f"{shot.title}. {shot.action}"), *shot.set_pieces):
        found = built.find(kind)
        if found is not None:
            return found
    return None


def _before(shot: Shot, shots: Sequence[Shot], built: Scenery) -> Piece | None:
    """What "it" is: the thing that the shots just before were about."""
    place = next((place for place, one in enumerate(shots) if one.id == shot.id), 0)
    found = (_thing(one, built) for one in reversed(shots[max(0, place - 3) : place]))
    return next((piece for piece in found if piece is not None), None)


def _detail(shot: Shot) -> str:
    words = (word.casefold() for word in say.WORD.findall(f"{shot.title} {shot.action}"))
    return next((word for word in words if word in say.DETAILS), "")


def _made(shot: Shot, built: Scenery) -> Piece:
    """A detail that no piece stands for: a plain thing with its name on it, where one would look for it."""
    name = _detail(shot)
    words = [word.casefold() for word in say.WORD.findall(f"{shot.title} {shot.action}")]
    kind = next((piece for word in words if (piece := say.PIECE_WORDS.get(word)) in say.SMALL), name or "box")
    x, y = built.centre
    return Piece(
        kind=kind, at=(x + 0.2, y + 0.4), z=0.95, name=name, size=None if kind != name else (0.24, 0.1, 0.18)
    )


def _view(
    shot: Shot,
    built: Scenery,
    blocking: Blocking,
    figures: tuple[Figure, ...],
    framing: Framing,
    thing: Piece | None,
) -> Camera:
    shown = {one.name for one in figures}
    owner = next(
        (name for name in names_in(f"{shot.title} {shot.action}", blocking.names) if name not in shown), ""
    )
    owner = owner or next((name for name in blocking.names if name not in shown), "")
    if owner:
        seer = blocking.posed(owner, shot)
        eyes = eyes_of(seer)
    else:
        eyes = (built.centre[0], built.centre[1] - 1.6, 1.6)
    if figures:
        x, y, z = eyes_of(figures[0])
        target: Point = (x, y, z - 0.15)
    elif thing is not None:
        target = middle(thing, built.pieces)
    else:
        target = (eyes[0] * 0.4, eyes[1] + 4.0, 1.25)
    return framing.view_of(shot, eyes, target)


def _listener(shot: Shot, blocking: Blocking, speaker: Figure) -> Figure | None:
    other = speaker.gaze if speaker.gaze in blocking.names else ""
    return blocking.posed(other, shot) if other else None


def _arrows(shot: Shot, figures: tuple[Figure, ...]) -> tuple[Arrow, ...]:
    found = [Arrow(move=shot.movement.value)] if shot.movement is not Movement.STATIC else []
    # Where the camera goes along, its arrow says it.
    if shot.movement not in _ALONG and shot.size in _BODY_SIZES:
        found += [Arrow(move=_MOVES[one.pose], who=one.name) for one in figures if one.pose in _MOVES]
    return tuple(found)


def _focus(shot: Shot, figures: tuple[Figure, ...]) -> tuple[str, ...]:
    if shot.size is ShotSize.OTS:
        return tuple(one.name for one in figures[:1])
    return tuple(one.name for one in figures)
