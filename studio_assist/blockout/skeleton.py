"""From a figure to where its bones are, in metres of the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from studio_assist.blockout.forms import Frame, Vec, bent, cross, unit, upright, vec
from studio_assist.blockout.poses import AIRBORNE, Arm, Grip, Leg, stance
from studio_assist.domain.staging import Figure, Gesture, Piece, Pose, Staging

#: Shares of the body's height.
THIGH: Final = 0.245
SHIN: Final = 0.237
UPPER_ARM: Final = 0.168
FOREARM: Final = 0.148
HEAD: Final = 0.149
_HIP_ASIDE: Final = 0.05
_SHOULDER_ASIDE: Final = 0.1
_SHOULDER_DROP: Final = 0.023

#: How high a rider sits, in metres, by what is ridden.
_SADDLES: Final[dict[str, float]] = {
    "horse": 1.42,
    "motorcycle": 0.8,
    "bicycle": 0.95,
    "cart": 0.9,
    "boat": 0.4,
}
_SADDLE: Final = 0.95
#: What is worked with the hands: width, depth and height where a piece has no size of its own.
_SIZES: Final[dict[str, tuple[float, float, float]]] = {
    "lever": (0.3, 0.7, 1.5), "wheel": (2.1, 0.5, 2.1), "machine": (1.8, 0.9, 1.9), "door": (0.9, 0.1, 2.05),
    "railing": (3.0, 0.08, 1.0), "window": (1.4, 0.12, 1.15), "cart": (1.7, 3.4, 1.5),
    "gate": (3.4, 0.4, 2.0), "stove": (0.75, 0.6, 0.86), "crate": (0.8, 0.8, 0.7),
}  # fmt: skip
_HANDS_ON: Final = frozenset({Gesture.PUSH, Gesture.REACH, Gesture.HOLD, Gesture.STEER})
_BOTH: Final = frozenset({Gesture.PUSH, Gesture.STEER, Gesture.HOLD})


@dataclass(frozen=True, eq=False)
class Limb:
    """Root, joint, end; `frame` is that of the hand or foot at the end."""

    root: Vec
    joint: Vec
    end: Vec
    frame: Frame
    side: int
    grip: Grip = "loose"


@dataclass(frozen=True, eq=False)
class Skeleton:
    """A posed body: frames of pelvis, chest and head (its middle), and limbs, right before left."""

    height: float
    build: float
    pelvis: Frame
    chest: Frame
    neck: Vec
    head: Frame
    arms: tuple[Limb, Limb]
    legs: tuple[Limb, Limb]
    pose: Pose

    @property
    def head_m(self) -> float:
        """From chin to crown."""
        return HEAD * self.height

    @property
    def eyes(self) -> Vec:
        """Between the eyes."""
        return self.head.at + self.head.front * (0.36 * self.head_m)


def skeleton(one: Figure, staging: Staging | None = None) -> Skeleton:
    """The bones of a figure; `staging` tells what it rides and what it points at."""
    tall, build = one.look.height_m, one.look.build
    held = stance(one.pose, one.gesture)
    base = upright(vec(one.at[0], one.at[1], one.z), one.facing)
    if one.pose is Pose.RIDE:
        base = base.moved(base.at + vec(0.0, 0.0, _saddle(one, staging)))
    pelvis = base.moved(base.out(np.array(held.hip) * tall)[0]).rolled(-held.sway).pitched(-held.lean)
    wide = 0.5 + 0.5 * build
    spine = pelvis.pitched(-held.bow * 0.45).rolled(held.sway + held.tilt)
    chest_at = pelvis.at + pelvis.up * (0.12 * tall) + spine.up * (0.165 * tall)
    chest = spine.pitched(-held.bow * 0.55).turned(held.twist).moved(chest_at)
    shrug = 0.018 * tall if one.gesture is Gesture.SHRUG else 0.0
    neck = chest.at + chest.up * (0.035 * tall)
    head = _head(one, base, chest, neck, held.look, tall)
    legs = tuple(
        _leg(leg, side, base, pelvis, tall, wide) for side, leg in ((1, held.right), (-1, held.left))
    )
    target = None if one.gesture is not Gesture.POINT else spot_of(one, staging)
    laid = _laid(one, staging, chest)
    arms = tuple(
        _arm(
            arm,
            side,
            base,
            chest,
            head,
            tall,
            wide,
            shrug,
            target if side > 0 else None,
            laid.get(side),
            one.pose not in AIRBORNE,
        )
        for side, arm in ((1, held.right_arm), (-1, held.left_arm))
    )
    return Skeleton(tall, build, pelvis, chest, neck, head, (arms[0], arms[1]), (legs[0], legs[1]), one.pose)


def spot_of(one: Figure, staging: Staging | None) -> Vec | None:
    """Where the thing is that a figure's eyes are on; None for straight ahead."""
    if not one.gaze or staging is None:
        return None
    if one.gaze == "camera":
        return np.asarray(staging.camera.at, dtype=np.float64)
    for other in staging.figures:
        if other.name == one.gaze and other is not one:
            return vec(other.at[0], other.at[1], other.z + rough_eyes(other))
    for piece in staging.pieces:
        if one.gaze in (piece.name, piece.kind):
            return vec(piece.at[0], piece.at[1], piece.z + _middle(piece))
    return None


def _laid(one: Figure, staging: Staging | None, chest: Frame) -> dict[int, Vec]:
    """Where the wrists of those go who work at a piece that they look at, if it is within reach."""
    if staging is None or one.holds or one.gesture not in _HANDS_ON or not one.gaze:
        return {}
    tall = one.look.height_m
    for piece in staging.pieces:
        if one.gaze not in (piece.name, piece.kind):
            continue
        _wide, depth, high = piece.size or _SIZES.get(piece.kind, (0.0, 0.0, 0.0))
        if not high:
            continue
        if piece.kind == "lever":
            # One hand over the other, about the grip.
            back = upright(vec(piece.at[0], piece.at[1], piece.z), piece.turn + 180.0)
            found = {
                side: back.out((0.0, depth * (0.08 + 0.04 * side), high * (0.84 + 0.05 * side)))[0]
                for side in (1, -1)
            }
        else:
            front = upright(vec(piece.at[0], piece.at[1], piece.z), piece.turn + 180.0)
            away = front.out((0.0, depth / 2, 0.0))[0]
            top = min(high * 0.9, 0.66 * tall)
            across = chest.right * 0.18
            near = vec(chest.at[0], chest.at[1], piece.z + top)
            # The nearest place of its front, as far as the hands are apart.
            gap = float((away - near) @ front.front)
            found = {side: near + front.front * gap + across * side for side in (1, -1)}
        reach = (UPPER_ARM + FOREARM) * tall
        shoulder = chest.at
        if all(float(np.linalg.norm(spot - shoulder)) < reach * 1.35 for spot in found.values()):
            return found if one.gesture in _BOTH else {1: found[1]}
    return {}


def rough_eyes(one: Figure) -> float:
    """How high eyes are in a pose, without its bones (they may depend on the other's eyes)."""
    held = stance(one.pose, Gesture.NONE)
    over = 0.41 * float(np.cos(np.radians(held.lean))) + held.hip[2]
    return (over + (_SADDLE / one.look.height_m if one.pose is Pose.RIDE else 0.0)) * one.look.height_m


def _middle(piece: Piece) -> float:
    return piece.size[2] * 0.6 if piece.size is not None else 0.9


def _saddle(one: Figure, staging: Staging | None) -> float:
    """How high the saddle is over the figure's own z: of the nearest mount within reach."""
    near: list[tuple[float, float]] = []
    for piece in staging.pieces if staging is not None else ():
        far = float(np.hypot(piece.at[0] - one.at[0], piece.at[1] - one.at[1]))
        if piece.kind in _SADDLES and far < 1.5:
            near.append((far, max(piece.z + _SADDLES[piece.kind] - one.z, 0.0)))
    return min(near)[1] if near else _SADDLE


def _head(one: Figure, base: Frame, chest: Frame, neck: Vec, look: float, tall: float) -> Frame:
    """Heads stay level unless told otherwise: they balance what the spine does, up to what a neck can."""
    ahead = chest.front * 0.35 + base.front * 0.65
    ahead = base.front if float(np.linalg.norm(ahead * (1, 1, 0))) < 0.3 else ahead * (1, 1, 0)
    level = Frame(neck, unit(cross(ahead, vec(0, 0, 1))), unit(ahead), vec(0, 0, 1))
    frame = level.pitched(look).turned(one.head_turn).pitched(one.head_tilt)
    stalk = unit(chest.up * 0.55 + frame.up * 0.45 + chest.front * 0.06, chest.up)
    return frame.moved(
        neck + stalk * (0.042 * tall) + frame.up * (0.046 * tall) + frame.front * (0.008 * tall)
    )


def _leg(leg: Leg, side: int, base: Frame, pelvis: Frame, tall: float, wide: float) -> Limb:
    root = pelvis.at + pelvis.right * (side * _HIP_ASIDE * tall * wide)
    x, y, z = leg.ankle
    target = base.out((x * tall, y * tall, z * tall))[0]
    pole = base.out(leg.knee)[0] - base.at
    knee, ankle = bent(root, target, THIGH * tall, SHIN * tall, pole)
    foot = base.moved(ankle).turned(side * leg.turn).pitched(leg.pitch)
    return Limb(root, knee, ankle, foot, side)


def _arm(
    arm: Arm, side: int, base: Frame, chest: Frame, head: Frame, tall: float, wide: float, shrug: float,
    target: Vec | None, laid: Vec | None, on_floor: bool,
) -> Limb:  # fmt: skip
    root = chest.out((side * _SHOULDER_ASIDE * tall * wide, 0.0, shrug - _SHOULDER_DROP * tall))[0]
    upper, fore = UPPER_ARM * tall, FOREARM * tall
    frame = {"chest": chest, "head": head, "floor": base}[arm.base]
    way = np.array((side, 1.0, 1.0))
    local = np.array(arm.wrist) * way
    if arm.base == "chest":
        wrist = root + (frame.out(local)[0] - frame.at) * (upper + fore)
    elif arm.base == "head":
        wrist = head.out(local * HEAD * tall)[0]
    else:
        wrist = base.out(local * tall)[0]
    pole = frame.out(np.array(arm.elbow) * way)[0] - frame.at
    if target is not None and float(unit(target - root) @ chest.front) > -0.1:
        wrist = root + unit(target - root) * (upper + fore) * 0.97
    if laid is not None:
        wrist = laid
    # The floor stops arms of those who lie or crawl.
    floor = float(base.at[2]) + 0.032 * tall
    if on_floor and wrist[2] < floor:
        wrist = vec(wrist[0], wrist[1], floor)
    elbow, end = bent(root, wrist, upper, fore, pole)
    if on_floor and elbow[2] < floor:
        elbow, end = bent(root, wrist, upper, fore, vec(pole[0], pole[1], 0.3))
        elbow, end = (vec(one[0], one[1], max(one[2], floor)) for one in (elbow, end))
    along = unit(end - elbow)
    if arm.aim is not None:
        along = unit(frame.out(np.array(arm.aim) * way)[0] - frame.at)
    if on_floor and end[2] + along[2] * 0.1 * tall < floor - 0.02 * tall:
        along = unit(along * (1.0, 1.0, 0.0), base.front)
    palm = frame.out(np.array(arm.palm) * way)[0] - frame.at
    palm = unit(palm - along * float(palm @ along), unit(cross(along, vec(0.2, 0.3, 0.9))))
    #: A hand's frame: fingers go along its front, the palm looks down its negative up, the thumb is at its
    #: `right`
    #: times the side's sign.
    hand = Frame(end, unit(cross(along, -palm)), along, -palm)
    return Limb(root, elbow, end, hand, side, arm.grip)
