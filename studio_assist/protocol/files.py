"""What desk and broker say about files on their way out, and about the marks that a file carries."""

from __future__ import annotations

from typing import Literal

from studio_assist.domain.marking import MarkReport
from studio_assist.domain.people import Person
from studio_assist.domain.temp import TempSpan
from studio_assist.domain.values import EntryNumber, Sha256, Value


class ExportParams(Value):
    """`script` and `spans` are as they stand in the editor; None exports what is saved."""

    format: Literal["fountain", "pdf"]
    out: str
    final: bool = False
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
    """One piece of temp material that keeps a final export shut."""

    kind: Literal["line", "board"]
    where: str
    entry: EntryNumber
    start: int
    length: int


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
