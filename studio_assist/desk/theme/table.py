"""The table of tokens: what every colour and type role is, in dark and in light.

The table is data in `resources/themes/tokens.toml`; this module reads and checks it and knows nothing of Qt.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from studio_assist.domain.errors import Damaged
from studio_assist.paths import resource

Mode = Literal["dark", "light"]
#: Which column of the table a mode reads.
COLUMN: Final[dict[Mode, int]] = {"dark": 0, "light": 1}

_COLOUR: Final = re.compile(r"#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})\Z")


@dataclass(frozen=True, slots=True)
class Role:
    """One type role of the interface font. Sizes in px at 100 %, weight as in CSS, tracking in percent."""

    px: int
    line: int
    weight: int
    tracking: int = 0


@dataclass(frozen=True, slots=True)
class Tokens:
    """The whole table.

    Attributes:
        colours: token to (dark, light); `#RRGGBB`, or `#AARRGGBB` where it lets through what is behind.
        roles: type role to its measures.
    """

    colours: Mapping[str, tuple[str, str]]
    roles: Mapping[str, Role]

    def colour(self, token: str, mode: Mode) -> str:
        """The colour as it is written in the table.

        Raises:
            KeyError: no such token.
        """
        return self.colours[token][COLUMN[mode]]


def read_tokens(path: Path) -> Tokens:
    """Read a table of tokens.

    Raises:
        Damaged: the file is not such a table; the place names the row.
    """
    table: dict[str, dict[str, Any]] = {}
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Damaged(
            f"The table of colours cannot be read: {error}.",
            remedy="Install Studio Assist again, or put the file back.",
            place=str(path),
        ) from error
    colours: dict[str, tuple[str, str]] = {}
    for token, pair in table.get("colour", {}).items():
        if not (isinstance(pair, list) and len(pair) == 2 and all(_COLOUR.match(str(one)) for one in pair)):
            raise Damaged(
                f"The colour {token} is not a pair of colours, dark and light.",
                remedy="Write two colours as #RRGGBB or #AARRGGBB.",
                place=f"{path}, [colour] {token}",
            )
        colours[token] = (str(pair[0]), str(pair[1]))
    try:
        roles = {name: Role(**measures) for name, measures in table.get("font", {}).items()}
    except TypeError as error:
        raise Damaged(
            f"A type role is incomplete: {error}.",
            remedy="Each role has px, line and weight, and may have tracking.",
            place=f"{path}, [font]",
        ) from error
    return Tokens(colours, roles)


@cache
def shipped_tokens() -> Tokens:
    """The table that ships with the program, read once."""
    return read_tokens(resource("themes", "tokens.toml"))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two opaque `#RRGGBB` colours, 1 to 21.

    Source: WCAG 2.2, relative luminance and contrast ratio.
    """
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
