"""Files that other programs wrote, read with limits: what is too much is refused before it is taken apart.

A bomb is small as a file and large once it is parsed. What makes it large are its parts, and those are
counted in the bytes first: a list, a mapping or an element costs some hundred bytes each.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError, ParserCreate

from defusedxml.common import DefusedXmlException, DTDForbidden, EntitiesForbidden

from studio_assist.domain.errors import BadInput
from studio_assist.domain.timebase import FrameRate, rate_of

MOST_BYTES: Final = 32 * 2**20
_MOST_PARTS: Final = 500_000
#: Beginnings and ends of elements: Premiere writes some three hundred a clip.
_MOST_TAGS: Final = 1_200_000
_MOST_VALUES: Final = 2_000_000
#: No time in an edit is further from its beginning, in whichever unit.
_FAR: Final = 10**12
_REMEDY: Final = "Export the edit again, of fewer scenes at a time."
_NOT_RIGHT: Final = "Export it again from the editing system, as OTIO, EDL, Final Cut Pro 7 XML or FCPXML."


def content_of(path: Path) -> bytes:
    """A file's bytes. Raises `BadInput` where it is not there, is no plain file, or is too long."""
    if not path.is_file():
        raise BadInput("There is no such file.", remedy="Choose a file that is there.", place=str(path))
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadInput(
            f"The file could not be read: {error.strerror or error}.",
            remedy="Look at its rights, and at the disk.",
            place=str(path),
        ) from error
    if len(data) > MOST_BYTES:
        raise BadInput(
            f"The file is larger than {MOST_BYTES >> 20} MB, which no edit is.",
            remedy=_REMEDY,
            place=path.name,
        )
    return data


def json_of(data: bytes, name: str) -> Any:  # whatever a stranger wrote; looked at part by part
    """JSON, of no more parts and no deeper than an edit has."""
    _counted(data.count(b"{") + data.count(b"["), _MOST_PARTS, name)
    _counted(data.count(b","), _MOST_VALUES, name)
    try:
        return json.loads(data, parse_constant=_no_number)
    except RecursionError as error:
        raise BadInput(
            "The file is nested deeper than an edit can be.", remedy=_NOT_RIGHT, place=name
        ) from error
    except ValueError as error:
        raise BadInput(f"The file is not whole: {error}.", remedy=_NOT_RIGHT, place=name) from error


def xml_of(data: bytes, name: str) -> ET.Element:
    """XML without entities and without a DTD of its own; a bare document type is what these formats have."""
    _counted(data.count(b"<"), _MOST_TAGS, name)
    _counted(data.count(b"="), _MOST_PARTS, name)
    try:
        _no_tricks(data)
        # What was looked over has no document type of its own, and so no entities either; the standard
        # library's parser, unlike defusedxml's, is written in C and takes a large edit in time.
        return ET.fromstring(data)
    except DefusedXmlException as error:
        raise BadInput(
            "The file declares its own document type or entities, which no edit needs and which can harm.",
            remedy=_NOT_RIGHT,
            place=name,
        ) from error
    except (ET.ParseError, ExpatError, ValueError, LookupError) as error:
        raise BadInput(f"The file is not whole: {error}.", remedy=_NOT_RIGHT, place=name) from error


def whole_number(value: object, where: str) -> Fraction:
    """A number of a file, exact. Raises `BadInput` for what is none, or is beyond any edit."""
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        raise _no_time(where)
    # A float that is no number compares false with everything.
    if not -_FAR < value < _FAR:
        raise _no_time(where)
    return Fraction(value)


def number_in(text: str | None, where: str) -> Fraction:
    """A number as it is written in XML: "48", "23.976"."""
    try:
        return whole_number(float((text or "").strip()[:40]), where)
    except ValueError as error:
        raise _no_time(where) from error


def checked_rate(fps: Fraction | float, where: str, *, drop: bool = False) -> FrameRate:
    """A rate that pictures can run at."""
    exact = whole_number(fps, where)
    if not 1 <= exact <= 240:
        raise BadInput(
            "The edit runs at a frame rate that no picture has.",
            remedy="Set the sequence's frame rate in the editing system, and export it again.",
            place=where,
        )
    return rate_of(float(exact), drop=drop)


def not_an_edit(name: str, why: str = "") -> BadInput:
    return BadInput(why or "There is no edit in this file.", remedy=_NOT_RIGHT, place=name)


def _no_tricks(data: bytes) -> None:
    """Let `<!DOCTYPE xmeml>` pass, as it stands in every such file, and nothing that says more."""

    def doctype(name: str, system: str | None, public: str | None, has_internal_subset: bool) -> None:
        if system or public or has_internal_subset:
            raise DTDForbidden(name, system, public)

    def entity(name: str, *_more: object) -> None:
        raise EntitiesForbidden(name, None, None, None, None, None)

    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = entity
    parser.Parse(data, True)


def _no_time(where: str) -> BadInput:
    return BadInput("There is a time that is no time.", remedy=_NOT_RIGHT, place=where)


def _counted(count: int, most: int, name: str) -> None:
    if count > most:
        raise BadInput("The file has more parts than an edit can have.", remedy=_REMEDY, place=name)


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")
