"""What one request says to a host: names replaced on the way out, and put back in the answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing
from typing import Final

from studio_assist.domain.generation import Delta, Event, Failed, Finished, Message, Prompt, TextRequest
from studio_assist.domain.names import Answers, NameTerm
from studio_assist.gate.findings import Inspection
from studio_assist.gate.inspect import Inspector
from studio_assist.gate.lexicon import Lexicon
from studio_assist.gate.replace import replace
from studio_assist.gate.restore import Report, Restorer
from studio_assist.gate.tokens import Tokens


class NameDesk:
    """The names of one open project, ready to be looked for: built when the list of names changes."""

    def __init__(self) -> None:
        #: One table of stand-ins a session: a name has the same one in all its requests.
        self.tokens: Final = Tokens()
        self._terms: tuple[NameTerm, ...] | None = None
        self._inspector: Inspector | None = None

    def inspector(self, terms: tuple[NameTerm, ...], answers: Answers) -> Inspector:
        """An inspector for these names and answers. Takes 60 ms for 1,000 names that are new."""
        if self._inspector is None or self._terms != terms:
            self._inspector = Inspector(Lexicon(terms), answers, self.tokens)
            self._terms = terms
        return self._inspector.answered(answers)


class Outgoing:
    """One request as it leaves.

    Attributes:
        asked: with the real names; `request` is the one that a backend gets.
        draft: what was found in the person's words.
        report: how the stand-ins came back, over all choices that have ended.
    """

    def __init__(self, asked: TextRequest, inspector: Inspector, tokens: Tokens) -> None:
        self.asked: Final = asked
        self.inspector: Final = inspector
        self.tokens: Final = tokens
        self.draft: Final[Inspection] = inspector.texts(list(_texts(asked)))
        self.request: Final = self._replaced(asked)
        self.report: Final = Report()
        self._restorers: dict[int, Restorer] = {}

    async def restored(self, stream: AsyncGenerator[Event]) -> AsyncGenerator[Event]:
        """The stream with the names back. What may still become a stand-in is held back until it is one."""
        async with aclosing(stream):
            async for event in stream:
                match event:
                    case Delta():
                        text = self._restorer(event.index).feed(event.text)
                        if text:
                            yield Delta(index=event.index, text=text)
                    case Finished() | Failed():
                        ended = (event.index,) if event.index is not None else tuple(self._restorers)
                        for rest in self._close(ended):
                            yield rest
                        yield event

    def flush(self) -> list[Delta]:
        """What was held back when a person stopped the answer."""
        return self._close(tuple(self._restorers))

    # internals

    def _restorer(self, index: int) -> Restorer:
        if index not in self._restorers:
            self._restorers[index] = Restorer(self.tokens)
        return self._restorers[index]

    def _close(self, indices: Iterable[int]) -> list[Delta]:
        rests: list[Delta] = []
        for index in indices:
            restorer = self._restorers.pop(index, None)
            if restorer is None:
                continue
            text = restorer.close()
            if text:
                rests.append(Delta(index=index, text=text))
            self.report.clean += restorer.report.clean
            self.report.mended += restorer.report.mended
            self.report.unknown += restorer.report.unknown
        return rests

    def _replaced(self, asked: TextRequest) -> TextRequest:
        prompts = tuple(
            Prompt(
                text=self._out(prompt.text),
                messages=tuple(
                    Message(role=message.role, text=self._out(message.text)) for message in prompt.messages
                ),
            )
            for prompt in asked.prompts
        )
        return asked.model_copy(update={"prompts": prompts})

    def _out(self, text: str) -> str:
        return replace(text, self.inspector.lexicon, self.tokens, self.inspector.answers).text


def _texts(request: TextRequest) -> Iterator[tuple[str, str]]:
    """Every text of a request, as (where, text); what several prompts share is looked at once."""
    seen: set[str] = set()
    for number, prompt in enumerate(request.prompts, 1):
        parts = [("text", prompt.text), *((message.role, message.text) for message in prompt.messages)]
        for where, text in parts:
            if text and text not in seen:
                seen.add(text)
                yield (where if len(request.prompts) == 1 else f"{where} {number}"), text
