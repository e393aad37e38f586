"""What a pack tells whoever gets it, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from studio_assist.domain.values import EntryNumber
from studio_assist.ledger.seals import Seals

#: Entries of a kind that are looked through for names, the newest first.
_MOST_ENTRIES: Final = 2000
#: How many names a sentence lists.
_MOST_NAMES: Final = 12


def what_it_tells(
    ledger: Seals, disclosed: tuple[EntryNumber, ...] = (), files: list[str] | None = None
) -> tuple[str, ...]:
    """What anybody who gets a pack learns from it, in sentences for the person who hands it out."""

    def names(kind: str, field: str) -> list[str]:
        entries = ledger.entries(type=kind, limit=_MOST_ENTRIES, newest_first=True)
        return list(dict.fromkeys(str(getattr(entry.body, field)) for entry in entries))

    titles = names("project_created", "title")
    people = names("person_added", "name")
    scripts = names("script_imported", "source_name")
    exports = names("exported", "name")
    hosts = [*names("backend_added", "host"), *names("judged", "origin")]
    tells = [
        f"The project's title: {_listed(titles)}." if titles else "",
        f"Who worked on it: {_listed(people)}." if people else "",
        f"Names of scripts that were taken in: {_listed(scripts)}." if scripts else "",
        f"Names and hashes of exported files: {_listed(exports)}." if exports else "",
        "When each thing was asked, offered, decided and exported, by whom, with which model, in which "
        "scene, how long the passage was, and the reasons people gave for forgetting a text.",
        f"Hosts that were set up or asked, how many bytes went to which of them, when, who allowed it, and "
        f"what was attested of them: {_listed(list(dict.fromkeys(hosts)))}."
        if hosts
        else "",
        f"The texts of {'entry' if len(disclosed) == 1 else 'entries'} {', '.join(map(str, disclosed))}."
        if disclosed
        else "No words of the script, of a question or of a candidate.",
        f"Copies of exported files: {_listed(files)}." if files else "",
    ]
    return tuple(sentence for sentence in tells if sentence)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more
