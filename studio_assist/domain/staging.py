"""The staging language: who stands where, in what set, under what light, before which camera.

Metres, with x to the right, y away from the camera's usual side of the line, and z up; the floor is z = 0.
Angles are degrees. A facing of 0 looks towards +y (away from the usual camera), 90 towards +x, 180 towards
-y. The line of action runs along x: a camera with a smaller y than the figures keeps everyone's side
(the 180° rule).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field

from .values import Value

#: What people read beside the pictures that are drawn from stagings.
PREVIS_NAME: Final = "Previs drawing, not AI"

Metres = Annotated[float, Field(ge=-10_000, le=10_000)]
Degrees = Annotated[float, Field(ge=-3600, le=3600)]
#: (x, y) on the floor; (x, y, z) in space.
Spot = tuple[Metres, Metres]
Point = tuple[Metres, Metres, Metres]


class Pose(StrEnum):
    """What a body does."""

    STAND = "stand"
    WALK = "walk"
    RUN = "run"
    SIT = "sit"
    KNEEL = "kneel"
    CROUCH = "crouch"
    LIE = "lie"
    LEAN = "lean"
    DRIVE = "drive"
    CLIMB = "climb"
    FALL = "fall"
    JUMP = "jump"
    DANCE = "dance"
    RIDE = "ride"
    SWIM = "swim"
    CRAWL = "crawl"


class Gesture(StrEnum):
    """What the arms and hands do."""

    NONE = "none"
    POINT = "point"
    HOLD = "hold"
    REACH = "reach"
    PHONE = "phone"
    WAVE = "wave"
    CROSSED = "arms-crossed"
    HIPS = "hands-on-hips"
    RAISED = "arms-raised"
    FACE = "hands-to-face"
    FIGHT = "fight"
    EMBRACE = "embrace"
    AIM = "aim"
    WRITE = "write"
    DRINK = "drink"
    CARRY = "carry"
    PUSH = "push"
    THROW = "throw"
    STEER = "steer"
    SHRUG = "shrug"


class Mood(StrEnum):
    NEUTRAL = "neutral"
    ANGRY = "angry"
    SAD = "sad"
    AFRAID = "afraid"
    HAPPY = "happy"
    SURPRISED = "surprised"
    TIRED = "tired"
    DETERMINED = "determined"


#: How characters are told apart; given to each by name, the same in every shot of a project.
Hair = Literal["short", "long", "bun", "ponytail", "curly", "bald", "bob", "braid"]
Hat = Literal["none", "cap", "brim", "hood", "headphones", "helmet", "beanie", "scarf"]
Clothes = Literal["shirt", "jacket", "coat", "dress", "uniform", "sweater"]


class Look(Value):
    """What a character looks like in every shot. `shade`: of the clothes, 0 black to 1 white."""

    hair: Hair = "short"
    hair_shade: Annotated[float, Field(ge=0, le=1)] = 0.15
    hat: Hat = "none"
    clothes: Clothes = "shirt"
    shade: Annotated[float, Field(ge=0, le=1)] = 0.85
    height_m: Annotated[float, Field(ge=0.5, le=2.3)] = 1.72
    build: Annotated[float, Field(ge=0.7, le=1.4)] = 1.0


class Figure(Value):
    """One character in the set.

    Attributes:
        at: where the feet, knees or seat stand on the floor.
        z: metres above the floor (on stairs, a bed, a roof).
        facing: of the body; `head_turn` and `head_tilt` are added to it for the head (tilt: up is positive).
        holds: a prop in the hand, by a word of `PIECES`, or "".
        gaze: what the eyes are on: a figure's or piece's name, or "" for ahead.
    """

    name: str
    at: Spot
    z: Metres = 0.0
    facing: Degrees = 180.0
    pose: Pose = Pose.STAND
    gesture: Gesture = Gesture.NONE
    mood: Mood = Mood.NEUTRAL
    head_turn: Annotated[float, Field(ge=-90, le=90)] = 0.0
    head_tilt: Annotated[float, Field(ge=-60, le=60)] = 0.0
    gaze: str = ""
    holds: str = ""
    look: Look = Look()


#: What can stand in a set, in the hand, or around it, by the word that scripts use.
PIECES: tuple[str, ...] = (
    # of a room
    "wall", "door", "window", "table", "desk", "chair", "armchair", "sofa", "bench", "bed", "lamp", "stove",
    "fireplace", "shelf", "cupboard", "counter", "bar", "stairs", "rug", "mirror", "painting", "curtain",
    "radio", "television", "computer", "telephone", "clock", "piano", "sink", "bath", "toilet", "screen",
    "railing", "column", "ladder", "bars", "altar", "machine", "crate", "barrel",
    # outdoors
    "tree", "bush", "rock", "cliff", "hill", "mountain", "house", "tower", "lighthouse", "church", "building",
    "fence", "gate", "bridge", "pier", "road", "path", "streetlamp", "sign", "tent", "fire", "grave", "well",
    "statue", "boat", "ship", "wave", "island", "dune", "cloud", "moon", "sun",
    # vehicles
    "car", "truck", "bus", "train", "bicycle", "motorcycle", "aeroplane", "helicopter", "horse", "cart",
    # in the hand or on a table
    "cup", "glass", "bottle", "book", "letter", "paper", "phone", "gun", "knife", "torch", "candle", "bag",
    "suitcase", "box", "key", "rope", "map", "umbrella", "camera", "flowers", "plate", "log-book", "oar",
    # beings
    "dog", "cat", "bird", "crowd",
)  # fmt: skip


class Piece(Value):
    """Something in the set.

    Attributes:
        kind: a word of `PIECES`; of anything else a plain box with its name on it is drawn.
        size: (width, depth, height) in metres; None: as such a thing usually is.
        turn: 0 has its front towards -y, the usual camera.
        state: "" or one of "open", "closed", "lit", "broken", "on-fire".
    """

    kind: str
    at: Spot
    z: Metres = 0.0
    turn: Degrees = 0.0
    size: tuple[float, float, float] | None = None
    name: str = ""
    state: str = ""


#: What surrounds the pieces: walls and floor, or ground, horizon and sky.
Place = Literal[
    "room", "hall", "corridor", "stairwell", "cellar", "cockpit", "car-interior", "street", "alley", "field",
    "forest", "beach", "sea", "rocks", "desert", "mountains", "roof", "harbour", "road", "sky", "void",
]  # fmt: skip
Weather = Literal["clear", "rain", "snow", "fog", "wind", "storm"]
Daytime = Literal["day", "dusk", "night", "dawn"]


class Light(Value):
    """The key light: where it comes from, and how hard it is."""

    azimuth: Degrees = 235.0
    elevation: Annotated[float, Field(ge=-10, le=90)] = 45.0
    contrast: Annotated[float, Field(ge=0, le=1)] = 0.5
    time: Daytime = "day"
    weather: Weather = "clear"


class Camera(Value):
    """A camera with a gate 36 mm wide. `roll`: Dutch, clockwise is positive."""

    at: Point = (0.0, -4.0, 1.55)
    aim: Point = (0.0, 0.0, 1.45)
    lens_mm: Annotated[float, Field(ge=8, le=600)] = 35.0
    roll: Annotated[float, Field(ge=-60, le=60)] = 0.0


class Arrow(Value):
    """A move that is drawn into the frame: the camera's (`who` "") or a figure's."""

    move: str
    who: str = ""


class Staging(Value):
    """A whole set-up, ready to be drawn.

    Attributes:
        room: (width, depth, height) in metres of an interior; it reaches from x = -width/2 and y = 0 to
            y = depth, the camera's wall at y = 0 is taken out.
        arrows: drawn over the picture, as boards do.
        focus: the names that the shot is about; others stand behind in lighter ink.
    """

    place: Place = "room"
    room: tuple[float, float, float] = (6.0, 5.0, 2.7)
    figures: tuple[Figure, ...] = ()
    pieces: tuple[Piece, ...] = ()
    light: Light = Light()
    camera: Camera = Camera()
    arrows: tuple[Arrow, ...] = ()
    focus: tuple[str, ...] = ()
    caption: str = ""
