"""Entries that are about no request: the project, its people and keys, hosts, policies, files, witnesses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from studio_assist.domain.record import (
    AttestationMade,
    AttestationRevoked,
    BackendAdded,
    BackendRemoved,
    BoardsImported,
    CertificateAdded,
    Entry,
    Exported,
    Forgotten,
    HandedOver,
    KeyAdded,
    KeyVouched,
    MarkedFresh,
    MarkedStale,
    NamesChanged,
    PackMade,
    PanelDrawn,
    PersonAdded,
    PolicyChosen,
    Presented,
    ProjectCreated,
    Recovered,
    ReferencesChanged,
    RequestEnded,
    RolesGiven,
    ScriptImported,
    SoundAdded,
    SoundMarked,
    Witnessed,
)
from studio_assist.domain.review import Step
from studio_assist.ledger import story_board
from studio_assist.ledger.story_words import (
    WHERE,
    Telling,
    count,
    listed,
    quoted,
    sensitivity_words,
    short_hash,
)

_HOSTS: Final = ("backend_added", "backend_removed", "attestation_made", "attestation_revoked")


def record_steps(telling: Telling, entry: Entry) -> list[Step]:
    """The steps of an entry that stands for itself, with those that belong to it."""
    match entry.body:
        case BackendAdded() | BackendRemoved() | AttestationMade() | AttestationRevoked():
            return _of_host(telling, entry)
        case Exported() as body:
            found = [entry, *_handed_over(telling, entry, body.sha256)]
        case HandedOver() as body:
            found = [*_exported(telling, entry, body.sha256), entry]
        case _:
            found = [entry]
    return [record_step(telling, one) for one in found]


def record_step(telling: Telling, entry: Entry) -> Step:
    """Any entry as one step: a title and plain sentences."""
    title, lines = _told(telling, entry)
    kind = "placement" if isinstance(entry.body, PanelDrawn) else "record"
    pictures = (
        (story_board.drawn(telling, entry.body.picture, f"By {telling.who(entry.person)}"),)
        if isinstance(entry.body, PanelDrawn)
        else ()
    )
    tone = "human" if isinstance(entry.body, PanelDrawn) and not entry.body.automated else "plain"
    return Step(kind, title, entry.at, entry.number, tuple(lines), pictures=pictures, tone=tone)


# internals


def _told(telling: Telling, entry: Entry) -> tuple[str, list[str]]:
    who = telling.who(entry.person)
    for tell in (_of_project, _of_people, _of_hosts, _of_keeping, _of_candidates):
        told = tell(telling, entry, who)
        if told is not None:
            return told
    name = entry.body.type.replace("_", " ")
    return name[:1].upper() + name[1:], [f"{who} did this."]


_Told = tuple[str, list[str]] | None
_Tell = Callable[[Telling, Entry, str], _Told]


def _of_project(telling: Telling, entry: Entry, who: str) -> _Told:
    match entry.body:
        case ProjectCreated() as body:
            sample = " It is a sample." if body.sample else ""
            return "Project made", [
                f"{who} made the project {quoted(body.title)} under policy {body.policy}.{sample}"
            ]
        case ScriptImported() as body:
            text = telling.text(body.content)
            length = (
                f"It had {count(len(text), 'character')}."
                if text is not None
                else f"Its text: {telling.gone(body.content)}"
            )
            return "Script taken in", [f"{who} took {body.source_name} in.", length]
        case Exported() as body:
            temp = count(body.temp_items, "temp item")
            final = "as final" if body.final else "for review"
            return "Exported", [
                f"{who} exported {body.name} ({body.format}) {final}, with {temp} in it.",
                f"SHA-256 {short_hash(body.sha256)}",
            ]
        case HandedOver() as body:
            to = telling.text(body.recipient)
            named = to if to is not None else "somebody"
            lines = [f"{who} handed {body.name} ({body.kind} report) over to {named}."]
            return "Handed over", lines + ([] if to else [f"The name: {telling.gone(body.recipient)}"])
        case PanelDrawn() as body:
            how = "drew it here" if body.how == "drawn" else "put a picture file of their own in"
            return "Drawn by hand" if body.how == "drawn" else "Own picture", [
                f"{who} {how}. It is their own picture."
            ]
        case BoardsImported() as body:
            name = telling.text(body.source_name)
            shots = count(body.items, "shot")
            from_file = quoted(name) if name is not None else "a file"
            return "Boards taken in", [
                f"{who} took {shots} in from {from_file} ({body.format}).",
                f"SHA-256 {short_hash(body.sha256)}",
            ]
        case SoundAdded() as body:
            how = "recorded a sound" if body.how == "recorded" else "brought a sound in"
            temp = "It is temp: not for delivery." if body.temp else "It counts as their own."
            return "Sound", [f"{who} {how}. {temp}", f"SHA-256 {short_hash(body.sha256)}"]
        case SoundMarked() as body:
            said = "is temp" if body.temp else "is cleared for delivery"
            return "Sound marked", [f"{who} says that this sound {said}."]
        case Recovered() as body:
            return "Put right", [body.what]
        case _:
            return None


def _of_people(telling: Telling, entry: Entry, who: str) -> _Told:
    match entry.body:
        case PersonAdded() as body:
            role = f" as {listed(body.role.split())}" if body.role else ""
            by = "" if body.person == entry.person else f" {who} put them in."
            return "Person", [f"{body.name} began to work in the project{role}.{by}"]
        case RolesGiven() as body:
            roles = listed(list(body.roles)) or "no role"
            return "Roles given", [f"{who} gave {telling.who(body.person)}: {roles}."]
        case KeyAdded() as body:
            kept = " It ended with that session: no keychain kept it." if body.session_only else ""
            return "Key added", [f"{who} signs with the key {short_hash(body.public)} from here on.{kept}"]
        case KeyVouched() as body:
            return "Key vouched for", [
                f"{who} saw to it that the key {short_hash(body.public)} is {telling.who(body.person)}'s."
            ]
        case _:
            return None


def _of_hosts(telling: Telling, entry: Entry, who: str) -> _Told:
    match entry.body:
        case BackendAdded() as body:
            region = f", {body.region}" if body.region else ""
            return "Host set up", [
                f"{who} set {body.backend} up at {body.host} ({body.kind}, {body.model}{region}). "
                f"{WHERE[body.where]}. It opens no door by itself."
            ]
        case BackendRemoved() as body:
            return "Host taken away", [f"{who} took {body.backend} away."]
        case AttestationMade() as body:
            return "Attested", [
                f"{who} put their name to it that {body.host} keeps nothing and trains on nothing, until "
                f"{body.until}.",
                f"Evidence {short_hash(body.evidence)}, attestation {body.attestation}",
            ]
        case AttestationRevoked() as body:
            return "Attestation taken back", [
                f"{who} took attestation {body.attestation} back: {body.why.rstrip('.')}."
            ]
        case PolicyChosen() as body:
            pins = [f"{pin.id} ({short_hash(pin.sha256)})" for pin in (body.policy, *body.overlays)]
            return "Policy chosen", [
                f"{who} put the project under {listed(pins)}.",
                f"Its material counts as: {sensitivity_words(body.material).lower()}.",
            ]
        case NamesChanged() as body:
            return "Names changed", [
                f"{who} changed the list of names: {body.added:,} added, {body.removed:,} removed."
            ]
        case ReferencesChanged():
            return "References changed", [
                f"{who} changed the list of works, artists and performers that are noticed in prompts."
            ]
        case _:
            return None


def _of_keeping(telling: Telling, entry: Entry, who: str) -> _Told:
    match entry.body:
        case CertificateAdded() as body:
            return "Certificate added", [
                f"Manifests that lead to the certificate {short_hash(body.root)} were signed in this project."
            ]
        case Forgotten() as body:
            texts = count(len(body.commitments), "text")
            return "Forgotten", [
                f"{who} had {texts} of entry {body.entry:,} forgotten: {body.why.rstrip('.')}.",
                "The record still proves that they were there.",
            ]
        case Witnessed() as body:
            did = "stamped" if body.kind == "timestamp" else "co-signed"
            return "Witnessed", [
                f"{body.name} {did} the first {count(body.size, 'entry', 'entries')} on "
                f"{telling.moment(body.witnessed)}, by their own clock.",
                f"Root {short_hash(body.root)}",
            ]
        case PackMade() as body:
            told = count(len(body.disclosed), "entry", "entries")
            return "Pack handed out", [
                f"{who} handed the record out up to entry {body.size:,}, with the texts of {told}.",
                f"Manifest {short_hash(body.manifest)}",
            ]
        case _:
            return None


def _of_candidates(telling: Telling, entry: Entry, who: str) -> _Told:
    match entry.body:
        case Presented():
            return "Shown", [f"{who} was shown exactly this."]
        case MarkedStale() as body:
            return "Out of date", [body.why]
        case MarkedFresh() as body:
            return "Open again", [body.why]
        case RequestEnded() as body:
            state = {"done": "All that was asked for came.", "stopped": "It was stopped."}
            return "Request ended", [
                state.get(body.state, f"It failed{f': {body.why}' if body.why else '.'}")
            ]
        case _:
            return None


def _of_host(telling: Telling, entry: Entry) -> list[Step]:
    """A host's or an attestation's whole story: few projects have more than a handful of either."""
    about = _attested(telling)
    wanted = _host_of(entry, about)
    found = [one for one in telling.every(*_HOSTS) if _host_of(one, about) == wanted]
    if entry not in found:
        found.append(entry)
    return [record_step(telling, one) for one in found]


def _attested(telling: Telling) -> dict[str, str]:
    """Which host each attestation is about."""
    made = telling.every("attestation_made")
    return {
        entry.body.attestation: entry.body.backend
        for entry in made
        if isinstance(entry.body, AttestationMade)
    }


def _host_of(entry: Entry, attested: dict[str, str]) -> str:
    match entry.body:
        case BackendAdded() | BackendRemoved() | AttestationMade() as body:
            return body.backend
        case AttestationRevoked() as body:
            return attested.get(body.attestation, "")
        case _:
            return ""


def _handed_over(telling: Telling, entry: Entry, sha256: str) -> list[Entry]:
    found = telling.reader.entries(entry.number, 50, type="handed_over")
    return [one for one in found if isinstance(one.body, HandedOver) and one.body.sha256 == sha256]


def _exported(telling: Telling, entry: Entry, sha256: str) -> list[Entry]:
    found = telling.reader.entries(before=entry.number, limit=50, type="exported", newest_first=True)
    return [one for one in found if isinstance(one.body, Exported) and one.body.sha256 == sha256][:1]
