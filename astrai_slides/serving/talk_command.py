"""`astrai-slides talk`: from result files of benchmarks to a talk file that builds."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from astrai_slides.base.atomic import write_bytes
from astrai_slides.base.names import refused_by_windows
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.words import en as words
from astrai_slides.talk.class_names import kebab_case
from astrai_slides.talk.file import TALKS_FOLDER

if TYPE_CHECKING:
    from astrai_slides.serving.sim.measured import Batch


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="RUN.json...", type=click.Path(path_type=Path))
@click.option("--name", help="What the talk file is called; without it, as the first of the files.")
@click.option("--title", help="The talk's title; without it, the model that was measured.")
@click.option("--force", is_flag=True, help="Write over a talk file that is there.")
@click.option("--batch-size", type=click.IntRange(min=1), help="Requests in a batch, for files of vllm bench latency.")
@click.option("--output-len", type=click.IntRange(min=1), help="Tokens of an answer, for the same files.")
@click.option("--input-len", type=click.IntRange(min=1), help="Tokens of a prompt, for the same files, if known.")
def talk(
    files: Sequence[Path],
    name: str | None,
    title: str | None,
    force: bool,
    batch_size: int | None,
    output_len: int | None,
    input_len: int | None,
) -> None:
    """Write a talk file that shows results of benchmarks, recognised by what they hold.

    It replays the runs whose files say when each request started and gave its tokens, and compares throughput: by bars,
    or, for three runs or more under different loads, against latency. The talk file goes into presentations/ if that
    is there, else into the working directory; labels, title and speaker are yours to change in it.
    """
    from astrai_slides.serving.measured_talk import MeasuredTalk
    from astrai_slides.serving.measured_talk_text import read_all, talk_text

    stem = name.removesuffix(".toml") if name is not None else kebab_case(_stem(files[0])) or "measured"
    if refused_by_windows(stem) or stem.startswith("."):
        raise click.BadParameter(f"{stem!r} is no name that a file has on every system; use letters and hyphens")
    target = (Path(TALKS_FOLDER) if Path(TALKS_FOLDER).is_dir() else Path()) / f"{stem}.toml"
    if target.exists() and not force:
        raise AstraiSlidesError(f"{target}: is there already; choose another --name, or write over it by --force")
    named = read_all(files, target.parent, _batch(batch_size, output_len, input_len))
    text = talk_text(named, title or words.runs_title([each.run for each in named]))
    MeasuredTalk.from_text(target, text)
    write_bytes(target, text.encode("utf-8"))
    click.echo(target)
    click.echo(f"Build it by: astrai-slides build {target.as_posix()}", err=True)


def _batch(size: int | None, output_len: int | None, input_len: int | None) -> "Batch | None":
    from astrai_slides.serving.sim.measured import Batch

    if size is not None and output_len is not None:
        return Batch(size, output_len, input_len)
    if size is not None or output_len is not None or input_len is not None:
        raise click.UsageError("a batch is told by --batch-size and --output-len together; add the one that is missing")
    return None


def _stem(file: Path) -> str:
    """The name of a file without its endings: run for run.json.gz."""
    return file.name.partition(".")[0].replace(" ", "-")
