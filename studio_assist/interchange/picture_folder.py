"""A folder of pictures, or one picture, as boards: in the order that people count, named by shot numbers.

`14A.png`, `sc14_sh02.png` and `0003_14C.jpg` name their shots; `IMG_2041.jpg` names none.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from studio_assist.domain.errors import BadInput
from studio_assist.domain.incoming import IncomingBoard, IncomingBoards, IncomingLayer, ReportLine
from studio_assist.interchange.picture_sizes import picture_size
from studio_assist.interchange.reading import is_text

#: More than any film's board in one folder; the rest is reported.
MOST_PICTURES: Final = 5000
_MOST_LISTED: Final = 50_000
_ENDINGS: Final = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
#: Files that systems leave in folders.
_NOT_MEANT: Final = ("thumbs.db", "desktop.ini")
#: "sc14_sh02", "Scene 14 Shot 2b", "s014_sh020".
_SCENE_SHOT: Final = re.compile(
    r"(?:^|[^a-z])(?:scene|scn|sc|s)[ _.-]*0*(\d{1,4}[a-z]?)[ _.-]*(?:shot|sht|sh)"
    r"[ _.-]*0*(\d{1,4}|[a-z]{1,2})(?![a-z0-9])",
    re.IGNORECASE,
)
#: "14A", "14-A", "102AB": a scene's number and its shot's letters, as `domain.shot_numbers` writes them.
_NUMBER: Final = re.compile(r"(?<![A-Za-z0-9])0*(\d{1,4})-?([A-HJ-NP-Z]{1,2}\d{0,2})(?![A-Za-z0-9])")
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_PARTS: Final = re.compile(r"\d+|\D+")


def read_pictures(path: Path, told: Callable[[], None] = lambda: None) -> IncomingBoards:
    """The pictures in a folder (not in folders inside of it), or one picture.

    What cannot be read is in the report and not among the boards.

    Raises:
        BadInput: there is no picture in it; it may not be read; one picture alone cannot be read.
    """
    if not path.is_dir():
        picture_size(path)
        return IncomingBoards(format="pictures", boards=(_board(path),))
    report: list[ReportLine] = []
    boards: list[IncomingBoard] = []
    sizes: Counter[tuple[int, int]] = Counter()
    files = _listed(path, report)
    for file in files[:MOST_PICTURES]:
        told()
        try:
            sizes[picture_size(file)] += 1
        except BadInput as error:
            report.append(ReportLine(where=file.name, what=error.message, remedy=error.remedy))
            continue
        boards.append(_board(file))
    if not boards:
        first = f" {report[0].where}: {report[0].what}" if report else ""
        raise BadInput(
            f"The folder holds no picture that can be read.{first}",
            remedy="Choose a folder with PNG, JPEG, WebP, TIFF, GIF or BMP files in it.",
            place=path.name,
        )
    if len(files) > MOST_PICTURES:
        left = f"{len(files) - MOST_PICTURES:,} pictures behind the first {MOST_PICTURES:,} were left out."
        report.append(ReportLine(where=path.name, what=left, remedy="Import them from a second folder."))
    report += _twice(boards)
    width, height = next(iter(sizes)) if len(sizes) == 1 else (0, 0)
    return IncomingBoards(
        format="pictures", width=width, height=height, boards=tuple(boards), report=tuple(report)
    )


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts "shot 2" before "shot 10". Digits count by their length: no number is too long for it."""
    parts: list[tuple[int, int, str]] = []
    for part in _PARTS.findall(name.casefold()):
        digits = part.lstrip("0") if part.isascii() and part.isdigit() else None
        parts.append((1, 0, part) if digits is None else (0, len(digits), digits))
    return (*parts, (2, 0, name))


def shot_named(stem: str) -> tuple[str, str]:
    """The scene's number and the shot's that a file's name gives: ("14", "14A"); "" where it gives none.

    A shot that is counted ("sh02") is written with its letter, as boards write it.
    """
    if found := _SCENE_SHOT.search(stem):
        scene, shot = found[1].upper(), found[2].upper()
        if shot.isdigit():
            shot = _letters(_counted(stem[found.start(2) - 1 : found.end(2)], int(shot)))
        return (scene, f"{scene}{'-' if scene[-1].isalpha() else ''}{shot}") if shot else (scene, "")
    numbers = _NUMBER.findall(stem)
    if not numbers:
        return "", ""
    # "0003_14C": what counts files stands before what names the shot.
    scene, letters = numbers[-1]
    return scene, f"{scene}{letters}"


def _counted(written: str, count: int) -> int:
    """Which shot a count means. Three digits count in tens, so that shots fit between: 020 is two."""
    if not written.startswith("0") or count < 10:
        return count
    return count // 10 if count % 10 == 0 else 0


def _letters(count: int) -> str:
    written = ""
    while count > 0:
        count, place = divmod(count - 1, len(_LETTERS))
        written = _LETTERS[place] + written
    return written


def _board(file: Path) -> IncomingBoard:
    scene, number = shot_named(file.stem)
    layer = IncomingLayer(name=file.name[:200], file=str(file.absolute()))
    return IncomingBoard(name=file.name[:200], uid=file.name, number=number, scene=scene, layers=(layer,))


def _listed(folder: Path, report: list[ReportLine]) -> list[Path]:
    files: list[Path] = []
    try:
        with os.scandir(folder) as listing:
            for count, one in enumerate(listing):
                if count >= _MOST_LISTED:
                    raise BadInput(
                        f"The folder holds more than {_MOST_LISTED:,} files.",
                        remedy="Put the pictures into a folder of their own.",
                        place=folder.name,
                    )
                if one.name.startswith(".") or one.name.casefold() in _NOT_MEANT:
                    continue
                if not is_text(one.name):
                    shown = one.name.encode("utf-8", "replace").decode("utf-8")
                    report.append(ReportLine(where=shown, what="Its name is no text.", remedy="Rename it."))
                elif one.is_dir(follow_symlinks=False):
                    said = "A folder inside of this one is not looked into."
                    report.append(ReportLine(where=one.name, what=said, remedy="Import it by itself."))
                elif not one.name.casefold().endswith(_ENDINGS):
                    said = "Files of this kind are not read as pictures."
                    remedy = (
                        "Save it as PNG." if one.name.casefold().endswith((".psd", ".heic", ".svg")) else ""
                    )
                    report.append(ReportLine(where=one.name, what=said, remedy=remedy))
                else:
                    files.append(Path(one.path))
    except OSError as error:
        raise BadInput(
            "The folder may not be read.", remedy="Check that you may read it.", place=folder.name
        ) from error
    report.sort(key=lambda line: natural_key(line.where))
    return sorted(files, key=lambda file: natural_key(file.name))


def _twice(boards: list[IncomingBoard]) -> list[ReportLine]:
    """Of pictures that name one shot the first is that shot; the others get shots of their own."""
    first: dict[str, str] = {}
    lines: list[ReportLine] = []
    for place, board in enumerate(boards):
        if not board.number:
            continue
        if board.number in first:
            said = f"It names the shot {board.number}, as {first[board.number]} does: it gets one of its own."
            lines.append(ReportLine(where=board.name, what=said))
            boards[place] = board.model_copy(update={"number": ""})
        else:
            first[board.number] = board.name
    return lines
