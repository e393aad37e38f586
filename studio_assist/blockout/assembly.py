"""One figure on its way from bones into pixels: its parts, which is before which, and what it holds."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from studio_assist.blockout import bodies, clothes, hands, sets
from studio_assist.blockout.drawing import Group, Points, Shape
from studio_assist.blockout.forms import (
    NOTHING,
    Sight,
    Vec,
    area,
    circle,
    joined,
    moved,
    outlines,
    smoothed,
    unit,
)
from studio_assist.blockout.heads import Head
from studio_assist.blockout.parts import Part, clipped, outline, painted
from studio_assist.blockout.portraits import Tones, neck, portrait
from studio_assist.blockout.shading import Tones as Light_
from studio_assist.blockout.skeleton import Limb, Skeleton, spot_of
from studio_assist.domain.staging import Figure, Light, Pose, Staging

_NEAR_M: Final = 0.12
#: What is held between thumb and fingers.
_SHEETS: Final = frozenset({"letter", "paper", "map", "book", "log-book", "plate"})


@dataclass(frozen=True, slots=True)
class Tint:
    """(lit, shade) of everything a figure wears and is."""

    cloth: tuple[float, float]
    legs: tuple[float, float]
    shoe: tuple[float, float]
    skin: tuple[float, float]
    hair: tuple[float, float]
    hat: tuple[float, float]
    linen: float
    white: float


def tints(one: Figure, staging: Staging) -> Tint:
    """The greys of a figure under a staging's light; who is not in focus is paler."""
    tones, look = Light_.of(staging), one.look
    back = bool(staging.focus) and one.name not in staging.focus

    def pair(base: float) -> tuple[float, float]:
        lit = tones.figure(base)
        if back:
            lit += (0.72 - lit) * 0.25
        return lit, tones.step(lit, 1)

    legs = look.shade - 0.32 if look.shade > 0.5 else look.shade + 0.22
    hat = 0.3 if look.shade > 0.5 else 0.55
    return Tint(
        pair(look.shade), pair(legs), pair(0.2), pair(0.96), pair(look.hair_shade), pair(hat),
        tones.figure(0.98), tones.figure(1.0, lit=0.4),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Assembly:
    """One figure on its way into pixels."""

    one: Figure
    staging: Staging
    bones: Skeleton
    sight: Sight
    scale: float
    tint: Tint

    @property
    def px(self) -> float:
        """The body's height in pixels."""
        return self.scale * self.bones.height

    @property
    def _below(self) -> float:
        """How far the camera looks at the body from its feet."""
        return float(unit(self.bones.pelvis.at - self.sight.eye) @ self.bones.pelvis.up)

    def shapes(self, light: Light) -> list[Shape]:
        """Everything but what it holds."""
        size = self.px / self.sight.view.unit
        ink = float(np.clip(0.75 + 0.0021 * size, 0.8, 3.2))
        weight = float(np.clip(1.0 + 0.0028 * size, 1.0, 4.6))
        away = _away(light, self.sight)
        return painted(self._parts(ink, away), away, weight)

    def _parts(self, ink: float, away: Points) -> list[Part]:
        bones, sight, tint, look = self.bones, self.sight, self.tint, self.one.look
        wear = bodies.GARMENTS[look.clothes]
        body = bodies.trunk(bones, look.clothes)
        tall = bones.height
        head_px = sight.view.scale_at(bones.head.at) * bones.head_m
        head = Head(bones.head, bones.head_m, sight, head_px)
        cloth_legs = 0.0 if wear.bare else 0.004 * tall
        arms, legs = bones.arms, bones.legs
        swim = bones.pose is Pose.SWIM
        made = outlines(sight, [
            [*body.lumps(sight.fine, wear.hem), *bodies.skirt(bones, body, look.clothes, sight)],
            body.lumps(sight.fine, -0.052, 0.06 if self._below < 0.35 else -0.01),
            neck(head, bones.chest, body.at(0.322, circle(16)), tall, bones.build),
            *(bodies.upper_arm(limb, bones, look.clothes, sight) for limb in arms),
            *(bodies.forearm(limb, bones, look.clothes, sight) for limb in arms),
            *(bodies.thigh(limb, bones, sight, cloth_legs) for limb in legs),
            *(bodies.shin(limb, bones, sight, cloth_legs, wear.bare) for limb in legs),
            *(bodies.shoe(limb, bones) for limb in legs),
        ])  # fmt: skip
        step = max(self.px * 0.0105, 0.9)
        trunk, hips, throat, *limbs = [smoothed(shape, step, 2) for shape in made] if self.px > 110 else made
        core = sight.depth(bones.chest.at * 0.6 + bones.pelvis.at * 0.4)
        reach = self.scale * tall * 0.022 * (0.6 + 0.8 * self.staging.light.contrast)
        parts = self._trunk_parts(body, trunk, hips, throat, core, reach, ink, away, head)
        for index, limb in enumerate(arms):
            parts += self._arm(limb, index, limbs[index], limbs[2 + index], core, reach, ink)
        for index, limb in enumerate(() if swim else legs):
            parts += self._leg(
                limb, index, limbs[4 + index], limbs[6 + index], limbs[8 + index], trunk, core, reach, ink
            )
        if swim:
            parts = [part for part in parts if part.name != "hips"]
        if head_px >= 1.0 and sight.depth(bones.head.at) > bones.head_m * 0.7:
            spot = spot_of(self.one, self.staging)
            tones = Tones(tint.skin, tint.hair, tint.hat, tint.white)
            faced = portrait(head, bones.chest, look, self.one.mood, spot, tones, away, ink * 1.1)
            parts += self._placed(faced, core)
        return parts

    def _placed(self, faced: list[Part], core: float) -> list[Part]:
        """The head before or behind the trunk, by where the camera is."""
        from_feet = float(unit(self.sight.eye - self.bones.neck) @ self.bones.chest.up)
        for part in faced:
            part.near = min(part.near, core - 0.05) if from_feet > -0.72 else max(part.near, core + 0.12)
        for part in faced:
            if part.name == "tail":
                front = self.bones.chest.front @ (self.sight.eye - self.bones.neck) > 0
                part.near = (faced[0].near - 0.02) if not front else core + 0.2
                if self.one.look.hair == "braid":
                    part.near = core - 0.035 if front else core - 0.06
        return faced

    def _trunk_parts(
        self, body: bodies.Trunk, trunk: BaseGeometry, hips: BaseGeometry, throat: BaseGeometry, core: float,
        reach: float, ink: float, away: Points, head: Head,
    ) -> list[Part]:  # fmt: skip
        bones, tint, look = self.bones, self.tint, self.one.look
        # A collar is lower in front: from there one sees into it, from behind one does not.
        mouth = unit(bones.chest.up * 0.85 + bones.chest.front * 0.55)
        above = float(unit(self.sight.eye - bones.neck) @ mouth)
        open_front = look.clothes in ("coat", "jacket")
        tailor = clothes.Tailor(
            body, self.sight, self.px, ink * 0.8, tint.cloth[0], tint.cloth[1], tint.skin[0], tint.linen
        )
        chest = Part("trunk", trunk, core, *tint.cloth, turned=reach * 2.0, ink=ink)
        chest.over = clipped(clothes.on_trunk(tailor, look.clothes, open_front), trunk)
        if look.clothes in ("coat", "dress") and self.px > 110:
            chest.over += clipped(clothes.skirt_lines(bones, look.clothes, self.sight, ink * 0.7), trunk)
        inside_out = self._below >= 0.35 and bodies.GARMENTS[look.clothes].skirt <= 0.0
        under = tint.cloth if look.clothes == "dress" else tint.legs
        parts = [
            chest,
            Part("hips", hips, core + (-0.004 if inside_out else 0.03), *under, turned=reach, ink=0.0),
        ]
        cast = NOTHING
        if self.px > 150:
            cast = shapely.intersection(throat, self._under_chin(head, away))
        nape = Part("neck", throat, core - 0.01 if above > 0.0 else core + 0.02, *tint.skin, ink=ink)
        nape.over = outline(cast, tint.skin[1], 0.0, silent=True)
        if look.clothes not in ("sweater", "uniform"):
            # Skin goes on under an open collar.
            pit = body.at(0.325, 0.0)
            nape.joints = (("trunk", self._disc(pit, 0.034 * bones.height)),)
        parts.append(nape)
        if look.hat in ("scarf", "hood"):
            parts.append(self._scarf(core, ink))
        return parts

    def _under_chin(self, head: Head, away: Points) -> BaseGeometry:
        """The shadow of the head on the neck."""
        rings = head.skull()[:7]
        shape = outlines(self.sight, [rings])[0]
        return moved(shape, np.array((away[0] * 0.12, 0.16)) * head.px)

    def _scarf(self, core: float, ink: float) -> Part:
        bones, tall = self.bones, self.bones.height
        frame = bones.chest
        turn = circle(max(self.sight.fine, 12))
        hood = self.one.look.hat == "hood"
        sizes = ((0.05, 0.018, 0.0), (0.062, 0.03, 0.004), (0.06, 0.052, 0.008), (0.05, 0.064, 0.012))
        if hood:
            sizes = ((0.085, -0.012, 0.0), (0.088, 0.01, 0.0), (0.074, 0.04, 0.0), (0.06, 0.07, 0.0))
        rings = [
            frame.out(
                np.stack(
                    [np.cos(turn) * wide, np.sin(turn) * wide * 0.95 + ahead, np.full(len(turn), z)], axis=1
                )
                * tall
            )
            for wide, z, ahead in sizes
        ]
        end = [
            frame.out(np.array((x, y, z)) * tall)[0]
            for x, y, z in ((0.03, 0.058, 0.03), (0.045, 0.082, -0.04), (0.042, 0.08, -0.12))
        ]
        lumps = [np.concatenate(pair) for pair in itertools.pairwise(rings)]
        tail = self.sight.chain([(spot, 0.018 * tall) for spot in end])
        ring, tail_shape = outlines(self.sight, [lumps, tail])
        front = float(frame.front @ (self.sight.eye - frame.at)) > 0
        whole = joined([ring, tail_shape]) if front and not hood else ring
        part = Part(
            "scarf", smoothed(whole, max(self.px * 0.006, 0.8), 1), core - 0.045, *self.tint.hat, ink=ink
        )
        part.turned = self.px * 0.012
        return part

    def _arm(
        self,
        limb: Limb,
        index: int,
        upper: BaseGeometry,
        fore: BaseGeometry,
        core: float,
        reach: float,
        ink: float,
    ) -> list[Part]:
        tint, sight, tall = self.tint, self.sight, self.bones.height
        bare = bodies.GARMENTS[self.one.look.clothes].bare
        shoulder = self._disc(limb.root, 0.056 * tall)
        elbow = self._disc(limb.joint, 0.036 * tall)
        root, joint, end = sight.depth(limb.root), sight.depth(limb.joint), sight.depth(limb.end)
        high = (root + joint) / 2 - 0.02
        if abs(high + 0.02 - core) < 0.02 * tall:
            high = core - 0.02
        low = (joint + end) / 2 - 0.035
        if abs(low - high) < 0.012:
            low = high - 0.012
        name = "right" if index == 0 else "left"
        trunk = Part(
            f"{name} upper arm",
            upper,
            high,
            *tint.cloth,
            joints=(("trunk", shoulder), (f"{name} forearm", elbow)),
            turned=reach,
            ink=ink,
        )
        tone = tint.skin if bare else tint.cloth
        wrist = Part(f"{name} forearm", fore, low, *tone, turned=reach * 0.8, ink=ink)
        if not bare:
            wrist.joints = ((f"{name} upper arm", elbow),)
        if self.px > 150:
            if not bare:
                wrist.over = clipped(clothes.cuff(limb, sight, 0.026 * tall, ink * 0.7), fore)
            near = wrist if low < high else trunk
            near.over += clipped(clothes.folds(limb, sight, 0.034 * tall, ink * 0.7), near.shape)
        trunk.near, wrist.near = high, low
        # A hand that comes towards the camera lies before its sleeve.
        ahead = float(unit(limb.end - limb.joint) @ unit(sight.eye - limb.end)) > 0.22
        if bare:
            wrist.joints = ((f"hand {limb.side}", self._disc(limb.end, 0.03 * tall)),)
        palms = self._hand(limb, low - 0.004 if ahead else low + 0.004, reach, ink)
        return [trunk, wrist, *palms]

    def _hand(self, limb: Limb, near: float, reach: float, ink: float) -> list[Part]:
        px = self.scale * 0.105 * self.bones.height
        palm, fingers = hands.hand(limb, self.bones.height, self.sight, px)
        shapes = outlines(self.sight, [palm, *fingers])
        step = max(px * 0.06, 0.6)
        name = f"hand {limb.side}"
        parts = [
            Part(
                name,
                smoothed(shapes[0], step, 1) if px > 14 else shapes[0],
                near,
                *self.tint.skin,
                turned=reach * 0.5,
                ink=ink * 0.8,
            )
        ]
        knuckles = self._disc(
            limb.end + limb.frame.front * (0.045 * self.bones.height), 0.034 * self.bones.height
        )
        behind = float(limb.frame.up @ (self.sight.eye - limb.end)) > 0 and limb.grip in ("fist", "grip")
        for index, shape in enumerate(shapes[1:]):
            shift = 0.0012 * (index + 1)
            parts.append(Part(
                f"{name}.{index}", smoothed(shape, step * 0.7, 1),
                near + (shift if behind else -shift * 0.5), *self.tint.skin,
                joints=((name, knuckles),), turned=reach * 0.25, ink=ink * 0.7,
            ))  # fmt: skip
        return parts

    def _leg(
        self, limb: Limb, index: int, thigh: BaseGeometry, shin: BaseGeometry, shoe: BaseGeometry, trunk:
        BaseGeometry,
        core: float, reach: float, ink: float,
    ) -> list[Part]:  # fmt: skip
        bones, tint, sight, tall = self.bones, self.tint, self.sight, self.bones.height
        wear = bodies.GARMENTS[self.one.look.clothes]
        tone = tint.skin if wear.bare else tint.legs
        hip, knee = self._disc(limb.root, 0.075 * tall), self._disc(limb.joint, 0.048 * tall)
        root, joint, end = sight.depth(limb.root), sight.depth(limb.joint), sight.depth(limb.end)
        high, low = (root + joint) / 2, (joint + end) / 2
        limit = core + 0.03
        if wear.skirt > 0 or high > core - 0.06 * tall:
            high = max(high, limit - 0.005 + (high - core) * 0.01)
        if wear.skirt > 1.0 or (wear.skirt > 0.0 and low > core - 0.18 * tall):
            low = max(low, limit)
        if abs(low - high) < 0.01:
            low = high + 0.002
        along = (
            float(np.hypot(*(sight.flat(limb.joint)[0] - sight.flat(limb.root)[0])))
            if root > _NEAR_M < joint
            else 0.0
        )
        if high < core and along > 0.12 * tall * self.scale:
            # The hem lies over the top of a thigh that comes forward.
            thigh = shapely.difference(
                thigh, shapely.intersection(trunk, self._disc(limb.root, 0.064 * tall))
            )
        name = "right" if index == 0 else "left"
        top = Part(
            f"{name} thigh",
            thigh,
            high,
            *tone,
            joints=(("hips", hip), (f"{name} shin", knee)),
            turned=reach * 1.2,
            ink=ink,
        )
        calf = Part(
            f"{name} shin", shin, low, *tone, joints=((f"{name} thigh", knee),), turned=reach, ink=ink
        )
        foot = Part(f"{name} shoe", shoe, low + 0.003, *tint.shoe, turned=reach * 0.5, ink=ink)
        if self.px > 150:
            near = calf if low < high else top
            if not wear.bare:
                near.over = clipped(clothes.folds(limb, sight, 0.042 * tall, ink * 0.7), near.shape)
            foot.over = clipped(clothes.sole(limb, bones, sight, ink * 0.6), shoe)
        return [top, calf, foot]

    def _disc(self, at: Vec, radius: float) -> BaseGeometry:
        """A round place in pixels."""
        if self.sight.depth(at) < _NEAR_M:
            return NOTHING
        return area(self.sight.flat(self.sight.ball(at, radius)))

    def held(self, depth: float) -> tuple[Group, ...]:
        """What is in the hand, before or behind the body by where the hand is."""
        if not self.one.holds:
            return ()
        limb = self.bones.arms[0]
        at = hands.grip_point(limb, self.bones.height)
        near = self.sight.depth(at)
        if near < _NEAR_M:
            return ()
        front = limb.frame.front
        flat = float(np.hypot(front[0], front[1]))
        turn = (
            float(np.degrees(np.arctan2(front[0], front[1]))) + 180.0
            if flat > 0.3
            else self.one.facing + 180.0
        )
        sheet = self.one.holds in _SHEETS
        # A hand holds a sheet by its lower edge.
        x, y, z = (at + np.array((0.0, 0.0, 0.09 if sheet else 0.0))).tolist()
        things = sets.carried(self.one.holds, (x, y, z), turn, self.sight.view)
        place = depth - 0.01 if near < depth + 0.05 else depth + 0.01
        found = [replace(thing, depth=max(place, 0.04)) for thing in things]
        if found and place < depth:
            px = self.scale * 0.105 * self.bones.height
            over = outlines(
                self.sight, hands.before(limb, self.bones.height, self.sight, px, sheet) if px > 34.0 else []
            )
            ink = float(np.clip(0.6 + 0.0016 * self.px / self.sight.view.unit, 0.8, 2.4))
            shapes = [
                shape for one in over for shape in outline(smoothed(one, 1.0, 1), self.tint.skin[0], ink)
            ]
            if shapes:
                found.append(
                    Group("figure", max(place - 0.005, 0.035), tuple(shapes), self.one.name, rim=0.0)
                )
        return tuple(found)


def _away(light: Light, sight: Sight) -> Points:
    """In the frame, the way from the light: length 1 for light from the side, more from behind, less from
    the front."""
    azimuth, rise = np.radians(light.azimuth), np.radians(light.elevation)
    towards = np.array((np.sin(azimuth) * np.cos(rise), np.cos(azimuth) * np.cos(rise), np.sin(rise)))
    across = np.array((-float(towards @ sight.right), float(towards @ sight.up)))
    length = float(np.hypot(across[0], across[1]))
    if length < 0.15:
        across, length = np.array((0.7, 0.7)), 0.99
    behind = float(towards @ sight.ahead)
    return across / length * (0.85 + 0.75 * behind if behind > 0 else 0.85 + 0.35 * behind)
