"""Every public kind of manim's mobjects, animations, cameras and scenes, found by looking through the package.

A kind that can be made without arguments, or of one mobject, is made so. What needs more stands in a table by its name.
A kind of a later manim that is in no table and cannot be made is named by `unmakeable`.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import manim
import numpy as np
from manim import *  # noqa: F403 - the tables name half of it
from manim import Animation, Camera, Mobject, Scene
from manim.mobject.opengl.opengl_mobject import OpenGLMobject
from PIL import Image

# ruff: noqa: F405

BASES: dict[str, type[Any]] = {"mobject": Mobject, "animation": Animation, "camera": Camera, "scene": Scene}

_PASSED_BY = ("manim.cli", "manim.templates", "manim.__main__", "manim.plugins", "manim.renderer.shader")
"""Modules that run a program when imported, or that are for the OpenGL renderer."""


@cache
def kinds(of: str) -> dict[str, type[Any]]:
    """Every public class of the installed manim that is a `of`, a name of `BASES`, by name."""
    found = {}
    for module in _modules():
        for name, kind in vars(module).items():
            if not inspect.isclass(kind) or kind.__module__ != module.__name__ or name.startswith("_"):
                continue
            if issubclass(kind, BASES[of]) and not issubclass(kind, OpenGLMobject):
                found[name] = kind
    return dict(sorted(found.items()))


def _modules() -> Iterator[Any]:
    for module in pkgutil.walk_packages(manim.__path__, "manim."):
        if "opengl" not in module.name and not module.name.startswith(_PASSED_BY):
            yield importlib.import_module(module.name)


def _needs(kind: type[Any]) -> list[str]:
    """Names of the parameters that have to be given."""
    parameters = list(inspect.signature(kind.__init__).parameters.values())[1:]
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [each.name for each in parameters if each.default is each.empty and each.kind not in variadic]


# -- what they are made of ----------------------------------------------------------------------------------------


def _square() -> Any:
    return Square(color=ORANGE, fill_opacity=0.7)


def _circle() -> Any:
    return Circle(color=BLUE, fill_opacity=0.5).shift(2 * RIGHT)


def _group() -> Any:
    return VGroup(*(Square(0.8, color=color, fill_opacity=0.6) for color in (RED, GREEN, BLUE))).arrange()


def _pixels() -> Any:
    across, down = np.meshgrid(np.linspace(0, 255, 24), np.linspace(0, 255, 16))
    return np.stack([across, down, 255 - across, np.full_like(across, 255)], axis=-1).astype(np.uint8)


def _picture() -> Any:
    return ImageMobject(_pixels()).set(height=4)


def _wave(point: Any) -> Any:
    return np.sin(point[1]) * RIGHT + np.cos(point[0]) * UP


def _targeted() -> Any:
    square = _square()
    square.generate_target()
    square.target.shift(2 * UP).set_color(GREEN)
    return square


def _saved() -> Any:
    square = _square()
    square.save_state()
    return square.shift(2 * LEFT).rotate(0.4)


def _lines() -> tuple[Any, Any]:
    return Line(ORIGIN, 2 * RIGHT), Line(ORIGIN, UP + RIGHT)


def _path() -> Any:
    from svgelements import Path

    return Path("M0,0 L2,0 L1,2 Z")


_NUMBERS = [[1, 2], [3, 4]]
_WORDS = [["a", "b"], ["c", "d"]]
_CORNERS = [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
_FACES = [[0, 1, 2], [0, 1, 3], [0, 2, 3], [1, 2, 3]]
_TREE = ([1, 2, 3], [(1, 2), (1, 3)])

MOBJECTS: dict[str, Callable[[], Any]] = {
    "AbstractImageMobject": _picture,
    "Angle": lambda: Angle(*_lines(), radius=1),
    "AnimatedBoundary": lambda: VGroup(_square(), AnimatedBoundary(_square())),
    "ArcBetweenPoints": lambda: ArcBetweenPoints(LEFT, RIGHT),
    "ArcBrace": lambda: ArcBrace(Arc(2)),
    "ArcPolygon": lambda: ArcPolygon(LEFT, RIGHT, UP),
    "ArcPolygonFromArcs": lambda: ArcPolygonFromArcs(
        ArcBetweenPoints(LEFT, RIGHT), ArcBetweenPoints(RIGHT, UP), ArcBetweenPoints(UP, LEFT)
    ),
    "ArrowTip": lambda: ArrowTriangleFilledTip(),
    "ArrowVectorField": lambda: ArrowVectorField(_wave, x_range=[-6, 6, 1], y_range=[-3, 3, 1]),
    "BackgroundRectangle": lambda: BackgroundRectangle(_square(), color=GREEN),
    "BarChart": lambda: BarChart([1, 3, 2]),
    "Brace": lambda: Brace(_square()),
    "BraceBetweenPoints": lambda: BraceBetweenPoints(LEFT, RIGHT),
    "BraceLabel": lambda: BraceLabel(_square(), "a"),
    "BraceText": lambda: BraceText(_square(), "a"),
    "BulletedList": lambda: BulletedList("one", "two"),
    "Code": lambda: Code(code_string="for a in b:\n    print(a)", language="python"),
    "ConvexHull": lambda: ConvexHull(LEFT, RIGHT, UP, ORIGIN),
    "ConvexHull3D": lambda: ConvexHull3D(*_CORNERS),
    "Cross": lambda: Cross(_square()),
    "CubicBezier": lambda: CubicBezier(LEFT, LEFT + UP, RIGHT + UP, RIGHT),
    "CurvedArrow": lambda: CurvedArrow(LEFT, RIGHT),
    "CurvedDoubleArrow": lambda: CurvedDoubleArrow(LEFT, RIGHT),
    "CurvesAsSubmobjects": lambda: CurvesAsSubmobjects(Circle()).set_color_by_gradient(RED, BLUE),
    "Cutout": lambda: Cutout(Square(3), Triangle(), fill_opacity=1, color=BLUE),
    "DashedVMobject": lambda: DashedVMobject(Circle()),
    "DecimalMatrix": lambda: DecimalMatrix(_NUMBERS),
    "DecimalTable": lambda: DecimalTable(_NUMBERS),
    "DiGraph": lambda: DiGraph(*_TREE),
    "Difference": lambda: Difference(_square(), Circle(), color=GREEN, fill_opacity=1),
    "Exclusion": lambda: Exclusion(_square(), Circle(), color=GREEN, fill_opacity=1),
    "FunctionGraph": lambda: FunctionGraph(np.sin),
    "GenericGraph": lambda: Graph(*_TREE),
    "Graph": lambda: Graph(*_TREE, labels=True),
    "Group": lambda: Group(_picture(), _square()),
    "ImageMobject": _picture,
    "ImplicitFunction": lambda: ImplicitFunction(lambda x, y: x * x + y * y - 4),
    "IntegerMatrix": lambda: IntegerMatrix(_NUMBERS),
    "IntegerTable": lambda: IntegerTable(_NUMBERS),
    "Intersection": lambda: Intersection(_square(), Circle(), color=GREEN, fill_opacity=1),
    "Label": lambda: Label("a"),
    "LabeledArrow": lambda: LabeledArrow("a", start=LEFT, end=RIGHT),
    "LabeledDot": lambda: LabeledDot("a"),
    "LabeledLine": lambda: LabeledLine("a", start=2 * LEFT, end=2 * RIGHT),
    "LabeledPolygram": lambda: LabeledPolygram([LEFT, RIGHT, UP, LEFT], label="a"),
    "MarkupText": lambda: MarkupText("a <b>bold</b> word"),
    "MathTable": lambda: MathTable(_NUMBERS),
    "MathTex": lambda: MathTex("a", "+", "b^2"),
    "MathTexPart": lambda: MathTex("a", "+", "b^2")[2],
    "MathTypst": lambda: MathTypst("a^2 + b"),
    "Matrix": lambda: Matrix(_NUMBERS),
    "Mobject1D": lambda: Mobject1D(density=40).add_line(LEFT, RIGHT, ORANGE),
    "Mobject2D": lambda: _cloud(Mobject2D()),
    "MobjectMatrix": lambda: MobjectMatrix([[Square(0.5), Circle(0.3)], [Dot(), Triangle().scale(0.3)]]),
    "MobjectTable": lambda: MobjectTable([[Square(0.5), Circle(0.3)], [Dot(), Triangle().scale(0.3)]]),
    "PGroup": lambda: PGroup(_cloud(PMobject(stroke_width=6)), _cloud(PMobject(stroke_width=6)).shift(UP)),
    "PMobject": lambda: _cloud(PMobject(stroke_width=6)),
    "Paragraph": lambda: Paragraph("two lines", "of text"),
    "ParametricFunction": lambda: ParametricFunction(lambda t: np.array([np.cos(t), np.sin(2 * t), 0]), (0, 6)),
    "Point": lambda: Point(color=RED, stroke_width=40),
    "Polygon": lambda: Polygon(LEFT, RIGHT, UP),
    "Polygram": lambda: Polygram([LEFT, RIGHT, UP], [DL, DR, DOWN / 2]),
    "Polyhedron": lambda: Polyhedron(_CORNERS, _FACES),
    "RegularPolygram": lambda: RegularPolygram(5),
    "RightAngle": lambda: RightAngle(Line(ORIGIN, RIGHT), Line(ORIGIN, UP)),
    "SVGMobject": lambda: VMobjectFromSVGPath(_path()).scale(2),
    "SampleSpace": lambda: SampleSpace(),
    "SingleStringMathTex": lambda: SingleStringMathTex("a^2"),
    "StreamLines": lambda: StreamLines(
        _wave, x_range=[-4, 4, 1], y_range=[-2, 2, 1], stroke_width=3, max_anchors_per_line=20
    ),
    "Surface": lambda: Surface(lambda u, v: np.array([u, v, u * v / 2]), (-1, 1), (-1, 1), resolution=4),
    "SurroundingRectangle": lambda: SurroundingRectangle(_square()),
    "Table": lambda: Table(_WORDS),
    "TangentLine": lambda: VGroup(Circle(), TangentLine(Circle(), 0.2, length=3)),
    "TangentialArc": lambda: TangentialArc(*_lines(), radius=0.5),
    "Tex": lambda: Tex("a word"),
    "Text": lambda: Text("a word"),
    "Title": lambda: Title("a title"),
    "TracedPath": lambda: _traced(),
    "Typst": lambda: Typst("a *bold* word"),
    "Underline": lambda: Underline(_square()),
    "Union": lambda: Union(_square(), Circle(), color=GREEN, fill_opacity=1),
    "VDict": lambda: VDict({"a": _square(), "b": _circle()}),
    "VGroup": _group,
    "VMobject": lambda: VMobject(color=RED).set_points_as_corners([LEFT, UP, RIGHT]),
    "VMobjectFromSVGPath": lambda: VMobjectFromSVGPath(_path(), fill_opacity=1, color=BLUE),
    "Variable": lambda: Variable(1.5, "a"),
    "VectorField": lambda: ArrowVectorField(_wave, x_range=[-3, 3, 1], y_range=[-2, 2, 1]),
}
"""Mobjects that need to be told what they are made of."""

STANDS_FOR: dict[str, str] = {
    "ComplexValueTracker": "holds a number",
    "ImageMobjectFromCamera": "shown by ZoomedScene, among the scenes",
    "Mobject": "the base: has no points",
    "ThreeDVMobject": "the base: has no points",
    "TipableVMobject": "the base: has no points",
    "ValueTracker": "holds a number",
    "VectorizedPoint": "a place, not drawn",
}
"""Mobjects that stock manim draws nothing of, and why."""


def _cloud(points: Any) -> Any:
    return points.add_points([[x / 5, y / 5, 0] for x in range(-6, 7) for y in range(-3, 4)], color=GREEN)


def _traced() -> Any:
    path = TracedPath(lambda: ORIGIN, stroke_color=YELLOW)
    return path.set_points_as_corners([LEFT, UP, RIGHT, DOWN])


def coloured_by_an_image() -> Any:
    """A shape with a background image, which any VMobject may have."""
    shape = Text("image", weight=BOLD).scale(3)
    return shape.color_using_background_image(Image.fromarray(_pixels()))


EXTRA_MOBJECTS: dict[str, Callable[[], Any]] = {
    "(coloured by an image)": coloured_by_an_image,
    "(gradient and sheen)": lambda: Square(3, fill_opacity=1).set_color([RED, BLUE]).set_sheen(0.4, UR),
    "(background stroke)": lambda: Text("words").set_stroke(RED, 6, background=True),
    "(picture, half seen)": lambda: _picture().set_opacity(0.5),
    "(picture of a few pixels)": lambda: ImageMobject(np.uint8([[0, 100, 30, 200], [255, 0, 5, 33]])).set(height=7),
    "(stream lines in 3D colours)": lambda: StreamLines(
        _wave, x_range=[-4, 4, 1], y_range=[-2, 2, 1], z_range=[0, 1, 1], stroke_width=3, max_anchors_per_line=10
    ),
}
"""Ways of drawing that no class stands for."""

ANIMATIONS: dict[str, Callable[[], Any]] = {
    "Add": lambda: Succession(Add(_square()), Wait(0.5), Add(_circle()), Wait(0.5)),
    "AddTextLetterByLetter": lambda: AddTextLetterByLetter(Text("letters"), run_time=1),
    "AddTextWordByWord": lambda: AddTextWordByWord(Text("two words"), run_time=1),
    "AnimationGroup": lambda: AnimationGroup(FadeIn(_square()), Create(_circle())),
    "ApplyComplexFunction": lambda: ApplyComplexFunction(lambda z: z * z / 2, _square()),
    "ApplyFunction": lambda: ApplyFunction(lambda mobject: mobject.shift(UP).scale(0.5), _square()),
    "ApplyMatrix": lambda: ApplyMatrix([[1, 1], [0, 1]], _square()),
    "ApplyMethod": lambda: ApplyMethod(_square().shift, UP),
    "ApplyPointwiseFunction": lambda: ApplyPointwiseFunction(lambda p: p * 1.5 + UP, _square()),
    "ApplyPointwiseFunctionToCenter": lambda: ApplyPointwiseFunctionToCenter(lambda p: p + UP, _square()),
    "ChangeDecimalToValue": lambda: ChangeDecimalToValue(DecimalNumber(1), 3),
    "ChangeSpeed": lambda: ChangeSpeed(Rotate(_square(), PI), {0.3: 1, 0.6: 0.5}),
    "ChangingDecimal": lambda: ChangingDecimal(DecimalNumber(1), lambda alpha: 3 * alpha),
    "ClockwiseTransform": lambda: ClockwiseTransform(_square(), _circle()),
    "ComplexHomotopy": lambda: ComplexHomotopy(lambda z, t: z * (1 + t), _square()),
    "CounterclockwiseTransform": lambda: CounterclockwiseTransform(_square(), _circle()),
    "CyclicReplace": lambda: CyclicReplace(*_group()),
    "FadeIn": lambda: FadeIn(_square(), shift=UP),
    "FadeOut": lambda: FadeOut(_square(), shift=UP),
    "FadeToColor": lambda: FadeToColor(_square(), GREEN),
    "FadeTransform": lambda: FadeTransform(_square(), _circle()),
    "FadeTransformPieces": lambda: FadeTransformPieces(_group(), _group().shift(UP).set_color(RED)),
    "Flash": lambda: Flash(ORIGIN),
    "FocusOn": lambda: FocusOn(ORIGIN),
    "GrowArrow": lambda: GrowArrow(Arrow(LEFT, RIGHT)),
    "GrowFromEdge": lambda: GrowFromEdge(_square(), DOWN),
    "GrowFromPoint": lambda: GrowFromPoint(_square(), UL),
    "Homotopy": lambda: Homotopy(lambda x, y, z, t: (x + t, y + x * t, z), _square()),
    "LaggedStart": lambda: LaggedStart(*map(FadeIn, _group())),
    "LaggedStartMap": lambda: LaggedStartMap(FadeIn, _group()),
    "MaintainPositionRelativeTo": lambda: AnimationGroup(
        *(lambda one: (one.animate.shift(UP), MaintainPositionRelativeTo(_circle(), one)))(_square())
    ),
    "MoveAlongPath": lambda: MoveAlongPath(Dot(), Circle(2)),
    "MoveToTarget": lambda: MoveToTarget(_targeted()),
    "PhaseFlow": lambda: PhaseFlow(_wave, _square()),
    "RemoveTextLetterByLetter": lambda: RemoveTextLetterByLetter(Text("letters"), run_time=1),
    "ReplacementTransform": lambda: ReplacementTransform(_square(), _circle()),
    "Restore": lambda: Restore(_saved()),
    "ScaleInPlace": lambda: ScaleInPlace(_square(), 2),
    "ShowIncreasingSubsets": lambda: ShowIncreasingSubsets(_group()),
    "ShowPassingFlash": lambda: ShowPassingFlash(_circle(), time_width=0.5),
    "ShowPassingFlashWithThinningStrokeWidth": lambda: ShowPassingFlashWithThinningStrokeWidth(Circle(color=RED)),
    "ShowSubmobjectsOneByOne": lambda: ShowSubmobjectsOneByOne(_group()),
    "SmoothedVectorizedHomotopy": lambda: SmoothedVectorizedHomotopy(lambda x, y, z, t: (x + t, y, z), _circle()),
    "SpiralIn": lambda: SpiralIn(_group()),
    "Succession": lambda: Succession(FadeIn(_square()), FadeOut(_circle())),
    "Swap": lambda: Swap(*_group()[:2]),
    "Transform": lambda: Transform(_square(), _circle()),
    "TransformAnimations": lambda: TransformAnimations(
        Transform(_square(), _circle()), Transform(_square(), Triangle())
    ),
    "TransformFromCopy": lambda: TransformFromCopy(_square(), _circle()),
    "TransformMatchingAbstractBase": lambda: TransformMatchingShapes(_group(), _group().arrange(DOWN)),
    "TransformMatchingShapes": lambda: TransformMatchingShapes(_group(), _group().arrange(DOWN)),
    "TransformMatchingTex": lambda: TransformMatchingTex(MathTex("a", "+", "b"), MathTex("b", "+", "a")),
    "TypeWithCursor": lambda: TypeWithCursor(Text("typed"), _cursor(), run_time=1),
    "UntypeWithCursor": lambda: UntypeWithCursor(Text("typed"), _cursor(), run_time=1),
    "UpdateFromAlphaFunc": lambda: UpdateFromAlphaFunc(_square(), lambda each, alpha: each.set_x(3 * alpha)),
    "UpdateFromFunc": lambda: UpdateFromFunc(_square(), lambda each: each.rotate(0.1)),
    "Wait": lambda: Succession(FadeIn(_square()), Wait(0.5)),
}
"""Animations that need more than one mobject."""

UNPLAYABLE: dict[str, str] = {
    "ApplyPointwiseFunctionToCenter": "its constructor calls its base's without a mobject",
    "MathTypst": "needs the package typst, an extra of manim's",
    "ShowPartial": "the base of Create: has no bounds of its own",
    "SmoothedVectorizedHomotopy": "names a class that is imported for types only",
    "SpecialThreeDScene": "asks for its renderer before it has one",
    "SplitScreenCamera": "makes its background before it has its two cameras",
    "TransformAnimations": "asks its animations for what they have only once begun",
    "Typst": "needs the package typst, an extra of manim's",
}
"""What stock manim 0.21 cannot make or play, and why."""


def _cursor() -> Any:
    return Rectangle(color=GREY, fill_opacity=1, height=1.1, width=0.5)


def flowing() -> Any:
    """Stream lines in motion, which no animation stands for."""
    lines = MOBJECTS["StreamLines"]()
    lines.start_animation(warm_up=False, flow_speed=1.5)
    return lines


IN_MOTION: dict[str, Callable[[], Any]] = {
    "(stream lines flow)": flowing,
    "(boundary in motion)": lambda: VGroup(_square(), AnimatedBoundary(_square())),
}
"""Mobjects that move by themselves while the scene waits."""


def unmakeable(of: str) -> list[str]:
    """Names of the kinds of `of` that are in no table and that need arguments."""
    missing = []
    for name, kind in kinds(of).items():
        if name in UNPLAYABLE or (of == "mobject" and (name in MOBJECTS or name in STANDS_FOR)):
            continue
        if of == "animation" and (name in ANIMATIONS or len(_needs(kind)) == 1):
            continue
        if _needs(kind):
            missing.append(f"{name}({', '.join(_needs(kind))})")
    return missing


def mobjects() -> dict[str, Callable[[], Any]]:
    """What makes one of each kind of mobject that is drawn."""
    makers = {name: MOBJECTS.get(name, kind) for name, kind in kinds("mobject").items() if name not in STANDS_FOR}
    return {**makers, **EXTRA_MOBJECTS}


def animations() -> dict[str, Callable[[], Any]]:
    """What makes one of each kind of animation."""

    def of_one(kind: type[Any]) -> Callable[[], Any]:
        return lambda: kind(_square())

    makers = {name: ANIMATIONS.get(name) or of_one(kind) for name, kind in kinds("animation").items()}
    return {**makers, **IN_MOTION}


def is_in_3d(name: str) -> bool:
    """Whether a mobject's kind is one of three dimensions."""
    kind = kinds("mobject").get(name)
    return "three_d" in kind.__module__ or name.startswith("ThreeD") if kind else "3D" in name


__all__ = ["animations", "is_in_3d", "kinds", "mobjects", "unmakeable"]
