"""A process of its own that decodes one foreign sound file, for `broker.safe_sound`: `python -m … IN OUT`.

Decoders are large programs in C, and a file may be made to break one. Here that ends this process and nothing
else; its bounds and what it says are those of `reading_child`, and its last line is `{"converted": [samples,
channels]}`.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any, Final

from studio_assist.ending import end
from studio_assist.interchange.reading_child import Voice, inside, work
from studio_assist.interchange.sound import convert
from studio_assist.interchange.sound_wav import LONGEST

#: Four hours of any kind take a few minutes.
_CPU_S: Final = 1200
#: Four hours in stereo, and the header.
_WRITTEN: Final = LONGEST * 4 + 1024


def main(arguments: list[str]) -> int:
    """Write the first file's sound to the second; the exit code."""
    if len(arguments) != 2:
        return 2
    path, out = (Path(argument) for argument in arguments)
    # Before the bounds are set: what the decoders themselves take is not the file's doing.
    importlib.import_module("av")
    return work(lambda voice: _convert(path, out, voice), cpu_s=_CPU_S, written=_WRITTEN)


def _convert(path: Path, out: Path, voice: Voice) -> dict[str, Any]:
    """The last line."""

    def converted() -> dict[str, Any]:
        made = convert(path, out, voice.told)
        return {"converted": [made.samples, made.channels]}

    return inside(converted, path)


if __name__ == "__main__":
    end(main(sys.argv[1:]))
