"""Where the data that ships with the program lies.

An installed package carries `resources/` inside itself; a working copy has it beside the package. The
package's own is looked for first, so an installed program never reads a stranger's folder.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from studio_assist.domain.errors import Unavailable


@cache
def _root() -> Path:
    package = Path(__file__).resolve().parent
    for candidate in (package / "resources", package.parent / "resources"):
        # The folder alone is no proof: an emptied one would hide the other.
        if (candidate / "themes").is_dir():
            return candidate
    raise Unavailable(
        "The program's own resources folder is missing.",
        remedy="Install Studio Assist again.",
        place=str(package / "resources"),
    )


def resource(*parts: str) -> Path:
    """The path of a shipped file or folder, whether or not it exists. `resource("fonts", "Inter.ttf")`."""
    return _root().joinpath(*parts)
