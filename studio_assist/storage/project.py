"""The project folder: plain files that open without this app, written whole or not at all."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from pydantic import ValidationError

from studio_assist.domain.errors import BadInput, Conflict
from studio_assist.domain.people import Person
from studio_assist.domain.values import Sha256, Value
from studio_assist.storage.atomic import (
    Write,
    keep_version,
    kept_versions,
    read_bytes,
    set_aside,
    sweep,
    sync_folder,
    write_atomic,
    write_together,
)
from studio_assist.storage.faults import disk
from studio_assist.storage.media_files import put_file
from studio_assist.storage.project_file import (
    FORMAT_VERSION,
    ProjectInfo,
    change_info,
    damaged,
    new_mark_secret,
    newer,
    read_info,
    write_info,
)

__all__ = ["ProjectFolder", "ProjectInfo", "ScriptChanged", "Stamp"]

#: How many earlier versions of the script are kept.
PREVIOUS_VERSIONS: Final = 20

_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,8}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_T = TypeVar("_T", bound=Value)

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time that copies and versions are named by."""
    return datetime.now(UTC)


class Stamp(Value):
    """Which version of the script was read. The hash decides; the rest is for a cheap look."""

    sha256: Sha256
    size: int
    mtime_ns: int


class ScriptChanged(Conflict):
    """The script on disk is not the one that was read.

    Attributes:
        theirs: what is on disk now.
        stamp: its stamp. Saving again with it keeps one's own version, and theirs among the previous ones.
    """

    def __init__(self, path: Path, theirs: bytes, stamp: Stamp) -> None:
        super().__init__(
            "The script was changed by another program since it was read. Nothing was written.",
            remedy="Keep yours, take the one on disk, or save yours as a copy.",
            place=str(path),
        )
        self.theirs: Final = theirs
        self.stamp: Final = stamp


class ProjectFolder:
    """An open project folder.

    Attributes:
        path: the folder.
        info: what project.toml says.
    """

    def __init__(self, path: Path, info: ProjectInfo, *, clock: Clock = utc_now) -> None:
        self.path: Final = path
        self.info = info
        self._clock: Final = clock

    # making and opening

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        title: str,
        policy: str = "stays-here",
        frame_rate: float = 24,
        aspect: str = "16:9",
        script: bytes = b"",
        people: tuple[Person, ...] = (),
        clock: Clock = utc_now,
    ) -> ProjectFolder:
        """Make a project, all at once: a fault or a crash leaves no half of one.

        Raises `BadInput` where something is there already, `Unavailable` where the disk does not let it.
        """
        try:
            info = ProjectInfo(
                title=title,
                policy=policy,
                frame_rate=frame_rate,
                aspect=aspect,
                people=people,
                mark_secret=new_mark_secret(),
            )
        except ValidationError as error:
            problem = error.errors()[0]
            raise BadInput(
                f"The project's {problem['loc'][0]} cannot be that.", remedy="Choose another value."
            ) from error
        taken = BadInput(
            "There is something in that place already.",
            remedy="Choose a new folder, or open the project that is there.",
            place=str(path),
        )
        with disk(path, "made"):
            if path.exists() and (not path.is_dir() or any(path.iterdir())):
                raise taken
            path.parent.mkdir(parents=True, exist_ok=True)
            making = path.with_name(f".{path.name}.{secrets.token_hex(4)}.making")
            making.mkdir()
        try:
            project = cls(making, info, clock=clock)
            project._fill(script)
            with disk(path, "made"):
                if path.exists():
                    path.rmdir()
                making.rename(path)
            sync_folder(path.parent)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
        return cls(path, info, clock=clock)

    @classmethod
    def open(cls, path: Path, *, clock: Clock = utc_now) -> ProjectFolder:
        """Open a project.

        Raises:
            BadInput: no project there, or one of a newer version.
            Damaged: project.toml cannot be read. A copy of it was set aside; `repair` goes on.
        """
        file = path / "project.toml"
        if not file.is_file():
            raise BadInput(
                "There is no Studio Assist project here.",
                remedy="Choose a folder that holds a project.toml, or make a new project.",
                place=str(path),
            )
        return cls(path, read_info(file, clock()), clock=clock)

    @classmethod
    def repair(cls, path: Path, info: ProjectInfo, *, clock: Clock = utc_now) -> ProjectFolder:
        """Go on with a project whose project.toml is damaged or gone, as `info` says; the rest stays."""
        project = cls(path, info, clock=clock)
        file = path / "project.toml"
        if file.exists():
            set_aside(file, at=clock())
        write_info(file, info)
        for folder in (project.recovery_path, project.clearance_path, project.media_path):
            with disk(folder, "made"):
                folder.mkdir(parents=True, exist_ok=True)
        return project

    def sweep(self) -> int:
        """Remove what a crash left half written. Only for who holds the project's lock."""
        folders = [self.path, self.recovery_path, self.previous_path]
        return sum(sweep(folder) for folder in folders if folder.is_dir())

    # places

    @property
    def script_path(self) -> Path:
        return self.path / "script.fountain"

    @property
    def temp_path(self) -> Path:
        return self.path / "temp.json"

    @property
    def boards_path(self) -> Path:
        return self.path / "boards.json"

    @property
    def animatic_path(self) -> Path:
        return self.path / "animatic.json"

    @property
    def names_path(self) -> Path:
        return self.path / "names.toml"

    @property
    def ledger_path(self) -> Path:
        return self.path / "ledger.sqlite"

    @property
    def recovery_path(self) -> Path:
        return self.path / "recovery"

    @property
    def previous_path(self) -> Path:
        """Earlier versions of the script."""
        return self.recovery_path / "previous"

    @property
    def clearance_path(self) -> Path:
        return self.path / "clearance"

    @property
    def media_path(self) -> Path:
        return self.path / "media"

    @property
    def certificates_path(self) -> Path:
        """Root certificates of this project's manifests, each `<SHA-256 of its DER form>.pem`."""
        return self.path / "certificates"

    # project.toml

    def save_info(self, info: ProjectInfo) -> None:
        """Write project.toml anew; a person's comments and keys of their own in it stay."""
        change_info(self.path / "project.toml", info, self._clock())
        self.info = info

    def mark_secret(self) -> str:
        """What places this project's invisible marks; made now in a project of an older version.

        Only for who holds the project's lock, unless `info` has one already.
        """
        if self.info.mark_secret is None:
            # Two programs must not each make one: what stands on the disk by now is the one that counts.
            there = read_info(self.path / "project.toml", self._clock()).mark_secret
            self.save_info(self.info.model_copy(update={"mark_secret": there or new_mark_secret()}))
        assert self.info.mark_secret is not None
        return self.info.mark_secret

    # the script

    def read_script(self) -> tuple[bytes, Stamp]:
        """The script's bytes and which version they are. A missing script is `BadInput`."""
        data = read_bytes(self.script_path)
        return data, self._stamp_of(data)

    def script_stamp(self) -> Stamp | None:
        """Which version stands on disk now, or None where there is no script."""
        return self.read_script()[1] if self.script_path.exists() else None

    def save_script(self, data: bytes, expected: Stamp | None) -> Stamp:
        """Write the script; the version it replaces is kept.

        `expected` is the version that was read, None for a script that was not there. Raises
        `ScriptChanged` where another one stands there now, `Unavailable` where the disk does not let it;
        the script on disk is untouched then.
        """
        return self._save([], data, expected)

    def save_script_and_temp(self, script: bytes, temp: Value, expected: Stamp | None) -> Stamp:
        """Write temp.json and the script, as `save_script`.

        Both are on the disk before either is in place, temp.json first: a crash between the two leaves a
        span whose text is not there, which is shown as lost. The other order could leave a model's words
        in the script with nothing to mark them.
        """
        return self._save([Write(self.temp_path, _json(temp))], script, expected)

    def save_copy(self, data: bytes) -> Path:
        """Write a version of the script beside it, to keep both; gives its path."""
        moment = self._clock().astimezone().strftime("%Y-%m-%d %H.%M.%S")
        copy = self.path / f"script (copy {moment}).fountain"
        count = 2
        while copy.exists():
            copy = self.path / f"script (copy {moment}, {count}).fountain"
            count += 1
        write_atomic(copy, data, may_be_empty=True)
        return copy

    def previous_scripts(self) -> list[Path]:
        """Earlier versions of the script that were kept, oldest first."""
        return kept_versions(self.script_path, self.previous_path)

    # temp.json and other values

    def load_temp(self, model: type[_T]) -> _T | None:
        """What temp.json holds, or None where there is none; see `load_json`."""
        return self.load_json(self.temp_path, model)

    def save_temp(self, value: Value) -> None:
        """Write temp.json."""
        self.save_json(self.temp_path, value)

    def load_json(self, path: Path, model: type[_T]) -> _T | None:
        """A value from a file, or None where there is no file.

        Raises:
            Damaged: the file does not hold such a value. A copy of it was set aside beside it, and it
                itself stays until something is saved over it.
            BadInput: a newer Studio Assist wrote it.
        """
        if not path.exists():
            return None
        data = read_bytes(path)
        try:
            return model.model_validate_json(data)
        except ValidationError as error:
            version = _version_in(data)
            if version > FORMAT_VERSION:
                raise newer(path, version) from error
            raise damaged(path, self._clock()) from error

    def save_json(self, path: Path, value: Value) -> None:
        """Write a value to a file as JSON that reads back as the same value."""
        write_atomic(path, _json(value))

    # media

    def put_media(self, data: bytes, suffix: str = ".png") -> Sha256:
        """Keep a picture or sound by its content; gives its SHA-256. Kept once, however often it is put."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._media_path(digest, suffix)
        if path.exists() and hashlib.sha256(read_bytes(path)).hexdigest() == digest:
            return digest
        with disk(path.parent, "made"):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, data)
        return digest

    def put_media_file(
        self,
        path: Path,
        suffix: str,
        move: bool = False,
        told: Callable[[float], None] = lambda _share: None,
    ) -> Sha256:
        """Keep a large file by its content, without holding it in memory; `told` hears how far it is.

        `move`: it goes from where it was. Raises as `write_atomic`; what `told` raises stops it.
        """
        return put_file(
            path, lambda digest: self._media_path(digest, suffix), self.recovery_path, move=move, told=told
        )

    def media(self, digest: Sha256, suffix: str = ".png") -> Path | None:
        """Where a picture stands, or None: then it is missing, and is to be shown as missing."""
        path = self._media_path(digest, suffix)
        return path if path.is_file() else None

    # internals

    def _fill(self, script: bytes) -> None:
        for folder in (self.recovery_path, self.clearance_path, self.media_path):
            folder.mkdir()
        write_atomic(self.script_path, script)
        write_atomic(self.temp_path, b'{\n "version": 1,\n "spans": []\n}\n')
        write_atomic(self.boards_path, b'{\n "version": 1,\n "shots": []\n}\n')
        write_atomic(self.names_path, b"format_version = 1\n")
        # Last: a folder is a project by this file.
        write_info(self.path / "project.toml", self.info)

    def _save(self, before: list[Write], script: bytes, expected: Stamp | None) -> Stamp:
        def same_still() -> None:
            if not self.script_path.exists():
                return  # nothing there that could be lost
            theirs, stamp = self.read_script()
            if expected is None or stamp.sha256 != expected.sha256:
                raise ScriptChanged(self.script_path, theirs, stamp)

        same_still()
        keep_version(self.script_path, self.previous_path, at=self._clock(), most=PREVIOUS_VERSIONS)
        write_together(
            [*before, Write(self.script_path, script)],
            # Once more at the last moment, for writing a large script takes a while.
            guard=same_still,
            # A writer may delete everything; what was there is among the previous versions.
            may_be_empty=True,
        )
        return self._stamp_of(script)

    def _stamp_of(self, data: bytes) -> Stamp:
        with disk(self.script_path, "read"):
            modified = self.script_path.stat().st_mtime_ns
        return Stamp(sha256=hashlib.sha256(data).hexdigest(), size=len(data), mtime_ns=modified)

    def _media_path(self, digest: str, suffix: str) -> Path:
        if not _DIGEST.fullmatch(digest) or not _SUFFIX.fullmatch(suffix):
            raise BadInput("That is not the name of a picture.", remedy="Choose it in the window.")
        return self.media_path / digest[:2] / f"{digest}{suffix}"


def _json(value: Value) -> bytes:
    data = value.model_dump_json(indent=1).encode("utf-8") + b"\n"
    if type(value).model_validate_json(data) != value:
        raise ValueError(f"{type(value).__name__} does not read back as what was written")
    return data


def _version_in(data: bytes) -> int:
    found = re.match(rb'\s*\{\s*"version"\s*:\s*(\d{1,6})\b', data)
    return int(found[1]) if found else 0
