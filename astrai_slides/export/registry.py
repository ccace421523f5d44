"""The formats that a recording can be exported to."""

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from astrai_slides.errors import AstraiSlidesError

if TYPE_CHECKING:
    from astrai_slides.base.progress import Advance
    from astrai_slides.export.pdf.pages import Handout
    from astrai_slides.export.production import Production

PRESENT = "present"
PDF = "pdf"
EMBED = "embed"
PRESENTABLE_FOLDER = "slides"
"""Where `manim-slides present` looks for scenes."""

Writer: TypeAlias = "Callable[[Production, Path, Advance], None]"
"""Writes one file atomically, and tells how far that is where it takes long."""


def _nothing(_: "Production") -> None:
    pass


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name is what `--to` takes; `opening` says how a speaker opens it."""

    name: str
    opening: str
    write: Writer
    ending: str = ""
    """What the file's name ends with after a point, where that is not `name`."""
    clips: bool = False
    """Whether it is made of clips, which take longest."""
    backwards: bool = False
    """Whether these are also shown backwards."""
    whole_films: bool = False
    """Whether a filmed step is shown by its film, so that it needs no clip besides."""
    sound: bool = False
    """Whether sounds that a scene adds are heard in it."""
    folder: bool = False
    """Whether it is many files in a folder of their own, which an index names."""
    variants: bool = False
    """Whether it can show a deck with other values of its knobs."""
    captions: bool = False
    """Whether a file with the scene's subcaptions is written beside it."""
    prepare: "Callable[[Production], None]" = _nothing
    """Does what can be done before the clips are there."""

    def file_name(self, talk: str, scene: str = "", handout: "Handout | None" = None) -> str:
        """Return what the file of a talk of that name is called, below the folder it is built into.

        A PDF that is laid out as a `handout` has a name of its own, so that it leaves the slides where they are.
        """
        if self.name == PRESENT:
            return f"{PRESENTABLE_FOLDER}/{scene or talk}.json"
        if self.name == EMBED:
            from astrai_slides.export.embed.folder import PAGE

            return f"{talk}-{self.name}/{PAGE}"
        if self.folder:
            from astrai_slides.export.stills.folder import INDEX

            return f"{talk}-{self.name}/{INDEX}"
        layout = f"handout-{handout}." if handout is not None and self.name == PDF else ""
        return f"{talk}.{layout}{self.ending or self.name}"

    def how_to_open(self, target: Path) -> str:
        """Return how a speaker opens the file `target`."""
        if self.name != PRESENT:
            return self.opening
        command = f"manim-slides present {shlex.quote(target.stem)}"
        folder = target.parent.parent
        inside = folder.absolute() == Path.cwd()
        return f"{self.opening}: {command if inside else f'cd {shlex.quote(str(folder))} && {command}'}"

    def files(self, target: Path) -> list[Path]:
        """All files that belong to `target` after it was written, itself first."""
        if self.name == EMBED:
            from astrai_slides.export.embed.folder import files_of

            return files_of(target)
        if self.folder:
            from astrai_slides.export.stills.folder import pictures_of

            return [target, *pictures_of(target)]
        if self.name != PRESENT:
            return [target]
        from astrai_slides.export.video.presentable import clips_of

        return [target, *clips_of(target)]


def _html(production: "Production", target: Path, _: "Advance") -> None:
    from astrai_slides.export.html.page import write_html

    write_html(production.fitted, target, production.document, production.fitted_variants)


def _embed(production: "Production", target: Path, advance: "Advance") -> None:
    from astrai_slides.export.embed.folder import write_embed

    write_embed(
        production.fitted,
        production.numbers,
        target,
        production.document,
        advance,
        production.fitted_variants,
    )


def _prepare_pptx(production: "Production") -> None:
    _ = production.overlays


def _pptx(production: "Production", target: Path, advance: "Advance") -> None:
    from astrai_slides.export.pptx.presentation import write_pptx

    report = write_pptx(
        production.fitted,
        target,
        production.document,
        production.videos,
        max_media_size=production.settings.max_media_size,
        reencode=production.encoded_again,
        keep=production.kept,
        warn=production.warn,
        overlays=production.overlays,
        advance=advance,
    )
    del production.overlays  # which are written
    production.progress.say(f"{target.name}: {report}")


def _pdf(production: "Production", target: Path, _: "Advance") -> None:
    from astrai_slides.export.pdf.pages import write_pdf

    write_pdf(production.printed, target, production.document, handout=production.settings.handout)


def _notes(production: "Production", target: Path, _: "Advance") -> None:
    from astrai_slides.export.sheet.sheet import write_notes

    write_notes(production.printed, target, production.document, planned=dict(production.document.planned))


def _notes_pdf(production: "Production", target: Path, _: "Advance") -> None:
    from astrai_slides.export.pdf.sheet import write_notes_pdf

    write_notes_pdf(production.printed, target, production.document, planned=dict(production.document.planned))


def _present(production: "Production", target: Path, _: "Advance") -> None:
    from astrai_slides.export.video.presentable import write_presentation

    write_presentation(production.recording, production.clips, production.quality, target.parent)


def _mp4(production: "Production", target: Path, _: "Advance") -> None:
    from astrai_slides.export.video.movie import write_mp4

    write_mp4(production.recording, production.clips, production.quality, target, production.document.title)


def _gif(production: "Production", target: Path, advance: "Advance") -> None:
    from astrai_slides.export.video.movie import write_gif

    write_gif(production.recording, target, advance=advance)


def _webp(production: "Production", target: Path, advance: "Advance") -> None:
    from astrai_slides.export.video.movie import write_webp

    write_webp(production.recording, target, advance=advance)


def _png(production: "Production", target: Path, advance: "Advance") -> None:
    from astrai_slides.export.stills.folder import write_pngs

    write_pngs(production.fitted, production.numbers, target, advance)


def _svg(production: "Production", target: Path, advance: "Advance") -> None:
    from astrai_slides.export.stills.folder import write_svgs

    write_svgs(production.fitted, production.numbers, target, advance)


def _sheet(production: "Production", target: Path, _: "Advance") -> None:
    from astrai_slides.export.stills.contact_sheet import write_contact_sheet

    write_contact_sheet(production.fitted, production.numbers, target, production.document)


# Writers import what they need when they run, so that a command that needs none of it starts fast.
FORMATS = {
    each.name: each
    for each in (
        Format(
            "html",
            "open it in a browser; arrow keys or a clicker step, S shows the speaker's view",
            _html,
            captions=True,
            variants=True,
        ),
        Format(
            "pptx",
            "open it in PowerPoint, Keynote or LibreOffice Impress",
            _pptx,
            clips=True,
            whole_films=True,
            prepare=_prepare_pptx,
        ),
        Format(PDF, "open it in any PDF reader", _pdf),
        Format("notes", "read it, or print it: pictures, notes and times of all steps", _notes, "notes.md"),
        Format("notes-pdf", "print it: pictures, notes and times of all steps", _notes_pdf, "notes.pdf"),
        Format(PRESENT, "show it", _present, clips=True, backwards=True),
        Format("mp4", "play or upload it; each step is a chapter", _mp4, clips=True, sound=True, captions=True),
        Format("gif", "put it into a page, such as a README", _gif),
        Format("webp", "put it into a page, such as a README; smaller than gif", _webp),
        Format("png", "a picture of what each step ends with lies beside it", _png, folder=True),
        Format("svg", "a drawing of what each step ends with lies beside it", _svg, folder=True),
        Format(
            EMBED,
            "put its folder on a site; the page shows how the deck comes into others",
            _embed,
            folder=True,
            variants=True,
        ),
        Format("sheet", "all steps on one picture, with their titles", _sheet, "sheet.png"),
    )
}

HANDOUTS: "dict[str, Handout]" = {"notes": "notes", "2": 2, "4": 4, "6": 6}
"""Layouts of a PDF for paper, by what `--handout` takes."""

VIDEO_FORMATS = ("pptx", PRESENT, "mp4")
"""Those that hold clips, which workers draw."""

DEFAULT_FORMATS = ("html", "pptx", "pdf")


def formats_named(names: Iterable[str]) -> tuple[Format, ...]:
    """Return the formats called `names`, each once, in that order; AstraiSlidesError names an unknown one."""
    chosen = []
    for name in dict.fromkeys(names):
        if name not in FORMATS:
            raise AstraiSlidesError(f"unknown format {name!r}; known are: {', '.join(FORMATS)}")
        chosen.append(FORMATS[name])
    if not chosen:
        raise AstraiSlidesError(f"no format is named; known are: {', '.join(FORMATS)}")
    return tuple(chosen)
