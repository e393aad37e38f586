"""Every way a name may leave as text is found: sure ones are replaced or block, doubtful ones wait for a person."""

from __future__ import annotations

import base64
import gzip
import json
import string
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.names import Answers, NameKind, NameTerm
from studio_assist.gate.findings import Action, Finding, Inspection, Kind
from studio_assist.gate.inspect import Inspector
from studio_assist.gate.lexicon import Lexicon
from studio_assist.gate.replace import replace
from studio_assist.gate.tokens import Tokens
from tests.gate.gate_names import DOUBTFUL, ENCODINGS, GRAMMAR, LAYOUT, LETTERS, LEXICON

INSPECTOR = Inspector(LEXICON)


def grave(found: Inspection) -> list[Finding]:
    return [one for one in found.findings if one.action is not Action.ADVISE]


def leaves(text: str) -> Action | None:
    """What would happen to a text sent as it is."""
    return INSPECTOR.text(f"Before it {text} and after.", leaving=True).action


def actions(text: str, inspector: Inspector = INSPECTOR) -> set[tuple[str | None, Action]]:
    return {(one.term, one.action) for one in inspector.text(text).findings}


# letters, layout, grammar


@pytest.mark.parametrize("hide", LETTERS.values(), ids=LETTERS)
@pytest.mark.parametrize("name", ["Maya", "Larkspur", "Okafor"])
def test_a_name_in_other_letters_is_that_name(hide: Callable[[str], str], name: str) -> None:
    assert leaves(hide(name)) is Action.BLOCKED


@pytest.mark.parametrize("hide", LAYOUT.values(), ids=LAYOUT)
@pytest.mark.parametrize("name", ["Maya", "Larkspur"])
def test_a_name_laid_out_otherwise_is_that_name(hide: Callable[[str], str], name: str) -> None:
    assert leaves(hide(name)) is Action.BLOCKED


@pytest.mark.parametrize("write", GRAMMAR.values(), ids=GRAMMAR)
def test_a_name_with_its_grammar_is_that_name(write: Callable[[str], str]) -> None:
    assert leaves(write("Okafor")) is Action.BLOCKED


@pytest.mark.parametrize(
    "text",
    [
        "Okafor, Maya", "OKAFOR Maya", "M. Okafor", "Okafor, M.", "Maya  Okafor", "Maya\nOkafor", "Maya_Okafor",
        "mayaokafor", "MayaOkafor", "okafor-maya", "Tomas", "TOMÁS", "Toma\u0301s", "Juergen Weiss", "JÜRGEN WEISS",
        "OBRIEN", "O’Brien", "O Brien", "Иван", "ИВАН", "李明", "李明说", "The Long Winter", "THE LONG WINTER",
        "larkspur", "Skerra", "skerra_point", "Sparrowhawk", "Brandt, Elizabeth",
    ],
)  # fmt: skip
def test_a_name_in_any_of_its_writings_is_that_name(text: str) -> None:
    assert leaves(text) is Action.BLOCKED


def test_the_longest_name_does_not_hide_a_shorter_one() -> None:
    # leftmost-longest matching sees "Ann Lee" in "Ann Leech", refuses it for its end, and loses Ann.
    assert ("Ann Lee", Action.REPLACED) in actions("Ann Leech came.")


@pytest.mark.parametrize("text", ["annual", "a mayan", "ocean\na", "planned", "leeway", "larks"])
def test_letters_in_the_middle_of_other_words_are_no_name(text: str) -> None:
    found = INSPECTOR.text(f"so it {text} goes")
    assert not [one for one in found.findings if one.action in (Action.REPLACED, Action.BLOCKED)]


@pytest.mark.parametrize("hide", DOUBTFUL.values(), ids=DOUBTFUL)
@pytest.mark.parametrize("name", ["Okafor", "Larkspur"])
def test_what_may_be_a_name_waits_for_a_person(hide: Callable[[str], str], name: str) -> None:
    held = INSPECTOR.text(hide(name), leaving=True)
    assert held.action in (Action.HOLD, Action.BLOCKED)
    assert all(one.question for one in held.findings if one.action is Action.HOLD)


def test_a_short_form_of_a_name_waits_for_a_person() -> None:
    assert actions("Then Liz and Beth laughed.") == {("Elizabeth Brandt", Action.HOLD)}


def test_initials_are_told_of_and_hold_nothing_up() -> None:
    assert actions("signed M.O. again") == {("MAYA", Action.ADVISE)}


# ordinary words


def test_a_name_that_is_an_ordinary_word_neither_passes_nor_blocks_by_itself() -> None:
    for text in (
        "Hope looks up.",
        "We met Hope there.",
        "HOPE looks up",
        "i met hope there",
        "Ｈope",
        "h-ope",
    ):
        assert (("Hope", Action.HOLD)) in actions(text), text


def test_a_cue_is_a_name_and_a_small_word_among_capitals_is_a_word() -> None:
    found = INSPECTOR.text("HOPE (V.O.)\nThere is hope, and a chase, and more hope.")
    assert [(one.text, one.action) for one in found.findings] == [
        ("HOPE", Action.REPLACED), ("hope", Action.ADVISE), ("chase", Action.ADVISE),
    ]  # fmt: skip


def test_what_a_person_answered_is_not_asked_again() -> None:
    asked = INSPECTOR.text("We met Hope there.").questions
    assert [(one.text, one.lasting) for one in asked] == [("Hope", False)]
    word = INSPECTOR.answered(Answers(words=frozenset({"Hope"})))
    assert word.text("We met Hope there.").action is None
    name = INSPECTOR.answered(Answers(names=(("Hope", "Hope"),)))
    assert actions("We met Hope there.", name) == {("Hope", Action.REPLACED)}


def test_every_question_has_an_answer_that_ends_it() -> None:
    text = (
        "Hope met Okafro, Victor and Liz.\u2060\u2060\u2060\u2060 Ring +44 20 7946 0958. Many\nare\nyou\nall?"
    )
    held = INSPECTOR.text(text)
    answers = Answers(words=frozenset(one.text for one in held.questions))
    assert len(held.questions) >= 6
    assert INSPECTOR.answered(answers).text(text).questions == ()


# unknown names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Rewrite Victor's line so that Elena answers.", ["Victor", "Elena"]),
        ("In Blackwood Manor, Lady Ashcombe waits.", ["Blackwood Manor", "Ashcombe"]),
        ("They meet at Silver Creek before noon.", ["Silver Creek"]),
        ("ZADIE\nWho is Kwabena?", ["ZADIE", "Kwabena"]),
        ("She works for Halcyon Dynamics now.", ["Halcyon Dynamics"]),
    ],
)
def test_a_name_in_no_list_is_asked_about(text: str, names: list[str]) -> None:
    found = INSPECTOR.text(text).findings
    assert [one.text for one in found if one.kind is Kind.POSSIBLE_NAME] == names


PROMPTS = """Write three colder versions of this line. Make the argument quieter; nobody raises their voice.
INT. KITCHEN - NIGHT. Two people, one chair. FADE IN on a city street. EXT. BEACH - DAY
Storyboard note: low angle, 24 mm, rain on the window. Break this scene into shots, with size, lens and angle.
He speaks French badly. On Monday the crew returns. Use American spelling. I like number two. Let's cut it.
Summarise Act Three in four sentences. Give me ten loglines for a thriller set on a night train to Vienna.
Write it as Hitchcock would. Underlined words stay. Don't use adverbs. She thinks that he is lying. CUT TO:"""


def test_ordinary_prompts_are_asked_nothing() -> None:
    assert grave(INSPECTOR.text(PROMPTS)) == []


# encodings


@pytest.mark.parametrize("hide", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("name", ["Maya", "Larkspur"])
def test_a_name_in_an_encoding_blocks(hide: Callable[[str], str], name: str) -> None:
    assert leaves(hide(name)) is Action.BLOCKED


def test_an_encoding_is_told_with_what_is_in_it_and_where() -> None:
    packed = base64.b64encode(gzip.compress(b"Maya waits")).decode()
    text = f"see {packed} there"
    (found,) = [one for one in INSPECTOR.text(text).findings if one.action is Action.BLOCKED]
    assert (found.where, found.text, found.term) == ("text, base64, gzip", "Maya", "MAYA")
    assert text[found.start : found.end] == packed


def test_a_plain_name_beside_an_escape_is_replaced_and_not_blocked() -> None:
    assert actions("Tom&#225;s &amp; Maya&nbsp;met.") == {
        ("Tomás", Action.BLOCKED),
        ("MAYA", Action.REPLACED),
    }


def test_what_opens_without_end_is_refused_quickly() -> None:
    bomb = zlib.compress(b"\0" * 2**26, 9)
    (found,) = INSPECTOR.body(gzip.compress(bomb), "application/gzip").findings
    assert (found.kind, found.action) == (Kind.CONTAINER, Action.BLOCKED)
    deep = b"Maya"
    for _ in range(7):
        deep = base64.b64encode(deep)
    assert leaves(deep.decode()) is Action.BLOCKED


@pytest.mark.parametrize(
    "head", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01", b"Salted__", b"\x28\xb5\x2f\xfd"]
)
def test_what_cannot_be_opened_is_refused(head: bytes) -> None:
    packed = base64.b64encode(head + bytes(range(64))).decode()
    assert leaves(packed) is Action.BLOCKED


def test_a_long_run_that_nobody_can_read_waits_for_a_person() -> None:
    noise = base64.b85encode(bytes((at * 97 + at * at * 31) % 251 for at in range(300))).decode()
    letters = "".join(char for char in noise if char.isalnum())
    assert INSPECTOR.text(letters, leaving=True).action is Action.HOLD


# places in a document


DOCUMENT = {
    "model": "some-model",
    "messages": [{"role": "system", "content": "You write dialogue."}, {"role": "user", "content": "Go on."}],
    "tools": [{"function": {"name": "lookup", "parameters": {"properties": {"who": {"type": "string"}}}}}],
    "metadata": {"scene": "14"},
}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("You write dialogue.", "You write for Maya."),
        ('"who"', '"maya_id"'),
        ("lookup", "find_okafor"),
        ('"14"', '"Larkspur 14"'),
        ('"scene"', '"skerra"'),
        ("some-model", "ft:maya-okafor"),
        ("Go on.", "\\u004d\\u0061ya"),
        ("Go on.", json.dumps(json.dumps({"arguments": "Ma\u0079a"}))[1:-1]),
        ('"scene": "14"', '"scene": "14", "scene": "Maya", "scene": "14"'),
    ],
)
def test_a_name_anywhere_in_a_document_blocks(old: str, new: str) -> None:
    clean = json.dumps(DOCUMENT)
    assert INSPECTOR.body(clean.encode()).action is None
    assert INSPECTOR.body(clean.replace(old, new, 1).encode()).action is Action.BLOCKED


def test_the_place_of_a_finding_is_told_as_a_person_reads_it() -> None:
    found = INSPECTOR.document({"messages": [{"content": "x"}, {"content": "Maya"}]}).findings
    assert [(one.where, one.start, one.end) for one in found] == [("messages[1].content", 0, 4)]


def test_forms_file_names_and_part_headers_are_looked_at() -> None:
    part = (
        b'--b\r\nContent-Disposition: form-data; name="image"; filename="%s"\r\nContent-Type: image/png\r\n'
        b"X-Note: %s\r\n\r\n%s\r\n--b--\r\n"
    )
    kind = "multipart/form-data; boundary=b"
    assert INSPECTOR.body(part % (b"image_1.png", b"-", b""), kind).action is None
    assert INSPECTOR.body(part % (b"maya_ref.png", b"-", b""), kind).action is Action.BLOCKED
    assert INSPECTOR.body(part % (b"image_1.png", b"Okafor", b""), kind).action is Action.BLOCKED
    # A checked picture is cut out before (`body_pictures`); any other is refused, whatever is in it.
    png = b"\x89PNG\r\n\x1a\n" + bytes(20)
    assert INSPECTOR.body(part % (b"image_1.png", b"-", png), kind).left == 1
    assert INSPECTOR.body(part % (b"i.png", b"-", png + b"tEXtAuthor\0Maya Okafor\0"), kind).left == 2
    assert (
        INSPECTOR.body(b"prompt=M%61ya+waits", "application/x-www-form-urlencoded").action is Action.BLOCKED
    )
    assert INSPECTOR.body("Maya".encode("utf-16"), "text/plain").action is Action.BLOCKED
    assert INSPECTOR.body(gzip.compress(b'{"x":"Maya"}'), "application/json").action is Action.BLOCKED


def test_broken_json_is_looked_at_all_the_same() -> None:
    assert INSPECTOR.body(b'{"x": "y"} {"z": "Maya').action is Action.BLOCKED
    assert INSPECTOR.body(b"[" * 100_000 + b'"Maya"').action is Action.BLOCKED


# conversation


@pytest.mark.parametrize(
    "pieces",
    [["Ma", "ya waits"], ["M", "a", "y", "a"], ["the lark Lark", "spur files"], ["Ske", "rra Point"]],
)
def test_a_name_cut_over_several_messages_waits_for_a_person(pieces: list[str]) -> None:
    messages = [{"role": "user", "content": piece} for piece in pieces]
    found = INSPECTOR.document({"messages": messages})
    assert found.action in (Action.HOLD, Action.BLOCKED)
    texts = [(f"part {at}", piece) for at, piece in enumerate(pieces)]
    assert INSPECTOR.texts(texts).action in (Action.HOLD, Action.REPLACED)


def test_a_name_earlier_in_the_conversation_blocks_as_well() -> None:
    history = [{"role": "assistant", "content": "Maya nods."}, {"role": "user", "content": "Go on."}]
    assert INSPECTOR.document({"input": history}).action is Action.BLOCKED


def test_messages_that_only_happen_to_meet_are_no_name() -> None:
    messages = [
        {"role": "user", "content": "We saw the ocean"},
        {"role": "user", "content": "A boat came in"},
    ]
    assert INSPECTOR.document({"messages": messages}).action is None


# what nobody sees


def test_letters_of_two_alphabets_in_one_word_wait_for_a_person() -> None:
    assert ("Mאya", Action.HOLD) in {
        (one.text, one.action) for one in INSPECTOR.text("so Mאya waits").findings
    }
    assert INSPECTOR.text("Иван едет. Она идёт. 5 µm, π r², 説明API.", leaving=False).questions == ()


def test_hidden_characters_are_held_and_read() -> None:
    plain = "Nothing here" + "".join(chr(0xE0000 + ord(char)) for char in "go on")
    assert {one.kind for one in INSPECTOR.text(plain).findings} == {Kind.HIDDEN}
    bits = "".join(f"{code:08b}" for code in b"Maya")
    hidden = "ok" + bits.replace("0", "\u200b").replace("1", "\u200c") + "ok"
    assert INSPECTOR.text(hidden).action is Action.BLOCKED
    selectors = "x" + "".join(chr(0xFE00 + code if code < 16 else 0xE0100 + code - 16) for code in b"Maya")
    assert INSPECTOR.text(selectors).action is Action.BLOCKED
    assert INSPECTOR.text("A family 👨‍👩‍👧 and a flag 🏴󠁧󠁢󠁥󠁮󠁧󠁿 smile.").action is None


# all of it, by chance


NAMES = st.sampled_from(["Okafor", "Larkspur", "Sparrowhawk", "Elizabeth Brandt", "Skerra Point"])
SURE = st.sampled_from(sorted({**LETTERS, **GRAMMAR, **ENCODINGS}.items()))
ASKED = st.sampled_from(sorted({**LETTERS, **LAYOUT, **GRAMMAR, **ENCODINGS, **DOUBTFUL}.items()))
WORDS = st.lists(st.sampled_from(["we", "go", "on", "to", "sea.", "Then", "it", "rains,", "So?"]), max_size=6)


@settings(max_examples=300, deadline=None)
@given(NAMES, ASKED, WORDS, WORDS)
def test_any_disguise_anywhere_is_found_or_held(
    name: str, disguise: tuple[str, Callable[[str], str]], before: list[str], after: list[str]
) -> None:
    kind, hide = disguise
    if kind in ("UTF-7", "Morse code", "a spelling alphabet"):
        name = "Larkspur"
    if kind == "Braille":
        name = name.replace(" ", "")
    if kind.startswith("first letters"):
        name = name.replace(" ", "")
        before = after = []
    written = hide(name)
    found = INSPECTOR.text(f"{' '.join(before)} {written} {' '.join(after)}", leaving=True)
    assert found.action in (Action.BLOCKED, Action.HOLD), (kind, written)


@settings(max_examples=150, deadline=None)
@given(NAMES, st.sampled_from(sorted(LETTERS.items())), st.sampled_from(sorted(LAYOUT.items())))
def test_two_disguises_at_once_are_found_or_held(
    name: str, letters: tuple[str, Callable[[str], str]], layout: tuple[str, Callable[[str], str]]
) -> None:
    if letters[0] in ("turned round", "tag letters", "Braille"):
        # Taken apart these show nothing of the name any more; the tag letters themselves still hold.
        return
    found = INSPECTOR.text(layout[1](letters[1](name)), leaving=True)
    assert found.action in (Action.BLOCKED, Action.HOLD)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_inspecting_any_text_ends_in_findings_within_it(text: str) -> None:
    found = INSPECTOR.text(text)
    assert all(0 <= one.start <= one.end <= len(text) for one in found.findings)
    assert [one.start for one in found.findings] == sorted(one.start for one in found.findings)
    assert INSPECTOR.text(text) == found


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(alphabet=string.ascii_letters + "éöñßŁ'", min_size=5, max_size=14), min_size=1, max_size=8
    )
)
def test_any_list_of_names_is_found_in_its_own_words(names: list[str]) -> None:
    terms = [
        NameTerm(text=name, kind=NameKind.CHARACTER) for name in dict.fromkeys(names) if name.strip("' ")
    ]
    inspector = Inspector(Lexicon(terms))
    for term in terms:
        if any(char.isalpha() for char in term.text):
            found = inspector.text(f"so {term.text.upper()} it is", leaving=True)
            assert found.action in (Action.BLOCKED, Action.HOLD)


def test_a_draft_that_was_replaced_leaves_with_nothing_of_the_list() -> None:
    tokens = Tokens()
    draft = (
        "MAYA\nMaya's in theMayaFile. Okafor, Maya. M A Y A and Larkspur_v2, at Skerra\nPoint. 李明说 Иван."
    )
    result = replace(draft, LEXICON, tokens)
    assert Inspector(LEXICON, tokens=tokens).text(result.text, leaving=True).action is None
