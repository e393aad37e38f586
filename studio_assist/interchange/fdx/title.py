"""The title page of a Final Draft file: free paragraphs there, keys and values here."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from studio_assist.interchange.fdx.document import HEADLINE, STYLES
from studio_assist.interchange.fountain.emphasis import emphasis, has_emphasis
from studio_assist.interchange.title_lines import TitleLine, is_date, title_of

#: Keys in the middle of the page, and the other ones whose value says what it is.
_MIDDLE: Final = ("title", "credit", "author", "authors", "source")
#: Empty paragraphs above the title.
_ABOVE: Final = 14
_BLOCK: Final = {
    "FirstIndent": "0.00",
    "Leading": "Regular",
    "LeftIndent": "1.25",
    "RightIndent": "7.25",
    "SpaceBefore": "0",
    "Spacing": "1",
    "StartsNewPage": "No",
}


def read_title(page: Element | None) -> dict[str, str]:
    """The values of a title page, by where and how they stand; empty without one."""
    content = page.find("Content") if page is not None else None
    if content is None:
        return {}
    lines: list[TitleLine] = []
    apart = True
    for paragraph in content.iterfind("Paragraph"):
        text = "\n".join(line.strip() for line in _marked(paragraph).strip().splitlines())
        if not text:
            apart = True
        elif HEADLINE not in text:
            at = paragraph.get("Alignment", "Left")
            above = apart or paragraph.get("SpaceBefore", "0") not in ("0", "")
            lines.append(
                TitleLine(text, "Center" if at == "Center" else "Right" if at == "Right" else "Left", above)
            )
            apart = False
    return title_of(lines)


def write_title(values: Mapping[str, str]) -> Element:
    """A title page.

    Args:
        values: lower-case keys to values.
    """
    page = Element("TitlePage")
    content = SubElement(page, "Content")
    for _ in range(_ABOVE):
        _paragraph(content, "", "Left")
    for key in _MIDDLE:
        value = values.get(key, "")
        for index, line in enumerate(filter(None, value.split("\n"))):
            above = "24" if index == 0 and key != "title" else "0"
            _paragraph(content, line, "Center", above)
    for key, value in values.items():
        if key in _MIDDLE or not value:
            continue
        right = key in ("draft date", "date", "revision")
        bare = key == "contact" or (key == "draft date" and is_date(value))
        shown = value if bare else f"{key.capitalize()}: {value}"
        for index, line in enumerate(shown.split("\n")):
            _paragraph(content, line, "Right" if right else "Left", "24" if index == 0 else "0")
    return page


def _paragraph(content: Element, text: str, alignment: str, above: str = "0") -> None:
    fields = {"Type": "General", "Alignment": alignment, **_BLOCK, "SpaceBefore": above}
    paragraph = SubElement(content, "Paragraph", fields)
    marks, styles = emphasis(text) if has_emphasis(text) else ([], [])
    hidden = {at for start, end in marks for at in range(start, end)}
    flags = [sum({one.flags for one in styles if one.start <= at < one.end}) for at in range(len(text))]
    shown = [at for at in range(len(text)) if at not in hidden]
    for flag, places in groupby(shown, lambda at: flags[at]):
        run = SubElement(paragraph, "Text")
        run.text = "".join(text[at] for at in places)
        if flag:
            run.set("Style", "+".join(name for name, one in STYLES.items() if flag & one))


def _marked(paragraph: Element) -> str:
    """A paragraph's words with marks of emphasis."""
    words = ""
    for run in paragraph.iter("Text"):
        text = run.text or ""
        style = run.get("Style", "")
        bare = text.strip()
        # Underlined and capital titles are how a title page looks, no emphasis of the writer's.
        for name, mark in (("Italic", "*"), ("Bold", "**")):
            if name in style and bare:
                text = text.replace(bare, f"{mark}{bare}{mark}")
        words += text
    return words
