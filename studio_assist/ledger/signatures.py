"""Ed25519 signatures by the ten thousand: a few are checked here and now, more in a process of their own.

A thread would not do: it needs the interpreter back after each signature, and gets it a hundred times later
than it is done. Run as a script (`python signatures.py`), this file reads packed checks from its standard
input and at the end writes the numbers of those that are not good; it imports nothing else of ours, to start
at once.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

#: So many take half a second here; only beyond that a process pays.
_FEW: Final = 8_000
#: How many are handed to the process at once.
_AT_ONCE: Final = 512
#: Number, public key, signature, length of the message.
_HEAD: Final = struct.Struct(">q32s64sH")


class Check(NamedTuple):
    """One signature: `number` names it, `public` has 32 bytes, `signature` should have 64."""

    number: int
    public: bytes
    signature: bytes
    message: bytes


def is_good(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether this Ed25519 key made this signature; about 60 µs."""
    # Imported late: most looks at a ledger check no signature, and this takes 30 ms.
    from cryptography.exceptions import InvalidSignature

    try:
        _key(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class Checks:
    """Signatures that are checked while the caller goes on."""

    def __init__(self) -> None:
        self._waiting: list[Check] = []
        self._bad: list[int] = []
        self._process: subprocess.Popen[bytes] | None = None

    def add(self, check: Check) -> None:
        """Have a signature checked."""
        if len(check.signature) != 64:
            self._bad.append(check.number)
            return
        self._waiting.append(check)
        if len(self._waiting) >= (_AT_ONCE if self._process else _FEW):
            self._hand_over()

    def bad(self) -> list[int]:
        """Wait for all; the numbers of those that are not good, in order."""
        if self._process is None:
            self._bad += _bad_of(self._waiting)
        else:
            self._hand_over()
            told, _ = self._process.communicate()
            if self._process.returncode:
                raise RuntimeError("the check of signatures ended before its end")
            self._bad += json.loads(told)
            self._process = None
        self._waiting = []
        return sorted(self._bad)

    def close(self) -> None:
        """Give up what is not done."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _hand_over(self) -> None:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-I", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        assert self._process.stdin is not None
        for check in self._waiting:
            self._process.stdin.write(_HEAD.pack(*check[:3], len(check.message)) + check.message)
        self._waiting = []


@lru_cache(256)
def _key(public: bytes) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(public)


def _bad_of(checks: Iterable[Check]) -> list[int]:
    return [check.number for check in checks if not is_good(*check[1:])]


def _packed(stream: BinaryIO) -> Iterator[Check]:
    while head := stream.read(_HEAD.size):
        number, public, signature, length = _HEAD.unpack(head)
        yield Check(number, public, signature, stream.read(length))


if __name__ == "__main__":
    print(json.dumps(_bad_of(_packed(sys.stdin.buffer))))
