"""What we need of manim, manim-slides, svgelements and manimpango: fails by name after an upgrade without it."""

import ctypes
import inspect
import pkgutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import manim
import manim_slides
import manimpango
import needing
import numpy as np
import pytest
import svgelements
from manim.renderer.cairo_renderer import CairoRenderer
from manim_slides.slide.base import BaseSlide
from manimpango.register_font import registered_fonts
from needing import needs

import astrai_slides.seam
from astrai_slides.base import inputs
from astrai_slides.seam import classes, colors, config, fonts, slides, texts
from astrai_slides.seam.renderer import update_skipping
from astrai_slides.seam.scene import scenes_rendered_by, telling_sections
from astrai_slides.seam.writer import NullWriter

CALLED: dict[str, tuple[str, ...]] = {
    "manim.Scene.begin_animations": (),
    "manim.Scene.compile_animation_data": ("animations", "play_kwargs"),
    "manim.Scene.construct": (),
    "manim.Scene.get_moving_and_static_mobjects": ("animations",),
    "manim.Scene.get_run_time": ("animations",),
    "manim.Scene.is_current_animation_frozen_frame": (),
    "manim.Scene.next_section": ("name", "section_type", "skip_animations"),
    "manim.Scene.play_internal": (),
    "manim.Scene.render": (),
    "manim.Scene.setup": (),
    "manim.Scene.tear_down": (),
    "manim.Scene.update_mobjects": ("dt",),
    "manim.Scene.update_to_time": ("t",),
    "manim.renderer.cairo_renderer.CairoRenderer": ("file_writer_class", "camera_class", "skip_animations"),
    "manim.renderer.cairo_renderer.CairoRenderer.add_frame": ("frame", "num_frames"),
    "manim.renderer.cairo_renderer.CairoRenderer.freeze_current_frame": ("duration",),
    "manim.renderer.cairo_renderer.CairoRenderer.get_frame": (),
    "manim.renderer.cairo_renderer.CairoRenderer.play": ("scene", "args", "kwargs"),
    "manim.renderer.cairo_renderer.CairoRenderer.render": ("scene", "time"),
    "manim.renderer.cairo_renderer.CairoRenderer.save_static_frame_data": ("scene", "static_mobjects"),
    "manim.renderer.cairo_renderer.CairoRenderer.scene_finished": ("scene",),
    "manim.renderer.cairo_renderer.CairoRenderer.update_frame": ("scene", "mobjects"),
    "manim.renderer.cairo_renderer.CairoRenderer.update_skipping_status": (),
    "manim.NumberLine.get_end": (),
    "manim.NumberLine.get_start": (),
    "manim.NumberLine.number_to_point": ("number",),
    "manim.Axes._origin_shift": ("axis_range",),
    "manim.Axes.coords_to_point": ("coords",),
    "manim.DecimalNumber._string_to_mob": ("string", "mob_class", "kwargs"),
    "manim.VMobject.gen_cubic_bezier_tuples_from_points": ("points",),
    "manim.VMobject.get_cubic_bezier_tuples_from_points": ("points",),
    "manim.VMobject.get_subpaths_from_points": ("points",),
    "manim.utils.bezier.subdivide_bezier": ("points", "n_divisions"),
    "manim.camera.camera.Camera.capture_mobjects": ("mobjects", "kwargs"),
    "manim.camera.camera.Camera.display_image_mobject": ("image_mobject", "pixel_array"),
    "manim.camera.camera.Camera.display_multiple_background_colored_vmobjects": ("cvmobjects", "pixel_array"),
    "manim.camera.camera.Camera.display_multiple_non_background_colored_vmobjects": ("vmobjects", "pixel_array"),
    "manim.camera.camera.Camera.display_multiple_point_cloud_mobjects": ("pmobjects", "pixel_array"),
    "manim.camera.camera.Camera.get_fill_rgbas": ("vmobject",),
    "manim.camera.camera.Camera.get_image": ("pixel_array",),
    "manim.camera.camera.Camera.get_stroke_rgbas": ("vmobject", "background"),
    "manim.camera.camera.Camera.init_background": (),
    "manim.camera.camera.Camera.reset": (),
    "manim.camera.camera.Camera.set_background": ("pixel_array", "convert_from_floats"),
    "manim.camera.camera.Camera.set_frame_to_background": ("background",),
    "manim.camera.camera.Camera.transform_points_pre_display": ("mobject", "points"),
    "manim.Mobject.__deepcopy__": ("clone_from_id",),
    "manim.Mobject.__getattr__": ("attr",),
    "manim.Mobject.become": ("mobject",),
    "manim.Mobject.family_members_with_points": (),
    "manim.Mobject.get_family": ("recurse",),
    "manim.Mobject.get_num_points": (),
    "manim.Mobject.update": ("dt", "recursive"),
    "manim.Mobject.interpolate": ("mobject1", "mobject2", "alpha", "path_func"),
    "manim.VMobject.interpolate_color": ("mobject1", "mobject2", "alpha"),
    "manim.VMobject.generate_rgbas_array": ("color", "opacity"),
    "manim.VMobject.get_gradient_start_and_end_points": (),
    "manim.VMobject.get_sheen_factor": (),
    "manim.VMobject.get_stroke_width": ("background",),
    "manim.VMobject.update_rgbas_array": ("array_name", "color", "opacity"),
    "manim.VMobject.insert_n_curves_to_point_list": ("n", "points"),
    "manim.SVGMobject.get_mob_from_shape_element": ("shape",),
    "manim.Animation.clean_up_from_scene": ("scene",),
    "manim.Animation.finish": (),
    "manim.Animation.get_sub_alpha": ("alpha", "index", "num_submobjects"),
    "manim.Animation.interpolate_mobject": ("alpha",),
    "manim.Transform.clean_up_from_scene": ("scene",),
    "manim.Transform.get_all_families_zipped": (),
    "manim.Transform.interpolate_submobject": ("submobject", "starting_submobject", "target_copy", "alpha"),
    "manim.DecimalNumber._get_num_string": ("number",),
    "manim.tempconfig": ("temp",),
    "manim.camera.camera.extract_mobject_family_members": ("mobjects", "use_z_index", "only_those_with_points"),
    "manim.utils.family.extract_mobject_family_members": ("mobjects", "use_z_index", "only_those_with_points"),
    "manim.utils.iterables.list_update": ("l1", "l2"),
    "manim.utils.iterables.remove_list_redundancies": ("lst",),
    "manim._config.utils.config_file_paths": (),
    "manim_slides.Slide.next_slide": (),
    "manim_slides.Slide.render": (),
    "manim_slides.slide.base.BaseSlide._add_last_slide": (),
    "manim_slides.slide.base.BaseSlide._save_slides": (),
    "manim_slides.config.PresentationConfig.from_file": ("path",),
    "svgelements.Path.parse": ("pathdef",),
    "manimpango.list_fonts": (),
    "manimpango.register_font": ("font_path",),
    "manimpango.unregister_font": ("font_path",),
    "manim.Animation._setup_scene": ("scene",),
    "manim.Animation.begin": (),
    "manim.Animation.set_default": ("kwargs",),
    "manim.Mobject.get_center": (),
    "manim.Mobject.get_critical_point": ("direction",),
    "manim.Mobject.get_extremum_along_dim": ("points", "dim", "key"),
    "manim.Mobject.get_z_index_reference_point": (),
    "manim.Mobject.set_default": ("kwargs",),
    "manim.SVGMobject.apply_style_to_mobject": ("mob", "shape"),
    "manim.SVGMobject.generate_config_style_dict": (),
    "manim.SVGMobject.generate_mobject": (),
    "manim.SVGMobject.get_file_path": (),
    "manim.SVGMobject.get_mobjects_from": ("svg",),
    "manim.SVGMobject.handle_transform": ("mob", "matrix"),
    "manim.SVGMobject.init_svg_mobject": ("use_svg_cache",),
    "manim.SVGMobject.modify_xml_tree": ("element_tree",),
    "manim.SVGMobject.path_to_mobject": ("path",),
    "manim.VMobject.consider_points_equals": ("p0", "p1"),
    "manim.VMobject.flip": ("axis",),
    "manim.VMobject.get_anchors": (),
    "manim.VMobject.get_end_anchors": (),
    "manim.VMobject.get_points_defining_boundary": (),
    "manim.VMobject.get_start": (),
    "manim.VMobject.get_start_anchors": (),
    "manim.camera.camera.Camera.get_mobjects_to_display": ("mobjects", "include_submobjects", "excluded_mobjects"),
    "manim.camera.three_d_camera.ThreeDCamera.get_mobjects_to_display": ("args", "kwargs"),
    "manim.camera.three_d_camera.ThreeDCamera.get_rotation_matrix": (),
    "manim.camera.three_d_camera.rotation_matrix": ("angle", "axis", "homogeneous"),
    "manim.mobject.mobject.rotation_matrix": ("angle", "axis", "homogeneous"),
    "manim.mobject.opengl.opengl_mobject.OpenGLMobject.set_default": ("kwargs",),
    "manim.mobject.text.tex_mobject.tex_to_svg_file": ("expression", "environment", "tex_template"),
    "manim.mobject.text.text_mobject.MarkupUtils.text2svg": (
        *("text", "font", "slant", "weight", "size", "_", "disable_liga", "file_name", "START_X", "START_Y"),
        *("width", "height", "pango_width"),
    ),
    "manim.mobject.graphing.functions.plot_isoline": ("fn", "pmin", "pmax", "min_depth", "max_quads", "tol"),
    "manim.mobject.types.image_mobject.interpolate": ("start", "end", "alpha"),
    "manim.ImageMobject": (*("filename_or_array", "scale_to_resolution", "invert", "image_mode", "kwargs"),),
    "manim.ImageMobject.get_pixel_array": (),
    "manim.ImageMobject.interpolate_color": ("mobject1", "mobject2", "alpha"),
    "manim.ImageMobject.set_opacity": ("alpha",),
    "manim.scene.section.Section": ("type_", "video", "name", "skip_animations"),
    "manim.scene.section.Section.is_empty": (),
    "manim.utils.bezier.interpolate": ("start", "end", "alpha"),
    "manim.utils.paths.path_along_arc": ("arc_angle", "axis"),
    "manim.utils.paths.path_along_circles": ("arc_angle", "circles_centers", "axis"),
    "manim.utils.paths.rotation_matrix": ("angle", "axis", "homogeneous"),
    "manim.utils.file_ops.seek_full_path_from_defaults": ("file_name", "default_dir", "extensions"),
    "manim.utils.space_ops.normalize": ("vect",),
    "manim.utils.space_ops.rotation_matrix": ("angle", "axis", "homogeneous"),
    "manim.utils.tex_file_writing.generate_tex_file": ("expression", "environment", "tex_template"),
    "manim.utils.tex_file_writing.make_tex_compilation_command": (
        *("tex_compiler", "output_format", "tex_file", "tex_dir"),
    ),
    "manimpango.MarkupUtils.text2svg": (
        *("text", "font", "slant", "weight", "size", "_", "disable_liga", "file_name", "START_X", "START_Y"),
        *("width", "height", "pango_width"),
    ),
    "manimpango.text2svg": (
        *("settings", "size", "line_spacing", "disable_liga", "file_name", "START_X", "START_Y", "width", "height"),
        "orig_text",
    ),
    "svgelements.SVG.parse": ("source",),
}
"""What is called or overridden, and the parameters that are passed or taken."""

NAMED = (
    *("manim.Transform.path_func", "manim.utils.rate_functions.smooth"),
    *("manim.CapStyleType", "manim.LineJointType", "manim.ManimColor", "manim.NumberLine", "manim.RIGHT"),
    *("manim.VGroup", "manim.mobject.graphing.scale.LinearBase"),
    *("manim.MarkupText.font_list.cache_clear", "manim.Text.font_list.cache_clear"),
    *("manim.config", "manim.logger.error", "manim.animation.transform_matching_parts", "manim.plugins"),
    *("manim.constants.RendererType.CAIRO", "manim.scene.section.DefaultSectionType.NORMAL"),
    *("manim.mobject.svg.svg_mobject.SVG_HASH_TO_MOB_MAP.clear", "manim.mobject.text.numbers.string_to_mob_map.clear"),
    *("manim.MathTex", "manim.SingleStringMathTex", "manim.Tex", "manim.mobject.text.numbers.string_to_mob_map.get"),
    *("manim.mobject.svg.svg_mobject.VMobjectFromSVGPath", "manim.mobject.text.numbers.DecimalNumber"),
    *("manim.mobject.text.tex_mobject.MathTex", "manim.mobject.text.tex_mobject.SingleStringMathTex"),
    *("manim.scene.scene.CairoRenderer", "manim.scene.scene.tqdm", "manim.scene.scene_file_writer.SceneFileWriter"),
    *("manim.utils.tex.TexTemplate", "manimpango.cmanimpango.__file__", "manimpango.register_font.registered_fonts"),
    *("svgelements.Circle", "svgelements.Ellipse", "svgelements.Group", "svgelements.Path", "svgelements.Polygon"),
    *("svgelements.Polyline", "svgelements.Rect", "svgelements.SimpleLine", "svgelements.Text", "svgelements.Use"),
)
"""What else is imported, looked up, or has something put in its place."""


def found(name: str) -> Any:
    """What has this full name; a module that its package hides behind a function of that name is found as well."""
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        value: Any = sys.modules.get(".".join(parts[:count]))
        try:
            for part in parts[count:] if value is not None else [""]:
                value = getattr(value, part)
        except AttributeError:
            continue
        return value
    raise AttributeError(f"there is no {name}")


@pytest.mark.parametrize("name", NAMED)
def test_is_there(name: str) -> None:
    found(name)


def test_a_name_that_is_not_there_is_found_out() -> None:
    assert found("manimpango.register_font.registered_fonts") is registered_fonts
    with pytest.raises(AttributeError, match=r"there is no manim\.Scene\.playing"):
        found("manim.Scene.playing")


@pytest.mark.parametrize("name", CALLED)
def test_is_called_as_before(name: str) -> None:
    parameters = inspect.signature(found(name)).parameters.values()
    assert set(CALLED[name]) <= {each.name for each in parameters}
    # and nothing else has to be passed
    free = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    needed = {each.name for each in parameters if each.default is each.empty and each.kind not in free}
    assert needed - {"self", "cls"} <= set(CALLED[name])


class Probe(manim.Scene):
    """Plays one animation with something that stands still."""

    def construct(self) -> None:
        self.add(manim.Square())
        self.play(manim.Create(manim.Circle()), run_time=0.2)


def rendered(scene_class: type[Any]) -> Any:
    """A scene that was carried out without pixels, by manim's own renderer."""

    class Blind(CairoRenderer):
        def __init__(self, camera_class: Any, skip_animations: bool) -> None:
            super().__init__(NullWriter, camera_class, skip_animations)

    with manim.tempconfig({"disable_caching": True, "progress_bar": "none"}), scenes_rendered_by(Blind):
        config.supply_removed_settings()
        config.write_nothing()
        manim.config.pixel_width, manim.config.pixel_height, manim.config.frame_rate = 64, 36, 5
        scene = scene_class()
        scene.render()
    return scene


@pytest.fixture(scope="module")
def probe() -> Any:
    return rendered(Probe)


HELD: dict[str, tuple[str, ...]] = {
    "scene": (
        *("animations", "duration", "foreground_mobjects", "mobjects", "moving_mobjects", "renderer"),
        *("static_mobjects", "stop_condition", "updaters"),
    ),
    "renderer": (
        *("_original_skipping_status", "animations_hashes", "camera", "file_writer", "num_plays"),
        *("skip_animations", "static_image", "time"),
    ),
    "camera": (
        *("background", "background_color", "background_image", "background_opacity", "cairo_line_width_multiple"),
        *("frame_center", "frame_height", "frame_rate", "frame_width", "pixel_array", "pixel_height", "pixel_width"),
        "use_z_index",
    ),
    "mobject": (
        *("cap_style", "fill_rgbas", "joint_type", "points", "stroke_rgbas", "submobjects", "updaters"),
        "tolerance_for_point_equality",
    ),
    "color": ("_internal_value",),
    "face": ("shade_in_3d",),
    "text": ("id_to_vgroup_dict", "original_text", "chars", "font", "path_string_config", "svg_default"),
    "markup": ("id_to_vgroup_dict", "original_text", "font", "path_string_config", "svg_default"),
    "glyph": ("path_obj",),
    "image": ("fill_opacity", "orig_alpha_pixel_array", "pixel_array", "pixel_array_dtype", "stroke_opacity"),
    "number": ("_font_size", "number"),
    "transform": ("mobject", "replace_mobject_with_target_in_scene", "target_copy", "target_mobject"),
    "slide": (
        *("_base_slide_config", "_current_animation", "_slides", "_start_animation", "wait_time_between_slides"),
        "skip_reversing",
    ),
    "template": ("output_format", "tex_compiler"),
    "path": ("_segments", "transform"),
    "config": (
        *("background_color", "disable_caching", "frame_height", "frame_rate", "frame_width", "media_dir"),
        *("pixel_height", "pixel_width", "preview", "progress_bar", "renderer", "save_last_frame", "seed"),
        *("show_in_file_browser", "verbosity", "write_to_movie", "max_files_cached", "flush_cache"),
        *("_d", "dry_run", "format", "get_dir", "tex_template"),
    ),
}
"""Attributes that are read or written, by what holds them."""

NEWER = ("manim.config.enable_gui", "manim.config.live_preview")
"""What manim 0.22 has and 0.21 has not; it is asked for."""

OUR_OWN = ("svgelements.Path.__deepcopy__", "manim.animation.transform_matching_parts.set")
"""What is put where the library has nothing, as tests below hold."""

HOLDERS: dict[str, Callable[[Any], Any]] = {
    "scene": lambda scene: scene,
    "renderer": lambda scene: scene.renderer,
    "camera": lambda scene: scene.renderer.camera,
    "mobject": lambda scene: scene.mobjects[0],
    "text": lambda _: manim.Text("a"),
    "markup": lambda _: manim.MarkupText("a"),
    "color": lambda _: manim.RED,
    "face": lambda _: manim.Cube()[0],
    "glyph": lambda _: manim.Text("a")[0],
    "image": lambda _: manim.ImageMobject(np.zeros((1, 1, 4), np.uint8)),
    "number": lambda _: manim.Integer(1, mob_class=manim.Text),
    "template": lambda _: manim.config.tex_template,
    "path": lambda _: svgelements.Path("M 0 0 L 1 0"),
    "transform": lambda _: begun(manim.Transform(manim.Square(), manim.Circle())),
    "slide": lambda _: rendered(Slides),
    "config": lambda _: manim.config,
}


def begun(animation: Any) -> Any:
    animation.begin()
    return animation


@pytest.mark.parametrize("holder", HELD)
def test_has_what_is_read(holder: str, probe: Any) -> None:
    value = HOLDERS[holder](probe)
    assert [name for name in HELD[holder] if not hasattr(value, name)] == []


SEAM = Path(astrai_slides.seam.__file__).parent


def listed(name: str) -> bool:
    """Whether something above says that `name` is needed, or something in it."""
    names = {*CALLED, *NAMED, *NEWER, *OUR_OWN, *(f"manim.config.{each}" for each in HELD["config"])}
    names |= {f".{each}" for names in HELD.values() for each in names}
    if name.startswith("."):
        return any(each.endswith(name) for each in names)
    return any(each == name or each.startswith(f"{name}.") for each in names)


@pytest.mark.parametrize("path", sorted(SEAM.glob("*.py")), ids=lambda path: path.stem)
def test_whatever_the_seam_needs_is_listed_here(path: Path) -> None:
    missing = [f"{path.name}:{line}: {name}" for line, name in needs(path.read_text("utf-8")) if not listed(name)]
    assert not missing, "list in CALLED, NAMED or HELD:\n" + "\n".join(missing)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("import manimpango.fonts", "manimpango.fonts"),
        ("from manim.utils import debug", "manim.utils.debug"),
        ("sys.modules.get('manim.utils.color')", "manim.utils.color"),
        ("svgelements.Matrix()", "svgelements.Matrix"),
        ("replaced(Text, 'nobody', 5)", "manim.Text.nobody"),
        ("for owner, name, quick in ((Text, 'nobody', 5),): pass", "manim.Text.nobody"),
        ("replaced(kind, 'become', 5)", ".become"),
        ("scene._mobject_update", "._mobject_update"),
        ("getattr(scene, '_mobject_update')", "._mobject_update"),
    ],
)
def test_the_list_is_compared_with_what_is_needed(line: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needing, "library_names", lambda: {"_mobject_update"})
    source = f"import sys, svgelements\nfrom manim import Text\n{line}\n"
    assert (3, name) in set(needs(source))
    assert listed(name) is (name == ".become")


def test_the_order_of_matched_parts_is_that_of_a_set() -> None:
    from manim.animation import transform_matching_parts

    assert "set" not in vars(transform_matching_parts)
    assert "set" in transform_matching_parts.TransformMatchingAbstractBase.__init__.__code__.co_names


def test_mobjects_come_to_be_by_nothing_of_manim_s_own() -> None:
    made = vars(manim.Mobject).get("__new__")
    assert made is None or made.__module__ == "astrai_slides.seam.creation"


# -- scenes and renderers


class Wide(manim.MovingCameraScene):
    def construct(self) -> None:
        self.wait(0.2)


def test_a_scene_takes_the_renderer_that_it_is_given_and_its_own_camera() -> None:
    asked: list[Any] = []

    def make(camera_class: Any, skip_animations: bool) -> CairoRenderer:
        asked.append((camera_class, skip_animations))
        return CairoRenderer(NullWriter, camera_class, skip_animations)

    stock = manim.scene.scene.CairoRenderer
    with scenes_rendered_by(make):
        scene = Wide(skip_animations=True)
    assert asked == [(manim.MovingCamera, True)]
    assert isinstance(scene.renderer.camera, manim.MovingCamera)
    assert manim.scene.scene.CairoRenderer is stock


def test_plays_leave_a_scene_that_can_be_looked_at(probe: Any) -> None:
    assert [type(each) for each in probe.mobjects] == [manim.Square, manim.Circle]
    assert probe.renderer.num_plays == 1
    assert probe.renderer.time == pytest.approx(0.2)
    assert probe.static_mobjects == probe.mobjects[:1]


def test_an_animation_is_skipped_where_the_renderer_or_the_section_asks_for_it() -> None:
    for made, section in ((False, False), (True, False), (False, True)):
        renderer = CairoRenderer(NullWriter, None, made)
        renderer.file_writer = NullWriter()
        renderer.file_writer.next_section("", "", section)
        renderer.skip_animations = not made
        update_skipping(renderer)
        assert renderer.skip_animations is (made or section)


def test_sections_and_the_end_of_a_scene_are_told() -> None:
    class Sections(manim.Scene):
        """Two."""

        def construct(self) -> None:
            self.wait(0.2)
            self.next_section("second")
            self.wait(0.2)

    plays: list[int] = []
    told = telling_sections(Sections, lambda scene: plays.append(scene.renderer.num_plays))
    rendered(told)
    assert plays == [1, 2]
    assert (told.__name__, told.__doc__, told.__module__) == ("Sections", "Two.", __name__)


# -- manim-slides


class Slides(manim_slides.Slide):  # type: ignore[misc]
    def construct(self) -> None:
        self.wait(0.2)
        self.next_slide(loop=True, auto_next=True, playback_rate=2, reversed_playback_rate=3, notes="second")
        self.played = [slides.has_played(self)]
        self.wait(0.2)
        self.played.append(slides.has_played(self))
        self.next_slide(src=__file__)

    def _save_slides(self, *args: Any, **kwargs: Any) -> None:
        pass


def test_every_slide_is_told_when_it_ends() -> None:
    ended: list[tuple[int, Any]] = []
    scene = rendered(
        slides.telling_slides(Slides, lambda scene, slide: ended.append((scene.renderer.num_plays, slide)))
    )
    first, second, source = (slide for _, slide in ended)
    assert [plays for plays, _ in ended] == [1, 2, 2]
    assert (first.loop, first.auto_next, first.notes) == (False, False, "")
    assert (first.src, first.skip_animations) == (None, False)
    assert (second.loop, second.auto_next, second.notes) == (True, True, "second")
    assert (second.playback_rate, second.reversed_playback_rate) == (2, 3)
    assert (str(source.src), source.direction) == (__file__, first.direction)
    assert scene.played == [False, True]


def test_a_slide_that_goes_on_to_the_end_is_told_there() -> None:
    class One(manim_slides.Slide):  # type: ignore[misc]
        def construct(self) -> None:
            self.wait(0.2)

    ended: list[Any] = []
    rendered(slides.telling_slides(One, lambda _, slide: ended.append(slide)))
    assert [(slide.start_animation, slide.end_animation) for slide in ended] == [(0, 1)]


def test_slides_are_told_from_plain_scenes() -> None:
    assert slides.is_slide(manim_slides.Slide)
    assert slides.is_slide(manim_slides.ThreeDSlide)
    assert not slides.is_slide(manim.Scene)
    assert issubclass(manim_slides.Slide, BaseSlide)


# -- settings


@pytest.fixture
def settings() -> Any:
    with manim.tempconfig({}):
        config.supply_removed_settings()
        yield manim.config


def test_manim_s_own_settings_file_comes_first() -> None:
    from manim._config.utils import config_file_paths

    first, *others = map(Path, config_file_paths())
    assert Path(manim.__file__).resolve().parent in first.resolve().parents
    assert config.settings_files() == others


def test_what_manim_slides_sets_can_be_set(settings: Any) -> None:
    settings["write_to_movie"] = True
    assert settings["write_to_movie"]
    before = settings["max_files_cached"]
    settings["max_files_cached"] = float("inf")
    assert settings["max_files_cached"] in (float("inf"), -1)
    settings["max_files_cached"] = before
    assert settings["max_files_cached"] == before
    assert settings["flush_cache"] is False
    settings["flush_cache"] = False


def test_a_movie_is_written_though_settings_asked_for_less(settings: Any) -> None:
    settings.save_last_frame = True
    config.write_movies()
    assert settings.write_to_movie
    assert not settings.dry_run


def test_nothing_is_written_whatever_was_asked_for(settings: Any) -> None:
    settings.preview = settings.save_last_frame = settings.show_in_file_browser = True
    config.write_nothing()
    assert [settings.preview, settings.save_last_frame, settings.show_in_file_browser] == [False] * 3


@pytest.mark.parametrize("value", ["many", -2, 1.5])
def test_a_wrong_number_of_files_is_refused(settings: Any, value: Any) -> None:
    # by us, or by a manim that still has the setting
    with pytest.raises(ValueError, match="max_files_cached"):
        settings.max_files_cached = value


# -- colours, classes, texts


def test_equal_colours_have_equal_bytes_and_others_do_not() -> None:
    assert colors.color_bytes(manim.ManimColor("#123456")) == colors.color_bytes(manim.ManimColor("#123456"))
    assert colors.color_bytes(manim.ManimColor("#123456")) != colors.color_bytes(manim.ManimColor("#123457"))
    assert len(colors.color_bytes(manim.ManimColor("#123456"))) == 4 * np.dtype(np.float64).itemsize


@pytest.mark.parametrize("kind", [manim.Mobject, manim.VMobject, manim.VGroup, manim.SVGMobject])
def test_changed_defaults_are_seen(kind: Any) -> None:
    init = kind.__init__
    assert classes.has_own_defaults(kind)
    try:
        kind.set_default(color=manim.RED)
        assert not classes.has_own_defaults(kind)
    finally:
        kind.__init__ = init
    assert classes.has_own_defaults(kind)


def test_a_class_has_of_its_own_only_what_is_known() -> None:
    class Own(manim.Square):
        pass

    assert set(vars(Own)) & classes.ADDED_TO_CLASSES == classes.ADDED_TO_CLASSES
    python_s = {"_abc_impl"}
    assert {name for name in vars(Own) if not name.startswith("__")} == classes.ADDED_TO_CLASSES | python_s


def test_texts_are_made_by_what_is_put_there_the_inner_first() -> None:
    made: list[tuple[str, type]] = []

    def noting(name: str) -> dict[Any, texts.Init]:
        def wrap(kind: Any, init: texts.Init) -> texts.Init:
            def noted(self: Any, *args: Any, **kwargs: Any) -> None:
                made.append((name, kind))
                init(self, *args, **kwargs)

            return noted

        return {kind: wrap(kind, init) for kind, init in texts.text_inits().items()}

    with texts.making_texts(noting("outer")), texts.making_texts(noting("inner")):
        assert len(manim.Text("ab")) == 2
        manim.MarkupText("a")
    manim.Text("c")
    assert made == [(name, kind) for kind in (manim.Text, manim.MarkupText) for name in ("inner", "outer")]


def test_a_text_is_taken_with_the_looks_where_the_mobject_stays() -> None:
    kept, replaced, became = (manim.Text(word) for word in ("kept", "replaced", "became"))
    scene = manim.Scene.__new__(manim.Scene)
    scene.mobjects, scene.foreground_mobjects, scene.moving_mobjects = [kept, replaced], [], []
    square = manim.Square()
    with texts.texts_taken_with_looks():
        for animation in (manim.Transform(kept, manim.Text("new")), manim.ReplacementTransform(replaced, square)):
            animation.begin()
            animation.finish()
            animation.clean_up_from_scene(scene)
        unfinished = manim.Transform(kept, manim.Text("never"))
        unfinished.target_mobject = None
        unfinished.clean_up_from_scene(scene)
        became.become(square)
    assert [texts.shown_text(each) for each in (kept, replaced, became, square)] == ["new", "replaced", "", None]
    kept.become(manim.Text("outside"))
    assert texts.shown_text(kept) == "new"
    assert texts.shown_text(manim.MarkupText("<b>a</b> &amp; b")) == "a & b"


def test_a_number_is_shown_as_it_was_asked_for() -> None:
    number = manim.DecimalNumber(1234.5, num_decimal_places=1, include_sign=True, mob_class=manim.Text)
    assert texts.shown_number(number) == "+1,234.5"


# -- outlines and fonts


def test_a_path_holds_its_segments_where_they_are_copied_from() -> None:
    path = svgelements.Path("M 1 2 L 3 4")
    assert path._segments == list(path)
    assert vars(path)["_segments"] is path._segments
    assert not any(getattr(kind, "__slots__", ()) for kind in svgelements.Path.__mro__)
    assert not hasattr(svgelements.Path, "__deepcopy__")


def test_registered_fonts_are_told_and_known_by_their_files(tmp_path: Path) -> None:
    import fontpkg_inter

    file = next((Path(fontpkg_inter.__file__).parent / "files").glob("*.ttf"))
    copy = tmp_path / "a.ttf"
    copy.write_bytes(file.read_bytes())
    with inputs.watching() as told, fonts.auditing_registered():
        assert manimpango.register_font(str(copy))
    try:
        assert told[str(copy)] == inputs.digest(file)
        assert str(copy) in fonts.registered_files()
    finally:
        manimpango.unregister_font(str(copy))
    assert str(copy) not in fonts.registered_files()


@pytest.mark.skipif(sys.platform == "win32", reason="fonts do not come from fontconfig there")
def test_pango_can_be_made_to_search_again() -> None:
    ctypes.CDLL(manimpango.cmanimpango.__file__).pango_cairo_font_map_set_default  # noqa: B018 - it is there
    fonts.search_fonts_again()


def test_every_module_of_the_seam_can_be_imported_by_itself() -> None:
    import astrai_slides.seam

    names = [each.name for each in pkgutil.iter_modules(astrai_slides.seam.__path__)]
    assert {f"`{name}`" for name in names} <= set((astrai_slides.seam.__doc__ or "").split())
