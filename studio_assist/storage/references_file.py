"""references.toml: works, artists, performers and real people that are noticed where a prompt names them.

    format_version = 1

    [[reference]]
    text = "Blade Runner"
    kind = "work"               # work, artist, performer or person
    aliases = ["Bladerunner"]   # other ways to write it
    note = "The look book is full of it."

People may write it by hand: their comments and keys of their own stay. What cannot be read is an error and
never an empty list, for what is overlooked would be drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from pydantic import ValidationError

from studio_assist.domain.clearance import Reference
from studio_assist.domain.errors import BadInput, Conflict, Damaged, Unavailable
from studio_assist.domain.values import Sha256, Value, sha256_of
from studio_assist.storage.atomic import read_bytes, write_atomic
from studio_assist.storage.project_file import FORMAT_VERSION
from studio_assist.storage.toml_lists import TomlList, Wrong, no_slips, require_format

#: The file's name in the project's folder.
NAME: Final = "references.toml"
#: A file that is larger is no such list.
_MOST_BYTES: Final = 16 * 2**20
_TOP: Final = ("format_version", "reference")
_FIELDS: Final = ("text", "kind", "aliases", "note")
_KINDS: Final = ("work", "artist", "performer", "person")
_FILE: Final = TomlList("reference", "nothing is asked of a model")
_BEGINS: Final = f"format_version = {FORMAT_VERSION}\n"


class ReferencesRead(Value):
    """A list as it was read.

    Attributes:
        references: in the file's order, each text once whatever its case.
        text: the whole file, or "" where there is none.
        sha256: of its bytes; None where there is none.
    """

    references: tuple[Reference, ...] = ()
    text: str = ""
    sha256: Sha256 | None = None


class ReferencesFile:
    """The list of one project. Keep it: what did not change on disk is not read anew.

    Args:
        folder: the project's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder
        self._seen: ReferencesRead | None = None

    def read(self) -> ReferencesRead:
        """The list as it stands in the file now.

        Raises:
            Damaged, BadInput, Unavailable: as `read_references`.
        """
        self._seen = read_references(self._folder, self._seen)
        return self._seen

    def put(self, reference: Reference, was: str | None = None) -> str:
        """Add one, or change the one whose text was `was`; gives the whole file.

        Raises:
            BadInput: it is listed already, or what is to be changed is not.
            Conflict: the file changed on disk since it was last read here.
            Damaged, Unavailable: it cannot be read or written.
        """
        before = self._seen or self.read()
        listed = list(before.references)
        place = _place(listed, was) if was is not None else None
        if was is not None and place is None:
            raise _not_listed(was)
        there = _place(listed, reference.text)
        if there is not None and there != place:
            raise BadInput(
                f"“{listed[there].text}” is on the list already.",
                remedy="Change that one, or add another way to write it there.",
                place="text",
            )
        if place is None:
            listed.append(reference)
        else:
            listed[place] = reference
        return self._write(before, listed)

    def remove(self, text: str) -> str:
        """Take one off the list; gives the whole file.

        Raises:
            BadInput: it is not listed.
            Conflict: the file changed on disk since it was last read here.
            Damaged, Unavailable: it cannot be read or written.
        """
        before = self._seen or self.read()
        listed = list(before.references)
        place = _place(listed, text)
        if place is None:
            raise _not_listed(text)
        del listed[place]
        return self._write(before, listed)

    def _write(self, before: ReferencesRead, wanted: Sequence[Reference]) -> str:
        try:
            self._seen = write_references(self._folder, before, tuple(wanted))
        except Conflict:
            # The next look is at what stands there now.
            self._seen = None
            raise
        return self._seen.text


def read_references(folder: Path, known: ReferencesRead | None = None) -> ReferencesRead:
    """The list in a project's folder; an empty one where there is no file.

    Args:
        known: what was read before; given back where the file is still the same.

    Raises:
        Damaged: the file does not hold such a list; the place is its line.
        BadInput: a newer Studio Assist wrote it.
        Unavailable: it cannot be read.
    """
    file = folder / NAME
    if not file.exists():
        return ReferencesRead()
    data = read_bytes(file)
    digest = sha256_of(data)
    if known is not None and known.sha256 == digest:
        return known
    if len(data) > _MOST_BYTES:
        raise _FILE.damaged(file, "is far too large to be a list of works and people", None)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _FILE.damaged(file, "is not UTF-8 text", line) from error
    return ReferencesRead(references=_list_in(text, file), text=text, sha256=digest)


def references_in(text: str) -> tuple[Reference, ...]:
    """What a whole references.toml holds. Raises `Damaged` for what is none."""
    return _list_in(text, Path(NAME))


def write_references(folder: Path, before: ReferencesRead, wanted: tuple[Reference, ...]) -> ReferencesRead:
    """Write a list in place of the one that was read; gives what stands there now.

    Raises:
        Conflict: the file changed on disk since it was read. Nothing was written.
        Unavailable: the disk does not let it, or the file is written in a way that only a person can change.
    """
    file = folder / NAME
    if wanted == before.references:
        return before
    text = _changed(before.text, before.references, wanted)
    if text is None:
        raise Unavailable(
            f"{NAME} is laid out in a way that this program cannot change. Nothing was written.",
            remedy="Change the list in a text editor.",
            place=str(file),
        )

    def still_the_same() -> None:
        there = sha256_of(read_bytes(file)) if file.exists() else None
        if there != before.sha256:
            raise Conflict(
                "The list of works and people was changed by another program since it was read. "
                "Nothing was written.",
                remedy="Look at the list again, then make the change once more.",
                place=str(file),
            )

    data = text.encode("utf-8")
    write_atomic(file, data, guard=still_the_same)
    return ReferencesRead(references=wanted, text=text, sha256=sha256_of(data))


def _place(listed: Sequence[Reference], text: str) -> int | None:
    return next((at for at, one in enumerate(listed) if one.text.casefold() == text.casefold()), None)


def _not_listed(text: str) -> BadInput:
    return BadInput(
        f"“{text}” is not on the list of works and people.",
        remedy="Look at the list again; somebody may have changed it.",
        place="text",
    )


# Reading -------------------------------------------------------------------------------------------------


def _list_in(text: str, file: Path) -> tuple[Reference, ...]:
    found = _FILE.parsed(text, file)
    try:
        require_format(found)
        no_slips(found, _TOP)
        tables = found.get("reference", [])
        if not isinstance(tables, list):
            raise Wrong("writes a reference as “[reference]”; each one begins with “[[reference]]”")
        return _each(cast("list[object]", tables))
    except Wrong as wrong:
        raise _FILE.damaged(file, wrong.what, _FILE.line_of(text, wrong)) from wrong


def _each(tables: Sequence[object]) -> tuple[Reference, ...]:
    listed: dict[str, Reference] = {}
    for number, table in enumerate(tables, 1):
        if not isinstance(table, dict):
            raise Wrong("writes a reference as no table; each one begins with “[[reference]]”", number)
        one = _reference(cast("dict[str, object]", table), number)
        if one.text.casefold() in listed:
            raise Wrong(f"lists “{one.text}” twice", number, "text")
        listed[one.text.casefold()] = one
    return tuple(listed.values())


def _reference(table: Mapping[str, object], number: int) -> Reference:
    no_slips(table, _FIELDS, number)
    fields = {key: value for key, value in table.items() if key in _FIELDS}
    if fields.get("kind") not in _KINDS:
        raise Wrong(f"does not say what “{fields.get('text', '')}” is: {', '.join(_KINDS)}", number, "kind")
    if isinstance(aliases := fields.get("aliases"), list):
        fields["aliases"] = tuple(cast("list[object]", aliases))
    try:
        return Reference.model_validate(fields)
    except ValidationError as error:
        key = str(error.errors(include_url=False, include_input=False)[0]["loc"][0])
        raise Wrong(
            f"holds a reference whose {key} is missing, too short or too long", number, key
        ) from error


# Writing -------------------------------------------------------------------------------------------------


def _changed(text: str, before: Sequence[Reference], wanted: Sequence[Reference]) -> str | None:
    """The file with the wanted list in it, everything else as it was; None where that cannot be done.

    References are taken out, changed where they stand, and added at the end.
    """
    # Reading needs no more than the standard library; the writer is loaded by the first who writes.
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        gone = _gone(before, wanted)
        left = [one for place, one in enumerate(before) if place not in gone]
        shorter = _FILE.without(text, gone, len(before)) if gone else text
        if shorter is None:
            return None
        document = tomlkit.parse(shorter or _BEGINS)
        if "reference" not in document and wanted:
            document["reference"] = tomlkit.aot()
        tables: Any = document.get("reference", [])
        for place, (old, new) in enumerate(zip(left, wanted, strict=False)):
            _fill(tables[place], old, new)
        for new in wanted[len(left) :]:
            table = tomlkit.table()
            _fill(table, None, new)
            table.trivia.indent = "\n"
            tables.append(table)
        written = tomlkit.dumps(document)
        # What is written has to read back as what is wanted, whatever the file looked like before.
        return written if _list_in(written, Path(NAME)) == tuple(wanted) else None
    except (TOMLKitError, Damaged, KeyError, IndexError, TypeError, AttributeError, ValueError):
        return None


def _gone(before: Sequence[Reference], wanted: Sequence[Reference]) -> list[int]:
    """Places of what is to be taken out: as many as the list gets shorter, those whose text is gone first."""
    texts = {one.text.casefold() for one in wanted}
    return [place for place, one in enumerate(before) if one.text.casefold() not in texts][
        : max(0, len(before) - len(wanted))
    ]


def _fill(table: Any, old: Reference | None, new: Reference) -> None:
    for key in _FIELDS:
        value = getattr(new, key)
        if old is not None and getattr(old, key) == value:
            continue
        if value:
            table[key] = list(value) if key == "aliases" else value
        elif key in table:
            del table[key]
