"""references.toml: what is written is read, a person's own lines stay, and what cannot be read is an error."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.clearance import Reference
from studio_assist.domain.errors import BadInput, Conflict, Damaged
from studio_assist.storage.references_file import NAME, ReferencesFile, ReferencesRead, read_references

BY_HAND = """\
# Ours. Ask Jo before you change it.
studio = "Northlight"   # a key of our own

# all over the look book
[[reference]]
text = "Blade Runner"   # the first one
kind = "work"
aliases = ["Bladerunner"]
seen = 2026-01-02

# not asked yet
[[reference]]
text = "Søren Kragh"
kind = "artist"

[contact]
name = "J. Lind"
"""

words = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), exclude_characters="\x85"),
    min_size=2,
    max_size=12,
)
listed = st.builds(
    Reference,
    text=words,
    kind=st.sampled_from(["work", "artist", "performer", "person"]),
    aliases=st.lists(words, max_size=2).map(tuple),
    note=words | st.just(""),
)


def test_a_project_without_the_file_has_an_empty_list(tmp_path: Path) -> None:
    assert read_references(tmp_path) == ReferencesRead()
    assert ReferencesFile(tmp_path).read().references == ()


def test_what_people_wrote_stays_when_the_program_changes_the_list(tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_text(BY_HAND, encoding="utf-8")
    ours = ReferencesFile(tmp_path)
    first, second = ours.read().references
    assert (first.aliases, second.kind) == (("Bladerunner",), "artist")

    ours.put(Reference(text="Rosa O'Brien", kind="performer", note="Asked for in May."))
    text = ours.put(Reference(text="Blade Runner", kind="work"), was="blade runner")
    assert text == file.read_text(encoding="utf-8")
    for kept in ("# Ours. Ask Jo", "# a key of our own", "# all over the look book", "# the first one"):
        assert kept in text
    held = tomllib.loads(text)
    assert (held["studio"], held["contact"]) == ("Northlight", {"name": "J. Lind"})
    assert [one["text"] for one in held["reference"]] == ["Blade Runner", "Søren Kragh", "Rosa O'Brien"]
    assert "aliases" not in held["reference"][0]
    assert held["reference"][0]["seen"].year == 2026

    text = ours.remove("BLADE RUNNER")
    assert [one.text for one in ours.read().references] == ["Søren Kragh", "Rosa O'Brien"]
    assert "# not asked yet" in text
    assert "the first one" not in text


@settings(max_examples=25, deadline=None)
@given(st.lists(listed, min_size=1, max_size=4, unique_by=lambda one: one.text.casefold()))
def test_what_is_put_is_read_and_what_is_removed_is_gone(
    tmp_path_factory: pytest.TempPathFactory, references: list[Reference]
) -> None:
    folder = tmp_path_factory.mktemp("list")
    ours = ReferencesFile(folder)
    for one in references:
        ours.put(one)
    assert list(read_references(folder).references) == references
    for one in references:
        ours.remove(one.text)
    assert read_references(folder).references == ()


def test_a_file_that_did_not_change_is_the_same_list(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(BY_HAND, encoding="utf-8")
    ours = ReferencesFile(tmp_path)
    assert ours.read().references is ours.read().references


def test_a_change_by_another_program_is_a_conflict_once(tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_text(BY_HAND, encoding="utf-8")
    ours = ReferencesFile(tmp_path)
    ours.read()
    file.write_text(BY_HAND.replace("artist", "person"), encoding="utf-8")
    alien = Reference(text="Alien", kind="work")
    with pytest.raises(Conflict):
        ours.put(alien)
    assert "Alien" not in file.read_text(encoding="utf-8")
    ours.put(alien)
    assert [(one.text, one.kind) for one in ours.read().references][1:] == [
        ("Søren Kragh", "person"),
        ("Alien", "work"),
    ]


def test_what_is_listed_twice_or_not_at_all_is_refused(tmp_path: Path) -> None:
    ours = ReferencesFile(tmp_path)
    ours.put(Reference(text="Alien", kind="work"))
    ours.put(Reference(text="ALIEN", kind="work"), was="Alien")
    with pytest.raises(BadInput, match="on the list already"):
        ours.put(Reference(text="alien", kind="artist"))
    with pytest.raises(BadInput, match="not on the list"):
        ours.remove("Jaws")
    with pytest.raises(BadInput, match="not on the list"):
        ours.put(Reference(text="Jaws", kind="work"), was="Sharks")


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ('[[reference]]\ntext = "Alien"\nkind = "film"\n', 3, "work, artist, performer, person"),
        ('[[reference]]\nkind = "work"\n', 1, "text"),
        ('\n[[reference]]\ntext = "A"\nkind = "work"\n', 3, "text"),
        (
            '[[reference]]\ntext = "Alien"\nkind = "work"\nalias = ["x"]\n',
            4,
            "“aliases” is what this program",
        ),
        ('[[references]]\ntext = "Alien"\nkind = "work"\n', 1, "“reference” is what this program reads"),
        ('[reference]\ntext = "Alien"\n', None, "begins with"),
        ('[[reference]]\ntext = "It"\nkind = "work"\n' * 2, 5, "twice"),
        ("reference = [", 1, "not TOML"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_line(
    tmp_path: Path, text: str, line: int | None, why: str
) -> None:
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(Damaged, match=why) as caught:
        read_references(tmp_path)
    assert (caught.value.place or "").endswith(f"line {line}" if line else NAME)


def test_a_newer_file_and_one_that_is_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("format_version = 99\n", encoding="utf-8")
    with pytest.raises(BadInput):
        read_references(tmp_path)
    (tmp_path / NAME).write_bytes(b"\xff\xfe")
    with pytest.raises(Damaged, match="UTF-8"):
        read_references(tmp_path)
