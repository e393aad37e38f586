"""Files on their way out: written beside their name, flushed, read back and compared, then named.

Blocking; `broker.exporting` calls it in a thread.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from studio_assist import protocol
from studio_assist.domain.errors import BadInput, Damaged
from studio_assist.domain.export_formats import SEQUENCES
from studio_assist.domain.values import EntryNumber, Sha256, sha256_of
from studio_assist.storage.atomic import sync_folder
from studio_assist.storage.faults import disk

Format = (
    protocol.ExportFormat
    | Literal["png", "jpeg", "ora", "psd", "report-pdf", "report-html", "report-csv", "report-json"]
)
Progress = Callable[[float], None]

#: What a project keeps for itself; an export never takes one of these names in its folder.
_OWN: Final = frozenset(
    {
        "project.toml",
        "script.fountain",
        "temp.json",
        "boards.json",
        "animatic.json",
        "imports",
        "names.toml",
        "references.toml",
        "clearance",
        "certificates",
        "media",
        "ledger.sqlite",
        "ledger.sqlite-wal",
        "ledger.sqlite-shm",
        "recovery",
        "editing",
    }
)
_ENDINGS: Final[dict[Format, tuple[str, ...]]] = {
    "fountain": (".fountain",),
    "fdx": (".fdx",),
    "pdf": (".pdf",),
    "boards-pdf": (".pdf",),
    "csv": (".csv",),
    "xlsx": (".xlsx",),
    "mp4": (".mp4",),
    "gif": (".gif",),
    # Folders of pictures; a folder's name has no ending.
    "frames-png": (),
    "frames-jpeg": (),
    "otio": (".otio",),
    "edl": (".edl",),
    "fcp7xml": (".xml",),
    "fcpxml": (".fcpxml",),
    "psd": (".psd",),
    "png": (".png",),
    "jpeg": (".jpg", ".jpeg"),
    "ora": (".ora",),
    "report-pdf": (".pdf",),
    "report-html": (".html", ".htm"),
    "report-csv": (".csv",),
    "report-json": (".json",),
}
#: What checks the files of an exported folder: `sha256sum -c SHA256SUMS`.
SUMS: Final = "SHA256SUMS"
FOLDERS: Final[frozenset[Format]] = frozenset(SEQUENCES)
#: The share of the work on a folder after which its files are written, and after which they are listed.
_WRITTEN: Final = 0.8
_SUMMED: Final = 0.9
#: Bytes of a file's name that the name of its unfinished one begins with.
_LONGEST_BEGIN: Final = 160
_PARTIAL: Final = re.compile(r"\..+\.\d+-[0-9a-f]{8}\.partial")


@dataclass(frozen=True)
class Leaving:
    """One file on its way out, and what is recorded of it.

    Attributes:
        target: the file as it is to be called; see `target_of`.
        overwrite: a person said that the file that stands there may be replaced.
        temp_items: lines or panels of temp material in it; a lost span counts as one.
        entries: ledger entries of the temp material that it is marked with.
    """

    target: Path
    format: Format
    final: bool
    overwrite: bool
    temp_items: int
    entries: tuple[EntryNumber, ...] = ()


@dataclass(frozen=True)
class Made:
    """A file's content, ready to be written.

    Attributes:
        wrong: says what is wrong with the bytes that were read back from the disk, or None. The bytes are
            the ones that were written; it looks whether they say what the file has to say.
        warnings: what a person should know of the file all the same.
    """

    data: bytes
    wrong: Callable[[bytes], str | None]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Writing:
    """A file too large to be held, or a folder of files, that writes itself to where it is told.

    Attributes:
        write: writes it, whole and marked; the path does not exist yet. It tells how far it is, and what it
            tells that to raises where the export was stopped; what it left is removed then.
        wrong: says what is wrong with what was read back from there, or None.
        is_folder: it makes a folder. The record has the hash of the file `SHA256SUMS` in it, which
            `sha256sum -c` checks the others with; `stage` writes it.
    """

    write: Callable[[Path, Progress], None]
    wrong: Callable[[Path], str | None]
    is_folder: bool = False
    warnings: tuple[str, ...] = ()


class Stopped(Exception):
    """The export was stopped; raised in the thread that makes the file, by what it tells its progress to."""


def partial_name(target: Path) -> Path:
    """A name beside a file, for what is not finished yet."""
    return target.with_name(f"{_begin(target)}{os.getpid()}-{secrets.token_hex(4)}.partial")


def partials_beside(path: Path) -> list[Path]:
    """What stands beside a file under names that `partial_name` gives for it."""
    begin = _begin(path)
    try:
        return [one for one in path.parent.iterdir() if one.name.startswith(begin) and is_partial(one)]
    except OSError:
        # Its folder is gone, and with it what was there.
        return []


def _begin(path: Path) -> str:
    # File systems count bytes, and 255 of them; a long name still has room for the rest.
    name = path.name
    while len(os.fsencode(name)) > _LONGEST_BEGIN:
        name = name[:-1]
    return f".{name}."


def is_partial(path: Path) -> bool:
    """Whether a name is one that `partial_name` gives."""
    return _PARTIAL.fullmatch(path.name) is not None


def stage(path: Path, target: Path, made: Made) -> Sha256:
    """Write a file under another name, flush it, read it back and look at it. Nothing is left on a fault.

    Args:
        path: where it waits for its name.
        target: what it is to be called, for what a person is told.

    Raises:
        Damaged: what was read back is not what was to be written.
        Unavailable: the disk is full or does not answer.
    """
    try:
        with disk(target, "written"):
            with path.open("xb") as file:
                file.write(made.data)
                file.flush()
                os.fsync(file.fileno())
            back = path.read_bytes()
        digest = sha256_of(back)
        wrong = (
            made.wrong(back)
            if digest == sha256_of(made.data)
            else "the bytes on the disk are not the ones that were written"
        )
        if wrong:
            raise Damaged(
                f"The file was read back and is not right: {wrong}. It was removed.",
                remedy="Export it again, to another disk if it happens twice.",
                place=str(target),
            )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return digest


def stage_written(path: Path, target: Path, writing: Writing, progress: Progress) -> Sha256:
    """Have a file or folder write itself under another name, flush it, read it back and look at it.

    Gives the file's hash, or that of the folder's `SHA256SUMS`. Nothing is left on a fault.

    Raises:
        Damaged: what was read back is not what was to be written.
        Unavailable: the disk is full or does not answer.
        BadInput, Stopped: as `writing` does.
    """
    try:
        with disk(target, "written"):
            if writing.is_folder:
                writing.write(path, _part(progress, 0.0, _WRITTEN))
                sums = path / SUMS
                listed = _sums_of(path, _part(progress, _WRITTEN, _SUMMED))
                sums.write_text(listed, encoding="utf-8", newline="\n")
                digest = _flushed(sums)
            else:
                writing.write(path, progress)
                digest = _flushed(path)
        wrong = writing.wrong(path)
        if wrong is None and writing.is_folder:
            again = _sums_of(path, _part(progress, _SUMMED, 1.0))
            if sha256_of(again.encode()) != digest:
                wrong = "the bytes on the disk are not the ones that were written"
        if wrong:
            raise Damaged(
                f"The file was read back and is not right: {wrong}. It was removed.",
                remedy="Export it again, to another disk if it happens twice.",
                place=str(target),
            )
    except BaseException:
        remove(path)
        raise
    return digest


def remove(path: Path) -> None:
    """Take a file or a folder away that is not to be left; one that is not there is fine."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _part(progress: Progress, first: float, last: float) -> Progress:
    """What a part of the work tells how far it is."""
    return lambda share: progress(first + (last - first) * share)


def _flushed(path: Path) -> Sha256:
    """Bring a file to the disk, and read it back."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sums_of(folder: Path, progress: Progress) -> str:
    """A folder's files, brought to the disk, as `sha256sum` prints them in the order of their names."""
    files = sorted(file for file in folder.iterdir() if file.name != SUMS)
    lines: list[str] = []
    for place, file in enumerate(files, 1):
        lines.append(f"{_flushed(file)}  {file.name}\n")
        progress(place / len(files))
    return "".join(lines)


# Names and places ---------------------------------------------------------------------------------------


def target_of(out: Path, format: Format, project: Path, *, overwrite: bool) -> Path:
    """Where the file goes, links followed. Raises `BadInput` for a place that an export may not take.

    Args:
        project: the project's folder, whose own files no export replaces.
        overwrite: a person said that the file at `out` may be replaced.
    """
    with disk(out, "written"):
        return _target_of(out, format, project, overwrite=overwrite)


def _target_of(out: Path, format: Format, project: Path, *, overwrite: bool) -> Path:
    try:
        said = str(out).encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadInput(
            "The file's name is not in UTF-8, so the record could not name it.",
            remedy="Choose another name.",
            place=repr(str(out)),
        ) from error
    if b"\0" in said:
        raise BadInput(
            "A file's name holds no such sign.", remedy="Choose another name.", place=repr(str(out))
        )
    target = out.expanduser().resolve()
    project = project.resolve()
    if target == project or (
        target.is_relative_to(project) and target.relative_to(project).parts[0].casefold() in _OWN
    ):
        raise BadInput(
            "That is one of the project's own files; an export never replaces those.",
            remedy="Choose another name, or a folder outside the project.",
            place=str(target),
        )
    if format in FOLDERS and target.exists():
        raise BadInput(
            "There is something of that name already; an export makes a folder of its own.",
            remedy="Choose a name that is not taken.",
            place=str(target),
        )
    if target.is_dir():
        raise BadInput(
            "That is a folder.", remedy="Give the file a name in it, with its ending.", place=str(target)
        )
    if not target.parent.is_dir():
        raise BadInput(
            "There is no such folder to put the file into.",
            remedy="Make the folder first, or choose another.",
            place=str(target.parent),
        )
    for other, endings in _ENDINGS.items() if format not in FOLDERS else ():
        ending = target.suffix.casefold()
        if other != format and ending in endings and ending not in _ENDINGS[format]:
            raise BadInput(
                f"A name that ends in {target.suffix} is for another format.",
                remedy=f"Let the name end in {_ENDINGS[format][0]}.",
                place=str(target),
            )
    if target.exists():
        if not overwrite:
            raise BadInput(
                "A file of that name exists already.",
                remedy="Choose another name, or say that it may be replaced.",
                place=str(target),
            )
        own = project / "script.fountain"
        if own.exists() and target.samefile(own):
            raise BadInput(
                "That file is the project's own script under another name.",
                remedy="Choose another name.",
                place=str(target),
            )
    return target


def put_in_place(path: Path, target: Path, overwrite: bool) -> None:
    """Give a staged file its name, and make that last through a power cut.

    Where this fails, a file of the staged one's making is gone again; one that it replaced is the caller's
    to bring back.
    """
    with disk(target, "written"):
        if overwrite:
            path.replace(target)
        else:
            _name_new(path, target)
    try:
        sync_folder(target.parent)
    except BaseException:
        if not overwrite:
            remove(target)
        raise


def _name_new(path: Path, target: Path) -> None:
    """Rename without replacing a file that somebody else made in the meantime."""
    if path.is_dir():
        if target.exists():
            raise BadInput(
                "A folder of that name was made while this one was written.",
                remedy="Choose another name.",
                place=str(target),
            )
        # A folder that is not empty is never replaced by a rename.
        path.rename(target)
        return
    try:
        os.link(path, target)
    except FileExistsError as error:
        raise BadInput(
            "A file of that name was made while this one was written.",
            remedy="Choose another name, or say that it may be replaced.",
            place=str(target),
        ) from error
    except OSError:
        # File systems without hard links (FAT, some network shares).
        path.rename(target)
        return
    path.unlink()


def keep_replaced(target: Path, kept: Path, before: Sha256 | None) -> None:
    """Give a file that is about to be replaced a second name, or make a copy of it there.

    Args:
        before: the hash of the file that may be replaced.

    Raises:
        BadInput: another one stands there by now.
    """
    try:
        with disk(target, "written"):
            try:
                os.link(target, kept)
            except OSError:
                shutil.copy2(target, kept)
            now = _digest(kept)
        if now != before:
            raise BadInput(
                "The file of that name was changed while the export was made, and stays as it is.",
                remedy="Choose another name, or take the file away.",
                place=str(target),
            )
    except BaseException:
        kept.unlink(missing_ok=True)
        raise


def _digest(path: Path) -> Sha256:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def take_back(staged: Path, target: Path, replaced: Path | None, *, named: bool) -> None:
    """Leave things as they were before the export: `replaced` is where `keep_replaced` put the old file."""
    remove(staged)
    if replaced and replaced.exists():
        replaced.replace(target)
    elif named:
        remove(target)
