"""What was taken into a project last: the files themselves and the texts that were read from them, by hash.

The text that was taken in is what a changed script is merged against; the file itself is what an export in
its format gives back unchanged. Both are the project's own and leave with no export.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from studio_assist.domain.errors import BadInput, Damaged
from studio_assist.domain.values import Sha256, UtcTime, Value, sha256_of
from studio_assist.storage.atomic import Write, read_bytes, write_together
from studio_assist.storage.faults import disk

#: The folder in a project, and its list.
FOLDER: Final = "imports"
_LIST: Final = "imports.json"
#: How many files that were taken in are kept.
KEPT: Final = 5

ScriptFormat = Literal["fountain", "fdx", "pdf"]


class TakenScript(Value):
    """A script that was taken in.

    Attributes:
        name: the file's, without its folders.
        source: of the file's bytes. base: of the text that was read from it, in UTF-8.
    """

    name: Annotated[str, Field(max_length=255)]
    format: ScriptFormat
    source: Sha256
    base: Sha256
    at: UtcTime


class ImportsFile(Value):
    """What imports.json holds; the newest last."""

    version: Literal[1] = 1
    scripts: tuple[TakenScript, ...] = ()


def taken_in(project: Path) -> ImportsFile:
    """What was taken in; nothing where there is no list.

    Raises:
        Damaged: the list cannot be read.
        BadInput: a newer Studio Assist wrote it.
    """
    path = project / FOLDER / _LIST
    if not path.exists():
        return ImportsFile()
    data = read_bytes(path)
    try:
        return ImportsFile.model_validate_json(data)
    except ValidationError as error:
        if any(problem["loc"] == ("version",) for problem in error.errors()):
            raise BadInput(
                "A newer Studio Assist wrote the list of what was taken into this project.",
                remedy="Open the project with that one.",
                place=str(path),
            ) from error
        raise Damaged(
            "The list of what was taken into this project cannot be read.",
            remedy="Take imports.json out of the folder; the next import begins a new one.",
            place=str(path),
        ) from error


def keep_import(
    project: Path, *, name: str, format: ScriptFormat, source: bytes, base: str, at: UtcTime
) -> TakenScript:
    """Keep a file that was taken in and the text that was read from it; sweep those beyond the last few.

    Raises `Unavailable` where the disk does not take it; what was kept before still is.
    """
    text = base.encode("utf-8", "surrogatepass")
    new = TakenScript(
        name=Path(name).name[-255:],
        format=format,
        source=hashlib.sha256(source).hexdigest(),
        base=sha256_of(base),
        at=at,
    )
    folder = project / FOLDER
    with disk(folder, "made"):
        folder.mkdir(exist_ok=True)
    scripts = (*(one for one in taken_in(project).scripts if one.source != new.source), new)[-KEPT:]
    listed = ImportsFile(scripts=scripts).model_dump_json(indent=1).encode() + b"\n"
    write_together(
        [
            Write(_source_path(project, new), source),
            Write(_base_path(project, new), text),
            Write(folder / _LIST, listed),
        ],
        may_be_empty=True,
    )
    wanted = {path.name for one in scripts for path in (_source_path(project, one), _base_path(project, one))}
    with disk(folder, "swept"):
        for path in folder.iterdir():
            if path.suffix in (".source", ".base") and path.name not in wanted:
                path.unlink(missing_ok=True)
    return new


def base_text(project: Path) -> str | None:
    """The text that was taken in last, or None where nothing was or its file is gone or changed."""
    last = taken_in(project).scripts[-1:]
    data = _read(_base_path(project, last[0]), last[0].base) if last else None
    return None if data is None else data.decode("utf-8", "surrogatepass")


def source_file(project: Path, format: ScriptFormat) -> tuple[TakenScript, bytes] | None:
    """The file of a format that was taken in last, where it is still what it was."""
    for one in reversed(taken_in(project).scripts):
        if one.format == format:
            data = _read(_source_path(project, one), one.source)
            return None if data is None else (one, data)
    return None


def _source_path(project: Path, script: TakenScript) -> Path:
    return project / FOLDER / f"{script.source}.source"


def _base_path(project: Path, script: TakenScript) -> Path:
    return project / FOLDER / f"{script.base}.base"


def _read(path: Path, digest: Sha256) -> bytes | None:
    if not path.is_file():
        return None
    data = read_bytes(path)
    return data if hashlib.sha256(data).hexdigest() == digest else None
