"""Python's search for garbage is as it was after a block in which it is rare."""

import gc

from astrai_slides.base.garbage_collection import rare_garbage_collection


def test_what_was_kept_from_the_search_stays_so() -> None:
    gc.freeze()
    kept, thresholds = gc.get_freeze_count(), gc.get_threshold()
    with rare_garbage_collection(), rare_garbage_collection():
        assert gc.get_threshold() != thresholds
    assert gc.get_threshold() == thresholds
    assert gc.get_freeze_count() >= kept // 2
