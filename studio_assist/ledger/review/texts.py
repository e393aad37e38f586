"""What a search finds an entry by: the words that people and models wrote, as long as they are not forgotten.

Of a request: the note beside it and the passage it was about; not the whole prompt, which is mostly the
task's own wording. Of a candidate: its text too. Of a decision: the candidate's text, and what became of it.
Of what was blocked, refused or sent: the request's words. A word stands in the table in no other form than in
these texts, so that a text is gone once its words are taken out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final, cast

from studio_assist.domain import record
from studio_assist.domain.record import Entry
from studio_assist.ledger.review.books import Books
from studio_assist.ledger.review.source import LONGEST, Source

_MOST: Final = 20_000


class Texts:
    """Puts together the words of entries."""

    def __init__(self, source: Source, books: Books) -> None:
        self._source: Final = source
        self._books: Final = books
        self._about: dict[str, str] = {}

    def words_of(self, entry: Entry) -> str:
        """What a search finds an entry by; "" where it has no words."""
        text = self._source.text
        match entry.body:
            case record.Requested() as body:
                if len(self._about) > _MOST:
                    self._about.clear()
                self._about[body.request] = about = self._told(body)
                return about
            case record.CandidateMade() as body:
                return _joined((_unless_picture(text(body.content)), self._of(body.request)))
            case record.DecisionMade() as body:
                texts = [_unless_picture(text(body.content))]
                if body.result not in (None, body.content):
                    texts.append(text(body.result))
                return _joined((*texts, self._of_candidate(body.candidate)))
            case record.VerdictGiven() | record.Judged() as body:
                return self._of(body.request) if body.verdict == "blocked" else ""
            case record.SendRefused() | record.Sent() as body:
                return self._of(body.request)
            case record.Replaced() as body:
                return text(body.result)
            case (
                record.ContactTold()
                | record.ClearanceSent()
                | record.ClearanceApproved()
                | record.ConsentRecorded()
            ) as body:
                return _joined(_strings(text(body.content)))
            case record.HandedOver() as body:
                return text(body.recipient)
            case record.Recovered() as body:
                return body.what
            case _:
                return ""

    def forget(self) -> None:
        """Keep nothing that was read before."""
        self._about.clear()

    # internals

    def _told(self, body: record.Requested) -> str:
        quote = self._source.text(body.anchor.quote) if body.anchor else ""
        return _joined((self._source.text(body.note), quote))

    def _of(self, request: str) -> str:
        if request not in self._about:
            asked = self._source.asked(request)
            self._about[request] = self._told(asked) if asked else ""
        return self._about[request]

    def _of_candidate(self, candidate: str) -> str:
        offered = self._books.candidate(candidate)
        asked = self._books.request_by(offered.request) if offered else None
        return self._of(asked.request) if asked else ""


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(filter(None, texts))[:LONGEST]


def _unless_picture(text: str) -> str:
    """A picture's content is JSON of hashes."""
    return "" if text.startswith('{"picture":') else text


def _strings(text: str) -> Iterator[str]:
    """Every text inside a JSON document."""
    try:
        waiting = [cast("object", json.loads(text))] if text else []
    except (ValueError, RecursionError):
        return
    while waiting:
        match waiting.pop():
            case str() as found:
                yield found
            case dict() as found:
                waiting.extend(cast("dict[str, object]", found).values())
            case list() as found:
                waiting.extend(cast("list[object]", found))
            case _:
                pass
