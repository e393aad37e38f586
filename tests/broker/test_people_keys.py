"""Which keys somebody stands behind, by the record alone."""

from __future__ import annotations

from datetime import UTC, datetime

from studio_assist.domain.known_keys import SigningKey, key_words, known_keys
from studio_assist.domain.people import AUTOMATED
from studio_assist.domain.record import Body, Entry, KeyAdded, KeyVouched
from studio_assist.domain.values import EntryNumber, PersonId

FIRST, SECOND, THIRD, FOURTH = ("11" * 32, "22" * 32, "33" * 32, "44" * 32)


def added(who: str, public: str) -> tuple[str, Body]:
    return who, KeyAdded(public=public, session_only=False)


def vouched(by: str, who: str, public: str) -> tuple[str, Body]:
    return by, KeyVouched(person=PersonId(who), public=public)


def keys(*steps: tuple[tuple[str, Body], str | None]) -> dict[str, SigningKey]:
    """What a record of these entries knows, each with the key that signed it."""
    return known_keys(
        (
            Entry(
                at=datetime(2027, 2, 3, tzinfo=UTC),
                body=body,
                number=EntryNumber(at),
                person=PersonId(who),
            ),
            key,
        )
        for at, ((who, body), key) in enumerate(steps, 1)
    )


def test_the_first_key_of_a_person_is_known_and_the_tours_is_no_persons() -> None:
    found = keys((added(AUTOMATED.id, FIRST), None), (added("a", SECOND), None), (added("b", THIRD), None))
    assert [key.ground for key in found.values()] == ["automated", "first", "unknown"]


def test_a_word_counts_by_the_key_that_signed_it() -> None:
    start = [(added("a", FIRST), None), (added("b", SECOND), None)]
    assert keys(*start, (vouched("a", "b", SECOND), FIRST))[SECOND].by == "a"
    assert not keys(*start, (vouched("a", "b", SECOND), None))[SECOND].is_known
    # Not one's own word with the key it is about, nor another's name beside one's own key.
    assert not keys(*start, (vouched("b", "b", SECOND), SECOND))[SECOND].is_known
    assert not keys(*start, (vouched("a", "b", SECOND), SECOND))[SECOND].is_known
    # Nor the tour's word, nor one for somebody else.
    assert not keys(*start, (vouched("a", "c", SECOND), FIRST))[SECOND].is_known
    tour = [(added(AUTOMATED.id, THIRD), None), (vouched(AUTOMATED.id, "b", SECOND), THIRD)]
    assert not keys(*start, *tour)[SECOND].is_known


def test_words_lead_from_key_to_key_and_count_from_when_they_were_given() -> None:
    start = [(added("a", FIRST), None), (added("b", SECOND), None), (added("c", THIRD), None)]
    good = keys(*start, (vouched("a", "b", SECOND), FIRST), (vouched("b", "c", THIRD), SECOND))
    assert [key.ground for key in good.values()] == ["first", "vouched", "vouched"]
    early = keys(*start, (vouched("b", "c", THIRD), SECOND), (vouched("a", "b", SECOND), FIRST))
    assert [key.ground for key in early.values()] == ["first", "vouched", "unknown"]


def test_a_key_may_be_vouched_for_before_its_owner_signs_and_carried_over_by_them() -> None:
    steps = [(added("a", FIRST), None), (vouched("a", "b", SECOND), FIRST)]
    assert keys(*steps)[SECOND].entry is None
    # Somebody else who brings the key that was vouched for is not who it was vouched for.
    assert keys(*steps, (added("c", SECOND), None))[SECOND].ground == "unknown"
    found = keys(*steps, (added("b", SECOND), None), (added("b", FOURTH), SECOND), (added("b", THIRD), None))
    assert [found[key].ground for key in (SECOND, FOURTH, THIRD)] == ["vouched", "carried", "unknown"]


def test_a_key_is_read_aloud_in_groups() -> None:
    assert key_words("0123456789abcdef" * 4) == "0123 4567 89ab cdef 0123 4567 89ab cdef"
