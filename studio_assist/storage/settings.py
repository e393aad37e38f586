"""What belongs to the person at this machine: who they are, the look, the projects opened last."""

from __future__ import annotations

import os
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, Self

import platformdirs
from pydantic import ValidationError

from studio_assist.domain.people import Person
from studio_assist.domain.values import PersonId, Value
from studio_assist.storage.atomic import read_bytes, set_aside, write_atomic
from studio_assist.storage.faults import disk

#: Names a folder that takes the place of all of the user's own, for tests and portable installs.
HOME_VARIABLE: Final = "STUDIO_ASSIST_HOME"
MOST_RECENTS: Final = 12


def settings_folder() -> Path:
    """Where the user's settings stand."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) if home else platformdirs.user_config_path("studio-assist", appauthor=False)


def drafts_folder() -> Path:
    """Where autosaves of untitled drafts stand."""
    home = os.environ.get(HOME_VARIABLE)
    base = Path(home) if home else platformdirs.user_data_path("studio-assist", appauthor=False)
    return base / "recovery"


class Recent(Value):
    """A project that was open on this machine."""

    path: str
    title: str
    at: str


class SettingsData(Value):
    """What settings.toml holds.

    Attributes:
        profile: who works here; None until the first start is over.
        profiles: everybody who has worked on this machine, in the order in which they came; see `everybody`.
        recents: newest first.
        options: whatever else a part of the window keeps, by name.
    """

    format_version: Literal[1] = 1
    profile: Person | None = None
    profiles: tuple[Person, ...] = ()
    theme: Literal["system", "light", "dark"] = "system"
    recents: tuple[Recent, ...] = ()
    options: dict[str, str | bool | int | float] = {}

    @property
    def everybody(self) -> tuple[Person, ...]:
        """Every named person of this machine, each once, as they are now."""
        found = {person.id: person for person in self.profiles if not person.automated}
        if self.profile is not None and not self.profile.automated:
            found[self.profile.id] = self.profile
        return tuple(found.values())

    def with_profile(self, person: Person) -> Self:
        """The same with this person at the keyboard, who is known here from now on."""
        # Whoever was at the keyboard before stays known, as in settings that listed nobody.
        everybody = {one.id: one for one in (*self.everybody, person)}
        return self.model_copy(update={"profile": person, "profiles": tuple(everybody.values())})

    def without_profile(self, person: PersonId) -> Self:
        """The same without somebody who is not at the keyboard. Their keys and what they did stay."""
        others = tuple(one for one in self.everybody if one.id != person or one == self.profile)
        return self.model_copy(update={"profiles": others})


class Settings:
    """The settings file.

    Attributes:
        damaged_copy: where a settings file that could not be read was copied to, or None.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder: Final = folder or settings_folder()
        self.path: Final = self.folder / "settings.toml"
        self.damaged_copy: Path | None = None

    def load(self) -> SettingsData:
        """The settings, or fresh ones where there are none. What cannot be read is set aside, not lost."""
        if not self.path.exists():
            return SettingsData()
        data = read_bytes(self.path)
        try:
            found = tomllib.loads(data.decode("utf-8"))
            # TOML has arrays, and values have tuples; checked as JSON, arrays are both.
            return SettingsData.model_validate(found, strict=False)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError):
            self.damaged_copy = set_aside(self.path, at=datetime.now(UTC))
            return SettingsData()

    def save(self, settings: SettingsData) -> None:
        """Write the settings. Raises `Unavailable` where the disk does not let it."""
        # Reading needs no more than the standard library; the writer is loaded by the first who writes.
        import tomlkit

        with disk(self.folder, "made"):
            self.folder.mkdir(parents=True, exist_ok=True)
        plain = settings.model_dump(mode="json", exclude_none=True)
        write_atomic(self.path, tomlkit.dumps(plain).encode("utf-8"))

    def remember(self, project: Path, title: str, *, at: datetime) -> SettingsData:
        """Put a project first among the recent ones; gives the settings as saved."""
        settings = self.load()
        here = Recent(path=str(project.absolute()), title=title, at=at.astimezone(UTC).isoformat())
        others = (recent for recent in settings.recents if recent.path != here.path)
        settings = settings.model_copy(update={"recents": (here, *others)[:MOST_RECENTS]})
        self.save(settings)
        return settings
