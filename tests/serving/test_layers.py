"""What of the domain needs no drawing. That its simulators do not, and that no tool knows it, `make lint` holds."""

import json
import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["words", "talk"])
def test_words_and_talk_files_need_no_manim_and_no_click(module: str) -> None:
    code = f"import sys, astrai_slides.serving.{module}; print(sorted({{'manim', 'click'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_a_deck_that_shows_no_measured_run_imports_none_of_their_readers() -> None:
    """A tenth of a second of each build."""
    modules = "astrai_slides.serving.decks.measured, astrai_slides.serving.talk"
    names = "sorted(name for name in sys.modules if '.sim.measured.' in name)"
    code = f"import json, sys, {modules}; print(json.dumps({names}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr == ""
    assert not {"reading", "vllm", "guidellm"} & {name.rpartition(".")[2] for name in json.loads(done.stdout)}
