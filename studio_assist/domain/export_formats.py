"""What can leave a project, by its short names. Nothing is imported here: the command line lists them."""

from __future__ import annotations

from typing import Final, Literal

#: An export of a whole project, or of some of its scenes.
ExportFormat = Literal[
    "fountain",
    "fdx",
    "pdf",
    "boards-pdf",
    "csv",
    "xlsx",
    "mp4",
    "gif",
    "frames-png",
    "frames-jpeg",
    "otio",
    "edl",
    "fcp7xml",
    "fcpxml",
]
#: Those of pictures in a folder: one for each shot, or for every frame.
SEQUENCES: Final[tuple[ExportFormat, ...]] = ("frames-png", "frames-jpeg")
#: Those of the animatic as it plays.
FILMS: Final[tuple[ExportFormat, ...]] = ("mp4", "gif", *SEQUENCES)
#: One panel.
PanelFormat = Literal["png", "ora", "psd"]
#: What can stand under a panel in a book of boards.
BoardField = Literal["number", "camera", "action", "dialogue", "notes", "duration", "made-by"]
