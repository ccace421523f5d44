"""Every patch and private name of manim, manim-slides, svgelements and manimpango, behind names of this project.

A library's upgrade can break what stands here, and nothing else: `tests/seam/test_what_we_need.py` then names what is
missing, and `tests/seam/test_only_here.py` fails where another module reaches into one of these libraries.

| module | what it gives |
|---|---|
| `classes` | whether a class still has the defaults it was written with, and what manim adds to every class |
| `colour_glyphs` | glyphs of colour fonts (emoji) in texts, where manim leaves them out |
| `colors` | a colour's exact value |
| `config` | the files that manim takes its settings from, and settings that a newer manim no longer has |
| `curves_added` | curves that are cut in parts so that two shapes have as many, sooner |
| `defaults` | `set_default` of a deck, for as long as the deck is recorded |
| `creation` | mobjects as they come to be |
| `depth_order` | the order in which manim's 3D camera draws |
| `each_frame` | what manim asks of every mobject in every frame, sooner |
| `extents` | how far mobjects reach, sooner |
| `fonts` | fonts that are registered with Pango, and Pango looking for them again |
| `formulas_together` | formulas that one run of LaTeX sets, each as by itself |
| `glyphs` | what manim keeps of a text's glyphs and copies with it |
| `held_pixels` | pixels of images that move or fade, worked out when somebody asks for them |
| `implicit_curves` | curves of implicit functions, traced sooner |
| `later_imports` | manim imported without packages that it hardly ever uses |
| `later_paths` | paths that glyphs were read from, found when they are asked for |
| `latex` | formulas that manim has LaTeX set, and why LaTeX fails |
| `manims_own` | what is manim's own, and what a deck put in its place |
| `matching` | the order of what manim's matching transforms take from two mobjects |
| `numbers_redrawn` | digits of numbers, scaled once |
| `pixels_between` | pixels on their way from one image to another, sooner |
| `plots_redrawn` | points of number lines, and parts of paths, sooner |
| `renderer` | which animations are skipped |
| `rotations` | matrices of rotations, without SciPy |
| `scene` | which renderer scenes get, and where sections begin and scenes end |
| `slides` | where slides of manim-slides end, and whether one has played anything |
| `speedups` | manim's most used functions, sooner |
| `svgs` | SVG files that manim has read |
| `pango_svg` | what Pango writes of a text, read for what is in it |
| `texts` | texts being made, and which text a mobject shows, also when it took the looks of another |
| `transforms_together` | all parts that a `Transform` moves, worked out at once |
| `timed_making` | how long manim takes for texts, formulas and SVG files |
| `unknown_glyphs` | characters that Pango draws as a box, or in colours only |
| `ways_together` | the ways along which a `Transform` moves points, of all its parts at once |
| `writer` | what stands in for manim's writer of files |
"""

from astrai_slides.seam.later_imports import import_manim

import_manim()
