"""What a script gives by itself as names, and what it does not take for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from studio_assist.domain.names import NameKind, NameTerm, is_ordinary_name, merged, parts_of, terms_of
from studio_assist.interchange.fountain import parse

SAMPLE = Path(__file__).parents[2] / "resources" / "sample" / "counterweight.fountain"

SCRIPT = """Title: _**The Long Winter**_
    Episode 3: Skerra
Author: Rosa Lindqvist and Tom Park
Draft date: 1 May

EXT. SKERRA POINT - LIGHTHOUSE - NIGHT #1#

IDA BREM (66, fingerless gloves) waits. MARGARET, 37, and BEN OKAFOR (late 20s) come up.

IDA (V.O.) (CONT'D)
No.

DR. LINDQVIST ^
Yes.

MAYA OKAFOR
Who?

OLD MAN
Me.

COP #2
Stop.

MAYA'S VOICE
Here.

MAYA & BEN
Go!

INT. KITCHEN - MAYA'S HOUSE - CONTINUOUS

INT./EXT. NIGHT TRAIN / BAR CAR - LATER

I/E. HALCYON TOWER, DUBLIN -- DAWN

.NOTHING HAPPENS FOR A WHILE

He waits.
"""


def test_a_script_gives_its_titles_characters_places_and_writers() -> None:
    terms = terms_of(parse(SCRIPT).screenplay, "Project Larkspur")
    by_kind = {kind: {term.text for term in terms if term.kind is kind} for kind in NameKind}
    assert by_kind[NameKind.TITLE] == {"The Long Winter", "Skerra", "Project Larkspur"}
    assert by_kind[NameKind.CHARACTER] == {"IDA", "DR. LINDQVIST", "MAYA", "BEN", "MARGARET"}
    assert by_kind[NameKind.PLACE] == {"SKERRA POINT", "HALCYON TOWER", "DUBLIN"}
    assert by_kind[NameKind.PERSON] == {"Rosa Lindqvist", "Tom Park"}
    assert {term.source for term in terms} == {"script"}


def test_a_full_name_belongs_to_the_cue_that_is_part_of_it() -> None:
    aliases = {term.text: term.aliases for term in terms_of(parse(SCRIPT).screenplay)}
    assert (aliases["IDA"], aliases["BEN"], aliases["MAYA"]) == (
        ("IDA BREM",),
        ("BEN OKAFOR",),
        ("MAYA OKAFOR",),
    )


def test_the_sample_gives_every_name_that_its_cues_and_introductions_hold() -> None:
    terms = terms_of(parse(SAMPLE.read_text("utf-8")).screenplay)
    words = {part.upper() for term in terms for part in (term.text, *parts_of(term))}
    assert {"IDA", "BREM", "JONAS", "KELL", "RUTA", "ANSE", "HOLLIN", "COUNTERWEIGHT"} <= words


@pytest.mark.parametrize(
    ("text", "kind", "parts"),
    [
        ("Maya Okafor", NameKind.CHARACTER, ("Maya", "Okafor")), ("Dr. Anna van der Berg", NameKind.PERSON, ("Anna", "Berg")),
        ("Skerra Point", NameKind.PLACE, ("Skerra",)), ("Project Larkspur", NameKind.TITLE, ("Larkspur",)),
        ("The Long Winter", NameKind.TITLE, ()), ("Maya", NameKind.CHARACTER, ()),
    ],
)  # fmt: skip
def test_the_words_of_a_name_that_name_it_alone(text: str, kind: NameKind, parts: tuple[str, ...]) -> None:
    assert parts_of(NameTerm(text=text, kind=kind)) == parts


def test_ordinary_words_are_told_from_names() -> None:
    assert all(map(is_ordinary_name, ("Hope", "Chase", "The Wolf", "Grace", "Long Winter", "Woods")))
    assert not any(map(is_ordinary_name, ("Maya", "Carter", "Parker", "Okafor", "Larkspur", "Hope Okafor")))


def test_what_a_person_wrote_stands_above_the_script() -> None:
    script = NameTerm(text="MAYA", kind=NameKind.CHARACTER, source="script")
    person = NameTerm(text="Maya", kind=NameKind.PERSON, aliases=("May",))
    assert merged([script], [person]) == (person,)


@pytest.mark.parametrize("text", ["", "  ", "two\nlines", "x" * 201])
def test_a_name_is_something_on_one_line(text: str) -> None:
    with pytest.raises(ValidationError):
        NameTerm(text=text, kind=NameKind.OTHER)
