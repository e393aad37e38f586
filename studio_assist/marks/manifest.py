"""The signed manifest (C2PA) of a picture, PDF or film: how it was made, and that nothing changed since.

Only a manifest that leads to a root of the project's is *trusted* here: anyone can make a certificate and
sign what they like with it. A file says where it came from by its parents' manifests, so those are looked at
too; the library's own verdict passes over them.

Nothing here asks the network: manifests kept elsewhere are not fetched, nor is the state of certificates.

Source: C2PA specification 2.2 (§9 actions and ingredients, §15 validation); measured in the team's notes.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from studio_assist import __version__
from studio_assist.domain.errors import Unavailable
from studio_assist.domain.marking import ManifestFound, MarkFacts
from studio_assist.domain.values import EntryNumber
from studio_assist.marks.certificates import Identity, readable_roots
from studio_assist.marks.containers import MIME, Kind, kind_of
from studio_assist.marks.watched import Watched

if TYPE_CHECKING:
    import c2pa

#: Our own assertion: where the ledger answers for the file.
LEDGER: Final = "org.studio-assist.ledger"
CREATED: Final = "c2pa.created"
OPENED: Final = "c2pa.opened"
EDITED: Final = "c2pa.edited"
WATERMARKED: Final = "c2pa.watermarked.unbound"

_UNTRUSTED: Final = "signingCredential.untrusted"
_PARENT: Final = "parent"
#: Stands for what the library could not read at all; the standard has no code for it.
UNREADABLE: Final = "unreadable"
#: Of a file that is not held whole: a manifest stands before the pictures, and is a few kilobytes.
_BEGINNING: Final = 4_000_000


@dataclass(frozen=True)
class ManifestRead:
    """What a file's manifest says, with what is ours alone.

    Attributes:
        temp: whether it calls the file temp material; None where it does not say.
        source: the IPTC source type that it states.
        shown: what the picture looked like when it was signed, as `likeness` writes it.
        temp_times: of a film, when its frames wear the band, in hundredths of a second.
        parents_unknown: who signed the parents that hold but lead to none of the roots.
        elsewhere: the file names a manifest that is kept somewhere else; it was not fetched.
    """

    found: ManifestFound
    temp: bool | None = None
    source: str | None = None
    shown: str | None = None
    temp_times: tuple[tuple[int, int], ...] = ()
    parents_unknown: tuple[str, ...] = ()
    elsewhere: bool = False


def sign(
    data: bytes,
    kind: Kind,
    facts: MarkFacts,
    identity: Identity,
    at: datetime,
    *,
    done: Sequence[tuple[str, str]] = (),
    shown: str | None = None,
    parent: bytes | None = None,
    roots: Sequence[bytes] = (),
) -> bytes:
    """The file with a signed manifest. Nothing may be changed in it afterwards.

    Args:
        done: what was done after it was made or opened: C2PA actions with a description each.
        shown: what the picture looks like, as `likeness` writes it, so that a reader can tell a changed
            picture from another one.
        parent: the file that it was made from, whose own manifest is kept; see `usable_parent`.
        roots: certificates that the parent's may lead to, besides `identity`'s own.

    Raises:
        Unavailable: the manifest could not be made, such as with a certificate that has ended.
    """
    out = io.BytesIO()
    definition = _definition(kind, facts, at, done, {} if shown is None else {"shown": shown}, parent)
    _sign(io.BytesIO(data), out, kind, definition, identity, parent, roots)
    return out.getvalue()


def sign_file(
    source: Path,
    target: Path,
    kind: Kind,
    facts: MarkFacts,
    identity: Identity,
    at: datetime,
    *,
    done: Sequence[tuple[str, str]] = (),
    temp_times: Sequence[tuple[int, int]] = (),
    watch: Callable[[], None] = lambda: None,
) -> None:
    """As `sign`, for a film, which may be too large to be held: the signed one is written to `target`.

    Args:
        temp_times: when its frames wear the band, from and to, in hundredths of a second.
        watch: called often while it is read and written. What it raises ends the work, and is raised here.
    """
    definition = _definition(kind, facts, at, done, {"temp_times": [list(one) for one in temp_times]}, None)
    with source.open("rb") as given, target.open("xb+") as out:
        reading, writing = Watched(given, watch), Watched(out, watch)
        try:
            _sign(reading, writing, kind, definition, identity, None)
        except Unavailable:
            # The library says no more of an error in a stream than that there was one.
            for stream in (reading, writing):
                if stream.raised is not None:
                    raise stream.raised from None
            raise


def _definition(
    kind: Kind,
    facts: MarkFacts,
    at: datetime,
    done: Sequence[tuple[str, str]],
    more: Mapping[str, Any],
    parent: bytes | None,
) -> str:
    when = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    first: dict[str, Any] = {"action": CREATED, "digitalSourceType": facts.source.value, "when": when}
    if facts.backend:
        first["softwareAgent"] = {"name": facts.backend}
    if parent is not None:
        first = {"action": OPENED, "parameters": {"ingredientIds": [_PARENT]}, "when": when}
    rest = [{"action": action, "description": words, "when": when} for action, words in done]
    own: dict[str, Any] = {
        "version": 1,
        "project": facts.project,
        "tag": facts.tag,
        "entry": facts.entry,
        "label": facts.label,
        "temp": facts.is_temp,
        "source": facts.source.value,
        **more,
    }
    definition = {
        "claim_generator_info": [{"name": "Studio Assist", "version": __version__}],
        "title": facts.label,
        "format": MIME[kind],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [first, *rest]}, "created": True},
            {"label": LEDGER, "data": own, "created": True},
        ],
    }
    return json.dumps(definition)


def _sign(
    source: object,
    out: object,
    kind: Kind,
    definition: str,
    identity: Identity,
    parent: bytes | None,
    roots: Sequence[bytes] = (),
) -> None:
    import c2pa

    try:
        with (
            _context([identity.root_pem, *roots]) as context,
            c2pa.Builder.from_json(definition, context) as builder,
            # The key stays in memory: the library is given a function that signs, not a file.
            c2pa.Signer.from_callback(
                identity.sign, c2pa.C2paSigningAlg.ES256, identity.chain_pem.decode()
            ) as signer,
        ):
            if parent is not None:
                ingredient = {
                    "title": "As it came from the model",
                    "relationship": "parentOf",
                    "label": _PARENT,
                }
                builder.add_ingredient(ingredient, MIME[_kind(parent)], io.BytesIO(parent))
            builder.sign(signer, MIME[kind], source, out)
    except c2pa.C2paError as error:
        raise Unavailable(
            f"The signed manifest could not be made: {error}",
            remedy="Try again. If it stays so, have a new certificate made for this project.",
        ) from error


def usable_parent(data: bytes, roots: Sequence[bytes]) -> tuple[bytes | None, str | None]:
    """The file, where it has a manifest that holds; else None, and why where that is odd."""
    kind = kind_of(data)
    if kind is None:
        return None, None
    state = read(data, kind, roots).found.state
    if state == "invalid":
        return None, "The manifest in what the model sent does not hold, so it was left out."
    return (data, None) if state != "missing" else (None, None)


def read(data: bytes, kind: Kind, roots: Sequence[bytes]) -> ManifestRead:
    """Read a file's manifest and check it against the roots (PEM) that count.

    Never raises for what is in the file: a manifest that cannot be read is *invalid*, none is *missing*.
    """
    return _read(io.BytesIO(data), kind, roots, lambda: data)


def read_file(path: Path, kind: Kind, roots: Sequence[bytes]) -> ManifestRead:
    """As `read`, for a file that is too large to be held."""
    with path.open("rb") as file:

        def beginning() -> bytes:
            file.seek(0)
            return file.read(_BEGINNING)

        return _read(file, kind, roots, beginning)


def _read(file: BinaryIO, kind: Kind, roots: Sequence[bytes], beginning: Callable[[], bytes]) -> ManifestRead:
    import c2pa

    try:
        with _context(roots) as context, c2pa.Reader(MIME[kind], file, context=context) as reader:
            store = json.loads(reader.json())
    except (c2pa.C2paError, ValueError, RecursionError) as error:
        # The library hangs its error classes onto their base when it loads; only their names are dependable.
        name = type(error).__name__
        if name.endswith("ManifestNotFound"):
            return ManifestRead(ManifestFound(state="missing"))
        if name.endswith("RemoteManifest") or str(error).startswith("Remote"):
            return ManifestRead(ManifestFound(state="missing"), elsewhere=True)
        # A broken file and a broken manifest are reported alike.
        data = beginning()
        state = "invalid" if b"jumb" in data and b"c2pa" in data else "missing"
        problems = (UNREADABLE,) if state == "invalid" else ()
        return ManifestRead(ManifestFound(state=state, problems=problems))
    return _judged(store)


def _context(roots: Sequence[bytes]) -> c2pa.Context:
    import c2pa

    off = {"enabled": False}
    settings: dict[str, Any] = {
        "version": 1,
        "core": {"allowed_network_hosts": [], "decode_identity_assertions": False},
        "verify": {
            "remote_manifest_fetch": False,
            "ocsp_fetch": False,
            "verify_trust": True,
            # What was written is read back from the disk by whoever exports it.
            "verify_after_sign": False,
        },
        "builder": {
            # 139 kB for a picture of what the file itself shows.
            "thumbnail": off,
            # Every action is stated here; none is guessed.
            "actions": {"auto_created_action": off, "auto_opened_action": off, "auto_placed_action": off},
        },
    }
    if good := readable_roots(roots):
        settings["trust"] = {"user_anchors": b"".join(good).decode()}
    return c2pa.Context(c2pa.Settings.from_dict(settings))


def _judged(store: Mapping[str, Any]) -> ManifestRead:
    manifests = _mapping(store.get("manifests"))
    active = _mapping(manifests.get(str(store.get("active_manifest"))))
    results = _mapping(store.get("validation_results"))
    problems = [str(code) for code in _failures(results.get("activeManifest"))]
    parents = list(_parent_problems(manifests, results))
    # A model's maker signs with a certificate of their own: unknown here, and no sign of a change.
    broken = [code for code in parents if code != _UNTRUSTED]
    state = "trusted"
    if broken or any(code != _UNTRUSTED for code in problems):
        state = "invalid"
    elif store.get("validation_state") != "Trusted" or problems:
        state = "valid"
    own = _assertion(active, LEDGER)
    entry, tag, temp = own.get("entry"), own.get("tag"), own.get("temp")
    signature = _mapping(active.get("signature_info"))
    names = [str(signature[key]) for key in ("common_name", "issuer") if signature.get(key)]
    strangers = [label for label in manifests if parents and label != store.get("active_manifest")]
    found = ManifestFound(
        state=state,
        actions=tuple(_actions(active)),
        ingredients_ok=not broken,
        entry=EntryNumber(entry) if isinstance(entry, int) and 0 < entry < 2**53 else None,
        signer=", ".join(names) or None,
        tag=tag if isinstance(tag, str) else None,
        problems=tuple(dict.fromkeys((*problems, *broken))),
    )
    return ManifestRead(
        found,
        temp=temp if isinstance(temp, bool) else None,
        source=_source(own, active),
        shown=shown if isinstance(shown := own.get("shown"), str) else None,
        temp_times=_times(own.get("temp_times")),
        parents_unknown=tuple(dict.fromkeys(_issuer(manifests, label) for label in strangers)),
    )


def _parent_problems(manifests: Mapping[str, Any], results: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the files that this one, or one of its parents, was made from.

    Each ingredient holds what was found when it was taken in; the deltas, what reading finds beyond that.
    """
    for delta in results.get("ingredientDeltas") or ():
        yield from _failures(_mapping(delta).get("validationDeltas"))
    for manifest in manifests.values():
        for ingredient in _mapping(manifest).get("ingredients") or ():
            found = _mapping(_mapping(ingredient).get("validation_results"))
            yield from _failures(found.get("activeManifest"))
            # The older form of the same list.
            for status in _mapping(ingredient).get("validation_status") or ():
                yield str(_mapping(status).get("code"))


def _failures(results: object) -> Iterator[str]:
    for failure in _mapping(results).get("failure") or ():
        yield str(_mapping(failure).get("code"))


def _actions(manifest: Mapping[str, Any]) -> Iterator[str]:
    for action in _all_actions(manifest):
        yield str(action.get("action"))[:64]


def _all_actions(manifest: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for label in ("c2pa.actions", "c2pa.actions.v2"):
        for action in _assertion(manifest, label).get("actions") or ():
            yield _mapping(action)


def _source(own: Mapping[str, Any], active: Mapping[str, Any]) -> str | None:
    stated = own.get("source") or next(
        (found for action in _all_actions(active) if (found := action.get("digitalSourceType"))), None
    )
    return str(stated).rpartition("/")[2][:64] if stated else None


def _assertion(manifest: Mapping[str, Any], label: str) -> Mapping[str, Any]:
    for assertion in manifest.get("assertions") or ():
        if _mapping(assertion).get("label") == label:
            return _mapping(_mapping(assertion).get("data"))
    return {}


def _issuer(manifests: Mapping[str, Any], label: str) -> str:
    signature = _mapping(_mapping(manifests.get(label)).get("signature_info"))
    return str(signature.get("issuer") or signature.get("common_name") or "somebody")


def _times(value: object) -> tuple[tuple[int, int], ...]:
    pairs = value if isinstance(value, list) else []
    return tuple(
        (pair[0], pair[1])
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, int) for one in pair)
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _kind(data: bytes) -> Kind:
    kind = kind_of(data)
    if kind is None:
        raise ValueError("a parent is a file of a kind that can hold a manifest")
    return kind
