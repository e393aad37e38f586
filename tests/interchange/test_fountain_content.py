"""What an element says, where it stands, and what of its lines is markup."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.errors import BadInput
from studio_assist.domain.screenplay import BOLD, ITALIC, UNDERLINE, ElementType
from studio_assist.interchange.fountain import (
    Script,
    after_tab,
    as_element,
    blank_lines_needed,
    parse,
    read_script_bytes,
)


def printed(line: str) -> str:
    return parse(f"\n{line}\n").printed(1)


def emphasised(line: str) -> list[tuple[str, int]]:
    """Stretches between marks with their styles; marks of inner emphasis still in them."""
    return [(line[style.start : style.end], style.flags) for style in parse("x\n" + line).styles(1)]


def test_elements_carry_what_the_contract_names() -> None:
    script = parse(
        "Title:\n    The\n    End\nDraft date: 1 May\n\n## Part\n\nINT. HOUSE - DAY #12A#\n\n"
        "MAYA (V.O.) (CONT'D)\n(low)\nYes.\n\nBOB ^\nNo.\n\nEXT. YARD\n"
    )
    assert script.title_page == {"title": "The\nEnd", "draft date": "1 May"}
    elements = {element.type: element for element in script.elements}
    assert elements[ElementType.SECTION].level == 2
    assert elements[ElementType.PARENTHETICAL].text == "low"
    cues = [element for element in script.elements if element.type is ElementType.CHARACTER]
    assert [(cue.text, cue.extension, cue.dual) for cue in cues] == [
        ("MAYA", "V.O., CONT'D", False),
        ("BOB", None, True),
    ]
    assert [(scene.number, scene.heading) for scene in script.scenes] == [
        ("12A", "INT. HOUSE - DAY"),
        ("2", "EXT. YARD"),
    ]
    assert script.characters == ["MAYA", "BOB"]
    assert script.locations == ["INT. HOUSE", "EXT. YARD"]
    assert script.times == ["DAY"]
    assert [element.scene for element in script.elements if element.type is ElementType.SCENE_HEADING] == [
        0,
        1,
    ]
    assert script.scene_at(4) is None
    assert script.scene_at(9) == script.scenes[0]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("FADE IN:\n\nINT. A\n", []),
        ("CUT TO:\n\nINT. A\n", []),
        ("INT. A: NIGHT\n\nX\n", []),
        ("He reads:\n\n    A letter.\n", []),
        ("Foo: bar\nand then text\n", []),
        ("\nTitle: late\n", []),
        ("\ufeffTitle: X\r\nAuthor: Y\r\n\r\nZ", ["title", "author"]),
        ("Title: X\nNot a key\n", ["title"]),
        ("Revision: blue\n\nX", ["revision"]),
    ],
)
def test_a_title_page_is_keys_and_values_at_the_very_start(text: str, keys: list[str]) -> None:
    assert list(parse(text).title_page) == keys


@pytest.mark.parametrize(
    ("line", "styles"),
    [
        ("He dialed *69 and then *23, and hung up.", []),
        ("He *runs* away.", [("runs", ITALIC)]),
        ("**bold** and ***both***", [("bold", BOLD), ("both", BOLD | ITALIC)]),
        ("_under_", [("under", UNDERLINE)]),
        ("He dialed _69 and then 23 _, and hung up.", []),
        (r"the keypad: **\*9765\***", [(r"\*9765\*", BOLD)]),
        ("_FILLS the *Mark 4* scope_", [("FILLS the *Mark 4* scope", UNDERLINE), ("Mark 4", ITALIC)]),
        ("**bold *both***", [("bold *both", BOLD), ("both", ITALIC)]),
        ("***both** italic*", [("**both** italic", ITALIC), ("both", BOLD)]),
        ("2 * 3 * 4", []),
    ],
)
def test_emphasis_follows_the_spaces_around_its_marks(line: str, styles: list[tuple[str, int]]) -> None:
    found = emphasised(line)
    assert sorted(flags for _, flags in found) == sorted(flags for _, flags in styles)
    assert {text.replace("*", "") for text, _ in found} == {text.replace("*", "") for text, _ in styles}


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (".SOMEWHERE #4#", "SOMEWHERE"),
        ("> FADE OUT.", "FADE OUT."),
        ("  > THE END <", "THE END"),
        ("!INT. NOT A HEADING", "INT. NOT A HEADING"),
        ("~ La *la*", "La la"),
        ("    Indented [[note]]action", "    Indented action"),
        ("He /* slowly */*runs*", "He runs"),
        (r"\*69", "*69"),
        ("@McAvoy (V.O.) ^", "McAvoy (V.O.)"),
    ],
)
def test_what_is_printed_is_the_line_without_its_marks(line: str, shown: str) -> None:
    assert printed(line) == shown


def test_columns_pair_the_two_speeches_of_a_dual_dialogue() -> None:
    script = parse("A\nOne.\n\nB ^\nTwo.\n\nC ^\nThree.\n\nHe.\n\nD ^\nFour.")
    assert script.columns == [1, 1, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0]
    script.edit(3, 1, ["B"])
    assert script.columns == [0, 0, 0, 1, 1, 0, 2, 2, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("line", "kind", "result"),
    [
        ("Maya", ElementType.CHARACTER, "MAYA"),
        ("old man (V.O.)", ElementType.CHARACTER, "OLD MAN (V.O.)"),
        ("McAvoy", ElementType.CHARACTER, "@McAvoy"),
        ("黒澤", ElementType.CHARACTER, "@黒澤"),
        ("int. house - day", ElementType.SCENE_HEADING, "INT. HOUSE - DAY"),
        ("somewhere", ElementType.SCENE_HEADING, ".SOMEWHERE"),
        ("softly", ElementType.PARENTHETICAL, "(softly)"),
        ("(softly)", ElementType.DIALOGUE, "softly"),
        ("cut to:", ElementType.TRANSITION, "CUT TO:"),
        ("burn to white", ElementType.TRANSITION, "> BURN TO WHITE"),
        ("the end", ElementType.CENTERED, "> the end <"),
        ("la la", ElementType.LYRICS, "~la la"),
        ("@McAvoy", ElementType.ACTION, "McAvoy"),
        ("INT. HOUSE", ElementType.ACTION, "!INT. HOUSE"),
        (".SOMEWHERE", ElementType.ACTION, "SOMEWHERE"),
        ("He walks.", ElementType.ACTION, "He walks."),
    ],
)
def test_a_line_becomes_another_element_with_the_least_markup(
    line: str, kind: ElementType, result: str
) -> None:
    assert as_element(line, kind) == result


PLAIN = st.text(alphabet="abcXYZ .:()*!@>~#=[]", min_size=1, max_size=12).filter(lambda text: text.strip())


@settings(max_examples=400, deadline=None)
@given(
    PLAIN,
    st.sampled_from(
        [
            ElementType.ACTION,
            ElementType.SCENE_HEADING,
            ElementType.CHARACTER,
            ElementType.TRANSITION,
            ElementType.LYRICS,
        ]
    ),
)
def test_a_converted_line_reads_as_what_it_was_made(line: str, kind: ElementType) -> None:
    below = "" if blank_lines_needed(kind)[1] else "then"
    made = as_element(line, kind, after=below)
    script = Script("\n".join(("He.", "", made, below, "", "")))
    # A heading is forced by a dot before a letter or digit; without one there is nothing to force.
    sayable = made.removeprefix(".")[:1] if kind is ElementType.SCENE_HEADING else made
    if any(map(str.isalnum, sayable)):
        assert script.kind(2) is kind, made


def test_tab_goes_round_the_elements() -> None:
    kind = ElementType.ACTION
    seen = [kind := after_tab(kind) for _ in range(4)]
    assert seen == [
        ElementType.CHARACTER,
        ElementType.TRANSITION,
        ElementType.SCENE_HEADING,
        ElementType.ACTION,
    ]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"INT. A\n\nCaf\xe9\n", "a.fountain, line 3, byte 12"),
        ("INT. A".encode("utf-16"), "a.fountain"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a.fountain"),
        (b"%PDF-1.7\n", "a.fountain"),
        (b"INT. A\r\n\0", "a.fountain, line 2, byte 9"),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_its_place(data: bytes, place: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_script_bytes(data, "a.fountain")
    assert caught.value.place == place
    assert caught.value.remedy


@pytest.mark.parametrize("data", [b"", "\ufeffINT. A\r\n\rX\n".encode()])
def test_a_read_script_goes_back_to_its_bytes(data: bytes) -> None:
    text = read_script_bytes(data, "a.fountain")
    assert parse(text).text.encode() == data
