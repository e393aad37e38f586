"""Where the characters of a shot stand, and how: on their side of the line through the whole scene."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from studio_assist.blockout.acting import Acting, acting, names_in
from studio_assist.blockout.scenery import CABIN_ACROSS, Scenery
from studio_assist.domain.common_words import word_set
from studio_assist.domain.shot_words import WORD, pieces_in, verbs_of
from studio_assist.domain.staging import Figure, Gesture, Look, Piece, Pose, Spot
from studio_assist.domain.storyboard import Movement, Shot, ShotSize, Side

#: Postures that last until another is told.
_LASTING: Final = frozenset({Pose.SIT, Pose.LIE, Pose.KNEEL, Pose.DRIVE, Pose.RIDE})
#: So many earlier shots of the scene are asked for a posture.
_MEMORY: Final = 40
#: Bodies go the way that the camera goes along.
_LEFTWARD: Final = frozenset({Movement.TRACK_LEFT, Movement.PAN_LEFT})
_RIGHTWARD: Final = frozenset({Movement.TRACK_RIGHT, Movement.PAN_RIGHT})
_BEASTS: Final = frozenset({"dog", "cat", "bird", "horse"})
_CLOSE: Final = frozenset({ShotSize.MS, ShotSize.MCU, ShotSize.CU, ShotSize.ECU, ShotSize.MLS})
#: How far actors turn out of a talk towards the camera, in degrees.
_CHEAT: Final = {ShotSize.TWO: 26.0, ShotSize.OTS: 4.0, ShotSize.WS: 30.0}
#: Nobody is in a frame with one of these words in it.
_EMPTY: Final = word_set("empty nobody deserted abandoned nothing black darkness gone vacant uninhabited")
_LEAVING: Final = frozenset({"leave", "exit", "vanish", "disappear", "flee"})
_COMING: Final = frozenset({"enter", "arrive", "appear", "emerge", "come"})
#: Hands are laid on these, and whoever does stands at them: how far off, in metres.
_WORKED: Final = {"lever": 0.4, "wheel": 0.62, "machine": 0.75, "cart": 2.1, "sled": 1.3, "railing": 0.36}
_WORKING: Final = frozenset({Gesture.PUSH, Gesture.REACH, Gesture.HOLD, Gesture.STEER})
_SEAT_M: Final = 0.45
#: How high the boards of a boat are over the water.
_AFLOAT_M: Final = 0.2


class Blocking:
    """A scene's people on its set."""

    def __init__(self, shots: Sequence[Shot], scenery: Scenery, looks: Mapping[str, Look]) -> None:
        sides: dict[str, Side] = {}
        for shot in shots:
            for one in shot.characters:
                sides.setdefault(one.name, one.side)
        self.names: Final = tuple(sides)
        self._shots: Final = shots
        self._set: Final = scenery
        self._looks: Final = looks
        self._homes: Final = _homes(sides, scenery)
        if scenery.site.place in CABIN_ACROSS:
            self._homes.update(_in_cabin(sides, shots, scenery.across))
        told = " ".join(shot.action for shot in shots)
        sitters = [name for name in self.names if "sit" in told.casefold()] if scenery.seats else []
        self._seats: Final = _nearest_seats(sitters, self._homes, scenery)

    def home(self, name: str) -> Spot:
        """Where somebody stands when nothing else is told."""
        return self._homes.get(name, self._set.centre)

    def figures(self, shot: Shot) -> tuple[Figure, ...]:
        """Who is in frame, posed."""
        acts = acting(shot, self.names)
        lasting = self._lasting(shot)
        # A dog that speaks is a piece of the set: what is drawn of figures is people.
        names = [one.name for one in shot.characters if one.name.casefold() not in _BEASTS]
        words = {word.casefold() for word in WORD.findall(shot.action)}
        if shot.size in (ShotSize.WS, ShotSize.EWS) and words & _EMPTY and not names_in(shot.action, names):
            names = []
        placed: list[Figure] = []
        for name in names:
            act = acts.get(name, Acting())
            pose = act.pose or lasting.get(name, Pose.STAND)
            placed.append(self._figure(shot, name, act, pose))
        return _together(placed)

    def others(self, shot: Shot) -> tuple[Figure, ...]:
        """Who is about in a wide frame that names nobody: those who came and have not left, or are next."""
        words = {word.casefold() for word in WORD.findall(shot.action)}
        if words & _EMPTY:
            return ()
        place = next((place for place, one in enumerate(self._shots) if one.id == shot.id), 0)
        here: dict[str, None] = {}
        for earlier in self._shots[:place]:
            for one in earlier.characters:
                here[one.name] = None
                if set(verbs_of(earlier.action)) & _LEAVING and len(earlier.characters) == 1:
                    here.pop(one.name)
        for later in self._shots[place + 1 : place + 3]:
            if not set(verbs_of(later.action)) & _COMING and not _EMPTY & set(
                later.action.casefold().split()
            ):
                here.update(dict.fromkeys(one.name for one in later.characters))
        if self._set.site.place in CABIN_ACROSS:
            here = dict.fromkeys(self.names)
        names = [name for name in here if name.casefold() not in _BEASTS][:4]
        return _together([self.posed(name, shot) for name in names])

    def posed(self, name: str, shot: Shot) -> Figure:
        """Somebody at home in the scene who need not be in frame: whose view it is, who is spoken to."""
        lasting = self._lasting(shot)
        return self._figure(shot, name, Acting(), lasting.get(name, Pose.STAND))

    def _lasting(self, shot: Shot) -> dict[str, Pose]:
        place = next((place for place, one in enumerate(self._shots) if one.id == shot.id), 0)
        found: dict[str, Pose] = {}
        for earlier in self._shots[max(0, place - _MEMORY) : place]:
            for name, act in acting(earlier, self.names).items():
                close = act.gesture in (Gesture.EMBRACE, Gesture.FIGHT) and len(earlier.characters) > 1
                if close:
                    # Whoever embraces or fights has stood up.
                    found[name] = Pose.STAND
                elif act.pose is not None and any(one.name == name for one in earlier.characters):
                    found[name] = act.pose
        return {name: pose for name, pose in found.items() if pose in _LASTING}

    def _figure(self, shot: Shot, name: str, act: Acting, pose: Pose) -> Figure:
        at, z = self.home(name), 0.0
        cabin = self._set.site.place in CABIN_ACROSS
        if cabin and pose not in (Pose.DRIVE, Pose.LIE):
            pose = Pose.DRIVE if at[0] > 0 and at[1] < 0.5 and act.gesture is Gesture.NONE else Pose.SIT
        elif pose is Pose.CLIMB and self._set.find("ladder") is None and self._stairs(shot):
            # Stairs are walked.
            pose, z = Pose.WALK, 1.1 if self._set.site.place == "stairwell" else 0.0
        side = next((one.side for one in shot.characters if one.name == name), "centre")
        target = self._target(shot, name, act)
        out = {"left": -32.0, "right": 32.0, "centre": 14.0}[side]
        facing = 180.0 + out
        if target is not None and math.dist(at, target) > 0.2:
            facing = _cheated(_bearing(at, target), _CHEAT.get(shot.size, 22.0))
        mount = self._mount(pose)
        worked = self._worked(shot, act, pose) if not cabin else None
        if worked is not None:
            if pose is Pose.LEAN:
                # The weight goes forward, onto the hands.
                pose = Pose.STAND
                act = replace(act, gesture=Gesture.PUSH)
            act = replace(act, gaze=act.gaze or worked.kind)
            away = _WORKED[worked.kind]
            from_left = at[0] < worked.at[0] or worked.kind == "lever"
            if worked.kind in ("machine", "wheel"):
                at, facing = (worked.at[0] - 0.3, worked.at[1] - away - 0.25), 22.0
            else:
                at = (worked.at[0] - away if from_left else worked.at[0] + away, worked.at[1] - 0.12)
                facing = 90.0 if from_left else 270.0
            target = worked.at
        if self._set.site.place == "sea" and self._set.find("boat") and pose is not Pose.SWIM:
            z = _AFLOAT_M
        if not cabin and pose is Pose.SIT and name in self._seats:
            at, facing, height = self._seats[name]
            z = height - _SEAT_M
        elif pose is Pose.LIE and (bed := self._set.find("bed") or self._set.find("sofa")):
            # The head is at the headboard, and clear of it.
            at, facing, z = (
                (bed.at[0], bed.at[1] - 0.35),
                bed.turn + 180.0,
                0.55 if bed.kind == "bed" else 0.45,
            )
        elif mount is not None:
            at, facing = mount.at, mount.turn + 180.0
            z = 0.25 if pose is Pose.DRIVE else 0.0
        elif pose is Pose.CLIMB and (stairs := self._set.find("ladder") or self._set.find("stairs")):
            back = math.radians(stairs.turn + 180.0)
            at = (stairs.at[0] + math.sin(back) * 0.5, stairs.at[1] + math.cos(back) * 0.5)
            facing = stairs.turn
        elif pose in (Pose.RUN, Pose.WALK, Pose.CRAWL):
            left = shot.movement in _LEFTWARD or (side == "right" and shot.movement not in _RIGHTWARD)
            across = -102.0 if left else 102.0
            facing = {"away": 20.0, "toward": 168.0}.get(act.way, across)
        elif cabin:
            facing = 180.0
        turn = _within(_bearing(at, target) - facing, 58.0) if target is not None else 0.0
        if shot.size in _CLOSE and abs(_turned(facing + turn - 180.0)) > 72.0 and pose is not Pose.LIE:
            # Whoever turns to something behind them still shows a profile: a board is for faces.
            wanted = math.copysign(72.0, _turned(facing + turn - 180.0))
            facing = 180.0 + wanted * 0.7
            turn = _within(180.0 + wanted - facing, 58.0)
        return Figure(
            name=name,
            at=(round(at[0], 3), round(at[1], 3)),
            z=round(z, 3),
            facing=round(facing % 360.0, 1),
            pose=pose,
            gesture=Gesture.STEER if pose is Pose.DRIVE and act.gesture is Gesture.NONE else act.gesture,
            mood=act.mood,
            head_turn=round(turn, 1),
            head_tilt=act.tilt,
            gaze=act.gaze or self._other(shot, name),
            holds=act.holds,
            look=self._looks[name],
        )

    def _worked(self, shot: Shot, act: Acting, pose: Pose) -> Piece | None:
        """What somebody has their hands on or their weight against."""
        if act.holds or (act.gesture not in _WORKING and pose is not Pose.LEAN):
            return None
        told = [kind for kind in pieces_in(shot.action) if kind in _WORKED]
        return next((piece for kind in told if (piece := self._set.find(kind))), None)

    def _stairs(self, shot: Shot) -> bool:
        return self._set.site.place == "stairwell" or "stair" in shot.action.casefold()

    def _mount(self, pose: Pose) -> Piece | None:
        if pose is Pose.DRIVE and self._set.site.place not in ("car-interior", "cockpit"):
            return self._set.find("car") or self._set.find("truck") or self._set.find("boat")
        if pose is Pose.RIDE:
            return next(
                (piece for kind in ("horse", "motorcycle", "bicycle") if (piece := self._set.find(kind))),
                None,
            )
        return None

    def _other(self, shot: Shot, name: str) -> str:
        """Whom somebody talks or listens to."""
        told = [other for other in names_in(shot.action, self.names) if other != name]
        seen = [one.name for one in shot.characters if one.name != name]
        return next(iter([*(other for other in told if other in seen), *told, *seen]), "")

    def _target(self, shot: Shot, name: str, act: Acting) -> Spot | None:
        gaze = act.gaze or self._other(shot, name)
        if gaze in self._homes:
            return self._homes[gaze]
        piece = self._set.find(gaze) if gaze else None
        return piece.at if piece is not None else None


def _homes(sides: Mapping[str, Side], scenery: Scenery) -> dict[str, Spot]:
    """Left and right of the line's middle; who comes later stands further out and back."""
    x, y = scenery.centre
    alone = len(sides) == 1
    counts: dict[Side, int] = {}
    found: dict[str, Spot] = {}
    for name, side in sides.items():
        count = counts.get(side, 0)
        counts[side] = count + 1
        away = 0.78 * count
        match side:
            case "left":
                spot = (x - scenery.across - away, y + 0.4 * count)
            case "right":
                spot = (x + scenery.across + away, y + 0.4 * count)
            case _:
                way = (-1) ** count * ((count + 1) // 2)
                spot = (x, y) if alone else (x + 0.12 + 0.55 * way, y + 0.62)
        found[name] = (round(spot[0], 3), round(spot[1], 3))
    return found


def _in_cabin(sides: Mapping[str, Side], shots: Sequence[Shot], across: float) -> dict[str, Spot]:
    """Who drives sits at the wheel, which from the bonnet is on the right; the rest beside and behind."""
    names = tuple(sides)
    driver = next(
        (name for shot in shots for name, act in acting(shot, names).items() if act.pose is Pose.DRIVE),
        next((name for name, side in sides.items() if side == "right"), names[0] if names else ""),
    )
    places = [(-across, 0.0), (-across, 0.9), (across, 0.9), (0.0, 0.9)]
    others = [name for name in names if name != driver]
    return {driver: (across, 0.0)} | {name: places[min(place, 3)] for place, name in enumerate(others)}


def _nearest_seats(
    names: Sequence[str], homes: Mapping[str, Spot], scenery: Scenery
) -> dict[str, tuple[Spot, float, float]]:
    free = list(scenery.seats)
    found: dict[str, tuple[Spot, float, float]] = {}
    for name in names:
        if free:
            seat = min(free, key=lambda one: math.dist(one[0], homes[name]))
            free.remove(seat)
            found[name] = seat
    return found


def _together(figures: list[Figure]) -> tuple[Figure, ...]:
    """Two who embrace or fight close up and face each other."""
    for gesture, gap in ((Gesture.EMBRACE, 0.34), (Gesture.FIGHT, 0.82)):
        if len(figures) > 1 and any(one.gesture is gesture for one in figures[:2]):
            one, other = figures[:2]
            middle = ((one.at[0] + other.at[0]) / 2, (one.at[1] + other.at[1]) / 2)
            way = 1.0 if other.at[0] >= one.at[0] else -1.0
            for place, (figure, shift) in enumerate(((one, -way), (other, way))):
                spot = (round(middle[0] + shift * gap / 2, 3), round(middle[1], 3))
                facing = 90.0 if shift < 0 else 270.0
                changes = {"at": spot, "facing": facing, "gesture": gesture, "head_turn": 0.0, "z": 0.0}
                pose = (
                    Pose.STAND
                    if figure.pose in (Pose.WALK, Pose.RUN, Pose.SIT, Pose.LIE, Pose.KNEEL)
                    else figure.pose
                )
                figures[place] = figure.model_copy(update=changes | {"pose": pose})
            break
    return tuple(figures)


def _bearing(start: Spot, end: Spot) -> float:
    """Degrees clockwise from +y."""
    return math.degrees(math.atan2(end[0] - start[0], end[1] - start[1]))


def _cheated(bearing: float, degrees: float) -> float:
    """Turned towards the usual camera, which looks along +y, by so much at most."""
    return bearing + _within(180.0 - bearing, degrees)


def _turned(degrees: float) -> float:
    return (degrees + 180.0) % 360.0 - 180.0


def _within(degrees: float, most: float) -> float:
    return max(-most, min(most, _turned(degrees)))
