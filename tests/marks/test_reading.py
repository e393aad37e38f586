"""Where does this come from? Every way in which a picture loses or gets marks is called by its name."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.domain.marking import MarkReport, SourceType
from studio_assist.interchange.fountain import parse
from studio_assist.marks import manifest
from studio_assist.marks.documents import mark_pdf
from studio_assist.marks.reading import Known, read_marks_of
from studio_assist.marks.text import HEADLINE, marked_fountain
from tests.marks.marked_work import (
    FACTS,
    KEY,
    MANIFEST,
    METADATA,
    NOW,
    OTHER_KEY,
    OTHER_TAG,
    Ledger,
    board,
    edited,
    file_of,
    grafted,
    marked,
    ours,
    pixels_of,
    strangers,
    without,
)
from tests.spans import span_over

GOOD = marked(board(960, 540))
OTHER = marked(board(960, 540, seed=2), facts=FACTS.model_copy(update={"entry": 77}))
LEDGER = Ledger(GOOD, OTHER)
BOTH = (MANIFEST, METADATA)


def read(data: bytes, known: Known | None = LEDGER, name: str = "14C.png") -> MarkReport:
    return read_marks_of(data, name, [KEY], [ours().root_pem], known)


def says(report: MarkReport, words: str) -> bool:
    return any(words in finding for finding in report.findings)


def test_a_picture_as_it_left_agrees_on_every_layer_and_with_the_ledger() -> None:
    report = read(GOOD.data)
    assert report.agree, report.findings
    assert report.band
    assert (report.invisible.present, report.invisible.entry, report.invisible.bits_corrected) == (
        True,
        1281,
        0,
    )
    assert (report.manifest.state, report.manifest.entry) == ("trusted", 1281)
    assert report.source_type == "trainedAlgorithmicMedia"
    assert report.findings == (
        "The manifest holds and was signed with a key of this project (J. Lindqvist, Larkspur).",
        "Ledger entry 1,281: Accepted by J. Lindqvist.",
        "The record names this very file, in entry 1,900.",
    )


def test_without_a_project_nothing_is_said_that_cannot_be_known() -> None:
    report = read_marks_of(GOOD.data, "14C.png", [], [])
    assert report.agree
    assert report.manifest.state == "valid"
    assert report.invisible.present is None
    assert says(report, "its project's certificate must show")
    assert says(report, "only be read with its project's key")


def _changed_pixel() -> bytes:
    pixels = pixels_of(GOOD.data).copy()
    pixels[200, 300] ^= 255
    return grafted(GOOD.data, file_of(pixels), BOTH)


def _saved_again(format: str = "JPEG") -> bytes:
    return file_of(pixels_of(GOOD.data), format, quality=80)


def _cropped() -> bytes:
    return file_of(pixels_of(GOOD.data)[40:460, 100:860])


def _with_broken_parent() -> bytes:
    theirs = marked(identity=strangers()).data
    broken = theirs[:-40] + bytes([theirs[-40] ^ 1]) + theirs[-39:]
    bare = without(GOOD.data, MANIFEST)
    return manifest.sign(bare, "png", FACTS, ours(), NOW, parent=broken)


# What was done, the manifest's state, whether the invisible mark is still read, and the words for it.
ATTACKS = {
    "one pixel changed": (_changed_pixel(), "invalid", True, "was changed after it was signed"),
    "saved again": (_saved_again(), "missing", True, "saved again by another program"),
    "saved as webp": (_saved_again("WEBP"), "missing", True, "saved again by another program"),
    "stripped": (without(GOOD.data, *BOTH), "missing", True, "or they were taken off"),
    "manifest stripped": (without(GOOD.data, MANIFEST), "missing", True, "The manifest is gone: "),
    "metadata stripped": (without(GOOD.data, METADATA), "invalid", True, "The metadata is gone"),
    "cropped": (_cropped(), "missing", True, "The band is gone"),
    "mirrored": (file_of(pixels_of(GOOD.data)[:, ::-1].copy()), "missing", True, "was mirrored"),
    "manifest of another picture": (
        grafted(OTHER.data, GOOD.data, [MANIFEST]),
        "invalid",
        True,
        "made for another picture",
    ),
    "manifest and metadata of another picture": (
        grafted(OTHER.data, GOOD.data, BOTH),
        "invalid",
        True,
        "made for another picture",
    ),
    "manifest put on an unmarked picture": (
        grafted(GOOD.data, file_of(board(960, 540, seed=3)), BOTH),
        "invalid",
        False,
        "made for another picture",
    ),
    "foreign authority": (marked(board(960, 540), identity=strangers()).data, "valid", True, "by a stranger"),
    "edited manifest": (
        edited(GOOD.data, MANIFEST, lambda body: body.replace(b"ComfyUI", b"Nothing")),
        "invalid",
        True,
        "The manifest itself was altered",
    ),
    "edited metadata": (
        edited(GOOD.data, METADATA, lambda body: body.replace(b"trainedAlgorithmicMedia", b"digitalCapture")),
        "invalid",
        True,
        "The metadata calls it digitalCapture, the manifest calls it trainedAlgorithmicMedia",
    ),
    "broken manifest": (
        edited(GOOD.data, MANIFEST, lambda body: body[:300]),
        "invalid",
        True,
        "damaged and cannot be read",
    ),
    "altered parent": (_with_broken_parent(), "invalid", True, "that this one was made from was altered"),
    "bytes added": (GOOD.data + b"more", "invalid", True, "was changed after it was signed"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_was_done_to_a_picture_is_called_by_its_name(attack: str) -> None:
    data, state, hidden, words = ATTACKS[attack]
    report = read(data)
    assert says(report, words), report.findings
    assert report.manifest.state == state
    assert report.invisible.present is hidden
    assert not report.agree
    assert not says(report, "signed with a key of this project")


def test_a_cropped_picture_is_said_to_be_one() -> None:
    report = read(_cropped())
    assert says(report, "was cropped")
    assert report.invisible.entry == 1281


def test_marks_of_another_project_are_not_taken_for_this_ones() -> None:
    theirs = marked(
        board(960, 540),
        facts=FACTS.model_copy(update={"tag": OTHER_TAG}),
        key=OTHER_KEY,
        identity=strangers(),
    )
    report = read(theirs.data)
    assert not report.agree
    assert report.invisible.present is False
    assert says(report, f"of another project ({OTHER_TAG}), not of Larkspur")


def test_an_unmarked_picture_has_no_marks() -> None:
    report = read(file_of(board(480, 270)))
    assert not report.agree
    assert report.findings == ("No mark was found: nothing in the picture says where it comes from.",)


def test_a_copy_that_the_ledger_never_let_out_is_not_agreed_with() -> None:
    again = marked(board(960, 540))
    report = read(again.data)
    assert report.manifest.state == "trusted"
    assert says(report, "knows no export of exactly these bytes")
    assert not report.agree
    missing = marked(board(960, 540), facts=FACTS.model_copy(update={"entry": 5000}))
    assert says(read(missing.data, Ledger(missing)), "has no entry 5,000")


def test_a_persons_own_picture_agrees_without_band_and_the_same_with_a_band_does_not() -> None:
    own = FACTS.model_copy(update={"is_temp": False, "source": SourceType.HUMAN_EDITS, "backend": None})
    done = marked(board(960, 540), facts=own)
    assert read(done.data, Ledger(done)).agree
    # Temp material that somebody with the key signs as a person's own is found out by its pixels.
    washed = manifest.sign(without(GOOD.data, *BOTH), "png", own, ours(), NOW)
    report = read(washed, Ledger(washed))
    assert report.manifest.state == "trusted"
    assert not report.agree
    assert says(report, "knows of no temp material, but the band is there")
    assert says(report, "the invisible mark of some is there")


def test_a_picture_from_elsewhere_with_its_makers_manifest_is_none_of_ours() -> None:
    """As a camera or a model's maker signs it: a manifest that holds, and nothing that we would have put on."""
    import json

    import c2pa

    out = io.BytesIO()
    action = {"action": "c2pa.created", "digitalSourceType": SourceType.GENERATED.value}
    definition = {
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [action]}, "created": True}]
    }
    signer = c2pa.Signer.from_callback(
        strangers().sign, c2pa.C2paSigningAlg.ES256, strangers().chain_pem.decode()
    )
    with signer, c2pa.Builder.from_json(json.dumps(definition)) as builder:
        builder.sign(signer, "image/png", io.BytesIO(file_of(board(480, 270))), out)
    report = read(out.getvalue())
    assert report.manifest.state == "valid"
    assert not report.agree
    assert says(report, "signed by a stranger (M. Lind, Somebody Else's)")
    assert says(report, "None of Studio Assist's own marks")


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\x01\x02" * 400, b"\x89PNG\r\n\x1a\n" + bytes(90), b"%PDF-1.7 nothing", GOOD.data[:4000]],
)
def test_garbage_is_refused_with_a_remedy(data: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        read(data, name="what.png")
    assert refused.value.place == "what.png"
    assert refused.value.remedy


def test_the_content_says_what_a_file_is_and_not_its_name() -> None:
    assert read(GOOD.data, name="script.fountain").agree


def test_reading_stops_when_told() -> None:
    with pytest.raises(Unavailable):
        read_marks_of(file_of(board(1280, 720)), "a.png", [KEY], [], cancelled=lambda: True)


@pytest.mark.parametrize(
    "attack", ["one pixel changed", "foreign authority", "altered parent", "stripped", None]
)
def test_a_verifier_of_other_hands_agrees(attack: str | None) -> None:
    import encypher_c2pa

    data = ATTACKS[attack][0] if attack else GOOD.data
    opinion = encypher_c2pa.verify(
        data,
        "image/png",
        trust_pem=ours().root_pem.decode(),
        no_default_trust=True,
        telemetry=False,
        online=False,
    )
    theirs = str(opinion["validation_state"]).lower() if opinion["present"] else "missing"
    mine = read(data).manifest.state
    # Of a parent that does not hold, it says what it finds and, as C2PA's own library, trusts the rest.
    assert theirs == mine or attack == "altered parent"


# Documents and scripts ----------------------------------------------------------------------------------


def a_pdf(*, temp: bool = True) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for page in range(3):
        if temp and page != 1:
            canvas.drawString(72, 750, HEADLINE)
        canvas.drawString(72, 720, f"Page {page}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_a_temp_document_agrees_and_a_changed_one_does_not() -> None:
    data = mark_pdf(a_pdf(), FACTS, identity=ours(), at=NOW)
    report = read(data, Ledger(data), "draft.pdf")
    assert report.agree, report.findings
    assert report.band
    assert report.manifest.state == "trusted"
    assert report.invisible.present is None
    assert report.source_type == "trainedAlgorithmicMedia"
    assert says(read(data + b"\n%x", Ledger(data), "draft.pdf"), "document was changed after it was signed")


def test_a_document_without_its_temp_marks_is_called_so() -> None:
    washed = mark_pdf(a_pdf(temp=False), FACTS, identity=ours(), at=NOW)
    report = read(washed, Ledger(washed), "draft.pdf")
    assert not report.agree
    assert says(report, "temp marks on its pages are gone")
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(mark_pdf(a_pdf(), FACTS, identity=ours(), at=NOW))))
    out = io.BytesIO()
    writer.write(out)
    report = read(out.getvalue(), name="draft.pdf")
    assert report.manifest.state != "trusted"
    assert not report.agree


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("* TEMP PREVIS NOT FOR DELIVERY ENTRY 11\n", 11),
        ('{"name": "TEMP AI, not for delivery, entry 1,204"}', 1204),
        ("<Text>TEMP AI · not for delivery · ledger entry 69 · a model</Text>", 69),
        ("TEMP SOUND, not for delivery\n", None),
    ],
)
def test_a_timeline_or_list_of_ours_says_that_it_holds_temp_material(text: str, entry: int | None) -> None:
    report = read_marks_of(text.encode(), "cut.edl", [], [])
    assert report.band
    assert report.manifest.entry == entry
    assert "1 place" in report.findings[0]


def test_a_script_says_how_much_of_it_is_temp_and_whether_marks_are_missing() -> None:
    text = "INT. KITCHEN - NIGHT\n\nThe tap drips. She listens to it.\n\nMAYA\nNot now.\n"
    at = text.index("She")
    spans = [span_over(text, at, at + 20, 1271)]
    data = marked_fountain(parse(text).screenplay, spans, "Larkspur").encode()
    report = read(data, Ledger(data), "draft.fountain")
    assert report.agree, report.findings
    assert report.band
    assert report.manifest.state == "missing"
    assert says(report, "temp material, 1 passage")
    cut = data.replace(b"TEMP AI", b"", 1)
    assert not read(cut, Ledger(data), "draft.fountain").agree
    assert not read(text.encode(), None, "draft.fountain").band


@pytest.mark.parametrize("other", [2, 3, 4, 5])
def test_another_picture_is_told_from_a_changed_one_by_its_looks(other: int) -> None:
    """Where the pixels carry no mark, what the manifest remembers of the picture decides."""
    own = FACTS.model_copy(update={"is_temp": False, "source": SourceType.HUMAN_EDITS, "backend": None})
    done = marked(board(480, 270), facts=own)
    swapped = grafted(done.data, file_of(board(480, 270, seed=other)), BOTH)
    painted = board(480, 270).copy()
    painted[40:120, 60:200] = 0
    changed = grafted(done.data, file_of(painted), BOTH)
    lighter = grafted(done.data, file_of((board(480, 270) * 0.8).astype("uint8")), BOTH)
    # No key, so that nobody looks for an invisible mark.
    for data, words in (
        (swapped, "made for another picture"),
        (changed, "was changed after it was signed"),
        (lighter, "was changed after it was signed"),
    ):
        report = read_marks_of(data, "14C.png", [], [ours().root_pem])
        assert says(report, words), report.findings
