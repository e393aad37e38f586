"""A clearance request as a PDF to be signed: what is asked, the answers, the evidence, room for a yes or no.

Drawn in the program's own faces, embedded. Given the same request, the bytes are the same: its hash goes into
the record when the request is sent.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from studio_assist.domain.clearance import Assessment, ClearanceRequest
from studio_assist.domain.clearance_letters import (
    Answered,
    Part,
    about,
    answered,
    ground,
    headline,
    opening,
    size_of,
    why,
)
from studio_assist.domain.policy import Policy, Use
from studio_assist.interchange.pdf_type import PLAIN, STRONG, Typesetter, load_faces
from studio_assist.paths import resource

#: Points. US Letter, as scripts are.
_WIDTH: Final = 612.0
_HEIGHT: Final = 792.0
_LEFT: Final = 64.0
_RIGHT: Final = _WIDTH - 64.0
_TOP: Final = _HEIGHT - 60.0
_BOTTOM: Final = 62.0

_INK: Final = HexColor(0x15181C)
_SOFT: Final = HexColor(0x454C56)
_LINE: Final = HexColor(0xB9C0C9)
_RED: Final = HexColor(0xA3261B)
_CODE: Final = "CourierPrime-Regular"
_BODY: Final = 9.5
_LEAD: Final = 13.0
_SMALL: Final = 8.0
#: How much of a page the form for the answer takes; it is never cut in two.
_FORM: Final = 284.0
_ANSWER_LEFT: Final = _RIGHT - 66.0


def clearance_pdf(
    request: ClearanceRequest,
    assessment: Assessment,
    use: Use | None,
    policies: Sequence[Policy],
    title: str,
) -> bytes:
    """The paper of one request, one or two pages as a rule.

    Args:
        title: the production's.

    Raises:
        Unavailable: a typeface that the program ships cannot be read.
    """
    # Once to count the pages, once to print "1 of 2".
    pages = _Paper(request, title, 0).drawn(assessment, use, policies)[1]
    return _Paper(request, title, pages).drawn(assessment, use, policies)[0]


class _Paper:
    """One PDF being drawn, from the top of a page downwards."""

    def __init__(self, request: ClearanceRequest, title: str, pages: int) -> None:
        self._request: Final = request
        self._title: Final = title
        self._pages: Final = pages
        self._page = 1
        self._type: Final = Typesetter(load_faces(resource("fonts")))
        self._out: Final = io.BytesIO()
        # `invariant` keeps the clock and random numbers out of the bytes.
        self._canvas: Final[Any] = Canvas(
            self._out, pagesize=(_WIDTH, _HEIGHT), pageCompression=1, invariant=1, lang="en"
        )
        self._y = _TOP

    # methods

    def drawn(self, assessment: Assessment, use: Use | None, policies: Sequence[Policy]) -> tuple[bytes, int]:
        """The bytes, and how many pages they are."""
        request = self._request
        self._describe(use)
        self._line(self._title, _BODY, PLAIN, _SOFT)
        self._y -= 6
        self._words(f"Clearance request {request.label}", 16.0, STRONG, 20.0)
        self._words(headline(request, use), 11.5, STRONG, 15.0)
        self._lines(opening(request))
        for part in about(request, use):
            self._part(part)
        self._answers(answered(request, policies))
        for part in why(request, assessment, use, policies):
            self._part(part)
        self._evidence()
        self._y -= 12.0
        for line in ground(policies):
            self._words(line, _SMALL, PLAIN, 10.5, _SOFT)
        self._form(use)
        self._foot()
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue(), self._page

    # internals

    def _describe(self, use: Use | None) -> None:
        canvas = self._canvas
        canvas.setDateFormatter(_dated(self._request.changed.date()))
        canvas.setTitle(f"Clearance request {self._request.label}: {headline(self._request, use)}")
        canvas.setAuthor(self._request.by.name)
        canvas.setSubject(self._title)
        canvas.setCreator("Studio Assist")
        canvas.setProducer("Studio Assist")

    def _part(self, part: Part) -> None:
        if part.lines:
            self._heading(part.heading)
            self._lines(part.lines)

    def _heading(self, words: str) -> None:
        # A heading never stands alone at the foot of a page.
        self._room(12.0 + 2 * _LEAD + 4.0)
        self._y -= 12.0
        self._line(words, _BODY, STRONG, _INK)
        self._y -= _LEAD + 1.0

    def _lines(self, lines: Sequence[str]) -> None:
        for line in lines:
            for said in line.splitlines():
                hanging = said.startswith("- ")
                self._words(said.removeprefix("- "), _BODY, PLAIN, _LEAD, bullet=hanging)

    def _answers(self, answers: Sequence[Answered]) -> None:
        if not answers:
            return
        self._heading("Answers")
        for one in answers:
            lines = self._wrapped(one.question, _BODY, PLAIN, _ANSWER_LEFT - _LEFT - 30.0)
            self._room(len(lines) * _LEAD + 5.0)
            self._set(_LEFT, str(one.number), _BODY, STRONG, _SOFT)
            self._set(_ANSWER_LEFT, one.said, _BODY, STRONG, _INK if one.fits else _RED)
            for line in lines:
                self._set(_LEFT + 18.0, line, _BODY, PLAIN, _INK)
                self._y -= _LEAD
            self._rule(self._y + _LEAD - 4.0)
            self._y -= 3.0

    def _evidence(self) -> None:
        self._heading("Evidence")
        if not self._request.evidence:
            self._lines(("None attached.",))
        for one in self._request.evidence:
            self._room(2 * _LEAD)
            self._words(f"{one.name}, {size_of(one.size)}", _BODY, PLAIN, _LEAD - 1.0)
            self._line(f"SHA-256 {one.sha256}", _SMALL, _CODE, _SOFT)
            self._y -= _LEAD + 3.0

    def _form(self, use: Use | None) -> None:
        """Where the answer is written: yes or no, what it holds for, and who gives it."""
        self._room(_FORM)
        self._y -= 12.0
        top = self._y + 2.0
        bottom = top - (_FORM - 22.0)
        self._canvas.setStrokeColor(_INK)
        self._canvas.setLineWidth(0.9)
        self._canvas.rect(_LEFT, bottom, _RIGHT - _LEFT, top - bottom, stroke=1, fill=0)
        left, right = _LEFT + 12.0, _RIGHT - 12.0
        half = (left + right) / 2 + 8.0
        self._y = top - 20.0
        # The form may stand on a page of its own, and says there what it answers.
        named = f"{self._request.label}, {headline(self._request, use)}"
        self._set(left, "Answer", 11.0, STRONG, _INK)
        self._set(
            left + 78.0, self._wrapped(named, _BODY, PLAIN, right - left - 78.0)[0], _BODY, PLAIN, _SOFT
        )
        self._y -= 24.0
        self._box(left + 78.0, "Yes, within the limits below")
        self._box(left + 268.0, "No")
        rows: tuple[tuple[tuple[str, float, float], ...], ...] = (
            (("Scenes, tasks and models that it covers", left, right),),
            (("From (first day)", left, half - 16.0), ("Until (last day)", half, right)),
            (("Limits, or why not", left, right),),
            *(((("Named works and people that it covers", left, right),),) if self._request.names else ()),
            (("Name and role", left, half - 16.0), ("Place and date", half, right)),
            (("Signature", left, right),),
        )
        for row in rows:
            self._y -= 33.0
            for label, start, end in row:
                self._canvas.setStrokeColor(_LINE)
                self._canvas.setLineWidth(0.6)
                self._canvas.line(start, self._y, end, self._y)
                self._canvas.setFillColor(_SOFT)
                self._canvas.setFont(PLAIN, 7.0)
                self._canvas.drawString(start, self._y - 8.0, label)
        self._y = bottom - 6.0

    def _box(self, x: float, words: str) -> None:
        self._canvas.setStrokeColor(_INK)
        self._canvas.setLineWidth(0.9)
        self._canvas.rect(x, self._y - 2.0, 11.0, 11.0, stroke=1, fill=0)
        self._set(x + 18.0, words, _BODY, PLAIN, _INK)

    # drawing

    def _words(
        self,
        text: str,
        size: float,
        face: str,
        leading: float,
        color: Any = _INK,
        *,
        bullet: bool = False,
    ) -> None:
        """A paragraph, broken where it has to be; pages are turned on the way."""
        left = _LEFT + 11.0 if bullet else _LEFT
        for number, line in enumerate(self._wrapped(text, size, face, _RIGHT - left)):
            self._room(leading)
            if bullet and not number:
                self._set(_LEFT, "–", size, face, color)
            self._set(left, line, size, face, color)
            self._y -= leading

    def _line(self, text: str, size: float, face: str, color: Any) -> None:
        self._set(_LEFT, text, size, face, color)
        if face == PLAIN and self._y == _TOP:
            self._y -= _LEAD

    def _set(self, x: float, text: str, size: float, face: str, color: Any) -> None:
        self._canvas.setFillColor(color)
        self._canvas.setFont(face, size)
        self._canvas.drawString(x, self._y, self._type.plain(text, face))

    def _rule(self, y: float) -> None:
        self._canvas.setStrokeColor(_LINE)
        self._canvas.setLineWidth(0.4)
        self._canvas.line(_LEFT, y, _RIGHT, y)

    def _room(self, needed: float) -> None:
        """Turn the page where less than this is left of it."""
        if self._y - needed >= _BOTTOM:
            return
        self._foot()
        self._canvas.showPage()
        self._page += 1
        self._y = _TOP

    def _foot(self) -> None:
        canvas = self._canvas
        canvas.setFillColor(_SOFT)
        canvas.setFont(PLAIN, 7.5)
        foot = f"{self._request.label} · {self._title} · page {self._page} of {self._pages or self._page}"
        canvas.drawString(_LEFT, 40.0, self._type.plain(foot))
        canvas.drawRightString(_RIGHT, 40.0, f"Request {self._request.id}")

    def _wrapped(self, text: str, size: float, face: str, width: float) -> list[str]:
        """Lines that fit; a word that is longer than a line is cut."""
        lines = [""]
        for word in text.split():
            rest = word
            if self._type.width(f"{lines[-1]} {rest}".strip(), size, face) <= width:
                lines[-1] = f"{lines[-1]} {rest}".strip()
                continue
            if lines[-1]:
                lines.append("")
            while self._type.width(rest, size, face) > width:
                fits = len(rest) - 1
                while fits > 1 and self._type.width(rest[:fits], size, face) > width:
                    fits -= 1
                lines[-1:] = [rest[:fits], ""]
                rest = rest[fits:]
            lines[-1] = rest
        return lines


def _dated(on: date) -> Callable[..., str]:
    """A formatter that gives this date, whatever time reportlab takes it to be."""

    def formatted(*_parts: int) -> str:
        return f"D:{on:%Y%m%d}000000Z"

    return formatted
