"""What an invisible mark carries: 48 bits of payload, their check sum, and the code that brings them back.

The payload is followed by a CRC-16 and goes through a tail-biting convolutional code (rate 1/8, 4,096
states): 64 bits become 512. Tail biting spends no bits on an ending, and so many states at so short a
length come within a fraction of a decibel of what any code of this size can do. Viterbi's algorithm reads
it from soft values, all states of a step at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

ENTRY_BITS: Final = 28
TAG_BITS: Final = 20
PAYLOAD_BITS: Final = ENTRY_BITS + TAG_BITS
CRC_BITS: Final = 16
MESSAGE_BITS: Final = PAYLOAD_BITS + CRC_BITS
#: Generators of the code, the newest bit last. Chosen by trial among random ones for the fewest words lost.
GENERATORS: Final = (0o11617, 0o13271, 0o14535, 0o15723, 0o16075, 0o17353, 0o12647, 0o10753)
CODE_BITS: Final = MESSAGE_BITS * len(GENERATORS)

_MEMORY: Final = 12
_STATES: Final = 1 << _MEMORY
_TAG_DIGITS: Final = TAG_BITS // 4
_CRC_POLYNOMIAL: Final = 0x1021  # CRC-16/CCITT; its start value is not zero, so an empty message is no word
_CRC_START: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class Word:
    """A message that was read.

    Attributes:
        payload: 48 bits.
        corrected: how many of the 512 code bits had come with the wrong sign.
        agreement: sum of the received soft values, each with the sign that this word has there.
    """

    payload: int
    corrected: int
    agreement: float


def pack_payload(entry: int, tag: str) -> int:
    """Entry number and the first five hexadecimal digits of the project's tag as 48 bits.

    Raises:
        ValueError: an entry below 1 or of more than 28 bits, a tag of fewer than five digits.
    """
    if not 1 <= entry < 1 << ENTRY_BITS:
        raise ValueError(f"a mark carries entry numbers from 1 to {(1 << ENTRY_BITS) - 1}, not {entry}")
    if len(tag) < _TAG_DIGITS:
        raise ValueError(f"a tag has at least {_TAG_DIGITS} hexadecimal digits, not {tag!r}")
    return entry << TAG_BITS | int(tag[:_TAG_DIGITS], 16)


def unpack_payload(payload: int) -> tuple[int, str]:
    """Entry number and the tag's first five digits."""
    return payload >> TAG_BITS, f"{payload & (1 << TAG_BITS) - 1:0{_TAG_DIGITS}x}"


def encode(payload: int) -> NDArray[np.float32]:
    """The 512 code bits of a payload, as signs (+1 for 0, -1 for 1).

    Raises:
        ValueError: more than 48 bits, or negative.
    """
    if not 0 <= payload < 1 << PAYLOAD_BITS:
        raise ValueError(f"a payload has {PAYLOAD_BITS} bits")
    return _encode_bits(_bits(payload << CRC_BITS | _crc(payload)))


def decode(soft: NDArray[np.float32]) -> Word | None:
    """The most likely message behind 512 soft values, or None if its check sum is wrong.

    The values are taken round the circle two and a half times; the bits are those of a middle round, where
    neither the unknown beginning nor the ending has a say.
    """
    steps = soft.reshape(MESSAGE_BITS, len(GENERATORS))
    branch = (_branch_signs() @ steps.T).T  # (64, 8192): how well each branch fits each step
    half = MESSAGE_BITS // 2
    order = np.arange(2 * MESSAGE_BITS + half) % MESSAGE_BITS
    metric = np.zeros(_STATES, np.float32)
    came_from_upper = np.empty((len(order), _STATES), np.bool_)
    for step, position in enumerate(order):
        lower = np.repeat(metric[: _STATES // 2], 2) + branch[position, :_STATES]
        upper = np.repeat(metric[_STATES // 2 :], 2) + branch[position, _STATES:]
        np.greater(upper, lower, out=came_from_upper[step])
        metric = np.maximum(lower, upper)
    state = int(metric.argmax())
    bits = np.empty(len(order), np.uint8)
    for step in range(len(order) - 1, -1, -1):
        bits[step] = state & 1
        state = state >> 1 | (_STATES >> 1 if came_from_upper[step, state] else 0)
    message = np.roll(bits[half : half + MESSAGE_BITS], half)
    value = int("".join(map(str, message)), 2)
    payload = value >> CRC_BITS
    if value & (1 << CRC_BITS) - 1 != _crc(payload):
        return None
    word = _encode_bits(message)
    return Word(payload, int(np.count_nonzero(word * soft < 0)), float(soft @ word))


def _bits(message: int) -> NDArray[np.uint8]:
    return np.array([message >> MESSAGE_BITS - 1 - i & 1 for i in range(MESSAGE_BITS)], np.uint8)


def _crc(payload: int) -> int:
    register = _CRC_START
    for shift in range(PAYLOAD_BITS - 1, -1, -1):
        top = register >> 15 ^ payload >> shift & 1
        register = (register << 1 & 0xFFFF) ^ (_CRC_POLYNOMIAL if top else 0)
    return register


def _encode_bits(bits: NDArray[np.uint8]) -> NDArray[np.float32]:
    register = np.zeros(MESSAGE_BITS, np.int64)
    for age in range(_MEMORY + 1):  # the bit `age` steps ago stands at place `age` of the register
        register |= np.roll(bits, age).astype(np.int64) << age
    return _branch_signs()[register].reshape(-1)


@lru_cache(maxsize=1)
def _branch_signs() -> NDArray[np.float32]:
    """(8192, 8): the code's signs for each content of the 13-bit register."""
    registers = np.arange(2 * _STATES)
    signs = np.empty((2 * _STATES, len(GENERATORS)), np.float32)
    for column, generator in enumerate(GENERATORS):
        signs[:, column] = 1 - 2.0 * (np.bitwise_count(registers & generator) & 1)
    return signs
