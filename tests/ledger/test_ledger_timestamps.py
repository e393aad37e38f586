"""Time stamps (RFC 3161) over checkpoints, by an authority that openssl plays in a folder of the test."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import forging
import pytest
from forging import SIZE, alter
from ledger_work import WRITER

from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.ledger import proofs, verify, witness

CONFIG = """
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_tsa = authority
[authority]
dir = .
serial = serial
crypto_device = builtin
signer_cert = leaf.pem
signer_key = leaf.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
"""


class Authority:
    """A root, and a leaf that stamps."""

    def __init__(self, folder, name: str) -> None:
        folder.mkdir()
        self.folder = folder
        (folder / "config").write_text(CONFIG)
        (folder / "serial").write_text("01")
        for part in ("root", "leaf"):
            self.openssl(
                "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", f"{part}.key"
            )
        root = ["-x509", "-key", "root.key", "-subj", f"/CN={name} root", "-extensions", "root", "-days", "9"]
        self.openssl("req", "-new", *root, "-config", "config", "-out", "root.pem")
        self.openssl(
            "req", "-new", "-key", "leaf.key", "-subj", f"/CN={name}", "-config", "config", "-out", "leaf.csr"
        )
        by = [
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-set_serial",
            "7",
            "-extfile",
            "config",
            "-extensions",
            "leaf",
        ]
        self.openssl("x509", "-req", "-in", "leaf.csr", *by, "-days", "9", "-out", "leaf.pem")

    @property
    def root(self) -> bytes:
        return (self.folder / "root.pem").read_bytes()

    def stamp(self, request: bytes) -> bytes:
        (self.folder / "request.tsq").write_bytes(request)
        signing = ["-config", "config", "-section", "authority", "-queryfile", "request.tsq"]
        self.openssl("ts", "-reply", *signing, "-out", "response.tsr")
        return (self.folder / "response.tsr").read_bytes()

    def openssl(self, *call: str) -> None:
        done = subprocess.run(["openssl", *call], cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tsa") / "good", "Lamp Room Time")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "ledger.sqlite"
    forging.make(path)
    return path


@pytest.fixture
def work(path):
    ledger, work = forging.resume(path)
    with ledger:
        yield work


def take(work, response: bytes, *roots: bytes):
    return witness.take_timestamp(work.ledger, response, roots, work.now, WRITER, work.keys[WRITER])


def test_a_time_stamp_over_a_checkpoint_is_a_witness_and_openssl_agrees(path, work, authority):
    note = work.checkpoint().note
    response = authority.stamp(witness.timestamp_request(note))
    kept = take(work, response, authority.root)
    assert (kept.size, kept.kind, kept.name, kept.key) == (SIZE, "timestamp", "Lamp Room Time", None)
    assert abs(kept.at - datetime.now(UTC)) < timedelta(minutes=5)
    assert take(work, response, authority.root) == kept
    found = verify(path)
    assert (found.ok, found.why) == (True, None)
    (seen,) = found.witnesses
    assert (seen.kind, seen.size, seen.time, seen.checked) == ("timestamp", SIZE, kept.at, True)
    assert seen.authority is not None
    proof = proofs.read_timestamp_proof(kept.proof)
    for name, content in (
        ("note", proof.note.encode()),
        ("tsr", proof.response),
        ("ca", proof.root.encode()),
    ):
        (path.parent / name).write_bytes(content)
    call = ["openssl", "ts", "-verify", "-data", "note", "-in", "tsr", "-CAfile", "ca"]
    assert subprocess.run(call, cwd=path.parent, capture_output=True).returncode == 0


def test_an_older_checkpoint_can_be_stamped_and_several_roots_be_trusted(path, work, authority, tmp_path):
    other = Authority(tmp_path / "other", "Somebody")
    note = work.ledger.checkpoints()[-1].note
    kept = take(work, authority.stamp(witness.timestamp_request(note)), other.root, authority.root)
    assert kept.size == forging.FIRST_CHECKPOINT
    assert proofs.read_timestamp_proof(kept.proof).root.encode() == authority.root
    assert verify(path).ok


def test_a_token_for_something_else_by_a_stranger_or_altered_is_refused(path, work, authority, tmp_path):
    note = work.checkpoint().note
    good = authority.stamp(witness.timestamp_request(note))
    size = work.ledger.size
    with pytest.raises(BadInput, match="not over any checkpoint"):
        take(work, authority.stamp(witness.timestamp_request(note + "x")), authority.root)
    stranger = Authority(tmp_path / "stranger", "Lamp Room Time")
    with pytest.raises(BadInput, match="does not hold"):
        take(work, stranger.stamp(witness.timestamp_request(note)), authority.root)
    with pytest.raises(BadInput, match="No root"):
        take(work, good)
    with pytest.raises(BadInput, match="not a root certificate"):
        take(work, good, b"nothing")
    with pytest.raises(BadInput, match="not an authority's root"):
        take(work, good, (authority.folder / "leaf.pem").read_bytes())
    refused = 0
    trusted = [authority.root.decode()]
    seen = proofs.read_timestamp(proofs.anchor_of(note, good, trusted), work.ledger.origin)
    for place in range(len(good)):
        altered = bytearray(good)
        altered[place] ^= 1
        try:
            proof = proofs.anchor_of(note, bytes(altered), trusted)
        except BadInput:
            refused += 1
            continue
        # A few bytes of CMS say in vain what is said elsewhere, and are not signed. Nothing comes of them.
        assert proofs.read_timestamp(proof, work.ledger.origin) == seen
    assert refused > len(good) * 0.98
    for junk in (b"", b"\x30\x00", b"junk"):
        with pytest.raises(BadInput):
            take(work, junk, authority.root)
    assert work.ledger.size == size


def test_a_kept_time_stamp_that_is_altered_is_noticed(path, work, authority, tmp_path):
    take(work, authority.stamp(witness.timestamp_request(work.checkpoint().note)), authority.root)
    work.ledger.close()
    whole = path.read_bytes()
    stranger = Authority(tmp_path / "stranger", "Lamp Room Time")
    proof = proofs.read_timestamp_proof(_proof(path))
    for change in (
        proof._replace(root=stranger.root.decode()),
        proof._replace(root=proof.root.replace("\n", "\n\n", 1)),
        proof._replace(note=proof.note.replace("time 2026", "time 2027")),
        proof._replace(response=stranger.stamp(witness.timestamp_request(proof.note))),
    ):
        alter(path, ("UPDATE witnesses SET proof = ?", (proofs.write_timestamp_proof(change),)))
        found = verify(path)
        assert not found.ok
        assert "Lamp Room Time" in (found.why or "")
        path.write_bytes(whole)
    assert verify(path).ok


def _proof(path) -> bytes:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT proof FROM witnesses").fetchone()[0]


def test_without_the_library_nothing_is_claimed_of_a_time_stamp(path, work, authority, monkeypatch):
    note = work.checkpoint().note
    response = authority.stamp(witness.timestamp_request(note))
    take(work, response, authority.root)
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(Unavailable, match="rfc3161-client"):
        witness.timestamp_request(note)
    with pytest.raises(Unavailable):
        take(work, response, authority.root)
    found = verify(path)
    assert found.ok
    assert [seen.checked for seen in found.witnesses] == [False]
