"""Workers that are not ours answer anything: what is wrong is asked for again, then named, and never kept."""

import threading
from collections.abc import Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hostile import HARMS, MARK, Harm, mark
from moving import FPS, filmed, moving

from astrai_slides.base.cache import Store
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.video import clips
from astrai_slides.export.video.clips import ATTEMPTS, Clip, encode_clips
from astrai_slides.export.video.encode import quality
from astrai_slides.export.video.executor import Workers
from astrai_slides.recording.format.model import Recording

QUALITY = quality(64, 36, FPS)


class Far(Executor):
    """Workers elsewhere, the first of whose answers `harm` spoils."""

    def __init__(self, harm: Harm, spoilt: int) -> None:
        self._pool = ThreadPoolExecutor(2)
        self._harm = harm
        self._left = spoilt
        self._lock = threading.Lock()
        self.again = 0
        self.reason = ""

    def submit(self, work: Any, /, *arguments: Any, **_: Any) -> Future[Any]:
        return self._pool.submit(self._work, work, *arguments)

    def elsewhere(self, before: Future[Any], work: Any, *arguments: Any) -> Future[Any]:
        self.again += 1
        return self.submit(work, *arguments)

    def stranded(self, asked: Iterable[Future[Any]]) -> list[Future[Any]]:
        return []

    def lost(self) -> str:
        return self.reason

    def _work(self, work: Any, encode: Any, task: Any) -> object:
        true = work(encode, task)
        with self._lock:
            spoil, self._left = self._left > 0, self._left - 1
        return self._harm(task, true) if spoil else true

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait, cancel_futures=cancel_futures)


def short() -> Recording:
    recording = moving(8)
    return replace(recording, steps=recording.steps[:2])


def drawn(recording: Recording, store: Store, far: Far | None = None) -> list[tuple[str, str]]:
    """Build, here or `far` away; the names of the clips tell what is in them."""
    workers = Workers(ThreadPoolExecutor(1), 1) if far is None else Workers(far, 2, far)
    with workers.executor:
        return names(encode_clips(recording, QUALITY, store=store, workers=workers))


def names(made: list[Clip]) -> list[tuple[str, str]]:
    return [(clip.forwards.name, clip.backwards.name) for clip in made]


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    return drawn(short(), Store(tmp_path_factory.mktemp("right")))


@pytest.mark.long
@pytest.mark.parametrize("name", HARMS)
def test_a_wrong_answer_is_asked_for_again(
    name: str, tmp_path: Path, right: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MARK, str(mark(tmp_path)))
    far = Far(HARMS[name], 1)
    assert drawn(short(), Store(tmp_path), far) == right
    assert far.again == 1
    assert not mark(tmp_path).exists()


@pytest.mark.long
@pytest.mark.parametrize("name", HARMS)
def test_one_that_stays_wrong_is_named_and_never_kept(
    name: str, tmp_path: Path, right: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MARK, str(mark(tmp_path)))
    far = Far(HARMS[name], 1000)
    with pytest.raises(AstraiSlidesError) as told:
        drawn(short(), Store(tmp_path), far)
    said = str(told.value)
    where = ("step 'one', frames 0 to 7", "step 'loop', frames 0 to 8")
    assert said.startswith(
        tuple(f"{each}, asked for {ATTEMPTS} times: cannot be drawn and encoded: " for each in where)
    )
    assert said.isprintable()
    assert len(said) < 700
    assert not mark(tmp_path).exists()
    assert not [path for path in tmp_path.rglob("*.*") if path.suffix in (".mp4", ".segment")]
    assert drawn(short(), Store(tmp_path), None) == right


def test_films_are_checked_too(tmp_path: Path) -> None:
    right = drawn(filmed(), Store(tmp_path / "near"))
    assert drawn(filmed(), Store(tmp_path / "true"), Far(HARMS["None"], 0)) == right
    for name in ("black", "the other way round", "another last picture"):
        far = Far(HARMS[name], 1)
        assert drawn(filmed(), Store(tmp_path / name), far) == right
        assert far.again == 1


@pytest.mark.parametrize("height", [34, 36, 38, 90])
def test_what_is_drawn_is_what_is_asked_for_at_every_even_height(tmp_path: Path, height: int) -> None:
    far = Far(HARMS["None"], 0)
    workers = Workers(far, 2, far)
    with far:
        encode_clips(short(), quality(160, height, FPS), store=Store(tmp_path), workers=workers)
    assert far.again == 0


class Slow(Far):
    """The first answers come only when they are let go."""

    def __init__(self, kept: int) -> None:
        super().__init__(HARMS["None"], 0)
        self._kept = kept
        self.late: list[tuple[Future[Any], Any]] = []

    def submit(self, work: Any, /, *arguments: Any, **_: Any) -> Future[Any]:
        if len(self.late) < self._kept:
            self.late.append((Future(), arguments[-1]))
            return self.late[-1][0]
        return super().submit(work, *arguments)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clips, "_PATIENCE", 0.0)
    monkeypatch.setattr(clips, "_PATIENCE_A_MEGAPIXEL", 0.0)
    monkeypatch.setattr(clips, "_LOOK_EVERY", 0.01)


@pytest.mark.usefixtures("impatient")
def test_a_late_answer_is_asked_for_again_and_no_longer_wanted(
    tmp_path: Path, right: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clips, "ATTEMPTS", 10_000)
    far = Slow(1)
    assert drawn(short(), Store(tmp_path), far) == right
    assert far.again >= 1
    ((future, _),) = far.late
    assert future.cancelled()
    assert drawn(short(), Store(tmp_path)) == right


@pytest.mark.usefixtures("impatient")
def test_what_never_comes_is_named(tmp_path: Path) -> None:
    with pytest.raises(AstraiSlidesError, match=r", asked for 3 times: .*no answer came within 0 seconds"):
        drawn(short(), Store(tmp_path), Slow(1000))


def test_an_answer_that_comes_twice_counts_once(tmp_path: Path, right: list[tuple[str, str]]) -> None:
    far = Far(HARMS["None"], 0)
    builder = clips.ClipBuilder(QUALITY, Workers(far, 2, far), Store(tmp_path))
    received: list[Future[bytes]] = []
    original = builder._received
    builder._received = lambda future: (received.append(future), original(future), original(future))[0]  # type: ignore[method-assign, assignment, return-value]
    recording = short()
    for step in recording.steps:
        builder.add(step, recording.blobs, FPS)
    assert names(builder.finish()) == right
    assert len(received) == 2
    far.shutdown()


@pytest.mark.usefixtures("impatient")
def test_lost_workers_end_the_build_with_the_reason(tmp_path: Path) -> None:
    far = Slow(1000)
    far.reason = "the scheduler at tcp://there:1 does not answer any more"
    with pytest.raises(
        AstraiSlidesError, match=r"^step 'one', frames 0 to 7: cannot be .*: the scheduler at tcp://there"
    ):
        drawn(short(), Store(tmp_path), far)


def test_a_task_that_cannot_be_handed_over_is_named(tmp_path: Path) -> None:
    class Closed(Far):
        def submit(self, work: Any, /, *arguments: Any, **_: Any) -> Future[Any]:
            raise OSError("closed")

    with pytest.raises(AstraiSlidesError, match=r"step 'one', frames 0 to 7: .*OSError: closed"):
        drawn(short(), Store(tmp_path), Closed(HARMS["None"], 0))
