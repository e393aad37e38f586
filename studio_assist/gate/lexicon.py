"""The names to look for, compiled: every way a name is written becomes letters for one automaton.

A name's words may stand in order or reversed, with initials, or alone; backwards and in rot13 too. What
letters a match has decides nothing: `matching` looks at what stands around them.

Ordinary-word names carry a mark and are never sure by themselves. A word that two names share ("Okafor" of
Maya and Ben Okafor) stands for itself.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from studio_assist.domain.common_words import word_set
from studio_assist.domain.context import name_in_prose
from studio_assist.domain.names import HONORIFICS, NameKind, NameTerm, is_ordinary_name, parts_of
from studio_assist.domain.ordinary_words import WORDS
from studio_assist.gate.normalise import View, key_of
from studio_assist.gate.short_names import ALSO

#: Shorter names are not looked for backwards or in rot13: the letters come together by chance.
_LEAST_TURNED: Final = 5
_PERSONAL: Final = (NameKind.CHARACTER, NameKind.PERSON)
_ARTICLES: Final = word_set("a an the of and")
#: As German, Scandinavian and others write without accents.
_WRITTEN_OUT: Final = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "å": "aa",
        "ø": "oe",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "Å": "Aa",
        "Ø": "Oe",
    }
)


class Form(StrEnum):
    """How a pattern stands to its name; the first ones win where two names give the same letters."""

    NAME = "name"
    PART = "part"
    ORDER = "order"  # "Okafor, Maya"
    INITIAL = "initial"  # "M. Okafor"
    SHORT = "short"  # Liz for Elizabeth
    BACKWARDS = "backwards"
    ROT13 = "rot13"


class Entity(NamedTuple):
    """What one token stands for: a term of the list, or a word that several terms share.

    Attributes:
        text: as it is listed.
        prose: as running text writes it ("Maya" of "MAYA").
    """

    number: int
    text: str
    kind: NameKind
    prose: str
    by_person: bool


class Entry(NamedTuple):
    """One pattern.

    Attributes:
        written: the form in the list that it comes from.
        breaks: where its own words meet, as counts of letters from its start.
        ordinary: it is made of ordinary words alone.
        several: it has more than one word, articles not counted.
    """

    entity: Entity
    form: Form
    key: str
    written: str
    breaks: frozenset[int]
    ordinary: bool
    several: bool


class Lexicon:
    """Names, ready to be looked for. Building takes about 50 ms for a thousand names; keep it.

    Attributes:
        entities: by number.
        entries: one a pattern; the automaton's answers are indexes into it.
        initials: "mo" to the entity Maya Okafor; told as advice only.
    """

    def __init__(self, terms: Iterable[NameTerm]) -> None:
        self.terms: Final = tuple(terms)
        self.entities: list[Entity] = []
        self.initials: dict[str, Entity] = {}
        self._found: dict[str, Entry] = {}
        owners = [(self._entity(term.text, term), term) for term in self.terms]
        for entity, term in owners:
            for written in (term.text, *term.aliases):
                self._add(entity, Form.NAME, written)
        self._parts(owners)
        for entity, term in owners:
            if term.kind in _PERSONAL:
                for written in (term.text, *term.aliases):
                    self._turned_about(entity, written)
        self._shorts()
        for entry in list(self._found.values()):
            self._disguised_whole(entry)
        self.entries: Final = list(self._found.values())
        self.keys: Final = frozenset(
            entry.key for entry in self.entries if entry.form in (Form.NAME, Form.PART)
        )
        #: Quick refusals: a match shorter than this counts only between boundaries.
        self.solid: Final = [len(entry.key) >= 4 for entry in self.entries]
        #: Between two boundaries these are sure whatever stands around.
        self.plain: Final = [
            entry.form in (Form.NAME, Form.PART) and not entry.ordinary for entry in self.entries
        ]
        self._automaton = (
            AhoCorasick([entry.key for entry in self.entries], implementation=Implementation.ContiguousNFA)
            if self.entries
            else None
        )

    def matches(self, letters: str) -> list[tuple[int, int, int]]:
        """Every match, overlapping ones too: (index into `entries`, start, end).

        Overlapping, because of Ann, Ann Lee and Ann Leech: the longest is the wrong one there.
        """
        return self._automaton.find_matches_as_indexes(letters, overlapping=True) if self._automaton else []

    def entry(self, key: str) -> Entry | None:
        """The pattern with these letters, or None."""
        return self._found.get(key)

    def entity_of(self, text: str) -> Entity | None:
        """The entity that is listed, or also written, so."""
        entry = self._found.get(key_of(text))
        return entry.entity if entry else None

    # internals

    def _entity(self, text: str, term: NameTerm) -> Entity:
        entity = Entity(len(self.entities), text, term.kind, name_in_prose(text), term.source == "person")
        self.entities.append(entity)
        return entity

    def _add(self, entity: Entity, form: Form, written: str) -> None:
        # Letters of some scripts look like different Latin ones in capitals and in small.
        shapes = {written}
        if not written.isascii():
            shapes |= {written.upper(), written.lower(), written.title()}
            shapes |= {shape.translate(_WRITTEN_OUT) for shape in tuple(shapes)}
        words = [word for word in written.casefold().split() if word not in _ARTICLES]
        for shape in sorted(shapes):
            view = View(shape)
            key = view.letters
            if not key or key in self._found or (form is not Form.NAME and len(key) < 2):
                continue
            breaks = frozenset(at for at in range(1, len(key)) if view.parted(at) == 2)
            self._found[key] = Entry(
                entity, form, key, written, breaks, is_ordinary_name(written), len(words) > 1
            )

    def _parts(self, owners: list[tuple[Entity, NameTerm]]) -> None:
        holders: dict[str, list[tuple[Entity, NameTerm, str]]] = {}
        for entity, term in owners:
            for part in parts_of(term):
                key = key_of(part)
                if key and key not in self._found:
                    holders.setdefault(key, []).append((entity, term, part))
        for held in holders.values():
            entity, term, part = held[0]
            several = len({owner.number for owner, _, _ in held}) > 1
            self._add(self._entity(part, term) if several else entity, Form.PART, part)

    def _turned_about(self, entity: Entity, written: str) -> None:
        words = [
            word for word in written.replace(",", " ").split() if word.strip(".").lower() not in HONORIFICS
        ]
        if len(words) < 2:
            return
        first, last = words[0], words[-1]
        self._add(entity, Form.ORDER, f"{last} {' '.join(words[:-1])}")
        if len(words) > 2:
            self._add(entity, Form.NAME, f"{first} {last}")
            self._add(entity, Form.ORDER, f"{last} {first}")
        if len(key_of(last)) > 2:
            self._add(entity, Form.INITIAL, f"{first[0]} {last}")
            self._add(entity, Form.ORDER, f"{last} {first[0]}")
            self._add(entity, Form.INITIAL, " ".join([*(word[0] for word in words[:-1]), last]))
        initials = key_of("".join(word[0] for word in words))
        if len(initials) > 1:
            self.initials.setdefault(initials, entity)

    def _shorts(self) -> None:
        for entry in list(self._found.values()):
            if entry.entity.kind in _PERSONAL and entry.form in (Form.NAME, Form.PART) and not entry.breaks:
                for other in ALSO.get(entry.key, ()):
                    self._add(entry.entity, Form.SHORT, other.capitalize())

    def _disguised_whole(self, entry: Entry) -> None:
        key = entry.key
        if entry.form not in (Form.NAME, Form.PART) or entry.ordinary or len(key) < _LEAST_TURNED:
            return
        back = frozenset(len(key) - at for at in entry.breaks)
        for form, turned, breaks in (
            (Form.BACKWARDS, key[::-1], back),
            (Form.ROT13, codecs.encode(key, "rot13"), entry.breaks),
        ):
            if turned not in self._found and turned not in WORDS:
                self._found[turned] = entry._replace(form=form, key=turned, breaks=breaks)
