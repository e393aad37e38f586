"""`studio-assist script`: a script as data, with offsets into the decoded file."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from studio_assist.commands.output import Output, many
from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.domain.pagination import Pagination
from studio_assist.domain.screenplay import Element, ElementType, Scene
from studio_assist.interchange.fountain import Script, parse, read_script_bytes

if TYPE_CHECKING:
    from studio_assist.domain.incoming import ReportLine

#: Endings that are read as Fountain. No ending at all is a plain text too.
ENDINGS: Final = (".fountain", ".spmd", ".txt", "")
_OTHERS: Final = (".fdx", ".pdf")


def script(options: Namespace, output: Output) -> int:
    """Read a script and print its elements, scenes and length."""
    read, report = read_any(options.file)
    if not read.text.strip("\ufeff"):
        raise BadInput(
            "The file is empty.", remedy="Check that it is the right file.", place=str(options.file)
        )
    pages = Pagination(read)
    scenes = pages.measured(read.scenes)
    if output.as_json:
        output.document(
            {
                "title_page": read.title_page,
                "elements": [element_document(element) for element in read.elements],
                "scenes": [scene_document(scene) for scene in scenes],
                "characters": read.characters,
                "pages": pages.pages,
            }
            | ({"report": [line.model_dump() for line in report]} if report else {})
        )
        return 0
    for line in report:
        output.note(f"{line.where}: {line.what}")
    output.fields(
        [
            ("title", read.title_page.get("title", "(none)").replace("\n", " ")),
            ("scenes", f"{len(scenes):,}"),
            ("pages", f"{pages.pages:,} (an estimate)"),
            ("characters", _some(read.characters)),
        ]
    )
    if scenes:
        output.say("")
        output.table(
            [(scene.number, scene.heading, eighths_words(scene.eighths)) for scene in scenes],
            heads=("scene", "heading", "pages"),
        )
    return 0


def read_any(path: Path) -> tuple[Script, tuple[ReportLine, ...]]:
    """A script of any format that is read, as Fountain, and what could not be read of it.

    Raises as `read_fountain`, and `BadInput` for a Final Draft file or a PDF that is refused.
    """
    if path.suffix.lower() not in _OTHERS:
        return read_fountain(path), ()
    # Another program wrote it: it is read in a process of its own, which has bounds. A Fountain file needs
    # nothing of that.
    import asyncio

    from studio_assist.broker.safe_reading import read_safely
    from studio_assist.domain.incoming import IncomingScript

    read_file(path)
    try:
        incoming = asyncio.run(read_safely(path))
    except BadInput as error:
        # The reader knows the file's name alone.
        place = (error.place or path.name).removeprefix(path.name)
        raise BadInput(error.message, remedy=error.remedy, place=f"{path}{place}") from error
    if not isinstance(incoming, IncomingScript):
        raise BadInput("This is no script.", remedy="Give a script file.", place=str(path))
    return parse(incoming.text), incoming.report


def read_fountain(path: Path) -> Script:
    """A Fountain file, read.

    Raises:
        BadInput: it is no Fountain file by its ending or its bytes, or is not there.
        Unavailable: the file is there and cannot be read.
    """
    if path.suffix.lower() not in ENDINGS:
        raise BadInput(
            f"Scripts are not read out of {path.suffix} files.",
            remedy="Save the script as Fountain (.fountain, .spmd or .txt), Final Draft or PDF.",
            place=str(path),
        )
    return parse(read_script_bytes(read_file(path), str(path)))


def read_file(path: Path) -> bytes:
    """A file's bytes. Raises `BadInput` where there is no file, `Unavailable` where it cannot be read."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BadInput("There is no such file.", remedy="Check the path.", place=str(path)) from error
    except IsADirectoryError as error:
        raise BadInput(
            "This is a folder, not a script.", remedy="Give the script file in it.", place=str(path)
        ) from error
    except OSError as error:
        raise Unavailable(
            f"The file cannot be read: {error.strerror or error}.",
            remedy="Check that it may be read and that its disk is there.",
            place=str(path),
        ) from error


def element_document(element: Element) -> dict[str, object]:
    """An element as the contract has it; `scene` is the scene's place in `scenes`, from 0."""
    document: dict[str, object] = {
        "type": element.type.value,
        "text": element.text,
        "start": element.start,
        "end": element.end,
        "scene": element.scene,
    }
    match element.type:
        case ElementType.SCENE_HEADING:
            document["number"] = element.number
        case ElementType.CHARACTER:
            document["dual"] = element.dual
            document["extension"] = element.extension
        case ElementType.SECTION:
            document["level"] = element.level
        case _:
            pass
    return document


def scene_document(scene: Scene) -> dict[str, object]:
    """A scene as the contract has it."""
    return {
        "number": scene.number,
        "heading": scene.heading,
        "start": scene.start,
        "end": scene.end,
        "eighths": scene.eighths,
    }


def eighths_words(eighths: int | None) -> str:
    """A length as it is written on a breakdown sheet: 1 3/8."""
    whole, rest = divmod(eighths or 0, 8)
    return " ".join(_parts(whole, rest)) or "0"


def _parts(whole: int, rest: int) -> Iterator[str]:
    if whole:
        yield str(whole)
    if rest:
        yield f"{rest}/8"


def _some(names: list[str], most: int = 12) -> str:
    shown = ", ".join(islice(names, most))
    return f"{shown} and {many(len(names) - most, 'other')}" if len(names) > most else shown or "(none)"
