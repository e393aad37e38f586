"""Manifests: trusted only where they lead to the project's root, and every kind of tampering is seen."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from studio_assist.domain.errors import Unavailable
from studio_assist.domain.marking import SourceType
from studio_assist.marks import manifest
from studio_assist.marks.certificates import make_identity
from studio_assist.marks.containers import MIME, Kind, with_xmp
from studio_assist.marks.documents import mark_pdf
from studio_assist.marks.manifest import ManifestRead, read, sign, usable_parent
from tests.marks.marked_work import (
    FACTS,
    MANIFEST,
    NOW,
    TAG,
    board,
    edited,
    file_of,
    ours,
    strangers,
)

ROOTS = [ours().root_pem]
DONE = [(manifest.EDITED, "band"), (manifest.WATERMARKED, "mark")]
KINDS: list[Kind] = ["png", "jpeg", "pdf"]


def plain(kind: Kind) -> bytes:
    if kind != "pdf":
        return file_of(board(), kind.upper())
    out = io.BytesIO()
    canvas = Canvas(out)
    for page in range(3):
        canvas.drawString(72, 720, f"Page {page}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def signed(kind: Kind = "png", **options: Any) -> bytes:
    return sign(plain(kind), kind, FACTS, options.pop("identity", ours()), NOW, **options)


def second_opinion(data: bytes, kind: Kind) -> str:
    """What a verifier of other hands says, given our root alone."""
    import encypher_c2pa

    report = encypher_c2pa.verify(
        data, MIME[kind], trust_pem=ROOTS[0].decode(), no_default_trust=True, telemetry=False, online=False
    )
    return str(report["validation_state"]).lower() if report["present"] else "missing"


def state(data: bytes, kind: Kind = "png") -> str:
    return read(data, kind, ROOTS).found.state


@pytest.mark.parametrize("kind", KINDS)
def test_a_manifest_says_what_was_done_and_who_answers_for_it(kind: Kind) -> None:
    found = read(signed(kind, done=DONE), kind, ROOTS)
    assert found.found.state == "trusted"
    assert found.found.actions == ("c2pa.created", "c2pa.edited", "c2pa.watermarked.unbound")
    assert (found.found.entry, found.found.tag) == (1281, TAG)
    assert found.found.signer == "J. Lindqvist, Larkspur"
    assert (found.temp, found.source) == (True, "trainedAlgorithmicMedia")
    assert not found.found.problems
    assert found.found.ingredients_ok
    assert second_opinion(signed(kind, done=DONE), kind) == "trusted"


@pytest.mark.parametrize("source", SourceType)
def test_every_source_type_stands_in_the_first_action(source: SourceType) -> None:
    facts = FACTS.model_copy(update={"source": source})
    assert read(sign(plain("png"), "png", facts, ours(), NOW), "png", ROOTS).source == source.word


def test_no_thumbnail_goes_with_it() -> None:
    parent = signed(identity=strangers())
    assert len(signed()) - len(plain("png")) < 20_000
    assert len(signed(parent=parent)) - len(plain("png")) < 45_000


def test_a_strangers_manifest_is_valid_and_never_trusted() -> None:
    theirs = signed(identity=strangers())
    assert state(theirs) == "valid"
    assert second_opinion(theirs, "png") == "valid"
    assert read(signed(), "png", []).found.state == "valid"
    # The same names on another certificate make no difference.
    assert state(signed(identity=make_identity("Larkspur", TAG, "J. Lindqvist", NOW))) == "valid"


TAMPERED = {
    "a name in the manifest changed": lambda png: edited(
        png, MANIFEST, lambda body: body.replace(b"ComfyUI", b"Nothing")
    ),
    "an entry number changed": lambda png: edited(
        png, MANIFEST, lambda body: body.replace(b"\x19\x05\x01", b"\x19\x05\x02")
    ),
    "a pixel changed": lambda png: edited(
        png, b"IDAT", lambda body: body[:-9] + bytes([body[-9] ^ 1]) + body[-8:]
    ),
    "bytes added": lambda png: png + b"more",
    "a chunk added": lambda png: (
        edited(png, b"IEND", lambda body: body)[:-12]
        + bytes.fromhex("0000000374455874610062")
        + b"\0\0\0\0"
        + png[-12:]
    ),
    "the manifest cut": lambda png: edited(png, MANIFEST, lambda body: body[: len(body) // 2]),
    "the manifest emptied": lambda png: edited(
        png, MANIFEST, lambda body: body[:200] + bytes(len(body) - 200)
    ),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_tampering_with_a_signed_picture_is_seen(how: str) -> None:
    data = TAMPERED[how](signed(done=DONE))
    assert data != signed(done=DONE)
    assert state(data) == "invalid"
    assert second_opinion(data, "png") in ("invalid", "missing")


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_bit_anywhere_in_what_is_shown_is_seen(kind: Kind) -> None:
    small = plain("pdf") if kind == "pdf" else file_of(board(96, 64), kind.upper())
    data = sign(small, kind, FACTS, ours(), NOW, done=DONE)
    # Filling that the signature leaves room with, and names of boxes, are not covered by it: they show nothing.
    manifests = range(data.index(b"jumb") - 40, data.rindex(bytes(64)) + 80)
    unseen = []
    for at in range(0, len(data), 1 + len(data) // 400):
        changed = data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]
        if state(changed, kind) == "trusted":
            unseen.append(at)
    assert all(at in manifests for at in unseen)
    assert state(data + b"\n%more", kind) == "invalid"
    at = manifests.start // 2 if kind == "pdf" else len(data) - 80
    assert second_opinion(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :], kind) == "invalid"


def test_a_signed_pdf_still_opens_with_its_pages_and_its_terms() -> None:
    data = mark_pdf(plain("pdf"), FACTS, identity=ours(), at=NOW)
    reader = PdfReader(io.BytesIO(data))
    assert [page.extract_text().strip() for page in reader.pages] == ["Page 0", "Page 1", "Page 2"]
    assert state(data, "pdf") == "trusted"


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", file_of(board())[:500], b"jumb c2pa" * 50])
def test_a_file_that_is_none_is_not_an_error(data: bytes) -> None:
    assert state(data) in ("missing", "invalid")


# Parents ------------------------------------------------------------------------------------------------


def parents(data: bytes) -> ManifestRead:
    return read(signed(parent=data), "png", ROOTS)


def test_the_makers_own_manifest_is_kept_as_what_it_was_made_from() -> None:
    theirs = signed("jpeg", identity=strangers())
    assert usable_parent(theirs, ROOTS) == (theirs, None)
    found = parents(theirs)
    assert (found.found.state, found.found.ingredients_ok) == ("trusted", True)
    assert found.found.actions == ("c2pa.opened",)
    # Nobody here vouches for them, and that is said.
    assert found.parents_unknown == ("Somebody Else's",)
    assert parents(signed()).parents_unknown == ()


def test_a_parent_that_does_not_hold_is_not_kept_and_one_that_was_is_seen() -> None:
    theirs = signed("jpeg", identity=strangers())
    broken = theirs[:-300] + bytes([theirs[-300] ^ 8]) + theirs[-299:]
    kept, why = usable_parent(broken, ROOTS)
    assert kept is None
    assert why is not None
    assert usable_parent(plain("png"), ROOTS) == (None, None)
    assert usable_parent(b"no picture", ROOTS) == (None, None)
    # Signed all the same, as another program would: the library alone still calls this trusted.
    found = parents(broken)
    assert (found.found.state, found.found.ingredients_ok) == ("invalid", False)


def test_a_parents_manifest_that_was_edited_inside_a_signed_file_is_seen() -> None:
    data = signed(parent=signed(identity=strangers()))
    changed = edited(data, MANIFEST, lambda body: body.replace(b"ComfyUI", b"Nothing", 1))
    found = read(changed, "png", ROOTS).found
    assert (found.state, found.ingredients_ok) == ("invalid", False)


# What it does not do ------------------------------------------------------------------------------------


def test_a_certificate_that_has_ended_signs_nothing() -> None:
    old = make_identity("Larkspur", TAG, "J. Lindqvist", NOW - timedelta(days=365 * 11))
    with pytest.raises(Unavailable, match="could not be made"):
        signed(identity=old)


def test_signing_writes_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMPDIR", "TEMP", "TMP", "HOME"):
        monkeypatch.setenv(name, "/nowhere/at/all")
    monkeypatch.chdir("/")
    assert state(signed(done=DONE)) == "trusted"


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_manifest_kept_elsewhere_is_not_fetched() -> None:
    import c2pa

    with listening() as (address, asked):
        packet = (
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            f'<rdf:Description rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="{address}/m.c2pa"/>'
            "</rdf:RDF></x:xmpmeta>"
        )
        data = with_xmp(plain("jpeg"), "jpeg", packet.encode())
        found = read(data, "jpeg", ROOTS)
        assert (found.found.state, found.elsewhere) == ("missing", True)
        assert not asked
        # The library as it comes does ask, so the file is one that would be fetched.
        with pytest.raises(c2pa.C2paError):
            c2pa.Reader("image/jpeg", io.BytesIO(data))
        assert asked == ["/m.c2pa"]


def test_nobody_is_asked_whether_a_certificate_still_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    import c2pa
    from cryptography import x509
    from cryptography.x509.oid import AuthorityInformationAccessOID

    from studio_assist.marks import certificates

    with listening() as (address, asked):
        plain_builder = certificates._builder
        place = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{address}/ocsp")
        )

        def with_address(*args: Any) -> x509.CertificateBuilder:
            return plain_builder(*args).add_extension(
                x509.AuthorityInformationAccess([place]), critical=False
            )

        monkeypatch.setattr(certificates, "_builder", with_address)
        asking = make_identity("Larkspur", TAG, "J. Lindqvist", NOW)
        data = signed(identity=asking)
        assert read(data, "png", [asking.root_pem]).found.state == "trusted"
        assert not asked
        # With the library told to ask, it does: the certificate is one that would be asked about.
        settings = {
            "version": 1,
            "verify": {"ocsp_fetch": True},
            "trust": {"user_anchors": asking.root_pem.decode()},
        }
        with c2pa.Context(c2pa.Settings.from_dict(settings)) as context:
            c2pa.Reader("image/png", io.BytesIO(data), context=context).close()
        assert len(asked) == 1
