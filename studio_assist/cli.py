"""The front door on the command line: how a command begins, and how it ends.

Every command prints one JSON document with --json and ends with 0 (done), 1 (what was asked about does not
hold) or 2 (bad usage or input). A command's own module is imported when it is given, so that reading a
script needs no window, model or database.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from studio_assist.commands import process
from studio_assist.commands.output import Output
from studio_assist.commands.usage import COMMANDS, WINDOW, Parser, parser_of_all
from studio_assist.domain.errors import BadInput, StudioError, Unavailable
from studio_assist.ending import end

#: Ended by Ctrl C, and ended because nobody reads on, as shells count them.
INTERRUPTED: Final = 128 + signal.SIGINT
NOBODY_READS: Final = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; without arguments, this process's own, and end with it."""
    if arguments is None:
        process.own()
        end(_main(sys.argv[1:]))
    return _main(list(arguments))


def _main(given: list[str]) -> int:
    output = Output(as_json="--json" in given)
    try:
        code = _run(given, output)
        sys.stdout.flush()
        return code
    except StudioError as error:
        return _refuse(output, error)
    except BrokenPipeError:
        return _hush()
    except OSError as error:
        # A disk or file fault that no room put into words still reaches the person as what it is.
        return _refuse(
            output,
            Unavailable(
                f"The system said no: {error.strerror or error}.",
                remedy="Look at the folder and the free space, then try again. Nothing was half written.",
                place=str(error.filename) if error.filename else None,
            ),
        )
    except KeyboardInterrupt:
        output.note("studio-assist: stopped.")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  # the edge of the process: a bug is told, never taken for a result
        return _own_fault(output, error)


def _run(given: list[str], output: Output) -> int:
    parser = parser_of_all()
    try:
        options = parser.parse_args(_with_command(given, parser))
    except SystemExit as end:
        # --help and --version have printed what was asked for.
        return end.code if isinstance(end.code, int) else 0
    module, function = str(options.run).split(":")
    code: int = getattr(import_module(f"studio_assist.commands.{module}"), function)(options, output)
    return code


def _with_command(given: list[str], parser: Parser) -> list[str]:
    """The arguments with the window's command where no other is named."""
    place = next((place for place, word in enumerate(given) if not word.startswith("-")), None)
    if place is None:
        return given if {"-h", "--help", "--version"} & set(given) else [WINDOW, *given]
    word = given[place]
    if word in COMMANDS:
        return given
    if os.sep in word or (os.altsep and os.altsep in word) or Path(word).exists():
        return [*given[:place], WINDOW, *given[place:]]
    listed = ", ".join(COMMANDS)
    raise BadInput(
        f"There is no command and no project called {word!r}.",
        remedy=f"The commands of this release are {listed}. A project is given as its folder.",
    )


def _refuse(output: Output, error: StudioError) -> int:
    try:
        output.error(error)
        sys.stdout.flush()
    except BrokenPipeError:
        return _hush()
    return error.exit_code


def _own_fault(output: Output, error: Exception) -> int:
    """Tell a fault of ours: where it happened, and no values, for they may hold a script's words."""
    import traceback

    output.note("".join(traceback.format_tb(error.__traceback__)).rstrip())
    fault = StudioError(
        f"Something in Studio Assist failed ({type(error).__name__}).",
        remedy="Nothing was half written. Please report the lines above; they hold no text of yours.",
    )
    # Not 1: whoever checks a record must not take our fault for an altered one.
    return _refuse(output, fault)


def _hush() -> int:
    """End quietly where the reader of a pipe has gone: Python must not complain once more as it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return NOBODY_READS
