"""Text marks: visible, paired, and gone without a trace when they are taken off."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.temp import TempSpan
from studio_assist.interchange.fountain import parse
from studio_assist.marks.text import Placing, marked_fountain, read_marks, reads_the_same, strip_marks
from studio_assist.paths import resource
from tests.spans import span_over

SAMPLE = resource("sample", "counterweight.fountain").read_text(encoding="utf-8")


def spans_on(text: str, *quotes: str) -> list[TempSpan]:
    places = [(text.index(quote), text.index(quote) + len(quote)) for quote in quotes]
    return [span_over(text, *place, 1271 + index) for index, place in enumerate(places)]


def marked(text: str, spans: list[TempSpan], placing: Placing = Placing.WITHIN) -> str:
    return marked_fountain(parse(text).screenplay, spans, "Counterweight", placing)


def test_without_temp_material_the_export_is_the_script() -> None:
    assert marked(SAMPLE, []) == SAMPLE
    assert read_marks(SAMPLE) is None


def test_a_temp_line_stands_between_its_notes_and_the_first_and_last_lines_say_so() -> None:
    text = marked(SAMPLE, spans_on(SAMPLE, "I write down what was there."))
    before, after = text.split("I write down what was there.")
    assert before.splitlines()[-1].startswith(
        "[[TEMP AI · not for delivery · ledger entry 1,271 · begins · mark "
    )
    assert after.startswith("[[TEMP AI · not for delivery · ledger entry 1,271 · ends · mark ")
    body = text.split("\n\n", 1)[1]
    assert body.startswith("[[TEMP AI MATERIAL · NOT FOR DELIVERY · this copy holds 1 temp line")
    assert text.splitlines()[-1].startswith("[[TEMP AI MATERIAL · NOT FOR DELIVERY · end of this copy")


@pytest.mark.parametrize(
    "quote",
    [
        "I write down what was there.",
        "(breathless)",
        "breathless",
        "RUTA (V.O.)",
        "INT. LOWER CAR - NIGHT #9#",
        "LOWER CAR",
        "~Down goes the bucket and up comes the day,",
        "!CLACK.",
        "CLACK.",
        "> **THE END** <",
        "THE END",
        "SMASH CUT TO:",
        "> FADE OUT.",
        ".THE PASSING LOOP #11#",
        "# The last night of the season",
        "= Two cars, one cable, and snow that has closed the road.",
        "[[Board this one wide first: he has to look small against the loaded car.]]",
        "has to look small",
        "Don't touch the red handle!",
        "JONAS ^",
        "JONAS ^\nDon't touch the red handle!",
        "RUTA\nOh, you *beauty*.\n\nINT. UPPER CAR - NIGHT #10#\n\nFaster.",
        "*Passengers, none.*",
        "Passengers, none",
        "\n\nThey look round the room, at the same time, with new eyes.\n\n",
    ],
)
@pytest.mark.parametrize("placing", Placing)
def test_no_mark_changes_what_an_element_is(quote: str, placing: Placing) -> None:
    text = marked(SAMPLE, spans_on(SAMPLE, quote), placing)
    script, read = parse(SAMPLE).screenplay, parse(text).screenplay
    assert reads_the_same(script, read)
    assert [scene.number for scene in script.scenes] == [scene.number for scene in read.scenes]
    assert read.characters == script.characters
    found = read_marks(text)
    assert found is not None
    assert found.whole
    assert found.passages == 1
    assert strip_marks(text) == SAMPLE


def test_a_title_page_keeps_its_values_and_names_temp_text_that_stands_on_it() -> None:
    source = "Title: Ferry\nNotes: Mine\nLogline: A crossing\n\nINT. DECK - DAY\n\nRain.\n"
    text = marked(source, spans_on(source, "A crossing", "Rain."))
    values = parse(text).screenplay.title_page
    assert (values["title"], values["notes"], values["logline"]) == ("Ferry", "Mine", "A crossing")
    assert "2 temp lines · ledger entries 1,271, 1,272 · on this title page: entry 1,271" in values["temp"]
    found = read_marks(text)
    assert found is not None
    assert (found.begins, found.listed) == ((1272,), (1271,))
    assert strip_marks(text) == source


def test_a_script_without_a_title_page_gets_one_in_the_export_only() -> None:
    source = "\ufeffINT. DECK - DAY\r\n\r\nRain.\r\n"
    text = marked(source, spans_on(source, "Rain."))
    assert text.startswith("\ufeffTitle: Counterweight\r\nNotes: TEMP AI MATERIAL · NOT FOR DELIVERY")
    assert "\n" not in text.replace("\r\n", "")
    assert strip_marks(text) == source


def test_a_lost_span_is_named_on_the_title_page_line() -> None:
    spans = [*spans_on(SAMPLE, "Nothing good."), span_over(SAMPLE, 40, 60, 1300, lost=True)]
    found = read_marks(marked(SAMPLE, spans))
    assert found is not None
    assert (found.begins, found.listed, found.passages) == ((1271,), (1300,), 2)
    assert "text not found: entry 1,300" in marked(SAMPLE, spans)


def test_marks_of_an_earlier_export_are_left_alone() -> None:
    once = marked(SAMPLE, spans_on(SAMPLE, "Nothing good."))
    twice = marked(once, spans_on(once, "With what?", "Nothing good."))
    assert strip_marks(twice) == once
    assert strip_marks(once) == SAMPLE


def test_a_missing_note_is_noticed() -> None:
    text = marked(SAMPLE, spans_on(SAMPLE, "Nothing good."))
    found = read_marks(text.replace("· ends ·", "· was here ·"))
    assert found is not None
    assert not found.whole


def test_other_readers_of_fountain_see_the_same_speeches() -> None:
    screenplain = pytest.importorskip("screenplain.parsers.fountain")
    text = marked(
        SAMPLE, spans_on(SAMPLE, "I write down what was there.", "(breathless)", "CLACK.", "CUT TO:")
    )

    def seen(source: str) -> list[str]:
        return [type(each).__name__ for each in screenplain.parse(io.StringIO(source))]

    before, after = seen(SAMPLE), seen(text)
    assert after.count("Dialog") == before.count("Dialog")
    assert after.count("Slug") == before.count("Slug")
    assert after.count("Transition") == before.count("Transition")


_LINES = st.sampled_from(
    [
        "INT. ROOM - DAY",
        "MAYA",
        "MAYA ^",
        "(low)",
        "I kept it.",
        "BANG",
        "~la la",
        "> centred <",
        "CUT TO:",
        "# Act",
        "= syn",
        "[[note",
        "]]",
        "[[n]]",
        "[",
        "/*",
        "*/",
        "===",
        "  ",
        "\t",
        "!",
        "*a* _b_",
        "Title: x",
        "Notes: y",
        "\tz",
        "",
        "",
        "",
    ]
)
_ENDS = st.sampled_from(["\n", "\n", "\r\n", "\r"])
_SCRIPTS = st.lists(st.tuples(_LINES, _ENDS), max_size=14).map(
    lambda parts: "".join(line + end for line, end in parts)
)
_TEXTS = st.one_of(_SCRIPTS, st.text(max_size=60), st.builds(lambda text: "\ufeff" + text, _SCRIPTS))


@settings(max_examples=300, deadline=None)
@given(_TEXTS, st.lists(st.integers(0, 200), max_size=8), st.sampled_from(Placing), st.text(max_size=8))
def test_taking_the_marks_off_gives_the_script_back(
    text: str, cuts: list[int], placing: Placing, title: str
) -> None:
    points = sorted({cut % (len(text) + 1) for cut in cuts})
    spans = [
        span_over(text, start, end, 990 + index, lost=index == 3)
        for index, (start, end) in enumerate(zip(points[::2], points[1::2], strict=False))
    ]
    out = marked_fountain(parse(text).screenplay, spans, title, placing)
    if not spans:
        assert out == text
        return
    assert strip_marks(out) == text
    found = read_marks(out)
    assert found is not None
    assert found.whole
    assert found.passages == len(spans)
