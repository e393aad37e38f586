"""The storyboard book: every layout holds its panels, temp ones are marked, and no clean picture goes out."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from studio_assist import protocol
from studio_assist.broker.export_boards import make_boards_pdf
from studio_assist.broker.export_files import Made
from studio_assist.broker.export_source import Source
from studio_assist.broker.panel_layers import psd_layers_of
from studio_assist.broker.vouching import Vouching
from studio_assist.domain.animatic import Animatic
from studio_assist.domain.canvas import UNDERLAY_NAME, Canvas, Layer
from studio_assist.domain.errors import BadInput
from studio_assist.domain.marking import MarkFacts, SourceType
from studio_assist.domain.storyboard import Media, Panel, Shot, ShotId
from studio_assist.domain.timebase import rate_named
from studio_assist.domain.timeline import Timeline
from studio_assist.domain.values import EntryNumber
from studio_assist.interchange import openraster, psd
from studio_assist.interchange.boards_pdf_layout import FOOT, MARGIN, layout_of
from studio_assist.interchange.openraster import png_of
from studio_assist.interchange.pdf import HEADLINE
from studio_assist.marks.band import AMBER, burn
from studio_assist.marks.band_reading import has_band
from studio_assist.marks.certificates import make_identity
from studio_assist.paths import resource
from studio_assist.storage.project import ProjectFolder
from tests.broker.film_work import facts_of, put

TAG = "3f2a9c0d11e87b64"
SIZE = (320, 180)
SCRIPT = "INT. RADIO ROOM - NIGHT\n\nShe waits.\n\nEXT. HARBOUR - DAY\n\nThe tide is in.\n"
LONG = "She turns the dial with two fingers, slow, as if it could break, and listens to the rain. " * 10
ALL = ("number", "camera", "action", "dialogue", "notes", "duration", "made-by")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> ProjectFolder:
    return ProjectFolder.create(tmp_path_factory.mktemp("books") / "Larkspur.studio", title="Larkspur")


def media(folder: ProjectFolder, tone: int, *, band: bool) -> Media:
    pixels = np.full((SIZE[1], SIZE[0], 3), (30, 60, tone), np.uint8)
    if band:
        pixels[-30:] = AMBER
    digest = folder.put_media(png_of(Image.fromarray(pixels)), ".png")
    return Media(sha256=digest, width=SIZE[0], height=SIZE[1])


def shot(folder: ProjectFolder, place: int, state: str = "temp", **more: Any) -> Shot:
    panel = Panel()
    if state != "empty":
        clean = media(folder, 40 + place, band=False)
        is_temp = state in ("temp", "previs")
        panel = Panel(
            state="temp" if is_temp else "drawn",
            picture=clean,
            shown=media(folder, 40 + place, band=True) if is_temp else clean,
            entry=EntryNumber(1000 + place),
            by="P. Adeyemi",
            made_by="SD-Turbo on this machine" if is_temp else "",
            source=SourceType.PROCEDURAL if state == "previs" else SourceType.GENERATED,
        )
    scene = more.pop("scene", "1")
    number = f"{scene}{chr(65 + place)}"
    return Shot(id=ShotId(f"{place:012x}"), number=number, scene=scene, panel=panel, **more)


def source(folder: ProjectFolder, *shots: Shot, undecided: tuple[int, ...] = (), **options: Any) -> Source:
    return Source(
        folder=folder,
        title="Larkspur 103",
        aspect="16:9",
        format="boards-pdf",
        options=protocol.ExportOptions(**options),
        script=SCRIPT,
        spans=(),
        timeline=Timeline.of(shots, rate_named("24")),
        shots=frozenset(one.id for one in shots),
        undecided=frozenset(shots[place].id for place in undecided),
        temp_words=frozenset(),
        animatic=Animatic(),
        final=False,
        vouching=None,
        secret="0" * 32,
        entry=EntryNumber(1284),
        tag=TAG,
        on=date(2026, 11, 23),
    )


def nothing(_share: float) -> None:
    return


def pages(made: Made) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made.data)).pages]


def pictures(made: Made) -> list[np.ndarray]:
    """Every picture in the file, each once, whether a page shows it or not."""
    reader = PdfReader(io.BytesIO(made.data))
    found: list[np.ndarray] = []
    for number in range(1, len(reader.xref_objStm) + len(reader.xref[0]) + 1):
        one: Any = reader.get_object(number)
        if hasattr(one, "get") and one.get("/Subtype") == "/Image":
            with Image.open(io.BytesIO(one._data)) as image:
                found.append(np.asarray(image.convert("RGB")))
    return found


@pytest.mark.parametrize("landscape", [True, False])
@pytest.mark.parametrize("panels", [1, 2, 3, 4, 6, 9])
def test_every_layout_prints_every_panel_with_its_tag_and_no_words_leave_their_place(
    folder: ProjectFolder, panels: int, landscape: bool
) -> None:
    paper = "letter" if panels in (2, 6) else "a4"
    words = LONG * (3 if panels == 1 else 1)
    count = 3 if panels == 1 else 10
    shots = [
        shot(folder, place, action=words, dialogue=f"MARA: {words}", notes=f"note{place} {words}")
        for place in range(count)
    ]
    made = make_boards_pdf(
        source(folder, *shots, panels=panels, paper=paper, landscape=landscape, fields=ALL), nothing
    )
    assert made.wrong(made.data) is None
    assert not made.warnings
    layout = layout_of(panels, paper, 16 / 9, landscape=landscape, words=True)  # pyright: ignore[reportArgumentType]
    reader = PdfReader(io.BytesIO(made.data))
    assert len(reader.pages) == -(-count // panels)
    for number, page in enumerate(reader.pages):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (
            round(layout.width),
            round(layout.height),
        )
        lines: list[tuple[str, float, float]] = []

        def visit(
            text: str, _cm: Any, tm: list[float], _font: Any, _size: float, to: list[Any] = lines
        ) -> None:
            if text.strip():
                to.append((text.strip(), tm[4], tm[5]))

        said = " ".join(page.extract_text(visitor_text=visit).split())
        shown = shots[number * panels : (number + 1) * panels]
        assert f"Page {number + 1} of {len(reader.pages)}" in said
        assert HEADLINE in said
        for place, one in enumerate(shown):
            assert f"{one.number} " in said
            assert f"TEMP AI · entry {one.panel.entry:,}" in said
            assert said.count("…") >= len(shown)
            # Its notes are cut, and stand in its own cell.
            left, top = layout.cell(place)
            own = int(one.id, 16)
            at = [(x, y) for text, x, y in lines if f"note{own}" in text]
            assert at
            assert all(
                left - 1 <= x <= left + layout.cell_width and top - layout.cell_height <= y <= top
                for x, y in at
            )
        body = [y for text, _x, y in lines if text.startswith(("She", "turns", "listens"))]
        assert min(body) >= MARGIN + FOOT - 6


def test_a_temp_panel_goes_out_with_its_band_and_its_clean_picture_nowhere(folder: ProjectFolder) -> None:
    shots = [shot(folder, place) for place in range(3)]
    again = shots[0].model_copy(update={"id": ShotId("f" * 12), "number": "1Z"})
    made = make_boards_pdf(source(folder, *shots, shot(folder, 5, "drawn"), again), nothing)
    found = pictures(made)
    # Five panels, four pictures: the one that two panels show is in the file once.
    assert len(found) == 4
    banded = [one for one in found if np.abs(one[-8:].astype(int) - AMBER).max() < 40]
    assert len(banded) == 3
    assert made.wrong(made.data) is None


def test_panels_without_a_picture_are_labelled_blanks_or_are_named_at_the_end(folder: ProjectFolder) -> None:
    gone = shot(folder, 7)
    assert gone.panel.shown is not None
    lost = gone.panel.shown.model_copy(update={"sha256": "0" * 64})
    gone = gone.model_copy(update={"panel": gone.panel.model_copy(update={"shown": lost})})
    shots = [shot(folder, 0, "empty"), shot(folder, 1, "empty"), gone, shot(folder, 3, "drawn")]
    made = make_boards_pdf(source(folder, *shots, undecided=(0,)), nothing)
    (said,) = pages(made)
    for words in ("Undecided", "Empty", "Picture missing", "TEMP AI · entry 1,007"):
        assert words in said
    # The clean picture of the one whose marked copy is gone stays at home.
    assert len(pictures(made)) == 1
    less = make_boards_pdf(source(folder, *shots, undecided=(0,), empty=False), nothing)
    (said,) = pages(less)
    assert "Undecided" not in said
    assert "3 panels are left out of this book" in said
    assert "1A (undecided), 1B (empty), 1H (missing)" in said
    with pytest.raises(BadInput, match="No panel in this range has a picture"):
        make_boards_pdf(source(folder, *shots[:2], empty=False), nothing)


def test_scenes_stand_in_the_outline_and_previs_is_not_called_ai(folder: ProjectFolder) -> None:
    shots = [shot(folder, 0, "drawn"), shot(folder, 1, "previs"), shot(folder, 2, "drawn", scene="2")]
    made = make_boards_pdf(source(folder, *shots, panels=1), nothing)
    reader = PdfReader(io.BytesIO(made.data))
    outline: list[Any] = reader.outline
    assert [one["/Title"] for one in outline] == [
        "1  INT. RADIO ROOM - NIGHT",
        "2  EXT. HARBOUR - DAY",
    ]
    first, second, third = pages(made)
    assert "1 INT. RADIO ROOM - NIGHT" in first
    assert "TEMP" not in first + third
    assert "TEMP PREVIS MATERIAL · NOT FOR DELIVERY" in second
    assert "TEMP AI" not in second
    assert "1B (entry 1,001)" in second
    assert "(continued)" in second
    info = reader.metadata
    assert info is not None
    assert info.title == "Larkspur 103: storyboards, scenes 1 and 2"
    assert f"ledger {TAG}, entry 1,284" in str(info.subject)
    assert "1 temp panel, not for delivery" in str(info["/Keywords"])
    words = replace(source(folder, shots[0]), temp_words=frozenset({shots[0].id}))
    (said,) = pages(make_boards_pdf(words, nothing))
    assert "TEMP TEXT" in said
    assert HEADLINE in said


def test_the_book_is_signed_and_one_that_lost_a_tag_is_found_out(folder: ProjectFolder) -> None:
    now = datetime.now(UTC)
    identity = make_identity("Larkspur", TAG, "P. Adeyemi", now)
    facts = MarkFacts(
        project="Larkspur", tag=TAG, entry=EntryNumber(1284), label="b", source=SourceType.COMPOSITE
    )
    signed = replace(
        source(folder, shot(folder, 0)), vouching=Vouching(facts, identity, (identity.root_pem,), now)
    )
    made = make_boards_pdf(signed, nothing)
    assert made.wrong(made.data) is None
    assert "Made by P. Adeyemi" in pages(made)[0]
    bare = make_boards_pdf(source(folder, shot(folder, 0)), nothing)
    assert "manifest" in (made.wrong(bare.data) or "")
    other = make_boards_pdf(source(folder, shot(folder, 0, "drawn")), nothing)
    assert "lacks the mark" in (made.wrong(other.data) or "")
    assert "cannot be read" in (made.wrong(b"%PDF-1.4 nothing") or "")


def test_a_damaged_picture_is_a_blank_with_a_word_about_it_and_a_stop_leaves_nothing_running(
    folder: ProjectFolder,
) -> None:
    digest = folder.put_media(b"\x89PNG\r\n\x1a\n no picture", ".png")
    drawn = shot(folder, 0, "drawn", action="Привет, 漢字")
    bad = Media(sha256=digest, width=10, height=10)
    drawn = drawn.model_copy(update={"panel": drawn.panel.model_copy(update={"shown": bad})})
    made = make_boards_pdf(source(folder, drawn), nothing)
    assert [warning.split(":")[0] for warning in made.warnings] == [
        "No bundled typeface has these characters, so they show as boxes",
        "These pictures are damaged and show as blanks",
    ]
    assert "Picture missing" in pages(made)[0]
    assert "Привет" in pages(made)[0]
    told: list[float] = []

    def stop(share: float) -> None:
        told.append(share)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        make_boards_pdf(source(folder, *(shot(folder, place) for place in range(8))), stop)
    assert len(told) == 1


def test_a_panel_as_psd_has_its_temp_layer_locked_and_banded_and_no_notes(folder: ProjectFolder) -> None:
    from psd_tools import PSDImage

    one = shot(folder, 0)
    marked = burn(np.full((SIZE[1], SIZE[0], 3), 200, np.uint8), facts_of("1A"), resource("fonts"))
    shown = put(folder, marked)
    one = one.model_copy(update={"panel": one.panel.model_copy(update={"shown": shown})})
    clean = np.full((SIZE[1], SIZE[0], 4), (30, 60, 40, 255), np.uint8)

    def layer(kind: str, png: bytes) -> Layer:
        return Layer(id=kind, kind=kind, name=kind.title(), png=png)  # pyright: ignore[reportArgumentType]

    layers = (
        layer("temp", png_of(Image.fromarray(clean))),
        layer("ink", png_of(Image.new("RGBA", (60, 60), (0, 0, 0, 255)))),
        layer("notes", png_of(Image.new("RGBA", (40, 40), (120, 70, 210, 255)))),
    )
    canvas = Canvas(width=SIZE[0], height=SIZE[1], layers=layers)
    kept = folder.put_media(openraster.write(canvas), ".ora")
    one = one.model_copy(update={"panel": one.panel.model_copy(update={"canvas": kept})})
    made = psd_layers_of(folder, one)
    assert made.wrong(made.data) is None
    document = PSDImage.open(io.BytesIO(made.data))
    found = list(document)
    assert [one.name for one in found] == [UNDERLAY_NAME, "Ink"]
    locks = found[0].locks
    assert locks is not None
    assert locks.complete
    under = psd.read(made.data).layers[0]
    pixels = openraster.layer_pixels(under)
    assert has_band(pixels[..., :3])
    assert (pixels[:100, :, :3] == (30, 60, 40)).all()
    assert "layers" in (made.wrong(psd.write(canvas)) or "")
