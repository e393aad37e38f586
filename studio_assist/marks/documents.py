"""What a PDF carries besides its pages: source type, usage terms, and a signed manifest."""

from __future__ import annotations

from datetime import datetime

from studio_assist.domain.marking import MarkFacts
from studio_assist.marks import manifest
from studio_assist.marks.certificates import Identity
from studio_assist.marks.containers import pdf_with_xmp
from studio_assist.marks.metadata import packet


def mark_pdf(data: bytes, facts: MarkFacts, *, identity: Identity, at: datetime) -> bytes:
    """A PDF with its metadata and manifest. The visible marks are drawn by whoever writes the pages.

    Raises:
        Unavailable: the manifest could not be made.
    """
    done = [(manifest.EDITED, "Temp passages marked on every page that holds some")] if facts.is_temp else ()
    return manifest.sign(pdf_with_xmp(data, packet(facts)), "pdf", facts, identity, at, done=done)
