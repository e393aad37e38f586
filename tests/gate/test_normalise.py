"""Every character that is matched knows where in the source it came from."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.gate.confusables import plain
from studio_assist.gate.normalise import View, key_of


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("İstanbul", "istanbul"), ("Straße ﬁn", "strassefin"), ("Ｍａｙａ", "maya"), ("M\u200ba\u00adya", "maya"), ("ᴍᴀʏᴀ", "maya"),
        ("Łódź Øre Æsir", "lodzoreaesir"), ("🅼🅰🆈🅰", "maya"), ("Мауа", "maya"), ("m⃞a⃞", "ma"), ("①②", "12"), ("한국", key_of("한국")),
    ],
)  # fmt: skip
def test_what_reads_alike_is_alike(text: str, letters: str) -> None:
    assert View(text).letters == letters


@pytest.mark.parametrize(
    "text", ["İİİ Maya", "ﬁﬂ ß Maya", "e\u0301\u0301 Maya\u0301!", "\u202eMaya", "a\x00b Maya", "ﷺ Maya"]
)
def test_a_slice_of_the_letters_is_the_slice_of_the_source(text: str) -> None:
    view = View(text)
    start = view.letters.index("maya")
    first, last = view.span(start, start + 4)
    assert text[first:last].rstrip("\u0301") == "Maya"
    # What shows nothing goes with the name, so that no mark of it stays.
    assert text[last : last + 1] in ("", "!")


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60))
def test_the_way_back_is_exact_for_any_text(text: str) -> None:
    view = View(text)
    assert len(view.letters) == len(view.at)
    for index, letter in enumerate(view.letters):
        source = text[view.source_index(view.at[index])]
        assert letter in (plain(source) if source not in "\r" else source).lower()
    places = [view.source_index(index) for index in range(len(view.plain) + 1)]
    assert places == sorted(places)
    assert places[-1] == len(text) or not plain(text[places[-1] :][:1] or "x")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="aé中и\u0301 Ω.ß", max_size=300))
def test_few_and_many_kinds_of_letters_are_read_alike(text: str) -> None:
    many = "".join(map(chr, range(0x4E00, 0x4E00 + 200)))
    alone, among = View(text), View(text + " " + many)
    assert among.letters.startswith(alone.letters)
    assert list(among.at[: len(alone.at)]) == list(alone.at)


def test_what_a_character_looks_like_looks_like_itself() -> None:
    for code in range(0x30000):
        look = plain(chr(code))
        assert "".join(map(plain, look)) == look, hex(code)
        assert len(look.lower()) == len(look), hex(code)
        if unicodedata.category(chr(code)) in ("Mn", "Cf"):
            assert look == "" or code in (0x345,), hex(code)
