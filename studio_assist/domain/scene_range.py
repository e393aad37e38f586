"""Scenes as people name some of them: "14", "14-17", "3, 14-17"."""

from __future__ import annotations

from collections.abc import Sequence

from .errors import BadInput


def scenes_named(words: str, numbers: Sequence[str]) -> tuple[str, ...]:
    """The numbers of the scenes that are named, in the script's order; none named: none.

    A number may itself have a dash in it ("A-1"): what a scene is called goes before a range.

    Args:
        numbers: of all scenes, in the script's order.

    Raises:
        BadInput: there is no such scene, or a range runs backwards.
    """
    places: dict[str, int] = {}
    for place, number in enumerate(numbers):
        places.setdefault(number.casefold(), place)
    wanted: set[int] = set()
    for part in filter(None, (part.strip() for part in words.replace("–", "-").split(","))):
        whole = places.get(part.casefold())
        if whole is not None:
            wanted.add(whole)
            continue
        first, last = _ends(part, places)
        if first > last:
            raise BadInput(
                f"Scene {numbers[last]} comes before scene {numbers[first]}.",
                remedy="Name the earlier scene first.",
                place="scenes",
            )
        wanted.update(range(first, last + 1))
    return tuple(dict.fromkeys(numbers[place] for place in sorted(wanted)))


def _ends(part: str, places: dict[str, int]) -> tuple[int, int]:
    pieces = part.casefold().split("-")
    for cut in range(1, len(pieces)):
        first = places.get("-".join(pieces[:cut]).strip())
        last = places.get("-".join(pieces[cut:]).strip())
        if first is not None and last is not None:
            return first, last
    listed = ", ".join(list(places)[:40]).upper()
    raise BadInput(f"There is no scene {part}.", remedy=f"The scenes are {listed}.", place="scenes")
