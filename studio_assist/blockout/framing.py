"""The camera for a shot: how far, how high and from which side, for its size, angle and lens.

The gate is 36 mm wide and the frame 16:9,
so that a lens of f mm sees 20.25 / f metres of height at one metre.
The camera stays on its side of the line: its y is smaller than the figures',
but for what they see themselves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, Literal

from studio_assist.blockout import sets
from studio_assist.blockout.scenery import CABIN_ACROSS, Scenery
from studio_assist.blockout.skeleton import skeleton
from studio_assist.domain.staging import Camera, Figure, Gesture, Piece, Point, Pose, Spot, Staging
from studio_assist.domain.storyboard import Angle, Shot, ShotSize

#: Height of the gate at 16:9 in millimetres.
GATE_HIGH_MM: Final = 20.25
#: Metres of height that a size shows of somebody 1.72 m tall.
SEEN_M: Final = {
    ShotSize.EWS: 8.0, ShotSize.WS: 4.0, ShotSize.LS: 3.1, ShotSize.FS: 2.45, ShotSize.MLS: 1.55,
    ShotSize.MS: 0.98,
    ShotSize.MCU: 0.58, ShotSize.CU: 0.37, ShotSize.ECU: 0.19, ShotSize.INSERT: 0.5, ShotSize.TWO: 1.15,
    ShotSize.OTS: 0.95, ShotSize.POV: 2.4,
}  # fmt: skip
#: Share of the frame between its upper edge and the crown.
_HEAD_ROOM: Final = 0.085
#: Share of the frame's width that somebody stands off the middle, with room before the face.
_LEAD: Final = {ShotSize.MCU: 0.09, ShotSize.CU: 0.06, ShotSize.MS: 0.1, ShotSize.MLS: 0.1, ShotSize.FS: 0.1}
_RISE: Final = {Angle.LOW: -24.0, Angle.HIGH: 30.0, Angle.OVERHEAD: 78.0}
_DUTCH: Final = 13.0
#: From the eyes to the top of the hair, as a share of the height.
_CROWN: Final = 0.088


def eyes_of(one: Figure) -> Point:
    """Where somebody's eyes are, in their pose."""
    x, y, z = skeleton(one).eyes
    return (float(x), float(y), float(z))


def tall(piece: Piece) -> float:
    """How high a piece is, in metres."""
    return (piece.size or sets.size_of(piece.kind))[2]


def middle(piece: Piece, pieces: Sequence[Piece]) -> Point:
    """The middle of a piece where it stands, hangs, or lies on a table among others."""
    foot = sets.height_of(piece, Staging(pieces=tuple(pieces)))
    return (piece.at[0], piece.at[1], foot + tall(piece) * 0.5)


#: What of somebody a near shot is about.
Part = Literal["face", "hand", "foot"]


class Framing:
    """Cameras for one scene's set."""

    def __init__(self, scenery: Scenery, nth: int = 0) -> None:
        """`nth`: so many wide frames of the set came before; none looks like the one before it."""
        self._set: Final = scenery
        self._nth: Final = nth

    def subject(self, shot: Shot, one: Figure, side: str, *, part: Part = "face") -> Camera:
        """One character, or a hand or foot of theirs, as near as the size says."""
        seen = SEEN_M[shot.size] * max(0.6, one.look.height_m / 1.72)
        # With the set, since hands may be at a piece of it.
        bones = skeleton(one, Staging(pieces=self._set.pieces))
        eyes = eyes_of(one)
        if eyes[2] - one.z < 1.25 and shot.size in (ShotSize.FS, ShotSize.MLS, ShotSize.LS):
            # Somebody low is smaller.
            seen *= 0.75
        if part != "face":
            one_end, other = (limb.end for limb in (bones.arms if part == "hand" else bones.legs))
            apart = math.dist(one_end, other)
            # Both feet; both hands where they are at one thing.
            both = part == "foot" or apart < 0.42
            end = (one_end + other) / 2 if both else one_end
            aim = (float(end[0]), float(end[1]), float(end[2]) + (0.05 if part == "foot" else 0.02))
            width = 0.42 if part == "foot" else 0.3
            seen = max(width, (apart + 0.22) * 9 / 16) if both else width
            return self._from(
                shot, aim, aim[2], seen, self._azimuth(one, 34.0), 9.0 if part == "foot" else 14.0
            )
        if one.pose in (Pose.LIE, Pose.CRAWL, Pose.FALL, Pose.SWIM) and shot.size not in (
            ShotSize.ECU,
            ShotSize.CU,
        ):
            middle = bones.pelvis.at
            aim = (float(middle[0]), float(middle[1]), float(middle[2]) + 0.1)
            return self._from(shot, aim, aim[2] + 0.5, max(seen, 1.3), 180.0 + self._aside(side), 20.0)
        if shot.size is ShotSize.ECU:
            return self._from(
                shot, (eyes[0], eyes[1], eyes[2] - 0.005), eyes[2], seen, self._azimuth(one, 22.0)
            )
        crown = eyes[2] + _CROWN * one.look.height_m + (0.0 if one.look.hat in ("none", "scarf") else 0.03)
        aim = (eyes[0], eyes[1], crown - seen * (0.5 - _HEAD_ROOM))
        if seen > crown + 0.5:
            # More than the whole body: feet are in frame, and the ground before them.
            aim = (eyes[0], eyes[1], max(0.5, seen * 0.36))
        # Over the wheel and the dashboard.
        rise = 11.0 if self._set.site.place in CABIN_ACROSS else 0.0
        camera = self._from(shot, aim, eyes[2], seen, self._azimuth(one, 30.0), rise)
        lead = _LEAD.get(shot.size, 0.0) * {"left": 1.0, "right": -1.0}.get(side, 0.0)
        return _trucked(camera, lead * seen * 16 / 9)

    def group(self, shot: Shot, figures: Sequence[Figure]) -> Camera:
        """Two or more, side by side in the frame."""
        eyes = [eyes_of(one) for one in figures]
        left, right = min(x for x, _y, _z in eyes), max(x for x, _y, _z in eyes)
        crown = max(z for _x, _y, z in eyes) + 0.17
        near = min(y for _x, y, _z in eyes)
        deep = sum(y for _x, y, _z in eyes) / len(eyes)
        across = (right - left + 1.0) * 9 / 16
        seen = max(SEEN_M[shot.size], across)
        aim = ((left + right) / 2, deep, crown - seen * (0.5 - _HEAD_ROOM))
        if seen > crown + 0.6:
            aim = (aim[0], aim[1], seen * 0.38)
        return self._from(shot, aim, min(z for _x, _y, z in eyes), seen + (deep - near) * 0.5, 174.0)

    def over_shoulder(self, shot: Shot, speaker: Figure, listener: Figure) -> Camera:
        """From behind who listens, on the camera's side of the line: the shoulder stays on their side."""
        far, near = eyes_of(speaker), eyes_of(listener)
        line = (far[0] - near[0], far[1] - near[1])
        length = math.hypot(*line) or 1.0
        along = (line[0] / length, line[1] / length)
        # Of the two sides of the line, the usual camera's.
        out = (along[1], -along[0]) if along[0] > 0 else (-along[1], along[0])
        back = max(0.72, min(1.8, shot.lens_mm * SEEN_M[ShotSize.OTS] / GATE_HIGH_MM - length))
        aside = 0.3 + 0.13 * back
        at = (
            near[0] - along[0] * back + out[0] * aside,
            near[1] - along[1] * back + out[1] * aside,
            near[2] + 0.06 + {Angle.LOW: -0.35, Angle.HIGH: 0.5}.get(shot.angle, 0.0),
        )
        aim = (far[0] - out[0] * 0.12, far[1] - out[1] * 0.12, far[2] - 0.12)
        return _camera(self._kept_inside(at), aim, shot)

    def view_of(self, shot: Shot, eyes: Point, target: Point) -> Camera:
        """What somebody sees from where their eyes are."""
        way = math.dist(eyes[:2], target[:2])
        if way < 0.3:
            target = (target[0], target[1] + 1.0, target[2])
        return _camera(self._kept_inside(eyes), target, shot)

    def thing(self, shot: Shot, piece: Piece, pieces: Sequence[Piece]) -> Camera:
        """A piece of the set, filling what the size leaves."""
        wide, deep, high = piece.size or sets.size_of(piece.kind)
        near = shot.size in (ShotSize.INSERT, ShotSize.ECU, ShotSize.CU, ShotSize.MCU)
        aim = middle(piece, pieces)
        rise = 24.0 if high < 0.6 and aim[2] < 1.3 else 4.0
        # By its height, or by its width where it is wide; a train is never seen whole.
        across = max(high, min(max(wide, deep), 12.0) * 9 / 16)
        # Things of a hand's size need some air, large ones only fill the frame.
        width = max(0.16, across * (1.6 if across < 0.8 else 1.12)) if near else max(1.0, across * 1.9)
        if near:
            width = min(width, 2.6)
        if near and high > 3.0 and max(wide, deep) < 1.0:
            # Of a tall thin thing its head is meant: the lamp, not the post.
            aim, width = (aim[0], aim[1], aim[2] + high * 0.4), 1.5
        front = piece.turn + 180.0
        # From its front, but from the camera's side of the room.
        away = 180.0 + max(-48.0, min(48.0, (front - 180.0 + 180.0) % 360.0 - 180.0)) * 0.8
        away += 12.0 if near else (12.0, -20.0, 30.0, -8.0)[self._nth % 4]
        return self._from(shot, aim, max(aim[2], 1.2) if high > 0.6 else aim[2], width, away, rise)

    def place(self, shot: Shot, centre: Spot, *, people: bool) -> Camera:
        """The whole place."""
        if self._set.site.place in ("car-interior", "cockpit"):
            # Through the windscreen.
            return self._from(shot, (0.0, 0.0, 0.98), 1.2, 1.4, 176.0)
        if self._set.inside:
            wide, _deep, high = self._set.site.room
            seen = min(high + 0.9, 4.4) if shot.size in (ShotSize.WS, ShotSize.EWS) else SEEN_M[shot.size]
            aim = (centre[0] * 0.5, centre[1] + 0.3, min(1.35, high * 0.48))
            away = 180.0 + (9.0 if wide > 3 else 3.0) * (1.0, -2.6, 2.9, -1.2)[self._nth % 4]
            # From the eyes' height, from above, from the waist.
            eye = (1.62, min(high - 0.35, 2.5), 1.0, 1.9)[self._nth % 4]
            return self._from(shot, aim, eye, seen, away)
        near = shot.size is not ShotSize.EWS
        if self._set.site.place == "mountains" and not people:
            # The flank of the mountain from its foot to the sky.
            x = next((piece.at[0] for piece in self._set.pieces if piece.kind == "rails"), centre[0])
            seen, up = (22.0, 6.5) if near else (46.0, 11.0)
            side = (14.0, -14.0, 27.0, -24.0)[self._nth % 4]
            return self._from(shot, (x - 1.2, 22.0 if near else 36.0, up), 5.0, seen, 180.0 + side)
        seen = (4.4 if near else 7.5) if people else (6.5 if near else 10.5)
        aim = (centre[0] + 0.8, centre[1] + 1.5, seen * (0.3 if people else 0.34))
        side = (4.0, -17.0, 21.0, -6.0)[self._nth % 4]
        return self._from(shot, aim, (1.7 if near else 2.6) + 0.9 * (self._nth % 2), seen, 180.0 + side)

    def _azimuth(self, one: Figure, aside: float) -> float:
        """From where a face is seen three-quarter, yet from the usual side of the line."""
        face = (one.facing + one.head_turn) % 360.0
        off = (face - 180.0 + 180.0) % 360.0 - 180.0
        if one.gesture is Gesture.PHONE:
            # From the side of the ear that listens, or the hand is before the face.
            return 180.0 + max(-30.0, min(62.0, off + 40.0))
        towards = off - math.copysign(min(aside, abs(off)), off) if off else aside * 0.5
        return 180.0 + max(-62.0, min(62.0, towards))

    @staticmethod
    def _aside(side: str) -> float:
        return {"left": -14.0, "right": 14.0}.get(side, 10.0)

    def _from(
        self, shot: Shot, aim: Point, eye: float, seen: float, azimuth: float, rise: float = 0.0
    ) -> Camera:
        """A camera that shows so many metres of height at the aim, from a direction."""
        far = max(0.3, shot.lens_mm * seen / GATE_HIGH_MM)
        lift = _RISE.get(shot.angle, rise)
        if shot.angle is Angle.EYE and not rise:
            # At eye level, whatever the frame's middle is; a long way off it may be a little higher.
            lift = math.degrees(math.asin(max(-0.5, min(0.5, (eye - aim[2]) / far))))
        best: Point | None = None
        for share in (1.0, 0.7, 0.4, 0.1):
            turn = math.radians(180.0 + (azimuth - 180.0) * share)
            flat, up = far * math.cos(math.radians(lift)), far * math.sin(math.radians(lift))
            at = (aim[0] + math.sin(turn) * flat, aim[1] + math.cos(turn) * flat, max(0.14, aim[2] + up))
            if shot.angle is Angle.GROUND:
                at = (at[0], at[1], 0.16)
            best = best or at
            if self._is_inside(at):
                best = at
                break
        return _camera(best or aim, aim, shot)

    def _is_inside(self, at: Point) -> bool:
        if not self._set.inside or at[1] <= 0.05:
            return True
        wide, deep, _high = self._set.site.room
        return abs(at[0]) < wide / 2 - 0.2 and at[1] < deep - 0.2

    def _kept_inside(self, at: Point) -> Point:
        if self._is_inside(at):
            return at
        wide, deep, _high = self._set.site.room
        half = wide / 2 - 0.25
        return (max(-half, min(half, at[0])), min(deep - 0.25, at[1]), at[2])


def _camera(at: Point, aim: Point, shot: Shot) -> Camera:
    return Camera(
        at=(round(at[0], 4), round(at[1], 4), round(at[2], 4)),
        aim=(round(aim[0], 4), round(aim[1], 4), round(aim[2], 4)),
        lens_mm=float(shot.lens_mm),
        roll=_DUTCH if shot.angle is Angle.DUTCH else 0.0,
    )


def _trucked(camera: Camera, right: float) -> Camera:
    ahead = (camera.aim[0] - camera.at[0], camera.aim[1] - camera.at[1])
    length = math.hypot(*ahead) or 1.0
    side = (ahead[1] / length * right, -ahead[0] / length * right)
    return camera.model_copy(
        update={
            "at": (round(camera.at[0] + side[0], 4), round(camera.at[1] + side[1], 4), camera.at[2]),
            "aim": (round(camera.aim[0] + side[0], 4), round(camera.aim[1] + side[1], 4), camera.aim[2]),
        }
    )
