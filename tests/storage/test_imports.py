"""What was taken in is kept by its hash, the last few of it, and what is gone or changed is not used."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from studio_assist.domain.errors import BadInput, Damaged
from studio_assist.storage.imports import KEPT, base_text, keep_import, source_file, taken_in

AT = datetime(2026, 5, 4, tzinfo=UTC)


def test_the_last_few_are_kept_and_the_others_swept(tmp_path: Path) -> None:
    assert base_text(tmp_path) is None
    for number in range(KEPT + 3):
        kind = "fdx" if number == 4 else "fountain"
        keep_import(
            tmp_path, name=f"a/{number}.x", format=kind, source=b"%d" % number, base=f"T{number}\ud800", at=AT
        )
    assert base_text(tmp_path) == f"T{KEPT + 2}\ud800"
    found = source_file(tmp_path, "fdx")
    assert found is not None
    assert (found[0].name, found[1]) == ("4.x", b"4")
    assert len(list((tmp_path / "imports").iterdir())) == 2 * KEPT + 1
    assert source_file(tmp_path, "pdf") is None


def test_the_same_file_again_is_one_entry_and_a_changed_one_is_not_used(tmp_path: Path) -> None:
    for base in ("one", "two"):
        last = keep_import(tmp_path, name="a.fdx", format="fdx", source=b"same", base=base, at=AT)
    assert len(taken_in(tmp_path).scripts) == 1
    (tmp_path / "imports" / f"{last.source}.source").write_bytes(b"other")
    assert source_file(tmp_path, "fdx") is None
    assert base_text(tmp_path) == "two"


def test_a_list_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    keep_import(tmp_path, name="a.fdx", format="fdx", source=b"", base="", at=AT)
    path = tmp_path / "imports" / "imports.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(Damaged):
        taken_in(tmp_path)
    path.write_text('{"version": 2, "scripts": []}', encoding="utf-8")
    with pytest.raises(BadInput):
        taken_in(tmp_path)
