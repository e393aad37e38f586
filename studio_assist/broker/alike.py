"""Pictures of this project's temp material that come in saved anew: other bytes, no marks, the same picture.

What lies among the media has no mark in its pixels; the copies that leave have. Somebody who takes one out of
the folder and saves it as another file has a picture that says nothing of itself.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studio_assist.broker.session import Session
from studio_assist.domain.storyboard import Media, Variant

#: Pictures are compared in this size, in grey: no compression is left there, and what is drawn still is.
_SIZE: Final = (48, 27)
#: From this correlation on they are one. A person's tracing of a picture reaches 0.6, another frame of the
#: same set 0.9.
_ALIKE: Final = 0.985
#: Grey that varies less than this, in steps of 255, is flat and like any other.
_FLAT: Final = 4.0
#: So many of the newest are looked at; the first time each costs a few hundredths of a second.
_MOST: Final = 300
_KEPT: Final = 2000


def is_like_temp(session: Session, waiting: Iterable[Variant], data: bytes) -> bool:
    """Whether a picture is one of those that wait for a decision, or stand in a panel as temp. Blocking."""
    look = _look(data)
    if look is None:
        return False
    pictures = [
        panel.picture
        for shot in session.boards.board
        for panel in (shot.panel, *shot.earlier)
        if panel.picture is not None and panel.state == "temp"
    ]
    pictures += [variant.picture for variant in waiting]
    return any(_is_alike(session, picture, look) for picture in pictures[-_MOST:])


def _is_alike(session: Session, picture: Media, look: NDArray[np.float32]) -> bool:
    path = session.folder.media(picture.sha256, picture.suffix)
    own = _look_at(path) if path is not None else None
    return own is not None and float((own * look).mean()) >= _ALIKE


@lru_cache(maxsize=_KEPT)
def _look_at(path: Path) -> NDArray[np.float32] | None:
    """A file among the media; its name says what is in it, so it is looked at once."""
    try:
        return _look(path.read_bytes())
    except OSError:
        return None


def _look(data: bytes) -> NDArray[np.float32] | None:
    """A picture small, in grey, and as far from its mean as it varies; None where it says nothing."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            grey = image.convert("RGBA")
            paper = Image.new("RGBA", grey.size, (255, 255, 255, 255))
            small = Image.alpha_composite(paper, grey).convert("L").resize(_SIZE, Image.Resampling.BOX)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        # Who takes it in says what is wrong with it.
        return None
    values = np.asarray(small, dtype=np.float32)
    varies = float(values.std())
    return None if varies < _FLAT else (values - values.mean()) / varies
