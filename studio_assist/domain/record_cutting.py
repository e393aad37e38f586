"""What the ledger holds of sound, and of boards that came in as files.

The rules of `domain.record` hold: no confidential text, fields in alphabetical order, no float, and a `v`
for each kind of entry.
"""

from __future__ import annotations

from typing import Literal

from studio_assist.domain.record_types import Commitment, Count, Slug
from studio_assist.domain.values import Sha256, Value


class SoundAdded(Value):
    """A person recorded a sound, or brought one in.

    Attributes:
        content: commits to the JSON of `domain.animatic.Sound` without its entry; its name may be a title.
        sha256: of the WAV file among the media.
        temp: it stands in for another one, and is not for delivery.
    """

    automated: bool
    content: Commitment
    how: Literal["recorded", "imported"]
    sha256: Sha256
    temp: bool
    type: Literal["sound_added"] = "sound_added"
    v: Literal[1] = 1


class SoundMarked(Value):
    """A person says that a sound is temp, or is so no more. `sha256`: of its WAV file, as it was added."""

    automated: bool
    sha256: Sha256
    temp: bool
    type: Literal["sound_marked"] = "sound_marked"
    v: Literal[1] = 1


class BoardsImported(Value):
    """Boards of another program were read into the board.

    Attributes:
        items: how many shots were made. Panels that got a picture have entries of their own.
        sha256: of the file, or of the list of a folder's pictures.
        source_name: commits to the file's name, which may be a title.
    """

    automated: bool
    format: Slug
    items: Count
    sha256: Sha256
    source_name: Commitment
    type: Literal["boards_imported"] = "boards_imported"
    v: Literal[1] = 1
