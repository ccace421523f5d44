"""Notebooks written for manim-slides: their cells `%%manim_slides` are recorded by `%%astrai_slides`.

`%load_ext astrai_slides.embed.manim_slides_cells` in a cell before them is all that such a notebook needs.
"""

from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from astrai_slides.embed.jupyter import AstraiSlidesMagic


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Have `shell` run `%%manim_slides` by our magic; what `%load_ext` calls."""
    magic: Any = AstraiSlidesMagic(shell)  # its methods are wrapped by IPython, whose types lose what they take
    shell.register_magics(magic)

    def ours(_: object) -> None:
        shell.register_magic_function(magic.astrai_slides, "line_cell", "manim_slides")

    # `from manim_slides import *` brings manim-slides' own magic, each time that it is run
    shell.events.register("pre_run_cell", ours)
