"""48 bits come back through a code that forgives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.marks import invisible_code as code

payloads = st.integers(0, 2**code.PAYLOAD_BITS - 1)


@given(st.integers(1, 2**28 - 1), st.integers(0, 16**16 - 1))
def test_a_payload_keeps_the_entry_and_five_digits_of_the_tag(entry: int, tag: int) -> None:
    digits = f"{tag:016x}"
    assert code.unpack_payload(code.pack_payload(entry, digits)) == (entry, digits[:5])


@pytest.mark.parametrize(
    ("entry", "tag"), [(0, "abcde"), (2**28, "abcde"), (-1, "abcde"), (1, "abcd"), (1, "")]
)
def test_what_does_not_fit_is_refused(entry: int, tag: str) -> None:
    with pytest.raises(ValueError, match=r"mark carries|tag has"):
        code.pack_payload(entry, tag)


@given(payloads)
@settings(max_examples=30, deadline=None)
def test_every_word_decodes_to_its_payload(payload: int) -> None:
    word = code.decode(code.encode(payload))
    assert word is not None
    assert (word.payload, word.corrected, word.agreement) == (payload, 0, code.CODE_BITS)


@given(payloads, st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_a_quarter_of_the_code_bits_may_be_lost_and_some_wrong(payload: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    soft = code.encode(payload)
    hit = rng.permutation(code.CODE_BITS)
    soft[hit[:128]] = 0
    soft[hit[128:178]] *= -1
    word = code.decode(soft)
    assert word is not None
    assert (word.payload, word.corrected) == (payload, 50)


def test_noise_at_two_decibels_a_bit_loses_nothing() -> None:
    rng = np.random.default_rng(4)
    amplitude = np.sqrt(2 * 10**0.2 * code.MESSAGE_BITS / code.CODE_BITS)
    for payload in range(1, 2**40, 2**40 // 60):
        noise = rng.normal(size=code.CODE_BITS)
        word = code.decode((amplitude * code.encode(payload) + noise).astype(np.float32))
        assert word is not None
        assert word.payload == payload


def test_noise_alone_is_refused_by_the_check_sum() -> None:
    rng = np.random.default_rng(7)
    words = [code.decode(rng.normal(size=code.CODE_BITS).astype(np.float32)) for _ in range(100)]
    assert not any(words)
