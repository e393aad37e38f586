"""What the ledger holds of the project itself: its making, people, script and panels, what went in and out.

The rules of `domain.record` hold: no confidential text, fields in alphabetical order, no float, and a `v`
for each kind of entry.
"""

from __future__ import annotations

from typing import Literal

from studio_assist.domain.record_types import Commitment, Count, Name, Permille, Slug
from studio_assist.domain.values import EntryNumber, PersonId, Sha256, Value


class ProjectCreated(Value):
    """The project was made. Stands first in a ledger, or nowhere."""

    policy: Slug
    sample: bool
    title: str
    type: Literal["project_created"] = "project_created"
    v: Literal[1] = 1


class PersonAdded(Value):
    """A person began to work in this project. `person` is who was added; the envelope says by whom."""

    name: Name
    person: PersonId
    role: str
    type: Literal["person_added"] = "person_added"
    v: Literal[1] = 1


class ScriptImported(Value):
    """A script was read into the project; `content` commits to its whole text."""

    content: Commitment
    source_name: str
    type: Literal["script_imported"] = "script_imported"
    v: Literal[1] = 1


class Placed(Value):
    """A decision's text is in the script on disk. `script` is SHA-256 of the whole file."""

    decision: EntryNumber
    script: Sha256
    type: Literal["placed"] = "placed"
    v: Literal[1] = 1


class Replaced(Value):
    """A person put their own work in place of temp material; the span is temp no more."""

    automated: bool
    decision: EntryNumber
    how: Literal["rewritten", "marked"]
    result: Commitment | None
    span: Name
    type: Literal["replaced"] = "replaced"
    v: Literal[1] = 1


class SpanDeleted(Value):
    """A person deleted a temp span's text from the script."""

    decision: EntryNumber
    span: Name
    type: Literal["span_deleted"] = "span_deleted"
    v: Literal[1] = 1


class SpanLost(Value):
    """A temp span's place in the script could not be found again."""

    decision: EntryNumber
    span: Name
    type: Literal["span_lost"] = "span_lost"
    v: Literal[1] = 1


class Exported(Value):
    """A file was written, read back and found right. `name` is its file name without folders."""

    automated: bool
    final: bool
    format: Slug
    name: Name
    sha256: Sha256
    temp_items: Count
    type: Literal["exported"] = "exported"
    v: Literal[1] = 1


class PanelDrawn(Value):
    """A person put a picture of their own into a panel: drawn here, or a file of theirs.

    Attributes:
        picture: commits to the JSON of `domain.storyboard.Media`.
        shot: its id; a shot keeps it whatever its number becomes.
    """

    automated: bool
    how: Literal["drawn", "file"]
    picture: Commitment
    shot: Slug
    type: Literal["panel_drawn"] = "panel_drawn"
    v: Literal[1] = 1


class PanelReplaced(Value):
    """A person's drawing stands in place of a panel's temp picture; nothing of that is in the panel any more.

    Attributes:
        decision: which had let the temp picture in.
        human_permille: how much of the frame was a person's ink when they said so, by area.
        picture: commits to the JSON of `domain.storyboard.Media` of the drawing without its underlay.
    """

    automated: bool
    decision: EntryNumber
    human_permille: Permille
    picture: Commitment
    shot: Slug
    type: Literal["panel_replaced"] = "panel_replaced"
    v: Literal[1] = 1


class PanelCleared(Value):
    """A person took a temp picture off the board without putting one in its place (its shot was removed)."""

    automated: bool
    decision: EntryNumber
    shot: Slug
    type: Literal["panel_cleared"] = "panel_cleared"
    v: Literal[1] = 1


class PanelRestored(Value):
    """A person took back that a panel was replaced or cleared; its temp picture is in it again, and temp.

    `entry`: the *panel_replaced* or *panel_cleared*; `decision`: which had let the temp picture in.
    """

    automated: bool
    decision: EntryNumber
    entry: EntryNumber
    shot: Slug
    type: Literal["panel_restored"] = "panel_restored"
    v: Literal[1] = 1
