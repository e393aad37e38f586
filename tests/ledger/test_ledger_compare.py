"""A ledger beside a copy: where they part, field by field, and what each shows for itself."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import forging
import pytest
from forging import SIZE, alter, rehash, rewrite

from studio_assist.domain.errors import BadInput, Damaged
from studio_assist.ledger.compare import FieldDifference, compare


@pytest.fixture
def here(tmp_path):
    path = tmp_path / "here.sqlite"
    forging.make(path)
    return path


@pytest.fixture
def copy(here, tmp_path):
    return Path(shutil.copyfile(here, tmp_path / "copy.sqlite"))


def test_a_copy_is_the_same(here, copy):
    found = compare(here, copy)
    assert (found.relation, found.first_different, found.findings) == ("same", None, ())
    assert found.here == found.there
    assert sorted(file.name for file in here.parent.iterdir()) == ["copy.sqlite", "here.sqlite"]


def test_a_copy_of_earlier_ends_before_and_a_later_one_goes_on(here, copy):
    ledger, work = forging.resume(here)
    with ledger:
        work.decided("more", "more")
    found = compare(here, copy)
    assert (found.relation, found.first_different) == ("grown", SIZE + 1)
    assert found.here.entry is not None
    assert found.there.entry is None
    found = compare(copy, here)
    assert (found.relation, found.first_different) == ("behind", SIZE + 1)
    assert "cut off here, or was written there alone" in found.findings[0]


def test_an_edited_entry_is_shown_field_by_field_with_what_speaks_for_each(here, copy):
    alter(
        here,
        "UPDATE entries SET entry = replace(entry, '\"kept_permille\":1000', '\"kept_permille\":10') WHERE number = 21",
    )
    found = compare(here, copy)
    assert (found.relation, found.first_different) == ("different", 21)
    assert found.differences == (FieldDifference("body.kept_permille", "10", "1000"),)
    assert (found.here.signed, found.here.fits_tree, found.here.vouched) == (None, False, ())
    assert (found.there.signed, found.there.fits_tree) == ("R. Okafor", True)
    assert found.there.vouched == ("R. Okafor at 2026-03-02 09:00 UTC (29 entries)",)
    assert "Entry 21 here is not the one that its own tree was made over." in found.findings
    assert "What entry 21 says in the copy carries the good signature of R. Okafor." in found.findings


def test_a_rewritten_ledger_parts_where_it_was_rewritten_and_shows_no_signature_for_it(here, copy):
    rewrite(here, lambda documents: documents[17]["body"].update(model="Another"))
    found = compare(here, copy)
    assert (found.relation, found.first_different) == ("different", 18)
    assert (found.here.fits_tree, found.here.vouched) == (True, ())
    assert found.there.vouched
    assert found.differences == (FieldDifference("body.model", '"Another"', '"SmolLM2-135M"'),)


def test_where_no_signature_covers_an_entry_neither_side_is_called_the_altered_one(here, copy):
    rewrite(here, lambda documents: documents[29]["body"].update(model="Another"))
    found = compare(here, copy)
    assert found.first_different == 30
    assert found.findings == (
        "No signature covers entry 30, here or in the copy: which was altered is not shown.",
    )


@pytest.mark.parametrize("number", [1, 2, 3, 16, 17, SIZE - 1, SIZE])
def test_any_entry_that_differs_is_found(here, copy, number):
    rewrite(here, lambda documents: documents[number - 1].update(at="2026-04-01T00:00:00.000000Z"))
    found = compare(here, copy)
    assert (found.relation, found.first_different) == ("different", number)
    assert found.differences[0].field == "at"


def test_a_deleted_entry_is_where_they_part(here, copy):
    alter(here, "DELETE FROM entries WHERE number = 20")
    found = compare(here, copy)
    assert (found.relation, found.first_different) == ("different", 20)
    assert "Entry 20 is gone here, or cannot be read." in found.findings


def test_a_changed_node_alone_is_told_without_a_changed_entry(here, copy):
    alter(here, "UPDATE nodes SET hash = zeroblob(32) WHERE level = 0 AND place = 6")
    rehashed = compare(here, copy)
    assert (rehashed.first_different, rehashed.differences) == (None, ()) or rehashed.first_different == 7
    rehash(here)
    assert compare(here, copy).relation == "same"


def test_texts_that_one_has_alone_are_named(here, copy):
    ledger, work = forging.resume(here)
    with ledger:
        work.forget(9)
    found = compare(here, copy)
    assert found.relation == "grown"
    alter(copy, "UPDATE contents SET content = CAST('x' AS BLOB) WHERE entry = 19")
    shutil.copyfile(copy, copy.with_name("third.sqlite"))
    alter(copy.with_name("third.sqlite"), "DELETE FROM contents WHERE entry = 13")
    found = compare(copy, copy.with_name("third.sqlite"))
    assert (found.relation, found.findings) == ("same", ("A text of entry 13 is here and not in the copy.",))


def test_another_project_is_named_as_one(here, tmp_path):
    other = tmp_path / "other.sqlite"
    forging.make(other)
    rewrite(other, lambda documents: [each.update(at="2026-05-01T00:00:00.000000Z") for each in documents])
    assert compare(here, other).relation == "foreign"


def test_what_is_no_ledger_is_refused(here, tmp_path):
    with pytest.raises(BadInput):
        compare(here, tmp_path / "nowhere")
    (tmp_path / "text").write_text("INT. LAMP ROOM\n" * 100)
    with pytest.raises(Damaged):
        compare(here, tmp_path / "text")
    with closing(sqlite3.connect(tmp_path / "db.sqlite")) as database:
        database.execute("CREATE TABLE t (x)")
    with pytest.raises(BadInput):
        compare(here, tmp_path / "db.sqlite")
