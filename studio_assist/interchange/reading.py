"""Files of other programs: which kind one is, and who reads it. For `reading_child`, which has bounds.

A kind is told by what a file holds, and by its ending where that says too little. Readers are loaded when
they are wanted: a small script does not wait for what reads PDFs.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from studio_assist.domain.errors import BadInput
from studio_assist.domain.incoming import Incoming, IncomingScript
from studio_assist.domain.timebase import FrameRate

Kind = Literal["fountain", "fdx", "pdf", "storyboarder", "pictures", "otio", "edl", "fcp7xml", "fcpxml"]
#: Hears that the work goes on.
Told = Callable[[], None]

#: No script and no edit comes near; a file that is larger is not read at all.
MOST_BYTES: Final = 200 << 20
#: A plain-text script of a million words has six megabytes.
MOST_TEXT: Final = 20 << 20
#: How much of a file is looked at to tell its kind.
_HEAD: Final = 64 << 10

_PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"BM")
_SOUNDS: Final = (b"ID3", b"OggS", b"fLaC", b"FORM", b"\x1aE\xdf\xa3")
#: The root of an XML file, behind declarations and comments.
_ROOT: Final = re.compile(r"<([A-Za-z_][\w.:-]*)")
_ROOTS: Final[dict[str, Kind]] = {"FinalDraft": "fdx", "xmeml": "fcp7xml", "fcpxml": "fcpxml"}
_ENDINGS: Final[dict[str, Kind]] = {
    ".fountain": "fountain",
    ".spmd": "fountain",
    ".fdx": "fdx",
    ".pdf": "pdf",
    ".storyboarder": "storyboarder",
    ".otio": "otio",
    ".edl": "edl",
    ".fcpxml": "fcpxml",
    ".png": "pictures",
    ".jpg": "pictures",
    ".jpeg": "pictures",
    ".webp": "pictures",
    ".gif": "pictures",
    ".bmp": "pictures",
    ".tif": "pictures",
    ".tiff": "pictures",
}
#: An event of an edit decision list: number, reel, track, transition, four timecodes.
_EVENT: Final = re.compile(
    rb"^\d{3,6} +\S+ +\S+ +(?:C|D|W\d+|K\S*) .{0,40}\d\d:\d\d:\d\d[:;]\d\d", re.MULTILINE
)
_KNOWN: Final = (
    "Choose a Fountain, Final Draft or PDF script, a Storyboarder project, a folder of pictures, or an OTIO, "
    "EDL or XML file from editorial."
)
#: What a person can do with files that hold what is wanted in a form that is not read.
_ELSEWHERE: Final = {
    ".otioz": "Export it from the editing program as OTIO (.otio).",
    ".docx": "Save it as PDF or plain text.",
    ".ora": "Drop it onto a panel of the Board desk.",
    ".highland": "Export it from Highland as Fountain.",
    ".fadein": "Export it from Fade In as FDX or Fountain.",
}


def read(path: Path, told: Told, rate: FrameRate | None = None) -> Incoming:
    """What a file, or a folder of pictures, holds.

    Args:
        told: called again and again by what reads long files.
        rate: the project's, for edits that do not name their own.

    Raises:
        BadInput: it is of no kind that is read, damaged, or larger than such a file is.
    """
    if not is_text(str(path)):
        raise BadInput("The name of the file, or of a folder that it is in, is no text.", remedy="Rename it.")
    kind = format_of(path)
    reader = _READERS.get(kind)
    return reader(path, told) if reader is not None else _edit(path, rate)


def format_of(path: Path) -> Kind:
    """Which kind of file stands at a path.

    Raises:
        BadInput: nothing is there, no regular file, or of no kind that is read.
    """
    try:
        found = path.stat()
    except OSError as error:
        raise BadInput(
            "There is no such file, or it may not be read.", remedy="Check the path.", place=str(path)
        ) from error
    if stat.S_ISDIR(found.st_mode):
        return _of_folder(path)
    if not stat.S_ISREG(found.st_mode):
        raise BadInput("That is a device or a pipe, not a file.", remedy="Choose a file.", place=path.name)
    if not found.st_size:
        raise BadInput(
            "The file is empty.", remedy="Check that it is the right file, and copied whole.", place=path.name
        )
    head = _head_of(path)
    ending = path.suffix.casefold()
    kind = _of_content(head, ending, path.name)
    most = MOST_TEXT if kind in ("fountain", "edl") else MOST_BYTES
    if found.st_size > most:
        raise BadInput(
            f"The file has {found.st_size >> 20:,} MB, which is more than any file of its kind.",
            remedy="Check that it is the right file.",
            place=path.name,
        )
    return kind


def is_text(name: str) -> bool:
    """Whether a name can be written down: disks hold names that are in no encoding."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\0" not in name


def plain_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """A regular file's bytes, and no more than `most` of them: it may grow while it is read.

    Raises:
        BadInput: it cannot be read, is none, or is larger.
    """
    try:
        # Not blocking: a pipe that nobody writes to would be waited for without end.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise BadInput("That is no plain file.", remedy="Choose a file.", place=path.name)
            data = file.read(most + 1)
    except OSError as error:
        raise BadInput(
            f"The file cannot be read ({error.strerror or error}).",
            remedy="Check that it is there, and that you may read it.",
            place=path.name,
        ) from error
    if len(data) > most:
        raise BadInput(
            f"The file has more than {most >> 20:,} MB.",
            remedy="Check that it is the right file.",
            place=path.name,
        )
    return data


def _of_folder(path: Path) -> Kind:
    if path.suffix.casefold() == ".fcpxmld":
        return "fcpxml"
    return "storyboarder" if projects_in(path) else "pictures"


def projects_in(folder: Path) -> tuple[Path, ...]:
    """The Storyboarder projects that stand in a folder.

    Raises:
        BadInput: it may not be read.
    """
    try:
        with os.scandir(folder) as listing:
            return tuple(
                sorted(
                    Path(one.path)
                    for one in listing
                    if one.name.endswith(".storyboarder") and not one.name.startswith(".") and one.is_file()
                )
            )
    except OSError as error:
        raise BadInput(
            "The folder may not be read.", remedy="Check that you may read it.", place=folder.name
        ) from error


def _head_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        raise BadInput(
            f"The file cannot be read ({error.strerror or error}).",
            remedy="Check that you may read it.",
            place=path.name,
        ) from error


def _of_content(head: bytes, ending: str, name: str) -> Kind:
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "pictures"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise BadInput(
            "This is an archive.",
            remedy=_ELSEWHERE.get(ending, "Unpack it first, then choose the folder or file that was in it."),
            place=name,
        )
    if head.startswith(_SOUNDS) or head[4:8] == b"ftyp" or (head[:4] == b"RIFF" and head[8:12] == b"WAVE"):
        raise BadInput(
            "This is sound or film.",
            remedy="Bring sounds in on the timeline of the Animatic desk.",
            place=name,
        )
    if head.startswith(b"8BPS"):
        raise BadInput(
            "This is a Photoshop file.",
            remedy="Save it as PNG, or put it into a panel from the Board desk with its layers.",
            place=name,
        )
    text = _as_text(head).lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        root = root_of(text)
        if root in _ROOTS:
            return _ROOTS[root]
        if ending not in (".fountain", ".spmd", ".txt"):
            raise BadInput(
                f"This is XML of another kind ({root or 'without a root'}).", remedy=_KNOWN, place=name
            )
    if text.startswith(("{", "[")) and ending not in _ENDINGS:
        if '"OTIO_SCHEMA"' in text:
            return "otio"
        if '"boards"' in text:
            return "storyboarder"
        raise BadInput("This is JSON of another kind.", remedy=_KNOWN, place=name)
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    if _EVENT.search(head):
        return "edl"
    if ending not in ("", ".txt", ".text", ".md", ".markdown") and b"\0" in head:
        raise BadInput("Files of this kind are not read.", remedy=_ELSEWHERE.get(ending, _KNOWN), place=name)
    return "fountain"


def root_of(text: str) -> str:
    """The name of an XML text's first element, "" where the text ends before one. Nothing is expanded."""
    at = 0
    while (at := text.find("<", at)) >= 0:
        for opens, closes in (("<!--", "-->"), ("<?", "?>")):
            if text.startswith(opens, at):
                end = text.find(closes, at)
                at = len(text) if end < 0 else end
                break
        else:
            if text.startswith("<!", at):
                # A document type; its own declarations stand in brackets.
                inner, end = text.find("[", at), text.find(">", at)
                if 0 <= inner < end:
                    end = text.find("]>", inner)
                at = len(text) if end < 0 else end
                continue
            found = _ROOT.match(text, at)
            return found[1] if found else ""
    return ""


def _as_text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    return head.decode("utf-8", "replace")


# Readers ------------------------------------------------------------------------------------------------


def _fountain(path: Path, _told: Told) -> Incoming:
    from studio_assist.interchange.fountain import read_script_bytes

    text = read_script_bytes(plain_bytes(path, MOST_TEXT), path.name)
    return IncomingScript(format="fountain", text=text)


def _fdx(path: Path, _told: Told) -> Incoming:
    from studio_assist.interchange.fdx.fountain import to_fountain
    from studio_assist.interchange.fdx.read import read_fdx

    text, report = to_fountain(read_fdx(plain_bytes(path), path.name))
    return IncomingScript(format="fdx", text=text, report=report)


def _pdf(path: Path, told: Told) -> Incoming:
    from studio_assist.interchange.screenplay_pdf import read_screenplay_pdf

    return read_screenplay_pdf(path, told)


def _storyboarder(path: Path, told: Told) -> Incoming:
    from studio_assist.interchange.storyboarder import read_storyboarder

    if path.is_dir():
        projects = projects_in(path)
        if len(projects) != 1:
            raise BadInput(
                f"The folder holds {len(projects)} Storyboarder projects.",
                remedy="Choose one of its .storyboarder files.",
                place=path.name,
            )
        path = projects[0]
    return read_storyboarder(path, plain_bytes(path, MOST_TEXT), told)


def _pictures(path: Path, told: Told) -> Incoming:
    from studio_assist.interchange.picture_folder import read_pictures

    return read_pictures(path, told)


def _edit(path: Path, rate: FrameRate | None) -> Incoming:
    from studio_assist.interchange.editorial.reading import read as read_edit

    return read_edit(path, rate)


#: Everything else is an edit.
_READERS: Final[dict[Kind, Callable[[Path, Told], Incoming]]] = {
    "fountain": _fountain,
    "fdx": _fdx,
    "pdf": _pdf,
    "storyboarder": _storyboarder,
    "pictures": _pictures,
}
