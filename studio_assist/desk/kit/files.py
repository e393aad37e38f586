"""Files that are dragged over the window or stand on the clipboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData


def files_in(mime: QMimeData) -> tuple[Path, ...]:
    """The files of this machine that it names; none for text and for addresses of elsewhere."""
    if not mime.hasUrls():
        return ()
    return tuple(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())
