"""The model files that a person picked, remembered by path."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import ValidationError

from studio_assist.domain.values import Value
from studio_assist.storage.atomic import write_atomic


class PickedFile(Value):
    """What models.json holds."""

    paths: tuple[str, ...] = ()


class PickedModels:
    """The list of model files outside this program's own folder. The files stay where they are."""

    def __init__(self, home: Path) -> None:
        self._file: Final = home / "models.json"

    def paths(self) -> list[Path]:
        """Every picked file, the latest first; also those that are gone, so that the window can say so."""
        try:
            kept = PickedFile.model_validate_json(self._file.read_bytes())
        except (OSError, ValidationError):
            # A lost list costs one more click on "Choose a file"; no model and no work is in it.
            return []
        return [Path(path) for path in kept.paths]

    def add(self, path: Path) -> None:
        """Remember one more file."""
        others = [str(known) for known in self.paths() if known != path]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(self._file, PickedFile(paths=(str(path), *others)).model_dump_json().encode())
