"""What desk and broker say about the board: shots, pictures, the queue, drawings.

The broker holds the board and writes it. The window shows a copy, makes the same edits on it
(`domain.boards.edited`) and hears of everything else by events.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from studio_assist.domain.candidate import Outcome
from studio_assist.domain.export_formats import PanelFormat
from studio_assist.domain.people import Person
from studio_assist.domain.pictures import PictureSkills
from studio_assist.domain.storyboard import BoardEdit, Live, ShotId, ShotSeen
from studio_assist.domain.values import CandidateId, EntryNumber, RequestId, Sha256, UtcTime, Value

#: Shots of one page; a page is read in a few milliseconds.
SHOTS_A_PAGE = 250


class ListShotsParams(Value):
    """`offset`: shots before the page."""

    offset: Annotated[int, Field(ge=0)] = 0


class ShotPage(Value):
    """Shots in order, from `offset` on. `version` changes with every change of the board."""

    offset: int
    total: int
    version: int
    shots: tuple[ShotSeen, ...]


class EditBoardParams(Value):
    edit: BoardEdit
    person: Person


class BoardEdited(Value):
    """Shots whose panel came or went with the edit, as they stand now."""

    version: int
    shots: tuple[ShotSeen, ...] = ()


class Drawer(Value):
    """Something that draws, as the Board offers it.

    Attributes:
        name: as people read it: "Previs drawing, not AI", "SD-Turbo on this machine".
        is_ai: False for the built-in drawer.
        ready, why, remedy: as `BackendInfo`.
    """

    id: str
    name: str
    is_ai: bool
    where: Literal["here", "studio", "outside"]
    ready: bool
    why: str = ""
    remedy: str = ""
    skills: PictureSkills = PictureSkills()


class Drawers(Value):
    """Everything that draws; the built-in drawer first."""

    drawers: tuple[Drawer, ...]


class BoardAskParams(Value):
    """Pictures for shots. Each shot is a job of its own in the queue, and a request of its own in the record.

    Attributes:
        drawer: an id of `Drawers`; None: the built-in one.
        note: what the person typed beside it.
        control: the built-in drawer's picture of the staging goes along, where the model takes one.
        references: files of pictures that go along (characters, places), through the gate like all else.
        edit: change the picture that stands in the panel (image-to-image); `strength` says how much.
        first: ahead of what waits.
    """

    shots: Annotated[tuple[ShotId, ...], Field(min_length=1, max_length=10_000)]
    drawer: str | None = None
    count: Annotated[int, Field(ge=1, le=8)] = 4
    seed: int | None = None
    note: str = ""
    control: Literal["none", "line", "depth"] = "none"
    references: tuple[str, ...] = ()
    edit: bool = False
    strength: Annotated[float, Field(ge=0, le=1)] = 0.6
    first: bool = False
    person: Person


class BoardAsked(Value):
    """The requests, one a shot, in the order of the shots."""

    requests: tuple[RequestId, ...]


class QueueItem(Value):
    """One job of the queue: one shot's pictures.

    `label` is what people read: "Board 14D".
    """

    request: RequestId
    shot: ShotId
    label: str
    drawer: str
    person_name: str
    live: Live


class CancelQueueParams(Value):
    """`requests` empty: all of mine. What runs is stopped, what waits is taken out; others' work stays."""

    requests: tuple[RequestId, ...] = ()
    person: Person


class PauseQueueParams(Value):
    paused: bool


class FirstInQueueParams(Value):
    request: RequestId


class DecidePictureParams(Value):
    """One person's decision on one variant. There is no call that takes more than one.

    Attributes:
        content: SHA-256 of what was shown (`Variant.content`).
        canvas: for `edited`: an OpenRaster file with the variant as its TEMP layer and the person's drawing.
    """

    candidate: CandidateId
    content: Sha256
    outcome: Outcome
    canvas: str | None = None
    person: Person
    redo_of: EntryNumber | None = None


class PanelChanged(Value):
    """A shot after a decision, a replacement or a saved drawing, and the entry that says so."""

    entry: EntryNumber | None
    at: UtcTime
    shot: ShotSeen


class UndoPictureParams(Value):
    """Take a decision on a variant, or a *replaced by human*, back; both stay in the record."""

    entry: EntryNumber
    person: Person


class SaveCanvasParams(Value):
    """Keep a drawing.

    Attributes:
        file: an OpenRaster file in the project's `recovery` folder, written by the window.
        done: the person left the canvas; otherwise it is kept as it goes, and the panel's picture is renewed
            all the same.
    """

    shot: ShotId
    file: str
    done: bool = False
    person: Person


class ReplacePanelParams(Value):
    """A person says that the drawing replaces the temp picture: the underlay leaves the panel.

    Attributes:
        file: the drawing as it stands, as for `SaveCanvasParams`; None: as it was kept last.
    """

    shot: ShotId
    file: str | None
    human_permille: Annotated[int, Field(ge=0, le=1000)]
    person: Person


class PutPictureParams(Value):
    """A file goes into a panel. One that is marked as AI comes up as a variant to decide on."""

    shot: ShotId
    file: str
    person: Person


class OpenInEditorParams(Value):
    """Hand the panel to another program and watch the file; what it saves comes back.

    Attributes:
        format: what is written.
        program: its path; None: the first that is found for the format (Krita, then what the system opens).
    """

    shot: ShotId
    format: Literal["ora", "psd"] = "ora"
    program: str | None = None
    person: Person


class OpenedInEditor(Value):
    file: str
    program: str


class CloseEditorParams(Value):
    """Stop watching; the last version that was saved is taken in."""

    shot: ShotId


class ExportPanelParams(Value):
    """One panel as a file: `png` marked by its entry; `ora` or `psd` with its layers but the notes."""

    shot: ShotId
    format: PanelFormat
    out: str
    final: bool = False
    person: Person


class BoardChanged(Value):
    """Shots changed otherwise than by this window's own edit."""

    event: Literal["board"] = "board"
    version: int
    shots: tuple[ShotSeen, ...]


class QueueChanged(Value):
    """The queue as it stands: what runs, then what waits, at most the first 200; and how many there are."""

    event: Literal["queue"] = "queue"
    paused: bool
    total: int
    items: tuple[QueueItem, ...]


class EditorChanged(Value):
    """What happened to a panel's file in another program.

    Attributes:
        what: `saved`: taken in. `flattened`: saved without its layers; the panel stays temp. `closed`: the
            program ended, with nothing new. `unreadable`: kept where it is, with what is wrong.
    """

    event: Literal["editor"] = "editor"
    shot: ShotId
    what: Literal["saved", "flattened", "closed", "unreadable"]
    message: str = ""
    remedy: str = ""


class BoardSummary(Value):
    """How much of a board there is when a project is opened; its shots come by `ListShotsParams`.

    `open`: pictures that wait for a decision.
    """

    shots: int = 0
    open: int = 0
    version: int = 0
