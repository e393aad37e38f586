"""Forgetting a text: out of the record, out of the recovery copies, and what holds it still.

The record's entries stay, and it still verifies; what they committed to is gone for good. In the recovery
copies the text is blotted out in place, so that everything else in them can be brought back as before. The
script and the writer's own files are the writer's: that a text stands there is said, and no more.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.board_forgetting import ForgottenPictures
from studio_assist.broker.clear_forgetting import ForgottenClearances
from studio_assist.broker.session import Session
from studio_assist.domain.errors import BadInput, StudioError
from studio_assist.domain.pagination import Pagination
from studio_assist.domain.places import place_words
from studio_assist.domain.record import (
    CandidateMade,
    DecisionMade,
    Entry,
    Exported,
    Judged,
    NamesAnswered,
    PackMade,
    Presented,
    Requested,
    ScriptImported,
    SendApproved,
    SendRefused,
    SendSeconded,
    Sent,
    commitments,
)
from studio_assist.domain.temp import TempFile, TempSpan
from studio_assist.domain.values import EntryNumber, sha256_of
from studio_assist.interchange.fountain import parse
from studio_assist.storage.atomic import read_bytes, write_atomic
from studio_assist.storage.imports import FOLDER as IMPORTS
from studio_assist.storage.recovery import Autosave, Autosaves

#: Fewer signs than this stand in too many places by chance; they are looked for as whole lines only.
TOO_SHORT: Final = 12
#: A longer text is looked for as it is, sign by sign; a shorter one however its lines are broken.
_TOO_LONG: Final = 20_000
#: What stands in a recovery copy in place of each sign that was forgotten.
BLOT: Final = "█"
#: How many exports are named.
_MOST_EXPORTS: Final = 50
#: Larger files of a project are no scripts.
_LARGEST: Final = 32 * 2**20
#: Texts of scripts that came in and went out, which a merge compares with; see `storage.sent_scripts`.
_COMPARED: Final = (".base", ".sent")
#: Where no text of a person is: the record forgets by itself, the rest holds none.
_PASSED_OVER: Final = ("ledger.sqlite", "media", "certificates", "clearance", "recovery", "temp.json")


async def forget(session: Session, params: protocol.ForgetParams) -> protocol.Forgot:
    """Forget the texts of one entry, or say what forgetting would do.

    Raises:
        Refusal: the candidate still waits for a decision, or its words are still to be placed; the project is
            read-only here, or its record was altered.
        BadInput: no such entry, one without texts, or no reason given.
    """
    if not params.look_only and not params.why.strip():
        raise BadInput(
            "Forgetting needs a reason.",
            remedy="Say why in a few words; they stay in the record, so do not repeat the text.",
            place="why",
        )
    entry = session.ledger.entry(params.entry)
    texts = [held.content.decode("utf-8", "replace") for held in session.ledger.texts_of(entry.number)]
    search = _Search(session, entry, texts)
    pictures = ForgottenPictures(session, entry, texts)
    clearances = ForgottenClearances(session, entry)
    if params.look_only:
        still = await asyncio.to_thread(search.left)
        return protocol.Forgot(
            entry=None,
            texts=len(texts),
            named_by=search.named_by,
            cleaned=(),
            still_in=(*still, *pictures.left(), *clearances.left()),
        )
    _not_repeated(params.why, texts)
    key = await session.introduced(params.person)
    async with session.unread():
        # It looks through the whole file for what the database may have left of a text.
        done = await asyncio.to_thread(
            session.ledger.forget,
            entry.number,
            why=params.why.strip(),
            person=params.person.id,
            at=session.now(),
            signer=key,
        )
    session.forgot(len(done.commitments))
    cleaned, failed = await asyncio.to_thread(search.clean)
    removed, kept = pictures.clean()
    removed = (*removed, *clearances.clean())
    still = [
        *await asyncio.to_thread(search.left),
        *failed,
        *pictures.left(),
        *kept,
        *clearances.left(),
    ]
    if done.traces:
        still.append(protocol.Holding(file="ledger.sqlite", where=done.traces, sure=False))
    session.checkpoint_now(params.person)
    return protocol.Forgot(
        entry=done.entry.number,
        texts=len(done.commitments),
        named_by=done.named_by,
        cleaned=(*cleaned, *removed),
        still_in=tuple(still),
    )


class _Search:
    """Looks for an entry's texts in the files of its project."""

    def __init__(self, session: Session, entry: Entry, texts: Sequence[str]) -> None:
        self._session: Final = session
        self._folder: Final = session.folder
        self._patterns: Final = [pattern for text in texts if (pattern := _pattern(text))]
        self._related: Final = _related(session, entry)
        self._outside: Final = (*_sendings(session, entry), *_exports(session, entry, self._related))
        self.named_by: Final = tuple(sorted({entry.number, *(one.number for one in self._related)}))

    # methods

    def left(self) -> tuple[protocol.Holding, ...]:
        """What holds the texts still: files of the project, and what went out of it."""
        return (*self._in_files(), *self._in_temp(), *self._in_recovery(), *self._outside)

    def clean(self) -> tuple[tuple[str, ...], list[protocol.Holding]]:
        """Blot the texts out of the recovery copies. Gives those, and the ones that could not be written."""
        cleaned: list[str] = []
        failed: list[protocol.Holding] = []
        for file in self._copies():
            try:
                if self._clean(file):
                    cleaned.append(self._name(file))
            except StudioError as error:
                failed.append(protocol.Holding(file=self._name(file), where=error.message))
        return tuple(cleaned), failed

    # internals

    def _in_files(self) -> Iterator[protocol.Holding]:
        sources = sorted((self._folder.path / IMPORTS).glob("*.source"))
        for file in (*sorted(self._folder.path.iterdir()), *sources):
            known = any(file.name.startswith(name) for name in _PASSED_OVER)
            if known or not file.is_file() or file.stat().st_size > _LARGEST:
                continue
            text = read_bytes(file).decode("utf-8", "replace")
            for start, _ in self._found(text):
                where = _place(text, start) if file.suffix == ".fountain" else ""
                yield protocol.Holding(file=self._name(file), where=where)

    def _in_temp(self) -> Iterator[protocol.Holding]:
        """temp.json holds no words, but a plain hash of a span's words, by which a short line is guessed."""
        decided = {one.number for one in self._related if isinstance(one.body, DecisionMade)}
        try:
            file = self._folder.load_temp(TempFile)
        except StudioError:
            return
        for span in file.spans if isinstance(file, TempFile) else ():
            if span.entry in decided:
                where = f"the hash of the temp text of decision {span.entry}, by which it could be guessed"
                yield protocol.Holding(file=self._folder.temp_path.name, where=where)

    def _in_recovery(self) -> Iterator[protocol.Holding]:
        for file in self._copies():
            if any(True for _ in self._found(_text_in(file))):
                yield protocol.Holding(file=self._name(file))

    def _copies(self) -> list[Path]:
        recovery = self._folder.recovery_path
        compared = [
            file for suffix in _COMPARED for file in sorted((self._folder.path / IMPORTS).glob(f"*{suffix}"))
        ]
        return [*self._folder.previous_scripts(), *sorted(recovery.glob("autosave-*.json")), *compared]

    def _clean(self, file: Path) -> bool:
        if file.suffix == ".json":
            return self._clean_autosave(file)
        text = read_bytes(file).decode("utf-8", "surrogateescape")
        found = list(self._found(text))
        if found and file.suffix in _COMPARED:
            # It goes by its hash, so no part of it can be blotted out; a merge does without.
            file.unlink()
        elif found:
            write_atomic(file, _blotted(text, found).encode("utf-8", "surrogateescape"))
        return bool(found)

    def _clean_autosave(self, file: Path) -> bool:
        kept = Autosaves.read(file)
        if kept is None or not (found := list(self._found(kept.text))):
            return False
        text = _blotted(kept.text, found)
        spans = tuple(_at(span, text) for span in TempFile.model_validate_json(kept.spans_json).spans)
        blotted = Autosave(
            key=kept.key,
            title=kept.title,
            text=text,
            spans_json=TempFile(spans=spans).model_dump_json(),
            base=kept.base,
            at=kept.at,
        )
        Autosaves(file.parent, kept.session).save(blotted)
        return True

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        for pattern in self._patterns:
            for match in pattern.finditer(text):
                yield match.span()

    def _name(self, file: Path) -> str:
        return file.relative_to(self._folder.path).as_posix()


def _pattern(text: str) -> re.Pattern[str] | None:
    """What finds a text, also where its lines are broken otherwise. None for one without a word."""
    words = text.split()
    if not words:
        return None
    if len(text) > _TOO_LONG:
        return re.compile(re.escape(text.strip()))
    found = r"\s+".join(map(re.escape, words))
    return re.compile(rf"(?m)^[ \t]*{found}[ \t]*$" if len(text.strip()) < TOO_SHORT else found)


def _blotted(text: str, found: Sequence[tuple[int, int]]) -> str:
    """The same text, sign for sign, but for the passages that were found: offsets into it stay true."""
    for start, end in found:
        text = text[:start] + re.sub(r"\S", BLOT, text[start:end]) + text[end:]
    return text


def _at(span: TempSpan, text: str) -> TempSpan:
    words = text[span.start : span.end]
    return span.model_copy(update={"quote": sha256_of(words)}) if BLOT in words else span


def _text_in(file: Path) -> str:
    if file.suffix == ".json":
        kept = Autosaves.read(file)
        return kept.text if kept else read_bytes(file).decode("utf-8", "replace")
    return read_bytes(file).decode("utf-8", "replace")


def _place(text: str, offset: int) -> str:
    script = parse(text)
    return place_words(script, Pagination(script), offset)


def _related(session: Session, entry: Entry) -> list[Entry]:
    """The entries that speak of the same texts."""
    match entry.body:
        case CandidateMade() | Presented() | DecisionMade() as body:
            kinds = ("candidate", "presented", "decision")
            return session.ledger.entries(type=kinds, candidate=body.candidate, limit=1000)
        case Judged() | SendApproved() | SendSeconded() | SendRefused() | Sent() as body:
            kinds = ("judged", "send_approved", "send_seconded", "send_refused", "sent")
            about = session.ledger.entries(type=kinds, request=body.request, limit=1000)
            return [one for one in about if body.envelope in commitments(one.body)]
        case _:
            return [entry]


def _sendings(session: Session, entry: Entry) -> Iterator[protocol.Holding]:
    """Where else the words of a request stand: in what was to be sent, and with whoever got it."""
    body = entry.body
    match body:
        case Requested() | CandidateMade() | NamesAnswered():
            envelope = None
        case Judged() | SendApproved() | SendSeconded() | SendRefused() | Sent():
            envelope = body.envelope
        case _:
            return
    # A candidate came from whoever was asked; what they were sent does not hold it.
    kinds = ("sent",) if isinstance(body, CandidateMade) or envelope else ("judged", "sent")
    kept: set[str] = set()
    for one in session.ledger.entries(type=kinds, request=body.request, limit=1000):
        match one.body:
            case Judged() as judged if (
                judged.envelope not in kept and session.ledger.content_bytes(judged.envelope) is not None
            ):
                kept.add(judged.envelope)
                where = f"what was to be sent, names replaced; forget entry {one.number} too"
                yield protocol.Holding(file="ledger.sqlite", where=where, sure=False)
            case Sent() as sent if envelope in (None, sent.envelope):
                when = f"{one.at.astimezone():%Y-%m-%d %H:%M}, entry {one.number}"
                was = "asked" if isinstance(body, CandidateMade) else "sent"
                yield protocol.Holding(file=sent.origin, where=f"{was} {when}", sure=envelope is not None)
            case _:
                pass


def _exports(session: Session, entry: Entry, related: Sequence[Entry]) -> Iterator[protocol.Holding]:
    """What went out of the project while a text may have stood in the script."""
    decided = [one.number for one in related if isinstance(one.body, DecisionMade)]
    placed: list[EntryNumber] = []
    for number in decided:
        placed += [one.number for one in session.ledger.entries(type="placed", decision=number, limit=1)]
    in_script = isinstance(entry.body, ScriptImported) or (
        isinstance(entry.body, Requested) and entry.body.anchor is not None
    )
    # Nothing went out with a text that never stood in the script.
    first = min(placed, default=0) if placed or in_script else None
    wrote = session.ledger.entries(type=("exported", "pack_made"), newest_first=True, limit=_MOST_EXPORTS)
    named = {entry.number, *(one.number for one in related)}
    for one in wrote:
        when = f"{one.at.astimezone():%Y-%m-%d %H:%M}, entry {one.number}"
        match one.body:
            case Exported(name=name) if first is not None and one.number > first:
                yield protocol.Holding(file=name, where=f"exported {when}", sure=False)
            case PackMade(disclosed=disclosed) if named & set(disclosed):
                yield protocol.Holding(file="a pack that was handed out", where=f"made {when}")
            case _:
                pass


def _not_repeated(why: str, texts: Sequence[str]) -> None:
    for text in texts:
        pattern = _pattern(text)
        if pattern is not None and pattern.search(why):
            raise BadInput(
                "The reason repeats the text that is to be forgotten.",
                remedy="Give a reason without it: the reason stays in the record.",
                place="why",
            )
