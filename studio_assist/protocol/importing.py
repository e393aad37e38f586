"""What desk and broker say about files that come in: first a look, then what a person wants of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from studio_assist.domain.conform import Change
from studio_assist.domain.incoming import ReportLine
from studio_assist.domain.people import Person
from studio_assist.domain.script_merge import Choice, ScriptMerge
from studio_assist.domain.values import Sha256, Value
from studio_assist.protocol.project import ProjectState

IncomingFormat = Literal[
    "fountain", "fdx", "pdf", "storyboarder", "pictures", "otio", "edl", "fcp7xml", "fcpxml"
]


class LookAtFileParams(Value):
    """`file`: a file, or a folder of pictures."""

    file: str
    person: Person


class BoardLine(Value):
    """A board that would come in, for the preview.

    Attributes:
        shot: the number of the shot that it would be put into; "" makes a new one.
        scene: the scene's number; "" where the file names none that there is: `TakeInParams.scene` counts.
        picture: a file to show, or None: it is missing or empty.
        lacks: what of it is missing, or stays as it is, in words, or "".
    """

    name: str
    shot: str = ""
    scene: str = ""
    picture: str | None = None
    duration_ms: int = 0
    lacks: str = ""


class FileSeen(Value):
    """What is in a file, before anything is taken in.

    Attributes:
        digest: of what was looked at: what is taken in later is the same or nothing.
        scenes, panels: how many it has.
        merge: of a script, where the project has one already: what would change.
        boards: of a storyboard or pictures.
        changes: of an edit: each is taken or left by itself, as an edit of the board.
        report: what could not be read, by its place.
    """

    format: IncomingFormat
    name: str
    digest: Sha256
    scenes: int = 0
    panels: int = 0
    merge: ScriptMerge | None = None
    boards: tuple[BoardLine, ...] = ()
    changes: tuple[Change, ...] = ()
    report: tuple[ReportLine, ...] = ()


class TakeInParams(Value):
    """Take in what was looked at.

    Attributes:
        digest: of `FileSeen`.
        choices: of a script: for each conflict in order, what stands. Empty: "both" for all.
        scene: of boards: the scene's number that new shots belong to where the file names none.
    """

    file: str
    digest: Sha256
    choices: tuple[Choice, ...] = ()
    scene: str = ""
    person: Person


class TakenIn(Value):
    """What came in.

    Attributes:
        state: the project with its new script; None where the script was not touched.
        panels: shots that were made or filled. offered: pictures that are marked as AI, which wait for a
            decision.
    """

    state: ProjectState | None = None
    panels: Annotated[int, Field(ge=0)] = 0
    offered: Annotated[int, Field(ge=0)] = 0
    report: tuple[ReportLine, ...] = ()
