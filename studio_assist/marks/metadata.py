"""What a file says of itself in XMP: the IPTC source type, usage terms, and where the ledger answers for it.

Anyone can read these words with ordinary tools, and anyone can change them: they inform, the manifest proves.
The prompt is never written, though IPTC 2025.1 has a field for it.

Source: IPTC Photo Metadata Standard 2025.1 (DigitalSourceType, AISystemUsed, Instructions); XMP specification
part 1 (ISO 16684-1) for the packet, part 3 for where it stands in PNG and JPEG.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from studio_assist.domain.marking import MarkFacts, SourceType

USAGE_TERMS: Final = (
    "TEMP. Not for delivery. Made for work in progress; a person replaces it before anything is delivered."
)
#: Our own properties. A name, not an address: nothing is kept there.
OWN: Final = "urn:studio-assist:marks:1.0:"

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_IPTC_EXT: Final = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_NAMESPACES: Final = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "Iptc4xmpExt": _IPTC_EXT,
    "studioAssist": OWN,
}
_LONGEST: Final = 1_000_000
_DEEPEST: Final = 64
#: So that a packet always fits into one segment of a JPEG.
_LONGEST_VALUE: Final = 1000


@dataclass(frozen=True)
class Metadata:
    """What a file's XMP says; None for what it does not say.

    Attributes:
        source_type: the last part of the IPTC address ("trainedAlgorithmicMedia").
        temp: whether it calls itself temp material.
        problem: why the packet could not be read, in a sentence.
    """

    source_type: str | None = None
    tag: str | None = None
    entry: int | None = None
    temp: bool | None = None
    project: str | None = None
    label: str | None = None
    problem: str | None = None


def packet(facts: MarkFacts) -> bytes:
    """The XMP packet of one file, in UTF-8."""
    where = f"{facts.project}, {facts.label}, ledger entry {facts.entry:,}"
    simple = {
        "Iptc4xmpExt:DigitalSourceType": facts.source.value,
        "xmp:CreatorTool": "Studio Assist",
        "studioAssist:Project": facts.project,
        "studioAssist:Tag": facts.tag,
        "studioAssist:Entry": str(facts.entry),
        "studioAssist:Label": facts.label,
        "studioAssist:Temp": str(facts.is_temp),
    }
    says = "TEMP previs, not AI" if facts.source is SourceType.PROCEDURAL else "TEMP AI"
    if facts.backend and facts.source is not SourceType.PROCEDURAL:
        simple["Iptc4xmpExt:AISystemUsed"] = facts.backend
    texts = {"dc:title": facts.label, "dc:description": where}
    if facts.is_temp:
        simple["photoshop:Instructions"] = f"{says}. Not for delivery."
        texts["dc:description"] = f"{says}, not for delivery: {where}"
        texts["xmpRights:UsageTerms"] = USAGE_TERMS
    spaces = "".join(f' xmlns:{prefix}="{address}"' for prefix, address in _NAMESPACES.items())
    attributes = "".join(f"\n   {name}={quoteattr(_plain(value))}" for name, value in simple.items())
    elements = "".join(
        f'\n   <{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(_plain(value))}</rdf:li>'
        f"</rdf:Alt></{name}>"
        for name, value in texts.items()
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        f' <rdf:RDF xmlns:rdf="{_RDF}">\n'
        f'  <rdf:Description rdf:about=""{spaces}{attributes}>{elements}\n'
        "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n"
        '<?xpacket end="r"?>'
    ).encode()


def read_packet(data: bytes) -> Metadata:
    """What an XMP packet says. A packet that is broken, too long or tries tricks is said to be so."""
    if len(data) > _LONGEST:
        return Metadata(problem="The metadata is far longer than any of ours and was not read.")
    properties = _Properties()
    try:
        properties.read(data)
    except (expat.ExpatError, _TrickError, UnicodeError, ValueError):
        return Metadata(problem="The metadata is damaged.")
    found = properties.found
    entry = found.get(f"{OWN} Entry", "")
    temp = found.get(f"{OWN} Temp")
    source = found.get(f"{_IPTC_EXT} DigitalSourceType")
    return Metadata(
        source_type=source.rstrip("/").rpartition("/")[2][:64] or None if source else None,
        tag=found.get(f"{OWN} Tag"),
        entry=int(entry) if entry.isascii() and entry.isdigit() and len(entry) < 16 else None,
        temp=temp == "True" if temp is not None else None,
        project=found.get(f"{OWN} Project"),
        label=found.get(f"{OWN} Label"),
    )


class _TrickError(Exception):
    """A document type, an entity, or nesting without end: nothing that an XMP packet has."""


@dataclass
class _Properties:
    """Collects the properties of `rdf:Description`, in either of the forms that RDF allows, as plain text."""

    found: dict[str, str] = field(default_factory=dict[str, str])
    _path: list[str] = field(default_factory=list[str])
    _property: str | None = None
    _text: list[str] = field(default_factory=list[str])

    def read(self, data: bytes) -> None:
        # UTF-8 is stated, so that no declaration in the data can change it. A space cannot be in a name.
        parser = expat.ParserCreate("UTF-8", " ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.Parse(data.strip(b"\x00 \r\n\t"), True)

    def _refuse(self, *_what: object) -> None:
        raise _TrickError

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= _DEEPEST:
            raise _TrickError
        if self._path and self._path[-1] == f"{_RDF} Description" and self._property is None:
            self._property = name
            self._text.clear()
            resource = attributes.get(f"{_RDF} resource")
            if resource:
                self.found.setdefault(name, resource)
        elif name == f"{_RDF} li":
            self._text.clear()
        elif name == f"{_RDF} Description" and self._property is None:
            for key, value in attributes.items():
                self.found.setdefault(key, value)
        self._path.append(name)

    def _end(self, name: str) -> None:
        self._path.pop()
        if self._property is None:
            return
        outside = bool(self._path) and self._path[-1] == f"{_RDF} Description" and name == self._property
        if outside or name == f"{_RDF} li":
            # The first language of a list stands for all.
            value = "".join(self._text).strip()
            if value:
                self.found.setdefault(self._property, value)
            self._text.clear()
        if outside:
            self._property = None


def _plain(text: str) -> str:
    """A text in one line, of bounded length, without what XML cannot hold."""
    shown = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return shown if len(shown) <= _LONGEST_VALUE else f"{shown[: _LONGEST_VALUE - 1]}…"
