"""What is asked of a model that draws, and what comes back: one complete request, a picture at a time.

A picture backend knows nothing of boards, panels, policy, names or the ledger. What it gives is a file as the
host made it: it is kept as it is, and the marked copy is made from it. Its pixels are a stranger's until a
person has decided on them.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import AsyncGenerator
from typing import Annotated, Final, Literal, Protocol, Self

from pydantic import Field, StringConstraints, model_validator

from .generation import BackendInfo, Failed
from .values import Value

#: The most pictures one request may ask for.
MOST_PICTURES: Final = 8
#: The most pictures that one request may carry along.
MOST_REFERENCES: Final = 16

#: What a model may answer with; SVG is a program and GIF a film, neither is taken.
MediaType = Literal["image/png", "image/jpeg", "image/webp"]
#: A side of a picture in pixels, up to 4K.
SidePx = Annotated[int, Field(ge=64, le=3840)]


def new_job() -> str:
    """An id for `PictureRequest.job`: a UUID (RFC 9562, version 4) in which nothing can be read.

    It goes along in every call of a picture, and the gate looks at it as at everything else. Of usual ones it
    takes one in six hundred for the number of a card, and one with vowels may spell a name. 60 bits of it are
    chance.
    """
    signs = "".join(secrets.choice("bcdf") for _ in range(32))
    return str(uuid.UUID(hex=f"{signs[:12]}4{signs[13:16]}b{signs[17:]}"))


#: What a picture that goes along is for.
Role = Literal["reference", "edit", "mask", "line", "depth"]


class ReferencePicture(Value):
    """A picture that goes along with a request, as `gate.pictures.cleaned` made it.

    Attributes:
        name: neutral, as it stands in the request: "image_1.png".
        role: `reference`: to look at. `edit`: to change; the first one is the ground of the new picture.
            `mask`: where the first `edit` may be changed, of its size: `gate.body_pictures.mask_of` makes it.
            `line`, `depth`: what the new picture has to follow (ControlNet): ink on white; near is light.
    """

    data: bytes
    media_type: Literal["image/png", "image/jpeg"]
    name: Annotated[str, StringConstraints(pattern=r"^image_[1-9][0-9]?\.(png|jpg)$")]
    role: Role = "reference"


class PictureRequest(Value):
    """Everything that decides what a model draws. Nothing downstream reads a setting.

    Attributes:
        prompt: what to draw, in whole sentences.
        negative: what to leave out, for models that take it apart; `PictureSkills.negative` says which do.
        width_px, height_px: as wished. A model that has sizes of its own takes the one nearest in shape:
            what came is in `PictureMade`.
        count: how many pictures of the same prompt.
        seed: None: whatever the host picks. Left out for models that have none (`PictureSkills.seed`).
        references: in the order in which the prompt speaks of them.
        strength: how far an `edit` may go from its ground: 0 leaves it, 1 keeps nothing.
        job: our own id of this request, a lower-case UUID that is kept before anything is sent; a host that
            keeps results gives them out by it. "" where nobody needs it.
    """

    prompt: Annotated[str, StringConstraints(min_length=1, max_length=32_000)]
    negative: Annotated[str, StringConstraints(max_length=32_000)] = ""
    width_px: SidePx = 1536
    height_px: SidePx = 1024
    count: Annotated[int, Field(ge=1, le=MOST_PICTURES)] = 1
    seed: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    references: Annotated[tuple[ReferencePicture, ...], Field(max_length=MOST_REFERENCES)] = ()
    strength: Annotated[float, Field(ge=0.0, le=1.0)] = 0.6
    job: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$")] = ""

    @model_validator(mode="after")
    def _one_mask_for_an_edit(self) -> Self:
        roles = [one.role for one in self.references]
        if roles.count("mask") > 1 or ("mask" in roles and "edit" not in roles):
            raise ValueError("a mask is for one picture that is to be changed")
        if len({one.name for one in self.references}) != len(self.references):
            raise ValueError("every picture of a request has a name of its own")
        return self

    def of_role(self, role: Role) -> tuple[ReferencePicture, ...]:
        """The pictures of one role, in order."""
        return tuple(one for one in self.references if one.role == role)


class PictureMade(Value):
    """One picture is there.

    Attributes:
        index: which of the request's, from 0.
        data: the file, whole and as the host made it, with whatever it wrote into it (its own C2PA).
        width_px, height_px: of the picture in it, as read from the file.
        ms: milliseconds from the request to here.
        revised_prompt: what the model says it drew, where it changed the words; "" where it does not say.
        host_id: the host's own name of the call (`x-request-id`), for asking them about it; or "".
    """

    index: int
    data: bytes
    media_type: MediaType
    width_px: int
    height_px: int
    ms: int = 0
    revised_prompt: str = ""
    host_id: str = ""


class PictureProgress(Value):
    """One picture is on its way.

    Attributes:
        share: how much is done, 0 to 1; None where the host does not say.
        preview: a rough picture of it so far, or nothing. It is shown and never kept.
        step: how far, as the host says it ("step 12 of 20"); or "".
        place: in the host's own line, from 1; 0 when it is being drawn or where nothing is known.
    """

    index: int
    share: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    preview: bytes = b""
    step: str = ""
    place: Annotated[int, Field(ge=0)] = 0


#: What a picture backend's stream holds.
PictureEvent = PictureMade | PictureProgress | Failed


class PictureSkills(Value):
    """What a backend can draw with, so that only that is offered.

    Attributes:
        references: how many pictures may go along.
        edits, masks: it changes a picture; it changes a part of one.
        progress: `PictureProgress` comes before `PictureMade`.
        stops: closing the stream stops the model itself, and not only our waiting.
        controls: what it can follow: "line", "depth".
        keeps: the host keeps what it drew for a while, and gives it out by `PictureRequest.job`: `collect`.
    """

    references: Annotated[int, Field(ge=0, le=MOST_REFERENCES)] = 0
    edits: bool = False
    masks: bool = False
    negative: bool = False
    seed: bool = False
    progress: bool = False
    stops: bool = False
    controls: tuple[Literal["line", "depth"], ...] = ()
    keeps: bool = False


class PictureBackend(Protocol):
    """A model that draws. Its `info.kinds` holds "pictures". See `backends/hookspec.py`."""

    @property
    def info(self) -> BackendInfo:
        """As `TextBackend.info`."""
        ...

    @property
    def skills(self) -> PictureSkills:
        """What it can draw with. Cheap, like `info`."""
        ...

    def draw(self, request: PictureRequest) -> AsyncGenerator[PictureEvent, None]:
        """Draw. Each picture ends in one `PictureMade` or `Failed`; a `Failed` without index ends them all.

        Before the first event it may raise `Unavailable`, or `BadInput` for what `skills` does not hold.
        Closing the generator, or cancelling the task that reads it, ends the connection.
        """
        ...

    def collect(self, request: PictureRequest) -> AsyncGenerator[PictureEvent, None]:
        """What the host has of a request that was sent before, by its `job`. Nothing is drawn anew.

        As `draw`; a `Failed` whose cause is `lost` says that the host does not know it, or has it no more.
        Only where `skills.keeps`.
        """
        ...
