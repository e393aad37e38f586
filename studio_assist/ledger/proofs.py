"""What a witness leaves with a ledger: a co-signed checkpoint, or a time stamp over one.

A time stamp's proof is one JSON document: the checkpoint's note, the authority's response as it came (DER),
and the root certificate that it leads to (PEM). `openssl ts -verify -data note -in response -CAfile root`
checks it without us.

Sources: C2SP tlog-cosignature; RFC 3161, by way of rfc3161-client.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.ledger import notes
from studio_assist.ledger.seals import StoredWitness, WitnessKind, read_head

if TYPE_CHECKING:
    from types import ModuleType

    from cryptography.x509 import Certificate
    from rfc3161_client import SignedData

_REMEDY = "Ask for the file again, as it was made."


class TimestampProof(NamedTuple):
    """A time stamp with all that it takes to check it. `response` is DER, `root` PEM."""

    note: str
    response: bytes
    root: str


class Seen(NamedTuple):
    """What a proof shows, verified.

    Attributes:
        root: of the tree at `size`; 32 bytes.
        name: by which the witness signs.
        key: co-signer's public key in hexadecimal; None for a time stamp.
        authority: SHA-256 of the root certificate that a time stamp leads to, in hexadecimal.
        checked: False where the library that reads time stamps is missing.
    """

    size: int
    root: bytes
    at: datetime
    name: str
    key: str | None = None
    authority: str | None = None
    checked: bool = True


def proof_hash(kind: WitnessKind, proof: bytes) -> str:
    """What the entry of a witness holds of its proof: SHA-256 of the co-signed note, or of the response."""
    if kind == "timestamp":
        try:
            proof = read_timestamp_proof(proof).response
        except BadInput:
            return ""
    return sha256(proof).hexdigest()


def read_witness(witness: StoredWitness, origin: str) -> Seen:
    """Verify a kept proof, and that it is one of this ledger's heads at the size it is kept for.

    Raises `BadInput` with the reason.
    """
    if witness.kind == "person":
        seen = read_cosigned(_text(witness.proof), origin, witness.key or "")
    else:
        try:
            seen = read_timestamp(read_timestamp_proof(witness.proof), origin)
        except Unavailable:
            head = read_head(read_timestamp_proof(witness.proof).note)
            seen = Seen(head.size, head.root, witness.at, witness.name, checked=False)
    if (seen.size, seen.at) != (witness.size, witness.at):
        raise BadInput("It is kept for another head than it shows.", remedy=_REMEDY)
    return seen


# co-signed checkpoints


def read_cosigned(note: str, origin: str, key: str) -> Seen:
    """Verify a co-signature on a checkpoint of this ledger.

    Args:
        key: the co-signer's public key, in hexadecimal.

    Raises `BadInput` where it is another ledger's, or the signature is not good.
    """
    head = read_head(note)
    if head.origin != origin:
        raise BadInput("It is a witness of another project.", remedy="Choose the file made for this one.")
    public = _bytes_of(key)
    for line in notes.read_note(note).signatures:
        if public and line.key_id == notes.key_id(line.name, public, notes.COSIGNATURE):
            at = notes.verify_cosignature(note, line.name, public)
            if at is not None:
                return Seen(head.size, head.root, at, line.name, key)
    raise BadInput("It does not carry a good co-signature.", remedy=_REMEDY)


# time stamps


def write_timestamp_proof(proof: TimestampProof) -> bytes:
    """A time stamp's proof as the ledger keeps it."""
    response = base64.b64encode(proof.response).decode()
    document = {"note": proof.note, "response": response, "root": proof.root}
    return json.dumps(document, ensure_ascii=False, sort_keys=True).encode()


def read_timestamp_proof(proof: bytes) -> TimestampProof:
    """Read it back, unverified. Raises `BadInput` for anything but what `write_timestamp_proof` wrote."""
    try:
        document = json.loads(_text(proof))
        found = TimestampProof(
            document["note"], base64.b64decode(document["response"], validate=True), document["root"]
        )
        if write_timestamp_proof(found) == proof:
            return found
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        pass
    raise BadInput("This is not a time stamp's proof.", remedy=_REMEDY)


def timestamp_request(note: str) -> bytes:
    """What to send to a time authority (RFC 3161 TimeStampReq, DER): SHA-256 of the note, and a nonce."""
    client = _client()
    builder = client.TimestampRequestBuilder().data(note.encode())
    return (
        builder.hash_algorithm(client.HashAlgorithm.SHA256).cert_request(cert_request=True).build().as_bytes()
    )


def imprint_of(note: str) -> bytes:
    """What `timestamp_request` asks to have stamped."""
    return sha256(note.encode()).digest()


def stamped_hash(response: bytes) -> bytes:
    """The hash that an authority's response (DER) is about. Raises `BadInput` where it is no response."""
    try:
        imprint = _client().decode_timestamp_response(response).tst_info.message_imprint
        return imprint.message
    except ValueError as error:
        raise BadInput(f"This is not a time stamp ({error}).", remedy=_REMEDY) from error


def anchor_of(note: str, response: bytes, roots: Sequence[str]) -> TimestampProof:
    """The proof with the one of these root certificates (PEM) that the response leads to.

    Raises `BadInput` where it leads to none of them, is altered, refused, or over something else.
    """
    problem = BadInput("No root certificate was given.", remedy="Choose the certificate of the authority.")
    for root in roots:
        for certificate in _certificates(root):
            proof = TimestampProof(note, response, _pem(certificate))
            try:
                _verify(proof)
            except BadInput as error:
                problem = error
            else:
                return proof
    raise problem


def read_timestamp(proof: TimestampProof, origin: str) -> Seen:
    """Verify a time stamp over a checkpoint of this ledger.

    Raises `BadInput` with the reason; `Unavailable` where rfc3161-client is not installed.
    """
    head = read_head(proof.note)
    if head.origin != origin:
        raise BadInput("It is a witness of another project.", remedy="Choose the file made for this one.")
    at, name = _verify(proof)
    (certificate,) = _certificates(proof.root)
    if _pem(certificate) != proof.root:
        raise BadInput("Its root certificate is not in its plain form.", remedy=_REMEDY)
    from cryptography.hazmat.primitives.hashes import SHA256

    return Seen(head.size, head.root, at, name, authority=certificate.fingerprint(SHA256()).hex())


# internals


def _verify(proof: TimestampProof) -> tuple[datetime, str]:
    """When, and by whom. The certificates have to be good at that time, not now."""
    client = _client()
    (root,) = _certificates(proof.root)
    try:
        # Chains are followed up to the root and not beyond; whether it is one is for us to see.
        root.verify_directly_issued_by(root)
    except Exception as error:
        # cryptography names no common class for what can be wrong with it.
        raise BadInput("The certificate given is not an authority's root.", remedy=_REMEDY) from error
    try:
        response = client.decode_timestamp_response(proof.response)
    except ValueError as error:
        raise BadInput(f"This is not a time stamp ({error}).", remedy=_REMEDY) from error
    try:
        verifier = client.VerifierBuilder().add_root_certificate(root).build()
        verifier.verify_message(response, proof.note.encode())
    except (client.VerificationError, ValueError) as error:
        raise BadInput(
            f"The time stamp does not hold ({str(error).rstrip('.')}).",
            remedy="Check that it was made over this checkpoint, and whose root certificate it needs.",
        ) from error
    info = response.tst_info
    return info.gen_time.astimezone(UTC), _signer(response.signed_data)


def _signer(signed: SignedData) -> str:
    """The authority's name, from the certificate that signed."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    certificates = [x509.load_der_x509_certificate(each) for each in signed.certificates]
    for info in signed.signer_infos:
        for certificate in certificates:
            if (certificate.issuer, certificate.serial_number) == (info.issuer, info.serial_number):
                common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
                return str(common[0].value) if common else certificate.subject.rfc4514_string()
    return "time authority"


def _certificates(pem: str) -> list[Certificate]:
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificates(pem.encode())
    except ValueError as error:
        raise BadInput(
            "This is not a root certificate.", remedy="Choose the authority's certificate (PEM)."
        ) from error


def _pem(certificate: Certificate) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM).decode()


def _client() -> ModuleType:
    """The library that reads time stamps; few projects have any, so it may be missing."""
    try:
        import rfc3161_client
    except ImportError as error:
        raise Unavailable(
            "Time stamps cannot be read here: rfc3161-client is not installed.",
            remedy="Install it (pip install rfc3161-client), then try again.",
        ) from error
    return rfc3161_client


def _bytes_of(key: str) -> bytes | None:
    try:
        return bytes.fromhex(key) if len(key) == 64 else None
    except ValueError:
        return None


def _text(proof: bytes) -> str:
    try:
        return proof.decode()
    except UnicodeDecodeError as error:
        raise BadInput("It is not readable.", remedy=_REMEDY) from error
