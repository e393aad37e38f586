"""Where answers go: accepted words become the element they were meant to be, and nothing else changes."""

from __future__ import annotations

import pytest

from studio_assist.domain.candidate import Anchor
from studio_assist.domain.errors import BadInput
from studio_assist.domain.placing import (
    context_of,
    cue_of,
    place_for,
    scene_numbered,
    speech_anchor,
)
from studio_assist.domain.screenplay import ElementType
from studio_assist.domain.tasks import Placement
from studio_assist.interchange.fountain import parse

SCRIPT = """Title: The Ferry

INT. FERRY CABIN - NIGHT

Rain. NORA counts coins.

NORA
The last boat left.

TOM
(at the door)
Then we wait.

EXT. PIER - DAWN

Nora stands at the rail.
"""


def kinds(text: str) -> list[tuple[ElementType, str]]:
    elements = parse(text).screenplay.elements
    return [(element.type, element.text) for element in elements if element.type is not ElementType.BLANK]


def put(text: str, placement: Placement, words: str, anchor: Anchor | None) -> str:
    place = place_for(placement, parse(text).screenplay, anchor)
    put_in = place.before + place.placed(words) + place.after
    return text[: place.start] + put_in + text[place.start + place.length :]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("placement", "kind"),
    [
        (Placement.AFTER, ElementType.ACTION),
        (Placement.SYNOPSIS, ElementType.SYNOPSIS),
        (Placement.ACTION, ElementType.ACTION),
        (Placement.LOGLINE, ElementType.TITLE_PAGE),
    ],
)
def test_an_answer_becomes_one_element_and_the_others_stay(
    placement: Placement, kind: ElementType, newline: str
) -> None:
    text = SCRIPT.replace("\n", newline)
    script = parse(text).screenplay
    anchor = speech_anchor(script, script.scenes[0], 1)
    after = kinds(put(text, placement, "Something new happens.", anchor))
    before = kinds(text)
    added = [element for element in after if element not in before]
    assert [element[0] for element in added] == [kind]
    assert "Something new happens." in added[0][1]
    if kind is ElementType.TITLE_PAGE:
        # A title page is one element whatever it holds.
        before, added = [e for e in before if e[0] is not kind], [e for e in after if e[0] is kind]
    assert [element for element in after if element not in added] == before


def test_a_replaced_speech_stays_a_speech() -> None:
    script = parse(SCRIPT).screenplay
    anchor = speech_anchor(script, script.scenes[0], 2)
    assert anchor.quote == "Then we wait."
    text = put(SCRIPT, Placement.REPLACE, "So we stay.", anchor)
    assert text == SCRIPT.replace("Then we wait.", "So we stay.")


def test_a_logline_takes_the_place_of_the_one_that_is_there() -> None:
    text = SCRIPT.replace("Title: The Ferry\n", "Title: The Ferry\nLogline: Old.\n")
    assert put(text, Placement.LOGLINE, "New.", None) == text.replace("Old.", "New.")


def test_a_script_without_title_page_gets_one_for_its_logline() -> None:
    text = put("INT. CABIN - NIGHT\n\nRain.\n", Placement.LOGLINE, "A ferry sinks.", None)
    assert parse(text).screenplay.title_page["logline"] == "A ferry sinks."
    assert kinds(text)[1] == (ElementType.SCENE_HEADING, "INT. CABIN - NIGHT")


def test_a_synopsis_needs_a_scene() -> None:
    with pytest.raises(BadInput) as refused:
        place_for(Placement.SYNOPSIS, parse("Just a line.\n").screenplay, None)
    assert refused.value.remedy


def test_the_speaker_of_a_line_is_found_past_its_parenthetical() -> None:
    script = parse(SCRIPT).screenplay
    assert cue_of(script, speech_anchor(script, script.scenes[0], 2)) == "TOM"


def test_a_model_is_shown_the_scene_and_no_other() -> None:
    script = parse(SCRIPT).screenplay
    context = context_of(script, speech_anchor(script, script.scenes[0], 1), "colder", on_line=True)
    assert context.line is not None
    assert (context.line.cue, context.line.text) == ("NORA", "The last boat left.")
    assert [line.text for line in context.before] == ["Rain. NORA counts coins."]
    assert "Nora stands at the rail." not in str(context.scene)
    assert context.characters == ("NORA", "TOM")


def test_a_scene_or_speech_that_is_not_there_is_refused_with_what_there_is() -> None:
    script = parse(SCRIPT).screenplay
    with pytest.raises(BadInput, match="scene 9") as scene:
        scene_numbered(script, "9")
    assert "1 to 2" in scene.value.remedy
    with pytest.raises(BadInput, match="no speech 7") as speech:
        speech_anchor(script, script.scenes[0], 7)
    assert "1 to 2" in speech.value.remedy


def test_an_anchor_is_followed_only_where_it_cannot_be_mistaken() -> None:
    anchor = Anchor(start=4, length=5, quote="again")
    assert anchor.find_in("And again it rains.") is not None
    moved = anchor.find_in("So it rains again.")
    assert moved is not None
    assert moved.start == 12
    assert anchor.find_in("Rain again and again.") is None
    assert anchor.find_in("It is dry.") is None
