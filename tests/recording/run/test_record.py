"""The recorder on real decks: boundaries, names, notes, loops, rest states, stillness, determinism, faults."""

import gc
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import manim
import pytest

from astrai_slides.base.resolution import Resolution
from astrai_slides.base.warning import Kind
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format import codec
from astrai_slides.recording.format.container import dump, load, pack
from astrai_slides.recording.format.model import GRID, Blob, Draw, Frame, Picture, Recording, Step
from astrai_slides.recording.reuse import earlier
from astrai_slides.recording.run.listener import NoListener
from astrai_slides.recording.run.load import load_scene, scene_names
from astrai_slides.recording.run.record import Order, as_if_alone, record_file, record_scene
from astrai_slides.recording.run.record import record as record_class
from astrai_slides.talk.document import TALK_VARIABLE
from astrai_slides.talk.file import deck_attributes, load_talk

FPS = 10
SIZE = (640, 360)
CORPUS = Path(__file__).resolve().parents[2] / "corpus"
HEAD = "from manim import *\nfrom manim_slides import Slide, ThreeDSlide\n"

Record = Callable[..., Recording]


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture
def record(tmp_path: Path, media: Path) -> Record:
    """Record the body of a `construct`."""

    def record_body(body: str, base: str = "Slide", head: str = "", **options: object) -> Recording:
        deck = tmp_path / "deck.py"
        construct = textwrap.indent(textwrap.dedent(body).strip(), " " * 8)
        deck.write_text(f"{HEAD}{head}\nclass Deck({base}):\n    def construct(self):\n{construct}\n", encoding="utf-8")
        settings = {"fps": FPS, "width": SIZE[0], "height": SIZE[1], "media": media, **options}
        return record_scene(deck, "Deck", **settings)  # type: ignore[arg-type]

    return record_body


def corpus(deck: str, name: str, media: Path) -> Recording:
    return record_scene(CORPUS / f"{deck}.py", name, fps=FPS, width=SIZE[0], height=SIZE[1], media=media)


def centres(step: Step) -> list[tuple[int, int]]:
    """Where the first draw of each frame starts, frame by frame."""
    places = []
    for index, count in step.runs:
        op = step.frames[index].ops[0]
        assert isinstance(op, Draw)
        places += [(op.x, op.y)] * count
    return places


def digests(recording: Recording) -> list[str]:
    return [step.digest for step in pack(recording).header.steps]


# -- steps ---------------------------------------------------------------------------------------------------------


def test_steps_have_the_settings_of_their_slides(media: Path) -> None:
    recording = corpus("stages", "Flow", media)
    assert [step.loop for step in recording.steps] == [False, True, False, False]
    assert [step.auto_next for step in recording.steps] == [False, False, True, False]
    assert [step.direction for step in recording.steps] == ["horizontal"] * 3 + ["vertical"]
    assert (recording.steps[2].playback_rate, recording.steps[2].reversed_playback_rate) == (2.0, 0.5)
    assert recording.steps[0].notes.strip() == "# First\n* one"
    assert recording.steps[0].title == "First"
    assert recording.steps[1].notes == "Loops: <b>& </script>"
    assert [step.name for step in recording.steps] == ["1", "2", "3", "4"]


def test_steps_of_our_decks_have_names_titles_and_finish_their_loops(record: Record) -> None:
    body = """
        self.step("first", title="The first", notes="Say *this*")
        self.add(Square())
        self.wait(0.3)
        self.step("turns", loop=True, finish_loop=True)
        self.play(Rotate(self.mobjects[0]), run_time=0.3)
        self.step("on", auto_next=True)
        self.wait(0.3)
    """
    steps = record(body, base="Named", head="from astrai_slides.deck.base import Deck as Named\n").steps
    assert [(step.name, step.title, step.notes) for step in steps] == [
        ("first", "The first", "Say *this*"),
        ("turns", "turns", ""),
        ("on", "on", ""),
    ]
    assert [(step.loop, step.finish_loop, step.auto_next) for step in steps] == [
        (False, False, False),
        (True, True, False),
        (False, False, True),
    ]


def test_a_pause_between_steps_is_part_of_the_step_before(record: Record) -> None:
    body = """
        self.wait_time_between_slides = 0.4
        self.play(FadeIn(Dot()), run_time=1)
        self.next_slide()
        self.play(FadeIn(Square()), run_time=1)
    """
    assert [step.length for step in record(body).steps] == [14, 10]


def test_lengths_follow_the_frame_rate(record: Record) -> None:
    body = "self.play(FadeIn(Dot()), run_time=2)\nself.wait(0.5)"
    assert [record(body, fps=fps).steps[0].length for fps in (10, 30, 60)] == [25, 75, 150]


def test_skipped_steps_are_left_out_but_have_happened(media: Path, record: Record) -> None:
    assert len(corpus("stages", "Skipping", media).steps) == 3
    skipped = record("""
        square = Square()
        self.add(square)
        self.wait(0.2)
        self.next_slide(skip_animations=True)
        self.play(square.animate.shift(3 * RIGHT), run_time=0.2)
        self.next_slide()
        self.wait(0.2)
    """)
    before, after = (centres(step)[-1] for step in skipped.steps)
    assert after[0] - before[0] == 3 * GRID


def test_sections_are_the_steps_of_a_plain_scene(media: Path) -> None:
    assert [step.length for step in corpus("stages", "PlainSections", media).steps] == [4, 4, 4]
    assert [step.length for step in corpus("stages", "PlainScene", media).steps] == [6]


def test_files_are_steps(media: Path) -> None:
    recording = corpus("stages", "Files", media)
    drawn, picture, film, last = recording.steps
    (op,) = picture.end.ops
    assert isinstance(op, Picture)
    assert (op.width, op.height) == (320, 180)
    assert picture.notes == "A picture from a file"
    assert film.film is not None
    assert film.loop
    assert film.length == FPS
    assert recording.blobs[film.film.digest].data[4:8] == b"ftyp"
    assert [drawn.film, picture.film, last.film] == [None] * 3


def test_a_source_that_is_missing_or_no_film_is_a_clear_fault(record: Record, tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no film at all")
    for name in ("broken.mp4", "missing.mp4"):
        with pytest.raises(AstraiSlidesError, match=name):
            record(f"self.wait(0.2)\nself.next_slide(src={str(tmp_path / name)!r})\nself.wait(0.2)")


# -- what is seen --------------------------------------------------------------------------------------------------


def test_a_step_rests_where_its_motion_leads(record: Record) -> None:
    """manim's last frame stops short of the end; the rest state does not."""
    (step,) = record("dot = Square()\nself.play(dot.animate.shift(RIGHT), rate_func=linear, run_time=1)").steps
    (first, *_, last), (op,) = centres(step), step.end.ops
    assert isinstance(op, Draw)
    assert op.x - first[0] == GRID
    assert last[0] - first[0] == pytest.approx(0.9 * GRID, abs=1)


def test_what_is_added_after_the_last_play_belongs_to_the_rest(record: Record) -> None:
    first, second = record("""
        self.play(FadeIn(Square()), run_time=0.2)
        self.add(Dot())
        self.next_slide()
        self.wait(0.2)
    """).steps
    assert (len(first.frames[-1].ops), len(first.end.ops), len(second.end.ops)) == (1, 2, 2)


def test_a_still_wait_is_one_frame(record: Record) -> None:
    (step,) = record("self.add(Square())\nself.wait(3)\nself.wait(2)").steps
    assert len(step.frames) == 1
    assert step.runs == ((0, 50),)
    assert step.frames[0].ops == step.end.ops


def test_a_wait_with_an_updater_moves(record: Record) -> None:
    (step,) = record("self.add(Square().add_updater(lambda m, dt: m.shift(dt * RIGHT)))\nself.wait(1)").steps
    assert len(set(centres(step))) == 10


def test_frames_that_come_back_are_kept_once(record: Record) -> None:
    body = (
        "square = Square()\nself.add(square)\n"
        + "self.wait(0.2)\nsquare.shift(RIGHT)\nself.wait(0.2)\nsquare.shift(LEFT)\n" * 3
    )
    (step,) = record(body).steps
    assert len(step.frames) == 2
    assert [index for index, _ in step.runs] == [0, 1, 0, 1, 0, 1]


@pytest.mark.parametrize("workers", [1, 2])
def test_frames_of_a_step_are_let_go_when_it_was_told(
    workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(earlier, "_MOST_DECODED", 1)
    deck = tmp_path / "deck.py"
    body = "        self.play(Square().animate.shift(RIGHT), run_time=2)\n        self.next_slide()\n" * 8
    deck.write_text(f"{HEAD}\nclass Deck(Slide):\n    def construct(self):\n{body}", encoding="utf-8")
    held: list[int] = []

    class Looking(NoListener):
        def step(self, step: Step, *_: object) -> None:
            assert all(frame.ops for frame in step.frames)
            held.append(draws())

    def draws() -> int:
        return sum(type(each) is Draw for each in gc.get_objects())

    before = draws()
    order = Order(fps=FPS, width=SIZE[0], height=SIZE[1], workers=workers)
    recording = record_file(deck, "Deck", order, Looking()).recording
    shown = [len(step.frames) for step in recording.steps]
    assert len(shown) == 8
    assert max(held) - before < 4 * max(shown), "of all steps together"


def test_many_pictures_in_turn_are_not_mistaken_for_each_other(record: Record) -> None:
    """Pictures of a frame that is dropped are freed, and their ids come again: no frame may be taken for another."""
    (step,) = record("""
        image = ImageMobject(np.full((4, 4), 200, dtype=np.uint8))
        self.add(image)
        for place in range(12):
            image.move_to(place * 0.1 * RIGHT)
            self.wait(0.1)
            self.wait(0.1)
    """).steps
    corners = []
    for index, count in step.runs:
        (op,) = step.frames[index].ops
        assert isinstance(op, Picture)
        corners += [op.corners[0]] * count
    assert corners == sorted(corners)
    assert len(set(corners)) == 12


def test_the_background_is_that_of_each_frame(record: Record) -> None:
    recording = record("""
        self.camera.background_color = ManimColor("#102030")
        self.wait(0.2)
        self.camera.background_color = ManimColor("#fdf6e3")
        self.wait(0.2)
        self.next_slide()
        self.wait(0.2)
    """)
    first, second = recording.steps
    assert [frame.background for frame in first.frames] == [0x102030FF, 0xFDF6E3FF]
    assert (first.end.background, second.frames[0].background) == (0xFDF6E3FF, 0xFDF6E3FF)


def test_a_moving_camera_moves_the_view_and_nothing_else(record: Record) -> None:
    (step,) = record(
        "self.add(Square())\nself.play(self.camera.frame.animate.scale(0.5).shift(RIGHT), run_time=0.5)",
        base="Slide, MovingCameraScene",
    ).steps
    views = [frame.view for frame in step.frames]
    assert len(set(views)) == 5
    assert len({frame.ops for frame in step.frames}) == 1
    assert (step.end.view.x, step.end.view.width) == (GRID, pytest.approx(views[0].width / 2, abs=1))


def test_joins_and_caps_do_not_leak(record: Record) -> None:
    """In manim 0.21 a round join before makes the next one round; a recording keeps what each was given."""
    (step,) = record("""
        self.add(Square(joint_type=LineJointType.ROUND, cap_style=CapStyleType.ROUND), Square())
        self.wait(0.1)
    """).steps
    styles = [(op.style.join.name, op.style.cap.name) for op in step.end.ops if isinstance(op, Draw)]
    assert styles == [("ROUND", "ROUND"), ("MITER", "BUTT")]


def test_invisible_and_broken_shapes_cost_nothing(record: Record) -> None:
    (step,) = record("""
        broken = Square()
        broken.points[2] = np.nan
        self.add(broken, Square(stroke_width=0), VMobject(), Square(stroke_opacity=0), Dot(fill_opacity=0))
        self.wait(0.1)
    """).steps
    assert step.end.ops == ()


def texts(step: Step) -> list[str]:
    return [run.text for run in step.texts]


def test_texts_of_the_rest_are_kept(record: Record) -> None:
    (step,) = record("self.play(Write(Text('time to first token')), run_time=0.3)").steps
    assert texts(step) == ["time to first token"]
    left, bottom, right, top = step.texts[0].box
    assert left < 0 < right
    assert bottom < 0 < top


@pytest.mark.parametrize(
    "change",
    [
        "self.play(Transform(old, new), run_time=0.2)",
        "self.play(ReplacementTransform(old, new), run_time=0.2)",
        "self.play(FadeTransform(old, new), run_time=0.2)",
        "self.play(TransformMatchingShapes(old, new), run_time=0.2)",
        "old.become(new)\nself.wait(0.2)",
        "self.play(FadeOut(old), Write(new), run_time=0.2)",
        "self.play(old.animate.become(new), run_time=0.2)",
    ],
)
def test_a_text_that_turned_into_another_is_that_other(record: Record, change: str) -> None:
    opening = "old, new = Text('prefill'), Text('decode')\nself.add(old)\nself.wait(0.2)\nself.next_slide()\n"
    before, after = record(opening + change).steps
    assert (texts(before), texts(after)) == (["prefill"], ["decode"])


def test_a_text_knows_the_draws_that_show_it(record: Record) -> None:
    body = """
        word = Text("ab c")
        self.add(Square(), word, Circle(), Text("d").shift(DOWN))
        self.wait(0.1)
        self.play(word.animate.shift(UP), run_time=0.2)
        """
    (step,) = record(body).steps
    assert [(run.text, run.glyphs) for run in step.texts] == [("ab c", ((1, 3),)), ("d", ((5, 1),))]
    left = min(
        draw.x + draw.path.points[:, 0].min() for draw in (step.end.ops[place] for place in step.texts[0].places)
    )
    assert abs(left - step.texts[0].box[0]) <= 1


def test_a_part_of_a_text_that_stays_alone_is_a_text(record: Record) -> None:
    body = """
        word = Text("goes by and stays")
        self.add(word)
        self.wait(0.1)
        self.play(FadeOut(word[:6]), word[9:].animate.shift(UP), run_time=0.2)
        """
    (step,) = record(body).steps
    assert [(run.text, run.places) for run in step.texts] == [("and stays", [*range(8)])]


def test_what_stands_between_two_plays_is_kept_with_its_texts(record: Record) -> None:
    body = """
        early, later, dot = Text("early"), Text("later").shift(UP), Dot()
        self.play(FadeIn(early), run_time=0.5)
        self.add(later)
        self.wait(0.5)
        self.wait(0.5)
        self.play(FadeIn(dot), FadeOut(early), run_time=0.5)
        self.play(FadeOut(later), run_time=0.5)
        """
    (step,) = record(body).steps
    assert step.length == 5 * FPS // 2
    assert [(rest.at, [run.text for run in rest.texts]) for rest in step.rests] == [
        (FPS // 2, ["early", "later"]),
        (2 * FPS, ["later"]),
    ]
    for rest in step.rests:
        for run in rest.texts:
            ops = [step.shown(rest.at).ops[place] for place in run.places]
            assert len(ops) == len(run.text)
            left = min(op.x + op.path.points[:, 0].min() for op in ops if isinstance(op, Draw))
            assert abs(left - run.box[0]) <= 1


def test_texts_that_are_not_seen_are_not_kept(record: Record) -> None:
    body = """
        gone, far, clear = Text("gone"), Text("far").shift(20 * RIGHT), Text("clear").set_opacity(0)
        self.add(gone, far, clear, MarkupText("<b>kept</b> &amp; bold"), Integer(42, mob_class=Text))
        self.wait(0.2)
        self.remove(gone)
    """
    (step,) = record(body).steps
    assert texts(step) == ["kept & bold", "42"]


# -- what paths cannot tell ----------------------------------------------------------------------------------------


def test_a_fading_picture_is_stored_once(media: Path) -> None:
    recording = corpus("fallbacks", "FadingPictures", media)
    assert len(recording.blobs) == 1
    alphas = {op.alpha for frame in recording.steps[1].frames for op in frame.ops if isinstance(op, Picture)}
    assert max(alphas) == 255
    assert len(alphas) > 3
    assert recording.warnings == ()


def test_points_are_filmed_and_the_build_says_so(media: Path) -> None:
    recording = corpus("fallbacks", "PointCloud", media)
    shifted, turned = recording.steps
    # shifted by whole pixels it is the same picture
    assert shifted.film is None
    assert turned.film is not None
    (warning,) = recording.warnings
    assert warning.kind is Kind.FILMED
    assert warning.text.startswith(f"step {turned.name!r}: filmed at 640x360")
    assert len(turned.frames) == 1
    assert isinstance(turned.frames[0].ops[0], Picture)
    assert turned.frames[0] != turned.end


def test_only_the_step_that_needs_it_is_filmed(record: Record) -> None:
    drawn, filmed, after = record("""
        square = Square()
        self.play(Create(square), run_time=0.3)
        self.next_slide()
        cloud = PMobject(stroke_width=4).add_points(np.array([[x / 9, 0, 0] for x in range(40)]))
        self.add(cloud)
        self.play(Rotate(cloud), run_time=0.8)
        self.remove(cloud)
        self.next_slide()
        self.play(Uncreate(square), run_time=0.3)
    """).steps
    assert [bool(step.film) for step in (drawn, filmed, after)] == [False, True, False]


@pytest.mark.long
def test_heavy_motion_is_filmed(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("astrai_slides.recording.run.film.MOST_BYTES", 1 << 12)
    monkeypatch.setattr("astrai_slides.recording.run.film.MOST_BYTES_A_SECOND", 1 << 12)
    body = """
        shapes = VGroup(*[Star(n, color=random_color()) for n in range(5, 60)]).arrange_in_grid()
        self.play(Homotopy(lambda x, y, z, t: (x + t * np.sin(9 * y), y + t * np.sin(7 * x), z), shapes), run_time=1)
    """
    (step,) = record(body).steps
    assert step.film is not None
    assert "its paths take more than" in step.film.reason


@pytest.mark.long
def test_what_is_far_too_heavy_is_known_by_its_begin(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[Frame] = []
    add = codec._Encoder.add

    def watched(self: codec._Encoder, frame: Frame, repeat: int) -> None:
        encoded.append(frame)
        add(self, frame, repeat)

    monkeypatch.setattr(codec._Encoder, "add", watched)
    for most in ("MOST_BYTES", "MOST_BYTES_A_SECOND"):
        monkeypatch.setattr(f"astrai_slides.recording.run.film.{most}", 1 << 12)
    (step,) = record("""
        shapes = VGroup(*[Star(n) for n in range(5, 60)]).arrange_in_grid()
        self.play(Homotopy(lambda x, y, z, t: (x + t * np.sin(9 * y), y + t * np.sin(7 * x), z), shapes), run_time=1)
    """).steps
    assert step.film is not None
    assert 0 < len(encoded) < step.length / 2


# -- the same again ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deck", "name"),
    [("creation", "Writing"), ("motion", "Redrawn"), ("fallbacks", "PointCloud"), ("camera", "Zooming")],
)
def test_a_second_recording_has_the_same_bytes(deck: str, name: str, media: Path) -> None:
    assert dump(corpus(deck, name, media)) == dump(corpus(deck, name, media))


@pytest.mark.long
def test_another_process_records_the_same_bytes(media: Path, tmp_path: Path) -> None:
    """Hash seeds, memory addresses and a fresh cache of texts change nothing, random numbers included."""
    deck = tmp_path / "deck.py"
    deck.write_text(
        HEAD
        + textwrap.dedent("""
            class Deck(Slide):
                def construct(self):
                    dots = [Dot(np.random.uniform(-3, 3, 3), color=random_bright_color()) for _ in range(5)]
                    self.play(*map(FadeIn, dots))
                    self.play(Write(Text("again")), run_time=0.3)
        """)
    )
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        from astrai_slides.recording.format.container import dump
        from astrai_slides.recording.run.record import record_scene
        recording = record_scene(Path(sys.argv[1]), "Deck", fps=10, width=640, height=360)
        Path(sys.argv[2]).write_bytes(dump(recording))
    """)
    results = []
    for seed in ("1", "2"):
        target = tmp_path / f"{seed}.astrai"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", script, str(deck), str(target)], check=True, env=environment, timeout=120)
        results.append(target.read_bytes())
    assert results[0] == results[1]
    assert len(load(results[0]).steps) == 1


def test_a_step_keeps_its_digest_when_only_others_change(record: Record) -> None:
    body = """
        square = Square(color={color})
        self.play(FadeIn(square), run_time=0.3)
        self.next_slide(notes={notes!r})
        self.remove(square)
        self.play(FadeIn(Circle()), run_time=0.3)
        self.next_slide()
        self.play(FadeOut(*self.mobjects), run_time=0.3)
    """
    before = digests(record(body.format(color="BLUE", notes="")))
    after = digests(record(body.format(color="RED", notes="")))
    noted = digests(record(body.format(color="BLUE", notes="said differently")))
    assert before[0] != after[0]
    assert before[1:] == after[1:]
    assert before == noted


def test_sizes_matter_only_to_pixels(media: Path) -> None:
    def at(width: int, height: int) -> Recording:
        return record_scene(CORPUS / "paint.py", "Gradients", fps=FPS, width=width, height=height, media=media)

    assert at(640, 360).steps == at(3840, 2160).steps


def test_a_frame_of_another_aspect_is_seen_whole(record: Record) -> None:
    view = record("self.wait(0.1)", width=400, height=400).steps[0].end.view
    assert view.width == view.height


# -- manim and the user's file stay as they were --------------------------------------------------------------------


def test_manim_is_left_as_it_was(record: Record) -> None:
    before = dict(manim.config)
    renderer = manim.scene.scene.CairoRenderer
    record("self.wait(0.1)")
    with pytest.raises(AstraiSlidesError):
        record("1 / 0")
    assert dict(manim.config) == before
    assert manim.scene.scene.CairoRenderer is renderer


def test_nothing_is_written_beside_the_deck(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    record("self.play(Write(Text('a')), run_time=0.2)")
    left = {path.name for path in tmp_path.iterdir()} - {"__pycache__"}
    assert left == {"deck.py"}


def test_a_deck_imports_what_lies_beside_it(record: Record, tmp_path: Path) -> None:
    (tmp_path / "beside_the_deck.py").write_text("SIDE = 3\n")
    (step,) = record("self.add(Square(SIDE))\nself.wait(0.1)", head="from beside_the_deck import SIDE\n").steps
    (op,) = step.end.ops
    assert isinstance(op, Draw)
    assert int(op.path.points[:, 0].max() - op.path.points[:, 0].min()) == 3 * GRID


def test_the_talk_is_handed_to_the_deck(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TALK_VARIABLE, "a talk that nobody has")
    (tmp_path / "deck.py").write_text("class Deck: ...\n")
    (tmp_path / "talk.toml").write_text('scene = "deck.py:Deck"\ntitle = "Handed on"\n')
    body = 'self.step("one", title=self.talk.title)\nself.wait(0.1)'
    head = "from astrai_slides.deck.base import Deck as Named"
    (step,) = record(body, base="Named", head=head, attributes=deck_attributes(load_talk(tmp_path / "talk.toml"))).steps
    assert step.title == "Handed on"


class Listening:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[float, str]] = []
        self.steps: list[str] = []

    def motion(self, seconds: float, step: str) -> None:
        self.told.append((seconds, step))

    def step(self, step: Step, blobs: Mapping[str, Blob], resolution: Resolution) -> None:
        assert (resolution.width, resolution.height, resolution.fps) == (*SIZE, FPS)
        self.steps.append(step.name)


def test_a_listener_is_told_of_motion_and_of_steps_as_they_come(record: Record) -> None:
    listener = Listening()
    body = "self.play(FadeIn(Dot()), run_time=1)\nself.wait(2)\nself.next_slide()\nself.wait(1)"
    record(body, listener=listener)
    assert listener.told == sorted(listener.told)
    assert listener.told[-1] == (pytest.approx(4), "2")
    assert {step for _, step in listener.told} == set(listener.steps) == {"1", "2"}


def test_motion_is_told_under_the_name_that_a_deck_gave_the_step(
    record: Record,
) -> None:
    listener = Listening()
    body = 'self.step("first")\nself.wait(0.2)\nself.step("second")\nself.wait(0.2)'
    head = "from astrai_slides.deck.base import Deck as Named"
    record(body, base="Named", head=head, listener=listener)
    assert [step for _, step in listener.told][:1] == ["first"]
    assert [step for _, step in listener.told][-1:] == ["second"]
    assert listener.steps == ["first", "second"]


def test_a_class_is_recorded_as_its_file_is(record: Record, media: Path, tmp_path: Path) -> None:
    """A notebook has a class, and no file."""
    listener = Listening()
    whole = record("self.play(FadeIn(Dot()), run_time=0.5)\nself.next_slide(notes='# Two')\nself.wait(0.2)")
    cell: dict[str, Any] = {"__name__": "__main__"}
    source = (tmp_path / "deck.py").read_text(encoding="utf-8")
    exec(compile(source, "<cell 3>", "exec"), cell)
    order = Order(FPS, *SIZE, media)
    recorded = record_class(cell["Deck"], order, listener)
    assert dump(recorded.recording) == dump(whole)
    assert listener.steps == ["1", "2"]
    again = record_class(cell["Deck"], Order(FPS, *SIZE, media, earlier=recorded.plays))
    assert dump(again.recording) == dump(whole)
    with as_if_alone(tmp_path / "deck.py"):  # or its module would be there for whatever is recorded next
        loaded = load_scene(tmp_path / "deck.py", "Deck")
        assert dump(record_class(loaded, order).recording) == dump(whole)


def test_a_class_that_fails_names_the_line_of_its_cell() -> None:
    cell: dict[str, Any] = {}
    source = f"{HEAD}class Deck(Slide):\n    def construct(self):\n        1 / 0\n"
    exec(compile(source, "<cell 3>", "exec"), cell)
    with pytest.raises(AstraiSlidesError, match="<cell 3>: Deck cannot be recorded: line 5: ZeroDivisionError"):
        record_class(cell["Deck"])


# -- faults --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("1 / 0", r"deck\.py: Deck cannot be recorded: line 6: ZeroDivisionError"),
        ("pass", r"deck\.py.*"),
        ("self.add(Square())", r"deck\.py.*"),
    ],
)
def test_a_scene_that_fails_or_plays_nothing_says_so(record: Record, body: str, reason: str) -> None:
    with pytest.raises(AstraiSlidesError, match=reason):
        record(body)


def test_a_scene_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(AstraiSlidesError, match=r"no scene 'Nope'.*Joins.*Caps"):
        record_scene(CORPUS / "strokes.py", "Nope")


def test_scene_names_are_those_of_the_file() -> None:
    assert scene_names(CORPUS / "camera.py") == (["Zooming", "FollowingCamera", "Magnified", "FarOut"], [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "no such scene file"),
        ("def broken(:", "cannot be run.*SyntaxError"),
        ("import nowhere_at_all", "nowhere"),
    ],
)
def test_a_file_that_cannot_be_run_says_why(tmp_path: Path, text: str | None, reason: str) -> None:
    deck = tmp_path / "faulty.py"
    if text is not None:
        deck.write_text(text)
    with pytest.raises(AstraiSlidesError, match=reason) as caught:
        record_scene(deck, "Deck")
    assert "faulty.py" in str(caught.value)


def test_a_deck_has_its_fonts_whatever_was_drawn_before(record: Record, tmp_path: Path) -> None:
    """Pango looks for fonts once; a deck that registers one must find it after another that did without."""
    import fontpkg_inter

    from astrai_slides.seam.fonts import forget_fonts

    font = sorted((Path(fontpkg_inter.__file__).parent / "files").glob("*.ttf"))[0]
    body = f"""
    with register_font({str(font)!r}):
        self.add(Text("slot five", font="Inter", warn_missing_font=False))
    self.wait(0.5)
    """
    forget_fonts()
    wanted = dump(record(body, media=tmp_path / "one"))
    without = dump(
        record(
            'self.add(Text("slot five", font="Inter", warn_missing_font=False)); self.wait(0.5)', media=tmp_path / "two"
        )
    )
    assert without != wanted
    assert dump(record(body, media=tmp_path / "three")) == wanted
