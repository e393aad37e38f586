"""Ways of saying whose work something is to be like, as data, and how the data is read.

`resources/references/patterns.toml` holds the phrases; `reference_phrases` finds names at them. Pure.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Annotated, Final, Literal, cast

from pydantic import Field, ValidationError

from studio_assist.domain.errors import BadInput
from studio_assist.domain.policy import Slug
from studio_assist.domain.values import Value

#: The version of the file format that this program reads.
FORMAT: Final = 1


class Pattern(Value):
    """Phrases with a name beside them.

    Attributes:
        phrases: in any case, accents or none.
        side: "before": the name follows; "after": the name stands ahead ("Hitchcock style"); "between": ahead
            with an article before it ("a Hitchcock film").
        strong: the phrase hardly ever stands beside anything else, so one everyday word with a capital counts
            ("in the style of Jaws"); else it does not ("looks like Rain").
        small: a name without capitals counts too, where it is no everyday word.
        least_words: of a name that counts; 2 where the phrase stands beside much else ("like").
        use: id of the use that clears it; "" for that of a manner.
    """

    id: Slug
    phrases: tuple[str, ...]
    side: Literal["before", "after", "between"] = "before"
    strong: bool = False
    small: bool = False
    least_words: Annotated[int, Field(ge=1, le=4)] = 1
    use: str = ""


class Patterns(Value):
    """All of them.

    Attributes:
        passed_over: words that may stand between a phrase and its name: "the director", "early".
        joined: small words within a name: "of", "von".
        no_names: what has a capital and is no work and nobody: days, feasts, peoples, cities, cameras.
        endings: endings that make a manner of a name: "esque".
        no_endings: words that merely end so: "grotesque".
        made: words made of names, with the name: "lynchian" is of Lynch.
    """

    patterns: tuple[Pattern, ...] = ()
    passed_over: frozenset[str] = frozenset()
    joined: frozenset[str] = frozenset()
    no_names: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()
    no_endings: frozenset[str] = frozenset()
    made: dict[str, str] = {}


#: For texts where only the list counts.
NO_PATTERNS: Final = Patterns()


def patterns_of(text: str, place: str = "patterns.toml") -> Patterns:
    """Read the patterns from what their TOML file holds.

    Raises:
        BadInput: it is no TOML, of another format, or a field is missing, wrong or unknown.
    """
    try:
        content = tomllib.loads(text)
        if content.pop("format", None) != FORMAT:
            raise _wrong(f"it is not of format {FORMAT}", place)
        return Patterns.model_validate(_fields(content))
    except tomllib.TOMLDecodeError as error:
        raise _wrong(str(error), place) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _wrong(f"{where}: {first['msg']}", place) from error


def _wrong(what: str, place: str) -> BadInput:
    return BadInput(
        f"The phrases that point to works and people cannot be read: {what}.",
        remedy="Restore the file that came with the program.",
        place=place,
    )


def _fields(content: Mapping[str, object]) -> dict[str, object]:
    """The file's fields as the model has them; lists of words may be written as one text each."""
    fields = dict(content)
    for name in ("passed_over", "joined", "no_names", "no_endings"):
        if isinstance(words := fields.get(name), str):
            fields[name] = frozenset(words.split())
    if isinstance(endings := fields.get("endings"), list):
        fields["endings"] = tuple(cast("list[object]", endings))
    patterns = fields.pop("pattern", [])
    fields["patterns"] = (
        tuple(_pattern(one) for one in cast("list[object]", patterns))
        if isinstance(patterns, list)
        else patterns
    )
    return fields


def _pattern(table: object) -> object:
    if not isinstance(table, dict):
        return table
    return {
        key: tuple(cast("list[object]", value)) if isinstance(value, list) else value
        for key, value in cast("dict[str, object]", table).items()
    }
