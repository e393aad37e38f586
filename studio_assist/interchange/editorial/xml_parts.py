"""Looking into XML of other programs: texts that may be missing, and elements that stand for others."""

from __future__ import annotations

from xml.etree import ElementTree as ET


def text_of(element: ET.Element, path: str) -> str:
    """The text of what is at a path, or ""."""
    return (element.findtext(path) or "").strip()[:4000]


def flag_of(element: ET.Element, path: str, *, default: bool = False) -> bool:
    """TRUE or FALSE, in any case."""
    text = text_of(element, path).upper()
    return text == "TRUE" if text else default
