"""names.toml: what is written is read, a person's own lines stay, and what cannot be read is no empty list."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.errors import BadInput, Conflict, Damaged
from studio_assist.domain.names import NameKind, NameTerm
from studio_assist.storage.names_file import NameList, read_names, write_names

BY_HAND = """\
# Ours. Ask Jo before you change it.
studio = "Northlight"   # a key of our own
no_names = [
  "Beltane",   # the feast
  "Skerry",
]

# the lead
[[name]]
text = "Maya"           # never Maia
kind = "character"
aliases = ["Sparrowhawk"]
since = 2026-01-02

# her brother
[[name]]
text = "Ewan"
kind = "character"

[contact]
name = "J. Lind"
"""

names = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\x85"),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip() == text)
terms = st.builds(
    NameTerm,
    text=names,
    kind=st.sampled_from(NameKind),
    aliases=st.lists(names, max_size=3).map(tuple),
)
lists = st.builds(
    NameList,
    names=st.lists(terms, max_size=6, unique_by=lambda term: term.text.casefold()).map(tuple),
    no_names=st.lists(
        names.map(lambda word: " ".join(word.split())).filter(bool), max_size=4, unique=True
    ).map(tuple),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "names.toml"


@settings(max_examples=60, deadline=None)
@given(first=lists, second=lists)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, first: NameList, second: NameList
) -> None:
    file = tmp_path_factory.mktemp("names") / "names.toml"
    for wanted in (first, second):
        written = write_names(file, read_names(file), wanted)
        assert written.list == wanted
        assert read_names(file) == written


@settings(max_examples=60, deadline=None)
@given(wanted=lists, kept=st.sets(st.sampled_from(["Maya", "Ewan"])))
def test_a_persons_comments_and_keys_stay(
    tmp_path_factory: pytest.TempPathFactory, wanted: NameList, kept: set[str]
) -> None:
    file = tmp_path_factory.mktemp("names") / "names.toml"
    file.write_text(BY_HAND, encoding="utf-8")
    before = read_names(file)
    assert [term.text for term in before.list.names] == ["Maya", "Ewan"]
    left = tuple(term for term in before.list.names if term.text in kept)
    more = tuple(term for term in wanted.names if before.list.name(term.text) is None)
    now = NameList(names=(*left, *more), no_names=("Beltane", *wanted.no_names))
    write_names(file, before, now)
    text = file.read_text(encoding="utf-8")
    assert read_names(file).list == now
    for line in ("# Ours. Ask Jo before you change it.", "# the feast", "# the lead", "# her brother"):
        assert line in text
    found = tomllib.loads(text)
    assert found["studio"] == "Northlight"
    assert found["contact"] == {"name": "J. Lind"}
    if "Maya" in kept:
        assert "# never Maia" in text
        assert str(found["name"][0]["since"]) == "2026-01-02"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("no_names = [\n", 2, "not TOML"),
        ('x = 1\n[[name]]\ntext = "Maya"\nkind = "hero"\n', 4, "what kind"),
        ('[[name]]\nkind = "place"\n', 1, "without its text"),
        ('[[name]]\ntext = "Maya"\nkind = "place"\n\n[[name]]\ntext = "Ewan"\nkind = "place"\nalias = ["E"]\n', 8, "alias"),
        ('[[names]]\ntext = "Maya"\nkind = "place"\n', 1, "names"),
        ('[[name]]\ntext = "Maya"\nkind = "place"\naliases = "May"\n', 4, "list"),
        ('[[name]]\ntext = "Maya"\nkind = "place"\naliases = [" "]\n', 4, "empty"),
        ('[name]\ntext = "Maya"\nkind = "place"\n', None, "[[name]]"),
        ("no_names = [1]\n", 1, "no_names"),
        ('x = 1\nformat_version = "1"\n', 2, "format"),
        ('[[name]]\ntext = "Maya"\nkind = "place"\n[[name]]\ntext = "MAYA"\nkind = "place"\n', None, "twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_where_and_is_no_empty_list(
    file: Path, text: str, line: int | None, what: str
) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Damaged, match=re.escape(what)) as raised:
        read_names(file)
    assert raised.value.place == (f"{file}, line {line}" if line else str(file))
    assert file.read_text(encoding="utf-8") == text


def test_a_list_of_a_newer_version_is_left_alone(file: Path) -> None:
    file.write_text("format_version = 2\n", encoding="utf-8")
    with pytest.raises(BadInput, match="newer"):
        read_names(file)


def test_a_list_that_changed_on_disk_is_not_written_over(file: Path) -> None:
    file.write_text(BY_HAND, encoding="utf-8")
    before = read_names(file)
    file.write_text(BY_HAND.replace("Ewan", "Euan"), encoding="utf-8")
    with pytest.raises(Conflict):
        write_names(file, before, NameList())
    assert "Euan" in file.read_text(encoding="utf-8")
    gone = read_names(file)
    file.unlink()
    with pytest.raises(Conflict):
        write_names(file, gone, NameList())


def test_names_in_one_line_each_and_tables_between_them_can_be_changed(file: Path) -> None:
    layouts = (
        'name = [\n  { text = "Maya", kind = "character" },  # lead\n  { text = "Ewan", kind = "character" },\n]\n',
        '[[name]]\ntext = "Maya"\nkind = "character"\n\n[other]\nx = 1\n\n[[name]]\ntext = "Ewan"\nkind = "character"\n',
        '\ufeff[[name]]\r\ntext = "Maya"\r\nkind = "character"\r\n\r\n[name.own]\r\nx = 1\r\n\r\n[[name]]\r\ntext = "Ewan"\r\nkind = "character"\r\n',
    )
    for layout in layouts:
        file.write_bytes(layout.encode())
        before = read_names(file)
        maya, ewan = before.list.names
        changed = NameList(names=(maya, ewan.model_copy(update={"kind": NameKind.PLACE, "aliases": ("E",)})))
        after = write_names(file, before, changed)
        assert read_names(file).list == changed
        write_names(file, after, NameList(names=changed.names[1:]))
        assert read_names(file).list.names == changed.names[1:]
