"""Keys, tokens and passwords: what opens a door is never part of a prompt. By shape, and by looking random.

A shape is tried only where its needle stands, so that a long script costs one search for all needles.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick

from studio_assist.gate.normalise import View


class Key(NamedTuple):
    """A key: its slice of the source and what it is. `known` is False for what only looks random."""

    start: int
    end: int
    what: str
    known: bool = True


class _Shape(NamedTuple):
    what: str
    needles: str
    pattern: str
    any_case: bool = False


_SHAPES: Final = (
    _Shape(
        "private key",
        "-----begin",
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
        r"(?:[\s\S]{0,8000}?-----END [A-Z0-9 ]+-----)?",
    ),
    _Shape("Anthropic key", "sk-ant-", r"\bsk-ant-[\w-]{16,}"),
    _Shape("OpenRouter key", "sk-or-", r"\bsk-or-[\w-]{16,}"),
    _Shape(
        "OpenAI key",
        "sk-",
        r"\bsk-(?!ant-|or-)(?=[\w-]*\d)(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}",
    ),
    _Shape(
        "Google key",
        "aiza ya29. gocspx-",
        r"\bAIza[\w-]{30,}|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}",
    ),
    _Shape("AWS key", "akia asia abia acca", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b"),
    _Shape(
        "GitHub token",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
        r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}",
    ),
    _Shape("GitLab token", "glpat- gldt- glrt- glptt-", r"\bgl(?:pat|dt|rt|ptt)-[\w-]{18,}"),
    _Shape(
        "Slack token",
        "xox xapp- hooks.slack",
        r"\bxox[abeoprs]-[\w-]{10,}|\bxapp-[\w-]{20,}|hooks\.slack\.com/services/[\w/]{20,}",
    ),
    _Shape(
        "Stripe key",
        "k_live_ k_test_ whsec_",
        r"\b[rsp]k_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9]{20,}",
    ),
    _Shape("Hugging Face token", "hf_", r"\bhf_[A-Za-z0-9]{20,}"),
    _Shape("package registry token", "npm_ pypi-", r"\bnpm_[A-Za-z0-9]{30,}|\bpypi-[\w-]{40,}"),
    _Shape("model provider key", "r8_ gsk_ xai- pplx-", r"\b(?:r8_|gsk_|xai-|pplx-)[A-Za-z0-9]{30,}"),
    _Shape(
        "mail service key",
        "sg. key- xkeysib-",
        r"\bSG\.[\w-]{16,}\.[\w-]{16,}|\bkey-[0-9a-f]{32}\b|\bxkeysib-[\w-]{30,}",
    ),
    _Shape("Telegram token", ":aa", r"\b\d{8,10}:AA[\w-]{30,}"),
    _Shape("Azure key", "accountkey= sig=", r"AccountKey=[\w+/=]{40,}|\bsig=[\w%+/-]{30,}"),
    _Shape("JSON web token", "eyj", r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"),
    _Shape("age key", "age-secret-key-", r"\bAGE-SECRET-KEY-1[0-9A-Z]{20,}"),
    _Shape(
        "password in an address",
        "://",
        r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"']{1,64}:[^\s/@\"']{3,128}@[\w.-]+",
        any_case=True,
    ),
    _Shape(
        "authorization header",
        "authorization",
        r"\bauthorization[\"']?\s*[:=]\s*[\"']?(?:bearer|basic|token)\s+[\w.~+/=-]{8,}",
        any_case=True,
    ),
    _Shape(
        "password",
        "passw passphrase passcode pwd secret key token",
        r"\b(?:pass(?:word|wd|phrase|code)|pwd|(?:client[_ -]?)?secret|api[_ -]?key|access[_ -]?(?:key|token)"
        r"|auth[_ -]?token)\b[\"']?\s*(?:[:=]|\bis\b)\s*[\"']?"
        r"(?=[^\s\"',;]{0,64}\d)(?=[^\s\"',;]{0,64}[A-Za-z])[^\s\"',;]{6,}",
        any_case=True,
    ),
)
_OF_NEEDLE: Final = [
    (shape.what, re.compile(shape.pattern, re.IGNORECASE if shape.any_case else 0))
    for shape in _SHAPES
    for _ in shape.needles.split()
]
_NEEDLES: Final = AhoCorasick([needle for shape in _SHAPES for needle in shape.needles.split()])
#: A key stands so far around its needle at most; a private key further.
_BEFORE, _BEHIND, _FAR_BEHIND = 80, 400, 9_000

#: Keys without a needle have more signs than this.
_LONG: Final = 25
_LONG_SHAPES: Final = (
    ("Twilio key", re.compile(r"\b(?:AC|SK)[0-9a-f]{32}\b")),
    ("Discord token", re.compile(r"\b[MNO][A-Za-z0-9]{23,25}\.[\w-]{6}\.[\w-]{27,}")),
)
_RANDOM: Final = re.compile(r"(?<![\w/+-])[A-Za-z0-9_+-]{26,128}(?![\w/+])")


def keys(view: View) -> Iterator[Key]:
    """Every key in a text, overlapping ones too."""
    text = view.source
    low = text.lower()
    # A letter that lowers to two shifts the places: such a text is searched as a whole.
    shifted = len(low) != len(text)
    done: dict[int, int] = {}
    for index, at, _ in _NEEDLES.find_matches_as_indexes(low, overlapping=True):
        what, pattern = _OF_NEEDLE[index]
        if done.get(index, -1) >= at:
            continue
        start = 0 if shifted else max(done.get(index, 0), at - _BEFORE)
        end = len(text) if shifted else at + (_FAR_BEHIND if what == "private key" else _BEHIND)
        done[index] = end
        for match in pattern.finditer(text, start, end):
            yield Key(*match.span(), what)
    if any(len(token) > _LONG for token in view.tokens):
        for what, pattern in _LONG_SHAPES:
            for match in pattern.finditer(text):
                yield Key(*match.span(), what)
        for match in _RANDOM.finditer(text):
            if _is_random(match[0]):
                yield Key(*match.span(), "a long random word, as keys are", known=False)


def _is_random(word: str) -> bool:
    """Digits, capitals and small letters mixed, with more than 3.7 bits a sign."""
    kinds = sum(any(test(char) for char in word) for test in (str.isdigit, str.isupper, str.islower))
    if kinds < 3 or sum(char.isdigit() for char in word) < 3:
        return False
    counts = Counter(word).values()
    return -sum(n / len(word) * math.log2(n / len(word)) for n in counts) > 3.7
