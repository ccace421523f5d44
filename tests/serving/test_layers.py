"""What of the domain needs no drawing. That its simulators do not, and that no tool knows it, `make lint` holds."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["words", "talk"])
def test_words_and_talk_files_need_no_manim_and_no_click(module: str) -> None:
    code = f"import sys, astrai_slides.serving.{module}; print(sorted({{'manim', 'click'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
