"""Shots and panels: what a storyboard is, and what a person may change in it.

A shot has one panel. What an artist writes about it (size, lens, action …) is theirs; what stands in the
panel is changed by decisions alone, and `Panel` says which entry of the record it answers to.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal, NewType

from pydantic import Field, StringConstraints

from .marking import SourceType
from .staging import Staging
from .values import CandidateId, EntryNumber, RequestId, Sha256, UtcTime, Value

#: Twelve hexadecimal digits; a shot keeps it whatever its number becomes.
ShotId = NewType("ShotId", str)

#: How many earlier states a panel keeps, so that an undone decision finds the one before.
KEPT_PANELS: Final = 8


class ShotSize(StrEnum):
    """How much of the subject is in the frame, as boards and shot lists write it."""

    EWS = "EWS"
    WS = "WS"
    LS = "LS"
    FS = "FS"
    MLS = "MLS"
    MS = "MS"
    MCU = "MCU"
    CU = "CU"
    ECU = "ECU"
    INSERT = "INS"
    TWO = "2S"
    OTS = "OTS"
    POV = "POV"


class Angle(StrEnum):
    """Where the camera is, seen from the subject's eyes."""

    EYE = "eye"
    LOW = "low"
    HIGH = "high"
    OVERHEAD = "overhead"
    GROUND = "ground"
    DUTCH = "dutch"


class Movement(StrEnum):
    """What the camera does during the shot."""

    STATIC = "static"
    SLOW_PUSH = "slow-push-in"
    PUSH = "push-in"
    PULL = "pull-out"
    PAN_LEFT = "pan-left"
    PAN_RIGHT = "pan-right"
    TILT_UP = "tilt-up"
    TILT_DOWN = "tilt-down"
    TRACK_LEFT = "track-left"
    TRACK_RIGHT = "track-right"
    FOLLOW = "follow"
    CRANE_UP = "crane-up"
    CRANE_DOWN = "crane-down"
    ZOOM_IN = "zoom-in"
    ZOOM_OUT = "zoom-out"
    HANDHELD = "handheld"


#: On which side of the frame a character is while the camera keeps to its side of the line (180° rule).
Side = Literal["left", "centre", "right"]


class InFrame(Value):
    """A character in a shot."""

    name: str
    side: Side = "centre"


class Tie(Value):
    """The part of the script that a shot was made from.

    Attributes:
        start: code points into the script.
        words: exactly what stood there; it is found again by them.
        state: `lost` where no place in the script holds them, or words like them, any more.
    """

    start: Annotated[int, Field(ge=0)]
    words: str
    state: Literal["tied", "lost"] = "tied"

    @property
    def end(self) -> int:
        return self.start + len(self.words)


class Media(Value):
    """A picture among the project's media: `media/<two digits>/<sha256><suffix>`."""

    sha256: Sha256
    suffix: Annotated[str, StringConstraints(pattern=r"^\.(png|jpg|webp)$")] = ".png"
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]


class PictureContent(Value):
    """What a picture candidate is, word for word: the record commits to its JSON, people decide on it.

    Attributes:
        picture: the file as it was made; marked copies are derived from it.
        shot: what it was drawn for.
        source: by the IPTC's words.
    """

    picture: Media
    shot: ShotId
    source: SourceType

    def text(self) -> str:
        """The JSON that the record holds; `sha256_of` it is what a decision is made on."""
        return self.model_dump_json()


class Panel(Value):
    """What stands in a shot's frame. Written by the broker alone.

    Attributes:
        state: `temp`: AI or previs material that a person accepted. `drawn`: a person's own picture;
            whether it once was temp, `entry` tells.
        picture: without marks; what a marked copy is made from.
        shown: with the band in its pixels where it is temp; what windows and exports show.
        entry: the decision that made it temp, or the entry that says that a person drew or replaced it.
        by, at: who decided or drew, as people read it, and when.
        made_by: what made temp material, as people read it ("SD-Turbo on this machine").
        canvas: the drawing with its layers, an OpenRaster file among the media.
        human_permille: how much of it is a person's ink, by area.
    """

    state: Literal["empty", "temp", "drawn"] = "empty"
    picture: Media | None = None
    shown: Media | None = None
    entry: EntryNumber | None = None
    by: str = ""
    at: UtcTime | None = None
    made_by: str = ""
    source: SourceType | None = None
    seed: int | None = None
    canvas: Sha256 | None = None
    human_permille: Annotated[int, Field(ge=0, le=1000)] = 0


class Shot(Value):
    """One shot and its panel.

    Attributes:
        number: as boards write it: the scene's, then letters ("14C").
        scene: the scene's number as the script has it.
        title: a few words, for lists.
        lens_mm: focal length before a gate 36 mm wide.
        set_pieces: what has to be in the picture ("door", "table"), by the words of `domain.staging`.
        dialogue: what is said, `NAME: words`, a speech a line.
        staging: who stands where and where the camera is, once an artist has changed it; None: as the rules
            make it from the fields above.
        earlier: panels that stood here before, the newest last.
    """

    id: ShotId
    number: str
    scene: str
    title: str = ""
    size: ShotSize = ShotSize.MS
    angle: Angle = Angle.EYE
    lens_mm: Annotated[int, Field(ge=8, le=600)] = 35
    movement: Movement = Movement.STATIC
    characters: tuple[InFrame, ...] = ()
    set_pieces: tuple[str, ...] = ()
    duration_ms: Annotated[int, Field(ge=1, le=600_000)] = 2500
    action: str = ""
    dialogue: str = ""
    notes: str = ""
    tie: Tie | None = None
    staging: Staging | None = None
    panel: Panel = Panel()
    earlier: Annotated[tuple[Panel, ...], Field(max_length=KEPT_PANELS)] = ()


class Variant(Value):
    """A picture that was offered for a shot, as the variants strip shows it.

    Attributes:
        content: SHA-256 of `PictureContent.text()`: what *presented* and the decision carry.
        index: its place among its request's pictures, from 0.
        shown: the marked copy, band in its pixels; None while it is being marked, or where it is missing.
        references: how many pictures went along with the request.
    """

    candidate: CandidateId
    request: RequestId
    content: Sha256
    index: int
    picture: Media
    shown: Media | None
    source: SourceType
    made_by: str
    seed: int | None = None
    references: int = 0
    state: Literal["ready", "stopped", "stale"] = "ready"


class Live(Value):
    """What happens to a shot's panel just now. What stood in it before stays.

    Attributes:
        place: in line, from 1; 0 when it is its turn.
        wait_s: about how long until its turn; None where nothing is known.
        variant, of: which picture of how many is being made, from 1.
        step: as the host says it ("step 12 of 20"), or "".
        preview: a rough picture of it so far: a file's path that is overwritten as it grows, or "".
        why, remedy, rule: of `failed`, `blocked` and `lost`, in words.
        rule_id: of `blocked`: which rule it is. request: the ask that was blocked.
    """

    state: Literal["queued", "generating", "blocked", "failed", "lost"]
    place: int = 0
    wait_s: int | None = None
    variant: int = 0
    of: int = 0
    share: Annotated[float, Field(ge=0, le=1)] | None = None
    step: str = ""
    preview: str = ""
    why: str = ""
    remedy: str = ""
    rule: str = ""
    rule_id: str = ""
    request: str = ""


class ShotSeen(Value):
    """A shot as the Board desk shows it: with what waits for a decision and what is under way."""

    shot: Shot
    variants: tuple[Variant, ...] = ()
    live: Live | None = None


# what a person changes; `domain.boards` does it


class PutShot(Value):
    """A shot's own fields. Its panel, and what stood there earlier, stay as they are."""

    kind: Literal["put"] = "put"
    shot: Shot


class InsertShots(Value):
    """New shots, or removed ones that come back. `after` None: at the beginning."""

    kind: Literal["insert"] = "insert"
    shots: tuple[Shot, ...]
    after: ShotId | None


class RemoveShots(Value):
    kind: Literal["remove"] = "remove"
    ids: tuple[ShotId, ...]


class MoveShots(Value):
    """Shots go behind another, in the order they have. `scene`: where they then belong, if it changes."""

    kind: Literal["move"] = "move"
    ids: tuple[ShotId, ...]
    after: ShotId | None
    scene: str | None = None


class NumberShots(Value):
    """Numbers as given; what *Renumber* makes of a scene, or an undo of it puts back."""

    kind: Literal["number"] = "number"
    numbers: tuple[tuple[ShotId, str], ...]


class Several(Value):
    """Edits that are one to a person, and are undone as one."""

    kind: Literal["several"] = "several"
    edits: tuple[BoardEdit, ...]


BoardEdit = Annotated[
    PutShot | InsertShots | RemoveShots | MoveShots | NumberShots | Several, Field(discriminator="kind")
]
Several.model_rebuild()
