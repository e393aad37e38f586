"""names.toml: the names that people added to the production's list, and words that are none.

    format_version = 1
    no_names = ["Beltane"]

    [[name]]
    text = "Maya"
    kind = "character"          # character, person, title, place, organisation or other
    aliases = ["Sparrowhawk"]   # other ways to write it

People may write it by hand: their comments and keys of their own stay. What cannot be read is an error and
never an empty list, for a name that is overlooked would leave the machine.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from pydantic import ValidationError, field_validator

from studio_assist.domain.errors import Conflict, Damaged, Unavailable
from studio_assist.domain.names import NameKind, NameTerm
from studio_assist.domain.values import Sha256, Value, sha256_of
from studio_assist.storage.atomic import read_bytes, write_atomic
from studio_assist.storage.project_file import FORMAT_VERSION
from studio_assist.storage.toml_lists import TomlList, Wrong, no_slips, require_format

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

#: A file that is larger is no list of names.
_MOST_BYTES: Final = 16 * 2**20
_TOP: Final = ("format_version", "no_names", "name")
_OF_A_NAME: Final = ("text", "kind", "aliases")
_FILE: Final = TomlList("name", "nothing leaves this machine")
_BEGINS: Final = f"format_version = {FORMAT_VERSION}\n"


class NameList(Value):
    """What names.toml holds.

    Attributes:
        names: people's own, each text once whatever its case.
        no_names: words of which somebody said that they are no names, white space as single blanks.
    """

    names: tuple[NameTerm, ...] = ()
    no_names: tuple[str, ...] = ()

    @field_validator("names")
    @classmethod
    def _once(cls, names: tuple[NameTerm, ...]) -> tuple[NameTerm, ...]:
        seen: set[str] = set()
        for term in names:
            if term.text.casefold() in seen:
                raise ValueError(f"“{term.text}” stands there twice")
            seen.add(term.text.casefold())
        return names

    def name(self, text: str) -> NameTerm | None:
        """The name that is written so, whatever its case."""
        return next((term for term in self.names if term.text.casefold() == text.casefold()), None)


class NamesRead(Value):
    """A list as it was read.

    Attributes:
        text: the whole file, or "" where there is none.
        sha256: of its bytes; None where there is none.
    """

    list: NameList
    text: str
    sha256: Sha256 | None


def read_names(file: Path, known: NamesRead | None = None) -> NamesRead:
    """The list in a file; an empty one where there is no file.

    Args:
        known: what was read before; given back where the file is still the same.

    Raises:
        Damaged: the file does not hold a list of names; the place is its line.
        BadInput: a newer Studio Assist wrote it.
        Unavailable: it cannot be read.
    """
    if not file.exists():
        return NamesRead(list=NameList(), text="", sha256=None)
    data = read_bytes(file)
    digest = sha256_of(data)
    if known is not None and known.sha256 == digest:
        return known
    if len(data) > _MOST_BYTES:
        raise _FILE.damaged(file, "is far too large to be a list of names", None)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _FILE.damaged(file, "is not UTF-8 text", line) from error
    return NamesRead(list=_list_in(text, file), text=text, sha256=digest)


def write_names(file: Path, before: NamesRead, wanted: NameList) -> NamesRead:
    """Write a list in place of the one that was read; gives what stands there now.

    Raises:
        Conflict: the file changed on disk since it was read. Nothing was written.
        Unavailable: the disk does not let it, or the file is written in a way that only a person can change.
    """
    if wanted == before.list:
        return before
    text = _changed(before.text, before.list, wanted)
    if text is None:
        raise Unavailable(
            f"{file.name} is laid out in a way that this program cannot change. Nothing was written.",
            remedy="Change the list in a text editor.",
            place=str(file),
        )

    def still_the_same() -> None:
        there = sha256_of(read_bytes(file)) if file.exists() else None
        if there != before.sha256:
            raise Conflict(
                "The list of names was changed by another program since it was read. Nothing was written.",
                remedy="Look at the list again, then make the change once more.",
                place=str(file),
            )

    data = text.encode("utf-8")
    write_atomic(file, data, guard=still_the_same)
    return NamesRead(list=wanted, text=text, sha256=sha256_of(data))


# Reading -------------------------------------------------------------------------------------------------


def _list_in(text: str, file: Path) -> NameList:
    found = _FILE.parsed(text, file)
    try:
        require_format(found)
        no_slips(found, _TOP)
        names = found.get("name", [])
        if not isinstance(names, list):
            raise Wrong("writes a name as “[name]”; each one begins with “[[name]]”")
        terms = [_term(table, number) for number, table in enumerate(cast("list[object]", names), 1)]
        return NameList(names=tuple(terms), no_names=_no_names(found.get("no_names", [])))
    except Wrong as wrong:
        raise _FILE.damaged(file, wrong.what, _FILE.line_of(text, wrong)) from wrong
    except ValidationError as error:
        what = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise _FILE.damaged(file, f"cannot be read: {what}", None) from error


def _term(table: object, number: int) -> NameTerm:
    if not isinstance(table, dict):
        raise Wrong("writes a name as “[name]”; each one begins with “[[name]]”", number)
    fields = cast("dict[str, object]", table)
    no_slips(fields, _OF_A_NAME, number)
    text, kind, aliases = fields.get("text"), fields.get("kind"), fields.get("aliases", [])
    if not isinstance(text, str):
        raise Wrong(f"holds a name without its text (the {_nth(number)})", number, "text")
    if kind not in set(NameKind):
        kinds = ", ".join(NameKind)
        raise Wrong(f"does not say what kind of name “{text}” is: {kinds}", number, "kind")
    if not isinstance(aliases, list):
        raise Wrong(f"writes the aliases of “{text}” otherwise than as a list", number, "aliases")
    try:
        return NameTerm(
            text=text,
            kind=NameKind(cast("str", kind)),
            aliases=tuple(cast("list[str]", aliases)),
            source="person",
        )
    except ValidationError as error:
        key = str(error.errors()[0]["loc"][0])
        raise Wrong(
            f"holds a name that is empty, too long or not on one line ({key})", number, key
        ) from error


def _no_names(words: object) -> tuple[str, ...]:
    listed = cast("list[object]", words) if isinstance(words, list) else [None]
    plain = [" ".join(word.split()) if isinstance(word, str) else "" for word in listed]
    if not all(plain):
        raise Wrong("holds something else than words under no_names", 0, "no_names")
    return tuple(dict.fromkeys(plain))


def _nth(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")


# Writing -------------------------------------------------------------------------------------------------


def _changed(text: str, before: NameList, wanted: NameList) -> str | None:
    """The file with the wanted list in it, everything else as it was; None where that cannot be done."""
    # Reading needs no more than the standard library; the writer is loaded by the first who writes.
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        steps = _steps(before.names, wanted.names)
        gone = [place for step in steps for place in range(*step.gone)]
        shorter = _FILE.without(text, gone, len(before.names))
        document = tomlkit.parse((shorter if shorter is not None else text) or _BEGINS)
        _put_words(document, before.no_names, wanted.no_names)
        _put_names(document, before.names, wanted.names, steps, () if shorter is not None else gone)
        written = tomlkit.dumps(document)
        # What is written has to read back as what is wanted, whatever the file looked like before.
        return written if _list_in(written, Path("names.toml")) == wanted else None
    except (TOMLKitError, Damaged, KeyError, IndexError, TypeError, AttributeError, ValueError):
        return None


class _Step(NamedTuple):
    """A part of the old list that becomes a part of the new one: slices of both, as (start, end).

    `same` are changed where they stand, `gone` are taken out, `new` are put in their place.
    """

    same: tuple[int, int]
    becomes: tuple[int, int]
    gone: tuple[int, int]
    new: tuple[int, int]


def _steps(before: Sequence[NameTerm], wanted: Sequence[NameTerm]) -> list[_Step]:
    keys = [[term.text.casefold() for term in terms] for terms in (before, wanted)]
    steps: list[_Step] = []
    for _, start, end, first, last in difflib.SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        both = min(end - start, last - first)
        steps.append(
            _Step((start, start + both), (first, first + both), (start + both, end), (first + both, last))
        )
    return steps


def _put_words(document: TOMLDocument, before: Sequence[str], wanted: Sequence[str]) -> None:
    if before == wanted:
        return
    if "no_names" not in document:
        document["no_names"] = list(wanted)
        return
    words = document["no_names"]
    for place in reversed(range(len(words))):
        if " ".join(str(words[place]).split()) not in wanted:
            del words[place]
    there = {" ".join(str(one).split()) for one in words}
    words.extend(word for word in wanted if word not in there)


def _put_names(
    document: TOMLDocument,
    before: Sequence[NameTerm],
    wanted: Sequence[NameTerm],
    steps: Sequence[_Step],
    gone: Sequence[int],
) -> None:
    """Change the tables that have to change; one that stays is not touched.

    Args:
        gone: places of tables that are still to be taken out; the others are out already.
    """
    import tomlkit
    from tomlkit.items import AoT

    if "name" not in document:
        if not wanted:
            return
        document["name"] = tomlkit.aot()
    tables = document["name"]
    for place in reversed(gone):
        del tables[place]
    at = 0
    for step in steps:
        for old, new in zip(range(*step.same), range(*step.becomes), strict=True):
            _fill(tables[at], before[old], wanted[new])
            at += 1
        for new in range(*step.new):
            table = tomlkit.table() if isinstance(tables, AoT) else tomlkit.inline_table()
            _fill(table, None, wanted[new])
            if isinstance(tables, AoT):
                table.trivia.indent = "\n"
            tables.insert(at, table)
            at += 1


def _fill(table: Any, old: NameTerm | None, term: NameTerm) -> None:
    if old is None or old.text != term.text:
        table["text"] = term.text
    if old is None or old.kind is not term.kind:
        table["kind"] = term.kind.value
    if (old.aliases if old else ()) != term.aliases:
        if term.aliases:
            table["aliases"] = list(term.aliases)
        else:
            del table["aliases"]
