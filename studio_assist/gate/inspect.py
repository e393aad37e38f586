"""What is in a text, a document or a body that may leave: names in every disguise, keys, personal data.

Everything is looked at in two ways: as it is, and decoded, down to four layers of base64 in gzip in a zip.
A sure name that stands openly in a draft is `replaced`; in what is about to leave it is `blocked`, and so is
one inside an encoding. What may be a name, or is a person's, is on `hold` until a person answers.

What this cannot find, and does not claim to: a paraphrase ("the girl from the lighthouse"), a translation of
a name, a description of a person, a plot; a name that nobody listed and that looks like an ordinary word; a
cipher other than rot13; every nth letter; a name cut over several requests; pictures and sound
(`gate.pictures` looks at the first). A person reads what leaves for that reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final

from studio_assist.domain.names import NO_ANSWERS, Answers
from studio_assist.gate.bodies import Field, fields_of
from studio_assist.gate.findings import Action, Finding, Inspection, inspection
from studio_assist.gate.lexicon import Lexicon
from studio_assist.gate.looking import Look
from studio_assist.gate.near import NearNames
from studio_assist.gate.tokens import Tokens


class Inspector:
    """Inspections with one lexicon. Keep it with the lexicon: it holds an index of near names.

    Args:
        answers: what people said about words that may be names.
        tokens: those given out so far; a word that is one is no possible name and no key.
    """

    def __init__(self, lexicon: Lexicon, answers: Answers = NO_ANSWERS, tokens: Tokens | None = None) -> None:
        self.lexicon: Final = lexicon
        self.answers: Final = answers
        self._near = NearNames(lexicon)
        self._tokens = tokens

    def answered(self, answers: Answers) -> Inspector:
        """The same with other answers; nothing is built again."""
        other = Inspector(self.lexicon, answers, self._tokens)
        other._near = self._near
        return other

    # methods

    def text(self, text: str, where: str = "text", *, leaving: bool = False) -> Inspection:
        """One text. `leaving`: these are the words as they would be sent, after replacing."""
        return self._asked(
            Look(self.lexicon, self.answers, self._near, self._tokens).text(text, where, leaving)
        )

    def texts(self, texts: Sequence[tuple[str, str]], *, leaving: bool = False) -> Inspection:
        """Several texts of one request in order, as (where, text): each, and what only all of them spell."""
        fields = [Field(where, where, text) for where, text in texts]
        return self._fields(fields, leaving)

    def document(self, document: object, where: str = "body", *, leaving: bool = True) -> Inspection:
        """A JSON document as Python values: keys, values, and what its strings spell together."""
        return self._fields(
            fields_of(
                json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass"),
                "application/json",
                where,
            ),
            leaving,
        )

    def body(self, body: bytes, content_type: str = "application/json", where: str = "body") -> Inspection:
        """The bytes that would be sent: JSON, a form, multipart with its file names, or anything else."""
        return self._fields(fields_of(body, content_type, where), leaving=True)

    # internals

    def _fields(self, fields: Sequence[Field], leaving: bool) -> Inspection:
        look = Look(self.lexicon, self.answers, self._near, self._tokens)
        return self._asked(look.fields(fields, leaving))

    def _asked(self, findings: Iterable[Finding]) -> Inspection:
        """What is left to ask: no question that was answered, and nothing said twice about one place."""
        return inspection(
            one
            for one in findings
            if one.action is not Action.HOLD or not one.text or not self.answers.is_word(one.text)
        )
