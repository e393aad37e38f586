"""Words that the story of an entry is told in, and what every part of it asks the record for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Final

from studio_assist.domain.record import Commitment, Entry, Forgotten, PersonAdded
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import PersonId
from studio_assist.ledger.reading import Reader

#: The suffix of a picture that is no file but a place in the script, shown as a small page.
SCRIPT_PAGE: Final = ".fountain"
#: The task of a request for pictures, and what a decision's placement says where one went into a panel.
BOARD: Final = "board"
PANEL: Final = "panel"

#: Where a model runs, at the beginning of a sentence.
WHERE: Final = {
    "here": "On this machine",
    "studio": "On the studio's network",
    "outside": "Off this machine",
}
#: What each task is called in a heading, as `resources/prompts` has it.
_TASKS: Final = {"alt-lines": "Alt lines", "continue-scene": "Continue", "describe-shot": "Describe shot"}
#: How a task is asked for: behind "asked MODEL".
_ASKED: Final = {
    "alt-lines": "for other ways to say a line{scene}",
    "continue-scene": "to continue {the_scene}",
    "beats": "what {the_scene} could turn on",
    "describe-shot": "how a moment{scene} could be shot",
    "logline": "for the script in one sentence",
}
_PAGE: Final = 500
_QUOTED: Final = 90


def task_words(task: str) -> str:
    """A task as a heading names it: "Alt lines"."""
    plain = task.replace("-", " ").replace("_", " ")
    return _TASKS.get(task, plain[:1].upper() + plain[1:])


def asked_words(task: str, scene: str | None) -> str:
    """What was asked for, behind the model's name: "to continue scene 14"."""
    of = f" in scene {scene}" if scene else ""
    the_scene = f"scene {scene}" if scene else "the scene"
    return _ASKED.get(task, f"for {task.replace('-', ' ')}{{scene}}").format(scene=of, the_scene=the_scene)


def amount(size: int) -> str:
    """Bytes as people read them: "512 B", "1.2 kB", "3.4 MB"."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def count(number: int, one: str, many: str = "") -> str:
    """ "1 word", "1,200 words"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(parts: list[str]) -> str:
    """ "1", "1 and 2", "1, 2 and 3"."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def short_hash(digest: str) -> str:
    """A hash as people compare it: "77c0…d41e"."""
    return f"{digest[:4]}…{digest[-4:]}"


def sensitivity_words(name: str) -> str:
    """A class as the sheet shows it: "Production-confidential"."""
    known = {one.value: one.label for one in Sensitivity}
    return known.get(name, name)


def quoted(text: str) -> str:
    """The beginning of a text, in quotation marks."""
    plain = " ".join(text.split())
    return f"“{plain}”" if len(plain) <= _QUOTED else f"“{plain[:_QUOTED].rsplit(' ', 1)[0]}…”"


class Telling:
    """Asks the record for what a story needs, and notes which texts it holds no more.

    Attributes:
        missing: commitments of texts that were asked for and are gone, in the order of asking.
    """

    def __init__(self, reader: Reader, zone: tzinfo | None = None) -> None:
        """`zone`: in which times are told within sentences; None for this machine's."""
        self.reader: Final = reader
        self._zone: Final = zone
        self._names: dict[str, str] | None = None
        self._gone: dict[Commitment, Entry] | None = None
        self.missing: Final[dict[Commitment, None]] = {}

    def every(self, *types: str) -> Iterator[Entry]:
        """All entries of some kinds, oldest first: only for kinds that a project has few of."""
        after = 0
        while page := self.reader.entries(after, _PAGE, type=types):
            yield from page
            after = page[-1].number

    # people and times

    def who(self, person: PersonId | str | None) -> str:
        """A person's name as the record has it."""
        if person is None:
            return "The program"
        if self._names is None:
            self._names = {}
            for entry in self.every("person_added"):
                if isinstance(entry.body, PersonAdded):
                    self._names[entry.body.person] = entry.body.name
        return self._names.get(person, str(person))

    def clock(self, at: datetime) -> str:
        """ "14:01:44"."""
        return f"{at.astimezone(self._zone):%H:%M:%S}"

    def moment(self, at: datetime) -> str:
        """ "22 Nov 2026, 14:01"."""
        there = at.astimezone(self._zone)
        return f"{there.day} {there:%b %Y, %H:%M}"

    # texts

    def text(self, commitment: Commitment | None) -> str | None:
        """The text behind a commitment; None, and noted, where it is gone."""
        if commitment is None:
            return None
        found = self.reader.content(commitment)
        if found is None:
            self.missing[commitment] = None
        return found

    def look(self, commitment: Commitment) -> None:
        """Note it where what is behind a commitment, a text or bytes, is gone."""
        if self.reader.content_bytes(commitment) is None:
            self.missing[commitment] = None

    def gone(self, commitment: Commitment) -> str:
        """Who forgot a text, when and why, in a sentence."""
        if self._gone is None:
            self._gone = {}
            for entry in self.every("forgotten"):
                if isinstance(entry.body, Forgotten):
                    for one in entry.body.commitments:
                        self._gone.setdefault(one, entry)
        entry = self._gone.get(commitment)
        if entry is None or not isinstance(entry.body, Forgotten):
            return "It is not in the record any more, and no entry says that somebody had it forgotten."
        why = entry.body.why.rstrip(". ")
        return (
            f"Forgotten by {self.who(entry.person)} on {self.moment(entry.at)}: {why}. "
            f"Entry {entry.number:,} says so."
        )
