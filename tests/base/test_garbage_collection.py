"""Python's search for garbage is as it was after a block in which it is rare."""

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from astrai_slides.base.garbage_collection import rare_garbage_collection, rare_while_loading


def test_what_was_kept_from_the_search_stays_so() -> None:
    gc.freeze()
    kept, thresholds = gc.get_freeze_count(), gc.get_threshold()
    with rare_garbage_collection(), rare_garbage_collection():
        assert gc.get_threshold() != thresholds
    assert gc.get_threshold() == thresholds
    assert gc.get_freeze_count() >= kept // 2


def test_it_is_rare_while_modules_are_loaded() -> None:
    thresholds = gc.get_threshold()
    with rare_while_loading():
        rare = gc.get_threshold()
        with rare_garbage_collection():
            assert gc.get_threshold() == rare
        assert rare[0] > thresholds[0]
    assert gc.get_threshold() == thresholds


@pytest.mark.parametrize(("end", "found"), [("sys.exit()", True), ("run()", False)])
def test_the_command_line_ends_without_a_search(end: str, found: bool) -> None:
    """Python searches all there is when it ends, which takes as long as a short step of a deck."""
    program = f"""if True:
        import gc
        import sys
        from astrai_slides.__main__ import run

        gc.set_threshold(0)

        class Part:
            def __del__(self):
                print("found")

        part = Part()
        part.itself = part
        del part
        sys.argv = ["astrai-slides", "--version"]
        {end}
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ("found" in done.stdout) == found


def test_what_was_written_to_a_file_that_nobody_closed_is_there(tmp_path: Path) -> None:
    written = tmp_path / "told.log"
    program = f"""if True:
        import sys
        from astrai_slides.__main__ import run

        class Deck:
            pass

        deck = Deck()
        deck.itself, deck.log = deck, open({str(written)!r}, "w")
        deck.log.write("told")
        sys.argv = ["astrai-slides", "--version"]
        run()
    """
    subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert written.read_text() == "told"
