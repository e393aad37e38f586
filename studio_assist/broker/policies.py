"""Policies and provider cards from their files, and which of them a project is held to.

The user's own files stand in `policies/` and `providers/` of their folder, each named as its id. One of them
wins over the built-in file of the same id. One that cannot be read is never replaced by the built-in file:
whoever put it there may have meant it to be stricter. Its id is missing then, and what is missing keeps the
gate shut.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from studio_assist.domain.errors import BadInput, StudioError, Unavailable
from studio_assist.domain.policy import Policy, policy_of
from studio_assist.domain.record import PolicyChosen, PolicyPin
from studio_assist.domain.values import Sha256, sha256_of
from studio_assist.paths import resource
from studio_assist.storage.faults import explained
from studio_assist.storage.project_file import ProjectInfo

#: What a project that was not asked works under.
DEFAULT: Final = "netflix-2025"
#: No policy or card is larger.
_MOST_BYTES: Final = 256 * 1024
#: What a file that is no TOML says of its id.
_SAID_ID: Final = re.compile(r"""^\s*id\s*=\s*["']([^"'\n]+)["']""", re.MULTILINE)
_LINE: Final = re.compile(r"\(at line (\d+)")


class _Named(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Named)


class Held(NamedTuple, Generic[T]):
    """One file's value, and the SHA-256 of the file's bytes."""

    value: T
    sha256: Sha256


class Shelf(NamedTuple, Generic[T]):
    """Everything of one kind, the user's own files first, and what could not be read."""

    held: Mapping[str, Held[T]]
    problems: tuple[StudioError, ...]

    @property
    def values(self) -> tuple[T, ...]:
        """What could be read."""
        return tuple(one.value for one in self.held.values())


class RuleFiles(Generic[T]):
    """Reads the files of one kind. Every call reads their bytes; only bytes that changed are parsed.

    Args:
        folder: their folder's name, in the program's resources and in the user's own folder.
        read: makes the value; raises `BadInput`.
    """

    def __init__(self, home: Path, folder: str, read: Callable[[Mapping[str, object], str], T]) -> None:
        self._home: Final = home
        self._folder: Final = folder
        self._of: Final = read
        self._known: dict[Path, Held[T]] = {}

    def shelf(self) -> Shelf[T]:
        """All of them as the files say now."""
        own: dict[str, Held[T]] = {}
        missing: set[str] = set()
        problems: list[StudioError] = []
        try:
            files = _files(self._home / self._folder)
        except OSError as error:
            # Nobody knows which of the built-in files it speaks against.
            return Shelf({}, (explained(error, self._home / self._folder, "read"),))
        for path in files:
            try:
                found = self._held(path)
                if found.value.id != path.stem:
                    missing.add(found.value.id)
                    raise BadInput(
                        f"This file holds “{found.value.id}” and is named {path.name}.",
                        remedy=f"Name it {found.value.id}.toml, or give it the id “{path.stem}”.",
                        place=str(path),
                    )
            except StudioError as error:
                missing |= {path.stem, *_said_ids(path)}
                problems.append(error)
            else:
                own[path.stem] = found
        held = {name: one for name, one in own.items() if name not in missing}
        for path in _files(resource(self._folder)):
            if path.stem in own or path.stem in missing:
                continue
            try:
                held[path.stem] = self._held(path)
            except StudioError as error:
                problems.append(error)
        return Shelf(held, tuple(problems))

    def _held(self, path: Path) -> Held[T]:
        data = _bytes(path)
        digest = sha256_of(data)
        known = self._known.get(path)
        if known is None or known.sha256 != digest:
            known = Held(self._of(_table(data, path), str(path)), digest)
            self._known[path] = known
        return known


def policy_files(home: Path) -> RuleFiles[Policy]:
    """Reads the policies: those that came with the program, and the user's own."""
    return RuleFiles(home, "policies", policy_of)


# A project's own -----------------------------------------------------------------------------------------


def pin_of(policy: str, home: Path) -> PolicyChosen:
    """The entry with which a new project begins to work under a policy, as its file reads now.

    Raises:
        BadInput: there is no such policy, it cannot be read, or it is an overlay.
    """
    info = ProjectInfo(title="", policy=policy)
    return pins(info, policy_files(home).shelf())


def pins(info: ProjectInfo, shelf: Shelf[Policy]) -> PolicyChosen:
    """The entry that names what project.toml says, with the files as they read now.

    Raises:
        BadInput: one of the policies is unknown, cannot be read, or stands in the other's place.
    """
    if len(set(info.overlays)) != len(info.overlays):
        raise BadInput("An overlay is named twice.", remedy="Name each one once.", place="overlays")
    return PolicyChosen(
        policy=_pin(info.policy, shelf, overlay=False),
        overlays=tuple(_pin(name, shelf, overlay=True) for name in info.overlays),
        material=info.material.value,
    )


def chosen_of(info: ProjectInfo, shelf: Shelf[Policy]) -> tuple[Policy, ...]:
    """The project's policy and its overlays; empty where one of them is not to be had."""
    try:
        pins(info, shelf)
    except BadInput:
        return ()
    return tuple(shelf.held[name].value for name in (info.policy, *info.overlays))


def _pin(name: str, shelf: Shelf[Policy], *, overlay: bool) -> PolicyPin:
    held = shelf.held.get(name)
    if held is None:
        broken = next((one for one in shelf.problems if Path(one.place or "").stem == name), None)
        if broken is not None:
            raise BadInput(broken.message, remedy=broken.remedy, place=broken.place)
        listed = ", ".join(one.id for one in shelf.values if one.overlay is overlay)
        raise BadInput(
            f"There is no policy called {name}.",
            remedy=f"Choose {'from' if overlay else 'one of'}: {listed}.",
            place="overlays" if overlay else "policy",
        )
    if held.value.overlay is not overlay:
        raise BadInput(
            f"{held.value.title} goes on top of another policy and is never a project's only one."
            if held.value.overlay
            else f"{held.value.title} is a whole policy and goes on top of none.",
            remedy="Choose it in the other place.",
            place="overlays" if overlay else "policy",
        )
    return PolicyPin(id=name, sha256=held.sha256)


# Files ---------------------------------------------------------------------------------------------------


def _files(folder: Path) -> list[Path]:
    """The TOML files of a folder, by name; none where there is no folder. Raises `OSError`."""
    try:
        found = sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    return [path for path in found if path.suffix.lower() == ".toml" and not path.name.startswith(".")]


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file() and not path.is_dir():
            # A pipe or a device would be waited for.
            raise BadInput(f"{path.name} is no file.", remedy="Take it out of the folder.", place=str(path))
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise explained(error, path, "read") from error
    if len(data) > _MOST_BYTES:
        raise Unavailable(
            f"{path.name} is far too large.",
            remedy="Shorten it, or take it out of the folder.",
            place=str(path),
        )
    return data


def _table(data: bytes, path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{path.name} is not UTF-8 text.", remedy="Save it as UTF-8.", place=str(path)
        ) from error
    except RecursionError as error:
        raise BadInput(
            f"{path.name} is nested too deeply.", remedy="Correct the file.", place=str(path)
        ) from error
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        raise BadInput(
            f"{path.name} is not TOML: {str(error).split(' (at', 1)[0]}.",
            remedy="Correct the file, or take it out of the folder.",
            place=f"{path}, line {line[1]}" if line else str(path),
        ) from error


def _said_ids(path: Path) -> list[str]:
    """Ids that a file which cannot be read may have been meant for."""
    try:
        return _SAID_ID.findall(_bytes(path).decode("utf-8", "replace"))
    except StudioError:
        return []
