"""Notes, checkpoints and co-signatures have the public formats, and openssl agrees on the signatures."""

from __future__ import annotations

import base64
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_work import OTHER, START, WRITER, PersonKey

from studio_assist.domain.errors import BadInput
from studio_assist.ledger import notes
from studio_assist.ledger.seals import head_text, read_head

TAG = "0123456789abcdef"
#: From the documentation of golang.org/x/mod/sumdb/note, whose format C2SP signed-note took over.
KNOWN_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
KNOWN_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
#: The example of C2SP tlog-cosignature: a checkpoint with its log's and a witness's signature.
KNOWN_CHECKPOINT = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""


@pytest.fixture
def key():
    return PersonKey(TAG, WRITER)


def openssl_verifies(tmp_path, public: bytes, message: bytes, signature: bytes) -> bool:
    """What an outsider does: write three files, call openssl."""
    pem = Ed25519PublicKey.from_public_bytes(public).public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    for name, content in (("key.pem", pem), ("message", message), ("signature", signature)):
        (tmp_path / name).write_bytes(content)
    call = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "key.pem", "-in", "message"]
    return not subprocess.run([*call, "-sigfile", "signature"], cwd=tmp_path, capture_output=True).returncode


def test_a_published_note_and_key_are_read_and_verified():
    key = notes.read_vkey(KNOWN_KEY)
    assert notes.vkey(key.name, key.public) == KNOWN_KEY
    assert notes.verify_note(KNOWN_NOTE, key.name, key.public)
    assert not notes.verify_note(KNOWN_NOTE.replace("answer", "anser"), key.name, key.public)


def test_the_standards_example_checkpoint_is_read_with_its_cosignature():
    note = notes.read_note(KNOWN_CHECKPOINT)
    checkpoint = notes.read_checkpoint(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.root == base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    log, witness = note.signatures
    assert (log.name, len(log.signature)) == ("example.com/behind-the-sofa", 64)
    assert (witness.name, len(witness.signature)) == ("witness.example.com/w1", 72)
    assert int.from_bytes(witness.signature[:8], "big") == 1679315147
    assert notes.cosigned_message(note.text, 1679315147).decode() == (
        "cosignature/v1\ntime 1679315147\n" + note.text
    )


def test_a_checkpoint_of_ours_has_three_lines_a_time_and_says_when_its_key_was_for_the_session(key):
    text = head_text("studio-assist/" + TAG, 40, b"\x01" * 32, START, session_only=True)
    assert text.split("\n") == [
        "studio-assist/0123456789abcdef",
        "40",
        "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
        "time 2026-03-02T09:00:00.000000Z",
        "key kept for this session only",
        "",
    ]
    note = notes.sign_note(text, key)
    assert note.startswith(f"{text}\n— studio-assist/0123456789abcdef/r-okafor-1a2b3c4d ")
    assert read_head(note) == ("studio-assist/" + TAG, 40, b"\x01" * 32, START, True)


def test_openssl_verifies_checkpoints_cosignatures_and_entries_with_nothing_of_ours(tmp_path, key):
    text = head_text("studio-assist/" + TAG, 40, b"\x01" * 32, START, session_only=False)
    note = notes.cosign_note(notes.sign_note(text, key), witness := PersonKey(TAG, OTHER, 2), START)
    ours, theirs = notes.read_note(note).signatures
    assert openssl_verifies(tmp_path, key.public, text.encode(), ours.signature)
    moment = int(START.timestamp())
    message = b"cosignature/v1\ntime %d\n%s" % (moment, text.encode())
    assert theirs.signature[:8] == moment.to_bytes(8, "big")
    assert openssl_verifies(tmp_path, witness.public, message, theirs.signature[8:])
    assert not openssl_verifies(tmp_path, key.public, message, theirs.signature[8:])
    message = notes.entry_message(TAG, b"\x02" * 32)
    assert message == b"studio-assist entry v1\n0123456789abcdef\n" + b"02" * 32 + b"\n"
    assert openssl_verifies(tmp_path, key.public, message, key.sign(message))


def test_a_note_counts_only_for_the_key_that_signed_it_under_its_name(key):
    text = head_text("studio-assist/" + TAG, 1, b"\x01" * 32, START, session_only=False)
    note = notes.sign_note(text, key)
    other = PersonKey(TAG, WRITER, 2)
    assert notes.verify_note(note, key.name, key.public)
    assert not notes.verify_note(note, key.name, other.public)
    assert not notes.verify_note(note, notes.key_name(TAG, OTHER), key.public)
    assert notes.verify_cosignature(note, key.name, key.public) is None
    twice = notes.sign_note(note, other)
    assert notes.verify_note(twice, key.name, key.public)
    assert notes.verify_note(twice, other.name, other.public)
    assert notes.verify_cosignature(notes.cosign_note(note, other, START), other.name, other.public) == START


def test_every_changed_byte_of_a_signed_note_is_noticed(key):
    note = notes.sign_note(head_text("studio-assist/" + TAG, 7, b"\x01" * 32, START, session_only=False), key)
    raw = note.encode()
    for place in range(len(raw)):
        for bit in (1, 32, 128):
            changed = bytearray(raw)
            changed[place] ^= bit
            try:
                assert not notes.verify_note(changed.decode(), key.name, key.public), f"byte {place}"
            except (BadInput, UnicodeDecodeError):
                continue


@pytest.mark.parametrize(
    "note",
    [
        "",
        "no signature\n",
        "text\n\n",
        "text\n\nno dash\n",
        "text\n\n— name !!!!\n",
        "text\n\n— name AAAA\n",
        "text\n\n— na me AAAAAAAA\n",
        "text\n\n— n+me AAAAAAAA\n",
        "text\n\n— name AAAAAAA=",
        "te\rxt\n\n— name AAAAAAAA\n",
        "text\n\n— name AAAAAAAB=\n",
        "\ud800\n\n— name AAAAAAAA\n",
        "x" * 70_000 + "\n\n— name AAAAAAAA\n",
    ],
)
def test_what_is_no_note_is_refused(note):
    with pytest.raises(BadInput):
        notes.read_note(note)


@pytest.mark.parametrize(
    "text", ["", "a\n1\n", "a\n01\nAA==\n", "a\n-1\nAA==\n", "a\n1\nAA==\n", "a\n1\n" + "A" * 43 + "=\n\n"]
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(BadInput):
        notes.read_checkpoint(text)


@pytest.mark.parametrize(
    "line", ["", "name", "name+00000000+AQ==", KNOWN_KEY.replace("c74f", "c74e"), KNOWN_KEY[:-4]]
)
def test_what_is_no_key_is_refused(line):
    with pytest.raises(BadInput):
        notes.read_vkey(line)


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_note_or_bad_input(text):
    for read in (notes.read_note, notes.read_checkpoint, notes.read_vkey, read_head):
        try:
            read(text)
        except BadInput:
            continue


def test_a_key_name_has_neither_spaces_nor_plus_signs():
    assert notes.key_name(TAG, "a b+c") == f"studio-assist/{TAG}/a_b_c"
