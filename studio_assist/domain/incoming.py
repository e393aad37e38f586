"""What a reader makes of a file that somebody else's program wrote, before anything of it is taken in."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .storyboard import ShotId
from .timebase import FrameRate
from .values import Sha256, Value


class ReportLine(Value):
    """Something that could not be read, or was read otherwise than it stands there.

    Attributes:
        where: its place in the file, as people find it: "line 12", "page 3", "board 4", "clip 7".
        what: a sentence. remedy: what to do about it, or "".
    """

    where: str
    what: str
    remedy: str = ""


class IncomingScript(Value):
    """A screenplay.

    Attributes:
        format: "fountain", "fdx" or "pdf".
        text: as Fountain. Of a Fountain file, its text as it stands.
        pages: of a PDF, how many it has; 0 elsewhere.
    """

    kind: Literal["script"] = "script"
    format: Literal["fountain", "fdx", "pdf"]
    text: str
    pages: int = 0
    report: tuple[ReportLine, ...] = ()


class IncomingLayer(Value):
    """A layer of a board. `file`: absolute path of its picture; None: it is missing, `name` says which."""

    name: str
    file: str | None
    opacity: Annotated[float, Field(ge=0, le=1)] = 1.0


class IncomingBoard(Value):
    """A board of another program: one shot here.

    Attributes:
        name: as the file calls it ("3B"), for the report and the preview.
        uid: what its program names it by, whatever its number becomes; of a picture, its file's name.
        number: the shot's number where the file, or a file's name, gives one; else "".
        scene: the scene's number where one is known, else "".
        layers: from the lowest up. A plain picture is one layer.
        audio: absolute path of a sound that goes with it, or None.
        keep_layers: it is a drawing in layers, not a picture.
        preview: absolute path of a picture of it to show, where its program keeps one.
    """

    name: str
    uid: str = ""
    number: str = ""
    scene: str = ""
    duration_ms: Annotated[int, Field(gt=0, le=600_000)] = 2000
    action: str = ""
    dialogue: str = ""
    notes: str = ""
    layers: tuple[IncomingLayer, ...] = ()
    audio: str | None = None
    keep_layers: bool = False
    preview: str | None = None


class IncomingBoards(Value):
    """A storyboard.

    Attributes:
        format: "storyboarder" or "pictures" (a folder of them, or some).
        width, height: of the drawings in pixels; 0 where they have none in common.
    """

    kind: Literal["boards"] = "boards"
    format: Literal["storyboarder", "pictures"]
    rate: FrameRate | None = None
    width: int = 0
    height: int = 0
    boards: tuple[IncomingBoard, ...] = ()
    report: tuple[ReportLine, ...] = ()


class IncomingClip(Value):
    """A picture clip of an edit, in order.

    Attributes:
        name: as the editor shows it.
        shot: the shot that it was exported as, by what our exports write into clips; None: none is named.
        media: the hash that its file is named by, where it is one of a project's pictures.
        frames: how long it plays there, at the edit's rate. skipped: frames cut off its beginning.
        note: what the editor wrote to it, markers and comments, a line each.
    """

    name: str
    shot: ShotId | None = None
    media: Sha256 | None = None
    frames: Annotated[int, Field(gt=0)]
    skipped: Annotated[int, Field(ge=0)] = 0
    note: str = ""


class IncomingEdit(Value):
    """An edit that came back from editorial.

    Attributes:
        format: "otio", "edl", "fcp7xml" or "fcpxml".
        covers: the shots that it was exported with, where the file still says so; what is not in the edit was
            taken out of these alone.
    """

    kind: Literal["edit"] = "edit"
    format: Literal["otio", "edl", "fcp7xml", "fcpxml"]
    title: str = ""
    rate: FrameRate
    clips: tuple[IncomingClip, ...] = ()
    covers: tuple[ShotId, ...] = ()
    report: tuple[ReportLine, ...] = ()


Incoming = Annotated[IncomingScript | IncomingBoards | IncomingEdit, Field(discriminator="kind")]
