"""What characters look like, by their names: the same in every shot, and told apart within one script."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, get_args

from studio_assist.domain.staging import Clothes, Hair, Hat, Look

_HAIR: Final[tuple[Hair, ...]] = get_args(Hair)
_CLOTHES: Final[tuple[Clothes, ...]] = get_args(Clothes)
#: Mostly none: a hat on everybody tells nobody apart.
#: A hood hides the head: only a role that asks for one has it.
_WORN: Final[tuple[Hat, ...]] = ("cap", "brim", "beanie", "scarf")
_BARE: Final[tuple[Hat, ...]] = ("none",)
_HATS: Final = _BARE * 10 + _WORN
#: Another text deals everybody another look.
_SALT: Final = "208838 "
#: Greys far enough apart to be told from each other on a board.
_SHADES: Final = (0.9, 0.3, 0.6, 0.78, 0.42)
_HAIR_SHADES: Final = (0.12, 0.85, 0.4, 0.22, 0.62)
_CLOSE: Final = frozenset({"short", "bun", "ponytail", "braid"})
#: Roles that say it themselves; they may be parts of a name ("SECOND GUARD").
_ROLES: Final[dict[str, dict[str, object]]] = {
    "GUARD": {"hat": "cap", "clothes": "uniform", "shade": 0.3},
    "SOLDIER": {"hat": "helmet", "clothes": "uniform"},
    "POLICEMAN": {"hat": "cap", "clothes": "uniform", "shade": 0.2},
    "COP": {"hat": "cap", "clothes": "uniform"},
    "CHILD": {"height_m": 1.2, "build": 0.85}, "BOY": {"height_m": 1.3, "build": 0.85, "hair": "short"},
    "GIRL": {"height_m": 1.3, "build": 0.8, "hair": "ponytail"}, "KID": {"height_m": 1.25, "build": 0.85},
    "BABY": {"height_m": 0.6, "build": 1.1, "hair": "bald", "hat": "none"},
    "PRIEST": {"clothes": "coat", "shade": 0.1}, "JUDGE": {"clothes": "coat", "shade": 0.1},
    "CAPTAIN": {"hat": "cap", "clothes": "jacket", "shade": 0.2}, "PILOT": {"hat": "headphones"},
    "FIGURE": {"hat": "hood", "clothes": "coat", "shade": 0.2},
    "NURSE": {"clothes": "uniform", "shade": 0.95},
}  # fmt: skip


def look_of(name: str) -> Look:
    """What a character of this name looks like in every shot, unless an artist says otherwise."""
    return next(_looks(name))


def looks_for(names: Sequence[str]) -> Mapping[str, Look]:
    """Looks for the characters of one script: heads and clothes differ while that lasts.

    A name keeps its own look (`look_of`) where nobody before it in the script has one like it.
    """
    found: dict[str, Look] = {}
    heads: set[object] = set()
    bodies: set[object] = set()
    for name in names:
        tries = [look for look, _ in zip(_looks(name), range(24), strict=False)]
        fresh = [
            look
            for strict in (True, False)
            for look in tries
            if _head(look) not in heads and (not strict or _body(look) not in bodies)
        ]
        found[name] = (fresh or tries)[0]
        heads.add(_head(found[name]))
        bodies.add(_body(found[name]))
    return found


def _looks(name: str) -> Iterator[Look]:
    """The look that a name gives, then others for the same name."""
    words = name.upper().split()
    role: dict[str, object] = next((_ROLES[word] for word in reversed(words) if word in _ROLES), {})
    turn = 0
    while True:
        digest = hashlib.sha256(f"{_SALT}{name.casefold()}\n{turn}".encode("utf-8", "surrogatepass")).digest()
        drawn: dict[str, object] = {
            "hair": _HAIR[digest[0] % len(_HAIR)],
            "hair_shade": _HAIR_SHADES[digest[1] % len(_HAIR_SHADES)],
            "hat": _HATS[digest[2] % len(_HATS)],
            "clothes": _CLOTHES[digest[3] % len(_CLOTHES)],
            "shade": _SHADES[digest[4] % len(_SHADES)],
            "height_m": round(1.62 + digest[5] / 255 * 0.26, 2),
            "build": round(0.9 + digest[6] / 255 * 0.24, 2),
        }
        if drawn["hair"] in _CLOSE:
            # Pale hair that lies close looks like none.
            drawn["hair_shade"] = min(_HAIR_SHADES[digest[1] % len(_HAIR_SHADES)], 0.42)
        yield Look.model_validate(drawn | role)
        turn += 1


def _head(look: Look) -> tuple[str, float, str]:
    # Under a hat hair is hardly seen.
    return (look.hair, look.hair_shade > 0.5, "") if look.hat == "none" else ("", 0.0, look.hat)


def _body(look: Look) -> tuple[str, float]:
    return look.clothes, look.shade
