"""XML of strangers as a tree with line numbers: no DTD, no entities, bounded in depth, number and size.

The tree is ElementTree's; defusedxml refuses what XML can be abused for, and the bounds are kept here while
the file is read, so that nothing of it has to be held first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from studio_assist.domain.errors import BadInput

#: Bytes. A feature's FDX is about one megabyte; pictures on its boards make it larger.
LARGEST: Final = 48 * 2**20
#: Elements within elements. Final Draft's own reach about ten.
_DEEPEST: Final = 100
#: Elements, counted three times, and attributes.
_MOST: Final = 600_000
#: Bytes of one tag: a longer one holds no screenplay.
_LONGEST_TAG: Final = 2**20
_CHUNK: Final = 2**17
_REMEDY: Final = "Open it in Final Draft, save it as .fdx again and import that."
#: expat's words for what people meet, with ours. Any other is given as it is.
_WORDS: Final = {
    "no element found": "it ends before its last element is closed",
    "unclosed token": "it ends in the middle of a tag",
    "mismatched tag": "a tag is closed that was not the last one opened",
    "not well-formed (invalid token)": "it holds signs that no XML file may hold there",
    "unknown encoding": "it names an encoding that is not known",
    "encoding specified in XML declaration is incorrect": "it is in another encoding than it says",
    "junk after document element": "something stands behind its last element",
    "undefined entity": "it uses an entity",
}


class _Bounded(TreeBuilder):
    """Builds the tree and remembers on which line each element begins."""

    def __init__(self, line: Callable[[], int], refuse: Callable[[str], BadInput]) -> None:
        super().__init__()
        self.lines: dict[Element, int] = {}
        self._line = line
        self._refuse = refuse
        self._depth = 0
        self._count = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self._depth += 1
        self._count += 3 + len(attrs)
        if self._depth > _DEEPEST:
            raise self._refuse("Its elements stand in each other more than a hundred deep")
        if self._count > _MOST:
            raise self._refuse("It holds more elements than a screenplay has")
        element = super().start(tag, attrs)
        self.lines[element] = self._line()
        return element

    def end(self, tag: Any, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def parse_xml(data: bytes, name: str) -> tuple[Element, dict[Element, int]]:
    """The root, and the line on which each element begins, from 1.

    Args:
        name: the file's, for the message.

    Raises:
        BadInput: no XML, or XML that is not read here. The place names the line.
    """
    if len(data) > LARGEST:
        raise BadInput(
            f"The file has {len(data) / 2**20:,.0f} megabytes; a screenplay has one or two.",
            remedy="Take its pictures out, or export the script as Fountain.",
            place=name,
        )
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise BadInput("The file is empty.", remedy="Check that it is the right file.", place=name)

    def refuse(what: str) -> BadInput:
        return BadInput(f"{what}; it is not read.", remedy=_REMEDY, place=f"{name}, line {line()}")

    def line() -> int:
        return int(parser.parser.CurrentLineNumber)

    builder = _Bounded(line, refuse)
    parser: Any = DefusedXMLParser(target=builder, forbid_dtd=True)
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            if start + _CHUNK - parser.parser.CurrentByteIndex > _LONGEST_TAG + _CHUNK:
                raise refuse("One of its tags is longer than a megabyte")
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise BadInput(
            "The file defines a document type or entities, which no screenplay needs; it is not read.",
            remedy=_REMEDY,
            place=f"{name}, line {line()}",
        ) from error
    except ParseError as error:
        raise BadInput(
            f"The file is no whole XML: {_explained(error)}.",
            remedy="Get the file again, or open it in Final Draft and save it anew.",
            place=f"{name}, line {error.position[0]}",
        ) from error
    except (LookupError, UnicodeError, ValueError) as error:
        # What Python's codecs say of an encoding that the file names.
        raise BadInput(
            f"The file cannot be read in the encoding that it names: {error}.",
            remedy="Save it in UTF-8.",
            place=f"{name}, line {line()}",
        ) from error
    return root, builder.lines


def _explained(error: ParseError) -> str:
    said = re.sub(r": line \d+, column \d+$", "", str(error))
    return _WORDS.get(said, said)
