"""The marks on a picture or document: what is put on, and what was found when a file was read back."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from studio_assist.domain.values import EntryNumber, Value

_IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"


class SourceType(StrEnum):
    """What a file is, by the IPTC's digital source types (NewsCodes, read 2026-11)."""

    GENERATED = f"{_IPTC}trainedAlgorithmicMedia"
    COMPOSITE = f"{_IPTC}compositeWithTrainedAlgorithmicMedia"
    PROCEDURAL = f"{_IPTC}algorithmicMedia"
    HUMAN_EDITS = f"{_IPTC}humanEdits"

    @property
    def word(self) -> str:
        """The last part of the address, as people write it."""
        return self.value.rpartition("/")[2]


class MarkFacts(Value):
    """What the marks on one file say.

    Attributes:
        project: the project's title.
        tag: the project's tag, 16 hexadecimal digits (see `Ledger.tag`).
        entry: the ledger entry that the file answers to: its candidate or decision, or for a document the
            last entry before it was written.
        label: the panel or scene as people call it ("14C"), or the document's name.
        is_temp: wears the band; a file without temp material carries metadata alone.
        backend: what made it, as shown to people ("ComfyUI, SD-Turbo"); None for a person's own work.
    """

    project: str
    tag: str
    entry: EntryNumber
    label: str
    source: SourceType
    is_temp: bool = True
    backend: str | None = None


class InvisibleMark(Value):
    """What the invisible mark says.

    Attributes:
        present: None where it could not be looked for, because no project was given whose key could be tried.
        bits_corrected: how many bits the error correction put right.
        tag: the first 5 hexadecimal digits of the project's tag.
    """

    present: bool | None
    entry: EntryNumber | None = None
    bits_corrected: int | None = None
    tag: str | None = None


class ManifestFound(Value):
    """What a C2PA manifest says, and whether it holds.

    Attributes:
        state: trusted (leads to a root of the project's), valid (holds, but signed by a stranger), invalid
            (altered, or its parent was), missing.
        actions: as written in it ("c2pa.created").
        ingredients_ok: every file it was made from holds too; True where there are none.
        entry: the ledger entry that it names.
        problems: what is wrong, in the standard's own codes.
    """

    state: Literal["trusted", "valid", "invalid", "missing"]
    actions: tuple[str, ...] = ()
    ingredients_ok: bool = True
    entry: EntryNumber | None = None
    signer: str | None = None
    tag: str | None = None
    problems: tuple[str, ...] = ()


class MarkReport(Value):
    """Every mark that a file carries, and whether they agree with each other and with the ledger.

    Attributes:
        band: the visible band, or a document's visible marks, are there.
        source_type: the last part of the IPTC address in the file's metadata ("trainedAlgorithmicMedia").
        agree: every mark that is there says the same, none that should be there is missing, and the ledger,
            where one was given, knows the entry and the file.
        findings: what was found, a sentence each, for a person.
    """

    band: bool
    invisible: InvisibleMark
    manifest: ManifestFound
    source_type: str | None
    agree: bool
    findings: tuple[str, ...] = ()
