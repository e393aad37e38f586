"""One look through one request: the steps of `inspect`, with a bound on how much is decoded.

A field's text is matched as it is; then what is hidden or encoded in it is decoded and looked at in the same
way, down to `DEEPEST` layers and `MOST_DECODED` characters in all. What is past either is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from studio_assist.domain.names import Answers, NameKind
from studio_assist.domain.values import sha256_of
from studio_assist.gate.bodies import Field
from studio_assist.gate.containers import is_picture, parts
from studio_assist.gate.encodings import PARTIAL, Run, runs, unreadable
from studio_assist.gate.findings import Action, Finding, Kind
from studio_assist.gate.first_letters import acrostics
from studio_assist.gate.hidden import hidden_runs, mixed_words
from studio_assist.gate.keys import keys
from studio_assist.gate.lexicon import Entry, Form, Lexicon
from studio_assist.gate.matching import Hit, How, Spans, Sure, find
from studio_assist.gate.near import NearNames
from studio_assist.gate.normalise import View
from studio_assist.gate.personal import shapes
from studio_assist.gate.readable import readable
from studio_assist.gate.tokens import Tokens
from studio_assist.gate.unknown import possible_names

#: Layers of encoding that are opened; a deeper one blocks.
DEEPEST: Final = 4
#: So many characters are looked through behind encodings; more block.
MOST_DECODED: Final = 8 * 2**20
#: At a seam between two fields so much of either is looked at.
_SEAM: Final = 96
_MIXED: Final = "letters of two alphabets"
_UNSEEN: Final = "a picture that was not looked at"
_TOO_DEEP: Final = f"more than {DEEPEST} layers of encoding"


class Look:
    """What one inspection works with. Used once."""

    def __init__(self, lexicon: Lexicon, answers: Answers, near: NearNames, tokens: Tokens | None) -> None:
        self.lexicon: Final = lexicon
        self.answers: Final = answers
        self._near = near
        self._tokens = tokens
        self._left = MOST_DECODED
        self._decoded: dict[tuple[str, str, str, int], list[Finding]] = {}

    def fields(self, fields: Sequence[Field], leaving: bool) -> Iterator[Finding]:
        """All fields of one request, and what they spell together."""
        found: list[Finding] = []
        seen: dict[str, list[Finding]] = {}
        for field in fields:
            if isinstance(field.content, bytes):
                found += self._bytes(field.content, field.where, 0, None)
            elif field.content in seen:
                found += [one._replace(where=field.where) for one in seen[field.content]]
            else:
                mine = list(self.text(field.content, field.where, leaving))
                seen[field.content] = mine
                found += mine
        yield from found
        yield from self._seams([one for one in fields if not one.is_key])

    def text(
        self, text: str, where: str, leaving: bool, depth: int = 0, outer: tuple[int, int] | None = None
    ) -> Iterator[Finding]:
        """One text. `outer`: the slice of the field that it was decoded from."""
        if depth > 0:
            self._left -= len(text)
            if self._left < 0:
                yield _refused("more than can be looked through", where, outer or (0, 0))
                return
        found: list[Finding] = []
        taken = Spans()
        view = View(text)
        hits = find(view, self.lexicon, self.answers)
        advised: set[int] = set()
        for hit in hits:
            taken.add(hit.start, hit.end)
            if hit.sure is Sure.ADVISE:
                # One remark a name is enough: "will" stands in every other sentence.
                if hit.entry.entity.number in advised:
                    continue
                advised.add(hit.entry.entity.number)
            found.append(_of_hit(hit, text, where, leaving or depth > 0))
        stand_ins = list(self._tokens.spans(text)) if self._tokens else []
        for span in stand_ins:
            taken.add(*span)
        found += self._doubtful(view, text, where, taken)
        opened = list(self._opened(view, where, depth))
        for one in opened:
            if one.action is Action.BLOCKED:
                taken.add(one.start, one.end)
        found += opened
        found += self._shaped(view, where, taken, Spans(stand_ins))
        if depth == 0:
            found += self._possible(view, text, where, taken)
        found.sort(key=lambda one: (one.start, -one.end))
        if outer is None:
            yield from found
        else:
            yield from (one._replace(start=outer[0], end=outer[1]) for one in found if _matters_inside(one))

    def _doubtful(self, view: View, text: str, where: str, taken: Spans) -> Iterator[Finding]:
        for how, doubtful in (
            (How.NEAR, self._near.slips(view)),
            (How.LEET, self._near.leet(view)),
            (How.ACROSTIC, acrostics(view, self.lexicon)),
        ):
            for start, end, entry in doubtful:
                if how is not How.ACROSTIC and taken.touches(start, end):
                    continue
                if not self.answers.is_word(text[start:end]):
                    if how is not How.ACROSTIC:
                        taken.add(start, end)
                    yield _ask(entry, how, where, start, end, text)
        if "." in text:
            advised: set[str] = set()
            for match in _INITIALS.finditer(view.plain):
                start, end = view.source_span(*match.span())
                entity = self.lexicon.initials.get("".join(filter(str.isalpha, match[0])).lower())
                if entity and match[0] not in advised and not taken.touches(start, end):
                    advised.add(match[0])
                    yield Finding(
                        where, Kind.NAME, Action.ADVISE, How.INITIALS.value, start, end, match[0], entity.text
                    )  # fmt: skip

    def _opened(self, view: View, where: str, depth: int) -> Iterator[Finding]:
        """What is hidden or encoded in a text."""
        text = view.source
        for start, end, how, inner in hidden_runs(text):
            if inner and depth >= DEEPEST:
                yield _refused(_TOO_DEEP, where, (start, end))
            elif inner:
                yield from self.text(inner, f"{where}, {how}", True, depth + 1, (start, end))
            if how != "turned round":
                yield Finding(
                    where, Kind.HIDDEN, Action.HOLD, how, start, end,
                    text[start:end].encode("unicode_escape").decode(),
                    question="Here are characters that nobody can see. Send them?",
                )  # fmt: skip
        for start, end in mixed_words(view):
            yield Finding(
                where, Kind.HIDDEN, Action.HOLD, _MIXED, start, end, text[start:end],
                question=f"“{text[start:end]}” mixes two alphabets. Send it?",
            )  # fmt: skip
        for start, end in unreadable(view):
            yield Finding(
                where, Kind.OPAQUE, Action.HOLD, "unreadable", start, end, _digest(text[start:end]),
                question=f"{end - start:,} characters here cannot be read as words. Send them?",
            )  # fmt: skip
        for run in runs(view):
            yield from self._run(run, text, where, depth)

    def _shaped(self, view: View, where: str, taken: Spans, stand_ins: Spans) -> Iterator[Finding]:
        """Keys and personal data."""
        for key in keys(view):
            if key.known and not stand_ins.touches(key.start, key.end):
                # Never shown: a finding goes into the record.
                yield Finding(where, Kind.SECRET, Action.BLOCKED, key.what, key.start, key.end, "")
            elif not key.known and not taken.touches(key.start, key.end):
                yield Finding(
                    where, Kind.OPAQUE, Action.HOLD, key.what, key.start, key.end,
                    _digest(view.source[key.start : key.end]),
                    question=f"This looks like {key.what}. Send it?",
                )  # fmt: skip
        for shape in shapes(view):
            written = view.source[shape.start : shape.end]
            # An address with a name in it is an address still, also once the name is a stand-in.
            if not taken.covers(shape.start, shape.end):
                yield Finding(
                    where, shape.kind, Action.HOLD, shape.what, shape.start, shape.end, written,
                    question=f"This looks like {shape.what}. May it leave?", person=True,
                )  # fmt: skip

    def _run(self, run: Run, text: str, where: str, depth: int) -> Iterator[Finding]:
        inside = f"{where}, {run.how}"
        if depth >= DEEPEST:
            if run.how not in ("character codes", "HTML entities", "hexadecimal", "base32"):
                yield _refused(_TOO_DEEP, where, (run.start, run.end))
        elif isinstance(run.data, str) and run.how not in PARTIAL:
            # An ordinary word that happens to decode stands in a script a hundred times.
            key = where, run.how, run.data, depth
            if key not in self._decoded:
                self._decoded[key] = list(self.text(run.data, inside, True, depth + 1, (run.start, run.end)))
            for one in self._decoded[key]:
                yield one._replace(start=run.start, end=run.end)
        elif isinstance(run.data, str):
            raw = View(text[run.start : run.end])
            open_ = Counter[str | None](
                hit.entry.entity.text
                for hit in find(raw, self.lexicon, self.answers)
                if hit.sure is Sure.SURE
            )
            for one in self.text(run.data, inside, True, depth + 1, (run.start, run.end)):
                if one.kind is Kind.NAME and open_[one.term] > 0:
                    open_[one.term] -= 1
                else:
                    yield one
        else:
            yield from self._bytes(run.data, inside, depth + 1, (run.start, run.end))

    def _bytes(self, data: bytes, where: str, depth: int, outer: tuple[int, int] | None) -> Iterator[Finding]:
        """Bytes that are no text of a field: a container, a picture's own texts, or noise."""
        start, end = outer or (0, len(data))
        content = readable(data)
        if isinstance(content, str):
            yield from self.text(content, where, True, max(1, depth), (start, end))
            return
        if depth > DEEPEST:
            yield _refused(_TOO_DEEP, where, (start, end))
            return
        if content is None:
            yield Finding(
                where, Kind.OPAQUE, Action.HOLD, "unreadable", start, end, _digest(data),
                question=f"{len(data):,} bytes here cannot be read. Send them?",
            )  # fmt: skip
            return
        for part in parts(data):
            inside = f"{where}, {part.how}" + (f", {part.name}" if part.name else "")
            if part.data is None:
                yield _refused(part.trouble, where, (start, end))
            elif is_picture(data):
                # Those that were checked are cut out before (`body_pictures`); nobody has looked at this one.
                yield _refused(_UNSEEN, where, (start, end))
                # Letters in compressed pixels come together by chance: only whole words of some length count.
                text = part.data.decode("utf-8", "replace")
                for hit in find(View(text), self.lexicon, self.answers):
                    if hit.sure is Sure.SURE and len(hit.entry.key) > 4:
                        yield _of_hit(hit, text, inside, True)._replace(start=start, end=end)
            else:
                if part.name:
                    yield from self.text(part.name, f"{inside}, file name", True, depth + 1, (start, end))
                if part.data.strip():
                    yield from self._bytes(part.data, inside, depth + 1, (start, end))

    def _possible(self, view: View, text: str, where: str, taken: Spans) -> Iterator[Finding]:
        for start, end in possible_names(view, taken.touches):
            written = " ".join(text[start:end].split())
            yield Finding(
                where, Kind.POSSIBLE_NAME, Action.HOLD, "in no list", start, end, written,
                question=f"Is “{written}” a name?", lasting=True,
            )  # fmt: skip

    def _seams(self, fields: Sequence[Field]) -> Iterator[Finding]:
        """Names cut over fields that follow each other, all of them and those of one kind."""
        groups: dict[str, list[Field]] = {"": [one for one in fields if isinstance(one.content, str)]}
        for one in list(groups[""]):
            # A key of no letters at all is a group too: it is the one of all fields then, once.
            if one.group:
                groups.setdefault(one.group, []).append(one)
        told: set[tuple[str, str]] = set()
        for group in groups.values():
            if len(group) < 2:
                continue
            joined, seams = _joined(group)
            for hit in find(View(joined), self.lexicon, self.answers):
                crossed = [at for at in seams if hit.start < at < hit.end]
                if not crossed or hit.sure is Sure.ADVISE:
                    continue
                where = seams[crossed[0]]
                name = hit.entry.entity.text
                if (where, name) not in told:
                    told.add((where, name))
                    written = " ".join(joined[hit.start : hit.end].split())
                    yield Finding(
                        where, Kind.NAME, Action.HOLD, How.SPREAD.value, 0, 0, written, name,
                        question=f"Several fields together spell {name}. Send them?",
                        person=_is_person(hit.entry),
                    )  # fmt: skip


#: Initials, but for what a script abbreviates so itself.
#: What stands before is asked after the first letter: a pattern that begins with one is found much faster.
_INITIALS: Final = re.compile(
    r"[A-Z]\.(?<![\w.]..)(?!(?<=V\.)O\.|(?<=O\.)[SC]\.|(?<=P\.)O\.V|(?<=[AP]\.)M\.) ?(?:[A-Z]\. ?){1,3}(?!\w)"
)


def _of_hit(hit: Hit, text: str, where: str, leaving: bool) -> Finding:
    written = text[hit.start : hit.end]
    name = hit.entry.entity.text
    match hit.sure:
        case Sure.SURE:
            action = Action.BLOCKED if leaving else Action.REPLACED
            return Finding(
                where, Kind.NAME, action, hit.how.value, hit.start, hit.end, written, name,
                person=_is_person(hit.entry),
            )  # fmt: skip
        case Sure.ASK:
            return _ask(hit.entry, hit.how, where, hit.start, hit.end, text)
        case Sure.ADVISE:
            return Finding(where, Kind.NAME, Action.ADVISE, hit.how.value, hit.start, hit.end, written, name)


def _ask(entry: Entry, how: How, where: str, start: int, end: int, text: str) -> Finding:
    name, written = entry.entity.text, " ".join(text[start:end].split())
    match how:
        case How.WORD:
            question, lasting = f"Is “{written}” the {entry.entity.kind.value} here, or the word?", False
        case How.ACROSTIC:
            question, lasting = f"The first letters here spell {name}. Send it so?", False
            written = written[:80]
        case _:
            question, lasting = f"“{written}” may be {name}, {how.value}. Is it?", True
    return Finding(
        where, Kind.NAME, Action.HOLD, how.value, start, end, written, name, question, lasting,
        _is_person(entry),
    )  # fmt: skip


def _refused(why: str, where: str, span: tuple[int, int]) -> Finding:
    return Finding(where, Kind.CONTAINER, Action.BLOCKED, why, *span, "")


def _digest(content: str | bytes) -> str:
    """What stands for data that is not shown: an answer about it is about this data and no other."""
    return f"sha256 {sha256_of(content)[:16]}"


def _is_person(entry: Entry) -> bool:
    return entry.entity.kind is NameKind.PERSON and entry.form is not Form.ROT13


def _matters_inside(finding: Finding) -> bool:
    """Within an encoding remarks and slips of the keys are noise; what is sure, or a person's, is not."""
    return finding.action is Action.BLOCKED or (
        finding.action is Action.HOLD
        and finding.kind is not Kind.POSSIBLE_NAME
        and finding.how not in (How.NEAR.value, _MIXED)
    )


def _joined(fields: Sequence[Field]) -> tuple[str, dict[int, str]]:
    """The fields' texts, long ones by their ends; and by offset, where two meet, the later one's place."""
    pieces: list[str] = []
    seams: dict[int, str] = {}
    length = 0
    for field in fields:
        content = field.content if isinstance(field.content, str) else ""
        if len(content) > 2 * _SEAM:
            content = content[:_SEAM] + "\n\n=\n\n" + content[-_SEAM:]
        if not content:
            continue
        if pieces:
            seams[length] = field.where
        pieces.append(content)
        length += len(content) + 1
    return "\n".join(pieces), {at: where for at, where in seams.items() if at}
