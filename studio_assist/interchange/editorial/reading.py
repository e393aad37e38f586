"""Edits that come back from editorial, whatever they are written in."""

from __future__ import annotations

from pathlib import Path

from studio_assist.domain.errors import BadInput
from studio_assist.domain.incoming import IncomingEdit
from studio_assist.domain.timebase import FrameRate
from studio_assist.interchange.editorial.edl_in import read_edl
from studio_assist.interchange.editorial.fcp7_in import read_fcp7
from studio_assist.interchange.editorial.fcpxml_in import read_fcpxml
from studio_assist.interchange.editorial.otio_in import read_otio
from studio_assist.interchange.editorial.safe_files import content_of, not_an_edit, xml_of

_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read(path: Path, rate: FrameRate | None = None) -> IncomingEdit:
    """An .otio, .edl, .xml (Final Cut Pro 7) or .fcpxml file as an edit. What it is, its content says.

    Nothing is run, fetched or looked up for it: no plugin, no hook, no media, no other file.

    Args:
        rate: the project's. An edit list does not name its own; where this one can be it, it is.

    Raises:
        BadInput: it is no edit, is not whole, or is more than an edit can be.
    """
    if path.suffix.casefold() == ".fcpxmld" and path.is_dir():
        # Final Cut Pro 10.6 writes a folder that shows as a file.
        path = path / "Info.fcpxml"
    data = content_of(path)
    name = path.name
    start = data[:200].lstrip(b"".join(_BOMS) + b" \t\r\n\0")
    if start.startswith(b"PK"):
        raise BadInput(
            "This is an archive, with the media in it.",
            remedy="Export the edit alone: as .otio, not .otioz.",
            place=name,
        )
    if start.startswith((b"{", b"[")):
        return read_otio(data, name)
    if not start.startswith(b"<"):
        return read_edl(data, name, rate)
    root = xml_of(data, name)
    if root.tag == "xmeml":
        return read_fcp7(root, name)
    if root.tag == "fcpxml":
        return read_fcpxml(root, name)
    raise not_an_edit(name, f"This is XML of another kind ({root.tag[:40]}).")
