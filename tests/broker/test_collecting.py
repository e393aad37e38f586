"""Collections of everything wait while long work runs, and come back as they were."""

from __future__ import annotations

import gc

from studio_assist.broker.garbage import seldom_collected


def test_two_long_works_at_once_hold_collections_of_everything_back_until_the_last_ends() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    first, second = seldom_collected(), seldom_collected()
    with first:
        with second:
            pass
        young, middle, old = gc.get_threshold()
        assert (young, middle) == before[:2]
        assert old > 10 * before[2]
    assert gc.get_threshold() == before
    # What was frozen at the start stays so.
    assert gc.get_freeze_count() == frozen
