"""`studio-assist [PROJECT]` and `studio-assist tour`: what needs the window."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from pathlib import Path

from studio_assist.commands.output import Output
from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.storage.faults import disk


def open_window(options: Namespace, output: Output) -> int:
    """Open the window, with a project where one is given."""
    project: Path | None = options.project
    if project is not None and not project.is_dir():
        raise BadInput(
            "There is no project folder there.",
            remedy="Make one with: studio-assist new DIR --title T",
            place=str(project),
        )
    if not _has_display():
        raise Unavailable(
            "There is no display here, and the window needs one.",
            remedy="Run: studio-assist tour, which needs none, or start it on a desktop.",
        )
    from studio_assist.app import run_window

    return run_window(project)


def tour(options: Namespace, output: Output) -> int:
    """Drive the window through its main job on a throw-away copy of the sample."""
    out: Path = options.out or Path("tour")
    with disk(out, "made"):
        out.mkdir(parents=True, exist_ok=True)
    from studio_assist.app import run_tour

    steps = run_tour(out.absolute(), output.note)
    output.document({"steps": steps})
    output.table([(step["name"], step["picture"]) for step in steps], heads=("step", "picture"))
    return 0


def _has_display() -> bool:
    # Qt ends the whole process where it finds none, so it is looked for first.
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
