"""What went wrong with a model, told to the person who asked: from a cause or an exit status to words."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Final

from studio_assist.backends import weights
from studio_assist.domain.errors import BadInput, StudioError, Unavailable
from studio_assist.domain.ports import ModelFile

#: What the C++ library and llama.cpp say when they are given no memory.
_NO_MEMORY: Final = ("bad_alloc", "cannot allocate", "failed to allocate", "mem_buffer != null")
_OTHER_MODEL: Final = "Choose a smaller model, or another one."


def trouble(cause: str, detail: str, model: ModelFile) -> StudioError:
    """What a person is told, by cause."""
    place = str(model.path)
    match cause:
        case "missing":
            return weights.missing(model.path) if model.sha256 else _gone(model)
        case "damaged":
            return BadInput(
                f"{model.name} cannot be loaded: the file is damaged, or of a kind unknown to this runtime.",
                remedy="Fetch the file again, or choose another GGUF file.",
                place=place,
            )
        case "old_cpu":
            what = f" It lacks {detail}." if detail else ""
            return Unavailable(
                f"This machine's processor is too old for the built-in model.{what}",
                remedy="Use a model on a host of your studio. Everything else works.",
            )
        case "out_of_memory":
            return Unavailable(
                f"The model stopped: out of memory.{' ' + detail if detail else ''}",
                remedy=f"Close other programs or try a shorter selection. {_OTHER_MODEL}",
                place=place,
            )
        case "too_long":
            return BadInput(
                "The text is too long for this model.", remedy=f"Select less. {_OTHER_MODEL}", place=place
            )
        case "refused":
            return BadInput(
                f"The model's runtime refused the request: {detail}",
                remedy="Look at the task's file for a setting that this model does not take.",
                place=place,
            )
        case "timeout":
            return Unavailable(
                "The model did not answer.", remedy="Ask again. If it happens again, choose a smaller model."
            )
        case "crash":
            return Unavailable(
                f"The model stopped: its process ended unexpectedly ({detail}).",
                remedy="Ask again: it is started anew. If it happens again, choose another model.",
                place=place,
            )
        case _:
            return Unavailable(f"The model stopped: {detail}", remedy="Ask again.", place=place)


def _gone(model: ModelFile) -> Unavailable:
    return Unavailable(
        f"The model file of {model.name} is no longer there.",
        remedy="Choose another GGUF file.",
        place=str(model.path),
    )


def cause_of_exit(status: int, said: str) -> tuple[str, str]:
    """(cause, detail) from an exit status (negative: ended by that signal) and the error stream's end."""
    lowered = said.lower()
    if any(words in lowered for words in _NO_MEMORY):
        return "out_of_memory", ""
    if status < 0:
        try:
            name = signal.Signals(-status).name
        except ValueError:
            name = f"signal {-status}"
        if name == "SIGILL":
            return "old_cpu", ""
        if name == "SIGKILL":
            # Only the system's memory killer, or a person, sends this one.
            return "out_of_memory", "The system ended its process, as it does when memory runs out."
        return "crash", name
    if status in (0xC000001D, -1073741795):  # Windows: illegal instruction
        return "old_cpu", ""
    return "crash", f"exit status {status}"


def available_memory() -> int | None:
    """Bytes that can be used without swapping, or None where the system does not say it in a file."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    for line in lines:
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None
