"""project.toml: what a project is called, how it is run, and who works in it."""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Container
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, ValidationError

from studio_assist.domain.errors import BadInput, Damaged, StudioError
from studio_assist.domain.people import Person
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.timebase import FrameRate, rate_of
from studio_assist.domain.values import Value
from studio_assist.storage.atomic import read_bytes, set_aside, write_atomic

#: The version of the project folder that this program reads and writes.
FORMAT_VERSION: Final = 1


class ProjectInfo(Value):
    """What project.toml says.

    Attributes:
        policy, overlays: ids of the policy that the project works under, and of those on top of it.
        material: what everything of the project counts as, at least.
        frame_rate: frames a second, as people write it (23.976). drop_frame: with drop-frame timecode.
        aspect: width to height of the frame, as people write it ("2.39:1").
        mark_secret: 16 random bytes in hexadecimal, which place the invisible marks of this project's
            pictures: whoever has them can read, forge and remove those marks. None in a project made by an
            older version, until it marks its first picture.
    """

    format_version: Literal[1] = 1
    title: str
    policy: str
    overlays: tuple[str, ...] = ()
    material: Sensitivity = Sensitivity.CONFIDENTIAL
    frame_rate: Annotated[float, Field(gt=0, le=240)] = 24
    drop_frame: bool = False
    aspect: Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)?:\d+(\.\d+)?$")] = "16:9"
    people: tuple[Person, ...] = ()
    mark_secret: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")] | None = None

    @property
    def rate(self) -> FrameRate:
        """The frame rate, exactly."""
        return rate_of(self.frame_rate, drop=self.drop_frame)


def new_mark_secret() -> str:
    """What places the invisible marks of a new project."""
    return secrets.token_hex(16)


def read_info(file: Path, at: datetime) -> ProjectInfo:
    """What a project.toml says.

    Raises `BadInput` for a newer version, and `Damaged`, once a copy is set aside, for what is none.
    """
    try:
        found = tomllib.loads(read_bytes(file).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise damaged(file, at) from error
    version = found.get("format_version")
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise newer(file, version)
    known = {name: found[name] for name in ProjectInfo.model_fields if name in found}
    try:
        # Not strict, for TOML's arrays are to become tuples.
        return ProjectInfo.model_validate(known, strict=False)
    except ValidationError as error:
        raise damaged(file, at) from error


def write_info(file: Path, info: ProjectInfo) -> None:
    """Write a project.toml from nothing."""
    # Reading needs no more than the standard library; the writer is loaded by the first who writes.
    import tomlkit

    write_atomic(file, tomlkit.dumps(_plain(info)).encode("utf-8"))


def change_info(file: Path, info: ProjectInfo, at: datetime) -> None:
    """Write what has changed into a project.toml; a person's comments and their own keys stay."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError
    from tomlkit.items import Item

    try:
        document = tomlkit.parse(read_bytes(file).decode("utf-8"))
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise damaged(file, at) from error
    for name, value in _plain(info, set(document)).items():
        old = document.get(name)
        if old is None or (old.unwrap() if isinstance(old, Item) else old) != value:
            document[name] = value
    write_atomic(file, tomlkit.dumps(document).encode("utf-8"))


def newer(path: Path, version: int) -> BadInput:
    """The error for a file of a version that this program does not know."""
    return BadInput(
        f"{path.name} was made by a newer Studio Assist (format {version}; this one knows {FORMAT_VERSION}).",
        remedy="Update Studio Assist. Nothing was changed.",
        place=str(path),
    )


def damaged(path: Path, at: datetime) -> Damaged:
    """The error for a file that does not hold what it should; a copy of it is set aside."""
    try:
        kept = f"a copy was kept as {set_aside(path, at=at).name}"
    except StudioError:
        kept = "nothing could be written beside it, so it stays as it is"
    return Damaged(
        f"{path.name} does not hold what it should.",
        remedy=f"Mend it in a text editor or go on without it; {kept}.",
        place=str(path),
    )


def _plain(info: ProjectInfo, there: Container[str] = ()) -> dict[str, object]:
    """What the file says. What a project need not say stands in it only where it does so already."""
    plain = info.model_dump(mode="json", exclude_none=True)
    for name in ("overlays", "material", "drop_frame"):
        if name not in there and getattr(info, name) == ProjectInfo.model_fields[name].default:
            del plain[name]
    if info.frame_rate == int(info.frame_rate):
        plain["frame_rate"] = int(info.frame_rate)
    return plain
