"""Whether a cleaned picture may leave: what it shows, as a class, findings and questions. Unsure is a no.

A picture that nothing looked at does not leave. A face makes it talent or personal data. What is written in
it goes through the same inspection as a text that leaves; what is written and cannot be read is asked about.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from studio_assist.domain.errors import Refusal, StudioError
from studio_assist.domain.sensitivity import Sensitivity, highest
from studio_assist.gate.findings import Action, Finding, Inspection, Kind, inspection
from studio_assist.gate.pictures import CleanPicture, bare_kind
from studio_assist.gate.vision import REMEDY, Face, Line, Looks, Seen

log = logging.getLogger(__name__)

#: Rule: a picture with temp marks is not sent to be worked on.
MARKED_RULE: Final = "marked-picture"
#: The inspection of a text that is about to leave: (text, where) → findings.
Reads = Callable[[str, str], Inspection]

#: Share of even colour in a face from which on it can be a drawing: photographs have up to 0.32, drawn and
#: traced faces from 0.48. A traced photograph is a drawing too, of somebody: that only a person can say.
_DRAWN: Final = 0.5
#: From so many characters, or this much wider than high, unread marks may be writing.
_WRITING_CHARACTERS: Final = 3
_WRITING_WIDER: Final = 2.5
_UNSURE: Final = 0.5
_NAMES_REMEDY: Final = "Paint over the words, leave the picture out, or use the model on this machine."


class Use(StrEnum):
    """What the provider is to do with the picture."""

    REFERENCE = "reference"  # look at it
    EDIT = "edit"  # change it


@dataclass(frozen=True)
class PictureCheck:
    """What was found about one picture.

    Attributes:
        may_leave: everything was looked at and nothing blocks. Questions may still be open: see `inspection`.
        sensitivity: for the class of the request.
        inspection: what its words say, and the questions about it.
        faces: how many; `could_be_drawn`: all of them may be drawings, so that a person can be asked.
        says: lines for the sheet below "What is sent".
        why, remedy: where it may not leave.
    """

    picture: CleanPicture
    may_leave: bool
    sensitivity: Sensitivity
    inspection: Inspection = field(default_factory=Inspection)
    faces: int = 0
    could_be_drawn: bool = False
    says: tuple[str, ...] = ()
    why: str = ""
    remedy: str = ""


def check(
    picture: CleanPicture,
    looks: Looks | None,
    reads: Reads,
    *,
    wears_marks: bool = False,
    use: Use = Use.REFERENCE,
    drawing_of_nobody: bool = False,
    answered: frozenset[str] = frozenset(),
) -> PictureCheck:
    """What stands in the way of a picture. Takes seconds; run it off the event loop.

    Args:
        looks: None where the extra [vision] is not installed.
        reads: inspects words that would leave, as `Inspector.text(text, where, leaving=True)` does.
        wears_marks: `marks` found the TEMP band or the invisible mark on it; the gate reads no marks.
        drawing_of_nobody: a named person has said that the faces are drawings of no real person. It counts
            only where they can be drawings.
        answered: hashes of pictures whose unreadable writing a person has looked at.

    Raises:
        Refusal: it wears our marks and is to be changed: what came back would be new without them.
    """
    if wears_marks and use is not Use.REFERENCE:
        raise Refusal(
            "This picture is marked as temp. It may be shown to a model, not given to one to be changed.",
            remedy="Send it as a reference, or draw the change by hand.",
            rule=MARKED_RULE,
        )
    blocked = PictureCheck(picture, may_leave=False, sensitivity=Sensitivity.PERSONAL, remedy=REMEDY)
    if looks is None:
        return replace(blocked, why="A picture leaves only once it has been looked at for faces and text.")
    if bare_kind(picture.data) is None:
        return replace(blocked, why="The picture holds more than its pixels.", remedy="Choose it again.")
    try:
        seen = looks.look(picture.data)
        found = inspection(_findings(picture, seen, reads, answered))
    except StudioError as error:
        return replace(blocked, why=error.message, remedy=error.remedy)
    except Exception as error:  # noqa: BLE001  # not seen is not clean
        # Its kind alone: an error's words may be words of the picture.
        log.error("a picture could not be looked at: %s", type(error).__name__)
        return replace(
            blocked,
            why="The picture could not be looked at.",
            remedy="Choose another picture, or use the model on this machine.",
        )
    drawn = bool(seen.faces) and all(face.flat >= _DRAWN for face in seen.faces)
    of_nobody = drawn and drawing_of_nobody
    faces_class = Sensitivity.PERSONAL if seen.faces and not of_nobody else Sensitivity.CONFIDENTIAL
    words_class = Sensitivity.PERSONAL if found.personal else Sensitivity.CONFIDENTIAL
    clear = found.left == 0
    return PictureCheck(
        picture=picture,
        may_leave=clear,
        sensitivity=highest(faces_class, words_class),
        inspection=found,
        faces=len(seen.faces),
        could_be_drawn=drawn,
        says=_says(seen.faces, of_nobody, seen.lines, found, wears_marks),
        why="" if clear else "Names of the production are written in the picture.",
        remedy=""
        if clear
        else "Paint over the words, leave the picture out, or use the model on this machine.",
    )


def _findings(picture: CleanPicture, seen: Seen, reads: Reads, answered: frozenset[str]) -> Iterable[Finding]:
    passes: dict[str, list[Line]] = {}
    for line in seen.lines:
        if line.text:
            passes.setdefault(line.how, []).append(line)
    for how, lines in passes.items():
        where = f"{picture.name}, {how or 'in the picture'}"
        # In reading order as one text, for a name may go on in the next line; and alone: order may be wrong.
        ordered = sorted(lines, key=lambda line: (line.box.top, line.box.left))
        texts = [line.text for line in ordered]
        for text in dict.fromkeys(["\n".join(texts), *texts]):
            for one in reads(text, where).findings:
                # A mirrored reading is mostly letters by chance: names count, guesses do not.
                if how != "mirrored" or (one.kind is Kind.NAME and one.action is Action.BLOCKED):
                    yield one
    if picture.sha256 in answered:
        return
    unread = [line for line in seen.lines if _may_be_writing(line) and not _read_there(line, seen.lines)]
    if unread:
        yield Finding(
            picture.name, Kind.OPAQUE, Action.HOLD, "unread writing", 0, 0, picture.sha256,
            question="There may be writing in this picture that cannot be read here. May it leave?",
        )  # fmt: skip


def _may_be_writing(line: Line) -> bool:
    box = line.box
    wide, high = box.right - box.left, box.bottom - box.top
    long = max(wide, high) >= _WRITING_WIDER * max(1.0, min(wide, high))
    return line.score < _UNSURE and (len(line.text) >= _WRITING_CHARACTERS or long)


def _read_there(line: Line, lines: Sequence[Line]) -> bool:
    return any(
        other.score >= _UNSURE and other.how != "mirrored" and other.box.shared(line.box) >= _UNSURE
        for other in lines
    )


def _says(
    faces: Sequence[Face], of_nobody: bool, lines: Sequence[Line], found: Inspection, wears_marks: bool
) -> tuple[str, ...]:
    said: list[str] = []
    if not faces:
        said.append("No face found")
    elif of_nobody:
        said.append("Drawing, no real face")
    else:
        said.append(f"{len(faces)} face{'s' * (len(faces) != 1)}")
    words = any(line.score >= _UNSURE and len(line.text) > 1 and line.how != "mirrored" for line in lines)
    if found.left:
        said.append("Names are written in it")
    elif found.questions:
        said.append("Words in it to be looked at")
    elif words:
        said.append("Words in it hold no name")
    else:
        said.append("No words found")
    if wears_marks:
        said.append("TEMP marks stay on it")
    return tuple(said)
