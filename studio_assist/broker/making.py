"""A new folder that is there whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from studio_assist.domain.errors import BadInput
from studio_assist.storage.faults import disk


@contextmanager
def made_whole(path: Path) -> Generator[Path]:
    """An empty folder to fill; it is moved to `path` when the block ends well, and removed otherwise.

    Raises:
        BadInput: something stands at `path` already.
        Unavailable: the disk does not let it.
    """
    with disk(path, "made"):
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise BadInput(
                "There is something in that place already.",
                remedy="Choose a new folder, or open the project that is there.",
                place=str(path),
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        making = path.with_name(f".{path.name}.{secrets.token_hex(4)}.making")
        making.mkdir()
    try:
        yield making
        with disk(path, "made"):
            if path.exists():
                path.rmdir()
            making.rename(path)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
