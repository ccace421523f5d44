"""What an edit may change for a run to go on with it, and that the new code is what is carried out."""

import ast
import builtins
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest

from astrai_slides.recording.run.checkpoints import Program, begins_step, is_construct
from astrai_slides.recording.run.code_changes import UnswappableError, difference, rest_of, swap

MODULE = """
import functools
SIZE = 2


def helper(x):
    return x + 1


def counted(function):
    @functools.wraps(function)
    def inner(*arguments):
        return function(*arguments)
    return inner


class Scene:
    def construct(self):
        self.said = []
        first = helper(1)
        self.one()
        self.two(first)
        self.said.append(first)

    def one(self):
        self.said.append("one")

    def two(self, value):
        self.said.append(value)

    @property
    def size(self):
        return SIZE

    @counted
    def wrapped(self):
        return 1

    def closing(self):
        return super().__repr__
"""
PATH = "deck.py"


def text(source: str) -> bytes:
    return textwrap.dedent(source).encode()


def found(old: str, new: str, source: str = MODULE) -> Any:
    assert old in source
    return difference({PATH: text(source)}, {PATH: text(source.replace(old, new))})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SIZE = 2", "SIZE = len('three')"),
        ("SIZE = 2\n", ""),
        ("SIZE = 2", "SIZE = 2\nSIZE = 3"),
        ("class Scene:", "class Scene(dict):"),
        ("def two(self, value):", "def two(self, value=1):"),
        ("    @property\n", ""),
        ("import functools", "import operator as functools"),
    ],
)
def test_what_a_module_does_when_it_is_imported_must_be_the_same(old: str, new: str) -> None:
    assert found(old, new).restart


def test_layout_and_comments_are_no_difference() -> None:
    assert found("        self.one()", "        # first\n\n        self.one(\n        )").nothing


def test_a_module_that_is_gone_begins_anew() -> None:
    assert difference({PATH: text(MODULE)}, {}).restart


def test_an_edit_is_gone_on_with_only_before_what_it_changed() -> None:
    construct, one, two = (f"{PATH}:{name}" for name in ("Scene.construct", "Scene.one", "Scene.two"))
    edit = found('append("one")', 'append("1")')
    assert edit.changed == {one}
    assert edit.spares({construct}, construct, 2)
    assert not edit.spares({construct, one}, construct, 3)
    assert found("self.two(first)", "self.two(2)").statements == {construct: 3}
    assert found("self.two(first)", "self.two(2)").spares({one}, construct, 3)
    assert not found("self.two(first)", "self.two(2)").spares({one, two}, construct, 4)
    assert found("        self.said.append(first)\n", "").statements == {construct: 4}
    gone = found("    def two(self, value):\n        self.said.append(value)\n", "")
    assert gone.gone == {two}
    assert gone.spares({construct, one}, construct, 3)
    assert not gone.spares({construct, two}, construct, 3)
    # another class's construct is entered or it is not
    assert not found("self.two(first)", "self.two(2)").spares({construct}, "other", 0)


CONSTANTS = """
from manim import *

WIDTH = 2
TWICE = 2 * WIDTH
OTHER = 1


class Scene:
    def construct(self):
        self.one()
        self.two()
        self.said.append(OTHER)

    def one(self):
        self.said = [WIDTH - WIDTH]

    def two(self):
        self.said.append(TWICE)
"""


def test_constants_may_change_that_were_not_read() -> None:
    construct, one, two = (f"{PATH}:Scene.{name}" for name in ("construct", "one", "two"))
    other = found("OTHER = 1", "OTHER = 3", CONSTANTS)
    assert other.statements == {construct: 2}
    assert other.spares({construct, one, two}, construct, 2)
    assert not other.nothing
    twice = found("2 * WIDTH", "3 * WIDTH", CONSTANTS)
    assert twice.spares({construct, one}, construct, 1)
    assert not twice.spares({construct, one, two}, construct, 2)
    # what is made of it has another value as well
    assert found("WIDTH = 2", "WIDTH = 3", CONSTANTS).reading == {one, two}
    assert found("OTHER = 1", "OTHER = 1\nMORE = 5", CONSTANTS).spares({construct, one, two}, construct, 2)
    both = CONSTANTS.replace("OTHER = 1", "OTHER = 3").replace("self.one()", "self.one(1)")
    assert difference({PATH: text(CONSTANTS)}, {PATH: text(both)}).statements == {construct: 0}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("class Scene:", "class Scene:\n    size = OTHER"),
        ("def one(self)", "def one(self, size=OTHER)"),
        ("class Scene:", "print(OTHER)\n\n\nclass Scene:"),
        ("def one(self):", "def one(self):\n        global OTHER"),
    ],
)
def test_constants_that_are_read_as_the_module_is_imported_begin_anew(old: str, new: str) -> None:
    assert found("OTHER = 1", "OTHER = 2", CONSTANTS.replace(old, new)).restart


@pytest.mark.parametrize(
    ("line", "restart"),
    [
        ("from deck import OTHER", True),
        ("from deck import *", True),
        ("from manim import *", False),
        ("from manim_slides import *", False),
        ("from .manim import *", True),
        ("import deck\n\ndef more():\n    return deck.OTHER", False),
    ],
)
def test_constants_that_other_modules_read(line: str, restart: bool) -> None:
    old = {PATH: text(CONSTANTS), "more.py": text(line)}
    edit = difference(old, {**old, PATH: text(CONSTANTS.replace("OTHER = 1", "OTHER = 2"))})
    assert edit.restart is restart
    assert restart or edit.spares({}, "", 0)
    assert ("more.py:more" in edit.reading) is ("def" in line)


def test_imports_and_functions_may_be_added() -> None:
    more = found("import functools\n", "import functools\nimport math\n")
    assert more.nothing
    assert found("    def one", "    def more(self):\n        return 1\n\n    def one").added == {f"{PATH}:Scene.more"}
    assert found("    def one", "    def more(self, size=SIZE):\n        return 1\n\n    def one").restart
    decorated = found("    def one", "    @counted\n    def more(self):\n        return 1\n\n    def one")
    assert decorated.restart


class Run:
    """A run of a module's `construct` that goes on with other code before a statement."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, source: str = MODULE) -> None:
        self.path = folder / "edited_deck.py"
        self.path.write_bytes(text(source))
        monkeypatch.syspath_prepend(str(folder))
        self.reached: list[int] = []
        self.new: dict[str, bytes] = {}
        self.stop = -1
        self.turns = 0
        """So many turns of the loop at `stop` come first."""
        self.program = Program(self._at, lambda name: None)
        self.construct = f"{self.path}:Scene.construct"

    def _at(self, name: str, place: int, frame: FrameType, *, turn: bool) -> None:
        self.reached.append(place)
        if place != self.stop:
            return
        if self.turns:
            self.turns -= turn
            return
        self.stop = -1
        edit = difference(self.program.sources, self.new)
        assert edit.spares(self.program.entered, self.construct, place + turn)
        swap(self.program, self.new, edit, self.construct)
        differs = edit.statements.get(self.construct)
        if differs is not None:
            source = self.new[str(self.path)]
            rest_of(source, self.construct, place, differs, frame, turn=turn)(**frame.f_locals)
            raise EOFError

    @contextmanager
    def loaded(self) -> Iterator[ModuleType]:
        with self.program.followed():
            try:
                yield import_module("edited_deck")
            finally:
                sys.modules.pop("edited_deck", None)

    def said(self, old: str, new: str, stop: int, turns: int = 0) -> list[Any]:
        """What the scene says whose code is another from statement `stop` on, or after so many turns of that."""
        self.turns = turns
        self.new = {str(self.path): self.path.read_bytes().replace(old.encode(), new.encode())}
        assert self.new[str(self.path)] != self.path.read_bytes()
        self.stop = stop
        with self.loaded() as module:
            scene = module.Scene()
            with suppress(EOFError):
                scene.construct()
            return list(scene.said)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(tmp_path, monkeypatch)


def test_a_run_says_what_it_enters_and_where_it_is(run: Run) -> None:
    with run.loaded() as module:
        module.Scene().construct()
    assert run.reached == [0, 2, 3]
    names = {"helper", "Scene.construct", "Scene.one", "Scene.two", "counted"}
    assert run.program.entered == {f"{run.path}:{name}" for name in names}


def test_a_method_that_was_not_entered_has_its_new_code(run: Run) -> None:
    assert run.said("append(value)", "append(value * 10)", 3) == ["one", 20, 2]


def test_the_rest_of_construct_goes_on_with_its_variables(run: Run) -> None:
    assert run.said("self.two(first)", "self.two(first + 5)", 2) == ["one", 7, 2]


def test_variables_that_later_functions_keep_are_set_in_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "later = 5\n        self.keep = lambda: (first, later)\n        self.two(first)"
    run = Run(tmp_path, monkeypatch, MODULE.replace("self.two(first)", lines))
    assert run.said("self.said.append(first)", "self.said.append(self.keep())", 2) == ["one", 2, (2, 5)]


def test_a_new_method_is_there_for_the_rest(run: Run) -> None:
    more = "    def more(self):\n        self.said.append(helper(40))\n\n    def one"
    run.new = {str(run.path): text(MODULE.replace("    def one", more).replace("self.two(first)", "self.more()"))}
    run.stop = 3
    with run.loaded() as module:
        scene = module.Scene()
        with pytest.raises(EOFError):
            scene.construct()
    assert scene.said == ["one", 41, 2]


def test_new_imports_are_there_for_the_rest_and_what_is_gone_is_not(run: Run) -> None:
    new = MODULE.replace("import functools\n", "import functools\nimport math\n").replace(
        "append(value)", "append((math.floor(7.5), 'wrapped' in dir(type(self)), 'counted' in globals()))"
    )
    start, stop = new.index("    @counted\n"), new.index("    def closing")
    run.new = {str(run.path): text(new[:start] + new[stop:])}
    run.stop = 2
    with run.loaded() as module:
        scene = module.Scene()
        scene.construct()
    assert scene.said == ["one", (7, False, True), 2]
    assert not any(name.startswith("__astrai") for name in vars(builtins))


def test_a_rest_of_nothing_ends(run: Run) -> None:
    left_out = "        self.two(first)\n        self.said.append(first)\n"
    assert run.said(left_out, "", 3) == ["one"]


def test_a_new_property_knows_its_name_and_one_that_asks_for_its_class_is_refused(run: Run) -> None:
    source = MODULE.replace("import functools\n", "from functools import cached_property, wraps\nimport functools\n")
    run.path.write_bytes(text(source))
    more = "    @cached_property\n    def more(self):\n        return 40\n\n    def one"
    run.new = {str(run.path): text(source.replace("    def one", more).replace("append(value)", "append(self.more)"))}
    run.stop = 2
    with run.loaded() as module:
        scene = module.Scene()
        scene.construct()
        assert scene.said == ["one", 40, 2]
        run.program.sources[str(run.path)] = text(source)
        asking = source.replace("    def one", "    def more(self):\n        return super().__repr__\n\n    def one")
        run.new = {str(run.path): text(asking)}
        run.stop = 2
        with pytest.raises(UnswappableError):
            module.Scene().construct()


def test_a_constant_that_was_not_read_has_its_new_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(tmp_path, monkeypatch, CONSTANTS)
    assert run.said("2 * WIDTH", "5 * WIDTH", 1) == [0, 10, 1]


LOOP = """
class Scene:
    def construct(self):
        self.said = []
        for step in (self.one, self.two, self.three):
            step()
            self.between()
        else:
            self.said.append("else")
        self.said.append("end")

    def between(self):
        pass

    def one(self):
        self.said.append(1)

    def two(self):
        self.said.append(2)

    def three(self):
        self.said.append(3)
"""


@pytest.mark.parametrize(
    ("old", "new", "turns", "said"),
    [
        ("append(3)", "append(30)", 2, [1, 2, 30, "else", "end"]),
        ("append(2)", "append(20)", 1, [1, 20, 3, "else", "end"]),
        ('append("end")', 'append("over")', 2, [1, 2, 3, "else", "over"]),
        ('append("end")', 'append("over")', 3, [1, 2, 3, "else", "over"]),
    ],
)
def test_a_loop_is_gone_on_with_at_a_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, turns: int, said: list[Any]
) -> None:
    run = Run(tmp_path, monkeypatch, LOOP)
    assert run.said(old, new, 1, turns) == said
    assert run.reached[: turns + 3] == [0, *[1] * (turns + 2)]


def test_variables_that_functions_of_earlier_turns_keep_are_not_set_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(tmp_path, monkeypatch, LOOP.replace("step()\n", "step()\n            self.keep = lambda: step\n"))
    with pytest.raises(UnswappableError):
        run.said('append("end")', 'append("over")', 1, 2)


def test_a_loop_whose_own_code_changed_is_not() -> None:
    edit = found("            step()\n", "            step()\n            step()\n", LOOP)
    construct = f"{PATH}:Scene.construct"
    assert edit.spares({construct}, construct, 1)
    assert not edit.spares({construct}, construct, 1 + True)


def test_statements_are_numbered_after_the_docstring_and_quiet_loops_say_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = "self.said = []\n        for _ in range(3):\n            self.add(1)"
    source = MODULE.replace("self.said = []", f'"""Say it."""\n        {quiet}')
    source = source.replace("    def one", "    def add(self, _):\n        pass\n\n    def one")
    run = Run(tmp_path, monkeypatch, source)
    with run.loaded() as module:
        module.Scene().construct()
    assert run.reached == [0, 3, 4]
    assert not is_construct((), ast.parse("def construct(self): pass").body[0])


def test_a_setter_is_another_function_than_its_getter() -> None:
    setter = "    @size.setter\n    def size(self, value):\n        self.value = value\n\n    @counted"
    source = MODULE.replace("    @counted", setter)
    edit = found("self.value = value", "self.value = 2 * value", source)
    assert edit.changed == {f"{PATH}:Scene.size#2"}
    assert edit.spares({f"{PATH}:Scene.size"}, "", 0)


def test_a_line_of_the_new_code_is_told_as_the_file_has_it(run: Run) -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        run.said("self.two(first)", "\n\n        self.two(1 / 0)", 3)
    line = run.new[str(run.path)].decode().splitlines().index("        self.two(1 / 0)") + 1
    assert raised.traceback[-1].lineno + 1 == line


@pytest.mark.parametrize(("old", "new"), [("return 1", "return 2"), ("return super().__repr__", "return 1")])
def test_code_that_cannot_be_put_in_place_is_refused(run: Run, old: str, new: str) -> None:
    with pytest.raises(UnswappableError):
        run.said(old, new, 3)


@pytest.mark.parametrize(
    "line",
    [
        "self.keep = lambda: first\n        self.one()\n        first = 3",
        "self.one()\n        print(locals())",
        "self.one()\n        super().__init__()",
    ],
)
def test_a_rest_that_would_mean_something_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    run = Run(tmp_path, monkeypatch, MODULE.replace("        self.one()", f"        {line}"))
    with pytest.raises(UnswappableError):
        run.said("self.said.append(first)", "self.said.append(1)", 2 + line.count("keep"))


@pytest.mark.parametrize(
    ("line", "begins"),
    [
        ("self.play(x)", False),
        ("self.next_slide()", True),
        ("for each in y: self.step(each)", True),
        ("show(self, 1)", True),
        ("show(scene=self)", True),
        ("x = y()", False),
    ],
)
def test_steps_begin_where_the_scene_is_asked_for_more_than_to_play(line: str, begins: bool) -> None:
    assert begins_step(ast.parse(line).body[0]) is begins
