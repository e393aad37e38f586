"""Temp text that comes in with a script: what its marks name, and what a model offered here, stays temp.

A passage that no span of the project covers becomes one, by entries of its own: that it came up in the file,
and that it was let in with it. That is recorded as automated, for no person decided on it by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from studio_assist import protocol
from studio_assist.broker.session import Session, new_request_id, spans_in
from studio_assist.domain import record
from studio_assist.domain.people import Person
from studio_assist.domain.temp import TempSpan, is_telling
from studio_assist.domain.values import CandidateId
from studio_assist.gate.verdict import HERE
from studio_assist.ledger import Contents, Ledger
from studio_assist.marks.incoming_text import marked_passages, notes_in, without_notes
from studio_assist.marks.text import read_marks, strip_marks

Range = tuple[int, int]

#: What the record calls the request of a script that came in with temp text.
TASK: Final = "import"


def without_known_marks(text: str, script: str, spans: Sequence[TempSpan]) -> str:
    """A temp export of this project that came back, without its marks; any other text as it is.

    Only where each passage that it marks is temp here too: then nothing is lost with the marks.
    """
    marks = read_marks(text)
    if marks is None or not marks.whole or marks.listed:
        return text
    known = {
        (span.entry, script[span.start : span.end].strip()) for span in spans if span.state == "anchored"
    }
    words = {text[start:end] for start, end in marked_passages(text)}
    entries = {*marks.begins}
    if not words <= {said for entry, said in known if entry in entries}:
        return text
    bare = strip_marks(text)
    return text if marked_passages(bare) else bare


def without_sent_marks(text: str, sent: str) -> str:
    """A text without the marks that an export of ours put into it; other marks stay.

    Args:
        sent: the export, whose marks they are.
    """
    marks = read_marks(text)
    bare = strip_marks(text) if marks is not None and marks.whole else text
    return without_notes(bare, notes_in(sent))


def temp_in(ledger: Ledger, before: protocol.ProjectState, text: str) -> tuple[Range, ...]:
    """The ranges of a text that is to be the script which are temp, and which no span of the project covers.

    For a thread.

    Args:
        before: the project as it stands now.
    """
    covered = [(span.start, span.end) for span in spans_in(before, text) if span.state == "anchored"]
    found: list[Range] = []
    for start, end in sorted((*marked_passages(text), *_offered_here(ledger, text, before.script))):
        if not any(low < end and start < high for low, high in (*covered, *found)):
            found.append((start, end))
    return tuple(found)


def as_temp(
    session: Session, text: str, ranges: Sequence[Range], name: str, person: Person
) -> tuple[TempSpan, ...]:
    """A span for each range, with its story in the record; `Session.take_in` puts them into the script.

    Args:
        name: of the file.
    """
    if not ranges:
        return ()
    request, texts = new_request_id(), Contents()
    asked = record.Requested(
        request=request,
        task=TASK,
        backend="file",
        model=f"File {name}"[:200],
        where="here",
        scene=None,
        anchor=None,
        prompt=texts.add(name),
        note=None,
        count=min(1000, len(ranges)),
        seed=None,
        settings={},
    )
    session.append(asked, contents=texts, person=person, durable=False)
    session.append(
        record.VerdictGiven(request=request, verdict=HERE.verdict, rules=HERE.rules), durable=False
    )
    spans: list[TempSpan] = []
    for index, (start, end) in enumerate(ranges):
        texts, words = Contents(), text[start:end]
        made = record.CandidateMade(
            request=request,
            candidate=CandidateId(f"{request}-{index + 1}"),
            index=index,
            content=texts.add(words),
            state="ready",
            why=None,
            tokens=0,
            ms=0,
            seed=None,
        )
        session.append(made, contents=texts, durable=False)
        shown = record.Presented(candidate=made.candidate, content=made.content)
        session.append(shown, person=person, durable=False)
        decision = record.DecisionMade(
            # Nobody decided on it word by word here: it came in with the file, and the record says so.
            automated=True,
            candidate=made.candidate,
            content=made.content,
            kept_permille=1000,
            outcome="accepted",
            placement=record.Placement(kind="import", start=start, length=len(words)),
            redo_of=None,
            result=made.content,
        )
        entry = session.append(decision, person=person, durable=index == len(ranges) - 1)
        spans.append(session.story.span_of(entry, decision, words))
    session.append(record.RequestEnded(request=request, state="done", why=None, dropped=()), durable=False)
    return tuple(spans)


def told_of(count: int) -> list[str]:
    """What a person should know of passages that came in as temp, in a sentence."""
    if not count:
        return []
    passages = f"{count} passage{'s' * (count != 1)}"
    return [f"{passages} of this file came in as temp: marked as AI there, or offered here by a model."]


def _offered_here(ledger: Ledger, text: str, before: str) -> Iterator[Range]:
    """Where the text has words that a model offered in this project and that were not in the script."""
    is_dos = "\r\n" in text
    for offered in ledger.candidate_texts():
        words = offered.strip()
        if is_dos:
            words = words.replace("\n", "\r\n")
        if is_telling(words) and words not in before:
            for found in re.finditer(re.escape(words), text):
                yield found.span()
