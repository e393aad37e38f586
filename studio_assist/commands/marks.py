"""`studio-assist mark read`: every mark on a file, and whether they agree with each other and the record."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.mark_reading import Place, read_marks
from studio_assist.commands.output import Output
from studio_assist.domain.errors import BadInput

_STATES: Final = {
    "trusted": "holds, and leads to this project's own certificate",
    "valid": "holds, but a stranger signed it",
    "invalid": "does not hold",
    "missing": "none",
}


def read(options: Namespace, output: Output) -> int:
    """Read the marks of a file. Exit 1 where they do not agree, and for a file without any.

    What is asked is whether the file is what its marks say. A file that carries none has lost them or never
    had them, and nothing about it holds. Where no project is known that fits, the marks can only be held
    against each other: whoever needs more than that names the project.
    """
    file: Path = options.file
    if not file.exists():
        raise BadInput("There is no such file.", remedy="Check the path.", place=str(file))
    found = read_marks(file, Place(named=options.project))
    output.document(_document(found))
    _tell(found, output)
    return 0 if found.report.agree else 1


def _document(found: protocol.MarksRead) -> dict[str, object]:
    report = found.report
    return {
        "band": report.band,
        "invisible": {
            "present": report.invisible.present,
            "entry": report.invisible.entry,
            "bits_corrected": report.invisible.bits_corrected,
        },
        "manifest": {
            "state": report.manifest.state,
            "actions": list(report.manifest.actions),
            "ingredients_ok": report.manifest.ingredients_ok,
        },
        "source_type": report.source_type,
        "agree": report.agree,
        "findings": list(report.findings),
    }


def _tell(found: protocol.MarksRead, output: Output) -> None:
    report, invisible, manifest = found.report, found.report.invisible, found.report.manifest
    mark = "none, as on any document" if found.project else "not looked for: no project is known that fits"
    if invisible.present is not None:
        mark = "none"
    if invisible.present:
        mark = f"entry {invisible.entry}, {invisible.bits_corrected} bits corrected"
    state = _STATES[manifest.state] + (
        f"; names entry {manifest.entry}" if manifest.entry is not None else ""
    )
    rows = [
        ("visible mark", "there" if report.band else "none"),
        ("invisible mark", mark),
        ("manifest", state),
        ("source type", report.source_type or "none"),
    ]
    if found.project is not None:
        rows.append(("project", found.project))
    if found.entry is not None:
        rows.append((f"entry {found.entry}", found.story or "not in that project's record"))
    if found.exported is not None:
        rows.append(("recorded", f"byte for byte, as export in entry {found.exported}"))
    output.fields(rows)
    output.say("", *report.findings)
    if not report.agree:
        output.say("The marks do not agree, or some are missing.")
    elif found.project is None:
        output.say("The marks agree with each other. No record was asked.")
    else:
        output.say("The marks agree with each other and with the record.")
