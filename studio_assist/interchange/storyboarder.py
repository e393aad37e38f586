"""Projects of Wonder Unit Storyboarder, versions 1 to 3: a JSON file, and a folder `images` beside it.

A board there is a shot here: what it calls a shot ("1A", "1B") is kept in the boards' names and their order.
What its 3D shot generator made is a rendering and no drawing: neither its data nor its picture is taken in.

Source: the program's own files, and what it says of them in https://github.com/wonderunit/storyboarder,
`src/js/models/board.js` (the order of layers, the names of pictures).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from studio_assist.domain.errors import BadInput
from studio_assist.domain.incoming import IncomingBoard, IncomingBoards, IncomingLayer, ReportLine
from studio_assist.domain.shot_numbers import letters
from studio_assist.domain.timebase import FrameRate, rate_of
from studio_assist.interchange.picture_sizes import picture_size

MOST_BOARDS: Final = 5000
#: From the lowest up, as the program stacks them. A layer that is not named here lies above `ink`.
_ORDER: Final = ("main", "reference", "fill", "tone", "pencil", "ink", "notes")
_GENERATED: Final = "shot-generator"
#: Layers of its own window, which hold nothing that was drawn.
_HELPERS: Final = ("onion", "guides", "composite")
_MOST_LAYERS: Final = 40
_LONGEST_MS: Final = 600_000
_DEFAULT_MS: Final = 2000
_LONGEST_TEXT: Final = 20_000
_SCENE: Final = re.compile(r"^Scene-(\d{1,4})(?:-|$)", re.IGNORECASE)
_SOUNDS: Final = (".wav", ".mp3", ".m4a", ".aac", ".ogg", ".flac", ".aif", ".aiff", ".webm")

_Object = Mapping[str, Any]


def read_storyboarder(path: Path, data: bytes, told: Callable[[], None] = lambda: None) -> IncomingBoards:
    """A project: its boards, with layers that are there and layers that are missing.

    Args:
        path: of the `.storyboarder` file; `data` is what it holds.

    Raises:
        BadInput: no such file, damaged, or without boards.
    """
    return _Reader(path, _document(data, path.name), told).read()


def _document(data: bytes, name: str) -> _Object:
    damaged = BadInput(
        "The Storyboarder project is damaged or cut short.",
        remedy="Open it in Storyboarder and save it once more, or take the newest of its backups.",
        place=name,
    )
    try:
        document: object = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except json.JSONDecodeError as error:
        place = f"{name}, line {error.lineno}"
        raise BadInput(damaged.message, remedy=damaged.remedy, place=place) from error
    except (ValueError, RecursionError) as error:
        # No text, a number without end, or lists in lists without end.
        raise damaged from error
    if not isinstance(document, dict):
        raise damaged
    found = cast(_Object, document)
    if not isinstance(found.get("boards"), list):
        raise BadInput(
            "This Storyboarder file holds no boards: it is the project of a script.",
            remedy="Choose the .storyboarder file of one of its scenes, in the folder storyboards.",
            place=name,
        )
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")


class _Reader:
    """One project on its way in."""

    def __init__(self, path: Path, document: _Object, told: Callable[[], None]) -> None:
        self._path: Final = path
        self._document: Final = document
        self._told: Final = told
        self._images: Final = path.parent / "images"
        self._report: Final[list[ReportLine]] = []
        self._default_ms = _DEFAULT_MS
        self._sizes: Final[set[tuple[int, int]]] = set()
        self._generated = 0
        self._uids: Final[set[str]] = set()
        self._is_old: Final = str(document.get("version", "")).startswith(("0.", "1."))

    def read(self) -> IncomingBoards:
        listed = cast(list[object], self._document["boards"])
        self._default_ms = self._milliseconds(self._document.get("defaultBoardTiming")) or _DEFAULT_MS
        found = _SCENE.match(self._path.parent.name) or _SCENE.match(self._path.stem)
        scene = str(int(found[1])) if found else ""
        boards: list[IncomingBoard] = []
        names = self._names(listed)
        for place, (one, name) in enumerate(zip(listed[:MOST_BOARDS], names, strict=False), 1):
            self._told()
            if not isinstance(one, dict):
                self._say(place, name, "It is damaged and was left out.")
                continue
            boards.append(self._board(cast(_Object, one), place, name, scene))
        self._say_of_all(listed, boards)
        width = max((size[0] for size in self._sizes), default=0)
        height = max((size[1] for size in self._sizes), default=0)
        return IncomingBoards(
            format="storyboarder",
            rate=self._rate(),
            width=width,
            height=height,
            boards=tuple(boards),
            report=tuple(self._report),
        )

    def _names(self, listed: list[object]) -> Iterator[str]:
        """What each board is called: "3B", the second board of the third shot."""
        shot, board = 0, 0
        for one in listed:
            told = cast(_Object, one) if isinstance(one, dict) else {}
            shot, board = (shot + 1, 1) if told.get("newShot") or not shot else (shot, board + 1)
            own = told.get("shot")
            yield own[:20] if isinstance(own, str) and own else f"{shot}{letters(board)}"

    def _board(self, one: _Object, place: int, name: str, scene: str) -> IncomingBoard:
        duration = self._milliseconds(one.get("duration"))
        if duration is None and one.get("duration") is not None:
            self._say(place, name, "Its duration is no time; it has the project's own.")
        link = one.get("link")
        if isinstance(link, str) and link:
            said = f"It is linked to {_short(link)}. Its layers are taken as Storyboarder saved them last."
            self._say(place, name, said)
        uid = self._own_uid(one.get("uid"), place)
        return IncomingBoard(
            name=name,
            uid=uid,
            scene=scene,
            duration_ms=duration or self._default_ms,
            action=self._text(one, "action", place, name),
            dialogue=self._text(one, "dialogue", place, name),
            notes=self._text(one, "notes", place, name),
            layers=self._layers(one, place, name),
            audio=self._audio(one, place, name),
            keep_layers=True,
            preview=self._poster(one),
        )

    def _own_uid(self, told: object, place: int) -> str:
        """What the program names a board by; one that was copied by hand may have another's."""
        uid = told[:64] if isinstance(told, str) and told else f"board {place}"
        if uid in self._uids:
            uid = f"{uid} {place}"
        self._uids.add(uid)
        return uid

    def _layers(self, one: _Object, place: int, name: str) -> tuple[IncomingLayer, ...]:
        told: object = one.get("layers")
        named: dict[str, _Object] = {}
        if isinstance(told, dict):
            layers = cast(Mapping[str, object], told)
            for layer, its in list(layers.items())[:_MOST_LAYERS]:
                if isinstance(its, dict):
                    named[layer[:40]] = cast(_Object, its)
        if named.pop(_GENERATED, None) is not None or "sg" in one or "sts" in one:
            self._generated += 1
        for helper in _HELPERS:
            named.pop(helper, None)
        if not any(drawn in named for drawn in _ORDER[2:-1]) and self._is_old:
            # Before layers had names of their own, the drawing itself was the board's picture.
            named = {"main": {"url": one.get("url")}, **named}
        found: list[IncomingLayer] = []
        for layer in sorted(named, key=_height):
            url = named[layer].get("url")
            if not isinstance(url, str) or not url:
                continue
            file = self._picture(url, place, name, layer)
            if layer == "main" and file is None and len(named) > 1:
                # Version 1 names a picture there that it writes only once something is drawn on it.
                self._report.pop()
                continue
            found.append(IncomingLayer(name=layer, file=file, opacity=_share(named[layer].get("opacity"))))
        return tuple(found)

    def _poster(self, one: _Object) -> str | None:
        """The picture that the program keeps of every board. It is shown; only layers are taken in."""
        url = one.get("url")
        if not isinstance(url, str):
            return None
        poster = self._inside(f"{url.removesuffix('.png')}-posterframe.jpg")
        if poster is None:
            return None
        try:
            picture_size(poster)
        except BadInput:
            # The layers stand for themselves.
            return None
        return str(poster)

    def _picture(self, url: str, place: int, name: str, layer: str) -> str | None:
        """The file of a layer; None where it is missing, damaged or outside of the project."""
        file = self._inside(url)
        if file is None:
            said = f"Its layer {layer} is named by {_short(url)}, which is outside of the project's images."
            self._say(place, name, said, "Put the picture into the folder images beside the project.")
            return None
        try:
            self._sizes.add(picture_size(file))
        except BadInput as error:
            self._say(place, name, f"Layer {layer} ({_short(url)}): {error.message}", error.remedy)
            return None
        return str(file)

    def _inside(self, url: str) -> Path | None:
        """A file of the folder `images`; None for a name that leads elsewhere, or through a link."""
        if not url or "\0" in url or ":" in url or url.startswith(("/", "\\", "~")) or len(url) > 400:
            return None
        parts = url.replace("\\", "/").split("/")
        if ".." in parts:
            return None
        try:
            folder = self._images.resolve()
            file = folder.joinpath(*parts).absolute()
            inside = file.resolve() == file and file.is_relative_to(folder)
        except (OSError, RuntimeError, ValueError):
            return None
        return file if inside else None

    def _audio(self, one: _Object, place: int, name: str) -> str | None:
        told: object = one.get("audio")
        if not isinstance(told, dict):
            return None
        file_name = cast(Mapping[str, object], told).get("filename")
        if not isinstance(file_name, str) or not file_name:
            return None
        file = self._inside(file_name)
        if file is None or not file.name.casefold().endswith(_SOUNDS):
            said = f"Its sound is named by {_short(file_name)}, which is no sound file of the project."
            self._say(place, name, said, "Import the sound by itself.")
            return None
        if not file.is_file():
            said = f"Its sound {_short(file_name)} is missing."
            self._say(place, name, said, "Put it into the folder images, then import again.")
            return None
        return str(file)

    def _text(self, one: _Object, field: str, place: int, name: str) -> str:
        told: object = one.get(field)
        if not isinstance(told, str):
            return ""
        # A lone half of a character would be in no file.
        text = told.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\0", "")
        if len(text) > _LONGEST_TEXT:
            self._say(place, name, f"Its {field} was longer than {_LONGEST_TEXT:,} signs and was cut.")
        return text[:_LONGEST_TEXT].strip()

    def _milliseconds(self, told: object) -> int | None:
        if isinstance(told, bool) or not isinstance(told, int | float):
            return None
        if not math.isfinite(told) or not 0 < told <= _LONGEST_MS:
            return None
        return max(1, round(told))

    def _rate(self) -> FrameRate | None:
        told: object = self._document.get("fps")
        if isinstance(told, bool) or not isinstance(told, int | float) or not 1 <= told <= 240:
            return None
        return rate_of(float(told))

    def _say(self, place: int, name: str, what: str, remedy: str = "") -> None:
        self._report.append(ReportLine(where=f"board {place} ({name})", what=what, remedy=remedy))

    def _say_of_all(self, listed: list[object], boards: list[IncomingBoard]) -> None:
        said: list[tuple[str, str]] = []
        if len(listed) > MOST_BOARDS:
            said.append(
                (f"{len(listed) - MOST_BOARDS:,} boards behind the first {MOST_BOARDS:,} were left out.", "")
            )
        if not boards:
            said.append(("There are no boards in it.", ""))
        if self._generated:
            counted = "1 board has" if self._generated == 1 else f"{self._generated} boards have"
            said.append(
                (
                    f"{counted} a rendering of the shot generator, which is no drawing and was left out.",
                    "Stage the shot here, or drop the rendering on its panel: it then waits for a decision.",
                )
            )
        shots = sum(1 for board in boards if re.fullmatch(r"\D*\d+A", board.name))
        if boards and shots and shots < len(boards):
            said.append(
                (f"{len(boards)} boards of {shots} shots: here each board is a shot, in the same order.", "")
            )
        for what, remedy in reversed(said):
            self._report.insert(0, ReportLine(where=self._path.name, what=what, remedy=remedy))


def _height(layer: str) -> tuple[int, str]:
    """Where a layer lies; unknown ones between ink and notes, by their names."""
    if layer in _ORDER:
        return 2 * _ORDER.index(layer), ""
    return 2 * _ORDER.index("ink") + 1, layer


def _share(told: object) -> float:
    if isinstance(told, bool) or not isinstance(told, int | float) or not math.isfinite(told):
        return 1.0
    return min(1.0, max(0.0, float(told)))


def _short(name: str) -> str:
    plain = "".join(sign if sign.isprintable() else "?" for sign in name)
    return plain if len(plain) <= 80 else f"{plain[:79]}…"
