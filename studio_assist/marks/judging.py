"""What the marks of one file say together, in sentences for a person, and whether they agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from studio_assist.domain.marking import InvisibleMark
from studio_assist.marks.decoding import alike
from studio_assist.marks.manifest import UNREADABLE, WATERMARKED, ManifestRead
from studio_assist.marks.metadata import Metadata

#: Digits of the project's tag that the invisible mark has room for.
_SHORT_TAG: Final = 5

#: Films have a hash of their own kind.
_CHANGED: Final = frozenset({"assertion.dataHash.mismatch", "assertion.bmffHash.mismatch"})
_MANIFEST_EDITED: Final = (
    "assertion.hashedURI.mismatch",
    "claimSignature.mismatch",
    "claimSignature.missing",
    "claim.missing",
    "assertion.missing",
)
_ENDED: Final = ("signingCredential.expired", "claimSignature.outsideValidity")


class Known(Protocol):
    """What a project's ledger knows of a file. The caller fills it."""

    @property
    def title(self) -> str:
        """The project's title."""
        ...

    @property
    def tag(self) -> str:
        """The project's tag, 16 hexadecimal digits."""
        ...

    def entry(self, number: int, /) -> str | None:
        """What stands in an entry, in words for a person; None where there is no such entry."""
        ...

    def exported(self, sha256: str, /) -> int | None:
        """The entry that records an export of exactly these bytes, or None."""
        ...


@dataclass
class Verdict:
    """Sentences as they are found. One that is *wrong* means that the marks do not agree."""

    findings: list[str] = field(default_factory=list[str])
    agree: bool = True

    def say(self, sentence: str) -> None:
        self.findings.append(sentence)

    def wrong(self, sentence: str) -> None:
        self.agree = False
        self.findings.append(sentence)


@dataclass(frozen=True)
class Layers:
    """Every layer that was read from a file.

    Attributes:
        thing: what the file is called in sentences ("picture").
        visible: the visible marks with their verb ("band is"), and whether they are there.
        invisible: None for a kind of file that carries none.
        shown: what the picture looks like now.
    """

    thing: str
    visible: tuple[str, bool]
    manifest: ManifestRead
    metadata: Metadata | None
    invisible: InvisibleMark | None = None
    geometry: tuple[str, ...] = ()
    shown: str | None = None

    @property
    def tags(self) -> dict[str, str]:
        """The project's tag by each layer that names one."""
        found = {"manifest": self.manifest.found.tag, "metadata": self.metadata and self.metadata.tag}
        if self.invisible:
            found["invisible mark"] = self.invisible.tag
        return {layer: tag for layer, tag in found.items() if tag}

    @property
    def entries(self) -> dict[str, int]:
        """The ledger entry by each layer that names one."""
        found = {"manifest": self.manifest.found.entry, "metadata": self.metadata and self.metadata.entry}
        if self.invisible:
            found["invisible mark"] = self.invisible.entry
        return {layer: entry for layer, entry in found.items() if entry}

    @property
    def is_ours(self) -> bool:
        """Whether any layer is of this program's making."""
        return bool(self.visible[1] or self.tags)


def judge(layers: Layers, sha256: str, known: Known | None, *, any_root: bool, any_key: bool) -> Verdict:
    """Whether a file's layers say the same, none is missing, and the ledger knows the file.

    Args:
        any_root, any_key: whether there were certificates, and mark keys, to check against.
    """
    verdict = Verdict()
    _manifest(layers, verdict, any_root=any_root)
    if not layers.is_ours:
        if layers.manifest.found.state == "missing":
            verdict.wrong(f"No mark was found: nothing in the {layers.thing} says where it comes from.")
        else:
            verdict.wrong(f"None of Studio Assist's own marks is on the {layers.thing}.")
        if layers.metadata and layers.metadata.source_type:
            verdict.say(f"Its metadata calls it {layers.metadata.source_type}.")
        return verdict
    _metadata(layers, verdict)
    _agreement(layers, verdict)
    _temp(layers, verdict, any_key=any_key)
    if layers.geometry:
        verdict.say(f"Since it was marked, the {layers.thing} was {', '.join(layers.geometry)}.")
    if known is not None:
        _ledger(layers, sha256, known, verdict)
    return verdict


def _manifest(layers: Layers, verdict: Verdict, *, any_root: bool) -> None:
    read, thing = layers.manifest, layers.thing
    found = read.found
    signer = found.signer or "somebody"
    if found.state == "missing":
        if read.elsewhere:
            verdict.wrong("The manifest is kept somewhere else. Nothing was fetched.")
        elif layers.is_ours:
            both = layers.metadata is None
            gone = "The manifest and the metadata are gone" if both else "The manifest is gone"
            verdict.wrong(
                f"{gone}: the {thing} was saved again by another program, or "
                f"{'they were' if both else 'it was'} taken off."
            )
    elif found.state == "trusted":
        verdict.say(f"The manifest holds and was signed with a key of this project ({signer}).")
    elif found.state == "valid" and any_root:
        verdict.wrong(
            f"The manifest was signed by a stranger ({signer}): no certificate of this project leads to it."
        )
    elif found.state == "valid":
        verdict.say(f"The manifest holds. Whether {signer} signed it, its project's certificate must show.")
    else:
        for sentence in _broken(layers):
            verdict.wrong(sentence)
    for name in read.parents_unknown:
        verdict.say(
            f"It was made from a {thing} that {name} signed; this project does not know their certificate."
        )


def _broken(layers: Layers) -> Iterable[str]:
    """Why a manifest is invalid."""
    found, thing = layers.manifest.found, layers.thing
    problems = set(found.problems)
    if UNREADABLE in problems:
        yield "The manifest is damaged and cannot be read."
        return
    if not found.ingredients_ok:
        yield f"A {thing} that this one was made from was altered, or its manifest was."
        problems -= {*_CHANGED, *_MANIFEST_EDITED, "ingredient.manifest.mismatch"}
    elif problems & set(_MANIFEST_EDITED):
        yield "The manifest itself was altered after it was signed."
    elif problems & _CHANGED:
        if _of_another(layers):
            yield f"The manifest was made for another {thing}."
        else:
            yield f"The {thing} was changed after it was signed."
    elif problems & set(_ENDED):
        yield "The certificate that signed the manifest had ended, or had not begun."
    else:
        yield f"The manifest does not hold ({', '.join(found.problems) or 'no reason given'})."
    if "signingCredential.untrusted" in problems:
        yield f"It was signed by a stranger ({found.signer or 'somebody'})."


def _of_another(layers: Layers) -> bool:
    """Whether a manifest that does not fit was taken from another file, as far as its other marks show."""
    entries = layers.entries
    mine = entries.pop("manifest", None)
    if mine is not None and entries:
        if any(entry != mine for entry in entries.values()):
            return True
        # The mark in the pixels says that they belong together.
        if "invisible mark" in entries:
            return False
    then, now = layers.manifest.shown, layers.shown
    return then is not None and now is not None and alike(then, now) is False


def _metadata(layers: Layers, verdict: Verdict) -> None:
    metadata, manifest = layers.metadata, layers.manifest
    if metadata is None:
        if manifest.found.state != "missing":
            verdict.wrong("The metadata is gone.")
        return
    if metadata.problem:
        verdict.wrong(metadata.problem)
    elif metadata.source_type is None:
        verdict.wrong("The metadata names no source type.")
    elif manifest.source and manifest.source != metadata.source_type:
        verdict.wrong(
            f"The metadata calls it {metadata.source_type}, the manifest calls it {manifest.source}."
        )
    elif None not in (manifest.temp, metadata.temp) and manifest.temp != metadata.temp:
        verdict.wrong("Metadata and manifest do not say the same of whether it is temp material.")


def _agreement(layers: Layers, verdict: Verdict) -> None:
    if len(set(layers.entries.values())) > 1:
        named = _listed({layer: f"{entry:,}" for layer, entry in layers.entries.items()})
        verdict.wrong(f"The marks name different ledger entries: {named}.")
    if len({tag[:_SHORT_TAG] for tag in layers.tags.values()}) > 1 or (
        len({tag for tag in layers.tags.values() if len(tag) > _SHORT_TAG}) > 1
    ):
        verdict.wrong(f"The marks are of different projects: {_listed(layers.tags)}.")


def _temp(layers: Layers, verdict: Verdict, *, any_key: bool) -> None:
    name, visible = layers.visible
    manifest, metadata, invisible = layers.manifest, layers.metadata, layers.invisible
    hidden = invisible is not None and invisible.present is True
    if manifest.temp is False:
        if visible:
            verdict.wrong(f"The manifest knows of no temp material, but the {name} there.")
        if hidden:
            verdict.wrong("The manifest knows of no temp material, but the invisible mark of some is there.")
        return
    if not visible and (hidden or manifest.temp or (metadata is not None and metadata.temp)):
        verdict.wrong(f"The {name} gone: cut off, or painted over.")
    if invisible is None or hidden:
        return
    expected = WATERMARKED in manifest.found.actions if manifest.found.actions else visible
    if any_key and expected:
        verdict.wrong(
            "The invisible mark was not found: it was worn away, or it is another project's."
            if visible
            else "The invisible mark was not found."
        )
    elif expected and not any_key:
        verdict.say("The invisible mark can only be read with its project's key.")


def _ledger(layers: Layers, sha256: str, known: Known, verdict: Verdict) -> None:
    strange = [tag for tag in layers.tags.values() if not known.tag or not known.tag.startswith(tag)]
    if strange:
        verdict.wrong(f"The marks are of another project ({strange[0]}), not of {known.title}.")
        return
    for entry in sorted(set(layers.entries.values())):
        story = known.entry(entry)
        if story is None:
            verdict.wrong(f"The record of {known.title} has no entry {entry:,}.")
        else:
            verdict.say(f"Ledger entry {entry:,}: {story.rstrip('.')}.")
    number = known.exported(sha256)
    if number is not None:
        verdict.say(f"The record names this very file, in entry {number:,}.")
    else:
        verdict.wrong(f"The record of {known.title} knows no export of exactly these bytes.")


def _listed(named: Mapping[str, str]) -> str:
    return ", ".join(f"the {layer} {value}" for layer, value in named.items())
