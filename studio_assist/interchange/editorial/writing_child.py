"""A process of its own that writes an edit, or looks at a written one: `python -m … FORMAT write|wrong`.

The libraries of these formats hold Python's lock for seconds where an edit has thousands of clips, and what
stands still then is all that the broker does. Input and output are pickles between this program and itself;
nothing of anybody else's is ever read as one.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Final

from studio_assist.domain.errors import StudioError
from studio_assist.ending import end
from studio_assist.interchange.editorial.cutting_list import CuttingList

#: By format: the module, and the name that its two functions end in.
FORMATS: Final = {
    "otio": ("otio_out", "otio"),
    "edl": ("edl_out", "edl"),
    "fcp7xml": ("fcp7_out", "fcp7"),
    "fcpxml": ("fcpxml_out", "fcpxml"),
}
_HERE: Final = "studio_assist.interchange.editorial"


def writer_of(format: str) -> Callable[[CuttingList], bytes]:
    """What writes a format."""
    module, name = FORMATS[format]
    return getattr(import_module(f"{_HERE}.{module}"), f"write_{name}")


def reader_of(format: str) -> Callable[[bytes, CuttingList], str | None]:
    """What says what is wrong with an edit of a format that was read back."""
    module, name = FORMATS[format]
    return getattr(import_module(f"{_HERE}.{module}"), f"wrong_{name}")


def main(arguments: list[str]) -> int:
    """Do what standard input asks for; the exit code."""
    format, task = arguments
    data, cut = pickle.load(sys.stdin.buffer)
    try:
        answer = writer_of(format)(cut) if task == "write" else reader_of(format)(data, cut)
        said = ("done", answer)
    except StudioError as error:
        said = ("error", (error.kind, error.message, error.remedy, error.place, error.rule))
    pickle.dump(said, sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    end(main(sys.argv[1:]))
