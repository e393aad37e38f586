"""`studio-assist ledger verify` and `show`: checking and printing a record. Neither writes anything."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.claiming import checkpoint_seen, claim, witness_seen
from studio_assist.broker.story import Story
from studio_assist.broker.witnessing import compare_files
from studio_assist.commands.output import Output, many
from studio_assist.domain.errors import BadInput, Damaged, StudioError
from studio_assist.domain.record import (
    AttestationMade,
    BackendAdded,
    CandidateMade,
    CertificateAdded,
    DecisionMade,
    Entry,
    Exported,
    Forgotten,
    Judged,
    KeyAdded,
    NamesAnswered,
    NamesChanged,
    NamesRestored,
    PackMade,
    PersonAdded,
    PolicyChosen,
    ProjectCreated,
    Requested,
    RequestEnded,
    ScriptImported,
    SendApproved,
    SendRefused,
    SendSeconded,
    Sent,
    VerdictGiven,
    Witnessed,
    commitments,
)
from studio_assist.ledger import Ledger, Verification
from studio_assist.ledger import verify as verify_ledger
from studio_assist.storage.project import ProjectFolder

#: Entries are read this many at a time, so that a long record needs no memory.
_PAGE: Final = 1000


def verify(options: Namespace, output: Output) -> int:
    """Check a whole record, and compare it with a copy. Exit 1 when it does not hold, or they part ways."""
    path: Path = options.path
    copy: Path | None = options.copy
    for given in (path, copy):
        if given is not None and not given.exists():
            raise BadInput("There is no such file or folder.", remedy="Check the path.", place=str(given))
    found = verify_ledger(path)
    document: dict[str, object] = {
        "ok": found.ok,
        "size": found.size,
        "root": found.root,
        "checkpoint": _checkpoint(found),
        "witnesses": [
            {
                "kind": one.kind,
                "name": one.name,
                "size": one.size,
                "time": one.time.isoformat(),
                "key": one.key,
                "checked": one.checked,
            }
            for one in found.witnesses
        ],
        "first_bad": found.first_bad,
        "why": found.why,
        "unsigned_tail": found.unsigned_tail,
        "forgotten": found.forgotten,
        "unvouched_keys": list(found.unvouched_keys),
    }
    compared = compare_files(path, copy) if copy is not None else None
    if compared is not None:
        document["copy"] = compared.model_dump(mode="json")
    output.document(document)
    if found.ok:
        output.say(f"The record is intact: {many(found.size, 'entry', 'entries')}.", f"Root {found.root}")
        output.say(_claim(path, found))
        _say_doubts(found, output)
    else:
        where = f" at entry {found.first_bad}" if found.first_bad is not None else ""
        output.say(f"The record was altered{where}: {found.why}")
        if copy is None:
            output.note(
                "Compare it with a copy (--copy). Keep this file as it is: it shows what was changed."
            )
    if compared is not None:
        output.say("", f"Compared with {copy}:", *compared.says)
        for field in compared.fields:
            output.say(
                f"  {field.name}: here {field.here or 'nothing'}; in the copy {field.there or 'nothing'}"
            )
        if compared.there_holds is False:
            output.say("The copy does not pass a check by itself either.")
    return 0 if found.ok and (compared is None or compared.relation != "different") else 1


def _checkpoint(found: Verification) -> dict[str, object] | None:
    if found.checkpoint is None:
        return None
    return {
        "size": found.checkpoint.size,
        "time": found.checkpoint.time.isoformat(),
        "key": found.checkpoint.key,
        "person": found.checkpoint.person,
        "session_only": found.checkpoint.session_only,
    }


def _claim(path: Path, found: Verification) -> str:
    """What may be said of a record that passed, with people's names where the ledger can be opened."""
    signed = _signed_by(path, found)
    now = datetime.now().astimezone()
    witness = witness_seen(found.witnesses)
    return claim(found.size, signed, witness, found.forgotten, now, strange_keys=found.unvouched_keys)


def _signed_by(path: Path, found: Verification) -> protocol.CheckpointSeen | None:
    file = path / "ledger.sqlite" if path.is_dir() else path
    try:
        with Ledger.open(file, create=False, read_only=True, at_rest=True) as ledger:
            return checkpoint_seen(found.checkpoint, Story(ledger))
    except StudioError:
        # A pack has no ledger to open; there the person's id has to do.
        return checkpoint_seen(found.checkpoint, None)


def _say_doubts(found: Verification, output: Output) -> None:
    if found.set_back:
        numbers = ", ".join(map(str, found.set_back))
        output.say(
            f"A clock was set back before {'entry' if len(found.set_back) == 1 else 'entries'} {numbers}."
        )
    for one in found.witnesses:
        if not one.checked:
            output.say(f"The word of {one.name} could not be checked here, and counts for nothing.")


def show(options: Namespace, output: Output) -> int:
    """Print entries, or one entry with its texts."""
    folder = ProjectFolder.open(options.project)
    if not folder.ledger_path.is_file():
        raise Damaged(
            "The project's ledger is gone.",
            remedy="Bring ledger.sqlite back from a copy.",
            place=str(folder.ledger_path),
        )
    with Ledger.open(folder.ledger_path, create=False, read_only=True, at_rest=True) as ledger:
        if options.entry is not None:
            _show_one(ledger, options.entry, output)
            return 0
        output.stream(entry.model_dump(mode="json") for entry in _all(ledger))
        if not output.as_json:
            names = _names(ledger)
            output.table(
                [
                    (
                        str(entry.number),
                        f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S}",
                        names.get(entry.person or "", entry.person or ""),
                        entry.body.type,
                        summary(entry),
                    )
                    for entry in _all(ledger)
                ],
                heads=("entry", "at", "person", "what", ""),
            )
    return 0


def _show_one(ledger: Ledger, number: int, output: Output) -> None:
    entry = ledger.entry(number)
    texts = {commitment: ledger.content(commitment) for commitment in commitments(entry.body)}
    document = entry.model_dump(mode="json")
    signature = ledger.signature(number)
    output.document(document | {"texts": texts, "signed_with": signature.key if signature else None})
    output.fields([("entry", entry.number), ("at", f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S %z}")])
    output.fields([("person", _names(ledger).get(entry.person or "", entry.person or "(the program)"))])
    body = {name: value for name, value in document["body"].items() if name != "v"}
    output.fields(sorted(body.items(), key=lambda pair: pair[0] != "type"))
    for commitment, text in texts.items():
        missing = "(forgotten)" if ledger.is_forgotten(commitment) else "(not held here)"
        output.say("", f"Text {commitment[:12]}…", text if text is not None else missing)
    if signature is not None:
        output.say("", f"Signed with key {signature.key}")


def summary(entry: Entry) -> str:
    """What an entry says, in a few words. No text of a script is in it."""
    match entry.body:
        case ProjectCreated(title=title):
            return title
        case PersonAdded(name=name, role=role):
            return f"{name}, {role}"
        case ScriptImported(source_name=name):
            return name
        case Requested() as body:
            scene = f", scene {body.scene}" if body.scene else ""
            return f"{body.task}{scene}, {body.model}"
        case VerdictGiven(verdict=verdict, rules=rules):
            return f"{verdict}: {', '.join(rules)}"
        case (
            Judged()
            | NamesAnswered()
            | SendApproved()
            | SendSeconded()
            | SendRefused()
            | Sent()
            | NamesRestored()
        ) as body:
            return _at_the_gate(body)
        case PolicyChosen() as body:
            return " + ".join(pin.id for pin in (body.policy, *body.overlays)) + f", {body.material}"
        case BackendAdded() as body:
            return f"{body.backend} at {body.host}, {body.kind}"
        case AttestationMade() as body:
            return f"{body.host} keeps nothing, until {body.until} ({body.attestation})"
        case NamesChanged() as body:
            return f"{body.added} added, {body.removed} removed"
        case CandidateMade() as body:
            return f"{body.candidate}, {body.state}"
        case RequestEnded() as body:
            dropped = sum(part.count for part in body.dropped)
            return body.state + (f", {dropped} not shown" if dropped else "")
        case DecisionMade() as body:
            return f"{body.candidate} {body.outcome}" + (", automated" if body.automated else "")
        case Exported() as body:
            return f"{body.name}, {many(body.temp_items, 'temp item')}"
        case KeyAdded() as body:
            return f"signs with key {body.public[:8]}… from here on" + _of_session(body.session_only)
        case CertificateAdded() as body:
            return f"manifests lead to root {body.root[:8]}…" + _of_session(body.session_only)
        case Forgotten() as body:
            return f"{many(len(body.commitments), 'text')} of entry {body.entry} forgotten: {body.why}"
        case Witnessed() as body:
            who = f" (key {body.key[:8]}…)" if body.key else ""
            return f"{body.name}{who} witnessed the first {many(body.size, 'entry', 'entries')}"
        case PackMade() as body:
            told = (
                f", with the texts of {many(len(body.disclosed), 'entry', 'entries')}"
                if body.disclosed
                else ""
            )
            return f"a pack of the first {many(body.size, 'entry', 'entries')}{told}"
        case body:
            told = body.model_dump(exclude={"type", "v", "automated", "content", "result", "script"})
            return ", ".join(str(value) for value in told.values() if value is not None)


def _at_the_gate(
    body: Judged | NamesAnswered | SendApproved | SendSeconded | SendRefused | Sent | NamesRestored,
) -> str:
    match body:
        case Judged():
            rules = f": {', '.join(body.rules)}" if body.verdict != "ask" else ""
            return f"{body.verdict}, {many(body.bytes, 'byte')} for {body.origin}, {body.sensitivity}{rules}"
        case NamesAnswered():
            return f"{many(body.count, 'word')} said to be a name or none"
        case SendApproved():
            often = {"once": f"{many(body.times, 'time')}", "session": "all of its class in this session"}
            return f"{many(body.bytes, 'byte')} may go to {body.origin}, {often[body.scope]}"
        case SendSeconded():
            return f"a second person's yes, request {body.request}"
        case SendRefused():
            return f"not sent, request {body.request}"
        case Sent():
            return f"{many(body.bytes, 'byte')} to {body.origin}, approved in entry {body.approval}"
        case NamesRestored():
            return f"{body.clean} whole, {body.mended} mended, {body.unknown} not known"


def _of_session(session_only: bool) -> str:
    return ", kept for that session only" if session_only else ""


def _all(ledger: Ledger) -> Iterator[Entry]:
    after = 0
    while page := ledger.entries(after, _PAGE):
        yield from page
        after = page[-1].number


def _names(ledger: Ledger) -> dict[str, str]:
    """Everybody's latest name."""
    added = ledger.entries(type="person_added", limit=100_000)
    return {entry.body.person: entry.body.name for entry in added if isinstance(entry.body, PersonAdded)}
