"""What bodies do, as tables: where hips, feet, spine and hands are in each pose,
and the arms of each gesture.

Lengths are shares of the body's height, in the body's own directions (right, front,
up); angles are degrees. The
bones between are found by inverse kinematics in `skeleton`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from studio_assist.domain.staging import Gesture, Pose

Triple = tuple[float, float, float]
Grip = Literal["loose", "open", "fist", "point", "grip", "flat"]


@dataclass(frozen=True, slots=True)
class Leg:
    """An ankle, where the knee goes, and how the foot stands (pitch: toes up; turn: toes out)."""

    ankle: Triple
    knee: Triple = (0.0, 1.0, 0.15)
    pitch: float = 0.0
    turn: float = 8.0


@dataclass(frozen=True, slots=True)
class Arm:
    """A wrist and where the elbow goes.

    Attributes:
        wrist: from the shoulder, in arm's lengths (outward, front,
        up) of the chest; of the `head` frame from the
            head's middle in head heights; of the `floor` as in legs.
        aim: where the fingers go (outward, front, up); None: on with the forearm.
        palm: where the palm looks.
    """

    wrist: Triple
    elbow: Triple = (0.5, -0.8, -0.4)
    grip: Grip = "loose"
    base: Literal["chest", "head", "floor"] = "chest"
    aim: Triple | None = None
    palm: Triple = (-1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Stance:
    """A whole body. `lean` forward, `tilt` to the right, `twist` of the chest to the right,
    `look` up of the head."""

    hip: Triple
    right: Leg
    left: Leg
    lean: float = 0.0
    tilt: float = 0.0
    twist: float = 0.0
    sway: float = 0.0
    bow: float = 0.0
    look: float = 0.0
    right_arm: Arm = Arm((0.1, 0.04, -0.97))
    left_arm: Arm = Arm((0.1, 0.04, -0.97))


_SWING: Final = (0.3, -1.0, -0.2)
_UP: Final = (0.0, 0.45, 1.0)
_LAP: Final = Arm(
    (-0.05, 0.62, -0.66), (0.9, -0.5, -0.2), "flat", aim=(-0.3, 1.0, -0.25), palm=(0.0, 0.0, -1.0)
)

POSES: Final[dict[Pose, Stance]] = {
    Pose.STAND: Stance(
        (0.012, 0.0, 0.515), Leg((0.052, -0.005, 0.045), turn=14), Leg((-0.082, 0.035, 0.045), (-0.3, 1.0,
        0.1), turn=26),
        tilt=-2.5, sway=4.0, twist=2.0, right_arm=Arm((0.09, 0.03, -0.975)), left_arm=Arm((0.12, 0.12,
        -0.95)),
    ),
    Pose.WALK: Stance(
        (0.0, 0.0, 0.5), Leg((0.045, 0.165, 0.052), pitch=16, turn=4), Leg((-0.045, -0.19, 0.085),
        pitch=-38, turn=4),
        lean=4, twist=-9, right_arm=Arm((0.13, -0.36, -0.86), _SWING), left_arm=Arm((0.1, 0.42, -0.8),
        _SWING),
    ),
    Pose.RUN: Stance(
        (0.0, 0.0, 0.475), Leg((0.035, 0.215, 0.055), (0.0, 1.0, 0.6), pitch=12, turn=0),
        Leg((-0.035, -0.31, 0.27), (0.0, 0.6, -1.0), pitch=-78, turn=0), lean=20, twist=-16, look=4,
        right_arm=Arm((0.22, -0.52, -0.42), (0.5, -1.0, 0.15), "fist"),
        left_arm=Arm((0.0, 0.58, -0.2), (0.35, -0.5, -1.0), "fist"),
    ),
    Pose.SIT: Stance(
        (0.0, 0.0, 0.285), Leg((0.06, 0.245, 0.045), _UP, turn=10), Leg((-0.07, 0.22, 0.045), _UP, turn=12),
        lean=-2,
        bow=5, right_arm=_LAP, left_arm=_LAP,
    ),
    Pose.KNEEL: Stance(
        (0.0, 0.0, 0.285), Leg((0.065, 0.21, 0.045), _UP, turn=6), Leg((-0.06, -0.22, 0.1), (0.0, 0.5,
        -1.0), pitch=-58),
        lean=6, bow=4, right_arm=Arm((-0.12, 0.68, -0.55), (0.9, -0.4, -0.2), "loose"),
        left_arm=Arm((0.2, 0.12, -0.9)),
    ),
    Pose.CROUCH: Stance(
        (0.0, -0.09, 0.18), Leg((0.085, 0.02, 0.045), (0.35, 1.0, 0.7), turn=18),
        Leg((-0.085, -0.03, 0.06), (-0.35, 1.0, 0.6), pitch=-18, turn=18), lean=24, bow=22, look=2,
        right_arm=Arm((-0.1, 0.72, -0.42), (0.9, -0.2, -0.6)), left_arm=Arm((0.0, 0.6, -0.62), (0.9, -0.2,
        -0.6)),
    ),
    Pose.LIE: Stance(
        (0.0, 0.0, 0.068), Leg((0.055, 0.485, 0.05), (0.2, 0.0, 1.0), pitch=64, turn=18),
        Leg((-0.06, 0.4, 0.045), (-0.1, 0.0, 1.0), pitch=38, turn=14), lean=-90, look=84,
        right_arm=Arm((0.32, 0.0, -0.9), (1.0, -0.3, 0.0)),
        left_arm=Arm((-0.28, 0.34, -0.62), (1.0, -0.2, 0.0), "flat"),
    ),
    Pose.LEAN: Stance(
        (0.0, -0.01, 0.495), Leg((0.05, 0.14, 0.045), turn=12), Leg((-0.05, -0.09, 0.17), (-0.2, 1.0, 0.1),
        pitch=-50, turn=6),
        lean=-15, bow=9, right_arm=Arm((0.12, 0.2, -0.9), (0.8, -0.7, 0.0)),
        left_arm=Arm((-0.1, 0.2, -0.82), (1.0, -0.6, 0.0)),
    ),
    Pose.DRIVE: Stance(
        (0.0, 0.0, 0.19), Leg((0.055, 0.37, 0.07), _UP, pitch=32, turn=4), Leg((-0.075, 0.34, 0.07), _UP,
        pitch=30, turn=8),
        lean=-13, bow=8, look=2, right_arm=Arm((-0.14, 0.8, -0.28), (0.7, -0.2, -0.8), "grip"),
        left_arm=Arm((-0.14, 0.8, -0.24), (0.7, -0.2, -0.8), "grip"),
    ),
    Pose.CLIMB: Stance(
        (0.0, -0.05, 0.6), Leg((0.075, 0.11, 0.33), (0.35, 1.0, 0.3), turn=6), Leg((-0.06, 0.06, 0.1),
        (-0.3, 1.0, 0.0), pitch=-12, turn=4),
        lean=5, look=24, tilt=4, right_arm=Arm((0.1, 0.5, 0.45), (1.0, -0.4, -0.5), "grip", aim=(0, 0.5,
        1.0), palm=(0, 1, 0)),
        left_arm=Arm((0.06, 0.42, 0.82), (1.0, -0.4, -0.3), "grip", aim=(0, 0.4, 1.0), palm=(0, 1, 0)),
    ),
    Pose.FALL: Stance(
        (0.0, 0.0, 0.3), Leg((0.09, 0.36, 0.36), (0.1, 0.2, 1.0), pitch=44, turn=12),
        Leg((-0.1, 0.27, 0.16), (-0.2, 0.2, 1.0), pitch=20, turn=10), lean=-52, twist=14, look=44,
        right_arm=Arm((0.5, 0.5, 0.6), (0.6, -0.8, 0.0), "open"), left_arm=Arm((0.85, -0.2, 0.15), (0.2,
        -0.9, -0.4), "open"),
    ),
    Pose.JUMP: Stance(
        (0.0, 0.0, 0.76), Leg((0.06, 0.16, 0.47), (0.2, 1.0, 0.8), pitch=-24), Leg((-0.06, -0.27, 0.5),
        (-0.1, 0.9, -0.7), pitch=-70),
        lean=10, tilt=-3, look=8, right_arm=Arm((0.45, 0.1, 0.78), (0.9, -0.5, 0.0), "open"),
        left_arm=Arm((0.72, 0.2, 0.3), (0.6, -0.7, -0.4), "open"),
    ),
    Pose.DANCE: Stance(
        (0.02, 0.0, 0.505), Leg((0.04, 0.0, 0.045), turn=24), Leg((-0.25, 0.05, 0.075), (-0.9, 0.8, 0.2),
        pitch=-30, turn=50),
        tilt=-9, sway=7, twist=12, look=8,
        right_arm=Arm((0.34, 0.1, 0.82), (1.0, -0.1, 0.2), "open", aim=(-0.5, 0, 1.0)),
        left_arm=Arm((0.88, 0.2, -0.22), (0.2, -0.5, -1.0), "open"),
    ),
    Pose.RIDE: Stance(
        (0.0, 0.0, 0.03), Leg((0.16, 0.1, -0.33), (1.0, 1.0, 0.6), pitch=6, turn=16),
        Leg((-0.16, 0.1, -0.33), (-1.0, 1.0, 0.6), pitch=6, turn=16), lean=10, bow=4,
        right_arm=Arm((-0.1, 0.6, -0.46), (0.8, -0.6, -0.3), "grip"),
        left_arm=Arm((-0.1, 0.6, -0.46), (0.8, -0.6, -0.3), "grip"),
    ),
    Pose.SWIM: Stance(
        (0.0, -0.05, -0.03), Leg((0.06, -0.5, -0.05), (0.0, 0.0, -1.0), pitch=-76), Leg((-0.06, -0.48,
        0.02), (0.0, 0.0, -1.0), pitch=-76),
        lean=78, twist=-14, look=6, right_arm=Arm((0.35, 0.62, 0.66), (0.8, -0.9, 0.2), "flat"),
        left_arm=Arm((0.3, 0.2, -0.75), (0.6, -0.2, 0.0), "flat"),
    ),
    Pose.CRAWL: Stance(
        (0.0, -0.12, 0.27), Leg((0.06, -0.25, 0.1), (0.0, 0.4, -1.0), pitch=-58), Leg((-0.06, -0.34, 0.1),
        (0.0, 0.3, -1.0), pitch=-58),
        lean=76, look=12,
        right_arm=Arm((0.1, 0.2, 0.035), (0.6, -0.8, 0.3), "flat", "floor", aim=(0, 1, 0), palm=(0, 0, -1)),
        left_arm=Arm((0.1, 0.36, 0.035), (0.6, -0.8, 0.3), "flat", "floor", aim=(0, 1, 0), palm=(0, 0, -1)),
    ),
}  # fmt: skip

#: Poses in which a body does not stand on its own feet, hands or seat.
AIRBORNE: Final = frozenset({Pose.JUMP, Pose.FALL, Pose.SWIM, Pose.RIDE, Pose.CLIMB})

_GUARD: Final = (0.3, -0.3, -1.0)
#: (right arm, left arm); None keeps the pose's own.
GESTURES: Final[dict[Gesture, tuple[Arm | None, Arm | None]]] = {
    Gesture.NONE: (None, None),
    Gesture.POINT: (Arm((0.05, 0.97, -0.04), (0.6, -0.2, -0.8), "point", palm=(0, 0, -1)), None),
    Gesture.HOLD: (Arm((-0.1, 0.58, -0.36), (0.7, -0.6, -0.7), "grip", aim=(-0.25, 1.0, 0.2)), None),
    Gesture.REACH: (Arm((0.0, 0.9, 0.12), (0.6, -0.2, -0.8), "open", palm=(-0.6, 0, -0.8)), None),
    Gesture.PHONE: (Arm((0.5, 0.14, -0.76), (0.6, 0.4, -1.0), "grip", "head", aim=(-0.16, -0.3, 1.0),
    palm=(-1, 0.1, 0)), None),
    Gesture.WAVE: (Arm((0.46, 0.3, 0.46), (0.9, -0.2, -0.7), "open", aim=(0.2, 0.0, 1.0), palm=(0, 1, 0)),
    None),
    Gesture.CROSSED: (
        Arm((-0.42, 0.34, -0.44), (0.7, -0.1, -1.0), "flat", aim=(-1.0, 0.12, 0.14), palm=(0, -1, 0)),
        Arm((-0.4, 0.42, -0.38), (0.7, -0.1, -1.0), "loose", aim=(-1.0, -0.2, 0.1), palm=(0, -1, 0)),
    ),
    Gesture.HIPS: (
        Arm((0.1, 0.06, -0.66), (1.0, -0.55, 0.1), "flat", aim=(-0.75, 0.7, -0.35), palm=(-1, 0, 0)),
        Arm((0.1, 0.06, -0.66), (1.0, -0.55, 0.1), "flat", aim=(-0.75, 0.7, -0.35), palm=(-1, 0, 0)),
    ),
    Gesture.RAISED: (
        Arm((0.36, 0.16, 0.8), (1.0, -0.3, -0.2), "open", aim=(0.05, 0, 1), palm=(0, 1, 0)),
        Arm((0.36, 0.16, 0.8), (1.0, -0.3, -0.2), "open", aim=(0.05, 0, 1), palm=(0, 1, 0)),
    ),
    Gesture.FACE: (
        Arm((0.22, 0.42, -0.62), (0.6, 0.2, -1.0), "flat", "head", aim=(-0.08, -0.05, 1.0), palm=(-0.4, -1,
        0)),
        Arm((0.22, 0.42, -0.62), (0.6, 0.2, -1.0), "flat", "head", aim=(-0.08, -0.05, 1.0), palm=(-0.4, -1,
        0)),
    ),
    Gesture.FIGHT: (
        Arm((-0.2, 0.42, 0.1), _GUARD, "fist", aim=(-0.1, 0.5, 1.0)),
        Arm((-0.16, 0.66, 0.1), _GUARD, "fist", aim=(-0.1, 0.7, 1.0)),
    ),
    Gesture.EMBRACE: (
        Arm((-0.1, 0.72, -0.02), (1.0, -0.2, -0.4), "flat", aim=(-1.0, 0.4, 0.0), palm=(0, -1, 0)),
        Arm((-0.1, 0.7, -0.3), (1.0, -0.2, -0.5), "flat", aim=(-1.0, 0.4, 0.0), palm=(0, -1, 0)),
    ),
    Gesture.AIM: (
        Arm((-0.27, 0.9, 0.06), (0.7, -0.1, -0.8), "grip", aim=(0, 1, 0.05)),
        Arm((-0.27, 0.84, 0.0), (0.7, -0.1, -0.8), "grip", aim=(-0.3, 1, 0.2), palm=(-1, 0, 0.5)),
    ),
    Gesture.WRITE: (
        Arm((-0.16, 0.56, -0.5), (1.0, -0.4, -0.4), "grip", aim=(-0.4, 1.0, -0.3), palm=(-0.4, 0, -1)),
        Arm((-0.2, 0.5, -0.54), (1.0, -0.4, -0.4), "flat", aim=(-0.6, 1.0, -0.1), palm=(0, 0, -1)),
    ),
    Gesture.DRINK: (Arm((0.3, 0.66, -0.74), (0.9, 0.1, -0.8), "grip", "head", aim=(-0.5, -0.15, 0.7),
    palm=(-0.6, -0.8, 0)), None),
    Gesture.CARRY: (
        Arm((-0.08, 0.6, -0.5), (0.9, -0.6, -0.6), "grip", aim=(-0.3, 1.0, 0.15), palm=(-0.3, 0, 1)),
        Arm((-0.08, 0.6, -0.5), (0.9, -0.6, -0.6), "grip", aim=(-0.3, 1.0, 0.15), palm=(-0.3, 0, 1)),
    ),
    Gesture.PUSH: (
        Arm((-0.02, 0.86, -0.08), (0.8, -0.2, -0.7), "flat", aim=(0, 0.25, 1), palm=(0, 1, 0)),
        Arm((-0.02, 0.86, -0.08), (0.8, -0.2, -0.7), "flat", aim=(0, 0.25, 1), palm=(0, 1, 0)),
    ),
    Gesture.THROW: (
        Arm((0.36, -0.34, 0.5), (1.0, -0.3, 0.1), "fist"),
        Arm((0.2, 0.8, 0.1), (0.6, -0.2, -0.8), "open", palm=(0, 0, -1)),
    ),
    Gesture.STEER: (
        Arm((-0.12, 0.76, -0.24), (0.8, -0.2, -0.8), "grip"), Arm((-0.12, 0.76, -0.24), (0.8, -0.2, -0.8),
        "grip"),
    ),
    Gesture.SHRUG: (
        Arm((0.4, 0.36, -0.38), (0.5, -0.7, -1.0), "open", aim=(0.8, 0.6, 0.3), palm=(0, 0.2, 1)),
        Arm((0.4, 0.36, -0.38), (0.5, -0.7, -1.0), "open", aim=(0.8, 0.6, 0.3), palm=(0, 0.2, 1)),
    ),
}  # fmt: skip

#: How a gesture moves the chest as well: lean, twist.
_CHEST: Final[dict[Gesture, tuple[float, float]]] = {
    Gesture.FIGHT: (8, -18), Gesture.PUSH: (16, 0), Gesture.THROW: (-4, 24), Gesture.REACH: (8, -8),
    Gesture.POINT: (1, -8), Gesture.WRITE: (14, 0), Gesture.CARRY: (-4, 0), Gesture.EMBRACE: (6, 0),
    Gesture.AIM: (3, -6), Gesture.FACE: (7, 0),
}  # fmt: skip


def stance(pose: Pose, gesture: Gesture) -> Stance:
    """A pose with the arms of a gesture."""
    one = POSES[pose]
    right, left = GESTURES[gesture]
    lean, twist = _CHEST.get(gesture, (0.0, 0.0))
    if pose in (Pose.LIE, Pose.SWIM, Pose.CRAWL):
        lean = 0.0
    held = replace(one, bow=one.bow + lean, twist=one.twist * (0.3 if twist else 1.0) + twist)
    return replace(held, right_arm=right or one.right_arm, left_arm=left or one.left_arm)
