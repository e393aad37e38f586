"""Small cases of the syntax, each alone: what it says, and where two other parsers agree.

screenplain and fountain-py are right about most of them. `BUT` names the cases in which one of them departs
from the syntax, with the reason why our reading stands.
"""

from __future__ import annotations

import io
import re

import pytest

from studio_assist.interchange.fountain import parse

ACTION, CUE, SPEECH, PAREN = "action", "character", "dialogue", "parenthetical"
HEADING, TRANSITION, CENTERED, BREAK = "scene_heading", "transition", "centered", "page_break"
LYRICS = "lyrics"
#: The letters that the cases below are written with.
LETTERS = {
    "A": ACTION,
    "C": CUE,
    "S": SPEECH,
    "P": PAREN,
    "H": HEADING,
    "T": TRANSITION,
    "M": CENTERED,
    "B": BREAK,
    "L": LYRICS,
}
COMPARED = set(LETTERS.values())

# name, script, what is printed of it: a letter for the kind, then the text, parts set off by " | "
WRITTEN: list[tuple[str, str, str]] = [
    ("heading", "INT. HOUSE - DAY\n\nHe.", "H INT. HOUSE - DAY | A He."),
    ("heading in lower case", "ext. yard\n\nHe.", "H ext. yard | A He."),
    ("heading without dot", "INT HOUSE\n\nHe.", "H INT HOUSE | A He."),
    ("int./ext.", "INT./EXT. CAR\n\nHe.", "H INT./EXT. CAR | A He."),
    ("int/ext", "INT/EXT CAR\n\nHe.", "H INT/EXT CAR | A He."),
    ("i/e", "I/E CAR\n\nHe.", "H I/E CAR | A He."),
    ("est", "EST. CITY\n\nHe.", "H EST. CITY | A He."),
    ("a word that begins like a heading", "Interior design.\n\nHe.", "A Interior design. | A He."),
    (
        "heading needs a blank line before it",
        "He waits.\nINT. HOUSE\n\nShe.",
        "A He waits.\nINT. HOUSE | A She.",
    ),
    (
        "sentence that opens like a heading",
        "Est. 1950, it says\non the door.",
        "A Est. 1950, it says\non the door.",
    ),
    ("heading with text below", "INT. HOUSE - DAY\nHe.", "H INT. HOUSE - DAY | A He."),
    ("forced heading", ".SNIPER SCOPE\n\nHe.", "H SNIPER SCOPE | A He."),
    ("ellipsis is no heading", "...and then", "A ...and then"),
    ("dot and space is no heading", ". AND THEN\n\nHe.", "A . AND THEN | A He."),
    ("scene number", "INT. HOUSE #1A#\n\nHe.", "H INT. HOUSE | A He."),
    ("scene number with dashes and dots", "INT. HOUSE #I-1.a#\n\nHe.", "H INT. HOUSE | A He."),
    ("no scene number", "INT. HOUSE #1 A#\n\nHe.", "H INT. HOUSE #1 A# | A He."),
    ("indented heading", "   INT. HOUSE\n\nHe.", "H INT. HOUSE | A He."),
    ("cue", "STEEL\nThe man.", "C STEEL | S The man."),
    ("cue needs a line below", "STEEL\n\nThe man.", "A STEEL | A The man."),
    ("cue needs a blank line above", "He.\nSTEEL\nThe man.", "A He.\nSTEEL\nThe man."),
    ("indented cue", "\t\tSTEEL\n  The man.", "C STEEL | S The man."),
    ("cue with digits", "R2D2\nBeep.", "C R2D2 | S Beep."),
    ("digits alone are no cue", "23\nBeep.", "A 23\nBeep."),
    ("cue that begins with a digit", "3CPO\nBeep.", "C 3CPO | S Beep."),
    ("cue with a number", "DEALER #2\nTen.", "C DEALER #2 | S Ten."),
    ("straight apostrophe", "O'BRIEN\nYes.", "C O'BRIEN | S Yes."),
    ("curly apostrophe", "WILL’S DATE\nYes.", "C WILL’S DATE | S Yes."),
    ("accents", "ÉLOÏSE\nOui.", "C ÉLOÏSE | S Oui."),
    ("Cyrillic", "ИВАН\nДа.", "C ИВАН | S Да."),
    ("forced cue", "@McCLANE\nYippee.", "C McCLANE | S Yippee."),
    ("forced cue in another script", "@黒澤\nHai.", "C 黒澤 | S Hai."),
    ("name of another script is no cue by itself", "黒澤\nHai.", "A 黒澤\nHai."),
    ("extension", "MOM (O. S.)\nLuke!", "C MOM | S Luke!"),
    ("extension in lower case", "HANS (on the radio)\nWhat?", "C HANS | S What?"),
    ("a sentence with brackets is no cue", "Han (O.S.)\nWhat?", "A Han (O.S.)\nWhat?"),
    ("speech in capitals", "BOB\nNO. NEVER.\nGO AWAY", "C BOB | S NO. NEVER.\nGO AWAY"),
    ("dual", "A\nOne.\n\nB ^\nTwo.", "C A | S One. | C B | S Two."),
    ("dual without a space", "A\nOne.\n\nB^\nTwo.", "C A | S One. | C B | S Two."),
    ("parenthetical", "BOB\n(low)\nYes.", "C BOB | P low | S Yes."),
    ("parenthetical within", "BOB\nYes.\n(low)\nNo.", "C BOB | S Yes. | P low | S No."),
    ("two parentheticals", "BOB\n(low)\n(lower)\nYes.", "C BOB | P low | P lower | S Yes."),
    ("brackets outside a speech", "(low)\nHe.", "A (low)\nHe."),
    ("two spaces hold a speech", "BOB\nTen.\n  \nHit?", "C BOB | S Ten.\n\nHit?"),
    ("one space does not", "BOB\nTen.\n \nHit?", "C BOB | S Ten. | A Hit?"),
    ("heading within a speech is speech", "BOB\nYes.\nINT. HOUSE", "C BOB | S Yes.\nINT. HOUSE"),
    ("hash in speech", "BOB\n#1 fan!", "C BOB | S #1 fan!"),
    ("lyrics in a speech", "BOB\n~La la\n~la", "C BOB | L La la\nla"),
    ("lyrics alone", "~La la\n\nHe.", "L La la | A He."),
    ("transition", "He.\n\nCUT TO:\n\nShe.", "A He. | T CUT TO: | A She."),
    ("transition in lower case is none", "He.\n\ncut to:\n\nShe.", "A He. | A cut to: | A She."),
    ("transition with a space behind is none", "He.\n\nCUT TO: \n\nShe.", "A He. | A CUT TO: | A She."),
    ("transition with text below is none", "He.\n\nCUT TO:\nshe.", "A He. | A CUT TO:\nshe."),
    ("forced transition", "He.\n\n> Burn to white.\n\nShe.", "A He. | T Burn to white. | A She."),
    ("fade in on line 1", "FADE IN:\n\nINT. HOUSE\n\nHe.", "T FADE IN: | H INT. HOUSE | A He."),
    ("fade in later", "He.\n\nFADE IN:\n\nShe.", "A He. | T FADE IN: | A She."),
    ("fade out", "He.\n\nFADE OUT.\n\nShe.", "A He. | T FADE OUT. | A She."),
    ("fade to black", "He.\n\nFADE TO BLACK.", "A He. | T FADE TO BLACK."),
    ("centred", "> THE END <", "M THE END"),
    ("centred without spaces", ">THE END<", "M THE END"),
    ("forced action", "!SCANNING THE AISLES\nWhere is he?", "A SCANNING THE AISLES\nWhere is he?"),
    ("capitals with a line below speak", "SCANNING THE AISLES\nWhere?", "C SCANNING THE AISLES | S Where?"),
    ("indented action", "He reads:\n\n    Scott\n    Room 412", "A He reads: | A     Scott\n    Room 412"),
    ("page break", "He.\n\n===\n\nShe.", "A He. | B | A She."),
    ("long page break", "He.\n\n=====\n\nShe.", "A He. | B | A She."),
    ("section", "# Act One\n\nHe.", "A He."),
    ("synopsis below a section", "# Act One\n\n= All begins.\n\nHe.", "A He."),
    ("synopsis alone", "He.\n\n= All begins.\n\nShe.", "A He. | A She."),
    ("synopsis right below a heading", "INT. HOUSE\n= They meet.\n\nHe.", "H INT. HOUSE | A He."),
    ("note in a line", "A[[note]]B", "A AB"),
    ("note of its own", "He.\n\n[[note]]\n\nShe.", "A He. | A She."),
    ("note over lines", "He [[a\nb]] goes.", "A He  goes."),
    ("note over a held blank line", "He [[a\n  \nb]] goes.", "A He  goes."),
    ("note that an empty line ends", "He [[a\n\nb]] goes.", "A He [[a | A b]] goes."),
    ("note in a speech", "BOB\nYes.\n[[n]]\nNo.", "C BOB | S Yes.\nNo."),
    ("boneyard in a line", "A/* gone */B", "A AB"),
    ("boneyard of its own", "He.\n\n/* gone */\n\nShe.", "A He. | A She."),
    ("boneyard over paragraphs", "He.\n\n/* BOB\nHi\n\nINT. A */\n\nShe.", "A He. | A She."),
    (
        "boneyard between transition and heading",
        "He.\n\nCUT TO:\n/*\nX\n\nY\n*/\nEXT. YARD\n\nShe.",
        "A He. | T CUT TO: | H EXT. YARD | A She.",
    ),
    ("boneyard that never ends", "He /* goes.\n\nShe.", "A He /* goes. | A She."),
    ("byte-order mark", "\ufeffINT. HOUSE\n\nHe.", "H INT. HOUSE | A He."),
    ("CR LF", "BOB\r\nYes.\r\n\r\nHe.\r\n", "C BOB | S Yes. | A He."),
    ("CR", "BOB\rYes.\r\rHe.\r", "C BOB | S Yes. | A He."),
    ("mixed endings", "BOB\r\nYes.\n\r\nHe.\rShe.", "C BOB | S Yes. | A He.\nShe."),
    ("form feed and U+2028 end no line", "He\x0cgoes\u2028on.", "A He\x0cgoes\u2028on."),
    ("many blank lines", "He.\n\n\n\nShe.", "A He. | A She."),
    ("title page", "Title: X\nAuthor:\n    A\n    B\n\nHe.", "A He."),
]
CASES = [
    (name, text, [(LETTERS[part[0]], part[2:]) for part in expected.split(" | ")])
    for name, text, expected in WRITTEN
]

# (parser, case): why it is not followed.
BUT: dict[tuple[str, str], str] = {
    ("screenplain", "heading with text below"): (
        "In capitals, with a heading's opening: nobody means a character of that name."
    ),
    ("fountain-py", "heading with text below"): (
        "The syntax wants a blank line below; but in capitals the line could only be a cue else, "
        "and is meant as a heading."
    ),
    ("screenplain", "dot and space is no heading"): (
        "Only a dot right before a letter or digit forces a heading."
    ),
    ("screenplain", "indented heading"): "Leading spaces mean something in action only.",
    ("fountain-py", "curly apostrophe"): "Only ASCII names are taken for cues.",
    ("fountain-py", "accents"): "Only ASCII names are taken for cues.",
    ("fountain-py", "Cyrillic"): "Only ASCII names are taken for cues.",
    ("fountain-py", "one space does not"): "It takes two spaces to hold a speech together.",
    ("fountain-py", "hash in speech"): (
        "Speech is any text below a cue; a hash opens a section there only when a space follows."
    ),
    ("screenplain", "lyrics in a speech"): "It does not know lyrics.",
    ("screenplain", "lyrics alone"): "It does not know lyrics.",
    ("screenplain", "transition with text below is none"): "Nobody means a character called CUT TO:.",
    ("screenplain", "fade in on line 1"): "A fade is a transition by custom.",
    ("screenplain", "fade in later"): "A fade is a transition by custom.",
    ("screenplain", "fade out"): "A fade is a transition by custom.",
    ("screenplain", "fade to black"): "A fade is a transition by custom.",
    ("fountain-py", "fade to black"): "A fade is a transition by custom.",
    ("screenplain", "synopsis alone"): "A synopsis may stand anywhere.",
    ("screenplain", "synopsis right below a heading"): (
        "A synopsis is not printed, so it does not touch the heading."
    ),
    ("fountain-py", "synopsis right below a heading"): (
        "A synopsis is not printed, so it does not touch the heading."
    ),
    ("fountain-py", "note over lines"): (
        "The paragraph goes on around its note; text behind the note is read as a paragraph of its own."
    ),
    ("fountain-py", "note over a held blank line"): "The paragraph goes on around its note.",
    ("fountain-py", "note that an empty line ends"): "What is not a note stays in its paragraph.",
    ("screenplain", "note in a speech"): "A note of its own is read as an empty line of the speech.",
    ("fountain-py", "boneyard in a line"): "It puts a space where the boneyard was.",
    ("fountain-py", "boneyard between transition and heading"): (
        "A boneyard of its own leaves a blank line behind."
    ),
    ("fountain-py", "boneyard that never ends"): "All text behind an unclosed mark would be lost.",
    ("screenplain", "byte-order mark"): "The mark is read as the heading's first character.",
    ("fountain-py", "byte-order mark"): "The mark is read as the heading's first character.",
    ("fountain-py", "CR LF"): "A line that holds only CR is not seen as blank.",
    ("fountain-py", "CR"): "CR alone is not seen as a line ending.",
    ("fountain-py", "mixed endings"): "CR is not seen as a line ending.",
}


def squeezed(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Only what is compared: neighbouring lines of a speech as one, case and inner spaces aside."""
    merged: list[tuple[str, str]] = []
    for kind, text in rows:
        if kind not in COMPARED:
            continue
        if merged and kind == merged[-1][0] and kind in (SPEECH, LYRICS):
            merged[-1] = (kind, merged[-1][1] + "\n" + text)
        else:
            merged.append((kind, text))
    return [(kind, re.sub(r"[ \t]+", " ", text).strip().upper()) for kind, text in merged]


def ours(text: str) -> list[tuple[str, str]]:
    return [(element.type.value, element.text) for element in parse(text).elements]


def screenplain_reads(text: str) -> list[tuple[str, str]]:
    types = pytest.importorskip("screenplain.types")
    parser = pytest.importorskip("screenplain.parsers.fountain")
    names = {"Slug": HEADING, "Transition": TRANSITION, "PageBreak": BREAK, "Section": "section"}
    rows: list[tuple[str, str]] = []
    for paragraph in parser.parse(io.StringIO(text, newline="")):
        speeches = [paragraph] if isinstance(paragraph, types.Dialog) else []
        if isinstance(paragraph, types.DualDialog):
            speeches = [paragraph.left, paragraph.right]
        for speech in speeches:
            rows.append((CUE, str(speech.character).partition("(")[0]))
            for in_brackets, line in speech.blocks:
                rows.append((PAREN, str(line).strip("()")) if in_brackets else (SPEECH, str(line)))
        if speeches:
            continue
        if isinstance(paragraph, types.Action):
            lines = "\n".join(str(line) for line in paragraph.lines)
            rows.append((CENTERED if paragraph.centered else ACTION, lines))
        else:
            name = names[type(paragraph).__name__]
            rows.append((name, "" if name in (BREAK, "section") else str(paragraph.line)))
    return rows


def fountain_py_reads(text: str) -> list[tuple[str, str]]:
    parser = pytest.importorskip("fountain.parser")
    rows: list[tuple[str, str]] = []
    for element in parser.FountainParser().parse(text).elements:
        kind = element.type.value
        if kind == "dual_dialogue":
            parts = element.metadata
            for name in ("left", "right"):
                speech = [parts[f"{name}_character"], *parts[f"{name}_dialogue"]]
                rows += [(part.type.value, part.text) for part in speech]
        else:
            rows.append((kind, "" if kind == BREAK else element.text))
    return [(kind, text[1:-1] if kind == PAREN else text) for kind, text in rows]


PEERS = {"screenplain": screenplain_reads, "fountain-py": fountain_py_reads}


@pytest.mark.parametrize(("name", "text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_script_is_read_by_the_syntax(name: str, text: str, expected: list[tuple[str, str]]) -> None:
    read = [row for row in ours(text) if row[0] in COMPARED]
    merged: list[tuple[str, str]] = []
    for kind, content in read:
        if merged and merged[-1][0] == kind == SPEECH:
            merged[-1] = (kind, merged[-1][1] + "\n" + content)
        else:
            merged.append((kind, content))
    assert merged == expected, name


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize(("name", "text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_another_parser_agrees_or_departs_from_the_syntax(
    name: str, text: str, expected: list[tuple[str, str]], peer: str
) -> None:
    agrees = squeezed(PEERS[peer](text)) == squeezed(expected)
    reason = BUT.get((peer, name))
    assert agrees == (reason is None), reason or f"{peer} reads {PEERS[peer](text)}"
