"""Metadata: what anyone's tools read of a marked file, and packets that try tricks."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from studio_assist.domain.marking import SourceType
from studio_assist.marks.containers import Kind, kind_of, pdf_with_xmp, with_xmp, xmp_of
from studio_assist.marks.metadata import packet, read_packet
from tests.marks.marked_work import FACTS, TAG, board, file_of

AWKWARD = FACTS.model_copy(update={"project": "Mára & “Wren” <cut>\x07\n", "label": "14C → 'B'"})


def a_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawString(72, 720, "Draft")
    canvas.save()
    return out.getvalue()


def carrying(kind: Kind) -> bytes:
    if kind == "pdf":
        return pdf_with_xmp(a_pdf(), packet(AWKWARD))
    if kind == "webp":
        return file_of(board(), "WEBP", xmp=packet(AWKWARD))
    return with_xmp(file_of(board(), kind.upper()), kind, packet(AWKWARD))


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "pdf"])
def test_a_file_says_what_it_is_and_who_answers_for_it(kind: Kind) -> None:
    data = carrying(kind)
    assert kind_of(data) == kind
    xmp = xmp_of(data, kind)
    assert xmp is not None
    found = read_packet(xmp)
    assert found.problem is None
    assert (found.source_type, found.temp) == ("trainedAlgorithmicMedia", True)
    assert (found.tag, found.entry) == (TAG, 1281)
    assert (found.project, found.label) == ("Mára & “Wren” <cut>", "14C → 'B'")


def test_a_pdf_takes_metadata_without_a_byte_of_it_changing() -> None:
    data = carrying("pdf")
    assert data.startswith(a_pdf())
    assert PdfReader(io.BytesIO(data)).pages[0].extract_text().strip() == "Draft"


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "pdf"])
def test_exiftool_reads_source_type_terms_and_ledger_entry(kind: Kind, tmp_path: Path) -> None:
    file = tmp_path / f"marked.{kind}"
    file.write_bytes(carrying(kind))
    told = subprocess.run(["exiftool", "-j", "-n", "-G1", str(file)], capture_output=True, check=True)
    (found,) = json.loads(told.stdout)
    assert found["XMP-iptcExt:DigitalSourceType"] == SourceType.GENERATED.value
    assert found["XMP-iptcExt:AISystemUsed"] == "ComfyUI, SD-Turbo"
    assert found["XMP-xmpRights:UsageTerms"].startswith("TEMP. Not for delivery.")
    assert found["XMP-photoshop:Instructions"] == "TEMP AI. Not for delivery."
    assert found["XMP-studioAssist:Entry"] == 1281
    assert "Warning" not in str(found.keys())


def test_a_persons_own_picture_carries_no_terms_of_temp_material() -> None:
    own = FACTS.model_copy(update={"source": SourceType.HUMAN_EDITS, "is_temp": False, "backend": None})
    text = packet(own).decode()
    assert "humanEdits" in text
    assert "TEMP" not in text
    assert "AISystemUsed" not in text
    assert read_packet(text.encode()).temp is False


def test_a_title_without_end_still_fits_into_a_jpeg() -> None:
    endless = FACTS.model_copy(
        update={"project": "Ж" * 40_000, "label": "&" * 40_000, "backend": "<" * 40_000}
    )
    data = with_xmp(file_of(board(), "JPEG"), "jpeg", packet(endless))
    found = xmp_of(data, "jpeg")
    assert found is not None
    assert read_packet(found).entry == 1281


def test_properties_are_read_in_the_other_form_too() -> None:
    """As exiftool and Adobe's tools write them: as elements, with the address as a resource or as text."""
    for inside in ('rdf:resource="{}"/>', ">{}</i:DigitalSourceType>"):
        text = (
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
            ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description'
            ' xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"><i:DigitalSourceType '
            + inside.format(SourceType.COMPOSITE.value)
            + "</rdf:Description></rdf:RDF></x:xmpmeta>"
        )
        found = read_packet(text.replace("Type >", "Type>").encode())
        assert found.source_type == "compositeWithTrainedAlgorithmicMedia"


LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><x:a xmlns:x="y">&c;</x:a>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<x",
        LAUGHS.encode(),
        LAUGHS.encode("utf-16"),
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>" * 5000,
        b"\xff\xfe\x00<",
        b" " * 2_000_000,
    ],
)
def test_a_packet_that_tries_tricks_is_called_what_it_is(data: bytes) -> None:
    found = read_packet(data)
    assert found.problem is not None
    assert found.source_type is None


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "pdf"])
def test_a_file_cut_anywhere_is_searched_without_an_error(kind: Kind) -> None:
    data = carrying(kind)
    for end in {*range(4, 400, 7), *range(400, len(data), max(1, len(data) // 60))}:
        xmp = xmp_of(data[:end], kind)
        assert xmp is None or read_packet(xmp) is not None


def test_compressed_text_is_opened_only_as_far_as_a_packet_can_go() -> None:
    import struct
    import zlib

    bomb = zlib.compress(b"<" * 300_000_000, 9)
    body = b"iTXtXML:com.adobe.xmp\x00\x01\x00\x00\x00" + bomb
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    data = file_of(board())
    found = xmp_of(data[:33] + chunk + data[33:], "png")
    assert found is not None
    assert read_packet(found).problem is not None
