"""What a file says of where it comes from: signed for, and looked at once more when it has been written.

Blocking; called in threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from studio_assist.broker.session import Session, utc_now
from studio_assist.domain.errors import StudioError, Unavailable
from studio_assist.domain.marking import ManifestFound, MarkFacts, SourceType
from studio_assist.domain.record import CertificateAdded
from studio_assist.domain.values import EntryNumber, Sha256
from studio_assist.ledger import Ledger
from studio_assist.storage.atomic import read_bytes
from studio_assist.storage.project import ProjectFolder

if TYPE_CHECKING:
    from studio_assist.domain.people import Person
    from studio_assist.marks.certificates import Identity
    from studio_assist.marks.containers import FilmKind

#: A certificate is a few kilobytes; whatever is longer is none of ours.
_LONGEST_PEM: Final = 64 * 1024
_PAGE: Final = 1000

SIGNS: Final = "signs what leaves (c2pa) does not work here, and nothing leaves without its manifest"
READS: Final = "reads manifests (c2pa) does not work here, and without it nothing can be said of a file"


@dataclass(frozen=True)
class Vouching:
    """What a file says of where it comes from, and who signs that.

    Attributes:
        roots: the project's own root certificates (PEM); the file's manifest must lead to one of them.
        at: when it is signed.
    """

    facts: MarkFacts
    identity: Identity
    roots: tuple[bytes, ...]
    at: datetime


async def vouch(
    session: Session,
    person: Person,
    *,
    source: SourceType,
    is_temp: bool,
    label: str,
    backend: str | None = None,
    entry: EntryNumber | None = None,
) -> Vouching:
    """Who signs for a file out of an open project, and what the file says of itself.

    Args:
        is_temp, label, backend: as `MarkFacts`.
        entry: the ledger entry that it answers to; the last one that there is now where none is given.

    Raises a `StudioError` where nobody can sign: then nothing leaves.
    """
    # First: making an identity writes entries of its own.
    identity = await session.identity(person)
    facts = MarkFacts(
        project=session.folder.info.title,
        tag=session.ledger.tag,
        entry=entry if entry is not None else EntryNumber(session.ledger.size),
        label=label,
        source=source,
        is_temp=is_temp,
        backend=backend,
    )
    return Vouching(facts, identity, trusted_roots(session.folder, session.ledger), utc_now())


def trusted_roots(folder: ProjectFolder, ledger: Ledger) -> tuple[bytes, ...]:
    """The root certificates that a project's record names, newest first, as PEM.

    A file that somebody put into the certificates folder counts for nothing by itself.
    """
    named: list[str] = []
    before: int | None = None
    while page := ledger.entries(type="certificate_added", before=before, limit=_PAGE, newest_first=True):
        named += [entry.body.root for entry in page if isinstance(entry.body, CertificateAdded)]
        before = page[-1].number
    roots: list[bytes] = []
    for root in dict.fromkeys(named):
        file = folder.certificates_path / f"{root}.pem"
        try:
            if file.is_file() and file.stat().st_size <= _LONGEST_PEM:
                roots.append(_root_in(read_bytes(file), root))
        except (StudioError, OSError, ValueError):
            # A certificate that cannot be read vouches for nothing; the others do.
            continue
    return tuple(roots)


def _root_in(pem: bytes, root: Sha256) -> bytes:
    """The certificate of this fingerprint, and no other that stands in the same file."""
    # Reading certificates takes a while to import, and most runs of the broker never do.
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding

    for certificate in x509.load_pem_x509_certificates(pem):
        if certificate.fingerprint(SHA256()).hex() == root:
            return certificate.public_bytes(Encoding.PEM)
    raise ValueError("the file does not hold the certificate that it is named after")


def signed_pdf(data: bytes, vouching: Vouching) -> bytes:
    """A PDF with its source type, usage terms and manifest."""
    needs_c2pa(SIGNS)
    from studio_assist.marks.documents import mark_pdf

    return mark_pdf(data, vouching.facts, identity=vouching.identity, at=vouching.at)


def needs_c2pa(doing: str) -> None:
    """Load the library for manifests, or raise `Unavailable`.

    Args:
        doing: completes "The part that … does not work here", and says what comes of it.
    """
    try:
        import c2pa  # noqa: F401  # pyright: ignore[reportUnusedImport]  # loading it is the question
    except (ImportError, OSError, RuntimeError, ValueError, AttributeError) as error:
        # It looks for its native part while it is imported, and raises all of these where that is not right.
        raise Unavailable(
            f"The part that {doing} ({type(error).__name__}).",
            remedy="Install Studio Assist again. A Fountain export has no manifest and goes on without.",
        ) from error


def wrong_pdf(data: bytes, vouching: Vouching) -> str | None:
    """What is wrong with the source type and manifest of a PDF that was read back, or None."""
    needs_c2pa(READS)
    from studio_assist.marks import manifest
    from studio_assist.marks.containers import xmp_of
    from studio_assist.marks.metadata import read_packet

    xmp = xmp_of(data, "pdf")
    source = read_packet(xmp).source_type if xmp is not None else None
    return _wrong(manifest.read(data, "pdf", vouching.roots).found, source, vouching.facts)


def wrong_picture(data: bytes, vouching: Vouching, mark_key: bytes | None) -> str | None:
    """Which layer of marks is missing or wrong in a picture that was read back, or None.

    Args:
        mark_key: of the invisible mark; None where there is none to be found.
    """
    needs_c2pa(READS)
    from studio_assist.marks.pictures import read_picture

    facts = vouching.facts
    # Nothing was done to the picture since, so there is nothing to search for.
    found = read_picture(data, [mark_key] if mark_key else [], vouching.roots, search=False)
    source = found.metadata.source_type if found.metadata else None
    if wrong := _wrong(found.manifest.found, source, facts):
        return wrong
    if found.band != facts.is_temp:
        return "its visible mark is missing" if facts.is_temp else "it wears a band that it should not"
    if mark_key is None:
        return None
    if not found.invisible.present:
        return "its invisible mark cannot be read"
    if found.invisible.entry != facts.entry:
        return f"its invisible mark names ledger entry {found.invisible.entry} and not {facts.entry}"
    return None


def wrong_film(path: Path, kind: FilmKind, vouching: Vouching) -> str | None:
    """What is wrong with the source type and manifest of a film that was written, or None."""
    needs_c2pa(READS)
    from studio_assist.marks import manifest
    from studio_assist.marks.containers import film_xmp
    from studio_assist.marks.metadata import read_packet

    with path.open("rb") as file:
        xmp = film_xmp(file, kind)
    source = read_packet(xmp).source_type if xmp is not None else None
    return _wrong(manifest.read_file(path, kind, vouching.roots).found, source, vouching.facts)


def wrong_still(data: bytes, kind: Literal["png", "jpeg"], vouching: Vouching) -> str | None:
    """What is wrong with the source type and manifest of a film's frame as a picture, or None."""
    needs_c2pa(READS)
    from studio_assist.marks import manifest
    from studio_assist.marks.containers import xmp_of
    from studio_assist.marks.metadata import read_packet

    xmp = xmp_of(data, kind)
    source = read_packet(xmp).source_type if xmp is not None else None
    return _wrong(manifest.read(data, kind, vouching.roots).found, source, vouching.facts)


def _wrong(manifest: ManifestFound, source_type: str | None, facts: MarkFacts) -> str | None:
    """What is wrong with a manifest and the metadata beside it, or None."""
    if manifest.state != "trusted":
        problems = f" ({', '.join(manifest.problems)})" if manifest.problems else ""
        return f"its manifest reads as {manifest.state} and not as trusted{problems}"
    if not manifest.ingredients_ok:
        return "something that it was made from does not hold"
    if (manifest.entry, manifest.tag) != (facts.entry, facts.tag):
        return f"its manifest names ledger entry {manifest.entry} and not {facts.entry}"
    if source_type != facts.source.word:
        return f"its source type reads as {source_type} and not as {facts.source.word}"
    return None
