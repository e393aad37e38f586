"""The production's list of names in an open project: what the script gives, and what people add to it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from studio_assist import protocol
from studio_assist.broker.own_words import of_ours_alone
from studio_assist.broker.session import Session
from studio_assist.domain.errors import BadInput, Damaged
from studio_assist.domain.generation import TextRequest
from studio_assist.domain.names import Answers, NameTerm, merged, parts_of, terms_of
from studio_assist.domain.people import Person
from studio_assist.domain.record import NamesChanged
from studio_assist.domain.screenplay import Screenplay
from studio_assist.interchange.fountain import parse, read_script_bytes
from studio_assist.ledger import Contents
from studio_assist.storage.names_file import NameList, NamesRead, read_names, write_names


class Naming:
    """Reads and changes names.toml, and puts it together with the script. Keeps nothing but what it read.

    A file that cannot be read raises `Damaged` from every method: it is never taken for an empty list.
    """

    def __init__(self) -> None:
        self._read: dict[Path, NamesRead] = {}
        #: What `terms` last gave, and of which project.
        self._terms: tuple[Path | None, tuple[NameTerm, ...]] = (None, ())
        #: The names of the script that was asked about last: its text and the project's title, and they.
        self._of_script: tuple[tuple[str, str] | None, tuple[NameTerm, ...]] = (None, ())

    # for the gate

    def terms(self, session: Session, script: Screenplay) -> tuple[NameTerm, ...]:
        """Every name: those of the script and a person's own."""
        # Asked about again and again while somebody reads on: a long script takes 5 ms.
        about = script.text, session.folder.info.title
        if self._of_script[0] != about:
            self._of_script = about, terms_of(script, session.folder.info.title)
        terms = merged(self._of_script[1], self._now(session).list.names)
        self._terms = session.folder.path, terms
        return terms

    def answers(self, session: Session, asked: TextRequest | None) -> Answers:
        """Lasting answers, and the names in our own prompts that nobody here has written."""
        kept = self._now(session).list.no_names
        folder, terms = self._terms
        if folder != session.folder.path:
            terms = self.terms(session, saved_script(session))
        # A word that became a name since somebody said that it is none is one.
        listed = _spelled(terms) if kept else frozenset[str]()
        words = frozenset(word for word in kept if word.casefold() not in listed)
        if asked is not None:
            words |= of_ours_alone(asked, (text for term in terms for text in (term.text, *term.aliases)))
        return Answers(words=words)

    # for a person

    def seen(self, session: Session, script: str | None) -> protocol.Names:
        """The list as a person sees it. `script` None is the saved one."""
        screenplay = saved_script(session) if script is None else parse(script).screenplay
        found = self._now(session).list
        names = merged(terms_of(screenplay, session.folder.info.title), found.names)
        return protocol.Names(names=names, no_names=found.no_names)

    def set(self, session: Session, params: protocol.SetNameParams) -> None:
        """Add a name, or change one."""
        before = self._now(session)
        term = _term(params)
        names = list(before.list.names)
        was = params.was if params.was is not None else params.text
        place = next((at for at, one in enumerate(names) if _same(one.text, was)), None)
        other = before.list.name(term.text)
        if other is not None and (place is None or other is not names[place]):
            raise BadInput(
                f"“{other.text}” is on the list already.",
                remedy="Change that one, or take it off first.",
                place="text",
            )
        if place is not None:
            names[place] = term
        elif params.was is None or _same(params.was, term.text):
            names.append(term)
        elif any(_same(one.text, was) for one in self.seen(session, params.script).names):
            raise BadInput(
                f"“{was}” comes from the script, and is written as it stands there.",
                remedy=f"Add “{term.text}” as another way to write it, or change the script.",
                place="was",
            )
        else:
            raise _unknown(was)
        # Whoever says that it is a name says no longer that it is none.
        spelled = {spelling.casefold() for spelling in (term.text, *term.aliases)}
        words = tuple(word for word in before.list.no_names if word.casefold() not in spelled)
        self._change(session, before, NameList(names=tuple(names), no_names=words), params.person)

    def remove(self, session: Session, params: protocol.RemoveNameParams) -> None:
        """Take a person's own name off the list, or an answer."""
        before = self._now(session)
        names, words = before.list.names, before.list.no_names
        if params.no_name:
            left = tuple(word for word in words if word != " ".join(params.text.split()))
            if left == words:
                raise _unknown(params.text)
            wanted = NameList(names=names, no_names=left)
        else:
            kept = tuple(one for one in names if not _same(one.text, params.text))
            if kept == names:
                if any(_same(one.text, params.text) for one in self.seen(session, params.script).names):
                    raise BadInput(
                        f"“{params.text.strip()}” comes from the script, and stays on the list while it "
                        "stands there.",
                        remedy="Add it with another kind if it is of another, or change the script.",
                        place="text",
                    )
                raise _unknown(params.text)
            wanted = NameList(names=kept, no_names=words)
        self._change(session, before, wanted, params.person)

    def keep(self, session: Session, words: Iterable[str], names: Iterable[NameTerm]) -> None:
        """Keep lasting answers. A name that is on the list gets the new ways to write it."""
        before = self._now(session)
        listed = list(before.list.names)
        for name in names:
            own = name.model_copy(update={"source": "person"})
            place = next((at for at, one in enumerate(listed) if _same(one.text, own.text)), None)
            if place is None:
                listed.append(_tidy(own))
            else:
                both = own.model_copy(update={"aliases": (*listed[place].aliases, *own.aliases)})
                listed[place] = _tidy(both)
        plain = dict.fromkeys((*before.list.no_names, *(" ".join(word.split()) for word in words)))
        spelled = {spelling for name in names for spelling in (name.text, *name.aliases)}
        kept = tuple(word for word in plain if word and word not in spelled)
        self._change(session, before, NameList(names=tuple(listed), no_names=kept), session.person)

    # internals

    def _now(self, session: Session) -> NamesRead:
        file = session.folder.names_path
        read = read_names(file, self._read.get(file))
        if read.sha256 is None and session.ledger.entries(type="names_changed", limit=1):
            raise Damaged(
                "The list of names, names.toml, is gone.",
                remedy="Bring it back from a copy; the newest one that the record knows stands in the last "
                "entry about names. Until then nothing leaves this machine.",
                place=str(file),
            )
        self._read = {file: read}
        return read

    def _change(self, session: Session, before: NamesRead, wanted: NameList, person: Person) -> None:
        if wanted == before.list:
            return
        session.may_write()
        session.meet(person)
        after = write_names(session.folder.names_path, before, wanted)
        self._read = {session.folder.names_path: after}
        old, new = _parts(before.list), _parts(wanted)
        texts = Contents()
        body = NamesChanged(added=len(new - old), removed=len(old - new), content=texts.add(after.text))
        session.append(body, contents=texts, person=person, durable=True)


def saved_script(session: Session) -> Screenplay:
    """The script as it stands on disk."""
    path = session.folder.script_path
    return parse(read_script_bytes(session.folder.read_script()[0], str(path))).screenplay


def _term(params: protocol.SetNameParams) -> NameTerm:
    for text in (params.text, *params.aliases):
        if not text.strip() or len(text) > 200 or any(ord(char) < 32 for char in text):
            raise BadInput(
                "A name is a few words on one line.",
                remedy="Write it without line breaks, in 200 characters at most.",
                place="text" if text == params.text else "aliases",
            )
    return _tidy(NameTerm(text=params.text, kind=params.kind, aliases=params.aliases))


def _tidy(term: NameTerm) -> NameTerm:
    """Each way to write it once, whatever its case."""
    spelled: dict[str, str] = {}
    for alias in term.aliases:
        spelled.setdefault(alias.casefold(), alias)
    spelled.pop(term.text.casefold(), None)
    return term.model_copy(update={"aliases": tuple(spelled.values())})


def _spelled(terms: Iterable[NameTerm]) -> frozenset[str]:
    """Every spelling and every word that names something by itself, in small letters."""
    return frozenset(
        spelling.casefold() for term in terms for spelling in (term.text, *term.aliases, *parts_of(term))
    )


def _parts(listed: NameList) -> set[object]:
    """Everything on a list, for counting what came and went."""
    return {*listed.no_names, *((term.text, term.kind, term.aliases) for term in listed.names)}


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _unknown(text: str) -> BadInput:
    return BadInput(f"“{text.strip()}” is not on the list.", remedy="Look at the list again.", place="text")
