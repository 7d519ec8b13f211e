"""While the desk is open the garbage collector passes over what was there when it opened."""

from __future__ import annotations

import gc

from pos.tui.desk.collector import seldom_collected


def test_the_collector_passes_over_what_is_there_and_is_itself_again_afterwards() -> None:
    thresholds = gc.get_threshold()
    here = [[number] for number in range(1000)]
    with seldom_collected():
        assert gc.get_freeze_count() > len(here)
        assert not any(one is here for one in gc.get_objects())
        assert gc.get_threshold()[0] > thresholds[0]
    assert gc.get_threshold() == thresholds
    assert gc.get_freeze_count() == 0
    assert any(one is here for one in gc.get_objects())
