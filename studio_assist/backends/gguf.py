"""Reads the head of a GGUF model file: what it is, how large, and whether it takes messages.

Only the head is read, with a bound on everything a file can claim, since a person may pick any file.

Source: the GGUF specification, versions 2 and 3 (little-endian).
"""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import BinaryIO, Final

from studio_assist.domain.errors import BadInput
from studio_assist.domain.values import Value

_MAGIC: Final = b"GGUF"
#: No real head is larger: the longest ones hold a vocabulary of some 260,000 words.
_MOST_HEAD_BYTES: Final = 64 * 2**20
_MOST_KEYS: Final = 4096
_MOST_TEXT: Final = 1 * 2**20
#: Sizes in bytes of the value types of fixed size: u8 i8 u16 i16 u32 i32 f32 bool, u64 i64 f64.
_FIXED: Final = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_FORMATS: Final = {
    0: "<B",
    1: "<b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "<?",
    10: "<Q",
    11: "<q",
    12: "<d",
}
_TEXT: Final = 8
_ARRAY: Final = 9
#: Bits a weight takes, by the quantisation named in `general.file_type`; to tell a size from a file's length.
_BITS: Final = {
    0: 32.0,
    1: 16.0,
    2: 4.5,
    3: 5.0,
    7: 8.5,
    8: 5.5,
    9: 6.0,
    10: 3.35,
    14: 4.6,
    15: 4.85,
    16: 5.5,
    17: 5.7,
    18: 6.6,
}
_SIZE_LABEL: Final = re.compile(r"(?P<times>\d+x)?(?P<number>\d+(?:\.\d+)?)(?P<unit>[KMBT])", re.IGNORECASE)
_MILLIONS: Final = {"K": 0.001, "M": 1.0, "B": 1000.0, "T": 1_000_000.0}
#: Architectures that do not write text, or are half of a model that sees.
_NOT_WRITERS: Final = frozenset(
    {"clip", "bert", "nomic-bert", "jina-bert-v2", "t5encoder", "wavtokenizer-dec", "gemma-embedding"}
)


class Head(Value):
    """What a GGUF file says of itself.

    Attributes:
        parameters: size in millions, or None if the file does not tell.
        chat: it carries a template for messages.
        writes: it is a model that writes text (not an embedder, not a vision part).
        context: tokens it was trained on, or None.
    """

    architecture: str
    name: str
    parameters: int | None
    chat: bool
    writes: bool
    context: int | None


def read_head(path: Path) -> Head:
    """Read a file's head.

    Raises:
        BadInput: the file is not there, is not a GGUF file, or breaks off.
    """
    try:
        with path.open("rb") as file:
            found = _Reader(file, path).head()
        size_bytes = path.stat().st_size
    except OSError as error:
        raise BadInput(
            f"The file cannot be read: {error.strerror}.", remedy="Choose another GGUF file.", place=str(path)
        ) from error
    architecture = str(found.get("general.architecture", ""))
    name = str(found.get("general.name") or found.get("general.basename") or path.stem).strip()
    context = found.get(f"{architecture}.context_length")
    return Head(
        architecture=architecture,
        name=name[:80] or path.stem,
        parameters=_parameters(found, size_bytes),
        chat=bool(found.get("tokenizer.chat_template")),
        writes=bool(architecture) and architecture not in _NOT_WRITERS and "pooling_type" not in found,
        context=context if isinstance(context, int) else None,
    )


def _parameters(found: dict[str, object], size_bytes: int) -> int | None:
    count = found.get("general.parameter_count")
    if isinstance(count, int) and count > 0:
        return max(1, round(count / 1_000_000))
    label = _SIZE_LABEL.search(str(found.get("general.size_label", "")))
    if label:
        times = int(label["times"][:-1]) if label["times"] else 1
        return max(1, round(times * float(label["number"]) * _MILLIONS[label["unit"].upper()]))
    kind = found.get("general.file_type")
    bits = _BITS.get(kind) if isinstance(kind, int) else None
    return max(1, round(size_bytes * 8 / bits / 1_000_000)) if bits else None


class _Reader:
    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path
        self._left = _MOST_HEAD_BYTES

    def head(self) -> dict[str, object]:
        if self._file.read(4) != _MAGIC:
            raise self._bad("This is not a GGUF file.")
        version = self._number(4)
        if version not in (2, 3):
            raise self._bad(f"This is a GGUF file of version {version}, which this program does not read.")
        self._number(8)  # how many tensors: not needed
        keys = self._number(8)
        if keys > _MOST_KEYS:
            raise self._bad("This GGUF file is damaged: its head cannot be true.")
        found: dict[str, object] = {}
        for _ in range(keys):
            key = self._text(self._number(8))
            value = self._value(self._number(4))
            found[key] = value
            if key.endswith(".pooling_type"):
                found["pooling_type"] = value
        return found

    def _value(self, kind: int) -> object:
        if kind in _FIXED:
            return struct.unpack(_FORMATS[kind], self._bytes(_FIXED[kind]))[0]
        if kind == _TEXT:
            return self._text(self._number(8))
        if kind == _ARRAY:
            self._skip_array()
            return None
        raise self._bad("This GGUF file is damaged: it holds a value of an unknown kind.")

    def _skip_array(self) -> None:
        kind, length = self._number(4), self._number(8)
        if kind in _FIXED:
            self._skip(_FIXED[kind] * length)
        elif kind == _TEXT:
            for _ in range(length):
                self._skip(self._number(8))
        else:  # arrays of arrays are allowed by the format and used by nobody
            raise self._bad("This GGUF file is damaged: it holds a list of an unknown kind.")

    def _number(self, size: int) -> int:
        return int.from_bytes(self._bytes(size), "little")

    def _text(self, length: int) -> str:
        if length > _MOST_TEXT:
            raise self._bad("This GGUF file is damaged: its head cannot be true.")
        return self._bytes(length).decode("utf-8", "replace")

    def _bytes(self, size: int) -> bytes:
        self._spend(size)
        read = self._file.read(size)
        if len(read) != size:
            raise self._bad("This GGUF file breaks off.")
        return read

    def _skip(self, size: int) -> None:
        self._spend(size)
        self._file.seek(size, 1)

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise self._bad("This GGUF file is damaged: its head cannot be true.")

    def _bad(self, message: str) -> BadInput:
        return BadInput(message, remedy="Choose another GGUF file, or fetch it again.", place=str(self._path))
