"""A project's own certificate authority: a root, and one certificate that signs the project's manifests.

No public authority vouches for a project. Whoever wants to check a manifest gets the project's root beside
it (`ledger pack` holds it, and the record names it by its hash) and demands that the manifest leads there.

The root signs one certificate and its private key is forgotten in the same call, so nobody can sign a second
certificate under it later. What is left to protect is the one key that signs manifests.

Source: C2PA specification 2.2 §14.5.1 for what a claim-signing certificate must and must not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

_CLAIM_SIGNING: Final = ObjectIdentifier("1.3.6.1.4.1.62558.2.1")
_ROOT_YEARS: Final = 20
#: A manifest carries no time stamp of its own, so it reads as expired once its certificate is.
_LEAF_YEARS: Final = 10
#: So that a reader whose clock is a little behind does not find a certificate from the future.
_BACKDATED: Final = timedelta(hours=1)
#: Bytes. RFC 5280 bounds names by characters, which not every reader counts alike.
_LONGEST: Final = 64
#: r and s of ES256 (P-256), each as 32 bytes: the form that COSE wants (RFC 9053 §2.1).
_HALF: Final = 32


@dataclass(frozen=True)
class Identity:
    """What signs a project's manifests.

    Attributes:
        key_pem: the P-256 private key, PKCS 8, not encrypted. It belongs into the keychain.
        certificate_pem: the certificate of that key, made out to the person.
        root_pem: the project's root, which signed it. Both certificates are public.
    """

    key_pem: bytes = field(repr=False)
    certificate_pem: bytes
    root_pem: bytes

    @property
    def chain_pem(self) -> bytes:
        """Certificate and root in one file, the certificate first."""
        return self.certificate_pem + self.root_pem

    @classmethod
    def of(cls, key_pem: bytes, chain_pem: bytes) -> Identity:
        """Put an identity together again from the keychain's key and the project's certificates.

        Raises:
            ValueError: the key is not that of the certificate, or the chain is not one of ours.
        """
        try:
            leaf, root = x509.load_pem_x509_certificates(chain_pem)
            leaf.verify_directly_issued_by(root)
            key = load_pem_private_key(key_pem, password=None)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise ValueError("these certificates and this key make no identity") from error
        if key.public_key() != leaf.public_key():
            raise ValueError("the key is not that of the certificate")
        return cls(key_pem, leaf.public_bytes(Encoding.PEM), root.public_bytes(Encoding.PEM))

    def sign(self, message: bytes) -> bytes:
        """An ES256 signature as COSE has it: 64 bytes, r and s."""
        key = load_pem_private_key(self.key_pem, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("an identity's key is a P-256 key")
        r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


def make_identity(title: str, tag: str, person: str, now: datetime) -> Identity:
    """A new root for a project and one certificate under it; the root's private key is gone afterwards.

    Args:
        title: the project's. It and the person's name stand in the certificates, for anyone to read.
        tag: the project's tag, 16 hexadecimal digits.
    """
    start = now.astimezone(UTC).replace(microsecond=0) - _BACKDATED
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = _name(f"Marks of {title}", title, tag)
    root = (
        _builder(root_name, root_name, root_key.public_key(), root_key.public_key(), start, _ROOT_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _builder(
            _name(person, title, tag), root_name, key.public_key(), root_key.public_key(), start, _LEAF_YEARS
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION, _CLAIM_SIGNING]), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )
    return Identity(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        leaf.public_bytes(Encoding.PEM),
        root.public_bytes(Encoding.PEM),
    )


def root_fingerprint(root_pem: bytes) -> str:
    """SHA-256 of a certificate's DER form, in lower-case hexadecimal: how the record names a root."""
    return x509.load_pem_x509_certificate(root_pem).fingerprint(hashes.SHA256()).hex()


def common_name(certificate_pem: bytes) -> str:
    """Whom a certificate is made out to."""
    names = x509.load_pem_x509_certificate(certificate_pem).subject.get_attributes_for_oid(
        NameOID.COMMON_NAME
    )
    return str(names[0].value) if names else ""


def readable_roots(roots: Sequence[bytes]) -> list[bytes]:
    """The certificates of authorities in `roots`; a broken file among them must not hide the others."""
    good: list[bytes] = []
    for pem in roots:
        try:
            found = x509.load_pem_x509_certificates(pem)
            good += [
                certificate.public_bytes(Encoding.PEM) for certificate in found if _is_authority(certificate)
            ]
        except ValueError:
            continue
    return good


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _name(common: str, title: str, tag: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, _short(common)),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _short(title)),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"studio-assist/{tag}"),
        ]
    )


def _short(text: str) -> str:
    """A name that a certificate may hold: printable, never empty, of 64 bytes at most."""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if len(words.encode()) > _LONGEST:
        most = _LONGEST - len("…".encode())
        words = f"{words.encode()[:most].decode(errors='ignore').rstrip()}…"
    return words or "Untitled"


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    issuer_public: ec.EllipticCurvePublicKey,
    start: datetime,
    years: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365.25 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_public), critical=False)
    )


def _usage(*, certificates: bool) -> x509.KeyUsage:
    """A root signs certificates and nothing else; a leaf signs anything but certificates."""
    return x509.KeyUsage(
        digital_signature=not certificates,
        key_cert_sign=certificates,
        crl_sign=certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
