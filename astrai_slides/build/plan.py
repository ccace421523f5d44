"""From targets to jobs: which scenes are to be recorded, and what is said about each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from astrai_slides.base import inputs, names
from astrai_slides.base.address_space import require_address_space
from astrai_slides.base.inputs import Inputs, fresh_modules
from astrai_slides.build.page import PageWish, as_wished
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.registry import PRESENT, Format
from astrai_slides.talk.class_names import in_words
from astrai_slides.talk.document import Document

if TYPE_CHECKING:
    from astrai_slides.export.pdf.pages import Handout
    from astrai_slides.talk.file import Talk

TALKS_FOLDER = "presentations"
"""As `talk` has it, which takes longer to load than a build with nothing to do may."""
NO_PAGE_WISH = PageWish()


class UnknownTargetError(AstraiSlidesError):
    """What was asked for is neither a talk nor a deck."""


@dataclass(frozen=True, slots=True)
class LoadedTalk:
    """A talk, the files that it was loaded from, and the modules beside the deck that it is made of."""

    talk: "Talk"
    read: Inputs
    modules: Mapping[str, ModuleType]


@dataclass(frozen=True, slots=True)
class JobScene:
    """A scene of a job: its file, its class, and what the section of the deck is called that shows it."""

    file: Path
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Job:
    """A deck to record and export: a scene, or several one after the other.

    `name` is what the files are called; `folder` is where they go by default.

    `talk_file` is the talk that the scene shows, and `loaded` what it says, None for a deck that stands for itself.
    """

    name: str
    scenes: tuple[JobScene, ...]
    folder: Path
    document: Document
    talk_file: Path | None = None
    project: Path = Path()
    """Where `manim-slides present` is run."""
    loaded: LoadedTalk | None = field(default=None, repr=False, compare=False)
    renamed: bool = False
    """Whether it is called otherwise than its scene by the user's wish."""
    variant: tuple[tuple[str, str], ...] = ()
    """Names of knobs, and what their values are called that are to be the default."""

    @property
    def scene_names(self) -> str:
        """Names of all scenes, as the command line takes them."""
        return " ".join(scene.name for scene in self.scenes)

    @property
    def talk(self) -> "Talk | None":
        """The talk that the scene shows."""
        return self.loaded.talk if self.loaded else None

    @property
    def attributes(self) -> dict[str, Any]:
        """What the scene's class is told while it is recorded."""
        if self.loaded is None:
            return {}
        from astrai_slides.talk.file import deck_attributes

        return deck_attributes(self.loaded.talk)

    def target(self, each: Format, out: Path | None, handout: "Handout | None" = None) -> Path:
        """Where the file of the format `each` goes."""
        folder = out or (self.project if each.name == PRESENT else self.folder)
        scene = "" if self.renamed or len(self.scenes) > 1 else self.scenes[0].name
        return folder / each.file_name(self.name, scene, handout)


@dataclass(frozen=True, slots=True)
class Wish:
    """How scenes that are named become decks.

    Those of one file are one deck, called as `name` says, else after its file. With `each`, every scene is a deck of
    its own.
    """

    each: bool = False
    name: str | None = None
    variant: tuple[tuple[str, str], ...] = ()
    """Names of knobs and what their values are called that every deck is to have by default."""


def plan(
    targets: Sequence[str],
    talks_folder: Path | None = None,
    wish: Wish = Wish(),
    tell: Callable[[str], object] = lambda _: None,
    page: PageWish = NO_PAGE_WISH,
) -> list[Job]:
    """Resolve what is to be built; every talk of `talks_folder` (presentations/) if nothing is named.

    A target is a talk file, the name of a talk in `talks_folder`, or a deck's Python file. Scenes that follow it are
    one deck, unless `wish` says otherwise; if none follows, each of its scenes is one, but for classes without a
    `construct`, of which `tell` is told. What `page` asks for goes before what talk files say.
    Everything is read and checked here, before anything is written.

    Raises UnknownTargetError for a target that does not exist, AstraiSlidesError for a faulty talk file or deck, for
    two jobs that would write the same file, and for a name where there are several decks.
    """
    require_address_space()
    folder = talks_folder or Path(TALKS_FOLDER)
    if targets:
        jobs = [job for group in _grouped(targets) for job in _jobs(group, folder, wish, tell)]
    else:
        from astrai_slides.talk.file import find_talks

        jobs = [_talk_job(path) for path in find_talks(folder)]
    if wish.name is not None:
        if len(jobs) != 1:
            named = ", ".join(job.name for job in jobs)
            raise AstraiSlidesError(f"--name is for one deck, and there are {len(jobs)}: {named}; build one at a time")
        jobs = [replace(jobs[0], name=wish.name, renamed=True)]
    jobs = [_turned(job, wish.variant) if wish.variant else job for job in jobs]
    seen: set[str] = set()
    for job in jobs:
        if names.refused_here(job.name):
            raise AstraiSlidesError(f"this system has no files called {job.name!r}; rename the talk or scene")
        target = names.place((job.folder / job.name).absolute())
        if target in seen:
            raise AstraiSlidesError(f"{job.name} would be built twice, and its files overwritten; name it once")
        seen.add(target)
    return [replace(job, document=as_wished(job.document, job.talk, page)) for job in jobs]


def _turned(job: Job, variant: tuple[tuple[str, str], ...]) -> Job:
    """`job` with other defaults of its knobs; those that its talk has not may be the deck's own."""
    if job.loaded is None:
        return replace(job, variant=variant)
    talk, named = job.loaded.talk, dict(variant)
    turned = {knob.name: knob.place_of(named[knob.name]) for knob in talk.knobs if knob.name in named}
    if turned:
        talk = talk.turned(turned, by_default=True)
    return replace(job, variant=variant, loaded=replace(job.loaded, talk=talk), document=talk.document())


def _grouped(targets: Sequence[str]) -> list[list[str]]:
    """Put the scenes that follow a deck's file with it; every other target stands alone."""
    groups: list[list[str]] = []
    for target in targets:
        takes_scenes = groups and groups[-1][0].endswith(".py")
        if takes_scenes and target.isidentifier():
            groups[-1].append(names.as_python_reads(target))
        else:
            groups.append([target])
    return groups


def _jobs(group: Sequence[str], talks_folder: Path, wish: Wish, tell: Callable[[str], object]) -> list[Job]:
    target, *scenes = group
    path = Path(target)
    if target.endswith(".py"):
        return _deck_jobs(path, scenes, wish, tell)
    if target.endswith(".toml"):
        if not path.is_file():
            raise UnknownTargetError(f"there is no talk file {target}")
        return [_talk_job(path)]
    path = talks_folder / f"{target}.toml"
    if path.is_file():
        return [_talk_job(path)]
    deck = Path(f"{target}.py")
    if deck.is_file():
        raise UnknownTargetError(f"there is no talk {target!r} in {talks_folder}; did you mean {deck}?")
    known = ", ".join(sorted(each.stem for each in talks_folder.glob("*.toml"))) or "none"
    raise UnknownTargetError(
        f"there is no talk {target!r} in {talks_folder}; it has: {known}. A deck is named by its Python file, as in "
        "astrai-slides build my_deck.py"
    )


def _talk_job(path: Path) -> Job:
    from astrai_slides.talk.file import load_talk

    # of its own each time, as two talks may stand beside modules of one name
    with inputs.watching() as read, fresh_modules() as modules:
        talk = load_talk(path)
        document = talk.document()
    loaded = LoadedTalk(talk, read, modules)
    scenes = tuple(JobScene(file, name, in_words(name)) for file, name in talk.scenes)
    return Job(talk.name, scenes, path.parent, document, path, talk.project, loaded)


def _deck_jobs(path: Path, classes: Sequence[str], wish: Wish, tell: Callable[[str], object]) -> list[Job]:
    if not path.is_file():
        raise UnknownTargetError(f"there is no deck {path}")
    one_deck = len(classes) > 1 and not wish.each
    if not classes:
        from astrai_slides.recording.run.load import scene_names

        with fresh_modules():
            classes, bases = scene_names(path)
        for each in bases:
            tell(f"{path}: {each} is left out: it has no construct of its own")
        if not classes:
            raise AstraiSlidesError(f"{path}: defines no scene; name another file")
    scenes = [JobScene(path, name, in_words(name)) for name in classes]
    if not one_deck:
        return [Job(scene.name, (scene,), Path(), Document(scene.title)) for scene in scenes]
    twice = next((name for name in classes if list(classes).count(name) > 1), None)
    if twice is not None:
        raise AstraiSlidesError(f"{twice} would be shown twice; name it once")
    name = wish.name or path.stem
    return [Job(name, tuple(scenes), Path(), Document(in_words(name.replace("-", "_"))))]
