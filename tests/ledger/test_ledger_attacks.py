"""The attack matrix: what is caught, by what, and what is not. Each name is a cell of the README's table.

The ledger has signed decisions at 9, 15, 21, 27 and 33, checkpoints over 17 and 29 entries, and 35 entries.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import forging
import pytest
from forging import (
    CHECKPOINT,
    DECISIONS,
    FIRST_CHECKPOINT,
    SIZE,
    alter,
    cut,
    cut_with_checkpoints,
    rehash,
    rewrite,
)
from ledger_work import OTHER, START, WRITER, PersonKey, Work

from studio_assist.domain.errors import Damaged, Refusal
from studio_assist.domain.record import KeyAdded, Recovered
from studio_assist.ledger import Ledger, verify, witness
from studio_assist.ledger.compare import compare

SIGNED_AT = r"R\. Okafor signed at 2026-03-02 09:00 UTC"


@pytest.fixture(scope="module")
def intact(tmp_path_factory):
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    forging.make(path)
    return path


@pytest.fixture
def path(intact, tmp_path):
    return Path(shutil.copyfile(intact, tmp_path / "ledger.sqlite"))


def edit(number: int, **fields: object):
    def change(documents: list[forging.Document]) -> None:
        documents[number - 1]["body"].update(fields)

    return lambda path: rewrite(path, change)


def delete(number: int):
    return lambda path: rewrite(path, lambda documents: documents.pop(number - 1))


def insert(before: int):
    def change(documents: list[forging.Document]) -> None:
        body = {"type": "recovered", "v": 1, "what": "Nothing."}
        at = documents[before - 1]["at"]
        documents.insert(before - 1, {"at": at, "body": body, "number": 0, "person": None})

    return lambda path: rewrite(path, change)


def reorder(number: int):
    def change(documents: list[forging.Document]) -> None:
        documents[number - 1 : number + 1] = reversed(documents[number - 1 : number + 1])

    return lambda path: rewrite(path, change)


def sql(*statements: str):
    return lambda path: alter(path, *statements)


def forged_checkpoint(tag: str | None = None, seed: int = 1, size: int = SIZE, root: str | None = None):
    """Put a checkpoint beside the others, of any project and by any key."""

    def attack(path: Path) -> None:
        with Ledger.open(path, read_only=True) as ledger:
            its, good = ledger.tag, ledger.root_at(size)
        key = PersonKey(tag or its, WRITER, seed)
        note = forging.checkpoint_note(tag or its, size, bytes.fromhex(root or good), key)
        alter(path, ("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)", (size, key.public.hex(), note)))

    return attack


def test_the_intact_ledger_is_intact_and_says_how_far_it_is_signed(path):
    found = verify(path)
    assert (found.ok, found.size, found.why, found.first_bad) == (True, SIZE, None, None)
    assert found.checkpoint is not None
    assert (found.checkpoint.size, found.checkpoint.person) == (CHECKPOINT, WRITER)
    assert found.unsigned_tail == SIZE - CHECKPOINT


CAUGHT = {
    "an entry is edited": (
        sql("UPDATE entries SET entry = replace(entry, 'embedded', 'imbedded') WHERE number = 18"),
        18,
        "Entry 18 is not what was written there",
    ),
    "an entry is deleted": (sql("DELETE FROM entries WHERE number = 20"), 20, "Entry 20 is gone"),
    "an entry is put in": (
        sql(
            "INSERT INTO entries SELECT 36, at, person, type, NULL, NULL, NULL, entry FROM entries WHERE number = 35"
        ),
        36,
        "Entry 36 is not what was written there",
    ),
    "two entries change places": (
        sql(
            "UPDATE entries SET number = -1 WHERE number = 22",
            "UPDATE entries SET number = 22 WHERE number = 23",
            "UPDATE entries SET number = 23 WHERE number = -1",
        ),
        22,
        "Entry 22 is not what was written there",
    ),
    "an entry is edited and the tree made anew": (
        edit(18, model="Another"),
        18,
        rf"Entries up to 29 are not those that {SIGNED_AT}; up to 17 they are\.",
    ),
    "an entry before every checkpoint is edited and the tree made anew": (
        edit(2, name="Somebody"),
        1,
        r"Entries up to 17 are not those that Somebody signed at .*; from which on is not known",
    ),
    "an entry is deleted and the tree made anew": (
        delete(23),
        18,
        rf"Entries up to 29 are not those that {SIGNED_AT}; up to 17 they are\.",
    ),
    "an entry is put in and the tree made anew": (insert(20), 18, r"Entries up to 29 .* up to 17 they are"),
    "two entries change places and the tree is made anew": (reorder(22), 18, r"Entries up to 29 .* up to 17"),
    "a signed decision is edited and the tree made anew": (
        edit(21, kept_permille=1),
        18,
        r"up to 17 they are\. Entry 21 does not carry a good signature",
    ),
    "a signed decision after the last checkpoint is edited and the tree made anew": (
        edit(33, kept_permille=1),
        33,
        r"^Entry 33 does not carry a good signature by the key named beside it\.$",
    ),
    "the end is cut off and the head repaired": (
        lambda path: cut(path, 23),
        24,
        r"The record ends at entry 23, and R\. Okafor signed 29 entries at .*: entry 24 and what followed are gone",
    ),
    "the end is cut off without more": (sql(f"DELETE FROM entries WHERE number = {SIZE}"), SIZE, "is gone"),
    "a signature is removed": (
        sql("DELETE FROM signatures WHERE entry = 21"),
        21,
        "Entry 21 must not stand here: The signature of the person who did it is missing",
    ),
    "a signature is altered": (
        sql("UPDATE signatures SET signature = zeroblob(64) WHERE entry = 21"),
        21,
        "Entry 21 does not carry a good signature",
    ),
    "two signatures change places": (
        sql(
            "UPDATE signatures SET entry = -1 WHERE entry = 15",
            "UPDATE signatures SET entry = 15 WHERE entry = 21",
            "UPDATE signatures SET entry = 21 WHERE entry = -1",
        ),
        15,
        "Entry 15 does not carry a good signature .*, nor do 1 after it",
    ),
    "a signature names another person's key": (
        sql(f"UPDATE signatures SET key = '{PersonKey('', OTHER, 2).public.hex()}' WHERE entry = 21"),
        21,
        "Entry 21 must not stand here: It is signed by a key that is not this person's",
    ),
    "a signature names a key that the record does not know": (
        sql(f"UPDATE signatures SET key = '{PersonKey('', OTHER, 7).public.hex()}' WHERE entry = 21"),
        21,
        "signed by a key that is not this person's",
    ),
    "a signature stands where none belongs": (
        sql("INSERT INTO signatures SELECT 20, key, signature FROM signatures WHERE entry = 21"),
        20,
        "signed by a key that is not this person's",
    ),
    "a signature stands beside no entry": (
        sql("INSERT INTO signatures SELECT 99, key, signature FROM signatures WHERE entry = 21"),
        None,
        "A signature stands beside entry 99, which is not there",
    ),
    "a checkpoint is altered": (
        sql("UPDATE checkpoints SET note = replace(note, 'time 2026', 'time 2027') WHERE size = 29"),
        None,
        r"The checkpoint at 29 entries does not carry a good signature by R\. Okafor",
    ),
    "a checkpoint is unreadable": (
        sql("UPDATE checkpoints SET note = 'x' WHERE size = 29"),
        None,
        "The checkpoint at 29 entries is not readable",
    ),
    "a checkpoint is kept for another size": (
        sql("UPDATE checkpoints SET size = 28 WHERE size = 29"),
        None,
        "The checkpoint at 28 entries is not readable",
    ),
    "a checkpoint of another project is put in": (
        forged_checkpoint(tag="f" * 16),
        None,
        "The checkpoint at 35 entries is that of another project",
    ),
    "a checkpoint by a stranger's key is put in": (
        forged_checkpoint(seed=7),
        None,
        "The checkpoint at 35 entries is signed by a key that the record does not name",
    ),
    "a checkpoint is signed in a person's name by another person's key": (
        forged_checkpoint(seed=2),
        None,
        r"The checkpoint at 35 entries does not carry a good signature by J\. Lind",
    ),
    "a checkpoint over other entries is signed by the person themselves": (
        forged_checkpoint(root="ab" * 32),
        CHECKPOINT + 1,
        r"Entries up to 35 are not those that R\. Okafor signed .*; up to 29 they are",
    ),
    "a key is put in before the checkpoints and the tree made anew": (
        lambda path: rewrite(path, lambda documents: documents.insert(6, forged_key(documents[5]["at"]))),
        1,
        "Entries up to 17 are not those",
    ),
    "a text is altered": (
        sql("UPDATE contents SET content = CAST('Other words.' AS BLOB) WHERE entry = 19"),
        19,
        "The text kept for entry 19 is not the one it commits to",
    ),
    "a text is removed and no entry says so": (
        sql("DELETE FROM contents WHERE entry = 19"),
        19,
        "A text that entry 19 commits to is gone, and no entry says it was forgotten",
    ),
}


def forged_key(at: str) -> forging.Document:
    body = {"public": "ef" * 32, "session_only": False, "type": "key_added", "v": 1}
    return {"at": at, "body": body, "number": 0, "person": WRITER}


@pytest.mark.parametrize("attack", CAUGHT)
def test_it_is_caught_and_named_when(path, attack):
    do, first_bad, why = CAUGHT[attack]
    do(path)
    found = verify(path)
    assert not found.ok
    assert found.root is None
    assert found.why is not None
    assert found.first_bad == first_bad, found.why
    assert re.search(why, found.why), found.why


NOT_CAUGHT_ALONE = {
    "the end is cut off together with the checkpoints over it": (
        lambda path: cut_with_checkpoints(path, 23),
        FIRST_CHECKPOINT,
        23 - FIRST_CHECKPOINT,
    ),
    "an unsigned entry after the last checkpoint is edited and the tree made anew": (
        edit(30, model="Another"),
        CHECKPOINT,
        SIZE - CHECKPOINT,
    ),
    "the newest checkpoint is removed": (
        sql(f"DELETE FROM checkpoints WHERE size = {CHECKPOINT}"),
        FIRST_CHECKPOINT,
        SIZE - FIRST_CHECKPOINT,
    ),
    "the holder of the key rewrites all and signs it again": (
        lambda path: (edit(18, model="Another")(path), forging.sign_again(path)),
        CHECKPOINT,
        SIZE - CHECKPOINT,
    ),
}


@pytest.mark.parametrize("attack", NOT_CAUGHT_ALONE)
def test_no_file_alone_shows_that_and_no_more_is_claimed_than_is_signed_when(path, attack):
    do, signed, tail = NOT_CAUGHT_ALONE[attack]
    do(path)
    found = verify(path)
    assert found.ok, found.why
    assert found.checkpoint is not None
    assert (found.checkpoint.size, found.unsigned_tail) == (signed, tail)


@pytest.mark.parametrize("attack", NOT_CAUGHT_ALONE)
def test_a_copy_that_somebody_else_holds_shows_it_when(intact, path, attack):
    NOT_CAUGHT_ALONE[attack][0](path)
    found = compare(path, intact)
    if attack == "the newest checkpoint is removed":
        assert found.relation == "same"
    elif "cut off" in attack:
        assert (found.relation, found.first_different) == ("behind", 24)
        assert "cut off here" in found.findings[0]
    else:
        assert found.relation == "different"
        assert found.first_different == (30 if "unsigned" in attack else 18)
        assert ("body.model", '"Another"', '"SmolLM2-135M"') in found.differences


@pytest.fixture
def witnessed(path):
    """The ledger after J. Lind's machine co-signed its 35 entries; what that machine keeps."""
    ledger, work = forging.resume(path)
    with ledger:
        return work.witness()


def agreement(path: Path, reply: str) -> witness.Agreement:
    with Ledger.open(path, read_only=True) as ledger:
        return witness.check(reply, ledger)


AFTER_A_WITNESS = {
    "the end is cut off together with the checkpoints over it": lambda path: cut_with_checkpoints(path, 23),
    "the holder of the key rewrites all and signs it again": lambda path: (
        edit(30, model="Another")(path),
        forging.sign_again(path),
    ),
    "an unsigned entry after the last checkpoint is edited and the tree made anew": edit(30, model="Another"),
}


@pytest.mark.parametrize("attack", AFTER_A_WITNESS)
def test_the_witness_in_the_file_catches_it_when(path, witnessed, attack):
    kept = path.with_name("witness.sqlite")
    shutil.copyfile(path, kept)
    AFTER_A_WITNESS[attack](path)
    if "cut off" in attack:
        # Here the witness's row is left; where it is taken out too is the next test.
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("ATTACH ? AS kept", (str(kept),))
            database.execute("INSERT INTO witnesses SELECT * FROM kept.witnesses")
    found = verify(path)
    assert not found.ok
    assert found.why is not None
    # Where the person's own checkpoint, made for the witness, tells of it as well, it is the one named.
    assert ("R. Okafor signed" if "unsigned" in attack else "J. Lind witnessed") in found.why
    assert found.first_bad == (24 if "cut off" in attack else 30)
    if "holder" in attack:
        assert found.why.startswith("Entries up to 35 are not those that J. Lind witnessed at ")
        assert "; up to 29 they are what R. Okafor signed." in found.why


@pytest.mark.parametrize("attack", AFTER_A_WITNESS)
def test_the_witness_who_kept_the_reply_catches_it_though_the_file_says_nothing_when(path, witnessed, attack):
    assert agreement(path, witnessed).ok
    AFTER_A_WITNESS[attack](path)
    # Everything that tells of the witness goes too: its row, the entry that names it, the checkpoint made for it.
    cut_with_checkpoints(path, SIZE)
    alter(path, f"DELETE FROM checkpoints WHERE size >= {SIZE}")
    assert verify(path).ok
    found = agreement(path, witnessed)
    assert not found.ok
    assert found.why is not None
    if "cut off" in attack:
        assert found.first_bad == 24
        assert "J. Lind witnessed 35 entries" in found.why
        assert "rolled back" in found.why
    else:
        assert found.why.startswith("Entries up to 35 are not those that J. Lind witnessed")


def test_a_rollback_of_the_whole_file_is_not_caught_by_it_and_is_caught_by_its_witness(path, tmp_path):
    earlier = Path(shutil.copyfile(path, tmp_path / "earlier.sqlite"))
    ledger, work = forging.resume(path)
    with ledger:
        reply = work.witness()
        work.decided("c9", "r9")
        reply = work.witness(before=reply)
    newer = Path(shutil.copyfile(path, tmp_path / "copy.sqlite"))
    for file in tmp_path.glob("ledger.sqlite*"):
        file.unlink()
    shutil.copyfile(earlier, path)
    assert verify(path).ok
    assert compare(path, newer).relation == "behind"
    found = agreement(path, reply)
    assert (found.ok, found.first_bad) == (False, SIZE + 1)
    # The same co-signed file, taken in again, is refused, and says why.
    ledger, work = forging.resume(path)
    with ledger, pytest.raises(Damaged, match="rolled back"):
        witness.take_in(ledger, reply, START, WRITER, work.keys[WRITER])


def test_a_witness_does_not_sign_what_was_rolled_back_or_rewritten(path, intact):
    ledger, work = forging.resume(path)
    with ledger:
        reply = work.witness()
    cut_with_checkpoints(path, 23)
    ledger, work = forging.resume(path)
    with ledger:
        with pytest.raises(Refusal, match="rewritten or rolled back"):
            work.witness(before=reply)
        # Grown again to more entries than were witnessed, it offers no proof for those that it lost.
        for number in range(3):
            work.decided(f"again{number}", f"again{number}")
        with pytest.raises(Refusal, match="does not show that this record still holds the 35 entries"):
            work.witness(before=reply)
        with (
            Ledger.open(intact, read_only=True) as own,
            pytest.raises(Refusal, match=r"not the first|not your copy"),
        ):
            work.witness(own=own)
        offer = witness.offer(ledger, work.keys[WRITER], work.now, since=[35])
        with pytest.raises(Refusal, match="is not the 35 entries you witnessed"):
            witness.cosign(offer, None, PersonKey("", OTHER, 9), work.now, name="J. Lind", before=reply)


def test_a_clock_set_back_is_told_and_not_called_an_alteration(path):
    ledger, _ = forging.resume(path)
    with ledger:
        ledger.append(Recovered(what="x"), at=START - timedelta(days=3))
    found = verify(path)
    assert found.ok
    assert found.set_back == (SIZE + 1,)


def test_a_further_key_in_a_persons_name_is_told_unless_their_own_key_signed_it(path):
    ledger, work = forging.resume(path)
    with ledger:
        forger = PersonKey(ledger.tag, WRITER, 5)
        ledger.append(KeyAdded(public=forger.public.hex(), session_only=False), at=work.now, person=WRITER)
        mine = PersonKey(ledger.tag, WRITER, 6)
        added = KeyAdded(public=mine.public.hex(), session_only=False)
        ledger.append(added, at=work.now, person=WRITER, signer=work.keys[WRITER])
    found = verify(path)
    assert found.ok
    assert found.unvouched_keys == (SIZE + 1,)


def test_nobody_takes_another_persons_key(path):
    ledger, work = forging.resume(path)
    with ledger, pytest.raises(Refusal) as refused:
        work.put(KeyAdded(public=work.keys[OTHER].public.hex(), session_only=False), WRITER)
    assert refused.value.rule == "record.key-once"


class TestForgotten:
    """Attacks on what was forgotten."""

    @pytest.fixture
    def forgotten(self, path):
        ledger, work = forging.resume(path)
        with ledger:
            self.pair = ledger.texts_of(DECISIONS[1])[0]
            work.forget(DECISIONS[1])
        assert verify(path).ok
        return path

    def test_the_entry_that_says_so_is_taken_out_and_the_tree_made_anew(self, forgotten):
        cut(forgotten, SIZE)
        found = verify(forgotten)
        assert (found.ok, found.first_bad) == (False, self.pair.entry)
        assert "no entry says it was forgotten" in (found.why or "")

    def test_the_text_is_put_back(self, forgotten):
        row = (self.pair.entry, self.pair.commitment, self.pair.salt, self.pair.content)
        with closing(sqlite3.connect(forgotten)) as database:
            gaps = "SELECT max(id) + 1 FROM contents WHERE entry < ?"
            place = database.execute(gaps, (self.pair.entry,)).fetchone()
        alter(forgotten, ("INSERT INTO contents VALUES (?,?,?,?,?)", (*place, *row)))
        found = verify(forgotten)
        assert (found.ok, found.first_bad) == (False, SIZE + 1)
        assert "says was forgotten is still held" in (found.why or "")


def test_the_witness_and_its_entry_stand_and_fall_together(path):
    ledger, work = forging.resume(path)
    with ledger:
        work.witness()
    kept = path.read_bytes()
    alter(path, "DELETE FROM witnesses")
    found = verify(path)
    assert (found.ok, found.first_bad) == (False, SIZE + 1)
    assert f"The proof that entry {SIZE + 1} speaks of is gone" in (found.why or "")
    path.write_bytes(kept)
    alter(path, "UPDATE witnesses SET name = 'Somebody'")
    assert "kept otherwise than entry 36 says" in (verify(path).why or "")
    path.write_bytes(kept)
    cut(path, SIZE)
    assert "is not the one of any entry" in (verify(path).why or "")


def test_opening_to_write_notices_an_end_that_was_cut_off(path):
    cut(path, 23)
    with pytest.raises(Damaged, match="29 entries were signed"):
        Ledger.open(path, create=False)


def test_rehash_alone_changes_nothing(path):
    before = verify(path)
    rehash(path)
    assert verify(path) == before


def test_work_goes_on_after_reopening(path):
    ledger, work = forging.resume(path)
    with ledger:
        assert isinstance(work, Work)
        work.decided("c9", "r9")
        work.checkpoint()
    assert verify(path).unsigned_tail == 0
