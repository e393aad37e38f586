"""Metadata and manifest for a frame of a film that goes out as a picture by itself.

Its band is in its pixels already: the picture that it shows brought it along, with an invisible mark that
names its decision.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio_assist.domain.marking import MarkFacts
from studio_assist.marks import manifest
from studio_assist.marks.certificates import Identity
from studio_assist.marks.containers import with_xmp
from studio_assist.marks.metadata import packet

_QUALITY: Final = 92
_SET: Final = "Set into a frame of the animatic with slate and caption"


def mark_still(
    pixels: NDArray[np.uint8],
    facts: MarkFacts,
    identity: Identity,
    at: datetime,
    format: Literal["png", "jpeg"],
    *,
    parent: bytes | None = None,
    roots: Sequence[bytes] = (),
) -> bytes:
    """A frame as a file that says where it comes from.

    Args:
        parent: the marked picture that it shows, whose manifest is kept as what it was made from.
        roots: certificates that the parent's manifest may lead to, besides `identity`'s own.

    Raises:
        Unavailable: the manifest could not be made.
    """
    kept = manifest.usable_parent(parent, (identity.root_pem, *roots))[0] if parent is not None else None
    out = io.BytesIO()
    # As pictures are written: full colour resolution, and no more time than compression is worth.
    options: dict[str, Any] = {"compress_level": 2}
    if format == "jpeg":
        options = {"quality": _QUALITY, "subsampling": 0}
    Image.fromarray(pixels).save(out, format.upper(), **options)
    return mark_encoded(out.getvalue(), facts, identity, at, format, parent=kept, roots=roots)


def mark_encoded(
    data: bytes,
    facts: MarkFacts,
    identity: Identity,
    at: datetime,
    format: Literal["png", "jpeg"],
    *,
    parent: bytes | None = None,
    roots: Sequence[bytes] = (),
) -> bytes:
    """As `mark_still`, for a frame that is a file already.

    Args:
        parent: as `manifest.usable_parent` gives it; many frames show the same picture.
    """
    data = with_xmp(data, format, packet(facts))
    return manifest.sign(
        data, format, facts, identity, at, done=((manifest.EDITED, _SET),), parent=parent, roots=roots
    )
