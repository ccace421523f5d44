"""Scenes read like the storyboard: what they look like and how long they take is the theme's and the layout's."""

import ast
from pathlib import Path

import pytest

PLACING = {
    "shift",
    "move_to",
    "to_edge",
    "to_corner",
    "next_to",
    "scale",
    "rotate",
    "stretch",
    "set_stroke",
    "set_fill",
}
TIMING = {"run_time", "duration", "lag_ratio"}


def is_number(node: ast.AST) -> bool:
    node = node.operand if isinstance(node, ast.UnaryOp) else node
    if isinstance(node, (ast.Tuple, ast.List)):
        return any(is_number(part) for part in node.elts)
    return isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool)


def is_coordinate(node: ast.AST) -> bool:
    """Pairs and triples of numbers, and fractions; whole numbers alone may count something."""
    if isinstance(node, (ast.Tuple, ast.List)):
        return len(node.elts) in (2, 3) and all(is_number(part) for part in node.elts)
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def faults(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            word = node.value.removeprefix("#")
            if len(word) in (3, 6, 8) and word != node.value and set(word) <= set("0123456789abcdefABCDEF"):
                found.append(f"line {line}: colour {node.value}")
        if is_coordinate(node):
            found.append(f"line {line}: coordinate or measure {ast.unparse(node)}")
        if isinstance(node, ast.keyword) and node.arg in TIMING and is_number(node.value):
            found.append(f"line {line}: {node.arg}={ast.unparse(node.value)}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            placed = node.func.attr in PLACING or node.func.attr == "wait"
            if placed and any(is_number(argument) for argument in node.args):
                found.append(f"line {line}: {ast.unparse(node)}")
    return found


def test_scenes_hold_no_colours_times_or_coordinates(project_root: Path) -> None:
    scenes = sorted((project_root / "slides").glob("*.py"))
    assert scenes
    assert {scene.name: faults(scene.read_text("utf-8")) for scene in scenes} == {scene.name: [] for scene in scenes}


@pytest.mark.parametrize(
    "line",
    [
        'self.play(FadeIn(x, color="#58A6FF"))',
        'Dot().set_color("#fff")',
        "self.play(x, run_time=2)",
        "self.play(x, run_time=0.5)",
        "self.wait(1)",
        "x.move_to((1, 2, 0))",
        "x.shift([-1, 0])",
        "x.scale(2)",
        "y = 0.35",
    ],
)
def test_each_of_them_would_be_found(line: str) -> None:
    assert faults(line)


def test_names_and_counts_are_not_taken_for_them() -> None:
    assert faults('self.play(chart.grow(), run_time=2 * time.write)\nself.edge(2)\nself.step("flow")') == []
