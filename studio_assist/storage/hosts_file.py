"""backends.toml: the hosts that somebody set up, for one project or for every project on this machine.

It holds no key. People may write it by hand; their comments and their order stay. It names no more than an
address: what may be sent there is for the gate to say, and a key goes only where a person gave it for.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field, ValidationError

from studio_assist.domain.errors import BadInput
from studio_assist.domain.generation import HostSettings
from studio_assist.domain.values import Value
from studio_assist.storage.atomic import read_bytes, write_atomic
from studio_assist.storage.faults import disk

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

#: The file's name, in a project's folder and in the user's own.
NAME: Final = "backends.toml"
#: The version of the file format that this program reads and writes.
FORMAT: Final = 1
#: The most hosts that one file may name, and the most bytes it may have.
MOST: Final = 200
_MOST_BYTES: Final = 500_000

_REMEDY: Final = "Correct the file in a text editor, or take it away and add the hosts anew."
_FIELD: Final = re.compile(r"[A-Za-z0-9_]{1,60}(\.[A-Za-z0-9_]{1,60}){0,7}")
_ASIDE: Final = "key-variables.json"


class HostsFile:
    """The hosts in one folder. What is read is kept until the file changes.

    Args:
        folder: a project's, or the user's own.
    """

    def __init__(self, folder: Path) -> None:
        self.path: Final = folder / NAME
        self._read: tuple[object, tuple[HostSettings, ...]] | None = None

    def load(self) -> tuple[HostSettings, ...]:
        """The hosts in their order; none where there is no file.

        Raises `BadInput`, with the place, for a file that is not exactly as it should be, and `Unavailable`
        where the disk does not let it be read.
        """
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return ()
        except OSError:
            read_bytes(self.path)
            raise
        stamp = (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
        if self._read is None or self._read[0] != stamp:
            if found.st_size > _MOST_BYTES:
                raise self._bad(f"it has more than {_MOST_BYTES:,} bytes")
            self._read = (stamp, self._hosts_in(self._text()))
        return self._read[1]

    def put(self, settings: HostSettings) -> None:
        """Add a host, or put it in place of the one of its id. Errors as `load`."""
        self.load()
        import tomlkit

        document = self._document()
        tables: Any = document.get("backend")
        if tables is None:
            document.add(tomlkit.nl())
            document["backend"] = tables = tomlkit.aot()
        plain = settings.model_dump(mode="json", exclude_defaults=True)
        old = next((table for table in tables if table.get("id") == settings.id), None)
        if old is None:
            if len(tables) >= MOST:
                raise BadInput(
                    f"There are {MOST} hosts already.",
                    remedy="Take one away that is not used.",
                    place=str(self.path),
                )
            table = tomlkit.table()
            table.update(plain)
            if tables:
                tables[-1].add(tomlkit.nl())
            tables.append(table)
        else:
            for name in [name for name in old if name not in plain]:
                del old[name]
            for name, value in plain.items():
                if old.get(name) != value:
                    old[name] = value
        self._write(tomlkit.dumps(document))

    def remove(self, identifier: str) -> None:
        """Take a host away; nothing happens where there is none of this id. Errors as `load`."""
        if all(settings.id != identifier for settings in self.load()):
            return
        import tomlkit

        document = self._document()
        tables: Any = document["backend"]
        del tables[next(place for place, table in enumerate(tables) if table.get("id") == identifier)]
        if not tables:
            del document["backend"]
        self._write(tomlkit.dumps(document))

    # internals

    def _text(self) -> str:
        try:
            return read_bytes(self.path).decode("utf-8")
        except UnicodeDecodeError as error:
            raise self._bad("it is not UTF-8 text") from error

    def _document(self) -> TOMLDocument:
        import tomlkit

        if self.path.exists():
            return tomlkit.parse(self._text())
        document = tomlkit.document()
        document.add(tomlkit.comment("Hosts that models run at. Keys stand in the keychain, never here."))
        document["format_version"] = FORMAT
        return document

    def _write(self, text: str) -> None:
        # What is written has to read back; a file that does not would take every host away.
        hosts = self._hosts_in(text)
        with disk(self.path.parent, "made"):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(self.path, text.encode("utf-8"))
        found = self.path.stat()
        self._read = ((found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino), hosts)

    def _hosts_in(self, text: str) -> tuple[HostSettings, ...]:
        try:
            content = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise self._bad(str(error) or "it is no TOML") from error
        version = content.pop("format_version", None)
        if type(version) is not int or version != FORMAT:
            raise self._bad(f"it is of format {version!r}, and this program reads format {FORMAT}")
        listed = content.pop("backend", [])
        if content:
            raise self._bad(f"nothing is known of {next(iter(content))!r}")
        if not isinstance(listed, list) or len(listed) > MOST:  # pyright: ignore[reportUnknownArgumentType]  # whatever TOML holds
            raise self._bad("its hosts are no list of tables, or too many")
        hosts: list[HostSettings] = []
        for place, table in enumerate(listed, start=1):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            where = f"host {place}"
            if not isinstance(table, dict):
                raise self._bad(f"{where} is no table")
            try:
                settings = HostSettings.model_validate(_tuples(table))
                check_settings(settings)
            except ValidationError as error:
                first = error.errors(include_url=False, include_input=False)[0]
                field = ".".join(str(part) for part in first["loc"])
                raise self._bad(f"{where}, {field}: {first['msg']}") from error
            except BadInput as error:
                raise self._bad(f"{where}, {error.place}: {error.message}") from error
            if any(settings.id == other.id for other in hosts):
                raise self._bad(f"{where} has the id {settings.id!r}, which another one has too")
            hosts.append(settings)
        return tuple(hosts)

    def _bad(self, what: str) -> BadInput:
        return BadInput(
            f"The hosts in {NAME} cannot be read: {what.rstrip('.')}.", remedy=_REMEDY, place=str(self.path)
        )


def check_settings(settings: HostSettings) -> None:
    """Raises `BadInput` for an address that could be read in two ways, or words that are more than a line."""
    host, _, port = (
        settings.authority.rpartition(":")
        if re.search(r":\d+$", settings.authority)
        else (
            settings.authority,
            "",
            "",
        )
    )
    if port and (port.startswith("0") or int(port) > 65535):
        raise _wrong("url", "the port is a number from 1 to 65535")
    try:
        if host.startswith("["):
            ipaddress.IPv6Address(host[1:-1])
        elif re.fullmatch(r"[0-9]+|0x[0-9a-f]*", host.rsplit(".", 1)[-1]):
            # WHATWG URL: a name whose last part is a number is an address, however oddly it is written.
            ipaddress.IPv4Address(host)
        elif any(not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", part) for part in host.split(".")):
            raise _wrong("url", "that is no name of a host")
    except ValueError as error:
        raise _wrong("url", "that is no address of a host") from error
    path = "/" + settings.url.partition("://")[2].partition("/")[2]
    if re.search(r"/\.{1,2}(/|$)|%(2e|2f|5c|25|00|0a|0d)", path, re.IGNORECASE):
        raise _wrong("url", "the path leads up, or hides characters that separate paths")
    for field, longest in (("name", 80), ("model", 200), ("region", 80)):
        words: str = getattr(settings, field)
        if len(words) > longest or not words.isprintable() or words != words.strip():
            raise _wrong(field, f"it is one line of at most {longest} characters")
    for path, value in settings.fields.items():
        texts = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
        if not _FIELD.fullmatch(path) or any(len(text) > 200 or not text.isprintable() for text in texts):
            raise _wrong("fields", "a field is a dotted path, and its value one short line")


class _Variable(Value):
    """A variable of the environment that a person named as the key for one origin."""

    origin: str
    variable: str


class _Variables(Value):
    version: Literal[1] = 1
    variables: Annotated[tuple[_Variable, ...], Field(max_length=1000)] = ()


class KeyVariables:
    """Which variables of the environment a person on this machine named as keys, each for one origin.

    A project's own file may name any variable beside any address. Without this list, whoever hands a project
    on could have a secret of this machine sent to a host of theirs.

    Args:
        home: the user's own folder.
    """

    def __init__(self, home: Path) -> None:
        self._path: Final = home / _ASIDE

    def has(self, origin: str, variable: str) -> bool:
        """Whether a person named this variable for this origin."""
        return _Variable(origin=origin, variable=variable) in self._load()

    def add(self, origin: str, variable: str) -> None:
        """A person names it."""
        known = self._load()
        named = _Variable(origin=origin, variable=variable)
        if named in known:
            return
        with disk(self._path.parent, "made"):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        kept = _Variables(variables=(*known, named)[-1000:])
        write_atomic(self._path, kept.model_dump_json(indent=1).encode("utf-8") + b"\n")

    def _load(self) -> tuple[_Variable, ...]:
        # A list that cannot be read names nothing: a variable is then asked for again.
        try:
            return _Variables.model_validate_json(self._path.read_bytes()).variables
        except (OSError, ValidationError):
            return ()


def _wrong(field: str, what: str) -> BadInput:
    return BadInput(f"{what[0].upper()}{what[1:]}.", remedy="Look at it once more.", place=field)


def _tuples(table: Iterable[Any]) -> dict[str, Any]:
    """A TOML table with its lists as tuples, two floors deep, which is as deep as settings go."""
    read: dict[str, Any] = {}
    for name, value in dict(table).items():
        inner: Any = value
        if isinstance(inner, dict):
            inner = _tuples(inner)
        read[str(name)] = tuple(inner) if isinstance(inner, list) else inner
    return read
