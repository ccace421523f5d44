"""Pixels of images that no deck has had in its hands: what moves or fades is told by tables of levels.

manim works out all pixels of an image anew in each frame in which it moves or fades, millions of them, although each is
found from one level of the image as it was read. Here an image holds that, and what each level has become; its pixels
are made when somebody asks for them. From then on they are an array of the image's own, which may be written to.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt
from manim import ImageMobject
from manim.mobject.types import image_mobject

from astrai_slides.seam.manims_own import has_own, sooner

Pixels = npt.NDArray[np.uint8]
"""RGBA, shape (height, width, 4)."""

_PIXELS, _OPACITY = "pixel_array", "orig_alpha_pixel_array"
_CHANNELS, _ALPHA = 4, 3
_LEVELS = np.arange(256, dtype=np.uint8)
_SAME = _LEVELS.tobytes()
_BLOCK = 1 << 14
"""Pixels whose levels are looked up at a time."""

_INIT, _INTERPOLATE, _SET_OPACITY = ImageMobject.__init__, ImageMobject.interpolate_color, ImageMobject.set_opacity


class BasePixels:
    """The pixels of an image as they were made, which nobody writes to."""

    def __init__(self, pixels: Pixels) -> None:
        """`pixels` must be nobody else's."""
        self.pixels = pixels
        pixels.flags.writeable = False

    @cached_property
    def digest(self) -> bytes:
        """The SHA-256 of the pixels."""
        return hashlib.sha256(self.pixels.data).digest()

    @cached_property
    def opacity_digest(self) -> bytes:
        """The SHA-256 of how opaque each pixel is."""
        return hashlib.sha256(np.ascontiguousarray(self.pixels[..., _ALPHA]).data).digest()

    @cached_property
    def colour_levels(self) -> npt.NDArray[np.intp]:
        """Which levels its colours have."""
        counts = sum(np.bincount(self.pixels[..., each].reshape(-1), minlength=256) for each in range(_ALPHA))
        return np.flatnonzero(counts)

    @cached_property
    def opacity_levels(self) -> npt.NDArray[np.intp]:
        """Which levels of opacity it has."""
        return np.flatnonzero(np.bincount(self.pixels[..., _ALPHA].reshape(-1), minlength=256))


@dataclass(frozen=True, slots=True)
class HeldPixels:
    """Pixels told by what each level of `base` has become."""

    base: BasePixels
    colours: bytes = _SAME
    opacity: bytes = _SAME

    @property
    def shape(self) -> tuple[int, ...]:
        """Height, width, and 4."""
        return self.base.pixels.shape

    @property
    def nbytes(self) -> int:
        """Bytes of the pixels."""
        return self.base.pixels.nbytes

    @property
    def is_plain(self) -> bool:
        """Whether they are those of `base`."""
        return self.colours == self.opacity == _SAME

    def array(self) -> Pixels:
        """The pixels, which are not to be written to."""
        if self.is_plain:
            return self.base.pixels
        source = self.base.pixels.reshape(-1)
        made = np.empty_like(source)
        step = _CHANNELS * _BLOCK
        opacity = np.frombuffer(self.opacity, np.uint8)
        for at in range(0, source.size, step):
            block, into = source[at : at + step], made[at : at + step]
            into[:] = (
                block if self.colours == _SAME else np.frombuffer(block.tobytes().translate(self.colours), np.uint8)
            )
            into[_ALPHA::_CHANNELS] = opacity[block[_ALPHA::_CHANNELS]]
        return made.reshape(self.shape)

    def own(self) -> Pixels:
        """The pixels, for somebody who may write to them."""
        return self.array().copy() if self.is_plain else self.array()

    def digest(self) -> bytes:
        """What tells them apart from others; of those of `base`, their SHA-256."""
        return self.base.digest if self.is_plain else hashlib.sha256(
            self.base.digest + self.colours + self.opacity
        ).digest()  # fmt: skip

    def __deepcopy__(self, _: object) -> "HeldPixels":
        return self


@dataclass(frozen=True, slots=True)
class HeldOpacity:
    """How opaque each pixel of `base` is."""

    base: BasePixels

    @property
    def shape(self) -> tuple[int, ...]:
        """Height and width."""
        return self.base.pixels.shape[:2]

    def own(self) -> Pixels:
        """The numbers, shape (height, width), for somebody who may write to them."""
        return self.base.pixels[..., _ALPHA].copy()

    def digest(self) -> bytes:
        """Their SHA-256."""
        return self.base.opacity_digest

    def __deepcopy__(self, _: object) -> "HeldOpacity":
        return self


_holders: WeakValueDictionary[int, Any] = WeakValueDictionary()
"""Images that hold such pixels, by their identity."""


def pixels_held_by(image: Any) -> HeldPixels | None:
    """What `image` shows, if nobody has had its pixels in hand, nor how opaque they were; None for all others."""
    own = vars(image)
    pixels, opacity = own.get(_PIXELS), own.get(_OPACITY)
    known = type(pixels) is HeldPixels and type(opacity) is HeldOpacity and pixels.base is opacity.base
    return pixels if known and _is_asked_as_manim(type(image)) else None


def pixels_to_read(image: Any) -> Pixels:
    """The pixels of `image`, which are not to be written to."""
    pixels = vars(image).get(_PIXELS)
    return pixels.array() if type(pixels) is HeldPixels else image.pixel_array


def shape_of(image: Any) -> tuple[int, ...]:
    """The shape of the pixels of `image`: height, width, and 4."""
    shape: tuple[int, ...] = vars(image)[_PIXELS].shape
    return shape


def same_colours(one: Any, other: Any) -> bool:
    """Whether two images have the same colours, however opaque they are."""
    first, second = pixels_held_by(one), pixels_held_by(other)
    if first and second and first.base is second.base and first.colours == second.colours:
        return True
    return np.array_equal(pixels_to_read(one)[..., :_ALPHA], pixels_to_read(other)[..., :_ALPHA])


def note_copy(image: Any) -> None:
    """Note that `image` was made as a copy, and may hold what the other one holds."""
    if type(vars(image).get(_PIXELS)) is HeldPixels or type(vars(image).get(_OPACITY)) is HeldOpacity:
        _holders[id(image)] = image


@contextmanager
def pixels_held() -> Iterator[None]:
    """Have images hold their pixels inside the block; at its end they have arrays again."""
    with ExitStack() as stack:
        for name in (_PIXELS, _OPACITY):
            stack.enter_context(sooner(ImageMobject, name, _AskedFor(name)))
        for name, quick in (
            ("__init__", _init),
            ("interpolate_color", _interpolate_color),
            ("set_opacity", _set_opacity),
        ):
            stack.enter_context(sooner(ImageMobject, name, quick))
        stack.callback(_give_back)
        yield


def _give_back() -> None:
    for image in list(_holders.values()):
        own = vars(image)
        for name in (_PIXELS, _OPACITY):
            if type(own.get(name)) in (HeldPixels, HeldOpacity):
                own[name] = own[name].own()
    _holders.clear()


class _AskedFor:
    """An attribute of images: whoever asks for what is held gets an array, which is the image's from then on."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, image: Any, kind: Any = None) -> Any:
        if image is None:
            raise AttributeError(self.name)
        try:
            value = vars(image)[self.name]
        except KeyError:
            raise AttributeError(self.name) from None
        if type(value) is HeldPixels or type(value) is HeldOpacity:
            value = vars(image)[self.name] = value.own()
        return value

    def __set__(self, image: Any, value: Any) -> None:
        vars(image)[self.name] = value
        note_copy(image)

    def __delete__(self, image: Any) -> None:
        try:
            del vars(image)[self.name]
        except KeyError:
            raise AttributeError(self.name) from None


_ASKED = ("__setattr__", "__getattribute__", "get_pixel_array")
_MAKING = ("reset_points", "generate_points", "init_colors")


def _is_asked_as_manim(kind: Any) -> bool:
    return all(getattr(kind, name) is getattr(ImageMobject, name) for name in _ASKED) and _is_ours(kind)


def _is_ours(kind: Any) -> bool:
    """Whether pixels of images of class `kind` are asked for here."""
    own = (
        next((vars(each)[name] for each in kind.__mro__ if name in vars(each)), None) for name in (_PIXELS, _OPACITY)
    )
    return all(type(each) is _AskedFor for each in own)


@wraps(_INIT)
def _init(self: Any, *args: Any, **kwargs: Any) -> None:
    _INIT(self, *args, **kwargs)
    own, kind = vars(self), type(self)
    pixels, opacity = own.get(_PIXELS), own.get(_OPACITY)
    if (
        type(pixels) is np.ndarray
        and type(opacity) is np.ndarray
        and pixels.dtype == opacity.dtype == np.uint8
        and pixels.ndim == _ALPHA
        and pixels.shape[2] == _CHANNELS
        and pixels.size
        and pixels.flags.c_contiguous
        and own.get("pixel_array_dtype") == "uint8"
        and _is_asked_as_manim(kind)
        and has_own(kind, ImageMobject, _MAKING)
    ):
        # manim has just made it, as a copy of what it was given, and nobody else was asked meanwhile
        base = BasePixels(pixels)
        own[_PIXELS], own[_OPACITY] = HeldPixels(base), HeldOpacity(base)
        _holders[id(self)] = self


@wraps(_SET_OPACITY)
def _set_opacity(self: Any, alpha: Any) -> Any:
    now = pixels_held_by(self)
    if now is None or type(alpha) not in (int, float, np.float64) or not 0 <= alpha <= 1:
        return _SET_OPACITY(self, alpha)
    opacity = np.empty_like(_LEVELS)
    opacity[:] = _LEVELS * alpha
    vars(self)[_PIXELS] = HeldPixels(now.base, now.colours, opacity.tobytes())
    self.stroke_opacity = alpha
    return self


@wraps(_INTERPOLATE)
def _interpolate_color(self: Any, mobject1: Any, mobject2: Any, alpha: Any) -> Any:
    made = _between(mobject1, mobject2, alpha)
    if made is None or not _takes(self):
        return _INTERPOLATE(self, mobject1, mobject2, alpha)
    interpolate: Callable[..., Any] = vars(image_mobject)["interpolate"]
    self.fill_opacity = interpolate(mobject1.fill_opacity, mobject2.fill_opacity, alpha)
    self.stroke_opacity = interpolate(mobject1.stroke_opacity, mobject2.stroke_opacity, alpha)
    vars(self)[_PIXELS] = made
    _holders[id(self)] = self
    return self


def _takes(image: Any) -> bool:
    return isinstance(image, ImageMobject) and vars(image).get("pixel_array_dtype") == "uint8" and (
        _is_asked_as_manim(type(image))
    )  # fmt: skip


def _between(first: Any, second: Any, alpha: Any) -> HeldPixels | None:
    """What is between two images, if it is told by tables; None otherwise, and for what manim refuses."""
    if not isinstance(first, ImageMobject) or not isinstance(second, ImageMobject):
        return None
    if not (type(alpha) is int or isinstance(alpha, float)) or not 0 <= alpha <= 1:
        return None
    one, other = vars(first).get(_PIXELS), vars(second).get(_PIXELS)
    if getattr(one, "shape", None) != getattr(other, "shape", ()) or HeldPixels not in (type(one), type(other)):
        return None
    if alpha in (0, 1):
        end = other if alpha else one
        # a number times nothing, and itself: to the level
        numbers = getattr(one if alpha else other, "dtype", np.uint8) == np.uint8
        return end if numbers and type(end) is HeldPixels else None
    if type(one) is not HeldPixels or type(other) is not HeldPixels or one.base is not other.base:
        return None
    return HeldPixels(one.base, _mixed(one.colours, other.colours, alpha), _mixed(one.opacity, other.opacity, alpha))


def _mixed(one: bytes, other: bytes, alpha: float) -> bytes:
    """Between two levels, as manim's `interpolate` and its cast to whole numbers have it."""
    first, second = np.frombuffer(one, np.uint8), np.frombuffer(other, np.uint8)
    return ((1 - alpha) * first + alpha * second).astype(np.uint8).tobytes()
