"""`astrai-slides build`."""

import json
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from astrai_slides.base.garbage_collection import rare_while_loading
from astrai_slides.base.knobs import MOST_VARIANTS
from astrai_slides.base.resolution import RESOLUTIONS
from astrai_slides.cli.options import OUT_FOLDER, CommaSeparated, FiniteRange, PixelSize, decks_print_aside, quiet
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.registry import DEFAULT_FORMATS, EMBED, FORMATS, HANDOUTS, VIDEO_FORMATS

if TYPE_CHECKING:
    from astrai_slides.base.phases import Profile
    from astrai_slides.base.warning import BuildWarning
    from astrai_slides.build.make import Built
    from astrai_slides.build.page import PageWish

MEGABYTE = 1_000_000


@click.command()
@click.argument("targets", metavar="[TALK | DECK.py [SCENE...]]...", nargs=-1)
@click.option(
    "--to",
    type=CommaSeparated(tuple(FORMATS)),
    default=",".join(DEFAULT_FORMATS),
    show_default=True,
    help="Formats to write.",
)
@click.option(
    "--quality",
    type=click.Choice(list(RESOLUTIONS)),
    help="; ".join(f"{letter} {each.width}x{each.height}, {each.fps:g} fps" for letter, each in RESOLUTIONS.items())
    + ". What is drawn is sharp at every size; this is for videos and pictures. What a deck's file sets in "
    "manim's config goes before it.  [default: as manim.cfg says, else h]",
)
@click.option(
    "--size",
    type=PixelSize(),
    help="Pixels of videos and pictures, whatever a deck sets. Its frame stays as wide, in units of manim.",
)
@click.option("--fps", type=FiniteRange(min=0, min_open=True, max=1000), help="Frames a second, whatever a deck sets.")
@click.option(
    "--no-film",
    is_flag=True,
    help="Keep as drawings the steps that are filmed since a browser draws them slowly or their paths take much room.",
)
@click.option("--out", type=OUT_FOLDER, help="Folder to write to.  [default: beside the talk file; for a deck, here]")
@click.option(
    "--name", metavar="NAME", help="What the files of a deck are called.  [default: as the talk or the scene is]"
)
@click.option(
    "--step",
    "steps",
    metavar="STEP",
    multiple=True,
    help="Build this step only, by its name or number, or a range, FROM..TO; may be given several times.",
)
@click.option("--each", is_flag=True, help="Build each scene that is named as a deck of its own.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Processes that draw plays while a deck is recorded, and videos; 1 records in order.  [default: one a "
    "processor]",
)
@click.option("--cluster", metavar="ADDRESS", help="Let the workers of this Dask scheduler draw videos instead.")
@click.option(
    "--max-media-size",
    type=FiniteRange(min=0, min_open=True, max=1e6),
    metavar="MB",
    help="Most that the videos in a PPTX may take; their quality is lowered to fit.",
)
@click.option(
    "--handout",
    type=click.Choice(list(HANDOUTS)),
    help="Write the PDF for paper: each step with its notes beneath, or so many steps a page.",
)
@click.option("--title", metavar="TEXT", help="Title of the files, for a deck without a talk file.")
@click.option(
    "--html",
    "html_keys",
    metavar="KEY=VALUE",
    multiple=True,
    help="Set a key of [html] as in a talk file: slide_number, progress, controls, loop, auto_slide (seconds), "
    "background. Give it once for each key.",
)
@click.option(
    "--css",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Style the HTML by the rules of this file, which become part of it.",
)
@click.option(
    "--variant",
    "variant",
    metavar="KNOB=VALUE",
    multiple=True,
    help="Build with another value of a knob of the deck. Give it once for each knob.",
)
@click.option(
    "--no-variants",
    is_flag=True,
    help="Leave out of the HTML what other values of the deck's knobs show, which takes long to record.",
)
@click.option(
    "--most-variants",
    type=click.IntRange(min=1),
    metavar="N",
    default=MOST_VARIANTS,
    show_default=True,
    help="Most variants of a step; a deck whose knobs make more of one is refused.",
)
@click.option("--force", is_flag=True, help="Record, draw and write everything anew, also what has not changed.")
@click.option(
    "--no-reuse",
    is_flag=True,
    help="Record every step anew, without anything from an earlier recording: try it before you report a picture "
    "that is wrong.",
)
@click.option("--open", "open_it", is_flag=True, help="Open what was built: of every deck the first format of --to.")
@click.option("--strict", is_flag=True, help="Fail at a warning, with exit code 1, before the file is written.")
@click.option(
    "--profile",
    is_flag=True,
    help="Tell where the time went, by kind of work and by step; with --json as part of it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print files, their sizes and the warnings by kind as JSON.")
@click.pass_context
def build(
    ctx: click.Context,
    targets: tuple[str, ...],
    to: tuple[str, ...],
    quality: str | None,
    size: tuple[int, int] | None,
    fps: float | None,
    no_film: bool,
    out: Path | None,
    name: str | None,
    steps: tuple[str, ...],
    each: bool,
    workers: int | None,
    cluster: str | None,
    max_media_size: float | None,
    handout: str | None,
    title: str | None,
    html_keys: tuple[str, ...],
    css: Path | None,
    variant: tuple[str, ...],
    no_variants: bool,
    most_variants: int,
    force: bool,
    no_reuse: bool,
    open_it: bool,
    strict: bool,
    profile: bool,
    as_json: bool,
) -> None:
    """Build talks, by default every one in presentations/.

    A talk is named by its file or by its name in presentations/. Any manim-slides deck is named by its Python file,
    and its scenes after it: several are one deck, called after the file, with a section for each. Of a file alone
    each scene is a deck of its own, called after the scene. Only what has changed since the last build is made anew.

    \b
    Examples:
      astrai-slides build
      astrai-slides build continuous-batching --to html
      astrai-slides build my_deck.py Intro Results --name talk --to html,pdf --out website
      astrai-slides build my_deck.py Intro Results --each
      astrai-slides build my_deck.py Intro --step 2..4 --step last --to png,svg --open
      astrai-slides build --to pdf,notes --handout 4 --out paper
      astrai-slides build my_deck.py --to html --html auto_slide=10 --html loop=true --out kiosk
    """
    ctx.with_resource(rare_while_loading())
    from astrai_slides.base.phases import profiling
    from astrai_slides.base.progress import SilentProgress, showing
    from astrai_slides.build.chosen_steps import RANGE
    from astrai_slides.build.make import BuildRequest, make
    from astrai_slides.build.plan import UnknownTargetError, Wish
    from astrai_slides.cli.opening import format_to_open, open_file
    from astrai_slides.export.production import BuildSettings
    from astrai_slides.export.registry import formats_named

    if workers is not None and cluster is not None:
        raise click.UsageError("--workers and --cluster contradict each other: a cluster has workers of its own")
    if cluster is not None and not set(to) & set(VIDEO_FORMATS):
        raise click.UsageError(f"--cluster draws videos, and --to names none of {', '.join(VIDEO_FORMATS)}")
    if max_media_size is not None and "pptx" not in to:
        raise click.UsageError("--max-media-size is for PPTX, which --to does not name")
    if name is not None and (Path(name).name != name or name in ("", "..") or not name.isprintable()):
        raise click.UsageError("--name is a printable name without folders; --out says where files go")
    if handout is not None and "pdf" not in to:
        raise click.UsageError("--handout is for PDF, which --to does not name")
    page = _page_wish(title, html_keys, css, to)
    settings = BuildSettings(
        RESOLUTIONS[quality] if quality else None,
        None if max_media_size is None else round(max_media_size * MEGABYTE),
        workers,
        cluster,
        HANDOUTS[handout] if handout else None,
        size,
        fps,
        not no_film,
    )
    wish = Wish(each, name, _named_values(variant))
    if any(not each.strip() or each.strip() == RANGE for each in steps):
        raise click.UsageError("--step is a step's name or number, or two of them as FROM..TO")
    opened = format_to_open(to) if open_it else None
    request = BuildRequest(
        targets,
        formats_named(to),
        settings,
        out,
        force,
        not no_reuse,
        steps,
        strict,
        wish=wish,
        page=page,
        checks=True,
        variants=not no_variants,
        most_variants=most_variants,
    )
    result = _Result()
    error: AstraiSlidesError | None = None
    try:
        with (
            decks_print_aside(as_json),
            profiling() if profile else nullcontext() as result.profile,
            nullcontext(SilentProgress()) if quiet(ctx) else showing() as progress,
        ):
            for file in make(request, progress, result.warned):
                result.built.append(file)
    except UnknownTargetError as fault:
        raise click.UsageError(str(fault)) from fault
    except AstraiSlidesError as fault:
        error = fault
        raise
    finally:
        if as_json:
            click.echo(result.json(error))
        else:
            for file in result.built:
                kept = "" if file.new else "unchanged; "
                hint = "" if quiet(ctx) else f"  ({kept}{_size(file.size)}; {file.format.how_to_open(file.path)})"
                click.echo(f"{file.path}{hint}")
            result.show_profile()
    for file in result.built:
        if file.format == opened and not open_file(file.path, file.format):
            click.echo(f"{file.path}: no program was found that opens it", err=True)


@dataclass
class _Result:
    """What a build came to."""

    built: "list[Built]" = field(default_factory=list)
    warnings: "list[tuple[str, BuildWarning]]" = field(default_factory=list)
    profile: "Profile | None" = None
    """What it took, where that was asked."""

    def warned(self, name: str, warning: "BuildWarning") -> None:
        """Take a warning about what `name` names."""
        self.warnings.append((name, warning))

    def json(self, error: AstraiSlidesError | None = None) -> str:
        """Return it as JSON, with the reason where it ended by `error`."""
        by_kind: dict[str, list[dict[str, str]]] = {}
        for name, warning in self.warnings:
            by_kind.setdefault(warning.kind, []).append({"name": name, "text": warning.text})
        files = [
            {"path": str(each.path), "format": each.format.name, "size": each.size, "new": each.new}
            | ({"knobs": {name: list(values) for name, values in each.knobs}} if each.knobs else {})
            for each in self.built
        ]
        about: dict[str, object] = {"files": files, "warnings": by_kind, "error": None if error is None else str(error)}
        if self.profile is not None:
            from astrai_slides.cli.profile import as_plain

            about["profile"] = as_plain(self.profile)
        return json.dumps(about, indent=2, ensure_ascii=False)

    def show_profile(self) -> None:
        """Print what it took on standard error, where that was asked."""
        if self.profile is not None:
            from rich.console import Console

            from astrai_slides.cli.profile import show

            show(self.profile, Console(stderr=True, markup=False, emoji=False, highlight=False))


def _page_wish(title: str | None, html_keys: tuple[str, ...], css: Path | None, to: tuple[str, ...]) -> "PageWish":
    """What is asked about titles and pages; raises UsageError for keys and values that cannot be."""
    from astrai_slides.build.page import page_wish

    if (html_keys or css) and not {"html", EMBED} & set(to):
        raise click.UsageError(f"{'--html' if html_keys else '--css'} is for HTML, which --to does not name")
    try:
        wish = page_wish(title or "", html_keys, css)
    except AstraiSlidesError as error:
        raise click.UsageError(f"--html {error}") from error
    if css and "css" in wish.html:
        raise click.UsageError("--css and --html css=... are the same; give one of them")
    return wish


def _named_values(variant: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """`variant` as names of knobs with their values; raises UsageError for what is none."""
    named: dict[str, str] = {}
    for each in variant:
        name, sign, value = each.partition("=")
        if not sign or not name.strip():
            raise click.UsageError(f"--variant is a knob and its value, as slots=4, not {each!r}")
        if name in named:
            raise click.UsageError(f"--variant {name} is given twice; give one value")
        named[name.strip()] = value.strip()
    return tuple(named.items())


def _size(count: int) -> str:
    return f"{count / MEGABYTE:.1f} MB" if count >= MEGABYTE else f"{count / 1e3:.0f} kB"
