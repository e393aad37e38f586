"""The settings that a Final Draft file of ours has where none was imported: the page of the trade."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, SubElement

_FONT: Final = {
    "AdornmentStyle": "0",
    "Background": "#FFFFFFFFFFFF",
    "Color": "#000000000000",
    "Font": "Courier Final Draft",
    "RevisionID": "0",
    "Size": "12",
    "Style": "",
}
#: Type, style, alignment, first indent, left and right edge in inches, points above, what Return makes next.
_TYPES: Final = (
    ("General", "", "Left", "0.00", "1.50", "7.50", "0", "General"),
    ("Scene Heading", "AllCaps", "Left", "0.00", "1.50", "7.50", "24", "Action"),
    ("Action", "", "Left", "0.00", "1.50", "7.50", "12", "Action"),
    ("Character", "AllCaps", "Left", "0.00", "3.70", "7.50", "12", "Dialogue"),
    ("Parenthetical", "", "Left", "-0.10", "3.10", "5.60", "0", "Dialogue"),
    ("Dialogue", "", "Left", "0.00", "2.50", "6.00", "0", "Action"),
    ("Transition", "AllCaps", "Right", "0.00", "5.50", "7.50", "12", "Scene Heading"),
    ("Shot", "AllCaps", "Left", "0.00", "1.50", "7.50", "12", "Action"),
    ("Lyrics", "Italic", "Left", "0.00", "2.50", "6.00", "0", "Lyrics"),
)
_LINE: Final = {
    "Alignment": "Right",
    "FirstIndent": "0.00",
    "Leading": "Regular",
    "LeftIndent": "1.25",
    "RightIndent": "-1.00",
    "SpaceBefore": "0",
    "Spacing": "1",
    "StartsNewPage": "No",
}


def blank_document() -> Element:
    """A document without a script: its content is empty."""
    root = Element("FinalDraft", {"DocumentType": "Script", "Template": "No", "Version": "5"})
    SubElement(root, "Content")
    root.append(header_and_footer())
    layout = SubElement(
        root,
        "PageLayout",
        {
            "BackgroundColor": "#FFFFFFFFFFFF",
            "BottomMargin": "72",
            "BreakDialogueAndActionAtSentences": "Yes",
            "DocumentLeading": "Normal",
            "FooterMargin": "36",
            "ForegroundColor": "#000000000000",
            "HeaderMargin": "36",
            "InvisiblesColor": "#808080808080",
            "TopMargin": "72",
            "UsesSmartQuotes": "No",
        },
    )
    SubElement(layout, "PageSize", {"Height": "11.00", "Width": "8.50"})
    for type_, style, alignment, first, left, right, above, next_ in _TYPES:
        settings = SubElement(root, "ElementSettings", {"Type": type_})
        SubElement(settings, "FontSpec", _FONT | {"Style": style})
        SubElement(
            settings,
            "ParagraphSpec",
            {
                "Alignment": alignment,
                "FirstIndent": first,
                "Leading": "Regular",
                "LeftIndent": left,
                "RightIndent": right,
                "SpaceBefore": above,
                "Spacing": "1",
                "StartsNewPage": "No",
            },
        )
        paginated = (
            type_ if type_ not in ("Lyrics", "Shot") else "Dialogue" if type_ == "Lyrics" else "Action"
        )
        SubElement(settings, "Behavior", {"PaginateAs": paginated, "ReturnKey": next_, "Shortcut": ""})
    continued = SubElement(root, "MoresAndContinueds")
    SubElement(continued, "FontSpec", _FONT)
    # The script has its own (CONT'D) where a name goes on; only breaks of the page are left to the program.
    SubElement(
        continued,
        "DialogueBreaks",
        {
            "AutomaticCharacterContinueds": "No",
            "BottomOfPage": "Yes",
            "DialogueBottom": "(MORE)",
            "DialogueTop": "(CONT'D)",
            "TopOfNext": "Yes",
        },
    )
    SubElement(
        continued,
        "SceneBreaks",
        {
            "ContinuedNumber": "No",
            "SceneBottom": "(CONTINUED)",
            "SceneBottomOfPage": "No",
            "SceneTop": "CONTINUED:",
            "SceneTopOfNext": "No",
        },
    )
    return root


def header_and_footer() -> Element:
    """A header with the page's number, and an empty footer."""
    fields = {"FooterFirstPage": "No", "FooterVisible": "No", "HeaderFirstPage": "No", "HeaderVisible": "Yes"}
    found = Element("HeaderAndFooter", fields | {"StartingPage": "1"})
    line = SubElement(SubElement(found, "Header"), "Paragraph", _LINE)
    SubElement(line, "DynamicLabel", {"Type": "Page #"})
    SubElement(line, "Text").text = "."
    SubElement(SubElement(found, "Footer"), "Paragraph", _LINE)
    return found


def header_line(text: str, colour: str) -> Element:
    """A line of the header."""
    line = Element("Paragraph", _LINE | {"Alignment": "Center", "LeftIndent": "1.50", "RightIndent": "7.50"})
    SubElement(line, "Text", {"Background": colour, "Style": "Bold"}).text = text
    return line
