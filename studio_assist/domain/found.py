"""Model files that other programs keep on this machine, found by looking at folders only."""

from __future__ import annotations

from studio_assist.domain.values import Value


class FoundModel(Value):
    """One model file.

    Attributes:
        name: as its program calls it ("llama3.2:3b").
        size_bytes: of the file.
    """

    name: str
    path: str
    size_bytes: int


class FoundModels(Value):
    """What one program's folder holds. `models` is empty where the folder has none or is not there."""

    tool: str
    folder: str
    models: tuple[FoundModel, ...] = ()
