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
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from pydantic import ValidationError, field_validator

from studio_assist.domain.errors import Conflict, Damaged, Unavailable
from studio_assist.domain.names import NameKind, NameTerm
from studio_assist.domain.values import Sha256, Value, sha256_of
from studio_assist.storage.atomic import read_bytes, write_atomic
from studio_assist.storage.project_file import FORMAT_VERSION, newer

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

#: A file that is larger is no list of names.
_MOST_BYTES: Final = 16 * 2**20
_TOP: Final = ("format_version", "no_names", "name")
_OF_A_NAME: Final = ("text", "kind", "aliases")
#: How like a key of ours a strange key has to be, to be taken for a slip of the hand.
_ALIKE: Final = 0.8
_AT_LINE: Final = re.compile(r"\(at line (\d+)")
#: Where a name begins, and where the next table of any other kind does.
_HEAD: Final = re.compile(r"""\s*\[\[\s*["']?name["']?\s*\]\]""")
_NEXT: Final = re.compile(r"""\s*\[(?!\[?\s*["']?name["']?\s*\.)""")
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
        raise _damaged(file, "is far too large to be a list of names", None)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _damaged(file, "is not UTF-8 text", line) from error
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
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        raise _damaged(file, f"is not TOML: {str(error).split(' (at', 1)[0]}", line) from error
    except RecursionError as error:
        raise _damaged(file, "is nested too deeply", None) from error
    version = found.get("format_version", FORMAT_VERSION)
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise newer(file, version)
    try:
        if type(version) is not int or version < 1:
            raise _Wrong("does not say which format it is of", 0, "format_version")
        _no_slips(found, _TOP)
        names = found.get("name", [])
        if not isinstance(names, list):
            raise _Wrong("writes a name as “[name]”; each one begins with “[[name]]”")
        terms = [_term(table, number) for number, table in enumerate(cast("list[object]", names), 1)]
        return NameList(names=tuple(terms), no_names=_no_names(found.get("no_names", [])))
    except _Wrong as wrong:
        raise _damaged(file, wrong.what, _line_of(text, wrong.name, wrong.key)) from wrong
    except ValidationError as error:
        what = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise _damaged(file, f"cannot be read: {what}", None) from error


class _Wrong(Exception):
    """Something in the file is not as it should be: in the `name`-th name, counted from 1, at that key."""

    def __init__(self, what: str, name: int = 0, key: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.name = name
        self.key = key


def _term(table: object, number: int) -> NameTerm:
    if not isinstance(table, dict):
        raise _Wrong("writes a name as “[name]”; each one begins with “[[name]]”", number)
    fields = cast("dict[str, object]", table)
    _no_slips(fields, _OF_A_NAME, number)
    text, kind, aliases = fields.get("text"), fields.get("kind"), fields.get("aliases", [])
    if not isinstance(text, str):
        raise _Wrong(f"holds a name without its text (the {_nth(number)})", number, "text")
    if kind not in set(NameKind):
        kinds = ", ".join(NameKind)
        raise _Wrong(f"does not say what kind of name “{text}” is: {kinds}", number, "kind")
    if not isinstance(aliases, list):
        raise _Wrong(f"writes the aliases of “{text}” otherwise than as a list", number, "aliases")
    try:
        return NameTerm(
            text=text,
            kind=NameKind(cast("str", kind)),
            aliases=tuple(cast("list[str]", aliases)),
            source="person",
        )
    except ValidationError as error:
        key = str(error.errors()[0]["loc"][0])
        raise _Wrong(
            f"holds a name that is empty, too long or not on one line ({key})", number, key
        ) from error


def _no_names(words: object) -> tuple[str, ...]:
    listed = cast("list[object]", words) if isinstance(words, list) else [None]
    plain = [" ".join(word.split()) if isinstance(word, str) else "" for word in listed]
    if not all(plain):
        raise _Wrong("holds something else than words under no_names", 0, "no_names")
    return tuple(dict.fromkeys(plain))


def _no_slips(table: Mapping[str, object], ours: tuple[str, ...], number: int = 0) -> None:
    """Refuse a strange key that is nearly one of ours: a name under it would be overlooked."""
    for key in table:
        meant = difflib.get_close_matches(key.lower(), ours, 1, _ALIKE) if key not in ours else []
        if meant:
            raise _Wrong(f"has a key “{key}”; “{meant[0]}” is what this program reads", number, key)


def _damaged(file: Path, what: str, line: int | None) -> Damaged:
    return Damaged(
        f"{file.name} {what}.",
        remedy="Mend it in a text editor. Until then nothing leaves this machine.",
        place=f"{file}, line {line}" if line else str(file),
    )


def _line_of(text: str, number: int, key: str) -> int | None:
    """The line of a key, in the `number`-th table of a name where it belongs to one."""
    lines = text.splitlines()
    starts = [at for at, line in enumerate(lines) if _HEAD.match(line)]
    if number and number > len(starts):
        return None
    first = starts[number - 1] if number else 0
    last = (starts[number] if number < len(starts) else len(lines)) if number else len(lines)
    for at in range(first, last):
        if key and re.match(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[=\]]", lines[at]):
            return at + 1
    return first + 1 if number else None


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
        shorter = _without(text, gone, len(before.names))
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


def _without(text: str, gone: Sequence[int], count: int) -> str | None:
    """The text without the tables at these places; None where its lines do not show where they stand.

    A comment above the next name belongs to that one and stays, which the TOML writer would not know.
    """
    lines = text.splitlines(keepends=True)
    heads = [at for at, line in enumerate(lines) if _HEAD.match(line)]
    if len(heads) != count:
        return None
    for place in reversed(gone):
        start = heads[place]
        end = next((at for at in range(start + 1, len(lines)) if _NEXT.match(lines[at])), len(lines))
        while lines[end - 1].lstrip().startswith("#") or not lines[end - 1].strip():
            end -= 1
        del lines[start:end]
    return "".join(lines)
