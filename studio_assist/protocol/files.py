"""What desk and broker say about files on their way out, and about the marks that a file carries."""

from __future__ import annotations

from typing import Literal

from studio_assist.domain.export_formats import BoardField as BoardField
from studio_assist.domain.export_formats import ExportFormat as ExportFormat
from studio_assist.domain.export_formats import PanelFormat as PanelFormat
from studio_assist.domain.marking import MarkReport
from studio_assist.domain.people import Person
from studio_assist.domain.temp import TempSpan
from studio_assist.domain.values import EntryNumber, Sha256, Value


class ExportOptions(Value):
    """What a person chose beside the format. Marks of temp material are no choice.

    Attributes:
        scenes: numbers of the scenes that go out; none named: all.
        panels: boards on a page. paper, landscape: the page. fields: what stands under a panel.
        height: of a film's frame in pixels; its width follows the project's aspect.
        captions: dialogue is burned in. slate: also on frames that show no temp material.
        every_frame: a sequence of pictures has a file for every frame; otherwise one for each shot.
        empty: boards without a picture go out as labelled blanks; otherwise a book of boards leaves them out.
        absolute_paths: an OTIO file names pictures and sounds by where they are on this machine, not by their
            place in the project. Both XMLs always do: what reads them finds no file otherwise.
    """

    scenes: tuple[str, ...] = ()
    panels: Literal[1, 2, 3, 4, 6, 9] = 6
    paper: Literal["a4", "letter"] = "a4"
    landscape: bool = True
    fields: tuple[BoardField, ...] = ("number", "camera", "action", "dialogue", "duration")
    height: Literal[360, 540, 720, 1080, 2160] = 1080
    captions: bool = True
    slate: bool = True
    every_frame: bool = False
    empty: bool = True
    absolute_paths: bool = False


class ExportParams(Value):
    """`script` and `spans` are as they stand in the editor; None exports what is saved."""

    format: ExportFormat
    out: str
    final: bool = False
    options: ExportOptions = ExportOptions()
    script: str | None = None
    spans: tuple[TempSpan, ...] | None = None
    person: Person


class ExportedFile(Value):
    """A file that was written, read back and found right.

    Attributes:
        entry: the ledger's; None for a copy out of a project whose record was altered, which says so itself.
    """

    path: str
    sha256: Sha256
    entry: EntryNumber | None


class BlockedBy(Value):
    """One piece of temp material that keeps a final export shut.

    `start`, `length`: of a line, its place in the script. `shot`: of a board, the shot's id.
    """

    kind: Literal["line", "board", "sound"]
    where: str
    entry: EntryNumber
    start: int
    length: int
    shot: str = ""


class Exported(Value):
    """Either files were written, or the list says what stands in the way.

    Attributes:
        altered: why the project's record does not hold, which the files say too; None where it holds.
    """

    files: tuple[ExportedFile, ...] = ()
    temp_items: int = 0
    blocked_by: tuple[BlockedBy, ...] = ()
    altered: str | None = None


class ReadMarksParams(Value):
    """Which file to ask: any picture or document on this machine, of a project or of none.

    Attributes:
        project: the folder of the project to ask; None for the open one, then whichever fits.
    """

    file: str
    project: str | None = None


class MarksRead(Value):
    """What a file's marks say, and what a project's record knows of them.

    Attributes:
        project, folder: title and folder of the project that was asked; None where none fits.
        entry: the ledger entry that the marks name; None where they name none.
        story: what stands in that entry, in words; None where the record has none of that number.
        exported: the entry that records this very file, byte for byte; None where there is none.
        altered: why that project's record does not hold; its answers then prove nothing.
    """

    report: MarkReport
    project: str | None = None
    folder: str | None = None
    entry: EntryNumber | None = None
    story: str | None = None
    exported: EntryNumber | None = None
    altered: str | None = None
