"""`studio-assist ledger`: checking and printing a project's record. Neither writes anything."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from studio_assist.commands.output import Output, many
from studio_assist.domain.errors import BadInput, Damaged
from studio_assist.domain.record import (
    CandidateMade,
    DecisionMade,
    Entry,
    Exported,
    PersonAdded,
    ProjectCreated,
    Requested,
    RequestEnded,
    ScriptImported,
    VerdictGiven,
    commitments,
)
from studio_assist.ledger import Ledger
from studio_assist.ledger import verify as verify_ledger
from studio_assist.storage.project import ProjectFolder

#: Entries are read this many at a time, so that a long record needs no memory.
_PAGE: Final = 1000


def verify(options: Namespace, output: Output) -> int:
    """Check a whole record. Exit 1 when it does not hold."""
    path: Path = options.path
    if not path.exists():
        raise BadInput("There is no such file or folder.", remedy="Check the path.", place=str(path))
    found = verify_ledger(path)
    output.document(
        {
            "ok": found.ok,
            "size": found.size,
            "root": found.root,
            # Signed checkpoints and witnesses come with a later release; without them nothing is claimed.
            "checkpoint": None,
            "witnesses": [],
            "first_bad": found.first_bad,
            "why": found.why,
        }
    )
    if found.ok:
        output.say(f"The record is intact: {many(found.size, 'entry', 'entries')}.", f"Root {found.root}")
        if found.set_back:
            numbers = ", ".join(map(str, found.set_back))
            output.say(
                f"A clock was set back before {'entry' if len(found.set_back) == 1 else 'entries'} {numbers}."
            )
        return 0
    where = f" at entry {found.first_bad}" if found.first_bad is not None else ""
    output.say(f"The record was altered{where}: {found.why}")
    output.note("Compare it with a copy. Keep this file as it is: it shows what was changed.")
    return 1


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
    output.document(document | {"texts": texts})
    output.fields([("entry", entry.number), ("at", f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S %z}")])
    output.fields([("person", _names(ledger).get(entry.person or "", entry.person or "(the program)"))])
    body = {name: value for name, value in document["body"].items() if name != "v"}
    output.fields(sorted(body.items(), key=lambda pair: pair[0] != "type"))
    for commitment, text in texts.items():
        output.say("", f"Text {commitment[:12]}…", text if text is not None else "(not held here)")


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
        case CandidateMade() as body:
            return f"{body.candidate}, {body.state}"
        case RequestEnded() as body:
            dropped = sum(part.count for part in body.dropped)
            return body.state + (f", {dropped} not shown" if dropped else "")
        case DecisionMade() as body:
            return f"{body.candidate} {body.outcome}" + (", automated" if body.automated else "")
        case Exported() as body:
            return f"{body.name}, {many(body.temp_items, 'temp item')}"
        case body:
            told = body.model_dump(exclude={"type", "v", "automated", "content", "result", "script"})
            return ", ".join(str(value) for value in told.values() if value is not None)


def _all(ledger: Ledger) -> Iterator[Entry]:
    after = 0
    while page := ledger.entries(after, _PAGE):
        yield from page
        after = page[-1].number


def _names(ledger: Ledger) -> dict[str, str]:
    """Everybody's latest name."""
    added = ledger.entries(type="person_added", limit=100_000)
    return {entry.body.person: entry.body.name for entry in added if isinstance(entry.body, PersonAdded)}
