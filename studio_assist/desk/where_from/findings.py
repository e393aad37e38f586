"""What the marks on a file say, as the sheet shows it: a verdict, and a line for each layer.

A mark points somewhere and proves nothing alone, and no mark proves nothing either; the words keep to that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from studio_assist.domain.marking import MarkReport
from studio_assist.protocol import MarksRead

#: "holds" is green: a record checks out. "found" and "absent" are plain, "broken" is red.
Finding = Literal["holds", "found", "absent", "unknown", "broken"]

_PICTURES: Final = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif", ".bmp")
#: The source type's word in ours. Source: IPTC digital source types.
_SOURCES: Final = {
    "trainedAlgorithmicMedia": "made by a trained model",
    "compositeWithTrainedAlgorithmicMedia": "put together with parts from a trained model",
    "algorithmicMedia": "drawn by a program without a trained model",
    "humanEdits": "worked on by a person",
}


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of marks: its name, its state, and a sentence."""

    name: str
    state: Finding
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the layers come to together."""

    state: Finding
    title: str
    detail: str = ""


def verdict(read: MarksRead, file_name: str) -> Verdict:
    """What may be said of the file; never more than its marks and the record show."""
    report = read.report
    picture = is_picture(file_name)
    if not _any(read):
        return Verdict(
            "unknown",
            "No mark found: that proves nothing",
            "Marks come off when a file is saved again by another program, cropped hard or drawn anew.",
        )
    if read.altered is not None:
        return Verdict(
            "broken",
            "The record that it points to does not hold",
            f"{read.altered} What that record says of this file proves nothing.",
        )
    kind = _kind(report)
    if not report.agree and _only_stripped(read):
        return Verdict(
            "found",
            f"Points to ledger entry {read.entry:,}: {kind}, {_low(read.story or '')}",
            "Its metadata is gone, as when another program saves it again. A mark alone points somewhere "
            "and proves nothing.",
        )
    if not report.agree:
        return Verdict("broken", "The marks disagree", _against(report))
    if picture and read.entry is not None and read.story:
        return Verdict("holds", f"Made here: {kind}, ledger entry {read.entry:,}, {_low(read.story)}")
    if read.exported is not None:
        # A document holds the work of many entries; the one that counts is its export.
        said = f"Made here: {kind}, exported as ledger entry {read.exported:,}, byte for byte"
        return Verdict("holds", said)
    if read.entry is not None and read.story:
        detail = "The record knows no export of exactly these bytes."
        return Verdict("found", f"Marked here: {kind}, after ledger entry {read.entry:,}", detail)
    if read.project is None:
        return Verdict(
            "unknown",
            "It carries marks, and no project here knows them",
            "Look in the project that it may come from.",
        )
    return Verdict("unknown", f"It carries marks, and the record of {read.project} does not name it")


def is_picture(file_name: str) -> bool:
    """Whether a file's name says that it is a picture and no document."""
    return file_name.lower().endswith(_PICTURES)


def layers(read: MarksRead, file_name: str) -> tuple[Layer, ...]:
    """A line for each layer of marks, in the order that they are put on."""
    report = read.report
    return (
        _band(report, picture=is_picture(file_name)),
        _invisible(report),
        _metadata(report),
        _manifest(report),
        _ledger(read),
    )


def _band(report: MarkReport, *, picture: bool) -> Layer:
    if picture:
        words = "TEMP AI along the lower edge." if report.band else "None along the lower edge."
    else:
        words = "TEMP is written on it." if report.band else "No TEMP is written on it."
    return Layer("Visible band" if picture else "Visible marks", "found" if report.band else "absent", words)


def _invisible(report: MarkReport) -> Layer:
    name, found = "Invisible mark", report.invisible
    if found.present is None:
        return Layer(name, "unknown", "Not looked for: it takes the key of the project that made it.")
    if not found.present:
        return Layer(name, "absent", "None that a project here could read.")
    entry = f"Names ledger entry {found.entry:,}" if found.entry is not None else "Found"
    put_right = found.bits_corrected or 0
    bits = f", {put_right} bit{'s' * (put_right != 1)} put right" if put_right else ""
    return Layer(name, "found", f"{entry}{bits}.")


def _metadata(report: MarkReport) -> Layer:
    if report.source_type is None:
        return Layer("Metadata", "absent", "Says nothing of where it comes from.")
    meaning = _SOURCES.get(report.source_type)
    words = f"Says {meaning} ({report.source_type})." if meaning else f"Says {report.source_type}."
    return Layer("Metadata", "found", words)


def _manifest(report: MarkReport) -> Layer:
    name, found = "Manifest (C2PA)", report.manifest
    by = f" by {found.signer}" if found.signer else ""
    entry = f", names ledger entry {found.entry:,}" if found.entry is not None else ""
    parents = "" if found.ingredients_ok else " What it was made from does not hold."
    if found.state == "missing":
        return Layer(name, "absent", "None.")
    if found.state == "invalid":
        codes = f" ({', '.join(found.problems[:3])})" if found.problems else ""
        return Layer(name, "broken", f"Does not hold: the file or the manifest was changed{codes}.{parents}")
    if found.state == "valid":
        return Layer(name, "unknown", f"Holds, signed{by}, who is no one this project knows{entry}.{parents}")
    state: Finding = "holds" if found.ingredients_ok else "broken"
    return Layer(name, state, f"Holds, signed{by or ' by a key of this project'}{entry}.{parents}")


def _ledger(read: MarksRead) -> Layer:
    of = f" of {read.project}" if read.project else ""
    if read.altered is not None:
        return Layer("Ledger", "broken", f"The record{of} does not hold: {read.altered}")
    if read.project is None:
        return Layer("Ledger", "unknown", "Not asked: no project here fits.")
    exported = (
        f" This very file was exported in entry {read.exported:,}." if read.exported is not None else ""
    )
    if read.entry is None:
        state: Finding = "holds" if read.exported is not None else "absent"
        return Layer("Ledger", state, exported.strip() or f"The record{of} does not name this file.")
    if read.story is None:
        return Layer("Ledger", "broken", f"The record{of} has no such entry as {read.entry:,}.{exported}")
    return Layer("Ledger", "holds", f"Entry {read.entry:,}{of}: {_low(read.story).rstrip('.')}.{exported}")


def _any(read: MarksRead) -> bool:
    report = read.report
    return bool(
        report.band
        or report.invisible.present
        or report.source_type
        or report.manifest.state != "missing"
        or read.exported is not None
        or read.entry is not None
    )


def _only_stripped(read: MarksRead) -> bool:
    """Whether everything that another program drops is gone, and the pixels alone still name an entry."""
    report = read.report
    bare = report.manifest.state == "missing" and report.source_type is None
    return bare and bool(report.invisible.present) and read.entry is not None and bool(read.story)


def _against(report: MarkReport) -> str:
    """Why they disagree, where a layer alone shows it; the findings say the rest."""
    if report.manifest.state == "invalid":
        return "The manifest does not fit this file: the picture or the manifest was changed."
    if not report.manifest.ingredients_ok:
        return "What it was made from does not hold."
    named = {number for number in (report.invisible.entry, report.manifest.entry) if number is not None}
    if len(named) > 1:
        return f"They name different ledger entries: {', '.join(f'{number:,}' for number in sorted(named))}."
    return "What each of them says stands below."


def _kind(report: MarkReport) -> str:
    if report.band:
        return "TEMP AI"
    meaning = _SOURCES.get(report.source_type or "")
    return meaning or "marked"


def _low(story: str) -> str:
    """A sentence that goes on after a comma; a name that it begins with keeps its capital."""
    first = story.split(" ", 1)[0]
    known = first in ("Accepted", "Edited", "Rejected", "Candidate", "Decision", "The", "Certificate", "Key")
    return story[:1].lower() + story[1:] if known else story


def is_decision(story: str | None) -> bool:
    """Whether an entry told of in these words is a decision, whose story can be opened."""
    return bool(story) and story.split(" ", 1)[0] in ("Accepted", "Edited", "Rejected")
