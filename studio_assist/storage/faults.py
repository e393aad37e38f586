"""What a fault of the disk means to a person."""

from __future__ import annotations

import errno
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from studio_assist.domain.errors import BadInput, StudioError, Unavailable

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN: Final = (errno.EACCES, errno.EPERM, errno.EROFS)
_NO_SUCH_PLACE: Final = (errno.ENOENT, errno.ENOTDIR)


def explained(error: OSError, path: Path, doing: str) -> StudioError:
    """A fault as a person meets it. `doing` completes "… could not be"; what was there before still is."""
    place = str(path)
    if error.errno in _FULL:
        return Unavailable(
            f"The disk is full: {path.name} could not be {doing}.",
            remedy="Free some space or save a copy on another disk. What was saved before is untouched.",
            place=place,
        )
    if error.errno in _FORBIDDEN:
        return Unavailable(
            f"{path.name} could not be {doing}: the file or its folder is protected.",
            remedy="Save a copy in a folder you can write to.",
            place=place,
        )
    if error.errno in _NO_SUCH_PLACE:
        return BadInput(
            f"{path.name} could not be {doing}: there is no such file or folder.",
            remedy="Check the path, and that its disk is connected.",
            place=place,
        )
    if error.errno == errno.EEXIST:
        return BadInput(
            f"{path.name} could not be {doing}: a file stands where a folder should be.",
            remedy="Choose another place.",
            place=place,
        )
    if error.errno == errno.EISDIR:
        return BadInput(
            f"{path.name} could not be {doing}: it is a folder.", remedy="Choose a file.", place=place
        )
    if error.errno == errno.ENAMETOOLONG:
        return BadInput("That name is too long for this disk.", remedy="Choose a shorter name.", place=place)
    return Unavailable(
        f"{path.name} could not be {doing} ({error.strerror or error}).",
        remedy="Check that the disk is connected and working, then try again.",
        place=place,
    )


@contextmanager
def disk(path: Path, doing: str) -> Generator[None]:
    """Turn the disk's faults inside the block into errors for a person."""
    try:
        yield
    except OSError as error:
        raise explained(error, path, doing) from error
