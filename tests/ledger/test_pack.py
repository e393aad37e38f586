"""A pack holds what it should, is whole or not there at all, and shows every change to any of its files."""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import random
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest
from ledger_work import WRITER
from pack_work import SignedWork, list_anew, make_record, pack

from studio_assist.domain.errors import BadInput, Damaged, Refusal, Unavailable
from studio_assist.domain.record import Recovered
from studio_assist.ledger import Ledger, verify
from studio_assist.ledger import pack as packs
from studio_assist.ledger.pack import PackJob, make_pack
from studio_assist.paths import resource


@pytest.fixture
def work(tmp_path: Path):
    made = make_record(tmp_path / "p.studio", rounds=4)
    yield made
    made.ledger.close()


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


# What is in it -------------------------------------------------------------------------------------------


def test_a_pack_is_checked_as_a_project_is(work: SignedWork, tmp_path: Path):
    made = pack(work, tmp_path / "pack", disclose=(6,))
    here, there = verify(tmp_path / "p.studio"), verify(tmp_path / "pack")
    assert here.ok
    assert here == there
    assert (there.size, there.root) == (made.size, made.root)
    assert there.checkpoint is not None
    assert there.checkpoint.person == WRITER
    # The entries are the ones that the project's file holds, byte for byte.
    with closing(sqlite3.connect(tmp_path / "p.studio" / "ledger.sqlite")) as database:
        stored = [row[0].encode() for row in database.execute("SELECT entry FROM entries ORDER BY number")]
    assert (tmp_path / "pack" / "entries.jsonl").read_bytes().splitlines() == stored


def test_what_came_after_the_checkpoint_is_for_the_next_pack(work: SignedWork, tmp_path: Path):
    size = work.checkpoint().size
    work.round("after")
    made = make_pack(work.ledger, PackJob(out=tmp_path / "pack"))
    assert made.size == size
    assert verify(tmp_path / "pack").ok
    assert len(rows(tmp_path / "pack" / "entries.jsonl")) == size


def test_a_record_that_nobody_signed_is_not_handed_out(tmp_path: Path):
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger, pytest.raises(Refusal) as refused:
        make_pack(ledger, PackJob(out=tmp_path / "pack"))
    assert refused.value.rule == "record.checkpoint-first"
    assert "pack" not in left_in(tmp_path)


def test_disclosed_texts_come_with_what_opens_them(work: SignedWork, tmp_path: Path):
    work.request("out")
    number = work.sent("out").number
    half = work.candidate("half", "a \ud83d b", "out").number
    shown = work.show("half").number
    pack(work, tmp_path / "pack", disclose=(number, half, shown, half))
    found = {row["entry"]: row for row in rows(tmp_path / "pack" / "contents.jsonl")}
    assert found[number]["base64"] == "AP97fQ=="
    # Half of a character is no text that JSON carries; the bytes are.
    assert "base64" in found[half]
    # Two entries may speak of one text.
    assert found[shown]["commitment"] == found[half]["commitment"]
    assert verify(tmp_path / "pack").ok


def test_texts_that_are_not_there_cannot_be_disclosed(work: SignedWork, tmp_path: Path):
    number = work.round("forgotten")
    work.ledger.forget(
        number - 2, why="A name slipped in.", person=WRITER, at=work.now(), signer=work.keys[WRITER]
    )
    with pytest.raises(BadInput, match="Its texts were forgotten"):
        pack(work, tmp_path / "pack", disclose=(number - 2,))
    with pytest.raises(BadInput, match="It speaks of none"):
        pack(work, tmp_path / "pack", disclose=(1,))
    with pytest.raises(BadInput, match="no entry 4000"):
        pack(work, tmp_path / "pack", disclose=(4000,))
    assert left_in(tmp_path) == ["p.studio"]
    pack(work, tmp_path / "pack")
    assert verify(tmp_path / "pack").forgotten == 1


def test_files_get_names_that_every_system_takes(work: SignedWork, tmp_path: Path):
    files: list[Path] = []
    names = ("Draft.pdf", "draft.PDF", 'Wer "da"?.pdf', "ü" * 120 + ".pdf")
    for folder, name in enumerate(names):
        file = tmp_path / str(folder) / name
        file.parent.mkdir()
        file.write_text(str(folder))
        work.export(file)
        files.append(file)
    made = pack(work, tmp_path / "pack", files=files)
    assert verify(tmp_path / "pack").ok
    *plain, long = left_in(tmp_path / "pack" / "files")
    assert plain == ["2-draft.PDF", "Draft.pdf", "Wer _da__.pdf"]
    assert len(long.encode()) <= 200
    assert long.endswith(".pdf")
    assert sum("Copies of exported files" in sentence for sentence in made.tells) == 1


def test_a_long_record_has_bounded_proofs_and_checkpoints(work: SignedWork, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(packs, "MOST_PROOFS", 4)
    monkeypatch.setattr(packs, "MOST_CHECKPOINTS", 6)
    for number in range(20):
        work.put(Recovered(what=f"{number}"), WRITER)
        work.checkpoint()
    exported = work.ledger.entries(type="exported")[0].number
    pack(work, tmp_path / "pack", disclose=(6, 7))
    assert set(left_in(tmp_path / "pack" / "proofs")) == {"6.json", "7.json", f"{exported}.json"}
    kept = {int(name.split("-")[0]) for name in left_in(tmp_path / "pack" / "checkpoints")}
    size = work.ledger.size
    assert len(kept) <= 6
    assert {size, size - 1, size - 2} <= kept
    assert min(kept) < size - 10
    assert verify(tmp_path / "pack").ok


# Whole or not at all -------------------------------------------------------------------------------------


def test_a_pack_that_is_stopped_leaves_nothing(work: SignedWork, tmp_path: Path):
    told: list[tuple[int, int]] = []
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > patience

    work.checkpoint()
    patience = 0
    while "pack" not in left_in(tmp_path):
        asked = 0
        try:
            make_pack(
                work.ledger,
                PackJob(out=tmp_path / "pack"),
                progress=lambda *step: told.append(step),
                cancelled=cancelled,
            )
        except Unavailable:
            assert left_in(tmp_path) == ["p.studio"]
            patience += 1
    assert patience > 2
    assert told[-1] == (told[-1][1], told[-1][1])


@pytest.mark.parametrize("call", ["fsync", "rename"])
def test_a_disk_that_says_no_leaves_nothing(work: SignedWork, tmp_path: Path, monkeypatch, call):
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    work.checkpoint()
    with monkeypatch.context() as patch:
        patch.setattr(os, call, full) if call == "fsync" else patch.setattr(Path, call, full)
        with pytest.raises(Unavailable) as refused:
            make_pack(work.ledger, PackJob(out=tmp_path / "pack"))
    assert refused.value.remedy
    assert left_in(tmp_path) == ["p.studio"]


def test_an_altered_record_is_not_handed_out(work: SignedWork, tmp_path: Path):
    work.checkpoint()
    with closing(sqlite3.connect(tmp_path / "p.studio" / "ledger.sqlite")) as database, database:
        database.execute("UPDATE entries SET entry = replace(entry, 'J. Lind', 'J. Kind') WHERE number = 3")
    with pytest.raises(Damaged, match="does not hold"):
        make_pack(work.ledger, PackJob(out=tmp_path / "pack"))
    assert left_in(tmp_path) == ["p.studio"]


def test_work_goes_on_while_a_pack_is_made(work: SignedWork, tmp_path: Path):
    work.checkpoint()
    path = tmp_path / "p.studio" / "ledger.sqlite"
    done = threading.Event()

    def make() -> None:
        with Ledger.open(path, create=False, read_only=True) as reading:
            make_pack(reading, PackJob(out=tmp_path / "pack"))
        done.set()

    thread = threading.Thread(target=make)
    thread.start()
    number = 0
    while not done.is_set():
        number += 1
        work.round(f"meanwhile-{number}")
    thread.join()
    assert number
    assert verify(tmp_path / "pack").ok


# Every change --------------------------------------------------------------------------------------------


def verifier(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("pack_verify", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def holds_by_script(script: ModuleType, folder: Path) -> bool:
    report = script.Report()
    try:
        script.check_pack(str(folder), report, False, None, None)
    except (script.Unreadable, OSError, *script.NOT_AS_IT_SHOULD):
        return False
    return not report.faults


def holds_by_us(folder: Path) -> bool:
    try:
        return verify(folder).ok
    except BadInput:
        return False


@pytest.mark.parametrize("listed", [False, True], ids=["as it was listed", "listed anew"])
def test_a_flipped_bit_in_any_file_is_noticed(work: SignedWork, tmp_path: Path, monkeypatch, listed):
    pack(work, tmp_path / "pack", disclose=(6,), files=[next((tmp_path / "p.studio").glob("*.fountain"))])
    # Signatures are checked by `verify` here and by test_pack_verifier there; a thousand openssls are slow.
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    script = verifier(resource("pack", "verify.py"))
    assert holds_by_script(script, tmp_path / "pack")
    chance = random.Random(9162)
    files = [path for path in (tmp_path / "pack").rglob("*") if path.is_file()]
    for path in sorted(files):
        if listed and path.name in ("manifest.json", "GUIDE.txt", "verify.py"):
            # Nothing vouches for these once somebody has written the manifest anew, and the guide says so.
            continue
        whole = path.read_bytes()
        for place in sorted(chance.sample(range(len(whole)), min(len(whole), 6))):
            changed = bytearray(whole)
            changed[place] ^= 1 << chance.randrange(8)
            path.write_bytes(changed)
            if listed:
                list_anew(tmp_path / "pack")
            found = holds_by_us(tmp_path / "pack"), holds_by_script(script, tmp_path / "pack")
            what = f"{path.name}, byte {place}: {whole[place]:#x} is {changed[place]:#x}"
            always = not listed and path.name != "manifest.json"
            if always or path.name == "entries.jsonl" or path.parent.name == "files":
                assert found == (False, False), what
            elif path.name in ("keys.json", "signatures.jsonl", "contents.jsonl"):
                assert not found[0], what
        path.write_bytes(whole)
    if listed:
        list_anew(tmp_path / "pack")
    assert holds_by_us(tmp_path / "pack")


def test_a_pack_within_a_pack_or_a_linked_one_is_no_pack(work: SignedWork, tmp_path: Path):
    pack(work, tmp_path / "pack")
    shutil.copytree(tmp_path / "pack", tmp_path / "outer" / "inner")
    with pytest.raises(BadInput):
        verify(tmp_path / "outer")
    linked = tmp_path / "linked"
    linked.mkdir()
    for name in left_in(tmp_path / "pack"):
        (linked / name).symlink_to(tmp_path / "pack" / name)
    with pytest.raises(BadInput):
        verify(linked)
