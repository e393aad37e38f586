"""What an export can be, as menu and sheet show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from studio_assist.domain.export_formats import ExportFormat
from studio_assist.domain.temp import Debt
from studio_assist.protocol import ExportOptions

Formats = Literal["script", "boards", "all"]


@dataclass(frozen=True)
class Look:
    """One format.

    Attributes:
        ending: of its file's name; "" for a folder.
        word: what the suggested name says besides the title.
    """

    format: ExportFormat
    title: str
    about: str
    ending: str
    word: str = ""


LOOKS: Final[dict[str, Look]] = {
    look.format: look
    for look in (
        Look("pdf", "PDF", "The script as it prints", ".pdf"),
        Look("fountain", "Fountain", "Plain text, for any editor", ".fountain"),
        Look("fdx", "Final Draft", "FDX, notes and scenes", ".fdx"),
        Look("boards-pdf", "PDF boards", "Panels with their words", ".pdf", " boards"),
        Look("csv", "CSV shot list", "For any spreadsheet", ".csv", " shots"),
        Look("xlsx", "Excel shot list", "With filters", ".xlsx", " shots"),
        Look("mp4", "MP4 animatic", "Film with sound", ".mp4", " animatic"),
        Look("gif", "GIF", "A loop without sound", ".gif", " animatic"),
        Look("frames-png", "PNG frames", "A folder of pictures", "", " frames"),
        Look("frames-jpeg", "JPEG frames", "A folder, smaller", "", " frames"),
        Look("otio", "OTIO timeline", "Cuts, markers, TEMP", ".otio"),
        Look("edl", "CMX3600 EDL", "Cuts, for any system", ".edl"),
        Look("fcp7xml", "FCP 7 XML", "Premiere, Resolve, Avid", ".xml"),
        Look("fcpxml", "FCPXML", "Final Cut Pro", ".fcpxml"),
    )
}
_SCRIPT: Final[tuple[ExportFormat, ...]] = ("pdf", "fountain", "fdx")
#: Formats of whole scripts, and those in which sound goes along.
SCRIPTS: Final = frozenset(_SCRIPT)
HEARD: Final = frozenset({"mp4", "otio", "edl", "fcp7xml", "fcpxml"})
#: What a copy out of a project with a broken record can be.
COPIES: Final = frozenset({"pdf", "fountain"})
_ENDINGS: Final = frozenset(look.ending for look in LOOKS.values() if look.ending)


def looks_of(formats: Formats) -> tuple[Look, ...]:
    """The formats of a page: of the script, of boards and animatic, or all."""
    return tuple(
        look
        for look in LOOKS.values()
        if formats == "all" or (look.format in SCRIPTS) == (formats == "script")
    )


def suggested(folder: Path, title: str, look: Look) -> Path:
    """The file that is offered."""
    return folder / f"{title}{look.word}{look.ending}"


def renamed(path: str, look: Look) -> str:
    """A name that somebody typed, with the ending of another format."""
    typed = Path(path)
    if typed.suffix.casefold() in _ENDINGS:
        return str(typed.with_suffix(look.ending))
    return f"{path}{look.ending}"


def whole_path(folder: Path, typed: str) -> Path:
    """A path as it was typed; a name alone is a file in the project's folder."""
    path = Path(typed)
    if path.parts[:1] == ("~",):
        path = Path.home().joinpath(*path.parts[1:])
    return folder / path


# What is said ------------------------------------------------------------------------------------------


def debt_words(debt: Debt, *, short: bool = False) -> str:
    """How much temp material there is: "7 lines, 12 boards"; with the word temp where not `short`."""
    temp = "" if short else "temp "
    parts = [
        f"{count:,} {temp}{name}{'' if count == 1 else 's'}"
        for count, name in ((debt.lines, "line"), (debt.boards, "board"), (debt.sounds, "sound"))
        if count
    ]
    return ", ".join(parts)


def line_of(format: str, options: ExportOptions, rate: str) -> str:
    """What a format will be with these options, in a line of the menu."""
    match format:
        case "boards-pdf":
            panels = "1 panel a page" if options.panels == 1 else f"{options.panels} panels a page"
            with_words = _listed([name for name in ("action", "dialogue", "notes") if name in options.fields])
            return f"{panels}, with {with_words}" if with_words else panels
        case "mp4":
            slate = "slate burned in" if options.slate else "slate on temp frames"
            return f"{options.height}p, {rate} fps, {slate}" if rate else f"{options.height}p, {slate}"
        case "otio":
            return "Cuts, markers, TEMP flag on every clip"
        case _:
            return "Size, lens, duration, who made it"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(", ".join(names).rsplit(", ", 1))
