"""Models that run on this machine, in the program's own runtime: the built-in one, and any GGUF file.

Nothing is sent anywhere. The built-in model is very small and says so.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from hashlib import sha256
from pathlib import Path
from typing import Final

from studio_assist.domain.errors import StudioError
from studio_assist.domain.generation import (
    BackendInfo,
    Capabilities,
    Event,
    Style,
    TextBackend,
    TextRequest,
    Where,
)
from studio_assist.domain.ports import ModelFile, ModelRuntime

from . import gguf, weights
from .hookspec import BackendConfig, hookimpl

#: Id of the built-in backend.
BUILT_IN: Final = "embedded"
#: Smaller models go on writing better than they answer, template or not (tried on SmolLM2-135M and -360M).
LEAST_FOR_CHAT: Final = 500
#: Labels by size in millions of parameters: (below, what is said).
QUALITY: Final = (
    (500, "very small offline model: rough ideas"),
    (2_000, "small offline model: short lines"),
    (6_000, "offline model: lines and short passages"),
)
_WRITES: Final = Capabilities(streaming=True, stop=True, parallel=8, seed=True, style=Style.COMPLETION)


def quality_of(parameters: int | None) -> str:
    """What is said of a model of this size."""
    if parameters is None:
        return "offline model"
    return next((label for below, label in QUALITY if parameters < below), "offline model")


class Embedded:
    """The built-in model."""

    def __init__(self, runtime: ModelRuntime, folder: Path | None = None) -> None:
        self._runtime = runtime
        self._folder = folder

    @property
    def info(self) -> BackendInfo:
        found = weights.locate(self._folder)
        error = None if found else weights.missing()
        return BackendInfo(
            id=BUILT_IN,
            name="On this machine",
            where=Where.HERE,
            model=weights.MODEL_NAME,
            parameters=weights.PARAMETERS,
            quality=quality_of(weights.PARAMETERS),
            retention_days=0,
            trains=False,
            ready=found is not None,
            why=error.message if error else "",
            remedy=error.remedy if error else "",
            capabilities=_WRITES,
        )

    async def generate(self, request: TextRequest) -> AsyncGenerator[Event, None]:
        found = weights.locate(self._folder)
        if found is None:
            raise weights.missing()
        model = ModelFile(path=found, name=weights.MODEL_NAME, sha256=weights.SHA256)
        async with aclosing(self._runtime.generate(model, request, Style.COMPLETION)) as events:
            async for event in events:
                yield event


class PickedFile:
    """A GGUF file that a person picked. Its id follows from its path, so that it stays the same."""

    def __init__(self, runtime: ModelRuntime, path: Path) -> None:
        self._runtime = runtime
        self._path = path
        self._id = f"gguf-{sha256(str(path).encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"
        self._known: tuple[tuple[int, int], gguf.Head] | None = None

    @property
    def info(self) -> BackendInfo:
        try:
            head = self._head()
        except StudioError as error:
            return self._info(self._path.stem, None, Style.COMPLETION, error.message, error.remedy)
        if not head.writes:
            return self._info(
                head.name,
                head.parameters,
                Style.COMPLETION,
                "This model does not write text.",
                "Choose another GGUF file.",
            )
        return self._info(head.name, head.parameters, self._style(head), "", "")

    async def generate(self, request: TextRequest) -> AsyncGenerator[Event, None]:
        head = self._head()
        model = ModelFile(path=self._path, name=head.name)
        async with aclosing(self._runtime.generate(model, request, self._style(head))) as events:
            async for event in events:
                yield event

    # internals

    def _head(self) -> gguf.Head:
        try:
            stat = self._path.stat()
            key = (stat.st_size, stat.st_mtime_ns)
        except OSError:
            key = (-1, -1)
        if self._known is None or self._known[0] != key:
            self._known = (key, gguf.read_head(self._path))
        return self._known[1]

    @staticmethod
    def _style(head: gguf.Head) -> Style:
        large = head.parameters is None or head.parameters >= LEAST_FOR_CHAT
        return Style.CHAT if head.chat and large else Style.COMPLETION

    def _info(self, model: str, parameters: int | None, style: Style, why: str, remedy: str) -> BackendInfo:
        return BackendInfo(
            id=self._id,
            name=self._path.name,
            where=Where.HERE,
            model=model,
            parameters=parameters,
            quality=quality_of(parameters),
            retention_days=0,
            trains=False,
            ready=not why,
            why=why,
            remedy=remedy,
            capabilities=_WRITES.model_copy(update={"style": style}),
        )


@hookimpl
def studio_assist_backends(config: BackendConfig) -> Iterable[TextBackend]:
    folder = config.settings.get("models_folder")
    yield Embedded(config.runtime, Path(folder) if folder else None)
    for path in config.settings.get("gguf", ()):
        yield PickedFile(config.runtime, Path(path))
