"""manim's order of what a 3D camera shows, the same but sooner: each centre is taken from arrays, and once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
from manim import Mobject, VMobject
from manim.camera.camera import Camera
from manim.camera.three_d_camera import ThreeDCamera

from astrai_slides.base.identity import address
from astrai_slides.seam.manims_own import sooner

_CURVE = 4
_OWN = (
    (Mobject, "get_z_index_reference_point"),
    (Mobject, "get_center"),
    (Mobject, "get_critical_point"),
    (Mobject, "get_extremum_along_dim"),
    (VMobject, "get_points_defining_boundary"),
    (VMobject, "get_anchors"),
    (VMobject, "get_start_anchors"),
    (VMobject, "get_end_anchors"),
    (Mobject, "__getattr__"),
)
_GROUP = "z_index_group"


@contextmanager
def sorting_by_depth_sooner() -> Iterator[None]:
    """Let 3D cameras sort sooner inside the block."""
    with sooner(ThreeDCamera, "get_mobjects_to_display", _mobjects_to_display):
        yield


def _mobjects_to_display(self: ThreeDCamera, *args: Any, **kwargs: Any) -> list[Mobject]:
    """As `ThreeDCamera.get_mobjects_to_display`."""
    mobjects = Camera.get_mobjects_to_display(self, *args, **kwargs)
    turned = self.get_rotation_matrix().T
    solids = [mobject for mobject in mobjects if getattr(mobject, "shade_in_3d", False)]
    if not solids:
        return list(mobjects)
    centres = _centres(solids)
    # by identity without a `ById`, as this is asked for each face of each frame; the scene keeps them all alive
    groups: dict[int, Any] = {}

    def depth(mobject: Mobject) -> float:
        centre = centres.get(address(mobject))
        if centre is None:
            group = getattr(mobject, _GROUP, None)
            if group is None or type(mobject).get_z_index_reference_point is not Mobject.get_z_index_reference_point:
                centre = mobject.get_z_index_reference_point()
            else:
                centre = groups.get(address(group))
                if centre is None:
                    centre = groups[address(group)] = group.get_center()
        # one by one, as a product of matrices rounds another way, and faces of one depth are many
        return float(np.dot(centre, turned)[2])

    depths = {address(mobject): depth(mobject) for mobject in solids}
    return sorted(mobjects, key=lambda mobject: depths.get(address(mobject), np.inf))


@cache
def _as_manim(kind: Any) -> bool:
    own = issubclass(kind, VMobject) and all(getattr(kind, name) is getattr(owner, name) for owner, name in _OWN)
    return own and not hasattr(kind, _GROUP)


def _centres(mobjects: list[Any]) -> dict[int, Any]:
    """The centres of those that stand by themselves and have whole curves, by identity."""
    kinds: list[Any] = [type(each) for each in mobjects]
    alone = [
        each
        for each, kind in zip(mobjects, kinds, strict=True)
        if _as_manim(kind)
        and not each.submobjects
        and len(each.points) >= _CURVE
        and not len(each.points) % _CURVE
        and _GROUP not in vars(each)  # `hasattr` asks manim's `__getattr__`, which takes long to say no
    ]
    if not alone:
        return {}
    points = np.concatenate([each.points for each in alone])
    anchors = points.reshape(-1, _CURVE, points.shape[1])[:, (0, -1)]
    first = np.cumsum([0, *(len(each.points) // _CURVE for each in alone[:-1])])
    low, high = np.minimum.reduceat(anchors.min(axis=1), first), np.maximum.reduceat(anchors.max(axis=1), first)
    return dict(zip(map(address, alone), (low + high) / 2, strict=True))
