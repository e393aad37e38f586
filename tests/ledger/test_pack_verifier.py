"""verify.py, alone in a bare interpreter, and `ledger verify` name what was done to a pack."""

from __future__ import annotations

import ast
import base64
import json
import re
import shutil
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from ledger_work import OTHER, WRITER
from pack_work import (
    Key,
    SignedWork,
    add_certificate,
    add_stamp,
    add_witness,
    list_anew,
    make_record,
    openssl,
    pack,
    run_verifier,
)

from studio_assist.ledger import verify
from studio_assist.ledger.notes import checkpoint_text, sign_note
from studio_assist.ledger.tree import Frontier, leaf_hash
from studio_assist.paths import resource

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
pytestmark = needs_openssl


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack of a record with witnesses, certificates, a forgotten text and disclosed ones."""
    folder = tmp_path_factory.mktemp("pack")
    work = make_record(folder / "Larkspur.studio")
    add_certificate(work, folder / "Larkspur.studio")
    add_witness(work)
    add_stamp(work, folder)
    work.ledger.forget(7, why="A name slipped in.", person=WRITER, at=work.now(), signer=work.keys[WRITER])
    files = [folder / "Larkspur.studio" / "Été, day 1.fountain"]
    certificates = folder / "Larkspur.studio" / "certificates"
    pack(work, folder / "out", disclose=(6, 12), files=files, certificates=certificates)
    # A work of another person, to swap things with.
    other = make_record(folder / "Other.studio", rounds=3)
    pack(other, folder / "other")
    for each in (work, other):
        each.ledger.close()
    return folder / "out"


@pytest.fixture
def packed(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "pack"))


def test_a_good_pack_holds_without_the_app(packed):
    code, said = run_verifier(packed)
    assert (code, said.splitlines()[-1]) == (0, "All of it holds."), said
    assert "BAD" not in said
    assert "the time stamp holds, by the authority that the pack itself names" in said
    assert verify(packed).ok


def test_it_needs_nothing_but_a_bare_python_and_writes_nothing(packed, tmp_path):
    before = {file: file.read_bytes() for file in packed.rglob("*") if file.is_file()}
    for path in packed.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    code, said = run_verifier(packed, "--json")
    assert code == 0
    found = json.loads(said)
    assert (found["ok"], found["code"], found["size"]) == (True, 0, verify(packed).size)
    assert {file: file.read_bytes() for file in packed.rglob("*") if file.is_file()} == before
    # Python 3.8 reads it too: no newer grammar. Names that came later are not used, as the imports show.
    source = resource("pack", "verify.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 8))
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name) or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_without_openssl_all_else_is_checked_and_that_is_said(packed, tmp_path):
    code, said = run_verifier(packed, PATH=str(tmp_path))
    assert code == 3
    assert "SKIP  signatures      none was checked: the program openssl was not found" in said
    # One that says yes to everything is not believed.
    fake = tmp_path / "openssl"
    fake.write_text("#!/bin/sh\nexit 0\n")
    fake.chmod(0o755)
    code, said = run_verifier(packed, PATH=f"{tmp_path}:/bin:/usr/bin")
    assert code == 3
    assert "is older than OpenSSL 3.0, or another program" in said
    (packed / "entries.jsonl").write_bytes((packed / "entries.jsonl").read_bytes()[:-200])
    assert run_verifier(packed, PATH=str(tmp_path))[0] == 1


# What was done to a pack, and what is said of it ---------------------------------------------------------


def lines_of(packed: Path, name: str = "entries.jsonl") -> list[bytes]:
    return (packed / name).read_bytes().splitlines()


def put_lines(packed: Path, lines: list[bytes], name: str = "entries.jsonl") -> None:
    (packed / name).write_bytes(b"".join(line + b"\n" for line in lines))


def decision_in(packed: Path) -> int:
    """Number of the second decision."""
    return [n for n, line in enumerate(lines_of(packed), 1) if b'"type":"decision"' in line][1]


def newest(packed: Path) -> Path:
    return max((packed / "checkpoints").iterdir(), key=lambda note: int(note.name.split("-")[0]))


def edit(packed: Path) -> list[str]:
    number, lines = decision_in(packed), lines_of(packed)
    lines[number - 1] = lines[number - 1].replace(b'"outcome":"edited"', b'"outcome":"undecided"')
    put_lines(packed, lines)
    return [f"entry {number} is not the one that proofs/{number}.json was made for"]


def edit_between_checkpoints(packed: Path) -> list[str]:
    # An entry that nobody signed and no proof is of.
    lines = lines_of(packed)
    at = next(n for n, line in enumerate(lines) if b'"type":"presented"' in line and n > 30)
    lines[at] = lines[at].replace(b'"at":"2026-03-02', b'"at":"2026-03-01')
    put_lines(packed, lines)
    sizes = sorted(int(note.name.split("-")[0]) for note in (packed / "checkpoints").iterdir())
    first = max(size for size in sizes if size <= at) + 1
    last = min(size for size in sizes if size > at)
    return [f"entries {first} to {last} are not all those that"]


def delete(packed: Path) -> list[str]:
    lines = lines_of(packed)
    del lines[11]
    put_lines(packed, lines)
    return ["entry 13 stands where entry 12 should"]


def insert(packed: Path) -> list[str]:
    lines = lines_of(packed)
    lines.insert(11, lines[10])
    put_lines(packed, lines)
    return ["entry 11 stands where entry 12 should"]


def reorder(packed: Path) -> list[str]:
    lines = lines_of(packed)
    lines[20], lines[21] = lines[21], lines[20]
    put_lines(packed, lines)
    return ["entry 22 stands where entry 21 should", "entry 21 stands where entry 22 should"]


def write_otherwise(packed: Path) -> list[str]:
    lines = lines_of(packed)
    lines[5] = lines[5].replace(b'"v":1', b'"v": 1')
    put_lines(packed, lines)
    return ["entry 6 is not in canonical form"]


def rehash(packed: Path) -> list[str]:
    """Edit, and make tree, proofs, checkpoint texts and manifest anew: all but the signatures."""
    edit(packed)
    number = decision_in(packed) if b"undecided" not in (packed / "entries.jsonl").read_bytes() else None
    lines = lines_of(packed)
    tree = Frontier()
    roots: dict[int, bytes] = {}
    for line in lines:
        tree.append(leaf_hash(line))
        roots[tree.size] = tree.root()
    for note in (packed / "checkpoints").iterdir():
        text = note.read_text(encoding="utf-8").split("\n")
        text[2] = base64.b64encode(roots[int(text[1])]).decode()
        note.write_text("\n".join(text), encoding="utf-8")
    shutil.rmtree(packed / "proofs")
    manifest = json.loads((packed / "manifest.json").read_bytes())
    manifest["root"] = tree.root().hex()
    (packed / "manifest.json").write_text(json.dumps(manifest))
    assert number is None
    return [
        f"{newest(packed).relative_to(packed)}: the signature does not hold",
        "the signature does not hold",
    ]


def cut_tail(packed: Path) -> list[str]:
    lines = lines_of(packed)
    put_lines(packed, lines[:-4])
    return [f"is over {len(lines)} entries; the pack holds {len(lines) - 4}"]


def cut_tail_and_checkpoint(packed: Path) -> list[str]:
    cut_tail(packed)
    newest(packed).unlink()
    return [f"there is no checkpoint over all {len(lines_of(packed))} entries"]


def swap_checkpoint(packed: Path) -> list[str]:
    note = newest(packed)
    shutil.copyfile(newest(packed.parent / "other"), note)
    return ["are not all those that"]


def forge_checkpoint(packed: Path) -> list[str]:
    """Sign the true head with a key of one's own."""
    note = newest(packed)
    origin, size, root = note.read_text(encoding="utf-8").split("\n")[:3]
    text = checkpoint_text(origin, int(size), base64.b64decode(root), ["time 2026-03-02T09:01:00.000000Z"])
    note.write_text(sign_note(text, Key(origin[-16:], WRITER, 66)), encoding="utf-8")
    return ["is signed by no key that the record names"]


def swap_signatures(packed: Path) -> list[str]:
    rows = [json.loads(line) for line in lines_of(packed, "signatures.jsonl")]
    one, two = [row for row in rows if row["key"] == rows[0]["key"]][:2]
    one["signature"], two["signature"] = two["signature"], one["signature"]
    put_lines(packed, [json.dumps(row).encode() for row in rows], "signatures.jsonl")
    return [f"entry {one['entry']}: the signature does not hold", f"entry {two['entry']}: the signature"]


def sign_for_another(packed: Path) -> list[str]:
    rows = [json.loads(line) for line in lines_of(packed, "signatures.jsonl")]
    other = next(row["key"] for row in rows if row["key"] != rows[0]["key"])
    rows[0]["key"] = other
    put_lines(packed, [json.dumps(row).encode() for row in rows], "signatures.jsonl")
    return [f"entry {rows[0]['entry']} is signed with a key that is not its person's"]


def drop_signature(packed: Path) -> list[str]:
    rows = lines_of(packed, "signatures.jsonl")
    put_lines(packed, rows[1:], "signatures.jsonl")
    return [f"entry {json.loads(rows[0])['entry']} (decision) lacks its person's signature"]


def change_text(packed: Path) -> list[str]:
    rows = [json.loads(line) for line in lines_of(packed, "contents.jsonl")]
    rows[-1]["text"] = "We never kept it."
    put_lines(packed, [json.dumps(row).encode() for row in rows], "contents.jsonl")
    return [f"the text disclosed for entry {rows[-1]['entry']} is not the one it commits to"]


def give_text_to_another(packed: Path) -> list[str]:
    rows = [json.loads(line) for line in lines_of(packed, "contents.jsonl")]
    rows[0]["entry"] = 12
    put_lines(packed, [json.dumps(row).encode() for row in rows], "contents.jsonl")
    return ["entry 12 does not speak of the text disclosed for it"]


def change_file(packed: Path) -> list[str]:
    file = next((packed / "files").iterdir())
    data = bytearray(file.read_bytes())
    data[3] ^= 1
    file.write_bytes(data)
    return ["is no file that an exported entry names"]


def swap_key(packed: Path) -> list[str]:
    keys = json.loads((packed / "keys.json").read_bytes())
    keys[0]["key"], keys[1]["key"] = keys[1]["key"], keys[0]["key"]
    (packed / "keys.json").write_text(json.dumps(keys))
    return ["keys.json names other keys than the entries do"]


def swap_certificate(packed: Path) -> list[str]:
    pem = next((packed / "certificates").iterdir())
    openssl(
        packed.parent, f"req -x509 -newkey ed25519 -nodes -days 9 -subj /CN=x -keyout /dev/null -out {pem}"
    )
    return ["is no certificate that an entry names"]


def drop_witness(packed: Path) -> list[str]:
    (packed / "witnesses" / "1.note").unlink()
    return ["(M. Sato over", "is not in the pack"]


def swap_witness(packed: Path) -> list[str]:
    shutil.copyfile(newest(packed), packed / "witnesses" / "1.note")
    return ["(M. Sato over", "witnesses/1.note is named by no entry"]


def change_stamp_checkpoint(packed: Path) -> list[str]:
    path = packed / "witnesses" / "2.checkpoint"
    path.write_bytes(path.read_bytes().replace(b"time 2026-03-02T09", b"time 2026-03-02T08"))
    return ["(Test-authority over", "the time stamp does not hold"]


def date_stamp_back(packed: Path) -> list[str]:
    """Say in the entry that the stamp is older than it is."""
    lines = lines_of(packed)
    at = next(n for n, line in enumerate(lines) if b'"kind":"timestamp"' in line)
    lines[at] = re.sub(rb'"witnessed":"\d{4}', b'"witnessed":"2001', lines[at])
    put_lines(packed, lines)
    return ["(Test-authority over", "was stamped at another time than told"]


def lines_with(packed: Path, kind: str) -> tuple[list[bytes], int]:
    lines = lines_of(packed)
    return lines, next(n for n, line in enumerate(lines) if b'"type":"%s"' % kind.encode() in line)


def send_elsewhere(packed: Path) -> list[str]:
    lines, at = lines_with(packed, "sent")
    lines[at] = lines[at].replace(b"northlight", b"southlight")
    put_lines(packed, lines)
    return [f"entry {at + 1} is not what entry {at} approved"]


def send_again(packed: Path) -> list[str]:
    """A harmless entry after it is turned into one more sending of the same."""
    lines, at = lines_with(packed, "sent")
    lines[at + 1] = lines[at].replace(b'"number":%d' % (at + 1), b'"number":%d' % (at + 2))
    put_lines(packed, lines)
    return [f"entry {at + 2} is one more than entry {at} approved"]


def send_unasked(packed: Path) -> list[str]:
    lines, at = lines_with(packed, "sent")
    lines[at] = re.sub(rb'"approval":\d+', b'"approval":1', lines[at])
    put_lines(packed, lines)
    return [f"entry {at + 1} was sent and nobody had approved it"]


def drop_a_yes(packed: Path) -> list[str]:
    _, at = lines_with(packed, "send_approved")
    rows = lines_of(packed, "signatures.jsonl")
    put_lines(packed, [row for row in rows if json.loads(row)["entry"] != at + 1], "signatures.jsonl")
    return [f"entry {at + 1} (send_approved) lacks its person's signature"]


def spoil_proof(packed: Path) -> list[str]:
    path = sorted((packed / "proofs").iterdir())[0]
    proof = json.loads(path.read_bytes())
    proof["path"][0] = "0" * 64
    path.write_text(json.dumps(proof))
    return [f"proofs/{path.name} does not lead to the root of a checkpoint"]


ATTACKS = [
    edit,
    edit_between_checkpoints,
    delete,
    insert,
    reorder,
    write_otherwise,
    rehash,
    cut_tail,
    cut_tail_and_checkpoint,
    swap_checkpoint,
    forge_checkpoint,
    swap_signatures,
    sign_for_another,
    drop_signature,
    change_text,
    give_text_to_another,
    change_file,
    swap_key,
    swap_certificate,
    drop_witness,
    swap_witness,
    change_stamp_checkpoint,
    date_stamp_back,
    send_elsewhere,
    send_again,
    send_unasked,
    drop_a_yes,
    spoil_proof,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
@pytest.mark.parametrize("listed", [False, True], ids=["as it was listed", "listed anew"])
def test_what_was_done_is_named(whole, packed, attack: Callable[[Path], list[str]], listed):
    shutil.copytree(whole.parent / "other", packed.parent / "other")
    expected = attack(packed)
    if listed:
        list_anew(packed)
    code, said = run_verifier(packed)
    assert code == 1, said
    bad = [line for line in said.splitlines() if line.startswith("BAD")]
    for words in expected:
        assert any(words in line for line in bad), said
    # Without a manifest made anew, the file that was touched is named as well.
    assert any(line.startswith("BAD   manifest ") for line in bad) or listed, said
    found = verify(packed)
    assert not found.ok
    assert found.why
    assert found.root is None


def test_a_file_that_is_gone_added_or_linked_is_named(packed, tmp_path):
    (packed / "keys.json").rename(packed / "extra.json")
    (packed / "link").symlink_to("/etc/hostname")
    code, said = run_verifier(packed)
    assert code == 1
    for words in (
        "keys.json is gone",
        "extra.json is not named in manifest.json",
        "link is a link or a device",
    ):
        assert words in said
    why = verify(packed).why
    assert why is not None
    assert "link is a link" in why


def test_what_the_system_leaves_in_a_folder_is_no_finding(packed):
    (packed / ".DS_Store").write_bytes(b"\x00Bud1")
    (packed / "files" / "Thumbs.db").write_bytes(b"x")
    assert run_verifier(packed)[0] == 0
    assert verify(packed).ok


def test_a_rewritten_record_is_found_by_a_checkpoint_that_was_kept_elsewhere(whole, packed, tmp_path):
    kept = tmp_path / "kept.note"
    shutil.copyfile(newest(packed), kept)
    assert run_verifier(packed, "--against", str(kept))[0] == 0
    # The holder of all keys writes another day's work; it is right in itself.
    forged = make_record(tmp_path / "Larkspur.studio", rounds=20)
    pack(forged, tmp_path / "forged")
    forged.ledger.close()
    assert run_verifier(tmp_path / "forged")[0] == 0
    code, said = run_verifier(tmp_path / "forged", "--against", str(kept))
    assert code == 1
    assert "are not those that" in said


def test_a_time_stamp_is_checked_with_the_authority_one_trusts(whole, packed, tmp_path):
    root = whole.parent / "authority" / "root.pem"
    code, said = run_verifier(packed, "--tsa-root", str(root))
    assert code == 0
    assert "the time stamp holds, by the authority you gave" in said
    stranger = tmp_path / "root.pem"
    openssl(tmp_path, "req -x509 -newkey ed25519 -nodes -days 9 -subj /CN=x -keyout /dev/null -out root.pem")
    code, said = run_verifier(packed, "--tsa-root", str(stranger))
    assert code == 1
    assert "the time stamp does not hold" in said


def test_a_second_key_that_nobody_vouches_for_is_told(tmp_path):
    work: SignedWork = make_record(tmp_path / "p.studio", rounds=1)
    from studio_assist.domain.record import KeyAdded

    second = Key(work.ledger.tag, WRITER, 5)
    work.put(KeyAdded(public=second.public.hex(), session_only=False), WRITER)
    third = Key(work.ledger.tag, OTHER, 6)
    work.put(KeyAdded(public=third.public.hex(), session_only=False), OTHER)
    number = work.ledger.size - 1
    pack(work, tmp_path / "pack")
    work.ledger.close()
    code, said = run_verifier(tmp_path / "pack")
    assert code == 0
    assert f"entry {number} adds a key of {WRITER} that no earlier one vouches for" in said
    # The other person's first key was for one session only: it could not have vouched for anything.
    assert said.count("vouches") == 1
    assert verify(tmp_path / "pack").unvouched_keys == (number,)


# Packs that were made to do harm -------------------------------------------------------------------------


def name_outside(packed: Path) -> None:
    manifest = json.loads((packed / "manifest.json").read_bytes())
    manifest["files"]["../../../../etc/passwd"] = sha256(b"").hexdigest()
    (packed / "manifest.json").write_text(json.dumps(manifest))


def write_to_terminal(packed: Path) -> None:
    manifest = json.loads((packed / "manifest.json").read_bytes())
    manifest["files"]["\x1b[31mAll of it holds\n.txt"] = sha256(b"").hexdigest()
    (packed / "manifest.json").write_text(json.dumps(manifest))


def long_line(packed: Path) -> None:
    with (packed / "entries.jsonl").open("ab") as file:
        file.write(b'{"at":"' + b"x" * (9 << 20))


def deep_json(packed: Path) -> None:
    (packed / "manifest.json").write_bytes(b"[" * 200_000)


def no_json(packed: Path) -> None:
    (packed / "manifest.json").write_bytes(b"\xff\xfe{}")


def wrong_types(packed: Path) -> None:
    manifest = json.loads((packed / "manifest.json").read_bytes())
    manifest |= {"files": [1, 2], "size": "many"}
    (packed / "manifest.json").write_text(json.dumps(manifest))


def newer(packed: Path) -> None:
    manifest = json.loads((packed / "manifest.json").read_bytes())
    (packed / "manifest.json").write_text(json.dumps(manifest | {"format": "studio-assist pack 3"}))


def huge_number(packed: Path) -> None:
    lines = lines_of(packed)
    lines[4] = lines[4].replace(b'"number":5', b'"number":' + b"9" * 100_000)
    put_lines(packed, lines)


def wrong_rows(packed: Path) -> None:
    for name in ("signatures.jsonl", "contents.jsonl"):
        put_lines(packed, [b"[]", b"{", b'{"entry":{},"key":[],"salt":1}', b"\xff", b""], name)
    for name in ("keys.json", "checkpoints/1-00.note", "proofs/x.json", "witnesses/1.note"):
        (packed / name).write_bytes(b'{"entry":[null]}')


@pytest.mark.parametrize(
    ("harm", "code", "says"),
    [
        (write_to_terminal, 1, "?[31mAll of it holds?.txt is gone"),
        (name_outside, 1, "../../../../etc/passwd is gone"),
        (long_line, 2, "longer than any pack makes it"),
        (deep_json, 2, None),
        (no_json, 2, None),
        (wrong_types, 2, None),
        (newer, 2, "another format"),
        (huge_number, 1, "entry 5 cannot be read"),
        (wrong_rows, 1, "cannot be read"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_hostile_pack_is_refused_in_words(packed, harm, code, says):
    from studio_assist.domain.errors import BadInput

    harm(packed)
    found, said = run_verifier(packed)
    assert found == code, said
    assert "Traceback" not in said
    assert says is None or says in said
    if code == 2:
        with pytest.raises(BadInput) as refused:
            verify(packed)
        assert refused.value.remedy
    else:
        assert not verify(packed).ok
