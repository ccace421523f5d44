"""The notebook magic, in IPython's own shell."""

import html
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CELL = """\
%%astrai_slides -v WARNING --progress_bar None -q l MyDeck --manim-slides controls=true one_file=true

from manim import Create, Square
from manim_slides import Slide

class MyDeck(Slide):
    def construct(self):
        square = Square(side_length=size_of_another_cell)
        self.play(Create(square), run_time=0.1)
        self.next_slide(notes="Say it.")
        self.play(square.animate.shift(far()), run_time=0.1)
"""


@pytest.fixture(scope="module")
def shell() -> "Iterator[Any]":
    from IPython.core.interactiveshell import InteractiveShell

    before = sys.displayhook
    shell = InteractiveShell.instance()
    shell.colors = "nocolor"
    shell.run_cell("%load_ext astrai_slides")
    yield shell
    InteractiveShell.clear_instance()
    sys.displayhook = before


def run(shell: Any, cell: str) -> tuple[Any, list[str]]:
    """Run a cell; return what came of it, and the HTML of what it displayed."""
    from IPython.utils.capture import capture_output

    with capture_output() as captured:
        result = shell.run_cell(cell, store_history=True)
    shown = [each.data["text/html"] for each in captured.outputs if "text/html" in each.data]
    result.printed = captured.stdout
    return result, shown


def page_in(frame: str) -> str:
    found = re.search(r'srcdoc="([^"]*)"', frame)
    assert found is not None
    return html.unescape(found[1])


@pytest.mark.parametrize("line", ["It's", "Deck --manim-slides title='a"])
def test_a_quote_without_an_end_is_told(shell: Any, line: str) -> None:
    from IPython.core.error import UsageError

    with pytest.raises(UsageError, match="a quote has no end; write another"):
        shell.run_line_magic("astrai_slides", line)


@pytest.mark.long
def test_a_class_that_uses_other_cells_is_recorded_and_shown(shell: Any) -> None:
    run(shell, "size_of_another_cell = 2.0")
    failed, shown = run(shell, CELL)
    assert shown == []
    # where in the cell it is: the line as the notebook numbers it, in the words that IPython has for a cell
    told = failed.printed
    number = shell.execution_count - 1
    assert f"Cell In[{number}], line 11" in told
    assert "NameError: name 'far' is not defined" in told
    assert "MyDeck cannot be recorded: line 11: NameError" in told
    assert "record.py" not in told

    run(shell, "from manim import RIGHT\ndef far(): return RIGHT")
    done, shown = run(shell, CELL)
    assert done.success, done.printed
    page = page_in(shown[0])
    assert page.startswith("<!DOCTYPE html>")
    assert "<title>My Deck" in page
    assert "Say it." in page
    assert '"controls":true' in page.replace(" ", "")
    assert "aspect-ratio: 854 / 480" in shown[0]
    # what was defined in the cell is there for others, and a line records it again
    again, shown_again = run(shell, "%astrai_slides -q l MyDeck")
    assert again.success
    assert len(shown_again) == 1


def test_a_built_deck_is_shown_by_itself(tmp_path: Path) -> None:
    from astrai_slides.embed.jupyter import BuiltDeck

    file = tmp_path / "talk.html"
    file.write_text('<!DOCTYPE html><style>:root { --shape: 9 / 16; }</style><p title="a &quot;b&quot;">&lt;', "utf-8")
    shown = BuiltDeck(file)._repr_html_()
    assert page_in(shown) == file.read_text("utf-8")
    assert "aspect-ratio: 9 / 16" in shown
    assert 'title="talk"' in shown


def test_what_the_magic_does_not_take_is_told(shell: Any) -> None:
    for line, told in (
        ("%astrai_slides Nothing", "there is no class 'Nothing'"),
        ("%astrai_slides --renderer=opengl Deck", "unrecognized arguments: --renderer=opengl"),
        ("%astrai_slides -r big Deck", "write WIDTH,HEIGHT"),
        ("%astrai_slides", "the following arguments are required: Scene"),
    ):
        result, _ = run(shell, line)
        assert not result.success
        assert told in str(result.error_in_exec)


KNOBBED = """\
%%astrai_slides -q l Knobbed

from manim import Dot, FadeIn
from astrai_slides.deck.base import Deck

class Knobbed(Deck):
    def construct(self):
        self.step("dots")
        for place in range(self.knob("count", 1, [1, 2, 3])):
            self.play(FadeIn(Dot((place, 0, 0))), run_time=0.1)
"""


@pytest.mark.long
def test_the_variants_of_a_class_are_recorded_unless_they_are_left_out(shell: Any) -> None:
    done, shown = run(shell, KNOBBED)
    assert done.success, done.printed
    page = page_in(shown[0])
    assert "records 2 variants besides; --no-variants leaves them out" in done.printed
    assert '"name":"count"' in page.replace(" ", "")
    refused, _ = run(shell, "%astrai_slides -q l --most-variants 2 Knobbed")
    assert "has 3 variants (3 of 'count'), and 2 are the most" in refused.printed
    done, shown = run(shell, "%astrai_slides -q l --no-variants Knobbed")
    assert done.success, done.printed
    assert len(page_in(shown[0])) < len(page)
    assert '"name":"count"' not in page_in(shown[0]).replace(" ", "")


@pytest.mark.long
def test_cells_for_manim_slides_stay_as_they_are(shell: Any) -> None:
    assert run(shell, "%load_ext astrai_slides.embed.manim_slides_cells")[0].success
    # which brings the magic of manim-slides itself
    assert run(shell, "from manim_slides import *")[0].success
    cell = CELL.replace("%%astrai_slides", "%%manim_slides").replace(".shift(far())", ".scale(size_of_another_cell)")
    done, shown = run(shell, f"{cell}\n")
    assert done.success, done.printed
    assert "<title>My Deck" in page_in(shown[0])
