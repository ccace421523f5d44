"""Digests of what decides the frames of a play: the scene as it stands, the animations, and the functions they use.

Two plays with the same digest show the same frames and leave the same scene. What cannot be told apart for certain (an
updater, an animation or a function of the deck's own that may do anything) has no digest.
"""

import hashlib
import marshal
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, partial
from pathlib import Path, PurePath
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import svgelements
from manim import CapStyleType, LineJointType, ManimColor, Mobject, MovingCamera, Scene
from manim.animation.animation import Animation
from manim.camera.camera import Camera

from astrai_slides.base.identity import ById
from astrai_slides.base.inputs import is_local
from astrai_slides.recording.reuse.kinds import only_adds
from astrai_slides.recording.reuse.large_arrays import digest_of
from astrai_slides.seam.colors import color_bytes
from astrai_slides.seam.held_pixels import HeldOpacity, HeldPixels

_LIBRARIES = ("manim", "manim_slides", "astrai_slides", "numpy", "PIL", "builtins", "math", "functools", "operator")
"""Packages whose classes and functions are told by their names: versions are part of what recordings are kept under."""

_ANIMATIONS = (
    "manim.animation.animation",
    "manim.animation.composition",
    "manim.animation.creation",
    "manim.animation.fading",
    "manim.animation.growing",
    "manim.animation.indication",
    "manim.animation.movement",
    "manim.animation.rotation",
    "manim.animation.specialized",
    "manim.animation.transform",
    "manim.animation.transform_matching_parts",
    "astrai_slides.deck.parts.",
    "manim_slides.slide.animation",
)
"""Where animations are defined that show the same whenever they start from the same; others say so."""

SAME_FROM_SAME = "same_from_same"
"""Attribute by which a class of animations, of an installed package, says that of itself: true in its own body."""

_IGNORED = frozenset({"original_id", "id_to_vgroup_dict", "chars", "path_obj", "file_name", "point_hash"})
"""What mobjects keep that no animation reads: where texts came from, and ids of this process."""

_PLAIN = frozenset({type(None), bool, int, float, complex, str, bytes})
_ENUMS = frozenset({LineJointType, CapStyleType})
"""Those that every mobject has."""

_HIDDEN = (np.random.Generator, np.random.BitGenerator, np.random.RandomState)

_LARGE = 1 << 16
"""Bytes of an array from which on its digest stands for it."""

_MARSHAL = 2
"""The last version whose bytes do not depend on how often a value is referred to."""


class _UnknownError(Exception):
    """Something that cannot be told apart for certain."""


@dataclass(frozen=True, slots=True)
class Told:
    """What decides the frames of a play, by its `digest`."""

    digest: str
    functions: tuple[FunctionType, ...]
    """Functions of the deck's own among it."""


def told(scene: Any, animations: Iterable[Any]) -> Told | None:
    """Tell `scene` as it stands, with `animations` about to be played; None if that cannot be."""
    digester = _digested(scene, _shown(scene), scene.foreground_mobjects, animations)
    if digester is None or (digester.functions and digester.scene_met):
        return None  # they may keep in the scene what they did from frame to frame
    return Told(digester.result(), tuple(digester.functions))


def before(scene: Any, animations: Iterable[Any]) -> str | None:
    """Identify `scene` as it stands, with `animations` about to be played; None if that cannot be.

    Equal digests are meant for one manim, one astrai-slides and one frame rate.
    """
    known = told(scene, animations)
    return known.digest if known is not None else None


def after(scene: Any, animations: Iterable[Any], functions: Sequence[FunctionType] = ()) -> str | None:
    """Identify what `animations` left of their mobjects, and which mobjects are on `scene`; None if that cannot be.

    `functions` are those that took part, which may have kept what they were called with.
    """
    shown = (*_shown(scene), *scene.foreground_mobjects)
    counts = [(type(each).__name__, len(each.submobjects)) for each in shown]
    parts: list[Iterable[Any]] = [counts, [animation.mobject for animation in animations]]
    if functions:
        parts.append(functions)
    digester = _digested(scene, *parts)
    return digester.result() if digester is not None else None


def _shown(scene: Any) -> list[Any]:
    """The mobjects of `scene` without the empty ones that `wait` leaves there, which would make a difference."""
    return [each for each in scene.mobjects if type(each) is not Mobject or vars(each)["submobjects"] or each.updaters]


def _digested(scene: Any, *parts: Iterable[Any]) -> "_StateDigester | None":
    try:
        digester = _StateDigester()
        digester.camera(scene.renderer.camera)
        for part in parts:
            digester.add(list(part))
        digester.finish()
        return digester
    except (_UnknownError, RecursionError):
        return None


class _StateDigester:
    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._numbers: ById[Any, int] = ById()
        self._waiting: list[Any] = []
        self.functions: list[FunctionType] = []
        self.scene_met = False

    def finish(self) -> None:
        while self._waiting:
            self._mobject(self._waiting.pop())

    def result(self) -> str:
        return hashlib.sha256(b"\0".join(self._parts)).hexdigest()

    def camera(self, camera: Any) -> None:
        own = (each for each in type(camera).__mro__ if not each.__module__.startswith("astrai_slides."))
        kind = next(own)
        if kind not in (Camera, MovingCamera):
            raise _UnknownError
        view = camera.frame if kind is MovingCamera else (camera.frame_center, camera.frame_width, camera.frame_height)
        self.add((kind.__name__, view, camera.background_color, camera.background_opacity))
        self.add((camera.use_z_index, camera.cairo_line_width_multiple, camera.background_image))
        # what an image's file holds may change while its name does not
        self.add((getattr(camera, "held_view", ()), camera.background))

    def add(self, value: Any) -> None:
        kind = type(value)
        if kind in _PLAIN:
            self._parts.append(marshal.dumps(value, _MARSHAL))
        elif kind is np.ndarray:
            self._array(value)
        elif kind in (list, tuple):
            self._parts.append(b"%d" % len(value))
            for each in value:
                self.add(each)
        elif kind is dict:
            self._parts.append(b"{%d" % len(value))
            for name, each in value.items():
                self.add(name)
                self.add(each)
        elif kind is ManimColor:
            self._parts.append(color_bytes(value))
        elif isinstance(value, Mobject):
            if self._first(value):
                self._waiting.append(value)
        else:
            self._other(kind, value)

    def _array(self, value: Any) -> None:
        if value.dtype.hasobject:
            self.add(value.tolist())
        else:
            self._parts.append(value.dtype.str.encode() + marshal.dumps(value.shape, _MARSHAL) + _contents(value))

    def _first(self, value: Any) -> bool:
        """Refer to `value` by its number; whether it is new."""
        met = len(self._numbers)
        number = self._numbers.setdefault(value, met)
        self._parts.append(b"#%d" % number)
        return number == met

    def _mobject(self, mobject: Any) -> None:
        if getattr(mobject, "background_image", None) is not None:
            raise _UnknownError  # its name does not tell what the file holds
        parts = self._parts
        made: Any = type(mobject)
        parts.append(_mobject_kind(made))
        plain: list[Any] = []
        for name, value in vars(mobject).items():
            if name in _IGNORED:
                continue
            kind = type(value)
            if kind in _PLAIN:
                plain += (name, value)
            elif kind is np.ndarray and not value.dtype.hasobject:
                plain += (name, value.shape)
                parts.append(_contents(value))
            elif kind is HeldPixels or kind is HeldOpacity:
                plain += (name, value.shape)
                parts.append(value.digest())
            elif kind in _ENUMS:
                plain += (name, value.name)
            elif kind is np.float64:
                plain += (name, float(value))
            elif name == "updaters":
                if value:
                    raise _UnknownError
            else:
                parts.append(name.encode())
                self.add(value)
        parts.append(marshal.dumps(plain, _MARSHAL))

    def _other(self, kind: Any, value: Any) -> None:
        if isinstance(value, Enum):
            self.add((_name(kind), value.name))
        elif isinstance(value, np.generic):
            self.add((kind.__name__, value.tobytes()))
        elif kind in (set, frozenset) and not value:
            self._parts.append(b"empty")
        elif isinstance(value, (PurePath, svgelements.Path)):
            self._parts.append(b"path")
        elif kind is FunctionType:
            self._function(value)
        elif kind is MethodType:
            self.add((value.__func__, value.__self__))
        elif kind is BuiltinFunctionType or kind is np.ufunc:
            self.add(f"{getattr(value, '__module__', '')}.{value.__name__}")
            owner = getattr(value, "__self__", None)
            if not isinstance(owner, ModuleType):
                self.add(owner)
        elif kind is partial:
            self.add((value.func, value.args, value.keywords))
        elif isinstance(value, type):
            self.add(_name(value))
        elif isinstance(value, Scene):
            self.scene_met = True
            self._parts.append(b"scene")
        elif isinstance(value, _HIDDEN) or hasattr(kind, "__next__"):
            raise _UnknownError  # how far it is, nothing tells
        elif isinstance(value, Animation):
            if not is_pure(kind):
                raise _UnknownError
            self._object(kind, value)
        elif _library(kind.__module__):
            self._object(kind, value)
        else:
            raise _UnknownError

    def _object(self, kind: Any, value: Any) -> None:
        if not self._first(value):
            return
        self.add(_name(kind))
        slots = {name: getattr(value, name) for name in _slots(kind) if hasattr(value, name)}
        self.add({**slots, **getattr(value, "__dict__", {})})

    def _function(self, function: FunctionType) -> None:
        if not self._first(function):
            return
        self.add((function.__module__, function.__qualname__, function.__defaults__, function.__kwdefaults__))
        try:
            self.add([cell.cell_contents for cell in function.__closure__ or ()])
        except ValueError:
            raise _UnknownError from None  # a cell without contents
        if not _library(function.__module__):
            self.functions.append(function)
            self._code(function.__code__, function.__globals__)

    def _code(self, code: CodeType, names: dict[str, Any]) -> None:
        """Add the code of a deck's own function, if all that it uses can be told."""
        self._parts.append(code.co_code)
        self.add(code.co_names)
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                self._code(constant, names)
            else:
                self._parts.append(repr(constant).encode())
        for name in code.co_names:
            if name not in names:
                continue
            value = names[name]
            if not isinstance(value, ModuleType):
                self.add(value)
            elif _library(value.__name__):
                self.add(value.__name__)
            else:
                raise _UnknownError


def _contents(value: npt.NDArray[Any]) -> bytes:
    """The numbers of an array, or their digest where they are those of a picture, which would be copied twice."""
    return value.tobytes() if value.nbytes < _LARGE else digest_of(value)


@cache
def _library(module: str | None) -> bool:
    return (module or "").partition(".")[0] in _LIBRARIES


def _name(kind: Any) -> str:
    name = f"{kind.__module__}.{kind.__qualname__}"
    if _library(kind.__module__):
        return name
    sources = _sources(kind) if is_pure(kind) else ""
    if not sources:
        raise _UnknownError
    return f"{name} {sources}"


@cache
def is_pure(kind: Any) -> bool:
    """Whether animations of class `kind` depend on nothing but what they hold."""
    return str(kind.__module__).startswith(_ANIMATIONS) or bool(vars(kind).get(SAME_FROM_SAME))


@cache
def _sources(kind: Any) -> str:
    """Tell the sources of the package that has `kind`, whose version recordings are not kept under; "" if they may
    change while this process runs.
    """
    module = sys.modules.get(str(kind.__module__).partition(".")[0])
    file = getattr(module, "__file__", None)
    if module is None or file is None or is_local(module):
        return ""
    files = sorted(Path(file).parent.rglob("*.py")) if hasattr(module, "__path__") else [Path(file)]
    return hashlib.sha256(b"".join(hashlib.sha256(each.read_bytes()).digest() for each in files)).hexdigest()


@cache
def _slots(kind: Any) -> tuple[str, ...]:
    return tuple(name for each in kind.__mro__ for name in getattr(each, "__slots__", ()) if name != "__weakref__")


@cache
def _mobject_kind(kind: Any) -> bytes:
    """Name a class of mobjects; one of the deck's own by the class of a library that it only adds to."""
    base = next(each for each in kind.__mro__ if _library(each.__module__))
    if not only_adds(kind, base):
        raise _UnknownError
    return _name(base).encode()
