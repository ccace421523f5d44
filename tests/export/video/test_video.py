"""Clips: what they show, how long, in which format, and that they come out the same whoever makes them."""

import base64
import json
import os
import signal
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moving import FPS, HEIGHT, WIDTH, filmed, moving, slide, square
from playwright.sync_api import Browser
from skimage.metrics import structural_similarity

from astrai_slides.base.cache import Store
from astrai_slides.base.progress import SilentProgress
from astrai_slides.base.resolution import Resolution
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.video import chunks, executor
from astrai_slides.export.video import clips as video
from astrai_slides.export.video.chunks import END, MOST_FRAMES, EncodedChunk, Task, split, timeline
from astrai_slides.export.video.clips import Clip, encode_clips
from astrai_slides.export.video.drawer import Drawer
from astrai_slides.export.video.encode import Chapter, Quality, join, planes, quality, yuv_planes
from astrai_slides.export.video.executor import Workers, local_workers
from astrai_slides.export.video.segments_ahead import last_segments
from astrai_slides.recording.format.codec import encode_step
from astrai_slides.recording.format.model import Blob, Frame, Recording, Step
from astrai_slides.recording.paint.h264 import Converter
from astrai_slides.recording.paint.painter import Painter
from astrai_slides.recording.paint.raster import rasterise, rgb
from astrai_slides.recording.run.listener import NoListener
from astrai_slides.recording.run.record import record_scene

pytestmark = pytest.mark.long

QUALITY = quality(WIDTH, HEIGHT, FPS)
SSIM = 0.98
BUSY = 0.5
"""Seconds of processor time after which a worker has begun."""
EVERY = 3
"""Of so many frames one is compared."""


@pytest.fixture
def threads() -> Iterator[Workers]:
    with ThreadPoolExecutor(1) as executor:
        yield Workers(executor, 1)


def clips(recording: Recording, tmp_path: Path, threads: Workers, at: Quality = QUALITY) -> list[Clip]:
    return encode_clips(recording, at, store=Store(tmp_path / "cache"), workers=threads)


def frames_of(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def expected(step: Step) -> list[Frame]:
    shown = [step.frames[index] for index, count in step.runs for _ in range(count)]
    return shown if step.loop else [*shown[:-1], step.end]


def alike(one: np.ndarray, other: np.ndarray) -> float:
    return float(structural_similarity(one, other, channel_axis=2))


def test_clips_show_the_recording_forwards_and_backwards(tmp_path: Path, threads: Workers) -> None:
    recording = moving()
    for step, clip in zip(recording.steps, clips(recording, tmp_path, threads), strict=True):
        wanted = [rgb(rasterise(frame, recording.blobs, WIDTH, HEIGHT)) for frame in expected(step)]
        seen, back = frames_of(clip.forwards), frames_of(clip.backwards)
        assert len(seen) == len(back) == len(wanted) == clip.frames == step.length
        for shown, order in ((seen, wanted), (back, wanted[::-1])):
            for place in {*range(0, len(wanted), EVERY), len(wanted) - 1}:
                assert alike(shown[place], order[place]) >= SSIM, f"step {step.name}, frame {place}"


def test_a_film_is_fitted_and_reversed(tmp_path: Path, threads: Workers) -> None:
    recording = filmed(20)
    (clip,) = clips(recording, tmp_path, threads)
    seen, back = frames_of(clip.forwards), frames_of(clip.backwards)
    assert len(seen) == len(back) == 20
    grey = [int(frame[HEIGHT // 2, WIDTH // 2, 0]) for frame in seen]
    assert all(later > earlier for earlier, later in pairwise(grey))
    assert [int(frame[HEIGHT // 2, WIDTH // 2, 0]) for frame in back] == pytest.approx(grey[::-1], abs=3)
    assert np.abs(seen[0][HEIGHT // 2, 4].astype(int) - (0x10, 0x14, 0x1C)).max() <= 3, (
        "bars in the background's colour"
    )


def _submitted(threads: Workers, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What workers are asked for from now on."""
    asked: list[object] = []
    submit = threads.executor.submit
    monkeypatch.setattr(threads.executor, "submit", lambda *task: asked.append(task) or submit(*task))
    return asked


@pytest.mark.parametrize("make", [moving, lambda: filmed(20)])
def test_clips_forwards_only_are_those_that_run_both_ways(
    make: Callable[[], Recording], tmp_path: Path, threads: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording, one, other = make(), Store(tmp_path / "one"), Store(tmp_path / "other")
    both = encode_clips(recording, QUALITY, store=one, workers=threads)
    asked = _submitted(threads, monkeypatch)
    forwards = encode_clips(recording, QUALITY, store=other, workers=threads, backwards=False)
    assert [each.forwards.read_bytes() for each in forwards] == [each.forwards.read_bytes() for each in both]
    assert asked
    assert len(list((tmp_path / "other").rglob("*.mp4"))) == len({each.forwards for each in forwards})
    # what is there both ways serves those who want one, and not the other way round
    asked.clear()
    assert encode_clips(recording, QUALITY, store=one, workers=threads, backwards=False)[0].forwards == both[0].forwards
    assert not asked
    again = encode_clips(recording, QUALITY, store=other, workers=threads)
    assert [each.backwards.read_bytes() for each in again] == [each.backwards.read_bytes() for each in both]


def test_segments_that_are_kept_both_ways_serve_clips_forwards_only(
    tmp_path: Path, threads: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording, store = moving(), Store(tmp_path)
    for clip in encode_clips(recording, QUALITY, store=store, workers=threads):
        clip.forwards.unlink(missing_ok=True)
    asked = _submitted(threads, monkeypatch)
    assert all(
        each.forwards.is_file()
        for each in encode_clips(recording, QUALITY, store=store, workers=threads, backwards=False)
    )
    assert not asked


def test_a_film_longer_than_a_chunk_keeps_its_order(
    tmp_path: Path, threads: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "MEMORY", 0)
    (clip,) = clips(filmed(40), tmp_path, threads)
    for path, order in ((clip.forwards, 1), (clip.backwards, -1)):
        grey = [int(frame[HEIGHT // 2, WIDTH // 2, 0]) for frame in frames_of(path)][::order]
        assert len(grey) == 40
        assert grey == sorted(grey)


def probe(path: Path) -> dict[str, object]:
    command = ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-show_chapters", "-of", "json", str(path)]
    found: dict[str, object] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def test_the_format_is_one_that_every_player_takes(tmp_path: Path, threads: Workers) -> None:
    recording = moving()
    for step, clip in zip(recording.steps, clips(recording, tmp_path, threads), strict=True):
        for path in (clip.forwards, clip.backwards):
            (stream,) = probe(path)["streams"]  # type: ignore[misc]
            assert (stream["codec_name"], stream["profile"], stream["pix_fmt"]) == ("h264", "High", "yuv420p")
            assert {stream[f"color_{part}"] for part in ("space", "transfer", "primaries")} == {"bt709"}
            assert stream["color_range"] == "tv"
            assert stream["r_frame_rate"] == stream["avg_frame_rate"] == f"{FPS}/1"
            assert int(stream["level"]) <= 51
            assert abs(float(stream["duration"]) - step.length / FPS) <= 1 / FPS
            data = path.read_bytes()
            assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_every_packet_is_decoded_without_complaint(tmp_path: Path, threads: Workers) -> None:
    clip = clips(moving(), tmp_path, threads)[0]
    checked = subprocess.run(
        ["ffmpeg", "-v", "warning", "-i", clip.backwards, "-f", "null", "-"], capture_output=True, check=True
    )
    assert checked.stderr == b""


@pytest.mark.parametrize(
    ("width", "height", "fps", "wanted"),
    [
        (1920, 1080, 60, (1920, 1080, 60)),
        (3840, 2160, 60, (3840, 2160, 30)),
        (3840, 2160, 30, (3840, 2160, 30)),
        (853, 481, 29.97, (852, 480, Fraction(2997, 100))),
    ],
)
def test_sizes_are_even_and_the_level_at_most_5_1(width: int, height: int, fps: float, wanted: tuple[int, ...]) -> None:
    made = quality(width, height, fps)
    assert (made.width, made.height, float(made.fps)) == (
        wanted[0],
        wanted[1],
        pytest.approx(float(wanted[2]), abs=0.001),
    )


def test_a_size_that_cannot_be_is_refused() -> None:
    with pytest.raises(AstraiSlidesError, match="1x1"):
        quality(1, 1, 60)


def test_half_the_frame_rate_keeps_the_duration() -> None:
    step = moving(41).steps[0]
    shown = timeline(step, 60, Fraction(30))
    assert abs(sum(count for _, count in shown) - 41 / 2) <= 1
    assert shown[-1] == (END, 1)
    assert [index for index, _ in shown[:-1]] == sorted(index for index, _ in shown[:-1])


def test_a_loop_does_not_rest_and_one_frame_is_its_end() -> None:
    recording = moving()
    assert all(index != END for index, _ in timeline(recording.steps[1], FPS, Fraction(FPS)))
    single = slide("single", [recording.steps[0].end], recording.steps[0].end)
    assert timeline(single, FPS, Fraction(FPS))[-1] == (END, 1)


def test_chunks_are_bounded_and_complete() -> None:
    segment = (*((index, 1) for index in range(1000)), (1000, 10_000))
    at = quality(1920, 1080, 60)
    parts = list(split(segment, at))
    assert sum(count for part in parts for _, count in part) == 11_000
    assert all(sum(count for _, count in part) <= MOST_FRAMES for part in parts)
    assert all(len(part) * at.width * at.height * 3 // 2 <= chunks.MEMORY for part in parts)
    assert [index for part in parts for index, _ in part] == sorted(index for part in parts for index, _ in part)


def whole(frame: Frame, recording: Recording) -> np.ndarray:
    bgra = rasterise(frame, recording.blobs, WIDTH, HEIGHT)
    picture = np.empty((HEIGHT * 3 // 2, WIDTH), np.uint8)
    for target, plane in zip(yuv_planes(picture, HEIGHT), planes(Converter().convert(bgra)), strict=True):
        target[...] = plane
    return picture


def test_repainting_what_changed_equals_painting_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = moving()
    monkeypatch.setattr(Drawer, "_ALIGN", 16)
    for step in recording.steps:
        drawer = Drawer(Painter(recording.blobs), WIDTH, HEIGHT)
        for frame in (*step.frames, step.end, step.frames[0]):
            drawn = drawer.draw(frame)
            assert np.array_equal(drawn, whole(frame, recording))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_repainting_equals_painting_whatever_comes_goes_or_changes_its_place(data: st.DataObject) -> None:
    recording = moving()
    first = recording.steps[0].frames[0]
    ops = tuple(dict.fromkeys(op for frame in recording.steps[0].frames[:6] for op in frame.ops))
    chosen = st.lists(st.sampled_from(ops), max_size=6).map(tuple)
    views = st.sampled_from([first.view, replace(first.view, x=first.view.x + 4096)])
    drawer = Drawer(Painter(recording.blobs), WIDTH, HEIGHT)
    drawer._ALIGN = 16
    for _ in range(4):
        frame = Frame(data.draw(chosen), data.draw(views), data.draw(st.sampled_from([0xFF, 0x203040FF])))
        assert np.array_equal(drawer.draw(frame), whole(frame, recording))


@pytest.mark.parametrize(("shown", "rate"), [("shapes", b"rc=cqp"), ("a picture", b"rc=crf")])
def test_shapes_have_a_constant_quantizer_and_pictures_a_constant_rate(shown: str, rate: bytes) -> None:
    recording = moving(8)
    step = recording.steps[0]
    if shown == "shapes":
        drawn = tuple(replace(each, ops=each.ops[:2]) for each in step.frames)
        step = replace(step, frames=drawn, end=drawn[-1])
    segment = timeline(step, FPS, QUALITY.fps)
    chunk = zlib.compress(encode_step(step))
    ((forwards, backwards),) = chunks.encode_chunk(
        Task("one", shown, chunk, tuple(recording.blobs.values()), segment, 0, QUALITY)
    )
    assert rate in forwards
    assert rate in backwards


def test_only_what_changed_is_repainted() -> None:
    recording = moving()
    drawer = Drawer(Painter(recording.blobs), WIDTH, HEIGHT)
    painted: list[object] = []
    paint = drawer._painter.paint

    def spy(*args: object, **kwargs: object) -> None:
        painted.append(kwargs.get("clip"))
        paint(*args, **kwargs)  # type: ignore[arg-type]

    drawer._painter.paint = spy  # type: ignore[method-assign]
    first, second = recording.steps[0].frames[:2]
    pictures = [drawer.draw(frame) for frame in (first, second, second)]
    assert painted[0] is None
    assert len(painted) == 2
    assert painted[1] is not None
    assert pictures[1] is pictures[2]


def digests(made: list[Clip]) -> list[tuple[str, str]]:
    return [(clip.forwards.name, clip.backwards.name) for clip in made]


def test_the_number_of_workers_does_not_change_a_byte(tmp_path: Path, threads: Workers) -> None:
    recording = moving(120)
    alone = clips(recording, tmp_path / "a", threads)
    with local_workers(2) as workers:
        together = encode_clips(recording, QUALITY, store=Store(tmp_path / "b"), workers=workers)
    assert digests(alone) == digests(together)


def test_what_is_cached_is_not_made_again(tmp_path: Path, threads: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = moving()
    made = clips(recording, tmp_path, threads)
    encoded: list[str] = []
    original = video.encode_chunk
    monkeypatch.setattr(video, "encode_chunk", lambda task: (encoded.append(task.step), original(task))[1])
    assert clips(recording, tmp_path, threads) == made
    assert encoded == []
    one, *rest = recording.steps
    changed = replace(recording, steps=(replace(one, end=one.frames[0]), *rest))
    clips(changed, tmp_path, threads)
    assert encoded == ["one"]
    renamed = replace(recording, steps=(replace(one, notes="other words"), *rest))
    encoded.clear()
    assert clips(renamed, tmp_path, threads) == made
    assert encoded == []
    clips(recording, tmp_path, threads, quality(WIDTH // 2, HEIGHT // 2, FPS))
    assert sorted(set(encoded)) == ["camera", "loop", "one"]


@pytest.mark.long
def test_of_an_edited_step_only_the_stretches_that_changed_are_drawn(
    tmp_path: Path, threads: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = moving(2 * MOST_FRAMES + 50)
    one, *rest = recording.steps
    clips(recording, tmp_path, threads)
    drawn: list[int] = []
    original = video.encode_chunk
    monkeypatch.setattr(video, "encode_chunk", lambda task: (drawn.append(task.first), original(task))[1])

    def edited(place: int) -> Recording:
        frames = [*one.frames]
        frames[place] = replace(frames[place], ops=(*frames[place].ops, square(1, 1)))
        return replace(recording, steps=(replace(one, frames=tuple(frames)), *rest))

    for place in (0, len(one.frames) // 2, len(one.frames) - 2):
        drawn.clear()
        found = clips(edited(place), tmp_path, threads)
        assert len(drawn) == 1
        assert digests(found) == digests(clips(edited(place), tmp_path / f"fresh {place}", threads))


@pytest.mark.parametrize("waits", [False, True], ids=["drawn", "being-drawn"])
def test_what_an_edited_step_ends_with_may_be_drawn_before_the_step_is_whole(
    tmp_path: Path, threads: Workers, monkeypatch: pytest.MonkeyPatch, waits: bool
) -> None:
    recording = moving(MOST_FRAMES + 50)
    one, *rest = recording.steps
    before = clips(recording, tmp_path, threads)
    # as if the last frames had been played again: in other objects, and the same frame in two runs
    frames = (*one.frames[:-2], replace(one.frames[-2], ops=(*one.frames[-2].ops, square(1, 1))), one.frames[-1])
    runs = (*one.runs[:-1], (len(frames) - 2, 2), one.runs[-1])
    edited = replace(one, frames=frames, runs=runs)
    store, asked, go = Store(tmp_path / "cache"), list[int](), threading.Event()
    original = video.encode_chunk

    def counted(task: Task) -> EncodedChunk:
        asked.append(task.first)
        if waits:
            assert go.wait(60)
        return original(task)

    monkeypatch.setattr(video, "encode_chunk", counted)
    ahead = last_segments(edited, recording.blobs, FPS, QUALITY, store, backwards=True)
    assert [task.first for _, task in ahead] == [MOST_FRAMES]
    builder = video.ClipBuilder(QUALITY, threads, store)
    builder.draw([*ahead, *ahead])
    if not waits:
        threads.executor.submit(int).result()  # it has one thread
    for step in (edited, *rest):
        builder.add(step, recording.blobs, FPS)
    go.set()
    found = builder.finish()
    assert asked == [MOST_FRAMES]
    assert found[1:] == before[1:]
    whole = replace(recording, steps=(edited, *rest))
    assert digests(found) == digests(clips(whole, tmp_path / "fresh", threads))
    assert last_segments(edited, recording.blobs, FPS, QUALITY, store, backwards=True) == []


def test_drawing_is_shown_from_the_first_step_on(tmp_path: Path, threads: Workers) -> None:
    shown: list[tuple[float, float | None]] = []

    class Watched(SilentProgress):
        @contextmanager
        def stage(self, name: str, total: float | None = None) -> Iterator[Any]:
            shown.append((0, total))
            yield lambda done, total=None: shown.append((done, total))
            shown.append((-1, None))

    recording = moving()
    frames = sum(step.length for step in recording.steps)
    for again in (False, True):
        shown.clear()
        builder = video.ClipBuilder(QUALITY, threads, Store(tmp_path), Watched())
        builder.expect(2 * frames)
        for step in recording.steps:
            builder.add(step, recording.blobs, FPS)
        builder.finish()
        assert shown[0] == (0, None)
        assert shown[1][1] == 2 * frames
        assert shown[-2:] == [(frames, frames), (-1, None)]
        done = [each for each, _ in shown[1:-1]]
        assert done == sorted(done)
        assert len(set(done)) >= len(recording.steps)
        assert again or done[0] < frames


def test_the_same_step_twice_is_encoded_once(tmp_path: Path, threads: Workers) -> None:
    recording = moving()
    one = recording.steps[0]
    first, second = clips(replace(recording, steps=(one, one)), tmp_path, threads)
    assert first == second


@pytest.mark.parametrize("harm", [lambda data: data[:-100], lambda data: data[:500] + b"x" + data[501:], lambda _: b""])
def test_a_damaged_clip_is_made_again(tmp_path: Path, threads: Workers, harm: Callable[[bytes], bytes]) -> None:
    recording = moving()
    made = clips(recording, tmp_path, threads)
    good = made[0].forwards.read_bytes()
    made[0].forwards.write_bytes(harm(good))
    again = clips(recording, tmp_path, threads)
    assert again == made
    assert again[0].forwards.read_bytes() == good


def test_a_failing_chunk_is_named_and_ends_the_build(tmp_path: Path, threads: Workers) -> None:
    recording = moving(400)
    lost = replace(recording, blobs={digest: replace(kept, data=b"no png") for digest, kept in recording.blobs.items()})
    with pytest.raises(AstraiSlidesError, match=r"step 'one', frames 0 to 299"):
        clips(lost, tmp_path, threads)
    assert not list((tmp_path / "cache").glob("??/*one*"))


def _die(task: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.long
def test_a_worker_that_is_killed_is_told_from_a_bad_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "encode_chunk", _die)
    with local_workers(1) as workers, pytest.raises(AstraiSlidesError, match="ended before its time"):
        encode_clips(moving(), QUALITY, store=Store(tmp_path), workers=workers)


_BUILD = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from moving import moving
from astrai_slides.base.cache import Store
from astrai_slides.export.video.clips import encode_clips, quality
from astrai_slides.export.video.executor import local_workers
if __name__ == "__main__":
    recording = moving(12_000)
    with local_workers(2) as workers:
        encode_clips(recording, quality(320, 180, 30), store=Store(Path(sys.argv[1])), workers=workers)
"""


def _started(tmp_path: Path) -> tuple[subprocess.Popen[bytes], list[psutil.Process]]:
    """A build that takes long, with its two workers at work."""
    script = tmp_path / "build.py"
    script.write_text(_BUILD)
    build = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "cache"), str(Path(__file__).parents[2])],
        start_new_session=True,
        stderr=subprocess.PIPE,
    )
    found: list[psutil.Process] = []
    pause = threading.Event()
    for _ in range(600):
        found = [child for child in psutil.Process(build.pid).children() if child.name() == executor.NAME]
        if len(found) == 2 and all(child.cpu_times().user > BUSY for child in found):
            return build, found
        assert build.poll() is None, build.stderr.read() if build.stderr else ""
        pause.wait(0.1)
    raise AssertionError("the build has no workers")


@pytest.mark.long
@pytest.mark.parametrize("kill", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_build_leaves_no_process(tmp_path: Path, kill: signal.Signals) -> None:
    build, workers = _started(tmp_path)
    if kill == signal.SIGINT:
        os.killpg(build.pid, kill)
    else:
        build.kill()
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert not alive
    build.communicate(timeout=30)
    assert build.returncode != 0


def test_joining_nothing_is_an_error_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing"):
        join([], tmp_path / "none.mp4", Fraction(30))
    assert list(tmp_path.iterdir()) == []


def test_chapters_follow_the_clips(tmp_path: Path, threads: Workers) -> None:
    made = clips(moving(), tmp_path, threads)
    target = tmp_path / "all.mp4"
    join([clip.forwards for clip in made], target, QUALITY.fps, [Chapter(str(n), c.frames) for n, c in enumerate(made)])
    marks = probe(target)["chapters"]
    assert [mark["tags"]["title"] for mark in marks] == ["0", "1", "2"]  # type: ignore[attr-defined]


def test_chromium_plays_a_clip_to_its_end(tmp_path: Path, threads: Workers, chromium: Browser) -> None:
    recording = moving()
    clip = clips(recording, tmp_path, threads)[0]
    data = base64.b64encode(clip.forwards.read_bytes()).decode()
    page = chromium.new_page()
    page.set_content(f'<video muted src="data:video/mp4;base64,{data}"></video>')
    seen = page.evaluate(
        """async () => {
            const video = document.querySelector("video");
            const next = name => new Promise(done => video.addEventListener(name, done, {once: true}));
            if (video.readyState < 1) await next("loadedmetadata");
            const length = video.duration;
            video.currentTime = length / 2;
            await next("seeked");
            const middle = video.currentTime;
            const over = next("ended");
            await video.play();
            await over;
            const ended = video.ended;
            // a busy machine says that the clip has ended without having shown its last frame
            for (const seconds of [0, length - 0.5 / FPS]) {
                await new Promise(done => {
                    const look = (now, frame) =>
                        Math.abs(frame.mediaTime - seconds) < 1 / FPS ? done() : video.requestVideoFrameCallback(look);
                    video.requestVideoFrameCallback(look);
                    video.currentTime = seconds;
                });
            }
            const canvas = document.createElement("canvas");
            canvas.width = video.videoWidth;
            canvas.height = video.videoHeight;
            const context = canvas.getContext("2d");
            context.drawImage(video, 0, 0);
            const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
            return {length, middle, ended, error: video.error, pixels: Array.from(pixels)};
        }""".replace("FPS", str(FPS))
    )
    page.close()
    assert seen["error"] is None
    assert seen["ended"]
    assert seen["length"] == pytest.approx(recording.steps[0].length / FPS, abs=1 / FPS)
    assert seen["middle"] == pytest.approx(seen["length"] / 2, abs=1 / FPS)
    shown = np.array(seen["pixels"], np.uint8).reshape(HEIGHT, WIDTH, 4)[..., :3]
    end = rgb(rasterise(recording.steps[0].end, recording.blobs, WIDTH, HEIGHT))
    assert alike(np.ascontiguousarray(shown), end) >= SSIM, "its last frame is the end state"


class AtOnce(Executor):
    """Does what it is given before it goes on."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_a_clip_is_written_as_soon_as_it_is_drawn_and_not_held_until_the_last(tmp_path: Path) -> None:
    recording = moving()
    step = recording.steps[0]
    builder = video.ClipBuilder(QUALITY, Workers(AtOnce(), 1), Store(tmp_path), backwards=False)
    for count in range(1, 5):
        shown = replace(step, name=f"{count}", runs=step.runs[:count])
        builder.add(shown, recording.blobs, float(FPS))
        assert len(list(tmp_path.glob("**/*.mp4"))) == count
    assert len({clip.forwards for clip in builder.finish()}) == count


def test_steps_are_drawn_while_the_scene_is_still_recorded(tmp_path: Path, threads: Workers) -> None:
    deck = tmp_path / "deck.py"
    deck.write_text(
        "from manim import *\nfrom manim_slides import Slide\n\n\nclass Deck(Slide):\n    def construct(self):\n"
        "        square = Square()\n        self.play(FadeIn(square))\n        self.next_slide(loop=True)\n"
        "        self.play(Rotate(square))\n        self.next_slide()\n        self.play(FadeOut(square))\n",
        encoding="utf-8",
    )
    builder = video.ClipBuilder(QUALITY, threads, Store(tmp_path / "early"))
    seen: list[tuple[str, str, bool]] = []

    class Drawing(NoListener):
        def step(self, step: Step, blobs: Mapping[str, Blob], resolution: Resolution) -> None:
            seen.append((step.name, step.title, step.loop))
            builder.add(step, blobs, float(FPS))

    recording = record_scene(deck, "Deck", fps=FPS, width=WIDTH, height=HEIGHT, listener=Drawing())
    assert seen == [(step.name, step.title, step.loop) for step in recording.steps]
    assert [loop for *_, loop in seen] == [False, True, False]
    late = encode_clips(recording, QUALITY, store=Store(tmp_path / "late"), workers=threads)
    assert digests(builder.finish()) == digests(late)
