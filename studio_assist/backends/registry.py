"""Finds the backends: the built-in ones and every plugin's, through one entry-point group.

Some write (`get`), some draw (`drawer`); one that does both answers to both.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
from collections.abc import AsyncGenerator, Iterable, Iterator
from typing import Any, Final

import pluggy

from studio_assist.domain.errors import BadInput, StudioError, Unavailable
from studio_assist.domain.generation import BackendInfo, Event, TextBackend, TextRequest, Where
from studio_assist.domain.pictures import PictureBackend

from . import hookspec
from .hookspec import GROUP, BackendConfig


class NotLoaded:
    """Stands in the list for a plugin that could not be loaded, and says why."""

    def __init__(self, name: str, error: Exception) -> None:
        if isinstance(error, StudioError):
            why, remedy = error.message, error.remedy
        else:
            why = f"Its plugin failed with {type(error).__name__}: {error}"
            remedy = "Tell the people who made the plugin, or uninstall it."
        self.info = BackendInfo(id=name, name=name, where=Where.OUTSIDE, ready=False, why=why, remedy=remedy)

    async def generate(self, request: TextRequest) -> AsyncGenerator[Event, None]:
        raise Unavailable(self.info.why, remedy=self.info.remedy)
        yield  # makes it a generator, as the contract wants


class _DrawsOnly:
    """Stands in for a backend that draws where one that writes is asked for."""

    def __init__(self, backend: PictureBackend) -> None:
        self.backend: Final = backend

    @property
    def info(self) -> BackendInfo:
        return self.backend.info

    async def generate(self, request: TextRequest) -> AsyncGenerator[Event, None]:
        raise BadInput(
            f"{self.info.name} draws; it does not write.",
            remedy="Choose a model that writes.",
            place=self.info.id,
        )
        yield  # makes it a generator, as the contract wants


class Backends:
    """Every backend there is for one configuration. A broken plugin is listed as not ready."""

    def __init__(
        self, config: BackendConfig, entry_points: Iterable[importlib.metadata.EntryPoint] | None = None
    ) -> None:
        if entry_points is None:
            entry_points = importlib.metadata.entry_points(group=GROUP)
        # Built-ins first, so that no plugin can take the name of one; then by name: the same order each time.
        ours = f"{__package__}."
        found: dict[str, TextBackend] = {}
        for point in sorted(entry_points, key=lambda point: (not point.value.startswith(ours), point.name)):
            for backend in _offered(point, config):
                writes = hasattr(backend, "generate")
                found.setdefault(backend.info.id, backend if writes else _DrawsOnly(backend))
        # What runs here comes first: nobody is led to a host by the order of a list.
        self._backends = dict(sorted(found.items(), key=lambda one: not one[1].info.stays_here))

    def __iter__(self) -> Iterator[TextBackend]:
        return iter(self._backends.values())

    def infos(self) -> tuple[BackendInfo, ...]:
        """All of them as they are now, ready or not."""
        return tuple(backend.info for backend in self)

    def get(self, identifier: str) -> TextBackend:
        """Raises `BadInput` when there is none of this id."""
        backend = self._backends.get(identifier)
        if backend is None:
            known = ", ".join(self._backends) or "none"
            raise BadInput(f"There is no backend {identifier!r}.", remedy=f"Choose one of these: {known}.")
        return backend

    def drawer(self, identifier: str) -> PictureBackend:
        """The backend of this id, to draw with.

        Raises:
            BadInput: there is none of this id, or it does not draw.
        """
        found: Any = self.get(identifier)
        found = found.backend if isinstance(found, _DrawsOnly) else found
        if "pictures" not in found.info.kinds or not hasattr(found, "draw"):
            raise BadInput(
                f"{found.info.name} does not draw.",
                remedy="Choose a model that draws, or add one in the providers.",
                place=identifier,
            )
        return found


def load_modules() -> None:
    """Import what every backend is made of, for a thread: then `Backends` takes no time worth a word.

    What cannot be imported is told of when it is asked for there.
    """
    for point in importlib.metadata.entry_points(group=GROUP):
        # Whatever a stranger's module raises is its own.
        with contextlib.suppress(Exception, SystemExit):
            point.load()


def _offered(point: importlib.metadata.EntryPoint, config: BackendConfig) -> list[Any]:
    # One manager a plugin: what one of them raises must not take the others along.
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspec)
    try:
        manager.register(point.load(), name=point.name)
        manager.check_pending()
        offered: list[Any] = manager.hook.studio_assist_backends(config=config)
        backends: list[Any] = [backend for group in offered for backend in group]
        for backend in backends:
            if not isinstance(backend.info, BackendInfo):
                raise TypeError("a backend's info is a BackendInfo")
    except (Exception, SystemExit) as error:  # noqa: BLE001  whatever a stranger's module raises is its own
        shown = error if isinstance(error, Exception) else RuntimeError("it ended the program")
        return [NotLoaded(point.name, shown)]
    return backends
