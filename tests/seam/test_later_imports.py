"""Packages that manim hardly uses are left alone until somebody asks for them."""

import subprocess
import sys
from pathlib import Path

import pytest

_NOTHING_ASKED = """
import sys
import astrai_slides.recording.run.record
from manim import Arrow, RIGHT, Square, UP
from astrai_slides.seam.speedups import faster_manim

with faster_manim():
    Arrow(UP, RIGHT), Square().rotate(0.5, axis=RIGHT + UP)
loaded = {"scipy", "networkx", "bs4", "IPython"} & sys.modules.keys()
assert not loaded, loaded
"""

_ASKED = """
from manim import Code, Graph, RIGHT, Square
from manim.mobject import graph
from manim.utils import space_ops
from scipy.spatial.transform import Rotation

turn = space_ops.Rotation.from_rotvec([0, 0, 1])
assert isinstance(turn, Rotation) and isinstance(turn, space_ops.Rotation)
assert (space_ops.Rotation([0, 0, 0, 1]).as_matrix() == space_ops.rotation_matrix(0, RIGHT)).all()
shown = Graph([1, 2, 3], [(1, 2), (2, 3)], layout="circular")
import networkx
assert isinstance(shown._graph, networkx.Graph) and graph.nx is not networkx
assert len(Code(code_string="print(1)", language="python").code_lines) == 1
"""

_PLUGIN = """
import scipy.spatial
from networkx import Graph

class Own(Graph):
    pass

assert scipy.spatial.transform.Slerp and type(Graph) is type
print("the plugin was imported")
"""


def done_by(code: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.long
def test_each_is_imported_when_it_is_asked_for() -> None:
    done_by(_NOTHING_ASKED + _ASKED)


@pytest.mark.long
def test_plugins_get_the_real_ones(tmp_path: Path) -> None:
    (tmp_path / "own_plugin.py").write_text(_PLUGIN)
    about = tmp_path / "own_plugin-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: own-plugin\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[manim.plugins]\nown = own_plugin\n")
    said = done_by("import sys; sys.path.append(sys.argv[1])\nimport astrai_slides.seam.scene", str(tmp_path))
    assert said == "the plugin was imported\n"
