"""The project's own authority: one root, one certificate, and nobody who could sign another."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from studio_assist.marks.certificates import (
    Identity,
    common_name,
    make_identity,
    readable_roots,
    root_fingerprint,
)
from tests.marks.marked_work import NOW, TAG, ours, strangers


def test_the_certificate_signs_claims_and_leads_to_the_root() -> None:
    leaf = x509.load_pem_x509_certificate(ours().certificate_pem)
    root = x509.load_pem_x509_certificate(ours().root_pem)
    leaf.verify_directly_issued_by(root)
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert {item.dotted_string for item in usage} == {"1.3.6.1.5.5.7.3.4", "1.3.6.1.4.1.62558.2.1"}
    assert leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    assert common_name(ours().certificate_pem) == "J. Lindqvist"
    years = (leaf.not_valid_after_utc - NOW) / timedelta(days=365.25)
    assert 9.9 < years < 10.1
    assert leaf.not_valid_before_utc < NOW


def test_the_roots_own_key_is_in_nothing_that_is_kept() -> None:
    identity = ours()
    kept = (identity.key_pem, identity.chain_pem)
    assert sum(pem.count(b"PRIVATE KEY-----\n") for pem in kept) == 2  # one key, its first line and its last
    root = x509.load_pem_x509_certificate(identity.root_pem)
    leaf = x509.load_pem_x509_certificate(identity.certificate_pem)
    assert root.public_key() != leaf.public_key()
    assert "PRIVATE" not in repr(identity)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_finds_the_chain_in_order_and_names_the_root_alike(tmp_path: Path) -> None:
    root, leaf = tmp_path / "root.pem", tmp_path / "leaf.pem"
    root.write_bytes(ours().root_pem)
    leaf.write_bytes(ours().certificate_pem)
    checked = subprocess.run(
        ["openssl", "verify", "-x509_strict", "-purpose", "smimesign", "-CAfile", root, leaf],
        capture_output=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    printed = subprocess.run(
        ["openssl", "x509", "-in", root, "-noout", "-fingerprint", "-sha256"], capture_output=True, check=True
    )
    told = printed.stdout.decode().partition("=")[2].strip().replace(":", "").lower()
    assert told == root_fingerprint(ours().root_pem)


def test_a_signature_is_what_cose_wants_and_the_certificate_checks_it() -> None:
    signature = ours().sign(b"a claim")
    assert len(signature) == 64
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    public = x509.load_pem_x509_certificate(ours().certificate_pem).public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(encode_dss_signature(r, s), b"a claim", ec.ECDSA(hashes.SHA256()))


def test_key_and_certificates_are_put_together_again_and_strangers_are_not() -> None:
    identity = ours()
    assert Identity.of(identity.key_pem, identity.chain_pem) == identity
    for key, chain in (
        (strangers().key_pem, identity.chain_pem),
        (identity.key_pem, strangers().chain_pem),
        (identity.key_pem, identity.certificate_pem + strangers().root_pem),
        (identity.key_pem, identity.root_pem),
        (b"no key", identity.chain_pem),
        (identity.key_pem, b""),
    ):
        with pytest.raises(ValueError, match=r"key|certificates"):
            Identity.of(key, chain)


@pytest.mark.parametrize("name", ["", "  \n", "Ж" * 500, "O=Adobe, CN=Adobe\x00", "冬の長い夜", "a" * 64])
def test_any_title_and_any_name_makes_an_identity(name: str) -> None:
    identity = make_identity(name, TAG, name, datetime.now(UTC))
    assert 0 < len(common_name(identity.certificate_pem)) <= 64


def test_only_authorities_count_as_roots_and_a_broken_file_hides_none() -> None:
    roots = readable_roots(
        [b"", b"junk", ours().chain_pem, strangers().certificate_pem, strangers().root_pem]
    )
    assert roots == [ours().root_pem, strangers().root_pem]
