"""Tokens go out for names and come back as the same names, whatever happens to them on the way."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.names import Answers, NameKind, NameTerm
from studio_assist.gate.inspect import Inspector
from studio_assist.gate.lexicon import Lexicon
from studio_assist.gate.matching import Sure, find
from studio_assist.gate.normalise import View
from studio_assist.gate.replace import replace
from studio_assist.gate.restore import Restorer, restore
from studio_assist.gate.tokens import Tokens
from tests.gate.gate_names import ENCODINGS, GRAMMAR, LAYOUT, LETTERS, LEXICON

DRAFT = """MAYA
(not turning)
It's not static. Somebody out there is counting.

Context: Maya Okafor's friend Ann Lee stands in the doorway at Skerra Point. maya waits. The Okafors left."""


def streamed(text: str, cuts: list[int], tokens: Tokens) -> tuple[str, Restorer]:
    restorer = Restorer(tokens)
    edges = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    shown = "".join(restorer.feed(text[start:end]) for start, end in pairwise(edges))
    return shown + restorer.close(), restorer


def code(token: str) -> str:
    return token.partition("_")[2][:4]


# replacing


def test_one_person_is_one_token_in_every_form_of_the_name() -> None:
    result = replace(DRAFT, LEXICON, Tokens())
    by_name: dict[str, set[str]] = {}
    for swap in result.swaps:
        by_name.setdefault(swap.name, set()).add(code(swap.token).upper())
        assert result.text[swap.at : swap.at + len(swap.token)] == swap.token
        assert DRAFT[swap.start : swap.end] == swap.written
    assert set(by_name) == {"MAYA", "Ann Lee", "Skerra Point"}
    assert all(len(codes) == 1 for codes in by_name.values())
    assert not re.search(r"maya|okafor|ann|skerra", result.text, re.IGNORECASE)


def test_a_token_is_written_in_the_case_of_the_name() -> None:
    result = replace("MAYA Maya maya", LEXICON, Tokens())
    upper, title, lower = result.text.split()
    assert re.fullmatch("CHARACTER_[A-Z]{4}", upper)
    assert (title, lower) == (upper.title(), upper.lower())


def test_endings_stay_outside() -> None:
    tokens = Tokens()
    result = replace("Maya's and the Okafors", LEXICON, tokens)
    token = result.swaps[0].token
    assert result.text == f"{token}'s and the {result.swaps[1].token}s"


def test_a_session_keeps_its_tokens_and_another_has_others() -> None:
    tokens = Tokens()
    first, again = (replace("Maya", LEXICON, tokens).text for _ in range(2))
    assert first == again
    assert len({replace("Maya", LEXICON, Tokens()).text for _ in range(20)}) > 15


def test_a_token_spells_nothing_and_is_in_no_text() -> None:
    alphabet = iter("KXQPKXQP" + "WRTDWRTD" * 50)
    tokens = Tokens(choice=lambda letters: next(alphabet).replace("Q", "J"))
    result = replace("Maya says kx-jp.", LEXICON, tokens)
    assert result.text == "Character_Wrtd says kx-jp."


def test_the_list_may_hold_the_word_before_a_token() -> None:
    terms = [NameTerm(text="Character", kind=NameKind.TITLE), NameTerm(text="Maya", kind=NameKind.CHARACTER)]
    lexicon, tokens = Lexicon(terms), Tokens()
    result = replace("Maya", lexicon, tokens)
    assert result.text.startswith("Figure_")
    assert not find(View(result.text), lexicon)


def test_what_a_person_said_is_a_name_is_replaced_as_that_name() -> None:
    answers = Answers(names=(("Okafro", "MAYA"), ("Hope", "Hope")))
    result = replace("Hope waits.", LEXICON, Tokens(), answers)
    assert [swap.name for swap in result.swaps] == ["Hope"]


# restoring


@pytest.mark.parametrize(
    ("form", "back"),
    [
        ("CHARACTER_{}", "MAYA"), ("CHARACTER_{}'s", "MAYA's"), ("CHARACTER_{}S", "MAYAS"), ("**CHARACTER_{}**", "**MAYA**"),
        ("“CHARACTER_{}.”", "“MAYA.”"), ("CHARACTER_{}-like", "MAYA-like"), ("CHARACTER_{}\n(beat)", "MAYA\n(beat)"),
    ],
)  # fmt: skip
def test_a_token_that_came_back_clean_is_the_name(form: str, back: str) -> None:
    tokens = Tokens()
    token = code(replace("MAYA", LEXICON, tokens).text)
    text, report = restore(form.format(token), tokens)
    assert (text, report.clean, report.is_clean) == (back, 1, True)


@pytest.mark.parametrize(
    ("form", "back"),
    [
        (r"CHARACTER\_{}", "MAYA"), ("CHARACTER {}", "MAYA"), ("CHARACTER-{}", "MAYA"), ("CHARACTER{}", "MAYA"),
        ("Character_{}", "MAYA"), ("character {} nods", "MAYA nods"), ("the {}", "the MAYA"), ("CHARACTER&#95;{}", "MAYA"),
        ("CHARACTER:{}", "MAYA"), ("PERSON_{}", "MAYA"), ("CHARACTER\n{}", "MAYA"), ("CHARACTER_{}2", "MAYA2"),
    ],
)  # fmt: skip
def test_a_token_that_was_changed_is_still_the_name_and_is_told_of(form: str, back: str) -> None:
    tokens = Tokens()
    token = code(replace("MAYA", LEXICON, tokens).text)
    text, report = restore(form.format(token), tokens)
    assert text == back
    assert len(report.mended) == 1
    for size in (1, 2, 3, 7):
        assert streamed(form.format(token), list(range(0, 60, size)), tokens)[0] == back


def test_a_cue_made_of_a_name_in_prose_is_in_capitals() -> None:
    tokens = Tokens()
    token = replace("Maya waits.", LEXICON, tokens).text.split()[0]
    assert restore(f"{token.upper()}\nNo.", tokens)[0] == "MAYA\nNo."


@pytest.mark.parametrize("made_up", ["CHARACTER_2", "CHARACTER_QQRT", "Place_1", "CHARACTER\\_B"])
def test_a_token_that_was_never_given_out_stays_and_is_told_of(made_up: str) -> None:
    tokens = Tokens()
    replace("MAYA", LEXICON, tokens)
    text, report = restore(f"Then {made_up} speaks.", tokens)
    assert (text, report.unknown) == (f"Then {made_up} speaks.", [made_up])
    assert made_up in report.sentences()[0]


def test_nothing_is_held_back_but_what_may_become_a_token() -> None:
    tokens = Tokens()
    token = replace("MAYA", LEXICON, tokens).text
    restorer = Restorer(tokens)
    assert restorer.feed("She looks at the water") == "She looks at the water"
    assert restorer.feed(f" and {token[:7]}") == " and "
    assert restorer.feed(token[7:]) == ""
    assert restorer.feed(" nods") == "MAYA nods"
    assert restorer.close() == ""


def test_a_token_that_was_in_the_writers_own_text_comes_back_as_that_text() -> None:
    tokens = Tokens()
    token = replace("MAYA", LEXICON, tokens).text
    draft = f"Why does it say {token} where MAYA was?"
    result = replace(draft, LEXICON, tokens)
    assert result.text.count(token) == 1
    assert restore(result.text, tokens)[0] == draft


# by chance

HIDDEN = {
    **LETTERS,
    **LAYOUT,
    **GRAMMAR,
    **{key: ENCODINGS[key] for key in ("percent", "base64", "entities")},
}
PIECES = st.one_of(
    st.sampled_from(
        [
            "MAYA",
            "Maya",
            "maya Okafor",
            "Okafor, M.",
            "Ann Leech",
            "Ann Lee Chang",
            "李明",
            "Иван",
            "Hope",
            "ß",
        ]
    ),
    st.sampled_from(
        [
            "character",
            "CHARACTER_",
            "PLACE ",
            "kxqp",
            " ",
            "\n",
            "_",
            "-",
            ". ",
            "'s",
            "\u200b",
            "\u0301",
            "s",
            "2",
        ]
    ),
    st.builds(
        lambda name, hide: HIDDEN[hide](name),
        st.sampled_from(["Okafor", "Tomás", "Larkspur"]),
        st.sampled_from(sorted(HIDDEN)),
    ),
    st.text(max_size=6),
)
DRAFTS = st.lists(PIECES, max_size=12).map("".join)
CUTS = st.lists(st.integers(0, 400), max_size=12)


@settings(max_examples=150, deadline=None)
@given(DRAFTS, CUTS)
def test_restoring_what_was_replaced_gives_it_back_through_any_cutting(draft: str, cuts: list[int]) -> None:
    tokens = Tokens()
    replace("MAYA at Skerra Point", LEXICON, tokens)
    result = replace(draft, LEXICON, tokens)
    shown, restorer = streamed(result.text, cuts, tokens)
    assert shown == draft
    assert not restorer.report.mended
    assert restorer.report.clean == len(result.swaps)


@settings(max_examples=150, deadline=None)
@given(DRAFTS)
def test_nothing_sure_of_the_list_is_left_in_what_was_replaced(draft: str) -> None:
    tokens = Tokens()
    result = replace(draft, LEXICON, tokens)
    assert not [hit for hit in find(View(result.text), LEXICON) if hit.sure is Sure.SURE]
    left = Inspector(LEXICON, tokens=tokens).text(result.text, leaving=True)
    assert not [one for one in left.findings if one.term and one.action == "blocked" and one.where == "text"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "CHARACTER",
                "character",
                "_",
                "\\_",
                " ",
                "KXJP",
                "KX",
                "JP",
                "kxjp",
                "W",
                "s",
                "'s",
                "PLACE_",
                "2",
                "x",
                "&#95;",
                ".",
            ]
        ),
        max_size=14,
    ).map("".join),
    CUTS,
)
def test_an_answer_reads_the_same_however_it_is_cut(answer: str, cuts: list[int]) -> None:
    letters = iter("KXJPWRTD" * 50)
    tokens = Tokens(choice=lambda _: next(letters))
    replace("MAYA and Maya Okafor", LEXICON, tokens)
    whole, report = restore(answer, tokens)
    shown, restorer = streamed(answer, cuts, tokens)
    assert (shown, restorer.report) == (whole, report)
