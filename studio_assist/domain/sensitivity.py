"""How confidential a request is: one of four classes, the highest of everything in it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Sensitivity(StrEnum):
    """From what anybody may know to what belongs to a person."""

    PUBLIC = "public"
    INTERNAL = "internal"
    #: What everything of a production is until somebody says otherwise.
    CONFIDENTIAL = "production-confidential"
    #: Likenesses, voices and personal data of cast, crew or anybody else.
    PERSONAL = "talent-or-personal"

    @property
    def rank(self) -> int:
        """0 for public up to 3."""
        return _ORDER.index(self)

    @property
    def label(self) -> str:
        """As the sheet shows it."""
        return _LABELS[self]


_ORDER: Final = tuple(Sensitivity)
_LABELS: Final = {
    Sensitivity.PUBLIC: "Public",
    Sensitivity.INTERNAL: "Internal",
    Sensitivity.CONFIDENTIAL: "Production-confidential",
    Sensitivity.PERSONAL: "Talent or personal data",
}


def highest(*classes: Sensitivity) -> Sensitivity:
    """The class of a whole: that of its most sensitive part. A whole of no parts is confidential."""
    return max(classes, key=lambda one: one.rank, default=Sensitivity.CONFIDENTIAL)
