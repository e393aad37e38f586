"""What belongs to a person: addresses and numbers. By shape, and by check digit where there is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from studio_assist.domain.common_words import word_set
from studio_assist.gate.findings import Kind
from studio_assist.gate.normalise import View


class Shape(NamedTuple):
    """Something found by its shape: the slice, and what it is in a few words."""

    start: int
    end: int
    kind: Kind
    what: str


_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}(?![\w-])")
_LONGEST_USER: Final = 64
_EMAIL_SPOKEN: Final = re.compile(
    r"\b[\w.+-]{2,64}\s*(?:\(at\)|\[at\]| at )\s*"
    r"(?:[\w-]{1,63}\s*(?:\(dot\)|\[dot\]| dot )\s*)+[a-z]{2,24}\b",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(
    r"(?<![\w.:/+-])(?:\+\d{1,3}[\s.-]?(?:\(0\))?|\(\d{2,5}\)[\s.-]?|0\d{2,4}[\s./-]|1[\s.-])?"
    r"\d{2,4}(?:[\s.-]?\d{2,4}){1,4}(?![\w:/]|[.-]\d)"
)
_PHONE_LEAD: Final = re.compile(
    r"^(?:\+|\(|0\d)|^\d{3}[\s.-]\d{3}[\s.-]\d{4}$|^1[\s.-]\d{3}[\s.-]\d{3}[\s.-]\d{4}$"
)
_DATE: Final = re.compile(r"^(?:\d{4}[-.\s]\d{1,2}[-.\s]\d{1,2}|\d{1,2}[-.]\d{1,2}[-.]\d{2,4})$")
_STREET: Final = re.compile(
    r"(?<!\w)\d{1,5}[A-Za-z]?,?\s+(?:[A-Z][\w'.-]+\s+){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Boulevard"
    r"|Blvd|Court|Square|Place|Terrace|Way|Close|Crescent|Gardens|Mews|Row|Parade|Highway|Parkway)\b\.?"
    r"|(?<!\w)\d{1,4},?\s+(?:bis\s+)?(?:rue|avenue|boulevard|place|quai|chemin)\s+(?:d[eu]s?\s+|de\s+la\s+|d['’])?"
    r"[A-Z][\w'’-]+"
    r"|(?<!\w)[A-ZÄÖÜ][\w.-]{0,40}(?:straße|strasse|str\.|weg|gasse|allee|platz|straat|laan)\s+\d{1,4}[a-z]?\b"
    r"|(?<!\w)(?:rue|avenue|boulevard|via|viale|calle|avenida|rua|piazza)\s+(?:[A-Z][\w'’.-]*\s+){1,4}?\d{1,4}\b"
    r"|\b(?:P\.?\s?O\.?\s?Box|Postfach|Apt\.?|Flat)\s+\d+\w?\b"
)
_STREET_WORDS: Final = tuple(
    word_set(
        """
        street st road rd avenue lane ln drive boulevard blvd court square place terrace way close crescent
        gardens mews row parade park quai chemin str weg gasse allee platz laan rue via calle avenida rua
        piazza box fach apt flat
        """
    )
)
#: A number by itself, and one with words behind it: every street has the one or the other.
_APART: Final = re.compile(r"\s\d")
_HOUSE: Final = re.compile(r"\d[A-Za-z]?,?\s+[A-Za-z]")
_POSTCODE: Final = re.compile(
    r"\b[A-PR-UWYZ]{1,2}\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{2}\b"
    r"|\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]"
    r"|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]),?\s+\d{5}(?:-\d{4})?\b"
)
_PLACE_ON_EARTH: Final = re.compile(r"(?<![\d.])[-+]?\d{1,2}\.\d{4,}\s*[,;]\s*[-+]?\d{1,3}\.\d{4,}(?!\d)")
_SOCIAL: Final = re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])")
_INSURANCE: Final = re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b")
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,3})?\b")
_CARD: Final = re.compile(r"(?<![\d.-])\d(?:[ -]?\d){12,18}(?![\d.-])")
_TOLD: Final = re.compile(
    r"\b(?:passport|driving licen[cs]e|driver'?s licen[cs]e|national id|id card|tax id|social security|ssn"
    r"|account number|date of birth|d\.?o\.?b\.?|born on)\b"
    r"[\s:#.]*(?:no\.?|number|is|:)*[\s:#]*(?=[\w/.-]*\d)[\w/.-]{5,24}",
    re.IGNORECASE,
)

#: Numbers of a person have five digits or more; those of a house may have one.
_MANY: Final = 5
_FEW_DIGITS: Final = (
    (_STREET, Kind.ADDRESS, "a street address"),
    (_POSTCODE, Kind.ADDRESS, "a postal code"),
)
_NUMBERED: Final = (
    *_FEW_DIGITS,
    (_TOLD, Kind.IDENTITY, "a number or date that belongs to one person"),
    (_PLACE_ON_EARTH, Kind.ADDRESS, "a place by coordinates"),
    (_INSURANCE, Kind.IDENTITY, "a national insurance number"),
    (_SOCIAL, Kind.IDENTITY, "a social security number"),
)


def shapes(view: View) -> Iterator[Shape]:
    """Everything of a person's in a text, overlapping ones too. Offsets are the source's."""
    text = view.source
    yield from _emails(text)
    if "dot" in text and (" dot " in text or "dot)" in text or "dot]" in text):
        yield from _all(text, _EMAIL_SPOKEN, Kind.EMAIL, "an e-mail address")
    # Every other shape holds digits.
    for start, end, digits in view.near_digits:
        many = digits >= _MANY
        near = text[start:end]
        apart = _APART.search(near) is not None
        for pattern, kind, what in _NUMBERED if many else _FEW_DIGITS:
            if pattern is _STREET and not ((apart or _HOUSE.search(near)) and _may_be_street(near)):
                continue
            if pattern is _POSTCODE and not apart:
                continue
            for match in pattern.finditer(text, start, end):
                yield Shape(*match.span(), kind, what)
        if not many:
            continue
        for match in _PHONE.finditer(text, start, end):
            if (
                7 <= sum(char.isdigit() for char in match[0]) <= 15
                and _PHONE_LEAD.match(match[0])
                and not _DATE.match(match[0])
            ):
                yield Shape(*match.span(), Kind.PHONE, "a telephone number")
        for match in _IBAN.finditer(text, start, end):
            if _iban_holds(match[0]):
                yield Shape(*match.span(), Kind.IDENTITY, "a bank account")
        for match in _CARD.finditer(text, start, end):
            if _luhn_holds(match[0]):
                yield Shape(*match.span(), Kind.IDENTITY, "a card number")


def _emails(text: str) -> Iterator[Shape]:
    # From each "@" backwards: in a script most of them force a cue.
    done, at = 0, text.find("@")
    while at >= 0:
        start = at
        while start > done and at - start <= _LONGEST_USER and _in_user(text[start - 1]):
            start -= 1
        if start < at and (match := _EMAIL.match(text, start)):
            done = match.end()
            yield Shape(*match.span(), Kind.EMAIL, "an e-mail address")
        at = text.find("@", max(done, at + 1))


def _in_user(char: str) -> bool:
    return char.isalnum() or char in "_.+-"


def _may_be_street(near: str) -> bool:
    low = near.lower()
    return any(word in low for word in _STREET_WORDS)


def _all(text: str, pattern: re.Pattern[str], kind: Kind, what: str) -> Iterator[Shape]:
    for match in pattern.finditer(text):
        yield Shape(*match.span(), kind, what)


def _iban_holds(text: str) -> bool:
    bare = re.sub(r"\s", "", text)
    if not 15 <= len(bare) <= 34:
        return False
    return int("".join(str(int(char, 36)) for char in bare[4:] + bare[:4])) % 97 == 1


def _luhn_holds(text: str) -> bool:
    digits = [int(char) for char in text if char.isdigit()]
    doubled = [
        digit if at % 2 == 0 else sum(divmod(digit * 2, 10)) for at, digit in enumerate(reversed(digits))
    ]
    return sum(doubled) % 10 == 0 and len(set(digits)) > 1
